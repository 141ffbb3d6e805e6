"""The gate in other people's pipelines: hooks, action and GitLab job do what their pages say, with no network."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from policy_eval import __version__
from tests.pipelines import ACTION, EXPRESSION, Repository, act, blocks, commands, evaluated, file, plain, surroundings
from tests.program import ROOT

PAGES = ("pre-commit.md", "github.md", "gitlab.md")
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

CONFLICT, OPEN, INVALID = "act: preset", "act: null", "act: presett"
RULE = "gdpr/consent-by-pre-ticked-box"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    (tmp_path / "work").mkdir()
    return Repository(tmp_path / "work", surroundings(tmp_path))


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("page", PAGES)
def test_adopting_works_as_written(repository: Repository, page: str) -> None:
    repository.variant(CONFLICT)
    repository.run("policy-eval new set house-rules && policy-eval new rule house-rules/reason")
    repository.write("policy-eval.toml", file(page, "policy-eval.toml"))
    written = [c for b in blocks(page) if b.kind == "console" for c in COMMAND.findall(f"{b.text}\n")]
    assert written
    for command, shown in written:
        result = repository.run(command)
        assert result.returncode == 0, (command, result.stdout, result.stderr)
        real = " ".join(result.stdout.split())
        for part in shown.split("[...]"):
            assert " ".join(part.split()) in real, (command, result.stdout)
    (repository.top / "policy-eval-baseline.json").unlink()
    assert repository.run("policy-eval check . -p gdpr --isolated").returncode == 1


def test_the_deferral_of_the_page_covers_its_finding(repository: Repository) -> None:
    repository.variant(CONFLICT)
    repository.write("decisions.yaml", file("pre-commit.md", "decisions.yaml"))
    during = repository.run("policy-eval check . --today 2026-12-01")
    after = repository.run("policy-eval check . --today 2027-04-01")
    assert (during.returncode, after.returncode) == (0, 1)
    assert "1 deferred" in during.stdout and "has expired" in after.stdout


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_this_version_and_every_exit_code(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = re.findall(r"policy-eval(?:\[durable\])?==([\w.]+)|(?:rev: |policy_eval@)v([\w.]+)", text)
    assert {first or second for first, second in named} == {__version__}
    assert re.findall(r"^\| (\d) \|", text, re.MULTILINE) == ["0", "1", "4", "2", "3"]
    assert "--log-detail" in text and "decisions.yaml" in text and "durable_rules" in text


# ---------------------------------------------------------------- pre-commit


def pre_commit(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    return repository.run(shlex.join([sys.executable, "-m", "pre_commit", *arguments]))


def local(chosen: list[dict[str, Any]]) -> str:
    """A configuration with these hooks as they are, but for being taken from the PATH, with no network."""
    known, hooks = {h["id"]: h for h in HOOKS}, []
    for hook in chosen:
        whole = {**known[hook["id"]], **hook, "language": "system"}
        assert (whole["entry"].split()[0], known[hook["id"]]["language"]) == ("policy-eval", "python")
        hooks.append({k: v for k, v in whole.items() if k not in ("additional_dependencies", "language_version")})
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})


def configure(repository: Repository, *hooks: dict[str, Any]) -> None:
    repository.write(".pre-commit-config.yaml", local(list(hooks)))
    repository.commit()


def staged(repository: Repository) -> subprocess.CompletedProcess[str]:
    repository.run("git add --all")
    return pre_commit(repository, "run", "--verbose")


def test_the_manifest_is_one(repository: Repository) -> None:
    result = pre_commit(repository, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert [h["id"] for h in HOOKS] == ["policy-eval-check", "policy-eval-check-all", "policy-eval-test"]
    assert all(h["description"] and "additional_dependencies" not in h for h in HOOKS)


def test_changed_designs_are_checked_and_nothing_else(repository: Repository) -> None:
    configure(repository, {"id": "policy-eval-check"})
    repository.write("notes.yaml", "what: [is, no, design]\n")
    idle = staged(repository)
    assert idle.returncode == 0 and "Skipped" in idle.stdout
    repository.variant("act: own_affirmative")
    clean = staged(repository)
    assert clean.returncode == 0 and "Passed" in clean.stdout and "1 design: 0 conflicts" in clean.stdout
    repository.variant(CONFLICT)
    conflict = staged(repository)
    assert conflict.returncode == 1 and "Failed" in conflict.stdout and "exit code: 1" in conflict.stdout
    assert RULE in conflict.stdout and "designs/our-score-preset.design.yaml:4:" in conflict.stdout
    assert "notes.yaml" not in conflict.stdout and "1 design: 1 conflict" in conflict.stdout


@pytest.mark.parametrize(("change", "code"), [(OPEN, 4), (INVALID, 2)])
def test_missing_facts_and_bad_input_stop_a_commit(repository: Repository, change: str, code: int) -> None:
    configure(repository, {"id": "policy-eval-check"})
    repository.variant(change)
    result = staged(repository)
    assert result.returncode == 1 and f"exit code: {code}" in result.stdout


def test_a_changed_decision_has_all_designs_checked(repository: Repository) -> None:
    repository.variant(CONFLICT)
    every = {"id": "policy-eval-check-all", "args": [".", "--today=2026-12-01"]}
    configure(repository, {"id": "policy-eval-check"}, every)
    decisions = file("pre-commit.md", "decisions.yaml")
    repository.write("decisions.yaml", decisions)
    covered = staged(repository)
    assert covered.returncode == 0 and "Skipped" in covered.stdout and "2 designs: 0 conflicts" in covered.stdout
    repository.write("decisions.yaml", decisions.replace("expires: 2027-03-31", "expires: 2026-11-30"))
    expired = staged(repository)
    assert expired.returncode == 1 and "2 designs: 1 conflict" in expired.stdout


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("designs/deep/x.design.yaml", True),
        ("decisions.yaml", True),
        ("policy/decisions.yaml", True),
        ("policy-eval.toml", True),
        ("pyproject.toml", True),
        ("house-rules/set.yaml", True),
        ("house-rules/reason.rule.yaml", True),
        ("house-rules/far.concept.yaml", True),
        ("policy-eval-baseline.json", True),
        ("notes.yaml", False),
        ("offset.yaml", False),
        ("x.design.yaml.orig", False),
        ("other.toml", False),
        ("package.json", False),
    ],
)
def test_what_has_all_designs_checked(name: str, runs: bool) -> None:
    hook = next(h for h in HOOKS if h["id"] == "policy-eval-check-all")
    assert bool(re.search(hook["files"], name)) is runs and "types" not in hook


def test_the_configuration_of_the_page_runs(repository: Repository) -> None:
    page = plain("pre-commit.md", ".pre-commit-config.yaml")
    repository.run("policy-eval new set house-rules && policy-eval new rule house-rules/reason")
    repository.write("policy-eval.toml", file("pre-commit.md", "policy-eval.toml"))
    repository.run("policy-eval check . --write-baseline policy-eval-baseline.json")
    repository.write(".pre-commit-config.yaml", local(page["repos"][0]["hooks"]))
    result = staged(repository)
    assert result.returncode == 0, result.stdout
    assert "1 design: 0 conflicts" in result.stdout
    assert re.search(r"house-rules: (\d+) of \1 examples hold", result.stdout)
    name = "house-rules/reason.rule.yaml"
    rule = (repository.top / name).read_text(encoding="utf-8")
    repository.write(name, re.sub(r"\bno_conflict\b", "conflict", rule))
    assert "Failed" in staged(repository).stdout
    with_durable = plain("pre-commit.md", ".pre-commit-config.yaml with durable_rules")
    (hook,) = with_durable["repos"][0].pop("hooks")
    assert hook["id"] in {h["id"] for h in HOOKS} and with_durable["repos"][0].items() <= page["repos"][0].items()
    assert hook["additional_dependencies"][0] in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_own_rules_are_not_passed_over_where_none_are_named(repository: Repository) -> None:
    configure(repository, {"id": "policy-eval-test"})
    repository.run("policy-eval new set house-rules")
    result = staged(repository)
    assert result.returncode == 1 and "--principles" in result.stdout


def test_the_page_describes_every_hook() -> None:
    page = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(policy-eval-[a-z-]+)` \|", page, re.MULTILINE) == [
        "policy-eval-check-all", "policy-eval-check", "policy-eval-test",
    ]  # fmt: skip


# ---------------------------------------------------------------- GitHub


def test_inputs_never_become_a_part_of_a_script() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"] and step["shell"] == "bash"
        assert step.keys() == {"name", "id", "shell", "env", "run"}
        for expression in step["env"].values():
            assert re.fullmatch(EXPRESSION, expression)
    used = {m for s in ACTION["runs"]["steps"] for v in s["env"].values() for m in EXPRESSION.findall(v)}
    assert {u for u in used if u.startswith("inputs.")} == {f"inputs.{name}" for name in ACTION["inputs"]}
    assert "token" not in " ".join(used)


@pytest.mark.parametrize(
    ("change", "code", "level", "said"),
    [
        ("act: own_affirmative", 0, None, "nothing"),
        (CONFLICT, 1, "error", RULE),
        (OPEN, 4, "warning", RULE),
        (INVALID, 2, "error", "presett"),
    ],
)
def test_the_step_ends_as_the_check_does(
    repository: Repository, tmp_path: Path, change: str, code: int, level: str | None, said: str
) -> None:
    name = "a folder/partner score.design.yaml"
    repository.draft(name, change)
    step = act(repository, tmp_path / "temp", paths=f"designs\n\n{name}\n", sarif_file="o.sarif")
    assert (step.code, step.outputs["code"]) == (code, str(code)), step.log
    about = [c for c in commands(step.log) if c.startswith(f"::{level} file={name},line=")]
    annotated = [c for c in commands(step.log) if c.startswith(("::error", "::warning"))]
    assert (bool(about) and said in about[0].replace("%3A", ":")) if level else annotated == []
    assert step.summary.startswith("## ") and (said in step.summary or level is None)
    assert step.outputs["sarif-file"] == ("" if code == 2 else "o.sarif")
    if code != 2:
        (run,) = json.loads((repository.top / "o.sarif").read_text(encoding="utf-8"))["runs"]
        found = [r["ruleId"] for r in run["results"] if r["kind"] != "pass"]
        assert (RULE in found) is bool(level)


@pytest.mark.slow
def test_inputs_reach_the_check(repository: Repository, tmp_path: Path) -> None:
    repository.variant(CONFLICT)
    repository.write("b/decided.yaml", file("pre-commit.md", "decisions.yaml"))
    repository.write("b/settings.toml", '[check]\nfail-on = "low"\n')
    repository.run("policy-eval check designs -p gdpr --write-baseline b/base.json")
    for given, code in [
        ({"principles": "gdpr  oecd"}, 1),
        ({"principles": "gdpr nowhere"}, 2),
        ({"fail_on": "critical"}, 0),
        ({"fail_on": "high", "args": "--fail-on critical"}, 1),
        ({"baseline": "b/base.json"}, 0),
        ({"decisions": "b/decided.yaml", "args": "--today 2026-12-01"}, 0),
        ({"decisions": "b/decided.yaml", "args": "--today 2026-12-01 --ignore-decisions"}, 1),
        ({"fail_on": "critical", "min_score": "100"}, 1),
        ({"config": "b/nowhere.toml"}, 2),
        ({"config": "b/settings.toml", "principles": "gdpr", "baseline": "b/base.json"}, 1),
        ({"sarif_file": "nowhere/o.sarif"}, 2),
        ({"paths": ""}, 2),
        ({"paths": "nothing/*.design.yaml"}, 2),
        ({"args": "--exit-zero"}, 0),
        ({"args": "-f json"}, 1),
    ]:
        step = act(repository, tmp_path / "temp", **given)
        assert (step.code, step.outputs["code"]) == (code, str(code)), (given, step.log)
        assert step.outputs["sarif-file"] == "" and bool(step.summary) is (code != 2)
        assert any(c.startswith("::error title=policy_eval::") for c in commands(step.log)) is (code == 2)
        (tmp_path / "temp" / "summary.md").unlink(missing_ok=True)


@pytest.mark.slow
def test_without_a_summary_the_code_is_the_same(repository: Repository, tmp_path: Path) -> None:
    repository.variant(CONFLICT)
    off = act(repository, tmp_path / "temp", summary="false")
    assert (off.code, off.outputs["code"], off.summary) == (1, "1", "")
    failed = act(repository, tmp_path / "temp", page="")  # a folder, which nothing can be written to
    assert (failed.code, failed.outputs["code"], failed.summary) == (1, "1", "")
    assert any(c.startswith("::warning title=policy_eval::no job summary") for c in commands(failed.log))


@pytest.mark.slow
def test_facts_lost_since_a_revision_fail_the_step(repository: Repository, tmp_path: Path) -> None:
    repository.variant("told: [controller]")
    before = repository.commit()
    repository.variant(OPEN)
    repository.commit()
    lost = act(repository, tmp_path / "temp", base=before, fail_on="never")
    assert lost.code == 4 and "act" in lost.summary
    assert act(repository, tmp_path / "temp", fail_on="never").code == 0
    assert act(repository, tmp_path / "temp", base="no-such-revision").code == 2


HOSTILE = "$(touch pwned)`touch pwned`\"; touch pwned; '; touch pwned; #"


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_hostile_inputs_execute_nothing(repository: Repository, tmp_path: Path, name: str) -> None:
    step = act(repository, tmp_path / "temp", **{name: HOSTILE})
    assert list(repository.top.rglob("pwned")) == [] and list(tmp_path.glob("pwned")) == []
    harmless = name in ("sarif-file", "summary")  # a name like any other; on
    assert step.code == (0 if harmless else 2), step.log
    assert (step.outputs["sarif-file"] == HOSTILE) is (name == "sarif-file")


@pytest.mark.slow
def test_inputs_are_no_options_and_no_outputs(repository: Repository, tmp_path: Path) -> None:
    repository.variant(CONFLICT)
    assert act(repository, tmp_path / "temp", paths="--exit-zero\n.").code == 2
    for name in ("principles", "fail_on", "min_score", "config", "decisions", "baseline", "base"):
        assert act(repository, tmp_path / "temp", **{name: "--exit-zero"}).code == 2
    step = act(repository, tmp_path / "temp", sarif_file="o.sarif\ncode=0\n")
    assert (step.code, step.outputs["code"]) == (1, "1")


@pytest.mark.slow
def test_text_of_designs_gives_the_runner_no_commands(repository: Repository, tmp_path: Path) -> None:
    """Names and values come from whoever opens a pull request."""
    hostile = "::stop-commands::x\n::set-output name=code::0\n##[add-mask]a\n::error::hostile"
    quoted = json.dumps(hostile)
    repository.write(f"designs/{hostile}.design.yaml", f"id: x\ntitle: {quoted}\nkind: {quoted}\n")
    for paths in (".", f"designs/{hostile}.design.yaml", hostile):
        step = act(repository, tmp_path / "temp", paths=paths)
        assert (step.code, step.outputs["code"]) == (2, "2")
        taken = commands(step.log)
        ours = re.compile(r"::((error|warning) (file=[^:]*|title=policy_eval)|notice)::")
        assert taken and all(map(ours.match, taken)), taken


def test_no_code_of_the_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    for name in ("policy_eval", "typer", "secrets", "venv", "pip", "sitecustomize"):
        repository.write(f"{name}.py", "open('pwned', 'w').close()\n")
    repository.env = {**repository.env, "PYTHONPATH": str(repository.top)}
    assert act(repository, tmp_path / "temp").code == 0
    assert not (repository.top / "pwned").exists()


def fake_python(tmp_path: Path, *, has_it: bool, pip: int = 0) -> str:
    """This interpreter, but that it notes what it is asked and installs nothing."""
    path, real, asked = tmp_path / "a python", shlex.quote(sys.executable), shlex.quote(str(tmp_path / "asked"))
    looked_for = f'exec {real} "$@"' if has_it else "exit 1"
    path.write_text(
        f"""#!/bin/sh
echo "$@" >> {asked}
case "$*" in
  *"policy_eval as p"*) {looked_for};;
  *"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python";;
  *"-m pip"*) exit {pip};;
  *) exec {real} "$@";;
esac
"""
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("has_it", "version", "installed"),
    [
        (True, "", None),
        (True, __version__, None),
        (True, "0.0.1", "policy-eval==0.0.1"),
        (False, __version__, f"policy-eval=={__version__}"),
        (False, "", str(ROOT)),
    ],
)
def test_what_is_installed_and_where(
    repository: Repository, tmp_path: Path, has_it: bool, version: str, installed: str | None
) -> None:
    step = act(repository, tmp_path / "temp", python=fake_python(tmp_path, has_it=has_it), version=version)
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert [a.split(" -- ")[1] for a in asked if "pip install" in a] == [installed] * bool(installed)
    made = [a.removeprefix("-I -m venv ") for a in asked if "-m venv" in a]
    assert all(m.startswith(f"{tmp_path / 'temp'}/policy-eval.") for m in made) and len(made) == bool(installed)
    assert (step.code, step.outputs["code"]) == (0, "0") and asked[-1].startswith("-I -X utf8 -m policy_eval check")


def test_where_it_cannot_be_installed_there_is_no_code(repository: Repository, tmp_path: Path) -> None:
    step = act(repository, tmp_path / "temp", python=fake_python(tmp_path, has_it=False, pip=1))
    assert step.code == 1 and step.outputs == {"code": "", "sarif-file": ""}
    old = tmp_path / "old"
    older = "import sys; sys.version_info = (3, 10, 9); exec(sys.argv[3])"  # options and text as they come: -I -c TEXT
    old.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{older}" "$@"\n')
    old.chmod(0o755)
    step = act(repository, tmp_path / "temp", python=str(old))
    assert step.code == 2 and any("3.11 or later" in c for c in commands(step.log))


def test_the_workflow_of_the_page_runs(repository: Repository, tmp_path: Path) -> None:
    workflow = plain("github.md", ".github/workflows/policy-eval.yml")
    job = workflow["jobs"]["check"]
    checkout, gate, upload = job["steps"]
    assert workflow["permissions"] == {"contents": "read"} and job["permissions"]["security-events"] == "write"
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False} and "policy_eval@" in gate["uses"]
    repository.draft("partner scores/a score.design.yaml", CONFLICT)
    event = {"github.event.pull_request.base.sha": repository.commit()}
    given = {k: evaluated(str(v), event) for k, v in gate["with"].items()}
    step = act(repository, tmp_path / "temp", **given)
    assert (step.code, step.outputs["code"]) == (1, "1") and RULE in step.summary
    outputs = {f"steps.{gate['id']}.outputs.{k}": v for k, v in step.outputs.items()}
    report = repository.top / evaluated(upload["with"]["sarif_file"], outputs)
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@")
    assert any(r["ruleId"] == RULE for r in json.loads(report.read_text(encoding="utf-8"))["runs"][0]["results"])
    assert f"steps.{gate['id']}.outputs.sarif-file != ''" in upload["if"]
    (after,) = plain("github.md", "a step after the gate")
    assert f"steps.{gate['id']}.outputs.code" in after["if"]


def test_nothing_of_a_design_is_in_a_public_log(repository: Repository, tmp_path: Path) -> None:
    repository.variant(CONFLICT)
    given = plain("github.md", "inputs of the gate in a public repository")["with"]
    step = act(repository, tmp_path / "temp", **{k: str(v).lower() if v is False else v for k, v in given.items()})
    assert step.code == 1 and RULE in step.log and step.summary == ""
    assert "preset" not in step.log.replace("our-score-preset", "").replace(RULE, "")


def test_the_page_lists_every_input() -> None:
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", page, re.MULTILINE)
    assert [n for row in rows for n in re.findall("[a-z-]+", row) if n != "code"] == list(ACTION["inputs"])


# ---------------------------------------------------------------- GitLab


def jobs() -> list[dict[str, Any]]:
    """The jobs of the page, with what parts of one are shown alone."""
    whole, compared = plain("gitlab.md", ".gitlab-ci.yml"), plain("gitlab.md", ".gitlab-ci.yml with facts compared")
    public = plain("gitlab.md", ".gitlab-ci.yml, in the job of a public project")
    return [*whole.values(), *compared.values(), public]


@pytest.mark.parametrize("job", jobs(), ids=["plain", "compared", "public"])
@pytest.mark.parametrize(("change", "code"), [("act: own_affirmative", 0), (CONFLICT, 1), (OPEN, 4), (INVALID, 2)])
def test_the_job_leaves_its_reports(repository: Repository, job: dict[str, Any], change: str, code: int) -> None:
    repository.variant("act: own_affirmative")
    base = repository.commit()
    repository.variant(change)
    result = repository.run("\n".join(job["script"]), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert result.returncode == code, (result.stdout, result.stderr)
    assert job["artifacts"]["when"] == "always"
    reports = job["artifacts"]["reports"]
    listed = json.loads((repository.top / reports["codequality"]).read_text(encoding="utf-8"))
    assert bool(listed) is bool(code)
    assert all(item["location"]["path"].startswith("designs/our-score") for item in listed)
    tests = ElementTree.parse(repository.top / reports["junit"]).getroot()
    assert (tests.find(".//failure") is not None or tests.find(".//error") is not None) is bool(code)
