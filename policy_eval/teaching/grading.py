"""A whole answer: every task marked, points added up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from policy_eval.errors import InvalidInput, Problem
from policy_eval.source import Mapping
from policy_eval.teaching import answer as answers
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import NOTHING
from policy_eval.teaching.kinds import KINDS, public_checks
from policy_eval.teaching.marking import Check, TaskGrade
from policy_eval.teaching.model import Task


def rounded(points: Fraction) -> float:
    """Points to hundredths, halves up."""
    return math.floor(points * 100 + Fraction(1, 2)) / 100


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer earned, task by task; points are those of the tool, beside what waits for a person."""

    answer: Answer
    tasks: tuple[tuple[Task, TaskGrade], ...]

    @property
    def points(self) -> Fraction:
        """Points earned."""
        return sum((task.points * found.share for task, found in self.tasks), NOTHING)

    @property
    def of(self) -> int:
        """Points that the tool can give."""
        return sum(task.points for task, found in self.tasks if not found.ungraded)

    @property
    def pending(self) -> Fraction:
        """Points that a person may add."""
        return sum((task.points * found.pending for task, found in self.tasks), NOTHING)

    @property
    def share(self) -> Fraction:
        """Points earned out of those the tool can give, from 0 to 1."""
        return self.points / self.of if self.of else NOTHING


def grade(desk: Desk, answer: Answer) -> Grade:
    """Mark every task; raises `InvalidInput` with everything that is malformed in the answer."""
    found, problems = [], malformed(desk, answer)
    for task in desk.exercise.text.tasks:
        try:
            found.append((task, KINDS[task.kind].grade(desk, task, answer)))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(sorted(problems, key=lambda p: p.span))
    return Grade(answer, tuple(found))


def check(desk: Desk, answer: Answer) -> list[Check]:
    """The public checks of an answer; raises `InvalidInput` with everything that is malformed in it."""
    found, problems = list[Check](), malformed(desk, answer)
    for task in desk.exercise.text.tasks:
        try:
            found += public_checks(desk, task, answer)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(sorted(problems, key=lambda p: p.span))
    return found


def malformed(desk: Desk, answer: Answer) -> list[Problem]:
    """What is wrong with an answer as a whole: another exercise, tasks that there are not."""
    exercise = desk.exercise
    known = [t.id for t in exercise.text.tasks]
    found = [*answers.unknown_tasks(answer, exercise.text.tasks)]
    if answer.text.exercise != exercise.id:
        message = f"this is an answer to `{answer.text.exercise}`, not to `{exercise.id}`"
        found.append(Problem(message, answer.span("exercise"), f"write `exercise: {exercise.id}`"))
    if isinstance(answer.root, Mapping) and answer.root.get("answers") is None:
        found.append(Problem("there are no `answers`", answer.root.span, f"tasks are {', '.join(known)}"))
    return found
