"""Facts as evidence: which of them establish a sign, and a design of which only some are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from policy_eval.design.paths import key_of
from policy_eval.engine import facts
from policy_eval.engine.facts import UNSEEN, Listing, PartPath, Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign
from policy_eval.language.formula import Among, Not, Path

if TYPE_CHECKING:
    from policy_eval.engine.derivation import Step


class Fact(NamedTuple):
    """One stated thing: a leaf; `whole`: that a list holds no more than is stated; `exists`: an item."""

    path: PartPath
    kind: str = "leaf"

    def __str__(self) -> str:
        return ".".join(self.path)


def unstated(path: PartPath) -> Fact:
    """A fact that is not stated; what hangs on an unseen part is open as the list that may hold it."""
    return Fact(path[: path.index(UNSEEN)], "whole") if UNSEEN in path else Fact(path)


Support = frozenset[Fact]
NO_FACTS: Support = frozenset()


def support(step: Step, wanted: Sign) -> tuple[Support, Support]:
    """Facts that establish the sign `wanted`, and those of them that others might replace.

    `step.sign` must be `wanted`; where several branches would each do, the one with fewest facts is taken.
    """
    if step.kind == "fact":
        # Membership in a list needs the list to be whole only where it fails, and no item where it is empty.
        atom = step.formula.part if isinstance(step.formula, Not) else step.formula
        reads = frozenset(step.reads)
        return reads, reads if isinstance(atom, Among) and isinstance(atom.options, Path) else frozenset()
    if step.kind == "not":
        return support(step.steps[0], -wanted)
    if step.kind == "item":
        found, spare = support(step.steps[0], wanted)
        # That the item exists goes without saying where a fact of its own is cited.
        exists = frozenset(f for f in step.reads if not any(x.path[: len(f.path)] == f.path for x in found))
        return found | exists, spare | exists
    if step.kind == "concept":
        second = wanted == FALSE and len(step.steps) == 2
        found, spare = support(step.steps[1 if second else 0], TRUE if second else wanted)
        return found | set(step.reads), spare
    if step.kind == "count":
        decided = [support(s, s.sign)[0] for s in step.steps if s.sign != UNKNOWN]
        counted = frozenset(step.reads).union(*decided)
        return counted, counted
    one_is_enough = TRUE if step.kind in ("or", "any") else FALSE
    sides = [support(s, wanted) for s in step.steps if s.sign == wanted]
    # A list of values is one leaf; that a list of parts is whole matters only where every item does.
    needed = frozenset(f for f in step.reads if f.kind == "leaf" or wanted != one_is_enough)
    if wanted == one_is_enough:
        fewest = min([len(s[0]) for s in sides])
        found, spare = min([s for s in sides if len(s[0]) == fewest], key=lambda s: sorted(s[0]))
        return needed | found, found if len(sides) > 1 else spare
    # Where every item counts, that the list is whole says which items exist.
    items = {f for s in step.steps if s.kind == "item" for f in s.reads}
    return needed.union(*(s[0] - items for s in sides)), frozenset().union(*(s[1] - items for s in sides))


def minimal(found: Support, spare: Support, holds: Callable[[Support], bool]) -> Support:
    """Drop facts that might be spared, one by one in order, as long as `holds` of what is left."""
    kept = found
    for fact in sorted(spare):
        if holds(kept - {fact}):
            kept -= {fact}
    return kept


class Part:
    """Makes a graph that holds some facts of another and nothing more."""

    def __init__(self, things: Mapping[PartPath, Thing]) -> None:
        self.things = things
        self.made: dict[PartPath, Thing] = {(): Thing(())}

    def of(self, allowed: Support) -> dict[PartPath, Thing]:
        """The parts and blocks, by path, of a design of which only the allowed facts are known."""
        for fact in sorted(f for f in allowed if UNSEEN not in f.path):
            if fact.kind == "exists":
                self.thing(fact.path)
            elif fact.kind == "whole":
                whole = self.things[fact.path[:-1]].facts[fact.path[-1]]
                assert isinstance(whole, Listing)
                for item in whole.items:
                    self.thing(item.path)
                self.listing(fact.path).unseen = None
            else:
                owner, name = self.things[fact.path[:-1]], fact.path[-1]
                self.thing(owner.path).facts[name] = self.copied(owner.facts[name])
        return self.made

    def thing(self, path: PartPath) -> Thing:
        """The part or block at a path, made with what holds it."""
        if path not in self.made:
            old, new = self.things[path], Thing(path)
            self.made[path] = new
            holder_of = self.things.get(path[:-2])
            if len(path) > 1 and holder_of and isinstance(holder_of.facts.get(path[-2]), Listing):
                holder = self.listing(path[:-1])
                holder.items = (*holder.items, new)
                key = key_of(path[-2])
                if key in old.facts:
                    new.facts[str(key)] = self.copied(old.facts[str(key)])
            else:
                self.thing(path[:-1]).facts[path[-1]] = new
        return self.made[path]

    def listing(self, path: PartPath) -> Listing:
        """The list at a path, partial until said otherwise."""
        owner = self.thing(path[:-1])
        return owner.facts.setdefault(path[-1], facts.unknown_list(path))  # type: ignore[return-value]

    def copied(self, value: object) -> object:
        """A value; what it refers to is there too."""
        if isinstance(value, Thing):
            return self.thing(value.path)
        return tuple(self.copied(v) for v in value) if isinstance(value, tuple) else value
