"""A check as Markdown: for a job's summary on GitHub, or a comment on a merge request.

Conflicts come first, then what is not demonstrated; within each, design by design. Text from designs is never taken for
markup, and makes no link and calls nobody. The whole stays within what hosts take: findings end early, and how many
are left out is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO
from urllib.parse import quote, urlsplit

from policy_eval.report.check import words as say
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, ProblemV1
from policy_eval.report.markup import code, listed, plain, row
from policy_eval.report.wire import GroundV1
from policy_eval.report.words import counted

DERIVATIONS = False
LIMIT = 1_000_000  # bytes; GitHub takes 1,048,576 in a step's summary, GitLab a million characters in a comment
_LISTS = 100_000  # bytes of what is no finding: inputs that cannot be used, the table, what is on file
_FRAME = 20_000  # bytes of headings and closing lines
_SECTIONS = {
    "In conflict": ("against",),
    "Not demonstrated": ("not_demonstrated",),
    "Listed, not counted": ("below_threshold",),
    "Covered": tuple(say.COVERED),
}
_BESIDE = {"below_threshold": "listed, not counted", "undecided": "undecided"}
_FOLD = "\n<details><summary>Show them</summary>\n"
_ADDRESS = "%/:?#[]@!$&'*+,;=~"  # what stays as it is in an address


class _Page:
    """A stream with so many bytes left."""

    def __init__(self, out: TextIO, room: int) -> None:
        self._out, self.room = out, room

    def write(self, text: str) -> None:
        """Write what there is room for whatever comes."""
        self._out.write(text)

    def fill(self, pieces: Iterable[str], most: int | None = None) -> int:
        """Write pieces until there is no room for one, at most so many bytes of it; the number written."""
        written, used, room = 0, 0, self.room if most is None else min(most, self.room)
        for piece in pieces:
            size = len(piece.encode("utf-8", "backslashreplace"))
            if used + size > room:
                break
            self._out.write(piece)
            written, used = written + 1, used + size
        self.room -= used
        return written


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as Markdown of less than `LIMIT` bytes."""
    say.prepare(out)
    page = _Page(out, LIMIT - _FRAME - 3 * _LISTS)
    page.write(f"## Check of drafts: {say.comes_to(report)}\n\n{plain(say.summary(report))}.\n\n")
    _list(page, "Inputs that cannot be used", map(_unusable, report.invalid))
    _table(page, report)
    for title, standings in _SECTIONS.items():
        _section(page, title, standings, report)
    _list(page, "On file", map(_notice, say.notices(report)))
    about = f"{report.tool}, method {report.method}, profile {report.profile}, engine {report.engine}"
    page.write(f"<sub>{plain(report.disclaimer)} {plain(about)}.</sub>\n")


def _list(page: _Page, title: str, items: Iterable[str]) -> None:
    every = list(items)
    if every:
        page.write(f"### {title}\n\n")
        page.room += _LISTS
        left_out = len(every) - page.fill(every, _LISTS)
        page.write(f"- and {left_out} more\n\n" if left_out else "\n")


def _unusable(p: ProblemV1) -> str:
    return f"- {code(say.at(p.location))}: {plain(p.message)}{f' ({plain(p.help)})' if p.help else ''}\n"


def _notice(notice: say.Notice) -> str:
    where = f"{code(say.at(notice.location))}: " if notice.location else ""
    return f"{notice.margin}- {where}{plain(notice.text)}\n"


def _table(page: _Page, report: CheckV1) -> None:
    """The designs by sets; sets under which nothing is found share a row."""
    if not report.designs:
        return
    head = row("Design", "Set", "X conflicts", "? not demonstrated", "= covered", "")
    page.write(f"{head}\n{row(*['---'] * 6)}\n")
    page.room += _LISTS
    rows = ("".join(_rows(design, found)) for design, found in groupby(report.evaluations, key=lambda e: e.design))
    left_out = report.designs - page.fill(rows, _LISTS)
    page.write(f"\nand {counted(left_out, 'more design')}\n\n" if left_out else "\n")


def _rows(design: str, evaluations: Iterable[CheckedV1]) -> Iterator[str]:
    """The rows of a design, each with its line end."""
    clear: dict[tuple[str, str], list[str]] = {}
    for e in evaluations:
        if e.verdict == "clear" and not any(f.standing != "undecided" for f in e.findings):
            clear.setdefault((e.as_of, e.clear_because), []).append(code(e.set))
        else:
            yield f"{row(code(design), _under(e), *_cells(e))}\n"
    for (day, reason), sets in clear.items():
        under = f"{', '.join(sets)}, as of {plain(day)}"
        yield f"{row(code(design), under, '', '', '', f'. {plain(reason)}')}\n"


def _cells(e: CheckedV1) -> Iterator[str]:
    number = say.numbers(e)
    covered = sum(number[s] for s in say.COVERED)
    for mark, count, said in (
        ("X", number["against"], "in conflict"),
        ("?", number["not_demonstrated"], "not demonstrated"),
        ("=", covered, "covered"),
    ):
        yield f"{mark} {count} {said}" if count else ""
    beside = [f"{number[s]} {said}" for s, said in _BESIDE.items() if number[s]]
    yield "; ".join([*beside, f"score: {plain(say.score(e))}"] if say.score_fails(e) else beside)


def _under(e: CheckedV1) -> str:
    as_if = f", {plain(e.as_if)}" if e.as_if else ""
    return f"{code(e.set)} {plain(e.set_version)}, as of {plain(e.as_of)}{as_if}"


def _section(page: _Page, title: str, standings: tuple[str, ...], report: CheckV1) -> None:
    """The findings of some standings, folded unless they are conflicts."""
    number = sum(report.totals[s] for s in standings)
    if not number:
        return
    folded = standings != ("against",)
    page.write(f"### {title}: {number}\n{_FOLD if folded else ''}")
    left_out = number - page.fill(_findings(standings, report))
    page.write(f"\n{left_out} left out here, for want of room; other formats list them.\n" if left_out else "")
    page.write("\n</details>\n\n" if folded else "\n")


def _findings(standings: tuple[str, ...], report: CheckV1) -> Iterator[str]:
    """A piece for each finding; headings belong to the first below them."""
    design, rule = "", ""
    for e in report.evaluations:
        for f in e.findings:
            if f.standing in standings:
                heading = "" if e.design == design else _design(e)
                heading += "" if (e.design, f.rule) == (design, rule) else _rule(f, report)
                design, rule = e.design, f.rule
                yield heading + _finding(f, report)


def _design(e: CheckedV1) -> str:
    title = f": {plain(e.design_title)}" if e.design_title != e.design else ""
    return f"\n#### {code(e.design)}{title}\n\n{code(e.file)}\n"


def _rule(f: FindingAtV1, report: CheckV1) -> str:
    rule = report.rules[f.rule]
    law = "; ".join(map(_ground, rule.grounds))
    return (
        f"\n**{code(rule.id)}** ({plain(rule.severity)}): {plain(rule.title)}\n\n"
        f"Remedy: {plain(rule.remedy)}\n\nLaw: {law}\n\n"
    )


def _ground(g: GroundV1) -> str:
    text = plain(say.provision(g))
    if not g.url or urlsplit(g.url).scheme not in ("http", "https"):
        return text
    return f"[{text}](<{quote(g.url, safe=_ADDRESS)}>)"


def _finding(f: FindingAtV1, report: CheckV1) -> str:
    """A place: what was found, where, and what is open there."""
    head = f"- {say.mark(f)} {plain(say.outcome(f))} at {' and '.join(map(code, f.place))}, {code(say.at(f.location))}"
    if f.standing in say.COVERED:
        return f"{head}: {plain(say.cover(f, report))}\n"
    said = [plain(f.message)] if say.is_conflict(f) and f.message else []
    said += [f"open: {listed(f.open)}"] if f.open else []
    said += [f"law unsettled: {listed(f.unsettled)}"] if f.unsettled else []
    said += [f"would excuse it: {plain('; '.join(f.would_excuse))}"] if f.would_excuse else []
    return f"{head}{': ' if said else ''}{'; '.join(said)}\n"
