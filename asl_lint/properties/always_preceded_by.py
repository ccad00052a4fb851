"""``always-preceded-by@1``: whenever something happens, something else has happened before, on every way to it.

What a Parallel's branches do has happened after it; of a Map, unless it certainly has an item, and after an error, nothing inside
is counted on.
"""

from collections.abc import Iterable, Iterator

from asl_lint.facts.dataflow import Effect
from asl_lint.facts.events import Event, places_of
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.facts.paths import Question, Solution
from asl_lint.facts.routes import Search
from asl_lint.late import Final
from asl_lint.properties.event_selector import EVENT, earlier_event_faults, event_faults, event_of
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.properties.path_question import (
    BY_ABSENT,
    DATA_ERRORS,
    bits_at,
    effects_of,
    found_route,
    goals_at,
    includes_data,
    judged,
    match_of,
    missed,
    name_of,
    needed,
    pointer_of,
    rounds,
)
from asl_lint.source.document import Pointer

_HAPPENED: Final = 1


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "event", "by"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    event, before = event_of(facts, parameters["event"]), event_of(facts, parameters["by"])
    return judged(facts, needed(event, before, parameters), _too_early(facts, event, before, parameters))


def _too_early(facts: Facts, event: Event, before: Event, parameters: Parameters) -> Iterator[Match]:
    """Ways to the one event on which the other has not happened."""
    nesting, told = facts.nesting, set()
    nodes, edges = effects_of(before, Effect(_HAPPENED))
    for takes, seen in rounds(facts, parameters):
        solution = Solution(nesting, Question(nodes, edges, must=True, takes=takes, data=includes_data(parameters)))
        for point, edge in places_of(nesting, event):
            bits = bits_at(solution, point, edge)
            if bits is None or bits & _HAPPENED or (point, edge) in told:
                continue
            search = Search(solution, _HAPPENED, *goals_at(point, edge), avoids=True, descends=True)
            way = found_route(facts, search, [((0, nesting.graphs[0].start), None)])
            if way is not None:
                told.add((point, edge))
                values = {"state": name_of(facts, point), "event": event.words, "by": before.words}
                place = pointer_of(facts, point, edge, way)
                yield match_of(facts, place, values, way, search)._replace(seen=seen, missed=missed(facts, before))


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    yield from event_faults(parameters["event"], ("event",))
    yield from earlier_event_faults(parameters["by"], ("by",))


KIND: Final = Kind(
    name="always-preceded-by@1",
    summary="Whenever something happens, something else has happened before.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["event", "by"],
        "properties": {
            "event": {**EVENT, "description": "What must not happen too early."},
            "by": {**EVENT, "description": "What must have happened before."},
            "by-absent": BY_ABSENT,
            "data-errors": DATA_ERRORS,
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
