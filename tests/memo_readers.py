"""Memoranda read back: DOCX by its XML, PDF by pdftotext; for report_readers.py and test_memo.py."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

import pytest

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_RULE = r"\(([a-z0-9-]+/[a-z0-9-]+)\)"
# What tells where the text stands, without its spaces: which evaluation, and what is said of the rules that follow.
_MARKS = {
    r"\d4?Whatisundecided": "undecided", r"Ontheseno?conflictwasfoundonthefactsgiven:": "no_conflict",
    r"Thesedonotapply:": "not_applicable", r"Notinforceon[\d-]+,andnotcounted:": "", r"Whatdecidesit:": "",
    r"\dConflicts": "", r"Rulesthatcometodifferentoutcomes": "",
}  # fmt: skip
_OUTCOMES = {
    "Inconflictonthefactsgiven": "conflict", "Inconflictunlessexcused": "conflict_unless_excused",
}  # fmt: skip
_CELLS = {"Xconflict": "conflict", "!unlessexcused": "conflict_unless_excused", "?undecided": "undecided",
          ".noconflictfound": "no_conflict", "-doesnotapply": "not_applicable"}  # fmt: skip
_TOKEN = re.compile(
    "|".join(
        (
            r"Design\((?P<design>[^()]+)\)underset\((?P<set>[^()]+)\)",
            rf"(?P<mark>{'|'.join(_MARKS)})",
            rf"(?P<outcome>{'|'.join(_OUTCOMES)})–severity[a-z]+{_RULE}",
            rf"{_RULE}(?P<cell>{'|'.join(map(re.escape, _CELLS))})?",
        )
    )
)


class Note(NamedTuple):
    """A footnote: its number as readers count, and what it says."""

    number: int
    text: str


def said(text: str) -> set[tuple[str, str, str, str]]:
    """Design, set, rule and outcome of every finding told in a text."""
    design = set_ = outcome = ""
    found: set[tuple[str, str, str, str]] = set()
    for token in _TOKEN.finditer(bare(text)):
        if token["design"]:
            design, set_, outcome = token["design"], token["set"], ""
        elif token["mark"]:
            outcome = next(o for mark, o in _MARKS.items() if re.fullmatch(mark, token["mark"]))
        else:
            rule = next(x for x in token.groups() if x and re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", x))
            told = _OUTCOMES.get(token["outcome"] or "") or _CELLS.get(token["cell"] or "") or outcome
            found |= {(design, set_, rule, told)} if told and design else set()
    return found


def bare(text: str) -> str:
    """A text without its spaces and ends of lines."""
    return "".join(text.split())


def part(path: pathlib.Path, name: str) -> ET.Element:
    """A part of a DOCX."""
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        return ET.fromstring(found.read(name))


def words(element: ET.Element) -> str:
    """What an element of a DOCX says."""
    return "".join((x.text or "") if x.tag == f"{W}t" else "\n" for x in element.iter() if x.tag in (f"{W}t", f"{W}br"))


def paragraphs(path: pathlib.Path) -> Iterator[tuple[str, str]]:
    """Style and words of each paragraph of a DOCX, those of tables too."""
    for p in part(path, "word/document.xml").iter(f"{W}p"):
        style = p.find(f"{W}pPr/{W}pStyle")
        yield "" if style is None else style.get(f"{W}val", ""), words(p)


def notes(path: pathlib.Path) -> list[Note]:
    """The footnotes of a DOCX in the order of their marks in the text."""
    marks = [x.get(f"{W}id") for x in part(path, "word/document.xml").iter(f"{W}footnoteReference")]
    assert len(set(marks)) == len(marks)
    return [Note(n, text) for n, text in enumerate((x for _, found in noted(path) for x in found), 1)]


def noted(path: pathlib.Path) -> Iterator[tuple[str, list[str]]]:
    """Words of each paragraph of a DOCX, with what its footnotes say."""
    text = {x.get(f"{W}id"): words(x).strip() for x in part(path, "word/footnotes.xml").iter(f"{W}footnote")}
    for p in part(path, "word/document.xml").iter(f"{W}p"):
        yield words(p), [text[mark.get(f"{W}id")] for mark in p.iter(f"{W}footnoteReference")]


def tables(path: pathlib.Path) -> dict[str, list[list[str]]]:
    """The rows of the table under each heading of a DOCX, without the head."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for block in part(path, "word/document.xml").findall(f"{W}body/*"):
        style = block.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val", "").startswith("Heading"):
            heading = words(block).split(" ", 1)[1]
        if block.tag == f"{W}tbl":
            found[heading] = [[words(c) for c in row.iter(f"{W}tc")] for row in list(block.iter(f"{W}tr"))[1:]]
    return found


def links(path: pathlib.Path) -> list[str]:
    """What a DOCX leads to outside itself."""
    with zipfile.ZipFile(path) as found:
        names = [n for n in found.namelist() if n.endswith(".rels")]
        relations = [x for n in names for x in ET.fromstring(found.read(n)).iter(f"{R}Relationship")]
    return [x.get("Target", "") for x in relations if x.get("TargetMode") == "External"]


def of_docx(path: pathlib.Path) -> set[tuple[str, str, str, str]]:
    """Every finding of a DOCX."""
    return said("\n".join(text for _, text in paragraphs(path)))


def harmless_docx(path: pathlib.Path) -> str:
    """Only web addresses are led to, nothing is embedded or worked out, and what is seen can be seen."""
    assert all(link.startswith(("https://", "http://")) for link in links(path))
    with zipfile.ZipFile(path) as found:
        names = found.namelist()
    assert not [n for n in names if n.startswith(("word/media", "word/embeddings")) or n.endswith((".bin", ".js"))]
    document = part(path, "word/document.xml")
    assert not [x for x in document.iter() if x.tag in (f"{W}object", f"{W}drawing", f"{W}instrText", f"{W}fldSimple")]
    text = "\n".join(x for _, x in paragraphs(path)) + "\n" + "\n".join(n.text for n in notes(path))
    assert text.replace("\n", "").isprintable()
    return text


def text_of_pdf(path: pathlib.Path) -> str:
    """What a PDF says; skips where pdftotext is not there."""
    program = shutil.which("pdftotext") or pytest.skip("pdftotext is not installed")
    done = subprocess.run([program, "-raw", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode().replace("\f", "\n")


def of_pdf(path: pathlib.Path) -> set[tuple[str, str, str, str]]:
    """Every finding of a PDF."""
    return said(text_of_pdf(path))


def harmless_pdf(path: pathlib.Path) -> str:
    """Nothing in it runs, links go to the web alone; its words with and without spaces, as lines may end anywhere."""
    data = path.read_bytes()
    assert b"/ObjStm" not in data  # or objects would be packed into the streams that are left out here
    data = re.sub(rb"\bstream\r?\n.*?\nendstream", b"", data, flags=re.DOTALL)
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|SubmitForm)\b", data)
    assert all(u.startswith((b"https://", b"http://")) for u in re.findall(rb"/URI ?\(([^)]*)\)", data))
    text = text_of_pdf(path)
    return f"{' '.join(text.split())}\n{bare(text)}"
