"""`check --base`: which facts and designs are lost since a revision, found one design after another."""

from __future__ import annotations

import gc
import json
import pathlib
import subprocess
from typing import Any

import pytest

from policy_eval import cli, library, revision
from policy_eval.design.loading import DesignFile
from policy_eval.revision import Revision
from tests import scratch
from tests.diffs import git
from tests.scratch import design

SETS = ("-p", "./house", "--today", "2026-11-27", "--fail-on", "critical")
STATED = {"orders": ("evidence_on_file", "main")}


@pytest.fixture
def repo(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A repository with one set and five designs, all of it committed; the tests run in it."""
    scratch.repository(tmp_path)
    (tmp_path / "invalid.design.yaml").unlink()
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main", ".")
    commit(tmp_path)
    return tmp_path


def commit(folder: pathlib.Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a change")


def forget(path: pathlib.Path) -> None:
    """Take a fact out of a design."""
    text = path.read_text()
    assert "        weight: main\n" in text
    path.write_text(text.replace("        weight: main\n", ""))


def since(capsys: pytest.CaptureFixture[str], *paths: str, base: str = "HEAD") -> tuple[int, dict[str, Any]]:
    """The exit code, and what the report says of the revision."""
    code = cli.run(["check", *paths, *SETS, "--base", base, "-f", "json"])
    return code, json.loads(capsys.readouterr().out)["base"]


def many(repo: pathlib.Path, number: int) -> list[pathlib.Path]:
    """More designs in a folder of their own, committed."""
    (repo / "more").mkdir()
    found = [repo / "more" / f"d{n:02}.design.yaml" for n in range(number)]
    for n, path in enumerate(found):
        path.write_text(design(f"more-{n:02}", **STATED))
    commit(repo)
    return found


def test_a_design_that_cannot_be_read_is_not_gone(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "designs" / "clean.design.yaml").write_text("id: [\n")
    code, base = since(capsys, "designs")
    assert (code, base["gone"], base["fails"]) == (2, [], False)
    (repo / "designs" / "clean.design.yaml").unlink()
    code, base = since(capsys, "designs")
    assert (code, base["gone"], base["fails"]) == (4, ["HEAD:designs/clean.design.yaml"], True)


def test_what_a_folder_does_not_mean_is_not_gone(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in ("node_modules/theirs", ".cache"):
        (repo / place).mkdir(parents=True)
        (repo / place / "x.design.yaml").write_text(design("theirs", **STATED))
    commit(repo)
    assert since(capsys, ".") == (0, {"revision": "HEAD", "lost": [], "gone": [], "fails": False})
    (repo / "node_modules" / "theirs" / "x.design.yaml").unlink()
    assert since(capsys, ".")[1]["gone"] == []


def test_built_in_designs_have_no_history(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    beside = ("privacy-first-credit", "designs/clean.design.yaml")
    assert since(capsys, *beside)[0] == 0
    forget(repo / "designs" / "clean.design.yaml")
    code, base = since(capsys, *beside)
    assert code == 4 and [f["path"] for f in base["lost"]] == ["inputs.orders.uses.loans.weight"]
    assert cli.run(["check", beside[0], *SETS, "--base", "HEAD"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "built-in designs have no history" in err and "help: " in err


@pytest.mark.parametrize(
    ("paths", "base", "words"),
    [
        (("designs",), "nowhere", "the repository has no revision `nowhere`"),
        (("designs",), "-x", "is no revision"),
        (("designs", "../outside.design.yaml"), "HEAD", "outside the repository"),
        (("../outside.design.yaml",), "HEAD", "git finds no repository here"),
    ],
)
def test_a_revision_is_looked_for_before_anything_is_judged(
    paths: tuple[str, ...], base: str, words: str, repo: pathlib.Path, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    outside = tmp_path_factory.mktemp("outside") / "outside.design.yaml"
    outside.write_text(design("outside", **STATED))

    def judged(*_: object) -> None:
        raise AssertionError("designs are judged")

    if words == "outside the repository":
        git(outside.parent, "init", "-q", ".")
        commit(outside.parent)
    monkeypatch.setattr("policy_eval.checking.run.check_all", judged)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(outside.parent.parent))
    named = [str(outside) if "outside" in p else p for p in paths]
    assert cli.run(["check", *named, *SETS, f"--base={base}"]) == 2
    out, err = capsys.readouterr()
    assert words in err and out == ""


def test_a_renamed_design_is_still_held_to_what_it_said(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "elsewhere").mkdir()
    moved = (repo / "designs" / "clean.design.yaml").rename(repo / "elsewhere" / "moved.design.yaml")
    assert since(capsys, ".") == (0, {"revision": "HEAD", "lost": [], "gone": [], "fails": False})
    assert since(capsys, "elsewhere")[0] == 0
    forget(moved)
    code, base = since(capsys, "elsewhere")
    assert code == 4 and [f["location"]["file"] for f in base["lost"]] == ["elsewhere/moved.design.yaml"]


def test_facts_are_lost_with_a_parent_too(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The design itself is the same byte for byte."""
    (repo / "designs" / "variant.design.yaml").write_text(
        "extends: ./clean.design.yaml\nid: variant\ntitle: A variant\nset: {is_ai: infers_from_data}\n"
    )
    commit(repo)
    assert since(capsys, "designs/variant.design.yaml")[0] == 0
    forget(repo / "designs" / "clean.design.yaml")
    code, base = since(capsys, "designs/variant.design.yaml")
    assert code == 4 and [f["design"] for f in base["lost"]] == ["variant"]


def test_a_file_that_git_has_no_more_is_no_new_design(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in a partial clone: nobody can say that nothing is lost."""
    forget(repo / "designs" / "clean.design.yaml")
    name = git(repo, "rev-parse", "HEAD:designs/clean.design.yaml").strip()
    (repo / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert cli.run(["check", "designs", *SETS, "--base", "HEAD"]) == 2
    assert "HEAD:designs/clean.design.yaml: git cannot read the file" in capsys.readouterr().err
    assert cli.run(["diff", "designs", "-p", "./house", "--base", "HEAD"]) == 2


def test_only_what_changed_is_read_and_one_pair_at_a_time(
    repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = many(repo, 12)
    for path in files[:8]:
        forget(path)
    read: list[str] = []
    there: list[int] = []
    now, then = library.load_design, Revision.load

    def watched(name: str) -> None:
        read.append(name)
        there.append(sum(isinstance(x, DesignFile) for x in gc.get_objects()))

    def load_design(name: str) -> DesignFile:
        watched(name)
        return now(name)

    def load(self: Revision, path: str) -> DesignFile:
        watched(path)
        return then(self, path)

    monkeypatch.setattr(library, "load_design", load_design)
    monkeypatch.setattr(Revision, "load", load)
    gc.collect()
    code, base = since(capsys, "more")
    assert code == 4 and len(base["lost"]) == 8
    judged, compared = read[: len(files)], read[len(files) :]
    assert len(judged) == len(files) and sorted(compared) == sorted([f"more/{p.name}" for p in files[:8]] * 2)
    # What a pair leaves behind may not have been collected yet; of a dozen that are all kept there would be more.
    assert max(there[len(files) :]) - there[len(files)] <= 3


def test_git_is_started_as_often_for_many_designs_as_for_few(
    repo: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = many(repo, 12)
    real, started = subprocess.Popen, list[object]()

    def popen(command: Any, *arguments: Any, **named: Any) -> Any:
        started.append(command)
        return real(command, *arguments, **named)

    monkeypatch.setattr(revision.subprocess, "Popen", popen)
    numbers = []
    for some in (files[:2], files):
        for path in some:
            path.write_text(path.read_text() + "# touched\n")
        started.clear()
        assert since(capsys, "more")[0] == 0
        numbers.append(len(started))
    assert numbers[0] == numbers[1] <= 5
