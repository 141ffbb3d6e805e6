"""Work over many inputs on all cores: results in the order of the inputs, few of them in memory at a time.

Workers are separate processes started afresh, so nothing is shared and nothing is inherited; they end with the
process that started them, however that ends. Each is spoken to through a pipe of its own and there are no locks, so
that one that is stopped at any moment leaves nothing behind and nobody waiting.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from typing import Generic, TypeVar

from policy_eval.errors import InternalError

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 4  # inputs handed out for each worker beyond the one whose result is awaited
_PATIENCE = 5  # seconds for a worker to end once it is told to
_EACH = 2  # inputs that a worker has at a time: the one it works on, and the next


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """Processes that begin to import a module at once, and are spoken to later; to be left as a context."""

    def __init__(self, jobs: int, module: str) -> None:
        self._workers: list[_Worker] = []
        with _undisturbed():
            self._workers.extend(_started(module) for _ in range(jobs))

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.terminate()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_PATIENCE)

    def over(self, inputs: Iterable[T], work: Callable[[T], R], prepare: Callable[[], None]) -> Iterator[R]:
        """Results of `work` for each input, in order, by processes that have each been made ready by `prepare`.

        To be asked once. Both functions must be importable by name; raises what they raise, and `InternalError`
        where a process is lost.
        """
        sent = ForkingPickler.dumps((prepare, work))  # put into bytes once
        for worker in self._workers:
            with _lost():
                worker.pipe.send_bytes(sent)
        return _Batch[T, R](enumerate(inputs), self._workers).results()


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    has: deque[int] = field(default_factory=deque)  # the inputs it is to answer, in order


@dataclass(frozen=True, slots=True)
class _Failure:
    """What was raised by the work on an input."""

    error: Exception


@dataclass(frozen=True, slots=True)
class _Unready:
    """What was raised where a worker was to be made ready."""

    error: Exception


@dataclass(slots=True)
class _Batch(Generic[T, R]):
    """What is under way; inputs and results go by their numbers."""

    inputs: Iterator[tuple[int, T]]
    workers: list[_Worker]
    done: dict[int, R | _Failure] = field(default_factory=dict)
    handed: int = 0

    def results(self) -> Iterator[R]:
        """The results in order; raises what the first input that failed did."""
        for number in itertools.count():
            # One input that takes long must not let the results of all later ones pile up.
            self.hand_out(number + _AHEAD * len(self.workers))
            while number not in self.done:
                if not any(w.has for w in self.workers):
                    return
                self.take_in()
                self.hand_out(number + _AHEAD * len(self.workers))
            result = self.done.pop(number)
            if isinstance(result, _Failure):
                raise result.error
            yield result

    def hand_out(self, end: int) -> None:
        """Give workers what they have room for, of the inputs before a number: each one first, then the next."""
        for most in range(1, _EACH + 1):
            for worker in self.workers:
                room = min(most - len(worker.has), end - self.handed)
                for number, given in itertools.islice(self.inputs, max(0, room)):
                    with _lost():
                        worker.pipe.send(given)
                    worker.has.append(number)
                    self.handed += 1

    def take_in(self) -> None:
        """Wait for results; raises what kept a worker from being made ready."""
        ready = wait([w.pipe for w in self.workers if w.has])
        for worker in (w for w in self.workers if w.pipe in ready):
            with _lost():
                result = worker.pipe.recv()
            if isinstance(result, _Unready):
                raise result.error
            self.done[worker.has.popleft()] = result


@contextlib.contextmanager
def _lost() -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise InternalError("a worker process has ended; there may be too little memory: try `-j 1`") from error


def _started(module: str) -> _Worker:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, module, gc.get_threshold()), daemon=True)
    process.start()
    there.close()  # or its end would not be noticed
    return _Worker(process, here)


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


def _serve(pipe: Connection, module: str, garbage: tuple[int, int, int]) -> None:
    """Answer inputs until there are no more, or nobody is left to ask; garbage is looked for as in who started it."""
    gc.set_threshold(*garbage)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    with contextlib.suppress(EOFError, ConnectionError):
        try:
            importlib.import_module(module)
            prepare, work = pipe.recv()
            prepare()
        except Exception as error:
            pipe.send(_Unready(error))
            return
        inputs = SimpleQueue[object]()
        threading.Thread(target=_take, args=(pipe, inputs), daemon=True).start()
        while (given := inputs.get()) is not None:
            pipe.send(_answer(work, given))


def _take(pipe: Connection, inputs: SimpleQueue[object]) -> None:
    """Take inputs from the pipe as they come: whoever sends one must never wait for who sends a result."""
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            inputs.put(pipe.recv())
    inputs.put(None)


def _answer(work: Callable[[T], R], given: T) -> R | _Failure:
    try:
        return work(given)
    except Exception as error:
        return _Failure(error)


def _follow(parent: BaseProcess) -> None:
    """See to it that a worker does not outlive who started it, whatever it is at."""
    parent.join()
    os._exit(1)
