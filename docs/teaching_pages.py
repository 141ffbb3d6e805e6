"""What docs/teaching.md says of exercises: those that are shipped, the keys of tasks and of answers by kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from docs.markdown import table
from docs.models import fields_table
from policy_eval.teaching import answer, exercise, model
from policy_eval.vocabulary.teaching import TaskKind

_KINDS: tuple[type[BaseModel], ...] = get_args(get_args(model.Task)[0])
_COMMON = [name for name in _KINDS[0].model_fields if all(name in kind.model_fields for kind in _KINDS)]
_ANSWERS = (answer.Claim, answer.Repairs, answer.Excuse, answer.Encoding, answer.Draft)
_BESIDE = [name for name in answer.Claim.model_fields if all(name in a.model_fields for a in _ANSWERS)]
_FINDINGS = (TaskKind.SPOT, TaskKind.DECIDE, TaskKind.DISTINGUISH)
_ELSEWHERE = {
    "public": "list: [example](rules.md#example)",
    "hidden": "list: [example](rules.md#example)",
    "principles": "list: one of [principle](rules.md#values)",
}
_LISTS = {"for": "list: [reason](#a-reason)", "against": "list: [reason](#a-reason)"}


def exercise_table() -> str:
    """The exercises that are shipped, from easy to hard."""
    rows = []
    for name in exercise.names():
        text = exercise.load(name).text
        kinds = ", ".join(dict.fromkeys(f"`{t.kind.value}`" for t in text.tasks))
        rows.append([f"`{name}`", text.title, str(text.level), str(text.minutes), ", ".join(text.instruments), kinds])
    return table(["Exercise", "Title", "Level", "Minutes", "Instruments", "Tasks"], rows)


def task_tables() -> str:
    """The keys that every task has, then those of each kind."""
    common = (name for name in _COMMON if name != "kind")
    return "\n".join([fields_table(_KINDS[0], common, _ELSEWHERE), *_own()])


def _own() -> Iterator[str]:
    for kind, fields in zip(TaskKind, _KINDS, strict=True):
        yield f"#### `{kind}`: {kind.definition}\n"
        yield fields_table(fields, (n for n in fields.model_fields if n not in _COMMON), _ELSEWHERE)


def answer_tables() -> str:
    """What an answer to each kind of task holds."""
    findings = ", ".join(f"`{kind}`" for kind in _FINDINGS)
    return "\n".join(
        [
            *_answer(f"{findings}: `findings`, a list of", answer.Claim),
            *_answer("`repair`", answer.Repairs),
            *_answer("`except`: `exceptions`, a list of", answer.Excuse),
            *_answer("`encode`", answer.Encoding),
            *_answer("`draft`", answer.Draft),
            "#### Beside any of these\n",
            fields_table(answer.Claim, _BESIDE),
            *_answer("`argue`", answer.Argument),
            *_answer("A reason", answer.Reason),
        ]
    )


def _answer(heading: str, fields: type[BaseModel]) -> Iterator[str]:
    yield f"#### {heading}\n"
    yield fields_table(fields, (n for n in fields.model_fields if n not in _BESIDE), _LISTS)
