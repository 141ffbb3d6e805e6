"""The published JSON Schemas accept what is shipped and refuse what loading refuses."""

from __future__ import annotations

import pathlib
from typing import Any

import jsonschema
import pytest

from policy_eval import schemas, source

ROOT = pathlib.Path(__file__).parent.parent
FILES = {
    "design": sorted(ROOT.glob("designs/*.design.yaml")),
    "rule": sorted(ROOT.glob("principles/*/*.rule.yaml")),
    "concept": sorted(ROOT.glob("principles/*/*.concept.yaml")),
    "set": sorted(ROOT.glob("principles/*/set.yaml")),
    "profile": sorted(ROOT.glob("principles/profiles/*.yaml")),
    "lens": sorted(ROOT.glob("principles/lenses/*.lens.yaml")),
    "holdings": sorted(ROOT.glob("designs/cases/holdings.yaml")),
    "exercise": sorted(ROOT.glob("exercises/*/exercise.yaml")),
    "answer": sorted(ROOT.glob("exercises/*/*.answer.yaml")),
}


def validator(kind: str) -> Any:
    schema = schemas.json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# Files of the projects that use this one; tests/test_check_formats.py holds them against their schemas.
PROJECTS = {"decisions", "baseline", "settings"}


def test_kinds_without_shipped_files_are_known() -> None:
    assert set(schemas.KINDS) == FILES.keys() | PROJECTS


@pytest.mark.parametrize("kind", FILES)
def test_shipped_files_are_valid(kind: str) -> None:
    checker = validator(kind)
    assert FILES[kind]
    for path in FILES[kind]:
        checker.validate(source.plain(source.read(path).root))


@pytest.mark.parametrize(
    "fault",
    [
        {"inputs": [{"id": "a", "sorce": "bought"}]},
        {"inputs": [{"id": "a", "source": "baught"}]},
        {"inputs": [{"id": "a", "source": None}]},
        {"consents": [{"id": "a", "recorded": "yes"}]},
        {"retentions": [{"id": "a", "months": "a while"}]},
    ],
)
def test_misspelt_designs_are_invalid(fault: dict[str, Any]) -> None:
    design = {"id": "a", "title": "t", "kind": "real", **fault}
    assert list(validator("design").iter_errors(design))


def test_unknown_may_be_written_for_any_fact() -> None:
    design = {
        "id": "a", "title": "t", "kind": "exercise",
        "inputs": [{"id": "a", "source": "unknown", "uses": "unknown", "oldest_months": "unknown"}],
        "scoring": {"method": "unknown"}, "is_ai": "unknown", "subjects": "unknown", "jurisdiction": "unknown",
    }  # fmt: skip
    validator("design").validate(design)


def described(schema: dict[str, Any]) -> list[str]:
    missing = []
    for name, part in {"Design": schema, **schema.get("$defs", {})}.items():
        for field, spec in part.get("properties", {}).items():
            if not spec.get("description"):
                missing.append(f"{name}.{field}")
    return missing


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_every_field_is_described(kind: str) -> None:
    assert described(schemas.json_schema(kind)) == []


# Words of approval that a fact's name must not hold: facts are looked up, verdicts are derived.
APPROVAL = ("lawful", "necessary", "proportionate", "explicit", "dominant", "fair", "valid_", "adequate", "significant",
            "legitimate_aim", "freely", "unambiguous", "appropriate", "excessive")  # fmt: skip


def test_no_fact_is_named_by_a_conclusion() -> None:
    schema = schemas.json_schema("design")
    names = {f for part in (schema, *schema["$defs"].values()) for f in part.get("properties", {})}
    assert [n for n in names if any(word in n for word in APPROVAL)] == []


def test_no_value_is_taken_for_a_boolean() -> None:
    schema = schemas.json_schema("design")
    values = {v for part in schema["$defs"].values() for v in part.get("enum", ())}
    assert values & {"on", "off", "yes", "no", "y", "n", "true", "false"} == set()
