"""The gate: conflicts shut it, missing facts too, unsettled law alone does not; nothing covers a prohibition."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
from collections.abc import Iterator

import pytest

from policy_eval import library
from policy_eval.analysis import sampling
from policy_eval.design.base import Block
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, parts_of
from policy_eval.design.types import Group, Parts, Ref, Values, fields_of
from policy_eval.errors import InvalidInput
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.findings import PlaceResult
from policy_eval.gate import decisions, places, selection
from policy_eval.gate.baseline import Baseline, BaselineFile, EntryFile
from policy_eval.gate.judging import (
    AGAINST,
    CLEAR,
    NOT_DEMONSTRATED,
    Found,
    Gate,
    Item,
    Standing,
    Threshold,
    found_at,
    gate,
)
from policy_eval.vocabulary.law import Outcome, Reading, Severity

PROFILE = library.load_profile("default")
SETS = {name: library.load_set(name) for name in library.set_names()}
DESIGNS = library.design_names()
TRIPS = (Standing.AGAINST, Standing.NOT_DEMONSTRATED)


def judged(set_name: str, design: str) -> Evaluation:
    return Judge(SETS[set_name], PROFILE, engine=Engine.REFERENCE).evaluate(library.load_design(design))


def tripping(found: Gate) -> set[tuple[str, tuple[str, ...]]]:
    return {(i.result.rule.id, places.key(i.place.binding)) for i in found.of(*TRIPS)}


def test_what_might_be_excused_is_a_conflict_or_not_demonstrated() -> None:
    e = judged("eu-ai-act", "sesame-credit-2018")
    excusable = {r.rule.id for r in e.results if r.outcome is Outcome.UNLESS_EXCUSED}
    strict = gate(e, Threshold(Severity.CRITICAL))
    lenient = gate(e, Threshold(Severity.CRITICAL, established_only=True))
    assert excusable and {i.result.rule.id for i in strict.of(Standing.AGAINST)} == excusable
    assert not lenient.of(Standing.AGAINST)
    assert excusable <= {i.result.rule.id for i in lenient.of(Standing.NOT_DEMONSTRATED)}
    assert (strict.verdict, lenient.verdict) == (AGAINST, NOT_DEMONSTRATED)


def test_unsettled_law_alone_does_not_shut_it() -> None:
    e = judged("gdpr", "driving-style-tariff")
    found = gate(e, Threshold(Severity.LOW))
    assert any(r.outcome is Outcome.UNDECIDED for r in e.results)
    assert found.verdict == CLEAR and found.of(Standing.UNDECIDED)


def test_an_outsider_is_not_asked_for_facts() -> None:
    e = judged("gdpr", "loan-app-separate-consents")
    asked = gate(e)
    spared = gate(e, Threshold(reading=Reading.OUTSIDER))
    assert (asked.verdict, spared.verdict) == (NOT_DEMONSTRATED, CLEAR)
    assert tripping(asked) <= {(i.result.rule.id, places.key(i.place.binding)) for i in spared.of(Standing.UNDECIDED)}


@pytest.mark.parametrize("design", ["sesame-credit-2018", "loan-app-separate-consents", "privacy-first-credit"])
def test_severity_and_verdict_go_together(design: str) -> None:
    """A lower threshold never opens the gate, and never says less."""
    e = judged("gdpr", design)
    ranked = [None, Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW]
    found = [gate(e, Threshold(s)) for s in ranked]
    for above, below in itertools.pairwise(found):
        assert tripping(above) <= tripping(below)
        assert (above.verdict != CLEAR) <= (below.verdict != CLEAR)
    assert found[0].verdict == CLEAR


# ---------------------------------------------------------------- the score


def test_a_score_is_held_against_its_floor() -> None:
    poor, good = judged("gdpr", "store-card-points-table"), judged("gdpr", "privacy-first-credit")
    never = None
    assert gate(poor, Threshold(never, min_score=50.0)).verdict == AGAINST
    assert gate(good, Threshold(never, min_score=100.0)).verdict == CLEAR
    assert gate(judged("fcra-ecoa", "city-trust-record"), Threshold(never, min_score=100.0)).verdict == CLEAR


def test_missing_facts_do_not_lift_a_score() -> None:
    """Forgetting the facts of conflicts raises the score as it stands, and opens nothing."""
    file = library.load_design("store-card-points-table")
    judge = Judge(SETS["fcra-ecoa"], PROFILE, engine=Engine.REFERENCE)
    empty = dataclasses.replace(file, design=_forgotten(file.design, list(_facts(file.design))))
    for needed in (1.0, 50.0, 100.0):
        found = gate(judge.evaluate(empty), Threshold(None, min_score=needed))
        assert found.verdict == NOT_DEMONSTRATED and found.score is not None and found.score.standing is None


@pytest.mark.parametrize("reading", Reading)
def test_a_profile_without_weights_demonstrates_nothing(reading: Reading) -> None:
    weightless = {s: w.model_copy(update={"weight": 0.0}) for s, w in PROFILE.weights.items()}
    nothing = PROFILE.model_copy(update={"weights": weightless})
    asked = Threshold(None, min_score=0.0, reading=reading)
    for design in ("store-card-points-table", "privacy-first-credit"):
        judge = Judge(SETS["gdpr"], nothing, engine=Engine.REFERENCE)
        found = gate(judge.evaluate(library.load_design(design), reading=reading), asked)
        assert found.verdict == NOT_DEMONSTRATED and found.score is not None and found.score.floor is None
    beyond = Judge(SETS["fcra-ecoa"], nothing, engine=Engine.REFERENCE)
    assert gate(beyond.evaluate(library.load_design("city-trust-record")), asked).verdict == CLEAR


# ---------------------------------------------------------------- forgetting


def _facts(block: Block, path: PartPath = ()) -> Iterator[PartPath]:
    """Every stated fact and every list, by path."""
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        if isinstance(kind, Group):
            yield from _facts(value, here)
        elif value is not None and name != getattr(block, "key", None):
            yield here
            if isinstance(kind, Parts):
                for part in value:
                    yield from _facts(part, (*here, str(getattr(part, part.key))))


def _forgotten(design: Design, paths: list[PartPath]) -> Design:
    for path in paths:
        found = _without(design, path)
        assert isinstance(found, Design)
        design = found
    return design


def _without(block: Block, path: PartPath) -> Block:
    """A block of which one fact, or a whole list, is not known any more."""
    name, rest = path[0], path[1:]
    if not rest:
        return block.model_copy(update={name: None})
    value = getattr(block, name, None)
    if isinstance(value, tuple):
        inner = tuple(_without(p, rest[1:]) if getattr(p, p.key) == rest[0] and rest[1:] else p for p in value)
        return block.model_copy(update={name: inner})
    return block if value is None else block.model_copy(update={name: _without(value, rest)})


@pytest.mark.parametrize("seed", range(30))
def test_forgetting_facts_never_opens_it(seed: int) -> None:
    rng = random.Random(seed)
    whole = sampling.complete_draft(rng, 2)
    poorer = sampling.forget(whole, rng, 0.3)
    judge = Judge(SETS["gdpr"], PROFILE, engine=Engine.REFERENCE)
    before, after = (gate(judge.evaluate(d.load()), Threshold(Severity.LOW)) for d in (whole, poorer))
    assert before.verdict == CLEAR or after.verdict != CLEAR


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS)
def test_deleting_facts_never_opens_a_shut_gate(design: str) -> None:
    """Greedily, up to ten facts of a shipped design: not one rule that keeps the gate shut lets go of it.

    Rules are looked at one by one, which is more than the gate needs: it opens only when all of them let go. Tried at
    each step are the facts that rules rest on and some others; the one that leaves the least against the design goes.
    """
    rng = random.Random(design)
    file = library.load_design(design)
    tripped = {name: gate(judged(name, design), Threshold(Severity.LOW)) for name in SETS}
    shut = [name for name, found in tripped.items() if found.verdict != CLEAR]
    for name in rng.sample(shut, min(1, len(shut))):
        rules = tuple({i.result.rule.id: i.result.rule for i in tripped[name].of(*TRIPS)}.values())
        judge = Judge(SETS[name], PROFILE, engine=Engine.REFERENCE, rules=rules)
        now, best = file, gate(judge.evaluate(file), Threshold(Severity.LOW))
        for _ in range(10):
            tried = []
            for path in _candidates(now, best, rng):
                changed = dataclasses.replace(now, design=_forgotten(now.design, [path]))
                found = gate(judge.evaluate(changed), Threshold(Severity.LOW))
                kept = {r for r, _ in tripping(found)}
                assert kept == {r.id for r in rules}, f"{name}: without {join(path)} { ({r.id for r in rules} - kept) }"
                tried.append((len(found.of(Standing.AGAINST)), len(tripping(found)), path, changed, found))
            if not tried:
                break
            *_, now, best = min(tried, key=lambda t: t[:3])


def _referred_to(design: Design, path: PartPath) -> bool:
    """Whether other parts refer to those of a list: without it the design is bad input, and the gate says 2."""
    value = getattr(design, path[0]) if len(path) == 1 else ()
    ids = {getattr(p, p.key) for p in value if isinstance(p, Block)} if isinstance(value, tuple) else set()
    holders = [design, *(part for _, part in parts_of(design))]
    named = {v for h in holders for n, k in fields_of(type(h)).items() if _refers(k) for v in _listed(getattr(h, n))}
    return bool(ids & named)


def _refers(kind: object) -> bool:
    return isinstance(kind, Ref) or (isinstance(kind, Values) and isinstance(kind.of, Ref))


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _candidates(file: DesignFile, found: Gate, rng: random.Random) -> list[PartPath]:
    """Facts worth deleting: some that findings rest on, the lists they lie in, some others."""
    items = rng.sample(found.of(*TRIPS), min(3, len(found.of(*TRIPS))))
    cited = sorted({f.path for i in items for f in found.evaluation.grounds(i.result.rule, i.place).evidence})
    lists = sorted({p[:n] for p in cited for n in range(1, len(p), 2)})
    every = {p for p in _facts(file.design) if not _referred_to(file.design, p)}
    chosen = [p for p in (*rng.sample(cited, min(3, len(cited))), *rng.sample(lists, min(1, len(lists)))) if p in every]
    return [*dict.fromkeys([*chosen, *rng.sample(sorted(every), min(1, len(every)))])]


# ---------------------------------------------------------------- what is on file

TODAY = dt.date(2026, 11, 27)
CONFLICT = ("gdpr/consent-by-pre-ticked-box", "consents.annual-report-box")


def decision(**changes: object) -> decisions.Decision:
    values: dict[str, object] = {
        "rule": CONFLICT[0],
        "design": "sesame-credit-2018",
        "place": (CONFLICT[1],),
        "kind": decisions.Kind.DEFERRAL,
        "reason": "the box goes with the next release",
        "owner": "product",
        "approved_by": "the data protection officer",
        "date": dt.date(2026, 11, 1),
        "expires": dt.date(2026, 12, 31),
        "reference": "DPIA-7",
        **changes,
    }
    return decisions.Decision(decisions.DecisionFile.model_validate(values), decisions.Span("decisions.yaml", 3, 5))


def covered(*entries: decisions.Decision, today: dt.date = TODAY) -> Gate:
    return gate(judged("gdpr", "sesame-credit-2018"), Threshold(), [decisions.Decisions(entries, today)])


def at(found: Gate, subject: tuple[str, str]) -> list[Item]:
    return [i for i in found.items if (i.result.rule.id, *places.key(i.place.binding)) == subject]


@pytest.mark.parametrize(
    ("changes", "today", "standing"),
    [
        ({}, TODAY, Standing.DEFERRED),
        ({}, dt.date(2026, 12, 31), Standing.DEFERRED),
        ({}, dt.date(2027, 1, 1), Standing.AGAINST),
        ({"date": dt.date(2026, 11, 28)}, TODAY, Standing.AGAINST),
        ({"place": ("consents.another-box",)}, TODAY, Standing.AGAINST),
        ({"design": "another"}, TODAY, Standing.AGAINST),
        ({"covers": decisions.Covered.MISSING_FACTS}, TODAY, Standing.AGAINST),
        (
            {"kind": decisions.Kind.DISAGREEMENT, "expires": None, "review_by": TODAY},
            TODAY,
            Standing.DISAGREED,
        ),
    ],
)
def test_a_decision_covers_its_place_and_its_time(
    changes: dict[str, object], today: dt.date, standing: Standing
) -> None:
    (item,) = at(covered(decision(**changes), today=today), CONFLICT)
    assert item.standing is standing


def test_a_decision_takes_one_place_off_the_gate_and_changes_nothing_else() -> None:
    plain, eased = gate(judged("gdpr", "sesame-credit-2018")), covered(decision())
    assert tripping(plain) - tripping(eased) == {(CONFLICT[0], (CONFLICT[1],))}
    assert tripping(eased) < tripping(plain)
    assert eased.evaluation.card == plain.evaluation.card and eased.judged == plain.judged
    assert [r.outcome for r in eased.evaluation.results] == [r.outcome for r in plain.evaluation.results]


def test_behind_a_covered_conflict_missing_facts_still_count() -> None:
    """A rule in conflict at one place and open at another: with the conflict covered, the other is not demonstrated."""
    e = judged("gdpr", "sesame-credit-2018")
    rule = next(
        r
        for r in e.results
        if r.outcome is Outcome.CONFLICT
        and {p.outcome for p in r.places} >= {Outcome.CONFLICT, Outcome.UNDECIDED}
        and r.rule.text.severity is Severity.HIGH
    )

    class Conflicts:
        def covers(
            self, design: str, id: str, place: PlaceResult, *, conflict: bool, beside: frozenset[str]
        ) -> tuple[Standing, int] | None:
            return (Standing.DEFERRED, 0) if id == rule.rule.id and conflict else None

    left = [i for i in gate(e, Threshold(), [Conflicts()]).items if i.result.rule.id == rule.rule.id]
    assert {i.standing for i in left} >= {Standing.DEFERRED, Standing.NOT_DEMONSTRATED}


def test_nothing_covers_a_critical_prohibition() -> None:
    class Everything:
        def covers(
            self, design: str, rule: str, place: PlaceResult, *, conflict: bool, beside: frozenset[str]
        ) -> tuple[Standing, int]:
            return Standing.IN_BASELINE, 0

    found = gate(judged("eu-ai-act", "sesame-credit-2018"), Threshold(), [Everything()])
    assert found.verdict == AGAINST
    assert {i.result.rule.text.severity for i in found.of(*TRIPS)} == {Severity.CRITICAL}


@pytest.mark.parametrize("seed", range(5))
def test_forgetting_facts_opens_nothing_behind_decisions(seed: int) -> None:
    """What is on file about some places gives no way around the others."""
    rng = random.Random(seed)
    file = library.load_design("store-card-points-table")
    judge = Judge(SETS["gdpr"], PROFILE, engine=Engine.REFERENCE)
    all_of_them = gate(judge.evaluate(file), Threshold(Severity.LOW)).of(*TRIPS)
    chosen = rng.sample(all_of_them, len(all_of_them) // 2)
    entries = tuple(
        decision(rule=i.result.rule.id, design=file.design.id, place=places.key(i.place.binding)) for i in chosen
    )
    cover = decisions.Decisions(entries, TODAY)
    before = gate(judge.evaluate(file), Threshold(Severity.LOW), [cover])
    facts = [p for p in sorted(_facts(file.design)) if not _referred_to(file.design, p)]
    poorer = dataclasses.replace(file, design=_forgotten(file.design, rng.sample(facts, 10)))
    after = gate(judge.evaluate(poorer), Threshold(Severity.LOW), [cover])
    assert before.verdict != CLEAR and after.verdict != CLEAR
    assert {r for r, _ in tripping(before)} <= {r for r, _ in tripping(after)}


def baseline(*findings: tuple[str, str, str]) -> Baseline:
    entries = tuple(
        EntryFile.model_validate({"design": "sesame-credit-2018", "rule": r, "place": (p,), "standing": s})
        for r, p, s in findings
    )
    return Baseline("b.json", BaselineFile(schema=1, tool="t", written=TODAY, findings=entries))


def test_a_baseline_covers_what_was_there_and_no_worse() -> None:
    e = judged("gdpr", "sesame-credit-2018")
    (known,) = at(gate(e, Threshold(), [baseline((*CONFLICT, "against"))]), CONFLICT)
    (worse,) = at(gate(e, Threshold(), [baseline((*CONFLICT, "not_demonstrated"))]), CONFLICT)
    assert (known.standing, worse.standing) == (Standing.IN_BASELINE, Standing.AGAINST)


def test_what_stands_at_a_place() -> None:
    e = judged("gdpr", "sesame-credit-2018")
    assert found_at(e, CONFLICT[0], (CONFLICT[1],)) is Found.CONFLICT
    assert found_at(e, CONFLICT[0], ("consents.gone",)) is Found.GONE
    assert found_at(e, "gdpr/no-such-rule", ("design",)) is Found.GONE
    clear = judged("gdpr", "privacy-first-credit")
    at_first = places.key(clear.result("gdpr/incompatible-reuse").places[0].binding)
    assert found_at(clear, "gdpr/incompatible-reuse", at_first) is Found.NOTHING


# ---------------------------------------------------------------- selection


def test_rules_are_selected_by_name_set_and_principle() -> None:
    sets = [SETS["gdpr"], SETS["oecd"]]
    every = {r.id for s in sets for r in s.rules}
    assert selection.rules(sets, [], []) is None
    assert selection.rules(sets, ["oecd"], []) == {r for r in every if r.startswith("oecd/")}
    assert selection.rules(sets, ["gdpr/consent-*"], []) == {r for r in every if r.startswith("gdpr/consent-")}
    consent = selection.rules(sets, ["consent"], [])
    assert consent and {r.text.principle.value for s in sets for r in s.rules if r.id in consent} == {"consent"}
    assert selection.rules(sets, [], ["gdpr"]) == selection.rules(sets, ["oecd"], [])
    with pytest.raises(InvalidInput, match="means no rule of these sets"):
        selection.rules(sets, ["gdpr/consent-bundeled"], [])


def test_what_is_not_selected_neither_counts_nor_shows() -> None:
    e = judged("gdpr", "sesame-credit-2018")
    one = gate(e, Threshold(rules=frozenset({CONFLICT[0]})))
    assert {i.result.rule.id for i in one.items} == {CONFLICT[0]} and one.judged == 1
    assert gate(e, Threshold(rules=frozenset())).verdict == CLEAR
