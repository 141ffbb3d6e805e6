"""A check as SARIF 2.1.0, for code scanning on GitHub and any other viewer.

Kinds go by outcome: a conflict is `fail`, with a level by severity; a conflict unless excused is `review`; whatever is
undecided, or is about a place that is not stated, is `open`, and so looks like a pass nowhere. What passes or does not
apply is left out. So is what a decision or a baseline covers, for GitHub would show it as an open alert; on request
(`--show-suppressed`) it is in, as suppressed.

GitHub takes 25,000 results and 10 MB when packed, and shows 5,000. The worst are kept, in the order of the report, and
a notification says how many are left out; derivations come with the worst 5,000. Each result is written to disk as soon
as it is made, so memory stays flat.
"""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from policy_eval.report.check import words as say
from policy_eval.report.check.sarif_parts import Catalogue, Json, message, place, result
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, LocationV1, ProblemV1
from policy_eval.report.words import counted

DERIVATIONS = True
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RESULTS = 25_000
FLOWS = 5_000  # GitHub shows no more results than these
PACKED = 10_000_000
_LESS = 0.95  # of what would just fit, for packing is not even
_STANDINGS = ("against", "not_demonstrated", "below_threshold", "undecided")
_ROOT = "The top of the repository as CI names it, else the folder in which the check ran."
_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as SARIF; same report, same bytes."""
    say.prepare(out)
    with tempfile.TemporaryFile("w+", encoding="ascii", newline="") as results:
        for piece in _fitting(report, _made(report, results)):
            out.write(piece)


@dataclass(slots=True)
class _Made:
    """Results in a file, each in a line, with their ranks, and the days by which every design was judged."""

    results: TextIO
    ranks: list[int] = field(default_factory=list)
    days: set[str] = field(default_factory=set)


def _listed(report: CheckV1) -> tuple[str, ...]:
    """What findings may be to the gate to be in."""
    return (*_STANDINGS, *say.COVERED) if report.gate.suppressed else _STANDINGS


def _findings(e: CheckedV1, report: CheckV1) -> Iterator[FindingAtV1]:
    listed = _listed(report)
    return (f for f in e.findings if f.standing in listed)


def _number(report: CheckV1) -> int:
    return sum(report.totals[s] for s in _listed(report))


def _rank(finding: FindingAtV1) -> int:
    """Where a finding stands among others, the worst first."""
    standing = {"against": 0, "not_demonstrated": 1}.get(finding.standing, 2)
    return standing * len(say.SEVERITIES) + say.SEVERITIES.index(finding.severity)


class _Worst:
    """Takes so many of the worst findings, those of one rank in the order they come; all where nobody counted them."""

    def __init__(self, counts: Counter[int] | None, number: int) -> None:
        self._all = counts is None
        self._room = Counter[int]()
        for rank, there in sorted((counts or Counter()).items()):
            self._room[rank] = min(there, number - self._room.total())

    def takes(self, rank: int) -> bool:
        """Whether the next finding of this rank is among them."""
        self._room[rank] -= 1
        return self._all or self._room[rank] >= 0


def _made(report: CheckV1, results: TextIO) -> _Made:
    """Write as many results as GitHub takes, the worst with their derivations."""
    every = (f for e in report.evaluations for f in _findings(e, report))
    counts = Counter(map(_rank, every)) if _number(report) > FLOWS else None
    wanted, derived = _Worst(counts, RESULTS), _Worst(counts, FLOWS)
    catalogue, made = Catalogue(report.rules), _Made(results)
    for evaluation in report.evaluations:
        made.days.add(evaluation.as_of)
        for finding in _findings(evaluation, report):
            if wanted.takes(rank := _rank(finding)):
                one = result(finding, evaluation, report, catalogue, flow=derived.takes(rank))
                results.write(f"{_json(one)}\n")
                made.ranks.append(rank)
    return made


def _fitting(report: CheckV1, made: _Made) -> Iterator[str]:
    """The log with as many results as fit into it packed."""
    kept = len(made.ranks)
    size = _packed(_log(report, made, kept))
    while size > PACKED and kept:
        kept = int(kept * _LESS * PACKED / size)
        size = _packed(_log(report, made, kept))
    return _log(report, made, kept)


def _packed(pieces: Iterable[str]) -> int:
    packer = zlib.compressobj(wbits=31)
    return sum(len(packer.compress(p.encode("ascii"))) for p in pieces) + len(packer.flush())


def _log(report: CheckV1, made: _Made, kept: int) -> Iterator[str]:
    """The whole log in pieces, with so many of the worst results."""
    yield f'{{"$schema":{_json(SCHEMA)},"version":"2.1.0","runs":[{{\n'
    yield from (f"{_json(key)}:{_json(value)},\n" for key, value in _run(report, made.days).items())
    yield '"results":['
    yield from _separated(_kept(made, kept))
    invocation = _json(_invocation(report))
    yield f'],\n"invocations":[{invocation[:-1]},"toolExecutionNotifications":['
    yield from _separated(_json(n) for n in _notifications(report, _number(report) - kept))
    yield "]}]\n}]}\n"


def _separated(items: Iterable[str]) -> Iterator[str]:
    separator = "\n"
    for item in items:
        yield separator + item
        separator = ",\n"


def _kept(made: _Made, number: int) -> Iterator[str]:
    """The lines of the worst results."""
    worst = _Worst(Counter(made.ranks), number)
    made.results.seek(0)
    ranked = zip(made.ranks, made.results, strict=True)
    return (line.removesuffix("\n") for rank, line in ranked if worst.takes(rank))


def _run(report: CheckV1, days: set[str]) -> Json:
    """What is said of the run before its results."""
    name, _, version = report.tool.partition(" ")
    catalogue, gate = Catalogue(report.rules), report.gate
    return {
        "tool": {
            "driver": {
                "name": name,
                "fullName": report.tool,
                "version": version,
                **({"semanticVersion": version} if re.fullmatch(r"\d+\.\d+\.\d+", version) else {}),
                "fullDescription": message(report.disclaimer),
                "supportedTaxonomies": catalogue.supported(),
                "rules": catalogue.rules(report.disclaimer),
            }
        },
        "taxonomies": catalogue.taxonomies(),
        "automationDetails": {"id": "policy-eval/"},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"],  # those of YAML
        "originalUriBaseIds": {"%SRCROOT%": {"description": message(_ROOT)}},
        "properties": {
            "method": report.method,
            "profile": report.profile,
            "profileHash": report.profile_hash,
            "engine": report.engine,
            "today": report.today,
            "asOf": sorted(days),
            "failOn": gate.fail_on,
            "minSeverity": gate.min_severity,
            "minScore": gate.min_score,
            "reading": gate.reading,
            "establishedOnly": gate.established_only,
        },
    }


def _invocation(report: CheckV1) -> Json:
    return {
        "executionSuccessful": report.code != 2,
        "exitCode": report.code,
        "exitCodeDescription": say.summary(report),
    }


def _notifications(report: CheckV1, left_out: int) -> Iterator[Json]:
    """What is to be known of the run beside its results."""
    yield from (_problem(p) for p in report.invalid)
    for notice in say.notices(report):
        level = "warning" if notice.level >= say.Level.WARNING else "note"  # `error` would mean that the run failed
        yield _notification(level, notice.text, notice.location)
    yield from _scores(report)
    covered = sum(report.totals[s] for s in say.COVERED)
    if covered and not report.gate.suppressed:
        yield _notification("note", f"{counted(covered, 'covered finding')} left out; `--show-suppressed` lists them")
    found = _number(report)
    if found > FLOWS:
        yield _notification("note", f"of {found:,} findings the worst {FLOWS:,} come with their derivations")
    if left_out:
        limits = f"code scanning takes {RESULTS:,} results and {PACKED // 1_000_000} MB"
        yield _notification("warning", f"{left_out:,} of {found:,} findings are left out, the least bad: {limits}")


def _problem(problem: ProblemV1) -> Json:
    return _notification("error", say.unusable(problem), problem.location)


def _scores(report: CheckV1) -> Iterator[Json]:
    """Scores below the least one asked for: they can shut the gate where no finding does."""
    for e in report.evaluations if report.gate.min_score is not None else ():
        if say.score_fails(e):
            said = f"{e.design} under {e.set}: score {say.score(e)}; as of {e.as_of}"
            yield _notification("warning", said, say.whole(e.file))


def _notification(level: str, said: str, where: LocationV1 | None = None) -> Json:
    at = {"locations": [{"physicalLocation": place(where)}]} if where is not None else {}
    return {"level": level, "message": message(f"{said}."), **at}
