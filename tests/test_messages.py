"""Words of the interface go through gettext, so that a catalogue is all that another language needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy_eval import messages

TEMPLATES = sorted((Path(messages.__file__).parent / "report" / "html" / "templates").glob("*.html"))
CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<style>.*?</style>|<[^>]*>", re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_words_of_their_own(template: Path) -> None:
    left = CODE.sub(" ", template.read_text(encoding="utf-8"))
    assert re.findall(r"[A-Za-z]{2,}", left) == []


def test_numbers_choose_between_one_and_many() -> None:
    assert [messages.ngettext("place", "places", n) for n in (0, 1, 2)] == ["places", "place", "places"]


def test_a_catalogue_is_looked_for_beside_the_package() -> None:
    assert messages.DOMAIN == "policy_eval"
    assert messages.gettext("no such words") == "no such words"
