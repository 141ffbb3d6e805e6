"""What sentences are made of: templates for each type of fact, and the words that fill them.

A template is a sentence with slots: `{P}` the part or block it speaks of (`the data on purchases`), `{P's}` what is of
that part, `{N}` its bare name, `{O}` the part that holds it, `{path}` where it stands, `{V}` the value. `[is|are]` is
whichever agrees with the part. Every value has words of its own, and names that could be taken for words of a sentence
stand in quotes: a fact can be read back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from policy_eval.design.base import Bounds

# Words that sentences put beside names: a name that holds one could be misread, and is quoted.
_LINKS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "being", "by", "can", "does", "else", "for", "from", "get", "gets",
    "has", "have", "how", "in", "is", "it", "may", "more", "no", "not", "of", "on", "only", "or", "other", "request",
    "the", "to", "who", "whose", "with",
})  # fmt: skip
_CODE = re.compile(r"[A-Z]{2,3}")
# Last words of a name that are plural though they do not end in -s, and the reverse.
_PLURAL = frozenset({"people", "children", "police", "staff", "men", "women"})
_SINGULAR = re.compile(r"ss$|is$|news$|(?<!a)us$")
_OWN = {"it": "its", "they": "their"}


@dataclass(frozen=True, slots=True)
class Flag:
    """A fact that is true or false: a sentence for each."""

    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Pick:
    """One value of an enumeration: the words for each, put into the template."""

    template: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in some unit (singular, plural), and the sentences for no limit and, where it has one, for none."""

    template: str
    unit: tuple[str, str]
    unlimited: str
    zero: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Free text."""

    template: str


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to a part, or one of the words that may stand in its place."""

    template: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values, of references or of texts, and the sentence for an empty one."""

    template: str
    none: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of parts: how one is introduced, that there is no other, that there is none, that there may be more.

    `items` is what parts of the list are called where several lists may hold more.
    """

    exists: str
    no_other: str
    none: str
    more: str
    items: str


Form = Flag | Pick | Amount | Said | Named | Many | Listed


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part or block as sentences name it; `again` is what they call it where it was just spoken of."""

    text: str
    name: str = ""
    owner: str = ""
    plural: bool = False
    again: str = "it"

    @property
    def repeated(self) -> Phrase:
        """The same where it was just spoken of: `it`, `they`, `this use`."""
        return replace(self, text=self.again)


def fill(template: str, phrase: Phrase, *, value: str = "", path: str = "") -> str:
    """The sentence a template makes; what fills a slot is never looked at for slots itself."""

    def put(match: re.Match[str]) -> str:
        slot = match[0]
        if slot.startswith("["):
            return slot[1:-1].split("|")[phrase.plural]
        if slot == "{P}" and phrase.text == "they" and match.start() > 0:
            return "them"
        return {
            "{P}": phrase.text,
            "{P's}": _possessive(phrase.text),
            "{N}": phrase.name,
            "{O}": phrase.owner,
            "{V}": value,
            "{path}": path,
        }[slot]

    sentence = SLOT.sub(put, template)
    return sentence[:1].upper() + sentence[1:]


def _possessive(text: str) -> str:
    """`the operator's`, `the lenders'`, `its`, `their`."""
    return _OWN.get(text) or (f"{text}'" if text.endswith("s") else f"{text}'s")


SLOT = re.compile(r"\{(?:P's|P|N|O|V|path)\}|\[[^\[\]|]*\|[^\[\]|]*\]")


def name_of(id: str, *, always: bool = False) -> str:
    """An id as words: `annual-report-box` -> `annual report box`; in quotes if asked for, or if it could be misread."""
    words = id.replace("-", " ")
    plain = not always and not _LINKS & set(words.split(" ")) and words[0].isalpha() and "  " not in words
    return words if plain and words == words.strip() else quoted(words)


def is_plural(id: str) -> bool:
    """Whether a name speaks of several: `lenders`, `job-seekers`, `people`."""
    last = re.split(r"[-_]", id)[-1]
    return last in _PLURAL or (len(last) > 2 and last.endswith("s") and not _SINGULAR.search(last))


def quoted(text: str) -> str:
    """A text in quotes, on one line; closing quotes within it are doubled, so that its end can be told."""
    return f"“{one_line(text).replace('”', '””')}”"


def one_line(text: str) -> str:
    """A text with every line break made a space."""
    return re.sub(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", text)


def said(text: str) -> str:
    """Free text as a sentence gives it: a code of a country as it is, anything else in quotes."""
    return text if _CODE.fullmatch(text) else quoted(text)


def listed(words: list[str]) -> str:
    """Several things in a row: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def number(value: float) -> str:
    """A number with its thousands set apart, no digit lost."""
    text = format(Decimal(repr(value)), ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(bounds: Bounds, unit: tuple[str, str]) -> str:
    """A number that is not unlimited, with its unit: `24 months`, `at most 1 month`, `between 10 and 20 months`."""
    one, many = unit
    low, high = number(bounds.low), number(bounds.high) if bounds.high != float("inf") else ""
    if bounds.low == bounds.high:
        return f"{low} {one if bounds.low == 1 else many}"
    if not high:
        return f"at least {low} {one if bounds.low == 1 else many}"
    if bounds.low == 0:
        return f"at most {high} {one if bounds.high == 1 else many}"
    return f"between {low} and {high} {many}"
