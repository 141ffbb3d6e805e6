"""A tree with spans -> a pydantic model, with every error led back to the line that caused it."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Sequence as Seq
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.source import Entry, Mapping, Node, Scalar, Sequence, plain, suggest

Model = TypeVar("Model", bound=BaseModel)
_MAX_PROBLEMS = 100


def validate(model: type[Model], node: Node) -> Model:
    """Build the model from the tree; raises `InvalidInput` with every mismatch, in file order."""
    text = json.dumps(plain(node), allow_nan=False)
    problems = list(_empty_values(node)) if "null" in text else []
    try:
        # JSON mode is strict about scalars and still takes lists for tuples and text for enumerations.
        built = model.model_validate_json(text)
        if not problems:
            return built
    except ValidationError as error:
        problems += [
            _problem(model, node, d) for d in error.errors(include_url=False) if d.get("input", ...) is not None
        ]
    problems.sort(key=lambda p: (p.span.file, p.span.line, p.span.column))
    raise InvalidInput(problems[:_MAX_PROBLEMS]) from None


def _empty_values(node: Node) -> typing.Iterator[Problem]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            if isinstance(entry.node, Scalar) and entry.node.value is None:
                yield Problem(
                    f"`{entry.key}` has no value", entry.key_span, "leave it out, or write `unknown` for a fact"
                )
            else:
                yield from _empty_values(entry.node)
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar) and item.value is None:
                yield Problem("an item of the list has no value", item.span, "take the empty `-` out")
            else:
                yield from _empty_values(item)


def _find(node: Node, loc: Seq[int | str]) -> tuple[Node, Entry | None]:
    """The node a pydantic location leads to, as far as it goes, and the entry that held it."""
    entry: Entry | None = None
    for step in loc:
        if isinstance(node, Mapping):
            found = next((e for e in node.entries if e.key == step), None)
            if found is not None:
                node, entry = found.node, found
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node, entry = node.items[step], None
    return node, entry


def _problem(model: type[BaseModel], root: Node, detail: ErrorDetails) -> Problem:
    loc = detail["loc"]
    node, entry = _find(root, loc)
    name = str(loc[-1]) if loc else ""
    kind = detail["type"]
    shown = _shown(node)
    if kind == "extra_forbidden":
        span = entry.key_span if entry else node.span
        return Problem(f"unknown key `{name}`", span, suggest(name, _keys(model, loc[:-1])))
    if kind == "missing":
        return Problem(f"`{name}` is missing", _start(node.span), f"add `{name}: ...`")
    if kind in ("enum", "literal_error"):
        expected = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        return Problem(f"`{shown}` is not a value of `{_field(loc)}`", node.span, suggest(shown, expected))
    if kind == "bool_type":
        return Problem(
            f"`{_field(loc)}` is true or false, not `{shown}`", node.span, "write `true` or `false` without quotes"
        )
    if kind == "string_type":
        return Problem(f"`{_field(loc)}` is a text, not `{shown}`", node.span, "put the value in quotes")
    if kind in ("tuple_type", "list_type"):
        return Problem(f"`{_field(loc)}` is a list", node.span, "write `[a, b]`, or `- ` before each item")
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return Problem(f"`{_field(loc) or 'the file'}` is a group of `name: value` lines", node.span)
    if kind == "string_pattern_mismatch":
        return Problem(
            f"`{shown}` is not a name",
            node.span,
            "use lower-case letters, digits, `-` and `_`, and start with a letter; a rule's id is `set/rule`",
        )
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(f"`{_field(loc)}`: {message[:1].lower()}{message[1:]}", node.span)


def span_of(node: Node, *steps: str | int) -> Span:
    """Where a value stands; where what holds it stands if it was left out."""
    found = (node_at(node, *steps[:n]) for n in range(len(steps), 0, -1))
    return next((n for n in found if n is not None), node).span


def node_at(node: Node | None, *steps: str | int) -> Node | None:
    """The value that keys and positions lead to; None if it was left out."""
    for step in steps:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        text = "".join(c if c.isprintable() else "?" for c in node.text)
        return text if len(text) <= 40 else text[:39] + "…"
    return "a list" if isinstance(node, Sequence) else "a group of lines"


def _field(loc: Seq[int | str]) -> str:
    return next((str(s) for s in reversed(loc) if isinstance(s, str)), "")


def _start(span: Span) -> Span:
    return Span(span.file, span.line, span.column, span.line, span.column)


def _keys(model: type[BaseModel], loc: Seq[int | str]) -> list[str]:
    """The keys allowed at a location of the model."""
    current: Any = model
    for step in loc:
        if isinstance(step, int) or not (isinstance(current, type) and issubclass(current, BaseModel)):
            continue
        field = next((f for n, f in current.model_fields.items() if step in (n, f.alias)), None)
        current = _inner(field.annotation) if field else None
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or n for n, f in current.model_fields.items() if not f.exclude]
    return []


def _inner(annotation: Any) -> Any:
    """The model inside optional, tuple and dictionary annotations."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation
    candidates = [_inner(a) for a in typing.get_args(annotation) if a is not Ellipsis]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)
