"""Sentences about the system as a whole, parties, the people affected, purposes and consents."""

from __future__ import annotations

from collections.abc import Mapping

from policy_eval.design.base import Block
from policy_eval.design.model import Design
from policy_eval.design.people import Consent, Party, Purpose, Subject
from policy_eval.teaching.prose.wording import Amount, Flag, Form, Listed, Many, Pick, Said

FIELDS_OF_LIFE = {
    "payments_and_credit": "paying and borrowing",
    "tax": "taxes",
    "benefits": "social benefits",
    "work": "work",
    "education": "education",
    "health": "health and care",
    "housing": "housing",
    "insurance": "insurance",
    "telecom_internet": "phone and internet access",
    "retail": "shopping",
    "transport_travel": "travel and transport",
    "policing_justice": "policing and justice",
    "public_administration": "dealings with authorities",
    "social_and_family": "family and social life",
    "media_and_expression": "speaking, posting and reading",
    "political": "politics and civic loyalty",
    "profession_or_business": "business and the professions",
    "home_private": "the home and private life",
}
WEIGHTS = {
    "none": "of no weight",
    "minor": "of minor weight",
    "moderate": "of moderate weight",
    "serious": "of serious weight",
    "grave": "of grave weight",
}
TRAITS = {
    "emotion": "feelings or mood",
    "health": "state of health",
    "disability": "an impairment",
    "ethnic_origin": "ethnic origin",
    "nationality": "citizenship",
    "religion": "religious or philosophical belief",
    "politics": "political opinion",
    "union": "trade union membership",
    "sex_life": "sex life or sexual orientation",
    "biometric_identity": "body features that identify a person",
    "genetics": "inherited characteristics",
    "offences": "criminal convictions or suspected offences",
    "age": "age",
    "sex": "sex or gender",
    "family_status": "family status",
    "poverty": "poverty",
}
NOTICE = {
    "controller": "who is responsible",
    "purposes": "what the data is for",
    "basis": "which legal ground is relied on",
    "data": "which data is used",
    "sources": "where the data comes from",
    "recipients": "who receives it",
    "transfer": "that it leaves the country",
    "period": "how long it is kept",
    "rights": "what a person can ask for",
    "scoring_exists": "that people are scored",
    "logic": "how the score comes about",
    "effects": "what the score can lead to",
}
REQUEST = {
    "controller": "who asks",
    "purposes": "what for",
    "data": "which data",
    "recipients": "who gets it",
    "period": "how long",
    "withdrawal": "that it can be taken back",
    "effects": "what may follow",
    "how_score_works": "how the score comes about",
}
REFUSAL = {
    "no_effect": "suffers nothing",
    "extra_step_only": "has one more step to take and suffers nothing else",
    "lesser_service": "gets a poorer service",
    "no_service": "gets no service",
    "penalty": "suffers a disadvantage beyond the service",
}

_DESIGN: dict[str, Form] = {
    "jurisdiction": Many("{P} is under the law of {V}.", "{P} is under the law of no place."),
    "is_ai": Pick("{P} {V}.", {
        "hand_written_rules_only": "works only by rules that people wrote down",
        "infers_from_data": "learns or infers from data how to judge",
    }),
    "parties": Listed(
        "{P} ({path}) [takes|take] part in the system.", "Nobody else takes part in the system.",
        "Nobody takes part in the system.", "Others may take part in the system.", "parties",
    ),
    "subjects": Listed(
        "The system affects {P} ({path}).", "The system affects no other group.",
        "The system affects no group.", "The system may affect other groups.", "groups",
    ),
    "purposes": Listed(
        "The score serves {P} ({path}).", "The score serves no other purpose.",
        "The score serves no purpose.", "The score may serve other purposes.", "purposes",
    ),
    "consents": Listed(
        "There is a consent called {N} ({path}).", "There are no other consents.",
        "There are no consents.", "There may be other consents.", "consents",
    ),
    "inputs": Listed(
        "The score takes in data on {N} ({path}).", "No other data goes into the score.",
        "No data goes into the score.", "Other data may go into the score.", "data in the score",
    ),
    "associations": Listed(
        "Other people count through a tie called {N} ({path}).", "Other people count through no other tie.",
        "Other people do not count.", "Other people may count through other ties.", "ties",
    ),
    "consequences": Listed(
        "The score brings about an effect called {N} ({path}).", "The score has no other effects.",
        "The score has no effects.", "The score may have other effects.", "effects",
    ),
    "disclosures": Listed(
        "There is a disclosure called {N} ({path}).", "There are no other disclosures.",
        "There are no disclosures.", "There may be other disclosures.", "disclosures",
    ),
    "retentions": Listed(
        "There is a storage period called {N} ({path}).", "There are no other storage periods.",
        "There are no storage periods.", "There may be other storage periods.", "storage periods",
    ),
    "promises": Listed(
        "A promise is made about {N} ({path}).", "No other promises are made.",
        "No promises are made.", "Other promises may have been made.", "promises",
    ),
}  # fmt: skip

_PARTY: dict[str, Form] = {
    "name": Said("{P} [is|are] known as {V}."),
    "roles": Many(
        "{P's} part in the system is to {V}.",
        "{P's} part is neither to supply data, nor to make, use or publish the score.",
        {
            "supplies_data": "supply data that feeds the score",
            "computes_score": "make the score",
            "acts_on_score": "act on the score",
            "processes_on_instruction": "process data only as another party tells it",
            "publishes": "make the score or data public",
        },
    ),
    "sector": Pick("{P} {V}.", {
        "public_authority": "[is a body|are bodies] of the state",
        "public_mandate": "[is a|are] private or mixed [body|bodies] with a public task to carry out",
        "private": "[is a private body|are private bodies]",
        "law_enforcement": "[belongs|belong] to the police or the prosecution",
    }),
    "alternatives": Pick("The same service as from {P} can be had {V}.", {
        "none": "nowhere else",
        "few": "from a handful of others",
        "many": "from a whole market of others",
    }),
    "country": Said("{P} [processes|process] the data in {V}."),
    "permit": Pick("{P} {V}.", {
        "held": "[holds|hold] the licence that the law requires for this activity",
        "missing": "[lacks|lack] the licence that the law requires for this activity",
        "not_needed": "[needs|need] no licence for this activity",
    }),
}  # fmt: skip

_SUBJECT: dict[str, Form] = {
    "relation": Pick("{P} {V}.", {
        "customer": "[buys|buy] from one of the parties or [has|have] a contract with it",
        "applicant": "[asks|ask] for a contract or a benefit",
        "worker": "[works|work] for one of the parties",
        "student": "[learns|learn] at one of the parties",
        "patient": "[is|are] treated by one of the parties",
        "benefit_recipient": "[receives|receive] public benefits",
        "taxpayer": "[owes|owe] or [pays|pay] tax",
        "resident": "[lives|live] in the area covered",
        "licence_holder": "[holds|hold] a permit",
        "user": "[uses|use] a free service or a platform",
        "professional": "[is|are] judged in a profession",
        "debtor": "[owes|owe] money",
        "visitor": "[is|are] merely present",
        "contact_of_scored": "[comes|come] into it only through knowing somebody",
        "business": "[is|are] not people but legal entities",
    }),
    "scored": Flag("{P} [gets|get] a score.", "{P} [gets|get] no score: only their data is used."),
    "number": Amount("{P} [numbers|number] {V}.", ("person", "people"), "{P} [is|are] without number."),
    "children": Pick("{V}.", {
        "none": "checks that work keep persons under 18 away from {P}",
        "possible": "nothing keeps persons under 18 away from {P}",
        "known": "persons under 18 are known to be among {P}",
        "targeted": "the service to {P} is meant for persons under 18",
    }),
    "youngest": Amount(
        "The youngest who are let in among {P} are {V} old.", ("year", "years"), "{P's} age knows no limit."
    ),
    "circumstances": Many("{P's} position is weakened by {V}.", "Nothing weakens {P's} position.", {
        "low_income": "low income",
        "debt": "debt",
        "illness": "illness",
        "disability": "impairments",
        "minority": "belonging to a minority",
        "no_choice_of_provider": "having nowhere else to go",
    }),
    "public_role": Flag(
        "The data on {P} concerns only their public or professional role.",
        "The data on {P} concerns more than their public or professional role.",
    ),
    "concerned": Pick("{V} what the score is for.", {
        "none": "nobody among {P} has any dealing with",
        "part": "only some of {P} have any dealing with",
        "all": "all of {P} have some dealing with",
    }),
    "chosen": Pick("{V}.", {
        "everyone_in_scope": "nobody is picked among {P}: all are run through the system",
        "by_area": "who of {P} is run through the system depends on where they live",
        "by_suspicion": "who of {P} is run through the system is picked because something points at them",
        "by_application": "who of {P} is run through the system is picked because they applied",
        "sample": "who of {P} is run through the system is picked at random",
    }),
    "enrolment": Pick("{P} [comes|come] into the system {V}.", {
        "own_act": "by asking for it",
        "preset_can_leave": "by a ticked box or a similar default, which they can undo",
        "automatic_can_leave": "without being asked, but can leave",
        "automatic_cannot_leave": "without being asked, and cannot leave",
    }),
    "told": Pick("{P} {V}.", {
        "nothing": "[is|are] told nothing of the system",
        "general_public_notice": "[learns|learn] of the system by a notice to the public at large",
        "available_if_sought": "can find out about the system by looking for it",
        "individually": "[is|are] told of the system one by one",
    }),
    "told_about": Many(
        "The notice to {P} says {V}, and no more.", "The notice to {P} gives none of the usual particulars.", NOTICE
    ),
    "told_lacks": Many(
        "The notice to {P} is known to leave out {V}.", "The notice to {P} is known to leave out nothing.", NOTICE
    ),
    "told_when": Pick("{V}.", {
        "before": "the notice reaches {P} at or before collection of the data",
        "within_month": "the notice reaches {P} within a month of collection of the data",
        "later": "the notice reaches {P} more than a month after collection of the data",
        "never": "the notice never reaches {P}",
    }),
    "told_form": Pick("The notice to {P} is {V}.", {
        "one_clear_text": "one text that people can follow",
        "layered": "a short text that leads to more",
        "scattered_or_inconsistent": "spread over several texts, or contradicts itself",
        "other_channel_only": "given only where the people are not",
    }),
}  # fmt: skip

_PURPOSE: dict[str, Form] = {
    "category": Pick("{P} is {V}.", {
        "credit": "to tell whether a person will repay",
        "payment_risk": "to tell whether a purchase will be paid",
        "fraud_detection": "to find fraud",
        "benefit_allocation": "to decide who gets a benefit",
        "work_management": "to manage work: hiring, shifts, evaluation",
        "identity_check": "to check whether people are who they say they are",
        "access_to_service": "to decide who may use a service",
        "pricing": "to set what a person pays",
        "security": "to protect people or things",
        "crime_prediction": "to predict who will commit a crime",
        "crime_prevention": "to stop crime without predicting what individuals will do",
        "tax_control": "to find tax that was not paid",
        "marketing": "to sell",
        "content_ranking": "to decide what people get to see",
        "public_information": "to inform the public",
        "reputation": "to tell others what to think of somebody",
        "assessment": "to judge ability or work",
        "health_care": "to treat patients",
        "support_allocation": "to decide who gets help first",
        "steering_conduct": "to make people behave",
        "loyalty_to_authority": "to reward loyalty to those in power",
        "self_information": "to tell people about themselves",
        "other": "of none of the usual kinds",
    }),
    "domain": Pick("{P} belongs to the field of {V}.", FIELDS_OF_LIFE),
    "by": Many("{P} is pursued by {V}.", "{P} is pursued by none of the parties."),
    "wording": Pick("{P} is {V}.", {
        "precise": "worded for the public so that one could tell which use falls outside",
        "general": "worded for the public as a field, not as a use",
        "open_ended": "worded for the public with an open end",
        "unstated": "written down nowhere for the public",
    }),
    "importance": Pick("The interest behind {P} is {V}.", WEIGHTS),
    "basis": Many("The legal basis claimed for {P} is {V}.", "No legal basis is listed for {P}.", {
        "consent": "consent",
        "contract": "a contract with the person",
        "legal_duty": "a duty under the law",
        "public_task": "a task in the public interest",
        "vital": "somebody's vital interests",
        "legitimate_interest": "a legitimate interest",
        "no_basis_claimed": "none that the party names",
    }),
    "law_ref": Said("The law relied on for {P} is {V}."),
    "law_data": Pick("The law relied on for {P} {V}.", {
        "names_each": "names each kind of data",
        "broad_categories": "describes the data only in wide classes",
        "silent": "says nothing of data",
    }),
    "law_safeguards": Pick("Before use, the law relied on for {P} prescribes {V}.", {
        "none": "no check",
        "internal": "a check inside the body that uses the score",
        "independent_advisory": "an outside opinion that does not bind",
        "independent_binding": "an outside decision that binds",
    }),
    "needed_for_request": Pick("Without {P}, the service that the person asked for could {V}.", {
        "service_impossible_without": "not be given",
        "service_possible_without": "be given all the same",
    }),
    "balancing": Pick("{V}.", {
        "on_file": "a written weighing of interests is on file for {P}",
        "none": "there is no written weighing of interests for {P}",
    }),
    "consents": Many("{P} rests on {V}.", "For {P}, no consent was asked."),
    "objection": Pick("{V}.", {
        "honoured": "when somebody objects to {P}, the use stops",
        "refused": "when somebody objects to {P}, the use goes on",
        "not_offered": "there is no way to object to {P}",
    }),
}  # fmt: skip

_CONSENT: dict[str, Form] = {
    "act": Pick("{V}.", {
        "own_affirmative": "{P} is given by something that people do for that end",
        "preset": "{P} is ticked in advance or switched on by default",
        "continued_use": "{P} is read from people going on using the service",
        "acceptance_of_terms": "{P} is given by accepting terms as a whole",
        "by_parent": "{P} is given by whoever holds parental responsibility",
        "by_another_person": "{P} is given by somebody else than the person concerned",
        "none": "for {P}, nobody does anything at all",
    }),
    "scope": Pick("{P} covers {V}.", {
        "this_purpose_alone": "one purpose alone",
        "several_purposes_at_once": "several purposes at once",
        "whole_terms": "all of the terms",
    }),
    "prominence": Pick("The request for {P} {V}.", {
        "plain": "stands where people look, as large as the rest",
        "inconspicuous": "is small, at the end, or below other content",
        "misleading": "states something untrue about the choice, by its text or its design",
    }),
    "refusal": Pick("Who refuses {P} {V}.", REFUSAL),
    "told": Many("The request for {P} says {V}, and no more.", "The request for {P} says nothing of itself.", REQUEST),
    "told_lacks": Many(
        "The request for {P} is known to leave out {V}.", "The request for {P} is known to leave out nothing.", REQUEST
    ),
    "withdrawal": Pick("{P} {V}.", {
        "as_few_steps": "can be withdrawn as easily as it was given",
        "more_steps": "can be withdrawn, but that is harder than giving it",
        "impossible": "cannot be withdrawn",
    }),
    "after_withdrawal": Pick("Once {P} is withdrawn, {V}.", {
        "data_removed_from_score": "the data no longer counts",
        "use_stops_only": "nothing new is taken, but what is there stays",
        "nothing_changes": "nothing changes",
    }),
    "recorded": Flag("A record of {P} is kept.", "No record of {P} is kept."),
}  # fmt: skip

SENTENCES: Mapping[type[Block], Mapping[str, Form]] = {
    Design: _DESIGN,
    Party: _PARTY,
    Subject: _SUBJECT,
    Purpose: _PURPOSE,
    Consent: _CONSENT,
}
