"""What is said of each part of an answer: what was right, what was not and why, and the next question.

Nothing here says what the key has where it is not to be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from policy_eval.messages import gettext as _
from policy_eval.messages import ngettext
from policy_eval.report.words import ROLES, words
from policy_eval.teaching.marking import AspectMark, Part
from policy_eval.teaching.model import ArgueTask, DecideTask, DraftTask, ExceptTask, RepairTask, Task
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Aspect, Mark, TaskKind

MARKS = {
    "right": _("right"),
    "partly": _("partly right"),
    "missed": _("missed"),
    "wrong": _("comes out otherwise"),
    "unfounded": _("not borne out"),
    "for_a_person": _("for a person to read"),
    "not_asked": _("not asked for"),
}
ASPECTS = {
    "outcome": _("outcome (`outcome`)"),
    "place": _("places (`at`)"),
    "party": _("whose duty it is (`duty_of`)"),
    "facts": _("deciding facts (`facts`)"),
    "exception": _("exceptions (`exception`)"),
    "open": _("what it hangs on (`open`)"),
    "burden": _("who must show it (`burden`)"),
    "before_after": _("outcomes for either design (`before`, `after`)"),
}


def given(task: Task) -> list[str]:
    """What a task names: questions, rules to be cured, the rule to be excused, the concept argued about."""
    match task:
        case DecideTask():
            return [f"{q.rule} ({', '.join(q.at)})" if q.at else q.rule for q in task.questions]
        case RepairTask():
            return list(task.rules)
        case ExceptTask():
            return [f"{task.rule} ({', '.join(task.at)})" if task.at else task.rule]
        case ArgueTask():
            return [f"{task.set}/{task.concept}"]
        case DraftTask():
            return [f"{e.name}: {words(str(e.expect.outcome))}" for e in task.public]
        case _:
            return [*getattr(task, "rules", ()), *map(str, getattr(task, "principles", ()))]


def says(task: Task, part: Part, *, disclosed: bool) -> list[str]:
    """What is said of a part, a sentence each."""
    return [*_first(task, part, disclosed), *_aspects(part, disclosed), *([_sentence(part.note)] if part.note else [])]


def _first(task: Task, part: Part, disclosed: bool) -> Iterator[str]:
    issue = part.issue
    match part.mark:
        case Mark.MISSED if task.kind is TaskKind.DECIDE:
            yield _("There is no answer to this question.")
        case Mark.MISSED if issue is not None and not disclosed:
            said = _("Something about %(principle)s was not found.")
            yield said % {"principle": issue.rule.text.principle.value}
        case Mark.UNFOUNDED if issue is not None and not disclosed:
            yield _("The facts given do not bear this out.")
        case Mark.FOR_A_PERSON if issue is not None:
            yield _("The engine comes to something else; your reasons go to a person, and cost nothing.")
        case _:
            pass


def _aspects(part: Part, disclosed: bool) -> Iterator[str]:
    for found in part.aspects:
        if found.share == 1:
            continue
        name, answered = ASPECTS[found.aspect.value], _shown(found.aspect, found.given)
        values = {"aspect": name, "given": answered, "expected": _shown(found.aspect, found.expected)}
        if disclosed and found.given:
            yield _("%(aspect)s: you have %(given)s; it is %(expected)s.") % values
        elif disclosed:
            yield _("%(aspect)s: you say nothing; it is %(expected)s.") % values
        elif not found.given:
            yield _("%(aspect)s: you say nothing.") % values
        elif found.share:
            yield _("%(aspect)s: %(given)s is partly right.") % values
        else:
            yield _("%(aspect)s: %(given)s is not right.") % values


def _shown(aspect: Aspect, values: Sequence[str]) -> str:
    """Values as people read them."""
    if aspect in (Aspect.OUTCOME, Aspect.BEFORE_AFTER):
        return _(", then ").join(words(v) for v in values)
    if aspect is Aspect.PARTY:
        return ", ".join(f"{ROLES[v]} ({v})" if v in ROLES else v for v in values)
    return ", ".join(values) or _("nothing")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def question(task: Task, part: Part, *, disclosed: bool) -> str | None:
    """The next question to whoever answered; None where nothing is left to ask."""
    lacking = next((a for a in part.aspects if a.share < 1), None)
    undecided = disclosed and part.issue is not None and part.issue.outcome is Outcome.UNDECIDED
    match part.mark:
        case Mark.WRONG | Mark.PARTLY if task.kind is TaskKind.DRAFT:
            return _("Which condition of your rule decides this example?")
        case Mark.UNFOUNDED if task.kind is TaskKind.REPAIR:
            return _("Which of your changes brings this about?")
        case Mark.UNFOUNDED | Mark.WRONG if undecided and task.kind in (TaskKind.SPOT, TaskKind.DECIDE):
            return _open(part)
        case Mark.UNFOUNDED if task.kind in (TaskKind.SPOT, TaskKind.DISTINGUISH, TaskKind.EXCEPT):
            return _("On what authority, and on which fact of the design, would you rest it?")
        case Mark.UNFOUNDED:
            return _("Which of your facts brings this about, and does the story state it?")
        case Mark.MISSED if task.kind is TaskKind.EXCEPT:
            return _("Who could still come free, and what would have to be shown?")
        case Mark.MISSED if part.issue is not None:
            return _question_of(part)
        case Mark.FOR_A_PERSON | Mark.RIGHT | Mark.NOT_ASKED:
            return None
        case _ if lacking is not None:
            return _ASKED[lacking.aspect](lacking) if disclosed else _("What in the design does it turn on?")
        case _:
            return None


def _question_of(part: Part) -> str:
    assert part.issue is not None
    said = _("What does the design say that bears on %(principle)s, and whose duty would it be?")
    return said % {"principle": part.issue.rule.text.principle.value}


def _open(part: Part) -> str:
    """What to ask of something undecided: for the fact, or for the question of law."""
    assert part.issue is not None
    if any(g.open for g in part.issue.grounds):
        return _("Which fact would settle it, and is it stated?")
    return _("Which question of law does it hang on?")


def _of_outcome(found: AspectMark) -> str:
    if "conflict_unless_excused" in found.expected:
        return _("Could anything still excuse it, and who would have to show that?")
    if "not_applicable" in found.expected:
        return _("When does this rule apply at all?")
    return _("Which fact of the design decides it?")


def _of_places(found: AspectMark) -> str:
    return _("At which parts of the design is the same thing true, and at which is it not?")


_ASKED: Mapping[Aspect, Callable[[AspectMark], str]] = {
    Aspect.OUTCOME: _of_outcome,
    Aspect.BEFORE_AFTER: lambda found: _("What does the rule come to for each design by itself?"),
    Aspect.PLACE: _of_places,
    Aspect.PARTY: lambda found: _("Who could do it otherwise?"),
    Aspect.FACTS: lambda found: _("Which fact, were it otherwise, would change the outcome?"),
    Aspect.EXCEPTION: lambda found: _("Which exceptions does the rule know, and which of them do the facts rule out?"),
    Aspect.OPEN: lambda found: _("What would you ask the operator, and what would you ask a court?"),
    Aspect.BURDEN: lambda found: _("Who relies on the exception?"),
}


def points(earned: float, of: float) -> str:
    """Points out of others, without zeros nobody needs."""
    said = ngettext("%(earned)s of %(of)s point", "%(earned)s of %(of)s points", int(of) if of == 1 else 2)
    return said % {"earned": f"{earned:g}", "of": f"{of:g}"}
