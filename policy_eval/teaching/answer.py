"""What answers hold: one part for each task, in the shape its kind asks for.

An answer is YAML, or Markdown that begins with it between two lines `---`; the text below is for a person to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from policy_eval import source
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.files import read_text
from policy_eval.principle import OneOrMore, Prose
from policy_eval.source import Mapping, Node, suggest
from policy_eval.teaching.model import Edits, Task
from policy_eval.validation import node_at, span_of, validate
from policy_eval.vocabulary.law import Burden, Outcome

SUFFIXES = (".answer.yaml", ".answer.yml", ".answer.md")
_FENCE = "---"
_BYTES = 1_000_000
_PSEUDONYM = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


def _pseudonym(text: str) -> str:
    if not re.fullmatch(_PSEUDONYM.removeprefix("^").removesuffix("$"), text):
        help = "write one word of at most 64 letters, digits, `.`, `-` and `_`; never a name"
        raise PydanticCustomError("pseudonym", "this is no pseudonym", {"help": help})
    return text


Pseudonym = Annotated[str, AfterValidator(_pseudonym), Field(json_schema_extra={"pattern": _PSEUDONYM})]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Reasoned(_File):
    """What can be argued."""

    reasoning: Prose | None = Field(default=None, description="why, in your own words; for a person to read")
    authority: OneOrMore = Field(default=(), description="what it rests on, beyond the provision named")


class Claim(Reasoned):
    """A finding: a rule or provision, and what is said of it."""

    rule: Prose | None = Field(default=None, description="rule by id", examples=["gdpr/consent-by-pre-ticked-box"])
    provision: Prose | None = Field(default=None, description="or provision", examples=["GDPR Article 4(11)"])
    outcome: Outcome | None = Field(default=None, description="what it comes to")
    before: Outcome | None = Field(default=None, description="what it comes to for the design")
    after: Outcome | None = Field(default=None, description="what it comes to for the variant")
    at: OneOrMore = Field(default=(), description="parts it is about, by path", examples=["inputs.purchases"])
    duty_of: Prose | None = Field(default=None, description="whose duty it is: a role, or the id of a party")
    facts: OneOrMore = Field(default=(), description="facts that decide it, by path")
    exception: OneOrMore = Field(default=(), description="exceptions that excuse it, or would; by id")
    open: OneOrMore = Field(default=(), description="facts, and concepts of unsettled law, that it hangs on")


class Findings(_File):
    """An answer to `spot`, `decide` or `distinguish`."""

    findings: tuple[Claim, ...] = Field(default=(), description="one for each rule or provision")


class Repairs(Reasoned):
    """An answer to `repair`."""

    edits: Edits = Field(default_factory=Edits, description="the changes, as in a variant")


class Excuse(Reasoned):
    """An exception and what would show it."""

    id: Prose | None = Field(default=None, description="exception by id")
    provision: Prose | None = Field(default=None, description="or the provision it rests on")
    burden: Burden | None = Field(default=None, description="who has to show it")
    edits: Edits | None = Field(default=None, description="facts that would show it, as in a variant")


class Excuses(_File):
    """An answer to `except`."""

    exceptions: tuple[Excuse, ...] = Field(default=(), description="one for each exception")


class Encoding(Reasoned):
    """An answer to `encode`."""

    design: Prose | dict[str, Any] | None = Field(default=None, description="file of the design, or the design itself")


class Draft(Reasoned):
    """An answer to `draft`."""

    rule: Prose | dict[str, Any] | None = Field(default=None, description="file of the rule, or the rule itself")


class Reason(_File):
    """A reason for one side."""

    says: Prose = Field(description="the reason, in your own words")
    authority: OneOrMore = Field(default=(), description="what it rests on, with pinpoint")


class Argument(_File):
    """An answer to `argue`."""

    for_: tuple[Reason, ...] = Field(default=(), alias="for", description="reasons that the concept holds")
    against: tuple[Reason, ...] = Field(default=(), description="reasons that it does not")
    conclusion: Prose | None = Field(default=None, description="which is the better view, and why")


class AnswerFile(_File):
    """One answer, as written in `*.answer.yaml`."""

    schema_: Literal[1] = Field(default=1, alias="schema", description="version of this format")
    exercise: Prose = Field(description="the exercise it answers, by name")
    student: Pseudonym | None = Field(default=None, description="a pseudonym; never a name")
    answers: dict[str, Any] = Field(default_factory=dict, description="an answer for each task, by its name")
    reasoning: Prose | None = Field(default=None, description="what else there is to say; for a person to read")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was read, the folder it lies in, and its file as a tree; `prose` is what stands below the head."""

    text: AnswerFile
    folder: Path
    shown: str
    root: Node
    prose: str = ""

    def span(self, *steps: str | int) -> Span:
        """Where a value stands; where what holds it stands if it was left out."""
        return span_of(self.root, *steps)

    def part(self, task: Task, model: type[BaseModel]) -> Any:
        """What is answered to a task, as the model of its kind; None where it was left out. Raises `InvalidInput`."""
        node = self.node(task)
        return None if node is None else validate(model, node, task.id)

    def node(self, task: Task) -> Node | None:
        """What is answered to a task, as a tree."""
        return node_at(self.root, "answers", task.id)


def read(path: Path, shown: str | None = None) -> Answer:
    """Read an answer; raises `InvalidInput` with every problem of its shape, whatever the exercise."""
    name = shown or str(path)
    text, prose = _split(read_text(path, name, _BYTES), name)
    root = source.parse(text, name).root
    return Answer(validate(AnswerFile, root), path.parent, name, root, prose)


def _split(text: str, name: str) -> tuple[str, str]:
    """The head of an answer, lines numbered as in the file, and the prose below it."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    if not name.endswith(".md"):
        return text, ""
    if not lines or lines[0].rstrip() != _FENCE:
        raise InvalidInput([Problem("the answer does not begin with `---`", Span(name, 1, 1), _HEAD)])
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        raise InvalidInput([Problem("the head of the answer does not end", Span(name, len(lines), 1), _HEAD)])
    return "".join(["\n", *lines[1:end]]), "".join(lines[end + 1 :]).strip()


_HEAD = "write the answers as YAML between two lines that hold `---` alone, and text for people below"


def unknown_tasks(answer: Answer, tasks: tuple[Task, ...]) -> Iterator[Problem]:
    """Answers to tasks that the exercise has not."""
    known = [t.id for t in tasks]
    answers = node_at(answer.root, "answers")
    for entry in answers.entries if isinstance(answers, Mapping) else ():
        if entry.key not in known:
            yield Problem(f"the exercise has no task `{entry.key}`", entry.key_span, suggest(entry.key, known))
