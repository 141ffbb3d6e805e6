"""The program, run by tests as often as they like.

`run` forks it from a warm server (tests/warm_server.py), which spares most of its start; `run_anew` starts it as users
do, for tests about its start and for golden files.
"""

from __future__ import annotations

import atexit
import functools
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time

from policy_eval.engine import rete
from tests import warm_client

ROOT = pathlib.Path(__file__).parent.parent
_NOT_OURS = ("LC_", "LANG", "TZ", "COLUMNS", "PYTHON", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TTY_", "SOURCE_DATE_")
BASE = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_OURS)}
_ALONE = "note: durable_rules is not installed: the reference evaluator serves alone, without a second opinion\n"
START = [sys.executable, "-m", "policy_eval"]


def unnoted(stderr: str) -> str:
    """What the program says on stderr, but for the note that one evaluator serves alone where that is so."""
    return stderr if rete.AVAILABLE else stderr.replace(_ALONE, "")


def surroundings(**more: str) -> dict[str, str]:
    """The environment in which tests run the program: nothing of whoever runs them shows."""
    return {**BASE, "COLUMNS": "80", "PYTHONPATH": str(ROOT), **more}


def run(*arguments: str, cwd: pathlib.Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the program says and comes to."""
    server = warm_server()
    if server is None:
        return run_anew(*arguments, cwd=cwd, **environment)
    said: dict[str, str] = {}
    with open(os.devnull, "rb") as nothing:
        ends = {name: os.pipe() for name in ("stdout", "stderr")}
        files = (nothing.fileno(), ends["stdout"][1], ends["stderr"][1])
        connection = warm_client.request(server, arguments, str(cwd), surroundings(**environment), files)
        for _, end in ends.values():
            os.close(end)
    readers = [threading.Thread(target=_read, args=(name, end, said)) for name, (end, _) in ends.items()]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    code = warm_client.code(connection)
    return subprocess.CompletedProcess([*START, *arguments], code, said["stdout"], unnoted(said["stderr"]))


def _read(name: str, end: int, said: dict[str, str]) -> None:
    with open(end, encoding="utf-8") as stream:
        said[name] = stream.read()


def run_anew(*arguments: str, cwd: pathlib.Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same by a process started as users start it."""
    env = surroundings(**environment)
    done = subprocess.run([*START, *arguments], capture_output=True, text=True, env=env, cwd=cwd, timeout=120)
    done.stderr = unnoted(done.stderr)
    return done


def installed(folder: pathlib.Path) -> pathlib.Path:
    """Put `policy-eval` into a folder, for shells that have it on their path; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "policy-eval"
    server = warm_server()
    words = START if server is None else [sys.executable, "-I", "-S", warm_client.__file__, server]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


@functools.cache
def warm_server() -> str | None:
    """The socket of the warm server of this process, started at the first need; None where programs cannot fork."""
    if not hasattr(os, "fork") or sys.platform == "darwin":  # on macOS, system libraries do not survive a fork
        return None
    path = f"{tempfile.mkdtemp(prefix='warm-')}/socket"  # in the folders of tests, its path would be too long
    command = [sys.executable, "-m", "tests.warm_server", path]
    # It ends when this process does, which holds the other end of its stdin. Its output are pipes, as that of runs is:
    # Python's own streams, which runs inherit, would seek in files.
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=surroundings()
    )
    atexit.register(process.communicate)
    end = time.monotonic() + 60
    while not os.path.exists(path):
        assert process.poll() is None and time.monotonic() < end, "the warm server does not start"
        time.sleep(0.01)
    return path
