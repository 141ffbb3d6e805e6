"""test and lint: for those who write rules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli.options import Profile, Sets

if TYPE_CHECKING:
    from policy_eval.examples import Located
    from policy_eval.principle import PrincipleSet


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("test")(test)
    app.command("lint")(lint)


def test(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[RULE | CONCEPT]...", help="Test these alone; all if left out.")
    ] = None,
    principles: Sets = None,
    profile: Profile = None,
    mutants: Annotated[bool, typer.Option("--mutants", help="Change rules slightly; examples should notice.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Run again whenever a file of the sets changes.")] = False,
) -> int:
    """Run the examples that rules, concepts and scopes carry; exit 1 if one fails."""
    if watch:
        _watch(names, principles, profile or "default", mutants)
    return 1 if _failed(names, principles, profile or "default", mutants) else 0


def _watch(names: list[str] | None, principles: list[str] | None, profile: str, mutants: bool) -> None:
    """Run the tests and again at every change, until interrupted."""
    from policy_eval import library
    from policy_eval.cli.options import note
    from policy_eval.errors import InvalidInput, Problem, Span

    try:
        import watchfiles
    except ImportError:
        help = "pip install 'policy-eval[watch]'"
        raise InvalidInput([Problem("watchfiles is not installed", Span("--watch"), help)]) from None
    folders = [library.set_folder(name) for name in principles or library.set_names()]
    changes = watchfiles.watch(*folders, raise_interrupt=True)
    while True:
        try:
            _failed(names, principles, profile, mutants)
        except InvalidInput as error:  # a file half written; the next change may mend it
            for problem in error.problems:
                print(problem, file=sys.stderr)
        note("waiting for changes; interrupt to stop")
        next(changes)


def _failed(names: list[str] | None, principles: list[str] | None, profile: str, mutants: bool) -> int:
    """How many examples fail, or how many sets too many mutants survive in."""
    from policy_eval import examples, library
    from policy_eval.report.text import console, safe_text

    out = console()
    weights = library.load_profile(profile)
    failed = 0
    asked = principles or _owners(names) or library.set_names()
    sets = [loaded for _, loaded in library.load_sets(asked, examples=True)]
    only = _only(names, sets)
    for loaded in sets:
        if mutants:
            failed += _mutants(loaded, profile, only)
            continue
        results = list(examples.run(loaded, weights, library.example_nodes(loaded), only))
        bad = [r for r in results if r.failures]
        for result in bad:
            out.print(safe_text(f"{result.span}: {result.owner}: {result.example}: {'; '.join(result.failures)}"))
        out.print(safe_text(f"{loaded.id}: {len(results) - len(bad)} of {len(results)} examples hold"))
        failed += len(bad)
    return failed


def _owners(names: list[str] | None) -> list[str]:
    """The built-in sets that names with a set before the slash speak of; none if one has no such set."""
    from policy_eval import library

    owners = list(dict.fromkeys(n.split("/")[0] for n in names or () if "/" in n))
    known = library.set_names()
    return owners if all("/" in n for n in names or ()) and all(o in known for o in owners) else []


def _only(names: list[str] | None, sets: list[PrincipleSet]) -> frozenset[str] | None:
    """The rules and concepts asked for, rules with or without their set; a usage error for a name that no set has."""
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.source import suggest

    if not names:
        return None
    known = [i for s in sets for i in (*(r.id for r in s.rules), *s.concepts)]
    meant = {n: [i for i in known if n in (i, i.split("/")[-1])] for n in names}
    unknown = [n for n, found in meant.items() if not found]
    if unknown:
        raise InvalidInput(
            [Problem(f"no rule or concept is called `{n}`", Span(n), suggest(n, known)) for n in unknown]
        )
    return frozenset(i for found in meant.values() for i in found)


def _mutants(loaded: PrincipleSet, profile: str, only: frozenset[str] | None) -> int:
    from policy_eval import library
    from policy_eval.analysis import mutants
    from policy_eval.report.text import console, safe_text

    found = list(mutants.run(loaded, library.load_profile(profile), _located(loaded), only))
    survivors = [m for m in found if m.survived]
    out = console()
    for mutant in survivors:
        out.print(safe_text(f"{mutant.owner}: no example notices: {mutant.description}"))
    share = len(survivors) / len(found) if found else 0.0
    out.print(safe_text(f"{loaded.id}: {len(survivors)} of {len(found)} mutants survive ({share:.1%})"))
    return int(share >= mutants.TOLERATED)


def lint(principles: Sets = None, profile: Profile = None) -> int:
    """Find what rules lack, where an empty list would excuse, what many designs show; exit 1 if anything is found."""
    import datetime as dt
    import functools
    import itertools

    from policy_eval import library
    from policy_eval.analysis import audit, sampling
    from policy_eval.report.text import console, safe_text
    from policy_eval.report.words import counted

    out = console()
    weights = library.load_profile(profile or "default")
    samples = [sampling.random_design(seed).design for seed in range(audit.SAMPLES)]
    # All built-in sets ship with the same designs.
    design = functools.cache(lambda name: library.load_design(name).design)
    found = 0
    for _, loaded in library.load_sets(principles or library.set_names(), examples=True):
        shipped = [design(name) for name in library.designs_of(loaded)]
        problems = (
            audit.lint(loaded, weights, _located(loaded), dt.date.today()),
            audit.crosscheck(loaded, weights, shipped, samples),
        )
        for problem in itertools.chain(*problems):
            out.print(safe_text(str(problem)))
            found += 1
        for problem in audit.unused(loaded):
            out.print(safe_text(f"note: {problem}"))
        rules, concepts = counted(len(loaded.rules), "rule"), counted(len(loaded.concepts), "concept")
        out.print(safe_text(f"{loaded.id}: {rules}, {concepts} looked at"))
    return 1 if found else 0


def _located(loaded: PrincipleSet) -> dict[str, list[Located]]:
    """Every example of a set as a design, by rule and concept, and those of its scope."""
    from policy_eval import examples, library

    nodes = library.example_nodes(loaded)
    owners = {r.id: r.text.examples for r in loaded.rules} | {c.id: c.whole.examples for c in loaded.concepts.values()}
    owners["scope"] = loaded.text.scope.examples
    return {name: examples.designs_of(given, nodes.get(name)) for name, given in owners.items()}
