"""Labels held against outcomes: which rules answer for a provision, and what they come to where the label points.

Only a rule's first ground counts, with every provision it names. A label without sub-paragraph is matched by any rule
below it, never the reverse. Aspect and place must fit where the label has them: the aspect of a rule fits if it is the
label's, or begins with it before a colon; a place if it lies at or below a part the label names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy_eval.cases.holdings import Case, LabelFile, pinpoint, pinpoints
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import PartPath, join, split
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.findings import PlaceResult, RuleResult, fold
from policy_eval.principle import PrincipleSet, ProfileFile, Rule
from policy_eval.timeline import in_force
from policy_eval.vocabulary.cases import Finding, Match
from policy_eval.vocabulary.law import Outcome

_WORDS = {
    (Finding.VIOLATED, Outcome.CONFLICT): Match.FOUND,
    (Finding.VIOLATED, Outcome.UNLESS_EXCUSED): Match.FOUND_UNLESS_EXCUSED,
    (Finding.CLEARED, Outcome.CONFLICT): Match.CONTRADICTED,
    (Finding.CLEARED, Outcome.UNLESS_EXCUSED): Match.CONTRADICTED_UNLESS_EXCUSED,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A label with what the engine makes of it: the rule that decides it, and what is open where none does."""

    case: Case
    label: LabelFile
    match: Match
    rule: str | None = None
    open: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()


def answers(rule: Rule, label: LabelFile) -> bool:
    """Whether a rule answers for the provision of a label, in the aspect it names."""
    ground = rule.text.grounds[0]
    wanted = pinpoint(label.provision)
    named = pinpoints(ground.instrument, ground.at)
    if not wanted or not any(provision[: len(wanted)] == wanted for provision in named):
        return False
    aspect = rule.text.aspect
    return not label.aspect or any(aspect == a or aspect.startswith(f"{a}:") for a in label.aspect)


def lies_at(place: PlaceResult, paths: Iterable[PartPath]) -> bool:
    """Whether a place binds one of some parts, or a part below one."""
    return any(bound[: len(path)] == path for _, bound in place.binding for path in paths)


class Bench:
    """Judges by set and day, each rule set in force made ready once."""

    def __init__(self, sets: Sequence[PrincipleSet], profile: ProfileFile, engine: Engine = Engine.BOTH) -> None:
        self.sets: Mapping[str, PrincipleSet] = {s.id: s for s in sets}
        self.profile, self.engine = profile, engine
        self._judges: dict[tuple[str, frozenset[str]], Judge] = {}
        self._judged: dict[tuple[str, str, frozenset[str]], Evaluation] = {}

    def evaluate(self, set_id: str, design: DesignFile, on: dt.date | None) -> Evaluation:
        """A design under a set as it stood on a day, by default the day whose text the set states."""
        principles = self.sets[set_id]
        day = on or principles.text.text_as_of
        rules = frozenset(r.id for r in in_force(principles, day)[0])
        key = (set_id, rules)
        if key not in self._judges:
            self._judges[key] = Judge(principles, self.profile, engine=self.engine, as_of=day)
        memo = (design.files[0], *key)
        if memo not in self._judged:
            self._judged[memo] = self._judges[key].evaluate(design)
        return self._judged[memo]

    def match(self, case: Case, label: LabelFile) -> Judged:
        """What the engine makes of a label."""
        if label.set is None or label.set not in self.sets:
            return Judged(case, label, Match.NOT_MODELLED)
        evaluation = self.evaluate(label.set, case.design, case.text.law_of)
        at = [split(path) for path in label.at]
        found = [(r, _outcome(r, at)) for r in evaluation.results if answers(r.rule, label)]
        decided = [(r, o) for r, o in found if o is not None]
        match = compared(label.finding, [o for _, o in decided])
        if match is Match.UNDECIDED:
            return _nearest(case, label, evaluation, [r for r, o in decided if o is Outcome.UNDECIDED], at)
        first = next((r.rule.id for r, o in decided if _WORDS.get((label.finding, o)) is match), None)
        if first is None and decided:
            first = min(decided, key=lambda pair: pair[1] is Outcome.NOT_APPLICABLE)[0].rule.id
        return Judged(case, label, match, first)

    def elsewhere(self, label: LabelFile, case: Case, design: DesignFile) -> Match:
        """What a label would be for another design under the same law; a place of the one is none of the other."""
        if label.set is None or label.set not in self.sets:
            return Match.NOT_MODELLED
        evaluation = self.evaluate(label.set, design, case.text.law_of)
        return compared(label.finding, [r.outcome for r in evaluation.results if answers(r.rule, label)])


def compared(finding: Finding, outcomes: Sequence[Outcome]) -> Match:
    """A holding against the outcomes of the rules that answer for it."""
    if not outcomes:
        return Match.NOT_MODELLED
    for worst in (Outcome.CONFLICT, Outcome.UNLESS_EXCUSED):
        if worst in outcomes:
            return _WORDS[finding, worst]
    if Outcome.UNDECIDED in outcomes:
        return Match.UNDECIDED
    return Match.MISSED if finding is Finding.VIOLATED else Match.RESPECTED


def _outcome(result: RuleResult, at: Sequence[PartPath]) -> Outcome | None:
    """What a rule comes to at the places a label names, unseen ones below them included; None if there are none."""
    if not at:
        return result.outcome
    places = _places(result, at)
    return fold((p.seen, p.outcome, p.possible) for p in places)[0] if places else None


def _places(result: RuleResult, at: Sequence[PartPath]) -> list[PlaceResult]:
    return [p for p in result.places if lies_at(p, at)] if at else list(result.places)


def _nearest(
    case: Case, label: LabelFile, evaluation: Evaluation, results: Iterable[RuleResult], at: Sequence[PartPath]
) -> Judged:
    """An undecided label with the place that least would settle; one that is there before one that might be."""
    best: Judged | None = None
    best_seen = False
    for result in results:
        for place in _places(result, at):
            if len(place.possible) == 1 or Outcome.CONFLICT not in place.possible:
                continue
            grounds = evaluation.grounds(result.rule, place)
            facts = tuple(sorted({join(f.path) for f in grounds.open}))
            judged = Judged(case, label, Match.UNDECIDED, result.rule.id, facts, tuple(sorted(grounds.unsettled)))
            if best is None or (not place.seen, len(facts)) < (not best_seen, len(best.open)):
                best, best_seen = judged, place.seen
    return best or Judged(case, label, Match.UNDECIDED, next((r.rule.id for r in results), None))
