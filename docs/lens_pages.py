"""The categories of each lens, what they ask, and how many rules of each set fall under them, for docs/lenses.md."""

from __future__ import annotations

from docs import gallery_pages
from docs.markdown import table
from policy_eval import lens as lenses
from policy_eval.lens import Covered


def text() -> str:
    """Every lens with its categories."""
    sets = gallery_pages.sets()
    parts = []
    for name in lenses.lens_names():
        lens = lenses.load_lens(name)
        rows = [_row(c) for c in lenses.cover(lens, sets)]
        grounds = "; ".join(f"{g} ({g.note})" if g.note else str(g) for g in lens.grounds)
        parts += [f"## {lens.title}\n", f"`{lens.id}`. {lens.about.strip()} Source: {grounds}.\n"]
        parts += [table(["Category", "What falls under it", "What it asks", "Rules"], rows)]
    return "\n".join(parts)


def _row(covered: Covered) -> list[str]:
    c = covered.category
    by_set: dict[str, int] = {}
    for rule in covered.rules:
        owner = rule.id.split("/")[0]
        by_set[owner] = by_set.get(owner, 0) + 1
    rules = ", ".join(f"{owner} {n}" for owner, n in by_set.items())
    return [f"{c.title} (`{c.id}`)", c.about.strip(), c.question, rules or f"none: {c.beyond or 'no set covers it'}"]
