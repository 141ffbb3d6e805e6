"""Which rules the gate looks at: by rule, set or principle, with `*` for any part of a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.principle import PrincipleSet, Rule
from policy_eval.source import suggest
from policy_eval.vocabulary.law import Principle


def rules(sets: Sequence[PrincipleSet], select: Iterable[str], ignore: Iterable[str]) -> frozenset[str] | None:
    """Ids of the rules looked at, None for all; raises `InvalidInput` for a name that means none."""
    chosen, left = list(select), list(ignore)
    if not chosen and not left:
        return None
    known = [r for s in sets for r in s.rules]
    problems: list[Problem] = []
    wanted = _meant(chosen, known, "--select", problems) if chosen else {r.id for r in known}
    wanted -= _meant(left, known, "--ignore", problems)
    if problems:
        raise InvalidInput(problems)
    return frozenset(wanted)


def _meant(patterns: Iterable[str], known: Sequence[Rule], option: str, problems: list[Problem]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        matching = {r.id for r in known if any(fnmatchcase(name, pattern) for name in _names(r))}
        if not matching:
            names = [*dict.fromkeys(n for r in known for n in _names(r)), *(p.value for p in Principle)]
            problems.append(Problem(f"`{pattern}` means no rule of these sets", Span(option), suggest(pattern, names)))
        found |= matching
    return found


def _names(rule: Rule) -> tuple[str, ...]:
    """What a rule can be selected by: its id and former ones, its set, its principle."""
    return (rule.id, *rule.text.aliases, rule.id.split("/")[0], rule.text.principle.value)
