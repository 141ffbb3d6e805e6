"""encode: write a fact pattern as a design. It is compared with another by what rules make of it, and by its facts.

Two people cut a story into parts of their own and name them as they like, so parts are paired before facts are
compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from policy_eval import library, source
from policy_eval.cases import agreement
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput, Problem
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS
from policy_eval.teaching.answer import Answer, Encoding
from policy_eval.teaching.desk import Desk, beside
from policy_eval.teaching.key import ALL, HALF, NOTHING, Issue
from policy_eval.teaching.marking import AspectMark, Part, TaskGrade, argued, mark_of
from policy_eval.teaching.model import EncodeTask
from policy_eval.validation import node_at
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark

DECIDED = (*CONFLICTS, Outcome.NO_CONFLICT)


def grade(desk: Desk, task: EncodeTask, answer: Answer) -> TaskGrade:
    """Marks for a design: half for the outcomes that are those of the key, half for the facts.

    A conflict that the key has not counts against the outcomes, a fact that it has not against the facts; outcomes
    count for no more than twice the facts. Raises `InvalidInput` where the design cannot be read.
    """
    part: Encoding | None = answer.part(task, Encoding)
    file = design(task, answer)
    if part is None or file is None:
        return TaskGrade(task.id, NOTHING, (), answered=False)
    rules = _outcomes(desk, task, desk.judge(file))
    facts = _facts(desk.design(task.design), file)
    outcomes = sum((p.share for p in rules), NOTHING)
    # Rules come out alike by chance too; without the facts of the story that shows nothing.
    kept = min(ALL, 2 * facts.share / outcomes) if outcomes else ALL
    parts = [replace(_halved(p), share=p.share * HALF * kept) for p in rules]
    share = HALF * (outcomes * kept + facts.share)
    return argued(task.id, share, [*parts, _halved(facts)], part)


def design(task: EncodeTask, answer: Answer) -> DesignFile | None:
    """The design of an answer, in a file beside it or in its place; raises `InvalidInput`."""
    part: Encoding | None = answer.part(task, Encoding)
    node = node_at(answer.node(task), "design")
    if part is None or part.design is None or node is None:
        return None
    if isinstance(part.design, str):
        path = beside(answer.folder, part.design, node.span)
        return loading.load(path, answer.folder, part.design)
    if not isinstance(node, source.Mapping):
        raise InvalidInput([Problem("a design is a group of `name: value` lines", node.span)])
    return loading.from_tree(node, answer.shown)


def _outcomes(desk: Desk, task: EncodeTask, theirs: Iterable[Evaluation]) -> list[Part]:
    """A part for each rule that the key decides, and for each conflict that only the answer has."""
    found = {r.rule.id: Issue(e, r) for e, r in desk.selected(task, theirs)}
    pairs = [(Issue(e, r), found[r.rule.id]) for e, r in desk.selected(task)]
    wanted = [(ours, other) for ours, other in pairs if ours.outcome in DECIDED]
    extra = [other for ours, other in pairs if ours.outcome not in DECIDED and other.outcome in CONFLICTS]
    whole = len(wanted) + len(extra)
    parts = []
    for ours, other in wanted:
        share = _alike(ours.outcome, other.outcome)
        said = AspectMark(Aspect.OUTCOME, share, (other.outcome.value,), (ours.outcome.value,))
        parts.append(Part(ours.rule.id, mark_of(share), share / whole, Fraction(1, whole), "", (said,), ours))
    note = "the fact pattern does not lead to this conflict"
    return [*parts, *(Part(o.rule.id, Mark.UNFOUNDED, note=note, issue=o) for o in extra)]


def _alike(ours: Outcome, theirs: Outcome) -> Fraction:
    if ours is theirs:
        return ALL
    return HALF if ours in CONFLICTS and theirs in CONFLICTS else NOTHING


def _facts(ours: DesignFile, theirs: DesignFile) -> Part:
    """What both designs say, out of all that either says."""
    total = agreement.compare([(ours.design, theirs.design)]).total
    either = agreement.stated(ours.design) + agreement.stated(theirs.design) - total.both
    share = Fraction(total.same, either) if either else NOTHING
    alone = either - total.both
    note = f"the same: {total.same} of {either}; different: {total.both - total.same}; in one alone: {alone}"
    return Part("facts", mark_of(share), share, ALL, note)


def _halved(part: Part) -> Part:
    return replace(part, share=part.share * HALF, worth=part.worth * HALF)


def model(desk: Desk, task: EncodeTask) -> dict[str, Any]:
    """The design of the exercise."""
    name = task.design or desk.exercise.text.design
    return {"design": source.plain(desk.tree(name))}


def everything(desk: Desk, task: EncodeTask) -> dict[str, Any]:
    """The answer of who hands in a design of something else: the first built-in one that is not the key."""
    own = task.design or desk.exercise.text.design
    other = next(name for name in library.design_names() if name != own)
    return {"design": source.plain(library.design_tree(other))}
