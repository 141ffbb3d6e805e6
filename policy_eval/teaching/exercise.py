"""Find exercises by name or folder, and load them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from policy_eval import source
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.library import shipped
from policy_eval.scaffold import checked_name
from policy_eval.source import suggest
from policy_eval.teaching.model import ExerciseFile, Task
from policy_eval.validation import span_of, validate
from policy_eval.vocabulary.teaching import TaskKind

FILE = "exercise.yaml"


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise, the folder it lies in, the name of that in messages, and its file as a tree.

    `design` is its design where that lies in no file.
    """

    text: ExerciseFile
    folder: Path
    shown: str
    root: source.Node
    design: DesignFile | None = None

    @property
    def id(self) -> str:
        """Its name."""
        return self.text.id

    @property
    def handed_out(self) -> tuple[str, ...]:
        """The designs that whoever solves it is given, by name: not those that are to be written."""
        if not self.text.hand_out:
            return ()
        tasks = [t for t in self.text.tasks if t.kind is not TaskKind.ENCODE]
        of_tasks = (name for t in tasks for name in (t.design, getattr(t, "variant", None)) if name)
        return tuple(dict.fromkeys((self.text.design, *of_tasks)))

    def task(self, name: str) -> Task:
        """One of its tasks."""
        return next(t for t in self.text.tasks if t.id == name)

    def span(self, *steps: str | int) -> Span:
        """Where a value stands in its file; where what holds it stands if it was left out."""
        return span_of(self.root, *steps)


def names(folder: Path | None = None) -> list[str]:
    """Names of the exercises in a folder, by default the built-in ones, from easy to hard; raises `InvalidInput`."""
    own = folder or shipped("exercises")
    if not own.is_dir():
        raise InvalidInput([Problem(f"there is no folder `{own}`", Span(str(own)), "name a folder that holds some")])
    found = sorted(p.parent.name for p in own.glob(f"*/{FILE}"))
    return sorted(found, key=lambda name: load(name, folder).text.level)


def load(name: str, within: Path | None = None) -> Exercise:
    """An exercise by name, or by folder; raises `InvalidInput` with every problem of its file.

    A name is looked for in the folder `within` first, then among the built-in ones.
    """
    folder, shown = _find(name, within)
    root = source.read(folder / FILE, name=f"{shown}/{FILE}").root
    found = Exercise(validate(ExerciseFile, root), folder, shown, root)
    if problems := [*_names(found), *_tasks(found)]:
        raise InvalidInput(problems)
    return found


def is_drill(name: str) -> bool:
    """Whether a name is that of a drill."""
    return name.startswith("drill/")


def _find(name: str, within: Path | None) -> tuple[Path, str]:
    built_in = shipped("exercises") / name
    if within is not None and (within / name / FILE).is_file():
        return within / name, str(within / name)
    if "/" not in name and (built_in / FILE).is_file():
        return built_in, f"exercises/{name}"
    folder = Path(name)
    if (folder / FILE).is_file():
        return folder, name.rstrip("/")
    if folder.is_dir():
        raise InvalidInput([Problem(f"`{name}` holds no {FILE}", Span(name), "see docs/teaching.md for what it holds")])
    known = sorted(p.parent.name for p in (within or shipped("exercises")).glob(f"*/{FILE}"))
    raise InvalidInput([Problem(f"no exercise is called `{name}`", Span(name), suggest(name, known))])


def _names(exercise: Exercise) -> Iterator[Problem]:
    folder = exercise.folder.resolve().name
    try:
        checked_name(exercise.id)
    except InvalidInput as error:
        yield from (replace(p, span=exercise.span("id")) for p in error.problems)
        return
    if exercise.id != folder:
        message = f"the exercise `{exercise.id}` lies in a folder called `{folder}`"
        yield Problem(message, exercise.span("id"), "give both the same name")
    if exercise.text.disclosure.value == "after_deadline" and exercise.text.deadline is None:
        yield Problem("there is no deadline to wait for", exercise.span("disclosure"), "add `deadline: 2026-12-31`")


def _tasks(exercise: Exercise) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, task in enumerate(exercise.text.tasks):
        if task.id in seen:
            yield Problem(f"there are two tasks `{task.id}`", exercise.span("tasks", number, "id"), "rename one")
        seen.add(task.id)
    for number, typical in enumerate(exercise.text.typical):
        for name in typical.points:
            if name not in seen:
                where = exercise.span("typical", number, "points")
                yield Problem(f"no task is called `{name}`", where, suggest(name, seen))
