"""The gallery: comparing all of it works; that it decides every rule is a matter of `policy-eval lint`."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

from docs import gallery_pages
from policy_eval import library
from policy_eval.vocabulary.law import Band

ROOT = pathlib.Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["gdpr", "cn-credit"])
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
