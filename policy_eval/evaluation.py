"""One design against one principle set: signs from both evaluators, outcomes, numbers, reasons."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from policy_eval.design.base import Block
from policy_eval.design.evidence import narrow
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.types import Parts, Values, fields_of, root_lists
from policy_eval.engine import rete
from policy_eval.engine.chain import Chain
from policy_eval.engine.compiler import Definitions
from policy_eval.engine.derivation import Step, Tracer
from policy_eval.engine.evidence import NO_FACTS, Fact, Support, minimal, support, unstated
from policy_eval.engine.facts import UNSEEN
from policy_eval.engine.reference import Reference
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN, Sign, Signs
from policy_eval.errors import InternalError, InvalidInput, Problem, Span
from policy_eval.findings import PlaceResult, RuleResult, judge, outcome_at
from policy_eval.principle import PrincipleSet, ProfileFile, Rule
from policy_eval.scoring import Item, Scorecard, scorecard, weight_of
from policy_eval.timeline import in_force
from policy_eval.vocabulary.law import Burden, FactsLevel, Outcome, Principle, Reading

MAX_PLACES = 10_000  # of one rule for one design


class Engine(str, Enum):
    """Which evaluator judges."""

    BOTH = "both"
    DURABLE = "durable"
    REFERENCE = "reference"


def engine_in_use(wanted: Engine) -> Engine:
    """The evaluator that will serve: the reference alone where durable_rules is not installed.

    Raises `InvalidInput` if durable_rules is asked for by name and is not there.
    """
    if rete.AVAILABLE or wanted is Engine.REFERENCE:
        return wanted
    if wanted is Engine.DURABLE:
        problem = Problem("durable_rules is not installed", Span("--engine durable"), "use `--engine reference`")
        raise InvalidInput([problem])
    return Engine.REFERENCE


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a place's outcome rests on: facts that establish it, facts that are open, law that is."""

    evidence: Support
    open: frozenset[Fact]
    unsettled: frozenset[str]


Steps = tuple[Step, Step, tuple[Step, ...]]


@dataclass(frozen=True)
class Evaluation:
    """A design judged against a set; everything a report shows is here or follows from it."""

    file: DesignFile
    design: Design
    principles: PrincipleSet
    profile: ProfileFile
    as_of: dt.date
    engine: Engine
    facts: FactsLevel
    reading: Reading
    scope: Sign
    results: tuple[RuleResult, ...]
    not_in_force: tuple[Rule, ...]
    card: Scorecard
    principle_cards: Mapping[Principle, Scorecard]
    definitions: Definitions = field(default_factory=Definitions, repr=False, compare=False)
    _memo: dict[tuple[str, int], Grounds] = field(default_factory=dict, repr=False, compare=False)
    _steps: dict[tuple[str, int], Steps] = field(default_factory=dict, repr=False, compare=False)

    @functools.cached_property
    def tracer(self) -> Tracer:
        """Gives the derivation of any condition for this design."""
        return Tracer(self.design, self.principles, self.definitions)

    @functools.cached_property
    def scope_step(self) -> Step:
        """The derivation of the scope."""
        return self.tracer.trace(self.principles.scope, {})

    @functools.cached_property
    def scope_grounds(self) -> Grounds:
        """What the scope rests on."""
        step = self.scope_step
        scope = self.principles.scope
        if step.sign == UNKNOWN:
            opening = self.tracer.opening(scope, {})
            return Grounds(frozenset(), opening.facts, opening.laws)
        found, spare = support(step, step.sign)
        evidence = minimal(found, spare, lambda f: self.tracer.knowing(f).sign(scope, {}) == step.sign)
        return Grounds(evidence, frozenset(), frozenset())

    def result(self, rule_id: str) -> RuleResult:
        """The result of one rule of the set in force."""
        return next(r for r in self.results if r.rule.id == rule_id)

    def find(self, rule_id: str) -> RuleResult | None:
        """The result of one rule of the set; None if it is not in force."""
        return next((r for r in self.results if r.rule.id == rule_id), None)

    def duty_holders(self, rule: Rule) -> list[str]:
        """Parties of the design in the role whose duty a rule is, by id."""
        role = rule.text.duty_of
        return [p.id for p in self.design.parties or () if role is not None and p.roles is not None and role in p.roles]

    def weight(self, rule: Rule) -> float:
        """Points of a rule under the profile."""
        return weight_of(rule.text.severity, self.profile)

    def steps(self, rule: Rule, place: PlaceResult) -> Steps:
        """Derivations of applies, violated and each exception at one place."""
        key = (rule.id, id(place))
        if key not in self._steps:
            trace, env = self.tracer.trace, self.tracer.env(place.binding)
            exceptions = tuple(trace(e.when, env) for e in rule.exceptions)
            self._steps[key] = trace(rule.applies, env), trace(rule.violated, env), exceptions
        return self._steps[key]

    def grounds(self, rule: Rule, place: PlaceResult) -> Grounds:
        """What the outcome at a place rests on."""
        key = (rule.id, id(place))
        if key not in self._memo:
            self._memo[key] = self._grounds(rule, place)
        return self._memo[key]

    def _grounds(self, rule: Rule, place: PlaceResult) -> Grounds:
        evidence = NO_FACTS if place.outcome is Outcome.UNDECIDED else self._evidence(rule, place)
        if len(place.reachable) == 1:
            return Grounds(evidence, NO_FACTS, frozenset())
        if len(place.possible) == 1:  # all that is open is whether there is such a part
            return Grounds(evidence, frozenset(unstated(p) for _, p in place.binding if UNSEEN in p), frozenset())
        signs, env = place.signs, self.tracer.env(place.binding)
        asked = [(rule.applies, signs.applies), (rule.violated, signs.violated)]
        if signs.violated == FALSE:
            del asked[1]
        else:
            asked += zip((e.when for e in rule.exceptions), signs.exceptions, strict=True)
        opened = [self.tracer.opening(formula, env) for formula, sign in asked if sign == UNKNOWN]
        facts = self.scope_grounds.open.union(*[o.facts for o in opened])
        return Grounds(evidence, facts, frozenset[str]().union(*[o.laws for o in opened]))

    def _evidence(self, rule: Rule, place: PlaceResult) -> Support:
        """The facts that establish the outcome at a place, none of which can be spared."""
        applies, violated, exceptions = self.steps(rule, place)
        needed = _decisive(rule, place, applies, violated, exceptions)
        sides = [support(step, sign) for step, sign in needed]
        evidence: Support = frozenset().union(*(s[0] for s in sides))
        if needed:
            bound = {Fact(path, "exists") for _, path in place.binding}
            leads = self.tracer.leads(rule.binders, self.tracer.env(place.binding))
            # What one condition cannot do without is not tried; where several ways lead to the outcome, everything is.
            certain: Support = frozenset().union(*(found - spare for found, spare in sides))
            ways = [violated.sign == FALSE, *(e.sign == TRUE for e in exceptions)].count(True)
            spare = evidence if ways > 1 else evidence - certain
            evidence = self._minimal(rule, place, (evidence - bound, spare - bound), leads | bound) | leads
        return evidence

    def _minimal(self, rule: Rule, place: PlaceResult, sides: tuple[Support, Support], bound: Support) -> Support:
        """The evidence without what can be spared, given the scope's facts and those the place exists by."""
        burdens = [e.burden for e in rule.exceptions]
        given = self.scope_grounds.evidence | bound
        formulas = (rule.applies, rule.violated, *(e.when for e in rule.exceptions))

        def holds(facts: Support) -> bool:
            tracer = self.tracer.knowing(facts | given)
            env = tracer.env(place.binding)
            # Knowing less leaves a sign as it is or open, so what is open already need not be asked,
            # and an outcome that is lost does not come back.
            signs = [place.signs.applies, place.signs.violated, *place.signs.exceptions]
            for n, formula in enumerate(formulas):
                if signs[n] != UNKNOWN:
                    signs[n] = tracer.sign(formula, env)
                if outcome_at(self.scope, signs[0], signs[1], signs[2:], burdens)[0] is not place.outcome:
                    return False
            return True

        return minimal(*sides, holds)

    def cause(self, result: RuleResult) -> frozenset[Fact]:
        """The facts a conflict hangs on: those that establish the violation at its telling places."""
        found: set[Fact] = set()
        for place in result.telling:
            _, violated, _ = self.steps(result.rule, place)
            if violated.sign == TRUE:
                found |= support(violated, TRUE)[0]
        return frozenset(found)


def _decisive(
    rule: Rule, place: PlaceResult, applies: Step, violated: Step, exceptions: tuple[Step, ...]
) -> list[tuple[Step, Sign]]:
    """The steps that make the outcome what it is, with their signs; of an undecided place none."""
    match place.outcome:
        case Outcome.CONFLICT:
            return [(applies, TRUE), (violated, TRUE), *((e, FALSE) for e in exceptions)]
        case Outcome.UNLESS_EXCUSED:
            return [(applies, TRUE), (violated, TRUE), *_ruled_out(rule, exceptions)]
        case Outcome.NO_CONFLICT if violated.sign == FALSE:
            return [(applies, TRUE), (violated, FALSE)]
        case Outcome.NO_CONFLICT:
            return [(applies, TRUE), (next(e for e in exceptions if e.sign == TRUE), TRUE)]
        case Outcome.NOT_APPLICABLE if applies.sign == FALSE:
            return [(applies, FALSE)]
        case _:
            return []


def _ruled_out(rule: Rule, exceptions: tuple[Step, ...]) -> list[tuple[Step, Sign]]:
    """Exceptions of the other side that fail: were one open, the conflict would not stand unless excused."""
    pairs = zip(rule.exceptions, exceptions, strict=True)
    return [(step, FALSE) for x, step in pairs if step.sign == FALSE and x.burden is Burden.OTHER_SIDE]


class Judge:
    """A principle set made ready once, to judge any number of designs."""

    def __init__(
        self,
        principles: PrincipleSet,
        profile: ProfileFile,
        *,
        engine: Engine = Engine.BOTH,
        as_of: dt.date | None = None,
        rules: tuple[Rule, ...] | None = None,
    ) -> None:
        self.principles, self.profile = principles, profile
        self.engine = engine_in_use(engine)
        self.as_of = as_of or principles.text.text_as_of
        now, self.not_in_force = in_force(principles, self.as_of)
        self.rules = rules if rules is not None else now
        self.definitions = Definitions()
        self._chain = None if self.engine is Engine.REFERENCE else Chain(principles, self.rules)
        self._reference = None if self.engine is Engine.DURABLE else Reference(principles, self.rules)

    def signs(self, design: Design) -> Signs:
        """What the evaluators derive, refused where a concept both holds and fails; raises `InternalError`."""
        signs = self.derive(design)
        self._consistent(design, signs)
        return signs

    def derive(self, design: Design) -> Signs:
        """What the evaluators derive; raises `InternalError` where they disagree."""
        self._bearable(design)
        first, *second = [engine.evaluate(design) for engine in (self._chain, self._reference) if engine is not None]
        for signs in second:
            _agree(design, first, signs)
        return first

    def _bearable(self, design: Design) -> None:
        """Refuse designs whose parts combine to more places than can be judged in a moment."""
        sizes = _sizes(design)
        for rule in self.rules:
            places = math.prod([sizes.get(binder.source.steps[-1], 0) + 1 for binder in rule.binders])
            if places > MAX_PLACES:
                message = f"`{rule.id}` could be judged at {places:,} places of `{design.id}`"
                help = f"no more than {MAX_PLACES:,} are judged; describe kinds of parts, not single ones"
                raise InvalidInput([Problem(message, Span(rule.file), help)])

    def _consistent(self, design: Design, signs: Signs) -> None:
        for (name, arguments), found in signs.concepts.items():
            if found.holds == found.fails == TRUE:
                concept = self.principles.concepts[name]
                where = ", ".join(".".join(a) for a in arguments) or "the design"
                raise InvalidInput(
                    [Problem(f"the concept `{name}` both holds and fails for {where} of `{design.id}`",
                             Span(concept.file), "make `holds_when` and `fails_when` exclude each other")]
                )  # fmt: skip

    def evaluate(
        self, file: DesignFile, *, facts: FactsLevel = FactsLevel.ALL, reading: Reading = Reading.OUTSIDER
    ) -> Evaluation:
        """Judge one design on the facts of the given level."""
        design = narrow(file.design, facts)
        signs = self.signs(design)
        results = tuple(judge(rule, signs.scope, signs.places[rule.id]) for rule in self.rules)
        if signs.scope == FALSE:
            results = tuple(
                replace(r, outcome=Outcome.NOT_APPLICABLE, possible=frozenset({Outcome.NOT_APPLICABLE}))
                for r in results
            )
        items = [(r.rule.text.principle, Item(r.rule.text.severity, r.outcome, r.possible)) for r in results]
        cards = {
            p: scorecard([i for q, i in items if q is p], self.profile, signs.scope)
            for p in Principle
            if any(q is p for q, _ in items)
        }
        return Evaluation(
            file=file,
            design=design,
            principles=self.principles,
            profile=self.profile,
            as_of=self.as_of,
            engine=self.engine,
            facts=facts,
            reading=reading,
            scope=signs.scope,
            results=results,
            not_in_force=self.not_in_force,
            card=scorecard([i for _, i in items], self.profile, signs.scope),
            principle_cards=cards,
            definitions=self.definitions,
        )


class Judges:
    """Judges for several sets under the law of any day, each made when it is first asked for."""

    def __init__(self, sets: Sequence[PrincipleSet], profile: ProfileFile, engine: Engine) -> None:
        self.sets, self.profile, self.engine = sets, profile, engine
        self._made: dict[tuple[int, dt.date | None], Judge] = {}

    def on(self, day: dt.date | None) -> list[Judge]:
        """A judge for each set, in order; without a day, under the law as each set states it."""
        return [self._judge(n, day) for n in range(len(self.sets))]

    def _judge(self, number: int, day: dt.date | None) -> Judge:
        if (number, day) not in self._made:
            self._made[number, day] = Judge(self.sets[number], self.profile, engine=self.engine, as_of=day)
        return self._made[number, day]


def _sizes(design: Design) -> dict[str, int]:
    """How long each list is, by name; a nested one counts as the longest of its kind."""
    found: dict[str, int] = {}
    roots = [part for name in root_lists().values() for part in getattr(design, name) or ()]
    for block in (design, *roots):
        model: type[Block] = type(block)
        for name, kind in fields_of(model).items():
            if isinstance(kind, Parts | Values):
                found[name] = max(found.get(name, 0), len(getattr(block, name) or ()))
    return found


def _agree(design: Design, chained: Signs, referred: Signs) -> None:
    """Raise `InternalError` at the first difference between the two evaluators."""
    if chained == referred:
        return
    where = "the scope"
    for rule_id in chained.places:
        if chained.places[rule_id] != referred.places.get(rule_id):
            where = f"the rule {rule_id}"
            break
    else:
        keys = [
            k for k in {**chained.concepts, **referred.concepts} if chained.concepts.get(k) != referred.concepts.get(k)
        ]
        where = f"the concept {keys[0][0]}" if keys else where
    raise InternalError(f"the two evaluators disagree about {where} for the design `{design.id}`; please report this")
