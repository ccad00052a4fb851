"""A machine as an SVG of its own: boxes in layers, the scopes of a state inside its box, Catchers as dashed arrows at the side.

No script, no font and no address in it; light or dark as the reader's system is. Drawn by ``layout``, inner scopes first, so that
no other program is needed: linear in the machine but for the layout's sweeps.
"""

from collections.abc import Iterable, Iterator

from asl_lint.late import Any, Final, NamedTuple
from asl_lint.output.characters import visible, width
from asl_lint.report.drawing import Drawing
from asl_lint.report.drawing.layout import GAP, Layout, Point, Size, layered
from asl_lint.report.drawing.words import box_title, cut, kind, label

_LETTER: Final = 7.4
"""The width of a cell of the text, in pixels."""
_SMALL: Final = 6.6
"""The same, of the words on arrows."""
_NAME: Final = 40
"""Cells of a name in a box."""
_HEIGHT: Final = 44.0
_HEAD: Final = 46.0
"""The height of what is written in a box above its scopes."""
_MARGIN: Final = 16.0
_TITLE: Final = 22.0
_DOT: Final = Size(16.0, 16.0)

_STYLE: Final = """
  svg{font-family:system-ui,sans-serif;background:#fff}
  text{fill:#1f2328;font-size:13px;text-anchor:middle}
  .k,.l,.b{font-size:11px;fill:#59636e} .b,.l.r{text-anchor:start} .l.w{text-anchor:end}
  .l{paint-order:stroke;stroke:#fff;stroke-width:4px}
  .t{font-size:15px;font-weight:600;text-anchor:start}
  .s{fill:#f6f8fa;stroke:#59636e} .s.added{stroke:#1a7f37;stroke-width:3} .s.changed,.s.warning{stroke:#9a6700;stroke-width:3}
  .s.error{stroke:#cf222e;stroke-width:3} .s.info{stroke:#0969da;stroke-width:2}
  .i{fill:none;stroke:#d1d9e0} .o{fill:#1f2328}
  .e{fill:none;stroke:#59636e;stroke-width:1.3} .e.added{stroke:#1a7f37;stroke-width:3} .e.removed{stroke:#cf222e;stroke-width:2}
  .s.removed{stroke:#cf222e;stroke-dasharray:4} .c{stroke-dasharray:5 4;stroke:#a40e26;opacity:.6} .h{fill:#59636e}
  @media(prefers-color-scheme:dark){
    svg{background:#0d1117} text{fill:#f0f6fc} .k,.l,.b{fill:#9198a1} .l{stroke:#0d1117}
    .s{fill:#151b23;stroke:#9198a1} .i{stroke:#3d444d} .o{fill:#f0f6fc} .e{stroke:#9198a1} .c{stroke:#ff7b72} .h{fill:#9198a1}
  }
"""

_ENTITIES: Final = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\ufffe": "\\ufffe", "\uffff": "\\uffff",
})  # fmt: skip


class _Scope(NamedTuple):
    """A scope that has its layout: node 0 is where it begins, then come its states."""

    scope: dict[str, Any]
    layout: Layout
    nodes: dict[str, int]
    sizes: list[Size]


def draw(drawing: Drawing) -> str:
    """The document."""
    graph = drawing.graph
    scopes = _laid_out(graph)
    root = scopes[graph["scopes"][0]["pointer"]].layout.size
    title = cut(drawing.title, 100)
    left, right = _sides(graph, scopes)
    across = max(left + root.width + right, len(title) * 9.0) + 2 * _MARGIN
    down = root.height + 2 * _MARGIN + _TITLE + GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across:.0f}" height="{down:.0f}" viewBox="0 0 {across:.0f} {down:.0f}"'
        f' role="img" aria-label="{escape(drawing.title)}">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="h" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="h" d="M0 0L8 4L0 8z"/></marker></defs>',
        f'<text class="t" x="{_MARGIN:.0f}" y="{_MARGIN + 8:.0f}">{escape(title)}</text>',
        *_Painter(drawing, scopes).lines(Point(_MARGIN + left, _MARGIN + _TITLE)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """A text for an element or an attribute of XML."""
    return visible(text).translate(_ENTITIES)


def _sides(graph: dict[str, Any], scopes: dict[str, _Scope]) -> tuple[float, float]:
    """The room that arrows of the machine's own scope need to the left of it, and to the right."""
    _, layout, nodes, _ = scopes[graph["scopes"][0]["pointer"]]
    sides = [0.0, 0.0]
    for one in graph["transitions"]:
        source, target = nodes.get(one["source"]), nodes.get(one["target"])
        if source is None or target is None:
            continue
        is_caught = one["kind"] == "catch"
        if is_caught or layout.places[target].y <= layout.places[source].y:
            sides[is_caught] = max(sides[is_caught], GAP + width(label(one)) * _SMALL)
    return sides[0], sides[1]


def _laid_out(graph: dict[str, Any]) -> dict[str, _Scope]:
    """The scopes by their pointers: inner ones first, for a state is as large as what is inside it."""
    states = {state["pointer"]: state for state in graph["states"]}
    arrows: dict[str, list[dict[str, Any]]] = {}
    for one in graph["transitions"]:
        if one["target"] is not None:
            arrows.setdefault(states[one["source"]]["scope"], []).append(one)
    inner: dict[str, list[Size]] = {}
    found: dict[str, _Scope] = {}
    for scope in reversed(graph["scopes"]):
        nodes = {pointer: i for i, pointer in enumerate(scope["states"], 1)}
        sizes = [_DOT, *(_size(states[pointer], inner.get(pointer, ())) for pointer in scope["states"])]
        own = arrows.get(scope["pointer"], ())
        normal = [(nodes[one["source"]], nodes[one["target"]]) for one in own if one["kind"] != "catch"]
        if scope["start"] is not None:
            normal.insert(0, (0, nodes[scope["start"]]))
        caught = [(nodes[one["source"]], nodes[one["target"]]) for one in own if one["kind"] == "catch"]
        layout = layered(sizes, normal, caught)
        found[scope["pointer"]] = _Scope(scope, layout, nodes, sizes)
        if scope["state"] is not None:
            size = Size(layout.size.width + 2 * _MARGIN + GAP, layout.size.height + 2 * _MARGIN + _TITLE)
            inner.setdefault(scope["state"], []).insert(0, size)
    return found


def _size(state: dict[str, Any], scopes: Iterable[Size]) -> Size:
    """The box of a state: its name, and its scopes beside each other below it."""
    text = max(width(cut(state["name"], _NAME)), len(kind(state))) * _LETTER + 24
    held = list(scopes)
    if not held:
        return Size(max(text, 90.0), _HEIGHT)
    across = sum(size.width for size in held) + _MARGIN * (len(held) + 1)
    return Size(max(text, across), _HEAD + max(size.height for size in held) + _MARGIN)


class _Painter:
    """Writes the elements of all scopes, outer ones first."""

    def __init__(self, drawing: Drawing, scopes: dict[str, _Scope]) -> None:
        self._marks = drawing.marks
        self._scopes = scopes
        self._states = {state["pointer"]: state for state in drawing.graph["states"]}
        self._inner: dict[str, list[str]] = {}
        for scope in drawing.graph["scopes"]:
            if scope["state"] is not None:
                self._inner.setdefault(scope["state"], []).append(scope["pointer"])
        self._arrows: dict[str, list[dict[str, Any]]] = {}
        for one in drawing.graph["transitions"]:
            if one["target"] is not None:
                self._arrows.setdefault(self._states[one["source"]]["scope"], []).append(one)

    def lines(self, at: Point) -> Iterator[str]:
        pending = [("", at)]
        while pending:
            pointer, corner = pending.pop()
            found = self._scopes[pointer]
            yield from self._boxes(found, corner, pending)
            yield from self._lines_of(found, corner)

    def _boxes(self, found: _Scope, corner: Point, pending: list[tuple[str, Point]]) -> Iterator[str]:
        start = found.layout.places[0]
        if found.scope["start"] is not None:
            yield f'<circle class="o" cx="{corner.x + start.x + 8:.1f}" cy="{corner.y + start.y + 8:.1f}" r="6"/>'
        for pointer, node in found.nodes.items():
            place, size = found.layout.places[node], found.sizes[node]
            x, y = corner.x + place.x, corner.y + place.y
            state = self._states[pointer]
            mark = self._marks.get(pointer)
            corners = 22 if state["type"] in ("Succeed", "Fail") else 2 if state["type"] == "Choice" else 8
            yield (
                f'<g><title>{escape(state["name"])}</title><rect class="{f"s {mark}" if mark else "s"}" x="{x:.1f}" y="{y:.1f}"'
                f' width="{size.width:.1f}" height="{size.height:.1f}" rx="{corners}"/>'
                f'<text x="{x + size.width / 2:.1f}" y="{y + 19:.1f}">{escape(cut(state["name"], _NAME))}</text>'
                f'<text class="k" x="{x + size.width / 2:.1f}" y="{y + 35:.1f}">{escape(kind(state))}</text></g>'
            )
            yield from self._inner_boxes(pointer, Point(x + _MARGIN, y + _HEAD), pending)

    def _inner_boxes(self, pointer: str, at: Point, pending: list[tuple[str, Point]]) -> Iterator[str]:
        x = at.x
        for place, inner in enumerate(self._inner.get(pointer, ())):
            found = self._scopes[inner]
            across, down = found.layout.size.width + 2 * _MARGIN + GAP, found.layout.size.height + 2 * _MARGIN + _TITLE
            yield f'<rect class="i" x="{x:.1f}" y="{at.y:.1f}" width="{across:.1f}" height="{down:.1f}" rx="6"/>'
            yield f'<text class="b" x="{x + 8:.1f}" y="{at.y + 15:.1f}">{escape(box_title(found.scope, place))}</text>'
            pending.append((inner, Point(x + _MARGIN, at.y + _MARGIN + _TITLE)))
            x += across + _MARGIN

    def _lines_of(self, found: _Scope, corner: Point) -> Iterator[str]:
        if found.scope["start"] is not None:
            yield self._line(found, corner, 0, found.nodes[found.scope["start"]], "e", "")
        for one in self._arrows.get(found.scope["pointer"], ()):
            source, target = found.nodes[one["source"]], found.nodes[one["target"]]
            is_caught = one["kind"] == "catch"
            style = " ".join(filter(None, ("e", is_caught and "c", self._marks.get(one["pointer"]))))
            yield self._line(found, corner, source, target, style, label(one), one["label"], is_caught)

    def _line(
        self, found: _Scope, corner: Point, source: int, target: int, style: str, words: str, title: str = "", aside: bool = False
    ) -> str:
        places, sizes = found.layout.places, found.sizes
        a, b = places[source], places[target]
        below = b.y > a.y + sizes[source].height
        if below and not aside:
            begin = Point(a.x + sizes[source].width / 2, a.y + sizes[source].height)
            end = Point(b.x + sizes[target].width / 2, b.y)
            stops = [begin, *found.layout.lanes.get((source, target), ()), end]
            path, middle, anchor = *_down(stops, corner), "l"
        else:
            # Around: errors on the right, what goes back on the left.
            side = 1 if aside else 0
            begin = Point(a.x + side * sizes[source].width, a.y + sizes[source].height / 2)
            end = Point(b.x + side * sizes[target].width, b.y + sizes[target].height / 2 + (6 if source == target else 0))
            path, middle, anchor = *_around(begin, end, corner, GAP * (1 if aside else -1)), "l r" if aside else "l w"
        text = f'<text class="{anchor}" x="{middle.x:.1f}" y="{middle.y:.1f}">{escape(words)}</text>' if words else ""
        told = f"<title>{escape(title)}</title>" if title else ""
        return f'<g>{told}<path class="{style}" d="{path}" marker-end="url(#h)"/>{text}</g>'


def _down(stops: list[Point], corner: Point) -> tuple[str, Point]:
    """A curve from above through some points, each reached and left upright; and where its words go: over the arrow's head."""
    x, y = stops[0].x + corner.x, stops[0].y + corner.y
    path = f"M{x:.1f} {y:.1f}"
    for stop in stops[1:]:
        to_x, to_y = stop.x + corner.x, stop.y + corner.y
        bend = (to_y - y) / 2
        path += f"C{x:.1f} {y + bend:.1f} {to_x:.1f} {to_y - bend:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
    return path, Point(x, y - 14)


def _around(begin: Point, end: Point, corner: Point, reach: float) -> tuple[str, Point]:
    """A curve that leaves and reaches two boxes at their sides; and where its words go."""
    x, y, to_x, to_y = begin.x + corner.x, begin.y + corner.y, end.x + corner.x, end.y + corner.y
    out = (max if reach > 0 else min)(x, to_x) + reach
    path = f"M{x:.1f} {y:.1f}C{out:.1f} {y:.1f} {out:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    return path, Point((x + to_x) / 8 + out * 3 / 4 + (4 if reach > 0 else -4), (y + to_y) / 2)
