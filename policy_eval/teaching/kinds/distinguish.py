"""distinguish: say what comes out otherwise for a variant, and by which facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policy_eval.design.changes import FactChange, changes
from policy_eval.design.model import Design
from policy_eval.design.types import fields_of
from policy_eval.difference import FindingChange, difference
from policy_eval.teaching import claims
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.claims import Meant
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import Issue
from policy_eval.teaching.kinds.discovery import discovered
from policy_eval.teaching.marking import AspectMark, Part, TaskGrade, reasoned
from policy_eval.teaching.model import DistinguishTask
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark


@dataclass(frozen=True)
class Turn:
    """A rule that comes to something else for the variant, and the changed facts that make the difference."""

    before: Issue
    after: Issue
    facts: frozenset[str]
    changed: frozenset[str]  # whatever differs between the designs

    @property
    def rule(self) -> str:
        """The rule by id."""
        return self.before.rule.id

    @property
    def outcomes(self) -> tuple[Outcome, Outcome]:
        """What it comes to for either."""
        return self.before.outcome, self.after.outcome


def turns(desk: Desk, task: DistinguishTask) -> list[Turn]:
    """The key: each selected rule with another outcome for the variant."""
    found = []
    pairs = zip(desk.evaluations(task.design), desk.evaluations(task.variant), strict=True)
    asked = {r.rule.id for _, r in desk.selected(task)}
    for old, new in pairs:
        facts = told(old.design, new.design)
        by_rule: dict[str, list[FindingChange]] = {}
        for change in difference(old, new, facts).findings:
            by_rule.setdefault(change.rule.id, []).append(change)
        for result in old.results:
            before = Issue(old, result, task.at)
            after = Issue(new, new.result(result.rule.id), task.at)
            if result.rule.id in asked and before.outcome is not after.outcome:
                own = _facts(before, after, by_rule.get(result.rule.id, ()))
                changed = frozenset(map(_path, facts))
                found.append(Turn(before, after, frozenset(own) or changed, changed))
    return found


def _facts(before: Issue, after: Issue, changes: Iterable[FindingChange]) -> set[str]:
    """The facts that changed at places which make the outcome before or after what it is."""
    places = {p.binding for issue in (before, after) for p in issue.telling}
    return {_path(f) for c in changes if c.binding in places for f in c.facts}


def told(old: Design, new: Design) -> tuple[FactChange, ...]:
    """What differs between two designs, without what only describes the file."""
    return tuple(c for c in changes(old, new) if c.path[0] in fields_of(Design))


def _path(change: FactChange) -> str:
    return ".".join(change.path)


def grade(desk: Desk, task: DistinguishTask, answer: Answer) -> TaskGrade:
    """Marks for the differences an answer names; raises `InvalidInput` where it names what is not there."""
    designs = [desk.design(task.design), desk.design(task.variant)]
    meant = claims.merged(claims.read(desk, task, answer, designs))
    return discovered(
        task.id,
        turns(desk, task),
        meant,
        fit=lambda turn, m: (m.names(turn.rule), _marks(turn, m, task.ask)) if m.names(turn.rule) else None,
        join=claims.joined,
        found=lambda turn, m: Part(
            turn.rule, Mark.RIGHT, issue=turn.after, reasoning=m.claim.reasoning or "", pending=reasoned(m.claim)
        ),
        missed=lambda turn: Part(turn.rule, Mark.MISSED, issue=turn.after),
        elsewhere=lambda m: _elsewhere(desk, task, m),
    )


def _marks(turn: Turn, meant: Meant, asked: Sequence[Aspect]) -> tuple[AspectMark, ...]:
    claim, found = meant.claim, []
    if Aspect.BEFORE_AFTER in asked:
        given = (claim.before, claim.after)
        right = Fraction(sum(a is b for a, b in zip(given, turn.outcomes, strict=True)), 2)
        said = tuple(str(o) for o in given if o)
        found.append(AspectMark(Aspect.BEFORE_AFTER, right, said, tuple(o.value for o in turn.outcomes)))
    if Aspect.FACTS in asked:
        right = _right(turn, frozenset(claim.facts))
        found.append(AspectMark(Aspect.FACTS, right, claim.facts, tuple(sorted(turn.facts))))
    return tuple(found)


def _right(turn: Turn, named: frozenset[str]) -> Fraction:
    """How far facts are those that make the difference; that others changed which the rule reads too is no fault."""
    read = {str(f) for issue in (turn.before, turn.after) for f in issue.read}
    astray = named - turn.facts - (turn.changed & read)
    return Fraction(len(named & turn.facts), len(turn.facts) + len(astray))


def _elsewhere(desk: Desk, task: DistinguishTask, meant: Meant) -> Part:
    """A claim of a rule that comes to the same for both, or that was not asked for."""
    asked = {r.rule.id for _, r in desk.selected(task)}
    results = [Issue(e, r) for e in desk.evaluations(task.variant) for r in e.results if meant.names(r.rule.id)]
    issue = results[0] if results else None
    if results and not any(i.rule.id in asked for i in results):
        return Part(meant.label, Mark.NOT_ASKED, note="this is not among the rules asked about", issue=issue)
    if reasoned(meant.claim):
        said = meant.claim.reasoning or ""
        return Part(meant.label, Mark.FOR_A_PERSON, issue=issue, reasoning=said, pending=True)
    note = "it comes to the same for both designs" if results else "no rule of the instruments rests on this provision"
    return Part(meant.label, Mark.UNFOUNDED, note=note, issue=issue)


def model(desk: Desk, task: DistinguishTask) -> dict[str, Any]:
    """The answer that earns everything, worked out by the engine."""
    found = []
    for turn in turns(desk, task):
        before, after = turn.outcomes
        claim: dict[str, Any] = {"rule": turn.rule}
        if Aspect.BEFORE_AFTER in task.ask:
            claim |= {"before": before.value, "after": after.value}
        if Aspect.FACTS in task.ask:
            claim["facts"] = sorted(turn.facts)
        found.append(claim)
    return {"findings": found}


def everything(desk: Desk, task: DistinguishTask) -> dict[str, Any]:
    """The answer of who has every rule turn from conflict to none."""
    changed = {_path(f) for f in told(desk.design(task.design).design, desk.design(task.variant).design)}
    ends = {"before": Outcome.CONFLICT.value, "after": Outcome.NO_CONFLICT.value, "facts": sorted(changed)}
    return {"findings": [{"rule": r.rule.id, **ends} for _, r in desk.selected(task)]}
