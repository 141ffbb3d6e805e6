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
from policy_eval.report.check import FORMATS, github, gitlab, junit, markdown, places, sarif, text
from policy_eval.report.check import csv as csv_format
from policy_eval.report.check.wire import (
    BaselineV1,
    BaseV1,
    CheckV1,
    DecisionV1,
    EntryV1,
    LocationV1,
    LostFactV1,
    ProblemV1,
    ScoreGateV1,
)
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


# ---------------------------------------------------------------- text


HEADS = ("::", ":::", "::error::", "##[error]", "##vso[task.complete]", "##VSO[x]", "###[group]", " ##[x]", "\t::x::")


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("before", ["", "a b ", "x" * 60, "é" * 60, "word " * 14])
def test_no_line_of_the_text_is_a_command(head: str, before: str) -> None:
    """Wherever a line is broken, and in whatever part of the report the text stands."""
    for more in range(20):
        words = f"{before}{'y' * more}{head}taken over"
        bad = ProblemV1(words, words, LocationV1(words, 1, 1, 1, 2))
        report = dataclasses.replace(synthetic(2, message=words), invalid=[bad])
        (e,) = report.evaluations
        report = dataclasses.replace(report, evaluations=[dataclasses.replace(e, design=words, file=words)])
        page = written(text, report)
        assert "taken" in page
        for line in page.splitlines():
            assert not line.lstrip().startswith("::")
            assert not re.search(r"##(vso)?\[", line, re.IGNORECASE)


def test_text_that_is_no_command_stays_as_it_is() -> None:
    page = written(text, synthetic(1, message="a::b, # 1 [x] ##x"))
    assert "a::b, # 1 [x] ##x" in page


# ---------------------------------------------------------------- the day


def _judged_on(*days: str) -> CheckV1:
    """Clear evaluations under as many sets as there are days, and a last one with a score that is too low."""
    report = synthetic(2)
    (e,) = report.evaluations
    clear = dataclasses.replace(e, verdict="clear", clear_because="no conflict found on the facts given", findings=[])
    low = dataclasses.replace(e, set="low", as_of="2001-01-01", score_gate=ScoreGateV1(60.0, 20.0, 20.0, "against"))
    sets = [dataclasses.replace(clear, set=f"set-{n}", as_of=day) for n, day in enumerate(days)]
    return dataclasses.replace(report, evaluations=[*sets, low], totals=report.totals)


DAYS = ("2025-01-01", "2026-02-02", "2025-01-01")


def test_the_text_says_the_day_of_clear_sets() -> None:
    page = " ".join(written(text, _judged_on(*DAYS)).split())
    assert "set-0, set-2, as of 2025-01-01: no conflict found" in page
    assert "set-1, as of 2026-02-02: no conflict found" in page


def test_every_format_says_the_day() -> None:
    report = _judged_on(*DAYS)
    page = written(markdown, report)
    assert "| `ours` | `set-0`, `set-2`, as of 2025-01-01 |" in page and "| `set-1`, as of 2026-02-02 |" in page
    suites = {s.get("name"): s for s in ET.fromstring(written(junit, report))}
    for n, day in enumerate(DAYS):
        found = suites[f"ours under set-{n}"].find("properties/property[@name='as_of']")
        assert found is not None and found.get("value") == day
    failures = [f.text for f in suites["ours under low"].iter("failure")]
    assert len(failures) == 2 and all("as of 2001-01-01" in str(t) for t in failures)
    log = written(github, report)
    assert log.splitlines()[-1].startswith("as of 2001-01-01 to 2026-02-02, 1 design: ")
    assert len(commands(log)) == 3 and all("as of 2001-01-01" in c.data for c in commands(log))
    issues = json.loads(written(gitlab, report))
    assert len(issues) == 3 and all("as of 2001-01-01" in i["description"] for i in issues)
    rows = list(csv.DictReader(io.StringIO(written(csv_format, report))))
    assert len(rows) == 3 and {r["as_of"] for r in rows} == {"2001-01-01"}
    (run_,) = json.loads(written(sarif, report))["runs"]
    assert run_["properties"]["asOf"] == ["2001-01-01", "2025-01-01", "2026-02-02"]


# ---------------------------------------------------------------- what else keeps the gate shut, or opens it


STALE = {
    "unused": "is of no use: nothing stands", "stale": "is of no use: there is no such place", "expired": "has expired",
    "not_yet": "is dated after today", "ignored": "is ignored",
}  # fmt: skip


def _on_file(*, fails: bool) -> CheckV1:
    """A report without findings: a score that is too low, and everything on file that is to be known."""
    report = synthetic(0)
    (e,) = report.evaluations
    low = dataclasses.replace(e, as_of=TODAY, score_gate=ScoreGateV1(60.0, None, 20.0, "not_demonstrated"))
    decisions = [
        DecisionV1("gdpr/x", "ours", ["design"], "deferral", "r", "o", "a", TODAY, TODAY, "DPIA-1", state,
                   LocationV1("decisions.yaml", n, 5, n + 3, 1))
        for n, state in enumerate(("covers", "elsewhere", *STALE), 3)
    ]  # fmt: skip
    lost = LostFactV1("ours", "scoring.method", "points", LocationV1("ours.design.yaml", 3, 1, 3, 8))
    return dataclasses.replace(
        report,
        evaluations=[low],
        gate=dataclasses.replace(report.gate, fail_on_stale=fails),
        decisions=decisions,
        decisions_file="decisions.yaml",
        baseline=BaselineV1("base.json", TODAY, 0, 1, 0, [EntryV1("gdpr/x", "gone", ["design"])], 0),
        base=BaseV1("main", [lost], ["gone.design.yaml"], fails),
    )


@pytest.mark.parametrize("fails", [True, False])
def test_gitlab_lists_what_is_on_file_and_low_scores(fails: bool) -> None:
    issues = json.loads(written(gitlab, _on_file(fails=fails)))
    GITLAB.validate(issues)
    grave = "critical" if fails else "minor"
    found = [(i["severity"], i["location"]["path"], i["location"]["lines"]["begin"]) for i in issues]
    assert found == [
        *(("info" if s in ("not_yet", "ignored") else grave, "decisions.yaml", n) for n, s in enumerate(STALE, 5)),
        (grave, "base.json", 1), (grave, "ours.design.yaml", 3), (grave, "gone.design.yaml", 1),
        ("major", "designs/sesame-credit-2018.design.yaml", 1),
    ]  # fmt: skip
    for issue, said in zip(issues, STALE.values(), strict=False):
        assert said in issue["description"]
    assert "scoring.method is unknown now, was points" in issues[6]["description"]
    assert issues[-1]["check_name"] == "score" and "at least 60 is asked" in issues[-1]["description"]
    assert len({i["fingerprint"] for i in issues}) == len(issues)


def test_gitlab_knows_an_issue_again_when_lines_move() -> None:
    report = _on_file(fails=True)
    moved = [dataclasses.replace(d, location=LocationV1("decisions.yaml", 90, 5, 93, 1)) for d in report.decisions]
    before, after = (
        [i["fingerprint"] for i in json.loads(written(gitlab, r))]
        for r in (report, dataclasses.replace(report, decisions=moved))
    )
    assert before == after


@pytest.mark.parametrize("fails", [True, False])
def test_csv_has_rows_for_what_is_on_file_and_low_scores(fails: bool) -> None:
    rows = list(csv.DictReader(io.StringIO(written(csv_format, _on_file(fails=fails)))))
    grave = "failure" if fails else "warning"
    assert [(r["outcome"], r["standing"]) for r in rows] == [
        *(("notice", "note" if s in ("not_yet", "ignored") else grave) for s in STALE),
        *[("notice", grave)] * 3, ("score", "not_demonstrated"),
    ]  # fmt: skip
    assert [r["file"] for r in rows] == [
        *["decisions.yaml"] * 5, "base.json", "ours.design.yaml", "gone.design.yaml",
        "designs/sesame-credit-2018.design.yaml",
    ]  # fmt: skip
    assert (rows[0]["line"], rows[0]["column"], rows[0]["rule"]) == ("5", "5", "")
    assert (rows[-1]["design"], rows[-1]["as_of"], rows[-1]["line"]) == ("ours", TODAY, "")
    assert "at least 60 is asked" in rows[-1]["message"]


ASIDE = "left aside by --select or --ignore: 93 rules, 2 of them critical"


def _set(**gate: Any) -> CheckV1:
    report = synthetic(0)
    return dataclasses.replace(report, gate=dataclasses.replace(report.gate, **gate))


@pytest.mark.parametrize(
    ("gate", "said", "eased"),
    [
        ({"left_aside": 93, "left_aside_critical": 2}, ASIDE, True),
        ({"fail_on": "never"}, "the gate is set: --fail-on never", True),
        ({"fail_on": "critical"}, "the gate is set: --fail-on critical", True),
        ({"reading": "outsider"}, "the gate is set: --reading outsider", True),
        ({"established_only": True}, "the gate is set: --established-only", True),
        ({"exit_zero": True}, "the gate is set: --exit-zero", True),
        ({"fail_on": "low"}, "the gate is set: --fail-on low", False),
        ({"min_score": 50.0}, "the gate is set: --min-score 50", False),
        ({"settings": "policy-eval.toml"}, "the gate is set by policy-eval.toml: as it stands by itself", False),
        ({}, "", False),
    ],
)
def test_a_gate_that_is_set_does_not_go_unseen(gate: dict[str, Any], said: str, eased: bool) -> None:
    report = _set(**gate)
    assert [(c.name, c.data) for c in commands(written(github, report))] == ([("notice", said)] if said else [])
    issues = json.loads(written(gitlab, report))
    GITLAB.validate(issues)
    path = "designs/sesame-credit-2018.design.yaml"
    assert [(i["severity"], i["description"], i["location"]["path"]) for i in issues] == [("info", said, path)] * eased
    rows = list(csv.DictReader(io.StringIO(written(csv_format, report))))
    assert [(r["outcome"], r["standing"], r["message"]) for r in rows] == [("notice", "eased", said)] * eased


def test_settings_that_ease_the_gate_are_the_file_to_look_at() -> None:
    report = _set(settings="policy-eval.toml", fail_on="never", left_aside=1)
    issues = json.loads(written(gitlab, report))
    assert [i["location"]["path"] for i in issues] == ["policy-eval.toml"] * 2
    nothing = json.loads(written(gitlab, dataclasses.replace(_set(exit_zero=True), evaluations=[])))
    assert len(nothing) == 1
    GITLAB.validate(nothing)


# ---------------------------------------------------------------- paths


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A repository whose designs lie in a folder below its top; one lies outside of both."""
    top = tmp_path_factory.mktemp("top") / "repository"
    (top / "parts" / "scores").mkdir(parents=True)
    for file in (
        top / "parts" / "scores" / "ours.design.yaml",
        top / "near.design.yaml",
        top.parent / "far.design.yaml",
    ):
        name = file.name.split(".")[0]
        file.write_text(f"schema: 1\nid: {name}\ntitle: {name}\nkind: hypothetical\n")
    return top


def _paths(folder: pathlib.Path, **surroundings: str) -> dict[str, set[str]]:
    """The paths of every format, of a check in a folder of the designs there, above it, and outside."""
    designs = ("scores", "../near.design.yaml", "../../far.design.yaml")
    formats = ("gitlab", "junit", "sarif")
    outputs = [x for f in formats for x in ("-o", f"{f}=report.{f}")]
    known = {"GITHUB_WORKSPACE": "", "CI_PROJECT_DIR": "", **surroundings}
    assert run("check", *designs, "-p", "oecd", "-q", *outputs, cwd=folder, **known).returncode == 4
    texts = {f: (folder / f"report.{f}").read_text() for f in formats}
    # One by one, for it shows the worst ten alone.
    shown = [run("check", d, "-p", "oecd", "-f", "github", cwd=folder, **known).stdout for d in designs]
    (scanned,) = json.loads(texts["sarif"])["runs"]
    artifacts = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in scanned["results"]]
    assert all(("uriBaseId" in a) == (not a["uri"].startswith("file:")) for a in artifacts)
    return {
        "github": {c.properties["file"] for log in shown for c in commands(log) if c.name != "notice"},
        "gitlab": {i["location"]["path"] for i in json.loads(texts["gitlab"])},
        "junit": {c.get("file", "") for c in cases(texts["junit"]).values()},
        "sarif": {a["uri"] for a in artifacts},
    }


@pytest.mark.parametrize("named", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_are_those_of_the_repository_where_ci_names_it(named: str, below: pathlib.Path) -> None:
    found = _paths(below / "parts", **{named: str(below)})
    far = below.parent / "far.design.yaml"
    ours = {"parts/scores/ours.design.yaml", "near.design.yaml"}
    assert found["github"] == found["gitlab"] == found["junit"] == {*ours, str(far)}
    assert found["sarif"] == {*ours, far.as_uri()}


@pytest.mark.parametrize("named", ["", "elsewhere"])
def test_paths_are_those_of_the_folder_where_it_does_not(named: str, below: pathlib.Path) -> None:
    surroundings = {"GITHUB_WORKSPACE": str(below.parent / "elsewhere")} if named else {}
    found = _paths(below / "parts", **surroundings)
    outside = [below / "near.design.yaml", below.parent / "far.design.yaml"]
    assert found["github"] == found["gitlab"] == found["junit"] == {"scores/ours.design.yaml", *map(str, outside)}
    assert found["sarif"] == {"scores/ours.design.yaml", *(p.as_uri() for p in outside)}


def test_the_top_may_be_named_by_a_link(below: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = below.parent / "link"
    link.symlink_to(below)
    monkeypatch.chdir(below / "parts")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(link))
    assert places.in_repository("./x/../a b.yaml") == "parts/a b.yaml"
    assert places.in_repository("../near.yaml") == "near.yaml"
    assert places.in_repository("/elsewhere/x.yaml") == "/elsewhere/x.yaml"
    assert places.from_top("/elsewhere/x.yaml") is None


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
    assert levels == {"error": 10, "warning": 10, "notice": 2}
    assert found[-2].data == "the gate is set: --min-score 60"
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
    every = json.loads(project.read("gitlab"))
    GITLAB.validate(every)
    issues = [i for i in every if i["check_name"] not in ("score", "on-file")]
    low = [e for e in project.report["evaluations"] if e["score_gate"]["verdict"] != "clear"]
    assert len(every) - len(issues) == len(low) + 1  # a stale decision
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
    table = project.read("csv")
    assert table.count("\r\n") == table.count("\n") and table.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert tuple(rows[0]) == csv_format.COLUMNS
    rows = [r for r in rows if r["outcome"] not in ("score", "notice")]
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
