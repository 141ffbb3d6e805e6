"""draft: write a rule. It is tried on examples, some of which are handed out and some are not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from policy_eval import examples, library, source
from policy_eval.errors import InvalidInput, Problem
from policy_eval.examples import Located
from policy_eval.linking import Loaded
from policy_eval.principle import Example, PrincipleSet
from policy_eval.teaching.answer import Answer, Draft
from policy_eval.teaching.desk import Desk, beside
from policy_eval.teaching.key import ALL, NOTHING, Issue
from policy_eval.teaching.marking import AspectMark, Check, Part, TaskGrade, argued, mark_of
from policy_eval.teaching.model import DraftTask
from policy_eval.validation import node_at
from policy_eval.vocabulary.teaching import Aspect

_BY_NAME = re.compile(r"\.id\b")
_NEEDED = "a draft is a rule as in docs/rules.md; examples are not needed"


def grade(desk: Desk, task: DraftTask, answer: Answer) -> TaskGrade:
    """Marks for a rule by the examples it decides as they should be; raises `InvalidInput` where it is none.

    What a rule would earn that comes to the same whatever the facts is not counted: only what goes beyond it.
    """
    part: Draft | None = answer.part(task, Draft)
    rule = drafted(desk, task, answer)
    if part is None or rule is None:
        return TaskGrade(task.id, NOTHING, (), answered=False)
    tried = [*_tried(desk, task, rule, "public"), *_tried(desk, task, rule, "hidden")]
    outcomes = Counter(e.expect.outcome for e in (*task.public, *task.hidden))
    constant = max(outcomes.values())
    right = sum(a.share == ALL for _, _, a in tried)
    share = max(NOTHING, Fraction(right - constant, len(tried) - constant))
    parts = [Part(name, mark_of(a.share), aspects=(a,), issue=issue) for name, issue, a in tried]
    return argued(task.id, share, parts, part)


def drafted(desk: Desk, task: DraftTask, answer: Answer) -> PrincipleSet | None:
    """The set with the rule of an answer as its only one; None where there is none. Raises `InvalidInput`."""
    part: Draft | None = answer.part(task, Draft)
    node = node_at(answer.node(task), "rule")
    if part is None or part.rule is None or node is None:
        return None
    if isinstance(part.rule, str):
        return _linked(desk, task, beside(answer.folder, part.rule, node.span), part.rule)
    return _with_rule(desk, task, node, answer.shown)


def _linked(desk: Desk, task: DraftTask, path: Path, shown: str) -> PrincipleSet:
    return _with_rule(desk, task, source.read(path, name=shown).root, shown)


def _with_rule(desk: Desk, task: DraftTask, node: source.Node, shown: str) -> PrincipleSet:
    if not isinstance(node, source.Mapping):
        raise InvalidInput([Problem("a rule is a group of `name: value` lines", node.span, _NEEDED)])
    _speaks_of_kinds(node)
    owner = desk.set(task.set)
    return library.load_set(str(owner.folder), draft=Loaded(node, shown), shown=owner.shown)


def _speaks_of_kinds(rule: source.Mapping) -> None:
    """Refuse a rule that knows parts by their names: it would decide the examples it has seen, and nothing else."""
    exceptions = rule.get("exceptions")
    items = exceptions.items if isinstance(exceptions, source.Sequence) else ()
    found = [node_at(rule, "applies_when"), node_at(rule, "violated_when"), *(node_at(x, "when") for x in items)]
    problems = [
        Problem("a condition asks for the name of a part", n.span, "ask for what the part is or does")
        for n in found
        if isinstance(n, source.Scalar) and _BY_NAME.search(n.text)
    ]
    if problems:
        raise InvalidInput(problems)


def _tried(desk: Desk, task: DraftTask, owner: PrincipleSet, which: str) -> Iterator[tuple[str, Issue, AspectMark]]:
    """Each example of a list by name, with what the rule comes to for it and whether that is right."""
    rule = owner.rules[0]
    judge = examples.judge_of(owner, desk.profile, rule, desk.engine)
    for located in _examples(desk, task, which):
        evaluation = judge.evaluate(located.file)
        issue, wanted = Issue(evaluation, evaluation.results[0]), str(located.example.expect.outcome)
        right = Fraction(issue.outcome.value == wanted)
        yield located.example.name, issue, AspectMark(Aspect.OUTCOME, right, (issue.outcome.value,), (wanted,))


def _examples(desk: Desk, task: DraftTask, which: str) -> list[Located]:
    number = desk.exercise.text.tasks.index(task)
    found: tuple[Example, ...] = getattr(task, which)
    return examples.designs_of(found, node_at(desk.exercise.root, "tasks", number, which))


def public(desk: Desk, task: DraftTask, answer: Answer) -> Iterator[Check]:
    """Whether a rule decides the examples that are handed out."""
    rule = drafted(desk, task, answer)
    for name, _, found in _tried(desk, task, rule, "public") if rule else ():
        help = f"it should come to {found.expected[0]}, and comes to {found.given[0]}"
        yield Check(f"{task.id}: the example “{name}”", found.share == ALL, help)


def model(desk: Desk, task: DraftTask) -> dict[str, Any]:
    """The author's rule."""
    path = beside(desk.exercise.folder, task.model, desk.exercise.span("tasks"))
    return {"rule": source.plain(source.read(path, name=f"{desk.exercise.shown}/{task.model}").root)}


def everything(desk: Desk, task: DraftTask) -> dict[str, Any]:
    """The answer of who calls everything a conflict: the author's rule, violated whatever the facts."""
    rule = dict(model(desk, task)["rule"])
    rule.pop("applies_when", None)
    rule.pop("exceptions", None)
    return {"rule": {**rule, "violated_when": "true"}}
