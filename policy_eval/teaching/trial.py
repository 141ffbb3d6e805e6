"""An exercise tried by itself: the model answer earns all, an empty one nothing, claiming everything little."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import yaml

from policy_eval import source
from policy_eval.teaching import answer as answers
from policy_eval.teaching.answer import Answer, AnswerFile
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.grading import Grade, grade
from policy_eval.teaching.key import ALL, NOTHING
from policy_eval.teaching.kinds import KINDS, Kind
from policy_eval.teaching.marking import Check
from policy_eval.teaching.model import Task, Typical
from policy_eval.validation import validate

GREEDY = Fraction(40, 100)  # what claiming everything has to stay below
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def made(desk: Desk, parts: Mapping[str, Any], name: str = "made.answer.yaml") -> Answer:
    """An answer made of its parts by task, by way of its text: what is made here can also be written."""
    text = dump({"schema": 1, "exercise": desk.exercise.id, "answers": dict(parts)})
    root = source.parse(text, name).root
    return Answer(validate(AnswerFile, root), desk.exercise.folder, name, root)


def dump(data: Mapping[str, Any]) -> str:
    """Plain data as YAML text, keys in the order they have."""
    return str(yaml.dump(dict(data), Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100))


def model_answer(desk: Desk) -> dict[str, Any]:
    """The answer that earns everything, by task; tasks that only a person can mark are left out."""
    return _parts(desk, lambda kind, task: kind.model(desk, task))


def greedy_answer(desk: Desk) -> dict[str, Any]:
    """The answer of who claims everything, by task."""
    return _parts(desk, lambda kind, task: kind.everything(desk, task))


def _parts(desk: Desk, make: Callable[[Kind, Task], dict[str, Any] | None]) -> dict[str, Any]:
    made = {t.id: make(KINDS[t.kind], t) for t in desk.exercise.text.tasks}
    return {name: part for name, part in made.items() if part is not None}


def trial(desk: Desk) -> Iterator[Check]:
    """Whether an exercise rewards what it should; raises `InvalidInput` where one of its answers is malformed."""
    yield _tried(desk, "the model answer", model_answer(desk), "earn everything", lambda share: share == ALL)
    yield _tried(desk, "an empty answer", {}, "earn nothing", lambda share: share == NOTHING)
    little = f"earn less than {float(GREEDY):.0%}"
    yield _tried(desk, "claiming everything", greedy_answer(desk), little, lambda share: share < GREEDY)
    for typical in desk.exercise.text.typical:
        yield from _typical(desk, typical)


def _tried(desk: Desk, name: str, parts: Mapping[str, Any], should: str, fits: Callable[[Fraction], bool]) -> Check:
    found = grade(desk, made(desk, parts))
    right = not found.of or fits(found.share)  # all may be for a person to mark
    return Check(f"{desk.exercise.id}: {name}", right, f"it should {should}, and earns {_told(found)}")


def _told(found: Grade) -> str:
    return ", ".join(f"{task.id} {float(g.share * task.points):.2f} of {task.points}" for task, g in found.tasks)


def _typical(desk: Desk, typical: Typical) -> Iterator[Check]:
    found = typical_grade(desk, typical)
    shares = {task.id: float(task.points * g.share) for task, g in found.tasks}
    for task, points in typical.points.items():
        name = f"{desk.exercise.id}: {typical.answer}, task {task}"
        yield Check(
            name, abs(shares[task] - points) < 0.005, f"it should earn {points:g}, and earns {shares[task]:.2f}"
        )


def typical_grade(desk: Desk, typical: Typical) -> Grade:
    """The marks of a typical answer; raises `InvalidInput` where it is malformed."""
    folder = desk.exercise.folder
    return grade(desk, answers.read(folder / typical.answer, f"{desk.exercise.shown}/{typical.answer}"))
