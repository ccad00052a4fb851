"""The solver against paths that are listed one by one."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.facts.dataflow import Effect, backward, forward
from asl_lint.facts.graph import FlowGraph, reverse_post_order
from tests.facts.test_graph import NODES, with_edges

effects = st.builds(Effect, st.integers(0, 7), st.integers(0, 7))
graphs = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), effects), max_size=14)


def made(found: list[tuple[int, int, Effect]]) -> tuple[FlowGraph, list[Effect]]:
    graph = with_edges([(source, target) for source, target, _ in found])
    graph.start = 0
    graph.order = reverse_post_order(0, graph.out)
    return graph, [effect for _, _, effect in found]


def reachable(graph: FlowGraph, applied: list[Effect], start: int, bits: int, against: bool) -> Iterator[tuple[int, int]]:
    """All pairs of a node and the bits with which a path can come there: what a may or a must analysis sums up."""
    seen, pending = {(start, bits)}, [(start, bits)]
    while pending:
        node, value = pending.pop()
        yield node, value
        for edge in graph.into[node] if against else graph.out[node]:
            after = edge.source if against else edge.target, applied[edge.number](value)
            if after not in seen:
                seen.add(after)
                pending.append(after)


@settings(deadline=None, max_examples=200)
@given(graphs, st.integers(0, 7))
def test_forward_joins_what_all_paths_bring(found: list[tuple[int, int, Effect]], entry: int) -> None:
    graph, applied = made(found)
    brought: dict[int, list[int]] = {}
    for node, value in reachable(graph, applied, 0, entry, against=False):
        brought.setdefault(node, []).append(value)
    may, must = (forward(graph, entry, applied, must=must) for must in (False, True))
    for node in range(1, NODES):
        if node not in brought:
            assert may[node] is must[node] is None
            continue
        some = every = brought[node][0]
        for value in brought[node]:
            some, every = some | value, every & value
        if graph.into[graph.start]:
            continue  # no state leads to the start of a scope
        assert (may[node], must[node]) == (some, every)


@settings(deadline=None, max_examples=200)
@given(graphs, st.integers(0, 7))
def test_backward_joins_what_all_paths_to_an_end_meet(found: list[tuple[int, int, Effect]], at_end: int) -> None:
    end = NODES - 1
    graph, applied = made([edge for edge in found if edge[0] != end])  # nothing leaves an end
    met: dict[int, list[int]] = {}
    for node, value in reachable(graph, applied, end, at_end, against=True):
        met.setdefault(node, []).append(value)
    may, must = (backward(graph, {end: at_end}, applied, must=must) for must in (False, True))
    for node in graph.order:
        if node == end:
            continue
        if node not in met:
            assert may[node] is must[node] is None
            continue
        some = every = met[node][0]
        for value in met[node]:
            some, every = some | value, every & value
        assert (may[node], must[node]) == (some, every)


def test_edges_that_are_not_taken_do_not_count() -> None:
    graph, applied = made([(0, 1, Effect(gen=1)), (0, 1, Effect()), (1, 2, Effect(kill=1))])
    assert forward(graph, 0, applied, must=True)[1] == 0
    assert forward(graph, 0, applied, must=True, takes=lambda edge: edge.number != 1)[1] == 1
    assert backward(graph, {2: 0}, applied, must=False, takes=lambda edge: edge.number != 2)[0] is None
