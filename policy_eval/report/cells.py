"""Texts from outside in the cells of tables that spreadsheets read."""

from __future__ import annotations

from policy_eval.report.words import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide ones are taken for the others


def line(text: str) -> str:
    """Text as one line; control and invisible characters are written out."""
    return text if text.isprintable() else " ".join(visible(text).split())


def guarded(text: str) -> str:
    """Text as one line; what a spreadsheet would take for a formula begins with an apostrophe (OWASP ASVS 1.2.10)."""
    shown = line(text).lstrip()
    return f"'{shown}" if shown.startswith(_FORMULA) or text.startswith(_FORMULA) else shown
