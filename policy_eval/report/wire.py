"""The wire model, version 1: everything a report shows, as plain frozen values.

Formats read this and nothing else. Shares and coverage run from 0 to 1, scores from 0 to 100; None
where there is none. Values are without slots: many of them travel between processes, and slots double
the time that takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy_eval.report.wire_designs import DesignV1

SCHEMA_VERSION = 1
METHOD = "1"
DISCLAIMER = (
    "A model of rules applied to stated facts as of a date. Not legal advice, and not a finding about anyone's conduct."
)
PRESENT = "stated"  # the value of evidence that cites a part as a whole: that it is there


@dataclass(frozen=True)
class LocationV1:
    """A stretch of a file; lines and columns count from 1, ends are exclusive, 0 stands for the file as a whole."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class StepV1:
    """A step of a derivation: what was asked or is stated, and where; `depth` counts from 0."""

    text: str
    depth: int
    location: LocationV1 | None


@dataclass(frozen=True)
class EvidenceV1:
    """A fact that decides, where it is stated and how firmly it stands."""

    path: str
    value: str
    file: str
    line: int
    column: int
    status: str


@dataclass(frozen=True)
class ExceptionV1:
    """An exception that was tried: `state` is holds, fails or open."""

    id: str
    title: str
    state: str
    burden: str


@dataclass(frozen=True)
class PlaceV1:
    """A rule's outcome at one place; an unseen place stands for what is not stated."""

    binding: dict[str, str]
    seen: bool
    outcome: str
    possible: list[str]
    message: str
    evidence: list[EvidenceV1]
    open: list[str]
    unsettled: list[str]
    exceptions: list[ExceptionV1]
    would_excuse: list[str]
    derivation: list[StepV1]


@dataclass(frozen=True)
class GroundV1:
    """An authority with its pinpoint."""

    instrument: str
    at: str
    id: str | None
    url: str | None
    verified: str
    status_checked: str


@dataclass(frozen=True)
class RuleV1:
    """A rule that findings are about."""

    id: str
    set: str
    set_title: str
    title: str
    principle: str
    severity: str
    severity_because: str
    status: str
    duty_of: str | None
    rationale: str
    remedy: str
    grounds: list[GroundV1]
    exceptions: dict[str, str]


@dataclass(frozen=True)
class FindingV1:
    """A rule's outcome for a design; `outcomes` counts its stated places by what they come to, also those not given."""

    rule: str
    title: str
    principle: str
    severity: str
    weight: float
    outcome: str
    possible: list[str]
    not_demonstrated: bool
    law_unsettled: bool
    cause: str | None
    duty_of: str | None
    duty_holders: list[str]
    open: list[str]
    unsettled: list[str]
    outcomes: dict[str, int]
    places: list[PlaceV1]
    grounds: list[GroundV1]
    message: str
    remedy: str


@dataclass(frozen=True)
class CauseV1:
    """Facts that one or more conflicts hang on."""

    id: str
    facts: list[EvidenceV1]
    rules: list[str]


@dataclass(frozen=True)
class BandV1:
    """The band as it stands and at its ends; `because`: the rules that make it so."""

    standing: str
    best: str
    worst: str
    because: list[str]


@dataclass(frozen=True)
class ScoreV1:
    """The score as it stands and its bounds."""

    standing: float | None
    worst: float | None
    best: float | None
    may_be_none: bool


@dataclass(frozen=True)
class BurdenV1:
    """Weight of conflicts."""

    established: float
    standing: float
    worst: float


@dataclass(frozen=True)
class ScopeV1:
    """Whether the set covers the design."""

    outcome: str
    open: list[str]
    unsettled: list[str]
    evidence: list[EvidenceV1]


@dataclass(frozen=True)
class PrincipleV1:
    """The numbers of one principle."""

    principle: str
    counts: dict[str, int]
    score: ScoreV1
    burden: BurdenV1
    coverage: float


@dataclass(frozen=True)
class OpenFactV1:
    """An open fact and the weight of the undecided rules it stands under."""

    path: str
    weight: float
    rules: list[str]


@dataclass(frozen=True)
class NotInForceV1:
    """A rule left aside because it is not in force on the day."""

    rule: str
    title: str
    effective_from: str | None
    effective_until: str | None
    status: str


@dataclass(frozen=True)
class UndisputedV1:
    """The verdict on a real design with disputed and announced facts taken as unknown."""

    band: BandV1
    score: ScoreV1
    burden: BurdenV1
    coverage: float
    outcomes: dict[str, str]


@dataclass(frozen=True)
class EvaluationV1:
    """One design under one set."""

    design: str
    design_title: str
    design_kind: str
    files: list[str]
    set: str
    set_title: str
    set_version: str
    set_kind: str
    as_of: str
    as_if: str | None
    facts: str
    reading: str
    scope: ScopeV1
    band: BandV1
    score: ScoreV1
    burden: BurdenV1
    coverage: float
    undisputed: UndisputedV1 | None
    principles: list[PrincipleV1]
    findings: list[FindingV1]
    causes: list[CauseV1]
    open_facts: list[OpenFactV1]
    not_in_force: list[NotInForceV1]
    operator_response: str | None


@dataclass(frozen=True)
class FactDifferenceV1:
    """A fact whose value differs, by design, and how firmly it stands in each."""

    path: str
    values: dict[str, str]
    statuses: dict[str, str]


@dataclass(frozen=True)
class PlaceDifferenceV1:
    """A place at which outcomes differ, by design; None where there is no such place."""

    binding: dict[str, str]
    outcomes: dict[str, str | None]


@dataclass(frozen=True)
class DifferenceV1:
    """A rule that comes to different outcomes, by design; None where it is not in force on the day."""

    rule: str
    title: str
    outcomes: dict[str, str | None]
    places: list[PlaceDifferenceV1]
    facts: list[FactDifferenceV1]


@dataclass(frozen=True)
class DominanceV1:
    """Whether one design dominates another."""

    better: str
    worse: str
    outcome: str
    settled_by: list[str]


@dataclass(frozen=True)
class ComparisonV1:
    """Designs side by side under one set."""

    set: str
    designs: list[str]
    order: list[list[str]]
    decided_in_all: int
    burden_on_decided: dict[str, float]
    dominance: list[DominanceV1]
    differences: list[DifferenceV1]


@dataclass(frozen=True)
class SharedFactV1:
    """A fact that conflicts under more than one set hang on, and the rules in conflict."""

    fact: EvidenceV1
    rules: list[str]


@dataclass(frozen=True)
class AcrossV1:
    """One design under several sets; nothing is summed or ordered across them."""

    design: str
    sets: list[str]
    facts: list[SharedFactV1]


@dataclass(frozen=True)
class CategoryV1:
    """A category of a lens asked of a design: outcomes of the rules that fall under it, facts, what is not stated.

    `beyond` says why no rule can cover the category, where that is so.
    """

    id: str
    title: str
    question: str
    beyond: str | None
    outcomes: dict[str, str]
    facts: list[EvidenceV1]
    unknown: list[str]


@dataclass(frozen=True)
class LensV1:
    """A design seen through an analytic framework; it judges nothing."""

    lens: str
    title: str
    design: str
    categories: list[CategoryV1]


@dataclass(frozen=True)
class ProfileV1:
    """The weights used, with their reasons."""

    id: str
    hash: str
    weights: dict[str, float]
    because: dict[str, str]
    enough_known: float
    enough_known_because: str


@dataclass(frozen=True)
class InstrumentV1:
    """A law, decision or guideline that rules cite by its short name, and what a full citation is made of."""

    short: str
    kind: str | None
    title: str | None
    author: str | None
    number: str | None
    date: str | None
    report: str | None
    id: str | None
    url: str | None
    note: str | None


@dataclass(frozen=True)
class ReportV1:
    """A whole report."""

    schema_version: int
    tool: str
    method: str
    profile: ProfileV1
    as_of: str
    engine: str
    disclaimer: str
    designs: list[DesignV1]
    rules: dict[str, RuleV1]
    instruments: dict[str, InstrumentV1]
    evaluations: list[EvaluationV1]
    comparison: list[ComparisonV1] | None = None
    across: AcrossV1 | None = None
    lenses: list[LensV1] | None = None
