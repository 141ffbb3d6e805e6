"""The wire model of a check, version 1: what formats of the gate read, as plain frozen values.

A check may cover many designs, so what belongs to one of them is read again from disk by each format that asks
(`CheckV1.evaluations` can be gone through any number of times). Lines and columns count from 1, ends are exclusive,
0 stands for a file as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy_eval.report.wire import BandV1, BurdenV1, EvidenceV1, ScopeV1, ScoreV1
from policy_eval.report.wire import LocationV1 as LocationV1
from policy_eval.report.wire import RuleV1 as RuleV1
from policy_eval.report.wire import StepV1 as StepV1

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class ProblemV1:
    """An input that cannot be used: what, where, and what to do about it."""

    message: str
    help: str
    location: LocationV1


@dataclass(frozen=True, slots=True)
class FindingAtV1:
    """A rule's outcome at one place of a design, and what it is to the gate.

    `standing` is against, not_demonstrated, deferred, disagreed, in_baseline, below_threshold or undecided (which does
    not count); `decision` is the position of the decision that covers it. `place` names the parts, `binding` which
    variable of the rule each is; a place that is not `seen` stands for what is not stated. `exceptions` says of each
    whether it holds, fails or is open. `fingerprint` stays the same while rule, design and place do.
    `beside` names, for a place that is not seen, those that are.
    """

    rule: str
    severity: str
    outcome: str
    standing: str
    place: list[str]
    binding: dict[str, str]
    seen: bool
    message: str
    location: LocationV1
    evidence: list[EvidenceV1]
    open: list[str]
    unsettled: list[str]
    exceptions: dict[str, str]
    would_excuse: list[str]
    duty_holders: list[str]
    fingerprint: str
    decision: int | None
    beside: list[str]
    derivation: list[StepV1]


@dataclass(frozen=True, slots=True)
class ScoreGateV1:
    """The score against the least one asked for; `floor` is what it cannot fall below, whatever the facts are."""

    needed: float
    standing: float | None
    floor: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class CheckedV1:
    """One design under one set, at the gate.

    `verdict` is clear, against or not_demonstrated; where it is clear, `clear_because` says why in words. `judged`
    counts the rules at the threshold, `outcomes` gives those of them alone.
    """

    design: str
    design_title: str
    file: str
    set: str
    set_title: str
    set_version: str
    as_of: str
    as_if: str | None
    scope: ScopeV1
    band: BandV1
    score: ScoreV1
    burden: BurdenV1
    coverage: float
    verdict: str
    clear_because: str
    judged: int
    counts: dict[str, int]
    score_gate: ScoreGateV1 | None
    outcomes: dict[str, str]
    findings: list[FindingAtV1]


@dataclass(frozen=True, slots=True)
class DecisionV1:
    """A decision on file and what became of it in this run.

    `state` is covers, unused, stale, expired, not_yet, elsewhere or ignored.
    """

    rule: str
    design: str
    place: list[str]
    kind: str
    reason: str
    owner: str
    approved_by: str
    date: str
    last_day: str
    reference: str
    state: str
    location: LocationV1


@dataclass(frozen=True, slots=True)
class EntryV1:
    """An entry of a baseline."""

    rule: str
    design: str
    place: list[str]


@dataclass(frozen=True, slots=True)
class BaselineV1:
    """A baseline and what became of it: how many findings it covers, entries of no use, entries not looked at."""

    file: str
    written: str
    age_days: int
    entries: int
    covering: int
    stale: list[EntryV1]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class LostFactV1:
    """A fact that was known at the revision compared with and is not any more."""

    design: str
    path: str
    before: str
    location: LocationV1


@dataclass(frozen=True, slots=True)
class BaseV1:
    """The revision compared with, the facts lost since, and the files of designs that are gone."""

    revision: str
    lost: list[LostFactV1]
    gone: list[str]
    fails: bool


@dataclass(frozen=True, slots=True)
class GateV1:
    """What the gate was asked, and in which settings file; `suppressed`: SARIF lists covered findings as suppressed."""

    settings: str | None
    fail_on: str
    min_score: float | None
    min_severity: str
    established_only: bool
    reading: str
    select: list[str]
    ignore: list[str]
    left_aside: int
    left_aside_critical: int
    fail_on_stale: bool
    exit_zero: bool
    suppressed: bool


@dataclass(frozen=True, slots=True)
class CheckV1:
    """A whole check.

    `code` is the exit code: 0 clear, 1 against, 2 invalid input, 4 not demonstrated; `verdict` what it would be but for
    `--exit-zero`.
    """

    schema_version: int
    tool: str
    method: str
    profile: str
    profile_hash: str
    engine: str
    today: str
    disclaimer: str
    gate: GateV1
    code: int
    verdict: int
    designs: int
    totals: dict[str, int]
    invalid: list[ProblemV1]
    rules: dict[str, RuleV1]
    decisions: list[DecisionV1]
    decisions_file: str | None
    baseline: BaselineV1 | None
    base: BaseV1 | None
    evaluations: Iterable[CheckedV1]
