"""Programs from node packages that tests run; `make unit` installs them into this folder where it can."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent


def program(name: str) -> str:
    """The path of a program. Without it a test is skipped; in CI with npm, where it has to be there, the test fails."""
    path = FOLDER / "node_modules" / ".bin" / name
    if path.exists() and shutil.which("node"):
        return str(path)
    reason = f"{name} is not installed: get Node.js with npm, then `npm ci --prefix tests/node` or `make unit`"
    if os.environ.get("CI") and shutil.which("npm"):
        pytest.fail(reason)
    pytest.skip(reason)
