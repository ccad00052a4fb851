"""What an execution takes, at least and at most: history events, transitions, seconds. What only the run knows is a symbol.

At most is over every way that an execution can take to an end of its own; a stop, a redrive and the machine's own timeout only
make it shorter. The iterations of a distributed Map are executions of their own. Computed when a rule or a person asks.
"""

from collections.abc import Iterator, Mapping, Sequence

from asl_lint.aws.prices import PER_EXPRESS, PER_EXPRESS_SECOND, USUAL_REGION, per_transition
from asl_lint.facts.amounts import INFINITE, Amount, cut, larger, symbol, times
from asl_lint.facts.counters import Counter, count
from asl_lint.facts.cycles import goes_back
from asl_lint.facts.durations import ANY_TIME, attempt_time, wait_time
from asl_lint.facts.graph import FlowGraph
from asl_lint.facts.handlers import Retrier
from asl_lint.facts.loops import said
from asl_lint.facts.map_sizes import iterations
from asl_lint.facts.regions import Region, TooLargeError, regions
from asl_lint.facts.time_limits import EXPRESS_ENDS, execution_type, timeout
from asl_lint.facts.visits import TAKINGS, Inside, Measure, Taken, Visit, along, attempts
from asl_lint.facts.ways import Arrival, Knot, Layout, Longest, shortest
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.model.machine import Scope, State
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

YEAR: Final = 31_536_000.0
"""Seconds after which a Standard execution is over (Q)."""
MOST_EVENTS: Final = 25_000
"""Events of a Standard execution's history; the last must be its end (Q)."""


class Cause(NamedTuple):
    """Why an amount has no bound: the place, and what is not bounded there. ``is_unknown``: perhaps it is, nobody can know."""

    pointer: Pointer
    reason: str
    is_unknown: bool = False


class LoopBound(NamedTuple):
    """A loop as a budget sees it, with what ends it, or why nothing does; ``depth`` counts the loops around it."""

    graph: FlowGraph
    knot: Knot
    reason: str
    depth: int

    @property
    def counter(self) -> Counter | None:
        """What counts it; None for nothing."""
        return self.knot.counter

    @property
    def turns(self) -> Amount:
        """How often it turns at most."""
        return self.knot.turns

    @property
    def first(self) -> State:
        """The state at which the text of the loop begins."""
        return self.graph.states[self.knot.nodes[0]]


class Spent(NamedTuple):
    """What runs through a scope take in one measure. ``arrivals`` are the shortest ways to its nodes, ``most`` the longest."""

    inside: Inside
    arrivals: Mapping[int, Arrival]
    most: Mapping[int, Amount]
    lengths: Sequence[Amount]


class Budgets:
    """The budgets of one machine. ``symbols`` tells what each symbol in an amount stands for."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self.symbols: dict[str, str] = {}
        self.loops: list[LoopBound] = []
        self._sizes: dict[int, tuple[int, Amount]] = {}
        self._layouts: dict[Pointer, Layout] = {}
        self._spent: dict[Measure, dict[Pointer, Spent]] = {}
        for scope in facts.machine.scopes:
            for state in scope.states.values():
                if state.type == "Map":
                    self._sizes[state.number] = self._size(state)
            self._layouts[scope.pointer] = self._layout(scope)

    # --- what there is to walk --------------------------------------------------------------------------------------------------

    def _size(self, state: State) -> tuple[int, Amount]:
        items = iterations(self._facts, state)
        if items.most is not None:
            return items.least, items.most
        return items.least, self._symbol("n", f'items of "{state.name}"')

    def _symbol(self, letter: str, meaning: str) -> Amount:
        alike = sum(name.startswith(letter) for name in self.symbols)
        name = f"{letter}{alike + 1}" if alike else letter
        self.symbols[name] = meaning
        return symbol(name)

    def _layout(self, scope: Scope) -> Layout:
        graph = self._facts.graph.of(scope)
        edges = [edge for node in graph.order for edge in graph.out[node]]
        if not goes_back(scope):
            return Layout(graph.order, edges, (), ordered=True)
        known = {tuple(loop.region.nodes): loop for loop in self._facts.loops if loop.graph is graph}
        knots: list[Knot] = []
        parts = regions(graph, graph.order, [edge for edge in edges if edge.target < len(graph.states)])
        for region in sorted(parts, key=lambda part: part.nodes[0]):
            loop = known.get(tuple(region.nodes))
            if loop is not None and len(loop.region.edges) == len(region.edges):
                reason = f"nothing: {loop.reason}" if loop.kind == "trap" else loop.reason
                region, counter = loop.region, loop.counter
            else:
                counter, reason = _counted(region)
            knots.append(self._knot(graph, region, counter, reason))
        return Layout(graph.order, edges, knots)

    def _knot(self, graph: FlowGraph, region: Region, counter: Counter | None, reason: str) -> Knot:
        def turns(inner: Region, one: Counter) -> Amount:
            if one.most is not None:
                return one.most
            limit = f", up to {one.limit.text}" if one.limit.text else ""
            return self._symbol("k", f'turns of the loop at "{graph.states[inner.nodes[0]].name}"{limit}')

        knot = Knot(region, counter, turns)
        pending = [(knot, reason, 0)]
        while pending:
            one, why, depth = pending.pop(0)
            self.loops.append(LoopBound(graph, one, why, depth))
            pending = [(inner, said(inner.counter, inner.region), depth + 1) for inner in one.inner if inner.counter] + pending
        return knot

    def layout(self, scope: Scope) -> Layout:
        """The graph of a scope with its loops, for walks of one's own."""
        return self._layouts[scope.pointer]

    # --- what it takes ----------------------------------------------------------------------------------------------------------

    def spent(self, measure: Measure) -> Mapping[Pointer, Spent]:
        """What runs through each scope take, by the scope's pointer."""
        found = self._spent.get(measure)
        if found is None:
            found = self._spent[measure] = {}
            for scope in reversed(self._facts.machine.scopes):  # inner scopes first
                found[scope.pointer] = self._walk(scope, measure, found)
        return found

    def _seen(self, scope: Scope, measure: Measure, inside: Inside) -> Inside:
        """What runs through a scope take for the state that holds it: Express child executions end, and are billed otherwise."""
        if not scope.is_distributed or scope.body["ProcessorConfig"].get("ExecutionType") != "EXPRESS":
            return inside
        if measure == "seconds":
            return inside._replace(most=cut(inside.most, EXPRESS_ENDS), worst=cut(inside.worst, EXPRESS_ENDS))
        if measure == "billed":
            return Inside(0, 0, 0)
        if measure == "express":
            cost = Execution(self._facts, self, scope).cost()
            return Inside(0, cost, cost)
        return inside

    def _walk(self, scope: Scope, measure: Measure, inner: Mapping[Pointer, Spent]) -> Spent:
        graph = self._facts.graph.of(scope)
        is_inner = scope.parent is not None and not scope.is_distributed
        least: list[float] = [0] * len(graph.edges)
        most: list[Amount] = [0] * len(graph.edges)
        for node, state in enumerate(graph.states):
            if graph.out[node]:
                taken = self.taken(state, measure, inner)
                for edge in graph.out[node]:
                    least[edge.number], most[edge.number] = along(taken, edge, measure, is_inner)
        arrivals = shortest(graph, least)
        longest = Longest(most).from_nodes(self._layouts[scope.pointer], {graph.start: 0})
        if not graph.is_complete:  # what is hidden may be longer, and a way to success shorter
            longest = dict.fromkeys((*longest, *graph.ends), INFINITE)
        worst: Amount = 0 if any(end in longest for end in graph.ends) else INFINITE
        for end in graph.ends:
            worst = larger(worst, longest.get(end, 0))
        well = arrivals.get(graph.succeeded)
        inside = Inside(INFINITE if well is None else well.length, longest.get(graph.succeeded, 0), worst)
        return Spent(inside, arrivals, longest, most)

    def taken(self, state: State, measure: Measure, inner: Mapping[Pointer, Spent] | None = None) -> Taken:
        """What a visit of a state takes."""
        known = self.spent(measure) if inner is None else inner
        inside = [self._seen(scope, measure, known[scope.pointer].inside) for scope in state.scopes]
        return TAKINGS[measure](self.visit(state, inside))

    def visit(self, state: State, inside: Sequence[Inside] = ()) -> Visit:
        """A state with all that its length depends on."""
        least, size = self._sizes.get(state.number, (1, 1))
        retriers = self._facts.retriers.get(state.number, ())
        time = ANY_TIME
        if state.type == "Wait":
            time = wait_time(self._facts, state)
        elif state.type == "Task":
            time = ANY_TIME._replace(most=attempt_time(self._facts, state))
        return Visit(state, retriers, inside, least, size, any(scope.is_distributed for scope in state.scopes), time)

    def turn(self, loop: LoopBound, measure: Measure) -> Amount | None:
        """What a turn of a loop takes at most; None where nothing counts it, and where it has one turn only."""
        if loop.counter is None:
            return None
        return Longest(self.spent(measure)[loop.graph.scope.pointer].lengths).turn(loop.knot)

    # --- executions -------------------------------------------------------------------------------------------------------------

    @property
    def executions(self) -> "list[Execution]":
        """The execution of the machine, then those that its distributed Maps start."""
        scopes = [scope for scope in self._facts.machine.scopes if scope.parent is None or scope.is_distributed]
        return [Execution(self._facts, self, scope) for scope in scopes]


class Execution:
    """One execution: of the machine, or of an iteration of a distributed Map."""

    def __init__(self, facts: "Facts", budgets: Budgets, scope: Scope) -> None:
        self._facts = facts
        self._budgets = budgets
        self.scope = scope
        self.graph = facts.graph.of(scope)

    @property
    def pointer(self) -> Pointer:
        """Where it is written: the machine, or the Map that starts it."""
        return () if self.scope.parent is None else self.scope.parent.pointer

    @property
    def is_express(self) -> bool | None:
        """Whether it is an Express execution; None where that is not known."""
        state = next(iter(self.scope.states.values()), None)
        kind = self._facts.workflow.machine_type if state is None else execution_type(self._facts, state)
        return None if kind is None else kind == "EXPRESS"

    @property
    def ends_after(self) -> float:
        """Seconds after which it is ended whatever happens."""
        limits = [timeout(self._facts), EXPRESS_ENDS if self.is_express else None, YEAR]
        return min(seconds for seconds in limits if seconds is not None)

    def least(self, measure: Measure) -> float | None:
        """At least, for an execution that ends well; where none can, for one that ends in a Fail state; None: not known."""
        if not self.graph.is_complete:
            return None
        spent = self._spent(measure)
        ended = next((spent.arrivals[end] for end in self.graph.ends if end in spent.arrivals), None)
        return None if ended is None else ended.length + self._frame(measure)

    def most(self, measure: Measure) -> Amount:
        """At most, however it ends by itself."""
        return self._spent(measure).inside.worst + self._frame(measure)

    def most_well(self, measure: Measure) -> Amount:
        """At most, where it ends well."""
        return self._spent(measure).inside.most + self._frame(measure)

    def lasts(self) -> Amount:
        """Seconds at most; where that has no bound of its own, those after which it is ended, a year apart."""
        most = self.most("seconds")
        return self.ends_after if most == INFINITE and self.ends_after < YEAR else most

    def least_cost(self, region: str = USUAL_REGION) -> float | None:
        """About how many US dollars at least, for an execution that ends well, its child executions apart."""
        least = self.least("seconds" if self.is_express else "transitions")
        if least is None:
            return None
        return PER_EXPRESS + PER_EXPRESS_SECOND * least if self.is_express else per_transition(region) * least

    def cost(self, region: str = USUAL_REGION) -> Amount:
        """About how many US dollars at most; infinite too where nobody knows how child executions are billed."""
        if self.is_express:
            return PER_EXPRESS + times(PER_EXPRESS_SECOND, cut(self.most("seconds"), self.ends_after))
        children = [one for one in self._budgets.executions if one.scope is not self.scope]
        if self.scope.parent is None and any(one.is_express is None for one in children):
            return INFINITE
        return times(per_transition(region), self.most("billed")) + self.most("express")

    def causes(self, measure: Measure) -> list[Cause]:
        """Why it has no bound, in the order of the text."""
        return sorted(self._causes(measure), key=lambda cause: [str(part) for part in cause.pointer])

    def scopes(self) -> Iterator[Scope]:
        """The scopes that run in it, its own first."""
        pending = [self.scope]
        while pending:
            scope = pending.pop(0)
            yield scope
            pending += [one for state in scope.states.values() for one in state.scopes if not one.is_distributed]

    def loops(self) -> list[LoopBound]:
        """The loops in it, inner ones after those around them."""
        graphs = {id(self._facts.graph.of(scope)) for scope in self.scopes()}
        return [loop for loop in self._budgets.loops if id(loop.graph) in graphs]

    def _spent(self, measure: Measure) -> Spent:
        return self._budgets.spent(measure)[self.scope.pointer]

    def _frame(self, measure: Measure) -> int:
        """The events of its start and its end."""
        return 2 if measure in ("events", "untried") else 0

    def _causes(self, measure: Measure) -> Iterator[Cause]:
        graphs = [self._facts.graph.of(scope) for scope in self.scopes()]
        for graph in graphs:
            yield from (Cause(gap.pointer, gap.reason, True) for gap in graph.gaps if gap.hides == "flow")
            for node in graph.order:
                state = graph.state(node)
                reason = None if state is None else self._unbounded(state, measure)
                if state is not None and reason is not None:
                    yield Cause(state.pointer, reason)
        for loop in self.loops():
            if loop.counter is None:
                yield Cause(loop.first.pointer, loop.reason)

    def _unbounded(self, state: State, measure: Measure) -> str | None:
        if measure == "seconds" and state.type == "Wait" and self._budgets.taken(state, measure).most == INFINITE:
            return "how long it waits is said when it runs"
        if measure == "seconds" and state.type == "Task" and self._budgets.visit(state).time.most == INFINITE:
            return "it has no TimeoutSeconds, or gets them when it runs"
        if measure != "untried" and attempts(self._budgets.visit(state).retriers) == INFINITE:
            return "how often it is tried again is left to the deployment"
        if measure == "seconds":
            return _unbounded_waits(self._budgets.visit(state).retriers)
        return None


def _unbounded_waits(retriers: Sequence[Retrier]) -> str | None:
    for one in retriers:
        if one.total_delay is None:
            return "how long it waits before it is tried again is not known"
        if one.total_delay == INFINITE:
            return "the waits before it is tried again grow beyond all numbers"
    return None


def _counted(region: Region) -> tuple[Counter | None, str]:
    """What counts a region of which a fault of the data is a part."""
    if any(gap.hides == "flow" for gap in region.graph.gaps):
        return None, "where control goes is not known"
    try:
        counter = count(region)
    except TooLargeError:
        return None, "it is too large to be followed"
    return counter, "it can go round through a fault of the data" if counter is None else said(counter, region)
