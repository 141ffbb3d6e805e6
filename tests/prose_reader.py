"""Reads sentences of `policy_eval.teaching.prose` back to facts, with patterns made from its templates.

What is read is compared with what a design holds, taken from the design without a look at the prose.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policy_eval.design.base import Block, Bounds, Part
from policy_eval.design.model import Design
from policy_eval.design.types import Choice, FieldType, Group, Parts, Ref, Values, fields_of, part_models
from policy_eval.teaching.prose import NO_OTHERS, OTHERS, Statement, wording
from policy_eval.teaching.prose.oversight import REQUESTS
from policy_eval.teaching.prose.sentences import PHRASES, QUOTED, SENTENCES
from policy_eval.teaching.prose.wording import Amount, Flag, Form, Listed, Many, Named, Pick, Said

Path = tuple[str, ...]
Told = tuple[Path, str, object]  # path, kind, value

TEXT = "“(?:[^”]|””)*”"
_NO_LINK = rf"(?!(?:{'|'.join(sorted(wording._LINKS))})(?![a-z0-9_]))"
PLAIN = rf"{_NO_LINK}[a-z][a-z0-9_]*(?: {_NO_LINK}[a-z0-9_]+)*"
NAME = f"(?:{TEXT}|{PLAIN})"


def name_pattern(kind: str) -> str:
    """How the name of a part of some kind is written."""
    return TEXT if kind in QUOTED else NAME


@functools.cache
def phrase_pattern(kind: str, group: str = "") -> str:
    """How a part is called; `group` names the place of its id, and that of what holds it."""
    named = f"(?P<{group}>{name_pattern(kind)})" if group else name_pattern(kind)
    owner = phrase_pattern("input", f"{group}_owner" if group else "") if "{O}" in PHRASES[kind] else ""
    return re.escape(PHRASES[kind]).replace(r"\{N\}", named).replace(r"\{O\}", owner)


def id_of(name: str, kind: str) -> str:
    """The id that a name was made from; a promise is called by the path it is about, as it is."""
    text = unquoted(name) if name.startswith("“") else name
    return text if kind == "promise" else text.replace(" ", "-")


def unquoted(text: str) -> str:
    """The text in quotes."""
    return text[1:-1].replace("””", "”")


@dataclass(frozen=True)
class Place:
    """A field of the schema in its place: the kinds of part on the way, and the template that tells of it."""

    model: type[Block]
    name: str
    kind: FieldType
    steps: Path  # names of lists and groups that lead to the block
    part: str = ""  # kind of the part the sentences speak of

    @property
    def form(self) -> Form:
        """The form of the field."""
        return SENTENCES[self.model][self.name]


def places(model: type[Block] = Design, steps: Path = (), part: str = "") -> Iterator[Place]:
    """Every field of the schema in every place where it can stand."""
    for name, kind in fields_of(model).items():
        if isinstance(kind, Group):
            yield from places(kind.model, (*steps, name), part)
        elif isinstance(kind, Parts):
            yield Place(model, name, kind, steps, part)
            yield from places(part_models()[kind.kind], (*steps, name), kind.kind)
        elif not (issubclass(model, Part) and name == model.key):
            yield Place(model, name, kind, steps, part)


@dataclass(frozen=True)
class Pattern:
    """A sentence with places for what it may hold."""

    place: Place
    kind: str
    regex: re.Pattern[str]
    value: object = None  # settled by the sentence itself
    slot: bool = False  # the value is in the sentence


def pattern(place: Place, template: str, kind: str, *, again: bool, value: object = None, part: str = "") -> Pattern:
    """The pattern of one template."""
    spoken_of = part or place.part
    pieces, at = [], 0
    template = template[0].lower() + template[1:] if not template.startswith(("{", "[")) else template
    for match in wording.SLOT.finditer(template):
        pieces.append(re.escape(template[at : match.start()]))
        pieces.append(_slot(match[0], place, spoken_of, again=again))
        at = match.end()
    pieces.append(re.escape(template[at:]))
    return Pattern(place, kind, re.compile("".join(pieces)), value, "{V}" in template)


def _slot(slot: str, place: Place, part: str, *, again: bool) -> str:
    if slot.startswith("["):
        return f"(?:{'|'.join(re.escape(w) for w in slot[1:-1].split('|'))})"
    if slot == "{V}":
        return "(?P<V>.*)"
    if slot == "{path}":
        return r"(?P<path>.*)"
    if slot == "{N}":
        return f"(?P<name>{name_pattern(part)})"
    if slot == "{O}":
        return phrase_pattern("input", "owner")
    own = slot == "{P's}"
    full = _full(place, part)
    if not again:
        return f"{full}(?:'s|')" if own else full
    return "(?:its|their)" if own else "(?:it|they|them|this use)"


def _full(place: Place, part: str) -> str:
    if place.steps[:1] == ("rights",) and len(place.steps) == 2:
        return re.escape(REQUESTS[place.steps[1]])
    return phrase_pattern(part, "name") if part else "the system"


def patterns_of(place: Place, *, again: bool) -> Iterator[Pattern]:
    """Every sentence a field can make."""
    made = functools.partial(pattern, place, again=again)
    match place.form:
        case Flag(yes, no):
            yield made(yes, "leaf", value=True)
            yield made(no, "leaf", value=False)
        case Pick(template, words):
            assert isinstance(place.kind, Choice)
            for term in place.kind.terms:
                yield made(template.replace("{V}", words[term.value]), "leaf", value=term.value)
        case Amount(template, _, unlimited, zero):
            yield made(template, "leaf")
            yield made(unlimited, "leaf", value=Bounds(float("inf"), float("inf")))
            if zero:
                yield made(zero, "leaf", value=Bounds(0, 0))
        case Said(template) | Named(template):
            yield made(template, "leaf")
        case Many(template, none):
            yield made(template, "leaf")
            yield made(none, "leaf", value=())
        case Listed(exists, no_other, none, more, _):
            assert isinstance(place.kind, Parts)
            if not again:
                yield pattern(place, exists, "exists", again=False, part=place.kind.kind)
            yield made(no_other, "whole", value="no other")
            yield made(none, "whole", value="none")
            yield made(more, "open")


@functools.cache
def patterns(again: bool) -> tuple[Pattern, ...]:
    """Every sentence that can be told."""
    return tuple(p for place in places() for p in patterns_of(place, again=again))


@functools.cache
def readings(sentence: str, again: bool) -> tuple[tuple[Pattern, re.Match[str]], ...]:
    """The templates a sentence can have come from."""
    lowered = sentence[0].lower() + sentence[1:]
    found = ((p, p.regex.fullmatch(lowered)) for p in patterns(again))
    return tuple((p, m) for p, m in found if m is not None and _value(p, m) is not NOTHING)


NOTHING = object()


def _value(p: Pattern, match: re.Match[str]) -> object:
    """What a sentence says of its field; NOTHING if its words mean none."""
    if not p.slot:
        return p.value
    return _read(p.place.form, p.place.kind, match["V"])


def _read(form: Form, kind: FieldType, text: str) -> object:
    match form:
        case Amount(_, unit):
            return _bounds(text, unit)
        case Said():
            return _text(text)
        case Named(_, words):
            return _one(text, words, kind)
        case Many(_, _, words):
            assert isinstance(kind, Values)
            found = list(_several(text, words, kind.of))
            assert len(found) < 2, f"can be read in several ways: {text}"
            return found[0] if found else NOTHING
    raise AssertionError(form)


def _text(text: str) -> object:
    if re.fullmatch("[A-Z]{2,3}", text):
        return text
    return unquoted(text) if re.fullmatch(TEXT, text) else NOTHING


def _one(text: str, words: object, kind: FieldType) -> object:
    assert isinstance(words, dict)
    back = {w: v for v, w in words.items()}
    if text in back:
        return back[text]
    for target in kind.kinds if isinstance(kind, Ref) else ():
        match = re.fullmatch(phrase_pattern(target, "name"), text)
        if match:
            return id_of(match["name"], target)
    return NOTHING if isinstance(kind, Ref | Choice) else _text(text)


def _several(text: str, words: object, kind: FieldType, last: bool = False) -> Iterator[tuple[object, ...]]:
    """Every way to read `a, b and c` as a row of values."""
    one = _one(text, words, kind)
    if one is not NOTHING:
        yield (one,)
    if last:
        return
    for match in re.finditer(", | and ", text):
        head = _one(text[: match.start()], words, kind)
        if head is NOTHING:
            continue
        rest = text[match.end() :]
        for tail in _several(rest, words, kind, last=match[0] == " and "):
            if match[0] == " and " or len(tail) > 1:
                yield (head, *tail)


def _bounds(text: str, unit: tuple[str, str]) -> object:
    number = r"([\d,]+(?:\.\d+)?)"
    after = f" (?:{unit[0]}|{unit[1]})"
    inf = float("inf")
    for form, ends in (
        (number, lambda a: (a, a)),
        (f"at most {number}", lambda a: (0.0, a)),
        (f"at least {number}", lambda a: (a, inf)),
        (f"between {number} and {number}", lambda a, b: (a, b)),
    ):
        match = re.fullmatch(form + after, text)
        if match:
            return Bounds(*ends(*(float(g.replace(",", "")) for g in match.groups())))
    return NOTHING


def read(told: Sequence[Statement]) -> set[Told]:
    """The facts that sentences tell, each of which stands by itself."""
    return {_fact(s.text, False, ()) for s in told}


def read_running(told: Sequence[Sequence[Statement]]) -> set[Told]:
    """The facts that paragraphs tell: `it` is what the sentence before was about."""
    found: set[Told] = set()
    for paragraph in told:
        about: Path = ()
        for s in paragraph:
            several = list(_several_lists(s.text))
            if several:
                found |= set(several)
                continue
            again = bool(re.search(r"\b(?:it|its|they|them|their|this use)\b", s.text, re.IGNORECASE))
            full = [r for r in (readings(s.text, False)) if r]
            fact = _fact(s.text, not full and again, about)
            found.add(fact)
            about = _about(fact, about)
    return found


def _several_lists(text: str) -> Iterator[Told]:
    """What a sentence tells of several lists at once."""
    for template, kind, value in ((NO_OTHERS, "whole", "no other"), (OTHERS, "open", None)):
        match = re.fullmatch(re.escape(template).replace(r"\{V\}", "(.*)"), text)
        if match:
            yield from (((name,), kind, value) for name in _lists(match[1]))


def _lists(text: str) -> Iterator[str]:
    names = {form.items: name for name, form in SENTENCES[Design].items() if isinstance(form, Listed)}
    for items in re.split(", | and ", text):
        yield names[items]


def _about(fact: Told, before: Path) -> Path:
    path, kind, _ = fact
    if kind == "exists":
        return path
    holder = path[:-1]
    return holder[:-1] if holder[-1:] == ("human",) else holder


def _fact(sentence: str, again: bool, about: Path) -> Told:
    found = readings(sentence, again)
    if again and len(found) > 1:  # the same field of several kinds of part: the one that was spoken of
        found = tuple(f for f in found if _fits(f[0].place, about))
    assert len(found) == 1, (sentence, [(p.place.steps, p.place.name) for p, _ in found], about)
    p, match = found[0]
    return _path(p, match, about), p.kind, _value(p, match)


def _fits(place: Place, about: Path) -> bool:
    steps = tuple(s for s in place.steps if s != "human")
    return steps == (about if about[:1] == ("rights",) else about[::2] if len(about) > 1 else about)


def _path(p: Pattern, match: re.Match[str], about: Path) -> Path:
    groups = match.groupdict()
    place = p.place
    if p.kind == "exists":
        path = tuple(groups["path"].split("."))
        return ("promises", ".".join(path[1:])) if path[0] == "promises" else path
    if not place.part:
        return (*place.steps, place.name)
    if "name" not in groups:  # `it`
        assert _fits(place, about), (match[0], about)
        inner = ("human",) if place.steps[-1] == "human" else ()
        return (*about, *inner, place.name)
    lists = [s for s in place.steps if s != "human"]
    ids = [groups["name_owner"], groups["name"]] if len(lists) == 2 else [groups["name"]]
    on_the_way = [step for name, id in zip(lists, ids, strict=True) for step in (name, id_of(id, place.part))]
    return (*on_the_way, *place.steps[len(lists) :], place.name)


def held(design: Design) -> set[Told]:
    """The facts a design holds."""
    return set(_held(design, (), design.partial_lists))


def _held(block: Block, path: Path, partial: frozenset[str]) -> Iterator[Told]:
    for name, kind in fields_of(type(block)).items():
        value, here = getattr(block, name), (*path, name)
        if isinstance(kind, Group):
            yield from _held(value, here, partial)
        elif isinstance(kind, Parts) and value is not None:
            for part in value:
                below = (*here, wording.one_line(getattr(part, part.key)))
                yield below, "exists", None
                yield from _held(part, below, partial)
            if ".".join(here) not in partial:
                yield here, "whole", "no other" if value else "none"
            elif value:
                yield here, "open", None
        elif value is not None and not (isinstance(block, Part) and name == block.key):
            yield here, "leaf", _plain(value, kind)


def _plain(value: object, kind: FieldType) -> object:
    if isinstance(value, tuple):
        return tuple(_plain(v, kind) for v in value)
    if isinstance(value, str):
        return wording.one_line(str(value))
    return value
