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

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report import Wants, phrases
from policy_eval.report.wire import CauseV1, EvaluationV1, EvidenceV1, FindingV1, PlaceV1, ReportV1, UndisputedV1
from policy_eval.report.words import (
    CONFLICTS,
    COUNTED,
    ROLES,
    SHOWN,
    SYMBOLS,
    counted,
    listed,
    nothing_in_force,
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
        screen.print(text_comparison.responses(report))
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
    for _column in range(several + 1):  # names that were cut would look alike where a variant is beside its design
        table.add_column(overflow="fold")
    for e in evaluations:
        found = [f.outcome for f in e.findings]
        counts = "  ".join(f"{symbol}{found.count(o)}" for o, symbol in SYMBOLS.items() if found.count(o))
        named = [safe_text(e.design)] if several else []
        table.add_row(*named, safe_text(e.set), Text(phrases.verdict(e)), Text(counts))
    return Group(Text(_("In short"), style="bold"), table, Text())


def _evaluation(e: EvaluationV1) -> Group:
    if nothing_in_force(e):
        return Group(*_head(e), Text(), *_findings(e))
    return Group(*_head(e), Text(), *_profile(e), Text(), *_numbers(e), Text(), *_findings(e))


def _head(e: EvaluationV1) -> Iterator[RenderableType]:
    yield safe_text(e.design_title, "bold")
    under = _("under the %(title)s (%(set)s %(version)s), as of %(day)s")
    yield safe_text(under % {"title": e.set_title, "set": e.set, "version": e.set_version, "day": e.as_of})
    if e.as_if:
        yield safe_text(f"{phrases.capital(e.as_if)}.")
    if e.facts != "all":
        yield Text(taken(e.facts))
    yield from _scope(e)
    yield Text()
    if nothing_in_force(e):
        yield safe_text(phrases.none_in_force(e), "bold")
        return
    yield Text.assemble((words(e.band.standing).upper(), "bold"), f"  {phrases.ends(e.band)}")
    if e.band.because:
        yield Indented(safe_text(_("because of %(rules)s") % {"rules": listed(e.band.because)}), 2)
    yield from _advisory(e)


def _scope(e: EvaluationV1) -> Iterator[RenderableType]:
    """Whether the set covers the system, where it is open or it does not."""
    if e.scope.outcome == "undecided":
        yield safe_text(phrases.scope_open(e.set, _open(e.scope.open, e.scope.unsettled)))
    elif e.scope.outcome == "does_not_apply":
        yield safe_text(uncovered(e))


def uncovered(e: EvaluationV1) -> str:
    """Why the set does not cover the system."""
    return phrases.uncovered(e.set, _facts(e.scope.evidence))


def _open(facts: list[str], unsettled: list[str]) -> str:
    """What something hangs on: the first few facts, and all unsettled law, which no other line would tell."""
    return ", ".join(phrases.open_of([listed(facts)] if facts else [], unsettled))


def _advisory(e: EvaluationV1) -> Iterator[RenderableType]:
    """What the band leaves out although it is shown as a conflict."""
    found = [f for f in e.findings if f.severity == "advisory" and f.outcome in CONFLICTS]
    if found:
        conflicts = {"conflicts": counted(len(found), "advisory conflict")}
        yield Indented(Text(_("besides %(conflicts)s, shown below and never counted") % conflicts), 2)


def _profile(e: EvaluationV1) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column(_("Principle"), no_wrap=True)
    for outcome in COUNTED:
        table.add_column(SYMBOLS[outcome], justify="right")
    table.add_column("", no_wrap=True)
    for principle in e.principles:
        counts = [principle.counts.get(o, 0) for o in COUNTED]
        bar = _bar(dict(zip(COUNTED, counts, strict=True)))
        table.add_row(principle.principle, *(str(n) if n else "" for n in counts), bar)
    yield table
    legend = "  ".join(map(phrases.marked, COUNTED))
    yield Text(legend, style="dim")


def _bar(counts: dict[str, int]) -> Text:
    bar = Text()
    for outcome, count in counts.items():
        more = "+" if count > _BAR else ""
        bar.append(SYMBOLS[outcome] * min(count, _BAR) + more, style=STYLES.get(outcome, ""))
    return bar


def _numbers(e: EvaluationV1) -> Iterator[RenderableType]:
    numbers = {"score": phrases.score(e.score), "coverage": share(e.coverage)}
    yield Text(_("Score as it stands: %(score)s. Coverage: %(coverage)s of the weight is decided.") % numbers)
    yield Text(_("Burden: %(burden)s") % {"burden": phrases.burden(e.burden)})
    if e.undisputed is not None:
        yield Text(_undisputed(e.undisputed))
    if e.open_facts:
        fact = e.open_facts[0]
        said = _("Most weight that is still open (%(weight)s points) hangs on: %(fact)s")
        yield safe_text(said % {"weight": f"{fact.weight:g}", "fact": fact.path})


def _undisputed(firm: UndisputedV1) -> str:
    """The verdict on a real design without what somebody disputes."""
    said = _("On undisputed facts alone: %(band)s; burden %(burden)s; coverage %(coverage)s.")
    return said % {
        "band": words(firm.band.standing),
        "burden": phrases.burden(firm.burden),
        "coverage": share(firm.coverage),
    }


def _findings(e: EvaluationV1) -> Iterator[RenderableType]:
    by_rule = {f.rule: f for f in e.findings}
    for cause in e.causes:
        yield safe_text(_("What these hang on: %(facts)s") % {"facts": _facts(cause.facts)}, "bold")
        for rule in cause.rules:
            yield from _conflict(by_rule[rule], cause)
    undecided = [f for f in e.findings if f.outcome == Outcome.UNDECIDED]
    if undecided:
        yield Text(phrases.capital(words("undecided")), style="bold")
        yield from (Indented(_undecided(f), 2) for f in undecided)
        yield Text()
    for outcome in (Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE):
        found = [f for f in e.findings if f.outcome == outcome]
        if found:
            yield Text(phrases.capital(words(outcome.value)), style="bold")
            for finding in found:
                yield Indented(safe_text(f"{SYMBOLS[outcome.value]} {finding.rule}"), 2)
            yield Text()
    if e.not_in_force:
        named = listed([later.rule for later in e.not_in_force])
        said = _("Not in force on %(day)s, not counted: %(rules)s (%(named)s)")
        later = said % {"day": e.as_of, "rules": counted(len(e.not_in_force), "rule"), "named": named}
        yield Indented(safe_text(later, "dim"), 0)
    if e.operator_response:
        yield safe_text(_("The operator's response: %(response)s") % {"response": e.operator_response})


def _conflict(finding: FindingV1, cause: CauseV1) -> Iterator[RenderableType]:
    head = f"{SYMBOLS[finding.outcome]} {words(finding.outcome)}"
    title = f", {finding.severity}: {finding.title}"
    yield Indented(Text.assemble((head, STYLES[finding.outcome]), safe_text(title)), 2)
    yield Indented(safe_text(finding.rule), 4)
    places = telling(finding)
    first = {f.path for f in cause.facts}
    for place in places[:SHOWN]:
        yield from _place(place, first)
    if left := len(places[SHOWN:]):
        more = ngettext("and at %(number)s more place; `-f json` shows all",
                        "and at %(number)s more places; `-f json` shows all", left)  # fmt: skip
        yield Indented(Text(more % {"number": left}), 4)
    if other := phrases.others(finding):
        yield Indented(Text(other), 4)
    provisions = "; ".join(map(phrases.law, finding.grounds))
    yield Indented(safe_text(_("law: %(provisions)s") % {"provisions": provisions}), 4)
    if finding.duty_of:
        yield Indented(safe_text(_duty(ROLES[finding.duty_of], finding.duty_holders)), 4)
    yield Indented(safe_text(_("remedy: %(remedy)s") % {"remedy": finding.remedy}), 4)
    yield Text()


def _place(place: PlaceV1, first: set[str]) -> Iterator[RenderableType]:
    """What is found at a place, the facts in `first` before others."""
    yield Indented(safe_text(place.message), 4)
    cited = sorted(place.evidence, key=lambda x: x.path not in first)
    for evidence in cited[:_CITED]:
        yield Indented(safe_text(f"{says(evidence)}  {where(evidence)}", "dim"), 6)
    if left := len(cited[_CITED:]):
        more = ngettext("and %(number)s more fact", "and %(number)s more facts", left)
        yield Indented(Text(more % {"number": left}), 6)
    if place.would_excuse:
        excuses = {"exceptions": listed(place.would_excuse)}
        yield Indented(safe_text(_("would excuse it: %(exceptions)s") % excuses), 4)


def _duty(role: str, holders: list[str]) -> str:
    """Whose duty a rule is, by role and, where the design says so, by name."""
    if not holders:
        return _("duty of %(role)s") % {"role": role}
    return _("duty of %(role)s: %(holders)s") % {"role": role, "holders": listed(holders)}


def _undecided(finding: FindingV1) -> Text:
    reason = _("open: %(facts)s") % {"facts": _open(finding.open, finding.unsettled)}
    if finding.not_demonstrated:
        reason = _("not demonstrated, %(reason)s") % {"reason": reason}
    return safe_text(f"{SYMBOLS['undecided']} {finding.rule}: {reason}")


def _facts(facts: list[EvidenceV1]) -> str:
    return listed([says(f) for f in facts])


def _foot(report: ReportV1) -> Group:
    weights = ", ".join(f"{k} {v:g}" for k, v in report.profile.weights.items())
    said = _("%(tool)s, method %(method)s, profile %(profile)s (%(hash)s): %(weights)s. Engine: %(engine)s.")
    method = said % {
        "tool": report.tool,
        "method": report.method,
        "profile": report.profile.id,
        "hash": report.profile.hash,
        "weights": weights,
        "engine": report.engine,
    }
    return Group(safe_text(method, "dim"), safe_text(report.disclaimer, "dim"))
