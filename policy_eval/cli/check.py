"""check: the gate for drafts, in scripts and continuous integration."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli import output as output_
from policy_eval.cli.options import (
    PERIOD,
    AsOf,
    Config,
    EngineChoice,
    EngineOption,
    Isolated,
    Outputs,
    Profile,
    Project,
    ReadingChoice,
    Sets,
    ShowSettings,
    day,
    note,
)  # fmt: skip
from policy_eval.report.check import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_eval.checking.checker import Checked


DECISIONS = "decisions.yaml"


class FailOn(str, Enum):
    """The least severity that keeps the gate shut."""

    NEVER = "never"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


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


def _known_format(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(f"`{name}` is no format; expected one of {', '.join(FORMATS)}")
    return name


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
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes. Default: one a core.")] = None,
    format: Annotated[
        str, typer.Option("-f", "--format", metavar="|".join(FORMATS), callback=_known_format, help="How to print.")
    ] = "text",
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
    from policy_eval.paths import designs
    from policy_eval.report.check.redact import ids_only

    project = Project(config, isolated)
    stated, pick = project.settings.values.check, project.picked.pick
    asked = Asked(
        sets=tuple(project.sets(principles)),
        profile=project.profile(profile),
        engine=engine.value,
        day=None if as_of == PERIOD else day(as_of),
        by_period=as_of == PERIOD,
        today=day(today, "--today") or dt.date.today(),
        fail_on=pick("check", "fail-on", fail_on and fail_on.value, "high"),
        min_score=pick("check", "min-score", min_score, None),
        min_severity=pick("check", "min-severity", min_severity and min_severity.value, None),
        established_only=pick("check", "established-only", established_only, False),
        reading=pick("check", "reading", reading and reading.value, "controller"),
        select=tuple(pick("check", "select", select or None, [])),
        ignore=tuple(pick("check", "ignore", ignore or None, [])),
        decisions=_file(project, "decisions", decisions, stated.decisions) or _found(DECISIONS, isolated),
        ignore_decisions=ignore_decisions,
        baseline=_file(project, "baseline", baseline, stated.baseline),
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
    names = designs(paths)
    targets = output_.targets(output, FORMATS, [*names, *map(str, filter(None, (asked.decisions, asked.baseline)))])
    if write_baseline is not None:
        output_.targets([f"json={write_baseline}", *(output or ())], FORMATS, names)
    derivations = any(w.DERIVATIONS for w in output_.modules(FORMATS, format, targets))
    with contextlib.closing(Run(asked, project.settings, derivations=derivations)) as run:
        for checked in _progress(run.over(names, jobs), len(names), quiet):
            if not quiet and log_detail is LogDetail.FULL:
                for warning in checked.warnings:
                    note(str(warning))
        run.compare(paths)
        report = run.report()
        shown = ids_only(report) if log_detail is LogDetail.IDS else None
        output_.deliver(report, FORMATS, format, targets, log=shown)
        if write_baseline is not None:
            run.write_baseline(write_baseline)
    return report.code


def _file(project: Project, key: str, given: Path | None, stated: str | None) -> Path | None:
    """A file named on the command line, or in the settings from their folder."""
    project.picked.pick("check", key, str(given) if given else None, None)
    return given or (project.settings.path(stated) if stated else None)


def _found(name: str, isolated: bool) -> Path | None:
    """A file that is used where it lies in the current folder."""
    return Path(name) if not isolated and Path(name).is_file() else None


def _progress(results: Iterator[Checked], number: int, quiet: bool) -> Iterator[Checked]:
    """The results as they come, counted on stderr where somebody watches."""
    if quiet or number < 2 or not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(results, number, description="checking designs")
