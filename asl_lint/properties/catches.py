"""``catches@1``: the errors of states are caught, by their own Catchers or by those of the states around them.

Asks the flow graph which errors are left for nobody. Scopes in which a transition is not known are passed over. Linear in the
edges of the graph.
"""

from collections.abc import Iterable, Iterator

from asl_lint.facts.error_sets import TIMEOUTS, ErrorSet, matched_by
from asl_lint.facts.graph import FlowGraph
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.late import Final
from asl_lint.model.machine import State
from asl_lint.properties.call_selector import SELECTOR, matches, selector_faults
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "errors"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    if "calls" in parameters:
        meant = [call.state for call in facts.calls.values() if matches(parameters["calls"], call)]
    else:
        meant = [state for state in facts.machine.states if state.type == "Task"]
    asked = matched_by(parameters["errors"]) if "errors" in parameters else None
    for state in meant:
        left = _left(facts, state, outside=parameters.get("outside", True))
        if left is None:
            continue
        left = left - TIMEOUTS if asked is None else left & asked
        if not left.is_empty:
            yield Match(state.pointer, {"state": state.name, "errors": _words(state, left)}, "key")


def _left(facts: Facts, state: State, *, outside: bool) -> ErrorSet | None:
    """The errors of a Task's work that nobody catches, None where that is not known or the Task is never reached."""
    left: ErrorSet | None = None
    inner = state
    while True:
        scope = inner.scope
        graph = facts.graph.of(scope)
        node = graph.numbers[inner.name]
        if not graph.is_complete or node not in graph.places:
            return None
        uncaught = _uncaught(graph, node)
        left = uncaught if left is None else left & uncaught
        # The errors of a distributed Map's children stay in them.
        if not outside or scope.parent is None or scope.is_distributed:
            return left
        inner = scope.parent


def _uncaught(graph: FlowGraph, node: int) -> ErrorSet:
    """The errors of class service that leave the scope from a state."""
    left = ErrorSet(frozenset())
    for edge in graph.out[node]:
        if edge.kind == "error" and edge.fault == "service" and edge.sure and edge.errors is not None:
            left |= edge.errors
    return left


def _words(state: State, errors: ErrorSet) -> str:
    if not errors.is_complement:
        return ", ".join(sorted(errors.names))
    return "errors other than its Catchers name" if state.body.get("Catch") else "any error"


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for pointer, problem in selector_faults(parameters.get("calls")):
        yield ("calls", *pointer), problem


KIND: Final = Kind(
    name="catches@1",
    summary="The errors of the work that Tasks do are caught.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "calls": {**SELECTOR, "description": "Only Tasks with such a call; without it every Task."},
            "errors": {
                "description": "Errors that must be caught, by name; without it all but timeouts.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "minLength": 1},
            },
            "outside": {
                "description": "A Catcher of a Parallel or Map around the Task will do.",
                "type": "boolean",
                "default": True,
            },
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
