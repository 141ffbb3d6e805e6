"""The sections that lay designs, or sets, side by side, and those of lenses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report import phrases
from policy_eval.report.memo.ast import (
    Block,
    Blocks,
    Inlines,
    bullets,
    code,
    filled,
    heading,
    joined,
    marked,
    para,
    strong,
    table,
    text,
)
from policy_eval.report.memo.parts import counted_outcomes, first_few, label, named, series
from policy_eval.report.wire import AcrossV1, CategoryV1, ComparisonV1, EvaluationV1, LensV1, ReportV1
from policy_eval.report.words import listed, says
from policy_eval.vocabulary.law import Band, Principle

_PAIRS = 60  # of designs of which one may dominate the other: their number grows as the square of that of designs
_ACROSS = 5  # columns beside the first that a page has room for
Columns = dict[str, EvaluationV1]  # by the letter that heads each column


def comparisons(report: ReportV1) -> Blocks:
    """Designs side by side under each set, or one design under several."""
    blocks: Blocks = []
    for c in report.comparison or ():
        blocks += _compared(c, [e for e in report.evaluations if e.set == c.set], _responses(report))
    return [*blocks, *(_under_sets(report.across, report.evaluations) if report.across else [])]


def _responses(report: ReportV1) -> dict[str, str]:
    """What operators of real designs say, by design."""
    return {d.id: d.operator_response for d in report.designs if d.kind == "real" and d.operator_response}


def _compared(c: ComparisonV1, evaluations: list[EvaluationV1], responses: Mapping[str, str]) -> Blocks:
    columns = {_letter(n): e for n, e in enumerate(evaluations)}
    letters = {e.design: letter for letter, e in columns.items()}
    title = _("Comparison under the %(set)s") % {"set": evaluations[0].set_title}
    legend = (_legend(letter, e, e.design_title, e.design) for letter, e in columns.items())
    blocks = [heading(1, title), *bullets(legend)]
    said = _("The operator’s response to %(design)s")
    blocks += [para(label(said % {"design": x}, text(responses[d]))) for d, x in letters.items() if d in responses]
    if principles := list(_matrix(columns)):
        blocks += [heading(2, _("By principle")), para(text(_lead())), *principles]
    return [*blocks, *_order(c, columns), *_differences(c, columns)]


def _under_sets(across: AcrossV1, evaluations: list[EvaluationV1]) -> Blocks:
    columns = {_letter(n): e for n, e in enumerate(evaluations)}
    title = _("The design under %(n)s sets") % {"n": len(columns)}
    blocks = [heading(1, title), *bullets(_legend(letter, e, e.set_title, e.set) for letter, e in columns.items())]
    apart = _("Sets weigh different rules: their numbers are not to be compared or summed.")
    if principles := list(_matrix(columns)):
        blocks += [para(text(_lead()), text(apart)), *principles]
    shared = [joined([[code(says(s.fact))], text("–"), text(listed(s.rules))]) for s in across.facts]
    lead = para(text(_("Facts that conflicts under more than one set hang on:")))
    return [*blocks, *([lead, *bullets(shared)] if shared else [])]


def _lead() -> str:
    return _("Each cell names the worst outcome of the rules on a principle, and how many rules come to it.")


def _legend(letter: str, e: EvaluationV1, title: str, name: str) -> Inlines:
    law = e.as_if or _("law of %(day)s") % {"day": e.as_of}
    said = f"– {e.design_kind}; {phrases.verdict(e)} ({law})"
    return joined([[strong(f"{letter}:")], named(title, name), text(said)])


def _matrix(columns: Columns) -> Iterator[Block]:
    there = {p.principle for e in columns.values() for p in e.principles}
    counts = {letter: {p.principle: p.counts for p in e.principles} for letter, e in columns.items()}
    rows = [
        (p.value, {letter: counted_outcomes(found.get(p.value, {})) for letter, found in counts.items()})
        for p in Principle
        if p.value in there
    ]
    return _tables(_("Principle"), columns, rows)


def _tables(first: str, columns: Columns, rows: Sequence[tuple[str, dict[str, str]]]) -> Iterator[Block]:
    """As many tables as the width of a page asks for, none where there are no rows."""
    letters = list(columns) if rows else []
    for start in range(0, len(letters), _ACROSS):
        block = letters[start : start + _ACROSS]
        width = min(0.2, 0.7 / len(block))
        heads = [f"{x} ({_('as if')})" if columns[x].as_if else x for x in block]
        body = [(text(name), *(text(cells[x]) for x in block)) for name, cells in rows]
        yield table((1 - width * len(block), *[width] * len(block)), (first, *heads), body)


def _order(c: ComparisonV1, columns: Columns) -> Blocks:
    letters = {e.design: letter for letter, e in columns.items()}
    said = [para(text(x)) for x in _ordered(c, columns, letters)]
    pairs = list(_dominance(c, letters))
    more = len(pairs) - _PAIRS
    rest = ngettext("and %(n)s more pair; the JSON report (`-f json`) has all",
                    "and %(n)s more pairs; the JSON report (`-f json`) has all", more)  # fmt: skip
    told = [*pairs[:_PAIRS], marked(rest % {"n": more})] if more > 0 else pairs
    return [heading(2, _("Order")), *said, *bullets([*told, *_unknown(c, letters)])]


def _ordered(c: ComparisonV1, columns: Columns, letters: dict[str, str]) -> Iterator[str]:
    if unordered := phrases.unordered(c, columns.values()):
        yield unordered
        return
    bands = {e.design: f"{letter} ({phrases.verdict(e)})" for letter, e in columns.items()}
    order = " < ".join(" = ".join(_named(d, bands) for d in group) for group in c.order)
    yield f"{phrases.ordered(c)} {order}."
    if any(e.band.standing == Band.TOO_LITTLE_KNOWN.value for e in columns.values()):
        yield _("A design of which too little is known is placed by the little that is decided.")
    burdens = ", ".join(f"{_named(d, letters)} {b:g}" for d, b in c.burden_on_decided.items())
    yield _("Burden on those rules: %(burdens)s.") % {"burdens": burdens}


def _dominance(c: ComparisonV1, letters: dict[str, str]) -> Iterator[Inlines]:
    dominates = _("%(better)s dominates %(worse)s: all it can conflict with is established there, and more.")
    for d in c.dominance:
        better, worse = _named(d.better, letters), _named(d.worse, letters)
        if d.outcome == "dominates":
            yield text(dominates % {"better": better, "worse": worse})
        elif d.outcome == "undecided" and d.settled_by:
            open_ = first_few([[code(x)] for x in d.settled_by])
            yield filled(phrases.dominance_open(better, worse, "%(facts)s"), facts=open_)


def _unknown(c: ComparisonV1, letters: dict[str, str]) -> Iterator[Inlines]:
    """The pairs nothing is known to settle."""
    bare = [d for d in c.dominance if d.outcome == "undecided" and not d.settled_by]
    if bare:
        pairs = listed([f"{_named(d.better, letters)} – {_named(d.worse, letters)}" for d in bare])
        said = ngettext("For one pair it is undecided whether the first dominates the second: %(pairs)s.",
                        "For %(n)s pairs it is undecided whether the first dominates the second: %(pairs)s.",
                        len(bare))  # fmt: skip
        yield text(said % {"n": len(bare), "pairs": pairs})


def _differences(c: ComparisonV1, columns: Columns) -> Blocks:
    # Some come to the same outcome, and only at some of their places to another.
    differing = [d for d in c.differences if len(set(d.outcomes.values())) > 1]
    if not differing:
        return [heading(2, _("Differences")), para(text(_("No rule comes to different outcomes.")))]
    by_letter = {letter: e.design for letter, e in columns.items()}
    rows = [
        (d.title, {x: phrases.marked(d.outcomes.get(design)) for x, design in by_letter.items()}) for d in differing
    ]
    return [heading(2, _("Rules that come to different outcomes")), *_tables(_("Rule"), columns, rows)]


def _named(design: str, letters: dict[str, str]) -> str:
    return letters.get(design, design)


def _letter(number: int) -> str:
    """A to Z, then A2 to Z2 and so on."""
    turn, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(turn + 1) if turn else "")


def lenses(report: ReportV1) -> Blocks:
    """What analytic frameworks ask of the designs; they judge nothing."""
    return [block for found in report.lenses or () for block in _lens(found)]


def _lens(found: LensV1) -> Blocks:
    rows = [(joined([[strong(c.title)], text(c.question)]), _asked(c)) for c in found.categories]
    title = _("%(design)s through %(lens)s") % {"design": found.design, "lens": found.title}
    return [heading(1, title), table((0.45, 0.55), (_("Category"), _("What is found")), rows)]


def _asked(c: CategoryV1) -> Inlines:
    rules = [text(f"{rule}: {phrases.marked(outcome)}") for rule, outcome in c.outcomes.items()]
    stated = joined([text(_("Stated:")), first_few([[code(says(f))] for f in c.facts])]) if c.facts else []
    unknown = joined([text(_("Not stated:")), first_few([[code(x)] for x in c.unknown])]) if c.unknown else []
    parts = [part for part in (first_few(rules, 6), stated, unknown, text(c.beyond or "")) if part]
    return series([(part, []) for part in parts], ";")
