"""From signs to outcomes: one pure fold, held by the conformance table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding, PlaceSigns, Sign
from policy_eval.principle import Rule
from policy_eval.vocabulary.law import Burden, Outcome

Possible = frozenset[Outcome]
CONFLICTS = (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED)
_ALL = (Outcome.CONFLICT, Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """A rule's outcome at one place; `excused_by` and `excuses` are positions in the rule's exceptions.

    `excused_by` names the exceptions that took a conflict away, `excuses` those that might.
    """

    binding: Binding
    seen: bool
    signs: PlaceSigns
    outcome: Outcome
    possible: Possible
    excused_by: tuple[int, ...] = ()
    excuses: tuple[int, ...] = ()
    scope_would_excuse: bool = False

    @property
    def reachable(self) -> Possible:
        """What the place can come to: one that is not stated may also not be there."""
        return self.possible if self.seen else self.possible | {Outcome.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule's outcome for a design, with its places; the unseen place is the last, if there is one."""

    rule: Rule
    outcome: Outcome
    possible: Possible
    places: tuple[PlaceResult, ...]

    @property
    def telling(self) -> tuple[PlaceResult, ...]:
        """The places that make the outcome what it is."""
        if self.outcome is Outcome.UNDECIDED:
            return tuple(p for p in self.places if len(p.reachable) > 1)
        return tuple(p for p in self.places if p.outcome is self.outcome and p.seen)


def possible_outcomes(scope: Sign, applies: Sign, violated: Sign, excused: Sign) -> Possible:
    """What the outcome can still be, whatever is unknown."""
    if scope == FALSE:
        return frozenset({Outcome.NOT_APPLICABLE})
    possible = set()
    if applies != FALSE and violated != FALSE and excused != TRUE:
        possible.add(Outcome.CONFLICT)
    if not (applies == TRUE and scope == TRUE):
        possible.add(Outcome.NOT_APPLICABLE)
    if applies != FALSE and not (violated == TRUE and excused == FALSE):
        possible.add(Outcome.NO_CONFLICT)
    return frozenset(possible)


def outcome_at(
    scope: Sign, applies: Sign, violated: Sign, exceptions: Sequence[Sign], burdens: Sequence[Burden]
) -> tuple[Outcome, Possible]:
    """The outcome at one place and what it can still be.

    Whoever relies on an excuse must show it: where applicability and violation are established and
    only scope, or exceptions that are the operator's to show, are open, the conflict stands unless excused.
    """
    excused = max(exceptions, default=FALSE)
    possible = possible_outcomes(scope, applies, violated, excused)
    if len(possible) == 1:
        return next(iter(possible)), possible
    open_burdens = {b for s, b in zip(exceptions, burdens, strict=True) if s == UNKNOWN}
    if applies == violated == TRUE and Outcome.CONFLICT in possible and Burden.OTHER_SIDE not in open_burdens:
        return Outcome.UNLESS_EXCUSED, possible
    return Outcome.UNDECIDED, possible


def fold(places: Iterable[tuple[bool, Outcome, Possible]]) -> tuple[Outcome, Possible]:
    """The outcome for a design from its places, each given as (seen, outcome, possible).

    The unseen place can leave an outcome possible, never establish one; it may also not exist.
    """
    seen, possible_anywhere, unsettled = [], set[Outcome](), []
    for is_seen, outcome, possible in places:
        effective = possible if is_seen else possible | {Outcome.NOT_APPLICABLE}
        possible_anywhere |= effective
        unsettled.append(effective)
        if is_seen:
            seen.append(outcome)
    established = Outcome.CONFLICT in seen
    could = frozenset(
        outcome
        for outcome, holds in (
            (Outcome.CONFLICT, Outcome.CONFLICT in possible_anywhere),
            (Outcome.NO_CONFLICT, not established and Outcome.NO_CONFLICT in possible_anywhere),
            (Outcome.NOT_APPLICABLE, all(Outcome.NOT_APPLICABLE in p for p in unsettled)),
        )
        if holds
    )
    if established:
        return Outcome.CONFLICT, frozenset({Outcome.CONFLICT})
    if Outcome.UNLESS_EXCUSED in seen:
        return Outcome.UNLESS_EXCUSED, could
    if Outcome.NO_CONFLICT in seen and Outcome.CONFLICT not in could:
        return Outcome.NO_CONFLICT, frozenset({Outcome.NO_CONFLICT})
    if could == {Outcome.NOT_APPLICABLE}:
        return Outcome.NOT_APPLICABLE, could
    return Outcome.UNDECIDED, could


def judge(rule: Rule, scope: Sign, places: dict[Binding, PlaceSigns]) -> RuleResult:
    """Fold a rule's signs into its result."""
    results = [_place(rule, scope, binding, signs) for binding, signs in places.items()]
    seen = [r for r in results if r.seen]
    unseen = [r for r in results if not r.seen]
    outcome, possible = fold((r.seen, r.outcome, r.possible) for r in results)
    return RuleResult(rule, outcome, possible, (*seen, *unseen))


def _place(rule: Rule, scope: Sign, binding: Binding, signs: PlaceSigns) -> PlaceResult:
    burdens = [e.burden for e in rule.exceptions]
    outcome, possible = outcome_at(scope, signs.applies, signs.violated, signs.exceptions, burdens)
    conflict_but_for = signs.applies == TRUE and signs.violated == TRUE and scope != FALSE
    return PlaceResult(
        binding=binding,
        seen=not any("?" in path for _, path in binding),
        signs=signs,
        outcome=outcome,
        possible=possible,
        excused_by=tuple(i for i, s in enumerate(signs.exceptions) if s == TRUE) if conflict_but_for else (),
        excuses=tuple(i for i, s in enumerate(signs.exceptions) if s == UNKNOWN) if conflict_but_for else (),
        scope_would_excuse=conflict_but_for and scope == UNKNOWN,
    )
