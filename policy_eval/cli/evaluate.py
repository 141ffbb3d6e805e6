"""evaluate and compare."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
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
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from policy_eval.batch import Crew
    from policy_eval.design.loading import DesignFile
    from policy_eval.report.wire import ReportV1

_FEW = 150  # evaluations that are worked out before another process would be ready

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
    asked = _Asked(designs, principles, profile, engine, as_of, facts, format, output, jobs, reading, lens or ())
    _run(Project(config, isolated), asked, show_settings=show_settings)


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
    asked = _Asked(designs, principles, profile, engine, as_of, facts, format, output, jobs, comparing=True)
    _run(Project(config, isolated), asked, show_settings=show_settings)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for."""

    designs: list[str]
    principles: list[str] | None
    profile: str | None
    engine: EngineChoice
    as_of: str | None
    facts: FactsChoice
    format: str
    output: list[str] | None
    jobs: int | None
    reading: ReadingChoice = ReadingChoice.OUTSIDER
    lenses: Iterable[str] = ()
    comparing: bool = False


def _run(project: Project, asked: _Asked, *, show_settings: bool) -> None:
    """Judge and report; other processes begin to get ready before anything is loaded."""
    sets = project.sets(asked.principles)
    if show_settings:
        _bench(project, sets, asked)
        print(project.picked.shown())
        return
    with _crew(asked, len(sets)) as crew:
        bench = _bench(project, sets, asked)
        files = load_designs(asked.designs)
        targets = output_.targets(asked.output, FORMATS, [name for f in files for name in f.files])
        writers = output_.modules(FORMATS, asked.format, targets)
        if asked.comparing and len(files) == len(bench.sets) == 1:
            raise typer.BadParameter(
                "compare takes two designs, or one design and two sets (another `-p`)", param_hint="DESIGNS"
            )
        made = _reports(files, bench, writers, asked, crew)
    output_.deliver_each(made, writers, asked.format, targets)


def _bench(project: Project, sets: list[str], asked: _Asked) -> Bench:
    return project.bench(sets, asked.profile, asked.engine, asked.as_of)


def _crew(asked: _Asked, sets: int) -> AbstractContextManager[Crew | None]:
    """As many processes as are asked for, or one a core where there is much to do; none where this one will do."""
    if asked.jobs is None and len(asked.designs) * sets <= _FEW:
        return nullcontext()
    from policy_eval import batch  # a report on few designs must not pay for it

    jobs = min(asked.jobs or batch.cores(), len(asked.designs))
    return nullcontext() if jobs == 1 else batch.Crew(jobs, "policy_eval.assessment")


def _reports(
    files: list[DesignFile], bench: Bench, writers: Mapping[str, ModuleType], asked: _Asked, crew: Crew | None
) -> dict[str, ReportV1]:
    """The report that each format is to write."""
    from policy_eval import assessment
    from policy_eval.lens import load_lens
    from policy_eval.vocabulary.law import FactsLevel
    from policy_eval.vocabulary.law import Reading as ReadingTerm

    told = assessment.Asked(
        facts=term(FactsLevel, asked.facts),
        reading=term(ReadingTerm, asked.reading),
        lenses=tuple(load_lens(name) for name in dict.fromkeys(asked.lenses)),
    )
    inputs = [assessment.Input(f, bench.day(f)) for f in files]
    wants = {name: module.WANTS for name, module in writers.items()}
    made = assessment.reports(inputs, bench.all_judges, told, wants.values(), comparing=asked.comparing, crew=crew)
    return {name: made[wanted] for name, wanted in wants.items()}
