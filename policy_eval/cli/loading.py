"""Designs for a command: all of them, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from policy_eval.cli.options import note

if TYPE_CHECKING:
    from policy_eval.design.loading import DesignFile
    from policy_eval.errors import Problem


def load_designs(names: Iterable[str], *, same_id: bool = False) -> list[DesignFile]:
    """Load every design; raises `InvalidInput` with the problems of all of them.

    Two designs of one id are a problem unless `same_id` allows them: a report could not tell them apart.
    """
    from policy_eval.errors import InvalidInput
    from policy_eval.library import load_design

    files: list[DesignFile] = []
    problems: list[Problem] = []
    for name in names:
        try:
            files.append(load_design(name))
        except InvalidInput as error:
            problems += error.problems
    problems += [] if same_id else _twice(files)
    if problems:
        raise InvalidInput(problems)
    for warning in (w for f in files for w in f.warnings):
        note(str(warning))
    return files


def _twice(files: list[DesignFile]) -> Iterator[Problem]:
    from policy_eval.errors import Problem

    ids = [f.design.id for f in files]
    for file in files:
        if ids.count(file.design.id) > 1:
            yield Problem(f"two designs have the id `{file.design.id}`", file.span_of(("id",)), "rename one")
