"""What designs no longer say: facts known at a revision of the repository and unknown now.

Designs of today and of then are held against each other one pair at a time, and what is the same byte for byte is not
read as a design at all, so a thousand designs take no more memory than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from policy_eval import library
from policy_eval.design.changes import ChangeKind, changes
from policy_eval.design.loading import DesignFile
from policy_eval.design.paths import join
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.paths import of_files
from policy_eval.report.check.wire import BaseV1, LostFactV1
from policy_eval.report.derivation import location
from policy_eval.revision import Pair, Revision, home, pairs, select


def revision(base: str, names: Iterable[str]) -> Revision:
    """The revision that designs of these names are to be held against.

    Raises `InvalidInput` where there is none such, where a design lies outside its repository, and where all of the
    designs are built in: these have no history, and are left aside beside others.
    """
    files = of_files(names)
    if not files:
        help = "name designs of a repository, or leave `--base` out"
        raise InvalidInput([Problem("built-in designs have no history to compare with", Span("--base"), help)])
    found = Revision(base, home(files[0]))
    for name in files:
        found.path_of(Path(name))
    return found


def since(then: Revision, arguments: Iterable[str], judged: Mapping[str, str], *, fails: bool) -> BaseV1:
    """The facts lost since a revision by the designs judged, given as name -> id, and the designs of it that are gone.

    `arguments` are the paths the names come from. A design that could not be read at the revision said nothing there
    that could be lost, and one that is there and cannot be read now is bad input and not gone.
    """
    names = {then.path_of(Path(name)): name for name in of_files(judged)}
    meant = select(of_files(arguments), then).before
    before = [path for path in meant if path in names or then.is_gone(path)]
    found = pairs({path: judged[name] for path, name in names.items()}, before, then)
    lost = [fact for p in found if p.new is not None for fact in _lost(p, names[p.new], then)]
    gone = [then.shown(p.old) for p in found if p.old and not p.new and then.id_of(p.old) is not None]
    return BaseV1(then.rev, lost, gone, bool(lost or gone) and fails)


def _lost(p: Pair, name: str, then: Revision) -> Iterator[LostFactV1]:
    """What a design of this name no longer says."""
    if p.old is None or (not p.renamed and then.unchanged(p.old)):
        return
    old = then.attempt(p.old)
    if not isinstance(old, DesignFile):
        return
    new = library.load_design(name)
    for change in changes(old.design, new.design):
        if change.kind is ChangeKind.LOST:
            yield LostFactV1(new.design.id, join(change.path), change.before, location(new.span_of(change.path)))
