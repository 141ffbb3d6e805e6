"""Enumerations of a design's header."""

from __future__ import annotations

from policy_eval.vocabulary.base import Term


class DesignKind(Term):
    """Whether the system exists."""

    REAL = ("real", "exists or existed, described from sources", "a credit bureau as reported")
    PROPOSED = ("proposed", "announced or drafted, not operating", "a government plan")
    HYPOTHETICAL = ("hypothetical", "thought up, or a changed version of a real one", "the same with an empty box")
    EXERCISE = ("exercise", "made for teaching or as an example of a rule", "a fact pattern in a seminar")


class Technology(Term):
    """How the system comes to its output."""

    HAND_WRITTEN_RULES_ONLY = (
        "hand_written_rules_only",
        "only rules people wrote down; a plain average is one",
        "points added from a table",
    )
    INFERS_FROM_DATA = ("infers_from_data", "learns or infers how to judge from data",
                        "a model fitted to past defaults", "eu-aiact:AISystem")  # fmt: skip


class Status(Term):
    """How firmly a fact stands."""

    SOURCED = ("sourced", "a cited source states it", "a newspaper reports the box")
    ASSERTED = ("asserted", "somebody says so without support", "a blog claims it")
    INFERRED = ("inferred", "concluded from other facts by whoever wrote the design", "no appeal is described anywhere")
    DISPUTED = ("disputed", "a source states it and the operator or another source denies it", "the operator denies it")
    ANNOUNCED = ("announced", "planned or promised, not yet seen to work", "a plan for 2020")


class SourceType(Term):
    """What kind of document a source is."""

    NEWS_REPORT = ("news_report", "journalism", "a newspaper article")
    OFFICIAL_DOCUMENT = ("official_document", "published by a state body", "a planning outline")
    TERMS_OF_SERVICE = ("terms_of_service", "what users agree to", "a user agreement")
    COMPANY_STATEMENT = ("company_statement", "said by the operator", "a letter to the editor")
    COURT_DECISION = ("court_decision", "a judgment or order", "a ruling on scoring")
    AUTHORITY_DECISION = ("authority_decision", "decided by a supervisory authority", "a fine")
    ACADEMIC = ("academic", "scholarly work", "a journal article")
    BOOK = ("book", "a book", "a monograph on scoring")
    OTHER = ("other", "anything else", "a recorded talk")
