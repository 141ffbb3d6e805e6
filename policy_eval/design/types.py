"""The schema as conditions see it: which fields a part has and what may be compared with what.

Derived from the models by reading their annotations, so a field is declared once.
"""

from __future__ import annotations

import functools
import types
import typing
from dataclasses import dataclass

from policy_eval.design.base import Block, Bounds, Part, Reference
from policy_eval.design.model import Design
from policy_eval.vocabulary.base import Ordinal, Term


@dataclass(frozen=True, slots=True)
class Boolean:
    """true or false"""


@dataclass(frozen=True, slots=True)
class Number:
    """a number, possibly known only within bounds"""


@dataclass(frozen=True, slots=True)
class Text:
    """free text"""


@dataclass(frozen=True, slots=True)
class Choice:
    """one value of an enumeration"""

    terms: type[Term]

    @property
    def scale(self) -> str | None:
        """Name of the scale if its values are ordered."""
        return self.terms.scale() if issubclass(self.terms, Ordinal) else None


@dataclass(frozen=True, slots=True)
class Ref:
    """the id of a part of one of `kinds`, or one of `words`"""

    kinds: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """a list of values or of references, whole when given"""

    of: Boolean | Number | Text | Choice | Ref


@dataclass(frozen=True, slots=True)
class Parts:
    """a list of parts, whole or partial"""

    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """a block of facts that exists once"""

    model: type[Block]


@dataclass(frozen=True, slots=True)
class One:
    """a part itself, as a variable names it"""

    kind: str


FieldType = Boolean | Number | Text | Choice | Ref | Values | Parts | Group

# Header entries that describe the file rather than the system; conditions may not read them.
_HEADER = {
    "schema_", "id", "title", "kind", "period", "facts_as_of", "summary", "sources",
    "operator_response", "complete", "partial", "evidence", "partial_lists",
}  # fmt: skip


def _read(annotation: object) -> FieldType:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _read(next(a for a in arguments if a is not type(None)))
    if origin is typing.Annotated:
        mark = next((m for m in arguments[1:] if isinstance(m, Reference)), None)
        return Ref(mark.kinds, mark.words) if mark else _read(arguments[0])
    if origin is tuple:
        item = arguments[0]
        if isinstance(item, type) and issubclass(item, Part):
            return Parts(item.kind)
        return Values(typing.cast("Boolean | Number | Text | Choice | Ref", _read(item)))
    if isinstance(annotation, type):
        if issubclass(annotation, Block):
            return Group(annotation)
        if issubclass(annotation, Term):
            return Choice(annotation)
        simple: dict[type, FieldType] = {bool: Boolean(), str: Text(), Bounds: Number()}
        if annotation in simple:
            return simple[annotation]
    raise TypeError(f"no condition type for {annotation!r}")


@functools.cache
def fields_of(model: type[Block]) -> dict[str, FieldType]:
    """The fields of a model that conditions can read, with their types."""
    hints = typing.get_type_hints(model, include_extras=True)
    names = [n for n in model.model_fields if not (model is Design and n in _HEADER)]
    return {name: _read(hints[name]) for name in names}


def _part_models(model: type[Block]) -> typing.Iterator[type[Part]]:
    for hint in typing.get_type_hints(model).values():
        for candidate in (hint, *typing.get_args(hint)):
            for item in (candidate, *typing.get_args(candidate)):
                if isinstance(item, type) and issubclass(item, Part) and item.kind not in ("source",):
                    yield item
                    yield from _part_models(item)


@functools.cache
def part_models() -> dict[str, type[Part]]:
    """Kind of part -> its model, for every list of parts in a design."""
    return {model.kind: model for model in _part_models(Design)}


@functools.cache
def root_lists() -> dict[str, str]:
    """Kind of part -> name of the list at the top of the design that holds it (`input` -> `inputs`)."""
    return {t.kind: name for name, t in fields_of(Design).items() if isinstance(t, Parts)}


@functools.cache
def part_lists() -> dict[str, str]:
    """Name of every list of parts, nested ones too -> kind of its items."""
    models: list[type[Block]] = [Design, *part_models().values()]
    return {name: t.kind for m in models for name, t in fields_of(m).items() if isinstance(t, Parts)}


def can_stand(path: tuple[str, ...]) -> bool:
    """Whether a design can say something at a path by id, or have a part there."""
    return type_at(path) is not None or isinstance(type_at(path[:-1]), Parts)


def type_at(path: tuple[str, ...]) -> FieldType | None:
    """The type of what stands at a path by id; None where that is a part, or nothing can stand there."""
    model: type[Block] = Design
    found: FieldType | None = None
    steps = iter(path)
    for step in steps:
        found = fields_of(model).get(step)
        if isinstance(found, Group):
            model = found.model
        elif isinstance(found, Parts):
            model = part_models()[found.kind]
            if next(steps, None) is None:
                return found
            found = None
    return found
