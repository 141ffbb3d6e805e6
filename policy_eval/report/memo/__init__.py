"""A memorandum on a report: one document, that formats for word processors and for print are made from.

ast         documents as pandoc reads them: no text is ever parsed as markup
references  authorities and documents as references in OSCOLA
parts       words, facts and law with their footnotes
evaluation  the sections on a design under a set
comparison  the sections that lay designs or sets side by side, and those of lenses
notes       footnotes before, and tables of authorities after the citation processor
pandoc      the program that is run
typesetting typst, run as a program too
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from policy_eval.messages import gettext as _
from policy_eval.report import Wants, phrases
from policy_eval.report.memo import pandoc
from policy_eval.report.memo.ast import (
    BREAK,
    Block,
    Blocks,
    Inlines,
    bullets,
    document,
    headed,
    heading,
    meta,
    para,
    plain,
    strong,
    text,
)  # fmt: skip
from policy_eval.report.memo.comparison import comparisons, lenses
from policy_eval.report.memo.evaluation import section
from policy_eval.report.memo.notes import finished, numbered
from policy_eval.report.memo.parts import MANY, Told, only
from policy_eval.report.memo.references import Library, documents_of, library
from policy_eval.report.wire import EvaluationV1, ReportV1
from policy_eval.report.words import SYMBOLS, counted, words

WANTS = Wants(places=0, derivations=0, reasons=6)
MOST = 75  # evaluations: under a minute and 2 GB in print, even if compared under the largest set that is shipped
_STYLE = Path(__file__).parent.parent / "oscola.csl"


def memorandum(report: ReportV1, format: str) -> dict[str, Any]:
    """The whole document, its citations in words; raises `InvalidInput` where that is too much, or pandoc fails."""
    _check(len(report.evaluations), format)
    told = library(report)
    blocks = numbered([_heading(report), *_sections(report, told)])
    found = {"references": told.references, "lang": plain("en-GB")}
    cited = pandoc.run(document(blocks, found), "json", "--citeproc", f"--csl={_STYLE}")
    body = finished(json.loads(cited)["blocks"], told)
    return document(headed(body), {"title": meta(title(report)), "lang": plain("en-GB")})


def _check(number: int, format: str) -> None:
    """Raises `InvalidInput` where nobody would wait for a document, or read it."""
    if number > MOST:
        message = f"`{format}` holds at most {MOST} evaluations, and there are {number}"
        help = "ask for `html` or `xlsx`, which hold them all, or for fewer designs or sets"
        raise pandoc.failed(message, help)


def title(report: ReportV1) -> str:
    """What the memorandum is on, in a line."""
    first = report.evaluations[0]
    designs = {e.design for e in report.evaluations}
    sets = {e.set for e in report.evaluations}
    design = first.design_title if len(designs) == 1 else counted(len(designs), "design")
    if len(sets) == 1:
        return _("Memorandum: %(design)s under the %(set)s") % {"design": design, "set": first.set_title}
    return _("Memorandum: %(design)s under %(sets)s") % {"design": design, "sets": counted(len(sets), "set")}


def _heading(report: ReportV1) -> Block:
    """Who asks what of which law, as memoranda begin."""
    sets = {e.set: f"{e.set_title} ({e.set} {e.set_version}; {words(e.set_kind)})" for e in report.evaluations}
    days = sorted({e.as_of for e in report.evaluations})
    facts = sorted({_("all facts stated") if e.facts == "all" else only(e.facts) for e in report.evaluations})
    controller = _("the controller’s: what is undecided is not demonstrated")
    readings = [controller] if any(e.reading == "controller" for e in report.evaluations) else []
    designs = {e.design: f"{e.design_title} ({e.design}; {e.design_kind})" for e in report.evaluations}
    lines = [
        (_("On"), "; ".join(designs.values())), (_("Under"), "; ".join(sets.values())),
        (_("Law of"), ", ".join(days)), (_("Facts"), "; ".join(facts)), *((_("Reading"), x) for x in readings),
        (_("Made by"), _("%(tool)s, method %(method)s") % {"tool": report.tool, "method": report.method}),
    ]  # fmt: skip
    found: Inlines = []
    for name, value in lines:
        found += [*([BREAK] if found else []), strong(f"{name}:"), {"t": "Space"}, *text(value)]
    return {"t": "Para", "c": found}


def _sections(report: ReportV1, told: Library) -> Blocks:
    blocks = comparisons(report)
    designs = documents_of(report)
    alone, brief = len(report.evaluations) == 1, len(report.evaluations) > MANY
    for e in report.evaluations:
        blocks += [] if alone else [heading(1, _title(e))]
        blocks += section(Told(e, designs[e.design], report, told), 1 if alone else 2, brief=brief)
    return [*blocks, *lenses(report), *_method(report), *_limits(report)]


def _title(e: EvaluationV1) -> str:
    return _("%(title)s (%(design)s) under %(set)s") % {"title": e.design_title, "design": e.design, "set": e.set}


def _method(report: ReportV1) -> Blocks:
    p = report.profile
    versions = ", ".join(dict.fromkeys(f"{e.set} {e.set_version}" for e in report.evaluations))
    weights = [text(f"{name} {weight:g}: {p.because.get(name, '')}") for name, weight in p.weights.items()]
    symbols = "; ".join(f"{symbol} {words(outcome)}" for outcome, symbol in SYMBOLS.items())
    return [
        heading(1, _("Method, weights and versions")),
        *(para(text(x)) for x in phrases.method(report)),
        para(text(_("Weights by severity:"))),
        *bullets(weights),
        para(text(phrases.enough(report))),
        para(text(_("Made by %(tool)s; sets: %(sets)s.") % {"tool": phrases.tool(report), "sets": versions})),
        para(text(_("Symbols: %(symbols)s.") % {"symbols": symbols})),
    ]


def _limits(report: ReportV1) -> Blocks:
    brief = _("Of so many evaluations only the findings are told; the JSON report (-f json) has what is behind them.")
    most = _(
        "At most six places and six facts are told of a rule; the JSON report (-f json) has all, with the lines of the "
        "design at which facts are stated."
    )
    told = brief if len(report.evaluations) > MANY else most
    return [heading(1, _("Limits")), *(para(text(x)) for x in (phrases.limits(report), told, phrases.corrections()))]
