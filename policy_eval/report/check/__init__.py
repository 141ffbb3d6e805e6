"""Reports of the gate: their wire model, and one module per format that reads it.

A format is a module with `write(report, out)`, which writes to a text stream, and `DERIVATIONS`, which says whether it
shows how findings were derived; and a line in `FORMATS`.
"""

from __future__ import annotations

FORMATS = {
    name: f"policy_eval.report.check.{name}"
    for name in ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv")
}
