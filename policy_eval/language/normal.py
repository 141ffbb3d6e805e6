"""The normal form: a formula as a positive and/or tree over numbered, signed atoms.

Negation is pushed down to the atoms, so truth and falsity of the whole are each a purely positive
consequence of signed atoms (strong Kleene logic read as two monotone programs; M. Fitting, "A
Kripke-Kleene semantics for logic programs", J. Logic Programming 2 (1985)).
"""

from __future__ import annotations

from dataclasses import dataclass

from policy_eval.language.formula import And, Atom, Constant, Formula, Not, Or

# A literal +n / -n stands for atom n-1 being true / false; a branch is its connective and its parts.
Shape = int | tuple[str, tuple["Shape", ...]]
AND, OR = "&", "|"


@dataclass(frozen=True, slots=True)
class NormalForm:
    """`shape` over `atoms`; formulas that differ only in what their atoms say share a shape."""

    shape: Shape
    atoms: tuple[Atom, ...]


def normalise(formula: Formula) -> NormalForm:
    """Negation normal form with equal atoms numbered alike, in reading order."""
    numbers: dict[Atom, int] = {}
    shape = _shape(formula, True, numbers)
    return NormalForm(shape, tuple(numbers))


def dual(shape: Shape) -> Shape:
    """The shape of the negation."""
    if isinstance(shape, int):
        return -shape
    connective, parts = shape
    return (OR if connective == AND else AND, tuple(dual(p) for p in parts))


def _shape(formula: Formula, positive: bool, numbers: dict[Atom, int]) -> Shape:
    match formula:
        case Constant(value):
            return (AND if value == positive else OR, ())
        case Not(part):
            return _shape(part, not positive, numbers)
        case And(parts) | Or(parts):
            connective = AND if isinstance(formula, And) == positive else OR
            return (connective, _merge(connective, [_shape(p, positive, numbers) for p in parts]))
        case _:
            number = numbers.setdefault(formula, len(numbers)) + 1
            return number if positive else -number


def _merge(connective: str, parts: list[Shape]) -> tuple[Shape, ...]:
    merged: dict[Shape, None] = {}
    for part in parts:
        inner = part[1] if not isinstance(part, int) and part[0] == connective else (part,)
        merged.update(dict.fromkeys(inner))
    return tuple(merged)
