"""Exercises that are made: a first draft to start from, and drills."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policy_eval import library, source
from policy_eval.design.paths import join
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.evaluation import Engine, Judge
from policy_eval.files import write_all_new
from policy_eval.findings import CONFLICTS
from policy_eval.scaffold import checked_name, title_of
from policy_eval.teaching import drill, prose
from policy_eval.teaching.drill import Drill
from policy_eval.teaching.exercise import FILE, Exercise
from policy_eval.teaching.model import ExerciseFile
from policy_eval.teaching.trial import dump
from policy_eval.validation import validate

_WANTED, _CLEAR = 3, 6  # rules in conflict of a first draft, and rules that are not
_ASKED = {1: [], 2: ["exception"], 3: ["exception", "open"]}
_MINUTES = {1: 5, 2: 15, 3: 20}


def exercise_text(name: str, design: str, principles: str) -> str:
    """`exercise.yaml` of a new exercise: a few rules that a design conflicts with, among some that it does not.

    Raises `InvalidInput` where the design conflicts with too few of them, or with too many.
    """
    file, owner = library.load_design(design), library.load_set(principles)
    results = Judge(owner, library.load_profile("default"), engine=Engine.REFERENCE).evaluate(file).results
    against = [r.rule for r in results if r.outcome in CONFLICTS][:_WANTED]
    clear = [r.rule for r in results if r.outcome not in CONFLICTS][:_CLEAR]
    if not against or len(clear) < 2 * len(against):
        message = f"too few rules of `{owner.id}` are in conflict, or clear, for `{design}`"
        raise InvalidInput([Problem(message, Span(design), "choose another design or set")])
    rules = "".join(f"      - {r.id}\n" for r in sorted((*against, *clear), key=lambda r: r.id))
    return f"""# What each key means: docs/teaching.md. Try it: policy-eval exercise test {name}
schema: 1
id: {name}
title: {json.dumps(title_of(name), ensure_ascii=False)}
level: 2
minutes: 20
goals:
  - find what a design conflicts with, and where
story: |
  {file.design.title}. Tell here what happens, so that whoever reads it can answer.
design: {design}
instruments: [{principles}]
disclosure: public  # or after_deadline with `deadline: 2026-12-31`, or instructor
tasks:
  - id: find
    kind: spot
    prompt: Which of these rules does the design conflict with, and where?
    points: 10
    rules:
{rules}    hints:
      - Which facts does each rule ask about?
  - id: decide
    kind: decide
    prompt: What does this rule come to, and by which facts?
    points: 5
    questions:
      - rule: {against[0].id}
    ask: [facts, party]
"""


def of_name(name: str) -> Exercise:
    """The drill of a name such as `drill/gdpr/2/7`; raises `InvalidInput` where it is none."""
    sets, _, rest = name.removeprefix("drill/").rpartition("/")
    sets, _, level = sets.rpartition("/")
    if not (sets and level in ("1", "2", "3") and rest.isascii() and rest.isdigit()):
        help = "write drill/SETS/LEVEL/SEED, such as drill/gdpr/2/7 or drill/gdpr+eu-ai-act/3/1"
        raise InvalidInput([Problem(f"`{name}` is no drill", Span(name), help)])
    return drilled(sets.split("+"), int(level), int(rest))


def drilled(sets: Sequence[str], level: int, seed: int) -> Exercise:
    """A drill as an exercise: its facts in prose, its questions as one task; raises `InvalidInput`."""
    loaded = [s for _, s in library.load_sets(sets)]
    drawn = drill.draw(loaded, library.load_profile("default"), level, seed)
    return _exercise(_plain(drawn, drawn.name, list(sets), "drill"), drawn.name, drawn)


def _exercise(data: dict[str, Any], name: str, drawn: Drill) -> Exercise:
    root = source.parse(dump(data), name).root
    return Exercise(validate(ExerciseFile, root), Path(), name, root, drawn.file)


def _plain(drawn: Drill, name: str, sets: list[str], design: str) -> dict[str, Any]:
    asked: list[dict[str, Any]] = []
    for question in drawn.questions:
        at = join(question.place[-1][1]) if question.place else None
        asked.append({"rule": question.rule, **({"at": at} if at else {})})
    return {
        "schema": 1,
        "id": name,
        "title": "Drill",
        "level": drawn.level,
        "minutes": _MINUTES[drawn.level],
        "goals": ["apply rules to facts nobody has told you before"],
        "story": "\n\n".join(prose.paragraphs(drawn.file.design)),
        "design": design,
        "hand_out": False,
        "instruments": sets,
        "tasks": [
            {
                "id": "decide",
                "kind": "decide",
                "prompt": "What do these rules come to? Whatever the facts do not say is unknown.",
                "points": 4 * len(asked),
                "questions": asked,
                "ask": _ASKED[drawn.level],
            }
        ],
    }


def write(found: Exercise, into: Path, name: str) -> list[Path]:
    """Write a drill as an exercise of its own, whose name does not give its seed away, for an examination."""
    folder, design = into / checked_name(name), f"{name}{library.DESIGN}"
    assert found.design is not None
    data = source.plain(found.root)
    own = {"id": name, "title": title_of(name), "design": design, "disclosure": "instructor"}
    files = {folder / FILE: dump({**data, **own}), folder / design: drill.text(found.design, name)}
    write_all_new(files)
    return list(files)
