"""Decided cases for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from policy_eval.report.cases import CasesV1, Counts, LabelV1, SharesV1
from policy_eval.report.text import Indented, console, safe_text
from policy_eval.report.words import counted, listed
from policy_eval.vocabulary.cases import Finding, Match

_MARKS = {
    Match.FOUND.value: ("X", "green"),
    Match.FOUND_UNLESS_EXCUSED.value: ("!", "green"),
    Match.MISSED.value: ("-", "red"),
    Match.RESPECTED.value: (".", "green"),
    Match.CONTRADICTED.value: ("X", "red"),
    Match.CONTRADICTED_UNLESS_EXCUSED.value: ("!", "magenta"),
    Match.UNDECIDED.value: ("?", "yellow"),
    Match.NOT_MODELLED.value: (" ", "dim"),
}


def write(report: CasesV1, out: TextIO) -> None:
    """Write the report for people."""
    screen = console(out)
    for line in _lines(report):
        screen.print(line)


def _lines(report: CasesV1) -> Iterator[RenderableType]:
    cases = len({x.case for x in report.labels})
    yield safe_text(f"{counted(len(report.labels), 'label')} of {counted(cases, 'decided case')}", "bold")
    if not report.labels:
        yield Text("no label of these cases names one of these sets")
        return
    yield Text()
    for finding in Finding:
        yield from _side(report, finding)
    for weight, counts in report.apart.items():
        sides = [
            f"{f.value}: {', '.join(f'{n} ' + m.replace('_', ' ') for m, n in counts[f.value].items())}"
            for f in Finding
            if counts[f.value]
        ]
        if sides:
            yield Text(f"{weight}, in no total: {'; '.join(sides)}")
    if report.cases:
        rows = len(report.cases)
        mean = sum(c.conflicts for c in report.cases) / rows
        unless = sum(c.unless_excused for c in report.cases) / rows
        yield Text(f"rules in conflict per case and set: {mean:.1f}, and {unless:.1f} unless excused")
    yield Text()
    before = None
    for label in report.labels:
        if label.case != before:
            yield safe_text(f"{label.case}  {label.name}", "bold")
            before = label.case
        yield from _label(label)


def _side(report: CasesV1, finding: Finding) -> Iterator[RenderableType]:
    groups = [("overall", report.totals, report.shares)]
    groups += [(s, c, report.shares_of_sets[s]) for s, c in report.sets.items() if c != report.totals]
    shown = [g for g in groups if g[2].labels[finding.value]]
    if not shown:
        return
    grid = Table(box=None, padding=(0, 2, 0, 0), title=None, pad_edge=False)
    grid.add_column(f"held {finding.value}")
    for name, _, _ in shown:
        grid.add_column(name, justify="right")
        grid.add_column("", justify="left")
    for match in report.totals[finding.value]:
        cells = [cell for _, c, s in shown for cell in _cell(c, s, finding, match)]
        grid.add_row(match.replace("_", " "), *cells)
    grid.add_row("labels", *(cell for _, _, s in shown for cell in (str(s.labels[finding.value]), "")))
    yield grid
    for name, _, shares in shown:
        yield Indented(Text(f"{name}: {_in_conflict(shares, finding)}", "dim"), 2)
    yield Text()


def _in_conflict(shares: SharesV1, finding: Finding) -> str:
    """The share in conflict, excused or not, how far it would move, and what chance gives."""
    said = "found" if finding is Finding.VIOLATED else "contradicted"
    text = f"{said}, excused or not, {shares.in_conflict[finding.value] / shares.labels[finding.value]:.0%}"
    if interval := shares.intervals[finding.value]["in_conflict"]:
        text += f" ({interval[0]:.0%} to {interval[1]:.0%} over cases)"
    chance = shares.shuffled[finding.value]["in_conflict"]
    if chance.mean is not None:
        text += (
            f"; read without places {chance.own_unplaced:.0%}, and so in the design of another case {chance.mean:.0%}"
        )
        text += f" ({chance.low:.0%} to {chance.high:.0%})"
    return text


def _cell(counts: Counts, shares: SharesV1, finding: Finding, match: str) -> tuple[str, str]:
    count, number = counts[finding.value][match], shares.labels[finding.value]
    return str(count), f"{count / number:.0%}"


def _label(x: LabelV1) -> Iterator[RenderableType]:
    mark, style = _MARKS[x.result]
    aspect = f" ({', '.join(x.aspect)})" if x.aspect else ""
    place = f" at {', '.join(x.place)}" if x.place else ""
    weight = "" if x.weight == "full" else f", {x.weight}"
    rule = f" by {x.rule}" if x.rule else ""
    line = f"{mark} {x.provision}{aspect}{place}: {x.polarity}{weight}; {x.result.replace('_', ' ')}{rule}"
    yield Indented(safe_text(line, style), 2)
    if x.open or x.unsettled:
        parts = [listed(x.open)] if x.open else []
        parts += [f"law unsettled: {', '.join(u.replace('_', ' ') for u in x.unsettled)}"] if x.unsettled else []
        yield Indented(safe_text(f"open: {'; '.join(parts)}", "dim"), 6)
