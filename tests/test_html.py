"""HTML reports: what is on the page, in a parser and in a real browser."""

from __future__ import annotations

import functools
import io
import json
import pathlib
import subprocess
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from policy_eval.report import html
from policy_eval.report.arranged import slug
from policy_eval.report.html import picture
from policy_eval.report.phrases import dominance_open, others, scope_open, short
from policy_eval.report.wire import DominanceV1, NotInForceV1, ReportV1
from policy_eval.report.wire_designs import EdgeV1, FlowV1, NodeV1
from policy_eval.report.words import SYMBOLS, says, visible, words
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
    "narrow": ["compare", "sesame-credit-2018", "privacy-first-credit"],
}
# What is done with a page beside reading it; judging what is open takes longest.
VISITS = {
    "one": ["axe", "pdf"], "few": ["axe", "axe open", "walk"], "sets": ["axe"], "wide": ["axe", "pdf"],
    "brief": ["axe"], "narrow": [], "hostile": [], "tame": [],
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
    assert sorted(hostile["elements"]) == sorted(tame["elements"])  # rows stand in the order of their texts
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
            assert short(f.outcome) in at.text.lower() or f.outcome == "undecided"


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
    """In any process, and whatever else is written beside the page."""
    wanted = (pages / "few.html").read_bytes()
    for seed in ("1", "2"):
        files = ["-o", f"html={tmp_path}/{seed}.html", "-o", f"json={tmp_path}/{seed}.json"]
        assert run_anew(*PAGES["few"], *files, PYTHONHASHSEED=seed).returncode == 0
        assert (tmp_path / f"{seed}.html").read_bytes() == wanted
    report = report_of((pages / "few.json").read_text())
    assert written(report) == written(report)


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
    page = written(report)
    assert len(report.designs) == 50 and len(page.encode()) < 5_000_000
    sets = [c.set for c in report.comparison or ()]
    assert set(sets) == {e.set for e in reports[0].evaluations} and len(report.evaluations) == 50 * len(sets) > 500
    root = parsed(page)
    anchors = [e.attributes["id"] for e in root.all() if "id" in e.attributes]
    links = [str(a.attributes["href"]) for a in root.all("a")]
    assert len(anchors) == len(set(anchors)) and {x[1:] for x in links if x.startswith("#")} <= set(anchors)
    sections = [str(s.attributes.get("aria-labelledby")) for s in root.all("section")]
    assert [s for s in sections if s.startswith("m") and s != "method"] == [f"m{n + 1}" for n in range(len(sets))]
    assert [s for s in sections if s.startswith("e")] == [f"e{n + 1}" for n in range(len(report.evaluations))]
    nav = next(root.all("nav"))
    assert [a.text for a in nav.all("a")][: len(sets)] == [f"Matrix: {s}" for s in sets]


@pytest.mark.parametrize("name", ["few", "narrow"])
def test_each_fact_that_differs_is_told_once(pages: pathlib.Path, name: str) -> None:
    """With what it is in each design, and the rules that it is behind."""
    told = report_of((pages / f"{name}.json").read_text()).comparison or []
    divs = parsed((pages / f"{name}.html").read_text()).all("div")
    tables = [d for d in divs if (d.attributes.get("aria-label") or "").startswith("Facts side by side")]
    compared = [c for c in told if any(d.facts for d in c.differences)]
    assert compared
    for table, c in zip(tables, compared, strict=True):
        facts = {f.path: f for d in c.differences for f in d.facts}
        behind = {path: [d.rule for d in c.differences if path in {f.path for f in d.facts}] for path in facts}
        rows = {next(row.all("th")).text: [cell.text for cell in row.all("td")] for row in list(table.all("tr"))[1:]}
        assert list(rows) == sorted(facts, key=lambda path: (-len(behind[path]), path))
        for path, cells in rows.items():
            values = [facts[path].values[d] for d in c.designs]
            assert all(cell.startswith(value) for cell, value in zip(cells[:-1], values, strict=True))
            assert cells[-1].startswith(", ".join(behind[path][:4]))
            assert (f"and {len(behind[path]) - 4} more" in cells[-1]) == (len(behind[path]) > 4)


@pytest.mark.parametrize("name", ["wide", "brief"])
def test_cells_of_wide_matrices_lead_on_and_have_a_name(pages: pathlib.Path, name: str) -> None:
    """A symbol alone is shown; whoever hears the page gets the word."""
    root = parsed((pages / f"{name}.html").read_text())
    tables = [x for x in root.all("div") if (x.attributes.get("aria-label") or "").startswith("Matrix of principles")]
    cells = [c for t in tables for c in t.all("td") if c.text[:1] in SYMBOLS.values() and len(c.text) > 1]
    outcomes = {symbol: short(outcome) for outcome, symbol in SYMBOLS.items()}
    assert tables and len(cells) > 50
    for cell in cells:
        (link,) = cell.all("a")
        symbol, told = link.text.split(" ", 1)
        assert told.rstrip("0123456789 ") == outcomes[symbol] and str(link.attributes["href"]).startswith("#e")


# ------------------------------------------------------------------------- what a page must not leave out


def _changed(report: ReportV1, number: int | None = None, **fields: Any) -> ReportV1:
    """The report with something else in one evaluation, or in all."""
    changed = [replace(e, **fields) if number in (None, n) else e for n, e in enumerate(report.evaluations)]
    return replace(report, evaluations=changed)


def _paragraphs(page: str) -> list[str]:
    return [x.text for x in parsed(page).all("p")]


@pytest.mark.parametrize("name", ["one", "few", "narrow"])
def test_places_with_another_outcome_are_told_of(pages: pathlib.Path, name: str) -> None:
    report = report_of((pages / f"{name}.json").read_text())
    root = parsed((pages / f"{name}.html").read_text())
    said = [x.text for x in root.all("li" if name == "narrow" else "article")]
    wanted = [(f.rule, others(f)) for e in report.evaluations for f in e.findings if others(f)]
    assert wanted and all(any(rule in text and told in text for text in said) for rule, told in wanted)


def test_clear_rules_rest_on_places_that_tell(pages: pathlib.Path) -> None:
    report = report_of((pages / "few.json").read_text())
    every = [(n, e, f) for n, e in enumerate(report.evaluations) for f in e.findings]
    number, e, clear = next(x for x in every if x[2].outcome == "no_conflict")
    place = next(p for _n, _e, f in every for p in f.places if p.seen and p.evidence)
    tells = replace(place, outcome="no_conflict", evidence=[place.evidence[0], place.evidence[0]])
    beside = replace(place, outcome="not_applicable", evidence=[replace(place.evidence[0], value="besidethepoint")])
    places = [beside, beside, tells, tells, tells]
    changed = replace(clear, places=places, outcomes={"no_conflict": 3, "not_applicable": 2})
    findings = [changed if f is clear else f for f in e.findings]
    page = parsed(written(_changed(report, number, findings=findings)))
    (shown,) = (x.text for x in page.all("li") if x.attributes.get("id") == f"e{number + 1}-{slug(clear.rule)}")
    assert shown.count(says(tells.evidence[0])) == 1 and shown.count(": ") == 1
    assert "besidethepoint" not in shown and "And at 1 more place." in shown
    bare = replace(clear, places=[replace(tells, evidence=[])], outcomes={"no_conflict": 1})
    page = parsed(written(_changed(report, number, findings=[bare if f is clear else f for f in e.findings])))
    (shown,) = (x.text for x in page.all("li") if x.attributes.get("id") == f"e{number + 1}-{slug(clear.rule)}")
    assert shown == f"{clear.title} {clear.rule}"


def test_brief_page_has_response_scope_and_rules_not_in_force(pages: pathlib.Path) -> None:
    report = report_of((pages / "narrow.json").read_text())
    (response,) = (d.operator_response for d in report.designs if d.operator_response)
    root = parsed((pages / "narrow.html").read_text())
    assert [x.text for x in root.all("blockquote")] == [" ".join(str(response).split())]
    number, e = next((n, e) for n, e in enumerate(report.evaluations) if e.findings and e.not_in_force)
    scope = replace(e.scope, outcome="undecided", open=["a.b"], unsettled=["what a score is"])
    shown = _paragraphs(written(_changed(report, number, scope=scope)))
    sentence = scope_open(e.set, "a.b, unsettled law (what a score is)")
    assert any(sentence in x for x in shown)
    assert any(f"Not in force on {e.as_of}, not counted: {len(e.not_in_force)} rule" in x for x in shown)


def _is_brief(element: Element) -> bool:
    return element.attributes.get("class") == "brief"


def test_brief_page_says_why_a_set_does_not_cover_a_design(pages: pathlib.Path) -> None:
    report = report_of((pages / "listed.json").read_text())
    facts = next(f.places[0].evidence[:1] for f in report.evaluations[0].findings if f.places and f.places[0].evidence)
    scope = replace(report.evaluations[0].scope, outcome="does_not_apply", open=[], unsettled=[], evidence=facts * 5)
    first = next(x for x in parsed(written(_changed(report, 0, scope=scope))).all("section") if _is_brief(x))
    told = next(first.all("p")).text
    assert f"{report.evaluations[0].set} does not cover the system: {says(facts[0])} ({facts[0].status})" in told
    assert told.count(says(facts[0])) == 3 and " and 2 more." in told


def test_brief_page_names_what_undecided_rules_hang_on(pages: pathlib.Path) -> None:
    """The first facts, and all unsettled law, with or without facts."""
    report = report_of((pages / "listed.json").read_text())
    for facts, said in (([], ""), (["a.b", "a.c", "a.d", "a.e"], "a.b, a.c, a.d and 1 more, ")):
        f = replace(report.evaluations[0].findings[0], outcome="undecided", open=facts, unsettled=["fair", "needed"])
        page = parsed(written(_changed(report, 0, findings=[f], causes=[])))
        (shown,) = (x.text for x in page.all("li") if (x.attributes.get("id") or "").startswith("e1-"))
        assert shown == f"{f.rule}: {said}unsettled law (fair), unsettled law (needed)"


def test_brief_page_says_one_thing_after_another(pages: pathlib.Path) -> None:
    """The line of a fact is given once, and what is told after it is a sentence of its own."""
    report = report_of((pages / "listed.json").read_text())
    every = [f for e in report.evaluations for f in e.findings if f.outcome == "conflict"]
    f = next(f for f in every if f.places and f.places[0].evidence)
    (fact, *_more), counts = f.places[0].evidence, {"conflict": 1, "undecided": 5}
    place = replace(f.places[0], seen=True, outcome="conflict", evidence=[fact, fact], would_excuse=["a reason"])
    f = replace(f, message="It is so", places=[place], outcomes=counts)
    root = parsed(written(_changed(report, 0, findings=[f], causes=[])))
    section = next(x for x in root.all("section") if _is_brief(x))
    (shown,) = (x.text for x in section.all("li"))
    line = f"{fact.file.split('/')[-1]}:{fact.line}"
    assert shown.endswith(f": It is so ({line}). Would excuse it: a reason. {others(f)}") and others(f)


def test_brief_page_counts_what_needs_no_reason(pages: pathlib.Path) -> None:
    report = report_of((pages / "brief.json").read_text())
    section = next(
        x for x in parsed((pages / "brief.html").read_text()).all("section") if x.attributes.get("class") == "brief"
    )
    said = section.text
    for outcome, sentence in (("undecided", "Undecided"), ("no_conflict", "No conflict found"),
                              ("not_applicable", "Does not apply")):  # fmt: skip
        number = sum(f.outcome == outcome for f in report.evaluations[0].findings)
        assert number == 0 or f"{sentence}: {number} rule" in said


@pytest.mark.parametrize("name", ["few", "wide", "narrow"])
def test_column_heads_tell_the_kind_of_design_and_days_that_differ(pages: pathlib.Path, name: str) -> None:
    report = report_of((pages / f"{name}.json").read_text())
    kinds = {d.id: d.kind for d in report.designs}
    for page, day in ((report, ""), (_changed(report, 0, as_of="1999-12-31"), "1999-12-31")):
        (first, *_), heads = _matrices(written(page)), [x.text for x in parsed(written(page)).all("th")]
        named = [(d, x) for d in kinds for x in heads if x.split()[0] == d]
        assert len(named) >= 2 * len(kinds) and all(kinds[d] in x for d, x in named)
        assert (day in first.text) if day else "1999-12-31" not in first.text


def _matrices(page: str) -> list[Element]:
    sections = parsed(page).all("section")
    return [s for s in sections if (s.attributes.get("aria-labelledby") or "").startswith("m")]


def test_order_tells_bands_and_what_is_little_known(pages: pathlib.Path) -> None:
    report = report_of((pages / "few.json").read_text())
    e = report.evaluations[0]
    sentence = "A design of which too little is known is placed by the little that is decided."
    ordered = [x.text for x in next(_matrices(written(report))[0].all("ol")).all("li")]
    assert f"{e.design} ({words(e.band.standing)}; " in " ".join(ordered)
    assert sentence not in _paragraphs(written(report))
    little = written(_changed(report, 0, band=replace(e.band, standing="too_little_known")))
    assert sentence in _paragraphs(little) and f"{e.design} (too little is known; " in parsed(little).text


@pytest.mark.parametrize("name", ["few", "wide"])
def test_nothing_in_force_has_no_numbers_and_no_order(pages: pathlib.Path, name: str) -> None:
    report = report_of((pages / f"{name}.json").read_text())
    later = NotInForceV1("x/y", "Later", "2030-01-01", None, "binding")
    nothing: dict[str, Any] = {"findings": [], "causes": [], "principles": [], "not_in_force": [later]}
    section = _matrices(written(_changed(report, **nothing)))[0]
    assert "Not ordered: no rule is in force." in [x.text for x in section.all("p")]
    cells = {x.text for x in next(section.all("tbody")).all("td")}
    assert cells == {"nothing in force", ""}


def test_open_pairs_are_about_dominance(pages: pathlib.Path) -> None:
    report = report_of((pages / "few.json").read_text())
    compared = list(report.comparison or ())
    pair = DominanceV1(compared[0].designs[0], compared[0].designs[1], "undecided", ["a.b"])
    compared[0] = replace(compared[0], dominance=[pair])
    section = _matrices(written(replace(report, comparison=compared)))[0]
    assert "Dominance" in [x.text for x in section.all("h4")]
    assert "Which facts would settle dominance: 1 pair open" in [x.text for x in section.all("summary")]
    assert dominance_open(pair.better, pair.worse, "a.b") in [x.text for x in section.all("li")]
    for outcome, most in (("dominates", 40), ("undecided", 60)):
        compared[0] = replace(compared[0], dominance=[replace(pair, outcome=outcome)] * (most + 1))
        section = _matrices(written(replace(report, comparison=compared)))[0]
        assert "And 1 pair more; the JSON report has all." in [x.text for x in section.all("p")]


def test_order_counts_one_rule_as_one(pages: pathlib.Path) -> None:
    report = report_of((pages / "few.json").read_text())
    compared = [replace(c, decided_in_all=1) for c in report.comparison or ()]
    section = _matrices(written(replace(report, comparison=compared)))[0]
    assert any(x.text.endswith("on the one rule decided in all of them:") for x in section.all("p"))


def test_days_are_listed_and_make_no_span(pages: pathlib.Path) -> None:
    report = report_of((pages / "few.json").read_text())
    days = sorted({"1999-12-31", *(e.as_of for e in report.evaluations)})
    (lead,) = (x for x in _paragraphs(written(_changed(report, 0, as_of="1999-12-31"))) if x.startswith("Law as of"))
    assert lead.startswith(f"Law as of {', '.join(days)}. ") and len(days) > 1


def test_numbers_are_never_rounded_to_all(pages: pathlib.Path) -> None:
    for name in ("one", "wide"):
        report = report_of((pages / f"{name}.json").read_text())
        nearly = replace(report.evaluations[0].score, standing=99.9, worst=99.8, best=99.9)
        bare = [replace(p, coverage=0.999, score=nearly) for p in report.evaluations[0].principles]
        page = written(_changed(report, coverage=0.999, undisputed=None, score=nearly, principles=bare))
        numbers = " ".join(x.text for x in parsed(page).all("td") if x.attributes.get("class") == "num")
        assert "99%" in numbers and "99.9 (99.8–99.9" in numbers and "100%" not in numbers


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
