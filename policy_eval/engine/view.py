"""A design as the reference evaluator reads it: the paths of its parts, what references name, what lists hold."""

from __future__ import annotations

from typing import Any

from policy_eval.design.base import Block, Part
from policy_eval.design.model import Design
from policy_eval.design.types import Group, Parts, Ref, Values, fields_of

Listed = tuple[list[Any], "Unseen | None"]  # the items of a list, and its unseen member if it may hold more


class Unseen:
    """A part that is not stated and may not exist; nothing is known of it."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.path = path


class View:
    """A design with the path of each of its parts, and its parts by kind and id."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.paths: dict[int, tuple[str, ...]] = {id(design): ()}
        self.kinds: dict[tuple[str, str], Part] = {}
        self.lists: dict[tuple[int, str], Listed] = {}
        self._index(design, ())

    @staticmethod
    def of(design: Design) -> View:
        """The view of a design; the last one is kept, for a design is judged under one set after the other."""
        global _last
        last = _last
        if last is None or last.design is not design:
            last = _last = View(design)
        return last

    def _index(self, block: Block, path: tuple[str, ...]) -> None:
        for name, kind in fields_of(type(block)).items():
            value = getattr(block, name)
            if isinstance(kind, Group):
                self.paths[id(value)] = (*path, name)
                self._index(value, (*path, name))
            elif isinstance(kind, Parts):
                for part in value or ():
                    here = (*path, name, getattr(part, part.key))
                    self.paths[id(part)] = here
                    if len(here) == 2:
                        self.kinds[part.kind, here[1]] = part
                    self._index(part, here)

    def named(self, value: str, owner: Block, field: str) -> Any:
        """The part a text names, where the field refers to parts; else the text."""
        kind = fields_of(type(owner))[field]
        return self.target(value, kind) if isinstance(kind, Ref) else value

    def target(self, value: str | None, kind: Ref) -> Any:
        """The part a reference names; the word itself where it names none."""
        for name in kind.kinds:
            part = self.kinds.get((name, str(value)))
            if part is not None:
                return part
        return value

    def items(self, owner: Block, name: str) -> Listed:
        """The items of a list of a part, and its unseen member if it may hold more."""
        key = (id(owner), name)
        found = self.lists.get(key)
        if found is None:
            found = self.lists[key] = self._items(owner, name)
        return found

    def _items(self, owner: Block, name: str) -> Listed:
        kind, value = fields_of(type(owner))[name], getattr(owner, name)
        here = (*self.paths[id(owner)], name)
        if isinstance(kind, Parts):
            whole = value is not None and ".".join(here) not in self.design.partial_lists
            return list(value or ()), None if whole else Unseen((*here, "?"))
        if value is None:
            return [], Unseen((*here, "?"))
        if isinstance(kind, Values) and isinstance(kind.of, Ref):
            return [self.target(v, kind.of) for v in value], None
        return list(value), None


_last: View | None = None
