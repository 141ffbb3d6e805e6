"""What people read of exercises and marks, as blocks that a format shows in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report.exercise.phrases import ASPECTS, MARKS, points
from policy_eval.report.exercise.wire import (
    CheckedV1,
    ChecksV1,
    ExercisesV1,
    ExerciseV1,
    FeedbackV1,
    GradesV1,
    GradeV1,
    KeyV1,
    TaskGradeV1,
    TaskV1,
)  # fmt: skip
from policy_eval.report.words import words

Report = ExercisesV1 | ExerciseV1 | ChecksV1 | GradesV1 | KeyV1
_SHOWN, _DEPTH = 16, 5  # steps of a derivation, and how far they are set in


class Is(Enum):
    """What a block is."""

    TITLE = 1
    HEADING = 2
    SUBHEADING = 3
    PARAGRAPH = 4
    ITEM = 5
    CODE = 6
    ROW = 7


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text; `depth` sets an item in; `mark` is that of an answer's part; a row has `cells`."""

    kind: Is
    text: str = ""
    depth: int = 0
    mark: str = ""
    cells: tuple[str, ...] = ()


def told(report: Report, *, brief: bool = False) -> Iterator[Block]:
    """A report as blocks; `brief`: of many answers only the gradebook."""
    match report:
        case ExercisesV1():
            yield from _list(report)
        case ExerciseV1():
            yield from handout(report)
        case ChecksV1():
            yield from _checks(report)
        case GradesV1():
            yield from _grades(report, brief)
        case KeyV1():
            yield from _key(report)


def _list(report: ExercisesV1) -> Iterator[Block]:
    head = (_("exercise"), _("level"), _("minutes"), _("instruments"), _("title"))
    yield Block(Is.ROW, cells=head)
    for e in report.exercises:
        cells = (e.id, str(e.level), str(e.minutes), ", ".join(e.instruments), e.title)
        yield Block(Is.ROW, cells=cells)


def handout(e: ExerciseV1) -> Iterator[Block]:
    """An exercise as it is set."""
    yield Block(Is.TITLE, e.title)
    level = _("Level %(level)s of 5; about %(minutes)s minutes; %(points)s points.")
    yield Block(Is.PARAGRAPH, level % {"level": e.level, "minutes": e.minutes, "points": e.points})
    yield Block(Is.PARAGRAPH, _("You learn to"))
    yield from (Block(Is.ITEM, goal) for goal in e.goals)
    yield Block(Is.HEADING, _("Facts"))
    yield from (Block(Is.PARAGRAPH, " ".join(p.split())) for p in e.story)
    under = ", ".join(e.instruments)
    if e.design:
        yield Block(Is.PARAGRAPH, _("The same facts as a design: `%(design)s`.") % {"design": e.design})
    yield Block(Is.PARAGRAPH, _("Instruments: %(instruments)s.") % {"instruments": under})
    if e.as_of:
        yield Block(Is.PARAGRAPH, _("The law is that of %(day)s.") % {"day": e.as_of})
    yield Block(Is.HEADING, _("Tasks"))
    for task in e.tasks:
        yield from _task(task)
    if e.sources:
        yield Block(Is.HEADING, _("Sources"))
        yield from (Block(Is.ITEM, s) for s in e.sources)


def _task(task: TaskV1) -> Iterator[Block]:
    use = _("practice") if task.practice else _("fit for assessment")
    head = _("%(id)s: %(kind)s (%(points)s, %(use)s)")
    values = {"id": task.id, "kind": task.kind, "points": _points(task.points), "use": use}
    yield Block(Is.SUBHEADING, head % values)
    yield Block(Is.PARAGRAPH, " ".join(task.prompt.split()))
    yield from (Block(Is.ITEM, g) for g in task.given)
    if task.asked:
        asked = ", ".join(ASPECTS[a] for a in task.asked)
        yield Block(Is.PARAGRAPH, _("State also: %(asked)s.") % {"asked": asked})
    for number, hint in enumerate(task.hints, 1):
        yield Block(Is.ITEM, _("Hint %(number)s: %(hint)s") % {"number": number, "hint": hint})


def _points(number: int) -> str:
    return ngettext("%(number)s point", "%(number)s points", number) % {"number": number}


def _checks(report: ChecksV1) -> Iterator[Block]:
    for checked in report.checked:
        yield from _checked(checked)
    yield Block(Is.PARAGRAPH, report.note)


def _checked(checked: CheckedV1) -> Iterator[Block]:
    yield Block(Is.HEADING, checked.answer)
    for check in checked.checks:
        help = f": {check.help}" if check.help else ""
        yield Block(Is.ITEM, f"{check.what}{help}", mark="right" if check.passed else "wrong")
    for task, hints in checked.hints.items():
        for number, hint in enumerate(hints, 1):
            said = _("%(task)s, hint %(number)s: %(hint)s")
            yield Block(Is.ITEM, said % {"task": task, "number": number, "hint": hint})


def _grades(report: GradesV1, brief: bool) -> Iterator[Block]:
    many = len(report.grades) + len(report.not_graded) > 1
    if many:
        yield from _book(report)
    if many and brief:
        yield Block(Is.PARAGRAPH, _("Marks with reasons: name one answer, or ask for Markdown or JSON."))
    else:
        for grade in report.grades:
            yield from _grade(report, grade)
    for failed in report.not_graded:
        yield Block(Is.HEADING, _("%(answer)s: not marked") % {"answer": failed.answer})
        yield Block(Is.PARAGRAPH, _("It cannot be read; nothing was taken off. To be mended first:"))
        yield from (Block(Is.ITEM, p) for p in failed.problems)
    yield Block(Is.PARAGRAPH, report.disclaimer)


def _book(report: GradesV1) -> Iterator[Block]:
    yield Block(Is.TITLE, _("Gradebook"))
    head = (_("answer"), _("student"), _("exercise"), _("points"), _("of"), _("may add"), _("to read"))
    yield Block(Is.ROW, cells=head)
    for g in report.grades:
        cells = (g.answer, g.student or "", g.exercise, f"{g.points:g}", str(g.of), f"{g.pending:g}", str(g.to_read))
        yield Block(Is.ROW, cells=cells)
    for failed in report.not_graded:
        yield Block(Is.ROW, cells=(failed.answer, "", "", _("not marked"), "", "", ""))


def _grade(report: GradesV1, grade: GradeV1) -> Iterator[Block]:
    title = report.exercises[grade.exercise]
    yield Block(Is.HEADING, _("%(answer)s: %(title)s") % {"answer": grade.answer, "title": title})
    said = points(grade.points, grade.of)
    if grade.pending:
        more = _("%(points)s; up to %(pending)s more wait for a person.")
        yield Block(Is.PARAGRAPH, more % {"points": said, "pending": f"{grade.pending:g}"})
    else:
        yield Block(Is.PARAGRAPH, f"{said}.")
    if grade.attempt is not None and grade.before is not None:
        attempt = _("Attempt %(number)s; the one before earned %(before)s.")
        yield Block(Is.PARAGRAPH, attempt % {"number": grade.attempt, "before": f"{grade.before:g}"})
    for task in grade.tasks:
        yield from _task_grade(task)
    if not grade.disclosed:
        yield Block(Is.PARAGRAPH, _("The key is not shown yet."))
    if grade.prose:
        yield Block(Is.SUBHEADING, _("For a person to read"))
        yield from (Block(Is.PARAGRAPH, " ".join(p.split())) for p in grade.prose.split("\n\n"))


def _task_grade(task: TaskGradeV1) -> Iterator[Block]:
    earned = points(task.points, task.of) if task.by_tool else _("for a person, up to %(of)s") % {"of": task.of}
    head = _("%(id)s: %(kind)s, %(points)s")
    yield Block(Is.SUBHEADING, head % {"id": task.id, "kind": task.kind, "points": earned})
    if not task.answered:
        yield Block(Is.PARAGRAPH, _("Not answered."))
    for part in task.feedback:
        yield from _feedback(part)


def _feedback(part: FeedbackV1) -> Iterator[Block]:
    about = part.about or _("something that is not named here")
    title = f" ({part.title})" if part.title else ""
    earned = f", {points(part.points, part.of)}" if part.of else ""
    yield Block(Is.ITEM, f"{MARKS[part.mark]}: {about}{title}{earned}", mark=part.mark)
    yield from (Block(Is.PARAGRAPH, s, 1) for s in part.says)
    if part.reasoning:
        yield Block(Is.PARAGRAPH, _("You argue: %(reasoning)s") % {"reasoning": part.reasoning}, 1)
    if part.outcome and part.mark not in ("right", "not_asked"):
        yield from _derivation(part)
    if part.question:
        yield Block(Is.PARAGRAPH, _("Next: %(question)s") % {"question": part.question}, 1)


def _derivation(part: FeedbackV1) -> Iterator[Block]:
    where = _(" at %(place)s") % {"place": part.place} if part.place else ""
    outcome = words(part.outcome or "")
    yield Block(Is.PARAGRAPH, _("Why%(where)s: %(outcome)s") % {"where": where, "outcome": outcome}, 1)
    depth = -1
    for step in part.derivation[:_SHOWN]:
        depth = min(step.depth, depth + 1, _DEPTH)  # a list that skips a level is none in Markdown
        place = f" ({step.location.file}:{step.location.line})" if step.location and step.location.line else ""
        yield Block(Is.ITEM, f"{step.text}{place}", 2 + depth)
    if len(part.derivation) > _SHOWN:
        yield Block(Is.ITEM, _("and so on; `policy-eval explain` has every step"), 2)
    if part.law:
        yield Block(Is.PARAGRAPH, _("Law: %(law)s") % {"law": "; ".join(part.law)}, 1)


def _key(report: KeyV1) -> Iterator[Block]:
    yield Block(Is.TITLE, _("Model answer: %(title)s") % {"title": report.exercise.title})
    yield Block(Is.CODE, report.answer.rstrip("\n"))
    yield Block(Is.HEADING, _("Why"))
    for task in report.tasks:
        if task.feedback and task.by_tool:
            yield Block(Is.SUBHEADING, f"{task.id}: {task.kind}")
        for part in task.feedback if task.by_tool else ():
            title = f" ({part.title})" if part.title else ""
            yield Block(Is.ITEM, f"{part.about}{title}")
            yield from (Block(Is.PARAGRAPH, s, 1) for s in part.says)
            yield from _derivation(part) if part.outcome else ()
    for name, positions in report.positions.items():
        yield Block(Is.SUBHEADING, f"{name}: argue")
        yield Block(Is.PARAGRAPH, _("For a person to mark. %(question)s") % {"question": report.questions[name]})
        yield from (Block(Is.ITEM, f"{p.says} ({'; '.join(p.authorities)})") for p in positions)
    yield Block(Is.PARAGRAPH, report.disclaimer)
