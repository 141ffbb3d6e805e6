"""The words of principle sets and of verdicts."""

from __future__ import annotations

from policy_eval.vocabulary.base import Ordinal, Term


class Principle(Term):
    """The common value a rule serves; one list shared by all sets, so that sets can be compared."""

    CONSENT = ("consent", "agreement is a real and free choice", "a box ticked in advance")
    LAWFULNESS = ("lawfulness", "each purpose rests on a ground the law accepts", "a purpose with no basis left")
    FAIRNESS = ("fairness", "people are not treated deceptively or in ways they could not expect", "a hidden penalty")
    TRANSPARENCY = ("transparency", "people can learn what is used and how", "a score whose logic is secret")
    PURPOSE_LIMITATION = (
        "purpose-limitation",
        "data serves what it was collected for",
        "shopping data in a loan score",
    )
    DATA_MINIMISATION = ("data-minimisation", "no more data than the purpose needs", "an input nobody can justify")
    ACCURACY = ("accuracy", "what is recorded is right and about the right person", "a namesake's debts")
    STORAGE_LIMITATION = ("storage-limitation", "data is not kept longer than needed", "defaults kept for ever")
    SECURITY = ("security", "data is protected against misuse and loss", "accounts shared by a department")
    ACCOUNTABILITY = ("accountability", "who is responsible can show what was done", "no impact assessment")
    CONTESTABILITY = ("contestability", "a person can challenge what the score does", "no way to appeal")
    HUMAN_OVERSIGHT = ("human-oversight", "people with the power to decide stand behind decisions", "automatic refusal")
    NON_DISCRIMINATION = ("non-discrimination", "protected traits do not count against people", "nationality as a risk")
    PROPORTIONALITY = ("proportionality", "treatment fits the gravity of what was done", "a travel ban for jaywalking")
    ASSOCIATION = ("association", "people answer for themselves, not for those they know", "a friend's debts")
    DEFAULT_PROTECTION = (
        "default-protection",
        "what happens without action is the protective option",
        "sharing preset",
    )
    SPECIAL_CATEGORIES = ("special-categories", "intimate traits get special protection", "religion inferred from diet")
    CHILDREN = ("children", "children get special protection", "a pupil's score sold on")
    TRANSFERS = ("transfers", "protection travels with data that leaves the country", "an export without safeguards")
    PROHIBITED_PRACTICE = ("prohibited-practice", "practices the law bans outright", "social scoring")


class Severity(Ordinal):
    """How bad a conflict is by its effect on people: irreversible, many, no way out."""

    ADVISORY = ("advisory", "worth knowing; never counted", "a notice could be clearer")
    LOW = ("low", "a gap in process with little effect on people", "a register entry is missing")
    MEDIUM = ("medium", "people lose some control or protection", "a default that shares more than needed")
    HIGH = ("high", "people lose a right, a real choice or fair treatment", "consent by a ticked box")
    CRITICAL = ("critical", "a practice the instrument bans, or grave harm without a way out", "social scoring")


class RuleStatus(Term):
    """The standing of a rule's source."""

    BINDING = ("binding", "law that binds", "a regulation in force")
    SOFT = ("soft", "guidance or a recommendation", "an OECD guideline")
    PROPOSED = ("proposed", "not yet law", "a bill")
    WITHDRAWN = ("withdrawn", "no longer stated; kept so that its id stays known", "a repealed article")


class Verified(Term):
    """How the wording behind a ground was checked."""

    READ = ("read", "the operative wording was read", "the text of the article")
    SECONDARY = ("secondary", "only a description of it was read", "a court's press release")
    UNVERIFIED = ("unverified", "recalled, not checked", "a pinpoint from memory")


class SetKind(Term):
    """What kind of instrument a principle set is; severity is relative to it."""

    LAW = ("law", "binding law", "the GDPR")
    SOFT_LAW = ("soft_law", "text without binding force", "the OECD privacy guidelines")
    FRAMEWORK = ("framework", "an analytic scheme without norms", "LINDDUN")
    INTERNAL = ("internal", "an organisation's own policy", "a company's scoring policy")


class InstrumentKind(Term):
    """What kind of authority a cited instrument is; reports list and cite each kind in its own way."""

    LEGISLATION = ("legislation", "an act, regulation, directive or code", "the GDPR")
    TREATY = ("treaty", "an agreement between states", "the ECHR")
    CASE = ("case", "a judgment or order of a court", "CJEU, C-634/21 SCHUFA Holding (Scoring)")
    DECISION = ("decision", "a decision of an authority in a single matter", "CNIL, SAN-2023-021")
    GUIDANCE = ("guidance", "guidelines or opinions of an authority, which do not bind", "EDPB Guidelines 05/2020")
    SOFT_LAW = ("soft_law", "a recommendation or standard without binding force", "the OECD privacy guidelines")
    LITERATURE = ("literature", "a commentary, article or note", "an article in a law journal")


class Burden(Term):
    """Who has to show that an exception applies."""

    OPERATOR = ("operator", "whoever runs the system must show it", "necessity for a contract")
    OTHER_SIDE = ("other_side", "the person affected or the authority must show it", "abuse of a right")


class Coverage(Term):
    """How far a provision is modelled by the rules of a set."""

    MODELLED = ("modelled", "every test of it that a design can show has a rule", "Article 7(3)")
    PARTLY = ("partly", "some of its tests have rules", "Article 5(1)(a)")
    NOT_MODELLED = ("not_modelled", "no rule, for the reason given", "Article 77")


class Outcome(Term):
    """What a rule comes to for a design, in the words shown to people."""

    CONFLICT = ("conflict", "in conflict on the facts given", "the box is ticked in advance")
    UNLESS_EXCUSED = (
        "conflict_unless_excused",
        "in conflict unless excused",
        "an exception is neither shown nor ruled out",
    )
    UNDECIDED = ("undecided", "undecided", "nothing is said of the default")
    NO_CONFLICT = ("no_conflict", "no conflict found on the facts given", "the box is empty")
    NOT_APPLICABLE = ("not_applicable", "does not apply", "no consent is relied on")


class Band(Term):
    """The overall reading of a set for a design; words, never letters or certificates."""

    PROHIBITED = ("prohibited_practice_indicated", "a prohibited practice is indicated", "a critical conflict")
    SERIOUS = ("serious_conflicts", "serious conflicts", "a conflict of high severity")
    SOME = ("some_conflicts", "some conflicts", "conflicts of medium or low severity")
    NONE_FOUND = ("none_found", "no conflict found on the facts given", "everything decided is clear")
    TOO_LITTLE_KNOWN = ("too_little_known", "too little is known", "less than half is decided and nothing found")
    DOES_NOT_APPLY = ("does_not_apply", "does not apply", "the set's scope is not met")


class FactsLevel(Term):
    """Which facts are taken as known."""

    ALL = ("all", "every fact stated", "disputed and announced ones too")
    UNDISPUTED = ("undisputed", "facts nobody disputes of things that exist", "announced plans are left out")
    SOURCED = ("sourced", "facts a cited source states", "assertions and inferences are left out")


class Reading(Term):
    """How undecided rules are read."""

    OUTSIDER = ("outsider", "undecided stays undecided", "an analyst reading about a system")
    CONTROLLER = ("controller", "missing facts are not demonstrated", "an organisation checking its own draft")
