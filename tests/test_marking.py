"""How marks come about: what each kind of task rewards, and what it never punishes."""

from __future__ import annotations

import itertools
import pathlib
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_eval.errors import InvalidInput
from policy_eval.teaching import exercise, trial
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.grading import Grade, grade
from policy_eval.teaching.kinds.discovery import assigned
from policy_eval.teaching.marking import TaskGrade
from policy_eval.teaching.verifying import verify
from policy_eval.vocabulary.teaching import Mark

DESIGN = """
schema: 1
id: shop-score
title: A shop's score
kind: exercise
parties:
  - {id: shop, roles: [computes_score, acts_on_score]}
  - {id: bank, roles: [supplies_data]}
subjects: [{id: customers, relation: customer, scored: true}]
purposes:
  - {id: loans, basis: [consent], consents: [box]}
consents:
  - {id: box, act: preset, prominence: inconspicuous, refusal: no_effect}
  - {id: slip, act: own_affirmative, prominence: plain}
inputs:
  - id: orders
    domain: retail
    default: no_choice
    uses: [{purpose: loans, consents: [box], support: nothing_stated, weight: main}]
  - id: returns
    domain: retail
    default: no_choice
    uses: [{purpose: loans, consents: [slip], support: refuted, weight: main}]
"""
SET = """
id: house
title: House rules
short: House
jurisdiction: [EU]
kind: internal
text_as_of: 2026-01-01
version: "1"
instruments: {House: {note: our own}}
scope:
  applies_when: any(s.scored for s in subjects)
  rationale: It is about scores.
  grounds: [{instrument: House, at: section 1, verified: read, status_checked: 2026-01-01}]
"""


def rule(name: str, section: str, each: str, violated: str, *, applies: str = "", exception: str = "") -> str:
    """A rule file of the house."""
    return f"""
id: house/{name}
title: {name}
principle: consent
aspect: any
duty_of: computes_score
since: "1"
grounds: [{{instrument: House, at: {section}, verified: read, status_checked: 2026-01-01}}]
severity: medium
severity_because: It matters.
for_each: {each}
{f"applies_when: {applies}" if applies else ""}
violated_when: {violated}
{exception}
message: It is so.
rationale: It should not be.
remedy: Change it.
"""


MINOR = """exceptions:
  - id: hardly-counts
    title: it hardly counts
    grounds: [{instrument: House, at: section 9, verified: read, status_checked: 2026-01-01}]
    when: use.weight == 'minor'
    burden: operator
  - id: asked-for
    title: the person asked for it
    grounds: [{instrument: House, at: section 10, verified: read, status_checked: 2026-01-01}]
    when: input.collected_from == 'person'
    burden: other_side
"""
RULES = {
    "preset": rule("preset", "section 2(1)", "consent", "consent.act == 'preset'"),
    "hidden": rule("hidden", "section 2(2)", "consent", "consent.prominence != 'plain'"),
    "unsupported": rule(
        "unsupported", "section 3", "[input, use in input.uses]", "use.support in ['nothing_stated', 'refuted']",
        exception=MINOR.replace("input.collected_from == 'person'", "input.default == 'opt_in'"),
    ),
    "costly": rule("costly", "section 4", "consent", "consent.refusal != 'no_effect'"),
    "children": rule("children", "section 5", "subject", "subject.scored", applies="subject.children >= 'known'"),
    "kept": rule("kept", "section 6", "[]", "any(i.domain == 'health' for i in inputs)"),
    "late": rule("late", "section 7", "[]", "any(i.domain == 'education' for i in inputs)"),
    "sold": rule("sold", "section 8", "[]", "any(i.domain == 'benefits' for i in inputs)"),
    "gifts": rule("gifts", "section 11", "[]", "any(i.domain == 'insurance' for i in inputs)"),
    "noise": rule("noise", "section 12", "[]", "any(i.domain == 'tax' for i in inputs)"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """An exercise with a set of its own."""
    found = tmp_path_factory.mktemp("exercises") / "shop"
    (found / "house").mkdir(parents=True)
    (found / "shop.design.yaml").write_text(DESIGN, encoding="utf-8")
    (found / "house" / "set.yaml").write_text(SET, encoding="utf-8")
    for name, text in RULES.items():
        (found / "house" / f"{name}.rule.yaml").write_text(text, encoding="utf-8")
    return found


def desk_of(folder: pathlib.Path, *tasks: dict[str, Any]) -> Desk:
    """The desk of an exercise with these tasks."""
    head = {
        "schema": 1, "id": "shop", "title": "A shop", "level": 1, "minutes": 5, "goals": ["learn"], "story": "Once.",
        "design": "shop.design.yaml", "instruments": ["house"],
        "hand_out": all(t["kind"] != "encode" for t in tasks),
    }  # fmt: skip
    (folder / "exercise.yaml").write_text(yaml.safe_dump({**head, "tasks": list(tasks)}), encoding="utf-8")
    found = Desk(exercise.load(str(folder)))
    verify(found)
    return found


def marked(desk: Desk, **parts: Any) -> TaskGrade:
    """The marks of the only task."""
    return whole(desk, **parts).tasks[0][1]


def whole(desk: Desk, **parts: Any) -> Grade:
    """The marks of an answer."""
    return grade(desk, trial.made(desk, parts))


SPOT = {"id": "task", "kind": "spot", "prompt": "What?", "points": 10}


@pytest.fixture(scope="module")
def spotting(folder: pathlib.Path) -> Desk:
    """A task to find conflicts: preset and hidden at one consent, unsupported at two uses."""
    return desk_of(folder, {**SPOT, "ask": ["outcome", "place", "party", "facts", "exception"]})


PRESET = {
    "rule": "house/preset", "outcome": "conflict", "at": ["consents.box"], "duty_of": "computes_score",
    "facts": ["consents.box.act"],
}  # fmt: skip


def test_model_answer_earns_everything(spotting: Desk) -> None:
    parts = trial.model_answer(spotting)
    assert [f["rule"] for f in parts["task"]["findings"]] == ["house/hidden", "house/preset", "house/unsupported"]
    assert whole(spotting, **parts).share == 1


def test_each_aspect_weighs_half_of_the_rule(spotting: Desk) -> None:
    third = Fraction(1, 3)
    # The rule weighs 2, outcome, place, party and facts 1 each; it has no exception to be named.
    assert marked(spotting, task={"findings": [PRESET]}).share == third
    assert marked(spotting, task={"findings": [{**PRESET, "at": ["consents.slip"]}]}).share == third * Fraction(5, 6)
    assert marked(spotting, task={"findings": [{**PRESET, "duty_of": "bank"}]}).share == third * Fraction(5, 6)
    assert marked(spotting, task={"findings": [{**PRESET, "facts": []}]}).share == third * Fraction(5, 6)
    assert marked(spotting, task={"findings": [{"rule": "preset"}]}).share == third * Fraction(3, 6)


def test_a_party_may_be_named_by_id(spotting: Desk) -> None:
    assert marked(spotting, task={"findings": [{**PRESET, "duty_of": "shop"}]}).share == Fraction(1, 3)


def test_outcomes_that_are_both_conflicts_earn_half(spotting: Desk) -> None:
    said = {**PRESET, "outcome": "conflict_unless_excused"}
    assert marked(spotting, task={"findings": [said]}).share == Fraction(1, 3) * Fraction(11, 12)


def test_places_count_by_what_they_share(spotting: Desk) -> None:
    found = marked(spotting, task={"findings": [{"rule": "unsupported", "at": ["inputs.orders"]}]})
    place = next(a for p in found.parts for a in p.aspects if a.aspect.value == "place")
    assert place.share == Fraction(1, 2)
    both = marked(
        spotting,
        task={"findings": [{"rule": "unsupported", "at": [f"inputs.{n}.uses.loans"]} for n in ("orders", "returns")]},
    )  # one finding for each place is as good as one for all
    assert next(a for p in both.parts for a in p.aspects if a.aspect.value == "place").share == 1


def test_a_provision_is_as_good_as_a_rule_and_less_exact_half_as_good(spotting: Desk) -> None:
    said = {k: v for k, v in PRESET.items() if k != "rule"}
    exact = marked(spotting, task={"findings": [{**said, "provision": "House section 2(1)"}]})
    assert exact.share == Fraction(1, 3)
    broad = marked(spotting, task={"findings": [{**said, "provision": "House section 2"}]})
    assert broad.share == Fraction(1, 3) * Fraction(5, 6)


def test_what_is_claimed_without_ground_dilutes_what_is_right(spotting: Desk) -> None:
    found = marked(spotting, task={"findings": [PRESET, {"rule": "costly", "at": ["consents.slip"]}]})
    assert found.share == Fraction(1, 4)
    assert [p.mark for p in found.parts if p.about == "costly"] == [Mark.UNFOUNDED]


def test_reasons_against_the_engine_go_to_a_person_and_cost_nothing(spotting: Desk) -> None:
    argued = {
        "rule": "costly",
        "reasoning": "Refusing costs people the loan, whatever the form says.",
        "authority": "House section 4",
    }
    found = marked(spotting, task={"findings": [PRESET, argued]})
    assert found.share == Fraction(1, 3)
    assert [p.mark for p in found.parts if p.pending] == [Mark.FOR_A_PERSON]
    denied = {
        "rule": "preset",
        "outcome": "no_conflict",
        "reasoning": "The box is taken out by one touch, so that people do act.",
        "authority": "House section 2",
    }
    found = marked(spotting, task={"findings": [denied]})
    assert (found.share, found.pending) == (0, Fraction(1, 3))
    bare = marked(spotting, task={"findings": [{"rule": "preset", "outcome": "no_conflict"}]})
    assert bare.pending == 0
    assert Mark.WRONG in {p.mark for p in bare.parts}


RIGHT = [PRESET, {"rule": "hidden"}, {"rule": "unsupported", "at": ["inputs.orders"]}]
WRONG = [{"rule": n} for n in ("costly", "children", "kept", "late", "sold")]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from([*RIGHT, *WRONG]), unique_by=lambda c: c["rule"]), st.randoms())
def test_spotting_is_fair(spotting: Desk, claims: list[dict[str, Any]], random: Any) -> None:
    found = marked(spotting, task={"findings": claims})
    assert 0 <= found.share <= 1
    shuffled = [*claims]
    random.shuffle(shuffled)
    assert marked(spotting, task={"findings": shuffled}).share == found.share
    for more in (c for c in RIGHT if c not in claims):
        assert marked(spotting, task={"findings": [*claims, more]}).share > found.share
    for more in (c for c in WRONG if c not in claims):
        assert marked(spotting, task={"findings": [*claims, more]}).share <= found.share
        argued = {
            **more,
            "reasoning": f"Whoever looks at {more['rule']} closely will see it otherwise.",
            "authority": "House section 1",
        }
        assert marked(spotting, task={"findings": [*claims, argued]}).share == found.share


def test_a_rule_that_was_not_asked_about_changes_nothing(folder: pathlib.Path) -> None:
    desk = desk_of(folder, {**SPOT, "rules": ["house/preset", "house/costly", "house/kept"], "ask": []})
    found = marked(desk, task={"findings": [{"rule": "preset"}, {"rule": "hidden"}]})
    assert found.share == 1
    assert {p.mark for p in found.parts} == {Mark.RIGHT, Mark.NOT_ASKED}


def test_facts_other_than_those_named_by_the_engine_may_establish_it_too(folder: pathlib.Path) -> None:
    either = rule("either", "section 13", "[]", "any(i.domain == 'retail' for i in inputs)")
    path = folder / "house" / "either.rule.yaml"
    path.write_text(either, encoding="utf-8")
    try:
        desk = desk_of(folder, {**SPOT, "rules": ["house/either", "house/kept", "house/late"], "ask": ["facts"]})
        for name in ("orders", "returns"):
            claim = {"rule": "either", "facts": [f"inputs.{name}.domain"]}
            assert marked(desk, task={"findings": [claim]}).share == 1
        spoilt = {"rule": "either", "facts": ["inputs.orders.domain", "consents.slip.act"]}
        assert marked(desk, task={"findings": [spoilt]}).share == Fraction(2, 3) + Fraction(1, 3) * Fraction(1, 2)
    finally:
        path.unlink()


DECIDE = {
    "id": "task", "kind": "decide", "prompt": "What?", "points": 8, "ask": ["facts", "open"],
    "questions": [
        {"rule": "house/preset"}, {"rule": "house/costly", "at": "consents.box"},
        {"rule": "house/costly", "at": "consents.slip"}, {"rule": "house/children"},
    ],
}  # fmt: skip


def decided(first: str, second: str, third: str, fourth: str) -> dict[str, Any]:
    """Outcomes of the four questions."""
    rules = [q["rule"] for q in DECIDE["questions"]]
    claims: list[dict[str, Any]] = [
        {"rule": r, "outcome": o} for r, o in zip(rules, (first, second, third, fourth), strict=True)
    ]
    claims[1]["at"], claims[2]["at"] = "consents.box", "consents.slip"
    return {"findings": claims}


def test_questions_are_decided_one_by_one(folder: pathlib.Path) -> None:
    desk = desk_of(folder, DECIDE)
    key = trial.model_answer(desk)["task"]["findings"]
    assert [c["outcome"] for c in key] == ["conflict", "no_conflict", "undecided", "undecided"]
    assert key[2]["open"] == ["consents.slip.refusal"]
    assert key[3]["open"] == ["subjects.customers.children"]
    # Outcomes alone earn two thirds of each question: 2 of 2 + 1 for what else is asked.
    found = marked(desk, task=decided("conflict", "no_conflict", "undecided", "undecided"))
    assert found.share == Fraction(2, 3)
    found = marked(desk, task=decided("conflict", "conflict", "no_conflict", "not_applicable"))
    assert found.share == Fraction(1, 4) * Fraction(2, 3)


def test_an_outcome_that_is_argued_waits_for_a_person(folder: pathlib.Path) -> None:
    desk = desk_of(folder, DECIDE)
    argued = {
        "rule": "children",
        "outcome": "conflict",
        "reasoning": "Children of sixteen open accounts, and nothing keeps them out.",
        "authority": "House section 5",
    }
    found = marked(desk, task={"findings": [argued]})
    assert (found.share, found.pending) == (0, Fraction(1, 4))


VARIANT = """
schema: 1
id: shop-variant
title: Another shop
extends: ./shop.design.yaml
set: {consents.box.act: own_affirmative, consents.slip.refusal: no_effect}
"""


def test_what_a_variant_changes(folder: pathlib.Path) -> None:
    (folder / "variant.design.yaml").write_text(VARIANT, encoding="utf-8")
    desk = desk_of(
        folder,
        {"id": "task", "kind": "distinguish", "prompt": "What?", "points": 4, "variant": "variant.design.yaml"},
    )
    key = trial.model_answer(desk)["task"]["findings"]
    assert key == [
        {"rule": "house/costly", "before": "undecided", "after": "no_conflict", "facts": ["consents.slip.refusal"]},
        {"rule": "house/preset", "before": "conflict", "after": "no_conflict", "facts": ["consents.box.act"]},
    ]
    half = {**key[1], "before": "undecided"}
    assert marked(desk, task={"findings": [half]}).share == Fraction(1, 2) * Fraction(7, 8)
    found = marked(desk, task={"findings": [*key, {"rule": "hidden", "before": "conflict", "after": "no_conflict"}]})
    assert found.share == Fraction(2, 3)


REPAIR = {
    "id": "task", "kind": "repair", "prompt": "Mend it.", "points": 6, "rules": ["house/preset", "house/hidden"],
    "keep": ["consents.box"],
    "model": {"set": {"consents.box.act": "own_affirmative", "consents.box.prominence": "plain"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("edits", "share"),
    [
        ({"set": {"consents.box.act": "own_affirmative", "consents.box.prominence": "plain"}}, Fraction(1)),
        ({"set": {"consents.box.act": "own_affirmative"}}, Fraction(1, 2)),
        # three edits where two are enough
        (
            {
                "set": {
                    "consents.box.act": "own_affirmative",
                    "consents.box.prominence": "plain",
                    "inputs.orders.domain": "housing",
                }
            },
            Fraction(2, 3),
        ),
        ({"forget": ["consents.box.act", "consents.box.prominence"]}, Fraction(0)),  # silence cures nothing
        # one cured, and a new conflict
        ({"set": {"consents.box.act": "own_affirmative", "consents.box.refusal": "no_service"}}, Fraction(0)),
        ({"set": {"consents.box.act": "preset"}}, Fraction(0)),
    ],
)
def test_repairs(folder: pathlib.Path, edits: dict[str, Any], share: Fraction) -> None:
    assert marked(desk_of(folder, REPAIR), task={"edits": edits}).share == share


def test_a_repair_leaves_what_has_to_stay(folder: pathlib.Path) -> None:
    kept = {**REPAIR, "keep": ["inputs.orders.domain"]}
    edits = {**REPAIR["model"]["set"], "inputs.orders.domain": "housing"}  # type: ignore[index]
    found = marked(desk_of(folder, kept), task={"edits": {"set": edits}})
    assert found.share == 0
    assert "inputs.orders.domain" in found.parts[0].note


def test_a_repair_must_make_a_design(folder: pathlib.Path) -> None:
    with pytest.raises(InvalidInput, match=r"made\.answer\.yaml:\d+:\d+: .*predetermined"):
        marked(desk_of(folder, REPAIR), task={"edits": {"set": {"consents.box.act": "predetermined"}}})


EXCEPT = {
    "id": "task", "kind": "except", "prompt": "What would excuse it?", "points": 6, "rule": "house/unsupported",
    "at": "inputs.orders", "ask": ["burden", "facts"],
    "model": {
        "hardly-counts": {"set": {"inputs.orders.uses.loans.weight": "minor"}},
        "asked-for": {"set": {"inputs.orders.default": "opt_in"}},
    },
}  # fmt: skip


def test_what_would_excuse_a_conflict(folder: pathlib.Path) -> None:
    desk = desk_of(folder, EXCEPT)
    assert whole(desk, **trial.model_answer(desk)).share == 1
    name = {"id": "hardly-counts", "burden": "operator"}
    wrong = {**name, "edits": {"set": {"inputs.orders.default": "opt_in"}}}  # that shows the other exception
    right = {**name, "edits": {"set": {"inputs.orders.uses.loans.weight": "minor"}}}
    assert marked(desk, task={"exceptions": [right]}).share == Fraction(1, 2)
    assert marked(desk, task={"exceptions": [wrong]}).share == Fraction(1, 2) * Fraction(3, 4)
    assert marked(desk, task={"exceptions": [{**right, "burden": "other_side"}]}).share == Fraction(1, 2) * Fraction(
        3, 4
    )
    by_provision = {"provision": "House section 9", **{k: v for k, v in right.items() if k != "id"}}
    assert marked(desk, task={"exceptions": [by_provision]}).share == Fraction(1, 2)


ENCODE = {"id": "task", "kind": "encode", "prompt": "Write it down.", "points": 10}


def test_encodings_are_compared_by_outcomes_and_facts(folder: pathlib.Path) -> None:
    desk = desk_of(folder, ENCODE)
    reference = trial.model_answer(desk)["task"]["design"]
    assert whole(desk, task={"design": reference}).share == 1
    renamed = yaml.safe_load(yaml.safe_dump(reference).replace("orders", "baskets").replace("loans", "credit"))
    assert whole(desk, task={"design": renamed}).share == 1
    header = {k: reference[k] for k in ("schema", "id", "title", "kind")}
    assert whole(desk, task={"design": header}).share == 0
    other = yaml.safe_load(yaml.safe_dump(reference))
    other["consents"][0]["act"] = "own_affirmative"
    found = marked(desk, task={"design": other})
    facts = next(p for p in found.parts if p.about == "facts")
    assert 0 < facts.share < facts.worth
    wrong = [p.about for p in found.parts if p.mark is Mark.WRONG]
    assert wrong == ["house/preset"]
    assert found.share < 1


def example(name: str, outcome: str, **consent: str) -> dict[str, Any]:
    """An example of a drafted rule on consents."""
    return {"name": name, "given": {"consents": [{"id": "box", **consent}]}, "expect": {"outcome": outcome}}


DRAFT = {
    "id": "task", "kind": "draft", "prompt": "Write a rule.", "points": 8, "set": "house", "model": "own.rule.yaml",
    "public": [example("a preset box", "conflict", act="preset")],
    "hidden": [
        example("an own act", "no_conflict", act="own_affirmative"),
        example("nothing is known", "undecided"),
        example("silence", "conflict", act="none"),
        example("an own act, inconspicuous", "no_conflict", act="own_affirmative", prominence="inconspicuous"),
    ],
}  # fmt: skip


def test_a_draft_earns_what_goes_beyond_a_constant(folder: pathlib.Path) -> None:
    own = rule("own", "section 2", "consent", "consent.act in ['preset', 'none']")
    (folder / "own.rule.yaml").write_text(own, encoding="utf-8")
    desk = desk_of(folder, DRAFT)
    assert whole(desk, **trial.model_answer(desk)).share == 1
    assert whole(desk, **trial.greedy_answer(desk)).share == 0
    loose = {**yaml.safe_load(own), "violated_when": "consent.act == 'preset'"}
    # four of five examples; two are what any constant would get
    assert marked(desk, task={"rule": loose}).share == Fraction(4 - 2, 5 - 2)
    with pytest.raises(InvalidInput, match="consnt"):
        marked(desk, task={"rule": {**loose, "violated_when": "consnt.act == 'preset'"}})


def test_a_file_of_an_answer_lies_beside_it(folder: pathlib.Path) -> None:
    own = rule("own", "section 2", "consent", "consent.act in ['preset', 'none']")
    (folder / "own.rule.yaml").write_text(own, encoding="utf-8")
    desk = desk_of(folder, DRAFT)
    assert marked(desk, task={"rule": "own.rule.yaml"}).share == 1
    with pytest.raises(InvalidInput, match="outside"):
        marked(desk, task={"rule": "../../own.rule.yaml"})


@pytest.mark.parametrize("task", [SPOT, DECIDE, REPAIR, EXCEPT, ENCODE, DRAFT], ids=lambda t: t["kind"])
def test_nothing_answered_earns_nothing(folder: pathlib.Path, task: dict[str, Any]) -> None:
    (folder / "own.rule.yaml").write_text(rule("own", "section 2", "consent", "consent.act in ['preset', 'none']"))
    desk = desk_of(folder, task)
    for empty in ({}, {"task": {}}):
        found = whole(desk, **empty)
        assert (found.points, found.pending) == (0, 0)
        assert not found.tasks[0][1].answered
    if task["kind"] != "except":  # the set has no other exceptions, so that naming all is right
        assert whole(desk, **trial.greedy_answer(desk)).share < trial.GREEDY


def test_marks_are_the_same_every_time(spotting: Desk, folder: pathlib.Path) -> None:
    claims = [*RIGHT, *WRONG[:2]]
    found = {marked(spotting, task={"findings": list(order)}).share for order in itertools.permutations(claims, 5)}
    assert len(found) == 1


def test_exceptions_and_repairs_that_argue_go_to_a_person(folder: pathlib.Path) -> None:
    desk = desk_of(folder, EXCEPT)
    model = trial.model_answer(desk)["task"]["exceptions"]
    strange = {
        "provision": "House section 4",
        "reasoning": "Whoever refuses loses nothing here, which excuses the whole use.",
    }
    found = marked(desk, task={"exceptions": [*model, strange]})
    assert found.share == 1
    assert [p.mark for p in found.parts if p.pending] == [Mark.FOR_A_PERSON]
    assert marked(desk, task={"exceptions": [*model, {"provision": "House section 4"}]}).share == Fraction(2, 3)
    half = {"edits": {"set": {"consents.box.act": "own_affirmative"}}}
    argued = {
        **half,
        "reasoning": "The line stands alone and in the size of the rest of the page.",
        "authority": "House section 2(2)",
    }
    found = marked(desk_of(folder, REPAIR), task=argued)
    assert (found.share, found.pending) == (Fraction(1, 2), Fraction(1, 2))
    assert marked(desk_of(folder, REPAIR), task=half).pending == 0


def test_one_wrong_fact_of_a_repair_is_one_fault(folder: pathlib.Path) -> None:
    path = folder / "house" / "again.rule.yaml"
    path.write_text(rule("again", "section 14", "consent", "consent.refusal == 'no_service'"), encoding="utf-8")
    try:
        desk = desk_of(folder, REPAIR)
        edits = {**REPAIR["model"]["set"], "consents.box.refusal": "no_service"}  # type: ignore[index]
        found = marked(desk, task={"edits": {"set": edits}})
        # Two rules are newly in conflict by one fact: one cure of two is taken away, at three changes for two.
        assert len([p for p in found.parts if p.mark is Mark.UNFOUNDED]) == 2
        assert found.share == (1 - Fraction(1, 2)) * Fraction(2, 3)
    finally:
        path.unlink()


def test_what_is_removed_from_an_open_list_is_cured_and_what_is_forgotten_is_not(folder: pathlib.Path) -> None:
    (folder / "real.design.yaml").write_text(
        DESIGN.replace("kind: exercise", "kind: real\njurisdiction: [EU]\ncomplete: [uses]").replace(
            "uses: [{purpose: loans, consents: [slip],", "uses: [{purpose: loans,"
        ),
        encoding="utf-8",
    )
    task = {
        **REPAIR, "design": "real.design.yaml", "rules": ["house/unsupported"], "keep": [],
        "model": {"remove": ["inputs.orders", "inputs.returns"]},
    }  # fmt: skip
    desk = desk_of(folder, task)
    assert marked(desk, task={"edits": {"remove": ["inputs.orders", "inputs.returns"]}}).share == 1
    assert marked(desk, task={"edits": {"forget": ["inputs"]}}).share == 0
    assert marked(desk, task={"edits": {"set": {"inputs": []}}}).share == 0


def test_american_law_is_cited_by_act_or_by_code() -> None:
    from policy_eval import library
    from policy_eval.teaching.key import cites

    owner = library.load_set("fcra-ecoa")
    grounds = next(r for r in owner.rules if r.id.endswith("/adverse-action-without-notice")).text.grounds
    for said in ("FCRA 15 U.S.C. 1681m(a)", "15 U.S.C. 1681m(a)", "15 USC 1681m(a)", "FCRA section 1681m(a)(2)"):
        assert cites(said, grounds, owner) == 1, said
    assert cites("15 U.S.C. 1681m", grounds, owner) == Fraction(1, 2)
    assert cites("15 U.S.C. 1681e(b)", grounds, owner) == 0
    assert cites("FCRA", grounds, owner) == 0


def test_a_provision_of_an_unknown_instrument_is_an_error_and_not_a_loss(spotting: Desk) -> None:
    with pytest.raises(InvalidInput, match=r"`Hose section 2` names no instrument"):
        marked(spotting, task={"findings": [{"provision": "Hose section 2"}]})
    argued = {
        "provision": "Another section 2",
        "authority": "A commentary",
        "reasoning": "Commentaries hold that a box of this kind binds nobody at all.",
    }
    assert marked(spotting, task={"findings": [PRESET, argued]}).share == Fraction(1, 3)


def test_marks_do_not_depend_on_the_order_of_overlapping_claims(spotting: Desk) -> None:
    """A broad provision can stand for two rules, the exact one for one of them."""
    broad, exact = {"provision": "House section 2"}, {"rule": "preset"}
    marks = {marked(spotting, task={"findings": list(o)}).share for o in itertools.permutations([broad, exact])}
    assert len(marks) == 1
    assert {p.about for p in marked(spotting, task={"findings": [broad, exact]}).parts if p.share} == {
        "house/hidden",
        "house/preset",
    }


def test_the_same_thing_said_twice_is_said_once(spotting: Desk) -> None:
    by_place = [{"provision": "House section 3", "at": [f"inputs.{n}"]} for n in ("orders", "returns")]
    whole_ = {"provision": "House section 3", "at": ["inputs.orders", "inputs.returns"]}
    one = marked(spotting, task={"findings": [whole_]}).share
    assert marked(spotting, task={"findings": by_place}).share == one
    assert marked(spotting, task={"findings": [{"rule": "unsupported"}, whole_]}).share == one
    # Naming everybody in turn is naming nobody.
    hedged = [{**PRESET, "duty_of": who} for who in ("shop", "bank")]
    assert marked(spotting, task={"findings": hedged}).share == Fraction(1, 3) * Fraction(5, 6)
    places = [{**PRESET, "at": [at]} for at in ("consents.box", "consents.slip", "inputs.orders")]
    assert marked(spotting, task={"findings": places}).share < Fraction(1, 3)


def test_one_reason_for_everything_is_none(spotting: Desk) -> None:
    said = {
        "reasoning": "Whoever designs a score like this one cannot be in the right.",
        "authority": "House section 1",
    }
    claims = [{**c, **said} for c in WRONG]
    assert marked(spotting, task={"findings": [PRESET, *claims]}).share == Fraction(1, 3 + len(WRONG))
    own = [{**c, **said, "reasoning": f"{said['reasoning']} {c['rule']}"} for c in WRONG]
    found = marked(spotting, task={"findings": [PRESET, *own]})
    assert found.share == Fraction(1, 3 + len(WRONG) - 3)
    assert found.share + found.pending == Fraction(1, 3)  # what more than three of them take away can be given back


def test_whatever_falls_short_and_argues_waits_for_a_person(spotting: Desk, folder: pathlib.Path) -> None:
    said = {**PRESET, "duty_of": "bank", "reasoning": "The bank wrote the form and could have left the box empty."}
    found = marked(spotting, task={"findings": [{**said, "authority": "House section 2(1)"}]})
    assert found.share + found.pending == Fraction(1, 3)
    assert marked(spotting, task={"findings": [said]}).pending == 0


def test_something_in_a_part_counts_as_the_part(folder: pathlib.Path) -> None:
    desk = desk_of(folder, {**DECIDE, "questions": [{"rule": "house/unsupported", "at": "inputs.orders"}], "ask": []})
    claim = {"rule": "unsupported", "at": "inputs.orders.uses.loans", "outcome": "conflict"}
    assert marked(desk, task={"findings": [claim]}).share == 1


def test_what_has_to_stay_may_be_a_list(folder: pathlib.Path) -> None:
    desk = desk_of(folder, {**REPAIR, "keep": ["purposes.loans.basis"]})
    edits = {**REPAIR["model"]["set"], "purposes.loans.basis": ["contract"]}  # type: ignore[index]
    assert marked(desk, task={"edits": {"set": edits}}).share == 0


def test_a_design_of_something_else_earns_little(folder: pathlib.Path) -> None:
    desk = desk_of(folder, ENCODE)
    other = yaml.safe_load(DESIGN)
    strange = {k: other[k] for k in ("schema", "id", "title", "kind", "consents")}
    found = marked(desk, task={"design": strange})
    facts = next(p for p in found.parts if p.about == "facts")
    assert found.share <= facts.share + 2 * facts.share


def test_a_draft_does_not_know_parts_by_name(folder: pathlib.Path) -> None:
    own = rule("own", "section 2", "consent", "consent.act in ['preset', 'none']")
    (folder / "own.rule.yaml").write_text(own, encoding="utf-8")
    desk = desk_of(folder, DRAFT)
    knows = {**yaml.safe_load(own), "violated_when": "consent.id == 'box'"}
    with pytest.raises(InvalidInput, match="name of a part"):
        marked(desk, task={"rule": knows})


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 3)), st.fractions(Fraction(1, 9), 1), max_size=14))
def test_claims_and_issues_are_matched_as_well_as_can_be(credit: dict[tuple[int, int], Fraction]) -> None:
    found = assigned(credit)
    assert all((claim, issue) in credit for issue, claim in found.items())
    assert len({*found.values()}) == len(found)
    best = max(
        sum((credit[pair] for pair in zip(order, range(4), strict=False) if pair in credit), Fraction(0))
        for order in itertools.permutations([*range(5), *[-1] * 3], 4)
    )
    assert sum(credit[claim, issue] for issue, claim in found.items()) == best
