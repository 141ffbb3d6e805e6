"""pandoc as a process of its own: a document in JSON goes in; no files, settings or network are within its reach."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pypandoc  # type: ignore[import-untyped]

from policy_eval.errors import InvalidInput, Problem, Span

EPOCH = 315_532_800  # 1980-01-01, the first day a zip file can hold; no clock is read
LONGEST = 600  # seconds that a step may take
TESTED = "1.17"  # the pypandoc-binary whose documents were looked at
_WHERE = Span("report")  # whether `--format` or `-o` asked for it
_HELP = "reinstall `policy-eval[docs]`, or ask for another format, such as `html`"
_FEWER = "ask for fewer designs or sets, or for another format, such as `html`"


def run(document: dict[str, Any], to: str, *options: str) -> bytes:
    """A document in another format; raises `InvalidInput` where pandoc is missing, fails or takes too long."""
    with tempfile.TemporaryDirectory(prefix="policy-eval-") as empty:
        command = [_program(), "--sandbox", f"--data-dir={empty}", "--from=json", f"--to={to}", "--output=-", *options]
        given = json.dumps(document, ensure_ascii=True).encode()
        try:
            done = subprocess.run(command, input=given, capture_output=True, cwd=empty, env=_world(), timeout=LONGEST)
        except OSError as error:
            raise failed(f"pandoc cannot be run: {(error.strerror or 'unknown reason').lower()}") from None
        except subprocess.TimeoutExpired:
            raise slow("pandoc") from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise failed(f"pandoc failed with code {done.returncode}: {said[:300]}")
    return done.stdout


def failed(message: str, help: str = _HELP) -> InvalidInput:
    """What went wrong while a document was made, and what to do."""
    return InvalidInput([Problem(message, _WHERE, help)])


def slow(program: str) -> InvalidInput:
    """That a step took too long, and what to do."""
    return failed(f"{program} did not end within {LONGEST} seconds", _FEWER)


def _program() -> str:
    """The pandoc that was installed with the package: another version on the path would give other documents."""
    found = Path(pypandoc.__file__).parent / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
    if not found.is_file():
        raise failed("pandoc is not there although pypandoc is")
    return str(found)


def _world() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PANDOC", "GHCRTS"))}
    return kept | {"SOURCE_DATE_EPOCH": str(EPOCH), "LC_ALL": "C.UTF-8"}
