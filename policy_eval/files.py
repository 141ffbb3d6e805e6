"""Bytes on disk -> text: regular files within a size, in an encoding that is what it says."""

from __future__ import annotations

import codecs
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from policy_eval.errors import InvalidInput, Problem, Span


def read_text(path: Path, file: str, limit: int) -> str:
    """The text of a regular file of at most `limit` bytes, shown as `file`; raises `InvalidInput`.

    UTF-8 with or without a byte-order mark, or UTF-16 with one.
    """
    return _decode(_bytes(path, file, limit), file)


def _bytes(path: Path, file: str, limit: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise _fault(file, "there is no such file", "check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not usable"
        raise _fault(file, f"the file cannot be read: {reason.lower()}", "check the path and its permissions") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise _fault(file, "this is a folder", "name a file in it")
        raise _fault(file, "this is no regular file", "name a file on disk")
    with os.fdopen(descriptor, "rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise _fault(file, f"the file is larger than {limit:,} bytes", "split it, or take out what is not a fact")
    return data


def _decode(data: bytes, file: str) -> str:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _fault(file, "the file is encoded in UTF-32", "save it as UTF-8")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in data:
        before = data[: data.index(b"\0")].decode("utf-8", "replace")
        raise InvalidInput([Problem("the file holds a NUL byte", end_of(before, file), "save it as UTF-8 text")])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        shown = encoding.upper().removesuffix("-SIG")
        raise InvalidInput(
            [Problem(f"the file is not valid {shown} here", end_of(before, file), "save it as UTF-8")]
        ) from None


def end_of(before: str, file: str) -> Span:
    """The place just behind some text of a file."""
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return Span(file, line, column, line, column + 1)


def _fault(file: str, message: str, help: str) -> InvalidInput:
    return InvalidInput([Problem(message, Span(file), help)])


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all; raises `InvalidInput` if it is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise _fault(str(path.parent), "this is a file and no folder", "choose another place") from None
    written = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        written.write_text(text, encoding="utf-8")
        # A link, unlike a rename, never replaces what somebody else wrote in the meantime.
        os.link(written, path)
    except FileExistsError:
        raise _fault(
            str(path), "there is already a file of this name", "choose another name, or move it away"
        ) from None
    finally:
        written.unlink(missing_ok=True)


def write_all_new(files: Mapping[Path, str]) -> None:
    """Write files that are not there yet, all of them or none; raises `InvalidInput` with each that is there."""
    help = "choose another folder, or move it away"
    taken = [Problem("there is already a file of this name", Span(str(p)), help) for p in files if os.path.lexists(p)]
    if taken:
        raise InvalidInput(taken)
    written: list[Path] = []
    try:
        for path, text in files.items():
            write_new(path, text)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def replace_all(targets: Sequence[tuple[Path, Callable[[TextIO], None]]]) -> None:
    """Write files in place of what is there, each whole or not at all; raises `OSError` that names the file.

    None is put in its place before all are written. A link is followed; a pipe or device is written to.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, fill in targets:
            try:
                _prepare(path, fill, ready)
            except BrokenPipeError:
                raise OSError(errno.EIO, "the reader went away", str(path)) from None
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(path)) from None
        for written, target in ready:
            os.replace(written, target)
    finally:
        for written, _ in ready:
            written.unlink(missing_ok=True)


def _prepare(path: Path, fill: Callable[[TextIO], None], ready: list[tuple[Path, Path]]) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            fill(out)
        return
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    written = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.new")
    ready.append((written, target))
    with written.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
        fill(out)
        out.flush()
        os.fsync(out.fileno())
    if target.exists():
        shutil.copymode(target, written)
