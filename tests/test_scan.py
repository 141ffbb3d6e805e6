"""What paths mean: a gate is not green because it could not look, and what it passes over by mistake is said."""

from __future__ import annotations

import os
import pathlib
import subprocess

import pytest

from policy_eval import cli
from policy_eval.errors import InvalidInput
from policy_eval.paths import designs
from tests import scratch
from tests.scratch import design
from tests.test_cli import run

SETS = ("-p", "./house", "--today", "2026-11-27")
BAD = {"orders": ("nothing_stated", "main")}


@pytest.fixture
def repo(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    scratch.repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(repo: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("check", *SETS, *arguments, cwd=repo)


def notes(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [x for x in result.stderr.splitlines() if "not looked at" in x or "not followed" in x]


@pytest.mark.parametrize("name", ["draft.design.yml", "draft.design.YAML", "draft.Design.yaml"])
@pytest.mark.parametrize("path", [".", "*", "sub/*"])
def test_a_design_by_another_ending_is_said_not_to_be_looked_at(name: str, path: str, repo: pathlib.Path) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / name).write_text(design("draft", **BAD))
    (repo / "sub" / "clean.design.yaml").write_text(design("beside", orders=("evidence_on_file", "main")))
    (repo / "invalid.design.yaml").unlink()
    for wanted in (path, "sub/clean.design.yaml"):
        result = check(repo, wanted, "--fail-on", "critical")
        said = [f"note: sub/{name} is not looked at, for its name does not end in .design.yaml; "
                "rename it to draft.design.yaml"]  # fmt: skip
        assert result.returncode == 0 and "draft" not in result.stdout
        assert notes(result) == (said if wanted == path else [])
    assert notes(check(repo, path, "-q")) == []
    assert check(repo, f"sub/{name}").returncode == 1  # whoever names it means it


def test_a_link_to_a_folder_is_said_not_to_be_followed(repo: pathlib.Path) -> None:
    (repo / "elsewhere").mkdir()
    (repo / "elsewhere" / "bad.design.yaml").write_text(design("bad", **BAD))
    (repo / "tree").mkdir()
    (repo / "tree" / "clean.design.yaml").write_text(design("clean", orders=("evidence_on_file", "main")))
    (repo / "tree" / "link").symlink_to("../elsewhere")
    (repo / "tree" / "loop").symlink_to(".")
    result = check(repo, "tree", "./tree")
    assert result.returncode == 0
    assert [n.split(" is ")[0] for n in notes(result)] == ["note: tree/link", "note: tree/loop"]
    assert check(repo, "tree", "tree/link").returncode == 1
    (repo / "tree" / "link").unlink()
    assert check(repo, "tree/**/*.design.yaml").returncode == 0  # a link that leads back is no folder to fail at


def test_what_is_left_out_on_purpose_is_no_news(repo: pathlib.Path) -> None:
    for place in (".git/x", ".venv", "node_modules/p", "a/site-packages", "__pycache__"):
        (repo / place).mkdir(parents=True)
        (repo / place / "theirs.design.yaml").write_text("not: ours\n")
        (repo / place / "theirs.design.yml").write_text("not: ours\n")
        (repo / place / "link").symlink_to("..")
    (repo / "a" / "node_modules").symlink_to("../node_modules")
    (repo / "designs" / ".draft.design.yaml").write_text("not: yet\n")
    (repo / "invalid.design.yaml").unlink()
    result = check(repo, ".", "--fail-on", "critical")
    assert (result.returncode, result.stderr) == (0, "")


def deep(folder: pathlib.Path) -> None:
    """Folders so deep that the kernel does not find the last one by its path, whoever asks."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(17):
        os.mkdir("d" * 250, dir_fd=at)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


@pytest.mark.parametrize("path", [".", "**", "sub", "sub/**", "**/*.design.yaml", "s*"])
def test_a_folder_that_cannot_be_looked_into_is_an_error(path: str, repo: pathlib.Path) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / "clean.design.yaml").write_text(design("clean", orders=("evidence_on_file", "main")))
    deep(repo / "sub")
    result = check(repo, path)
    assert result.returncode == 2 and result.stdout == ""
    assert "this folder cannot be looked into: file name too long" in result.stderr and "help: " in result.stderr


@pytest.mark.parametrize(
    ("path", "refused"),
    [("closed", True), (".", True), ("*", True), ("*/x.design.yaml", False), ("*/*.design.yaml", True),
     ("clos[e]d/x.design.yaml", False), ("open/*.design.yaml", False), ("**/x.design.yaml", True)],
)  # fmt: skip
def test_a_closed_folder_matters_where_it_has_to_be_read(
    path: str, refused: bool, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed to everybody, root too: the call of the kernel is refused."""
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.design.yaml").write_text("")
    real = os.scandir

    def scandir(folder: str | int = ".") -> object:
        if not isinstance(folder, int) and os.path.basename(os.path.normpath(folder)) == "closed":
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "scandir", scandir)
    if not refused:
        assert designs([path])
        return
    with pytest.raises(InvalidInput, match="cannot be looked into: permission denied") as caught:
        designs([path, "open"])
    assert {os.path.normpath(p.span.file) for p in caught.value.problems} == {"closed"}


def test_notes_keep_to_their_lines(repo: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "designs" / "x\n::error::taken over.design.yml").write_text("")
    assert cli.run(["check", "designs", *SETS, "--fail-on", "critical"]) == 0
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1 and err.startswith("note: designs/x")
