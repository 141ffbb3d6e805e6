"""spot: find the rules a design conflicts with."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from policy_eval.findings import CONFLICTS
from policy_eval.teaching import claims
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.claims import Meant
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import NOTHING, Issue, expected
from policy_eval.teaching.marking import (
    AspectMark,
    Part,
    TaskGrade,
    mark_of,
    marks,
    reasoned,
    weighed,
)  # fmt: skip
from policy_eval.teaching.model import SpotTask
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark


def issues(desk: Desk, task: SpotTask) -> list[Issue]:
    """The key: each selected rule in conflict, excused or not."""
    return [Issue(e, r) for e, r in desk.selected(task) if r.outcome in CONFLICTS]


def grade(desk: Desk, task: SpotTask, answer: Answer) -> TaskGrade:
    """Marks for the findings of an answer; raises `InvalidInput` where it names what is not there.

    What is right counts out of all there is to be found and all that was claimed without ground: whoever claims
    everything finds everything, and earns little.
    """
    meant = claims.merged(claims.read(desk, task, answer, [desk.design(task.design)]))
    key = issues(desk, task)
    positive = [m for m in meant if (m.claim.outcome or Outcome.CONFLICT) in CONFLICTS]
    earned = {
        (i, k): (found, weighed(m.names(issue.rule.id), found))
        for i, m in enumerate(positive)
        for k, issue in enumerate(key)
        if m.names(issue.rule.id)
        for found in [marks(issue, m.claim, task.ask)]
    }
    taken = claims.assigned({pair: share for pair, (_, share) in earned.items()})
    rest = [_elsewhere(desk, task, m) for i, m in enumerate(positive) if i not in taken.values()]
    others = [m for m in meant if m not in positive]
    whole = len(key) + sum(p.mark is Mark.UNFOUNDED for p in rest)
    found = [
        _found(issue, positive[taken[k]], *earned[taken[k], k], whole)
        if k in taken
        else _missed(issue, others, Fraction(1, whole))
        for k, issue in enumerate(key)
    ]
    parts = (*found, *rest)
    share = sum((p.share for p in parts), NOTHING) if key else Fraction(not any(p.mark is Mark.UNFOUNDED for p in rest))
    pending = sum((p.worth for p in found if p.pending), NOTHING)
    return TaskGrade(task.id, share if meant else NOTHING, parts, answered=bool(meant), pending=pending)


def _found(issue: Issue, meant: Meant, aspects: Sequence[AspectMark], share: Fraction, whole: int) -> Part:
    note = "" if meant.names(issue.rule.id) == 1 else f"`{meant.claim.provision}` could be cited more exactly"
    return Part(
        issue.rule.id,
        mark_of(share),
        share / whole,
        Fraction(1, whole),
        note,
        tuple(aspects),
        reasoning=meant.claim.reasoning or "",
        issue=issue,
    )


def _missed(issue: Issue, others: Sequence[Meant], worth: Fraction) -> Part:
    """An issue nobody claimed; whoever argued that it is none is read by a person."""
    against = next((m for m in others if m.names(issue.rule.id)), None)
    if against is None:
        return Part(issue.rule.id, Mark.MISSED, worth=worth, issue=issue)
    argued = reasoned(against.claim)
    mark = Mark.FOR_A_PERSON if argued else Mark.WRONG
    said = (AspectMark(Aspect.OUTCOME, NOTHING, (str(against.claim.outcome),), (issue.outcome.value,)),)
    return Part(
        issue.rule.id, mark, worth=worth, aspects=said, reasoning=against.claim.reasoning or "", pending=argued,
        issue=issue,
    )  # fmt: skip


def _elsewhere(desk: Desk, task: SpotTask, meant: Meant) -> Part:
    """A claim that is none of the key: of a rule that comes to something else, or that was not asked for."""
    results = [Issue(e, r) for e in desk.evaluations(task.design) for r in e.results if meant.names(r.rule.id)]
    asked = {r.rule.id for _, r in desk.selected(task)}
    standing = [i for i in results if i.outcome in CONFLICTS]
    if standing:
        twice = any(i.rule.id in asked for i in standing)
        note = "it is credited to another finding of yours" if twice else "this is not among the rules asked about"
        return Part(meant.label, Mark.NOT_ASKED, note=note, issue=standing[0])
    nearest = next((i for i in results if i.outcome is Outcome.UNDECIDED), results[0] if results else None)
    note = "" if nearest else "no rule of the instruments rests on this provision"
    if reasoned(meant.claim):
        return Part(
            meant.label,
            Mark.FOR_A_PERSON,
            note=note,
            reasoning=meant.claim.reasoning or "",
            pending=True,
            issue=nearest,
        )
    return Part(meant.label, Mark.UNFOUNDED, note=note, issue=nearest)


def model(desk: Desk, task: SpotTask) -> dict[str, Any]:
    """The answer that earns everything, worked out by the engine."""
    return {"findings": [claim_of(issue, task.ask) for issue in issues(desk, task)]}


def claim_of(issue: Issue, asked: Sequence[Aspect], also: Sequence[Aspect] = ()) -> dict[str, Any]:
    """An issue as an answer would state it."""
    keys = {
        Aspect.OUTCOME: "outcome", Aspect.PLACE: "at", Aspect.PARTY: "duty_of", Aspect.FACTS: "facts",
        Aspect.EXCEPTION: "exception", Aspect.OPEN: "open",
    }  # fmt: skip
    claim: dict[str, Any] = {"rule": issue.rule.id}
    for aspect in dict.fromkeys((*also, *asked)):
        found = list(expected(issue, aspect)) if aspect in keys else []
        if found:
            claim[keys[aspect]] = found[0] if aspect in (Aspect.OUTCOME, Aspect.PARTY) else found
    return claim


def everything(desk: Desk, task: SpotTask) -> dict[str, Any]:
    """The answer of who claims every rule at every place."""
    found = []
    for _, result in desk.selected(task):
        at = sorted({".".join(path) for p in result.places if p.seen for _, path in p.binding})
        found.append({"rule": result.rule.id, "outcome": "conflict", **({"at": at} if at else {})})
    return {"findings": found}
