"""Sentences about what outsiders can learn, what a person can ask for, and how the operator keeps control."""

from __future__ import annotations

from collections.abc import Mapping

from policy_eval.design.base import Block
from policy_eval.design.oversight import Governance, Request, Rights, Transparency
from policy_eval.teaching.prose.effects import DAYS, MONTHS
from policy_eval.teaching.prose.people import WEIGHTS
from policy_eval.teaching.prose.wording import Amount, Flag, Form, Many, Pick

# What each kind of request is called; the block of each is a `Request`.
REQUESTS = {
    "access": "a request for a copy of what is held",
    "correction": "a request to put data right",
    "erasure": "a request to take data out",
    "restriction": "a request to freeze data while it is disputed",
    "portability": "a request to take along what one gave",
    "objection": "a request to stop the use",
    "repair": "a request to regain one's standing",
}

_TRANSPARENCY: dict[str, Form] = {
    "existence": Pick("The public {V} that the system exists.", {"known": "knows", "secret": "does not know"}),
    "criteria": Pick("Of the criteria of the score, {V} published.", {
        "none": "nothing is",
        "categories": "broad classes are",
        "list": "each one is",
        "with_weights": "each one and its weight is",
    }),
    "model_seen_by": Many("The model can be verified by {V}.", "For verifying the model, nobody is listed.", {
        "public": "anyone",
        "authority": "a supervisory authority without inspecting the operator",
        "court": "a court",
        "auditor": "an independent auditor",
        "nobody": "nobody outside",
    }),
    "explanation": Pick("Who asks for an explanation gets {V}.", {
        "refused": "nothing",
        "outline": "an outline of how the system works",
        "factors": "the factors that counted",
        "factors_with_role": "the factors that counted, and which way",
        "individual_reasons": "the reasons for their own score",
        "counterfactual": "what would have changed their score",
    }),
}  # fmt: skip

_REQUEST: dict[str, Form] = {
    "handling": Pick("{V}.", {
        "full": "{P} is met in full",
        "partial": "{P} is met in part",
        "refused": "{P} is refused",
        "unanswered": "{P} gets no answer",
        "not_offered": "there is no way to make {P}",
    }),
    "days": Amount("{P} usually takes {V}.", DAYS, "{P} usually takes for ever.", "{P} is usually dealt with at once."),
    "ground": Pick("The ground given for refusing {P} is {V}.", {
        "trade_secret": "a business secret",
        "law": "that a law forbids it",
        "still_needed": "that the data is still needed",
        "others_rights": "that it would hurt others",
        "sent_elsewhere": "that somebody else is to be asked",
        "not_stated": "none at all",
    }),
}  # fmt: skip

_RIGHTS: dict[str, Form] = {
    "free_copies_per_year": Amount(
        "A person can have their own report free of charge {V} a year.", ("time", "times"),
        "A person can have their own report free of charge as often as they like.",
        "A person can never have their own report free of charge.",
    ),
    "court": Flag("A court or tribunal can review the matter.", "No court or tribunal can review the matter."),
}  # fmt: skip

_GOVERNANCE: dict[str, Form] = {
    "assessment": Pick("{V}.", {
        "none": "no impact or necessity assessment was made",
        "general": "an impact or necessity assessment was made, but of the technology or the law at large",
        "specific": "an impact or necessity assessment was made of this very system",
    }),
    "assessment_when": Pick("The assessment was made {V}.", {
        "before": "before the start", "after_start": "after the start",
    }),
    "assessment_gaps": Many("The assessment leaves out {V}.", "The assessment leaves out nothing.", {
        "necessity": "whether the system is needed",
        "special_data": "protected traits",
        "groups_of_people": "a group of people affected",
        "errors": "what errors do",
        "lawfulness": "the legal basis",
        "each_deployment": "the single deployments",
    }),
    "officer": Pick("{V}.", {
        "involved": "the data-protection officer was asked in time",
        "late": "the data-protection officer was asked too late",
        "not_asked": "there is a data-protection officer, who was never asked",
        "none": "there is no data-protection officer",
    }),
    "access": Pick("Inside, the records can be opened by {V}.", {
        "needed_only": "those alone who need them",
        "wide": "many who do not need them",
        "open": "everybody",
    }),
    "protection": Many("The records are protected by {V}.", "The records are protected by nothing.", {
        "encryption": "encryption",
        "pseudonymisation": "putting keys in place of names",
        "access_control": "limiting access by role",
        "logs_checked": "logging access and looking at the logs",
    }),
    "weaknesses": Many("The weaknesses on record are {V}.", "There are no weaknesses on record.", {
        "shared_accounts": "accounts used by several people",
        "weak_passwords": "passwords that are easily guessed",
        "misconfiguration": "a wrong setting",
        "logs_unchecked": "logs that nobody looks at",
        "access_beyond_need": "access without need",
        "none_known": "none, though somebody looked",
    }),
    "assessment_kinds": Many("Of kinds of assessment, there was {V}.", "Of kinds of assessment, there was none.", {
        "data_protection": "one of effects on data protection",
        "fundamental_rights": "one of effects on fundamental rights",
        "necessity_test": "one of whether it is needed",
        "bias_audit": "one of differences between groups",
        "prior_consultation": "a consultation of the authority beforehand",
    }),
    "processing_record": Pick("{V}.", {
        "kept": "there is a written record of the processing that covers the system",
        "incomplete": "there is a written record of the processing, with gaps",
        "missing": "there is no written record of the processing",
    }),
    "residual_risk": Pick("The risk to people that the assessment itself says is left is {V}.", WEIGHTS),
    "breach": Pick("{V}.", {
        "none": "it was looked for whether data got loose, and it did not",
        "contained": "data got loose, but nobody could use it",
        "exposed": "data got loose, and others could read or use it",
    }),
    "breach_authority_hours": Amount(
        "From learning that data got loose until the supervisory authority was told, it took {V}.", ("hour", "hours"),
        "The supervisory authority was never told that data got loose.",
        "The supervisory authority was told at once that data got loose.",
    ),
    "breach_people_told": Flag(
        "The people whose data got loose were told of it.", "The people whose data got loose were not told of it."
    ),
    "logs_months": Amount(
        "Logs of the system are kept for {V}.", MONTHS, "Logs of the system are kept without any limit in time.",
        "No logs of the system are kept.",
    ),
}  # fmt: skip

SENTENCES: Mapping[type[Block], Mapping[str, Form]] = {
    Transparency: _TRANSPARENCY,
    Request: _REQUEST,
    Rights: _RIGHTS,
    Governance: _GOVERNANCE,
}
