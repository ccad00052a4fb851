"""``polls-until-finished@1``: work that a call starts is asked for until it is done, patiently, within bounds, and is stopped
when it is given up.

The calls come from a table of long-running work, from their names (``startX`` and ``getX`` of one service), or from the rule.
"""

from collections.abc import Iterable, Iterator

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, Place
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.properties.call_selector import SELECTOR, matches
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.calls import Call
    from asl_lint.facts.graph import Edge, FlowGraph
    from asl_lint.facts.polls import Poll

# The modules about loops and graphs are imported where there is a loop: most definitions have none.

_DEMANDS: Final = (
    "bounded", "most-polls", "least-polls", "waits", "least-wait", "most-wait", "stopped", "polled", "sync",
)  # fmt: skip


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "call", "problem"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    polls = [poll for poll in facts.polls if _is_meant(poll, parameters)]
    found: dict[Pointer, dict[str, Match]] = {}
    for poll in polls:
        for match in _of_poll(facts, poll, parameters):
            # A loop that asks twice a turn is one loop.
            found.setdefault(match.pointer, {}).setdefault(match.values["problem"], match)
    for problems in found.values():
        first = next(iter(problems.values()))
        yield first._replace(values={**first.values, "problem": "; ".join(problems)})
    if parameters.get("polled"):
        yield from _unpolled(facts, parameters, polls)


def _is_meant(poll: "Poll", parameters: Parameters) -> bool:
    if "check" in parameters and not matches(parameters["check"], poll.check):
        return False
    if "start" in parameters:
        return poll.start is not None and matches(parameters["start"], poll.start)
    return poll.start is not None or not parameters.get("started", True)


def _of_poll(facts: Facts, poll: "Poll", parameters: Parameters) -> Iterator[Match]:
    from asl_lint.facts.loops import UNSAID, least_wait, without_pause

    loop = poll.loop
    if not loop.sure or not loop.cycle:
        return
    if parameters.get("bounded") and not _is_bounded(facts, poll, parameters):
        yield _match(poll, poll.check, loop.reason, loop.cycle)
    problem = _times(poll, parameters)
    if problem is not None:
        yield _match(poll, poll.check, problem, loop.cycle)
    if parameters.get("waits"):
        part = without_pause(loop.region)
        if part is not None:
            yield _match(poll, poll.check, "it can go round without a Wait", loop.cycle)
    if "least-wait" in parameters:
        wait = least_wait(loop.region)
        if 0 < wait < min(parameters["least-wait"], UNSAID):
            yield _match(poll, poll.check, f"it waits {wait} second{'s' * (wait != 1)} a turn", loop.cycle)
    if "most-wait" in parameters and parameters["most-wait"] < (wait := least_wait(loop.region)) < UNSAID:
        yield _match(poll, poll.check, f"it waits at least {wait} seconds a turn", loop.cycle)
    if parameters.get("sync") and poll.work is not None and poll.work.has_sync and poll.start is not None:
        yield _match(poll, poll.start, f"{poll.start.name}.sync waits by itself", ())
    if parameters.get("stopped"):
        yield from _left_running(facts, poll, parameters)


def _times(poll: "Poll", parameters: Parameters) -> str | None:
    """What is wrong with how often it may ask, where the text alone says that."""
    most = poll.loop.most
    if poll.loop.kind != "counted" or most is None:
        return None
    least_allowed, most_allowed = parameters.get("least-polls", most), parameters.get("most-polls", most)
    if least_allowed <= most <= most_allowed:
        return None
    bound = f"less than {least_allowed}" if most < least_allowed else f"more than {most_allowed}"
    return f"it asks {most} time{'s' * (most != 1)} at most, {bound}"


def _is_bounded(facts: Facts, poll: "Poll", parameters: Parameters) -> bool:
    from asl_lint.facts.loops import turns_in_time

    loop = poll.loop
    if loop.kind in ("trap", "external"):
        if loop.kind == "external" and parameters.get("timeout-counts", True):
            is_express = facts.workflow.machine_type == "EXPRESS"  # ends within five minutes
            return is_express or turns_in_time(loop, facts.machine.body.get("TimeoutSeconds")) is not None
        return False
    return loop.kind == "counted" or not parameters.get("proved", False)


def _left_running(facts: Facts, poll: "Poll", parameters: Parameters) -> Iterator[Match]:
    """Ways from giving up to an end of the scope that pass no call which stops the work."""
    from asl_lint.facts.graph import shortest_path
    from asl_lint.facts.polls import given_up

    graph = poll.loop.graph
    if "stop" not in parameters and not poll.stops:
        return
    stopping = {
        node
        for node, state in enumerate(graph.states)
        if (call := facts.calls.get(state.number)) is not None and _stops(call, poll, parameters)
    }
    for edge in given_up(poll):
        if edge.target in stopping:
            continue
        path = shortest_path(graph, [edge.target], graph.ends, lambda e: e.target not in stopping and e.kind != "error")
        if path is not None:
            names = " or ".join(f"{poll.check.service}:{name}" for name in poll.stops) or "a call that stops it"
            yield _match(poll, poll.check, f"no {names} follows", (edge, *path), edge)


def _stops(call: "Call", poll: "Poll", parameters: Parameters) -> bool:
    if "stop" in parameters:
        return matches(parameters["stop"], call)
    return call.service == poll.check.service and call.action in poll.stops


def _unpolled(facts: Facts, parameters: Parameters, polls: "list[Poll]") -> Iterator[Match]:
    """Starts of the rule's kind from which no poll is reached."""
    if "start" not in parameters:
        return
    from asl_lint.facts.graph import shortest_path

    for state in facts.machine.states:
        call = facts.calls.get(state.number)
        if call is None or call.pattern or not matches(parameters["start"], call):
            continue
        graph = facts.graph.of(state.scope)
        if not graph.is_complete:
            continue
        goals = [graph.numbers[poll.check.state.name] for poll in polls if poll.loop.graph is graph]
        if shortest_path(graph, [graph.numbers[state.name]], goals, lambda edge: edge.kind != "error") is None:
            values = {"state": state.name, "call": call.name or "", "problem": "nothing asks whether it has finished"}
            yield Match(state.pointer, values, "key", missed=_idle_ways(facts, graph, parameters))


def _idle_ways(facts: Facts, graph: "FlowGraph", parameters: Parameters) -> tuple[Pointer, ...]:
    """The states that would lead to a call that asks, did anything lead to them."""
    asks = [
        node
        for node, state in enumerate(graph.states)
        if "check" in parameters and state.number in facts.calls and matches(parameters["check"], facts.calls[state.number])
    ]
    found = set(asks)
    for node in asks:  # grows while it is walked
        before = {edge.source for edge in graph.into[node]} - found
        found |= before
        asks += sorted(before)
    return tuple(graph.states[node].pointer for node in asks if node < len(graph.states) and node not in graph.places)


def _match(poll: "Poll", call: "Call", problem: str, way: "Iterable[Edge]", edge: "Edge | None" = None) -> Match:
    from asl_lint.facts.witness import chain

    values = {"state": call.state.name, "call": call.name or "", "problem": problem}
    related = () if poll.start is None or call is poll.start else (Place(poll.start.state.pointer, "started here", "key"),)
    path = chain(poll.loop.graph, way)
    if edge is not None:
        return Match(edge.pointer, values, related=related, path=path)
    return Match(call.state.pointer, values, "key", related=related, path=path)


_CALLS: Final = "from the table of long-running work and the names of the calls, if not given."

KIND: Final = Kind(
    name="polls-until-finished@1",
    summary="Work that a call starts is polled until it is done: within bounds, with a wait, and stopped when given up.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in _DEMANDS],
        "properties": {
            "start": {**SELECTOR, "description": f"The calls that start the work; {_CALLS}"},
            "check": {**SELECTOR, "description": f"The calls that ask for its state; {_CALLS}"},
            "stop": {**SELECTOR, "description": f"The calls that stop it; {_CALLS}"},
            "started": {
                "description": "Only polls of work that the same scope starts. Meant where start is not given.",
                "type": "boolean",
                "default": True,
            },
            "bounded": {"description": "A limit inside the machine ends the poll.", "type": "boolean"},
            "proved": {
                "description": "A poll whose end is not understood is unbounded too.",
                "type": "boolean",
                "default": False,
            },
            "timeout-counts": {
                "description": "The machine's TimeoutSeconds is a limit, if each turn waits.",
                "type": "boolean",
                "default": True,
            },
            "most-polls": {
                "description": "How often a counted poll may ask at most, where its limit is in the text.",
                "type": "integer",
                "minimum": 1,
            },
            "least-polls": {
                "description": "How often a counted poll must be allowed to ask before it gives up.",
                "type": "integer",
                "minimum": 1,
            },
            "waits": {"description": "Every turn waits.", "type": "boolean"},
            "least-wait": {"description": "The seconds that each turn waits, where it waits.", "type": "integer", "minimum": 1},
            "most-wait": {"description": "The seconds that some turn may wait and no more.", "type": "integer", "minimum": 1},
            "stopped": {"description": "Work that is given up is stopped on every way on from there.", "type": "boolean"},
            "polled": {"description": "Every call of start leads to a poll.", "type": "boolean"},
            "sync": {"description": "Report polls of work for which an integration waits by itself.", "type": "boolean"},
        },
    },
    values=_values,
    check=_check,
)
