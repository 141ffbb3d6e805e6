"""Sentences that several formats say alike, in the language of the reader. Nothing here is escaped for a format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report.wire import BandV1, BurdenV1, ComparisonV1, EvaluationV1, FindingV1, GroundV1, ReportV1, ScoreV1
from policy_eval.report.words import CONFLICTS, SYMBOLS, nothing_in_force, points, words
from policy_eval.report.words import share as share


def short(outcome: str | None) -> str:
    """An outcome in a word or two, for the cells of a matrix; None: the rule is not in force."""
    return {
        "conflict": _("conflict"),
        "conflict_unless_excused": _("unless excused"),
        "undecided": _("undecided"),
        "no_conflict": _("no conflict found"),
        "not_applicable": _("does not apply"),
        None: _("not in force"),
    }[outcome]


def marked(outcome: str | None) -> str:
    """An outcome as symbol and word."""
    return f"{SYMBOLS[outcome]} {short(outcome)}" if outcome else short(outcome)


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def law(g: GroundV1) -> str:
    """A provision, and whether somebody has read it."""
    return f"{g.instrument} {g.at}{'' if g.verified == 'read' else f' [{g.verified}]'}"


def score(found: ScoreV1) -> str:
    """The score as it stands and its bounds."""
    if found.worst is None or found.best is None:
        return _("none")
    bounds = {"worst": points(found.worst), "best": points(found.best)}
    if found.standing is None:
        if found.may_be_none:
            return _("none, too little is decided (between %(worst)s and %(best)s, or none at all)") % bounds
        return _("none, too little is decided (between %(worst)s and %(best)s)") % bounds
    numbers = {"points": points(found.standing), **bounds}
    if found.may_be_none:
        return _("%(points)s of 100 (between %(worst)s and %(best)s, or none at all)") % numbers
    return _("%(points)s of 100 (between %(worst)s and %(best)s)") % numbers


def others(finding: FindingV1) -> str:
    """What a rule comes to at places other than those of its outcome, where that is no clearance; else nothing."""
    counts = [(o, finding.outcomes.get(o, 0)) for o in ("conflict_unless_excused", "undecided") if o != finding.outcome]
    told = [f"{n} {short(o)}" for o, n in counts if n]
    if finding.outcome not in CONFLICTS or not told:
        return ""
    return _("At other places: %(counts)s; the JSON report has all.") % {"counts": ", ".join(told)}


def burden(found: BurdenV1) -> str:
    """The weight of conflicts, three ways."""
    return _("%(established)s established, %(standing)s as it stands, %(worst)s at worst") % {
        "established": f"{found.established:g}",
        "standing": f"{found.standing:g}",
        "worst": f"{found.worst:g}",
    }


def verdict(e: EvaluationV1) -> str:
    """The band as it stands."""
    return _("nothing in force") if nothing_in_force(e) else words(e.band.standing)


def ends(band: BandV1) -> str:
    """What the band may become as open facts turn out."""
    if band.best == band.worst == band.standing:
        return _("Whatever the open facts turn out to be.")
    return _("At best: %(best)s; at worst: %(worst)s.") % {"best": words(band.best), "worst": words(band.worst)}


def none_in_force(e: EvaluationV1) -> str:
    """That no rule of a set is in force."""
    return _("None of the rules of %(set)s is in force on %(day)s.") % {"set": e.set, "day": e.as_of}


def unordered(c: ComparisonV1, evaluations: Iterable[EvaluationV1]) -> str | None:
    """Why designs are not ordered under a set, of all evaluations of a report; None where they are."""
    of_set = [e for e in evaluations if e.set == c.set]
    if all(map(nothing_in_force, of_set)):
        return _("Not ordered: no rule is in force.")
    if any(outcome is None for d in c.differences for outcome in d.outcomes.values()):
        return _("Not ordered: other rules are in force for some of them than for others.")
    if not c.order and any(e.scope.outcome == "does_not_apply" for e in of_set):
        return _("Not ordered: the set does not cover all of them.")
    return None if c.order else _("Not ordered: no rule is decided in all of them.")


def ordered(c: ComparisonV1) -> str:
    """By what designs are ordered, from the one that least is held against."""
    said = ngettext(
        "From least up, by band, then by burden on the one rule decided in all of them:",
        "From least up, by band, then by burden on the %(number)s rules decided in all of them:",
        c.decided_in_all,
    )
    return said % {"number": c.decided_in_all}


def uncovered(set_id: str, facts: str) -> str:
    """Why a set does not cover a system."""
    return _("%(set)s does not cover the system: %(facts)s.") % {"set": set_id, "facts": facts}


def scope_open(set_id: str, facts: str) -> str:
    """On what it hangs whether a set covers a system: facts, and unsettled law."""
    return _("Whether %(set)s covers the system is undecided; it hangs on %(facts)s.") % {"set": set_id, "facts": facts}


def dominance_open(better: str, worse: str, facts: str) -> str:
    """On what it hangs whether one design dominates another."""
    said = _("Whether %(better)s dominates %(worse)s is undecided; it hangs on %(facts)s.")
    return said % {"better": better, "worse": worse, "facts": facts}


def open_of(facts: Sequence[str], unsettled: Sequence[str]) -> list[str]:
    """What something hangs on: facts as they are given, then each concept of unsettled law."""
    return [*facts, *(_("unsettled law (%(term)s)") % {"term": term} for term in unsettled)]


def method(report: ReportV1) -> list[str]:
    """How verdicts come about, a paragraph each."""
    asked = _(
        "Each rule of a principle set is asked at each place of the design it speaks of. It comes to one of five "
        "outcomes; where a fact is missing or the law is unsettled it stays undecided, and is never guessed."
    )
    by = {"engine": report.engine}
    both = _("Two evaluators worked it out and agree (engine: %(engine)s).") % by
    one = _("One evaluator worked it out (engine: %(engine)s).") % by
    numbers = _(
        "The band is decided by the gravest conflict, so that no good mark makes up for it. The score is the share of "
        "the weight of decided rules that are not in conflict; its bounds are what it may become as open facts turn "
        "out. Burden is the weight of conflicts. Advisory rules are never counted."
    )
    return [f"{asked} {both if report.engine == 'both' else one}", numbers]


def enough(report: ReportV1) -> str:
    """From when on there is a score, and why."""
    needed = _("A score is given once %(share)s of the weight is decided.") % {
        "share": share(report.profile.enough_known)
    }
    return f"{needed} {report.profile.enough_known_because}"


def limits(report: ReportV1) -> str:
    """What the report is not."""
    more = _(
        "The rules are a model of the law: each cites the provision it states, and a ground marked secondary or "
        "unverified was not read in the original. Facts are taken as stated in the design, with the standing given to "
        "each. Undecided does not mean clear."
    )
    return f"{report.disclaimer} {more}"


def corrections() -> str:
    """How to ask for a correction."""
    return _(
        "Whoever is described here, or knows better, may ask for a correction: name the design, the path of the fact "
        "(such as inputs.purchases.default) or the rule, what is wrong, and a source. The file and line of the "
        "design are given beside each fact."
    )


def tool(report: ReportV1) -> str:
    """What made the report, with versions."""
    return _("%(tool)s, method %(method)s, profile %(profile)s (%(hash)s), engine %(engine)s") % {
        "tool": report.tool,
        "method": report.method,
        "profile": report.profile.id,
        "hash": report.profile.hash,
        "engine": report.engine,
    }
