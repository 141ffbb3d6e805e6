"""What the report model tells of designs beside the judgements: documents, lines, flow, rules, instruments."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from policy_eval import library
from policy_eval.design.evidence import evidence_for
from policy_eval.design.paths import split
from policy_eval.evaluation import Engine, Judge
from policy_eval.report import Wants, assemble
from policy_eval.report.wire import ReportV1

ROOT = Path(__file__).parent.parent
NAMES = ["sesame-credit-2018", "sesame-credit-unticked", "privacy-first-credit"]


@functools.cache
def report(*names: str, wants: Wants | None = None) -> ReportV1:
    sets = [s for _, s in library.load_sets(["gdpr", "eu-ai-act"])]
    profile = library.load_profile("default")
    judges = [Judge(s, profile, engine=Engine.REFERENCE) for s in sets]
    detail = (wants or Wants(places=None, derivations=None)).detail(len(names) * len(sets))
    told = [assemble.told([j.evaluate(library.load_design(n)) for j in judges], detail=detail) for n in names]
    return assemble.report(told, sets, profile, Engine.REFERENCE)


def facts(found: ReportV1, design: str):  # type: ignore[no-untyped-def]
    for e in found.evaluations:
        if e.design == design:
            yield from e.scope.evidence
            yield from (x for c in e.causes for x in c.facts)
            yield from (x for f in e.findings for p in f.places for x in p.evidence)


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_comes_with_its_line_as_it_stands_in_the_file(name: str) -> None:
    found = report(*NAMES)
    told = next(d for d in found.designs if d.id == name)
    seen = set()
    for fact in facts(found, name):
        text = (ROOT / fact.file).read_text(encoding="utf-8").splitlines()[fact.line - 1]
        assert told.lines[fact.file][str(fact.line)] == text[:300]
        seen.add((fact.file, str(fact.line)))
    assert seen and seen == {(file, n) for file, lines in told.lines.items() for n in lines}


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_with_evidence_has_its_citations(name: str) -> None:
    design = library.load_design(name).design
    told = next(d for d in report(*NAMES).designs if d.id == name)
    documents = {d.id for d in told.documents}
    for fact in facts(report(*NAMES), name):
        behind = evidence_for(design, split(fact.path))
        cited = told.citations.get(fact.path, [])
        assert [(c.document, c.locator, c.status, c.note) for c in cited] == [
            (e.source, e.locator, e.status.value, e.note) for e in behind
        ]
        assert {c.document for c in cited} <= {*documents, None}


def test_a_variant_cites_lines_of_both_its_files() -> None:
    told = next(d for d in report(*NAMES).designs if d.id == "sesame-credit-unticked")
    assert set(told.lines) == set(told.files) and len(told.files) == 2


@pytest.mark.parametrize("name", library.design_names())
def test_the_flow_leads_between_parts_that_are_there(name: str) -> None:
    file = library.load_design(name)
    judge = Judge(library.load_sets(["oecd"])[0][1], library.load_profile("default"), engine=Engine.REFERENCE)
    flow = assemble.told([judge.evaluate(file)], detail=Wants().detail(1)).design.flow
    nodes = {n.path: n for n in flow.nodes}
    assert len(nodes) == len(flow.nodes) and len(set(flow.edges)) == len(flow.edges)
    kinds = {
        "feeds": ("input", "purpose"),
        "counts_through": ("association", "input"),
        "tied_by": ("subject", "association"),
        "counts_for": ("association", "subject"),
        "leads_to": ("purpose", "consequence"),
        "goes_to": ("purpose", "disclosure"),
    }
    for edge in flow.edges:
        assert (nodes[edge.source].kind, nodes[edge.target].kind) == kinds[edge.how]
    uses = sum(len(i.uses or ()) for i in file.design.inputs or ())
    assert sum(e.how == "feeds" for e in flow.edges) == uses


def test_rules_and_instruments_are_told_once_each() -> None:
    found = report(*NAMES)
    judged = {f.rule for e in found.evaluations for f in e.findings}
    assert set(found.rules) == judged
    assert {g.instrument for r in found.rules.values() for g in r.grounds} <= set(found.instruments)
    assert found.instruments["GDPR"].id == "CELEX:32016R0679"


def test_what_no_format_shows_is_not_worked_out() -> None:
    short = report(*NAMES, wants=Wants())
    assert all(not p.derivation for e in short.evaluations for f in e.findings for p in f.places)
    assert all(not f.places for e in short.evaluations for f in e.findings if "conflict" not in f.outcome[:8])
    whole = report(*NAMES)
    conflicts = [p for e in whole.evaluations for f in e.findings if f.outcome == "conflict" for p in f.places]
    assert conflicts and all(p.derivation for p in conflicts)
