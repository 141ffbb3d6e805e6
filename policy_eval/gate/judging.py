"""What stands against a draft at a threshold of severity, place by place.

Read as its controller reads it: who answers for a design has to know it, so what is undecided for missing facts is not
demonstrated and keeps the gate shut too. Law that is unsettled alone does not. What a decision or a baseline covers
is left out place by place, and a rule is judged on the places that remain; outcomes and numbers stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from policy_eval.comparison import open_of
from policy_eval.evaluation import Evaluation
from policy_eval.exits import AGAINST as AGAINST
from policy_eval.exits import CLEAR as CLEAR
from policy_eval.exits import NOT_DEMONSTRATED as NOT_DEMONSTRATED
from policy_eval.findings import CONFLICTS, PlaceResult, RuleResult, fold
from policy_eval.gate.places import key, text
from policy_eval.vocabulary.law import Outcome, Reading, Severity


class Standing(str, Enum):
    """What a finding at a place is to the gate."""

    AGAINST = "against"  # a conflict at the threshold
    NOT_DEMONSTRATED = "not_demonstrated"  # facts that would show there is none are missing
    DEFERRED = "deferred"  # covered by a decision: to be put right by a date
    DISAGREED = "disagreed"  # covered by a decision: another opinion is on file
    IN_BASELINE = "in_baseline"  # was there when the baseline was written
    BELOW = "below_threshold"  # would be one of the first two were its severity counted
    UNDECIDED = "undecided"  # law is unsettled, or facts are missing and the reading does not ask for them


COVERED = (Standing.DEFERRED, Standing.DISAGREED, Standing.IN_BASELINE)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What counts: the least severity (None: nothing does) and score, and how undecided rules are read.

    `min_score` is from 0 to 100. With `established_only` a conflict that something open might excuse counts as not
    demonstrated. `rules` names the rules looked at, None for all.
    """

    fail_on: Severity | None = Severity.HIGH
    min_score: float | None = None
    established_only: bool = False
    reading: Reading = Reading.CONTROLLER
    rules: frozenset[str] | None = None
    shown: Severity | None = None  # the least severity that is listed; as `fail_on` where it is None

    def counts(self, result: RuleResult) -> bool:
        """Whether a rule counts for the gate."""
        return self.fail_on is not None and self.looks_at(result) and _rank(result) >= self.fail_on.rank

    def lists(self, result: RuleResult) -> bool:
        """Whether the findings of a rule are listed."""
        least = self.shown or self.fail_on or Severity.ADVISORY
        return self.looks_at(result) and (_rank(result) >= least.rank or self.counts(result))

    def looks_at(self, result: RuleResult) -> bool:
        """Whether a rule is among those selected."""
        return self.rules is None or result.rule.id in self.rules


class Found(Enum):
    """What stands at a place, whatever the threshold."""

    CONFLICT = 1
    FACTS_MISSING = 2
    NOTHING = 3
    GONE = 4  # the design has no such place, or the rule is not in force


class Cover(Protocol):
    """Something on file that may cover findings: decisions, or a baseline."""

    def covers(
        self, design: str, rule: str, place: PlaceResult, *, conflict: bool, beside: frozenset[str]
    ) -> tuple[Standing, int] | None:
        """How a finding at a place is covered and by which entry, None if it is not.

        `beside` are the places of the rule that are stated: what is not stated is covered only beside those it was
        covered beside, or taking a part out of a list would hide it.
        """


@dataclass(frozen=True, slots=True)
class Item:
    """A finding at a place, what it is to the gate, and the entry of the file that covers it."""

    result: RuleResult
    place: PlaceResult
    standing: Standing
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreGate:
    """A score against the least one asked for; `floor` is what it cannot fall below, whatever the facts are."""

    needed: float
    standing: float | None
    floor: float | None
    verdict: int


@dataclass(frozen=True, slots=True)
class Gate:
    """What an evaluation comes to at a threshold: findings by place, worst first, and the score."""

    evaluation: Evaluation
    judged: int  # how many rules count
    items: tuple[Item, ...]
    score: ScoreGate | None = None

    def of(self, *standings: Standing) -> tuple[Item, ...]:
        """The findings that are one of these to the gate."""
        return tuple(i for i in self.items if i.standing in standings)

    @property
    def verdict(self) -> int:
        """0, 1 or 4; conflicts before what is not demonstrated."""
        codes = {self.score.verdict} if self.score else set()
        codes |= {AGAINST} if self.of(Standing.AGAINST) else set()
        codes |= {NOT_DEMONSTRATED} if self.of(Standing.NOT_DEMONSTRATED) else set()
        return code(codes)


def gate(evaluation: Evaluation, threshold: Threshold | None = None, covers: Sequence[Cover] = ()) -> Gate:
    """Judge an evaluation at a threshold; the first of `covers` that covers a finding does."""
    asked = threshold or Threshold()
    items = [
        item
        for result in evaluation.results
        if asked.lists(result)
        for item in _items(evaluation, result, asked, covers)
    ]
    judged = sum(asked.counts(r) for r in evaluation.results)
    return Gate(evaluation, judged, tuple(sorted(items, key=_worst_first)), _score(evaluation, asked))


def code(verdicts: Iterable[int]) -> int:
    """The exit code of several verdicts: conflicts before what is not demonstrated."""
    found = set(verdicts)
    return AGAINST if AGAINST in found else NOT_DEMONSTRATED if NOT_DEMONSTRATED in found else CLEAR


def not_demonstrated(evaluation: Evaluation, result: RuleResult) -> bool:
    """Whether facts that are missing leave a rule undecided; law that is unsettled alone does not count."""
    return result.outcome is Outcome.UNDECIDED and bool(open_of(evaluation, result))


def found_at(evaluation: Evaluation, rule: str, place: tuple[str, ...]) -> Found:
    """What stands at a place of a design, known by the parts that make it."""
    result = evaluation.find(rule)
    at = next((p for p in result.places if key(p.binding) == place), None) if result else None
    if result is None or at is None:
        return Found.GONE
    if _is_conflict(at):
        return Found.CONFLICT
    return Found.FACTS_MISSING if _facts_missing(evaluation, result, at) else Found.NOTHING


def _items(e: Evaluation, result: RuleResult, asked: Threshold, covers: Sequence[Cover]) -> list[Item]:
    found, rest = [], []
    beside = stated(result)
    for place in result.places:
        conflict = _is_conflict(place)
        if (conflict or _facts_missing(e, result, place)) and (
            by := _covered(e.design.id, result, place, (conflict, beside), covers)
        ):
            found.append(Item(result, place, *by))
        else:
            rest.append(place)
    outcome, _ = fold((p.seen, p.outcome, p.possible) for p in rest)
    for place in rest:
        standing = _standing(e, result, place, outcome, asked)
        if standing is not None:
            below = standing is not Standing.UNDECIDED and not asked.counts(result)
            found.append(Item(result, place, Standing.BELOW if below else standing))
    return found


def _standing(
    e: Evaluation, result: RuleResult, place: PlaceResult, outcome: Outcome, asked: Threshold
) -> Standing | None:
    """What a place is to the gate, given what the rule comes to on the places that are not covered."""
    if _is_conflict(place):
        lenient = asked.established_only and place.outcome is Outcome.UNLESS_EXCUSED
        if lenient and asked.reading is Reading.OUTSIDER:
            return Standing.UNDECIDED
        return Standing.NOT_DEMONSTRATED if lenient else Standing.AGAINST
    # Beside a conflict only what can be one too is worth saying.
    telling = outcome is Outcome.UNDECIDED or (outcome in CONFLICTS and Outcome.CONFLICT in place.possible)
    if not telling or len(place.reachable) == 1:
        return None
    asks = asked.reading is Reading.CONTROLLER and _facts_missing(e, result, place)
    return Standing.NOT_DEMONSTRATED if asks else Standing.UNDECIDED


def stated(result: RuleResult) -> frozenset[str]:
    """The places of a rule that are stated, as text."""
    return frozenset(text(key(p.binding)) for p in result.places if p.seen)


def _is_conflict(place: PlaceResult) -> bool:
    """Whether a place is in conflict; one that is not stated can only become so."""
    return place.seen and place.outcome in CONFLICTS


def _facts_missing(e: Evaluation, result: RuleResult, place: PlaceResult) -> bool:
    return len(place.reachable) > 1 and bool(e.grounds(result.rule, place).open)


def _covered(
    design: str, result: RuleResult, place: PlaceResult, is_: tuple[bool, frozenset[str]], covers: Sequence[Cover]
) -> tuple[Standing, int] | None:
    """The entry that covers a finding. Nothing covers a critical prohibition."""
    if result.rule.text.severity is Severity.CRITICAL:
        return None
    conflict, beside = is_
    found = (c.covers(design, result.rule.id, place, conflict=conflict, beside=beside) for c in covers)
    return next((by for by in found if by is not None), None)


def _score(e: Evaluation, asked: Threshold) -> ScoreGate | None:
    """The score against the least one asked for; what is undecided for the law alone is left aside.

    Where no rule that is more than advice applies there is nothing to score. Where one does and nothing weighs
    anything, a profile has taken the score away, and that demonstrates nothing.
    """
    if asked.min_score is None:
        return None
    applying = [r for r in e.results if _rank(r) > Severity.ADVISORY.rank and r.outcome is not Outcome.NOT_APPLICABLE]
    if not applying:
        return ScoreGate(asked.min_score, None, None, CLEAR)
    relevant = [r for r in applying if e.weight(r.rule)]
    clear = sum(e.weight(r.rule) for r in relevant if r.possible == {Outcome.NO_CONFLICT})
    doubtful = [r for r in relevant if Outcome.CONFLICT in r.possible]
    against = sum(e.weight(r.rule) for r in doubtful if r.outcome is not Outcome.UNDECIDED or not_demonstrated(e, r))
    floor = 100 * clear / (clear + against) if clear + against else None
    standing = e.card.score.standing
    kept = floor if asked.reading is Reading.CONTROLLER else standing
    if kept is not None and kept >= asked.min_score:
        verdict = CLEAR
    elif standing is not None and standing < asked.min_score:
        verdict = AGAINST
    else:
        verdict = NOT_DEMONSTRATED
    return ScoreGate(asked.min_score, standing, floor, verdict)


def _rank(result: RuleResult) -> int:
    return result.rule.text.severity.rank


def _worst_first(item: Item) -> tuple[int, int, str, bool, tuple[str, ...]]:
    order, place = list(Standing), item.place
    return order.index(item.standing), -_rank(item.result), item.result.rule.id, not place.seen, key(place.binding)
