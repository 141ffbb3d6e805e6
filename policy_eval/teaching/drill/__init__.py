"""Drills: fresh fact patterns with questions on rules, made from the shipped designs and a seed.

A shipped design is changed in one to three facts; a few rules that come to something else by that are asked about; and
everything is cut away that their outcomes do not rest on. What is cut away is not known and not told.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from policy_eval import library
from policy_eval.design.loading import DesignFile
from policy_eval.engine.signs import Binding
from policy_eval.errors import InternalError, InvalidInput, Problem, Span
from policy_eval.principle import PrincipleSet, ProfileFile
from policy_eval.teaching.drill import facts
from policy_eval.teaching.drill.attempt import Attempt
from policy_eval.teaching.drill.pool import Aim, Plan, Pool
from policy_eval.teaching.drill.questions import SETTLED, Candidate
from policy_eval.vocabulary.law import Outcome

MOST_TRIES, MOST_AIMS = 600, 150  # for each outcome: tries, and rules aimed at, before it is given up
FIRST = 6  # designs it is made from at first, for most are not judged yet when the first drill is drawn; then more
PLANS = {
    1: Plan(questions=(1, 1), changes=(1, 2), sentences=12, context=3, slack=8),
    2: Plan(questions=(3, 5), changes=(1, 3), sentences=30, context=5, slack=4),
    3: Plan(questions=(3, 5), changes=(1, 3), sentences=40, context=5, slack=4, open=True),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A rule of a set, and the place it is asked of; None if it is asked of the design."""

    set: str
    rule: str
    place: Binding | None


@dataclass(frozen=True, slots=True)
class Drill:
    """A fact pattern and what is asked about it."""

    name: str
    level: int
    seed: int
    file: DesignFile
    questions: tuple[Question, ...]


def draw(sets: Sequence[PrincipleSet], profile: ProfileFile, level: int, seed: int) -> Drill:
    """The drill of a level and a seed: the same on every machine, whatever the order of the sets.

    Raises `InvalidInput` if there is no such level, or nothing to be made for these sets of the shipped designs.
    """
    if level not in PLANS:
        levels = ", ".join(map(str, PLANS))
        raise InvalidInput([Problem(f"there is no level {level}", Span("--level"), f"one of {levels}")])
    return _drawn(_pool(sets, profile), level, seed)


def text(file: DesignFile, id: str) -> str:
    """The design of a drill as a design file of its own, under another id."""
    return facts.text(file.design, id)


def _drawn(pool: Pool, level: int, seed: int) -> Drill:
    name = f"drill/{'+'.join(s.id for s in pool.sets)}/{level}/{seed}"
    rng, plan = random.Random(name), PLANS[level]
    if sum(len(j.rules) for j in pool.quick) < plan.questions[0]:
        raise _nothing(
            pool, f"level {level} asks about {plan.questions[0]} rules, and there are fewer; try another level"
        )
    # What the first question is to come to is drawn first: outcomes that are hard to come by are as frequent as others.
    for wanted in rng.sample(SETTLED, len(SETTLED)):
        for attempt in islice(_attempts(pool, plan, wanted, rng), MOST_TRIES):
            made = attempt.made(name)
            if made is not None:
                return Drill(name, level, seed, made[0], _questions(made[1]))
    if all(s.folder.resolve() == (library.shipped("principles") / s.id).resolve() for s in pool.sets):
        raise InternalError(f"{name} was tried {MOST_TRIES} times for each outcome and never came out fit")
    raise _nothing(pool, f"none is fit for level {level}: they decide too few of the rules; try another level")


def _attempts(pool: Pool, plan: Plan, wanted: Outcome, rng: random.Random) -> Iterator[Attempt]:
    """Tries at a drill, each at one rule by way of one design; with every rule there is a little more room."""
    order = rng.sample(pool.names, len(pool.names))
    for aimed in range(MOST_AIMS):
        aim = Aim(rng.choice(rng.choice([j for j in pool.quick if j.rules]).rules).id, wanted)
        shipped = pool.first(order, FIRST + aimed)
        if not shipped:
            raise _nothing(pool, "none is in the scope of all of them; take fewer sets at once")
        wider = replace(plan, sentences=plan.sentences + min(aimed, plan.slack))
        suiting = [s for s in shipped if s.suits(plan, aim)]
        yield from (Attempt(pool, s, wider, aim, rng) for s in rng.sample(suiting, len(suiting)))


def _questions(chosen: Iterable[Candidate]) -> tuple[Question, ...]:
    """The questions in an order that tells nothing."""
    found = [Question(c.evaluation.principles.id, c.rule.id, c.place.binding or None) for c in chosen]
    return tuple(sorted(found, key=lambda q: (q.set, q.rule)))


def _nothing(pool: Pool, help: str) -> InvalidInput:
    message = f"the shipped designs give no drill for {' and '.join(s.id for s in pool.sets)}"
    return InvalidInput([Problem(message, Span(pool.sets[-1].shown), help)])


_last: tuple[tuple[PrincipleSet, ...], ProfileFile, Pool] | None = None


def _pool(sets: Sequence[PrincipleSet], profile: ProfileFile) -> Pool:
    """The pool for some sets; the last is kept, for drills are drawn one after the other."""
    global _last
    last = _last
    same = last is not None and last[1] is profile and len(last[0]) == len(sets)
    if last is None or not same or any(a is not b for a, b in zip(last[0], sets, strict=True)):
        last = _last = tuple(sets), profile, Pool(sets, profile)
    return last[2]
