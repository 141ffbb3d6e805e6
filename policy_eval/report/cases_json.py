"""Decided cases as JSON, version 1."""

from __future__ import annotations

from dataclasses import asdict

from policy_eval.report.cases import CasesV1
from policy_eval.report.json import dumps


def write(report: CasesV1) -> None:
    """Print the report as JSON; same report, same bytes."""
    print(dumps(asdict(report)))
