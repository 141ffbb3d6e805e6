"""What was decided: a file of cases with their labels, and the designs coded from their facts."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from policy_eval import library, source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import parts_of, split
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.principle import OneOrMore, Prose, SetName
from policy_eval.source import suggest
from policy_eval.validation import span_of, validate
from policy_eval.vocabulary.cases import Finding, LabelBasis, LabelWeight

FILE = "holdings.yaml"
_TOKEN = re.compile(r"[^\W_]+")
_NAMES = frozenset(
    {"article", "articles", "art", "section", "sections", "paragraph", "paragraphs", "para", "s", "clause", "clauses"}
)
_NEXT = re.compile(r"\s+and\s+|,\s+(?=\d)")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LabelFile(_File):
    """One holding on one provision."""

    finding: Finding = Field(description="what was held")
    provision: Prose = Field(description="instrument and pinpoint", examples=["GDPR Article 5(1)(a)"])
    set: SetName | None = Field(default=None, description="set that models the instrument; none if left out")
    aspect: OneOrMore = Field(
        default=(), description="which side of the provision; any of several", examples=["fairness"]
    )
    at: OneOrMore = Field(
        default=(), description="parts of the design it is about; any of several", examples=["inputs.look-ups"]
    )
    party: str | None = Field(default=None, description="id of the party it is addressed to")
    basis: LabelBasis = Field(default=LabelBasis.STATED, description="where the label comes from")
    weight: LabelWeight | None = Field(default=None, description="how firmly it stands; the case's if left out")
    source: Prose | None = Field(default=None, description="where it was read, if not in the case's sources")
    status_checked: dt.date | None = Field(default=None, description="day its standing was last checked")
    superseded_by: Prose | None = Field(default=None, description="what overtook it")
    note: Prose | None = Field(default=None, description="the holding in a few words")


class CaseFile(_File):
    """One decided case."""

    id: SetName = Field(description="name of the case, unique in the file")
    design: SetName = Field(description="id of the design coded from its facts")
    name: Prose = Field(description="the decision as it is cited")
    authority: Prose = Field(description="who decided")
    date: Prose = Field(description="when, as exactly as known")
    law_of: dt.date | None = Field(default=None, description="day whose law was applied; each set's own if left out")
    weight: LabelWeight = Field(default=LabelWeight.FULL, description="how firmly its holdings stand")
    sources: tuple[Prose, ...] = Field(min_length=1, description="where the outcome was read")
    status_checked: dt.date | None = Field(default=None, description="day its standing was last checked")
    superseded_by: Prose | None = Field(default=None, description="what overtook it")
    standing: Prose | None = Field(default=None, description="what was found of its later fate")
    not_examined: Prose | None = Field(default=None, description="what was left open")
    remedy: Prose | None = Field(default=None, description="what was ordered")
    unverified: Prose | None = Field(default=None, description="what could not be checked")
    labels: tuple[LabelFile, ...] = Field(description="its holdings")


class HoldingsFile(_File):
    """Decided cases and their labels, as written in `holdings.yaml`."""

    schema_: Literal[1] = Field(alias="schema", description="version of this format")
    title: Prose = Field(description="what these cases are")
    cases: tuple[CaseFile, ...] = Field(min_length=1, description="the cases")


@dataclass(frozen=True, slots=True)
class Case:
    """A decided case with the design coded from its facts."""

    text: CaseFile
    design: DesignFile

    @property
    def id(self) -> str:
        """Name of the case."""
        return self.text.id

    def weight(self, label: LabelFile) -> LabelWeight:
        """How firmly one of its labels stands."""
        return label.weight or self.text.weight


@functools.cache
def pinpoint(text: str) -> tuple[str, ...]:
    """A provision as its steps: `GDPR Article 5(1)(a)` and `GDPR 5(1)(a)` are the same four."""
    return tuple(t for t in (token.lower() for token in _TOKEN.findall(text)) if t not in _NAMES)


def pinpoints(instrument: str, at: str) -> list[tuple[str, ...]]:
    """Every provision that is named at once, each in full: 15(1) and 15(3) for `15(1) and (3)`."""
    first, *others = _NEXT.split(at)
    found = [pinpoint(f"{instrument} {first}")]
    before = pinpoint(f"{instrument} {first.rpartition(' ')[0]}")
    for other in others:
        steps = pinpoint(other)
        if other.startswith("("):
            found.append((*found[0][: -len(steps)], *steps))
        elif other[:1].isdigit():
            found.append((*before, *steps))
    return found


def load(
    designs: Path, holdings: Path, *, sets: Iterable[str] = (), shown: tuple[str, str] | None = None
) -> list[Case]:
    """The cases of a file with their designs out of a folder; raises `InvalidInput` with every problem found.

    `sets` are ids of sets that labels may name beside the built-in ones; `shown` are the names of folder and file in
    messages, where they differ from the paths.
    """
    folder, name = shown or (str(designs), str(holdings))
    known = [*library.set_names(), *sets]
    root = source.read(holdings, name=name).root
    file = validate(HoldingsFile, root)
    if not designs.is_dir():
        raise InvalidInput([Problem(f"`{folder}` is no folder", Span(folder), "name the folder of the coded designs")])
    files = {p.name.removesuffix(library.DESIGN): p for p in sorted(designs.glob(f"*{library.DESIGN}"))}
    cases, problems = [], []
    for number, text in enumerate(file.cases):
        span = span_of(root, "cases", number, "design")
        if text.design not in files:
            help = suggest(text.design, files) if files else f"write {folder}/{text.design}{library.DESIGN}"
            problems.append(Problem(f"`{folder}` holds no design `{text.design}`", span, help))
            continue
        try:
            path = files[text.design]
            case = Case(text, loading.load(path, designs, f"{folder}/{path.name}"))
            if case.design.design.id != text.design:
                message = f"the design in this file is called `{case.design.design.id}`"
                problems.append(Problem(message, case.design.span_of(("id",)), f"write `id: {text.design}`"))
        except InvalidInput as error:
            problems += error.problems
            continue
        cases.append(case)
        problems += _labels(case, known, root, number)
    problems += _twice(file.cases, root)
    if problems:
        raise InvalidInput(problems)
    return cases


def shipped() -> list[Case]:
    """The cases this package comes with: the development set."""
    folder = library.shipped("designs") / "cases"
    return load(folder, folder / FILE, shown=("designs/cases", f"designs/cases/{FILE}"))


def _labels(case: Case, sets: Sequence[str], root: source.Node, number: int) -> Iterator[Problem]:
    design, parts = case.design.design, {path for path, _ in parts_of(case.design.design)}
    for place, label in enumerate(case.text.labels):
        where = ("cases", number, "labels", place)
        if label.set is not None and label.set not in sets:
            yield Problem(f"no set is called `{label.set}`", span_of(root, *where, "set"), suggest(label.set, sets))
        if not pinpoint(label.provision):
            message, help = (
                f"`{label.provision}` names no provision",
                "write instrument and pinpoint: GDPR Article 6(1)",
            )
            yield Problem(message, span_of(root, *where, "provision"), help)
        for path in label.at:
            if split(path) not in parts:
                help = "name a part by its path, such as inputs.purchases or inputs.purchases.uses.score"
                yield Problem(f"`{design.id}` has no part `{path}`", span_of(root, *where, "at"), help)
        parties = [p.id for p in design.parties or ()]
        if label.party is not None and label.party not in parties:
            help = suggest(label.party, parties)
            yield Problem(f"`{design.id}` has no party `{label.party}`", span_of(root, *where, "party"), help)


def _twice(cases: Iterable[CaseFile], root: source.Node) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, case in enumerate(cases):
        if case.id in seen:
            yield Problem(f"there are two cases `{case.id}`", span_of(root, "cases", number, "id"), "keep one of them")
        seen.add(case.id)
