"""What every enumeration of the schema is made of: a value, its definition, an example, its DPV term."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Term(str, Enum):
    """A value a fact may take.

    `definition` says when the value is the right one; `example` is one telling instance; `dpv` is
    the matching term of the W3C Data Privacy Vocabulary 2.3 as a compact IRI, empty where none was
    found.
    """

    definition: str
    example: str
    dpv: str
    position: int

    def __new__(cls, value: str, definition: str, example: str, dpv: str = "") -> Self:
        """Make the member from the tuple it is declared with."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.definition = definition
        member.example = example
        member.dpv = dpv
        member.position = len(cls.__members__)
        return member

    def __str__(self) -> str:
        return str(self.value)


class Ordinal(Term):
    """Values in rising order; conditions compare them by `rank`."""

    @property
    def rank(self) -> int:
        """Position on the scale, the lowest value at 0."""
        return self.position

    @classmethod
    def scale(cls) -> str:
        """Name of the scale; only values on the same scale can be compared by rank."""
        return cls.__name__
