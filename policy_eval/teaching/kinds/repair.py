"""repair: change as few facts as can be so that conflicts are cured. The engine judges the design as it was edited."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from policy_eval import source
from policy_eval.design.base import Part as DesignPart
from policy_eval.design.changes import ChangeKind
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import related, split
from policy_eval.engine.signs import FALSE
from policy_eval.errors import InvalidInput, Problem
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS
from policy_eval.teaching.answer import Answer, Repairs
from policy_eval.teaching.desk import Desk
from policy_eval.teaching.key import ALL, NOTHING, Issue
from policy_eval.teaching.kinds.distinguish import told
from policy_eval.teaching.marking import Part, TaskGrade, argued
from policy_eval.teaching.model import Edits, RepairTask
from policy_eval.validation import node_at
from policy_eval.vocabulary.law import Outcome
from policy_eval.vocabulary.teaching import Mark

_CURED = (Outcome.NO_CONFLICT, Outcome.NOT_APPLICABLE)


def grade(desk: Desk, task: RepairTask, answer: Answer) -> TaskGrade:
    """Marks for the edits of an answer; raises `InvalidInput` where they do not make a design.

    Each rule that is known to be clear at every stated place counts as cured; what brings new conflicts about takes a
    cure away, once for each cause; more changes than the author needs make what is left worth less in proportion.
    """
    part: Repairs | None = answer.part(task, Repairs)
    if part is None or not part.edits.number:
        missed = tuple(
            Part(i.rule.id, Mark.MISSED, worth=Fraction(1, len(task.rules)), issue=i) for i in _targets(desk, task)
        )
        return TaskGrade(task.id, NOTHING, missed, answered=False)
    before = desk.design(task.design)
    removed = [split(path) for path in (*part.edits.remove, *part.edits.forget)]
    gone = [path for path in task.keep if any(split(path)[: len(r)] == r for r in removed)]
    if not gone:
        file = _edited(desk, task, part.edits, node_at(answer.node(task), "edits"), answer.shown)
        gone = [path for path in task.keep if _value(path, before) != _value(path, file)]
    if gone:
        note = f"{', '.join(f'`{p}`' for p in gone)} had to stay unchanged"
        return argued(task.id, NOTHING, [Part("edits", Mark.WRONG, worth=ALL, note=note)], part)
    return _judged(desk, task, part, file)


def _edited(desk: Desk, task: RepairTask, edits: Edits, node: source.Node | None, shown: str) -> DesignFile:
    """The design with the edits; whatever keeps them from making one is told where they are written."""
    try:
        return desk.changed(task.design, edits, node)
    except InvalidInput as error:
        elsewhere = [p for p in error.problems if p.span.file != shown]
        if not elsewhere or node is None:
            raise
        first = f"with these edits it is no design: {elsewhere[0].message}"
        more = f" (and {len(elsewhere) - 1} more)" if len(elsewhere) > 1 else ""
        help = "what others refer to can only go together with what refers to it"
        problem = Problem(f"{first}{more}", node.span, help)
        raise InvalidInput([*(p for p in error.problems if p.span.file == shown), problem]) from None


def _judged(desk: Desk, task: RepairTask, part: Repairs, file: DesignFile) -> TaskGrade:
    before, after = desk.design(task.design), desk.judge(file)
    used = _changes(before, file)
    needed = _changes(before, desk.changed(task.design, task.model, None))
    economy = min(ALL, Fraction(needed, used)) if used else NOTHING
    number, silent = len(task.rules), _silent(before, file, part.edits)
    targets = [_target(i, Fraction(1, number), economy, silent) for i in _targets(desk, task, after)]
    new = [Part(i.rule.id, Mark.UNFOUNDED, note="this conflict is new", issue=i) for i in _new(desk, task, after)]
    causes = {p.issue.deciding for p in new if p.issue}  # one wrong fact is one fault, however many rules it meets
    share = max(NOTHING, sum((p.share for p in targets), NOTHING) - Fraction(len(causes), number) * economy)
    parts = [*targets, *new]
    if economy < 1:
        parts.append(Part("edits", Mark.PARTLY, note=f"facts changed: {used}; enough are {needed}"))
    elif used < needed and share == ALL:
        parts.append(Part("edits", Mark.RIGHT, note=f"facts changed: {used}; the model answer takes {needed}"))
    return argued(task.id, share, parts, part)


def _silent(before: DesignFile, after: DesignFile, edits: Edits) -> bool:
    """Whether the edits make anything unknown; what is removed is said not to be there."""
    removed = [split(path) for path in edits.remove]
    lost = [c.path for c in told(before.design, after.design) if c.kind is ChangeKind.LOST]
    return bool(edits.forget) or not all(any(related(path, r) for r in removed) for path in lost)


def _changes(before: DesignFile, after: DesignFile) -> int:
    """How many facts differ: each of a part that is new, and one for a part that went."""
    return sum(
        c.facts if c.kind in (ChangeKind.ADDED, ChangeKind.STATED) and c.facts else 1
        for c in told(before.design, after.design)
    )


def _targets(desk: Desk, task: RepairTask, evaluations: tuple[Evaluation, ...] | None = None) -> list[Issue]:
    found = {r.rule.id: Issue(e, r) for e in evaluations or desk.evaluations(task.design) for r in e.results}
    return [found[name] for name in task.rules]


def _target(issue: Issue, worth: Fraction, economy: Fraction, silent: bool) -> Part:
    if issue.evaluation.scope == FALSE:
        note = "the edits take the whole system out of reach of the instrument; that cures nothing in it"
        return Part(issue.rule.id, Mark.WRONG, worth=worth, note=note, issue=issue)
    # That there may be more of a kind was so before; but whoever makes facts unknown is not to gain by it.
    at_stated = [p.outcome for p in issue.places if p.seen]
    cured = issue.outcome in _CURED if silent else all(o in _CURED for o in at_stated)
    if cured:
        return Part(issue.rule.id, Mark.RIGHT, worth * economy, worth, issue=issue)
    note = "silence cures nothing: it is only undecided now" if issue.outcome is Outcome.UNDECIDED else ""
    return Part(issue.rule.id, Mark.WRONG, worth=worth, note=note, issue=issue)


def _new(desk: Desk, task: RepairTask, after: tuple[Evaluation, ...]) -> list[Issue]:
    before = {r.rule.id for e in desk.evaluations(task.design) for r in e.results if r.outcome in CONFLICTS}
    return [Issue(e, r) for e in after for r in e.results if r.outcome in CONFLICTS and r.rule.id not in before]


def _value(path: str, file: DesignFile) -> Any:
    """A fact, or of a part that it is there."""
    value: Any = file.design
    for step in split(path):
        if isinstance(value, tuple):
            value = next((part for part in value if getattr(part, part.key) == step), None)
        else:
            value = getattr(value, step, None)
    parts = isinstance(value, tuple) and all(isinstance(v, DesignPart) for v in value)
    return value is not None if parts or isinstance(value, DesignPart) else value


def model(desk: Desk, task: RepairTask) -> dict[str, Any]:
    """The author's way, as an answer."""
    return {"edits": _plain(task.model)}


def _plain(edits: Edits) -> dict[str, Any]:
    return {k: v for k, v in edits.model_dump(mode="json").items() if v}


def everything(desk: Desk, task: RepairTask) -> dict[str, Any]:
    """The answer of who keeps silent about whatever speaks against the design."""
    facts = {f for i in _targets(desk, task) for f in i.deciding if f.kind == "leaf"}
    return {"edits": {"forget": sorted(map(str, facts))}}
