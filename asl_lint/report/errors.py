"""What becomes of the errors of each state that works or decides: tried again, caught, or lost for its scope.

As the flow graph has it: errors that the service, a Choice or an expression raises, each class apart. ``sure`` is False where
nobody has seen such an error there.
"""

from collections.abc import Iterator

from asl_lint.facts.error_sets import NO_ERROR, ErrorSet
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.handlers import Retrier
from asl_lint.facts.machine_facts import Facts
from asl_lint.late import Any
from asl_lint.model.machine import State
from asl_lint.source.document import format_pointer

_TYPES = ("Task", "Parallel", "Map", "Choice")


def error_handling(facts: Facts) -> list[dict[str, Any]]:
    """A row for each Task, Parallel, Map and Choice, in the order of the machine."""
    return [
        _row(facts, graph, node, state)
        for graph in facts.graph
        for node, state in enumerate(graph.states)
        if state.type in _TYPES
    ]


def _row(facts: Facts, graph: FlowGraph, node: int, state: State) -> dict[str, Any]:
    return {
        "state": format_pointer(state.pointer),
        "retried": list(_retried(facts, state)),
        "caught": [_caught(graph, edge) for edge in graph.out[node] if edge.kind == "catch"],
        "lost": [_lost(edge) for edge in graph.out[node] if edge.kind == "error"],
    }


def _retried(facts: Facts, state: State) -> Iterator[dict[str, Any]]:
    taken = NO_ERROR
    for retrier in facts.retriers.get(state.number, ()):
        yield {
            "pointer": format_pointer(retrier.pointer),
            "errors": _set(retrier.errors - taken) if retrier.are_errors_known else None,
            "attempts": retrier.attempts,
            "interval": retrier.interval,
            "backoff": retrier.backoff,
            "max_delay": retrier.max_delay,
            "jitter": retrier.jitter or None,
            "total_delay": _finite(retrier),
        }
        if retrier.are_errors_known:
            taken |= retrier.errors


def _finite(retrier: Retrier) -> float | None:
    """The waits of all attempts together, in seconds; None where they are not known, or beyond all numbers."""
    total = retrier.total_delay
    return total if total is not None and total < float("inf") else None


def _caught(graph: FlowGraph, edge: Edge) -> dict[str, Any]:
    return {
        "pointer": format_pointer(edge.pointer[:-1]),
        "errors": None if edge.errors is None else _set(edge.errors),
        "next": format_pointer(graph.states[edge.target].pointer),
        "sure": edge.sure,
    }


def _lost(edge: Edge) -> dict[str, Any]:
    return {"errors": None if edge.errors is None else _set(edge.errors), "class": edge.fault, "sure": edge.sure}


def _set(errors: ErrorSet) -> dict[str, Any]:
    return {"names": sorted(errors.names), "all_but": errors.is_complement}
