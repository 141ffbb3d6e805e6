"""What reports tell of a design beside the judgements on it: its documents, the lines cited, the flow of data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from policy_eval.comparison import shown
from policy_eval.design.base import Part
from policy_eval.design.evidence import evidence_for, status_of
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design, Evidence, Source
from policy_eval.design.paths import PartPath, join, split
from policy_eval.evaluation import Evaluation
from policy_eval.report.wire import EvaluationV1, EvidenceV1
from policy_eval.report.wire_designs import CitationV1, DesignV1, DocumentV1, EdgeV1, FlowV1, NodeV1

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what YAML takes for the end of a line
_LONGEST = 300  # characters of a line that are kept
# The facts of each kind of part that tell most in a picture.
_TELLING = {
    "subject": ("relation", "scored", "enrolment"),
    "input": ("what", "source", "domain", "default"),
    "association": ("tie", "effect", "answerable"),
    "purpose": ("category", "basis"),
    "consequence": ("direction", "touches", "severity", "automation"),
    "disclosure": ("to", "what", "choice"),
}


def design(evaluation: Evaluation, judged: Sequence[EvaluationV1]) -> DesignV1:
    """The design of an evaluation, with whatever the findings of the evaluations on it cite."""
    file, found = evaluation.file, evaluation.design
    facts, flow = list(_cited(judged)), _flow(evaluation)
    period = found.period
    return DesignV1(
        id=found.id,
        title=found.title,
        kind=found.kind.value,
        summary=found.summary,
        period_from=period.from_.isoformat() if period and period.from_ else None,
        period_until=period.until.isoformat() if period and period.until else None,
        jurisdiction=list(found.jurisdiction) if found.jurisdiction else None,
        facts_as_of=found.facts_as_of.isoformat() if found.facts_as_of else None,
        operator_response=found.operator_response,
        files=list(file.files),
        documents=[_document(s) for s in found.sources],
        citations=dict(_citations(found, {*(f.path for f in facts), *(n.path for n in flow.nodes)})),
        lines=_lines(file, facts),
        flow=flow,
    )


def _cited(judged: Iterable[EvaluationV1]) -> Iterator[EvidenceV1]:
    """Every fact that something in the evaluations rests on."""
    for e in judged:
        yield from e.scope.evidence
        for cause in e.causes:
            yield from cause.facts
        for finding in e.findings:
            for place in finding.places:
                yield from place.evidence


def _document(s: Source) -> DocumentV1:
    return DocumentV1(s.id, s.type.value, s.title, s.author, s.publisher, s.date, s.locator, s.url, s.language)


def _citations(design: Design, paths: Iterable[str]) -> Iterator[tuple[str, list[CitationV1]]]:
    for path in sorted(paths):
        found = evidence_for(design, split(path))
        if found:
            yield path, [_citation(x) for x in found]


def _citation(x: Evidence) -> CitationV1:
    return CitationV1(x.source, x.locator, x.status.value, x.note)


def _lines(file: DesignFile, facts: Iterable[EvidenceV1]) -> dict[str, dict[str, str]]:
    """The lines where facts are stated, by file and number."""
    # A design that was put together from a tree, as examples of rules are, has a file and no text of it.
    texts = {name: _BREAK.split(text) for name, text in zip(file.files, file.texts, strict=bool(file.texts))}
    wanted: dict[str, set[int]] = {}
    for fact in facts:
        wanted.setdefault(fact.file, set()).add(fact.line)
    return {
        name: {str(n): texts[name][n - 1][:_LONGEST] for n in sorted(wanted[name]) if 0 < n <= len(texts[name])}
        for name in texts
        if name in wanted
    }


def _flow(e: Evaluation) -> FlowV1:
    """Parts and what leads from one to the other; what is not stated is not drawn."""
    nodes = [_node(e, (name, str(getattr(p, p.key))), p) for name, p in _parts(e.design)]
    there = {n.path for n in nodes}
    edges = [x for x in _edges(e.design) if x.source in there and x.target in there]
    return FlowV1(nodes, list(dict.fromkeys(edges)))


def _parts(design: Design) -> Iterator[tuple[str, Part]]:
    for name in ("subjects", "inputs", "associations", "purposes", "consequences", "disclosures"):
        for part in getattr(design, name) or ():
            yield name, part


def _node(e: Evaluation, path: PartPath, part: Part) -> NodeV1:
    facts = {name: shown(e, (*path, name)) for name in _TELLING[part.kind]}
    return NodeV1(join(path), part.kind, path[-1], status_of(e.design, path), facts)


def _edges(design: Design) -> Iterator[EdgeV1]:
    def edge(source: PartPath, target: PartPath, how: str, stated: PartPath) -> EdgeV1:
        return EdgeV1(join(source), join(target), how, status_of(design, stated))

    scored = {s.id for s in design.subjects or () if s.scored}
    for i in design.inputs or ():
        for use in i.uses or ():
            stated = ("inputs", i.id, "uses", use.purpose)
            yield edge(("inputs", i.id), ("purposes", use.purpose), "feeds", stated)
    for a in design.associations or ():
        if a.input:
            yield edge(("associations", a.id), ("inputs", a.input), "counts_through", ("associations", a.id, "input"))
        for who in next((i.about or () for i in design.inputs or () if i.id == a.input), ()):
            yield edge(("subjects", who), ("associations", a.id), "tied_by", ("associations", a.id))
            if who in scored:
                yield edge(("associations", a.id), ("subjects", who), "counts_for", ("associations", a.id))
    for c in design.consequences or ():
        if c.purpose:
            yield edge(("purposes", c.purpose), ("consequences", c.id), "leads_to", ("consequences", c.id, "purpose"))
    for d in design.disclosures or ():
        if d.purpose:
            yield edge(("purposes", d.purpose), ("disclosures", d.id), "goes_to", ("disclosures", d.id, "purpose"))
