"""Work over many inputs on all cores: results in the order of the inputs, few of them in memory at a time.

Workers are separate processes started afresh, so nothing is shared and nothing is inherited; they end with the
process that started them, however that ends.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 4  # inputs handed out to each worker beyond the one whose result is awaited


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over(inputs: Iterable[T], work: Callable[[T], R], prepare: Callable[[], None], jobs: int) -> Iterator[R]:
    """Results of `work` for each input, in order, by `jobs` processes that have each been made ready by `prepare`.

    Both functions must be importable by name; raises what `work` raises.
    """
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (prepare,))
    pending: deque[Future[R]] = deque()
    waiting = iter(inputs)
    try:
        with _undisturbed():
            pending.extend(pool.submit(work, x) for x in itertools.islice(waiting, jobs * _AHEAD))
        while pending:
            yield pending.popleft().result()
            pending.extend(pool.submit(work, x) for x in itertools.islice(waiting, 1))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Start workers deaf to the interrupt key: it reaches every process of a terminal, and one is to answer it."""
    here = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if here else None
    try:
        yield
    finally:
        if here:
            signal.signal(signal.SIGINT, before)


def _begin(prepare: Callable[[], None]) -> None:
    """Make a worker ready, and see to it that it does not outlive who started it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    prepare()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
