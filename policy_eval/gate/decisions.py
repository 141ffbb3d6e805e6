"""What an organisation has decided about findings: `decisions.yaml`.

A deferral accepts that something is to be put right by a date; a disagreement puts another opinion on file, to be
looked at again. Each covers one rule at one place of one design, never a critical prohibition, and changes no outcome
and no number: it only takes the finding off the gate until its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from policy_eval import source
from policy_eval.design.base import Id
from policy_eval.design.paths import split
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.findings import PlaceResult
from policy_eval.gate import places
from policy_eval.gate.judging import Standing
from policy_eval.principle import OneOrMore, PrincipleSet, Prose, Rule, RuleName
from policy_eval.source import Node, nearest, suggest
from policy_eval.validation import validate
from policy_eval.vocabulary.law import Severity

NAME = "decisions.yaml"
YEARS = 2  # that a decision lasts: what is accepted for longer is not put right, and nobody looks at it again


class Kind(str, Enum):
    """What was decided."""

    DEFERRAL = "deferral"  # accepted until it is put right, by a date
    DISAGREEMENT = "disagreement"  # held to be no conflict; looked at again by a date


class Covered(str, Enum):
    """Which findings at the place a decision is about."""

    CONFLICT = "conflict"  # the conflict, and missing facts that leave it open
    MISSING_FACTS = "missing_facts"  # only that facts are missing: a conflict that they show is not covered


class DecisionFile(BaseModel):
    """One decision, as written in `decisions.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rule: RuleName = Field(description="the rule", examples=["gdpr/consent-by-pre-ticked-box"])
    design: Id = Field(description="id of the design")
    place: OneOrMore = Field(
        description="where: the path of the part, of each part where the rule joins several, or `design`",
        examples=["inputs.purchases.uses.credit-score"],
    )
    kind: Kind = Field(description="deferral (to be put right) or disagreement (another opinion)")
    covers: Covered = Field(
        default=Covered.CONFLICT, description="conflict, or missing_facts where only they are accepted"
    )
    reason: Prose = Field(description="why, in words that a reviewer can weigh")
    owner: Prose = Field(description="who sees to it")
    approved_by: Prose = Field(description="who decided")
    date: dt.date = Field(description="day of the decision; it covers nothing before")
    expires: dt.date | None = Field(
        default=None, description="last day a deferral covers, two years after `date` at most"
    )
    review_by: dt.date | None = Field(
        default=None, description="last day a disagreement covers, two years after `date` at most"
    )
    reference: Prose = Field(description="where it is recorded", examples=["DPIA-2026-014"])

    @property
    def last_day(self) -> dt.date:
        """The last day it covers anything."""
        day = self.expires if self.kind is Kind.DEFERRAL else self.review_by
        assert day is not None
        return day

    @property
    def at(self) -> tuple[str, ...]:
        """The place in its normal form."""
        return (places.WHOLE,) if self.place == (places.WHOLE,) else places.normal(split(p) for p in self.place)


class DecisionsFile(BaseModel):
    """The decisions of a project."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_: Annotated[Literal[1], Field(alias="schema", description="1")] = 1
    decisions: tuple[DecisionFile, ...] = Field(description="deferrals and disagreements, in any order")


class State(str, Enum):
    """What became of a decision in a run."""

    COVERS = "covers"  # it takes a finding off the gate
    UNUSED = "unused"  # nothing stands against the place any more
    STALE = "stale"  # the design has no such place, or the rule is not in force
    EXPIRED = "expired"  # its last day has passed: it covers nothing
    NOT_YET = "not_yet"  # dated after today: it covers nothing yet
    ELSEWHERE = "elsewhere"  # its design or set was not checked
    IGNORED = "ignored"  # by `--ignore-decisions`


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with the place it is written at."""

    text: DecisionFile
    span: Span

    @property
    def subject(self) -> tuple[str, str, tuple[str, ...]]:
        """Design, rule and place."""
        return self.text.design, self.text.rule, self.text.at


class Decisions:
    """The decisions in force on a day, as a cover of findings; numbers are positions in the file."""

    def __init__(self, entries: Iterable[Decision], today: dt.date) -> None:
        self.entries = tuple(entries)
        self.today = today
        self._in_force = {d.subject: n for n, d in enumerate(self.entries) if d.text.date <= today <= d.text.last_day}

    def covers(
        self, design: str, rule: str, place: PlaceResult, *, conflict: bool, beside: frozenset[str]
    ) -> tuple[Standing, int] | None:
        """How a decision covers a finding at a place, and its number."""
        number = self._in_force.get((design, rule, places.key(place.binding)))
        if number is None:
            return None
        text = self.entries[number].text
        if conflict and text.covers is Covered.MISSING_FACTS:
            return None
        return (Standing.DEFERRED if text.kind is Kind.DEFERRAL else Standing.DISAGREED), number

    def out_of_time(self, number: int) -> State | None:
        """Whether a decision does not cover anything today, whatever is found."""
        text = self.entries[number].text
        if text.last_day < self.today:
            return State.EXPIRED
        return State.NOT_YET if text.date > self.today else None


def load(path: Path, sets: Iterable[PrincipleSet]) -> tuple[Decision, ...]:
    """The decisions of a file; raises `InvalidInput`.

    Rules of sets that are not in use may be of another run; a rule that its set does not have is taken for a slip.
    """
    root = source.read(path, name=str(path)).root
    read = validate(DecisionsFile, root)
    listed = root.get("decisions") if isinstance(root, source.Mapping) else None
    nodes = listed.items if isinstance(listed, source.Sequence) else ()
    by_set = {s.id: {name: r for r in s.rules for name in (r.id, *r.text.aliases)} for s in sets}
    decisions, problems = [], list[Problem]()
    for text, node in zip(read.decisions, nodes, strict=True):
        found = _renamed(text, by_set)
        problems += _problems(found, node, by_set)
        decisions.append(Decision(found, _first_line(node)))
    problems += _twice(decisions)
    if problems:
        raise InvalidInput(problems)
    return tuple(decisions)


def misnamed(entries: Iterable[Decision], checked: Collection[str]) -> Iterator[Problem]:
    """Designs that decisions name and that were not checked, while one of nearly the name was: perhaps a slip.

    They may be of another run as well, which this one cannot know.
    """
    first = {d.text.design: d.span for d in reversed(list(entries)) if d.text.design not in checked}
    for design, span in reversed(first.items()):
        if found := nearest(design, checked):
            yield Problem(f"no design checked is called `{design}`", span, f"did you mean `{found}`?")


def _renamed(text: DecisionFile, by_set: Mapping[str, Mapping[str, Rule]]) -> DecisionFile:
    """The decision under the name the rule bears now."""
    rule = by_set.get(text.rule.split("/")[0], {}).get(text.rule)
    return text.model_copy(update={"rule": rule.id}) if rule else text


def _problems(text: DecisionFile, node: Node, by_set: Mapping[str, Mapping[str, Rule]]) -> Iterator[Problem]:
    wanted, other = ("expires", "review_by") if text.kind is Kind.DEFERRAL else ("review_by", "expires")
    if getattr(text, wanted) is None:
        yield Problem(f"a {text.kind.value} states `{wanted}`", _of(node, "kind"), f"add `{wanted}: {text.date}`")
    if getattr(text, other) is not None:
        yield Problem(f"a {text.kind.value} has no `{other}`", _of(node, other), f"write `{wanted}`")
    if any("?" in path.split(".") for path in text.place):
        message = "a part that is not stated can be neither deferred nor disagreed with"
        yield Problem(message, _of(node, "place"), "state the list, or take the finding into a baseline")
    last = getattr(text, wanted)
    if last is not None and last < text.date:
        yield Problem("the decision ends before it begins", _of(node, wanted), f"it is dated {text.date}")
    if last is not None and _years_apart(text.date, last, YEARS):
        message = f"a {text.kind.value} lasts {YEARS} years from its date at most, and this one until {last}"
        help = f"it is dated {text.date}: name an earlier day, and decide anew with a new date when it comes"
        yield Problem(message, _of(node, wanted), help)
    rules = by_set.get(text.rule.split("/")[0])
    if rules is None:
        return
    if text.rule not in rules:
        yield Problem(f"the set has no rule `{text.rule}`", _of(node, "rule"), suggest(text.rule, rules))
    elif rules[text.rule].text.severity is Severity.CRITICAL:
        message = f"`{text.rule}` is critical: nobody can defer or disagree with such a prohibition"
        yield Problem(message, _of(node, "rule"), "change the design, or take it out of the run with a reason")


def _years_apart(first: dt.date, last: dt.date, years: int) -> bool:
    """Whether two days are more than some years apart."""
    return (last.year - years, last.month, last.day) > (first.year, first.month, first.day)


def _twice(decisions: Iterable[Decision]) -> Iterator[Problem]:
    first: dict[tuple[str, str, tuple[str, ...]], Span] = {}
    for decision in decisions:
        if decision.subject in first:
            where = f"the first is on line {first[decision.subject].line}"
            message = f"there are two decisions on `{decision.text.rule}` at one place of `{decision.text.design}`"
            yield Problem(message, decision.span, f"{where}; keep the one that holds")
        first.setdefault(decision.subject, decision.span)


def _of(node: Node, key: str) -> Span:
    entry = next((e for e in node.entries if e.key == key), None) if isinstance(node, source.Mapping) else None
    return entry.key_span if entry else node.span


def _first_line(node: Node) -> Span:
    span = node.span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)
