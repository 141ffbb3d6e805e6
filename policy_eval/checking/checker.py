"""A design at the gate: file -> verdicts by set, and what became of what is on file about it.

What a check needs is settled in a `Plan`, which travels to the workers, sets and all: they judge by the same rules even
where files change meanwhile. Each design comes back as `Checked`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from policy_eval import batch, library
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput, Problem
from policy_eval.evaluation import Engine, Evaluation, Judges
from policy_eval.gate.baseline import Baseline, NewBaseline
from policy_eval.gate.decisions import Covered, Decision, Decisions, State
from policy_eval.gate.judging import Cover, Found, Threshold, found_at, gate
from policy_eval.principle import PrincipleSet, ProfileFile
from policy_eval.report.check import assemble
from policy_eval.report.check.wire import CheckedV1

Entry = TypeVar("Entry")
_FEW = 24  # designs that are judged before another process would be ready


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of each design. `day` is the day whose law counts, None for that of each set's text."""

    sets: tuple[PrincipleSet, ...]
    profile: ProfileFile
    engine: Engine
    day: dt.date | None
    by_period: bool
    today: dt.date
    threshold: Threshold
    decisions: tuple[Decision, ...] = ()
    ignore_decisions: bool = False
    baseline: Baseline | NewBaseline | None = None
    derivations: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A design at the gate: its id, or why it cannot be judged; and what became of what is on file about it.

    `states` and `stale` go by the positions of decisions and of entries of the baseline.
    """

    path: str
    design: str | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    evaluations: tuple[CheckedV1, ...] = ()
    states: dict[int, State] = field(default_factory=dict)
    covering: frozenset[int] = frozenset()
    stale: frozenset[int] = frozenset()


class Checker:
    """Checks designs by a plan; the sets are made ready once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.decisions = Decisions(plan.decisions, plan.today)
        self.covers: list[Cover] = [] if plan.ignore_decisions else [self.decisions]
        self.covers += [plan.baseline] if plan.baseline else []
        # A thousand designs are not each to be looked for among all that is on file.
        self._decided = _by_design((n, d.text.design, d) for n, d in enumerate(self.decisions.entries))
        recorded = plan.baseline.findings if plan.baseline else ()
        self._recorded = _by_design((n, x.design, x) for n, x in enumerate(recorded))
        self._judges = Judges(plan.sets, plan.profile, plan.engine)

    def check(self, path: str) -> Checked:
        """Judge the design at a path under every set."""
        asked = self.plan.threshold
        try:
            file = library.load_design(path)
            day = self._day(file)
            evaluations = [j.evaluate(file, reading=asked.reading) for j in self._judges.on(day)]
            self._anything(file, evaluations)
        except InvalidInput as error:
            return Checked(path, None, problems=error.problems)
        gates = [gate(e, asked, self.covers) for e in evaluations]
        by_set = {e.principles.id: e for e in evaluations}
        covering, stale = self._baseline(file.design.id, by_set)
        return Checked(
            path,
            file.design.id,
            warnings=file.warnings,
            evaluations=tuple(assemble.checked(g, asked, derivations=self.plan.derivations) for g in gates),
            states=self._states(file.design.id, by_set),
            covering=covering,
            stale=stale,
        )

    def _day(self, file: DesignFile) -> dt.date | None:
        """The day whose law counts; a draft judged by the law of its own day has to say which that is."""
        if not self.plan.by_period:
            return self.plan.day
        period = file.design.period
        if period is None or period.until is None:
            problem = Problem(
                "the design states no last day of a `period`, and it is to be judged by the law of that day",
                file.span_of(("period",)),
                "add `period: {until: 2026-12-31}`, or give `--as-of` a date",
            )
            raise InvalidInput([problem])
        return period.until

    def _anything(self, file: DesignFile, evaluations: Sequence[Evaluation]) -> None:
        """Refuse a day of the design's own on which there was no law to judge it by.

        Who drafts a design chooses its period, and is not to open the gate by dating it back. The day of `--as-of DATE`
        is chosen by who puts up the gate.
        """
        looks_at = self.plan.threshold.looks_at
        if not self.plan.by_period or any(looks_at(r) for e in evaluations for r in e.results):
            return
        problem = Problem(
            f"no rule was in force on {evaluations[0].as_of}, the last day of the design's `period`",
            file.span_of(("period", "until")),
            "give `--as-of` the date whose law is to count, or the period its right end",
        )
        raise InvalidInput([problem])

    def _states(self, design: str, by_set: dict[str, Evaluation]) -> dict[int, State]:
        """What became of the decisions about a design."""
        states = {}
        for number, decision in self._decided.get(design, ()):
            evaluation = by_set.get(decision.text.rule.split("/")[0])
            if evaluation is not None:
                found = found_at(evaluation, decision.text.rule, decision.text.at)
                states[number] = self._state(number, decision, found)
        return states

    def _state(self, number: int, decision: Decision, found: Found) -> State:
        if self.plan.ignore_decisions:
            return State.IGNORED
        if late := self.decisions.out_of_time(number):
            return late
        if found is Found.GONE:
            return State.STALE
        only_missing = decision.text.covers is Covered.MISSING_FACTS
        used = found is Found.FACTS_MISSING or (found is Found.CONFLICT and not only_missing)
        return State.COVERS if used else State.UNUSED

    def _baseline(self, design: str, by_set: dict[str, Evaluation]) -> tuple[frozenset[int], frozenset[int]]:
        """Entries of the baseline about a design: those whose finding is still there, and those of no use."""
        covering, stale = set[int](), set[int]()
        for number, entry in self._recorded.get(design, ()):
            evaluation = by_set.get(entry.rule.split("/")[0])
            if evaluation is not None:
                there = found_at(evaluation, entry.rule, entry.place) in (Found.CONFLICT, Found.FACTS_MISSING)
                (covering if there else stale).add(number)
        return frozenset(covering), frozenset(stale)


def _by_design(entries: Iterable[tuple[int, str, Entry]]) -> dict[str, list[tuple[int, Entry]]]:
    """What is on file by the design it is about, with its position."""
    found: dict[str, list[tuple[int, Entry]]] = {}
    for number, design, entry in entries:
        found.setdefault(design, []).append((number, entry))
    return found


_checker: Checker | None = None


def _prepare(plan: Plan) -> None:
    global _checker
    _checker = Checker(plan)


def _check(path: str) -> Checked:
    assert _checker is not None
    return _checker.check(path)


def check_all(plan: Plan, paths: list[str], jobs: int | None = None) -> Iterator[Checked]:
    """Designs at the gate, in the order of their paths; many of them on all cores unless `jobs` says how many."""
    wanted = min(jobs or (batch.cores() if len(paths) > _FEW else 1), len(paths))
    if wanted <= 1:
        yield from map(Checker(plan).check, paths)
        return
    with batch.Crew(wanted, __name__) as crew:
        yield from crew.over(paths, _check, functools.partial(_prepare, plan))
