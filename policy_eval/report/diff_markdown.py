"""Changes of designs as Markdown, fit for a comment on a pull request.

Text from designs and rules is never taken for markup, and calls nobody by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from policy_eval.report import diff_words as say
from policy_eval.report.diff import DesignDiffV1, DiffV1, FactChangeV1, FindingChangeV1, SetDiffV1
from policy_eval.report.markup import code, listed, plain, row
from policy_eval.report.words import counted

_MANY = 40  # rows of a table
_LONG = 60_000  # characters; GitHub refuses comments of more than 65,536


def write(report: DiffV1, out: TextIO) -> None:
    """Write the report as Markdown."""
    foot = _foot(report)
    left = _LONG - len(foot)
    for block in _blocks(report):
        left -= len(block) + 1
        if left < 0:
            print("Cut here, for comments are limited; `-f json` shows all.\n", file=out)
            break
        print(block, file=out)
    print(foot, file=out)


def _foot(report: DiffV1) -> str:
    method = f"{plain(report.tool)}, method {plain(report.method)}, profile {code(report.profile.id)}"
    engine = f"({code(report.profile.hash)}), engine {plain(report.engine)}"
    return f"<sub>{plain(report.disclaimer)} {method} {engine}.</sub>"


def _blocks(report: DiffV1) -> Iterator[str]:
    """The report in pieces, each of which can stand without what follows."""
    yield f"## Changes of designs{f' since {code(report.base)}' if report.base else ''}\n"
    yield f"{plain(say.summary(report))}.\n"
    if asked := say.gate(report):
        yield f"**{plain(asked)}**\n"
    quiet = say.unchanged(report)
    for design in report.designs:
        if design not in quiet:
            yield from _design(design)
    if quiet and len(quiet) < len(report.designs):
        yield f"N{say.NOTHING[1:]}: {listed([d.design for d in quiet])}.\n"


def _design(d: DesignDiffV1) -> Iterator[str]:
    yield f"### {code(d.design)}: {plain(d.title)}\n"
    sentence, names = say.files(d)
    yield f"{sentence.format(*map(code, names))}.\n"
    if d.facts:
        yield "\n".join(_table(["Fact", "", "Before", "Now", "Where"], map(_fact, d.facts)))
    elif d.old_file and d.new_file:
        yield f"N{say.NOTHING[1:]}.\n"
    for found in d.sets:
        if not say.is_quiet(found):
            yield "\n".join(_set(d, found))
    if quiet := say.quiet(d):
        yield f"{plain(quiet[0].upper() + quiet[1:])}.\n"


def _fact(f: FactChangeV1) -> list[str]:
    below = f" ({counted(f.facts, 'fact')})" if f.facts else ""
    return [code(f.path), f"{f.kind}{below}", code(f.before), code(f.after), code(f"{f.file}:{f.line}")]


def _set(d: DesignDiffV1, s: SetDiffV1) -> Iterator[str]:
    yield f"#### {code(s.set)} {plain(s.set_version)}, as of {plain(s.as_of)}: {plain(say.band(s.band))}\n"
    if s.as_of_before is not None and s.as_of_before != s.as_of:
        yield f"Before: as of {plain(s.as_of_before)}.\n"
    if s.as_if:
        yield f"{plain(s.as_if[0].upper() + s.as_if[1:])}.\n"
    changed = [p for p in s.principles if say.differs(p.band) or say.differs(p.burden)]
    principles = "; ".join(f"{p.principle}: {say.band(p.band)}, {say.burden(p.burden)}" for p in changed)
    yield f"Burden, established/as it stands/at worst: {plain(say.burden(s.burden))}."
    yield f"{plain(principles)}.\n" if principles else ""
    told = say.told(d, s)
    yield from _findings([f for f in told if f.kind not in say.MINOR])
    minor = [f for f in told if f.kind in say.MINOR]
    if minor:
        yield f"<details><summary>{counted(len(say.by_rule(minor)), 'more rule')}, with no conflict</summary>\n"
        yield from _findings(minor)
        yield "</details>\n"
    if number := say.opened(d, s):
        yield f"{counted(number, 'rule')} undecided.\n"


def _findings(findings: list[FindingChangeV1]) -> Iterator[str]:
    if findings:
        head = ["What", "Rule", "Where", "Before", "Now", "Because of"]
        yield from _table(head, map(_row, say.by_rule(findings)))


def _row(group: list[FindingChangeV1]) -> list[str]:
    """One rule and what happened to it at its places."""
    first = group[0]
    before = dict.fromkeys(say.outcome(f.before) for f in group)
    after = dict.fromkeys(say.outcome(f.after) for f in group)
    paths = list(dict.fromkeys(p for f in group for p in f.facts))
    opened = list(dict.fromkeys(p for f in group for p in f.open))
    missing = f"open: {listed(opened)}" if opened else ""
    if unsettled := list(dict.fromkeys(u for f in group if not f.open for u in f.unsettled)):
        missing += f"{'<br>' if missing else ''}law unsettled: {listed(unsettled)}"
    return [
        f"{plain(say.KINDS[first.kind])}, {first.severity}",
        f"{code(first.rule)} {plain(first.title)}",
        listed([say.place(f) for f in group]),
        plain("; ".join(before)),
        plain("; ".join(after)),
        "<br>".join(part for part in (listed(paths), missing) if part),
    ]


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    every = list(rows)
    yield row(*head)
    yield row(*["---"] * len(head))
    yield from (row(*cells) for cells in every[:_MANY])
    yield ""
    if len(every) > _MANY:
        yield f"And {len(every) - _MANY} more.\n"
