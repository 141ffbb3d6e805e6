"""Random rule sets over the whole condition language, and ways of writing a design differently.

Everything is drawn from a `random.Random`, so a seed names a case and Hypothesis can drive the same code.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from policy_eval.analysis.sampling import NUMBERS, TEXTS, Data, Draft
from policy_eval.design.base import Block
from policy_eval.design.model import Design
from policy_eval.design.types import (
    Boolean,
    Choice,
    Group,
    Number,
    One,
    Parts,
    Ref,
    Text,
    Values,
    fields_of,
    part_models,
    root_lists,
)  # fmt: skip
from policy_eval.language import formula as fm
from policy_eval.language.typecheck import Environment, Type
from policy_eval.principle import Concept, ConceptFile, Exception_, PrincipleSet, Rule, RuleException, RuleFile, SetFile
from policy_eval.vocabulary.law import Burden, Principle, Severity

# --- designs -----------------------------------------------------------------------------------


def shuffled(value: Any, rng: random.Random) -> Any:
    """The same data with the keys of groups and the items of lists in another order."""
    if isinstance(value, dict):
        return {k: shuffled(value[k], rng) for k in sorted(value, key=lambda _: rng.random())}
    if isinstance(value, list):
        return [shuffled(v, rng) for v in sorted(value, key=lambda _: rng.random())]
    return value


def renamed(draft: Draft, new: Callable[[str], str]) -> Draft:
    """The same design with every id changed, and with it whatever refers to it."""
    result = Draft(draft.kind, copy.deepcopy(draft.data))
    _rename(Design, result.data, new)
    pairs = zip(draft.lists(), result.lists(), strict=True)
    result.partial = {after for (before, _, _), (after, _, _) in pairs if before in draft.partial}
    return result


def _rename(model: type[Block], data: Data, new: Callable[[str], str]) -> None:
    def one(value: str, kind: Ref) -> str:
        return value if value in kind.words else new(value)

    for name, kind in fields_of(model).items():
        if name not in data:
            continue
        match kind:
            case Parts(of):
                part = part_models()[of]
                for item in data[name]:
                    _rename(part, item, new)
                    if not isinstance(fields_of(part)[part.key], Ref):
                        item[part.key] = new(item[part.key])
            case Group(inner):
                _rename(inner, data[name], new)
            case Ref():
                data[name] = one(data[name], kind)
            case Values(Ref() as of_ref):
                data[name] = [one(v, of_ref) for v in data[name]]
            case _:
                pass


# --- rule sets ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """A concept that conditions can call, and what it is asked of."""

    name: str
    kinds: tuple[str, ...]


class Formulas:
    """Draws well-typed conditions of the whole language.

    With `trivial` some conditions say nothing about any design: constants, `count(...) >= 0`, whether a part
    is in the list it comes from, or what it is called.
    """

    def __init__(self, rng: random.Random, concepts: tuple[Signature, ...] = (), *, trivial: bool = True) -> None:
        self.rng, self.concepts, self.trivial = rng, concepts, trivial
        self.fresh = 0

    def formula(self, env: Environment, depth: int) -> fm.Formula:
        """A condition over the variables of `env`, with connectives and quantifiers up to `depth` deep."""
        draw = self.rng.random()
        if depth <= 0 or draw < 0.35:
            return self.atom(env, depth)
        if draw < 0.5:
            inner = self.formula(env, depth - 1)
            return inner.part if isinstance(inner, fm.Not) else fm.Not(inner)
        kind = fm.And if draw < 0.75 else fm.Or
        parts = [self.formula(env, depth - 1) for _ in range(self.rng.randint(2, 4))]
        flat = tuple(q for p in parts for q in (p.parts if isinstance(p, kind) else (p,)))
        return kind(flat)

    def atom(self, env: Environment, depth: int) -> fm.Formula:
        """One atom, or a quantifier over a condition less deep."""
        if self.trivial and self.rng.random() < 0.01:
            return fm.Constant(self.rng.random() < 0.5)
        makers: list[Callable[[Environment, int], fm.Formula | None]] = [self.leaf, self.leaf, self.identity, self.call]
        if depth > 0:
            makers += [self.quantifier, self.quantifier, self.count]
        while True:
            made = self.rng.choice(makers)(env, depth)
            if made is not None:
                return made

    def paths(self, env: Environment) -> list[tuple[fm.Path, Type]]:
        """What can be reached from the variables and from the top, references followed twice."""
        reached: list[tuple[fm.Path, Type]] = []
        pending: list[tuple[fm.Path, Type]] = [(fm.Path(v, ()), kind) for v, kind in env.items()]
        if not env or self.rng.random() < 0.4:
            pending.append((fm.Path("", ()), Group(Design)))
        while pending:
            path, kind = pending.pop()
            if path.root or path.steps:
                reached.append((path, kind))
            inner = _model(kind)
            if inner is not None and len(path.steps) < 3:
                fields = fields_of(inner).items()
                named = [(n, t) for n, t in fields if self.trivial or n != getattr(inner, "key", None)]
                pending += [(fm.Path(path.root, (*path.steps, n)), t) for n, t in named]
        return reached

    def leaf(self, env: Environment, depth: int) -> fm.Formula | None:
        """A test of one fact."""
        rng = self.rng
        readable = (Boolean, Number, Text, Choice, Ref, Values)
        paths = [(p, k) for p, k in self.paths(env) if isinstance(k, readable)]
        if not paths:
            return None
        path, kind = rng.choice(paths)
        match kind:
            case Boolean():
                return rng.choice((fm.Holds(path), fm.Compare("==", path, fm.Literal(rng.random() < 0.5))))
            case Number() | Text() | Choice():
                return self.compared(path, kind, env)
            case Ref(_, words) if words:
                word = fm.Literal(rng.choice(words))
                return rng.choice((fm.Compare("==", path, word), fm.Among(path, (word,))))
            case Values(of):
                return self.listed(path, of, env)
            case _:
                return None

    def compared(self, path: fm.Path, kind: Number | Text | Choice, env: Environment) -> fm.Formula:
        """A comparison with a literal, with several, or with another fact on the same scale."""
        rng = self.rng
        others = [p for p, k in self.paths(env) if p != path and _alike(kind, k)]
        ordered = isinstance(kind, Number) or (isinstance(kind, Choice) and kind.scale is not None)
        op = rng.choice(("==", "<", "<=", ">", ">=")) if ordered else "=="
        if isinstance(kind, Choice) and op != "==":
            others = [p for p, k in self.paths(env) if isinstance(k, Choice) and k.scale == kind.scale and p != path]
        if others and rng.random() < 0.3:
            return fm.Compare(op, path, rng.choice(others))
        if rng.random() < 0.5:
            options = self.literals(kind)
            return fm.Among(path, tuple(rng.sample(options, rng.randint(1, max(1, len(options) * 2 // 3)))))
        return fm.Compare(op, path, rng.choice(self.literals(kind)))

    def literals(self, kind: Type) -> list[fm.Literal]:
        """Literals that a fact of a type can be compared with."""
        match kind:
            case Choice(terms):
                return [fm.Literal(t) for t in terms]
            case Number():
                return [fm.Literal(float(n)) for n in NUMBERS]
            case Text():
                return [fm.Literal(t) for t in TEXTS]
            case Boolean():
                return [fm.Literal(True), fm.Literal(False)]
            case Ref(_, words):
                return [fm.Literal(w) for w in words]
            case _:
                return []

    def listed(self, source_path: fm.Path, of: Type, env: Environment) -> fm.Formula | None:
        """Membership in a list of the design."""
        items = [p for p, k in self.paths(env) if _alike(of, k)]
        literals = self.literals(of)
        if literals and (not items or self.rng.random() < 0.7):
            return fm.Among(self.rng.choice(literals), source_path)
        return fm.Among(self.rng.choice(items), source_path) if items else None

    def identity(self, env: Environment, depth: int) -> fm.Formula | None:
        """Whether two mentions are of one part, or a part is in a list."""
        paths = self.paths(env)
        singles = [(p, _kinds(k)) for p, k in paths if _kinds(k)]
        if not singles:
            return None
        left, kinds = self.rng.choice(singles)
        if self.rng.random() < 0.5:
            others = [p for p, k in singles if p != left and set(k) & set(kinds)]
            return fm.Compare("==", left, self.rng.choice(others)) if others else None
        lists = [p for p, k in paths if set(_kinds(_item(k))) & set(kinds)]
        if self.trivial:
            lists += [fm.Path("", (name,)) for k, name in root_lists().items() if k in kinds]
        else:
            lists = [p for p in lists if p.root]
        return fm.Among(left, self.rng.choice(lists)) if lists else None

    def call(self, env: Environment, depth: int) -> fm.Formula | None:
        """A concept asked of variables or paths."""
        if not self.concepts:
            return None
        concept = self.rng.choice(self.concepts)
        paths = self.paths(env)
        arguments = []
        for kind in concept.kinds:
            fitting = [p for p, k in paths if k == One(kind) or k == Ref((kind,), ())]
            if not fitting:
                return None
            arguments.append(self.rng.choice(fitting))
        return fm.Call(concept.name, tuple(arguments))

    def source(self, env: Environment) -> tuple[fm.Path, Type]:
        """A list to range over and the type of its items."""
        lists = [(p, _item(k)) for p, k in self.paths(env) if _item(k) is not None]
        lists += [(fm.Path("", (name,)), One(kind)) for kind, name in root_lists().items()]
        path, kind = self.rng.choice(lists)
        assert kind is not None
        return path, kind

    def variable(self) -> str:
        """A name no other variable has."""
        self.fresh += 1
        return f"v{self.fresh}"

    def quantifier(self, env: Environment, depth: int) -> fm.Formula:
        """`any` or `all` over a list."""
        path, kind = self.source(env)
        name = self.variable()
        inner = {**env, name: kind}
        condition = self.formula(inner, depth - 2) if self.rng.random() < 0.4 else None
        kind_of = self.rng.choice(("any", "all"))
        return fm.Quantifier(kind_of, name, path, condition, self.formula(inner, depth - 1))

    def count(self, env: Environment, depth: int) -> fm.Formula:
        """`count` over a list."""
        path, kind = self.source(env)
        name = self.variable()
        condition = self.formula({**env, name: kind}, depth - 1) if self.rng.random() < 0.8 else None
        op = self.rng.choice(("==", "<", "<=", ">", ">="))
        least = 0 if self.trivial or op in ("==", "<=", ">") else 1
        return fm.Count(name, path, condition, op, self.rng.randint(least, 3))


def _model(kind: Type) -> type[Block] | None:
    match kind:
        case One(name) | Ref((name,), ()):
            return part_models()[name]
        case Group(model):
            return model
        case _:
            return None


def _kinds(kind: Type | None) -> tuple[str, ...]:
    return (kind.kind,) if isinstance(kind, One) else kind.kinds if isinstance(kind, Ref) else ()


def _item(kind: Type) -> Type | None:
    match kind:
        case Parts(name) | Values(Ref((name,), ())):
            return One(name)
        case Values(of):
            return of
        case _:
            return None


def _alike(one: Type, other: Type) -> bool:
    """Whether two facts may be compared for being the same."""
    if isinstance(one, Choice) and isinstance(other, Choice):
        return one.terms is other.terms or (one.scale is not None and one.scale == other.scale)
    if isinstance(one, Ref | One):
        return bool(set(_kinds(one)) & set(_kinds(other)))
    return type(one) is type(other) and isinstance(one, Number | Text | Boolean)


def random_binders(rng: random.Random) -> tuple[tuple[fm.Binder, ...], dict[str, Type]]:
    """No binder, one, a linked pair, or two or three to be joined by a condition."""
    kinds = list(root_lists())
    binders: list[fm.Binder] = []
    env: dict[str, Type] = {}
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
        linked = [
            (fm.Path(v, (name,)), item.kind)
            for v, kind in env.items()
            if (model := _model(kind)) is not None
            for name, t in fields_of(model).items()
            if isinstance(item := _item(t), One)
        ]
        if linked and rng.random() < 0.6:
            path, kind = rng.choice(linked)
        else:
            kind = rng.choice(kinds)
            path = fm.Path("", (root_lists()[kind],))
        variable = kind if kind not in env else f"{kind}_{len(env)}"
        binders.append(fm.Binder(variable, path, kind))
        env[variable] = One(kind)
    return tuple(binders), env


def random_concepts(rng: random.Random, number: int, depth: int = 2, *, trivial: bool = True) -> dict[str, Concept]:
    """Concepts each of which may call those before it; a second formula excludes the first by construction."""
    signatures: list[Signature] = []
    concepts = {}
    for n in range(number):
        kinds = tuple(rng.sample(list(part_models()), rng.choice((0, 1, 1, 1, 2))))
        env: dict[str, Type] = {k: One(k) for k in kinds}
        drawn = Formulas(rng, tuple(signatures), trivial=trivial)
        first = drawn.formula(env, depth)
        fails: fm.Formula | None = None
        holds = first
        if rng.random() < 0.5:
            second = drawn.formula(env, depth)
            holds, fails = fm.conjunction(first, negation(second)), second
            if rng.random() < 0.5:
                fails = fm.conjunction(second, drawn.formula(env, depth - 1))
        name = f"concept_{n}"
        text = ConceptFile.model_construct(id=name, title=name, of=kinds, rationale="random")
        concepts[name] = Concept(text, f"{name}.concept.yaml", kinds, holds, fails)
        signatures.append(Signature(name, kinds))
    return concepts


def negation(formula: fm.Formula) -> fm.Formula:
    """`not` of a formula, never twice."""
    return formula.part if isinstance(formula, fm.Not) else fm.Not(formula)


def make_rule(
    name: str,
    binders: tuple[fm.Binder, ...],
    applies: fm.Formula,
    violated: fm.Formula,
    exceptions: tuple[tuple[fm.Formula, Burden], ...] = (),
    severity: Severity = Severity.MEDIUM,
    reach: Mapping[str, fm.Formula] | None = None,
) -> Rule:
    """A rule from checked conditions, linked as the library links one read from a file."""
    text = RuleFile.model_construct(id=f"random/{name}", title=name, principle=Principle.FAIRNESS, severity=severity)
    parts = applies.parts if isinstance(applies, fm.And) else (applies,)
    links = tuple(p for p in parts if len(fm.joined(p)) > 1)
    excuses = tuple(
        RuleException(Exception_.model_construct(id=f"e{n}", title=f"e{n}", burden=burden), when, burden)
        for n, (when, burden) in enumerate(exceptions)
    )
    reached = [fm.rename(reach[b.kind], b.kind, b.variable) for b in binders if reach and b.kind in reach]
    return Rule(
        text, f"{name}.rule.yaml", binders, links, applies, fm.conjunction(applies, *reached), violated, excuses
    )


def make_set(rules: tuple[Rule, ...], concepts: Mapping[str, Concept], scope: fm.Formula = fm.TRUE) -> PrincipleSet:
    """A principle set of given rules and concepts."""
    text = SetFile.model_construct(id="random", title="random", short="random", text_as_of=dt.date(2026, 1, 1))
    return PrincipleSet(text, FilePath(), "random", scope, tuple(sorted(rules, key=lambda r: r.id)), concepts)


def random_set(rng: random.Random, rules: int = 4, concepts: int = 3, *, trivial: bool = True) -> PrincipleSet:
    """A principle set of random rules and concepts."""
    known = random_concepts(rng, concepts, trivial=trivial)
    drawn = Formulas(rng, tuple(Signature(c.id, c.variables) for c in known.values()), trivial=trivial)
    reach: dict[str, fm.Formula] = {}
    for kind in rng.sample(list(root_lists()), rng.choice((0, 0, 1, 2))):
        reach[kind] = drawn.formula({kind: One(kind)}, 1)
    made = tuple(_random_rule(f"rule-{n}", drawn, rng, reach) for n in range(rules))
    scope = fm.TRUE if rng.random() < 0.5 else drawn.formula({}, 2)
    return make_set(made, known, scope)


def _random_rule(name: str, drawn: Formulas, rng: random.Random, reach: Mapping[str, fm.Formula]) -> Rule:
    binders, env = random_binders(rng)
    applies = fm.TRUE if rng.random() < 0.3 else drawn.formula(env, 2)
    if len(env) > 1 and rng.random() < 0.6:
        join = drawn.identity(env, 0)
        applies = fm.conjunction(join, applies) if join is not None else applies
    exceptions = tuple((drawn.formula(env, 2), rng.choice(list(Burden))) for _ in range(rng.choice((0, 0, 1, 1, 2, 3))))
    return make_rule(name, binders, applies, drawn.formula(env, 3), exceptions, rng.choice(list(Severity)), reach)


def reordered(principles: PrincipleSet, rng: random.Random) -> PrincipleSet:
    """The same set with its rules in another order."""
    return replace(principles, rules=tuple(sorted(principles.rules, key=lambda _: rng.random())))


def formulas_of(principles: PrincipleSet) -> Iterator[tuple[fm.Formula, dict[str, Type]]]:
    """Every condition of a set with the variables it is about."""
    yield principles.scope, {}
    for concept in principles.concepts.values():
        env: dict[str, Type] = {k: One(k) for k in concept.variables}
        yield concept.holds, env
        if concept.fails is not None:
            yield concept.fails, env
    for rule in principles.rules:
        bound: dict[str, Type] = {b.variable: One(b.kind) for b in rule.binders}
        for formula in (rule.applies, rule.violated, *(e.when for e in rule.exceptions)):
            yield formula, bound
