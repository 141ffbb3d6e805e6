"""Comparisons for the terminal: a few designs with every reason, many as matrices, one design across sets.

Up to three designs are laid side by side rule by rule, with the places and facts behind each difference. Of more
than that only the matrices can be read; the rest is in the JSON report.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report import phrases
from policy_eval.report.text import SIDE_BY_SIDE, STYLES, Indented, safe_text, uncovered
from policy_eval.report.wire import (
    PRESENT,
    AcrossV1,
    BurdenV1,
    ComparisonV1,
    DifferenceV1,
    EvaluationV1,
    ReportV1,
    ScoreV1,
)  # fmt: skip
from policy_eval.report.words import (
    SHOWN,
    SYMBOLS,
    counted,
    listed,
    nothing_in_force,
    points,
    share,
    taken,
    where,
    words,
)  # fmt: skip
from policy_eval.vocabulary.law import Principle

Columns = dict[str, EvaluationV1]  # by the letter that heads each column


def render(c: ComparisonV1, report: ReportV1, width: int) -> Group:
    """One comparison, no line of a matrix wider than `width` columns."""
    evaluations = [e for e in report.evaluations if e.set == c.set]
    columns = {_letter(n): e for n, e in enumerate(evaluations)}
    letters = {e.design: letter for letter, e in columns.items()}
    few = len(evaluations) <= SIDE_BY_SIDE
    first = evaluations[0]
    days = sorted({e.as_of for e in evaluations})
    parts: list[RenderableType] = [safe_text(_head(first, len(evaluations), days), "bold")]
    if first.facts != "all":
        parts.append(Text(taken(first.facts)))
    for letter, e in columns.items():
        label = f" ({_law(e)})" if e.as_if or len(days) > 1 else ""
        parts.append(safe_text(f"{letter}  {e.design}: {phrases.verdict(e)}{_scope(e)}{label}"))
    parts += [
        *_uncovered(columns),
        Text(),
        *_matrices(columns, width),
        *_legend(_blank(columns)),
        *_order(c, columns),
        *_dominance(c, letters, few),
        Text(),
    ]
    shown = c.differences if few else [d for d in c.differences if len(set(d.outcomes.values())) > 1]
    parts += _differences(shown, letters) if few else _rules(shown, letters, width)
    parts += _alike(columns, {d.rule for d in shown})
    return Group(*parts)


def render_across(across: AcrossV1, report: ReportV1, width: int) -> Group:
    """One design under several sets."""
    columns = {_letter(n): e for n, e in enumerate(report.evaluations)}
    first = report.evaluations[0]
    said = ngettext("%(design)s, under %(number)s set", "%(design)s, under %(number)s sets", len(columns))
    head = said % {"design": first.design_title, "number": len(columns)}
    parts: list[RenderableType] = [safe_text(head, "bold")]
    if first.facts != "all":
        parts.append(Text(taken(first.facts)))
    for letter, e in columns.items():
        kind = "" if e.set_kind == "law" else f", {words(e.set_kind)}"
        parts.append(safe_text(f"{letter}  {e.set}{kind}: {phrases.verdict(e)}{_scope(e)} ({_law(e)})"))
    parts += [Text(), *_matrices(columns, width), *_legend(blank=False)]
    note = _(
        "A blank cell: no rule of the set on this principle is in force. Sets weigh different rules: their numbers are "
        "not to be compared or summed."
    )
    parts += [Text(note, "dim"), Text(), *_shared(across)]
    parts += [Text(), Text(_("What each rule comes to is not shown here: `-f json` names them."))]
    return Group(*parts)


def responses(report: ReportV1) -> Group:
    """What operators answered, each answer once, however many sets and variants of a design there are."""
    told: dict[str, dict[str, None]] = {}
    for e in report.evaluations:
        if e.operator_response:
            told.setdefault(e.operator_response, {})[e.design] = None
    said = _("The operator's response to %(designs)s: %(response)s")
    texts = (safe_text(said % {"designs": ", ".join(to), "response": response}) for response, to in told.items())
    return Group(Text(), *(Group(text, Text()) for text in texts))


def _scope(e: EvaluationV1) -> str:
    """What follows the verdict where it is open whether the set covers the system."""
    return f"; {_('scope undecided')}" if e.scope.outcome == "undecided" else ""


def _uncovered(columns: Columns) -> Iterator[RenderableType]:
    """Why the set does not cover designs, once for all that share the reason."""
    reasons: dict[str, list[str]] = {}
    for letter, e in columns.items():
        if e.scope.outcome == "does_not_apply":
            reasons.setdefault(uncovered(e), []).append(letter)
    yield from (safe_text(f"{', '.join(which)}: {reason}") for reason, which in reasons.items())


def _head(e: EvaluationV1, number: int, days: list[str]) -> str:
    """How many designs are compared, under which law."""
    said = ngettext("%(number)s design under the %(title)s (%(set)s %(version)s), as of %(days)s",
                    "%(number)s designs under the %(title)s (%(set)s %(version)s), as of %(days)s", number)  # fmt: skip
    law = {"title": e.set_title, "set": e.set, "version": e.set_version, "days": ", ".join(days)}
    return said % {"number": number, **law}


def _law(e: EvaluationV1) -> str:
    """As if under which law a design is judged, or the day of the law."""
    return e.as_if or _("law of %(day)s") % {"day": e.as_of}


def _shared(across: AcrossV1) -> Iterator[RenderableType]:
    """Facts that conflicts under more than one set hang on."""
    yield Text(_("Facts that conflicts under more than one set hang on"), "bold")
    if not across.facts:
        yield Text(f"  {_('none')}")
    for shared in across.facts:
        fact = shared.fact
        value = "" if fact.value == PRESENT else f" = {fact.value}"
        yield Indented(safe_text(f"{fact.path}{value}  {where(fact)}"), 2)
        yield Indented(safe_text(", ".join(shared.rules), "dim"), 6)


def _letter(number: int) -> str:
    """A to Z, then A2 to Z2 and so on."""
    turn, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(turn + 1) if turn else "")


def _matrices(columns: Columns, width: int) -> Iterator[RenderableType]:
    """Principles by columns, in as many tables as the width asks for."""
    evaluations = list(columns.values())
    there = {p.principle for e in evaluations for p in e.principles}
    principles = [p.value for p in Principle if p.value in there]
    firm = any(e.undisputed for e in evaluations)
    names = [_("Principle"), *principles, _("score"), _("burden")]
    later = any(e.not_in_force for e in evaluations)
    names += [_("burden, undisputed")] * firm + [_("coverage")] + [_("rules not in force")] * later
    cells = [_column(letter, e, principles, firm, later) for letter, e in columns.items()]
    first = max(map(cell_len, names)) + 2
    while cells:
        taken, used = 0, first
        for column in cells:
            used += max(c.cell_len for c in column) + 2
            if taken and used > width:
                break
            taken += 1
        block, cells = cells[:taken], cells[taken:]
        table = Table(box=None, pad_edge=False, padding=(0, 1))
        table.add_column(names[0], no_wrap=True)
        for column in block:
            table.add_column(column[0], no_wrap=True)
        for n, name in enumerate(names[1:], 1):
            table.add_row(name, *(column[n] for column in block))
        yield table
        yield Text()


def _legend(blank: bool) -> Iterator[RenderableType]:
    """What symbols and numbers mean, and blank cells where there are any."""
    legend = ", ".join(map(_outcome, SYMBOLS))
    yield Text(_("%(legend)s. Burden: established/as it stands/at worst.") % {"legend": legend}, "dim")
    if blank:
        yield Text(_("A blank cell: no rule on this principle is in force for that design."), "dim")
    yield Text()


def _blank(columns: Columns) -> bool:
    """Whether a principle has rules in force for some and none for others."""
    return len({frozenset(p.principle for p in e.principles) for e in columns.values()}) > 1


def _column(letter: str, e: EvaluationV1, principles: list[str], firm: bool, later: bool) -> list[Text]:
    """The cells of a column from head to foot, without numbers where nothing was asked: 0 would read as an answer."""
    by_name = {p.principle: p.counts for p in e.principles}
    cells = [Text(f"{letter} ({_('as if')})" if e.as_if else letter), *(_cell(by_name.get(p, {})) for p in principles)]
    numbers = [_short_score(e.score), _short_burden(e.burden)]
    numbers += [_short_burden(e.undisputed.burden) if e.undisputed else ""] * firm
    numbers.append(share(e.coverage))
    if nothing_in_force(e):
        numbers = [""] * len(numbers)
    return [*cells, *map(Text, numbers), *[Text(str(len(e.not_in_force)))] * later]


def _short_burden(burden: BurdenV1) -> str:
    return f"{burden.established:g}/{burden.standing:g}/{burden.worst:g}"


def _cell(counts: dict[str, int]) -> Text:
    cell = Text()
    for outcome, symbol in SYMBOLS.items():
        if counts.get(outcome):
            cell.append(f"{symbol}{counts[outcome]} ", style=STYLES.get(outcome, "dim"))
    return cell


def _short_score(score: ScoreV1) -> str:
    return _("none") if score.standing is None else points(score.standing)


def _order(c: ComparisonV1, columns: Columns) -> Iterator[RenderableType]:
    letters = {e.design: letter for letter, e in columns.items()}
    if reason := phrases.unordered(c, columns.values()):
        yield Text(reason)
        return
    order = " < ".join(" = ".join(letters[d] for d in equals) for equals in c.order)
    yield Text(f"{phrases.ordered(c)} {order}")
    if any(e.band.standing == "too_little_known" for e in columns.values()):
        yield Text(_("A design of which too little is known is placed by the little that is decided."))


def _dominance(c: ComparisonV1, letters: dict[str, str], few: bool) -> Iterator[RenderableType]:
    undecided = [d for d in c.dominance if d.outcome == "undecided"]
    worse: dict[str, list[str]] = {}
    for d in c.dominance:
        if d.outcome == "dominates":
            worse.setdefault(letters[d.better], []).append(letters[d.worse])
    said = _("%(better)s dominates %(worse)s: all it can conflict with is established there, and more.")
    for better, dominated in worse.items():
        yield Text(said % {"better": better, "worse": ", ".join(dominated)})
    if few:
        for d in undecided:
            hangs = listed(d.settled_by) or _("unsettled law")  # where no fact is open, nothing else can be
            yield safe_text(phrases.dominance_open(letters[d.better], letters[d.worse], hangs))
    elif undecided:
        left = ngettext(
            "Dominance is undecided for %(number)s pair; `-f json` names the facts that would settle it.",
            "Dominance is undecided for %(number)s pairs; `-f json` names the facts that would settle it.",
            len(undecided),
        )
        yield Text(left % {"number": len(undecided)})


def _alike(columns: Columns, shown: set[str]) -> Iterator[RenderableType]:
    """How many rules are left out."""
    if left := len({f.rule for e in columns.values() for f in e.findings} - shown):
        said = _("Rules that come to the same in all of them, not shown: %(number)s; `-f json` has them.")
        yield Text(said % {"number": left}, "dim")


def _differences(differences: list[DifferenceV1], letters: dict[str, str]) -> Iterator[RenderableType]:
    """Every rule that differs, at which places and because of which facts."""
    yield Text(_("Rules that differ: %(number)s") % {"number": len(differences)}, style="bold")
    for d in differences:
        outcomes = "  ".join(f"{letters[k]} {_outcome(v)}" for k, v in d.outcomes.items())
        yield Padding(Group(safe_text(d.rule), safe_text(f"  {outcomes}")), (0, 0, 0, 2), expand=False)
        for place in d.places[:SHOWN]:
            at = " x ".join(place.binding.values()) or _("the design")
            cells = ", ".join(f"{letters[k]} {SYMBOLS[v] if v else _('absent')}" for k, v in place.outcomes.items())
            told = _("at %(place)s: %(outcomes)s") % {"place": at, "outcomes": cells}
            yield Padding(safe_text(told), (0, 0, 0, 6), expand=False)
        yield from _left(len(d.places), "more place")
        for fact in d.facts[:SHOWN]:
            values = ", ".join(f"{letters[k]} {v}{_standing(fact.statuses[k])}" for k, v in fact.values.items())
            told = _("because %(fact)s: %(values)s") % {"fact": fact.path, "values": values}
            yield Padding(safe_text(told, "dim"), (0, 0, 0, 6), expand=False)
        yield from _left(len(d.facts), "more fact")


def _left(number: int, what: str) -> Iterator[RenderableType]:
    """How many of a rule's differences are not shown."""
    if number > SHOWN:
        left = _("and %(more)s; `-f json` shows all") % {"more": counted(number - SHOWN, what)}
        yield Padding(Text(left, "dim"), (0, 0, 0, 6), expand=False)


def _outcome(outcome: str | None) -> str:
    return f"{SYMBOLS[outcome]} {words(outcome)}" if outcome else phrases.short(None)


def _standing(status: str) -> str:
    """How firmly a fact stands, where that is worth saying."""
    return "" if status in ("stipulated", "unknown") else f" ({status})"


def _rules(differing: list[DifferenceV1], letters: dict[str, str], width: int) -> Iterator[RenderableType]:
    """Rules that differ by designs, a symbol in each cell, in as many tables as the width asks for."""
    yield Text(_("Rules that come to different outcomes: %(number)s") % {"number": len(differing)}, style="bold")
    if not differing:
        return
    yield Text(_("Reasons: compare up to %(number)s of them, or `-f json`.") % {"number": SIDE_BY_SIDE})
    if any(outcome is None for d in differing for outcome in d.outcomes.values()):
        yield Text(_("Blank: not in force."), "dim")
    first = max(len(d.rule) for d in differing) + 2
    block = max(1, (width - first) // (max(map(len, letters.values())) + 1))
    for start in range(0, len(letters), block):
        shown = list(letters)[start : start + block]
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
        table.add_column("", no_wrap=True)
        for design in shown:
            table.add_column(letters[design], no_wrap=True)
        for d in differing:
            table.add_row(d.rule, *(_symbol(d.outcomes[k]) for k in shown))
        yield Text()
        yield table


def _symbol(outcome: str | None) -> Text:
    return Text(SYMBOLS[outcome], STYLES.get(outcome, "dim")) if outcome else Text(" ")
