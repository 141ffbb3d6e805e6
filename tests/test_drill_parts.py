"""What drills are made by: changes of facts, cuts, and quick looks at changed designs."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval import library, source
from policy_eval.analysis.sampling import random_draft
from policy_eval.design import loading
from policy_eval.design.base import Bounds
from policy_eval.design.paths import join
from policy_eval.engine.evidence import Fact
from policy_eval.engine.signs import TRUE
from policy_eval.evaluation import Engine, Judge
from policy_eval.teaching.drill.changes import Change, changed, forgotten, makes_sense
from policy_eval.teaching.drill.facts import Facts, closed, cut, sentences, text
from policy_eval.teaching.drill.questions import candidates, open_kind
from policy_eval.teaching.drill.reading import fields_read, names_that_change
from policy_eval.teaching.prose import running
from tests.prose_reader import held
from tests.test_drill import SETS, profile, sets


def facts_of(facts: str) -> Facts:
    """The facts of a small design."""
    tree = source.parse(f"id: d\ntitle: A design\nkind: exercise\n{facts}", "d.design.yaml").root
    assert isinstance(tree, source.Mapping)
    return Facts(loading.from_tree(tree, "d.design.yaml").design)


def changes_of(facts: Facts, fact: Fact) -> list[Change]:
    """Every change of a fact that some seed gives."""
    found = [changed(facts, fact, random.Random(n)) for n in range(200)]
    return [c for c in found if c is not None]


SMALL = """
subjects: [{id: users, scored: true, relation: user, number: 5}]
purposes: [{id: loans, consents: [box], category: credit}, {id: sales}]
consents: [{id: box, act: preset, told: [data, period]}, {id: terms}]
inputs: [{id: visits, reveals: [], conduct: none, oldest_months: 24, uses: [{purpose: loans, link: same_field}]}]
rights: {access: {handling: full}}
"""


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("subjects.users.scored", {False}),
        ("inputs.visits.uses.loans.link", {"same_service", "other_field"}),
        ("inputs.visits.conduct", {"not_conduct", "minor", "moderate"}),
        ("purposes.loans.consents", {()}),
        ("consents.box.told", {(), ("data",), ("period",)}),
        ("rights.access.handling", {"partial", "refused", "unanswered", "not_offered"}),
        ("subjects.users.relation", set()),
        ("purposes.loans.category", set()),
    ],
)
def test_changes_put_another_value_in_place_of_a_fact(path: str, wanted: set[object]) -> None:
    fact = Fact(tuple(path.split(".")))
    found = changes_of(facts_of(SMALL), fact)
    assert {Facts(c.design).value(fact.path) for c in found} == wanted
    assert all(c.path == fact.path and c.names == {fact.path[-1]} for c in found)


def test_changes_move_numbers_and_show_traits_that_were_not_shown() -> None:
    facts = facts_of(SMALL)
    path = ("inputs", "visits", "oldest_months")
    months = [Facts(c.design).value(path) for c in changes_of(facts, Fact(path))]
    assert Bounds(24, 24) not in months and all(b.low == b.high for b in months) and len(set(months)) > 5
    (design, *_) = [c.design for c in changes_of(facts, Fact(("inputs", "visits", "reveals")))]
    assert len(Facts(design).value(("inputs", "visits", "reveals"))) == 1
    assert changes_of(Facts(design), Fact(("inputs", "visits", "reveals"))) == []


def test_an_item_taken_away_is_known_not_to_be_there() -> None:
    facts = facts_of(SMALL)
    change = changed(facts, Fact(("consents", "box"), "exists"), random.Random(1))
    assert change is not None
    left = held(facts.design) - held(change.design)
    assert {(join(path), kind) for path, kind, _ in left} == {
        ("consents.box", "exists"), ("consents.box.act", "leaf"), ("consents.box.told", "leaf"),
        ("purposes.loans.consents", "leaf"),
    }  # fmt: skip
    assert (("consents",), "whole", "no other") in held(change.design)
    assert change.path == ("consents",)
    assert change.names == {"consents"}
    assert "uses" in names_that_change(("purposes",), gone="purpose")


def test_a_field_forgotten_is_not_known() -> None:
    facts = facts_of(SMALL)
    design = forgotten(facts.design, Fact(("consents", "box", "act")))
    assert held(facts.design) - held(design) == {(("consents", "box", "act"), "leaf", "preset")}


@pytest.mark.parametrize(
    ("facts", "sensible"),
    [
        ("consents: [{id: a, act: none, prominence: plain}]", False),
        ("consents: [{id: a, act: none}]", True),
        ("consents: [{id: a, told: [data], told_lacks: [period]}]", True),
        ("subjects: [{id: a, told: nothing, told_form: layered}]", False),
        ("subjects: [{id: a, children: none, youngest: 16}]", False),
        ("subjects: [{id: a, children: none, youngest: 18}]", True),
        ("inputs: [{id: a, reveals: [], reveals_how: directly}]", False),
        ("consequences: [{id: a, automation: automatic, human: {trained: true}}]", False),
        ("consequences: [{id: a, automation: human_weighs, human: {trained: true}}]", True),
        ("rights: {access: {handling: full, ground: law}}", False),
        ("governance: {breach: none, breach_people_told: false}", False),
        ("governance: {assessment: none, assessment_gaps: []}", True),
        ("is_ai: hand_written_rules_only\nscoring: {method: machine_learning}", False),
        ("is_ai: infers_from_data\nscoring: {method: points}", False),
        ("is_ai: infers_from_data\nscoring: {method: statistical}", True),
    ],
)
def test_what_is_told_goes_together(facts: str, sensible: bool) -> None:
    assert makes_sense(facts_of(facts).design) is sensible


def test_what_is_told_and_left_out_at_once_does_not_go_together() -> None:
    facts = facts_of("subjects: [{id: a, told_about: [data]}]")
    (subject,) = facts.design.subjects or ()
    both = subject.model_copy(update={"told_lacks": subject.told_about})
    assert not makes_sense(facts.design.model_copy(update={"subjects": (both,)}))


def test_a_cut_keeps_what_facts_presuppose_and_nothing_else() -> None:
    facts = facts_of(SMALL)
    wanted = facts.needed([Fact(("inputs", "visits", "uses", "loans", "link")), Fact(("consents",), "whole")])
    assert {(join(f.path), f.kind) for f in wanted} == {
        ("inputs.visits.uses.loans.link", "leaf"), ("inputs.visits.uses.loans", "exists"), ("inputs.visits", "exists"),
        ("purposes.loans", "exists"), ("consents", "whole"), ("consents.box", "exists"), ("consents.terms", "exists"),
    }  # fmt: skip
    design = cut(facts.design, wanted)
    kept = {(join(path), kind) for path, kind, _ in held(design)}
    assert kept == {(join(f.path), f.kind) for f in wanted} | {
        ("purposes", "open"), ("inputs", "open"), ("inputs.visits.uses", "open"),
    }  # fmt: skip
    whole = {join(path) for path, kind, _ in held(closed(design, frozenset({"inputs"}))) if kind == "whole"}
    assert whole == {"purposes", "consents", "inputs.visits.uses"}


@given(st.integers(min_value=0))
def test_designs_are_written_out_without_loss(seed: int) -> None:
    design = random_draft(random.Random(seed)).load().design
    tree = source.parse(text(design, "drill"), "d.design.yaml").root
    assert isinstance(tree, source.Mapping)
    again = loading.from_tree(tree, "d.design.yaml").design
    assert held(again) == held(design)
    assert (again.id, again.kind) == ("drill", "exercise")


@given(st.integers(min_value=0))
def test_sentences_are_counted_without_telling_them(seed: int) -> None:
    """Of a cut that is closed: what is counted is what paragraphs come to."""
    facts, rng = Facts(random_draft(random.Random(seed)).load().design), random.Random(seed)
    leaves = sorted(facts.leaves())
    chosen = facts.needed(rng.sample(leaves, min(len(leaves), 8)))
    design = closed(cut(facts.design, chosen), frozenset())
    assert sum(map(len, running(design))) == sentences(chosen)


@pytest.mark.parametrize("name", SETS[:4])
def test_rules_that_do_not_read_what_was_changed_come_to_what_they_came_to(name: str) -> None:
    (principles,) = sets(name)
    judge, reads = Judge(principles, profile(), engine=Engine.REFERENCE), fields_read(principles)
    rng = random.Random(name)
    for design in rng.sample(library.design_names(), 6):
        file = library.load_design(design)
        facts, before = Facts(file.design), judge.evaluate(file)
        pool = [*facts.leaves(), *(Fact(path, "exists") for path in facts.parts)]
        for fact in rng.sample(pool, 6):
            change = changed(facts, fact, rng)
            if change is None:
                continue
            after = judge.evaluate(replace(file, design=change.design))
            for old, new in zip(before.results, after.results, strict=True):
                if not reads[old.rule.id] & change.names and before.scope == after.scope == TRUE:
                    assert old == new, (design, fact, old.rule.id)


@pytest.mark.parametrize("name", SETS[:4])
def test_a_quick_look_at_a_version_agrees_with_its_judgement(name: str) -> None:
    (principles,) = sets(name)
    judge, rng = Judge(principles, profile(), engine=Engine.REFERENCE), random.Random(name)
    looked = 0
    for design in rng.sample(library.design_names(), 20):
        file = library.load_design(design)
        facts, before = Facts(file.design), judge.evaluate(file)
        settled = [c for c in candidates([before]) if c.settled]
        for candidate in rng.sample(settled, min(5, len(settled))) if before.scope == TRUE else ():
            leaves = sorted(f for f in candidate.facts() if f.kind == "leaf")
            change = changed(facts, rng.choice(leaves), rng) if leaves else None
            if change is not None:
                after = judge.evaluate(replace(file, design=change.design))
                now = {c.key: c for c in candidates([after])}.get(candidate.key)
                wanted = now.outcome if now and now.settled and after.scope == TRUE else None
                assert candidate.in_version(change.design) is wanted
                looked += 1
    assert looked > 4


def test_what_an_open_answer_waits_for() -> None:
    (gdpr,) = sets("gdpr")
    evaluation = Judge(gdpr, profile(), engine=Engine.REFERENCE).evaluate(library.load_design("sesame-credit-2018"))
    kinds = Counter(open_kind(c) for c in candidates([evaluation]))
    assert kinds["fact"] and kinds["excuse"]
    for candidate in candidates([evaluation]):
        if candidate.settled:
            assert open_kind(candidate) == ""
