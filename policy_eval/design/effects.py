"""Parts about how the score is made, what it does, and where it and the data go."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy_eval.design.base import Block, Bounds, Id, Part, Reference, fact
from policy_eval.vocabulary import effects as v
from policy_eval.vocabulary.common import Domain, Scale

_ID = "reference name, unique in its list"


class Scoring(Block):
    """How the score is made."""

    method: v.ScoringMethod | None = fact("how the score is made")
    output: v.ScoreOutput | None = fact("form of the score")
    span_months: Bounds | None = fact("time over which conduct is collected, in months", example="12")
    validated: v.Validated | None = fact("whether it is tested against outcomes")
    errors: v.ErrorRates | None = fact("what is known of its errors")
    disparity: v.Disparity | None = fact("difference between groups")


class Human(Block):
    """The person between the score and its consequence."""

    may_change: bool | None = fact("whether they may depart from the score")
    other_information: bool | None = fact("whether they look at information beyond the score")
    trained: bool | None = fact("whether they are trained for it")


class Consequence(Part):
    """Something the score does to people."""

    kind: ClassVar[str] = "consequence"
    id: Id = Field(description=_ID)
    purpose: Annotated[str, Reference(("purpose",))] | None = fact("purpose it flows from")
    people: tuple[Annotated[str, Reference(("subject",))], ...] | None = fact("groups hit")
    by: Annotated[str, Reference(("party",))] | None = fact("party that acts")
    domain: Domain | None = fact("field of life in which it is felt", core=True)
    direction: v.Direction | None = fact("for whom the score speaks against or for")
    touches: v.Touches | None = fact("what is at stake for the person", core=True)
    severity: Scale | None = fact("how much it weighs on a person, on the common scale", judgement=True)
    automation: v.Automation | None = fact("how the score turns into it", core=True)
    follows_score: v.FollowsScore | None = fact("how often the outcome follows the score")
    told: v.ConsequenceTold | None = fact("what the person learns when hit")
    contest: v.Contest | None = fact("way to challenge it", core=True)
    may_refuse_automation: bool | None = fact("whether one may ask for a decision without the score")
    told_days: Bounds | None = fact("days until told", example="<=30")
    heard: v.Heard | None = fact("whether people may put their view")
    circumstances: v.PersonalCircumstances | None = fact("whether individual circumstances count")
    reversible: v.Reversible | None = fact("whether it can be undone")
    months: Bounds | None = fact("how long it lasts, in months", example="12..24")
    law_ref: str | None = fact("law that provides for it", example="Licensing Act s. 4")
    ordinary_route: v.OrdinaryRoute | None = fact("for advantages: the way open to others")
    shown_to: v.ShownTo | None = fact("who sees the score or the fact")
    human: Human = Field(default_factory=Human, description="the person between the score and the consequence")


class Disclosure(Part):
    """Data or score going to somebody else."""

    kind: ClassVar[str] = "disclosure"
    id: Id = Field(description=_ID)
    to: Annotated[str, Reference(("party",), ("public", "unnamed_third_parties", "police", "courts"))] | None = fact(
        "party that receives it, or one of: public, unnamed_third_parties, police, courts"
    )
    what: tuple[Annotated[str, Reference(("input",), ("score",))], ...] | None = fact("inputs that go, or `score`")
    purpose: Annotated[str, Reference(("purpose",))] | None = fact("purpose it serves")
    claimed_role: v.ClaimedRole | None = fact("role claimed for the recipient")
    agreement: tuple[v.AgreementTerm, ...] | None = fact(
        "what giver and recipient have agreed in writing; [] = nothing; the list is the whole list"
    )
    instructions_only: bool | None = fact("whether the recipient acts only on instructions and for the giver")
    consents: tuple[Annotated[str, Reference(("consent",))], ...] | None = fact(
        "the acts of consent it rests on; [] = none was asked"
    )
    choice: v.DisclosureChoice | None = fact("choice left to the person")
    presentation: v.Presentation | None = fact("how that choice is put to people")
    whose: v.Whose | None = fact("whose data goes")
    recipient_checked: bool | None = fact("whether the giver checks who asks and for what")
    pattern: v.DisclosurePattern | None = fact("how it goes")
    country: str | None = fact("ISO 3166 code of the destination", example="US")
    safeguard: v.Safeguard | None = fact("instrument for a transfer abroad")


class Retention(Part):
    """How long something is kept."""

    kind: ClassVar[str] = "retention"
    id: Id = Field(description=_ID)
    of: tuple[Annotated[str, Reference(("input", "consequence"), ("score",))], ...] | None = fact(
        "inputs or consequences it is about, or `score`"
    )
    months: Bounds | None = fact("how long, in months; 0 = not kept", core=True, example="36")
    counted_from: v.CountedFrom | None = fact("from when it runs")
    source_limit_months: Bounds | None = fact(
        "limit, in months, in the public register or law the data comes from", example="6"
    )
    reason: v.RetentionReason | None = fact("ground for the length")
    over_own_limit: bool | None = fact("whether entries are kept longer than the operator's own rule")


class Promise(Part):
    """Something the operator has promised about the system."""

    kind: ClassVar[str] = "promise"
    key: ClassVar[str] = "path"
    path: str = Field(description="path in this file that the promise is about")
    value: str | None = fact("the value promised there", example="opt_in")
    source: str | None = fact("where it is promised: terms, code, pledge, advertisement", example="privacy pledge")
