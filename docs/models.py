"""Tables of what a kind of file holds, and of words with their meanings, made from the models that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from docs.markdown import table
from policy_eval.vocabulary.base import Term


def model_table(model: type[BaseModel], written: Mapping[str, str] | None = None) -> Callable[[], str]:
    """A generator for the keys of a kind of file; `written` says of some how they are written."""
    return lambda: fields_table(model, model.model_fields, written)


def fields_table(model: type[BaseModel], names: Iterable[str], written: Mapping[str, str] | None = None) -> str:
    """Some keys of a kind of file."""
    rows = []
    for name in names:
        info = model.model_fields[name]
        shown = info.alias or name
        meaning = info.description or ""
        if info.examples:
            meaning += f" (such as `{info.examples[0]}`)"
        words = "condition" if shown.endswith("when") else annotation_words(info.annotation)
        rows.append([f"`{shown}`", (written or {}).get(shown, words), "yes" if info.is_required() else "", meaning])
    return table(["Key", "Written", "Required", "Meaning"], rows)


def annotation_words(annotation: Any) -> str:
    """How a key of a set's files is written."""
    arguments = [a for a in get_args(annotation) if a is not type(None)]
    origin = get_origin(annotation)
    if origin is Literal:
        return " · ".join(f"`{a}`" for a in arguments)
    if origin in (tuple, list):
        return f"list: {annotation_words(arguments[0])}"
    if origin is dict:
        key, value = arguments
        if value is Any:
            return "facts"
        named = key.__name__.lower() if isinstance(key, type) and issubclass(key, Term) else "name"
        return f"{named}: {annotation_words(value)}"
    if arguments:
        return annotation_words(arguments[0])
    if isinstance(annotation, type) and issubclass(annotation, Term):
        values = [f"`{t}`" for t in annotation]
        return " · ".join(values) if len(values) <= 6 else f"one of [{annotation.__name__.lower()}](#values)"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " · ".join(f"`{m.value}`" for m in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        name = annotation.__name__.strip("_").lower().removesuffix("file").removesuffix("settings")
        return f"[{name}](#{name})"
    words = {"bool": "`true` or `false`", "str": "text", "date": "date", "float": "number", "int": "number"}
    return words.get(getattr(annotation, "__name__", ""), "facts")


def terms_table(*kinds: type[Term]) -> Callable[[], str]:
    """A generator for enumerations as lists of value, definition and example."""

    def write() -> str:
        return "\n".join(
            table([kind.__name__, "Meaning", "Example"], [[f"`{t}`", t.definition, t.example] for t in kind])
            for kind in kinds
        )

    return write
