"""Of what the longest way through a scope is made: a term for each state and each loop on it, in the order of the way.

Where the greater of two formulas is neither of them, no single way is the longest, and there is nothing to tell.
"""

from collections.abc import Mapping, Sequence

from asl_lint.facts.amounts import INFINITE, Amount, Formula, larger, number, sum_of, terms_in
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.ways import Distances, Knot, Layout, Longest
from asl_lint.late import TYPE_CHECKING, NamedTuple
from asl_lint.model.machine import State

if TYPE_CHECKING:
    from asl_lint.facts.budgets import Budgets
    from asl_lint.facts.visits import Measure
    from asl_lint.model.machine import Scope


class Term(NamedTuple):
    """A stretch of a way: the state, or the first state of a loop, and what it adds; of a loop ``turns`` times ``turn``, and a
    ``rest`` for the way in and out.
    """

    state: State
    amount: Amount
    turns: int = 0
    turn: Amount = 0
    rest: Amount = 0


def terms(budgets: "Budgets", scope: "Scope", graph: FlowGraph, measure: "Measure") -> list[Term] | None:
    """The terms of the longest way; None where there is no bound, or no single way has it."""
    spent = budgets.spent(measure)[scope.pointer]
    ends = [end for end in graph.ends if end in spent.most and _same(spent.most[end], spent.inside.worst)]
    if spent.inside.worst == INFINITE or not ends:
        return None
    return _Walk(graph, budgets.layout(scope), spent.lengths, spent.most).back_from(ends[0])


class _Walk:
    def __init__(self, graph: FlowGraph, layout: Layout, lengths: Sequence[Amount], best: Mapping[int, Amount]) -> None:
        self.graph = graph
        self.layout = layout
        self.lengths = lengths
        self.best = best
        self.longest = Longest(lengths)
        self.home: dict[int, Knot] = {node: part for part in layout.order if isinstance(part, Knot) for node in part.nodes}

    def back_from(self, node: int) -> list[Term] | None:
        found: list[Term] = []
        while node != self.graph.start:
            edge = self._last_edge(node)
            if edge is None:
                return None
            knot = self.home.get(edge.source)
            if knot is not None:
                entry = self._entry(knot, edge.source)
                if entry is None:
                    return None
                term = self._of_knot(knot, entry, edge)
                if term is None:
                    return None
                found.append(term)
                node = entry[0]
            else:
                state = self.graph.state(edge.source)
                if state is not None and self.lengths[edge.number] != 0:
                    found.append(Term(state, self.lengths[edge.number]))
                node = edge.source
        found.reverse()
        return found

    def _last_edge(self, node: int) -> Edge | None:
        """The edge by which the longest way comes to a node, from outside its knot."""
        wanted = self._arrivals(node)
        for edge in self._into(node):
            if wanted is not None and _same(self.best[edge.source] + self.lengths[edge.number], wanted):
                return edge
        return None

    def _into(self, node: int) -> list[Edge]:
        knot = self.home.get(node)
        return [
            edge
            for edge in self.graph.into[node]
            if edge.source in self.best and (knot is None or self.home.get(edge.source) is not knot)
        ]

    def _arrivals(self, node: int) -> Amount | None:
        """How long a way to a node can be that comes from outside its knot."""
        found: Amount | None = None
        for edge in self._into(node):
            length = self.best[edge.source] + self.lengths[edge.number]
            found = length if found is None else larger(found, length)
        return found

    def _entry(self, knot: Knot, left: int) -> tuple[int, Amount] | None:
        """The node at which the longest way through a knot enters it that leaves it at this one, and how long it is so far."""
        for node in knot.nodes:
            arrived = self._arrivals(node)
            if arrived is not None:
                through: Distances = self.longest.through(knot, {node: arrived})
                if left in through and _same(through[left], self.best[left]):
                    return node, arrived
        return None

    def _of_knot(self, knot: Knot, entry: tuple[int, Amount], edge: Edge) -> Term | None:
        state = self.graph.states[knot.nodes[0]]
        whole, before = number(self.best[edge.source] + self.lengths[edge.number]), number(entry[1])
        turn, turns = self.longest.turn(knot), number(knot.turns)
        if whole is None or before is None:
            more = _less(self.best[edge.source] + self.lengths[edge.number], entry[1])
            return None if more is None else Term(state, more)
        total, each = whole - before, None if turn is None else number(turn)
        if not each or turns is None:
            return Term(state, total)
        times = min(int(turns), int(total // each))
        return Term(state, total, times, each, total - times * each)


def _less(whole: Amount, part: Amount) -> Amount | None:
    """What a longer way has more than one that it begins with; None where that is no amount."""
    left = dict(terms_in(whole))
    for symbols, amount in terms_in(part).items():
        left[symbols] = left.get(symbols, 0) - amount
    if any(amount < 0 for amount in left.values()):
        return None
    return sum_of(left)


def _same(one: Amount, other: Amount) -> bool:
    if isinstance(one, Formula) or isinstance(other, Formula):
        return one == other
    return one == other or abs(one - other) <= 1e-9 * abs(other)
