"""The part of the wire model that tells of designs beside the judgements on them, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentV1:
    """A document that facts of a design rest on."""

    id: str
    type: str
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    locator: str | None
    url: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class CitationV1:
    """What stands behind a fact: a document by its id (None: none is cited), where in it, how firmly it says so."""

    document: str | None
    locator: str | None
    status: str
    note: str | None


@dataclass(frozen=True, slots=True)
class NodeV1:
    """A part of a design in the flow of data and effects: its path, kind and name, and the facts that tell most."""

    path: str
    kind: str
    title: str
    status: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class EdgeV1:
    """What leads from one part to another, both by path.

    `how` is feeds (input to purpose), leads_to (purpose to consequence), goes_to (purpose to disclosure),
    counts_through (tie to input), tied_by (people the input is about to tie) or counts_for (tie to those of them who
    get a score).
    """

    source: str
    target: str
    how: str
    status: str


@dataclass(frozen=True, slots=True)
class FlowV1:
    """From inputs and ties through purposes to consequences and recipients."""

    nodes: list[NodeV1]
    edges: list[EdgeV1]


@dataclass(frozen=True, slots=True)
class DesignV1:
    """What is told of a design beside the judgements on it.

    `citations` go by the path of a part of the flow or of a fact that some finding rests on; `lines` hold the lines of
    the design where such facts are stated, by file and number.
    """

    id: str
    title: str
    kind: str
    summary: str | None
    period_from: str | None
    period_until: str | None
    jurisdiction: list[str] | None
    facts_as_of: str | None
    operator_response: str | None
    files: list[str]
    documents: list[DocumentV1]
    citations: dict[str, list[CitationV1]]
    lines: dict[str, dict[str, str]]
    flow: FlowV1
