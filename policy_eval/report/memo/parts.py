"""Pieces of a memorandum that several of its sections use: words, facts with their footnotes, law with its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report import phrases
from policy_eval.report.memo.ast import Inline, Inlines, cite, code, joined, note, strong, text
from policy_eval.report.memo.references import Library
from policy_eval.report.wire import EvaluationV1, EvidenceV1, GroundV1, ReportV1
from policy_eval.report.wire_designs import CitationV1, DesignV1
from policy_eval.report.words import CONFLICTS, SHOWN, SYMBOLS, says

MANY = 12  # evaluations from which each is told in tables alone, so that the document stays readable


@dataclass(frozen=True)
class Told:
    """An evaluation with the design it is about, and what it may cite."""

    evaluation: EvaluationV1
    design: DesignV1
    report: ReportV1
    library: Library

    @cached_property
    def conflicts(self) -> int:
        """How many rules are in conflict, excused or not."""
        return sum(f.outcome in CONFLICTS for f in self.evaluation.findings)


def only(facts_: str) -> str:
    """Which facts are taken as known, where not all are, as what follows a name."""
    return _("%(facts)s only; all others are taken as unknown") % {"facts": facts_}


def label(name: str, *parts: Inlines) -> Inlines:
    """A part of a paragraph under a name in bold."""
    return joined([[strong(f"{name}:")], *parts])


def bracketed(name: str) -> Inlines:
    """The name of a rule, design or set as it is asked for."""
    return [*text("("), code(name), *text(")")]


def named(title: str, name: str) -> Inlines:
    """A title with its name."""
    return joined([text(title), bracketed(name)])


def first_few(items: list[Inlines], shown: int = SHOWN) -> Inlines:
    """The first few items after each other, and how many more there are."""
    found = series([(item, []) for item in items[:shown]], ",")
    return joined([found, text(_more(len(items) - shown))])


def first_noted(items: Sequence[tuple[Inlines, Inlines]], shown: int) -> Inlines:
    """The same as a sentence, each item with its footnote."""
    more = _more(len(items) - shown)
    found = series(items[:shown], ",", "" if more else ".")
    return joined([found, text(f"{more}.")]) if more else found


def _more(number: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", number) % {"n": number} if number > 0 else ""


def series(items: Sequence[tuple[Inlines, Inlines]], between: str, last: str = "") -> Inlines:
    """Items after each other, each footnote behind the mark that ends its item."""
    ends = [*[between] * (len(items) - 1), last] if items else []
    return joined([*item, *(text(end)), *footnote] for (item, footnote), end in zip(items, ends, strict=True))


def facts(told: Told, found: Iterable[EvidenceV1], shown: int = SHOWN) -> Inlines:
    """The first few facts, those with the same evidence under one footnote, and how many more there are."""
    listed_ = list(found)
    groups: dict[tuple[object, ...], list[EvidenceV1]] = {}
    for fact in listed_[:shown]:
        groups.setdefault(tuple(told.design.citations.get(fact.path, [fact.path])), []).append(fact)
    items = [(series([(_fact(f), []) for f in group], ","), behind(told, group[0].path)) for group in groups.values()]
    return joined([series(items, ";", "."), text(_more(len(listed_) - shown))])


def _fact(found: EvidenceV1) -> Inlines:
    firmness = [] if found.status == "sourced" else text(f"({found.status})")
    return joined([[code(says(found))], firmness])


def behind(told: Told, path: str) -> Inlines:
    """The footnote on a fact; nothing where no evidence is stated."""
    found = told.design.citations.get(path, [])
    cited = [(c, key) for c in found if (key := told.library.documents.get((told.design.id, c.document or "")))]
    bare = [c for c in found if (told.design.id, c.document or "") not in told.library.documents]
    parts = [cite((key, _after(c)) for c, key in cited), *(text(_bare(c)) for c in bare)]
    return [note(*(p for p in parts if p))] if any(parts) else []


def _after(c: CitationV1) -> str:
    """What follows a citation: where in the document, how firmly it says so, and what is noted of it."""
    place = f", {c.locator}" if c.locator else ""
    firmness = "" if c.status == "sourced" else c.status
    remark = "; ".join(x for x in (firmness, (c.note or "").rstrip(".")) if x)
    return f"{place} ({remark})" if remark else place


def _bare(c: CitationV1) -> str:
    """What stands behind a fact without a document."""
    remark = (c.note or "").rstrip(".")
    return (
        f"{phrases.capital(c.status)}: {remark}."
        if remark
        else _("%(status)s; no document is cited.") % {"status": phrases.capital(c.status)}
    )


def law(told: Told, grounds: Iterable[GroundV1]) -> Inlines:
    """Authorities by their short names, each with a footnote."""
    return series([(text(phrases.law(g)), [note(cite([told.library.ground(g)]))]) for g in grounds], ";", ".")


def all_law(told: Told, grounds: Iterable[GroundV1]) -> Inline:
    """One footnote to several authorities, each named once with all its pinpoints."""
    pinpoints: dict[str, list[str]] = {}
    for key, after in map(told.library.ground, grounds):
        pinpoints.setdefault(key, []).append(after.removeprefix(", "))
    return note(cite((key, f", {', '.join(found)}") for key, found in pinpoints.items()))


def counted_outcomes(counts: Mapping[str, int]) -> str:
    """The worst outcome with its symbol, and how many rules come to it."""
    worst = next((o for o in SYMBOLS if counts.get(o)), None)
    return phrases.marked(worst) + (f" ({counts[worst]})" if worst and worst != "not_applicable" else "")
