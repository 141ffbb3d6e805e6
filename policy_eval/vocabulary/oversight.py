"""Enumerations about transparency, rights and governance."""

from __future__ import annotations

from policy_eval.vocabulary.base import Ordinal, Term


class Existence(Term):
    """Whether the public knows of the system."""

    KNOWN = ("known", "the public knows", "a published system")
    SECRET = ("secret", "the public does not know", "a hidden list")


class Criteria(Ordinal):
    """What is published of the criteria."""

    NONE = ("none", "nothing", "no word on what counts")
    CATEGORIES = ("categories", "broad classes", "five dimensions named")
    LIST = ("list", "each criterion", "a list of factors")
    WITH_WEIGHTS = ("with_weights", "each criterion and its weight", "a points table")


class ModelSeenBy(Term):
    """Who can verify the model."""

    PUBLIC = ("public", "anyone", "published code")
    AUTHORITY = (
        "authority",
        "a supervisory authority, other than by inspecting the operator",
        "a model laid before it to be weighed",
    )
    COURT = ("court", "a court", "disclosed in a lawsuit")
    AUDITOR = ("auditor", "an independent auditor", "an audit firm")
    NOBODY = ("nobody", "nobody outside", "a sealed model")


class Explanation(Ordinal):
    """What an individual gets on request."""

    REFUSED = ("refused", "nothing", "a reply citing trade secrets")
    OUTLINE = ("outline", "how the system works in general", "a page on scoring")
    FACTORS = ("factors", "which factors counted", "four factors named")
    FACTORS_WITH_ROLE = ("factors_with_role", "which counted, and which way", "arrears lowered it")
    INDIVIDUAL_REASONS = ("individual_reasons", "why this person got this score", "two late payments in May")
    COUNTERFACTUAL = ("counterfactual", "what would have changed it", "without them, 40 points more")


class Handling(Term):
    """What happens to a request."""

    FULL = ("full", "met in full", "a complete copy")
    PARTIAL = ("partial", "met in part", "some categories left out")
    REFUSED = ("refused", "refused", "a letter saying no")
    UNANSWERED = ("unanswered", "no answer", "silence for months")
    NOT_OFFERED = ("not_offered", "there is no way to ask", "no address")


class RefusalGround(Term):
    """Ground the operator gives for refusing."""

    TRADE_SECRET = ("trade_secret", "a business secret", "the formula is ours")
    LAW = ("law", "a law forbids it", "secrecy of investigations")
    STILL_NEEDED = ("still_needed", "the data is still needed", "the loan is not repaid")
    OTHERS_RIGHTS = ("others_rights", "it would hurt others", "a tip-off by a neighbour")
    SENT_ELSEWHERE = ("sent_elsewhere", "somebody else is to be asked", "a lender that points to the bureau")
    NOT_STATED = ("not_stated", "none", "a bare no")


class Assessment(Term):
    """Impact or necessity assessment made."""

    NONE = ("none", "none", "no document")
    GENERAL = ("general", "of the technology or law at large", "an assessment of the bill")
    SPECIFIC = ("specific", "of this system", "an assessment of this score")


class AssessmentWhen(Term):
    """When the assessment was made."""

    BEFORE = ("before", "before the start", "signed before launch")
    AFTER_START = ("after_start", "after the start", "made on demand of the authority")


class AssessmentGap(Term):
    """What an assessment leaves out."""

    NECESSITY = ("necessity", "whether it is needed", "no comparison with milder ways")
    SPECIAL_DATA = ("special_data", "protected traits", "health data not mentioned")
    GROUPS_OF_PEOPLE = ("groups_of_people", "a group affected", "children left out")
    ERRORS = ("errors", "what errors do", "false hits not looked at")
    LAWFULNESS = ("lawfulness", "the legal basis", "no basis named")
    EACH_DEPLOYMENT = ("each_deployment", "single deployments", "one assessment for all towns")


class Officer(Term):
    """Part of a data-protection officer."""

    INVOLVED = ("involved", "asked in time", "opinion on file")
    LATE = ("late", "asked too late", "told after launch")
    NOT_ASKED = ("not_asked", "there is one, and was never asked", "a review written without the officer")
    NONE = ("none", "there is none", "nobody was appointed")


class InsideAccess(Ordinal):
    """Who inside can open the records."""

    NEEDED_ONLY = ("needed_only", "who needs it", "two case workers")
    WIDE = ("wide", "many who do not need it", "a whole department")
    OPEN = ("open", "everybody", "a shared drive")


class Protection(Term):
    """Measures in place."""

    ENCRYPTION = ("encryption", "data is encrypted", "encrypted disks")
    PSEUDONYMISATION = ("pseudonymisation", "names are replaced", "keys instead of names")
    ACCESS_CONTROL = ("access_control", "access is limited by role", "log-in by role")
    LOGS_CHECKED = ("logs_checked", "access is logged and looked at", "a monthly review")


class Weakness(Term):
    """Weaknesses stated by a source."""

    SHARED_ACCOUNTS = ("shared_accounts", "several people use one account", "one log-in for a desk")
    WEAK_PASSWORDS = ("weak_passwords", "passwords that are easily guessed", "four digits")
    MISCONFIGURATION = ("misconfiguration", "a wrong setting", "a folder open to all")
    LOGS_UNCHECKED = ("logs_unchecked", "nobody looks at the logs", "no review")
    ACCESS_BEYOND_NEED = ("access_beyond_need", "access without need", "managers reading files")
    NONE_KNOWN = ("none_known", "looked for, none stated", "an audit without findings")


class AssessmentKind(Term):
    """Which assessment."""

    DATA_PROTECTION = ("data_protection", "of effects on data protection", "a DPIA", "dpv:DPIA")
    FUNDAMENTAL_RIGHTS = ("fundamental_rights", "of effects on fundamental rights", "a FRIA", "dpv:FRIA")
    NECESSITY_TEST = ("necessity_test", "of whether it is needed", "a necessity test")
    BIAS_AUDIT = ("bias_audit", "of differences between groups", "an audit by sex")
    PRIOR_CONSULTATION = ("prior_consultation", "the authority was asked first", "a consultation letter")


class ProcessingRecord(Term):
    """Written record of the processing."""

    KEPT = ("kept", "one that covers the system", "an entry with purposes, recipients and periods",
            "dpv:RecordsOfActivities")  # fmt: skip
    INCOMPLETE = ("incomplete", "one with gaps", "an entry without recipients")
    MISSING = ("missing", "none", "no entry for the score")


class Breach(Term):
    """Whether data got loose, and how far."""

    NONE = ("none", "looked for, none stated", "an incident log without entries")
    CONTAINED = ("contained", "it got loose, and nobody could use it", "a lost laptop with an encrypted disk")
    EXPOSED = ("exposed", "others could read or use it", "a list open on the web for hours")
