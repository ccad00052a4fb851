"""What may have the same value in every run at all, by its own text: asked before values are followed through the graph.

Where nothing is written out, nothing is the same in every run, whatever is read of what. Linear.
"""

from collections.abc import Iterable, Iterator, Mapping

from asl_lint.facts.constants import is_fixed, is_followed
from asl_lint.late import TYPE_CHECKING, Any, Final, Literal
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer, is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.constants import Known
    from asl_lint.facts.graph import Edge, FlowGraph
    from asl_lint.facts.machine_facts import Facts


_Kind = Literal["fixed", "reading", "neither"]

_INPUT: Final = ""
"""Stands for the input among names: no variable has this one."""
_PASSING: Final = ("Pass", "Wait", "Choice")
"""States that give their input on where nothing else is written."""


class Sources:
    """Of a machine what some state fixes; and, if any does, what others read from somewhere, which may be that."""

    __slots__ = ("_facts", "_outputs", "_unknown", "names")

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._unknown: dict[Pointer, set[int]] = {}
        """By the pointer of a scope the nodes of which the input is surely not known."""
        found: dict[_Kind, set[str]] = {"fixed": set(), "reading": set(), "neither": set()}
        self._outputs: dict[int, set[_Kind]] = {}
        """By the number of a state what the outputs are that it writes."""
        for state in facts.machine.states:
            for name, kind in _given(state):
                found[kind].add(name)
                if name == _INPUT:
                    self._outputs.setdefault(state.number, set()).add(kind)
        self.names = found["fixed"] | found["reading"] if found["fixed"] else found["fixed"]
        """The variables that may have a value that is the same in every run, and ``""`` where the input of some state may."""

    def known(self, state: State, name: str | None) -> "Known | None":
        """What is known before a state, where the variable of that name, or for None the input, may be."""
        if (name or _INPUT) not in self.names or (name is None and not self._may_know_input(state)):
            return None
        return self._facts.constants.get(state.pointer)

    def _may_know_input(self, state: State) -> bool:
        """Whether on every way to the state one that fixes its output, or may, is the last that does not give its input on."""
        graph = self._facts.graph.of(state.scope)
        unknown = self._unknown.get(state.scope.pointer)
        if unknown is None:
            unknown = self._unknown[state.scope.pointer] = self._unknown_inputs(graph)
        return graph.numbers[state.name] not in unknown

    def _unknown_inputs(self, graph: "FlowGraph") -> set[int]:
        """The nodes to which some way leads on which nothing fixes the input."""
        found: set[int] = set()
        waiting: list[int] = []

        def reach(edges: "Iterable[Edge]") -> None:
            for edge in edges:
                if edge.target not in found:
                    found.add(edge.target)
                    waiting.append(edge.target)

        for node in graph.order:
            state = graph.state(node)
            hides = state is None or (self._writes_nothing_known(state) and not self._hands_on(state))
            reach(edge for edge in graph.out[node] if hides or edge.kind in ("catch", "error"))
        while waiting:
            node = waiting.pop()
            state = graph.state(node)
            if state is not None and self._writes_nothing_known(state) and state.type in _PASSING:
                reach(graph.out[node])
        return found

    def _writes_nothing_known(self, state: State) -> bool:
        return self._outputs.get(state.number, set()) <= {"neither"}

    def _hands_on(self, state: State) -> bool:
        """Whether a state that writes nothing known gives its input on, on some way out of it."""
        return state.type in _PASSING and not (state.type == "Pass" and state.number in self._outputs)


def _given(state: State) -> Iterator[tuple[str, _Kind]]:
    """The variables that a state sets, and its output where one is written, each with what its value is."""
    return _in_jsonata(state) if state.language == "JSONata" else _in_jsonpath(state)


def _holders(state: State) -> Iterator[Mapping[str, Any]]:
    yield state.body
    for field in ("Choices", "Catch"):
        members = state.body.get(field)
        if isinstance(members, list):
            for member in members:
                if isinstance(member, dict):
                    yield member


def _in_jsonata(state: State) -> Iterator[tuple[str, _Kind]]:
    for holder in _holders(state):
        if "Output" in holder:
            yield _INPUT, _kind(holder["Output"])
        assign = holder.get("Assign")
        if isinstance(assign, dict):
            for name, value in assign.items():
                yield name, _kind(value)


def _in_jsonpath(state: State) -> Iterator[tuple[str, _Kind]]:
    body = state.body
    if state.type == "Pass" and ("Result" in body or "Parameters" in body):
        yield _INPUT, "fixed" if "Result" in body or is_fixed(body["Parameters"]) else "neither"
    for holder in _holders(state):
        assign = holder.get("Assign")
        if isinstance(assign, dict):
            for key in assign:
                yield key.removesuffix(".$"), "reading" if key.endswith(".$") else "fixed"


def _kind(value: object) -> _Kind:
    """Whether a value of a JSONata state is written out, read from elsewhere in part, or surely not followed."""
    found: _Kind = "fixed"
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, str):
            if inner.startswith("{%"):
                if not is_followed(inner):
                    return "neither"
                if "$" in inner:
                    found = "reading"
        elif is_unknown(inner):
            return "neither"
        elif isinstance(inner, dict):
            pending += inner.values()
        elif isinstance(inner, list):
            pending += inner
    return found
