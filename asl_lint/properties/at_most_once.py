"""``at-most-once@1``: something happens at most once in an execution, or in an iteration of a Map.

What runs beside it counts: two branches of a Parallel, two iterations. The attempts of a Retry count as one, unless asked.
"""

from collections.abc import Iterable, Iterator

from asl_lint.facts.events import Event, places_of
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.facts.nesting import is_repeated
from asl_lint.late import Any, Final
from asl_lint.model.machine import State
from asl_lint.properties.event_selector import EVENT, event_faults, event_of
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.properties.never_followed_by import again
from asl_lint.properties.path_question import DATA_ERRORS, judged
from asl_lint.source.document import Pointer


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "event"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    event = event_of(facts, parameters["event"])
    return judged(facts, (event,), _repeated(facts, event, parameters))


def _repeated(facts: Facts, event: Event, parameters: Parameters) -> Iterator[Match]:
    in_execution = parameters.get("per", "execution") == "execution"
    attempts = parameters.get("attempts") == "count"
    for match in again(facts, event, event, parameters, beside=in_execution, attempts=attempts):
        values = {"state": match.values["state"], "event": event.words}
        yield match._replace(values=values)
    if attempts:
        for state in _tried_again(facts, parameters["event"]):
            yield Match((*state.pointer, "Retry"), {"state": state.name, "event": event.words}, "key")


def _tried_again(facts: Facts, selector: Any) -> list[State]:
    """The states whose own Retry makes the call again: nothing else of a state is done once for each attempt."""
    found: dict[int, State] = {}
    for one in selector if isinstance(selector, list) else [selector]:
        if ("call" in one or "calls" in one) and one.get("outcome") != "failed":
            for point, _ in places_of(facts.nesting, event_of(facts, one)):
                state = facts.nesting.state(point)
                if state is not None and is_repeated(state):
                    found[state.number] = state
    return [found[number] for number in sorted(found)]


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    yield from event_faults(parameters["event"], ("event",))


KIND: Final = Kind(
    name="at-most-once@1",
    summary="Something happens at most once in an execution.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["event"],
        "properties": {
            "event": {**EVENT, "description": "What happens at most once."},
            "per": {
                "description": "Once in an execution, or in a pass through the scope where it happens: an iteration of a Map.",
                "enum": ["execution", "item"],
                "default": "execution",
            },
            "attempts": {
                "description": "Whether the attempts of a Retry count one by one.",
                "enum": ["count", "as-one"],
                "default": "as-one",
            },
            "data-errors": DATA_ERRORS,
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
