"""Polls: loops that ask again and again for the state of work, with the call that started it and those that would stop it.

The loop of a poll is what goes round without starting anew: a retry of the whole work around it is another loop.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from asl_lint.aws.long_running import Work, checked_by, may_be_pair, plain_service, started_by
from asl_lint.facts.calls import Call
from asl_lint.facts.conditions import Test, edge_condition
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.loops import Loop, classified
from asl_lint.facts.regions import Region, regions
from asl_lint.late import NamedTuple


class Poll(NamedTuple):
    """A loop that asks for the state of work. ``start`` is the call of the same scope that leads to it, None if it is elsewhere;
    ``work`` what the table of long-running calls knows of it, None where only the names of the calls speak for it.
    """

    check: Call
    start: Call | None
    work: Work | None
    loop: Loop

    @property
    def stops(self) -> tuple[str, ...]:
        """The calls that stop such work, ``action`` alone."""
        return self.work.stops if self.work else ()


def polls(loops: Sequence[Loop], calls: Mapping[int, Call]) -> list[Poll]:
    """The polls of a machine, in the order of its loops. Nearly linear: what calls of one name share is found once."""
    found: list[Poll] = []
    scopes: dict[int, _Starts] = {}
    for loop in loops:
        graph = loop.graph
        scope = scopes.get(id(graph))
        if scope is None:
            scope = scopes[id(graph)] = _Starts(graph, calls)
        inner: dict[str, dict[int, Loop]] = {}
        for node in loop.region.nodes:
            check = calls.get(graph.states[node].number)
            if check is None or check.service is None or check.action is None:
                continue
            name = f"{check.service}:{check.action}"
            starts = scope.of(check.service, check.action)
            if not starts:
                known = checked_by(check.service, check.action)
                if known is not None and _is_tested(loop.region):
                    found.append(Poll(check, None, known, loop))
                continue
            if name not in inner:
                inner[name] = _loops_around(loop, starts.keys())
            if node in inner[name] and (nearest := _nearest(graph, starts, node)) is not None:
                found.append(Poll(check, *starts[nearest], inner[name][node]))
    return found


Started = Mapping[int, "tuple[Call, Work | None]"]


class _Starts:
    """The calls of a scope that start work, by the call that asks for its state: node -> the call, and its work."""

    def __init__(self, graph: FlowGraph, calls: Mapping[int, Call]) -> None:
        self._by_service: dict[str, list[tuple[int, Call]]] = {}
        self._of: dict[tuple[str, str], Started] = {}
        for node, state in enumerate(graph.states):
            call = calls.get(state.number)
            if call is not None and call.service is not None and call.action is not None and not call.pattern:
                self._by_service.setdefault(plain_service(call.service), []).append((node, call))

    def of(self, service: str, action: str) -> Started:
        """The starts of what a call asks for."""
        found = self._of.get((service, action))
        if found is None:
            known = checked_by(service, action)
            chosen: dict[int, tuple[Call, Work | None]] = {}
            for node, call in self._by_service.get(plain_service(service), ()):
                work = started_by(str(call.service), str(call.action))
                pair = (str(call.service), str(call.action)), (service, action)
                if action in work.checks if work else known is None and may_be_pair(*pair):
                    chosen[node] = call, work
            found = self._of[service, action] = chosen
        return found


def _loops_around(loop: Loop, starts: Collection[int]) -> dict[int, Loop]:
    """The loops that are left if nothing is started anew, by their nodes; without those that test nothing."""
    found: dict[int, Loop] = {}
    edges = [edge for edge in loop.region.edges if edge.source not in starts and edge.target not in starts]
    for region in regions(loop.graph, loop.region.nodes, edges):
        if _is_tested(region):
            whole = len(region.edges) == len(loop.region.edges)
            found |= dict.fromkeys(region.nodes, loop if whole else classified(region))
    return found


def _nearest(graph: FlowGraph, starts: Started, node: int) -> int | None:
    """The start from which the fewest edges lead to the node."""
    seen, pending = {node}, [node]
    for at in pending:  # grows while it is walked
        if at in starts:
            return at
        for edge in graph.into[at]:
            if edge.source not in seen:
                seen.add(edge.source)
                pending.append(edge.source)
    return None


def _is_tested(region: Region) -> bool:
    return any(region.graph.states[node].type == "Choice" for node in region.nodes)


def given_up(poll: Poll) -> Iterator[Edge]:
    """The edges on which the loop is left because its counter has reached the limit: nobody knows then how the work stands."""
    counter = poll.loop.counter
    if counter is None or counter.kind != "count":
        return
    for edge in poll.loop.exits:
        if edge.kind in ("rule", "default"):
            condition = edge_condition(poll.loop.graph, edge)
            if (
                condition is not None
                and condition.cases
                and condition.implies(lambda test: _is_past(test, counter.step, counter.cell))
            ):
                yield edge


def _is_past(test: Test, step: int, cell: object) -> bool:
    for one in (test, test.mirrored()):
        if one is not None and one.cell == cell:
            grows = (">", ">=") if one.holds else ("<", "<=")
            falls = ("<", "<=") if one.holds else (">", ">=")
            if one.operator in (grows if step > 0 else falls):
                return True
    return False
