"""A warm server: the program with its modules imported, from which every run is forked.

Half a second of imports goes before a run of the program that itself may take a tenth of that. A run that is forked
is a process like any other, with its own memory, files, folder, environment and signals, and runs `python -m
policy_eval` from the first line; only its imports are there already. What Python itself reads at its start cannot be
given to it later: where that differs, a new process is started after all.

`python -m tests.warm_server SOCKET` serves until its stdin is closed, and takes away the folder of the socket.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pathlib
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Mapping

LIMIT = 120  # seconds a run may take
_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "LD_")
_HERE = str(pathlib.Path(__file__).parent.parent)
_COERCED = "LC_CTYPE"  # set by Python itself where no locale is given


def serve(path: str) -> None:
    """Answer requests, each in a process of its own."""
    usual = _at_start(os.environ)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{path}.new")
    listener.listen(64)
    os.rename(f"{path}.new", path)  # who finds it is answered
    _warm_up()
    while listener in select.select([listener, 0], [], [])[0]:
        _reap()
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _answer(connection, usual)
        connection.close()
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)


def _warm_up() -> None:
    package = importlib.import_module("policy_eval")
    for module in pkgutil.walk_packages(package.__path__, "policy_eval."):
        if module.name != "policy_eval.__main__":
            with contextlib.suppress(Exception):  # runs that need it say what is the matter
                importlib.import_module(module.name)
    gc.freeze()  # pages nobody touches stay shared


def _reap() -> None:
    """Take leave of those that have answered."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(connection: socket.socket, usual: Mapping[str, str]) -> None:
    """Run what is asked for in one more process and say what it came to."""
    size, files, _, _ = socket.recv_fds(connection, 4, 3)
    with connection.makefile("rb") as rest:
        arguments, cwd, environment = json.loads(rest.read(int.from_bytes(size, "big")))
    child = os.fork()
    if child == 0:
        connection.close()
        _run(arguments, cwd, environment, files, fresh=_at_start(environment) != usual)
    for file in files:
        os.close(file)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(LIMIT)
    came_to = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(str(came_to).encode())
    os._exit(0)


def _run(arguments: list[str], cwd: str, environment: dict[str, str], files: list[int], *, fresh: bool) -> None:
    """Become `python -m policy_eval`; does not return."""
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.chdir(cwd)
        if fresh:
            os.execve(sys.executable, [sys.executable, "-m", "policy_eval", *arguments], environment)
        locale = {_COERCED: os.environ[_COERCED]} if _COERCED in os.environ else {}
        os.environ.clear()
        os.environ.update({**locale, **environment})
        sys.argv = ["", *arguments]
        sys.path[0] = cwd
        runpy.run_module("policy_eval", run_name="__main__", alter_sys=True)
    except BaseException:  # the program ends by itself, whatever happens in it
        traceback.print_exc()
    os._exit(70)


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """What Python reads once, at its start, as far as it changes anything: it takes C.UTF-8 by itself."""
    read = {k: v for k, v in environment.items() if k.startswith(_AT_START)}
    return {k: v for k, v in read.items() if v != (_HERE if k == "PYTHONPATH" else "C.UTF-8")}


if __name__ == "__main__":
    serve(sys.argv[1])
