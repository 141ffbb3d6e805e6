"""Paths by id: `inputs.purchases.uses.credit.link` names a fact whatever the order of the lists."""

from __future__ import annotations

from collections.abc import Iterator

from policy_eval.design.base import Block, Part
from policy_eval.design.types import Parts, fields_of, part_lists, part_models

PartPath = tuple[str, ...]


def split(text: str) -> PartPath:
    """The steps of a path; a promise is known by the path it is about, which is one step."""
    steps = tuple(text.split("."))
    if steps[0] != "promises" or len(steps) < 3:
        return steps
    last = (steps[-1],) if steps[-1] in ("value", "source") else ()
    return ("promises", ".".join(steps[1 : len(steps) - len(last)]), *last)


def join(path: PartPath) -> str:
    """The written form of a path."""
    return ".".join(path)


def related(one: PartPath, other: PartPath) -> bool:
    """Whether one of two paths lies in the other, or is it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def key_of(list_name: str) -> str | None:
    """The field that identifies the items of a list of parts; None if it is no such list."""
    if list_name == "sources":
        return "id"
    kind = part_lists().get(list_name)
    return part_models()[kind].key if kind else None


def parts_of(block: Block, path: PartPath = ()) -> Iterator[tuple[PartPath, Part]]:
    """Every part of a design with its path, nested ones after what holds them."""
    for name, kind in fields_of(type(block)).items():
        if isinstance(kind, Parts):
            for part in getattr(block, name) or ():
                here = (*path, name, str(getattr(part, part.key)))
                yield here, part
                yield from parts_of(part, here)
