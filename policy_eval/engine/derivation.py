"""Why a condition came to its sign: a tree of steps down to the facts, and what is read off it.

From the tree follow the facts that establish a sign, reduced until none can be spared; the facts
that are open where it is undecided; and the questions of law that are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from policy_eval.design.model import Design
from policy_eval.design.paths import key_of
from policy_eval.engine import facts
from policy_eval.engine.compiler import NOTHING, Definitions, Env, reader
from policy_eval.engine.facts import UNSEEN, Listing, PartPath, Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding, Sign
from policy_eval.language.formula import (
    Among,
    And,
    Atom,
    Binder,
    Call,
    Compare,
    Constant,
    Count,
    Formula,
    Holds,
    Not,
    Or,
    Path,
    Quantifier,
)  # fmt: skip
from policy_eval.language.normal import Shape
from policy_eval.principle import Concept, PrincipleSet


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One stated thing: a leaf; `whole`: that a list holds no more than is stated; `exists`: an item."""

    path: PartPath
    kind: str = "leaf"

    def __str__(self) -> str:
        return ".".join(self.path)


Support = frozenset[Fact]
NO_FACTS: Support = frozenset()


class Opening(NamedTuple):
    """The sign of a condition and, where that is undecided, the facts not known and the concepts of open law."""

    sign: Sign
    facts: Support = NO_FACTS
    laws: frozenset[str] = frozenset()


def _merged(sign: Sign, parts: Iterable[Opening], facts: Iterable[Fact] = (), laws: Iterable[str] = ()) -> Opening:
    """What undecided parts leave open together; nothing where the whole is decided."""
    if sign != UNKNOWN:
        return Opening(sign)
    opened = [p for p in parts if p.sign == UNKNOWN]
    return Opening(
        sign, frozenset(facts).union(*[p.facts for p in opened]), frozenset(laws).union(*[p.laws for p in opened])
    )


Expansion = tuple[tuple[Fact, ...], tuple[Fact, ...], tuple["Step", ...]]


class Step:
    """One condition at one place: its sign, the facts it reads itself, and the steps below it.

    `kind` is and, or, not, item, fact, any, all, count or concept. What lies below is worked out when it is
    first asked for: most of it never is.
    """

    __slots__ = ("_expand", "_expansion", "concept", "formula", "kind", "label", "sign")

    def __init__(
        self,
        kind: str,
        formula: Formula,
        sign: Sign,
        expand: Callable[[], Expansion],
        *,
        label: str = "",
        concept: Concept | None = None,
    ) -> None:
        self.kind, self.formula, self.sign, self.label, self.concept = kind, formula, sign, label, concept
        self._expand = expand
        self._expansion: Expansion | None = None

    def _below(self) -> Expansion:
        if self._expansion is None:
            self._expansion = self._expand()
        return self._expansion

    @property
    def reads(self) -> tuple[Fact, ...]:
        """The known facts the step reads itself."""
        return self._below()[0]

    @property
    def missing(self) -> tuple[Fact, ...]:
        """The facts it would read and that are not known."""
        return self._below()[1]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps below; of a concept its truth, and its falsity where that has a condition of its own."""
        return self._below()[2]

    @property
    def unsettled(self) -> str:
        """The concept whose law leaves room here: neither its truth nor its falsity follows, whatever is known."""
        if self.concept is None or self.sign != UNKNOWN:
            return ""
        gap = len(self.steps) == 2 and all(s.sign == FALSE for s in self.steps)
        return self.concept.id if gap else ""

    @property
    def text(self) -> str:
        """The condition as it would be written."""
        return show(self.formula)


class Tracer:
    """Traces conditions over one design; independent of which engine judged it."""

    def __init__(
        self, design: Design | Thing, principles: PrincipleSet, definitions: Definitions | None = None
    ) -> None:
        self.definitions = definitions or Definitions()
        self.principles, self.concepts = principles, principles.concepts
        self.root = design if isinstance(design, Thing) else facts.build(design)
        self._things: dict[PartPath, Thing] = {}
        self._signs: dict[tuple[str, tuple[PartPath, ...]], Sign] = {}
        self._openings: dict[tuple[str, tuple[PartPath, ...]], Opening] = {}
        self._steps: dict[tuple[str, tuple[PartPath, ...]], tuple[Step, ...]] = {}
        self._index(self.root)

    def knowing(self, allowed: Support) -> Tracer:
        """A tracer of the same design of which only the allowed facts are known."""
        return Tracer(_Part(self._things).of(allowed), self.principles, self.definitions)

    def _index(self, thing: Thing) -> None:
        self._things[thing.path] = thing
        for value in thing.facts.values():
            if isinstance(value, Thing) and value.path[: len(thing.path)] == thing.path and value is not thing:
                if len(value.path) == len(thing.path) + 1:
                    self._index(value)
            elif isinstance(value, Listing):
                for item in value.items:
                    self._index(item)

    def derive(self, shape: Shape, signs: tuple[Sign, ...]) -> Sign:
        """Kleene value of a shape (the deciders of the compiler ask for it inside quantifiers)."""
        if isinstance(shape, int):
            return signs[shape - 1] if shape > 0 else -signs[-shape - 1]
        inner = [self.derive(part, signs) for part in shape[1]]
        return min(inner, default=TRUE) if shape[0] == "&" else max(inner, default=FALSE)

    def concept(self, name: str, arguments: tuple[Thing, ...]) -> Sign:
        """Sign of a concept, by its two formulas."""
        key = (name, tuple([a.path for a in arguments]))
        if key not in self._signs:
            concept = self.concepts[name]
            env = dict(zip(concept.variables, arguments, strict=True))
            sign = self.sign(concept.holds, env)
            if concept.fails is not None and sign != TRUE:
                sign = FALSE if self.sign(concept.fails, env) == TRUE else UNKNOWN
            self._signs[key] = sign
        return self._signs[key]

    def has(self, path: PartPath) -> bool:
        """Whether the design states the part or block at a path."""
        return path in self._things

    def env(self, binding: Binding) -> dict[str, object]:
        """The parts a binding names; unseen ones with nothing known of them."""
        return {variable: self._things.get(path) or Thing(path) for variable, path in binding}

    def sign(self, formula: Formula, env: Env) -> Sign:
        """The sign of a condition, without its derivation."""
        return self.definitions.of(formula).sign(self, env)

    def _decide(self, atom: Atom, env: Env) -> Sign:
        return self.definitions.decider(atom)(self, env)

    def trace(self, formula: Formula, env: Env) -> Step:
        """The tree of steps for one condition."""
        match formula:
            case And(parts) | Or(parts):
                steps = tuple([self.trace(p, env) for p in parts])
                if isinstance(formula, And):
                    return Step("and", formula, min((s.sign for s in steps), default=TRUE), lambda: ((), (), steps))
                return Step("or", formula, max((s.sign for s in steps), default=FALSE), lambda: ((), (), steps))
            case Constant(value):
                return Step("fact", formula, TRUE if value else FALSE, lambda: ((), (), ()))
            case Not(Holds() | Compare() | Among() as atom):
                return Step("fact", formula, -self._decide(atom, env), lambda: (*self._reads(_paths(atom), env), ()))
            case Not(part):
                inner = self.trace(part, env)
                return Step("not", formula, -inner.sign, lambda: ((), (), (inner,)))
            case Quantifier() | Count():
                kind = formula.kind if isinstance(formula, Quantifier) else "count"
                return Step(kind, formula, self._decide(formula, env), lambda: self._members(formula, env))
            case Call():
                return self._call(formula, env)
            case _:
                sign = self._decide(formula, env)
                return Step("fact", formula, sign, lambda: (*self._reads(_paths(formula), env), ()))

    def opening(self, formula: Formula, env: Env) -> Opening:
        """The sign of a condition and, where it is undecided, what leaves it so; no tree is made for it."""
        kind = type(formula)
        if kind is And or kind is Or:
            parts = [self.opening(p, env) for p in formula.parts]  # type: ignore[union-attr]
            signs = [p.sign for p in parts]
            sign = min(signs, default=TRUE) if kind is And else max(signs, default=FALSE)
            return _merged(sign, parts)
        if kind is Not:
            inner = self.opening(formula.part, env)  # type: ignore[union-attr]
            return Opening(-inner.sign, inner.facts, inner.laws)
        if kind is Call:
            return self._opening_of_call(formula, env)  # type: ignore[arg-type]
        if kind is Constant:
            return Opening(TRUE if formula.value else FALSE)  # type: ignore[union-attr]
        sign = self._decide(formula, env)  # type: ignore[arg-type]
        if sign != UNKNOWN:
            return Opening(sign)
        if kind is Quantifier or kind is Count:
            missing, body, items = self._ranged(formula, env)  # type: ignore[arg-type]
            variable = formula.variable  # type: ignore[union-attr]
            return _merged(UNKNOWN, [self.opening(body, {**env, variable: i}) for i in items], missing)
        return Opening(UNKNOWN, frozenset(self._reads(_paths(formula), env)[1]))

    def _opening_of_call(self, call: Call, env: Env) -> Opening:
        concept = self.concepts[call.concept]
        values = [reader(a)(self, env) for a in call.arguments]
        if any(v is NOTHING for v in values):
            return Opening(UNKNOWN, frozenset(self._reads([a for a in call.arguments if a.steps], env)[1]))
        key = (concept.id, tuple([v.path for v in values if isinstance(v, Thing)]))
        if key not in self._openings:
            inner = dict(zip(concept.variables, values, strict=True))
            holds = self.opening(concept.holds, inner)
            if holds.sign == TRUE or concept.fails is None:
                self._openings[key] = holds
            else:
                fails = self.opening(concept.fails, inner)
                sign = FALSE if fails.sign == TRUE else UNKNOWN
                gap = {concept.id} if holds.sign == fails.sign == FALSE else set()
                self._openings[key] = _merged(sign, [holds, fails], laws=gap)
        return self._openings[key]

    def leads(self, binders: tuple[Binder, ...], env: Env) -> Support:
        """The references by which the parts of a binding follow from one another."""
        return frozenset(
            f for b in binders if b.source.root for f in self._reads([b.source], env)[0] if f.kind == "leaf"
        )

    def _reads(self, paths: Iterable[Path], env: Env) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        reads: dict[Fact, None] = {}
        missing: dict[Fact, None] = {}
        for path in paths:
            value: object = env[path.root] if path.root else self.root
            if not path.steps and isinstance(value, Thing) and not value.seen:
                missing[_open(value.path)] = None
            for step in path.steps:
                assert isinstance(value, Thing)
                here = (*value.path, step)
                owner, value = value, value.facts.get(step, NOTHING)
                if isinstance(value, Listing):
                    if value.unseen is None:
                        reads[Fact(here, "whole")] = None
                    else:
                        missing[_open(here)] = None
                elif value is NOTHING:
                    missing[_open(here)] = None
                    break
                elif not (isinstance(value, Thing) and value.path == here) and not _is_key(owner.path, step):
                    reads[Fact(here)] = None
        return tuple(reads), tuple(missing)

    def _members(self, atom: Quantifier | Count, env: Env) -> Expansion:
        missing, body, items = self._ranged(atom, env)
        reads = self._reads([atom.source], env)[0]
        return reads, missing, tuple(self._item(body, atom.variable, item, env) for item in items)

    def _ranged(self, atom: Quantifier | Count, env: Env) -> tuple[tuple[Fact, ...], Formula, tuple[object, ...]]:
        """What is missing of the list ranged over, what is asked of each item, and the items."""
        listed = reader(atom.source)(self, env)
        items = listed.items if isinstance(listed, Listing) else listed if isinstance(listed, tuple) else ()
        body = self.definitions.body(atom) if isinstance(atom, Quantifier) else atom.condition or Constant(True)
        return self._reads([atom.source], env)[1], body, items

    def _item(self, body: Formula, variable: str, item: object, env: Env) -> Step:
        inner = self.trace(body, {**env, variable: item})
        label = ".".join(item.path) if isinstance(item, Thing) else str(item)
        exists = (Fact(item.path, "exists"),) if isinstance(item, Thing) else ()
        return Step("item", body, inner.sign, lambda: (exists, (), (inner,)), label=label)

    def _call(self, call: Call, env: Env) -> Step:
        concept = self.concepts[call.concept]
        values = [reader(a)(self, env) for a in call.arguments]
        things = tuple(v for v in values if isinstance(v, Thing))
        arguments = [a for a in call.arguments if a.steps]
        if any(v is NOTHING for v in values):
            return Step("concept", call, UNKNOWN, lambda: (*self._reads(arguments, env), ()), concept=concept)

        def expand() -> Expansion:
            return self._reads(arguments, env)[0], (), self._defining(concept, things)

        label = ", ".join(".".join(v.path) for v in things)
        return Step("concept", call, self.concept(concept.id, things), expand, label=label, concept=concept)

    def _defining(self, concept: Concept, things: tuple[Thing, ...]) -> tuple[Step, ...]:
        """The steps of a concept's truth and falsity, shared by all who ask it of the same things."""
        key = (concept.id, tuple(t.path for t in things))
        if key not in self._steps:
            env = dict(zip(concept.variables, things, strict=True))
            formulas = (concept.holds,) if concept.fails is None else (concept.holds, concept.fails)
            self._steps[key] = tuple(self.trace(f, env) for f in formulas)
        return self._steps[key]


def _paths(atom: Formula) -> list[Path]:
    """The paths a comparison or a fact reads."""
    match atom:
        case Holds(path):
            return [path]
        case Compare(_, left, right):
            return [p for p in (left, right) if isinstance(p, Path)]
        case Among(item, options):
            return [p for p in (item, options) if isinstance(p, Path)]
        case _:
            raise AssertionError(atom)


class _Part:
    """Makes a graph that holds some facts of another and nothing more."""

    def __init__(self, things: dict[PartPath, Thing]) -> None:
        self.things = things
        self.made: dict[PartPath, Thing] = {(): Thing(())}

    def of(self, allowed: Support) -> Thing:
        """The top of a design of which only the allowed facts are known."""
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
        return self.made[()]

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


def _is_key(part: PartPath, field: str) -> bool:
    """Whether a field is what its part is known by: no fact of its own, it stands with the part."""
    return len(part) >= 2 and key_of(part[-2]) == field


def _open(path: PartPath) -> Fact:
    """An open fact; what hangs on an unseen part is open as the list that may hold it."""
    return Fact(path[: path.index(UNSEEN)], "whole") if UNSEEN in path else Fact(path)


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
        found, spare = min(sides, key=lambda s: (len(s[0]), sorted(s[0])))
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


def show(formula: Formula) -> str:
    """The condition as text, as it would be written."""
    match formula:
        case Constant(value):
            return "always" if value else "never"
        case Not(Compare("==", left, right)):
            return f"{_operand(left)} != {_operand(right)}"
        case Not(Among(item, options)):
            return f"{_operand(item)} not in {_options(options)}"
        case Not(part):
            return f"not {_bracketed(part)}"
        case And(parts):
            return " and ".join(_bracketed(p) for p in parts)
        case Or(parts):
            return " or ".join(_bracketed(p) for p in parts)
        case Holds(path):
            return str(path)
        case Compare(op, left, right):
            return f"{_operand(left)} {op} {_operand(right)}"
        case Among(item, options):
            return f"{_operand(item)} in {_options(options)}"
        case Quantifier(kind, variable, source, condition, body):
            tail = f" if {show(condition)}" if condition else ""
            return f"{kind}({show(body)} for {variable} in {source}{tail})"
        case Count(variable, source, condition, op, number):
            tail = f" if {show(condition)}" if condition else ""
            return f"count({variable} for {variable} in {source}{tail}) {op} {number}"
        case Call(concept, arguments):
            return f"{concept}({', '.join(map(str, arguments))})"


def _bracketed(formula: Formula) -> str:
    return f"({show(formula)})" if isinstance(formula, And | Or) else show(formula)


def _operand(operand: object) -> str:
    if isinstance(operand, Path):
        return str(operand)
    value = getattr(operand, "value", operand)
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, bool) else repr(str(value))


def _options(options: object) -> str:
    if isinstance(options, Path):
        return str(options)
    assert isinstance(options, tuple)
    return f"[{', '.join(_operand(o) for o in options)}]"
