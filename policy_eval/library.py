"""Find principle sets and designs by name or path, and load them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from policy_eval import source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.linking import CONCEPT, Linker, Loaded, link_concepts, reachable, span_in
from policy_eval.principle import ConceptFile, ConceptHead, PrincipleSet, ProfileFile, RuleFile, SetFile
from policy_eval.source import Scalar, suggest
from policy_eval.validation import validate

RULE, DESIGN = ".rule.yaml", ".design.yaml"
LENS, CASES = ".lens.yaml", "cases"
SHARED, PROFILES, LENSES = "concepts", "profiles", "lenses"
File = TypeVar("File", SetFile, RuleFile, ConceptHead)
# What evaluation does not read, by kind of file: four fifths of all text.
_UNREAD = {
    "set.yaml": frozenset({"provisions"}),
    RULE: frozenset({"examples"}),
    CONCEPT: frozenset({"unsettled", "grounds", "rationale", "examples"}),
}
_TOP_KEY = re.compile(r"""^["']?([A-Za-z_]\w*)["']?\s*:""", re.MULTILINE)


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
    if principles.folder.resolve() == (shipped("principles") / principles.id).resolve():
        return design_names()
    return [str(p) for p in sorted(principles.folder.glob(f"*{DESIGN}"))]


def profile_names() -> list[str]:
    """Names of the built-in profiles."""
    return sorted(p.stem for p in (shipped("principles") / PROFILES).glob("*.yaml"))


def load_design(name: str, changes: source.Mapping | None = None) -> DesignFile:
    """A built-in design by name, or any by path; raises `InvalidInput`.

    `changes` are those of a variant (`set`, `forget`, `remove`) that is written nowhere else.
    """
    return loading.load(*_find_design(name), changes=changes)


def design_tree(name: str) -> source.Mapping:
    """A design as a tree, what it extends included; raises `InvalidInput`."""
    return loading.composed(*_find_design(name))


def _find_design(name: str) -> tuple[Path, Path, str]:
    """The file of a design, the folder it may not leave, and its name in messages."""
    path, folder = Path(name), shipped("designs")
    if name in design_names() or (name.startswith(f"{CASES}/") and (folder / f"{name}{DESIGN}").is_file()):
        return folder / f"{name}{DESIGN}", folder, f"designs/{name}{DESIGN}"
    if path.exists() or "/" in name or name.endswith((".yaml", ".yml")):
        return path, path.parent, name
    raise InvalidInput([Problem(f"no design is called `{name}`", Span(name), suggest(name, design_names()))])


def load_profile(name: str) -> ProfileFile:
    """A profile by name or path; raises `InvalidInput`."""
    path, shown = Path(name), name
    if name in profile_names():
        path, shown = shipped("principles") / PROFILES / f"{name}.yaml", f"principles/{PROFILES}/{name}.yaml"
    elif not path.exists() and "/" not in name:
        raise InvalidInput([Problem(f"no profile is called `{name}`", Span(name), suggest(name, profile_names()))])
    return validate(ProfileFile, source.read(path, name=shown).root)


def load_set(
    name: str, *, examples: bool = False, draft: Loaded | None = None, shown: str | None = None
) -> PrincipleSet:
    """A principle set by name or folder, linked; raises `InvalidInput` with every problem of its files.

    Examples, provisions and what stands behind concepts are read only where asked for: evaluation does not need them.
    A `draft` is linked in place of the set's own rules, wherever it lies; `shown` names the folder in messages.
    """
    folder, named = _find_set(name)
    shown = shown or named
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
    own = [loaded for loaded in concept_trees if Path(loaded.file).parent == Path(shown)]
    _check_twice(own, problems)
    by_name = {text.id: (tree, text) for tree, text in _models(model, concept_trees, problems)}
    concepts = link_concepts(list(by_name.values()), problems)
    rule_trees = [draft] if draft else _read_all(folder, shown, RULE, problems, whole=examples)
    rules = _models(RuleFile, rule_trees, problems)
    if set_file is None or head is None:
        raise InvalidInput(problems)
    _check_names(set_file, folder, [] if draft else rules, head, problems)
    signatures = {c.id: tuple(c.text.of) for c in concepts.values()}
    linker = Linker(set_file, head, signatures, problems)
    linked = tuple(r for r in (linker.rule(loaded, text) for loaded, text in rules) if r is not None)
    if problems:
        raise InvalidInput(problems)
    concepts = reachable(concepts, linker.scope, linked, shown)
    nodes = _example_nodes(head, [*concept_trees, *rule_trees]) if examples else {}
    in_order = tuple(sorted(linked, key=lambda r: r.id))
    return PrincipleSet(set_file, folder, shown, linker.scope, in_order, concepts, nodes)


def load_sets(names: Iterable[str], *, examples: bool = False) -> list[tuple[str, PrincipleSet]]:
    """Sets by name or folder, each once, with the name it was asked by; refuses two sets of one id."""
    found: dict[Path, tuple[str, PrincipleSet]] = {}
    for name in names:
        folder = set_folder(name).resolve()
        if folder not in found:
            found[folder] = (name, load_set(name, examples=examples))
    by_id: dict[str, str] = {}
    for name, loaded in found.values():
        if loaded.id in by_id:
            message = f"two sets have the id `{loaded.id}`: {by_id[loaded.id]} and {name}"
            raise InvalidInput([Problem(message, Span(name), "use one of them, or give yours another id and folder")])
        by_id[loaded.id] = name
    return list(found.values())


def example_nodes(principles: PrincipleSet) -> dict[str, source.Node | None]:
    """The `examples` of the files of a set loaded with them, as trees, by rule, by concept, and `scope`."""
    return dict(principles.examples)


def _example_nodes(head: Loaded, files: Iterable[Loaded]) -> dict[str, source.Node | None]:
    scope = head.tree.get("scope")
    nodes = {"scope": scope.get("examples") if isinstance(scope, source.Mapping) else None}
    for loaded in files:
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
    lens = (shipped("principles") / LENSES / f"{name}{LENS}").is_file()
    help = f"it is a lens: `--lens {name}`" if lens else suggest(name, set_names())
    raise InvalidInput([Problem(f"no principle set is called `{name}`", Span(name), help)])


def _read(path: Path, shown: str, problems: list[Problem], kind: str) -> Loaded | None:
    """A file of a set, without what `_UNREAD` names for its kind, whatever the order of its keys."""
    unread = _UNREAD.get(kind, frozenset())
    try:
        document = source.read(path, name=shown, stop_at=unread)
        if set(_TOP_KEY.findall(document.rest)) - unread:  # something that is needed comes later
            document = source.read(path, name=shown)
    except InvalidInput as error:
        problems.extend(error.problems)
        return None
    root = document.root
    if not isinstance(root, source.Mapping):
        problems.append(Problem("the file is a group of `name: value` lines", root.span))
        return None
    return Loaded(source.Mapping(root.span, tuple(e for e in root.entries if e.key not in unread)), shown)


def _read_all(folder: Path, shown: str, suffix: str, problems: list[Problem], *, whole: bool) -> list[Loaded]:
    paths = sorted(folder.glob(f"*{suffix}"), key=lambda p: p.name)
    read = [_read(p, f"{shown}/{p.name}", problems, "" if whole else suffix) for p in paths]
    return [r for r in read if r is not None]


def _validated(model: type[File], loaded: Loaded, problems: list[Problem]) -> File | None:
    try:
        return validate(model, loaded.tree)
    except InvalidInput as error:
        problems.extend(error.problems)
        return None


def _models(model: type[File], trees: Iterable[Loaded], problems: list[Problem]) -> list[tuple[Loaded, File]]:
    found = [(t, _validated(model, t, problems)) for t in trees]
    return [(t, m) for t, m in found if m is not None]


def _check_twice(own: list[Loaded], problems: list[Problem]) -> None:
    """Two files of a set for one concept: `a-b` and `a_b` are the same name in conditions."""
    first: dict[str, Loaded] = {}
    for loaded in own:
        name = Path(loaded.file).name.removesuffix(CONCEPT).replace("-", "_")
        if name in first:
            message = f"the concept `{name}` has a file already: {first[name].file}"
            problems.append(Problem(message, span_in(loaded, "id"), "keep one of them"))
        first.setdefault(name, loaded)


def _check_names(
    set_file: SetFile, folder: Path, rules: list[tuple[Loaded, RuleFile]], head: Loaded, problems: list[Problem]
) -> None:
    if set_file.id != folder.resolve().name:
        problems.append(
            Problem(f"the set `{set_file.id}` lies in a folder called `{folder.resolve().name}`", span_in(head, "id"),
                    "give both the same name")
        )  # fmt: skip
    for loaded, rule in rules:
        wanted = f"{set_file.id}/{Path(loaded.file).name.removesuffix(RULE)}"
        if rule.id != wanted:
            problems.append(
                Problem(
                    f"the rule `{rule.id}` lies in a file for `{wanted}`",
                    span_in(loaded, "id"),
                    f"write `id: {wanted}`",
                )
            )
        tiers = [t.id for t in set_file.sanction_tiers]
        if rule.sanction_tier is not None and rule.sanction_tier not in tiers:
            problems.append(
                Problem(f"`{rule.sanction_tier}` is no tier of the set", span_in(loaded, "sanction_tier"),
                        suggest(rule.sanction_tier, tiers))
            )  # fmt: skip
