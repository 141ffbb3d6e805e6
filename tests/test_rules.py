"""The shipped rules: examples hold, mutants die, lint is clean, law is cited."""

from __future__ import annotations

import datetime as dt
import pathlib
from dataclasses import replace

import pytest

from policy_eval import examples, library
from policy_eval.analysis import audit, mutants
from policy_eval.principle import Instrument, PrincipleSet

SETS = library.set_names()
PROFILE = library.load_profile("default")


@pytest.fixture(scope="module", params=SETS)
def loaded(request: pytest.FixtureRequest) -> PrincipleSet:
    return library.load_set(request.param, examples=True)


def located(principles: PrincipleSet) -> dict[str, list[examples.Located]]:
    nodes = library.example_nodes(principles)
    owners = {r.id: r.text.examples for r in principles.rules}
    owners |= {c.id: c.text.examples for c in principles.concepts.values()}
    owners["scope"] = principles.text.scope.examples
    return {name: examples.designs_of(given, nodes.get(name)) for name, given in owners.items()}


def test_examples_hold(loaded: PrincipleSet) -> None:
    results = list(examples.run(loaded, PROFILE, library.example_nodes(loaded)))
    assert [(r.owner, r.example, r.failures) for r in results if r.failures] == []
    assert len(results) > 10 * len(loaded.rules)


def test_fewer_than_one_in_twenty_mutants_survives(loaded: PrincipleSet) -> None:
    found = list(mutants.run(loaded, PROFILE, located(loaded)))
    survivors = [(m.owner, m.description) for m in found if m.survived]
    assert len(found) > 100
    assert len(survivors) / len(found) < mutants.TOLERATED, survivors


def test_lint_is_clean(loaded: PrincipleSet) -> None:
    assert [str(p) for p in audit.lint(loaded, PROFILE, located(loaded), dt.date(2100, 1, 1))] == []


def test_rule_files_fit_a_screen_above_their_examples(loaded: PrincipleSet) -> None:
    for rule in loaded.rules:
        text = (loaded.folder / pathlib.Path(rule.file).name).read_text(encoding="utf-8")
        head, _, tail = text.partition("\nexamples:")
        assert len(head.splitlines()) <= 60, rule.id
        assert tail and "\n" + tail.rstrip().rsplit("\n", 1)[-1] != "", "examples are the last key"


def test_examples_are_not_read_for_evaluation() -> None:
    assert all(not r.text.examples for r in library.load_set("gdpr").rules)


def test_a_mutant_that_says_less_is_noticed(loaded: PrincipleSet) -> None:
    """The mutation run can fail: without examples every mutant survives."""
    found = list(mutants.run(loaded, PROFILE, {}))
    assert all(m.survived for m in found)


def test_every_instrument_cited_is_listed_and_every_one_listed_is_cited(loaded: PrincipleSet) -> None:
    unlisted = replace(loaded, text=loaded.text.model_copy(update={"instruments": {"Another": Instrument()}}))
    problems = [p.message for p in audit.lint(unlisted, PROFILE, located(loaded), dt.date(2100, 1, 1))]
    assert any("the set lists no instrument" in p for p in problems)
    files = [p.read_text(encoding="utf-8") for p in loaded.folder.glob("*.yaml")]
    uncited = [
        n for n in loaded.text.instruments if not any(f"instrument: {q}{n}{q}," in f for f in files for q in ('"', ""))
    ]
    assert uncited == []


def test_lint_can_find_something(loaded: PrincipleSet) -> None:
    problems = [p.message for p in audit.lint(loaded, PROFILE, {}, dt.date(2000, 1, 1))]
    assert any("no example" in p for p in problems)
    assert any("in the future" in p for p in problems)
