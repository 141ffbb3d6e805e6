"""Reports: the versioned wire model, and one module per format that reads it.

A format is a module with `write(report, out)`, which writes to a text stream, `EVERY_PLACE`, which says whether it
shows other places than those of conflicts, and `SIDE_BY_SIDE`, the number of designs up to which a comparison shows
its reasons (None: always); and a line in `FORMATS`. Decided cases, changes of designs and the gate have wire models
and formats of their own, in `CASES`, `DIFF` and the package `check`.
"""

from __future__ import annotations

FORMATS = {
    "text": "policy_eval.report.text",
    "json": "policy_eval.report.json",
}
CASES = {
    "text": "policy_eval.report.cases_text",
    "json": "policy_eval.report.cases_json",
    "markdown": "policy_eval.report.cases_markdown",
}
DIFF = {
    "text": "policy_eval.report.diff_text",
    "json": "policy_eval.report.diff_json",
    "markdown": "policy_eval.report.diff_markdown",
}
