"""Why a condition came to its sign: a tree of steps down to the facts.

From the tree follow the facts that establish a sign (`evidence.py`). What is open where a condition is undecided,
facts and questions of law, is worked out without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from policy_eval.design.model import Design
from policy_eval.design.paths import key_of
from policy_eval.engine import facts
from policy_eval.engine.compiler import (
    NOTHING,
    Decider,
    Definitions,
    Env,
    compile_formula,
    decider,
    items_of,
    quantified,
    reader,
)
from policy_eval.engine.evidence import Fact, Part, Support, unstated
from policy_eval.engine.facts import Listing, PartPath, Thing
from policy_eval.engine.opening import DECIDED, Opening, merged, opener, paths_of
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
from policy_eval.language.show import show
from policy_eval.principle import Concept, PrincipleSet

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
        self,
        design: Design | Mapping[PartPath, Thing],
        principles: PrincipleSet,
        definitions: Definitions | None = None,
    ) -> None:
        self.definitions = definitions or Definitions()
        self.principles, self.concepts = principles, principles.concepts
        self._things = dict(_within(facts.build(design))) if isinstance(design, Design) else design
        self.root = self._things[()]
        self.closed: dict[int, Sign] = {}
        self._signs: dict[tuple[str, tuple[PartPath, ...]], Sign] = {}
        self.closed_openings: dict[int, Opening] = {}
        self._openings: dict[tuple[str, tuple[PartPath, ...]], Opening] = {}
        self._steps: dict[tuple[str, tuple[PartPath, ...]], tuple[Step, ...]] = {}

    def knowing(self, allowed: Support) -> Tracer:
        """A tracer of the same design of which only the allowed facts are known."""
        return Tracer(Part(self._things).of(allowed), self.principles, self.definitions)

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
        """The sign of a condition, without its derivation; what cannot matter any more is not decided."""
        made = self.definitions.made(compile_formula, formula)
        return self._sign(made.shape, made.deciders, env)

    def _sign(self, shape: Shape, deciders: Sequence[Decider], env: Env) -> Sign:
        if isinstance(shape, int):
            return deciders[shape - 1](self, env) if shape > 0 else -deciders[-shape - 1](self, env)
        decisive = FALSE if shape[0] == "&" else TRUE
        found = -decisive
        for part in shape[1]:
            sign = self._sign(part, deciders, env)
            if sign == decisive:
                return sign
            if sign == UNKNOWN:
                found = UNKNOWN
        return found

    def _decide(self, atom: Atom, env: Env) -> Sign:
        return self.definitions.made(decider, atom)(self, env)

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
                sign = -self._decide(atom, env)
                return Step("fact", formula, sign, lambda: (*self._asked(atom, sign, env), ()))
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
                return Step("fact", formula, sign, lambda: (*self._asked(formula, sign, env), ()))

    def opening(self, formula: Formula, env: Env) -> Opening:
        """The sign of a condition and, where it is undecided, what leaves it so."""
        return self.definitions.made(opener, formula)(self, env)

    def opening_of(self, concept: str, things: tuple[Thing, ...]) -> Opening:
        """What leaves a concept open that is asked of these things: neither what makes it hold nor what makes it fail.

        Where neither follows, whatever is known, the law leaves room.
        """
        key = (concept, tuple([t.path for t in things]))
        if key not in self._openings:
            self._openings[key] = self._worked_out(self.concepts[concept], things)
        return self._openings[key]

    def _worked_out(self, concept: Concept, things: tuple[Thing, ...]) -> Opening:
        env = dict(zip(concept.variables, things, strict=True))
        holds = self.opening(concept.holds, env)
        if holds.sign == TRUE or concept.fails is None:
            return holds
        fails = self.opening(concept.fails, env)
        if fails.sign == TRUE:
            return DECIDED[FALSE]
        gap = frozenset({concept.id}) if holds.sign == fails.sign == FALSE else frozenset()
        return merged([o for o in (holds, fails) if o.sign == UNKNOWN], laws=gap)

    def lacking(self, paths: Iterable[Path], env: Env) -> Support:
        """The facts that reading some paths lacks; where none is, those read: a number may be stated too loosely."""
        reads, missing = self._reads(paths, env)
        return frozenset(missing or reads)

    def leads(self, binders: tuple[Binder, ...], env: Env) -> Support:
        """The references by which the parts of a binding follow from one another."""
        return frozenset(
            f for b in binders if b.source.root for f in self._reads([b.source], env)[0] if f.kind == "leaf"
        )

    def _asked(self, atom: Formula, sign: Sign, env: Env) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """The facts a comparison rests on and those it lacks; a number too loose to decide it is lacking too."""
        reads, missing = self._reads(paths_of(atom), env)
        return ((), reads) if sign == UNKNOWN and not missing else (reads, missing)

    def _reads(self, paths: Iterable[Path], env: Env) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        reads: dict[Fact, None] = {}
        missing: dict[Fact, None] = {}
        for path in paths:
            value: object = env[path.root] if path.root else self.root
            if not path.steps and isinstance(value, Thing) and not value.seen:
                missing[unstated(value.path)] = None
            for step in path.steps:
                assert isinstance(value, Thing)
                here = (*value.path, step)
                owner, value = value, value.facts.get(step, NOTHING)
                if isinstance(value, Listing):
                    if value.unseen is None:
                        reads[Fact(here, "whole")] = None
                    else:
                        missing[unstated(here)] = None
                elif value is NOTHING:
                    missing[unstated(here)] = None
                    break
                elif not (isinstance(value, Thing) and value.path == here) and not _is_key(owner.path, step):
                    reads[Fact(here)] = None
        return tuple(reads), tuple(missing)

    def _members(self, atom: Quantifier | Count, env: Env) -> Expansion:
        items, _ = items_of(reader(atom.source)(self, env))
        asks = self.definitions.made(quantified, atom) if isinstance(atom, Quantifier) else atom.condition
        steps = tuple(self._item(asks or Constant(True), atom.variable, item, env) for item in items)
        return *self._reads([atom.source], env), steps

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


def _within(thing: Thing) -> Iterator[tuple[PartPath, Thing]]:
    """A part or block and all that lie in it, by path."""
    yield thing.path, thing
    for value in thing.facts.values():
        if isinstance(value, Thing) and value.path[:-1] == thing.path:
            yield from _within(value)
        elif isinstance(value, Listing):
            for item in value.items:
                yield from _within(item)


def _is_key(part: PartPath, field: str) -> bool:
    """Whether a field is what its part is known by: no fact of its own, it stands with the part."""
    return len(part) >= 2 and key_of(part[-2]) == field
