"""Enumerations about scoring, consequences, disclosure and retention."""

from __future__ import annotations

from policy_eval.vocabulary.base import Ordinal, Term


class ScoringMethod(Term):
    """How the score is made."""

    HAND_RULES = ("hand_rules", "rules people wrote", "refuse under 18")
    POINTS = ("points", "points from a table", "ten points a year of tenancy")
    STATISTICAL = ("statistical", "a fitted formula", "a regression on defaults")
    MACHINE_LEARNING = ("machine_learning", "a trained model", "a gradient-boosted model")
    AVERAGE_OF_RATINGS = ("average_of_ratings", "the mean of what people gave", "stars")
    HUMAN_CASE_BY_CASE = ("human_case_by_case", "a person judges each", "an officer's view")
    LIST_MEMBERSHIP = ("list", "being on a list or not", "a blacklist")


class ScoreOutput(Term):
    """Form of the score."""

    NUMBER = ("number", "a number", "350 to 950")
    RANK = ("rank", "a position among others", "top tenth")
    CLASS = ("class", "one of a few classes", "A to D")
    FLAG = ("flag", "a yes or no", "flagged")
    LABEL = ("label", "a word", "trustworthy")
    TEXT = ("text", "a text", "a report")


class Validated(Term):
    """Whether the score is tested against outcomes."""

    NEVER = ("never", "not tested", "no study")
    ONCE = ("once", "tested once", "before launch")
    REGULARLY = ("regularly", "tested again and again", "each year")


class ErrorRates(Term):
    """What is known of the errors of the score."""

    NOT_ASSESSED = ("not_assessed", "nobody measured them", "no figures exist")
    ASSESSED = ("assessed", "measured, not published", "an internal study")
    PUBLISHED = ("published", "measured and published", "a public report")


class Disparity(Term):
    """Difference between groups."""

    NOT_TESTED = ("not_tested", "nobody looked", "no test by sex or origin")
    TESTED_NONE = ("tested_none", "looked, none found", "an audit without findings")
    FOUND_MITIGATED = ("found_mitigated", "found and reduced", "a re-weighted model")
    FOUND_UNMITIGATED = ("found_unmitigated", "found and left", "a known gap")


class Direction(Term):
    """For whom the score speaks."""

    WORSE = ("worse", "a bad score makes it worse", "a refusal")
    BETTER = ("better", "a good score makes it better", "a waived deposit")
    BOTH = ("both", "both", "an interest rate")


class Touches(Term):
    """What is at stake for the person."""

    LEGAL_RIGHT_OR_STATUS = ("legal_right_or_status", "a right or legal status", "a benefit refused")
    ESSENTIAL_SERVICE = ("essential_service", "power, water, internet, a bank account, travel", "slow internet")
    LIVELIHOOD = ("livelihood", "job, income, home", "no shifts offered")
    MARKET_CONTRACT = ("market_contract", "an ordinary contract or its terms", "a loan refused")
    EXPOSURE_TO_CHECKS = ("exposure_to_checks", "being looked into", "an investigation")
    REPUTATION = ("reputation", "what others think", "a public list", "risk:ReputationalLoss")
    RANKING_OR_VISIBILITY = ("ranking_or_visibility", "place in a list", "shown last")
    ATTENTION_ONLY = ("attention_only", "what one is shown", "an advertisement")


class Automation(Term):
    """How the score turns into the consequence."""

    AUTOMATIC = ("automatic", "takes effect with no human before", "a refusal at check-out", "dpv:FullAutomation")
    HUMAN_FOLLOWS = ("human_follows", "a human acts but does as the score says", "a clerk reading out the result",
                     "dpv:HighAutomation")  # fmt: skip
    HUMAN_WEIGHS = ("human_weighs", "a human decides on more than the score", "a loan officer", "dpv:PartialAutomation")
    HUMAN_ALONE = ("human_alone", "the score plays no part in the decision", "a panel that never sees it",
                   "dpv:NotAutomated")  # fmt: skip


class FollowsScore(Ordinal):
    """How often the outcome follows the score."""

    RARELY = ("rarely", "seldom", "a hint among many")
    OFTEN = ("often", "more often than not", "two times in three")
    NEARLY_ALWAYS = ("nearly_always", "with few exceptions", "nineteen in twenty")
    ALWAYS = ("always", "without exception", "a hard threshold")


class ConsequenceTold(Ordinal):
    """What the person learns when hit."""

    NOTHING = ("nothing", "not even that it happened", "never shown an offer")
    OUTCOME_ONLY = ("outcome_only", "the outcome", "we cannot offer you a loan")
    SCORE_USED = ("score_used", "that a score was used", "based on your score")
    REASONS = ("reasons", "the reasons", "because of two late payments")


class Contest(Term):
    """Way to challenge a consequence."""

    NONE = ("none", "no way", "no address", "dpv:CannotChallengeProcessOutput")
    INFORMAL = ("informal", "one may ask", "a hotline")
    DOCUMENTED_PROCEDURE = ("documented_procedure", "a written procedure with an answer", "an appeal form",
                            "dpv:ChallengingProcessOutput")  # fmt: skip


class Heard(Term):
    """Whether people may put their view."""

    BEFORE = ("before", "before it takes effect", "a hearing")
    AFTER = ("after", "only afterwards", "a letter of protest")
    NEVER = ("never", "never", "no channel")


class PersonalCircumstances(Term):
    """Whether individual circumstances count."""

    IGNORED = ("ignored", "never", "a fixed threshold")
    ON_REQUEST = ("on_request", "if the person brings them up", "a hardship form")
    CONSIDERED = ("considered", "always looked at", "an interview")


class Reversible(Term):
    """Whether the consequence can be undone."""

    FULLY = ("fully", "as if it had not been", "speed restored", "dpv:ReversingProcessEffects")
    AT_COST = ("at_cost", "with loss", "another flat, dearer")
    NEVER = ("never", "not at all", "a name made public")


class OrdinaryRoute(Term):
    """For advantages: the way that stays open to others."""

    KEPT = ("kept", "as it was for everybody", "others pay the deposit as before")
    WORSENED = ("worsened", "worse than it was", "others queue longer")
    CLOSED = ("closed", "gone", "without the score no visa appointment")


class ShownTo(Term):
    """Who sees the score or the fact."""

    NOBODY = ("nobody", "only the person and the party", "a private score")
    PARTNERS = ("partners", "chosen others", "lenders")
    ANYONE = ("anyone", "whoever looks", "a public list")


class ClaimedRole(Term):
    """Role claimed for a recipient."""

    PROCESSOR = ("processor", "works for the giver", "a hosting company")
    CONTROLLER = ("controller", "decides for itself", "a lender")
    JOINT = ("joint", "decides together with the giver", "a shared register")
    DATA_SUBJECT_AS_PROCESSOR = ("data_subject_as_processor", "the person is said to do it", "a driver's own phone")


class AgreementTerm(Term):
    """What giver and recipient have agreed in writing."""

    SUBJECT_MATTER = ("subject_matter", "what is processed, why and how long", "an annex listing data and purposes")
    INSTRUCTIONS = ("instructions", "the recipient acts on instructions alone", "a clause on instructions")
    CONFIDENTIALITY = ("confidentiality", "people with access are bound to secrecy", "a secrecy clause for staff")
    SECURITY = ("security", "measures of security", "an annex of measures")
    SUB_PROCESSORS = ("sub_processors", "others are brought in only with consent", "a list of approved firms")
    ASSISTANCE = ("assistance", "help with requests, breaches and assessments", "answers within five days")
    DELETION = ("deletion", "data is returned or deleted at the end", "deletion within a month")
    AUDIT = ("audit", "proof on request, and inspections", "a yearly audit")
    DIVISION_OF_DUTIES = ("division_of_duties", "who answers people and who informs them", "a table of duties")
    CONTACT_POINT = ("contact_point", "where people can turn to", "a joint address")


class Presentation(Term):
    """How a choice is put to people."""

    EVEN = ("even", "both answers are as easy to find and to give", "two buttons of the same size")
    STEERED = ("steered", "design or wording pushes towards sharing", "the private option is the smaller one")


class DisclosureChoice(Term):
    """Choice left to the person about a disclosure."""

    NONE = ("none", "none", "sent in any case")
    BUNDLED = ("bundled", "only together with something else", "part of the terms")
    PRESET = ("preset", "a choice set in advance to yes", "a ticked box")
    SEPARATE = ("separate", "asked on its own", "an empty box for this recipient")


class Whose(Term):
    """Whose data goes."""

    ONLY_THOSE_CONCERNED = ("only_those_concerned", "those the recipient deals with", "one applicant")
    EVERYBODY = ("everybody", "all of the group", "the whole customer base")


class DisclosurePattern(Term):
    """How data goes."""

    ONCE = ("once", "one time", "a single answer")
    ON_QUERY = ("on_query", "when asked", "a look-up")
    REGULAR_BULK = ("regular_bulk", "in bulk, again and again", "a nightly file")
    OPEN_ACCESS = ("open_access", "whoever connects", "an open interface")


class Safeguard(Term):
    """Instrument for a transfer abroad."""

    ADEQUACY = ("adequacy", "the destination is recognised as safe", "an adequacy decision")
    CLAUSES = ("clauses", "contract clauses", "standard clauses")
    BINDING_RULES = ("binding_rules", "rules within a group", "approved group rules")
    DEROGATION = ("derogation", "an exception for the case", "explicit consent to one transfer")
    NONE = ("none", "nothing", "a plain copy")


class CountedFrom(Term):
    """From when a period of keeping runs."""

    COLLECTION = ("collection", "when the data was taken", "day of the order")
    EVENT = ("event", "when it happened", "day of the default")
    REGISTRATION = ("registration", "when it was entered", "day of the entry")
    SETTLEMENT = ("settlement", "when it was put right", "day of payment")
    END_OF_RELATION = ("end_of_relation", "when the relation ended", "closing of the account")


class RetentionReason(Term):
    """Ground for the length of keeping."""

    LAW = ("law", "a law or a permit fixes it", "a commercial code")
    APPROVED_CODE = ("approved_code", "an approved code of conduct", "a sector code")
    DOCUMENTED = ("documented", "the party wrote down why", "a retention plan")
    NONE = ("none", "no ground", "kept by habit")
