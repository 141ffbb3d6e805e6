"""What whoever solves an exercise starts from: an answer to fill in, with what each kind of task asks for."""

from __future__ import annotations

from collections.abc import Iterator

from policy_eval.source import plain
from policy_eval.teaching.exercise import Exercise
from policy_eval.teaching.model import DecideTask, DraftTask, ExceptTask, Task
from policy_eval.teaching.trial import dump
from policy_eval.validation import node_at
from policy_eval.vocabulary.teaching import Aspect, TaskKind

_OUTCOME = "outcome: conflict  # or conflict_unless_excused, undecided, no_conflict, not_applicable"
_KEYS = {
    Aspect.OUTCOME: _OUTCOME,
    Aspect.PLACE: "at: [inputs.purchases]  # parts of the design, by path",
    Aspect.PARTY: "duty_of: computes_score  # a role, or the id of a party",
    Aspect.FACTS: "facts: [inputs.purchases.default]  # the facts that decide it, by path",
    Aspect.EXCEPTION: "exception: [name-of-the-exception]",
    Aspect.OPEN: "open: [inputs.purchases.default]  # facts, and concepts of unsettled law, that it hangs on",
    Aspect.BURDEN: "burden: operator  # or other_side",
    Aspect.BEFORE_AFTER: "before: conflict  # for the design\nafter: no_conflict  # for the variant",
}
_REASONS = "reasoning: why  # with `authority:`, it goes to a person wherever you differ from the engine"
_AWAY = "take the brackets away when you take the `# ` from a line below"
_OPEN, _EMPTY = f"[]  # {_AWAY}", f" {{}}  # {_AWAY}"


def template(exercise: Exercise) -> str:
    """An answer file in which nothing is answered yet; it loads, and earns nothing.

    Lines to fill in are comments; each is right where it stands once its `# ` is taken away.
    """
    head = f"""# Fill in what is asked, and leave out what you do not know. Check it with
#   policy-eval exercise check {file_name(exercise)}
schema: 1
{dump({"exercise": exercise.id}).strip()}
# student: a pseudonym, never a name
answers:
"""
    return head + "\n".join(line for task in exercise.text.tasks for line in _task(task)) + "\n"


def file_name(exercise: Exercise) -> str:
    """Name of the answer file."""
    return f"{exercise.id.replace('/', '-')}.answer.yaml"


def examples(exercise: Exercise) -> dict[str, str]:
    """The public examples of tasks that ask for a rule, by name of file: they fit below the key `examples:` of one."""
    found = {}
    for number, task in enumerate(exercise.text.tasks):
        node = node_at(exercise.root, "tasks", number, "public")
        if isinstance(task, DraftTask) and node is not None and task.public:
            found[f"{task.id}.examples.yaml"] = dump({"examples": plain(node)})
    return found


def _task(task: Task) -> Iterator[str]:
    yield f"  {task.id}:{_EMPTY if task.kind in (TaskKind.ENCODE, TaskKind.DRAFT) else ''}"
    match task.kind:
        case TaskKind.SPOT | TaskKind.DISTINGUISH:
            yield f"    findings: {_OPEN}"
            yield "    # - rule: set/name-of-the-rule  # or `provision: GDPR Article 4(11)`"
            yield from _asked(task, "    #   ")
        case TaskKind.DECIDE:
            assert isinstance(task, DecideTask)
            yield "    findings:"
            for question in task.questions:
                yield f"      - rule: {question.rule}"
                if question.at:
                    yield f"        at: [{', '.join(question.at)}]"
                yield f"        # {_OUTCOME}"
                yield from _asked(task, "        # ")
        case TaskKind.REPAIR:
            yield "    edits:"
            yield "      set: {}  # path: value"
            yield "      remove: []  # paths of parts"
        case TaskKind.EXCEPT:
            assert isinstance(task, ExceptTask)
            yield f"    exceptions: {_OPEN}"
            yield "    # - id: name-of-the-exception  # or `provision: ...`"
            yield from (f"    #   {_KEYS[a]}" for a in task.ask if a is Aspect.BURDEN)
            if Aspect.FACTS in task.ask:
                yield "    #   edits: {set: {inputs.purchases.default: value}}  # facts that would show it"
        case TaskKind.ENCODE:
            yield "    # design: my.design.yaml  # a file beside this one, or the design itself"
        case TaskKind.DRAFT:
            yield "    # rule: my.rule.yaml  # a file beside this one, or the rule itself"
        case TaskKind.ARGUE:
            yield from (line for side in ("for", "against") for line in _side(side))
            yield "    # conclusion: the better view, and why"


def _side(side: str) -> Iterator[str]:
    yield f"    {side}: {_OPEN}"
    yield "    # - says: a reason in a sentence or two"
    yield "    #   authority: what it rests on, with pinpoint"


def _asked(task: Task, before: str) -> Iterator[str]:
    asked: tuple[Aspect, ...] = getattr(task, "ask", ())
    keys = [_KEYS[a] for a in asked if not (task.kind is TaskKind.DECIDE and a is Aspect.OUTCOME)]
    yield from (f"{before}{line}" for key in (*keys, _REASONS) for line in key.splitlines())
