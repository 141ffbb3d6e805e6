"""Sentences about how the score is made, what it does, and where it and the data go."""

from __future__ import annotations

from collections.abc import Mapping

from policy_eval.design.base import Block
from policy_eval.design.effects import Consequence, Disclosure, Human, Promise, Retention, Scoring
from policy_eval.teaching.prose.people import FIELDS_OF_LIFE, WEIGHTS
from policy_eval.teaching.prose.wording import Amount, Flag, Form, Many, Named, Pick, Said

MONTHS, DAYS = ("month", "months"), ("day", "days")
SCORE = {"score": "the score"}

_SCORING: dict[str, Form] = {
    "method": Pick("The score is made {V}.", {
        "hand_rules": "by rules that people wrote",
        "points": "by adding points from a table",
        "statistical": "by a fitted formula",
        "machine_learning": "by a trained model",
        "average_of_ratings": "by taking the mean of what people gave",
        "human_case_by_case": "by a person who judges each case",
        "list": "by looking whether somebody is on a list",
    }),
    "output": Pick("The score comes as {V}.", {
        "number": "a number",
        "rank": "a position among others",
        "class": "one of a few classes",
        "flag": "a plain yes-or-no flag",
        "label": "a word",
        "text": "a text",
    }),
    "span_months": Amount(
        "The conduct that the score looks at spans {V}.", MONTHS,
        "The score looks at conduct without any limit in time.",
    ),
    "validated": Pick("The score {V} tested against outcomes.", {
        "never": "was never", "once": "was once", "regularly": "is regularly",
    }),
    "errors": Pick("The errors of the score were {V}.", {
        "not_assessed": "never measured",
        "assessed": "measured, but not published",
        "published": "measured and published",
    }),
    "disparity": Pick("{V}.", {
        "not_tested": "nobody looked for differences between groups",
        "tested_none": "differences between groups were looked for and none was found",
        "found_mitigated": "differences between groups were found and reduced",
        "found_unmitigated": "differences between groups were found and left as they are",
    }),
}  # fmt: skip

_HUMAN: dict[str, Form] = {
    "may_change": Flag(
        "The human behind {P} may depart from the score.", "The human behind {P} may not depart from the score."
    ),
    "other_information": Flag(
        "The human behind {P} looks at information beyond the score.",
        "The human behind {P} looks at no information beyond the score.",
    ),
    "trained": Flag("The human behind {P} is trained for it.", "The human behind {P} is not trained for it."),
}

_CONSEQUENCE: dict[str, Form] = {
    "purpose": Named("{P} flows from {V}."),
    "people": Many("{P} falls on {V}.", "{P} falls on none of the groups."),
    "by": Named("{P} is brought about by {V}."),
    "domain": Pick("{P} is felt in the field of {V}.", FIELDS_OF_LIFE),
    "direction": Pick("With {P}, {V}.", {
        "worse": "a bad score makes things worse",
        "better": "a good score makes things better",
        "both": "a bad score makes things worse and a good one makes them better",
    }),
    "touches": Pick("At stake in {P} is {V}.", {
        "legal_right_or_status": "a right or a legal status",
        "essential_service": "an essential service, such as power, water, internet, a bank account or travel",
        "livelihood": "a livelihood: job, income or home",
        "market_contract": "an ordinary contract or its terms",
        "exposure_to_checks": "being looked into",
        "reputation": "what others think of a person",
        "ranking_or_visibility": "a place in a list",
        "attention_only": "no more than what one is shown",
    }),
    "severity": Pick("{P} is {V} for a person.", WEIGHTS),
    "automation": Pick("{V}.", {
        "automatic": "{P} comes about with no human before it",
        "human_follows": "a human brings about {P}, but does as the score says",
        "human_weighs": "a human decides on {P}, and on more than the score",
        "human_alone": "the score plays no part in the decision on {P}",
    }),
    "follows_score": Pick("{P} follows the score {V}.", {
        "always": "without exception",
        "nearly_always": "with few exceptions",
        "often": "more often than not",
        "rarely": "seldom",
    }),
    "told": Pick("Who is hit by {P} learns {V}.", {
        "nothing": "nothing, not even that it happened",
        "outcome_only": "the outcome alone",
        "score_used": "that a score was used",
        "reasons": "the reasons",
    }),
    "contest": Pick("{V}.", {
        "none": "there is no way to challenge {P}",
        "informal": "one may ask about {P}, but without any set procedure",
        "documented_procedure": "{P} can be challenged in a written procedure that ends with an answer",
    }),
    "may_refuse_automation": Flag(
        "One may ask for a decision on {P} without the score.",
        "One may not ask for a decision on {P} without the score.",
    ),
    "told_days": Amount(
        "Who is hit by {P} is told after {V}.", DAYS, "Who is hit by {P} may wait without end to be told.",
        "Who is hit by {P} is told at once.",
    ),
    "heard": Pick("People may put their view on {P} {V}.", {
        "before": "before it comes about", "after": "only afterwards", "never": "at no time",
    }),
    "circumstances": Pick("With {P}, individual circumstances {V}.", {
        "ignored": "never count",
        "on_request": "count if the person brings them up",
        "considered": "are always looked at",
    }),
    "reversible": Pick("{P} {V}.", {
        "fully": "can be undone as if it had not been",
        "at_cost": "can be undone only with loss",
        "never": "cannot be undone",
    }),
    "months": Amount("{P} lasts {V}.", MONTHS, "{P} lasts without end.", "{P} is over at once."),
    "law_ref": Said("The law that provides for {P} is {V}."),
    "ordinary_route": Pick("For those to whom {P} does not come, the ordinary way {V}.", {
        "kept": "stays as it was for everybody", "worsened": "is worse than it was", "closed": "is gone",
    }),
    "shown_to": Pick("{V} the score or the fact of {P}.", {
        "nobody": "nobody but the person and the party sees",
        "partners": "chosen others see",
        "anyone": "whoever looks can see",
    }),
}  # fmt: skip

_DISCLOSURE: dict[str, Form] = {
    "to": Named("{P} goes to {V}.", {
        "public": "the public",
        "unnamed_third_parties": "third parties who are not named",
        "police": "the police",
        "courts": "the courts",
    }),
    "what": Many("{P} passes on {V}.", "{P} passes on neither data nor the score.", SCORE),
    "purpose": Named("{P} serves {V}."),
    "claimed_role": Pick("In {P}, {V}.", {
        "processor": "the recipient is said to work for the giver",
        "controller": "the recipient is said to decide for itself",
        "joint": "the recipient is said to decide together with the giver",
        "data_subject_as_processor": "the person whose data it is is said to do the processing",
    }),
    "agreement": Many(
        "For {P}, giver and recipient have agreed in writing on {V}, and no more.",
        "For {P}, giver and recipient have agreed on nothing in writing.",
        {
            "subject_matter": "what is processed, why and how long",
            "instructions": "acting on instructions alone",
            "confidentiality": "secrecy of those with access",
            "security": "measures of security",
            "sub_processors": "bringing in others only with consent",
            "assistance": "help with requests, incidents or assessments",
            "deletion": "return or deletion of data at the end",
            "audit": "proof on request or inspections",
            "division_of_duties": "who answers and informs people",
            "contact_point": "where people can turn to",
        },
    ),
    "instructions_only": Flag(
        "The recipient in {P} acts only on instructions and for the giver.",
        "The recipient in {P} does not act only on instructions and for the giver.",
    ),
    "consents": Many("{P} rests on {V}.", "For {P}, no consent was asked."),
    "choice": Pick("{P} {V}.", {
        "none": "leaves people no choice",
        "bundled": "leaves people a choice only together with something else",
        "preset": "leaves people a choice that is set to yes in advance",
        "separate": "leaves people a choice that is asked on its own",
    }),
    "presentation": Pick("As the choice on {P} is put to people, {V}.", {
        "even": "both answers are as easy to find and to give",
        "steered": "design or wording pushes towards sharing",
    }),
    "whose": Pick("{P} takes in {V}.", {
        "only_those_concerned": "only those whom the recipient deals with",
        "everybody": "everybody in the group",
    }),
    "recipient_checked": Flag(
        "In {P}, the giver checks who asks and for what.", "In {P}, the giver does not check who asks and for what."
    ),
    "pattern": Pick("{P} happens {V}.", {
        "once": "one time",
        "on_query": "when somebody asks",
        "regular_bulk": "in bulk, again and again",
        "open_access": "whenever anybody connects",
    }),
    "country": Said("{P} leads to {V}."),
    "safeguard": Pick("As a transfer abroad, {P} stands on {V}.", {
        "adequacy": "an official finding that the destination protects data well enough",
        "clauses": "contract clauses",
        "binding_rules": "binding rules within a group of firms",
        "derogation": "an exception for the case",
        "none": "no safeguard",
    }),
}  # fmt: skip

_RETENTION: dict[str, Form] = {
    "of": Many("{P} is for {V}.", "{P} is for nothing that the score uses or does.", SCORE),
    "months": Amount("{P} is {V}.", MONTHS, "{P} has no end.", "{P} is nil: nothing is kept."),
    "counted_from": Pick("{P} runs from the day {V}.", {
        "collection": "the data was taken",
        "event": "the matter happened",
        "registration": "the entry was made",
        "settlement": "the matter was put right",
        "end_of_relation": "the relation ended",
    }),
    "source_limit_months": Amount(
        "Where the data under {P} comes from, the limit is {V}.", MONTHS,
        "Where the data under {P} comes from, there is no limit.",
    ),
    "reason": Pick("{P} {V}.", {
        "law": "is fixed by a law or a permit",
        "approved_code": "is fixed by an approved code of conduct",
        "documented": "is one for which the party wrote down why",
        "none": "has no ground",
    }),
    "over_own_limit": Flag(
        "Entries under {P} are kept longer than the operator's own rule.",
        "Entries under {P} are kept no longer than the operator's own rule.",
    ),
}  # fmt: skip

_PROMISE: dict[str, Form] = {
    "value": Said("What is promised about {N} is {V}."),
    "source": Said("The promise about {N} stands in {V}."),
}

SENTENCES: Mapping[type[Block], Mapping[str, Form]] = {
    Scoring: _SCORING,
    Human: _HUMAN,
    Consequence: _CONSEQUENCE,
    Disclosure: _DISCLOSURE,
    Retention: _RETENTION,
    Promise: _PROMISE,
}
