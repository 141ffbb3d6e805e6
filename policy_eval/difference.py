"""What a change of a design does to what a principle set finds in it: which findings came, went or opened, and why.

Findings are compared by rule and place, never by rule alone: a second conflict of a rule is a new one. Silence cures
nothing. What was in conflict and is undecided now is reopened, and so is what was found at a part that is no longer
stated while its list may hold it. What is not stated can be undecided, but never in conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from policy_eval.design.changes import About, FactChange, changes
from policy_eval.engine.evidence import NO_FACTS, Fact, Support, support
from policy_eval.engine.facts import UNSEEN
from policy_eval.engine.signs import UNKNOWN, Binding
from policy_eval.evaluation import Evaluation, Grounds
from policy_eval.exits import AGAINST, CLEAR, NOT_DEMONSTRATED
from policy_eval.findings import CONFLICTS, PlaceResult, RuleResult
from policy_eval.principle import Rule
from policy_eval.scoring import Scorecard
from policy_eval.vocabulary.law import Outcome, Principle, Severity


class FindingKind(str, Enum):
    """What happened to a finding, worst first."""

    ADDED = "added"  # in conflict now, excused or not, and was not before
    HARDENED = "hardened"  # in conflict unless excused before, in conflict now
    REOPENED = "reopened"  # decided before, in conflict or clear, and undecided now
    OPENED = "opened"  # undecided now at a place that was known not to be there
    SOFTENED = "softened"  # in conflict before, in conflict unless excused now
    DECIDED = "decided"  # undecided before, and known to be clear now
    CURED = "cured"  # in conflict before, and known to be clear now


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A rule that comes to another outcome at a place; None where there is known to be no such place.

    It is also None where the rule is not in force on the day of the evaluation. `facts` are the changes it hangs on,
    `open` the facts and `unsettled` the concepts of open law that leave it undecided now, or unless excused; the
    outcomes were read from `was` and `now`.
    """

    rule: Rule
    binding: Binding
    kind: FindingKind
    before: Outcome | None
    after: Outcome | None
    facts: tuple[FactChange, ...]
    open: frozenset[Fact]
    unsettled: frozenset[str]
    was: PlaceResult | None
    now: PlaceResult | None

    @property
    def seen(self) -> bool:
        """False for the place that stands for what is not stated."""
        return not any(UNSEEN in path for _, path in self.binding)


@dataclass(frozen=True, slots=True)
class CardChange:
    """The numbers of a principle before and now; None where no rule of it is in force, or there is no evaluation."""

    principle: Principle
    before: Scorecard | None
    after: Scorecard | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two evaluations of a design under the same set; `old` is None for a new design, `new` for one that is gone.

    `findings` goes from worst to best. A design that is gone has none: nothing of it is cured.
    """

    old: Evaluation | None
    new: Evaluation | None
    findings: tuple[FindingChange, ...]
    principles: tuple[CardChange, ...]

    @property
    def either(self) -> Evaluation:
        """The evaluation now, or where there is none the one before."""
        found = self.new or self.old
        assert found is not None
        return found

    def of(self, *kinds: FindingKind) -> tuple[FindingChange, ...]:
        """The changes of some kinds."""
        return tuple(f for f in self.findings if f.kind in kinds)


def difference(old: Evaluation | None, new: Evaluation | None, facts: Sequence[FactChange] | None = None) -> Difference:
    """Compare two evaluations under one set.

    `facts` are the changes between the two designs, for whoever has them already.
    """
    assert old or new, "one of two evaluations is needed"
    if facts is None:
        facts = changes(old.design, new.design) if old and new else ()
    return Difference(
        old=old,
        new=new,
        findings=tuple(sorted(_findings(old, new, facts), key=_worst_first)) if new else (),
        principles=tuple(_cards(old, new)),
    )


def verdict(
    differences: Iterable[Difference],
    fail_on: Severity | None,
    *,
    fail_on_new: bool = False,
    facts: Iterable[FactChange] = (),
    fail_on_lost_facts: bool = False,
) -> int:
    """The exit code: 1 for conflicts that are new, 4 for what is newly not demonstrated or lost, else 0.

    Findings count from the severity `fail_on` up, at None none does; law that is unsettled alone never does.
    """
    found = [
        f
        for d in differences
        for f in d.findings
        if fail_on_new and fail_on is not None and f.rule.text.severity.rank >= fail_on.rank
    ]
    if any(f.kind in (FindingKind.ADDED, FindingKind.HARDENED) for f in found):
        return AGAINST
    lost = fail_on_lost_facts and any(c.kind == "lost" for c in facts)
    opened = any(f.kind in (FindingKind.REOPENED, FindingKind.OPENED) and f.open for f in found)
    return NOT_DEMONSTRATED if lost or opened else CLEAR


def _worst_first(f: FindingChange) -> tuple[int, int, str, bool, Binding]:
    return list(FindingKind).index(f.kind), -f.rule.text.severity.rank, f.rule.id, not f.seen, f.binding


def _cards(old: Evaluation | None, new: Evaluation | None) -> Iterator[CardChange]:
    before, after = (e.principle_cards if e else {} for e in (old, new))
    for principle in Principle:
        if principle in before or principle in after:
            yield CardChange(principle, before.get(principle), after.get(principle))


def _findings(old: Evaluation | None, new: Evaluation | None, facts: Sequence[FactChange]) -> Iterator[FindingChange]:
    rules = {r.rule.id: r.rule for e in (old, new) if e for r in e.results}
    for rule in rules.values():
        pair = _Pair(_Side(old, rule), _Side(new, rule), rule, facts)
        for binding in {**pair.old.places, **pair.new.places}:
            found = pair.change(binding)
            if found is not None:
                yield found


class _Side:
    """The places of a rule in one of two evaluations."""

    def __init__(self, evaluation: Evaluation | None, rule: Rule) -> None:
        self.evaluation, self.rule = evaluation, rule
        self.result: RuleResult | None = evaluation.find(rule.id) if evaluation else None
        self.places = {p.binding: p for p in (self.result.places if self.result else ())}
        self._begun = {b[:n] for b in self.places for n in range(1, len(b) + 1)}
        # By what comes before the first part that is not stated: one place stands for all that may follow.
        self._unseen = {b[: _first_unseen(b)]: p for b, p in self.places.items() if not p.seen}

    def covering(self, binding: Binding) -> PlaceResult | None:
        """The unseen place that a place which is not stated here may be; None where there is known to be none."""
        for n, (_, path) in enumerate(binding):
            if binding[: n + 1] in self._begun:
                continue
            unseen = self._unseen.get(binding[:n])
            if unseen is None:
                return None
            # A part that is stated in an open list is not the one nobody sees: it is known not to be linked.
            same_list = unseen.binding[n][1][:-1] == path[:-1]
            return None if same_list and self.evaluation and self.evaluation.tracer.has(path) else unseen
        return None

    def reads(self, place: PlaceResult) -> Support:
        """The facts that the outcome at a place rests on or lacks, and the parts that make the place."""
        assert self.evaluation
        return _read(self.evaluation.grounds(self.rule, place)) | {Fact(path, "exists") for _, path in place.binding}

    def decided(self, place: PlaceResult) -> Support:
        """The facts that settle whichever of the rule's conditions are settled at a place, decisive or not."""
        assert self.evaluation
        applies, violated, exceptions = self.evaluation.steps(self.rule, place)
        steps = [s for s in (applies, violated, *exceptions) if s.sign != UNKNOWN]
        return NO_FACTS.union(*(support(s, s.sign)[0] for s in steps))

    def ties(self, place: PlaceResult) -> Support:
        """The facts that make some parts a place at all."""
        assert self.evaluation
        tracer = self.evaluation.tracer
        env = tracer.env(place.binding)
        steps = [tracer.trace(link, env) for link in self.rule.links]
        return tracer.leads(self.rule.binders, env).union(*((*s.reads, *_open(s.missing)) for s in steps))


def _read(grounds: Grounds) -> Support:
    return grounds.evidence | _open(grounds.open)


def _open(facts: Iterable[Fact]) -> Support:
    """Facts that are not known, as paths: that a list may hold more is not that it holds what is stated and no more."""
    return frozenset(Fact(f.path) for f in facts)


def _first_unseen(binding: Binding) -> int:
    return next(n for n, (_, path) in enumerate(binding) if UNSEEN in path)


@dataclass(frozen=True, slots=True)
class _Pair:
    """One rule in both evaluations."""

    old: _Side
    new: _Side
    rule: Rule
    facts: Sequence[FactChange]

    def change(self, binding: Binding) -> FindingChange | None:
        """What happened at a place, None where it is nothing a reviewer has to know."""
        was = self.old.places.get(binding) or self.old.covering(binding)
        now = self.new.places.get(binding) or self.new.covering(binding)
        before, after = _outcome(was), _outcome(now)
        kind = _kind(before, after)
        # That one of the parts nobody saw is stated and clear decides nothing about the others.
        if kind is None or (kind is FindingKind.DECIDED and binding not in self.old.places):
            return None
        facts, left = self._hangs_on(was, now), self._left_open(now, after)
        return FindingChange(self.rule, binding, kind, before, after, facts, left.open, left.unsettled, was, now)

    def _left_open(self, now: PlaceResult | None, after: Outcome | None) -> Grounds:
        if now is None or self.new.evaluation is None or after not in (Outcome.UNDECIDED, Outcome.UNLESS_EXCUSED):
            return Grounds(NO_FACTS, NO_FACTS, frozenset())
        return self.new.evaluation.grounds(self.rule, now)

    def _hangs_on(self, was: PlaceResult | None, now: PlaceResult | None) -> tuple[FactChange, ...]:
        """The changes among the facts that either outcome rests on or lacks."""
        old, new = self.old.evaluation, self.new.evaluation
        if not self.facts or old is None or new is None:
            return ()
        if (self.old.result is None) is not (self.new.result is None):  # in force on one of the two days only
            return tuple(c for c in self.facts if c.path[0] == "period")
        sides = [(s, p, o) for s, p, o in ((self.old, was, now), (self.new, now, was)) if p is not None]
        reads = NO_FACTS.union(*(s.reads(p) for s, p, _ in sides), *(s.ties(p) for s, p, o in sides if o is None))
        if old.scope != new.scope:
            reads = reads.union(*(_read(e.scope_grounds) for e in (old, new)))
        # Of an undecided place that is what is open; where that did not change, something else it turned on did.
        return self._touching(reads) or self._touching(NO_FACTS.union(*(s.decided(p) for s, p, _ in sides)))

    def _touching(self, reads: Support) -> tuple[FactChange, ...]:
        return tuple(c for c in self.facts if any(_touches(c, fact) for fact in reads))


def _outcome(place: PlaceResult | None) -> Outcome | None:
    """The outcome at a place; one that is not stated may not be there, so nothing is established at it."""
    if place is None:
        return None
    return Outcome.UNDECIDED if not place.seen and place.outcome in CONFLICTS else place.outcome


def _kind(before: Outcome | None, after: Outcome | None) -> FindingKind | None:
    if before is after:
        return None
    if after in CONFLICTS:
        if before not in CONFLICTS:
            return FindingKind.ADDED
        return FindingKind.HARDENED if after is Outcome.CONFLICT else FindingKind.SOFTENED
    if after is Outcome.UNDECIDED:
        return FindingKind.OPENED if before is None else FindingKind.REOPENED
    if before in CONFLICTS:
        return FindingKind.CURED
    return FindingKind.DECIDED if before is Outcome.UNDECIDED else None


def _touches(change: FactChange, fact: Fact) -> bool:
    """Whether a change is one of a fact that is read, or of what the fact lies in."""
    if fact.kind == "whole" and change.about is About.PART and change.path[:-1] == fact.path:
        return True
    if change.about is About.WHOLENESS:
        return fact.path == change.path or fact.path[: len(change.path) + 1] == (*change.path, UNSEEN)
    return fact.path[: len(change.path)] == change.path
