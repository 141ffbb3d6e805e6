"""explain, rules and schema."""

from __future__ import annotations

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
    Sets,
    judges,
)  # fmt: skip

if TYPE_CHECKING:
    from policy_eval.principle import PrincipleSet


class SchemaKind(str, Enum):
    """Kinds of file a schema is printed for."""

    DESIGN = "design"
    RULE = "rule"
    SET = "set"
    CONCEPT = "concept"
    PROFILE = "profile"
    REPORT = "report"


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
    profile: Profile = "default",
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
    loaded = [library.load_set(s, examples=len(what) == 1) for s in sets or library.set_names()]
    found = [(s, r) for s in loaded for r in s.rules if name in (r.id, r.id.split("/")[1], *r.text.aliases)]
    if not found:
        known = [r.id for s in loaded for r in s.rules]
        raise InvalidInput([Problem(f"no rule is called `{name}`", Span(name), suggest(name, known))])
    owner, rule = found[0]
    if len(what) == 1:
        _print_rule(owner, rule.id, format)
        return
    from policy_eval.report import assemble
    from policy_eval.report import explain as derivation
    from policy_eval.vocabulary.law import FactsLevel

    file = library.load_design(what[0])
    judge = judges([str(owner.folder) if owner.id not in library.set_names() else owner.id], profile, engine, as_of)[0]
    evaluation = judge.evaluate(file, facts=next(f for f in FactsLevel if f.value == facts.value))
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
    by: Annotated[str | None, typer.Option("--by", help="Group by: principle.")] = None,
    as_of: AsOf = None,
    format: FormatOption = "text",
) -> None:
    """List the rules of principle sets, with their standing on a day."""
    from policy_eval import library
    from policy_eval.cli.options import day

    if by not in (None, "principle"):
        raise typer.BadParameter(f"cannot group by `{by}`; write `--by principle`", param_hint="--by")
    sets = [library.load_set(s) for s in principles or library.set_names()]
    rows = [_row(s, r, day(as_of)) for s in sets for r in s.rules]
    if format == "json":
        from policy_eval.report.json import dumps

        print(dumps({"rules": rows}))
        return
    key = "principle" if by else "set"
    _print_lines(line for group in dict.fromkeys(str(r[key]) for r in rows) for line in _group(group, key, rows))


def _group(group: str, key: str, rows: list[dict[str, object]]) -> list[str]:
    found = [r for r in rows if r[key] == group]
    lines = [f"  {r['id']} ({r['severity']}{'' if r['in_force'] else ', not in force'}): {r['title']}" for r in found]
    return [group, *lines, ""]


def _row(owner: PrincipleSet, rule: object, on: object) -> dict[str, object]:
    import datetime as dt

    from policy_eval.evaluation import in_force
    from policy_eval.principle import Rule

    assert isinstance(rule, Rule)
    day = on if isinstance(on, dt.date) else owner.text.text_as_of
    text = rule.text
    return {
        "id": rule.id,
        "set": owner.id,
        "title": text.title,
        "principle": str(text.principle),
        "severity": str(text.severity),
        "status": str(text.status),
        "effective": {
            "from": text.effective.from_.isoformat() if text.effective.from_ else None,
            "until": text.effective.until.isoformat() if text.effective.until else None,
        },
        "in_force": rule.id in [r.id for r in in_force(owner, day)[0]],
        "grounds": [f"{g.instrument} {g.at}" for g in text.grounds],
    }


def schema(kind: Annotated[SchemaKind, typer.Argument(help="Which kind of file.")]) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs."""
    from policy_eval.report import json as report_json
    from policy_eval.schemas import json_schema

    print(report_json.dumps(report_json.schema() if kind is SchemaKind.REPORT else json_schema(kind.value)))
