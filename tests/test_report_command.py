"""Reports as the command line writes them, whatever else is asked for and whatever stdout can take."""

from __future__ import annotations

import pathlib

import pytest

from policy_eval.report import FORMATS
from tests.program import run, run_anew

ASKED = ("compare", "sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit", "-p", "oecd")


@pytest.mark.parametrize("command", ["evaluate", "compare"])
def test_other_formats_of_a_run_change_nothing(tmp_path: pathlib.Path, command: str) -> None:
    names = [name for name in FORMATS if name != "pdf"]  # made of the same document as DOCX
    every = [f"--output={name}={tmp_path / f'together.{name}'}" for name in names]
    assert run(command, *ASKED[1:], *every).returncode == 0
    for name in names:
        alone = tmp_path / f"alone.{name}"
        assert run(command, *ASKED[1:], "-o", f"{name}={alone}").returncode == 0
        assert alone.read_bytes() == (tmp_path / f"together.{name}").read_bytes(), name


@pytest.mark.parametrize("more", [[], ["--as-of", "period"], ["--facts", "sourced"], ["--engine", "reference"]])
@pytest.mark.parametrize(
    "asked", [["evaluate", "--lens", "linddun", "-f", "html", "-o", "json={}"], ["compare", "-f", "csv"]], ids=" ".join
)
def test_same_bytes_by_one_process_and_by_several(tmp_path: pathlib.Path, asked: list[str], more: list[str]) -> None:
    command, *formats = asked
    names = [*ASKED[1:4], "store-card-points-table", "points-credit-score-us"]
    found = []
    for jobs in ("1", "2"):
        file = tmp_path / f"{jobs}.json"
        done = run(
            command, *names, "-p", "oecd", "-p", "fcra-ecoa", *[f.format(file) for f in formats], *more, "-j", jobs
        )
        assert done.returncode == 0, done.stderr
        found.append((done.stdout, done.stderr, file.read_bytes() if file.exists() else b""))
    assert found[0] == found[1]


def test_what_other_processes_cannot_load_is_said_once(tmp_path: pathlib.Path) -> None:
    done = run("evaluate", *ASKED[1:4], "-p", "oecd", "--lens", "lindun", "-j", "2")
    assert done.returncode == 2 and done.stderr.count("no lens is called `lindun`") == 1


@pytest.mark.parametrize("name", ["text", "json", "html", "markdown", "csv"])
def test_any_stdout_takes_a_report(name: str) -> None:
    done = run_anew(*ASKED, "-f", name, PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and done.stderr == "" and len(done.stdout) > 1000
