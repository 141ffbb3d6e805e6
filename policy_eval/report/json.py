"""Reports as JSON, version 1."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TextIO

from policy_eval.report import Wants
from policy_eval.report.wire import ReportV1

WANTS = Wants(places=None)


def write(report: ReportV1, out: TextIO) -> None:
    """Write the report as JSON; same report, same bytes."""
    print(dumps(asdict(report)), file=out)


def dumps(value: object) -> str:
    """Any plain value as JSON text, in ASCII so that every locale gives the same bytes; refuses NaN."""
    return json.dumps(value, indent=2, allow_nan=False)
