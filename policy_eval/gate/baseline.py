"""A baseline: what stood against designs when the gate was put up, so that only what is new keeps it shut.

An entry is a finding: rule, design, place, and whether it was a conflict or only not demonstrated. What was not
demonstrated and turns out to be a conflict is new. A critical prohibition is never in a baseline.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policy_eval import files
from policy_eval.design.base import Id
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.findings import PlaceResult
from policy_eval.gate import places
from policy_eval.gate.judging import Standing
from policy_eval.principle import Prose, RuleName

_LIMIT = 100_000_000  # bytes; a line for each finding of a thousand designs is far below
_SHOWN = 20  # faults


class EntryFile(BaseModel):
    """A finding that was there."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    design: Id = Field(description="id of the design")
    rule: RuleName = Field(description="the rule")
    place: tuple[str, ...] = Field(min_length=1, description="the parts that make the place, or `design`")
    standing: Literal["against", "not_demonstrated"] = Field(description="what it was to the gate")
    beside: tuple[str, ...] = Field(default=(), description="of a part not stated: the places that were")


class BaselineFile(BaseModel):
    """A baseline as written by `check --write-baseline`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_: Literal[1] = Field(alias="schema", description="1")
    tool: Prose = Field(description="the version that wrote it")
    written: dt.date = Field(description="day it was written")
    findings: tuple[EntryFile, ...] = Field(description="what was there, in order")


class NewBaseline:
    """The baseline that is about to be written: it covers whatever is there."""

    findings: tuple[EntryFile, ...] = ()

    def covers(
        self, design: str, rule: str, place: PlaceResult, *, conflict: bool, beside: frozenset[str]
    ) -> tuple[Standing, int] | None:
        """That a finding will be in the baseline."""
        return Standing.IN_BASELINE, 0


class Baseline:
    """The findings of a baseline, as a cover of the same ones today."""

    def __init__(self, file: str, text: BaselineFile) -> None:
        self.file, self.text, self.findings = file, text, text.findings
        self._numbers = {(x.design, x.rule, x.place): n for n, x in enumerate(text.findings)}

    def covers(
        self, design: str, rule: str, place: PlaceResult, *, conflict: bool, beside: frozenset[str]
    ) -> tuple[Standing, int] | None:
        """How the baseline covers a finding at a place, and by which entry."""
        number = self._numbers.get((design, rule, places.key(place.binding)))
        if number is None or (conflict and self.findings[number].standing != Standing.AGAINST.value):
            return None
        if not place.seen and not set(self.findings[number].beside) <= beside:
            return None
        return Standing.IN_BASELINE, number


def load(path: Path, today: dt.date) -> Baseline:
    """Read a baseline as of a day; raises `InvalidInput`."""
    found = _read(path)
    # A day's grace: where it was written, tomorrow may have begun.
    if (found.text.written - today).days > 1:
        message = f"the baseline is dated {found.text.written}, which is after today ({today})"
        raise InvalidInput([Problem(message, Span(found.file), "put the clock or `--today` right, or write it anew")])
    return found


def _read(path: Path) -> Baseline:
    file, again = str(path), "write it anew with `--write-baseline`, and look at what changed"
    try:
        written = files.read_text(path, file, _LIMIT)
        json.loads(written, object_pairs_hook=_once)
        return Baseline(file, BaselineFile.model_validate_json(written))
    except _TwiceError as error:
        raise InvalidInput([Problem(f"the key `{error}` is there twice", Span(file), again)]) from None
    except json.JSONDecodeError as error:
        where = Span(file, error.lineno, error.colno, error.lineno, error.colno + 1)
        raise InvalidInput([Problem(f"the baseline is not JSON: {error.msg.lower()}", where, again)]) from None
    except (ValidationError, RecursionError) as error:
        faults = error.errors(include_url=False) if isinstance(error, ValidationError) else []
        where = Span(file)
        problems = [Problem(f"`{'.'.join(map(str, f['loc']))}`: {f['msg'].lower()}", where, again) for f in faults]
        raise InvalidInput(problems[:_SHOWN] or [Problem("the baseline is nested too deep", where, again)]) from None


class _TwiceError(Exception):
    """A key that an object has twice: a reviewer may read one, and the program the other."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    for name in found:
        if sum(key == name for key, _ in pairs) > 1:
            raise _TwiceError(name)
    return found


def text(findings: Iterable[EntryFile], today: dt.date, tool: str) -> str:
    """A baseline as JSON: a finding a line, in order, so that changes are easy to review."""
    ordered = sorted(findings, key=lambda x: (x.design, x.rule, x.place))
    lines = ",\n".join(f"    {json.dumps(x.model_dump(mode='json'))}" for x in ordered)
    listed = f"[\n{lines}\n  ]" if lines else "[]"
    head = f'  "schema": 1,\n  "tool": {json.dumps(tool)},\n  "written": "{today}",\n'
    return f'{{\n{head}  "findings": {listed}\n}}\n'
