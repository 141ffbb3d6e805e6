"""Reports of every format read back by other programs, for test_reports.py.

A new format needs a `Reader` in `READERS`: `findings` gives what the file says of each rule, and `harmless` asserts
that text from outside is only text in it and returns that text as people see it.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import pathlib
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

import openpyxl

from policy_eval.report.csv import COLUMNS, NOT_IN_FORCE
from policy_eval.report.words import SYMBOLS
from tests import memo_readers
from tests.formats import PAGE

OUTCOMES = {symbol: outcome for outcome, symbol in SYMBOLS.items()}
RULE = r"`([a-z0-9-]+/[a-z0-9-]+)`"


class Said(NamedTuple):
    """What a report says of a rule."""

    design: str
    set: str
    rule: str
    outcome: str


class Reader(NamedTuple):
    """How a format is read back."""

    findings: Callable[[pathlib.Path], set[Said]]
    harmless: Callable[[pathlib.Path], str]


def printable(text: str) -> str:
    unprintable = {c for c in text if not c.isprintable()} - {"\n"}
    assert unprintable == set()
    return text


# ---------------------------------------------------------------- JSON


def of_json(path: pathlib.Path) -> set[Said]:
    report = json.loads(path.read_text())
    return {Said(e["design"], e["set"], f["rule"], f["outcome"]) for e in report["evaluations"] for f in e["findings"]}


def harmless_json(path: pathlib.Path) -> str:
    """What reads JSON gets the very texts; the file itself is one JSON text and no more."""
    text = path.read_text()
    json.loads(text)
    assert all(c >= " " for c in text.replace("\n", ""))
    return "".join(_strings(json.loads(text)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(item)


# ---------------------------------------------------------------- text


def of_text(path: pathlib.Path) -> set[Said]:
    """Of evaluations everything; of comparisons of a few designs the rules that differ. Designs go by their titles."""
    found, design, set_, pending, letters = set(), "", "", "", dict[str, str]()
    last = ""
    for line in path.read_text().splitlines():
        if head := re.match(r"(?:\d+ designs )?under the .* \((\S+) \S+\), as of", line):
            design, set_ = last, head[1]
        elif head := re.match(r"\d+ designs under the .* \((\S+) \S+\), as of", line):
            set_ = head[1]
        elif column := re.match(r"([A-Z]\d*)  (\S+): ", line):
            letters[column[1]] = column[2]
        elif conflict := re.match(r"  ([X!]) in conflict", line):
            pending = conflict[1]
        elif pending and (rule := re.match(r"    (\S+/\S+)$", line)):
            found.add(Said(design, set_, rule[1], OUTCOMES[pending]))
            pending = ""
        elif other := re.match(r"  ([?.-]) ([a-z0-9-]+/[a-z0-9-]+)(:|$)", line):
            found.add(Said(design, set_, other[2], OUTCOMES[other[1]]))
        elif letters and re.match(r"    A (?:[X!?.-] |not in force)", line):
            for letter, symbol in re.findall(r"(?:^|  )([A-Z]\d*) ([X!?.-]) ", line.strip()):
                found.add(Said(letters[letter], set_, last.strip(), OUTCOMES[symbol]))
        last = line
    return found


def harmless_text(path: pathlib.Path) -> str:
    return printable(path.read_text())


# ---------------------------------------------------------------- HTML


class _Html(HTMLParser):
    """Findings by their anchors, the text, and whatever a browser would run or follow."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[Said] = set()
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self._lead: list[str] | None = None
        self._where: list[str] = []
        self._outcome, self._anchored, self._rule, self._code = "", False, False, False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.tags.add(tag)
        self.attributes |= set(given.items())
        if tag == "p" and given.get("class") == "lead":
            self._lead = []
        if re.match(r"e\d+-", given.get("id", "")):
            self._anchored, self._outcome = True, ""
        if tag == "use" and self._anchored and not self._outcome:
            self._outcome = given["href"].removeprefix("#s-")
        self._rule = self._rule or (tag == "a" and given.get("href", "").startswith("#rule-"))
        self._code = tag == "code"

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and self._lead:
            self._where, self._lead = self._lead[:2], None
        self._rule = self._rule and tag != "a"
        self._code = False

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._code and self._lead is not None:
            self._lead.append(data)
        if self._code and self._rule and self._anchored and self._outcome:
            self.found.add(Said(self._where[0], self._where[1], data, self._outcome))
            self._anchored = False


def of_html(path: pathlib.Path) -> set[Said]:
    return _Html(path.read_text()).found


def harmless_html(path: pathlib.Path) -> str:
    page = _Html(printable(path.read_text()))
    assert not page.tags & {"script", "img", "iframe", "object", "embed", "form", "base", "link", "b-evil"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "srcdoc", "action")]
    addresses = {value for name, value in page.attributes if name in ("href", "xlink:href")}
    assert all(a.startswith(("#", "https://", "http://")) for a in addresses)
    return "".join(page.text)


# ---------------------------------------------------------------- Markdown


def of_markdown(path: pathlib.Path) -> set[Said]:
    found: set[Said] = set()
    where, section, lens = ("", ""), "", False
    sections = {"undecided": "undecided", "no conflict found on the facts given": "no_conflict",
                "does not apply": "not_applicable"}  # fmt: skip
    for line in path.read_text().splitlines():
        if head := re.match(r"(?:### )?`([^`]+)` (?:\(\w+\) )?under `([^`]+)`", line):
            where = (head[1], head[2])
        lens = "seen through" in line if line.startswith("## ") else lens
        if line.startswith("#"):
            section = sections.get(line.lstrip("# ").lower(), "")
        if lens:
            continue  # it sorts what was told before
        if conflict := re.match(rf"\*\*([X!]) in conflict.*; {RULE}$", line):
            found.add(Said(*where, conflict[2], OUTCOMES[conflict[1]]))
        elif brief := re.match(rf"- ([X!]) [a-z ]+, \w+, {RULE}: ", line):
            found.add(Said(*where, brief[2], OUTCOMES[brief[1]]))
        elif listed := re.match(r"- (Undecided|No conflict found on the facts given|Does not apply): `", line):
            found |= {Said(*where, rule, sections[listed[1].lower()]) for rule in re.findall(RULE, line)}
        elif section and line.startswith(("| ", "- ")) and (rule := re.search(RULE, line)):
            found.add(Said(*where, rule[1], section))
    return found


def harmless_markdown(path: pathlib.Path) -> str:
    """Only the markup that is ours, and tables whose rows are all as wide as their heads."""
    tokens = PAGE.parse(printable(path.read_text()))
    inline = [c for t in tokens if t.type == "inline" for c in t.children or []]
    ours = ("heading", "paragraph", "bullet_list", "ordered_list", "list_item", "blockquote", "table", "thead", "tbody",
            "tr", "th", "td")  # fmt: skip
    assert {t.type for t in tokens} <= {"inline", *(f"{n}_{x}" for x in ("open", "close") for n in ours)}
    marks = {f"{n}_{x}" for x in ("open", "close") for n in ("strong", "em", "link")}
    assert {c.type for c in inline} <= {"text", "text_special", "code_inline", "softbreak", *marks}
    assert all(str(c.attrs["href"]).startswith(("https://", "http://")) for c in inline if c.type == "link_open")
    bare = "".join(c.content for c in inline if c.type in ("text", "text_special"))
    assert not re.search(r"[@#]\w|://|www\.|\bGH-\d", bare)
    for row in re.findall(r"(?m)^\|.*\|$\n\|[ |-]+\|$\n(?:\|.*\|$\n)*", path.read_text()):
        assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in row.splitlines()}) == 1
    return "".join(c.content for c in inline).replace("\u200b", "")


# ---------------------------------------------------------------- CSV, XLSX

FORMULA = tuple("=+-@\t\r＝＋－＠")


def _csv(path: pathlib.Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode()
    assert text.count("\r\n") >= 1 and text.endswith("\r\n")
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert tuple(table[0]) == COLUMNS and {len(row) for row in table} == {len(COLUMNS)}
    return [dict(zip(COLUMNS, row, strict=True)) for row in table[1:]]


def of_csv(path: pathlib.Path) -> set[Said]:
    rows = _csv(path)
    for later in (r for r in rows if r["outcome"] == NOT_IN_FORCE):
        assert later["title"] and not later["severity"] and not later["outcome_at_place"]
    rows = [r for r in rows if r["outcome"] != NOT_IN_FORCE]
    found = {Said(r["design"], r["set"], r["rule"], r["outcome"]) for r in rows}
    assert found == {Said(r["design"], r["set"], r["rule"], r["outcome"]) for r in rows
                     if r["outcome"] == r["outcome_at_place"]}  # fmt: skip
    return found


def harmless_csv(path: pathlib.Path) -> str:
    cells = [cell for row in _csv(path) for cell in row.values()]
    assert not [c for c in cells if c.startswith(FORMULA)]
    return printable("\n".join(cells))


@functools.cache
def workbook(path: pathlib.Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def sheet(path: pathlib.Path, name: str) -> list[dict[str, Any]]:
    head, *rows = workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def of_xlsx(path: pathlib.Path) -> set[Said]:
    """Findings, with which the matrix of rules agrees."""
    rows = [r for r in sheet(path, "Findings") if r["outcome"] != "not in force"]
    found = {Said(r["design"], r["set"], r["rule"], OUTCOMES[r["outcome"][0]]) for r in rows}
    matrix = {
        (head.split("\n")[0], row["Rule"], OUTCOMES[cell[0]])
        for row in sheet(path, "Rules")
        for head, cell in list(row.items())[5:]
        if cell
    }
    assert matrix == {(s.design, s.rule, s.outcome) for s in found}
    return found


def harmless_xlsx(path: pathlib.Path) -> str:
    """Text is text, whatever it begins with; links lead into the web; nothing is brought along."""
    book = workbook(path)
    cells = [c for s in book for row in s.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert all(c.hyperlink.target.startswith(("https://", "http://")) for c in cells if c.hyperlink)
    assert all(c.quotePrefix for c in cells if c.data_type == "s" and str(c.value).startswith(FORMULA))
    with zipfile.ZipFile(path) as parts:
        assert not [n for n in parts.namelist() if re.search(r"vba|external|macro|embed|drawing", n, re.IGNORECASE)]
        assert b"<f>" not in b"".join(parts.read(n) for n in parts.namelist() if "/worksheets/sheet" in n)
    return printable("\n".join(str(c.value) for c in cells))


READERS = {
    "json": Reader(of_json, harmless_json),
    "text": Reader(of_text, harmless_text),
    "html": Reader(of_html, harmless_html),
    "markdown": Reader(of_markdown, harmless_markdown),
    "csv": Reader(of_csv, harmless_csv),
    "xlsx": Reader(of_xlsx, harmless_xlsx),
    "docx": Reader(lambda path: {Said(*x) for x in memo_readers.of_docx(path)}, memo_readers.harmless_docx),
    "pdf": Reader(lambda path: {Said(*x) for x in memo_readers.of_pdf(path)}, memo_readers.harmless_pdf),
}
