"""What leaves a condition undecided: the facts not known and the concepts of open law.

The sign comes out on the way, and no tree of steps is made. A condition is made ready once and asked of many designs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from policy_eval.engine.compiler import NOTHING, Env, World, counted, decider, items_of, quantified, reader
from policy_eval.engine.evidence import NO_FACTS, Support
from policy_eval.engine.facts import Thing
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


def merged(parts: Sequence[Opening], facts: Support = NO_FACTS, laws: frozenset[str] = frozenset()) -> Opening:
    """What some undecided parts leave open together."""
    if len(parts) == 1 and not facts and not laws:
        return parts[0]
    return Opening(UNKNOWN, facts.union(*[p.facts for p in parts]), laws.union(*[p.laws for p in parts]))


def opener(formula: Formula) -> Opener:
    """A function giving what leaves a condition open for the parts of a design it is asked of."""
    match formula:
        case Constant(value):
            found = DECIDED[TRUE if value else FALSE]
            return lambda site, env: found
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
            return _atom(formula)


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


def _atom(atom: Holds | Compare | Among) -> Opener:
    decide, paths = decider(atom), paths_of(atom)

    def opened(site: Site, env: Env) -> Opening:
        sign = decide(site, env)
        return Opening(UNKNOWN, site.lacking(paths, env)) if sign == UNKNOWN else DECIDED[sign]

    return opened


def _negated(inner: Opener) -> Opener:
    def opened(site: Site, env: Env) -> Opening:
        found = inner(site, env)
        return found if found.sign == UNKNOWN else DECIDED[-found.sign]

    return opened


def _joined(parts: Iterable[Formula], decisive: Sign) -> Opener:
    openers = [opener(p) for p in parts]

    def opened(site: Site, env: Env) -> Opening:
        undecided = []
        for ask in openers:
            found = ask(site, env)
            if found.sign == decisive:
                return found
            if found.sign == UNKNOWN:
                undecided.append(found)
        return merged(undecided) if undecided else DECIDED[-decisive]

    return opened


def _quantifier(atom: Quantifier) -> Opener:
    variable, read, ask = atom.variable, reader(atom.source), opener(quantified(atom))
    decisive, source = TRUE if atom.kind == "any" else FALSE, [atom.source]

    def opened(site: Site, env: Env) -> Opening:
        items, more = items_of(read(site, env))
        undecided, inner = [], {**env}
        for inner[variable] in items:
            found = ask(site, inner)
            if found.sign == decisive:
                return found
            if found.sign == UNKNOWN:
                undecided.append(found)
        if not more:
            return merged(undecided) if undecided else DECIDED[-decisive]
        return merged(undecided, site.lacking(source, env))

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
    source, conclude = [atom.source], counted(atom)

    def opened(site: Site, env: Env) -> Opening:
        items, more = items_of(read(site, env))
        found = [ask(site, {**env, variable: item}) for item in items]
        sign = conclude([f.sign for f in found], more)
        if sign != UNKNOWN:
            return DECIDED[sign]
        undecided = [f for f in found if f.sign == UNKNOWN]
        return merged(undecided, site.lacking(source, env) if more else NO_FACTS)

    return opened


def _call(call: Call) -> Opener:
    readers, arguments = [reader(a) for a in call.arguments], [a for a in call.arguments if a.steps]

    def opened(site: Site, env: Env) -> Opening:
        values = tuple([read(site, env) for read in readers])
        if NOTHING in values:
            return Opening(UNKNOWN, site.lacking(arguments, env))
        return site.opening_of(call.concept, values)  # type: ignore[arg-type]

    return opened
