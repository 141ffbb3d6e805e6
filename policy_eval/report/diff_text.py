"""Changes of designs for the terminal: the worst first, and little where little changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import RenderableType
from rich.text import Text

from policy_eval.report import diff_words as say
from policy_eval.report.diff import DesignDiffV1, DiffV1, FindingChangeV1, SetDiffV1
from policy_eval.report.text import Indented, console, safe_text
from policy_eval.report.words import SHOWN, counted, listed

_STYLES = {"added": "red", "hardened": "red", "reopened": "yellow", "softened": "magenta", "cured": "green"}
_MANY = 40  # facts of a design; more are in the JSON report
_KIND = max(map(len, ("stated", "lost", "changed", "added", "removed"))) + 2


def write(report: DiffV1, out: TextIO) -> None:
    """Write the report for people."""
    screen = console(out)
    for line in _lines(report):
        screen.print(line, end="" if isinstance(line, Indented) else "\n")


def _lines(report: DiffV1) -> Iterator[RenderableType]:
    head = f"Since {report.base}: " if report.base else ""
    yield Indented(safe_text(f"{head}{say.summary(report)}", "bold"), 0)
    quiet = say.unchanged(report)
    for design in report.designs:
        if design not in quiet:
            yield Text()
            yield from _design(design)
    if quiet and len(quiet) < len(report.designs):
        yield Text()
        yield Indented(safe_text(f"{say.NOTHING}: {listed([d.design for d in quiet])}"), 0)
    yield Text()
    if asked := say.gate(report):
        yield Indented(safe_text(asked, "bold"), 0)
    method = f"{report.tool}, method {report.method}, profile {report.profile.id} ({report.profile.hash}). "
    yield Indented(safe_text(f"{method}Engine: {report.engine}.", "dim"), 0)
    yield Indented(safe_text(report.disclaimer, "dim"), 0)


def _design(d: DesignDiffV1) -> Iterator[RenderableType]:
    yield Indented(safe_text(f"{d.design}: {d.title}", "bold"), 0)
    sentence, names = say.files(d)
    yield Indented(safe_text(sentence.format(*names)), 0)
    for fact in d.facts[:_MANY]:
        where = f"({fact.file}:{fact.line}:{fact.column})"
        yield Indented(safe_text(f"{fact.kind:<{_KIND}}{say.fact(fact)}  {where}"), 2)
    if len(d.facts) > _MANY:
        yield Indented(Text(f"and {counted(len(d.facts) - _MANY, 'more fact')}; `-f json` shows all"), 2)
    if not d.facts and d.old_file and d.new_file:
        yield Indented(Text(say.NOTHING), 2)
    for found in d.sets:
        if not say.is_quiet(found):
            yield from _set(d, found)
    if quiet := say.quiet(d):
        yield Indented(safe_text(quiet), 0)


def _set(d: DesignDiffV1, s: SetDiffV1) -> Iterator[RenderableType]:
    yield Text()
    yield Indented(safe_text(f"{s.set} {s.set_version}, as of {s.as_of}: {say.band(s.band)}", "bold"), 0)
    if s.as_of_before is not None and s.as_of_before != s.as_of:
        yield Indented(Text(f"before: as of {s.as_of_before}"), 2)
    if s.as_if:
        yield Indented(safe_text(f"{s.as_if[0].upper()}{s.as_if[1:]}."), 2)
    yield Indented(Text(f"burden (established/as it stands/at worst): {say.burden(s.burden)}"), 2)
    for p in s.principles:
        if say.differs(p.band) or say.differs(p.burden):
            yield Indented(Text(f"{p.principle}: {say.band(p.band)}; burden {say.burden(p.burden)}", "dim"), 4)
    groups = say.by_rule(say.told(d, s))
    for group in groups:
        if group[0].kind not in say.MINOR:
            yield from _rule(group)
    for kind in say.MINOR:
        yield from _minor(kind, [g for g in groups if g[0].kind == kind])
    if number := say.opened(d, s):
        yield Indented(Text(f"{counted(number, 'rule')} undecided; `evaluate` says what is open"), 2)


def _rule(group: list[FindingChangeV1]) -> Iterator[RenderableType]:
    """One rule and what happened to it at its places; what is the same at all of them is said once."""
    first = group[0]
    head = Text.assemble((say.KINDS[first.kind], _STYLES.get(first.kind, "")), f", {first.severity}: ")
    yield Indented(head.append_text(safe_text(first.title)), 2)
    yield Indented(safe_text(first.rule), 4)
    together = all(f.facts == first.facts for f in group)
    for finding in group[:SHOWN]:
        change = f"{say.outcome(finding.before)} -> {say.outcome(finding.after)}"
        yield Indented(safe_text(f"at {say.place(finding)}: {change}"), 4)
        if finding.message != first.title:
            yield Indented(safe_text(finding.message), 6)
        if finding.open:
            yield Indented(safe_text(f"open: {listed(finding.open)}", "dim"), 6)
        elif finding.unsettled:
            yield Indented(safe_text(f"law unsettled: {listed(finding.unsettled)}", "dim"), 6)
        if finding.facts and not together:
            yield Indented(safe_text(f"because of {listed(finding.facts)}", "dim"), 6)
    if len(group) > SHOWN:
        yield Indented(Text(f"and at {counted(len(group) - SHOWN, 'more place')}; `-f json` shows all"), 4)
    if first.facts and together:
        yield Indented(safe_text(f"because of {listed(first.facts)}", "dim"), 4)


def _minor(kind: str, groups: list[list[FindingChangeV1]]) -> Iterator[RenderableType]:
    """A line for each rule of a kind that is no news in itself."""
    if groups:
        yield Indented(Text(f"{say.KINDS[kind]}: {counted(len(groups), 'rule')}"), 2)
    for group in groups:
        places = listed([say.place(f) for f in group])
        because = listed(list(dict.fromkeys(path for f in group for path in f.facts)))
        why = f", because of {because}" if because else ""
        yield Indented(safe_text(f"{group[0].rule}, {group[0].severity}: at {places}{why}", "dim"), 4)
