"""Side by side: designs under one set (what differs and why, who dominates whom), or one design under many sets.

Orderings use the band, then the burden, on rules decided in every design; the score never ranks. Nothing is ordered or
summed across sets: they weigh different rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy_eval.design.evidence import status_of
from policy_eval.design.paths import join
from policy_eval.engine.evidence import NO_FACTS, Fact
from policy_eval.engine.facts import Listing, Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding, Sign
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS, RuleResult
from policy_eval.vocabulary.law import Band, Outcome

_DECIDED = (*CONFLICTS, Outcome.NO_CONFLICT)
BAND_ORDER = (
    Band.NONE_FOUND, Band.DOES_NOT_APPLY, Band.TOO_LITTLE_KNOWN, Band.SOME, Band.SERIOUS, Band.PROHIBITED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What designs are compared by: the band, and what each rule comes to and can come to.

    `can` and `does` are the rules that can be and are in conflict, of those that weigh anything.
    """

    design: str
    principles: str
    scope: Sign
    band: Band
    outcomes: Mapping[str, Outcome]
    weights: Mapping[str, float]
    can: frozenset[str]
    does: frozenset[str]

    @classmethod
    def of(cls, e: Evaluation) -> Standing:
        """How a design stands under a set."""
        weights = {r.rule.id: e.weight(r.rule) for r in e.results}
        return cls(
            design=e.design.id,
            principles=e.principles.id,
            scope=e.scope,
            band=e.card.band.standing,
            outcomes={r.rule.id: r.outcome for r in e.results},
            weights=weights,
            can=frozenset(r.rule.id for r in e.results if weights[r.rule.id] and Outcome.CONFLICT in r.possible),
            does=frozenset(r.rule.id for r in e.results if weights[r.rule.id] and r.outcome is Outcome.CONFLICT),
        )


@dataclass(frozen=True, slots=True)
class FactDifference:
    """A fact a rule turns on whose value differs, as text, and how firmly it stands, in the order of the designs."""

    path: str
    values: tuple[str, ...]
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """A place at which a rule comes to different outcomes; None where a design has no such place."""

    binding: Binding
    outcomes: tuple[Outcome | None, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that comes to different outcomes, at which places, and the facts that explain it.

    Where the designs are judged under the law of different days, the outcome is None where the rule is not in force.
    """

    rule: str
    outcomes: tuple[Outcome | None, ...]
    places: tuple[PlaceDifference, ...]
    facts: tuple[FactDifference, ...]


@dataclass(frozen=True, slots=True)
class Dominance:
    """Whether `better` is at least as good as `worse` on every rule and better on one, three-valued."""

    better: str
    worse: str
    sign: Sign
    settled_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several designs under one set; `order` goes from the least burden up, equals together.

    There is none where different rules are in force for them, or no rule is decided in all.
    """

    principles: str
    designs: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    decided_in_all: int
    burdens: tuple[float, ...]
    dominance: tuple[Dominance, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class SharedFact:
    """A fact that conflicts under more than one set hang on, and the rules in conflict, by set."""

    fact: Fact
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Across:
    """One design under several sets; `facts` goes from the fact that most sets turn on down."""

    evaluations: tuple[Evaluation, ...]
    facts: tuple[SharedFact, ...]


def across(evaluations: Sequence[Evaluation]) -> Across:
    """Lay the evaluations of one design under different sets side by side."""
    rules: dict[Fact, list[str]] = {}
    for evaluation in evaluations:
        for result in evaluation.results:
            if result.outcome in CONFLICTS:
                for fact in evaluation.cause(result):
                    rules.setdefault(fact, []).append(result.rule.id)
    sets = {fact: len({r.split("/")[0] for r in found}) for fact, found in rules.items()}
    order = sorted((f for f in rules if sets[f] > 1), key=lambda f: (-sets[f], -len(rules[f]), f))
    return Across(tuple(evaluations), tuple(SharedFact(f, tuple(rules[f])) for f in order))


def compare(evaluations: Sequence[Evaluation]) -> Comparison:
    """Compare evaluations of different designs under the same set, with the reasons for what differs."""
    return compare_standings([Standing.of(e) for e in evaluations], evaluations)


def compare_standings(standings: Sequence[Standing], evaluations: Sequence[Evaluation] = ()) -> Comparison:
    """Compare how designs stand under the same set.

    Without the evaluations neither the places and facts behind differences are told, nor the facts that would settle
    who dominates whom: of many designs nobody reads them.
    """
    rules = list(dict.fromkeys(i for s in standings for i in s.outcomes))
    shared = [i for i in rules if all(s.outcomes.get(i) in _DECIDED for s in standings)]
    burdens = tuple(sum(s.weights[i] for i in shared if s.outcomes[i] in CONFLICTS) for s in standings)
    keys = [(BAND_ORDER.index(s.band), b) for s, b in zip(standings, burdens, strict=True)]
    same_law = all(len(s.outcomes) == len(rules) for s in standings)
    order = tuple(
        tuple(s.design for s, k in zip(standings, keys, strict=True) if k == key) for key in sorted(set(keys))
    )
    return Comparison(
        principles=standings[0].principles,
        designs=tuple(s.design for s in standings),
        order=order if same_law and shared else (),
        decided_in_all=len(shared),
        burdens=burdens,
        dominance=_dominance(standings, evaluations),
        differences=tuple(d for i in rules if (d := _difference(i, standings, evaluations)) is not None),
    )


def _dominance(standings: Sequence[Standing], evaluations: Sequence[Evaluation]) -> tuple[Dominance, ...]:
    behind: Sequence[Evaluation | None] = evaluations or [None] * len(standings)
    sides = list(zip(standings, behind, strict=True))
    return tuple(_dominates(a, b, of_a, of_b) for a, of_a in sides for b, of_b in sides if a is not b)


def dominates(a: Evaluation, b: Evaluation) -> Dominance:
    """Whether all that `a` can conflict with is among what `b` conflicts with, and `b` has more.

    A design that the set does not cover has nothing to be better in; rules in force for one of them alone are left out.
    """
    return _dominates(Standing.of(a), Standing.of(b), a, b)


def _dominates(a: Standing, b: Standing, of_a: Evaluation | None, of_b: Evaluation | None) -> Dominance:
    can_a, is_a, can_b, is_b = a.can, a.does, b.can, b.does
    if a.outcomes.keys() != b.outcomes.keys():
        both = a.outcomes.keys() & b.outcomes.keys()
        can_a, is_a, can_b, is_b = can_a & both, is_a & both, can_b & both, is_b & both
    if FALSE in (a.scope, b.scope) or is_a - can_b or not can_b - is_a:
        sign = FALSE
    elif can_a <= is_b and is_b - can_a:
        sign = TRUE
    else:
        sign = UNKNOWN
    settled: set[str] = set()
    if sign == UNKNOWN:
        for evaluation, rules in ((of_a, can_a - is_a), (of_b, can_b - is_b)):
            if evaluation is not None:
                settled |= {join(f.path) for r in rules for f in open_of(evaluation, evaluation.result(r))}
    return Dominance(a.design, b.design, sign, tuple(sorted(settled)))


def open_of(evaluation: Evaluation, result: RuleResult) -> frozenset[Fact]:
    """Facts that are open at the places which leave a rule undecided, or unless excused."""
    return hanging(evaluation, result)[0]


def hanging(evaluation: Evaluation, result: RuleResult) -> tuple[frozenset[Fact], frozenset[str]]:
    """Facts and concepts of open law that are open at the places which leave a rule undecided, or unless excused."""
    grounds = [evaluation.grounds(result.rule, p) for p in result.places if len(p.reachable) > 1]
    return NO_FACTS.union(*[g.open for g in grounds]), frozenset[str]().union(*[g.unsettled for g in grounds])


def _difference(rule_id: str, standings: Sequence[Standing], evaluations: Sequence[Evaluation]) -> Difference | None:
    outcomes = tuple(s.outcomes.get(rule_id) for s in standings)
    results = [e.find(rule_id) for e in evaluations]
    found = [r.places if r else () for r in results]
    bindings = list(dict.fromkeys(p.binding for there in found for p in there if p.seen))
    places = []
    for binding in bindings:
        at = tuple(next((p.outcome for p in there if p.binding == binding), None) for there in found)
        # A design that has no such place tells nothing about those that have.
        if len({o for o in at if o is not None}) > 1:
            places.append(PlaceDifference(binding, at))
    if not places and len(set(outcomes)) == 1:
        return None
    return Difference(rule_id, outcomes, tuple(places), _facts(results, evaluations, {p.binding for p in places}))


def _facts(
    results: Sequence[RuleResult | None], evaluations: Sequence[Evaluation], bindings: set[Binding]
) -> tuple[FactDifference, ...]:
    """Facts the rule rests on at the differing places whose stated value differs."""
    paths: set[tuple[str, ...]] = set()
    for evaluation, result in zip(evaluations, results, strict=True):
        for place in result.places if result else ():
            if result and (place.binding in bindings or not bindings):
                grounds = evaluation.grounds(result.rule, place)
                paths |= {f.path for f in grounds.evidence | grounds.open}
    found = []
    for path in sorted(paths):
        values = tuple(shown(e, path) for e in evaluations)
        comparable = sum(e.tracer.has(path[:-1]) for e in evaluations) > 1
        if comparable and len(set(values)) > 1:
            statuses = (
                "unknown" if v == "unknown" else status_of(e.design, path)
                for e, v in zip(evaluations, values, strict=True)
            )
            found.append(FactDifference(join(path), values, tuple(statuses)))
    return tuple(found)


def shown(evaluation: Evaluation, path: tuple[str, ...]) -> str:
    """A fact's value as text; `unknown` where it is not stated."""
    value: object = evaluation.tracer.root
    for step in path:
        if isinstance(value, Thing):
            value = value.facts.get(step)
        elif isinstance(value, Listing):
            value = next((i for i in value.items if i.path[-1] == step), None)
        else:
            return "unknown"
    return text_of(value)


def text_of(value: object) -> str:
    """A value as it would be written in a design."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Thing):
        return value.path[-1]
    if isinstance(value, Listing):
        if not value.known:
            return "unknown"
        more = ", and perhaps more" if value.unseen else ""
        return f"[{', '.join(i.path[-1] for i in value.items)}{more}]"
    if isinstance(value, tuple):
        return f"[{', '.join(text_of(v) for v in value)}]"
    return str(value)
