"""What the shipped designs come to, for docs/gallery.md: by design, by variant, by rule."""

from __future__ import annotations

import functools
from pathlib import Path

from docs.markdown import table
from policy_eval import comparison, library
from policy_eval.design.loading import DesignFile
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.principle import PrincipleSet
from policy_eval.report.pieces import SCOPE_WORDS
from policy_eval.report.words import SYMBOLS
from policy_eval.vocabulary.law import Band, Outcome


@functools.cache
def designs() -> dict[str, DesignFile]:
    """Every shipped design by its name."""
    return {name: library.load_design(name) for name in library.design_names()}


@functools.cache
def sets() -> list[PrincipleSet]:
    """Every shipped set, with its examples, so that one reading serves all pages."""
    return [library.load_set(name, examples=True) for name in library.set_names()]


@functools.cache
def judged(set_name: str) -> dict[str, Evaluation]:
    """Every design under one set, by the reference evaluator, so that every machine writes the same page."""
    principles = next(s for s in sets() if s.id == set_name)
    judge = Judge(principles, library.load_profile("default"), engine=Engine.REFERENCE)
    return {name: judge.evaluate(file) for name, file in designs().items()}


def _parent(file: DesignFile) -> str | None:
    """The design a variant changes."""
    return Path(file.files[1]).name.removesuffix(library.DESIGN) if len(file.files) > 1 else None


def design_table() -> str:
    """Designs with their place and time."""
    rows = []
    for name, file in designs().items():
        design = file.design
        where = "/".join((design.jurisdiction or ())[:1])
        when = f"{design.period.from_.year}" if design.period and design.period.from_ else ""
        link = f"[{design.title}](../{file.files[0]})"
        rows.append([link, f"`{name}`", design.kind.value, f"{where} {when}".strip()])
    return table(["Design", "Name", "Kind", "Place and time"], rows)


def band_tables() -> str:
    """Under each set: the designs of each band, worst first, with what the rules come to."""
    parts = []
    for principles in sets():
        evaluations = judged(principles.id)
        rows = []
        for band in reversed(comparison.BAND_ORDER):
            found = [f"`{n}` ({counts(e)}{_scope(e)})" for n, e in evaluations.items() if e.card.band.standing is band]
            if band is Band.DOES_NOT_APPLY:
                found = [f"`{n}`" for n, e in evaluations.items() if e.card.band.standing is band]
            if found:
                rows.append([band.definition, ", ".join(found)])
        as_of = f"{principles.text.title}, as of {principles.text.text_as_of}."
        parts.append(f"### {principles.id}\n\n{as_of}\n\n{table(['Band', 'Designs'], rows)}")
    return "\n".join(parts)


def _scope(e: Evaluation) -> str:
    return "; scope undecided" if SCOPE_WORDS[e.scope] == "undecided" else ""


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
            pair = [comparison.Standing.of(judged(principles.id)[n]) for n in (parent, name)]
            for d in comparison.compare_standings(pair).differences:
                before, after = (SYMBOLS[o.value] for o in d.outcomes if o)
                changes.append(f"`{d.rule}` {before} to {after}")
        rows.append([f"`{name}`", f"`{parent}`", "; ".join(changes) or "no rule"])
    return table(["Variant", "Of", "Rules that differ"], rows)


def rule_table() -> str:
    """How often each rule comes to each outcome over the gallery, rules of other years included."""
    rows = []
    for rule_id, found in outcomes().items():
        row = [str(found.count(o)) if found.count(o) else "" for o in Outcome]
        rows.append([f"[{rule_id}](rules/{rule_id}.md)", *row])
    return table(["Rule", *(f"{SYMBOLS[o.value]}" for o in Outcome)], rows)


def outcomes() -> dict[str, list[Outcome]]:
    """The outcomes of every rule over the gallery, in force or not."""
    found: dict[str, list[Outcome]] = {}
    profile = library.load_profile("default")
    for principles in sets():
        judge = Judge(principles, profile, engine=Engine.REFERENCE, rules=principles.rules)
        for file in designs().values():
            for result in judge.evaluate(file).results:
                found.setdefault(result.rule.id, []).append(result.outcome)
    return dict(sorted(found.items()))
