"""What holds at the nodes of a flow graph, as bits of an integer: each edge sets some (``gen``) and clears others (``kill``).

Two directions and two joins: *may* (on some path) and *must* (on every path). Round-robin in reverse post-order: for such
problems a few rounds more than loops are nested.
"""

from collections.abc import Callable, Sequence

from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.late import NamedTuple

ALL = -1
"""Every bit."""


class Effect(NamedTuple):
    """What taking an edge does to the bits: first ``kill`` clears, then ``gen`` sets."""

    gen: int = 0
    kill: int = 0

    def __call__(self, bits: int) -> int:
        return bits & ~self.kill | self.gen


NO_EFFECT = Effect()


def forward(
    graph: FlowGraph, entry: int, effects: Sequence[Effect], *, must: bool, takes: Callable[[Edge], bool] | None = None
) -> list[int | None]:
    """The bits before each node, ``entry`` before start; None for nodes that are not reached. ``effects`` by edge number."""
    bits: list[int | None] = [None] * len(graph.out)
    bits[graph.start] = entry
    into, start = graph.into, graph.start
    changed = is_first = True
    while changed:
        changed = False
        for node in graph.order:
            if node == start:
                continue
            found: int | None = None
            for edge in into[node]:
                before = bits[edge.source]
                if before is None:
                    # A loop leads back from a node that comes later. Without one the first round is the last.
                    changed = changed or is_first
                elif takes is None or takes(edge):
                    gen, kill = effects[edge.number]
                    after = before & ~kill | gen
                    found = after if found is None else found & after if must else found | after
            if found != bits[node]:
                bits[node] = found
                changed = changed or not is_first
        is_first = False
    return bits


def backward(
    graph: FlowGraph,
    ends: dict[int, int],
    effects: Sequence[Effect],
    *,
    must: bool,
    takes: Callable[[Edge], bool] | None = None,
) -> list[int | None]:
    """The bits after each node, walking against the edges from ``ends`` (node -> bits there); None where no end is reached.

    A node from which no end can be reached has no paths to speak of.
    """
    bits: list[int | None] = [None] * len(graph.out)
    for node, value in ends.items():
        bits[node] = value
    order = graph.order[::-1]
    changed = True
    while changed:
        changed = False
        for node in order:
            if node in ends:
                continue
            found: int | None = None
            for edge in graph.out[node]:
                after = bits[edge.target]
                if after is None or (takes is not None and not takes(edge)):
                    continue
                before = effects[edge.number](after)
                found = before if found is None else found & before if must else found | before
            if found != bits[node]:
                bits[node] = found
                changed = True
    return bits
