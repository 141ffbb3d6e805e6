"""Which designs the paths of a command mean: files, folders and globs -> names in order, each design once."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.library import DESIGN, design_names

_MAGIC = frozenset("*?[")
# Folders that hold what others made; a design in them is nobody's draft.
_FOREIGN = frozenset({"node_modules", "site-packages", "__pycache__"})


def designs(paths: Iterable[str]) -> list[str]:
    """The designs meant, in order of their names, each once; raises `InvalidInput`.

    A folder or glob means every `*.design.yaml` in it, folders that begin with a dot aside; anything else is one
    design, whatever it is called. A path that means nothing is an error.
    """
    found: dict[Path, str] = {}
    problems: list[Problem] = []
    for path in paths:
        names = list(_meant(path))
        if not names:
            problems.append(
                Problem(f"there is no `*{DESIGN}` here", Span(path), "name a folder with designs, or a design")
            )
        for name in names:
            resolved = Path(os.path.realpath(name)) if _is_path(name) else Path(name)
            shown = _shown(name)
            found[resolved] = min(shown, found.get(resolved, shown))
    if problems:
        raise InvalidInput(problems)
    return sorted(found.values())


def _meant(path: str) -> Iterator[str]:
    if os.path.isdir(path):
        yield from below(path)
    elif _MAGIC & set(path) and not os.path.exists(path):
        for name in glob.iglob(path, recursive=True):
            if os.path.isdir(name):
                yield from below(name)
            elif name.endswith(DESIGN):
                yield name
    else:
        yield path


def below(folder: str) -> Iterator[str]:
    """Every `*.design.yaml` of a folder and those in it, folders of others aside."""
    for here, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in _FOREIGN]
        yield from (os.path.join(here, n) for n in names if n.endswith(DESIGN) and not n.startswith("."))


def _is_path(name: str) -> bool:
    """Whether a name is one of a file, and not that of a built-in design."""
    return name not in design_names()


def _shown(name: str) -> str:
    """A path as seen from where the command runs; as it is where it leads elsewhere."""
    if not _is_path(name) or not os.path.exists(name):
        return name
    relative = os.path.relpath(name)
    if relative.startswith(".."):
        return os.path.abspath(name)
    # A file may bear the name of a built-in design; it is the file that is meant.
    return relative if _is_path(relative) else os.path.join(".", relative)
