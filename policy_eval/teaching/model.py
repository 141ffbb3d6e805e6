"""What `exercise.yaml` holds: a fact pattern, a design, instruments and tasks. There are no answers in it but those the
engine cannot compute, and it tries even those.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from policy_eval.principle import ConceptName, Example, OneOrMore, Prose, RuleName, SetName
from policy_eval.vocabulary.law import Principle
from policy_eval.vocabulary.teaching import Aspect, Disclosure, TaskKind

Level = Annotated[int, Field(ge=1, le=5)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Edits(_File):
    """Changes of a design, written as in a variant."""

    set: dict[str, Any] = Field(default_factory=dict, description="facts to change or items to add, by path")
    forget: tuple[str, ...] = Field(default=(), description="facts that become unknown, by path")
    remove: tuple[str, ...] = Field(default=(), description="items known not to be there, by path")

    @property
    def number(self) -> int:
        """How many changes there are."""
        return len(self.set) + len(self.forget) + len(self.remove)


class _Task(_File):
    id: SetName = Field(description="name of the task, as answers call it")
    prompt: Prose = Field(description="what is asked")
    points: int = Field(ge=1, le=100, description="points it brings")
    hints: tuple[Prose, ...] = Field(default=(), description="help in stages, the least telling first")
    design: Prose | None = Field(default=None, description="design it is about; that of the exercise if left out")


class _Selecting(_Task):
    rules: tuple[RuleName, ...] = Field(default=(), description="rules it is about; with `principles`, either counts")
    principles: tuple[Principle, ...] = Field(
        default=(), description="principles it is about; neither: every rule of the instruments"
    )


class SpotTask(_Selecting):
    """Find conflicts."""

    kind: Literal[TaskKind.SPOT] = Field(description=TaskKind.SPOT.definition)
    ask: tuple[Aspect, ...] = Field(
        default=(Aspect.OUTCOME, Aspect.PLACE), description="what a finding states beside its rule or provision"
    )


class Question(_File):
    """A rule, and where it is asked."""

    rule: RuleName = Field(description="the rule")
    at: OneOrMore = Field(default=(), description="parts it is asked of; the whole design if left out")


class DecideTask(_Task):
    """Say what rules come to."""

    kind: Literal[TaskKind.DECIDE] = Field(description=TaskKind.DECIDE.definition)
    questions: tuple[Question, ...] = Field(min_length=1, description="what is to be decided")
    ask: tuple[Aspect, ...] = Field(default=(), description="what an answer states beside the outcome")


class DistinguishTask(_Selecting):
    """Say what a variant changes."""

    kind: Literal[TaskKind.DISTINGUISH] = Field(description=TaskKind.DISTINGUISH.definition)
    variant: Prose = Field(description="the design it is compared with")
    at: OneOrMore = Field(default=(), description="parts rules are asked of; the whole design if left out")
    ask: tuple[Aspect, ...] = Field(
        default=(Aspect.BEFORE_AFTER, Aspect.FACTS), description="what an answer states of each rule"
    )


class RepairTask(_Task):
    """Cure conflicts with the fewest changes."""

    kind: Literal[TaskKind.REPAIR] = Field(description=TaskKind.REPAIR.definition)
    rules: tuple[RuleName, ...] = Field(min_length=1, description="rules in conflict that are to be cured")
    keep: tuple[str, ...] = Field(default=(), description="parts and facts that have to stay, by path")
    model: Edits = Field(description="one way; no answer has to take it, and fewer changes are welcome")


class ExceptTask(_Task):
    """Say what would excuse a conflict."""

    kind: Literal[TaskKind.EXCEPT] = Field(description=TaskKind.EXCEPT.definition)
    rule: RuleName = Field(description="the rule in conflict")
    at: OneOrMore = Field(default=(), description="parts it is asked of; every place in conflict if left out")
    exceptions: tuple[SetName, ...] = Field(default=(), description="exceptions asked for; all if left out")
    ask: tuple[Aspect, ...] = Field(default=(Aspect.BURDEN,), description="burden, and facts that would show it")
    model: dict[SetName, Edits] = Field(
        default_factory=dict, description="by exception, facts that would show it; needed where `facts` are asked"
    )


class EncodeTask(_Selecting):
    """Write a fact pattern as a design."""

    kind: Literal[TaskKind.ENCODE] = Field(description=TaskKind.ENCODE.definition)


class DraftTask(_Task):
    """Write a rule."""

    kind: Literal[TaskKind.DRAFT] = Field(description=TaskKind.DRAFT.definition)
    set: SetName = Field(description="set whose concepts and scope it can use")
    public: tuple[Example, ...] = Field(default=(), description="examples that are handed out")
    hidden: tuple[Example, ...] = Field(min_length=2, description="examples that are not")
    model: Prose = Field(description="file of a rule that decides them all")


class ArgueTask(_Task):
    """Argue both sides of unsettled law."""

    kind: Literal[TaskKind.ARGUE] = Field(description=TaskKind.ARGUE.definition)
    set: SetName = Field(description="set of the concept")
    concept: ConceptName = Field(description="concept the law leaves open")
    least: int = Field(default=1, ge=1, le=9, description="reasons needed on each side")


Task = Annotated[
    SpotTask | DecideTask | DistinguishTask | RepairTask | ExceptTask | EncodeTask | DraftTask | ArgueTask,
    Field(discriminator="kind"),
]


class Typical(_File):
    """A typical answer and the points it is meant to earn."""

    answer: Prose = Field(description="file of the answer")
    shows: Prose = Field(description="the error it stands for")
    points: dict[SetName, float] = Field(description="points it earns, by task")


class ExerciseFile(_File):
    """One exercise, as written in `exercise.yaml`."""

    schema_: Literal[1] = Field(alias="schema", description="version of this format")
    id: Prose = Field(description="name of the exercise, and of its folder")
    title: Prose = Field(description="what it is about")
    level: Level = Field(description="1 for beginners, 5 for experts")
    minutes: int = Field(ge=1, le=600, description="time it takes, in minutes")
    goals: tuple[Prose, ...] = Field(min_length=1, description="what is learned by it")
    story: Prose = Field(description="the fact pattern, in prose")
    design: Prose = Field(description="built-in design by name, or a file in this folder")
    hand_out: bool = Field(default=True, description="whether the design is given to who solves it")
    instruments: tuple[Prose, ...] = Field(min_length=1, description="principle sets by name, or folders in this one")
    as_of: dt.date | None = Field(default=None, description="day whose law counts; each set's own if left out")
    disclosure: Disclosure = Field(default=Disclosure.PUBLIC, description="who may see model answers")
    deadline: dt.date | None = Field(default=None, description="last day before model answers are shown")
    sources: tuple[Prose, ...] = Field(default=(), description="where facts of the story were read")
    tasks: tuple[Task, ...] = Field(min_length=1, description="what is asked, in order")
    typical: tuple[Typical, ...] = Field(default=(), description="answers with typical errors, to try the marking by")
