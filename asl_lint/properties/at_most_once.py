"""``at-most-once@1``: something happens at most once in an execution, or in an iteration of a Map.

What runs beside it counts: two branches of a Parallel, two iterations. The attempts of a Retry count as one, unless asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from asl_lint.facts.events import places_of
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.model.machine import State
from asl_lint.properties.event_selector import EVENT, event_faults, event_of
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.properties.never_followed_by import again
from asl_lint.properties.path_question import DATA_ERRORS, missing
from asl_lint.source.document import Pointer


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "event"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    event = event_of(facts, parameters["event"])
    unjudged = list(missing(facts, (event,)))
    if unjudged:
        yield from unjudged
        return
    for match in again(facts, event, event, parameters, beside=parameters.get("per", "execution") == "execution"):
        values = {"state": match.values["state"], "event": event.words}
        yield match._replace(values=values)
    if parameters.get("attempts") == "count":
        for point, _ in places_of(facts.nesting, event):
            state = facts.nesting.state(point)
            if state is not None and _is_repeated(state):
                yield Match((*state.pointer, "Retry"), {"state": state.name, "event": event.words}, "key")


def _is_repeated(state: State) -> bool:
    retry = state.body.get("Retry")
    return isinstance(retry, list) and any(isinstance(one, Mapping) and one.get("MaxAttempts") != 0 for one in retry)


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
