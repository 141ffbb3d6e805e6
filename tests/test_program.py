"""Tests may run the program from a warm server, because nothing of what it says or does is different there."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys

import pytest

from tests import program
from tests.program import ROOT, installed, run, run_anew, surroundings, unnoted

forks = pytest.mark.skipif(program.warm_server() is None, reason="no warm server here")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--version",),
        ("nonsense",),
        ("evaluate", "--help"),
        ("evaluate", "--nonsense"),
        ("evaluate", "sesame-credit-2018", "-p", "gdpr"),
        ("evaluate", "sesame-credit-2081", "-p", "gdpr"),
        ("evaluate", "sesame-credit-2018", "-p", "oecd", "-f", "json", "-o", "json=/dev/stderr"),
        ("check", "sesame-credit-2018", "privacy-first-credit", "-p", "oecd", "-j", "2", "--today", "2026-11-27"),
    ],
    ids=" ".join,
)
def test_a_run_says_what_a_process_says(arguments: tuple[str, ...], tmp_path: pathlib.Path) -> None:
    warm, anew = run(*arguments, cwd=tmp_path), run_anew(*arguments, cwd=tmp_path)
    assert (warm.returncode, warm.stdout, warm.stderr) == (anew.returncode, anew.stdout, anew.stderr)
    assert warm.stdout + warm.stderr


@forks
def test_runs_start_equal_and_leave_nothing_behind(tmp_path: pathlib.Path) -> None:
    """Folder and environment are those of a run; what one does to its process is gone with it."""
    here = (os.getcwd(), dict(os.environ))
    assert run("new", "set", "house", cwd=tmp_path).returncode == 0
    assert run("lint", "-p", "house").returncode == 2  # in another folder
    assert run("lint", "-p", "house", cwd=tmp_path).returncode == 0
    wide, narrow = (
        run("evaluate", "sesame-credit-2018", "-p", "oecd", COLUMNS="200"),
        run("evaluate", "sesame-credit-2018", "-p", "oecd"),
    )
    assert max(map(len, narrow.stdout.splitlines())) <= 80 < max(map(len, wide.stdout.splitlines()))
    assert (os.getcwd(), dict(os.environ)) == here


@forks
@pytest.mark.parametrize(("name", "value"), [("PYTHONWARNINGS", "nonsense"), ("PYTHONPATH", "elsewhere")])
def test_what_python_reads_at_its_start_starts_one(name: str, value: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "sitecustomize.py").write_text("import sys\nprint('Invalid', file=sys.stderr)\n")
    assert "Invalid" in run("--version", cwd=tmp_path, **{name: value}).stderr
    assert run("--version", cwd=tmp_path).stderr == ""


@forks
def test_shells_find_it_as_the_program(tmp_path: pathlib.Path) -> None:
    """In a pipe, with both streams, a reader that goes away, and the codes of one that is ended by a signal."""
    env = surroundings(PATH=f"{installed(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}")

    def shell(line: str) -> tuple[int, str, str]:
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, unnoted(done.stderr)

    assert shell("policy-eval --version > a; cat a") == (0, run("--version").stdout, "")
    assert shell("policy-eval nonsense 2>&1 | grep -c nonsense; echo ${PIPESTATUS[0]}") == (0, "1\n2\n", "")
    code, out, err = shell("policy-eval evaluate sesame-credit-2018 -f json | head -c 1; echo ${PIPESTATUS[0]}")
    assert (code, out, err) == (0, "{0\n", "")


@forks
def test_the_server_ends_with_who_started_it(tmp_path: pathlib.Path) -> None:
    code = "from tests import program; print(program.warm_server(), flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        path = process.stdout.readline().strip()
        assert _serves(path)
        process.send_signal(signal.SIGKILL)
    assert any(not _serves(path) for _ in range(100))


def _serves(path: str) -> bool:
    from tests import warm_client

    try:
        with open(os.devnull, "r+b") as nothing:
            number = nothing.fileno()
            connection = warm_client.request(path, ["--version"], "/", surroundings(), [number, number, number])
            return warm_client.code(connection) == 0
    except OSError:
        return False
