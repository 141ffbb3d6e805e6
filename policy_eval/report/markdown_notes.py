"""What Markdown reports tell in full and in short alike: footnotes, numbered as they are first met, and the scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_eval.messages import gettext as _
from policy_eval.report import phrases
from policy_eval.report.arranged import Design, Note
from policy_eval.report.markup import code, link, listed, plain
from policy_eval.report.wire import EvaluationV1
from policy_eval.report.wire_designs import CitationV1, DocumentV1
from policy_eval.report.words import says


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


def scope(e: EvaluationV1, notes: Notes) -> str:
    """Whether the set covers the design, where that needs saying."""
    found = e.scope
    if found.outcome == "undecided":
        return phrases.scope_open(code(e.set), opened(found.open, found.unsettled))
    if found.outcome == "does_not_apply":
        facts = ", ".join(f"{code(says(f))}{notes.mark(e.design, f.path)}" for f in found.evidence)
        return phrases.uncovered(code(e.set), facts)
    return ""


def opened(facts: Sequence[str], unsettled: Sequence[str]) -> str:
    """What something hangs on: the first few facts, and all unsettled law, which no other line would tell."""
    return ", ".join(phrases.open_of([listed(facts)] if facts else [], [*map(code, unsettled)]))
