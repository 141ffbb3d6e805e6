"""What the formats of a check say alike: a finding in a line, what is on file, the whole in a sentence.

Nothing here is escaped for a format; `shown` makes text from outside one harmless line.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TextIO

from policy_eval.report.check.wire import CheckedV1, CheckV1, DecisionV1, FindingAtV1, LocationV1, ProblemV1, RuleV1
from policy_eval.report.text import safe_text
from policy_eval.report.wire import GroundV1
from policy_eval.report.words import counted, listed, points, words

MARKS = {"conflict": "X", "conflict_unless_excused": "!"}
COVERED = {"deferred": "deferred", "disagreed": "disagreed with", "in_baseline": "in the baseline"}
SEVERITIES = ("critical", "high", "medium", "low", "advisory")  # worst first
VERDICTS = {0: "the gate is open", 1: "the gate is shut", 2: "the gate cannot tell", 4: "the gate is shut"}
_OF_NO_USE = {
    "unused": "is of no use: nothing stands against the place any more",
    "stale": "is of no use: there is no such place any more, or the rule is not in force",
    "expired": "has expired and covers nothing",
}
_STATES = {
    **_OF_NO_USE,
    "not_yet": "is dated after today and covers nothing yet",
    "ignored": "is ignored",
}


class Level(IntEnum):
    """What a notice asks of whoever reads it."""

    HEAD = 1  # it opens a list
    SET = 2  # how the gate is set, no easier to pass than by itself
    EASED = 3  # likewise, and easier: less is looked at, or counts
    NOTE = 4
    WARNING = 5  # something is of no use, or lost
    FAILURE = 6  # likewise, and it keeps the gate shut


@dataclass(frozen=True, slots=True)
class Notice:
    """Something on file, or lost, that is to be known; `location` is None where no file is meant."""

    level: Level
    text: str
    location: LocationV1 | None = None

    @property
    def margin(self) -> str:
        """What it is set in by, below the notice that opens its list."""
        return "  " if self.level >= Level.NOTE else ""


def shown(text: str) -> str:
    """Text from outside as one line; control and invisible characters are escaped."""
    return text if text.isprintable() else " ".join(safe_text(text).plain.split())


def prepare(out: TextIO) -> None:
    """Let a stream take any text: what its encoding lacks is escaped, line ends stay as they are written."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace", newline="\n")


def at(location: LocationV1) -> str:
    """A place in a file."""
    return f"{location.file}:{location.line}:{location.column}" if location.line else location.file


def whole(file: str) -> LocationV1:
    """A file as a whole."""
    return LocationV1(file, 0, 0, 0, 0)


def unusable(problem: ProblemV1, between: str = "; ") -> str:
    """What is wrong with an input, and what to do about it."""
    return f"{problem.message}{between}{problem.help}" if problem.help else problem.message


def place(f: FindingAtV1) -> str:
    """The parts of a design that a finding is at."""
    return " and ".join(f.place)


def is_conflict(f: FindingAtV1) -> bool:
    """Whether a finding is a conflict at a place that is stated."""
    return f.outcome in MARKS and f.seen


def mark(f: FindingAtV1) -> str:
    """The symbol of a finding."""
    return "=" if f.standing in COVERED else MARKS[f.outcome] if is_conflict(f) else "?"


def outcome(f: FindingAtV1) -> str:
    """What was found at a place."""
    if is_conflict(f):
        return words(f.outcome)
    return "undecided" if f.standing == "undecided" else "not demonstrated"


def status(f: FindingAtV1) -> str:
    """What was found at a place, how severe it is, and what it is to the gate."""
    covered = f"{COVERED[f.standing]}: " if f.standing in COVERED else ""
    below = ", not counted" if f.standing == "below_threshold" else ""
    return f"{covered}{outcome(f)}, {f.severity}{below}"


def headline(f: FindingAtV1, report: CheckV1) -> str:
    """A finding in a line: what it is to the gate, how severe, and the rule."""
    return f"{status(f)}: {f.rule}: {report.rules[f.rule].title}"


def detail(f: FindingAtV1) -> str:
    """What is open at a finding, or its message; empty where neither may be said."""
    return f.message if is_conflict(f) else still_open(f)


def still_open(f: FindingAtV1, *, every: bool = False) -> str:
    """The facts that a finding hangs on, the first few or all, and the questions of law."""
    facts = ", ".join(f.open) if every else listed(f.open)
    parts = [f"open: {facts}"] if facts else []
    return "; ".join(parts + [f"law unsettled: {', '.join(f.unsettled)}"] * bool(f.unsettled))


def excuse(f: FindingAtV1) -> str:
    """What would excuse a conflict, if anything might."""
    return f"would excuse it: {'; '.join(f.would_excuse)}" if f.would_excuse else ""


def cover(f: FindingAtV1, report: CheckV1) -> str:
    """What takes a finding off the gate: until when, why, and who decided."""
    if f.decision is None:
        return COVERED[f.standing]
    decision = report.decisions[f.decision]
    return f"{COVERED[f.standing]} until {decision.last_day}: {filed(decision)}"


def filed(d: DecisionV1) -> str:
    """Who decided what and why, as far as it may be said."""
    said = [d.reason, f"owner {d.owner}" if d.owner else "", f"approved by {d.approved_by}" if d.approved_by else ""]
    return "; ".join(x for x in (*said, d.reference) if x)


def law(rule: RuleV1) -> str:
    """The provisions a rule rests on."""
    return "; ".join(map(provision, rule.grounds))


def provision(g: GroundV1) -> str:
    """A provision, and whether somebody has read it."""
    return f"{g.instrument} {g.at}{'' if g.verified == 'read' else f' [{g.verified}]'}"


def numbers(e: CheckedV1) -> dict[str, int]:
    """How many findings of a design there are of each standing."""
    found = dict.fromkeys(("against", "not_demonstrated", *COVERED, "below_threshold", "undecided"), 0)
    for f in e.findings:
        found[f.standing] += 1
    return found


def verdict(e: CheckedV1, report: CheckV1) -> str:
    """How many findings stand against a design, and how many are covered."""
    number = numbers(e)
    beside = f"; {number['undecided']} undecided" if number["undecided"] else ""
    return f"{_counts(number)} at {report.gate.fail_on} or above{beside}"


def score_fails(e: CheckedV1) -> bool:
    """Whether the score keeps the gate shut, or may."""
    return e.score_gate is not None and e.score_gate.verdict != "clear"


def scored(e: CheckedV1) -> str:
    """Which score is meant."""
    return f"score of {e.design} under {e.set}"


def days(found: Iterable[str]) -> str:
    """The days that designs are judged by: the one, or the first and the last."""
    every = sorted(set(found))
    return " to ".join(dict.fromkeys((every[0], every[-1]))) if every else ""


def score(e: CheckedV1) -> str:
    """What the score comes to against the least one asked for."""
    assert e.score_gate is not None
    gate = e.score_gate
    standing = "no score, too little is known" if gate.standing is None else f"{points(gate.standing)} as it stands"
    floor = "" if gate.floor is None else f", no less than {points(gate.floor)} whatever the open facts are"
    return f"{standing}{floor}; at least {gate.needed:g} is asked"


def summary(report: CheckV1) -> str:
    """The whole check in a line."""
    bad = len({p.location.file for p in report.invalid})
    unusable = f", {counted(bad, 'input')} cannot be used" if bad else ""
    counts = f"{_counts(report.totals)}{unusable}"
    return f"{counted(report.designs, 'design')}: {counts}; {comes_to(report)} (exit {report.code})"


def comes_to(report: CheckV1) -> str:
    """What the check comes to, in words; where it only reports, that too."""
    said = VERDICTS[report.verdict]
    if report.gate.fail_on == "never" and report.gate.min_score is None and report.verdict == 0:
        said = "nothing is asked of the gate"
    return f"{said}; reported only" if report.verdict != report.code else said


def _counts(number: dict[str, int]) -> str:
    parts = [counted(number["against"], "conflict"), f"{number['not_demonstrated']} not demonstrated"]
    return ", ".join(parts + [f"{number[s]} {said}" for s, said in COVERED.items() if number[s]])


def notices(report: CheckV1) -> Iterator[Notice]:
    """What is to be known of decisions, the baseline, lost facts and rules left aside."""
    if asked := _asked(report):
        yield Notice(Level.EASED if _eased(report) else Level.SET, asked)
    yield from _on_decisions(report)
    yield from _on_baseline(report)
    yield from _on_lost_facts(report)
    if report.gate.left_aside:
        critical = f", {report.gate.left_aside_critical} of them critical" if report.gate.left_aside_critical else ""
        aside = counted(report.gate.left_aside, "rule")
        yield Notice(Level.EASED, f"left aside by --select or --ignore: {aside}{critical}")


def _asked(report: CheckV1) -> str:
    """How the gate was set, where that is not how it stands by itself: a change of settings is not to go unseen."""
    gate = report.gate
    parts = [f"--fail-on {gate.fail_on}"] * (gate.fail_on != "high")
    parts += [f"--min-score {gate.min_score:g}"] if gate.min_score is not None else []
    parts += [f"--reading {gate.reading}"] * (gate.reading != "controller")
    parts += ["--established-only"] * gate.established_only
    parts += ["--exit-zero"] * gate.exit_zero
    parts += [f"--profile {report.profile}"] * (report.profile != "default")
    by = f" by {gate.settings}" if gate.settings else ""
    return f"the gate is set{by}: {', '.join(parts) or 'as it stands by itself'}" if parts or by else ""


def _eased(report: CheckV1) -> bool:
    """Whether the gate may open where it would not by itself; another profile weighs otherwise, maybe less."""
    gate = report.gate
    asks_less = gate.fail_on in ("never", "critical") or gate.reading != "controller" or gate.established_only
    return asks_less or gate.exit_zero or report.profile != "default"


def _on_decisions(report: CheckV1) -> Iterator[Notice]:
    if not report.decisions_file:
        return
    counts = {s: sum(d.state == s for d in report.decisions) for s in ("covers", "elsewhere")}
    where = f"; {counts['elsewhere']} of designs or sets not checked here" if counts["elsewhere"] else ""
    number = counted(len(report.decisions), "decision")
    read = f"{report.decisions_file}: {number} read by {report.today}, {counts['covers']} in use{where}"
    yield Notice(Level.HEAD, read)
    for d in report.decisions:
        if d.state in _STATES:  # the others are said by their number
            level = _of_no_use(report) if d.state in _OF_NO_USE else Level.NOTE
            what = f"the {d.kind} of {d.rule} for {d.design} at {' and '.join(d.place)}"
            yield Notice(level, f"{what} (to {d.last_day}) {_STATES[d.state]}", d.location)


def _on_baseline(report: CheckV1) -> Iterator[Notice]:
    b = report.baseline
    if b is None:
        return
    where = f"; {b.elsewhere} of designs or sets not checked here" if b.elsewhere else ""
    age = counted(b.age_days, "day")
    number = f"{b.entries} {'entry' if b.entries == 1 else 'entries'}"
    yield Notice(Level.HEAD, f"{b.file}: baseline of {b.written}, {age} old: {number}, {b.covering} still there{where}")
    for x in b.stale:
        text = f"no longer there: {x.rule} for {x.design} at {' and '.join(x.place)}"
        yield Notice(_of_no_use(report), text, whole(b.file))


def _on_lost_facts(report: CheckV1) -> Iterator[Notice]:
    if report.base is None:
        return
    lost = report.base.lost
    said = f"{counted(len(lost), 'fact')} no longer stated" if lost else "no fact is lost"
    yield Notice(Level.HEAD, f"since {report.base.revision}: {said}")
    level = Level.FAILURE if report.base.fails else Level.WARNING
    for fact in lost:
        was = f", was {fact.before}" if fact.before else ""
        yield Notice(level, f"{fact.design}: {fact.path} is unknown now{was}", fact.location)
    for file in report.base.gone:
        yield Notice(level, f"a design is gone: {file}", whole(file))


def _of_no_use(report: CheckV1) -> Level:
    return Level.FAILURE if report.gate.fail_on_stale else Level.WARNING
