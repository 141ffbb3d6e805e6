"""Decided cases as Markdown: the tables of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from policy_eval.report.cases import CasesV1, Counts, LabelV1, SharesV1
from policy_eval.vocabulary.cases import Finding, Match

SPOKEN = {m.value: m.value.replace("_", " ") for m in Match}


def write(report: CasesV1, out: TextIO) -> None:
    """Write the report as Markdown."""
    print("# Decided cases\n", file=out)
    print(f"{intervals(report)}\n", file=out)
    for part in (totals, provisions, per_case, labels):
        print("\n".join(part(report)), file=out)


def intervals(report: CasesV1) -> str:
    """How shares are to be read."""
    return (
        f"In brackets the middle 95 percent of {report.rounds:,} draws of cases, left out where cases are few or all "
        f"alike. After the slash what dealing designs out over the other cases gives, on average and for the middle "
        f"95 percent of {report.rounds:,} deals (seed {report.seed}). Another design has no such places, so labels are "
        f"read without them there; what the own designs give when read like that stands before the arrow."
    )


def totals(report: CasesV1) -> Iterator[str]:
    """Overall and by set, violated and cleared."""
    groups = {"overall": (report.totals, report.shares)}
    groups |= {s: (c, report.shares_of_sets[s]) for s, c in report.sets.items()}
    for finding in Finding:
        first = report.totals[finding.value]
        yield f"## Held {finding.value}\n"
        yield from _table(
            ["Labels of", "number", *(SPOKEN[m] for m in first)],
            (
                [name, str(shares.labels[finding.value]), *_cells(counts, shares, finding)]
                for name, (counts, shares) in groups.items()
                if shares.labels[finding.value]
            ),
        )
        yield ""
    rows = [(w, c) for w, c in report.apart.items() if any(c[f.value] for f in Finding)]
    if rows:
        yield (
            "Apart, in no total: "
            + "; ".join(f"{w} and held {f.value}: {_said(c[f.value])}" for w, c in rows for f in Finding if c[f.value])
            + "."
        )
        yield ""


def _cells(counts: Counts, shares: SharesV1, finding: Finding) -> Iterator[str]:
    number = shares.labels[finding.value]
    for match, count in counts[finding.value].items():
        cell = f"{count}: {_percent(count / number)}"
        if interval := shares.intervals[finding.value][match]:
            cell += f" [{_percent(interval[0])} to {_percent(interval[1])}]"
        chance = shares.shuffled[finding.value][match]
        if chance.mean is not None and chance.low is not None and chance.high is not None:
            cell += f" / {_percent(chance.own_unplaced)} → {_percent(chance.mean)}"
            cell += f" ({_percent(chance.low)} to {_percent(chance.high)})"
        yield cell


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def provisions(report: CasesV1) -> Iterator[str]:
    """Counts by provision."""
    yield "## By provision\n"
    yield from _table(
        ["Provision", "violated", "cleared"],
        ([p, _said(c[Finding.VIOLATED.value]), _said(c[Finding.CLEARED.value])] for p, c in report.provisions.items()),
    )
    yield ""


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {SPOKEN[m]}" for m, n in counts.items() if n)


def per_case(report: CasesV1) -> Iterator[str]:
    """Rules in conflict per case."""
    yield "## Rules in conflict with each case\n"
    rows = [[c.case, c.title, c.set, str(c.conflicts), str(c.unless_excused)] for c in report.cases]
    yield from _table(["Case", "Design", "Set", "in conflict", "unless excused"], rows)
    yield ""


def labels(report: CasesV1) -> Iterator[str]:
    """Every label."""
    yield "## Every label\n"
    rows = (
        [x.case, where(x), f"{x.polarity}{'' if x.weight == 'full' else f' ({x.weight})'}", SPOKEN[x.result],
         f"`{x.rule}`" if x.rule else "", opened(x)]
        for x in report.labels
    )  # fmt: skip
    yield from _table(["Case", "Provision", "Held", "Engine", "Rule", "Open"], rows)


def where(x: LabelV1) -> str:
    """Provision, aspect and place of a label."""
    aspect = f" ({', '.join(x.aspect)})" if x.aspect else ""
    return f"{x.provision}{aspect}" + (f" at {', '.join(f'`{p}`' for p in x.place)}" if x.place else "")


def opened(x: LabelV1) -> str:
    """What is open where a label is undecided."""
    return ", ".join([*(f"`{p}`" for p in x.open), *(f"law: {u.replace('_', ' ')}" for u in x.unsettled)])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    columns = list(head)
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join(['---'] * len(columns))} |"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in row)} |"
