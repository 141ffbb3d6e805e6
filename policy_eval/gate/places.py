"""How the place of a finding is written: in decisions, in baselines and on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from policy_eval.design.paths import PartPath, join
from policy_eval.engine.signs import Binding

WHOLE = "design"  # the place of a rule that is about the design as a whole


def key(binding: Binding) -> tuple[str, ...]:
    """The parts that make a place what it is, in the order of the rule.

    A part that another one lies in goes without saying.
    A part that is not stated is a `?` in the list it may be in.
    """
    return normal(path for _, path in binding)


def normal(paths: Iterable[PartPath]) -> tuple[str, ...]:
    """Some parts as the place they make, in their order: a rule may bind one list twice."""
    found = list(dict.fromkeys(paths))
    kept = [p for p in found if not any(q != p and q[: len(p)] == p for q in found)]
    return tuple(join(p) for p in kept) or (WHOLE,)


def text(place: tuple[str, ...]) -> str:
    """A place in a line."""
    return " and ".join(place)
