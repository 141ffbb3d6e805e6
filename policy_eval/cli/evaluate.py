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
    Jobs,
    Outputs,
    Profile,
    Project,
    Reading,
    ReadingChoice,
    Sets,
    ShowSettings,
    term,
)  # fmt: skip
from policy_eval.report import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from policy_eval.design.loading import DesignFile
    from policy_eval.lens import LensFile
    from policy_eval.report.wire import ReportV1

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
    jobs: Jobs = None,
    format: FormatOption = "text",
    output: Outputs = None,
    config: Config = None,
    isolated: Isolated = False,
    show_settings: ShowSettings = False,
) -> None:
    """Judge designs: what conflicts, what is undecided, and why."""
    from policy_eval.lens import load_lens

    project = Project(config, isolated)
    bench = project.bench(principles, profile, engine, as_of)
    if show_settings:
        print(project.picked.shown())
        return
    files = load_designs(designs)
    targets = output_.targets(output, FORMATS, [name for f in files for name in f.files])
    writers = output_.modules(FORMATS, format, targets)
    lenses = tuple(load_lens(name) for name in dict.fromkeys(lens or ()))
    made = _reports(files, bench, writers, facts=facts, reading=reading, lenses=lenses, jobs=jobs)
    output_.deliver_each(made, writers, format, targets)


def compare(
    designs: Designs,
    principles: Sets = None,
    facts: Facts = FactsChoice.ALL,
    as_of: AsOf = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    jobs: Jobs = None,
    format: FormatOption = "text",
    output: Outputs = None,
    config: Config = None,
    isolated: Isolated = False,
    show_settings: ShowSettings = False,
) -> None:
    """Lay designs side by side under each set, or one design under several sets."""

    project = Project(config, isolated)
    bench = project.bench(principles, profile, engine, as_of)
    if show_settings:
        print(project.picked.shown())
        return
    files = load_designs(designs)
    targets = output_.targets(output, FORMATS, [name for f in files for name in f.files])
    writers = output_.modules(FORMATS, format, targets)
    if len(files) == len(bench.sets) == 1:
        raise typer.BadParameter(
            "compare takes two designs, or one design and two sets (another `-p`)", param_hint="DESIGNS"
        )
    made = _reports(files, bench, writers, facts=facts, jobs=jobs, comparing=True)
    output_.deliver_each(made, writers, format, targets)


def _reports(
    files: list[DesignFile],
    bench: Bench,
    writers: Mapping[str, ModuleType],
    *,
    facts: FactsChoice,
    reading: ReadingChoice = ReadingChoice.OUTSIDER,
    lenses: tuple[LensFile, ...] = (),
    jobs: int | None,
    comparing: bool = False,
) -> dict[str, ReportV1]:
    """The report that each format is to write."""
    from policy_eval import assessment
    from policy_eval.vocabulary.law import FactsLevel
    from policy_eval.vocabulary.law import Reading as ReadingTerm

    asked = assessment.Asked(
        facts=term(FactsLevel, facts),
        reading=term(ReadingTerm, reading),
        lenses=lenses,
    )
    inputs = [assessment.Input(f, bench.day(f)) for f in files]
    wants = {name: module.WANTS for name, module in writers.items()}
    made = assessment.reports(inputs, bench.all_judges, asked, wants.values(), comparing=comparing, jobs=jobs)
    return {name: made[wanted] for name, wanted in wants.items()}
