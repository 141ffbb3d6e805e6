"""Authorities and documents as CSL references, their fields chosen so that the style's output is OSCOLA.

The style knows cases of English courts and acts by year; what it does not know (cases of the EU, the Official Journal,
treaties) is put together here and given to it as a title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from policy_eval.report.memo.ast import SPACE, Inline, Inlines, Meta, meta, plain, span, text
from policy_eval.report.wire import GroundV1, InstrumentV1, ReportV1
from policy_eval.report.wire_designs import DesignV1, DocumentV1
from policy_eval.report.words import address, visible

UPRIGHT = "upright"  # class of what stays upright where the style sets it in italics
CASES, DECISIONS, LEGISLATION, TREATIES, OTHERS, SOURCES = range(6)
_GROUPS = {"case": CASES, "decision": DECISIONS, "legislation": LEGISLATION, "treaty": TREATIES}
_TYPES = {"news_report": "article-newspaper"}
_SHORT = {
    "article": "art", "articles": "arts", "section": "s", "sections": "ss", "paragraph": "para", "paragraphs": "paras",
    "recital": "recital", "recitals": "recitals", "chapter": "ch", "schedule": "sch", "annex": "annex",
}  # fmt: skip
_WORDS = re.compile(rf"\b((?i:{'|'.join(_SHORT)}))\b(?=\s+[\dA-Z])")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True)
class Library:
    """What a report cites: keys of instruments by short name, of documents by design and id; the rest by key."""

    instruments: Mapping[str, str]
    documents: Mapping[tuple[str, str], str]
    groups: Mapping[str, int]
    first: Mapping[str, str]  # what a citation begins with
    references: Meta

    def ground(self, found: GroundV1) -> tuple[str, str]:
        """A citation of an authority with its pinpoint."""
        mark = "" if found.verified == "read" else f" [{found.verified}]"
        return self.instruments[found.instrument], f", {pinpoint(found.at)}{mark}"


def library(report: ReportV1) -> Library:
    """Everything a report may cite; what several designs cite alike is one document."""
    told = _instruments(report)
    instruments = {name: f"a{n}" for n, name in enumerate(told)}
    entries = [_instrument(instruments[name], x) for name, x in told.items()]
    groups = {instruments[name]: _GROUPS.get(x.kind or "", OTHERS) for name, x in told.items()}
    first = {instruments[name]: x.author or x.title or name for name, x in told.items()}
    documents: dict[tuple[str, str], str] = {}
    keys: dict[DocumentV1, str] = {}
    for design, document in ((d.id, x) for d in report.designs for x in d.documents):
        key = documents[design, document.id] = keys.setdefault(replace(document, id=""), f"d{len(keys)}")
        if key not in groups:
            entries.append(_document(key, document))
            groups[key], first[key] = SOURCES, document.author or f"‘{document.title}’"
    return Library(instruments, documents, groups, first, meta(entries))


def _instruments(report: ReportV1) -> dict[str, InstrumentV1]:
    """What is told of instruments, with what a ground itself tells where that is all."""
    grounds = [g for r in report.rules.values() for g in r.grounds]
    grounds += [g for e in report.evaluations for f in e.findings for g in f.grounds]
    bare = {g.instrument: _bare(g) for g in grounds}
    return dict(sorted((bare | report.instruments).items()))


def _bare(g: GroundV1) -> InstrumentV1:
    return InstrumentV1(g.instrument, None, None, None, None, None, None, g.id, g.url, None)


def documents_of(report: ReportV1) -> dict[str, DesignV1]:
    """Designs by id."""
    return {d.id: d for d in report.designs}


def pinpoint(at: str) -> str:
    """A pinpoint in the short words of OSCOLA: `art 4(11)`, `paras 52–63`."""
    short = _WORDS.sub(lambda m: _SHORT[m[1].lower()], at)
    return re.sub(r"(?<=\d)-(?=\d)", "–", short)


def _instrument(key: str, found: InstrumentV1) -> Meta:
    if found.kind in ("case", "decision"):
        return _entry(key, "legal_case", text(found.title) if found.title else _upright(found.short), _case(found))
    if found.kind in ("legislation", "treaty"):
        return _entry(key, "legislation", text(found.short), {"title": meta(_act(found))})
    if found.title is None:
        return _entry(key, "book", _upright(found.short), {"title": meta(_upright(found.short))} | _url(found.url))
    return _entry(key, "webpage", text(found.short), _work(found))


def _case(found: InstrumentV1) -> dict[str, Meta]:
    """`Case C-634/21 Name EU:C:2023:957`; of other courts `Name number report (court, day)`."""
    number = f"App no {found.number}" if found.author == "ECtHR" and found.number else found.number
    if found.author == "CJEU" and number and found.title:
        head = "Joined Cases" if " and " in number else "Case"
        title = [*_upright(f"{head} {number}"), SPACE, *text(found.title)]
        return {"title": meta(title)} | _some("volume", found.report)
    if not found.title and not number:
        return {"title": meta(_upright(found.short))} | _some("volume", found.report)
    court = ", ".join(x for x in (found.author, _day(found.date)) if x)
    # The style takes dots out of every other field; numbers and identifiers need theirs.
    where = " ".join(x for x in (number, _without_dots(found.report)) if x)
    return _some("title", found.title) | _some("volume", where) | _some("authority", court)


def _without_dots(report: str | None) -> str | None:
    """A report as OSCOLA writes it, `975 F2d 1093`; an identifier of cases stays as it is."""
    return report if not report or report.startswith("ECLI:") else report.replace(".", "")


def _act(found: InstrumentV1) -> Inlines:
    """`Title (number) report`; of a treaty, and of what has no report, with its day."""
    number = found.number if found.number and found.number not in (found.title or "") else None
    day = _day(found.date) if found.kind == "treaty" or not found.report else None
    told = ", ".join(x for x in (number, day) if x)
    return text(" ".join(x for x in (found.title or found.short, f"({told})" if told else "", found.report) if x))


def _work(found: InstrumentV1) -> dict[str, Meta]:
    """`Author, ‘Title’ (number, day) <address>`."""
    number = found.number if found.number and found.number not in (found.title or "") else None
    told = ", ".join(x for x in (number, found.report) if x)
    fields = {"title": meta(found.title or found.short)} | _author(found.author) | _issued(found.date)
    return fields | ({"container-title": meta(_upright(told))} if told else {}) | _url(found.url)


def _document(key: str, found: DocumentV1) -> Meta:
    fields = {"title": meta(found.title)} | _author(found.author) | _issued(found.date) | _url(found.url)
    fields |= _some("container-title", found.publisher) | ({"language": plain("mul")} if _foreign(found) else {})
    return _entry(key, _TYPES.get(found.type, "webpage"), text(found.title), fields)


def _foreign(found: DocumentV1) -> bool:
    """Whether a title is not English, so that its letters stay as they are."""
    return found.language is not None and not found.language.startswith("en")


def _entry(key: str, kind: str, short: Inlines, fields: dict[str, Meta]) -> Meta:
    return meta({"id": plain(key), "type": plain(kind), "title-short": meta(short), **fields})


def _upright(words: str) -> Inlines:
    inner: Inline = span(text(words), "nocase", UPRIGHT)
    return [inner] if words else []


def _some(name: str, words: str | None) -> dict[str, Meta]:
    return {name: meta(words)} if words else {}


def _author(name: str | None) -> dict[str, Meta]:
    # A name is never taken apart: which part of it is the family's is not known.
    return {"author": meta([meta({"literal": meta(name)})])} if name else {}


def _url(url: str | None) -> dict[str, Meta]:
    found = address(url)
    return {"URL": plain(visible(found).replace("\n", ""))} if found else {}


def _issued(date: str | None) -> dict[str, Meta]:
    if not date:
        return {}
    return {"issued": plain(date) if _DAY.fullmatch(date) else meta({"literal": meta(date)})}


def _day(date: str | None) -> str | None:
    """`7 December 2023` for `2023-12-07`."""
    if not date or not _DAY.fullmatch(date):
        return date
    year, *rest = date.split("-")
    name = [_MONTHS[int(rest[0]) - 1]] if rest and 1 <= int(rest[0]) <= 12 else []
    return " ".join([*([str(int(rest[1]))] if len(rest) > 1 else []), *name, year])
