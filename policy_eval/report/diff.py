"""Changes of designs on the wire: what every format of the `diff` command reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from policy_eval import __version__
from policy_eval.design.changes import ChangeKind, FactChange
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import join
from policy_eval.difference import Difference, FindingChange, FindingKind
from policy_eval.errors import Span
from policy_eval.evaluation import Engine
from policy_eval.findings import CONFLICTS
from policy_eval.principle import ProfileFile
from policy_eval.report import pieces
from policy_eval.report.assemble import profile as weights
from policy_eval.report.wire import DISCLAIMER, METHOD, SCHEMA_VERSION, BurdenV1, ProfileV1
from policy_eval.revision import Version
from policy_eval.scoring import Scorecard


@dataclass(frozen=True, slots=True)
class FactChangeV1:
    """A fact that differs; `kind` is stated, lost, changed, added or removed.

    `facts` counts what is stated below a part or list that came or went as a whole. The place is where the fact
    stands, or stood, in the design as it is now; where that says nothing of it, the nearest thing around it.
    """

    path: str
    kind: str
    before: str
    after: str
    about: str
    facts: int
    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FindingChangeV1:
    """A rule that comes to another outcome at a place.

    `kind` is added, hardened, reopened, opened, softened, decided or cured; `before` and `after` are null where there
    is known to be no such place. `facts` are the changes it hangs on, by path; `open` the facts and `unsettled` the
    concepts of open law that leave it undecided now, or unless excused.
    """

    rule: str
    title: str
    principle: str
    severity: str
    kind: str
    place: dict[str, str]
    seen: bool
    before: str | None
    after: str | None
    message: str
    facts: list[str]
    file: str
    line: int
    column: int
    open: list[str]
    unsettled: list[str]


@dataclass(frozen=True, slots=True)
class BandChangeV1:
    """The band as it stands, before and now; null where there is none."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class BurdenChangeV1:
    """The weight of conflicts, before and now; null where there is none."""

    before: BurdenV1 | None
    after: BurdenV1 | None


@dataclass(frozen=True, slots=True)
class PrincipleChangeV1:
    """The numbers of one principle, before and now."""

    principle: str
    band: BandChangeV1
    burden: BurdenChangeV1


@dataclass(frozen=True, slots=True)
class SetDiffV1:
    """A design before and now under one set; `as_of_before` differs where the law is that of each design's period."""

    set: str
    set_title: str
    set_version: str
    as_of: str
    as_of_before: str | None
    as_if: str | None
    band: BandChangeV1
    burden: BurdenChangeV1
    principles: list[PrincipleChangeV1]
    findings: list[FindingChangeV1]


@dataclass(frozen=True, slots=True)
class DesignDiffV1:
    """A design before and now: `old_file` is null for a new one, `new_file` for one that is gone.

    `lost` counts the facts that were known and are unknown now. There are no `sets` where no fact changed, and none
    for a design that is gone.
    """

    design: str
    title: str
    old_file: str | None
    new_file: str | None
    renamed: bool
    facts: list[FactChangeV1]
    lost: int
    sets: list[SetDiffV1]


@dataclass(frozen=True, slots=True)
class DiffGateV1:
    """What was asked of the gate, and the exit code."""

    fail_on: str
    fail_on_new: bool
    fail_on_lost_facts: bool
    code: int


@dataclass(frozen=True, slots=True)
class DiffV1:
    """A whole report; designs and findings go from worst to best. `base` is the revision compared with, if one was."""

    schema_version: int
    tool: str
    method: str
    profile: ProfileV1
    as_of: str
    engine: str
    disclaimer: str
    base: str | None
    designs: list[DesignDiffV1]
    gate: DiffGateV1


@dataclass(frozen=True, slots=True)
class Compared:
    """A design before and now, what differs, and what that does under each set."""

    version: Version
    facts: tuple[FactChange, ...] = ()
    sets: tuple[Difference, ...] = ()


def report(
    compared: Sequence[Compared],
    gate: DiffGateV1,
    *,
    profile: ProfileFile,
    engine: Engine,
    as_of: dt.date,
    base: str | None = None,
) -> DiffV1:
    """The wire model of what differs; `as_of` is the latest day whose law counts."""
    return DiffV1(
        schema_version=SCHEMA_VERSION,
        tool=f"policy_eval {__version__}",
        method=METHOD,
        profile=weights(profile),
        as_of=as_of.isoformat(),
        engine=engine.value,
        disclaimer=DISCLAIMER,
        base=base,
        designs=[_design(c) for c in sorted(compared, key=_worst_first)],
        gate=gate,
    )


def _worst_first(c: Compared) -> tuple[object, ...]:
    """By the worst thing that happened under any set; then lost facts, other changes, no changes."""
    order = list(FindingKind)
    worst = min(
        ((order.index(f.kind), -f.rule.text.severity.rank) for d in c.sets for f in d.findings),
        default=(len(order), 0),
    )
    either = _either(c.version)
    return (*worst, -_lost(c.facts), c.version.new is None, not c.facts, either.files[0], either.design.id)


def _either(version: Version) -> DesignFile:
    found = version.new or version.old
    assert found is not None
    return found


def _lost(facts: Sequence[FactChange]) -> int:
    return sum(f.kind is ChangeKind.LOST for f in facts)


def _design(c: Compared) -> DesignDiffV1:
    old, new, either = c.version.old, c.version.new, _either(c.version)
    return DesignDiffV1(
        design=either.design.id,
        title=either.design.title,
        old_file=old.files[0] if old else None,
        new_file=new.files[0] if new else None,
        renamed=c.version.renamed,
        facts=[_fact(f, either) for f in c.facts],
        lost=_lost(c.facts),
        sets=[_set(d) for d in c.sets],
    )


def _fact(f: FactChange, file: DesignFile) -> FactChangeV1:
    span = file.span_of(f.path)
    where = (span.file, span.line, span.column)
    return FactChangeV1(join(f.path), f.kind.value, f.before, f.after, f.about.value, f.facts, *where)


def _set(d: Difference) -> SetDiffV1:
    old, new, text = d.old, d.new, d.either.principles.text
    before, after = (e.card if e else None for e in (old, new))
    return SetDiffV1(
        set=text.id,
        set_title=text.title,
        set_version=text.version,
        as_of=d.either.as_of.isoformat(),
        as_of_before=old.as_of.isoformat() if old else None,
        as_if=pieces.as_if(d.either),
        band=_band(before, after),
        burden=_burden(before, after),
        principles=[
            PrincipleChangeV1(p.principle.value, _band(p.before, p.after), _burden(p.before, p.after))
            for p in d.principles
        ],
        findings=[_finding(f, d) for f in d.findings],
    )


def _band(before: Scorecard | None, after: Scorecard | None) -> BandChangeV1:
    return BandChangeV1(*(c.band.standing.value if c else None for c in (before, after)))


def _burden(before: Scorecard | None, after: Scorecard | None) -> BurdenChangeV1:
    return BurdenChangeV1(*(pieces.burden(c) if c else None for c in (before, after)))


def _finding(f: FindingChange, d: Difference) -> FindingChangeV1:
    text, span = f.rule.text, _where(f, d)
    return FindingChangeV1(
        rule=f.rule.id,
        title=text.title,
        principle=text.principle.value,
        severity=text.severity.value,
        kind=f.kind.value,
        place=pieces.binding_text(f.binding),
        seen=f.seen,
        before=f.before and f.before.value,
        after=f.after and f.after.value,
        message=_message(f, d),
        facts=[join(c.path) for c in f.facts],
        file=span.file,
        line=span.line,
        column=span.column,
        open=pieces.paths(f.open),
        unsettled=sorted(f.unsettled),
    )


def _where(f: FindingChange, d: Difference) -> Span:
    """Where a reviewer has to look in the design as it is now: at the first change it hangs on, else at the place."""
    file = d.either.file
    bound = f.binding[-1][1] if f.binding else ()
    spans = sorted((c.path[: len(bound)] != bound, file.span_of(c.path)) for c in f.facts)
    return spans[0][1] if spans else file.span_of(bound)


def _message(f: FindingChange, d: Difference) -> str:
    """What the rule says of the conflict, now or before; of a place that is in none, its title."""
    for e, place, outcome in ((d.new, f.now, f.after), (d.old, f.was, f.before)):
        result = e.find(f.rule.id) if e else None
        if e and result and place and outcome in CONFLICTS:
            return pieces.message(e, result, place)
    return f.rule.text.title
