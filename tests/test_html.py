"""HTML reports: what is on the page, in a parser and in a real browser."""

from __future__ import annotations

import functools
import io
import json
import pathlib
import subprocess
import time
from typing import Any

import pytest
from pydantic import TypeAdapter

from policy_eval.report import html
from policy_eval.report.arranged import slug
from policy_eval.report.html import picture
from policy_eval.report.phrases import short
from policy_eval.report.wire import ReportV1
from policy_eval.report.wire_designs import EdgeV1, FlowV1, NodeV1
from policy_eval.report.words import SYMBOLS, visible, words
from tests import node
from tests.html import Element, many, parsed, with_words
from tests.program import ROOT, run, run_anew

TWELVE = sorted(p.name.removesuffix(".design.yaml") for p in (ROOT / "designs").glob("*.design.yaml"))[:12]
THREE = ["sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit"]
PAGES = {
    "one": ["evaluate", "sesame-credit-2018", "-p", "gdpr", "--lens", "linddun"],
    "few": ["compare", *THREE, "-p", "eu-ai-act", "-p", "eu-consumer-credit"],
    "sets": ["compare", "privacy-first-credit"],
    "wide": ["compare", *TWELVE, "-p", "eu-consumer-credit"],
    "brief": ["compare", *TWELVE, "-p", "oecd", "-p", "eu-consumer-credit"],
    "listed": ["evaluate", *TWELVE, "-p", "oecd", "-p", "eu-consumer-credit"],
}
# What is done with a page beside reading it; judging what is open takes longest.
VISITS = {
    "one": ["axe", "pdf"], "few": ["axe", "axe open", "walk"], "sets": ["axe"], "wide": ["axe", "pdf"],
    "brief": ["axe"], "hostile": [], "tame": [],
}  # fmt: skip
HOSTILE = (
    "</p></td></svg></style></title><script>alert(1)</script><img src=x onerror=alert(2)> ' onfocus=alert(3) x=\" "
    'onload=alert(4) autofocus " `<b>` {{7*7}} {% raw %} &lt;i&gt; &#60;u> <!-- ]]> javascript:alert(5) =cmd()|A1 '
    "\x1b[31m\x00\u202e\u2066\u200b\ud800\r\ufeff"
)
TAME = " plain words of the same kind, `code`, and tamewords"


def report_of(text: str) -> ReportV1:
    return TypeAdapter(ReportV1).validate_json(text)


def written(report: ReportV1) -> str:
    out = io.StringIO()
    html.write(report, out)
    return out.getvalue()


@functools.cache
def _pages(folder: pathlib.Path) -> pathlib.Path:
    folder.mkdir()
    for name, arguments in PAGES.items():
        files = ["-o", f"html={folder}/{name}.html", "-o", f"json={folder}/{name}.json"]
        done = run(*arguments, *files)
        assert done.returncode == 0, done.stderr
    report = report_of((folder / "few.json").read_text())
    (folder / "hostile.html").write_text(written(with_words(report, HOSTILE, "javascript:alert(6)")))
    (folder / "tame.html").write_text(written(with_words(report, TAME, "gopher:x")))
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    return _pages(tmp_path_factory.getbasetemp() / "html-pages")


@functools.cache
def _visited(folder: pathlib.Path, chromium: str) -> dict[str, Any]:
    pages = {name: {"file": str(folder / f"{name}.html"), "wanted": wanted} for name, wanted in VISITS.items()}
    asked = {"chromium": chromium, "pages": pages}
    done = subprocess.run(
        ["node", "visit.mjs"], input=json.dumps(asked), capture_output=True, text=True, cwd=node.FOLDER, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def visited(pages: pathlib.Path) -> dict[str, Any]:
    return _visited(pages, node.chromium())


# ------------------------------------------------------------------------- in a browser


@pytest.mark.parametrize("name", [name for name, wanted in VISITS.items() if "axe" in wanted])
def test_axe_finds_nothing(visited: dict[str, Any], name: str) -> None:
    """By the rules of WCAG 2.2 AA and good practice, on a desktop and on a phone, and with all that is closed open."""
    judged = visited[name]["axe"]
    assert not any(judged.values()) and {"desktop", "phone"} <= judged.keys()


@pytest.mark.parametrize("name", sorted(VISITS))
def test_page_needs_nothing_and_fits(visited: dict[str, Any], name: str) -> None:
    page = visited[name]
    assert len(page["requests"]) == 1 and page["requests"][0].endswith(f"/{name}.html")
    assert page["dialogs"] == page["shape"]["scripts"] == 0 and page["errors"] == []
    assert page["plain"] == {"opens": True, "text": page["plain"]["text"]} and page["plain"]["text"] > 1000
    assert page["sideways"] == {"desktop": [], "phone": [], "upright": [], "across": []}
    assert page.get("pdf", "%PDF-") == "%PDF-"
    assert page["printed"]["odd"] == [] and page["printed"]["shown"] > 0


@pytest.mark.parametrize("name", [name for name, wanted in VISITS.items() if "walk" in wanted])
def test_keyboard_reaches_everything(visited: dict[str, Any], name: str) -> None:
    """In the order of the page, with the focus in sight, opening what is closed."""
    walk = visited[name]["walk"]
    assert walk["problems"] == [] and walk["missed"] == [] and walk["inOrder"] and walk["steps"] > 100


def test_hostile_texts_make_no_element(visited: dict[str, Any]) -> None:
    """A page is built alike whatever the texts are, and shows them."""
    hostile, tame = visited["hostile"]["shape"], visited["tame"]["shape"]
    assert hostile["elements"] == tame["elements"]
    assert set(hostile["schemes"]) <= {"file:", "http:", "https:"}
    assert hostile["text"].count("<script>alert(1)</script>") == tame["text"].count("tamewords") > 500
    assert "{{7*7}}" in hostile["text"] and "&lt;i&gt;" in hostile["text"]
    assert "\\u202e\\u2066\\u200b\\ud800" in hostile["text"] and not set("\x1b\x00\u202e\u200b") & set(hostile["text"])


def test_validator_finds_nothing(pages: pathlib.Path) -> None:
    files = [str(pages / f"{name}.html") for name in VISITS if name != "tame"]
    done = subprocess.run([*node.validator(), "--format", "json", *files], capture_output=True, text=True, timeout=120)
    assert json.loads(done.stderr)["messages"] == [] and done.returncode == 0


# ------------------------------------------------------------------------- in a parser


@pytest.mark.parametrize("name", ["one", "few", "sets", "wide"])
def test_every_finding_is_on_the_page(pages: pathlib.Path, name: str) -> None:
    report = report_of((pages / f"{name}.json").read_text())
    said = _by_anchor(parsed((pages / f"{name}.html").read_text()))
    number = 0
    for n, e in enumerate(report.evaluations, 1):
        for f in e.findings:
            heading, text = said[f"e{n}-{slug(f.rule)}"]
            assert f.rule in text and f.title in text and words(f.outcome) in f"{heading} {text}".lower()
            assert (f.remedy.replace("`", "") in text) == f.outcome.startswith("conflict")
            number += 1
    assert number > 50


def _by_anchor(root: Element) -> dict[str, tuple[str, str]]:
    """The words of what has an anchor, with the heading it stands under."""
    heading, found = "", dict[str, tuple[str, str]]()
    for e in root.all():
        heading = e.text if e.tag == "h3" else heading
        if anchor := e.attributes.get("id"):
            found[anchor] = (heading, e.text)
    return found


@pytest.mark.parametrize("name", ["few", "wide", "brief"])
def test_matrices_have_every_rule(pages: pathlib.Path, name: str) -> None:
    """Each rule of each design, with the words of its outcome: in a cell, or among those that are the same in all."""
    report = report_of((pages / f"{name}.json").read_text())
    wanted = {(e.design, f.rule): short(f.outcome) for e in report.evaluations for f in e.findings}
    found = dict[tuple[str, str], str]()
    root = parsed((pages / f"{name}.html").read_text())
    matrices = [s for s in root.all("section") if (s.attributes.get("aria-labelledby") or "").startswith("m")]
    for section, compared in zip(matrices, report.comparison or (), strict=False):
        for outcome, rules in _same_in_all(section):
            found |= {(d, r): short(outcome) for r in rules for d in compared.designs}
        for rule, cells in _rules(section):
            found |= {(d, rule): c for d, c in zip(compared.designs, cells, strict=True) if c}
    assert {k: v for k, v in found.items() if wanted[k] not in v} == {} and found.keys() == wanted.keys()


def _same_in_all(section: Element) -> list[tuple[str, list[str]]]:
    outcomes = {words(o): o for o in SYMBOLS}
    heads, lists = (list(section.all(tag)) for tag in ("dt", "dd"))
    return [(outcomes[h.text], [a.text for a in x.all("a")]) for h, x in zip(heads, lists, strict=True)]


def _rules(section: Element) -> list[tuple[str, list[str]]]:
    regions = (x for x in section.all("div") if (x.attributes.get("aria-label") or "").startswith("Matrix of rules"))
    rows = [[x for x in row.inside if isinstance(x, Element)] for r in regions for row in r.all("tr")][1:]
    ids = [next(w for w in row[0].text.replace(",", "").split() if "/" in w) for row in rows]
    return [(rule, [cell.text for cell in row[1:]]) for rule, row in zip(ids, rows, strict=True)]


def test_brief_page_without_a_matrix_names_every_rule(pages: pathlib.Path) -> None:
    report = report_of((pages / "listed.json").read_text())
    root = parsed((pages / "listed.html").read_text())
    sections = [s for s in root.all("section") if s.attributes.get("class") == "brief"]
    assert report.comparison is None and len(sections) == len(report.evaluations) == 24
    for section, e in zip(sections, report.evaluations, strict=True):
        for f in e.findings:
            (at,) = (x for x in (*section.all("li"), *section.all("details")) if f.rule in _own_rules(x))
            assert short(f.outcome) in at.text or f.outcome == "undecided"


def _own_rules(element: Element) -> list[str]:
    return [] if element.tag == "details" and any(element.all("li")) else [a.text for a in element.all("a")]


def test_links_of_the_page_lead_somewhere(pages: pathlib.Path) -> None:
    for name in PAGES:
        root = parsed((pages / f"{name}.html").read_text())
        anchors = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
        assert len(anchors) == len(set(anchors))
        links = {str(a.attributes["href"]) for a in root.all("a")}
        assert {x[1:] for x in links if x.startswith("#")} <= set(anchors)
        assert all(x.startswith(("#", "https://", "http://")) for x in links)


def test_same_report_same_bytes(pages: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """In any process; what else is written beside the page decides how much of a report is worked out."""
    wanted = (pages / "few.html").read_bytes()
    for seed in ("1", "2"):
        files = ["-o", f"html={tmp_path}/{seed}.html", "-o", f"json={tmp_path}/{seed}.json"]
        assert run_anew(*PAGES["few"], *files, PYTHONHASHSEED=seed).returncode == 0
        assert (tmp_path / f"{seed}.html").read_bytes() == wanted
    assert written(report_of((pages / "few.json").read_text())).encode() == wanted


def test_pictures_are_on_the_page_of_one_design(pages: pathlib.Path) -> None:
    root = parsed((pages / "one.html").read_text())
    drawn = [s for s in root.all("svg") if s.attributes.get("role") == "img"]
    assert len(drawn) == 2 and all("aria-labelledby" in s.attributes for s in drawn)
    assert any("linddun" in h.text.lower() for h in root.all("h2"))


def test_fifty_designs_under_all_sets_stay_small(pages: pathlib.Path, tmp_path: pathlib.Path) -> None:
    reports = []
    for design in ("sesame-credit-2018", "privacy-first-credit"):
        done = run("compare", design, "-o", f"json={tmp_path}/{design}.json")
        assert done.returncode == 0, done.stderr
        reports.append(report_of((tmp_path / f"{design}.json").read_text()))
    report = many(reports, 25)
    start = time.process_time()
    page = written(report)
    assert time.process_time() - start < 10  # it is 2 seconds on a machine that does nothing else
    assert len(report.evaluations) == 650 and len(page.encode()) < 5_000_000


# ------------------------------------------------------------------------- pictures


def part(path: str, kind: str, **more: Any) -> NodeV1:
    return NodeV1(path, kind, more.get("title", path), more.get("status", "sourced"), more.get("facts", {}))


FLOW = FlowV1(
    nodes=[
        part("associations.friends", "association"), part("inputs.a", "input", facts={"x": "unknown", "y": "often"}),
        part("inputs.b", "input", title="b" * 40), part("purposes.p", "purpose"), part("consequences.c", "consequence"),
        part("subjects.users", "subject"),
    ],
    edges=[
        EdgeV1("associations.friends", "inputs.a", "counts_through", "sourced"),
        EdgeV1("inputs.a", "purposes.p", "feeds", "sourced"),
        EdgeV1("inputs.b", "purposes.p", "feeds", "disputed"),
        EdgeV1("purposes.p", "consequences.c", "leads_to", "sourced"),
        EdgeV1("subjects.users", "associations.friends", "tied_by", "sourced"),
        EdgeV1("associations.friends", "subjects.users", "counts_for", "sourced"),
    ],
)  # fmt: skip


def drawn(found: picture.Picture | None) -> picture.Picture:
    assert found is not None
    return found


def test_flow_runs_from_left_to_right() -> None:
    flow = drawn(picture.flow(FLOW, "d1"))
    at = {box.node.path: box for box in flow.boxes}
    assert [head for head, _x in flow.heads] == ["Ties to others", "Inputs", "Purposes", "Consequences, recipients"]
    assert {x.edge.how for x in flow.lines} == {"counts_through", "feeds", "leads_to"} and len(flow.lines) == 4
    assert all(at[x.edge.source].x < at[x.edge.target].x for x in flow.lines)
    assert "subjects.users" not in at and flow.anchor == "d1-flow"


def test_boxes_lie_in_the_picture_and_apart() -> None:
    for found in (drawn(picture.flow(FLOW, "d1")), drawn(picture.ties(FLOW, "d1"))):
        spots = [(b.x, b.y) for b in found.boxes]
        assert len(spots) == len(set(spots))
        for b in found.boxes:
            assert b.x >= 0 and b.x + found.box_width <= found.width
            assert b.y >= 0 and b.y + found.box_height <= found.height
            others = [o for o in found.boxes if o.x == b.x and o is not b]
            assert all(abs(o.y - b.y) >= found.box_height for o in others)


def test_long_names_are_cut_and_the_table_has_them_whole() -> None:
    flow = drawn(picture.flow(FLOW, "d1"))
    box = next(b for b in flow.boxes if b.node.path == "inputs.b")
    assert box.title == "b" * 27 + "…" and box.node.title == "b" * 40 and box.told == ""
    assert next(b for b in flow.boxes if b.node.path == "inputs.a").told == "often"  # what is known


def test_people_who_are_tied_to_themselves_stand_on_both_sides() -> None:
    ties = drawn(picture.ties(FLOW, "d1"))
    assert [b.node.path for b in ties.boxes] == ["subjects.users", "associations.friends", "subjects.users"]
    assert len(ties.lines) == 2
    assert [(n.path, targets) for n, targets in ties.rows] == [
        ("subjects.users", ["associations.friends"]), ("associations.friends", ["subjects.users"]),
    ]  # fmt: skip


def test_nothing_is_drawn_where_nothing_leads_anywhere() -> None:
    alone = FlowV1(nodes=FLOW.nodes, edges=[])
    assert picture.flow(alone, "d1") is None and picture.ties(alone, "d1") is None


# ------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the `box` is set", "the <code>box</code> is set"),
        ("one ` alone", "one ` alone"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("a\u202eb", "a\\u202eb"),
        ("", ""),
    ],
)
def test_words_between_backticks_are_code(text: str, shown: str) -> None:
    template = html.environment().from_string("{{ text | marked }}")
    assert template.render(text=text) == shown


def test_what_is_put_into_a_page_is_escaped_and_visible() -> None:
    shown = html.environment().from_string("{{ text }}").render(text=HOSTILE)
    assert "<" not in shown and '"' not in shown and "'" not in shown and visible(shown) == shown
