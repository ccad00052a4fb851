"""What the kinds that speak of paths have in common: which edges count, what is missing for an answer, how a witness is told."""

from collections.abc import Iterable, Iterator, Mapping

from asl_lint.facts.dataflow import Effect
from asl_lint.facts.events import Event
from asl_lint.facts.graph import Edge
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.facts.nesting import EdgeKey, Point, Takes
from asl_lint.facts.paths import Solution
from asl_lint.facts.routes import Route, Search, Step, places, route, turn
from asl_lint.late import Any, Final
from asl_lint.properties.kind import Parameters
from asl_lint.source.document import Pointer

DATA_ERRORS: Final[Mapping[str, Any]] = {
    "description": "Whether expressions and paths that cannot be evaluated count as ways out of a state.",
    "enum": ["include", "leave-out"],
    "default": "leave-out",
}
"""The schema of the parameter ``data-errors``."""

BY_ABSENT: Final[Mapping[str, Any]] = {
    "description": "What it means that by happens nowhere in the machine: that nothing can be said, or that it is broken.",
    "enum": ["not-evaluated", "fault"],
    "default": "not-evaluated",
}
"""The schema of the parameter ``by-absent``."""


def judged(facts: Facts, events: Iterable[Event], matches: Iterable[Match]) -> Iterator[Match | NotJudged]:
    """The matches; or why none can be looked for, or why that there are none says nothing."""
    if facts.document.damaged:
        yield NotJudged("a definition that can be read whole")
        return
    absent = [event for event in events if event.is_empty]
    if absent:
        yield from (NotJudged(f"something that the machine does not have: {event.words}") for event in absent)
        return
    found = False
    for match in matches:
        found = True
        yield match
    if not found:
        yield from unknown_ways(facts)


def needed(event: Event, by: Event, parameters: Parameters) -> tuple[Event, ...]:
    """The events without which nothing can be said."""
    return (event,) if parameters.get("by-absent") == "fault" else (event, by)


def unknown_ways(facts: Facts) -> Iterator[NotJudged]:
    """Why nothing is proved of all ways, if so."""
    if not facts.nesting.is_complete:
        yield NotJudged("a definition that says where every transition leads")


def includes_data(parameters: Parameters) -> bool:
    """Whether expressions that cannot be evaluated count as ways out of a state."""
    return parameters.get("data-errors") == "include"


def rounds(facts: Facts, parameters: Parameters) -> Iterator[tuple[Takes, bool]]:
    """Which edges count: first those of which somebody has seen that they are taken, then all (False), if there are more."""
    with_data = includes_data(parameters)

    def counts(edge: Edge) -> bool:
        return with_data or edge.fault != "data"

    yield lambda edge: edge.sure and counts(edge), True
    if any(not edge.sure for graph in facts.nesting.graphs for edge in graph.edges):
        yield counts, False


def effects_of(event: Event, effect: Effect) -> tuple[dict[Point, Effect], dict[EdgeKey, Effect]]:
    """One effect wherever an event happens."""
    return dict.fromkeys(event.nodes, effect), dict.fromkeys(event.edges, effect)


def found_route(facts: Facts, search: Search, sources: Iterable[tuple[Point, Step | None]]) -> Route | None:
    """The shortest witness, or None if all that there are contradict themselves."""
    return route(facts.nesting, search, sources, facts.constants)


def sources_of(facts: Facts, event: Event) -> list[tuple[Point, Step | None]]:
    """Where a way begins that begins with the event."""
    graphs = facts.nesting.graphs
    found: list[tuple[Point, Step | None]] = [(point, None) for point in sorted(event.nodes)]
    for g, number in sorted(event.edges):
        edge = graphs[g].edges[number]
        found.append(((g, edge.target), Step(g, edge)))
    return found


def bits_at(solution: Solution, point: Point, edge: Edge | None) -> int | None:
    """The bits when an event happens at a point, or as an edge is left by; None where it never does."""
    if edge is None:
        return solution.before(point)
    return solution.leaving(point[0], edge) if solution.takes(edge) else None


def goals_at(point: Point, edge: Edge | None) -> tuple[frozenset[Point], frozenset[EdgeKey]]:
    """What a way leads to that leads to an event there: points, and edges."""
    if edge is None:
        return frozenset((point,)), frozenset()
    return frozenset(), frozenset(((point[0], edge.number),))


def pointer_of(facts: Facts, point: Point, edge: Edge | None, way: Route | None = None) -> tuple[Pointer, bool]:
    """The place of an event in the text, and whether its key stands for it: a state, or where an edge is written.

    An end of the execution is where the ``way`` to it leaves its last state.
    """
    if edge is not None and edge.kind != "error":
        return edge.pointer, False
    state = facts.nesting.state(point)
    if state is None and way is not None and way.steps:
        last = way.steps[-1]
        state = facts.nesting.graphs[last.g].state(last.edge.source)
    return (state.pointer, True) if state is not None else (facts.nesting.graphs[point[0]].scope.pointer, False)


def name_of(facts: Facts, point: Point) -> str:
    """The name of the state at a point; of an end the words for it."""
    state = facts.nesting.state(point)
    return "the end of the execution" if state is None else state.name


def match_of(facts: Facts, place: tuple[Pointer, bool], values: Mapping[str, str], way: Route, search: Search) -> Match:
    """A place with its witness."""
    turned = turn(facts.nesting, search, way.steps)
    return Match(
        place[0], values, "key" if place[1] else "value", path=places(facts.nesting, way.steps),
        confidence="high" if way.is_plain else "medium", turns=() if turned is None else (turned,),
    )  # fmt: skip


def missed(facts: Facts, event: Event) -> tuple[Pointer, ...]:
    """The states at which something would happen, did anything lead there."""
    states = [state for state in map(facts.nesting.state, sorted(event.idle)) if state is not None]
    return tuple(state.pointer for state in states)
