"""What a SARIF log is made of: rules, the provisions they rest on, and findings, each as plain values for JSON.

Texts come from designs and rule sets, so nothing in them is taken for markup: a line break becomes a space, characters
that do not print are shown escaped, and in messages braces are doubled, as the standard asks, and `](` is pulled apart,
for viewers make a link of it.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from policy_eval.report.check import words as say
from policy_eval.report.check.places import from_top
from policy_eval.report.check.wire import (
    BaselineV1,
    CheckedV1,
    CheckV1,
    DecisionV1,
    FindingAtV1,
    LocationV1,
    RuleV1,
    StepV1,
)
from policy_eval.report.check.words import shown
from policy_eval.report.wire import EvidenceV1, GroundV1
from policy_eval.report.words import ROLES, counted, says

Json = dict[str, Any]
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "advisory": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
_SECURITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "advisory": "1.0"}
# How often a rule is right hangs on whether the wording of its first ground was read.
_PRECISION = {"read": "high", "secondary": "medium", "unverified": "low"}
_LINKED = 4  # facts that a message links to; all of them are among the related locations
_STEPS = 1_000  # of a flow; GitHub shows no more, and refuses a log with more than 10,000
_URI = "%/:?#[]@!$&'*+,;=~"  # what stays as it is in an address, parentheses aside: they end a link in Markdown
_MARKS = re.compile(r"([\\`*_\[\]<>()#|~&!])")


def plain(text: str) -> str:
    """A text for a message, in which no viewer finds a link or a placeholder."""
    return shown(text).replace("](", "] (").replace("{", "{{").replace("}", "}}")


def message(text: str) -> Json:
    """A message object."""
    return {"text": plain(text)}


def artifact(file: str) -> Json:
    """Where a file is: as seen from the top of the repository, or absolute where it lies elsewhere; links resolved."""
    real = _real(file, os.getcwd())
    seen = from_top(real)
    if seen is None:
        return {"uri": Path(real).as_uri()}
    return {"uri": quote(os.fsencode(seen)), "uriBaseId": "%SRCROOT%"}


@functools.lru_cache(maxsize=1024)
def _real(file: str, here: str) -> str:
    return os.path.realpath(os.path.join(here, file))


def place(location: LocationV1) -> Json:
    """A physical location; a file as a whole has no region."""
    found: Json = {"artifactLocation": artifact(location.file)}
    if location.line:
        found["region"] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        }
    return found


class Catalogue:
    """The rules that findings are about and the provisions they rest on, as findings refer to them."""

    def __init__(self, rules: Mapping[str, RuleV1]) -> None:
        self._rules = list(rules.values())
        self.index = {rule.id: n for n, rule in enumerate(self._rules)}
        self._taxa: dict[str, dict[str, GroundV1]] = {}
        for ground in (g for rule in self._rules for g in rule.grounds):
            self._taxa.setdefault(ground.instrument, {}).setdefault(ground.at, ground)
        self._places = {i: (n, {at: k for k, at in enumerate(taxa)}) for n, (i, taxa) in enumerate(self._taxa.items())}

    def references(self, rule: RuleV1) -> list[Json]:
        """The provisions of a rule, by their places in the taxonomies."""
        return [self._reference(*key) for key in dict.fromkeys((g.instrument, g.at) for g in rule.grounds)]

    def _reference(self, instrument: str, pinpoint: str) -> Json:
        number, taxa = self._places[instrument]
        component = {"name": shown(instrument), "index": number}
        return {"id": shown(pinpoint), "index": taxa[pinpoint], "toolComponent": component}

    def taxonomies(self) -> list[Json]:
        """A taxonomy for each instrument, a taxon for each pinpoint in it."""
        return [_taxonomy(instrument, list(taxa.values())) for instrument, taxa in self._taxa.items()]

    def supported(self) -> list[Json]:
        """References to the taxonomies."""
        return [{"name": shown(i), "index": n} for i, (n, _) in self._places.items()]

    def rules(self, disclaimer: str) -> list[Json]:
        """The rules as reporting descriptors."""
        return [self._rule(rule, disclaimer) for rule in self._rules]

    def _rule(self, rule: RuleV1, disclaimer: str) -> Json:
        level = _LEVELS[rule.severity]
        return {
            "id": rule.id,
            "name": "".join(w.capitalize() for w in rule.id.rsplit("/", 1)[-1].split("-")),
            "shortDescription": message(rule.title),
            "fullDescription": message(rule.rationale),
            "help": {
                "text": "\n".join(_help(rule, disclaimer)),
                "markdown": "\n\n".join(_help_marked(rule, disclaimer)),
            },
            **_address("helpUri", rule.grounds[0].url if rule.grounds else None),
            "defaultConfiguration": {"level": level},
            "relationships": [{"target": t, "kinds": ["relevant"]} for t in self.references(rule)],
            "properties": {
                "tags": [rule.principle, rule.set],
                "precision": _PRECISION[rule.grounds[0].verified] if rule.grounds else "low",
                "security-severity": _SECURITY[rule.severity],
                "problem.severity": _PROBLEMS[level],
            },
        }


def _taxonomy(instrument: str, grounds: list[GroundV1]) -> Json:
    first = grounds[0]
    return {
        "name": shown(instrument),
        **({"fullName": shown(f"{instrument} ({first.id})")} if first.id else {}),
        **_address("informationUri", first.url),
        "taxa": [
            {"id": shown(g.at), "name": shown(f"{instrument} {g.at}"), **_address("helpUri", g.url)} for g in grounds
        ],
    }


def _address(key: str, url: str | None) -> dict[str, str]:
    """An address under its key, if it is one that can be followed."""
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return {}
    return {key: quote(url, safe=_URI)}


def _lines(rule: RuleV1) -> Iterator[tuple[str, str]]:
    """What there is to know about a rule, as headings and texts."""
    yield "Severity", f"{rule.severity}. {rule.severity_because}"
    if rule.duty_of:
        yield "Duty of", f"{ROLES[rule.duty_of]}."
    excuses = "; ".join(rule.exceptions.values()) or "nothing that the rule knows of"
    yield "Excused by", f"{excuses}."
    yield "Remedy", rule.remedy


def _help(rule: RuleV1, disclaimer: str) -> Iterator[str]:
    yield plain(rule.rationale)
    yield from (f"{heading}: {plain(text)}" for heading, text in _lines(rule))
    yield f"Grounds ({rule.status}, {plain(rule.set_title)}):"
    for ground in rule.grounds:
        yield f"- {' '.join([plain(say.provision(ground)), *_address('at', ground.url).values()])}"
    yield f"More, with examples: policy-eval explain {rule.id}"
    yield disclaimer


def _help_marked(rule: RuleV1, disclaimer: str) -> Iterator[str]:
    yield _escaped(rule.rationale)
    yield from (f"**{heading}:** {_escaped(text)}" for heading, text in _lines(rule))
    yield f"**Grounds** ({rule.status}, {_escaped(rule.set_title)}):"
    yield "\n".join(f"- {_link(_escaped(say.provision(g)), g.url)}" for g in rule.grounds)
    yield f"More, with examples: `policy-eval explain {rule.id}`"
    yield f"*{_escaped(disclaimer)}*"


def _link(text: str, url: str | None) -> str:
    found = _address("at", url)
    return f"[{text}]({found['at']})" if found else text


def _escaped(text: str) -> str:
    """A text in which nothing is Markdown."""
    return _MARKS.sub(r"\\\1", plain(text))


def result(f: FindingAtV1, e: CheckedV1, report: CheckV1, catalogue: Catalogue, *, flow: bool = True) -> Json:
    """A finding; `flow`: with its derivation."""
    rule, kind = report.rules[f.rule], _kind(f)
    return {
        "ruleId": f.rule,
        "ruleIndex": catalogue.index[f.rule],
        "kind": kind,
        **({"level": _LEVELS[f.severity]} if kind == "fail" else {}),
        "message": {"text": _said(f, rule, kind)},
        "locations": [
            {
                "physicalLocation": place(f.location),
                "logicalLocations": [{"fullyQualifiedName": shown(p)} for p in dict.fromkeys(f.place)],
            }
        ],
        **_parts("relatedLocations", _related(f)),
        **_parts("codeFlows", _flows(f) if flow else []),
        **_parts("taxa", catalogue.references(rule)),
        "partialFingerprints": {"primaryLocationLineHash": f"{f.fingerprint}:1", "policyEval/v1": f.fingerprint},
        # The standard wants them on every result of a run or on none.
        **({"suppressions": list(_suppressions(f, report))} if report.gate.suppressed else {}),
        "properties": _properties(f, e),
    }


def _parts(key: str, values: list[Json]) -> Json:
    return {key: values} if values else {}


def _kind(f: FindingAtV1) -> str:
    """What is not established at a stated place is open, whatever the facts that are known would come to."""
    if not f.seen:
        return "open"
    return {"conflict": "fail", "conflict_unless_excused": "review"}.get(f.outcome, "open")


def _said(f: FindingAtV1, rule: RuleV1, kind: str) -> str:
    """The message: a sentence that can stand alone, then what is open or what it hangs on."""
    about = f.message or rule.title if kind != "open" else rule.title
    first = f"{say.outcome(f)}: {about}" if kind != "fail" else about
    more = say.still_open(f) if kind == "open" else say.excuse(f)
    sentences = [plain(s[0].upper() + s[1:]) for s in (first, more) if s]
    if kind != "open" and f.evidence:
        sentences.append(_decided_by(f.evidence))
    return " ".join(s if s.endswith((".", "?", "!")) else f"{s}." for s in sentences)


def _decided_by(evidence: list[EvidenceV1]) -> str:
    """Links to the facts: GitHub shows no related location that the message does not link to."""
    links = ", ".join(f"[{plain(x.path)}]({n})" for n, x in enumerate(evidence[:_LINKED], 1))
    more = f" and {counted(len(evidence) - _LINKED, 'more fact')}" if len(evidence) > _LINKED else ""
    return f"Decided by {links}{more}"


def _related(f: FindingAtV1) -> list[Json]:
    """The facts that decide, numbered as messages link to them."""
    ends = {_start(x): x for x in (f.location, *(s.location for s in f.derivation)) if x is not None and x.line}
    return [
        {"id": n, "physicalLocation": place(_stated(x, ends)), "message": message(f"{says(x)} ({x.status})")}
        for n, x in enumerate(f.evidence, 1)
    ]


def _start(x: LocationV1 | EvidenceV1) -> tuple[str, int, int]:
    return x.file, x.line, x.column


def _stated(x: EvidenceV1, ends: Mapping[tuple[str, int, int], LocationV1]) -> LocationV1:
    """Where a fact is stated; its end is known from the derivation, else its first character stands for it."""
    return ends.get(_start(x)) or LocationV1(x.file, x.line, x.column, x.line, x.column + 1)


def _flows(f: FindingAtV1) -> list[Json]:
    """The derivation, step by step."""
    steps = f.derivation
    if len(steps) > _STEPS:
        steps = [*steps[: _STEPS - 1], StepV1(f"and {len(steps) - _STEPS + 1} more steps", 0, None)]
    return [{"threadFlows": [{"locations": [_step(s, f.location) for s in steps]}]}] if steps else []


def _step(step: StepV1, instead: LocationV1) -> Json:
    location = {"physicalLocation": place(step.location or instead), "message": message(step.text)}
    return {"location": location, "nestingLevel": step.depth}


def _properties(f: FindingAtV1, e: CheckedV1) -> Json:
    known: dict[str, str | list[str] | None] = {
        "outcome": f.outcome,
        "standing": f.standing,
        "design": e.design,
        "set": e.set,
        "asOf": e.as_of,
        "asIf": e.as_if,
        "open": f.open,
        "unsettled": f.unsettled,
        "wouldExcuse": f.would_excuse,
        "dutyHolders": f.duty_holders,
    }
    return {k: shown(v) if isinstance(v, str) else [shown(x) for x in v] for k, v in known.items() if v}


def _suppressions(f: FindingAtV1, report: CheckV1) -> Iterator[Json]:
    """What on file covers a finding."""
    if f.decision is not None:
        yield _by_decision(report.decisions[f.decision])
    elif f.standing == "in_baseline" and report.baseline is not None:
        yield _by_baseline(report.baseline)


def _by_decision(d: DecisionV1) -> Json:
    who = {"owner": d.owner, "approvedBy": d.approved_by, "until": d.last_day, "reference": d.reference}
    return {
        "kind": "external",
        "status": "accepted",
        **({"justification": shown(d.reason)} if d.reason else {}),
        "location": {"physicalLocation": place(d.location)},
        "properties": {k: shown(v) for k, v in {"decision": d.kind, **who}.items() if v},
    }


def _by_baseline(b: BaselineV1) -> Json:
    return {"kind": "external", "justification": shown(f"in the baseline {b.file} of {b.written}")}
