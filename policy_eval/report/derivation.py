"""Why a rule comes to its outcome at a place, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from policy_eval.comparison import shown
from policy_eval.design.evidence import status_of
from policy_eval.design.paths import join, split
from policy_eval.engine.derivation import Step
from policy_eval.engine.evidence import Fact
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN
from policy_eval.errors import Span
from policy_eval.evaluation import Evaluation
from policy_eval.findings import PlaceResult, RuleResult
from policy_eval.report.wire import LocationV1, StepV1
from policy_eval.report.words import counted

_HOLDS = {TRUE: "holds", UNKNOWN: "is open", FALSE: "fails"}
_DEPTH = 40  # deeper steps are counted only


def location(span: Span) -> LocationV1:
    """A stretch of a file."""
    return LocationV1(span.file, span.line, span.column, span.end_line, span.end_column)


def derivation(e: Evaluation, result: RuleResult, place: PlaceResult) -> Iterator[StepV1]:
    """What was asked at a place and what answered it: whether the duty applies, the conflict, each exception."""
    applies, violated, exceptions = e.steps(result.rule, place)
    yield from _part(e, "the duty applies", applies)
    yield from _part(e, "the facts are in conflict, exceptions aside", violated)
    for exception, step in zip(result.rule.exceptions, exceptions, strict=True):
        yield from _part(e, f"it is excused because {exception.text.title}", step)


def telling(step: Step) -> tuple[Step, ...]:
    """The steps below that matter for the sign: of a concept, the formula that decided it."""
    if step.kind == "concept" and len(step.steps) == 2:
        holds, fails = step.steps
        return (holds,) if step.sign == TRUE else (fails,) if fails.sign == TRUE else (holds, fails)
    same = tuple(s for s in step.steps if s.sign == step.sign)
    return same if step.kind in ("and", "or", "any", "all") and same else step.steps


def _part(e: Evaluation, asked: str, step: Step) -> Iterator[StepV1]:
    yield StepV1(f"that {asked}: {_HOLDS[step.sign]}", 0, None)
    yield from _cut(_steps(e, step, 1))


def _cut(steps: Iterable[StepV1]) -> Iterator[StepV1]:
    """The steps that are not too deep for a reader, and of the others below each how many there are."""
    for deep, run in groupby(steps, lambda step: step.depth > _DEPTH):
        if deep:
            yield StepV1(f"and so on: {counted(sum(1 for _ in run), 'deeper step')}", _DEPTH + 1, None)
        else:
            yield from run


def _steps(e: Evaluation, step: Step, depth: int) -> Iterator[StepV1]:
    """A derivation in order: what is asked, the facts that answer, what lies below."""
    if step.kind == "concept" and step.concept is not None:
        yield StepV1(f"{step.text} [{step.concept.text.title}] {_HOLDS[step.sign]}", depth, None)
    elif step.kind == "fact":
        yield StepV1(f"{step.text} {_HOLDS[step.sign]}", depth, None)
    yield from (_fact(e, f, depth + 1) for f in step.reads if f.kind != "exists")
    if step.sign == UNKNOWN:
        yield from (StepV1(f"{join(f.path)} is open", depth + 1, location(_span(e, f))) for f in step.missing)
    below = depth if step.kind in ("and", "or", "not", "item") else depth + 1
    for inner in telling(step):
        yield from _steps(e, inner, below)


def _fact(e: Evaluation, fact: Fact, depth: int) -> StepV1:
    text = f"{join(fact.path)} = {shown(e, fact.path)} ({status_of(e.design, fact.path)})"
    return StepV1(text, depth, location(_span(e, fact)))


def _span(e: Evaluation, fact: Fact) -> Span:
    return e.file.span_of(split(join(fact.path)))
