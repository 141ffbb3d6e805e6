"""Which facts differ between two designs."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval.analysis import sampling
from policy_eval.design.changes import About, ChangeKind, FactChange, changes
from tests import generators as g
from tests.diffs import seeds

Change = tuple[str, str, str, str]
BEFORE: dict[str, Any] = {
    "id": "score",
    "title": "A score",
    "kind": "hypothetical",
    "jurisdiction": ["Utrecht", "NL"],
    "is_ai": "infers_from_data",
    "subjects": [{"id": "people", "told_about": ["purposes", "rights"], "scored": True}],
    "purposes": [{"id": "loans"}],
    "inputs": [
        {"id": "bills", "source": "bought", "oldest_months": 24, "uses": [{"purpose": "loans", "link": "other_field"}]},
        {"id": "age", "source": "given_by_person"},
    ],
    "promises": [{"path": "transparency.criteria", "value": "list"}],
}


def edited(edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    after = copy.deepcopy(BEFORE)
    edit(after)
    return after


def told(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = changes(sampling.load(before).design, sampling.load(after).design)
    assert list(found) == sorted(found, key=lambda c: c.path)
    return [(".".join(c.path), c.kind.value, c.before, c.after) for c in found]


EDITS: list[tuple[Callable[[dict[str, Any]], object], list[Change]]] = [
    (lambda d: d.update(kind="exercise"), [("kind", "changed", "hypothetical", "exercise")]),
    (
        lambda d: d.update(period={"from": "2024-01-01"}),
        [("period.from", "stated", "unknown", "2024-01-01")],
    ),
    (lambda d: d.pop("is_ai"), [("is_ai", "lost", "infers_from_data", "unknown")]),
    (lambda d: d.update(jurisdiction=["NL"]), [("jurisdiction", "changed", "[Utrecht, NL]", "[NL]")]),
    (lambda d: d.update(jurisdiction=["NL", "Utrecht"]), []),
    (lambda d: d.update(title="Another", summary="Words", facts_as_of="2024-01-01"), []),
    (
        lambda d: d.update(
            sources=[{"id": "s", "type": "book", "title": "A book"}],
            evidence={"is_ai": [{"source": "s", "status": "sourced"}]},
        ),
        [],
    ),
    (lambda d: d["subjects"][0].update(told_about=["rights", "purposes"]), []),
    (
        lambda d: d["subjects"][0].update(told_about=["rights"], scored=False),
        [
            ("subjects.people.scored", "changed", "true", "false"),
            ("subjects.people.told_about", "changed", "[purposes, rights]", "[rights]"),
        ],
    ),
    (lambda d: d["inputs"].reverse(), []),
    (lambda d: d["inputs"][0].update(source="unknown"), [("inputs.bills.source", "lost", "bought", "unknown")]),
    (
        lambda d: d["inputs"][0].update(oldest_months="<=36"),
        [("inputs.bills.oldest_months", "lost", "24", "<=36")],
    ),
    (
        lambda d: d["inputs"][0].update(oldest_months=36),
        [("inputs.bills.oldest_months", "changed", "24", "36")],
    ),
    (
        lambda d: d["inputs"][0]["uses"][0].update(link="same_field"),
        [("inputs.bills.uses.loans.link", "changed", "other_field", "same_field")],
    ),
    # Lists: unknown, whole, or open.
    (lambda d: d.pop("inputs"), [("inputs", "lost", "[age, bills]", "unknown")]),
    (lambda d: d["inputs"].clear(), [(f"inputs.{i}", "removed", "stated", "not there") for i in ("age", "bills")]),
    (lambda d: d.update(partial=["inputs"]), [("inputs", "lost", "whole", "may hold more")]),
    (
        lambda d: (d["inputs"].pop(), d.update(partial=["inputs"])),
        [("inputs", "lost", "whole", "may hold more"), ("inputs.age", "lost", "stated", "unknown")],
    ),
    (
        lambda d: (d["inputs"].clear(), d.update(partial=["inputs"])),
        [("inputs", "lost", "[age, bills]", "unknown")],
    ),
    (
        lambda d: d["inputs"].append({"id": "rent", "uses": []}),
        [("inputs.rent", "added", "not there", "stated")],
    ),
    (
        lambda d: (d["inputs"].append({"id": "rent"}), d.update(partial=["inputs"])),
        [("inputs", "lost", "whole", "may hold more"), ("inputs.rent", "added", "not there", "stated")],
    ),
    (lambda d: d["inputs"][1].update(uses=[]), [("inputs.age.uses", "stated", "unknown", "[]")]),
    (
        lambda d: d["inputs"][0].update(uses=[]),
        [("inputs.bills.uses.loans", "removed", "stated", "not there")],
    ),
    (
        lambda d: d["promises"][0].update(value="weights"),
        [("promises.transparency.criteria.value", "changed", "list", "weights")],
    ),
]


@pytest.mark.parametrize(("edit", "found"), EDITS)
def test_facts_that_differ(edit: Callable[[dict[str, Any]], object], found: list[Change]) -> None:
    assert told(BEFORE, edited(edit)) == found


def test_a_list_that_is_empty_and_open_says_as_much_as_none() -> None:
    silent = edited(lambda d: d.pop("inputs"))
    assert told(silent, edited(lambda d: d.update(inputs=[], partial=["inputs"]))) == []
    assert told(silent, edited(lambda d: d.update(partial=["inputs"]))) == [
        ("inputs", "stated", "unknown", "[age, bills, and perhaps more]")
    ]
    assert told(silent, edited(lambda d: d.update(inputs=[]))) == [("inputs", "stated", "unknown", "[]")]


def test_a_part_of_an_open_list_is_stated_anew_and_not_added() -> None:
    def partial(d: dict[str, Any]) -> None:
        d.update(partial=["inputs"])

    more = edited(lambda d: (partial(d), d["inputs"].append({"id": "rent"})))
    assert told(edited(partial), more) == [("inputs.rent", "stated", "unknown", "stated")]
    whole = edited(lambda d: d["inputs"].append({"id": "rent"}))
    assert [c[1:] for c in told(edited(partial), whole)] == [
        ("stated", "may hold more", "whole"), ("stated", "unknown", "stated"),
    ]  # fmt: skip


def test_facts_below_a_part_are_counted_and_not_listed() -> None:
    without = sampling.load(edited(lambda d: d["inputs"].pop(0))).design
    (gone,) = changes(sampling.load(BEFORE).design, without)
    assert (gone.about, gone.facts) == (About.PART, 3)  # source, age of entries, link; an id is none
    (lost,) = changes(sampling.load(BEFORE).design, sampling.load(edited(lambda d: d.pop("inputs"))).design)
    assert (lost.about, lost.facts) == (About.LIST, 4)


MIRROR = {
    ChangeKind.STATED: ChangeKind.LOST, ChangeKind.LOST: ChangeKind.STATED, ChangeKind.ADDED: ChangeKind.REMOVED,
    ChangeKind.REMOVED: ChangeKind.ADDED, ChangeKind.CHANGED: ChangeKind.CHANGED,
}  # fmt: skip


def swapped(c: FactChange) -> FactChange:
    return FactChange(c.path, MIRROR[c.kind], c.after, c.before, c.about, c.facts)


@given(seed=seeds)
def test_a_design_does_not_differ_from_itself_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    other = sampling.load(g.shuffled(draft.tree(), rng)).design
    assert changes(draft.load().design, other) == ()


@given(seed=seeds, share=st.sampled_from((0.05, 0.3, 0.7)))
def test_forgetting_loses_facts_and_nothing_else(seed: int, share: float) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    found = changes(draft.load().design, sampling.forget(draft, rng, share).load().design)
    assert {c.kind for c in found} <= {ChangeKind.LOST}


@given(seed=seeds)
def test_changes_are_seen_from_both_ends(seed: int) -> None:
    rng = random.Random(seed)
    one, other = (sampling.random_draft(rng).load().design for _ in range(2))
    found = changes(one, other)
    assert found and tuple(map(swapped, changes(other, one))) == found
