"""Exercises, marks and model answers: their wire model, and the formats that read it.

`told` puts what people read into blocks (headings, paragraphs, items), which text and Markdown show each in its way.
"""

from __future__ import annotations

EXERCISES = {
    "text": "policy_eval.report.exercise.text",
    "json": "policy_eval.report.exercise.json",
    "markdown": "policy_eval.report.exercise.markdown",
}
GRADES = {**EXERCISES, "csv": "policy_eval.report.exercise.csv"}
