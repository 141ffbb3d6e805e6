"""Parts about what feeds the score, and about other people who count."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy_eval.design.base import Bounds, Id, Part, Reference, fact
from policy_eval.vocabulary import collection as v
from policy_eval.vocabulary.common import Conduct, Domain, Scale, Trait

_ID = "reference name, unique in its list"


class Use(Part):
    """One purpose an input serves."""

    kind: ClassVar[str] = "use"
    key: ClassVar[str] = "purpose"
    purpose: Annotated[str, Reference(("purpose",))] = Field(description="the purpose served; the use is known by it")
    support: v.Support | None = fact("why this input serves this purpose, by what exists on paper", core=True)
    link: v.Link | None = fact("distance between where the data arose and this use", core=True)
    expected: v.Expected | None = fact("what a person could foresee when the data arose")
    alternatives: v.InputAlternatives | None = fact("documented search for a milder input")
    condition: v.UseCondition | None = fact("condition set by law, permit or promise for this use")
    consents: tuple[Annotated[str, Reference(("consent",))], ...] | None = fact(
        "acts of consent this use rests on, where they differ from the purpose's"
    )
    special_ground: tuple[v.SpecialGround, ...] | None = fact(
        "exceptions claimed for data on intimate traits, not whether they hold; [] = none is claimed"
    )
    weight: v.UseWeight | None = fact("weight in the score")
    treats_unlike_alike: bool | None = fact("whether the input counts the same whatever the reason behind it")


class Input(Part):
    """Something that feeds the score."""

    kind: ClassVar[str] = "input"
    id: Id = Field(description=_ID)
    what: tuple[v.DataKind, ...] | None = fact(
        "kinds of data; one entry may hold several kinds if every other answer is the same for all", core=True
    )
    about: tuple[Annotated[str, Reference(("subject",))], ...] | None = fact("groups the data describes")
    source: v.DataSource | None = fact("where it comes from", core=True)
    supplied_by: Annotated[str, Reference(("party",))] | None = fact("party that supplies it")
    domain: Domain | None = fact("field of life in which the data arose", core=True)
    reveals: tuple[Trait, ...] | None = fact(
        "protected traits it shows, directly or by inference drawn in the system; [] = known to show none", core=True
    )
    reveals_how: v.RevealsHow | None = fact("how it shows them")
    reach: v.Reach | None = fact("how far collection goes", core=True)
    default: v.CollectionDefault | None = fact("what happens to collection when nobody chooses")
    refusal: v.InputRefusal | None = fact("what happens to who does not give it")
    checked: v.Checked | None = fact("how accuracy is looked after")
    errors: v.InputErrors | None = fact("errors in the data, as far as a source states, whoever found them")
    told_before_adverse_use: bool | None = fact("whether the person is told before a bad entry is used or reported")
    identified: v.Identified | None = fact("identifiability in the system")
    oldest_months: Bounds | None = fact("age of the oldest entries used, in months from the event", example="<=24")
    conduct: Conduct | None = fact("gravity of the conduct recorded, on the common scale", judgement=True)
    intrusion: Scale | None = fact("intrusion of collecting it, on the common scale", judgement=True)
    own_expression: bool | None = fact(
        "whether it records what the scored person said, believed or whom they met for that purpose"
    )
    uses: tuple[Use, ...] | None = fact("the purposes it serves, one entry each")


class Association(Part):
    """One tie through which other people count, with one effect."""

    kind: ClassVar[str] = "association"
    id: Id = Field(description=_ID)
    tie: v.Tie | None = fact("tie through which others count", core=True)
    input: Annotated[str, Reference(("input",))] | None = fact("input that carries it")
    effect: v.AssociationEffect | None = fact("direction in which others count")
    answerable: v.Answerable | None = fact("whether the scored person answers for or controls the other", core=True)
    trait: tuple[Trait, ...] | None = fact("protected traits that the tie itself shows; [] = known to show none")
    consents: tuple[Annotated[str, Reference(("consent",))], ...] | None = fact(
        "acts of consent it rests on; [] = none was asked"
    )
