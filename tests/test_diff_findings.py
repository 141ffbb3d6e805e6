"""What a change of a design does to its findings, bands and burdens."""

from __future__ import annotations

import pathlib
import random
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval import library
from policy_eval.analysis import sampling
from policy_eval.difference import Difference, FindingKind, difference
from policy_eval.evaluation import Engine, Judge
from policy_eval.vocabulary.law import Outcome
from tests import generators as g
from tests.diffs import ADS, DESIGN, OPEN, PRESET, PROFILE, SOFT, evaluated, judge, seeds, toy

__all__ = ["judge", "toy"]

Found = list[tuple[str, str, str | None, str | None, list[str]]]


def findings(d: Difference) -> Found:
    return [
        (f.rule.id.removeprefix("toy/"), f.kind.value, f.before and f.before.value, f.after and f.after.value,
         [".".join(c.path) for c in f.facts])
        for f in d.findings
    ]  # fmt: skip


CASES: list[tuple[str, str, Found]] = [
    (DESIGN, PRESET, [("ticked", "added", "no_conflict", "conflict", ["consents.box.act"])]),
    (PRESET, DESIGN, [("ticked", "cured", "conflict", "no_conflict", ["consents.box.act"])]),
    (PRESET, SOFT, [("ticked", "softened", "conflict", "conflict_unless_excused", ["consents.box.recorded"])]),
    (SOFT, PRESET, [("ticked", "hardened", "conflict_unless_excused", "conflict", ["consents.box.recorded"])]),
    (PRESET, OPEN, [("ticked", "reopened", "conflict", "undecided", ["consents.box.act"])]),
    (DESIGN, OPEN, [("ticked", "reopened", "no_conflict", "undecided", ["consents.box.act"])]),
    (OPEN, DESIGN, [("ticked", "decided", "undecided", "no_conflict", ["consents.box.act"])]),
    (OPEN, PRESET, [("ticked", "added", "undecided", "conflict", ["consents.box.act"])]),
    # The place is gone and known to be; then nobody says so any more; then the list is unknown.
    (
        PRESET,
        PRESET.replace("consents: [{id: box, act: preset, recorded: false}]", "consents: []"),
        [("ticked", "cured", "conflict", None, ["consents.box"])],
    ),
    (
        PRESET,
        PRESET.replace("consents: [{id: box, act: preset, recorded: false}]", "consents: [{id: other, act: none}]")
        + "partial: [consents]\n",
        [
            ("ticked", "reopened", "conflict", "undecided", ["consents", "consents.box"]),
            ("ticked", "opened", None, "undecided", ["consents"]),
        ],
    ),
    (
        PRESET,
        PRESET.replace("consents: [{id: box, act: preset, recorded: false}]", ""),
        [
            ("ticked", "reopened", "conflict", "undecided", ["consents"]),
            ("ticked", "opened", None, "undecided", ["consents"]),
        ],
    ),
    (
        DESIGN.replace("consents: [{id: box, act: own_affirmative, recorded: false}]", ""),
        DESIGN,
        [("ticked", "decided", "undecided", None, ["consents"])],
    ),
    # A place that was not there before: known not to be, or perhaps unseen.
    (
        DESIGN,
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans, link: other_field}]}, "),
        [("far", "added", None, "conflict", ["inputs.age"])],
    ),
    (
        DESIGN + "partial: [inputs]\n",
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans, link: other_field}]}, ")
        + "partial: [inputs]\n",
        [("far", "added", "undecided", "conflict", ["inputs.age"])],
    ),
    (
        DESIGN + "partial: [inputs]\n",
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans, link: same_field}]}, ")
        + "partial: [inputs]\n",
        [],
    ),
    (
        DESIGN,
        DESIGN.replace("inputs: [", "inputs: [{id: age, uses: [{purpose: loans}]}, "),
        [("far", "opened", None, "undecided", ["inputs.age"])],
    ),
    # A pair that is no longer linked is no place; one that may be linked is open.
    (
        DESIGN.replace("contest: informal", "contest: none"),
        DESIGN.replace("contest: informal", "contest: none")
        .replace("purposes: [{id: loans}]", "purposes: [{id: loans}, {id: ads}]")
        .replace("refusal, purpose: loans", "refusal, purpose: ads"),
        [
            ("joined", "added", None, "conflict", ["consequences.refusal.purpose", "purposes.ads"]),
            ("joined", "cured", "conflict", None, ["consequences.refusal.purpose"]),
        ],
    ),
    (
        ADS.replace("contest: informal", "contest: none") + "partial: [consequences]\n",
        ADS.replace("contest: informal", "contest: none").replace("refusal, purpose: loans", "refusal, purpose: ads")
        + "partial: [consequences]\n",
        [
            ("joined", "added", None, "conflict", ["consequences.refusal.purpose"]),
            ("joined", "cured", "conflict", None, ["consequences.refusal.purpose"]),
        ],
    ),
    (
        ADS.replace("direction: worse", "direction: unknown").replace("informal", "none"),
        ADS.replace("direction: worse", "direction: unknown")
        .replace("informal", "none")
        .replace("refusal, purpose: loans", "refusal, purpose: ads"),
        [
            ("joined", "opened", None, "undecided", ["consequences.refusal.purpose"]),
            ("joined", "decided", "undecided", None, ["consequences.refusal.purpose"]),
        ],
    ),
    # Out of scope, and what is stated of the scope is what it hangs on.
    (
        PRESET,
        PRESET.replace("scored: true", "scored: false"),
        [("ticked", "cured", "conflict", "not_applicable", ["subjects.people.scored"])],
    ),
    (
        PRESET,
        PRESET.replace("scored: true", "scored: unknown"),
        [
            ("far", "reopened", "no_conflict", "undecided", ["subjects.people.scored"]),
            ("joined", "reopened", "no_conflict", "undecided", ["subjects.people.scored"]),
            ("secret", "reopened", "no_conflict", "undecided", ["subjects.people.scored"]),
            ("ticked", "softened", "conflict", "conflict_unless_excused", ["subjects.people.scored"]),
        ],
    ),
]


@pytest.mark.parametrize(("before", "after", "found"), CASES)
def test_what_happens_to_findings(judge: Judge, tmp_path: pathlib.Path, before: str, after: str, found: Found) -> None:
    d = difference(evaluated(judge, tmp_path, before), evaluated(judge, tmp_path, after))
    assert sorted(findings(d)) == sorted(found)
    assert [list(FindingKind).index(f.kind) for f in d.findings] == sorted(
        list(FindingKind).index(f.kind) for f in d.findings
    )


def test_a_new_design_adds_and_a_gone_one_cures_nothing(judge: Judge, tmp_path: pathlib.Path) -> None:
    e = evaluated(judge, tmp_path, PRESET)
    new, gone = difference(None, e), difference(e, None)
    assert findings(new) == [("ticked", "added", None, "conflict", [])]
    assert gone.findings == ()
    assert all(p.before is None and p.after is not None for p in new.principles)
    assert all(p.after is None and p.before is not None for p in gone.principles)
    assert gone.either is new.either is e


def test_bands_and_burdens_of_principles(judge: Judge, tmp_path: pathlib.Path) -> None:
    d = difference(evaluated(judge, tmp_path, DESIGN), evaluated(judge, tmp_path, PRESET))
    changed = {p.principle.value for p in d.principles if p.before != p.after}
    assert changed == {"consent"} and len(d.principles) == 3
    (consent,) = [p for p in d.principles if p.principle.value == "consent"]
    assert consent.before and consent.after
    assert (str(consent.before.band.standing), str(consent.after.band.standing)) == ("none_found", "serious_conflicts")
    assert consent.before.burden.standing == 0 < consent.after.burden.standing


def test_a_rule_that_is_in_force_on_one_of_the_days_alone(toy: pathlib.Path, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "toy"
    shutil.copytree(toy, folder)
    rule = folder / "ticked.rule.yaml"
    rule.write_text(rule.read_text() + "effective: {from: 2020-01-01}\n")
    principles = library.load_set(str(folder))
    late = PRESET + "period: {until: 2021-01-01}\n"
    early = PRESET + "period: {until: 2019-01-01}\n"
    evaluations = []
    for text in (early, late):
        path = tmp_path / "d.design.yaml"
        path.write_text(text)
        file = library.load_design(str(path))
        assert file.design.period
        evaluations.append(Judge(principles, PROFILE, as_of=file.design.period.until).evaluate(file))
    old, new = evaluations
    assert findings(difference(old, new)) == [("ticked", "added", None, "conflict", ["period.until"])]
    assert findings(difference(new, old)) == [("ticked", "cured", "conflict", None, ["period.until"])]


SHIPPED = ("eu-ai-act", "fcra-ecoa")


def judges(seed: int) -> Iterator[Judge]:
    for name in SHIPPED:
        yield Judge(library.load_set(name), PROFILE, engine=Engine.REFERENCE)
    yield Judge(g.random_set(random.Random(f"diff {seed}"), trivial=False), PROFILE, engine=Engine.REFERENCE)


@pytest.mark.slow
@given(seed=seeds)
def test_every_finding_that_changed_hangs_on_a_fact_that_did(seed: int) -> None:
    rng = random.Random(seed)
    whole = sampling.complete_draft(rng)
    drafts = [whole, sampling.forget(whole, rng, 0.2), sampling.random_draft(rng)]
    files = [d.load() for d in drafts]
    for each in judges(seed):
        evaluations = [each.evaluate(f) for f in files]
        for old, new in ((0, 1), (1, 0), (0, 2)):
            d = difference(evaluations[old], evaluations[new])
            assert [f for f in d.findings if not f.facts] == []
            assert all(f.before is not f.after for f in d.findings)
            unseen = {o for f in d.findings if not f.seen for o in (f.before, f.after)}
            assert not unseen & {Outcome.CONFLICT, Outcome.UNLESS_EXCUSED}


@pytest.mark.slow
@given(seed=seeds, share=st.sampled_from((0.1, 0.4)))
def test_silence_cures_and_decides_nothing(seed: int, share: float) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    files = [draft.load(), sampling.forget(draft, rng, share).load()]
    for each in judges(seed):
        d = difference(*(each.evaluate(f) for f in files))
        assert d.of(FindingKind.CURED, FindingKind.DECIDED, FindingKind.HARDENED) == ()
        # An excuse that is no longer shown leaves a conflict that stands unless excused, never an established one.
        assert {f.after for f in d.of(FindingKind.ADDED)} <= {Outcome.UNLESS_EXCUSED}


@pytest.mark.slow
@given(seed=seeds)
def test_without_a_fact_that_changed_no_finding_does(seed: int) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    other = sampling.load({**g.shuffled(draft.tree(), rng), "title": "Another title", "id": "other"})
    for each in judges(seed):
        one, two = each.evaluate(draft.load()), each.evaluate(other)
        assert difference(one, two).findings == ()
        assert one.card == two.card
