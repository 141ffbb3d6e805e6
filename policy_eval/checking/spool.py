"""What has been checked, kept on disk while a check goes on: a thousand designs take no more memory than one."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator

from policy_eval.report.check.wire import CheckedV1


class Spool:
    """Evaluations by design; it can be gone through any number of times, one design at a time in memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._ends = 0

    def close(self) -> None:
        """Let go of what was kept."""
        self._file.close()

    def add(self, evaluations: Iterable[CheckedV1]) -> None:
        """Keep the evaluations of a design."""
        self._file.seek(self._ends)
        pickle.dump(tuple(evaluations), self._file, pickle.HIGHEST_PROTOCOL)
        self._ends = self._file.tell()

    def __iter__(self) -> Iterator[CheckedV1]:
        """Every evaluation, in the order they were added."""
        at = 0
        while at < self._ends:
            self._file.seek(at)
            evaluations: tuple[CheckedV1, ...] = pickle.load(self._file)
            at = self._file.tell()
            yield from evaluations
