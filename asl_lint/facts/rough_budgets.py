"""Whether a machine is so small, or so unbounded, that its budget need not be computed: a sum over its states decides.

Linear in the states, without a graph. ``small``: it takes no more than the limit whatever it does; ``unbounded``: it has no
bound, so that none is passed; ``open``: neither is plain.
"""

import math

from asl_lint.late import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Size = Literal["small", "unbounded", "open"]

_EACH: Final = 8
"""Events of a visit, attempts that fail apart: of a Parallel that fails, with an iteration around it."""
_ATTEMPT: Final = 5
"""Events of an attempt of a Task."""


def rough_events(facts: "Facts", limit: float) -> Size:
    """How many history events executions write at most, compared with a limit."""
    if facts.cyclic_scopes:
        return "unbounded" if goes_round_and_out(facts) else "open"
    states = facts.machine.states
    total, factor, is_open = float((_EACH + _ATTEMPT) * len(states)), 1.0, False
    for number, retriers in facts.retriers.items():
        again = 0
        for retrier in retriers:
            if retrier.attempts is None:
                return "open"
            again += retrier.attempts
        if states[number].scopes:
            factor *= 1 + again
        else:
            total += _ATTEMPT * again
    for state in facts.machine.of_type("Map"):
        from asl_lint.facts.map_sizes import map_size

        most = map_size(facts, state).most
        is_open = is_open or (most is None and not any(scope.is_distributed for scope in state.scopes))
        factor *= most or 1
    if total * factor > limit:
        return "open"
    return "unbounded" if is_open else "small"


def goes_round_and_out(facts: "Facts") -> bool:
    """Whether nothing counts a loop that can be left, plainly: in the machine's own scope, without child executions."""
    if facts.document.damaged or any(scope.is_distributed for scope in facts.machine.scopes):
        return False
    root = facts.graph.root
    count = len(root.states)
    if any(edge.fault == "data" and edge.target < count for edge in root.edges):
        return False  # what a fault of the data leads back makes other loops of them
    ends = root.ends
    return any(
        loop.graph is root
        and loop.counter is None
        and any(edge.target in ends for node in loop.region.nodes for edge in root.out[node])
        for loop in facts.loops
    )


def has_short_ways(facts: "Facts", limit: float) -> bool:
    """Whether an execution can end with no more history events than so many: the shortest way visits no state twice."""
    total = float(_EACH * (1 + len(facts.machine.states)))
    for state in facts.machine.of_type("Map"):
        if total > limit:
            return False
        if not any(scope.is_distributed for scope in state.scopes):
            from asl_lint.facts.map_sizes import iterations

            total *= max(iterations(facts, state).least, 1)
    return total <= limit


def waits_at_all(facts: "Facts") -> bool:
    """Whether a Wait of known length is in the machine: without one an execution need not take any time."""
    for state in facts.machine.states:
        if state.type != "Wait":
            continue
        seconds = state.body.get("Seconds")
        if isinstance(seconds, int | float):
            if seconds > 0:
                return True
        elif "Timestamp" not in state.body and "TimestampPath" not in state.body:
            from asl_lint.facts.durations import wait_time

            if wait_time(facts, state).least > 0:
                return True
    return False


def ends_each_task(facts: "Facts") -> bool:
    """Whether every Task has a time limit in the text, without which the time of an execution has no bound."""
    from asl_lint.facts.durations import attempt_time

    return all(state.type != "Task" or attempt_time(facts, state) < math.inf for state in facts.machine.states)
