"""Claims of an answer, led back to the rules they mean; whatever they name has to be there.

A misspelt name would lose points without a word, so it is an error with its place and what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from policy_eval import source
from policy_eval.design.base import Block
from policy_eval.design.loading import DesignFile
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, parts_of, split
from policy_eval.design.types import Group, Parts, can_stand, fields_of, part_models
from policy_eval.engine.facts import UNSEEN
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.findings import CONFLICTS
from policy_eval.source import nearest, suggest
from policy_eval.teaching.answer import Answer, Claim, Findings
from policy_eval.teaching.desk import Desk, rule_named
from policy_eval.teaching.key import ALL, NOTHING, begins, cites
from policy_eval.teaching.model import Task
from policy_eval.validation import span_of
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.people import Role


@dataclass(frozen=True, slots=True)
class Meant:
    """A claim, its place in the answer, and the rules it can mean with how exactly it names each (from 0 to 1)."""

    claim: Claim
    span: Span
    rules: tuple[tuple[str, Fraction], ...]

    def names(self, rule: str) -> Fraction:
        """How exactly it names a rule."""
        return dict(self.rules).get(rule, NOTHING)

    @property
    def label(self) -> str:
        """What it names, as it was written."""
        return self.claim.rule or self.claim.provision or ""


def read(desk: Desk, task: Task, answer: Answer, designs: Sequence[DesignFile]) -> list[Meant]:
    """The claims of an answer to a task on some designs; raises `InvalidInput` with everything they name wrongly."""
    part: Findings | None = answer.part(task, Findings)
    node = answer.node(task)
    found, problems = list[Meant](), list[Problem]()
    for number, claim in enumerate(part.findings if part and node else ()):
        assert node is not None
        where = ("findings", number)
        try:
            found.append(Meant(claim, span_of(node, *where), tuple(_rules(desk, claim, node, where))))
        except InvalidInput as error:
            problems += error.problems
            continue
        problems += _names(desk, found[-1], designs, node, where)
    if problems:
        raise InvalidInput(problems)
    return found


def _rules(desk: Desk, claim: Claim, node: source.Node, where: tuple[str | int, ...]) -> Iterator[tuple[str, Fraction]]:
    if claim.rule is not None:
        yield rule_named(desk, claim.rule, span_of(node, *where, "rule")).id, ALL
    elif claim.provision is None:
        help = "add `rule: ...` or `provision: ...`"
        raise InvalidInput([Problem("the finding names neither rule nor provision", span_of(node, *where), help)])
    else:
        found = [
            (result.rule.id, exact)
            for evaluation in desk.evaluations()
            for result in evaluation.results
            if (exact := cites(claim.provision, result.rule.text.grounds, evaluation.principles))
        ]
        titles = (i.title for s in desk.sets for i in s.text.instruments.values() if i.title)
        known = {name for s in desk.sets for name in (s.text.short, *s.text.instruments)} | {*titles}
        if not found and not claim.authority and not any(begins(claim.provision, name) for name in known):
            near = nearest(claim.provision, known)
            example = next(iter(desk.rules.values())).text.grounds[0]
            help = f"did you mean `{near}`?" if near else f"write it as `{example.instrument} {example.at}`"
            message = f"`{claim.provision}` names no instrument that is cited here"
            raise InvalidInput([Problem(message, span_of(node, *where, "provision"), help)])
        yield from found


def _names(
    desk: Desk, meant: Meant, designs: Sequence[DesignFile], node: source.Node, where: tuple[str | int, ...]
) -> Iterator[Problem]:
    claim = meant.claim
    exceptions = {e.text.id for name, _ in meant.rules for e in desk.rules[name].exceptions}
    yield from _unknown("exception of the rule", claim.exception, exceptions, node, (*where, "exception"))
    if not desk.exercise.text.hand_out:  # then people name parts as they like, and none is to be told of
        yield from _impossible((*claim.at, *claim.facts), node, where)
        return
    parts = {join(path) for file in designs for path, _ in parts_of(file.design)}
    yield from _unknown("part of the design", claim.at, parts, node, (*where, "at"))
    parties = {p.id for file in designs for p in file.design.parties or ()} | {r.value for r in Role}
    holder = (claim.duty_of,) if claim.duty_of else ()
    yield from _unknown("role or party", holder, parties, node, (*where, "duty_of"))
    facts = {path for file in designs for path in known_paths(file.design)}
    yield from _unknown("fact of the design", claim.facts, facts, node, (*where, "facts"))
    concepts = {name for s in desk.sets for name in s.concepts}
    yield from _unknown("fact or concept", claim.open, facts | concepts, node, (*where, "open"))


def _impossible(paths: Iterable[str], node: source.Node, where: tuple[str | int, ...]) -> Iterator[Problem]:
    """Paths at which no design could say anything."""
    for path in paths:
        if not can_stand(split(path)):
            help = f"paths begin with one of {', '.join(fields_of(Design))}"
            yield Problem(f"`{path}` is no path of a design", span_of(node, *where), help)


def _unknown(
    what: str, named: Iterable[str], known: Set[str], node: source.Node, where: tuple[str | int, ...]
) -> Iterator[Problem]:
    for number, name in enumerate(named):
        if name not in known:
            help = suggest(name, sorted(known)) if known else f"there is none; leave `{where[-1]}` out"
            yield Problem(f"`{name}` is no {what}", span_of(node, *where, number), help)


def known_paths(design: Design) -> Iterator[str]:
    """Every path at which a design says something, or could."""
    for path in _paths(design, type(design), ()):
        yield join(path)


def _paths(block: Block | None, model: type[Block], here: PartPath) -> Iterator[PartPath]:
    for name, kind in fields_of(model).items():
        value, path = getattr(block, name, None), (*here, name)
        yield path
        if isinstance(kind, Group):
            yield from _paths(value, kind.model, path)
        elif isinstance(kind, Parts):
            part = part_models()[kind.kind]
            for item in value or ():
                at = (*path, str(getattr(item, item.key)))
                yield at
                yield from _paths(item, part, at)
            yield (*path, UNSEEN)
            yield from _paths(None, part, (*path, UNSEEN))


def merged(claims: Iterable[Meant]) -> list[Meant]:
    """Claims of the same rule as one, wherever they point: one for each place is as good as one for all.

    A conflict and its absence are two claims; of two outcomes that are both conflicts the first counts.
    """
    found: dict[object, Meant] = {}
    for meant in claims:
        rules = tuple(name for name, _ in meant.rules)
        # A provision may stand for several rules, and then for another one at each place.
        apart = meant.claim.at if len(rules) != 1 else ()
        key = (rules or meant.label, (meant.claim.outcome or Outcome.CONFLICT) in CONFLICTS, apart)
        found[key] = joined(found[key], meant) if key in found else meant
    return list(found.values())


def joined(a: Meant, b: Meant) -> Meant:
    """Two claims of one thing as one; where they contradict each other on whose duty it is, nothing is said of it."""
    x, y = a.claim, b.claim
    lists = {
        name: tuple(dict.fromkeys((*getattr(x, name), *getattr(y, name))))
        for name in ("at", "facts", "exception", "open", "authority")
    }
    names = ("reasoning", "outcome", "before", "after")
    single = {name: getattr(x, name) or getattr(y, name) for name in names}
    single["duty_of"] = None if x.duty_of and y.duty_of and x.duty_of != y.duty_of else x.duty_of or y.duty_of
    more_exact = a if sum(e for _, e in a.rules) >= sum(e for _, e in b.rules) else b
    return replace(more_exact, claim=more_exact.claim.model_copy(update={**lists, **single}))
