"""Check a formula against the schema, and settle what its names and literals mean.

Every path is resolved, every literal becomes a value of the enumeration it is compared with, and a
comparison that could never be meant (different scales, a list against a boolean) is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace

from policy_eval.design.model import Design
from policy_eval.design.types import (
    Boolean,
    Choice,
    FieldType,
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
from policy_eval.language.formula import (
    Among,
    And,
    Binder,
    Call,
    Compare,
    Constant,
    Count,
    Formula,
    Holds,
    Literal,
    Not,
    Operand,
    Or,
    Path,
    Quantifier,
)  # fmt: skip
from policy_eval.language.parse import ConditionError
from policy_eval.source import suggest
from policy_eval.vocabulary.base import Term

Type = FieldType | One
Environment = Mapping[str, Type]
Signatures = Mapping[str, tuple[str, ...]]
_MIRRORED = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def check(formula: Formula, env: Environment, concepts: Signatures) -> Formula:
    """The formula with paths and literals resolved; raises `ConditionError` at the first mismatch.

    `env` gives the type of each bound variable, `concepts` the kinds of part each concept is asked of.
    """
    match formula:
        case And(parts):
            return And(tuple(check(p, env, concepts) for p in parts))
        case Or(parts):
            return Or(tuple(check(p, env, concepts) for p in parts))
        case Not(part):
            return Not(check(part, env, concepts))
        case Constant():
            return formula
        case Holds(path):
            resolved, kind = resolve(path, env)
            if not isinstance(kind, Boolean):
                raise ConditionError(
                    f"`{path}` is {_words(kind)}, not true or false", path.at, "compare it with a value"
                )
            return Holds(resolved)
        case Compare():
            return _compare(formula, env)
        case Among(item, options):
            return _among(item, options, env)
        case Quantifier(_, variable, source, condition, body):
            resolved, inner = _range(variable, source, env)
            condition = check(condition, inner, concepts) if condition else None
            return replace(formula, source=resolved, condition=condition, body=check(body, inner, concepts))
        case Count(variable, source, condition):
            resolved, inner = _range(variable, source, env)
            return replace(formula, source=resolved, condition=check(condition, inner, concepts) if condition else None)
        case Call():
            return _call(formula, env, concepts)


def check_binders(binders: tuple[Binder, ...]) -> tuple[tuple[Binder, ...], dict[str, Type]]:
    """Resolve the entries of a `for_each` in order; gives them and the variables they bind."""
    env: dict[str, Type] = {}
    resolved = []
    for binder in binders:
        source = binder.source
        if source == Path("", ()):
            if binder.variable not in root_lists():
                raise ConditionError(
                    f"`{binder.variable}` names no list of the design", help=suggest(binder.variable, root_lists())
                )
            if binder.variable in env:
                raise ConditionError(f"`{binder.variable}` is bound twice", help="write `other in inputs` for a second")
            source = Path("", (root_lists()[binder.variable],))
            path, env[binder.variable] = source, One(binder.variable)
        else:
            path, inner = _range(binder.variable, source, env)
            env = dict(inner)
        kind = env[binder.variable]
        if not isinstance(kind, One):
            raise ConditionError(f"`{source}` is no list of parts", source.at, "bind the items of a list of parts")
        resolved.append(Binder(binder.variable, path, kind.kind))
    return tuple(resolved), env


def resolve(path: Path, env: Environment) -> tuple[Path, Type]:
    """The path with its root settled, and what it leads to."""
    kind: Type
    if path.root in env:
        kind, seen = env[path.root], path.root
    else:
        fields = fields_of(Design)
        if path.root not in fields:
            known = [*env, *fields]
            raise ConditionError(f"`{path.root}` is neither a variable nor a fact", path.at, suggest(path.root, known))
        path = Path("", (path.root, *path.steps), path.at)
        kind, seen = Group(Design), ""
    for step in path.steps:
        kind = _step(kind, step, seen, path)
        seen = f"{seen}.{step}" if seen else step
    return path, kind


def _step(kind: Type, step: str, seen: str, path: Path) -> Type:
    match kind:
        case One(name):
            fields = fields_of(part_models()[name])
        case Group(model):
            fields = fields_of(model)
        case Ref((name,), ()):
            fields = fields_of(part_models()[name])
        case Ref():
            raise ConditionError(
                f"`{seen}` may be something other than one kind of part", path.at,
                "quantify over the parts and compare: `any(p.sector == ... for p in parties if p == ...)`",
            )  # fmt: skip
        case _:
            raise ConditionError(f"`{seen}` is {_words(kind)} and has no `{step}`", path.at)
    if step not in fields:
        raise ConditionError(f"`{seen or 'the design'}` has no fact `{step}`", path.at, suggest(step, fields))
    return fields[step]


def _range(variable: str, source: Path, env: Environment) -> tuple[Path, Environment]:
    resolved, kind = resolve(source, env)
    item: Type
    match kind:
        case Parts(name):
            item = One(name)
        case Values(Ref((name,), ())):
            item = One(name)
        case Values(of):
            item = of
        case _:
            raise ConditionError(f"`{source}` is {_words(kind)}, not a list", source.at)
    if variable in env or variable in fields_of(Design):
        raise ConditionError(f"the name `{variable}` is taken", source.at, "choose another name for the variable")
    return resolved, {**env, variable: item}


def _operand(operand: Operand, env: Environment) -> tuple[Operand, Type | None]:
    return (operand, None) if isinstance(operand, Literal) else resolve(operand, env)


def _compare(formula: Compare, env: Environment) -> Formula:
    left, right, op = formula.left, formula.right, formula.op
    if isinstance(left, Literal):
        left, right, op = right, left, _MIRRORED[op]
    if isinstance(left, Literal):
        raise ConditionError("a comparison needs a fact on one side", left.at)
    path, kind = resolve(left, env)
    if isinstance(right, Literal):
        return Compare(op, path, _literal(right, kind, left, ordered=op != "=="))
    other, other_kind = resolve(right, env)
    _comparable(left, kind, right, other_kind, ordered=op != "==")
    return Compare(op, path, other)


@functools.cache
def _by_value(terms: type[Term]) -> dict[str, Term]:
    return {t.value: t for t in terms}


def _literal(literal: Literal, kind: Type, path: Path, *, ordered: bool) -> Literal:
    value = literal.value
    match kind:
        case Choice(terms) if isinstance(value, str):
            term = _by_value(terms).get(value)
            if term is None:
                help = suggest(value, _by_value(terms))
                raise ConditionError(f"`{path}` never takes the value `{value}`", literal.at, help)
            if ordered and not kind.scale:
                raise ConditionError(f"the values of `{path}` have no order", literal.at, "use `==` or `in`")
            return Literal(term, literal.at)
        case Ref(kinds, words) if isinstance(value, str) and not ordered:
            if value not in words:
                wanted = suggest(value, words) if words else f"compare with a variable that is {_a(' or '.join(kinds))}"
                raise ConditionError(f"`{path}` is never the word `{value}`", literal.at, wanted)
            return literal
        case Number() if isinstance(value, float):
            return literal
        case Text() if isinstance(value, str) and not ordered:
            return literal
        case Boolean() if isinstance(value, bool) and not ordered:
            return literal
        case _:
            raise ConditionError(f"`{path}` is {_words(kind)} and cannot be compared with `{value}`", literal.at)


def _comparable(left: Path, kind: Type, right: Path, other: Type, *, ordered: bool) -> None:
    match kind, other:
        case Choice(), Choice() if kind.scale and kind.scale == other.scale:
            return
        case Choice(mine), Choice(theirs) if mine is theirs and not ordered:
            return
        case (Number(), Number()):
            return
        case (Text(), Text()) | (Boolean(), Boolean()) if not ordered:
            return
        case (One() | Ref(), One() | Ref()) if not ordered and set(_kinds(kind)) & set(_kinds(other)):
            return
        case _:
            raise ConditionError(
                f"`{left}` is {_words(kind)} and `{right}` is {_words(other)}: they cannot be compared", left.at
            )


def _among(item: Operand, options: tuple[Literal, ...] | Path, env: Environment) -> Formula:
    if not isinstance(options, Path):
        if isinstance(item, Literal):
            raise ConditionError("membership needs a fact on one side", item.at)
        path, kind = resolve(item, env)
        return Among(path, tuple(_literal(o, kind, item, ordered=False) for o in options))
    source, listed = resolve(options, env)
    match listed:
        case Parts(name):
            of: Type = One(name)
        case Values(inner):
            of = inner
        case _:
            raise ConditionError(f"`{options}` is {_words(listed)}, not a list", options.at)
    if isinstance(item, Literal):
        return Among(_literal(item, of, options, ordered=False), source)
    path, kind = resolve(item, env)
    _comparable(item, kind, options, of, ordered=False)
    return Among(path, source)


def _call(call: Call, env: Environment, concepts: Signatures) -> Formula:
    if call.concept not in concepts:
        raise ConditionError(f"no concept is called `{call.concept}`", call.at, suggest(call.concept, concepts))
    kinds = concepts[call.concept]
    if len(kinds) != len(call.arguments):
        wanted = ", ".join(kinds) or "nothing"
        raise ConditionError(f"`{call.concept}` is asked of {wanted}", call.at, f"write `{call.concept}({wanted})`")
    arguments = []
    for argument, kind in zip(call.arguments, kinds, strict=True):
        path, found = resolve(argument, env)
        if _kinds(found) != (kind,) or (isinstance(found, Ref) and found.words):
            raise ConditionError(
                f"`{call.concept}` is asked of {_a(kind)}, and `{argument}` is {_words(found)}", argument.at
            )
        arguments.append(path)
    return replace(call, arguments=tuple(arguments))


def _kinds(kind: Type) -> tuple[str, ...]:
    match kind:
        case One(name):
            return (name,)
        case Ref(kinds):
            return kinds
        case _:
            return ()


def _a(noun: str) -> str:
    """A kind of part with its article."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def _words(kind: Type) -> str:
    match kind:
        case One(name):
            return _a(name)
        case Ref(kinds):
            return f"a reference to {_a(' or '.join(kinds))}"
        case Choice(terms):
            return f"one of {', '.join(t.value for t in list(terms)[:6])}{', ...' if len(terms) > 6 else ''}"
        case Parts(name):
            return f"a list of {name} parts"
        case Values():
            return "a list of values"
        case Group():
            return "a group of facts"
        case _:
            return {Boolean: "true or false", Number: "a number", Text: "a text"}[type(kind)]
