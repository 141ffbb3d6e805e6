"""cases: what the engine makes of decided cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from policy_eval.cli import output as output_
from policy_eval.cli.options import EngineChoice, EngineOption, Outputs, Profile, format_option
from policy_eval.report import CASES

Designs = Annotated[
    Path | None, typer.Option("--designs", help="Folder of the designs coded from the cases. Default: built in.")
]
Holdings = Annotated[Path | None, typer.Option("--holdings", help="File of what was decided. Default: built in.")]
Asked = Annotated[
    list[str] | None,
    typer.Option(
        "-p", "--principles", help="Labels of this set only; may be repeated. Default: sets that labels name."
    ),
]
Only = Annotated[list[str] | None, typer.Option("--case", help="Only this case, by id; may be repeated.")]
Format = Annotated[str, format_option(CASES)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cases")(cases)


def cases(
    designs: Designs = None,
    holdings: Holdings = None,
    principles: Asked = None,
    case: Only = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    format: Format = "text",
    output: Outputs = None,
) -> None:
    """Hold decided cases against the engine: what it finds, misses, contradicts, and leaves undecided."""
    from policy_eval.cases import holdings as decided
    from policy_eval.cases.matching import Bench
    from policy_eval.evaluation import Engine
    from policy_eval.library import load_profile, load_sets
    from policy_eval.report.cases import report

    if (designs is None) != (holdings is None):
        raise typer.BadParameter("give both, or neither for the cases built in", param_hint="--designs/--holdings")
    own = [loaded for _, loaded in load_sets(principles or ())]
    found = decided.load(designs, holdings, sets=[s.id for s in own]) if designs and holdings else decided.shipped()
    if case:
        only = _known(case, [c.id for c in found])
        found = [c for c in found if c.id in only]
    named = sorted({x.set for c in found for x in c.text.labels if x.set})
    sets = own or [loaded for _, loaded in load_sets(named)]
    bench = Bench(sets, load_profile(profile or "default"), Engine(engine.value))
    asked = {s.id for s in own}
    labels = [(c, x) for c in found for x in c.text.labels if not asked or x.set in asked]
    judged = [bench.match(c, x) for c, x in labels]
    output_.deliver(report(found, judged, bench), CASES, format, output_.targets(output, CASES))


def _known(wanted: list[str], ids: list[str]) -> set[str]:
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.source import suggest

    problems = [Problem(f"no case is called `{n}`", Span(n), suggest(n, ids)) for n in wanted if n not in ids]
    if problems:
        raise InvalidInput(problems)
    return set(wanted)
