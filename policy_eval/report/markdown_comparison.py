"""Comparisons as Markdown: principles and rules by designs, order, dominance, facts, and each design in short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_eval.messages import gettext as _
from policy_eval.report import phrases
from policy_eval.report.arranged import Cell, Evaluation, Finding, Matrix
from policy_eval.report.markdown_notes import Notes, scope
from policy_eval.report.markup import code, listed, marked, plain, table
from policy_eval.report.wire import AcrossV1, BurdenV1, ComparisonV1, EvaluationV1, FactDifferenceV1, PlaceV1
from policy_eval.report.words import SYMBOLS, counted, nothing_in_force, says, taken, words

_PAIRS = 40
_FACTS = 60
_BEHIND = 2


def matrix(m: Matrix) -> Iterator[str]:
    """Designs under one set, or one design under several."""
    c = m.comparison
    yield f"## {_title(m)}"
    facts = m.columns[0].told.facts
    if facts != "all":
        yield taken(facts)
    if m.columns[0].told.reading != "outsider":
        yield _("Read as a controller's own: what is undecided is not demonstrated.")
    if c is None:
        yield _(
            "A blank cell: no rule of the set on this principle is in force. Sets weigh different rules: their numbers "
            "are not to be compared or summed."
        )
    yield _("Principles: the worst outcome of each, and how many rules come to which.")
    yield "\n".join(table([_("Principle"), *_columns(m)], _table(m)))
    if c is not None:
        yield from _order(m, c)
        yield from _dominance(c)
        yield from _rules(m)
        yield from _facts(m, c)


def _title(m: Matrix) -> str:
    first = m.columns[0].told
    if m.comparison:
        names = {"number": len(m.columns), "set": plain(first.set_title)}
        return _("%(number)s designs under the %(set)s") % names
    return _("%(design)s, under %(number)s sets") % {"design": plain(first.design_title), "number": len(m.columns)}


def _columns(m: Matrix) -> list[str]:
    """The heads of columns: design with its kind or set, and where the law is of another place or time, that."""
    by_design = m.comparison is not None
    dated = not by_design or len({e.told.as_of for e in m.columns}) > 1
    return [_column(e.told, by_design, dated) for e in m.columns]


def _column(e: EvaluationV1, by_design: bool, dated: bool) -> str:
    labels = [e.design_kind] if by_design else []
    labels += [e.as_if] if e.as_if else []
    labels += [f"{_('law of')} {e.as_of}"] if dated and e.as_of not in (e.as_if or "") else []
    name = code(e.design if by_design else e.set)
    return f"{name} ({plain(', '.join(labels))})" if labels else name


def _table(m: Matrix) -> Iterator[list[str]]:
    for principle, cells in m.principles:
        yield [principle, *map(_cell, cells)]
    told = [e.told for e in m.columns]
    yield [_("Verdict"), *map(phrases.verdict, told)]
    later = [len(e.not_in_force) for e in told]
    if any(later):
        yield [_("Rules not in force, not counted"), *map(str, later)]
    yield [_("Score"), *("" if nothing_in_force(e) else phrases.score(e.score) for e in told)]
    yield [_("Burden"), *(_burden(e, e.burden) for e in told)]
    if any(e.undisputed for e in told):
        yield [
            _("Burden on undisputed facts"),
            *(_burden(e, e.undisputed.burden) if e.undisputed else "" for e in told),
        ]
    yield [_("Decided, by weight"), *("" if nothing_in_force(e) else phrases.share(e.coverage) for e in told)]


def _burden(e: EvaluationV1, found: BurdenV1) -> str:
    """No number where no rule is in force: 0 would read as if something had been asked."""
    return "" if nothing_in_force(e) else phrases.burden(found)


def _cell(cell: Cell) -> str:
    """The worst outcome with its symbol, and how many rules come to it and to others."""
    if cell.worst is None:
        return ""
    if not cell.counts:
        return f"**{phrases.marked(cell.worst)}**"
    first, *others = (f"{n} {phrases.short(o)}" for o, n in cell.counts)
    return ", ".join([f"**{SYMBOLS[cell.worst]} {first}**", *others])


def _order(m: Matrix, c: ComparisonV1) -> Iterator[str]:
    yield f"### {_('Order')}"
    why_not = phrases.unordered(c, [e.told for e in m.columns])
    yield from [why_not] if why_not else _places(m, c)


def _places(m: Matrix, c: ComparisonV1) -> Iterator[str]:
    yield phrases.ordered(c)
    bands = {e.told.design: e.told.band.standing for e in m.columns}
    weights = c.burden_on_decided
    places = (" = ".join(f"{code(d)} ({words(bands[d])}; {weights[d]:g})" for d in equals) for equals in c.order)
    yield "\n".join(f"{n}. {place}" for n, place in enumerate(places, 1))
    if m.little_known:
        yield _("A design of which too little is known is placed by the little that is decided.")


def _dominance(c: ComparisonV1) -> Iterator[str]:
    settled = [x for x in c.dominance if x.outcome == "dominates"]
    open = [x for x in c.dominance if x.outcome == "undecided"]
    if not settled and not open:
        return
    yield f"### {_('Dominance')}"
    yield _(
        "A design dominates another if all it can conflict with is established there, and more, whatever the weights."
    )
    named = [x for x in open if x.settled_by]
    lines = [f"- {code(x.better)} {_('dominates')} {code(x.worse)}" for x in settled[:_PAIRS]]
    for x in named[:_PAIRS]:
        lines.append(f"- {phrases.dominance_open(code(x.better), code(x.worse), listed(x.settled_by))}")
    yield "\n".join(lines)
    left_out = sum(max(0, len(pairs) - _PAIRS) for pairs in (settled, named))
    if left_out:
        yield _("And %(pairs)s more; the JSON report has all.") % {"pairs": counted(left_out, "pair")}
    if bare := len(open) - len(named):
        yield _(
            "Of %(pairs)s it is open whether one dominates the other; a comparison of few designs names the facts, "
            "unless it is the law that is unsettled."
        ) % {"pairs": counted(bare, "pair")}


def _rules(m: Matrix) -> Iterator[str]:
    yield f"### {_('Rules that come to different outcomes')}"
    if not m.rules:
        yield _("None.")
        return
    head = [_("Rule"), _("Severity"), *_columns(m)]
    rows = (
        [f"{plain(first.told.title)} {code(first.told.rule)}", first.told.severity, *map(_outcome, cells)]
        for first, cells in m.rules
    )
    yield "\n".join(table(head, rows))


def _outcome(f: Finding | None) -> str:
    return phrases.marked(f.told.outcome if f else None)


def _facts(m: Matrix, c: ComparisonV1) -> Iterator[str]:
    if not m.facts:
        return
    yield f"### {_('Facts side by side')}"
    yield _("The facts behind the differences, and how firmly they stand where they are not stipulated.")
    rows = [[code(x.told.path), *(_value(x.told, d) for d in c.designs), listed(x.rules)] for x in m.facts[:_FACTS]]
    yield "\n".join(table([_("Fact"), *map(code, c.designs), _("Rules")], rows))
    if len(m.facts) > _FACTS:
        yield _("And %(number)s more; the JSON report has all.") % {"number": len(m.facts) - _FACTS}


def _value(fact: FactDifferenceV1, design: str) -> str:
    status = fact.statuses[design]
    shown = "" if status in ("stipulated", "unknown") else f" ({plain(status)})"
    return f"{code(fact.values[design])}{shown}"


def shared(across: AcrossV1, notes: Notes) -> Iterator[str]:
    """Facts of one design that conflicts under more than one set hang on."""
    yield f"### {_('Facts that conflicts under more than one set hang on')}"
    if not across.facts:
        yield _("None.")
        return
    yield "\n".join(
        f"- {code(says(x.fact))} ({code(f'{x.fact.file}:{x.fact.line}')}, {plain(x.fact.status)})"
        f"{notes.mark(across.design, x.fact.path)}: {listed(x.rules, 12)}"
        for x in across.facts
    )


def briefly(evaluations: Sequence[Evaluation], notes: Notes) -> Iterator[str]:
    """Each design under each set in short: the verdict, every conflict with its reason, the rest by name."""
    yield f"## {_('Each design under each set')}"
    yield _("In short: a report on one of them alone has every fact, exception and remedy.")
    answered: set[str] = set()
    for e in evaluations:
        yield f"### {code(e.told.design)} ({plain(e.told.design_kind)}) {_('under')} {code(e.told.set)}"
        yield from _head(e, notes)
        if e.conflicts:
            yield "\n".join(_conflict(f, e, notes) for f in e.conflicts)
        lines = [(words(o), [f.told.rule for f in e.of(o)]) for o in ("undecided", "no_conflict", "not_applicable")]
        yield "\n".join(f"- {phrases.capital(what)}: {listed(rules, len(rules))}" for what, rules in lines if rules)
        if e.told.operator_response and e.told.design not in answered:
            answered.add(e.told.design)
            yield "**" + _("The operator's response") + "**"
            yield f"> {plain(e.told.operator_response)}"


def _head(e: Evaluation, notes: Notes) -> Iterator[str]:
    told = e.told
    if told.as_if:
        yield f"{plain(phrases.capital(told.as_if))}."
    if told.not_in_force:
        later = {"rules": counted(len(told.not_in_force), "rule"), "day": told.as_of}
        yield _("%(rules)s not in force on %(day)s, not counted.") % later
    if e.nothing_in_force:
        yield f"**{plain(phrases.none_in_force(told))}**"
        return
    verdict = f"**{phrases.capital(words(told.band.standing))}.** {phrases.ends(told.band)}"
    numbers = f"{_('Score')}: {phrases.score(told.score)}. {_('Burden')}: {phrases.burden(told.burden)}."
    firm = told.undisputed
    alone = f" {_('On undisputed facts alone')}: {words(firm.band.standing)}." if firm else ""
    yield f"{verdict} {numbers}{alone}"
    yield scope(told, notes)


def _conflict(f: Finding, e: Evaluation, notes: Notes) -> str:
    """A conflict in a line, and below it the facts it rests on first."""
    first = f.places[0] if f.places else None
    head = f"- {phrases.marked(f.told.outcome)}, {f.told.severity}, {code(f.told.rule)}: {marked(f.told.message)}"
    behind = [text for text in _behind(first, e, notes) if text] if first else []
    elsewhere = phrases.others(f.told)
    said = " — ".join([head, *(["; ".join(behind)] if behind else [])])
    return f"{said}.{f' {plain(elsewhere)}' if elsewhere else ''}"


def _behind(p: PlaceV1, e: Evaluation, notes: Notes) -> Iterator[str]:
    """The first facts of a place, and what would excuse it."""
    facts = (
        f"{code(says(x))} ({code(f'{x.file}:{x.line}')}){notes.mark(e.told.design, x.path)}"
        for x in p.evidence[:_BEHIND]
    )
    yield ", ".join(facts)
    if p.would_excuse:
        yield f"{_('would excuse it:')} {'; '.join(map(plain, p.would_excuse[:_BEHIND]))}"
