"""Changes that make other fact patterns of designs: a value replaced, a number moved, a list emptied, an item gone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policy_eval.design.base import Block, Bounds, Part
from policy_eval.design.evidence import keep
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, parts_of
from policy_eval.design.types import Boolean, Choice, FieldType, Number, Parts, Ref, Values, fields_of, root_lists
from policy_eval.engine.evidence import Fact
from policy_eval.teaching.drill.facts import Facts
from policy_eval.teaching.drill.reading import names_that_change
from policy_eval.vocabulary.base import Ordinal

_NUMBERS = (0, 1, 3, 6, 12, 14, 24, 30, 36, 60, 90, 120)
_SPECIAL = {"youngest": (12, 13, 14, 15, 16, 18), "number": (200, 5_000, 300_000, 20_000_000)}
# What a part is: its id tells of it, and would not fit any more.
_NATURE = frozenset({"relation", "sector", "category", "domain", "what", "about", "tie", "input", "to", "of", "people"})
_SHOWN = frozenset({"reveals", "trait"})  # nothing that is shown is hidden again, for the same reason
# Part or block, field, the value that says there is nothing of the kind, and what then cannot be told as well.
_NOTHING: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Subject", "told", "nothing", ("told_about", "told_lacks", "told_when", "told_form")),
    ("Subject", "told_when", "never", ("told_about", "told_lacks", "told_form")),
    (
        "Consent",
        "act",
        "none",
        ("scope", "prominence", "refusal", "told", "withdrawal", "after_withdrawal", "recorded"),
    ),
    ("Disclosure", "choice", "none", ("presentation",)),
    ("Request", "handling", "full", ("ground",)),
    ("Request", "handling", "not_offered", ("days", "ground")),
    ("Request", "handling", "unanswered", ("days", "ground")),
    ("Governance", "assessment", "none", ("assessment_when", "assessment_gaps", "assessment_kinds", "residual_risk")),
    ("Governance", "breach", "none", ("breach_authority_hours", "breach_people_told")),
)
_LEARNT, _BY_HAND = {"statistical", "machine_learning"}, {"hand_rules", "points", "list"}
_NO_HUMAN = {"automatic", "human_alone"}


@dataclass(frozen=True, slots=True)
class Change:
    """A design with one fact made another: the path of what was changed, and the names of fields that now differ."""

    path: PartPath
    names: frozenset[str]
    design: Design


def changed(facts: Facts, fact: Fact, rng: random.Random) -> Change | None:
    """The design with one fact made another; None if there is nothing else to put in its place."""
    if fact.kind == "exists":
        names = names_that_change(fact.path[:-1], gone=facts.parts[fact.path].kind)
        return Change(fact.path[:-1], names, _without(facts.design, fact.path))
    if fact.kind == "whole":
        return None
    if fact.path[-1] in _NATURE or (fact.path[-1] in _SHOWN and facts.value(fact.path)):
        return None
    others = list(_others(facts, facts.kind(fact.path), facts.value(fact.path), fact.path[-1]))
    if not others:
        return None
    design = _replaced(facts.design, fact.path, rng.choice(others))
    assert isinstance(design, Design)
    return Change(fact.path, names_that_change(fact.path), design)


def forgotten(design: Design, fact: Fact) -> Design:
    """The design of which a field is not known any more."""
    found = _replaced(design, fact.path, None)
    assert isinstance(found, Design)
    return found


def _others(facts: Facts, kind: FieldType, value: Any, name: str) -> Iterator[Any]:
    """What might stand in the place of a value."""
    match kind:
        case Boolean():
            yield not value
        case Choice(terms):
            # A step or two on a scale: what people did does not become a serious crime at once.
            near = 2 if issubclass(terms, Ordinal) else len(terms)
            yield from (t for t in terms if t != value and abs(t.position - value.position) <= near)
        case Number():
            yield from (Bounds(n, n) for n in map(float, _SPECIAL.get(name, _NUMBERS)) if value != Bounds(n, n))
        case Ref():
            yield from (i for i in _targets(facts, kind) if i != value)
        case Values(of):
            if value:
                yield ()
                yield from (value[:n] + value[n + 1 :] for n in range(len(value)) if len(value) > 1)
            elif isinstance(of, Choice):
                yield from ((t,) for t in of.terms)
            elif isinstance(of, Ref):
                yield from ((i,) for i in _targets(facts, of))


def _targets(facts: Facts, kind: Ref) -> list[str]:
    lists = root_lists()
    return [*(p[1] for k in kind.kinds for p in facts.parts if len(p) == 2 and p[0] == lists[k]), *kind.words]


def _replaced(block: Block, path: PartPath, value: Any) -> Block:
    """A block with the field at a path made another."""
    name, rest = path[0], path[1:]
    if not rest:
        return block.model_copy(update={name: value})
    inner = getattr(block, name)
    if isinstance(fields_of(type(block))[name], Parts):
        items = tuple(_replaced(p, rest[1:], value) if getattr(p, p.key) == rest[0] else p for p in inner)
        return block.model_copy(update={name: items})
    return block.model_copy(update={name: _replaced(inner, rest, value)})


def _without(design: Design, path: PartPath) -> Design:
    """The design of which a part is known not to be there; what refers to it is not known any more."""
    length = len(path)
    kept = keep(design, wanted=lambda p: p[:length] != path, whole=lambda p: join(p) not in design.partial_lists)
    gone = f"{join(path)}."
    return kept.model_copy(
        update={"partial_lists": frozenset(p for p in design.partial_lists if not p.startswith(gone))}
    )


def makes_sense(design: Design) -> bool:
    """Whether what is told goes together: nothing is said of what there is none of."""
    blocks: list[Block] = [part for _, part in parts_of(design)]
    blocks += [design.governance, *(getattr(design.rights, n) for n in fields_of(type(design.rights)))]
    return (
        all(_consistent(b) for b in blocks if isinstance(b, Block))
        and not (design.is_ai == "hand_written_rules_only" and design.scoring.method in _LEARNT)
        and not (design.is_ai == "infers_from_data" and design.scoring.method in _BY_HAND)
    )


def _consistent(block: Block) -> bool:
    for name, field, nothing, silent in _NOTHING:
        if (
            type(block).__name__ == name
            and getattr(block, field) == nothing
            and any(getattr(block, s) not in (None, ()) for s in silent)
        ):
            return False
    return all(not clash(block) for clash in (_told_and_left_out, _human_in_no_place, _shows_nothing, _no_children))


def _told_and_left_out(block: Block) -> bool:
    told = getattr(block, "told_about", None) or getattr(block, "told", None)
    lacks = getattr(block, "told_lacks", None)
    return isinstance(told, tuple) and isinstance(lacks, tuple) and bool(set(told) & set(lacks))


def _human_in_no_place(block: Block) -> bool:
    human = getattr(block, "human", None)
    stated = isinstance(human, Block) and any(getattr(human, n) is not None for n in fields_of(type(human)))
    return stated and getattr(block, "automation", None) in _NO_HUMAN


def _shows_nothing(block: Block) -> bool:
    return getattr(block, "reveals", None) == () and getattr(block, "reveals_how", None) is not None


def _no_children(block: Block) -> bool:
    youngest = getattr(block, "youngest", None)
    return isinstance(block, Part) and youngest is not None and youngest.low < 18 and block.children == "none"  # type: ignore[attr-defined]
