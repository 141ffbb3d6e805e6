"""The tables of tests/conformance, run against the fold and against both evaluators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy_eval.analysis.sampling import load
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.types import One
from policy_eval.engine import rete
from policy_eval.engine.chain import Chain
from policy_eval.engine.reference import Reference
from policy_eval.engine.rete import Rete
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign, Signs
from policy_eval.evaluation import Engine, Judge
from policy_eval.findings import fold, outcome_at
from policy_eval.language import formula as fm
from policy_eval.language.parse import parse, parse_binder
from policy_eval.language.typecheck import check, check_binders
from policy_eval.library import load_profile
from policy_eval.principle import Concept, ConceptFile, PrincipleSet
from policy_eval.vocabulary.law import Burden, Outcome
from tests.generators import make_rule, make_set

FOLDER = Path(__file__).parent / "conformance"
SIGNS: dict[Any, Sign] = {True: TRUE, False: FALSE, "unknown": UNKNOWN}
WORDS = {TRUE: True, FALSE: False, UNKNOWN: "unknown"}
OUTCOMES = yaml.safe_load((FOLDER / "outcomes.yaml").read_text("utf-8"))
KLEENE = yaml.safe_load((FOLDER / "kleene.yaml").read_text("utf-8"))
OUTCOME = {str(o): o for o in Outcome}
BURDEN = {str(b): b for b in Burden}
BURDENS = (Burden.OPERATOR, Burden.OTHER_SIDE)

Evaluator = Callable[[PrincipleSet, Design], Signs]


def _chained(principles: PrincipleSet, design: Design) -> Signs:
    return Chain(principles, principles.rules, Rete(cache_size=0)).evaluate(design)


def _referred(principles: PrincipleSet, design: Design) -> Signs:
    return Reference(principles, principles.rules).evaluate(design)


@pytest.fixture(params=["durable", "reference"])
def evaluator(request: pytest.FixtureRequest) -> Evaluator:
    """One evaluator, then the other."""
    if request.param == "reference":
        return _referred
    if not rete.AVAILABLE:
        pytest.skip("durable_rules is not installed")
    return _chained


def _design(given: dict[str, Any]) -> DesignFile:
    return load({"id": "given", "title": "given", "kind": "exercise", **given})


def _possible(row: dict[str, Any]) -> frozenset[Outcome]:
    return frozenset(OUTCOME[o] for o in row["possible"])


def _expected(row: dict[str, Any], burden: Burden) -> Outcome:
    outcome = row["outcome"]
    return OUTCOME[outcome if isinstance(outcome, str) else outcome[str(burden)]]


def _row_name(row: dict[str, Any]) -> str:
    return " ".join(f"{k[0].upper()}={str(row[k]).lower()}" for k in ("scope", "applies", "violated", "excused"))


# --- from signs to outcomes


def test_the_table_is_whole() -> None:
    """Each of the 81 combinations is there once."""
    keys = ("scope", "applies", "violated", "excused")
    rows = [tuple(SIGNS[row[k]] for k in keys) for row in OUTCOMES["at_a_place"]]
    assert sorted(rows) == sorted(itertools.product((FALSE, UNKNOWN, TRUE), repeat=4))


@pytest.mark.parametrize("row", OUTCOMES["at_a_place"], ids=_row_name)
@pytest.mark.parametrize("burden", BURDENS, ids=str)
def test_outcome_at_a_place(row: dict[str, Any], burden: Burden) -> None:
    scope, applies, violated, excused = (SIGNS[row[k]] for k in ("scope", "applies", "violated", "excused"))
    assert outcome_at(scope, applies, violated, [excused], [burden]) == (_expected(row, burden), _possible(row))


@pytest.mark.parametrize("row", OUTCOMES["several_exceptions"], ids=lambda row: str(row["exceptions"]))
def test_several_exceptions(row: dict[str, Any]) -> None:
    signs = [SIGNS[sign] for sign, _ in row["exceptions"]]
    burdens = [BURDEN[burden] for _, burden in row["exceptions"]]
    for order in itertools.permutations(range(len(signs))):
        found = outcome_at(TRUE, TRUE, TRUE, [signs[i] for i in order], [burdens[i] for i in order])
        assert found == (OUTCOME[row["outcome"]], _possible(row))


@pytest.mark.parametrize("row", OUTCOMES["for_a_design"], ids=lambda row: row["name"])
def test_outcome_for_a_design(row: dict[str, Any]) -> None:
    places = [(not p.get("unseen", False), OUTCOME[p["outcome"]], _possible(p)) for p in row["places"]]
    for order in itertools.permutations(places):
        assert fold(order) == (OUTCOME[row["outcome"]], _possible(row))


# What a place can come to: its outcome and the outcomes still possible.
_STATES = sorted(
    {
        outcome_at(s, a, v, [e], [b])
        for s, a, v, e in itertools.product((TRUE, UNKNOWN, FALSE), repeat=4)
        for b in BURDENS
    },
    key=str,
)


def _completions(places: list[tuple[bool, Outcome, frozenset[Outcome]]]) -> Iterator[Outcome]:
    """What the design comes to for each way its places may turn out; what is not seen may not exist."""
    ways = [possible if seen else [*possible, None] for seen, _, possible in places]
    for settled in itertools.product(*ways):
        if Outcome.CONFLICT in settled:
            yield Outcome.CONFLICT
        elif Outcome.NO_CONFLICT in settled:
            yield Outcome.NO_CONFLICT
        else:
            yield Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_design_can_come_to_what_its_places_can(number: int) -> None:
    """The possible outcomes of a design are those of its completions, no more and no fewer."""
    for seen in itertools.product((True, False), repeat=number):
        for states in itertools.product(_STATES, repeat=number):
            places = [(s, outcome, possible) for s, (outcome, possible) in zip(seen, states, strict=True)]
            outcome, possible = fold(places)
            assert possible == set(_completions(places)), places
            assert (len(possible) == 1) == (outcome not in (Outcome.UNDECIDED, Outcome.UNLESS_EXCUSED)), places
            assert len(possible) > 1 or outcome in possible, places


# --- the same table through conditions that are read, and facts that are stated or not


@pytest.fixture(scope="module")
def sets() -> dict[Burden, PrincipleSet]:
    """A rule that applies, is violated and is excused by one fact each, and a scope by a fourth."""
    env = {"consequence": One("consequence")}
    binders = (fm.Binder("consequence", fm.Path("", ("consequences",)), "consequence"),)
    names = ("may_change", "other_information", "trained")
    applies, violated, when = (check(parse(f"consequence.human.{n}"), env, {}) for n in names)
    scope = check(parse("rights.court"), {}, {})
    return {b: make_set((make_rule("table", binders, applies, violated, ((when, b),)),), {}, scope) for b in BURDENS}


@pytest.mark.parametrize("row", OUTCOMES["at_a_place"], ids=_row_name)
def test_conditions_and_facts(row: dict[str, Any], sets: dict[Burden, PrincipleSet], evaluator: Evaluator) -> None:
    names = {"applies": "may_change", "violated": "other_information", "excused": "trained"}
    human = {name: row[key] for key, name in names.items() if row[key] != "unknown"}
    rights = {"court": row["scope"]} if row["scope"] != "unknown" else {}
    file = _design({"consequences": [{"id": "refusal", "human": human}], "rights": rights})
    for burden, principles in sets.items():
        signs = evaluator(principles, file.design)
        ((binding, place),) = signs.places["random/table"].items()
        assert binding == (("consequence", ("consequences", "refusal")),)
        found = outcome_at(signs.scope, place.applies, place.violated, place.exceptions, [burden])
        assert found == (_expected(row, burden), _possible(row))
        result = Judge(principles, load_profile("default"), engine=Engine.REFERENCE).evaluate(file).results[0]
        assert (result.outcome, result.possible) == found


# --- conditions where facts are missing


def _kleene_name(case: dict[str, Any]) -> str:
    return f"{case['formula']} given {yaml.safe_dump(case['given'], default_flow_style=True, width=9999).strip()}"


@pytest.mark.parametrize("case", KLEENE, ids=_kleene_name)
def test_kleene(case: dict[str, Any], evaluator: Evaluator) -> None:
    principles = make_set((), {}, check(parse(case["formula"]), {}, {}))
    signs = evaluator(principles, _design(case["given"]).design)
    assert WORDS[signs.scope] == case["expect"]


def test_cases_are_there_once() -> None:
    named = [_kleene_name(case) for case in KLEENE]
    assert len(named) == len(set(named))


# --- places: what a rule is judged for


@pytest.mark.parametrize("case", OUTCOMES["places"], ids=lambda case: case["name"])
def test_places(case: dict[str, Any], evaluator: Evaluator) -> None:
    binders, env = check_binders(tuple(parse_binder(b) for b in case["for_each"]))
    applies = check(parse(case["applies_when"]), env, {}) if "applies_when" in case else fm.TRUE
    principles = make_set((make_rule("places", binders, applies, fm.TRUE),), {})
    places = evaluator(principles, _design(case["given"]).design).places["random/places"]
    found = [[".".join(path) for _, path in binding] for binding in places]
    assert sorted(found) == sorted(case["places"])


# --- concepts are pairs of conditions, for truth and for falsity

CONCEPTS = [  # holds_when, fails_when (None: none is written), the concept
    (True, None, True), (False, None, False), ("unknown", None, "unknown"),
    (True, False, True), (True, "unknown", True),
    (False, True, False), ("unknown", True, False),
    (False, False, "unknown"), (False, "unknown", "unknown"),
    ("unknown", False, "unknown"), ("unknown", "unknown", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("holds", "fails", "expected"), CONCEPTS)
def test_concepts(holds: Any, fails: Any, expected: Any, evaluator: Evaluator) -> None:
    text = ConceptFile.model_construct(id="notion", title="notion", of=(), rationale="")
    first = check(parse("rights.court"), {}, {})
    second = None if fails is None else check(parse("is_ai == 'infers_from_data'"), {}, {})
    concept = Concept(text, "notion.concept.yaml", (), first, second)
    scope = check(parse("notion()"), {}, {"notion": ()})
    given: dict[str, Any] = {} if holds == "unknown" else {"rights": {"court": holds}}
    if fails in (True, False):
        given["is_ai"] = "infers_from_data" if fails else "hand_written_rules_only"
    signs = evaluator(make_set((), {"notion": concept}, scope), _design(given).design)
    assert WORDS[signs.scope] == expected
