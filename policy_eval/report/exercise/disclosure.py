"""What parts of an answer are called while the key is not to be shown: by what the answer or the task names itself.

What somebody named is told of; what nobody named is the key. So is why, and what would have been right.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_eval import source
from policy_eval.principle import Ground
from policy_eval.teaching.answer import Answer
from policy_eval.teaching.key import Issue, cites
from policy_eval.teaching.marking import Part
from policy_eval.teaching.model import DecideTask, DraftTask, EncodeTask, ExceptTask, RepairTask, Task
from policy_eval.vocabulary.teaching import Mark

_OWN = (Mark.RIGHT, Mark.UNFOUNDED)  # what the engine tells of a design whoever wrote it can see without the key


def about(answer: Answer, task: Task, part: Part) -> str | None:
    """What a part is called without saying more than the answer and the task do; None where that is nothing."""
    issue = part.issue
    match task:
        case DecideTask() | RepairTask():
            return part.about
        case DraftTask():
            return part.about if part.about in [e.name for e in task.public] else None
        case EncodeTask():
            return part.about if issue is None or part.mark in _OWN else None
        case _ if issue is None:
            return part.about
        case _ if part.mark is Mark.MISSED:
            return None
        case ExceptTask():
            grounds = next(e.text.grounds for e in issue.rule.exceptions if e.text.id == part.about)
            return _named(answer, task, (part.about,), grounds, issue)
        case _:
            return _named(answer, task, (part.about, *_names(issue)), issue.rule.text.grounds, issue)


def by_name(task: Task, about: str | None, issue: Issue) -> bool:
    """Whether the rule of a part may be told by its title: the task names it, or the part is called by its name."""
    if isinstance(task, DecideTask | RepairTask | ExceptTask):
        return True
    return about in _names(issue)


def _names(issue: Issue) -> tuple[str, ...]:
    rule = issue.rule
    return (rule.id, rule.id.split("/")[1], *rule.text.aliases)


def _named(answer: Answer, task: Task, names: tuple[str, ...], grounds: tuple[Ground, ...], issue: Issue) -> str | None:
    """By which word an answer means something: one of its names, or else a provision it rests on."""
    words = [*_words(answer.node(task))]
    cited = (w for w in words if cites(w, grounds, issue.evaluation.principles))
    return next((w for w in words if w in names), None) or next(cited, None)


def _words(node: source.Node | None) -> Iterator[str]:
    """What an answer calls the things it is about, in order."""
    for entry in node.entries if isinstance(node, source.Mapping) else ():
        for item in entry.node.items if isinstance(entry.node, source.Sequence) else ():
            for key in ("rule", "id", "provision"):
                named = item.get(key) if isinstance(item, source.Mapping) else None
                if isinstance(named, source.Scalar):
                    yield named.text
