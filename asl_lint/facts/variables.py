"""Definite assignment: which variables are set before each state, on every path (``must``) and on some (``may``).

A scope starts with what is set before the state that holds it, a distributed Map's with nothing; what a scope sets ends with it.
A state's fields, its ``Assign`` and ``Output`` and those of its Catchers all read what was set before the state. A state that
went on after reading a variable without which it fails shows that the variable was set. Bits of integers, linear in practice.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from asl_lint.facts.cells import Cell
from asl_lint.facts.conditions import edge_condition
from asl_lint.facts.dataflow import NO_EFFECT, Effect, forward
from asl_lint.facts.graph import Edge, FlowGraph, shortest_path
from asl_lint.facts.match import Match, Place
from asl_lint.facts.variable_reads import Read, reads
from asl_lint.facts.witness import chain
from asl_lint.model.machine import Scope, State, StateMachine
from asl_lint.near import near
from asl_lint.source.document import Pointer, is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


class Before(NamedTuple):
    """The variables that are set before a state, as bits: on every path to it, and on some."""

    must: int
    may: int


class Assignment(NamedTuple):
    """A member of an ``Assign``: the variable, the state, and where the name is written."""

    name: str
    state: State
    pointer: Pointer


class Variables:
    """What is known of the variables of a machine.

    ``bits`` maps names to bits; ``before`` the pointers of states to what is set before them, without those that are not
    reached. Where ``is_known`` is false for a scope, what is set in it is not known.
    """

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self.assignments: tuple[Assignment, ...] = tuple(_assignments(facts.machine))
        self.bits: dict[str, int] = {name: 1 << i for i, name in enumerate(dict.fromkeys(a.name for a in self.assignments))}
        self.reads: list[Read] = reads(facts.sites)
        self.before: dict[Pointer, Before] = {}
        self.entries: dict[Pointer, Before] = {}
        """What is set when a scope starts, by the scope's pointer."""
        self._unknown: set[Pointer] = set()
        self._effects: dict[Pointer, list[Effect]] = {}
        if self.bits and (self.reads or len(facts.machine.scopes) > 1 or self._hides_functions()):
            self._solve()

    def _hides_functions(self) -> bool:
        """Whether a variable is named as a function: a call of that name reads it then."""
        from asl_lint.expressions.jsonata.functions import SIGNATURES

        return any(name in SIGNATURES for name in self.bits)

    def is_known(self, scope: Scope) -> bool:
        """Whether every way through the scope and those around it, and every Assign there, is known."""
        return scope.pointer not in self._unknown

    # --- solving ------------------------------------------------------------------------------------------------------------

    def _solve(self) -> None:
        shown: dict[Pointer, int] = {}
        for read in self.reads:
            state = read.site.state
            if read.certain and read.name in self.bits and read.site.holder == state.pointer and state.type != "Choice":
                shown[state.pointer] = shown.get(state.pointer, 0) | self.bits[read.name]
        for scope in self._facts.machine.scopes:
            graph = self._facts.graph.of(scope)
            parent = scope.parent
            entry = Before(0, 0)
            if parent is not None and not scope.is_distributed:
                found = self.before.get(parent.pointer)
                if found is None:
                    continue  # never started
                entry = found
                if not self.is_known(parent.scope):
                    self._unknown.add(scope.pointer)
            if graph.gaps:
                self._unknown.add(scope.pointer)
            self.entries[scope.pointer] = entry
            effects = self._effects[scope.pointer] = [self._effect(graph, edge, shown) for edge in graph.edges]
            must = forward(graph, entry.must, effects, must=True)
            may = forward(graph, entry.may, effects, must=False)
            for node, state in enumerate(graph.states):
                before, possible = must[node], may[node]
                if before is not None and possible is not None:
                    self.before[state.pointer] = Before(before, possible)

    def _effect(self, graph: FlowGraph, edge: Edge, shown: Mapping[Pointer, int]) -> Effect:
        gen = 0
        for name in edge.assigns:
            gen |= self.bits[name]
        state = graph.state(edge.source)
        if state is not None and edge.kind in ("next", "end"):
            gen |= shown.get(state.pointer, 0)
        if state is not None and state.type == "Choice" and self.bits and edge.kind in ("rule", "default"):
            gen |= self.shown_by_condition(graph, edge)
        return Effect(gen) if gen else NO_EFFECT

    def shown_by_condition(self, graph: FlowGraph, edge: Edge) -> int:
        """The variables that are set wherever the Choice takes the edge."""
        condition = edge_condition(graph, edge)
        if condition is None or not condition.cases:
            return 0
        tested = {test.cell.name for case in condition.cases for test in case if test.cell is not None and test.cell.name}
        return sum(self.bits[n] for n in sorted(tested) if n in self.bits and condition.implies_exists(Cell("variable", n)))

    # --- witnesses ----------------------------------------------------------------------------------------------------------

    def way_without(self, state: State, name: str) -> tuple[Place, ...]:
        """A shortest way to the state on which nothing sets the variable, from the outermost start where nothing has."""
        bit = self.bits[name]
        steps: tuple[Place, ...] = ()
        at: State | None = state
        while at is not None:
            graph = self._facts.graph.of(at.scope)
            effects = self._effects[at.scope.pointer]
            steps = chain(graph, _unset_path(graph, graph.numbers[at.name], effects, bit)) + steps
            at = None if at.scope.is_distributed else at.scope.parent
        return steps


def _unset_path(graph: FlowGraph, node: int, effects: list[Effect], bit: int) -> list[Edge]:
    return shortest_path(graph, [graph.start], [node], lambda edge: not effects[edge.number].gen & bit) or []


def readable_scopes(scope: Scope) -> list[Scope]:
    """The scope and those around it whose variables can be read in it, the inner ones first."""
    found = [scope]
    while scope.parent is not None and not scope.is_distributed:
        scope = scope.parent.scope
        found.append(scope)
    return found


def _assignments(machine: StateMachine) -> Iterator[Assignment]:
    for state in machine.states:
        body = state.body
        yield from _in_holder(state, body, state.pointer)
        for field in ("Choices", "Catch"):
            members = body.get(field)
            if isinstance(members, list):
                for i, member in enumerate(members):
                    if isinstance(member, Mapping):
                        yield from _in_holder(state, member, (*state.pointer, field, i))


def _in_holder(state: State, holder: Mapping[str, Any], pointer: Pointer) -> Iterator[Assignment]:
    assign = holder.get("Assign")
    if isinstance(assign, Mapping) and not is_unknown(assign):
        for key in assign:
            if not is_unknown(key):
                yield Assignment(key.removesuffix(".$"), state, (*pointer, "Assign", key))


# --- faults -----------------------------------------------------------------------------------------------------------------


def variable_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about what is read and what is set."""
    variables = facts.variables
    for read in variables.reads:
        yield from _read_faults(facts, variables, read)
    yield from _inner_assignments(variables)
    yield from _unused(facts, variables)
    yield from _hiding(variables)


def _read_faults(facts: "Facts", variables: Variables, read: Read) -> Iterator[Observed]:
    state = read.site.state
    bit = variables.bits.get(read.name, 0)
    before = variables.before.get(state.pointer)
    if read.called:
        return  # whether a function of that name is there is told of the expression
    if bit and (before is None or not variables.is_known(state.scope)):
        return
    if before is not None and before.must & bit:
        return
    if not bit and any(gap.hides == "assign" for graph in facts.graph for gap in graph.gaps):
        return
    if before is not None and before.may & bit:
        if not read.tolerant and not _shown_by_rule(facts, variables, read, bit):
            way = variables.way_without(state, read.name)
            yield "possibly-undefined-variable", _match(read, {"state": state.name}, path=way)
        return
    help, related = _why_not(variables, read)
    reached = before is not None or not bit
    yield "undefined-variable", _match(read, {}, help=help, related=related, sure=read.certain and reached)


def _match(
    read: Read,
    values: Mapping[str, str],
    help: str | None = None,
    related: tuple[Place, ...] = (),
    path: tuple[Place, ...] = (),
    sure: bool = True,
) -> Match:
    values = {"name": f"${read.name}", **values}
    return Match(read.site.pointer, values, within=read.within, help=help, related=related, path=path, sure=sure)


def _shown_by_rule(facts: "Facts", variables: Variables, read: Read, bit: int) -> bool:
    """Whether the read stands in the Assign or Output of a rule whose own condition shows that the variable is set."""
    state, holder = read.site.state, read.site.holder
    if state.type != "Choice" or read.site.field == "Condition":
        return False
    graph = facts.graph.of(state.scope)
    for edge in graph.out[graph.numbers[state.name]]:
        own = (*state.pointer, "Choices", edge.index) if edge.kind == "rule" else state.pointer
        if edge.kind in ("rule", "default") and own == holder:
            return bool(variables.shown_by_condition(graph, edge) & bit)
    return False


def _why_not(variables: Variables, read: Read) -> tuple[str | None, tuple[Place, ...]]:
    """A hint at what is wrong: set later, set where this state cannot see it, or misspelt."""
    state = read.site.state
    reach = readable_scopes(state.scope)
    same = [a for a in variables.assignments if a.name == read.name]
    if same:
        here = [a for a in same if a.state is state]
        if here:
            hint = "Assign sets it in this same state: the new value can be read from the next state on"
        elif any(a.state.scope in reach for a in same):
            hint = f'it is set only in "{next(a for a in same if a.state.scope in reach).state.name}", which does not come before'
        elif any(scope.is_distributed for scope in _around(state.scope)):
            hint = "the iterations of a distributed Map cannot read the variables outside it; pass it with ItemSelector"
        else:
            hint = "a variable that is set inside a branch or an item processor ends with it; pass it out in the Output"
        first = (here or same)[0]
        return hint, (Place(first.pointer, "set here", "key"),)
    known = dict.fromkeys(a.name for a in variables.assignments if a.state.scope in reach)
    near_name = near(read.name, known)
    if near_name is None and read.site.state.language == "JSONata":
        from asl_lint.expressions.jsonata.functions import SIGNATURES

        if near(read.name, ("states",)) and not known:
            near_name = "states"
        elif read.called:
            near_name = near(read.name, SIGNATURES)
    return (f"did you mean ${near_name}?" if near_name else "no Assign sets a variable of this name"), ()


def _around(scope: Scope) -> Iterator[Scope]:
    found: Scope | None = scope
    while found is not None:
        yield found
        found = found.parent.scope if found.parent is not None else None


def _inner_assignments(variables: Variables) -> Iterator[Observed]:
    """An inner scope may not set a name that can be set when it starts (2nd hand: the service refuses it)."""
    for assignment in variables.assignments:
        scope = assignment.state.scope
        entry = variables.entries.get(scope.pointer)
        if entry is None or scope.parent is None or not variables.is_known(scope.parent.scope):
            continue
        if entry.may & variables.bits[assignment.name]:
            outer = next(
                a for a in variables.assignments if a.name == assignment.name and a.state.scope in readable_scopes(scope)[1:]
            )
            related = (Place(outer.pointer, "the outer one is set here", "key"),)
            values = {"name": assignment.name, "state": scope.parent.name}
            yield "outer-variable-assigned", Match(assignment.pointer, values, "key", related=related, sure=False)


def _unused(facts: "Facts", variables: Variables) -> Iterator[Observed]:
    """Variables that no text of a scope that could see them mentions."""
    texts: dict[Pointer, list[str]] = {}
    for site in facts.sites:
        if "$" in site.text:
            for scope in readable_scopes(site.state.scope):
                texts.setdefault(scope.pointer, []).append(site.text)
    told: set[tuple[Pointer, str]] = set()
    for assignment in variables.assignments:
        scope = assignment.state.scope
        key = (scope.pointer, assignment.name)
        if key in told or not _is_plain(assignment.name):
            continue
        told.add(key)
        if not any(_mentions(text, assignment.name) for text in texts.get(scope.pointer, ())):
            yield "unused-variable", Match(assignment.pointer, {"name": assignment.name}, "key")


def _is_plain(name: str) -> bool:
    return name.isidentifier()


def _mentions(text: str, name: str) -> bool:
    at = text.find("$" + name)
    while at >= 0:
        end = at + 1 + len(name)
        if not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
            return True
        at = text.find("$" + name, end)
    return False


def _hiding(variables: Variables) -> Iterator[Observed]:
    """A variable named as a function of JSONata takes the function's place wherever it can be read."""
    found = [a for a in variables.assignments if a.state.language == "JSONata"]
    if not found:
        return
    from asl_lint.expressions.jsonata.functions import SIGNATURES

    told: set[str] = set()
    for assignment in found:
        if assignment.name in SIGNATURES and assignment.name not in told:
            told.add(assignment.name)
            yield "hidden-function", Match(assignment.pointer, {"name": assignment.name}, "key")
