"""``always-followed-by@1``: after something happens, something else happens before the execution ends, on every way from there.

Ways that never end are left to the rules about loops. A branch or iteration that is stopped because another one failed goes on
nowhere but behind the Parallel or Map.
"""

from collections.abc import Iterable, Iterator

from asl_lint.facts.dataflow import Effect
from asl_lint.facts.events import Event, of_ends, places_of
from asl_lint.facts.graph import Edge
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.facts.nesting import EdgeKey, Point
from asl_lint.facts.paths import Question, Solution
from asl_lint.facts.routes import Search, last_chance
from asl_lint.late import Final
from asl_lint.properties.event_selector import ENDS, EVENT, earlier_event_faults, event_faults, event_of
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.properties.path_question import (
    BY_ABSENT,
    DATA_ERRORS,
    found_route,
    includes_data,
    judged,
    match_of,
    missed,
    name_of,
    needed,
    pointer_of,
    rounds,
    sources_of,
)
from asl_lint.source.document import Pointer

_ALL_ENDS: Final = ("succeeded", "failed", "error")


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "event", "by", "end"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    event, after = event_of(facts, parameters["event"]), event_of(facts, parameters["by"])
    return judged(facts, needed(event, after, parameters), _left_out(facts, event, after, parameters))


def _left_out(facts: Facts, event: Event, after: Event, parameters: Parameters) -> Iterator[Match]:
    """Ways from the one event to an end on which the other does not happen."""
    nesting = facts.nesting
    begun = places_of(nesting, event)
    ends = of_ends(nesting, parameters.get("ends", _ALL_ENDS), "").nodes - after.nodes
    nodes, edges = _effects(begun, after)
    open_ = set(range(len(begun)))
    for takes, seen in rounds(facts, parameters):
        solution = Solution(nesting, Question(nodes, edges, must=False, takes=takes, data=includes_data(parameters)))
        held = 0
        for end in ends:
            held |= solution.before(end) or 0
        for i in sorted(open_):
            if not held >> i & 1:
                continue
            point, edge = begun[i]
            alone = (
                Event(frozenset(), frozenset(((point[0], edge.number),)), "")
                if edge
                else Event(frozenset((point,)), frozenset(), "")
            )
            search = Search(solution, 1 << i, ends, climbs=True)
            way = found_route(facts, search, sources_of(facts, alone))
            if way is not None:
                open_.discard(i)
                values = {
                    "state": name_of(facts, point),
                    "event": event.words,
                    "by": after.words,
                    "end": _end(way.steps[-1].edge),
                }
                match = match_of(facts, pointer_of(facts, point, edge), values, way, search)
                blank = Solution(nesting, Question({}, {}, must=False, takes=takes, data=includes_data(parameters)))
                lost = last_chance(nesting, blank, after.nodes, after.edges, way)
                is_state = nesting.state((lost.g, lost.edge.target)) is not None
                turns = (*match.turns, lost.edge.pointer) if is_state else match.turns
                yield match._replace(seen=seen, turns=turns, missed=missed(facts, after))


def _effects(begun: list[tuple[Point, Edge | None]], after: Event) -> tuple[dict[Point, Effect], dict[EdgeKey, Effect]]:
    """A bit for each place of the event, set there, and cleared by what must follow."""
    every = (1 << len(begun)) - 1
    nodes = dict.fromkeys(after.nodes, Effect(kill=every))
    edges = dict.fromkeys(after.edges, Effect(kill=every))
    for i, (point, edge) in enumerate(begun):
        if edge is None:
            nodes[point] = Effect(1 << i, nodes[point].kill if point in nodes else 0)
        else:
            key = point[0], edge.number
            edges[key] = Effect(1 << i, edges[key].kill if key in edges else 0)
    return nodes, edges


def _end(edge: Edge) -> str:
    if edge.kind == "error":
        return "fails with an error that nobody catches"
    return "fails" if edge.errors is not None else "succeeds"


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    yield from earlier_event_faults(parameters["event"], ("event",))
    yield from event_faults(parameters["by"], ("by",))


KIND: Final = Kind(
    name="always-followed-by@1",
    summary="After something happens, something else happens before the execution ends.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["event", "by"],
        "properties": {
            "event": {**EVENT, "description": "What begins it."},
            "by": {**EVENT, "description": "What must happen after it."},
            "ends": {**ENDS, "description": "The ends of the execution before which it must happen; without it all."},
            "by-absent": BY_ABSENT,
            "data-errors": DATA_ERRORS,
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
