"""The gallery: every rule is decided somewhere in it, and comparing all of it works."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

from docs import gallery_pages
from policy_eval import library
from policy_eval.vocabulary.law import Band, Outcome

ROOT = pathlib.Path(__file__).parent.parent


def test_every_rule_is_decided_somewhere() -> None:
    settled = {Outcome.CONFLICT, Outcome.UNLESS_EXCUSED, Outcome.NO_CONFLICT}
    assert [rule for rule, found in gallery_pages.outcomes().items() if not settled & set(found)] == []


@pytest.mark.parametrize("name", library.set_names())
def test_all_designs_side_by_side(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "policy_eval", "compare", *library.design_names(), "-p", name],
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}, timeout=120,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
    assert f"{len(library.design_names())} designs under the" in result.stdout
    assert max(len(line.rstrip()) for line in result.stdout.splitlines()) <= 80


def test_a_telematics_tariff_is_not_prohibited() -> None:
    band = gallery_pages.judged("eu-ai-act")["driving-style-tariff"].card.band
    assert Band.PROHIBITED not in (band.standing, band.worst)
