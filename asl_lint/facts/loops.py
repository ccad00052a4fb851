"""The loops of a machine, what ends each of them, and how long a turn waits.

A loop is a strongly connected part of a scope's graph, over every edge but those of class ``data``. Its kind: ``trap`` (no way
out that is ever taken), ``counted`` (a proof in ``counters``), ``external`` (it can be left, but only what happens outside
decides when), or ``unknown``. Nothing is done where no transition goes back; else nearly linear in the size of the scope.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence

from asl_lint.facts.cells import Cell
from asl_lint.facts.conditions import edge_condition
from asl_lint.facts.counters import Attempt, Counter, count, guards_of, untested_counters
from asl_lint.facts.endless import why_never_left
from asl_lint.facts.graph import Edge, FlowGraph, shortest_path
from asl_lint.facts.regions import Region, TooLargeError, regions
from asl_lint.facts.tested_cells import inner_cells
from asl_lint.late import Final, Literal, NamedTuple
from asl_lint.model.machine import Scope, State
from asl_lint.source.document import is_unknown

LoopKind = Literal["trap", "counted", "external", "unknown"]


class Loop(NamedTuple):
    """A loop and what is known of its end.

    ``reason`` says in words what ends it, or why that is not known; ``cycle`` is one way round, where it is unbounded one that
    nothing inside ends; ``sure`` is False where every way round rests on an error that nobody has seen there.
    """

    region: Region
    kind: LoopKind
    reason: str
    cycle: tuple[Edge, ...]
    counter: Counter | None = None
    sure: bool = True

    @property
    def graph(self) -> FlowGraph:
        return self.region.graph

    @property
    def states(self) -> list[State]:
        """Its states, in the order of the text."""
        return [self.graph.states[node] for node in self.region.nodes]

    @property
    def exits(self) -> list[Edge]:
        """The edges that leave it, but for errors that nobody catches."""
        inside = set(self.region.nodes)
        out = self.graph.out
        return [e for node in self.region.nodes for e in out[node] if e.target not in inside and e.kind != "error"]

    @property
    def most(self) -> int | None:
        """How many turns it makes at most, where the text alone says that."""
        return None if self.counter is None else self.counter.most


def loops(scopes: Iterable[Scope], graph_of: Callable[[Scope], FlowGraph]) -> list[Loop]:
    """All loops of some scopes, one scope after the other."""
    found: list[Loop] = []
    for scope in scopes:
        graph = graph_of(scope)
        edges = [edge for edge in graph.edges if edge.fault != "data" and edge.target < len(graph.states)]
        found += [classified(region) for region in regions(graph, graph.order, edges)]
    return found


def classified(region: Region) -> Loop:
    """The loop that a region is."""
    cycle, sure = _way_round(region)
    try:
        return _classified(region, cycle, sure)
    except TooLargeError:
        return Loop(region, "unknown", "it is too large to be followed", cycle, sure=sure)


def _classified(region: Region, cycle: tuple[Edge, ...], sure: bool) -> Loop:
    graph = region.graph
    gaps = [gap for gap in graph.gaps if gap.hides == "flow"]
    inside = {graph.states[node].pointer for node in region.nodes} if gaps else set()
    length = len(graph.scope.pointer) + 2
    gap = next((gap for gap in gaps if gap.pointer[:length] in inside), None)
    if gap is not None:
        return Loop(region, "unknown", f"{gap.reason} ({'/'.join(map(str, gap.pointer))})", cycle, sure=sure)
    nodes = set(region.nodes)
    leaves = any(edge.target not in nodes and edge.kind != "error" for node in region.nodes for edge in graph.out[node])
    if not leaves:
        return Loop(region, "trap", "there is no way out", cycle, sure=sure)
    attempts: list[Attempt] = []
    counter = count(region, attempts)
    if counter is not None:
        if gaps:
            return Loop(region, "unknown", f"{gaps[0].reason} ({'/'.join(map(str, gaps[0].pointer))})", cycle, sure=sure)
        return Loop(region, "counted", said(counter, region), cycle, counter, sure)
    never = None if gaps else why_never_left(region)
    if never is not None:
        return Loop(region, "trap", never, cycle, sure=sure)
    return _uncounted(region, attempts, cycle, sure)


def said(counter: Counter, region: Region) -> str:
    """What ends a counted loop, in words."""
    cell = region.spelled(counter.cell)
    if counter.kind == "flag":
        return f"{cell} is set once, which ends it"
    if counter.kind == "list":
        return f"{cell} gets less in every turn"
    return f"{cell} goes to {counter.limit.text or 'its limit'} by {abs(counter.step)}"


def _uncounted(region: Region, attempts: Sequence[Attempt], cycle: tuple[Edge, ...], sure: bool) -> Loop:
    for attempt in attempts:
        for part in attempt.open:
            inner = _classified(part, *_way_round(part))
            if inner.kind == "external" and inner.sure:
                return Loop(region, "external", _lacks(region, attempt), inner.cycle)
    reset = _set_back(region)
    if reset is not None:
        return Loop(region, "external", *reset)
    inner_cell = inner_cells(region)
    if inner_cell is None:
        return Loop(region, "external", "only what happens outside the machine ends it", cycle, sure=sure)
    return Loop(region, "unknown", _why_unknown(region, attempts) or inner_cell.reason, cycle, sure=sure)


def _lacks(region: Region, attempt: Attempt) -> str:
    """What a way round leaves out that would end it."""
    return f"it can go round without {'stepping' if attempt.by == 'step' else 'testing'} {region.spelled(attempt.cell)}"


def _why_unknown(region: Region, attempts: Sequence[Attempt]) -> str | None:
    """What keeps the most likely counter from ending the loop; None where nothing in it counts."""
    for attempt in attempts:
        return _lacks(region, attempt)
    for cell, resets, _ in guards_of(region):
        if resets:
            return f"{region.spelled(cell)} is counted and set back in it"
    for cell in untested_counters(region):
        return f"{region.spelled(cell)} is counted, but no test of it alone decides whether it goes on"
    return None


_MOST_RESETS: Final = 8


def _set_back(region: Region) -> tuple[str, tuple[Edge, ...]] | None:
    """A way round that sets the counter back, so that no test of it ever ends the loop."""
    for cell, resets, guards in guards_of(region):
        if not guards:
            continue
        for reset, value in resets[:_MOST_RESETS]:
            back = shortest_path(region.graph, [reset.target], [reset.source], _inside(region))
            if back is None:
                continue
            cycle = (reset, *back)
            if all(edge.sure for edge in cycle) and _goes_on(region, cycle, cell, value):
                return f"{region.spelled(cell)} is set back in it", cycle
    return None


def _goes_on(region: Region, cycle: Sequence[Edge], cell: Cell, value: int) -> bool:
    """Whether the cycle can be taken again and again as far as the machine's own cells say: ``cell`` starts at ``value``."""
    changes = {edge.number: made for edge, made in region.changes(cell)}
    for edge in cycle[1:]:
        condition = edge_condition(region.graph, edge)
        if condition is None or not condition.allows_equals(cell, value):
            return False
        made = changes.get(edge.number)
        if made is not None:
            if made.kind not in ("set", "stepped") or not isinstance(made.value, int | None):
                return False
            value = made.value if made.kind == "set" else value + made.step  # type: ignore[assignment]
    nodes = sorted({edge.source for edge in cycle})
    found = inner_cells(Region(region.graph, nodes, list(cycle), region.work), known=cell)
    return found is None


def _inside(region: Region) -> Callable[[Edge], bool]:
    return _among({edge.number for edge in region.edges})


def _among(numbers: set[int]) -> Callable[[Edge], bool]:
    return lambda edge: edge.number in numbers


def _way_round(region: Region) -> tuple[tuple[Edge, ...], bool]:
    """A shortest cycle through the state at which the loop is entered; and whether one was found without doubtful edges."""
    inside = {edge.number for edge in region.edges}
    places = region.graph.places
    for only_sure in (True, False):
        allowed = {e.number for e in region.edges if e.sure} if only_sure else inside
        parts = regions(region.graph, region.nodes, [e for e in region.edges if e.number in allowed])
        if not parts:
            continue
        first = min((node for part in parts for node in part.nodes), key=lambda node: places.get(node, len(places)))
        leaving: dict[int, Edge] = {}
        for edge in region.graph.out[first]:
            if edge.number in allowed:
                leaving.setdefault(edge.target, edge)
        back = shortest_path(region.graph, list(leaving), [first], _among(allowed))
        if back is not None:
            return (leaving[back[0].source if back else first], *back), only_sure
    return (), False


# --- what a turn costs --------------------------------------------------------------------------------------------------------

_MOST_STARTS: Final = 16
"""Nodes from which a cheapest cycle is searched; where there are more, a lower bound has to do."""
UNSAID: Final = 1_000_000_000
"""Seconds of a Wait that only the run or the deployment knows."""


def wait_of(state: State) -> int:
    """The seconds that a state waits at least: a Wait's, ``UNSAID`` if these are not in the text, 0 for what does not wait."""
    if state.type != "Wait":
        return 0
    seconds = state.body.get("Seconds")
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        return max(seconds, 0)
    return UNSAID


def pauses(state: State) -> bool:
    """Whether a state takes time by itself: a Wait, or a Task that returns when the work or a person is done."""
    if state.type == "Wait":
        return wait_of(state) > 0
    resource = state.body.get("Resource")
    if state.type != "Task" or not isinstance(resource, str):
        return state.type in ("Map", "Parallel") or is_unknown(resource)
    return resource.endswith((".sync", ".sync:2", ".waitForTaskToken")) or ":activity:" in resource or is_unknown(resource)


def without_pause(region: Region) -> Region | None:
    """A part of the region in which control goes round without ever pausing."""
    graph = region.graph
    edges = [edge for edge in region.edges if not pauses(graph.states[edge.source]) and edge.sure]
    found = regions(graph, region.nodes, edges)
    return found[0] if found else None


def least_wait(region: Region) -> int:
    """The fewest seconds that a turn waits in Wait states; ``UNSAID`` or more where every way round waits for an unknown time."""
    waits = {node: wait_of(region.graph.states[node]) for node in region.nodes}
    waiting = [node for node in region.nodes if waits[node]]
    if regions(region.graph, region.nodes, [edge for edge in region.edges if not waits[edge.source]]):
        return 0
    if len(waiting) > _MOST_STARTS:  # every cycle has one of them
        return min(waits[node] for node in waiting)
    return min((cheapest_cycle(region, node, waits.__getitem__) for node in waiting), default=0)


def cheapest_cycle(region: Region, node: int, cost: Callable[[int], int]) -> int:
    """The least sum of the costs of the nodes of a cycle through the node."""
    out: dict[int, list[int]] = {}
    for edge in region.edges:
        out.setdefault(edge.source, []).append(edge.target)
    best: dict[int, int] = {}
    queue = [(cost(node), target) for target in out.get(node, ())]
    heapq.heapify(queue)
    while queue:
        spent, at = heapq.heappop(queue)
        if at in best:
            continue
        best[at] = spent
        if at == node:
            return spent
        for target in out.get(at, ()):
            if target not in best:
                heapq.heappush(queue, (spent + cost(at), target))
    return UNSAID


EVENTS: Final[Mapping[str, int]] = {"Task": 5, "Parallel": 4, "Map": 4}
"""History events of a visit that are always written; 2 for other states."""
MOST_EVENTS: Final = 24_998
"""Events that an execution has for its states, before the history is full."""


def least_events(loop: Loop) -> int:
    """The fewest history events of a turn: of a way round through one of the counter's steps, or, without a counter, of any."""
    graph = loop.graph

    def cost(node: int) -> int:
        return EVENTS.get(graph.states[node].type or "", 2)

    sources = {edge.source for edge in loop.counter.steps} if loop.counter else {edge.source for edge in loop.cycle}
    if len(sources) > _MOST_STARTS:
        return min(cost(node) for node in sources)
    return min((cheapest_cycle(loop.region, node, cost) for node in sorted(sources)), default=0)


def turns_in_time(loop: Loop, timeout: object) -> int | None:
    """How many turns the machine's TimeoutSeconds allows, if every turn waits; None where it does not bound them."""
    if not isinstance(timeout, int) or isinstance(timeout, bool):
        return None
    wait = least_wait(loop.region)
    return timeout // wait + 1 if 0 < wait < UNSAID else None
