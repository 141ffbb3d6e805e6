"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.report import FORMATS

if TYPE_CHECKING:
    from policy_eval.evaluation import Judge


class FactsChoice(str, Enum):
    """Which facts are taken as known."""

    ALL = "all"
    UNDISPUTED = "undisputed"
    SOURCED = "sourced"


class ReadingChoice(str, Enum):
    """How undecided rules are read."""

    OUTSIDER = "outsider"
    CONTROLLER = "controller"


class EngineChoice(str, Enum):
    """Which evaluator judges."""

    BOTH = "both"
    DURABLE = "durable"
    REFERENCE = "reference"


def _known_format(name: str) -> str:
    if name not in FORMATS:
        raise typer.BadParameter(f"`{name}` is no format; expected one of {', '.join(FORMATS)}")
    return name


Sets = Annotated[
    list[str] | None,
    typer.Option("-p", "--principles", help="Principle set by name or folder; may be repeated. Default: all built in."),
]
Profile = Annotated[str, typer.Option("--profile", help="Weights and thresholds, by name or path.")]
FormatOption = Annotated[
    str, typer.Option("-f", "--format", metavar="|".join(FORMATS), callback=_known_format, help="How to print.")
]
Facts = Annotated[FactsChoice, typer.Option("--facts", help="Facts outside the choice are taken as unknown.")]
Reading = Annotated[ReadingChoice, typer.Option("--reading", help="outsider: undecided; controller: not demonstrated.")]
EngineOption = Annotated[EngineChoice, typer.Option("--engine", help="Which evaluator judges.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Law of this day. Default: the day whose text a set states."),
]


def day(text: str | None) -> dt.date | None:
    """The date an option gives; a usage error if it is none."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"`{text}` is no date such as 2026-11-23", param_hint="--as-of") from None


def judges(sets: list[str] | None, profile: str, engine: EngineChoice, as_of: str | None) -> list[Judge]:
    """A judge for each set asked for."""
    from policy_eval.evaluation import Engine, Judge
    from policy_eval.library import load_profile, load_set, set_names

    weights = load_profile(profile)
    names = list(dict.fromkeys(sets or set_names()))
    made = [Judge(load_set(n), weights, engine=Engine(engine.value), as_of=day(as_of)) for n in names]
    if engine is not EngineChoice.REFERENCE and made and made[0].engine is Engine.REFERENCE:
        note("durable_rules is not installed: the reference evaluator serves alone, without a second opinion")
    return made


def note(message: str) -> None:
    """A message for people, on stderr."""
    print(f"note: {message}", file=sys.stderr)
