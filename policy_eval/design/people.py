"""Parts about parties, the people affected, purposes and consent."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy_eval.design.base import Bounds, Id, Part, Reference, fact
from policy_eval.vocabulary import people as v
from policy_eval.vocabulary.common import Domain, Scale

_ID = "reference name, unique in its list"


class Party(Part):
    """An organisation with a part in the system; duties are judged per party."""

    kind: ClassVar[str] = "party"
    id: Id = Field(description=_ID)
    name: str | None = fact("public name; left out for hypothetical designs", example="Example Credit Ltd")
    roles: tuple[v.Role, ...] | None = fact("what the party does in the system")
    sector: v.Sector | None = fact("what kind of body it is", core=True)
    alternatives: v.ProviderAlternatives | None = fact("whether a person can get the same service elsewhere")
    country: str | None = fact("ISO 3166 code of the place of processing", example="CN")
    permit: v.Permit | None = fact("licence that the law of the place requires for this activity")


class Subject(Part):
    """A group of people or firms affected."""

    kind: ClassVar[str] = "subject"
    id: Id = Field(description=_ID)
    relation: v.Relation | None = fact("what ties the group to the parties", core=True)
    scored: bool | None = fact("true: gets a score; false: only their data is used")
    number: Bounds | None = fact("people affected, order of magnitude", example=">=1000000")
    children: v.Children | None = fact("persons under 18 in the group")
    youngest: Bounds | None = fact("age of the youngest who are let in, in years", example="16")
    circumstances: tuple[v.Circumstance, ...] | None = fact("situations that weaken their position, as a source states")
    public_role: bool | None = fact("whether data concerns their public or professional role only")
    concerned: v.Concerned | None = fact("share of the group that has any dealing with the purpose")
    chosen: v.Chosen | None = fact("how the people run through the system are picked")
    enrolment: v.Enrolment | None = fact("how one comes to be in it", core=True)
    told: v.SubjectTold | None = fact("how the group learns of it", core=True)
    told_about: tuple[v.NoticeContent, ...] | None = fact("what that notice contains; the list is the whole list")
    told_lacks: tuple[v.NoticeContent, ...] | None = fact(
        "what the notice is known to leave out; not needed where `told_about` is given"
    )
    told_when: v.ToldWhen | None = fact("time of the notice, counted from obtaining the data")
    told_form: v.ToldForm | None = fact("form of the notice")


class Purpose(Part):
    """What the score is for, one entry each."""

    kind: ClassVar[str] = "purpose"
    id: Id = Field(description=_ID)
    category: v.PurposeCategory | None = fact("what the score is for", core=True)
    domain: Domain | None = fact("field of life the purpose belongs to")
    by: tuple[Annotated[str, Reference(("party",))], ...] | None = fact("parties whose purpose it is")
    wording: v.Wording | None = fact("the purpose as written for the public")
    importance: Scale | None = fact("interest served, on the common scale", judgement=True)
    basis: tuple[v.Basis, ...] | None = fact("the bases the party claims, not whether they hold", core=True)
    law_ref: str | None = fact("law, decree or permit relied on", example="Tax Code s. 12")
    law_data: v.LawData | None = fact("how that law describes the data")
    law_safeguards: v.LawSafeguards | None = fact("check before use that the law prescribes")
    needed_for_request: v.NeededForRequest | None = fact(
        "for a contract: whether the service the person asked for could be given without it"
    )
    balancing: v.Balancing | None = fact("whether a written weighing of interests exists")
    consents: tuple[Annotated[str, Reference(("consent",))], ...] | None = fact(
        "the acts of consent it rests on; [] = none was asked"
    )
    objection: v.Objection | None = fact("what happens to who objects")


class Consent(Part):
    """One act of asking for agreement; purposes, uses, disclosures and associations name the acts they rest on."""

    kind: ClassVar[str] = "consent"
    id: Id = Field(description=_ID)
    act: v.ConsentAct | None = fact("the act counted as consent", core=True)
    scope: v.ConsentScope | None = fact("what one act covers")
    prominence: v.Prominence | None = fact("how the request looked")
    refusal: v.ConsentRefusal | None = fact("what happens to who refuses", core=True)
    told: tuple[v.ConsentTold, ...] | None = fact("what the request itself says; the list is the whole list")
    told_lacks: tuple[v.ConsentTold, ...] | None = fact(
        "what the request is known to leave out; not needed where `told` is given"
    )
    withdrawal: v.Withdrawal | None = fact("steps needed to withdraw, against steps needed to give")
    after_withdrawal: v.AfterWithdrawal | None = fact("effect of withdrawing")
    recorded: bool | None = fact("whether a record of the act is kept")
