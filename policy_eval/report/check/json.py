"""A check as JSON, version 1: the head first, then a line for each design and set."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TextIO

from policy_eval.report.check.wire import CheckV1
from policy_eval.report.json import dumps

DERIVATIONS = False


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as JSON; same report, same bytes."""
    head = dumps(asdict(replace(report, evaluations=[])))
    start, end = head.rsplit("[]", 1)  # `evaluations` comes last
    out.write(f"{start}[")
    separator = "\n    "
    for evaluation in report.evaluations:
        out.write(separator + json.dumps(asdict(evaluation), allow_nan=False))
        separator = ",\n    "
    out.write(f"\n  ]{end}\n")
