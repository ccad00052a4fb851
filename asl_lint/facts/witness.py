"""The way that control goes, told to people: a chain of states from the start of a scope."""

from collections.abc import Iterable

from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.match import Place


def chain(graph: FlowGraph, edges: Iterable[Edge]) -> tuple[Place, ...]:
    """A step for each edge: where it is written, and what happens there."""
    return tuple(Place(edge.pointer, _words(graph, edge), "value" if edge.kind != "error" else "key") for edge in edges)


def _words(graph: FlowGraph, edge: Edge) -> str:
    state, target = graph.state(edge.source), graph.state(edge.target)
    to = "the end" if target is None else f'"{target.name}"'
    if state is None:
        return f"starts with {to}"
    came = f'"{state.name}"'
    if edge.kind == "rule":
        return f"{came}, rule {edge.index + 1} holds: {to}"
    if edge.kind == "default":
        return f"{came}, no rule holds: {to}"
    if edge.kind == "catch":
        return f"{came} fails and is caught: {to}"
    if edge.kind == "error":
        return f"{came} fails, and nothing catches it"
    return f"{came}, then {to}"
