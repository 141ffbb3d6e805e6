"""When a change of designs keeps the gate of `diff` shut."""

from __future__ import annotations

import pathlib

import pytest

from policy_eval import library
from policy_eval.design.changes import changes
from policy_eval.difference import AGAINST, CLEAR, NOT_DEMONSTRATED, Difference, FindingKind, difference, verdict
from policy_eval.evaluation import Judge
from policy_eval.vocabulary.law import Severity
from tests.diffs import DESIGN, OPEN, PRESET, PROFILE, SOFT, evaluated, judge, toy

__all__ = ["judge", "toy"]

GATE: list[tuple[str, str, Severity | None, int, int]] = [
    # before, after, least severity, code with --fail-on-new, code with --fail-on-lost-facts
    (DESIGN, PRESET, Severity.HIGH, AGAINST, CLEAR),
    (DESIGN, PRESET, Severity.CRITICAL, CLEAR, CLEAR),
    (DESIGN, PRESET, None, CLEAR, CLEAR),
    (PRESET, DESIGN, Severity.LOW, CLEAR, CLEAR),
    (SOFT, PRESET, Severity.HIGH, AGAINST, CLEAR),
    (PRESET, SOFT, Severity.HIGH, CLEAR, NOT_DEMONSTRATED),
    (DESIGN, OPEN, Severity.HIGH, NOT_DEMONSTRATED, NOT_DEMONSTRATED),
    (DESIGN, OPEN, Severity.CRITICAL, CLEAR, NOT_DEMONSTRATED),
    (OPEN, DESIGN, Severity.LOW, CLEAR, CLEAR),
    (DESIGN, DESIGN + "partial: [inputs]\n", Severity.MEDIUM, NOT_DEMONSTRATED, NOT_DEMONSTRATED),
    (DESIGN, OPEN.replace("criteria: categories", "criteria: none"), Severity.HIGH, AGAINST, NOT_DEMONSTRATED),
    (DESIGN, DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans}]}, "), Severity.LOW, 4, CLEAR),
]


@pytest.mark.parametrize(("before", "after", "least", "new", "lost"), GATE)
def test_the_gate(
    judge: Judge, tmp_path: pathlib.Path, before: str, after: str, least: Severity | None, new: int, lost: int
) -> None:
    d = difference(evaluated(judge, tmp_path, before), evaluated(judge, tmp_path, after))
    assert d.old and d.new
    facts = changes(d.old.design, d.new.design)
    assert verdict([d], least, facts=facts) == CLEAR
    assert verdict([d], least, fail_on_new=True) == new
    assert verdict([d], None, facts=facts, fail_on_lost_facts=True) == lost
    both = verdict([d], least, fail_on_new=True, facts=facts, fail_on_lost_facts=True)
    assert both == (AGAINST if AGAINST in (new, lost) else max(new, lost))


def test_law_that_is_unsettled_alone_opens_nothing_for_the_gate() -> None:
    """A concept that neither holds nor fails leaves a finding undecided with every fact known."""
    text = library.load_design("class-points-app")
    d = difference(None, Judge(library.load_set("gdpr"), PROFILE).evaluate(text))
    opened = d.of(FindingKind.OPENED)
    unsettled, missing = (tuple(f for f in opened if bool(f.open) is there) for there in (False, True))
    assert unsettled and missing and all(f.unsettled for f in unsettled)
    assert verdict([Difference(None, d.new, unsettled, ())], Severity.ADVISORY, fail_on_new=True) == CLEAR
    assert verdict([Difference(None, d.new, missing, ())], Severity.ADVISORY, fail_on_new=True) == NOT_DEMONSTRATED
