"""Where control can go: one graph per scope, with an edge for every way out of a state, errors that nobody catches included.

Effects (variables that are assigned) lie on edges, not on states. Its paths include every real execution but those that the
service itself cuts short (a timeout of the machine, a stop, a quota). Linear in states and transitions.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from asl_lint.facts.error_sets import UNCATCHABLE, ErrorSet
from asl_lint.facts.raises import NOTHING, FaultClass, Raises, caught, fail_errors, raises, uncaught
from asl_lint.late import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from asl_lint.model.machine import STATE_TYPES, Scope, State, StateMachine
from asl_lint.source.document import Document, Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

if TYPE_CHECKING:
    from asl_lint.facts.conditions import Condition

EdgeKind = Literal["start", "next", "end", "rule", "default", "catch", "error"]

NO_NAMES: Final[frozenset[str]] = frozenset()


class Edge:
    """A way from one node to another.

    ``number`` is its place in ``FlowGraph.edges``; ``source`` and ``target`` are nodes; ``index`` counts rules and Catchers;
    ``assigns`` are the variables set when it is taken; ``errors`` what it is taken for (None: no error) and ``fault`` the
    strongest class of these; ``sure`` is False where nobody has seen an error of that class there. ``pointer`` leads to where
    it is written, to its state where it is not.
    """

    __slots__ = ("assigns", "errors", "fault", "index", "kind", "number", "pointer", "source", "sure", "target")

    def __init__(
        self,
        number: int,
        kind: EdgeKind,
        source: int,
        target: int,
        pointer: Pointer,
        index: int = 0,
        assigns: frozenset[str] = NO_NAMES,
        errors: ErrorSet | None = None,
        fault: FaultClass | None = None,
        sure: bool = True,
    ) -> None:
        self.number = number
        self.kind = kind
        self.source = source
        self.target = target
        self.pointer = pointer
        self.index = index
        self.assigns = assigns
        self.errors = errors
        self.fault = fault
        self.sure = sure

    def __repr__(self) -> str:
        return f"Edge({self.number}, {self.kind}[{self.index}], {self.source} -> {self.target})"


class Gap(NamedTuple):
    """A place that hides where control goes (``flow``) or which variables are set (``assign``), and why."""

    pointer: Pointer
    reason: str
    hides: Literal["flow", "assign"] = "flow"


class FlowGraph:
    """The graph of one scope. Nodes: ``states[i]`` is node i; then come ``start``, and the ends ``succeeded``, ``failed``
    (a Fail state) and ``error`` (an error that nobody catches).

    Wherever ``gaps`` hide the flow, what is said of all paths is unknown.
    """

    __slots__ = (
        "_heads", "_places", "_unsaid", "conditions", "edges", "error", "failed", "gaps", "into", "numbers", "order", "out",
        "scope", "start", "states", "succeeded",
    )  # fmt: skip

    def __init__(
        self,
        scope: Scope,
        inner: Callable[[State], Raises],
        document: Document | None = None,
        exhaustive: Collection[Pointer] = (),
    ) -> None:
        self.scope = scope
        self.states: tuple[State, ...] = tuple(scope.states.values())
        count = len(self.states)
        self.numbers: Mapping[str, int] = scope.positions
        self.start, self.succeeded, self.failed, self.error = count, count + 1, count + 2, count + 3
        self.edges: list[Edge] = []
        self.out: list[list[Edge]] = [[] for _ in range(count + 4)]
        self.into: list[list[Edge]] = [[] for _ in range(count + 4)]
        self.gaps: list[Gap] = []
        self.conditions: dict[int, list[Condition | None]] = {}
        """Of Choice states, where ``conditions.edge_condition`` keeps what it has read."""
        self._connect("start", self.start, scope.body.get("StartAt"), (*scope.pointer, "StartAt"))
        for i, state in enumerate(self.states):
            self._leave(i, state, raises(state, inner(state) if state.scopes else NOTHING, state.pointer in exhaustive))
        if document is not None and document.damaged:
            self.gaps += [Gap(p, "it could not be read") for p in document.damaged if p[: len(scope.pointer)] == scope.pointer]
        self.order: list[int] = reverse_post_order(self.start, self.out)
        self._places: dict[int, int] | None = None
        self._heads: frozenset[int] | None = None
        self._unsaid: frozenset[Pointer] | None = None

    @property
    def places(self) -> Mapping[int, int]:
        """Where in ``order`` each node that is reached stands."""
        if self._places is None:
            self._places = {node: i for i, node in enumerate(self.order)}
        return self._places

    @property
    def heads(self) -> Collection[int]:
        """The nodes to which an edge leads back, of those that are reached."""
        if self._heads is None:
            places = self.places
            self._heads = frozenset(
                edge.target for edge in self.edges if edge.source in places and places[edge.target] <= places[edge.source]
            )
        return self._heads

    @property
    def unsaid(self) -> frozenset[Pointer]:
        """The Assign objects that hide which variables they set."""
        if self._unsaid is None:
            self._unsaid = frozenset(gap.pointer for gap in self.gaps if gap.hides == "assign")
        return self._unsaid

    @property
    def ends(self) -> tuple[int, int, int]:
        """The nodes ``succeeded``, ``failed`` and ``error``."""
        return self.succeeded, self.failed, self.error

    @property
    def is_complete(self) -> bool:
        """Whether every way that control can take is known."""
        return not any(gap.hides == "flow" for gap in self.gaps)

    def state(self, node: int) -> State | None:
        """The state of a node; None for start and the ends."""
        return self.states[node] if node < len(self.states) else None

    @property
    def raised(self) -> Raises:
        """The errors with which the scope can end: those of Fail states, and those that nobody catches."""
        found = NOTHING
        reached = set(self.order)
        for edge in (*self.into[self.failed], *self.into[self.error]):
            if edge.source in reached and edge.errors is not None:
                if edge.kind == "end" or edge.fault == "service":
                    found |= Raises(edge.errors) if edge.sure else Raises(unsure=edge.errors)
                else:
                    found |= Raises(choice=edge.errors) if edge.fault == "choice" else Raises(data=edge.errors)
        return found

    def _leave(self, node: int, state: State, raised: Raises) -> None:
        body, pointer = state.body, state.pointer
        kind = state.type
        if kind not in STATE_TYPES or is_unknown(body):
            self.gaps.append(Gap(pointer, "the type of the state is not known"))
            return
        if kind == "Succeed":
            self._add("end", node, self.succeeded, pointer)
        elif kind == "Fail":
            self._add("end", node, self.failed, pointer, errors=fail_errors(state))
        elif kind == "Choice":
            self._choose(node, state)
        else:
            assigns = self._assigns(body, pointer) if "Assign" in body else NO_NAMES
            if "Next" in body:
                self._connect("next", node, body["Next"], (*pointer, "Next"), 0, assigns)
            elif state.is_terminal:
                self._add("end", node, self.succeeded, (*pointer, "End"), 0, assigns)
            else:
                self.gaps.append(Gap(pointer, "it has no Next"))
        self._fail(node, state, raised)

    def _choose(self, node: int, state: State) -> None:
        body, pointer = state.body, state.pointer
        rules = body.get("Choices")
        if not isinstance(rules, list) or is_unknown(rules):
            self.gaps.append(Gap(pointer, "its Choices are not known"))
            return
        for i, rule in enumerate(rules):
            at: Pointer = (*pointer, "Choices", i)
            if isinstance(rule, dict) and not is_unknown(rule):
                assigns = self._assigns(rule, at) if "Assign" in rule else NO_NAMES
                self._connect("rule", node, rule.get("Next"), (*at, "Next"), i, assigns)
            else:
                self.gaps.append(Gap(at, "the rule is not known"))
        if "Default" in body:
            self._connect("default", node, body["Default"], (*pointer, "Default"), assigns=self._assigns(body, pointer))

    def _fail(self, node: int, state: State, raised: Raises) -> None:
        body, pointer = state.body, state.pointer
        left = raised
        if "Catch" in body:
            if is_unknown(body["Catch"]):
                self.gaps.append(Gap((*pointer, "Catch"), "its Catchers are not known"))
            taken, left = caught(state, raised)
            for one in taken:
                errors = one.raises.all
                if errors.is_empty:
                    continue
                at: Pointer = (*pointer, "Catch", one.number)
                catcher = body["Catch"][one.number]
                self._connect(
                    "catch", node, catcher.get("Next"), (*at, "Next"), one.number, self._assigns(catcher, at),
                    errors, one.raises.fault, one.is_known and one.raises.is_sure,
                )  # fmt: skip
        for errors, fault, sure in uncaught(left):
            self._add("error", node, self.error, pointer, 0, NO_NAMES, errors, fault, sure)

    def _assigns(self, holder: Mapping[str, Any], pointer: Pointer) -> frozenset[str]:
        if "Assign" not in holder:
            return NO_NAMES
        assign = holder["Assign"]
        if not isinstance(assign, dict) or is_unknown(assign) or any(is_unknown(name) for name in assign):
            self.gaps.append(Gap((*pointer, "Assign"), "the names that it sets are not known", "assign"))
            return NO_NAMES
        return frozenset(name.removesuffix(".$") for name in assign)

    def _connect(
        self,
        kind: EdgeKind,
        source: int,
        target: object,
        pointer: Pointer,
        index: int = 0,
        assigns: frozenset[str] = NO_NAMES,
        errors: ErrorSet | None = None,
        fault: FaultClass | None = None,
        sure: bool = True,
    ) -> None:
        node = self.numbers.get(target) if isinstance(target, str) else None
        if node is None:
            unknown = isinstance(target, str) and has_placeholder(target)
            self.gaps.append(Gap(pointer, "where it leads is left to the deployment" if unknown else "it leads nowhere"))
            return
        # As in ``_add``, without a call more for each edge.
        edge = Edge(len(self.edges), kind, source, node, pointer, index, assigns, errors, fault, sure)
        self.edges.append(edge)
        self.out[source].append(edge)
        self.into[node].append(edge)

    def _add(
        self,
        kind: EdgeKind,
        source: int,
        target: int,
        pointer: Pointer,
        index: int = 0,
        assigns: frozenset[str] = NO_NAMES,
        errors: ErrorSet | None = None,
        fault: FaultClass | None = None,
        sure: bool = True,
    ) -> None:
        edge = Edge(len(self.edges), kind, source, target, pointer, index, assigns, errors, fault, sure)
        self.edges.append(edge)
        self.out[source].append(edge)
        self.into[target].append(edge)


class FlowGraphs:
    """The graphs of all scopes of a machine, in the machine's order.

    ``exhaustive`` are Choices without a Default of which a rule holds whatever comes.
    """

    __slots__ = ("_graphs",)

    def __init__(self, machine: StateMachine, document: Document | None = None, exhaustive: Collection[Pointer] = ()) -> None:
        graphs: dict[Pointer, FlowGraph] = {}

        def inner(state: State) -> Raises:
            found = NOTHING
            for scope in state.scopes:
                graph = graphs[scope.pointer]
                # Where an inner scope hides its flow, it may end in any way.
                found |= graph.raised if graph.is_complete else Raises(~UNCATCHABLE)
            return found

        for scope in reversed(machine.scopes):  # inner scopes first: an outer state raises what leaves them
            graphs[scope.pointer] = FlowGraph(scope, inner, document, exhaustive)
        self._graphs = {scope.pointer: graphs[scope.pointer] for scope in machine.scopes}

    def __iter__(self) -> Iterator[FlowGraph]:
        return iter(self._graphs.values())

    def of(self, scope: Scope) -> FlowGraph:
        """The graph of a scope."""
        return self._graphs[scope.pointer]

    @property
    def root(self) -> FlowGraph:
        """The graph of the machine's own scope."""
        return next(iter(self._graphs.values()))

    @property
    def is_complete(self) -> bool:
        """Whether no scope hides its flow."""
        return all(graph.is_complete for graph in self)


# --- algorithms -------------------------------------------------------------------------------------------------------------


def reverse_post_order(start: int, out: Sequence[Sequence[Edge]]) -> list[int]:
    """The nodes that can be reached from ``start``, each before its successors but for edges that go back."""
    seen = bytearray(len(out))
    seen[start] = True
    order: list[int] = []
    pending: list[tuple[int, Iterator[Edge]]] = [(start, iter(out[start]))]
    while pending:
        node, edges = pending[-1]
        for edge in edges:
            target = edge.target
            if seen[target]:
                continue
            seen[target] = True
            if out[target]:
                pending.append((target, iter(out[target])))
                break
            order.append(target)  # an end
        else:
            order.append(node)
            pending.pop()
    order.reverse()
    return order


def components(nodes: Iterable[int], out: Callable[[int], Iterable[int]]) -> list[list[int]]:
    """The strongly connected components of more than one node, or of one node with an edge to itself (Tarjan, iterative).

    ``out`` gives the targets of a node's edges that count; targets outside ``nodes`` are left out. Inner components come
    before those that lead to them; the nodes of one are in ascending order. Linear.
    """
    inside = set(nodes)
    numbers: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    stacked: set[int] = set()
    found: list[list[int]] = []
    for root in sorted(inside):
        if root in numbers:
            continue
        pending: list[tuple[int, Iterator[int]]] = []

        def enter(node: int, pending: list[tuple[int, Iterator[int]]] = pending) -> None:
            numbers[node] = low[node] = len(numbers)
            stack.append(node)
            stacked.add(node)
            pending.append((node, iter([target for target in out(node) if target in inside])))

        enter(root)
        while pending:
            node, targets = pending[-1]
            for target in targets:
                if target not in numbers:
                    enter(target)
                    break
                if target in stacked:
                    low[node] = min(low[node], numbers[target])
            else:
                pending.pop()
                if pending:
                    above = pending[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == numbers[node]:
                    component: list[int] = []
                    while True:
                        member = stack.pop()
                        stacked.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    if len(component) > 1 or node in out(node):
                        found.append(sorted(component))
    return found


def shortest_path(
    graph: FlowGraph, sources: Iterable[int], targets: Iterable[int], takes: Callable[[Edge], bool]
) -> list[Edge] | None:
    """The fewest edges, of those that ``takes`` allows, from one of ``sources`` to one of ``targets``; None if there is none.

    A source that is a target gives the empty path. Ties go to the edge that is written first.
    """
    goals = set(targets)
    came: dict[int, Edge | None] = dict.fromkeys(sources)
    frontier = list(came)
    for node in frontier:  # grows while it is walked
        if node in goals:
            path: list[Edge] = []
            edge = came[node]
            while edge is not None:
                path.append(edge)
                edge = came[edge.source]
            path.reverse()
            return path
        for edge in graph.out[node]:
            if edge.target not in came and takes(edge):
                came[edge.target] = edge
                frontier.append(edge.target)
    return None
