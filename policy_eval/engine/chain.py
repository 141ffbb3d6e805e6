"""The durable_rules side: facts decided by Python, chained stratum by stratum by the rule engine.

A concept is asked only after the concepts it calls, and each answer enters the next derivation as a
signed atom; the graph of concepts was checked to be acyclic when the set was loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy_eval.design.model import Design
from policy_eval.engine import facts
from policy_eval.engine.compiler import Definition, Reader, compile_formula, reader
from policy_eval.engine.facts import Listing, Thing
from policy_eval.engine.rete import Rete, shared
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, ConceptSigns, PlaceSigns, Sign, Signs
from policy_eval.language.formula import Path, joined
from policy_eval.principle import PrincipleSet, Rule


@dataclass(frozen=True, slots=True)
class _Binder:
    variable: str
    source: Reader
    path: Path
    links: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule's definitions; each binder carries the joins that can be tested once it is bound."""

    binders: tuple[_Binder, ...]
    applies: Definition
    violated: Definition
    exceptions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class CompiledConcept:
    """A concept's two definitions."""

    variables: tuple[str, ...]
    holds: Definition
    fails: Definition | None


class Chain:
    """A principle set compiled for durable_rules; one object serves any number of designs."""

    def __init__(self, principles: PrincipleSet, rules: tuple[Rule, ...], rete: Rete | None = None) -> None:
        self.rete = rete or shared()
        self.scope = compile_formula(principles.scope)
        self.rules = {r.id: _compile_rule(r) for r in rules}
        self.concepts = {
            c.id: CompiledConcept(c.variables, compile_formula(c.holds), compile_formula(c.fails) if c.fails else None)
            for c in principles.concepts.values()
        }

    def evaluate(self, design: Design) -> Signs:
        """Every sign of the set for one design."""
        return Run(self, facts.build(design)).signs()


class Run:
    """One design against one compiled set."""

    def __init__(self, chain: Chain, root: Thing) -> None:
        self.chain, self.root = chain, root
        self.derive = chain.rete.derive
        self.closed: dict[int, Sign] = {}
        self._result = Signs()

    def signs(self) -> Signs:
        """Run everything."""
        self._result.scope = self.chain.scope.sign(self, {})
        for rule_id, rule in self.chain.rules.items():
            places = self._result.places[rule_id] = {}
            for env in self.bindings(rule.binders, {}):
                binding = tuple([(b.variable, env[b.variable].path) for b in rule.binders])
                places[binding] = PlaceSigns(
                    rule.applies.sign(self, env),
                    rule.violated.sign(self, env),
                    tuple([e.sign(self, env) for e in rule.exceptions]),
                )
        return self._result

    def bindings(self, binders: tuple[_Binder, ...], env: dict[str, Thing]) -> Iterator[dict[str, Thing]]:
        """Every combination of parts that is not known to be unlinked."""
        if not binders:
            yield env
            return
        first, rest = binders[0], binders[1:]
        for thing in _things(first.source(self, env), env, first):
            inner = {**env, first.variable: thing}
            if first.links and any(link.sign(self, inner) == FALSE for link in first.links):
                continue
            if not rest:
                yield inner
            elif thing.seen:
                yield from self.bindings(rest, inner)
            elif next(self.bindings(rest, inner), None) is not None:
                yield _unseen(rest, inner)

    def concept(self, name: str, arguments: tuple[Thing, ...]) -> Sign:
        """Sign of a concept asked of these parts."""
        key = (name, tuple([a.path for a in arguments]))
        known = self._result.concepts.get(key)
        if known is not None:
            return known.sign
        concept = self.chain.concepts[name]
        env = dict(zip(concept.variables, arguments, strict=True))
        holds = concept.holds.sign(self, env)
        fails = concept.fails.sign(self, env) if concept.fails else UNKNOWN
        sign = holds if concept.fails is None else TRUE if holds == TRUE else FALSE if fails == TRUE else UNKNOWN
        self._result.concepts[key] = ConceptSigns(sign, holds, fails)
        return sign


def _unseen(binders: tuple[_Binder, ...], env: dict[str, Thing]) -> dict[str, Thing]:
    """Behind an unseen part everything is unseen: one place stands for all that may follow."""
    for binder in binders:
        base = env[binder.path.root].path if binder.path.root else ()
        env = {**env, binder.variable: Thing((*base, *binder.path.steps, facts.UNSEEN))}
    return env


def _things(listed: object, env: dict[str, Thing], binder: _Binder) -> tuple[Thing, ...]:
    if isinstance(listed, Listing):
        return listed.items if listed.unseen is None else (*listed.items, listed.unseen)
    if isinstance(listed, tuple):
        return listed
    base = env[binder.path.root].path if binder.path.root else ()
    return (Thing((*base, *binder.path.steps, facts.UNSEEN)),)


def _compile_rule(rule: Rule) -> CompiledRule:
    bound: set[str] = set()
    binders = []
    for binder in rule.binders:
        before = set(bound)
        bound.add(binder.variable)
        links = [link for link in rule.links if joined(link) <= bound and not joined(link) <= before]
        binders.append(
            _Binder(binder.variable, reader(binder.source), binder.source, tuple(map(compile_formula, links)))
        )
    return CompiledRule(
        tuple(binders),
        compile_formula(rule.applies),
        compile_formula(rule.violated),
        tuple(compile_formula(e.when) for e in rule.exceptions),
    )
