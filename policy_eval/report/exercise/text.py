"""Exercises and marks for the terminal."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from rich.table import Table
from rich.text import Text

from policy_eval.report.exercise.told import Block, Is, Report, told
from policy_eval.report.text import Indented, console, safe_text

_STYLES = {"right": "green", "partly": "yellow", "missed": "red", "wrong": "red", "unfounded": "red"}
_WHOLE = 32  # characters of a first cell that is not broken up
_SIGNS = {"right": "+", "partly": "~", "missed": "-", "wrong": "x", "unfounded": "x", "for_a_person": "?"}


def write(report: Report, out: TextIO) -> None:
    """Write the report for people."""
    screen = console(out)
    for rows, blocks in groupby(told(report, brief=True), lambda b: b.kind is Is.ROW):
        if rows:
            screen.print(_table([b.cells for b in blocks]))
            continue
        for block in blocks:
            if block.kind in (Is.TITLE, Is.HEADING, Is.SUBHEADING):
                screen.print()
            if block.kind is Is.CODE:
                for line in block.text.split("\n"):
                    screen.print(safe_text(line), soft_wrap=True)
            else:
                screen.print(_shown(block), end="" if isinstance(_shown(block), Indented) else "\n")


def _shown(block: Block) -> Indented | Text:
    match block.kind:
        case Is.TITLE | Is.HEADING:
            return safe_text(block.text, "bold")
        case Is.SUBHEADING:
            return safe_text(block.text, "underline")
        case Is.ITEM:
            sign = _SIGNS.get(block.mark, "-" if not block.mark else " ")
            return Indented(safe_text(f"{sign} {block.text}", _STYLES.get(block.mark, "")), 2 * (block.depth + 1))
        case _:
            return Indented(safe_text(block.text), 4 if block.depth else 0)


def _table(rows: list[tuple[str, ...]]) -> Table:
    head, *others = rows
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(head):
        # What people copy stays in one piece, where that leaves room for the rest.
        whole = number == 0 and max(len(cells[0]) for cells in rows) <= _WHOLE
        table.add_column(safe_text(name), overflow="fold", no_wrap=whole)
    for cells in others:
        table.add_row(*map(safe_text, cells))
    return table
