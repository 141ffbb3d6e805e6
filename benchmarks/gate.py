"""python -m benchmarks.gate [DESIGNS]: many designs at the gate, all sets: designs a second, cores, memory.
python -m benchmarks.gate base [DESIGNS]: what `--base` adds to a check under one set, in time and memory.

The designs are copies of the shipped ones under new ids. The reference is the engine's own cost: the same designs
judged by both evaluators in one process, nothing looked at or written. Machines are noisy, so read the ratios.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write(folder: Path, number: int) -> None:
    """Copies of the shipped designs, each under an id of its own; variants lie beside copies of what they extend."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in sorted((ROOT / "designs").glob("*.design.yaml"))}
    names = sorted(texts, key=lambda name: "\nextends:" in texts[name])  # variants last: none lacks its parent
    for n, name in zip(range(number), itertools.cycle(names), strict=False):
        part = folder / f"part-{n // len(names):03}"
        part.mkdir(exist_ok=True)
        lines = [f"{x}-{part.name}" if x.startswith("id:") else x for x in texts[name].splitlines()]
        (part / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def engine(folder: Path, number: int) -> float:
    """Seconds for a design to be judged by both evaluators under all sets, in one process, once all is warm."""
    from policy_eval import library
    from policy_eval.evaluation import Judge

    gc.set_threshold(1_000_000, 50, 50)
    profile = library.load_profile("default")
    judges = [Judge(library.load_set(name), profile) for name in library.set_names()]
    files = [library.load_design(str(p)) for p in sorted(folder.rglob("*.design.yaml"))[:number]]
    for file in files[:5]:
        for judge in judges:
            judge.signs(file.design)
    begun = time.perf_counter()
    for file in files:
        for judge in judges:
            judge.signs(file.design)
    return (time.perf_counter() - begun) / len(files)


def check(folder: Path, jobs: int, *arguments: str) -> tuple[float, float, float]:
    """Seconds for `check` of a folder, the cores it kept busy, and the most memory of all its processes, in MB."""
    command = [sys.executable, "-m", "policy_eval", "check", str(folder), "-j", str(jobs), "--exit-zero", *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen(command, stdout=nothing, cwd=ROOT)
        peak = [0.0]
        watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
        watcher.start()
        assert process.wait() == 0
    took = time.perf_counter() - begun
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, busy / took, peak[0]


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_memory(pid) for pid in _family(process.pid)))
        time.sleep(0.5)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(p for c in children for p in _family(int(c)))]


def _memory(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def since(number: int) -> None:
    """Print what looking for lost facts adds, by how many files were touched since the revision."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, number)
        _git(folder, "init", "-q")
        _git(folder, "add", "-A")
        _git(folder, "commit", "-q", "-m", "before")
        designs = sorted(folder.rglob("*.design.yaml"))
        print(f"{number} designs under one set, one process")
        took, cores, peak = check(folder, 1, "-p", "oecd")
        own = took * cores  # of the processor: others may be at work
        print(f"without --base: {own:.1f} s, {peak:.0f} MB", flush=True)
        for share, touched in (("none", []), ("a tenth", designs[::10]), ("all", designs)):
            for path in touched:
                path.write_text(path.read_text(encoding="utf-8") + "# touched\n", encoding="utf-8")
            took, cores, more = check(folder, 1, "-p", "oecd", "--base", "HEAD")
            print(f"--base, {share} touched: time x {took * cores / own:.2f}, memory x {more / peak:.2f}", flush=True)


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True)


def main(number: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, number)
        print(f"{number} designs under all sets")
        own = json.loads(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.gate", "engine", name], capture_output=True, check=True, cwd=ROOT
            ).stdout
        )
        print(f"engine alone, both evaluators, one process: {own * 1e3:.0f} ms a design ({1 / own:.1f} a second)")
        print(f"{'jobs':>6} {'format':<8}{'designs/s':>10}{'engine / whole':>16}{'cores':>7}{'peak MB':>9}")
        for jobs, format in ((1, "text"), (2, "text"), (2, "json"), (2, "sarif")):
            took, cores, peak = check(folder, jobs, "-f", format)
            rate = number / took
            print(f"{jobs:>6} {format:<8}{rate:>10.1f}{rate * own:>16.2f}{cores:>7.1f}{peak:>9.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["engine"]:
        print(json.dumps(engine(Path(sys.argv[2]), 60)))
    elif sys.argv[1:2] == ["base"]:
        since(int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
