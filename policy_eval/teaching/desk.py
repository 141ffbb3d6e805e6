"""An exercise on the desk: its instruments loaded, its designs judged under them when they are first asked for."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from policy_eval import library, source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.evaluation import Engine, Evaluation, Judges
from policy_eval.findings import RuleResult
from policy_eval.principle import PrincipleSet, Rule
from policy_eval.source import Entry, Mapping, Scalar, Sequence
from policy_eval.teaching.exercise import Exercise
from policy_eval.teaching.model import Edits, Task
from policy_eval.vocabulary.law import Principle

_HERE = Span("edits")


class Desk:
    """What tasks of an exercise are marked by."""

    def __init__(self, exercise: Exercise, engine: Engine = Engine.BOTH) -> None:
        self.exercise, self.engine = exercise, engine
        self.profile = library.load_profile("default")
        self.sets = _sets(exercise)
        self._judges = Judges(self.sets, self.profile, engine)
        self._judged: dict[str, tuple[Evaluation, ...]] = {}
        self._designs: dict[str, DesignFile] = {}

    def design(self, name: str | None = None) -> DesignFile:
        """A design the exercise names, by default its own; raises `InvalidInput`."""
        name = name or self.exercise.text.design
        if self.exercise.design is not None and name == self.exercise.text.design:
            return self.exercise.design
        if name not in self._designs:
            self._designs[name] = self._load(name)
        return self._designs[name]

    def changed(self, name: str | None, edits: Edits, node: source.Node | None) -> DesignFile:
        """A design with some edits, `node` their place; raises `InvalidInput`."""
        return self._load(name or self.exercise.text.design, as_changes(edits, node))

    def evaluations(self, name: str | None = None) -> tuple[Evaluation, ...]:
        """A design that the exercise names, under every instrument."""
        name = name or self.exercise.text.design
        if name not in self._judged:
            self._judged[name] = self.judge(self.design(name))
        return self._judged[name]

    def judge(self, file: DesignFile) -> tuple[Evaluation, ...]:
        """A design under every instrument."""
        return tuple(j.evaluate(file) for j in self._judges.on(self.exercise.text.as_of))

    def set(self, name: str) -> PrincipleSet:
        """One of the instruments by its id."""
        return next(s for s in self.sets if s.id == name)

    @functools.cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules of the instruments that are in force, by id."""
        return {r.rule.id: r.rule for e in self.evaluations() for r in e.results}

    def selected(
        self, task: Task, evaluations: Iterable[Evaluation] | None = None
    ) -> Iterator[tuple[Evaluation, RuleResult]]:
        """The results of the rules a task is about, for its design or the evaluations of another."""
        rules: tuple[str, ...] = getattr(task, "rules", ())
        principles: tuple[Principle, ...] = getattr(task, "principles", ())
        for evaluation in evaluations if evaluations is not None else self.evaluations(task.design):
            for result in evaluation.results:
                named = result.rule.id in rules or result.rule.text.principle in principles
                if named or not (rules or principles):
                    yield evaluation, result

    def own(self, name: str) -> Path | None:
        """The file of a design that lies beside the exercise; None of one that is built in."""
        path = self.exercise.folder / name
        return path if name.endswith((".yaml", ".yml")) and path.is_file() else None

    def tree(self, name: str) -> Mapping:
        """A design as a tree, what it extends included."""
        own = self.own(name)
        return loading.composed(own, self.exercise.folder, self._shown(name)) if own else library.design_tree(name)

    def _load(self, name: str, changes: Mapping | None = None) -> DesignFile:
        own = self.own(name)
        if own is None:
            return library.load_design(name, changes)
        return loading.load(own, self.exercise.folder, self._shown(name), changes=changes)

    def _shown(self, name: str) -> str:
        return f"{self.exercise.shown}/{name}"


def _sets(exercise: Exercise) -> list[PrincipleSet]:
    """The instruments: sets beside the exercise, and those the library knows; refuses two of one id."""
    whole, found = _argued(exercise), dict[str, PrincipleSet]()
    for number, name in enumerate(exercise.text.instruments):
        own = exercise.folder / name
        beside = (own / "set.yaml").is_file()
        shown = f"{exercise.shown}/{name}" if beside else None
        span = exercise.span("instruments", number)
        try:
            loaded = library.load_set(str(own.resolve()) if beside else name, examples=whole, shown=shown)
        except InvalidInput as error:
            raise InvalidInput([replace(p, span=span) if p.span == Span(name) else p for p in error.problems]) from None
        if loaded.id in found:
            raise InvalidInput([Problem(f"the set `{loaded.id}` is there twice", span, "keep one of them")])
        found[loaded.id] = loaded
    return list(found.values())


def _argued(exercise: Exercise) -> bool:
    """Whether what stands behind concepts is needed."""
    return any(t.kind.value == "argue" for t in exercise.text.tasks)


def as_changes(edits: Edits, node: source.Node | None) -> Mapping:
    """Edits as the tree of a variant: the one they were read from, or one made of them."""
    if isinstance(node, Mapping):
        return node
    return Mapping(
        _HERE,
        (
            Entry("set", _HERE, _node(edits.set)),
            Entry("forget", _HERE, _node(list(edits.forget))),
            Entry("remove", _HERE, _node(list(edits.remove))),
        ),
    )


def _node(value: object) -> source.Node:
    if isinstance(value, dict):
        return Mapping(_HERE, tuple(Entry(str(k), _HERE, _node(v)) for k, v in value.items()))
    if isinstance(value, list | tuple):
        return Sequence(_HERE, tuple(_node(v) for v in value))
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    assert isinstance(value, str | int | float | bool)
    return Scalar(_HERE, value, text, not isinstance(value, str))


def rule_named(desk: Desk, name: str, span: Span) -> Rule:
    """A rule by id, short id or alias; raises `InvalidInput` where none or several are meant."""
    found = [r for r in desk.rules.values() if name in (r.id, r.id.split("/")[1], *r.text.aliases)]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(f"`{r.id}`" for r in found)
        raise InvalidInput([Problem(f"`{name}` is in several instruments", span, f"name one of {which}")])
    help = source.suggest(name, desk.rules)
    raise InvalidInput([Problem(f"no rule of the instruments is called `{name}`", span, help)])


def beside(path: Path, name: str, span: Span) -> Path:
    """A file that an answer or exercise names, in its own folder; raises `InvalidInput`."""
    found = (path / name).resolve()
    if not found.is_relative_to(path.resolve()):
        raise InvalidInput([Problem(f"`{name}` lies outside the folder", span, "put it beside the file that names it")])
    if not os.path.isfile(found):
        raise InvalidInput([Problem(f"there is no file `{name}` here", span, "put it beside the file that names it")])
    return found
