"""Findings as a table for spreadsheets and statistics: a row for each place that a rule was asked at.

Rules that are not in force have a row each, so that an empty table never looks as if nothing were found. `facts` are
those at the place; `facts_taken` says which facts of the design were taken into account.

Of many evaluations only conflicts have their places; each other finding is one row.

A rule has a row for each stated place, and one without a place where no stated place comes to what the rule as a whole
comes to: nothing is stated there, or what is missing decides. `outcome` is that of the rule, so that filtering by it
finds every place; `outcome_at_place` is that of the place.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from policy_eval.report import Wants, streams
from policy_eval.report.cells import guarded
from policy_eval.report.phrases import law
from policy_eval.report.wire import EvaluationV1, FindingV1, NotInForceV1, PlaceV1, ReportV1
from policy_eval.report.words import CONFLICTS, says

EVALUATIONS = 50  # up to which every place is told; a table of a million rows would help nobody
WANTS = Wants(places=EVALUATIONS, reasons=0)
COLUMNS = (
    "design", "set", "set_version", "as_of", "as_if", "kind", "facts_taken",
    "reading", "scope", "rule", "title", "principle", "severity", "weight", "outcome", "not_demonstrated",
    "place", "outcome_at_place", "message", "facts", "open", "unsettled", "would_excuse", "exceptions", "duty_of",
    "duty_holders", "law", "remedy", "file", "line", "cause",
)  # fmt: skip
BETWEEN = "; "
NOT_IN_FORCE = "not_in_force"
Cell = str | float | None
Row = dict[str, Cell]


def write(report: ReportV1, out: TextIO) -> None:
    """Write the report as CSV with a header row; rows end as RFC 4180 says."""
    streams.prepare(out)
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in rows(report):
        table.writerow({name: _cell(value) for name, value in row.items()})


def rows(report: ReportV1) -> Iterator[Row]:
    """Every row, by column; texts are as they came."""
    for e in report.evaluations:
        for f in e.findings:
            yield from (_row(e, f, place) for place in _places(f))
        yield from (_later(e, r) for r in e.not_in_force)


def _places(f: FindingV1) -> list[PlaceV1 | None]:
    stated: list[PlaceV1 | None] = [p for p in f.places if p.seen]
    return stated if any(p and p.outcome == f.outcome for p in stated) else [*stated, None]


def _evaluated(e: EvaluationV1) -> Row:
    """What every row of an evaluation says."""
    return {
        "design": e.design,
        "set": e.set,
        "set_version": e.set_version,
        "as_of": e.as_of,
        "as_if": e.as_if,
        "kind": e.design_kind,
        "facts_taken": e.facts,
        "reading": e.reading,
        "scope": e.scope.outcome,
    }


def _later(e: EvaluationV1, r: NotInForceV1) -> Row:
    """A rule that is not in force: it has no place and no weight."""
    return {**_evaluated(e), "rule": r.rule, "title": r.title, "outcome": NOT_IN_FORCE}


def _row(e: EvaluationV1, f: FindingV1, place: PlaceV1 | None) -> Row:
    return {
        **_evaluated(e),
        "rule": f.rule,
        "title": f.title,
        "principle": f.principle,
        "severity": f.severity,
        "weight": f.weight,
        "outcome": f.outcome,
        "not_demonstrated": "yes" if f.not_demonstrated else "no",
        **(_missing(f) if place is None else _at(place)),
        "duty_of": f.duty_of,
        "duty_holders": BETWEEN.join(f.duty_holders),
        "law": BETWEEN.join(map(law, f.grounds)),
        "remedy": f.remedy,
        "cause": f.cause,
    }


def _missing(f: FindingV1) -> Row:
    """What is told where no place is stated."""
    return {"outcome_at_place": f.outcome, "open": BETWEEN.join(f.open), "unsettled": BETWEEN.join(f.unsettled)}


def _at(p: PlaceV1) -> Row:
    first = p.evidence[0] if p.evidence else None
    return {
        "place": " and ".join(p.binding.values()) or "design",
        "outcome_at_place": p.outcome,
        "message": p.message if p.outcome in CONFLICTS else None,  # it says what is wrong, which here nothing may be
        "facts": BETWEEN.join(map(says, p.evidence)),
        "open": BETWEEN.join(p.open),
        "unsettled": BETWEEN.join(p.unsettled),
        "would_excuse": BETWEEN.join(p.would_excuse),
        "exceptions": BETWEEN.join(f"{x.title} ({x.state})" for x in p.exceptions),
        "file": first.file if first else None,
        "line": first.line if first else None,
    }


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else f"{value:g}"
