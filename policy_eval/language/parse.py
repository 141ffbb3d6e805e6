"""Condition text -> formula: a subset of Python expressions, read with `ast` and never executed.

and  or  not           == != < <= > >= (two operands)     in  not in
paths through fields   text, number and boolean literals  concept(part, ...)
any(... for x in path if ...)   all(...)   count(x for x in path if ...) >= 2
"""

from __future__ import annotations

import ast
import keyword
import math

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
    Place,
    Quantifier,
)  # fmt: skip

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MAX_DEPTH = 40
_BOOLEANS = {"True": True, "False": False, "true": True, "false": False}


class ConditionError(ValueError):
    """A condition cannot be used; `at` is the place in its text, `help` says what to write."""

    def __init__(self, message: str, at: Place = (1, 0), help: str = "") -> None:
        super().__init__(message)
        self.message, self.at, self.help = message, at, help


def parse(text: str) -> Formula:
    """Parse one condition; raises `ConditionError` where it leaves the language."""
    try:
        formula = _formula(_expression(text))
    except RecursionError:
        raise ConditionError("the condition is nested too deeply") from None
    if _depth(formula) > _MAX_DEPTH:
        raise ConditionError(f"the condition is nested more than {_MAX_DEPTH} deep", help="split it into concepts")
    return formula


def parse_binder(text: str) -> Binder:
    """Parse one entry of `for_each`: `input`, or `use in input.uses`."""
    if text.isidentifier() and text.isascii() and not keyword.iskeyword(text):
        return Binder(text, Path("", ()))
    node = _expression(text)
    if isinstance(node, ast.Name):
        return Binder(node.id, Path("", ()))
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[source]):
            return Binder(name, _path(source))
    raise ConditionError(f"`{text}` binds no variable", help="write `input` or `use in input.uses`")


def _expression(text: str) -> ast.expr:
    try:
        # The bracket lets a condition run over several lines; it shifts the first line by one.
        body = ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError as error:
        place = (error.lineno or 1, max((error.offset or 1) - 1 - (error.lineno in (None, 1)), 0))
        raise ConditionError(f"the condition cannot be read: {error.msg}", place, "see docs/language.md") from None
    except (ValueError, RecursionError, MemoryError):
        raise ConditionError("the condition is nested too deeply or holds a forbidden character") from None
    if (body.lineno, body.col_offset) == (1, 0):  # then the outer bracket was closed by the text itself
        raise ConditionError("the brackets do not match", help="close each bracket that was opened, and no other")
    return body


def _depth(formula: Formula) -> int:
    match formula:
        case And(parts) | Or(parts):
            return 1 + max(_depth(p) for p in parts)
        case Not(part):
            return 1 + _depth(part)
        case Quantifier(condition=condition, body=body):
            return 1 + max(_depth(body), _depth(condition) if condition else 0)
        case Count(condition=condition):
            return 1 + (_depth(condition) if condition else 0)
        case _:
            return 1


def _at(node: ast.expr) -> Place:
    return (node.lineno, node.col_offset - (node.lineno == 1))


def _formula(node: ast.expr) -> Formula:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return And(_flat(And, values))
        case ast.BoolOp(values=values):
            return Or(_flat(Or, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_formula(operand))
        case ast.Constant(value=bool() as value):
            return Constant(value)
        case ast.Name(id=name) if name in _BOOLEANS:
            return Constant(_BOOLEANS[name])
        case ast.Name() | ast.Attribute():
            return Holds(_path(node))
        case ast.Compare():
            return _comparison(node)
        case ast.Call():
            return _call(node)
        case _:
            raise ConditionError(
                f"`{ast.unparse(node)[:40]}` is not a condition", _at(node),
                "use comparisons, `in`, any/all/count and concepts joined by and, or, not",
            )  # fmt: skip


def _flat(kind: type[And | Or], nodes: list[ast.expr]) -> tuple[Formula, ...]:
    parts = [_formula(n) for n in nodes]
    return tuple(q for p in parts for q in (p.parts if isinstance(p, kind) else (p,)))


def _comparison(node: ast.Compare) -> Formula:
    if len(node.ops) != 1:
        raise ConditionError("chained comparisons are not part of the language", _at(node), "join two with `and`")
    operator, right = node.ops[0], node.comparators[0]
    if isinstance(operator, ast.In | ast.NotIn):
        member = Among(_operand(node.left), _options(right))
        return Not(member) if isinstance(operator, ast.NotIn) else member
    op = _OPERATORS.get(type(operator))
    if op is None:
        raise ConditionError("`is` is not part of the language", _at(node), "write `==`")
    for side, other, sign in ((node.left, right, op), (right, node.left, _MIRRORED[op])):
        if isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id == "count":
            return _count(side, sign, other)
    compared = Compare("==" if op == "!=" else op, _operand(node.left), _operand(right))
    return Not(compared) if op == "!=" else compared


def _options(node: ast.expr) -> tuple[Literal, ...] | Path:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        literals = [_operand(e) for e in node.elts]
        if literals and all(isinstance(x, Literal) for x in literals):
            return tuple(x for x in literals if isinstance(x, Literal))
        raise ConditionError("a list in a condition holds one or more literals", _at(node))
    return _path(node)


def _operand(node: ast.expr) -> Operand:
    match node:
        case ast.Constant(value=bool() | str() | int() | float() as value):
            return Literal(value if isinstance(value, bool | str) else _number(value, node), _at(node))
        case ast.Name(id=name) if name in _BOOLEANS:
            return Literal(_BOOLEANS[name], _at(node))
        case _:
            return _path(node)


def _number(value: float, node: ast.expr) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ConditionError("a number too large to compare with", _at(node))
    return number


def _path(node: ast.expr) -> Path:
    steps: list[str] = []
    inner = node
    while isinstance(inner, ast.Attribute):
        steps.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name):
        raise ConditionError(
            f"`{ast.unparse(node)[:40]}` is not a path to a fact",
            _at(node),
            "write names joined by dots; no arithmetic",
        )
    return Path(inner.id, tuple(reversed(steps)), _at(node))


def _call(node: ast.Call) -> Formula:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise ConditionError("only concepts, any, all and count can be called", _at(node))
    name = node.func.id
    if name in ("any", "all"):
        variable, source, condition, body = _generator(node, name)
        return Quantifier(name, variable, source, condition, _formula(body))
    if name == "count":
        raise ConditionError("`count` must be compared with a whole number", _at(node), "write `count(...) >= 2`")
    return Call(name, tuple(_path(a) for a in node.args), _at(node))


def _count(node: ast.Call, op: str, other: ast.expr) -> Formula:
    if not (isinstance(other, ast.Constant) and type(other.value) is int and other.value >= 0):
        raise ConditionError("`count` is compared with a whole number", _at(node))
    variable, source, condition, body = _generator(node, "count")
    if not (isinstance(body, ast.Name) and body.id == variable):
        raise ConditionError(f"write `count({variable} for {variable} in ... if ...)`", _at(node))
    counted = Count(variable, source, condition, "==" if op == "!=" else op, other.value)
    return Not(counted) if op == "!=" else counted


def _generator(node: ast.Call, name: str) -> tuple[str, Path, Formula | None, ast.expr]:
    if len(node.args) != 1 or not isinstance(node.args[0], ast.GeneratorExp) or len(node.args[0].generators) != 1:
        raise ConditionError(f"`{name}` takes one `... for x in path`", _at(node), f"write `{name}(... for x in path)`")
    inner, loop = node.args[0], node.args[0].generators[0]
    if not isinstance(loop.target, ast.Name) or loop.is_async:
        raise ConditionError("a quantifier binds one plain name", _at(node))
    conditions = [_formula(c) for c in loop.ifs]
    condition = And(tuple(conditions)) if len(conditions) > 1 else conditions[0] if conditions else None
    return loop.target.id, _path(loop.iter), condition, inner.elt
