"""Sentences about what feeds the score, and about other people who count."""

from __future__ import annotations

from collections.abc import Mapping

from policy_eval.design.base import Block
from policy_eval.design.collection import Association, Input, Use
from policy_eval.teaching.prose.people import FIELDS_OF_LIFE, REFUSAL, TRAITS, WEIGHTS
from policy_eval.teaching.prose.wording import Amount, Flag, Form, Listed, Many, Named, Pick

_INPUT: dict[str, Form] = {
    "what": Many("{P} consists of {V}.", "{P} holds no kind of data.", {
        "identity": "who somebody is",
        "contact": "contact details",
        "age": "year or date of birth",
        "sex": "sex or gender",
        "ethnic_origin": "ethnic origin",
        "nationality": "citizenship",
        "family_status": "family status",
        "residence": "place of residence",
        "schooling": "schooling",
        "employment": "jobs held",
        "income_or_assets": "income or assets",
        "tax": "taxes paid or owed",
        "benefits": "social benefits received",
        "debts_and_defaults": "loans, arrears or defaults",
        "look_ups_by_others": "records of who asked about the person",
        "payments": "payments made or received",
        "purchases": "what was bought",
        "insurance": "insurance policies or claims",
        "property": "land, homes or vehicles",
        "business_ties": "offices or shares in firms",
        "health": "state of health or care",
        "biometrics": "measured body features",
        "religion": "religious belief",
        "politics": "political opinion or loyalty",
        "offences": "convictions or suspected crimes",
        "administrative_sanctions": "penalties imposed by authorities",
        "permits": "licences held or lost",
        "location": "whereabouts",
        "device_and_browsing": "devices or sites used",
        "communications": "messages or calls",
        "social_posts": "what is posted to others",
        "social_ties": "whom somebody knows",
        "service_use": "how a service is used",
        "work_performance": "what somebody does at work",
        "exam_or_school_work": "work done for a school",
        "ratings_by_others": "ratings that others gave",
        "image_sound_video": "recordings of image or sound",
        "score_of_another": "somebody else's score",
        "other": "something else than the usual kinds of data",
    }),
    "about": Many("{P} is about {V}.", "{P} is about none of the groups."),
    "source": Pick("{P} {V}.", {
        "given_by_person": "is handed over by the person",
        "observed_in_service": "arises as people deal with the party",
        "observed_by_surveillance": "is gathered by watching people",
        "other_private_party": "comes from another private body or person",
        "other_authority": "comes from another authority",
        "public_register": "comes from a register that is open by law",
        "open_web": "is taken from what anyone can read online",
        "bought": "is bought",
        "inferred": "is concluded by the system itself",
    }),
    "supplied_by": Named("{P} is supplied by {V}."),
    "domain": Pick("{P} arose in the field of {V}.", FIELDS_OF_LIFE),
    "reveals": Many(
        "Of protected traits, {P} shows only {V}.", "{P} is known to show no protected trait.", TRAITS
    ),
    "reveals_how": Pick("What {P} shows of protected traits is {V}.", {
        "directly": "said by the data, or known to whoever reads it",
        "inferred_by_the_system": "concluded by the system",
        "only_by_correlation": "there by correlation alone: others could guess it, but the system does not",
    }),
    "reach": Pick("{P} is collected {V}.", {
        "per_event": "at single events",
        "continuous_in_activity": "all the time while the activity lasts",
        "beyond_the_activity": "beyond the activity: off duty, in the background, or from people merely present",
    }),
    "default": Pick("Collection of {P} {V}.", {
        "opt_in": "starts only when asked for",
        "opt_out": "runs until stopped",
        "no_choice": "cannot be stopped",
    }),
    "refusal": Pick("{V}.", {
        **{value: f"who does not give {{P}} {words}" for value, words in REFUSAL.items() if value != "extra_step_only"},
        "cannot_refuse": "there is no way to refuse {P}",
    }),
    "checked": Pick("{P} is {V}.", {
        "before_use": "verified before it counts",
        "on_complaint": "checked only when somebody complains",
        "never": "never checked",
        "known_errors_used": "used although it is known to be wrong",
    }),
    "errors": Pick("{V}.", {
        "none_found": "somebody looked for errors in {P} and found none",
        "some_found": "single entries in {P} are wrong",
        "systematic": "the way entries come about makes {P} wrong",
    }),
    "told_before_adverse_use": Flag(
        "People are told before a bad entry in {P} is used or reported.",
        "People are not told before a bad entry in {P} is used or reported.",
    ),
    "identified": Pick("{P} is held {V}.", {
        "by_name": "under a name or number of the person",
        "pseudonym": "under a key that stands for the person",
        "not_identifiable": "so that nobody can tell who it is about",
    }),
    "oldest_months": Amount(
        "The oldest entries used in {P} are {V} old.", ("month", "months"), "{P} goes back without any limit in time."
    ),
    "conduct": Pick("What {P} records is {V}.", {
        "not_conduct": "no behaviour at all",
        "none": "behaviour nobody would object to",
        "minor": "conduct of minor weight, a nuisance to others",
        "moderate": "conduct of moderate weight, which costs others money or time",
        "serious": "conduct of serious weight, such as a regulatory offence",
        "grave": "conduct of grave weight, such as a serious crime",
    }),
    "intrusion": Pick("Collecting {P} is an intrusion {V}.", WEIGHTS),
    "own_expression": Flag(
        "{P} records what the scored person said or believed, or whom they met for that purpose.",
        "{P} does not record what the scored person said or believed, or whom they met for that purpose.",
    ),
    "uses": Listed(
        "{O} is used for {N} ({path}).", "{P} is put to no other use.", "{P} is put to no use.",
        "{P} may be put to other uses.", "uses",
    ),
}  # fmt: skip

_USE: dict[str, Form] = {
    "support": Pick("{V}.", {
        "named_in_law": "a law names {P}",
        "evidence_on_file": "evidence on file shows that {P} serves its end",
        "reason_stated": "a reason is stated for {P}, but it is untested",
        "nothing_stated": "no reason is stated anywhere for {P}",
        "refuted": "a test has shown that {P} does not serve its end",
    }),
    "link": Pick("{P} {V}.", {
        "same_service": "stays within the service in which the data arose",
        "same_field": "goes beyond the service in which the data arose, but stays within the same field of life",
        "other_field": "takes the data into another field of life than the one in which it arose",
    }),
    "expected": Pick("{V}.", {
        "told_at_collection": "when the data arose, people were told of {P}",
        "usual_here": "everybody knows that {P} is usual",
        "not_foreseeable": "when the data arose, nobody would have thought of {P}",
    }),
    "alternatives": Pick("In place of {P}, {V}.", {
        "less_intrusive_known": "milder data would do and is known",
        "examined_none_found": "milder data was looked for and not found",
        "not_examined": "nobody looked for milder data",
    }),
    "condition": Pick("{V}.", {
        "none": "no law, permit or promise sets a condition for {P}",
        "met": "the condition that law, permit or promise sets for {P} is met",
        "unmet": "the condition that law, permit or promise sets for {P} is not met",
    }),
    "consents": Many("{P} rests on {V}.", "For {P}, no consent was asked."),
    "special_ground": Many(
        "For intimate traits in {P}, the exception claimed is {V}.",
        "For intimate traits in {P}, no exception is claimed.",
        {
            "explicit_consent": "express agreement",
            "employment_or_social_law": "labour or social security law",
            "made_public": "that the person made them public",
            "public_interest": "a law in the public interest",
            "health_care": "care or its planning",
            "legal_claims": "claims before courts",
        },
    ),
    "weight": Pick("{P} {V}.", {
        "sole": "is all that counts in the score",
        "main": "counts most in the score",
        "one_of_several": "counts in the score as one of several things",
        "minor": "hardly counts in the score",
    }),
    "treats_unlike_alike": Flag(
        "{P} counts the same whatever the reason behind an entry.",
        "{P} counts one way or another depending on the reason behind an entry.",
    ),
}  # fmt: skip

_ASSOCIATION: dict[str, Form] = {
    "tie": Pick("{P} is {V}.", {
        "friend_or_contact": "one to friends or contacts",
        "family": "one of family",
        "household": "one of living together",
        "neighbourhood": "one of living near",
        "employer_or_colleague": "one of working together",
        "co_owner_or_officer": "one through a firm",
        "co_borrower_or_guarantor": "one through a debt",
        "member_of_group": "one of belonging to an association",
        "statistical_group": "one of being alike in data",
        "rater": "one to the people who rate",
    }),
    "input": Named("{P} is carried by {V}."),
    "effect": Pick("Through {P}, others can {V}.", {
        "lowers": "only lower the score",
        "raises": "only raise the score",
        "either": "both lower and raise the score",
    }),
    "answerable": Pick("In {P}, the scored person {V}.", {
        "legally_liable": "has to answer in law for the other",
        "controls_the_other": "decides for the other",
        "neither": "neither answers nor decides for the other",
    }),
    "trait": Many(
        "Of protected traits, {P} itself shows only {V}.", "{P} itself is known to show no protected trait.", TRAITS
    ),
    "consents": Many("{P} rests on {V}.", "For {P}, no consent was asked."),
}  # fmt: skip

SENTENCES: Mapping[type[Block], Mapping[str, Form]] = {Input: _INPUT, Use: _USE, Association: _ASSOCIATION}
