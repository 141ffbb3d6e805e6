"""Marks: what each part of an answer earns, and why.

Shares of a task are exact fractions: marks are the same on every machine, and are rounded only where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from policy_eval.teaching.answer import Claim, Reasoned
from policy_eval.teaching.key import ALL, ASPECTS, NOTHING, Issue, expected
from policy_eval.vocabulary.teaching import Aspect, Mark

SENTENCE = 40  # characters of a reason that says more than a catchword
_RULE, _ASPECT = 2, 1  # what naming the rule, and what each thing asked beside it, weigh within a finding


@dataclass(frozen=True, slots=True)
class AspectMark:
    """How far one aspect was right: what was given, and what the key has."""

    aspect: Aspect
    share: Fraction
    given: tuple[str, ...]
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing an answer earns something for, or claims without ground.

    `about` names it (a rule, an exception, an example); `note` says what is peculiar to this answer; `share` is what it
    earned of the `worth` it can bring to its task (both from 0 to 1); `issue` is what the engine says of it. What is
    `pending` waits for a person.
    """

    about: str
    mark: Mark
    share: Fraction = NOTHING
    worth: Fraction = NOTHING
    note: str = ""
    aspects: tuple[AspectMark, ...] = ()
    issue: Issue | None = field(default=None, repr=False)
    reasoning: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class TaskGrade:
    """What an answer to a task earned: `share` of its points, from 0 to 1; `pending`, what may still be added.

    `answered` is false where the task was left out; `ungraded` says that the tool gives no marks for it at all.
    """

    task: str
    share: Fraction
    parts: tuple[Part, ...]
    answered: bool = True
    pending: Fraction = NOTHING
    ungraded: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A public check of an answer: what was looked at, whether it is as it should be, and if not, what to do."""

    what: str
    passed: bool
    help: str = ""


def reasoned(answer: Reasoned) -> bool:
    """Whether an answer argues, in a sentence and on some authority: against the engine, that goes to a person."""
    said = answer.reasoning or ""
    return len(said) >= SENTENCE and bool(answer.authority or getattr(answer, "provision", None))


def argued(task: str, share: Fraction, parts: Sequence[Part], answer: Reasoned) -> TaskGrade:
    """The marks of an answer that is one piece: where it falls short and argues, a person may add what is missing."""
    if share == ALL or not reasoned(answer):
        return TaskGrade(task, share, tuple(parts))
    said = Part("reasoning", Mark.FOR_A_PERSON, reasoning=answer.reasoning or "", pending=True)
    return TaskGrade(task, share, (*parts, said), pending=ALL - share)


def marks(issue: Issue, claim: Claim, asked: Iterable[Aspect]) -> tuple[AspectMark, ...]:
    """How far a claim has each aspect right that is asked for and that the issue has."""
    found = ((a, ASPECTS[a](issue, claim)) for a in asked if a in ASPECTS)
    return tuple(AspectMark(a, share, given(claim, a), expected(issue, a)) for a, share in found if share is not None)


def weighed(rule: Fraction, aspects: Sequence[AspectMark]) -> Fraction:
    """The share of a finding: naming its rule weighs twice as much as each thing asked beside it."""
    whole = _RULE + _ASPECT * len(aspects)
    return (rule * _RULE + sum((a.share for a in aspects), NOTHING) * _ASPECT) / whole


def given(claim: Claim, aspect: Aspect) -> tuple[str, ...]:
    """What a claim says of an aspect."""
    found: dict[Aspect, tuple[str, ...]] = {
        Aspect.OUTCOME: (claim.outcome.value,) if claim.outcome else (),
        Aspect.PLACE: claim.at,
        Aspect.PARTY: (claim.duty_of,) if claim.duty_of else (),
        Aspect.FACTS: claim.facts,
        Aspect.EXCEPTION: claim.exception,
        Aspect.OPEN: claim.open,
    }
    return found.get(aspect, ())


def mark_of(share: Fraction) -> Mark:
    """The mark of an answer that is right to some extent."""
    return Mark.RIGHT if share == ALL else Mark.PARTLY if share else Mark.WRONG
