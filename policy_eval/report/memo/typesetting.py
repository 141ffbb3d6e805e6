"""typst as a process of its own, which can be ended: the source of a document goes in, a PDF comes out."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import Any

import typst

from policy_eval.report.memo import pandoc

# With the fonts typst brings a PDF is the same everywhere. Where they lack a letter, those of the system are taken too;
# where these lack it as well, what is read aloud is still right, but the standard asks for a picture of every letter.
_ATTEMPTS: tuple[tuple[bool, Any], ...] = ((True, "ua-1"), (False, "ua-1"), (False, []))
_STANDARD = "PDF/"  # what typst's complaints begin with where a document does not meet a standard
_HERE = "policy_eval.report.memo.typesetting"


def run(source: str) -> bytes:
    """A source of typst as PDF; raises `InvalidInput` where typst fails or takes too long."""
    with tempfile.TemporaryDirectory(prefix="policy-eval-") as empty:
        command, given = [sys.executable, "-P", "-m", _HERE], source.encode()
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, cwd=empty, env=_world(), timeout=pandoc.LONGEST
            )
        except OSError as error:
            raise pandoc.failed(f"typst cannot be run: {(error.strerror or 'unknown reason').lower()}") from None
        except subprocess.TimeoutExpired:
            raise pandoc.slow("typst") from None
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise pandoc.failed(f"typst failed with code {done.returncode}: {said[:300]}")
    return done.stdout


def _world() -> dict[str, str]:
    """What this process may import, that one may too."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}


def printed(source: bytes) -> bytes:
    """A source as PDF, by the first attempt that its letters allow; raises what typst raises for any other failure."""
    for own_fonts, standards in _ATTEMPTS[:-1]:
        try:
            return _compiled(source, own_fonts, standards)
        except RuntimeError as error:
            if not str(error).startswith(_STANDARD):
                raise
    return _compiled(source, *_ATTEMPTS[-1])


def _compiled(source: bytes, own_fonts: bool, standards: Any) -> bytes:
    """What typst makes of a source; the folder it runs in is all that is within its reach."""
    compiler = typst.Compiler(root=".", font_paths=[], ignore_system_fonts=own_fonts, package_path=".")
    made = compiler.compile(source, format="pdf", pdf_standards=standards, timestamp=pandoc.EPOCH, sys_inputs={})
    assert isinstance(made, bytes)  # pages come apart in other formats alone
    return made


def main() -> int:
    """Read a source, write a PDF, or say on standard error why there is none."""
    try:
        made = printed(sys.stdin.buffer.read())
    except (RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
