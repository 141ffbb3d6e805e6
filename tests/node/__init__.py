"""Programs from node packages that tests run; `make unit` installs them into this folder where it can."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent


def program(name: str) -> str:
    """The path of a program; a test is skipped where it could not be installed, as `make` has said."""
    path = FOLDER / "node_modules" / ".bin" / name
    if path.exists() and shutil.which("node"):
        return str(path)
    reason = f"{name} is not installed: get Node.js with npm, then `npm ci --prefix tests/node` or `make unit`"
    pytest.skip(reason)
