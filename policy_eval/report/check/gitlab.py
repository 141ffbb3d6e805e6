"""A check as a Code Quality report for GitLab: what stands against a draft, and what would below the threshold.

What on file is of no use, facts that are lost and a gate that is set to pass more are issues too.
GitLab drops a report that is not valid without a word, so whatever is found is a whole JSON array.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from policy_eval.report.check import words as say
from policy_eval.report.check.places import in_repository
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, LocationV1, ProblemV1

DERIVATIONS = False
_LISTED = ("against", "not_demonstrated", "below_threshold")
_SEVERITIES = ("blocker", "critical", "major", "minor", "info")  # one for each of ours, in order
_NOTICES = {say.Level.FAILURE: "critical", say.Level.WARNING: "minor"}  # the others inform
_SCORES = {"against": "critical", "not_demonstrated": "major"}


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as JSON, an issue a line."""
    separator = "[\n"
    for issue in _issues(report):
        out.write(separator + json.dumps(issue, allow_nan=False))
        separator = ",\n"
    out.write("[]\n" if separator == "[\n" else "\n]\n")


def _issues(report: CheckV1) -> Iterator[dict[str, Any]]:
    yield from _apart(map(_unusable, report.invalid))
    yield from _apart(_notice(n, report) for n in say.notices(report) if n.level >= say.Level.EASED)
    for e in report.evaluations:
        yield from _apart(_finding(f, e, report) for f in e.findings if f.standing in _LISTED)
        if say.score_fails(e):
            yield _score(e)


def _apart(issues: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The issues, no two of which have one fingerprint: GitLab keeps one of those that do."""
    seen: Counter[str] = Counter()
    for issue in issues:
        print_ = issue["fingerprint"]
        if seen[print_]:
            issue = {**issue, "fingerprint": _hash(print_, str(seen[print_]))}
        seen[print_] += 1
        yield issue


def _unusable(p: ProblemV1) -> dict[str, Any]:
    return _issue(say.unusable(p), "invalid-input", _hash(p.location.file, p.message), "blocker", p.location)


def _notice(notice: say.Notice, report: CheckV1) -> dict[str, Any]:
    """What is on file, lost or eased; GitLab wants a file, so the settings stand for options, or the first design."""
    where = notice.location or say.whole(report.gate.settings or next((e.file for e in report.evaluations), "."))
    severity = _NOTICES.get(notice.level, "info")
    return _issue(notice.text, "on-file", _hash("on-file", where.file, notice.text), severity, where)


def _score(e: CheckedV1) -> dict[str, Any]:
    assert e.score_gate is not None
    said = f"{say.scored(e)}, as of {e.as_of}: {say.score(e)}"
    fingerprint = _hash("score", e.file, e.design, e.set)
    return _issue(said, "score", fingerprint, _SCORES[e.score_gate.verdict], say.whole(e.file))


def _finding(f: FindingAtV1, e: CheckedV1, report: CheckV1) -> dict[str, Any]:
    said, excuse = say.detail(f), say.excuse(f)
    tail = "; ".join(part for part in (f"at {say.place(f)}", said, excuse, f"as of {e.as_of}") if part)
    description = f"{say.status(f)}: {report.rules[f.rule].title} ({tail})"
    return _issue(description, f.rule, f.fingerprint, _severity(f), f.location)


def _severity(f: FindingAtV1) -> str:
    """That of the rule; one step lower where it is only not demonstrated that there is no conflict."""
    conflict = say.is_conflict(f) and f.standing != "not_demonstrated"
    rank = say.SEVERITIES.index(f.severity) + (0 if conflict else 1)
    return _SEVERITIES[min(rank, len(_SEVERITIES) - 1)]


def _issue(description: str, name: str, fingerprint: str, severity: str, where: LocationV1) -> dict[str, Any]:
    begin = max(where.line, 1)
    return {
        "description": say.shown(description),
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": in_repository(where.file),
            "lines": {"begin": begin, "end": max(where.end_line, begin)},
        },
    }


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
