"""Documents as pandoc reads them in JSON: a few constructors, so that no text is ever parsed as markup.

Text from outside enters through `text` and `marked` alone, which write out what cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from policy_eval.report.words import visible

Inline = dict[str, Any]
Block = dict[str, Any]
Inlines = list[Inline]
Blocks = list[Block]
Meta = dict[str, Any]

API = [1, 23, 1]
_NO_ATTRIBUTES: list[Any] = ["", [], []]
_PLACE = re.compile(r"%\((\w+)\)s")
SPACE: Inline = {"t": "Space"}
BREAK: Inline = {"t": "LineBreak"}


def text(words: str) -> Inlines:
    """Words as they are, line ends as spaces."""
    found: Inlines = []
    for word in visible(words).split():
        found += [SPACE, {"t": "Str", "c": word}] if found else [{"t": "Str", "c": word}]
    return found


def marked(words: str) -> Inlines:
    """Words with what stands between backticks as code."""
    parts = words.split("`")
    if len(parts) % 2 == 0:  # one of them is no mark
        return text(words)
    return [x for n, part in enumerate(parts) for x in ([code(part)] if n % 2 else spaced(part))]


def spaced(words: str) -> Inlines:
    """Words with the space before and after them kept, to stand beside others."""
    before, after = words[:1].isspace(), words[-1:].isspace()
    inner = text(words)
    return [SPACE] * before + inner + [SPACE] * (after and bool(inner))


def filled(sentence: str, **parts: Inlines) -> Inlines:
    """A sentence with a part in the place of each `%(name)s`; raises KeyError where one is not given."""
    pieces = _PLACE.split(sentence)
    return [x for n, piece in enumerate(pieces) for x in (parts[piece] if n % 2 else spaced(piece))]


def code(words: str) -> Inline:
    """A name or path, in letters of one width."""
    return {"t": "Code", "c": [_NO_ATTRIBUTES, " ".join(visible(words).split())]}


def strong(words: str) -> Inline:
    """Words in bold."""
    return {"t": "Strong", "c": text(words)}


def span(inlines: Inlines, *classes: str) -> Inline:
    """Words with classes that say how they are meant."""
    return {"t": "Span", "c": [["", list(classes), []], inlines]}


def para(*parts: Inlines) -> Block:
    """A paragraph of parts with a space between them."""
    return {"t": "Para", "c": joined(parts)}


def joined(parts: Iterable[Inlines]) -> Inlines:
    """Parts with a space between them."""
    found: Inlines = []
    for part in parts:
        found += [SPACE, *part] if found and part else part
    return found


def heading(level: int, words: str) -> Block:
    """A heading; its number comes with `headed`."""
    return {"t": "Header", "c": [level, _NO_ATTRIBUTES, text(words)]}


def bullets(items: Iterable[Inlines]) -> Blocks:
    """A list of points, or nothing where there are none."""
    points = [[{"t": "Plain", "c": item}] for item in items]
    return [{"t": "BulletList", "c": points}] if points else []


def table(shares: Sequence[float], head: Sequence[str], rows: Iterable[Sequence[Inlines]]) -> Block:
    """A table with a head; `shares` are the widths of its columns, one in all."""
    columns = [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": share}] for share in shares]
    top = [_NO_ATTRIBUTES, [_row([strong(h)] for h in head)]]
    body = [_NO_ATTRIBUTES, 0, [], [_row(row) for row in rows]]
    return {"t": "Table", "c": [_NO_ATTRIBUTES, [None, []], columns, top, [body], [_NO_ATTRIBUTES, []]]}


def _row(cells: Iterable[Inlines]) -> list[Any]:
    left = {"t": "AlignDefault"}
    return [_NO_ATTRIBUTES, [[_NO_ATTRIBUTES, left, 1, 1, [{"t": "Plain", "c": cell}]] for cell in cells]]


def note(*parts: Inlines) -> Inline:
    """A footnote."""
    return {"t": "Note", "c": [para(*parts)]}


def cite(cited: Iterable[tuple[str, str]]) -> Inlines:
    """Citations of references by key, each with words that follow it; nothing where there are none."""
    # `{}` tells pandoc that no pinpoint is to be looked for in what follows.
    citations = [
        {
            "citationId": key,
            "citationPrefix": [],
            "citationSuffix": text(f"{{}}{after}"),
            "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0,
            "citationHash": 0,
        }
        for key, after in cited
    ]
    return [{"t": "Cite", "c": [citations, []]}] if citations else []


def meta(value: str | Inlines | list[Meta] | dict[str, Meta]) -> Meta:
    """Metadata: words that are not parsed, a list or a map."""
    if isinstance(value, str):
        return {"t": "MetaInlines", "c": text(value)}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": value}
    is_list = all(str(x["t"]).startswith("Meta") for x in value)
    return {"t": "MetaList" if is_list else "MetaInlines", "c": value}


def plain(value: str) -> Meta:
    """Metadata that is a name for pandoc, never words to show."""
    return {"t": "MetaString", "c": value}


def document(blocks: Blocks, found: dict[str, Meta]) -> dict[str, Any]:
    """A whole document."""
    return {"pandoc-api-version": API, "meta": found, "blocks": blocks}


def headed(blocks: Blocks) -> Blocks:
    """The same with numbers before headings."""
    counts: list[int] = []
    found = []
    for block in blocks:
        if block["t"] == "Header":
            level, attributes, words = block["c"]
            counts = [*counts[:level], *[0] * (level - len(counts))]
            counts[level - 1] += 1
            number = ".".join(map(str, counts))
            block = {"t": "Header", "c": [level, attributes, [*text(number), SPACE, *words]]}
        found.append(block)
    return found


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every element of a tree, in the order of the document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def mapped(node: Any, change: Callable[[dict[str, Any]], list[Any] | None]) -> Any:
    """The same tree with elements replaced by what `change` says, from the inside out; None leaves one as it is."""
    if isinstance(node, dict):
        return {k: mapped(v, change) for k, v in node.items()}
    if not isinstance(node, list):
        return node
    found: list[Any] = []
    for child in node:
        new = mapped(child, change)
        put = change(new) if isinstance(new, dict) else None
        found += [new] if put is None else put
    return found


def shown(node: Any) -> str:
    """The bare words of a tree."""
    return "".join(" " if x["t"] in ("Space", "SoftBreak") else _letters(x) for x in walk(node) if "t" in x)


def _letters(element: dict[str, Any]) -> str:
    return str(element["c"]) if element["t"] == "Str" else str(element["c"][1]) if element["t"] == "Code" else ""
