"""A memorandum for print, tagged for readers who listen (PDF/UA-1): the document of `-f docx`, set by typst."""

from __future__ import annotations

import re
from typing import Any, TextIO

from policy_eval.report import memo, streams
from policy_eval.report.memo import pandoc, typesetting
from policy_eval.report.memo.ast import Inline, Inlines, mapped
from policy_eval.report.wire import ReportV1
from policy_eval.report.words import visible

WANTS = memo.WANTS
_LONG = re.compile(r"[^\s\-\u2e80-\uffef]{26,}")  # in Chinese and Japanese a line may end at any letter
_PIECE = re.compile(r".{25}[\u0300-\u036f\u200d\ufe0f]*")  # marks stay with their letter
# A line may end at an empty box, and nothing of it is copied with the words, as a space of no width would be.
_END = "#box(width: 0pt);"
_LOOK = """\
#set document(title: {title}, author: {tool}, date: none)
#set page(paper: "a4", margin: (x: 2.4cm, y: 2.6cm), numbering: "1")
#set text(font: "Libertinus Serif", size: 10.5pt, lang: "en", region: "GB")
#set par(justify: false, leading: 0.62em, spacing: 0.9em)
#set list(spacing: 0.62em)
#set table(stroke: (_, y) => (top: if y == 0 {{ 0.8pt }} else {{ 0.3pt + luma(60%) }}), inset: (x: 4pt, y: 4pt))
#show figure: set block(breakable: true, width: 100%)
#show figure.where(kind: table): set figure(supplement: none)
#show table: set text(size: 9pt)
#show table: set par(leading: 0.5em)
#set table.cell(breakable: false)
#show table.cell: set align(left)
#show heading: set block(above: 1.3em, below: 0.7em, sticky: true)
#show heading.where(level: 1): set text(size: 13.5pt)
#show heading.where(level: 2): set text(size: 11.5pt)
#show heading.where(level: 3): set text(size: 10.5pt)
#show raw: set text(size: 1.12em)
#show raw: shown => {{
  show regex("[./_]|[^./_ -]{{25}}"): found => found + box(width: 0pt)
  shown
}}
#set footnote.entry(gap: 0.45em)
#let horizontalrule = line(length: 100%)
#block(below: 1.4em, text(size: 17pt, weight: "bold")[{head}])
"""


def write(report: ReportV1, out: TextIO) -> None:
    """Write the memorandum as PDF; same report, same bytes. Raises `InvalidInput` on a terminal, or if a step fails."""
    body = pandoc.run(mapped(memo.memorandum(report, "pdf"), _literal), "typst", "--wrap=none").decode()
    title = memo.title(report)
    look = _LOOK.format(title=_quoted(title), head=_breakable(title), tool=_quoted(report.tool))
    streams.send(typesetting.run(look + body), out, "pdf")


def _literal(element: dict[str, Any]) -> Inlines | None:
    """Words as strings of typst, which are never parsed: pandoc leaves some marks as they are that begin lists."""
    match element:
        case {"t": "Str", "c": words}:
            return [_raw(_breakable(words))]
        case {"t": "Code", "c": [_, words]}:
            return [_raw(f"#raw({_quoted(words)});")]
        case {"t": "Link", "c": [_, inner, [url, _]]}:
            return [_raw(f"#link({_quoted(url)})["), *inner, _raw("];")]
    return None


def _breakable(words: str) -> str:
    """Words as strings of typst; lines may end within those that are longer than any line of a table."""
    cut = _LONG.sub(lambda run: _PIECE.sub(r"\g<0>\n", run[0]).rstrip("\n"), " ".join(visible(words).split()))
    return _END.join(f"#{_quoted(piece)};" for piece in cut.split("\n"))


def _raw(source: str) -> Inline:
    return {"t": "RawInline", "c": ["typst", source]}


def _quoted(words: str) -> str:
    """A string of typst; what cannot be seen is written out."""
    seen = " ".join(visible(words).split())
    return '"' + seen.replace("\\", "\\\\").replace('"', '\\"') + '"'
