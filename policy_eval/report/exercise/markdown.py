"""Exercises and marks as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO

from policy_eval.report import streams
from policy_eval.report.exercise.told import Block, Is, Report, told
from policy_eval.report.markup import marked, table
from policy_eval.report.words import visible

_BLANK, _TWO = re.compile(r"\n{3,}"), "\n\n"
_LEVELS = {Is.TITLE: "#", Is.HEADING: "##", Is.SUBHEADING: "###"}


def write(report: Report, out: TextIO) -> None:
    """Write the report as Markdown."""
    streams.prepare(out)
    print(text(report), end="", file=out)


def text(report: Report) -> str:
    """The report, no two blank lines in a row."""
    joined = "\n".join(_lines(report)).strip("\n")
    return f"{_BLANK.sub(_TWO, joined)}\n"


def _lines(report: Report) -> Iterator[str]:
    for kind, blocks in groupby(told(report), lambda b: b.kind):
        if kind is Is.ROW:
            head, *others = [[marked(c) for c in b.cells] for b in blocks]
            yield from ("", *table(head, others), "")
        elif kind is Is.ITEM:
            yield from (f"{'  ' * b.depth}- {marked(b.text)}" for b in blocks)
        else:
            yield from _apart(blocks)


def _apart(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind is Is.CODE:
            fence = "`" * max(3, *(len(run) + 1 for run in _ticks(block.text)), 3)
            yield from ("", f"{fence}yaml", visible(block.text), fence, "")
        elif block.kind in _LEVELS:
            yield from ("", f"{_LEVELS[block.kind]} {marked(block.text)}", "")
        elif block.depth:
            yield from ("", f"{'  ' * block.depth}{marked(block.text)}", "")
        else:
            yield from ("", marked(block.text), "")


def _ticks(text: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in text).split() if run]
