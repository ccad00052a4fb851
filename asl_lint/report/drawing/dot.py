"""A machine in DOT, the language of Graphviz: scopes are clusters, Catchers dashed arrows that do not decide about the ranks."""

from collections.abc import Iterator, Mapping

from asl_lint.late import Any, Final
from asl_lint.output.characters import visible
from asl_lint.report.drawing import Drawing
from asl_lint.report.drawing.nesting import Notation, Opened, nested
from asl_lint.report.drawing.words import box_title, kind, label

_SHAPES: Final = {"Choice": "hexagon", "Succeed": "oval", "Fail": "oval", "Map": "folder", "Parallel": "folder"}
_COLOURS: Final = {
    "added": "#1a7f37", "changed": "#9a6700", "removed": "#cf222e", "error": "#cf222e", "warning": "#9a6700", "info": "#0969da",
}  # fmt: skip


def draw(drawing: Drawing) -> str:
    """The digraph."""
    return "\n".join(_lines(drawing)) + "\n"


def quoted(*lines: str) -> str:
    """Lines of text between quotes, in which neither Graphviz's escapes nor its entities mean anything."""
    escaped = [visible(line).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines]
    return '"' + "\\n".join(escaped) + '"'


def _lines(drawing: Drawing) -> Iterator[str]:
    graph = drawing.graph
    ids = {state["pointer"]: f"n{number}" for number, state in enumerate(graph["states"])}
    yield f"digraph {quoted(drawing.title)} {{"
    yield f'  graph [label={quoted(drawing.title)} labelloc=t fontname="sans-serif"]'
    yield '  node [shape=box style=rounded fontname="sans-serif"]'
    yield '  edge [fontname="sans-serif" fontsize=10]'
    yield from nested(graph, ids, _notation(drawing.marks, ids))
    placed = {one["target"] for one in graph["transitions"] if one["kind"] != "catch"}
    for one in graph["transitions"]:
        if one["target"] in ids:
            attributes = _of_arrow(one, drawing.marks.get(one["pointer"]), one["target"] not in placed)
            yield f"  {ids[one['source']]} -> {ids[one['target']]}{_attributes(attributes)}"
            placed.add(one["target"])
    yield "}"


def _notation(marks: Mapping[str, str], ids: dict[str, str]) -> Notation:
    def opening(step: Opened) -> tuple[str, ...]:
        return f"  subgraph cluster_{step.number} {{", f"  label={quoted(box_title(step.scope, step.place))}"

    def state(one: dict[str, Any]) -> str:
        return f"  {ids[one['pointer']]}{_attributes(_of_state(one, marks.get(one['pointer'])))}"

    def arrow(source: str, target: str) -> str:
        return f"  {source} -> {target}{'' if source == 'start' else ' [style=dotted arrowhead=none]'}"

    start = '  start [shape=circle style=filled fillcolor=black label="" width=0.2]'
    return Notation(start, opening, "  }", state, arrow)


def _of_state(state: dict[str, Any], mark: str | None) -> dict[str, str]:
    attributes = {"label": quoted(state["name"], kind(state))}
    if state["type"] in _SHAPES:
        attributes["shape"] = _SHAPES[state["type"]]
    return attributes if mark is None else {**attributes, **_of_mark(mark)}


def _of_mark(mark: str) -> dict[str, str]:
    return {"color": f'"{_COLOURS[mark]}"', "penwidth": "3"}


def _of_arrow(transition: dict[str, Any], mark: str | None, places: bool) -> dict[str, str]:
    """``places``: a Catcher's arrow is the first one to its state, and says how far down that is."""
    attributes: dict[str, str] = {}
    words = label(transition)
    if words:
        attributes["label"] = quoted(words)
    if transition["kind"] == "catch":
        attributes |= {"style": "dashed"} if places else {"style": "dashed", "constraint": "false"}
    return attributes if mark is None else {**attributes, **_of_mark(mark)}


def _attributes(attributes: dict[str, str]) -> str:
    return f" [{' '.join(f'{name}={value}' for name, value in attributes.items())}]" if attributes else ""
