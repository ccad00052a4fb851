"""A machine in DOT, the language of Graphviz: scopes are clusters, Catchers dashed arrows that do not decide about the ranks."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl_lint.output.characters import visible
from asl_lint.report.drawing import Drawing
from asl_lint.report.drawing.nesting import Closed, walk
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
    yield from _scopes(graph, drawing.marks, ids)
    placed = {one["target"] for one in graph["transitions"] if one["kind"] != "catch"}
    for one in graph["transitions"]:
        if one["target"] in ids:
            attributes = _of_arrow(one, drawing.marks.get(one["pointer"]), one["target"] not in placed)
            yield f"  {ids[one['source']]} -> {ids[one['target']]}{_attributes(attributes)}"
            placed.add(one["target"])
    yield "}"


def _scopes(graph: dict[str, Any], marks: Mapping[str, str], ids: dict[str, str]) -> Iterator[str]:
    """The states in their scopes, then what leads to the first state of each scope."""
    states = {state["pointer"]: state for state in graph["states"]}
    arrows: list[str] = []
    for step in walk(graph):
        scope = step.scope
        if isinstance(step, Closed):
            if scope["state"] is not None:
                yield "  }"
            continue
        if scope["state"] is None:
            source, attributes = "start", ""
            yield '  start [shape=circle style=filled fillcolor=black label="" width=0.2]'
        else:
            source, attributes = ids[scope["state"]], " [style=dotted arrowhead=none]"
            yield f"  subgraph cluster_{step.number} {{"
            yield f"  label={quoted(box_title(scope, step.place))}"
        for pointer in scope["states"]:
            yield f"  {ids[pointer]}{_attributes(_of_state(states[pointer], marks.get(pointer)))}"
        if scope["start"] is not None:
            arrows.append(f"  {source} -> {ids[scope['start']]}{attributes}")
    yield from arrows


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
