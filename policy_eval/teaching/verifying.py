"""Whether the tasks of an exercise speak of what there is: rules, parts, exceptions, concepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from policy_eval import examples
from policy_eval.design.paths import join, parts_of
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.findings import CONFLICTS
from policy_eval.source import suggest
from policy_eval.teaching.claims import known_paths
from policy_eval.teaching.desk import Desk, beside
from policy_eval.teaching.kinds import decide, distinguish, encode, excuse, spot
from policy_eval.teaching.model import (
    ArgueTask,
    DecideTask,
    DistinguishTask,
    DraftTask,
    Edits,
    EncodeTask,
    ExceptTask,
    Question,
    RepairTask,
    SpotTask,
    Task,
)  # fmt: skip
from policy_eval.validation import node_at
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect

Where = tuple[str | int, ...]  # keys and positions that lead to a value of the exercise


def verify(desk: Desk) -> None:
    """Raise `InvalidInput` with everything that tasks name and that is not there, or that makes a task pointless."""
    problems = [*_designs(desk), *_typical(desk)]
    for number, task in enumerate(desk.exercise.text.tasks if not problems else ()):
        where = ("tasks", number)
        # What hangs on a rule is looked at once the rule is known to be there.
        found = [*_rules(desk, task, where)] or [*_of_kind(desk, task, where)]
        problems += found
    if problems:
        raise InvalidInput(problems)


def _designs(desk: Desk) -> Iterator[Problem]:
    """Designs that are not there, at the line that names them; what is wrong within one is said where it stands."""
    text = desk.exercise.text
    named: list[tuple[str | None, Where]] = [(text.design, ("design",))] if desk.exercise.design is None else []
    for number, task in enumerate(text.tasks):
        keys = ("design", "variant")
        named += [(getattr(task, key, None), ("tasks", number, key)) for key in keys]
    for name, where in named:
        yield from _design(desk, name, desk.exercise.span(*where)) if name else ()


def _design(desk: Desk, name: str, span: Span) -> Iterator[Problem]:
    if name.endswith((".yaml", ".yml")):
        try:
            beside(desk.exercise.folder, name, span)
        except InvalidInput as error:
            yield from error.problems
            return
    try:
        desk.design(name)
    except InvalidInput as error:
        yield from (p if p.span.line else replace(p, span=span) for p in error.problems)


def _typical(desk: Desk) -> Iterator[Problem]:
    for number, typical in enumerate(desk.exercise.text.typical):
        try:
            beside(desk.exercise.folder, typical.answer, desk.exercise.span("typical", number, "answer"))
        except InvalidInput as error:
            yield from error.problems


def _rules(desk: Desk, task: Task, where: Where) -> Iterator[Problem]:
    named = [(name, (*where, "rules", n)) for n, name in enumerate(getattr(task, "rules", ()))]
    if isinstance(task, ExceptTask):
        named.append((task.rule, (*where, "rule")))
    if isinstance(task, DecideTask):
        named += [(q.rule, (*where, "questions", n, "rule")) for n, q in enumerate(task.questions)]
    for name, at in named:
        yield from _unknown("rule in force", [name], desk.rules, desk, at)
    if isinstance(task, DraftTask | ArgueTask):
        known = [s.id for s in desk.sets]
        yield from _unknown("instrument of this exercise", [task.set], known, desk, (*where, "set"))


def _of_kind(desk: Desk, task: Task, where: Where) -> Iterator[Problem]:
    span = desk.exercise.span
    match task:
        case SpotTask() if not spot.issues(desk, task):
            yield Problem("nothing is in conflict here", span(*where), "name other rules, or another design")
        case DistinguishTask():
            yield from _distinguish(desk, task, where)
        case DecideTask():
            yield from _decide(desk, task, where)
        case RepairTask():
            yield from _repair(desk, task, where)
        case ExceptTask():
            yield from _except(desk, task, where)
        case EncodeTask():
            desk.evaluations(task.design)
            if (task.design or desk.exercise.text.design) in desk.exercise.handed_out:
                help = "give the task a `design` of its own, or write `hand_out: false`"
                yield Problem("the design to be written is handed out", span(*where, "design"), help)
            if all(r.outcome not in encode.DECIDED for _, r in desk.selected(task)):
                yield Problem("no rule is decided by the design", span(*where), "name rules that are")
        case ArgueTask():
            yield from _argue(desk, task, (*where, "concept"))
        case DraftTask():
            yield from _draft(desk, task, where)
        case _:
            pass


def _distinguish(desk: Desk, task: DistinguishTask, where: Where) -> Iterator[Problem]:
    parts = {join(path) for name in (task.design, task.variant) for path, _ in parts_of(desk.design(name).design)}
    wrong = [*_unknown("part of either design", task.at, parts, desk, (*where, "at"))]
    yield from wrong
    if not wrong and not distinguish.turns(desk, task):
        at = desk.exercise.span(*where, "variant")
        yield Problem("nothing comes out otherwise", at, "name other rules or designs")


def _decide(desk: Desk, task: DecideTask, where: Where) -> Iterator[Problem]:
    seen = set[Question]()
    for number, question in enumerate(task.questions):
        at = (*where, "questions", number)
        if question in seen:
            yield Problem("this was asked already", desk.exercise.span(*at), "ask of another rule or part")
        seen.add(question)
        yield from _parts(desk, task, question.at, (*at, "at"))
    for number, issue in enumerate(decide.issues(desk, task)):
        if issue.at and issue.rule.binders and not issue.places and issue.result.places:
            at = (*where, "questions", number, "at")
            message = f"`{issue.rule.id}` is never asked of such a part"
            yield Problem(
                message, desk.exercise.span(*at), f"it is judged for each: {', '.join(issue.rule.text.for_each)}"
            )


def _repair(desk: Desk, task: RepairTask, where: Where) -> Iterator[Problem]:
    outcomes = {r.rule.id: r.outcome for e in desk.evaluations(task.design) for r in e.results}
    for number, name in enumerate(task.rules):
        if outcomes[name] not in CONFLICTS:
            at = desk.exercise.span(*where, "rules", number)
            yield Problem(f"`{name}` is not in conflict", at, "name rules that are")
    known = {*known_paths(desk.design(task.design).design)}
    yield from _unknown("part or fact of the design", task.keep, known, desk, (*where, "keep"))
    yield from _edits(desk, task, task.model, (*where, "model"))


def _except(desk: Desk, task: ExceptTask, where: Where) -> Iterator[Problem]:
    span = desk.exercise.span
    if parts := [*_parts(desk, task, task.at, (*where, "at"))]:
        yield from parts
        return
    found = excuse.issue(desk, task)
    names = [e.text.id for e in found.rule.exceptions]
    if found.outcome not in CONFLICTS:
        yield Problem(f"`{task.rule}` is not in conflict there", span(*where, "rule"), "name a rule that is")
    elif not names:
        yield Problem(f"`{task.rule}` knows no exception", span(*where, "rule"), "name a rule that does")
    else:
        yield from _unknown("exception of the rule", task.model, names, desk, (*where, "model"))
        for name, edits in task.model.items():
            yield from _edits(desk, task, edits, (*where, "model", name))
        yield from _unknown("exception of the rule", task.exceptions, names, desk, (*where, "exceptions"))
    if Aspect.FACTS in task.ask and not task.model:
        yield Problem("no facts are given that would show an exception", span(*where, "ask"), "add `model:`")


def _edits(desk: Desk, task: Task, edits: Edits, where: Where) -> Iterator[Problem]:
    """What keeps edits from making a design."""
    if not edits.number:
        yield Problem("nothing is changed", desk.exercise.span(*where), "add `set`, `forget` or `remove`")
    try:
        desk.changed(task.design, edits, node_at(desk.exercise.root, *where))
    except InvalidInput as error:
        yield from error.problems


def _draft(desk: Desk, task: DraftTask, where: Where) -> Iterator[Problem]:
    """A model that is not there, and examples that make no design or come to nothing a rule can come to."""
    exercise = desk.exercise
    try:
        beside(exercise.folder, task.model, exercise.span(*where, "model"))
        for which in ("public", "hidden"):
            examples.designs_of(getattr(task, which), node_at(exercise.root, *where, which))
    except InvalidInput as error:
        yield from error.problems
    if len({str(e.expect.outcome) for e in (*task.public, *task.hidden)}) < 2:
        at = exercise.span(*where, "hidden")
        yield Problem("every example comes to the same", at, "add some that come to something else")
    seen: set[str] = set()
    for which, number, example in ((w, n, e) for w in ("public", "hidden") for n, e in enumerate(getattr(task, w))):
        within = (*where, which, number)
        yield from _unknown(
            "outcome", [str(example.expect.outcome)], list(Outcome), desk, (*within, "expect", "outcome")
        )
        if example.name in seen:
            message = f"there are two examples `{example.name}`"
            yield Problem(message, exercise.span(*within, "name"), "rename one")
        seen.add(example.name)


def _argue(desk: Desk, task: ArgueTask, where: Where) -> Iterator[Problem]:
    concepts = desk.set(task.set).concepts
    open_ = [name for name, c in concepts.items() if c.whole.unsettled is not None]
    yield from _unknown("concept that the law leaves open", [task.concept], open_, desk, where)


def _parts(desk: Desk, task: Task, named: Iterable[str], where: Where) -> Iterator[Problem]:
    parts = [join(path) for path, _ in parts_of(desk.design(task.design).design)]
    yield from _unknown("part of the design", named, parts, desk, where)


def _unknown(what: str, named: Iterable[str], known: Iterable[str], desk: Desk, where: Where) -> Iterator[Problem]:
    known = [str(name) for name in known]
    for number, name in enumerate(named):
        if name not in known:
            yield Problem(f"`{name}` is no {what}", desk.exercise.span(*where, number), suggest(name, sorted(known)))
