"""Write the generated parts of the documentation, or check that they are fresh.

    python docs/generate.py            rewrite what is stale
    python docs/generate.py --check    name what is stale and exit 1

Generated are the JSON Schemas, the pages under `docs/rules/`, and every region of a page between
`<!-- generated: NAME -->` and `<!-- end -->`. A fact about the program is declared once, in the program;
pages around the regions are written by hand.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent
# This checkout is documented, not whichever version happens to be installed.
sys.path.insert(0, str(DOCS.parent))

from pydantic.fields import FieldInfo  # noqa: E402

from docs import case_pages, gallery_pages, lens_pages, rule_pages, teaching_pages  # noqa: E402
from docs.markdown import slug, table  # noqa: E402
from docs.models import model_table, terms_table  # noqa: E402
from policy_eval import lens, principle, settings  # noqa: E402
from policy_eval.cases import holdings  # noqa: E402
from policy_eval.design.base import Block, Part  # noqa: E402
from policy_eval.design.model import Design, Evidence, Period, Source  # noqa: E402
from policy_eval.design.types import (  # noqa: E402
    Boolean,
    Choice,
    FieldType,
    Group,
    Number,
    Parts,
    Ref,
    Text,
    Values,
    fields_of,
    part_models,
)
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign  # noqa: E402
from policy_eval.findings import outcome_at  # noqa: E402
from policy_eval.gate import decisions  # noqa: E402
from policy_eval.report import json as report_json  # noqa: E402
from policy_eval.schemas import KINDS, REPORTS, json_schema  # noqa: E402
from policy_eval.teaching import answer  # noqa: E402
from policy_eval.teaching import model as teaching  # noqa: E402
from policy_eval.vocabulary import law  # noqa: E402
from policy_eval.vocabulary import teaching as words  # noqa: E402
from policy_eval.vocabulary.base import Ordinal, Term  # noqa: E402

REGION = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SIGNS = {TRUE: "true", UNKNOWN: "unknown", FALSE: "false"}

# Header fields that conditions do not read have no condition type; this is how they are written.
_HEADER_TYPES = {
    "schema": "`1`",
    "period": "`{from: DATE, until: DATE}`",
    "facts_as_of": "date",
    "sources": "list of [sources](#sources)",
    "complete": "list of names or paths of lists",
    "partial": "list of names or paths of lists",
    "evidence": "path: list of [evidence](#evidence)",
}


# ---------------------------------------------------------------- helpers


def link(heading: str, text: str | None = None) -> str:
    """A link to a heading of the same page."""
    return f"[{text or heading}](#{slug(heading)})"


def sentence(text: str | None) -> str:
    """The first line of a docstring or description, without its final period."""
    return (text or "").strip().splitlines()[0].rstrip(".") if text else ""


def article(noun: str) -> str:
    """The noun with its article."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


# ---------------------------------------------------------------- codebook


def blocks() -> dict[type[Block], list[str]]:
    """Every part and block of a design with the paths it is found at, in the order of the schema."""
    found: dict[type[Block], list[str]] = {}

    def visit(model: type[Block], path: str) -> None:
        for name, kind in fields_of(model).items():
            here = f"{path}.{name}" if path else name
            if isinstance(kind, Parts | Group):
                inner: type[Block] = part_models()[kind.kind] if isinstance(kind, Parts) else kind.model
                found.setdefault(inner, []).append(here)
                visit(inner, here)

    visit(Design, "")
    return found


def noun(model: type[Block]) -> str:
    """What one of them is called in rules and headings."""
    return model.kind if issubclass(model, Part) else model.__name__.lower()


def heading_of(model: type[Block]) -> str:
    """The heading of a part or block: its paths."""
    own = {Design: ["fields of the header"], Source: ["sources"], Evidence: ["evidence"]}
    return ", ".join(own.get(model) or blocks()[model])


def usage() -> dict[type[Term], list[tuple[type[Block], str]]]:
    """Every enumeration of the schema with the fields that take its values."""
    found: dict[type[Term], list[tuple[type[Block], str]]] = {}
    models: list[type[Block]] = [Design, Source, Evidence, *blocks()]
    for model in models:
        for name, kind in fields_of(model).items():
            of = kind.of if isinstance(kind, Values) else kind
            if isinstance(of, Choice):
                found.setdefault(of.terms, []).append((model, name))
    found.setdefault(law_kind(), []).insert(0, (Design, "kind"))
    return found


def law_kind() -> type[Term]:
    """The enumeration of a design's kind, which conditions do not read."""
    annotation = Design.model_fields["kind"].annotation
    assert isinstance(annotation, type) and issubclass(annotation, Term)
    return annotation


def heading_of_values(terms: type[Term]) -> str:
    """The heading of an enumeration: the one field that takes it, else its own name."""
    owners = usage()[terms]
    if len(owners) > 1:
        return re.sub(r"(?<!^)(?=[A-Z])", " ", terms.__name__).lower()
    model, name = owners[0]
    whose = {Design: "the design", Evidence: "evidence"}.get(model) or (
        article(noun(model)) if issubclass(model, Part) else noun(model)
    )
    return f"{name} of {whose}"


def type_words(kind: FieldType) -> str:
    """How a fact of this type is written."""
    match kind:
        case Boolean():
            return "`true` or `false`"
        case Number():
            return link("Numbers", "number")
        case Text():
            return "text"
        case Choice(terms):
            return f"one of {link(heading_of_values(terms))}"
        case Ref(kinds, words):
            extra = f", or {', '.join(f'`{w}`' for w in words)}" if words else ""
            return f"id of {' or '.join(article(k) for k in kinds)}{extra}"
        case Values(Choice(terms)):
            return f"any of {link(heading_of_values(terms))}"
        case Values(of):
            return f"list: {type_words(of)}"
        case Parts(name):
            return f"list of {link(heading_of(part_models()[name]))}"
        case Group(model):
            return f"block {link(heading_of(model))}"


def extra(info: FieldInfo, key: str) -> bool:
    """A mark of a fact."""
    return isinstance(info.json_schema_extra, dict) and bool(info.json_schema_extra.get(key))


def field_row(model: type[Block], name: str, info: FieldInfo) -> list[str]:
    """A line of the codebook for one field."""
    shown = info.alias or name
    kinds = fields_of(model) if model is not Period else {}
    if name in kinds:
        written = type_words(kinds[name])
    elif model is Design and name == "kind":
        written = f"one of {link(heading_of_values(law_kind()))}"
    else:
        written = _HEADER_TYPES.get(shown, "text")
    examples = info.json_schema_extra.get("examples") if isinstance(info.json_schema_extra, dict) else None
    meaning = info.description or ""
    if isinstance(examples, list):
        meaning += f" (such as `{examples[0]}`)"
    if extra(info, "x-judgement"):
        meaning += " *(judgement)*"
    if info.is_required():
        meaning += " **required**"
    return ["★" if extra(info, "x-core") else "", f"`{shown}`", written, meaning]


def fields_table(model: type[Block]) -> str:
    """The fields of a part, a block or the header."""
    rows = [field_row(model, n, f) for n, f in model.model_fields.items() if not f.exclude]
    if model is Design:  # what follows the header has sections of its own
        rows = [r for r in rows if r[1].strip("`") not in {p.split(".")[0] for ps in blocks().values() for p in ps}]
    return table(["", "Field", "Written", "Meaning"], rows)


def values_table(terms: type[Term]) -> str:
    """The values of an enumeration with definitions, examples and DPV terms."""
    dpv = any(t.dpv for t in terms)
    rows = [[f"`{t}`", t.definition, t.example, *([f"`{t.dpv}`" if t.dpv else ""] if dpv else [])] for t in terms]
    return table(["Value", "When it is right", "Example", *(["DPV"] if dpv else [])], rows)


def values_section(terms: type[Term]) -> str:
    """An enumeration with its heading."""
    order = " Rising order: conditions may compare them." if issubclass(terms, Ordinal) else ""
    return f"#### {heading_of_values(terms)}\n\n{sentence(terms.__doc__)}.{order}\n\n{values_table(terms)}"


def section(model: type[Block]) -> str:
    """A part or block: its fields, then the enumerations that only it uses."""
    of = f" In rules: `{model.kind}`." if issubclass(model, Part) and model is not Source else ""
    own = [t for t, owners in usage().items() if len(owners) == 1 and owners[0][0] is model]
    texts = [f"### {heading_of(model)}\n\n{sentence(model.__doc__)}.{of}\n\n{fields_table(model)}"]
    return "\n".join([*texts, *map(values_section, own)])


def header() -> str:
    """The header of a design, its sources and its evidence."""
    return "\n".join(section(m) for m in (Design, Source, Evidence))


def facts() -> str:
    """Every part and block."""
    return "\n".join(section(m) for m in blocks())


def shared_values() -> str:
    """Enumerations that several fields take."""
    return "\n".join(values_section(t) for t, owners in usage().items() if len(owners) > 1)


def core() -> str:
    """The facts most rules turn on."""
    rows = []
    for model, paths in blocks().items():
        names = [n for n, f in model.model_fields.items() if extra(f, "x-core")]
        if names:
            rows.append([link(heading_of(model), paths[0]), ", ".join(f"`{n}`" for n in names)])
    return table(["Part", "Facts"], rows)


# ---------------------------------------------------------------- language


def binders() -> str:
    """The variables a `for_each` can bind and the lists they come from."""
    rows = []
    for model, paths in blocks().items():
        if issubclass(model, Part):
            nested = "." in paths[0]
            owner = next((m for m, p in blocks().items() if nested and p[0] == paths[0].rsplit(".", 1)[0]), None)
            written = f"{model.kind} in {noun(owner)}.{paths[0].split('.')[-1]}" if owner else model.kind
            rows.append([f"`{written}`", f"`{paths[0]}`", sentence(model.__doc__)])
    return table(["In `for_each`", "List", "One item"], rows)


def scales() -> str:
    """The ordered enumerations."""
    found: dict[str, list[type[Ordinal]]] = {}
    for terms in usage():
        if issubclass(terms, Ordinal):
            found.setdefault(terms.scale(), []).append(terms)
    rows = []
    for members in found.values():
        for terms in members:
            fields = ", ".join(f"`{noun(m)}.{n}`" for m, n in usage()[terms])
            rows.append([fields, " < ".join(f"`{t}`" for t in sorted(terms, key=lambda t: t.rank))])
    return table(["Facts", "Order"], rows)


# ---------------------------------------------------------------- semantics


def outcomes() -> str:
    """What each combination of applies, violated and excused comes to, scope met."""
    rows = []
    for applies, violated, excused in itertools.product((TRUE, UNKNOWN, FALSE), repeat=3):
        possible, by_burden = frozenset[law.Outcome](), []
        for burden in law.Burden:
            outcome, possible = outcome_at(TRUE, applies, violated, [excused], [burden])
            by_burden.append(f"`{outcome}`")
        rows.append([*(_SIGNS[s] for s in (applies, violated, excused)), _possible(possible), *by_burden])
    head = ["A", "V", "E", "Possible", "Outcome, operator's burden", "Outcome, other side's burden"]
    return table(head, rows)


def scope_unknown() -> str:
    """Where scope is unknown: the combinations that come to something else than with scope met."""
    rows = []
    for applies, violated, excused in itertools.product((TRUE, UNKNOWN, FALSE), repeat=3):
        signs: tuple[Sign, Sign, list[Sign]] = (applies, violated, [excused])
        met, _ = outcome_at(TRUE, *signs, [law.Burden.OPERATOR])
        unknown, possible = outcome_at(UNKNOWN, *signs, [law.Burden.OPERATOR])
        if met is not unknown:
            rows.append([*(_SIGNS[s] for s in (applies, violated, excused)), f"`{met}`", f"`{unknown}`"])
            assert law.Outcome.NOT_APPLICABLE in possible
    return table(["A", "V", "E", "Scope met", "Scope unknown"], rows)


def _possible(possible: frozenset[law.Outcome]) -> str:
    return ", ".join(f"`{o}`" for o in law.Outcome if o in possible)


# ---------------------------------------------------------------- README


def coverage() -> str:
    """How much each set holds, and how far it models its instrument."""
    return rule_pages.counts(gallery_pages.sets())


# ---------------------------------------------------------------- all of it

REGIONS: dict[str, Callable[[], str]] = {
    "core": core,
    "header": header,
    "facts": facts,
    "shared-values": shared_values,
    "binders": binders,
    "scales": scales,
    "outcomes": outcomes,
    "scope-unknown": scope_unknown,
    "outcome-words": terms_table(law.Outcome),
    "bands": terms_table(law.Band),
    "facts-levels": terms_table(law.FactsLevel),
    "coverage": coverage,
    "lens-categories": lens_pages.text,
    "lens-fields": model_table(lens.LensFile),
    "category-fields": model_table(lens.Category),
    "gallery-designs": gallery_pages.design_table,
    "gallery-bands": gallery_pages.band_tables,
    "gallery-variants": gallery_pages.variant_table,
    "gallery-rules": gallery_pages.rule_table,
    "cases-headline": case_pages.headline,
    "cases-per-case": case_pages.per_case,
    "cases-totals": case_pages.totals,
    "cases-provisions": case_pages.provisions,
    "cases-agreement": case_pages.agreement_summary,
    "cases-fields": case_pages.agreement_table,
    "cases-flips": case_pages.flip_table,
    "cases-misses": case_pages.misses,
    "cases-not-modelled": case_pages.not_modelled,
    "cases-decidable": case_pages.decidable,
    "cases-list": case_pages.case_table,
    "cases-labels": case_pages.label_table,
    "holdings-fields": model_table(holdings.HoldingsFile),
    "case-fields": model_table(holdings.CaseFile),
    "label-fields": model_table(holdings.LabelFile),
    "settings-fields": model_table(settings.SettingsFile),
    "check-settings-fields": model_table(settings.CheckSettings),
    "decision-fields": model_table(decisions.DecisionFile),
    "set-fields": model_table(principle.SetFile),
    "scope-fields": model_table(principle.Scope),
    "provision-fields": model_table(principle.Provision),
    "instrument-fields": model_table(principle.Instrument),
    "tier-fields": model_table(principle.Tier),
    "rule-fields": model_table(principle.RuleFile),
    "ground-fields": model_table(principle.Ground),
    "effective-fields": model_table(principle.Effective),
    "exception-fields": model_table(principle.Exception_),
    "change-fields": model_table(principle.Change),
    "concept-fields": model_table(principle.ConceptFile),
    "unsettled-fields": model_table(principle.Unsettled),
    "authority-fields": model_table(principle.Authority),
    "example-fields": model_table(principle.Example),
    "expectation-fields": model_table(principle.Expectation),
    "profile-fields": model_table(principle.ProfileFile),
    "weight-fields": model_table(principle.Weight),
    "threshold-fields": model_table(principle.Threshold),
    "exercise-list": teaching_pages.exercise_table,
    "exercise-fields": model_table(teaching.ExerciseFile, {"level": "number", "tasks": "list: [task](#tasks)"}),
    "task-fields": teaching_pages.task_tables,
    "question-fields": model_table(teaching.Question),
    "edits-fields": model_table(teaching.Edits),
    "typical-fields": model_table(teaching.Typical),
    "answer-fields": model_table(answer.AnswerFile, {"answers": "name: [answer](#answers)"}),
    "answers-by-kind": teaching_pages.answer_tables,
    "teaching-values": terms_table(words.TaskKind, words.Aspect, words.Mark, words.Disclosure),
    "rule-values": terms_table(law.Principle, law.Severity, law.RuleStatus, law.Verified, law.Burden, law.Coverage),
}


def pages() -> list[Path]:
    """The pages of the documentation that are written by hand, in part or whole."""
    readme = DOCS.parent / "README.md"
    written = [p for p in DOCS.rglob("*.md") if DOCS / "rules" not in p.parents]
    return sorted([*written, *([readme] if readme.is_file() else [])])


def refreshed(text: str) -> str:
    """A page with its regions written anew; raises `KeyError` for a region nobody writes."""
    return REGION.sub(lambda m: f"{m[1]}{REGIONS[m[2]]().rstrip()}\n{m[3]}", text)


def outputs() -> Iterator[tuple[Path, str]]:
    """Every file with generated parts and what it should say."""
    for kind in (*KINDS, *REPORTS):
        yield DOCS / "schema" / f"{kind}.schema.json", report_json.dumps(json_schema(kind)) + "\n"
    for name, text in rule_pages.pages():
        yield DOCS / "rules" / name, text
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if REGION.search(text):
            yield page, refreshed(text)


def stale() -> list[tuple[Path, str | None]]:
    """Files that do not say what they should, with what they should say; None: they should not be there."""
    wanted = dict(outputs())
    wrong = [(p, t) for p, t in wanted.items() if not p.is_file() or p.read_text(encoding="utf-8") != t]
    return [*wrong, *((p, None) for p in sorted((DOCS / "rules").rglob("*.md")) if p not in wanted)]


def main(arguments: list[str]) -> int:
    """Rewrite, or with `--check` only name, what is stale."""
    found = stale()
    for path, text in found:
        print(f"{'stale' if '--check' in arguments else 'written'}: {path.relative_to(DOCS.parent)}")
        if "--check" in arguments:
            continue
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if found and "--check" in arguments:
        print("run: python docs/generate.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
