"""The shipped rules: examples hold, mutants die, lint is clean, law is cited."""

from __future__ import annotations

import datetime as dt
import pathlib
import re
from dataclasses import replace

import pytest

from policy_eval import examples, library
from policy_eval.analysis import audit, mutants
from policy_eval.principle import Instrument, PrincipleSet
from policy_eval.vocabulary.law import Coverage

SETS = library.set_names()
PROFILE = library.load_profile("default")


@pytest.fixture(scope="module", params=SETS)
def loaded(request: pytest.FixtureRequest) -> PrincipleSet:
    return library.load_set(request.param, examples=True)


@pytest.fixture(scope="module")
def located(loaded: PrincipleSet) -> dict[str, list[examples.Located]]:
    return located_in(loaded)


def located_in(principles: PrincipleSet) -> dict[str, list[examples.Located]]:
    nodes = library.example_nodes(principles)
    owners = {r.id: r.text.examples for r in principles.rules}
    owners |= {c.id: c.whole.examples for c in principles.concepts.values()}
    owners["scope"] = principles.text.scope.examples
    return {name: examples.designs_of(given, nodes.get(name)) for name, given in owners.items()}


def test_there_are_examples(loaded: PrincipleSet) -> None:
    """That they hold is checked by `policy-eval test`, which `make test` runs, and the README's tests too."""
    assert sum(len(r.text.examples) for r in loaded.rules) > 5 * len(loaded.rules)


@pytest.mark.slow
def test_fewer_than_one_in_twenty_mutants_survives(
    loaded: PrincipleSet, located: dict[str, list[examples.Located]]
) -> None:
    found = list(mutants.run(loaded, PROFILE, located))
    survivors = [(m.owner, m.description) for m in found if m.survived]
    assert len(found) > 100
    assert len(survivors) / len(found) < mutants.TOLERATED, survivors


def test_no_concept_is_unused(loaded: PrincipleSet) -> None:
    """What else `policy-eval lint` finds fails `make test`; of this it takes only note."""
    assert [str(p) for p in audit.unused(loaded)] == []


def test_rule_files_fit_a_screen_above_their_examples(loaded: PrincipleSet) -> None:
    for rule in loaded.rules:
        text = (loaded.folder / pathlib.Path(rule.file).name).read_text(encoding="utf-8")
        head, _, tail = text.partition("\nexamples:")
        assert len(head.splitlines()) <= 60, rule.id
        assert tail and "\n" + tail.rstrip().rsplit("\n", 1)[-1] != "", "examples are the last key"


def test_examples_are_not_read_for_evaluation() -> None:
    assert all(not r.text.examples for r in library.load_set("gdpr").rules)


@pytest.mark.slow
def test_a_mutant_that_says_less_is_noticed(loaded: PrincipleSet) -> None:
    """The mutation run can fail: without examples every mutant survives."""
    found = list(mutants.run(loaded, PROFILE, {}))
    assert all(m.survived for m in found)


def test_every_instrument_cited_is_listed_and_every_one_listed_is_cited(
    loaded: PrincipleSet, located: dict[str, list[examples.Located]]
) -> None:
    unlisted = replace(
        loaded, text=loaded.text.model_copy(update={"instruments": {"Another": Instrument()}}), rules=loaded.rules[:1]
    )
    problems = [p.message for p in audit.lint(unlisted, PROFILE, located, dt.date(2100, 1, 1))]
    assert any("the set lists no instrument" in p for p in problems)
    files = [p.read_text(encoding="utf-8") for p in loaded.folder.glob("*.yaml")]
    uncited = [
        n for n in loaded.text.instruments if not any(f"instrument: {q}{n}{q}," in f for f in files for q in ('"', ""))
    ]
    assert uncited == []


# How many articles each instrument has, of sets that hold a single one with articles.
ARTICLES = {"gdpr": 99, "eu-ai-act": 113, "pipl": 74, "convention-108": 31, "eu-consumer-credit": 50}


def articles(at: str) -> set[int]:
    """The articles a pinpoint names: `Articles 28 to 39`, `Articles 85-88, 90 and 91`, `Article 5(1)(c)`."""
    bare = re.sub(r"\([^)]*\)", "", at)
    ranges = re.findall(r"(\d+)(?:\s*(?:-|to)\s*(\d+))?", bare) if bare.startswith("Article") else []
    return {n for first, last in ranges for n in range(int(first), int(last or first) + 1)}


def test_pinpoints_are_read_as_articles() -> None:
    assert articles("Articles 85-88, 90 and 91") == {85, 86, 87, 88, 90, 91}
    assert articles("Articles 28 to 30") == {28, 29, 30}
    assert articles("Article 5(1)(h) and (2) to (7)") == {5}
    assert articles("Annex III") == set()


@pytest.mark.parametrize("name", ARTICLES)
def test_every_article_is_said_to_be_modelled_or_not(name: str) -> None:
    principles = library.load_set(name, examples=True)
    listed = set().union(*(articles(p.at) for p in principles.text.provisions))
    assert listed == set(range(1, ARTICLES[name] + 1))
    for rule in principles.rules:
        first = rule.text.grounds[0]
        answered = articles(first.at) if first.instrument == principles.text.short else set()
        modelled = [p for p in principles.text.provisions if p.coverage is not Coverage.NOT_MODELLED]
        assert all(any(a in articles(p.at) for p in modelled) for a in answered), rule.id


def numbers(at: str) -> list[str]:
    """The numbers of a pinpoint, widest first: `clause 4.9.1` has `4.9.1` and `4.9`."""
    found = re.findall(r"(?<![\w.(-])(\d+[a-z]?(?:\.\d+)*)", re.sub(r"^\d+ (?:U\.?S\.?C\.?|CFR) ", "", at))
    return [".".join(n.split(".")[:size]) for n in found for size in range(len(n.split(".")), 0, -1)]


def test_what_a_rule_answers_for_is_said_to_be_modelled(loaded: PrincipleSet) -> None:
    """In sets that hold several instruments too, provisions say that what rules answer for is modelled."""
    if loaded.id in ARTICLES:
        return
    modelled = [p.at for p in loaded.text.provisions if p.coverage is not Coverage.NOT_MODELLED]
    left_out = []
    for rule in loaded.rules:
        ground = rule.text.grounds[0]
        wanted = numbers(ground.at) or [ground.at.split(", ")[-1]]
        if not any(re.search(rf"(?<![\w.]){re.escape(n)}(?!\w)", p, re.I) for n in wanted for p in modelled):
            left_out.append((rule.id, ground.at))
    assert left_out == []


WORDS = re.compile(
    r"\b(compliant|compliance|certif\w+|legal(?:ly)?|illegal\w*|unlawful\w*|violat\w+|guilty|offender|breach of)\b",
    re.I,
)


def test_words_shown_to_people_neither_certify_nor_accuse(loaded: PrincipleSet) -> None:
    """The names of legal notions (a legal basis, legal effects) are the field's own and stay."""
    for rule in loaded.rules:
        text = rule.text
        shown = (text.title, text.message, text.remedy, text.severity_because, *(e.title for e in text.exceptions))
        for words in shown:
            bare = re.sub(r"legal(?:ly)? (?:basis|bases|effects?|person\w*|entit\w+|duty|claims?|ground)", "", words)
            assert not WORDS.search(bare), (rule.id, words)


def test_lint_can_find_something(loaded: PrincipleSet) -> None:
    loaded = replace(loaded, rules=loaded.rules[:3])
    problems = [p.message for p in audit.lint(loaded, PROFILE, {}, dt.date(2000, 1, 1))]
    assert any("no example" in p for p in problems)
    assert any("in the future" in p for p in problems)
