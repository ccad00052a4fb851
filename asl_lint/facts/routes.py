"""Witnesses: a shortest way through the scopes of a machine that a claim says no execution takes.

Each step is an edge. The search carries the values that the way itself gives to what is tested on it, and turns back where a test
cannot come out so; it gives up on that, and says so, where too many values meet at one state.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from asl_lint.facts.cells import Cell
from asl_lint.facts.conditions import Condition, edge_condition, excludes
from asl_lint.facts.constants import Known
from asl_lint.facts.dataflow import Effect
from asl_lint.facts.effects import effect
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.match import Place
from asl_lint.facts.nesting import EdgeKey, Nesting, Point, runs_beside_itself, tolerates_failures
from asl_lint.facts.paths import Solution
from asl_lint.facts.witness import chain
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.source.document import Pointer

_MOST_VALUES: Final = 20
"""Different sets of values with which one point is visited."""
_MOST_CELLS: Final = 40
_MOST_POSITIONS: Final = 20_000


class _Unknown:
    """A value that the way does not say."""


UNKNOWN: Final = _Unknown()
Values = tuple[Any, ...]
"""The value of each cell that is followed, ``UNKNOWN`` where it is not known."""


class Step(NamedTuple):
    """An edge of the graph with this number."""

    g: int
    edge: Edge


class Route(NamedTuple):
    """A way. ``is_plain``: no test on it depends on another one, or on a value that the way gave and that is not decided."""

    steps: tuple[Step, ...]
    is_plain: bool


class Search(NamedTuple):
    """What to look for: a way on which ``bit`` of a solution is never cleared, or, with ``avoids``, never set.

    ``climbs``: the way may leave the scope in which it begins, or go through it in another attempt; ``descends``: goals may lie
    in scopes further in; ``beside``: it goes on in sibling branches and other iterations.
    """

    solution: Solution
    bit: int
    goals: frozenset[Point]
    goal_edges: frozenset[EdgeKey] = frozenset()
    avoids: bool = False
    climbs: bool = False
    descends: bool = False
    beside: bool = False

    def survives(self, effect: Effect | None) -> bool:
        """Whether what is looked for is still so after this."""
        if effect is None:
            return False
        return not effect.gen & self.bit if self.avoids else not effect.kill & self.bit or bool(effect.gen & self.bit)


class _Position(NamedTuple):
    """Where the search stands; ``floor``: scopes are not left any more, since it went into this one by itself."""

    point: Point
    values: Values
    floor: bool
    before: "_Position | None"
    step: Step | None


def route(
    nesting: Nesting, search: Search, sources: Iterable[tuple[Point, Step | None]], known: Mapping[Any, Known]
) -> Route | None:
    """The shortest way from a source to a goal; None if there is none.

    A source is a point with the step that led to it. ``known`` are the values before states that are the same in every run.
    """
    begin = list(sources)
    cells = _tested_cells(nesting)
    finder = _Finder(nesting, search, cells)
    found = finder.find([(point, step, finder.begin(step, known)) for point, step in begin])
    if found is not None:
        return Route(found, finder.is_plain(found))
    if not finder.gave_up:
        return None
    plain = _Finder(nesting, search, ()).find([(point, step, ()) for point, step in begin])
    return None if plain is None else Route(plain, False)


def turn(nesting: Nesting, search: Search, steps: Sequence[Step]) -> Pointer | None:
    """The transition by which a way comes to where things can stand otherwise than on it: before it they never do, and from there
    on some other way has what this one lacks. None where there is none: the whole way is like that.
    """
    otherwise = search.solution.otherwise(has=search.avoids)
    for g, edge in reversed(steps):
        if nesting.state((g, edge.target)) is None:
            continue  # at an end all ways meet
        if not (otherwise.before((g, edge.target)) or 0) & search.bit:
            return None
        if not (otherwise.leaving(g, edge) or 0) & search.bit and edge.kind != "error":
            return edge.pointer
    return None


def last_chance(nesting: Nesting, blank: Solution, goals: frozenset[Point], edges: frozenset[EdgeKey], way: Route) -> Step:
    """The step of a way after which none of the goals can be reached any more; the last one, if that is so only there.

    ``blank`` says which edges count, and sets no bits.
    """
    search = Search(blank, 0, goals, edges, climbs=True, descends=True)

    def is_lost(step: Step) -> bool:
        at = step.g, step.edge.target
        return at not in goals and route(nesting, search, [(at, None)], {}) is None

    # What cannot be reached from a step cannot be reached from a later one.
    return way.steps[bisect_left(way.steps[:-1], True, key=is_lost)]


def places(nesting: Nesting, found: Sequence[Step]) -> tuple[Place, ...]:
    """The steps told to people."""
    return tuple(place for step in found for place in chain(nesting.graphs[step.g], [step.edge]))


def _tested_cells(nesting: Nesting) -> tuple[Cell, ...]:
    """What the Choice states of the machine test, as far as it can be followed."""
    cells: dict[Cell, None] = {}
    for graph in nesting.graphs:
        for node in graph.order:
            state = graph.state(node)
            if state is None or state.type != "Choice":
                continue
            for edge in graph.out[node]:
                condition = edge_condition(graph, edge)
                for case in condition.cases if condition is not None else ():
                    cells.update((test.cell, None) for test in case if test.cell is not None and test.cell.root != "context")
            if len(cells) >= _MOST_CELLS:
                return tuple(cells)[:_MOST_CELLS]
    return tuple(cells)


class _Finder:
    """One search, breadth first over points and values."""

    def __init__(self, nesting: Nesting, search: Search, cells: tuple[Cell, ...]) -> None:
        self._nesting = nesting
        self._search = search
        self._cells = cells
        self._blank: Values = (UNKNOWN,) * len(cells)
        self._changes: dict[EdgeKey, tuple[tuple[int, Any], ...]] = {}
        self.gave_up = False

    def find(self, begin: Sequence[tuple[Point, Step | None, Values]]) -> tuple[Step, ...] | None:
        search = self._search
        visited: dict[tuple[Point, bool], list[Values]] = {}
        pending = [_Position(point, values, False, None, step) for point, step, values in begin]
        for position in pending:  # grows while it is walked
            if position.step is not None and position.point in search.goals:
                return _steps(position)
            if self._is_seen(visited, position):
                continue
            if len(pending) > _MOST_POSITIONS:
                self.gave_up = bool(self._cells)
                if self.gave_up:
                    return None
            for following in self._following(position):
                step = following.step
                if step is not None and (step.g, step.edge.number) in search.goal_edges:
                    return _steps(following)
                pending.append(following)
        return None

    def _is_seen(self, visited: dict[tuple[Point, bool], list[Values]], position: _Position) -> bool:
        """Whether the point was visited with these values, or with fewer."""
        known = visited.setdefault((position.point, position.floor), [])
        values = position.values
        for other in known:
            if all(a is UNKNOWN or a is b or (type(a) is type(b) and a == b) for a, b in zip(other, values, strict=True)):
                return True
        if len(known) >= _MOST_VALUES:
            self.gave_up = True
            return True
        known.append(values)
        return False

    def _following(self, position: _Position) -> Iterator[_Position]:
        search, nesting = self._search, self._nesting
        g, node = position.point
        graph = nesting.graphs[g]
        solution = search.solution
        for edge in graph.out[node]:
            is_goal = (g, edge.number) in search.goal_edges
            if solution.takes(edge) and search.survives(solution.through(g, edge) if is_goal else solution.effect(g, edge)):
                yield from self._take(position, Step(g, edge), position.values, position.floor)
        children = nesting.children.get(position.point, ())
        if search.descends and search.survives(solution.node_effect(position.point)):
            for child in children:
                yield from self._into(position, child, True)
        if not position.floor:
            yield from self._around(position)

    def _around(self, position: _Position) -> Iterator[_Position]:
        """Out of the scope and of those around it, into what runs beside them, and into further attempts."""
        search, nesting = self._search, self._nesting
        inner, node = position.point
        parent = nesting.parents[inner]
        while parent is not None:
            if search.climbs:
                yield from self._out(position, inner, node, parent)
                if search.solution.repeats(parent) and self._can_fail(inner, node, parent):
                    for child in nesting.children[parent]:
                        yield from self._into(position, child, False)
            if search.beside:
                for sibling in nesting.children[parent]:
                    if sibling != inner or self._is_many(parent):
                        yield from self._into(position, sibling, False)
            inner, node = parent
            parent = nesting.parents[inner]

    def _into(self, position: _Position, child: int, floor: bool) -> Iterator[_Position]:
        graph = self._nesting.graphs[child]
        distributed = graph.scope.is_distributed
        values = tuple(
            value if cell.root == "variable" and not distributed else UNKNOWN
            for cell, value in zip(self._cells, position.values, strict=True)
        )
        for edge in graph.out[graph.start]:
            yield from self._take(position, Step(child, edge), values, floor)

    def _out(self, position: _Position, inner: int, node: int, parent: Point) -> Iterator[_Position]:
        """Leaving the scope ``inner``, where control is at ``node``: by its end, stopped, or after a further attempt."""
        solution, g = self._search.solution, parent[0]
        bad = self._can_fail(inner, node, parent)
        good = self._is_through(inner, node, parent)
        again = bad and solution.is_retried(parent)
        for edge in self._nesting.graphs[g].out[parent[1]]:
            is_good = edge.kind in ("next", "end")
            if not solution.takes(edge) or not (good or again if is_good else bad):
                continue
            passed = solution.effect(g, edge) if is_good and not good else solution.own_effect(g, edge)
            if self._search.survives(passed):
                yield from self._take(position, Step(g, edge), self._blank, position.floor)

    def _is_through(self, inner: int, node: int, parent: Point) -> bool:
        """Whether the state around can go on with control at ``node``: the scope has ended well, or its failure is tolerated."""
        graph, state = self._nesting.graphs[inner], self._nesting.state(parent)
        if node in (graph.failed, graph.error):
            return state is not None and state.type == "Map" and tolerates_failures(state)
        return node == graph.succeeded

    def _can_fail(self, inner: int, node: int, parent: Point) -> bool:
        """Whether the state around fails with control at ``node``: the scope has failed, or something beside it fails."""
        graph = self._nesting.graphs[inner]
        if node in (graph.failed, graph.error) or self._search.solution.fails_by_itself(parent):
            return True
        beside = (other for other in self._nesting.children[parent] if other != inner or self._is_many(parent))
        return any(self._search.solution.fails(other) for other in beside)

    def _is_many(self, parent: Point) -> bool:
        """Whether what is inside a state can run several times beside itself."""
        state = self._nesting.state(parent)
        return state is not None and runs_beside_itself(state)

    # --- values ---------------------------------------------------------------------------------------------------------------

    def begin(self, step: Step | None, known: Mapping[Any, Known]) -> Values:
        """The values at a source: those that are the same in every run, and what the step that led to it does."""
        if step is None:
            return self._blank
        state = self._nesting.graphs[step.g].state(step.edge.source)
        values = self._blank
        if state is not None and state.pointer in known:
            values = tuple(_value_of(cell, known[state.pointer]) for cell in self._cells)
        after = self._after(step, values)
        return self._blank if after is None else after

    def _take(self, position: _Position, step: Step, values: Values, floor: bool) -> Iterator[_Position]:
        after = self._after(step, values)
        if after is not None:
            yield _Position((step.g, step.edge.target), after, floor, position, step)

    def _after(self, step: Step, values: Values) -> Values | None:
        """The values after a step; None if it cannot be taken with those before it."""
        if not self._cells:
            return values
        graph, edge = self._nesting.graphs[step.g], step.edge
        condition = edge_condition(graph, edge)
        if condition is not None and edge.kind in ("rule", "default"):
            cases = [case for case in condition.cases if self._allows(case, values)]
            if not cases:
                return None
            values = self._learnt(Condition(tuple(cases)), values)
        changes = self._changes.get((step.g, edge.number))
        if changes is None:
            changes = self._changes[step.g, edge.number] = tuple(self._changed(graph, edge))
        if not changes:
            return values
        changed = list(values)
        for i, value in changes:
            changed[i] = value
        return tuple(changed)

    def _allows(self, case: Iterable[Any], values: Values) -> bool:
        return all(
            not any(excludes(test, cell, value) for test in case)
            for cell, value in zip(self._cells, values, strict=True)
            if value is not UNKNOWN
        )

    def _learnt(self, condition: Condition, values: Values) -> Values:
        """With what the condition says of the cells: those that equal one value in all its cases."""
        learnt = list(values)
        for i, cell in enumerate(self._cells):
            if values[i] is UNKNOWN:
                for test in condition.cases[0]:
                    operand = test.operand
                    if (
                        test.cell == cell
                        and test.operator == "="
                        and test.holds
                        and operand.kind == "literal"
                        and _is_plain(operand.value)
                    ):
                        if condition.implies_equals(cell, operand.value):
                            learnt[i] = operand.value
                        break
        return tuple(learnt)

    def _changed(self, graph: FlowGraph, edge: Edge) -> Iterator[tuple[int, Any]]:
        """What the edge does to the cells: the number of each that it changes, and the new value."""
        if edge.kind == "start" or edge.kind == "error":
            return
        for i, cell in enumerate(self._cells):
            if cell.root == "variable" and cell.name not in edge.assigns and not graph.unsaid:
                continue
            made = effect(graph, edge, cell)
            if made.kind != "kept":
                yield i, made.value if made.kind == "set" and _is_plain(made.value) and made.value is not None else UNKNOWN

    def is_plain(self, steps: Sequence[Step]) -> bool:
        """Whether no test on the way depends on an earlier one, other than by a value that is known and decides it."""
        seen: list[Cell] = []
        anything = False
        values = self._blank
        for step in steps:
            graph = self._nesting.graphs[step.g]
            condition = edge_condition(graph, step.edge)
            if step.edge.kind in ("rule", "default"):
                if condition is None:
                    tested: list[Cell | None] = [None]
                else:
                    tested = [test.cell for case in condition.cases for test in case]
                known = {cell for cell, value in zip(self._cells, values, strict=True) if value is not UNKNOWN}
                open_cells = [cell for cell in tested if cell is None or cell not in known]
                if (None in open_cells and (seen or anything)) or (anything and open_cells):
                    return False
                if any(one is not None and (one.holds(cell) or cell.holds(one)) for one in open_cells for cell in seen):
                    return False
                anything = anything or None in tested
                seen += [cell for cell in tested if cell is not None]
            values = self._after(step, values) or self._blank
        return True


def _steps(position: _Position) -> tuple[Step, ...]:
    found: list[Step] = []
    at: _Position | None = position
    while at is not None:
        if at.step is not None:
            found.append(at.step)
        at = at.before
    found.reverse()
    return tuple(found)


def _value_of(cell: Cell, known: Known) -> Any:
    """The value of a cell where it is the same in every run."""
    value = known.variables.get(cell.name, UNKNOWN) if cell.root == "variable" else known.input
    if cell.measure or cell.root == "context":
        return UNKNOWN
    for member in cell.members:
        if not isinstance(value, dict) or member not in value:
            return UNKNOWN
        value = value[member]
    return value if _is_plain(value) and value is not None else UNKNOWN


def _is_plain(value: object) -> bool:
    return value is None or type(value) in (bool, int, float, str)
