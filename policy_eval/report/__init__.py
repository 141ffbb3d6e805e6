"""Reports: the versioned wire model, and one module per format that reads it.

A format is a module with `write(report)`, which prints to stdout, and `EVERY_PLACE`, which says whether it shows
other places than those of conflicts; and a line in `FORMATS`.
"""

from __future__ import annotations

FORMATS = {
    "text": "policy_eval.report.text",
    "json": "policy_eval.report.json",
}
