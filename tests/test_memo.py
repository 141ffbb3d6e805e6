"""The memorandum: everything is told, footnotes are footnotes in OSCOLA, tables list what is cited and nothing else."""

from __future__ import annotations

import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from policy_eval.cli import output
from policy_eval.errors import InvalidInput
from policy_eval.report import FORMATS, docx, memo, pdf, phrases
from policy_eval.report.memo import ast, comparison, evaluation, notes, pandoc, references, typesetting
from policy_eval.report.memo.parts import Told
from policy_eval.report.wire import CategoryV1, EvidenceV1, InstrumentV1, ReportV1
from policy_eval.report.words import SYMBOLS
from tests.memo_readers import bare, noted, of_docx, of_pdf, paragraphs, tables, text_of_pdf
from tests.memo_readers import notes as footnotes
from tests.program import ROOT, run

SESAME, UNTICKED, FIRST = "sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit"
TITLES = {
    "Table of cases": {"case"}, "Table of decisions of authorities": {"decision"}, "Table of treaties": {"treaty"},
    "Table of legislation": {"legislation"}, "Other authorities": {"guidance", "soft_law", "literature"},
}  # fmt: skip
STYLE = "b51ea5728f78c460746174d1a3944383d8bb6027b606e0c651f14b3af521c923"
OPEN = ("conflict", "conflict_unless_excused", "undecided")


class Written:
    """A report as JSON, DOCX and PDF."""

    def __init__(self, folder: pathlib.Path, *arguments: str) -> None:
        self.json, self.docx, self.pdf = (folder / f"report.{f}" for f in ("json", "docx", "pdf"))
        files = (f"json={self.json}", f"docx={self.docx}", f"pdf={self.pdf}")
        result = run(*arguments, "--isolated", *(x for f in files for x in ("-o", f)))
        assert (result.returncode, result.stderr) == (0, "")
        self.report: dict[str, Any] = json.loads(self.json.read_text())

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [f for e in self.report["evaluations"] for f in e["findings"]]


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(tmp_path_factory.mktemp("one"), "evaluate", SESAME, "-p", "gdpr")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(tmp_path_factory.mktemp("three"), "compare", SESAME, UNTICKED, FIRST, "-p", "human-rights")


# ---------------------------------------------------------------- what is told


@pytest.mark.slow
def test_conflicts_are_told_with_all_that_belongs_to_them(one: Written) -> None:
    seen = [text for _, text in paragraphs(one.docx)]
    whole = bare("\n".join(seen))
    for finding in one.findings:
        assert any(finding["title"] in text for text in seen)
        if not finding["outcome"].startswith("conflict"):
            continue
        places = [p for p in finding["places"] if p["seen"] and p["outcome"] == finding["outcome"]]
        messages = [bare(p["message"].replace("`", ""))[1:] for p in places]  # the first letter is made a capital
        told = [m in whole for m in messages]
        assert all(told[:6]) and (len(places) <= 6 or "atonemoreplace;" in whole or "moreplaces;" in whole)
        assert bare(f"Remedy: {finding['remedy']}") in whole
        assert all(bare(f"{x['title']} – ") in whole for p in places[:6] for x in p["exceptions"])
        assert all(bare(x) in whole for p in places for x in p["would_excuse"])
        assert all(bare(f"{g['instrument']} {g['at']}") in whole for g in finding["grounds"])


@pytest.mark.slow
def test_findings_are_told_in_print(one: Written) -> None:
    print_ = bare(text_of_pdf(one.pdf))
    assert one.findings and all(bare(finding["title"]) in print_ for finding in one.findings)


@pytest.mark.slow
@pytest.mark.parametrize("read", [of_docx, of_pdf], ids=["docx", "pdf"])
def test_each_finding_of_each_design_is_told(three: Written, read: Callable[[pathlib.Path], set[Any]]) -> None:
    told = ((e["design"], e["set"], f) for e in three.report["evaluations"] for f in e["findings"])
    wanted = {(design, set_, f["rule"], f["outcome"]) for design, set_, f in told}
    assert read(three.docx if read is of_docx else three.pdf) == wanted


@pytest.mark.slow
def test_designs_are_compared_before_each_is_told(three: Written) -> None:
    headings = [text for style, text in paragraphs(three.docx) if style == "Heading1"]
    assert headings[0].startswith("1 Comparison under") and [
        d for h in headings for d in (SESAME, UNTICKED, FIRST) if f"({d})" in h
    ] == [SESAME, UNTICKED, FIRST]
    rows = {row[0]: row[1:] for row in tables(three.docx)["By principle"]}
    for e in three.report["evaluations"]:
        column = [SESAME, UNTICKED, FIRST].index(e["design"])
        for p in e["principles"]:
            worst = next(o for o in SYMBOLS if p["counts"].get(o))
            number = "" if worst == "not_applicable" else f" ({p['counts'][worst]})"
            assert rows[p["principle"]][column] == f"{phrases.marked(worst)}{number}"


# ---------------------------------------------------------------- footnotes and tables


@pytest.mark.slow
def test_each_ground_has_its_footnote(one: Written) -> None:
    found, told = footnotes(one.docx), list(noted(one.docx))
    assert len(found) > 100 and all(n.text.endswith(".") for n in found)
    for f in one.findings:
        if f["outcome"] in OPEN:
            said = grounds_of(f, told)
            assert all(references.pinpoint(ground["at"]) in " ".join(said) for ground in f["grounds"]), f["rule"]
            assert len(said) == (1 if f["outcome"] == "undecided" else len(f["grounds"]))
    first = next(n for n in found if n.text.startswith("Regulation (EU) 2016/679"))
    later = next(n for n in found if n.number > first.number and n.text.startswith("GDPR, art"))
    assert "[2016] OJ L119/1, " in first.text and "Regulation" not in later.text
    assert any(n.text.startswith("ibid art") for n in found) and not any("ibid," in n.text for n in found)


def grounds_of(finding: dict[str, Any], told: list[tuple[str, list[str]]]) -> list[str]:
    """The footnotes on the law of a rule: of one in conflict behind its sections, of one undecided in its cell."""
    if finding["outcome"] == "undecided":
        return next(found for text, found in told if f"({finding['rule']})" in text and found)
    start = next(n for n, (text, _) in enumerate(told) if "– severity" in text and f"({finding['rule']})" in text)
    return next(found for text, found in told[start:] if text.startswith("Law:"))


@pytest.mark.slow
def test_references_to_earlier_footnotes_lead_to_the_right_one(one: Written) -> None:
    found = footnotes(one.docx)
    by_number = {n.number: n.text for n in found}
    for short in ("Ant Financial Services Group", "Jay Stanley", "Meta Platforms", "EDPB"):
        later = [n for n in found if f"{short} (n " in n.text]
        assert later
        for note in later:
            for number in note.text.split(f"{short} (n ")[1:]:
                earlier = by_number[int(number.split(")")[0])]
                assert short in earlier and f"{short} (n " not in earlier


@pytest.mark.slow
@pytest.mark.parametrize("which", ["one", "three"])
def test_tables_list_exactly_what_is_cited(which: str, request: pytest.FixtureRequest) -> None:
    written: Written = request.getfixturevalue(which)
    instruments = written.report["instruments"]
    cited = {g["instrument"] for f in written.findings if f["outcome"] in OPEN for g in f["grounds"]}
    found = tables(written.docx)
    for title, kinds in TITLES.items():
        wanted = {name for name in cited if instruments[name]["kind"] in kinds}
        rows = [row[0] for row in found.get(title, [])]
        assert len(rows) == len(wanted), title
        for name in wanted:
            x = instruments[name]
            telling = (x["title"] or x["number"] or name).replace(".", "")
            (row,) = [r for r in rows if telling.lower() in r.replace(".", "").lower() and (x["number"] or "") in r]
            assert x["report"] is None or x["report"].replace(".", "") in row.replace(".", "")
    assert sum(len(found.get(t, [])) for t in TITLES) == len(cited)


@pytest.mark.slow
def test_tables_name_the_footnotes(one: Written) -> None:
    by_number = {n.number: n.text for n in footnotes(one.docx)}
    for authority, where in tables(one.docx)["Table of cases"]:
        numbers = [int(x) for part in where.split(", ") for x in part.split("–")]
        name = authority.split(" EU:")[0].split(" ECLI:")[0].split("C-")[-1].split(" ", 1)[-1]
        assert numbers and all(name in by_number[n] or "ibid" in by_number[n] for n in numbers), authority


def cited(*told: tuple[InstrumentV1, str]) -> list[str]:
    """Footnotes to instruments, each with what follows it, as the style makes them; then the entries of the tables."""
    library = references.library(TypeAdapter(ReportV1).validate_python(bare_report([x for x, _ in told])))
    keys = [library.instruments[x.short] for x, _ in told]
    blocks = [ast.para(*([ast.note(ast.cite([(key, after)]))] for key, (_, after) in zip(keys, told, strict=True)))]
    meta = {"references": library.references, "lang": ast.plain("en-GB")}
    done = pandoc.run(
        ast.document(notes.numbered(blocks), meta), "json", "--citeproc", f"--csl={ROOT}/policy_eval/report/oscola.csl"
    )
    finished = notes.finished(json.loads(done)["blocks"], library)
    said = [ast.shown(x["c"]) for x in ast.walk(finished) if x.get("t") == "Note"]
    return [*said, *(ast.shown(b["c"][4]) for b in finished if b["t"] == "Table")]


def bare_report(instruments: list[InstrumentV1]) -> dict[str, Any]:
    profile = {"id": "p", "hash": "h", "weights": {}, "because": {}, "enough_known": 0.5, "enough_known_because": "b"}
    told = {x.short: {n: getattr(x, n) for n in InstrumentV1.__dataclass_fields__} for x in instruments}
    return {
        "schema_version": 1, "tool": "t", "method": "1", "profile": profile, "as_of": "2026-11-23", "engine": "both",
        "disclaimer": "d", "designs": [], "rules": {}, "instruments": told, "evaluations": [],
    }  # fmt: skip


def instrument(short: str, **told: str) -> InstrumentV1:
    names = [n for n in InstrumentV1.__dataclass_fields__ if n != "short"]
    return InstrumentV1(short, *(told.get(n) for n in names))


OSCOLA = [
    (instrument("CJEU one", kind="case", title="A Holding (Scoring)", author="CJEU", number="C-1/21",
                report="EU:C:2023:957"),
     ", paras 44–50", "Case C-1/21 A Holding (Scoring) EU:C:2023:957, paras 44–50.", "A Holding (Scoring) (n 1)"),
    (instrument("CJEU two", kind="case", title="B", author="CJEU", number="C-26/22 and C-64/22",
                report="EU:C:2023:958"),
     "", "Joined Cases C-26/22 and C-64/22 B EU:C:2023:958.", "B (n 1)"),
    (instrument("ECtHR", kind="case", title="L.B. v. Hungary", author="ECtHR", number="36345/16", date="2023-03-09"),
     ", para 5", "LB v Hungary App no 36345/16 (ECtHR, 9 March 2023), para 5.", "L.B. v. Hungary (n 1)"),
    (instrument("US", kind="case", title="Hodge v Texaco", report="975 F.2d 1093 (5th Cir. 1992)"),
     "", "Hodge v Texaco 975 F2d 1093 (5th Cir 1992).", "Hodge v Texaco (n 1)"),
    (instrument("Court 200.295.747/01", kind="case", author="Court", number="200.295.747/01",
                report="ECLI:NL:X:2023:7.96"),
     "", "200.295.747/01 ECLI:NL:X:2023:7.96 (Court).", "Court 200.295.747/01 (n 1)"),
    (instrument("CNIL", kind="decision", title="Shop", author="CNIL", number="SAN-2023-021", date="2023-12-27"),
     "", "Shop SAN-2023-021 (CNIL, 27 December 2023).", "Shop (n 1)"),
    (instrument("GDPR", kind="legislation", title="Regulation (EU) 2016/679 on data", report="[2016] OJ L119/1"),
     ", art 4(11)", "Regulation (EU) 2016/679 on data [2016] OJ L119/1, art 4(11).", "GDPR"),
    (instrument("ICCPR", kind="treaty", title="Covenant", date="1966-12-16", report="999 UNTS 171"),
     "", "Covenant (16 December 1966) 999 UNTS 171.", "ICCPR"),
    (instrument("EDPB", kind="guidance", title="on consent", author="EDPB", number="version 2.0", date="2020-05-04",
                url="https://a.example/x"),
     "", "EDPB, ‘On Consent’ (version 2.0, 4 May 2020) <https://a.example/x>.", "EDPB (n 1)"),
    (instrument("a note by X. Y.", kind="literature"), ", p 3", "a note by X. Y., p 3.", "a note by X. Y. (n 1)"),
    (instrument("nothing told", url="javascript:x"), "", "nothing told.", "nothing told (n 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "after", "wanted", "later"), OSCOLA, ids=lambda x: getattr(x, "short", None))
def test_citations_are_in_oscola(told: InstrumentV1, after: str, wanted: str, later: str) -> None:
    other = instrument("Other", kind="legislation", title="Other Act")
    first, between, again, ibid, *entries = cited((told, after), (other, ""), (told, after), (told, ", x {y} [z]"))
    assert first == wanted and between == "Other Act."
    assert again == f"{later}{after}."
    assert ibid == "ibid x {y} [z]."
    assert len(entries) == 2 or told.kind == "legislation"


@pytest.mark.parametrize(
    ("at", "short"),
    [
        ("Article 4(11)", "art 4(11)"), ("Articles 4(11) and 7", "arts 4(11) and 7"), ("Recital 32", "recital 32"),
        ("paras 52-63, operative part 1", "paras 52–63, operative part 1"), ("section 3, fairness", "s 3, fairness"),
        ("Annex III, point 5(b)", "annex III, point 5(b)"), ("articles of faith", "articles of faith"),
    ],
)  # fmt: skip
def test_pinpoints_are_short(at: str, short: str) -> None:
    assert references.pinpoint(at) == short


# ---------------------------------------------------------------- what comes from outside

MARKUP = [
    "*a* _b_ **c** `d` [e](http://f.example) ![g](h.png) $x$ <b>i</b> &amp; [@a0] @a0 {.x} ^j^ ~k~", "# heading",
    "- item", "+ item", "1. item", "/ term: x", "= head", "// gone", "/* gone */", "#import \"x\" #eval(\"1+1\")",
    "\\ end \\u{41}",
    "<label> @ref", "] #text(red)[x", "\"; #x", "{{7*7}} =cmd()", "---", "> quote", "| a | b |", "'q' \"r\"", "ibid,",
    "</w:t></w:r>", "\\input{x}", "::: {.x}", "(n 1)",
]  # fmt: skip


def outside(text: str) -> ReportV1:
    """A report whose every free text is hostile."""
    written = run("evaluate", SESAME, "-p", "oecd", "--isolated", "-f", "json").stdout
    report = json.loads(written)
    (design,), (e,) = report["designs"], report["evaluations"]
    design |= {"title": text, "summary": text, "operator_response": text, "jurisdiction": [text], "facts_as_of": text}
    for document in design["documents"]:
        document |= {"title": text, "author": text, "publisher": text, "date": text}
    for citations in design["citations"].values():
        for c in citations:
            c |= {"locator": text, "note": text}
    for node in design["flow"]["nodes"]:
        node["title"] = text
    e |= {"design_title": text, "set_title": text, "as_if": text}
    for finding in e["findings"]:
        finding |= {"title": text, "message": text, "remedy": text, "duty_holders": [text]}
        for place in finding["places"]:
            place |= {"message": text, "would_excuse": [text]}
            for fact in place["evidence"]:
                fact["value"] = text
        for ground in finding["grounds"]:
            ground["at"] = text
    for x in report["instruments"].values():
        x |= {"title": text, "author": text, "number": text, "report": text, "date": text}
    found: ReportV1 = TypeAdapter(ReportV1).validate_python(report)
    return found


def shape(node: Any) -> list[str]:
    """What a document is made of, words aside; what is set in what letters is the style's."""
    return [x["t"] for x in ast.walk(node) if x.get("t") in ("Para", "Header", "Table", "BulletList", "Note", "Image")]


@pytest.mark.slow
def test_text_is_never_markup(tmp_path: pathlib.Path) -> None:
    """All of it at once, and each mark at the beginning of a paragraph, a cell and a point."""
    plain_shape = None
    for text in ("harmless words", *MARKUP):
        report = outside(text)
        document = memo.memorandum(report, "docx")
        plain_shape = plain_shape or shape(document["blocks"])
        assert shape(document["blocks"]) == plain_shape, text
        read_back = json.loads(pandoc.run(document, "json"))
        assert shape(read_back["blocks"]) == plain_shape


@pytest.mark.slow
@pytest.mark.parametrize("format", ["docx", "footnotes of docx", "pdf"])
def test_text_from_outside_is_shown_whole(format: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(made(outside(" ".join(MARKUP)), format.split()[-1]))
    read: dict[str, Callable[[], str]] = {
        "docx": lambda: "\n".join(text for _, text in paragraphs(path)),
        "footnotes of docx": lambda: "\n".join(n.text for n in footnotes(path)), "pdf": lambda: text_of_pdf(path),
    }  # fmt: skip
    seen = bare(read[format]()).replace("`", "")
    assert [text for text in MARKUP if bare(text.replace("`", "")) not in seen] == []


@pytest.mark.slow
@pytest.mark.parametrize("text", [x for x in MARKUP if "`" not in x])
def test_print_shows_each_mark_wherever_it_stands(text: str, tmp_path: pathlib.Path) -> None:
    """In print a mark at the beginning of a paragraph or a cell would begin a list or a heading."""
    path = tmp_path / "report.pdf"
    path.write_bytes(made(outside(text), "pdf"))
    assert f"Remedy:{bare(text)}" in bare(text_of_pdf(path))
    table = text_of_pdf(path).split("What is undecided")[1].split("No conflict found on the facts given")[0]
    assert "•" not in table and bare(text) in bare(table)


def made(report: ReportV1, format: str) -> bytes:
    out = io.TextIOWrapper(io.BytesIO())
    module(format).write(report, out)
    out.flush()
    found: io.BytesIO = out.buffer  # type: ignore[assignment]
    return found.getvalue()


def module(format: str) -> Any:
    return output._module(format, FORMATS[format])


def test_letters_without_a_font_do_not_stop_it(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(made(outside("\U0001245a 芝麻信用"), "pdf"))
    assert "芝麻信用" in text_of_pdf(path)


# ---------------------------------------------------------------- what must not get lost


def told_of(change: Callable[[dict[str, Any], dict[str, Any]], None] = lambda design, e: None) -> Told:
    """A design under the OECD's principles, its design and evaluation changed."""
    report = json.loads(run("evaluate", SESAME, "-p", "oecd", "--isolated", "-f", "json").stdout)
    change(report["designs"][0], report["evaluations"][0])
    found: ReportV1 = TypeAdapter(ReportV1).validate_python(report)
    return Told(found.evaluations[0], found.designs[0], found, references.library(found))


def lines(blocks: ast.Blocks) -> list[str]:
    """What each paragraph, heading and point says; footnotes after a `^`."""
    kinds = ("Para", "Plain", "Header")
    return [
        ast.shown(ast.mapped(b["c"], lambda x: [{"t": "Str", "c": "^"}] if x.get("t") == "Note" else None))
        for b in ast.walk(blocks)
        if b.get("t") in kinds
    ]


def test_parts_that_are_not_firm_say_how_they_stand() -> None:
    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        design["flow"]["nodes"] = [
            {"path": f"inputs.{s}", "kind": "input", "title": s, "status": s, "facts": {}}
            for s in ("sourced", "disputed", "announced", "stipulated")
        ]
        noted = {"document": None, "locator": None, "status": "disputed", "note": "denied"}
        design["citations"] = {"inputs.disputed": [noted], "inputs.sourced": [noted]}

    told = told_of(change)
    (said,) = [x for x in lines(evaluation._facts(told, 1)) if x.startswith("Inputs:")]
    assert said == "Inputs: sourced, disputed (disputed),^ announced (announced), stipulated."


def test_no_conflict_is_not_found_where_rules_are_undecided() -> None:
    def all_are(outcome: str) -> Callable[[dict[str, Any], dict[str, Any]], None]:
        def change(design: dict[str, Any], e: dict[str, Any]) -> None:
            e["causes"] = []
            e["findings"] = [f | {"outcome": outcome} for f in e["findings"][:2]]

        return change

    assert lines(evaluation._conflicts(told_of(all_are("undecided")), 1))[1] == (
        "None is established; 2 rules are undecided."
    )
    assert lines(evaluation._conflicts(told_of(all_are("no_conflict")), 1))[1] == "None was found on the facts given."


def test_nothing_is_found_or_counted_where_no_rule_applies() -> None:
    fact = {"path": "is_ai", "value": "no", "file": "f", "line": 1, "column": 1, "status": "stipulated"}

    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        e["causes"] = []
        e["findings"] = [f | {"outcome": "not_applicable"} for f in e["findings"]]
        e["scope"] |= {"outcome": "does_not_apply", "evidence": [fact]}

    told = told_of(change)
    heads = ["Question", "Short answer", "Facts", "What does not apply"]
    assert [ast.shown(b["c"][2]) for b in evaluation.section(told, 1) if b["t"] == "Header"] == heads
    assert "oecd does not cover the system: is_ai = no." in lines(evaluation.section(told, 1))
    brief = [ast.shown(b["c"][2]) for b in evaluation.section(told, 1, brief=True) if b["t"] == "Header"]
    assert brief == [*heads[:3], "Findings"]


def test_no_answer_is_given_as_if_where_nothing_is_in_force() -> None:
    later = {"rule": "oecd/x", "title": "X", "effective_from": "2050-01-01", "effective_until": None, "status": "law"}

    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        e |= {"findings": [], "causes": [], "not_in_force": [later], "as_if": "as if it were elsewhere"}

    said = lines(evaluation._answer(told_of(change), 1))
    assert said == ["Short answer", f"None of the rules of oecd is in force on {told_of().evaluation.as_of}."]


def test_unsettled_law_and_open_facts_are_told_together() -> None:
    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        e["findings"][0] |= {"law_unsettled": False, "unsettled": ["topic"], "open": ["is_ai"]}
        e["scope"] |= {"outcome": "undecided", "open": [], "unsettled": ["topic"]}

    told = told_of(change)
    assert ast.shown(evaluation._open(told.evaluation.findings[0])).endswith("law unsettled: topic; facts open: is_ai")
    assert evaluation._scope(told) == phrases.scope_open("oecd", "unsettled law (topic)")


def test_places_of_other_outcomes_are_counted() -> None:
    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        for f in e["findings"]:
            f["outcomes"] |= {"undecided": 7}

    told = told_of(change)
    others = [phrases.others(f) for f in told.evaluation.findings]
    said = lines(evaluation._conflicts(told, 1))
    assert any(others) and all(x in said for x in others if x)


def test_what_an_answer_rests_on_is_said_once() -> None:
    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        e |= {"facts": "undisputed", "reading": "controller", "as_if": "as if it were elsewhere"}

    told = told_of(change)
    head = ast.shown(memo._heading(told.report)).split("Made by")[0]
    assert "Facts: undisputed only; all others are taken as unknown" in head and "Facts: Facts" not in head
    assert "the controller’s: what is undecided is not demonstrated" in head
    said = "\n".join(lines([*evaluation._question(told, 1), *evaluation._answer(told, 1)]))
    assert said.count("as if it were elsewhere") == 1


def comparison_told(change: Callable[[dict[str, Any]], None]) -> list[str]:
    """What a comparison says after a change of its report."""
    arguments = ("compare", UNTICKED, FIRST, "-p", "oecd", "--isolated", "-f", "json")
    report = json.loads(run(*arguments).stdout)
    change(report)
    return lines(comparison.comparisons(TypeAdapter(ReportV1).validate_python(report)))


def test_pairs_nothing_is_known_to_settle_are_named() -> None:
    def change(report: dict[str, Any]) -> None:
        pair = {"better": UNTICKED, "worse": FIRST, "outcome": "undecided", "settled_by": []}
        report["comparison"][0]["dominance"] = [pair]

    assert "For one pair it is undecided whether the first dominates the second: A – B." in comparison_told(change)


def test_what_dominance_hangs_on_is_said_as_everywhere() -> None:
    def change(report: dict[str, Any]) -> None:
        pair = {"better": UNTICKED, "worse": FIRST, "outcome": "undecided", "settled_by": ["is_ai", "inputs.x.what"]}
        report["comparison"][0]["dominance"] = [pair]

    assert phrases.dominance_open("A", "B", "is_ai, inputs.x.what") in comparison_told(change)


def test_where_nothing_is_in_force_no_table_is_empty() -> None:
    later = {"rule": "oecd/x", "title": "X", "effective_from": "2050-01-01", "effective_until": None, "status": "law"}

    def change(report: dict[str, Any]) -> None:
        report["comparison"][0] |= {"order": [], "decided_in_all": 0, "dominance": [], "differences": []}
        for e in report["evaluations"]:
            e |= {"findings": [], "causes": [], "principles": [], "not_in_force": [later]}

    said = comparison_told(change)
    assert "Not ordered: no rule is in force." in said
    assert not [x for x in said if x.startswith(("By principle", "Each cell", "Principle"))]


def test_an_order_names_bands_and_a_legend_kinds() -> None:
    def change(report: dict[str, Any]) -> None:
        report["comparison"][0] |= {"order": [[FIRST], [UNTICKED]], "decided_in_all": 3}
        for e, band in zip(report["evaluations"], ("too_little_known", "some_conflicts"), strict=True):
            e["band"]["standing"] = band
        report["designs"][1] |= {"kind": "real", "operator_response": "We differ."}
        report["designs"][0] |= {"kind": "hypothetical", "operator_response": "Nobody said this."}

    said = comparison_told(change)
    order = "B (some conflicts) < A (too little is known)."
    assert any(x.startswith("From least up, by band, then by burden on the 3 rules") and order in x for x in said)
    assert "A design of which too little is known is placed by the little that is decided." in said
    assert any(x.startswith("A:") and "– hypothetical; too little is known (" in x for x in said)
    assert "The operator’s response to B: We differ." in said and "Nobody said this." not in "".join(said)


def test_of_very_many_pairs_a_few_are_told_and_the_others_counted() -> None:
    def change(report: dict[str, Any]) -> None:
        pair = {"better": UNTICKED, "worse": FIRST, "outcome": "dominates", "settled_by": []}
        report["comparison"][0]["dominance"] = [pair] * (comparison._PAIRS + 7)

    said = comparison_told(change)
    assert sum(x.startswith("A dominates B:") for x in said) == comparison._PAIRS
    assert "and 7 more pairs; the JSON report (-f json) has all" in said


def test_lenses_say_what_is_stated_and_what_is_not() -> None:
    fact = EvidenceV1("inputs.a.what", "b", "f", 1, 1, "sourced")
    asked = CategoryV1("c", "C", "?", None, {"oecd/x": "undecided"}, [fact], ["is_ai"])
    said = ast.shown(comparison._asked(asked))
    assert said == "oecd/x: ? undecided; Stated: inputs.a.what = b; Not stated: is_ai"


@pytest.mark.slow
def test_long_words_stay_on_the_page(tmp_path: pathlib.Path) -> None:
    path, word = tmp_path / "report.pdf", "x" * 300

    def change(design: dict[str, Any], e: dict[str, Any]) -> None:
        design |= {"summary": word}
        e |= {"design_title": word}
        for finding in e["findings"]:
            finding |= {"title": word, "open": [word]}

    path.write_bytes(made(told_of(change).report, "pdf"))
    program = shutil.which("pdftotext") or pytest.skip("pdftotext is not installed")
    boxes = subprocess.run([program, "-bbox", str(path), "-"], capture_output=True, check=True).stdout.decode()
    width = float(boxes.split('<page width="')[1].split('"')[0])
    ends = [float(x) for x in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert ends and max(ends) < width - 60  # the margin is 68 points
    assert word in bare(text_of_pdf(path))


# ---------------------------------------------------------------- what may go wrong


@pytest.mark.parametrize(("format", "missing"), [("docx", "pypandoc"), ("pdf", "pypandoc"), ("pdf", "typst")])
def test_what_is_not_installed_is_named(format: str, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith(("policy_eval.report.memo", f"policy_eval.report.{format}"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InvalidInput) as caught:
        output._module(format, FORMATS[format])
    (problem,) = caught.value.problems
    assert problem.message == f"`{format}` needs {missing}, which is not installed"
    assert "policy-eval[docs]" in (problem.help or "")


def test_without_the_extra_the_command_ends_with_2(tmp_path: pathlib.Path) -> None:
    (tmp_path / "pypandoc.py").write_text("raise ModuleNotFoundError(\"No module named 'pypandoc'\", name='pypandoc')")
    from tests.program import run_anew

    path = tmp_path / "report.docx"
    result = run_anew("evaluate", SESAME, "-p", "oecd", "-o", f"docx={path}", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (result.returncode, result.stdout, path.exists()) == (2, "", False)
    assert "`docx` needs pypandoc, which is not installed" in result.stderr and "policy-eval[docs]" in result.stderr


FAILURES: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "fails": ("pandoc failed with code", lambda m: m.setattr(pandoc, "_program", lambda: sys.executable)),
    "cannot be run": ("pandoc cannot be run", lambda m: m.setattr(pandoc, "_program", lambda: str(ROOT))),
    "takes too long": ("pandoc did not end", lambda m: m.setattr(pandoc, "LONGEST", 0)),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_failures_of_pandoc_are_errors_of_ours(failure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    message, broken = FAILURES[failure]
    broken(monkeypatch)
    with pytest.raises(InvalidInput) as caught:
        pandoc.run(ast.document([ast.para(ast.text("x"))], {}), "docx")
    assert caught.value.problems[0].message.startswith(message) and caught.value.problems[0].help


# ---- typst


def of_typst(monkeypatch: pytest.MonkeyPatch, *said: str) -> list[tuple[bool, Any]]:
    """The attempts that are made where each fails as told, one after the other; the last works."""
    attempts: list[tuple[bool, Any]] = []

    def compiled(source: bytes, own_fonts: bool, standards: Any) -> bytes:
        attempts.append((own_fonts, standards))
        if len(attempts) <= len(said):
            raise RuntimeError(said[len(attempts) - 1])
        return b"made"

    monkeypatch.setattr(typesetting, "_compiled", compiled)
    return attempts


def test_print_falls_back_where_letters_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = of_typst(monkeypatch, *["PDF/UA-1 error: the text could not be displayed"] * 2)
    assert typesetting.printed(b"x") == b"made"
    assert attempts == [(True, "ua-1"), (False, "ua-1"), (False, [])]


def test_a_failure_that_is_not_about_letters_is_met_once(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = of_typst(monkeypatch, "unknown variable: nope")
    with pytest.raises(RuntimeError, match="unknown variable"):
        typesetting.printed(b"#nope")
    assert attempts == [(True, "ua-1")]


BROKEN: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "fails": ("typst failed with code 1: unknown variable: nope", lambda m: None),
    "cannot be run": ("typst cannot be run", lambda m: m.setattr(sys, "executable", str(ROOT))),
}


@pytest.mark.parametrize("failure", BROKEN)
def test_failures_of_typst_are_errors_of_ours(failure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    message, broken = BROKEN[failure]
    broken(monkeypatch)
    with pytest.raises(InvalidInput) as caught:
        typesetting.run("#nope")
    assert caught.value.problems[0].message.startswith(message) and caught.value.problems[0].help


def test_print_that_takes_too_long_is_ended(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """typst is ended, not waited for; nothing is left of the report, nor of the folder it was made in."""
    report = told_of().report
    endless = "#for x in range(100000) { for y in range(100000) { for z in range(100000) { } } }"
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(pdf.memo, "memorandum", lambda report, format: ast.document([ast.para(ast.text("x"))], {}))
    monkeypatch.setattr(pdf, "_LOOK", endless.replace("{", "{{").replace("}", "}}"))
    monkeypatch.setattr(pdf.pandoc, "LONGEST", 3)
    with pytest.raises(InvalidInput) as caught:
        output.deliver(report, FORMATS, "csv", [("pdf", tmp_path / "report.pdf")])
    (problem,) = caught.value.problems
    assert problem.message == "typst did not end within 3 seconds" and "fewer designs or sets" in (problem.help or "")
    assert list(tmp_path.iterdir()) == []


# ---- marks that are missing


def without(data: bytes, name: str, mark: bytes, new: bytes) -> bytes:
    """A zip file with other words in one of its parts; without the part where they are empty and the mark is."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(found, "w") as after:
        for each in before.namelist():
            part = before.read(each)
            assert each != name or mark in part
            if each != name or mark:
                after.writestr(each, part.replace(mark, new) if each == name else part)
    return found.getvalue()


MARKS: dict[str, tuple[str, bytes, bytes]] = {
    "the style Heading2": ("word/styles.xml", b'w:styleId="Heading2"', b'w:styleId="Head2"'),
    "the style Table": ("word/styles.xml", b'w:styleId="Table"', b'w:styleId="TableGrid"'),
    "the font Consolas of code": ("word/styles.xml", b"Consolas", b"Courier"),
    "fonts of words": ("word/styles.xml", b"w:rFonts", b"w:typeface"),
    "the section at its end": ("word/document.xml", b"w:sectPr", b"w:section"),
    "the names of relationships": ("word/document.xml", b"xmlns:r=", b"xmlns:s="),
    "rows of tables as expected, 1 of 2": ("word/document.xml", b"<w:tr><w:tc>", b'<w:tr w:rsidR="1"><w:tc>'),
    "</Relationships>": ("word/_rels/document.xml.rels", b"</Relationships>", b"</r:Relationships>"),
    "</Types>": ("[Content_Types].xml", b"</Types>", b"</t:Types>"),
    "word/styles.xml": ("word/styles.xml", b"", b""),
}


@pytest.fixture(scope="module")
def of_pandoc() -> bytes:
    rows = [[ast.text("x"), [ast.code("y")]]]
    return pandoc.run(ast.document([ast.table((0.5, 0.5), ("a", "b"), rows)], {}), "docx")


@pytest.mark.parametrize("mark", MARKS)
def test_a_document_whose_styles_cannot_be_set_is_an_error(mark: str, of_pandoc: bytes) -> None:
    """As another pandoc might write it: to go on would give a document without styles, and say nothing."""
    assert docx._restyled(of_pandoc)
    with pytest.raises(InvalidInput) as caught:
        docx._restyled(without(of_pandoc, *MARKS[mark]))
    (problem,) = caught.value.problems
    assert problem.message.endswith(f"it lacks {mark}") and f"`pypandoc-binary=={pandoc.TESTED}`" in (
        problem.help or ""
    )


# ---- too many evaluations


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_too_many_evaluations_are_refused_before_pandoc_runs(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report = told_of().report
    many = replace(report, evaluations=[replace(report.evaluations[0]) for _ in range(memo.MOST + 1)])
    monkeypatch.setattr(pandoc, "_program", lambda: pytest.fail("pandoc was run"))
    with pytest.raises(InvalidInput) as caught:
        made(many, format)
    (problem,) = caught.value.problems
    assert problem.message == f"`{format}` holds at most {memo.MOST} evaluations, and there are {memo.MOST + 1}"
    assert all(x in (problem.help or "") for x in ("`html`", "`xlsx`", "fewer designs or sets"))
    assert "--format" not in str(problem) and "-f " not in str(problem)  # `-o` may have asked for it


def test_as_many_evaluations_as_there_may_be_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    report = told_of().report
    most = replace(report, evaluations=[replace(report.evaluations[0]) for _ in range(memo.MOST)])
    monkeypatch.setattr(memo, "numbered", lambda blocks: ast.bullets([]))
    assert memo.memorandum(most, "docx")["meta"]["title"]


def test_pandoc_reads_no_file_and_leaves_none(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    image = {"t": "Image", "c": [["", [], []], ast.text("x"), [str(secret), ""]]}
    data = pandoc.run(ast.document([ast.para([image])], {}), "docx")
    assert b"secret" not in data and data.startswith(b"PK")
    assert list(tmp_path.iterdir()) == [secret]


@pytest.mark.slow
def test_same_report_same_bytes(one: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    report = TypeAdapter(ReportV1).validate_json(one.json.read_text())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert made(report, "docx") == one.docx.read_bytes()
    assert made(report, "pdf") == one.pdf.read_bytes()


# ---------------------------------------------------------------- what is shipped


@pytest.mark.parametrize("path", sorted((ROOT / "principles").glob("*/set.yaml")), ids=lambda p: p.parent.name)
def test_every_shipped_instrument_has_a_kind(path: pathlib.Path) -> None:
    told = yaml.safe_load(path.read_text())["instruments"]
    assert told and [name for name, x in told.items() if not (x or {}).get("kind")] == []


def test_the_style_is_the_one_that_was_published() -> None:
    """Its licence asks that changes are named; none was made."""
    style = ROOT / "policy_eval" / "report" / "oscola.csl"
    assert hashlib.sha256(style.read_bytes()).hexdigest() == STYLE
    assert "Attribution-ShareAlike 3.0" in style.with_suffix(".NOTICE").read_text()
