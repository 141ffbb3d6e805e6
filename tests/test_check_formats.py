"""The gate's formats for other programs: each says what the JSON says, in a form they read."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import pathlib
import re
import tomllib
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from policy_eval import source
from policy_eval.cli.inspect import SchemaKind
from policy_eval.report.check import FORMATS, github, gitlab, junit, markdown
from policy_eval.report.check import csv as csv_format
from policy_eval.report.check.wire import BaselineV1, BaseV1, EntryV1, LocationV1, LostFactV1, ProblemV1
from policy_eval.schemas import KINDS, REPORTS, json_schema
from tests.formats import (
    GITLAB,
    JUNIT,
    OURS,
    PAGE,
    SECTIONS,
    TODAY,
    Command,
    Project,
    bullets,
    cases,
    commands,
    project,
    synthetic,
    written,
)  # fmt: skip
from tests.test_cli import run

__all__ = ["project"]

STANDINGS = {
    "against", "not_demonstrated", "deferred", "disagreed", "in_baseline", "below_threshold", "undecided"
}  # fmt: skip


def test_the_run_meets_everything(project: Project) -> None:
    assert {s.standing for s in project.said()} == STANDINGS
    assert {d["state"] for d in project.report["decisions"]} == {"covers", "stale"}
    assert len({e["score_gate"]["verdict"] for e in project.report["evaluations"]}) > 1
    assert any(len(v) > 1 for v in _by_rule(project).values())


def test_same_bytes_on_stdout_as_in_files_and_twice(project: Project) -> None:
    outputs = [x for name in OURS for x in ("-o", f"{name}=again.{name}")]
    again = run(*project.arguments, *outputs, "-f", "markdown", cwd=project.folder, PYTHONHASHSEED="7")
    assert (again.returncode, again.stdout) == (1, project.read("markdown"))
    for name in OURS:
        assert (project.folder / f"again.{name}").read_bytes().decode() == project.read(name)


# ---------------------------------------------------------------- exit codes


@pytest.mark.parametrize("name", FORMATS)
def test_codes_do_not_depend_on_the_format(name: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "bad.design.yaml").write_text("schema: 1\nid: bad\ntitel: Bad\n")
    designs = {
        0: "privacy-first-credit", 1: "sesame-credit-2018", 2: "bad.design.yaml", 4: "points-credit-score-us"
    }  # fmt: skip
    for code, design in designs.items():
        found = run("check", design, "-p", "oecd", "-f", name, cwd=tmp_path)
        assert (found.returncode, found.stderr) == (code, "") and found.stdout


# ---------------------------------------------------------------- JSON and what people write


def test_json_keeps_its_schema(project: Project) -> None:
    schema = json.loads(run("schema", "check-report").stdout)
    assert schema["properties"]["evaluations"]["type"] == "array"
    checker = jsonschema.Draft202012Validator(schema)
    wrong = json.loads(json.dumps(project.report))
    for e in wrong["evaluations"]:
        e["findings"] = list({f["standing"]: f for f in e["findings"]}.values())  # one of each; they are alike
    checker.validate(wrong)
    del wrong["evaluations"][0]["findings"][0]["standing"]
    assert [e.validator for e in checker.iter_errors(wrong)] == ["required"]


def test_every_kind_of_schema_can_be_printed() -> None:
    assert {k.value for k in SchemaKind} == {*KINDS, *REPORTS}


SETTINGS = '[check]\nfail-on = "high"\nmin-score = 60.0\nfail-on-stale = true\nselect = ["gdpr"]\n'


@pytest.mark.parametrize(
    ("kind", "written", "slip"),
    [
        (
            "decisions",
            lambda p: source.plain(source.read(p.folder / "decisions.yaml").root),
            ("decisions", 0, "expries"),
        ),
        ("baseline", lambda p: json.loads((p.folder / "base.json").read_text()), ("findings", 0, "ruel")),
        ("settings", lambda p: tomllib.loads(SETTINGS), ("check", "fail_on")),
    ],
)
def test_files_of_a_project_have_schemas(
    project: Project, kind: str, written: Callable[[Project], Any], slip: tuple[str | int, ...]
) -> None:
    checker = jsonschema.Draft202012Validator(json_schema(kind))
    value = written(project)
    checker.validate(value)
    at = value
    for key in slip[:-1]:
        at = at[key]
    at[slip[-1]] = "x"
    assert [e.validator for e in checker.iter_errors(value)] == ["additionalProperties"]


# ---------------------------------------------------------------- JUnit


def _by_rule(project: Project) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for e, f in project.findings():
        found.setdefault((f"{e['design']}.{e['set']}", f["rule"]), []).append(f)
    return found


def test_junit_has_every_rule_and_no_undecided_one_passes(project: Project) -> None:
    found, by_rule = cases(project.read("junit")), _by_rule(project)
    outcomes = {
        (f"{e['design']}.{e['set']}", rule): o
        for e in project.report["evaluations"]
        for rule, o in e["outcomes"].items()
    }
    assert outcomes.keys() | by_rule.keys() == {key for key in found if key[1] != "score" and key[0] != "decisions"}
    for key, outcome in outcomes.items():
        passes = not len(found[key])
        assert passes == (key not in by_rule and outcome in ("no_conflict", "not_applicable"))
    assert sum(o == "undecided" for o in outcomes.values()) > 10


def test_junit_says_what_the_worst_place_is_and_all_of_them(project: Project) -> None:
    found = cases(project.read("junit"))
    kinds = {"against": ("failure", "conflict"), "not_demonstrated": ("failure", "not_demonstrated")}
    order = ["against", "not_demonstrated", "deferred", "disagreed", "in_baseline", "below_threshold", "undecided"]
    for key, findings in _by_rule(project).items():
        worst = min(findings, key=lambda f: order.index(f["standing"]))
        (child,) = found[key]
        assert (child.tag, child.get("type")) == kinds.get(worst["standing"], ("skipped", None))
        assert found[key].get("line") == str(worst["location"]["line"])
        assert project.report["rules"][key[1]]["remedy"] in str(child.text)
        for f in findings[:20]:
            where = f"{f['location']['file']}:{f['location']['line']}:{f['location']['column']}"
            (line,) = [
                x for x in str(child.text).splitlines() if x.startswith(f"{where}: at {' and '.join(f['place'])}: ")
            ]
            assert all(path in line for path in f["open"] if f["standing"] != "deferred")
            assert (f["message"] in line) == (f["outcome"].startswith("conflict") and f["seen"])


def test_junit_names_decisions_and_what_is_open(project: Project) -> None:
    found = cases(project.read("junit"))
    filed = "owner Legal; approved by Data protection officer; DPIA-2026-015"
    (disagreed,) = found["loan-app-separate-consents.gdpr", "gdpr/consent-under-imbalance"]
    message = f"disagreed with until 2027-03-31: Applicants have many other lenders; {filed}"
    assert (disagreed.tag, disagreed.get("message")) == ("skipped", message)
    # A place that is not stated is not deferred with the one that is.
    (partly,) = found["sesame-credit-2018.gdpr", "gdpr/consent-by-pre-ticked-box"]
    assert partly.get("type") == "not_demonstrated"
    assert ": at consents.annual-report-box: deferred until 2027-03-31: The form is redrawn" in str(partly.text)
    (free,) = found["loan-app-separate-consents.gdpr", "gdpr/consent-not-free"]
    assert (free.tag, free.get("message")) == ("skipped", "undecided, high; law unsettled: free_consent")


def test_junit_skips_what_an_outsider_need_not_know() -> None:
    result = run("check", "loan-app-separate-consents", "-p", "gdpr", "--reading", "outsider", "-f", "junit")
    (child,) = cases(result.stdout)["loan-app-separate-consents.gdpr", "gdpr/consent-under-imbalance"]
    assert result.returncode == 0 and child.tag == "skipped"
    assert child.get("message") == "undecided, high; open: subjects.applicants.circumstances"


def test_junit_on_scores_and_files(project: Project) -> None:
    found = cases(project.read("junit"))
    verdicts = {"clear": None, "against": "score_too_low", "not_demonstrated": "not_demonstrated"}
    for e in project.report["evaluations"]:
        failure = found[f"{e['design']}.{e['set']}", "score"].find("failure")
        assert (failure.get("type") if failure is not None else None) == verdicts[e["score_gate"]["verdict"]]
    suites = {s.get("name"): s for s in ET.fromstring(project.read("junit"))}
    assert suites["sesame-credit-2018 under gdpr"].find("properties/property[@name='as_of']") is not None
    assert suites["decisions"].get("tests") == "0" and "purposes.given-up" in suites["decisions"].findtext(
        "system-out", ""
    )
    stale = run(*project.arguments, "--fail-on-stale", "-f", "junit", cwd=project.folder)
    failing = [key for key in cases(stale.stdout) if key[0] == "decisions"]
    assert len(failing) == 1 and "purposes.given-up" in failing[0][1]


def test_junit_errors_for_bad_input(tmp_path: pathlib.Path) -> None:
    (tmp_path / "bad.design.yaml").write_text("schema: 1\nid: bad\ntitel: Bad\nkind: real\n")
    result = run("check", "bad.design.yaml", "privacy-first-credit", "-p", "gdpr", "-f", "junit", cwd=tmp_path)
    found = [c for key, c in cases(result.stdout).items() if key[0] == "input"]
    assert result.returncode == 2
    assert found and all(c.find("error") is not None and c.get("file") == "bad.design.yaml" for c in found)
    assert "unknown key `titel`\nhelp: did you mean `title`?" in [c.findtext("error") for c in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [("<skipped", "<skiped"), ('tests="', 'test="'), ("</testsuites>", "<testcase/></testsuites>"),
     ('name="gdpr/secret-logic"', 'name="gdpr/access-refused"')],
)  # fmt: skip
def test_the_junit_schema_refuses_what_is_wrong(project: Project, old: str, new: str) -> None:
    wrong = project.read("junit").replace(old, new).replace("</skipped", "</skiped" if "skiped" in new else "</skipped")
    assert wrong != project.read("junit") and not JUNIT.is_valid(wrong)


def test_junit_lists_twenty_places_and_counts_the_rest() -> None:
    (child,) = cases(written(junit, synthetic(50)))["ours.gdpr", "gdpr/high"]
    places = [line for line in str(child.text).splitlines() if ": at inputs.part-" in line]
    assert child.get("type") == "conflict" and len(places) == 20 and "\nand 30 more\n" in str(child.text)


def test_junit_never_passes_a_rule_that_is_undecided_without_a_place() -> None:
    report = synthetic(0)
    (e,) = report.evaluations
    scope = dataclasses.replace(e.scope, open=["scoring.method"])
    outcomes = {"gdpr/a": "undecided", "gdpr/b": "no_conflict", "gdpr/c": "not_applicable", "gdpr/d": "conflict"}
    report = dataclasses.replace(report, evaluations=[dataclasses.replace(e, outcomes=outcomes, scope=scope)])
    found = {name: [c.tag for c in case] for (_, name), case in cases(written(junit, report)).items()}
    assert found == {"gdpr/a": ["skipped"], "gdpr/b": [], "gdpr/c": [], "gdpr/d": ["skipped"]}


# ---------------------------------------------------------------- GitHub


def test_github_carries_every_finding_that_fits(project: Project) -> None:
    result = run("check", "loan-app-separate-consents", "-p", "gdpr", "-f", "github")
    report = json.loads(run("check", "loan-app-separate-consents", "-p", "gdpr", "-f", "json").stdout)
    found = commands(result.stdout)
    counted = [f for f in report["evaluations"][0]["findings"] if f["standing"] == "not_demonstrated"]
    assert len(found) == len(counted) > 3 and {c.name for c in found} == {"warning"}
    for command, finding in zip(found, counted, strict=True):
        assert command.properties["title"] == f"not demonstrated, high: {finding['rule']}"
        assert f"at {' and '.join(finding['place'])}: open: {', '.join(finding['open'])}" in command.data
        where = finding["location"]
        stretch = {"file": where["file"], "line": str(where["line"]), "endLine": str(where["end_line"])}
        columns = {"col": str(where["column"]), "endColumn": str(where["end_column"])}
        one_line = where["line"] == where["end_line"]
        title = {"title": command.properties["title"]}
        assert command.properties == {**stretch, **(columns if one_line else {}), **title}
    assert {f["location"]["line"] == f["location"]["end_line"] for f in counted} == {True, False}
    assert result.stdout.splitlines()[-1].endswith("the gate is shut (exit 4)")


def test_github_shows_the_worst_and_counts_the_rest(project: Project) -> None:
    found = commands(project.read("github"))
    levels = Counter(c.name for c in found)
    assert levels == {"error": 10, "warning": 10, "notice": 1}
    totals = project.report["totals"]
    low = [e["score_gate"]["verdict"] for e in project.report["evaluations"]]
    every = totals["against"] + totals["not_demonstrated"] + sum(v != "clear" for v in low) + 1  # a stale decision
    assert found[-1].data == f"{every - 20} more; see the job summary"


def test_github_puts_critical_first() -> None:
    report = synthetic(60, severities=("low", "medium", "critical", "high"))
    found = commands(written(github, report))
    assert Counter(c.name for c in found) == {"error": 10, "warning": 10, "notice": 1}
    for level in ("error", "warning"):
        shown = [c.properties["title"].split(", ")[1].split(":")[0] for c in found if c.name == level]
        assert shown == ["critical"] * 7 + ["high"] * 3 or shown == ["critical"] * 8 + ["high"] * 2
    assert found[-1].data == "40 more; see the job summary"


def test_github_warns_of_lost_facts_and_errs_for_bad_input() -> None:
    lost = LostFactV1("ours", "scoring.method", "points", LocationV1("ours.design.yaml", 3, 1, 3, 8))
    bad = ProblemV1("no such key", "take it out", LocationV1("bad.design.yaml", 0, 0, 0, 0))
    report = dataclasses.replace(synthetic(30), base=BaseV1("main", [lost], ["gone.design.yaml"], True), invalid=[bad])
    found = commands(written(github, report))
    assert found[0] == Command(
        "error", {"file": "bad.design.yaml", "title": "the input cannot be used"}, "no such key\nhelp: take it out"
    )
    warned = [c for c in found if c.name == "warning" and c.properties["title"] == "on file"]
    facts = ["ours: scoring.method is unknown now, was points", "a design is gone: gone.design.yaml"]
    assert [c.data for c in warned] == facts
    assert warned[0].properties["line"] == "3"
    quiet = commands(written(github, dataclasses.replace(report, evaluations=[])))
    assert quiet[-1].data == "a design is gone: gone.design.yaml" and len(quiet) == 3


# ---------------------------------------------------------------- GitLab


def test_gitlab_lists_what_is_not_covered(project: Project) -> None:
    issues = json.loads(project.read("gitlab"))
    GITLAB.validate(issues)
    listed = [f for _, f in project.findings() if f["standing"] in ("against", "not_demonstrated", "below_threshold")]
    assert [i["fingerprint"] for i in issues] == [f["fingerprint"] for f in listed]
    assert len({i["fingerprint"] for i in issues}) == len(issues)
    steps = ["blocker", "critical", "major", "minor", "info"]
    ours = ["critical", "high", "medium", "low", "advisory"]
    for issue, f in zip(issues, listed, strict=True):
        lower = not f["outcome"].startswith("conflict") or not f["seen"]
        assert issue["check_name"] == f["rule"]
        assert steps.index(issue["severity"]) == ours.index(f["severity"]) + lower
        assert f"at {' and '.join(f['place'])}" in issue["description"]
        assert issue["location"]["lines"]["begin"] == f["location"]["line"]


def test_gitlab_is_an_array_whatever_is_found(tmp_path: pathlib.Path) -> None:
    assert json.loads(run("check", "privacy-first-credit", "-p", "gdpr", "-f", "gitlab").stdout) == []
    (tmp_path / "bad.design.yaml").write_text("schema: 1\nid: bad\ntitel: Bad\nkind: rael\n")
    issues = json.loads(run("check", "./bad.design.yaml", "-p", "gdpr", "-f", "gitlab", cwd=tmp_path).stdout)
    GITLAB.validate(issues)
    assert {(i["severity"], i["location"]["path"]) for i in issues} == {("blocker", "bad.design.yaml")}
    assert len({i["fingerprint"] for i in issues}) == len(issues) > 1


def test_gitlab_tells_findings_of_one_fingerprint_apart() -> None:
    report = synthetic(3)
    (e,) = report.evaluations
    same = [dataclasses.replace(f, fingerprint="0" * 32) for f in e.findings]
    report = dataclasses.replace(report, evaluations=[dataclasses.replace(e, findings=same)])
    issues = json.loads(written(gitlab, report))
    assert len({i["fingerprint"] for i in issues}) == 3 and issues[0]["fingerprint"] == "0" * 32


def test_gitlab_has_a_line_for_a_whole_file_and_a_relative_path() -> None:
    bad = ProblemV1("cannot be read", "", LocationV1("./deep/../bad.design.yaml", 0, 0, 0, 0))
    (issue,) = json.loads(written(gitlab, dataclasses.replace(synthetic(0), invalid=[bad])))
    assert issue["location"] == {"path": "bad.design.yaml", "lines": {"begin": 1, "end": 1}}


# ---------------------------------------------------------------- CSV


def test_csv_has_a_row_for_each_finding(project: Project) -> None:
    text = project.read("csv")
    assert text.count("\r\n") == text.count("\n") and text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == csv_format.COLUMNS
    for row, (e, f) in zip(rows, project.findings(), strict=True):
        assert row["place"] == " and ".join(f["place"]) and row["line"] == str(f["location"]["line"])
        assert (row["design"], row["set"], row["as_of"]) == (e["design"], e["set"], e["as_of"])
        same = ("rule", "severity", "outcome", "standing", "fingerprint", "message")
        assert all(row[key] == f[key] for key in same)
        assert all(path in row["open"] for path in f["open"])


def test_csv_has_rows_for_bad_input(tmp_path: pathlib.Path) -> None:
    (tmp_path / "bad.design.yaml").write_text("schema: 1\nid: bad\ntitel: Bad\nkind: rael\n")
    result = run("check", "bad.design.yaml", "-p", "gdpr", "-f", "csv", cwd=tmp_path)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) > 1 and {(r["outcome"], r["file"], r["rule"]) for r in rows} == {
        ("invalid", "bad.design.yaml", "")
    }
    assert "titel" in "".join(r["message"] for r in rows)


# ---------------------------------------------------------------- Markdown


def test_markdown_lists_every_finding_worst_first(project: Project) -> None:
    page = project.read("markdown")
    found = list(bullets(page))
    listed = project.said(*set().union(*SECTIONS.values()))
    assert {(d, r, p) for _, d, r, p, _ in found} == {(s.design, s.rule, s.place) for s in listed}
    assert len(found) == len(listed)
    standings = {(s.design, s.rule, s.place): s.standing for s in listed}
    assert all(standings[d, r, p] in SECTIONS[section] for section, d, r, p, _ in found)
    assert list(dict.fromkeys(b[0] for b in found)) == list(SECTIONS)
    for _, f in project.findings():
        if f["standing"] == "against":
            where = f"`{f['location']['file']}:{f['location']['line']}:{f['location']['column']}`"
            assert any(where in rest and r == f["rule"] for _, _, r, _, rest in found)


def test_markdown_has_a_table_the_law_and_what_is_on_file(project: Project) -> None:
    html = PAGE.render(project.read("markdown"))
    assert html.count("<table>") == 1 and html.count("<details>") == html.count("</details>") == 3
    row = next(r for r in html.split("<tr>") if "sesame-credit-2018" in r)
    against = sum(f["standing"] == "against" for e, f in project.findings() if e["design"] == "sesame-credit-2018")
    assert f"<td>X {against} in conflict</td>" in row
    assert '<a href="https://eur-lex.europa.eu/eli/reg/2016/679/oj">GDPR Article 6(1)' in html
    assert "purposes.given-up" in html and "baseline of 2026-11-20, 7 days old" in html
    assert project.report["disclaimer"].replace("'", "&#x27;") in html.replace("'", "&#x27;")
    assert not re.search(
        r"complian|certif|breach|violat|unlawful", project.read("markdown").split("### In conflict")[0]
    )


def test_markdown_stays_below_what_hosts_take() -> None:
    """A thousand designs with long texts under thirteen sets: cut short, and the count still adds up."""
    one = synthetic(20, message="ä|`*_<b>@x " * 20)
    (e,) = one.evaluations
    many = [
        dataclasses.replace(e, design=f"design-{n}", set=f"set-{s}", file=f"designs/{n}.design.yaml")
        for n in range(1000)
        for s in range(13)
    ]
    totals = {k: v * len(many) for k, v in one.totals.items()}
    stale = [EntryV1("gdpr/x", f"design-{n}", ["design"]) for n in range(20_000)]
    baseline = BaselineV1("base.json", TODAY, 0, 20_000, 0, stale, 0)
    bad = [ProblemV1("no such key " * 30, "", LocationV1(f"{n}.design.yaml", 1, 1, 1, 2)) for n in range(5_000)]
    report = dataclasses.replace(
        one, evaluations=many, totals=totals, designs=1000, baseline=baseline, invalid=bad, code=2
    )
    page = written(markdown, report)
    assert len(page.encode()) < markdown.LIMIT < 1024 * 1024
    assert len(page.encode()) > markdown.LIMIT / 2
    left_out = sum(int(n) for n in re.findall(r"^(\d+) left out here", page, re.MULTILINE))
    assert len(list(bullets(page))) + left_out == totals["against"] + totals["not_demonstrated"]
    assert page.count("<details>") == page.count("</details>") and page.rstrip().endswith("</sub>")
    assert re.search(r"^and \d+ more designs$", page, re.MULTILINE) and re.search(
        r"^- and \d+ more$", page, re.MULTILINE
    )
