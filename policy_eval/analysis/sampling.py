"""Random designs over the whole schema, drawn from a seed.

A design is drawn with every fact known and every list whole, then made to forget: what it was before is then one of
the ways the facts may turn out.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from policy_eval import source
from policy_eval.design import loading
from policy_eval.design.base import Block
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.types import (
    Boolean,
    Choice,
    Group,
    Number,
    Parts,
    Ref,
    Text,
    Values,
    fields_of,
    part_models,
    root_lists,
)  # fmt: skip

Data = dict[str, Any]
TEXTS = ("CN", "EU", "US")
NUMBERS = (0, 3, 6, 12, 12.5, 24, 36)
PROMISED = ("transparency.criteria", "scoring.method", "rights.access.days", "value")
KINDS = ("real", "proposed", "hypothetical", "exercise")


@dataclass
class Draft:
    """A design as plain data: absent facts are unknown; `partial` names the lists that may hold more."""

    kind: str
    data: Data
    partial: set[str] = field(default_factory=set)

    def lists(self) -> Iterator[tuple[str, list[Data], str]]:
        """Every list of parts that is given: its path, its items, the kind of its items."""
        return _lists(Design, self.data, "")

    def load(self) -> DesignFile:
        """The design."""
        return load(self.tree())

    def tree(self) -> Data:
        """Header and facts; which lists are whole is said by path, against the default of the kind."""
        header: Data = {"schema": 1, "id": "random", "title": "A random design", "kind": self.kind}
        named = sorted(path for path, _, _ in self.lists())
        if self.kind == "real":
            header["complete"] = [p for p in named if p not in self.partial]
            header.setdefault("jurisdiction", self.data.get("jurisdiction", "unknown"))
        else:
            header["partial"] = [p for p in named if p in self.partial]
        facts = copy.deepcopy(self.data)
        for subject in facts.get("subjects", ()):
            if self.kind == "real":
                subject.setdefault("relation", "unknown")
        return {**header, **facts}


_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def dump(data: Data) -> str:
    """Plain data as YAML text, keys in the order they have."""
    return str(yaml.dump(data, Dumper=_DUMPER, sort_keys=False, allow_unicode=True))


def load(tree: Data) -> DesignFile:
    """The design that plain data amounts to, by way of YAML text and the loader of the package."""
    document = source.parse(dump(tree), "random.design.yaml")
    assert isinstance(document.root, source.Mapping)
    return loading.from_tree(document.root, document.file)


def _lists(model: type[Block], data: Data, path: str) -> Iterator[tuple[str, list[Data], str]]:
    for name, kind in fields_of(model).items():
        here = f"{path}.{name}" if path else name
        if isinstance(kind, Parts) and name in data:
            yield here, data[name], kind.kind
            part = part_models()[kind.kind]
            for item in data[name]:
                yield from _lists(part, item, f"{here}.{item[part.key]}")
        elif isinstance(kind, Group) and name in data:
            yield from _lists(kind.model, data[name], here)


def complete_draft(rng: random.Random, size: int = 3) -> Draft:
    """A design of which everything is known; up to `size` items in a list."""
    ids = {}
    for kind in root_lists():
        wanted = rng.randint(0 if rng.random() < 0.2 else 1, size)
        made = rng.sample(PROMISED, wanted) if kind == "promise" else [f"{kind[:4]}-{n}" for n in range(wanted)]
        ids[kind] = sorted(made, key=lambda _: rng.random())
    return Draft(rng.choice(KINDS), _filled(Design, ids, rng))


def _filled(model: type[Block], ids: Mapping[str, list[str]], rng: random.Random) -> Data:
    data: Data = {}
    for name, kind in fields_of(model).items():
        if isinstance(kind, Parts):
            part = part_models()[kind.kind]
            key = fields_of(part)[part.key]
            # A part known by what it refers to is there at most once for each thing it can refer to.
            names = _some(ids[key.kinds[0]], rng) if isinstance(key, Ref) else ids[kind.kind]
            data[name] = [{**_filled(part, ids, rng), part.key: n} for n in names]
        elif isinstance(kind, Group):
            data[name] = _filled(kind.model, ids, rng)
        else:
            value = _value(kind, ids, rng)
            if value is not None:
                data[name] = value
    if "told_lacks" in data:  # nothing is both told and left out
        told = data.get("told_about" if "told_about" in data else "told") or ()
        data["told_lacks"] = [x for x in data["told_lacks"] if x not in told]
    return data


def _some(options: list[str], rng: random.Random) -> list[str]:
    return rng.sample(options, rng.randint(0, min(len(options), 3)))


def _value(
    kind: Boolean | Number | Text | Choice | Ref | Values, ids: Mapping[str, list[str]], rng: random.Random
) -> Any:
    match kind:
        case Boolean():
            return rng.random() < 0.5
        case Number():
            return "unlimited" if rng.random() < 0.1 else rng.choice(NUMBERS)
        case Text():
            return rng.choice(TEXTS)
        case Choice(terms):
            return rng.choice(list(terms)).value
        case Ref(kinds, words):
            options = [*(i for k in kinds for i in ids[k]), *words]
            return rng.choice(options) if options else None
        case Values(Choice(terms)):
            return _some([t.value for t in terms], rng)
        case Values(Ref(kinds, words)):
            return _some([*(i for k in kinds for i in ids[k]), *words], rng)
        case Values():
            return _some(list(TEXTS), rng)


def forget(draft: Draft, rng: random.Random, share: float) -> Draft:
    """The same design of which less is known: leaves and items dropped, lists left open, numbers widened.

    About `share` of the leaves go. Whatever the result may still turn out to be, the given draft is one of it.
    """
    poorer = Draft(draft.kind, copy.deepcopy(draft.data), set(draft.partial))
    _forget(Design, poorer.data, "", poorer, rng, share)
    while _drop_dangling(Design, poorer.data, "", poorer, _known(poorer)):
        pass
    named = {path for path, _, _ in poorer.lists()}
    poorer.partial &= named
    return poorer


def _forget(model: type[Block], data: Data, path: str, draft: Draft, rng: random.Random, share: float) -> None:
    for name, kind in fields_of(model).items():
        here = f"{path}.{name}" if path else name
        if name not in data:
            continue
        if isinstance(kind, Parts):
            if rng.random() < share / 3:
                del data[name]
                continue
            part = part_models()[kind.kind]
            kept = [item for item in data[name] if rng.random() >= share / 3]
            if len(kept) < len(data[name]) or rng.random() < share / 2:
                draft.partial.add(here)
            data[name] = kept
            for item in kept:
                _forget(part, item, f"{here}.{item[part.key]}", draft, rng, share)
        elif isinstance(kind, Group):
            _forget(kind.model, data[name], here, draft, rng, share)
        elif name != getattr(model, "key", None) and rng.random() < share:
            if isinstance(kind, Number) and rng.random() < 0.7:
                data[name] = widen(data[name], rng)
            else:
                del data[name]


def _known(draft: Draft) -> dict[str, set[str]]:
    found = {}
    for kind, name in root_lists().items():
        key = part_models()[kind].key
        found[kind] = {item[key] for item in draft.data.get(name, ())}
    return found


def _drop_dangling(model: type[Block], data: Data, path: str, draft: Draft, known: dict[str, set[str]]) -> bool:
    """Make references to parts that are no longer stated unknown; whether anything changed."""
    changed = False

    def there(value: str, kind: Ref) -> bool:
        return value in kind.words or any(value in known[k] for k in kind.kinds)

    for name, kind in fields_of(model).items():
        here = f"{path}.{name}" if path else name
        if name not in data:
            continue
        if isinstance(kind, Parts):
            part = part_models()[kind.kind]
            key = fields_of(part)[part.key]
            kept = [i for i in data[name] if not isinstance(key, Ref) or there(i[part.key], key)]
            if len(kept) < len(data[name]):
                draft.partial.add(here)
                data[name], changed = kept, True
            for item in kept:
                changed |= _drop_dangling(part, item, f"{here}.{item[part.key]}", draft, known)
        elif isinstance(kind, Group):
            changed |= _drop_dangling(kind.model, data[name], here, draft, known)
        elif (isinstance(kind, Ref) and not there(data[name], kind)) or (
            isinstance(kind, Values) and isinstance(kind.of, Ref) and not all(there(v, kind.of) for v in data[name])
        ):
            del data[name]
            changed = True
    return changed


def widen(value: Any, rng: random.Random) -> Any:
    """Bounds within which a number, or bounds, lie."""
    low, high = ends(value)
    low = max(0.0, low - rng.choice((0, 0, 3, 12))) if low < float("inf") else rng.choice((0.0, 24.0, 60.0))
    high = high + rng.choice((0, 0, 3, 12, float("inf")))
    if low == high:
        return value
    if high == float("inf"):
        return f">={low:g}"
    return f"<={high:g}" if low == 0 else f"{low:g}..{high:g}"


def ends(value: Any) -> tuple[float, float]:
    """The two ends of a number as written in a draft."""
    if isinstance(value, int | float):
        return float(value), float(value)
    if value == "unlimited":
        return float("inf"), float("inf")
    if value.startswith("<="):
        return 0.0, float(value[2:])
    if value.startswith(">="):
        return float(value[2:]), float("inf")
    low, high = value.split("..")
    return float(low), float(high)


def random_draft(rng: random.Random, size: int = 3) -> Draft:
    """A design of which anything between all and nearly nothing is known."""
    return forget(complete_draft(rng, size), rng, rng.choice((0.0, 0.1, 0.3, 0.5, 0.8)))


def random_design(seed: int, size: int = 3) -> DesignFile:
    """The random design of a seed."""
    return random_draft(random.Random(seed), size).load()
