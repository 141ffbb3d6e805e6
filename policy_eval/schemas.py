"""JSON Schemas of the files people write, for editors (yaml-language-server), and of reports."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from policy_eval.cases.holdings import HoldingsFile
from policy_eval.design.model import Design
from policy_eval.gate.baseline import BaselineFile
from policy_eval.gate.decisions import DecisionsFile
from policy_eval.lens import LensFile
from policy_eval.principle import ConceptFile, ProfileFile, RuleFile, SetFile
from policy_eval.settings import SettingsFile
from policy_eval.teaching.answer import AnswerFile
from policy_eval.teaching.model import ExerciseFile

_MODELS: dict[str, type[BaseModel]] = {
    "design": Design,
    "rule": RuleFile,
    "set": SetFile,
    "concept": ConceptFile,
    "profile": ProfileFile,
    "lens": LensFile,
    "holdings": HoldingsFile,
    "decisions": DecisionsFile,
    "baseline": BaselineFile,
    "settings": SettingsFile,
    "exercise": ExerciseFile,
    "answer": AnswerFile,
}
KINDS = tuple(_MODELS)
REPORTS = (
    "report",
    "cases-report",
    "diff-report",
    "check-report",
    "exercises-report",
    "checks-report",
    "grades-report",
    "key-report",
)


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file or report; `kind` is one of `KINDS` or `REPORTS`."""
    if kind in REPORTS:
        return _of_report(kind)
    schema = _MODELS[kind].model_json_schema(by_alias=True)
    if kind == "design":
        _allow_what_loading_allows(schema)
    _drop_null(schema)
    schema["title"] = f"policy_eval {kind}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _of_report(kind: str) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from policy_eval.report.cases import CasesV1
    from policy_eval.report.check.wire import CheckV1
    from policy_eval.report.diff import DiffV1
    from policy_eval.report.exercise.wire import ChecksV1, ExercisesV1, GradesV1, KeyV1
    from policy_eval.report.wire import ReportV1

    models: dict[str, type] = {
        "report": ReportV1,
        "cases-report": CasesV1,
        "diff-report": DiffV1,
        "check-report": CheckV1,
        "exercises-report": ExercisesV1,
        "checks-report": ChecksV1,
        "grades-report": GradesV1,
        "key-report": KeyV1,
    }
    return TypeAdapter(models[kind]).json_schema()


def _allow_what_loading_allows(schema: dict[str, Any]) -> None:
    """Variants and the word `unknown` are settled before a design is validated."""
    from policy_eval.design.types import part_models

    text = {"type": "string"}
    schema["properties"].pop("partial_lists", None)
    schema["properties"].update(
        extends={**text, "description": "file of the design this one changes", "examples": ["./other.design.yaml"]},
        set={"type": "object", "description": "facts to change or items to add, by path"},
        forget={"type": "array", "items": text, "description": "facts that become unknown, by path"},
        remove={"type": "array", "items": text, "description": "items known not to be there, by path"},
    )
    schema["required"] = ["id", "title"]
    names = {m.__name__ for m in part_models().values()} | {
        "Scoring",
        "Human",
        "Transparency",
        "Request",
        "Rights",
        "Governance",
    }
    for part in (schema, *(part for name, part in schema["$defs"].items() if name in names)):
        for field, spec in part["properties"].items():
            if field not in part.get("required", ()) and "anyOf" in spec:
                spec["anyOf"].append({"const": "unknown"})


def _drop_null(node: Any) -> None:
    """Empty values are refused when a file is read, so no schema offers them."""
    if isinstance(node, dict):
        options = node.get("anyOf")
        if isinstance(options, list):
            node["anyOf"] = [o for o in options if o != {"type": "null"}]
            if node.get("default", ...) is None:
                del node["default"]
        for value in node.values():
            _drop_null(value)
    elif isinstance(node, list):
        for value in node:
            _drop_null(value)
