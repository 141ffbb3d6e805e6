"""What formats write to: text that any stream takes, and bytes that no terminal does."""

from __future__ import annotations

import io
from typing import TextIO

from policy_eval.errors import InvalidInput, Problem, Span


def prepare(out: TextIO) -> None:
    """Let a stream take any text: what its encoding lacks is escaped, line ends stay as they are written."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace", newline="\n")


def page(out: TextIO) -> None:
    """Let a stream take a page, which says of itself that it is UTF-8."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def send(data: bytes, out: TextIO, format: str) -> None:
    """Write the bytes of a format; raises `InvalidInput` where they would go to a terminal."""
    if out.isatty():
        help = f"write it to a file: `-o {format}=report.{format}`"
        raise InvalidInput([Problem(f"`{format}` is no text to be shown in a terminal", Span("--format"), help)])
    out.flush()
    out.buffer.write(data)
