"""What the shipped designs come to, for docs/gallery.md: by design, by variant, by rule."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

from docs.markdown import table
from policy_eval import comparison, library, source
from policy_eval.design.loading import DesignFile
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.principle import PrincipleSet
from policy_eval.report.assemble import SCOPE_WORDS
from policy_eval.report.text import SYMBOLS
from policy_eval.vocabulary.law import Outcome

GAPS = Path(__file__).parent / "gallery-gaps.yaml"
DECIDED = (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED, Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE)


@functools.cache
def designs() -> dict[str, DesignFile]:
    """Every shipped design by its name."""
    return {name: library.load_design(name) for name in library.design_names()}


@functools.cache
def sets() -> list[PrincipleSet]:
    """Every shipped set."""
    return [library.load_set(name) for name in library.set_names()]


@functools.cache
def judged(set_name: str, as_of: dt.date | None = None) -> dict[str, Evaluation]:
    """Every design under one set, by the reference evaluator, so that every machine writes the same page."""
    principles = next(s for s in sets() if s.id == set_name)
    judge = Judge(principles, library.load_profile("default"), engine=Engine.REFERENCE, as_of=as_of)
    return {name: judge.evaluate(file) for name, file in designs().items()}


def _parent(file: DesignFile) -> str | None:
    """The design a variant changes."""
    return Path(file.files[1]).name.removesuffix(library.DESIGN) if len(file.files) > 1 else None


def design_table() -> str:
    """Designs with their place, time and bands."""
    rows = []
    for name, file in designs().items():
        design = file.design
        where = "/".join((design.jurisdiction or ())[:1])
        when = f"{design.period.from_.year}" if design.period and design.period.from_ else ""
        link = f"[{design.title}](../{file.files[0]})"
        rows.append(
            [link, f"`{name}`", design.kind.value, f"{where} {when}".strip(), *(_band(s, name) for s in sets())]
        )
    return table(["Design", "Name", "Kind", "Place and time", *(s.text.short for s in sets())], rows)


def _band(principles: PrincipleSet, name: str) -> str:
    e = judged(principles.id)[name]
    scope = "" if SCOPE_WORDS[e.scope] == "applies" else f"; scope: {SCOPE_WORDS[e.scope].replace('_', ' ')}"
    return f"{e.card.band.standing.definition} ({counts(e)}{scope})"


def counts(e: Evaluation) -> str:
    """How many rules come to each outcome, by symbol."""
    found = [r.outcome.value for r in e.results]
    return " ".join(f"{symbol}{found.count(o)}" for o, symbol in SYMBOLS.items() if found.count(o))


def variant_table() -> str:
    """What each variant changes, by the rules that then come to something else."""
    rows = []
    for name, file in designs().items():
        parent = _parent(file)
        if parent is None:
            continue
        changes = []
        for principles in sets():
            pair = [judged(principles.id)[parent], judged(principles.id)[name]]
            for d in comparison.compare(pair).differences:
                before, after = (SYMBOLS[o.value] for o in d.outcomes)
                changes.append(f"`{d.rule}` {before} to {after}")
        rows.append([f"`{name}`", f"`{parent}`", "; ".join(changes) or "no rule"])
    return table(["Variant", "Of", "Rules that differ"], rows)


def rule_table() -> str:
    """How often each rule comes to each outcome over the gallery, rules of later years included."""
    rows = []
    for rule_id, found in outcomes().items():
        row = [str(found.count(o)) if found.count(o) else "" for o in Outcome]
        rows.append([f"[{rule_id}](rules/{rule_id}.md)", *row, gaps().get(rule_id, "")])
    head = ["Rule", *(f"{SYMBOLS[o.value]}" for o in Outcome), "Why it is decided nowhere"]
    return table(head, rows)


def outcomes() -> dict[str, list[Outcome]]:
    """The outcomes of every rule over the gallery, on a day when all of them are in force."""
    found: dict[str, list[Outcome]] = {}
    for principles in sets():
        starts = [r.text.effective.from_ for r in principles.rules if r.text.effective.from_]
        last = max([*starts, principles.text.text_as_of])
        for e in judged(principles.id, last).values():
            for result in e.results:
                found.setdefault(result.rule.id, []).append(result.outcome)
    return dict(sorted(found.items()))


def undecided() -> list[str]:
    """Rules that come to conflict or no conflict for no design."""
    settled = {Outcome.CONFLICT, Outcome.UNLESS_EXCUSED, Outcome.NO_CONFLICT}
    return [rule_id for rule_id, found in outcomes().items() if not settled & set(found)]


def gaps() -> dict[str, str]:
    """Why a rule is decided by no design of the gallery."""
    return {str(k): str(v) for k, v in source.plain(source.read(GAPS).root).items()} if GAPS.is_file() else {}
