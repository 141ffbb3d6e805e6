"""A design told in plain English: one sentence for each fact it states, and none for anything it does not.

The sentences come from the templates of `sentences.py`. Each can be read back to the path and the value of its fact, so
that nothing is told which the design does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from policy_eval.design.base import Block, Bounds, Part
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, parts_of
from policy_eval.design.types import FieldType, Group, Parts, Ref, Values, fields_of
from policy_eval.errors import InternalError
from policy_eval.teaching.prose.oversight import REQUESTS
from policy_eval.teaching.prose.sentences import PHRASES, QUOTED, SENTENCES
from policy_eval.teaching.prose.wording import (
    Amount,
    Flag,
    Form,
    Listed,
    Many,
    Named,
    Phrase,
    Pick,
    Said,
    amount,
    fill,
    is_plural,
    listed,
    name_of,
    one_line,
    quoted,
    said,
)  # fmt: skip

# Several lists at once: those that hold no more than is told, and those that may.
NO_OTHERS = "There are no other {V} than those told of."
OTHERS = "There may be other {V} than those told of."
Kind = Literal["leaf", "exists", "whole", "open"]
# Parts are told of after those they refer to; what is not named here comes in the order of the schema.
_ORDER = ("jurisdiction", "is_ai", "parties", "subjects", "consents", "purposes", "inputs", "associations", "scoring")
_LONG = 6  # sentences that a paragraph holds at most if it takes in several parts of a list


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact in a sentence.

    `kind` is `leaf` for a field, `exists` for a part, `whole` for a list that holds no more than is told and `open` for
    one that may.
    """

    path: PartPath
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A fact about to be told: what it is about, how that is called, and the sentence it makes of the call."""

    path: PartPath
    kind: Kind
    about: PartPath
    phrase: Phrase
    make: Callable[[Phrase], str]
    items: str = ""  # of a list that holds some: what they are called

    def told(self, *, again: bool = False) -> Statement:
        """The fact in a sentence; `again` where the sentence before was about the same."""
        return Statement(self.path, self.kind, self.make(self.phrase.repeated if again else self.phrase))


@dataclass(slots=True)
class _Chapter:
    """What belongs together: the lines about one part of a list, or about a block."""

    of: str
    lines: list[_Line] = field(default_factory=list)


def statements(design: Design) -> tuple[Statement, ...]:
    """A sentence for every fact the design states, in the order in which they are best read; each stands by itself."""
    return tuple(line.told() for chapter in _Teller(design).chapters() for line in chapter.lines)


def running(design: Design) -> tuple[tuple[Statement, ...], ...]:
    """The same in paragraphs, where a part that was just spoken of is `it`, `they` or `this use`.

    First comes the system, then each part with what it holds. Last comes which lists are whole and which may hold more;
    a sentence that tells this of several has the empty path.
    """
    packed: list[_Chapter] = []
    for chapter in _Teller(design).chapters():
        last = packed[-1] if packed else None
        if last and last.of == chapter.of and len(last.lines) + len(chapter.lines) <= _LONG:
            last.lines += chapter.lines
        else:
            packed.append(chapter)
    return tuple(_endings(c.lines) if c.of == "lists" else _told(c.lines) for c in packed)


def paragraphs(design: Design) -> tuple[str, ...]:
    """The paragraphs of `running` as texts."""
    return tuple(" ".join(s.text for s in told) for told in running(design))


def _told(lines: Sequence[_Line]) -> tuple[Statement, ...]:
    before = (None, *(line.about for line in lines))
    return tuple(line.told(again=line.about == last) for line, last in zip(lines, before, strict=False))


def _endings(lines: Sequence[_Line]) -> tuple[Statement, ...]:
    """The last paragraph: which lists are whole and which may hold more, several of them in one sentence."""
    empty = [line.told() for line in lines if line.kind == "whole" and not line.items]
    return (*empty, *_together("whole", NO_OTHERS, lines), *_together("open", OTHERS, lines))


def _together(kind: Kind, template: str, lines: Sequence[_Line]) -> Iterator[Statement]:
    found = [line for line in lines if line.kind == kind and line.items]
    if len(found) > 1:
        yield Statement((), kind, template.replace("{V}", listed([line.items for line in found])))
    else:
        yield from (line.told() for line in found)


class _Teller:
    """Tells one design; knows how each of its parts is called."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.phrases: dict[PartPath, Phrase] = {(): Phrase("the system")}
        self.by_id: dict[tuple[str, str], Phrase] = {}
        for path, part in parts_of(design):
            phrase = _phrase(part, path, self.phrases.get(path[:-2]))
            self.phrases[path] = phrase
            self.by_id[part.kind, path[-1]] = phrase

    def chapters(self) -> Iterator[_Chapter]:
        """The lines in order, by what they are about; chapters without any are left out."""
        head, tail = _Chapter("design"), _Chapter("lists")
        chapters = [head]
        fields = fields_of(Design)
        for name in sorted(fields, key=lambda n: _ORDER.index(n) if n in _ORDER else len(_ORDER)):
            kind, value = fields[name], getattr(self.design, name)
            if isinstance(kind, Parts):
                chapters += [_Chapter(name, list(self.part(self.design, (name,), part))) for part in value or ()]
                tail.lines += self.ends(self.design, (), name)
            elif isinstance(kind, Group):
                chapters.append(_Chapter(name, list(self.block(value, (name,), (name,), Phrase("")))))
            else:
                head.lines += self.leaf(self.design, (), (), name, self.phrases[()])
        return (c for c in (*chapters, tail) if c.lines)

    def part(self, holder: Block, where: PartPath, part: Part) -> Iterator[_Line]:
        """That there is a part, and all that it holds."""
        path = (*where, str(getattr(part, part.key)))
        form, phrase = _form(holder, where[-1]), self.phrases[path]
        assert isinstance(form, Listed)
        text = fill(form.exists, phrase, path=one_line(join(path)))
        yield _Line(path, "exists", path, phrase, lambda _: text)
        yield from self.block(part, path, path, phrase)

    def block(self, block: Block, path: PartPath, about: PartPath, phrase: Phrase) -> Iterator[_Line]:
        """What a block or part holds: its own facts, then those of the blocks and parts in it."""
        fields = fields_of(type(block))
        for name, kind in fields.items():
            if not isinstance(kind, Parts | Group):
                yield from self.leaf(block, path, about, name, phrase)
        for name, kind in fields.items():
            here = (*path, name)
            if isinstance(kind, Group):
                request = Phrase(REQUESTS[name]) if path == ("rights",) else None
                yield from self.block(getattr(block, name), here, here if request else about, request or phrase)
            elif isinstance(kind, Parts):
                for part in getattr(block, name) or ():
                    yield from self.part(block, here, part)
                yield from self.ends(block, path, name)

    def ends(self, holder: Block, path: PartPath, name: str) -> Iterator[_Line]:
        """Whether a list holds more than was told; an open list without an item says as much as none."""
        items, here = getattr(holder, name), (*path, name)
        form = _form(holder, name)
        assert isinstance(form, Listed)
        if items is not None and join(here) not in self.design.partial_lists:
            template = form.no_other if items else form.none
            called = form.items if items else ""
            yield _Line(here, "whole", path, self.phrases[path], lambda phrase: fill(template, phrase), called)
        elif items:
            yield _Line(here, "open", path, self.phrases[path], lambda phrase: fill(form.more, phrase), form.items)

    def leaf(self, block: Block, path: PartPath, about: PartPath, name: str, phrase: Phrase) -> Iterator[_Line]:
        """The line of a field, if it is known; the key of a part is told with the part."""
        value = getattr(block, name)
        if value is not None and not (isinstance(block, Part) and name == block.key):
            form, kind = _form(block, name), fields_of(type(block))[name]
            yield _Line((*path, name), "leaf", about, phrase, lambda phrase: self.sentence(form, kind, value, phrase))

    def sentence(self, form: Form, kind: FieldType, value: object, phrase: Phrase) -> str:
        """What a form makes of a value."""
        match form, value:
            case Flag(), bool():
                return fill(form.yes if value else form.no, phrase)
            case Pick(), str():
                return fill(form.template.replace("{V}", form.words[str(value)]), phrase)
            case Amount(), Bounds():
                return _counted(form, value, phrase)
            case Said(), str():
                return fill(form.template, phrase, value=said(value))
            case Named(), str():
                return fill(form.template, phrase, value=self.named(value, form.words, kind))
            case Many(), tuple():
                words = [self.named(str(v), form.words, kind) for v in value]
                return fill(form.template, phrase, value=listed(words)) if words else fill(form.none, phrase)
            case _:
                raise InternalError(f"a {type(form).__name__} sentence cannot tell {value!r}")

    def named(self, value: str, words: object, kind: FieldType) -> str:
        """A value in words: its own, else the phrase of the part it refers to, else the text itself."""
        target = kind.of if isinstance(kind, Values) else kind
        if isinstance(words, dict) and value in words:
            return str(words[value])
        kinds = target.kinds if isinstance(target, Ref) else ()
        phrase = next((self.by_id[k, value] for k in kinds if (k, value) in self.by_id), None)
        return phrase.text if phrase else said(value)


def _form(block: Block, name: str) -> Form:
    """The form of a field; raises `InternalError` if nobody wrote one."""
    form = SENTENCES.get(type(block), {}).get(name)
    if form is None:
        raise InternalError(
            f"no sentence tells `{type(block).__name__}.{name}`: see policy_eval/teaching/prose/sentences.py"
        )
    return form


def _phrase(part: Part, path: PartPath, owner: Phrase | None) -> Phrase:
    """How a part is called."""
    id = path[-1]
    name = quoted(id) if part.kind == "promise" else name_of(id, always=part.kind in QUOTED)
    held_by = owner.text if owner else ""
    text = fill(PHRASES[part.kind], Phrase("", name, held_by))
    plural = part.kind in ("party", "subject") and is_plural(id)
    again = "this use" if part.kind == "use" else "they" if plural else "it"
    return Phrase(text[0].lower() + text[1:], name, held_by, plural, again)


def _counted(form: Amount, value: Bounds, phrase: Phrase) -> str:
    if value.low == float("inf"):
        return fill(form.unlimited, phrase)
    if value.high == 0 and form.zero:
        return fill(form.zero, phrase)
    return fill(form.template, phrase, value=amount(value, form.unit))
