"""Strict YAML: text -> a tree with spans, within limits, with every fault of a file at once.

libyaml's events are consumed one by one and counted, because its composer crashes on deep nesting.
Scalars follow the core schema of YAML 1.2 narrowed to what all readers agree on: `no` and `on` are
text, and `010`, `0x1F` or `1_000` must be written otherwise.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.files import end_of, read_text

_SCALAR, _MAPPING, _SEQUENCE = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_CParser: Any = getattr(yaml, "CLoader", None)
_MAX_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold; beyond it is refused with the place where it happened."""

    bytes: int = 5_000_000
    depth: int = 64
    nodes: int = 200_000
    aliases: int = 64
    scalar: int = 10_000


class Scalar(NamedTuple):
    """A single value; `text` as written without quotes, `plain` if it had none."""

    span: Span
    value: str | int | float | bool | None
    text: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    span: Span
    items: tuple[Node, ...]


class Entry(NamedTuple):
    """One `key: value`."""

    key: str
    key_span: Span
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """A group of `key: value`, keys unique and in file order."""

    span: Span
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Node | None:
        """The value of a key, None if it is not there."""
        return next((e.node for e in self.entries if e.key == key), None)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read; `rest` is the part of its `text` that was not, where reading stopped early."""

    file: str
    root: Node
    text: str
    warnings: tuple[Problem, ...] = ()
    rest: str = ""


def plain(node: Node) -> Any:
    """The tree as dictionaries, lists and values."""
    if isinstance(node, Mapping):
        return {e.key: plain(e.node) for e in node.entries}
    if isinstance(node, Sequence):
        return [plain(i) for i in node.items]
    return node.value


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, if any is like it at all."""
    known = sorted(set(candidates))
    found = difflib.get_close_matches(word[:80], known, n=1, cutoff=0.6)
    return found[0] if found else None


def suggest(word: str, candidates: Iterable[str]) -> str:
    """A help text: the nearest candidate, else those that hold the word, else the candidates."""
    known = list(dict.fromkeys(candidates))
    found = nearest(word, known)
    if found is not None and found != word:
        return f"did you mean `{found}`?"
    holding = [k for k in known if len(word) > 2 and word in k]
    if len(holding) == 1:
        return f"did you mean `{holding[0]}`?"
    if holding:
        return f"did you mean one of {_some(holding)}?"
    return f"expected one of {_some(known)}" if known else "nothing can stand here"


def _some(names: list[str]) -> str:
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


def read(
    path: Path, *, name: str | None = None, limits: Limits | None = None, stop_at: Set[str] = frozenset()
) -> Document:
    """Read and parse a file; raises `InvalidInput` for whatever keeps it from being read."""
    file, limits = name or str(path), limits or Limits()
    return parse(read_text(path, file, limits.bytes), file, limits, stop_at)


def parse(text: str, file: str, limits: Limits | None = None, stop_at: Set[str] = frozenset()) -> Document:
    """Parse text into a tree; raises `InvalidInput` with every fault found.

    From the first top-level key of `stop_at` on nothing is read.
    """
    limits = limits or Limits()
    text = text.removeprefix("\ufeff")
    parser = _Parser(file, limits, stop_at)
    bad = _NOT_TEXT.search(text)
    if bad is not None:
        raise InvalidInput([Problem("a character that is not text", end_of(text[: bad.start()], file), "take it out")])
    rest = ""
    loader = (_CParser or yaml.Loader)(text)
    try:
        root = parser.document(iter(loader.get_event, None))
    except _Stop as stop:
        root, rest = stop.root, text[stop.index :]
    except yaml.MarkedYAMLError as error:
        root = None
        parser.problems.append(_syntax(error, file, limits))
    except yaml.YAMLError as error:
        root = None
        parser.problems.append(_unreadable(error, text, file))
    finally:
        loader.dispose()
    if root is None and not parser.problems:
        parser.problems.append(
            Problem("the file is empty", Span(file, 1, 1, 1, 1), "see docs/codebook.md for what it holds")
        )
    if parser.problems or root is None:
        found = sorted(parser.problems, key=lambda p: (p.span.line, p.span.column))
        raise InvalidInput(found[:_MAX_PROBLEMS])
    return Document(file, root, text, tuple(parser.warnings), rest)


class _Stop(Exception):
    def __init__(self, root: Node, index: int) -> None:
        self.root, self.index = root, index


class _TooMuch(yaml.MarkedYAMLError):
    pass


_QUOTE = "put the value in quotes; indent with spaces, not tabs"
_INDENT = "check the indentation of this line and the one before"
_CLOSE = "add `,` or the closing bracket"
_SYNTAX = {
    "found character that cannot start any token": ("a character that cannot start a value", _QUOTE),
    "found a tab character": ("a tab cannot indent", "use spaces"),
    "mapping values are not allowed": ("a `: ` where no key can stand", "put a text that holds `: ` in quotes"),
    "did not find expected key": ("no key where one is expected", _INDENT),
    "could not find expected ':'": ("a key without `:`", "write `key: value`"),
    "found unexpected end of stream": ("the file ends inside a value", "close the quote or bracket"),
    "found undefined alias": ("an alias that names nothing", "repeat the value instead"),
    "did not find expected ',' or": ("a list or group in brackets that is not closed", _CLOSE),
}


def _too_deep(limits: Limits) -> tuple[str, str]:
    return f"nested more than {limits.depth} deep", "the schema is never that deep"


def _syntax(error: yaml.MarkedYAMLError, file: str, limits: Limits) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    raw = f"{error.problem or ''}"
    message, help = next(
        (v for k, v in _SYNTAX.items() if k in raw),
        (raw[:1].lower() + raw[1:] or "the file is not YAML", "check this line"),
    )
    if isinstance(error, _TooMuch):
        message, help = raw, str(error.note)
    elif "maximum nesting depth" in raw:  # libyaml reads ahead and can meet its own limit first
        message, help = _too_deep(limits)
    return Problem(message, Span(file, line, column, line, column + 1), help)


def _unreadable(error: yaml.YAMLError, text: str, file: str) -> Problem:
    position = getattr(error, "position", None)
    before = text[:position] if isinstance(position, int) else ""
    return Problem("a control character that YAML forbids", end_of(before, file), "take it out")


@dataclass(slots=True)
class _Frame:
    span: Span
    keys: dict[str, Span] | None
    items: list[Node]
    entries: list[Entry]
    key: tuple[str, Span] | None = None
    anchor: str | None = None
    size: int = 1
    aliased: bool = False


_make: Callable[[type[Span], tuple[object, ...]], Span] = tuple.__new__


class _Parser:
    """Builds the tree from events with an explicit stack, counting as it goes."""

    def __init__(self, file: str, limits: Limits, stop_at: Set[str]) -> None:
        self.file, self.limits, self.stop_at = file, limits, stop_at
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.open_anchors: set[str] = set()
        self.aliases = 0
        self.nodes = 0

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        # One for each value of each file: made without the detour by way of the class's own constructor.
        return _make(Span, (self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1))

    def fault(self, message: str, span: Span, help: str = "") -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(message, span, help))

    def too_much(self, message: str, event: Any, help: str) -> _TooMuch:
        return _TooMuch(None, None, message, event.start_mark, help)

    def document(self, events: Iterable[Any]) -> Node | None:
        stack: list[_Frame] = []
        root: Node | None = None
        documents = 0
        for event in events:
            kind = type(event)
            if kind is _SCALAR:
                root = self.scalar(stack, event) or root
            elif kind is _MAPPING or kind is _SEQUENCE:
                self.open(stack, event, kind is _MAPPING)
            elif kind in _ENDS:
                root = self.close(stack, event) or root
            elif kind is yaml.AliasEvent:
                self.alias(stack, event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents == 2:
                    self.fault("a second document starts here", self.span(event), "one file holds one document")
                    break
        if isinstance(root, Scalar) and root.value is None and root.plain:
            return None
        return root

    def open(self, stack: list[_Frame], event: Any, mapping: bool) -> None:
        self.tag(event)
        if len(stack) >= self.limits.depth:
            message, help = _too_deep(self.limits)
            raise self.too_much(message, event, help)
        if self.expects_key(stack):
            self.fault("a key is a list or a group", self.span(event), "keys are plain text")
            stack[-1].key = ("", self.span(event))
        if event.anchor:
            self.open_anchors.add(event.anchor)
        stack.append(_Frame(self.span(event), {} if mapping else None, [], [], anchor=event.anchor))

    def close(self, stack: list[_Frame], event: Any) -> Node | None:
        frame = stack.pop()
        end = self.span(event)
        span = Span(self.file, frame.span.line, frame.span.column, end.end_line, end.end_column)
        node: Node = Sequence(span, tuple(frame.items)) if frame.keys is None else Mapping(span, tuple(frame.entries))
        if frame.anchor:
            self.open_anchors.discard(frame.anchor)
            self.anchors[frame.anchor] = (node, frame.size)
        return self.add(stack, node, frame.size, event)

    def expects_key(self, stack: list[_Frame]) -> bool:
        return bool(stack) and stack[-1].keys is not None and stack[-1].key is None

    def scalar(self, stack: list[_Frame], event: Any) -> Node | None:
        if event.tag is not None:
            self.tag(event)
        span = self.span(event)
        text: str = event.value
        if len(text) > self.limits.scalar:
            raise self.too_much(f"a value longer than {self.limits.scalar:,} characters", event, "shorten it")
        if not (text.isascii() and text.isprintable()):
            self.characters(text, span)
        if stack and stack[-1].keys is not None and stack[-1].key is None:
            self.key(stack, text, span, event)
            return None
        plain = event.implicit[0]
        node = Scalar(span, self.typed(text, span) if plain else text, text, plain)
        if event.anchor:
            self.anchors[event.anchor] = (node, 1)
        return self.add(stack, node, 1, event)

    def key(self, stack: list[_Frame], text: str, span: Span, event: Any) -> None:
        frame = stack[-1]
        assert frame.keys is not None
        if text == "<<":
            self.fault("merge keys are not part of the format", span, "repeat the lines, or use `extends` in a design")
        elif event.implicit[0] and not isinstance(self.typed(text, span), str):
            self.fault(f"the key `{_short(text)}` is not text", span, "put it in quotes if it is meant as a name")
        elif text in frame.keys:
            self.fault(
                f"`{_short(text)}` is there twice", span, f"the first is on line {frame.keys[text].line}; keep one"
            )
        if len(stack) == 1 and text in self.stop_at:
            raise _Stop(Mapping(frame.span, tuple(frame.entries)), event.start_mark.index)
        frame.keys.setdefault(text, span)
        frame.key = (text, span)

    def add(self, stack: list[_Frame], node: Node, size: int, event: Any) -> Node | None:
        self.nodes += 1
        if not stack:
            return node
        frame = stack[-1]
        frame.size += size
        if frame.size > self.limits.nodes or self.nodes > self.limits.nodes:
            raise self.too_much(
                f"more than {self.limits.nodes:,} values", event, "split the file, and do not use aliases"
            )
        if frame.keys is None:
            frame.items.append(node)
        elif frame.key is not None:
            if frame.keys.get(frame.key[0]) == frame.key[1]:
                frame.entries.append(Entry(frame.key[0], frame.key[1], node))
            frame.key = None
        return None

    def alias(self, stack: list[_Frame], event: Any) -> None:
        span = self.span(event)
        self.aliases += 1
        if self.aliases > self.limits.aliases:
            raise self.too_much(f"more than {self.limits.aliases} aliases", event, "repeat the values instead")
        if self.expects_key(stack):
            self.fault("an alias cannot be a key", span, "write the key out")
            stack[-1].key = ("", span)
            return
        known = self.anchors.get(event.anchor)
        if known is None:
            inside = event.anchor in self.open_anchors
            message = (
                "an alias inside what it stands for" if inside else f"the alias `{_short(event.anchor)}` names nothing"
            )
            self.fault(message, span, "write the value out")
            known = (Scalar(span, "", "", False), 1)
        self.add(stack, known[0], known[1], event)

    def tag(self, event: Any) -> None:
        if event.tag is not None and not (event.tag == "" or event.tag is None):
            self.fault(f"the tag `{_short(event.tag)}` is not part of the format", self.span(event), "take it out")

    def characters(self, text: str, span: Span) -> None:
        if control := _CONTROL.search(text):
            self.fault(f"the control character `\\u{ord(control[0]):04x}`", span, "take it out")
        elif (hidden := _HIDDEN.search(text)) and len(self.warnings) < _MAX_PROBLEMS:
            message = f"an invisible character `\\u{ord(hidden[0]):04x}`"
            self.warnings.append(Problem(message, span, "it can make text look other than it is"))

    def typed(self, text: str, span: Span) -> str | int | float | bool | None:
        """The value of a plain scalar."""
        if text[:1].isalpha() and text[0] not in "tTfFnN":  # most texts, at once
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        if _DISPUTED.fullmatch(text):
            self.fault(
                f"readers disagree about `{_short(text)}`", span,
                "put it in quotes if text is meant, or write a plain decimal number",
            )  # fmt: skip
        return text


_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_FLOAT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15}([eE][-+]?[0-9]{1,3})?|[eE][-+]?[0-9]{1,3})")
_DISPUTED = re.compile(
    r"[-+]?(\.(inf|Inf|INF)|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?)"
    r"|\.(nan|NaN|NAN)"
)
_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _short(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:41])
    return shown if len(text) <= 40 else shown[:40] + "…"
