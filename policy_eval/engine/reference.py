"""The reference evaluator: strong Kleene logic over the design itself, read in one sitting.

It shares nothing with the durable_rules side but the parsed formulas, and serves alone where
durable_rules is not installed. Each formula is turned once into a function that asks it of any design.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from policy_eval.design.base import Bounds
from policy_eval.design.model import Design
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding, ConceptSigns, PlaceSigns, Sign, Signs
from policy_eval.engine.view import Listed, Unseen, View
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

Env = dict[str, Any]
Ask = Callable[["_Run", Env], Sign]
Read = Callable[["_Run", Env], Any]
Items = Callable[["_Run", Env], Listed]


@dataclass(frozen=True, slots=True)
class _Binder:
    """A variable of a rule, and the links that can be tested once it is bound."""

    variable: str
    source: Path
    items: Items
    links: list[Ask]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for a rule."""

    binders: tuple[_Binder, ...]
    applies: Ask
    violated: Ask
    exceptions: tuple[Ask, ...]

    @classmethod
    def of(cls, rule: Rule) -> _Asked:
        names = [b.variable for b in rule.binders]
        links = [(asking(link), joined(link)) for link in rule.links]
        return cls(
            tuple(
                _Binder(b.variable, b.source, _listing(b.source),
                        [ask for ask, joins in links if b.variable in joins <= {*names[: n + 1]}])
                for n, b in enumerate(rule.binders)
            ),
            asking(rule.applies),
            asking(rule.violated),
            tuple(asking(e.when) for e in rule.exceptions),
        )  # fmt: skip


class Reference:
    """A principle set ready to be asked of any number of designs."""

    def __init__(self, principles: PrincipleSet, rules: tuple[Rule, ...]) -> None:
        self.scope = asking(principles.scope)
        self.rules = {rule.id: _Asked.of(rule) for rule in rules}
        self.concepts = {c.id: (c, asking(c.holds), asking(c.fails) if c.fails else None)
                         for c in principles.concepts.values()}  # fmt: skip

    def evaluate(self, design: Design) -> Signs:
        """Every sign of the set for one design."""
        return _Run(design, self.concepts).signs_of(self.scope, self.rules)


class _Run:
    """One design under one set."""

    def __init__(self, design: Design, concepts: dict[str, tuple[Concept, Ask, Ask | None]]) -> None:
        self.design, self.concepts = design, concepts
        self.view = View.of(design)
        self.signs = Signs()
        self.closed: dict[Ask, Sign] = {}

    def signs_of(self, scope: Ask, rules: dict[str, _Asked]) -> Signs:
        self.signs.scope = scope(self, {})
        for rule_id, rule in rules.items():
            places: dict[Binding, PlaceSigns] = {}
            for env in self.bindings(rule.binders, {}):
                binding = tuple([(b.variable, self.path_of(env[b.variable])) for b in rule.binders])
                places[binding] = PlaceSigns(
                    rule.applies(self, env), rule.violated(self, env), tuple([e(self, env) for e in rule.exceptions])
                )
            self.signs.places[rule_id] = places
        return self.signs

    def bindings(self, binders: tuple[_Binder, ...], env: Env) -> Iterator[Env]:
        """Every combination of parts that no link is known to rule out."""
        if not binders:
            yield env
            return
        first, rest = binders[0], binders[1:]
        items, unseen = first.items(self, env)
        for item in items if unseen is None else [*items, unseen]:
            inner = {**env, first.variable: item}
            if first.links and any(link(self, inner) == FALSE for link in first.links):
                continue
            if not rest:
                yield inner
            elif type(item) is not Unseen:
                yield from self.bindings(rest, inner)
            elif next(self.bindings(rest, inner), None) is not None:
                yield self.unseen(rest, inner)

    def unseen(self, binders: tuple[_Binder, ...], env: Env) -> Env:
        """Behind an unseen part everything is unseen: one place stands for all that may follow."""
        for binder in binders:
            env = {**env, binder.variable: self.hidden(binder.source, env)}
        return env

    def hidden(self, path: Path, env: Env) -> Unseen:
        """The unseen member of the list a path would lead to."""
        base = self.path_of(env[path.root]) if path.root else ()
        return Unseen((*base, *path.steps, "?"))

    def path_of(self, part: Any) -> tuple[str, ...]:
        return part.path if type(part) is Unseen else self.view.paths[id(part)]

    def concept(self, name: str, arguments: list[Any]) -> Sign:
        """The sign of a concept asked of some parts, worked out once."""
        key = (name, tuple([self.path_of(a) for a in arguments]))
        known = self.signs.concepts.get(key)
        if known is None:
            concept, ask_holds, ask_fails = self.concepts[name]
            inner = dict(zip(concept.variables, arguments, strict=True))
            holds = ask_holds(self, inner)
            fails = UNKNOWN if ask_fails is None else ask_fails(self, inner)
            sign = holds if ask_fails is None else TRUE if holds == TRUE else FALSE if fails == TRUE else UNKNOWN
            known = self.signs.concepts[key] = ConceptSigns(sign, holds, fails)
        return known.sign


def asking(formula: Formula) -> Ask:
    """Strong Kleene: `and` is the least sign, `or` the greatest, `not` the opposite."""
    match formula:
        case Constant(value):
            sign = TRUE if value else FALSE
            return lambda run, env: sign
        case Not(part):
            inner = asking(part)
            return lambda run, env: -inner(run, env)
        case And(parts):
            return _least([asking(p) for p in parts])
        case Or(parts):
            return _greatest([asking(p) for p in parts])
        case Holds(path):
            return _holds(_reading(path))
        case Compare(op, left, right):
            return _comparison(op, _reading(left), _reading(right))
        case Among(item, options):
            asked = _reading(item)
            return _listed(asked, _listing(options)) if isinstance(options, Path) else _one_of(asked, options)
        case Quantifier():
            return _ranging(formula) if free(formula) else _once(_ranging(formula))
        case Count():
            return _counting(formula)
        case Call(name, arguments):
            return _call(name, [_reading(a) for a in arguments])


def _least(asks: list[Ask]) -> Ask:
    def ask(run: _Run, env: Env) -> Sign:
        least = TRUE
        for part in asks:
            sign = part(run, env)
            if sign < least:
                least = sign
        return least

    return ask


def _greatest(asks: list[Ask]) -> Ask:
    def ask(run: _Run, env: Env) -> Sign:
        greatest = FALSE
        for part in asks:
            sign = part(run, env)
            if sign > greatest:
                greatest = sign
        return greatest

    return ask


def _reading(operand: Path | Literal) -> Read:
    """A function giving what a path leads to, None where that is not known; or what is written in the condition."""
    if isinstance(operand, Literal):
        value = operand.value
        return lambda run, env: value
    root, steps = operand.root, operand.steps
    if not steps:
        return lambda run, env: env[root] if root else run.design

    def read(run: _Run, env: Env) -> Any:
        value = env[root] if root else run.design
        for step in steps:
            if value is None or type(value) is Unseen:
                return None
            owner, value = value, getattr(value, step)
            if type(value) is str:  # a text, or the id of a part
                value = run.view.named(value, owner, step)
        return value

    return read


def _listing(path: Path) -> Items:
    """A function giving the items of the list a path leads to, and its unseen member if it may hold more."""
    owner_of, name = _reading(Path(path.root, path.steps[:-1])), path.steps[-1]

    def items(run: _Run, env: Env) -> Listed:
        owner = owner_of(run, env)
        if owner is None or type(owner) is Unseen:
            return [], run.hidden(path, env)
        return run.view.items(owner, name)

    return items


def _holds(read: Read) -> Ask:
    def ask(run: _Run, env: Env) -> Sign:
        value = read(run, env)
        return UNKNOWN if value is None else TRUE if value else FALSE

    return ask


def _comparison(op: str, left: Read, right: Read) -> Ask:
    match op:
        case "==":
            return lambda run, env: _same(left(run, env), right(run, env))
        case "<":
            return lambda run, env: _less(left(run, env), right(run, env))
        case "<=":
            return lambda run, env: -_less(right(run, env), left(run, env))
        case ">":
            return lambda run, env: _less(right(run, env), left(run, env))
        case _:
            return lambda run, env: -_less(left(run, env), right(run, env))


def _listed(item: Read, listing: Items) -> Ask:
    def ask(run: _Run, env: Env) -> Sign:
        value, (items, unseen) = item(run, env), listing(run, env)
        greatest = FALSE if unseen is None else UNKNOWN
        for x in items:
            greatest = max(greatest, _same(value, x))
        return greatest

    return ask


def _one_of(item: Read, literals: tuple[Literal, ...]) -> Ask:
    options = [o.value for o in literals]

    def ask(run: _Run, env: Env) -> Sign:
        value = item(run, env)
        if isinstance(value, str):
            return TRUE if value in options else FALSE
        return max([_same(value, o) for o in options])

    return ask


def _ranging(formula: Quantifier) -> Ask:
    variable, listing, asked = formula.variable, _listing(formula.source), formula.body
    fold, none = (max, FALSE) if formula.kind == "any" else (min, TRUE)
    if formula.condition is not None:
        asked = And((formula.condition, asked)) if formula.kind == "any" else Or((Not(formula.condition), asked))
    ask_one = asking(asked)

    def ask(run: _Run, env: Env) -> Sign:
        items, unseen = listing(run, env)
        signs, inner = [] if unseen is None else [UNKNOWN], dict(env)
        for inner[variable] in items:
            signs.append(ask_one(run, inner))
        return fold(signs, default=none)

    return ask


def _once(ask: Ask) -> Ask:
    """Asked of the design alone, it is the same at every place."""

    def once(run: _Run, env: Env) -> Sign:
        if ask not in run.closed:
            run.closed[ask] = ask(run, {})
        return run.closed[ask]

    return once


def _counting(formula: Count) -> Ask:
    variable, listing, number = formula.variable, _listing(formula.source), formula.number
    meets = asking(formula.condition or Constant(True))
    counted = _comparison(formula.op, lambda run, env: env["count"], lambda run, env: number)

    def ask(run: _Run, env: Env) -> Sign:
        items, unseen = listing(run, env)
        signs = [meets(run, {**env, variable: x}) for x in items]
        least = signs.count(TRUE)
        most = float("inf") if unseen else least + signs.count(UNKNOWN)
        return counted(run, {"count": Bounds(least, most)})

    return ask


def _call(name: str, readers: list[Read]) -> Ask:
    def ask(run: _Run, env: Env) -> Sign:
        arguments = []
        for read in readers:
            arguments.append(read(run, env))
            if arguments[-1] is None:
                return UNKNOWN
        return run.concept(name, arguments)

    return ask


def _same(left: Any, right: Any) -> Sign:
    """Whether two values are the same."""
    if left is None or right is None:
        return UNKNOWN
    if isinstance(left, str) and isinstance(right, str):
        return TRUE if left == right else FALSE
    if isinstance(left, Bounds | bool | float):
        (low, high), (least, most) = _ends(left), _ends(right)
        return TRUE if low == high == least == most else FALSE if high < least or most < low else UNKNOWN
    if type(left) is Unseen or type(right) is Unseen:
        # Two mentions of something unseen may or may not be the same thing; a word is never a part.
        return FALSE if isinstance(left, str) or isinstance(right, str) else UNKNOWN
    return TRUE if left is right else FALSE


def _less(left: Any, right: Any) -> Sign:
    """Whether one value is less than another, for all that they may be."""
    if left is None or right is None:
        return UNKNOWN
    (low, high), (least, most) = _ends(left), _ends(right)
    return TRUE if high < least else FALSE if low >= most else UNKNOWN


def _ends(value: Any) -> tuple[float, float]:
    if isinstance(value, Ordinal):
        return value.rank, value.rank
    return (value.low, value.high) if isinstance(value, Bounds) else (float(value), float(value))
