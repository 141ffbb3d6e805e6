"""What a reviewer reads on a change of designs: facts, findings, pairing with a revision, and the command."""

from __future__ import annotations

import copy
import glob
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval import library, revision
from policy_eval.analysis import sampling
from policy_eval.design.changes import About, ChangeKind, FactChange, changes
from policy_eval.difference import AGAINST, CLEAR, NOT_DEMONSTRATED, Difference, FindingKind, difference, verdict
from policy_eval.errors import InvalidInput
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.report import diff_markdown
from policy_eval.revision import Pair, Revision, matches, pair, select
from policy_eval.schemas import json_schema
from policy_eval.vocabulary.law import Outcome, Severity
from tests import generators as g
from tests.test_cli import BASE, ROOT, run

seeds = st.integers(0, 10**9)
PROFILE = library.load_profile("default")

# ---------------------------------------------------------------- facts

Change = tuple[str, str, str, str]
BEFORE: dict[str, Any] = {
    "id": "score",
    "title": "A score",
    "kind": "hypothetical",
    "jurisdiction": ["Utrecht", "NL"],
    "is_ai": "infers_from_data",
    "subjects": [{"id": "people", "told_about": ["purposes", "rights"], "scored": True}],
    "purposes": [{"id": "loans"}],
    "inputs": [
        {"id": "bills", "source": "bought", "oldest_months": 24, "uses": [{"purpose": "loans", "link": "other_field"}]},
        {"id": "age", "source": "given_by_person"},
    ],
    "promises": [{"path": "transparency.criteria", "value": "list"}],
}


def edited(edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    after = copy.deepcopy(BEFORE)
    edit(after)
    return after


def told(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = changes(sampling.load(before).design, sampling.load(after).design)
    assert list(found) == sorted(found, key=lambda c: c.path)
    return [(".".join(c.path), c.kind.value, c.before, c.after) for c in found]


EDITS: list[tuple[Callable[[dict[str, Any]], object], list[Change]]] = [
    (lambda d: d.update(kind="exercise"), [("kind", "changed", "hypothetical", "exercise")]),
    (
        lambda d: d.update(period={"from": "2024-01-01"}),
        [("period.from", "stated", "unknown", "2024-01-01")],
    ),
    (lambda d: d.pop("is_ai"), [("is_ai", "lost", "infers_from_data", "unknown")]),
    (lambda d: d.update(jurisdiction=["NL"]), [("jurisdiction", "changed", "[Utrecht, NL]", "[NL]")]),
    (lambda d: d.update(jurisdiction=["NL", "Utrecht"]), []),
    (lambda d: d.update(title="Another", summary="Words", facts_as_of="2024-01-01"), []),
    (
        lambda d: d.update(
            sources=[{"id": "s", "type": "book", "title": "A book"}],
            evidence={"is_ai": [{"source": "s", "status": "sourced"}]},
        ),
        [],
    ),
    (lambda d: d["subjects"][0].update(told_about=["rights", "purposes"]), []),
    (
        lambda d: d["subjects"][0].update(told_about=["rights"], scored=False),
        [
            ("subjects.people.scored", "changed", "true", "false"),
            ("subjects.people.told_about", "changed", "[purposes, rights]", "[rights]"),
        ],
    ),
    (lambda d: d["inputs"].reverse(), []),
    (lambda d: d["inputs"][0].update(source="unknown"), [("inputs.bills.source", "lost", "bought", "unknown")]),
    (
        lambda d: d["inputs"][0].update(oldest_months="<=36"),
        [("inputs.bills.oldest_months", "lost", "24", "<=36")],
    ),
    (
        lambda d: d["inputs"][0].update(oldest_months=36),
        [("inputs.bills.oldest_months", "changed", "24", "36")],
    ),
    (
        lambda d: d["inputs"][0]["uses"][0].update(link="same_field"),
        [("inputs.bills.uses.loans.link", "changed", "other_field", "same_field")],
    ),
    # Lists: unknown, whole, or open.
    (lambda d: d.pop("inputs"), [("inputs", "lost", "[age, bills]", "unknown")]),
    (lambda d: d["inputs"].clear(), [(f"inputs.{i}", "removed", "stated", "not there") for i in ("age", "bills")]),
    (lambda d: d.update(partial=["inputs"]), [("inputs", "lost", "whole", "may hold more")]),
    (
        lambda d: (d["inputs"].pop(), d.update(partial=["inputs"])),
        [("inputs", "lost", "whole", "may hold more"), ("inputs.age", "lost", "stated", "unknown")],
    ),
    (
        lambda d: (d["inputs"].clear(), d.update(partial=["inputs"])),
        [("inputs", "lost", "[age, bills]", "unknown")],
    ),
    (
        lambda d: d["inputs"].append({"id": "rent", "uses": []}),
        [("inputs.rent", "added", "not there", "stated")],
    ),
    (
        lambda d: (d["inputs"].append({"id": "rent"}), d.update(partial=["inputs"])),
        [("inputs", "lost", "whole", "may hold more"), ("inputs.rent", "added", "not there", "stated")],
    ),
    (lambda d: d["inputs"][1].update(uses=[]), [("inputs.age.uses", "stated", "unknown", "[]")]),
    (
        lambda d: d["inputs"][0].update(uses=[]),
        [("inputs.bills.uses.loans", "removed", "stated", "not there")],
    ),
    (
        lambda d: d["promises"][0].update(value="weights"),
        [("promises.transparency.criteria.value", "changed", "list", "weights")],
    ),
]


@pytest.mark.parametrize(("edit", "found"), EDITS)
def test_facts_that_differ(edit: Callable[[dict[str, Any]], object], found: list[Change]) -> None:
    assert told(BEFORE, edited(edit)) == found


def test_a_list_that_is_empty_and_open_says_as_much_as_none() -> None:
    silent = edited(lambda d: d.pop("inputs"))
    assert told(silent, edited(lambda d: d.update(inputs=[], partial=["inputs"]))) == []
    assert told(silent, edited(lambda d: d.update(partial=["inputs"]))) == [
        ("inputs", "stated", "unknown", "[age, bills, and perhaps more]")
    ]
    assert told(silent, edited(lambda d: d.update(inputs=[]))) == [("inputs", "stated", "unknown", "[]")]


def test_a_part_of_an_open_list_is_stated_anew_and_not_added() -> None:
    def partial(d: dict[str, Any]) -> None:
        d.update(partial=["inputs"])

    more = edited(lambda d: (partial(d), d["inputs"].append({"id": "rent"})))
    assert told(edited(partial), more) == [("inputs.rent", "stated", "unknown", "stated")]
    whole = edited(lambda d: d["inputs"].append({"id": "rent"}))
    assert [c[1:] for c in told(edited(partial), whole)] == [
        ("stated", "may hold more", "whole"), ("stated", "unknown", "stated"),
    ]  # fmt: skip


def test_facts_below_a_part_are_counted_and_not_listed() -> None:
    without = sampling.load(edited(lambda d: d["inputs"].pop(0))).design
    (gone,) = changes(sampling.load(BEFORE).design, without)
    assert (gone.about, gone.facts) == (About.PART, 3)  # source, age of entries, link; an id is none
    (lost,) = changes(sampling.load(BEFORE).design, sampling.load(edited(lambda d: d.pop("inputs"))).design)
    assert (lost.about, lost.facts) == (About.LIST, 4)


MIRROR = {
    ChangeKind.STATED: ChangeKind.LOST, ChangeKind.LOST: ChangeKind.STATED, ChangeKind.ADDED: ChangeKind.REMOVED,
    ChangeKind.REMOVED: ChangeKind.ADDED, ChangeKind.CHANGED: ChangeKind.CHANGED,
}  # fmt: skip


def swapped(c: FactChange) -> FactChange:
    return FactChange(c.path, MIRROR[c.kind], c.after, c.before, c.about, c.facts)


@given(seed=seeds)
def test_a_design_does_not_differ_from_itself_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    other = sampling.load(g.shuffled(draft.tree(), rng)).design
    assert changes(draft.load().design, other) == ()


@given(seed=seeds, share=st.sampled_from((0.05, 0.3, 0.7)))
def test_forgetting_loses_facts_and_nothing_else(seed: int, share: float) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    found = changes(draft.load().design, sampling.forget(draft, rng, share).load().design)
    assert {c.kind for c in found} <= {ChangeKind.LOST}


@given(seed=seeds)
def test_changes_are_seen_from_both_ends(seed: int) -> None:
    rng = random.Random(seed)
    one, other = (sampling.random_draft(rng).load().design for _ in range(2))
    found = changes(one, other)
    assert found and tuple(map(swapped, changes(other, one))) == found


# ---------------------------------------------------------------- findings

SET = """
id: toy
title: A toy act
short: Toy
jurisdiction: [NL]
kind: law
text_as_of: 2026-01-01
version: "1"
scope:
  applies_when: any(s.scored for s in subjects)
  rationale: A score.
  grounds: [{instrument: Toy, at: Article 1, verified: read, status_checked: 2026-01-01}]
"""
RULE = """
id: toy/{name}
title: {title}
principle: {principle}
aspect: toys
since: "1"
grounds: [{{instrument: Toy, at: Article 5, verified: read, status_checked: 2026-01-01}}]
severity: {severity}
severity_because: A toy.
{body}
rationale: A toy.
remedy: None.
"""
EXCUSE = (
    "exceptions: [{{id: {id}, title: An excuse, when: {when}, grounds: "
    "[{{instrument: Toy, at: Article 6, verified: read, status_checked: 2026-01-01}}]}}]"
)
RULES = {
    "ticked": (
        "A box ticked | in <advance>", "consent", "high",
        "for_each: consent\nviolated_when: consent.act == 'preset'\nmessage: '`{consent.id}` was {consent.act}'\n"
        + EXCUSE.format(id="kept", when="consent.recorded"),
    ),
    "far": (
        "Data goes far", "fairness", "medium",
        "for_each: [input, use in input.uses]\nviolated_when: use.link == 'other_field'\n"
        "message: '{input.id} goes far'",
    ),
    "joined": (
        "A consequence of a purpose", "fairness", "low",
        "for_each: [purpose, consequence]\n"
        "applies_when: consequence.purpose == purpose and consequence.direction != 'better'\n"
        "violated_when: consequence.contest == 'none'\nmessage: No way out",
    ),
    "secret": (
        "A secret score", "transparency", "critical",
        "violated_when: transparency.criteria == 'none'\nmessage: Secret",
    ),
}  # fmt: skip
DESIGN = """
id: score
title: A score
kind: hypothetical
subjects: [{id: people, relation: customer, scored: true}]
purposes: [{id: loans}]
consents: [{id: box, act: own_affirmative, recorded: false}]
inputs: [{id: bills, uses: [{purpose: loans, link: same_service}]}]
consequences: [{id: refusal, purpose: loans, contest: informal, direction: worse}]
transparency: {criteria: categories}
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("sets") / "toy"
    folder.mkdir()
    (folder / "set.yaml").write_text(SET)
    for name, (title, principle, severity, body) in RULES.items():
        text = RULE.format(name=name, title=json.dumps(title), principle=principle, severity=severity, body=body)
        (folder / f"{name}.rule.yaml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def judge(toy: pathlib.Path) -> Judge:
    return Judge(library.load_set(str(toy)), PROFILE, engine=Engine.REFERENCE)


def evaluated(judge: Judge, tmp: pathlib.Path, text: str) -> Evaluation:
    path = tmp / "d.design.yaml"
    path.write_text(text)
    return judge.evaluate(library.load_design(str(path)))


Found = list[tuple[str, str, str | None, str | None, list[str]]]


def findings(d: Difference) -> Found:
    return [
        (f.rule.id.removeprefix("toy/"), f.kind.value, f.before and f.before.value, f.after and f.after.value,
         [".".join(c.path) for c in f.facts])
        for f in d.findings
    ]  # fmt: skip


PRESET = DESIGN.replace("own_affirmative", "preset")
SOFT = PRESET.replace("recorded: false", "recorded: unknown")
OPEN = DESIGN.replace("act: own_affirmative", "act: unknown")
ADS = DESIGN.replace("purposes: [{id: loans}]", "purposes: [{id: loans}, {id: ads}]")
CASES: list[tuple[str, str, Found]] = [
    (DESIGN, PRESET, [("ticked", "added", "no_conflict", "conflict", ["consents.box.act"])]),
    (PRESET, DESIGN, [("ticked", "cured", "conflict", "no_conflict", ["consents.box.act"])]),
    (PRESET, SOFT, [("ticked", "softened", "conflict", "conflict_unless_excused", ["consents.box.recorded"])]),
    (SOFT, PRESET, [("ticked", "hardened", "conflict_unless_excused", "conflict", ["consents.box.recorded"])]),
    (PRESET, OPEN, [("ticked", "reopened", "conflict", "undecided", ["consents.box.act"])]),
    (DESIGN, OPEN, [("ticked", "reopened", "no_conflict", "undecided", ["consents.box.act"])]),
    (OPEN, DESIGN, [("ticked", "decided", "undecided", "no_conflict", ["consents.box.act"])]),
    (OPEN, PRESET, [("ticked", "added", "undecided", "conflict", ["consents.box.act"])]),
    # The place is gone and known to be; then nobody says so any more; then the list is unknown.
    (
        PRESET,
        PRESET.replace("consents: [{id: box, act: preset, recorded: false}]", "consents: []"),
        [("ticked", "cured", "conflict", None, ["consents.box"])],
    ),
    (
        PRESET,
        PRESET.replace("consents: [{id: box, act: preset, recorded: false}]", "consents: [{id: other, act: none}]")
        + "partial: [consents]\n",
        [
            ("ticked", "reopened", "conflict", "undecided", ["consents", "consents.box"]),
            ("ticked", "opened", None, "undecided", ["consents"]),
        ],
    ),
    (
        PRESET,
        PRESET.replace("consents: [{id: box, act: preset, recorded: false}]", ""),
        [
            ("ticked", "reopened", "conflict", "undecided", ["consents"]),
            ("ticked", "opened", None, "undecided", ["consents"]),
        ],
    ),
    (
        DESIGN.replace("consents: [{id: box, act: own_affirmative, recorded: false}]", ""),
        DESIGN,
        [("ticked", "decided", "undecided", None, ["consents"])],
    ),
    # A place that was not there before: known not to be, or perhaps unseen.
    (
        DESIGN,
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans, link: other_field}]}, "),
        [("far", "added", None, "conflict", ["inputs.age"])],
    ),
    (
        DESIGN + "partial: [inputs]\n",
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans, link: other_field}]}, ")
        + "partial: [inputs]\n",
        [("far", "added", "undecided", "conflict", ["inputs.age"])],
    ),
    (
        DESIGN + "partial: [inputs]\n",
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans, link: same_field}]}, ")
        + "partial: [inputs]\n",
        [],
    ),
    (
        DESIGN,
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans}]}, "),
        [("far", "opened", None, "undecided", ["inputs.age"])],
    ),
    # A pair that is no longer linked is no place; one that may be linked is open.
    (
        DESIGN.replace("contest: informal", "contest: none"),
        DESIGN.replace("contest: informal", "contest: none")
        .replace("purposes: [{id: loans}]", "purposes: [{id: loans}, {id: ads}]")
        .replace("refusal, purpose: loans", "refusal, purpose: ads"),
        [
            ("joined", "added", None, "conflict", ["consequences.refusal.purpose", "purposes.ads"]),
            ("joined", "cured", "conflict", None, ["consequences.refusal.purpose"]),
        ],
    ),
    (
        ADS.replace("contest: informal", "contest: none") + "partial: [consequences]\n",
        ADS.replace("contest: informal", "contest: none").replace("refusal, purpose: loans", "refusal, purpose: ads")
        + "partial: [consequences]\n",
        [
            ("joined", "added", None, "conflict", ["consequences.refusal.purpose"]),
            ("joined", "cured", "conflict", None, ["consequences.refusal.purpose"]),
        ],
    ),
    (
        ADS.replace("direction: worse", "direction: unknown").replace("informal", "none"),
        ADS.replace("direction: worse", "direction: unknown")
        .replace("informal", "none")
        .replace("refusal, purpose: loans", "refusal, purpose: ads"),
        [
            ("joined", "opened", None, "undecided", ["consequences.refusal.purpose"]),
            ("joined", "decided", "undecided", None, ["consequences.refusal.purpose"]),
        ],
    ),
    # Out of scope, and what is stated of the scope is what it hangs on.
    (
        PRESET,
        PRESET.replace("scored: true", "scored: false"),
        [("ticked", "cured", "conflict", "not_applicable", ["subjects.people.scored"])],
    ),
    (
        PRESET,
        PRESET.replace("scored: true", "scored: unknown"),
        [
            ("far", "reopened", "no_conflict", "undecided", ["subjects.people.scored"]),
            ("joined", "reopened", "no_conflict", "undecided", ["subjects.people.scored"]),
            ("secret", "reopened", "no_conflict", "undecided", ["subjects.people.scored"]),
            ("ticked", "softened", "conflict", "conflict_unless_excused", ["subjects.people.scored"]),
        ],
    ),
]


@pytest.mark.parametrize(("before", "after", "found"), CASES)
def test_what_happens_to_findings(judge: Judge, tmp_path: pathlib.Path, before: str, after: str, found: Found) -> None:
    d = difference(evaluated(judge, tmp_path, before), evaluated(judge, tmp_path, after))
    assert sorted(findings(d)) == sorted(found)
    assert [list(FindingKind).index(f.kind) for f in d.findings] == sorted(
        list(FindingKind).index(f.kind) for f in d.findings
    )


def test_a_new_design_adds_and_a_gone_one_cures_nothing(judge: Judge, tmp_path: pathlib.Path) -> None:
    e = evaluated(judge, tmp_path, PRESET)
    new, gone = difference(None, e), difference(e, None)
    assert findings(new) == [("ticked", "added", None, "conflict", [])]
    assert gone.findings == ()
    assert all(p.before is None and p.after is not None for p in new.principles)
    assert all(p.after is None and p.before is not None for p in gone.principles)
    assert gone.either is new.either is e


def test_bands_and_burdens_of_principles(judge: Judge, tmp_path: pathlib.Path) -> None:
    d = difference(evaluated(judge, tmp_path, DESIGN), evaluated(judge, tmp_path, PRESET))
    changed = {p.principle.value for p in d.principles if p.before != p.after}
    assert changed == {"consent"} and len(d.principles) == 3
    (consent,) = [p for p in d.principles if p.principle.value == "consent"]
    assert consent.before and consent.after
    assert (str(consent.before.band.standing), str(consent.after.band.standing)) == ("none_found", "serious_conflicts")
    assert consent.before.burden.standing == 0 < consent.after.burden.standing


def test_a_rule_that_is_in_force_on_one_of_the_days_alone(toy: pathlib.Path, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "toy"
    shutil.copytree(toy, folder)
    rule = folder / "ticked.rule.yaml"
    rule.write_text(rule.read_text() + "effective: {from: 2020-01-01}\n")
    principles = library.load_set(str(folder))
    late = PRESET + "period: {until: 2021-01-01}\n"
    early = PRESET + "period: {until: 2019-01-01}\n"
    evaluations = []
    for text in (early, late):
        path = tmp_path / "d.design.yaml"
        path.write_text(text)
        file = library.load_design(str(path))
        assert file.design.period
        evaluations.append(Judge(principles, PROFILE, as_of=file.design.period.until).evaluate(file))
    old, new = evaluations
    assert findings(difference(old, new)) == [("ticked", "added", None, "conflict", ["period.until"])]
    assert findings(difference(new, old)) == [("ticked", "cured", "conflict", None, ["period.until"])]


SHIPPED = ("eu-ai-act", "fcra-ecoa")


def judges(seed: int) -> Iterator[Judge]:
    for name in SHIPPED:
        yield Judge(library.load_set(name), PROFILE, engine=Engine.REFERENCE)
    yield Judge(g.random_set(random.Random(f"diff {seed}"), trivial=False), PROFILE, engine=Engine.REFERENCE)


@given(seed=seeds)
def test_every_finding_that_changed_hangs_on_a_fact_that_did(seed: int) -> None:
    rng = random.Random(seed)
    whole = sampling.complete_draft(rng)
    drafts = [whole, sampling.forget(whole, rng, 0.2), sampling.random_draft(rng)]
    files = [d.load() for d in drafts]
    for judge in judges(seed):
        evaluations = [judge.evaluate(f) for f in files]
        for old, new in ((0, 1), (1, 0), (0, 2)):
            d = difference(evaluations[old], evaluations[new])
            assert [f for f in d.findings if not f.facts] == []
            assert all(f.before is not f.after for f in d.findings)
            unseen = {o for f in d.findings if not f.seen for o in (f.before, f.after)}
            assert not unseen & {Outcome.CONFLICT, Outcome.UNLESS_EXCUSED}


@given(seed=seeds, share=st.sampled_from((0.1, 0.4)))
def test_silence_cures_and_decides_nothing(seed: int, share: float) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    files = [draft.load(), sampling.forget(draft, rng, share).load()]
    for judge in judges(seed):
        d = difference(*(judge.evaluate(f) for f in files))
        assert d.of(FindingKind.CURED, FindingKind.DECIDED, FindingKind.HARDENED) == ()
        # An excuse that is no longer shown leaves a conflict that stands unless excused, never an established one.
        assert {f.after for f in d.of(FindingKind.ADDED)} <= {Outcome.UNLESS_EXCUSED}


@given(seed=seeds)
def test_without_a_fact_that_changed_no_finding_does(seed: int) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    other = sampling.load({**g.shuffled(draft.tree(), rng), "title": "Another title", "id": "other"})
    for judge in judges(seed):
        one, two = judge.evaluate(draft.load()), judge.evaluate(other)
        assert difference(one, two).findings == ()
        assert one.card == two.card


# ---------------------------------------------------------------- the gate

GATE: list[tuple[str, str, Severity | None, int, int]] = [
    # before, after, least severity, code with --fail-on-new, code with --fail-on-lost-facts
    (DESIGN, PRESET, Severity.HIGH, AGAINST, CLEAR),
    (DESIGN, PRESET, Severity.CRITICAL, CLEAR, CLEAR),
    (DESIGN, PRESET, None, CLEAR, CLEAR),
    (PRESET, DESIGN, Severity.LOW, CLEAR, CLEAR),
    (SOFT, PRESET, Severity.HIGH, AGAINST, CLEAR),
    (PRESET, SOFT, Severity.HIGH, CLEAR, NOT_DEMONSTRATED),
    (DESIGN, OPEN, Severity.HIGH, NOT_DEMONSTRATED, NOT_DEMONSTRATED),
    (DESIGN, OPEN, Severity.CRITICAL, CLEAR, NOT_DEMONSTRATED),
    (OPEN, DESIGN, Severity.LOW, CLEAR, CLEAR),
    (DESIGN, DESIGN + "partial: [inputs]\n", Severity.MEDIUM, NOT_DEMONSTRATED, NOT_DEMONSTRATED),
    (DESIGN, OPEN.replace("criteria: categories", "criteria: none"), Severity.HIGH, AGAINST, NOT_DEMONSTRATED),
    (DESIGN, DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans}]}, "), Severity.LOW, 4, CLEAR),
]


@pytest.mark.parametrize(("before", "after", "least", "new", "lost"), GATE)
def test_the_gate(
    judge: Judge, tmp_path: pathlib.Path, before: str, after: str, least: Severity | None, new: int, lost: int
) -> None:
    d = difference(evaluated(judge, tmp_path, before), evaluated(judge, tmp_path, after))
    assert d.old and d.new
    facts = changes(d.old.design, d.new.design)
    assert verdict([d], least, facts=facts) == CLEAR
    assert verdict([d], least, fail_on_new=True) == new
    assert verdict([d], None, facts=facts, fail_on_lost_facts=True) == lost
    both = verdict([d], least, fail_on_new=True, facts=facts, fail_on_lost_facts=True)
    assert both == (AGAINST if AGAINST in (new, lost) else max(new, lost))


def test_law_that_is_unsettled_alone_opens_nothing_for_the_gate() -> None:
    """A concept that neither holds nor fails leaves a finding undecided with every fact known."""
    text = library.load_design("class-points-app")
    d = difference(None, Judge(library.load_set("gdpr"), PROFILE).evaluate(text))
    opened = d.of(FindingKind.OPENED)
    unsettled, missing = (tuple(f for f in opened if bool(f.open) is there) for there in (False, True))
    assert unsettled and missing and all(f.unsettled for f in unsettled)
    assert verdict([Difference(None, d.new, unsettled, ())], Severity.ADVISORY, fail_on_new=True) == CLEAR
    assert verdict([Difference(None, d.new, missing, ())], Severity.ADVISORY, fail_on_new=True) == NOT_DEMONSTRATED


# ---------------------------------------------------------------- pairing

Ids = dict[str, str | None]
PAIRS: list[tuple[dict[str, str], Ids, Ids, list[tuple[str | None, str | None]]]] = [
    ({"a": "x"}, {"a": "x"}, {}, [("a", "a")]),
    ({"a": "y"}, {"a": "x"}, {}, [("a", "a")]),  # the path counts before the id
    ({"b": "x"}, {"a": "x"}, {}, [("a", "b")]),
    ({"b": "x"}, {"a": "y"}, {}, [("a", None), (None, "b")]),
    ({"b": "x"}, {"a": None}, {}, [("a", None), (None, "b")]),
    ({"a": "x", "b": "x"}, {"a": "x"}, {}, [("a", "a"), (None, "b")]),  # it has its partner
    ({"b": "x", "c": "x"}, {"a": "x"}, {}, [("a", "b"), (None, "c")]),
    ({"c": "x"}, {"a": "x", "b": "x"}, {}, [("a", "c"), ("b", None)]),
    ({"b": "x"}, {}, {"far": "x"}, [("far", "b")]),
    ({"b": "x"}, {"a": "x"}, {"far": "x"}, [("a", "b")]),
    ({}, {}, {"far": "x"}, []),  # what lies elsewhere is not gone
    ({}, {"a": "x"}, {}, [("a", None)]),
]


@pytest.mark.parametrize(("now", "before", "elsewhere", "pairs"), PAIRS)
def test_pairs(now: dict[str, str], before: Ids, elsewhere: Ids, pairs: list[tuple[str | None, str | None]]) -> None:
    found = pair(now, before, elsewhere)
    assert sorted(map(repr, found)) == sorted(repr(Pair(*p)) for p in pairs)
    assert [p.renamed for p in found] == [p.old is not None and p.new is not None and p.old != p.new for p in found]


names = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"), max_size=6)


@given(now=names, before=names, elsewhere=names, rng=st.randoms(use_true_random=False))
def test_nothing_is_lost_or_used_twice_in_pairing(
    now: dict[str, str], before: dict[str, str], elsewhere: dict[str, str], rng: random.Random
) -> None:
    others = {f"far/{k}": v for k, v in elsewhere.items()}
    found = pair(now, before, others)
    new = [p.new for p in found if p.new is not None]
    old = [p.old for p in found if p.old is not None]
    assert sorted(new) == sorted(now) and len(set(old)) == len(old)
    assert set(before) <= set(old) <= set(before) | set(others)
    for p in found:
        assert p.old != p.new or p.old in before
        if p.renamed:
            assert p.old and p.new and p.new not in before
            assert {**before, **others}[p.old] == now[p.new]

    def mixed(d: dict[str, str]) -> dict[str, str]:
        return {k: d[k] for k in sorted(d, key=lambda _: rng.random())}

    assert pair(mixed(now), mixed(before), mixed(others)) == found


@pytest.mark.parametrize(
    ("path", "pattern", "there"),
    [
        ("a.design.yaml", "*.yaml", True),
        ("sub/a.design.yaml", "*.yaml", False),
        ("sub/a.design.yaml", "**/*.yaml", True),
        ("a.design.yaml", "**/*.yaml", True),
        ("x/y/a.design.yaml", "**", True),
        ("teams/red/deep/a.design.yaml", "teams/*", True),  # a folder that matches is looked through
        ("teams/red/a.design.yaml", "teams/r?d/*", True),
        (".hidden/a.design.yaml", "*/*", False),
        (".hidden/a.design.yaml", "**/*.yaml", False),
        (".hidden/a.design.yaml", ".h*/*", True),
        ("A.design.yaml", "a*", False),
    ],
)
def test_patterns_match_as_in_a_folder(tmp_path: pathlib.Path, path: str, pattern: str, there: bool) -> None:
    assert matches(path.split("/"), pattern.split("/")) is there
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("")
    found = [pathlib.Path(p) for p in glob.glob(pattern, root_dir=tmp_path, recursive=True)]
    assert any(pathlib.Path(path).is_relative_to(p) for p in found) is there


# ---------------------------------------------------------------- revisions


@pytest.fixture
def repo(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    folder = tmp_path / "a repository, größer"
    folder.mkdir()
    for name in [n for n in os.environ if n.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git(folder, "init", "-q", "-b", "main", ".")
    return folder


def git(folder: pathlib.Path, *arguments: str) -> str:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *settings, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(folder: pathlib.Path, **files: str) -> None:
    """Write files and commit them; `__` in a name is a slash, and `.design.yaml` is added."""
    for name, text in files.items():
        put(folder, name, text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a change", "--allow-empty")


def put(folder: pathlib.Path, name: str, text: str) -> pathlib.Path:
    path = folder / f"{name.replace('__', '/')}.design.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def refused(rev: str, folder: pathlib.Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        Revision(rev, folder)
    assert caught.value.problems[0].help
    return str(caught.value)


@pytest.mark.parametrize("rev", ["", "-h", "--all", "--output=x", "a\0b", "a\nb"])
def test_what_is_no_revision_is_refused_before_git_is_asked(rev: str, repo: pathlib.Path) -> None:
    assert "is no revision" in refused(rev, repo)


def test_unknown_revisions_and_folders_without_a_repository(
    repo: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repo, a=DESIGN)
    assert "has no revision `nowhere`" in refused("nowhere", repo)
    assert "has no revision" in refused("main:a.design.yaml", repo)
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "no repository here" in refused("main", outside)
    monkeypatch.setenv("PATH", str(outside))
    assert "git is not installed" in refused("main", repo)


def test_designs_as_they_were(repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = "extends: ./deep/parent.yaml\nid: variant\ntitle: A variant\nset: {is_ai: infers_from_data}\n"
    put(repo, "ein ordner__größe", variant)
    (repo / "ein ordner" / "deep").mkdir()
    (repo / "ein ordner" / "deep" / "parent.yaml").write_text(DESIGN)
    (repo / "ein ordner" / "link.design.yaml").symlink_to("größe.design.yaml")
    commit(repo)
    (repo / "ein ordner" / "deep" / "parent.yaml").write_text(PRESET)
    (repo / "ein ordner" / "größe.design.yaml").unlink()
    monkeypatch.setenv("GIT_DIR", str(repo / "elsewhere"))  # as in a hook; the folder counts
    then = Revision("main", repo / "ein ordner" / "deep")
    assert then.top == repo.resolve()
    assert then.designs("ein ordner") == then.designs() == [
        "ein ordner/größe.design.yaml", "ein ordner/link.design.yaml",
    ]  # fmt: skip
    assert then.designs("ein") == []
    file = then.load("ein ordner/größe.design.yaml")
    assert file.files == ("main:ein ordner/größe.design.yaml", "main:ein ordner/deep/parent.yaml")
    assert file.design.consents and file.design.consents[0].act == "own_affirmative"
    assert str(file.span_of(("consents", "box", "act"))).startswith("main:ein ordner/deep/parent.yaml:7:")
    assert then.load("ein ordner/link.design.yaml").design == file.design


def test_what_cannot_be_read_is_named_by_revision_and_path(repo: pathlib.Path) -> None:
    commit(repo, a="id: a\ntitle: A\nkind: nonsense\n", sub__b="extends: ../a.design.yaml\nid: b\ntitle: B\n")
    (repo / "c.design.yaml").symlink_to("d.design.yaml")
    commit(repo)
    for path, said in (
        ("a.design.yaml", "main:a.design.yaml:3:"),
        ("sub/b.design.yaml", "lies outside the folder"),
        ("c.design.yaml", "a link leads to no file"),
    ):
        with pytest.raises(InvalidInput) as caught:
            Revision("main", repo).load(path)
        assert said in str(caught.value) and "policy-eval-" not in str(caught.value)


def snapshot(folder: pathlib.Path) -> dict[str, tuple[int, bytes]]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in files}


def test_neither_work_tree_nor_repository_is_touched(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN, b=DESIGN.replace("id: score", "id: b"))
    put(repo, "a", PRESET)
    git(repo, "add", "-A")
    put(repo, "a", SOFT)
    before = snapshot(repo)
    assert run("diff", ".", "--base", "main", "-p", str(toy), cwd=repo).returncode == 0
    assert snapshot(repo) == before


def test_what_paths_mean(repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repo, a=DESIGN, sub__b=DESIGN, gone__c=DESIGN)
    (repo / "gone" / "c.design.yaml").unlink()
    (repo / "gone").rmdir()
    put(repo, "sub__new", DESIGN)
    (repo / "sub" / "notes.txt").write_text("no design")
    monkeypatch.chdir(repo / "sub")
    then = Revision("HEAD", pathlib.Path("."))

    def meant(*arguments: str) -> tuple[dict[str, str], tuple[str, ...]]:
        found = select(arguments, then)
        return {k: str(v) for k, v in found.now.items()}, found.before

    sub = {"sub/b.design.yaml": "b.design.yaml", "sub/new.design.yaml": "new.design.yaml"}
    assert meant(".") == (sub, ("sub/b.design.yaml",))
    assert meant("*.design.yaml", "./b.design.yaml") == (sub, ("sub/b.design.yaml",))
    assert meant("*") == (sub, ("sub/b.design.yaml",))
    assert meant("../gone") == ({}, ("gone/c.design.yaml",))
    assert meant("../gone/*.design.yaml") == ({}, ("gone/c.design.yaml",))
    assert meant("../gone/c.design.yaml") == ({}, ("gone/c.design.yaml",))
    everything = meant("..")
    assert list(everything[0]) == ["a.design.yaml", *sub]
    assert everything[1] == ("a.design.yaml", "gone/c.design.yaml", "sub/b.design.yaml")
    for nothing in ("nowhere", "../go*e/x*", str(repo / "sub" / "nowhere.design.yaml")):
        with pytest.raises(InvalidInput, match="there is no design here, now or at `HEAD`"):
            select([nothing], then)
    with pytest.raises(InvalidInput, match="outside the repository"):
        select([str(repo.parent)], then)
    assert revision.home("../gone/c.design.yaml").resolve() == repo


# ---------------------------------------------------------------- the command


def diff(repo: pathlib.Path, toy: pathlib.Path, *arguments: str) -> tuple[int, str, str]:
    result = run("diff", *arguments, "-p", str(toy), "--engine", "reference", cwd=repo)
    return result.returncode, result.stdout, result.stderr


def report(repo: pathlib.Path, toy: pathlib.Path, *arguments: str) -> dict[str, Any]:
    code, out, _ = diff(repo, toy, *arguments, "-f", "json")
    found: dict[str, Any] = json.loads(out)
    jsonschema.Draft202012Validator(json_schema("diff-report")).validate(found)
    assert found["gate"]["code"] == code
    return found


TEXT = """\
Since main: 1 design changed; facts: 1 lost, 1 changed, 1 added; findings: 1
added, 1 reopened, 1 opened

score: A score
designs/loan.design.yaml, compared with main:designs/loan.design.yaml
  changed  consents.box.act: own_affirmative -> preset
  (designs/loan.design.yaml:7:22)
  added    inputs.age  (designs/loan.design.yaml:8:10)
  lost     inputs.bills.uses.loans.link: same_service -> unknown
  (designs/loan.design.yaml:8:57)

toy 1, as of 2026-01-01: serious conflicts, before: no conflict found on the
facts given
  burden (established/as it stands/at worst): 0/0/0 -> 3/3/4
    consent: serious conflicts, before: no conflict found on the facts given;
    burden 0/0/0 -> 3/3/3
    fairness: too little is known, before: no conflict found on the facts given;
    burden 0/0/0 -> 0/0/1
  new conflict, high: A box ticked | in <advance>
    toy/ticked
    at consents.box: no conflict found on the facts given -> in conflict on the
    facts given
      `box` was preset
    because of consents.box.act
  no longer decided, medium: Data goes far
    toy/far
    at inputs.bills.uses.loans: no conflict found on the facts given ->
    undecided
      open: inputs.bills.uses.loans.link
    because of inputs.bills.uses.loans.link
  undecided, and not there before: 1 rule
    toy/far, medium: at inputs.age.uses (not stated), because of inputs.age

Asked for: nothing new at high or above. There are new conflicts (exit code 1).
"""


def test_text(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, designs__loan=DESIGN)
    put(repo, "designs__loan", PRESET.replace("inputs: [", "inputs: [{id: age}, ").replace("same_service", "unknown"))
    code, out, err = diff(repo, toy, "designs", "--base", "main", "--fail-on-new")
    assert (code, err) == (1, "")
    assert out.startswith(TEXT)
    assert "Not legal advice" in out and not re.search(r" $", out, re.MULTILINE)


def test_little_is_said_where_nothing_changed(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN, b=DESIGN.replace("id: score", "id: b"))
    put(repo, "a", DESIGN.replace("title: A score", "title: Another title"))
    code, out, err = diff(repo, toy, ".", "--base", "main", "--fail-on-new", "--fail-on-lost-facts")
    assert (code, err) == (0, "")
    assert out.startswith("Since main: no fact changed in 2 designs\n\nAsked for: nothing new at high or above")
    assert len(out.splitlines()) < 9
    found = report(repo, toy, ".", "--base", "main")
    assert [d["sets"] for d in found["designs"]] == [[], []]


def test_json(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET.replace("recorded: false", "recorded: unknown"))
    found = report(repo, toy, "a.design.yaml", "--base", "HEAD", "--fail-on-new", "--fail-on-lost-facts")
    assert (found["schema_version"], found["base"], found["as_of"]) == (1, "HEAD", "2026-01-01")
    assert found["gate"] == {"fail_on": "high", "fail_on_new": True, "fail_on_lost_facts": True, "code": 1}
    (design,) = found["designs"]
    assert (design["old_file"], design["new_file"]) == ("HEAD:a.design.yaml", "a.design.yaml")
    assert (design["design"], design["renamed"], design["lost"]) == ("score", False, 1)
    assert design["facts"][0] == {
        "path": "consents.box.act", "kind": "changed", "before": "own_affirmative", "after": "preset",
        "about": "leaf", "facts": 0, "file": "a.design.yaml", "line": 7, "column": 22,
    }  # fmt: skip
    (of_set,) = design["sets"]
    assert of_set["band"] == {"before": "none_found", "after": "serious_conflicts"}
    assert of_set["burden"]["before"]["worst"] == 0 and of_set["burden"]["after"]["standing"] == 3
    (finding,) = of_set["findings"]
    assert finding == {
        "rule": "toy/ticked", "title": "A box ticked | in <advance>", "principle": "consent", "severity": "high",
        "kind": "added", "place": {"consent": "consents.box"}, "seen": True, "before": "no_conflict",
        "after": "conflict_unless_excused", "message": "`box` was preset",
        "facts": ["consents.box.act", "consents.box.recorded"],
        "file": "a.design.yaml", "line": 7, "column": 22, "open": ["consents.box.recorded"], "unsettled": [],
    }  # fmt: skip


def test_renamed_new_and_gone_designs(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(
        repo,
        old__place=PRESET.replace("id: score", "id: moved"),
        drafts__gone=PRESET.replace("id: score", "id: gone"),
        drafts__kept=DESIGN.replace("id: score", "id: kept"),
    )
    (repo / "old" / "place.design.yaml").unlink()
    (repo / "drafts" / "gone.design.yaml").unlink()
    put(repo, "drafts__moved here", DESIGN.replace("id: score", "id: moved"))
    put(repo, "drafts__new", PRESET.replace("id: score", "id: fresh"))
    found = report(repo, toy, "drafts", "--base", "HEAD", "--fail-on-new")
    files = [(d["design"], d["old_file"], d["new_file"], d["renamed"]) for d in found["designs"]]
    assert files == [
        ("fresh", None, "drafts/new.design.yaml", False),
        ("moved", "HEAD:old/place.design.yaml", "drafts/moved here.design.yaml", True),
        ("kept", "HEAD:drafts/kept.design.yaml", "drafts/kept.design.yaml", False),
        ("gone", "HEAD:drafts/gone.design.yaml", None, False),
    ]
    kinds = {d["design"]: [f["kind"] for s in d["sets"] for f in s["findings"]] for d in found["designs"]}
    assert kinds == {"fresh": ["added"], "moved": ["cured"], "kept": [], "gone": []}
    assert found["gate"]["code"] == 1
    text = diff(repo, toy, "drafts", "--base", "HEAD")[1]
    said = " ".join(text.split())
    assert "1 design changed, 1 new, 1 gone, no fact changed in 1 design" in said
    assert "drafts/moved here.design.yaml, renamed from HEAD:old/place.design.yaml" in said
    assert "HEAD:drafts/gone.design.yaml is gone; nothing that was found in it counts as cured" in said


def test_a_design_that_was_invalid_counts_as_new(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=PRESET.replace("act: preset", "act: prest"), b="id: [", c=DESIGN.replace("id: score", "id: c"))
    put(repo, "a", PRESET)
    (repo / "b.design.yaml").unlink()
    code, out, err = diff(repo, toy, ".", "--base", "main", "--fail-on-new", "-f", "json")
    assert code == 1
    found = {d["design"]: d for d in json.loads(out)["designs"]}
    assert set(found) == {"score", "c"} and found["score"]["old_file"] is None
    assert [f["kind"] for f in found["score"]["sets"][0]["findings"]] == ["added"]
    assert "note: main:a.design.yaml:7:" in err and "`prest`" in err and "counts as new" in err
    assert "main:b.design.yaml" in err and "the design is gone" in err
    code, out, _ = diff(repo, toy, "b.design.yaml", "--base", "main")
    assert code == 0 and out.startswith("Since main: no design that could be compared")


def test_a_variant_changes_with_its_parent(repo: pathlib.Path, toy: pathlib.Path) -> None:
    variant = "extends: ./parent.design.yaml\nid: variant\ntitle: A variant\nset: {is_ai: infers_from_data}\n"
    commit(repo, d__parent=DESIGN, d__variant=variant)
    put(repo, "d__parent", PRESET)
    (found,) = report(repo, toy, "d/variant.design.yaml", "--base", "main")["designs"]
    assert [(f["path"], f["file"], f["line"]) for f in found["facts"]] == [
        ("consents.box.act", "d/parent.design.yaml", 7)
    ]
    assert [f["rule"] for f in found["sets"][0]["findings"]] == ["toy/ticked"]


def test_the_order_of_paths_means_nothing(repo: pathlib.Path, toy: pathlib.Path) -> None:
    texts = {n: DESIGN.replace("id: score", f"id: {n}") for n in "abcd"}
    commit(repo, **{f"x__{n}": t for n, t in texts.items()})
    for n in "bd":
        put(repo, f"x__{n}", texts[n].replace("own_affirmative", "preset"))
    paths = ["x/a.design.yaml", "x", "x/*.design.yaml", "./x/d.design.yaml", "x/b.design.yaml"]
    for format in ("text", "json", "markdown"):
        outs = {diff(repo, toy, *mixed, "--base", "main", "-f", format)[1] for mixed in (paths, paths[::-1])}
        assert len(outs) == 1
    assert [d["design"] for d in report(repo, toy, "x", "--base", "main")["designs"]] == ["b", "d", "a", "c"]


def test_from_a_folder_below(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, sub__a=DESIGN)
    put(repo, "sub__a", PRESET)
    (found,) = report(repo / "sub", toy, "a.design.yaml", "--base", "main")["designs"]
    assert (found["old_file"], found["new_file"]) == ("main:sub/a.design.yaml", "a.design.yaml")


def test_two_files(tmp_path: pathlib.Path, toy: pathlib.Path) -> None:
    old, new = put(tmp_path, "old", DESIGN), put(tmp_path, "new", PRESET)
    found = report(tmp_path, toy, str(old), str(new))
    assert found["base"] is None and not found["designs"][0]["renamed"]
    assert [f["kind"] for f in found["designs"][0]["sets"][0]["findings"]] == ["added"]
    text = diff(tmp_path, toy, str(new), str(old))[1]
    assert text.startswith("1 design changed; facts: 1 changed; findings: 1 cured") and "conflict gone" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.design.yaml",), "two designs"),
        (("a.design.yaml", "a.design.yaml", "a.design.yaml"), "two designs"),
        (("a.design.yaml", "nowhere.design.yaml"), "no such file"),
        (("nowhere.design.yaml", "--base", "main"), "there is no design here"),
        (("a.design.yaml", "--base", "nowhere"), "no revision `nowhere`"),
        (("a.design.yaml", "--base=-x"), "`-x` is no revision"),
        (("a.design.yaml", "bad.design.yaml", "--base", "main"), "bad.design.yaml:1:"),
        (("a.design.yaml", "--base", "main", "-f", "yaml"), "`yaml` is no format"),
        (("a.design.yaml", "a.design.yaml", "--fail-on", "worst"), "worst"),
        (("a.design.yaml", "--base", "main", "-p", "nowhere"), "no principle set"),
    ],
)
def test_bad_input(repo: pathlib.Path, arguments: tuple[str, ...], said: str) -> None:
    commit(repo, a=DESIGN)
    put(repo, "bad", "id: 1\ntitle: Bad\nkind: exercise\n")
    result = run("diff", *arguments, cwd=repo)
    assert result.returncode == 2 and said in " ".join(result.stderr.split()), result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("after", "flags", "code"),
    [
        (PRESET, (), 0),
        (PRESET, ("--fail-on-new",), 1),
        (PRESET, ("--fail-on-new", "--fail-on", "critical"), 0),
        (PRESET, ("--fail-on-new", "--fail-on", "never"), 0),
        (PRESET, ("--fail-on-lost-facts",), 0),
        (OPEN, (), 0),
        (OPEN, ("--fail-on-new",), 4),
        (OPEN, ("--fail-on-lost-facts",), 4),
        (OPEN, ("--fail-on-lost-facts", "--fail-on", "never"), 4),
        (PRESET.replace("link: same_service", "link: unknown"), ("--fail-on-new", "--fail-on-lost-facts"), 1),
    ],
)
def test_exit_codes(repo: pathlib.Path, toy: pathlib.Path, after: str, flags: tuple[str, ...], code: int) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", after)
    assert diff(repo, toy, ".", "--base", "main", *flags)[0] == code


def test_no_format_changes_the_exit_code(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    for after, code in ((PRESET, 1), (OPEN, 4)):
        put(repo, "a", after)
        for format in ("json", "markdown"):
            assert diff(repo, toy, ".", "--base", "main", "-f", format, "--fail-on-new")[0] == code


def test_who_stops_reading_still_gets_the_code(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET)
    command = (
        f"{sys.executable} -m policy_eval diff a.design.yaml --base main --fail-on-new -p '{toy}' | true; "
        "echo ${PIPESTATUS[0]}"
    )
    env = {**BASE, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=env, cwd=repo, timeout=60)
    assert (result.stdout.strip(), result.stderr) == ("1", "")


HOSTILE = 'title: "A | `score` <img src=x> @team **b** [l](http://x) \\u202e end"'


def test_markdown_shows_text_as_it_is(repo: pathlib.Path, toy: pathlib.Path) -> None:
    law = 'consequences: [{id: refusal, law_ref: "a|b `c` <d>\\n\\u200b", '
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET.replace("title: A score", HOSTILE).replace("consequences: [{id: refusal, ", law))
    code, out, err = diff(repo, toy, "a.design.yaml", "--base", "main", "-f", "markdown", "--fail-on-new")
    assert code == 1 and err.count("an invisible character") == 2
    title = next(line for line in out.splitlines() if line.startswith("### "))
    assert title == (r"### `score`: A \| \`score\` \<img src=x> @<!-- -->team \*\*b\*\* \[l\](http://x) \\u202e end")
    (row,) = [line for line in out.splitlines() if "law_ref" in line]
    assert r"``a\|b `c` <d> \u200b``" in row
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    widths = {len(re.findall(r"(?<!\\)\|", r)) for r in rows}
    assert widths == {6, 7}  # five columns of facts, six of findings: no cell broke out
    assert r"A box ticked \| in \<advance>" in out
    assert "\u200b" not in out and "\u202e" not in out


@given(text=st.text(max_size=30))
def test_code_and_plain_text_keep_to_one_cell(text: str) -> None:
    for shown in (diff_markdown.code(text), diff_markdown.plain(text)):
        assert "\n" not in shown and all(c.isprintable() for c in shown)
        assert not re.search(r"(?<!\\)(?:\\\\)*\|", diff_markdown.plain(text))
        assert not re.search(r"(?<!\\)\|", diff_markdown.code(text))
    assert not re.search(r"(?<!\\)(\\\\)*<(?!!-- -->)", diff_markdown.plain(text))
    code = diff_markdown.code(text)
    if code:
        fence = re.match("`+", code)
        assert fence and code.endswith(fence[0]) and fence[0] not in code[len(fence[0]) : -len(fence[0])]


def test_a_comment_is_cut_before_it_is_refused(repo: pathlib.Path, toy: pathlib.Path) -> None:
    def many(act: str, number: int) -> str:
        boxes = ", ".join(f"{{id: box-{'x' * 60}-{i}, act: {act}, recorded: false}}" for i in range(30))
        return re.sub("consents: .*", f"consents: [{boxes}]", DESIGN).replace("id: score", f"id: s{number}")

    commit(repo, **{f"d{i}": many("own_affirmative", i) for i in range(14)})
    for i in range(14):
        put(repo, f"d{i}", many("preset", i))
    out = diff(repo, toy, ".", "--base", "main", "-f", "markdown")[1]
    assert 40_000 < len(out) <= 60_100 and "Cut here" in out and out.rstrip().endswith("</sub>")
    assert out.count("<details>") == out.count("</details>")


def test_files_can_be_written_too(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET)
    code, out, _ = diff(repo, toy, ".", "--base", "main", "-o", "json=r.json", "-o", "markdown=r.md")
    assert code == 0 and out.startswith("Since main")
    assert json.loads((repo / "r.json").read_text())["designs"][0]["design"] == "score"
    assert (repo / "r.md").read_text() == diff(repo, toy, ".", "--base", "main", "-f", "markdown")[1]


# ---------------------------------------------------------------- the page

PAGE = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(console|yaml)\n(.*?)\n```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)


def test_the_page_shows_what_happens(repo: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """Its files are written and its commands run, in order."""
    program = tmp_path / "bin" / "policy-eval"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policy_eval "$@"\n')
    program.chmod(0o755)
    names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {
        **BASE,
        **names,
        "COLUMNS": "80",
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    ran = 0
    for kind, text in BLOCK.findall(PAGE):
        if kind == "yaml":
            name = text.splitlines()[0].removeprefix("# ")
            (repo / name).parent.mkdir(exist_ok=True)
            (repo / name).write_text(text + "\n")
            continue
        for command, shown in COMMAND.findall(text + "\n"):
            result = subprocess.run(command, shell=True, cwd=repo, env=env, capture_output=True, text=True, timeout=60)
            assert result.stderr == "" or command.startswith("git"), result.stderr
            real, last = " ".join(result.stdout.split()), 0
            for part in shown.split("[...]"):
                wanted = " ".join(part.split())
                assert wanted in real[last:], (command, result.stdout)
                last = real.index(wanted, last) + len(wanted)
            ran += 1
    assert ran >= 6
