"""A memorandum for word processors: footnotes are footnotes, and what it looks like are styles that can be changed.

What pandoc wrote is changed at marks in its XML. Another pandoc may write other marks: each is looked for, and where
one is missing this is an error, not a document without styles.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterable
from typing import TextIO

from policy_eval.report import memo, streams
from policy_eval.report.memo import pandoc
from policy_eval.report.wire import ReportV1

WANTS = memo.WANTS
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_RELATIONS = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_CODE_FONT, _TABLE = "Consolas", "Table"  # as pandoc names them
_FONT = "Times New Roman"  # wherever documents are opened, it or a font of its measures is there
# Size in half points, space before and after in twentieths of a point: pandoc's own styles are wider than a memorandum.
_LOOK = {
    "Title": (32, 0, 160), "Heading1": (27, 260, 100), "Heading2": (24, 200, 80), "Heading3": (22, 160, 60),
    "Heading4": (21, 120, 40), "BodyText": (21, 50, 70), "Compact": (20, 20, 20), "FootnoteText": (17, 0, 10),
    "VerbatimChar": (18, None, None),
}  # fmt: skip
_SECTION = (
    b'<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter1"/><w:footnotePr><w:numRestart w:val="continuous"/>'
    b'</w:footnotePr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1360" w:bottom="1440" '
    b'w:left="1360" w:header="700" w:footer="700" w:gutter="0"/>'
)
_ROW, _WHOLE_ROW = b"<w:tr><w:tc>", b"<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>"  # not split between pages
_HEAD_ROW, _ANY_ROW = b"<w:tr><w:trPr><w:tblHeader", re.compile(rb"<w:tr[\s/>]")
_FOOTER = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:jc w:val="center"/>'
    '</w:pPr><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)
_FOOTER_LINK = (
    b'<Relationship Id="rIdFooter1" Target="footer1.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"/>'
)
_FOOTER_TYPE = (
    b'<Override PartName="/word/footer1.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>'
)
# Parts of a style in the order that the format asks for.
_ORDER = (
    "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "kern", "sz",
    "szCs", "u", "vertAlign", "pPr", "rPr", "tblPr", "tblStylePr", "tblInd", "tblBorders", "top", "bottom", "insideH",
    "tblCellMar",
)  # fmt: skip


def write(report: ReportV1, out: TextIO) -> None:
    """Write it as DOCX; same report, same bytes. Raises `InvalidInput` on a terminal or where a step fails."""
    streams.send(_restyled(pandoc.run(memo.memorandum(report, "docx"), "docx")), out, "docx")


def _restyled(made: bytes) -> bytes:
    """The same document with other styles; a reference document for pandoc would be a binary nobody can review."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as after:
        _expect(sorted(_CHANGES.keys() - before.namelist()))
        for name in before.namelist():
            data = before.read(name)
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, _CHANGES[name](data) if name in _CHANGES else data)
        after.writestr(zipfile.ZipInfo("word/footer1.xml", _FIRST_DAY), _FOOTER)
    return found.getvalue()


def _expect(missing: Iterable[str]) -> None:
    """Raises `InvalidInput` where something is missing that is to be changed."""
    if names := ", ".join(missing):
        message = f"pandoc wrote a document that cannot be given its styles: it lacks {names}"
        help = f"install `pypandoc-binary=={pandoc.TESTED}`, whose pandoc is known to do, or ask for `html`"
        raise pandoc.failed(message, help)


def _styles(data: bytes) -> bytes:
    ET.register_namespace("w", _W)
    root = ET.fromstring(data)
    _refont(list(root.iter(f"{{{_W}}}rFonts")))
    styles = {style.get(f"{{{_W}}}styleId", ""): style for style in root.iter(f"{{{_W}}}style")}
    _expect(f"the style {name}" for name in (*_LOOK, _TABLE) if name not in styles)
    for name, look in _LOOK.items():
        _restyle(styles[name], *look, head=name.startswith(("Title", "Heading")))
    _rule(styles[_TABLE])
    made: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made


def _refont(fonts: list[ET.Element]) -> None:
    """One font for all but code."""
    others = [x for x in fonts if _CODE_FONT not in x.attrib.values()]
    _expect([] if others else ["fonts of words"])
    _expect([] if len(others) < len(fonts) else [f"the font {_CODE_FONT} of code"])
    for found in others:
        found.attrib.clear()
        found.attrib.update({f"{{{_W}}}{kind}": _FONT for kind in ("ascii", "hAnsi", "cs")})


def _page(data: bytes) -> bytes:
    """A4 with page numbers; footnotes are counted through, as with pandoc's own section they begin anew in tables."""
    start, end = data.rfind(b"<w:sectPr"), data.rfind(b"</w:sectPr>")
    _expect([] if 0 <= start < end else ["the section at its end"])
    _expect([] if _RELATIONS in data else ["the names of relationships"])
    rows, known = len(_ANY_ROW.findall(data)), data.count(_ROW) + data.count(_HEAD_ROW)
    _expect([] if rows == known else [f"rows of tables as expected, {rows - known} of {rows}"])
    return (data[:start] + _SECTION + data[end:]).replace(_ROW, _WHOLE_ROW)


def _before(end: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change that puts something before the end of a file."""

    def change(data: bytes) -> bytes:
        _expect([] if end in data else [end.decode()])
        return data.replace(end, new + end)

    return change


def _restyle(style: ET.Element, size: int, before: int | None, after: int | None, *, head: bool) -> None:
    run = _part(style, "rPr")
    for name in ("sz", "szCs"):
        _part(run, name).set(f"{{{_W}}}val", str(size))
    if before is not None:
        spacing = _part(_part(style, "pPr"), "spacing")
        spacing.attrib.update({f"{{{_W}}}before": str(before), f"{{{_W}}}after": str(after)})
    if head:
        _part(run, "b")
        colour = _part(run, "color")
        colour.attrib.clear()
        colour.set(f"{{{_W}}}val", "000000")
        for centred in style.iter(f"{{{_W}}}jc"):
            centred.set(f"{{{_W}}}val", "left")


def _rule(style: ET.Element) -> None:
    """Thin lines between the rows of tables."""
    borders = _part(_part(style, "tblPr"), "tblBorders")
    for side in ("top", "bottom", "insideH"):
        _part(borders, side).attrib.update(
            {f"{{{_W}}}{k}": v for k, v in {"val": "single", "sz": "4", "space": "0", "color": "999999"}.items()}
        )


def _part(parent: ET.Element, name: str) -> ET.Element:
    """The part of this name, added in its place where there is none."""
    found = parent.find(f"{{{_W}}}{name}")
    if found is None:
        found, rank = ET.Element(f"{{{_W}}}{name}"), _ORDER.index(name)
        later = {f"{{{_W}}}{n}" for n in _ORDER[rank + 1 :]}
        parent.insert(next((i for i, x in enumerate(parent) if x.tag in later), len(parent)), found)
    return found


_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "word/styles.xml": _styles,
    "word/document.xml": _page,
    "word/_rels/document.xml.rels": _before(b"</Relationships>", _FOOTER_LINK),
    "[Content_Types].xml": _before(b"</Types>", _FOOTER_TYPE),
}
