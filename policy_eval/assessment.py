"""The run of `evaluate` and `compare`: designs under sets -> a report as each format wants it, on all cores.

Each design is told by itself, in this process or another; what is told of it travels, evaluations do not.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policy_eval import comparison
from policy_eval.comparison import Standing
from policy_eval.design.evidence import narrow
from policy_eval.design.loading import DesignFile
from policy_eval.evaluation import Engine, Evaluation, Judge, Judges, engine_in_use
from policy_eval.lens import LensFile
from policy_eval.principle import PrincipleSet, ProfileFile
from policy_eval.report import Detail, Wants, assemble, within
from policy_eval.report.assemble import Told
from policy_eval.report.wire import ReportV1
from policy_eval.vocabulary.header import DesignKind
from policy_eval.vocabulary.law import FactsLevel, Reading

if TYPE_CHECKING:
    from policy_eval.batch import Crew  # a report on few designs must not pay for it


@dataclass(frozen=True, slots=True)
class Input:
    """A design, and the day whose law counts; None for that of each set's text."""

    file: DesignFile
    day: dt.date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be told of each design: on which facts, read how, seen through which lenses, in which details."""

    facts: FactsLevel
    reading: Reading
    lenses: tuple[LensFile, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessed:
    """A design as it is told in each detail; `evaluations` only where something is to be found between them."""

    told: tuple[Told, ...]
    standings: tuple[Standing, ...]
    evaluations: tuple[Evaluation, ...]


class Assessor:
    """Assesses designs as asked."""

    def __init__(self, asked: Asked, judges: Judges) -> None:
        self.asked, self.judges = asked, judges

    def assess(self, given: Input) -> Assessed:
        """A design judged under every set, beside the verdict on its undisputed facts alone where it is a real one."""
        judges = self.judges.on(given.day)
        evaluations = tuple(j.evaluate(given.file, facts=self.asked.facts, reading=self.asked.reading) for j in judges)
        undisputed = [self._undisputed(j, e) for j, e in zip(judges, evaluations, strict=True)]
        return Assessed(
            tuple(assemble.told(evaluations, undisputed, d, self.asked.lenses) for d in self.asked.details),
            tuple(Standing.of(e) for e in evaluations),
            evaluations,
        )

    def _undisputed(self, judge: Judge, found: Evaluation) -> Evaluation | None:
        if self.asked.facts is not FactsLevel.ALL or found.design.kind is not DesignKind.REAL:
            return None
        if narrow(found.design, FactsLevel.UNDISPUTED) is found.design:
            return found
        return judge.evaluate(found.file, facts=FactsLevel.UNDISPUTED, reading=self.asked.reading)


def reports(
    inputs: Sequence[Input],
    judges: Judges,
    asked: Asked,
    wants: Iterable[Wants],
    *,
    comparing: bool = False,
    crew: Crew | None = None,
) -> dict[Wants, ReportV1]:
    """A report for each that is wanted; designs are assessed by the processes of a crew, or by this one.

    Where designs are compared and reasons are wanted, all are judged in this process: reasons are found between
    evaluations.
    """
    number = len(inputs) * len(judges.sets)
    details = {w: w.detail(number) for w in wants}
    asked = replace(asked, details=tuple(dict.fromkeys(details.values())))
    reasons = {w: comparing and within(len(inputs), w.reasons) for w in details}
    between = any(reasons.values()) or len(inputs) == 1
    if crew is None or between:
        assessed = _here(inputs, judges, asked, between)
    else:
        assessed = _elsewhere(inputs, judges, asked, crew)
    return {
        w: _report([a.told[asked.details.index(d)] for a in assessed], assessed, judges, comparing, reasons[w])
        for w, d in details.items()
    }


def _report(
    told: Sequence[Told], assessed: Sequence[Assessed], judges: Judges, comparing: bool, reasons: bool
) -> ReportV1:
    make = functools.partial(assemble.report, told, judges.sets, judges.profile, engine_in_use(judges.engine))
    if not comparing:
        return make()
    if len(assessed) == 1:
        return make(across=comparison.across(assessed[0].evaluations))
    by_set = zip(*(a.standings for a in assessed), strict=True)
    behind = zip(*(a.evaluations for a in assessed), strict=True) if reasons else [()] * len(judges.sets)
    return make(comparisons=[comparison.compare_standings(s, e) for s, e in zip(by_set, behind, strict=True)])


def _here(inputs: Sequence[Input], judges: Judges, asked: Asked, between: bool) -> list[Assessed]:
    """By this process; evaluations are kept where something is to be found between them."""
    found = map(Assessor(asked, judges).assess, inputs)
    return [a if between else replace(a, evaluations=()) for a in found]


def _elsewhere(inputs: Sequence[Input], judges: Judges, asked: Asked, crew: Crew) -> list[Assessed]:
    # The sets travel: others judge by the same rules even where files change meanwhile.
    prepare = functools.partial(_prepare, asked, tuple(judges.sets), judges.profile, judges.engine)
    return [*crew.over(inputs, _assess, prepare)]


_assessor: Assessor | None = None


def _prepare(asked: Asked, sets: tuple[PrincipleSet, ...], profile: ProfileFile, engine: Engine) -> None:
    global _assessor
    _assessor = Assessor(asked, Judges(sets, profile, engine))


def _assess(given: Input) -> Assessed:
    assert _assessor is not None
    return replace(_assessor.assess(given), evaluations=())
