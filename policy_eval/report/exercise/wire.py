"""What every format of exercises reads, version 1. Points are rounded to hundredths; shares go from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass, field

from policy_eval import __version__
from policy_eval.report.wire import StepV1

TOOL = f"policy_eval {__version__}"


@dataclass(frozen=True, slots=True)
class TaskV1:
    """A task as it is set; `practice` is false where the engine cannot work the answer out from what is handed out."""

    id: str
    kind: str
    kind_means: str
    practice: bool
    points: int
    prompt: str
    given: list[str]
    asked: list[str]
    hints: list[str]


@dataclass(frozen=True, slots=True)
class ExerciseV1:
    """An exercise as it is handed out; `design_text` is the design in prose where the story is made of it."""

    id: str
    title: str
    level: int
    minutes: int
    goals: list[str]
    story: list[str]
    design: str | None
    instruments: list[str]
    as_of: str | None
    disclosure: str
    deadline: str | None
    sources: list[str]
    points: int
    tasks: list[TaskV1]


@dataclass(frozen=True, slots=True)
class ExercisesV1:
    """Exercises there are."""

    schema_version: int
    tool: str
    exercises: list[ExerciseV1]


@dataclass(frozen=True, slots=True)
class AspectV1:
    """One thing asked of a finding: how far it was right, what was given, and what the key has."""

    aspect: str
    share: float
    given: list[str]
    expected: list[str]


@dataclass(frozen=True, slots=True)
class FeedbackV1:
    """One part of an answer. `derivation` is what the outcome turns on at the first telling place; `explain` has all.

    Where model answers are not shown, `about` is null for what was missed, and the key's side of the rest is empty.
    """

    about: str | None
    mark: str
    points: float
    of: float
    title: str | None
    principle: str | None
    outcome: str | None
    place: str | None
    says: list[str]
    aspects: list[AspectV1]
    derivation: list[StepV1]
    law: list[str]
    question: str | None
    reasoning: str | None
    for_a_person: bool


@dataclass(frozen=True, slots=True)
class TaskGradeV1:
    """What an answer to a task earned of its points, and what a person may add; `by_tool` is false for `argue`.

    `to_read` counts what is there for a person to read. There is no feedback where the task was left out.
    """

    id: str
    kind: str
    practice: bool
    answered: bool
    by_tool: bool
    points: float
    of: int
    pending: float
    to_read: int
    feedback: list[FeedbackV1]


@dataclass(frozen=True, slots=True)
class GradeV1:
    """What an answer earned: `points` out of `of` that the tool can give; `pending` waits for a person.

    `disclosed` says whether the key is shown; `attempt` and `before`, the points of the attempt before this one, are
    there where attempts are remembered.
    """

    answer: str
    exercise: str
    student: str | None
    points: float
    of: int
    share: float
    pending: float
    to_read: int
    disclosed: bool
    prose: str | None
    tasks: list[TaskGradeV1]
    attempt: int | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True)
class UngradedV1:
    """An answer that could not be read, and what is wrong with it."""

    answer: str
    problems: list[str]


@dataclass(frozen=True, slots=True)
class GradesV1:
    """Marks of some answers, and the titles of their exercises."""

    schema_version: int
    tool: str
    engine: str
    exercises: dict[str, str]
    grades: list[GradeV1]
    not_graded: list[UngradedV1]
    disclaimer: str


@dataclass(frozen=True, slots=True)
class CheckV1:
    """A public check: what was looked at, whether it is as it should be, and if not, what to do."""

    what: str
    passed: bool
    help: str


@dataclass(frozen=True, slots=True)
class CheckedV1:
    """The public checks of an answer, with as many hints by task as were asked for."""

    answer: str
    exercise: str
    checks: list[CheckV1]
    hints: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ChecksV1:
    """Public checks of answers, or of exercises by what they say of themselves; `note` says what was not looked at."""

    schema_version: int
    tool: str
    checked: list[CheckedV1]
    note: str


@dataclass(frozen=True, slots=True)
class PositionV1:
    """Who says what about a question the law has not settled."""

    says: str
    authorities: list[str]


@dataclass(frozen=True, slots=True)
class KeyV1:
    """The model answer to an exercise: as an answer file, with the reasons, and the positions on what is unsettled."""

    schema_version: int
    tool: str
    engine: str
    exercise: ExerciseV1
    answer: str
    tasks: list[TaskGradeV1]
    positions: dict[str, list[PositionV1]]
    disclaimer: str
    questions: dict[str, str] = field(default_factory=dict)
