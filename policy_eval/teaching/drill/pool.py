"""The shipped designs as drills are made from them: what they come to, and how changed versions of them are judged."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from policy_eval import library
from policy_eval.design.loading import DesignFile
from policy_eval.engine.evidence import NO_FACTS, Fact, Support
from policy_eval.engine.signs import TRUE
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.principle import PrincipleSet, ProfileFile
from policy_eval.teaching.drill.facts import Facts, sentences
from policy_eval.teaching.drill.questions import Candidate, candidates, open_kind
from policy_eval.teaching.drill.reading import fields_read
from policy_eval.vocabulary.law import Outcome

_EXTENDS = re.compile(r"^extends: *\./(\S+)\.design\.yaml", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a level asks for: how many questions, how many facts changed, how many sentences at most."""

    questions: tuple[int, int]
    changes: tuple[int, int]
    sentences: int
    context: int  # sentences that no outcome hangs on
    slack: int  # sentences more, if need be: the rules of some sets turn on many facts
    open: bool = False


@dataclass(frozen=True, slots=True)
class Aim:
    """A rule, and what it is to come to by a change where it did not."""

    rule: str
    wanted: Outcome

    def can_turn(self, candidate: Candidate) -> bool:
        """Whether a change may have that effect at a place."""
        return candidate.settled and candidate.rule.id == self.rule and candidate.outcome is not self.wanted


@dataclass(frozen=True)
class Shipped:
    """A shipped design, what it comes to, and what could be asked about it."""

    name: str
    file: DesignFile
    evaluations: list[Evaluation]
    candidates: list[Candidate]
    _sizes: dict[int, int] = field(default_factory=dict)

    @functools.cached_property
    def facts(self) -> Facts:
        """What it states."""
        return Facts(self.file.design)

    @functools.cached_property
    def stated(self) -> frozenset[tuple[Fact, str]]:
        """Its fields with what they hold."""
        return frozenset(self.facts.stated())

    @functools.cached_property
    def outcomes(self) -> Mapping[object, Outcome]:
        """What is settled in it, by rule and place."""
        return {c.key: c.outcome for c in self.candidates if c.settled}

    @functools.cached_property
    def scope(self) -> Support:
        """The facts by which the sets cover it."""
        return scope_of(self.evaluations)

    def size(self, candidate: Candidate) -> int:
        """How many sentences it takes to tell what an outcome rests on."""
        if id(candidate) not in self._sizes:
            self._sizes[id(candidate)] = sentences(self.facts.needed(candidate.facts() | self.scope))
        return self._sizes[id(candidate)]

    @functools.cached_property
    def open(self) -> list[Candidate]:
        """What is open for a reason that can be told."""
        return [c for c in self.candidates if not c.settled and open_kind(c)]

    def suits(self, plan: Plan, aim: Aim) -> bool:
        """Whether what is asked for may be found in it."""
        if not any(aim.can_turn(c) for c in self.candidates):
            return False
        conflict = aim.wanted is Outcome.CONFLICT or any(c.outcome is Outcome.CONFLICT for c in self.candidates)
        return conflict or plan.questions[1] == 1


class Pool:
    """Some sets and the shipped designs; what these come to is worked out when first needed, and kept."""

    def __init__(self, sets: Sequence[PrincipleSet], profile: ProfileFile) -> None:
        self.sets, self.profile = sorted(sets, key=lambda s: s.id), profile
        self.names = library.design_names()
        # The reference alone judges what is tried; what is handed out is judged by both.
        self.quick = [Judge(s, profile, engine=Engine.REFERENCE) for s in self.sets]
        self.sure = [Judge(s, profile) for s in self.sets]
        self.has_exceptions = any(rule.exceptions for j in self.quick for rule in j.rules)
        self._reads = [fields_read(s) for s in self.sets]
        self._judged: dict[str, Shipped] = {}

    def judged(self, name: str) -> Shipped:
        """A shipped design and what it comes to."""
        if name not in self._judged:
            file = library.load_design(name)
            evaluations = [j.evaluate(file) for j in self.quick]
            self._judged[name] = Shipped(name, file, evaluations, candidates(evaluations))
        return self._judged[name]

    def again(self, shipped: Shipped, facts: Facts, names: frozenset[str]) -> list[Evaluation]:
        """What a changed design comes to, by the rules that read what was changed."""
        file = replace(shipped.file, design=facts.design)
        rules = [
            tuple(r for r in j.rules if reads[r.id] & names) for j, reads in zip(self.quick, self._reads, strict=True)
        ]
        judges = zip(self.sets, rules, strict=True)
        return [Judge(s, self.profile, engine=Engine.REFERENCE, rules=rs).evaluate(file) for s, rs in judges]

    def told_before(self, origin: Shipped, facts: Facts, chosen: Sequence[Candidate]) -> bool:
        """Whether a version of a design says no more than a relative of it, and all comes to the same there."""
        stated = set(facts.stated())
        relatives = (self.judged(n) for n in _families()[origin.name] if n != origin.name)
        return any(
            stated <= other.stated and all(other.outcomes.get(c.key) is c.outcome for c in chosen)
            for other in relatives
        )

    def first(self, order: Sequence[str], number: int) -> list[Shipped]:
        """The first few designs of an order that every set covers."""
        return list(islice((s for s in map(self.judged, order) if covered(s.evaluations)), number))

    def alone(self, candidate: Candidate, file: DesignFile) -> Candidate | None:
        """A rule at a place of a changed design; None if the place is gone or the set does not cover it any more."""
        evaluation = Judge(
            candidate.evaluation.principles, self.profile, engine=Engine.REFERENCE, rules=(candidate.rule,)
        ).evaluate(file)
        found = (c for c in candidates([evaluation]) if c.key == candidate.key)
        return next(found, None) if evaluation.scope == TRUE else None


@functools.cache
def _families() -> Mapping[str, tuple[str, ...]]:
    """Each shipped design with those that extend the same one; read off the files, for loading them all takes long."""
    names = library.design_names()
    texts = {n: (library.shipped("designs") / f"{n}{library.DESIGN}").read_text(encoding="utf-8") for n in names}
    above = {n: found[1] for n, text in texts.items() if (found := _EXTENDS.search(text))}

    def root(name: str) -> str:
        return root(above[name]) if name in above else name

    return {name: tuple(n for n in names if root(n) == root(name)) for name in names}


def covered(evaluations: Sequence[Evaluation]) -> bool:
    """Whether every set covers the system."""
    return all(e.scope == TRUE for e in evaluations)


def scope_of(evaluations: Sequence[Evaluation]) -> Support:
    """The facts by which the sets cover the system."""
    return NO_FACTS.union(*(e.scope_grounds.evidence for e in evaluations))
