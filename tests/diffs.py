"""What tests of `diff` share: a toy set, designs under it, a repository, and the command."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from typing import Any

import jsonschema
import pytest
from hypothesis import strategies as st

from policy_eval import library
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.schemas import json_schema
from tests.test_cli import run

seeds = st.integers(0, 10**9)
PROFILE = library.load_profile("default")
SET = """
id: toy
title: A toy act
short: Toy
jurisdiction: [NL]
kind: law
text_as_of: 2026-01-01
version: "1"
scope:
  applies_when: any(s.scored for s in subjects)
  rationale: A score.
  grounds: [{instrument: Toy, at: Article 1, verified: read, status_checked: 2026-01-01}]
"""
RULE = """
id: toy/{name}
title: {title}
principle: {principle}
aspect: toys
since: "1"
grounds: [{{instrument: Toy, at: Article 5, verified: read, status_checked: 2026-01-01}}]
severity: {severity}
severity_because: A toy.
{body}
rationale: A toy.
remedy: None.
"""
EXCUSE = (
    "exceptions: [{{id: {id}, title: An excuse, when: {when}, grounds: "
    "[{{instrument: Toy, at: Article 6, verified: read, status_checked: 2026-01-01}}]}}]"
)
RULES = {
    "ticked": (
        "A box ticked | in <advance>", "consent", "high",
        "for_each: consent\nviolated_when: consent.act == 'preset'\nmessage: '`{consent.id}` was {consent.act}'\n"
        + EXCUSE.format(id="kept", when="consent.recorded"),
    ),
    "far": (
        "Data goes far", "fairness", "medium",
        "for_each: [input, use in input.uses]\nviolated_when: use.link == 'other_field'\n"
        "message: '{input.id} goes far'",
    ),
    "joined": (
        "A consequence of a purpose", "fairness", "low",
        "for_each: [purpose, consequence]\n"
        "applies_when: consequence.purpose == purpose and consequence.direction != 'better'\n"
        "violated_when: consequence.contest == 'none'\nmessage: No way out",
    ),
    "secret": (
        "A secret score", "transparency", "critical",
        "violated_when: transparency.criteria == 'none'\nmessage: Secret",
    ),
}  # fmt: skip
DESIGN = """
id: score
title: A score
kind: hypothetical
subjects: [{id: people, relation: customer, scored: true}]
purposes: [{id: loans}]
consents: [{id: box, act: own_affirmative, recorded: false}]
inputs: [{id: bills, uses: [{purpose: loans, link: same_service}]}]
consequences: [{id: refusal, purpose: loans, contest: informal, direction: worse}]
transparency: {criteria: categories}
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("sets") / "toy"
    folder.mkdir()
    (folder / "set.yaml").write_text(SET)
    for name, (title, principle, severity, body) in RULES.items():
        text = RULE.format(name=name, title=json.dumps(title), principle=principle, severity=severity, body=body)
        (folder / f"{name}.rule.yaml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def judge(toy: pathlib.Path) -> Judge:
    return Judge(library.load_set(str(toy)), PROFILE, engine=Engine.REFERENCE)


def evaluated(judge: Judge, tmp: pathlib.Path, text: str) -> Evaluation:
    path = tmp / "d.design.yaml"
    path.write_text(text)
    return judge.evaluate(library.load_design(str(path)))


PRESET = DESIGN.replace("own_affirmative", "preset")
SOFT = PRESET.replace("recorded: false", "recorded: unknown")
OPEN = DESIGN.replace("act: own_affirmative", "act: unknown")
ADS = DESIGN.replace("purposes: [{id: loans}]", "purposes: [{id: loans}, {id: ads}]")


@pytest.fixture
def repo(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    folder = tmp_path / "a repository, größer"
    folder.mkdir()
    for name in [n for n in os.environ if n.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git(folder, "init", "-q", "-b", "main", ".")
    return folder


def git(folder: pathlib.Path, *arguments: str) -> str:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *settings, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(folder: pathlib.Path, **files: str) -> None:
    """Write files and commit them; `__` in a name is a slash, and `.design.yaml` is added."""
    for name, text in files.items():
        put(folder, name, text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a change", "--allow-empty")


def put(folder: pathlib.Path, name: str, text: str) -> pathlib.Path:
    path = folder / f"{name.replace('__', '/')}.design.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def diff(repo: pathlib.Path, toy: pathlib.Path, *arguments: str) -> tuple[int, str, str]:
    result = run("diff", *arguments, "-p", str(toy), "--engine", "reference", cwd=repo)
    return result.returncode, result.stdout, result.stderr


def report(repo: pathlib.Path, toy: pathlib.Path, *arguments: str) -> dict[str, Any]:
    code, out, _ = diff(repo, toy, *arguments, "-f", "json")
    found: dict[str, Any] = json.loads(out)
    jsonschema.Draft202012Validator(json_schema("diff-report")).validate(found)
    assert found["gate"]["code"] == code
    return found
