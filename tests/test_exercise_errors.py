"""Malformed exercises and answers: every fault is located and says what to do, nothing crashes or gets lost."""

from __future__ import annotations

import copy
import pathlib
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from policy_eval.errors import InvalidInput, Problem
from policy_eval.teaching import answer as answers
from policy_eval.teaching import exercise, grading, trial
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.trial import dump
from policy_eval.teaching.verifying import verify
from tests import classroom
from tests.classroom import MINOR, NAME, PUBLIC
from tests.program import run

HEAD = f"schema: 1\nexercise: {NAME}\n"
WEIGHT = "inputs.orders.uses.loans.weight"


def located(problem: Problem, text: str, line: str) -> None:
    """A problem stands in a line that holds a text, and says what to do."""
    assert problem.span.line and problem.span.column and problem.help, problem
    assert line in text.splitlines()[problem.span.line - 1], problem


# ---------------------------------------------------------------- exercises


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder that holds the exercise, whose file each case writes anew; beside it lies what it must not reach."""
    found = tmp_path_factory.mktemp("faults")
    own = classroom.written(found)
    (found / "score.design.yaml").write_text((own / "score.design.yaml").read_text())
    (found / "model.rule.yaml").write_text((own / "model.rule.yaml").read_text())
    return found


def opened(folder: pathlib.Path, text: str) -> Desk:
    (folder / NAME / "exercise.yaml").write_text(text)
    found = Desk(exercise.load(NAME, folder))
    verify(found)
    return found


def example(outcome: str = "conflict", **more: Any) -> dict[str, Any]:
    return {"name": "one", "given": {}, "expect": {"outcome": outcome}, **more}


OF_EXERCISE: list[tuple[dict[str, Any], str, str, str]] = [
    ({"titel": "x"}, "titel: x", "unknown key `titel`", "did you mean `title`?"),
    ({"title": None}, "schema: 1", "`title` is missing", "add `title: ...`"),
    ({"schema": 2}, "schema: 2", "`2` is not a value of `schema`", "expected one of 1"),
    ({"level": 9}, "level: 9", "`level` is too large: 9", "write 5 or less"),
    ({"level": 0}, "level: 0", "`level` is too small: 0", "write 1 or more"),
    ({"minutes": 1.5}, "minutes: 1.5", "`minutes` is a whole number, not `1.5`", "write it in digits"),
    ({"minutes": "long"}, "minutes: long", "`minutes` is a whole number, not `long`", "write it in digits"),
    ({"goals": []}, "goals: []", "`goals` holds too little", "give at least 1"),
    ({"goals": "learn"}, "goals: learn", "`goals` is a list", "write `[a, b]`"),
    ({"story": ""}, "story: ''", "`story` is an empty text", "write what is to stand there"),
    ({"hand_out": "maybe"}, "hand_out: maybe", "`hand_out` is true or false", "write `true` or `false`"),
    ({"deadline": "31.12.2026"}, "deadline: 31", "`deadline` is a date, not `31.12.2026`", "as in 2026-12-31"),
    ({"as_of": 3}, "as_of: 3", "`as_of` is a date, not `3`", "as in 2026-12-31"),
    ({"disclosure": "publik"}, "publik", "`publik` is not a value of `disclosure`", "did you mean `public`?"),
    ({"disclosure": "after_deadline"}, "disclosure:", "there is no deadline to wait for", "add `deadline: 2026-12-31`"),
    ({"id": "another"}, "id: another", f"the exercise `another` lies in a folder called `{NAME}`", "the same name"),
    ({"id": "Till; x"}, "id: Till; x", "`Till; x` cannot be a name", "use small letters"),
    ({"tasks": []}, "tasks: []", "`tasks` holds too little", "give at least 1"),
    ({"tasks": ["find"]}, "- find", "`tasks` is a group of `name: value` lines", "write `name: value` lines"),
    ({"instruments": ["hous"]}, "- hous", "no principle set is called `hous`", "expected one of"),
    ({"instruments": ["house", "gdpt"]}, "- gdpt", "no principle set is called `gdpt`", "did you mean `gdpr`?"),
    ({"design": "scor.design.yaml"}, "design: scor", "there is no file `scor.design.yaml` here", "put it beside"),
    ({"design": "../score.design.yaml"}, "design: ../", "`../score.design.yaml` lies outside the folder", "beside"),
    ({"design": "sesame-credit"}, "design: sesame", "no design is called `sesame-credit`", "did you mean `sesame-cr"),
    ({"design": "house"}, "design: house", "no design is called `house`", "expected one of"),
    ({"typical": [{"answer": "a", "shows": "b", "points": {"fnd": 1}}]}, "fnd", "no task is called `fnd`", "`find`?"),
    ({"typical": [{"answer": "a", "shows": "b", "points": {"Find It": 1}}]}, "Find It", "`Find It` is not a name", ""),
    ({"typical": [{"answer": "a", "shows": "b", "points": {"find": "x"}}]}, "find: x", "`find` is a number", "digits"),
    ({"typical": [{"answer": "a", "shows": "b", "point": {}}]}, "point:", "unknown key `point`",
     "did you mean `points`"),
    ({"typical": [{"answer": "a", "shows": "b", "points": {}}]}, "answer: a", "there is no file `a` here", "beside"),
    ({"typical": [{"answer": "../a", "shows": "b", "points": {}}]}, "../a", "`../a` lies outside the folder", "beside"),
]  # fmt: skip
OF_TASK: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("find", {"kind": "spt"}, "kind: spt", "`spt` is not a value of `kind`", "did you mean `spot`?"),
    ("find", {"kind": "xyz"}, "kind: xyz", "`xyz` is not a value of `kind`", "expected one of spot, decide"),
    ("find", {"kind": ["spot"]}, "- spot", "`a list` is not a value of `kind`", "expected one of spot, decide"),
    ("find", {"questions": []}, "questions:", "unknown key `questions`", "expected one of id, prompt, points, hints"),
    ("find", {"rulez": []}, "rulez:", "unknown key `rulez`", "did you mean `rules`?"),
    ("say", {"question": []}, "question: []", "unknown key `question`", "did you mean `questions`?"),
    ("say", {"questions": [{"rul": "house/banned"}]}, "rul: ", "unknown key `rul`", "did you mean `rule`?"),
    ("cure", {"model": {"st": {}}}, "st: {}", "unknown key `st`", "did you mean `set`?"),
    ("excuse", {"model": {"hardly-counts": {"st": {}}}}, "st: {}", "unknown key `st`", "did you mean `set`?"),
    ("draft", {"hidden": [example(), example(nme="x")]}, "nme: x", "unknown key `nme`", "did you mean `name`?"),
    ("draft", {"hidden": [example()]}, "name: one", "`hidden` holds too little", "give at least 2"),
    ("find", {"points": 0}, "points: 0", "`points` is too small: 0", "write 1 or more"),
    ("find", {"points": 101}, "points: 101", "`points` is too large: 101", "write 100 or less"),
    ("find", {"ask": ["plce"]}, "- plce", "`plce` is not a value of `ask`", "did you mean `place`?"),
    ("find", {"ask": "place"}, "ask: place", "`ask` is a list", "write `[a, b]`"),
    ("find", {"principles": ["consnt"]}, "- consnt", "`consnt` is not a value of `principles`",
     "did you mean `consent`?"),
    ("find", {"rules": ["banned"]}, "- banned", "`banned` is not a name", "a rule's id is `set/rule`"),
    ("find", {"rules": ["house/banned", "house/bannd"]}, "- house/bannd", "`house/bannd` is no rule in force",
     "banned`?"),
    ("find", {"rules": ["house/clear-1"]}, "id: find", "nothing is in conflict here", "name other rules"),
    ("find", {"design": "gone.design.yaml"}, "design: gone", "there is no file `gone.design.yaml` here",
     "put it beside"),
    ("find", {"design": "../score.design.yaml"}, "design: ..",
     "`../score.design.yaml` lies outside the folder", "beside"),
    ("say", {"questions": [{"rule": "house/linkd"}]}, "house/linkd", "`house/linkd` is no rule in force",
     "`house/linked`?"),
    ("say", {"questions": [{"rule": "house/linked", "at": ["inputs.orders", "inputs.ordrs"]}]}, "- inputs.ordrs",
     "`inputs.ordrs` is no part of the design", "did you mean `inputs.orders`?"),
    ("compare", {"variant": "gone.design.yaml"}, "variant: gone", "there is no file `gone.design.yaml` here",
     "put it beside"),
    ("compare", {"variant": "score.design.yaml"}, "variant: score", "nothing comes out otherwise", "name other rules"),
    ("cure", {"rules": ["house/banned", "house/clear-1"]}, "- house/clear-1",
     "`house/clear-1` is not in conflict", "name rules"),
    ("cure", {"keep": ["inputs.orders", "purposes.lones"]}, "- purposes.lones",
     "`purposes.lones` is no part or fact of the design", "did you mean `purposes.loans`?"),
    ("cure", {"model": {}}, "model: {}", "nothing is changed", "add `set`, `forget` or `remove`"),
    ("cure", {"model": {"set": {WEIGHT: "minr"}}}, "minr", "`minr` is not a value of `weight`",
     "did you mean `minor`?"),
    ("cure", {"model": {"set": {WEIGHT.replace("orders", "ordrs"): "minor"}}}, "ordrs",
     "`inputs` has no `ordrs`", "`orders`?"),
    ("excuse", {"rule": "house/clear-1"}, "rule: house/clear-1", "`house/clear-1` is not in conflict there",
     "name a rule"),
    ("excuse", {"rule": "house/banned"}, "rule: house/banned", "`house/banned` knows no exception",
     "name a rule that does"),
    ("excuse", {"at": "inputs.ordrs"}, "at: inputs.ordrs", "`inputs.ordrs` is no part of the design",
     "`inputs.orders`?"),
    ("excuse", {"model": {"hardly-count": MINOR}}, "hardly-count:",
     "`hardly-count` is no exception of the rule", "`hardly-counts`?"),
    ("excuse", {"model": {"hardly-counts": {"set": {WEIGHT: "tiny"}}}}, "tiny",
     "`tiny` is not a value of `weight`", "minor"),
    ("excuse", {"model": {}}, "- burden", "no facts are given that would show an exception", "add `model:`"),
    ("write", {"design": "score.design.yaml"}, "design: score", "the design to be written is handed out", "of its own"),
    ("draft", {"set": "hous"}, "set: hous", "`hous` is no instrument of this exercise", "did you mean `house`?"),
    ("draft", {"model": "gone.rule.yaml"}, "model: gone", "there is no file `gone.rule.yaml` here", "put it beside"),
    ("draft", {"model": "../model.rule.yaml"}, "model: ..", "`../model.rule.yaml` lies outside the folder",
     "put it beside"),
    ("draft", {"hidden": [example(), example("conflicts", name="b")]}, "conflicts",
     "`conflicts` is no outcome", "`conflict`?"),
    ("draft", {"hidden": [example(), example()]}, "name: one", "there are two examples `one`", "rename one"),
    ("draft", {"public": [*PUBLIC, example(name="c", given={"imputs": []})]}, "imputs",
     "unknown key `imputs`", "`inputs`?"),
    ("draft", {"public": [{**PUBLIC[1], "like": "nothng"}]}, "name:", "no earlier example is called `nothng`",
     "comes first"),
    ("plead", {"set": "gdpr"}, "set: gdpr", "`gdpr` is no instrument of this exercise", "expected one of house"),
    ("plead", {"concept": "far_us"}, "concept: far_us", "`far_us` is no concept that the law leaves open",
     "`far_use`?"),
    ("plead", {"concept": "Far"}, "concept: Far", "`Far` is not a name", "lower-case letters"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "line", "message", "help"), OF_EXERCISE)
def test_faults_of_exercises(changes: dict[str, Any], line: str, message: str, help: str, folder: pathlib.Path) -> None:
    text = dump(classroom.exercise(**changes))
    with pytest.raises(InvalidInput) as caught:
        opened(folder, text)
    (problem,) = caught.value.problems if not line.startswith("point:") else caught.value.problems[1:]
    located(problem, text, line)
    assert message in problem.message and help in problem.help
    assert problem.span.file.endswith(f"{NAME}/exercise.yaml")


@pytest.mark.parametrize(("name", "changes", "line", "message", "help"), OF_TASK)
def test_faults_of_tasks(
    name: str, changes: dict[str, Any], line: str, message: str, help: str, folder: pathlib.Path
) -> None:
    text = dump(classroom.only(name, **changes))
    with pytest.raises(InvalidInput) as caught:
        opened(folder, text)
    problem = next(p for p in caught.value.problems if message in p.message)
    located(problem, text, line)
    assert help in problem.help
    for other in caught.value.problems:  # what follows from it is not said
        assert other is problem or re.search("is missing$", other.message), other


def test_every_fault_of_an_exercise_is_said_at_once(folder: pathlib.Path) -> None:
    data = classroom.only("find", "say", "cure", rules=["house/bannd"])
    data["tasks"][1]["questions"][0]["rule"] = "house/unexplaind"
    data["tasks"][2]["keep"] = ["purposes.lones"]
    with pytest.raises(InvalidInput) as caught:
        opened(folder, dump(data))
    assert [p.message.split("`")[1] for p in caught.value.problems] == [
        "house/bannd", "house/unexplaind", "purposes.lones",
    ]  # fmt: skip
    for twice in ({"tasks": [classroom.only("find")["tasks"][0]] * 2}, {"tasks": None}):
        with pytest.raises(InvalidInput) as caught:
            opened(folder, dump(classroom.exercise(**twice)))
        assert len(caught.value.problems) == 1


def test_a_design_elsewhere_is_never_taken_for_one_beside(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the program is started changes nothing."""
    monkeypatch.chdir(folder)  # where there is a score.design.yaml
    (folder / "other.design.yaml").write_text((folder / "score.design.yaml").read_text())
    with pytest.raises(InvalidInput, match=r"there is no file `other\.design\.yaml` here"):
        opened(folder, dump(classroom.exercise(design="other.design.yaml")))


def test_the_exercise_itself_has_no_fault(folder: pathlib.Path) -> None:
    assert all(c.passed for c in trial.trial(opened(folder, dump(classroom.exercise()))))


# ---------------------------------------------------------------- answers


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    classroom.written(folder)
    return Desk(exercise.load(NAME, folder))


@pytest.fixture(scope="module")
def model(desk: Desk) -> dict[str, Any]:
    return {**trial.model_answer(desk), "plead": classroom.ARGUED}


@pytest.fixture
def place(desk: Desk, tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder for an answer, with a design and a rule in the folder above it."""
    for name in ("kept.design.yaml", "model.rule.yaml"):
        (tmp_path / name).write_text((desk.exercise.folder / name).read_text())
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


def problems(desk: Desk, path: pathlib.Path) -> tuple[Problem, ...]:
    """What is wrong with an answer; looking it over and marking it say the same."""
    found = []
    for look in (grading.check, grading.grade):
        with pytest.raises(InvalidInput) as caught:
            look(desk, answers.read(path, path.name))
        found.append(caught.value.problems)
    assert found[0] == found[1]
    return found[0]


def finding(**more: Any) -> dict[str, Any]:
    return {"findings": [{"rule": "house/banned"}, {"rule": "house/unexplained", **more}]}


def excuses(**more: Any) -> dict[str, Any]:
    return {"exceptions": [{"id": "hardly-counts", **more}]}


DRAFTED: dict[str, Any] = {
    "id": "house/x", "title": "X", "principle": "fairness", "aspect": "x", "since": "1",
    "grounds": [{"instrument": "House rules", "at": "section 2", "verified": "read", "status_checked": "2026-11-01"}],
    "severity": "low", "severity_because": "x", "for_each": ["input"], "violated_when": "input.domain == 'tax'",
    "message": "x", "rationale": "x", "remedy": "x",
}  # fmt: skip
CODED = {"id": "x", "title": "X", "kind": "exercise"}
OF_ANSWER: list[tuple[str, Any, str, str, str]] = [
    ("fnid", {}, "fnid", "the exercise has no task `fnid`", "did you mean `find`?"),
    ("find", [], "find: []", "`find` is a group of `name: value` lines", "write `name: value` lines"),
    ("find", "nothing", "find: nothing", "`find` is a group of `name: value` lines", "write `name: value` lines"),
    ("find", {"finding": []}, "finding: []", "unknown key `finding`", "did you mean `findings`?"),
    ("find", {"findings": {}}, "findings: {}", "`findings` is a list", "write `[a, b]`"),
    ("find", {"findings": ["house/banned"]}, "- house/banned", "is a group of `name: value` lines", "write `name"),
    ("find", {"findings": [{}]}, "- {}", "the finding names neither rule nor provision", "add `rule: ...`"),
    ("find", {"findings": [{"rule": "house/bannd"}]}, "bannd", "is called `house/bannd`",
     "did you mean `house/banned`?"),
    ("find", {"findings": [{"rule": 3}]}, "rule: 3", "`rule` is a text, not `3`", "put the value in quotes"),
    ("find", {"findings": [{"rule": ""}]}, "rule: ''", "`rule` is an empty text", "leave it out"),
    ("find", finding(rul="x"), "rul: x", "unknown key `rul`", "did you mean `rule`?"),
    ("find", finding(outcome="conflicts"), "conflicts", "`conflicts` is not a value of `outcome`", "`conflict`?"),
    ("find", finding(outcome="no"), "outcome: 'no'", "`no` is not a value of `outcome`", "expected one of conflict, "),
    ("find", finding(at=["inputs.orders", "inputs.ordrs"]), "- inputs.ordrs", "`inputs.ordrs` is no part",
     "`inputs.orders`?"),
    ("find", finding(at=3), "at: 3", "`at` is a list", "write `[a, b]`"),
    ("find", finding(at=[3]), "- 3", "`at` is a text, not `3`", "put the value in quotes"),
    ("find", finding(facts=[WEIGHT, f"{WEIGHT}x"]), f"- {WEIGHT}x",
     "is no fact of the design", f"did you mean `{WEIGHT}`?"),
    ("find", finding(duty_of="computes_scores"), "duty_of", "`computes_scores` is no role or party",
     "`computes_score`?"),
    ("find", finding(open="far_us"), "open: far_us", "`far_us` is no fact or concept", "did you mean `far_use`?"),
    ("find", finding(exception="hardly"), "exception", "`hardly` is no exception of the rule", "`hardly-counts`?"),
    ("find", {"findings": [{"rule": "house/banned", "exception": "hardly-counts"}]}, "exception:",
     "`hardly-counts` is no exception of the rule", "there is none; leave `exception` out"),
    ("find", finding(reasoning=["a"]), "- a", "`reasoning` is a text, not `a list`", "put the value in quotes"),
    ("cure", {"set": {}}, "set: {}", "unknown key `set`", "expected one of reasoning, authority, edits"),
    ("cure", {"edits": {"add": {}}}, "add: {}", "unknown key `add`", "expected one of set, forget, remove"),
    ("cure", {"edits": {"set": {WEIGHT: "minr"}}}, "minr", "`minr` is not a value of `weight`",
     "did you mean `minor`?"),
    ("cure", {"edits": {"set": {"inputs.ordrs.what": []}}}, "ordrs", "`inputs` has no `ordrs`",
     "did you mean `orders`?"),
    ("cure", {"edits": {"set": {f"{WEIGHT}t": "minor"}}}, "weightt", "unknown key `weightt`", "did you mean `weight`?"),
    ("cure", {"edits": {"remove": ["inputs.ordrs"]}}, "ordrs", "`inputs` has no `ordrs`", "did you mean `orders`?"),
    ("cure", {"edits": {"set": ["a"]}}, "- a", "`set` is a group of `name: value` lines", "write `name: value`"),
    ("excuse", {"exceptions": [{}]}, "- {}", "the exception is not named", "add `id: ...`"),
    ("excuse", {"exceptions": [{"id": "hardly"}]}, "id: hardly", "no exception is called `hardly`", "`hardly-counts`?"),
    ("excuse", {"exceptions": [{"id": "hardly-counts"}] * 2}, "id: hardly", "`hardly-counts` is there twice",
     "keep one"),
    ("excuse", excuses(burden="me"), "burden: me", "`me` is not a value of `burden`", "operator, other_side"),
    ("excuse", excuses(edits={"set": {WEIGHT: "tiny"}}), "tiny", "`tiny` is not a value of `weight`", "minor"),
    ("write", {"design": "../kept.design.yaml"}, "design: ..",
     "`../kept.design.yaml` lies outside the folder", "beside"),
    ("write", {"design": "/etc/passwd"}, "design: /etc", "`/etc/passwd` lies outside the folder", "put it beside"),
    ("write", {"design": "gone.design.yaml"}, "gone", "there is no file `gone.design.yaml` here", "put it beside"),
    ("write", {"design": "."}, "design: .", "there is no file `.` here", "put it beside"),
    ("write", {"design": "x" * 5000}, "design: xxx", "there is no file", "put it beside"),
    ("write", {"design": ["a"]}, "- a", "`design` is a text or a group of `name: value` lines", "write a text, or"),
    ("write", {"design": 3}, "design: 3", "`design` is a text or a group of `name: value` lines", "write a text, or"),
    ("write", {"design": {**CODED, "imputs": []}}, "imputs", "unknown key `imputs`", "did you mean `inputs`?"),
    ("write", {"design": {"id": "x", "title": "X"}}, "id: x", "`kind` is missing", "add `kind: ...`"),
    ("write", {"design": {**CODED, "extends": "./kept.design.yaml"}}, "extends", "unknown key `extends`",
     "expected one of"),
    ("draft", {"rule": "../model.rule.yaml"}, "rule: ..", "`../model.rule.yaml` lies outside the folder",
     "put it beside"),
    ("draft", {"rule": "gone.rule.yaml"}, "gone", "there is no file `gone.rule.yaml` here", "put it beside"),
    ("draft", {"rule": True}, "rule: true", "`rule` is a text or a group of `name: value` lines", "write a text, or"),
    ("draft", {"rule": {**DRAFTED, "serverity": "x"}}, "serverity", "unknown key `serverity`",
     "did you mean `severity`?"),
    ("draft", {"rule": {**DRAFTED, "violated_when": "input.idd == 'i'"}}, "idd", "`input` has no fact `idd`", "`id`?"),
    ("draft", {"rule": {**DRAFTED, "violated_when": "input.domain =="}}, "==", "the condition cannot be read",
     "docs/language"),
    ("draft", {"rule": {**DRAFTED, "violated_when": "(" * 400 + "true" + ")" * 400}}, "((((",
     "cannot be read", "docs/"),
    ("draft", {"rule": {**DRAFTED, "violated_when": "far_us(input)"}}, "far_us",
     "no concept is called `far_us`", "`far_use`?"),
    ("draft", {"rule": {**DRAFTED, "for_each": ["inputt"]}}, "inputt", "`inputt` names no list of the design",
     "`input`?"),
    ("plead", {"for": "a"}, "for: a", "`for` is a list", "write `[a, b]`"),
    ("plead", {"for": [{"say": "x"}]}, "say: x", "unknown key `say`", "did you mean `says`?"),
    ("plead", {"pro": []}, "pro: []", "unknown key `pro`", "expected one of for, against, conclusion"),
    ("plead", {"for": [{"says": ""}]}, "says: ''", "`says` is an empty text", "leave it out"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "part", "line", "message", "help"), OF_ANSWER)
def test_faults_of_answers(
    name: str, part: Any, line: str, message: str, help: str, desk: Desk, place: pathlib.Path
) -> None:
    path = classroom.answer(place, "mine", {name: part})
    text = path.read_text()
    found = problems(desk, path)
    assert all(p.span.file == "mine.answer.yaml" for p in found)
    problem = next(p for p in found if message in p.message)
    located(problem, text, line)
    assert help in problem.help


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(7)
)
OF_TEXT: list[tuple[str, str | bytes, int, str]] = [
    ("yaml", "", 1, "the file is empty"),
    ("yaml", " \n\n# nothing\n", 1, "the file is empty"),
    ("yaml", "- a\n", 1, "`the file` is a group of `name: value` lines"),
    ("yaml", "an essay\n", 1, "`the file` is a group of `name: value` lines"),
    ("yaml", HEAD, 1, "there are no `answers`"),
    ("yaml", f"{HEAD}answers: []\n", 3, "`answers` is a group of `name: value` lines"),
    ("yaml", f"{HEAD}answers:\n", 3, "`answers` has no value"),
    ("yaml", f"{HEAD}answers:\n  find:\n", 4, "`find` has no value"),
    ("yaml", f"{HEAD}answer: {{}}\n", 3, "unknown key `answer`"),
    ("yaml", "answers: {}\n", 1, "`exercise` is missing"),
    ("yaml", "exercise: the-tide\nanswers: {}\n", 1, f"this is an answer to `the-tide`, not to `{NAME}`"),
    ("yaml", "exercise: [a]\nanswers: {}\n", 1, "`exercise` is a text, not `a list`"),
    ("yaml", HEAD.replace("1", "2"), 1, "`2` is not a value of `schema`"),
    ("yaml", HEAD.replace("1", "'1'"), 1, "`1` is not a value of `schema`"),
    ("yaml", f"{HEAD}student: Anna Smith\nanswers: {{}}\n", 3, "`student`: this is no pseudonym"),
    ("yaml", f"{HEAD}student: =1+1\nanswers: {{}}\n", 3, "`student`: this is no pseudonym"),
    ("yaml", f"{HEAD}student: '-1'\nanswers: {{}}\n", 3, "`student`: this is no pseudonym"),
    ("yaml", f'{HEAD}student: "a\\n"\nanswers: {{}}\n', 3, "`student`: this is no pseudonym"),
    ("yaml", f"{HEAD}student: 17\nanswers: {{}}\n", 3, "`student` is a text, not `17`"),
    ("yaml", f"{HEAD}answers: {{}}\nanswers: {{}}\n", 4, "`answers` is there twice"),
    ("yaml", f"{HEAD}answers:\n  find: {{}}\n  find: {{}}\n", 5, "`find` is there twice"),
    ("yaml", f"{HEAD}answers: {{<<: {{}}}}\n", 3, "merge keys are not part of the format"),
    ("yaml", f"{HEAD}answers: !!python/object/apply:os.system [x]\n", 3, "is not part of the format"),
    ("yaml", f"{HEAD}answers: &a {{find: *a}}\n", 3, "an alias inside what it stands for"),
    ("yaml", f"{HEAD}answers: {{find: *nothing}}\n", 3, "the alias `nothing` names nothing"),
    ("yaml", LAUGHS + HEAD, 6, "more than 200,000 values"),
    ("yaml", f"{HEAD}answers: {{}}\n---\na: b\n", 4, "a second document starts here"),
    ("yaml", f"{HEAD}answers: {{1: {{}}}}\n", 3, "the key `1` is not text"),
    ("yaml", f"{HEAD}answers: {{find: .inf}}\n", 3, "readers disagree about `.inf`"),
    ("yaml", f"{HEAD}answers: {{find: {'9' * 5000}}}\n", 3, "readers disagree about"),
    ("yaml", f"{HEAD}answers: {{find: {'[' * 200}{']' * 200}}}\n", 3, "nested more than 64 deep"),
    ("yaml", f"{HEAD}answers:\n\tfind: {{}}\n", 4, "a character that cannot start a value"),
    ("yaml", f"{HEAD}answers: {{find: {{\n", 4, ""),
    ("yaml", f"{HEAD}reasoning: {'x' * 10_001}\nanswers: {{}}\n", 3, "a value longer than 10,000 characters"),
    ("yaml", f'{HEAD}reasoning: "\\0"\nanswers: {{}}\n', 3, "the control character `\\u0000`"),
    ("yaml", f'{HEAD}reasoning: "\\e[31m"\nanswers: {{}}\n', 3, "the control character `\\u001b`"),
    ("yaml", f"{HEAD}reasoning: caf".encode() + b"\xe9\n", 3, "the file is not valid UTF-8 here"),
    ("yaml", f"{HEAD}\0".encode(), 3, "the file holds a NUL byte"),
    ("md", "", 1, "the answer does not begin with `---`"),
    ("md", "An essay.\n", 1, "the answer does not begin with `---`"),
    ("md", f" ---\n{HEAD}---\n", 1, "the answer does not begin with `---`"),
    ("md", f"---\n{HEAD}answers: {{}}\n", 4, "the head of the answer does not end"),
    ("md", f"---\n{HEAD}answers: {{}}\n  ---\nMore.\n", 6, "the head of the answer does not end"),
    ("md", "---\n---\nMore.\n", 1, "the file is empty"),
    ("md", f"---\n{HEAD}answer: {{}}\n---\nMore.\n", 4, "unknown key `answer`"),
    ("md", f"---\r\n{HEAD}answer: {{}}\n---\r\n".replace("\n", "\r\n").replace("\r\r", "\r"), 4,
     "unknown key `answer`"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "text", "line", "message"), OF_TEXT)
def test_faults_of_texts(
    ending: str, text: str | bytes, line: int, message: str, desk: Desk, place: pathlib.Path
) -> None:
    path = place / f"mine.answer.{ending}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = problems(desk, path)
    problem = next(p for p in found if message in p.message)
    assert problem.span.file == path.name and problem.span.line == line and problem.span.column and problem.help


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.answer.yaml", f"{HEAD}answers: {{}}\n" + "# x\n" * 300_000, "the file is larger than 1,000,000 bytes"),
        ("mine.answer.md", f"---\n{HEAD}answers: {{}}\n---\n" + "x\n" * 600_000, "the file is larger than 1,000,000"),
        ("mine.answer.yaml", f"{HEAD}answers: {{}}\n".encode("utf-32"), "the file is encoded in UTF-32"),
    ],
)
def test_files_that_are_not_read(name: str, text: str | bytes, message: str, desk: Desk, place: pathlib.Path) -> None:
    (place / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (problem,) = problems(desk, place / name)
    assert message in problem.message and problem.help and problem.span.file == name


@pytest.mark.parametrize(
    ("ending", "text", "prose"),
    [
        ("yaml", f"\ufeff{HEAD}answers: {{}}\n", ""),
        ("yaml", f"{HEAD}answers: {{}}\n".encode("utf-16"), ""),
        ("yaml", f"exercise: &e {NAME}\nreasoning: *e\nanswers: {{}}\n", ""),
        ("md", f"\ufeff---\n{HEAD}answers: {{}}\n---\n\nMine.\n\n---\n\nMore.\n", "Mine.\n\n---\n\nMore."),
        ("md", f"---\n{HEAD}reasoning: |\n  above\n  ---\n  below\nanswers: {{}}\n--- \n", ""),
        ("md", f"---\r\nexercise: {NAME}\r\nanswers: {{}}\r\n---\r\nMine.\r\n", "Mine."),
    ],
)
def test_texts_that_are_answers(ending: str, text: str | bytes, prose: str, desk: Desk, place: pathlib.Path) -> None:
    path = place / f"mine.answer.{ending}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    answer = answers.read(path)
    assert answer.prose == prose and grading.grade(desk, answer).points == 0
    if "reasoning: |" in str(text):
        assert answer.text.reasoning == "above\n---\nbelow\n"


def test_every_fault_of_an_answer_is_said_at_once(desk: Desk, place: pathlib.Path) -> None:
    parts = {
        "find": finding(at="inputs.ordrs", duty_of="nobody"), "say": {"findings": [{"rule": "house/linkd"}]},
        "cure": {"edits": {"remove": ["inputs.ordrs"]}}, "excuse": {"exceptions": [{}]}, "plead": {"pro": []}, "x": {},
    }  # fmt: skip
    found = problems(desk, classroom.answer(place, "mine", parts))
    assert len(found) == 7 and [p.span for p in found] == sorted(p.span for p in found)


def test_faults_keep_points_of_nobody_else(desk: Desk, model: Any, place: pathlib.Path) -> None:
    """One answer that is malformed is not marked at all: no task of it loses points for another."""
    broken = {**model, "plead": {"pro": []}}
    with pytest.raises(InvalidInput):
        grading.grade(desk, answers.read(classroom.answer(place, "mine", broken)))
    assert grading.grade(desk, answers.read(classroom.answer(place, "mine", model))).share == 1


@pytest.mark.parametrize("command", ["check", "grade"])
def test_the_program_ends_with_2(command: str, desk: Desk, place: pathlib.Path) -> None:
    within = str(desk.exercise.folder.parent)
    classroom.answer(place, "mine", {"find": {"findings": [{"rule": "house/bannd"}]}})
    result = run("exercise", command, "mine.answer.yaml", "-e", within, cwd=place)
    said = " ".join((result.stdout + result.stderr).split())
    assert result.returncode == 2
    assert "mine.answer.yaml:6:13: no rule of the instruments is called `house/bannd`" in said
    assert "help: did you mean `house/banned`?" in said


def test_an_exercise_that_is_broken_is_said_for_each_answer(folder: pathlib.Path, place: pathlib.Path) -> None:
    (folder / NAME / "exercise.yaml").write_text(dump(classroom.only("find", rules=["house/bannd"])))
    classroom.answer(place, "mine", {})
    result = run("exercise", "grade", ".", "-e", str(folder), "-f", "markdown", cwd=place)
    assert result.returncode == 2 and result.stderr == ""
    assert "mine.answer.yaml: not marked" in result.stdout and "house/bannd" in result.stdout


# ---------------------------------------------------------------- answers drawn by lot

WORDS: list[Any] = [
    "", "conflict", "house/banned", "unexplained", "inputs.orders", "unknown", WEIGHT, "?", "..", ".", "x.", "*", 3,
    -1.5,
    True, None, [], {}, ["a"], {"a": 1}, "a" * 300, "\u202e", "{{7*7}}", "inputs.?.uses", "House rules section 20", "§",
    "1", "0", "GDPR Article", "hardly-counts", "[", "a: b", "schema", "id", "set", "computes_score", "far_use",
]  # fmt: skip
BITS = ["", "\t", "\n", "- ", "}", "{", "[", "&a ", "*a", "!!x ", "'", '"', "#", "---\n", "|", "%", "\x07", "é", ": "]


def ways(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """How to get to each value within another."""
    if here:
        yield here
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield from ways(item, (*here, key))


def mutated(draw: random.Random, data: Any) -> Any:
    """Data with one to three values left out, replaced, renamed, doubled, misspelt or put into a list."""
    found = copy.deepcopy(data)
    for _ in range(draw.randint(1, 3)):
        *before, key = draw.choice([*ways(found)])
        owner = found
        for step in before:
            owner = owner[step]
        match draw.randrange(6):
            case 0:
                del owner[key]
            case 1:
                owner[key] = copy.deepcopy(draw.choice(WORDS))
            case 2 if isinstance(owner, dict):
                owner[str(draw.choice(WORDS))] = owner.pop(key)
            case 3 if isinstance(owner, list):
                owner.append(copy.deepcopy(draw.choice(owner)))
            case 4 if isinstance(owner[key], str) and owner[key]:
                at = draw.randrange(len(owner[key]))
                owner[key] = owner[key][:at] + draw.choice(["", "x", ".", " "]) + owner[key][at + 1 :]
            case _:
                owner[key] = [owner[key]]
    return found


@pytest.mark.parametrize("lot", range(5))
def test_no_answer_crashes(lot: int, desk: Desk, model: Any, place: pathlib.Path) -> None:
    """Whatever becomes of a valid answer: it is marked, or everything that is wrong is located and says what to do."""
    whole = {"schema": 1, "exercise": NAME, "student": "s-1", "reasoning": "so", "answers": model}
    path = place / "mine.answer.yaml"
    came = {"marked": 0, "refused": 0}
    for seed in range(lot * 80, lot * 80 + 80):
        draw = random.Random(seed)
        text = dump(mutated(draw, whole))
        if seed % 3 == 0:
            at = draw.randrange(len(text))
            text = text[:at] + draw.choice(BITS) + text[at + draw.randrange(4) :]
        path.write_text(text)
        try:
            found = grading.grade(desk, answers.read(path, path.name))
        except InvalidInput as error:
            came["refused"] += 1
            for problem in error.problems:
                assert problem.help and problem.message, (seed, str(problem))
                assert problem.span.file == path.name and problem.span.line, (seed, str(problem))
        else:
            came["marked"] += 1
            assert 0 <= found.points <= found.of and 0 <= found.pending <= sum(t.points for t, _ in found.tasks), seed
    assert all(came.values())


@pytest.mark.parametrize("lot", range(8))
def test_no_exercise_crashes(lot: int, folder: pathlib.Path) -> None:
    """The same of exercises: they load and can be tried, or what is wrong is located."""
    whole = classroom.exercise()
    for seed in range(lot * 12, lot * 12 + 12):
        text = dump(mutated(random.Random(seed), whole))
        try:
            desk = opened(folder, text)
            list(trial.trial(desk))
        except InvalidInput as error:
            for problem in error.problems:
                assert problem.message and problem.help and problem.span.line, (seed, str(problem))
