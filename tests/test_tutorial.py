"""The tutorial, and the pages on editors, the gate and teaching, are followed to the letter, in an empty folder."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess

import pytest

from tests.program import ROOT, installed, surroundings

BLOCK = re.compile(r"```(console|yaml|toml)\n(.*?)\n```", re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "commands"), [("tutorial.md", 16), ("editors.md", 8), ("check.md", 6), ("teaching.md", 25)]
)
def test_the_page_works_as_written(tmp_path: pathlib.Path, page: str, commands: int) -> None:
    work = tmp_path / "work"
    work.mkdir()
    env = surroundings(PATH=f"{installed(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}", NO_COLOR="1")
    ran = 0
    for kind, text in BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if kind != "console":
            name = text.splitlines()[0].removeprefix("# ")
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_text(text + "\n")
            continue
        for command, shown in COMMAND.findall(f"{text}\n"):
            result = subprocess.run(command, shell=True, cwd=work, env=env, capture_output=True, text=True)
            assert result.returncode == 0, (command, result.stdout, result.stderr)
            real = " ".join(result.stdout.split())
            for part in shown.split("[...]"):
                assert " ".join(part.split()) in real, (command, result.stdout, result.stderr)
            ran += 1
    assert ran >= commands
