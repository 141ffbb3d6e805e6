"""Pages about rules: one for each rule, one for each set, one for the concepts of a set, one for all.

Everything on them comes from the files of the sets; `docs/generate.py` writes them and finds the stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import yaml

from docs import gallery_pages
from docs.markdown import slug, table
from policy_eval import library
from policy_eval.examples import designs_of
from policy_eval.language import formula as fm
from policy_eval.principle import Concept, Example, Exception_, Ground, PrincipleSet, Rule, RuleFile
from policy_eval.report.words import ROLES
from policy_eval.source import Node
from policy_eval.vocabulary.law import Coverage, Outcome, Principle

NOTE = "<!-- written by docs/generate.py from the files of the set; change those -->\n\n"
_COVERAGE = {Coverage.MODELLED: "modelled", Coverage.PARTLY: "partly", Coverage.NOT_MODELLED: "not modelled"}


def pages() -> Iterator[tuple[str, str]]:
    """Every page as its path below `docs/rules/` and its text."""
    sets = gallery_pages.sets()
    yield "README.md", NOTE + _all(sets)
    for principles in sets:
        nodes = library.example_nodes(principles)
        yield f"{principles.id}/README.md", NOTE + _set(principles)
        yield f"{principles.id}/concepts.md", NOTE + _concepts(principles)
        for rule in principles.rules:
            yield f"{principles.id}/{_name(rule.text)}.md", NOTE + _rule(rule, principles, nodes.get(rule.id))


def _name(text: RuleFile) -> str:
    return text.id.split("/")[1]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- all sets


def _all(sets: list[PrincipleSet]) -> str:
    rules = [(s, r) for s in sets for r in s.rules]
    parts = [
        "# Rules by principle\n\nA principle is the common value a rule serves; the list is shared by all sets, so "
        "that sets and designs can be compared.\n",
        counts(sets),
    ]
    for principle in Principle:
        found = [(s, r) for s, r in rules if r.text.principle is principle]
        if found:
            rows = [
                [
                    f"[{r.text.title}]({s.id}/{_name(r.text)}.md)",
                    s.text.short,
                    r.text.severity.value,
                    str(r.text.grounds[0]),
                ]
                for s, r in found
            ]
            parts.append(f"## {principle}\n\n{_capital(principle.definition)}.\n")
            parts.append(table(["Rule", "Set", "Severity", "Answers for"], rows))
    return "\n".join(parts)


def _crosswalk(sets: list[PrincipleSet]) -> str:
    rows = []
    for principle in Principle:
        found = [sum(r.text.principle is principle for r in s.rules) for s in sets]
        rows.append([f"[{principle}](#{slug(str(principle))})" if any(found) else str(principle),
                     *(str(n) if n else "" for n in found)])  # fmt: skip
    return table(["Principle", *(f"[{s.id}]({s.id}/README.md)" for s in sets)], rows)


def counts(sets: list[PrincipleSet]) -> str:
    """How much each set holds, and how far it models its instrument."""
    rows = []
    for s in sets:
        by = [sum(p.coverage is c for p in s.text.provisions) for c in Coverage]
        owners = (*(r.text for r in s.rules), *(c.whole for c in s.concepts.values()), s.text.scope)
        examples = sum(len(o.examples) for o in owners)
        later = sum(not r.text.effective.holds_on(s.text.text_as_of) for r in s.rules)
        shown = f"{len(s.rules)}" + (f" ({later} not in force)" if later else "")
        rows.append([f"`{s.id}`", shown, str(len(s.concepts)), str(examples), *(str(n) for n in by)])
    head = ["Set", "Rules", "Concepts", "Examples", "Provisions modelled", "partly", "not"]
    return table(head, rows)


# ---------------------------------------------------------------- one set


def _set(s: PrincipleSet) -> str:
    text = s.text
    parts = [
        f"# {text.title}\n",
        f"Set `{s.id}` ({text.kind.definition}), version {text.version}, text as of {text.text_as_of}. "
        f"{f'[Official text]({text.url}). ' if text.url else ''}Concepts of the set: [concepts](concepts.md).\n",
        f"## What it covers\n\n{text.scope.rationale.strip()}\n",
        _condition(text.scope.applies_when),
        *(f"Of each `{kind}`:\n\n{_condition(when)}" for kind, when in text.scope.applies_to.items()),
        _grounds(text.scope.grounds, s),
        "## Rules\n",
    ]
    for principle in Principle:
        found = [r for r in s.rules if r.text.principle is principle]
        if found:
            rows = [[f"[{r.text.title}]({_name(r.text)}.md)", r.text.severity.value, str(r.text.grounds[0]), _force(r)]
                    for r in sorted(found, key=lambda r: (-r.text.severity.rank, r.id))]  # fmt: skip
            parts += [f"### {principle}\n", table(["Rule", "Severity", "Answers for", "In force"], rows)]
    if text.sanction_tiers:
        parts.append(
            "## Sanctions\n\nThe instrument's own tiers, as information; severity goes by the effect on people.\n"
        )
        parts.append(table(["Tier", "Up to", "Law"], [[t.id, t.title, str(t.grounds[0])] for t in text.sanction_tiers]))
    if text.provisions:
        parts.append("## How far the instrument is modelled\n")
        rows = [[p.at, _COVERAGE[p.coverage], p.because] for p in text.provisions]
        parts.append(table(["Provision", "Modelled", "Because"], rows))
    return "\n".join(parts)


def _force(rule: Rule) -> str:
    effective = rule.text.effective
    first = f"from {effective.from_}" if effective.from_ else ""
    last = f"until {effective.until}" if effective.until else ""
    return " ".join(x for x in (first, last) if x) or "always"


# ---------------------------------------------------------------- one rule


def _rule(rule: Rule, s: PrincipleSet, examples: Node | None) -> str:
    text = rule.text
    duty = f", duty of {ROLES[text.duty_of.value]}" if text.duty_of else ""
    tier = next((t.title for t in s.text.sanction_tiers if t.id == text.sanction_tier), None)
    parts = [
        f"# {text.title}\n",
        f"`{text.id}` · {text.principle} · {text.severity} · in force {_force(rule)} · [{s.text.short}](README.md)\n",
        f"{text.rationale.strip()}\n",
        f"**Why it weighs.** {text.severity_because.strip()} ({_capital(text.severity.value)}{duty}.)\n",
    ]
    if tier:
        parts.append(f"**The instrument's own sanction**, as information: {tier}.\n")
    parts.append("## What it rests on\n")
    parts.append(_grounds(text.grounds, s))
    parts.append("## When it is in conflict\n")
    each = f"for each {' and '.join(f'`{b}`' for b in text.for_each)}" if text.for_each else "once for the whole design"
    parts.append(f"Judged {each}.\n")
    if text.applies_when:
        parts.append(f"It applies when\n\n{_condition(text.applies_when)}")
    parts.append(f"{'and is' if text.applies_when else 'It is'} in conflict when\n\n{_condition(text.violated_when)}")
    if text.exceptions:
        parts.append("## What excuses it\n")
        for exception in rule.exceptions:
            parts.append(_exception(exception.text, exception.burden.value, s))
    concepts = _called(rule, s)
    if concepts:
        parts.append("## Concepts it asks\n")
        parts.append("".join(f"- [{c.text.title}](concepts.md#{slug(c.text.title)}) (`{c.id}`)\n" for c in concepts))
    parts.append(f"## What would cure it\n\n{text.remedy.strip()}\n")
    parts.append("## Examples\n")
    parts.append(_examples(text.examples))
    shown = _first_conflict(text.examples, examples)
    if shown:
        parts.append(shown)
    return "\n".join(parts)


def _exception(exception: Exception_, burden: str, s: PrincipleSet) -> str:
    shower = {"operator": "whoever runs the system", "other_side": "the other side"}[burden]
    return (
        f"**{_capital(exception.title)}** (`{exception.id}`; {shower} has to show it)\n\n{_condition(exception.when)}\n"
        f"{_grounds(exception.grounds, s)}"
    )


def _called(rule: Rule, s: PrincipleSet) -> list[Concept]:
    formulas = (rule.own, rule.violated, *(e.when for e in rule.exceptions))
    names = dict.fromkeys(c.concept for f in formulas for c in fm.calls(f))
    return [s.concepts[n] for n in names]


def _examples(examples: tuple[Example, ...]) -> str:
    def outcome(example: Example) -> str:
        expect = example.expect
        word = next((o.definition for o in Outcome if o.value == str(expect.outcome)), str(expect.outcome))
        return f"{word}{f' (`{expect.exception}`)' if expect.exception else ''}"

    return table(["Situation", "Comes to"], [[_capital(x.name), outcome(x)] for x in examples])


def _first_conflict(examples: tuple[Example, ...], nodes: Node | None) -> str | None:
    """The facts of the first example of conflict, as a design would state them."""
    for x in designs_of(examples, nodes):
        if str(x.example.expect.outcome) == Outcome.CONFLICT.value:
            given = x.file.design.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
            facts = {k: v for k, v in given.items() if k not in ("id", "title", "kind", "schema", "partial_lists")}
            written = yaml.safe_dump(facts, sort_keys=False, default_flow_style=None, width=110)
            return f"The facts of *{x.example.name}*:\n\n```text\n{written}```\n"
    return None


# ---------------------------------------------------------------- concepts


def _concepts(s: PrincipleSet) -> str:
    parts = [
        f"# Concepts of the {s.text.title}\n",
        "Notions that rules ask of facts. Between truth and falsity the law leaves room.\n",
    ]
    parts += [_concept(c, s) for c in sorted(s.concepts.values(), key=lambda c: c.text.title.lower())]
    return "\n".join(parts)


def _concept(concept: Concept, s: PrincipleSet) -> str:
    text = concept.whole
    of = f" Asked of: {', '.join(f'`{k}`' for k in text.of)}." if text.of else " Asked of the whole design."
    parts = [f"## {text.title}\n", f"`{text.id}`.{of}\n", f"{text.rationale.strip()}\n",
             f"It holds when\n\n{_condition(text.holds_when)}"]  # fmt: skip
    if text.fails_when:
        parts.append(f"and fails when\n\n{_condition(text.fails_when)}")
    if text.unsettled:
        parts.append(f"**Open law.** {text.unsettled.question}\n")
        for position in text.unsettled.positions:
            parts.append(f"- {position.says} ({'; '.join(_ground(g, s) for g in position.grounds)})")
        parts.append("")
    if text.grounds:
        parts.append(_grounds(text.grounds, s))
    used = [r for r in s.rules if concept.id in {c.id for c in _called(r, s)}]
    if used:
        parts.append(f"Asked by {', '.join(f'[{_name(r.text)}]({_name(r.text)}.md)' for r in used)}.\n")
    return "\n".join(parts)


# ---------------------------------------------------------------- helpers


def _condition(text: str) -> str:
    return f"```text\n{text.strip()}\n```\n"


def _ground(ground: Ground, s: PrincipleSet) -> str:
    cited = s.instrument(ground)
    name = f"[{ground.instrument}]({cited.url})" if cited.url else ground.instrument
    mark = "" if ground.verified.value == "read" else f" [{ground.verified}: {ground.verified.definition}]"
    notes = "; ".join(n for n in (cited.note, ground.note) if n)
    return f"{name} {ground.at}{mark}{f' ({notes})' if notes else ''}"


def _grounds(grounds: tuple[Ground, ...], s: PrincipleSet) -> str:
    lines = [f"- {_ground(g, s)}; checked {_day(g.status_checked)}\n" for g in grounds]
    return "".join(lines)


def _day(day: dt.date) -> str:
    return day.isoformat()
