"""Every command in the README is run, and the output shown is the real one."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from tests import program
from tests.program import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ (.+?)\n(.*?)\n```", README, re.DOTALL)
NAMED = re.findall(r"^\| `(policy-eval [^`]+)`", README, re.MULTILINE)
EXAMPLES = {
    "DESIGN...": "privacy-first-credit",
    "DESIGN": "sesame-credit-2018",
    "RULE": "gdpr/consent-by-pre-ticked-box",
}


def run(command: str) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    assert words[0] == "policy-eval"
    return program.run(*words[1:], NO_COLOR="1")


def test_something_is_shown() -> None:
    assert len(SHOWN) >= 2
    assert len(NAMED) >= 6


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_output_shown_is_real(command: str, output: str) -> None:
    result = run(command)
    real = "\n".join(line.rstrip() for line in result.stdout.splitlines())
    shown = "\n".join(line.rstrip() for line in output.splitlines())
    assert result.returncode == 0
    for part in shown.split("\n[...]\n"):
        assert part.strip() in real


@pytest.mark.parametrize("command", NAMED)
def test_commands_named_run(command: str) -> None:
    words = command.replace("DESIGN DESIGN...", "sesame-credit-2018 privacy-first-credit")
    words = words.replace("DESIGN DESIGN", "sesame-credit-2018 sesame-credit-unticked")
    for name, example in EXAMPLES.items():
        words = words.replace(name, example)
    if words == "policy-eval test":
        words += " -p oecd"  # `make test` runs it for all of them
    assert run(words).returncode == 0


def test_first_commands_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert f"\n{target}:" in makefile
