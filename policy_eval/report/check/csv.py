"""A check as a table for spreadsheets: a row for each finding, and for whatever else keeps the gate shut or open.

That is an input that cannot be used, a score that is too low or may be, what on file is of no use, facts that are lost,
and a gate that is set to pass more; columns that mean nothing there are empty.

A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP ASVS 1.2.10).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from policy_eval.report.cells import guarded
from policy_eval.report.check import words as say
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, LocationV1, ProblemV1

DERIVATIONS = False
COLUMNS = (
    "design", "file", "line", "column", "set", "as_of", "rule", "title", "principle", "severity", "outcome",
    "standing", "place", "message", "open", "would_excuse", "provision", "remedy", "fingerprint",
)  # fmt: skip


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as CSV with a header row; rows end as RFC 4180 says."""
    say.prepare(out)
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in _rows(report):
        table.writerow({name: guarded(value) for name, value in row.items()})


def _rows(report: CheckV1) -> Iterator[dict[str, str]]:
    yield from map(_unusable, report.invalid)
    yield from (_notice(n) for n in say.notices(report) if n.level >= say.Level.EASED)
    for e in report.evaluations:
        yield from (_finding(e, f, report) for f in e.findings)
        if say.score_fails(e):
            yield _score(e)


def _unusable(p: ProblemV1) -> dict[str, str]:
    return {**_where(p.location), "outcome": "invalid", "message": p.message, "remedy": p.help}


def _notice(notice: say.Notice) -> dict[str, str]:
    where = _where(notice.location) if notice.location else {}
    return {**where, "outcome": "notice", "standing": notice.level.name.lower(), "message": notice.text}


def _score(e: CheckedV1) -> dict[str, str]:
    assert e.score_gate is not None
    about = {"design": e.design, "file": e.file, "set": e.set, "as_of": e.as_of}
    return {**about, "outcome": "score", "standing": e.score_gate.verdict, "message": say.score(e)}


def _finding(e: CheckedV1, f: FindingAtV1, report: CheckV1) -> dict[str, str]:
    rule = report.rules[f.rule]
    return {
        "design": e.design,
        **_where(f.location),
        "set": e.set,
        "as_of": e.as_of,
        "rule": f.rule,
        "title": rule.title,
        "principle": rule.principle,
        "severity": f.severity,
        "outcome": f.outcome,
        "standing": f.standing,
        "place": say.place(f),
        "message": f.message or rule.title,
        "open": "; ".join([*f.open, *(f"law: {term}" for term in f.unsettled)]),
        "would_excuse": "; ".join(f.would_excuse),
        "provision": say.law(rule),
        "remedy": rule.remedy,
        "fingerprint": f.fingerprint,
    }


def _where(place: LocationV1) -> dict[str, str]:
    return {"file": place.file, "line": str(place.line or ""), "column": str(place.column or "")}
