"""A design through a lens, for the terminal: each category with its question, findings and facts."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from policy_eval.messages import gettext as _
from policy_eval.report.text import STYLES, Indented, safe_text
from policy_eval.report.wire import CategoryV1, LensV1
from policy_eval.report.words import SYMBOLS, counted, listed, says, words
from policy_eval.vocabulary.law import Outcome

_NAMED = (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED)


def render(lens: LensV1) -> Group:
    """Every category of a lens, asked of one design."""
    said = _("%(design)s through %(lens)s, which sorts and judges nothing")
    head = safe_text(said % {"design": lens.design, "lens": lens.title}, "bold")
    return Group(head, *(line for category in lens.categories for line in _category(category)), Text())


def _category(c: CategoryV1) -> Iterator[RenderableType]:
    yield Text()
    yield Text.assemble(safe_text(c.title, "bold"), safe_text(f": {c.question}"))
    if not c.outcomes:
        yield Indented(safe_text(_no_rule(c.beyond)), 2)
    for outcome in Outcome:
        rules = [rule for rule, found in c.outcomes.items() if found == outcome]
        if rules and outcome in _NAMED:
            yield from (Indented(safe_text(f"{SYMBOLS[outcome]} {rule}", STYLES[outcome]), 2) for rule in rules)
        elif rules:
            yield Indented(Text(f"{SYMBOLS[outcome]} {words(outcome)}: {counted(len(rules), 'rule')}"), 2)
    if c.facts:
        facts = {"facts": listed([says(f) for f in c.facts])}
        yield Indented(safe_text(_("stated: %(facts)s") % facts, "dim"), 2)
    if c.unknown:
        yield Indented(safe_text(_("not stated: %(facts)s") % {"facts": listed(c.unknown)}, "dim"), 2)


def _no_rule(beyond: str | None) -> str:
    """That no rule falls under a category, and why."""
    if beyond:
        return _("no rule: %(reason)s") % {"reason": beyond}
    return _("no rule: none in force in these sets covers it")
