"""The ways to a read on which nothing sets the variable: the shortest that does not contradict itself, as a witness.

A way contradicts itself where a test on it cannot come out so with what the way itself has set or tested before.
"""

from collections.abc import Sequence

from asl_lint.facts.match import Place
from asl_lint.facts.paths import Question, Solution
from asl_lint.facts.routes import Search, Step, places, route
from asl_lint.late import TYPE_CHECKING, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts


class UnsetWay(NamedTuple):
    """A way to a read.

    ``lost``: its transition into where other ways have set the variable; ``turn``: its transition from where none has into where
    some way has.
    """

    steps: tuple[Place, ...]
    lost: Pointer | None
    turn: Pointer | None


def unset_way(facts: "Facts", state: State, name: str) -> UnsetWay | None:
    """A shortest way to the state on which nothing sets the variable, from the outermost start where nothing has; None if every
    such way contradicts itself.
    """
    from asl_lint.facts.variables import readable_scopes

    variables, nesting = facts.variables, facts.variables.nesting
    bit = variables.bits[name]
    scopes = readable_scopes(state.scope)
    # What scopes set that the state is not in ends with them.
    edges = {
        (nesting.numbers[scope.pointer], number): effect
        for scope in scopes
        for number, effect in enumerate(variables.effects[scope.pointer])
        if effect.gen & bit
    }
    solution = Solution(nesting, Question({}, edges, must=False, takes=lambda edge: True))
    search = Search(solution, bit, frozenset((nesting.point(state),)), avoids=True, descends=True)
    outermost = nesting.numbers[scopes[-1].pointer]
    found = route(nesting, search, [((outermost, nesting.graphs[outermost].start), None)], facts.constants)
    if found is None:
        return None
    return UnsetWay(places(nesting, found.steps), _lost_at(facts, found.steps, bit), _turn_at(facts, found.steps, bit))


def _lost_at(facts: "Facts", steps: Sequence[Step], bit: int) -> Pointer | None:
    """The last edge of a way into a state that other edges reach with the variable set."""
    variables = facts.variables
    for step in reversed(steps):
        graph = variables.nesting.graphs[step.g]
        effects = variables.effects[graph.scope.pointer]
        for other in graph.into[step.edge.target]:
            state = graph.state(other.source)
            before = variables.before.get(state.pointer) if state is not None else None
            if other is not step.edge and before is not None and (before.must | effects[other.number].gen) & bit:
                return step.edge.pointer
    return None


def _turn_at(facts: "Facts", steps: Sequence[Step], bit: int) -> Pointer | None:
    """The last edge of a way from where no way has set the variable into where some way has."""
    variables = facts.variables
    for step in reversed(steps):
        graph = variables.nesting.graphs[step.g]
        state, target = graph.state(step.edge.source), graph.state(step.edge.target)
        before = variables.before.get(state.pointer) if state is not None else variables.entries.get(graph.scope.pointer)
        after = variables.before.get(target.pointer) if target is not None else None
        if before is not None and after is not None and after.may & ~before.may & bit:
            return step.edge.pointer
    return None
