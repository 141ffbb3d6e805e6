"""Labels counted: shares, how far they would move with other cases, and what chance would give.

Intervals are percentile bootstraps over cases, because the labels of one case stand or fall together (Efron and
Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). The baseline shuffles designs over cases: whoever found
violations by being in conflict with everything would find as many in the wrong design. No case keeps its own design,
and labels are read without their places, which another design does not have; beside the baseline stands what the own
designs give when they are read like that. All is seeded.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy_eval.cases.holdings import Case
from policy_eval.cases.matching import Bench, Judged
from policy_eval.vocabulary.cases import COUNTED, OF_CLEARED, OF_VIOLATED, Finding, Match

ROUNDS, SEED = 1000, 2018
FEW = 5  # cases below which no interval is given
TERMS: Mapping[Finding, tuple[Match, ...]] = {Finding.VIOLATED: OF_VIOLATED, Finding.CLEARED: OF_CLEARED}
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """How many labels of a kind there are, with shares from 0 to 1.

    `interval` holds the middle 95 percent over cases, None where cases are few or all alike, for then it would show
    certainty that is not there; `unplaced` is the share with places dropped, and `shuffled` with designs dealt out anew
    besides, on average and for the middle 95 percent, None where there is no other design.
    """

    count: int
    share: float
    interval: Range | None
    unplaced: float
    shuffled: float | None
    shuffled_range: Range | None


@dataclass(frozen=True, slots=True)
class Side:
    """The labels of one polarity: how many, by result, and how many are in conflict excused or not."""

    labels: int
    by_match: Mapping[Match, Share]
    in_conflict: Share


@dataclass(frozen=True, slots=True)
class Tally:
    """What labels of full and interpretive weight come to: overall, by set, by provision."""

    overall: Mapping[Finding, Side]
    sets: Mapping[str, Mapping[Finding, Side]]
    provisions: Mapping[str, Mapping[Finding, Side]]


def counted(judged: Judged) -> bool:
    """Whether a label counts in totals."""
    return judged.case.weight(judged.label) in COUNTED


def tally(judged: Sequence[Judged], bench: Bench) -> Tally:
    """Count labels; `judged` may hold any, those of other weights are left aside."""
    labels = [j for j in judged if counted(j)]
    own = [bench.elsewhere(j.label, j.case, j.case.design) for j in labels]
    shuffles = _shuffles(labels, bench)

    def group(chosen: Iterable[int]) -> Mapping[Finding, Side]:
        kept = list(chosen)
        return {f: _side(f, labels, [i for i in kept if labels[i].label.finding is f], own, shuffles) for f in Finding}

    sets = dict.fromkeys(j.label.set for j in labels if j.label.set)
    names = sorted({j.label.provision for j in labels}, key=_natural)
    return Tally(
        group(range(len(labels))),
        {s: group(i for i, j in enumerate(labels) if j.label.set == s) for s in sets},
        {p: group(i for i, j in enumerate(labels) if j.label.provision == p) for p in names},
    )


def _natural(provision: str) -> list[tuple[int, str]]:
    """Sorts Article 9 before Article 10."""
    return [(int(t), "") if t.isdigit() else (-1, t) for t in re.findall(r"\d+|\D+", provision)]


def _side(
    finding: Finding, labels: Sequence[Judged], chosen: Sequence[int], own: Sequence[Match], shuffles: list[list[Match]]
) -> Side:
    """One polarity of a group of labels, given by position."""
    by_case: dict[str, list[Match]] = {}
    for i in chosen:
        by_case.setdefault(labels[i].case.id, []).append(labels[i].match)
    found = Counter(labels[i].match for i in chosen)
    unplaced = Counter(own[i] for i in chosen)
    terms = TERMS[finding]
    resampled = _resample([Counter(m) for m in by_case.values()], terms) if len(by_case) >= FEW else []
    chance = [Counter(s[i] for i in chosen) for s in shuffles]

    def share(kinds: Sequence[Match]) -> Share:
        def of(counts: Mapping[Match, int]) -> float:
            total = sum(counts.values())
            return sum(counts.get(k, 0) for k in kinds) / total if total else 0.0

        whole = of(found)
        by_chance = sorted(of(c) for c in chance)
        return Share(
            sum(found[k] for k in kinds),
            whole,
            _middle(sorted(of(c) for c in resampled)) if 0 < whole < 1 else None,
            of(unplaced),
            sum(by_chance) / len(by_chance) if by_chance else None,
            _middle(by_chance),
        )

    conflict = (terms[0], terms[1]) if finding is Finding.VIOLATED else (terms[2], terms[3])
    return Side(len(chosen), {t: share((t,)) for t in terms}, share(conflict))


def _resample(cases: Sequence[Mapping[Match, int]], terms: Sequence[Match]) -> list[dict[Match, int]]:
    """Counts over as many cases drawn with replacement, many times."""
    dice = random.Random(SEED)
    drawn = [dice.choices(cases, k=len(cases)) for _ in range(ROUNDS)]
    return [{t: sum(c.get(t, 0) for c in sample) for t in terms} for sample in drawn]


def _shuffles(labels: Sequence[Judged], bench: Bench) -> list[list[Match]]:
    """What each label would be with the designs dealt out anew over the cases, none its own, many times."""
    cases: dict[str, Case] = {j.case.id: j.case for j in labels if j.label.set in bench.sets}
    ids = list(cases)
    if len(ids) < 2:
        return []
    table = [{i: bench.elsewhere(j.label, j.case, cases[i].design) for i in ids} for j in labels]
    dice = random.Random(SEED)
    rounds = []
    for _ in range(ROUNDS):
        dealt = dict(zip(ids, _deranged(ids, dice), strict=True))
        rounds.append([row[dealt.get(j.case.id, ids[0])] for j, row in zip(labels, table, strict=True)])
    return rounds


def _deranged(ids: Sequence[str], dice: random.Random) -> list[str]:
    """An order in which nobody stands in their own place; one draw in about three is such."""
    while True:
        order = dice.sample(ids, len(ids))
        if all(a != b for a, b in zip(ids, order, strict=True)):
            return order


def _middle(ordered: Sequence[float]) -> Range | None:
    """The bounds of the middle 95 percent of sorted values; None if there are none."""
    if not ordered:
        return None
    last = len(ordered) - 1
    return (ordered[round(0.025 * last)], ordered[round(0.975 * last)])
