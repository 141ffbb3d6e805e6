"""Reports as Markdown: to keep beside a design, to read on a host of code, or as plain text. It holds no HTML.

Text from outside goes through `markup`: it is never taken for markup, makes no link and calls nobody. Each evaluation
is told in full, or in short where designs or sets are laid side by side (`markdown_comparison`) or are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from policy_eval.messages import gettext as _
from policy_eval.report import Wants, phrases, streams
from policy_eval.report import markdown_comparison as side_by_side
from policy_eval.report.arranged import Bars, Evaluation, Finding, Group, Page, page
from policy_eval.report.markdown_notes import Notes, opened, scope
from policy_eval.report.markup import code, link, listed, marked, plain, table
from policy_eval.report.wire import (
    EvaluationV1,
    FindingV1,
    GroundV1,
    LensV1,
    NotInForceV1,
    PlaceV1,
    ReportV1,
    UndisputedV1,
)  # fmt: skip
from policy_eval.report.words import ROLES, SYMBOLS, counted, says, taken, words

WANTS = Wants(places=4, reasons=6)
_OPEN_FACTS = 20


def write(report: ReportV1, out: TextIO) -> None:
    """Write the report as Markdown; same report, same bytes."""
    streams.prepare(out)
    for block in _blocks(page(report)):
        out.write(f"{block}\n\n" if block else "")


def _blocks(found: Page) -> Iterator[str]:
    """Every paragraph, heading, list and table, none with an empty line in it."""
    notes = Notes(found.designs)
    report = found.report
    yield f"# {plain(found.title)}"
    yield f"{_('Law as of')} {plain(found.days)}. {plain(report.tool)}."
    yield f"> {plain(report.disclaimer)}"
    for matrix in found.matrices:
        yield from side_by_side.matrix(matrix)
    if report.across is not None:
        yield from side_by_side.shared(report.across, notes)
    if found.matrices or found.brief:
        yield from side_by_side.briefly(found.evaluations, notes)
    else:
        alone = len(found.evaluations) == 1
        yield from (block for e in found.evaluations for block in _evaluation(e, notes, alone))
    for lens in report.lenses or ():
        yield from _lens(lens)
    yield from _about(found)
    yield from notes.definitions()


def _evaluation(e: Evaluation, notes: Notes, alone: bool) -> Iterator[str]:
    """An evaluation in full; the only one of a report has the heading of the report, and its parts one level up."""
    told = e.told
    level = "##" if alone else "###"
    if not alone:
        yield f"## {plain(told.design_title)}, {_('under the')} {plain(told.set_title)}"
    yield from _head(e)
    if not e.nothing_in_force:
        yield from _verdict(told, notes, level)
        yield from _profile(e.bars, level)
        yield from _numbers(told, level)
        yield from _unknown(told, level)
        if e.groups:
            yield f"{level} {_('Conflicts, by what they hang on')}"
            yield from (block for group in e.groups for block in _group(group, e, notes, f"{level}#"))
        yield from _undecided(e.of("undecided"), level)
        yield from _others(f"{level} {_('No conflict found on the facts given')}", e.of("no_conflict"), e, notes)
        yield from _others(f"{level} {_('Does not apply')}", e.of("not_applicable"), e, notes)
    yield from _not_in_force(told, level)
    if told.operator_response:
        yield f"{level} " + _("The operator's response")
        yield f"> {plain(told.operator_response)}"


def _head(e: Evaluation) -> Iterator[str]:
    """Which design under which set and law, and how it is read."""
    told = e.told
    kind = "" if told.set_kind == "law" else f", {words(told.set_kind)}"
    under = f"{code(told.set)} {plain(told.set_version)}{kind}"
    yield f"{code(told.design)} ({plain(told.design_kind)}) {_('under')} {under}, {_('law of')} {told.as_of}."
    if told.as_if:
        yield f"**{plain(phrases.capital(told.as_if))}.**"
    if told.facts != "all":
        yield taken(told.facts)
    if told.reading != "outsider":
        yield _("Read as a controller's own: what is undecided is not demonstrated.")
    if e.nothing_in_force:
        yield f"**{plain(phrases.none_in_force(told))}**"


def _verdict(e: EvaluationV1, notes: Notes, level: str) -> Iterator[str]:
    yield f"{level} {_('Verdict')}: {words(e.band.standing)}"
    yield phrases.ends(e.band)
    if e.band.because:
        yield f"{_('Because of')} {listed(e.band.because, len(e.band.because))}."
    yield scope(e, notes)
    advisory = [f for f in e.findings if f.severity == "advisory" and f.cause]
    if advisory:
        conflicts = counted(len(advisory), "advisory conflict")
        yield _("Besides %(conflicts)s, shown below and never counted.") % {"conflicts": conflicts}


def _profile(bars: Sequence[Bars], level: str) -> Iterator[str]:
    if not bars:
        return
    yield f"{level} {_('Profile')}"
    yield _("Rules by principle: in conflict (excused or not), open, and with no conflict found.")
    head = [_("Principle"), _("In conflict"), _("Open"), _("No conflict found"), _("Score"), _("Decided")]
    yield "\n".join(table(head, map(_bars, bars)))


def _bars(b: Bars) -> list[str]:
    names = (_("in conflict"), _("open"), phrases.short("no_conflict"))
    numbers = zip((b.conflicts, b.undecided, b.clear), names, strict=True)
    score = phrases.score(b.told.score) if b.total else _("no rule applies")
    return [b.told.principle, *(f"{n} {word}" if n else "" for n, word in numbers), score,
            phrases.share(b.told.coverage)]  # fmt: skip


def _numbers(e: EvaluationV1, level: str) -> Iterator[str]:
    firm = e.undisputed
    yield f"{level} {_('Numbers')}"
    yield _("A score says nothing beside a band that is worse.")
    head = ["", _("On the facts given") if firm is None else _("On all facts")]
    head += [_("On undisputed facts alone")] if firm else []
    several: list[EvaluationV1 | UndisputedV1] = [e, firm] if firm else [e]
    yield "\n".join(
        table(
            head,
            [
                [_("Verdict"), *(words(x.band.standing) for x in several)],
                [_("Score as it stands"), *(phrases.score(x.score) for x in several)],
                [_("Decided, by weight"), *(phrases.share(x.coverage) for x in several)],
                [_("Burden (weight of conflicts)"), *(phrases.burden(x.burden) for x in several)],
            ],
        )
    )


def _unknown(e: EvaluationV1, level: str) -> Iterator[str]:
    if not e.open_facts:
        return
    yield f"{level} {_('What is not known')}"
    weight = {"weight": f"{e.open_facts[0].weight:g}"}
    points = _("%(weight)s points of rules that are undecided or might be excused.") % weight
    yield f"{_('Most weight hangs on')} {code(e.open_facts[0].path)}: {points}"
    shown = e.open_facts[:_OPEN_FACTS]
    rows = ([code(o.path), f"{o.weight:g}", listed(o.rules)] for o in shown)
    yield "\n".join(table([_("Fact"), _("Weight"), _("Rules")], rows))
    if len(e.open_facts) > len(shown):
        yield more(len(e.open_facts) - len(shown))


def _group(group: Group, e: Evaluation, notes: Notes, level: str) -> Iterator[str]:
    facts = listed([says(f) for f in group.cause.facts])
    yield f"{level} {_('Hanging on:')} {facts}"
    yield from (block for finding in group.findings for block in _conflict(finding, e, notes, f"{level}#"))


def _conflict(finding: Finding, e: Evaluation, notes: Notes, level: str) -> Iterator[str]:
    f = finding.told
    yield f"{level} {plain(f.title)}"
    outcome = f"{SYMBOLS[f.outcome]} {words(f.outcome)}"
    yield f"**{outcome}**, {f.severity}; {f.principle}; {code(f.rule)}"
    lines = [x for p in finding.places for x in _place(p, e, notes)]
    left_out = f.outcomes.get(f.outcome, 0) - len(finding.places)
    lines += [f"- {more(left_out)}"] if left_out > 0 else []
    elsewhere = phrases.others(f)
    lines += [f"- {plain(elsewhere)}"] if elsewhere else []
    yield "\n".join(lines)
    if f.duty_of:
        holders = f": {listed(f.duty_holders, len(f.duty_holders))}" if f.duty_holders else ""
        yield f"{_('Duty of')} {ROLES[f.duty_of]}{holders}."
    yield f"{_('Law:')} {'; '.join(map(_ground, f.grounds))}."
    yield f"{_('Remedy:')} {marked(f.remedy)}"


def _place(p: PlaceV1, e: Evaluation, notes: Notes) -> Iterator[str]:
    """A list item on one place, and below it what it rests on."""
    yield f"- {marked(p.message)}"
    for fact in p.evidence:
        where = f"({code(f'{fact.file}:{fact.line}')}, {plain(fact.status)})"
        yield f"  - {code(says(fact))} {where}{notes.mark(e.told.design, fact.path)}"
    if p.would_excuse:
        yield f"  - {_('Would excuse it:')} {'; '.join(map(plain, p.would_excuse))}."
    if p.exceptions:
        yield f"  - {_('Exceptions tried:')} {'; '.join(f'{plain(x.title)} ({x.state})' for x in p.exceptions)}."


def _ground(g: GroundV1) -> str:
    """A provision with its link, its identifier, and how it was checked."""
    parts = [code(g.id)] if g.id else []
    parts += [g.verified] if g.verified != "read" else []
    day = _("checked %(day)s") % {"day": g.status_checked}
    return f"{link(f'{g.instrument} {g.at}', g.url)} ({', '.join([*parts, day])})"


def _undecided(findings: Sequence[Finding], level: str) -> Iterator[str]:
    if findings:
        yield f"{level} {phrases.capital(words('undecided'))}"
        yield counted(len(findings), "rule").capitalize() + "."
        rows = ([f"{plain(f.told.title)} {code(f.told.rule)}", f.told.severity, _open(f.told)] for f in findings)
        yield "\n".join(table([_("Rule"), _("Severity"), _("What is open")], rows))


def _open(f: FindingV1) -> str:
    """What an undecided rule hangs on."""
    return f"{_('not demonstrated') + ': ' if f.not_demonstrated else ''}{opened(f.open, f.unsettled)}"


def _others(heading: str, findings: Sequence[Finding], e: Evaluation, notes: Notes) -> Iterator[str]:
    """Rules that are clear or do not apply, and what that rests on."""
    if findings:
        yield heading
        yield "\n".join(_clear(f, e, notes) for f in findings)


def _clear(f: Finding, e: Evaluation, notes: Notes) -> str:
    """A rule with the first facts of the places that come to its outcome, and how much is not shown."""
    shown = [f"{code(says(x))}{notes.mark(e.told.design, x.path)}" for x in f.basis.facts]
    left_out = _left_out(f)
    basis = _and([*shown, *left_out]) if left_out else ", ".join(shown)
    return f"- {plain(f.told.title)} {code(f.told.rule)}{f': {basis}' if basis else ''}"


def _left_out(f: Finding) -> list[str]:
    """How many facts and places are not shown; where none is, there are no more of them, but so many."""
    more = f.basis
    if more.facts:
        facts, places = counted(more.more_facts, "more fact"), counted(more.more_places, "more place")
    else:
        facts, places = counted(more.more_facts, "fact"), counted(f.told.outcomes.get(f.told.outcome, 0), "place")
    return [facts] * bool(more.more_facts) + [places] * bool(more.more_places)


def _and(items: Sequence[str]) -> str:
    """Items in a row, with one `and` before the last."""
    *first, last = items
    return _("%(items)s and %(last)s") % {"items": ", ".join(first), "last": last} if first else last


def _not_in_force(e: EvaluationV1, level: str) -> Iterator[str]:
    if e.not_in_force:
        yield f"{level} {_('Not in force on %(day)s, not counted') % {'day': e.as_of}}"
        yield "\n".join(map(_later, e.not_in_force))


def _later(r: NotInForceV1) -> str:
    since = f", {_('from')} {r.effective_from}" if r.effective_from else ""
    until = f", {_('until')} {r.effective_until}" if r.effective_until else ""
    return f"- {plain(r.title)} {code(r.rule)}{since}{until} ({r.status})"


def more(number: int) -> str:
    """That some things are left out, and where they are."""
    return _("And %(number)s more; the JSON report has all.") % {"number": number}


def _lens(lens: LensV1) -> Iterator[str]:
    yield f"## {code(lens.design)}, {_('seen through')} {plain(lens.title)}"
    yield _("A lens sorts findings and facts and judges nothing.")
    for c in lens.categories:
        yield f"### {plain(c.title)}"
        yield plain(c.question)
        if not c.outcomes:
            yield f"{_('No rule:')} {plain(c.beyond or _('none in force in these sets covers it'))}."
        lines = [(words(o), [r for r, found in c.outcomes.items() if found == o]) for o in SYMBOLS]
        lines += [(_("stated"), [says(f) for f in c.facts]), (_("not stated"), c.unknown)]
        yield "\n".join(f"- {phrases.capital(what)}: {listed(items, 12)}" for what, items in lines if items)


def _about(found: Page) -> Iterator[str]:
    """Method, limits, corrections, how to cite."""
    report = found.report
    yield f"## {_('Method, limits, how to cite')}"
    yield from map(plain, phrases.method(report))
    yield f"{_('Weights of profile')} {code(report.profile.id)} ({code(report.profile.hash)}):"
    weights = report.profile.weights.items()
    rows = ([s, f"{weight:g}", plain(report.profile.because[s])] for s, weight in weights)
    yield "\n".join(table([_("Severity"), _("Weight"), _("Why")], rows))
    yield plain(phrases.enough(report))
    sets: Iterable[list[str]] = ([f"{plain(t)} ({code(s)})", plain(v), day] for s, t, v, day in found.sets)
    yield "\n".join(table([_("Set"), _("Version"), _("Law of")], sets))
    yield f"**{_('Limits.')}** {plain(phrases.limits(report))}"
    yield f"**{_('Corrections.')}** {plain(phrases.corrections())}"
    versions = ", ".join(f"{s} {v} ({day})" for s, _title, v, day in found.sets)
    files = ", ".join(map(code, found.files))
    tool = f"{plain(report.tool)}, {_('method')} {plain(report.method)}, {_('profile')} {code(report.profile.hash)}"
    cited = f"*{plain(found.title)}*. {tool}; {plain(versions)}; {files}."
    yield f"**{_('How to cite.')}** {cited}"
