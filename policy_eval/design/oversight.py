"""Blocks about what outsiders can learn, what a person can ask for, and how the operator keeps control."""

from __future__ import annotations

from pydantic import Field

from policy_eval.design.base import Block, Bounds, fact
from policy_eval.vocabulary import oversight as v
from policy_eval.vocabulary.common import Scale


class Transparency(Block):
    """What outsiders can learn."""

    existence: v.Existence | None = fact("whether the public knows that the system exists")
    criteria: v.Criteria | None = fact("what is published of the criteria", core=True)
    model_seen_by: tuple[v.ModelSeenBy, ...] | None = fact("who can verify the model")
    explanation: v.Explanation | None = fact("what an individual gets on request", core=True)


class Request(Block):
    """What becomes of one kind of request."""

    handling: v.Handling | None = fact("what happens to a request")
    days: Bounds | None = fact("usual time, in days", example="<=30")
    ground: v.RefusalGround | None = fact("ground the operator gives for refusing")


class Rights(Block):
    """What a person can ask for."""

    access: Request = Field(default_factory=Request, description="a copy of what is held")
    correction: Request = Field(default_factory=Request, description="putting it right")
    erasure: Request = Field(default_factory=Request, description="taking it out")
    restriction: Request = Field(default_factory=Request, description="freezing its use while it is disputed")
    portability: Request = Field(default_factory=Request, description="taking along what one gave, in a usable form")
    objection: Request = Field(default_factory=Request, description="stopping the use")
    repair: Request = Field(default_factory=Request, description="regaining standing after putting things right")
    free_copies_per_year: Bounds | None = fact("own report free of charge, times a year", example="2")
    court: bool | None = fact("whether a court or tribunal can review")


class Governance(Block):
    """What the operator does to keep control."""

    assessment: v.Assessment | None = fact("impact or necessity assessment made", core=True)
    assessment_when: v.AssessmentWhen | None = fact("when it was made")
    assessment_gaps: tuple[v.AssessmentGap, ...] | None = fact("what it leaves out; [] = known complete")
    officer: v.Officer | None = fact("part of a data-protection officer")
    access: v.InsideAccess | None = fact("who inside can open the records")
    protection: tuple[v.Protection, ...] | None = fact("measures in place")
    weaknesses: tuple[v.Weakness, ...] | None = fact("weaknesses stated by a source")
    assessment_kinds: tuple[v.AssessmentKind, ...] | None = fact("which assessments")
    processing_record: v.ProcessingRecord | None = fact("record of what is processed, why and how long")
    residual_risk: Scale | None = fact("risk to people that the assessment itself says is left", judgement=True)
    breach: v.Breach | None = fact("whether data got loose, as far as a source states")
    breach_authority_hours: Bounds | None = fact(
        "hours from learning of it until the supervisory authority was told; unlimited = never told", example="<=72"
    )
    breach_people_told: bool | None = fact("whether the people whose data got loose were told")
    logs_months: Bounds | None = fact("how long logs of the system are kept, in months", example="6")
