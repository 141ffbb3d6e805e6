"""A project's settings: `policy-eval.toml`, or `[tool.policy-eval]` of pyproject.toml; the nearest one wins.

Nothing is read from a user's home: what a run says depends on the project alone.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy_eval import files
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.principle import PrincipleSet
from policy_eval.source import nearest, suggest

T = TypeVar("T")
OWN, SHARED = "policy-eval.toml", "pyproject.toml"
_LIMIT = 1_000_000
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")

_EXAMPLES = {
    "requires": 'write `requires = {gdpr = "2026.11"}`',
    "principles": 'write `principles = ["gdpr", "./house-rules"]`',
    "check": 'write `[check]` on a line of its own, and `fail-on = "high"` below it',
    "min-score": "write a number from 0 to 100",
}


class CheckSettings(BaseModel):
    """`[check]`: what `policy-eval check` does where the command line says nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_alias=True)

    fail_on: Literal["never", "low", "medium", "high", "critical"] | None = Field(
        default=None, alias="fail-on", description="the least severity that counts"
    )
    min_score: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, alias="min-score", description="the least score of each set, 0 to 100"
    )
    min_severity: Literal["advisory", "low", "medium", "high", "critical"] | None = Field(
        default=None, alias="min-severity", description="the least severity that is listed"
    )
    established_only: bool | None = Field(
        default=None, alias="established-only", description="what something open might excuse is not demonstrated"
    )
    reading: Literal["controller", "outsider"] | None = Field(default=None, description="how undecided rules are read")
    select: list[str] | None = Field(default=None, description="rules looked at: names, sets, principles, with `*`")
    ignore: list[str] | None = Field(default=None, description="rules left aside, likewise")
    decisions: str | None = Field(
        default=None, min_length=1, description="file of decisions, from the folder of the settings"
    )
    baseline: str | None = Field(default=None, min_length=1, description="baseline, from the folder of the settings")
    fail_on_stale: bool | None = Field(
        default=None, alias="fail-on-stale", description="whether decisions and baseline entries of no use fail it"
    )
    fail_on_lost_facts: bool | None = Field(
        default=None, alias="fail-on-lost-facts", description="whether facts that are no longer stated fail it"
    )


class SettingsFile(BaseModel):
    """What a settings file may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    requires: dict[str, str] = Field(default_factory=dict, description="version of each principle set the project uses")
    principles: list[str] | None = Field(
        default=None, min_length=1, description="sets used, by name, or by folder from that of the settings"
    )
    profile: str | None = Field(default=None, description="weights and thresholds, likewise")
    check: CheckSettings = Field(default_factory=CheckSettings, description="the gate")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings and where they were found; `file` is None where there are none."""

    file: Path | None = None
    text: str = ""
    values: SettingsFile = field(default_factory=SettingsFile)

    def place(self, key: str) -> Span:
        """The first line that names a key."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", line.split("#")[0]):
                return Span(str(self.file), number, found.start() + 1, number, found.end() + 1)
        return Span(str(self.file))

    def path(self, name: str) -> Path:
        """A file or folder the settings name, as seen from where the command runs."""
        folder = self.file.parent if self.file else Path()
        return Path(os.path.relpath(folder / name))


class Picked:
    """Values in use: what the command line says, else the settings, else a default; and which of them it was."""

    def __init__(self, found: Settings) -> None:
        self.found = found
        self.rows: list[tuple[str, str, object, str]] = []

    def pick(self, table: str, key: str, given: T | None, default: T, *, why: str = "default", remark: str = "") -> T:
        """The value of a setting; `table` is empty or `check`.

        `why` says where a default comes from, and `remark` what else is to be known of a value in use.
        """
        holder: BaseModel = self.found.values.check if table else self.found.values
        name = key.replace("-", "_")
        stated = getattr(holder, name) if name in type(holder).model_fields else None
        if given is not None:
            value, origin = given, "command line"
        elif stated is not None:
            value, origin = stated, str(self.found.place(key))
        else:
            value, origin = default, why
        origin += f"; {remark}" if remark else ""
        self.rows.append((table, key, value, origin))
        return value

    def shown(self) -> str:
        """The values as a settings file would state them, each with where it comes from."""
        lines, table = list[str](), ""
        for of, key, value, origin in sorted(self.rows, key=lambda r: r[0]):
            if of != table:
                lines, table = [*lines, "", f"[{of}]"], of
            # A setting that is not made has no value to write.
            written = f"# {key} is not set" if value is None else f"{key} = {json.dumps(value)}  # {origin}"
            lines.append(written)
        return "\n".join(lines)


def find(config: Path | None, *, isolated: bool = False) -> Settings:
    """The settings of a run: of the file named, of none at all, or of the nearest one; raises `InvalidInput`."""
    if isolated:
        return Settings()
    if config is None:
        return load(Path.cwd())
    found = _read(config)
    if found is None:
        help = "add `[tool.policy-eval]`, or name a policy-eval.toml"
        raise InvalidInput([Problem("the file has no settings of policy-eval", Span(str(config)), help)])
    return found


def load(folder: Path) -> Settings:
    """The settings that hold in a folder: of the nearest file in it or above it; raises `InvalidInput`."""
    for place in (folder, *folder.parents):
        for name in (OWN, SHARED):
            if (place / name).is_file():
                found = _read(place / name)
                if found is not None:
                    return found
    return Settings()


def _read(path: Path) -> Settings | None:
    text = files.read_text(path, str(path), _LIMIT)
    if path.name == SHARED and "policy-eval" not in text:
        return None
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers too long and nesting too deep
        found = _PLACE.search(str(error))
        span = Span(str(path), int(found[1]), int(found[2])) if found else Span(str(path))
        message = _PLACE.sub("", str(error))
        raise InvalidInput(
            [Problem(f"the file is not TOML: {message[:1].lower()}{message[1:]}", span, "check this line")]
        ) from None
    if path.name == SHARED:
        tool = values.get("tool", {})
        if not isinstance(tool, Mapping) or "policy-eval" not in tool:
            return None
        values = tool["policy-eval"]
    return _checked(Settings(path, text), values)


def _checked(found: Settings, values: object) -> Settings:
    try:
        return Settings(found.file, found.text, SettingsFile.model_validate(values))
    except ValidationError as error:
        problems: dict[str, Problem] = {}
        for fault in error.errors(include_url=False):
            table, *inner = map(str, fault["loc"] or ("",))
            of_check = table == "check" and bool(inner)
            key = inner[0] if inner and table in ("check", "requires") else table
            if fault["type"] == "extra_forbidden":
                fields = (CheckSettings if of_check else SettingsFile).model_fields
                names = [f.alias or n for n, f in fields.items()]
                problems[key] = Problem(f"`{key}` is no setting", found.place(key), suggest(key, names))
            else:
                message = f"`{key}`: {str(fault['msg'])[:1].lower()}{str(fault['msg'])[1:]}"
                help = _EXAMPLES.get(key) or _EXAMPLES.get(table, "")
                problems.setdefault(key, Problem(message, found.place(key), help))
        raise InvalidInput(list(problems.values())) from None


def check_versions(found: Settings, sets: Iterable[PrincipleSet]) -> None:
    """Refuse sets of another version than the project requires; raises `InvalidInput`.

    An upgrade of the tool then cannot change a project's verdicts unseen. A name close to that of a set in use is taken
    for a slip; one that is like none of them may be of another run.
    """
    loaded = list(sets)
    known = [s.id for s in loaded]
    problems = [
        Problem(f"no set is called `{name}`", found.place(name), suggest(name, known))
        for name in found.values.requires
        if name not in known and nearest(name, known)
    ]
    for principles in loaded:
        wanted = found.values.requires.get(principles.id)
        if wanted is not None and wanted != principles.text.version:
            message = f"the project requires `{principles.id}` {wanted}, and this is {principles.text.version}"
            help = "read what changed (`policy-eval rules --changes`), then require the new version"
            problems.append(Problem(message, found.place(principles.id), help))
    if problems:
        raise InvalidInput(problems)
