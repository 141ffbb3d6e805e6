"""A project's settings: `policy-eval.toml`, or `[tool.policy-eval]` of pyproject.toml; the nearest one wins.

Nothing is read from a user's home: what a run says depends on the project alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy_eval import files
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.principle import PrincipleSet
from policy_eval.source import nearest, suggest

OWN, SHARED = "policy-eval.toml", "pyproject.toml"
_LIMIT = 1_000_000
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class SettingsFile(BaseModel):
    """What a settings file may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    requires: dict[str, str] = Field(default_factory=dict, description="version of each principle set the project uses")


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
        problems = []
        for fault in error.errors():
            key = str(fault["loc"][-1]) if fault["loc"] else ""
            if fault["type"] == "extra_forbidden":
                problem = Problem(f"`{key}` is no setting", found.place(key), suggest(key, SettingsFile.model_fields))
            else:
                message = f"`{key}`: {str(fault['msg'])[:1].lower()}{str(fault['msg'])[1:]}"
                problem = Problem(message, found.place(key), 'write `requires = {gdpr = "2026.11"}`')
            problems.append(problem)
        raise InvalidInput(problems) from None


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
