"""Rules and designs to measure with: a cross-section of the shipped rules, and designs of two sizes."""

from __future__ import annotations

from dataclasses import replace

from policy_eval import library, source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.principle import PrincipleSet


def sets(count: int | None) -> list[PrincipleSet]:
    """The shipped sets with `count` of their rules, spread evenly over all of them; None: with all."""
    whole = [library.load_set(name) for name in library.set_names()]
    rules = [r.id for s in whole for r in s.rules]
    size = min(count or len(rules), len(rules))
    chosen = {rules[n * len(rules) // size] for n in range(size)}
    cut = [replace(s, rules=tuple(r for r in s.rules if r.id in chosen)) for s in whole]
    return [s for s in cut if s.rules]


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
