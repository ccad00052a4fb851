"""The graphs of a machine put into each other: which state holds which scope, and where each state stands.

Built once a machine, in time linear in its scopes.
"""

from collections.abc import Callable, Mapping, Sequence

from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.late import NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

Point = tuple[int, int]
"""A graph's number and a node of it."""
EdgeKey = tuple[int, int]
"""A graph's number and the number of an edge of it."""

Takes = Callable[[Edge], bool]
"""Whether an edge counts."""


class Nesting:
    """The graphs in the machine's order, an outer one before those inside it; the first is the machine's own.

    ``parents[g]`` is the state that holds graph g, None for the first; ``children`` the graphs inside a state; ``numbers`` the
    number of the graph of each scope, by its pointer.
    """

    __slots__ = ("children", "graphs", "numbers", "parents")

    def __init__(self, graphs: Sequence[FlowGraph]) -> None:
        self.graphs = list(graphs)
        self.numbers = {graph.scope.pointer: i for i, graph in enumerate(self.graphs)}
        self.parents: list[Point | None] = []
        self.children: dict[Point, list[int]] = {}
        for i, graph in enumerate(self.graphs):
            holder = graph.scope.parent
            self.parents.append(None if holder is None else self.point(holder))
            if holder is not None:
                self.children.setdefault(self.point(holder), []).append(i)

    def point(self, state: State) -> Point:
        """Where a state stands."""
        number = self.numbers[state.scope.pointer]
        return number, self.graphs[number].numbers[state.name]

    def state(self, point: Point) -> State | None:
        """The state at a point; None at the start and the ends of a scope."""
        return self.graphs[point[0]].state(point[1])

    @property
    def is_complete(self) -> bool:
        """Whether no scope hides its flow."""
        return all(graph.is_complete for graph in self.graphs)

    def inner_failures(self, point: Point) -> bool:
        """Whether a fault of a state can come from the state itself rather than from the scopes in it: a reader, a writer."""
        state = self.state(point)
        if state is None or state.type != "Map":
            return False
        if "ItemReader" in state.body or "ResultWriter" in state.body:
            return True
        return any(self.graphs[child].scope.is_distributed for child in self.children.get(point, ()))


class Items(NamedTuple):
    """How many items a Map has: at least and at most (None: any number)."""

    least: int
    most: int | None


def items_of(state: State) -> Items:
    """The number of items of a Map, where the text says it; a Parallel runs each branch once."""
    if state.type != "Map":
        return Items(1, 1)
    written = state.body.get("Items")
    if isinstance(written, dict) and not is_unknown(written):  # a distributed Map takes each member; no other takes an object
        return Items(len(written), len(written))
    if isinstance(written, list) and not is_unknown(written) and not any(is_unknown(item) for item in written):
        return Items(len(written), len(written))
    return Items(0, None)


def runs_beside_itself(state: State) -> bool:
    """Whether what is inside a state can run several times at once: the iterations of a Map of more than one item."""
    return items_of(state).most not in (0, 1)


def is_repeated(state: State) -> bool:
    """Whether a Retrier may run the state again after it has failed."""
    retry = state.body.get("Retry")
    return isinstance(retry, list) and any(isinstance(one, Mapping) and one.get("MaxAttempts") != 0 for one in retry)


def tolerates_failures(state: State) -> bool:
    """Whether a Map can succeed although some of its child executions failed."""
    fields = (
        "ToleratedFailureCount",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentage",
        "ToleratedFailurePercentagePath",
    )
    return any(state.body.get(field, 0) != 0 for field in fields)
