"""What the flow of a machine does, in words and numbers: its loops with what ends them, its locks with what gives them back."""

from collections.abc import Iterable, Set

from asl_lint.facts.graph import Edge
from asl_lint.facts.locks import Lock
from asl_lint.facts.loops import UNSAID, Loop, least_events, least_wait
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.time_limits import timeout
from asl_lint.late import Any
from asl_lint.source.document import Pointer, format_pointer


def loops(facts: Facts) -> list[dict[str, Any]]:
    """Each loop with its states, its kind and why it is that, and its bounds. ``wait`` are seconds a turn waits at least."""
    return [_loop(facts, loop) for loop in facts.loops]


def _loop(facts: Facts, loop: Loop) -> dict[str, Any]:
    wait = least_wait(loop.region)
    ends = timeout(facts)
    return {
        "states": [format_pointer(state.pointer) for state in loop.states],
        "kind": loop.kind,
        "reason": loop.reason,
        "turns": loop.most,
        "counter": None if loop.counter is None else str(loop.counter.cell),
        "wait": None if wait >= UNSAID else wait,
        "events": least_events(loop),
        "timeout": ends,
        "sure": loop.sure,
        "cycle": _ways(loop.cycle),
        "exits": _ways(loop.exits),
    }


def _ways(edges: Iterable[Edge]) -> list[str]:
    """The transitions that edges are, by where they are written."""
    return list(dict.fromkeys(format_pointer(edge.pointer) for edge in edges))


def locks(facts: Facts) -> list[dict[str, Any]]:
    """Each lock: the state that takes it, and those that end its hold, if the execution gets there. ``same``: whether that is of
    the same item.
    """
    reached = {graph.states[node].pointer for graph in facts.graph for node in graph.order if node < len(graph.states)}
    return [_lock(lock, reached) for lock in facts.locks]


def _lock(lock: Lock, reached: Set[Pointer]) -> dict[str, Any]:
    return {
        "state": format_pointer(lock.write.call.state.pointer),
        "table": lock.name,
        "lease": lock.has_lease,
        "releases": [
            {"state": format_pointer(one.write.call.state.pointer), "manner": one.manner, "same": one.same.relation}
            for one in lock.freeings
            if one.write.call.state.pointer in reached
        ],
    }
