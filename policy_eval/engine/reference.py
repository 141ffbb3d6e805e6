"""The reference evaluator: strong Kleene logic over the design itself, read in one sitting.

It shares nothing with the durable_rules side but the parsed formulas, and serves alone where
durable_rules is not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from policy_eval.design.base import Block, Bounds, Part
from policy_eval.design.model import Design
from policy_eval.design.types import Group, Parts, Ref, Values, fields_of
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding, ConceptSigns, PlaceSigns, Sign, Signs
from policy_eval.language.formula import (
    Among,
    And,
    Call,
    Compare,
    Constant,
    Count,
    Formula,
    Holds,
    Literal,
    Not,
    Or,
    Path,
    Quantifier,
    free,
    joined,
)  # fmt: skip
from policy_eval.principle import Concept, PrincipleSet, Rule
from policy_eval.vocabulary.base import Ordinal


class _Unseen:
    """A part that is not stated and may not exist; nothing is known of it."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.path = path


def evaluate(design: Design, principles: PrincipleSet, rules: tuple[Rule, ...]) -> Signs:
    """Every sign of the given rules of a set for one design."""
    return _Reference(design, principles).run(rules)


class _View:
    """A design with the path of each of its parts, and its parts by kind and id."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.paths: dict[int, tuple[str, ...]] = {id(design): ()}
        self.kinds: dict[tuple[str, str], Part] = {}
        self.lists: dict[tuple[int, str], tuple[list[Any], list[_Unseen]]] = {}
        self._index(design, ())

    @staticmethod
    def of(design: Design) -> _View:
        """The view of a design; the last one is kept, for a design is judged under one set after the other."""
        global _last
        last = _last
        if last is None or last.design is not design:
            last = _last = _View(design)
        return last

    def _index(self, block: Block, path: tuple[str, ...]) -> None:
        for name, kind in fields_of(type(block)).items():
            value = getattr(block, name)
            if isinstance(kind, Group):
                self.paths[id(value)] = (*path, name)
                self._index(value, (*path, name))
            elif isinstance(kind, Parts):
                for part in value or ():
                    here = (*path, name, getattr(part, part.key))
                    self.paths[id(part)] = here
                    if len(here) == 2:
                        self.kinds[part.kind, here[1]] = part
                    self._index(part, here)

    def target(self, value: str | None, kind: Ref) -> Any:
        """The part a reference names; the word itself where it names none."""
        for name in kind.kinds:
            part = self.kinds.get((name, str(value)))
            if part is not None:
                return part
        return value

    def items(self, owner: Block, name: str) -> tuple[list[Any], list[_Unseen]]:
        """The items of a list of a part, and its unseen member if it may hold more."""
        key = (id(owner), name)
        if key not in self.lists:
            self.lists[key] = self._items(owner, name)
        return self.lists[key]

    def _items(self, owner: Block, name: str) -> tuple[list[Any], list[_Unseen]]:
        kind, value = fields_of(type(owner))[name], getattr(owner, name)
        here = (*self.paths[id(owner)], name)
        if isinstance(kind, Parts):
            whole = value is not None and ".".join(here) not in self.design.partial_lists
            return list(value or ()), [] if whole else [_Unseen((*here, "?"))]
        if value is None:
            return [], [_Unseen((*here, "?"))]
        if isinstance(kind, Values) and isinstance(kind.of, Ref):
            return [self.target(v, kind.of) for v in value], []
        return list(value), []


_last: _View | None = None


class _Reference:
    def __init__(self, design: Design, principles: PrincipleSet) -> None:
        self.design = design
        self.view = _View.of(design)
        self.concepts = principles.concepts
        self.principles = principles
        self.signs = Signs()
        self.closed: dict[int, Sign | None] = {}

    def run(self, rules: tuple[Rule, ...]) -> Signs:
        self.signs.scope = self.sign(self.principles.scope, {})
        for rule in rules:
            places: dict[Binding, PlaceSigns] = {}
            for env in self.bindings(rule, self.links(rule), 0, {}):
                binding = tuple((b.variable, self.path_of(env[b.variable])) for b in rule.binders)
                places[binding] = PlaceSigns(
                    self.sign(rule.applies, env),
                    self.sign(rule.violated, env),
                    tuple(self.sign(e.when, env) for e in rule.exceptions),
                )
            self.signs.places[rule.id] = places
        return self.signs

    def links(self, rule: Rule) -> list[list[Formula]]:
        """For each variable the links that can be tested once it is bound."""
        names = [b.variable for b in rule.binders]
        joins = [(link, joined(link)) for link in rule.links]
        return [[x for x, vs in joins if name in vs <= {*names[: n + 1]}] for n, name in enumerate(names)]

    def bindings(
        self, rule: Rule, links: list[list[Formula]], bound: int, env: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Every combination of parts that no link is known to rule out."""
        if bound == len(rule.binders):
            yield env
            return
        binder = rule.binders[bound]
        items, more = self.items(binder.source, env)
        for item in [*items, *more]:
            inner = {**env, binder.variable: item}
            if links[bound] and any(self.sign(link, inner) == FALSE for link in links[bound]):
                continue
            follows = self.bindings(rule, links, bound + 1, inner)
            if not isinstance(item, _Unseen):
                yield from follows
            elif next(follows, None) is not None:
                yield self.unseen(rule, bound + 1, inner)

    def unseen(self, rule: Rule, bound: int, env: dict[str, Any]) -> dict[str, Any]:
        """Behind an unseen part everything is unseen: one place stands for all that may follow."""
        for binder in rule.binders[bound:]:
            base = self.path_of(env[binder.source.root]) if binder.source.root else ()
            env = {**env, binder.variable: _Unseen((*base, *binder.source.steps, "?"))}
        return env

    def path_of(self, part: Any) -> tuple[str, ...]:
        return part.path if type(part) is _Unseen else self.view.paths[id(part)]

    def read(self, path: Path, env: dict[str, Any]) -> Any:
        """What a path leads to; None where that is not known."""
        value = env[path.root] if path.root else self.design
        for step in path.steps:
            if value is None or type(value) is _Unseen:
                return None
            owner, value = value, getattr(value, step)
            if type(value) is str:  # a text, or the id of a part
                block: type[Block] = type(owner)
                kind = fields_of(block)[step]
                value = self.view.target(value, kind) if isinstance(kind, Ref) else value
        return value

    def items(self, path: Path, env: dict[str, Any]) -> tuple[list[Any], list[_Unseen]]:
        """The items of the list a path leads to, and its unseen member if it may hold more."""
        owner = env[path.root] if path.root else self.design
        if len(path.steps) > 1:
            owner = self.read(Path(path.root, path.steps[:-1]), env)
        if owner is None or type(owner) is _Unseen:
            base = self.path_of(env[path.root]) if path.root else ()
            return [], [_Unseen((*base, *path.steps, "?"))]
        return self.view.items(owner, path.steps[-1])

    def sign(self, formula: Formula, env: dict[str, Any]) -> Sign:
        """Strong Kleene: and is the least, or the greatest, not the opposite sign."""
        return _MEANING[type(formula)](self, formula, env)

    def constant(self, formula: Constant, env: dict[str, Any]) -> Sign:
        return TRUE if formula.value else FALSE

    def negation(self, formula: Not, env: dict[str, Any]) -> Sign:
        return -self.sign(formula.part, env)

    def conjunction(self, formula: And, env: dict[str, Any]) -> Sign:
        return min([self.sign(p, env) for p in formula.parts], default=TRUE)

    def disjunction(self, formula: Or, env: dict[str, Any]) -> Sign:
        return max([self.sign(p, env) for p in formula.parts], default=FALSE)

    def holds(self, formula: Holds, env: dict[str, Any]) -> Sign:
        value = self.read(formula.path, env)
        return UNKNOWN if value is None or isinstance(value, _Unseen) else TRUE if value else FALSE

    def comparison(self, formula: Compare, env: dict[str, Any]) -> Sign:
        return self.compare(formula.op, self.operand(formula.left, env), self.operand(formula.right, env))

    def membership(self, formula: Among, env: dict[str, Any]) -> Sign:
        value = self.operand(formula.item, env)
        if isinstance(formula.options, tuple):
            if value is None:
                return UNKNOWN
            if isinstance(value, str):
                return TRUE if value in [o.value for o in formula.options] else FALSE
            return max([self.compare("==", value, o.value) for o in formula.options])
        items, more = self.items(formula.options, env)
        return max([self.compare("==", value, x) for x in items] + [UNKNOWN for _ in more], default=FALSE)

    def quantifier(self, formula: Quantifier, env: dict[str, Any]) -> Sign:
        """Asked of the design alone, it is the same at every place."""
        if id(formula) not in self.closed:
            self.closed[id(formula)] = None if free(formula) else self.ranged(formula, env)
        same = self.closed[id(formula)]
        return self.ranged(formula, env) if same is None else same

    def ranged(self, formula: Quantifier, env: dict[str, Any]) -> Sign:
        items, more = self.items(formula.source, env)
        signs = [self.one(formula, {**env, formula.variable: x}) for x in items] + [UNKNOWN for _ in more]
        return max(signs, default=FALSE) if formula.kind == "any" else min(signs, default=TRUE)

    def one(self, formula: Quantifier, env: dict[str, Any]) -> Sign:
        meets = TRUE if formula.condition is None else self.sign(formula.condition, env)
        body = self.sign(formula.body, env)
        return min(meets, body) if formula.kind == "any" else max(-meets, body)

    def operand(self, operand: Path | Literal, env: dict[str, Any]) -> Any:
        return operand.value if type(operand) is Literal else self.read(operand, env)  # type: ignore[arg-type]

    def compare(self, op: str, left: Any, right: Any) -> Sign:
        if left is None or right is None:
            return UNKNOWN
        if op == "==" and isinstance(left, str) and isinstance(right, str):
            return TRUE if left == right else FALSE
        if isinstance(left, _PARTS) or isinstance(right, _PARTS):
            # Two mentions of something unseen may or may not be the same thing; a word is never a part.
            words = isinstance(left, str) or isinstance(right, str)
            unseen = isinstance(left, _Unseen) or isinstance(right, _Unseen)
            return UNKNOWN if unseen and not words else TRUE if left is right else FALSE
        if op == "==" and not isinstance(left, Bounds):
            return TRUE if left == right else FALSE
        (low, high), (least, most) = _ends(left), _ends(right)
        match op:
            case "==":
                return TRUE if low == high == least == most else FALSE if high < least or most < low else UNKNOWN
            case "<":
                return TRUE if high < least else FALSE if low >= most else UNKNOWN
            case "<=":
                return TRUE if high <= least else FALSE if low > most else UNKNOWN
            case ">":
                return self.compare("<", right, left)
            case _:
                return self.compare("<=", right, left)

    def count(self, formula: Count, env: dict[str, Any]) -> Sign:
        items, more = self.items(formula.source, env)
        condition = formula.condition or Constant(True)
        signs = [self.sign(condition, {**env, formula.variable: x}) for x in items]
        least = signs.count(TRUE)
        most = float("inf") if more else least + signs.count(UNKNOWN)
        return self.compare(formula.op, Bounds(least, most), formula.number)

    def call(self, call: Call, env: dict[str, Any]) -> Sign:
        arguments = [self.read(a, env) for a in call.arguments]
        if any(a is None for a in arguments):
            return UNKNOWN
        concept: Concept = self.concepts[call.concept]
        key = (concept.id, tuple(self.path_of(a) for a in arguments))
        if key not in self.signs.concepts:
            inner = dict(zip(concept.variables, arguments, strict=True))
            holds = self.sign(concept.holds, inner)
            fails = UNKNOWN if concept.fails is None else self.sign(concept.fails, inner)
            sign = holds if concept.fails is None else TRUE if holds == TRUE else FALSE if fails == TRUE else UNKNOWN
            self.signs.concepts[key] = ConceptSigns(sign, holds, fails)
        return self.signs.concepts[key].sign


def _ends(value: Any) -> tuple[float, float]:
    if isinstance(value, Ordinal):
        return value.rank, value.rank
    return (value.low, value.high) if isinstance(value, Bounds) else (float(value), float(value))


_PARTS = (Part, _Unseen)
_MEANING: dict[type[Formula], Callable[[_Reference, Any, dict[str, Any]], Sign]] = {
    Constant: _Reference.constant,
    Not: _Reference.negation,
    And: _Reference.conjunction,
    Or: _Reference.disjunction,
    Holds: _Reference.holds,
    Compare: _Reference.comparison,
    Among: _Reference.membership,
    Quantifier: _Reference.quantifier,
    Count: _Reference.count,
    Call: _Reference.call,
}
