"""diff: what a change of designs does, for whoever reviews it."""

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
    FailOn,
    Isolated,
    Outputs,
    Profile,
    Project,
    Sets,
    format_option,
    note,
)  # fmt: skip
from policy_eval.report import DIFF

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from policy_eval.report.diff import Compared, DiffGateV1
    from policy_eval.revision import Version

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="OLD NEW; or, with --base, designs, folders or globs.")
]
Base = Annotated[str | None, typer.Option("--base", metavar="REV", help="A git revision to compare with.")]
Least = Annotated[FailOn, typer.Option("--fail-on", help="The least severity that counts for --fail-on-new.")]
New = Annotated[bool, typer.Option("--fail-on-new", help="Exit with 1 at a new conflict, 4 at what is newly open.")]
Lost = Annotated[bool, typer.Option("--fail-on-lost-facts", help="Exit with 4 where a fact is no longer known.")]
Format = Annotated[str, format_option(DIFF)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff")(diff)


def diff(
    paths: Paths,
    base: Base = None,
    principles: Sets = None,
    fail_on: Least = FailOn.HIGH,
    fail_on_new: New = False,
    fail_on_lost_facts: Lost = False,
    as_of: AsOf = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    format: Format = "text",
    output: Outputs = None,
    config: Config = None,
    isolated: Isolated = False,
) -> int:
    """Compare designs with earlier ones: which facts changed, and which findings came, went or opened with them."""
    from policy_eval.evaluation import engine_in_use
    from policy_eval.report.diff import report

    versions = _two(paths) if base is None else _since(paths, base)
    targets = output_.targets(output, DIFF, [n for v in versions for f in (v.old, v.new) if f for n in f.files])
    project = Project(config, isolated)
    bench = project.bench(project.sets(principles), profile, engine, as_of)
    judged = [_compared(v, bench) for v in versions]
    compared = [c for c, _ in judged]
    latest = max((d for _, d in judged), default=max(s.text.text_as_of for s in bench.sets))
    gate = _gate(compared, fail_on, fail_on_new, fail_on_lost_facts)
    engine_used = engine_in_use(bench.engine)
    found = report(compared, gate, profile=bench.profile, engine=engine_used, as_of=latest, base=base)
    output_.deliver(found, DIFF, format, targets)
    return gate.code


def _two(paths: list[str]) -> Sequence[Version]:
    """Two designs, whatever they are called."""
    from policy_eval.revision import Version

    if len(paths) != 2:
        raise typer.BadParameter("diff takes two designs, or paths and `--base REV`", param_hint="OLD NEW")
    old, new = load_designs(paths, same_id=True)
    return [Version(old, new)]


def _since(paths: list[str], base: str) -> Sequence[Version]:
    """Designs of the work tree, and what they were at a revision."""
    from policy_eval.revision import Revision, home, select, versions

    revision = Revision(base, home(paths[0]))
    selected = select(paths, revision)
    files = load_designs(map(str, selected.now.values()), same_id=True)
    found = versions(dict(zip(selected.now, files, strict=True)), selected.before, revision)
    for version in found:
        for problem in version.problems:
            became = "its design counts as new" if version.new else "the design is gone"
            note(f"{problem}\n  so {became}")
    return [v for v in found if v.old or v.new]


def _compared(version: Version, bench: Bench) -> tuple[Compared, dt.date]:
    """What differs, judged where anything does; and the latest day whose law counts."""
    from policy_eval.design.changes import changes
    from policy_eval.difference import difference
    from policy_eval.report.diff import Compared

    old, new = version.old, version.new
    facts = changes(old.design, new.design) if old and new else ()
    either = new or old
    assert either is not None
    judges = bench.judges(either)
    day = max(j.as_of for j in judges)
    if new is None or (old and not facts):
        return Compared(version), day
    earlier = [j.evaluate(old) for j in bench.judges(old)] if old else [None] * len(judges)
    sets = [difference(e, j.evaluate(new), facts) for e, j in zip(earlier, judges, strict=True)]
    return Compared(version, facts, tuple(sets)), day


def _gate(compared: Sequence[Compared], fail_on: FailOn, on_new: bool, on_lost: bool) -> DiffGateV1:
    from policy_eval.difference import verdict
    from policy_eval.report.diff import DiffGateV1
    from policy_eval.vocabulary.law import Severity

    severity = next((s for s in Severity if s.value == fail_on.value), None)
    code = verdict(
        [d for c in compared for d in c.sets],
        severity,
        fail_on_new=on_new,
        facts=[f for c in compared for f in c.facts],
        fail_on_lost_facts=on_lost,
    )
    return DiffGateV1(fail_on.value, on_new, on_lost, code)
