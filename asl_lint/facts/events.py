"""Things that happen on a way through a machine, as the states and edges at which they do: a call begins or is answered, a Choice
finds something to be so, a variable is set, the execution ends. Linear in the machine.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from asl_lint.facts.calls import Call
from asl_lint.facts.conditions import Condition, edge_condition
from asl_lint.facts.error_sets import ErrorSet
from asl_lint.facts.graph import Edge
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.nesting import EdgeKey, Nesting, Point
from asl_lint.late import Literal, NamedTuple

Outcome = Literal["started", "succeeded", "failed"]
End = Literal["succeeded", "failed", "error"]


class Event(NamedTuple):
    """Where something happens: when control comes to one of ``nodes``, or takes one of ``edges``. ``words`` tell people what.

    At ``idle`` points it would happen too, but nothing leads there.
    """

    nodes: frozenset[Point]
    edges: frozenset[EdgeKey]
    words: str
    idle: frozenset[Point] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether it happens nowhere in the machine."""
        return not self.nodes and not self.edges

    def __or__(self, other: "Event") -> "Event":
        words = f"{self.words} or {other.words}"
        return Event(self.nodes | other.nodes, self.edges | other.edges, words, self.idle | other.idle)


def of_calls(facts: Facts, means: Callable[[Call], bool], outcome: Outcome, words: str, errors: ErrorSet | None = None) -> Event:
    """A call is begun, is answered, or has failed in the end (with one of ``errors``, where these are given)."""
    nesting = facts.nesting
    meant = [nesting.point(call.state) for call in facts.calls.values() if means(call)]
    points, idle = _by_reach(nesting, meant)
    if outcome == "started":
        return Event(frozenset(points), frozenset(), words, idle)
    kinds = ("next", "end") if outcome == "succeeded" else ("catch", "error")

    def is_meant(edge: Edge) -> bool:
        return edge.kind in kinds and (errors is None or edge.errors is None or not (edge.errors & errors).is_empty)

    return Event(frozenset(), frozenset(_edges(nesting, points, is_meant)), words, idle)


def _by_reach(nesting: Nesting, points: Iterable[Point]) -> tuple[list[Point], frozenset[Point]]:
    """Those of some points that are reached, and those to which nothing leads."""
    found = list(points)
    reached = [(g, node) for g, node in found if node in nesting.graphs[g].places]
    return reached, frozenset(found).difference(reached)


def of_choices(nesting: Nesting, says: Callable[[Condition], bool], words: str) -> Event:
    """A Choice has found something to be so: what its edge was taken for implies it."""

    def implies(g: int, edge: Edge) -> bool:
        condition = edge_condition(nesting.graphs[g], edge)
        return condition is not None and says(condition)

    found = [
        (g, edge)
        for g, graph in enumerate(nesting.graphs)
        for node, state in enumerate(graph.states)
        if state.type == "Choice"
        for edge in graph.out[node]
        if edge.kind in ("rule", "default") and implies(g, edge)
    ]
    return _of_edges(nesting, found, words)


def _of_edges(nesting: Nesting, edges: Sequence[tuple[int, Edge]], words: str) -> Event:
    """An edge is taken."""
    idle = _by_reach(nesting, ((g, edge.source) for g, edge in edges))[1]
    return Event(frozenset(), frozenset((g, edge.number) for g, edge in edges if (g, edge.source) not in idle), words, idle)


def of_states(nesting: Nesting, name: str, words: str) -> Event:
    """Control comes to a state of this name, in whatever scope."""
    found = ((g, graph.numbers[name]) for g, graph in enumerate(nesting.graphs) if name in graph.numbers)
    return _of_points(nesting, found, words)


def _of_points(nesting: Nesting, points: Iterable[Point], words: str) -> Event:
    """Control comes to a point."""
    reached, idle = _by_reach(nesting, points)
    return Event(frozenset(reached), frozenset(), words, idle)


def of_assignments(nesting: Nesting, name: str, words: str) -> Event:
    """A variable is set."""
    found = [(g, edge) for g, graph in enumerate(nesting.graphs) for edge in graph.edges if name in edge.assigns]
    return _of_edges(nesting, found, words)


def of_fails(nesting: Nesting, error: str, words: str) -> Event:
    """Control comes to a Fail state that raises this error, in whatever scope."""
    found = (
        (g, node)
        for g, graph in enumerate(nesting.graphs)
        for node, state in enumerate(graph.states)
        if state.type == "Fail" and state.body.get("Error") == error
    )
    return _of_points(nesting, found, words)


def of_ends(nesting: Nesting, ends: Iterable[End], words: str) -> Event:
    """The execution ends: well, in a Fail state, or by an error that nobody catches."""
    graph = nesting.graphs[0]
    nodes = {"succeeded": graph.succeeded, "failed": graph.failed, "error": graph.error}
    return Event(frozenset((0, nodes[end]) for end in ends if nodes[end] in graph.places), frozenset(), words)


def places_of(nesting: Nesting, event: Event) -> list[tuple[Point, Edge | None]]:
    """The places of an event in the order of the text: a point, or the source of an edge with the edge."""
    found: list[tuple[Point, Edge | None]] = [(point, None) for point in event.nodes]
    found += [((g, nesting.graphs[g].edges[number].source), nesting.graphs[g].edges[number]) for g, number in event.edges]
    return sorted(found, key=lambda place: (place[0], -1 if place[1] is None else place[1].number))


def _edges(nesting: Nesting, points: Iterable[Point], takes: Callable[[Edge], bool]) -> Iterator[EdgeKey]:
    for g, node in points:
        yield from ((g, edge.number) for edge in nesting.graphs[g].out[node] if takes(edge))
