"""A scratch repository with its own small set, for tests of the gate: fast, and each design is one case."""

from __future__ import annotations

import pathlib

SET = """id: house
title: House rules
short: House rules
jurisdiction: [EU]
kind: internal
text_as_of: 2026-11-01
version: "1"
instruments:
  House rules: {note: binds the organisation}
scope:
  applies_when: any(s.scored for s in subjects)
  rationale: The policy is about systems that score people.
  grounds: [{instrument: House rules, at: section 1, verified: read, status_checked: 2026-11-01}]
provisions:
  - {at: section 1, coverage: modelled, because: the scope}
"""

RULE = """id: house/{name}
title: {title}
principle: {principle}
aspect: any
duty_of: computes_score
since: "1"
grounds: [{{instrument: House rules, at: section 2, verified: read, status_checked: 2026-11-01}}]
severity: {severity}
severity_because: A test.
for_each: [{each}]
violated_when: {violated}
exceptions:
  - id: hardly-counts
    title: the input hardly counts
    grounds: [{{instrument: House rules, at: section 2, verified: read, status_checked: 2026-11-01}}]
    when: use.weight == 'minor'
    burden: operator
message: "`{{input.id}}` counts for `{{use.purpose}}` (support: {{use.support}})"
rationale: Who cannot say why an input counts cannot say that it is needed.
remedy: Write down why, or leave it out.
examples: []
"""

DESIGN = """id: {id}
title: {id} of a scratch repository
kind: hypothetical
subjects:
  - id: customers
    relation: customer
    scored: true
purposes:
  - id: loans
inputs:
{inputs}
"""

INPUT = """  - id: {id}
    uses:
      - purpose: loans
        support: {support}
        weight: {weight}
"""


def design(id: str, **inputs: tuple[str, str]) -> str:
    """A design whose inputs are each of a support and a weight."""
    listed = "".join(INPUT.format(id=name, support=s, weight=w) for name, (s, w) in inputs.items())
    return DESIGN.format(id=id, inputs=listed)


def decisions(**changes: str) -> str:
    """A decisions file with one deferral of what is in conflict in `deferred`."""
    values = {
        "rule": "house/unexplained",
        "design": "deferred",
        "place": "inputs.orders.uses.loans",
        "kind": "deferral",
        "reason": "the study is under way",
        "owner": "scoring team",
        "approved_by": "data protection officer",
        "date": "2026-11-01",
        "expires": "2026-12-31",
        "reference": "DPIA-7",
        **changes,
    }
    lines = [f"{'  - ' if n == 0 else '    '}{k}: {v}" for n, (k, v) in enumerate(values.items()) if v]
    return "decisions:\n" + "\n".join(lines) + "\n"


def rule(name: str, severity: str, *, title: str = "An input nobody can explain", violated: str = "") -> str:
    """A rule about inputs that nobody can explain."""
    return RULE.format(
        name=name,
        title=title,
        principle="data-minimisation",
        severity=severity,
        each="input, use in input.uses",
        violated=violated or "use.support in ['nothing_stated', 'refuted']",
    )


def repository(folder: pathlib.Path) -> pathlib.Path:
    """Write the set and the designs: clean, conflict, excusable, undecided and deferred; and one that is invalid."""
    house, designs = folder / "house", folder / "designs"
    house.mkdir(parents=True)
    designs.mkdir()
    (house / "set.yaml").write_text(SET)
    (house / "unexplained.rule.yaml").write_text(rule("unexplained", "high"))
    (house / "banned.rule.yaml").write_text(
        rule("banned", "critical", title="A banned input", violated="input.id == 'banned'")
    )
    for id, inputs in {
        "clean": {"orders": ("evidence_on_file", "main")},
        "conflict": {"orders": ("nothing_stated", "main"), "visits": ("evidence_on_file", "main")},
        "excusable": {"orders": ("nothing_stated", "unknown")},
        "undecided": {"orders": ("unknown", "main")},
        "deferred": {"orders": ("nothing_stated", "main")},
    }.items():
        (designs / f"{id}.design.yaml").write_text(design(id, **inputs))
    (folder / "invalid.design.yaml").write_text("id: invalid\ntitle: Invalid\nkind: hypothetical\nimputs: []\n")
    return folder
