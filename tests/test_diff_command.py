"""`diff` from the command line, and its page: what a reviewer reads on a change of designs."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

from tests.diffs import DESIGN, OPEN, PRESET, commit, diff, put, repo, report, toy
from tests.program import unnoted
from tests.test_cli import BASE, ROOT, run

__all__ = ["repo", "toy"]

TEXT = """\
Since main: 1 design changed; facts: 1 lost, 1 changed, 1 added; findings: 1
added, 1 reopened, 1 opened

score: A score
designs/loan.design.yaml, compared with main:designs/loan.design.yaml
  changed  consents.box.act: own_affirmative -> preset
  (designs/loan.design.yaml:7:22)
  added    inputs.age  (designs/loan.design.yaml:8:10)
  lost     inputs.bills.uses.loans.link: same_service -> unknown
  (designs/loan.design.yaml:8:57)

toy 1, as of 2026-01-01: serious conflicts, before: no conflict found on the
facts given
  burden (established/as it stands/at worst): 0/0/0 -> 3/3/4
    consent: serious conflicts, before: no conflict found on the facts given;
    burden 0/0/0 -> 3/3/3
    fairness: too little is known, before: no conflict found on the facts given;
    burden 0/0/0 -> 0/0/1
  new conflict, high: A box ticked | in <advance>
    toy/ticked
    at consents.box: no conflict found on the facts given -> in conflict on the
    facts given
      `box` was preset
    because of consents.box.act
  no longer decided, medium: Data goes far
    toy/far
    at inputs.bills.uses.loans: no conflict found on the facts given ->
    undecided
      open: inputs.bills.uses.loans.link
    because of inputs.bills.uses.loans.link
  undecided, and not there before: 1 rule
    toy/far, medium: at inputs.age.uses (not stated), because of inputs.age

Asked for: nothing new at high or above. There are new conflicts (exit code 1).
"""


def test_text(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, designs__loan=DESIGN)
    put(repo, "designs__loan", PRESET.replace("inputs: [", "inputs: [{id: age}, ").replace("same_service", "unknown"))
    code, out, err = diff(repo, toy, "designs", "--base", "main", "--fail-on-new")
    assert (code, err) == (1, "")
    assert out.startswith(TEXT)
    assert "Not legal advice" in out and not re.search(r" $", out, re.MULTILINE)


def test_little_is_said_where_nothing_changed(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN, b=DESIGN.replace("id: score", "id: b"))
    put(repo, "a", DESIGN.replace("title: A score", "title: Another title"))
    code, out, err = diff(repo, toy, ".", "--base", "main", "--fail-on-new", "--fail-on-lost-facts")
    assert (code, err) == (0, "")
    assert out.startswith("Since main: no fact changed in 2 designs\n\nAsked for: nothing new at high or above")
    assert len(out.splitlines()) < 9
    found = report(repo, toy, ".", "--base", "main")
    assert [d["sets"] for d in found["designs"]] == [[], []]


def test_json(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET.replace("recorded: false", "recorded: unknown"))
    found = report(repo, toy, "a.design.yaml", "--base", "HEAD", "--fail-on-new", "--fail-on-lost-facts")
    assert (found["schema_version"], found["base"], found["as_of"]) == (1, "HEAD", "2026-01-01")
    assert found["gate"] == {"fail_on": "high", "fail_on_new": True, "fail_on_lost_facts": True, "code": 1}
    (design,) = found["designs"]
    assert (design["old_file"], design["new_file"]) == ("HEAD:a.design.yaml", "a.design.yaml")
    assert (design["design"], design["renamed"], design["lost"]) == ("score", False, 1)
    assert design["facts"][0] == {
        "path": "consents.box.act", "kind": "changed", "before": "own_affirmative", "after": "preset",
        "about": "leaf", "facts": 0, "file": "a.design.yaml", "line": 7, "column": 22,
    }  # fmt: skip
    (of_set,) = design["sets"]
    assert of_set["band"] == {"before": "none_found", "after": "serious_conflicts"}
    assert of_set["burden"]["before"]["worst"] == 0 and of_set["burden"]["after"]["standing"] == 3
    (finding,) = of_set["findings"]
    assert finding == {
        "rule": "toy/ticked", "title": "A box ticked | in <advance>", "principle": "consent", "severity": "high",
        "kind": "added", "place": {"consent": "consents.box"}, "seen": True, "before": "no_conflict",
        "after": "conflict_unless_excused", "message": "`box` was preset",
        "facts": ["consents.box.act", "consents.box.recorded"],
        "file": "a.design.yaml", "line": 7, "column": 22, "open": ["consents.box.recorded"], "unsettled": [],
    }  # fmt: skip


def test_renamed_new_and_gone_designs(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(
        repo,
        old__place=PRESET.replace("id: score", "id: moved"),
        drafts__gone=PRESET.replace("id: score", "id: gone"),
        drafts__kept=DESIGN.replace("id: score", "id: kept"),
    )
    (repo / "old" / "place.design.yaml").unlink()
    (repo / "drafts" / "gone.design.yaml").unlink()
    put(repo, "drafts__moved here", DESIGN.replace("id: score", "id: moved"))
    put(repo, "drafts__new", PRESET.replace("id: score", "id: fresh"))
    found = report(repo, toy, "drafts", "--base", "HEAD", "--fail-on-new")
    files = [(d["design"], d["old_file"], d["new_file"], d["renamed"]) for d in found["designs"]]
    assert files == [
        ("fresh", None, "drafts/new.design.yaml", False),
        ("moved", "HEAD:old/place.design.yaml", "drafts/moved here.design.yaml", True),
        ("kept", "HEAD:drafts/kept.design.yaml", "drafts/kept.design.yaml", False),
        ("gone", "HEAD:drafts/gone.design.yaml", None, False),
    ]
    kinds = {d["design"]: [f["kind"] for s in d["sets"] for f in s["findings"]] for d in found["designs"]}
    assert kinds == {"fresh": ["added"], "moved": ["cured"], "kept": [], "gone": []}
    assert found["gate"]["code"] == 1
    text = diff(repo, toy, "drafts", "--base", "HEAD")[1]
    said = " ".join(text.split())
    assert "1 design changed, 1 new, 1 gone, no fact changed in 1 design" in said
    assert "drafts/moved here.design.yaml, renamed from HEAD:old/place.design.yaml" in said
    assert "HEAD:drafts/gone.design.yaml is gone; nothing that was found in it counts as cured" in said


def test_a_design_that_was_invalid_counts_as_new(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=PRESET.replace("act: preset", "act: prest"), b="id: [", c=DESIGN.replace("id: score", "id: c"))
    put(repo, "a", PRESET)
    (repo / "b.design.yaml").unlink()
    code, out, err = diff(repo, toy, ".", "--base", "main", "--fail-on-new", "-f", "json")
    assert code == 1
    found = {d["design"]: d for d in json.loads(out)["designs"]}
    assert set(found) == {"score", "c"} and found["score"]["old_file"] is None
    assert [f["kind"] for f in found["score"]["sets"][0]["findings"]] == ["added"]
    assert "note: main:a.design.yaml:7:" in err and "`prest`" in err and "counts as new" in err
    assert "main:b.design.yaml" in err and "the design is gone" in err
    code, out, _ = diff(repo, toy, "b.design.yaml", "--base", "main")
    assert code == 0 and out.startswith("Since main: no design that could be compared")


def test_a_variant_changes_with_its_parent(repo: pathlib.Path, toy: pathlib.Path) -> None:
    variant = "extends: ./parent.design.yaml\nid: variant\ntitle: A variant\nset: {is_ai: infers_from_data}\n"
    commit(repo, d__parent=DESIGN, d__variant=variant)
    put(repo, "d__parent", PRESET)
    (found,) = report(repo, toy, "d/variant.design.yaml", "--base", "main")["designs"]
    assert [(f["path"], f["file"], f["line"]) for f in found["facts"]] == [
        ("consents.box.act", "d/parent.design.yaml", 7)
    ]
    assert [f["rule"] for f in found["sets"][0]["findings"]] == ["toy/ticked"]


def test_the_order_of_paths_means_nothing(repo: pathlib.Path, toy: pathlib.Path) -> None:
    texts = {n: DESIGN.replace("id: score", f"id: {n}") for n in "abcd"}
    commit(repo, **{f"x__{n}": t for n, t in texts.items()})
    for n in "bd":
        put(repo, f"x__{n}", texts[n].replace("own_affirmative", "preset"))
    paths = ["x/a.design.yaml", "x", "x/*.design.yaml", "./x/d.design.yaml", "x/b.design.yaml"]
    for format in ("text", "json", "markdown"):
        outs = {diff(repo, toy, *mixed, "--base", "main", "-f", format)[1] for mixed in (paths, paths[::-1])}
        assert len(outs) == 1
    assert [d["design"] for d in report(repo, toy, "x", "--base", "main")["designs"]] == ["b", "d", "a", "c"]


def test_from_a_folder_below(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, sub__a=DESIGN)
    put(repo, "sub__a", PRESET)
    (found,) = report(repo / "sub", toy, "a.design.yaml", "--base", "main")["designs"]
    assert (found["old_file"], found["new_file"]) == ("main:sub/a.design.yaml", "a.design.yaml")


def test_two_files(tmp_path: pathlib.Path, toy: pathlib.Path) -> None:
    old, new = put(tmp_path, "old", DESIGN), put(tmp_path, "new", PRESET)
    found = report(tmp_path, toy, str(old), str(new))
    assert found["base"] is None and not found["designs"][0]["renamed"]
    assert [f["kind"] for f in found["designs"][0]["sets"][0]["findings"]] == ["added"]
    text = diff(tmp_path, toy, str(new), str(old))[1]
    assert text.startswith("1 design changed; facts: 1 changed; findings: 1 cured") and "conflict gone" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.design.yaml",), "two designs"),
        (("a.design.yaml", "a.design.yaml", "a.design.yaml"), "two designs"),
        (("a.design.yaml", "nowhere.design.yaml"), "no such file"),
        (("nowhere.design.yaml", "--base", "main"), "there is no design here"),
        (("a.design.yaml", "--base", "nowhere"), "no revision `nowhere`"),
        (("a.design.yaml", "--base=-x"), "`-x` is no revision"),
        (("a.design.yaml", "bad.design.yaml", "--base", "main"), "bad.design.yaml:1:"),
        (("a.design.yaml", "--base", "main", "-f", "yaml"), "`yaml` is no format"),
        (("a.design.yaml", "a.design.yaml", "--fail-on", "worst"), "worst"),
        (("a.design.yaml", "--base", "main", "-p", "nowhere"), "no principle set"),
    ],
)
def test_bad_input(repo: pathlib.Path, arguments: tuple[str, ...], said: str) -> None:
    commit(repo, a=DESIGN)
    put(repo, "bad", "id: 1\ntitle: Bad\nkind: exercise\n")
    result = run("diff", *arguments, cwd=repo)
    assert result.returncode == 2 and said in " ".join(result.stderr.split()), result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("after", "flags", "code"),
    [
        (PRESET, (), 0),
        (PRESET, ("--fail-on-new",), 1),
        (PRESET, ("--fail-on-new", "--fail-on", "critical"), 0),
        (PRESET, ("--fail-on-new", "--fail-on", "never"), 0),
        (PRESET, ("--fail-on-lost-facts",), 0),
        (OPEN, (), 0),
        (OPEN, ("--fail-on-new",), 4),
        (OPEN, ("--fail-on-lost-facts",), 4),
        (OPEN, ("--fail-on-lost-facts", "--fail-on", "never"), 4),
        (PRESET.replace("link: same_service", "link: unknown"), ("--fail-on-new", "--fail-on-lost-facts"), 1),
    ],
)
def test_exit_codes(repo: pathlib.Path, toy: pathlib.Path, after: str, flags: tuple[str, ...], code: int) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", after)
    assert diff(repo, toy, ".", "--base", "main", *flags)[0] == code


def test_no_format_changes_the_exit_code(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    for after, code in ((PRESET, 1), (OPEN, 4)):
        put(repo, "a", after)
        for format in ("json", "markdown"):
            assert diff(repo, toy, ".", "--base", "main", "-f", format, "--fail-on-new")[0] == code


def test_who_stops_reading_still_gets_the_code(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET)
    command = (
        f"{sys.executable} -m policy_eval diff a.design.yaml --base main --fail-on-new -p '{toy}' | true; "
        "echo ${PIPESTATUS[0]}"
    )
    env = {**BASE, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=env, cwd=repo, timeout=60)
    assert (result.stdout.strip(), unnoted(result.stderr)) == ("1", "")


def test_files_can_be_written_too(repo: pathlib.Path, toy: pathlib.Path) -> None:
    commit(repo, a=DESIGN)
    put(repo, "a", PRESET)
    code, out, _ = diff(repo, toy, ".", "--base", "main", "-o", "json=r.json", "-o", "markdown=r.md")
    assert code == 0 and out.startswith("Since main")
    assert json.loads((repo / "r.json").read_text())["designs"][0]["design"] == "score"
    assert (repo / "r.md").read_text() == diff(repo, toy, ".", "--base", "main", "-f", "markdown")[1]


PAGE = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(console|yaml)\n(.*?)\n```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)


def test_the_page_shows_what_happens(repo: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """Its files are written and its commands run, in order."""
    program = tmp_path / "bin" / "policy-eval"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policy_eval "$@"\n')
    program.chmod(0o755)
    names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {
        **BASE,
        **names,
        "COLUMNS": "80",
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    ran = 0
    for kind, text in BLOCK.findall(PAGE):
        if kind == "yaml":
            name = text.splitlines()[0].removeprefix("# ")
            (repo / name).parent.mkdir(exist_ok=True)
            (repo / name).write_text(text + "\n")
            continue
        for command, shown in COMMAND.findall(text + "\n"):
            result = subprocess.run(command, shell=True, cwd=repo, env=env, capture_output=True, text=True, timeout=60)
            assert unnoted(result.stderr) == "" or command.startswith("git"), result.stderr
            real, last = " ".join(result.stdout.split()), 0
            for part in shown.split("[...]"):
                wanted = " ".join(part.split())
                assert wanted in real[last:], (command, result.stdout)
                last = real.index(wanted, last) + len(wanted)
            ran += 1
    assert ran >= 6
