"""Enumerations about parties, the people affected, purposes and consent."""

from __future__ import annotations

from policy_eval.vocabulary.base import Ordinal, Term


class Role(Term):
    """What a party does in the system."""

    SUPPLIES_DATA = ("supplies_data", "hands over data that feeds the score", "a shop sending receipts")
    COMPUTES_SCORE = ("computes_score", "makes the score", "a credit bureau")
    ACTS_ON_SCORE = ("acts_on_score", "lets the score decide or weigh", "a landlord who asks for it")
    PROCESSES_ON_INSTRUCTION = ("processes_on_instruction", "works only as another party tells it", "a hosting company")
    PUBLISHES = ("publishes", "makes score or data public", "a website listing debtors")


class Sector(Term):
    """What kind of body a party is."""

    PUBLIC_AUTHORITY = ("public_authority", "a body of the state", "a tax office", "dpv:PublicSectorBody")
    PUBLIC_MANDATE = ("public_mandate", "a private or mixed body carrying out a public task",
                      "a licensed register keeper")  # fmt: skip
    PRIVATE = ("private", "a private body", "a bank", "dpv:PrivateSectorBody")
    LAW_ENFORCEMENT = ("law_enforcement", "police or prosecution", "a police force", "dpv:LawEnforcementOrganisation")


class ProviderAlternatives(Ordinal):
    """Whether the same service can be had from another party."""

    NONE = ("none", "nobody else offers it", "the only power supplier")
    FEW = ("few", "a handful do", "one of three networks")
    MANY = ("many", "a market of providers", "a bank among hundreds")


class Permit(Term):
    """The licence that the law of the place requires for the activity."""

    HELD = ("held", "the party holds it", "a licensed credit bureau")
    MISSING = ("missing", "it is required and not held", "scoring before the licence is granted")
    NOT_NEEDED = ("not_needed", "none is required", "a shop's own loyalty points")


class Relation(Term):
    """What ties a group of people to the parties."""

    CUSTOMER = ("customer", "buys from or has a contract with a party", "an account holder")
    APPLICANT = ("applicant", "asks for a contract or benefit", "a loan applicant")
    WORKER = ("worker", "works for a party", "a courier")
    STUDENT = ("student", "learns at a party", "an exam candidate")
    PATIENT = ("patient", "is treated by a party", "a hospital patient")
    BENEFIT_RECIPIENT = ("benefit_recipient", "receives public benefits", "a person on housing benefit")
    TAXPAYER = ("taxpayer", "owes or pays tax", "a person filing a return")
    RESIDENT = ("resident", "lives in the area covered", "everybody in a town")
    LICENCE_HOLDER = ("licence_holder", "holds a permit", "a taxi driver")
    USER = ("user", "uses a free or platform service", "a person with a profile")
    PROFESSIONAL = ("professional", "is judged in a profession", "a rated doctor")
    DEBTOR = ("debtor", "owes money", "a person with an unpaid bill")
    VISITOR = ("visitor", "is merely present", "a passer-by before a camera")
    CONTACT_OF_SCORED = ("contact_of_scored", "is in it only through knowing somebody", "a friend of a user")
    BUSINESS = ("business", "a legal entity, outside data-protection sets unless it reaches persons",
                "a limited company")  # fmt: skip


class Children(Ordinal):
    """Persons under 18 in the group."""

    NONE = ("none", "kept out by checks that work", "age verified at sign-up")
    POSSIBLE = ("possible", "nothing keeps them out", "an app for everybody")
    KNOWN = ("known", "known to be among them", "a school")
    TARGETED = ("targeted", "the service is meant for them", "a game for pupils")


class Circumstance(Term):
    """A situation that weakens people's position, as stated by a source."""

    LOW_INCOME = ("low_income", "little money", "people on basic income")
    DEBT = ("debt", "being in debt", "people with arrears")
    ILLNESS = ("illness", "being ill", "patients")
    DISABILITY = ("disability", "living with an impairment", "people who cannot use the app")
    MINORITY = ("minority", "belonging to a minority", "a minority district")
    NO_CHOICE_OF_PROVIDER = ("no_choice_of_provider", "cannot go elsewhere", "tenants of the only landlord")


class Concerned(Ordinal):
    """Share of the group that has any dealing with the purpose."""

    NONE = ("none", "nobody in it", "residents scanned for a scheme they are not in")
    PART = ("part", "some; everybody is scanned to find a few", "all claimants to find fraud")
    ALL = ("all", "everybody in it", "applicants for the loan that is scored")


class Chosen(Term):
    """How the people run through the system are picked."""

    EVERYONE_IN_SCOPE = ("everyone_in_scope", "nobody is picked; all are in", "every account")
    BY_AREA = ("by_area", "by where they live", "two poor districts")
    BY_SUSPICION = ("by_suspicion", "because something points at them", "a tip-off")
    BY_APPLICATION = ("by_application", "because they applied", "a loan request")
    SAMPLE = ("sample", "at random", "every hundredth claim")


class Enrolment(Term):
    """How one comes to be in the system."""

    OWN_ACT = ("own_act", "by asking for it", "signing up for the score", "dpv:OptingInToProcess")
    PRESET_CAN_LEAVE = ("preset_can_leave", "by a ticked box or similar default that one can undo",
                        "a ticked box in a report")  # fmt: skip
    AUTOMATIC_CAN_LEAVE = ("automatic_can_leave", "without being asked, but one can leave",
                           "scored with an opt-out page", "dpv:OptingOutFromProcess")  # fmt: skip
    AUTOMATIC_CANNOT_LEAVE = ("automatic_cannot_leave", "without being asked, for good", "every citizen",
                              "dpv:CannotOptOutFromProcess")  # fmt: skip


class SubjectTold(Term):
    """How the group learns of the system."""

    NOTHING = ("nothing", "not at all", "a secret list")
    GENERAL_PUBLIC_NOTICE = ("general_public_notice", "a notice to the public at large", "a press release")
    AVAILABLE_IF_SOUGHT = ("available_if_sought", "can be found by looking for it", "a policy behind a link")
    INDIVIDUALLY = ("individually", "each person is told", "a letter")


class NoticeContent(Term):
    """What a notice to people contains."""

    CONTROLLER = ("controller", "who is responsible", "name and address")
    PURPOSES = ("purposes", "what the data is for", "to rate creditworthiness")
    BASIS = ("basis", "the legal ground relied on", "your consent")
    DATA = ("data", "which data", "payments of the last year")
    SOURCES = ("sources", "where the data comes from", "your bank")
    RECIPIENTS = ("recipients", "who receives it", "partner lenders")
    TRANSFER = ("transfer", "that it leaves the country", "servers abroad")
    PERIOD = ("period", "how long it is kept", "three years")
    RIGHTS = ("rights", "what a person can ask for", "access and correction")
    SCORING_EXISTS = ("scoring_exists", "that people are scored", "we compute a score")
    LOGIC = ("logic", "how the score comes about", "late payments lower it")
    EFFECTS = ("effects", "what the score can lead to", "a low score can mean refusal")


class ToldWhen(Term):
    """Time of the notice, counted from obtaining the data."""

    BEFORE = ("before", "at or before collection", "on the sign-up page")
    WITHIN_MONTH = ("within_month", "within a month", "a letter after two weeks")
    LATER = ("later", "later than a month", "in the yearly statement")
    NEVER = ("never", "not at all", "no notice exists")


class ToldForm(Term):
    """Form of the notice."""

    ONE_CLEAR_TEXT = ("one_clear_text", "one text people can follow", "a one-page notice")
    LAYERED = ("layered", "a short text that leads to more", "a summary with links")
    SCATTERED_OR_INCONSISTENT = ("scattered_or_inconsistent", "spread over texts, or contradicting itself",
                                 "five policies")  # fmt: skip
    OTHER_CHANNEL_ONLY = ("other_channel_only", "only where the people are not", "an intranet that temps cannot open")


class PurposeCategory(Term):
    """What a score is for."""

    CREDIT = ("credit", "whether a person will repay", "a loan score", "sector-finance:CreditScoreEvaluation")
    PAYMENT_RISK = ("payment_risk", "whether a purchase will be paid", "paying by invoice")
    FRAUD_DETECTION = ("fraud_detection", "finding fraud", "flagging claims", "dpv:FraudPreventionAndDetection")
    BENEFIT_ALLOCATION = ("benefit_allocation", "who gets a benefit", "a place in a shelter")
    WORK_MANAGEMENT = ("work_management", "hiring, shifts, evaluation", "a courier's rating")
    IDENTITY_CHECK = ("identity_check", "whether a person is who they say", "a selfie at log-in")
    ACCESS_TO_SERVICE = ("access_to_service", "who may use a service", "waiving a deposit",
                         "dpv:ServiceAccessDetermination")  # fmt: skip
    PRICING = ("pricing", "what a person pays", "an insurance tariff")
    SECURITY = ("security", "keeping people or things safe", "screening at a gate")
    CRIME_PREDICTION = ("crime_prediction", "who will commit a crime", "a list of likely offenders",
                        "sector-law:LegalOffencePrediction")  # fmt: skip
    CRIME_PREVENTION = ("crime_prevention", "stopping crime without predicting individuals", "lighting by incident map")
    TAX_CONTROL = ("tax_control", "finding tax not paid", "choosing returns to audit")
    MARKETING = ("marketing", "selling", "ranking customers for offers")
    CONTENT_RANKING = ("content_ranking", "what people see", "ordering a feed")
    PUBLIC_INFORMATION = ("public_information", "informing the public", "a list of inspected restaurants")
    REPUTATION = ("reputation", "what others should think of somebody", "a trust score on a profile")
    ASSESSMENT = ("assessment", "judging ability or work", "an exam mark")
    HEALTH_CARE = ("health_care", "treating patients", "a triage score")
    SUPPORT_ALLOCATION = ("support_allocation", "who gets help first", "job-seekers' coaching")
    STEERING_CONDUCT = ("steering_conduct", "making people behave", "points for good citizens")
    LOYALTY_TO_AUTHORITY = ("loyalty_to_authority", "rewarding loyalty to those in power",
                            "points for praising the government")  # fmt: skip
    SELF_INFORMATION = ("self_information", "telling a person about themselves", "a spending report")
    OTHER = ("other", "anything else", "a purpose not in this list")


class Wording(Term):
    """A purpose as written for the public."""

    PRECISE = ("precise", "one could tell which use falls outside", "to decide on this loan")
    GENERAL = ("general", "a field, not a use", "to improve our services")
    OPEN_ENDED = ("open_ended", "leaves the end open", "and other purposes, such as")
    UNSTATED = ("unstated", "nothing is written", "no policy names it")


class Basis(Term):
    """A legal basis a party claims; whether it holds is for the rules."""

    CONSENT = ("consent", "the person agreed", "a box ticked", "eu-gdpr:A6-1-a")
    CONTRACT = ("contract", "a contract with that person needs it", "an account agreement", "eu-gdpr:A6-1-b")
    LEGAL_DUTY = ("legal_duty", "a law requires it", "anti-money-laundering checks", "eu-gdpr:A6-1-c")
    PUBLIC_TASK = ("public_task", "a task in the public interest", "allocating benefits", "eu-gdpr:A6-1-e")
    VITAL = ("vital", "somebody's life depends on it", "an emergency", "eu-gdpr:A6-1-d")
    LEGITIMATE_INTEREST = ("legitimate_interest", "an interest that outweighs the person's", "preventing bad debts",
                           "eu-gdpr:A6-1-f")  # fmt: skip
    NO_BASIS_CLAIMED = ("no_basis_claimed", "the party names none", "a policy silent on grounds")


class LawData(Term):
    """How the law relied on describes the data."""

    NAMES_EACH = ("names_each", "each kind of data is named", "a schedule of items")
    BROAD_CATEGORIES = ("broad_categories", "only wide classes", "data on housing")
    SILENT = ("silent", "says nothing of data", "a general task")


class LawSafeguards(Term):
    """Check before use that the law prescribes."""

    NONE = ("none", "no check", "use at discretion")
    INTERNAL = ("internal", "a check inside the user", "a manager signs")
    INDEPENDENT_ADVISORY = ("independent_advisory", "an outside opinion that does not bind", "an advisory board")
    INDEPENDENT_BINDING = ("independent_binding", "an outside decision that binds", "a court order")


class NeededForRequest(Term):
    """Whether the service the person asked for could be given without it."""

    SERVICE_IMPOSSIBLE_WITHOUT = ("service_impossible_without", "it could not", "an address for delivery")
    SERVICE_POSSIBLE_WITHOUT = ("service_possible_without", "it could", "a contact list for a payment")


class Balancing(Term):
    """A written weighing of interests."""

    ON_FILE = ("on_file", "it exists", "a dated assessment")
    NONE = ("none", "there is none", "an interest merely named")


class Objection(Term):
    """What happens to who objects."""

    HONOURED = ("honoured", "use stops", "taken out of the score")
    REFUSED = ("refused", "use goes on", "a form reply")
    NOT_OFFERED = ("not_offered", "there is no way to object", "no address for it")


class ConsentAct(Term):
    """The act counted as consent."""

    OWN_AFFIRMATIVE = ("own_affirmative", "something the person does for that end", "ticking an empty box",
                       "dpv:ExpressedConsent")  # fmt: skip
    PRESET = ("preset", "ticked in advance or on by default", "a ticked box under a report")
    CONTINUED_USE = ("continued_use", "going on using the service", "scrolling on", "dpv:ImpliedConsent")
    ACCEPTANCE_OF_TERMS = ("acceptance_of_terms", "accepting terms as a whole", "agreeing to the user agreement")
    BY_PARENT = ("by_parent", "given by who holds parental responsibility", "a parent's signature")
    BY_ANOTHER_PERSON = ("by_another_person", "given by somebody else", "a friend who uploads contacts")
    NONE = ("none", "no act at all", "data simply taken")


class ConsentScope(Term):
    """What one act covers."""

    THIS_PURPOSE_ALONE = ("this_purpose_alone", "one purpose", "a box for the score only")
    SEVERAL_PURPOSES_AT_ONCE = ("several_purposes_at_once", "several purposes together",
                                "one box for score and marketing")  # fmt: skip
    WHOLE_TERMS = ("whole_terms", "all of the terms", "agreeing to everything")


class Prominence(Term):
    """How the request looked."""

    PLAIN = ("plain", "where people look, as large as the rest", "a question on its own page")
    INCONSPICUOUS = ("inconspicuous", "small, at the end, or below other content", "a line at the bottom of a report")
    MISLEADING = ("misleading", "text or design states something untrue about the choice", "a close button that agrees")


class ConsentRefusal(Term):
    """What happens to who refuses consent."""

    NO_EFFECT = ("no_effect", "nothing", "the report is shown all the same")
    EXTRA_STEP_ONLY = ("extra_step_only", "one more step", "a form to fill in by hand")
    LESSER_SERVICE = ("lesser_service", "a poorer service", "no deposit waiver")
    NO_SERVICE = ("no_service", "no service at all", "the account cannot be opened")
    PENALTY = ("penalty", "a disadvantage beyond the service", "a lower score")


class ConsentTold(Term):
    """What the request itself says."""

    CONTROLLER = ("controller", "who asks", "the company's name")
    PURPOSES = ("purposes", "what for", "to compute your score")
    DATA = ("data", "which data", "your purchases")
    RECIPIENTS = ("recipients", "who gets it", "our lending partners")
    PERIOD = ("period", "how long", "for two years")
    WITHDRAWAL = ("withdrawal", "that it can be taken back", "withdraw in settings")
    EFFECTS = ("effects", "what may follow", "offers may change")
    HOW_SCORE_WORKS = ("how_score_works", "how the score comes about", "late payments lower it")


class Withdrawal(Term):
    """Steps to withdraw against steps to give."""

    AS_FEW_STEPS = ("as_few_steps", "no harder than giving", "the same switch")
    MORE_STEPS = ("more_steps", "harder than giving", "a letter, where a click gave it")
    IMPOSSIBLE = ("impossible", "cannot be withdrawn", "no way is offered", "dpv:CannotWithdrawFromProcess")


class AfterWithdrawal(Term):
    """Effect of withdrawing."""

    DATA_REMOVED_FROM_SCORE = ("data_removed_from_score", "the data no longer counts", "the score is computed anew")
    USE_STOPS_ONLY = ("use_stops_only", "nothing new is taken; what is there stays", "old purchases still count")
    NOTHING_CHANGES = ("nothing_changes", "no effect", "the switch does nothing")
