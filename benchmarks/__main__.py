"""python -m benchmarks: one table of milliseconds and ratios, everything in one run.

Each engine row is measured in fresh processes (`first`: judging the first design under every set;
`warm`: the median of further ones). Medians of several processes; machines are noisy, so read the
ratios.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time

RUNS = 7
SIZES = ("15", "65", "200", "all")


def child(kind: str, count: str, design: str) -> dict[str, float]:
    """Measure one configuration in this process."""
    from benchmarks import workload
    from benchmarks.compiled import Compiled
    from policy_eval import library
    from policy_eval.evaluation import Engine, Judge

    gc.set_threshold(1_000_000, 50, 50)  # as the command line does: a collection costs more than a design
    sets = workload.sets(None if count == "all" else int(count))
    file = {
        "founding": workload.founding,
        "generated": workload.generated,
        "dense": lambda: workload.generated(dense=True),
    }[design]()
    profile = library.load_profile("default")
    start = time.perf_counter()
    if kind == "compiled":
        compiled = [Compiled(s, s.rules) for s in sets]
        ready = time.perf_counter()
        judge_one = lambda: [c.evaluate(file.design) for c in compiled]  # noqa: E731
    else:
        judges = [Judge(s, profile, engine=Engine(kind), rules=s.rules) for s in sets]
        ready = time.perf_counter()
        judge_one = lambda: [j.signs(file.design) for j in judges]  # noqa: E731
    judge_one()
    first = time.perf_counter()
    warm = []
    for _ in range(15):
        begun = time.perf_counter()
        judge_one()
        warm.append(time.perf_counter() - begun)
    return {"make": (ready - start) * 1e3, "first": (first - ready) * 1e3, "warm": statistics.median(warm) * 1e3}


def memory() -> None:
    """Resident memory over 10,000 designs judged by both evaluators."""
    from benchmarks import workload
    from policy_eval import library
    from policy_eval.evaluation import Judge

    profile, file = library.load_profile("default"), workload.founding()
    judges = [Judge(s, profile, rules=s.rules) for s in workload.sets(15)]
    for n in range(1, 10_001):
        for judge in judges:
            judge.evaluate(file)
        if n in (100, 1_000, 5_000, 10_000):
            with open("/proc/self/statm", encoding="ascii") as statm:
                pages = int(statm.read().split()[1])
            print(f"  after {n:>6} designs: {pages * os.sysconf('SC_PAGE_SIZE') / 1e6:.1f} MB", flush=True)


def spawn(arguments: list[str]) -> dict[str, float]:
    """The medians of a configuration over fresh processes."""
    found = [
        json.loads(
            subprocess.run([sys.executable, "-m", "benchmarks", *arguments], capture_output=True, check=True).stdout
        )
        for _ in range(RUNS)
    ]
    return {key: statistics.median(f[key] for f in found) for key in found[0]}


def whole(command: list[str]) -> float:
    """Milliseconds of a whole process, median."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        times.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times)


def main() -> None:
    """Run everything and print the tables."""
    print("engine: scope, concepts and places of all rules; `both` includes the cross-check (ms)")
    print(f"{'design':<10}{'rules':>6} {'evaluator':<10}{'make':>8}{'first':>8}{'warm':>8}{'warm / compiled':>17}")
    for design in ("founding", "generated", "dense"):
        for count in SIZES:
            base = spawn(["child", "compiled", count, design])
            for kind in ("compiled", "reference", "durable", "both"):
                row = base if kind == "compiled" else spawn(["child", kind, count, design])
                ratio = row["warm"] / base["warm"]
                times = f"{row['make']:>8.1f}{row['first']:>8.1f}{row['warm']:>8.1f}"
                print(f"{design:<10}{count:>6} {kind:<10}{times}{ratio:>17.1f}", flush=True)
    print("\nwhole processes (ms, and as a ratio to a bare start)")
    bare = whole([sys.executable, "-c", "pass"])
    module = [sys.executable, "-m", "policy_eval"]
    for name, command in (
        ("bare start", [sys.executable, "-c", "pass"]),
        ("--help", [*module, "--help"]),
        ("evaluate, one set", [*module, "evaluate", "sesame-credit-2018", "-p", "gdpr"]),
        ("evaluate, all sets", [*module, "evaluate", "sesame-credit-2018"]),
        ("privacy-first, all sets", [*module, "evaluate", "privacy-first-credit"]),
        ("compare three, one set", [*module, "compare", "sesame-credit-2018", "sesame-credit-unticked",
                                    "privacy-first-credit", "-p", "gdpr"]),
    ):  # fmt: skip
        took = whole(command)
        print(f"  {name:<24}{took:>8.0f}{took / bare:>8.1f}", flush=True)
    print("\nmemory, 15 rules, both evaluators")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "benchmarks", "memory"], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        print(json.dumps(child(sys.argv[2], sys.argv[3], sys.argv[4])))
    elif sys.argv[1:2] == ["memory"]:
        memory()
    else:
        main()
