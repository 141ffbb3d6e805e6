"""A check for the terminal: a paragraph for each design, what stands against it first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

from rich.console import Group, RenderableType
from rich.text import Text

from policy_eval.report.check import words as say
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, ProblemV1
from policy_eval.report.text import Indented, console, safe_text

DERIVATIONS = False
_STYLES = {"against": "red", "not_demonstrated": "yellow"}
_COMMAND = re.compile(r"^([^\S\n]*)::", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)  # anywhere in a line


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report for people."""
    screen = console(out)
    # Printing has a price of its own, so what belongs together is printed at once.
    for part in _parts(report):
        with screen.capture() as printed:
            screen.print(Group(*part))
        out.write(_unheard(printed.get()))


def _unheard(lines: str) -> str:
    """Lines in which a runner of GitHub or Azure that logs them finds no command."""
    return _OLD_COMMAND.sub(r"\g<0> ", _COMMAND.sub(r"\1: :", lines))


def _parts(report: CheckV1) -> Iterator[Iterator[RenderableType]]:
    yield from (_problem(p) for p in report.invalid)
    for _, evaluations in groupby(report.evaluations, key=lambda e: (e.file, e.design)):
        yield _design(list(evaluations), report)
    yield _foot(report)


def _foot(report: CheckV1) -> Iterator[RenderableType]:
    yield from _filed(report)
    yield _line(say.summary(report), "bold")
    yield _line(report.disclaimer, "dim")


def _problem(problem: ProblemV1) -> Iterator[RenderableType]:
    yield _line(f"{say.at(problem.location)}: {problem.message}", "red")
    if problem.help:
        yield Indented(_line(f"help: {problem.help}"), 2)


def _design(evaluations: list[CheckedV1], report: CheckV1) -> Iterator[RenderableType]:
    first = evaluations[0]
    yield _line(f"{first.design} ({first.file})", "bold")
    clear: dict[tuple[str, str], list[str]] = {}
    for e in evaluations:
        if e.verdict == "clear":
            clear.setdefault((e.as_of, e.clear_because), []).append(e.set)
        if e.verdict != "clear" or any(f.standing != "undecided" for f in e.findings):
            yield from _evaluation(e, report)
    for (day, reason), sets in clear.items():
        yield Indented(_line(f"{', '.join(sets)}, as of {day}: {reason}", "green"), 2)
    yield Text()


def _evaluation(e: CheckedV1, report: CheckV1) -> Iterator[RenderableType]:
    yield Indented(_line(f"under {e.set} {e.set_version}, as of {e.as_of}: {say.verdict(e, report)}"), 2)
    if e.score_gate and say.score_fails(e):
        yield Indented(_line(f"score: {say.score(e)}", _STYLES[e.score_gate.verdict]), 4)
    for finding in e.findings:
        if finding.standing != "undecided":  # what does not count is said by its number
            yield from _finding(finding, report)


def _finding(f: FindingAtV1, report: CheckV1) -> Iterator[RenderableType]:
    headline = f"{say.mark(f)} {say.headline(f, report)}"
    yield Indented(_line(headline, _STYLES.get(f.standing, "dim")), 4)
    if f.decision is not None:
        d = report.decisions[f.decision]
        yield Indented(_line(f"until {d.last_day}; {say.filed(d)}"), 6)
        return
    if f.standing == "in_baseline":
        return
    for line in (f"{say.at(f.location)}: at {say.place(f)}", say.detail(f), say.excuse(f)):
        if line:
            yield Indented(_line(line), 6)


def _filed(report: CheckV1) -> Iterator[RenderableType]:
    """What is on file: decisions, the baseline, facts lost; whatever is of no use is named."""
    for notice in say.notices(report):
        where = f"{say.at(notice.location)}: " if notice.location and notice.location.line else ""
        yield Indented(_line(f"{notice.margin}{where}{notice.text}"), 0)
    if report.decisions or report.baseline or report.base:
        yield Text()


def _line(text: str, style: str = "") -> Text:
    return safe_text(say.shown(text), style)
