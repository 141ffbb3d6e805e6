"""The sections on one design under one set, in the order of a lawyer's memorandum."""

from __future__ import annotations

from collections.abc import Iterator

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report import phrases
from policy_eval.report.memo.ast import (
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
)  # fmt: skip
from policy_eval.report.memo.parts import (
    Told,
    all_law,
    behind,
    bracketed,
    facts,
    first_few,
    first_noted,
    label,
    law,
    named,
    series,
)  # fmt: skip
from policy_eval.report.wire import CauseV1, EvidenceV1, ExceptionV1, FindingV1, PlaceV1
from policy_eval.report.wire_designs import NodeV1
from policy_eval.report.words import CONFLICTS, COUNTED, ROLES, listed, nothing_in_force, says, taken, telling, words

_PLACES, _FACTS, _MOST_PARTS = 6, 6, 12
_PARTS = {
    "subject": _("People"), "input": _("Inputs"), "association": _("Ties to others"), "purpose": _("Purposes"),
    "consequence": _("Consequences"), "disclosure": _("Disclosures"),
}  # fmt: skip
_FIRM = ("sourced", "stipulated")
_STATES = {"holds": _("it holds"), "fails": _("it fails"), "open": _("open")}


def section(told: Told, level: int, *, brief: bool = False) -> Blocks:
    """Everything on one design under one set; `brief` leaves out what stands behind each finding."""
    blocks = [*_question(told, level), *_answer(told, level), *_facts(told, level)]
    if not nothing_in_force(told.evaluation):
        blocks += _table_of_findings(told, level) if brief else _findings(told, level)
        blocks += _profile(told, level) if _applies(told) else []
    return [*blocks, *_not_in_force(told, level)]


def _findings(told: Told, level: int) -> Blocks:
    asked = [*_conflicts(told, level), *_undecided(told, level), *_clear(told, level)] if _applies(told) else []
    return [*asked, *_apart(told, level)]


def _applies(told: Told) -> bool:
    """Whether any rule applies: where none does, nothing was looked for, and nothing can have been found."""
    return any(f.outcome != "not_applicable" for f in told.evaluation.findings)


def _question(told: Told, level: int) -> Blocks:
    e = told.evaluation
    asked = _(
        "On the facts stated, does the design “%(design)s” conflict with the %(set)s as the law stood on %(day)s?"
    )
    question = asked % {"design": e.design_title, "set": e.set_title, "day": e.as_of}
    whose = filled(
        _("Design %(design)s under set %(set)s as of %(day)s."),
        design=bracketed(e.design), set=bracketed(e.set), day=text(e.as_of),
    )  # fmt: skip
    return [heading(level, _("Question")), para(text(question)), para(whose)]


def _answer(told: Told, level: int) -> Blocks:
    e = told.evaluation
    blocks = [heading(level, _("Short answer"))]
    if nothing_in_force(e):
        return [*blocks, para(text(phrases.none_in_force(e)))]
    blocks.append(para([strong(f"{phrases.capital(phrases.verdict(e))}.")], text(phrases.ends(e.band)), *_as_if(told)))
    blocks += [para(text(x)) for x in (_scope(told), _numbers(told), _undisputed(told)) if x]
    return [*blocks, *_because(told)]


def _as_if(told: Told) -> list[Inlines]:
    e = told.evaluation
    firm = taken(e.facts) if e.facts != "all" else ""
    return [text(x) for x in (firm, _("The answer is given %(as_if)s.") % {"as_if": e.as_if} if e.as_if else "") if x]


def _because(told: Told) -> Blocks:
    titles = {f.rule: f.title for f in told.evaluation.findings}
    decisive = [named(titles.get(r, r), r) for r in told.evaluation.band.because]
    advisory = sum(f.severity == "advisory" and f.outcome in CONFLICTS for f in told.evaluation.findings)
    blocks = [para(text(_("What decides it:"))), *bullets(decisive)] if decisive else []
    if advisory:
        left = ngettext("One advisory conflict is shown below and never counted.",
                        "%(n)s advisory conflicts are shown below and never counted.", advisory)  # fmt: skip
        blocks.append(para(text(left % {"n": advisory})))
    return blocks


def _scope(told: Told) -> str:
    e = told.evaluation
    if e.scope.outcome == "undecided":
        facts_ = [listed(e.scope.open)] if e.scope.open else []
        return phrases.scope_open(e.set, ", ".join(phrases.open_of(facts_, e.scope.unsettled)))
    if e.scope.outcome == "does_not_apply":
        return phrases.uncovered(e.set, listed([says(f) for f in e.scope.evidence]))
    return ""


def _numbers(told: Told) -> str:
    e = told.evaluation
    said = _("Score as it stands: %(score)s. %(share)s of the weight is decided. Burden: %(burden)s.")
    return said % {
        "score": phrases.score(e.score),
        "share": phrases.share(e.coverage),
        "burden": phrases.burden(e.burden),
    }


def _undisputed(told: Told) -> str:
    firm = told.evaluation.undisputed
    if firm is None:
        return ""
    said = _("On undisputed facts alone: %(band)s; burden %(burden)s; %(share)s decided.")
    return said % {
        "band": words(firm.band.standing),
        "burden": phrases.burden(firm.burden),
        "share": phrases.share(firm.coverage),
    }


def _facts(told: Told, level: int) -> Blocks:
    d = told.design
    blocks = [heading(level, _("Facts"))]
    blocks += [para(text(d.summary))] if d.summary else []
    parts = [(name, [_part(told, n) for n in d.flow.nodes if n.kind == kind]) for kind, name in _PARTS.items()]
    blocks += [para(label(name, first_noted(found, _MOST_PARTS))) for name, found in parts if found]
    period = " – ".join(x or "?" for x in (d.period_from, d.period_until)) if d.period_from or d.period_until else None
    told_of = [
        (_("Kind"), d.kind), (_("Place"), ", ".join(d.jurisdiction or ())), (_("Period"), period),
        (_("Facts as of"), d.facts_as_of), (_("Files"), ", ".join(d.files)),
    ]  # fmt: skip
    blocks.append(para(text("; ".join(f"{name}: {value}" for name, value in told_of if value) + ".")))
    if d.operator_response:
        blocks.append(para(label(_("The operator’s response"), text(d.operator_response))))
    return blocks


def _part(told: Told, node: NodeV1) -> tuple[Inlines, Inlines]:
    """A part of the design; where it is not firm, how it stands and the footnote on what stands behind it."""
    if node.status in _FIRM:
        return text(node.title), []
    return joined([text(node.title), text(f"({node.status})")]), behind(told, node.path)


def _conflicts(told: Told, level: int) -> Blocks:
    blocks = [heading(level, _("Conflicts"))]
    by_rule = {f.rule: f for f in told.evaluation.findings}
    for cause in told.evaluation.causes:
        blocks += [heading(level + 1, _cause(cause)), *_hangs(told, cause)]
        for rule in cause.rules:
            blocks += _conflict(told, by_rule[rule], cause, level + 2)
    return blocks if told.conflicts else [*blocks, para(text(_none(told)))]


def _none(told: Told) -> str:
    """That there is no conflict, as far as that is known."""
    undecided = sum(f.outcome == "undecided" for f in told.evaluation.findings)
    if not undecided:
        return _("None was found on the facts given.")
    said = ngettext("None is established; one rule is undecided.", "None is established; %(n)s rules are undecided.",
                    undecided)  # fmt: skip
    return said % {"n": undecided}


def _cause(cause: CauseV1) -> str:
    said = ngettext("On %(what)s: one conflict", "On %(what)s: %(n)s conflicts", len(cause.rules))
    return said % {"n": len(cause.rules), "what": _name(cause)}


def _name(cause: CauseV1) -> str:
    """The parts of the design that the facts of a cause are about."""
    names = list(dict.fromkeys(".".join(f.path.split(".")[:2]) for f in cause.facts))
    return listed([n.replace(".", " ", 1) for n in names])


def _hangs(told: Told, cause: CauseV1) -> Blocks:
    lead = _("What follows hangs on:") if len(cause.rules) == 1 else _("All that follows here hangs on:")
    return [para(text(lead), facts(told, cause.facts, _FACTS))] if cause.facts else []


def _conflict(told: Told, f: FindingV1, cause: CauseV1, level: int) -> Blocks:
    places = telling(f)
    gravity = _("– severity %(severity)s") % {"severity": f.severity}
    blocks = [
        heading(level, f.title),
        para([strong(phrases.capital(words(f.outcome)))], text(gravity), bracketed(f.rule)),
    ]
    blocks += _messages(places)
    blocks += [para(text(other)) for other in [phrases.others(f)] if other]
    blocks += _relied(told, places, cause)
    blocks.append(para(label(_("Law"), law(told, f.grounds))))
    blocks += [para(p) for p in (*_exceptions(places), *_duty(f))]
    return [*blocks, para(label(_("Remedy"), marked(f.remedy)))]


def _messages(places: list[PlaceV1]) -> Blocks:
    said = [marked(phrases.capital(p.message)) for p in places[:_PLACES]]
    more = len(places) - len(said)
    rest = ngettext("and at one more place; the JSON report (`-f json`) has all",
                    "and at %(n)s more places; the JSON report (`-f json`) has all", more)  # fmt: skip
    items = [*said, marked(rest % {"n": more})] if more > 0 else said
    return [para(items[0])] if len(items) == 1 else bullets(items)


def _relied(told: Told, places: list[PlaceV1], cause: CauseV1) -> Blocks:
    """Facts behind the places that are not told with the cause already."""
    before = {f.path for f in cause.facts}
    found: dict[str, EvidenceV1] = {x.path: x for p in places[:_PLACES] for x in p.evidence if x.path not in before}
    if not found:
        return []
    return [para(label(_("Facts relied on"), facts(told, found.values(), _FACTS)))]


def _exceptions(places: list[PlaceV1]) -> Iterator[Inlines]:
    tried: dict[tuple[str, str], ExceptionV1] = {(x.title, x.state): x for p in places for x in p.exceptions}
    if tried:
        said = "; ".join(f"{x.title} – {_STATES[x.state]}" for x in tried.values())
        yield label(_("Exceptions tried"), text(f"{said}."))
    excuses = list(dict.fromkeys(x for p in places for x in p.would_excuse))
    if excuses:
        yield label(_("What would excuse it"), text(f"{'; '.join(excuses)}."))


def _duty(f: FindingV1) -> Iterator[Inlines]:
    if f.duty_of:
        holders = f": {listed(f.duty_holders)}" if f.duty_holders else ""
        yield label(_("Duty of"), text(f"{ROLES[f.duty_of]}{holders}."))


def _undecided(told: Told, level: int) -> Blocks:
    found = [f for f in told.evaluation.findings if f.outcome == "undecided"]
    if not found:
        return []
    lead = ngettext("One rule is undecided, for the reason given.", "%(n)s rules are undecided, for the reasons given.",
                    len(found)) % {"n": len(found)}  # fmt: skip
    rows = [
        (joined([[*text(f.title), all_law(told, f.grounds)], bracketed(f.rule)]), text(f.severity), _open(f))
        for f in found
    ]
    head = (_("Rule"), _("Severity"), _("What is open"))
    told_of = table((0.46, 0.12, 0.42), head, rows)
    return [heading(level, _("What is undecided")), para(text(lead)), *_weighty(told), told_of]


def _open(f: FindingV1) -> Inlines:
    mark = text(_("not demonstrated:")) if f.not_demonstrated else []
    law_ = joined([text(_("law unsettled:")), first_few([[code(x)] for x in f.unsettled])])
    open_ = joined([text(_("facts open:")) if f.unsettled else [], first_few([[code(x)] for x in f.open])])
    parts = [part for part, there in ((law_, f.unsettled), (open_, f.open)) if there]
    return joined([mark, series([(part, []) for part in parts], ";")])


def _weighty(told: Told) -> Blocks:
    """The open facts that most hangs on."""
    most = told.evaluation.open_facts[:3]
    items = [joined([[code(x.path)], text(_("(%(weight)g points)") % {"weight": x.weight})]) for x in most]
    return [para(text(_("Most weight that is still open hangs on:")), [*first_few(items), *text(".")])] if items else []


def _clear(told: Told, level: int) -> Blocks:
    clear = [named(f.title, f.rule) for f in told.evaluation.findings if f.outcome == "no_conflict"]
    blocks = [heading(level, _("No conflict found on the facts given"))]
    if clear:
        blocks += [para(text(_("On these no conflict was found on the facts given:"))), *bullets(clear)]
    else:
        blocks.append(para(text(_("Nothing: no rule is decided without a conflict."))))
    return blocks


def _apart(told: Told, level: int) -> Blocks:
    apart = [named(f.title, f.rule) for f in told.evaluation.findings if f.outcome == "not_applicable"]
    head = [heading(level, _("What does not apply")), para(text(_("These do not apply:")))]
    return [*head, *bullets(apart)] if apart else []


def _table_of_findings(told: Told, level: int) -> Blocks:
    rows = [
        (named(f.title, f.rule), text(phrases.marked(f.outcome)), text(f.severity)) for f in told.evaluation.findings
    ]
    head = (_("Rule"), _("Outcome"), _("Severity"))
    return [heading(level, _("Findings")), table((0.62, 0.22, 0.16), head, rows)]


def _profile(told: Told, level: int) -> Blocks:
    outcomes = COUNTED
    rows = [
        (text(p.principle), *(text(str(p.counts.get(o) or "–")) for o in outcomes), text(phrases.share(p.coverage)))
        for p in told.evaluation.principles
    ]
    head = (_("Principle"), *(phrases.capital(phrases.marked(o)) for o in outcomes), _("Decided"))
    lead = _("Rules by principle and outcome, and the share of their weight that is decided.")
    numbers = table((0.24, 0.14, 0.19, 0.15, 0.16, 0.12), head, rows)
    return [heading(level, _("Profile by principle")), para(text(lead)), numbers]


def _not_in_force(told: Told, level: int) -> Blocks:
    e = told.evaluation
    if not e.not_in_force:
        return []
    said = [
        joined([named(x.title, x.rule), text(f"{x.effective_from or '…'} – {x.effective_until or '…'}, {x.status}")])
        for x in e.not_in_force
    ]
    lead = _("Not in force on %(day)s, and not counted:") % {"day": e.as_of}
    return [heading(level, _("What is not in force")), para(text(lead)), *bullets(said)]
