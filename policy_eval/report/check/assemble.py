"""From a gate to the wire model of a check."""

from __future__ import annotations

import hashlib

from policy_eval.engine.evidence import support
from policy_eval.engine.signs import FALSE, TRUE
from policy_eval.errors import Problem, Span
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS
from policy_eval.gate import places
from policy_eval.gate.judging import (
    AGAINST,
    CLEAR,
    COVERED,
    NOT_DEMONSTRATED,
    Gate,
    Item,
    ScoreGate,
    Standing,
    Threshold,
    stated,
)
from policy_eval.report import pieces
from policy_eval.report.check.wire import (
    CheckedV1,
    FindingAtV1,
    ProblemV1,
    ScoreGateV1,
)
from policy_eval.report.derivation import derivation, location
from policy_eval.report.words import counted

VERDICTS = {CLEAR: "clear", AGAINST: "against", NOT_DEMONSTRATED: "not_demonstrated"}


def checked(gate: Gate, asked: Threshold, *, derivations: bool) -> CheckedV1:
    """One design under one set, at the gate."""
    e = gate.evaluation
    return CheckedV1(
        design=e.design.id,
        design_title=e.design.title,
        file=e.file.files[0],
        set=e.principles.id,
        set_title=e.principles.text.title,
        set_version=e.principles.text.version,
        as_of=e.as_of.isoformat(),
        as_if=pieces.as_if(e),
        scope=pieces.scope(e),
        band=pieces.band(e),
        score=pieces.score(e.card),
        burden=pieces.burden(e.card),
        coverage=round(e.card.coverage, 6),
        verdict=VERDICTS[gate.verdict],
        clear_because=_why_clear(gate, asked) if gate.verdict == CLEAR else "",
        judged=gate.judged,
        counts={o.value: n for o, n in e.card.counts.items()},
        score_gate=_score(gate.score),
        outcomes={r.rule.id: r.outcome.value for r in e.results if asked.counts(r)},
        findings=[_finding(e, item, derivations=derivations) for item in gate.items],
    )


def problem(found: Problem) -> ProblemV1:
    """An input that cannot be used."""
    return ProblemV1(found.message, found.help, location(found.span))


def _why_clear(gate: Gate, asked: Threshold) -> str:
    """Why nothing stands against a design."""
    e = gate.evaluation
    if e.scope == FALSE:
        return "the set does not cover it"
    if not e.results:
        return "none of its rules was in force on that day"
    if asked.fail_on is None:
        return "nothing counts"
    least = f"{asked.fail_on} or above"
    undecided = len(gate.of(Standing.UNDECIDED))
    beside = f", {counted(undecided, 'place')} undecided" if undecided else ""
    if gate.of(*COVERED):
        return f"nothing new at {least}{beside}"
    selected = " among those selected" if asked.rules is not None else ""
    return f"nothing at {least}{beside}" if gate.judged else f"no rule of the set is of severity {least}{selected}"


def _score(score: ScoreGate | None) -> ScoreGateV1 | None:
    if score is None:
        return None
    standing, floor = (None if v is None else round(v, 4) for v in (score.standing, score.floor))
    return ScoreGateV1(score.needed, standing, floor, VERDICTS[score.verdict])


def _finding(e: Evaluation, item: Item, *, derivations: bool) -> FindingAtV1:
    result, place = item.result, item.place
    grounds, at = e.grounds(result.rule, place), places.key(place.binding)
    conflict = place.outcome in CONFLICTS
    return FindingAtV1(
        rule=result.rule.id,
        severity=result.rule.text.severity.value,
        outcome=place.outcome.value,
        standing=item.standing.value,
        place=list(at),
        binding=pieces.binding_text(place.binding),
        seen=place.seen,
        message=pieces.message(e, result, place) if conflict and place.seen else result.rule.text.title,
        location=location(_where(e, item)),
        evidence=pieces.evidence(e, grounds.evidence),
        open=pieces.paths(grounds.open),
        unsettled=sorted(grounds.unsettled),
        exceptions={x.id: x.state for x in pieces.exceptions(result, place)},
        would_excuse=pieces.would_excuse(e, result, place),
        duty_holders=e.duty_holders(result.rule),
        fingerprint=_fingerprint(e.design.id, result.rule.id, at),
        decision=item.entry if item.standing in (Standing.DEFERRED, Standing.DISAGREED) else None,
        beside=[] if place.seen else sorted(stated(result)),
        derivation=list(derivation(e, item.result, item.place)) if derivations else [],
    )


def _fingerprint(design: str, rule_id: str, at: tuple[str, ...]) -> str:
    """What stays the same while lines move and values change."""
    return hashlib.sha256("\0".join((design, rule_id, *at)).encode()).hexdigest()[:32]


def _where(e: Evaluation, item: Item) -> Span:
    """The line to look at: of the fact in conflict, or where the missing one would stand."""
    bound = item.place.binding[-1][1] if item.place.binding else ()
    if item.place.outcome in CONFLICTS:
        facts = support(e.steps(item.result.rule, item.place)[1], TRUE)[0]
    else:
        facts = e.grounds(item.result.rule, item.place).open
    spans = sorted((f.path[: len(bound)] != bound, e.file.span_of(f.path)) for f in facts)
    found = spans[0][1] if spans else e.file.span_of(bound if item.place.seen else ())
    # What belongs nowhere in particular is shown at the head of the design and not at all of its lines.
    return e.file.span_of(("id",)) if found == e.file.span_of(()) else found
