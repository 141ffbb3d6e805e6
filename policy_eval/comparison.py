"""Side by side: designs under one set (what differs and why, who dominates whom), or one design under many sets.

Orderings use the band, then the burden, on rules decided in every design; the score never ranks. Nothing is ordered or
summed across sets: they weigh different rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy_eval.design.paths import join
from policy_eval.engine.evidence import Fact
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
class FactDifference:
    """A fact a rule turns on whose value differs, as text in the order of the designs."""

    path: str
    values: tuple[str, ...]


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

    There is none where different rules are in force for them.
    """

    evaluations: tuple[Evaluation, ...]
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


def compare(evaluations: Sequence[Evaluation], *, reasons: bool = True) -> Comparison:
    """Compare evaluations of different designs under the same set.

    Without `reasons` neither the places and facts behind differences are worked out, nor the facts that would settle
    who dominates whom: of many designs nobody reads them.
    """
    by_rule = [{r.rule.id: r for r in e.results} for e in evaluations]
    rules = list(dict.fromkeys(i for results in by_rule for i in results))
    shared = [i for i in rules if all(i in results and results[i].outcome in _DECIDED for results in by_rule)]
    burdens = tuple(
        sum(e.weight(results[i].rule) for i in shared if results[i].outcome in CONFLICTS)
        for e, results in zip(evaluations, by_rule, strict=True)
    )
    keys = [(BAND_ORDER.index(e.card.band.standing), b) for e, b in zip(evaluations, burdens, strict=True)]
    same_law = all(len(e.results) == len(rules) for e in evaluations)
    order = tuple(
        tuple(e.design.id for e, k in zip(evaluations, keys, strict=True) if k == key) for key in sorted(set(keys))
    )
    return Comparison(
        evaluations=tuple(evaluations),
        order=order if same_law else (),
        decided_in_all=len(shared),
        burdens=burdens,
        dominance=_dominance(evaluations, reasons),
        differences=tuple(
            d for i in rules if (d := _difference(i, [x.get(i) for x in by_rule], evaluations, reasons)) is not None
        ),
    )


def _dominance(evaluations: Sequence[Evaluation], reasons: bool) -> tuple[Dominance, ...]:
    sides = [_Side.of(e) for e in evaluations]
    return tuple(_dominates(a, b, reasons) for a in sides for b in sides if a is not b)


def dominates(a: Evaluation, b: Evaluation, *, reasons: bool = True) -> Dominance:
    """Whether all that `a` can conflict with is among what `b` conflicts with, and `b` has more.

    A design that the set does not cover has nothing to be better in; rules in force for one of them alone are left out.
    """
    return _dominates(_Side.of(a), _Side.of(b), reasons)


@dataclass(frozen=True, slots=True)
class _Side:
    """The rules of an evaluation, those it can conflict with, and those it does; none that weighs nothing."""

    evaluation: Evaluation
    rules: frozenset[str]
    can: frozenset[str]
    does: frozenset[str]

    @classmethod
    def of(cls, e: Evaluation) -> _Side:
        weighing = [r for r in e.results if e.weight(r.rule)]
        return cls(
            evaluation=e,
            rules=frozenset(r.rule.id for r in e.results),
            can=frozenset(r.rule.id for r in weighing if Outcome.CONFLICT in r.possible),
            does=frozenset(r.rule.id for r in weighing if r.outcome is Outcome.CONFLICT),
        )


def _dominates(a: _Side, b: _Side, reasons: bool) -> Dominance:
    both = a.rules & b.rules
    can_a, is_a, can_b, is_b = a.can & both, a.does & both, b.can & both, b.does & both
    if FALSE in (a.evaluation.scope, b.evaluation.scope) or is_a - can_b or not can_b - is_a:
        sign = FALSE
    elif can_a <= is_b and is_b - can_a:
        sign = TRUE
    else:
        sign = UNKNOWN
    settled: set[str] = set()
    if sign == UNKNOWN and reasons:
        for evaluation, rules in ((a.evaluation, can_a - is_a), (b.evaluation, can_b - is_b)):
            for rule_id in sorted(rules):
                settled |= {join(f.path) for f in open_of(evaluation, evaluation.result(rule_id))}
    return Dominance(a.evaluation.design.id, b.evaluation.design.id, sign, tuple(sorted(settled)))


def open_of(evaluation: Evaluation, result: RuleResult) -> frozenset[Fact]:
    """Facts that are open at the places which leave a rule undecided, or unless excused."""
    places = [p for p in result.places if len(p.reachable) > 1]
    return frozenset[Fact]().union(*(evaluation.grounds(result.rule, p).open for p in places))


def unsettled_of(evaluation: Evaluation, result: RuleResult) -> frozenset[str]:
    """Concepts of open law at those places."""
    places = [p for p in result.places if len(p.reachable) > 1]
    return frozenset[str]().union(*(evaluation.grounds(result.rule, p).unsettled for p in places))


def _difference(
    rule_id: str, results: Sequence[RuleResult | None], evaluations: Sequence[Evaluation], reasons: bool
) -> Difference | None:
    outcomes = tuple(r.outcome if r else None for r in results)
    if not reasons:
        return Difference(rule_id, outcomes, (), ()) if len(set(outcomes)) > 1 else None
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
            found.append(FactDifference(join(path), values))
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
