"""Whether what a call takes is given back on every way to the end: a lock, a reservation, a started machine.

What is taken is held from the call's answer until a state is reached that gives it back. Held or not is a bit for each such
call, so all are followed at once; a machine that takes nothing costs nothing.
"""

from collections.abc import Sequence

from asl_lint.facts.cells import Cell
from asl_lint.facts.dataflow import Effect
from asl_lint.facts.effects import effect
from asl_lint.facts.error_sets import ErrorSet
from asl_lint.facts.events import End
from asl_lint.facts.graph import Edge
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.nesting import EdgeKey, Point, Takes
from asl_lint.facts.paths import Question, Solution
from asl_lint.facts.routes import Route, Search, Step, last_chance, route, turn
from asl_lint.late import NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer


class Release(NamedTuple):
    """A state that gives something back; ``cells`` are what must not change in between for it to be the same thing that was
    taken, None if it may be another thing anyway.
    """

    state: State
    cells: tuple[Cell, ...] | None


class Duty(NamedTuple):
    """Something that the call of a state takes, and the states that give it back.

    ``refusals`` are the errors of a release that say that it was not held any more.
    """

    state: State
    releases: tuple[Release, ...]
    refusals: ErrorSet


class Duties:
    """The duties of a machine. ``by_success``: a release counts only if it is answered, else an attempt is enough; ``data``: a
    Parallel or Map may fail by an expression of its own.
    """

    def __init__(self, facts: Facts, duties: Sequence[Duty], by_success: bool = False, data: bool = False) -> None:
        self._facts = facts
        self._nesting = facts.nesting
        self.duties = tuple(duties)
        self._by_success = by_success
        self._data = data

    def held(self, takes: Takes, only_sure: bool = False) -> Solution:
        """Where each duty can be open: bit i for the i-th. ``only_sure``: only releases count that surely give back the same."""
        if not only_sure:
            return self._held(takes, [duty.releases for duty in self.duties])
        changed = self._changed(takes)
        sure = [
            [release for release in duty.releases if self._is_same(duty, release, 1 << i, changed)]
            for i, duty in enumerate(self.duties)
        ]
        held = self._held(takes, sure)
        mixed = [self._is_mixed(i, held, changed) for i in range(len(self.duties))]
        return self._held(takes, [() if mixed[i] else one for i, one in enumerate(sure)]) if any(mixed) else held

    def _held(self, takes: Takes, releases: Sequence[Sequence[Release]]) -> Solution:
        """Where each duty can be open that its ``releases`` close."""
        nodes: dict[Point, Effect] = {}
        edges: dict[EdgeKey, Effect] = {}
        for i, duty in enumerate(self.duties):
            bit = 1 << i
            g, node = self._nesting.point(duty.state)
            for edge in self._nesting.graphs[g].out[node]:
                if edge.kind in ("next", "end"):
                    edges[g, edge.number] = _joined(edges.get((g, edge.number)), Effect(bit))
            for release in releases[i]:
                self._close(self._nesting.point(release.state), bit, duty, nodes, edges)
        return Solution(self._nesting, Question(nodes, edges, must=False, takes=takes, data=self._data))

    def open_at_ends(self, solution: Solution, ends: Sequence[End] = ("succeeded", "failed", "error")) -> int:
        """The duties that can be open at an end of the machine."""
        graph = self._nesting.graphs[0]
        found = 0
        for end in ends:
            found |= solution.before((0, getattr(graph, end))) or 0
        return found

    def is_proved(self, i: int, takes: Takes) -> bool:
        """Whether a duty is done on every way. ``takes`` must leave out no edge that an execution can take."""
        whole = self._nesting.is_complete and not self._facts.document.damaged
        return whole and not self.open_at_ends(self.held(takes, only_sure=True)) >> i & 1

    def witness(self, i: int, solution: Solution, ends: Sequence[End] = ("succeeded", "failed", "error")) -> Route | None:
        """The shortest way from taking to an end that gives nothing back; None if all that there are contradict themselves."""
        g, node = self._nesting.point(self.duties[i].state)
        begun = [edge for edge in self._nesting.graphs[g].out[node] if edge.kind in ("next", "end")]
        search = self._search(i, solution, ends)
        return route(self._nesting, search, [((g, edge.target), Step(g, edge)) for edge in begun], self._facts.constants)

    def turn(self, i: int, solution: Solution, way: Route) -> Pointer | None:
        """The transition by which a witness comes to where the duty can be done already, or not have begun."""
        return turn(self._nesting, self._search(i, solution), way.steps)

    def _search(self, i: int, solution: Solution, ends: Sequence[End] = ()) -> Search:
        graph = self._nesting.graphs[0]
        return Search(solution, 1 << i, frozenset((0, getattr(graph, end)) for end in ends), climbs=True)

    def culprit(self, i: int, way: Route, takes: Takes) -> Step:
        """The step of a witness after which nothing gives it back any more."""
        blank = Solution(self._nesting, Question({}, {}, must=False, takes=takes, data=self._data))
        return last_chance(self._nesting, blank, self.release_points(i), frozenset(), way)

    def release_points(self, i: int) -> frozenset[Point]:
        """The states that give back what a duty is about, or something that may be it."""
        return frozenset(self._nesting.point(release.state) for release in self.duties[i].releases)

    # --- which releases ---------------------------------------------------------------------------------------------------------

    def _close(self, point: Point, bit: int, duty: Duty, nodes: dict[Point, Effect], edges: dict[EdgeKey, Effect]) -> None:
        g, node = point
        if not self._by_success:
            nodes[point] = Effect(0, (nodes[point].kill if point in nodes else 0) | bit)
            return
        for edge in self._nesting.graphs[g].out[node]:
            refused = edge.kind == "catch" and edge.errors is not None and (edge.errors - duty.refusals).is_empty
            if edge.kind in ("next", "end") or refused:
                edges[g, edge.number] = _joined(edges.get((g, edge.number)), Effect(0, bit))

    def _changed(self, takes: Takes) -> Solution:
        """Where what a release reads can have changed since the duty began."""
        nesting = self._nesting
        begun = {nesting.point(duty.state): 0 for duty in self.duties}
        for i, duty in enumerate(self.duties):
            begun[nesting.point(duty.state)] |= 1 << i
        nodes = {point: Effect(bits) for point, bits in begun.items()}
        since = Solution(nesting, Question(nodes, {}, must=False, takes=takes, data=self._data))
        read = [self._cells(duty) for duty in self.duties]
        edges: dict[EdgeKey, Effect] = {}
        for g, graph in enumerate(nesting.graphs):
            for edge in graph.edges if any(read) else ():
                bits = since.leaving(g, edge)
                changes = 0
                for i, cells in enumerate(read):
                    if bits and bits >> i & 1 and any(self._changes(g, edge, cell) for cell in cells):
                        changes |= 1 << i
                if changes:
                    edges[g, edge.number] = Effect(changes)
        return Solution(
            nesting,
            Question({point: Effect(0, bits) for point, bits in begun.items()}, edges, must=False, takes=takes, data=self._data),
        )

    def _cells(self, duty: Duty) -> tuple[Cell, ...]:
        return tuple(dict.fromkeys(cell for release in duty.releases for cell in release.cells or ()))

    def _changes(self, g: int, edge: Edge, cell: Cell) -> bool:
        graph = self._nesting.graphs[g]
        if cell.root == "variable" and cell.name not in edge.assigns and not graph.unsaid:
            return False
        return effect(graph, edge, cell).kind != "kept"

    def _is_same(self, duty: Duty, release: Release, bit: int, changed: Solution) -> bool:
        if release.cells is None:
            return False
        before = changed.before(self._nesting.point(release.state))
        if before is not None and before & bit:
            return False
        return all(self._is_visible(duty.state, release.state, cell) for cell in release.cells)

    def _is_mixed(self, i: int, held: Solution, changed: Solution) -> bool:
        """Whether something else can be taken while the first is held: a release gives back the one or the other then."""
        taken = self._nesting.point(self.duties[i].state)
        return bool(((held.before(taken) or 0) & (changed.before(taken) or 0)) >> i & 1)

    def _is_visible(self, taken: State, given: State, cell: Cell) -> bool:
        """Whether a place is the same one at both states, as far as scopes go."""
        if taken.scope is given.scope:
            return True
        if cell.root == "input":
            return False
        shared = _around(taken)
        for scope in _around(given):
            if scope in shared:
                inner = shared[: shared.index(scope)]
                return not any(self._assigns(pointer, cell.name) for pointer in inner)
            if self._nesting.graphs[self._nesting.numbers[scope]].scope.is_distributed or self._assigns(scope, cell.name):
                return False
        return False

    def _assigns(self, scope: tuple[str | int, ...], name: str) -> bool:
        graph = self._nesting.graphs[self._nesting.numbers[scope]]
        return bool(graph.unsaid) or any(name in edge.assigns for edge in graph.edges)


def _around(state: State) -> list[tuple[str | int, ...]]:
    """The pointers of the scopes around a state, the nearest first."""
    found = [state.scope.pointer]
    parent = state.scope.parent
    while parent is not None:
        found.append(parent.scope.pointer)
        parent = parent.scope.parent
    return found


def _joined(one: Effect | None, other: Effect) -> Effect:
    return other if one is None else Effect(one.gen | other.gen, one.kill | other.kill)
