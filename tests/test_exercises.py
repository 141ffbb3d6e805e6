"""The shipped exercises: each rewards what it should, and many answers are marked alike every time."""

from __future__ import annotations

import itertools
import json
import pathlib
import random
from typing import Any

import pytest

from policy_eval.library import shipped
from policy_eval.teaching import exercise, trial
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.grading import grade
from policy_eval.teaching.verifying import verify
from policy_eval.vocabulary.teaching import TaskKind
from tests.program import run

NAMES = exercise.names()
ANSWERS = 200


@pytest.mark.parametrize("name", NAMES)
def test_exercise_rewards_what_it_should(name: str) -> None:
    desk = Desk(exercise.load(name))
    verify(desk)
    checks = list(trial.trial(desk))
    assert len(checks) >= 3 + sum(len(t.points) for t in desk.exercise.text.typical)
    assert [f"{c.what}: {c.help}" for c in checks if not c.passed] == []


def test_they_go_from_easy_to_hard_and_show_every_kind_of_task() -> None:
    found = [exercise.load(name).text for name in NAMES]
    assert [e.level for e in found] == sorted(e.level for e in found)
    assert {e.level for e in found} == {1, 2, 3, 4, 5}
    assert {t.kind for e in found for t in e.tasks} == set(TaskKind)
    assert all(e.typical and all(t.hints for t in e.tasks) for e in found)


def test_every_file_of_an_exercise_is_used() -> None:
    """A typical answer that is not listed would never be tried."""
    for name in NAMES:
        found = exercise.load(name)
        lying = {p.name for p in found.folder.glob("*.answer.*")}
        assert lying == {t.answer for t in found.text.typical}, name


def variations(desk: Desk, rng: random.Random) -> dict[str, Any]:
    """Some of a model answer, some of a greedy one, something left out."""
    model, greedy = trial.model_answer(desk), trial.greedy_answer(desk)
    parts = {}
    for task in model:
        chosen = dict(rng.choice([model, greedy])[task])
        for key, value in chosen.items():
            if isinstance(value, list):
                chosen[key] = [v for v in value if rng.random() < 0.7]
        if rng.random() < 0.8:
            parts[task] = chosen
    return parts


@pytest.mark.slow
def test_many_answers_are_marked_alike_every_time(tmp_path: pathlib.Path) -> None:
    desks = {name: Desk(exercise.load(name)) for name in NAMES}
    rng = random.Random(7)
    shares: dict[str, float] = {}
    for number, name in zip(range(ANSWERS), itertools.cycle(NAMES), strict=False):
        parts = variations(desks[name], rng)
        student = f"s-{number:03}"
        text = trial.dump({"schema": 1, "exercise": name, "student": student, "answers": parts})
        (tmp_path / f"{student}.answer.yaml").write_text(text, encoding="utf-8")
        shares[student] = round(float(grade(desks[name], trial.made(desks[name], parts)).share), 4)
    whole = run("exercise", "grade", str(tmp_path), "-f", "json")
    assert whole.returncode == 0
    book = {g["student"]: g for g in json.loads(whole.stdout)["grades"]}
    assert {name: g["share"] for name, g in book.items()} == shares
    again = [str(tmp_path / f"s-{n:03}.answer.yaml") for n in range(len(NAMES) * 2, 0, -2)]
    some = json.loads(run("exercise", "grade", *again, "-f", "json").stdout)["grades"]
    assert some == [book[g["student"]] for g in some]
    assert len(some) == len(NAMES)
    assert len({*shares.values()}) > 20, "the answers are too much alike to show anything"


def test_shipped_inside_the_package() -> None:
    """They are found by name wherever the package is installed."""
    assert shipped("exercises").is_dir()
