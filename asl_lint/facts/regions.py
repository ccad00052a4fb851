"""Regions: parts of a flow graph in which control can go round, and what happens to cells inside them.

Work is counted, so that a huge loop costs a bounded time: ``TooLargeError`` is raised when it is used up.
"""

from collections.abc import Iterable, Iterator, Sequence

from asl_lint.facts.cells import Cell
from asl_lint.facts.effects import Effect, effect
from asl_lint.facts.graph import Edge, FlowGraph, components
from asl_lint.late import Final

DEEPEST: Final = 30
"""Loops in one another that are followed."""


class TooLargeError(Exception):
    """A loop would take too long to follow."""


class Work:
    """How many edges may still be looked at, for all loops of a scope."""

    __slots__ = ("left",)

    def __init__(self, edges: int) -> None:
        self.left = 20_000 + 10 * edges

    def spend(self, edges: int) -> None:
        """Raises TooLargeError when more is spent than there is."""
        self.left -= edges
        if self.left < 0:
            raise TooLargeError


class Region:
    """A part of a graph that control can go round in: ``nodes``, and the ``edges`` inside it that count."""

    __slots__ = ("_assigning", "_effects", "_into", "depth", "edges", "graph", "nodes", "work")

    def __init__(self, graph: FlowGraph, nodes: Sequence[int], edges: Sequence[Edge], work: Work, depth: int = 0) -> None:
        self.graph = graph
        self.nodes = nodes
        self.edges = edges
        self.work = work
        self.depth = depth
        self._effects: dict[Cell, list[tuple[Edge, Effect]]] = {}
        self._into: dict[int, list[Edge]] = {}
        self._assigning: dict[str, list[Edge]] | None = None

    @property
    def into(self) -> dict[int, list[Edge]]:
        """The edges inside, by the node to which they lead."""
        if not self._into:
            for edge in self.edges:
                self._into.setdefault(edge.target, []).append(edge)
        return self._into

    def spelled(self, cell: Cell) -> str:
        """A cell as the query language of its first state spells it."""
        return cell.spelled(self.graph.states[self.nodes[0]].language)

    def changes(self, cell: Cell) -> list[tuple[Edge, Effect]]:
        """The edges inside that do not keep the cell, and what they do to it. Raises TooLargeError."""
        found = self._effects.get(cell)
        if found is None:
            edges = self._may_change(cell)
            self.work.spend(len(edges))
            found = [(edge, made) for edge in edges if (made := effect(self.graph, edge, cell)).kind != "kept"]
            self._effects[cell] = found
        return found

    def _may_change(self, cell: Cell) -> Sequence[Edge]:
        if cell.root != "variable" or self.graph.unsaid:
            return self.edges
        if self._assigning is None:
            self._assigning = {}
            for edge in self.edges:
                for name in edge.assigns:
                    self._assigning.setdefault(name, []).append(edge)
        return self._assigning.get(cell.name, ())

    def without(self, edges: Iterable[Edge]) -> "list[Region]":
        """The parts in which control can still go round if these edges are never taken. Raises TooLargeError."""
        if self.depth >= DEEPEST:
            raise TooLargeError
        self.work.spend(len(self.edges))
        left_out = {edge.number for edge in edges}
        kept = [edge for edge in self.edges if edge.number not in left_out]
        return regions(self.graph, self.nodes, kept, self.work, self.depth + 1)

    def entries(self) -> Iterator[Edge]:
        """The edges into it: from outside, or left out of it."""
        inside = {edge.number for edge in self.edges}
        for node in self.nodes:
            yield from (edge for edge in self.graph.into[node] if edge.number not in inside)


def regions(
    graph: FlowGraph, nodes: Iterable[int], edges: Sequence[Edge], work: Work | None = None, depth: int = 0
) -> list[Region]:
    """The strongly connected parts of a graph, over these edges."""
    work = work or Work(len(edges))
    targets: dict[int, list[int]] = {}
    for edge in edges:
        targets.setdefault(edge.source, []).append(edge.target)
    left = _on_cycles(targets)
    if not left:
        return []
    parts = components((node for node in nodes if node in left), lambda node: targets.get(node, ()))
    home = {node: i for i, part in enumerate(parts) for node in part}
    inside: list[list[Edge]] = [[] for _ in parts]
    for edge in edges:
        i = home.get(edge.source)
        if i is not None and home.get(edge.target) == i:
            inside[i].append(edge)
    return [Region(graph, part, own, work, depth) for part, own in zip(parts, inside, strict=True)]


def _on_cycles(targets: dict[int, list[int]]) -> set[int]:
    """The nodes that stay when those from which nothing goes on are taken away, again and again: mostly none, found quickly."""
    sources: dict[int, list[int]] = {}
    for node, reached in targets.items():
        for target in reached:
            sources.setdefault(target, []).append(node)
    left = set(targets)
    waiting = {node: len(reached) for node, reached in targets.items()}
    gone = [node for node in sources if node not in left]
    while gone:
        for source in sources.get(gone.pop(), ()):
            waiting[source] -= 1
            if not waiting[source]:
                left.discard(source)
                gone.append(source)
    return left
