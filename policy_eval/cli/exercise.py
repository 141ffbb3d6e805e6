"""exercise: set, answer, mark and make exercises."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from policy_eval.cli import output as output_
from policy_eval.cli.options import EngineChoice, EngineOption, Outputs, Sets, day, format_option, note
from policy_eval.report.exercise import EXERCISES, GRADES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy_eval.teaching.exercise import Exercise

app = typer.Typer(help="Exercises in privacy law, marked by the engine that explains them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Exercise by name or folder, or a drill such as drill/gdpr/2/7.")]
Answers = Annotated[list[str], typer.Argument(help="Answers, or folders of answers (*.answer.yaml, *.answer.md).")]
Within = Annotated[
    Path | None, typer.Option("-e", "--exercises", help="Folder of exercises of one's own, looked in first.")
]
Format = Annotated[str, format_option(EXERCISES)]
GradeFormat = Annotated[str, format_option(GRADES)]
Instructor = Annotated[
    bool, typer.Option("--instructor", help="Show the key whatever the exercise says about who may see it.")
]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="Day by which deadlines are judged. Default: the date of the clock."),
]
Hints = Annotated[int, typer.Option("--hints", min=0, help="How many hints to show for each task.")]


def register(root: typer.Typer) -> None:
    """Add the commands of this group."""
    root.add_typer(app, name="exercise")


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(help="Show this exercise. Default: list all.")] = None,
    exercises: Within = None,
    format: Format = "text",
) -> None:
    """List exercises from easy to hard, or show one."""
    from policy_eval.report.exercise import assemble
    from policy_eval.teaching import exercise, gradebook

    if name is None:
        found = [exercise.load(n, exercises) for n in exercise.names(exercises)]
        output_.deliver(assemble.exercises(found), EXERCISES, format)
        return
    output_.deliver(assemble.exercise(gradebook.found(name, exercises)), EXERCISES, format)


@app.command()
def start(
    name: Name,
    into: Annotated[Path | None, typer.Option("--in", help="Folder to write into. Default: its name.")] = None,
    exercises: Within = None,
    hints: Hints = 0,
) -> None:
    """Write what is needed to solve an exercise: facts and tasks, the design, an answer to fill in."""
    from policy_eval.files import write_all_new
    from policy_eval.report.exercise import assemble, markdown
    from policy_eval.teaching import gradebook, template

    found = gradebook.found(name, exercises)
    folder = into or Path(found.id.replace("/", "-"))
    files = {
        "exercise.md": markdown.text(assemble.exercise(found, hints)),
        template.file_name(found): template.template(found),
        **template.examples(found),
        **_designs(found),
    }
    paths = {folder / name: text for name, text in files.items()}
    write_all_new(paths)
    for path in paths:
        print(path)
    command = shlex.join(["policy-eval", "exercise", "check", str(folder / template.file_name(found)), *_where(found)])
    note(f"next: read {folder / 'exercise.md'}, then `{command}`")


@app.command()
def check(answers: Answers, exercises: Within = None, hints: Hints = 0, format: Format = "text") -> None:
    """Look over answers before they are handed in: public checks only, no marks."""
    from policy_eval.errors import InvalidInput, Problem
    from policy_eval.evaluation import Engine
    from policy_eval.report.exercise import assemble
    from policy_eval.teaching import grading
    from policy_eval.teaching.gradebook import Bench

    bench = Bench(exercises, Engine.BOTH)
    checked: list[tuple[Exercise, str, Sequence[Any]]] = []
    problems: list[Problem] = []
    for file in _files(answers):
        try:
            answer, desk = bench.read(file)
            checked.append((desk.exercise, answer.shown, grading.check(desk, answer)))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    said = "These are public checks; nothing was marked, and an answer that passes them may still be wrong."
    output_.deliver(assemble.checks(checked, said, hints), EXERCISES, format)
    if not all(c.passed for _, _, of_answer in checked for c in of_answer):
        raise typer.Exit(1)


@app.command()
def grade(
    answers: Annotated[list[str] | None, typer.Argument(help="Answers, or folders of answers.")] = None,
    exercises: Within = None,
    instructor: Instructor = False,
    today: Today = None,
    remember: Annotated[
        bool, typer.Option("--remember", help="Keep points in policy-eval-attempts.json of this folder.")
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete what is kept of these answers or pseudonyms; without any, all.")
    ] = False,
    engine: EngineOption = EngineChoice.BOTH,
    format: GradeFormat = "text",
    output: Outputs = None,
) -> None:
    """Mark answers, say why, and ask the next question; of many answers, make a gradebook."""
    from policy_eval.evaluation import Engine, engine_in_use
    from policy_eval.report.exercise import assemble
    from policy_eval.teaching import attempts
    from policy_eval.teaching.gradebook import Bench

    now = day(today, "--today")
    if remember and forget:
        raise typer.BadParameter("choose one of `--remember` and `--forget`", param_hint="--forget")
    memory = attempts.recall(Path(attempts.FILE)) if remember or forget else attempts.Memory(Path(attempts.FILE))
    if forget:
        named = [str(file) for name in answers or () for file in (_files([name]) if Path(name).is_dir() else [name])]
        names = [attempts.name_of(name) for name in named] if answers else None
        note(f"attempts deleted: {attempts.forget(memory, names)}")
        return
    files = _files(answers or [])
    if not files:
        raise typer.BadParameter("name an answer, or a folder of answers", param_hint="ANSWERS")
    targets = output_.targets(output, GRADES, map(str, files))
    book = Bench(exercises, Engine(engine.value)).mark(files)
    marked = [
        assemble.Marked(
            desk, found, _disclosed(desk.exercise, instructor, now), memory.of(found.answer) if remember else None
        )
        for desk, found in book.marked
    ]
    report = assemble.grades(marked, book.failed, engine_in_use(Engine(engine.value)).value)
    output_.deliver(report, GRADES, format, targets)
    if remember:
        attempts.remember(memory, [attempts.of(found) for _, found in book.marked])
        note(f"points are kept in {memory.path}; `policy-eval exercise grade --forget` deletes them")
        if any(found.answer.text.student is None for _, found in book.marked):
            note("answers without a pseudonym (`student:`) are kept under the names of their files")
    if book.failed:
        raise typer.Exit(2)


@app.command()
def reveal(
    name: Name,
    exercises: Within = None,
    instructor: Instructor = False,
    today: Today = None,
    engine: EngineOption = EngineChoice.BOTH,
    format: Format = "text",
) -> None:
    """Show the model answer, worked out by the engine, with the reasons."""
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.evaluation import Engine, engine_in_use
    from policy_eval.report.exercise import assemble
    from policy_eval.teaching.gradebook import Bench
    from policy_eval.vocabulary.teaching import Disclosure

    desk = Bench(exercises, Engine(engine.value)).desk(name)
    text = desk.exercise.text
    if not _disclosed(desk.exercise, instructor, day(today, "--today")):
        waits = text.deadline if text.disclosure is Disclosure.AFTER_DEADLINE else None
        help = f"it is shown after {waits}; " if waits else ""
        problem = Problem(
            "the model answer is not shown yet", Span(name), f"{help}whoever teaches sees it by `--instructor`"
        )
        raise InvalidInput([problem])
    output_.deliver(assemble.key(desk, engine_in_use(Engine(engine.value)).value), EXERCISES, format)


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Its name (small letters, digits, hyphens).")],
    design: Annotated[str, typer.Option("--design", help="Built-in design it is about.")] = "loan-app-one-tick",
    principles: Annotated[str, typer.Option("-p", "--principles", help="Built-in principle set.")] = "gdpr",
    into: Annotated[Path, typer.Option("--in", help="The folder to write it into.")] = Path(),
) -> None:
    """Write an exercise to start from: it loads, and rewards what it should."""
    from policy_eval import scaffold
    from policy_eval.files import write_new
    from policy_eval.teaching import exercise, making

    if design.endswith((".yaml", ".yml")):
        help = "name a built-in one; put your own into the folder of the exercise, and its name under `design`"
        raise typer.BadParameter(f"`{design}` is a file; {help}", param_hint="--design")
    folder = into / scaffold.checked_name(name)
    write_new(folder / exercise.FILE, making.exercise_text(name, design, principles))
    print(folder / exercise.FILE)
    note(f"next: tell the story, ask your questions, then `policy-eval exercise test {folder}`")


@app.command("test")
def test(
    names: Annotated[
        list[str] | None, typer.Argument(help="Exercises by name or folder. Default: all built in.")
    ] = None,
    exercises: Within = None,
    format: Format = "text",
) -> None:
    """Try exercises: model answers earn all, empty ones nothing, greedy ones little, typical ones what they should."""
    from policy_eval.evaluation import Engine
    from policy_eval.report.exercise import assemble
    from policy_eval.teaching import exercise, trial
    from policy_eval.teaching.gradebook import Bench

    bench = Bench(exercises, Engine.BOTH)
    tried = [bench.desk(name) for name in names or exercise.names(exercises)]
    checked = [(d.exercise, d.exercise.shown, list(trial.trial(d))) for d in tried]
    output_.deliver(assemble.checks(checked, f"Exercises tried: {len(checked)}."), EXERCISES, format)
    if not all(c.passed for _, _, of_exercise in checked for c in of_exercise):
        raise typer.Exit(1)


@app.command()
def drill(
    principles: Sets = None,
    level: Annotated[int, typer.Option("--level", min=1, max=3, help="1: one rule; 2: several; 3: facts open.")] = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Which drill; the same seed gives the same one.")] = 1,
    keep_as: Annotated[
        str | None, typer.Option("--as", help="Write it as an exercise of this name, for an examination.")
    ] = None,
    into: Annotated[Path, typer.Option("--in", help="The folder to write it into.")] = Path(),
    format: Format = "text",
) -> None:
    """Make a fresh fact pattern with questions; answer it by `exercise start` with the name it has."""
    from policy_eval.report.exercise import assemble
    from policy_eval.teaching import making

    found = making.drilled(principles or ["gdpr"], level, seed)
    if keep_as is None:
        output_.deliver(assemble.exercise(found), EXERCISES, format)
        note(f"next: `policy-eval exercise start {found.id}`")
        return
    for path in making.write(found, into, keep_as):
        print(path)
    note(f"next: `policy-eval exercise list {into / keep_as} -f markdown` prints what you hand out")


def _files(names: Sequence[str]) -> list[Path]:
    """Answers by file, and those of folders; raises `InvalidInput` where a folder holds none."""
    from policy_eval.errors import InvalidInput, Problem, Span
    from policy_eval.teaching.answer import SUFFIXES

    found: list[Path] = []
    for name in names:
        path = Path(name)
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.name.endswith(SUFFIXES))
        if not inside:
            raise InvalidInput([Problem(f"`{name}` holds no answers", Span(name), f"they end in {SUFFIXES[0]}")])
        found += inside
    return list(dict.fromkeys(found))


def _where(exercise: Exercise) -> list[str]:
    """How to say where an exercise lies; nothing of one that is built in, or drawn."""
    from policy_eval.library import shipped

    parent = exercise.folder.parent
    own = exercise.design is None and parent.resolve() != shipped("exercises").resolve()
    return ["-e", str(parent)] if own else []


def _disclosed(exercise: Exercise, instructor: bool, today: dt.date | None) -> bool:
    """Whether the key may be shown."""
    from policy_eval.vocabulary.teaching import Disclosure

    text = exercise.text
    if instructor or text.disclosure is Disclosure.PUBLIC:
        return True
    if text.disclosure is Disclosure.INSTRUCTOR or text.deadline is None:
        return False
    return (today or dt.date.today()) > text.deadline


def _designs(exercise: Exercise) -> dict[str, str]:
    """The designs of an exercise that are handed out, by file name, with what they extend."""
    from policy_eval.teaching.desk import Desk

    if exercise.design is not None:
        return {}
    desk, found = Desk(exercise), dict[str, str]()
    for name in exercise.handed_out:
        file = desk.design(name)
        found |= {Path(f).name: text for f, text in zip(file.files, file.texts, strict=True)}
    return found
