"""Reports in every format: none loses a finding, none obeys a text, and the same report is the same bytes."""

from __future__ import annotations

import importlib
import io
import itertools
import json
import pathlib
import re
from csv import DictReader
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from pydantic import TypeAdapter

from policy_eval.engine.derivation import Step
from policy_eval.engine.signs import TRUE
from policy_eval.errors import InvalidInput
from policy_eval.files import replace_all
from policy_eval.language.formula import Constant
from policy_eval.report import FORMATS, csv, markup, phrases, streams, xlsx_book
from policy_eval.report.derivation import derivation
from policy_eval.report.markup import code, marked, plain
from policy_eval.report.wire import ReportV1
from policy_eval.report.words import listed, visible, words
from tests import scratch
from tests.formats import PAGE
from tests.program import ROOT, run, run_anew
from tests.report_readers import OUTCOMES, READERS, Said, sheet, workbook

SESAME, UNTICKED, FIRST = "sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit"
CASES = {
    "one": ("evaluate", SESAME, "-p", "gdpr"),
    "clear": ("evaluate", FIRST, "-p", "gdpr"),
    "own draft": ("evaluate", "designs/undecided.design.yaml", "-p", "house", "--reading", "controller"),
    "many": ("evaluate", *(f"designs/{d}.design.yaml" for d in ("clean", "conflict", "excusable", "undecided")),
             "-p", "house", "-p", "other", "--lens", "linddun"),
    "nothing in force": ("evaluate", SESAME, "-p", "eu-ai-act", "--as-of", "2018-05-25"),
    "not covered": ("evaluate", "unscored.design.yaml", "-p", "house"),
    "two": ("compare", SESAME, UNTICKED, "-p", "gdpr"),
    "differing days": ("compare", SESAME, UNTICKED, FIRST, "-p", "eu-ai-act", "--as-of", "period"),
    "across": ("compare", "designs/conflict.design.yaml", "-p", "house", "-p", "other"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A scratch repository with two sets, and a design that neither covers."""
    found = scratch.repository(tmp_path_factory.mktemp("reports"))
    (found / "unscored.design.yaml").write_text(
        scratch.design("unscored", orders=("nothing_stated", "main")).replace("scored: true", "scored: false")
    )
    (found / "other").mkdir()
    for file in (found / "house").iterdir():
        text = file.read_text().replace("id: house", "id: other").replace("House rules", "Other rules")
        (found / "other" / file.name).write_text(text)
    for name in (SESAME, UNTICKED, FIRST):
        (found / f"{name}.design.yaml").write_text((ROOT / "designs" / f"{name}.design.yaml").read_text())
    return found


@pytest.fixture(scope="module")
def written(folder: pathlib.Path) -> dict[str, dict[str, pathlib.Path]]:
    """Every case in every format, each run writing all of them at once."""
    return {case: write(arguments, folder, case) for case, arguments in CASES.items()}


def write(arguments: tuple[str, ...], folder: pathlib.Path, name: str, program: Any = run, **more: str) -> Any:
    (folder / name).mkdir(exist_ok=True)
    files = {f: folder / name / f"report.{f}" for f in READERS}
    outputs = [x for f, path in files.items() for x in ("-o", f"{f}={path}")]
    result = program(*arguments, "--isolated", *outputs, cwd=folder, COLUMNS="500", **more)
    assert (result.returncode, result.stderr) == (0, "")
    return files


def test_every_format_has_a_reader() -> None:
    """Who adds a format adds how it is read back, in tests/report_readers.py."""
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize(
    ("format", "case"), [(f, case) for f in READERS for case in CASES if (f, case) != ("text", "across")]
)
def test_every_finding_is_carried(format: str, case: str, written: dict[str, dict[str, pathlib.Path]]) -> None:
    files = written[case]
    report = json.loads(files["json"].read_text())
    wanted = READERS["json"].findings(files["json"])
    found = READERS[format].findings(files[format])
    if format == "text":
        titles = {e["design_title"]: e["design"] for e in report["evaluations"]}
        found = {s._replace(design=titles.get(s.design, s.design)) for s in found}
        if CASES[case][0] == "compare":  # of comparisons it shows what differs
            wanted = {
                Said(d, c["set"], x["rule"], outcome)
                for c in report["comparison"] or ()
                for x in c["differences"]
                for d, outcome in x["outcomes"].items()
                if outcome
            }
    assert found == wanted
    assert bool(wanted) == (case != "nothing in force")


def test_text_counts_every_finding_across_sets(written: dict[str, dict[str, pathlib.Path]]) -> None:
    """It names no rule there but those that hang on shared facts."""
    report = json.loads(written["across"]["json"].read_text())
    lines = [re.split(" {2,}", line.strip()) for line in written["across"]["text"].read_text().splitlines()]
    rows = {first: cells for first, *cells in lines}
    counts = [{p["principle"]: p["counts"] for p in e["principles"]} for e in report["evaluations"]]
    assert len(counts) == 2 and counts[0]
    for principle in counts[0]:
        cells = (" ".join(f"{s}{c[principle][o]}" for s, o in OUTCOMES.items() if c[principle].get(o)) for c in counts)
        assert rows[principle] == list(cells)
    for fact in report["across"]["facts"]:
        assert [", ".join(fact["rules"])] in lines


UNORDERED = {
    "Not ordered: no rule is in force.": (SESAME, FIRST, "-p", "gdpr", "--as-of", "2000-01-01"),
    "Not ordered: other rules are in force for some of them than for others.": (
        "consumer-credit-bureau-2022", "consumer-credit-bureau-2026", SESAME, "-p", "gdpr", "--as-of", "period",
    ),
    "Not ordered: the set does not cover all of them.": (
        SESAME, FIRST, "store-card-points-table", "-p", "eu-ai-act",
    ),
    "Not ordered: no rule is decided in all of them.": (
        SESAME, "delivery-rider-score-as-ordered", "tenant-screening-score-2022", FIRST, "-p", "gdpr",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def unordered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], str]]:
    """By the reason why designs are not ordered: a report, and what the terminal shows of it."""
    folder, found = tmp_path_factory.mktemp("unordered"), {}
    for n, (reason, arguments) in enumerate(UNORDERED.items()):
        outputs = [x for f in ("json", "text") for x in ("-o", f"{f}={folder / f'{n}.{f}'}")]
        assert run("compare", *arguments, *outputs, COLUMNS="5000").returncode == 0
        found[reason] = json.loads((folder / f"{n}.json").read_text()), (folder / f"{n}.text").read_text()
    return found


@pytest.mark.parametrize("reason", UNORDERED)
def test_designs_that_are_not_ordered_say_why(
    reason: str, unordered: dict[str, tuple[dict[str, Any], str]], tmp_path: pathlib.Path
) -> None:
    data, text = unordered[reason]
    report = TypeAdapter(ReportV1).validate_python(data)
    (comparison,) = report.comparison or ()
    assert comparison.order == [] and phrases.unordered(comparison, report.evaluations) == reason
    assert [line for line in text.splitlines() if line.startswith(("Not ordered", "From least"))] == [reason]
    assert in_markdown(data, tmp_path / "report.md").count(reason) == 1


def test_designs_that_are_ordered_give_no_reason(written: dict[str, dict[str, pathlib.Path]]) -> None:
    report = TypeAdapter(ReportV1).validate_python(json.loads(written["two"]["json"].read_text()))
    (comparison,) = report.comparison or ()
    assert comparison.order and phrases.unordered(comparison, report.evaluations) is None
    assert f"{phrases.ordered(comparison)} " in written["two"]["text"].read_text()


def rows_of(text: str) -> dict[str, list[str]]:
    """The lines of tables in the terminal by their first cells; cells that are blank are not there."""
    return {first: cells for first, *cells in (re.split(" {2,}", line.strip()) for line in text.splitlines())}


def test_text_gives_no_numbers_where_nothing_was_asked(unordered: dict[str, tuple[dict[str, Any], str]]) -> None:
    data, text = unordered["Not ordered: no rule is in force."]
    rows = rows_of(text)
    assert [rows[x] for x in ("score", "burden", "burden, undisputed", "coverage")] == [[], [], [], []]
    later = [str(len(e["not_in_force"])) for e in data["evaluations"]]
    assert rows["rules not in force"] == later and "0" not in later
    assert "not shown" not in text  # there is nothing else to show
    data, text = unordered["Not ordered: other rules are in force for some of them than for others."]
    assert [len(rows_of(text)[x]) for x in ("score", "burden", "coverage")] == [2, 2, 2]
    assert "A blank cell: no rule on this principle is in force for that design." in text


def test_text_says_how_a_set_covers_designs(unordered: dict[str, tuple[dict[str, Any], str]]) -> None:
    data, text = unordered["Not ordered: the set does not cover all of them."]
    assert [e["scope"]["outcome"] for e in data["evaluations"]] == ["undecided", "applies", "does_not_apply"]
    assert re.findall(r"^([A-C])  \S+: .*; scope undecided", text, re.M) == ["A"]
    assert text.count("does not cover the system") == 1
    assert "\nC: eu-ai-act does not cover the system: is_ai = hand_written_rules_only.\n" in text
    assert "\nWhether B dominates A is undecided; it hangs on " in text


@pytest.mark.parametrize("reason", list(UNORDERED)[2:])
def test_text_counts_the_rules_it_leaves_out(reason: str, unordered: dict[str, tuple[dict[str, Any], str]]) -> None:
    data, text = unordered[reason]
    (comparison,) = data["comparison"]
    named = set(re.findall(r"^ *([a-z0-9-]+/[a-z0-9-]+)(?: |$)", text, re.M))
    left = {f["rule"] for e in data["evaluations"] for f in e["findings"]} - named
    said = f"Rules that come to the same in all of them, not shown: {len(left)}; `-f json` has them."
    assert text.count(said) == bool(left)
    assert named == {d["rule"] for d in comparison["differences"]} != set()


def test_text_says_how_many_places_and_facts_of_a_difference_it_leaves_out(
    unordered: dict[str, tuple[dict[str, Any], str]],
) -> None:
    data, text = unordered["Not ordered: the set does not cover all of them."]
    (comparison,) = data["comparison"]
    wanted = [
        f"and {len(d[part]) - 4} more {part.removesuffix('s') if len(d[part]) == 5 else part}; `-f json` shows all"
        for d in comparison["differences"] for part in ("places", "facts") if len(d[part]) > 4
    ]  # fmt: skip
    lines = map(str.strip, text.splitlines())
    assert [line for line in lines if line.endswith("`-f json` shows all")] == wanted != []


def test_text_shows_the_rules_of_many_designs(
    folder: pathlib.Path, unordered: dict[str, tuple[dict[str, Any], str]]
) -> None:
    """As a matrix, where a blank says that a rule is not in force, and no matrix where nothing is to be seen."""
    many = ("consumer-credit-bureau-2022", "consumer-credit-bureau-2023", "consumer-credit-bureau-2026", SESAME)
    outputs = [x for f in ("json", "text") for x in ("-o", f"{f}={folder / f'matrix.{f}'}")]
    assert run("compare", *many, "-p", "gdpr", "--as-of", "period", *outputs, COLUMNS="500").returncode == 0
    (comparison,) = json.loads((folder / "matrix.json").read_text())["comparison"]
    text = (folder / "matrix.text").read_text()
    wanted = {
        d["rule"]: [d["outcomes"][x] for x in comparison["designs"]]
        for d in comparison["differences"] if len(set(d["outcomes"].values())) > 1
    }  # fmt: skip
    width = max(map(len, wanted)) + 1
    found = {
        line[:width].strip(): line[width:].ljust(8)[:8:2] for line in text.splitlines() if line.startswith("gdpr/")
    }
    assert {rule: [OUTCOMES.get(x) for x in cells] for rule, cells in found.items()} == wanted
    assert None in {x for outcomes in wanted.values() for x in outcomes} and "\nBlank: not in force.\n" in text
    assert "Blank:" not in unordered["Not ordered: no rule is decided in all of them."][1]
    result = run("compare", *many, "-p", "gdpr", "--as-of", "2000-01-01")
    assert "Rules that come to different outcomes: 0\n\nThe operator's response" in result.stdout
    assert "Reasons:" not in result.stdout and not re.search(r"^ *A B C D *$", result.stdout, re.M)


def test_text_comparisons_give_each_response_once(
    written: dict[str, dict[str, pathlib.Path]], unordered: dict[str, tuple[dict[str, Any], str]]
) -> None:
    shown = {case: written[case]["text"].read_text() for case in ("two", "differing days", "across")}
    assert [text.count("The operator's response") for text in shown.values()] == [1, 1, 0]
    data, text = unordered["Not ordered: other rules are in force for some of them than for others."]
    by_design = {e["design"]: e["operator_response"] for e in data["evaluations"]}
    bureau, score = by_design["consumer-credit-bureau-2022"], by_design[SESAME]
    assert bureau == by_design["consumer-credit-bureau-2026"] != score
    assert [line for line in text.splitlines() if line.startswith("The operator's response")] == [
        f"The operator's response to consumer-credit-bureau-2022, consumer-credit-bureau-2026: {bureau}",
        f"The operator's response to {SESAME}: {score}",
    ]
    result = run("compare", SESAME, "-p", "gdpr", "-p", "oecd", COLUMNS="5000")
    assert f"The operator's response to {SESAME}: {score}" in result.stdout.splitlines()
    assert "What each rule comes to is not shown here: `-f json` names them." in result.stdout.splitlines()


def test_text_names_facts_and_unsettled_law_that_rules_hang_on() -> None:
    asked = ("evaluate", SESAME, "-p", "eu-ai-act")
    findings = json.loads(run(*asked, "-f", "json").stdout)["evaluations"][0]["findings"]
    both = [f for f in findings if f["outcome"] == "undecided" and f["open"] and f["unsettled"]]
    lines = run(*asked, COLUMNS="5000").stdout.splitlines()
    assert both
    for f in both:
        hangs = ", ".join(phrases.open_of([listed(f["open"])], f["unsettled"]))
        assert f"  ? {f['rule']}: open: {hangs}" in lines
    assert "Whether eu-ai-act covers the system is undecided; it hangs on is_ai." in lines


def test_dominance_that_no_fact_settles_hangs_on_unsettled_law() -> None:
    designs = ("benefit-mismatch-check-with-ties", "disability-pay-review-score-put-to-people")
    asked = ("compare", *designs, "-p", "eu-ai-act")
    report = json.loads(run(*asked, "-f", "json").stdout)
    assert [(d["outcome"], d["settled_by"]) for d in report["comparison"][0]["dominance"]] == [("undecided", [])] * 2
    left = [f for e in report["evaluations"] for f in e["findings"] if f["outcome"] == "undecided"]
    assert left and all(f["unsettled"] and not f["open"] for f in left)
    lines = run(*asked, COLUMNS="5000").stdout.splitlines()
    assert "Whether A dominates B is undecided; it hangs on unsettled law." in lines


def test_the_overview_cuts_no_name() -> None:
    """Variants have long names that begin alike."""
    designs = ("disability-pay-review-score", "disability-pay-review-score-put-to-people")
    result = run("evaluate", *designs, "-p", "gdpr", "-p", "eu-ai-act", COLUMNS="80")
    overview = result.stdout.split("\n\n")[0]
    firsts = [line.split("  ")[0].strip() for line in overview.splitlines()[1:]]
    assert "".join(firsts) == "".join(d for d in designs for _set in range(2))
    assert len(firsts) > 4


@pytest.mark.parametrize("format", READERS)
def test_a_format_alone_carries_as_much(
    format: str, folder: pathlib.Path, written: dict[str, dict[str, pathlib.Path]]
) -> None:
    """What is worked out for one format is enough for it."""
    path = folder / f"alone.{format}"
    assert run(*CASES["many"], "--isolated", "-o", f"{format}={path}", cwd=folder, COLUMNS="500").returncode == 0
    assert READERS[format].findings(path) == READERS[format].findings(written["many"][format]) != set()


@pytest.mark.parametrize("case", ["two", "across"])
def test_same_report_same_bytes(case: str, folder: pathlib.Path, written: dict[str, dict[str, pathlib.Path]]) -> None:
    again = write(CASES[case], folder, f"{case} again", run_anew, PYTHONHASHSEED="7", TZ="Asia/Shanghai")
    for format, path in written[case].items():
        assert path.read_bytes() == again[format].read_bytes(), format


def test_empty_reports_say_why(written: dict[str, dict[str, pathlib.Path]]) -> None:
    seen = {case: {f: READERS[f].harmless(path) for f, path in written[case].items()} for case in CASES}
    for format in ("text", "html", "markdown"):
        assert "None of the rules of eu-ai-act is in force on 2018-05-25" in seen["nothing in force"][format]
        assert "does not cover the system" in seen["not covered"][format]
    (summary,) = sheet(written["nothing in force"]["xlsx"], "Summary")
    assert summary["Band as it stands"] == "nothing in force" and summary["Score at best"] is None
    (summary,) = sheet(written["not covered"]["xlsx"], "Summary")
    assert (summary["Scope"], summary["Band as it stands"]) == ("does not apply", "does not apply")
    for format, outcome in (("csv", "not_in_force"), ("xlsx", "not in force")):
        rows = table(format, written["nothing in force"][format])
        (e,) = json.loads(written["nothing in force"]["json"].read_text())["evaluations"]
        assert [(r["rule"], r["outcome"]) for r in rows] == [(r["rule"], outcome) for r in e["not_in_force"]] != []
        assert all(r["severity"] in ("", None) and r["scope"] and r["kind"] == "real" for r in rows)


def table(format: str, path: pathlib.Path) -> list[dict[str, Any]]:
    """The rows of findings of a CSV or XLSX report."""
    if format == "xlsx":
        return sheet(path, "Findings")
    return list(DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def test_comparisons_say_what_each_design_is(written: dict[str, dict[str, pathlib.Path]]) -> None:
    report = json.loads(written["two"]["json"].read_text())
    text = written["two"]["markdown"].read_text()
    (comparison,) = report["comparison"]
    response = next(e["operator_response"] for e in report["evaluations"] if e["operator_response"])
    for e in report["evaluations"]:
        column = f"`{e['design']}` ({e['design_kind']}"
        assert text.count(column) >= 3  # heads of two tables, and of the design in short
        assert re.search(rf"^\d+\. .*`{e['design']}` \({re.escape(words(e['band']['standing']))}; ", text, re.M)
    assert text.count("The operator's response") == 1 and response.split()[0] in text
    assert ("too little is known" in text.split("### Order")[1].split("###")[0]) == any(
        e["band"]["standing"] == "too_little_known" for e in report["evaluations"]
    )
    assert comparison["order"]


def test_comparisons_say_the_day_and_what_is_not_in_force(written: dict[str, dict[str, pathlib.Path]]) -> None:
    evaluations = json.loads(written["differing days"]["json"].read_text())["evaluations"]
    assert len({e["as_of"] for e in evaluations}) > 1
    text = written["differing days"]["markdown"].read_text()
    head = next(line for line in text.splitlines() if line.startswith("| Principle"))
    assert all(e["as_of"] in head for e in evaluations)
    rows = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in text.splitlines() if line.startswith("| ")}
    assert [int(x) for x in rows["Rules not in force, not counted"]] == [len(e["not_in_force"]) for e in evaluations]
    for e, burden in zip(evaluations, rows["Burden"], strict=True):
        assert bool(burden.strip()) == bool(e["findings"])
    days = next(r["Value"] for r in sheet(written["differing days"]["xlsx"], "Method") if r["What"] == "Law as of")
    assert all(e["as_of"] in days for e in evaluations)


def in_markdown(data: dict[str, Any], path: pathlib.Path) -> list[str]:
    """The lines of a report as Markdown."""
    report = TypeAdapter(ReportV1).validate_python(data)
    replace_all([(path, lambda out: importlib.import_module(FORMATS["markdown"]).write(report, out))])
    return path.read_text().splitlines()


def test_other_outcomes_of_a_conflict_are_told(
    written: dict[str, dict[str, pathlib.Path]], tmp_path: pathlib.Path
) -> None:
    data = json.loads(written["one"]["json"].read_text())
    conflict = next(f for e in data["evaluations"] for f in e["findings"] if f["outcome"] == "conflict")
    conflict["outcomes"] = {"conflict": len(conflict["places"]) + 5, "conflict_unless_excused": 31, "undecided": 17}
    lines = in_markdown(data, tmp_path / "report.md")
    assert sum("31 unless excused, 17 undecided" in line for line in lines) == 1
    assert "- And " in "\n".join(lines)


def test_clear_rules_show_only_places_that_are_clear(
    written: dict[str, dict[str, pathlib.Path]], tmp_path: pathlib.Path
) -> None:
    data = json.loads(written["clear"]["json"].read_text())
    (e,) = data["evaluations"]
    clear = next(f for f in e["findings"] if f["outcome"] == "no_conflict" and any(p["evidence"] for p in f["places"]))
    place = next(p for p in clear["places"] if p["evidence"])
    aside = {**place, "outcome": "not_applicable", "evidence": [{**place["evidence"][0], "path": "inputs.aside"}]}
    clear["places"] = [aside, {**place, "seen": True, "outcome": "no_conflict"}]
    clear["outcomes"] = {"no_conflict": 8, "not_applicable": 1}
    lines = in_markdown(data, tmp_path / "report.md")
    (told,) = (line for line in lines if line.startswith("- ") and f"`{clear['rule']}`" in line)
    assert "and 7 more places" in told and "inputs.aside" not in told


@pytest.mark.parametrize("text", ["# Heading", "C# and #1", "#", "## a #", "a #", "#a", "1. # a", "`#` # `# b`"])
@pytest.mark.parametrize("around", ["{}", "# {}", "##### {}", "- {}", "> {}", "**{}**", "| a |\n| - |\n| {} |"])
def test_a_number_sign_is_kept_and_makes_no_heading(text: str, around: str) -> None:
    for shown in (plain(text), code(text)):
        page = PAGE.parse(around.format(shown))
        inline = [c for t in page if t.type == "inline" for c in t.children or []]
        said = "".join(c.content for c in inline).replace("\u200b", "").removeprefix("a" if "|" in around else "")
        assert said == text
        assert [t.tag for t in page if t.type == "heading_open"] == (
            [f"h{around.index(' ')}"] if around.startswith("#") else []
        )


@pytest.mark.parametrize("case", ["one", "many", "two"])
def test_number_signs_change_no_heading_of_a_report(
    case: str, written: dict[str, dict[str, pathlib.Path]], tmp_path: pathlib.Path
) -> None:
    """Alone or with others: every heading has its level, and the texts are whole."""

    def headings(data: dict[str, Any]) -> list[tuple[str, str]]:
        tokens = PAGE.parse("\n".join(in_markdown(data, tmp_path / "report.md")))
        return [
            (t.tag, "".join(c.content for c in inline.children or []).replace("\u200b", ""))
            for t, inline in itertools.pairwise(tokens)
            if t.type == "heading_open"
        ]

    data = json.loads(written[case]["json"].read_text())
    before = headings(data)
    titles = {f["title"] for e in data["evaluations"] for f in e["findings"]}
    for e in data["evaluations"]:
        e["operator_response"] = e["operator_response"] and f"# {e['operator_response']}"
        for f in e["findings"]:
            f.update({key: f"### C# and #1 {f[key]} #" for key in ("title", "message", "remedy")})
    after = headings(data)
    assert after == [(tag, f"### C# and #1 {text} #" if text in titles else text) for tag, text in before]
    assert after != before or case == "two"  # which names no rule in a heading


def test_a_bar_ends_no_cell_and_is_escaped_nowhere_else() -> None:
    text = "a | b"
    assert code(text) == f"`{text}`"
    page = PAGE.parse("\n".join(markup.table(["A", "B"], [[plain("x | \\") + code(text), "y"]])))
    cells = [t for t in page if t.type == "inline"]
    assert len(cells) == 4
    assert [c.content for c in cells[2].children or [] if c.type == "code_inline"] == [text]


def nested(depth: int) -> Step:
    """A step below which lie so many others, each in the one before; the last but one has two below it."""
    if depth == 0:
        return Step("fact", Constant(True), TRUE, lambda: ((), (), ()))
    below = (nested(depth - 1),) * (2 if depth == 1 else 1)
    return Step("fact", Constant(True), TRUE, lambda: ((), (), below))


@pytest.mark.parametrize(
    ("depth", "last"), [(39, ""), (40, "and so on: 2 deeper steps"), (50, "and so on: 12 deeper steps")]
)
def test_derivations_say_how_many_deeper_steps_are_left_out(depth: int, last: str) -> None:
    evaluation: Any = SimpleNamespace(steps=lambda rule, place: (nested(depth), nested(0), ()))
    result: Any = SimpleNamespace(rule=SimpleNamespace(exceptions=()))
    place: Any = None
    steps = list(derivation(evaluation, result, place))
    second = next(n for n, s in enumerate(steps) if "exceptions aside" in s.text)
    first = steps[:second]
    assert [s.depth for s in steps[second:]] == [0, 1]
    assert max(s.depth for s in first) <= 41
    assert [s.text for s in first if s.text.startswith("and so on")] == ([last] if last else [])
    assert first[-1].text == last or not last
    assert len(first) == (1 + 40 + 1 if last else 1 + 39 + 2)


# ---------------------------------------------------------------- hostile texts

HOSTILE = [
    "=cmd|'/C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "{{7*7}} ${7*7} <%= 7*7 %> #{7*7} {% raw %}",
    "<script>alert(7*7)</script><img src=x onerror=alert(1)><b-evil onclick=x>", "</pre></article><!-- x --> ]]> &lt;",
    "[x](javascript:alert(1)) ![i](http://evil.example/i.png) <javascript:alert(1)> [^1]: x",
    "a | b \\| c ` `` ``` *b* __i__ ~~s~~ @octocat #12 GH-12 http://evil.example www.evil.example $x$",
    "\u202eevil\u2066 \u200b\u00ad end", "# heading", "- item", "1. item", "> quote", "---", "[^1]: x y",
    "<r><t>rich</t></r>", "_x0041_", "\\input{/etc/passwd} #import \"x\" #eval(\"1\") \\textbf{x}",
]  # fmt: skip
TITLES = [
    "=1+1 {{7*7}} <script>alert(7*7)</script>",
    "\u202e| `c` **b** [l](javascript:x) ![i](http://evil.example/x) @octocat </h2><script>alert(7*7)</script> {{7*7}}",
    "<r><t>{{7*7}}</t></r><r><script>alert(7*7)</script></r>",
]
ADDRESSES = ["javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd", "internal:Sheet1!A1", "//evil",
             "https://a.example/)>](x) [y](z \" onclick=x", "http://a.example/'\"><script>"]  # fmt: skip


def hostile_design(title: str) -> str:
    """A design all of whose free texts are hostile, each behind a fact that is in conflict."""
    urls = [ADDRESSES[n % len(ADDRESSES)] for n in range(len(HOSTILE))]
    sources = [
        {"id": f"s{n}", "type": "other", "title": x, "author": x, "publisher": x, "locator": x, "url": url}
        for n, (x, url) in enumerate(zip(HOSTILE, urls, strict=True))
    ]
    evidence = [{"source": f"s{n}", "status": "sourced", "note": x, "locator": x} for n, x in enumerate(HOSTILE)]
    found: dict[str, Any] = {
        "id": "hostile", "title": title, "summary": " ".join(HOSTILE), "operator_response": " ".join(HOSTILE),
        "kind": "real", "jurisdiction": ["EU"], "period": {"from": "2026-01-01", "until": "2026-12-31"},
        "facts_as_of": "2026-11-01",
        "sources": sources, "subjects": [{"id": "customers", "relation": "customer", "scored": True}],
        "purposes": [{"id": "loans"}],
        "inputs": [{"id": "orders", "uses": [{"purpose": "loans", "support": "nothing_stated", "weight": "main"}]}],
        "evidence": {"inputs.orders.uses.loans.support": evidence},
    }  # fmt: skip
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in found.items())


def hostile_set(folder: pathlib.Path, text: str) -> None:
    """A set whose rule speaks in hostile words."""
    folder.mkdir()
    (folder / "set.yaml").write_text(scratch.SET.replace("title: House rules", f"title: {json.dumps(text)}"))
    rule = scratch.rule("unexplained", "high", title=json.dumps(text))
    for line in ("rationale", "remedy", "message"):
        start = rule.index(f"{line}:")
        said = json.dumps(
            " ".join([text, *HOSTILE]).translate({ord("{"): "(", ord("}"): ")"} if line == "message" else {})
        )
        rule = f"{rule[:start]}{line}: {said}{rule[rule.index(chr(10), start) :]}"
    (folder / "unexplained.rule.yaml").write_text(rule.replace("the input hardly counts", json.dumps(text)))


@pytest.fixture(scope="module", params=TITLES)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pathlib.Path]:
    folder = tmp_path_factory.mktemp("hostile")
    name = "=we|ird `x` <script>{{7*7}} [l](javascript:x).design.yaml".replace("/", "")
    (folder / name).write_text(hostile_design(request.param))
    hostile_set(folder / "house", request.param)
    (folder / "all").mkdir()
    files = {f: folder / "all" / f"report.{f}" for f in READERS}
    outputs = [x for f, path in files.items() for x in ("-o", f"{f}={path}")]
    result = run("evaluate", name, "-p", "house", "--isolated", *outputs, cwd=folder, COLUMNS="5000")
    assert result.returncode == 0, result.stderr
    return files


@pytest.mark.parametrize("format", READERS)
def test_hostile_texts_are_shown_and_never_obeyed(format: str, hostile: dict[str, pathlib.Path]) -> None:
    seen = READERS[format].harmless(hostile[format])
    assert "{{7*7}}" in seen and "<script>alert(7*7)</script>" in seen
    if format != "text":  # which names no design
        findings = READERS[format].findings(hostile[format])
        assert findings == {Said("hostile", "house", "house/unexplained", "conflict")}


@pytest.mark.parametrize("format", READERS)
def test_what_no_design_may_hold_is_written_out(
    format: str, written: dict[str, dict[str, pathlib.Path]], tmp_path: pathlib.Path
) -> None:
    """Sequences that steer a terminal, and others that are refused at the door, if they ever came from elsewhere."""
    text = (
        written["many"]["json"]
        .read_text()
        .replace("House rules", r"\u001b[31m\u0007\u0000\u009b\r\ud800\uffff House rules")
    )
    report = TypeAdapter(ReportV1).validate_python(json.loads(text))
    path = tmp_path / f"report.{format}"
    replace_all([(path, lambda out: importlib.import_module(FORMATS[format]).write(report, out))])
    seen = READERS[format].harmless(path)
    assert format == "json" or r"\u001b[31m\u0007\u0000\u009b" in seen
    assert "House rules" in seen


@pytest.mark.parametrize("text", HOSTILE)
def test_messages_of_rules_keep_their_code(text: str) -> None:
    """What stands between backticks is code, whatever surrounds it; in no other way is text markup."""
    page = PAGE.parse(f"{marked(f'{text} `the part` {text}')}\n\n| a | b |\n| - | - |\n{markup.row(code(text), 'x')}\n")
    inline = [c for t in page if t.type == "inline" for c in t.children or []]
    assert {c.type for c in inline} <= {"text", "text_special", "code_inline"}
    if "`" not in text:
        assert next(c.content for c in inline if c.type == "code_inline") == "the part"


# ---------------------------------------------------------------- limits of spreadsheets


def test_long_texts_are_cut_where_it_shows() -> None:
    assert xlsx_book.shown("x" * xlsx_book.LETTERS) == "x" * xlsx_book.LETTERS
    for long in ("x" * (xlsx_book.LETTERS + 1), "\N{OLD PERSIAN SIGN A}" * xlsx_book.LETTERS):
        shown = xlsx_book.shown(long)
        assert shown.endswith(" […]") and long.startswith(shown.removesuffix(" […]"))
        assert xlsx_book.LETTERS - 1 <= len(shown.encode("utf-16-le")) / 2 <= xlsx_book.LETTERS


def test_sheets_keep_what_a_program_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_book, "ROWS", 5)
    monkeypatch.setattr(xlsx_book, "LINKS", 2)
    book = xlsx_book.Book("title", "comments")
    urls = ["https://a.example/1", "https://a.example/" + "x" * 3000, "https://a.example/3", "https://a.example/4", "x"]
    book.table("A name of more than thirty-one letters", [("Link", 20)], [[xlsx_book.Link(url)] for url in urls])
    (sheet,) = openpyxl.load_workbook(io.BytesIO(book.data()))
    assert len(sheet.title) == 31
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [c.value for c in cells] == [*urls[:3], "And 2 more rows, for which a sheet has no room."]
    assert [bool(c.hyperlink) for c in cells] == [True, False, True, False]


@pytest.mark.parametrize("text", [*HOSTILE, *TITLES])
def test_a_cell_holds_the_text_itself(text: str) -> None:
    """The library writes some texts unescaped, as markup of its own."""
    book = xlsx_book.Book("title", "comments")
    book.table("Texts", [("Text", 20)], [[text]])
    (sheet,) = openpyxl.load_workbook(io.BytesIO(book.data()))
    assert sheet["A2"].value.rstrip() == visible(text) and sheet["A2"].data_type == "s"


def test_outcomes_are_told_by_word_and_not_by_colour_alone(written: dict[str, dict[str, pathlib.Path]]) -> None:
    book = workbook(written["two"]["xlsx"])
    for row in book["Rules"].iter_rows(min_row=2, min_col=6):
        assert all(c.value[0] in "X!?.-" and len(c.value) > 4 and c.fill.fgColor.rgb != "00000000" for c in row)
    counts = [c for row in book["Matrix"].iter_rows(min_row=2, min_col=5) for c in row if c.value is not None]
    assert counts and all(isinstance(c.value, int) and c.number_format.startswith('0 "') for c in counts)
    assert all(s.freeze_panes and s.auto_filter.ref for s in book)


def test_bytes_never_go_to_a_terminal() -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    with pytest.raises(InvalidInput) as caught:
        streams.send(b"x", Terminal(io.BytesIO()), "xlsx")
    assert "-o xlsx=report.xlsx" in (caught.value.problems[0].help or "")


def test_a_table_has_a_row_for_each_place(written: dict[str, dict[str, pathlib.Path]]) -> None:
    report = json.loads(written["one"]["json"].read_text())
    wanted = sorted(
        (f["rule"], " and ".join(p["binding"].values()) or "design", p["outcome"])
        for e in report["evaluations"] for f in e["findings"] for p in f["places"] if p["seen"]
    )  # fmt: skip
    rows = sheet(written["one"]["xlsx"], "Findings")
    assert sorted((r["rule"], r["place"], OUTCOMES[r["outcome_at_place"][0]]) for r in rows if r["place"]) == wanted
    assert all(r["outcome"] == r["outcome_at_place"] for r in rows if not r["place"])
    assert set(rows[0]) == set(csv.COLUMNS)
