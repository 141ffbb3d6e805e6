"""The key: what the engine makes of a rule at some places of a design, and how far a claim agrees with it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from policy_eval.cases.holdings import pinpoint
from policy_eval.cases.matching import lies_at
from policy_eval.design.paths import join, key_of, related, split
from policy_eval.design.types import Parts, Ref, Values, type_at
from policy_eval.engine.derivation import Step
from policy_eval.engine.evidence import NO_FACTS, Fact, Support, support
from policy_eval.engine.facts import UNSEEN
from policy_eval.engine.signs import FALSE, TRUE, Sign
from policy_eval.evaluation import Evaluation, Grounds
from policy_eval.findings import CONFLICTS, PlaceResult, RuleResult, fold
from policy_eval.principle import Ground, PrincipleSet, Rule
from policy_eval.teaching.answer import Claim
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.people import Role
from policy_eval.vocabulary.teaching import Aspect

_FILLERS = frozenset({"no", "nr", "number", "point", "lit", "letter"})  # words between the steps of a pinpoint
_CODE = re.compile(r"\d+ (U\.S\.C\.|[A-Z]{3})(?= )")  # title and name of a code, as American law is cited
NOTHING, ALL, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


@dataclass(frozen=True)
class Issue:
    """What a rule comes to at some of its places, by default at all: one thing that an answer can be right about."""

    evaluation: Evaluation
    result: RuleResult
    at: tuple[str, ...] = ()

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.result.rule

    @functools.cached_property
    def places(self) -> tuple[PlaceResult, ...]:
        """The places it is about, the one not stated included."""
        at = [split(path) for path in self.at]
        return tuple(p for p in self.result.places if not at or lies_at(p, at))

    @functools.cached_property
    def outcome(self) -> Outcome:
        """What the rule comes to there."""
        if not self.at or self.result.outcome is Outcome.NOT_APPLICABLE:
            return self.result.outcome
        return fold((p.seen, p.outcome, p.possible) for p in self.places)[0]

    @functools.cached_property
    def telling(self) -> tuple[PlaceResult, ...]:
        """The places that make the outcome what it is."""
        if self.outcome is Outcome.UNDECIDED:
            return tuple(p for p in self.places if len(p.reachable) > 1)
        return tuple(p for p in self.places if p.outcome is self.outcome and p.seen)

    @functools.cached_property
    def parts(self) -> tuple[frozenset[str], ...]:
        """By stated telling place, the paths of the parts it is about; empty where it is about the whole design."""
        return tuple(_bound(place) for place in self.telling if place.binding and place.seen)

    @functools.cached_property
    def grounds(self) -> tuple[Grounds, ...]:
        """What the outcome rests on, by telling place."""
        return tuple(self.evaluation.grounds(self.rule, p) for p in self.telling)

    @functools.cached_property
    def deciding(self) -> Support:
        """The facts that decide it: of a conflict those that make it one, and of a clear rule those that clear it."""
        return NO_FACTS.union(*(self.deciding_at(n) for n in range(len(self.telling))))

    def deciding_at(self, number: int) -> Support:
        """The same for one telling place."""
        turns = self._turns_on(self.telling[number])
        found = support(*turns)[0] if turns else self.grounds[number].evidence
        return frozenset(f for f in found if not _ties(f)) or found

    def _turns_on(self, place: PlaceResult) -> tuple[Step, Sign] | None:
        """The condition that makes the outcome, with its sign; None where it is the scope, or something open."""
        applies, violated, exceptions = self.evaluation.steps(self.rule, place)
        match self.outcome:
            case Outcome.CONFLICT | Outcome.UNLESS_EXCUSED:
                return violated, TRUE
            case Outcome.NO_CONFLICT if violated.sign == FALSE:
                return violated, FALSE
            case Outcome.NO_CONFLICT:
                return next(((e, TRUE) for e in exceptions if e.sign == TRUE), None)
            case Outcome.NOT_APPLICABLE if applies.sign == FALSE:
                return applies, FALSE
            case _:
                return None

    @functools.cached_property
    def read(self) -> Support:
        """Every stated fact that the rule reads at the telling places, and those that make them places."""
        steps = [step for p in self.telling for step in _all_steps(self.evaluation, self.rule, p)]
        reads = NO_FACTS.union(*(step.reads for step in steps))
        bound = {Fact(path, "exists") for p in self.telling for _, path in p.binding}
        return reads | bound | NO_FACTS.union(*(g.evidence for g in self.grounds))

    @functools.cached_property
    def open(self) -> frozenset[str]:
        """The facts and the concepts of unsettled law it hangs on."""
        facts = {str(f) for g in self.grounds for f in g.open}
        return frozenset(facts.union(*(g.unsettled for g in self.grounds)))

    @functools.cached_property
    def asked_open(self) -> frozenset[str]:
        """The same without lists that may hold more than is stated, unless there is nothing else."""
        return frozenset(p for p in self.open if not _may_hold_more(p)) or self.open

    @functools.cached_property
    def exceptions(self) -> frozenset[str]:
        """The exceptions that excuse it, or would."""
        numbers = {n for p in self.telling for n in (*p.excused_by, *p.excuses)}
        return frozenset(self.rule.exceptions[n].text.id for n in numbers)

    @property
    def holders(self) -> frozenset[str]:
        """Whose duty it is: the role, the parties in it, and who does what the rule is about."""
        role = self.rule.text.duty_of
        if role is None:
            return frozenset()
        return frozenset({role.value, *self.evaluation.duty_holders(self.rule), *self._doers()})

    def _doers(self) -> Iterator[str]:
        """The parties that act on the score at the places, where acting on it is what the duty is about."""
        if self.rule.text.duty_of is not Role.ACTS_ON_SCORE:
            return
        bound = {path for p in self.telling for _, path in p.binding}
        yield from (c.by for c in self.evaluation.design.consequences or () if c.by and ("consequences", c.id) in bound)

    def established_by(self, facts: frozenset[str], number: int) -> bool:
        """Whether facts make the outcome at a telling place, given all else that it rests on there."""
        place = self.telling[number]
        turns = self._turns_on(place)
        if turns is None:
            return False
        known = frozenset(f for f in self.read if str(f) in facts)
        given = self.grounds[number].evidence - self.deciding_at(number)
        bound = {Fact(path, "exists") for _, path in place.binding}
        tracer = self.evaluation.tracer.knowing(known | given | bound)
        return tracer.sign(turns[0].formula, tracer.env(place.binding)) == turns[1]


def _bound(place: PlaceResult) -> frozenset[str]:
    """The paths of the parts a place is about."""
    return frozenset(join(path) for _, path in place.binding)


def _ties(fact: Fact) -> bool:
    """Whether a fact only says which parts there are and how they hang together; nobody cites that who has a reason."""
    kind = type_at(fact.path)
    refers = isinstance(kind, Ref) or (isinstance(kind, Values) and isinstance(kind.of, Ref))
    return fact.kind == "exists" or isinstance(kind, Parts) or refers


def _may_hold_more(path: str) -> bool:
    """Whether something open is that a list may hold more than is stated."""
    steps = split(path)
    return UNSEEN in steps or key_of(steps[-1]) is not None


def _all_steps(evaluation: Evaluation, rule: Rule, place: PlaceResult) -> Iterator[Step]:
    """Every step of the derivation at a place, each once."""
    applies, violated, exceptions = evaluation.steps(rule, place)
    pending, seen = [applies, violated, *exceptions], set[int]()
    while pending:
        step = pending.pop()
        if id(step) not in seen:
            seen.add(id(step))
            pending += step.steps
            yield step


# How far a claim has an aspect of an issue right; None where the issue has no such aspect.
def _outcome(issue: Issue, claim: Claim) -> Fraction | None:
    given = claim.outcome or Outcome.CONFLICT
    if given is issue.outcome:
        return ALL
    return HALF if given in CONFLICTS and issue.outcome in CONFLICTS else NOTHING


def _place(issue: Issue, claim: Claim) -> Fraction | None:
    if not issue.parts:
        return None
    named = [split(path) for path in claim.at]
    found = sum(any(related(n, split(p)) for n in named for p in parts) for parts in issue.parts)
    # Where one place is in conflict and another unless excused, naming both is no fault.
    alike = [p for p in issue.places if p.seen and p.outcome in CONFLICTS and issue.outcome in CONFLICTS]
    every = frozenset().union(*issue.parts, *map(_bound, alike))
    astray = sum(not any(related(n, split(p)) for p in every) for n in named)
    return Fraction(found, len(issue.parts) + astray)


def _party(issue: Issue, claim: Claim) -> Fraction | None:
    if not issue.holders or issue.outcome is Outcome.NOT_APPLICABLE:
        return None
    return ALL if claim.duty_of in issue.holders else NOTHING


def _facts(issue: Issue, claim: Claim) -> Fraction | None:
    needed = frozenset(map(str, issue.deciding))
    if not needed or issue.outcome is Outcome.UNDECIDED:
        return None
    named, read = frozenset(claim.facts), frozenset(map(str, issue.read))
    if not named:
        return NOTHING
    found = Fraction(len(named & needed), len(needed))
    if found < 1:
        # Others than those the engine names may do as well.
        known = sum(issue.established_by(named, n) for n in range(len(issue.telling)))
        found = max(found, Fraction(known, len(issue.telling)))
    return found * Fraction(len(named & read), len(named))


def _exception(issue: Issue, claim: Claim) -> Fraction | None:
    return overlap(frozenset(claim.exception), issue.exceptions) if issue.exceptions else None


def _open(issue: Issue, claim: Claim) -> Fraction | None:
    if not issue.open:
        return None
    wanted = issue.asked_open
    spare = issue.open - wanted  # neither asked for nor wrong
    return overlap(frozenset(claim.open) - spare, wanted)


ASPECTS: Mapping[Aspect, Callable[[Issue, Claim], Fraction | None]] = {
    Aspect.OUTCOME: _outcome,
    Aspect.PLACE: _place,
    Aspect.PARTY: _party,
    Aspect.FACTS: _facts,
    Aspect.EXCEPTION: _exception,
    Aspect.OPEN: _open,
}


def overlap(named: frozenset[str], wanted: frozenset[str]) -> Fraction:
    """What two sets share, of all that is in either."""
    return Fraction(len(named & wanted), len(named | wanted)) if named | wanted else ALL


def expected(issue: Issue, aspect: Aspect) -> tuple[str, ...]:
    """What the key has for an aspect; nothing where the issue has no such aspect."""
    role = issue.rule.text.duty_of
    found: dict[Aspect, Iterable[str]] = {
        Aspect.OUTCOME: (issue.outcome.value,),
        Aspect.PLACE: (join(place.binding[-1][1]) for place in issue.telling if place.binding and place.seen),
        Aspect.PARTY: () if role is None or issue.outcome is Outcome.NOT_APPLICABLE else (role.value,),
        Aspect.FACTS: () if issue.outcome is Outcome.UNDECIDED else sorted({str(f) for f in issue.deciding}),
        Aspect.EXCEPTION: sorted(issue.exceptions),
        Aspect.OPEN: sorted(issue.asked_open),
    }
    return tuple(dict.fromkeys(found[aspect]))


def cites(provision: str, grounds: Iterable[Ground], principles: PrincipleSet) -> Fraction:
    """How far a provision is one of some grounds: whole where it is as exact or more, half where it is less.

    The instrument may come first or last, by its short name or its title. Its name alone is no provision.
    """
    best = NOTHING
    for ground in grounds:
        for name, at in _ways(ground, principles):
            named = _turned(_tokens(provision), name)
            wanted = (*name, *at)
            if named and named[: len(wanted)] == wanted:
                return ALL
            if len(named) > len(name) and wanted[: len(named)] == named:
                best = HALF
    return best


def _turned(named: tuple[str, ...], name: tuple[str, ...]) -> tuple[str, ...]:
    """A provision with the name of its instrument first, where that comes last: Article 7(2) GDPR."""
    size = len(name)
    return (*name, *named[:-size]) if size and named[-size:] == name and named[:size] != name else named


def begins(provision: str, instrument: str) -> bool:
    """Whether a provision names an instrument, first or last."""
    name = _tokens(instrument)
    return _turned(_tokens(provision), name)[: len(name)] == name


def _ways(ground: Ground, principles: PrincipleSet) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The ways to cite a ground, as name and pinpoint: by its instrument, by the code it stands in, by both.

    American law is cited by title and code: 15 U.S.C. 1681m(a), 11 CCR 7221.
    """
    name, at = _tokens(ground.instrument), _tokens(ground.at)
    cited = principles.instrument(ground)
    yield name, at
    if cited.title:
        yield _tokens(cited.title), at
    if _CODE.match(ground.at):
        yield at[:2], at[2:]
        yield name, at[2:]
    if code := _CODE.match(cited.id or ""):
        yield _tokens(code[0]), at


def _tokens(text: str) -> tuple[str, ...]:
    steps = pinpoint(text.replace("U.S.C.", "USC").replace("C.F.R.", "CFR"))
    return tuple(step for step in steps if step not in _FILLERS)
