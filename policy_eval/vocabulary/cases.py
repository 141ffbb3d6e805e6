"""The words of decided cases: what was held, how firmly, and what the engine makes of it."""

from __future__ import annotations

from policy_eval.vocabulary.base import Term


class Finding(Term):
    """What the authority or court held of a provision."""

    VIOLATED = ("violated", "the provision was found infringed, or to preclude the design described", "a fine under it")
    CLEARED = ("cleared", "it was expressly held kept, satisfied or not to apply; silence is none", "a claim dismissed")


class LabelBasis(Term):
    """Where the label comes from."""

    STATED = ("stated", "the source names the provision, or an equivalent", "an article in the operative part")
    INFERRED = ("inferred", "provision or aspect assigned from the reasoning or a press report", "unlawful as unfair")


class LabelWeight(Term):
    """How firmly the holding stands."""

    FULL = ("full", "stands as far as the sources read show", "a final decision")
    INTERPRETIVE = ("interpretive", "a ruling on the law for the practice described", "a preliminary ruling")
    CONTESTED = ("contested", "rulings contradict each other, or none is final", "a decision under appeal")
    SUPERSEDED = ("superseded", "annulled, reversed or overtaken", "a judgment a higher court set aside")


COUNTED = (LabelWeight.FULL, LabelWeight.INTERPRETIVE)


class Match(Term):
    """How the engine's outcome compares with the holding; the first five for violations, the rest for clearances."""

    FOUND = ("found", "a rule of the provision is in conflict", "the ticked box")
    FOUND_UNLESS_EXCUSED = ("found_unless_excused", "in conflict, with an exception open", "a law might allow it")
    MISSED = ("missed", "every rule of the provision is decided, none in conflict", "a rule drawn too narrow")
    RESPECTED = ("respected", "every rule of the provision is decided, none in conflict", "information was enough")
    CONTRADICTED = ("contradicted", "a rule of the provision is in conflict", "a rule drawn too wide")
    CONTRADICTED_UNLESS_EXCUSED = (
        "contradicted_unless_excused",
        "in conflict, with an exception open",
        "the sheet does not give the excuse",
    )
    UNDECIDED = ("undecided", "facts or law that are open leave it undecided", "the notice is not described")
    NOT_MODELLED = ("not_modelled", "no rule answers for the provision there", "an article without a rule")


OF_VIOLATED = (Match.FOUND, Match.FOUND_UNLESS_EXCUSED, Match.UNDECIDED, Match.MISSED, Match.NOT_MODELLED)
OF_CLEARED = (
    Match.RESPECTED,
    Match.UNDECIDED,
    Match.CONTRADICTED,
    Match.CONTRADICTED_UNLESS_EXCUSED,
    Match.NOT_MODELLED,
)
