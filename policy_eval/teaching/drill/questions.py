"""Which rules a drill asks about, at which places, and the facts each answer rests on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from policy_eval.design.model import Design
from policy_eval.engine.derivation import Step, Tracer
from policy_eval.engine.evidence import Fact, Support, support
from policy_eval.engine.facts import UNSEEN
from policy_eval.engine.signs import FALSE, TRUE
from policy_eval.evaluation import Evaluation
from policy_eval.findings import PlaceResult, outcome_at
from policy_eval.principle import Rule
from policy_eval.teaching.drill.facts import sentences
from policy_eval.vocabulary.law import Outcome

SETTLED = (Outcome.CONFLICT, Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE)
FEW_OPEN = 3  # facts that can be left open before nobody could name them


@dataclass(frozen=True)
class Candidate:
    """A rule at one place of a design: something that could be asked."""

    evaluation: Evaluation
    rule: Rule
    place: PlaceResult

    @property
    def outcome(self) -> Outcome:
        """What the rule comes to there."""
        return self.place.outcome

    @property
    def settled(self) -> bool:
        """Whether that is the only thing it can come to."""
        return self.place.seen and self.outcome in SETTLED and len(self.place.possible) == 1

    @property
    def key(self) -> tuple[str, str, object]:
        """What tells it from others, in whatever version of the design."""
        return self.evaluation.principles.id, self.rule.id, self.place.binding

    @property
    def tries_exception(self) -> bool:
        """Whether an exception excuses, or one was tried and fails."""
        return bool(self.place.excused_by) or (self.outcome is Outcome.CONFLICT and bool(self.rule.exceptions))

    def facts(self) -> Support:
        """The facts that its outcome rests on; where that is open, all that are read to come to it."""
        bound = frozenset(Fact(path, "exists") for _, path in self.place.binding)
        grounds = self.evaluation.grounds(self.rule, self.place)
        found = grounds.evidence | bound
        if self.place.excused_by:  # that an exception excuses is seen only where there is something to be excused
            violated = self.evaluation.steps(self.rule, self.place)[1]
            found |= support(violated, violated.sign)[0]
        return found if self.settled else found | self._read()

    def in_version(self, design: Design) -> Outcome | None:
        """What it comes to in another version of the design; None where that is not settled, or there is no such place.

        A quick look, by one evaluator.
        """
        tracer = Tracer(design, self.evaluation.principles, self.evaluation.definitions)
        there = all(tracer.has(path) for _, path in self.place.binding)
        if not there or tracer.sign(self.evaluation.principles.scope, {}) != TRUE:
            return None
        env, exceptions = tracer.env(self.place.binding), self.rule.exceptions
        if any(tracer.sign(link, env) == FALSE for link in self.rule.links):
            return None
        signs = [tracer.sign(f, env) for f in (self.rule.applies, self.rule.violated, *(e.when for e in exceptions))]
        outcome, possible = outcome_at(TRUE, signs[0], signs[1], signs[2:], [e.burden for e in exceptions])
        return outcome if len(possible) == 1 else None

    def _read(self) -> Support:
        applies, violated, exceptions = self.evaluation.steps(self.rule, self.place)
        return frozenset(f for step in (applies, violated, *exceptions) for f in _reads(step) if UNSEEN not in f.path)


def _reads(step: Step) -> Iterator[Fact]:
    yield from step.reads
    for below in step.steps:
        yield from _reads(below)


def candidates(evaluations: Sequence[Evaluation]) -> list[Candidate]:
    """Every rule at every place that is stated, where its set covers the system."""
    return [
        Candidate(e, result.rule, place)
        for e in evaluations
        for result in e.results
        for place in result.places
        if place.seen
    ]


def by_rule(found: Sequence[Candidate], rng: random.Random, *, each: int = 1) -> Iterator[Candidate]:
    """Candidates in random order, at most so many `each` rule: one of many places comes no sooner than one of few."""
    grouped: dict[str, list[Candidate]] = {}
    for candidate in found:
        grouped.setdefault(candidate.rule.id, []).append(candidate)
    groups = list(grouped.values())
    rng.shuffle(groups)
    for group in groups:
        yield from rng.sample(group, min(each, len(group)))


class Selection:
    """Questions as they are gathered, with the facts they need, within a number of sentences."""

    def __init__(self, scope: Support, needed: Callable[[Support], Support], most: int) -> None:
        self.chosen: list[Candidate] = []
        self.barred: set[Fact] = set()  # left out for a question to be open
        self.facts = needed(scope)
        self._needed, self._most = needed, most

    def add(self, found: Sequence[Candidate], rng: random.Random, *, look: int = 8) -> bool:
        """Add one of some candidates about another rule, the one of a few that needs the fewest facts."""
        asked = {c.rule.id for c in self.chosen}
        best: tuple[Candidate, Support] | None = None
        for candidate in _first(look, by_rule([c for c in found if c.rule.id not in asked], rng)):
            facts = self.facts | self._needed(candidate.facts())
            if (
                sentences(facts) <= self._most
                and not self.barred & facts
                and (best is None or len(facts) < len(best[1]))
            ):
                best = candidate, facts
        if best is not None:
            self.chosen.append(best[0])
            self.facts = best[1]
        return best is not None

    @property
    def mixed(self) -> bool:
        """Whether some are in conflict and others are not."""
        outcomes = {c.outcome for c in self.chosen}
        return Outcome.CONFLICT in outcomes and bool(outcomes & set(SETTLED[1:]))


def _first(number: int, items: Iterator[Candidate]) -> Iterator[Candidate]:
    for _, item in zip(range(number), items, strict=False):
        yield item


def open_kind(candidate: Candidate) -> str:
    """What an open outcome waits for, if that can be told: `excuse`, `law`, `fact`; else nothing."""
    if candidate.outcome not in (Outcome.UNDECIDED, Outcome.UNLESS_EXCUSED):
        return ""
    grounds = candidate.evaluation.grounds(candidate.rule, candidate.place)
    if len(grounds.open) > FEW_OPEN or not (grounds.open or grounds.unsettled):
        return ""
    if candidate.outcome is Outcome.UNLESS_EXCUSED:
        return "excuse"
    return "fact" if grounds.open else "law"
