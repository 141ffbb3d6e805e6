"""What leaves a condition undecided: the facts not known and the concepts of open law.

The sign comes out on the way, and no tree of steps is made. A condition is made ready once and asked of many designs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from policy_eval.engine.compiler import NOTHING, Env, World, counted, decider, items_of, quantified, reader
from policy_eval.engine.evidence import NO_FACTS, Support, unstated
from policy_eval.engine.facts import Listing, PartPath, Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign
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
    free,
)  # fmt: skip


class Opening(NamedTuple):
    """The sign of a condition and, where that is undecided, the facts not known and the concepts of open law."""

    sign: Sign
    facts: Support = NO_FACTS
    laws: frozenset[str] = frozenset()


class Site(World, Protocol):
    """What openers need of the design they are asked of."""

    closed_openings: dict[int, Opening]

    def lacking(self, paths: Iterable[Path], env: Env) -> Support:
        """The facts that reading some paths lacks; where none is, those read: they are stated too loosely."""

    def opening_of(self, concept: str, things: tuple[Thing, ...]) -> Opening:
        """What leaves a concept open that is asked of these things."""


Opener = Callable[[Site, Env], Opening]
DECIDED = {TRUE: Opening(TRUE), FALSE: Opening(FALSE)}
_NEGATED = {TRUE: DECIDED[FALSE], FALSE: DECIDED[TRUE]}


def merged(parts: Sequence[Opening], laws: frozenset[str] = frozenset()) -> Opening:
    """What some undecided parts leave open together."""
    if len(parts) == 1 and not laws:
        return parts[0]
    return Opening(UNKNOWN, NO_FACTS.union(*[p.facts for p in parts]), laws.union(*[p.laws for p in parts]))


def opener(formula: Formula) -> Opener:
    """A function giving what leaves a condition open for the parts of a design it is asked of."""
    match formula:
        case Constant(value):
            found = DECIDED[TRUE if value else FALSE]
            return lambda site, env: found
        case Not(Holds() | Compare() | Among() as atom):
            return _atom(atom, _NEGATED)
        case Not(part):
            return _negated(opener(part))
        case And(parts):
            return _joined(parts, FALSE)
        case Or(parts):
            return _joined(parts, TRUE)
        case Quantifier():
            return _quantifier(formula)
        case Count():
            return _count(formula)
        case Call():
            return _call(formula)
        case _:
            return _atom(formula, DECIDED)


def paths_of(atom: Formula) -> list[Path]:
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


@lru_cache(maxsize=1 << 14)  # the same few facts are asked for by rule after rule, and design after design
def _unstated(path: PartPath) -> Opening:
    return Opening(UNKNOWN, frozenset({unstated(path)}))


def _gap(path: Path) -> Callable[[Site, Env], Opening | None]:
    """What is open where the fact at a path or one on the way is not stated, or its list not whole; else None."""
    root, steps = path.root, path.steps

    def gap(site: Site, env: Env) -> Opening | None:
        value: object = env[root] if root else site.root
        for field in steps:
            if not isinstance(value, Thing):
                return None
            owner, value = value.path, value.facts.get(field, NOTHING)
            if value is NOTHING or (isinstance(value, Listing) and value.unseen is not None):
                return _unstated((*owner, field))
        return None

    return gap


def _lacking(paths: list[Path]) -> Opener:
    """What paths leave open that leave something undecided."""
    if len(paths) != 1:
        return lambda site, env: Opening(UNKNOWN, site.lacking(paths, env))
    gap = _gap(paths[0])
    return lambda site, env: gap(site, env) or Opening(UNKNOWN, site.lacking(paths, env))


def _atom(atom: Holds | Compare | Among, decided: Mapping[Sign, Opening]) -> Opener:
    decide, paths = decider(atom), paths_of(atom)

    def opened(site: Site, env: Env) -> Opening:
        sign = decide(site, env)
        return Opening(UNKNOWN, site.lacking(paths, env)) if sign == UNKNOWN else decided[sign]

    # What is asked of one fact is open where that is not stated; of a list, the part that is may do.
    if len(paths) != 1 or (isinstance(atom, Among) and isinstance(atom.options, Path)):
        return opened
    gap = _gap(paths[0])
    return lambda site, env: gap(site, env) or opened(site, env)


def _negated(inner: Opener) -> Opener:
    def opened(site: Site, env: Env) -> Opening:
        found = inner(site, env)
        return found if found.sign == UNKNOWN else _NEGATED[found.sign]

    return opened


def _joined(parts: Iterable[Formula], decisive: Sign) -> Opener:
    openers = [opener(p) for p in parts]

    def opened(site: Site, env: Env) -> Opening:
        undecided = []
        for ask in openers:
            found = ask(site, env)
            sign = found.sign
            if sign == UNKNOWN:
                undecided.append(found)
            elif sign == decisive:
                return found
        return merged(undecided) if undecided else DECIDED[-decisive]

    return opened


def _quantifier(atom: Quantifier) -> Opener:
    variable, read, ask = atom.variable, reader(atom.source), opener(quantified(atom))
    decisive, lacking = TRUE if atom.kind == "any" else FALSE, _lacking([atom.source])

    def opened(site: Site, env: Env) -> Opening:
        items, more = items_of(read(site, env))
        undecided, inner = [], {**env}
        for inner[variable] in items:
            found = ask(site, inner)
            if found.sign == decisive:
                return found
            if found.sign == UNKNOWN:
                undecided.append(found)
        if more:
            undecided.append(lacking(site, env))
        return merged(undecided) if undecided else DECIDED[-decisive]

    if free(atom):
        return opened
    key = id(atom)

    def once(site: Site, env: Env) -> Opening:
        # Asked of the design alone, it is the same at every place.
        if key not in site.closed_openings:
            site.closed_openings[key] = opened(site, env)
        return site.closed_openings[key]

    return once


def _count(atom: Count) -> Opener:
    variable, read, ask = atom.variable, reader(atom.source), opener(atom.condition or Constant(True))
    lacking, conclude = _lacking([atom.source]), counted(atom)

    def opened(site: Site, env: Env) -> Opening:
        items, more = items_of(read(site, env))
        found = [ask(site, {**env, variable: item}) for item in items]
        sign = conclude([f.sign for f in found], more)
        if sign != UNKNOWN:
            return DECIDED[sign]
        undecided = [f for f in found if f.sign == UNKNOWN]
        return merged([*undecided, lacking(site, env)] if more else undecided)

    return opened


def _call(call: Call) -> Opener:
    readers, lacking = [reader(a) for a in call.arguments], _lacking([a for a in call.arguments if a.steps])

    def opened(site: Site, env: Env) -> Opening:
        values = tuple([read(site, env) for read in readers])
        if NOTHING in values:
            return lacking(site, env)
        return site.opening_of(call.concept, values)  # type: ignore[arg-type]

    return opened
