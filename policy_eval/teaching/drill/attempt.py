"""One try at a drill: a shipped design is changed, asked about, and cut down to what the answers rest on."""

from __future__ import annotations

import random
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from policy_eval.cases.matching import lies_at
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import PartPath
from policy_eval.design.types import Text, Values
from policy_eval.engine.evidence import Fact, Support
from policy_eval.evaluation import Evaluation
from policy_eval.findings import fold
from policy_eval.teaching.drill.changes import Change, changed, forgotten, makes_sense
from policy_eval.teaching.drill.facts import Facts, closed, cut, sentences, written
from policy_eval.teaching.drill.pool import Aim, Plan, Pool, Shipped, covered, scope_of
from policy_eval.teaching.drill.questions import SETTLED, Candidate, Selection, by_rule, candidates, open_kind
from policy_eval.vocabulary.law import Outcome

_ANY_KIND = frozenset({"excuse", "fact", "law"})
TURNS = 6  # places of a rule at which a change is looked for, and facts of each


class Attempt:
    """One try at a drill: a design, changed, asked about, cut down."""

    def __init__(self, pool: Pool, shipped: Shipped, plan: Plan, aim: Aim, rng: random.Random) -> None:
        self.pool, self.shipped, self.plan, self.aim, self.rng = pool, shipped, plan, aim, rng

    def made(self, name: str) -> tuple[DesignFile, Sequence[Candidate]] | None:
        """The design as a file of that name and what is asked about it; None if the try came to nothing."""
        changes = self.change()
        if not changes:
            return None
        facts = Facts(changes[-1].design)
        after = self.pool.again(self.shipped, facts, frozenset[str]().union(*(c.names for c in changes)))
        if not covered(after):
            return None
        chosen = self.choose(facts, after, {c.path for c in changes})
        if chosen is None:
            return None
        design = closed(cut(facts.design, self.with_context(facts, chosen)), frozenset(_open_lists(chosen.chosen)))
        if not makes_sense(design) or self.pool.told_before(self.shipped, Facts(design), chosen.chosen):
            return None
        file = written(design, f"{name.replace('/', '-')}.design.yaml")
        return (file, chosen.chosen) if self.stands(file, chosen) else None

    def change(self) -> list[Change]:
        """A few changes, one upon the other, the first of which makes some rule come to what is wanted."""
        turn = self.turn()
        if turn is None:
            return []
        settled = [c for c in self.shipped.candidates if c.settled]
        changes = [turn]
        for candidate in islice(by_rule(settled, self.rng), self.rng.randint(*self.plan.changes) - 1):
            facts = Facts(changes[-1].design)
            changes += self.changes(facts, candidate, 1)
        return changes

    def turn(self) -> Change | None:
        """A change that makes the rule aimed at come to what is wanted at a place where it did not."""
        places = [c for c in self.shipped.candidates if self.aim.can_turn(c)]
        for candidate in by_rule(places, self.rng, each=TURNS):
            if self.shipped.size(candidate) > self.plan.sentences:
                continue
            for change in self.changes(self.shipped.facts, candidate, TURNS):
                if candidate.in_version(change.design) is self.aim.wanted:
                    return change
        return None

    def changes(self, facts: Facts, candidate: Candidate, most: int) -> list[Change]:
        """Changes of facts that an outcome hangs on, and that no scope and no place does."""
        kept = self.shipped.scope | {Fact(path, "exists") for _, path in candidate.place.binding}
        evidence = sorted(f for f in candidate.facts() - kept if f.kind != "whole" and facts.has(f))
        chosen = self.rng.sample(evidence, min(most, len(evidence)))
        return [c for c in (changed(facts, fact, self.rng) for fact in chosen) if c is not None]

    def choose(self, facts: Facts, after: list[Evaluation], touched: set[PartPath]) -> Selection | None:
        """The questions: first one that the changes made come out otherwise, then what the level asks for."""
        known = {c.key: c.outcome for c in self.shipped.candidates}
        judged = {r.rule.id for e in after for r in e.results}
        new = candidates(after)
        here = [*new, *(c for c in self.shipped.candidates if c.rule.id not in judged)]
        settled = [c for c in here if c.settled]
        undecided = [c for c in new if not c.settled] + [c for c in self.shipped.open if c.rule.id not in judged]
        fresh = [c for c in new if c.settled and c.outcome is self.aim.wanted and known.get(c.key) is not c.outcome]
        fresh = [c for c in fresh if c.rule.id == self.aim.rule and _rests_on(c, touched)]
        selection = Selection(scope_of(after), facts.needed, self.plan.sentences)
        if not selection.add(fresh, self.rng):
            return None
        if self.plan.questions[1] > 1 and not self.several(selection, facts, undecided, settled):
            return None
        return selection

    def several(self, selection: Selection, facts: Facts, undecided: list[Candidate], settled: list[Candidate]) -> bool:
        """Add what the higher levels ask for; whether all of it was there."""
        rng = self.rng
        if self.pool.has_exceptions and not any(c.tries_exception for c in selection.chosen):
            excused = [c for c in settled if c.place.excused_by]
            tried = [c for c in settled if c.tries_exception]
            if not selection.add(excused if excused and rng.random() < 0.5 else tried, rng):
                return False
        if not selection.mixed and not self.add_settled(selection, settled):
            return False
        if self.plan.open and not self.add_open(selection, facts, undecided, settled):
            return False
        for principles in self.pool.sets:
            if all(c.evaluation.principles is not principles for c in selection.chosen):
                selection.add([c for c in settled if c.evaluation.principles is principles], rng)
        number = rng.randint(*self.plan.questions)
        while len(selection.chosen) < number and self.add_settled(selection, settled):
            pass
        return selection.mixed and len(selection.chosen) >= self.plan.questions[0]

    def add_settled(self, selection: Selection, settled: list[Candidate]) -> bool:
        """Add a question with one of the outcomes that are called for."""
        lots = ([c for c in settled if c.outcome is o] for o in self.outcomes_to_add(selection))
        return any(selection.add(lot, self.rng) for lot in lots)

    def outcomes_to_add(self, selection: Selection) -> list[Outcome]:
        """The outcomes another question may have, the best first."""
        outcomes = {c.outcome for c in selection.chosen}
        others = self.rng.sample(SETTLED[1:], 2)
        if Outcome.CONFLICT not in outcomes:
            return [Outcome.CONFLICT]
        if not selection.mixed:
            return others
        return [Outcome.CONFLICT, *others] if self.rng.random() < 0.4 else [*others, Outcome.CONFLICT]

    def add_open(
        self, selection: Selection, facts: Facts, undecided: list[Candidate], settled: list[Candidate]
    ) -> bool:
        """Add a question that is open for a reason that can be told: as the design is, or by a fact forgotten."""
        chance = self.rng.random()
        excusable = [c for c in settled if c.outcome is Outcome.CONFLICT and c.rule.exceptions]
        if chance < 0.3 and self.add_forgotten(selection, facts, excusable, {"excuse"}):
            return True
        if chance < 0.6 and self.add_forgotten(selection, facts, settled, _ANY_KIND):
            return True
        found: dict[str, list[Candidate]] = {}
        for candidate in by_rule(undecided, self.rng, each=3):
            found.setdefault(open_kind(candidate), []).append(candidate)
        found.pop("", None)
        kinds = self.rng.sample(sorted(found), len(found))
        natural = any(selection.add(found[kind], self.rng) for kind in kinds)
        return natural or self.add_forgotten(selection, facts, settled, _ANY_KIND)

    def add_forgotten(
        self, selection: Selection, facts: Facts, settled: list[Candidate], kinds: Container[str]
    ) -> bool:
        """Add a question that a fact is missing for, which no other needs; it is open in one of some ways."""
        asked = {c.rule.id for c in selection.chosen}
        others = [c for c in settled if c.rule.id not in asked]
        for candidate in islice(by_rule(others, self.rng), TURNS):
            missed = sorted(f for f in candidate.facts() - selection.facts if f.kind == "leaf" and facts.has(f))
            for fact in self.rng.sample(missed, min(TURNS // 2, len(missed))):
                file = replace(self.shipped.file, design=forgotten(facts.design, fact))
                found = self.pool.alone(candidate, file)
                if found and not found.settled and open_kind(found) in kinds and selection.add([found], self.rng):
                    selection.barred.add(fact)
                    return True
        return False

    def with_context(self, facts: Facts, selection: Selection) -> Support:
        """The facts to be told: those that outcomes rest on, and a few of the same parts that none does."""
        told = selection.facts
        room = min(self.plan.context, self.plan.sentences - sentences(told))
        spare = [f for f in facts.leaves() if f not in told | selection.barred and _is_context(facts, f, told)]
        self.rng.shuffle(spare)
        spare.sort(key=lambda f: not _is_core(facts, f))  # stable: what matters most to readers comes first
        return told | frozenset(spare[: max(0, room)])

    def stands(self, file: DesignFile, selection: Selection) -> bool:
        """Whether both evaluators come, on what is told alone, to what was meant."""
        judged = {j.principles.id: j.evaluate(file) for j in self.pool.sure}
        if not covered(list(judged.values())):
            return False
        return all(_stands(judged[c.evaluation.principles.id], c) for c in selection.chosen)


def _stands(evaluation: Evaluation, meant: Candidate) -> bool:
    """Whether a rule comes to what was meant, at its place and wherever else the part it is asked of is concerned."""
    result = evaluation.result(meant.rule.id)
    place = next((p for p in result.places if p.binding == meant.place.binding), None)
    if place is None or place.outcome is not meant.outcome:
        return False
    now = Candidate(evaluation, meant.rule, place)
    at = [path for _, path in place.binding[-1:]]
    outcome, possible = fold((p.seen, p.outcome, p.possible) for p in result.places if not at or lies_at(p, at))
    if outcome is not meant.outcome or now.settled is not meant.settled:
        return False
    return len(possible) == 1 if now.settled else bool(open_kind(now))


def _open_lists(chosen: Sequence[Candidate]) -> Iterator[str]:
    """Lists of which it is open what else they hold."""
    for candidate in chosen:
        grounds = candidate.evaluation.grounds(candidate.rule, candidate.place)
        yield from (str(f) for f in grounds.open if f.kind == "whole")


def _rests_on(candidate: Candidate, touched: set[PartPath]) -> bool:
    return any(f.path[: len(t)] == t for f in candidate.facts() for t in touched)


def _is_context(facts: Facts, fact: Fact, told: Support) -> bool:
    """Whether a fact can be told beside others without bringing in a text or another part."""
    kind = facts.kind(fact.path)
    of = kind.of if isinstance(kind, Values) else kind
    return not isinstance(of, Text) and facts.needed([fact]) - {fact} <= told


def _is_core(facts: Facts, fact: Fact) -> bool:
    extra = type(facts.holder(fact.path)).model_fields[fact.path[-1]].json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("x-core"))
