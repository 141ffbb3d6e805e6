"""The documentation says what the program does: examples run, generated parts are fresh, links lead somewhere."""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from policy_eval import examples, library, source
from policy_eval.analysis import audit, mutants
from policy_eval.design import loading
from policy_eval.design.base import Block
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN
from policy_eval.evaluation import Judge
from policy_eval.language.formula import Formula
from policy_eval.language.parse import ConditionError, parse, parse_binder
from policy_eval.language.typecheck import check, check_binders
from policy_eval.principle import Example, PrincipleSet
from policy_eval.schemas import KINDS, REPORTS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FENCE = re.compile(r"^( *)```([a-z]+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SKIPPED = {"dist", "build", "node_modules"}


@functools.cache
def _pages() -> list[Path]:
    found = [p.relative_to(ROOT) for p in ROOT.rglob("*.md")]
    return sorted(p for p in found if not any(part.startswith(".") or part in _SKIPPED for part in p.parts))


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    for page in _pages():
        text = (ROOT / page).read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            if match[2] == language:
                yield f"{page}:{text[: match.start()].count(chr(10)) + 1}", match[3]


def _plain(where: str, text: str) -> Any:
    return source.plain(source.parse(text, where).root)


@functools.cache
def _set(name: str) -> PrincipleSet:
    return library.load_set(name)


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = _module()


# ---------------------------------------------------------------- examples

_YAML = list(_blocks("yaml"))
_CONDITIONS = list(_blocks("condition"))
_CASES = [
    (f"{where}#{number}", case)
    for where, text in _YAML
    if where.startswith("docs/language.md")
    for number, case in enumerate(_plain(where, text))
]


def test_the_pages_have_examples() -> None:
    assert {w.split(":")[0] for w, _ in _YAML} >= {"docs/codebook.md", "docs/language.md", "docs/rules.md"}
    assert _CONDITIONS
    assert {str(case["truth"]) for _, case in _CASES if "truth" in case} == {"True", "False", "unknown"}


@pytest.mark.parametrize(("where", "text"), _YAML, ids=[w for w, _ in _YAML])
def test_yaml_is_read_by_the_strict_reader(where: str, text: str) -> None:
    document = source.parse(text, where)
    assert not document.warnings
    assert isinstance(document.root, source.Mapping | source.Sequence)


@pytest.mark.parametrize(("where", "text"), _CONDITIONS, ids=[w for w, _ in _CONDITIONS])
def test_conditions_fit_the_schema(where: str, text: str) -> None:
    """`# for_each:` gives the variables of a block, `# concepts:` the set whose concepts it calls."""
    said = dict(re.findall(r"^# ([a-z_]+): (.*)$", text, re.MULTILINE))
    written = said.get("for_each", "[]").strip("[]")
    _, env = check_binders(tuple(parse_binder(b) for b in written.split(",") if b.strip()))
    concepts = _set(said["concepts"]).concepts if "concepts" in said else {}
    signatures = {c.id: c.variables for c in concepts.values()}
    assert check(parse(text), env, signatures)


def _design(given: dict[str, Any]) -> DesignFile:
    tree = source.parse(json.dumps({"id": "example", "title": "an example", "kind": "exercise", **given}), "given").root
    assert isinstance(tree, source.Mapping)
    return loading.from_tree(tree, "given")


def _truth(formula: Formula, design: Design) -> bool | str:
    """What both evaluators make of a condition; they are compared by the judge."""
    alone = replace(_set("gdpr"), scope=formula, rules=(), concepts={})
    sign = Judge(alone, library.load_profile("default")).signs(design).scope
    words: dict[int, bool | str] = {TRUE: True, FALSE: False, UNKNOWN: "unknown"}
    return words[sign]


@pytest.mark.parametrize(("where", "case"), _CASES, ids=[w for w, _ in _CASES])
def test_conditions_come_to_the_truth_they_are_said_to(where: str, case: dict[str, Any]) -> None:
    assert set(case) in ({"condition", "given", "truth"}, {"condition", "refused"})
    if "refused" in case:
        with pytest.raises(ConditionError, match=re.escape(case["refused"])):
            check(parse(case["condition"]), {}, {})
    else:
        assert _truth(check(parse(case["condition"]), {}, {}), _design(case["given"]).design) == case["truth"]


def test_designs_of_the_codebook_load(tmp_path: Path) -> None:
    texts = [t for w, t in _YAML if w.startswith("docs/codebook.md")]
    first = next(t for t in texts if t.startswith("id: tenant-score\n"))
    (tmp_path / "tenant-score.design.yaml").write_text(first, encoding="utf-8")
    assert library.load_design(str(tmp_path / "tenant-score.design.yaml")).design.id == "tenant-score"
    numbers = next(_plain("numbers", t) for t in texts if "oldest_months" in t)
    inputs = _design({"inputs": numbers}).design.inputs or ()
    assert [str(i.oldest_months) for i in inputs] == ["24", "<=24", ">=36", "10..20", "unlimited"]


def test_the_variant_of_the_codebook_loads(tmp_path: Path) -> None:
    """The variant changes a consent and an input, which are added to the design it is shown with."""
    texts = [t for w, t in _YAML if w.startswith("docs/codebook.md")]
    base = next(t for t in texts if t.startswith("id: tenant-score\n"))
    variant = next(t for t in texts if "extends:" in t)
    base += "consents: [{id: box, act: preset, prominence: plain}]\ninputs: [{id: friends}]\n"
    (tmp_path / "tenant-score.design.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "variant.design.yaml").write_text(variant, encoding="utf-8")
    design = library.load_design(str(tmp_path / "variant.design.yaml")).design
    assert design.consents is not None
    assert (design.consents[0].act, design.consents[0].prominence, design.inputs) == ("own_affirmative", None, ())


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> PrincipleSet:
    """The complete set of docs/rules.md, loaded from the files its blocks name."""
    folder = tmp_path_factory.mktemp("worked")
    for where, text in _YAML:
        named = re.match(r"# (house-rules/[a-z.-]+)\n", text)
        if where.startswith("docs/rules.md") and named:
            (folder / named[1]).parent.mkdir(exist_ok=True)
            (folder / named[1]).write_text(text, encoding="utf-8")
    return library.load_set(str(folder / "house-rules"), examples=True)


def test_examples_of_the_worked_set_hold(worked: PrincipleSet) -> None:
    results = list(examples.run(worked, library.load_profile("default"), library.example_nodes(worked)))
    assert {r.owner for r in results} >= {"house-rules scope", "far_from_purpose", "house-rules/unrelated-data-counts"}
    assert [f"{r.example}: {r.failures}" for r in results if r.failures] == []


def test_the_worked_set_lacks_nothing(worked: PrincipleSet) -> None:
    nodes = library.example_nodes(worked)
    written: dict[str, tuple[Example, ...]] = {r.id: r.text.examples for r in worked.rules}
    written |= {c.id: c.whole.examples for c in worked.concepts.values()}
    written["scope"] = worked.text.scope.examples
    located = {owner: examples.designs_of(given, nodes.get(owner)) for owner, given in written.items()}
    profile = library.load_profile("default")
    assert [str(p) for p in audit.lint(worked, profile, located, worked.text.text_as_of)] == []
    found = list(mutants.run(worked, profile, located))
    assert found
    assert [m.description for m in found if m.survived] == []


# ---------------------------------------------------------------- generated parts


def test_generated_parts_are_fresh() -> None:
    stale = [str(path.relative_to(ROOT)) for path, _ in generate.stale()]
    assert stale == [], "run: python docs/generate.py"


def test_what_is_stale_is_named_then_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(generate, "DOCS", tmp_path / "docs")
    # One page and the schemas are enough to show it; all of them are checked above.
    shutil.rmtree(tmp_path / "docs" / "rules")
    monkeypatch.setattr(generate.rule_pages, "pages", lambda: ())
    monkeypatch.setattr(generate, "pages", lambda: [tmp_path / "docs" / "semantics.md"])
    page, schema = tmp_path / "docs" / "semantics.md", tmp_path / "docs" / "schema" / "rule.schema.json"
    before = page.read_text(encoding="utf-8")
    row = "| true | true | unknown |"
    page.write_text(before.replace(row, "| true | true | false |"), encoding="utf-8")
    schema.unlink()
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.split() == ["stale:", "docs/schema/rule.schema.json", "stale:", "docs/semantics.md"]
    assert not schema.exists()
    assert generate.main([]) == 0
    assert page.read_text(encoding="utf-8") == before
    assert generate.main(["--check"]) == 0


def test_every_region_is_used_and_closed() -> None:
    text = "".join((ROOT / p).read_text(encoding="utf-8") for p in _pages())
    opened = re.findall(r"<!-- generated: ([a-z-]+) -->", text)
    assert sorted(opened) == sorted(generate.REGIONS)
    assert len(generate.REGION.findall(text)) == len(opened)


def test_every_kind_of_file_has_a_schema() -> None:
    names = {p.name for p in (DOCS / "schema").iterdir()}
    assert names == {f"{kind}.schema.json" for kind in {*KINDS, *REPORTS}}


def test_the_outcome_table_has_all_combinations() -> None:
    page = (DOCS / "semantics.md").read_text(encoding="utf-8")
    region = next(m[0] for m in generate.REGION.finditer(page) if m[2] == "outcomes")
    rows = re.findall(r"^\| (true|unknown|false) \| (true|unknown|false) \| (true|unknown|false) \|", region, re.M)
    assert len(rows) == len(set(rows)) == 27


def _sections() -> dict[str, str]:
    """The codebook by heading, down to the next heading of the same kind or above."""
    text = (DOCS / "codebook.md").read_text(encoding="utf-8")
    found = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)[1:]
    return {h: body for heading, body in zip(found[::2], found[1::2], strict=True) for h in heading.split(", ")}


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every field of a design by the path of its part or block, found in the JSON Schema."""

    def target(spec: dict[str, Any]) -> str | None:
        refs = [*re.findall(r"#/\$defs/(\w+)", json.dumps(spec))]
        return next((r for r in refs if "properties" in schema["$defs"][r]), None)

    def walk(model: dict[str, Any], path: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for name, spec in model["properties"].items():
            yield path, name, spec
            inner = target(spec)
            if inner is not None and inner != "Period":
                yield from walk(schema["$defs"][inner], f"{path}.{name}" if path else name)

    yield from walk(schema, "")


def test_every_field_is_in_the_codebook() -> None:
    sections = _sections()
    schema = Design.model_json_schema(by_alias=True)
    fields = [(p or "fields of the header", n, s) for p, n, s in _fields(schema) if p or n not in sections]
    assert len(fields) > 100
    missing = [f"{p}.{n}" for p, n, _ in fields if n != "partial_lists" and f"| `{n}` |" not in sections[p]]
    assert missing == []


def test_every_value_is_in_the_codebook() -> None:
    text = (DOCS / "codebook.md").read_text(encoding="utf-8")
    defined = Design.model_json_schema()["$defs"]
    enumerations = {name: spec["enum"] for name, spec in defined.items() if "enum" in spec}
    assert len(enumerations) > 50
    tables = re.findall(r"(?:^\| `.*\n)+", text, re.MULTILINE)
    written = {tuple(re.findall(r"^\| `([^`]+)` \|", t, re.MULTILINE)) for t in tables}
    assert [name for name, values in enumerations.items() if tuple(values) not in written] == []


def test_core_facts_and_judgements_are_marked() -> None:
    sections = _sections()

    def marked(model: type[Block], mark: str) -> list[str]:
        extras = {n: f.json_schema_extra for n, f in model.model_fields.items()}
        return [n for n, extra in extras.items() if isinstance(extra, dict) and extra.get(mark)]

    for model, paths in generate.blocks().items():
        for name in marked(model, "x-core"):
            assert f"| ★ | `{name}` |" in sections[paths[0]]
        for name in marked(model, "x-judgement"):
            assert re.search(rf"\| `{name}` \|.*\*\(judgement\)\*", sections[paths[0]])
    assert "| ★ | `default` |" not in sections["inputs"]


# ---------------------------------------------------------------- links


def _anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {generate.slug(h) for h in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)}


def _dead(page: Path) -> Iterator[str]:
    text = re.sub(r"^ *```.*?^ *```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            yield target


@pytest.mark.parametrize("page", _pages(), ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    assert list(_dead(page)) == []


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n\n[a](#here) [b](#there) [c](gone.md) [d](page.md#here)\n", encoding="utf-8")
    assert list(_dead(page)) == ["#there", "gone.md"]
