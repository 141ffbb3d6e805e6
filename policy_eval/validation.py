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


def validate(model: type[Model], node: Node, name: str = "the file") -> Model:
    """Build the model from the tree; raises `InvalidInput` with every mismatch, in file order.

    `name` is what the tree as a whole is called.
    """
    text = json.dumps(plain(node), allow_nan=False)
    problems = list(_empty_values(node)) if "null" in text else []
    try:
        # JSON mode is strict about scalars and still takes lists for tuples and text for enumerations.
        built = model.model_validate_json(text)
        if not problems:
            return built
    except ValidationError as error:
        problems += _problems(model, node, error, name)
    problems.sort(key=lambda p: (p.span.file, p.span.line, p.span.column))
    raise InvalidInput(problems[:_MAX_PROBLEMS]) from None


def _problems(model: type[BaseModel], root: Node, error: ValidationError, name: str) -> list[Problem]:
    details = [d for d in error.errors(include_url=False) if d.get("input", ...) is not None]
    shapes = [_find(root, d["loc"])[0].span for d in details if d["type"] in _SHAPES]
    found: dict[Problem, None] = {}
    for detail in details:
        node, _ = _find(root, detail["loc"])
        if detail["type"] in _SHAPES and shapes.count(node.span) > 1:  # a text or a group: either would do
            message = (
                f"`{_field(root, detail['loc'])}` is a text or a group of `name: value` lines, not `{_shown(node)}`"
            )
            found[Problem(message, node.span, f"write a text, or {_GROUP.removeprefix('write ')}")] = None
        elif not _follows(detail, node):
            found[_problem(model, root, detail, name)] = None
    return list(found)


def _follows(detail: ErrorDetails, node: Node) -> bool:
    """Whether it is only said because of what is wrong below: a list counts as short by the items that are wrong."""
    least = detail.get("ctx", {}).get("min_length", 0)
    return detail["type"] == "too_short" and isinstance(node, Sequence) and len(node.items) >= least


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


def _problem(model: type[BaseModel], root: Node, detail: ErrorDetails, whole: str) -> Problem:
    loc = detail["loc"]
    node, entry = _find(root, loc)
    name, field = str(loc[-1]) if loc else "", _field(root, loc) or whole
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        span = entry.key_span if entry else node.span
        return Problem(f"unknown key `{name}`", span, suggest(name, _keys(model, loc[:-1])))
    if kind == "missing":
        return Problem(f"`{name}` is missing", _start(node.span), f"add `{name}: ...`")
    if kind.startswith("union_tag"):
        return _of_union(model, node, detail)
    if kind in ("enum", "literal_error"):
        given = str(context.get("expected", ""))
        shown, expected = _shown(node), re.findall(r"'([^']*)'", given) or [given]
        return Problem(f"`{shown}` is not a value of `{field}`", node.span, suggest(shown, expected))
    if kind == "string_pattern_mismatch":
        key = entry if name == _KEY else None
        return Problem(f"`{key.key if key else _shown(node)}` is not a name", key.key_span if key else node.span, _NAME)
    if kind in _SAID:
        message, help = _SAID[kind]
        values = {**context, "field": field, "shown": _shown(node)}
        return Problem(message.format(**values), node.span, help.format(**values))
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(f"`{field}`: {message[:1].lower()}{message[1:]}", node.span, str(context.get("help", "")))


def _of_union(model: type[BaseModel], node: Node, detail: ErrorDetails) -> Problem:
    """What is wrong with the key that says which of several groups of lines this is."""
    key = str(detail.get("ctx", {}).get("discriminator", "")).strip("'")
    known = [tag for m in _models(model, detail["loc"]) for tag in _tags(m, key)]
    given = node.get(key) if isinstance(node, Mapping) else None
    if given is None:
        return Problem(f"`{key}` is missing", _start(node.span), f"add `{key}: ...`, one of {', '.join(known)}")
    return Problem(f"`{_shown(given)}` is not a value of `{key}`", given.span, suggest(_shown(given), known))


_KEY = "[key]"  # the last step to a key that is wrong itself
_SHAPES = ("string_type", "string_too_short", "dict_type", "model_type", "model_attributes_type")
_NAME = "use lower-case letters, digits, `-` and `_`, and start with a letter; a rule's id is `set/rule`"
_LIST = ("`{field}` is a list", "write `[a, b]`, or `- ` before each item")
_GROUP = "write `name: value` lines below it, each a little further in"
_LINES = ("`{field}` is a group of `name: value` lines", _GROUP)
_WHOLE = ("`{field}` is a whole number, not `{shown}`", "write it in digits, without quotes")
_DATE = ("`{field}` is a date, not `{shown}`", "write it as in 2026-12-31")
# By what the library calls an error: what is said of it, and what to do.
_SAID = {
    "bool_type": ("`{field}` is true or false, not `{shown}`", "write `true` or `false` without quotes"),
    "string_type": ("`{field}` is a text, not `{shown}`", "put the value in quotes"),
    "string_too_short": ("`{field}` is an empty text", "write what is to stand there, or leave it out"),
    "string_too_long": ("`{field}` is too long", "write {max_length} characters or fewer"),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("model_type", "dict_type", "model_attributes_type"), _LINES),
    **dict.fromkeys(("int_type", "int_from_float", "int_parsing"), _WHOLE),
    "float_type": ("`{field}` is a number, not `{shown}`", "write it in digits, without quotes"),
    "greater_than_equal": ("`{field}` is too small: {shown}", "write {ge} or more"),
    "less_than_equal": ("`{field}` is too large: {shown}", "write {le} or less"),
    "too_short": ("`{field}` holds too little", "give at least {min_length}"),
    "too_long": ("`{field}` holds too much", "give at most {max_length}"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
}


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


def _field(root: Node, loc: Seq[int | str]) -> str:
    """The last key on the way to a value; steps that only say which of several models was tried are none."""
    found = ""
    for number, step in enumerate(loc):
        here = _find(root, loc[:number])[0]
        if isinstance(step, str) and step != _KEY and isinstance(here, Mapping) and here.get(step) is not None:
            found = step
    return found


def _start(span: Span) -> Span:
    return Span(span.file, span.line, span.column, span.line, span.column)


def _keys(model: type[BaseModel], loc: Seq[int | str]) -> list[str]:
    """The keys allowed at a location of the model."""
    found = [f.alias or n for m in _models(model, loc) for n, f in m.model_fields.items() if not f.exclude]
    return list(dict.fromkeys(found))


def _models(model: type[BaseModel], loc: Seq[int | str]) -> list[type[BaseModel]]:
    """The models that a location can hold: of a union that one the location says was tried, or all of them."""
    models, named = [model], False
    for step in loc:
        if isinstance(step, int):
            continue
        tried = [m for m in models if step == m.__name__ or step in _tags(m)] if len(models) > 1 else []
        annotation = next(
            (f.annotation for m in models for n, f in m.model_fields.items() if step in (n, f.alias)), None
        )
        if tried:
            models = tried
        elif named:  # the step is a key that whoever wrote the file chose
            named = False
        else:
            models, named = list(_inner(annotation)), _is_named(annotation)
    return models


def _tags(model: type[BaseModel], key: str = "") -> list[str]:
    """The words by which a model says that it is meant, in the field `key` or in any."""
    fields = [f for n, f in model.model_fields.items() if key in ("", n, f.alias)]
    literals = [f.annotation for f in fields if typing.get_origin(f.annotation) is typing.Literal]
    return [str(getattr(value, "value", value)) for found in literals for value in typing.get_args(found)]


def _inner(annotation: Any) -> typing.Iterator[type[BaseModel]]:
    """The models inside optional, tuple, union and dictionary annotations."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for argument in typing.get_args(annotation):
        yield from _inner(argument)


def _is_named(annotation: Any) -> bool:
    """Whether what it holds is found by name."""
    return typing.get_origin(annotation) is dict or any(map(_is_named, typing.get_args(annotation)))
