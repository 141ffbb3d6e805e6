"""The gate of a draft: what stands against it at a threshold of severity.

Read as its controller reads it: who answers for a design has to know it, so what is undecided for missing facts is not
demonstrated and keeps the gate shut too. Law that is unsettled alone does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy_eval.comparison import open_of
from policy_eval.evaluation import Evaluation
from policy_eval.findings import CONFLICTS, RuleResult
from policy_eval.vocabulary.law import Outcome, Severity

CLEAR, AGAINST, NOT_DEMONSTRATED = 0, 1, 4  # exit codes


@dataclass(frozen=True, slots=True)
class Gate:
    """What an evaluation comes to at a threshold: rules in conflict, and rules that are not demonstrated."""

    evaluation: Evaluation
    judged: int  # how many rules are of the severity or above
    conflicts: tuple[RuleResult, ...]
    not_demonstrated: tuple[RuleResult, ...]


def gate(evaluation: Evaluation, fail_on: Severity, *, established_only: bool = False) -> Gate:
    """Judge an evaluation at a threshold.

    With `established_only` a conflict that something open might excuse counts as not demonstrated.
    """
    conflict = (Outcome.CONFLICT,) if established_only else CONFLICTS
    results = [r for r in evaluation.results if r.rule.text.severity.rank >= fail_on.rank]
    against = tuple(r for r in results if r.outcome in conflict)
    shown = tuple(
        r for r in results if r.outcome not in conflict and (r.outcome in CONFLICTS or not_demonstrated(evaluation, r))
    )
    return Gate(evaluation, len(results), against, shown)


def not_demonstrated(evaluation: Evaluation, result: RuleResult) -> bool:
    """Whether facts that are missing leave a rule undecided; law that is unsettled alone does not count."""
    return result.outcome is Outcome.UNDECIDED and bool(open_of(evaluation, result))


def code(gates: Sequence[Gate]) -> int:
    """The exit code: conflicts before what is not demonstrated."""
    if any(g.conflicts for g in gates):
        return AGAINST
    return NOT_DEMONSTRATED if any(g.not_demonstrated for g in gates) else CLEAR
