"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from policy_eval.report import FORMATS

if TYPE_CHECKING:
    from policy_eval.design.loading import DesignFile
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
    typer.Option(
        "--as-of",
        metavar="DATE|period",
        help="Law of this day; period: last day of each design's period. Default: the day whose text a set states.",
    ),
]
PERIOD = "period"


def day(text: str | None) -> dt.date | None:
    """The date an option gives; a usage error if it is none."""
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"`{text}` is no date such as 2026-11-23", param_hint="--as-of") from None


class Bench:
    """Judges for every set asked for, under the law of the day asked for."""

    def __init__(self, sets: list[str] | None, profile: str, engine: EngineChoice, as_of: str | None) -> None:
        from pathlib import Path

        from policy_eval import settings
        from policy_eval.evaluation import Engine, engine_in_use
        from policy_eval.library import load_profile, load_sets, set_names

        self.profile, self.engine = load_profile(profile), Engine(engine.value)
        self.sets = [loaded for _, loaded in load_sets(sets or set_names())]
        settings.check_versions(settings.load(Path.cwd()), self.sets)
        self.day = None if as_of == PERIOD else day(as_of)
        self.by_period = as_of == PERIOD
        self._made: dict[tuple[int, dt.date | None], Judge] = {}
        if self.engine is not Engine.REFERENCE and engine_in_use(self.engine) is Engine.REFERENCE:
            note("durable_rules is not installed: the reference evaluator serves alone, without a second opinion")

    def judges(self, file: DesignFile) -> list[Judge]:
        """A judge for each set, in order."""
        on = self.day
        if self.by_period:
            period = file.design.period
            on = period.until if period else None
            if on is None:
                note(f"`{file.design.id}` has no last day of a period: the law of the day whose text each set states")
        return [self._judge(n, on) for n in range(len(self.sets))]

    def _judge(self, number: int, on: dt.date | None) -> Judge:
        from policy_eval.evaluation import Judge

        if (number, on) not in self._made:
            self._made[number, on] = Judge(self.sets[number], self.profile, engine=self.engine, as_of=on)
        return self._made[number, on]


def note(message: str) -> None:
    """A message for people, on stderr."""
    print(f"note: {message}", file=sys.stderr)
