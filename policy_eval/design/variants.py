"""Variants: `extends` another design and change, forget or remove single facts."""

from __future__ import annotations

from dataclasses import replace

from policy_eval.design.paths import PartPath, join, key_of, split
from policy_eval.errors import InvalidInput, Problem, Span
from policy_eval.source import Entry, Mapping, Node, Scalar, Sequence, suggest

_INHERITED = {"extends", "set", "forget", "remove", "sources", "evidence", "complete", "partial"}


def compose(parent: Mapping, child: Mapping, header: frozenset[str]) -> Mapping:
    """The child's tree: the parent's with the child's changes; raises `InvalidInput`.

    `header` names the keys a variant may write directly; every other fact goes under `set`.
    """
    problems = [
        Problem(
            f"a variant does not write `{e.key}` directly", e.key_span, f"write it under `set`: `{e.key}...: value`"
        )
        for e in child.entries
        if e.key not in header | _INHERITED
    ]
    tree, changed = parent, list[tuple[PartPath, Span]]()
    for action in ("remove", "forget", "set"):
        for path, value, span in _changes(child, action, problems):
            try:
                tree = _apply(tree, path, value, span, action)
                changed.append((path, span))
            except InvalidInput as error:
                problems.extend(error.problems)
    if problems:
        raise InvalidInput(problems)
    own = tuple(e for e in child.entries if e.key not in _INHERITED)
    kind = Scalar(child.span, "hypothetical", "hypothetical", True)
    own = own if child.get("kind") else (*own, Entry("kind", child.span, kind))
    written = {e.key for e in own}
    kept = tuple(e for e in tree.entries if e.key not in written | {"evidence"})
    return Mapping(child.span, _join((*own, *kept), child, tree, changed))


def _join(
    entries: tuple[Entry, ...], child: Mapping, tree: Mapping, changed: list[tuple[PartPath, Span]]
) -> tuple[Entry, ...]:
    """Add sources and completeness of the child to the parent's, and let changed paths lose evidence."""
    result = {e.key: e for e in entries}
    for key in ("sources", "complete", "partial"):
        added = child.get(key)
        if isinstance(added, Sequence):
            before = tree.get(key)
            items = before.items if isinstance(before, Sequence) else ()
            result[key] = Entry(key, added.span, Sequence(added.span, (*items, *added.items)))
    for key, other in (("complete", "partial"), ("partial", "complete")):
        named, entry = child.get(key), result.get(other)
        if isinstance(named, Sequence) and entry and isinstance(entry.node, Sequence):
            names = {i.text for i in named.items if isinstance(i, Scalar)}
            mine = child.get(other)
            own = mine.items if isinstance(mine, Sequence) else ()
            kept = tuple(i for i in entry.node.items if i in own or not (isinstance(i, Scalar) and i.text in names))
            result[other] = Entry(other, entry.key_span, Sequence(entry.node.span, kept))
    evidence = _evidence(child.get("evidence"), tree.get("evidence"), changed)
    if evidence:
        result["evidence"] = Entry("evidence", child.span, Mapping(child.span, evidence))
    return tuple(result.values())


def _evidence(own: Node | None, before: Node | None, changed: list[tuple[PartPath, Span]]) -> tuple[Entry, ...]:
    mine = {e.key: e for e in own.entries} if isinstance(own, Mapping) else {}
    kept = {
        e.key: e
        for e in (before.entries if isinstance(before, Mapping) else ())
        if not any(split(e.key)[: len(path)] == path for path, _ in changed)
    }
    # An empty entry keeps a changed fact from inheriting what its parent part is attested by.
    blank = {join(p): Entry(join(p), s, Sequence(s, ())) for p, s in changed}
    return tuple({**kept, **blank, **mine}.values())


def _changes(child: Mapping, action: str, problems: list[Problem]) -> list[tuple[PartPath, Node | None, Span]]:
    node = child.get(action)
    if node is None:
        return []
    if action == "set" and isinstance(node, Mapping):
        return [(split(e.key), e.node, e.key_span) for e in node.entries]
    if action != "set" and isinstance(node, Sequence) and all(isinstance(i, Scalar) for i in node.items):
        return [(split(i.text), None, i.span) for i in node.items if isinstance(i, Scalar)]
    wanted = "`path: value` lines" if action == "set" else "a list of paths"
    problems.append(Problem(f"`{action}` holds {wanted}", node.span))
    return []


def _apply(tree: Mapping, path: PartPath, value: Node | None, span: Span, action: str) -> Mapping:
    changed = _change(tree, path, value, span, action, ())
    assert isinstance(changed, Mapping)
    return changed


def _change(node: Node, path: PartPath, value: Node | None, span: Span, action: str, above: PartPath) -> Node:
    step, rest = path[0], path[1:]
    if isinstance(node, Sequence):
        return _change_item(node, path, value, span, action, above)
    if not isinstance(node, Mapping):
        raise InvalidInput([Problem(f"`{join(above)}` has no `{step}`", span, "it is a single value")])
    old = node.get(step)
    if not rest:
        if action == "forget" and old is None:
            raise _nowhere(step, above, [e.key for e in node.entries], span)
        if action == "remove":
            raise InvalidInput([Problem(f"`{join((*above, step))}` is no item of a list", span, "use `forget`")])
        return _with(node, step, value, span)
    empty: Node = Sequence(span, ()) if key_of(step) else Mapping(span, ())
    if old is None and action != "set":
        raise _nowhere(step, above, [e.key for e in node.entries], span)
    return _with(node, step, _change(old or empty, rest, value, span, action, (*above, step)), span)


def _with(node: Mapping, key: str, value: Node | None, span: Span) -> Mapping:
    kept = [e for e in node.entries if e.key != key]
    return replace(node, entries=(*kept, Entry(key, span, value)) if value is not None else tuple(kept))


def _change_item(
    node: Sequence, path: PartPath, value: Node | None, span: Span, action: str, above: PartPath
) -> Sequence:
    step, rest = path[0], path[1:]
    key = key_of(above[-1]) or "id"
    ids = [_text(i.get(key)) if isinstance(i, Mapping) else "" for i in node.items]
    if step in ids:
        at = ids.index(step)
        if rest:
            new = _change(node.items[at], rest, value, span, action, (*above, step))
            return replace(node, items=(*node.items[:at], new, *node.items[at + 1 :]))
        if action == "remove":
            return replace(node, items=(*node.items[:at], *node.items[at + 1 :]))
        help = "change its facts one by one" if action == "set" else "use `remove` to take a whole item away"
        raise InvalidInput([Problem(f"`{join((*above, step))}` is there already", span, help)])
    if action == "set" and not rest and isinstance(value, Mapping):
        named = value if value.get(key) else _with(value, key, Scalar(span, step, step, True), span)
        return replace(node, items=(*node.items, named))
    if action == "set" and not ids:
        help = f"write the whole item: `{join((*above, step))}: {{...}}`"
        raise InvalidInput([Problem(f"`{join(above)}` has no `{step}`", span, help)])
    raise _nowhere(step, above, ids, span)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _nowhere(step: str, above: PartPath, known: list[str], span: Span) -> InvalidInput:
    where = join(above) or "the design"
    return InvalidInput([Problem(f"`{where}` has no `{step}`", span, suggest(step, known))])
