"""How a check is run: on many cores, over what is on file, and by a day on which there was no law."""

from __future__ import annotations

import datetime as dt
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from policy_eval import batch, library
from policy_eval.checking.checker import Checker, Plan
from policy_eval.errors import InternalError
from policy_eval.evaluation import Engine
from policy_eval.gate.baseline import Baseline, BaselineFile, EntryFile
from policy_eval.gate.judging import Threshold
from tests import scratch
from tests.test_cli import BASE, ROOT, run

DAY = ("--today", "2026-11-27")


@pytest.fixture
def repo(tmp_path: pathlib.Path) -> pathlib.Path:
    scratch.repository(tmp_path)
    (tmp_path / "invalid.design.yaml").unlink()
    return tmp_path


# ---------------------------------------------------------------- many cores


def ready() -> None:
    """Nothing is to be made ready."""


def unready() -> None:
    raise ValueError("cannot begin")


def answer(number: int) -> tuple[int, bytes]:
    """Slow for some, refused for 1000, the end of the process for 2000; more than a pipe holds."""
    if number == 1000:
        raise ValueError("no answer")
    if number == 2000:
        os._exit(1)
    time.sleep(0.05 if number % 7 == 0 else 0)
    return number, b"x" * 200_000


def over(inputs: Iterable[Any], work: Callable[[Any], Any], prepare: Callable[[], None]) -> Iterator[Any]:
    """By two processes."""
    with batch.Crew(2, __name__) as crew:
        yield from crew.over(inputs, work, prepare)


@pytest.mark.parametrize("number", [0, 1, 40])
def test_results_come_in_order_and_few_at_a_time(number: int) -> None:
    asked: list[int] = []

    def inputs() -> Iterator[int]:
        for n in range(number):
            asked.append(n)
            yield n

    for place, (result, _) in enumerate(over(inputs(), answer, ready)):
        assert result == place and len(asked) <= place + 1 + 8
    assert len(asked) == number


@pytest.mark.parametrize(
    ("inputs", "prepare", "error", "words"),
    [
        ([1, 1000, 2], ready, ValueError, "no answer"),
        ([1, 2], unready, ValueError, "cannot begin"),
        ([1, 2000, 2], ready, InternalError, "a worker process has ended"),
    ],
)
def test_what_goes_wrong_elsewhere_is_raised_here(inputs: list[int], prepare: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        list(over(inputs, answer, prepare))


def late(number: int) -> int:
    """Refuses, the first of all last."""
    time.sleep(0.5 if number == 1 else 0)
    raise ValueError(f"not {number}")


def test_of_what_goes_wrong_the_first_is_told() -> None:
    with pytest.raises(ValueError, match="not 1"):
        list(over([1, 2, 3, 4], late, ready))


def echo(given: bytes) -> bytes:
    """More than any pipe holds, both ways."""
    return given


def test_large_inputs_and_large_results_do_not_wait_for_each_other() -> None:
    given = [bytes([n]) * 3_000_000 for n in range(12)]
    begun = threading.Thread(target=lambda: found.extend(over(given, echo, ready)), daemon=True)
    found: list[bytes] = []
    begun.start()
    begun.join(60)
    assert found == given


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGTERM, 143, b"terminated\n"), (signal.SIGINT, 130, b"interrupted\n")]
)
def test_who_is_ended_says_so_and_nothing_else(repo: pathlib.Path, number: int, code: int, word: bytes) -> None:
    """No word of what the processes shared."""
    for n in range(60):
        text = scratch.design(f"more-{n:02}", orders=("nothing_stated", "main"))
        (repo / "designs" / f"more-{n:02}.design.yaml").write_text(text)
    os.mkfifo(repo / "designs" / "more-99.design.yaml")  # nobody writes to it, so there is time
    command = [sys.executable, "-m", "policy_eval", "check", "designs", "-p", "./house", *DAY, "-j", "2"]
    with subprocess.Popen(
        command, cwd=repo, env={**BASE, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until = time.monotonic() + 30
        while process.poll() is None and len(children.read_text().split()) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.2)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)  # whoever shares its stderr has ended too
    assert (process.returncode, out, err) == (code, b"", word)


# ---------------------------------------------------------------- what is on file


class Counted(tuple[EntryFile, ...]):
    """Entries that say how often they are gone through."""

    times = 0

    def __iter__(self) -> Iterator[EntryFile]:
        Counted.times += 1
        return super().__iter__()


def test_what_is_on_file_is_gone_through_once_and_not_for_every_design(repo: pathlib.Path) -> None:
    place = ("inputs.orders.uses.loans",)
    entries = [EntryFile(design=d, rule="house/unexplained", place=place, standing="against")
               for d in ("conflict", "clean", "elsewhere")]  # fmt: skip
    text = BaselineFile(schema=1, tool="x", written=dt.date(2026, 11, 27), findings=tuple(entries))
    baseline = Baseline("base.json", text)
    baseline.findings = Counted(entries)
    sets, profile = (library.load_set(str(repo / "house")),), library.load_profile("default")
    plan = Plan(sets, profile, Engine.REFERENCE, None, False, text.written, Threshold(), baseline=baseline)
    checker = Checker(plan)
    before = Counted.times
    found = {n: checker.check(str(repo / "designs" / f"{n}.design.yaml")) for n in ("conflict", "clean", "undecided")}
    assert Counted.times == before
    assert {n: (set(c.covering), set(c.stale)) for n, c in found.items()} == {
        "conflict": ({0}, set()), "clean": (set(), {1}), "undecided": (set(), set()),
    }  # fmt: skip


# ---------------------------------------------------------------- a day without law


def test_a_design_is_not_dated_back_through_the_gate(repo: pathlib.Path) -> None:
    rule = repo / "house" / "unexplained.rule.yaml"
    rule.write_text(rule.read_text().replace("severity: high\n", "severity: high\neffective: {from: 2020-01-01}\n"))
    banned = repo / "house" / "banned.rule.yaml"
    banned.write_text(
        banned.read_text().replace("severity: critical\n", "severity: critical\neffective: {from: 2018-01-01}\n")
    )
    path = repo / "designs" / "conflict.design.yaml"
    text = path.read_text()

    def check(until: str, *more: str) -> subprocess.CompletedProcess[str]:
        path.write_text(f"{text}period: {{until: {until}}}\n")
        return run("check", str(path), "-p", "./house", *DAY, "--as-of", *(more or ("period",)), cwd=repo)

    assert check("2020-01-01").returncode == 1
    back = check("2017-12-31")
    said = " ".join(back.stdout.split())
    assert back.returncode == 2 and "the gate cannot tell" in said
    assert "no rule was in force on 2017-12-31, the last day of the design's `period`" in said
    # Where another rule was, it is judged by that one; but not where nobody looks at that one.
    assert check("2018-01-01").returncode == 0
    assert check("2018-01-01", "period", "--select", "house/unexplained").returncode == 2
    # Who puts up the gate may ask what the law of a day said, and is told that it said nothing.
    asked = check("2017-12-31", "2017-12-31")
    assert asked.returncode == 0 and "none of its rules was in force on that day" in " ".join(asked.stdout.split())
