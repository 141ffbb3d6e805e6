"""What is done to a document around the citation processor: footnotes numbered before it, its output set right after.

After it, citations are plain words: `ibid, art 6` loses its comma, what stays upright is taken out of italics, and the
bibliography is taken apart into tables of authorities by group.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from policy_eval.messages import gettext as _
from policy_eval.report.memo.ast import Blocks, Inline, Inlines, heading, mapped, shown, table, text, walk
from policy_eval.report.memo.references import (
    CASES,
    DECISIONS,
    LEGISLATION,
    OTHERS,
    SOURCES,
    TREATIES,
    UPRIGHT,
    Library,
)  # fmt: skip

_TITLES = {
    CASES: _("Table of cases"),
    DECISIONS: _("Table of decisions of authorities"),
    LEGISLATION: _("Table of legislation"),
    TREATIES: _("Table of treaties"),
    OTHERS: _("Other authorities"),
    SOURCES: _("Sources for the facts"),
}
_SAME = "——"


def numbered(blocks: Blocks) -> Blocks:
    """The same, each citation with the number of its footnote, which `(n 4)` in later ones goes by."""
    numbers = count(1)
    for footnote in walk(blocks):
        if footnote.get("t") == "Note":
            number = next(numbers)
            for citation in walk(footnote["c"]):
                if "citationId" in citation:
                    citation["citationNoteNum"] = number
    return blocks


def cited(blocks: Blocks) -> dict[str, list[int]]:
    """The footnotes in which each reference is cited."""
    found: dict[str, list[int]] = {}
    for citation in walk(blocks):
        if "citationId" in citation:
            numbers = found.setdefault(citation["citationId"], [])
            if citation["citationNoteNum"] not in numbers:
                numbers.append(citation["citationNoteNum"])
    return found


def finished(blocks: Blocks, told: Library) -> Blocks:
    """What the citation processor made of a document, with tables of authorities at its end."""
    body = [b for b in blocks if not _is_bibliography(b)]
    listed = [b for div in blocks if _is_bibliography(div) for b in div["c"][1]]
    entries = {key: _entry(b, told.first[key]) for b in listed if (key := b["c"][0][0].removeprefix("ref-"))}
    where = cited(body)
    tables = [x for group in _TITLES for x in _table(group, entries, told, where)]
    return [*mapped(mapped(body, _words_of_citation), _upright), *tables]


def _entry(block: dict[str, Any], first: str) -> Inlines:
    """An entry of the bibliography; the style writes a line for an author named just before, which may be elsewhere."""
    words: Inlines = mapped(block["c"][1][0]["c"], _upright)
    if words and words[0]["t"] == "Str" and words[0]["c"].startswith(_SAME):
        return [*text(first + words[0]["c"].removeprefix(_SAME)), *words[1:]]
    return words


def _table(group: int, entries: Mapping[str, Inlines], told: Library, where: dict[str, list[int]]) -> Blocks:
    found = [(key, words) for key, words in entries.items() if told.groups[key] == group]
    if group == CASES:  # in a table the names of cases are not in italics
        found = [(key, mapped(words, _unslanted)) for key, words in found]
    if not found:
        return []
    rows = [(words, text(_ranges(where[key]))) for key, words in sorted(found, key=lambda x: _order(shown(x[1])))]
    head = (_("Document") if group == SOURCES else _("Authority"), _("Footnotes"))
    return [heading(1, _TITLES[group]), table((0.76, 0.24), head, rows)]


def _order(words: str) -> list[tuple[int, str]]:
    """By letters, and numbers by their size."""
    bare = re.sub(r"^(Joined Cases|Case) ", "Case ", words).lower().lstrip("‘“")
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in re.split(r"(\d+)", bare)]


def _ranges(numbers: list[int]) -> str:
    """`1, 3–5` for 1, 3, 4 and 5."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}{'–' if len(r) > 2 else ', '}{r[-1]}" for r in runs)


def _is_bibliography(block: dict[str, Any]) -> bool:
    return bool(block["t"] == "Div" and block["c"][0][0] == "refs")


def _words_of_citation(element: dict[str, Any]) -> Inlines | None:
    if element.get("t") != "Cite":
        return None
    return [{**x, "c": "ibid"} if x == {"t": "Str", "c": "ibid,"} else x for x in _flat(element["c"][1])]


def _flat(inlines: Inlines) -> Inlines:
    """The inlines of the spans that the processor puts around a citation."""
    return [y for x in inlines for y in (_flat(x["c"][1]) if x["t"] == "Span" and not x["c"][0][1] else [x])]


def _upright(element: dict[str, Any]) -> list[Inline] | None:
    if element.get("t") != "Emph" or not any(_is_upright(x) for x in walk(element["c"])):
        return None
    inner = element["c"]
    while len(inner) == 1 and inner[0]["t"] == "Emph":
        inner = inner[0]["c"]
    slanted: Inlines = []
    found: Inlines = []
    for x in inner:
        if _is_upright(x):
            found += [*_slanted(slanted), x]
            slanted = []
        else:
            slanted.append(x)
    return [*found, *_slanted(slanted)]


def _slanted(inlines: Inlines) -> Inlines:
    if not inlines or inlines[0]["t"] != "Space":
        return [{"t": "Emph", "c": inlines}] if inlines else []
    return [inlines[0], *_slanted(inlines[1:])]


def _is_upright(element: dict[str, Any]) -> bool:
    return element.get("t") == "Span" and UPRIGHT in element["c"][0][1]


def _unslanted(element: dict[str, Any]) -> Inlines | None:
    found: Inlines | None = element["c"] if element.get("t") == "Emph" else None
    return found
