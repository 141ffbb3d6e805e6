"""Editors complete, explain and check what `new` writes, by yaml-language-server and the schema beside the file."""

from __future__ import annotations

import functools
import json
import operator
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from policy_eval.schemas import json_schema
from tests import node
from tests.lsp import Client, Message, serving
from tests.test_cli import ROOT, run

# The catalogue of schemas on the net is the one thing the server would fetch by itself.
SETTINGS = {"yaml": {"schemaStore": {"enable": False}}}
DESIGN, VARIANT = "our-score.design.yaml", "our-score-2027.design.yaml"
SET, RULE, CONCEPT = (f"house-rules/{name}" for name in ("set.yaml", "reason.rule.yaml", "far-use.concept.yaml"))
KINDS = {DESIGN: "design", VARIANT: "design", SET: "set", RULE: "rule", CONCEPT: "concept"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new file of each kind."""
    made = tmp_path_factory.mktemp("a folder")
    for arguments in (
        ("design", "our-score"),
        ("design", "our-score-2027", "--extends", DESIGN),
        ("set", "house-rules"),
        ("rule", "house-rules/reason"),
        ("concept", "house-rules/far-use"),
    ):
        assert run("new", *arguments, cwd=made).returncode == 0
    return made


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Client]:
    with serving([node.program("yaml-language-server"), "--stdio"], folder, SETTINGS) as client:
        yield client


def changed(path: Path, pattern: str, text: str) -> str:
    """The text of a file with the one line that matches replaced."""
    new, count = re.subn(f"^(?:{pattern})$", text, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1, (pattern, count)
    return new


def with_cursor(editor: Client, path: Path, text: str) -> tuple[int, int]:
    """Show a text in which `‸` stands for the cursor; its place."""
    before, after = text.split("‸")
    editor.show(path, before + after)
    return before.count("\n"), len(before) - (before.rfind("\n") + 1)


def offered(editor: Client, path: Path, text: str) -> dict[str, Any]:
    """What is offered at the cursor, with what is said of it."""
    answer = editor.at("completion", path, with_cursor(editor, path, text))
    return {item["label"]: item.get("documentation") for item in answer["items"]}


def described(properties: dict[str, Any]) -> dict[str, str]:
    return {name: spec["description"] for name, spec in properties.items()}


SOURCES = [*json_schema("design")["$defs"]["DataSource"]["enum"], "unknown"]
INPUTS = r"inputs: unknown  # .*", "inputs:\n  - id: orders\n"


@pytest.mark.parametrize("name", [DESIGN, RULE])
def test_keys_are_offered_with_their_descriptions(editor: Client, folder: Path, name: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    written = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    missing = described(json_schema(KINDS[name])["properties"])
    wanted = {key: about for key, about in missing.items() if key not in written}
    assert len(wanted) > 5
    assert offered(editor, folder / name, f"{text}‸\n") == wanted


def test_keys_of_a_part_are_offered_with_their_descriptions(editor: Client, folder: Path) -> None:
    text = changed(folder / DESIGN, INPUTS[0], f"{INPUTS[1]}    ‸")
    wanted = described(json_schema("design")["$defs"]["Input"]["properties"])
    del wanted["id"]
    assert len(wanted) > 5
    assert offered(editor, folder / DESIGN, text) == wanted


@pytest.mark.parametrize(
    ("name", "pattern", "text", "values"),
    [
        (DESIGN, INPUTS[0], f"{INPUTS[1]}    source: ‸", SOURCES),
        (DESIGN, "kind: .*", "kind: ‸", json_schema("design")["$defs"]["DesignKind"]["enum"]),
        (RULE, "severity: .*", "severity: ‸", json_schema("rule")["$defs"]["Severity"]["enum"]),
    ],
)
def test_values_are_offered(
    editor: Client, folder: Path, name: str, pattern: str, text: str, values: list[str]
) -> None:
    assert len(values) > 3
    assert set(offered(editor, folder / name, changed(folder / name, pattern, text))) == set(values)


@pytest.mark.parametrize(
    ("name", "pattern", "text", "key"),
    [
        (DESIGN, r"inputs: unknown  # .*", "inp‸uts: unknown", ("properties", "inputs")),
        (DESIGN, INPUTS[0], f"{INPUTS[1]}    sou‸rce: bought", ("$defs", "DataSource")),
        (RULE, r"(violated_when: .*)", r"‸\1", ("properties", "violated_when")),
    ],
)
def test_what_a_key_means_is_shown(
    editor: Client, folder: Path, name: str, pattern: str, text: str, key: tuple[str, ...]
) -> None:
    spec = functools.reduce(operator.getitem, key, json_schema(KINDS[name]))
    place = with_cursor(editor, folder / name, changed(folder / name, pattern, text))
    shown = editor.at("hover", folder / name, place)["contents"]["value"]
    assert spec["description"] in shown
    beside = (folder / name).with_name(f"{KINDS[name]}.schema.json")
    assert f"]({unquote(beside.as_uri())})" in unquote(shown), "by the schema that lies beside it"


def about(key: str, findings: list[Message]) -> list[tuple[str, int]]:
    """What is said of a key, and in which line, counted from 1."""
    return [(f["message"], f["range"]["start"]["line"] + 1) for f in findings if key in f["message"]]


@pytest.mark.parametrize(
    ("name", "pattern", "text", "key"),
    [
        (DESIGN, r"(summary): (.*)", r"sumary: \2", "sumary"),
        (DESIGN, INPUTS[0], f"{INPUTS[1]}    sorce: bought", "sorce"),
        (RULE, r"(severity_because): (.*)", r"severity_becuase: \2", "severity_becuase"),
        (RULE, r"    (when: .*)", r"    wen: 'true'\n    \1", "wen"),
    ],
)
def test_misspelt_keys_are_found_where_they_stand(
    editor: Client, folder: Path, name: str, pattern: str, text: str, key: str
) -> None:
    wrong = changed(folder / name, pattern, text)
    line = 1 + next(n for n, written in enumerate(wrong.splitlines()) if written.strip().startswith(f"{key}:"))
    editor.show(folder / name, wrong)
    found = editor.findings(folder / name, lambda f: bool(about(key, f)))
    assert about(key, found) == [(f"Property {key} is not allowed.", line)]
    editor.show(folder / name, (folder / name).read_text(encoding="utf-8"))
    editor.findings(folder / name, lambda f: not about(key, f))


@pytest.mark.parametrize("name", KINDS)
def test_new_files_have_no_findings(editor: Client, folder: Path, name: str) -> None:
    """A fault comes first: that there is none is told only by an editor that would find one."""
    text = (folder / name).read_text(encoding="utf-8")
    editor.show(folder / name, f"{text}\nlokation: here\n")
    found = editor.findings(folder / name, bool)
    assert [message for message, _ in about("", found)] == ["Property lokation is not allowed."]
    editor.show(folder / name, text)
    editor.findings(folder / name, lambda f: not f)


# --- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [DESIGN, SET, RULE, CONCEPT])
def test_settings_of_the_page_serve_files_that_name_no_schema(folder: Path, tmp_path: Path, name: str) -> None:
    server = node.program("yaml-language-server")
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    block = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert block
    schemas = json.loads(block[1])["yaml.schemas"]
    for path in schemas:
        kind = Path(path).name.removesuffix(".schema.json")
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(run("schema", kind).stdout, encoding="utf-8")
    path = tmp_path / "deep" / name
    text = (folder / name).read_text(encoding="utf-8").split("\n", 1)[1]
    with serving([server, "--stdio"], tmp_path, {"yaml": {**SETTINGS["yaml"], "schemas": schemas}}) as editor:
        editor.show(path, f"{text}\nlokation: here\n")
        found = editor.findings(path, lambda f: bool(about("lokation", f)))
    assert about("lokation", found) == [("Property lokation is not allowed.", text.count("\n") + 2)]


# --- the programs themselves -----------------------------------------------------------------


def test_the_lock_names_no_registry_but_the_public_one() -> None:
    lock = json.loads((node.FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((node.FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert lock["packages"][""]["dependencies"] == wanted
    assert all(lock["packages"][f"node_modules/{name}"]["version"] == version for name, version in wanted.items())
    for name, package in lock["packages"].items():
        assert package.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/"), name
        assert name == "" or package["integrity"].startswith("sha512-"), name


def test_a_program_that_is_missing_fails_in_ci_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\n")
    npm.chmod(0o755)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        node.program("no-such-program")
    npm.unlink()
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        node.program("no-such-program")
    monkeypatch.delenv("CI")
    npm.touch(0o755)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        node.program("no-such-program")
