"""Changes of designs as JSON, version 1."""

from __future__ import annotations

from dataclasses import asdict
from typing import TextIO

from policy_eval.report.diff import DiffV1
from policy_eval.report.json import dumps


def write(report: DiffV1, out: TextIO) -> None:
    """Write the report as JSON; same report, same bytes."""
    print(dumps(asdict(report)), file=out)
