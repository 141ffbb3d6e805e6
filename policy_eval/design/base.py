"""The building blocks of the design schema: parts, facts, references, bounded numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

ID_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=80)]


@dataclass(frozen=True, slots=True)
class Reference:
    """Marks a text as the id of a part of one of `kinds`, or one of `words`."""

    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number known to lie between `low` and `high`, both included; `unlimited` is infinity.

    Written `24`, `<=24`, `>=36`, `10..20` or `unlimited`.
    """

    low: float
    high: float

    _FORM: ClassVar[re.Pattern[str]] = re.compile(r"(<=|>=)?(\d{1,15}(?:\.\d{1,6})?)(?:\.\.(\d{1,15}(?:\.\d{1,6})?))?")

    @classmethod
    def read(cls, value: object) -> Bounds:
        """Read the written form; raises `PydanticCustomError` on anything else."""
        if isinstance(value, Bounds):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0:
            return cls(float(value), float(value))
        if value == "unlimited":
            return cls(math.inf, math.inf)
        match = cls._FORM.fullmatch(value) if isinstance(value, str) else None
        if match and not (match[1] and match[3]):
            first = float(match[2])
            if match[1] == "<=":
                return cls(0.0, first)
            if match[1] == ">=":
                return cls(first, math.inf)
            last = float(match[3]) if match[3] else first
            if last >= first:
                return cls(first, last)
        raise PydanticCustomError("bounds", "expected a number such as `24`, `<=24`, `>=36`, `10..20` or `unlimited`")

    def __str__(self) -> str:
        if self.low == self.high:
            return "unlimited" if math.isinf(self.low) else _plain(self.low)
        if math.isinf(self.high):
            return f">={_plain(self.low)}"
        return f"<={_plain(self.high)}" if self.low == 0 else f"{_plain(self.low)}..{_plain(self.high)}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        written = r"^((<=|>=)?\d+(\.\d+)?|\d+(\.\d+)?\.\.\d+(\.\d+)?|unlimited)$"
        return {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": written}]}


def _plain(number: float) -> str:
    """A number as it is written in a design: no exponent, no digit lost."""
    return str(int(number)) if number.is_integer() else f"{number:.6f}".rstrip("0")


def fact(description: str, *, core: bool = False, judgement: bool = False, example: str = "") -> Any:
    """A leaf that may be unknown (`None`): its meaning for an analyst.

    `core` marks the facts most rules turn on; `judgement` the few that need an estimate on the
    common scale; `example` shows a value where the type does not already list them.
    """
    extra: dict[str, Any] = {"x-core": core, "x-judgement": judgement, **({"examples": [example]} if example else {})}
    return Field(default=None, description=description, json_schema_extra={k: v for k, v in extra.items() if v})


class Block(BaseModel):
    """A group of facts that exists once, such as `scoring`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Part(Block):
    """An item of a list of the design; `kind` names it in rules, `key` is the field that identifies it."""

    kind: ClassVar[str]
    key: ClassVar[str] = "id"
