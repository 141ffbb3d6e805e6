"""The words and symbols that every format uses alike. Nothing here is escaped for a format."""

from __future__ import annotations

import math
from collections.abc import Callable

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report.wire import PRESENT, EvaluationV1, EvidenceV1, FindingV1, PlaceV1

SYMBOLS = {"conflict": "X", "conflict_unless_excused": "!", "undecided": "?", "no_conflict": ".", "not_applicable": "-"}
CONFLICTS = ("conflict", "conflict_unless_excused")
COUNTED = (*CONFLICTS, "undecided", "no_conflict")  # the outcomes of rules that apply
ROLES = {
    "supplies_data": _("whoever supplies data"),
    "computes_score": _("whoever computes the score"),
    "acts_on_score": _("whoever acts on the score"),
    "processes_on_instruction": _("whoever processes on instruction"),
    "publishes": _("whoever publishes"),
}
# The definitions of the vocabulary once more, as literals: tools for translators read no enumeration.
TERMS = {
    "conflict": _("in conflict on the facts given"),
    "conflict_unless_excused": _("in conflict unless excused"),
    "undecided": _("undecided"),
    "no_conflict": _("no conflict found on the facts given"),
    "not_applicable": _("does not apply"),
    "prohibited_practice_indicated": _("a prohibited practice is indicated"),
    "serious_conflicts": _("serious conflicts"),
    "some_conflicts": _("some conflicts"),
    "none_found": _("no conflict found on the facts given"),
    "too_little_known": _("too little is known"),
    "does_not_apply": _("does not apply"),
    "law": _("binding law"),
    "soft_law": _("text without binding force"),
    "framework": _("an analytic scheme without norms"),
    "internal": _("an organisation's own policy"),
}
# What is counted, each noun with its number, as languages have other plurals and other places for the number.
NOUNS: dict[str, Callable[[int], str]] = {
    "advisory conflict": lambda n: ngettext("%(number)s advisory conflict", "%(number)s advisory conflicts", n),
    "concept": lambda n: ngettext("%(number)s concept", "%(number)s concepts", n),
    "conflict": lambda n: ngettext("%(number)s conflict", "%(number)s conflicts", n),
    "covered finding": lambda n: ngettext("%(number)s covered finding", "%(number)s covered findings", n),
    "day": lambda n: ngettext("%(number)s day", "%(number)s days", n),
    "decided case": lambda n: ngettext("%(number)s decided case", "%(number)s decided cases", n),
    "decision": lambda n: ngettext("%(number)s decision", "%(number)s decisions", n),
    "deeper step": lambda n: ngettext("%(number)s deeper step", "%(number)s deeper steps", n),
    "design": lambda n: ngettext("%(number)s design", "%(number)s designs", n),
    "fact": lambda n: ngettext("%(number)s fact", "%(number)s facts", n),
    "input": lambda n: ngettext("%(number)s input", "%(number)s inputs", n),
    "label": lambda n: ngettext("%(number)s label", "%(number)s labels", n),
    "more design": lambda n: ngettext("%(number)s more design", "%(number)s more designs", n),
    "more fact": lambda n: ngettext("%(number)s more fact", "%(number)s more facts", n),
    "more place": lambda n: ngettext("%(number)s more place", "%(number)s more places", n),
    "more rule": lambda n: ngettext("%(number)s more rule", "%(number)s more rules", n),
    "pair": lambda n: ngettext("%(number)s pair", "%(number)s pairs", n),
    "place": lambda n: ngettext("%(number)s place", "%(number)s places", n),
    "rule": lambda n: ngettext("%(number)s rule", "%(number)s rules", n),
    "set": lambda n: ngettext("%(number)s set", "%(number)s sets", n),
}
SHOWN = 4


def visible(text: str) -> str:
    """Text from outside with control and invisible characters escaped, line ends kept."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)


def words(term: str) -> str:
    """The words people read for an outcome, a band or a kind of set."""
    return TERMS.get(term, term)


def taken(facts: str) -> str:
    """Which facts a verdict rests on, where it is not all of them."""
    return _("Facts: %(facts)s only; all others are taken as unknown.") % {"facts": facts}


def counted(number: int, what: str) -> str:
    """A number of things: `1 place`, `2 places`; KeyError where `what` is none of `NOUNS`."""
    return NOUNS[what](number) % {"number": number}


def points(value: float) -> str:
    """A score, whole unless that would make it 0 or 100 where it is not."""
    for digits in range(4):
        text = f"{value:.{digits}f}"
        if float(text) not in (0, 100) or value in (0, 100):
            return text
    return _("more than 0") if value < 1 else _("less than 100")


def share(part: float) -> str:
    """A share of one in whole percent, never more than it is: what is nearly all, or nearly enough, is not."""
    percent = math.floor(100 * part + 1e-9)
    return f"{percent}%" if percent or part <= 0 else _("under %(share)s") % {"share": "1%"}


def listed(items: list[str]) -> str:
    """The first few items, and how many more there are."""
    shown = ", ".join(items[:SHOWN])
    if (left := len(items) - SHOWN) <= 0:
        return shown
    return ngettext("%(items)s and %(number)s more", "%(items)s and %(number)s more", left) % {
        "items": shown,
        "number": left,
    }


def where(evidence: EvidenceV1) -> str:
    """Place and standing of a fact."""
    return f"({evidence.file}:{evidence.line}:{evidence.column}, {evidence.status})"


def says(fact: EvidenceV1) -> str:
    """A fact as it reads: its value, or of a part that it is there."""
    return _("%(fact)s is stated") % {"fact": fact.path} if fact.value == PRESENT else f"{fact.path} = {fact.value}"


def telling(finding: FindingV1) -> list[PlaceV1]:
    """The stated places that make the outcome what it is."""
    return [p for p in finding.places if p.seen and p.outcome == finding.outcome]


def nothing_in_force(e: EvaluationV1) -> bool:
    """Whether the set has rules, and none of them is in force on the day."""
    return not e.findings and bool(e.not_in_force)


def address(url: str | None) -> str | None:
    """An address that a reader may follow: of the web, and nothing else."""
    return url if url and url.lower().startswith(("https://", "http://")) else None
