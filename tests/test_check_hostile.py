"""Texts in every format of the gate: shown and never obeyed, and left out where ids alone are asked for."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import pathlib
import re
import string
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval.report import markup
from policy_eval.report.check import FORMATS, github, gitlab, junit, markdown, text
from policy_eval.report.check import csv as csv_format
from policy_eval.report.check import json as json_format
from policy_eval.report.check import words as say
from policy_eval.report.check.redact import ids_only
from policy_eval.report.check.wire import BaseV1, CheckV1, EntryV1, FindingAtV1, LocationV1, LostFactV1, ProblemV1
from tests.formats import (
    DECISIONS,
    GITLAB,
    OURS,
    PAGE,
    TODAY,
    Project,
    cases,
    commands,
    guarded,
    harmless,
    of_json,
    project,
    synthetic,
    written,
)  # fmt: skip
from tests.test_cli import run

__all__ = ["project"]

ALPHABET = st.text(st.sampled_from(string.punctuation * 2 + "aA1fw \n\t" + "é中\u200b\u202e\x1b\u00a0"), max_size=40)


@given(ALPHABET)
def test_plain_text_shows_as_it_is(text: str) -> None:
    """Whatever it holds, and wherever it stands: alone in a paragraph, in a list, in a cell."""
    wanted = " ".join(say.shown(text).split())
    safe = markup.plain(text)
    for page, at in (
        (f"{safe}\n", "paragraph"),
        (f"- {safe}\n", "list"),
        (f"| a | b |\n| - | - |\n| {safe} | x |\n", "cell"),
    ):
        tokens = [t for t in PAGE.parse(page) if t.type == "inline"]
        children = [c for t in (tokens[2:] if at == "cell" else tokens) for c in t.children or []]
        assert {c.type for c in children} <= {"text", "text_special"}
        shown = "".join(c.content for c in children).removesuffix("x" if at == "cell" else "")
        assert " ".join(shown.replace("\u200b", "").split()) == wanted
        assert not re.search(
            r"[@#!~%^$&]\w|://|www\.|:\w+:|\bGH-\d|\b[0-9a-f]{7,40}\b", shown, re.IGNORECASE | re.ASCII
        )


@pytest.mark.parametrize(
    "text",
    ["@octocat and @org/team", "#12 and owner/repo#12", "GH-12", "https://evil.example", "www.evil.example",
     "a@b.example", "0123456789abcdef0123456789abcdef01234567", ":tada:", "!12 $34 ~bug %1 &5", "[vulnerability:7]",
     "1. one", "1) one", "- one", "+ one", "# one", "> one", "<details open", "---", "===", "    code", "```\ncode",
     "<!-- x", "&lt;script&gt;", "\\| a | b",
     "![i](http://evil.example/x.png)", "[x]: http://evil.example", "$$x$$", "*[a](b)*"],
)  # fmt: skip
def test_text_makes_no_link_and_calls_nobody(text: str) -> None:
    test_plain_text_shows_as_it_is.hypothesis.inner_test(text)  # type: ignore[attr-defined]


# ---------------------------------------------------------------- hostile texts


NASTY = [
    "=cmd|'/C calc'!A0",
    "::error file=x,line=1::taken over\n::error::again\r::stop-commands::x\n##[error]taken over",
    "</testcase></testsuite> ]]> <![CDATA[ <!-- & &amp; <script>alert(1)</script>",
    "\x1b[31mred\x1b]0;title\x07 \x00\x08\x9b \ufffe\uffff\ud800 \u202eevil\u2066\u200b",
    "a | b \\| c ` `` ``` *b* _i_ [l](http://evil.example) ![i](http://evil.example) @octocat #12 GH-12 :tada: $x$",
    "\t=1+1", "\r=1+1", "@SUM(A1)", "+1", "-1", "＝1+1", "%0A::error::decoded", "x::y, z=1: %25",
    "# heading\n\n- item\n\n    code\n\n<details>\n\n| a |\n| - |",
]  # fmt: skip
# What programs give, and what the schema of a design binds to plain letters.
BOUND = {
    "rule", "id", "design", "set", "severity", "outcome", "standing", "verdict", "fingerprint", "state", "status",
    "principle", "verified", "seen", "today", "last_day", "as_of", "kind", "reading", "fail_on", "min_severity",
    "code", "url", "best", "worst", "because",
}  # fmt: skip


def poisoned(value: Any, poison: str, key: str = "") -> Any:
    """A report all of whose free texts are one text."""
    if isinstance(value, str):
        return value if key in BOUND else poison
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: poisoned(getattr(value, f.name), poison, f.name) for f in dataclasses.fields(value)}
        return type(value)(**changed)
    if isinstance(value, dict):
        free = key in ("exceptions", "binding")
        return {
            k: poisoned(v, poison, "" if free else key) if key != "rules" else poisoned(v, poison)
            for k, v in value.items()
        }
    if isinstance(value, (list, tuple)) or key == "evaluations":
        return [poisoned(v, poison, key) for v in value]
    return value


def _few(findings: list[FindingAtV1]) -> Iterator[FindingAtV1]:
    """A dozen findings of each standing, more than GitHub shows."""
    number: Counter[str] = Counter()
    for f in findings:
        number[f.standing] += 1
        if number[f.standing] <= 12:
            yield f


@pytest.fixture(scope="module")
def wire(project: Project) -> CheckV1:
    """The report of a run with everything in it, lost facts, stale entries and bad input too."""
    report = of_json(project.report)
    kept = [dataclasses.replace(e, findings=list(_few(e.findings))) for e in report.evaluations]
    where = LocationV1("ours.design.yaml", 3, 1, 3, 8)
    assert report.baseline is not None
    return dataclasses.replace(
        report,
        evaluations=kept,
        totals=dict.fromkeys(report.totals, 0) | Counter(f.standing for e in kept for f in e.findings),
        baseline=dataclasses.replace(report.baseline, stale=[EntryV1("gdpr/secret-logic", "gone", ["design"])]),
        base=BaseV1("main", [LostFactV1("ours", "scoring.method", "points", where)], ["gone.design.yaml"], True),
        invalid=[ProblemV1("no such key", "take it out", where)],
    )


@pytest.mark.parametrize("poison", NASTY)
def test_texts_are_shown_and_never_obeyed(poison: str, wire: CheckV1) -> None:
    report = poisoned(wire, poison)
    texts = {name: written(module, report) for name, module in OURS.items()}
    texts |= {"text": written(text, report)}
    for name, found in texts.items():
        unprintable = {c for c in found if not c.isprintable()} - {"\n", "\r" if name == "csv" else "\n"}
        assert unprintable == set(), name
    assert cases(texts["junit"])
    found = commands(texts["github"])
    assert Counter(c.name for c in found) == {"error": 10, "warning": 10, "notice": 2}
    assert len(re.split(r"[\r\n]+", texts["github"].strip())) == 23
    assert {*map(frozenset, (c.properties for c in found))} <= {
        frozenset({"file", "line", "endLine", "title"}), frozenset({"file", "title"}), frozenset(),
        frozenset({"file", "line", "endLine", "col", "endColumn", "title"}),
    }  # fmt: skip
    GITLAB.validate(json.loads(texts["gitlab"]))
    json.loads(written(json_format, report))
    scores = sum(say.score_fails(e) for e in report.evaluations)
    on_file = 5  # a stale decision and entry, a lost fact, a design that is gone, a profile that is not the usual one
    guarded(texts["csv"], sum(len(e.findings) for e in report.evaluations) + scores + on_file + 1)
    harmless(texts["markdown"])


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://a.example/)>](x)\n[y](z", "//x", "x"]
)
def test_addresses_of_rules_are_only_those_of_the_web(url: str, wire: CheckV1) -> None:
    rules = {
        name: dataclasses.replace(r, grounds=[dataclasses.replace(g, url=url) for g in r.grounds])
        for name, r in wire.rules.items()
    }
    page = written(markdown, dataclasses.replace(wire, rules=rules))
    inline = [c for t in PAGE.parse(page) if t.type == "inline" for c in t.children or []]
    links = {str(c.attrs["href"]) for c in inline if c.type == "link_open"}
    assert all(link.startswith("https://a.example/") for link in links) and bool(links) == url.startswith("https")
    assert ("](<" in page) == bool(links)  # whatever a reader makes of other addresses


def test_a_hostile_file_on_the_real_command_line(tmp_path: pathlib.Path) -> None:
    """A design whose name, title and texts are hostile, and decisions whose words are."""
    words = "=cmd|x `y` </testcase> ]]> <b> @octocat #12 ::error::z \u202e | [l](http://evil.example)"
    name = "we|ird,%0A ::error::`x` ]]>.design.yaml"
    (tmp_path / name).write_text(
        "schema: 1\nid: ours\nkind: hypothetical\n"
        f"title: {json.dumps(words)}\nsummary: {json.dumps(words)}\n"
        "purposes:\n  - {id: loans, category: credit, basis: [consent], consents: [box]}\n"
        "consents:\n  - {id: box, act: preset}\n"
    )
    (tmp_path / "bad.design.yaml").write_text(
        f"schema: 1\nid: bad\ntitle: Bad\nkind: {json.dumps(words)}\n{words!r}: 1\n"
    )
    decision = DECISIONS.split("  - rule")[1].replace("sesame-credit-2018", "ours").replace("annual-report-box", "box")
    decision = decision.replace("The form is redrawn in spring", json.dumps(words)).replace(
        "Product", json.dumps(words)
    )
    (tmp_path / "decisions.yaml").write_text(f"schema: 1\ndecisions:\n  - rule{decision}")
    outputs = [x for f in FORMATS for x in ("-o", f"{f}=report.{f}")]
    result = run("check", ".", "-p", "gdpr", "-q", "--today", TODAY, "-f", "github", *outputs, cwd=tmp_path)
    assert result.returncode == 2, result.stderr
    texts = {f: (tmp_path / f"report.{f}").read_bytes().decode() for f in FORMATS}
    report = json.loads(texts["json"])
    assert report["evaluations"] and report["invalid"] and report["totals"]["deferred"]
    for text_ in texts.values():
        assert {c for c in text_ if not c.isprintable()} <= {"\n", "\r"}
    assert result.stdout == texts["github"]
    assert {c.name for c in commands(texts["github"])} == {"error", "warning", "notice"}
    assert name in {c.properties.get("file") for c in commands(texts["github"])}
    assert cases(texts["junit"])
    issues = json.loads(texts["gitlab"])
    GITLAB.validate(issues)
    assert name in {i["location"]["path"] for i in issues}
    json.loads(texts["sarif"])
    guarded(texts["csv"], sum(len(e["findings"]) for e in report["evaluations"]) + len(report["invalid"]))
    harmless(texts["markdown"])


def test_no_character_breaks_the_xml() -> None:
    """Every character of the first plane, half pairs too, and the ends of the others, where nothing is assigned."""
    every = [chr(n) for n in range(0x10000)]
    every += [chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0, 0xFFFD, 0xFFFE, 0xFFFF)]
    for start in range(0, len(every), 0x1000):
        bad = ProblemV1("".join(every[start : start + 0x1000]), "help", LocationV1("f", 1, 1, 1, 2))
        ET.fromstring(written(junit, dataclasses.replace(synthetic(0), invalid=[bad])))


def test_streams_of_few_letters_take_every_format(tmp_path: pathlib.Path) -> None:
    (tmp_path / "ours.design.yaml").write_text('schema: 1\nid: ours\ntitle: "信用 é"\nkind: hypothetical\n', "utf-8")
    for name in OURS:
        result = run("check", "ours.design.yaml", "-p", "oecd", "-f", name, cwd=tmp_path, PYTHONIOENCODING="ascii")
        assert (result.returncode, result.stderr) == (4, "")


# ---------------------------------------------------------------- ids alone


@pytest.mark.parametrize("name", OURS)
def test_ids_alone_say_no_text_of_a_design(name: str, project: Project, tmp_path: pathlib.Path) -> None:
    result = run(*project.arguments, "-f", name, "--log-detail", "ids", cwd=project.folder)
    assert result.returncode == 1
    secrets = {f["message"] for _, f in project.findings() if f["outcome"].startswith("conflict") and f["seen"]}
    secrets |= {d[k] for d in project.report["decisions"] for k in ("reason", "owner", "approved_by")}
    secrets |= {e["design_title"] for e in project.report["evaluations"]}
    assert len(secrets) > 10 and not [s for s in secrets if s in result.stdout]
    assert "gdpr/misled-into-choosing" in result.stdout
    assert "A request is built so that people say yes unawares" in result.stdout


def test_ids_alone_break_no_schema(wire: CheckV1) -> None:
    report = ids_only(wire)
    assert cases(written(junit, report)) and commands(written(github, report))
    GITLAB.validate(json.loads(written(gitlab, report)))
    assert all(row["message"] for row in csv.DictReader(io.StringIO(written(csv_format, report), newline="")))
    harmless(written(markdown, report))
