"""Exercises and marks as JSON, version 1."""

from __future__ import annotations

from dataclasses import asdict
from typing import TextIO

from policy_eval.report.exercise.told import Report
from policy_eval.report.exercise.wire import TOOL, ExercisesV1, ExerciseV1
from policy_eval.report.json import dumps


def write(report: Report, out: TextIO) -> None:
    """Write the report as JSON; same report, same bytes. One exercise is written as a list of one."""
    report = ExercisesV1(1, TOOL, [report]) if isinstance(report, ExerciseV1) else report
    print(dumps(asdict(report)), file=out)
