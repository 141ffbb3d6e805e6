"""Law in time: which rules are in force on a day, and what changes when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policy_eval.principle import PrincipleSet, Rule
from policy_eval.vocabulary.law import RuleStatus

IN_FORCE, LAST_DAY, WITHDRAWN, CHANGED = "comes into force", "last day in force", "withdrawn", "changed"


def in_force(principles: PrincipleSet, day: dt.date) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Rules in force on a day, and those not yet or no longer in force."""
    now: list[Rule] = []
    other: list[Rule] = []
    for rule in principles.rules:
        withdrawn = rule.text.status is RuleStatus.WITHDRAWN or (rule.text.withdrawn or dt.date.max) <= day
        proposed = rule.text.status is RuleStatus.PROPOSED
        holds = rule.text.effective.holds_on(day) and not withdrawn and not proposed
        (now if holds else other).append(rule)
    return tuple(now), tuple(other)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens to a rule on a day; `what` is one of the words above."""

    date: dt.date
    set: str
    rule: str
    what: str
    note: str = ""


def events(sets: Iterable[PrincipleSet], since: dt.date | None = None) -> list[Event]:
    """What happens to the rules of some sets, in order of time, from the day `since` on."""
    found = [e for s in sets for rule in s.rules for e in _of(s.id, rule)]
    return sorted(e for e in found if since is None or e.date >= since)


def _of(owner: str, rule: Rule) -> Iterator[Event]:
    text = rule.text
    if text.status is RuleStatus.PROPOSED:
        return  # nobody knows when it will be in force
    if text.effective.from_:
        yield Event(text.effective.from_, owner, rule.id, IN_FORCE)
    if text.effective.until:
        yield Event(text.effective.until, owner, rule.id, LAST_DAY)
    if text.withdrawn:
        yield Event(text.withdrawn, owner, rule.id, WITHDRAWN)
    for change in text.changes:
        yield Event(change.date, owner, rule.id, CHANGED, f"{change.note} (set version {change.version})")
