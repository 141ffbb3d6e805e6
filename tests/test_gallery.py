"""The gallery: comparing all of it works; that it decides every rule is a matter of `policy-eval lint`."""

from __future__ import annotations

import pytest

from docs import gallery_pages
from policy_eval import library
from policy_eval.vocabulary.law import Band
from tests.program import run


@pytest.mark.parametrize("name", ["gdpr", "cn-credit"])
def test_all_designs_side_by_side(name: str) -> None:
    result = run("compare", *library.design_names(), "-p", name, NO_COLOR="1")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"{len(library.design_names())} designs under the" in result.stdout
    assert max(len(line.rstrip()) for line in result.stdout.splitlines()) <= 80


def test_a_telematics_tariff_is_not_prohibited() -> None:
    band = gallery_pages.judged("eu-ai-act")["driving-style-tariff"].card.band
    assert Band.PROHIBITED not in (band.standing, band.worst)
