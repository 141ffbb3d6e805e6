"""Run the examples that rules, concepts and scopes carry: tests, documentation and drill in one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace

from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import join, split
from policy_eval.design.variants import compose
from policy_eval.engine.derivation import Step, Tracer
from policy_eval.engine.evidence import Fact, support
from policy_eval.engine.opening import Opening
from policy_eval.engine.signs import FALSE, TRUE, UNKNOWN
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.evaluation import Engine, Evaluation, Judge
from policy_eval.findings import RuleResult
from policy_eval.language import formula as fm
from policy_eval.principle import Concept, Example, PrincipleSet, ProfileFile, Rule
from policy_eval.source import Entry, Mapping, Node, Scalar, Sequence, suggest
from policy_eval.vocabulary.law import Outcome

_SCOPE_WORDS = {TRUE: "applies", UNKNOWN: "undecided", FALSE: "does_not_apply"}
_CONCEPT_WORDS = {TRUE: "holds", UNKNOWN: "undecided", FALSE: "fails"}


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """An example that was run; `failures` is empty if it came to what it expects."""

    owner: str
    example: str
    span: Span
    outcome: str
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """An example with its place in the file and the design its `given` amounts to."""

    example: Example
    span: Span
    file: DesignFile


def designs_of(examples: tuple[Example, ...], node: Node | None) -> list[Located]:
    """The designs of some examples, `like` followed; raises `InvalidInput`."""
    if not isinstance(node, Sequence):
        return []
    trees: dict[str, Mapping] = {}
    located = []
    for example, item in zip(examples, node.items, strict=True):
        assert isinstance(item, Mapping)
        tree = _tree(example, item, trees)
        trees[example.name] = tree
        located.append(Located(example, item.span, loading.from_tree(tree, item.span.file)))
    return located


def _tree(example: Example, item: Mapping, trees: dict[str, Mapping]) -> Mapping:
    if example.like is not None:
        if example.like not in trees:
            help = suggest(example.like, trees) if trees else "the example to start from comes first"
            raise InvalidInput([Problem(f"no earlier example is called `{example.like}`", item.span, help)])
        kept = tuple(e for e in item.entries if e.key in ("set", "forget", "remove"))
        own = [_entry("id", "example", item.span), _entry("title", "an example", item.span)]
        child = Mapping(item.span, (*own, _entry("kind", "exercise", item.span), *kept))
        return compose(trees[example.like], child, frozenset({"id", "title", "kind"}))
    given = item.get("given")
    entries = given.entries if isinstance(given, Mapping) else ()
    header = {"id": "example", "title": "an example", "kind": "exercise"}
    added = tuple(_entry(k, v, item.span) for k, v in header.items() if k not in {e.key for e in entries})
    return Mapping(given.span if given else item.span, (*added, *entries))


def _entry(key: str, value: str, span: Span) -> Entry:
    return Entry(key, span, Scalar(span, value, value, True))


def run(
    principles: PrincipleSet, profile: ProfileFile, nodes: dict[str, Node | None], only: Container[str] | None = None
) -> Iterator[ExampleResult]:
    """Run the examples of a set; `nodes` gives the `examples` node of each owner's file.

    `only` leaves out the scope and every rule and concept it does not hold.
    """
    if only is None:
        for located in designs_of(principles.text.scope.examples, nodes.get("scope")):
            yield _scope(principles, located)
    for concept in principles.concepts.values():
        if only is None or concept.id in only:
            for located in designs_of(concept.whole.examples, nodes.get(concept.id)):
                yield _concept(principles, concept, located)
    for rule in (r for r in principles.rules if only is None or r.id in only):
        judge = judge_of(principles, profile, rule)
        for located in designs_of(rule.text.examples, nodes.get(rule.id)):
            yield _rule(judge, rule, located)


def judge_of(principles: PrincipleSet, profile: ProfileFile, rule: Rule, engine: Engine = Engine.BOTH) -> Judge:
    """A judge of one rule by itself: scope met, so that examples can be minimal."""
    alone = replace(rule, applies=rule.own)
    return Judge(replace(principles, scope=fm.TRUE, rules=(alone,)), profile, engine=engine, rules=(alone,))


def _rule(judge: Judge, rule: Rule, located: Located) -> ExampleResult:
    evaluation = judge.evaluate(located.file)
    result = evaluation.results[0]
    expect = located.example.expect
    failures = _no_word(str(expect.outcome), [o.value for o in Outcome])
    if not failures and str(result.outcome) != str(expect.outcome):
        failures.append(f"expected {expect.outcome}, came to {result.outcome}")
    elif not failures:
        failures += _details(evaluation, result, located)
    return ExampleResult(rule.id, located.example.name, located.span, str(result.outcome), tuple(failures))


def _no_word(outcome: str, words: Iterable[str]) -> list[str]:
    """A failure if an example expects what nothing can come to."""
    return [] if outcome in words else [f"`{outcome}` is no outcome here: {suggest(outcome, words)}"]


def _details(evaluation: Evaluation, result: RuleResult, located: Located) -> Iterator[str]:
    expect = located.example.expect
    grounds = [evaluation.grounds(result.rule, p) for p in result.telling]
    yield from _same("decided by", expect.decided_by, frozenset().union(*(g.evidence for g in grounds)))
    yield from _same("open", expect.open, frozenset().union(*(g.open for g in grounds)))
    if expect.exception is not None:
        numbers = {n for p in result.telling for n in (*p.excused_by, *p.excuses)}
        found = sorted(result.rule.exceptions[n].text.id for n in numbers)
        if expect.exception not in found:
            yield f"expected the exception {expect.exception}, found {', '.join(found) or 'none'}"
    if expect.unsettled is not None:
        alone = any(g.unsettled and not g.open for g in grounds)
        if alone != expect.unsettled:
            yield f"expected unsettled law {'alone' if expect.unsettled else 'not alone'} to leave it undecided"


def _same(what: str, expected: tuple[str, ...] | None, found: frozenset[Fact]) -> Iterator[str]:
    shown = sorted({join(f.path) for f in found})
    if expected is not None and sorted(expected) != shown:
        yield f"{what}: expected {', '.join(sorted(expected)) or 'nothing'}; found {', '.join(shown) or 'nothing'}"


def _judged(owner: str, located: Located, outcome: str, step: Step, opened: Opening) -> ExampleResult:
    expect = located.example.expect
    scope = owner.endswith(" scope")
    words = [*(_SCOPE_WORDS if scope else _CONCEPT_WORDS).values(), *([] if scope else ["unsettled"])]
    failures = _no_word(str(expect.outcome), words)
    if not failures and outcome != str(expect.outcome):
        failures.append(f"expected {expect.outcome}, came to {outcome}")
    elif not failures:
        facts = support(step, step.sign)[0] if step.sign != UNKNOWN else frozenset()
        failures += [*_same("decided by", expect.decided_by, facts), *_same("open", expect.open, opened.facts)]
    return ExampleResult(owner, located.example.name, located.span, outcome, tuple(failures))


def _scope(principles: PrincipleSet, located: Located) -> ExampleResult:
    tracer = Tracer(located.file.design, principles)
    step, opened = tracer.trace(principles.scope, {}), tracer.opening(principles.scope, {})
    return _judged(f"{principles.id} scope", located, _SCOPE_WORDS[step.sign], step, opened)


def _concept(principles: PrincipleSet, concept: Concept, located: Located) -> ExampleResult:
    tracer = Tracer(located.file.design, principles)
    given = located.example.of or ()
    if len(given) != len(concept.variables):
        wanted = ", ".join(concept.variables) or "nothing"
        raise InvalidInput(
            [Problem("the example does not say which parts it asks about", located.span, f"`of`: {wanted}")]
        )
    binding = tuple((v, split(p)) for v, p in zip(concept.variables, given, strict=True))
    call = fm.Call(concept.id, tuple(fm.Path(v, ()) for v in concept.variables))
    env = tracer.env(binding)
    step, opened = tracer.trace(call, env), tracer.opening(call, env)
    outcome = _CONCEPT_WORDS[step.sign]
    if opened.laws and not opened.facts:
        outcome = "unsettled"
    return _judged(concept.id, located, outcome, step, opened)
