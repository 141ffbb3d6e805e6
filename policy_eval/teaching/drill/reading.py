"""Which facts a rule reads, by the names of their fields: after a change only rules that read it are judged again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from policy_eval.design.types import Ref, Values, fields_of, part_lists, part_models
from policy_eval.language.formula import Call, Path
from policy_eval.principle import PrincipleSet


def fields_read(principles: PrincipleSet) -> Mapping[str, frozenset[str]]:
    """The names of all fields that each rule of a set reads, by itself or through concepts."""
    concepts = {c.id: set(_steps((c.holds, c.fails))) for c in principles.concepts.values()}
    asked = {c.id: set(_calls((c.holds, c.fails))) for c in principles.concepts.values()}
    found: dict[str, frozenset[str]] = {}
    for rule in principles.rules:
        formulas = (rule.binders, rule.links, rule.applies, rule.violated, tuple(e.when for e in rule.exceptions))
        pending, seen = list(_calls(formulas)), set[str]()
        while pending:
            concept = pending.pop()
            if concept not in seen:
                seen.add(concept)
                pending += asked[concept]
        found[rule.id] = frozenset(_steps(formulas)).union(*(concepts[c] for c in seen))
    return found


def names_that_change(path: tuple[str, ...], *, gone: str = "") -> frozenset[str]:
    """The names of fields that say something else after a change at a path; `gone` is the kind of a part taken away."""
    return frozenset({path[-1], *(_referring(gone) if gone else ())})


def _referring(kind: str) -> Iterator[str]:
    for model in part_models().values():
        for name, field in fields_of(model).items():
            target = field.of if isinstance(field, Values) else field
            if isinstance(target, Ref) and kind in target.kinds:
                yield name
                if name == model.key:  # a part that is known by what it refers to goes with it
                    yield from (held for held, of in part_lists().items() if of == model.kind)


def _nodes(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _nodes(getattr(node, field.name))


def _steps(formulas: object) -> Iterator[str]:
    return (step for node in _nodes(formulas) if isinstance(node, Path) for step in node.steps)


def _calls(formulas: object) -> Iterator[str]:
    return (node.concept for node in _nodes(formulas) if isinstance(node, Call))
