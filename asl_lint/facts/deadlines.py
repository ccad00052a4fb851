"""The states that no execution gets past: when the shortest way has led through them, the execution has been ended.

Only Wait states of fixed length take time for certain. An inner scope begins when its state does at the earliest, so does a child
execution of a distributed Map.
"""

from collections.abc import Mapping

from asl_lint.facts.amounts import INFINITE
from asl_lint.facts.rough_budgets import waits_at_all
from asl_lint.facts.time_limits import EXPRESS_ENDS, execution_type, timeout
from asl_lint.late import TYPE_CHECKING, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.graph import Edge
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.ways import Arrival


class Crossing(NamedTuple):
    """A state in which the time runs out: ``before`` are the seconds until it is reached at the earliest, by the edges of ``way``
    in its scope; ``takes`` those that it takes at least, ``limit`` those after which the execution is ended.
    """

    state: State
    before: float
    takes: float
    limit: float
    way: "tuple[Edge, ...]"


def past_timeout(facts: "Facts") -> list[Crossing]:
    """The states that no execution gets past before the machine's TimeoutSeconds."""
    limit = timeout(facts)
    if limit is None or not waits_at_all(facts):
        return []
    return _crossings(facts, {scope.pointer: limit for scope in facts.machine.scopes}, anew=False)


def past_express(facts: "Facts") -> list[Crossing]:
    """The states that no Express execution gets past: these end after five minutes."""
    if not waits_at_all(facts):
        return []
    limits = {
        scope.pointer: EXPRESS_ENDS
        for scope in facts.machine.scopes
        if scope.states and execution_type(facts, next(iter(scope.states.values()))) == "EXPRESS"
    }
    return _crossings(facts, limits, anew=True) if limits else []


def _crossings(facts: "Facts", limits: Mapping[Pointer, float], anew: bool) -> list[Crossing]:
    """``anew``: the clock of a child execution begins with it."""
    found: list[Crossing] = []
    spent = facts.budgets.spent("seconds")
    begun: dict[Pointer, float] = {(): 0}
    for scope in facts.machine.scopes:
        graph, arrivals = facts.graph.of(scope), spent[scope.pointer].arrivals
        begin, limit = begun.get(scope.pointer), limits.get(scope.pointer)
        if begin is None:
            continue
        for node, arrival in arrivals.items():
            state = graph.state(node)
            if state is None:
                continue
            # Where the flow is hidden, there may be a shorter way.
            before = begin + arrival.length if graph.is_complete else 0
            for inner in state.scopes:
                begun[inner.pointer] = 0 if anew and inner.is_distributed else before
            takes = facts.budgets.taken(state, "seconds").least
            if limit is not None and before < limit <= before + takes < INFINITE and state.type in ("Wait", "Map"):
                found.append(Crossing(state, before, takes, limit, way_to(arrivals, node)))
    within = {one.state.scope.parent for one in found if one.state.scope.parent is not None}
    return [one for one in found if one.state not in within]


def way_to(arrivals: "Mapping[int, Arrival]", node: int) -> "tuple[Edge, ...]":
    """The edges of the shortest way to a node."""
    way: list[Edge] = []
    edge = arrivals[node].edge
    while edge is not None:
        way.append(edge)
        edge = arrivals[edge.source].edge
    return tuple(reversed(way))
