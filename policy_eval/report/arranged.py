"""The wire model arranged as documents show it: groups, footnotes, lines of designs, matrices.

Nothing is worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policy_eval.messages import gettext as _
from policy_eval.report.wire import (
    CauseV1,
    ComparisonV1,
    DominanceV1,
    EvaluationV1,
    EvidenceV1,
    FactDifferenceV1,
    FindingV1,
    PlaceV1,
    PrincipleV1,
    ReportV1,
)  # fmt: skip
from policy_eval.report.wire_designs import CitationV1, DesignV1, DocumentV1
from policy_eval.report.words import CONFLICTS, COUNTED, SYMBOLS, nothing_in_force, telling
from policy_eval.vocabulary.law import Band, Principle, Severity

_MANY = 20  # evaluations from which a page is brief, so that it stays usable
_WIDE = 6  # columns up to which a matrix has room for words
_PLACES, _PLACES_BRIEF = 12, 1
_BASIS_PLACES, _BASIS_FACTS = 2, 3  # of a rule that is clear: places, and facts of each
_ORDER, _SEVERITIES = list(SYMBOLS), [s.value for s in Severity]


def slug(rule: str) -> str:
    """The name of a rule as part of an anchor."""
    return rule.replace("/", ".")


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: what stands behind a fact."""

    anchor: str
    number: int
    citations: tuple[tuple[CitationV1, DocumentV1 | None], ...]


@dataclass(frozen=True)
class Design:
    """A design with its footnotes."""

    told: DesignV1
    anchor: str

    @cached_property
    def _by_content(self) -> dict[tuple[CitationV1, ...], Note]:
        """Facts with the same behind them share a footnote."""
        documents = {d.id: d for d in self.told.documents}
        contents = dict.fromkeys(map(tuple, self.told.citations.values()))
        return {
            content: Note(f"{self.anchor}-note-{n}", n, tuple((c, documents.get(c.document or "")) for c in content))
            for n, content in enumerate(contents, 1)
        }

    @property
    def notes(self) -> list[Note]:
        """The footnotes, in the order of their numbers."""
        return list(self._by_content.values())

    def note(self, path: str) -> Note | None:
        """The footnote on a fact."""
        found = self.told.citations.get(path)
        return self._by_content[tuple(found)] if found is not None else None

    def lines(self, facts: Iterable[EvidenceV1]) -> list[tuple[str, list[tuple[int, str]]]]:
        """The lines of the design at which facts are stated, by file."""
        wanted: dict[str, set[int]] = {}
        for fact in facts:
            wanted.setdefault(fact.file, set()).add(fact.line)
        found = []
        for file, numbers in wanted.items():
            texts = self.told.lines.get(file, {})
            shown = [(n, texts[str(n)]) for n in sorted(numbers) if str(n) in texts]
            if shown:
                found.append((file, shown))
        return found


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule that is clear or does not apply rests on: the first facts, each once, and how much is not shown."""

    facts: tuple[EvidenceV1, ...]
    more_facts: int
    more_places: int


@dataclass(frozen=True)
class Finding:
    """A rule's outcome for a design, with at most so many of the places that tell why."""

    told: FindingV1
    anchor: str
    most: int

    @cached_property
    def places(self) -> list[PlaceV1]:
        """The places that are shown."""
        return self._telling[: self.most]

    @property
    def more_places(self) -> int:
        """How many more there are."""
        return max(0, len(self._telling) - self.most)

    @cached_property
    def _telling(self) -> list[PlaceV1]:
        """Those that make the outcome what it is: stated ones, or where there are none, what is not stated."""
        every, outcome = self.told.places, self.told.outcome
        return every if outcome == "undecided" else telling(self.told) or [p for p in every if p.outcome == outcome]

    @property
    def lines(self) -> list[str]:
        """File and line of the facts its shown places rest on, each once."""
        return list(dict.fromkeys(f"{x.file.split('/')[-1]}:{x.line}" for p in self.places for x in p.evidence))

    @property
    def basis(self) -> Basis:
        """The first facts of the first places; places often rest on the same facts."""
        places = self.places[:_BASIS_PLACES]
        facts = tuple(dict.fromkeys(x for p in places for x in p.evidence[:_BASIS_FACTS]))
        every = {x for p in places for x in p.evidence}
        more_places = self.told.outcomes.get(self.told.outcome, 0) - len(places)
        return Basis(facts, len(every) - len(facts), max(0, more_places))


@dataclass(frozen=True, slots=True)
class Group:
    """Conflicts that hang on the same facts."""

    anchor: str
    cause: CauseV1
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A principle in three bars: rules in conflict, open, clear."""

    told: PrincipleV1
    conflicts: int
    undecided: int
    clear: int

    @property
    def total(self) -> int:
        """Rules that are counted."""
        return self.conflicts + self.undecided + self.clear


@dataclass(frozen=True)
class Evaluation:
    """One design under one set; `names` are what rules are called in anchors."""

    told: EvaluationV1
    anchor: str
    design: Design
    names: Mapping[str, str]
    brief: bool

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """What the design comes to, by rule."""
        most = _PLACES_BRIEF if self.brief else _PLACES
        return {f.rule: Finding(f, self.finding_anchor(f.rule), most) for f in self.told.findings}

    def finding_anchor(self, rule: str) -> str:
        """Where a finding stands on the page."""
        return f"{self.anchor}-{self.names[rule]}"

    @property
    def nothing_in_force(self) -> bool:
        """Whether the set has rules and none of them is in force."""
        return nothing_in_force(self.told)

    @cached_property
    def groups(self) -> list[Group]:
        """Conflicts by what they hang on."""
        causes = self.told.causes
        return [Group(f"{self.anchor}-{c.id}", c, tuple(self.findings[r] for r in c.rules)) for c in causes]

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rules on each principle come to which outcome."""
        return {p.principle: p.counts for p in self.told.principles}

    @cached_property
    def bars(self) -> list[Bars]:
        """Each principle in three bars."""
        return [_bars(p) for p in self.told.principles]

    @property
    def conflicts(self) -> list[Finding]:
        """What is in conflict, excused or not, worst first."""
        return [f for outcome in CONFLICTS for f in self.of(outcome)]

    def of(self, outcome: str) -> list[Finding]:
        """The findings of an outcome."""
        return self._by_outcome.get(outcome, [])

    @cached_property
    def _by_outcome(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for f in self.findings.values():
            found.setdefault(f.told.outcome, []).append(f)
        return found


def _bars(p: PrincipleV1) -> Bars:
    conflicts = sum(p.counts.get(o, 0) for o in CONFLICTS)
    return Bars(p, conflicts, p.counts.get("undecided", 0), p.counts.get("no_conflict", 0))


@dataclass(frozen=True, slots=True)
class Cell:
    """A principle of a design in a matrix: its worst outcome, and how many rules come to which."""

    worst: str | None
    counts: tuple[tuple[str, int], ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A fact that differs between designs, and the rules with different outcomes that it is behind."""

    told: FactDifferenceV1
    rules: list[str]


@dataclass(frozen=True)
class Matrix:
    """Designs side by side under one set, or one design under several."""

    columns: list[Evaluation]
    comparison: ComparisonV1 | None = None
    anchor: str = "across"
    brief: bool = False

    @property
    def wide(self) -> bool:
        """Whether cells have room for a symbol alone, so that designs go down the page instead of across."""
        return len(self.columns) > _WIDE

    @property
    def undisputed(self) -> bool:
        """Whether some of the designs are judged on undisputed facts too."""
        return any(c.told.undisputed for c in self.columns)

    @property
    def little_known(self) -> bool:
        """Whether of some of them too little is known, which the order cannot show."""
        return any(c.told.band.standing == Band.TOO_LITTLE_KNOWN.value for c in self.columns)

    @property
    def days_differ(self) -> bool:
        """Whether the law of different days counts, which each column has to tell then."""
        return len({c.told.as_of for c in self.columns}) > 1

    @cached_property
    def by_design(self) -> dict[str, Evaluation]:
        """The columns by design, of a comparison under one set."""
        return {c.told.design: c for c in self.columns}

    def dominance(self, outcome: str) -> list[DominanceV1]:
        """The pairs of designs of which dominance comes to an outcome."""
        return [x for x in self.comparison.dominance if x.outcome == outcome] if self.comparison else []

    @cached_property
    def principles(self) -> list[tuple[str, list[Cell]]]:
        """A row for each principle that some column has rules on."""
        there = {principle for c in self.columns for principle in c.counts}
        return [(p.value, [_cell(c, p.value, self.brief) for c in self.columns]) for p in Principle if p.value in there]

    @cached_property
    def rules(self) -> list[tuple[Finding, list[Finding | None]]]:
        """A row for each rule that comes to different outcomes, worst first."""
        return sorted((row for row in self._rows if len(_outcomes(row)) > 1), key=_worst_first)

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """The rules that come to the same outcome in all columns, by outcome."""
        found: dict[str, list[str]] = {}
        for row in self._rows:
            if len(_outcomes(row)) == 1:
                found.setdefault(row[0].told.outcome, []).append(row[0].told.rule)
        return {outcome: found[outcome] for outcome in SYMBOLS if outcome in found}

    @cached_property
    def facts(self) -> list[Differing]:
        """Each fact that differs once, those first that most rules differ by."""
        found: dict[str, Differing] = {}
        for difference in self.comparison.differences if self.comparison else ():
            for fact in difference.facts:
                found.setdefault(fact.path, Differing(fact, [])).rules.append(difference.rule)
        return sorted(found.values(), key=lambda d: (-len(d.rules), d.told.path))

    @cached_property
    def _rows(self) -> list[tuple[Finding, list[Finding | None]]]:
        firsts = {rule: f for c in reversed(self.columns) for rule, f in c.findings.items()}
        return [(firsts[rule], [c.findings.get(rule) for c in self.columns]) for rule in sorted(firsts)]


def _outcomes(row: tuple[Finding, list[Finding | None]]) -> set[str | None]:
    return {f.told.outcome if f else None for f in row[1]}


def _worst_first(row: tuple[Finding, list[Finding | None]]) -> tuple[int, int, str]:
    outcomes = [_ORDER.index(x.told.outcome) for x in row[1] if x]
    return min(outcomes), -_SEVERITIES.index(row[0].told.severity), row[0].told.rule


def _cell(e: Evaluation, principle: str, brief: bool) -> Cell:
    found = e.counts.get(principle, {})
    counts = tuple((o, found[o]) for o in COUNTED if found.get(o))
    worst = counts[0][0] if counts else ("not_applicable" if found.get("not_applicable") else None)
    return Cell(worst, counts, e.anchor if brief else f"{e.anchor}-{principle}")


@dataclass(frozen=True)
class Page:
    """Everything a page shows."""

    report: ReportV1
    designs: list[Design]
    evaluations: list[Evaluation]
    matrices: list[Matrix] = field(default_factory=list)
    brief: bool = False

    @property
    def tabled(self) -> bool:
        """Whether a matrix has every rule, so that what is clear need not be named again."""
        return self.report.comparison is not None

    @property
    def explained(self) -> list[str]:
        """The outcomes of which the page says why; a brief one does of what is in conflict or open."""
        return [*CONFLICTS, "undecided"] if self.brief else self.outcomes

    @property
    def outcomes(self) -> list[str]:
        """The outcomes, worst first."""
        return list(SYMBOLS)

    @cached_property
    def title(self) -> str:
        """What the page is about."""
        sets = list(dict.fromkeys(e.told.set_title for e in self.evaluations))
        under = _("%(number)s principle sets") % {"number": len(sets)}
        if len(sets) == 1:
            under = _("the %(set)s") % {"set": sets[0]}
        if len(self.designs) == 1:
            return _("%(design)s, under %(sets)s") % {"design": self.designs[0].told.title, "sets": under}
        names = {"number": len(self.designs), "sets": under}
        return _("%(number)s scoring systems compared under %(sets)s") % names

    @cached_property
    def days(self) -> str:
        """The days whose law counts."""
        return ", ".join(sorted({e.told.as_of for e in self.evaluations}))

    @cached_property
    def sets(self) -> list[tuple[str, str, str, str]]:
        """Each set with its title, version and day."""
        found = ((e.told.set, e.told.set_title, e.told.set_version, e.told.as_of) for e in self.evaluations)
        return list(dict.fromkeys(found))

    @cached_property
    def files(self) -> list[str]:
        """The files of the designs."""
        return list(dict.fromkeys(f for d in self.designs for f in d.told.files))

    @cached_property
    def contents(self) -> list[tuple[str, str]]:
        """Where to go: anchor and name; of many evaluations the matrices lead to them."""
        found = [(m.anchor, _("Matrix: %(set)s") % {"set": m.columns[0].told.set} if m.comparison else _("Matrix"))
                 for m in self.matrices]  # fmt: skip
        if not self.brief:
            found += [(e.anchor, f"{e.told.design} / {e.told.set}") for e in self.evaluations]
            found += [(d.anchor, _("About %(design)s") % {"design": d.told.id}) for d in self.designs]
        return [*found, ("rules", _("Rules")), ("method", _("Method, limits, how to cite"))]


def page(report: ReportV1) -> Page:
    """The report arranged for a page."""
    designs = {d.id: Design(d, f"d{n}") for n, d in enumerate(report.designs, 1)}
    brief = len(report.evaluations) > _MANY
    # Of thousands of anchors on a page, long names would be most of it.
    names = {rule: str(n) if brief else slug(rule) for n, rule in enumerate(report.rules)}
    evaluations = [Evaluation(e, f"e{n}", designs[e.design], names, brief) for n, e in enumerate(report.evaluations, 1)]
    return Page(report, list(designs.values()), evaluations, _matrices(report, evaluations, brief), brief)


def _matrices(report: ReportV1, evaluations: Sequence[Evaluation], brief: bool) -> list[Matrix]:
    if report.across is not None:
        return [Matrix(list(evaluations), brief=brief)]
    return [
        Matrix([e for e in evaluations if e.told.set == c.set], c, f"m{n}", brief)
        for n, c in enumerate(report.comparison or (), 1)
    ]
