"""Reports for the terminal: read well at 80 columns and without colour.

Colour only repeats what words and symbols say. Text from designs is never taken for markup, and
control characters in it are shown, not obeyed.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from policy_eval.report import Wants
from policy_eval.report.phrases import others
from policy_eval.report.wire import (
    BandV1,
    CauseV1,
    EvaluationV1,
    EvidenceV1,
    FindingV1,
    ReportV1,
    ScoreV1,
)  # fmt: skip
from policy_eval.report.words import (
    CONFLICTS,
    ROLES,
    SHOWN,
    SYMBOLS,
    counted,
    listed,
    nothing_in_force,
    points,
    says,
    share,
    taken,
    telling,
    visible,
    where,
    words,
)  # fmt: skip
from policy_eval.vocabulary.law import Outcome

STYLES = {"conflict": "red", "conflict_unless_excused": "magenta", "undecided": "yellow", "no_conflict": "green"}
_COLUMNS = {"conflict": "conflict", "conflict_unless_excused": "unless excused", "undecided": "undecided",
            "no_conflict": "no conflict"}  # fmt: skip
_BAR = 24
_CITED = 6
SIDE_BY_SIDE = 3
WANTS = Wants(reasons=SIDE_BY_SIDE)


def safe_text(text: str, style: str = "") -> Text:
    """Text from outside: no markup, control and invisible characters escaped."""
    return Text(visible(text), style=style)


class Indented:
    """A paragraph set in by some columns, wrapped lines too; the library's padding lays every line out twice."""

    def __init__(self, text: Text, by: int) -> None:
        self.text, self.by = text, by

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, wrapped and set in, none with spaces at its end."""
        margin, width = Segment(" " * self.by), max(options.max_width - self.by, 20)
        if (
            self.text.plain.isascii() and "\n" not in self.text.plain and not self.text.spans
        ):  # most are, and every character is one column wide
            style = console.get_style(self.text.style)
            whole = self.text.plain
            for plain in [whole] if len(whole) <= width else textwrap.wrap(whole, width, break_on_hyphens=False):
                yield margin
                yield Segment(plain, style)
                yield Segment.line()
            return
        for line in self.text.wrap(console, width):
            line.rstrip()
            yield margin
            yield from line.render(console)
            yield Segment.line()


def console(out: TextIO | None = None) -> Console:
    """The console for reports: 80 columns unless a terminal says otherwise, no colour under NO_COLOR or in a file."""

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            """Leave a closed pipe to the caller, who keeps the exit code."""
            raise BrokenPipeError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    file = out or sys.stdout
    width = None if file.isatty() else int(os.environ.get("COLUMNS", "80") or "80")
    return Quiet(file=file, width=width, soft_wrap=False, highlight=False, emoji=False, markup=False, safe_box=True)


def write(report: ReportV1, out: TextIO) -> None:
    """Write evaluations, or the comparison where there is one."""
    screen = console(out)
    if report.comparison is not None or report.across is not None:
        from policy_eval.report import text_comparison

        for comparison in report.comparison or ():
            screen.print(text_comparison.render(comparison, report, screen.width))
        if report.across is not None:
            screen.print(text_comparison.render_across(report.across, report, screen.width))
    else:
        if len(report.evaluations) > SIDE_BY_SIDE:
            screen.print(_overview(report.evaluations))
        for evaluation in report.evaluations:
            screen.print(_evaluation(evaluation))
    for lens in report.lenses or ():
        from policy_eval.report import text_lens

        screen.print(text_lens.render(lens))
    screen.print(_foot(report))


def _overview(evaluations: list[EvaluationV1]) -> Group:
    """A line for each of many evaluations, before they follow one by one."""
    several = len({e.design for e in evaluations}) > 1
    table = Table(box=None, pad_edge=False, padding=(0, 1), show_header=False)
    for e in evaluations:
        found = [f.outcome for f in e.findings]
        counts = "  ".join(f"{symbol}{found.count(o)}" for o, symbol in SYMBOLS.items() if found.count(o))
        band = "nothing in force" if nothing_in_force(e) else words(e.band.standing)
        named = [safe_text(e.design)] if several else []
        table.add_row(*named, safe_text(e.set), Text(band), Text(counts))
    return Group(Text("In short", style="bold"), table, Text())


def _evaluation(e: EvaluationV1) -> Group:
    if nothing_in_force(e):
        return Group(*_head(e), Text(), *_findings(e))
    return Group(*_head(e), Text(), *_profile(e), Text(), *_numbers(e), Text(), *_findings(e))


def _head(e: EvaluationV1) -> Iterator[RenderableType]:
    yield safe_text(e.design_title, "bold")
    yield safe_text(f"under the {e.set_title} ({e.set} {e.set_version}), as of {e.as_of}")
    if e.as_if:
        yield safe_text(f"{e.as_if[0].upper()}{e.as_if[1:]}.")
    if e.facts != "all":
        yield Text(taken(e.facts))
    if e.scope.outcome == "undecided":
        hangs_on = listed([*e.scope.open, *(f"unsettled law ({term})" for term in e.scope.unsettled)])
        yield safe_text(f"Scope undecided: whether {e.set} covers the system hangs on {hangs_on}.")
    elif e.scope.outcome == "does_not_apply":
        yield safe_text(f"{e.set} does not cover the system: {_facts(e.scope.evidence)}.")
    yield Text()
    if nothing_in_force(e):
        yield safe_text(f"None of the rules of {e.set} is in force on {e.as_of}.", "bold")
        return
    yield Text.assemble((words(e.band.standing).upper(), "bold"), f"  {_ends(e.band)}")
    if e.band.because:
        yield Indented(safe_text(f"because of {listed(e.band.because)}"), 2)
    yield from _advisory(e)


def _advisory(e: EvaluationV1) -> Iterator[RenderableType]:
    """What the band leaves out although it is shown as a conflict."""
    found = [f for f in e.findings if f.severity == "advisory" and f.outcome in CONFLICTS]
    if found:
        conflicts = counted(len(found), "advisory conflict")
        yield Indented(Text(f"besides {conflicts}, shown below and never counted"), 2)


def _ends(band: BandV1) -> str:
    if band.best == band.worst == band.standing:
        return "whatever the open facts turn out to be"
    return f"(at best: {words(band.best)}; at worst: {words(band.worst)})"


def _profile(e: EvaluationV1) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("Principle", no_wrap=True)
    for column in ("X", "!", "?", "."):
        table.add_column(column, justify="right")
    table.add_column("", no_wrap=True)
    for principle in e.principles:
        counts = [principle.counts.get(o, 0) for o in _COLUMNS]
        table.add_row(
            principle.principle, *(str(n) if n else "" for n in counts), _bar(dict(zip(_COLUMNS, counts, strict=True)))
        )
    yield table
    legend = "  ".join(f"{SYMBOLS[o]} {name}" for o, name in _COLUMNS.items())
    yield Text(legend, style="dim")


def _bar(counts: dict[str, int]) -> Text:
    bar = Text()
    for outcome, count in counts.items():
        more = "+" if count > _BAR else ""
        bar.append(SYMBOLS[outcome] * min(count, _BAR) + more, style=STYLES.get(outcome, ""))
    return bar


def _numbers(e: EvaluationV1) -> Iterator[RenderableType]:
    yield Text(f"Score as it stands: {_score(e.score)}. Coverage: {share(e.coverage)} of the weight is decided.")
    yield Text(
        f"Burden: {e.burden.established:g} established, {e.burden.standing:g} as it stands, {e.burden.worst:g} at worst"
    )
    if e.undisputed is not None:
        firm = e.undisputed
        yield Text(
            f"On undisputed facts alone: {words(firm.band.standing)}; burden {firm.burden.established:g} "
            f"established, {firm.burden.standing:g} as it stands; coverage {share(firm.coverage)}."
        )
    if e.open_facts:
        fact = e.open_facts[0]
        yield safe_text(f"Most weight that is still open ({fact.weight:g} points) hangs on: {fact.path}")


def _score(score: ScoreV1) -> str:
    if score.worst is None or score.best is None:
        return "none"
    standing = "none, too little is decided" if score.standing is None else f"{points(score.standing)} of 100"
    none = ", or none at all" if score.may_be_none else ""
    return f"{standing} (between {points(score.worst)} and {points(score.best)}{none})"


def _findings(e: EvaluationV1) -> Iterator[RenderableType]:
    by_rule = {f.rule: f for f in e.findings}
    for cause in e.causes:
        yield safe_text(f"What these hang on: {_facts(cause.facts)}", "bold")
        for rule in cause.rules:
            yield from _conflict(by_rule[rule], cause)
    undecided = [f for f in e.findings if f.outcome == Outcome.UNDECIDED]
    if undecided:
        yield Text("Undecided", style="bold")
        yield from (Indented(_undecided(f), 2) for f in undecided)
        yield Text()
    for outcome in (Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE):
        found = [f for f in e.findings if f.outcome == outcome]
        if found:
            yield Text(f"{words(outcome.value)[0].upper()}{words(outcome.value)[1:]}", style="bold")
            for finding in found:
                yield Indented(safe_text(f"{SYMBOLS[outcome.value]} {finding.rule}"), 2)
            yield Text()
    if e.not_in_force:
        rules = counted(len(e.not_in_force), "rule")
        first = listed([later.rule for later in e.not_in_force])
        yield Indented(safe_text(f"Not in force on {e.as_of}, not counted: {rules} ({first})", "dim"), 0)
    if e.operator_response:
        yield safe_text(f"The operator's response: {e.operator_response}")


def _conflict(finding: FindingV1, cause: CauseV1) -> Iterator[RenderableType]:
    head = f"{SYMBOLS[finding.outcome]} {words(finding.outcome)}"
    title = f", {finding.severity}: {finding.title}"
    yield Indented(Text.assemble((head, STYLES[finding.outcome]), safe_text(title)), 2)
    yield Indented(safe_text(finding.rule), 4)
    places = telling(finding)
    first = {f.path for f in cause.facts}
    for place in places[:SHOWN]:
        yield Indented(safe_text(place.message), 4)
        cited = sorted(place.evidence, key=lambda x: x.path not in first)
        for evidence in cited[:_CITED]:
            yield Indented(safe_text(f"{says(evidence)}  {where(evidence)}", "dim"), 6)
        if len(cited) > _CITED:
            yield Indented(Text(f"and {counted(len(cited) - _CITED, 'more fact')}"), 6)
        if place.would_excuse:
            yield Indented(safe_text(f"would excuse it: {listed(place.would_excuse)}"), 4)
    if len(places) > SHOWN:
        yield Indented(Text(f"and at {counted(len(places) - SHOWN, 'more place')}; `-f json` shows all"), 4)
    if other := others(finding):
        yield Indented(Text(other), 4)
    law = (f"{g.instrument} {g.at}{'' if g.verified == 'read' else f' [{g.verified}]'}" for g in finding.grounds)
    yield Indented(safe_text(f"law: {'; '.join(law)}"), 4)
    if finding.duty_of:
        holders = f": {listed(finding.duty_holders)}" if finding.duty_holders else ""
        yield Indented(safe_text(f"duty of {ROLES[finding.duty_of]}{holders}"), 4)
    yield Indented(safe_text(f"remedy: {finding.remedy}"), 4)
    yield Text()


def _undecided(finding: FindingV1) -> Text:
    if finding.law_unsettled:
        reason = f"law unsettled ({listed(finding.unsettled)})"
    else:
        reason = f"open: {listed(finding.open)}"
    mark = "not demonstrated, " if finding.not_demonstrated else ""
    return safe_text(f"? {finding.rule}: {mark}{reason}")


def _facts(facts: list[EvidenceV1]) -> str:
    return listed([says(f) for f in facts])


def _foot(report: ReportV1) -> Group:
    weights = ", ".join(f"{k} {v:g}" for k, v in report.profile.weights.items())
    method = (
        f"{report.tool}, method {report.method}, profile {report.profile.id} ({report.profile.hash}): {weights}. "
        f"Engine: {report.engine}."
    )
    return Group(safe_text(method, "dim"), safe_text(report.disclaimer, "dim"))
