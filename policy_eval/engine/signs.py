"""The values both evaluators speak in, and the questions both must answer alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

Sign = int
TRUE: Final[Sign] = 1
UNKNOWN: Final[Sign] = 0
FALSE: Final[Sign] = -1

PartPath = tuple[str, ...]
Binding = tuple[tuple[str, PartPath], ...]


class PlaceSigns(NamedTuple):
    """What a rule's formulas came to at one place: applies, violated, each exception in order."""

    applies: Sign
    violated: Sign
    exceptions: tuple[Sign, ...]


class ConceptSigns(NamedTuple):
    """A concept asked of parts: its own sign, and those of its two formulas (`fails` 0 if it has none)."""

    sign: Sign
    holds: Sign
    fails: Sign


@dataclass(slots=True)
class Signs:
    """Everything an evaluator derives for one design and set; rules by id, then by binding."""

    scope: Sign = UNKNOWN
    places: dict[str, dict[Binding, PlaceSigns]] = field(default_factory=dict)
    concepts: dict[tuple[str, tuple[PartPath, ...]], ConceptSigns] = field(default_factory=dict)
