"""Formula -> definition: a shape for durable_rules to chain, and a decider for each of its atoms.

Python decides the atoms (typed comparisons, membership, quantifiers over derived values); what
follows from the signed atoms is left to the rule engine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from policy_eval.design.base import Bounds
from policy_eval.engine.facts import Listing, Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign
from policy_eval.language.formula import (
    Among,
    And,
    Atom,
    Call,
    Compare,
    Count,
    Formula,
    Holds,
    Literal,
    Not,
    Operand,
    Or,
    Path,
    Quantifier,
    conjunction,
    free,
)  # fmt: skip
from policy_eval.language.normal import Shape, normalise
from policy_eval.vocabulary.base import Ordinal


class Nothing:
    """The value of a fact that is not known."""


F = TypeVar("F", bound=Formula)
T = TypeVar("T")
NOTHING: Final = Nothing()
Env = Mapping[str, object]


class World(Protocol):
    """What deciders need of the run they are part of."""

    root: Thing
    closed: dict[int, Sign]

    def concept(self, name: str, arguments: tuple[Thing, ...]) -> Sign:
        """Sign of a concept asked of these things."""

    def derive(self, shape: Shape, signs: tuple[Sign, ...]) -> Sign:
        """What the rule engine concludes from signed atoms."""


Decider = Callable[[World, Env], Sign]
Reader = Callable[[World, Env], object]


@dataclass(frozen=True, slots=True)
class Definition:
    """A formula ready to run."""

    formula: Formula
    shape: Shape
    atoms: tuple[Atom, ...]
    deciders: tuple[Decider, ...]

    def sign(self, world: World, env: Env) -> Sign:
        """Decide the atoms, then let the rule engine conclude."""
        return world.derive(self.shape, tuple([decide(world, env) for decide in self.deciders]))


def compile_formula(formula: Formula) -> Definition:
    """Compile a checked formula."""
    normal = normalise(formula)
    return Definition(formula, normal.shape, normal.atoms, tuple(decider(a) for a in normal.atoms))


class Definitions:
    """What is made of formulas that are met again and again, each once; keyed by identity."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, int], tuple[object, Any]] = {}

    def made(self, make: Callable[[F], T], formula: F) -> T:
        """What a function makes of a formula."""
        key = (make, id(formula))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = (formula, make(formula))
        made: T = found[1]
        return made


def reader(path: Path) -> Reader:
    """A function giving what a path leads to, or `NOTHING` where a step on the way is not known."""
    root, steps = path.root, path.steps
    if root and not steps:
        return lambda world, env: env[root]
    if root and len(steps) == 1:
        step = steps[0]
        return lambda world, env: env[root].facts.get(step, NOTHING)  # type: ignore[attr-defined]

    def walk(world: World, env: Env) -> object:
        value: object = env[root] if root else world.root
        for step in steps:
            if not isinstance(value, Thing):
                return NOTHING
            value = value.facts.get(step, NOTHING)
        return value

    return walk


def quantified(atom: Quantifier) -> Formula:
    """What must hold of one item (`any`: some item; `all`: every item)."""
    if atom.condition is None:
        return atom.body
    return conjunction(atom.condition, atom.body) if atom.kind == "any" else Or((Not(atom.condition), atom.body))


def decider(atom: Atom) -> Decider:
    """A function giving the sign of an atom for the parts of a design it is asked of."""
    match atom:
        case Holds(path):
            return _equals(reader(path), lambda world, env: True)
        case Compare("==", left, right):
            return _equals(reader(left), _operand(right))  # type: ignore[arg-type]
        case Compare(op, left, right):
            return _ordered(op, reader(left), _operand(right))  # type: ignore[arg-type]
        case Among(item, tuple() as options):
            return _among_literals(_operand(item), frozenset(str(o.value) for o in options), options)
        case Among(item, Path() as options):
            return _among_listed(_operand(item), reader(options))
        case Quantifier():
            return _quantifier(atom)
        case Count():
            return _count(atom)
        case Call(name, arguments):
            return _call(name, tuple(reader(a) for a in arguments))
    raise AssertionError(atom)


def _operand(operand: Operand) -> Reader:
    if isinstance(operand, Literal):
        value = Bounds(operand.value, operand.value) if type(operand.value) is float else operand.value
        return lambda world, env: value
    return reader(operand)


def same(left: object, right: object) -> Sign:
    """Whether two values are the same, as far as known."""
    if left is NOTHING or right is NOTHING:
        return UNKNOWN
    if isinstance(left, Bounds) and isinstance(right, Bounds):
        if left.low == left.high == right.low == right.high:
            return TRUE
        return FALSE if left.high < right.low or right.high < left.low else UNKNOWN
    if isinstance(left, Thing) and isinstance(right, Thing) and not (left.seen and right.seen):
        return UNKNOWN  # two mentions of something unseen may or may not be the same thing
    return TRUE if left == right else FALSE


def _equals(left: Reader, right: Reader) -> Decider:
    return lambda world, env: same(left(world, env), right(world, env))


_FUNCTIONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip


def _interval(value: object) -> tuple[float, float]:
    if isinstance(value, Ordinal):
        return (value.rank, value.rank)
    assert isinstance(value, Bounds)
    return (value.low, value.high)


def _ordered(op: str, left: Reader, right: Reader) -> Decider:
    function = _FUNCTIONS[op]

    def decide(world: World, env: Env) -> Sign:
        first, second = left(world, env), right(world, env)
        if first is NOTHING or second is NOTHING:
            return UNKNOWN
        a, b = _interval(first), _interval(second)
        # A comparison that is monotone in both numbers is settled by the corners of the two intervals.
        answers = {function(x, y) for x in a for y in b}
        return UNKNOWN if len(answers) == 2 else TRUE if answers.pop() else FALSE

    return decide


def _among_literals(item: Reader, words: frozenset[str], options: tuple[Literal, ...]) -> Decider:
    if any(type(o.value) is float for o in options):
        bounds = [Bounds(float(o.value), float(o.value)) for o in options]
        return lambda world, env: max(same(item(world, env), b) for b in bounds)

    def decide(world: World, env: Env) -> Sign:
        value = item(world, env)
        if value is NOTHING:
            return UNKNOWN
        return TRUE if not isinstance(value, Thing) and str(value) in words else FALSE

    return decide


def items_of(listed: object) -> tuple[tuple[object, ...], bool]:
    """The items of a list and whether there may be more."""
    if isinstance(listed, Listing):
        return listed.items, listed.unseen is not None
    return (listed, False) if isinstance(listed, tuple) else ((), True)


def _among_listed(item: Reader, options: Reader) -> Decider:
    def decide(world: World, env: Env) -> Sign:
        value = item(world, env)
        items, more = items_of(options(world, env))
        greatest = UNKNOWN if more else FALSE
        for x in items:
            greatest = max(greatest, same(value, x))
        return greatest

    return decide


def _quantifier(atom: Quantifier) -> Decider:
    variable, source, exists = atom.variable, reader(atom.source), atom.kind == "any"
    body = compile_formula(quantified(atom))

    def decide(world: World, env: Env) -> Sign:
        items, more = items_of(source(world, env))
        signs, inner = [UNKNOWN] if more else [], {**env}
        for inner[variable] in items:
            signs.append(body.sign(world, inner))
        return max(signs, default=FALSE) if exists else min(signs, default=TRUE)

    if free(atom):
        return decide
    key = id(atom)

    def once(world: World, env: Env) -> Sign:
        # Asked of the design alone, it is the same at every place.
        if key not in world.closed:
            world.closed[key] = decide(world, env)
        return world.closed[key]

    return once


def _count(atom: Count) -> Decider:
    variable, source, conclude = atom.variable, reader(atom.source), counted(atom)
    body = compile_formula(atom.condition or And(()))

    def decide(world: World, env: Env) -> Sign:
        items, more = items_of(source(world, env))
        return conclude([body.sign(world, {**env, variable: x}) for x in items], more)

    return decide


def counted(atom: Count) -> Callable[[list[Sign], bool], Sign]:
    """A function giving the sign of a count from those of its items and whether there may be more."""
    function, number = _FUNCTIONS[atom.op], atom.number

    def conclude(signs: list[Sign], more: bool) -> Sign:
        least = signs.count(TRUE)
        most = least + signs.count(UNKNOWN)
        # Beyond `number + 1` no comparison changes any more, so an open count needs no larger end.
        answers = {function(n, number) for n in range(least, (max(most, number + 1) if more else most) + 1)}
        return UNKNOWN if len(answers) == 2 else TRUE if answers.pop() else FALSE

    return conclude


def _call(name: str, arguments: tuple[Reader, ...]) -> Decider:
    def decide(world: World, env: Env) -> Sign:
        things = []
        for read in arguments:
            thing = read(world, env)
            if not isinstance(thing, Thing):
                return UNKNOWN
            things.append(thing)
        return world.concept(name, tuple(things))

    return decide
