"""Drills: reproducible, fresh, readable, and with answers that both evaluators come to on what is told alone."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_eval import library, source
from policy_eval.cases.matching import lies_at
from policy_eval.design import loading
from policy_eval.design.model import Design
from policy_eval.engine.signs import TRUE
from policy_eval.errors import InternalError, InvalidInput
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.findings import PlaceResult, RuleResult, fold
from policy_eval.principle import PrincipleSet, ProfileFile
from policy_eval.teaching import drill
from policy_eval.teaching.drill import PLANS, Drill, Question, draw
from policy_eval.teaching.drill.changes import makes_sense
from policy_eval.teaching.drill.questions import SETTLED
from policy_eval.teaching.prose import paragraphs, running, statements
from policy_eval.vocabulary.law import Outcome
from tests import scratch
from tests.prose_reader import held, read, read_running

SETS = ("gdpr", "eu-ai-act", "pipl", "fcra-ecoa", "gdpr+eu-ai-act")
EACH = 40  # drills of each choice of sets and each level: 200 of each level


@functools.cache
def profile() -> ProfileFile:
    """The default profile."""
    return library.load_profile("default")


@functools.cache
def sets(names: str) -> tuple[PrincipleSet, ...]:
    """Sets by name, joined by `+`."""
    return tuple(library.load_set(name) for name in names.split("+"))


@functools.cache
def drills(names: str, level: int) -> tuple[Drill, ...]:
    """The drills that tests look at, drawn once."""
    return tuple(draw(sets(names), profile(), level, seed) for seed in range(EACH))


@functools.cache
def judges(names: str) -> dict[str, Judge]:
    """A judge of each set, with both evaluators where durable_rules is installed."""
    return {s.id: Judge(s, profile(), engine=Engine.BOTH) for s in sets(names)}


@functools.cache
def design_of(name: str) -> Design:
    """A shipped design."""
    return library.load_design(name).design


@functools.cache
def leaves_of(name: str) -> frozenset[object]:
    """The fields a shipped design states."""
    return frozenset(fact for fact in held(design_of(name)) if fact[1] == "leaf")


@functools.cache
def operators() -> tuple[str, ...]:
    """Names of real operators, and their words that mean nobody else."""
    names = [p.name for n in library.design_names() for p in design_of(n).parties or () if p.name]
    words = {w for name in names for w in re.findall(r"[A-Z]\w{4,}", name)}
    common = {"Minister", "Social", "Affairs", "Employment", "Services", "Amazon", "Corporation", "Solutions", "Credit"}
    return (*names, *sorted(words - common))


@functools.cache
def shipped(name: str, set: str) -> Evaluation:
    """What a shipped design comes to."""
    return judges(set)[set].evaluate(library.load_design(name))


def outcome_in(name: str, question: Question) -> Outcome | None:
    """What a rule comes to in a shipped design where a drill asks it; None if there is no such place."""
    places = shipped(name, question.set).result(question.rule).places
    return next((p.outcome for p in places if (p.binding or None) == question.place), None)


def outcomes(drawn: Drill, names: str) -> Iterator[tuple[Question, Outcome]]:
    """Each question with its answer."""
    return ((question, place.outcome) for question, _, _, place in answers(drawn, names))


def answers(drawn: Drill, names: str) -> Iterator[tuple[Question, Evaluation, RuleResult, PlaceResult]]:
    """Each question with what both evaluators make of it."""
    judged = {id: judge.evaluate(drawn.file) for id, judge in judges(names).items()}
    for question in drawn.questions:
        result = judged[question.set].result(question.rule)
        yield question, judged[question.set], result, next(
            p for p in result.places if (p.binding or None) == question.place
        )  # fmt: skip


every = pytest.mark.parametrize(("names", "level"), [(names, level) for level in PLANS for names in SETS])


@pytest.mark.slow
@every
def test_prose_states_exactly_the_facts_in_few_sentences(names: str, level: int) -> None:
    for drawn in drills(names, level):
        design = drawn.file.design
        assert read(statements(design)) == held(design)
        told = running(design)
        assert read_running(told) == held(design)
        assert 4 <= sum(map(len, told)) <= PLANS[level].sentences + PLANS[level].slack, drawn.name


@pytest.mark.slow
@every
def test_sets_cover_the_system_and_answers_are_unambiguous(names: str, level: int) -> None:
    for drawn in drills(names, level):
        assert all(judge.evaluate(drawn.file).scope == TRUE for judge in judges(names).values())
        waiting = 0
        for question, evaluation, result, place in answers(drawn, names):
            assert place.seen
            if place.outcome in SETTLED:
                assert place.possible == {place.outcome}, drawn.name
                assert evaluation.grounds(result.rule, place).open == frozenset()
            else:
                assert level == 3 and place.outcome in (Outcome.UNDECIDED, Outcome.UNLESS_EXCUSED)
                grounds = evaluation.grounds(result.rule, place)
                assert 1 <= len(grounds.open) <= 3 or grounds.unsettled, drawn.name
                waiting += 1
            # Whoever looks at all that the rule says of the part comes to the same.
            at = [path for _, path in (question.place or ())[-1:]]
            about = [p for p in result.places if not at or lies_at(p, at)]
            outcome, possible = fold((p.seen, p.outcome, p.possible) for p in about)
            assert outcome is place.outcome, (drawn.name, question)
            assert len(possible) == 1 or place.outcome not in SETTLED
        assert waiting > 0 if level == 3 else waiting == 0, drawn.name


@pytest.mark.slow
@every
def test_a_level_asks_what_it_says(names: str, level: int) -> None:
    for drawn in drills(names, level):
        least, most = PLANS[level].questions
        assert least <= len(drawn.questions) <= most
        assert len({q.rule for q in drawn.questions}) == len(drawn.questions)
        if level > 1:
            found = [(result.rule, place) for _, _, result, place in answers(drawn, names)]
            outcomes = {place.outcome for _, place in found}
            assert Outcome.CONFLICT in outcomes and outcomes & {Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE}
            assert any(p.excused_by or (p.outcome is Outcome.CONFLICT and rule.exceptions) for rule, p in found)


@pytest.mark.slow
@every
def test_outcomes_vary(names: str, level: int) -> None:
    found = Counter(place.outcome for d in drills(names, level) for _, _, _, place in answers(d, names))
    assert max(found.values()) <= 0.6 * found.total(), found
    assert min(found[o] for o in SETTLED) >= 0.1 * found.total(), found


@pytest.mark.slow
@every
def test_facts_are_new_and_name_nobody(names: str, level: int) -> None:
    for drawn in drills(names, level):
        design = drawn.file.design
        leaves = {fact for fact in held(design) if fact[1] == "leaf"}
        for name in library.design_names():
            if leaves <= leaves_of(name):  # all that is new is what there is not, and that makes a difference
                assert any(o is not outcome_in(name, q) for q, o in outcomes(drawn, names)), (drawn.name, name)
        assert (design.id, design.title, design.kind) == ("drill", "Drill", "exercise")
        assert (design.sources, design.evidence, design.period, design.summary) == ((), {}, None, None)
        (written,) = drawn.file.texts
        told = written + "\n".join(paragraphs(design))
        assert not any(name in told for name in operators()), drawn.name
        assert makes_sense(design), drawn.name


@pytest.mark.slow
@every
def test_drills_differ_and_load_from_their_text(names: str, level: int) -> None:
    found = drills(names, level)
    assert len({(d.file.texts, d.questions) for d in found}) >= 0.95 * EACH
    for drawn in found:
        tree = source.parse(drawn.file.texts[0], drawn.file.files[0]).root
        assert isinstance(tree, source.Mapping)
        again = loading.from_tree(tree, drawn.file.files[0])
        assert (again.design, again.spans) == (drawn.file.design, drawn.file.spans)
        for fact in held(drawn.file.design):
            assert drawn.file.span_of(fact[0]).file == drawn.file.files[0]


@pytest.mark.slow
def test_rules_asked_about_vary() -> None:
    asked = Counter(q.rule for d in drills("gdpr", 1) for q in d.questions)
    assert len(asked) >= 20
    both = [{q.set for q in d.questions} for d in drills("gdpr+eu-ai-act", 2)]
    assert sum(found == {"gdpr", "eu-ai-act"} for found in both) >= 0.8 * EACH


PRINTED = """
import sys
from policy_eval import library
from policy_eval.teaching.drill import draw
sets = [library.load_set(n) for n in sys.argv[1:]]
for level in (3, 1, 2):
    d = draw(sets, library.load_profile("default"), level, 11)
    print(d.name, d.questions, d.file.texts[0])
"""


@pytest.mark.slow
@pytest.mark.parametrize("names", ["gdpr+eu-ai-act", "fcra-ecoa"])
def test_the_same_seed_gives_the_same_bytes_whatever_was_drawn_before(names: str) -> None:
    """In other processes, with other hash seeds, with the sets in another order."""
    here = [draw(sets(names), profile(), level, 11) for level in (1, 2, 3)]
    wanted = [f"{here[n].name} {here[n].questions} {here[n].file.texts[0]}\n" for n in (2, 0, 1)]
    for seed, order in (("1", names.split("+")), ("77", names.split("+")[::-1])):
        done = subprocess.run(
            [sys.executable, "-c", PRINTED, *order],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        assert done.stdout == "".join(wanted)


def test_a_drill_is_named_by_what_it_is_drawn_from() -> None:
    drawn = draw(sets("gdpr+eu-ai-act")[::-1], profile(), 1, 5)
    assert (drawn.name, drawn.level, drawn.seed) == ("drill/eu-ai-act+gdpr/1/5", 1, 5)
    assert drawn.file.files == ("drill-eu-ai-act+gdpr-1-5.design.yaml",)


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"there is no level 4(.|\n)*one of 1, 2, 3"):
        draw(sets("pipl"), profile(), 4, 1)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A set of one's own with two rules that shipped designs decide."""
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "set.yaml").write_text(scratch.SET)
    (folder / "unexplained.rule.yaml").write_text(scratch.rule("unexplained", "high"))
    return folder


def test_a_set_of_ones_own_gives_drills(house: Path) -> None:
    own = library.load_set(str(house))
    for seed in range(6):
        drawn = draw([own], profile(), 1, seed)
        assert [q.rule for q in drawn.questions] == ["house/unexplained"]
        result = Judge(own, profile()).evaluate(drawn.file).result("house/unexplained")
        place = next(p for p in result.places if p.binding == drawn.questions[0].place)
        assert place.possible == {place.outcome}


def test_a_set_of_too_few_rules_is_refused_for_a_level_that_asks_for_more(house: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no drill for house(.|\n)*level 2 asks about 3 rules"):
        draw([library.load_set(str(house))], profile(), 2, 1)


def test_sets_that_cover_no_shipped_design_are_refused(house: Path) -> None:
    (house / "set.yaml").write_text(scratch.SET.replace("s.scored for s", "s.id == 'nobody' for s"))
    with pytest.raises(InvalidInput, match=r"no drill for house(.|\n)*in the scope of all of them"):
        draw([library.load_set(str(house))], profile(), 1, 1)


def test_giving_up_on_a_shipped_set_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "MOST_TRIES", 0)
    with pytest.raises(InternalError, match="drill/pipl/1/1 was tried 0 times"):
        draw(sets("pipl"), profile(), 1, 1)
