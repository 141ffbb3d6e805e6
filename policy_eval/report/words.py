"""The words and symbols that every format uses alike. Nothing here is escaped for a format."""

from __future__ import annotations

import math

from policy_eval.messages import ngettext
from policy_eval.report.wire import PRESENT, EvaluationV1, EvidenceV1, FindingV1, PlaceV1
from policy_eval.vocabulary.law import Band, Outcome, SetKind

SYMBOLS = {"conflict": "X", "conflict_unless_excused": "!", "undecided": "?", "no_conflict": ".", "not_applicable": "-"}
CONFLICTS = ("conflict", "conflict_unless_excused")
COUNTED = (*CONFLICTS, "undecided", "no_conflict")  # the outcomes of rules that apply
ROLES = {
    "supplies_data": "whoever supplies data",
    "computes_score": "whoever computes the score",
    "acts_on_score": "whoever acts on the score",
    "processes_on_instruction": "whoever processes on instruction",
    "publishes": "whoever publishes",
}
SHOWN = 4


def visible(text: str) -> str:
    """Text from outside with control and invisible characters escaped, line ends kept."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)


def words(term: str) -> str:
    """The words people read for an outcome, a band or a kind of set."""
    for terms in (Outcome, Band, SetKind):
        for member in terms:
            if member.value == term:
                return member.definition
    return term


def taken(facts: str) -> str:
    """Which facts a verdict rests on, where it is not all of them."""
    return f"Facts: {facts} only; all others are taken as unknown."


def counted(number: int, what: str) -> str:
    """A number of things: `1 place`, `2 places`."""
    return f"{number} {ngettext(what, f'{what}s', number)}"


def points(value: float) -> str:
    """A score, whole unless that would make it 0 or 100 where it is not."""
    for digits in range(4):
        text = f"{value:.{digits}f}"
        if float(text) not in (0, 100) or value in (0, 100):
            return text
    return "more than 0" if value < 1 else "less than 100"


def share(part: float) -> str:
    """A share of one in whole percent, never more than it is: what is nearly all, or nearly enough, is not."""
    percent = math.floor(100 * part + 1e-9)
    return f"{percent}%" if percent or part <= 0 else "under 1%"


def listed(items: list[str]) -> str:
    """The first few items, and how many more there are."""
    shown = ", ".join(items[:SHOWN])
    return f"{shown} and {len(items) - SHOWN} more" if len(items) > SHOWN else shown


def where(evidence: EvidenceV1) -> str:
    """Place and standing of a fact."""
    return f"({evidence.file}:{evidence.line}:{evidence.column}, {evidence.status})"


def says(fact: EvidenceV1) -> str:
    """A fact as it reads: its value, or of a part that it is there."""
    return f"{fact.path} is {PRESENT}" if fact.value == PRESENT else f"{fact.path} = {fact.value}"


def telling(finding: FindingV1) -> list[PlaceV1]:
    """The stated places that make the outcome what it is."""
    return [p for p in finding.places if p.seen and p.outcome == finding.outcome]


def nothing_in_force(e: EvaluationV1) -> bool:
    """Whether the set has rules, and none of them is in force on the day."""
    return not e.findings and bool(e.not_in_force)


def address(url: str | None) -> str | None:
    """An address that a reader may follow: of the web, and nothing else."""
    return url if url and url.lower().startswith(("https://", "http://")) else None
