"""``never-followed-by@1``: once something has happened, something else does not happen any more.

What runs beside it counts as after it: sibling branches of a Parallel, other iterations of a Map.
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
    DATA_ERRORS,
    bits_at,
    effects_of,
    found_route,
    goals_at,
    includes_data,
    judged,
    match_of,
    name_of,
    pointer_of,
    rounds,
    sources_of,
)
from asl_lint.source.document import Pointer

_HAPPENED: Final = 1


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "event", "by"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    event, after = event_of(facts, parameters["event"]), event_of(facts, parameters["by"])
    return judged(facts, (event, after), again(facts, event, after, parameters))


def again(
    facts: Facts, event: Event, after: Event, parameters: Parameters, *, beside: bool = True, attempts: bool = True
) -> Iterator[Match]:
    """Ways from the one event to the other; but for ``beside`` only such as stay in the scope of the first: what comes in sibling
    branches, in other iterations and after the scope does not count. ``attempts``: a way may lead through a Parallel or Map that
    failed and is tried again.
    """
    nesting, told = facts.nesting, set()
    nodes, edges = effects_of(event, Effect(_HAPPENED))
    for takes, seen in rounds(facts, parameters):
        data = includes_data(parameters)
        question = Question(nodes, edges, must=False, takes=takes, beside=beside, again=attempts, data=data)
        solution = Solution(nesting, question)
        for point, edge in places_of(nesting, after):
            bits = bits_at(solution, point, edge)
            if bits is None or not bits & _HAPPENED or (point, edge) in told:
                continue
            search = Search(solution, _HAPPENED, *goals_at(point, edge), climbs=beside, descends=True, beside=beside)
            way = found_route(facts, search, sources_of(facts, event))
            if way is not None:
                told.add((point, edge))
                values = {"state": name_of(facts, point), "event": event.words, "by": after.words}
                place = pointer_of(facts, point, edge, way)
                yield match_of(facts, place, values, way, search)._replace(seen=seen)


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    yield from earlier_event_faults(parameters["event"], ("event",))
    yield from event_faults(parameters["by"], ("by",))


KIND: Final = Kind(
    name="never-followed-by@1",
    summary="Once something has happened, something else does not happen any more.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["event", "by"],
        "properties": {
            "event": {**EVENT, "description": "What has happened."},
            "by": {**EVENT, "description": "What must not happen after it."},
            "data-errors": DATA_ERRORS,
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
