"""Formulas as text, as a condition would be written."""

from __future__ import annotations

from policy_eval.language.formula import (
    Among,
    And,
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
