"""A design as a graph of things with facts, for the durable_rules side.

Unknown facts are absent. A partial or unknown list holds one more, unseen thing of which nothing is
known. The reference evaluator does not use this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from policy_eval.design.base import Block, Part
from policy_eval.design.model import Design
from policy_eval.design.types import FieldType, Group, Parts, Ref, Values, fields_of, root_lists

PartPath = tuple[str, ...]
UNSEEN = "?"


@dataclass(slots=True, eq=False)
class Thing:
    """The design, a block or a part: its path and what is known of it."""

    path: PartPath
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def seen(self) -> bool:
        """False for the unseen member of a partial list and for what hangs on it."""
        return UNSEEN not in self.path


@dataclass(slots=True, eq=False)
class Listing:
    """A list of parts; `unseen` stands for members that are not stated, None where it is whole."""

    path: PartPath
    items: tuple[Thing, ...]
    unseen: Thing | None

    @property
    def known(self) -> bool:
        """Whether anything at all is said of the list."""
        return bool(self.items) or self.unseen is None


def unknown_list(path: PartPath) -> Listing:
    """A list nothing is said of."""
    return Listing(path, (), Thing((*path, UNSEEN)))


_last: tuple[Design, Thing] | None = None


def build(design: Design) -> Thing:
    """The design's facts as a graph; references lead to the things they name.

    The last graph is kept, for a design is judged under one set after the other; nobody changes it.
    """
    global _last
    last = _last
    if last is None or last[0] is not design:
        last = _last = design, _graph(design)
    return last[1]


def _graph(design: Design) -> Thing:
    parts: dict[tuple[str, str], Thing] = {}
    pending: list[tuple[Thing, str, Ref | Values]] = []
    root = _thing(design, (), design.partial_lists, parts, pending)
    lists = root_lists()
    for thing, name, kind in pending:
        value = thing.facts[name]
        if isinstance(kind, Values) and isinstance(value, tuple):
            assert isinstance(kind.of, Ref)
            thing.facts[name] = tuple(_target(v, kind.of, parts, lists) for v in value)
        elif isinstance(kind, Ref):
            thing.facts[name] = _target(value, kind, parts, lists)
    return root


def _target(value: object, kind: Ref, parts: dict[tuple[str, str], Thing], lists: dict[str, str]) -> object:
    for candidate in kind.kinds:
        thing = parts.get((lists.get(candidate, ""), str(value)))
        if thing is not None:
            return thing
    return str(value)


def _thing(
    block: Block,
    path: PartPath,
    partial: frozenset[str],
    parts: dict[tuple[str, str], Thing],
    pending: list[tuple[Thing, str, Ref | Values]],
) -> Thing:
    thing = Thing(path)
    if len(path) == 2:
        parts[path[0], path[1]] = thing
    for name, kind in fields_of(type(block)).items():
        value = getattr(block, name)
        if isinstance(kind, Parts):
            here = (*path, name)
            thing.facts[name] = unknown_list(here) if value is None else Listing(
                here,
                tuple(_thing(p, (*here, getattr(p, p.key)), partial, parts, pending) for p in value),
                Thing((*here, UNSEEN)) if ".".join(here) in partial else None,
            )  # fmt: skip
        elif isinstance(kind, Group):
            thing.facts[name] = _thing(value, (*path, name), partial, parts, pending)
        elif value is not None:
            thing.facts[name] = value
            if _refers(kind):
                pending.append((thing, name, kind))  # type: ignore[arg-type]
    return thing


def _refers(kind: FieldType) -> bool:
    return isinstance(kind, Ref) or (isinstance(kind, Values) and isinstance(kind.of, Ref))


def parts_of(design: Block, path: PartPath = ()) -> Iterator[tuple[PartPath, Part]]:
    """Every part of a design with its path by id."""
    for name, kind in fields_of(type(design)).items():
        value = getattr(design, name)
        if isinstance(kind, Parts):
            for part in value or ():
                here = (*path, name, getattr(part, part.key))
                yield here, part
                yield from parts_of(part, here)
        elif isinstance(kind, Group):
            yield from parts_of(value, (*path, name))
