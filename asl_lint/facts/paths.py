"""What holds at the points of a machine, through all scopes: bits of an integer that edges and states set and clear.

As ``dataflow`` does for one graph; here a state with scopes in it does to the bits what these do. All that happens is that bits
are cleared and then others set, so a scope is solved twice, with no bit and with all bits at its start; that tells what it does
to any. Linear in edges for every turn of nested loops; scopes without anything of interest cost nothing.
"""

from collections.abc import Iterable, Mapping

from asl_lint.facts.dataflow import ALL, NO_EFFECT, Effect, forward
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.nesting import EdgeKey, Nesting, Point, Takes, is_repeated, items_of, runs_beside_itself, tolerates_failures
from asl_lint.facts.raises import NOTHING, raises
from asl_lint.late import NamedTuple


class Summary(NamedTuple):
    """What a scope does: on the ways to its good end, to its bad ends (None: there is no way), and at any point inside
    (``anywhere``: the bits that can be set there, beginning with none).
    """

    good: Effect | None
    bad: Effect | None
    anywhere: int


Table = tuple[list[int | None], list[int | None]]


class Question(NamedTuple):
    """What sets and clears bits: ``nodes`` when control comes to a state, ``edges`` when it takes one.

    ``must``: a bit holds if every way sets it (no bit may be cleared then); else if some way does. ``takes`` leaves edges out.
    ``beside``: what happens in sibling branches and other iterations counts as having happened before; ``again``: so does, in a
    further attempt of a Parallel or Map, what the attempts before did. ``data``: a Parallel or Map may also fail by an expression
    of its own, before its scopes begin or after they have ended.
    """

    nodes: Mapping[Point, Effect]
    edges: Mapping[EdgeKey, Effect]
    must: bool
    takes: Takes
    beside: bool = False
    again: bool = True
    data: bool = False


class Solution:
    """The answer to a question, for every point of the machine; the machine begins with no bit."""

    def __init__(self, nesting: Nesting, question: Question) -> None:
        self._nesting = nesting
        self._question = question
        count = len(nesting.graphs)
        self._tables: list[Table | None] = [None] * count
        self._summaries: list[Summary | None] = [None] * count
        self._entries: dict[int, int | None] = {0: 0}
        self._otherwise: dict[bool, Solution] = {}
        self._busy = {g for g, _ in (*question.nodes, *question.edges)}
        for g in range(count - 1, -1, -1):  # inner graphs first
            if g in self._busy:
                self._table(g)
                parent = nesting.parents[g]
                if parent is not None:
                    self._busy.add(parent[0])

    def before(self, point: Point) -> int | None:
        """The bits when control comes to a point; None if it never does."""
        g, node = point
        entry = self._entry(g)
        none, every = self._table(g)
        least, most = none[node], every[node]
        return None if entry is None or least is None or most is None else most & entry | least

    def leaving(self, g: int, edge: Edge) -> int | None:
        """The bits just before an edge is taken: what its state and the scopes in it have done is counted."""
        before = self.before((g, edge.source))
        effect = None if before is None else self.through(g, edge)
        return None if before is None or effect is None else effect(before)

    def after(self, g: int, edge: Edge) -> int | None:
        """The bits after an edge was taken."""
        bits = self.leaving(g, edge)
        return None if bits is None else self.own_effect(g, edge)(bits)

    def otherwise(self, *, has: bool) -> "Solution":
        """Where some way has a bit, or, without ``has``, does not have it: the same question turned round."""
        found = self._otherwise.get(has)
        if found is None:
            question = self._question._replace(must=False)
            found = Solution(self._nesting, question if has else _turned_round(question, self._nesting.graphs[0]))
            self._otherwise[has] = found
        return found

    def own_effect(self, g: int, edge: Edge) -> Effect:
        """What taking an edge does by itself."""
        return self._question.edges.get((g, edge.number), NO_EFFECT)

    def effect(self, g: int, edge: Edge) -> Effect | None:
        """What coming to the edge's source and leaving it by the edge does; None if it cannot be left so."""
        through = self.through(g, edge)
        return None if through is None else then(through, self.own_effect(g, edge))

    def through(self, g: int, edge: Edge) -> Effect | None:
        """What a state does before it is left by an edge: what comes with entering it, and what the scopes in it do."""
        point = g, edge.source
        own = self.node_effect(point)
        children = self._nesting.children.get(point)
        if not children:
            return own
        if edge.kind not in ("next", "end"):
            inside = self._left_badly(point, children)
        else:
            inside = self._left_well(point, children)
            failed = self._repeated(point)
            if inside is not None and failed is not None:
                inside = then(failed, inside)
        return None if inside is None else then(own, inside)

    def takes(self, edge: Edge) -> bool:
        """Whether the question counts the edge."""
        return self._question.takes(edge)

    def node_effect(self, point: Point) -> Effect:
        """What coming to a point does by itself."""
        return self._question.nodes.get(point, NO_EFFECT)

    def repeats(self, point: Point) -> bool:
        """Whether the scopes in a state can be run in a further attempt, and the question counts what was done before."""
        return self._question.again and self.is_retried(point)

    def fails_by_itself(self, point: Point) -> bool:
        """Whether a state with scopes can fail although none of them does."""
        state = self._nesting.state(point)
        is_data = self._question.data and state is not None and not raises(state, NOTHING).data.is_empty
        return is_data or self._nesting.inner_failures(point)

    def is_retried(self, point: Point) -> bool:
        """Whether a Retry may run a state again."""
        state = self._nesting.state(point)
        return state is not None and is_repeated(state)

    def fails(self, g: int) -> bool:
        """Whether a scope can end badly."""
        return self._summary(g).bad is not None

    # --- inside ---------------------------------------------------------------------------------------------------------------

    def _table(self, g: int) -> Table:
        """The bits before each node of a graph, from no bit and from all bits at its start."""
        table = self._tables[g]
        if table is None:
            table = self._tables[g] = self._solved(g) if g in self._busy else self._reached(g)
        return table

    def _reached(self, g: int) -> Table:
        graph = self._nesting.graphs[g]
        none = forward(graph, 0, [NO_EFFECT] * len(graph.edges), must=False, takes=self._question.takes)
        return none, [None if bits is None else ALL for bits in none]

    def _solved(self, g: int) -> Table:
        graph, base = self._nesting.graphs[g], self._question.takes
        found = [self.effect(g, edge) for edge in graph.edges]
        closed = {number for number, effect in enumerate(found) if effect is None}
        effects = [effect or NO_EFFECT for effect in found]
        takes = (lambda edge: edge.number not in closed and base(edge)) if closed else base
        must = self._question.must
        return forward(graph, 0, effects, must=must, takes=takes), forward(graph, ALL, effects, must=must, takes=takes)

    def _summary(self, g: int) -> Summary:
        summary = self._summaries[g]
        if summary is None:
            graph = self._nesting.graphs[g]
            none, every = self._table(g)
            good, *bad = (_way(none[end], every[end]) for end in graph.ends)
            anywhere = self._anywhere(g, none) if g in self._busy and not self._question.must else 0
            summary = self._summaries[g] = Summary(good, self._join(bad), anywhere)
        return summary

    def _anywhere(self, g: int, none: list[int | None]) -> int:
        found = 0
        for node, bits in enumerate(none):
            if bits is not None:
                found |= bits | self.node_effect((g, node))(bits)
                for child in self._nesting.children.get((g, node), ()):
                    found |= self._summary(child).anywhere
        return found

    def _left_well(self, point: Point, children: list[int]) -> Effect | None:
        state = self._nesting.state(point)
        assert state is not None
        summaries = [self._summary(child) for child in children]
        if state.type == "Map":
            summaries = [self._tolerant(summary) for summary in summaries] if tolerates_failures(state) else summaries
            if items_of(state).least == 0:
                # No iteration at all, or some: what they set may hold, what they clear may not be cleared.
                gen = 0
                if not self._question.must:
                    for summary in summaries:
                        gen |= 0 if summary.good is None else summary.good.gen
                return Effect(gen)
        gen = kill = 0
        for summary in summaries:
            if summary.good is None:
                return None
            gen |= summary.good.gen
            kill |= summary.good.kill
        return Effect(gen, kill)

    def _tolerant(self, summary: Summary) -> Summary:
        return summary._replace(good=self._join([summary.good, summary.bad]))

    def _left_badly(self, point: Point, children: list[int]) -> Effect | None:
        """What holds when a state with scopes fails: the scope that failed came to its end, the others were stopped anywhere."""
        state = self._nesting.state(point)
        assert state is not None
        summaries = [self._summary(child) for child in children]
        ways: list[Effect | None] = []
        everywhere = 0
        for summary in summaries:
            everywhere |= summary.anywhere
        for i, summary in enumerate(summaries):
            if summary.bad is not None:
                others = everywhere if runs_beside_itself(state) else 0
                for j, other in enumerate(summaries):
                    others |= other.anywhere if j != i else 0
                ways.append(summary.bad._replace(gen=summary.bad.gen | others))
        if not ways or self.fails_by_itself(point):
            ways.append(Effect(everywhere))
        return self._join(ways)

    def _repeated(self, point: Point) -> Effect | None:
        """What the attempts before the last one do, if there are any; None where there is one attempt only."""
        if not self.is_retried(point):
            return None
        failed = self._left_badly(point, self._nesting.children[point])
        return None if failed is None else self._join((NO_EFFECT, failed))

    def _join(self, ways: Iterable[Effect | None]) -> Effect | None:
        found: Effect | None = None
        for way in ways:
            if way is None:
                continue
            if found is None:
                found = way
            elif self._question.must:
                found = Effect(found.gen & way.gen, found.kill | way.kill)
            else:
                found = Effect(found.gen | way.gen, found.kill & way.kill)
        return found

    def _entry(self, g: int) -> int | None:
        """The bits at the start of a scope."""
        inner = [g]
        while inner[-1] not in self._entries:
            parent = self._nesting.parents[inner[-1]]
            assert parent is not None
            inner.append(parent[0])
        for scope in reversed(inner[:-1]):
            parent = self._nesting.parents[scope]
            assert parent is not None
            bits = self.before(parent)
            if bits is not None:
                bits = self.node_effect(parent)(bits)
                failed = self._repeated(parent) if self._question.again else None
                bits = bits if failed is None else failed(bits)
                if self._question.beside:
                    bits |= self._beside(scope, parent)
            self._entries[scope] = bits
        return self._entries[g]

    def _beside(self, g: int, parent: Point) -> int:
        """What sibling branches and other iterations can have set."""
        state = self._nesting.state(parent)
        assert state is not None
        bits = 0
        for sibling in self._nesting.children[parent]:
            if sibling != g or runs_beside_itself(state):
                bits |= self._summary(sibling).anywhere
        return bits


def then(first: Effect, second: Effect) -> Effect:
    """What one effect after another does."""
    if first is NO_EFFECT:
        return second
    if second is NO_EFFECT:
        return first
    return Effect(second(first.gen), first.kill | second.kill)


def _turned_round(question: Question, machine: FlowGraph) -> Question:
    """A question whose bits are set where those of another one are not: the machine begins with all of them."""
    nodes = {point: Effect(effect.kill & ~effect.gen, effect.gen) for point, effect in question.nodes.items()}
    edges = {key: Effect(effect.kill & ~effect.gen, effect.gen) for key, effect in question.edges.items()}
    every = 0
    for effect in (*question.nodes.values(), *question.edges.values()):
        every |= effect.gen | effect.kill
    for edge in machine.out[machine.start]:
        own = edges.get((0, edge.number), NO_EFFECT)
        edges[0, edge.number] = Effect(every & ~own.kill | own.gen)
    return question._replace(nodes=nodes, edges=edges)


def _way(none: int | None, every: int | None) -> Effect | None:
    """The effect that gives ``none`` from no bit and ``every`` from all bits."""
    return None if none is None or every is None else Effect(none, ~every)
