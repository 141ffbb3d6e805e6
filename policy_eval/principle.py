"""Principle sets: what their files hold, and the same linked, checked and ready to evaluate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from policy_eval.language.formula import Binder, Formula
from policy_eval.source import Node
from policy_eval.vocabulary.law import (
    Burden,
    Coverage,
    InstrumentKind,
    Outcome,
    Principle,
    RuleStatus,
    SetKind,
    Severity,
    Verified,
)  # fmt: skip
from policy_eval.vocabulary.people import Role

RuleName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$")]
SetName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
ConceptName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Condition = Annotated[str, Field(min_length=1, description="a condition of the language of docs/language.md")]
Prose = Annotated[str, Field(min_length=1)]


def _one_or_more(value: object) -> object:
    # A validator that runs before leaves JSON mode, where strictness wants the tuple itself.
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


OneOrMore = Annotated[
    tuple[str, ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Ground(_File):
    """One authority for a rule, with an exact pinpoint."""

    instrument: Prose = Field(
        description="short name of the law or decision, as under `instruments` of the set", examples=["GDPR"]
    )
    at: Prose = Field(description="pinpoint", examples=["Article 4(11)"])
    verified: Verified = Field(description="how the wording was checked")
    status_checked: dt.date = Field(description="day on which it was last checked that this is the law")
    note: str | None = Field(default=None, description="what a reader should know about it")

    def __str__(self) -> str:
        mark = "" if self.verified is Verified.READ else f" [{self.verified}]"
        return f"{self.instrument} {self.at}{mark}"


class Effective(_File):
    """Days on which a rule is in force, both included."""

    from_: dt.date | None = Field(default=None, alias="from", description="first day in force")
    until: dt.date | None = Field(default=None, description="last day in force")

    def holds_on(self, day: dt.date) -> bool:
        """Whether `day` lies between the two ends."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


class Exception_(_File):
    """A circumstance that takes the conflict away."""

    id: SetName = Field(description="name within the rule")
    title: Prose = Field(description="the circumstance in a few words")
    grounds: tuple[Ground, ...] = Field(
        min_length=1, max_length=3, description="authorities, the one it answers for first"
    )
    when: Condition = Field(description="condition under which it applies")
    burden: Burden | None = Field(default=None, description="who must show it; the set's default if left out")


class Change(_File):
    """An entry of a rule's history."""

    date: dt.date = Field(description="day of the change")
    version: str = Field(description="version of the set it came with")
    note: Prose = Field(description="what changed and why")


class Expectation(_File):
    """What an example must come to."""

    outcome: Outcome | str = Field(union_mode="left_to_right", description="the outcome")
    decided_by: tuple[str, ...] | None = Field(default=None, description="exactly the facts it is decided by")
    exception: str | None = Field(default=None, description="the exception that excuses, or would")
    open: tuple[str, ...] | None = Field(default=None, description="exactly the facts that are open")
    unsettled: bool | None = Field(default=None, description="whether unsettled law alone leaves it undecided")


class Example(_File):
    """A minimal design fragment and what the rule or concept comes to for it."""

    name: Prose = Field(description="the situation in a few words")
    given: dict[str, Any] | None = Field(default=None, description="facts; lists are whole unless under `partial`")
    like: str | None = Field(default=None, description="name of an earlier example to start from")
    set: dict[str, Any] | None = Field(default=None, description="facts to change, by path")
    forget: tuple[str, ...] | None = Field(default=None, description="facts to make unknown, by path")
    remove: tuple[str, ...] | None = Field(default=None, description="items to take away, by path")
    of: tuple[str, ...] | None = Field(default=None, description="for concepts: paths of the parts it is asked of")
    expect: Expectation = Field(description="what it must come to")


class RuleFile(_File):
    """One rule, as written in `<rule>.rule.yaml`."""

    id: RuleName = Field(description="permanent name: set/defect", examples=["gdpr/consent-by-pre-ticked-box"])
    title: Prose = Field(description="names the defect")
    principle: Principle = Field(description="the common value it serves")
    aspect: Prose = Field(description="which side of the provision it tests", examples=["affirmative act"])
    duty_of: Role | None = Field(default=None, description="role of the party whose duty it is")
    status: RuleStatus = Field(default=RuleStatus.BINDING, description="standing of its source")
    effective: Effective = Field(default_factory=Effective, description="when it is in force")
    since: str = Field(description="version of the set that first had it")
    aliases: tuple[RuleName, ...] = Field(default=(), description="names it had before")
    withdrawn: dt.date | None = Field(default=None, description="day it was taken out of use")
    grounds: tuple[Ground, ...] = Field(min_length=1, max_length=3, description="authorities; it answers for the first")
    severity: Severity = Field(description="how bad a conflict is, by effect on people")
    severity_because: Prose = Field(description="why")
    sanction_tier: str | None = Field(default=None, description="the instrument's own tier, as information")
    for_each: OneOrMore = Field(default=(), description="what it is judged for, one place each")
    applies_when: Condition | None = Field(default=None, description="when the duty applies; always if left out")
    violated_when: Condition = Field(description="when it is violated")
    exceptions: tuple[Exception_, ...] = Field(default=(), description="what takes the conflict away")
    message: Prose = Field(description="the finding in a sentence; `{input.id}` shows a fact")
    rationale: Prose = Field(description="why the rule exists, in our own words")
    remedy: Prose = Field(description="what would cure the conflict")
    changes: tuple[Change, ...] = Field(default=(), description="history")
    examples: tuple[Example, ...] = Field(default=(), description="tests, documentation and drill in one")


class Authority(_File):
    """One side of a question the law has not settled."""

    says: Prose = Field(description="the position, in our own words")
    grounds: tuple[Ground, ...] = Field(min_length=1, description="who takes it")


class Unsettled(_File):
    """What lies between the cases where a concept clearly holds and clearly fails."""

    question: Prose = Field(description="the open question")
    positions: tuple[Authority, ...] = Field(min_length=2, description="authorities on both sides")


class ConceptHead(_File):
    """What evaluation needs of a concept."""

    id: ConceptName = Field(description="name as called in conditions")
    title: Prose = Field(description="the notion in a few words")
    of: OneOrMore = Field(default=(), description="kinds of part it is asked of; none: the whole design")
    holds_when: Condition = Field(description="when it clearly holds")
    fails_when: Condition | None = Field(
        default=None, description="when it clearly fails; else whenever it does not hold"
    )


class ConceptFile(ConceptHead):
    """One derived legal notion, as written in `<concept>.concept.yaml`."""

    unsettled: Unsettled | None = Field(default=None, description="what lies between")
    grounds: tuple[Ground, ...] = Field(default=(), max_length=4, description="authorities")
    rationale: Prose = Field(description="why it is drawn so")
    examples: tuple[Example, ...] = Field(default=(), description="tests and documentation")


class Scope(_File):
    """What a set covers by the kind of system, data and persons; never by place or time."""

    applies_when: Condition = Field(description="condition on the whole design")
    applies_to: dict[str, Condition] = Field(default_factory=dict, description="by kind of part, where it differs")
    rationale: Prose = Field(description="why it is drawn so")
    grounds: tuple[Ground, ...] = Field(min_length=1, description="authorities")
    examples: tuple[Example, ...] = Field(default=(), description="expecting applies, undecided or does_not_apply")


class Provision(_File):
    """An article of the instrument and how far it is modelled."""

    at: Prose = Field(description="the article")
    coverage: Coverage = Field(description="how far rules model it")
    because: Prose = Field(description="why so far and no further")


class Instrument(_File):
    """A law, decision or guideline that grounds cite by its short name."""

    kind: InstrumentKind | None = Field(default=None, description="what kind of authority it is")
    title: str | None = Field(
        default=None,
        description="name as it is cited: of a law its title, of a case its parties",
        examples=["SCHUFA Holding (Scoring)"],
    )
    author: str | None = Field(
        default=None, description="court, authority or author, where the title does not tell", examples=["CNIL"]
    )
    number: str | None = Field(default=None, description="number of the case or document", examples=["C-634/21"])
    date: str | None = Field(default=None, description="day or year, as exactly as known", examples=["2023-12-07"])
    report: str | None = Field(
        default=None, description="where it is published or reported", examples=["[2016] OJ L119/1"]
    )
    id: str | None = Field(default=None, description="CELEX, ELI or ECLI identifier", examples=["CELEX:32016R0679"])
    url: str | None = Field(default=None, description="official text")
    note: str | None = Field(default=None, description="what a reader should know about its standing")


class Tier(_File):
    """A tier of sanctions of the instrument."""

    id: SetName = Field(description="name that rules refer to")
    title: Prose = Field(description="what it amounts to")
    grounds: tuple[Ground, ...] = Field(min_length=1, description="authorities")


class SetFile(_File):
    """One instrument, as written in `set.yaml`."""

    id: SetName = Field(description="name of the set, and of its folder")
    title: Prose = Field(description="name of the instrument")
    short: Prose = Field(description="short name used in grounds", examples=["GDPR"])
    identifier: str | None = Field(default=None, description="CELEX, ELI or other identifier")
    url: str | None = Field(default=None, description="official text")
    jurisdiction: tuple[str, ...] = Field(min_length=1, description="where it is law", examples=["EU"])
    members: tuple[str, ...] = Field(default=(), description="places in it, where designs name those", examples=["JP"])
    kind: SetKind = Field(description="what kind of instrument it is")
    text_as_of: dt.date = Field(description="day whose text the rules state")
    version: Prose = Field(description="version of this set", examples=["2026.11"])
    default_burden: Burden = Field(default=Burden.OPERATOR, description="who must show an exception")
    instruments: dict[str, Instrument] = Field(
        default_factory=dict, description="what the set's grounds cite, by short name"
    )
    sanction_tiers: tuple[Tier, ...] = Field(default=(), description="tiers of sanctions, as information")
    scope: Scope = Field(description="what the set covers")
    provisions: tuple[Provision, ...] = Field(default=(), description="each article and how far it is modelled")


@dataclass(frozen=True, slots=True)
class RuleException:
    """An exception with its condition checked."""

    text: Exception_
    when: Formula
    burden: Burden


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its conditions checked.

    `own` is `applies_when` as written; `applies` adds what the set's scope asks of the parts bound.
    `links` are the conjuncts that join two bound parts: where one is false the binding is no place.
    """

    text: RuleFile
    file: str
    binders: tuple[Binder, ...]
    links: tuple[Formula, ...]
    own: Formula
    applies: Formula
    violated: Formula
    exceptions: tuple[RuleException, ...]

    @property
    def id(self) -> str:
        """The rule's permanent name."""
        return self.text.id


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its formulas checked; it fails exactly where it does not hold if `fails` is None."""

    text: ConceptHead
    file: str
    variables: tuple[str, ...]
    holds: Formula
    fails: Formula | None

    @property
    def id(self) -> str:
        """The name it is called by."""
        return self.text.id

    @property
    def whole(self) -> ConceptFile:
        """All that its file says; there only if the set was loaded with its examples."""
        if not isinstance(self.text, ConceptFile):
            raise TypeError(f"of {self.file} only the conditions were read")
        return self.text


@dataclass(frozen=True, slots=True)
class PrincipleSet:
    """One instrument: its rules in order of id, and the concepts they can call; `shown` names its folder."""

    text: SetFile
    folder: FilePath
    shown: str
    scope: Formula
    rules: tuple[Rule, ...]
    concepts: Mapping[str, Concept]
    # The `examples` of its files as trees, by rule, by concept, and `scope`; empty where they were not read.
    examples: Mapping[str, Node | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """The name of the set."""
        return self.text.id

    def instrument(self, ground: Ground) -> Instrument:
        """What a ground cites; an entry without identifier or link where the set lists none."""
        return self.text.instruments.get(ground.instrument, _UNLISTED)


_UNLISTED = Instrument()


class Weight(_File):
    """The weight of a severity and its reason."""

    weight: float = Field(ge=0, le=1000, description="points a conflict of this severity adds to the burden")
    because: Prose = Field(description="why this number")


class Threshold(_File):
    """A threshold and its reason."""

    value: float = Field(ge=0, le=1, description="share from 0 to 1")
    because: Prose = Field(description="why this number")


class ProfileFile(_File):
    """Weights and thresholds, as written in `profiles/<name>.yaml`."""

    id: SetName = Field(description="name of the profile")
    title: Prose = Field(description="what it is for")
    version: Prose = Field(description="version of the numbers")
    weights: dict[Severity, Weight] = Field(description="weight of each severity that counts")
    enough_known: Threshold = Field(description="least share of the weight decided for a score to be given")

    @field_validator("weights")
    @classmethod
    def _every_counting_severity(cls, value: dict[Severity, Weight]) -> dict[Severity, Weight]:
        if set(value) != set(Severity) - {Severity.ADVISORY}:
            raise ValueError("weights are given for critical, high, medium and low, and never for advisory")
        return value
