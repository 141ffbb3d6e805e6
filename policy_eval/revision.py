"""Designs as they were at a revision of a git repository, and which of them today's designs are to be held against.

Git is asked for objects alone: nothing of the work tree or the index is read or changed by it, and nothing is fetched.
"""

from __future__ import annotations

import functools
import glob
import os
import posixpath
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from policy_eval import paths, source
from policy_eval.design import loading
from policy_eval.design.loading import DesignFile
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.library import DESIGN

_LINK, _FILE = "120000", "100"  # how git writes the modes of links and of regular files
_HOPS = 8  # links that may lead to one another
# A hook's own variables would name a repository; here the folder says which one is meant.
_UNSET = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")
# Nothing is fetched, asked for or locked, and messages are in one language.
_SET = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


_FETCH = "fetch it first: a partial clone lacks it, or it is damaged (`git fsck`)"


class Unreadable(InvalidInput):
    """A file that was there at a revision, and git has it no more."""


class Revision:
    """The designs of the repository around `folder` as they were at `rev`.

    Raises `InvalidInput` where there is no git, no repository or no such revision. Paths are those of the repository,
    from its top and with slashes.
    """

    def __init__(self, rev: str, folder: Path) -> None:
        self.rev = rev
        if not rev or rev.startswith("-") or not rev.isprintable():
            raise _wrong(rev, f"`{rev}` is no revision", "name a branch, a tag or a commit, such as `origin/main`")
        found = _run(folder, "rev-parse", "--show-toplevel")
        if found.returncode:
            raise _wrong(str(folder), f"git finds no repository here: {_said(found)}", "compare two files instead")
        self.top = Path(os.fsdecode(found.stdout.removesuffix(b"\n"))).resolve()
        found = _run(self.top, "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}")
        if found.returncode:
            help = "see `git branch --all`; a shallow clone lacks older commits: `git fetch --unshallow`"
            raise _wrong(rev, f"the repository has no revision `{rev}`", help)
        self.commit = found.stdout.decode().strip()
        self._objects = _Objects(self.top)

    def path_of(self, path: Path) -> str:
        """The path in the repository of a file or folder, whether it is there or not; raises `InvalidInput`."""
        whole = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
        if not whole.is_relative_to(self.top):
            raise _wrong(str(path), f"this lies outside the repository `{self.top}`", "run once for each repository")
        return whole.relative_to(self.top).as_posix()

    def has(self, path: str) -> bool:
        """Whether there was such a file."""
        return path in self._files

    def designs(self, under: str = ".") -> list[str]:
        """The paths of the designs below a folder, in order; what is passed over there today was no design then."""
        start = "" if under == "." else f"{under}/"
        found = (p for p in self._files if p.endswith(DESIGN) and p.startswith(start))
        return sorted(p for p in found if all(map(paths.ours, p[len(start) :].split("/"))))

    def strays(self, known: Iterable[str]) -> list[str]:
        """The paths of designs other than the known ones that are no longer there."""
        rest = {p for p in self._files if p.endswith(DESIGN)} - set(known)
        return sorted(filter(self.is_gone, rest))

    def is_gone(self, path: str) -> bool:
        """Whether there is no file of this path any more."""
        return not os.path.lexists(self.top / path)

    def unchanged(self, path: str) -> bool:
        """Whether a design and what it extends are today what they were, byte for byte; raises `InvalidInput`."""
        with tempfile.TemporaryDirectory(prefix="policy-eval-") as folder:
            return all(_holds(self.top / here, data) for here, data in self._composed(path, Path(folder)))

    def id_of(self, path: str) -> str | None:
        """The id of a design; None where it could not be read."""
        found = self.attempt(path)
        return found.design.id if isinstance(found, DesignFile) else None

    def attempt(self, path: str) -> DesignFile | InvalidInput:
        """A design as `load` gives it, or why it was none; raises `Unreadable`."""
        try:
            return self.load(path)
        except Unreadable:
            raise  # nobody can say what it was
        except InvalidInput as error:
            return error

    def load(self, path: str) -> DesignFile:
        """A design with what it extends, its files shown as `REV:path`; raises `InvalidInput`."""
        with tempfile.TemporaryDirectory(prefix="policy-eval-") as folder:
            file = Path(folder, path)
            for _ in self._composed(path, Path(folder)):
                pass
            try:
                return self._named(loading.load(file, file.parent, path))
            except InvalidInput as error:
                raise InvalidInput([replace(p, span=self._at(p.span)) for p in error.problems]) from None

    def _composed(self, path: str, folder: Path) -> Iterator[tuple[str, bytes]]:
        """A file and those it extends, each written below a folder; what is not there is left for others to miss."""
        pending, written = [path], set[str]()
        while pending:
            here = pending.pop()
            if here in written or ".." in here.split("/") or not self.has(here):
                continue
            written.add(here)
            data = self._data(here)
            target = Path(folder, here)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            yield here, data
            if b"extends" in data.replace(b"\0", b""):  # in UTF-16 every other byte is one
                pending += [_beside(here, name) for name in _extended(target)]

    def _named(self, file: DesignFile) -> DesignFile:
        return replace(
            file,
            spans={path: self._at(span) for path, span in file.spans.items()},
            files=tuple(self.shown(name) for name in file.files),
            warnings=tuple(replace(w, span=self._at(w.span)) for w in file.warnings),
        )

    def _at(self, span: Span) -> Span:
        return span._replace(file=self.shown(span.file))

    def shown(self, path: str) -> str:
        """How a file of the revision is named to people."""
        return f"{self.rev}:{path}"

    @functools.cached_property
    def _files(self) -> dict[str, tuple[str, str]]:
        """Mode and object of every file, by path."""
        found = _run(self.top, "ls-tree", "-r", "-z", "--full-tree", self.commit)
        if found.returncode:
            raise _wrong(self.rev, f"git cannot list the files of `{self.rev}`: {_said(found)}", "try `git fsck`")
        rows = (row.partition("\t") for row in os.fsdecode(found.stdout).split("\0") if row)
        entries = ((path, head.split(" ")) for head, _, path in rows)
        return {path: (mode, name) for path, (mode, _, name) in entries if mode == _LINK or mode.startswith(_FILE)}

    def _data(self, path: str) -> bytes:
        """What a file held; a link is followed within the repository."""
        for _ in range(_HOPS):
            mode, name = self._files[path]
            data = self._objects.read(name)
            if data is None:
                said = _said(_run(self.top, "cat-file", "blob", name))
                raise Unreadable([Problem(f"git cannot read the file: {said}", Span(self.shown(path)), _FETCH)])
            if mode != _LINK:
                return data
            path = _beside(path, os.fsdecode(data))
            if path not in self._files:
                break
        raise _wrong(self.shown(path), "a link leads to no file of the revision", "")


class _Objects:
    """The objects of a repository, read by one process of git that ends with this value or with who has it."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def read(self, name: str) -> bytes | None:
        """What an object holds; None where git does not give it."""
        out, back = self._pipes
        try:
            out.write(f"{name}\n".encode())
            out.flush()
            words = back.readline().split()
            if len(words) != 3:  # it is missing, or git has ended
                return None
            data = back.read(int(words[2]) + 1)
        except OSError:
            return None
        return data[:-1] if len(data) == int(words[2]) + 1 else None

    @functools.cached_property
    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        process = subprocess.Popen(
            _command(self._top, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        assert process.stdin and process.stdout
        weakref.finalize(self, process.communicate)
        return process.stdin, process.stdout


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file of today holds this."""
    try:
        return path.is_file() and path.read_bytes() == data
    except OSError:
        return False


def _beside(path: str, name: str) -> str:
    """The path of a file as it is named in another."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _extended(file: Path) -> Iterator[str]:
    """The file that a design extends, if it is one at all."""
    try:
        root = source.read(file).root
    except InvalidInput:
        return
    node = root.get("extends") if isinstance(root, source.Mapping) else None
    if isinstance(node, source.Scalar) and isinstance(node.value, str):
        yield node.text


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command, environment = _command(folder, *arguments), _environment()
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=environment)
    except FileNotFoundError:
        raise _wrong("git", "git is not installed, or not on the PATH", "compare two files instead") from None


def _command(folder: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(folder), *arguments]


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k not in _UNSET} | _SET


def _said(found: subprocess.CompletedProcess[bytes]) -> str:
    """The first line of what git complained about."""
    lines = found.stderr.decode(errors="replace").splitlines() or ["it says nothing"]
    return lines[0].removeprefix("fatal: ")


def _wrong(where: str, message: str, help: str) -> InvalidInput:
    return InvalidInput([Problem(message, Span(where), help)])


def home(argument: str) -> Path:
    """The nearest folder there is around a path or pattern."""
    path = Path(argument)
    return next(p for p in (path, *path.absolute().parents) if p.is_dir())


@dataclass(frozen=True, slots=True)
class Selection:
    """The designs that some paths mean: those of today by their paths in the repository, and those of a revision."""

    now: dict[str, Path]
    before: tuple[str, ...]


def select(arguments: Iterable[str], revision: Revision) -> Selection:
    """What paths, folders and patterns mean, now and at a revision; raises `InvalidInput` for what means nothing."""
    now: dict[str, Path] = {}
    before: set[str] = set()
    problems: list[Problem] = []
    for argument in arguments:
        found, old = _meant(argument, revision)
        if not found and not old:
            help = f"name a design, or a folder with `*{DESIGN}` files"
            problems.append(Problem(f"there is no design here, now or at `{revision.rev}`", Span(argument), help))
        for file in found:
            # Whichever way a file is named twice, it is shown the same.
            here = revision.path_of(file)
            now[here] = min(now.get(here, file), file)
        before.update(old)
    if problems:
        raise InvalidInput(problems)
    return Selection(dict(sorted(now.items())), tuple(sorted(before)))


def _meant(argument: str, revision: Revision) -> tuple[list[Path], list[str]]:
    """The files that one argument means, and the paths at the revision."""
    path = Path(argument)
    if not os.path.lexists(path) and glob.has_magic(argument):
        return _matching(argument, revision)
    here = revision.path_of(path)
    if path.is_dir():
        return _below(path), revision.designs(here)
    now = [path] if os.path.lexists(path) else []
    return now, [here] if revision.has(here) else revision.designs(here)


def _below(folder: Path) -> list[Path]:
    return [Path(name) for name in paths.below(str(folder))]


def _matching(pattern: str, revision: Revision) -> tuple[list[Path], list[str]]:
    """The designs that a pattern means: those that match it, and those in folders that do."""
    found = [Path(p) for p in glob.glob(pattern, recursive=True)]
    now = [f for p in found for f in (_below(p) if p.is_dir() else [p]) if f.name.endswith(DESIGN)]
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    start = revision.path_of(Path(*parts[:fixed]))
    skipped = 0 if start == "." else len(start.split("/"))
    old = [p for p in revision.designs(start) if matches(p.split("/")[skipped:], parts[fixed:])]
    return now, old


def matches(path: Iterable[str], pattern: Iterable[str]) -> bool:
    """Whether a pattern matches the steps of a path or of a folder above it, by the rules of `glob`."""
    steps, wanted = list(path), list(pattern)
    if not wanted:
        return True
    if not steps:
        return all(p == "**" for p in wanted)
    hidden = steps[0].startswith(".") and not wanted[0].startswith(".")
    if wanted[0] == "**":
        return matches(steps, wanted[1:]) or (not hidden and matches(steps[1:], wanted))
    return not hidden and fnmatchcase(steps[0], wanted[0]) and matches(steps[1:], wanted[1:])


@dataclass(frozen=True, slots=True)
class Pair:
    """A design by its path before and now; None where there was or is none."""

    old: str | None
    new: str | None

    @property
    def renamed(self) -> bool:
        """Whether it is the same design under another path."""
        return self.old is not None and self.new is not None and self.old != self.new


def pair(
    now: Mapping[str, str], before: Mapping[str, str | None], elsewhere: Mapping[str, str | None] | None = None
) -> tuple[Pair, ...]:
    """Hold designs against earlier ones, each given as path -> id: by path, else by id, else as new or gone.

    `elsewhere` holds earlier designs that may have been renamed into one of today's, and are not gone otherwise. An id
    that is not known (None) is nobody's.
    """
    pairs = [Pair(path, path) for path in now if path in before]
    left = {p: i for p, i in sorted(before.items()) if p not in now}
    by_id: dict[str, str] = {}
    for path, name in (*left.items(), *sorted((elsewhere or {}).items())):
        if name is not None:
            by_id.setdefault(name, path)
    for path in sorted(p for p in now if p not in before):
        old = by_id.pop(now[path], None)
        left.pop(old or "", None)
        pairs.append(Pair(old, path))
    pairs += [Pair(path, None) for path in left]
    return tuple(sorted(pairs, key=lambda p: (p.new or p.old or "", p.old or "")))


@dataclass(frozen=True, slots=True)
class Version:
    """A design before and now; None where it is new, or gone. `problems`: why the earlier one could not be read."""

    old: DesignFile | None
    new: DesignFile | None
    renamed: bool = False
    problems: tuple[Problem, ...] = ()


def pairs(now: Mapping[str, str], before: Iterable[str], revision: Revision) -> tuple[Pair, ...]:
    """Hold today's designs, as path in the repository -> id, against those of a revision at some paths.

    Earlier designs are read only where a path alone does not tell, one after another, and nothing but ids is kept.
    """
    then = set(before)
    # Only where a design has no predecessor at its path is one looked for in other places.
    moved = any(path not in then for path in now)
    elsewhere = revision.strays(then) if moved else []
    ids = {p: revision.id_of(p) if moved and p not in now else None for p in sorted(then)}
    return pair(now, ids, {p: revision.id_of(p) for p in elsewhere})


def versions(now: Mapping[str, DesignFile], before: Iterable[str], revision: Revision) -> tuple[Version, ...]:
    """Today's designs, by their paths in the repository, with what they were at a revision, and those that are gone.

    An earlier design that cannot be read is none: what has its path now is new.
    """
    ids = {path: file.design.id for path, file in now.items()}
    return tuple(_version(p, now, revision) for p in pairs(ids, before, revision))


def _version(p: Pair, now: Mapping[str, DesignFile], revision: Revision) -> Version:
    old = revision.attempt(p.old) if p.old is not None else None
    new = now[p.new] if p.new is not None else None
    if isinstance(old, InvalidInput):
        return Version(None, new, False, old.problems)
    return Version(old, new, p.renamed)
