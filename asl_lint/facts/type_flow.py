"""The types at every point of a machine: forward over each scope's graph, joined where ways meet, widened at the heads of loops.

Linear but for loops: the states of one are visited a few times, those of loops in loops more often, up to a bound for all.
"""

from heapq import heappop, heappush
from itertools import compress
from operator import attrgetter

from asl_lint.facts.environments import UNKNOWN, Environment, join_environments, widen_environments
from asl_lint.facts.graph import FlowGraph
from asl_lint.facts.state_types import StateTypes, Visit
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.machine import Scope, State
from asl_lint.source.document import Pointer
from asl_lint.types.lattice import SOMETHING, UNDEFINED, Type

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

_MOST_VARIABLES: Final = 200
"""Variables that are followed, the first in the text; the others are ANY."""
_DEEPEST: Final = 30
"""Scopes inside each other that are followed."""
_WIDENED: Final = 3
"""The visit of a loop's head from which on it is widened."""
_FORGOTTEN: Final = 20
"""The visit of a loop's head from which on nothing is known there."""
_VISITS: Final = 30
"""Visits for each state of the machine, on average, that are made at most."""


_undefined: Final = attrgetter("undefined")


class TooMuchWork(Exception):  # noqa: N818
    """The machine has more loops in loops than are followed."""


class TypeFlow:
    """The visits of all states that are reached, by the state's pointer. Where ``is_cut`` there may be states that are not."""

    def __init__(self, facts: "Facts", execution_input: Type) -> None:
        self._facts = facts
        self.visits: dict[Pointer, Visit] = {}
        self.output: Type | None = None
        """What an execution ends with that succeeds; None: none does."""
        self.is_cut = False
        self.made = 0
        """How many visits were made."""
        self._most = _VISITS * len(facts.machine.states) + 100
        self.states = StateTypes(facts, execution_input, self._run)
        self._names = facts.variable_names[:_MOST_VARIABLES]
        try:
            self.output = self._run(facts.machine.root, Environment(execution_input, self._unset()))
        except TooMuchWork:
            self.is_cut = True
            self.output = SOMETHING
            self.visits.clear()

    def after(self, visit: Visit) -> dict[int, Environment | None]:
        """What is known on each edge out of a state but those of errors that nobody catches, by the edge's number."""
        graph = self._facts.text_graph.of(visit.state.scope)
        edges = graph.out[graph.numbers[visit.state.name]]
        ends = graph.failed, graph.error
        return {edge.number: self.states.after(visit, edge) for edge in edges if edge.target not in ends}

    def _unset(self) -> dict[str, Type]:
        return dict.fromkeys(self._names, UNDEFINED)

    def _run(self, scope: Scope, entry: Environment) -> Type | None:
        graph = self._facts.text_graph.of(scope)
        if scope.depth > _DEEPEST:
            self.is_cut = True
            return SOMETHING
        if scope.is_distributed:
            entry = entry._replace(variables=self._unset())
        if not graph.is_complete:
            for state in graph.states:
                self._visit(state, UNKNOWN)
            return SOMETHING
        ending = _Run(self, graph, entry).solve()
        return None if ending is None else ending.input

    def _visit(self, state: State, before: Environment) -> Visit:
        self.made += 1
        if self.made > self._most:
            raise TooMuchWork
        visit = self.visits[state.pointer] = self.states.visit(state, self._settled(state, before))
        return visit

    def _settled(self, state: State, before: Environment) -> Environment:
        """With the variables that are set on every path here, or on none."""
        if not self._names:
            return before
        variables = self._facts.variables
        known = variables.before.get(state.pointer)
        if known is None or not known.must or not variables.is_known(state.scope):
            return before
        types = before.variables
        sure = {
            name: types[name].defined()
            for name in compress(types, map(_undefined, types.values()))  # of most variables it is settled already
            if known.must & variables.bits[name] and not types[name].is_undefined
        }
        return Environment(before.input, {**types, **sure}) if sure else before


class _Run:
    """One scope, from one start."""

    def __init__(self, flow: TypeFlow, graph: FlowGraph, entry: Environment) -> None:
        self._flow = flow
        self._graph = graph
        self._entry = entry
        self._along: dict[int, Environment | None] = {}
        """What is known on each edge that has been come to."""
        self._before: dict[int, Environment] = {}
        self._times: dict[int, int] = {}

    def solve(self) -> Environment | None:
        """What the scope ends with; None where it does not succeed."""
        graph = self._graph
        self._along = {edge.number: self._entry for edge in graph.out[graph.start]}
        if not graph.heads:
            for node in graph.order:
                before = self._joined(node)
                if before is not None:
                    self._enter(node, before)
            return self._before.get(graph.succeeded)
        places = graph.places
        waiting = [places[edge.target] for edge in graph.out[graph.start]]
        queued = set(waiting)
        while waiting:
            place = heappop(waiting)
            queued.discard(place)
            node = graph.order[place]
            before = self._joined(node)
            if before is None or self._before.get(node) == before:
                continue
            for number, after in self._enter(node, before).items():
                target = places[graph.edges[number].target]
                if after is not None and target not in queued:
                    heappush(waiting, target)
                    queued.add(target)
        return self._before.get(graph.succeeded)

    def _enter(self, node: int, before: Environment) -> dict[int, Environment | None]:
        """What is known on each edge out of a node that is entered so."""
        self._before[node] = before
        if node >= len(self._graph.states):
            return {}
        found = self._flow.after(self._flow._visit(self._graph.states[node], before))
        self._along.update(found)
        return found

    def _joined(self, node: int) -> Environment | None:
        found: Environment | None = None
        for edge in self._graph.into[node]:
            along = self._along.get(edge.number)
            if along is not None:
                found = along if found is None else join_environments(found, along)
        if found is None or node not in self._graph.heads:
            return found
        before = self._before.get(node)
        if before is None:
            return found
        self._times[node] = times = self._times.get(node, 1) + 1
        if times >= _FORGOTTEN:
            return UNKNOWN
        return widen_environments(before, found) if times >= _WIDENED else join_environments(before, found)
