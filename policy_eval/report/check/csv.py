"""A check as a table for spreadsheets: a row for each finding, and for each input that cannot be used.

A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP ASVS 1.2.10).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from policy_eval.report.check import words as say
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, ProblemV1

DERIVATIONS = False
COLUMNS = (
    "design", "file", "line", "column", "set", "as_of", "rule", "title", "principle", "severity", "outcome",
    "standing", "place", "message", "open", "would_excuse", "provision", "remedy", "fingerprint",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide ones are taken for the others


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as CSV with a header row; rows end as RFC 4180 says."""
    say.prepare(out)
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in _rows(report):
        table.writerow({name: _cell(value) for name, value in row.items()})


def _rows(report: CheckV1) -> Iterator[dict[str, str]]:
    yield from map(_unusable, report.invalid)
    for e in report.evaluations:
        yield from (_finding(e, f, report) for f in e.findings)


def _unusable(p: ProblemV1) -> dict[str, str]:
    where = {"file": p.location.file, "line": _number(p.location.line), "column": _number(p.location.column)}
    return {**where, "outcome": "invalid", "message": p.message, "remedy": p.help}


def _finding(e: CheckedV1, f: FindingAtV1, report: CheckV1) -> dict[str, str]:
    rule = report.rules[f.rule]
    return {
        "design": e.design,
        "file": f.location.file,
        "line": _number(f.location.line),
        "column": _number(f.location.column),
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


def _number(value: int) -> str:
    return str(value) if value else ""


def _cell(text: str) -> str:
    line = say.shown(text).lstrip()
    return f"'{line}" if line.startswith(_FORMULA) or text.startswith(_FORMULA) else line
