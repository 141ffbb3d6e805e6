"""From evaluations and comparisons to the wire model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_eval import __version__
from policy_eval.comparison import Across, Comparison, FactDifference, hanging
from policy_eval.design.paths import join
from policy_eval.engine.evidence import Fact
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN
from policy_eval.evaluation import Engine, Evaluation
from policy_eval.findings import CONFLICTS, PlaceResult, Possible, RuleResult
from policy_eval.gate.judging import not_demonstrated
from policy_eval.principle import PrincipleSet, ProfileFile
from policy_eval.report import EVERY_PLACE, Detail
from policy_eval.report.derivation import derivation
from policy_eval.report.designs import design
from policy_eval.report.pieces import (
    as_if,
    band,
    binding_text,
    burden,
    evidence,
    exceptions,
    ground,
    instruments,
    message,
    paths,
    rule,
    scope,
    score,
    would_excuse,
)  # fmt: skip
from policy_eval.report.wire import (
    DISCLAIMER,
    METHOD,
    SCHEMA_VERSION,
    AcrossV1,
    CategoryV1,
    CauseV1,
    ComparisonV1,
    DifferenceV1,
    DominanceV1,
    EvaluationV1,
    FactDifferenceV1,
    FindingV1,
    LensV1,
    NotInForceV1,
    OpenFactV1,
    PlaceDifferenceV1,
    PlaceV1,
    PrincipleV1,
    ProfileV1,
    ReportV1,
    RuleV1,
    SharedFactV1,
    UndisputedV1,
)
from policy_eval.report.wire_designs import DesignV1
from policy_eval.vocabulary.header import DesignKind
from policy_eval.vocabulary.law import Outcome, Reading

if TYPE_CHECKING:
    from policy_eval.lens import LensFile

_OUTCOMES = {o: o.value for o in Outcome}  # worst first
DOMINANCE_WORDS = {TRUE: "dominates", UNKNOWN: "undecided", FALSE: "does_not_dominate"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells of one design: itself, what it comes to under each set, and how lenses see it."""

    design: DesignV1
    evaluations: tuple[EvaluationV1, ...]
    lenses: tuple[LensV1, ...] = ()


def told(
    evaluations: Sequence[Evaluation],
    undisputed: Sequence[Evaluation | None] | None = None,
    detail: Detail = EVERY_PLACE,
    lenses: Sequence[LensFile] = (),
) -> Told:
    """What a report tells of one design from the evaluations on it.

    `undisputed` gives, in the same order, those on undisputed facts alone where it is a real design. Where not every
    place is wanted only those that make a conflict are given, and the evidence of others is not worked out.
    """
    others = undisputed or [None] * len(evaluations)
    judged = tuple(evaluation(e, u, detail) for e, u in zip(evaluations, others, strict=True))
    return Told(design(evaluations[0], judged), judged, tuple(_lens(lens, evaluations) for lens in lenses))


def report(
    of_designs: Sequence[Told],
    sets: Sequence[PrincipleSet],
    weights: ProfileFile,
    engine: Engine,
    *,
    comparisons: Sequence[Comparison] | None = None,
    across: Across | None = None,
) -> ReportV1:
    """The wire model of what is told of some designs and, if asked for, their comparisons by set or across sets.

    Evaluations follow one another by design, or by set where designs are compared under each.
    """
    by_design = [t.evaluations for t in of_designs]
    judged = [e for group in (by_design if comparisons is None else zip(*by_design, strict=True)) for e in group]
    seen = {f.rule for e in judged for f in e.findings}
    rules = {r.id: rule(s, r) for s in sets for r in s.rules if r.id in seen}
    by_lens = zip(*(t.lenses for t in of_designs), strict=True)
    return ReportV1(
        schema_version=SCHEMA_VERSION,
        tool=f"policy_eval {__version__}",
        method=METHOD,
        profile=profile(weights),
        as_of=max(e.as_of for e in judged),
        engine=engine.value,
        disclaimer=DISCLAIMER,
        designs=[t.design for t in of_designs],
        rules=rules,
        instruments=instruments(sets),
        evaluations=judged,
        comparison=None if comparisons is None else [_comparison(c, rules) for c in comparisons],
        across=None if across is None else _across(across),
        lenses=[seen_by for of_lens in by_lens for seen_by in of_lens] or None,
    )


def profile(profile: ProfileFile) -> ProfileV1:
    """The weights used, with their reasons."""
    digest = hashlib.sha256(profile.model_dump_json().encode()).hexdigest()
    return ProfileV1(
        id=profile.id,
        hash=f"sha256:{digest[:16]}",
        weights={s.value: w.weight for s, w in profile.weights.items()},
        because={s.value: w.because for s, w in profile.weights.items()},
        enough_known=profile.enough_known.value,
        enough_known_because=profile.enough_known.because,
    )


def evaluation(e: Evaluation, undisputed: Evaluation | None = None, detail: Detail = EVERY_PLACE) -> EvaluationV1:
    """The wire model of one evaluation."""
    results = _worst_first(e)
    causes = _causes(e, [r for r in results if r.outcome in CONFLICTS])
    of_rule = {rule: cause.id for cause in causes for rule in cause.rules}
    findings = [_finding(e, r, of_rule.get(r.rule.id), detail) for r in results]
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
        scope=scope(e),
        band=band(e),
        score=score(e.card),
        burden=burden(e.card),
        coverage=round(e.card.coverage, 6),
        undisputed=_undisputed(undisputed) if undisputed else None,
        principles=[
            PrincipleV1(p.value, {o.value: n for o, n in c.counts.items()}, score(c), burden(c), round(c.coverage, 6))
            for p, c in e.principle_cards.items()
        ],
        findings=findings,
        causes=causes,
        open_facts=_open_facts(findings),
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


def _worst_first(e: Evaluation) -> list[RuleResult]:
    order = list(Outcome)
    return sorted(e.results, key=lambda r: (order.index(r.outcome), -r.rule.text.severity.rank, r.rule.id))


def _causes(e: Evaluation, conflicts: Sequence[RuleResult]) -> list[CauseV1]:
    """Groups of conflicts: each goes to the smallest set of facts that already explains part of it."""
    by_rule = {r.rule.id: e.cause(r) for r in conflicts}
    leaders: list[frozenset[Fact]] = []
    for facts in sorted(by_rule.values(), key=lambda f: (len(f), sorted(f))):
        if not any(leader <= facts for leader in leaders):
            leaders.append(facts)
    groups: dict[frozenset[Fact], list[str]] = {}
    for result in conflicts:
        leader = next(x for x in leaders if x <= by_rule[result.rule.id])
        groups.setdefault(leader, []).append(result.rule.id)
    return [CauseV1(f"cause-{n}", evidence(e, facts), rules) for n, (facts, rules) in enumerate(groups.items(), 1)]


def _undisputed(e: Evaluation) -> UndisputedV1:
    return UndisputedV1(
        band(e),
        score(e.card),
        burden(e.card),
        round(e.card.coverage, 6),
        {r.rule.id: r.outcome.value for r in e.results},
    )


def _open_facts(findings: Sequence[FindingV1]) -> list[OpenFactV1]:
    """Open facts by the weight of the undecided rules they stand under, heaviest first."""
    under: dict[str, list[FindingV1]] = {}
    for finding in findings:
        if finding.outcome in (Outcome.UNDECIDED, Outcome.UNLESS_EXCUSED):
            for path in finding.open:
                under.setdefault(path, []).append(finding)
    found = [
        OpenFactV1(path, round(sum([f.weight for f in above]), 6), sorted([f.rule for f in above]))
        for path, above in under.items()
    ]
    return sorted(found, key=lambda o: (-o.weight, o.path))


def _finding(e: Evaluation, result: RuleResult, cause: str | None, detail: Detail) -> FindingV1:
    text = result.rule.text
    conflict = result.outcome in CONFLICTS
    telling = result.telling if conflict or detail.places else ()
    opened, unsettled = hanging(e, result)
    seen = [p.outcome for p in result.places if p.seen]
    return FindingV1(
        rule=result.rule.id,
        title=text.title,
        principle=text.principle.value,
        severity=text.severity.value,
        weight=e.weight(result.rule),
        outcome=result.outcome.value,
        possible=_possible(result.possible),
        not_demonstrated=_not_demonstrated(e, result),
        law_unsettled=result.outcome is Outcome.UNDECIDED and bool(unsettled) and not opened,
        cause=cause,
        duty_of=text.duty_of.value if text.duty_of else None,
        duty_holders=e.duty_holders(result.rule),
        open=paths(opened),
        unsettled=sorted(unsettled),
        outcomes={word: n for o, word in _OUTCOMES.items() if (n := seen.count(o))},
        places=[_place(e, result, p, detail.derivations) for p in (result.places if detail.places else telling)],
        grounds=[ground(e.principles, g) for g in text.grounds],
        message=message(e, result, telling[0]) if telling else text.title,
        remedy=text.remedy,
    )


def _possible(outcomes: Possible) -> list[str]:
    return [word for o, word in _OUTCOMES.items() if o in outcomes]


def _not_demonstrated(e: Evaluation, result: RuleResult) -> bool:
    return e.reading is Reading.CONTROLLER and not_demonstrated(e, result)


def _place(e: Evaluation, result: RuleResult, place: PlaceResult, derivations: bool) -> PlaceV1:
    grounds = e.grounds(result.rule, place)
    return PlaceV1(
        binding=binding_text(place.binding),
        seen=place.seen,
        outcome=place.outcome.value,
        possible=_possible(place.possible),
        message=message(e, result, place),
        evidence=evidence(e, grounds.evidence),
        open=paths(grounds.open),
        unsettled=sorted(grounds.unsettled),
        exceptions=exceptions(result, place),
        would_excuse=would_excuse(e, result, place),
        derivation=list(derivation(e, result, place)) if derivations else [],
    )


def _lens(lens: LensFile, evaluations: Sequence[Evaluation]) -> LensV1:
    from policy_eval.lens import look  # few reports have one

    first = evaluations[0]
    categories = [
        CategoryV1(
            looked.category.id,
            looked.category.title,
            looked.category.question,
            looked.category.beyond,
            {r.rule.id: r.outcome.value for r in looked.results},
            evidence(first, frozenset(map(Fact, looked.stated))),
            sorted(join(path) for path in looked.unknown),
        )
        for looked in look(lens, evaluations)
    ]
    return LensV1(lens.id, lens.title, first.design.id, categories)


def _across(a: Across) -> AcrossV1:
    first = a.evaluations[0]
    facts = [SharedFactV1(evidence(first, frozenset({s.fact}))[0], list(s.rules)) for s in a.facts]
    return AcrossV1(first.design.id, [e.principles.id for e in a.evaluations], facts)


def _comparison(c: Comparison, rules: Mapping[str, RuleV1]) -> ComparisonV1:
    def by_design(outcomes: Sequence[Outcome | None]) -> dict[str, str | None]:
        return dict(zip(c.designs, (o.value if o else None for o in outcomes), strict=True))

    return ComparisonV1(
        set=c.principles,
        designs=list(c.designs),
        order=[list(equals) for equals in c.order],
        decided_in_all=c.decided_in_all,
        burden_on_decided=dict(zip(c.designs, (round(b, 6) for b in c.burdens), strict=True)),
        dominance=[DominanceV1(d.better, d.worse, DOMINANCE_WORDS[d.sign], list(d.settled_by)) for d in c.dominance],
        differences=[
            DifferenceV1(
                d.rule,
                rules[d.rule].title,
                by_design(d.outcomes),
                [PlaceDifferenceV1(binding_text(p.binding), by_design(p.outcomes)) for p in d.places],
                [_fact_difference(f, c.designs) for f in d.facts],
            )
            for d in c.differences
        ],
    )


def _fact_difference(fact: FactDifference, designs: Sequence[str]) -> FactDifferenceV1:
    values, statuses = (dict(zip(designs, of_design, strict=True)) for of_design in (fact.values, fact.statuses))
    return FactDifferenceV1(fact.path, values, statuses)
