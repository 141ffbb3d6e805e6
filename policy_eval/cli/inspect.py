"""explain, rules and schema."""

from __future__ import annotations

import itertools
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.cli.options import (
    AsOf,
    EngineChoice,
    EngineOption,
    Facts,
    FactsChoice,
    FormatOption,
    Profile,
    Project,
    Sets,
    term,
)  # fmt: skip

if TYPE_CHECKING:
    import datetime as dt

    from policy_eval.principle import PrincipleSet


_NAMED = 6  # rules that change together, before they are only counted


class SchemaKind(str, Enum):
    """Kinds of file a schema is printed for."""

    DESIGN = "design"
    RULE = "rule"
    SET = "set"
    CONCEPT = "concept"
    PROFILE = "profile"
    LENS = "lens"
    HOLDINGS = "holdings"
    DECISIONS = "decisions"
    BASELINE = "baseline"
    SETTINGS = "settings"
    EXERCISE = "exercise"
    ANSWER = "answer"
    REPORT = "report"
    CASES_REPORT = "cases-report"
    DIFF_REPORT = "diff-report"
    CHECK_REPORT = "check-report"
    EXERCISES_REPORT = "exercises-report"
    CHECKS_REPORT = "checks-report"
    GRADES_REPORT = "grades-report"
    KEY_REPORT = "key-report"


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("explain")(explain)
    app.command("rules")(rules)
    app.command("schema")(schema)


def explain(
    what: Annotated[list[str], typer.Argument(metavar="RULE | DESIGN RULE", help="A rule, or a design and a rule.")],
    principles: Sets = None,
    facts: Facts = FactsChoice.ALL,
    as_of: AsOf = None,
    profile: Profile = None,
    engine: EngineOption = EngineChoice.BOTH,
    format: FormatOption = "text",
) -> None:
    """Explain a rule, or why a rule comes to its outcome for a design."""
    from policy_eval import library
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.source import suggest

    if len(what) > 2:
        raise typer.BadParameter("give a rule, or a design and a rule", param_hint="RULE | DESIGN RULE")
    name = what[-1]
    sets = principles or ([name.split("/")[0]] if "/" in name and name.split("/")[0] in library.set_names() else None)
    loaded = library.load_sets(sets or library.set_names(), examples=len(what) == 1)
    found = [
        (asked, s, r) for asked, s in loaded for r in s.rules if name in (r.id, r.id.split("/")[1], *r.text.aliases)
    ]
    if not found:
        known = [r.id for _, s in loaded for r in s.rules]
        raise InvalidInput([Problem(f"no rule is called `{name}`", Span(name), suggest(name, known))])
    if len(found) > 1:
        which = ", ".join(f"`{r.id}`" for _, _, r in found)
        raise InvalidInput([Problem(f"`{name}` is in several sets", Span(name), f"name one of {which}")])
    asked, owner, rule = found[0]
    if len(what) == 1:
        _print_rule(owner, rule.id, format)
        return
    from policy_eval.report import assemble
    from policy_eval.report import explain as derivation
    from policy_eval.vocabulary.law import FactsLevel

    file = library.load_design(what[0])
    # What stands behind concepts is told where the law is unsettled.
    project = Project(None, False)
    judge = project.bench(project.sets([asked]), profile, engine, as_of, whole=True).judges(file)[0]
    evaluation = judge.evaluate(file, facts=term(FactsLevel, facts))
    if rule.id not in [r.rule.id for r in evaluation.results]:
        raise InvalidInput(
            [Problem(f"`{rule.id}` is not in force on {evaluation.as_of}", Span(rule.file), "use `--as-of`")]
        )
    if format == "json":
        from dataclasses import asdict

        from policy_eval import __version__
        from policy_eval.report.json import dumps
        from policy_eval.report.wire import DISCLAIMER

        finding = next(f for f in assemble.evaluation(evaluation).findings if f.rule == rule.id)
        head = {
            "tool": f"policy_eval {__version__}",
            "set": owner.id,
            "set_version": owner.text.version,
            "as_of": evaluation.as_of.isoformat(),
            "design": file.design.id,
        }
        print(dumps({**head, "finding": asdict(finding), "disclaimer": DISCLAIMER}))
        return
    _print_lines(derivation.explain_design(evaluation, evaluation.result(rule.id)))


def _print_rule(owner: PrincipleSet, rule_id: str, format: str) -> None:
    rule = next(r for r in owner.rules if r.id == rule_id)
    if format == "json":
        print(rule.text.model_dump_json(indent=2, by_alias=True))
        return
    from policy_eval.report.explain import explain_rule

    _print_lines(explain_rule(rule, owner))


def _print_lines(lines: object) -> None:
    """Lines wrapped to the terminal, their indentation kept."""
    from policy_eval.report.text import Indented, console, safe_text

    out = console()
    for line in lines:  # type: ignore[attr-defined]
        indent = len(line) - len(line.lstrip())
        if line.strip():
            out.print(Indented(safe_text(line.strip()), min(indent, 24)), end="")
        else:
            out.print()


def rules(
    principles: Sets = None,
    by: Annotated[str | None, typer.Option("--by", help="Group by: principle, or a lens such as linddun.")] = None,
    changes: Annotated[bool, typer.Option("--changes", help="What comes into force, lapses, changes, by day.")] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Standing on this day; with --changes, from this day on."),
    ] = None,
    format: FormatOption = "text",
) -> None:
    """List the rules of principle sets, with their standing on a day, or how they change in time."""
    from policy_eval import library
    from policy_eval.cli.options import day
    from policy_eval.vocabulary.law import Principle

    if changes and by:
        raise typer.BadParameter("changes are listed by day", param_hint="--by")
    on = day(as_of)
    sets = [loaded for _, loaded in library.load_sets(principles or library.set_names())]
    if changes:
        _print_changes(sets, on, format)
        return
    if by not in (None, "principle"):
        _print_by_lens(str(by), sets, on, format)
        return
    rows = [row for s in sets for row in _rows(s, on)]
    if format == "json":
        from policy_eval.report.json import dumps

        print(dumps({"rules": rows}))
        return
    key = "principle" if by else "set"
    groups = [str(p) for p in Principle] if by else [s.id for s in sets]
    _print_lines(line for group in groups for line in _group(group, [r for r in rows if r[key] == group]))


def _print_by_lens(name: str, sets: list[PrincipleSet], on: dt.date | None, format: str) -> None:
    """Rules under the categories of a lens, and the categories no rule covers."""
    from policy_eval import lens as lenses

    lens = lenses.load_lens(name)
    rows = {str(row["id"]): row for s in sets for row in _rows(s, on)}
    covered = [(c.category, [rows[r.id] for r in c.rules]) for c in lenses.cover(lens, sets)]
    if format == "json":
        from policy_eval.report.json import dumps

        categories = [{"id": c.id, "title": c.title, "rules": [r["id"] for r in found]} for c, found in covered]
        print(dumps({"lens": lens.id, "categories": categories}))
        return
    for category, found in covered:
        head = f"{category.title}: {category.question}"
        none = f"  no rule: {category.beyond or 'none of these sets covers it'}"
        _print_lines(_group(head, found) or [head, none, ""])


def _print_changes(sets: list[PrincipleSet], since: dt.date | None, format: str) -> None:
    from policy_eval import timeline

    events = timeline.events(sets, since)
    if format == "json":
        from policy_eval.report.json import dumps

        fields = ("set", "rule", "what", "note")
        print(dumps({"changes": [{"date": e.date.isoformat(), **{f: getattr(e, f) for f in fields}} for e in events]}))
        return
    for day, of_day in itertools.groupby(events, key=lambda e: e.date):
        alike: dict[tuple[str, str, str], list[str]] = {}
        for e in of_day:
            alike.setdefault((e.set, e.what, e.note), []).append(e.rule)
        lines = [
            f"  {_rules_named(r, of_set)}: {what}{f': {n}' if n else ''}" for (of_set, what, n), r in alike.items()
        ]
        _print_lines([day.isoformat(), *lines, ""])


def _rules_named(rules: list[str], of_set: str) -> str:
    """A few rules by name, many by number."""
    return ", ".join(rules) if len(rules) <= _NAMED else f"{len(rules)} rules of {of_set}"


def _group(group: str, rows: list[dict[str, object]]) -> list[str]:
    """A heading and the rules under it; nothing where there is none."""
    lines = [f"  {r['id']} ({r['severity']}{'' if r['in_force'] else ', not in force'}): {r['title']}" for r in rows]
    return [group, *lines, ""] if rows else []


def _rows(owner: PrincipleSet, on: dt.date | None) -> list[dict[str, object]]:
    """What is listed of each rule of a set."""
    from policy_eval.timeline import in_force

    now = {r.id for r in in_force(owner, on or owner.text.text_as_of)[0]}
    return [
        {
            "id": rule.id,
            "set": owner.id,
            "title": rule.text.title,
            "principle": str(rule.text.principle),
            "severity": str(rule.text.severity),
            "status": str(rule.text.status),
            "effective": {
                "from": rule.text.effective.from_.isoformat() if rule.text.effective.from_ else None,
                "until": rule.text.effective.until.isoformat() if rule.text.effective.until else None,
            },
            "in_force": rule.id in now,
            "grounds": [f"{g.instrument} {g.at}" for g in rule.text.grounds],
        }
        for rule in owner.rules
    ]


def schema(kind: Annotated[SchemaKind, typer.Argument(help="Which kind of file.")]) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs."""
    from policy_eval.report.json import dumps
    from policy_eval.schemas import json_schema

    print(dumps(json_schema(kind.value)))
