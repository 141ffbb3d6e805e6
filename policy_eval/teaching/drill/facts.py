"""Designs cut down to some of their facts, and written out again as files of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import yaml

from policy_eval import source
from policy_eval.design import loading
from policy_eval.design.base import Block, Bounds, Part
from policy_eval.design.changes import written as written_value
from policy_eval.design.evidence import keep
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, parts_of
from policy_eval.design.types import FieldType, Group, Parts, Ref, Values, fields_of, part_lists, root_lists
from policy_eval.engine.evidence import Fact, Support


class Facts:
    """What a design states, by path."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.parts: dict[PartPath, Part] = dict(parts_of(design))

    def holder(self, path: PartPath) -> Block:
        """The block or part that a field belongs to."""
        length = next((n for n in range(len(path) - 1, 1, -1) if path[:n] in self.parts), 0)
        block: Block = self.parts[path[:length]] if length else self.design
        for step in path[length:-1]:
            block = getattr(block, step)
        return block

    def kind(self, path: PartPath) -> FieldType:
        """The type of a field."""
        return fields_of(type(self.holder(path)))[path[-1]]

    def value(self, path: PartPath) -> Any:
        """What a field holds; None if it is not known."""
        return getattr(self.holder(path), path[-1])

    def has(self, fact: Fact) -> bool:
        """Whether a leaf or a part is stated."""
        if fact.kind == "exists":
            return fact.path in self.parts
        held = all(fact.path[:n] in self.parts for n in range(2, len(fact.path), 2) if fact.path[n - 2] in part_lists())
        return held and self.value(fact.path) is not None

    def needed(self, facts: Iterable[Fact]) -> Support:
        """Some facts with all that they presuppose: the parts they are about and those they refer to."""
        found: set[Fact] = set()
        pending = sorted(facts)
        while pending:
            fact = pending.pop()
            if fact not in found:
                found.add(fact)
                pending += self._presupposed(fact)
        return frozenset(found)

    def _presupposed(self, fact: Fact) -> Iterator[Fact]:
        path = fact.path
        yield from (Fact(path[:n], "exists") for n in range(2, len(path)) if path[:n] in self.parts)
        if fact.kind == "whole":
            items = self.value(path) or ()
            yield from (Fact((*path, str(getattr(p, p.key))), "exists") for p in items)
        elif fact.kind == "exists":
            part = self.parts[path]
            yield from self._referred(fields_of(type(part))[part.key], path[-1])
        else:
            yield from self._referred(self.kind(path), self.value(path))

    def _referred(self, kind: FieldType, value: Any) -> Iterator[Fact]:
        target = kind.of if isinstance(kind, Values) else kind
        if isinstance(target, Ref):
            lists = root_lists()
            ids = value if isinstance(value, tuple) else (value,)
            paths = [(lists[k], str(i)) for i in ids for k in target.kinds]
            yield from (Fact(p, "exists") for p in paths if p in self.parts)

    def stated(self) -> Iterator[tuple[Fact, str]]:
        """Every field that is known, with what it holds."""
        return ((fact, written_value(self.value(fact.path), self.kind(fact.path))) for fact in self.leaves())

    def leaves(self) -> Iterator[Fact]:
        """Every field that is known, but for what parts are known by."""
        yield from _leaves(self.design, ())


def sentences(facts: Support) -> int:
    """How many sentences tell some facts in paragraphs.

    One each, one for the uses of each piece of data, one for each list that is empty, and one for all other lists.
    """
    lists = {f.path[:-1] for f in facts if f.kind == "exists"}
    empty = {f.path for f in facts if f.kind == "whole"} - lists
    told = sum(f.kind != "whole" for f in facts)
    return told + sum(len(path) > 1 for path in lists) + len(empty) + any(len(path) == 1 for path in lists)


def _leaves(block: Block, path: PartPath) -> Iterator[Fact]:
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        if isinstance(kind, Group):
            yield from _leaves(value, here)
        elif isinstance(kind, Parts):
            for part in value or ():
                yield from _leaves(part, (*here, str(getattr(part, part.key))))
        elif value is not None and not (isinstance(block, Part) and name == block.key):
            yield Fact(here)


def cut(design: Design, facts: Support) -> Design:
    """The design of which only the given facts are known; they hold all that they presuppose."""
    paths = {f.path for f in facts if f.kind != "whole"}
    whole = {f.path for f in facts if f.kind == "whole"}
    return keep(design, wanted=lambda path: path in paths, whole=lambda path: path in whole)


def closed(design: Design, open: frozenset[str]) -> Design:
    """The design to which nothing is added: every list that holds something holds no more, but for those named."""
    held = {join(path) for path, items in _lists(design, ()) if items}
    return design.model_copy(update={"partial_lists": design.partial_lists - (held - open)})


def written(design: Design, file: str) -> DesignFile:
    """The facts of a design as the file of a drill, with every fact at its place in the text."""
    found = text(design, "drill")
    root = source.parse(found, file).root
    assert isinstance(root, source.Mapping)
    return replace(loading.from_tree(root, file), texts=(found,))


def text(design: Design, id: str, title: str = "Drill") -> str:
    """The facts of a design as the text of an exercise: no source, no operator, no word on where they are from."""
    data = {"id": id, "title": title, "kind": "exercise", **_data(design)}
    partial = [join(path) for path, items in _lists(design, ()) if items and join(path) in design.partial_lists]
    if partial:
        data["partial"] = partial
    # The slower dumper is there on every machine, and lines are not folded: the same design is the same text.
    return str(yaml.dump(data, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True, width=float("inf")))


def _lists(block: Block, path: PartPath) -> Iterator[tuple[PartPath, tuple[Part, ...]]]:
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        if isinstance(kind, Parts) and value is not None:
            yield here, value
            for part in value:
                yield from _lists(part, (*here, str(getattr(part, part.key))))


def _data(design: Design) -> dict[str, Any]:
    return _block(design, (), design.partial_lists)


def _block(block: Block, path: PartPath, partial: frozenset[str]) -> dict[str, Any]:
    """A block as plain data; an open list in which nothing is stated says as much as none."""
    data: dict[str, Any] = {}
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        if isinstance(kind, Group):
            inner = _block(value, here, partial)
            if inner:
                data[name] = inner
        elif isinstance(kind, Parts):
            if value or (value is not None and join(here) not in partial):
                data[name] = [_block(p, (*here, str(getattr(p, p.key))), partial) for p in value]
        elif value is not None:
            data[name] = _plain(value)
    return data


def _plain(value: object) -> object:
    """A value as a design file has it."""
    if isinstance(value, Bounds):
        exact = value.low == value.high and value.low != float("inf")
        return str(value) if not exact else int(value.low) if value.low.is_integer() else value.low
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, bool) else str(value)
