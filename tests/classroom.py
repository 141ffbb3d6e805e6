"""An exercise of its own with a task of every kind, under a small set of its own, and answers to it: fast, and alone.

Two conflicts are to be found (`unexplained` at one input, `banned` at another), ten rules are clear, one is undecided.
"""

from __future__ import annotations

import copy
import pathlib
from typing import Any

from policy_eval.teaching.trial import dump
from tests import scratch

NAME, TODAY = "the-till", "2026-11-27"
READ = "verified: read, status_checked: 2026-11-01"
CONCEPT = f"""id: far_use
title: A use far from what the data was for
of: [input, use]
holds_when: use.link == 'other_field'
fails_when: use.link == 'same_service'
unsettled:
  question: Is a use in the same business far from what the data was for?
  positions:
    - says: It is far where nobody could have known of it.
      grounds: [{{instrument: House rules, at: section 8, {READ}}}]
    - says: It is near where one firm does both.
      grounds: [{{instrument: House rules, at: section 9, {READ}}}]
grounds: [{{instrument: House rules, at: section 8, {READ}}}]
rationale: What people gave for one thing they did not give for another.
examples:
  - name: far
    given: {{purposes: [{{id: p}}], inputs: [{{id: i, uses: [{{purpose: p, link: other_field}}]}}]}}
    of: [inputs.i, inputs.i.uses.p]
    expect: {{outcome: holds}}
"""
STORY = """\
A corner shop lends small sums. What people bought decides how much, and nobody wrote down why.

It also looks at a list that the owner's association has banned.
"""
MINOR = {"set": {"inputs.orders.uses.loans.weight": "minor"}}
CURE = {"set": {"inputs.orders.uses.loans.support": "evidence_on_file"}, "remove": ["inputs.blacklist"]}
CLEAR = tuple(f"clear-{n}" for n in range(1, 11))
RULES = ("house/unexplained", "house/banned", "house/linked", *(f"house/{name}" for name in CLEAR))
GIVEN = {"purposes": [{"id": "p"}], "inputs": [{"id": "i", "uses": [{"purpose": "p"}]}]}
_SUPPORT, _WEIGHT = "inputs.i.uses.p.support", "inputs.i.uses.p.weight"


def _example(name: str, outcome: str, changes: dict[str, str], like: str = "") -> dict[str, Any]:
    start = {"like": like, "set": changes} if like else {"given": GIVEN}
    return {"name": name, **start, "expect": {"outcome": outcome}}


PUBLIC = [
    _example("nothing is known", "undecided", {}),
    _example("nobody said why", "conflict", {_SUPPORT: "nothing_stated", _WEIGHT: "main"}, "nothing is known"),
]
HIDDEN = [
    {**_example("the secret start", "undecided", {}), "given": GIVEN},
    _example("a secret study", "no_conflict", {_SUPPORT: "evidence_on_file"}, "the secret start"),
    _example("a secret refutation", "conflict", {_SUPPORT: "refuted", _WEIGHT: "main"}, "the secret start"),
    _example("a secret trifle", "no_conflict", {_SUPPORT: "refuted", _WEIGHT: "minor"}, "the secret start"),
]
TASKS: dict[str, dict[str, Any]] = {
    "find": {
        "kind": "spot", "prompt": "Find the conflicts.", "points": 10, "ask": ["outcome", "place", "party", "facts"],
        "hints": ["Read the story.", "Look at what nobody wrote down."],
    },
    "say": {
        "kind": "decide", "prompt": "What do these come to?", "points": 6, "ask": ["facts", "open", "exception"],
        "questions": [
            {"rule": "house/unexplained", "at": "inputs.orders.uses.loans"},
            {"rule": "house/linked"}, {"rule": "house/clear-1"},
        ],
    },
    "compare": {
        "kind": "distinguish", "prompt": "What comes out otherwise?", "points": 4, "variant": "after.design.yaml",
    },
    "cure": {
        "kind": "repair", "prompt": "Cure both.", "points": 6, "rules": ["house/unexplained", "house/banned"],
        "keep": ["purposes.loans"], "model": CURE,
    },
    "excuse": {
        "kind": "except", "prompt": "What would excuse it?", "points": 5, "rule": "house/unexplained",
        "ask": ["burden", "facts"], "model": {"hardly-counts": MINOR},
    },
    "write": {"kind": "encode", "prompt": "Write it down.", "points": 8, "design": "kept.design.yaml"},
    "draft": {
        "kind": "draft", "prompt": "Draft the rule.", "points": 6, "set": "house", "model": "model.rule.yaml",
        "public": PUBLIC, "hidden": HIDDEN,
    },
    "plead": {"kind": "argue", "prompt": "Argue both.", "points": 9, "set": "house", "concept": "far_use", "least": 1},
}  # fmt: skip
ARGUED = {
    "for": [{"says": "The shop sold bread, and lending is another trade altogether.", "authority": "section 8"}],
    "against": [{"says": "It is the same shop and the same counter, as everybody sees.", "authority": "section 9"}],
    "conclusion": "It is far.",
}


def exercise(**changes: Any) -> dict[str, Any]:
    """`exercise.yaml` as data."""
    found = {
        "schema": 1, "id": NAME, "title": "The till", "level": 2, "minutes": 45, "goals": ["read a rule"],
        "story": STORY, "design": "score.design.yaml", "instruments": ["house"],
        "tasks": [{"id": name, **task} for name, task in copy.deepcopy(TASKS).items()], **changes,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def only(*names: str, **changes: Any) -> dict[str, Any]:
    """The same with some of its tasks; `changes` are those of the first."""
    tasks = [{"id": name, **copy.deepcopy(TASKS[name])} for name in names]
    tasks[0].update(changes)
    return exercise(tasks=tasks)


def written(folder: pathlib.Path, data: dict[str, Any] | None = None) -> pathlib.Path:
    """Write the exercise with its set and designs below a folder; gives its own."""
    data = data or exercise()
    own = folder / str(data["id"])
    house = own / "house"
    house.mkdir(parents=True)
    (own / "exercise.yaml").write_text(dump(data), encoding="utf-8")
    (house / "set.yaml").write_text(scratch.SET)
    (house / "far-use.concept.yaml").write_text(CONCEPT)
    texts = {
        "unexplained": scratch.rule("unexplained", "high"),
        "banned": scratch.rule("banned", "critical", title="A banned list", violated="input.id == 'blacklist'"),
        "linked": scratch.rule("linked", "low", title="Data from afar", violated="far_use(input, use)"),
        **{name: scratch.rule(name, "low", title=f"Title of {name}", violated="input.id == 'x'") for name in CLEAR},
    }
    for number, (name, text) in enumerate(texts.items(), 2):
        said = text.replace("at: section 2", f"at: section {number}0")
        (house / f"{name}.rule.yaml").write_text(said if name == "unexplained" else _without_exceptions(said))
    (own / "model.rule.yaml").write_text(texts["unexplained"].replace("house/unexplained", "house/drafted"))
    score = scratch.design("score", orders=("nothing_stated", "main"), blacklist=("evidence_on_file", "main"))
    (own / "score.design.yaml").write_text(score)
    after = "extends: ./score.design.yaml\nid: after\ntitle: After\n" + dump({"set": CURE["set"]})
    (own / "after.design.yaml").write_text(after)
    (own / "kept.design.yaml").write_text(scratch.design("kept", visits=("refuted", "main")))
    return own


def _without_exceptions(text: str) -> str:
    start, end = text.index("exceptions:"), text.index("message:")
    return text[:start] + text[end:]


def answer(folder: pathlib.Path, name: str, answers: dict[str, Any], **more: Any) -> pathlib.Path:
    """Write an answer into a folder; gives its file."""
    path = folder / f"{name}.answer.yaml"
    path.write_text(dump({"schema": 1, "exercise": NAME, **more, "answers": answers}), encoding="utf-8")
    return path
