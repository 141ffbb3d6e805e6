"""Enumerations that several parts of the schema share."""

from __future__ import annotations

from policy_eval.vocabulary.base import Ordinal, Term


class Scale(Ordinal):
    """The common scale of gravity: one scale for conduct, intrusion, aims and effects, so that they compare."""

    NONE = ("none", "nobody would notice", "an entry in a log that nobody reads")
    MINOR = ("minor", "a nuisance, undone within days", "an extra form to fill in")
    MODERATE = ("moderate", "costs money, time or a choice that matters for weeks",
                "a deposit asked of one customer only")  # fmt: skip
    SERIOUS = (
        "serious",
        "loses income, home, essential service, liberty of action or a right for months, or is a regulatory offence",
        "a refused tenancy; driving without insurance",
    )
    GRAVE = (
        "grave",
        "lasting or irreversible harm to life, liberty or livelihood, or a serious crime",
        "arrest; armed robbery",
    )


class Conduct(Ordinal):
    """Gravity of recorded conduct, on the common scale; `not_conduct` ranks below every step of it."""

    NOT_CONDUCT = ("not_conduct", "no behaviour at all; rules about proportion leave it out", "income, age")
    NONE = ("none", "behaviour nobody would object to", "buying video games")
    MINOR = ("minor", "a nuisance to others", "a late return of a borrowed bicycle")
    MODERATE = ("moderate", "costs others money or time", "an unpaid bill")
    SERIOUS = ("serious", "a regulatory offence", "tax evaded by a false return")
    GRAVE = ("grave", "a serious crime", "fraud against many victims")

    @property
    def rank(self) -> int:
        """Position on the common scale; -1 for what is no conduct."""
        return self.position - 1

    @classmethod
    def scale(cls) -> str:
        """The common scale."""
        return Scale.scale()


class Domain(Term):
    """A field of life; the same list for data, purposes and effects, so that distance can be seen."""

    PAYMENTS_AND_CREDIT = ("payments_and_credit", "paying, borrowing, repaying", "a loan instalment")
    TAX = ("tax", "taxes and duties", "a tax return")
    BENEFITS = ("benefits", "social benefits", "child benefit")
    WORK = ("work", "employment and gig work", "shifts offered to a courier")
    EDUCATION = ("education", "schools, training and exams", "an online exam")
    HEALTH = ("health", "care, illness and fitness", "a prescription")
    HOUSING = ("housing", "renting, owning, being housed", "a tenancy application")
    INSURANCE = ("insurance", "insuring risks", "a motor tariff")
    TELECOM_INTERNET = ("telecom_internet", "phone and internet access", "connection speed")
    RETAIL = ("retail", "buying goods and services", "an online basket")
    TRANSPORT_TRAVEL = ("transport_travel", "moving about", "a train ticket")
    POLICING_JUSTICE = ("policing_justice", "police, prosecution and courts", "an arrest")
    PUBLIC_ADMINISTRATION = ("public_administration", "dealings with authorities", "a permit counter")
    SOCIAL_AND_FAMILY = ("social_and_family", "friends, family and neighbours", "a contact list")
    MEDIA_AND_EXPRESSION = ("media_and_expression", "speaking, posting, reading", "a post on a forum")
    POLITICAL = ("political", "politics and civic loyalty", "party membership")
    PROFESSION_OR_BUSINESS = ("profession_or_business", "running a business or practising a profession",
                              "a trade licence")  # fmt: skip
    HOME_PRIVATE = ("home_private", "the home and private life", "what is watched at home")


class Trait(Term):
    """A protected trait that data can show."""

    EMOTION = ("emotion", "feelings or mood", "tone of voice in a call", "")
    HEALTH = ("health", "state of health", "purchases of medicine", "pd:HealthRecord")
    DISABILITY = ("disability", "an impairment", "use of a screen reader")
    ETHNIC_ORIGIN = ("ethnic_origin", "ethnic or racial origin", "a family name", "pd:EthnicOrigin")
    NATIONALITY = ("nationality", "citizenship", "a second passport", "pd:Nationality")
    RELIGION = ("religion", "religious or philosophical belief", "fasting hours in purchases", "pd:ReligiousBelief")
    POLITICS = ("politics", "political opinion", "posts about the government", "pd:PoliticalOpinion")
    UNION = ("union", "trade union membership", "a deduction of union dues")
    SEX_LIFE = ("sex_life", "sex life or sexual orientation", "a partner's name")
    BIOMETRIC_IDENTITY = ("biometric_identity", "body features that identify a person", "a face template",
                          "pd:Biometric")  # fmt: skip
    GENETICS = ("genetics", "inherited characteristics", "an ancestry test")
    OFFENCES = ("offences", "criminal convictions or suspected offences", "a court record", "pd:CriminalOffence")
    AGE = ("age", "how old a person is", "a year of birth")
    SEX = ("sex", "sex or gender", "a title of address")
    FAMILY_STATUS = ("family_status", "marriage, partnership, children", "a family tariff", "pd:FamilyStructure")
    POVERTY = ("poverty", "being poor", "living in a cheap district")
