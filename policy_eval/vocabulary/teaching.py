"""The words of exercises: kinds of task, what is asked of an answer, marks."""

from __future__ import annotations

from policy_eval.vocabulary.base import Term


class TaskKind(Term):
    """What a task asks for."""

    SPOT = ("spot", "find the rules a design conflicts with, and where", "issues in a loan app")
    DECIDE = ("decide", "say what given rules come to, and what is open", "is consent by this box free?")
    DISTINGUISH = ("distinguish", "say what comes out otherwise for a variant, and why", "the box is not ticked")
    REPAIR = ("repair", "change as few facts as can be so that conflicts are cured", "untick the box")
    EXCEPT = ("except", "say what would excuse a conflict, and who must show it", "necessity for a contract")
    ENCODE = ("encode", "write a fact pattern as a design", "a newspaper report as a design")
    DRAFT = ("draft", "write a rule that decides given and hidden examples", "an article as a rule")
    ARGUE = ("argue", "give the reasons on both sides of unsettled law", "is a credit score social scoring?")


class Aspect(Term):
    """What a finding of an answer is asked for beside the rule or provision."""

    OUTCOME = ("outcome", "what the rule comes to", "in conflict unless excused")
    PLACE = ("place", "the parts of the design it is about", "inputs.purchases")
    PARTY = ("party", "whose duty it is, by role or by id of the party", "computes_score")
    FACTS = ("facts", "the facts that decide it, by path", "consents.box.default")
    EXCEPTION = ("exception", "the exception that excuses, or would", "necessary-for-contract")
    OPEN = ("open", "the facts and concepts of unsettled law it hangs on", "inputs.purchases.default")
    BURDEN = ("burden", "who has to show an exception", "operator")
    BEFORE_AFTER = ("before_after", "what a rule comes to for either design", "conflict, then no conflict")


class Mark(Term):
    """What is said of one part of an answer."""

    RIGHT = ("right", "all that was asked for is there", "rule and place fit")
    PARTLY = ("partly", "the right rule, and something is wrong or missing", "the right rule, the wrong place")
    MISSED = ("missed", "it is in the key and not in the answer", "a conflict nobody named")
    WRONG = ("wrong", "it was answered, and comes out otherwise", "no conflict, where there is one")
    UNFOUNDED = ("unfounded", "claimed, and not borne out by the facts given", "a conflict of a rule that is clear")
    FOR_A_PERSON = ("for_a_person", "a reasoned answer against the engine, or one for a person to mark", "an argument")
    NOT_ASKED = ("not_asked", "true, and not asked for here; it changes nothing", "a conflict of another rule")


class Disclosure(Term):
    """Who may see model answers."""

    PUBLIC = ("public", "everybody, at any time", "practice at home")
    AFTER_DEADLINE = ("after_deadline", "everybody, once the deadline has passed", "a weekly exercise")
    INSTRUCTOR = ("instructor", "whoever teaches", "an examination")
