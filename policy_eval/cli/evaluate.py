"""evaluate and compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli import output as output_
from policy_eval.cli.loading import load_designs
from policy_eval.cli.options import (
    AsOf,
    Bench,
    Config,
    EngineChoice,
    EngineOption,
    Facts,
    FactsChoice,
    FormatOption,
    Isolated,
    Outputs,
    Profile,
    Project,
    Reading,
    ReadingChoice,
    Sets,
    ShowSettings,
    term,
)  # fmt: skip
from policy_eval.report import FORMATS, Wants, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_eval.design.loading import DesignFile
    from policy_eval.evaluation import Evaluation, Judge
    from policy_eval.lens import LensFile
    from policy_eval.report.wire import ReportV1
    from policy_eval.vocabulary.law import FactsLevel
    from policy_eval.vocabulary.law import Reading as Reading_

Designs = Annotated[list[str], typer.Argument(help="Designs by name or path.")]

Lenses = Annotated[
    list[str] | None,
    typer.Option("--lens", help="Sort findings and facts by an analytic framework, such as linddun; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("evaluate")(evaluate)
    app.command("compare")(compare)


def evaluate(
    designs: Designs,
    principles: Sets = None,
    facts: Facts = FactsChoice.ALL,
    reading: Reading = ReadingChoice.OUTSIDER,
    as_of: AsOf = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    lens: Lenses = None,
    format: FormatOption = "text",
    output: Outputs = None,
    config: Config = None,
    isolated: Isolated = False,
    show_settings: ShowSettings = False,
) -> None:
    """Judge designs: what conflicts, what is undecided, and why."""
    from policy_eval.lens import load_lens
    from policy_eval.vocabulary.law import FactsLevel
    from policy_eval.vocabulary.law import Reading as ReadingTerm

    project = Project(config, isolated)
    bench = project.bench(principles, profile, engine, as_of)
    if show_settings:
        print(project.picked.shown())
        return
    files = load_designs(designs)
    targets = output_.targets(output, FORMATS, [name for f in files for name in f.files])
    read, level = term(ReadingTerm, reading), term(FactsLevel, facts)
    lenses = [load_lens(name) for name in dict.fromkeys(lens or ())]
    writers = output_.modules(FORMATS, format, targets)
    output_.deliver_made(_report(files, bench, level, read, lenses), writers, format, targets)


def _report(
    files: list[DesignFile],
    bench: Bench,
    level: FactsLevel,
    reading: Reading_,
    lenses: list[LensFile],
) -> Callable[[Wants], ReportV1]:
    """Evaluations, and beside those of real designs the verdicts on undisputed facts alone, as a report."""
    from policy_eval.report import assemble

    pairs = [(f, j) for f in files for j in bench.judges(f)]
    undisputed = [_undisputed(j, f, level, reading) for f, j in pairs]
    evaluations = [j.evaluate(f, facts=level, reading=reading) for f, j in pairs]
    return lambda wants: assemble.report(evaluations, undisputed=undisputed, lenses=lenses, wants=wants)


def compare(
    designs: Designs,
    principles: Sets = None,
    facts: Facts = FactsChoice.ALL,
    as_of: AsOf = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    format: FormatOption = "text",
    output: Outputs = None,
    config: Config = None,
    isolated: Isolated = False,
    show_settings: ShowSettings = False,
) -> None:
    """Lay designs side by side under each set, or one design under several sets."""
    from policy_eval import comparison
    from policy_eval.report import assemble
    from policy_eval.vocabulary.law import FactsLevel
    from policy_eval.vocabulary.law import Reading as ReadingTerm

    project = Project(config, isolated)
    bench = project.bench(principles, profile, engine, as_of)
    if show_settings:
        print(project.picked.shown())
        return
    files = load_designs(designs)
    targets = output_.targets(output, FORMATS, [name for f in files for name in f.files])
    writers = output_.modules(FORMATS, format, targets)
    level = term(FactsLevel, facts)
    if len(files) == len(bench.sets) == 1:
        raise typer.BadParameter(
            "compare takes two designs, or one design and two sets (another `-p`)", param_hint="DESIGNS"
        )
    by_set: list[list[Evaluation]] = []
    undisputed: list[Evaluation | None] = []
    for judges in zip(*(bench.judges(f) for f in files), strict=True):
        pairs = list(zip(judges, files, strict=True))
        by_set.append([j.evaluate(f, facts=level) for j, f in pairs])
        undisputed += [_undisputed(j, f, level, ReadingTerm.OUTSIDER) for j, f in pairs]
    evaluations = [e for of_set in by_set for e in of_set]

    def report(wants: Wants) -> ReportV1:
        if len(files) == 1:
            across = comparison.across(evaluations)
            return assemble.report(evaluations, None, undisputed, across=across, wants=wants)
        reasons = within(len(files), wants.reasons)
        comparisons = [comparison.compare(of_set, reasons=reasons) for of_set in by_set]
        return assemble.report(evaluations, comparisons, undisputed, wants=wants)

    output_.deliver_made(report, writers, format, targets)


def _undisputed(judge: Judge, file: DesignFile, level: FactsLevel, reading: Reading_) -> Evaluation | None:
    """The verdict on a real design's undisputed facts alone; None where it is no real one."""
    from policy_eval.vocabulary.law import FactsLevel

    if level is not FactsLevel.ALL or file.design.kind != "real":
        return None
    return judge.evaluate(file, facts=FactsLevel.UNDISPUTED, reading=reading)
