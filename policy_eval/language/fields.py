"""Which fields of the schema a formula reads or a design states: `use.link`, `rights.access.handling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from policy_eval.design.base import Block, Part
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath
from policy_eval.design.types import Group, One, Parts, Ref, Values, fields_of, part_models
from policy_eval.language import formula as fm

if TYPE_CHECKING:
    from policy_eval.language.typecheck import Environment, Type


def known() -> dict[str, object]:
    """Every field of the schema by name, with its type."""
    found: dict[str, object] = {}

    def visit(owner: str, model: type) -> None:
        for name, kind in fields_of(model).items():
            field = f"{owner}.{name}" if owner else name
            found[field] = kind
            if isinstance(kind, Group):
                visit(field, kind.model)

    visit("", Design)
    for kind, model in part_models().items():
        visit(kind, model)
    return found


def leaves(block: Block, path: PartPath = (), owner: str = "") -> Iterator[tuple[str, PartPath, bool]]:
    """Every fact a design states or could state of its parts: field, path, whether it is stated."""
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        field = f"{owner}.{name}" if owner else name
        if isinstance(kind, Group):
            yield from leaves(value, here, field)
            continue
        if not isinstance(block, Part) or name != block.key:
            yield field, here, value is not None
        if isinstance(kind, Parts):
            for part in value or ():
                yield from leaves(part, (*here, getattr(part, part.key)), kind.kind)


def read(formula: fm.Formula, env: Environment) -> frozenset[str]:
    """The fields a formula reads itself; not those that the concepts it calls read."""
    return frozenset(_read(formula, dict(env)))


def _read(formula: fm.Formula, env: Mapping[str, Type]) -> Iterator[str]:
    match formula:
        case fm.And(parts) | fm.Or(parts):
            for part in parts:
                yield from _read(part, env)
        case fm.Not(part):
            yield from _read(part, env)
        case fm.Holds(path):
            yield from _on(path, env)[0]
        case fm.Compare(_, left, right) | fm.Among(left, right):
            for operand in (left, right):
                if isinstance(operand, fm.Path):
                    yield from _on(operand, env)[0]
        case fm.Quantifier(_, variable, source, condition, body):
            fields, kind = _on(source, env)
            yield from fields
            for inner in (condition, body):
                if inner is not None:
                    yield from _read(inner, {**env, variable: _item(kind)})
        case fm.Count(variable, source, condition):
            fields, kind = _on(source, env)
            yield from fields
            if condition is not None:
                yield from _read(condition, {**env, variable: _item(kind)})
        case fm.Call(_, arguments):
            for argument in arguments:
                yield from _on(argument, env)[0]
        case _:
            return


def _item(kind: Type) -> Type:
    match kind:
        case Parts(name) | Values(Ref((name,), ())):
            return One(name)
        case Values(of):
            return of
        case _:
            return kind


def _on(path: fm.Path, env: Mapping[str, Type]) -> tuple[Iterable[str], Type]:
    """The fields on the way of a path, and the type it ends in."""
    kind: Type = env[path.root] if path.root else Group(Design)
    owner = ""
    found = []
    for step in path.steps:
        match kind:
            case One(name) | Ref((name,), ()):
                owner, fields = name, fields_of(part_models()[name])
            case Group(model):
                fields = fields_of(model)
            case _:
                raise TypeError(f"{path} was not checked")
        owner = f"{owner}.{step}" if owner else step
        found.append(owner)
        kind = fields[step]
    return found, kind


def variables(binders: Iterable[fm.Binder]) -> dict[str, Type]:
    """The types of the variables that checked binders bind."""
    return {b.variable: One(b.kind) for b in binders}
