"""Decided cases for docs/cases.md: what the engine makes of them, how coders agree, each miss with its reason."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from docs.markdown import table
from policy_eval import library, source
from policy_eval.cases import agreement, holdings
from policy_eval.cases.agreement import Agreement, Flip
from policy_eval.cases.holdings import Case
from policy_eval.cases.matching import Bench, Judged
from policy_eval.cases.tally import counted
from policy_eval.evaluation import Engine
from policy_eval.report import cases as wire
from policy_eval.report import cases_markdown as markdown
from policy_eval.report.cases import CasesV1
from policy_eval.validation import validate
from policy_eval.vocabulary.cases import Finding, Match

FOLDER = library.shipped("designs") / "cases"
# What is owed a paragraph; of what is undecided, only what one might expect the sheet to decide.
MISSES = (Match.MISSED, Match.CONTRADICTED, Match.CONTRADICTED_UNLESS_EXCUSED)
_LEAST_ANSWERED = 5


class Remark(BaseModel):
    """Why a label comes out as it does, as written in `remarks.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    case: str
    finding: Finding
    provision: str
    aspect: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    result: Match
    why: str = Field(min_length=40)


class Remarks(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    remarks: tuple[Remark, ...]


@functools.cache
def cases() -> list[Case]:
    """The cases that are shipped."""
    return holdings.shipped()


@functools.cache
def bench() -> Bench:
    """The sets their labels speak of, judged by the reference evaluator, so that every machine writes the same page."""
    names = sorted({x.set for c in cases() for x in c.text.labels if x.set})
    return Bench([library.load_set(n) for n in names], library.load_profile("default"), Engine.REFERENCE)


@functools.cache
def judged() -> list[Judged]:
    """Every label with what the engine makes of it."""
    return [bench().match(c, x) for c in cases() for x in c.text.labels]


@functools.cache
def report() -> CasesV1:
    """The report the command prints."""
    return wire.report(cases(), judged(), bench())


@functools.cache
def remarks() -> tuple[Remark, ...]:
    """What is said about misses."""
    return validate(Remarks, source.read(FOLDER / "remarks.yaml").root).remarks


def per_case() -> str:
    """How many rules of the GDPR conflict with a case."""
    rows = [c for c in report().cases if c.set == "gdpr"]
    conflicts, unless = sum(c.conflicts for c in rows), sum(c.unless_excused for c in rows)
    return (
        f"Today {conflicts / len(rows):.1f} rules of the GDPR are in conflict per case, and {unless / len(rows):.1f} "
        f"more unless excused.\n"
    )


def about(remark: Remark, label: Judged) -> bool:
    """Whether a remark is about a label and still true."""
    text = label.label
    key = (remark.case, remark.finding, remark.provision, remark.aspect, remark.at, remark.result)
    return key == (label.case.id, text.finding, text.provision, text.aspect, text.at, label.match)


def headline() -> str:
    """The figures of the GDPR in two sentences."""
    shares, sets = report().shares_of_sets["gdpr"], report().sets["gdpr"]
    violated, cleared = sets["violated"], sets["cleared"]
    of, chance = shares.labels, shares.shuffled["violated"]["in_conflict"].mean or 0.0
    wrong = shares.in_conflict["cleared"]
    return (
        f"{len(cases())} decided cases, coded from their facts by people who knew neither rules nor outcomes, are the "
        f"development set. Of {of['violated']} provisions of the GDPR held violated, the engine finds "
        f"{_percent(shares.in_conflict['violated'], of['violated'])} in conflict ({violated['found']} plainly, "
        f"{violated['found_unless_excused']} unless excused), leaves {violated['undecided']} undecided, misses "
        f"{violated['missed']}, and has no rule for {violated['not_modelled']}; in the design of another case it would "
        f"find {100 * chance:.0f}%. Of {of['cleared']} held kept, it respects "
        f"{cleared['respected']}, contradicts {wrong} ({cleared['contradicted']} plainly), leaves "
        f"{cleared['undecided']} undecided and has no rule for {cleared['not_modelled']}. Other cases, held back, "
        f"will be the measure of a release.\n"
    )


def totals() -> str:
    """Overall and by set."""
    return "\n".join([markdown.intervals(report()), "", *markdown.totals(report())]).replace("\n## ", "\n### ")


def provisions() -> str:
    """By provision."""
    return "\n".join(list(markdown.provisions(report()))[1:])


def case_table() -> str:
    """The cases with their designs and how much conflicts."""
    rows = []
    for case in cases():
        found = [c for c in report().cases if c.case == case.id]
        counts = "; ".join(f"{c.set}: {c.conflicts} and {c.unless_excused}" for c in found)
        design = case.design.design
        link = f"[{design.title}](../designs/cases/{design.id}{library.DESIGN})"
        stated = str(agreement.stated(design))
        rows.append([case.id, link, case.text.name, case.text.date, case.text.weight.value, stated, counts])
    head = ["Case", "Design", "Decision", "Date", "Weight", "Facts stated", "Rules in conflict, and unless excused"]
    return table(head, rows)


def label_table() -> str:
    """Every label."""
    return "\n".join(list(markdown.labels(report()))[1:])


def misses() -> str:
    """A paragraph for each miss."""
    return _paragraphs(MISSES)


def not_modelled() -> str:
    """A paragraph for each label that no rule answers, of instruments that have a set."""
    return _paragraphs((Match.NOT_MODELLED,))


def decidable() -> str:
    """What stays undecided although one might expect the sheet to decide it."""
    return _paragraphs((Match.UNDECIDED,))


def _paragraphs(matches: tuple[Match, ...]) -> str:
    parts = []
    for label, wired in zip(judged(), report().labels, strict=True):
        said = next((r.why for r in remarks() if label.match in matches and about(r, label)), None)
        if said:
            result = markdown.SPOKEN[label.match.value]
            rule = f" by `{label.rule}`" if label.rule else ""
            parts.append(f"- **{label.case.id}, {markdown.where(wired)}**, {wired.polarity}: {result}{rule}. {said}\n")
    return "".join(parts) or "None.\n"


# ---------------------------------------------------------------- two coders


@functools.cache
def second() -> dict[str, Case]:
    """The cases that were coded twice, with the second design."""
    folder = FOLDER / "second"
    coded = {p.name for p in folder.glob(f"*{library.DESIGN}")}
    twice = [c for c in cases() if f"{c.text.design}{library.DESIGN}" in coded]
    return {c.id: Case(c.text, _design(folder / f"{c.text.design}{library.DESIGN}")) for c in twice}


def _design(path: Path) -> holdings.DesignFile:
    return holdings.loading.load(path, path.parent, f"designs/cases/second/{path.name}")


@functools.cache
def agreed() -> Agreement:
    """The two codings of every case that has two."""
    return agreement.compare((c.design.design, second()[c.id].design.design) for c in cases() if c.id in second())


@functools.cache
def flips() -> list[Flip]:
    """Every label of those cases under both."""
    return agreement.flips(cases(), second(), bench())


def agreement_summary() -> str:
    """The figures in a few sentences."""
    found, total = agreed(), agreed().total
    all_flips = [f for f in flips() if counted(f.first) and f.first.match is not Match.NOT_MODELLED]
    paired, alone = sum(found.paired.values()), sum(found.alone.values())
    flipped = [f for f in all_flips if f.flipped]
    opposed = [f for f in flipped if f.second and {_side(f.first.match), _side(f.second.match)} == {1, -1}]
    both, answered = total.both, total.both + total.one
    return (
        f"{len(second())} cases, drawn by lot, were coded twice. The second coder has {paired} of the parts of the "
        f"first; {alone} parts one of them has alone. Of the {answered} fields of those parts that at least one "
        f"answered, {both} ({_percent(both, answered)}) both answered, and of these {total.same} "
        f"({_percent(total.same, both)}) alike. Of the {len(all_flips)} labels of these cases that count and have a "
        f"rule {len(flipped)} ({_percent(len(flipped), len(all_flips))}) come out otherwise under the second coding; "
        f"{len(opposed)} of them turn from conflict to none or back, the rest between decided and undecided, or "
        f"between a conflict and one unless excused.\n"
    )


def _side(match: Match) -> int:
    if match in (Match.FOUND, Match.FOUND_UNLESS_EXCUSED, Match.CONTRADICTED, Match.CONTRADICTED_UNLESS_EXCUSED):
        return 1
    return -1 if match in (Match.MISSED, Match.RESPECTED) else 0


def agreement_table() -> str:
    """Agreement per field, for fields that were answered often enough to say something."""
    rows = []
    for name, field in agreed().fields.items():
        answered = field.both + field.one
        if answered >= _LEAST_ANSWERED:
            alike = _percent(field.same, field.both) if field.both else ""
            rows.append([f"`{name}`", str(field.both), str(field.same), alike, str(field.one)])
    head = ["Field", "Both answered", "Alike", "", "One alone"]
    return table(head, rows)


def flip_table() -> str:
    """The labels that flip."""
    rows = []
    for f in (f for f in flips() if f.flipped):
        label, other = f.first.label, markdown.SPOKEN[f.second.match.value] if f.second else "no such part"
        was = markdown.SPOKEN[f.first.match.value]
        rows.append([f.first.case.id, label.provision, ", ".join(label.aspect), was, other])
    return table(["Case", "Provision", "Aspect", "First coding", "Second coding"], rows)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "none"
