"""Many answers to many exercises: each exercise made ready once, what cannot be read set aside with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from policy_eval.errors import InvalidInput
from policy_eval.evaluation import Engine
from policy_eval.teaching import answer as answers
from policy_eval.teaching import exercise, grading
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.exercise import Exercise
from policy_eval.teaching.grading import Grade
from policy_eval.teaching.verifying import verify


@dataclass(frozen=True, slots=True)
class Book:
    """Marks in the order of the answers, and by file what kept others from being marked."""

    marked: tuple[tuple[Desk, Grade], ...]
    failed: dict[str, InvalidInput]


class Bench:
    """Exercises by name, each on a desk of its own; names are looked for in the folder `within` first."""

    def __init__(self, within: Path | None, engine: Engine) -> None:
        self.within, self.engine = within, engine
        self._desks: dict[str, Desk] = {}

    def desk(self, name: str) -> Desk:
        """The desk of an exercise; raises `InvalidInput` where it is not fit to be answered."""
        if name not in self._desks:
            desk = Desk(found(name, self.within), self.engine)
            verify(desk)
            self._desks[name] = desk
        return self._desks[name]

    def read(self, path: Path) -> tuple[Answer, Desk]:
        """An answer with the desk of its exercise; raises `InvalidInput`."""
        answer = answers.read(path)
        name = answer.text.exercise
        try:
            return answer, self.desk(name)
        except InvalidInput as error:  # that there is no such exercise is a fault of the line that names it
            here = answer.span("exercise")
            problems = [replace(p, span=here) if p.span.file == name else p for p in error.problems]
            raise InvalidInput(problems) from None

    def mark(self, files: Iterable[Path]) -> Book:
        """Mark answers; what is malformed is set aside, and the others are marked all the same."""
        marked, failed = [], dict[str, InvalidInput]()
        for file in files:
            try:
                answer, desk = self.read(file)
                marked.append((desk, grading.grade(desk, answer)))
            except InvalidInput as error:
                failed[str(file)] = error
        return Book(tuple(marked), failed)


def found(name: str, within: Path | None) -> Exercise:
    """An exercise or a drill by name; raises `InvalidInput`."""
    if not exercise.is_drill(name):
        return exercise.load(name, within)
    from policy_eval.teaching import making  # what drills are made with is much, and few need it

    return making.of_name(name)
