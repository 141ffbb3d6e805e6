"""Where reports go: to files first, whole or not at all, then to stdout."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

if TYPE_CHECKING:
    from types import ModuleType

Target = tuple[str, Path]


def targets(given: Iterable[str] | None, formats: Mapping[str, str], inputs: Iterable[str] = ()) -> list[Target]:
    """What `-o FORMAT=PATH` asks for; a usage error if a format is unknown or a file would be written over wrongly."""
    found: list[Target] = []
    read = {Path(i).resolve() for i in inputs}
    for item in given or ():
        format, _, name = item.partition("=")
        path = Path(name)
        if format not in formats:
            raise _wrong(f"`{format}` is no format; expected one of {', '.join(formats)}, as in `json=report.json`")
        if not name or path.is_dir():
            raise _wrong(f"`{item}` names no file to write; write `{format}=report.{format}`")
        if not path.resolve().parent.is_dir():
            raise _wrong(f"there is no folder `{path.parent}` to write `{path.name}` into")
        # What a person wrote is never written over by a report, whatever read it.
        if path.resolve() in read or (path.is_file() and path.suffix in (".yaml", ".yml", ".toml")):
            raise _wrong(f"`{name}` is there, and is no report; choose another file")
        if path.resolve() in {p.resolve() for _, p in found}:
            raise _wrong(f"`{name}` is written twice; choose another file")
        found.append((format, path))
    return found


def deliver(
    report: Any, formats: Mapping[str, str], format: str, files: Iterable[Target] = (), *, log: Any = None
) -> None:
    """Write a report to files and print it; `log` is printed instead of it where it is given.

    Who stops reading stdout changes nothing: the files are written, and the exit code stays the caller's.
    """
    chosen = modules(formats, format, files)
    deliver_each(dict.fromkeys(chosen, report), chosen, format, files, log=log)


def deliver_each(
    reports: Mapping[str, Any],
    chosen: Mapping[str, ModuleType],
    format: str,
    files: Iterable[Target],
    *,
    log: Any = None,
) -> None:
    """The same with a report for each format."""
    from policy_eval.files import replace_all

    def writing(name: str) -> Callable[[TextIO], None]:
        return lambda out: chosen[name].write(reports[name], out)

    replace_all([(path, writing(name)) for name, path in files])
    try:
        chosen[format].write(reports[format] if log is None else log, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def modules(formats: Mapping[str, str], format: str, files: Iterable[Target]) -> dict[str, ModuleType]:
    """The formats a report is wanted in, by name; `InvalidInput` where one needs what is not installed."""
    return {name: _module(name, formats[name]) for name in _names(format, files)}


def _module(format: str, name: str) -> ModuleType:
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.report import EXTRAS

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if format not in EXTRAS or (error.name or "").startswith("policy_eval"):
            raise
        message = f"`{format}` needs {error.name}, which is not installed"
        help = f"install `policy-eval[{EXTRAS[format]}]`, or ask for another format"
        raise InvalidInput([Problem(message, Span("--format"), help)]) from None


def _names(format: str, files: Iterable[Target]) -> list[str]:
    return list(dict.fromkeys([format, *(f for f, _ in files)]))


def _wrong(message: str) -> typer.BadParameter:
    return typer.BadParameter(message, param_hint="--output")
