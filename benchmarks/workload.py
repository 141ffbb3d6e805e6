"""Rules and designs to measure with: clones of the shipped rules, and designs of two sizes.

A clone differs from its original in its literals (each enumeration moved by one value) and in the
concepts it calls, which are cloned too, so that no formula, atom or concept is met twice.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from policy_eval import library, source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.language import formula as fm
from policy_eval.principle import Concept, PrincipleSet, Rule
from policy_eval.vocabulary.base import Term


def rules(count: int) -> PrincipleSet:
    """A cross-section of the shipped rules as one set, cloned where `count` asks for more than there are."""
    sets = [library.load_set(name) for name in library.set_names()]
    concepts = {c.id: c for s in sets for c in s.concepts.values()}
    shipped = [r for s in sets for r in s.rules]
    shipped = [shipped[n * len(shipped) // min(count, len(shipped))] for n in range(min(count, len(shipped)))]
    made: list[Rule] = []
    all_concepts = dict(concepts)
    for turn in itertools.count():
        if turn:
            all_concepts |= {f"{n}_{turn}": _concept(c, turn) for n, c in concepts.items()}
        for rule in shipped:
            if len(made) == count:
                return replace(sets[1], rules=tuple(made), concepts=all_concepts)
            made.append(_rule(rule, turn) if turn else rule)
    raise AssertionError


def _rule(rule: Rule, turn: int) -> Rule:
    text = rule.text.model_copy(update={"id": f"{rule.id}-{turn}"})
    return replace(
        rule,
        text=text,
        own=_moved(rule.own, turn),
        applies=_moved(rule.applies, turn),
        violated=_moved(rule.violated, turn),
        exceptions=tuple(replace(e, when=_moved(e.when, turn)) for e in rule.exceptions),
    )


def _concept(concept: Concept, turn: int) -> Concept:
    text = concept.text.model_copy(update={"id": f"{concept.id}_{turn}"})
    # Only truth is moved: a moved falsity could overlap with it.
    return replace(concept, text=text, holds=_moved(concept.holds, turn), fails=None)


def _moved(formula: fm.Formula, turn: int) -> fm.Formula:
    match formula:
        case fm.And(parts):
            return fm.And(tuple(_moved(p, turn) for p in parts))
        case fm.Or(parts):
            return fm.Or(tuple(_moved(p, turn) for p in parts))
        case fm.Not(part):
            return fm.Not(_moved(part, turn))
        case fm.Compare(op, left, fm.Literal() as right):
            return fm.Compare(op, left, _literal(right, turn))
        case fm.Among(item, tuple() as options):
            return fm.Among(item, tuple(_literal(o, turn) for o in options))
        case fm.Quantifier(_, _, _, condition, body):
            return replace(formula, condition=condition and _moved(condition, turn), body=_moved(body, turn))
        case fm.Count(_, _, condition):
            return replace(formula, condition=condition and _moved(condition, turn))
        case fm.Call(name):
            return replace(formula, concept=f"{name}_{turn}")
        case _:
            return formula


def _literal(literal: fm.Literal, turn: int) -> fm.Literal:
    if not isinstance(literal.value, Term):
        return literal
    terms = list(type(literal.value))
    return replace(literal, value=terms[(terms.index(literal.value) + turn) % len(terms)])


def founding() -> DesignFile:
    """The founding story."""
    return library.load_design("sesame-credit-2018")


def generated(inputs: int = 8, consequences: int = 6, disclosures: int = 4, dense: bool = False) -> DesignFile:
    """A design with two purposes and whole lists, each input serving one of them in turn.

    `dense`: each input serves both, and every list is partial, as of a real system.
    """
    use = (
        "{purpose: a, support: reason_stated, link: other_field, expected: not_foreseeable}",
        "{purpose: b, support: nothing_stated}",
    )
    lines = [
        f"{{id: generated, title: generated, kind: {'real' if dense else 'hypothetical'}, jurisdiction: [EU],"
        "  is_ai: infers_from_data,",
        "parties: [{id: bank, sector: private, roles: [computes_score, acts_on_score]}],",
        "subjects: [{id: users, relation: customer, scored: true}],",
        "purposes: [{id: a, category: credit, basis: [consent], consents: [box]}, {id: b, category: pricing}],",
        "consents: [{id: box, act: preset, refusal: no_effect}], scoring: {span_months: 12},",
        "associations: [{id: friends, tie: friend_or_contact, input: i0, effect: lowers, answerable: neither}],",
        "inputs: [",
        *(
            f"{{id: i{n}, about: [users], domain: {('retail', 'work', 'health')[n % 3]},"
            f" conduct: {('none', 'minor')[n % 2]},"
            f" reveals: [{('age', 'health')[n % 2]}], reveals_how: {('directly', 'inferred_by_the_system')[n % 2]},"
            f" uses: [{', '.join((use[n % 2], use[1 - n % 2])[: 1 + dense])}]}},"
            for n in range(inputs)
        ),
        "], consequences: [",
        *(
            f"{{id: c{n}, purpose: {'ab'[n % 2]}, people: [users], domain: payments_and_credit, direction: both,"
            f" touches: {('market_contract', 'livelihood')[n % 2]}, severity: serious, automation: automatic}},"
            for n in range(consequences)
        ),
        "], disclosures: [",
        *(f"{{id: d{n}, to: bank, what: [i{n}], purpose: a, choice: preset}}," for n in range(disclosures)),
        "]}",
    ]  # fmt: skip
    tree = source.parse("\n".join(lines), "generated.design.yaml").root
    assert isinstance(tree, source.Mapping)
    return loading.from_tree(tree, "generated.design.yaml")
