"""Reports from the real command line, kept as files and compared byte by byte.

`python -m tests.test_golden` writes them anew; the difference is reviewed like any other change.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

from policy_eval import __version__
from policy_eval.teaching import exercise

ROOT = pathlib.Path(__file__).parent.parent
FOLDER = pathlib.Path(__file__).parent / "golden"
COMMANDS = {
    "evaluate-sesame-gdpr.txt": "evaluate sesame-credit-2018 -p gdpr",
    "evaluate-sesame-eu-ai-act.txt": "evaluate sesame-credit-2018 -p eu-ai-act",
    "evaluate-plan.txt": "evaluate social-credit-plan-2014-2020 -p gdpr -p human-rights",
    "evaluate-privacy-first.txt": "evaluate privacy-first-credit -p gdpr -p eu-ai-act --lens contextual-integrity",
    "compare-across-sets.txt": "compare sesame-credit-2018",
    "rules-changes.txt": "rules --changes --as-of 2026-01-01",
    "rules-lens.txt": "rules --by solove -p gdpr -p fcra-ecoa",
    "compare-unticked.txt": "compare sesame-credit-2018 sesame-credit-unticked -p gdpr",
    "compare-operator-account.txt": "compare sesame-credit-2018 sesame-credit-2018-operator-account -p gdpr",
    "compare-many.txt": "compare sesame-credit-2018 delivery-rider-score-2019 delivery-rider-score-2023 "
    "delivery-rider-score-as-ordered tenant-screening-score-2022 privacy-first-credit -p gdpr",
    "compare.json": "compare sesame-credit-unticked privacy-first-credit -p eu-ai-act -f json",
    "explain-rule.txt": "explain gdpr/solely-automated-decision",
    "explain-derivation.txt": "explain sesame-credit-2018 gdpr/incompatible-reuse",
    "cases.txt": "cases --case case-07 --case case-32 -p gdpr",
    "rules.txt": "rules --by principle",
    "exercises.txt": "exercise list",
    "exercise-reveal.txt": "exercise reveal the-ticked-box",
    **{f"exercise-{name}.md": f"exercise grade exercises/{name} -f markdown" for name in exercise.names()},
}


def produce(command: str) -> str:
    """What the command prints; the reference evaluator alone, so that every installation gives the same."""
    words = command.split()
    engine = [] if words[0] == "rules" or words[:2] == ["exercise", "list"] else ["--engine", "reference"]
    result = subprocess.run(
        [sys.executable, "-m", "policy_eval", *words, *engine],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        check=True,
    )
    return result.stdout.replace(f"policy_eval {__version__}", "policy_eval VERSION")


@pytest.mark.parametrize("name", COMMANDS)
def test_golden(name: str) -> None:
    assert produce(COMMANDS[name]) == (FOLDER / name).read_text(encoding="utf-8")


def test_no_stale_files() -> None:
    assert {p.name for p in FOLDER.iterdir()} == set(COMMANDS)


if __name__ == "__main__":
    for name, command in COMMANDS.items():
        (FOLDER / name).write_text(produce(command), encoding="utf-8")
