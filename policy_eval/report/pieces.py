"""The parts that reports are put together from: evaluations turned into wire values, one small function each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple

from policy_eval.comparison import shown, text_of
from policy_eval.design.evidence import status_of
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.paths import join
from policy_eval.engine.evidence import Fact
from policy_eval.engine.facts import Thing
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Binding
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS, PlaceResult, RuleResult
from policy_eval.principle import Ground, PrincipleSet, Rule
from policy_eval.report.wire import (
    PRESENT,
    BandV1,
    BurdenV1,
    EvidenceV1,
    ExceptionV1,
    GroundV1,
    InstrumentV1,
    RuleV1,
    ScopeV1,
    ScoreV1,
)
from policy_eval.scoring import Scorecard
from policy_eval.vocabulary.law import Outcome

SCOPE_WORDS = {TRUE: "applies", UNKNOWN: "undecided", FALSE: "does_not_apply"}
_SIGN_WORDS = {TRUE: "holds", UNKNOWN: "open", FALSE: "fails"}


def scope(e: Evaluation) -> ScopeV1:
    """Whether the set covers the design, and what that rests on."""
    grounds = e.scope_grounds
    return ScopeV1(SCOPE_WORDS[e.scope], paths(grounds.open), sorted(grounds.unsettled), evidence(e, grounds.evidence))


def as_if(e: Evaluation) -> str | None:
    """The label of a verdict under a law of another place or time, None where both fit."""
    places, period = e.design.jurisdiction, e.design.period
    text = e.principles.text
    other_place = places is not None and not set(places) & {*text.jurisdiction, *text.members}
    other_time = period is not None and (
        (period.until is not None and period.until < e.as_of) or (period.from_ is not None and period.from_ > e.as_of)
    )
    if not other_place and not other_time:
        return None
    parts = [", ".join(places)] if other_place and places else []
    if other_time and period:
        first = period.from_.isoformat() if period.from_ else "?"
        last = period.until.isoformat() if period.until else "?"
        parts.append(f"{first} to {last}")
    law = f"{'/'.join(text.jurisdiction)} law of {e.as_of.isoformat()}"
    return f"as if a system of {', '.join(parts)} were under {law}"


_last: tuple[DesignFile, Design, dict[Fact, EvidenceV1]] | None = None


def evidence(e: Evaluation, facts: frozenset[Fact]) -> list[EvidenceV1]:
    """Facts with their values, where they are stated and how firmly they stand.

    Those of the last design are kept, for rules of one set after the other turn on the same ones.
    """
    global _last
    last = _last
    if last is None or last[0] is not e.file or last[1] is not e.design:
        last = _last = e.file, e.design, {}
    told = last[2]
    for fact in facts - told.keys():
        told[fact] = _evidence(e, fact)
    return [told[fact] for fact in sorted(facts)]


def _evidence(e: Evaluation, fact: Fact) -> EvidenceV1:
    span = e.file.span_of(fact.path)
    about = ("complete", *fact.path) if fact.kind == "whole" else fact.path
    value = shown(e, fact.path) if fact.kind != "exists" else PRESENT
    return EvidenceV1(join(fact.path), value, span.file, span.line, span.column, status_of(e.design, about))


def paths(facts: frozenset[Fact]) -> list[str]:
    """Facts as paths, in order."""
    return sorted({join(f.path) for f in facts})


def band(e: Evaluation) -> BandV1:
    """The band, and the rules that make it so."""
    found = e.card.band
    conflicts = [r for r in e.results if r.outcome in CONFLICTS]
    gravest = max((r.rule.text.severity.rank for r in conflicts), default=0)
    because = [r.rule.id for r in conflicts if r.rule.text.severity.rank == gravest > 0]
    return BandV1(found.standing.value, found.best.value, found.worst.value, because)


def score(card: Scorecard) -> ScoreV1:
    """The score and its bounds, rounded."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return ScoreV1(
        rounded(card.score.standing), rounded(card.score.worst), rounded(card.score.best), card.score.may_be_none
    )


def burden(card: Scorecard) -> BurdenV1:
    """The weight of conflicts, rounded."""
    return BurdenV1(*(round(b, 6) for b in (card.burden.established, card.burden.standing, card.burden.worst)))


def ground(principles: PrincipleSet, ground: Ground) -> GroundV1:
    """An authority with its identifier and address."""
    cited = principles.instrument(ground)
    return GroundV1(
        ground.instrument, ground.at, cited.id, cited.url, ground.verified.value, ground.status_checked.isoformat()
    )


def rule(principles: PrincipleSet, found: Rule) -> RuleV1:
    """A rule that findings are about."""
    text = found.text
    return RuleV1(
        id=found.id,
        set=principles.id,
        set_title=principles.text.title,
        title=text.title,
        principle=text.principle.value,
        severity=text.severity.value,
        severity_because=text.severity_because,
        status=text.status.value,
        duty_of=text.duty_of.value if text.duty_of else None,
        rationale=text.rationale,
        remedy=text.remedy,
        grounds=[ground(principles, g) for g in text.grounds],
        exceptions={x.text.id: x.text.title for x in found.exceptions},
    )


def instruments(sets: Iterable[PrincipleSet]) -> dict[str, InstrumentV1]:
    """What the sets cite, by short name; what one set does not tell of an instrument another may."""
    found: dict[str, InstrumentV1] = {}
    for name, told in ((name, told) for s in sets for name, told in s.text.instruments.items()):
        kind = told.kind.value if told.kind else None
        values = (kind, told.title, told.author, told.number, told.date, told.report, told.id, told.url, told.note)
        before = astuple(found[name])[1:] if name in found else (None,) * len(values)
        found[name] = InstrumentV1(name, *(x or y for x, y in zip(before, values, strict=True)))
    return dict(sorted(found.items()))


def binding_text(binding: Binding) -> dict[str, str]:
    """A binding as variable -> path; what is unseen is shown as the list it may be in."""
    return {v: join(p) for v, p in binding}


def exceptions(result: RuleResult, place: PlaceResult) -> list[ExceptionV1]:
    """The exceptions tried at a place."""
    return [
        ExceptionV1(x.text.id, x.text.title, _SIGN_WORDS[s], x.burden.value)
        for x, s in zip(result.rule.exceptions, place.signs.exceptions, strict=True)
    ]


def would_excuse(e: Evaluation, result: RuleResult, place: PlaceResult) -> list[str]:
    """What would take the conflict away at a place where it stands unless excused."""
    if place.outcome is not Outcome.UNLESS_EXCUSED:
        return []
    excuses = [result.rule.exceptions[n].text.title for n in place.excuses]
    return [*excuses, *[f"{e.principles.text.short} turning out not to cover the system"] * place.scope_would_excuse]


def message(e: Evaluation, result: RuleResult, place: PlaceResult) -> str:
    """The rule's message for one place, its placeholders replaced in one pass."""
    env = e.tracer.env(place.binding)

    def value(match: re.Match[str]) -> str:
        root, *steps = match[1].split(".")
        thing: object = env.get(root)
        for step in steps:
            if not isinstance(thing, Thing):
                return "unknown"
            thing = thing.facts.get(step)
        return text_of(thing)

    return re.sub(r"\{([a-z_.]+)\}", value, result.rule.text.message)
