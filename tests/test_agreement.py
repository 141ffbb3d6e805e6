"""The rules chained by durable_rules and the reference evaluator agree on random designs and rule sets.

`python -m tests.test_agreement PAIRS SEED` runs as many pairs as wanted and prints every disagreement
with the seeds it follows from.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from policy_eval.analysis.sampling import random_design
from policy_eval.design.model import Design
from policy_eval.engine import rete
from policy_eval.engine.chain import Chain
from policy_eval.engine.reference import Reference
from policy_eval.engine.rete import Rete
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign
from policy_eval.language import formula as fm
from policy_eval.language.parse import parse
from policy_eval.language.show import show
from policy_eval.language.typecheck import check
from policy_eval.library import design_names, load_design, load_set, set_names
from policy_eval.principle import PrincipleSet
from tests.generators import formulas_of, random_set

needs_durable = pytest.mark.skipif(not rete.AVAILABLE, reason="durable_rules is not installed")
DESIGNS_OF_A_RUN = 500
UNCACHED = 4  # one design in so many is judged with no cache, so that each derivation is the engine's


def set_of(seed: int) -> PrincipleSet:
    """The random rule set of a seed."""
    return random_set(random.Random(f"set {seed}"))


def disagreements(principles: PrincipleSet, designs: list[Design], found: Counter[tuple[Sign, Sign]]) -> Iterator[int]:
    """Positions of the designs two evaluators differ about; counts what applies and violated came to."""
    cached = Chain(principles, principles.rules)
    plain = Chain(principles, principles.rules, Rete(cache_size=0))
    for number, design in enumerate(designs):
        chained = (cached if number % UNCACHED else plain).evaluate(design)
        referred = Reference(principles, principles.rules).evaluate(design)
        if chained != referred:
            yield number
        for places in referred.places.values():
            found.update((p.applies, p.violated) for p in places.values())


@pytest.fixture(scope="module")
def designs() -> list[Design]:
    return [random_design(seed).design for seed in range(20)]


@needs_durable
def test_random_sets(designs: list[Design]) -> None:
    found: Counter[tuple[Sign, Sign]] = Counter()
    wrong = [(seed, n) for seed in range(15) for n in disagreements(set_of(seed), designs, found)]
    assert wrong == [], "pairs of (seed of the set, seed of the design)"
    # Agreement says little if everything is unknown: each pair of signs must be common.
    signs = (TRUE, UNKNOWN, FALSE)
    assert min(found[a, v] for a in signs for v in signs) > 20, found


@pytest.mark.slow
@needs_durable
@pytest.mark.parametrize("name", set_names())
def test_shipped_sets(name: str, designs: list[Design]) -> None:
    found: Counter[tuple[Sign, Sign]] = Counter()
    gallery = [load_design(n).design for n in design_names()]
    assert list(disagreements(load_set(name), [*designs, *gallery], found)) == []
    assert found[TRUE, TRUE] and found[TRUE, FALSE]


@needs_durable
def test_a_disagreement_is_seen(designs: list[Design], monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison notices an engine that is wrong about a single connective."""
    derive = Rete.derive

    def wrong(self: Rete, shape: object, signs: tuple[Sign, ...]) -> Sign:
        mistaken = not isinstance(shape, int) and UNKNOWN in signs and FALSE in signs
        return FALSE if mistaken else derive(self, shape, signs)  # type: ignore[arg-type]

    monkeypatch.setattr(Rete, "derive", wrong)
    found: Counter[tuple[Sign, Sign]] = Counter()
    assert [n for seed in range(5) for n in disagreements(set_of(seed), designs, found)] != []


def test_random_conditions_are_well_typed() -> None:
    """What the generator draws is what the parser and the checker make of its written form."""
    checked: Counter[str] = Counter()
    for seed in range(30):
        principles = set_of(seed)
        concepts = {c.id: c.variables for c in principles.concepts.values()}
        for formula, env in formulas_of(principles):
            if not _has_constant(formula):
                assert check(parse(show(formula)), env, concepts) == formula, show(formula)
                checked.update(type(a).__name__ for a in fm.atoms(formula))
    assert set(checked) == {"Holds", "Compare", "Among", "Quantifier", "Count", "Call"}


def _has_constant(formula: fm.Formula) -> bool:
    """Whether a condition says `always` or `never`, which have no written form of their own."""
    return "always" in show(formula) or "never" in show(formula)


def main(pairs: int, seed: int) -> int:
    """Compare so many pairs; gives the number of disagreements."""
    start, done, wrong = time.monotonic(), 0, 0
    found: Counter[tuple[Sign, Sign]] = Counter()
    per_set = min(DESIGNS_OF_A_RUN, pairs)
    seeds = range(seed * 1_000_000, seed * 1_000_000 + per_set)
    designs = [random_design(s).design for s in seeds]
    for of_set in range(seed * 1_000_000, seed * 1_000_000 + -(-pairs // per_set)):
        for number in disagreements(set_of(of_set), designs, found):
            wrong += 1
            print(f"disagreement: set {of_set}, design {seeds[number]}", flush=True)
        done += len(designs)
    spread = ", ".join(f"{a:+d}{v:+d}: {n}" for (a, v), n in sorted(found.items()))
    print(f"{done} pairs, {wrong} disagreements, {time.monotonic() - start:.0f} seconds; applies/violated {spread}")
    return wrong


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]), int(sys.argv[2])) else 0)
