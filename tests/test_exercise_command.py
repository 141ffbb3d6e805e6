"""`exercise`: list, start, check, grade, reveal, new and test, on an exercise of every kind (tests/classroom.py)."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import random
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel

from policy_eval import source
from policy_eval.design.loading import load as load_design
from policy_eval.files import write_all_new
from policy_eval.report.exercise import GRADES, assemble
from policy_eval.report.exercise import csv as csv_format
from policy_eval.report.exercise import json as json_format
from policy_eval.report.exercise import markdown as markdown_format
from policy_eval.report.exercise import text as text_format
from policy_eval.report.exercise.told import Report
from policy_eval.report.exercise.wire import GradesV1
from policy_eval.teaching import answer as answers
from policy_eval.teaching import attempts, exercise, template, trial
from policy_eval.teaching.claims import known_paths
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.grading import check, grade
from policy_eval.vocabulary.teaching import TaskKind
from tests import classroom
from tests.classroom import NAME, RULES, TASKS
from tests.program import ROOT, run
from tests.report_readers import FORMULA, READERS, printable
from tests.test_reports import HOSTILE, TITLES

MODELS: dict[str, type[BaseModel]] = {
    "find": answers.Findings, "say": answers.Findings, "compare": answers.Findings, "cure": answers.Repairs,
    "excuse": answers.Excuses, "write": answers.Encoding, "draft": answers.Draft, "plead": answers.Argument,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder that holds the exercise, to be read only."""
    folder = tmp_path_factory.mktemp("school")
    classroom.written(folder)
    return folder


@pytest.fixture(scope="module")
def desk(made: pathlib.Path) -> Desk:
    return Desk(exercise.load(NAME, made))


@pytest.fixture(scope="module")
def model(desk: Desk) -> dict[str, Any]:
    """The answer that earns everything, what a person marks included."""
    return {**trial.model_answer(desk), "plead": classroom.ARGUED}


@pytest.fixture
def school(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder that holds the exercise, to be changed."""
    classroom.written(tmp_path)
    return tmp_path


def changed(school: pathlib.Path, **changes: Any) -> None:
    (school / NAME / "exercise.yaml").write_text(trial.dump(classroom.exercise(**changes)))


def report_of(*arguments: str, cwd: pathlib.Path, code: int = 0) -> Any:
    result = run("exercise", *arguments, "-f", "json", cwd=cwd)
    assert result.returncode == code, result.stderr
    return json.loads(result.stdout)


def files_of(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# ---------------------------------------------------------------- list


def test_exercises_are_listed_from_easy_to_hard(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for name, level in (("hard", 5), ("easy", 1), ("also-easy", 1)):
        classroom.written(tmp_path, classroom.exercise(id=name, level=level))
    report = report_of("list", "-e", str(tmp_path), cwd=made)
    assert [e["id"] for e in report["exercises"]] == ["also-easy", "easy", "hard"]
    text = run("exercise", "list", "-e", str(tmp_path), cwd=made).stdout
    assert [line.split()[:2] for line in text.splitlines()[1:] if line[:1].strip()] == [
        ["also-easy", "1"], ["easy", "1"], ["hard", "5"],
    ]  # fmt: skip
    markdown = run("exercise", "list", "-e", str(tmp_path), "-f", "markdown", cwd=made).stdout
    assert re.findall(r"(?m)^\| ([\w-]+) +\| (\d) ", markdown) == [("also-easy", "1"), ("easy", "1"), ("hard", "5")]


def test_what_is_listed_of_an_exercise(made: pathlib.Path) -> None:
    (found,) = report_of("list", "-e", ".", cwd=made)["exercises"]
    assert [t["id"] for t in found["tasks"]] == list(TASKS)
    assert found["points"] == sum(t["points"] for t in TASKS.values())
    assert all(t["practice"] for t in found["tasks"])  # the key is open to everybody
    assert [t["hints"] for t in found["tasks"]] == [[]] * len(TASKS)
    for name in (NAME, f"./{NAME}", f"{made / NAME}/"):
        assert report_of("list", name, "-e", ".", cwd=made)["exercises"] == [found]


def test_names_of_exercises_are_not_broken_up(tmp_path: pathlib.Path) -> None:
    name = "a-name-of-thirty-two-letters-abc"
    classroom.written(tmp_path, classroom.exercise(id=name, title="A title of many words " * 4))
    assert name in run("exercise", "list", "-e", ".", cwd=tmp_path).stdout.split()


def test_built_in_exercises_are_listed(tmp_path: pathlib.Path) -> None:
    found = {e["id"] for e in report_of("list", cwd=tmp_path)["exercises"]}
    assert found == {p.parent.name for p in ROOT.glob("exercises/*/exercise.yaml")} and "the-ticked-box" in found
    assert report_of("list", "the-ticked-box", cwd=tmp_path)["exercises"][0]["id"] == "the-ticked-box"


def test_an_exercise_that_examines_is_no_practice(school: pathlib.Path) -> None:
    """Kept by the instructor with its design, the engine cannot work it out for whoever solves it."""
    for disclosure, hand_out, practice in (("instructor", False, False), ("instructor", True, True),
                                           ("public", False, True)):  # fmt: skip
        changed(school, disclosure=disclosure, hand_out=hand_out)
        (found,) = report_of("list", "-e", ".", cwd=school)["exercises"]
        assert {t["practice"] for t in found["tasks"] if t["kind"] == "spot"} == {practice}
        theirs = {t["practice"] for t in found["tasks"] if t["kind"] in ("encode", "draft", "argue")}
        assert theirs == {disclosure == "public"}
        assert (found["design"] is None) is not hand_out


# ---------------------------------------------------------------- start


def test_start_writes_what_is_needed(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    result = run("exercise", "start", NAME, "-e", str(made), cwd=tmp_path)
    assert result.returncode == 0
    wanted = {"exercise.md", f"{NAME}.answer.yaml", "draft.examples.yaml", "score.design.yaml", "after.design.yaml"}
    assert set(files_of(tmp_path)) == {f"{NAME}/{name}" for name in wanted} == set(result.stdout.split())
    for name in ("score.design.yaml", "after.design.yaml"):
        assert (tmp_path / NAME / name).read_bytes() == (made / NAME / name).read_bytes()
        load_design(tmp_path / NAME / name, tmp_path / NAME)
    command = re.search(r"`policy-eval (exercise check .*)`", result.stderr)
    assert command is not None
    checked = run(*command[1].split(), cwd=tmp_path)
    assert checked.returncode == 1 and checked.stdout.count("nothing is answered yet") == len(TASKS)


def test_the_handout_says_what_is_asked_and_no_more(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for hints in (0, 1, 2, 9):
        folder = tmp_path / str(hints)
        run("exercise", "start", NAME, "-e", str(made), "--in", str(folder), "--hints", str(hints), cwd=tmp_path)
        text = (folder / "exercise.md").read_text()
        assert [h in text for h in TASKS["find"]["hints"]] == [hints > 0, hints > 1]
        for task in TASKS.values():
            assert task["prompt"] in text
        assert "A corner shop lends small sums." in text
        assert not re.search("secret|kept|hardly-counts|evidence_on_file|model", text)


def test_a_design_that_is_kept_is_not_handed_out(school: pathlib.Path, tmp_path: pathlib.Path) -> None:
    changed(school, hand_out=False)
    result = run("exercise", "start", NAME, "-e", ".", "--in", "mine", cwd=school)
    wanted = {"exercise.md", f"{NAME}.answer.yaml", "draft.examples.yaml"}
    assert result.returncode == 0 and set(files_of(school / "mine")) == wanted
    assert "score.design.yaml" not in (school / "mine" / "exercise.md").read_text()


@pytest.mark.parametrize("there", ["exercise.md", f"{NAME}.answer.yaml", "after.design.yaml"])
def test_start_writes_over_nothing_and_nothing_by_halves(
    there: str, made: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / there).write_text("my work\n")
    result = run("exercise", "start", NAME, "-e", str(made), "--in", "mine", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mine/{there}: there is already a file of this name\n  help: ")
    assert files_of(tmp_path) == {f"mine/{there}": b"my work\n"}


def test_start_names_every_file_that_is_there(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for _ in range(2):
        result = run("exercise", "start", NAME, "-e", str(made), cwd=tmp_path)
    assert result.returncode == 2 and result.stderr.count("already a file of this name") == 5


def test_start_follows_no_link(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "exercise.md").symlink_to(tmp_path / "elsewhere")
    result = run("exercise", "start", NAME, "-e", str(made), "--in", "mine", cwd=tmp_path)
    assert result.returncode == 2 and files_of(tmp_path) == {}


def test_what_fails_half_way_is_taken_away(tmp_path: pathlib.Path) -> None:
    """A folder that cannot be made in the middle of it."""
    (tmp_path / "b").write_text("a file")
    with pytest.raises(answers.InvalidInput):
        write_all_new({tmp_path / "a": "one", tmp_path / "b" / "c": "two"})
    assert set(files_of(tmp_path)) == {"b"}


@pytest.mark.parametrize("name", TASKS)
def test_templates_load_pass_as_unanswered_and_earn_nothing(
    name: str, made: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    classroom.written(tmp_path, classroom.only(name))
    found = Desk(exercise.load(NAME, tmp_path))
    path = tmp_path / template.file_name(found.exercise)
    path.write_text(template.template(found.exercise))
    answer = answers.read(path)
    checks = check(found, answer)
    assert [(c.what, c.passed) for c in checks] == [(f"{name}: answered", False)]
    marks = grade(found, answer)
    assert (marks.points, marks.pending) == (0, 0) and not marks.tasks[0][1].answered


@pytest.mark.parametrize("name", TASKS)
def test_lines_of_templates_can_be_uncommented(name: str, desk: Desk, tmp_path: pathlib.Path) -> None:
    """Each line is right where it stands, once its mark is taken away; what it is an example of is never there."""
    head, _, lines = template.template(desk.exercise).partition("answers:\n")
    opened = re.sub(r"(?m)^( *[\w-]+:) *(\[\]|\{\})  # take .*$", r"\1", lines)
    filled = re.sub(r"(?m)^( *)# ", r"\1", opened)
    assert filled != opened != lines
    path = tmp_path / "filled.answer.yaml"
    path.write_text(f"{head}answers:\n{filled}")
    answer = answers.read(path)
    part = answer.part(desk.exercise.task(name), MODELS[name])
    given = {
        field for value in part.__dict__.values() for item in (value if isinstance(value, tuple) else [part])
        for field, said in item.__dict__.items() if said
    }  # fmt: skip
    wanted = {
        "find": {"rule", "outcome", "at", "duty_of", "facts", "reasoning"},
        "say": {"rule", "outcome", "at", "facts", "open", "exception", "reasoning"},
        "compare": {"rule", "before", "after", "facts", "reasoning"},
        "cure": {"edits"}, "excuse": {"id", "burden", "edits"}, "write": {"design"}, "draft": {"rule"},
        "plead": {"for_", "against", "conclusion", "says", "authority"},
    }[name]  # fmt: skip
    assert wanted <= given


# ---------------------------------------------------------------- check


def test_check_says_whether_it_can_be_handed_in(made: pathlib.Path, model: Any, tmp_path: pathlib.Path) -> None:
    full = classroom.answer(tmp_path, "full", model)
    part = classroom.answer(tmp_path, "part", {"find": model["find"]})
    bad = classroom.answer(tmp_path, "bad", {"find": {"findings": [{"rule": "house/bannt"}]}})
    bad2 = classroom.answer(tmp_path, "bad2", {"fnd": {}})
    here = ("-e", str(made))
    result = run("exercise", "check", full.name, *here, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "") and "  + find: answered" in result.stdout
    assert "may still be wrong" in " ".join(result.stdout.split())
    result = run("exercise", "check", full.name, part.name, *here, cwd=tmp_path)
    assert result.returncode == 1 and result.stdout.count("nothing is answered yet") == len(TASKS) - 1
    result = run("exercise", "check", bad.name, full.name, bad2.name, *here, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "bad.answer.yaml:6:13: no rule of the instruments is called `house/bannt`" in result.stderr
    assert "did you mean `house/banned`?" in result.stderr
    assert "bad2.answer.yaml:4:3: the exercise has no task `fnd`" in result.stderr


def test_check_tells_nothing_of_the_key(school: pathlib.Path) -> None:
    """A wrong answer passes as a right one does."""
    changed(school, disclosure="instructor")
    right = {"find": {"findings": [{"rule": "house/banned", "outcome": "conflict"}]}}
    wrong = {"find": {"findings": [{"rule": "house/clear-1", "outcome": "conflict"}]}}
    said = []
    for parts in (right, wrong):
        classroom.answer(school, "mine", parts)
        said.append([run("exercise", "check", "mine.answer.yaml", "-e", ".", "-f", f, cwd=school).stdout
                     for f in ("text", "json", "markdown")])  # fmt: skip
    assert said[0] == said[1]


def test_hints_come_in_stages(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    classroom.answer(tmp_path, "mine", {})
    for number in (0, 1, 2, 5):
        report = report_of(
            "check", "mine.answer.yaml", "-e", str(made), "--hints", str(number), cwd=tmp_path, code=1
        )  # fmt: skip
        hints = TASKS["find"]["hints"][:number]
        assert report["checked"][0]["hints"] == ({"find": hints} if hints else {})


# ---------------------------------------------------------------- grade


def test_model_answer_earns_all_and_the_empty_one_nothing(
    made: pathlib.Path, model: Any, tmp_path: pathlib.Path
) -> None:
    classroom.answer(tmp_path, "full", model)
    classroom.answer(tmp_path, "empty", {})
    report = report_of("grade", "full.answer.yaml", "empty.answer.yaml", "-e", str(made), cwd=tmp_path)
    full, empty = report["grades"]
    of = sum(t["points"] for name, t in TASKS.items() if name != "plead")
    assert (full["points"], full["of"], full["share"], full["pending"]) == (of, of, 1, TASKS["plead"]["points"])
    assert (empty["points"], empty["of"], empty["pending"]) == (0, of, 0)
    assert [t["answered"] for t in full["tasks"]] == [True] * 8 and not any(t["answered"] for t in empty["tasks"])


BOOK_BAD = {
    "c-shape": "c-shape.answer.yaml:2:1: `exercise` is missing",
    "d-claim": "d-claim.answer.yaml:7:11: `inputs.ordrs` is no part of the design",
    "e-bytes": "e-bytes.answer.yaml:1:12: the file is not valid UTF-8 here",
    "f-folder": "f-folder.answer.yaml: this is a folder",
    "g-gone": "g-gone.answer.yaml: there is no such file",
    "h-other": "h-other.answer.yaml:2:11: no exercise is called `the-tide`",
}


@pytest.fixture(scope="module")
def book(made: pathlib.Path, model: Any, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder of answers, good and bad, and the gradebook in every format beside it."""
    folder = tmp_path_factory.mktemp("book")
    inside = folder / "class" / "group"
    inside.mkdir(parents=True)
    classroom.answer(inside.parent, "a-good", model, student="s-17")
    half = {"find": {"findings": [{"rule": "house/banned", "reasoning": "It is *banned*."}]}, "plead": classroom.ARGUED}
    head = trial.dump({"schema": 1, "exercise": NAME, "student": "s-18", "reasoning": "In short.", "answers": half})
    (inside / "b-prose.answer.md").write_text(f"---\n{head}---\n\nMy view in *full*.\n\nMore of it.\n")
    (inside / "c-shape.answer.yaml").write_text("# nothing\nschema: 1\n")
    classroom.answer(inside, "d-claim", {"find": {"findings": [{"rule": "house/banned", "at": "inputs.ordrs"}]}})
    (inside / "e-bytes.answer.yaml").write_bytes(b"exercise: a\xff\n")
    (inside / "f-folder.answer.yaml").mkdir()
    (inside / "g-gone.answer.yaml").symlink_to(folder / "nowhere")
    classroom.answer(inside, "h-other", {}, exercise="the-tide")
    (inside / "notes.txt").write_text("no answer")
    outputs = [x for f in GRADES for x in ("-o", f"{f}=book.{f}")]
    result = run("exercise", "grade", "class", "-e", str(made), *outputs, cwd=folder)
    assert (result.returncode, result.stderr) == (2, "")
    return folder


def test_good_answers_are_marked_and_bad_ones_listed(book: pathlib.Path) -> None:
    report = json.loads((book / "book.json").read_text())
    assert [(g["answer"], g["student"]) for g in report["grades"]] == [
        ("class/a-good.answer.yaml", "s-17"), ("class/group/b-prose.answer.md", "s-18"),
    ]  # fmt: skip
    assert report["grades"][1]["prose"] == "In short.\n\nMy view in *full*.\n\nMore of it."
    found = {f["answer"]: f["problems"] for f in report["not_graded"]}
    assert {k: v[0].split("\n")[0] for k, v in found.items()} == {
        f"class/group/{name}.answer.yaml": f"class/group/{problem}" for name, problem in BOOK_BAD.items()
    }
    assert all("\n  help: " in p for problems in found.values() for p in problems)


def test_marks_are_those_of_an_answer_alone(book: pathlib.Path, made: pathlib.Path) -> None:
    report = json.loads((book / "book.json").read_text())
    for wanted in report["grades"]:
        alone = report_of("grade", wanted["answer"], "-e", str(made), cwd=book)
        assert alone["grades"] == [wanted] and alone["not_graded"] == []


def rows_of_csv(path: pathlib.Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode()
    assert text.endswith("\r\n") and text.replace("\r\n", "").count("\n") == 0
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert tuple(found[0]) == csv_format.COLUMNS and {len(row) for row in found} == {len(csv_format.COLUMNS)}
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


def test_the_table_carries_every_answer_task_and_point(book: pathlib.Path) -> None:
    report = json.loads((book / "book.json").read_text())
    rows = rows_of_csv(book / "book.csv")
    wanted = [
        (g["answer"], g["student"], g["exercise"], t["id"], t["kind"], "yes" if t["answered"] else "no",
         f"{t['points']:g}" if t["by_tool"] else "", str(t["of"]), f"{t['pending']:g}", str(t["to_read"]))
        for g in report["grades"] for t in g["tasks"]
    ]  # fmt: skip
    assert [tuple(row.values())[:-1] for row in rows if not row["problems"]] == wanted != []
    assert [(row["answer"], row["problems"]) for row in rows if row["problems"]] == [
        (f["answer"], " ".join("; ".join(f["problems"]).replace("\n", r"\n").replace(r"\n", " ").split()))
        for f in report["not_graded"]
    ]


def test_the_page_carries_every_answer_task_and_point(book: pathlib.Path) -> None:
    report = json.loads((book / "book.json").read_text())
    page = (book / "book.markdown").read_text()
    READERS["markdown"].harmless(book / "book.markdown")
    rows = [[c.strip() for c in line.strip("|").split(" | ")] for line in page.splitlines() if line.startswith("| ")]
    assert rows[2:] == [
        *([g["answer"], g["student"], NAME, f"{g['points']:g}", str(g["of"]), f"{g['pending']:g}", str(g["to_read"])]
          for g in report["grades"]),
        *([f["answer"], "", "", "not marked", "", "", ""] for f in report["not_graded"]),
    ]  # fmt: skip
    found: list[tuple[str, str, str]] = []
    answer = ""
    for line in page.splitlines():
        answer = line.removeprefix("## ").split(": ")[0] if line.startswith("## ") else answer
        if task := re.match(r"### ([\w-]+): [^,]+, (?:(\S+) of (\d+) points?|for a person, up to (\d+))$", line):
            found.append((answer, task[1], f"{task[2]} of {task[3]}" if task[2] else f"up to {task[4]}"))
    assert found == [
        (g["answer"], t["id"], f"{t['points']:g} of {t['of']}" if t["by_tool"] else f"up to {t['of']}")
        for g in report["grades"] for t in g["tasks"]
    ]  # fmt: skip
    for failed in report["not_graded"]:
        assert f"## {failed['answer']}: not marked" in page


def test_the_terminal_shows_the_book_and_what_cannot_be_read(book: pathlib.Path) -> None:
    report = json.loads((book / "book.json").read_text())
    text = "".join((book / "book.text").read_text().split())
    for g in report["grades"]:
        assert g["answer"] in text
    for failed in report["not_graded"]:
        assert "".join(failed["problems"][0].split()) in text
    assert "nothing was taken off" in " ".join((book / "book.text").read_text().split())


def test_same_answers_same_bytes_in_any_order(made: pathlib.Path, model: Any, tmp_path: pathlib.Path) -> None:
    names = []
    for name, parts in (("x", model), ("y", {"find": model["find"]}), ("z", {})):
        names.append(classroom.answer(tmp_path, name, parts).name)
    (tmp_path / "w.answer.yaml").write_text("schema: 1\n")
    names.append("w.answer.yaml")
    arguments = ("-e", str(made))
    first, again = (
        [run("exercise", "grade", *names, *arguments, "-f", f, cwd=tmp_path).stdout for f in GRADES] for _ in "ab"
    )
    assert first == again
    turned = report_of("grade", *reversed(names), *arguments, cwd=tmp_path, code=2)
    report = json.loads(first[list(GRADES).index("json")])
    assert [g["answer"] for g in report["grades"]] == names[:3]
    assert turned["grades"] == report["grades"][::-1] and turned["not_graded"] == report["not_graded"]
    assert report_of("grade", ".", *arguments, cwd=tmp_path, code=2)["grades"] == report["grades"]


def test_both_engines_mark_alike(made: pathlib.Path, model: Any, tmp_path: pathlib.Path) -> None:
    classroom.answer(tmp_path, "mine", {"find": model["find"], "cure": {"edits": {"remove": ["inputs.orders"]}}})
    found = [
        report_of("grade", "mine.answer.yaml", "-e", str(made), "--engine", engine, cwd=tmp_path)
        for engine in ("reference", "both")
    ]
    assert found[0]["grades"] == found[1]["grades"]


def test_no_report_is_written_over_an_answer(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    path = classroom.answer(tmp_path, "mine", {})
    before = path.read_bytes()
    result = run("exercise", "grade", path.name, "-e", str(made), "-o", f"csv={path.name}", cwd=tmp_path)
    assert result.returncode == 2 and path.read_bytes() == before


# ---------------------------------------------------------------- disclosure

DEADLINE = "2026-11-27"
DISCLOSED = [
    ("public", None, (), True),
    ("public", "2999-01-01", (), True),
    ("after_deadline", DEADLINE, ("--today", "2026-11-26"), False),
    ("after_deadline", DEADLINE, ("--today", DEADLINE), False),
    ("after_deadline", DEADLINE, ("--today", "2026-11-28"), True),
    ("after_deadline", DEADLINE, ("--today", "2026-11-26", "--instructor"), True),
    ("after_deadline", "2001-01-01", (), True),
    ("after_deadline", "2999-01-01", (), False),
    ("instructor", None, (), False),
    ("instructor", DEADLINE, ("--today", "2026-12-31"), False),
    ("instructor", None, ("--instructor",), True),
]


@pytest.mark.parametrize(("disclosure", "deadline", "arguments", "shown"), DISCLOSED)
def test_who_may_see_the_key(
    disclosure: str, deadline: str | None, arguments: tuple[str, ...], shown: bool, school: pathlib.Path
) -> None:
    changed(school, disclosure=disclosure, deadline=deadline)
    classroom.answer(school, "mine", {"find": {"findings": [{"rule": "clear-1"}]}})
    (marks,) = report_of("grade", "mine.answer.yaml", "-e", ".", *arguments, cwd=school)["grades"]
    assert marks["disclosed"] is shown
    assert [t["id"] for t in marks["tasks"] if t["feedback"]] == ["find"]  # of what was not tried nothing is told
    named = {f["about"] for t in marks["tasks"] if t["kind"] == "spot" for f in t["feedback"]} - {"clear-1"}
    assert named == ({"house/banned", "house/unexplained"} if shown else {None})
    result = run("exercise", "reveal", NAME, "-e", ".", *arguments, cwd=school)
    assert result.returncode == (0 if shown else 2)
    assert ("inputs.blacklist" in result.stdout) is shown
    if not shown:
        waits = f"it is shown after {deadline}; " if disclosure == "after_deadline" else ""
        assert result.stdout == ""
        assert result.stderr == (
            f"{NAME}: the model answer is not shown yet\n  help: {waits}whoever teaches sees it by `--instructor`\n"
        )


@pytest.mark.parametrize("command", ["grade", "reveal"])
def test_a_day_that_is_none_is_refused(command: str, school: pathlib.Path) -> None:
    """Whether or not it matters here."""
    classroom.answer(school, "mine", {})
    name = "mine.answer.yaml" if command == "grade" else NAME
    result = run("exercise", command, name, "-e", ".", "--today", "soon", cwd=school)
    assert result.returncode == 2 and "`soon` is no date" in result.stderr


def test_the_key_of_the_model_answer_is_an_answer(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """What is revealed can be handed in, and earns everything."""
    report = report_of("reveal", NAME, "-e", str(made), cwd=tmp_path)
    (tmp_path / "revealed.answer.yaml").write_text(report["answer"])
    (marks,) = report_of("grade", "revealed.answer.yaml", "-e", str(made), cwd=tmp_path)["grades"]
    assert marks["share"] == 1
    assert list(report["positions"]) == ["plead"] and len(report["positions"]["plead"]) == 2
    assert report["questions"]["plead"].startswith("Is a use in the same business")
    for format in ("text", "markdown"):
        shown = run("exercise", "reveal", NAME, "-e", str(made), "-f", format, cwd=tmp_path).stdout
        assert all(line.strip() in shown for line in report["answer"].splitlines())
        assert "It is near where one firm does both." in " ".join(shown.split())


def spoken(text: str, words: frozenset[str]) -> set[str]:
    """The words that stand in a text by themselves."""
    flat = " ".join(text.replace("\\", "").replace("&#8203;", "").split())
    return {w for w in words if re.search(rf"(?<![\w/.-]){re.escape(w)}(?![\w/-]|\.\w)", flat)}


def vocabulary(desk: Desk) -> frozenset[str]:
    """Whatever a key could tell: rules, their titles and authorities, exceptions, facts, edits, examples, positions."""
    rules = [r.text for r in desk.rules.values()]
    text = desk.exercise.text
    designs = [desk.design(name) for name in ("score.design.yaml", "after.design.yaml", "kept.design.yaml")]
    return frozenset({
        *(r.id for r in rules), *(r.title for r in rules), *(str(g) for r in rules for g in r.grounds),
        *(x for r in rules for e in r.exceptions for x in (e.id, e.title)),
        *(p for d in designs for p in known_paths(d.design) if p.count(".") > 1 or p.startswith("inputs.")),
        *(e.name for t in text.tasks if t.kind is TaskKind.DRAFT for e in t.hidden),
        *(p.says for p in desk.set("house").concepts["far_use"].whole.unsettled.positions),  # type: ignore[union-attr]
        "computes_score", "whoever computes the score", "operator", "other_side", "evidence_on_file", "nothing_stated",
        "refuted", "minor", "house/drafted", "visits", "far_use",
    })  # fmt: skip


def in_every_format(report: GradesV1) -> Iterator[str]:
    for module in (text_format, json_format, markdown_format, csv_format):
        out = io.StringIO(newline="")
        module.write(report, out)
        yield out.getvalue()


def marked(desk: Desk, answer: answers.Answer, *, disclosed: bool = False) -> GradesV1:
    return assemble.grades([assemble.Marked(desk, grade(desk, answer), disclosed)], {}, "both")


def handout(desk: Desk) -> str:
    out = io.StringIO()
    told: Report = assemble.exercise(desk.exercise)
    markdown_format.write(told, out)
    return out.getvalue().replace("`", "")


def assert_nothing_leaks(desk: Desk, answer: answers.Answer) -> None:
    """No format holds a word of the key that neither the answer nor the task does."""
    words = vocabulary(desk)
    named = spoken(handout(desk) + " " + json.dumps(source.plain(answer.root)).replace('"', " "), words)
    own = {r.text.title for r in desk.rules.values() if {r.id, r.id.split("/")[1]} & set(_strings(answer.root)) or
           r.id in named}  # fmt: skip
    for text in in_every_format(marked(desk, answer)):
        assert spoken(text, words) - named - own == set()
    report = marked(desk, answer)
    for part in (f for g in report.grades for t in g.tasks for f in t.feedback):
        assert (part.outcome, part.place, part.derivation, part.law) == (None, None, [], [])
        assert [a.expected for a in part.aspects if a.expected] == []


def _strings(node: source.Node) -> Iterator[str]:
    match node:
        case source.Mapping():
            for entry in node.entries:
                yield from _strings(entry.node)
        case source.Sequence():
            for item in node.items:
                yield from _strings(item)
        case _:
            yield node.text


PARTS: dict[str, list[Any]] = {
    "find": [
        {"findings": []},
        {"findings": [{"rule": "unexplained"}]},
        {"findings": [{"rule": "house/unexplained", "outcome": "conflict_unless_excused", "at": "inputs.orders",
                       "duty_of": "computes_score", "facts": ["inputs.orders.uses.loans.weight"]}]},
        {"findings": [{"provision": "House rules section 20"}, {"provision": "House rules section 30"}]},
        {"findings": [{"provision": "House rules section 20", "outcome": "no_conflict"}]},
        {"findings": [{"rule": "house/clear-2", "reasoning": "so", "authority": "a book"}, {"rule": "clear-3"}]},
        {"findings": [{"rule": "house/unexplained", "outcome": "no_conflict", "reasoning": "so", "authority": "x"}]},
        {"findings": [{"rule": "house/linked", "outcome": "conflict"}, {"provision": "House rules section 40"}]},
    ],
    "say": [
        {"findings": [{"rule": "house/unexplained"}]},
        {"findings": [{"rule": "house/unexplained", "outcome": "conflict"}, {"rule": "house/linked",
                       "outcome": "undecided"}, {"rule": "house/clear-1", "outcome": "no_conflict"}]},
        {"findings": [{"rule": "house/unexplained", "outcome": "undecided"}, {"rule": "house/linked",
                       "outcome": "conflict", "reasoning": "so", "authority": "x"}]},
    ],
    "compare": [
        {"findings": []},
        {"findings": [{"rule": "unexplained", "before": "no_conflict", "after": "undecided"}]},
        {"findings": [{"provision": "House rules section 20", "before": "conflict", "after": "no_conflict"}]},
        {"findings": [{"rule": "house/clear-4"}, {"provision": "House rules section 70"}]},
    ],
    "cure": [
        {"edits": {}},
        {"edits": {"remove": ["inputs.blacklist"]}},
        {"edits": {"set": {"inputs.orders.uses.loans.weight": "unknown", "inputs.orders.what": ["purchases"]}}},
        {"edits": {"remove": ["purposes.loans", "inputs.orders.uses.loans"]}},
    ],
    "excuse": [
        {"exceptions": []},
        {"exceptions": [{"provision": "House rules section 20", "burden": "other_side"}]},
        {"exceptions": [{"provision": "House rules section 30"}]},
    ],
    "draft": [{}, {"rule": "house-rule"}],
    "plead": [{}, {"for": [{"says": "It is far."}]}, classroom.ARGUED],
}  # fmt: skip


@pytest.mark.parametrize(("name", "number"), [(name, n) for name in PARTS for n in range(len(PARTS[name]))])
def test_what_is_not_disclosed_is_in_no_format(name: str, number: int, desk: Desk, tmp_path: pathlib.Path) -> None:
    if name == "draft" and number:
        rule = source.plain(source.read(desk.exercise.folder / "model.rule.yaml").root)
        part: Any = {"rule": {**rule, "violated_when": "true"}}
    else:
        part = PARTS[name][number]
    answer = answers.read(classroom.answer(tmp_path, "mine", {name: part}))
    assert_nothing_leaks(desk, answer)


def test_what_is_disclosed_is_told(desk: Desk, tmp_path: pathlib.Path) -> None:
    """The search above finds what is there to be found."""
    answer = answers.read(classroom.answer(tmp_path, "mine", {"find": PARTS["find"][1]}))
    text, data, page, _ = in_every_format(marked(desk, answer, disclosed=True))
    for shown in (text, data, page):
        found = spoken(shown, vocabulary(desk))
        assert {"house/banned", "House rules section 30", "inputs.orders.uses.loans.support", "computes_score"} <= found


def test_encoded_designs_are_not_told_what_they_should_be(desk: Desk, tmp_path: pathlib.Path) -> None:
    """A rule that comes out otherwise for the design of the key is not named, nor are its facts."""
    theirs = {
        "id": "mine", "title": "mine", "kind": "exercise", "purposes": [{"id": "p"}],
        "subjects": [{"id": "a", "relation": "customer", "scored": True}],
        "inputs": [{"id": "goods", "uses": [{"purpose": "p", "support": "evidence_on_file"}]}],
    }  # fmt: skip
    answer = answers.read(classroom.answer(tmp_path, "mine", {"write": {"design": theirs}}))
    for text in in_every_format(marked(desk, answer)):
        body = text.split("write")[1].split("draft")[0]
        assert not spoken(body, frozenset({"house/unexplained", "An input nobody can explain", "refuted", "visits"}))
    parts = next(t for t in marked(desk, answer).grades[0].tasks if t.id == "write").feedback
    assert [p.mark for p in parts if p.about is None] == ["wrong"]
    assert {p.about for p in parts if p.mark == "right"} >= {"house/clear-1", "house/banned"}


@pytest.mark.parametrize("seed", range(40))
def test_nothing_leaks_to_whoever_guesses(seed: int, desk: Desk, tmp_path: pathlib.Path) -> None:
    """Claims drawn by lot, right and wrong, of everything an answer can hold."""
    draw = random.Random(seed)
    facts = [p for p in known_paths(desk.design(None).design) if p.startswith("inputs.")]
    provisions = [f"House rules section {n}0" for n in range(2, 15)] + ["House rules", "House rules section 99"]
    outcomes = ["conflict", "conflict_unless_excused", "undecided", "no_conflict", "not_applicable"]

    def claim(*keys: str) -> dict[str, Any]:
        said: dict[str, Any] = {"rule": draw.choice(RULES)} if draw.random() < 0.5 else {}
        said = said or {"provision": draw.choice(provisions)}
        every: dict[str, Any] = {
            "outcome": draw.choice(outcomes), "before": draw.choice(outcomes), "after": draw.choice(outcomes),
            "at": draw.choice(["inputs.orders", "inputs.blacklist", "purposes.loans"]),
            "facts": draw.sample(facts, 2), "duty_of": draw.choice(["computes_score", "publishes"]),
            "reasoning": "It seems so.", "authority": "A book", "open": draw.sample(facts, 1),
        }  # fmt: skip
        return said | {k: v for k, v in every.items() if k in keys and draw.random() < 0.6}

    spot = ("outcome", "at", "facts", "duty_of", "reasoning", "authority")
    parts = {
        "find": {"findings": [claim(*spot) for _ in range(draw.randint(0, 5))]},
        "say": {"findings": [claim("outcome", "facts", "open", "reasoning") for _ in range(draw.randint(0, 3))]},
        "compare": {"findings": [claim("before", "after", "facts") for _ in range(draw.randint(0, 3))]},
    }
    assert_nothing_leaks(desk, answers.read(classroom.answer(tmp_path, "mine", parts)))


# ---------------------------------------------------------------- attempts


def kept(folder: pathlib.Path) -> Any:
    return json.loads((folder / attempts.FILE).read_text())


def test_nothing_is_kept_unless_asked(made: pathlib.Path, model: Any, tmp_path: pathlib.Path) -> None:
    classroom.answer(tmp_path, "mine", model, student="s-1")
    before = files_of(tmp_path), files_of(made)
    for command in ("check", "grade"):
        run("exercise", command, "mine.answer.yaml", "-e", str(made), cwd=tmp_path)
    assert (files_of(tmp_path), files_of(made)) == before


def test_what_is_remembered_is_who_what_and_points(made: pathlib.Path, model: Any, tmp_path: pathlib.Path) -> None:
    here = ("-e", str(made), "--remember")
    classroom.answer(tmp_path, "one", {"find": model["find"]}, student="s-1", reasoning="a secret of mine")
    classroom.answer(tmp_path, "two", {})
    first = report_of("grade", "one.answer.yaml", "two.answer.yaml", *here, cwd=tmp_path)
    of = first["grades"][0]["of"]
    wanted = [
        {"who": "s-1", "exercise": NAME, "points": 10.0, "of": of},
        {"who": "two.answer.yaml", "exercise": NAME, "points": 0.0, "of": of},
    ]
    assert kept(tmp_path) == {"schema": 1, "attempts": wanted}
    assert [(g["attempt"], g["before"]) for g in first["grades"]] == [(1, None)] * 2
    classroom.answer(tmp_path, "one", model, student="s-1")
    result = run("exercise", "grade", "one.answer.yaml", *here, cwd=tmp_path)
    assert "Attempt 2; the one before earned 10." in result.stdout and attempts.FILE in result.stderr
    assert kept(tmp_path)["attempts"] == [*wanted, {"who": "s-1", "exercise": NAME, "points": float(of), "of": of}]


def test_what_cannot_be_marked_is_not_remembered(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    classroom.answer(tmp_path, "bad", {"nope": {}})
    classroom.answer(tmp_path, "good", {})
    result = run("exercise", "grade", ".", "-e", str(made), "--remember", cwd=tmp_path)
    assert result.returncode == 2 and [a["who"] for a in kept(tmp_path)["attempts"]] == ["good.answer.yaml"]


def test_what_is_forgotten_is_gone(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for name, student in (("one", "s-1"), ("two", "s-2"), ("three", "s-1")):
        classroom.answer(tmp_path, name, {}, student=student)
    run("exercise", "grade", ".", "-e", str(made), "--remember", cwd=tmp_path)
    assert len(kept(tmp_path)["attempts"]) == 3
    result = run("exercise", "grade", "one.answer.yaml", "--forget", cwd=tmp_path)  # wherever the exercise is by now
    assert (result.returncode, result.stdout) == (0, "") and "attempts deleted: 2" in result.stderr
    assert [a["who"] for a in kept(tmp_path)["attempts"]] == ["s-2"]
    by_pseudonym = run("exercise", "grade", "s-2", "nobody", "--forget", cwd=tmp_path)
    assert (by_pseudonym.returncode, by_pseudonym.stdout) == (0, "") and "attempts deleted: 1" in by_pseudonym.stderr
    assert not (tmp_path / attempts.FILE).exists()
    run("exercise", "grade", ".", "-e", str(made), "--remember", cwd=tmp_path)
    assert run("exercise", "grade", "--forget", cwd=tmp_path).returncode == 0
    assert not (tmp_path / attempts.FILE).exists()
    assert run("exercise", "grade", "--forget", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("my own notes\n", f"{attempts.FILE}:1:1: `the file` is a group of `name: value` lines"),
        ('{"schema": 1, "attempts": [{"who": "a"}]}\n', f"{attempts.FILE}:1:28: `exercise` is missing"),
        ('{"schema": 2}\n', f"{attempts.FILE}:1:12: `2` is not a value of `schema`"),
        ('{"attempts": []}\n', f"{attempts.FILE}:1:1: `schema` is missing"),
        ("", f"{attempts.FILE}:1:1: the file is empty"),
    ],
)
@pytest.mark.parametrize("option", ["--remember", "--forget"])
def test_a_file_that_is_not_ours_is_left_alone(
    option: str, text: str, message: str, made: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    (tmp_path / attempts.FILE).write_text(text)
    classroom.answer(tmp_path, "mine", {})
    result = run("exercise", "grade", "mine.answer.yaml", "-e", str(made), option, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "") and message in result.stderr and "  help: " in result.stderr
    assert (tmp_path / attempts.FILE).read_text() == text


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("list", "the-tiked-box"), "the-tiked-box: no exercise is called `the-tiked-box`\n  help: did you mean `"),
        (("list", "-e", "nowhere"), "nowhere: there is no folder `nowhere`"),
        (("list", "-f", "csv"), "`csv` is no format; expected one of text, json, markdown"),
        (("list", "drill/gdpr/9/1"), "drill/gdpr/9/1: `drill/gdpr/9/1` is no drill"),
        (("start", "empty"), "empty: `empty` holds no exercise.yaml"),
        (("check", "gone.answer.yaml"), "gone.answer.yaml: there is no such file"),
        (("check", "empty"), "empty: `empty` holds no answers\n  help: they end in .answer.yaml"),
        (("grade",), "name an answer, or a folder of answers"),
        (("grade", "--remember"), "name an answer, or a folder of answers"),
        (("grade", "x", "--remember", "--forget"), "choose one of `--remember` and `--forget`"),
        (("grade", "x", "-o", "pdf=x"), "`pdf` is no format; expected one of text, json, markdown, csv"),
        (("reveal", "nope"), "nope: no exercise is called `nope`"),
        (("new", "Bad Name"), "Bad Name: `Bad Name` cannot be a name"),
        (("new", "mine", "--design", "no-such"), "no-such: no design is called `no-such`"),
        (("new", "mine", "--design", "x.design.yaml"), "`x.design.yaml` is a file; name a built-in one"),
        (("new", "mine", "-p", "no-such"), "no-such: no principle set is called `no-such`"),
        (("test", "nope"), "nope: no exercise is called `nope`"),
    ],
)  # fmt: skip
def test_what_is_refused(arguments: tuple[str, ...], message: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("exercise", *arguments, cwd=tmp_path)
    assert result.returncode == 2 and message in result.stderr and result.stdout == ""
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


def test_own_exercises_come_before_those_built_in(tmp_path: pathlib.Path) -> None:
    classroom.written(tmp_path, classroom.exercise(id="the-ticked-box", title="Another box"))
    for arguments in (("the-ticked-box", "-e", "."), ("./the-ticked-box",)):
        (found,) = report_of("list", *arguments, cwd=tmp_path)["exercises"]
        assert found["title"] == "Another box"
    (found,) = report_of("list", "the-ticked-box", cwd=tmp_path)["exercises"]
    assert found["title"] != "Another box"


# ---------------------------------------------------------------- new, test


def test_a_new_exercise_loads_and_rewards_what_it_should(tmp_path: pathlib.Path) -> None:
    result = run("exercise", "new", "my-first", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "my-first/exercise.yaml\n")
    text = (tmp_path / "my-first" / "exercise.yaml").read_text()
    assert run("exercise", "test", "./my-first", cwd=tmp_path).returncode == 0
    assert run("exercise", "new", "my-first", cwd=tmp_path).returncode == 2
    assert (tmp_path / "my-first" / "exercise.yaml").read_text() == text


def test_exercises_are_tried(school: pathlib.Path) -> None:
    report = report_of("test", "-e", ".", cwd=school)
    (found,) = report["checked"]
    assert [c["what"].split(": ")[1] for c in found["checks"]] == [
        "the model answer", "an empty answer", "claiming everything",
    ]  # fmt: skip
    typical = {"answer": "half.answer.yaml", "shows": "one of two", "points": {"find": 5, "say": 0.5}}
    classroom.answer(school / NAME, "half", {"find": {"findings": [{"rule": "house/banned", "outcome": "conflict",
                     "at": "inputs.blacklist", "duty_of": "computes_score"}]}})  # fmt: skip
    changed(school, typical=[typical])
    result = run("exercise", "test", "-e", ".", cwd=school)
    assert result.returncode == 1
    said = " ".join(result.stdout.split())
    assert f"+ {NAME}: half.answer.yaml, task find" in said
    assert f"x {NAME}: half.answer.yaml, task say: it should earn 0.5, and earns 0.00" in said
    (school / NAME / "half.answer.yaml").write_text("schema: 1\n")
    result = run("exercise", "test", "-e", ".", cwd=school)
    assert result.returncode == 2 and f"{NAME}/half.answer.yaml:1:1: `exercise` is missing" in result.stderr


def test_an_exercise_that_rewards_guessing_is_found(school: pathlib.Path) -> None:
    data = classroom.only("find", rules=["house/banned", "house/unexplained", "house/clear-1"])
    (school / NAME / "exercise.yaml").write_text(trial.dump(data))
    result = run("exercise", "test", NAME, "-e", ".", cwd=school)
    assert result.returncode == 1 and "x the-till: claiming everything: it should earn less than 40%" in result.stdout


# ---------------------------------------------------------------- hostile texts

ANSI = "\x1b[31mred\x1b[0m \x07\x9b31m \x00 \u202e"


@pytest.fixture(scope="module", params=TITLES)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """An exercise and an answer all of whose free texts are hostile, with its marks and itself in every format."""
    folder, text = tmp_path_factory.mktemp("hostile"), request.param
    every = [text, *HOSTILE]
    tasks = [{"id": n, **t, "prompt": " ".join(every), "hints": every} for n, t in TASKS.items()]
    classroom.written(folder, classroom.exercise(title=text, story="\n\n".join(every), goals=every, sources=every,
                                                 tasks=tasks, disclosure="public"))  # fmt: skip
    findings = [{"provision": x, "reasoning": x, "authority": every} for x in every]
    says = [{"says": x, "authority": x} for x in every]
    parts = {
        "find": {"findings": [*findings, {"rule": "house/clear-1", "reasoning": " ".join(every)}]},
        "compare": {"findings": findings},
        "excuse": {"exceptions": [{"provision": x, "reasoning": x} for x in every]},
        "plead": {"for": says, "against": says, "conclusion": text},
    }
    name = "=we|ird `x` <script>{{7*7}} [l](javascript:x)".replace("/", "")
    head = trial.dump({"schema": 1, "exercise": NAME, "reasoning": "\n".join(every), "answers": parts})
    below = "\n\n".join([*every, ANSI.replace("\x00", ""), "\r\n| a | b |\n|---|---|\n| c |", "```\ncode"])
    (folder / f"{name}.answer.md").write_text(f"---\n{head}---\n{below}\n")
    (folder / f"{name}.bad.answer.yaml").write_text(trial.dump({"exercise": NAME, **dict.fromkeys(every[:6], "x")}))
    outputs = [x for f in GRADES for x in ("-o", f"{f}=one.{f}")]
    result = run("exercise", "grade", f"{name}.answer.md", "-e", ".", *outputs, cwd=folder, COLUMNS="5000")
    assert (result.returncode, result.stderr) == (0, "")
    outputs = [x for f in GRADES for x in ("-o", f"{f}=many.{f}")]
    assert run("exercise", "grade", ".", "-e", ".", *outputs, cwd=folder, COLUMNS="5000").returncode == 2
    for f in ("text", "markdown"):
        shown = run("exercise", "list", NAME, "-e", ".", "-f", f, cwd=folder, COLUMNS="5000")
        (folder / f"handout.{f}").write_text(shown.stdout)
    assert run("exercise", "start", NAME, "-e", ".", "--in", "mine", "--hints", "99", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("name", ["one", "many", "handout"])
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_hostile_texts_are_shown_and_never_obeyed(name: str, format: str, hostile: pathlib.Path) -> None:
    seen = READERS[format].harmless(hostile / f"{name}.{format}")
    if (name, format) != ("many", "text"):  # which has no titles
        assert "{{7*7}}" in seen and "<script>alert(7*7)</script>" in seen
    if (name, format) == ("one", "text"):
        assert r"\u001b[31mred\u001b[0m \u0007\u009b31m" in seen


def test_hostile_handouts_are_harmless(hostile: pathlib.Path) -> None:
    assert "<script>alert(7*7)</script>" in READERS["markdown"].harmless(hostile / "mine" / "exercise.md")
    answers.read(hostile / "mine" / f"{NAME}.answer.yaml")


@pytest.mark.parametrize("name", ["one", "many"])
def test_hostile_texts_are_no_formulas(name: str, hostile: pathlib.Path) -> None:
    rows = rows_of_csv(hostile / f"{name}.csv")
    cells = [cell for row in rows for cell in row.values()]
    assert not [c for c in cells if c.startswith(FORMULA)] and any(c.startswith("'=we|ird") for c in cells)
    printable("\n".join(cells))


def test_control_characters_in_a_head_are_refused(made: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "x.answer.yaml").write_text(f'exercise: {NAME}\nreasoning: "\\e[31mred"\nanswers: {{}}\n')
    result = run("exercise", "grade", "x.answer.yaml", "-e", str(made), cwd=tmp_path)
    assert result.returncode == 2 and "\x1b" not in result.stdout + result.stderr
    assert "x.answer.yaml:2:12: the control character `\\u001b`" in result.stdout


# ---------------------------------------------------------------- schemas


def validator(kind: str, cwd: pathlib.Path) -> Any:
    result = run("schema", kind, cwd=cwd)
    assert result.returncode == 0, result.stderr
    return jsonschema.Draft202012Validator(json.loads(result.stdout))


def test_reports_are_as_their_schemas_say(made: pathlib.Path, book: pathlib.Path, tmp_path: pathlib.Path) -> None:
    validator("exercises-report", tmp_path).validate(report_of("list", "-e", str(made), cwd=tmp_path))
    validator("exercises-report", tmp_path).validate(report_of("list", NAME, "-e", str(made), cwd=tmp_path))
    validator("key-report", tmp_path).validate(report_of("reveal", NAME, "-e", str(made), cwd=tmp_path))
    validator("grades-report", tmp_path).validate(json.loads((book / "book.json").read_text()))


def test_files_are_as_their_schemas_say(made: pathlib.Path, book: pathlib.Path, tmp_path: pathlib.Path) -> None:
    of_exercise, of_answer = validator("exercise", tmp_path), validator("answer", tmp_path)
    of_exercise.validate(source.plain(source.read(made / NAME / "exercise.yaml").root))
    of_answer.validate(source.plain(source.read(book / "class" / "a-good.answer.yaml").root))
    run("exercise", "start", NAME, "-e", str(made), "--in", ".", cwd=tmp_path)
    of_answer.validate(source.plain(source.read(tmp_path / f"{NAME}.answer.yaml").root))
    data = classroom.exercise()
    for fault in ({"tasks": []}, {"level": 9}, {"titel": "x"}, {"tasks": [{**data["tasks"][0], "kind": "spt"}]},
                  {"tasks": [{**data["tasks"][0], "questions": []}]}, {"disclosure": "never"}):  # fmt: skip
        assert not of_exercise.is_valid({**data, **fault}), fault
    good = {"schema": 1, "exercise": NAME, "answers": {}}
    for fault in ({"student": "Anna Smith"}, {"answer": {}}, {"schema": 2}, {"answers": []}):
        assert of_answer.is_valid(good) and not of_answer.is_valid({**good, **fault}), fault
