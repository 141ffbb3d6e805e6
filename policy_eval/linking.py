"""Link the files of a set: check their conditions against the schema, order concepts, bind rules to the set's scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from policy_eval import source
from policy_eval.design.types import One, part_models
from policy_eval.errors import Problem, Span
from policy_eval.language import formula as fm
from policy_eval.language.parse import ConditionError, parse, parse_binder
from policy_eval.language.typecheck import Signatures, Type, check, check_binders, resolve
from policy_eval.principle import Concept, ConceptFile, ConceptHead, Rule, RuleException, RuleFile, SetFile
from policy_eval.source import Scalar, suggest

CONCEPT = ".concept.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file of a set: its tree, its model, and the name it is shown by."""

    tree: source.Mapping
    file: str


def span_in(loaded: Loaded, *keys: str | int) -> Span:
    """The place of a key of a file; of what holds it where it is not there."""
    node: source.Node | None = loaded.tree
    for key in keys:
        if isinstance(node, source.Mapping) and isinstance(key, str):
            node = node.get(key) or node
        elif isinstance(node, source.Sequence) and isinstance(key, int):
            node = node.items[key]
    return node.span if node else loaded.tree.span


def _within(node: source.Node | None, error: ConditionError, fallback: Span) -> Problem:
    """A problem of a condition at its place in the file."""
    if not isinstance(node, Scalar):
        return Problem(error.message, fallback, error.help)
    line, column = error.at
    span = node.span
    block = span.end_line > span.line and not node.plain and "\n" in node.text
    if block:  # the text of a `|` block starts on the next line, indented by two under its key
        at = Span(span.file, span.line + line, column + 3)
    elif line == 1:
        at = Span(span.file, span.line, span.column + column + (0 if node.plain else 1))
    else:
        at = span
    return Problem(error.message, at._replace(end_line=span.end_line, end_column=span.end_column), error.help)


def link_concepts(files: list[tuple[Loaded, ConceptHead]], problems: list[Problem]) -> dict[str, Concept]:
    """Check every concept and order them so that each comes after those it calls."""
    signatures: dict[str, tuple[str, ...]] = {}
    for loaded, text in files:
        wanted = Path(loaded.file).name.removesuffix(CONCEPT).replace("-", "_")
        if wanted != text.id:
            problems.append(Problem(f"the concept `{text.id}` lies in a file for `{wanted}`", span_in(loaded, "id")))
        for kind in text.of:
            if kind not in part_models():
                problems.append(
                    Problem(f"`{kind}` is no kind of part", span_in(loaded, "of"), suggest(kind, part_models()))
                )
        signatures[text.id] = text.of
    linked = {}
    for loaded, text in files:
        concept = _link_concept(loaded, text, signatures, problems)
        if concept is not None:
            linked[text.id] = concept
    return _ordered(linked, problems)


def reachable(concepts: dict[str, Concept], scope: fm.Formula, rules: Iterable[Rule], shown: str) -> dict[str, Concept]:
    """A set's own concepts and those shared ones that it asks, in their order."""
    formulas = [scope, *(f for r in rules for f in (r.applies, r.violated, *(e.when for e in r.exceptions)))]
    pending = [call.concept for f in formulas for call in fm.calls(f)]
    pending += [c.id for c in concepts.values() if Path(c.file).parent == Path(shown)]
    found: set[str] = set()
    while pending:
        concept = concepts[pending.pop()]
        if concept.id not in found:
            found.add(concept.id)
            pending += [call.concept for f in (concept.holds, concept.fails) if f for call in fm.calls(f)]
    return {name: c for name, c in concepts.items() if name in found}


def _link_concept(loaded: Loaded, text: ConceptHead, signatures: Signatures, problems: list[Problem]) -> Concept | None:
    env: dict[str, Type] = {kind: One(kind) for kind in text.of if kind in part_models()}
    formulas: list[fm.Formula | None] = []
    for key in ("holds_when", "fails_when"):
        written = getattr(text, key)
        formulas.append(_formula(loaded, written, (key,), env, signatures, problems) if written else None)
    if isinstance(text, ConceptFile) and (text.fails_when is None) != (text.unsettled is None):
        problems.append(
            Problem("`fails_when` and `unsettled` come together", span_in(loaded, "holds_when"),
                    "say what the law leaves open between the two, with authorities on both sides")
        )  # fmt: skip
    holds, fails = formulas
    return Concept(text, loaded.file, text.of, holds, fails) if holds is not None else None


def _formula(
    loaded: Loaded,
    text: str,
    keys: tuple[str | int, ...],
    env: Mapping[str, Type],
    signatures: Signatures,
    problems: list[Problem],
) -> fm.Formula | None:
    try:
        return check(parse(text), env, signatures)
    except ConditionError as error:
        node: source.Node | None = loaded.tree
        for key in keys:
            if isinstance(node, source.Mapping):
                node = node.get(str(key))
            elif isinstance(node, source.Sequence) and isinstance(key, int):
                node = node.items[key]
        problems.append(_within(node, error, span_in(loaded)))
        return None


def _ordered(concepts: dict[str, Concept], problems: list[Problem]) -> dict[str, Concept]:
    graph = {
        c.id: sorted({call.concept for f in (c.holds, c.fails) if f for call in fm.calls(f)}) for c in concepts.values()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        first = concepts[circle[0]]
        problems.append(
            Problem(f"concepts call each other in a circle: {' -> '.join(circle)}", Span(first.file),
                    "state one of them by facts alone")
        )  # fmt: skip
        return concepts
    return {name: concepts[name] for name in order if name in concepts}


class Linker:
    """Links the scope and the rules of one set."""

    def __init__(self, text: SetFile, head: Loaded, signatures: Signatures, problems: list[Problem]) -> None:
        self.text, self.signatures, self.problems = text, signatures, problems
        self.scope = (
            _formula(head, text.scope.applies_when, ("scope", "applies_when"), {}, signatures, problems) or fm.TRUE
        )
        self.reach: dict[str, fm.Formula] = {}
        for kind, written in text.scope.applies_to.items():
            if kind not in part_models():
                problems.append(
                    Problem(
                        f"`{kind}` is no kind of part",
                        span_in(head, "scope", "applies_to"),
                        suggest(kind, part_models()),
                    )
                )
                continue
            keys = ("scope", "applies_to", kind)
            formula = _formula(head, written, keys, {kind: One(kind)}, signatures, problems)
            if formula is not None:
                self.reach[kind] = formula

    def rule(self, loaded: Loaded, text: RuleFile) -> Rule | None:
        """The rule with its conditions checked; None where a problem was noted."""
        before = len(self.problems)
        binders, env = self._binders(loaded, text)
        own = self._condition(loaded, text.applies_when, ("applies_when",), env) or fm.TRUE
        violated = self._condition(loaded, text.violated_when, ("violated_when",), env)
        exceptions = []
        for number, exception in enumerate(text.exceptions):
            when = self._condition(loaded, exception.when, ("exceptions", number, "when"), env)
            if when is not None:
                exceptions.append(RuleException(exception, when, exception.burden or self.text.default_burden))
        self._message(loaded, text, env)
        if len(self.problems) > before or violated is None:
            return None
        reach = [fm.rename(self.reach[b.kind], b.kind, b.variable) for b in binders if b.kind in self.reach]
        applies = fm.conjunction(own, *reach)
        return Rule(text, loaded.file, binders, _links(own), own, applies, violated, tuple(exceptions))

    def _condition(
        self, loaded: Loaded, text: str | None, keys: tuple[str | int, ...], env: Mapping[str, Type]
    ) -> fm.Formula | None:
        return _formula(loaded, text, keys, env, self.signatures, self.problems) if text else None

    def _binders(self, loaded: Loaded, text: RuleFile) -> tuple[tuple[fm.Binder, ...], dict[str, Type]]:
        try:
            return check_binders(tuple(parse_binder(b) for b in text.for_each))
        except ConditionError as error:
            self.problems.append(Problem(error.message, span_in(loaded, "for_each"), error.help))
            return (), {}

    def _message(self, loaded: Loaded, text: RuleFile, env: Mapping[str, Type]) -> None:
        for written in placeholders(text.message):
            try:
                resolve(fm.Path(*_root_and_steps(written)), env)
            except ConditionError as error:
                self.problems.append(
                    Problem(f"in the message: {error.message}", span_in(loaded, "message"), error.help)
                )
            else:
                if written.split(".")[0] not in env:
                    self.problems.append(
                        Problem(f"the message shows `{written}`, which no `for_each` binds", span_in(loaded, "message"))
                    )


def placeholders(message: str) -> Iterator[str]:
    """The paths a message shows, in order."""
    rest = message
    while "{" in rest and "}" in rest:
        _, rest = rest.split("{", 1)
        written, rest = rest.split("}", 1)
        yield written


def _root_and_steps(written: str) -> tuple[str, tuple[str, ...]]:
    root, *steps = written.split(".")
    return root, tuple(steps)


def _links(own: fm.Formula) -> tuple[fm.Formula, ...]:
    """Conjuncts that join two bound parts: identity, or one being in a list of the other."""
    parts = own.parts if isinstance(own, fm.And) else (own,)
    return tuple(p for p in parts if len(fm.joined(p)) > 1)
