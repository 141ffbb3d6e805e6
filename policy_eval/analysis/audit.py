"""Lint of a principle set: what its files lack, and where nothing being there excuses.

Loading has already refused what is wrong (names, types, cycles); this finds what is weak.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from policy_eval.design import loading
from policy_eval.design.evidence import keep
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.types import Parts, fields_of
from policy_eval.errors import Problem, Span
from policy_eval.examples import Located, judge_of
from policy_eval.findings import RuleResult
from policy_eval.language import formula as fm
from policy_eval.principle import Concept, Example, Ground, PrincipleSet, ProfileFile, Rule
from policy_eval.source import suggest
from policy_eval.vocabulary.law import Burden, Outcome, Verified

_WANTED = (Outcome.CONFLICT, Outcome.NO_CONFLICT, Outcome.UNDECIDED)


def lint(
    principles: PrincipleSet, profile: ProfileFile, located: dict[str, list[Located]], today: dt.date
) -> Iterator[Problem]:
    """Every weakness found in a set; nothing is printed and nothing changed."""
    for rule in principles.rules:
        yield from _examples(rule, located.get(rule.id, []))
        yield from _grounds(principles, _cited(rule), rule.file, today)
        yield from _vacuous(principles, profile, rule, located.get(rule.id, []))
    used = {c.concept for f in _formulas(principles) for c in fm.calls(f)}
    for concept in principles.concepts.values():
        own = concept.file.startswith(principles.shown)
        if own and concept.id not in used:
            yield Problem(f"no rule uses the concept `{concept.id}`", Span(concept.file), "use it or take it out")
        if len(concept.text.examples) < 2:
            yield Problem(
                f"the concept `{concept.id}` has fewer than two examples", Span(concept.file), "show both sides"
            )
        if own:
            yield from _grounds(principles, _behind(concept), concept.file, today)


def _formulas(principles: PrincipleSet) -> Iterator[fm.Formula]:
    yield principles.scope
    for rule in principles.rules:
        yield from (rule.applies, rule.violated, *(e.when for e in rule.exceptions))
    for concept in principles.concepts.values():
        yield from (f for f in (concept.holds, concept.fails) if f is not None)


def _examples(rule: Rule, located: list[Located]) -> Iterator[Problem]:
    outcomes = [str(x.example.expect.outcome) for x in located]
    wanted = [*_WANTED, *([Outcome.NOT_APPLICABLE] if rule.own != fm.TRUE or rule.binders else [])]
    for outcome in wanted:
        if outcome.value not in outcomes:
            yield Problem(f"no example of `{rule.id}` comes to {outcome}", Span(rule.file), "add one")
    for exception in rule.exceptions:
        # An open exception leaves a conflict standing only where it is the operator's to show.
        open_outcome = Outcome.UNLESS_EXCUSED if exception.burden is Burden.OPERATOR else Outcome.UNDECIDED
        for outcome, what in ((Outcome.NO_CONFLICT, "excused by"), (open_outcome, "open as to")):
            if not any(_shows(x.example, exception.text.id, outcome) for x in located):
                yield Problem(
                    f"no example of `{rule.id}` is {what} the exception `{exception.text.id}`",
                    Span(rule.file),
                    "add one",
                )


def _shows(example: Example, exception: str, outcome: Outcome) -> bool:
    return example.expect.exception == exception and str(example.expect.outcome) == outcome.value


def _cited(rule: Rule) -> tuple[Ground, ...]:
    return (*rule.text.grounds, *(g for e in rule.text.exceptions for g in e.grounds))


def _behind(concept: Concept) -> tuple[Ground, ...]:
    positions = concept.text.unsettled.positions if concept.text.unsettled else ()
    return (*concept.text.grounds, *(g for p in positions for g in p.grounds))


def _grounds(principles: PrincipleSet, grounds: tuple[Ground, ...], file: str, today: dt.date) -> Iterator[Problem]:
    listed = principles.text.instruments
    for ground in grounds:
        if listed and ground.instrument not in listed:
            help = suggest(ground.instrument, listed) + " or list it under `instruments` in set.yaml"
            yield Problem(f"the set lists no instrument `{ground.instrument}`", Span(file), help)
        if ground.verified is Verified.UNVERIFIED:
            yield Problem(f"the wording of {ground.instrument} {ground.at} was not checked", Span(file), "read it")
        if ground.status_checked > today:
            yield Problem(f"{ground.instrument} {ground.at} is said to be checked in the future", Span(file))


def _vacuous(principles: PrincipleSet, profile: ProfileFile, rule: Rule, located: list[Located]) -> Iterator[Problem]:
    """Empty each list the rule ranges over, in each example of conflict: nothing may cure it unseen.

    Where an exception then holds, or the conflict disappears otherwise than by its place, an example
    must show that this is meant.
    """
    judge = judge_of(principles, profile, rule)
    shown = {_shape(judge.evaluate(x.file).results[0]) for x in located if _has_empty_list(x.file.design)}
    lists = _lists(rule, principles)
    for x in located:
        if str(x.example.expect.outcome) != Outcome.CONFLICT.value:
            continue
        for name in list(lists):
            if not getattr(x.file.design, name):
                continue
            result = judge.evaluate(_emptied(x.file, name)).results[0]
            place_gone = any(b.source.steps[:1] == (name,) for b in rule.binders)
            cured = result.outcome in (Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE) and not place_gone
            if cured and _shape(result) not in shown:
                lists.remove(name)  # once for each list is enough
                yield Problem(
                    f"`{rule.id}` comes to {result.outcome} where `{name}` is empty (from: {x.example.name})",
                    x.span, "require an item, or add an example with the empty list",
                )  # fmt: skip


def _shape(result: RuleResult) -> tuple[Outcome, tuple[tuple[int, ...], ...]]:
    return result.outcome, tuple(sorted({p.excused_by for p in result.telling}))


def _has_empty_list(design: Design) -> bool:
    return any(isinstance(k, Parts) and getattr(design, n) == () for n, k in fields_of(Design).items())


def _lists(rule: Rule, principles: PrincipleSet) -> list[str]:
    """Lists at the top of the design that the rule or its concepts range over."""
    found: dict[str, None] = {}
    pending = [rule.own, rule.violated, *(e.when for e in rule.exceptions)]
    seen: set[str] = set()
    while pending:
        formula = pending.pop()
        for call in fm.calls(formula):
            if call.concept not in seen:
                seen.add(call.concept)
                concept = principles.concepts[call.concept]
                pending += [f for f in (concept.holds, concept.fails) if f is not None]
        found.update(dict.fromkeys(_sources(formula)))
    return [n for n, k in fields_of(Design).items() if isinstance(k, Parts) and n in found]


def _sources(formula: fm.Formula) -> Iterator[str]:
    for atom in fm.atoms(formula):
        if isinstance(atom, fm.Quantifier | fm.Count):
            if not atom.source.root:
                yield atom.source.steps[0]
            for inner in (atom.condition, atom.body if isinstance(atom, fm.Quantifier) else None):
                if inner is not None:
                    yield from _sources(inner)


def _emptied(file: DesignFile, name: str) -> DesignFile:
    def wanted(path: tuple[str, ...]) -> bool:
        return not (len(path) == 2 and path[0] == name)

    emptied = keep(file.design, wanted, lambda path: True)
    still = emptied.partial_lists - {name}
    return loading.DesignFile(emptied.model_copy(update={"partial_lists": still}), file.spans, file.files)
