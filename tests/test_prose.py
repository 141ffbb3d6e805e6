"""A design told in prose: every fact in one sentence, nothing else, and each sentence can be read back."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval import library, source
from policy_eval.analysis.sampling import complete_draft, dump, random_draft
from policy_eval.design import loading
from policy_eval.design.base import Block
from policy_eval.design.model import Design
from policy_eval.design.types import Boolean, Choice, Number, Parts, Ref, Text, Values, part_models
from policy_eval.errors import InternalError
from policy_eval.teaching.prose import Statement, paragraphs, running, sentences, statements
from policy_eval.teaching.prose.sentences import MODULES, PHRASES, SENTENCES
from policy_eval.teaching.prose.wording import Amount, Flag, Listed, Many, Named, Pick, Said, name_of, one_line
from tests import prose_reader
from tests.prose_reader import Place, held, places, read, read_running

DESIGNS = Path(__file__).parent.parent / "designs"
FORMS = {Boolean: Flag, Number: Amount, Text: Said, Choice: Pick, Ref: Named, Values: Many, Parts: Listed}
NEVER = ("compliant", "certified", "safe", "breach", "violation", "unlawful", "illegal")


def shipped() -> list[Path]:
    """Every design that ships, those of decided cases among them."""
    return sorted(DESIGNS.rglob("*.design.yaml"))


def load(path: Path) -> Design:
    """One of them."""
    return loading.load(path, DESIGNS).design


def home(model: type[Block]) -> str:
    """The module that holds the sentences of a model, or that of its neighbours."""
    named = [m.__name__ for m in MODULES if model in m.SENTENCES]
    near = [m.__name__ for m in MODULES if any(x.__module__ == model.__module__ for x in m.SENTENCES)]
    return [*named, *near, sentences.__name__][0].replace(".", "/") + ".py"


FIELDS = {f"{p.model.__name__}.{p.name}": p for p in places()}


@pytest.mark.parametrize("place", [FIELDS[name] for name in sorted(FIELDS)], ids=sorted(FIELDS))
def test_every_field_of_the_schema_has_a_sentence(place: Place) -> None:
    what, where = f"{place.model.__name__}.{place.name}", home(place.model)
    form = SENTENCES.get(place.model, {}).get(place.name)
    assert form is not None, f"{what} has no sentence: add one to SENTENCES in {where}"
    assert isinstance(form, FORMS[type(place.kind)]), f"{what} is no {type(form).__name__}: change its form in {where}"
    of = place.kind.of if isinstance(place.kind, Values) else place.kind
    wanted = [t.value for t in of.terms] if isinstance(of, Choice) else list(of.words) if isinstance(of, Ref) else []
    missing = set(wanted) - set(getattr(form, "words", {}))
    assert not missing, f"{what} has no words for {sorted(missing)}: add them in {where}"
    assert not set(getattr(form, "words", {})) - set(wanted), f"{what} has words for what is no value, in {where}"


def test_no_sentence_is_left_of_a_field_that_is_gone() -> None:
    known = {(p.model, p.name) for p in places()}
    assert {(model, name) for model, forms in SENTENCES.items() for name in forms} == known


def test_every_kind_of_part_has_a_name() -> None:
    assert set(PHRASES) == set(part_models()), "see PHRASES in policy_eval/teaching/prose/sentences.py"


def test_two_values_never_share_their_words() -> None:
    for place in places():
        words = list(getattr(place.form, "words", {}).values())
        assert len(set(words)) == len(words), f"{place.model.__name__}.{place.name}"


@pytest.mark.parametrize("path", shipped(), ids=lambda p: p.name.removesuffix(".design.yaml"))
def test_shipped_designs_read_back_to_exactly_their_facts(path: Path) -> None:
    design = load(path)
    told = statements(design)
    assert read(told) == held(design)
    assert len(told) == len(held(design))
    assert read_running(running(design)) == held(design)


@given(st.integers(min_value=0))
def test_random_designs_read_back_to_exactly_their_facts(seed: int) -> None:
    design = random_draft(random.Random(seed)).load().design
    told = statements(design)
    assert read(told) == held(design)
    assert [(s.path, s.kind) for s in told] == list(dict.fromkeys((s.path, s.kind) for s in told))
    assert read_running(running(design)) == held(design)


@pytest.mark.slow
def test_every_sentence_that_can_be_told_is_told_and_read_back() -> None:
    """Every value of every field comes up in designs of which everything is known."""
    told: set[tuple[object, object, object]] = set()
    for seed in range(80):
        design = complete_draft(random.Random(seed)).load().design
        assert read(statements(design)) == held(design)
        for s in statements(design):
            ((pattern, _),) = prose_reader.readings(s.text, again=False)
            told.add((pattern.place, pattern.kind, pattern.value))
    wanted = {
        (p.place, p.kind, p.value)
        for place in places()
        for p in prose_reader.patterns_of(place, again=False)
        if p.kind != "open"  # everything is known
    }
    assert wanted - told == set()


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(
    [
        "”",
        "“",
        "a” and “b",
        "x”. The bank is a private body. “y",
        "{P} {V} [a|b]",
        "CN",
        "line\nbreak",
        "\x1b[31m",
        "<b>&",
    ]
)
IDS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True) | st.sampled_from(
    [
        "a-for-b",
        "b",
        "a",
        "for-the-purpose-of-b",
        "the-data-on-a",
        "a-and-the-data-on-b",
        "a--b",
        "a-",
        "3",
        "it",
        "and",
    ]
)


def hostile(name: str, ids: list[str], texts: list[str]) -> Design:
    """A design whose names and texts are meant to be taken for something else."""
    tree = {
        "id": "hostile", "title": "t", "kind": "exercise", "jurisdiction": texts,
        "parties": [{"id": i, "name": name, "country": name} for i in ids],
        "purposes": [{"id": i, "law_ref": name, "by": ids} for i in ids],
        "consents": [{"id": i} for i in ids],
        "inputs": [{"id": i, "uses": [{"purpose": p, "consents": ids, "weight": "main"} for p in ids]} for i in ids],
        "retentions": [{"id": i, "of": ids} for i in ids],
        "promises": [{"path": t, "value": name, "source": t} for t in texts],
    }  # fmt: skip
    design = Design.model_validate(tree, strict=False)
    return design.model_copy(update={"partial_lists": frozenset({"inputs"})})


@given(HOSTILE, st.lists(IDS, unique=True, min_size=1, max_size=3), st.lists(HOSTILE, unique=True, max_size=3))
def test_no_text_and_no_id_is_taken_for_another_fact(name: str, ids: list[str], texts: list[str]) -> None:
    texts = list({one_line(t): t for t in texts}.values())
    ids = [i for i in ids if i != "score"]
    design = hostile(name, ids, texts)
    told = statements(design)
    assert read(told) == held(design)
    assert all("\n" not in s.text for s in told)
    assert read_running(running(design)) == held(design)


def test_names_of_parts_can_be_told_apart() -> None:
    assert name_of("annual-report-box") == "annual report box"
    assert name_of("annual-report_box") == "annual report_box"
    assert name_of("posts-and-groups") == "“posts and groups”"
    assert name_of("terms", always=True) == "“terms”"


def told_by(text: str) -> list[str]:
    """The sentences of a small design."""
    head = "id: d\ntitle: A design\nkind: exercise\n"
    tree = source.parse(head + text, "d.design.yaml").root
    assert isinstance(tree, source.Mapping)
    return [s.text for s in statements(loading.from_tree(tree, "d.design.yaml").design)]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ("consents: []", ["There are no consents."]),
        ("consents: []\npartial: [consents]", []),
        ("consents: [{id: box}]\npartial: [consents]",
         ["There is a consent called “box” (consents.box).", "There may be other consents."]),
        ("consents: [{id: box, act: preset}]",
         ["There is a consent called “box” (consents.box).",
          "The consent “box” is ticked in advance or switched on by default.", "There are no other consents."]),
        ("retentions: [{id: a, months: 1}]\npartial: [retentions]",
         ["There is a storage period called “a” (retentions.a).", "The storage period “a” is 1 month.",
          "There may be other storage periods."]),
        ("rights: {access: {days: '>=30', ground: not_stated}, free_copies_per_year: 0}",
         ["A person can never have their own report free of charge.",
          "A request for a copy of what is held usually takes at least 30 days.",
          "The ground given for refusing a request for a copy of what is held is none at all."]),
        ("scoring: {span_months: unlimited}", ["The score looks at conduct without any limit in time."]),
        ("subjects: [{id: users, number: 10..20000000}]\npartial: [subjects]",
         ["The system affects the users (subjects.users).", "The users number between 10 and 20,000,000 people.",
          "The system may affect other groups."]),
    ],
)  # fmt: skip
def test_sentences(facts: str, wanted: list[str]) -> None:
    assert told_by(facts) == wanted


def test_a_line_break_in_a_text_becomes_a_space() -> None:
    (_, name, _) = told_by('parties: [{id: b, name: "One\\nTwo"}]')
    assert name == "The b is known as “One Two”."


def test_paragraphs_speak_of_a_part_once_and_then_of_it() -> None:
    design = library.load_design("sesame-credit-2018").design
    told = paragraphs(design)
    (box,) = [p for p in told if "(consents.annual-report-box)" in p]
    assert box == (
        "There is a consent called “annual report box” (consents.annual-report-box). It is ticked in advance or "
        "switched on by default. The request for it is small, at the end, or below other content. "
        "Who refuses it suffers nothing."
    )
    assert told[-1] == (
        "There may be other parties, groups, consents, purposes, data in the score, ties, effects and disclosures than "
        "those told of."
    )
    assert list(told) == [" ".join(s.text for s in p) for p in running(design)]
    *most, _ = running(design)
    by_themselves = [(s.path, s.kind) for s in statements(design)]
    assert [(s.path, s.kind) for p in most for s in p] == [x for x in by_themselves if len(x[0]) > 1 or x[1] == "leaf"]


def test_which_lists_are_whole_is_told_at_once() -> None:
    design = library.load_design("privacy-first-credit").design
    assert paragraphs(design)[-1] == (
        "Other people do not count. No promises are made. There are no other parties, groups, consents, purposes, "
        "data in the score, effects, disclosures and storage periods than those told of."
    )


def sentences_of(designs: list[Path]) -> Iterator[Statement]:
    """Every sentence of some designs, by itself and in its paragraph."""
    for path in designs:
        design = load(path)
        yield from statements(design)
        for told in running(design):
            yield from told


def test_sentences_are_sentences() -> None:
    for s in sentences_of(shipped()):
        assert s.text[0].isupper() and s.text.endswith("."), s
        assert "  " not in s.text and "{" not in s.text and "[is" not in s.text and "|" not in s.text, s


def test_no_sentence_passes_judgement() -> None:
    for place in places():
        for p in prose_reader.patterns_of(place, again=False):
            assert not set(NEVER) & set(re.findall("[a-z]+", p.regex.pattern)), p


def test_a_field_without_a_sentence_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    design = library.load_design("sesame-credit-2018").design
    monkeypatch.delitem(SENTENCES[type(design.consents[0])], "act")  # type: ignore[index]
    with pytest.raises(InternalError, match=r"no sentence tells `Consent\.act`"):
        statements(design)


def test_drafts_told_are_those_of_their_files() -> None:
    """What is told does not depend on how the design came to be loaded."""
    draft = complete_draft(random.Random(3))
    tree = source.parse(dump(draft.tree()), "other.design.yaml").root
    assert isinstance(tree, source.Mapping)
    assert statements(loading.from_tree(tree, "other.design.yaml").design) == statements(draft.load().design)
