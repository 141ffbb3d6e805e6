"""Derivations as arguments: what was asked, what the facts answer, which exceptions were tried."""

from __future__ import annotations

from collections.abc import Iterator

from policy_eval.comparison import shown
from policy_eval.design.evidence import status_of
from policy_eval.design.paths import join, key_of
from policy_eval.engine.derivation import Step
from policy_eval.engine.evidence import Fact
from policy_eval.engine.signs import UNKNOWN
from policy_eval.evaluation import Evaluation
from policy_eval.findings import PlaceResult, RuleResult
from policy_eval.language.show import show
from policy_eval.principle import Concept, Ground, PrincipleSet, Rule
from policy_eval.report.assemble import evaluation
from policy_eval.report.derivation import telling
from policy_eval.report.pieces import as_if
from policy_eval.report.wire import DISCLAIMER
from policy_eval.report.words import ROLES, counted, taken
from policy_eval.vocabulary.law import FactsLevel, Outcome, RuleStatus

_MARKS = {1: "+", 0: "?", -1: "-"}
_ANSWERS = {1: "it holds", 0: "it is open", -1: "it fails"}
_PLACES = 6


def explain_rule(rule: Rule, principles: PrincipleSet) -> Iterator[str]:
    """A rule for people: what it says, on what authority, when it is excused, what examples show."""
    text = rule.text
    yield f"{text.id}: {text.title}"
    yield f"{principles.text.title}; principle {text.principle}, severity {text.severity}"
    yield f"  {text.severity_because}"
    yield from _time(rule, principles)
    yield ""
    yield text.rationale
    yield ""
    if text.for_each:
        yield f"judged for each: {', '.join(text.for_each)}"
    if text.applies_when:
        yield f"applies when:    {show(rule.own)}"
    yield f"violated when:   {show(rule.violated)}"
    for exception in rule.exceptions:
        yield f"unless:          {exception.text.title} ({exception.text.id}; {exception.burden} must show it)"
        yield f"                 {show(exception.when)}"
        yield from (f"                 {_ground(g, principles)}" for g in exception.text.grounds)
    yield ""
    yield "grounds:"
    yield from (f"  {_ground(g, principles)}" for g in text.grounds)
    yield from _concepts(rule, principles)
    yield ""
    yield f"remedy: {text.remedy}"
    if text.examples:
        yield "examples:"
        yield from (f"  {x.expect.outcome!s:<24} {x.name}" for x in text.examples)


def _time(rule: Rule, principles: PrincipleSet) -> Iterator[str]:
    """When the rule is in force, where that is not simply today."""
    first, last = rule.text.effective.from_, rule.text.effective.until
    if first and first > principles.text.text_as_of:
        yield f"in force from {first}"
    if last:
        yield f"in force until {last}"
    if rule.text.status in (RuleStatus.PROPOSED, RuleStatus.WITHDRAWN):
        yield f"{rule.text.status}: {rule.text.status.definition}"


def _concepts(rule: Rule, principles: PrincipleSet) -> Iterator[str]:
    from policy_eval.language.formula import calls

    formulas = (rule.own, rule.violated, *(e.when for e in rule.exceptions))
    names = dict.fromkeys(c.concept for f in formulas for c in calls(f))
    for name in names:
        concept = principles.concepts[name]
        yield ""
        yield f"{name}: {concept.text.title}"
        yield f"  holds when: {show(concept.holds)}"
        if concept.fails is not None:
            yield f"  fails when: {show(concept.fails)}"
        yield from (f"  {line}" for line in _unsettled(concept, principles))
        yield from (f"  {_ground(g, principles)}" for g in concept.whole.grounds)


def _unsettled(concept: Concept, principles: PrincipleSet) -> Iterator[str]:
    if concept.whole.unsettled is not None:
        yield f"open law: {concept.whole.unsettled.question}"
        for position in concept.whole.unsettled.positions:
            yield f"  {position.says} ({'; '.join(_ground(g, principles) for g in position.grounds)})"


def _ground(ground: Ground, principles: PrincipleSet) -> str:
    cited = principles.instrument(ground)
    tail = " ".join(x for x in (cited.id, cited.url) if x)
    return f"{ground}{' <' + tail + '>' if tail else ''}"


def explain_design(e: Evaluation, result: RuleResult) -> Iterator[str]:
    """The derivation of a rule for a design, place by place."""
    rule = result.rule
    wire = next(f for f in evaluation(e).findings if f.rule == rule.id)
    yield f"{rule.id}: {rule.text.title}"
    text = e.principles.text
    yield f"for {e.design.title} ({e.design.id})"
    yield f"under the {text.title} ({text.id} {text.version}), as of {e.as_of}"
    label = as_if(e)
    if label:
        yield label
    if e.facts is not FactsLevel.ALL:
        yield taken(e.facts.value)
    yield f"outcome: {result.outcome.definition} [{result.outcome}]"
    scope = {1: "covers", 0: "may cover", -1: "does not cover"}[e.scope]
    yield f"{e.principles.text.short} {scope} the system"
    yield from _tree(e, e.scope_step, 1)
    places = [p for p in result.places if p in result.telling] or list(result.places)
    for place in places[:_PLACES]:
        yield ""
        yield from _place(e, result, place)
    if len(places) > _PLACES:
        yield f"... and at {counted(len(places) - _PLACES, 'more place')}; `-f json` shows all"
    yield ""
    yield f"law: {'; '.join(str(g) for g in rule.text.grounds)}"
    if rule.text.duty_of:
        holders = f": {', '.join(wire.duty_holders)}" if wire.duty_holders else ""
        yield f"duty of {ROLES[rule.text.duty_of]}{holders}"
    yield f"remedy: {rule.text.remedy}"
    yield DISCLAIMER


def _place(e: Evaluation, result: RuleResult, place: PlaceResult) -> Iterator[str]:
    where = ", ".join(join(p) for _, p in place.binding) or "the design"
    unseen = "" if place.seen else " (not stated; it may not exist)"
    yield f"at {where}{unseen}: {place.outcome.definition}"
    applies, violated, exceptions = e.steps(result.rule, place)
    yield f"  does the duty apply? {_ANSWERS[applies.sign]}"
    yield from _tree(e, applies, 2)
    yield f"  is it in conflict, exceptions aside? {_ANSWERS[violated.sign]}"
    yield from _tree(e, violated, 2)
    for exception, step in zip(result.rule.exceptions, exceptions, strict=True):
        yield f"  excused because {exception.text.title}? {_ANSWERS[step.sign]} ({exception.burden} must show it)"
        yield from _tree(e, step, 2)
    grounds = e.grounds(result.rule, place)
    if grounds.evidence:
        yield "  decided by:"
        yield from (f"    {_fact(e, f)}" for f in sorted(grounds.evidence))
    if grounds.open:
        yield f"  would decide it: {', '.join(sorted({join(f.path) for f in grounds.open}))}"
    for name in sorted(grounds.unsettled):
        yield from (f"  {line}" for line in _unsettled(e.principles.concepts[name], e.principles))
    if place.outcome is Outcome.UNLESS_EXCUSED:
        titles = [result.rule.exceptions[n].text.title for n in place.excuses]
        titles += [f"{e.principles.text.short} turning out not to cover the system"] * place.scope_would_excuse
        yield f"  would excuse it: {'; '.join(titles)}"


def _tree(e: Evaluation, step: Step, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if step.kind == "item":
        yield from _tree_under(e, step, f"{pad}{_MARKS[step.sign]} for {step.label}:", depth)
        return
    label = f"{pad}{_MARKS[step.sign]} {step.text}"
    if step.kind == "concept" and step.concept is not None:
        label += f"  [{step.concept.text.title}]"
    yield label
    if step.unsettled:
        yield f"{pad}  the law leaves this open"
    yield from (f"{pad}    {_fact(e, f)}" for f in step.reads if f.kind != "exists")
    if step.sign == UNKNOWN:
        yield from (f"{pad}    {_missing(e, f)}" for f in step.missing)
    for inner in telling(step):
        yield from _tree(e, inner, depth + 1)


def _tree_under(e: Evaluation, step: Step, head: str, depth: int) -> Iterator[str]:
    yield head
    for inner in step.steps:
        yield from _tree(e, inner, depth + 1)


def _missing(e: Evaluation, fact: Fact) -> str:
    """What is not known: a fact, or whether a list that is stated holds more."""
    value = shown(e, fact.path)
    loose = f"is stated as {value}, which leaves it open"
    part = key_of(fact.path[-1]) is not None
    what = "is not known" if value == "unknown" else "may hold more than is stated" if part else loose
    return f"{join(fact.path)} {what}"


def _fact(e: Evaluation, fact: Fact) -> str:
    span = e.file.span_of(fact.path)
    if fact.kind == "exists":
        return f"{join(fact.path)} is stated  ({span})"
    whole = " and no more" if fact.kind == "whole" else ""
    return f"{join(fact.path)} = {shown(e, fact.path)}{whole}  ({span}, {status_of(e.design, fact.path)})"
