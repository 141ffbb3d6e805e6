"""A check as workflow commands: GitHub shows them as annotations beside the lines of a design.

It takes ten errors and ten warnings of a step and drops the rest, so the worst come first and the rest is counted.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TextIO

from policy_eval.report.check import words as say
from policy_eval.report.check.places import in_repository
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, LocationV1, ProblemV1

DERIVATIONS = False
_MOST = 10  # of a level, in a step
_LEVELS = {"against": "error", "not_demonstrated": "warning"}
_RANKS = {severity: rank for rank, severity in enumerate(say.SEVERITIES)}
_FIRST, _HIGH, _LAST = -1, _RANKS["high"], len(_RANKS)


@dataclass(frozen=True, slots=True)
class _Annotation:
    location: LocationV1
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What may be shown; its words are made only if it is."""

    level: str
    rank: int  # lower is worse
    annotation: Callable[[], _Annotation]


@dataclass(slots=True)
class _Worst:
    """The worst candidates of a level as they come by, and how many there were."""

    kept: list[_Candidate] = field(default_factory=list)
    seen: int = 0

    def add(self, candidate: _Candidate) -> None:
        self.seen += 1
        insort(self.kept, candidate, key=lambda c: c.rank)  # behind those that are as bad
        del self.kept[_MOST:]


def write(report: CheckV1, out: TextIO) -> None:
    """Write the worst findings as commands, how the gate is set, how many are left out, and the whole in a line."""
    say.prepare(out)
    worst = {"error": _Worst(), "warning": _Worst()}
    for candidate in _candidates(report):
        worst[candidate.level].add(candidate)
    for level, found in worst.items():
        for candidate in found.kept:
            print(_command(level, candidate.annotation()), file=out)
    for notice in say.notices(report):
        if notice.level in (say.Level.SET, say.Level.EASED):
            print(_notice(notice.text), file=out)
    left_out = sum(found.seen - len(found.kept) for found in worst.values())
    if left_out:
        print(_notice(f"{left_out} more; see the job summary"), file=out)
    days = say.days(e.as_of for e in report.evaluations)
    print(f"{f'as of {days}, ' if days else ''}{say.summary(report)}", file=out)


def _notice(text: str) -> str:
    return f"::notice::{_data(say.shown(text))}"


def _candidates(report: CheckV1) -> Iterator[_Candidate]:
    for problem in report.invalid:
        yield _Candidate("error", _FIRST, partial(_unusable, problem))
    for notice in say.notices(report):
        if notice.location and notice.level >= say.Level.WARNING:
            rank = _HIGH if notice.level is say.Level.FAILURE else _LAST
            yield _Candidate("warning", rank, partial(_Annotation, notice.location, "on file", notice.text))
    for e in report.evaluations:
        for f in e.findings:
            if f.standing in _LEVELS:
                yield _Candidate(_LEVELS[f.standing], _RANKS[f.severity], partial(_finding, f, e, report))
        if e.score_gate and say.score_fails(e):
            yield _Candidate(_LEVELS[e.score_gate.verdict], _HIGH, partial(_score, e))


def _unusable(p: ProblemV1) -> _Annotation:
    return _Annotation(p.location, "the input cannot be used", say.unusable(p, "\nhelp: "))


def _finding(f: FindingAtV1, e: CheckedV1, report: CheckV1) -> _Annotation:
    rule, said = report.rules[f.rule], say.detail(f)
    lines = [rule.title, f"at {say.place(f)}{f': {said}' if said else ''}", say.excuse(f), f"remedy: {rule.remedy}"]
    message = "\n".join(line for line in (*lines, f"as of {e.as_of}") if line)
    return _Annotation(f.location, f"{say.status(f)}: {f.rule}", message)


def _score(e: CheckedV1) -> _Annotation:
    return _Annotation(say.whole(e.file), say.scored(e), f"{say.score(e)}\nas of {e.as_of}")


def _command(level: str, a: _Annotation) -> str:
    place = a.location
    properties = {"file": in_repository(place.file)}
    if place.line:
        properties |= {"line": str(place.line), "endLine": str(max(place.end_line, place.line))}
    if place.line and place.line == place.end_line:  # GitHub refuses columns of a stretch over several lines
        properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
    properties["title"] = a.title
    stated = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    message = "\n".join(map(say.shown, a.message.split("\n")))
    return f"::{level} {stated}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(say.shown(text)).replace(":", "%3A").replace(",", "%2C")
