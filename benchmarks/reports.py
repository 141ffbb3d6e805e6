"""python -m benchmarks.reports [DESIGNS]: what reports cost beside the judging, all sets: seconds, share, size.

The reference is judging itself: the same designs by both evaluators in the same process. `model` is what every format
reads (evidence, open facts, causes); then each format alone. Machines are noisy, so read the shares.
"""

from __future__ import annotations

import gc
import io
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from policy_eval import comparison, library
from policy_eval.evaluation import Engine, Evaluation, Judges
from policy_eval.report import FORMATS, assemble
from policy_eval.report.wire import ReportV1

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and the seconds of this process it took."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def judges() -> Judges:
    """Judges for every set."""
    sets = [library.load_set(name) for name in library.set_names()]
    return Judges(sets, library.load_profile("default"), Engine.BOTH)


def judged(number: int, under: Judges) -> list[list[Evaluation]]:
    """The first shipped designs under every set, by design."""
    files = [library.load_design(name) for name in library.design_names()[:number]]
    return [[judge.evaluate(file) for judge in under.on(None)] for file in files]


def model(by_design: list[list[Evaluation]], under: Judges, format: str) -> ReportV1:
    """The comparison that a format reads."""
    detail = _module(format).WANTS.detail(len(by_design) * len(under.sets))
    told = [assemble.told(of_design, detail=detail) for of_design in by_design]
    standings = [[comparison.Standing.of(e) for e in of_set] for of_set in zip(*by_design, strict=True)]
    comparisons = [comparison.compare_standings(of_set) for of_set in standings]
    return assemble.report(told, under.sets, under.profile, under.engine, comparisons=comparisons)


def size(report: ReportV1, format: str) -> int:
    """Bytes of a report."""
    data = io.BytesIO()
    with io.TextIOWrapper(data, encoding="utf-8", write_through=True) as out:
        _module(format).write(report, out)
        return len(data.getvalue())


def _module(format: str):  # type: ignore[no-untyped-def]
    return __import__(FORMATS[format], fromlist=["write"])


def main(number: int) -> None:
    gc.set_threshold(1_000_000, 50, 50)
    under = judges()
    by_design, judging = timed(lambda: judged(number, under))
    each = judging / number * 1e3
    print(f"{number} designs under {len(under.sets)} sets: judging {judging:.2f} s ({each:.0f} ms a design)")
    for format in ("html", "markdown", "csv", "xlsx", "json"):
        report, making = timed(lambda f=format: model(by_design, under, f))  # type: ignore[misc]
        written, writing = timed(lambda f=format, r=report: size(r, f))  # type: ignore[misc]
        print(
            f"{format:9} model {making:6.2f} s ({making / judging:4.2f})   writing {writing:6.2f} s "
            f"({writing / judging:4.2f})   {written / 1e6:6.2f} MB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
