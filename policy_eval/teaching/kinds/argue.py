"""argue: the reasons on both sides of a question the law has not settled.

The tool looks whether both sides are there and rest on something; what the reasons are worth a person says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy_eval.cases.holdings import pinpoint
from policy_eval.principle import Ground, Unsettled
from policy_eval.teaching.answer import Answer, Argument, Reason
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import ALL, NOTHING
from policy_eval.teaching.marking import SENTENCE, Check, Part, TaskGrade
from policy_eval.teaching.model import ArgueTask
from policy_eval.vocabulary.teaching import Mark


def question(desk: Desk, task: ArgueTask) -> Unsettled:
    """The open question, with who says what about it."""
    text = desk.set(task.set).concepts[task.concept].whole
    assert text.unsettled is not None
    return text.unsettled


def grade(desk: Desk, task: ArgueTask, answer: Answer) -> TaskGrade:
    """What a person has to read, with what the tool found missing; all points wait for that person."""
    part: Argument | None = answer.part(task, Argument)
    if part is None or not (part.for_ or part.against or part.conclusion):
        return TaskGrade(task.id, NOTHING, (), answered=False, ungraded=True)
    missing = [c for c in public(desk, task, answer) if not c.passed]
    parts = [Part(c.what, Mark.MISSED, note=c.help) for c in missing]
    read = [
        Part(side, Mark.FOR_A_PERSON, reasoning=_said(r), note=_listed(desk, task, r), pending=True)
        for side, reasons in (("for", part.for_), ("against", part.against))
        for r in reasons
    ]
    if part.conclusion:
        read.append(Part("conclusion", Mark.FOR_A_PERSON, reasoning=part.conclusion, pending=True))
    return TaskGrade(task.id, NOTHING, (*parts, *read), pending=ALL, ungraded=True)


def _said(reason: Reason) -> str:
    return f"{reason.says} ({'; '.join(reason.authority)})" if reason.authority else reason.says


def _listed(desk: Desk, task: ArgueTask, reason: Reason) -> str:
    """What of the authorities of a reason the set does not list."""
    new = [a for a in reason.authority if not _known(desk, task, a)]
    return f"not among the authorities the set lists: {'; '.join(new)}" if new else ""


def _known(desk: Desk, task: ArgueTask, authority: str) -> bool:
    named = pinpoint(authority)
    listed = desk.set(task.set).text.instruments
    return any(named[: len(pinpoint(name))] == pinpoint(name) for name in listed)


def public(desk: Desk, task: ArgueTask, answer: Answer) -> Iterator[Check]:
    """Whether both sides are there, in sentences, each resting on something, and a conclusion is drawn."""
    part: Argument = answer.part(task, Argument) or Argument.model_validate({})
    for side, reasons in (("for", part.for_), ("against", part.against)):
        what = f"{task.id}: {task.least} reasons {side}" if task.least > 1 else f"{task.id}: a reason {side}"
        yield Check(what, len(reasons) >= task.least, f"add reasons under `{side}`; there are {len(reasons)}")
        for number, reason in enumerate(reasons, 1):
            name = f"{task.id}: reason {number} {side}"
            yield Check(f"{name} says why", len(reason.says) >= SENTENCE, "write a sentence or two")
            yield Check(f"{name} rests on an authority", bool(reason.authority), "add `authority:`, with pinpoint")
    yield Check(f"{task.id}: a conclusion", bool(part.conclusion), "add `conclusion:` with the better view")


def model(desk: Desk, task: ArgueTask) -> dict[str, Any] | None:
    """None: which side each of the positions that the set knows takes is itself for a person to say."""
    return None


def positions(desk: Desk, task: ArgueTask) -> list[tuple[str, tuple[Ground, ...]]]:
    """Who says what about the open question."""
    return [(p.says, p.grounds) for p in question(desk, task).positions]


def everything(desk: Desk, task: ArgueTask) -> dict[str, Any] | None:
    """None: there is nothing to claim."""
    return None
