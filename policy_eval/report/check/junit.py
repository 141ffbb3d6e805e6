"""A check as JUnit XML: a suite for each design and set, a case for each rule that counts.

Undecided never passes: it fails where facts are asked for, and is skipped where they are not. GitLab tells cases apart
by class and name and shows only the text inside of an outcome, so a class names the design, and the text says all.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO

from policy_eval.report.check import words as say
from policy_eval.report.check.places import in_repository
from policy_eval.report.check.wire import CheckedV1, CheckV1, FindingAtV1, LocationV1, ProblemV1

DERIVATIONS = False
_PASSES = ("no_conflict", "not_applicable")
_FAILS = {"against": "conflict", "not_demonstrated": "not_demonstrated"}
_COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}
_PLACES = 20  # of one case


def write(report: CheckV1, out: TextIO) -> None:
    """Write the report as XML, in ASCII so that every locale gives the same bytes."""
    totals: Counter[str] = Counter()
    for suite in _suites(report):
        totals.update({key: int(suite.get(key, "0")) for key in ("tests", *_COUNTED.values())})
    root = _element("testsuites", {"name": report.tool, **{k: str(n) for k, n in totals.items()}, "time": "0"})
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{_xml(root).removesuffix(" />")}>\n')
    for suite in _suites(report):
        ET.indent(suite, level=1)
        out.write(f"  {_xml(suite)}\n")
    out.write(f"</{root.tag}>\n")


def _suites(report: CheckV1) -> Iterator[ET.Element]:
    if report.invalid:
        yield _suite("input", map(_unusable, report.invalid))
    for e in report.evaluations:
        about = {"as_of": e.as_of, "set_version": e.set_version, "scope": e.scope.outcome, "as_if": e.as_if or ""}
        yield _suite(f"{e.design} under {e.set}", _cases(e, report), about)
    filed = list(say.notices(report))
    if filed:
        failing = (n for n in filed if n.level is say.Level.FAILURE)
        suite = _suite("decisions", map(_of_no_use, failing))
        lines = "\n".join(map(_line, filed))
        suite.append(_element("system-out", text=lines))
        yield suite


def _suite(name: str, cases: Iterable[ET.Element], about: dict[str, str] | None = None) -> ET.Element:
    listed = list(cases)
    found = Counter(_COUNTED[child.tag] for case in listed for child in case)
    counts = {"tests": str(len(listed)), **{key: str(found[key]) for key in _COUNTED.values()}}
    suite = _element("testsuite", {"name": name, **counts, "time": "0"})
    stated = {key: value for key, value in (about or {}).items() if value}
    if stated:
        properties = ET.SubElement(suite, "properties")
        properties.extend(_element("property", {"name": k, "value": v}) for k, v in stated.items())
    suite.extend(listed)
    return suite


def _cases(e: CheckedV1, report: CheckV1) -> Iterator[ET.Element]:
    """Every rule that counts, then those that are only listed, then the score."""
    by_rule = {rule: list(found) for rule, found in groupby(_by_rule(e.findings), key=lambda f: f.rule)}
    for rule in (*e.outcomes, *(r for r in by_rule if r not in e.outcomes)):
        found = by_rule.get(rule, [])
        case = _case(f"{e.design}.{e.set}", rule, found[0].location if found else say.whole(e.file))
        if found:
            case.append(_found(found, e, report))
        elif e.outcomes[rule] not in _PASSES:
            case.append(_left_open(e))
        yield case
    if e.score_gate is not None:
        yield _score(e)


def _by_rule(findings: list[FindingAtV1]) -> list[FindingAtV1]:
    return sorted(findings, key=lambda f: f.rule)  # stable: the worst of a rule stays first


def _found(found: list[FindingAtV1], e: CheckedV1, report: CheckV1) -> ET.Element:
    """What the worst finding of a rule makes of its case; all of them are in the text."""
    worst, rule = found[0], report.rules[found[0].rule]
    lines = [rule.title, *(_place(f, report) for f in found[:_PLACES])]
    lines += [f"and {len(found) - _PLACES} more"] if len(found) > _PLACES else []
    lines += [f"remedy: {rule.remedy}", f"law as of {e.as_of}: {say.law(rule)}"]
    text = "\n".join(map(say.shown, lines))
    if worst.standing in _FAILS:
        message = f"{say.status(worst)}; {say.detail(worst) or rule.title}"
        return _element("failure", {"type": _FAILS[worst.standing], "message": message}, text)
    return _element("skipped", {"message": _skipped(worst, report)}, text)


def _place(f: FindingAtV1, report: CheckV1) -> str:
    said = say.cover(f, report) if f.standing in say.COVERED else say.status(f)
    message = f.message if say.is_conflict(f) else ""
    opened = say.still_open(f, every=True)
    parts = (f"{say.at(f.location)}: at {say.place(f)}: {said}", message, opened, say.excuse(f))
    return "; ".join(part for part in parts if part)


def _skipped(f: FindingAtV1, report: CheckV1) -> str:
    if f.standing in say.COVERED:
        return say.cover(f, report)
    said = "; ".join(part for part in (say.status(f), say.detail(f)) if part)
    return f"below the threshold: {said}" if f.standing == "below_threshold" else said


def _left_open(e: CheckedV1) -> ET.Element:
    """A rule that is undecided without a finding at any place."""
    facts = f"; open: {', '.join(e.scope.open)}" if e.scope.open else ""
    return _element("skipped", {"message": f"undecided{facts}"}, f"undecided{facts}\nas of {e.as_of}")


def _score(e: CheckedV1) -> ET.Element:
    assert e.score_gate is not None
    case = _case(f"{e.design}.{e.set}", "score", say.whole(e.file))
    if say.score_fails(e):
        kind = "score_too_low" if e.score_gate.verdict == "against" else "not_demonstrated"
        case.append(_element("failure", {"type": kind, "message": say.score(e)}, f"{say.score(e)}\nas of {e.as_of}"))
    return case


def _unusable(problem: ProblemV1) -> ET.Element:
    case = _case("input", f"{say.at(problem.location)}: {problem.message}", problem.location)
    case.append(_element("error", {"type": "invalid", "message": problem.message}, say.unusable(problem, "\nhelp: ")))
    return case


def _of_no_use(notice: say.Notice) -> ET.Element:
    """A case that fails for what is of no use, or for a fact that was lost."""
    case = _case("decisions", _line(notice), notice.location or say.whole(""))
    case.append(_element("failure", {"type": "on_file", "message": notice.text}, notice.text))
    return case


def _line(notice: say.Notice) -> str:
    where = f"{say.at(notice.location)}: " if notice.location else ""
    return say.shown(f"{where}{notice.text}")


def _case(owner: str, name: str, where: LocationV1) -> ET.Element:
    place = {"file": where.file and in_repository(where.file), "line": str(where.line or "")}
    known = {key: value for key, value in place.items() if value}
    return _element("testcase", {"classname": owner, "name": name, **known, "time": "0"})


def _element(tag: str, attributes: dict[str, str] | None = None, text: str | None = None) -> ET.Element:
    """An element without characters that XML forbids; none of them prints, so what is shown holds none."""
    element = ET.Element(tag, {key: say.shown(value) for key, value in (attributes or {}).items()})
    element.text = text and "\n".join(map(say.shown, text.splitlines()))
    return element


def _xml(element: ET.Element) -> str:
    return bytes(ET.tostring(element, "us-ascii")).decode()
