"""Options that several commands share."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from policy_eval.report import FORMATS

if TYPE_CHECKING:
    from policy_eval.design.loading import DesignFile
    from policy_eval.evaluation import Judge

T = TypeVar("T", bound=Enum)


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


class FailOn(str, Enum):
    """The least severity that keeps a gate shut."""

    NEVER = "never"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


def format_option(formats: Mapping[str, str]) -> Any:
    """The option `--format` of a command that has these formats."""

    def known(name: str) -> str:
        if name not in formats:
            raise typer.BadParameter(f"`{name}` is no format; expected one of {', '.join(formats)}")
        return name

    return typer.Option("-f", "--format", metavar="|".join(formats), callback=known, help="How to print.")


Sets = Annotated[
    list[str] | None,
    typer.Option("-p", "--principles", help="Principle set by name or folder; may be repeated. Default: all built in."),
]
Profile = Annotated[
    str | None, typer.Option("--profile", help="Weights and thresholds, by name or path. Default: `default`.")
]
FormatOption = Annotated[str, format_option(FORMATS)]
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
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings to use. Default: the nearest policy-eval.toml."),
]
Isolated = Annotated[bool, typer.Option("--isolated", help="Use no settings file.")]
ShowSettings = Annotated[bool, typer.Option("--show-settings", help="Print the settings in use and stop.")]
Outputs = Annotated[
    list[str] | None,
    typer.Option("-o", "--output", metavar="FORMAT=PATH", help="Write the report to a file too; may be repeated."),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        min=1,
        help="Processes. Default: one a core where there is much to do.",
    ),
]
PERIOD = "period"


def day(text: str | None, option: str = "--as-of") -> dt.date | None:
    """The date an option gives; a usage error if it is none."""
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"`{text}` is no date such as 2026-11-23", param_hint=option) from None


def law(as_of: str | None) -> tuple[dt.date | None, bool]:
    """The day whose law `--as-of` asks for, if it names one, and whether it asks for that of each design's period."""
    return (None, True) if as_of == PERIOD else (day(as_of), False)


def term(kind: type[T], choice: Enum) -> T:
    """The term of a vocabulary that a choice on the command line means."""
    return next(t for t in kind if t.value == choice.value)


def as_path(path: Path) -> str:
    """A path as the name of a design, set or profile, never mistaken for that of a built-in one."""
    return str(path) if "/" in str(path) else f"./{path}"


class Bench:
    """Judges for every set asked for, under the law of the day asked for; `whole`: with all that its files say."""

    def __init__(
        self, sets: list[str], profile: str, engine: EngineChoice, as_of: str | None, *, whole: bool = False
    ) -> None:
        from policy_eval.evaluation import Engine, Judges, engine_in_use
        from policy_eval.library import load_profile, load_sets

        self.profile, self.engine = load_profile(profile), Engine(engine.value)
        self.sets = [loaded for _, loaded in load_sets(sets, examples=whole)]
        self.all_judges = Judges(self.sets, self.profile, self.engine)
        self.fixed, self.by_period = law(as_of)
        if self.engine is not Engine.REFERENCE and engine_in_use(self.engine) is Engine.REFERENCE:
            note("durable_rules is not installed: the reference evaluator serves alone, without a second opinion")

    def judges(self, file: DesignFile) -> list[Judge]:
        """A judge for each set, in order."""
        return self.all_judges.on(self.day(file))

    def day(self, file: DesignFile) -> dt.date | None:
        """The day whose law counts for a design; None for that of each set's text."""
        if not self.by_period:
            return self.fixed
        period = file.design.period
        until = period.until if period else None
        if until is None:
            note(f"`{file.design.id}` has no last day of a period: the law of the day whose text each set states")
        return until


class Project:
    """The settings of a run, and what the command line says over them."""

    def __init__(self, config: Path | None, isolated: bool) -> None:
        from policy_eval import settings

        if config is not None and isolated:
            raise typer.BadParameter("it uses no settings file, and `--config` names one", param_hint="--isolated")
        self.settings = settings.find(config, isolated=isolated)
        self.picked = settings.Picked(self.settings)

    def sets(self, given: list[str] | None) -> list[str]:
        """The principle sets used, by name or folder."""
        from policy_eval.library import set_names

        built_in = set_names()
        stated = self.settings.values.principles
        names = self.picked.pick("", "principles", given or None, built_in)
        if given or stated is None:
            return names
        return [n if n in built_in else f"{self.settings.path(n)}/" for n in names]

    def profile(self, given: str | None) -> str:
        """The profile used, by name or path."""
        from policy_eval.library import profile_names

        name = self.picked.pick("", "profile", given, "default")
        own = given is None and self.settings.values.profile is not None and name not in profile_names()
        return as_path(self.settings.path(name)) if own else name

    def file(self, key: str, given: Path | None, found: Path | None = None, remark: str = "") -> Path | None:
        """A file of `[check]`: named on the command line, or in the settings from their folder, or `found` here.

        `remark` says what else of the command line bears on it.
        """
        stated = getattr(self.settings.values.check, key)
        named, default = (str(p) if p else None for p in (given, found))
        why = "default: it lies in the current folder" if found else "default"
        self.picked.pick("check", key, named, default, why=why, remark=remark)
        return given or (self.settings.path(stated) if stated else found)

    def bench(
        self,
        sets: list[str],
        profile: str | None,
        engine: EngineChoice,
        as_of: str | None,
        *,
        whole: bool = False,
    ) -> Bench:
        """Judges for the sets in use (`sets` of these names), in the versions the project requires."""
        from policy_eval import settings

        found = Bench(sets, self.profile(profile), engine, as_of, whole=whole)
        settings.check_versions(self.settings, found.sets)
        return found


def note(message: str) -> None:
    """A message for people, on stderr."""
    with contextlib.suppress(OSError):  # who does not read notes gets the rest all the same
        print(f"note: {message}", file=sys.stderr)
