"""check: the gate for drafts, in scripts and continuous integration."""

from __future__ import annotations

import os
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli.options import AsOf, Bench, EngineChoice, EngineOption, Profile, Sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy_eval.gate import Gate


class FailOn(str, Enum):
    """The least severity that keeps the gate shut."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("check")(check)


def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Designs by name or path, or folders of them.")],
    principles: Sets = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="The least severity that counts.")] = FailOn.HIGH,
    established_only: Annotated[
        bool, typer.Option("--established-only", help="What something open might excuse is not demonstrated.")
    ] = False,
    as_of: AsOf = None,
    profile: Profile = "default",
    engine: EngineOption = EngineChoice.BOTH,
) -> int:
    """Gate drafts: exit 1 at a conflict, 4 where facts are missing that would show there is none, else 0."""
    from policy_eval import gate
    from policy_eval.cli.evaluate import load_designs
    from policy_eval.report.text import Indented, console, safe_text
    from policy_eval.report.wire import DISCLAIMER
    from policy_eval.vocabulary.law import Reading, Severity

    files = load_designs([name for path in paths for name in _designs(path)])
    bench = Bench(principles, profile, engine, as_of)
    severity = next(s for s in Severity if s.value == fail_on.value)
    evaluations = [j.evaluate(f, reading=Reading.CONTROLLER) for f in files for j in bench.judges(f)]
    gates = [gate.gate(e, severity, established_only=established_only) for e in evaluations]
    code, out = gate.code(gates), console()
    try:
        for one in gates:
            for line in _lines(one, fail_on.value):
                indent = len(line) - len(line.lstrip())
                out.print(Indented(safe_text(line.strip()), indent), end="")
        out.print(safe_text(DISCLAIMER, "dim"))
        sys.stdout.flush()
    except BrokenPipeError:  # who stopped reading still gets the code
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _designs(path: str) -> list[str]:
    """The designs a path means: itself, or those of a folder."""
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.library import DESIGN

    if not Path(path).is_dir():
        return [path]
    found = [str(p) for p in sorted(Path(path).rglob(f"*{DESIGN}"))]
    if not found:
        raise InvalidInput([Problem("the folder holds no `*.design.yaml`", Span(path), "name a folder with designs")])
    return found


def _nothing(one: Gate, threshold: str) -> str:
    """Why nothing stands against a design."""
    from policy_eval.engine.signs import FALSE

    if one.evaluation.scope == FALSE:
        return "the set does not cover it"
    if not one.evaluation.results:
        return "none of its rules is in force"
    return (
        f"nothing at {threshold} or above" if one.judged else f"no rule of the set is of severity {threshold} or above"
    )


def _lines(one: Gate, threshold: str) -> Iterator[str]:
    from policy_eval.comparison import open_of
    from policy_eval.report.text import counted, listed

    e = one.evaluation
    head = f"{e.design.id} under {e.principles.id} {e.principles.text.version}, as of {e.as_of}"
    conflicts, missing = counted(len(one.conflicts), "conflict"), counted(len(one.not_demonstrated), "rule")
    if not one.conflicts and not one.not_demonstrated:
        yield f"{head}: {_nothing(one, threshold)}"
        return
    yield f"{head}: {conflicts} at {threshold} or above, {missing} not demonstrated"
    for result in one.conflicts:
        yield f"  {result.outcome.definition}, {result.rule.text.severity}: {result.rule.id}: {result.rule.text.title}"
    for result in one.not_demonstrated:
        open_facts = listed(sorted({str(f) for f in open_of(e, result)}))
        reason = f"open: {open_facts}" if open_facts else "law unsettled"
        yield f"  not demonstrated, {result.rule.text.severity}: {result.rule.id}: {reason}"
