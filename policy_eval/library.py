"""Find principle sets and designs by name or path, load them, and link conditions to the schema."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

from policy_eval import source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.design.types import One, part_models
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.language import formula as fm
from policy_eval.language.parse import ConditionError, parse, parse_binder
from policy_eval.language.typecheck import Signatures, Type, check, check_binders, resolve
from policy_eval.principle import (
    Concept,
    ConceptFile,
    ConceptHead,
    PrincipleSet,
    ProfileFile,
    Rule,
    RuleException,
    RuleFile,
    SetFile,
)  # fmt: skip
from policy_eval.source import Scalar, suggest
from policy_eval.validation import validate

RULE, CONCEPT, DESIGN = ".rule.yaml", ".concept.yaml", ".design.yaml"
SHARED, PROFILES = "concepts", "profiles"
File = TypeVar("File", SetFile, RuleFile, ConceptHead)
# What evaluation does not read, by kind of file: four fifths of all text.
_UNREAD = {
    "set.yaml": frozenset({"provisions"}),
    RULE: frozenset({"examples"}),
    CONCEPT: frozenset({"unsettled", "grounds", "rationale", "examples"}),
}
_HEAD_KEY = re.compile(rf"^({'|'.join(ConceptHead.model_fields)})\s*:", re.MULTILINE)


@functools.cache
def shipped(folder: str) -> Path:
    """The folder of built-in data: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / folder
    return inside if inside.is_dir() else package.parent / folder


def set_names() -> list[str]:
    """Names of the built-in principle sets."""
    return sorted(p.parent.name for p in shipped("principles").glob("*/set.yaml"))


def design_names() -> list[str]:
    """Names of the built-in designs."""
    return sorted(p.name.removesuffix(DESIGN) for p in shipped("designs").glob(f"*{DESIGN}"))


def designs_of(principles: PrincipleSet) -> list[str]:
    """The designs a set ships with: the built-in ones, or those that lie in the folder of a set of one's own."""
    if principles.folder == shipped("principles") / principles.id:
        return design_names()
    return [str(p) for p in sorted(principles.folder.glob(f"*{DESIGN}"))]


def profile_names() -> list[str]:
    """Names of the built-in profiles."""
    return sorted(p.stem for p in (shipped("principles") / PROFILES).glob("*.yaml"))


def load_design(name: str) -> DesignFile:
    """A built-in design by name, or any by path; raises `InvalidInput`."""
    path = Path(name)
    if name in design_names():
        folder = shipped("designs")
        return loading.load(folder / f"{name}{DESIGN}", folder, f"designs/{name}{DESIGN}")
    if path.exists() or "/" in name or name.endswith((".yaml", ".yml")):
        return loading.load(path, path.parent, name)
    raise InvalidInput([Problem(f"no design is called `{name}`", Span(name), suggest(name, design_names()))])


def load_profile(name: str) -> ProfileFile:
    """A profile by name or path; raises `InvalidInput`."""
    path, shown = Path(name), name
    if name in profile_names():
        path, shown = shipped("principles") / PROFILES / f"{name}.yaml", f"principles/{PROFILES}/{name}.yaml"
    elif not path.exists() and "/" not in name:
        raise InvalidInput([Problem(f"no profile is called `{name}`", Span(name), suggest(name, profile_names()))])
    return validate(ProfileFile, source.read(path, name=shown).root)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file of a set: its tree, its model, and the name it is shown by."""

    tree: source.Mapping
    file: str


def load_set(name: str, *, examples: bool = False) -> PrincipleSet:
    """A principle set by name or folder, linked; raises `InvalidInput` with every problem of its files.

    Examples, provisions and what stands behind concepts are read only where asked for: evaluation does not need them.
    """
    folder, shown = _find_set(name)
    problems: list[Problem] = []
    head = _read(folder / "set.yaml", f"{shown}/set.yaml", problems, "" if examples else "set.yaml")
    set_file = _validated(SetFile, head, problems) if head else None
    shared = shipped("principles") / SHARED
    concept_trees = [
        *_read_all(shared, f"principles/{SHARED}", CONCEPT, problems, whole=examples),
        *_read_all(folder, shown, CONCEPT, problems, whole=examples),
    ]
    # A set's own concept takes the place of a shared one of the same name.
    model = ConceptFile if examples else ConceptHead
    by_name = {text.id: (tree, text) for tree, text in _models(model, concept_trees, problems)}
    concepts = _link_concepts(list(by_name.values()), problems)
    rule_trees = _read_all(folder, shown, RULE, problems, whole=examples)
    rules = _models(RuleFile, rule_trees, problems)
    if set_file is None or head is None:
        raise InvalidInput(problems)
    _check_names(set_file, folder, rules, head, problems)
    signatures = {c.id: tuple(c.text.of) for c in concepts.values()}
    linker = _Linker(set_file, head, signatures, problems)
    linked = tuple(r for r in (linker.rule(loaded, text) for loaded, text in rules) if r is not None)
    if problems:
        raise InvalidInput(problems)
    concepts = _reachable(concepts, linker.scope, linked, shown)
    return PrincipleSet(set_file, folder, shown, linker.scope, tuple(sorted(linked, key=lambda r: r.id)), concepts)


def example_nodes(principles: PrincipleSet) -> dict[str, source.Node | None]:
    """The `examples` of a set's files as trees, by rule, by concept, and `scope`."""
    nodes: dict[str, source.Node | None] = {}
    head = source.read(principles.folder / "set.yaml", name=f"{principles.shown}/set.yaml").root
    scope = head.get("scope") if isinstance(head, source.Mapping) else None
    nodes["scope"] = scope.get("examples") if isinstance(scope, source.Mapping) else None
    shared = shipped("principles") / SHARED
    files = [(shared, f"principles/{SHARED}"), (principles.folder, principles.shown)]
    for folder, shown in files:
        for suffix in (CONCEPT, RULE):
            for loaded in _read_all(folder, shown, suffix, [], whole=True):
                name = loaded.tree.get("id")
                if isinstance(name, Scalar):
                    nodes[name.text] = loaded.tree.get("examples")
    return nodes


def set_folder(name: str) -> Path:
    """The folder of a principle set; raises `InvalidInput`."""
    return _find_set(name)[0]


def _find_set(name: str) -> tuple[Path, str]:
    if name in set_names():
        return shipped("principles") / name, f"principles/{name}"
    folder = Path(name)
    if (folder / "set.yaml").is_file():
        return folder, name.rstrip("/")
    if folder.is_dir():
        raise InvalidInput(
            [Problem(f"`{name}` holds no set.yaml", Span(name), "see docs/rules.md for what a set holds")]
        )
    raise InvalidInput([Problem(f"no principle set is called `{name}`", Span(name), suggest(name, set_names()))])


def _read(path: Path, shown: str, problems: list[Problem], kind: str) -> _Loaded | None:
    """A file of a set, without what `_UNREAD` names for its kind."""
    try:
        document = source.read(path, name=shown, stop_at=_UNREAD.get(kind, frozenset()))
        if kind == CONCEPT and _HEAD_KEY.search(document.rest):  # its keys are in another order than usual
            document = source.read(path, name=shown, stop_at=frozenset({"examples"}))
    except InvalidInput as error:
        problems.extend(error.problems)
        return None
    if not isinstance(document.root, source.Mapping):
        problems.append(Problem("the file is a group of `name: value` lines", document.root.span))
        return None
    return _Loaded(document.root, shown)


def _read_all(folder: Path, shown: str, suffix: str, problems: list[Problem], *, whole: bool) -> list[_Loaded]:
    paths = sorted(folder.glob(f"*{suffix}"), key=lambda p: p.name)
    read = [_read(p, f"{shown}/{p.name}", problems, "" if whole else suffix) for p in paths]
    return [r for r in read if r is not None]


def _validated(model: type[File], loaded: _Loaded, problems: list[Problem]) -> File | None:
    try:
        return validate(model, loaded.tree)
    except InvalidInput as error:
        problems.extend(error.problems)
        return None


def _models(model: type[File], trees: Iterable[_Loaded], problems: list[Problem]) -> list[tuple[_Loaded, File]]:
    found = [(t, _validated(model, t, problems)) for t in trees]
    return [(t, m) for t, m in found if m is not None]


def _check_names(
    set_file: SetFile, folder: Path, rules: list[tuple[_Loaded, RuleFile]], head: _Loaded, problems: list[Problem]
) -> None:
    if set_file.id != folder.resolve().name:
        problems.append(
            Problem(f"the set `{set_file.id}` lies in a folder called `{folder.resolve().name}`", _span(head, "id"),
                    "give both the same name")
        )  # fmt: skip
    for loaded, rule in rules:
        wanted = f"{set_file.id}/{Path(loaded.file).name.removesuffix(RULE)}"
        if rule.id != wanted:
            problems.append(
                Problem(
                    f"the rule `{rule.id}` lies in a file for `{wanted}`", _span(loaded, "id"), f"write `id: {wanted}`"
                )
            )
        tiers = [t.id for t in set_file.sanction_tiers]
        if rule.sanction_tier is not None and rule.sanction_tier not in tiers:
            problems.append(
                Problem(f"`{rule.sanction_tier}` is no tier of the set", _span(loaded, "sanction_tier"),
                        suggest(rule.sanction_tier, tiers))
            )  # fmt: skip


def _span(loaded: _Loaded, *keys: str | int) -> Span:
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


def _link_concepts(files: list[tuple[_Loaded, ConceptHead]], problems: list[Problem]) -> dict[str, Concept]:
    """Check every concept and order them so that each comes after those it calls."""
    signatures: dict[str, tuple[str, ...]] = {}
    for loaded, text in files:
        wanted = Path(loaded.file).name.removesuffix(CONCEPT).replace("-", "_")
        if wanted != text.id:
            problems.append(Problem(f"the concept `{text.id}` lies in a file for `{wanted}`", _span(loaded, "id")))
        for kind in text.of:
            if kind not in part_models():
                problems.append(
                    Problem(f"`{kind}` is no kind of part", _span(loaded, "of"), suggest(kind, part_models()))
                )
        signatures[text.id] = text.of
    linked = {}
    for loaded, text in files:
        concept = _link_concept(loaded, text, signatures, problems)
        if concept is not None:
            linked[text.id] = concept
    return _ordered(linked, problems)


def _reachable(
    concepts: dict[str, Concept], scope: fm.Formula, rules: Iterable[Rule], shown: str
) -> dict[str, Concept]:
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


def _link_concept(
    loaded: _Loaded, text: ConceptHead, signatures: Signatures, problems: list[Problem]
) -> Concept | None:
    env: dict[str, Type] = {kind: One(kind) for kind in text.of if kind in part_models()}
    formulas: list[fm.Formula | None] = []
    for key in ("holds_when", "fails_when"):
        written = getattr(text, key)
        formulas.append(_formula(loaded, written, (key,), env, signatures, problems) if written else None)
    if isinstance(text, ConceptFile) and (text.fails_when is None) != (text.unsettled is None):
        problems.append(
            Problem("`fails_when` and `unsettled` come together", _span(loaded, "holds_when"),
                    "say what the law leaves open between the two, with authorities on both sides")
        )  # fmt: skip
    holds, fails = formulas
    return Concept(text, loaded.file, text.of, holds, fails) if holds is not None else None


def _formula(
    loaded: _Loaded,
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
        problems.append(_within(node, error, _span(loaded)))
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


class _Linker:
    """Links the scope and the rules of one set."""

    def __init__(self, text: SetFile, head: _Loaded, signatures: Signatures, problems: list[Problem]) -> None:
        self.text, self.signatures, self.problems = text, signatures, problems
        self.scope = (
            _formula(head, text.scope.applies_when, ("scope", "applies_when"), {}, signatures, problems) or fm.TRUE
        )
        self.reach: dict[str, fm.Formula] = {}
        for kind, written in text.scope.applies_to.items():
            if kind not in part_models():
                problems.append(
                    Problem(
                        f"`{kind}` is no kind of part", _span(head, "scope", "applies_to"), suggest(kind, part_models())
                    )
                )
                continue
            keys = ("scope", "applies_to", kind)
            formula = _formula(head, written, keys, {kind: One(kind)}, signatures, problems)
            if formula is not None:
                self.reach[kind] = formula

    def rule(self, loaded: _Loaded, text: RuleFile) -> Rule | None:
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
        self, loaded: _Loaded, text: str | None, keys: tuple[str | int, ...], env: Mapping[str, Type]
    ) -> fm.Formula | None:
        return _formula(loaded, text, keys, env, self.signatures, self.problems) if text else None

    def _binders(self, loaded: _Loaded, text: RuleFile) -> tuple[tuple[fm.Binder, ...], dict[str, Type]]:
        try:
            return check_binders(tuple(parse_binder(b) for b in text.for_each))
        except ConditionError as error:
            self.problems.append(Problem(error.message, _span(loaded, "for_each"), error.help))
            return (), {}

    def _message(self, loaded: _Loaded, text: RuleFile, env: Mapping[str, Type]) -> None:
        for written in placeholders(text.message):
            try:
                resolve(fm.Path(*_root_and_steps(written)), env)
            except ConditionError as error:
                self.problems.append(Problem(f"in the message: {error.message}", _span(loaded, "message"), error.help))
            else:
                if written.split(".")[0] not in env:
                    self.problems.append(
                        Problem(f"the message shows `{written}`, which no `for_each` binds", _span(loaded, "message"))
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
