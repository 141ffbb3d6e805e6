"""Two designs coded from the same facts by two people: do they say the same, and do labels come out the same?

Two coders cut a story into parts of their own and name them as they like. So parts are paired first, list by list, the
most alike first; what is left over counts as said by one of them alone. References are compared through the pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policy_eval.cases.holdings import Case
from policy_eval.cases.matching import Bench, Judged
from policy_eval.design.base import Block, Part
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, parts_of, split
from policy_eval.design.types import Group, Parts, Ref, Values, fields_of

# Lists that others refer to come first, so that references can be compared.
_ORDER = ("parties", "subjects", "purposes", "consents", "inputs")
Names = dict[PartPath, PartPath]  # part of the second design -> part of the first


@dataclass(frozen=True, slots=True)
class Field:
    """How often two coders answered a field of the parts they both have."""

    both: int = 0  # answered by both
    same: int = 0  # and alike
    one: int = 0  # answered by one alone
    neither: int = 0

    def __add__(self, other: Field) -> Field:
        return Field(self.both + other.both, self.same + other.same, self.one + other.one, self.neither + other.neither)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two codings compared: fields as `input.domain`, and by kind of part how many have a pair and how many not."""

    fields: Mapping[str, Field]
    paired: Mapping[str, int]
    alone: Mapping[str, int]

    @property
    def total(self) -> Field:
        """All fields together."""
        return sum(self.fields.values(), Field())


@dataclass(frozen=True, slots=True)
class Flip:
    """A label under both codings; `second` is None where the second coder has no such part."""

    first: Judged
    second: Judged | None

    @property
    def flipped(self) -> bool:
        """Whether the label comes out otherwise."""
        return self.second is None or self.second.match is not self.first.match


def compare(pairs: Iterable[tuple[Design, Design]]) -> Agreement:
    """The agreement of coders over some cases, each given by both codings."""
    fields: dict[str, Field] = {}
    paired, alone = Counter[str](), Counter[str]()
    for first, second in pairs:
        names = align(first, second)
        for name, field in _fields(first, second, names):
            fields[name] = fields.get(name, Field()) + field
        for path, part in parts_of(first):
            (paired if path in names.values() else alone)[part.kind] += 1
        alone.update(part.kind for path, part in parts_of(second) if path not in names)
    return Agreement(dict(sorted(fields.items())), paired, alone)


def flips(cases: Sequence[Case], second: Mapping[str, Case], bench: Bench) -> list[Flip]:
    """Every label of the cases that were coded twice, under both codings; `second` is by id of the case."""
    found = []
    for case in cases:
        if case.id not in second:
            continue
        other = second[case.id]
        back = {b: a for a, b in align(case.design.design, other.design.design).items()}
        for label in case.text.labels:
            first = bench.match(case, label)
            at = tuple(join(back[split(p)]) for p in label.at if split(p) in back)
            same = label.model_copy(update={"at": at})
            found.append(
                Flip(first, None if label.at and not at else bench.match(replace(other, text=case.text), same))
            )
    return found


def align(first: Design, second: Design) -> Names:
    """Which part of the second design is which of the first."""
    names: Names = {}
    lists = [n for n, kind in fields_of(Design).items() if isinstance(kind, Parts)]
    for name in sorted(lists, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n)):
        _align(getattr(first, name) or (), getattr(second, name) or (), (name,), (name,), names)
    return names


def _align(ours: Sequence[Part], theirs: Sequence[Part], here: PartPath, there: PartPath, names: Names) -> None:
    """Pair the parts of two lists, the most alike first, and then what they hold."""
    alike = [
        (_likeness(a, b, names), -i, -j, a, b) for i, a in enumerate(ours) for j, b in enumerate(theirs)
    ]  # earlier parts first where two pairs are as much alike
    taken: set[int] = set()
    for likeness, _, _, a, b in sorted(alike, key=lambda x: x[:3], reverse=True):
        if likeness > 0 and id(a) not in taken and id(b) not in taken:
            taken |= {id(a), id(b)}
            mine, other = (*here, _key(a)), (*there, _key(b))
            names[other] = mine
            for name, kind in fields_of(type(a)).items():
                if isinstance(kind, Parts):
                    _align(getattr(a, name) or (), getattr(b, name) or (), (*mine, name), (*other, name), names)


def _likeness(a: Part, b: Part, names: Names) -> float:
    """Fields answered alike, lists by what they share; a little for the same name."""
    score = 0.5 if _key(a) == _key(b) else 0.0
    for name, _ in _leaves(type(a)):
        x, y = getattr(a, name), _translated(b, name, names)
        if x is None or y is None:
            continue
        if isinstance(x, tuple) and isinstance(y, tuple):
            score += len({*x} & {*y}) / len({*x} | {*y}) if {*x} | {*y} else 0.5
        else:
            score += x == y
    return score


def _fields(first: Design, second: Design, names: Names) -> Iterator[tuple[str, Field]]:
    theirs = {names[path]: part for path, part in parts_of(second) if path in names}
    for path, part in parts_of(first):
        if path in theirs:
            yield from _compared(part.kind, part, theirs[path], names)
    yield from _compared("design", first, second, names)


def _compared(noun: str, a: Block, b: Block, names: Names) -> Iterator[tuple[str, Field]]:
    for name, kind in fields_of(type(a)).items():
        if isinstance(kind, Group):
            x, y = getattr(a, name), getattr(b, name)
            if x is not None or y is not None:
                inside = name if noun == "design" else f"{noun}.{name}"
                yield from _compared(inside, x or kind.model(), y or kind.model(), names)
    for name, _ in _leaves(type(a)):
        x, y = _plain(getattr(a, name)), _plain(_translated(b, name, names))
        if x is None and y is None:
            yield f"{noun}.{name}", Field(neither=1)
        elif x is None or y is None:
            yield f"{noun}.{name}", Field(one=1)
        else:
            yield f"{noun}.{name}", Field(both=1, same=int(x == y))


def _leaves(model: type[Block]) -> list[tuple[str, object]]:
    """The fields of a block that hold facts, without names."""
    skipped = {"id", "name", "law_ref", "jurisdiction"}
    return [(n, k) for n, k in fields_of(model).items() if not isinstance(k, Parts | Group) and n not in skipped]


def _translated(block: Block, name: str, names: Names) -> object:
    """A value of the second design with the parts it refers to as the first names them."""
    value, kind = getattr(block, name), fields_of(type(block))[name]
    refers = isinstance(kind, Ref) or (isinstance(kind, Values) and isinstance(kind.of, Ref))
    if not refers or value is None:
        return value
    known = {b[-1]: a[-1] for b, a in names.items() if len(b) == 2}
    if isinstance(value, tuple):
        return tuple(known.get(v, v) for v in value)
    return known.get(value, value)


def _plain(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) else value


def _key(part: Part) -> str:
    return str(getattr(part, part.key))


def stated(design: Design) -> int:
    """How many facts a design states."""

    def count(block: Block) -> int:
        own = sum(getattr(block, n) is not None for n, _ in _leaves(type(block)))
        inner = [getattr(block, n) for n, k in fields_of(type(block)).items() if isinstance(k, Group)]
        return own + sum(count(b) for b in inner if b is not None)

    return count(design) + sum(count(part) for _, part in parts_of(design))
