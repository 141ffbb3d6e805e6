"""Enumerations about inputs, their uses, and associations."""

from __future__ import annotations

from policy_eval.vocabulary.base import Ordinal, Term


class DataKind(Term):
    """Kinds of data."""

    IDENTITY = ("identity", "who somebody is", "name and identity number")
    CONTACT = ("contact", "how to reach them", "a phone number")
    AGE = ("age", "year or date of birth", "born 1990")
    SEX = ("sex", "sex or gender", "a title of address")
    ETHNIC_ORIGIN = ("ethnic_origin", "ethnic or racial origin", "a census answer", "pd:EthnicOrigin")
    NATIONALITY = ("nationality", "citizenship", "a passport", "pd:Nationality")
    FAMILY_STATUS = ("family_status", "marriage, partnership, children", "a marriage register", "pd:FamilyStructure")
    RESIDENCE = ("residence", "where somebody lives", "a postcode")
    SCHOOLING = ("schooling", "education and degrees", "a diploma")
    EMPLOYMENT = ("employment", "jobs held", "an employer's name")
    INCOME_OR_ASSETS = ("income_or_assets", "what somebody earns or owns", "a pay slip", "pd:Income")
    TAX = ("tax", "taxes paid or owed", "a tax assessment", "pd:Tax")
    BENEFITS = ("benefits", "social benefits received", "housing benefit")
    DEBTS_AND_DEFAULTS = ("debts_and_defaults", "loans, arrears, defaults", "an unpaid bill", "pd:CreditRecord")
    LOOK_UPS_BY_OTHERS = ("look_ups_by_others", "who asked about the person", "inquiries by lenders")
    PAYMENTS = ("payments", "payments made and received", "transfers", "pd:Transaction")
    PURCHASES = ("purchases", "what was bought", "an order history", "pd:PurchasesAndSpendingHabit")
    INSURANCE = ("insurance", "policies and claims", "a claims history")
    PROPERTY = ("property", "land, homes, vehicles", "a land register entry")
    BUSINESS_TIES = ("business_ties", "offices and shares in firms", "a directorship")
    HEALTH = ("health", "state of health and care", "a diagnosis", "pd:HealthRecord")
    BIOMETRICS = ("biometrics", "measured body features", "a fingerprint", "pd:Biometric")
    RELIGION = ("religion", "belief", "church tax", "pd:ReligiousBelief")
    POLITICS = ("politics", "political opinion or loyalty", "party membership", "pd:PoliticalOpinion")
    OFFENCES = ("offences", "convictions and suspected crimes", "a criminal record", "pd:CriminalOffence")
    ADMINISTRATIVE_SANCTIONS = ("administrative_sanctions", "penalties by authorities", "a parking fine")
    PERMITS = ("permits", "licences held or lost", "a driving licence")
    LOCATION = ("location", "where somebody is or was", "a trace of a phone", "pd:Location")
    DEVICE_AND_BROWSING = ("device_and_browsing", "devices and sites used", "cookies", "pd:BrowsingBehaviour")
    COMMUNICATIONS = ("communications", "messages and calls", "a chat", "pd:Communication")
    SOCIAL_POSTS = ("social_posts", "what is posted to others", "a comment", "pd:SocialMediaCommunication")
    SOCIAL_TIES = ("social_ties", "whom somebody knows", "a friends list", "pd:SocialNetwork")
    SERVICE_USE = ("service_use", "how a service is used", "log-ins", "pd:ServiceConsumptionBehaviour")
    WORK_PERFORMANCE = ("work_performance", "what somebody does at work", "items scanned an hour")
    EXAM_OR_SCHOOL_WORK = ("exam_or_school_work", "work done for a school", "an essay")
    RATINGS_BY_OTHERS = ("ratings_by_others", "what others gave", "stars from passengers", "pd:GeneralReputation")
    IMAGE_SOUND_VIDEO = ("image_sound_video", "recordings", "a camera stream")
    SCORE_OF_ANOTHER = ("score_of_another", "somebody else's score", "a friend's credit score", "pd:CreditScore")
    OTHER = ("other", "anything else", "a kind not in this list")


class DataSource(Term):
    """Where data comes from."""

    GIVEN_BY_PERSON = ("given_by_person", "the person hands it over", "a form", "dpv:DataSubjectDataSource")
    OBSERVED_IN_SERVICE = ("observed_in_service", "arises as people deal with the party", "an order",
                           "dpv:ObservedPersonalData")  # fmt: skip
    OBSERVED_BY_SURVEILLANCE = ("observed_by_surveillance", "by watching", "a camera", "dpv:SystematicMonitoring")
    OTHER_PRIVATE_PARTY = (
        "other_private_party",
        "another private body or person gives it",
        "a shop",
        "dpv:ThirdPartyDataSource",
    )
    OTHER_AUTHORITY = ("other_authority", "another authority gives it", "the tax office")
    PUBLIC_REGISTER = ("public_register", "a register open by law", "the insolvency register", "dpv:PublicDataSource")
    OPEN_WEB = ("open_web", "what anyone can read online", "public posts")
    BOUGHT = ("bought", "paid for", "a data broker")
    INFERRED = ("inferred", "concluded by the system", "a guessed income", "dpv:InferredPersonalData")


class RevealsHow(Term):
    """How protected traits are shown."""

    DIRECTLY = ("directly", "the data says it, or whoever reads it knows", "a diagnosis; a visit to a clinic's page")
    INFERRED_BY_THE_SYSTEM = ("inferred_by_the_system", "the system concludes it", "pregnancy from purchases")
    ONLY_BY_CORRELATION = ("only_by_correlation", "others could guess it; the system does not", "district and origin")


class Reach(Ordinal):
    """How far collection goes."""

    PER_EVENT = ("per_event", "single events", "one form per application")
    CONTINUOUS_IN_ACTIVITY = ("continuous_in_activity", "all the time while the activity lasts", "each order in a shop")
    BEYOND_THE_ACTIVITY = ("beyond_the_activity", "off duty, in the background, or people merely present",
                           "location after work")  # fmt: skip


class CollectionDefault(Term):
    """What happens to collection when nobody chooses."""

    OPT_IN = ("opt_in", "starts only when asked for", "an empty box", "dpv:OptingInToProcess")
    OPT_OUT = ("opt_out", "runs until stopped", "a ticked box", "dpv:OptingOutFromProcess")
    NO_CHOICE = ("no_choice", "cannot be stopped", "built into the service", "dpv:CannotOptOutFromProcess")


class InputRefusal(Term):
    """What happens to who does not give the data."""

    NO_EFFECT = ("no_effect", "nothing", "the score is made without it")
    LESSER_SERVICE = ("lesser_service", "a poorer service", "a smaller credit line")
    NO_SERVICE = ("no_service", "no service", "no account")
    PENALTY = ("penalty", "a disadvantage beyond the service", "points taken off")
    CANNOT_REFUSE = ("cannot_refuse", "there is no way to refuse", "a camera in the street")


class Checked(Term):
    """How accuracy is looked after."""

    BEFORE_USE = ("before_use", "verified before it counts", "matched with the bank")
    ON_COMPLAINT = ("on_complaint", "only when somebody complains", "a dispute form")
    NEVER = ("never", "not at all", "taken as it comes")
    KNOWN_ERRORS_USED = ("known_errors_used", "used although known to be wrong", "a namesake's debts kept in")


class InputErrors(Ordinal):
    """Errors in the data, as far as a source states."""

    NONE_FOUND = ("none_found", "somebody looked and found none", "an audit of the entries")
    SOME_FOUND = ("some_found", "single entries are wrong", "a debt that was never owed")
    SYSTEMATIC = ("systematic", "the way entries come about makes them wrong", "settled debts entered as open")


class Identified(Term):
    """Identifiability in the system."""

    BY_NAME = ("by_name", "name or number", "an account")
    PSEUDONYM = ("pseudonym", "a key stands for the person", "a hashed number")
    NOT_IDENTIFIABLE = ("not_identifiable", "nobody can tell who it is", "counts per town")


class Support(Term):
    """Why an input serves a purpose, by what exists on paper."""

    NAMED_IN_LAW = ("named_in_law", "a law names this data for this purpose", "income in a credit law")
    EVIDENCE_ON_FILE = ("evidence_on_file", "a test shows that it serves", "a validation report")
    REASON_STATED = ("reason_stated", "a reason is given, untested", "a sentence in the policy")
    NOTHING_STATED = ("nothing_stated", "no reason is given anywhere", "an input listed without comment")
    REFUTED = ("refuted", "a test shows that it does not serve", "an audit found no link")


class Link(Ordinal):
    """Distance between where data arose and where it is used."""

    SAME_SERVICE = ("same_service", "the same service", "repayment at this bank")
    SAME_FIELD = ("same_field", "another service of the same field of life", "repayment at another bank")
    OTHER_FIELD = ("other_field", "another field of life", "shopping used for lending")


class SpecialGround(Term):
    """An exception that is claimed for data on intimate traits, whether or not it holds."""

    EXPLICIT_CONSENT = ("explicit_consent", "people are said to have agreed expressly", "a signed form")
    EMPLOYMENT_OR_SOCIAL_LAW = ("employment_or_social_law", "labour or social security law is said to require it",
                                "a duty of an employer")  # fmt: skip
    MADE_PUBLIC = ("made_public", "the person is said to have made it public", "a post open to all")
    PUBLIC_INTEREST = ("public_interest", "a law in the public interest is said to allow it", "a register act")
    HEALTH_CARE = ("health_care", "it is said to serve care or its planning", "a hospital's records")
    LEGAL_CLAIMS = ("legal_claims", "it is said to serve claims before courts", "a file for a lawsuit")


class Expected(Term):
    """What a person could foresee when the data arose."""

    TOLD_AT_COLLECTION = ("told_at_collection", "they were told", "a notice on the form")
    USUAL_HERE = ("usual_here", "everybody knows it is done", "a lender looking at arrears")
    NOT_FORESEEABLE = ("not_foreseeable", "nobody would think of it", "games bought, a visa refused")


class InputAlternatives(Term):
    """Documented search for a milder input."""

    LESS_INTRUSIVE_KNOWN = ("less_intrusive_known", "a milder one would do and is known",
                            "a yes/no instead of a balance")  # fmt: skip
    EXAMINED_NONE_FOUND = ("examined_none_found", "looked for, none found", "a written comparison")
    NOT_EXAMINED = ("not_examined", "nobody looked", "no record of a search")


class UseCondition(Term):
    """A condition that law, permit or promise sets for a use."""

    NONE = ("none", "no condition is set", "a free use")
    MET = ("met", "the condition is met", "written consent was required and is there")
    UNMET = ("unmet", "the condition is not met", "a permit allows it only with consent, and none was asked")


class UseWeight(Term):
    """Weight of an input in the score."""

    SOLE = ("sole", "nothing else counts", "a single number passed on")
    MAIN = ("main", "counts most", "repayment history")
    ONE_OF_SEVERAL = ("one_of_several", "one among others", "one of five dimensions")
    MINOR = ("minor", "hardly counts", "a tie-breaker")


class Tie(Term):
    """Tie through which others count."""

    FRIEND_OR_CONTACT = ("friend_or_contact", "friends, followers, address book", "a contact with a low score",
                         "pd:Friend")  # fmt: skip
    FAMILY = ("family", "relatives and partners", "a brother's debts")
    HOUSEHOLD = ("household", "people living together", "a flatmate")
    NEIGHBOURHOOD = ("neighbourhood", "people living near", "a street's average")
    EMPLOYER_OR_COLLEAGUE = ("employer_or_colleague", "work ties", "an employer on a list")
    CO_OWNER_OR_OFFICER = ("co_owner_or_officer", "ties through a firm", "a company one directs")
    CO_BORROWER_OR_GUARANTOR = ("co_borrower_or_guarantor", "ties through a debt", "a guarantor")
    MEMBER_OF_GROUP = ("member_of_group", "belonging to an association", "a party or club")
    STATISTICAL_GROUP = ("statistical_group", "people alike in data", "a cluster of shoppers")
    RATER = ("rater", "people who rate", "passengers giving stars")


class AssociationEffect(Term):
    """Direction in which others count."""

    LOWERS = ("lowers", "can only lower the score", "a bad friend")
    RAISES = ("raises", "can only raise it", "a good friend")
    EITHER = ("either", "can do both", "the average of friends")


class Answerable(Term):
    """Whether the scored person answers for the other."""

    LEGALLY_LIABLE = ("legally_liable", "has to answer in law", "a guarantor")
    CONTROLS_THE_OTHER = ("controls_the_other", "decides for the other", "a sole director")
    NEITHER = ("neither", "neither answers nor decides", "a friend")
