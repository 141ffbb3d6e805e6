"""What stands behind facts, and designs narrowed to the facts that stand firmly enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policy_eval.design.base import Block, Part
from policy_eval.design.model import Design, Evidence
from policy_eval.design.paths import PartPath, join
from policy_eval.design.types import FieldType, Group, Parts, Ref, Values, fields_of, root_lists
from policy_eval.vocabulary.header import DesignKind, Status
from policy_eval.vocabulary.law import FactsLevel

STIPULATED = "stipulated"
# The firmest statement counts, unless somebody disputes the fact.
_FIRMNESS = (Status.SOURCED, Status.ASSERTED, Status.INFERRED, Status.ANNOUNCED)


def evidence_for(design: Design, path: PartPath) -> tuple[Evidence, ...]:
    """The evidence given at the path, else at the nearest part above it."""
    for length in range(len(path), 0, -1):
        found = design.evidence.get(join(path[:length]))
        if found is not None:
            return found
    return ()


def status_of(design: Design, path: PartPath) -> str:
    """How firmly a fact stands: a `Status`, or `stipulated` in a design that is thought up.

    A fact of a real or proposed design that cites nothing is asserted.
    """
    found = evidence_for(design, path)
    if not found:
        thought_up = design.kind in (DesignKind.HYPOTHETICAL, DesignKind.EXERCISE)
        return STIPULATED if thought_up else str(Status.ASSERTED)
    statuses = {e.status for e in found}
    if Status.DISPUTED in statuses:
        return str(Status.DISPUTED)
    return next(str(s) for s in _FIRMNESS if s in statuses)


_KEPT = {
    FactsLevel.UNDISPUTED: {str(Status.SOURCED), str(Status.ASSERTED), str(Status.INFERRED), STIPULATED},
    FactsLevel.SOURCED: {str(Status.SOURCED), STIPULATED},
}


_last: tuple[Design, FactsLevel, Design] | None = None


def narrow(design: Design, level: FactsLevel) -> Design:
    """The design with every fact unknown that does not stand firmly enough; itself where they all do.

    The last one is kept, for a design is judged under one set after the other.
    """
    global _last
    if level is FactsLevel.ALL:
        return design
    last = _last
    if last is None or last[0] is not design or last[1] is not level:
        last = _last = design, level, _narrowed(design, _KEPT[level])
    return last[2]


def _narrowed(design: Design, kept: set[str]) -> Design:
    found = keep(
        design,
        wanted=lambda path: status_of(design, path) in kept,
        whole=lambda path: status_of(design, ("complete", *path)) in kept,
    )
    return design if found == design else found


def keep(design: Design, wanted: Callable[[PartPath], bool], whole: Callable[[PartPath], bool]) -> Design:
    """The design with every leaf and item unknown for which `wanted(path)` is false.

    An item that is dropped leaves its list partial; what refers to it becomes unknown. A list that is
    whole stays so only if `whole(path)`.
    """
    partial = set(design.partial_lists)
    data = _kept(design, (), wanted, whole, partial)
    known = {(name, item["id"]) for name in root_lists().values() for item in data.get(name) or ()}
    narrowed = design.model_copy(update=_models(design, data))
    return _drop_dangling(narrowed, known).model_copy(update={"partial_lists": frozenset(partial)})


Test = Callable[[PartPath], bool]


def _exists(part: Part, here: PartPath, wanted: Test) -> bool:
    """Whether the part stays; one known by what it refers to needs that too."""
    name = getattr(part, part.key)
    target = fields_of(type(part)).get(part.key)
    refers = isinstance(target, Ref)
    return wanted((*here, name)) and (not refers or wanted((root_lists()[target.kinds[0]], name)))  # type: ignore[union-attr]


def _kept(block: Block, path: PartPath, wanted: Test, whole: Test, partial: set[str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        if isinstance(kind, Parts):
            if value is None:
                continue
            items = {getattr(p, p.key): p for p in value if _exists(p, here, wanted)}
            if len(items) < len(value) or not whole(here):
                partial.add(join(here))
            result[name] = [
                {"id": i, "part": p, "facts": _kept(p, (*here, i), wanted, whole, partial)} for i, p in items.items()
            ]
        elif isinstance(kind, Group):
            result[name] = _kept(value, here, wanted, whole, partial)
        elif value is not None and wanted(here):
            result[name] = value
    return result


def _models(block: Block, data: Mapping[str, Any]) -> dict[str, Any]:
    update: dict[str, Any] = {}
    for name, kind in fields_of(type(block)).items():
        if isinstance(kind, Parts):
            items = data.get(name)
            update[name] = None if items is None else tuple(
                i["part"].model_copy(update=_models(i["part"], i["facts"])) for i in items
            )  # fmt: skip
        elif isinstance(kind, Group):
            group = getattr(block, name)
            update[name] = group.model_copy(update=_models(group, data.get(name, {})))
        elif name != getattr(block, "key", None):
            update[name] = data.get(name)
    return update


def _drop_dangling(design: Design, known: set[tuple[str, str]]) -> Design:
    lists = root_lists()

    def dangles(value: str, kind: Ref) -> bool:
        return value not in kind.words and not any((lists[k], value) in known for k in kind.kinds)

    def lost(value: Any, kind: FieldType) -> bool:
        match kind:
            case Ref():
                return dangles(value, kind)
            case Values(Ref() as of):
                return any(dangles(v, of) for v in value)
            case _:
                return False

    def clean(block: Block) -> Block:
        update: dict[str, Any] = {}
        for name, kind in fields_of(type(block)).items():
            value = getattr(block, name)
            if value is None or name == getattr(block, "key", None):
                continue
            if isinstance(kind, Parts):
                update[name] = tuple(clean(p) for p in value)
            elif isinstance(kind, Group):
                update[name] = clean(value)
            elif lost(value, kind):
                update[name] = None
        return block.model_copy(update=update)

    result = clean(design)
    assert isinstance(result, Design)
    return result
