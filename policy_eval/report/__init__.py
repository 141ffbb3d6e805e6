"""Reports: the versioned wire model, and one module per format that reads it.

A format is a module with `write(report, out)`, which writes to a text stream, and `WANTS`, which says how much of the
report it shows; and a line in `FORMATS`. Decided cases, changes of designs and the gate have wire models and formats of
their own, in `CASES`, `DIFF` and the package `check`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wants:
    """How much a format shows, so that what nobody sees is not worked out.

    Each is a number of evaluations up to which something is shown; None stands for always, 0 for never. `places`:
    places other than those of conflicts; `derivations`: every step behind a place; `reasons`: the places and facts
    behind the differences between as many designs.
    """

    places: int | None = 0
    derivations: int | None = 0
    reasons: int | None = None

    def detail(self, evaluations: int) -> Detail:
        """What a report with so many evaluations tells of each."""
        return Detail(within(evaluations, self.places), within(evaluations, self.derivations))


@dataclass(frozen=True, slots=True)
class Detail:
    """What is told of an evaluation: places other than those of conflicts, and every step behind a place."""

    places: bool
    derivations: bool


EVERY_PLACE = Detail(places=True, derivations=False)


def within(number: int, limit: int | None) -> bool:
    """Whether a number is few enough to show something."""
    return limit is None or number <= limit


FORMATS = {
    "text": "policy_eval.report.text",
    "json": "policy_eval.report.json",
    "html": "policy_eval.report.html",
    "markdown": "policy_eval.report.markdown",
    "csv": "policy_eval.report.csv",
    "xlsx": "policy_eval.report.xlsx",
    "docx": "policy_eval.report.docx",
    "pdf": "policy_eval.report.pdf",
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
# What to install for a format that needs more than the package itself.
EXTRAS: dict[str, str] = {"docx": "docs", "pdf": "docs", "xlsx": "xlsx"}
