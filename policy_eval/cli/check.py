"""check: the gate for drafts, in scripts and continuous integration."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli import output as output_
from policy_eval.cli.options import (
    AsOf,
    Config,
    EngineChoice,
    EngineOption,
    FailOn,
    Isolated,
    Jobs,
    Outputs,
    Profile,
    Project,
    ReadingChoice,
    Sets,
    ShowSettings,
    day,
    format_option,
    law,
    note,
)  # fmt: skip
from policy_eval.report.check import FORMATS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from policy_eval.checking.checker import Checked
    from policy_eval.checking.run import Asked, Run
    from policy_eval.errors import Problem


class Listed(str, Enum):
    """The least severity that is listed."""

    ADVISORY = "advisory"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class LogDetail(str, Enum):
    """What may be printed."""

    FULL = "full"
    IDS = "ids"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Designs, folders of them (`*.design.yaml`), or globs.")
    ],
    principles: Sets = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", help="The least severity that counts. Default: high.")
    ] = None,
    min_score: Annotated[
        float | None, typer.Option("--min-score", min=0, max=100, help="The least score under each set, 0 to 100.")
    ] = None,
    established_only: Annotated[
        bool | None,
        typer.Option("--established-only/--no-established-only", help="What may be excused is not demonstrated."),
    ] = None,
    reading: Annotated[
        ReadingChoice | None,
        typer.Option("--reading", help="controller (default): missing facts count; outsider: they do not."),
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", help="Only these rules: by name, set or principle, with `*`.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Not these rules, likewise.")] = None,
    min_severity: Annotated[
        Listed | None, typer.Option("--min-severity", help="The least severity that is listed. Default: what counts.")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found; bad input is still 2.")
    ] = False,
    show_suppressed: Annotated[
        bool, typer.Option("--show-suppressed", help="In SARIF: list covered findings too, as suppressed.")
    ] = False,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", help="Deferrals and disagreements. Default: decisions.yaml."),
    ] = None,
    ignore_decisions: Annotated[
        bool, typer.Option("--ignore-decisions", help="List decisions, and let none of them count.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="What was there before: only the rest counts.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option("--write-baseline", metavar="FILE", help="Write what is there now as a baseline.")
    ] = None,
    fail_on_stale: Annotated[
        bool | None,
        typer.Option("--fail-on-stale/--no-fail-on-stale", help="Exit with 1 at decisions or entries of no use."),
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="REV", help="A git revision: facts lost since then count.")
    ] = None,
    fail_on_lost_facts: Annotated[
        bool | None,
        typer.Option("--fail-on-lost-facts/--no-fail-on-lost-facts", help="With --base: exit with 4. Default: yes."),
    ] = None,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="The day by which decisions and baselines are read.")
    ] = None,
    as_of: AsOf = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    jobs: Jobs = None,
    format: Annotated[str, format_option(FORMATS)] = "text",
    output: Outputs = None,
    log_detail: Annotated[
        LogDetail, typer.Option("--log-detail", help="ids: print names and places alone; files stay whole.")
    ] = LogDetail.FULL,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No progress and no notes.")] = False,
    config: Config = None,
    isolated: Isolated = False,
    show_settings: ShowSettings = False,
) -> int:
    """Gate drafts: exit 1 at a conflict, 4 where facts are missing that would show there is none, else 0."""
    from policy_eval.checking.run import Asked, Run
    from policy_eval.gate.decisions import NAME
    from policy_eval.paths import designs
    from policy_eval.report.check.redact import ids_only
    from policy_eval.report.check.words import shown as one_line

    _refuse_contradictions(base, fail_on_lost_facts, baseline, write_baseline)
    project, (on, by_period) = Project(config, isolated), law(as_of)
    pick, here = project.picked.pick, None if isolated or not os.path.isfile(NAME) else Path(NAME)
    asked = Asked(
        sets=tuple(project.sets(principles)),
        profile=project.profile(profile),
        engine=engine.value,
        day=on,
        by_period=by_period,
        today=day(today, "--today") or dt.date.today(),
        fail_on=pick("check", "fail-on", fail_on and fail_on.value, "high"),
        min_score=pick("check", "min-score", min_score, None),
        min_severity=pick("check", "min-severity", min_severity and min_severity.value, None),
        established_only=pick("check", "established-only", established_only, False),
        reading=pick("check", "reading", reading and reading.value, "controller"),
        select=tuple(pick("check", "select", select or None, [])),
        ignore=tuple(pick("check", "ignore", ignore or None, [])),
        decisions=project.file("decisions", decisions, here, "none counts: --ignore-decisions" * ignore_decisions),
        ignore_decisions=ignore_decisions,
        baseline=project.file("baseline", baseline, remark="not read: --write-baseline" * bool(write_baseline)),
        write_baseline=write_baseline,
        fail_on_stale=pick("check", "fail-on-stale", fail_on_stale, False),
        base=base,
        fail_on_lost_facts=pick("check", "fail-on-lost-facts", fail_on_lost_facts, True),
        exit_zero=exit_zero,
        show_suppressed=show_suppressed,
    )
    if show_settings:
        print(project.picked.shown())
        return 0
    names = designs(paths, lambda text: None if quiet else note(one_line(text)))
    targets = output_.targets(output, FORMATS, [*names, *map(str, filter(None, (asked.decisions, asked.baseline)))])
    if write_baseline is not None:
        output_.targets([f"json={write_baseline}", *(output or ())], FORMATS, names)
    derivations = any(w.DERIVATIONS for w in output_.modules(FORMATS, format, targets).values())
    said = (lambda message: None) if quiet else note
    for idle in _idle(
        asked, (format, *dict(targets)), fail_on_lost_facts=fail_on_lost_facts, fail_on_stale=fail_on_stale
    ):
        said(idle)
    with contextlib.closing(Run(asked, project.settings, derivations=derivations)) as run:
        ids = set[str | None]()
        for checked in _progress(run.over(names, jobs), len(names), quiet):
            ids.add(checked.design)
            for warning in checked.warnings if log_detail is LogDetail.FULL else ():
                said(str(warning))
        for slip in _misnamed(paths, run, ids):
            said(str(slip))
        run.compare(paths)
        report = run.report()
        shown = ids_only(report) if log_detail is LogDetail.IDS else None
        output_.deliver(report, FORMATS, format, targets, log=shown)
        if write_baseline is not None:
            run.write_baseline(write_baseline)
    return report.code


def _refuse_contradictions(
    base: str | None, fail_on_lost_facts: bool | None, baseline: Path | None, write_baseline: Path | None
) -> None:
    """Usage errors for options that ask for what the others leave no room for."""
    if fail_on_lost_facts and base is None:
        message = "facts are lost since a revision, and none is named; add `--base REV`"
        raise typer.BadParameter(message, param_hint="--fail-on-lost-facts")
    if baseline is not None and write_baseline is not None:
        message = "a baseline is either read or written anew; leave out `--baseline`"
        raise typer.BadParameter(message, param_hint="--write-baseline")


def _idle(
    asked: Asked, formats: Iterable[str], *, fail_on_lost_facts: bool | None, fail_on_stale: bool | None
) -> Iterator[str]:
    """Options of the command line that do nothing in this run, and no harm; the last two as they were given."""
    if fail_on_lost_facts is False and asked.base is None:
        yield "`--no-fail-on-lost-facts` does nothing without `--base`"
    if asked.show_suppressed and "sarif" not in formats:
        yield "`--show-suppressed` does nothing: no report is in SARIF"
    if asked.ignore_decisions and asked.decisions is None:
        yield "`--ignore-decisions` does nothing: there is no file of decisions"
    decided = asked.decisions is not None and not asked.ignore_decisions
    held = asked.baseline is not None and asked.write_baseline is None
    if fail_on_stale and not decided and not held:
        yield "`--fail-on-stale` does nothing: no decisions count, and no baseline is read"


def _misnamed(paths: Iterable[str], run: Run, ids: Collection[str | None]) -> Iterator[Problem]:
    """Slips in the names of designs that have been decided on, as far as a run shows them.

    A run over designs one by one shows none: the others are left out on purpose. Nor does one that could not read all.
    """
    from policy_eval.gate.decisions import misnamed

    if None not in ids and any(os.path.isdir(p) or set("*?[") & set(p) for p in paths):
        yield from misnamed(run.plan.decisions, {i for i in ids if i})


def _progress(results: Iterator[Checked], number: int, quiet: bool) -> Iterator[Checked]:
    """The results as they come, counted on stderr where somebody watches."""
    if quiet or number < 2 or not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(results, number, description="checking designs")
