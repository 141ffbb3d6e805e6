"""The fence around durable_rules: every shape and every signature against plain Kleene logic."""

from __future__ import annotations

import itertools
import random

import pytest

from policy_eval.engine import rete
from policy_eval.errors import InternalError
from policy_eval.language.normal import Shape

pytestmark = pytest.mark.skipif(not rete.AVAILABLE, reason="durable_rules is not installed here")


def value(shape: Shape, signs: tuple[int, ...]) -> int:
    if isinstance(shape, int):
        return signs[shape - 1] if shape > 0 else -signs[-shape - 1]
    inner = [value(p, signs) for p in shape[1]]
    return min(inner, default=1) if shape[0] == "&" else max(inner, default=-1)


def random_shape(rng: random.Random, atoms: int, depth: int) -> Shape:
    if depth == 0 or rng.random() < 0.3:
        return rng.choice((1, -1)) * rng.randint(1, atoms)
    parts = tuple(random_shape(rng, atoms, depth - 1) for _ in range(rng.randint(0, 4)))
    return (rng.choice("&|"), parts)


@pytest.mark.parametrize(
    "shape", [1, -1, ("&", ()), ("|", ()), ("&", (1, -1)), ("|", (1, -1)), ("&", (1, ("|", (2, -3))))]
)
def test_every_signature_of_small_shapes(shape: Shape) -> None:
    engine = rete.Rete(cache_size=0)
    for signs in itertools.product((-1, 0, 1), repeat=3):
        assert engine.derive(shape, signs) == value(shape, signs)


def test_random_shapes_agree_with_kleene_logic() -> None:
    rng = random.Random(20180124)
    engine = rete.Rete(cache_size=0)
    for _ in range(150):
        shape = random_shape(rng, 6, 3)
        for _ in range(6):
            signs = tuple(rng.choice((-1, 0, 1)) for _ in range(6))
            assert engine.derive(shape, signs) == value(shape, signs)


@pytest.mark.parametrize("width", [16, 17, 40, 120])
def test_long_bodies_are_split(width: int) -> None:
    shape: Shape = ("&", tuple(range(1, width + 1)))
    assert all(len(body) <= rete.MAX_PATTERNS for _, body in rete.rules_of(shape))
    engine = rete.Rete()
    assert engine.derive(shape, (1,) * width) == 1
    assert engine.derive(shape, (1,) * (width - 1) + (0,)) == 0
    assert engine.derive(shape, (1,) * (width - 1) + (-1,)) == -1


def test_what_leaves_the_fence_is_refused_before_the_engine_sees_it() -> None:
    with pytest.raises(InternalError, match="too large"):
        rete.RuleSet(("&", tuple(range(1, 400))), "too-wide")
    with pytest.raises(InternalError, match="too long"):
        rete.check_limits([("yt", tuple(f"t{i}" for i in range(17)))])
    with pytest.raises(InternalError, match="too large"):
        rete.check_limits([(f"x{i}", ("t1",)) for i in range(rete.MAX_SHARED + 1)])


def test_equal_signatures_share_a_derivation_within_a_bounded_cache() -> None:
    engine = rete.Rete(cache_size=4)
    shape: Shape = ("|", (1, 2))
    for signs in itertools.product((-1, 0, 1), repeat=2):
        assert engine.derive(shape, signs) == value(shape, signs)
        assert len(engine._cache) <= 4


def test_hash_is_the_engines() -> None:
    assert rete.fnv1a("fact-25388") == rete.fnv1a("fact-909936")  # the collision that loses facts
