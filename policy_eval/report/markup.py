"""Text from outside in Markdown: never taken for markup, makes no link, and calls nobody by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from policy_eval.report.cells import line
from policy_eval.report.words import SHOWN, address

# What may be markup; a line below between letters is none, nor is a sign of reference before a space.
_SPECIAL = re.compile(r"[\\`*\[\]<>#|~$]|(?<![^\W_])_|_(?![^\W_])|[&!^%@](?=[\w\"#\[])")
_CALLS = re.compile(r"[@#!~%^$&][\w\"]|\[\w+(:|\]\()")  # how a reference begins, on GitHub or GitLab
_GAP = "\u200b"
# Where addresses, `GH-1` and `:names:` are found in plain text, and what is taken for the number of a commit.
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\bgh)(?=-\d)|(?<=:)(?=[\w+-]+:)", re.IGNORECASE)
_COMMIT = re.compile(r"\b[\da-f]{7,40}\b", re.IGNORECASE)
_CODE = re.compile(r"\\.|(`++).+?(?<!`)\1(?!`)")  # or an escaped character, which begins no code
_BLOCK = re.compile(r"^(\d*)([-+=.)])(?!\d)")  # what would begin a list or a line across
_ADDRESS = "%/:?#[]@!$&'*+,;=~"  # what stays as it is in an address
_ALIGNED = 40  # characters up to which cells are filled up, so that a table reads well as text


def plain(text: str) -> str:
    """Text that shows as it is: one line, no markup, no link, no mention of anybody."""
    return _BLOCK.sub(r"\1\\\2", _inline(text))


def _inline(text: str) -> str:
    """The same within a line, where nothing can begin a list."""
    apart = _COMMIT.sub(_parted, _LINKS.sub(_GAP, _line(text)))
    return _SPECIAL.sub(_escaped, apart).replace(_GAP, "&#8203;")


def code(text: str) -> str:
    """Text as code; `row` and `table` see to it that a bar in it ends no cell."""
    shown = _line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    room = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{room}{shown}{room}{fence}" if shown else ""


def marked(text: str) -> str:
    """Text in which what stands between backticks is code, and all else shows as it is."""
    parts = _line(text).split("`")
    if len(parts) % 2 == 0 or "" in parts[1:-1]:  # a backtick that is no mark
        return plain(text)
    return "".join(code(part) if n % 2 else _amid(part, first=n == 0) for n, part in enumerate(parts))


def link(text: str, url: str | None) -> str:
    """Text that leads to an address of the web; plain text where there is none."""
    to = address(url)
    return f"[{plain(text)}](<{quote(to, safe=_ADDRESS, errors='replace')}>)" if to else plain(text)


def listed(items: Sequence[str], most: int = SHOWN) -> str:
    """The first few items as code, and how many more there are."""
    first = ", ".join(map(code, items[:most]))
    return f"{first} and {len(items) - most} more" if len(items) > most else first


def row(*cells: str) -> str:
    """A row of a table, without the end of its line."""
    return _joined(map(_cell, cells))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; columns of short cells stand one below the other in the text too."""
    every = [[*map(_cell, cells)] for cells in (head, *rows)]
    widths = [max(3, *(len(c) for c in column if len(c) <= _ALIGNED)) for column in zip(*every, strict=True)]
    first, *others = (_joined(c.ljust(w) for c, w in zip(cells, widths, strict=True)) for cells in every)
    yield first
    yield _joined("-" * w for w in widths)
    yield from others


def _joined(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Markup as a cell: a bar within code ends the cell unless it is escaped; elsewhere it is escaped already."""
    return _CODE.sub(lambda found: found[0].replace("|", "\\|") if found[1] else found[0], text)


def _line(text: str) -> str:
    return " ".join(line(text).split())


def _amid(text: str, *, first: bool) -> str:
    """Plain text between pieces of code, with the spaces at its ends."""
    before, after = " " * text.startswith(" "), " " * text.endswith(" ")
    return f"{before}{plain(text) if first else _inline(text)}{after}" if text.strip() else text


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}{_GAP if _CALLS.match(found.string, found.start()) else ''}"


def _parted(found: re.Match[str]) -> str:
    return _GAP.join(re.findall(".{1,6}", found[0]))
