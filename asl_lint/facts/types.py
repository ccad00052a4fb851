"""The types at every point of a machine, for whoever asks: inputs, variables, results, outputs, and what expressions give.

Nothing is typed before something asks.
"""

from asl_lint.facts.environments import Environment, View
from asl_lint.facts.field_types import read_text
from asl_lint.facts.graph import Edge
from asl_lint.facts.sites import Site
from asl_lint.facts.state_types import Visit
from asl_lint.facts.type_flow import TypeFlow
from asl_lint.late import TYPE_CHECKING, Final, cached_property
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.types.lattice import ANY, SOMETHING, Type, join_all

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.map_types import Items
    from asl_lint.facts.variables import Assignment
    from asl_lint.types.jsonata import Inferred

_OF_RAW_INPUT: Final = frozenset({
    "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath", "Credentials",
})  # fmt: skip
"""Fields of JSONPath states of which it is not recorded whether they read the input as it is, or behind InputPath."""


class Types:
    """What is known of the values at each point. Of a state that cannot be reached the answer is None."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._views: dict[tuple[Pointer, str], View | None] = {}
        """What the sites of one field read: by the field and what holds it."""

    @cached_property
    def _flow(self) -> TypeFlow:
        return TypeFlow(self._facts, self._facts.input_type)

    def _visit(self, state: State) -> Visit | None:
        found = self._flow.visits.get(state.pointer)
        if found is None and self._flow.is_cut:
            return self._flow.states.visit_unknown(state)
        return found

    @property
    def visits(self) -> int:
        """How many visits of states it took to know."""
        return self._flow.made

    # --- points -------------------------------------------------------------------------------------------------------------

    def before(self, state: State) -> Environment | None:
        """The input and the variables when the state is entered."""
        visit = self._visit(state)
        return None if visit is None else visit.before

    def input(self, state: State) -> Type | None:
        """The type of the state's input, as it comes from the state before."""
        visit = self._visit(state)
        return None if visit is None else visit.before.input

    def variable(self, state: State, name: str) -> Type | None:
        """The type of a variable when the state is entered; ANY of one that is not followed."""
        visit = self._visit(state)
        return None if visit is None else visit.before.variables.get(name, ANY)

    def result(self, state: State) -> Type | None:
        """What the work of a Task, a Parallel or a Map gives, before anything selects of it; None also where it has no end."""
        visit = self._visit(state)
        return None if visit is None else visit.result

    def items(self, state: State) -> "Items | None":
        """The items over which a Map iterates, and how many."""
        visit = self._visit(state)
        return None if visit is None else visit.items

    def along(self, edge: Edge, state: State) -> Environment | None:
        """What is known where control leaves the state by this edge; None where it cannot, or fails by it."""
        visit = self._visit(state)
        if visit is None or edge.kind == "error" or state.type == "Fail":
            return None
        return self._flow.states.after(visit, edge)

    def assigned(self, assignment: "Assignment") -> Type | None:
        """What a member of an Assign gives its variable; None where control never takes the way that it stands on."""
        state, pointer = assignment.state, assignment.pointer[:-2]
        graph = self._facts.text_graph.of(state.scope)
        for edge in graph.out[graph.numbers[state.name]]:
            if edge.kind != "error" and pointer == _holder(edge, state):
                known = self.along(edge, state)
                if known is not None:
                    return known.variables.get(assignment.name, ANY)
        return None

    def output(self, state: State) -> Type | None:
        """What the state hands on where it ends without an error, by whatever way; None where it does not."""
        visit = self._visit(state)
        if visit is None:
            return None
        graph = self._facts.text_graph.of(state.scope)
        after = self._flow.after(visit)
        edges = [edge for edge in graph.out[graph.numbers[state.name]] if edge.kind != "catch"]
        found = [known.input for edge in edges if (known := after.get(edge.number)) is not None]
        return join_all(found) if found else None

    @property
    def whole_output(self) -> Type | None:
        """What an execution ends with that succeeds; None where none does."""
        return self._flow.output

    # --- choices ------------------------------------------------------------------------------------------------------------

    def tried(self, state: State, rule: int) -> Environment | None:
        """What is known where a rule of a Choice is tried: none before it has held. None: it is never tried."""
        visit = self._visit(state)
        return visit.tried[rule] if visit is not None and rule < len(visit.tried) else None

    def taken(self, state: State, rule: int) -> Environment | None:
        """What is known where a rule is taken; None where it never is."""
        visit = self._visit(state)
        return visit.taken[rule] if visit is not None and rule < len(visit.taken) else None

    def left(self, state: State) -> Environment | None:
        """What is known where no rule of a Choice holds; None where one always does."""
        visit = self._visit(state)
        return None if visit is None else visit.left

    def alone(self, state: State, rule: int) -> Environment | None:
        """What is known where a rule is taken if it is tried first; None where it never is."""
        visit = self._visit(state)
        return None if visit is None else self._flow.states.rule_alone(visit, rule)

    # --- sites --------------------------------------------------------------------------------------------------------------

    def site(self, pointer: Pointer) -> Site | None:
        """The site at a pointer."""
        return self._flow.states.fields.site(pointer)

    def environment(self, site: Site) -> View | None:
        """What a site can read; None where it is never evaluated."""
        key = site.holder, site.field
        if key not in self._views:
            self._views[key] = self._view(site)
        return self._views[key]

    def _view(self, site: Site) -> View | None:
        visit = self._visit(site.state)
        if visit is None:
            return None
        before = self._before_site(visit, site)
        if before is None:
            return None
        is_jsonata = site.state.language == "JSONata"
        return self._jsonata_view(visit, before, site) if is_jsonata else self._jsonpath_view(visit, before, site)

    def inferred(self, site: Site) -> "Inferred | None":
        """What is inferred of a JSONata site and of all in it; None where it is never evaluated, or cannot be read."""
        view = self.environment(site)
        return None if view is None or site.kind != "jsonata" else self._flow.states.fields.inferred(site, view)

    def type_of(self, site: Site) -> Type | None:
        """What a site gives, ``undefined`` where it may lead nowhere; None where it is never evaluated.

        Of a ResultPath, which reads nothing, it is what is put there.
        """
        view = self.environment(site)
        if view is None:
            return None
        if site.field == "ResultPath":
            return view.input
        if site.kind == "jsonata":
            found = self._flow.states.fields.inferred(site, view)
            return ANY if found is None else found.type
        return SOMETHING if site.kind == "half-open" else read_text(site.path, view)

    def _before_site(self, visit: Visit, site: Site) -> Environment | None:
        state = site.state
        if state.type != "Choice":
            return visit.before
        if site.holder == state.pointer:
            return visit.left if site.field in ("Assign", "Output") else visit.before
        rule = site.holder[len(state.pointer) + 1]
        assert isinstance(rule, int)
        where = visit.taken if site.field in ("Assign", "Output") and site.owner == "ChoiceRule" else visit.tried
        return where[rule] if rule < len(where) else visit.before

    def _jsonata_view(self, visit: Visit, before: Environment, site: Site) -> View:
        states, state = self._flow.states, site.state
        if site.field in ("Assign", "Output"):
            return states.leaving(visit, before, site.owner == "Catcher")
        context = visit.view.context
        if site.field == "ItemSelector" and visit.items is not None:
            context = states.context(state, visit.items.item)
        return View(before.input, context, before.variables)

    def _jsonpath_view(self, visit: Visit, before: Environment, site: Site) -> View:
        states, state, field = self._flow.states, site.state, site.field
        if field == "Assign" and site.owner != "Catcher":
            return states.assigning(visit, before)
        context = visit.view.context
        if field in ("ItemSelector", "Parameters") and site.owner == "Map" and visit.items is not None:
            context = states.context(state, visit.items.item)
        return View(self._jsonpath_input(visit, before, site), context, before.variables)

    def _jsonpath_input(self, visit: Visit, before: Environment, site: Site) -> Type:
        """What ``$`` is in a field of a JSONPath state."""
        states, state, field = self._flow.states, site.state, site.field
        if site.owner == "Catcher":
            return states.error_output(state)
        if field == "InputPath":
            return before.input
        if field == "ResultPath":
            return states.worked(visit)
        if field == "ItemsPath" and "ItemReader" in state.body:
            return SOMETHING  # it reads what the ItemReader has read (recorded)
        if field == "ResultSelector":
            return SOMETHING if visit.result is None else visit.result
        if field == "OutputPath":
            return states.combined(visit, before)
        if field in _OF_RAW_INPUT and "InputPath" in state.body:
            return SOMETHING
        return states.effective(visit, before)


def _holder(edge: Edge, state: State) -> Pointer:
    """The object whose Assign is made along an edge."""
    if edge.kind == "rule":
        return (*state.pointer, "Choices", edge.index)
    return (*state.pointer, "Catch", edge.index) if edge.kind == "catch" else state.pointer
