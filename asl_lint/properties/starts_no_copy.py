"""``starts-no-copy@1``: an execution does not start its own state machine again on every way.

Reported where no Choice and no Catch leads to an end without the start; ``any`` reports each start of its own machine. A machine
knows itself by the context object and, where its template gives it a name, by that. Linear.
"""

from collections.abc import Iterable

from asl_lint.facts.calls import Call
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.machine import State
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.graph import FlowGraph

_SELF: Final = ("$$.StateMachine.Id", "$states.context.StateMachine.Id")
_TAKEN: Final = ("start", "next", "end", "rule", "default", "catch")


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    starts = {call.state.number: at for call in facts.executions_started if (at := _own(facts, call)) is not None}
    if not starts or facts.document.damaged or not facts.graph.is_complete:
        return
    states = {state.number: state for state in facts.machine.states}
    met = _unavoidable(facts, facts.graph.root, frozenset(starts))
    for number in starts if parameters.get("any") and not met else () if parameters.get("any") else met:
        yield Match(starts[number], {"state": states[number].name})


def _own(facts: Facts, call: Call) -> Pointer | None:
    """Where a call that starts its own machine names it."""
    found = call.argument("StateMachineArn")
    if found is None or not isinstance(found[1], str):
        return None
    text = found[1].removeprefix("{%").removesuffix("%}").strip()
    is_dynamic = str(found[0][-1]).endswith(".$") or found[1].startswith("{%")
    if is_dynamic:
        return found[0] if text in _SELF else None
    from asl_lint.facts.given_role import GivenRole

    role = facts.workflow.role
    name = role.deployment.name if isinstance(role, GivenRole) else None
    return found[0] if name and "${" not in name and text.endswith(f":stateMachine:{name}") else None


def _unavoidable(facts: Facts, graph: "FlowGraph", starts: frozenset[int]) -> list[int]:
    """The starts that ways through a scope come to, if every way to an end begins one of them; else none.

    Errors that nobody catches are no way, and a start that fails ends nothing.
    """
    reached, pending = {graph.start}, [graph.start]
    met: list[int] = []
    while pending:
        node = pending.pop()
        if node in (graph.succeeded, graph.failed):
            return []
        state = graph.state(node)
        inside = _inside(facts, state, starts) if state is not None else []
        if inside:
            met += inside
            continue
        for edge in graph.out[node]:
            if edge.kind in _TAKEN and edge.target not in reached:
                reached.add(edge.target)
                pending.append(edge.target)
    return sorted(met)


def _inside(facts: Facts, state: State, starts: frozenset[int]) -> list[int]:
    """The starts that a state always begins: its own, or those of the branches of a Parallel. A Map may have no items."""
    if state.number in starts:
        return [state.number]
    if state.type != "Parallel":
        return []
    return [number for scope in state.scopes for number in _unavoidable(facts, facts.graph.of(scope), starts)]


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state",))


KIND: Final = Kind(
    name="starts-no-copy@1",
    summary="An execution does not start its own state machine again, without a Choice or a Catch that ends it.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "any": {"description": "Report instead the starts that something can end.", "const": True},
        },
    },
    values=_values,
    check=_check,
)
