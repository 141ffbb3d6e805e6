"""Tasks in which things are to be found: which claim is which, and what the answer earns as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from policy_eval.teaching.key import ALL, NOTHING
from policy_eval.teaching.marking import AspectMark, Part, TaskGrade, mark_of, weighed
from policy_eval.vocabulary.teaching import Mark

Item = TypeVar("Item")
Claimed = TypeVar("Claimed")
Fit = tuple[Fraction, tuple[AspectMark, ...]]  # how exactly something is named, and how far each aspect is right


def discovered(
    task: str,
    key: Sequence[Item],
    given: Sequence[Claimed],
    *,
    fit: Callable[[Item, Claimed], Fit | None],
    join: Callable[[Claimed, Claimed], Claimed],
    found: Callable[[Item, Claimed], Part],
    missed: Callable[[Item], Part],
    elsewhere: Callable[[Claimed], Part],
) -> TaskGrade:
    """The marks of an answer to a task in which things are to be found.

    What is right counts out of all there is to be found and all that was claimed without ground: whoever claims
    everything finds everything, and earns little. Further claims of the same thing are joined to the one it is credited
    to. Reasons against the engine cost nothing, up to as many as there are things to be found; what more of them take
    away, a person may give back.
    """
    taken, rest = _told_apart(key, given, fit, join)
    others = _honest([elsewhere(claim) for claim in rest])
    marks = Counter(p.mark for p in others)
    without = len(key) + marks[Mark.UNFOUNDED]
    whole = without + max(0, marks[Mark.FOR_A_PERSON] - len(key))
    parts = []
    for number, item in enumerate(key):
        share, part = NOTHING, missed(item)
        if number in taken:
            named, aspects = fit(item, taken[number]) or (NOTHING, ())
            share = weighed(named, aspects)
            part = replace(found(item, taken[number]), mark=mark_of(share), aspects=aspects)
        parts.append(replace(part, share=share / whole, worth=Fraction(1, whole), pending=part.pending and share < ALL))
    earned = sum((p.share for p in parts), NOTHING)
    open_ = sum((p.worth - p.share for p in parts if p.pending), NOTHING)
    pending = (earned + open_) * Fraction(whole, without) - earned
    return TaskGrade(task, earned, (*parts, *others), answered=bool(given), pending=pending)


def _told_apart(
    key: Sequence[Item],
    given: Sequence[Claimed],
    fit: Callable[[Item, Claimed], Fit | None],
    join: Callable[[Claimed, Claimed], Claimed],
) -> tuple[dict[int, Claimed], list[Claimed]]:
    """The claim of each thing that is named, by number, and the claims of nothing that is to be found."""
    fits = {(i, k): f for i, claim in enumerate(given) for k, item in enumerate(key) if (f := fit(item, claim))}
    numbers = assigned({pair: weighed(*f) for pair, f in fits.items()})
    taken = {k: given[i] for k, i in sorted(numbers.items())}
    rest = []
    for i, claim in enumerate(given):
        if i in numbers.values():
            continue
        same = next((k for k in taken if (i, k) in fits), None)
        if same is None:
            rest.append(claim)
        else:
            taken[same] = join(taken[same], claim)
    return taken, rest


def _honest(parts: Sequence[Part]) -> list[Part]:
    """Parts whose reasons are their own: one text for many findings is no reason for any of them."""
    times = Counter(p.reasoning for p in parts if p.mark is Mark.FOR_A_PERSON)
    return [
        replace(p, mark=Mark.UNFOUNDED, pending=False) if p.mark is Mark.FOR_A_PERSON and times[p.reasoning] > 1 else p
        for p in parts
    ]


def assigned(credit: Mapping[tuple[int, int], Fraction]) -> dict[int, int]:
    """Which claim answers which issue, each of both once, so that they earn the most together. Issue to claim.

    `credit` says what each pair would earn; pairs that do not belong together are not in it. The pairs are made longer
    by one at a time along the chain of exchanges that gains the most (a matching of greatest weight).
    """
    found: dict[int, int] = {}
    claims = sorted({claim for claim, _ in credit})
    while True:
        gain = {claim: NOTHING for claim in claims if claim not in found.values()}
        came: dict[int, int] = {}  # by issue the claim it would be given to
        best: dict[int, Fraction] = {}
        for _ in range(len(found) + 1):
            for (claim, issue), worth in sorted(credit.items()):
                if claim not in gain or found.get(issue) == claim:
                    continue
                if issue not in best or gain[claim] + worth > best[issue]:
                    best[issue], came[issue] = gain[claim] + worth, claim
                    if issue in found:
                        gain[found[issue]] = best[issue] - credit[found[issue], issue]
        ends = [issue for issue in best if issue not in found and best[issue] > 0]
        if not ends:
            return found
        issue = max(ends, key=lambda i: (best[i], -i))
        while True:
            claim = came[issue]
            before = next((i for i, c in found.items() if c == claim), None)
            found[issue] = claim
            if before is None:
                break
            del found[before]
            issue = before
