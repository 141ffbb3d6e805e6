"""python -m benchmarks.exercises [ANSWERS]: marking answers to the shipped exercises, and drawing drills.

The reference is judging: each exercise's own design under its instruments once for every answer, by both evaluators, in
the same process. Machines are noisy, so read the shares.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from policy_eval import library
from policy_eval.teaching import answer, drill, exercise, trial
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.grading import grade

T = TypeVar("T")
DRILLS = 20  # of each level


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and the seconds of this process it took."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def answers(desk: Desk) -> list[Answer]:
    """The answers an exercise comes with, and those that can be made."""
    folder = desk.exercise.folder
    made = [trial.made(desk, parts) for parts in (trial.model_answer(desk), trial.greedy_answer(desk), {})]
    return [*(answer.read(folder / t.answer) for t in desk.exercise.text.typical), *made]


def main(number: int) -> None:
    desks, loading = timed(lambda: [Desk(exercise.load(name)) for name in exercise.names()])
    pool = [(desk, given) for desk in desks for given in answers(desk)]
    work = list(itertools.islice(itertools.cycle(pool), number))
    _, judging = timed(lambda: [desk.judge(desk.design()) for desk, _ in work])
    _, marking = timed(lambda: [grade(desk, given) for desk, given in work])
    print(f"{len(desks)} exercises: loading {loading:.2f} s")
    print(f"{number} answers: marking {marking:.2f} s, {marking / judging:.2f} of judging a design for each")
    profile = library.load_profile("default")
    sets = [library.load_set("gdpr")]
    for level in drill.PLANS:
        _, drawing = timed(lambda n=level: [drill.draw(sets, profile, n, seed) for seed in range(DRILLS)])  # type: ignore[misc]
        print(f"drills of level {level}: {drawing / DRILLS:.2f} s each")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
