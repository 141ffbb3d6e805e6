"""Where files are, for programs that look from the top of a repository and not from where the check runs."""

from __future__ import annotations

import functools
import os
from pathlib import Path

_TOPS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")  # of GitHub and GitLab


def from_top(file: str) -> str | None:
    """A file as seen from the top of the repository, `/` between its parts; None where it lies elsewhere.

    The top is what CI names, where the check runs in it; else the folder in which it runs.
    """
    return _seen(file, os.getcwd(), tuple(filter(None, map(os.environ.get, _TOPS))))


def in_repository(file: str) -> str:
    """Likewise; a file that lies elsewhere stays as it is."""
    return from_top(file) or file


@functools.lru_cache(maxsize=1024)
def _seen(file: str, here: str, named: tuple[str, ...]) -> str | None:
    here = os.path.realpath(here)
    top = next((top for top in map(os.path.realpath, named) if Path(here).is_relative_to(top)), here)
    whole = Path(os.path.normpath(os.path.join(here, file)))
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else None
