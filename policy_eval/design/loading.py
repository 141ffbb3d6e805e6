"""A design file -> a `Design` whose references resolve, with the place of every fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from policy_eval import source
from policy_eval.design.base import Block
from policy_eval.design.model import Design
from policy_eval.design.paths import PartPath, join, key_of, split
from policy_eval.design.types import Parts, Ref, Values, fields_of, part_lists, root_lists
from policy_eval.design.variants import compose
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.source import Entry, Node, Scalar, Sequence, suggest
from policy_eval.validation import validate
from policy_eval.vocabulary.header import DesignKind, Status

_MAX_CHAIN = 16
_MAX_PARTS = 1_000  # more is no description of a system, and combinations of parts are judged one by one
_REQUIRED = {("schema",), ("id",), ("title",), ("kind",)}
_HEADER = frozenset(
    {"schema", "id", "title", "kind", "period", "jurisdiction", "facts_as_of", "summary", "operator_response"}
)


@dataclass(frozen=True, slots=True)
class DesignFile:
    """A loaded design: the facts, where each is stated, and the files it was composed from, with their texts."""

    design: Design
    spans: Mapping[PartPath, Span]
    files: tuple[str, ...]
    texts: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def span_of(self, path: PartPath) -> Span:
        """Where a fact is stated, or the nearest thing around it that is."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.spans:
                return self.spans[path[:length]]
        return Span(self.files[0])


def load(path: Path, root: Path, name: str | None = None, *, changes: source.Mapping | None = None) -> DesignFile:
    """Load a design and what it extends, none of it outside `root`; raises `InvalidInput`.

    `changes` are applied as those of a variant that extends it.
    """
    tree, documents, list_kind = _tree(path, root, name or str(path), ())
    if changes is not None:
        tree = compose(tree, changes, _HEADER)
    found = _build(tree, documents[0].file, list_kind)
    return replace(
        found,
        files=tuple(d.file for d in documents),
        texts=tuple(d.text for d in documents),
        warnings=tuple(w for d in documents for w in d.warnings),
    )


def composed(path: Path, root: Path, name: str) -> source.Mapping:
    """The tree of a design with what it extends, as one; raises `InvalidInput`."""
    return _tree(path, root, name, ())[0]


def from_tree(tree: source.Mapping, file: str) -> DesignFile:
    """A design from a tree that is complete in itself (an example of a rule)."""
    return _build(tree, file, None)


def _build(tree: source.Mapping, file: str, list_kind: str | None) -> DesignFile:
    """Validate a composed tree; `list_kind` is the kind that settles which lists are whole."""
    known, unknown = _without_unknown(tree, ())
    assert isinstance(known, source.Mapping)
    design = validate(Design, known)
    spans = dict(_spans(tree, ()))  # what is said to be unknown has a place too
    problems = [
        *_too_many(known),
        *_duplicates(known, ()),
        *_ambiguous(design, spans),
        *_values(design, spans),
        *_header(design, spans, unknown),
    ]
    if problems:
        problems.sort(key=lambda p: (p.span.file, p.span.line, p.span.column))
        raise InvalidInput(problems)
    partial = _partial_lists(design, list_kind or design.kind.value)
    return DesignFile(design.model_copy(update={"partial_lists": partial}), spans, (file,))


def _tree(
    path: Path, root: Path, name: str, chain: tuple[Path, ...]
) -> tuple[source.Mapping, tuple[source.Document, ...], str | None]:
    """The tree of a design with what it extends, the files it is in, nearest first, and the kind for its lists."""
    document = source.read(path, name=name)
    if not isinstance(document.root, source.Mapping):
        raise InvalidInput([Problem("a design is a group of `name: value` lines", document.root.span)])
    tree = document.root
    node = tree.get("extends")
    if node is None:
        problems = [
            Problem(f"`{k}` changes a design that this one extends, and it extends none", tree.get(k).span)  # type: ignore[union-attr]
            for k in ("set", "forget", "remove")
            if tree.get(k) is not None
        ]
        if problems:
            raise InvalidInput(problems)
        kind = tree.get("kind")
        return tree, (document,), kind.text if isinstance(kind, Scalar) else None
    parent = _parent(path, root, node, (*chain, path.resolve()))
    shown = str(Path(name).parent / node.text) if isinstance(node, Scalar) else name
    above, documents, kind_of_lists = _tree(parent, root, str(Path(shown)), (*chain, path.resolve()))
    kind = tree.get("kind")
    if isinstance(kind, Scalar) and kind.text == DesignKind.REAL.value:
        kind_of_lists = kind.text  # nobody knows of a real system that it has nothing more, whatever it is based on
    return compose(above, tree, _HEADER), (document, *documents), kind_of_lists


def _parent(path: Path, root: Path, node: Node, chain: tuple[Path, ...]) -> Path:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        raise InvalidInput([Problem("`extends` names a file", node.span, "write `extends: ./other.design.yaml`")])
    target = (path.parent / node.text).resolve()
    shown = " -> ".join(p.name for p in (*chain, target))
    if not target.is_relative_to(root.resolve()):
        raise InvalidInput(
            [
                Problem(
                    f"`{node.text}` lies outside the folder of the design: {shown}", node.span, "keep variants together"
                )
            ]
        )
    if target in chain:
        raise InvalidInput([Problem(f"designs extend each other in a circle: {shown}", node.span)])
    if len(chain) >= _MAX_CHAIN:
        raise InvalidInput([Problem(f"more than {_MAX_CHAIN} designs extend one another: {shown}", node.span)])
    if not target.is_file():
        raise InvalidInput([Problem(f"the design `{node.text}` is not there", node.span, f"looked for {target.name}")])
    return target


def _without_unknown(node: Node, path: PartPath) -> tuple[Node, frozenset[PartPath]]:
    """The tree without leaves that say `unknown`, and their paths."""
    gone: set[PartPath] = set()
    if isinstance(node, source.Mapping):
        entries = []
        for entry in node.entries:
            here = (*path, entry.key)
            stated = path[:1] == ("evidence",) or here in _REQUIRED
            if isinstance(entry.node, Scalar) and entry.node.value == "unknown" and not stated:
                gone.add(here)
                continue
            inner, below = _without_unknown(entry.node, here)
            gone |= below
            entries.append(Entry(entry.key, entry.key_span, inner))
        return replace(node, entries=tuple(entries)), frozenset(gone)
    if isinstance(node, Sequence):
        items = []
        for item in node.items:
            inner, below = _without_unknown(item, (*path, _id_of(item, path)))
            gone |= below
            items.append(inner)
        return replace(node, items=tuple(items)), frozenset(gone)
    return node, frozenset()


def _id_of(item: Node, list_path: PartPath) -> str:
    key = key_of(list_path[-1]) if list_path else None
    found = item.get(key) if key and isinstance(item, source.Mapping) else None
    return found.text if isinstance(found, Scalar) else ""


def _spans(node: Node, path: PartPath) -> Iterator[tuple[PartPath, Span]]:
    yield path, node.span
    if isinstance(node, source.Mapping):
        for entry in node.entries:
            here = (*path, entry.key)
            yield from _spans(entry.node, here)
            yield here, _line(entry)
    elif isinstance(node, Sequence) and path and key_of(path[-1]):
        for item in node.items:
            if isinstance(item, source.Mapping):
                yield from _spans(item, (*path, _id_of(item, path)))


def _line(entry: Entry) -> Span:
    """From the key to the end of a plain value; of a group or list, the key alone."""
    start, end = entry.key_span, entry.node.span if isinstance(entry.node, Scalar) else entry.key_span
    same_file = end.file == start.file and end.line >= start.line
    return start._replace(end_line=end.end_line, end_column=end.end_column) if same_file else start


def _too_many(node: Node) -> Iterator[Problem]:
    counted = 0
    pending: list[tuple[Node, PartPath]] = [(node, ())]
    while pending:
        inner, path = pending.pop()
        if isinstance(inner, source.Mapping):
            pending += [(e.node, (*path, e.key)) for e in inner.entries]
        elif isinstance(inner, Sequence) and path and key_of(path[-1]) and path[-1] != "sources":
            parts = [i for i in inner.items if isinstance(i, source.Mapping)]
            pending += [(i, (*path, "")) for i in parts]
            counted += len(parts)
            if counted > _MAX_PARTS:
                help = "describe kinds of data, people and effects, not single ones"
                yield Problem(f"more than {_MAX_PARTS:,} parts", inner.span, help)
                return


def _duplicates(node: Node, path: PartPath) -> Iterator[Problem]:
    if path == ("evidence",):
        return  # its keys are paths, and what stands under one is no list of parts
    if isinstance(node, source.Mapping):
        for entry in node.entries:
            yield from _duplicates(entry.node, (*path, entry.key))
    elif isinstance(node, Sequence) and path and key_of(path[-1]):
        first: dict[str, Span] = {}
        for item in node.items:
            if not isinstance(item, source.Mapping):
                continue  # a list of references may bear the name of a list of parts
            name = _id_of(item, path)
            if name in first:
                yield Problem(
                    f"`{name}` is twice in `{join(path)}`",
                    item.span,
                    f"the first is on line {first[name].line}; rename one",
                )
            first.setdefault(name, item.span)
            yield from _duplicates(item, (*path, name))


def _ambiguous(design: Design, spans: Mapping[PartPath, Span]) -> Iterator[Problem]:
    """Ids that a reference could not tell apart: words with a meaning of their own, and shared names."""
    words = {"parties": ("public", "unnamed_third_parties", "police", "courts"), "inputs": ("score",)}
    words["consequences"] = words["inputs"]
    for name, reserved in words.items():
        for part in getattr(design, name) or ():
            if part.id in reserved:
                yield Problem(f"`{part.id}` has a meaning of its own", _at(spans, (name, part.id)), "choose another id")
    inputs = {i.id for i in design.inputs or ()}
    for consequence in design.consequences or ():
        if consequence.id in inputs:
            here = _at(spans, ("consequences", consequence.id))
            yield Problem(
                f"`{consequence.id}` is an input too", here, "a retention could not tell them apart; rename one"
            )


def _values(design: Design, spans: Mapping[PartPath, Span]) -> Iterator[Problem]:
    """References that lead nowhere, and values that a list names twice."""
    lists = root_lists()
    ids = {kind: [p.id for p in getattr(design, name) or ()] for kind, name in lists.items() if kind != "promise"}

    def look(block: Block, path: PartPath) -> Iterator[Problem]:
        for name, kind in fields_of(type(block)).items():
            value, here = getattr(block, name), (*path, name)
            if isinstance(kind, Parts):
                for part in value or ():
                    yield from look(part, (*here, getattr(part, part.key)))
            elif isinstance(value, Block):
                yield from look(value, here)
            elif isinstance(kind, Ref):
                yield from dangling((value,) if value else (), kind, here)
            elif isinstance(kind, Values):
                yield from repeated(value or (), here)
                if isinstance(kind.of, Ref):
                    yield from dangling(value or (), kind.of, here)

    def repeated(values: tuple[object, ...], here: PartPath) -> Iterator[Problem]:
        for value in dict.fromkeys(v for v in values if values.count(v) > 1):
            yield Problem(f"`{value}` is twice in `{here[-1]}`", _at(spans, here), "keep one")

    def dangling(values: tuple[str, ...], kind: Ref, here: PartPath) -> Iterator[Problem]:
        known = [*(i for k in kind.kinds for i in ids[k]), *kind.words]
        for value in values:
            if value not in known:
                what = " or ".join(kind.kinds)
                yield Problem(f"`{value}` is no {what} of this design", _at(spans, here), suggest(value, known))

    yield from look(design, ())


def _header(design: Design, spans: Mapping[PartPath, Span], unknown: frozenset[PartPath]) -> Iterator[Problem]:
    yield from _evidence(design, spans, unknown)
    for header in ("complete", "partial"):
        for name in getattr(design, header):
            if name.split(".")[-1] not in part_lists():
                yield Problem(
                    f"`{name}` is no list of parts", _at(spans, (header,)), suggest(name.split(".")[-1], part_lists())
                )
    yield from _both_told_and_left_out(design, spans)
    period = design.period
    if period and period.from_ and period.until and period.from_ > period.until:
        yield Problem("the period ends before it begins", _at(spans, ("period",)), "swap `from` and `until`")
    if design.kind is DesignKind.REAL:
        if design.jurisdiction is None and ("jurisdiction",) not in unknown:
            yield Problem("a real design states its `jurisdiction`", _at(spans, ("id",)), "add `jurisdiction: [CN]`")
        for subject in design.subjects or ():
            here = ("subjects", subject.id)
            if subject.relation is None and (*here, "relation") not in unknown:
                yield Problem(
                    "a real design states the `relation` of each group", _at(spans, here), "add `relation: customer`"
                )


def _both_told_and_left_out(design: Design, spans: Mapping[PartPath, Span]) -> Iterator[Problem]:
    lists: list[tuple[str, str, tuple[str, ...] | None, tuple[str, ...] | None]] = [
        *(("subjects", s.id, s.told_about, s.told_lacks) for s in design.subjects or ()),
        *(("consents", c.id, c.told, c.told_lacks) for c in design.consents or ()),
    ]
    for where, name, told, lacks in lists:
        for value in sorted(set(told or ()) & set(lacks or ())):
            here = _at(spans, (where, name, "told_lacks"))
            yield Problem(f"`{value}` is both told and left out", here, "keep it in one of the two lists")


def _evidence(design: Design, spans: Mapping[PartPath, Span], unknown: frozenset[PartPath]) -> Iterator[Problem]:
    sources = [s.id for s in design.sources]
    for name, entries in design.evidence.items():
        here = ("evidence", name)
        if entries and not _leads_somewhere(split(name), spans, unknown):
            known = [join(p) for p in spans if p and p[0] not in ("evidence", "sources")]
            yield Problem(f"`{name}` is no fact of this design", _at(spans, here), suggest(name, known))
        for entry in entries:
            if entry.source is not None and entry.source not in sources:
                help = suggest(entry.source, sources) if sources else "list it under `sources`"
                yield Problem(f"`{entry.source}` is no source of this design", _at(spans, here), help)
            if entry.source is None and entry.status is Status.SOURCED:
                help = "add `source: ...`, or write `status: asserted`"
                yield Problem(f"`{name}` is called sourced and cites no source", _at(spans, here), help)


def _leads_somewhere(path: PartPath, spans: Mapping[PartPath, Span], unknown: frozenset[PartPath]) -> bool:
    if path[0] in ("complete", "partial"):
        path = path[1:]
    return path in spans or path in unknown or not path


def _at(spans: Mapping[PartPath, Span], path: PartPath) -> Span:
    for length in range(len(path), -1, -1):
        if path[:length] in spans:
            return spans[path[:length]]
    return Span("")


def _partial_lists(design: Design, kind: str) -> frozenset[str]:
    """Lists of a real design are partial unless called complete; of any other, the reverse."""
    default = kind == DesignKind.REAL.value
    return frozenset(path for path in _list_paths(design, ()) if _is_partial(path, design, default))


def _is_partial(path: str, design: Design, default: bool) -> bool:
    steps = path.split(".")
    names = {path, steps[-1], f"{steps[0]}.{steps[-1]}"}
    if names & set(design.partial):
        return True
    return default and not names & set(design.complete)


def _list_paths(block: Block, path: PartPath) -> Iterator[str]:
    for name, kind in fields_of(type(block)).items():
        value = getattr(block, name)
        if isinstance(kind, Parts) and value is not None:
            yield join((*path, name))
            for part in value:
                yield from _list_paths(part, (*path, name, getattr(part, part.key)))
