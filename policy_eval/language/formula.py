"""The formulas conditions are parsed into.

A small closed set of frozen nodes. `at` is the place in the condition's own text (line from 1,
column from 0); it never takes part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Path:
    """A variable followed by fields; `root` is empty for a path from the top of the design."""

    root: str
    steps: tuple[str, ...]
    at: Place = field(default=(1, 0), compare=False)

    def __str__(self) -> str:
        return ".".join((self.root, *self.steps) if self.root else self.steps)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the condition; an enumeration's value once checked."""

    value: str | float | bool
    at: Place = field(default=(1, 0), compare=False)


Operand = Path | Literal


@dataclass(frozen=True, slots=True)
class Constant:
    """True or false, whatever the design says."""

    value: bool


@dataclass(frozen=True, slots=True)
class Holds:
    """A true/false fact used as a condition."""

    path: Path


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is one of == < <= > >= (`!=` is parsed as the negation of ==)."""

    op: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """Membership in a list written in the condition, or in a list of the design."""

    item: Operand
    options: tuple[Literal, ...] | Path


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`any` or `all` of `body` over the items of `source` that meet `condition`."""

    kind: str
    variable: str
    source: Path
    condition: Formula | None
    body: Formula


@dataclass(frozen=True, slots=True)
class Count:
    """The number of items of `source` that meet `condition`, compared with a whole number."""

    variable: str
    source: Path
    condition: Formula | None
    op: str
    number: int


@dataclass(frozen=True, slots=True)
class Call:
    """A concept asked of parts (of the whole design where there are no arguments)."""

    concept: str
    arguments: tuple[Path, ...]
    at: Place = field(default=(1, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    part: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction of two or more."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction of two or more."""

    parts: tuple[Formula, ...]


Atom = Holds | Compare | Among | Quantifier | Count | Call
Formula = Constant | Holds | Compare | Among | Quantifier | Count | Call | Not | And | Or


@dataclass(frozen=True, slots=True)
class Binder:
    """One variable of a `for_each`: every item of `source` in turn."""

    variable: str
    source: Path
    kind: str = ""


TRUE = Constant(True)


def conjunction(*formulas: Formula) -> Formula:
    """`and` of the formulas, flattened; trivially true parts are left out."""
    parts = [p for f in formulas for p in (f.parts if isinstance(f, And) else (f,)) if p != TRUE]
    return And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else TRUE


def atoms(formula: Formula) -> list[Atom]:
    """The atoms of a formula in reading order, those inside quantifiers left out."""
    match formula:
        case And(parts) | Or(parts):
            return [a for p in parts for a in atoms(p)]
        case Not(part):
            return atoms(part)
        case Constant():
            return []
        case _:
            return [formula]


def calls(formula: Formula) -> list[Call]:
    """Every concept call of a formula, those inside quantifiers included."""
    found: list[Call] = []
    for atom in atoms(formula):
        match atom:
            case Call():
                found.append(atom)
            case Quantifier(condition=condition, body=body):
                found += (calls(condition) if condition else []) + calls(body)
            case Count(condition=condition):
                found += calls(condition) if condition else []
            case _:
                pass
    return found


def free(formula: Formula) -> frozenset[str]:
    """The variables a formula needs bound from outside; of a closed one none."""
    match formula:
        case And(parts) | Or(parts):
            return frozenset().union(*(free(p) for p in parts))
        case Not(part):
            return free(part)
        case Quantifier(variable=variable, source=source, condition=condition, body=body):
            inner = free(body) | (free(condition) if condition else frozenset())
            return (inner - {variable}) | {source.root} - {""}
        case Count(variable=variable, source=source, condition=condition):
            return ((free(condition) if condition else frozenset()) - {variable}) | {source.root} - {""}
        case Holds(path):
            return frozenset({path.root} - {""})
        case Compare(_, left, right) | Among(left, right):
            return frozenset({p.root for p in (left, right) if isinstance(p, Path)} - {""})
        case Call(_, arguments):
            return frozenset({a.root for a in arguments} - {""})
        case _:
            return frozenset()


def rename(formula: Formula, old: str, new: str) -> Formula:
    """The formula with one free variable renamed; a bound one in the way is renamed too."""

    def path(p: Path) -> Path:
        return replace(p, root=new) if p.root == old else p

    def operand(o: Operand) -> Operand:
        return path(o) if isinstance(o, Path) else o

    match formula:
        case And(parts):
            return And(tuple(rename(p, old, new) for p in parts))
        case Or(parts):
            return Or(tuple(rename(p, old, new) for p in parts))
        case Not(part):
            return Not(rename(part, old, new))
        case Holds(p):
            return Holds(path(p))
        case Compare(op, left, right):
            return Compare(op, operand(left), operand(right))
        case Among(item, options):
            return Among(operand(item), path(options) if isinstance(options, Path) else options)
        case Quantifier(variable=variable) | Count(variable=variable) if variable == new and old != new:
            return rename(_rebound(formula, f"{variable}_"), old, new)
        case Quantifier(_, _, source, condition, body):
            inner = rename(condition, old, new) if condition else None
            return replace(formula, source=path(source), condition=inner, body=rename(body, old, new))
        case Count(_, source, condition):
            inner = rename(condition, old, new) if condition else None
            return replace(formula, source=path(source), condition=inner)
        case Call(_, arguments):
            return replace(formula, arguments=tuple(path(a) for a in arguments))
        case Constant():
            return formula


def _rebound(formula: Quantifier | Count, variable: str) -> Quantifier | Count:
    """The same with its bound variable called otherwise."""
    condition = rename(formula.condition, formula.variable, variable) if formula.condition else None
    if isinstance(formula, Count):
        return replace(formula, variable=variable, condition=condition)
    body = rename(formula.body, formula.variable, variable)
    return replace(formula, variable=variable, condition=condition, body=body)


def joined(formula: Formula) -> set[str]:
    """The variables a conjunct joins: those of an identity or of membership in a list, else none."""
    match formula:
        case Compare("==", Path() as left, Path() as right) | Among(Path() as left, Path() as right):
            return {left.root, right.root} - {""}
        case _:
            return set()
