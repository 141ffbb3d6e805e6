"""Footnotes of Markdown reports: what stands behind a fact, numbered in the order in which they are first met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_eval.messages import gettext as _
from policy_eval.report.arranged import Design, Note
from policy_eval.report.markup import link, plain
from policy_eval.report.wire_designs import CitationV1, DocumentV1


class Notes:
    """The footnotes met so far."""

    def __init__(self, designs: Sequence[Design]) -> None:
        self._designs = {d.told.id: d for d in designs}
        self._numbers: dict[str, tuple[int, Note]] = {}

    def mark(self, design: str, path: str) -> str:
        """The reference to the footnote on a fact; nothing where none stands behind it."""
        note = self._designs[design].note(path)
        if note is None:
            return ""
        number, _note = self._numbers.setdefault(note.anchor, (len(self._numbers) + 1, note))
        return f"[^{number}]"

    def definitions(self) -> Iterator[str]:
        """The footnotes themselves."""
        for number, note in self._numbers.values():
            # The full stop keeps readers without footnotes from taking the line for the address of a link.
            yield f"[^{number}]: {'; '.join(_cited(*x) for x in note.citations)}."


def _cited(c: CitationV1, document: DocumentV1 | None) -> str:
    said = f"{plain(c.status)}{f', {plain(c.note)}' if c.note else ''}"
    if document is None:
        return f"{_('No document is cited')}: {said}"
    parts = [plain(document.author)] if document.author else []
    parts.append(link(document.title, document.url))
    parts += [plain(x) for x in (document.publisher, document.date, document.locator, c.locator) if x]
    return f"{', '.join(parts)}: {said}"
