"""A report with names and places alone, for logs that others can read: no text, no value, nobody's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from policy_eval.report.check.wire import CheckedV1, CheckV1, DecisionV1, FindingAtV1, ProblemV1


class _Redacted:
    """Evaluations without what designs say."""

    def __init__(self, evaluations: Iterable[CheckedV1]) -> None:
        self._evaluations = evaluations

    def __iter__(self) -> Iterator[CheckedV1]:
        return map(_evaluation, self._evaluations)


def ids_only(report: CheckV1) -> CheckV1:
    """The same report, of which people may read only ids, paths and the words of rules."""
    base = report.base and replace(report.base, lost=[replace(x, before="") for x in report.base.lost])
    return replace(
        report,
        invalid=[_problem(p) for p in report.invalid],
        decisions=[_decision(d) for d in report.decisions],
        base=base,
        evaluations=_Redacted(report.evaluations),
    )


def _evaluation(e: CheckedV1) -> CheckedV1:
    return replace(
        e,
        design_title=e.design,
        as_if=None,
        scope=replace(e.scope, evidence=[]),
        findings=[_finding(f) for f in e.findings],
    )


def _finding(f: FindingAtV1) -> FindingAtV1:
    return replace(f, message="", evidence=[], derivation=[], duty_holders=[])


def _problem(p: ProblemV1) -> ProblemV1:
    return replace(p, message="the input cannot be used", help="run the check where its details may be read")


def _decision(d: DecisionV1) -> DecisionV1:
    return replace(d, reason="", owner="", approved_by="")
