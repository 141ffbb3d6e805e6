"""From exercises and grades to the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy_eval.design.paths import join
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN
from policy_eval.errors import InvalidInput
from policy_eval.findings import PlaceResult
from policy_eval.report.derivation import derivation
from policy_eval.report.exercise import disclosure, phrases
from policy_eval.report.exercise.wire import (
    TOOL,
    AspectV1,
    CheckedV1,
    ChecksV1,
    CheckV1,
    ExercisesV1,
    ExerciseV1,
    FeedbackV1,
    GradesV1,
    GradeV1,
    KeyV1,
    PositionV1,
    TaskGradeV1,
    TaskV1,
    UngradedV1,
)  # fmt: skip
from policy_eval.report.wire import DISCLAIMER, StepV1
from policy_eval.teaching import kinds, trial
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.attempts import Attempt
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.exercise import Exercise
from policy_eval.teaching.grading import Grade, grade, rounded
from policy_eval.teaching.key import Issue
from policy_eval.teaching.kinds import argue
from policy_eval.teaching.marking import AspectMark, Check, Part, TaskGrade
from policy_eval.teaching.model import ArgueTask, ExceptTask, Task
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import TaskKind


def exercises(found: Iterable[Exercise]) -> ExercisesV1:
    """Exercises with their tasks, without hints."""
    return ExercisesV1(1, TOOL, [exercise(e) for e in found])


def exercise(found: Exercise, hints: int = 0) -> ExerciseV1:
    """An exercise as it is handed out, with so many hints for each task."""
    text = found.text
    return ExerciseV1(
        id=text.id,
        title=text.title,
        level=text.level,
        minutes=text.minutes,
        goals=list(text.goals),
        story=[p.strip() for p in text.story.split("\n\n")],
        design=text.design if text.hand_out else None,
        instruments=list(text.instruments),
        as_of=str(text.as_of) if text.as_of else None,
        disclosure=text.disclosure.value,
        deadline=str(text.deadline) if text.deadline else None,
        sources=list(text.sources),
        points=sum(t.points for t in text.tasks),
        tasks=[_task(t, practice=kinds.practice(found, t), hints=hints) for t in text.tasks],
    )


def _task(task: Task, *, practice: bool, hints: int) -> TaskV1:
    return TaskV1(
        id=task.id,
        kind=task.kind.value,
        kind_means=task.kind.definition,
        practice=practice,
        points=task.points,
        prompt=task.prompt.strip(),
        given=phrases.given(task),
        asked=[a.value for a in getattr(task, "ask", ())],
        hints=list(task.hints[:hints]),
    )


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked answer, whether its key may be shown, and the attempts before it; None where none are remembered."""

    desk: Desk
    grade: Grade
    disclosed: bool
    earlier: Sequence[Attempt] | None = None


def grades(found: Sequence[Marked], failed: Mapping[str, InvalidInput], engine: str) -> GradesV1:
    """Marks of some answers, in order, and what kept others from being read."""
    return GradesV1(
        schema_version=1,
        tool=TOOL,
        engine=engine,
        exercises={m.desk.exercise.id: m.desk.exercise.text.title for m in found},
        grades=[_grade(m) for m in found],
        not_graded=[UngradedV1(name, [str(p) for p in e.problems]) for name, e in failed.items()],
        disclaimer=DISCLAIMER,
    )


def checks(found: Sequence[tuple[Exercise, str, Sequence[Check]]], note: str, hints: int = 0) -> ChecksV1:
    """Checks of answers, each with its exercise and name."""
    return ChecksV1(
        1,
        TOOL,
        [
            CheckedV1(
                name,
                e.id,
                [CheckV1(c.what, c.passed, "" if c.passed else c.help) for c in of_answer],
                {t.id: list(t.hints[:hints]) for t in e.text.tasks if t.hints[:hints]},
            )
            for e, name, of_answer in found
        ],
        note,
    )


def key(desk: Desk, engine: str) -> KeyV1:
    """The model answer of an exercise with its reasons."""
    parts = trial.model_answer(desk)
    found = grade(desk, trial.made(desk, parts, "model answer"))
    argued = [t for t in desk.exercise.text.tasks if isinstance(t, ArgueTask)]
    return KeyV1(
        schema_version=1,
        tool=TOOL,
        engine=engine,
        exercise=exercise(desk.exercise),
        answer=trial.dump({"schema": 1, "exercise": desk.exercise.id, "answers": parts}),
        tasks=[_task_grade(found.answer, desk, t, g, True) for t, g in found.tasks],
        questions={t.id: argue.question(desk, t).question for t in argued},
        positions={
            t.id: [PositionV1(says, [str(g) for g in grounds]) for says, grounds in argue.positions(desk, t)]
            for t in argued
        },
        disclaimer=DISCLAIMER,
    )


def _grade(marked: Marked) -> GradeV1:
    desk, found = marked.desk, marked.grade
    prose = "\n\n".join(t for t in (found.answer.text.reasoning, found.answer.prose) if t)
    tasks = [_task_grade(found.answer, desk, t, g, marked.disclosed) for t, g in found.tasks]
    return GradeV1(
        answer=found.answer.shown,
        exercise=desk.exercise.id,
        student=found.answer.text.student,
        points=rounded(found.points),
        of=found.of,
        share=round(float(found.share), 4),
        pending=rounded(found.pending),
        to_read=sum(t.to_read for t in tasks) + bool(prose),
        disclosed=marked.disclosed,
        prose=prose or None,
        tasks=tasks,
        attempt=None if marked.earlier is None else len(marked.earlier) + 1,
        before=marked.earlier[-1].points if marked.earlier else None,
    )


def _task_grade(answer: Answer, desk: Desk, task: Task, found: TaskGrade, disclosed: bool) -> TaskGradeV1:
    return TaskGradeV1(
        id=task.id,
        kind=task.kind.value,
        practice=kinds.practice(desk.exercise, task),
        answered=found.answered,
        by_tool=not found.ungraded,
        points=rounded(found.share * task.points),
        of=task.points,
        pending=rounded(found.pending * task.points),
        to_read=sum(p.pending or bool(p.reasoning) for p in found.parts),
        # Of what was not tried the key would say nothing but the answer.
        feedback=[_feedback(answer, task, p, disclosed) for p in found.parts] if found.answered else [],
    )


def _feedback(answer: Answer, task: Task, part: Part, disclosed: bool) -> FeedbackV1:
    issue = part.issue
    told = issue if disclosed else None
    about = part.about if disclosed else disclosure.about(answer, task, part)
    return FeedbackV1(
        about=about,
        mark=part.mark.value,
        points=rounded(part.share * task.points),
        of=rounded(part.worth * task.points),
        title=_title(task, part, issue, about, disclosed) if issue else None,
        principle=issue.rule.text.principle.value if issue else None,
        outcome=told.outcome.value if told else None,
        place=_place(told) if told else None,
        says=phrases.says(task, part, disclosed=disclosed),
        aspects=[_aspect(a, disclosed) for a in part.aspects],
        derivation=_derivation(task, part, told) if told else [],
        law=[str(g) for g in told.rule.text.grounds] if told else [],
        question=phrases.question(task, part, disclosed=disclosed),
        reasoning=part.reasoning or None,
        for_a_person=part.pending or bool(part.reasoning),
    )


def _aspect(found: AspectMark, disclosed: bool) -> AspectV1:
    expected = list(found.expected) if disclosed else []
    return AspectV1(found.aspect.value, round(float(found.share), 4), list(found.given), expected)


def _place(issue: Issue) -> str | None:
    place = issue.telling[0] if issue.telling else None
    return join(place.binding[-1][1]) if place and place.binding else None


def _title(task: Task, part: Part, issue: Issue, about: str | None, disclosed: bool) -> str | None:
    """What a part is about in a few words: an exception, or a rule; None where that would tell of the key."""
    if not disclosed:
        return issue.rule.text.title if disclosure.by_name(task, about, issue) else None
    number = _exception(task, part, issue)
    return issue.rule.text.title if number is None else issue.rule.exceptions[number].text.title


def _exception(task: Task, part: Part, issue: Issue) -> int | None:
    """The position of the exception a part is about; None where it is about the rule."""
    names = [e.text.id for e in issue.rule.exceptions] if isinstance(task, ExceptTask) else []
    return names.index(part.about) if part.about in names else None


def _derivation(task: Task, part: Part, issue: Issue) -> list[StepV1]:
    """What was asked at the first telling place, with the steps the outcome turns on; of an exception only its own."""
    if task.kind is TaskKind.DRAFT:  # a hidden example is not told by way of its reasons
        return []
    place = issue.telling[0] if issue.telling else issue.places[0] if issue.places else None
    if place is None:
        return []
    found: list[StepV1] = []
    number, of_exception = -1, _exception(task, part, issue)
    for step in derivation(issue.evaluation, issue.result, place):
        number += step.depth == 0
        if of_exception is not None:
            kept = number == of_exception + 2
        else:
            kept = step.depth == 0 or _turns_on(issue.outcome, place, number)
            if issue.outcome is Outcome.UNDECIDED and step.depth:  # what is decided would only hide what is not
                kept = kept and step.text.endswith("is open")
        if kept:
            found.append(step)
    return found


def _turns_on(outcome: Outcome, place: PlaceResult, number: int) -> bool:
    """Whether an outcome turns on a condition: 0 is that the duty applies, 1 the conflict, the others exceptions."""
    sign = (place.signs.applies, place.signs.violated, *place.signs.exceptions)[number]
    match outcome:
        case Outcome.CONFLICT | Outcome.UNLESS_EXCUSED:
            return number == 1 or (number > 1 and sign == UNKNOWN)
        case Outcome.NOT_APPLICABLE:
            return number == 0
        case Outcome.NO_CONFLICT:
            return (number == 1 and sign == FALSE) or (number > 1 and sign == TRUE)
        case _:
            return sign == UNKNOWN
