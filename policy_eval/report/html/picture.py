"""Parts of a design drawn in columns: the flow of data and effects, and the ties through which others count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy_eval.messages import gettext as _
from policy_eval.report.wire_designs import EdgeV1, FlowV1, NodeV1

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _TOP = 210, 40, 70, 14, 34
_LETTERS = 28  # of a name that fit into a box


@dataclass(frozen=True, slots=True)
class Box:
    """A part, and where it is drawn."""

    node: NodeV1
    x: int
    y: int

    @property
    def title(self) -> str:
        """The name of the part, cut to fit."""
        return _short(self.node.title)

    @property
    def told(self) -> str:
        """The first fact of it that is known, cut to fit."""
        return _short(next((v for v in self.node.facts.values() if v != "unknown"), ""))


@dataclass(frozen=True, slots=True)
class Line:
    """An edge, and how it is drawn."""

    edge: EdgeV1
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes in columns, and curves between them; sizes in pixels."""

    anchor: str
    caption: str
    width: int
    height: int
    heads: tuple[tuple[str, int], ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    box_width: int = _WIDTH
    box_height: int = _HEIGHT

    @property
    def rows(self) -> list[tuple[NodeV1, list[str]]]:
        """The same as a table: each part once, and the parts it leads to."""
        parts = {box.node.path: box.node for box in self.boxes}
        return [(n, [x.edge.target for x in self.lines if x.edge.source == path]) for path, n in parts.items()]


def of(found: FlowV1, anchor: str) -> list[Picture]:
    """The pictures of a design: the flow, and the ties through which others count, as far as there are any."""
    return [p for p in (flow(found, anchor), ties(found, anchor)) if p]


def flow(found: FlowV1, anchor: str) -> Picture | None:
    """Ties, inputs, purposes, and what comes of them; None where nothing leads anywhere."""
    columns = [
        (_("Ties to others"), _of(found, "association")),
        (_("Inputs"), _of(found, "input")),
        (_("Purposes"), _of(found, "purpose")),
        (_("Consequences, recipients"), _of(found, "consequence", "disclosure")),
    ]
    edges = [e for e in found.edges if e.how in ("feeds", "counts_through", "leads_to", "goes_to")]
    caption = _("From ties and inputs through purposes to what comes of them; dashed: disputed or announced")
    return _draw(columns, edges, f"{anchor}-flow", caption)


def ties(found: FlowV1, anchor: str) -> Picture | None:
    """Whose ties count, through what, for whom; None where no tie is stated."""
    by, through = ([e for e in found.edges if e.how == how] for how in ("tied_by", "counts_for"))
    columns = [
        (_("People known to them"), _at(found, {e.source for e in by})),
        (_("Ties"), _of(found, "association")),
        (_("People who get a score"), _at(found, {e.target for e in through})),
    ]
    caption = _("Whose ties count, through what, and for whom; dashed: disputed or announced")
    return _draw(columns, [*by, *through], f"{anchor}-ties", caption)


def _of(found: FlowV1, *kinds: str) -> list[NodeV1]:
    return [n for n in found.nodes if n.kind in kinds]


def _at(found: FlowV1, paths: set[str]) -> list[NodeV1]:
    return [n for n in found.nodes if n.path in paths]


def _draw(columns: list[tuple[str, list[NodeV1]]], edges: list[EdgeV1], anchor: str, caption: str) -> Picture | None:
    """Boxes in columns in the order of the design, each column centred, and curves from left to right."""
    used = [(head, nodes) for head, nodes in columns if nodes]
    if not edges:
        return None
    height = _TOP + max(len(nodes) for _head, nodes in used) * (_HEIGHT + _GAP_Y)
    boxes: dict[tuple[int, str], Box] = {}
    for column, (_head, nodes) in enumerate(used):
        step = (height - _TOP) / len(nodes)
        for row, node in enumerate(nodes):
            y = round(_TOP + step * row + (step - _HEIGHT) / 2)
            boxes[column, node.path] = Box(node, column * (_WIDTH + _GAP_X) + 1, y)
    heads = tuple((head, column * (_WIDTH + _GAP_X) + 1) for column, (head, _) in enumerate(used))
    width = len(used) * (_WIDTH + _GAP_X) - _GAP_X + 2
    return Picture(anchor, caption, width, height, heads, tuple(boxes.values()), tuple(_lines(edges, boxes)))


def _lines(edges: list[EdgeV1], boxes: dict[tuple[int, str], Box]) -> Iterator[Line]:
    """A curve for each edge; a part may stand in two columns, and what leads on starts in the first of them."""
    for edge in edges:
        starts = [(c, box) for (c, path), box in boxes.items() if path == edge.source]
        ends = [(c, box) for (c, path), box in boxes.items() if path == edge.target]
        pairs = [(c2 - c1, a, b) for c1, a in starts for c2, b in ends if c2 > c1]
        if pairs:
            _steps, a, b = min(pairs, key=lambda pair: pair[0])
            yield Line(edge, _curve(a, b))


def _short(title: str) -> str:
    return title if len(title) <= _LETTERS else f"{title[: _LETTERS - 1]}…"


def _curve(a: Box, b: Box) -> str:
    x1, y1, x2, y2 = a.x + _WIDTH, a.y + _HEIGHT // 2, b.x, b.y + _HEIGHT // 2
    bend = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
