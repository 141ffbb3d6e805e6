"""What a pipeline does, here and with no network: a scratch repository, blocks of pages, the steps of an action."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.program import ROOT, installed

BLOCK = re.compile(r"^```(yaml|toml|console)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def surroundings(tmp_path: Path) -> dict[str, str]:
    """The surroundings of a pipeline: `policy-eval` on the PATH, and nothing of whoever runs the tests."""
    who = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {
        "PATH": f"{installed(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        **who,
    }


class Repository:
    """A git repository with a clean design, to which others are added."""

    def __init__(self, top: Path, env: Mapping[str, str]) -> None:
        self.top, self.env = top, env
        text = (ROOT / "designs" / "privacy-first-credit.design.yaml").read_text(encoding="utf-8")
        self.write("designs/our-score.design.yaml", re.sub("^id: .*$", "id: our-score", text, flags=re.MULTILINE))
        self.write("policy-eval.toml", 'principles = ["gdpr"]\n')
        self.run("git init --quiet --initial-branch=main .")
        self.commit()

    def write(self, name: str, text: str) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def variant(self, change: str) -> None:
        """A design that differs from the clean one in one fact of its consent."""
        key, _, value = change.partition(": ")
        path = f"consents.account-data.{key}"
        what = f"forget: [{path}]" if value == "null" else f"set: {{{path}: {value}}}"
        head = "extends: ./our-score.design.yaml\nid: our-score-preset\ntitle: The same with a change\n"
        self.write("designs/our-score-preset.design.yaml", f"{head}{what}\n")

    def draft(self, name: str, change: str) -> None:
        """A design of its own that differs likewise."""
        whole = (self.top / "designs/our-score.design.yaml").read_text(encoding="utf-8")
        other = "" if change.endswith("null") else f"    {change}\n"
        text = whole.replace("id: our-score\n", "id: partner-score\n").replace("    act: own_affirmative\n", other)
        self.write(name, text)

    def run(self, command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", command],
            cwd=self.top, env={**self.env, **more}, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def commit(self) -> str:
        made = self.run("git add --all && git commit --quiet --message=change && git rev-parse HEAD")
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()


class Block(NamedTuple):
    kind: str
    name: str
    text: str


def blocks(page: str) -> list[Block]:
    """The blocks of a page; the first line of a file names it."""
    found = BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    return [Block(kind, text.split("\n")[0].removeprefix("# "), text) for kind, text in found]


def file(page: str, name: str) -> str:
    """The one file of a page that has this name."""
    (text,) = [b.text for b in blocks(page) if b.name == name]
    return text


def plain(page: str, name: str) -> Any:
    return yaml.safe_load(file(page, name))


EXPRESSION = re.compile(r"\$\{\{ ([a-z_.-]+) \}\}")


def evaluated(text: str, contexts: Mapping[str, str]) -> str:
    """A text with its expressions replaced; of expressions only names are known here."""
    return EXPRESSION.sub(lambda m: contexts.get(m[1], ""), text)


@dataclass
class Step:
    """What became of the action, as the step of a workflow that uses it."""

    code: int = 0
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


def outputs_of(text: str) -> Iterator[tuple[str, str]]:
    """The values a step wrote to its file of outputs."""
    lines = iter(text.splitlines())
    for line in lines:
        name, sign, rest = re.fullmatch(r"([\w-]+?)(=|<<)(.*)", line).groups()  # type: ignore[union-attr]
        yield name, rest if sign == "=" else "\n".join(iter(lambda: next(lines), rest))


def act(repository: Repository, temp: Path, *, page: str = "summary.md", **given: str) -> Step:
    """Run the steps of the action one by one, as a runner does; words of inputs are joined by `_` here."""
    temp.mkdir(parents=True, exist_ok=True)
    stated = {"python": sys.executable} | {k.replace("_", "-"): v for k, v in given.items()}
    assert stated.keys() <= ACTION["inputs"].keys()
    contexts = {f"inputs.{k}": stated.get(k, spec["default"]) for k, spec in ACTION["inputs"].items()}
    done = Step()
    for step in ACTION["runs"]["steps"]:
        script, written = temp / f"{step['id']}.sh", temp / f"{step['id']}.outputs"
        script.write_text(step["run"], encoding="utf-8")
        written.touch()
        runner = {
            "RUNNER_TEMP": str(temp),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(written),
            "GITHUB_STEP_SUMMARY": str(temp / page),
        }
        result = subprocess.run(
            [step["shell"], "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=repository.top,
            env={**repository.env, **runner, **{k: evaluated(v, contexts) for k, v in step["env"].items()}},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        )  # fmt: skip
        done.log += result.stdout
        done.code = result.returncode
        contexts |= {f"steps.{step['id']}.outputs.{k}": v for k, v in outputs_of(written.read_text())}
        if result.returncode:
            break
    done.outputs = {k: evaluated(spec["value"], contexts) for k, spec in ACTION["outputs"].items()}
    done.summary = (temp / page).read_text(encoding="utf-8") if (temp / page).is_file() else ""
    return done


def commands(log: str) -> list[str]:
    """The lines of a log that the runner takes for commands, old form and new."""
    found, paused = list[str](), ""
    for line in log.splitlines():
        if paused:
            paused = "" if line == f"::{paused}::" else paused
        elif line.startswith("::stop-commands::"):
            paused = line.removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            found.append(line)
    assert not paused
    return found
