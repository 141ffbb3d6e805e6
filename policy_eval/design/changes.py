"""What differs between two designs, fact by fact: what was stated anew, lost, changed, added or removed.

A fact is whatever a condition can read, and the kind, period and jurisdiction of the header, which decide the label of
a verdict. What is not stated is unknown, never absent: a part counts as removed only where its list is whole now, and
as added only where its list was whole before. Order never matters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from policy_eval.design.base import Block, Bounds, Part
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join
from policy_eval.design.types import FieldType, Group, Parts, Text, Values, fields_of

UNKNOWN = "unknown"
THERE, ABSENT = "stated", "not there"  # of a part as a whole
WHOLE, OPEN = "whole", "may hold more"  # of a list whose items are stated


class ChangeKind(str, Enum):
    """What happened to a fact."""

    STATED = "stated"  # unknown before, known now
    LOST = "lost"  # known before, unknown now
    CHANGED = "changed"  # another value
    ADDED = "added"  # a part that was known not to be there
    REMOVED = "removed"  # a part that is known not to be there now


class About(str, Enum):
    """What a change is about."""

    LEAF = "leaf"
    PART = "part"  # it came or went as a whole
    LIST = "list"  # all that is stated of it came or went
    WHOLENESS = "wholeness"  # whether a list holds more than is stated


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact, part or list that differs, as text written as in a design.

    `facts` counts the leaves stated below a part or list that came or went as a whole; they are not listed one by one.
    """

    path: PartPath
    kind: ChangeKind
    before: str
    after: str
    about: About = About.LEAF
    facts: int = 0


def changes(old: Design, new: Design) -> tuple[FactChange, ...]:
    """What differs between two composed designs, by path."""
    found = [*_header(old, new), *_Comparison(old, new).blocks(old, new, ())]
    return tuple(sorted(found, key=lambda c: c.path))


def _header(old: Design, new: Design) -> Iterator[FactChange]:
    yield from _values(("kind",), old.kind, new.kind)
    for name, end in (("from", "from_"), ("until", "until")):
        days = [getattr(d.period, end) if d.period else None for d in (old, new)]
        yield from _values(("period", name), *days)


def _values(path: PartPath, before: object, after: object, kind: FieldType | None = None) -> Iterator[FactChange]:
    """The change of one leaf, if there is any."""
    if not _same(before, after):
        yield FactChange(path, _kind(before, after), written(before, kind), written(after, kind))


def _same(before: object, after: object) -> bool:
    if isinstance(before, tuple) and isinstance(after, tuple):
        return set(before) == set(after)
    return before == after


def _kind(before: object, after: object) -> ChangeKind:
    """Of a number known within bounds, wider bounds say less and narrower ones more."""
    if before is None or _wider(before, after):
        return ChangeKind.STATED
    if after is None or _wider(after, before):
        return ChangeKind.LOST
    return ChangeKind.CHANGED


def _wider(one: object, other: object) -> bool:
    if not isinstance(one, Bounds) or not isinstance(other, Bounds):
        return False
    return one.low <= other.low and other.high <= one.high


def written(value: object, kind: FieldType | None = None) -> str:
    """A value as it would be written in a design; what is a set is put in one order."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        texts = [written(v) for v in value]
        # Free text is listed in an order that says something (`jurisdiction`: narrow to wide), if nothing that counts.
        ordered = isinstance(kind, Values) and isinstance(kind.of, Text)
        return f"[{', '.join(texts if ordered else sorted(texts))}]"
    return str(value)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two designs, for which of their lists are whole."""

    old: Design
    new: Design

    def blocks(self, old: Block, new: Block, path: PartPath) -> Iterator[FactChange]:
        """What differs between two versions of a block or part."""
        for name, kind in fields_of(type(new)).items():
            before, after, here = getattr(old, name), getattr(new, name), (*path, name)
            if isinstance(kind, Parts):
                yield from self.lists(before, after, here)
            elif isinstance(kind, Group):
                yield from self.blocks(before, after, here)
            elif name != _key(new):
                yield from _values(here, before, after, kind)

    def lists(
        self, before: tuple[Part, ...] | None, after: tuple[Part, ...] | None, path: PartPath
    ) -> Iterator[FactChange]:
        """What differs between two versions of a list of parts."""
        was_whole, is_whole = self.whole(self.old, before, path), self.whole(self.new, after, path)
        # An open list in which nothing is stated says as much as none.
        known_before, known_after = bool(before) or was_whole, bool(after) or is_whole
        if known_before and known_after:
            if was_whole is not is_whole:
                words = (ChangeKind.LOST, WHOLE, OPEN) if was_whole else (ChangeKind.STATED, OPEN, WHOLE)
                yield FactChange(path, *words, About.WHOLENESS)
            yield from self.items(_by_id(before), _by_id(after), path, was_whole, is_whole)
        elif known_before or known_after:
            kind = ChangeKind.LOST if known_before else ChangeKind.STATED
            count = sum(map(_facts, (*(before or ()), *(after or ()))))
            yield FactChange(path, kind, _listed(before, was_whole), _listed(after, is_whole), About.LIST, count)

    def items(
        self, old: dict[str, Part], new: dict[str, Part], path: PartPath, was_whole: bool, is_whole: bool
    ) -> Iterator[FactChange]:
        """What differs between the items of two versions of a list of which something is known in both."""
        for name in old | new:
            here = (*path, name)
            if name not in new:
                gone = (ChangeKind.REMOVED, THERE, ABSENT) if is_whole else (ChangeKind.LOST, THERE, UNKNOWN)
                yield FactChange(here, *gone, About.PART, _facts(old[name]))
            elif name not in old:
                come = (ChangeKind.ADDED, ABSENT, THERE) if was_whole else (ChangeKind.STATED, UNKNOWN, THERE)
                yield FactChange(here, *come, About.PART, _facts(new[name]))
            else:
                yield from self.blocks(old[name], new[name], here)

    @staticmethod
    def whole(design: Design, items: tuple[Part, ...] | None, path: PartPath) -> bool:
        """Whether a list is known to hold no more than is stated."""
        return items is not None and join(path) not in design.partial_lists


def _listed(items: tuple[Part, ...] | None, whole: bool) -> str:
    """A list of parts by their ids."""
    if not items and not whole:
        return UNKNOWN
    more = [] if whole else ["and perhaps more"]
    return f"[{', '.join([*sorted(_by_id(items)), *more])}]"


def _by_id(items: tuple[Part, ...] | None) -> dict[str, Part]:
    return {str(getattr(p, p.key)): p for p in items or ()}


def _key(block: Block) -> str | None:
    return block.key if isinstance(block, Part) else None


def _facts(block: Block) -> int:
    """How many leaves are stated in a block or part and below it; what it is known by is none."""
    count = 0
    for name, kind in fields_of(type(block)).items():
        value = getattr(block, name)
        if isinstance(kind, Parts):
            count += sum(map(_facts, value or ()))
        elif isinstance(kind, Group):
            count += _facts(value)
        else:
            count += value is not None and name != _key(block)
    return count
