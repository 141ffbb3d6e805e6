"""Numbers from outcomes: burden, score as it stands, bounds, coverage, and the band.

Every number can be recomputed by hand from the weights and the outcomes that are printed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy_eval.engine.signs import FALSE, Sign
from policy_eval.principle import ProfileFile
from policy_eval.vocabulary.law import Band, Outcome, Severity

_CONFLICTS = (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED)
_DECIDED = (*_CONFLICTS, Outcome.NO_CONFLICT)


@dataclass(frozen=True, slots=True)
class Item:
    """What scoring needs of a rule's result."""

    severity: Severity
    outcome: Outcome
    possible: frozenset[Outcome]


Weighed = tuple[Item, float]


@dataclass(frozen=True, slots=True)
class Burden3:
    """Weight of conflicts: established, standing (with those unless excused), and at worst."""

    established: float
    standing: float
    worst: float


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100: the share of decided weight without conflict, as it stands and at its two ends.

    None where there is none; `may_be_none` where some completion of the facts leaves nothing to score.
    """

    standing: float | None
    worst: float | None
    best: float | None
    may_be_none: bool


@dataclass(frozen=True, slots=True)
class Bands:
    """The band as it stands and at its two ends."""

    standing: Band
    best: Band
    worst: Band


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The numbers for a set of rules; `coverage` is from 0 to 1, weights are in points of the profile."""

    band: Bands
    score: Score
    burden: Burden3
    coverage: float
    counts: dict[Outcome, int]


def weight_of(severity: Severity, profile: ProfileFile) -> float:
    """Points of a severity; advisory never counts."""
    return 0.0 if severity is Severity.ADVISORY else profile.weights[severity].weight


def scorecard(items: Sequence[Item], profile: ProfileFile, scope: Sign) -> Scorecard:
    """The numbers for some rules of one set, of one principle or of all."""
    counted = [(i, weight_of(i.severity, profile)) for i in items if i.severity is not Severity.ADVISORY]
    coverage = _coverage(counted)
    outcomes = [i.outcome for i in items]
    return Scorecard(
        band=_bands(items, profile, scope, coverage),
        score=_score(counted, coverage >= profile.enough_known.value),
        burden=Burden3(
            sum([w for i, w in counted if i.outcome is Outcome.CONFLICT]),
            sum([w for i, w in counted if i.outcome in _CONFLICTS]),
            sum([w for i, w in counted if Outcome.CONFLICT in i.possible]),
        ),
        coverage=coverage,
        counts={o: outcomes.count(o) for o in Outcome},
    )


def _coverage(items: Sequence[Weighed]) -> float:
    """Weight decided over weight not decided to be inapplicable."""
    relevant = sum([w for i, w in items if i.outcome is not Outcome.NOT_APPLICABLE])
    return sum([w for i, w in items if i.outcome in _DECIDED]) / relevant if relevant else 0.0


def _score(items: Sequence[Weighed], enough_known: bool) -> Score:
    clear = sum([w for i, w in items if i.outcome is Outcome.NO_CONFLICT])
    decided = sum([w for i, w in items if i.outcome in _DECIDED])
    standing = 100 * clear / decided if decided and enough_known else None
    # An end takes each rule at its kindest or harshest; a rule that may not apply is left out where
    # that pulls the share the same way.
    can_clear = sum([w for i, w in items if Outcome.NO_CONFLICT in i.possible])
    must_conflict = sum([w for i, w in items if i.possible == {Outcome.CONFLICT}])
    can_conflict = sum([w for i, w in items if Outcome.CONFLICT in i.possible])
    must_clear = sum([w for i, w in items if i.possible == {Outcome.NO_CONFLICT}])
    if not can_clear and not can_conflict:
        return Score(None, None, None, may_be_none=True)
    best = 100 * can_clear / (can_clear + must_conflict) if can_clear else 0.0
    worst = 100 * must_clear / (must_clear + can_conflict) if must_clear or can_conflict else 100.0
    return Score(standing, worst, best, all(Outcome.NOT_APPLICABLE in i.possible for i, _ in items))


def _bands(items: Sequence[Item], profile: ProfileFile, scope: Sign, coverage: float) -> Bands:
    if scope == FALSE or all(i.outcome is Outcome.NOT_APPLICABLE for i in items):
        return Bands(Band.DOES_NOT_APPLY, Band.DOES_NOT_APPLY, Band.DOES_NOT_APPLY)
    standing = _worst_of([i for i in items if i.outcome in _CONFLICTS])  # advisory ranks below all bands
    if standing is Band.NONE_FOUND and coverage < profile.enough_known.value:
        standing = Band.TOO_LITTLE_KNOWN
    return Bands(
        standing,
        _worst_of([i for i in items if i.outcome is Outcome.CONFLICT]),
        _worst_of([i for i in items if Outcome.CONFLICT in i.possible]),
    )


def _worst_of(conflicts: Sequence[Item]) -> Band:
    gravest = max((i.severity.rank for i in conflicts), default=-1)
    if gravest == Severity.CRITICAL.rank:
        return Band.PROHIBITED
    if gravest == Severity.HIGH.rank:
        return Band.SERIOUS
    return Band.SOME if gravest > 0 else Band.NONE_FOUND
