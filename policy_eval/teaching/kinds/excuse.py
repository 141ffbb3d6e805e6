"""except: say what would excuse a conflict, who has to show it, and by which facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from policy_eval import source
from policy_eval.errors import InvalidInput, Problem
from policy_eval.principle import PrincipleSet, RuleException
from policy_eval.teaching.answer import Answer, Excuse, Excuses
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import Issue, cites
from policy_eval.teaching.kinds.discovery import Fit, discovered
from policy_eval.teaching.marking import AspectMark, Part, TaskGrade, reasoned
from policy_eval.teaching.model import Edits, ExceptTask
from policy_eval.validation import node_at, span_of
from policy_eval.vocabulary.law import Burden, Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark

Given = tuple[Excuse, source.Node | None]  # an exception of an answer, and the place of its edits


def issue(desk: Desk, task: ExceptTask) -> Issue:
    """The conflict that is to be excused."""
    found = {r.rule.id: (e, r) for e in desk.evaluations(task.design) for r in e.results}
    return Issue(*found[task.rule], task.at)


def grade(desk: Desk, task: ExceptTask, answer: Answer) -> TaskGrade:
    """Marks for the exceptions of an answer; raises `InvalidInput` where it names what is not there."""
    given = list(_read(desk, task, answer))
    key = issue(desk, task)
    owner = key.evaluation.principles

    def fit(exception: RuleException, one: Given) -> Fit | None:
        named = _names(one[0], exception, owner)
        return (named, tuple(_marks(desk, task, exception, *one))) if named else None

    return discovered(
        task.id,
        exceptions_of(key, task),
        given,
        fit=fit,
        join=_joined,
        found=lambda exception, one: Part(
            exception.text.id, Mark.RIGHT, issue=key, reasoning=one[0].reasoning or "", pending=reasoned(one[0])
        ),
        missed=lambda exception: Part(exception.text.id, Mark.MISSED, issue=key),
        elsewhere=lambda one: _elsewhere(key, one[0]),
    )


def _joined(one: Given, other: Given) -> Given:
    """Two answers to one exception: where they contradict each other on the burden, nothing is said of it."""
    (a, node), (b, _) = one, other
    burden = a.burden if b.burden in (None, a.burden) else None if a.burden else b.burden
    return a.model_copy(update={"burden": burden, "reasoning": a.reasoning or b.reasoning}), node


def _elsewhere(key: Issue, excuse: Excuse) -> Part:
    """An exception that is none of the rule, or was not asked for."""
    owner = key.evaluation.principles
    if any(_names(excuse, e, owner) for e in key.rule.exceptions):
        return Part(
            excuse.id or excuse.provision or "", Mark.NOT_ASKED, note="it is credited already, or not asked for"
        )
    name, note = excuse.id or excuse.provision or "", "the rule knows no such exception"
    if reasoned(excuse):
        return Part(name, Mark.FOR_A_PERSON, note=note, reasoning=excuse.reasoning or "", pending=True)
    return Part(name, Mark.UNFOUNDED, note=note)


def _read(desk: Desk, task: ExceptTask, answer: Answer) -> Iterator[Given]:
    """What is answered, each exception once, with the place of its edits."""
    part: Excuses | None = answer.part(task, Excuses)
    node, problems, seen = answer.node(task), list[Problem](), set[str]()
    known = [e.text.id for e in issue(desk, task).rule.exceptions]
    for number, excuse in enumerate(part.exceptions if part and node else ()):
        assert node is not None
        where = ("exceptions", number)
        if excuse.id is None and excuse.provision is None:
            help = "add `id: ...` or `provision: ...`"
            problems.append(Problem("the exception is not named", span_of(node, *where), help))
        elif excuse.id is not None and excuse.id not in known:
            # Of another rule it is a wrong answer, and no slip of the pen.
            others = {e.text.id for r in desk.rules.values() for e in r.exceptions}
            if excuse.id not in others:
                near = source.nearest(excuse.id, known)  # all of them would be the answer
                help = f"did you mean `{near}`?" if near else "write it as the rule does, or name its provision"
                problems.append(Problem(f"no exception is called `{excuse.id}`", span_of(node, *where, "id"), help))
        if excuse.id in seen:
            problems.append(Problem(f"`{excuse.id}` is there twice", span_of(node, *where, "id"), "keep one"))
        seen |= {excuse.id} if excuse.id else set()
        if not problems:
            yield excuse, node_at(node, *where, "edits")
    if problems:
        raise InvalidInput(problems)


def exceptions_of(key: Issue, task: ExceptTask) -> list[RuleException]:
    """The exceptions asked for: those the task names, by default all that the rule knows."""
    return [e for e in key.rule.exceptions if not task.exceptions or e.text.id in task.exceptions]


def _names(excuse: Excuse, exception: RuleException, owner: PrincipleSet) -> Fraction:
    if excuse.id is not None:
        return Fraction(excuse.id == exception.text.id)
    return cites(excuse.provision or "", exception.text.grounds, owner)


def _marks(
    desk: Desk, task: ExceptTask, exception: RuleException, excuse: Excuse, node: source.Node | None
) -> list[AspectMark]:
    found = []
    if Aspect.BURDEN in task.ask:
        right = Fraction(excuse.burden is exception.burden)
        said = (excuse.burden.value,) if excuse.burden else ()
        found.append(AspectMark(Aspect.BURDEN, right, said, (exception.burden.value,)))
    if Aspect.FACTS in task.ask and exception.text.id in task.model:
        edits = excuse.edits
        right = Fraction(edits is not None and edits.number > 0 and excused(desk, task, exception, edits, node))
        model = task.model[exception.text.id]
        found.append(AspectMark(Aspect.FACTS, right, _told(edits), _told(model)))
    return found


def _told(edits: Edits | None) -> tuple[str, ...]:
    return tuple(f"{path}: {value}" for path, value in (edits.set if edits else {}).items())


def excused(desk: Desk, task: ExceptTask, exception: RuleException, edits: Edits, node: source.Node | None) -> bool:
    """Whether, by these facts, the rule would be in conflict but for this exception, wherever it is in conflict now."""
    key = issue(desk, task)
    number = key.rule.exceptions.index(exception)
    file = desk.changed(task.design, edits, node)
    after = next(e for e in desk.judge(file) if e.principles.id == key.evaluation.principles.id)
    there = replace(key, evaluation=after, result=after.result(task.rule))
    now = {p.binding: p for p in there.places}
    places = [now.get(p.binding) for p in key.telling]
    return all(p is not None and p.outcome is Outcome.NO_CONFLICT and number in p.excused_by for p in places)


def model(desk: Desk, task: ExceptTask) -> dict[str, Any]:
    """Every exception the rule knows, with who has to show it and the author's facts."""
    found = []
    for exception in exceptions_of(issue(desk, task), task):
        claim: dict[str, Any] = {"id": exception.text.id}
        if Aspect.BURDEN in task.ask:
            claim["burden"] = exception.burden.value
        if Aspect.FACTS in task.ask and exception.text.id in task.model:
            claim["edits"] = {k: v for k, v in task.model[exception.text.id].model_dump(mode="json").items() if v}
        found.append(claim)
    return {"exceptions": found}


def everything(desk: Desk, task: ExceptTask) -> dict[str, Any]:
    """The answer of who names every exception of every rule."""
    names = dict.fromkeys(e.text.id for r in desk.rules.values() for e in r.exceptions)
    return {"exceptions": [{"id": name, "burden": Burden.OPERATOR.value} for name in names]}
