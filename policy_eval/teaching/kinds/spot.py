"""spot: find the rules a design conflicts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from policy_eval.findings import CONFLICTS
from policy_eval.teaching import claims
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.claims import Meant
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import NOTHING, Issue, cites, expected
from policy_eval.teaching.kinds.discovery import Fit, discovered
from policy_eval.teaching.marking import (
    AspectMark,
    Part,
    TaskGrade,
    marks,
    reasoned,
)  # fmt: skip
from policy_eval.teaching.model import SpotTask
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark


def issues(desk: Desk, task: SpotTask) -> list[Issue]:
    """The key: each selected rule in conflict, excused or not."""
    return [Issue(e, r) for e, r in desk.selected(task) if r.outcome in CONFLICTS]


def grade(desk: Desk, task: SpotTask, answer: Answer) -> TaskGrade:
    """Marks for the findings of an answer; raises `InvalidInput` where it names what is not there."""
    meant = claims.merged(claims.read(desk, task, answer, [desk.design(task.design)]))
    against = [m for m in meant if m.claim.outcome not in (None, *CONFLICTS)]
    marked = discovered(
        task.id,
        issues(desk, task),
        [m for m in meant if m not in against],
        fit=lambda issue, m: fit(issue, m, task.ask),
        join=claims.joined,
        found=_found,
        missed=lambda issue: _missed(issue, against),
        elsewhere=lambda m: _elsewhere(desk, task, m),
    )
    named = {p.issue.rule.id for p in marked.parts if p.issue}
    beside = [Part(m.label, Mark.NOT_ASKED) for m in against if not any(m.names(rule) for rule in named)]
    return replace(marked, parts=(*marked.parts, *beside), answered=bool(meant))


def fit(issue: Issue, meant: Meant, asked: Sequence[Aspect]) -> Fit | None:
    """How far a claim is one of an issue; None where it means another rule."""
    named = meant.names(issue.rule.id)
    return (named, marks(issue, meant.claim, asked)) if named else None


def _found(issue: Issue, meant: Meant) -> Part:
    note = "" if meant.names(issue.rule.id) == 1 else f"`{meant.claim.provision}` could be cited more exactly"
    said = meant.claim.reasoning or ""
    return Part(issue.rule.id, Mark.RIGHT, note=note, issue=issue, reasoning=said, pending=reasoned(meant.claim))


def _missed(issue: Issue, against: Sequence[Meant]) -> Part:
    """An issue nobody claimed; whoever argued that it is none is read by a person."""
    denied = next((m.claim for m in against if m.names(issue.rule.id)), None)
    if denied is None:
        return Part(issue.rule.id, Mark.MISSED, issue=issue)
    argued = reasoned(denied)
    said = (AspectMark(Aspect.OUTCOME, NOTHING, (str(denied.outcome),), (issue.outcome.value,)),)
    mark = Mark.FOR_A_PERSON if argued else Mark.WRONG
    return Part(issue.rule.id, mark, aspects=said, reasoning=denied.reasoning or "", pending=argued, issue=issue)


def _elsewhere(desk: Desk, task: SpotTask, meant: Meant) -> Part:
    """A claim that is none of the key: of a rule that comes to something else, or that was not asked for."""
    results = [Issue(e, r) for e in desk.evaluations(task.design) for r in e.results if meant.names(r.rule.id)]
    # A provision is explained by a rule that answers for it, where there is one.
    results.sort(key=lambda i: not cites(meant.label, i.rule.text.grounds[:1], i.evaluation.principles))
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
