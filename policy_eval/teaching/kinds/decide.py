"""decide: say what given rules come to, and what is open."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from policy_eval.design.paths import related, split
from policy_eval.teaching import claims
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.claims import Meant
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import NOTHING, Issue
from policy_eval.teaching.kinds.discovery import assigned
from policy_eval.teaching.kinds.spot import claim_of
from policy_eval.teaching.marking import Part, TaskGrade, mark_of, marks, reasoned, weighed
from policy_eval.teaching.model import DecideTask
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark


def issues(desk: Desk, task: DecideTask) -> list[Issue]:
    """The key: each rule that is asked about, where it is asked."""
    results = {r.rule.id: (e, r) for e in desk.evaluations(task.design) for r in e.results}
    return [Issue(*results[q.rule], q.at) for q in task.questions]


def grade(desk: Desk, task: DecideTask, answer: Answer) -> TaskGrade:
    """Marks for the outcomes an answer gives; raises `InvalidInput` where it names what is not there.

    The rules are named in the question, so it does not matter how exactly an answer names them.
    """
    read = claims.read(desk, task, answer, [desk.design(task.design)])
    meant = [m for m in read if m.claim.outcome is not None]
    key = issues(desk, task)
    fits = {(i, k): f for i, m in enumerate(meant) for k, issue in enumerate(key) if (f := _fits(issue, m))}
    taken = assigned(fits)
    worth = Fraction(1, len(key))
    found = [
        _answered(issue, meant[taken[k]], task, worth)
        if k in taken
        else Part(label(issue), Mark.MISSED, worth=worth, issue=issue)
        for k, issue in enumerate(key)
    ]
    rest = [
        Part(m.label, Mark.NOT_ASKED, note="this is not among the questions, or it is answered twice")
        for i, m in enumerate(meant)
        if i not in taken.values()
    ]
    share = sum((p.share for p in found), NOTHING)
    pending = sum((p.worth - p.share for p in found if p.pending), NOTHING)
    return TaskGrade(task.id, share, (*found, *rest), answered=bool(meant), pending=pending)


def _fits(issue: Issue, meant: Meant) -> Fraction | None:
    """How well an answer fits a question: its rule first, then its place; None where it is of another."""
    named, at, asked = meant.names(issue.rule.id), meant.claim.at, issue.at
    near = any(related(split(a), split(b)) for a in at for b in asked)
    if not named or (at and asked and not near):
        return None
    return named * 4 + near + (set(at) == set(asked))


def _answered(issue: Issue, meant: Meant, task: DecideTask, worth: Fraction) -> Part:
    """An answer to a question: where its outcome is wrong, what else it says is not looked at."""
    claim = meant.claim
    (outcome,) = marks(issue, claim, [Aspect.OUTCOME])
    others = marks(issue, claim, [a for a in task.ask if a is not Aspect.OUTCOME]) if outcome.share else ()
    share = weighed(outcome.share, others)
    argued = share < 1 and reasoned(claim)
    mark = Mark.FOR_A_PERSON if argued and not outcome.share else mark_of(share)
    return Part(label(issue), mark, share * worth, worth, "", (outcome, *others), issue, claim.reasoning or "", argued)


def label(issue: Issue) -> str:
    """A question in a word: the rule, and where it is asked."""
    return f"{issue.rule.id} ({', '.join(issue.at)})" if issue.at else issue.rule.id


def model(desk: Desk, task: DecideTask) -> dict[str, Any]:
    """The answer that earns everything, worked out by the engine."""
    found = []
    for issue in issues(desk, task):
        claim = claim_of(issue, task.ask, also=[Aspect.OUTCOME])
        found.append({**claim, **({"at": list(issue.at)} if issue.at else {})})
    return {"findings": found}


def everything(desk: Desk, task: DecideTask) -> dict[str, Any]:
    """The answer of who calls everything a conflict."""
    return {
        "findings": [
            {"rule": q.rule, "outcome": Outcome.CONFLICT.value, **({"at": list(q.at)} if q.at else {})}
            for q in task.questions
        ]
    }
