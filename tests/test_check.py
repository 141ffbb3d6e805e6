"""The gate from the command line: paths, thresholds, what is on file, settings; codes the same in every format."""

from __future__ import annotations

import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import time
import typing

import jsonschema
import pytest

from policy_eval import cli, files, library
from policy_eval.cli.check import Listed
from policy_eval.cli.options import FailOn, ReadingChoice
from policy_eval.report.check import FORMATS
from policy_eval.settings import CheckSettings
from tests import scratch
from tests.test_cli import BASE, ROOT, run

SETS = ("-p", "./house")
DAY = ("--today", "2026-11-27")


@pytest.fixture
def repo(tmp_path: pathlib.Path) -> pathlib.Path:
    return scratch.repository(tmp_path)


def check(repo: pathlib.Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run("check", *SETS, *DAY, *arguments, cwd=repo, **environment)


def said(result: subprocess.CompletedProcess[str]) -> str:
    return " ".join(result.stdout.split())


def standing(repo: pathlib.Path, *arguments: str) -> dict[str, list[str]]:
    report = json.loads(check(repo, *arguments, "-f", "json").stdout)
    return {e["design"]: [f["standing"] for f in e["findings"]] for e in report["evaluations"]}


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("privacy-first-credit", "-p", "gdpr"), 0, "nothing at high or above"),
        (("sesame-credit-2018", "-p", "gdpr"), 1, "gdpr/consent-by-pre-ticked-box"),
        (("loan-app-separate-consents", "-p", "gdpr"), 4, "not demonstrated"),
        (("sesame-credit-2018", "points-credit-score-us", "-p", "gdpr"), 1, "not demonstrated"),
        (("sesame-credit-2018", "-p", "gdpr", "--fail-on", "critical"), 0, "no rule of the set is of severity"),
        (
            ("sesame-credit-2018", "-p", "gdpr", "--as-of", "2015-01-01"),
            0,
            "none of its rules was in force on that day",
        ),
        (("city-trust-record", "-p", "fcra-ecoa"), 0, "the set does not cover it"),
        (("nowhere.design.yaml",), 2, "no such file"),
        (("nowhere",), 2, "no design is called"),
    ],
)
def test_shipped_designs(arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run("check", *arguments)
    assert result.returncode == code and words in " ".join((result.stdout + result.stderr).split())


CASES = {
    "clean": (("designs/clean.design.yaml",), 0),
    "conflict": (("designs/conflict.design.yaml",), 1),
    "excusable": (("designs/excusable.design.yaml",), 1),
    "established only": (("designs/excusable.design.yaml", "--established-only"), 4),
    "undecided": (("designs/undecided.design.yaml",), 4),
    "undecided to an outsider": (("designs/undecided.design.yaml", "--reading", "outsider"), 0),
    "invalid": (("invalid.design.yaml",), 2),
    "worst first": ((".",), 2),
    "all valid": (("designs",), 1),
    "only critical": (("designs", "--fail-on", "critical"), 0),
    "never": (("designs", "--fail-on", "never"), 0),
    "exit zero": (("designs", "--exit-zero"), 0),
    "exit zero and invalid": (("invalid.design.yaml", "--exit-zero"), 2),
    "not selected": (("designs", "--ignore", "house/unexplained"), 0),
    "score": (("designs/conflict.design.yaml", "--fail-on", "never", "--min-score", "80"), 1),
    "score out of reach": (("designs/undecided.design.yaml", "--fail-on", "never", "--min-score", "80"), 4),
}


@pytest.mark.parametrize("name", CASES)
def test_codes(name: str, repo: pathlib.Path) -> None:
    arguments, code = CASES[name]
    assert check(repo, *arguments).returncode == code


@pytest.mark.parametrize("format", FORMATS)
def test_codes_and_bytes_are_the_same_in_every_format(
    format: str, repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice, with the paths in another order; in this process, for eight formats are many."""
    monkeypatch.chdir(repo)
    (repo / "decisions.yaml").write_text(scratch.decisions())
    paths = sorted(str(p.relative_to(repo)) for p in repo.rglob("*.design.yaml"))
    for some, code in ((paths, 2), ([p for p in paths if "invalid" not in p], 1)):
        shuffled = random.Random(1).sample(some, len(some))
        outputs = []
        for order in (some, shuffled, [*shuffled, shuffled[0], f"./{shuffled[1]}"]):
            assert cli.run(["check", *order, *SETS, *DAY, "-f", format]) == code
            outputs.append(capsys.readouterr().out)
        assert outputs[0] == outputs[1] == outputs[2] != ""


# ---------------------------------------------------------------- paths


def test_a_folder_means_its_designs_and_a_name_what_it_names(repo: pathlib.Path) -> None:
    (repo / "designs" / "notes.yaml").write_text("nothing: here\n")
    (repo / ".venv" / "designs").mkdir(parents=True)
    (repo / ".venv" / "designs" / "theirs.design.yaml").write_text("not: ours\n")
    assert set(standing(repo, "designs")) == {"clean", "conflict", "deferred", "excusable", "undecided"}
    assert set(standing(repo, "designs/c*")) == {"clean", "conflict"}
    assert set(standing(repo, "**/clean.design.yaml")) == {"clean"}
    named = check(repo, "designs/notes.yaml")
    assert named.returncode == 2 and "unknown key `nothing`" in named.stdout
    for nothing in ("empty*", "house", "gone", "gone/"):
        result = check(repo, nothing)
        assert result.returncode == 2 and (result.stdout + result.stderr).strip(), nothing


def test_all_designs_are_judged_though_one_is_bad(repo: pathlib.Path) -> None:
    result = check(repo, ".", "-f", "json")
    report = json.loads(result.stdout)
    assert [p["location"]["file"] for p in report["invalid"]] == ["invalid.design.yaml"]
    assert report["invalid"][0]["location"]["line"] == 4 and "inputs" in report["invalid"][0]["help"]
    assert {e["design"]: e["verdict"] for e in report["evaluations"]} == {
        "clean": "clear", "conflict": "against", "deferred": "against", "excusable": "against",
        "undecided": "not_demonstrated",
    }  # fmt: skip


def test_one_id_twice_is_refused(repo: pathlib.Path) -> None:
    (repo / "designs" / "copy.design.yaml").write_text(scratch.design("clean", orders=("unknown", "main")))
    result = check(repo, "designs")
    assert result.returncode == 2 and "two designs have the id `clean`" in said(result)


def test_a_draft_judged_by_its_own_day_states_it(repo: pathlib.Path) -> None:
    """Otherwise leaving the day out would choose the law."""
    result = check(repo, "designs/clean.design.yaml", "--as-of", "period")
    assert result.returncode == 2 and "no last day of a `period`" in said(result)


def test_a_loose_number_is_a_missing_fact() -> None:
    """A number given within bounds that leave a rule open keeps the gate shut like one that is not given."""
    report = json.loads(run("evaluate", "consumer-credit-bureau-2022", "-p", "cn-credit", "-f", "json").stdout)
    findings = {f["rule"]: f for e in report["evaluations"] for f in e["findings"]}
    loose = findings["cn-credit/fewer-than-two-free-reports"]
    assert loose["outcome"] == "undecided" and loose["open"] == ["rights.free_copies_per_year"]


# ---------------------------------------------------------------- decisions


def test_a_deferral_covers_until_its_day(repo: pathlib.Path) -> None:
    path = "designs/deferred.design.yaml"
    (repo / "decisions.yaml").write_text(scratch.decisions())
    covered = check(repo, path)
    assert covered.returncode == 0 and "1 deferred" in said(covered) and "1 in use" in said(covered)
    assert "the study is under way; owner scoring team; approved by data protection officer; DPIA-7" in said(covered)
    expired = check(repo, path, "--today", "2027-01-01")
    assert expired.returncode == 1 and "has expired and covers nothing" in said(expired)
    assert check(repo, path, "--ignore-decisions").returncode == 1
    assert check(repo, path, "--isolated").returncode == 1
    assert check(repo, path, "--isolated", "--decisions", "decisions.yaml").returncode == 0


def test_outcomes_and_numbers_do_not_move(repo: pathlib.Path) -> None:
    (repo / "decisions.yaml").write_text(scratch.decisions())
    with_, without = (
        json.loads(check(repo, "designs/deferred.design.yaml", "-f", "json", *extra).stdout)["evaluations"][0]
        for extra in ((), ("--ignore-decisions",))
    )
    for key in ("band", "score", "burden", "coverage", "counts", "outcomes", "judged", "scope"):
        assert with_[key] == without[key]
    assert [f["outcome"] for f in with_["findings"]] == [f["outcome"] for f in without["findings"]] == ["conflict"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"design": "clean"}, "nothing stands against the place any more"),
        ({"place": "inputs.gone.uses.loans"}, "there is no such place any more"),
        ({"expires": "2026-11-26"}, "has expired"),
        ({"design": "elsewhere"}, "1 of designs or sets not checked here"),
        ({"rule": "gdpr/no-legal-basis"}, "1 of designs or sets not checked here"),
    ],
)
def test_what_is_of_no_use_is_said(changes: dict[str, str], state: str, repo: pathlib.Path) -> None:
    (repo / "decisions.yaml").write_text(scratch.decisions(**changes))
    paths = ("designs/clean.design.yaml", "designs/deferred.design.yaml", "--exit-zero")
    assert state in said(check(repo, *paths))
    stale = check(repo, *paths[:-1], "--ignore", "house/unexplained", "--fail-on-stale")
    assert stale.returncode == ("elsewhere" not in state and "not checked" not in state)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rule": "house/banned"}, "nobody can defer or disagree with such a prohibition"),
        ({"rule": "house/unexplaned"}, "did you mean `house/unexplained`"),
        ({"expires": ""}, "a deferral states `expires`"),
        ({"kind": "disagreement"}, "a disagreement states `review_by`"),
        ({"expires": "2026-10-01"}, "ends before it begins"),
        ({"expires": "2028-11-02"}, "a deferral lasts 2 years from its date at most, and this one until 2028-11-02"),
        ({"date": "2024-02-29", "expires": "2026-03-01"}, "name an earlier day, and decide anew"),
        ({"date": "9998-01-01", "expires": "9999-12-31", "kind": "disagreement"}, "states `review_by`"),
        (
            {"kind": "disagreement", "expires": "", "review_by": "2199-01-01"},
            "a disagreement lasts 2 years from its date at most",
        ),
        ({"reason": ""}, "`reason` is missing"),
        ({"approved_by": ""}, "`approved_by` is missing"),
        ({"until": "2026-12-31"}, "unknown key `until`"),
        ({"kind": "waiver"}, "`waiver` is not a value of `kind`"),
    ],
)
def test_bad_decisions_are_located(changes: dict[str, str], words: str, repo: pathlib.Path) -> None:
    (repo / "decisions.yaml").write_text(scratch.decisions(**changes))
    result = check(repo, "designs/deferred.design.yaml")
    assert result.returncode == 2 and words in result.stderr and "decisions.yaml:" in result.stderr


@pytest.mark.parametrize(("date", "expires"), [("2026-11-01", "2028-11-01"), ("2024-02-29", "2026-02-28")])
def test_a_decision_lasts_two_years(date: str, expires: str, repo: pathlib.Path) -> None:
    (repo / "decisions.yaml").write_text(scratch.decisions(date=date, expires=expires))
    assert check(repo, "designs/deferred.design.yaml", "--today", expires).returncode == 0


def test_a_slip_in_the_name_of_a_design_is_asked_about(repo: pathlib.Path) -> None:
    """It never counts: the design may be one of another run, as it is wherever designs are checked one by one."""
    (repo / "decisions.yaml").write_text(scratch.decisions(design="defered"))
    whole = check(repo, "designs", "--ignore", "house/unexplained", "--fail-on-stale")
    assert whole.returncode == 0
    assert "decisions.yaml:2:5: no design checked is called `defered`\n  help: did you mean `deferred`?" in whole.stderr
    (repo / "invalid.design.yaml").rename(repo / "designs" / "defered.design.yaml")
    for arguments in (("designs/deferred.design.yaml",), ("designs",), ("designs/[cd]*",)):
        assert "no design checked" not in check(repo, *arguments).stderr
    (repo / "designs" / "defered.design.yaml").unlink()
    assert "did you mean" in check(repo, "designs/[cd]*").stderr
    assert check(repo, "designs", "-q").stderr == ""
    (repo / "decisions.yaml").write_text(scratch.decisions(design="quite-another"))
    assert check(repo, "designs").stderr == ""


def test_logs_for_others_to_read_hold_names_alone(repo: pathlib.Path) -> None:
    (repo / "decisions.yaml").write_text(scratch.decisions())
    result = check(repo, ".", "--log-detail", "ids", "-o", "json=full.json")
    assert "house/unexplained" in result.stdout and "DPIA-7" in result.stdout
    for secret in ("the study is under way", "scoring team", "data protection officer", "nothing_stated", "imputs"):
        assert secret not in result.stdout + result.stderr
    assert "the study is under way" in (repo / "full.json").read_text()


# ---------------------------------------------------------------- baselines


def test_a_baseline_lets_only_what_is_new_through(repo: pathlib.Path) -> None:
    written = check(repo, "designs", "--write-baseline", "base.json")
    assert written.returncode == 0 and "4 in the baseline" in said(written)
    entries = json.loads((repo / "base.json").read_text())["findings"]
    assert [(x["design"], x["standing"]) for x in entries] == [
        ("conflict", "against"), ("deferred", "against"), ("excusable", "against"), ("undecided", "not_demonstrated"),
    ]  # fmt: skip
    later = check(repo, "designs", "--baseline", "base.json", "--today", "2026-12-07")
    assert later.returncode == 0 and "10 days old: 4 entries, 4 still there" in said(later)
    # A conflict is new where only facts were missing, and at a place that was not there.
    (repo / "designs" / "undecided.design.yaml").write_text(scratch.design("undecided", orders=("refuted", "main")))
    assert check(repo, "designs", "--baseline", "base.json").returncode == 1
    more = scratch.design("conflict", orders=("refuted", "main"), extra=("refuted", "main"))
    (repo / "designs" / "conflict.design.yaml").write_text(more)
    found = standing(repo, "designs/conflict.design.yaml", "--baseline", "base.json")
    assert sorted(found["conflict"]) == ["against", "in_baseline"]


def test_stale_entries_of_a_baseline_are_said(repo: pathlib.Path) -> None:
    check(repo, "designs", "--write-baseline", "base.json")
    cured = scratch.design("conflict", orders=("evidence_on_file", "main"))
    (repo / "designs" / "conflict.design.yaml").write_text(cured)
    eased = check(repo, "designs", "--baseline", "base.json")
    gone = "no longer there: house/unexplained for conflict at inputs.orders.uses.loans"
    assert eased.returncode == 0 and gone in said(eased)
    assert check(repo, "designs", "--baseline", "base.json", "--fail-on-stale").returncode == 1
    assert check(repo, "designs/clean.design.yaml", "--baseline", "base.json", "--fail-on-stale").returncode == 0


def test_a_critical_prohibition_is_in_no_baseline(repo: pathlib.Path) -> None:
    (repo / "designs" / "banned.design.yaml").write_text(scratch.design("banned", banned=("nothing_stated", "main")))
    written = check(repo, "designs", "--write-baseline", "base.json")
    assert written.returncode == 1 and "house/banned" in said(written)
    rules = {x["rule"] for x in json.loads((repo / "base.json").read_text())["findings"]}
    assert rules == {"house/unexplained"}
    assert check(repo, "designs", "--baseline", "base.json").returncode == 1


def test_no_baseline_of_what_could_not_be_judged(repo: pathlib.Path) -> None:
    assert check(repo, ".", "--write-baseline", "base.json").returncode == 2
    assert not (repo / "base.json").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("<<<<<<< ours\n{}", "not JSON"),
        ('{"schema": 1, "tool": "x", "written": "2026-11-27"}', "`findings`"),
        ('{"schema": 2, "tool": "x", "written": "2026-11-27", "findings": []}', "`schema`"),
        ("[" * 100_000, "base.json"),
        ('{"schema": 1, "schema": 1, "tool": "x", "written": "2026-11-27", "findings": []}', "there twice"),
    ],
)
def test_bad_baselines_are_refused(text: str, words: str, repo: pathlib.Path) -> None:
    (repo / "base.json").write_text(text)
    result = check(repo, "designs", "--baseline", "base.json")
    assert result.returncode == 2 and words in result.stderr and "Traceback" not in result.stderr


def test_a_baseline_of_tomorrow_is_refused_and_of_another_zone_is_not(repo: pathlib.Path) -> None:
    check(repo, "designs", "--write-baseline", "base.json")
    early = check(repo, "designs", "--baseline", "base.json", "--today", "2026-11-25")
    assert early.returncode == 2
    assert "base.json: the baseline is dated 2026-11-27, which is after today (2026-11-25)" in early.stderr
    east = check(repo, "designs", "--baseline", "base.json", "--today", "2026-11-26")
    assert east.returncode == 0 and "0 days old" in said(east)


# ---------------------------------------------------------------- settings


def test_settings_are_used_and_the_command_line_goes_before(repo: pathlib.Path) -> None:
    (repo / "policy-eval.toml").write_text(
        'principles = ["house"]\n[check]\nfail-on = "critical"\nbaseline = "ci/base.json"\nselect = ["house/*"]\n'
    )
    (repo / "ci").mkdir()
    run("check", "designs", *DAY, "--fail-on", "high", "--write-baseline", "ci/base.json", cwd=repo)
    deeper = repo / "designs"
    assert run("check", ".", *DAY, cwd=deeper).returncode == 0
    both = run("check", ".", *DAY, "--fail-on", "high", cwd=deeper)
    assert both.returncode == 0 and "4 in the baseline" in said(both)
    assert run("check", ".", *DAY, "--isolated", "-p", "../house", cwd=deeper).returncode == 1
    (repo / "other.toml").write_text('principles = ["./house"]\n[check]\nreading = "outsider"\n')
    named = run("check", "designs/undecided.design.yaml", *DAY, "--config", "other.toml", cwd=repo)
    assert named.returncode == 0
    evaluated = run("evaluate", "designs/clean.design.yaml", "-f", "json", cwd=repo)
    assert [e["set"] for e in json.loads(evaluated.stdout)["evaluations"]] == ["house"]


def test_settings_in_use_are_shown_with_where_they_come_from(repo: pathlib.Path) -> None:
    (repo / "pyproject.toml").write_text('[tool.policy-eval.check]\nfail-on = "medium"\n')
    result = check(repo, "designs", "--show-settings", "--min-score", "70")
    assert result.returncode == 0
    assert 'fail-on = "medium"  # ' in result.stdout and "pyproject.toml:2:1" in result.stdout
    assert "min-score = 70.0  # command line" in result.stdout
    assert 'reading = "controller"  # default' in result.stdout
    assert "# baseline is not set" in result.stdout


def test_the_files_in_use_are_shown_with_why(repo: pathlib.Path) -> None:
    def shown(*arguments: str) -> str:
        return check(repo, "designs", "--show-settings", *arguments).stdout

    assert "# decisions is not set" in shown()
    (repo / "decisions.yaml").write_text(scratch.decisions())
    assert 'decisions = "decisions.yaml"  # default: it lies in the current folder\n' in shown()
    assert "it lies in the current folder; none counts: --ignore-decisions\n" in shown("--ignore-decisions")
    assert "# decisions is not set" in shown("--isolated")
    (repo / "policy-eval.toml").write_text('[check]\ndecisions = "ours.yaml"\nbaseline = "base.json"\n')
    assert 'decisions = "ours.yaml"  # ' in shown() and "policy-eval.toml:2:1\n" in shown()
    assert 'decisions = "decisions.yaml"  # command line' in shown("--decisions", "decisions.yaml")
    assert "policy-eval.toml:3:1; not read: --write-baseline\n" in shown("--write-baseline", "base.json")


def test_what_lies_beside_the_settings_is_no_built_in(repo: pathlib.Path) -> None:
    """A name with a folder means the folder, though a set or profile that is built in has the same name."""
    profile = library.shipped("principles") / "profiles" / "default.yaml"
    (repo / "default").write_text(profile.read_text().replace("id: default", "id: ours"))
    (repo / "house").rename(repo / "gdpr")
    for file in (repo / "gdpr").iterdir():
        file.write_text(file.read_text().replace("id: house", "id: gdpr"))
    (repo / "policy-eval.toml").write_text('profile = "./default"\nprinciples = ["./gdpr"]\n')
    for folder, path in ((repo, "designs"), (repo / "designs", ".")):
        result = run("check", path, *DAY, "-f", "json", cwd=folder)
        report = json.loads(result.stdout)
        assert (report["profile"], {e["set_version"] for e in report["evaluations"]}) == ("ours", {"1"})


def test_choices_are_those_of_the_settings() -> None:
    for choice, key in ((FailOn, "fail_on"), (Listed, "min_severity"), (ReadingChoice, "reading")):
        (stated, _) = typing.get_args(CheckSettings.model_fields[key].annotation)
        assert {c.value for c in choice} == set(typing.get_args(stated))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[check]\nfial-on = 'high'\n", "`fial-on` is no setting\n  help: did you mean `fail-on`"),
        ("[chekc]\n", "`chekc` is no setting\n  help: did you mean `check`"),
        ("[check]\nfail-on = 'hihg'\n", "`fail-on`"),
        ("[check]\nmin-score = 101\n", "`min-score`"),
        ("[check]\nselect = 'gdpr'\n", "`select`"),
        ("[check]\ndecisions = ''\n", "`decisions`"),
        ("principles = 'gdpr'\n", "write `principles = ["),
        ("check = 1\n", "`check`"),
    ],
)
def test_bad_settings_are_located(text: str, words: str, repo: pathlib.Path) -> None:
    (repo / "policy-eval.toml").write_text(text)
    result = check(repo, "designs")
    assert result.returncode == 2 and words in result.stderr and "policy-eval.toml:" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "house/unexplaned"), "did you mean `house/unexplained`"),
        (("--fail-on", "catastrophic"), "catastrophic"),
        (("--min-score", "101"), "less than or equal to 100"),
        (("-f", "xml"), "no format"),
        (("-o", "report.json"), "no format"),
        (("-o", "json="), "names no file"),
        (("-o", "json=a.json", "-o", "csv=./a.json"), "written twice"),
        (("-o", "json=designs/clean.design.yaml"), "is no report"),
        (("-o", "json=gone/a.json"), "no folder"),
        (("-o", "json=designs"), "names no file"),
        (("--today", "tomorrow"), "no date"),
        (("--config", "gone.toml"), "no such file"),
        (("--config", "a.toml", "--isolated"), "no settings file"),
        (("--baseline", "gone.json"), "no such file"),
        (("--decisions", "gone.yaml"), "no such file"),
        (("--fail-on-lost-facts",), "--fail-on-lost-facts: facts are lost since a revision, and none is named"),
        (("--baseline", "base.json", "--write-baseline", "base.json"), "--write-baseline: a baseline is either read"),
    ],
)
def test_usage_errors(arguments: tuple[str, ...], words: str, repo: pathlib.Path) -> None:
    result = check(repo, "designs", *arguments)
    assert result.returncode == 2 and words in " ".join(result.stderr.split()) and result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--no-fail-on-lost-facts",), "--no-fail-on-lost-facts"),
        (("--show-suppressed", "-o", "csv=a.csv"), "--show-suppressed"),
        (("--ignore-decisions",), "--ignore-decisions"),
        (("--fail-on-stale",), "--fail-on-stale"),
        (("--fail-on-stale", "--write-baseline", "base.json"), "--fail-on-stale"),
    ],
)
def test_an_option_that_does_nothing_is_told_of(arguments: tuple[str, ...], option: str, repo: pathlib.Path) -> None:
    plain, told = check(repo, "designs/clean.design.yaml"), check(repo, "designs/clean.design.yaml", *arguments)
    assert f"note: `{option}` does nothing" in told.stderr and told.stderr.count("\n") == 1
    assert (told.returncode, plain.stderr) == (0, "")
    assert check(repo, "designs/clean.design.yaml", *arguments, "-q").stderr == ""


def test_an_option_that_does_something_is_not(repo: pathlib.Path) -> None:
    (repo / "decisions.yaml").write_text(scratch.decisions())
    (repo / "policy-eval.toml").write_text("[check]\nfail-on-lost-facts = true\n")  # for runs with `--base`
    for arguments in (
        ("--show-suppressed", "-o", "sarif=a.sarif"),
        ("--show-suppressed", "-f", "sarif"),
        ("--ignore-decisions",),
        ("--fail-on-stale",),
    ):
        assert check(repo, "designs", *arguments).stderr == ""


# ---------------------------------------------------------------- what goes wrong outside


def test_many_files_from_one_run(repo: pathlib.Path) -> None:
    result = check(repo, "designs", "-o", "json=a.json", "-o", "csv=b.csv", "-o", "junit=c.xml")
    assert result.returncode == 1 and "the gate is shut" in said(result)
    assert json.loads((repo / "a.json").read_text())["code"] == 1
    assert (repo / "b.csv").stat().st_size and (repo / "c.xml").stat().st_size
    assert json.loads(check(repo, "designs", "-f", "json").stdout) == json.loads((repo / "a.json").read_text())


def _leftovers(folder: pathlib.Path) -> list[str]:
    return [p.name for p in folder.rglob(".*.new")]


@pytest.mark.parametrize("fault", ["write", "fsync", "replace"])
def test_a_failing_disk_leaves_what_was_there(
    fault: str, repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "a.json").write_text("before")
    (repo / "b.csv").write_text("before")

    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.chdir(repo)
    if fault == "write":
        monkeypatch.setattr("policy_eval.report.check.csv.write", full)
    else:
        monkeypatch.setattr(files.os, fault, full)
    code = cli.run(["check", "designs", *SETS, *DAY, "-o", "json=a.json", "-o", "csv=b.csv"])
    message = capsys.readouterr().err
    assert code == 3 and "No space left on device" in message and "Traceback" not in message
    assert (repo / "a.json").read_text() == (repo / "b.csv").read_text() == "before"
    assert not _leftovers(repo)


def test_a_file_that_may_not_grow(repo: pathlib.Path) -> None:
    """The kernel refuses in the middle of a write."""
    (repo / "a.json").write_text("before")
    result = subprocess.run(
        [sys.executable, "-m", "policy_eval", "check", "designs", *SETS, *DAY, "-o", "json=a.json"],
        cwd=repo,
        capture_output=True,
        text=True,
        env={**BASE, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000)),
    )
    assert result.returncode == 3 and "File too large" in result.stderr, result.stderr
    assert (repo / "a.json").read_text() == "before" and not _leftovers(repo)


def test_targets_that_cannot_be_written(repo: pathlib.Path) -> None:
    """A folder of the kernel takes no files, whoever asks."""
    result = check(repo, "designs", "-o", "json=/proc/self/a.json")
    assert result.returncode == 3 and "/proc/self/a.json" in result.stderr and len(result.stderr.splitlines()) == 1
    devices = check(repo, "designs", "-o", "json=/dev/null", "-o", "csv=/dev/full")
    assert devices.returncode == 3 and pathlib.Path("/dev/null").is_char_device()


def test_a_link_keeps_leading_to_its_file(repo: pathlib.Path) -> None:
    (repo / "real.json").write_text("before")
    (repo / "real.json").chmod(0o640)
    (repo / "link.json").symlink_to("real.json")
    check(repo, "designs", "-o", "json=link.json")
    assert (repo / "link.json").is_symlink() and json.loads((repo / "real.json").read_text())["code"] == 1
    assert (repo / "real.json").stat().st_mode & 0o777 == 0o640


def _shell(repo: pathlib.Path, line: str) -> subprocess.CompletedProcess[str]:
    env = {**BASE, "PYTHONPATH": str(ROOT), "PE": f"{sys.executable} -m policy_eval check -p ./house {' '.join(DAY)}"}
    return subprocess.run(["bash", "-c", line], cwd=repo, capture_output=True, text=True, env=env, timeout=60)


def test_who_stops_reading_still_gets_the_code(repo: pathlib.Path) -> None:
    for format in ("text", "json"):
        piped = _shell(repo, f"$PE designs -f {format} -o json=a.json | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}")
        assert (piped.stdout, piped.stderr) == ("1\n", "")
        assert json.loads((repo / "a.json").read_text())["code"] == 1
    assert _shell(repo, "$PE designs >&-").returncode == 3
    assert _shell(repo, "$PE designs >/dev/full").returncode == 3


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_killed_at_any_moment(number: int, code: int, repo: pathlib.Path) -> None:
    """Whenever it is stopped, the file is the old one or the new one; asked nicely, it leaves nothing lying about."""
    for n in range(40):
        text = scratch.design(f"more-{n:02}", orders=("nothing_stated", "main"))
        (repo / "designs" / f"more-{n:02}.design.yaml").write_text(text)
    command = [sys.executable, "-m", "policy_eval", "check", "designs", *SETS, *DAY, "-j", "2", "-o", "json=a.json"]
    env = {**BASE, "PYTHONPATH": str(ROOT)}
    begun = time.monotonic()
    assert subprocess.run(command, cwd=repo, capture_output=True, env=env).returncode == 1
    lasts, whole = time.monotonic() - begun, (repo / "a.json").read_bytes()
    codes = set()
    for n in range(6):
        (repo / "a.json").write_text("before")
        process = subprocess.Popen(command, cwd=repo, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(lasts * (0.3 + 0.14 * n))
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        codes.add(process.returncode)
        assert (repo / "a.json").read_bytes() in (b"before", whole)
        assert b"Traceback" not in err, err.decode()
        if number == signal.SIGKILL:
            for left in repo.rglob(".*.new"):
                left.unlink()
        assert not _leftovers(repo)
    assert code in codes and codes <= {code, 1}
    time.sleep(0.5)
    assert not _workers(repo)


def _workers(repo: pathlib.Path) -> list[str]:
    """Processes that still work in the repository."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd") == str(repo.resolve()):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


# ---------------------------------------------------------------- many designs


@pytest.mark.slow
def test_many_designs_on_all_cores_say_the_same_as_one_by_one(repo: pathlib.Path) -> None:
    kinds = [("evidence_on_file", "main"), ("nothing_stated", "main"), ("unknown", "main")]
    for n in range(60):
        (repo / "designs" / f"more-{n:02}.design.yaml").write_text(scratch.design(f"more-{n:02}", orders=kinds[n % 3]))
    alone, together = (check(repo, ".", "-f", "json", "-j", jobs) for jobs in ("1", "3"))
    assert alone.returncode == together.returncode == 2
    assert alone.stdout == together.stdout and len(json.loads(alone.stdout)["evaluations"]) == 65


def test_the_report_keeps_its_schema(repo: pathlib.Path) -> None:
    schema = json.loads(run("schema", "check-report").stdout)
    (repo / "decisions.yaml").write_text(scratch.decisions())
    check(repo, "designs", "--write-baseline", "base.json")
    for extra in ((), ("--baseline", "base.json"), ("--min-score", "50", "--select", "house")):
        report = json.loads(check(repo, ".", "-f", "json", *extra).stdout)
        jsonschema.Draft202012Validator(schema).validate(report)


def test_a_baseline_just_written_covers_all_of_it(tmp_path: pathlib.Path) -> None:
    """Unseen places too, which can be in conflict unless excused and are not demonstrated."""
    file = str(tmp_path / "base.json")
    written = run("check", "sesame-credit-2018", "-p", "gdpr", "--write-baseline", file)
    covered = run("check", "sesame-credit-2018", "-p", "gdpr", "--baseline", file)
    assert (written.returncode, covered.returncode) == (0, 0) and "0 not demonstrated" in said(covered)


def test_names_of_files_with_line_ends_stay_on_one_line(repo: pathlib.Path) -> None:
    for name in ("gone\n::error::x", "there\n::error::x.design.yaml"):
        if name.startswith("there"):
            (repo / name).write_text("imputs: 1\n")
        result = check(repo, name)
        assert result.returncode == 2
        assert not any(x.startswith("::") for x in (result.stdout + result.stderr).splitlines())


# ---------------------------------------------------------------- ways around the gate


def test_a_file_named_like_a_built_in_design_is_the_one_judged(repo: pathlib.Path) -> None:
    (repo / "privacy-first-credit").write_text((repo / "designs" / "conflict.design.yaml").read_text())
    result = check(repo, "./privacy-first-credit")
    assert result.returncode == 1 and "conflict (./privacy-first-credit)" in said(result)


def test_a_part_not_stated_is_covered_only_beside_what_was_stated(repo: pathlib.Path) -> None:
    """Otherwise taking a part in conflict out of a list, or the list away, would hide it behind the baseline."""
    path = repo / "designs" / "partial.design.yaml"
    partial = scratch.design("partial", orders=("evidence_on_file", "main")) + "partial: [inputs]\n"
    path.write_text(partial)
    one = (str(path), "--select", "house/unexplained")
    assert check(repo, *one, "--write-baseline", "base.json").returncode == 0
    assert check(repo, *one, "--baseline", "base.json").returncode == 0
    path.write_text(partial.split("inputs:")[0])
    assert check(repo, *one, "--baseline", "base.json").returncode == 4
    (repo / "decisions.yaml").write_text(scratch.decisions(design="partial", place="inputs.?.uses.?"))
    refused = check(repo, str(path))
    assert refused.returncode == 2 and "not stated can be neither deferred" in refused.stderr


def test_two_parts_of_one_list_are_another_place_the_other_way_round() -> None:
    from policy_eval.gate import places

    x, y = ("inputs", "x"), ("inputs", "y")
    assert places.key((("a", x), ("b", y))) != places.key((("a", y), ("b", x)))


def test_a_real_system_has_partial_lists_whatever_it_extends(repo: pathlib.Path) -> None:
    (repo / "empty.design.yaml").write_text("id: empty\ntitle: Empty\nkind: hypothetical\n")
    (repo / "real.design.yaml").write_text(
        "extends: ./empty.design.yaml\nid: real\ntitle: Real\nkind: real\njurisdiction: [EU]\nset:\n"
        "  subjects.customers: {relation: customer, scored: true}\n  purposes.loans: {}\n"
        "  inputs.orders: {uses: [{purpose: loans, support: evidence_on_file, weight: main}]}\n"
    )
    result = check(repo, "real.design.yaml")
    assert result.returncode == 4 and "inputs.?" in said(result)


def test_nothing_left_to_look_at_is_no_clear_gate(repo: pathlib.Path) -> None:
    assert check(repo, "designs", "--ignore", "house").returncode == 2
    (repo / "policy-eval.toml").write_text("principles = []\n")
    assert run("check", "designs", cwd=repo).returncode == 2


def test_how_the_gate_is_set_is_said(repo: pathlib.Path) -> None:
    (repo / "policy-eval.toml").write_text('[check]\nreading = "outsider"\nfail-on = "critical"\n')
    for format in ("text", "markdown"):
        eased = said(check(repo, "designs", "-f", format))
        assert "the gate is set by policy-eval.toml: --fail-on critical, --reading outsider" in eased.replace("\\", "")
    shut = said(check(repo, "designs", "--fail-on", "high", "--exit-zero"))
    assert "the gate is shut; reported only (exit 0)" in shut
    assert "nothing is asked of the gate" in said(check(repo, "designs", "--fail-on", "never"))


def test_what_people_wrote_is_not_written_over(repo: pathlib.Path) -> None:
    rule = repo / "house" / "banned.rule.yaml"
    before = rule.read_bytes()
    for option in ("-o", "--write-baseline"):
        target = "house/banned.rule.yaml" if option != "-o" else "json=house/banned.rule.yaml"
        assert check(repo, "designs", option, target).returncode == 2
    assert rule.read_bytes() == before


def test_who_goes_away_elsewhere_opens_nothing(repo: pathlib.Path) -> None:
    (repo / "designs" / "hidden.design.yaml").write_text(
        scratch.design("hidden", orders=("refuted", "main")).replace("of a scratch", "of\u200b a scratch")
    )
    lost = _shell(
        repo, "{ sleep 0.5; $PE designs/hidden.design.yaml 2>&3 >/dev/null; echo $? >code; } 3> >(true); cat code"
    )
    assert lost.stdout.strip() == "1"
    fifo = _shell(repo, "mkfifo ff; (head -c1 ff >/dev/null &); $PE designs -o json=ff >/dev/null; echo $?")
    assert fifo.stdout.strip() in ("1", "3")
    assert _shell(repo, "$PE designs 2>&- >/dev/null; echo $?").stdout.strip() == "1"


def test_lost_facts_and_designs_count_since_a_revision(repo: pathlib.Path) -> None:
    git = "git -c user.email=a@b.example -c user.name=n"
    assert _shell(repo, f"git init -q . && git add -A && {git} commit -qm x").returncode == 0
    paths = ("designs/clean.design.yaml", "designs/conflict.design.yaml", "--fail-on", "critical", "--base", "HEAD")
    assert check(repo, *paths).returncode == 0
    path = repo / "designs" / "clean.design.yaml"
    path.write_text(path.read_text().replace("        weight: main\n", ""))
    lost = check(repo, *paths)
    assert lost.returncode == 4 and "weight is unknown now, was main" in said(lost)
    assert check(repo, *paths, "--no-fail-on-lost-facts").returncode == 0
    path.unlink()
    gone = check(repo, "designs", "--fail-on", "critical", "--base", "HEAD")
    assert gone.returncode == 4 and "a design is gone: HEAD:designs/clean.design.yaml" in said(gone)


def test_a_report_may_go_to_standard_output(repo: pathlib.Path) -> None:
    piped = _shell(repo, "$PE designs -o json=/dev/stdout -f csv | grep -c schema_version")
    assert piped.stdout == "1\n" and piped.stderr == ""
