"""The longest and the shortest way through a scope, where each edge of its graph has a length.

Loops make the difference. The steps of a counted loop are taken so often at most (``counters``); what lies between two steps goes
round only in loops that are counted by themselves. So the longest stay in it is the way to a first step, the longest way from one
step to the next for each further one, and the way out. A loop that is not counted makes every way through it infinite. Nearly
linear: each region is walked some times for each one around it.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence

from asl_lint.facts.amounts import INFINITE, Amount, Formula, larger, times
from asl_lint.facts.counters import Counter
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.regions import Region
from asl_lint.late import Final, NamedTuple

Distances = dict[int, Amount]
"""Node -> how long a way to it can be; nodes that no way reaches are left out."""
Lengths = Sequence[Amount]
"""The length of each edge of a graph, by its number."""

Turns = Callable[[Region, Counter], Amount]
"""How often the steps of a region's counter are taken in one stay."""


class Knot:
    """A region that control can go round in, with what counts it (None: nothing).

    ``turns`` is how many of the counter's steps are taken in one stay; ``between`` is the region without these (None where
    nothing counts it), ``inner`` the knots in that; ``at_last`` what is left of it when the last step has been taken and no guard
    lets through any more, None where several edges step, so that one more of them may be taken.
    """

    __slots__ = ("at_last", "between", "counter", "inner", "region", "turns")

    def __init__(self, region: Region, counter: Counter | None, turns: Turns) -> None:
        self.region = region
        self.counter = counter
        self.turns: Amount = INFINITE
        self.inner: tuple[Knot, ...] = ()
        self.between: Layout | None = None
        self.at_last: Layout | None = None
        if counter is None:
            return
        self.turns = turns(region, counter)
        self.inner = tuple(Knot(one.region, one.counter, turns) for one in counter.inner)
        stepped = {edge.number for edge in counter.steps}
        left = [edge for edge in region.edges if edge.number not in stepped]
        self.between = Layout(region.nodes, left, self.inner)
        if len(stepped) == 1:
            guards = {edge.number for edge in counter.guards}
            self.at_last = Layout(region.nodes, [edge for edge in left if edge.number not in guards], self.inner)

    @property
    def nodes(self) -> Sequence[int]:
        """The nodes of its region."""
        return self.region.nodes

    @property
    def steps(self) -> Sequence[Edge]:
        """The edges that count its turns."""
        return () if self.counter is None else self.counter.steps


class Layout:
    """Nodes and knots in an order in which each comes before those it leads to; ``out`` are the edges that leave each node or
    its knot. ``ordered``: the nodes are given in such an order, and there are no knots.
    """

    __slots__ = ("order", "out")

    def __init__(self, nodes: Sequence[int], edges: Iterable[Edge], knots: Sequence[Knot], ordered: bool = False) -> None:
        home = {node: i for i, knot in enumerate(knots) for node in knot.nodes}
        inside = set(nodes)
        self.out: dict[int, list[Edge]] = {}
        for edge in edges:
            knot = home.get(edge.source)
            if edge.source in inside and (knot is None or home.get(edge.target) != knot):
                self.out.setdefault(edge.source, []).append(edge)
        self.order: list[int | Knot] = list(nodes) if ordered else self._ordered(nodes, knots, home)

    def _ordered(self, nodes: Sequence[int], knots: Sequence[Knot], home: Mapping[int, int]) -> list[int | Knot]:
        waiting: dict[int, int] = {}  # a knot stands under -1, -2, …
        key = {node: -1 - home[node] if node in home else node for node in nodes}
        members = {key[node]: [node] for node in nodes} | {-1 - i: list(knot.nodes) for i, knot in enumerate(knots)}
        for edges in self.out.values():
            for edge in edges:
                if edge.target in key:
                    waiting[key[edge.target]] = waiting.get(key[edge.target], 0) + 1
        free = [one for one in members if not waiting.get(one)]
        order: list[int | Knot] = []
        for one in free:  # grows while it is walked
            order.append(one if one >= 0 else knots[-1 - one])
            for node in members[one]:
                for edge in self.out.get(node, ()):
                    if edge.target in key:
                        target = key[edge.target]
                        waiting[target] -= 1
                        if not waiting[target]:
                            free.append(target)
        return order


class _Turned(NamedTuple):
    """The ways on from a step of a knot: to each node, to the end of the next step (None: there is none), and to each node after
    the last step.
    """

    after: Distances
    turn: Amount | None
    at_last: Distances | None


def _lengthen(best: Distances, begin: Amount, further: Mapping[int, Amount]) -> None:
    """Take in ways that have a length already, and what further ways add to it."""
    for node, length in further.items():
        known = best.get(node)
        best[node] = begin + length if known is None else larger(known, begin + length)


def _repeated(first: Amount, turn: Amount, turns: Amount, fewer: int) -> Amount:
    """A way to the first step, and ``turns - fewer`` times the one from a step to the next."""
    if not isinstance(turns, Formula):
        return first + times(turns - fewer, turn)
    if isinstance(first, Formula) or isinstance(turn, Formula) or INFINITE in (first, turn):
        return first + times(turns, turn)
    return times(turns, turn) + max(first - fewer * turn, 0)


class Longest:
    """The longest ways through one scope, for one length of its edges."""

    def __init__(self, lengths: Lengths) -> None:
        self._lengths = lengths
        self._turns: dict[int, _Turned] = {}

    def from_nodes(self, layout: Layout, begin: Mapping[int, Amount]) -> Distances:
        """How long a way to each node can be that begins at one of these, with what lies behind it already."""
        best: Distances = dict(begin)
        lengths = self._lengths
        for part in layout.order:
            if isinstance(part, Knot):
                reached = {node: best[node] for node in part.nodes if node in best}
                if not reached:
                    continue
                best.update(self.through(part, reached))
                nodes = part.nodes
            elif part in best:
                nodes = (part,)
            else:
                continue
            for node in nodes:
                if node not in best:
                    continue
                before = best[node]
                for edge in layout.out.get(node, ()):
                    length = before + lengths[edge.number]
                    known = best.get(edge.target)
                    best[edge.target] = length if known is None else larger(known, length)
        return best

    def through(self, knot: Knot, begin: Mapping[int, Amount]) -> Distances:
        """How long a way to each node of a knot can be that enters it at these nodes, however often it goes round."""
        if knot.between is None:
            return dict.fromkeys(knot.nodes, INFINITE)
        best = self.from_nodes(knot.between, begin)
        first = self._longest_step(knot, best)
        if first is None or knot.turns == 0:
            return best
        turned = self._turned(knot)
        turn = turned.turn
        if turn is None:
            once = turned.after if knot.turns != 1 or turned.at_last is None else turned.at_last
            _lengthen(best, first, once)
        elif turned.at_last is None:
            _lengthen(best, _repeated(first, turn, knot.turns, 1), turned.after)
        else:
            if knot.turns != 1:
                _lengthen(best, _repeated(first, turn, knot.turns, 2), turned.after)
            _lengthen(best, _repeated(first, turn, knot.turns, 1), turned.at_last)
        return best

    def _turned(self, knot: Knot) -> "_Turned":
        found = self._turns.get(id(knot))
        if found is None:
            assert knot.between is not None
            begin = dict.fromkeys((edge.target for edge in knot.steps), 0)
            after = self.from_nodes(knot.between, begin)
            at_last = None if knot.at_last is None else self.from_nodes(knot.at_last, begin)
            found = self._turns[id(knot)] = _Turned(after, self._longest_step(knot, after), at_last)
        return found

    def turn(self, knot: Knot) -> Amount | None:
        """How long a turn of a counted knot can be; None where it has only one."""
        return self._turned(knot).turn

    def _longest_step(self, knot: Knot, best: Distances) -> Amount | None:
        """How long a way can be whose last edge is a step."""
        longest: Amount | None = None
        for edge in knot.steps:
            if edge.source in best:
                length = best[edge.source] + self._lengths[edge.number]
                longest = length if longest is None else larger(longest, length)
        return longest


NOWHERE: Final[float] = INFINITE
"""The shortest way to what no way leads to."""


class Arrival(NamedTuple):
    """A shortest way to a node: its length, and its last edge (None where it begins)."""

    length: float
    edge: Edge | None


def shortest(graph: FlowGraph, lengths: Sequence[float]) -> dict[int, Arrival]:
    """The shortest way from the start of a scope to each node; edges of infinite length are not taken. n log n."""
    found: dict[int, Arrival] = {}
    queue: list[tuple[float, int, int]] = [(0, -1, graph.start)]
    while queue:
        length, number, node = heapq.heappop(queue)
        if node in found:
            continue
        found[node] = Arrival(length, graph.edges[number] if number >= 0 else None)
        for edge in graph.out[node]:
            further = length + lengths[edge.number]
            if edge.target not in found and further < NOWHERE:
                heapq.heappush(queue, (further, edge.number, edge.target))
    return found
