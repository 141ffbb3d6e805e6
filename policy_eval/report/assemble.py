"""From evaluations and comparisons to the wire model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy_eval import __version__
from policy_eval.comparison import Across, Comparison, FactDifference, open_of, shown, text_of, unsettled_of
from policy_eval.design.evidence import status_of
from policy_eval.design.paths import join, split
from policy_eval.engine.evidence import Fact
from policy_eval.engine.facts import Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS, PlaceResult, RuleResult
from policy_eval.gate import not_demonstrated
from policy_eval.principle import Ground, ProfileFile
from policy_eval.report.wire import (
    DISCLAIMER,
    METHOD,
    PRESENT,
    SCHEMA_VERSION,
    AcrossV1,
    BandV1,
    BurdenV1,
    CategoryV1,
    CauseV1,
    ComparisonV1,
    DifferenceV1,
    DominanceV1,
    EvaluationV1,
    EvidenceV1,
    ExceptionV1,
    FactDifferenceV1,
    FindingV1,
    GroundV1,
    LensV1,
    NotInForceV1,
    OpenFactV1,
    PlaceDifferenceV1,
    PlaceV1,
    PrincipleV1,
    ProfileV1,
    ReportV1,
    ScopeV1,
    ScoreV1,
    SharedFactV1,
    UndisputedV1,
)
from policy_eval.scoring import Scorecard
from policy_eval.vocabulary.header import DesignKind
from policy_eval.vocabulary.law import Outcome, Reading

if TYPE_CHECKING:
    from policy_eval.lens import LensFile

SCOPE_WORDS = {TRUE: "applies", UNKNOWN: "undecided", FALSE: "does_not_apply"}
DOMINANCE_WORDS = {TRUE: "dominates", UNKNOWN: "undecided", FALSE: "does_not_dominate"}
_SIGN_WORDS = {TRUE: "holds", UNKNOWN: "open", FALSE: "fails"}


def report(
    evaluations: Sequence[Evaluation],
    comparisons: Sequence[Comparison] | None = None,
    undisputed: Sequence[Evaluation | None] | None = None,
    *,
    across: Across | None = None,
    lenses: Sequence[LensFile] = (),
    every_place: bool = True,
) -> ReportV1:
    """The wire model of some evaluations and, if asked for, their comparisons by set or across sets, and lenses.

    `undisputed` gives, in the same order, the evaluations of real designs on undisputed facts alone. Without
    `every_place` only the places that make a conflict are given, and the evidence of others is not worked out.
    """
    others = undisputed or [None] * len(evaluations)
    first = evaluations[0]
    return ReportV1(
        schema_version=SCHEMA_VERSION,
        tool=f"policy_eval {__version__}",
        method=METHOD,
        profile=_profile(first.profile),
        as_of=max(e.as_of for e in evaluations).isoformat(),
        engine=first.engine.value,
        disclaimer=DISCLAIMER,
        evaluations=[evaluation(e, u, every_place=every_place) for e, u in zip(evaluations, others, strict=True)],
        comparison=None if comparisons is None else [_comparison(c) for c in comparisons],
        across=None if across is None else _across(across),
        lenses=[_lens(lens, of_design) for lens in lenses for of_design in _by_design(evaluations)] or None,
    )


def _profile(profile: ProfileFile) -> ProfileV1:
    digest = hashlib.sha256(profile.model_dump_json().encode()).hexdigest()
    return ProfileV1(
        id=profile.id,
        hash=f"sha256:{digest[:16]}",
        weights={s.value: w.weight for s, w in profile.weights.items()},
        because={s.value: w.because for s, w in profile.weights.items()},
        enough_known=profile.enough_known.value,
        enough_known_because=profile.enough_known.because,
    )


def evaluation(e: Evaluation, undisputed: Evaluation | None = None, *, every_place: bool = True) -> EvaluationV1:
    """The wire model of one evaluation."""
    causes = _causes(e)
    of_rule = {rule: cause.id for cause in causes for rule in cause.rules}
    return EvaluationV1(
        design=e.design.id,
        design_title=e.design.title,
        design_kind=e.design.kind.value,
        files=list(e.file.files),
        set=e.principles.id,
        set_title=e.principles.text.title,
        set_version=e.principles.text.version,
        set_kind=e.principles.text.kind.value,
        as_of=e.as_of.isoformat(),
        as_if=as_if(e),
        facts=e.facts.value,
        reading=e.reading.value,
        scope=ScopeV1(
            SCOPE_WORDS[e.scope],
            _paths(e.scope_grounds.open),
            sorted(e.scope_grounds.unsettled),
            _evidence(e, e.scope_grounds.evidence),
        ),
        band=_band(e),
        score=_score(e.card),
        burden=_burden(e.card),
        coverage=round(e.card.coverage, 6),
        undisputed=_undisputed(undisputed) if undisputed else None,
        principles=[
            PrincipleV1(p.value, {o.value: n for o, n in c.counts.items()}, _score(c), _burden(c), round(c.coverage, 6))
            for p, c in e.principle_cards.items()
        ],
        findings=[_finding(e, r, of_rule.get(r.rule.id), every_place) for r in _worst_first(e)],
        causes=causes,
        open_facts=_open_facts(e),
        not_in_force=[
            NotInForceV1(
                r.id,
                r.text.title,
                r.text.effective.from_.isoformat() if r.text.effective.from_ else None,
                r.text.effective.until.isoformat() if r.text.effective.until else None,
                r.text.status.value,
            )
            for r in e.not_in_force
        ],
        operator_response=e.design.operator_response if e.design.kind is DesignKind.REAL else None,
    )


def as_if(e: Evaluation) -> str | None:
    """The label of a verdict under a law of another place or time, None where both fit."""
    places, period = e.design.jurisdiction, e.design.period
    text = e.principles.text
    other_place = places is not None and not set(places) & {*text.jurisdiction, *text.members}
    other_time = period is not None and (
        (period.until is not None and period.until < e.as_of) or (period.from_ is not None and period.from_ > e.as_of)
    )
    if not other_place and not other_time:
        return None
    parts = [", ".join(places)] if other_place and places else []
    if other_time and period:
        first = period.from_.isoformat() if period.from_ else "?"
        last = period.until.isoformat() if period.until else "?"
        parts.append(f"{first} to {last}")
    law = f"{'/'.join(text.jurisdiction)} law of {e.as_of.isoformat()}"
    return f"as if a system of {', '.join(parts)} were under {law}"


def _worst_first(e: Evaluation) -> list[RuleResult]:
    order = list(Outcome)
    return sorted(e.results, key=lambda r: (order.index(r.outcome), -r.rule.text.severity.rank, r.rule.id))


def _causes(e: Evaluation) -> list[CauseV1]:
    """Groups of conflicts: each goes to the smallest set of facts that already explains part of it."""
    conflicts = [r for r in _worst_first(e) if r.outcome in CONFLICTS]
    by_rule = {r.rule.id: e.cause(r) for r in conflicts}
    leaders: list[frozenset[Fact]] = []
    for facts in sorted(by_rule.values(), key=lambda f: (len(f), sorted(f))):
        if not any(leader <= facts for leader in leaders):
            leaders.append(facts)
    groups: dict[frozenset[Fact], list[str]] = {}
    for result in conflicts:
        leader = next(x for x in leaders if x <= by_rule[result.rule.id])
        groups.setdefault(leader, []).append(result.rule.id)
    return [CauseV1(f"cause-{n}", _evidence(e, facts), rules) for n, (facts, rules) in enumerate(groups.items(), 1)]


def _evidence(e: Evaluation, facts: frozenset[Fact]) -> list[EvidenceV1]:
    found = []
    for fact in sorted(facts):
        span = e.file.span_of(fact.path)
        about = ("complete", *fact.path) if fact.kind == "whole" else fact.path
        value = shown(e, fact.path) if fact.kind != "exists" else PRESENT
        found.append(EvidenceV1(join(fact.path), value, span.file, span.line, span.column, status_of(e.design, about)))
    return found


def _paths(facts: frozenset[Fact]) -> list[str]:
    return sorted({join(f.path) for f in facts})


def _band(e: Evaluation) -> BandV1:
    band = e.card.band
    conflicts = [r for r in e.results if r.outcome in CONFLICTS]
    gravest = max((r.rule.text.severity.rank for r in conflicts), default=0)
    because = [r.rule.id for r in conflicts if r.rule.text.severity.rank == gravest > 0]
    return BandV1(band.standing.value, band.best.value, band.worst.value, because)


def _undisputed(e: Evaluation) -> UndisputedV1:
    return UndisputedV1(
        _band(e),
        _score(e.card),
        _burden(e.card),
        round(e.card.coverage, 6),
        {r.rule.id: r.outcome.value for r in e.results},
    )


def _score(card: Scorecard) -> ScoreV1:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return ScoreV1(
        rounded(card.score.standing), rounded(card.score.worst), rounded(card.score.best), card.score.may_be_none
    )


def _burden(card: Scorecard) -> BurdenV1:
    return BurdenV1(*(round(b, 6) for b in (card.burden.established, card.burden.standing, card.burden.worst)))


def _open_facts(e: Evaluation) -> list[OpenFactV1]:
    """Open facts by the weight of the undecided rules they stand under, heaviest first."""
    under: dict[str, list[RuleResult]] = {}
    for result in e.results:
        if result.outcome in (Outcome.UNDECIDED, Outcome.UNLESS_EXCUSED):
            for path in _paths(open_of(e, result)):
                under.setdefault(path, []).append(result)
    found = [
        OpenFactV1(path, round(sum(e.weight(r.rule) for r in results), 6), sorted(r.rule.id for r in results))
        for path, results in under.items()
    ]
    return sorted(found, key=lambda o: (-o.weight, o.path))


def _finding(e: Evaluation, result: RuleResult, cause: str | None, every_place: bool) -> FindingV1:
    text = result.rule.text
    telling = result.telling
    conflict = result.outcome in CONFLICTS
    shown = result.places if every_place else telling if conflict else ()
    opened, unsettled = open_of(e, result), unsettled_of(e, result)
    return FindingV1(
        rule=result.rule.id,
        title=text.title,
        principle=text.principle.value,
        severity=text.severity.value,
        weight=e.weight(result.rule),
        outcome=result.outcome.value,
        possible=[o.value for o in Outcome if o in result.possible],
        not_demonstrated=_not_demonstrated(e, result),
        law_unsettled=result.outcome is Outcome.UNDECIDED and bool(unsettled) and not opened,
        cause=cause,
        duty_of=text.duty_of.value if text.duty_of else None,
        duty_holders=_duty_holders(e, result),
        open=_paths(opened),
        unsettled=sorted(unsettled),
        places=[_place(e, result, p) for p in shown],
        grounds=[_ground(e, g) for g in text.grounds],
        message=_message(e, result, telling[0]) if telling and (conflict or every_place) else text.title,
        remedy=text.remedy,
    )


def _not_demonstrated(e: Evaluation, result: RuleResult) -> bool:
    return e.reading is Reading.CONTROLLER and not_demonstrated(e, result)


def _duty_holders(e: Evaluation, result: RuleResult) -> list[str]:
    role = result.rule.text.duty_of
    return [p.id for p in e.design.parties or () if role is not None and p.roles is not None and role in p.roles]


def _ground(e: Evaluation, ground: Ground) -> GroundV1:
    cited = e.principles.instrument(ground)
    return GroundV1(
        ground.instrument, ground.at, cited.id, cited.url, ground.verified.value, ground.status_checked.isoformat()
    )


def _place(e: Evaluation, result: RuleResult, place: PlaceResult) -> PlaceV1:
    grounds = e.grounds(result.rule, place)
    exceptions = [
        ExceptionV1(x.text.id, x.text.title, _SIGN_WORDS[s], x.burden.value)
        for x, s in zip(result.rule.exceptions, place.signs.exceptions, strict=True)
    ]
    excuses = [result.rule.exceptions[n].text.title for n in place.excuses]
    if place.scope_would_excuse:
        excuses.append(f"{e.principles.text.short} turning out not to cover the system")
    return PlaceV1(
        binding=binding_text(place.binding),
        seen=place.seen,
        outcome=place.outcome.value,
        possible=[o.value for o in Outcome if o in place.possible],
        message=_message(e, result, place),
        evidence=_evidence(e, grounds.evidence),
        open=_paths(grounds.open),
        unsettled=sorted(grounds.unsettled),
        exceptions=exceptions,
        would_excuse=excuses if place.outcome is Outcome.UNLESS_EXCUSED else [],
    )


def binding_text(binding: Binding) -> dict[str, str]:
    """A binding as variable -> path; what is unseen is shown as the list it may be in."""
    return {v: join(p) for v, p in binding}


def _message(e: Evaluation, result: RuleResult, place: PlaceResult) -> str:
    """The rule's message for one place, its placeholders replaced in one pass."""
    env = e.tracer.env(place.binding)

    def value(match: re.Match[str]) -> str:
        root, *steps = match[1].split(".")
        thing: object = env.get(root)
        for step in steps:
            if not isinstance(thing, Thing):
                return "unknown"
            thing = thing.facts.get(step)
        return text_of(thing)

    return re.sub(r"\{([a-z_.]+)\}", value, result.rule.text.message)


def _by_design(evaluations: Sequence[Evaluation]) -> list[list[Evaluation]]:
    found: dict[str, list[Evaluation]] = {}
    for e in evaluations:
        found.setdefault(e.design.id, []).append(e)
    return list(found.values())


def _lens(lens: LensFile, evaluations: list[Evaluation]) -> LensV1:
    from policy_eval.lens import look  # few reports have one

    first = evaluations[0]
    categories = [
        CategoryV1(
            looked.category.id,
            looked.category.title,
            looked.category.question,
            looked.category.beyond,
            {r.rule.id: r.outcome.value for r in looked.results},
            _evidence(first, frozenset(map(Fact, looked.stated))),
            sorted(join(path) for path in looked.unknown),
        )
        for looked in look(lens, evaluations)
    ]
    return LensV1(lens.id, lens.title, first.design.id, categories)


def _across(a: Across) -> AcrossV1:
    first = a.evaluations[0]
    facts = [SharedFactV1(_evidence(first, frozenset({s.fact}))[0], list(s.rules)) for s in a.facts]
    return AcrossV1(first.design.id, [e.principles.id for e in a.evaluations], facts)


def _comparison(c: Comparison) -> ComparisonV1:
    ids = [e.design.id for e in c.evaluations]
    titles = {r.id: r.text.title for r in c.evaluations[0].principles.rules}
    return ComparisonV1(
        set=c.evaluations[0].principles.id,
        designs=ids,
        order=[list(equals) for equals in c.order],
        decided_in_all=c.decided_in_all,
        burden_on_decided=dict(zip(ids, (round(b, 6) for b in c.burdens), strict=True)),
        dominance=[DominanceV1(d.better, d.worse, DOMINANCE_WORDS[d.sign], list(d.settled_by)) for d in c.dominance],
        differences=[
            DifferenceV1(
                d.rule,
                titles[d.rule],
                dict(zip(ids, (o.value if o else None for o in d.outcomes), strict=True)),
                [
                    PlaceDifferenceV1(
                        binding_text(p.binding),
                        dict(zip(ids, (o.value if o else None for o in p.outcomes), strict=True)),
                    )
                    for p in d.places
                ],
                [_fact_difference(f, c) for f in d.facts],
            )
            for d in c.differences
        ],
    )


def _fact_difference(fact: FactDifference, c: Comparison) -> FactDifferenceV1:
    values = {e.design.id: v for e, v in zip(c.evaluations, fact.values, strict=True)}
    statuses = {
        e.design.id: "unknown" if values[e.design.id] == "unknown" else status_of(e.design, split(fact.path))
        for e in c.evaluations
    }
    return FactDifferenceV1(fact.path, values, statuses)
