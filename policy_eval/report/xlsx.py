"""Reports as a workbook: Summary, Matrix, Rules, Findings, Evidence, Sources, Method; each a table to be filtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from policy_eval.messages import gettext as _
from policy_eval.report import Wants, phrases, streams
from policy_eval.report.csv import BETWEEN, COLUMNS, EVALUATIONS, NOT_IN_FORCE, rows
from policy_eval.report.wire import BurdenV1, EvaluationV1, EvidenceV1, GroundV1, PrincipleV1, ReportV1, ScoreV1
from policy_eval.report.wire_designs import CitationV1, DesignV1, DocumentV1
from policy_eval.report.words import SYMBOLS, nothing_in_force, words
from policy_eval.report.xlsx_book import Book, Count, Head, Link, Said, Share, Value
from policy_eval.vocabulary.law import Principle

WANTS = Wants(places=EVALUATIONS, reasons=0)
_WIDTHS = {
    "design": 24, "as_if": 28, "rule": 34, "title": 40, "principle": 18, "outcome": 26, "place": 36,
    "outcome_at_place": 26, "message": 50, "facts": 60, "open": 50, "unsettled": 24, "would_excuse": 40,
    "exceptions": 40, "duty_of": 20, "duty_holders": 20, "law": 40, "remedy": 40, "file": 34,
    "not_demonstrated": 16,
}  # fmt: skip
_OUTCOMES = ("outcome", "outcome_at_place")


def write(report: ReportV1, out: TextIO) -> None:
    """Write the report as XLSX; raises `InvalidInput` where it would go to a terminal."""
    title = ", ".join(dict.fromkeys(d.title for d in report.designs))
    book = Book(title, report.disclaimer)
    book.table(_("Summary"), _summary_head(report), ([*_summary(e, report)] for e in report.evaluations))
    _matrix(book, report)
    _rules(book, report)
    findings = ([_finding(name, row.get(name)) for name in COLUMNS] for row in rows(report))
    book.table(_("Findings"), [(name, _WIDTHS.get(name, 12)) for name in COLUMNS], findings)
    book.table(_("Evidence"), _EVIDENCE, _evidence(report))
    book.table(_("Sources"), _SOURCES, [*_documents(report), *_grounds(report), *_instruments(report)])
    book.table(_("Method"), [(_("What"), 28), (_("Value"), 40), (_("Why"), 100)], _method(report))
    streams.send(book.data(), out, "xlsx")


# ---------------------------------------------------------------- Summary


def _summary_head(report: ReportV1) -> Head:
    head = [
        (_("Design"), 28), (_("Title"), 40), (_("Kind"), 13), (_("Set"), 18), (_("Version"), 10), (_("Law of"), 12),
        (_("As if"), 30), (_("Facts"), 12), (_("Scope"), 14), (_("Band as it stands"), 30), (_("Band at best"), 30),
        (_("Band at worst"), 30), (_("Score as it stands"), 10), (_("Score at worst"), 10), (_("Score at best"), 10),
        (_("May have no score"), 10), (_("Decided, by weight"), 10), (_("Burden established"), 12),
        (_("Burden as it stands"), 12), (_("Burden at worst"), 12), (_("Band on undisputed facts alone"), 30),
        (_("Score on undisputed facts alone"), 14), (_("Decided, by weight, on undisputed facts alone"), 14),
        (_("Burden established, on undisputed facts alone"), 14),
        (_("Burden as it stands, on undisputed facts alone"), 14),
        (_("Burden at worst, on undisputed facts alone"), 14), (_("Most weight hangs on"), 40),
    ]  # fmt: skip
    if report.comparison:
        head += [(_("Place in the order of the set"), 12), (_("Burden on rules decided in all"), 14)]
    return head


def _summary(e: EvaluationV1, report: ReportV1) -> Iterator[Value]:
    yield from (e.design, e.design_title, e.design_kind, e.set, e.set_version, e.as_of, e.as_if, e.facts)
    yield _("applies") if e.scope.outcome == "applies" else words(e.scope.outcome)
    if nothing_in_force(e):
        yield phrases.verdict(e)
        return
    yield from (words(e.band.standing), words(e.band.best), words(e.band.worst))
    yield from (*_score(e.score), Share(e.coverage), *_burden(e.burden))
    firm = e.undisputed
    if firm is None:
        yield from [None] * 6
    else:
        yield from (words(firm.band.standing), firm.score.standing, Share(firm.coverage), *_burden(firm.burden))
    yield e.open_facts[0].path if e.open_facts else None
    for c in report.comparison or ():
        if c.set == e.set and c.order:
            yield next(n for n, equals in enumerate(c.order, 1) if e.design in equals)
            yield c.burden_on_decided[e.design]


def _score(s: ScoreV1) -> tuple[Value, ...]:
    return s.standing, s.worst, s.best, _("yes") if s.may_be_none else _("no")


def _burden(b: BurdenV1) -> tuple[float, float, float]:
    return b.established, b.standing, b.worst


# ---------------------------------------------------------------- Matrix, Rules


def _matrix(book: Book, report: ReportV1) -> None:
    """Principles by evaluations: how many rules come to the worst outcome, and the word for it."""
    there = {p.principle for e in report.evaluations for p in e.principles}
    principles = [p.value for p in Principle if p.value in there]
    head = [(_("Design"), 28), (_("Set"), 18), (_("As if"), 30), (_("Verdict"), 30), *((p, 18) for p in principles)]
    book.table(_("Matrix"), head, (_of_principles(e, principles) for e in report.evaluations), frozen=2)


def _of_principles(e: EvaluationV1, principles: Sequence[str]) -> list[Value]:
    by_name = {p.principle: p for p in e.principles}
    return [e.design, e.set, e.as_if, phrases.verdict(e), *(_worst(by_name.get(p)) for p in principles)]


def _worst(p: PrincipleV1 | None) -> Value:
    found = p.counts if p else {}
    return next((Count(found[o], o) for o in SYMBOLS if found.get(o)), None)


def _rules(book: Book, report: ReportV1) -> None:
    """Rules by designs, an outcome in each cell; blank where a set was not asked, or a rule is not in force."""
    outcomes = {(f.rule, e.design): f.outcome for e in report.evaluations for f in e.findings}
    designs = list(dict.fromkeys(e.design for e in report.evaluations))
    head = [(_("Rule"), 36), (_("Title"), 44), (_("Set"), 16), (_("Principle"), 18), (_("Severity"), 10)]
    head += [(_column(d, report), 24) for d in designs]
    found = (
        [r.id, r.title, r.set, r.principle, r.severity, *(_cell(outcomes.get((r.id, d))) for d in designs)]
        for r in report.rules.values()
    )
    book.table(_("Rules"), head, found)


def _column(design: str, report: ReportV1) -> str:
    """A design, and where the law is of another place or time, that; the day where days differ and it has one."""
    labels = list(dict.fromkeys(e.as_if for e in report.evaluations if e.design == design and e.as_if))
    said = labels if len(labels) < 2 else [_("as if: see the sheet Summary")]
    days = {e.as_of for e in report.evaluations if e.design == design}
    if len(days) == 1 < len({e.as_of for e in report.evaluations}):
        said = [*said, *(_("law of %(day)s") % {"day": day} for day in days if not any(day in label for label in said))]
    return f"{design}\n({', '.join(said)})" if said else design


def _cell(outcome: str | None) -> Value:
    return Said(outcome, brief=True) if outcome else None


def _finding(name: str, value: str | float | None) -> Value:
    if value == NOT_IN_FORCE and name in _OUTCOMES:
        return phrases.short(None)
    return Said(value) if name in _OUTCOMES and isinstance(value, str) else value


# ---------------------------------------------------------------- Evidence, Sources

_EVIDENCE: Head = [
    (_("Design"), 24), (_("Fact"), 44), (_("Value"), 36), (_("Status"), 12), (_("File"), 36), (_("Line"), 8),
    (_("Document"), 44), (_("Where in it"), 20), (_("Status by the document"), 14), (_("Note"), 50),
]  # fmt: skip
_SOURCES: Head = [
    (_("What"), 14), (_("Of"), 40), (_("Title"), 50), (_("Where in it"), 24), (_("Author"), 24), (_("Publisher"), 24),
    (_("Kind"), 16), (_("Number or report"), 20), (_("Date"), 12), (_("Language"), 10), (_("Identifier"), 24),
    (_("Link"), 50), (_("Verified"), 12), (_("Checked"), 12), (_("Note"), 40),
]  # fmt: skip


def _evidence(report: ReportV1) -> Iterator[list[Value]]:
    """A row for each fact that something rests on, and each document behind it."""
    designs = {d.id: d for d in report.designs}
    facts = dict.fromkeys((e.design, fact) for e in report.evaluations for fact in _facts(e))
    for name, x in sorted(facts, key=lambda found: (found[0], found[1].path, found[1].value)):
        stated: list[Value] = [name, x.path, x.value, x.status, x.file, x.line]
        cited = designs[name].citations.get(x.path, [])
        yield from ([*stated, *_cited(c, designs[name])] for c in cited)
        if not cited:
            yield stated


def _facts(e: EvaluationV1) -> Iterator[EvidenceV1]:
    yield from e.scope.evidence
    for cause in e.causes:
        yield from cause.facts
    for f in e.findings:
        for place in f.places:
            yield from place.evidence


def _cited(c: CitationV1, design: DesignV1) -> list[Value]:
    document = next((d for d in design.documents if d.id == c.document), None)
    return [document.title if document else None, c.locator, c.status, c.note]


def _documents(report: ReportV1) -> Iterator[list[Value]]:
    return (_document(d, design) for design in report.designs for d in design.documents)


def _document(d: DocumentV1, design: DesignV1) -> list[Value]:
    about: list[Value] = [_("document"), design.id, d.title, d.locator, d.author, d.publisher, d.type, None, d.date]
    return [*about, d.language, d.id, Link(d.url)]


def _grounds(report: ReportV1) -> Iterator[list[Value]]:
    """A row for each provision, with the rules that answer for it."""
    by_ground: dict[GroundV1, list[str]] = {}
    for rule in report.rules.values():
        for ground in rule.grounds:
            by_ground.setdefault(ground, []).append(rule.id)
    for g, of in sorted(by_ground.items(), key=lambda found: (found[0].instrument, found[0].at)):
        where: list[Value] = [_("provision"), BETWEEN.join(of), g.instrument, g.at, *[None] * 6]
        yield [*where, g.id, Link(g.url), g.verified, g.status_checked]


def _instruments(report: ReportV1) -> Iterator[list[Value]]:
    for i in report.instruments.values():
        number = BETWEEN.join(x for x in (i.number, i.report) if x)
        yield [_("instrument"), i.short, i.title or i.short, None, i.author, None, i.kind, number, i.date, None, i.id,
               Link(i.url), None, None, i.note]  # fmt: skip


# ---------------------------------------------------------------- Method


_READING = _(
    "Read as an outsider, undecided is undecided; as a controller's own, what is undecided is not demonstrated."
)
_FACTS = _("Where it is not all of them, the others are taken as unknown.")
_LEFT_OUT = _(
    "Lenses, which of two designs dominates, facts side by side, and how each outcome was derived; the JSON report has "
    "all of them."
)


def _method(report: ReportV1) -> Iterator[list[Value]]:
    profile = report.profile
    yield [_("Tool"), report.tool]
    yield [_("Method"), report.method, "\n".join(phrases.method(report))]
    yield [_("Engine"), report.engine]
    yield [_("Law as of"), ", ".join(sorted({e.as_of for e in report.evaluations}))]
    yield [_("Reading"), ", ".join(sorted({e.reading for e in report.evaluations})), _READING]
    yield [_("Facts taken into account"), ", ".join(sorted({e.facts for e in report.evaluations})), _FACTS]
    yield [_("Not in this workbook"), None, _LEFT_OUT]
    sets = dict.fromkeys((e.set, e.set_version, e.set_title, e.as_of) for e in report.evaluations)
    for name, version, title, day in sets:
        law = _("%(version)s, law of %(day)s") % {"version": version, "day": day}
        yield [_("Set %(set)s") % {"set": name}, law, title]
    for c in report.comparison or ():
        if reason := phrases.unordered(c, report.evaluations):
            yield [_("Place in the order of the set %(set)s") % {"set": c.set}, None, reason]
    yield [_("Profile"), f"{profile.id} ({profile.hash})"]
    for severity, weight in profile.weights.items():
        yield [_("Weight: %(severity)s") % {"severity": severity}, weight, profile.because[severity]]
    yield [_("Enough known"), Share(profile.enough_known), profile.enough_known_because]
    yield [_("Files"), "\n".join(dict.fromkeys(f for d in report.designs for f in d.files))]
    for d in report.designs:
        if d.operator_response:
            yield [_("Operator response: %(design)s") % {"design": d.id}, None, d.operator_response]
    yield [_("Disclaimer"), None, report.disclaimer]
    yield [_("Limits"), None, phrases.limits(report)]
    yield [_("Corrections"), None, phrases.corrections()]
