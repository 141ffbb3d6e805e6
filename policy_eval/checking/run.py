"""A whole check: what is asked -> designs judged one by one -> one report and its exit code."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policy_eval import __version__, files, library, settings
from policy_eval.checking.checker import Checked, Plan, check_all
from policy_eval.checking.spool import Spool
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.evaluation import Engine, engine_in_use
from policy_eval.findings import CONFLICTS
from policy_eval.gate import baseline as baselines
from policy_eval.gate import decisions as decided
from policy_eval.gate import selection
from policy_eval.gate.decisions import State
from policy_eval.gate.judging import AGAINST, CLEAR, NOT_DEMONSTRATED, Standing, Threshold
from policy_eval.gate.judging import code as worst
from policy_eval.report import pieces
from policy_eval.report.assemble import profile as profile_report
from policy_eval.report.check import assemble
from policy_eval.report.check.wire import (
    SCHEMA_VERSION,
    BaselineV1,
    BaseV1,
    CheckedV1,
    CheckV1,
    DecisionV1,
    EntryV1,
    GateV1,
)
from policy_eval.report.derivation import location
from policy_eval.report.wire import DISCLAIMER, METHOD
from policy_eval.vocabulary.law import Reading, Severity

if TYPE_CHECKING:
    from policy_eval.revision import Revision

INVALID = 2
OF_NO_USE = (State.UNUSED, State.STALE, State.EXPIRED)
_CODES = {v: k for k, v in assemble.VERDICTS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is asked, settled from command line, settings and defaults; see `policy-eval check --help`."""

    sets: tuple[str, ...]
    profile: str = "default"
    engine: str = "both"
    day: dt.date | None = None
    by_period: bool = False
    today: dt.date = dt.date.min
    fail_on: str = "high"
    min_score: float | None = None
    min_severity: str | None = None
    established_only: bool = False
    reading: str = "controller"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    decisions: Path | None = None
    ignore_decisions: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    fail_on_stale: bool = False
    base: str | None = None
    fail_on_lost_facts: bool = True
    exit_zero: bool = False
    show_suppressed: bool = False


class Run:
    """One check, to be closed after use. Go through `over`, then ask for the `report`."""

    def __init__(self, asked: Asked, found: settings.Settings, *, derivations: bool) -> None:
        self.asked, self._settings = asked, found
        self.sets = [loaded for _, loaded in library.load_sets(asked.sets)]
        settings.check_versions(found, self.sets)
        self.rules = selection.rules(self.sets, asked.select, asked.ignore)
        if self.rules is not None and not self.rules:
            problem = Problem("no rule is left to look at", Span("--ignore"), "leave out less, or another set")
            raise InvalidInput([problem])
        self.plan = Plan(
            sets=tuple(self.sets),
            profile=library.load_profile(asked.profile),
            engine=engine_in_use(Engine(asked.engine)),
            day=asked.day,
            by_period=asked.by_period,
            today=asked.today,
            threshold=self._threshold(),
            decisions=decided.load(asked.decisions, self.sets) if asked.decisions else (),
            ignore_decisions=asked.ignore_decisions,
            baseline=self._baseline(),
            derivations=derivations,
        )
        self._spool = Spool()
        self._invalid: list[Problem] = []
        self._files: dict[str, str] = {}
        self._codes: set[int] = set()
        self._totals: Counter[str] = Counter({s.value: 0 for s in Standing})
        self._seen: set[str] = set()  # rules that findings are about
        self._states: dict[int, State] = {}
        self._covering: set[int] = set()
        self._stale: set[int] = set()
        self._revision: Revision | None = None
        self._since: BaseV1 | None = None

    def close(self) -> None:
        """Let go of what has been judged; the report cannot be read after that."""
        self._spool.close()

    def _threshold(self) -> Threshold:
        severities = {s.value: s for s in Severity}
        return Threshold(
            fail_on=severities.get(self.asked.fail_on),
            min_score=self.asked.min_score,
            established_only=self.asked.established_only,
            reading=next(r for r in Reading if r.value == self.asked.reading),
            rules=self.rules,
            shown=severities.get(self.asked.min_severity or ""),
        )

    def _baseline(self) -> baselines.Baseline | baselines.NewBaseline | None:
        if self.asked.write_baseline:
            return baselines.NewBaseline()
        return baselines.load(self.asked.baseline, self.asked.today) if self.asked.baseline else None

    def over(self, names: list[str], jobs: int | None = None) -> Iterator[Checked]:
        """Judge the designs of these names, in order; each is taken into the report as it comes.

        Raises `InvalidInput`, before anything is judged, where the revision to compare with cannot be used.
        """
        if self.asked.base is not None:
            from policy_eval.checking import lost  # git is seldom asked

            self._revision = lost.revision(self.asked.base, names)
        for checked in check_all(self.plan, names, jobs):
            taken = self._once(checked)
            self._take(taken)
            yield taken

    def _once(self, checked: Checked) -> Checked:
        """Refuse a second design of one id: what is on file about it could be about either."""
        if checked.design is None:
            return checked
        first = self._files.setdefault(checked.design, checked.path)
        if first == checked.path:
            return checked
        message = f"two designs have the id `{checked.design}`: {first} and {checked.path}"
        return Checked(checked.path, None, (Problem(message, Span(checked.path), "give one of them another id"),))

    def _take(self, checked: Checked) -> None:
        self._invalid += checked.problems
        self._spool.add(checked.evaluations)
        for evaluation in checked.evaluations:
            self._codes.add(_CODES[evaluation.verdict])
            self._totals.update(f.standing for f in evaluation.findings)
            self._seen.update(f.rule for f in evaluation.findings)
        self._states |= checked.states
        self._covering |= checked.covering
        self._stale |= checked.stale

    def compare(self, arguments: list[str]) -> None:
        """Look for what the designs judged no longer say, if a revision is given; raises `InvalidInput`.

        `arguments` are the paths that the names come from.
        """
        if self._revision is not None:
            from policy_eval.checking import lost

            judged = {path: design for design, path in self._files.items()}
            self._since = lost.since(self._revision, arguments, judged, fails=self.asked.fail_on_lost_facts)

    def report(self) -> CheckV1:
        """The report of what has been judged."""
        profile = profile_report(self.plan.profile)
        found = CheckV1(
            schema_version=SCHEMA_VERSION,
            tool=f"policy_eval {__version__}",
            method=METHOD,
            profile=profile.id,
            profile_hash=profile.hash,
            engine=self.plan.engine.value,
            today=self.asked.today.isoformat(),
            disclaimer=DISCLAIMER,
            gate=self._gate(),
            code=CLEAR,
            verdict=CLEAR,
            designs=len(self._files),
            totals=dict(self._totals),
            invalid=[assemble.problem(p) for p in self._invalid],
            rules={r.id: pieces.rule(s, r) for s in self.sets for r in s.rules if r.id in self._seen},
            decisions=[self._decision(n, d) for n, d in enumerate(self.plan.decisions)],
            decisions_file=str(self.asked.decisions) if self.asked.decisions else None,
            baseline=self._on_baseline(),
            base=self._since,
            evaluations=self._spool,
        )
        verdict = self._verdict(found)
        code = verdict if verdict == INVALID or not self.asked.exit_zero else CLEAR
        return replace(found, code=code, verdict=verdict)

    def _verdict(self, report: CheckV1) -> int:
        """What the check comes to: bad input first, then conflicts, then what is not demonstrated."""
        if report.invalid:
            return INVALID
        codes = set(self._codes)
        of_no_use = any(d.state in {s.value for s in OF_NO_USE} for d in report.decisions)
        if self.asked.fail_on_stale and (of_no_use or (report.baseline and report.baseline.stale)):
            codes.add(AGAINST)
        if report.base and report.base.fails:
            codes.add(NOT_DEMONSTRATED)
        return worst(codes)

    def _gate(self) -> GateV1:
        asked = self.asked
        aside = [r for s in self.sets for r in s.rules if self.rules is not None and r.id not in self.rules]
        return GateV1(
            settings=os.path.relpath(self._settings.file) if self._settings.file else None,
            fail_on=asked.fail_on,
            min_score=asked.min_score,
            min_severity=asked.min_severity or (asked.fail_on if asked.fail_on != "never" else "advisory"),
            established_only=asked.established_only,
            reading=asked.reading,
            select=list(asked.select),
            ignore=list(asked.ignore),
            left_aside=len(aside),
            left_aside_critical=sum(r.text.severity is Severity.CRITICAL for r in aside),
            fail_on_stale=asked.fail_on_stale,
            exit_zero=asked.exit_zero,
            suppressed=asked.show_suppressed,
        )

    def _decision(self, number: int, decision: decided.Decision) -> DecisionV1:
        text = decision.text
        return DecisionV1(
            rule=text.rule,
            design=text.design,
            place=list(text.at),
            kind=text.kind.value,
            reason=text.reason,
            owner=text.owner,
            approved_by=text.approved_by,
            date=text.date.isoformat(),
            last_day=text.last_day.isoformat(),
            reference=text.reference,
            state=self._states.get(number, State.ELSEWHERE).value,
            location=location(decision.span),
        )

    def _on_baseline(self) -> BaselineV1 | None:
        found = self.plan.baseline
        if isinstance(found, baselines.Baseline):
            entries = found.findings
            stale = [EntryV1(x.rule, x.design, list(x.place)) for n, x in enumerate(entries) if n in self._stale]
            age = max((self.asked.today - found.text.written).days, 0)
            elsewhere = len(entries) - len(self._covering | self._stale)
            written = found.text.written.isoformat()
            return BaselineV1(found.file, written, age, len(entries), len(self._covering), stale, elsewhere)
        if self.asked.write_baseline is None or self._invalid:  # it is not written then
            return None
        number = self._totals[Standing.IN_BASELINE.value]
        return BaselineV1(str(self.asked.write_baseline), self.asked.today.isoformat(), 0, number, number, [], 0)

    def write_baseline(self, path: Path) -> None:
        """Write what is there now as a baseline, unless a design could not be judged; raises `OSError`."""
        if not self._invalid:
            text = baselines.text(_entries(self._spool), self.asked.today, f"policy_eval {__version__}")
            files.replace_all([(path, lambda out: print(text, end="", file=out))])


def _entries(evaluations: Iterable[CheckedV1]) -> Iterator[baselines.EntryFile]:
    for evaluation in evaluations:
        for finding in evaluation.findings:
            if finding.standing == Standing.IN_BASELINE.value:
                conflict = finding.seen and finding.outcome in {o.value for o in CONFLICTS}
                yield baselines.EntryFile(
                    design=evaluation.design,
                    rule=finding.rule,
                    place=tuple(finding.place),
                    standing="against" if conflict else "not_demonstrated",
                    beside=tuple(finding.beside),
                )
