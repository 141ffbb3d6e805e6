"""Decided cases on the wire: what every format of the `cases` command reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy_eval import __version__
from policy_eval.cases.holdings import Case
from policy_eval.cases.matching import Bench, Judged
from policy_eval.cases.tally import ROUNDS, SEED, Share, Side, tally
from policy_eval.findings import CONFLICTS
from policy_eval.vocabulary.cases import COUNTED, Finding, LabelWeight
from policy_eval.vocabulary.law import Outcome

Counts = dict[str, dict[str, int]]
Ranges = dict[str, dict[str, tuple[float, float] | None]]


@dataclass(frozen=True, slots=True)
class LabelV1:
    """One label: a holding and what the engine makes of it."""

    case: str
    name: str
    set: str | None
    provision: str
    aspect: list[str]
    place: list[str]
    party: str | None
    polarity: str
    weight: str
    basis: str
    result: str
    rule: str | None
    open: list[str]
    unsettled: list[str]
    note: str | None
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class ChanceV1:
    """What chance gives: the share of the own designs with places dropped, and of designs dealt out anew.

    The latter on average and for the middle 95 percent; null where there is no other design.
    """

    own_unplaced: float
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SharesV1:
    """Beside counts: how many labels, bootstrap intervals of shares, and shares after shuffling.

    `in_conflict` sums what is found (or contradicted), excused or not. No interval: few cases, or all alike.
    """

    labels: dict[str, int]
    in_conflict: dict[str, int]
    intervals: Ranges
    shuffled: dict[str, dict[str, ChanceV1]]


@dataclass(frozen=True, slots=True)
class CaseV1:
    """A case, its design, and how many rules of a set conflict with it."""

    case: str
    name: str
    design: str
    title: str
    set: str
    conflicts: int
    unless_excused: int


@dataclass(frozen=True, slots=True)
class CasesV1:
    """Labels of decided cases against outcomes; totals count labels of full and interpretive weight."""

    schema_version: int
    tool: str
    rounds: int
    seed: int
    totals: Counts
    sets: dict[str, Counts]
    provisions: dict[str, Counts]
    apart: dict[str, Counts]
    shares: SharesV1
    shares_of_sets: dict[str, SharesV1]
    shares_of_provisions: dict[str, SharesV1]
    cases: list[CaseV1]
    labels: list[LabelV1]


def report(cases: Sequence[Case], judged: Sequence[Judged], bench: Bench) -> CasesV1:
    """Everything the formats show."""
    counts = tally(judged, bench)
    return CasesV1(
        schema_version=1,
        tool=f"policy_eval {__version__}",
        rounds=ROUNDS,
        seed=SEED,
        totals=_counts(counts.overall),
        sets={s: _counts(sides) for s, sides in counts.sets.items()},
        provisions={p: _counts(sides) for p, sides in counts.provisions.items()},
        apart={w.value: _apart(judged, w) for w in LabelWeight if w not in COUNTED},
        shares=_shares(counts.overall),
        shares_of_sets={s: _shares(sides) for s, sides in counts.sets.items()},
        shares_of_provisions={p: _shares(sides) for p, sides in counts.provisions.items()},
        cases=[row for case in cases for row in _case(case, judged, bench)],
        labels=[_label(j) for j in judged],
    )


def _counts(sides: Mapping[Finding, Side]) -> Counts:
    return {f.value: {m.value: s.count for m, s in side.by_match.items()} for f, side in sides.items()}


def _apart(judged: Sequence[Judged], weight: LabelWeight) -> Counts:
    found: Counts = {f.value: {} for f in Finding}
    for j in judged:
        if j.case.weight(j.label) is weight:
            side = found[j.label.finding.value]
            side[j.match.value] = side.get(j.match.value, 0) + 1
    return found


def _shares(sides: Mapping[Finding, Side]) -> SharesV1:
    return SharesV1(
        labels={f.value: side.labels for f, side in sides.items()},
        in_conflict={f.value: side.in_conflict.count for f, side in sides.items()},
        intervals={f.value: {name: _rounded(s.interval) for name, s in _named(side)} for f, side in sides.items()},
        shuffled={f.value: {name: _chance(s) for name, s in _named(side)} for f, side in sides.items()},
    )


def _named(side: Side) -> list[tuple[str, Share]]:
    return [*((m.value, s) for m, s in side.by_match.items()), ("in_conflict", side.in_conflict)]


def _chance(share: Share) -> ChanceV1:
    low, high = _rounded(share.shuffled_range) or (None, None)
    mean = None if share.shuffled is None else round(share.shuffled, 4)
    return ChanceV1(round(share.unplaced, 4), mean, low, high)


def _rounded(bounds: tuple[float, float] | None) -> tuple[float, float] | None:
    return bounds and (round(bounds[0], 4), round(bounds[1], 4))


def _case(case: Case, judged: Sequence[Judged], bench: Bench) -> list[CaseV1]:
    """A row for each set that labels of the case speak of."""
    sets = dict.fromkeys(j.label.set for j in judged if j.case.id == case.id and j.label.set in bench.sets)
    rows = []
    for name in sets:
        if name is not None:
            found = [r.outcome for r in bench.evaluate(name, case.design, case.text.law_of).results]
            unless = found.count(Outcome.UNLESS_EXCUSED)
            conflicts = sum(o in CONFLICTS for o in found) - unless
            design = case.design.design
            rows.append(CaseV1(case.id, case.text.name, design.id, design.title, name, conflicts, unless))
    return rows


def _label(j: Judged) -> LabelV1:
    label = j.label
    return LabelV1(
        case=j.case.id,
        name=j.case.text.name,
        set=label.set,
        provision=label.provision,
        aspect=list(label.aspect),
        place=list(label.at),
        party=label.party,
        polarity=label.finding.value,
        weight=j.case.weight(label).value,
        basis=label.basis.value,
        result=j.match.value,
        rule=j.rule,
        open=list(j.open),
        unsettled=list(j.unsettled),
        note=label.note,
        superseded_by=label.superseded_by or j.case.text.superseded_by,
    )
