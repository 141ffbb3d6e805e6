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
from policy_eval.evaluation import Evaluation, Judge
from policy_eval.report import FORMATS, assemble
from policy_eval.report.wire import ReportV1

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work gives, and the seconds of this process it took."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def judged(number: int) -> list[list[Evaluation]]:
    """The first shipped designs under every set, by set."""
    profile = library.load_profile("default")
    judges = [Judge(library.load_set(name), profile) for name in library.set_names()]
    files = [library.load_design(name) for name in library.design_names()[:number]]
    return [[judge.evaluate(file) for file in files] for judge in judges]


def model(by_set: list[list[Evaluation]], format: str) -> ReportV1:
    """The report that a format reads."""
    module = _module(format)
    comparisons = [comparison.compare(of_set, reasons=False) for of_set in by_set]
    return assemble.report([e for of_set in by_set for e in of_set], comparisons, wants=module.WANTS)


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
    by_set, judging = timed(lambda: judged(number))
    each = judging / number * 1e3
    print(f"{number} designs under {len(by_set)} sets: judging {judging:.2f} s ({each:.0f} ms a design)")
    for format in ("html", "markdown", "csv", "xlsx", "json"):
        report, making = timed(lambda f=format: model(by_set, f))  # type: ignore[misc]
        written, writing = timed(lambda f=format, r=report: size(r, f))  # type: ignore[misc]
        print(
            f"{format:9} model {making:6.2f} s ({making / judging:4.2f})   writing {writing:6.2f} s "
            f"({writing / judging:4.2f})   {written / 1e6:6.2f} MB"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
