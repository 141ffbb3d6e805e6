"""Lint of a principle set: what its files lack, and where nothing being there excuses.

Loading has already refused what is wrong (names, types, cycles); this finds what is weak. `crosscheck` finds what shows
only on many designs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from policy_eval.design import loading
from policy_eval.design.evidence import keep
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.types import Parts, fields_of
from policy_eval.engine.signs import TRUE
from policy_eval.errors import Problem, Span
from policy_eval.evaluation import Engine, Judge
from policy_eval.examples import Located, judge_of
from policy_eval.findings import CONFLICTS, RuleResult
from policy_eval.findings import judge as judge_rule
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
        yield from _pinned(rule.id, located.get(rule.id, []))
        yield from _exception_unnamed(principles, profile, rule, located.get(rule.id, []))
        yield from _grounds(principles, _cited(rule), rule.file, today)
        yield from _vacuous(principles, profile, rule, located.get(rule.id, []))
    for concept in principles.concepts.values():
        own = _own(concept, principles)
        if len(concept.whole.examples) < 2:
            yield Problem(
                f"the concept `{concept.id}` has fewer than two examples", Span(concept.file), "show both sides"
            )
        if own:
            yield from _pinned(concept.id, located.get(concept.id, []))
            yield from _grounds(principles, _behind(concept), concept.file, today)


def _own(concept: Concept, principles: PrincipleSet) -> bool:
    """Whether a concept is the set's and none of the shared ones."""
    return Path(concept.file).parent == Path(principles.shown)


def unused(principles: PrincipleSet) -> list[Problem]:
    """Concepts of a set that nothing asks; while a set is being written that is no fault."""
    used = {c.concept for f in _formulas(principles) for c in fm.calls(f)}
    own = [c for c in principles.concepts.values() if _own(c, principles) and c.id not in used]
    return [Problem(f"no rule uses the concept `{c.id}`", Span(c.file), "use it or take it out") for c in own]


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


def _pinned(owner: str, located: list[Located]) -> Iterator[Problem]:
    """Examples whose outcome could come about in another way than the one they are there to show."""
    for x in located:
        expect = x.example.expect
        if str(expect.outcome) == Outcome.UNDECIDED.value and expect.open is None and expect.unsettled is None:
            message = f"an example of `{owner}` does not say what leaves it undecided: {x.example.name}"
            yield Problem(message, x.span, "add `open: [paths]`, or `unsettled: true` where the law alone is open")
        if str(expect.outcome) == Outcome.UNLESS_EXCUSED.value and expect.exception is None and expect.open is None:
            message = f"an example of `{owner}` does not say what would excuse: {x.example.name}"
            yield Problem(message, x.span, "add `exception: id`, or `open: [paths]`")


def _exception_unnamed(
    principles: PrincipleSet, profile: ProfileFile, rule: Rule, located: list[Located]
) -> Iterator[Problem]:
    """Examples in which an exception takes the conflict away and is not named."""
    if not rule.exceptions:
        return
    judge = judge_of(principles, profile, rule, Engine.REFERENCE)
    for x in located:
        expect = x.example.expect
        if str(expect.outcome) == Outcome.NO_CONFLICT.value and expect.exception is None:
            result = judge.evaluate(x.file).results[0]
            excusing = {n for p in result.telling for n in p.excused_by}
            if excusing and all(p.excused_by for p in result.telling):
                names = ", ".join(rule.exceptions[n].text.id for n in sorted(excusing))
                message = f"an example of `{rule.id}` does not name the exception that excuses: {x.example.name}"
                yield Problem(message, x.span, f"add `exception: {names}`")


def _cited(rule: Rule) -> tuple[Ground, ...]:
    return (*rule.text.grounds, *(g for e in rule.text.exceptions for g in e.grounds))


def _behind(concept: Concept) -> tuple[Ground, ...]:
    positions = concept.whole.unsettled.positions if concept.whole.unsettled else ()
    return (*concept.whole.grounds, *(g for p in positions for g in p.grounds))


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
    judge = judge_of(principles, profile, rule, Engine.REFERENCE)
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


# ---------------------------------------------------------------- on many designs

SAMPLES = 100
_SETTLED = (*CONFLICTS, Outcome.NO_CONFLICT)
_ENOUGH = 3  # of conflicts and of others, before two rules are said to agree


def crosscheck(
    principles: PrincipleSet, profile: ProfileFile, shipped: Sequence[Design], samples: Sequence[Design]
) -> Iterator[Problem]:
    """What shows on many designs: those a set ships with (none: not asked), and random ones.

    Rules that no shipped design decides; rules that come to the same on every design; concepts that both hold and fail.
    Rules of every day are judged, so that law of other years is looked at too.
    """
    judge = Judge(principles, profile, engine=Engine.REFERENCE, rules=principles.rules)
    both: dict[str, Design] = {}
    outcomes: list[list[Outcome]] = []
    for design in (*shipped, *samples):
        signs = judge.derive(design)
        for (name, _), found in signs.concepts.items():
            if found.holds == found.fails == TRUE:
                both.setdefault(name, design)
        outcomes.append([judge_rule(r, signs.scope, signs.places[r.id]).outcome for r in principles.rules])
    of_rule = {r.id: tuple(row[n] for row in outcomes) for n, r in enumerate(principles.rules)}
    yield from _contradictory(principles, both)
    yield from _decided_nowhere(principles, {i: o[: len(shipped)] for i, o in of_rule.items()} if shipped else {})
    yield from _agreeing(principles, of_rule)


def _contradictory(principles: PrincipleSet, both: dict[str, Design]) -> Iterator[Problem]:
    for name, design in both.items():
        message = f"the concept `{name}` both holds and fails for the design `{design.id}`"
        yield Problem(message, Span(principles.concepts[name].file), "make the two conditions exclude each other")


def _decided_nowhere(principles: PrincipleSet, of_rule: dict[str, tuple[Outcome, ...]]) -> Iterator[Problem]:
    for rule in principles.rules:
        if rule.id in of_rule and not set(of_rule[rule.id]) & set(_SETTLED):
            yield Problem(f"no shipped design decides `{rule.id}`", Span(rule.file), "add one that does")


def _agreeing(principles: PrincipleSet, of_rule: dict[str, tuple[Outcome, ...]]) -> Iterator[Problem]:
    first: dict[tuple[Outcome, ...], Rule] = {}
    for rule in principles.rules:
        found = of_rule[rule.id]
        conflicts = sum(o in CONFLICTS for o in found)
        if min(conflicts, found.count(Outcome.NO_CONFLICT)) < _ENOUGH:
            continue
        if found in first:
            message = f"`{rule.id}` and `{first[found].id}` come to the same on all of {len(found)} designs"
            yield Problem(message, Span(rule.file), "state the difference, or keep one of them")
        first.setdefault(found, rule)
