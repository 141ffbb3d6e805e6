"""A workbook of plain tables: text is always text, the limits of spreadsheets are kept, same tables give same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import quote

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from policy_eval.messages import gettext as _
from policy_eval.report import phrases
from policy_eval.report.words import SYMBOLS, address, visible, words

ROWS, LETTERS, LINKS, ADDRESS, NAME = 1_048_576, 32_767, 65_530, 2_000, 31  # what Excel takes
_CUT = " […]"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NO_DAY = datetime(1980, 1, 1)  # nothing reads the clock; the parts of the file bear this day as well
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "font_color": "#FFFFFF", "bg_color": "#1F3A5F", "border": 1}
# A prefix keeps text text after it was edited, too.
_TEXT = {"text_wrap": True, "valign": "top", "quote_prefix": True}
# Beside the word and the symbol; none of the light colours stands for itself.
_COLOURS = {
    "conflict": "#F6C9C5", "conflict_unless_excused": "#E6D3F0", "undecided": "#D9E2EC", "no_conflict": "#D5EBD8",
    "not_applicable": "#F0F0F0",
}  # fmt: skip


_LINE, _ARROW = 15, 3  # height of a line in points; letters that the arrow of a filter covers
_TALLEST = 8  # lines of a row; the whole text is in the cell


def _lines(text: str, width: int, room: int = 0) -> int:
    """The lines that a text takes in a column of a width; not every program works them out where none are stated."""
    return sum(max(1, -(-(len(part) + room) // max(width - 1, 1))) for part in text.split("\n"))


@dataclass(frozen=True, slots=True)
class Said:
    """An outcome in symbol and words, coloured."""

    outcome: str
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rules of an outcome: a number, shown with the word."""

    number: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share of one."""

    part: float


@dataclass(frozen=True, slots=True)
class Link:
    """An address; one that leads into the web can be followed."""

    url: str | None


Value = str | float | None | Said | Count | Share | Link
Head = Sequence[tuple[str, int]]  # title and width of each column


def _lines_of(value: Value, width: int) -> int:
    return _lines(value, width) if isinstance(value, str) else 1


class Book:
    """A workbook that is being written."""

    def __init__(self, title: str, comments: str) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, _OPTIONS)
        self._book.set_properties({"title": shown(title)[:255], "comments": comments, "created": _NO_DAY})
        self._format = cache(self._formatted)

    def table(self, name: str, head: Head, rows: Iterable[Sequence[Value]], frozen: int = 1) -> None:
        """A sheet with a header that stays in sight, filters, and as many rows as a sheet may have."""
        sheet = self._book.add_worksheet(name[:NAME])
        for column, (title, width) in enumerate(head):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, shown(title), self._format("head"))
        last, every = 0, iter(rows)
        for row in islice(every, ROWS - 2):
            last += 1
            for column, value in enumerate(row):
                self._write(sheet, last, column, value)
            sheet.set_row(last, _LINE * min(_TALLEST, max(map(_lines_of, row, (width for _title, width in head)))))
        if left_out := sum(1 for _row in every):
            more = _("And %(number)s more rows, for which a sheet has no room.") % {"number": left_out}
            sheet.write_string(last + 1, 0, more, self._format("text"))
        sheet.set_row(0, _LINE * max(_lines(title, width, _ARROW) for title, width in head))
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, max(last, 1), len(head) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def data(self) -> bytes:
        """The file."""
        self._book.close()
        return self._buffer.getvalue()

    def _formatted(self, kind: str, outcome: str | None = None) -> Format:
        """A style of cells; the word behind a number is part of it."""
        colour = {"bg_color": _COLOURS[outcome]} if outcome else {}
        number = f'0 "{phrases.short(outcome)}"' if outcome else "General"
        properties: dict[str, dict[str, Any]] = {
            "head": _HEAD,
            "text": _TEXT | colour,
            "number": {"valign": "top", "num_format": number} | colour,
            "share": {"valign": "top", "num_format": "0%"},
            "link": {"valign": "top", "font_color": "#0B5394", "underline": 1},
        }
        return self._book.add_format(properties[kind])

    def _write(self, sheet: Worksheet, row: int, column: int, value: Value) -> None:
        match value:
            case None | "":
                pass
            case str():
                sheet.write_string(row, column, shown(value), self._format("text"))
            case Said(outcome, brief):
                sheet.write_string(row, column, _said(outcome, brief), self._format("text", outcome))
            case Count(number, outcome):
                sheet.write_number(row, column, number, self._format("number", outcome))
            case Share(part):
                sheet.write_number(row, column, part, self._format("share"))
            case Link(url):
                self._link(sheet, row, column, url)
            case _:
                sheet.write_number(row, column, value, self._format("number"))

    def _link(self, sheet: Worksheet, row: int, column: int, url: str | None) -> None:
        to = quote(address(url) or "", safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
        if to and len(to) <= ADDRESS and sheet.hlink_count < LINKS:
            sheet.write_url(row, column, to, self._format("link"), string=shown(url or ""))
        elif url:
            sheet.write_string(row, column, shown(url), self._format("text"))


def shown(text: str) -> str:
    """Text that a cell can hold: control characters written out, and cut where it is too long, which shows."""
    found = visible(text)
    if len(found.encode("utf-16-le")) > 2 * LETTERS:
        room = 2 * (LETTERS - len(_CUT))
        found = found.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + _CUT
    # The library takes such text for markup of its own, and writes it unescaped.
    return f"{found} " if found.startswith("<r>") and found.endswith("</r>") else found


def _said(outcome: str, brief: bool) -> str:
    return phrases.marked(outcome) if brief else f"{SYMBOLS[outcome]} {words(outcome)}"
