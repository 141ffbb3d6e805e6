"""The kinds of task, each a module: what it grades, what it checks in public, and the answers it can make itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, cast

from policy_eval.teaching.answer import Answer
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.exercise import Exercise
from policy_eval.teaching.kinds import argue, decide, distinguish, draft, encode, excuse, repair, spot
from policy_eval.teaching.marking import Check, TaskGrade
from policy_eval.teaching.model import Task
from policy_eval.vocabulary.teaching import Disclosure, TaskKind


class Kind(Protocol):
    """What a module of a kind of task offers; `public` is there only where a kind has checks of its own."""

    def grade(self, desk: Desk, task: Any, answer: Answer) -> TaskGrade:
        """Marks for an answer; raises `InvalidInput` with every place where it is malformed."""

    def model(self, desk: Desk, task: Any) -> dict[str, Any] | None:
        """An answer that earns everything; None where only a person can say."""

    def everything(self, desk: Desk, task: Any) -> dict[str, Any] | None:
        """The answer of who claims all there is to claim; None where there is nothing."""


KINDS: dict[TaskKind, Kind] = {
    TaskKind.SPOT: cast("Kind", spot),
    TaskKind.DECIDE: cast("Kind", decide),
    TaskKind.DISTINGUISH: cast("Kind", distinguish),
    TaskKind.REPAIR: cast("Kind", repair),
    TaskKind.EXCEPT: cast("Kind", excuse),
    TaskKind.ENCODE: cast("Kind", encode),
    TaskKind.DRAFT: cast("Kind", draft),
    TaskKind.ARGUE: cast("Kind", argue),
}
_ASSESSABLE = (TaskKind.ENCODE, TaskKind.DRAFT, TaskKind.ARGUE)


def practice(exercise: Exercise, task: Task) -> bool:
    """Whether a task is for practice and no examination: its key is open, or students, who hold the engine, can ask it.

    Facts of which no design is handed out they would have to encode first.
    """
    text = exercise.text
    return text.disclosure is Disclosure.PUBLIC or (task.kind not in _ASSESSABLE and text.hand_out)


def public_checks(desk: Desk, task: Task, answer: Answer) -> Iterator[Check]:
    """The checks of an answer that are open to whoever solves it; raises `InvalidInput` where it is malformed."""
    # Marking finds whatever is malformed; what it comes to is not told here.
    answered = KINDS[task.kind].grade(desk, task, answer).answered
    yield Check(f"{task.id}: answered", answered, "nothing is answered yet")
    if not answered:
        return
    match task.kind:
        case TaskKind.DRAFT:
            yield from draft.public(desk, task, answer)
        case TaskKind.ARGUE:
            yield from argue.public(desk, task, answer)
        case _:
            yield Check(f"{task.id}: every name and path is there", True)
