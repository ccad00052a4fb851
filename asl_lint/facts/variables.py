"""Definite assignment: which variables are set before each state, on every path (``must``) and on some (``may``).

A scope starts with what is set before the state that holds it, a distributed Map's with nothing; what a scope sets ends with it.
A state's fields, its ``Assign`` and ``Output`` and those of its Catchers all read what was set before the state. A state that
went on after reading a variable without which it fails shows that the variable was set. Bits of integers, linear in practice.
"""

from collections.abc import Iterator, Mapping

from asl_lint.facts.cells import Cell
from asl_lint.facts.conditions import edge_condition
from asl_lint.facts.dataflow import NO_EFFECT, Effect, forward
from asl_lint.facts.graph import NO_NAMES, Edge, FlowGraph
from asl_lint.facts.match import Match, Place
from asl_lint.facts.sites import Site
from asl_lint.facts.values import alternatives
from asl_lint.facts.variable_reads import Read, reads
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple, Pattern, cached_property
from asl_lint.model.machine import Scope, State, StateMachine
from asl_lint.near import near
from asl_lint.source.document import Pointer, is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.nesting import Nesting

Observed = tuple[str, Match]

_NAME: Final = Pattern(r"\$(\w+)")
_PLAIN: Final = Pattern(r"[^\W\d]\w*")


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
        self.before: dict[Pointer, Before] = {}
        self.entries: dict[Pointer, Before] = {}
        """What is set when a scope starts, by the scope's pointer."""
        self._needed: dict[Pointer, int] = {}
        """Without what a state cannot go on, by its pointer, nor a Choice take a rule, by the rule's, or its Default."""
        self._naming: set[int] = set()
        """The Choice states, by number, of which a text names a variable that something sets."""
        self._by_name: dict[str, list[Assignment]] | None = None
        self._near: dict[tuple[str, Pointer, str, bool], str | None] = {}
        self._unknown: set[Pointer] = set()
        self.effects: dict[Pointer, list[Effect]] = {}
        """What is set wherever control takes an edge, by its number, for the scope with a pointer."""
        if self.bits and (self.reads or len(facts.machine.scopes) > 1 or self._hides_functions()):
            self._solve()

    @cached_property
    def reads(self) -> list[Read]:
        """Every read of a variable, or of a function of JSONata."""
        return reads(self._facts.sites)

    @cached_property
    def nesting(self) -> "Nesting":
        """The graphs over which ``effects`` count, put into each other."""
        from asl_lint.facts.nesting import Nesting

        return Nesting(list(self._facts.text_graph))

    def _hides_functions(self) -> bool:
        """Whether a variable is named as a function: a call of that name reads it then."""
        from asl_lint.expressions.jsonata.functions import SIGNATURES

        return any(name in SIGNATURES for name in self.bits)

    def is_known(self, scope: Scope) -> bool:
        """Whether every way through the scope and those around it, and every Assign there, is known."""
        return scope.pointer not in self._unknown

    def assignments_of(self, name: str) -> list[Assignment]:
        """Where the variable is set, in the order of the text."""
        if self._by_name is None:
            self._by_name = {}
            for assignment in self.assignments:
                self._by_name.setdefault(assignment.name, []).append(assignment)
        return self._by_name.get(name, [])

    def near_name(self, read: Read) -> str | None:
        """The name that a read of a variable that nothing sets was probably meant to be."""
        state = read.site.state
        key = (read.name, state.scope.pointer, state.language, read.called)
        if key not in self._near:
            self._near[key] = _near_name(self, read)
        return self._near[key]

    # --- solving ------------------------------------------------------------------------------------------------------------

    def _solve(self) -> None:
        self._find_needed()
        self._find_naming()
        bits_of = {NO_NAMES: NO_EFFECT}
        for scope in self._facts.machine.scopes:
            graph = self._facts.text_graph.of(scope)
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
            for edge in graph.edges:
                if edge.assigns not in bits_of:
                    bits_of[edge.assigns] = Effect(sum(self.bits[name] for name in edge.assigns))
            assigned = [bits_of[edge.assigns] for edge in graph.edges]
            effects = self._effects(graph, assigned) if self._needed or self._naming else assigned
            self.effects[scope.pointer] = effects
            must = forward(graph, entry.must, effects, must=True)
            may = forward(graph, entry.may, assigned, must=False)
            for node, state in enumerate(graph.states):
                before, possible = must[node], may[node]
                if before is not None and possible is not None:
                    self.before[state.pointer] = Before(before, possible)

    def _find_needed(self) -> None:
        needed = self._needed
        for read in self.reads:
            if read.certain and read.name in self.bits and _is_always_evaluated(read.site):
                needed[read.site.holder] = needed.get(read.site.holder, 0) | self.bits[read.name]
        for state in dict.fromkeys(read.site.state for read in self.reads if read.site.state.type == "Choice"):
            if isinstance(rules := state.body.get("Choices"), list):
                tried = 0
                for i in range(len(rules)):
                    at = (*state.pointer, "Choices", i)
                    tried = needed[at] = tried | needed.get(at, 0)
                needed[state.pointer] = tried

    def _find_naming(self) -> None:
        # By the texts: of a condition with a placeholder no read is known, and what it shows is.
        for site in self._facts.sites:
            if site.state.type == "Choice" and not self.bits.keys().isdisjoint(_NAME.findall(site.text)):
                self._naming.add(site.state.number)

    def _effects(self, graph: FlowGraph, assigned: list[Effect]) -> list[Effect]:
        """What is set wherever control takes an edge: what it sets, and what it could not be taken without."""
        found = list(assigned)
        for edge in graph.edges:
            shown = 0
            if edge.kind in ("rule", "default"):
                shown = self.shown_by_condition(graph, edge)
            elif edge.kind in ("next", "end"):
                shown = self._needed.get(graph.states[edge.source].pointer, 0)
            if shown:
                found[edge.number] = Effect(assigned[edge.number].gen | shown)
        return found

    def shown_by_condition(self, graph: FlowGraph, edge: Edge) -> int:
        """The variables that are set wherever the Choice takes the edge."""
        state = graph.states[edge.source]
        pointer = state.pointer
        if state.number not in self._naming:
            return 0
        shown = self._needed.get((*pointer, "Choices", edge.index) if edge.kind == "rule" else pointer, 0)
        condition = edge_condition(graph, edge)
        if condition is None or not condition.cases:
            return shown
        tested = {test.cell.name for case in condition.cases for test in case if test.cell is not None and test.cell.name}
        for name in sorted(tested):
            if name in self.bits and condition.implies_exists(Cell("variable", name)):
                shown |= self.bits[name]
        return shown


def _is_always_evaluated(site: Site) -> bool:
    """Whether the state, or the rule, cannot be passed without it: not what only one way out evaluates, or each item of a Map."""
    if site.state.type == "Choice":
        return site.owner == "ChoiceRule" and site.field not in ("Assign", "Output")
    return site.holder == site.state.pointer and site.field != "ItemSelector"


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
        if "Assign" in body:
            yield from _in_holder(state, body, state.pointer)
        for field in ("Choices", "Catch"):
            members = body.get(field)
            if isinstance(members, list):
                for i, member in enumerate(members):
                    if isinstance(member, dict) and "Assign" in member:
                        yield from _in_holder(state, member, (*state.pointer, field, i))


def _in_holder(state: State, holder: Mapping[str, Any], pointer: Pointer) -> Iterator[Assignment]:
    assign = holder["Assign"]
    if isinstance(assign, Mapping) and not is_unknown(assign):
        for key in assign:
            if not is_unknown(key):
                yield Assignment(key.removesuffix(".$"), state, (*pointer, "Assign", key))


# --- faults -----------------------------------------------------------------------------------------------------------------


def variable_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about what is read and what is set. What has one cause is told once, at the first place that shows it."""
    variables = facts.variables
    found: dict[tuple[str, object], list[Match]] = {}
    for cause, code, match in read_faults(facts):
        found.setdefault((code, cause), []).append(match)
    for (code, _), same in found.items():
        yield code, _as_one(same)
    yield from _inner_assignments(variables)
    yield from _unused(facts, variables)
    yield from _hiding(variables)


def read_faults(facts: "Facts") -> Iterator[tuple[object, str, Match]]:
    """What is wrong with each read: its cause (equal for reads that one mend would put right), a code, and the match."""
    for read in facts.variables.reads:
        fault = _read_fault(facts, facts.variables, read)
        if fault is not None:
            yield fault


_MOST_RELATED: Final = 10
"""Further places of one cause that are shown."""


def _as_one(matches: list[Match]) -> Match:
    """Faults of one cause: the first that is sure, with the other names and places."""
    first = next((match for match in matches if match.sure), matches[0])
    here = [match for match in matches if match.values["state"] == first.values["state"]]
    names = list(dict.fromkeys(match.values["name"] for match in here))
    others = [match for match in matches if match is not first and (match not in here or match.pointer != first.pointer)]
    also = tuple(Place(match.pointer, f"{match.values['name']} is read here") for match in others[:_MOST_RELATED])
    values = {**first.values, "name": alternatives(names, "and"), "them": "it" if len(names) == 1 else "them"}
    return first._replace(values=values, related=first.related + also)


def _read_fault(facts: "Facts", variables: Variables, read: Read) -> tuple[object, str, Match] | None:
    if read.called or read.asked:
        return None  # whether a function of that name is there is told of the expression
    state = read.site.state
    bit = variables.bits.get(read.name, 0)
    before = variables.before.get(state.pointer)
    if bit and (before is None or not variables.is_known(state.scope)):
        return None
    if before is not None and before.must & bit:
        return None
    if not bit and any(gap.hides == "assign" for graph in facts.text_graph for gap in graph.gaps):
        return None
    if before is not None and before.may & bit:
        if read.tolerant or _shown_by_rule(facts, variables, read, bit):
            return None
        from asl_lint.facts.unset_ways import unset_way

        way = unset_way(facts, state, read.name)
        if way is None:
            return None
        cause = way.lost or (state.pointer, tuple(step.pointer for step in way.steps))
        turns = tuple(dict.fromkeys(one for one in (way.turn, way.lost) if one is not None))
        match = _match(read, path=way.steps)._replace(turns=turns, missed=_idle_setters(variables, read.name))
        return cause, "possibly-undefined-variable", match
    assigned = variables.assignments_of(read.name)
    if assigned and all(a.state.pointer not in variables.before for a in assigned):
        return None  # told of the states that nothing leads to
    help, related = _why_not(variables, read)
    reached = before is not None or not bit
    match = _match(read, help=help, related=related, sure=read.certain and reached)
    match = match._replace(missed=_idle_setters(variables, read.name))
    # Of one state all that nothing before it sets is one fault; of a name that nothing sets, wherever it is read.
    return (state.pointer if assigned else read.name, None if assigned else help), "undefined-variable", match


def _idle_setters(variables: Variables, name: str) -> tuple[Pointer, ...]:
    """The states that would set a variable, did anything lead there."""
    return tuple(a.state.pointer for a in variables.assignments_of(name) if a.state.pointer not in variables.before)


def _match(
    read: Read,
    help: str | None = None,
    related: tuple[Place, ...] = (),
    path: tuple[Place, ...] = (),
    sure: bool = True,
) -> Match:
    values = {"name": f"${read.name}", "state": read.site.state.name}
    return Match(read.site.pointer, values, within=read.within, help=help, related=related, path=path, sure=sure)


def _shown_by_rule(facts: "Facts", variables: Variables, read: Read, bit: int) -> bool:
    """Whether the read stands in the Assign or Output of a rule whose own condition shows that the variable is set."""
    state, holder = read.site.state, read.site.holder
    if state.type != "Choice" or read.site.field == "Condition":
        return False
    graph = facts.text_graph.of(state.scope)
    for edge in graph.out[graph.numbers[state.name]]:
        own = (*state.pointer, "Choices", edge.index) if edge.kind == "rule" else state.pointer
        if edge.kind in ("rule", "default") and own == holder:
            return bool(variables.shown_by_condition(graph, edge) & bit)
    return False


def _why_not(variables: Variables, read: Read) -> tuple[str | None, tuple[Place, ...]]:
    """A hint at what is wrong: set later, set where this state cannot see it, or misspelt."""
    state = read.site.state
    reach = readable_scopes(state.scope)
    same = variables.assignments_of(read.name)
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
    near_name = variables.near_name(read)
    if near_name is None:
        return "no Assign sets a variable of this name", ()
    set_at = variables.assignments_of(near_name)[:1]
    return f"did you mean ${near_name}?", tuple(Place(a.pointer, f"${near_name} is set here", "key") for a in set_at)


def _near_name(variables: Variables, read: Read) -> str | None:
    reach = {scope.pointer for scope in readable_scopes(read.site.state.scope)}
    known = dict.fromkeys(a.name for a in variables.assignments if a.state.scope.pointer in reach)
    found = near(read.name, known)
    if found is not None or read.site.state.language != "JSONata":
        return found
    if near(read.name, ("states",)) and not known:
        return "states"
    if not read.called:
        return None
    from asl_lint.expressions.jsonata.functions import SIGNATURES

    return near(read.name, SIGNATURES)


def _around(scope: Scope) -> Iterator[Scope]:
    found: Scope | None = scope
    while found is not None:
        yield found
        found = found.parent.scope if found.parent is not None else None


def _inner_assignments(variables: Variables) -> Iterator[Observed]:
    """An inner scope may not set a name that can be set when it starts (2nd hand: the service refuses it)."""
    if all(entry.may == 0 for entry in variables.entries.values()):
        return
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
    if not variables.assignments:
        return
    texts: dict[Pointer, list[str]] = {scope.pointer: [] for scope in facts.machine.scopes}
    for site in facts.sites:
        if "$" in site.text:
            texts[site.state.scope.pointer].append(site.text)
    read: dict[Pointer, set[str]] = {scope.pointer: set() for scope in facts.machine.scopes}
    for scope in facts.machine.scopes:
        names = _NAME.findall("\n".join(texts[scope.pointer]))
        for outer in readable_scopes(scope):
            read[outer.pointer].update(names)
    meant = _meant(variables)
    told: set[tuple[Pointer, str]] = set()
    for assignment in variables.assignments:
        scope, name = assignment.state.scope, assignment.name
        if (scope.pointer, name) in told or name in meant or not _PLAIN.fullmatch(name):
            continue
        told.add((scope.pointer, name))
        if name not in read[scope.pointer]:
            yield "unused-variable", Match(assignment.pointer, {"name": name}, "key")


def _meant(variables: Variables) -> set[str | None]:
    """The variables for which undefined ones were probably written, or that are read where they have ended: told there."""
    found: set[str | None] = set()
    for read in variables.reads:
        bit = variables.bits.get(read.name, 0)
        before = variables.before.get(read.site.state.pointer)
        if not bit:
            found.add(variables.near_name(read))
        elif before is not None and not before.may & bit:
            found.add(read.name)
    return found


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
