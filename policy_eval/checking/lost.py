"""What designs no longer say: facts known at a revision of the repository and unknown now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from policy_eval import library
from policy_eval.design.changes import ChangeKind, changes
from policy_eval.design.paths import join
from policy_eval.report.check.assemble import location
from policy_eval.report.check.wire import BaseV1, LostFactV1
from policy_eval.revision import Revision, Version, home, select, versions


def since(base: str, arguments: list[str], names: Iterable[str], *, fails: bool) -> BaseV1:
    """The facts lost since a revision by the designs of these names, and the designs of it that are gone.

    `arguments` are the paths the names come from; raises `InvalidInput` where there is no such revision. A design that
    could not be read at the revision said nothing there that could be lost.
    """
    revision = Revision(base, home(arguments[0]))
    now = {revision.path_of(Path(name)): library.load_design(name) for name in names}
    found = versions(now, select(arguments, revision).before, revision)
    lost = [fact for version in found for fact in _lost(version)]
    gone = [v.old.files[0] for v in found if v.old and not v.new]
    return BaseV1(base, lost, gone, bool(lost or gone) and fails)


def _lost(version: Version) -> Iterator[LostFactV1]:
    old, new = version.old, version.new
    if old is None or new is None:
        return
    for change in changes(old.design, new.design):
        if change.kind is ChangeKind.LOST:
            yield LostFactV1(new.design.id, join(change.path), change.before, location(new.span_of(change.path)))
