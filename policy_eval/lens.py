"""Lenses: analytic frameworks that ask questions of a design and sort findings, without norms, numbers or bands.

A category names principles and fields of the schema. A rule falls under it if it serves one of the principles and reads
one of the fields, itself or through concepts; what is left out does not narrow. So a lens sorts the rules of any set,
and shows which of its categories no rule covers.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from policy_eval import library, source
from policy_eval.design.paths import PartPath
from policy_eval.design.types import One, part_lists, part_models
from policy_eval.engine.evidence import Fact
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS, RuleResult
from policy_eval.language import fields
from policy_eval.language import formula as fm
from policy_eval.principle import Ground, PrincipleSet, Rule, SetName
from policy_eval.source import suggest
from policy_eval.validation import validate
from policy_eval.vocabulary.law import Principle, SetKind

Prose = Annotated[str, Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Category(_File):
    """One category of a lens."""

    id: SetName = Field(description="name within the lens")
    title: Prose = Field(description="its name in the field")
    about: Prose = Field(description="what falls under it, in our own words")
    question: Prose = Field(description="what it asks of a design")
    principles: tuple[Principle, ...] = Field(default=(), description="rules that serve one of these fall under it")
    facts: tuple[str, ...] = Field(default=(), description="and read one of these fields", examples=["use.link"])
    beyond: str | None = Field(default=None, description="why no rule can cover it, where that is so")


class LensFile(_File):
    """An analytic framework, as written in `lenses/<lens>.lens.yaml`."""

    id: SetName = Field(description="name of the lens, and of its file")
    title: Prose = Field(description="name of the framework")
    kind: SetKind = Field(description="always `framework`: it holds no norms")
    version: Prose = Field(description="version of this file")
    about: Prose = Field(description="what it looks at")
    grounds: tuple[Ground, ...] = Field(min_length=1, max_length=4, description="where the framework is described")
    categories: tuple[Category, ...] = Field(min_length=1, description="its categories, in the order of the framework")


@dataclass(frozen=True, slots=True)
class Looked:
    """A category asked of one design: results of the rules that fall under it, facts stated and not, as paths."""

    category: Category
    results: tuple[RuleResult, ...]
    stated: tuple[PartPath, ...]
    unknown: tuple[PartPath, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """A category and the rules that fall under it, in the order of their sets."""

    category: Category
    rules: tuple[Rule, ...]


def lens_names() -> list[str]:
    """Names of the built-in lenses."""
    return sorted(p.name.removesuffix(library.LENS) for p in _folder().glob(f"*{library.LENS}"))


def _folder() -> Path:
    return library.shipped("principles") / library.LENSES


def load_lens(name: str) -> LensFile:
    """A lens by name or path; raises `InvalidInput`."""
    path, shown = Path(name), name
    if name in lens_names():
        file = f"{name}{library.LENS}"
        path, shown = _folder() / file, f"principles/{library.LENSES}/{file}"
    elif not path.exists() and "/" not in name and not name.endswith(library.LENS):
        raise InvalidInput([Problem(f"no lens is called `{name}`", Span(name), suggest(name, lens_names()))])
    root = source.read(path, name=shown).root
    lens = validate(LensFile, root)
    problems = list(_unknown_fields(lens, root))
    if lens.kind is not SetKind.FRAMEWORK:
        problems.append(Problem("a lens is of the kind `framework`", root.span, "norms belong in a principle set"))
    if problems:
        raise InvalidInput(problems)
    return lens


def _unknown_fields(lens: LensFile, root: source.Node) -> list[Problem]:
    known = {*fields.known(), *part_models()}
    problems = []
    for number, category in enumerate(lens.categories):
        for name in category.facts:
            if name not in known:
                problems.append(Problem(f"no field is called `{name}`", _place(root, number), suggest(name, known)))
        if not category.facts and not category.principles and category.beyond is None:
            message = f"`{category.id}` names neither principles nor facts"
            problems.append(Problem(message, _place(root, number), "say under `beyond` why no rule can cover it"))
    return problems


def _place(root: source.Node, number: int) -> Span:
    listed = root.get("categories") if isinstance(root, source.Mapping) else None
    return listed.items[number].span if isinstance(listed, source.Sequence) else root.span


def cover(lens: LensFile, sets: list[PrincipleSet]) -> list[Covered]:
    """Each category of a lens with the rules of some sets that fall under it."""
    read = {rule.id: rule_fields(rule, s) for s in sets for rule in s.rules}
    rules = [r for s in sets for r in s.rules]
    return [Covered(c, tuple(r for r in rules if _falls(c, r, read[r.id]))) for c in lens.categories]


def _falls(category: Category, rule: Rule, read: frozenset[str]) -> bool:
    if category.beyond is not None and not (category.facts or category.principles):
        return False
    serves = not category.principles or rule.text.principle in category.principles
    return serves and (not category.facts or any(reads(category, field) for field in read))


def reads(category: Category, field: str) -> bool:
    """Whether a category names a field, or a part or group that holds it."""
    return any(field == f or field.startswith(f"{f}.") for f in category.facts)


def rule_fields(rule: Rule, principles: PrincipleSet) -> frozenset[str]:
    """The fields on which it turns whether a rule is violated, concepts included."""
    found = set(fields.read(rule.violated, fields.variables(rule.binders)))
    pending = [c.concept for c in fm.calls(rule.violated)]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            concept = principles.concepts[name]
            for formula in (f for f in (concept.holds, concept.fails) if f is not None):
                found |= fields.read(formula, {v: One(v) for v in concept.variables})
                pending += [c.concept for c in fm.calls(formula)]
    return frozenset(found)


def look(lens: LensFile, evaluations: Sequence[Evaluation]) -> list[Looked]:
    """Ask the questions of a lens of one design, evaluated under some sets.

    A conflict falls under a category only if it hangs on one of its facts; a rule may turn on many others too.
    """
    results = {r.rule.id: (e, r) for e in evaluations for r in e.results}
    leaves = {path: (field, stated) for field, path, stated in fields.leaves(evaluations[0].design)}
    looked = []
    for covered in cover(lens, [e.principles for e in evaluations]):
        category = covered.category
        found = [results[r.id] for r in covered.rules if r.id in results]
        of_category = {path: stated for path, (field, stated) in leaves.items() if reads(category, field)}
        falling = (r for e, r in found if r.outcome not in CONFLICTS or _hangs_on(category, e.cause(r), of_category))
        looked.append(
            Looked(
                category,
                tuple(falling),
                tuple(path for path, stated in of_category.items() if stated),
                tuple(path for path, stated in of_category.items() if not stated),
            )
        )
    return looked


def _hangs_on(category: Category, cause: frozenset[Fact], of_category: Container[PartPath]) -> bool:
    # A part that is there is a fact of its kind.
    there = [part_lists()[f.path[-2]] for f in cause if f.kind == "exists" and len(f.path) > 1]
    return not category.facts or any(f.path in of_category for f in cause) or any(reads(category, k) for k in there)
