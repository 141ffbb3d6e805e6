"""A design: the declarative description of one scoring system.

Every fact may be unknown (`None`); a list of parts that is given may still be partial. Which lists
are whole is settled when the file is loaded and kept in `partial_lists`, by path.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from policy_eval.design.base import Block, Id, Part, Reference, fact
from policy_eval.design.collection import Association, Input
from policy_eval.design.effects import Consequence, Disclosure, Promise, Retention, Scoring
from policy_eval.design.oversight import Governance, Rights, Transparency
from policy_eval.design.people import Consent, Party, Purpose, Subject
from policy_eval.vocabulary.header import DesignKind, SourceType, Status, Technology


class Source(Part):
    """A document that facts of the design rest on."""

    kind: ClassVar[str] = "source"
    id: Id = Field(description="reference name")
    type: SourceType = Field(description="what kind of document it is")
    title: str = Field(description="title as published", min_length=1)
    author: str | None = fact("who wrote it", example="A. Reporter")
    publisher: str | None = fact("who published it", example="Example Times")
    date: str | None = fact("date of publication, as exactly as known", example="2018-01-24")
    locator: str | None = fact("where in the document: page, section", example="p. 3")
    url: str | None = fact("where it can be read", example="https://example.org/report")
    language: str | None = fact("ISO 639 code of its language", example="en")


class Evidence(Block):
    """What stands behind one fact: a source, where in it, and how firmly it says so."""

    source: Annotated[str, Reference(("source",))] | None = fact("id of the source", example="report")
    locator: str | None = fact("where in the source", example="third paragraph")
    status: Status = Field(description="how firmly the fact stands")
    note: str | None = fact("what a reader should know about it", example="the operator denies it")


class Period(Block):
    """The time the description is about; both ends may be open."""

    from_: dt.date | None = Field(default=None, alias="from", description="first day", examples=["2018-01-01"])
    until: dt.date | None = Field(default=None, description="last day", examples=["2018-01-31"])


class Design(Block):
    """One scoring system, as stated by its author or reported by its sources."""

    schema_: Literal[1] = Field(default=1, alias="schema", description="version of this format")
    id: Id = Field(description="name of the design, unique among designs")
    title: str = Field(description="title for people", min_length=1, max_length=200)
    kind: DesignKind = Field(description="whether the system exists, is planned or is thought up")
    period: Period | None = Field(default=None, description="the time the description is about")
    jurisdiction: tuple[str, ...] | None = fact("places whose law governs it, narrow to wide", example="CN")
    facts_as_of: dt.date | None = Field(default=None, description="day on which the facts were last checked")
    summary: str | None = fact("the system in a few sentences", example="A lender's score, built on repayment history.")
    sources: tuple[Source, ...] = Field(default=(), description="documents the facts rest on")
    operator_response: str | None = fact("what the operator says about the description", example="none was asked for")
    complete: tuple[str, ...] = Field(default=(), description="lists that are known to be whole, by name or path")
    partial: tuple[str, ...] = Field(default=(), description="lists that may hold more than is stated, by name or path")
    evidence: dict[str, tuple[Evidence, ...]] = Field(
        default_factory=dict, description="what stands behind each fact, by the path of the fact"
    )
    is_ai: Technology | None = fact("how the system comes to its output")

    parties: tuple[Party, ...] | None = fact("the organisations with a part in the system")
    subjects: tuple[Subject, ...] | None = fact("the groups of people or firms affected")
    purposes: tuple[Purpose, ...] | None = fact("what the score is for")
    consents: tuple[Consent, ...] | None = fact("the acts of asking for agreement")
    inputs: tuple[Input, ...] | None = fact("what feeds the score")
    associations: tuple[Association, ...] | None = fact("ties through which other people count")
    scoring: Scoring = Field(default_factory=Scoring, description="how the score is made")
    consequences: tuple[Consequence, ...] | None = fact("what the score does to people")
    disclosures: tuple[Disclosure, ...] | None = fact("who else gets data or score")
    retentions: tuple[Retention, ...] | None = fact("how long data and score are kept")
    transparency: Transparency = Field(default_factory=Transparency, description="what outsiders can learn")
    rights: Rights = Field(default_factory=Rights, description="what a person can ask for")
    governance: Governance = Field(default_factory=Governance, description="what the operator does to keep control")
    promises: tuple[Promise, ...] | None = fact("what the operator has promised")

    partial_lists: frozenset[str] = Field(default=frozenset(), exclude=True)
