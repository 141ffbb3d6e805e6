"""A gradebook as a table for spreadsheets: a row for each task of each answer, and one for each that cannot be read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from policy_eval.report import streams
from policy_eval.report.cells import guarded
from policy_eval.report.exercise.wire import GradesV1

COLUMNS = (
    "answer",
    "student",
    "exercise",
    "task",
    "kind",
    "answered",
    "points",
    "of",
    "for_a_person",
    "to_read",
    "problems",
)


def write(report: GradesV1, out: TextIO) -> None:
    """Write marks as CSV with a header row; rows end as RFC 4180 says."""
    streams.prepare(out)
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in rows(report):
        table.writerow({name: guarded(str(value)) for name, value in row.items()})


def rows(report: GradesV1) -> Iterator[dict[str, object]]:
    """Every row, by column; a task that is for a person has no points of the tool."""
    for g in report.grades:
        for task in g.tasks:
            yield {
                "answer": g.answer,
                "student": g.student or "",
                "exercise": g.exercise,
                "task": task.id,
                "kind": task.kind,
                "answered": "yes" if task.answered else "no",
                "points": f"{task.points:g}" if task.by_tool else "",
                "of": task.of,
                "for_a_person": f"{task.pending:g}",
                "to_read": task.to_read,
            }
    for failed in report.not_graded:
        yield {"answer": failed.answer, "problems": "; ".join(failed.problems)}
