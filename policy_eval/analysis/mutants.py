"""Mutants of rule files: small changes that examples should notice.

A mutant drops a condition, a part of and/or, a literal or an exception; swaps and/or, any/all or
neighbouring comparisons; or moves an ordinal one step. One that no example kills survives: the
examples do not pin what the rule says, or the mutant says the same.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from policy_eval.design.paths import split
from policy_eval.engine.compiler import Env
from policy_eval.engine.derivation import Tracer
from policy_eval.engine.signs import FALSE, Sign
from policy_eval.evaluation import Engine, Judge
from policy_eval.examples import Located, judge_of
from policy_eval.language import formula as fm
from policy_eval.language.show import show
from policy_eval.principle import Concept, PrincipleSet, ProfileFile, Rule
from policy_eval.vocabulary.base import Ordinal

# Share of surviving mutants from which `test --mutants` fails.
TOLERATED = 0.05

_NEIGHBOURS = {"<": ("<=",), "<=": ("<",), ">": (">=",), ">=": (">",), "==": ()}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed rule or concept; `description` says what was changed."""

    owner: str
    description: str
    survived: bool


def mutations(formula: fm.Formula) -> Iterator[tuple[str, fm.Formula]]:
    """Every formula one small change away, with what was changed."""
    match formula:
        case fm.And(parts) | fm.Or(parts):
            kind, other = (fm.And, fm.Or) if isinstance(formula, fm.And) else (fm.Or, fm.And)
            yield f"swap and/or in {show(formula)}", other(parts)
            for n, part in enumerate(parts):
                rest = parts[:n] + parts[n + 1 :]
                yield f"drop {show(part)}", rest[0] if len(rest) == 1 else kind(rest)
                for what, changed in mutations(part):
                    yield what, kind((*parts[:n], changed, *parts[n + 1 :]))
        case fm.Not(part):
            yield f"drop not before {show(part)}", part
            for what, changed in mutations(part):
                yield what, fm.Not(changed)
        case fm.Compare(op, left, right):
            for neighbour in _NEIGHBOURS[op]:
                yield f"{op} to {neighbour} in {show(formula)}", fm.Compare(neighbour, left, right)
            for what, literal in _shifted(right):
                yield f"{what} in {show(formula)}", fm.Compare(op, left, literal)
        case fm.Among(item, tuple() as options) if len(options) > 1:
            for n, option in enumerate(options):
                yield f"drop {option.value} from {show(formula)}", fm.Among(item, options[:n] + options[n + 1 :])
        case fm.Quantifier(kind, _, _, condition, body):
            yield f"swap any/all in {show(formula)}", replace(formula, kind="all" if kind == "any" else "any")
            if condition is not None:
                yield f"drop the if in {show(formula)}", replace(formula, condition=None)
                for what, changed in mutations(condition):
                    yield what, replace(formula, condition=changed)
            for what, changed in mutations(body):
                yield what, replace(formula, body=changed)
        case fm.Count(_, _, condition, op, number):
            for neighbour in _NEIGHBOURS[op]:
                yield f"{op} to {neighbour} in {show(formula)}", replace(formula, op=neighbour)
            for near in {number - 1, number + 1} - {-1}:
                yield f"{number} to {near} in {show(formula)}", replace(formula, number=near)
            if condition is not None:
                for what, changed in mutations(condition):
                    yield what, replace(formula, condition=changed)
        case _:
            return


def _shifted(operand: fm.Operand) -> Iterator[tuple[str, fm.Literal]]:
    if isinstance(operand, fm.Literal) and isinstance(operand.value, Ordinal):
        terms = list(type(operand.value))
        at = terms.index(operand.value)
        for near in {at - 1, at + 1} & set(range(len(terms))):
            yield f"{operand.value} to {terms[near]}", replace(operand, value=terms[near])


def rule_mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Every rule one small change away."""
    if rule.own != fm.TRUE:
        yield "drop applies_when", replace(rule, own=fm.TRUE, links=())
    for what, changed in mutations(rule.own):
        links = tuple(
            link for link in rule.links if link in (changed.parts if isinstance(changed, fm.And) else (changed,))
        )
        yield f"applies_when: {what}", replace(rule, own=changed, links=links)
    for what, changed in mutations(rule.violated):
        yield f"violated_when: {what}", replace(rule, violated=changed)
    for n, exception in enumerate(rule.exceptions):
        rest = rule.exceptions[:n] + rule.exceptions[n + 1 :]
        yield f"drop exception {exception.text.id}", replace(rule, exceptions=rest)
        for what, changed in mutations(exception.when):
            mutated = (*rule.exceptions[:n], replace(exception, when=changed), *rule.exceptions[n + 1 :])
            yield f"{exception.text.id}: {what}", replace(rule, exceptions=mutated)


def concept_mutants(concept: Concept) -> Iterator[tuple[str, Concept]]:
    """Every concept one small change away."""
    for what, changed in mutations(concept.holds):
        yield f"holds_when: {what}", replace(concept, holds=changed)
    if concept.fails is not None:
        for what, changed in mutations(concept.fails):
            yield f"fails_when: {what}", replace(concept, fails=changed)


def run(
    principles: PrincipleSet,
    profile: ProfileFile,
    located: dict[str, list[Located]],
    only: Container[str] | None = None,
) -> Iterator[Mutant]:
    """Every mutant of a set's scope, rules and concepts, or of those in `only`, against their own examples."""
    if only is None:
        yield from _scope(principles, located.get("scope", []))
    for rule in (r for r in principles.rules if only is None or r.id in only):
        examples = located.get(rule.id, [])
        expected = list(_outcomes(judge_of(principles, profile, rule, Engine.REFERENCE), examples))
        for what, mutant in rule_mutants(rule):
            judge = judge_of(principles, profile, mutant, Engine.REFERENCE)
            yield Mutant(rule.id, what, survived=_same(_outcomes(judge, examples), expected))
    for concept in (c for c in principles.concepts.values() if only is None or c.id in only):
        examples = located.get(concept.id, [])
        traced = [_traced(principles, concept, x) for x in examples]
        expected_signs = list(_signs(concept, traced))
        for what, changed in concept_mutants(concept):
            yield Mutant(concept.id, what, survived=_same(_signs(changed, traced), expected_signs))


def _same(found: Iterator[object], expected: Sequence[object]) -> bool:
    """Whether every example comes to what it came to; the first that does not ends the search."""
    return all(one == other for one, other in zip(found, expected, strict=False))


def _scope(principles: PrincipleSet, examples: Sequence[Located]) -> Iterator[Mutant]:
    tracers = [Tracer(x.file.design, principles) for x in examples]
    expected = [t.sign(principles.scope, {}) for t in tracers]
    for what, changed in mutations(principles.scope):
        survived = [t.sign(changed, {}) for t in tracers] == expected
        yield Mutant(f"{principles.id} scope", what, survived)


def _outcomes(judge: Judge, examples: Sequence[Located]) -> Iterator[object]:
    for x in examples:
        result = judge.evaluate(x.file).results[0]
        yield result.outcome, [(p.excused_by, p.excuses) for p in result.telling]


def _traced(principles: PrincipleSet, concept: Concept, located: Located) -> tuple[Tracer, Env]:
    """The design of an example, and what the variables of the concept stand for in it."""
    tracer = Tracer(located.file.design, principles)
    parts = zip(concept.variables, located.example.of or (), strict=True)
    return tracer, tracer.env(tuple((v, split(p)) for v, p in parts))


def _signs(concept: Concept, traced: Sequence[tuple[Tracer, Env]]) -> Iterator[tuple[Sign, Sign]]:
    for tracer, env in traced:
        fails = FALSE if concept.fails is None else tracer.sign(concept.fails, env)
        yield tracer.sign(concept.holds, env), fails
