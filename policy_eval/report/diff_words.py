"""Words that the texts for people share in reports of changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from policy_eval.report.diff import (
    BandChangeV1,
    BurdenChangeV1,
    DesignDiffV1,
    DiffV1,
    FactChangeV1,
    FindingChangeV1,
    SetDiffV1,
)
from policy_eval.report.words import counted, words

NOTHING = "no fact changed"
KINDS = {
    "added": "new conflict",
    "hardened": "conflict no longer excusable",
    "reopened": "no longer decided",
    "opened": "undecided, and not there before",
    "softened": "conflict that may be excused now",
    "decided": "decided, no conflict",
    "cured": "conflict gone",
}
MINOR = ("opened", "decided")  # what most readers can do without
_NO_PLACE = "no such place"


def summary(report: DiffV1) -> str:
    """The whole report in a sentence or two."""
    changed, new, gone = _sorted(report.designs)
    same = len(report.designs) - len(changed) - len(new) - len(gone)
    numbers = [(len(d), word) for d, word in ((changed, "changed"), (new, "new"), (gone, "gone")) if d]
    designs = [f"{counted(n, 'design') if not i else n} {word}" for i, (n, word) in enumerate(numbers)]
    designs += [f"{NOTHING} in {counted(same, 'design')}"] if same else []
    facts = Counter(f.kind for d in report.designs for f in d.facts)
    kinds = Counter(f.kind for d in report.designs for s in d.sets for f in s.findings)
    parts = [", ".join(designs) or "no design that could be compared"]
    parts += [f"facts: {_counts(facts, ('lost', 'changed', 'added', 'removed', 'stated'))}"] if facts else []
    parts += [f"findings: {_counts(kinds, KINDS)}"] if kinds else []
    return "; ".join(parts)


def _sorted(designs: list[DesignDiffV1]) -> tuple[list[DesignDiffV1], ...]:
    there = [d for d in designs if d.old_file and d.new_file]
    return [d for d in there if d.facts], [d for d in designs if not d.old_file], [d for d in designs if not d.new_file]


def _counts(counts: Counter[str], order: Iterable[str]) -> str:
    return ", ".join(f"{counts[kind]} {kind}" for kind in order if counts[kind])


def unchanged(report: DiffV1) -> list[DesignDiffV1]:
    """The designs of which nothing is to be told."""
    return [d for d in report.designs if not d.facts and d.old_file and d.new_file and not d.renamed]


def place(finding: FindingChangeV1) -> str:
    """Where a finding is: the innermost parts bound, or the whole design; of parts nobody sees the list alone."""
    paths = list(dict.fromkeys(finding.place.values()))
    inner = [p for p in paths if not any(q.startswith(f"{p}.") for q in paths)]
    return " x ".join(f"{p.split('.?')[0]} (not stated)" if ".?" in p else p for p in inner) or "the design"


def outcome(term: str | None) -> str:
    """An outcome in words."""
    return words(term) if term else _NO_PLACE


def fact(f: FactChangeV1) -> str:
    """A fact and what became of it: `a -> b`, or how much came or went with a part."""
    if f.about != "part":
        return f"{f.path}: {f.before} -> {f.after}"
    return f"{f.path}, with {counted(f.facts, 'fact')} below it" if f.facts else f.path


def band(change: BandChangeV1) -> str:
    """The band now, and before where that was another."""
    now = words(change.after) if change.after else "not judged"
    if change.before is None or change.before == change.after:
        return now
    return f"{now}, before: {words(change.before)}"


def burden(change: BurdenChangeV1) -> str:
    """The weight of conflicts now, and before where it differs: established/as it stands/at worst."""
    numbers = [f"{b.established:g}/{b.standing:g}/{b.worst:g}" if b else "none" for b in (change.before, change.after)]
    return numbers[1] if change.before is None or numbers[0] == numbers[1] else f"{numbers[0]} -> {numbers[1]}"


def differs(change: BandChangeV1 | BurdenChangeV1) -> bool:
    """Whether a band or a burden is another than before."""
    return change.before is not None and change.before != change.after


def is_quiet(found: SetDiffV1) -> bool:
    """Whether nothing changed under a set."""
    return not (found.findings or differs(found.band) or differs(found.burden))


def quiet(design: DesignDiffV1) -> str:
    """The sets under which there is nothing to tell, in a sentence."""
    names = [s.set for s in design.sets if is_quiet(s)]
    what = "no finding changed" if design.old_file else "nothing in conflict or undecided"
    return f"{what} under {', '.join(names)}" if names else ""


def by_rule(findings: list[FindingChangeV1]) -> list[list[FindingChangeV1]]:
    """Findings of one kind and rule together, in order."""
    return [list(group) for _, group in groupby(findings, key=lambda f: (f.kind, f.rule))]


def opened(design: DesignDiffV1, found: SetDiffV1) -> int:
    """How many rules are undecided in a design that is new, where each of them would be no news."""
    return 0 if design.old_file else len({f.rule for f in found.findings if f.kind == "opened"})


def told(design: DesignDiffV1, found: SetDiffV1) -> list[FindingChangeV1]:
    """The findings that are told one by one."""
    return [f for f in found.findings if f.kind != "opened"] if opened(design, found) else found.findings


def files(design: DesignDiffV1) -> tuple[str, list[str]]:
    """What became of a design, and the files to name: those in the sentence are marked by `{}`."""
    if design.new_file is None:
        return "{} is gone; nothing that was found in it counts as cured", [str(design.old_file)]
    if design.old_file is None:
        return "{} is new", [design.new_file]
    how = "renamed from" if design.renamed else "compared with"
    return f"{{}}, {how} {{}}", [design.new_file, design.old_file]


def gate(report: DiffV1) -> str:
    """What the gate asked and what it came to; nothing where nothing was asked."""
    g = report.gate
    asked = [f"nothing new at {g.fail_on} or above"] if g.fail_on_new and g.fail_on != "never" else []
    asked += ["no fact lost"] if g.fail_on_lost_facts else []
    if not asked:
        return ""
    came = {0: "it is so", 1: "there are new conflicts", 4: "facts are missing that were not missing before"}
    return f"Asked for: {' and '.join(asked)}. {came[g.code][0].upper()}{came[g.code][1:]} (exit code {g.code})."
