"""How other programs read the gate's formats, and reports made up to try them; for test_check_*.py."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
import json
import pathlib
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import jsonschema
import pytest
import xmlschema
from markdown_it import MarkdownIt
from pydantic import TypeAdapter

from policy_eval.report.check import FORMATS, github, gitlab, junit, markdown
from policy_eval.report.check import csv as csv_format
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1
from tests.test_cli import run

SCHEMAS = pathlib.Path(__file__).parent / "schemas"
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit.xsd"))
GITLAB = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "gitlab-code-quality.schema.json").read_text()))
OURS = {"junit": junit, "github": github, "gitlab": gitlab, "markdown": markdown, "csv": csv_format}
TODAY = "2026-11-27"

DECISIONS = """\
schema: 1
decisions:
  - rule: gdpr/consent-by-pre-ticked-box
    design: sesame-credit-2018
    place: consents.annual-report-box
    kind: deferral
    reason: The form is redrawn in spring
    owner: Product
    approved_by: Data protection officer
    date: 2026-11-01
    expires: 2027-03-31
    reference: DPIA-2026-014
  - rule: gdpr/consent-under-imbalance
    design: loan-app-separate-consents
    place: consents.bureau-file
    kind: disagreement
    reason: Applicants have many other lenders
    owner: Legal
    approved_by: Data protection officer
    date: 2026-11-01
    review_by: 2027-03-31
    reference: DPIA-2026-015
  - rule: gdpr/no-legal-basis
    design: sesame-credit-2018
    place: purposes.given-up
    kind: deferral
    reason: Not needed any more
    owner: Product
    approved_by: Data protection officer
    date: 2026-11-01
    expires: 2027-03-31
    reference: DPIA-2026-016
"""
PAGE = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SECTIONS = {
    "In conflict": {"against"}, "Not demonstrated": {"not_demonstrated"}, "Listed, not counted": {"below_threshold"},
    "Covered": {"deferred", "disagreed", "in_baseline"},
}  # fmt: skip


class Said(NamedTuple):
    """A finding as a format gives it."""

    design: str
    rule: str
    place: str
    standing: str


@dataclasses.dataclass(frozen=True)
class Project:
    """One run that meets everything, in every format."""

    folder: pathlib.Path
    arguments: tuple[str, ...]
    report: dict[str, Any]

    def read(self, name: str) -> str:
        return (self.folder / f"report.{name}").read_bytes().decode()

    def findings(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        return ((e, f) for e in self.report["evaluations"] for f in e["findings"])

    def said(self, *standings: str) -> set[Said]:
        return {
            Said(e["design"], f["rule"], " and ".join(f["place"]), f["standing"])
            for e, f in self.findings()
            if not standings or f["standing"] in standings
        }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return _project(tmp_path_factory.getbasetemp() / "project")


@functools.cache
def _project(folder: pathlib.Path) -> Project:
    folder.mkdir()
    (folder / "decisions.yaml").write_text(DECISIONS)
    before = run("check", "loan-app-separate-consents", "-p", "gdpr", "--isolated", "--write-baseline", "base.json",
                 "--today", "2026-11-20", cwd=folder)  # fmt: skip
    assert before.returncode == 0
    arguments = (
        "check", "sesame-credit-2018", "loan-app-separate-consents", "privacy-first-credit", "-p", "gdpr",
        "--min-severity", "low", "--min-score", "60", "--baseline", "base.json", "--today", TODAY,
    )  # fmt: skip
    outputs = [x for name in FORMATS for x in ("-o", f"{name}=report.{name}")]
    assert run(*arguments, *outputs, cwd=folder).returncode == 1
    report = json.loads((folder / "report.json").read_text())
    return Project(folder, arguments, report)


def written(module: Any, report: CheckV1) -> str:
    out = io.StringIO(newline="")
    module.write(report, out)
    return out.getvalue()


def of_json(report: dict[str, Any]) -> CheckV1:
    """The wire model that a JSON report was written from."""
    evaluations = TypeAdapter(list[CheckedV1]).validate_python(report["evaluations"])
    return dataclasses.replace(TypeAdapter(CheckV1).validate_python(report), evaluations=evaluations)


def cases(xml: str) -> dict[tuple[str, str], ET.Element]:
    JUNIT.validate(xml)
    root = ET.fromstring(xml)
    for whole in (root, *root):
        assert int(whole.get("tests", "")) == len(whole.findall(".//testcase"))
        for tag, key in {"failure": "failures", "error": "errors", "skipped": "skipped"}.items():
            assert int(whole.get(key, "")) == len(whole.findall(f".//testcase/{tag}"))
    return {(c.get("classname", ""), c.get("name", "")): c for c in root.iter("testcase")}


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """Every line that a runner would obey, read as the runner reads it."""
    found = []
    for line in re.split(r"[\r\n]+", log):
        if line.lstrip().startswith("::"):
            head, data = line.lstrip()[2:].split("::", 1)
            name, _, rest = head.partition(" ")
            properties = dict(p.split("=", 1) for p in rest.split(",") if p)
            found.append(Command(name, {k: _decoded(v, ":,") for k, v in properties.items()}, _decoded(data)))
        else:
            assert "##[" not in line
    return found


def _decoded(text: str, more: str = "") -> str:
    for c in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(c):02X}", c)
    return text


def bullets(page: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Section, design, rule, place and the rest of every finding on a page."""
    section = design = rule = ""
    for line in page.splitlines():
        if found := re.match(r"### ([^:]+)", line):
            section = found[1]
        elif found := re.match(r"#### `([^`]+)`", line):
            design = found[1]
        elif found := re.match(r"\*\*`([^`]+)`\*\*", line):
            rule = found[1]
        elif section in SECTIONS and (found := re.match(r"- [X!?=] .*? at ((?:`[^`]+`(?: and )?)+), (`.*)", line)):
            yield section, design, rule, found[1].replace("`", ""), found[2]


def guarded(table: str, number: int) -> None:
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert len(rows) == number + 1 and {len(row) for row in rows} == {len(csv_format.COLUMNS)}
    assert not [c for row in rows for c in row if c.startswith(tuple("=+-@\t\r＝＋－＠"))]


def harmless(page: str) -> None:
    """Only the markup that is ours: headings, lists, one table, folds, and links to the law."""
    tokens = PAGE.parse(page)
    inline = [c for t in tokens if t.type == "inline" for c in t.children or []]
    html = {t.content.strip() for t in (*tokens, *inline) if t.type in ("html_block", "html_inline")}
    assert html <= {"<details><summary>Show them</summary>", "</details>", "<sub>", "</sub>"}
    assert {t.type for t in tokens} <= {
        "inline", "html_block", *(f"{n}_{x}" for x in ("open", "close") for n in
        ("heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td"))
    }  # fmt: skip
    assert {c.type for c in inline} <= {
        "text", "text_special", "code_inline", "html_inline", "strong_open", "strong_close", "link_open", "link_close"
    }  # fmt: skip
    links = {str(c.attrs["href"]) for c in inline if c.type == "link_open"}
    assert links and all(link.startswith("https://") and "evil" not in link for link in links)
    assert sum(t.type == "table_open" for t in tokens) == 1
    columns = [sum(t.type == "td_open" for t in row) for row in _rows(tokens)]
    assert set(columns) == {6}
    texts = "".join(c.content for c in inline if c.type in ("text", "text_special"))
    assert not re.search(r"[@#]\w|://|www\.|\bGH-\d", texts)


def _rows(tokens: Iterable[Any]) -> Iterator[list[Any]]:
    row: list[Any] = []
    body = False
    for token in tokens:
        body = body if token.type not in ("tbody_open", "tbody_close") else token.type == "tbody_open"
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and body:
            yield row
        else:
            row.append(token)


def synthetic(number: int, severities: tuple[str, ...] = ("high",), message: str = "it is so") -> CheckV1:
    """A report with so many findings at one design, half of them conflicts, all of one rule for each severity."""
    base = _base()
    (e,) = base.evaluations
    template, rule = e.findings[0], base.rules[e.findings[0].rule]
    findings = [_finding(template, n, severities, message) for n in range(number)]
    totals = dict.fromkeys(base.totals, 0) | Counter(f.standing for f in findings)
    rules = {f"gdpr/{s}": dataclasses.replace(rule, id=f"gdpr/{s}", severity=s) for s in severities}
    outcomes = dict.fromkeys(rules, "conflict")
    ours = dataclasses.replace(e, design="ours", findings=findings, outcomes=outcomes if findings else {})
    return dataclasses.replace(base, designs=1, code=1, totals=totals, rules=rules, evaluations=[ours])


def _finding(f: FindingAtV1, number: int, severities: tuple[str, ...], message: str) -> FindingAtV1:
    severity, conflict = severities[number // 2 % len(severities)], number % 2 == 0
    return dataclasses.replace(
        f,
        rule=f"gdpr/{severity}",
        severity=severity,
        outcome="conflict" if conflict else "undecided",
        standing="against" if conflict else "not_demonstrated",
        place=[f"inputs.part-{number}"],
        seen=True,
        message=message,
        open=[] if conflict else ["inputs"],
        fingerprint=f"{number:032x}",
    )


@functools.cache
def _base() -> CheckV1:
    return of_json(json.loads(run("check", "sesame-credit-2018", "-p", "gdpr", "-f", "json").stdout))
