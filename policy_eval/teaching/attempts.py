"""Attempts that are remembered: only where somebody asks for it, in a file beside their work, and only points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from policy_eval import source
from policy_eval.errors import InvalidInput
from policy_eval.files import replace_all
from policy_eval.principle import Prose
from policy_eval.teaching import answer as answers
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.grading import Grade, rounded
from policy_eval.validation import validate

FILE = "policy-eval-attempts.json"


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Attempt(_File):
    """Points of an answer; `who` is its pseudonym, or the name of its file."""

    who: Prose = Field(description="pseudonym, or name of the answer's file")
    exercise: Prose = Field(description="exercise by name")
    points: float = Field(description="points the tool gave")
    of: int = Field(description="points it can give")


class AttemptsFile(_File):
    """What is remembered, in the order in which it came."""

    schema_: Literal[1] = Field(alias="schema", description="version of this format")
    attempts: tuple[Attempt, ...] = Field(default=(), description="the attempts")


@dataclass(frozen=True, slots=True)
class Memory:
    """The attempts in a file; none where there is no file."""

    path: Path
    attempts: tuple[Attempt, ...] = ()

    def of(self, answer: Answer) -> tuple[Attempt, ...]:
        """Earlier attempts of whoever wrote an answer, at its exercise."""
        return tuple(a for a in self.attempts if (a.who, a.exercise) == (who(answer), answer.text.exercise))


def of(found: Grade) -> Attempt:
    """What is remembered of a marked answer."""
    points = rounded(found.points)
    return Attempt(who=who(found.answer), exercise=found.answer.text.exercise, points=points, of=found.of)


def who(answer: Answer) -> str:
    """Under which name an answer is remembered."""
    return answer.text.student or answer.shown


def name_of(answer: str) -> str:
    """Under which name an answer is remembered that is given by its file; another text is a pseudonym."""
    path = Path(answer)
    if not path.is_file():
        return answer
    try:
        return who(answers.read(path))
    except InvalidInput:  # one that cannot be read was never remembered by its pseudonym
        return answer


def recall(path: Path) -> Memory:
    """What a file remembers; raises `InvalidInput` where it is none of ours."""
    if not path.exists():
        return Memory(path)
    return Memory(path, validate(AttemptsFile, source.read(path).root).attempts)


def remember(memory: Memory, new: Iterable[Attempt]) -> None:
    """Add attempts to the file, whole or not at all."""
    _write(memory.path, (*memory.attempts, *new))


def forget(memory: Memory, names: Iterable[str] | None = None) -> int:
    """Delete what is remembered under some names, or all of it with the file; how many attempts that were."""
    gone = None if names is None else set(names)
    kept = tuple(a for a in memory.attempts if gone is not None and a.who not in gone)
    if kept:
        _write(memory.path, kept)
    else:
        memory.path.unlink(missing_ok=True)
    return len(memory.attempts) - len(kept)


def _write(path: Path, attempts: tuple[Attempt, ...]) -> None:
    text = AttemptsFile(schema=1, attempts=attempts).model_dump_json(by_alias=True, indent=2)
    replace_all([(path, lambda out: print(text, file=out))])
