"""Properties that hold for every design, shipped and random sets alike.

The numbers are those of the list of properties the design of the package promises to keep. A case is
named by its seed; `pytest --hypothesis-profile=search` looks for more of them.
"""

from __future__ import annotations

import copy
import functools
import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_eval import source
from policy_eval.analysis import sampling
from policy_eval.design import loading
from policy_eval.design.base import Block
from policy_eval.design.evidence import keep
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath
from policy_eval.design.types import (
    Boolean,
    Choice,
    FieldType,
    Group,
    Parts,
    Ref,
    Values,
    fields_of,
    part_models,
    root_lists,
)
from policy_eval.engine.evidence import Fact, Support
from policy_eval.engine.signs import FALSE, Binding
from policy_eval.errors import InvalidInput
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.findings import PlaceResult, RuleResult
from policy_eval.findings import judge as fold_rule
from policy_eval.language import formula as fm
from policy_eval.language.parse import parse, parse_binder
from policy_eval.language.typecheck import check, check_binders
from policy_eval.library import load_profile, load_set
from policy_eval.principle import PrincipleSet, ProfileFile, Rule, Weight
from policy_eval.vocabulary.law import Band, Burden, Outcome, Severity
from tests import generators as g

SETS = ("eu-ai-act", "gdpr")  # properties are of the engine; `test_agreement` judges under every set
PROFILE = load_profile("default")
ESTABLISHED = (Outcome.CONFLICT, Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE)
CONFLICTS = (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED)
BANDS = (Band.DOES_NOT_APPLY, Band.NONE_FOUND, Band.SOME, Band.SERIOUS, Band.PROHIBITED)

seeds = st.integers(0, 10**9)
every_set = pytest.mark.parametrize("name", [*SETS, "random"])
shipped = pytest.mark.parametrize("name", SETS)


@functools.cache
def _shipped(name: str) -> Judge:
    return Judge(load_set(name), PROFILE)


def set_for(name: str, seed: int) -> PrincipleSet:
    """A shipped set, or one of a few random ones."""
    return load_cached(name) if name != "random" else _random_set(seed % 10)


@functools.cache
def load_cached(name: str) -> PrincipleSet:
    return load_set(name)


@functools.cache
def _random_set(number: int) -> PrincipleSet:
    return g.random_set(random.Random(f"property {number}"), trivial=False)


@functools.cache
def _random_judge(number: int) -> Judge:
    return Judge(_random_set(number), PROFILE)


def judge_for(name: str, seed: int) -> Judge:
    """A judge of `set_for` the same."""
    return _shipped(name) if name != "random" else _random_judge(seed % 10)


Verdict = tuple[Outcome, frozenset[Outcome], dict[Binding, object]]


def verdict(result: RuleResult) -> Verdict:
    """What a rule came to, whatever the order of its places."""
    places: dict[Binding, object] = {p.binding: (p.outcome, p.possible, p.excused_by, p.excuses) for p in result.places}
    return result.outcome, result.possible, places


def verdicts(evaluation: Evaluation) -> dict[str, Verdict]:
    """What each rule came to."""
    return {r.rule.id: verdict(r) for r in evaluation.results}


def reasons(evaluation: Evaluation) -> dict[tuple[str, Binding], object]:
    """What each rule's outcome rests on, place by place."""
    return {(r.rule.id, p.binding): evaluation.grounds(r.rule, p) for r in evaluation.results for p in r.places}


@given(seed=seeds)
def test_designs_are_read_as_drawn(seed: int) -> None:
    """Which lists are whole, and how many facts are stated, is the same in the draft and in the design."""
    draft = sampling.random_draft(random.Random(seed))
    design = draft.load().design
    assert design.partial_lists == draft.partial
    stated = sum(leaf.name in _holder(draft.data, leaf) for leaf in leaves(Design, draft.data))
    assert stated == _stated(design)


def _holder(data: Any, leaf: Leaf) -> Any:
    for step in leaf.holder:
        data = data.get(step, {}) if isinstance(data, dict) else data[step]
    return data


def _stated(block: Block) -> int:
    """How many facts of a block, and of what is in it, take one of a few values and are stated."""
    total = 0
    for name, kind in fields_of(type(block)).items():
        value = getattr(block, name)
        if isinstance(kind, Parts):
            total += sum(_stated(part) for part in value or ())
        elif isinstance(kind, Group):
            total += _stated(value)
        elif isinstance(kind, Boolean | Choice):
            total += value is not None
    return total


# --- 1: the same in, the same out; 3: order means nothing; 4: a batch is so many singles


@pytest.mark.slow
@every_set
@given(seed=seeds)
def test_01_03_order_means_nothing(name: str, seed: int) -> None:
    rng = random.Random(seed)
    draft = sampling.random_draft(rng)
    other = sampling.Draft(draft.kind, g.shuffled(draft.data, rng), draft.partial)
    principles = set_for(name, seed)
    one = judge_for(name, seed).evaluate(draft.load())
    again = Judge(g.reordered(principles, rng), PROFILE).evaluate(other.load())
    assert list(again.results) != [] and one.scope == again.scope
    assert verdicts(one) == verdicts(again)
    assert reasons(one) == reasons(again)
    assert one.card.band == again.card.band and one.card.counts == again.card.counts
    assert again.card.burden.standing == pytest.approx(one.card.burden.standing)


def test_01_same_bytes_out() -> None:
    """Two processes whose sets iterate in different orders print the same bytes."""
    command = [sys.executable, "-m", "policy_eval", "evaluate", "sesame-credit-2018", "-p", SETS[-1], "-f", "json"]
    root = Path(__file__).resolve().parent.parent
    printed = [
        subprocess.run(
            command, cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1] != b""


@pytest.mark.slow
@every_set
@settings(max_examples=10)
@given(seed=seeds)
def test_04_batch_is_singles(name: str, seed: int) -> None:
    rng = random.Random(seed)
    files = [sampling.random_draft(rng).load() for _ in range(4)]
    judge = Judge(set_for(name, seed), PROFILE)
    batch = [judge.evaluate(f) for f in files]
    for evaluation, file in zip(batch, files, strict=True):
        alone = Judge(set_for(name, seed), PROFILE).evaluate(file)
        assert (verdicts(alone), alone.card) == (verdicts(evaluation), evaluation.card)
        assert reasons(alone) == reasons(evaluation)


# --- 5: numbers follow from weights and outcomes; 15: their unit does not matter


def _share(part: float, rest: float) -> float | None:
    return 100 * part / (part + rest) if part + rest else None


@every_set
@given(seed=seeds)
def test_05_numbers_can_be_recomputed(name: str, seed: int) -> None:
    evaluation = judge_for(name, seed).evaluate(sampling.random_design(seed))
    card = evaluation.card
    counted = [r for r in evaluation.results if r.rule.text.severity is not Severity.ADVISORY]

    def weight(*outcomes: Outcome) -> float:
        return sum(PROFILE.weights[r.rule.text.severity].weight for r in counted if r.outcome in outcomes)

    def possibly(outcome: Outcome) -> float:
        return sum(PROFILE.weights[r.rule.text.severity].weight for r in counted if outcome in r.possible)

    conflicts, clear, open_ = weight(*CONFLICTS), weight(Outcome.NO_CONFLICT), weight(Outcome.UNDECIDED)
    known = (conflicts + clear) / (conflicts + clear + open_) if conflicts + clear + open_ else 0.0
    assert card.coverage == pytest.approx(known)
    assert card.burden.established == pytest.approx(weight(Outcome.CONFLICT))
    assert card.burden.standing == pytest.approx(conflicts)
    assert card.burden.worst == pytest.approx(possibly(Outcome.CONFLICT))
    assert 0 <= card.burden.established <= card.burden.standing <= card.burden.worst + 1e-9
    expected = _share(clear, conflicts) if known >= 0.5 else None
    assert card.score.standing == (None if expected is None else pytest.approx(expected))
    if card.score.worst is None or card.score.best is None:
        assert card.score.standing is None and card.score.may_be_none
    else:
        standing = [] if card.score.standing is None else [card.score.standing]
        ends = [0.0, card.score.worst, *standing, card.score.best, 100.0]
        assert all(a <= b + 1e-9 for a, b in itertools.pairwise(ends))
    assert sum(card.counts.values()) == len(evaluation.results)
    _band_follows(evaluation)


def _band_follows(evaluation: Evaluation) -> None:
    bands = evaluation.card.band
    if evaluation.scope == FALSE or all(r.outcome is Outcome.NOT_APPLICABLE for r in evaluation.results):
        assert {bands.standing, bands.best, bands.worst} == {Band.DOES_NOT_APPLY}
        return
    gravest = max((r.rule.text.severity.rank for r in evaluation.results if r.outcome in CONFLICTS), default=0)
    expected = {0: Band.NONE_FOUND, 4: Band.PROHIBITED, 3: Band.SERIOUS}.get(gravest, Band.SOME)
    if expected is Band.NONE_FOUND and evaluation.card.coverage < 0.5:
        expected = Band.TOO_LITTLE_KNOWN
    assert bands.standing is expected
    assert BANDS.index(bands.best) <= BANDS.index(bands.worst)
    if expected is not Band.TOO_LITTLE_KNOWN:
        assert BANDS.index(bands.best) <= BANDS.index(expected) <= BANDS.index(bands.worst)


@pytest.mark.slow
@every_set
@given(seed=seeds, factor=st.sampled_from((0.25, 0.5, 2.0, 8.0)))
def test_15_scaled_weights_change_nothing(name: str, seed: int, factor: float) -> None:
    scaled = {s: Weight(weight=w.weight * factor, because="scaled") for s, w in PROFILE.weights.items()}
    profile = ProfileFile.model_validate({**dict(PROFILE), "weights": scaled})
    file = sampling.random_design(seed)
    one = judge_for(name, seed).evaluate(file).card
    other = Judge(set_for(name, seed), profile).evaluate(file).card
    assert (other.band, other.score, other.coverage, other.counts) == (one.band, one.score, one.coverage, one.counts)
    assert other.burden.worst == one.burden.worst * factor


# --- 6: knowing more never reopens anything; 7: knowing nothing decides nothing; 8: bounds hold


@every_set
@given(seed=seeds, share=st.sampled_from((0.05, 0.2, 0.5)))
def test_06_more_facts_only_narrow(name: str, seed: int, share: float) -> None:
    rng = random.Random(seed)
    judge = judge_for(name, seed)
    whole = sampling.complete_draft(rng)
    partly = sampling.forget(whole, rng, share)
    barely = sampling.forget(partly, rng, share)
    rich, middle, poor = (judge.evaluate(d.load()) for d in (whole, partly, barely))
    _narrower(rich, middle)
    _narrower(middle, poor)


def _narrower(rich: Evaluation, poor: Evaluation) -> None:
    assert poor.scope in (rich.scope, 0)
    for now, before in zip(rich.results, poor.results, strict=True):
        assert now.possible <= before.possible, now.rule.id
        if before.outcome in ESTABLISHED:
            assert now.outcome is before.outcome, now.rule.id
        _places_narrower(now, before)
    one, other = rich.card, poor.card
    assert other.burden.established <= one.burden.established + 1e-9
    assert one.burden.worst <= other.burden.worst + 1e-9
    assert BANDS.index(one.band.worst) <= BANDS.index(other.band.worst)
    assert BANDS.index(one.band.best) >= BANDS.index(other.band.best) or one.band.best is Band.DOES_NOT_APPLY
    if one.score.worst is None or one.score.best is None:
        assert other.score.may_be_none
    else:
        assert other.score.worst is not None and other.score.best is not None
        assert other.score.worst <= one.score.worst + 1e-9 and one.score.best <= other.score.best + 1e-9
        assert one.score.may_be_none <= other.score.may_be_none


def _places_narrower(now: RuleResult, before: RuleResult) -> None:
    known = {p.binding: p for p in now.places}
    earlier = {p.binding: p for p in before.places}
    unseen = [p.possible for p in before.places if not p.seen]
    for binding, place in known.items():
        if binding in earlier:
            assert place.possible <= earlier[binding].possible, (now.rule.id, binding)
        else:  # a part or a link that was not known of: one of the unseen places has room for it
            assert any(place.possible <= possible for possible in unseen), (now.rule.id, binding)
    for binding, place in earlier.items():
        if place.seen and binding not in known:  # known by now not to be linked
            assert Outcome.NOT_APPLICABLE in place.possible, (now.rule.id, binding)


@every_set
@given(seed=seeds)
def test_07_nothing_known_decides_nothing(name: str, seed: int) -> None:
    kind = sampling.KINDS[seed % len(sampling.KINDS)]
    evaluation = judge_for(name, seed).evaluate(sampling.Draft(kind, {}).load())
    for result in evaluation.results:
        rule = result.rule
        if any(fm.atoms(f) for f in (rule.applies, rule.violated, *(e.when for e in rule.exceptions))):
            assert result.outcome is Outcome.UNDECIDED, rule.id
            assert {Outcome.CONFLICT, Outcome.NO_CONFLICT} & result.possible, rule.id
    assert evaluation.card.score.standing is None
    assert evaluation.card.burden.established == 0


def names_read(principles: PrincipleSet, formulas: list[fm.Formula]) -> set[str]:
    """Every name of a fact that the conditions, or the concepts they call, mention."""
    found: set[str] = set()
    seen: set[str] = set()
    pending = list(formulas)
    while pending:
        formula = pending.pop()
        found |= {step for path in _paths(formula) for step in path.steps}
        for call in fm.calls(formula):
            if call.concept not in seen:
                seen.add(call.concept)
                concept = principles.concepts[call.concept]
                pending += [f for f in (concept.holds, concept.fails) if f is not None]
    return found


def _paths(formula: fm.Formula) -> Iterator[fm.Path]:
    for atom in fm.atoms(formula):
        match atom:
            case fm.Holds(path):
                yield path
            case fm.Compare(_, left, right):
                yield from (p for p in (left, right) if isinstance(p, fm.Path))
            case fm.Among(item, options):
                yield from (p for p in (item, options) if isinstance(p, fm.Path))
            case fm.Quantifier(_, _, source_, condition, body):
                yield source_
                yield from _paths(body)
                yield from _paths(condition) if condition else ()
            case fm.Count(_, source_, condition):
                yield source_
                yield from _paths(condition) if condition else ()
            case fm.Call(_, arguments):
                yield from arguments


def conditions_of(rule: Rule) -> list[fm.Formula]:
    """All conditions of a rule."""
    return [rule.applies, rule.violated, *(e.when for e in rule.exceptions)]


@dataclass(frozen=True)
class Leaf:
    """A fact of a draft: where it is, and the values it may take."""

    holder: tuple[str | int, ...]
    name: str
    values: tuple[Any, ...]


def leaves(model: type[Block], data: sampling.Data, at: tuple[str | int, ...] = ()) -> Iterator[Leaf]:
    """The facts of a draft that take one of a few values, stated or not."""
    for name, kind in fields_of(model).items():
        match kind:
            case Parts(of):
                for number, item in enumerate(data.get(name, ())):
                    yield from leaves(part_models()[of], item, (*at, name, number))
            case Group(inner):
                yield from leaves(inner, data.get(name, {}), (*at, name))
            case Boolean():
                yield Leaf(at, name, (True, False))
            case Choice(terms):
                yield Leaf(at, name, tuple(t.value for t in terms))
            case _:
                pass


def with_value(draft: sampling.Draft, leaf: Leaf, value: Any) -> sampling.Draft:
    """The draft with one fact set, or unknown if the value is None."""
    data = copy.deepcopy(draft.data)
    holder: Any = data
    for step in leaf.holder:
        holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
    holder.pop(leaf.name, None)
    if value is not None:
        holder[leaf.name] = value
    return sampling.Draft(draft.kind, data, draft.partial)


@shipped
@settings(max_examples=8)
@given(seed=seeds)
def test_08_every_completion_lies_within_the_bounds(name: str, seed: int) -> None:
    rng = random.Random(seed)
    judge = judge_for(name, seed)
    read = names_read(judge.principles, [judge.principles.scope, *(f for r in judge.rules for f in conditions_of(r))])
    draft = sampling.forget(sampling.complete_draft(rng, 1), rng, 0.05)
    candidates = [leaf for leaf in leaves(Design, draft.data) if leaf.name in read and len(leaf.values) <= 6]
    chosen = rng.sample(candidates, 2)
    for leaf in chosen:
        draft = with_value(draft, leaf, None)
    before = judge.evaluate(draft.load())
    for values in itertools.product(*(leaf.values for leaf in chosen)):
        completed = draft
        for leaf, value in zip(chosen, values, strict=True):
            completed = with_value(completed, leaf, value)
        after = judge.evaluate(completed.load())
        _narrower(after, before)
        if after.card.score.standing is not None:
            assert before.card.score.worst is not None and before.card.score.best is not None
            assert before.card.score.worst - 1e-9 <= after.card.score.standing <= before.card.score.best + 1e-9
        low, high = before.card.burden.established, before.card.burden.worst
        assert low - 1e-9 <= after.card.burden.standing <= high + 1e-9


# --- 9: the cited facts are enough, and none of them can be spared; 10: what is not read does not matter


def narrowed(design: Design, facts: Support, binding: Binding) -> Design:
    """The design of which nothing is known but the given facts, what they hang on, and the parts bound."""
    leaf = {f.path for f in facts if f.kind == "leaf"}
    whole = {f.path for f in facts if f.kind == "whole"}
    ends = [*(f.path for f in facts), *(path for _, path in binding)]
    items = {path[:n] for path in ends for n in range(1, len(path) + 1)} - leaf
    items |= {(*path, name) for path in whole for name in _names_in(design, path)}
    items |= {target for path in leaf for target in _targets(design, path)}
    items |= {("purposes", path[-1]) for path in items if len(path) > 1 and path[-2] == "uses"}
    return keep(design, lambda path: path in leaf or path in items, lambda path: path in whole)


def binding_facts(rule: Rule, design: Design, binding: Binding) -> Support:
    """The facts a place exists by: the references that lead from one of its parts to the next."""
    bound = dict(binding)
    found: set[Fact] = set()
    for binder in rule.binders:
        path = bound[binder.source.root] if binder.source.root else ()
        for step in binder.source.steps:
            path = (*path, step)
            kind = _type_of(design, path)
            if isinstance(kind, Ref | Values):
                found.add(Fact(path))
                path = next(_targets(design, path), path)
    return frozenset(found)


def _at(design: Design, path: PartPath) -> Any:
    value: Any = design
    for step in path:
        if isinstance(value, tuple):
            value = next(p for p in value if getattr(p, p.key) == step)
        else:
            value = getattr(value, step)
    return value


def _type_of(design: Design, path: PartPath) -> FieldType:
    owner: type[Block] = type(_at(design, path[:-1]))
    return fields_of(owner)[path[-1]]


def _names_in(design: Design, path: PartPath) -> list[str]:
    return [getattr(p, p.key) for p in _at(design, path)]


def _targets(design: Design, path: PartPath) -> Iterator[PartPath]:
    """The parts a fact refers to: that they exist is said with it."""
    kind = _type_of(design, path)
    value = _at(design, path)
    references = kind.of if isinstance(kind, Values) else kind
    if isinstance(references, Ref):
        for name in value if isinstance(value, tuple) else (value,):
            for of in references.kinds:
                if any(p.id == name for p in getattr(design, root_lists()[of]) or ()):
                    yield root_lists()[of], name


def comes_to(judge: Judge, rule: Rule, design: Design, binding: Binding) -> Outcome | None:
    """The outcome of one rule at one place; None if it is no place of the design."""
    signs = judge.signs(design)
    places = fold_rule(rule, signs.scope, signs.places[rule.id]).places
    return next((p.outcome for p in places if p.binding == binding), None)


def decided_places(evaluation: Evaluation) -> Iterator[tuple[Rule, PlaceResult]]:
    """Places that are seen and not undecided."""
    for result in evaluation.results:
        for place in result.places:
            if place.seen and place.outcome is not Outcome.UNDECIDED:
                yield result.rule, place


def check_cited(principles: PrincipleSet, file: DesignFile, rng: random.Random, most: int) -> int:
    """Check up to so many places of a design; gives how many facts were tried to be spared."""
    evaluation = Judge(principles, PROFILE, engine=Engine.REFERENCE).evaluate(file)
    if evaluation.scope == FALSE:  # then the scope is the finding
        return 0
    spared = 0
    scope = evaluation.scope_grounds.evidence
    places = list(decided_places(evaluation))
    for rule, place in rng.sample(places, min(most, len(places))):
        alone = Judge(replace(principles, rules=(rule,)), PROFILE, engine=Engine.REFERENCE, rules=(rule,))
        cited = evaluation.grounds(rule, place).evidence
        given_ = scope | binding_facts(rule, file.design, place.binding)
        where = (rule.id, place.binding, sorted(map(str, cited)))
        enough = narrowed(file.design, cited | given_, place.binding)
        assert comes_to(alone, rule, enough, place.binding) is place.outcome, where
        for fact in cited - given_:
            less = narrowed(file.design, (cited | given_) - {fact}, place.binding)
            assert comes_to(alone, rule, less, place.binding) is not place.outcome, (*where, str(fact), fact.kind)
            spared += 1
    return spared


@pytest.mark.slow
@shipped
@given(seed=seeds)
def test_09_cited_facts_are_enough_and_all_needed(name: str, seed: int) -> None:
    rng = random.Random(seed)
    check_cited(load_cached(name), sampling.random_draft(rng, 2).load(), rng, 12)


@dataclass(frozen=True)
class Cited:
    """A design, a rule over it, and exactly the facts that its one place in view must cite."""

    name: str
    given: sampling.Data
    violated: str
    cited: tuple[str, ...]
    for_each: tuple[str, ...] = ()
    applies: str = "true"
    exceptions: tuple[tuple[str, Burden], ...] = ()


LEARNS = {"is_ai": "infers_from_data"}
CITED = (
    Cited(
        "an item of which nothing is asked but that it is there",
        {"purposes": [{"id": "p"}], "rights": {"court": False}},
        "any(not rights.court for p in purposes)",
        ("purposes.p", "rights.court"),
    ),
    Cited(
        "an exception of the other side that fails, beside one of the operator that is open",
        {**LEARNS, "rights": {"court": False}},
        "is_ai == 'infers_from_data'",
        ("is_ai", "rights.court"),
        exceptions=(("rights.court", Burden.OTHER_SIDE), ("scoring.errors == 'published'", Burden.OPERATOR)),
    ),
    Cited(
        "nothing is in an empty list",
        {"parties": [{"id": "b"}], "inputs": [{"id": "i", "supplied_by": "b"}], "purposes": [{"id": "p", "by": []}]},
        "input.supplied_by not in purpose.by",
        ("purposes.p.by",),
        for_each=("input", "purpose"),
    ),
    Cited(
        "one fact that both lets the rule apply and excuses, beside another that shows no violation",
        {**LEARNS, "rights": {"court": True}},
        "is_ai == 'hand_written_rules_only'",
        ("rights.court",),
        applies="rights.court",
        exceptions=(("rights.court", Burden.OPERATOR),),
    ),
    Cited(
        "that a bound part exists is said with the place",
        {"purposes": [{"id": "p"}], "rights": {"court": False}},
        "any(not rights.court for q in purposes)",
        ("rights.court",),
        for_each=("purpose",),
    ),
    Cited(
        "either of two facts would do, and a part is joined to itself",
        {**LEARNS, "subjects": [{"id": "a"}], "rights": {"court": True}},
        "rights.court or is_ai == 'infers_from_data'",
        ("is_ai",),
        for_each=("subject", "other in subjects"),
        applies="subject == other",
    ),
    Cited(
        "a part is in its own list, whether the list is whole or not",
        {"subjects": [{"id": "a"}], "rights": {"court": True}},
        "subject in subjects and rights.court",
        ("rights.court",),
        for_each=("subject",),
    ),
    Cited(
        "the reference that leads from one bound part to the next",
        {
            "purposes": [{"id": "p", "category": "crime_prediction"}],
            "inputs": [{"id": "i", "uses": [{"purpose": "p"}]}],
            "associations": [{"id": "a", "input": "i"}],
        },
        "use.purpose.category == 'crime_prediction'",
        ("associations.a.input", "purposes.p.category"),
        for_each=("association", "use in association.input.uses"),
    ),
)


@pytest.mark.parametrize("case", CITED, ids=[c.name for c in CITED])
def test_09_what_is_cited(case: Cited) -> None:
    file = sampling.load({"id": "given", "title": "given", "kind": "exercise", **case.given})
    binders, env = check_binders(tuple(parse_binder(b) for b in case.for_each))
    applies, violated = (check(parse(t), env, {}) for t in (case.applies, case.violated))
    exceptions = tuple((check(parse(t), env, {}), burden) for t, burden in case.exceptions)
    rule = g.make_rule("cited", binders, applies, violated, exceptions)
    evaluation = Judge(g.make_set((rule,), {}), PROFILE, engine=Engine.REFERENCE).evaluate(file)
    (place,) = evaluation.results[0].places
    assert place.outcome not in (Outcome.UNDECIDED, Outcome.NOT_APPLICABLE)
    assert sorted(map(str, evaluation.grounds(rule, place).evidence)) == sorted(case.cited)


@pytest.mark.slow
@settings(max_examples=100)
@given(seed=seeds)
def test_09_random_sets(seed: int) -> None:
    """The same of rules nobody would write, so that every kind of condition is cited right."""
    rng = random.Random(seed)
    check_cited(_random_set(seed % 40), sampling.random_draft(rng, 2).load(), rng, 12)


@shipped
@given(seed=seeds)
def test_09_scope(name: str, seed: int) -> None:
    """The facts cited for the scope establish it, and none can be spared."""
    principles = load_cached(name)
    judge = Judge(replace(principles, rules=()), PROFILE, engine=Engine.REFERENCE, rules=())
    file = sampling.random_design(seed, 2)
    evaluation = judge.evaluate(file)
    cited = evaluation.scope_grounds.evidence
    assert judge.signs(narrowed(file.design, cited, ())).scope == evaluation.scope
    for fact in cited:
        assert judge.signs(narrowed(file.design, cited - {fact}, ())).scope != evaluation.scope, (str(fact), cited)


def test_09_scope_where_one_fact_serves_twice() -> None:
    file = sampling.load(
        {
            "id": "given",
            "title": "given",
            "kind": "exercise",
            "parties": [{"id": "bank", "sector": "private"}],
            "subjects": [{"id": "a", "relation": "customer", "scored": False},
                         {"id": "b", "relation": "worker", "scored": True}],
        }
    )  # fmt: skip
    cited = judge_for("gdpr", 0).evaluate(file).scope_grounds.evidence
    assert sorted(map(str, cited)) == ["parties.bank.sector", "subjects.b.relation", "subjects.b.scored"]


@pytest.mark.slow
@every_set
@given(seed=seeds)
def test_10_what_is_not_read_does_not_matter(name: str, seed: int) -> None:
    rng = random.Random(seed)
    judge = judge_for(name, seed)
    draft = sampling.random_draft(rng)
    rule = rng.choice(judge.rules)
    sources: list[fm.Formula] = [fm.Holds(b.source) for b in rule.binders]
    read = names_read(judge.principles, [judge.principles.scope, *sources, *conditions_of(rule)])
    unread = [leaf for leaf in leaves(Design, draft.data) if leaf.name not in read]
    changed = draft
    for leaf in rng.sample(unread, min(5, len(unread))):
        changed = with_value(changed, leaf, rng.choice(leaf.values))
    before, after = judge.evaluate(draft.load()), judge.evaluate(changed.load())
    one, other = before.result(rule.id), after.result(rule.id)
    assert verdict(one) == verdict(other)
    for place, same in zip(one.places, other.places, strict=True):
        assert before.grounds(rule, place) == after.grounds(rule, same)


# --- 14: rules do not touch each other; 18: no text breaks the reader; 20: names mean nothing


@pytest.mark.slow
@every_set
@given(seed=seeds)
def test_14_a_further_rule_removes_no_finding(name: str, seed: int) -> None:
    rng = random.Random(seed)
    file = sampling.random_draft(rng).load()
    every = judge_for(name, seed)
    some = tuple(r for r in every.rules if rng.random() < 0.5)
    fewer = Judge(replace(every.principles, rules=some), PROFILE, rules=some).evaluate(file)
    all_of_them = verdicts(every.evaluate(file))
    assert verdicts(fewer) == {r.id: all_of_them[r.id] for r in some}


YAML_PIECES = st.sampled_from(
    ("id", "title", "kind", "real", "inputs", "uses", ": ", ":", "\n", "\n  ", "\n- ", "- ", "[", "]", "{", "}", ",",
     "'", '"', "&a", "*a", "!!x", "!", "|", ">", "|2-", "#", "?", "? ", "%YAML 1.2\n", "---", "...", "<<", "~", "0x1F",
     "1_000", "1e400", "-0", ".inf", "unknown", "\t", "\r", "\x00", "\x85", "\u2028", "\ufeff", "\ud800", "é", "\x7f",
     "=", "2018-01-24")
)  # fmt: skip
texts = st.one_of(st.text(max_size=200), st.lists(YAML_PIECES, max_size=40).map("".join))


def _faults_are_located(error: InvalidInput) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.message and problem.span.file and str(problem)


@settings(max_examples=300)
@given(text=texts)
@example("")
@example("[" * 100)
@example("&a [*a]")
@example("a: &a [1]\nb: [*a, *a]")
def test_18_any_text(text: str) -> None:
    try:
        document = source.parse(text, "any.yaml")
        if isinstance(document.root, source.Mapping):
            loading.from_tree(document.root, "any.yaml")
    except InvalidInput as error:
        _faults_are_located(error)


@settings(max_examples=150)
@given(data=st.one_of(st.binary(max_size=200), texts.map(lambda t: t.encode("utf-16", "surrogatepass"))))
@example(b"\xff\xfe\x00\x00a\x00\x00\x00")
@example(b"\xef\xbb\xbfid: a")
@example(b"a: \xc3")
def test_18_any_bytes(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(data)
        file.flush()
        try:
            assert isinstance(source.read(Path(file.name), name="any.yaml"), source.Document)
        except InvalidInput as error:
            _faults_are_located(error)


def _damaged(value: Any, rng: random.Random) -> Any:
    """The same data with some of it replaced by what belongs elsewhere."""
    if rng.random() < 0.02:
        return rng.choice((None, True, 3, -1.5, "", "unknown", "real", [], {}, [None], [[1]], {"id": "x"}, ["a", {}]))
    if isinstance(value, dict):
        names = [*value, *rng.sample(["id", "uses", "extends", "evidence"], 1)] if rng.random() < 0.05 else list(value)
        return {n: _damaged(value.get(n, "x"), rng) for n in names if rng.random() > 0.01}
    return [_damaged(v, rng) for v in value] if isinstance(value, list) else value


@settings(max_examples=100)
@given(seed=seeds)
def test_18_any_design(seed: int) -> None:
    rng = random.Random(seed)
    tree = _damaged(sampling.random_draft(rng, 2).tree(), rng)
    try:
        root = source.parse(sampling.dump(tree), "any.yaml").root
        if isinstance(root, source.Mapping):
            assert loading.from_tree(root, "any.yaml").design.id
    except InvalidInput as error:
        _faults_are_located(error)


@every_set
@given(seed=seeds)
def test_20_names_mean_nothing(name: str, seed: int) -> None:
    def new(name: str) -> str:
        return f"r{name[::-1]}"

    draft = sampling.random_draft(random.Random(seed))
    judge = judge_for(name, seed)
    before = judge.evaluate(draft.load())
    other = g.renamed(draft, new)
    after = judge.evaluate(other.load())
    assert after.scope == before.scope and after.card == before.card
    paths = _renaming(before.design, after.design)
    expected = {
        rule: (outcome, possible, {tuple((v, paths(p)) for v, p in binding): r for binding, r in places.items()})
        for rule, (outcome, possible, places) in verdicts(before).items()
    }
    assert verdicts(after) == expected


def _renaming(before: Design, after: Design) -> Any:
    """How paths of one design read in the other, whose parts stand in the same order."""

    def path_in(path: PartPath) -> PartPath:
        there: list[str] = []
        one: Any = before
        other: Any = after
        for step in path:
            if isinstance(one, tuple) and step != "?":
                number = [getattr(p, p.key) for p in one].index(step)
                one, other = one[number], other[number]
                there.append(getattr(other, other.key))
            else:
                one, other = getattr(one, step, None), getattr(other, step, None)
                there.append(step)
        return tuple(there)

    return path_in
