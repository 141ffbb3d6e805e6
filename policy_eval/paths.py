"""Which designs the paths of a command mean: files, folders and globs -> names in order, each design once.

A folder means every `*.design.yaml` in it and in those below. What is passed over in it on purpose: files and folders
that begin with a dot, and folders that hold what others made (`node_modules` and the like). What may be passed over
by mistake, a link to a folder or a design by another ending, is told to whoever asks; a folder that cannot be looked
into is an error, for nobody can say that nothing is in it.
"""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.library import DESIGN, design_names

_MAGIC = frozenset("*?[")
# Folders that hold what others made; a design in them is nobody's draft.
_FOREIGN = frozenset({"node_modules", "site-packages", "__pycache__"})
_NEARLY = (DESIGN, DESIGN.replace(".yaml", ".yml"))  # in whatever case
_NO_FOLDER = (errno.ENOTDIR, errno.ENOENT, errno.ELOOP)  # nothing is there to be looked into

Told = Callable[[str], object]


def _untold(_: str) -> None:
    pass


def designs(paths: Iterable[str], told: Told = _untold) -> list[str]:
    """The designs meant, in order of their names, each once; raises `InvalidInput`.

    A folder means what is `below` it, and so does one that a glob finds; a glob means the `*.design.yaml` it finds;
    anything else is one design, whatever it is called. A path that means nothing is an error, and so is a folder that
    cannot be read. `told` hears of each thing passed over that may be a design.
    """
    built_in = frozenset(design_names())
    found: dict[Path, str] = {}
    problems: list[Problem] = []
    passed_over: dict[str, None] = {}
    for path in paths:
        try:
            names = list(_meant(path, passed_over.setdefault))
        except InvalidInput as error:
            problems += error.problems
            continue
        if not names:
            problems.append(
                Problem(f"there is no `*{DESIGN}` here", Span(path), "name a folder with designs, or a design")
            )
        for name in names:
            resolved = Path(name) if name in built_in else Path(os.path.realpath(name))
            shown = _shown(name, built_in)
            found[resolved] = min(shown, found.get(resolved, shown))
    for text in passed_over:
        told(text)
    if problems:
        raise InvalidInput(problems)
    return sorted(found.values())


def of_files(names: Iterable[str]) -> list[str]:
    """The names of designs that are files, and not built in."""
    built_in = frozenset(design_names())
    return [name for name in names if name not in built_in]


def _meant(path: str, told: Told) -> Iterator[str]:
    if os.path.isdir(path):
        yield from below(path, told)
    elif is_pattern(path):
        _look_into(path)
        for name in sorted(glob.iglob(path, recursive=True)):
            if os.path.isdir(name):
                yield from below(name, told)
            elif name.endswith(DESIGN):
                yield name
            else:
                _tell(name, told)
    else:
        yield path


def is_pattern(path: str) -> bool:
    """Whether a path is a glob: one that is there is what it names, whatever its letters."""
    return bool(_MAGIC & set(path)) and not os.path.lexists(path)


def below(folder: str, told: Told = _untold) -> Iterator[str]:
    """Every `*.design.yaml` of a folder and those in it, in no order that means anything.

    Links to folders are not followed. Raises `InvalidInput` where a folder cannot be read; `told` hears of what is
    passed over and may be a design.
    """
    for here, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(f for f in folders if ours(f))
        for name in folders:
            if os.path.islink(link := os.path.join(here, name)):
                told(f"{os.path.normpath(link)} is a link to a folder and is not followed; name it to have it read")
        for name in sorted(filter(ours, names)):
            if name.endswith(DESIGN):
                yield os.path.join(here, name)
            else:
                _tell(os.path.join(here, name), told)


def ours(name: str) -> bool:
    """Whether a file or folder of this name is looked at where the folder around it is."""
    return not name.startswith(".") and name not in _FOREIGN


def _tell(name: str, told: Told) -> None:
    """Say of a file that is called nearly like a design that it is not looked at."""
    ending = next((e for e in _NEARLY if name.lower().endswith(e)), None)
    if ending and os.path.isfile(name):
        better = f"{os.path.basename(name)[: -len(ending)]}{DESIGN}"
        told(f"{os.path.normpath(name)} is not looked at, for its name does not end in {DESIGN}; rename it to {better}")


def _look_into(pattern: str) -> None:
    """Try the folders a pattern searches: `glob` takes one that cannot be read for an empty one."""
    parts = Path(pattern).parts
    for length, part in enumerate(parts):
        lead = os.path.join(*parts[:length]) if length else os.curdir
        if not _MAGIC & set(part) and not lead.endswith("**"):
            continue  # a name that is known is found without reading the folder
        for folder in glob.iglob(lead, recursive=True) if _MAGIC & set(lead) else [lead]:
            try:
                os.scandir(folder).close()
            except OSError as error:
                if error.errno not in _NO_FOLDER:
                    _unreadable(error)


def _unreadable(error: OSError) -> None:
    where = error.filename if isinstance(error.filename, str) else ""
    message = f"this folder cannot be looked into: {(error.strerror or str(error)).lower()}"
    help = "make it readable, or name the folders and designs beside it"
    raise InvalidInput([Problem(message, Span(where), help)])


def _shown(name: str, built_in: frozenset[str]) -> str:
    """A path as seen from where the command runs; as it is where it leads elsewhere."""
    if name in built_in or not os.path.exists(name):
        return name
    relative = os.path.relpath(name)
    if relative.startswith(".."):
        return os.path.abspath(name)
    # A file may bear the name of a built-in design; it is the file that is meant.
    return os.path.join(".", relative) if relative in built_in else relative
