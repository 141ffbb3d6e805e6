"""The errors a user can meet, drawn as a tree.

    PolicyEvalError
    ├── InvalidInput     the user's text is wrong: exit 2, with every problem found, each located
    └── InternalError    we are wrong, or the machine is: exit 3

A message is one lower-case fact without a final period, quoting the user's text in backticks; the
`help` says what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a file; lines and columns count from 1, the end is exclusive."""

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: what, where, and what to do about it."""

    message: str
    span: Span
    help: str = ""

    def __str__(self) -> str:
        text = f"{self.span}: {self.message}"
        return f"{text}\n  help: {self.help}" if self.help else text


class PolicyEvalError(Exception):
    """Base of every error this package raises on purpose."""


class InvalidInput(PolicyEvalError):
    """The input cannot be used; `problems` holds everything found wrong with it, in file order."""

    def __init__(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class InternalError(PolicyEvalError):
    """A defect of this program (the two evaluators disagree, an engine limit was missed)."""
