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


def chromium() -> str:
    """The path of a Chromium to drive; a test is skipped where there is none, or where no program can drive it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed: get it from your system's packages, such as Debian's `chromium`")
    program("playwright-core")
    return path


def validator() -> list[str]:
    """The command of the Nu validator of HTML; a test is skipped where it or Java is not there."""
    jar = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    program("vnu")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: get it from your system's packages, as Debian's `default-jre-headless`")
    return ["java", "-jar", str(jar)]
