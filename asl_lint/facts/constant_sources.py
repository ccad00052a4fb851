"""What may have the same value in every run at all, by its own text: asked before values are followed through the graph.

Where nothing is written out, nothing is the same in every run, whatever is read of what. Linear.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from asl_lint.facts.constants import is_fixed, is_followed
from asl_lint.late import NamedTuple
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import is_unknown


class Sources(NamedTuple):
    """The ``names`` of variables, and whether the ``input`` of a state, may have a value that is the same in every run."""

    names: frozenset[str]
    input: bool


_Kind = Literal["fixed", "reading", "neither"]

_INPUT: Final = ""
"""Stands for the input among names: no variable has this one."""


def constant_sources(machine: StateMachine) -> Sources:
    """What some state fixes; and, if any does, what others read from somewhere, which may be that."""
    found: dict[_Kind, set[str]] = {"fixed": set(), "reading": set(), "neither": set()}
    for state in machine.states:
        for name, kind in _in_jsonata(state) if state.language == "JSONata" else _in_jsonpath(state):
            found[kind].add(name)
    names = found["fixed"] | found["reading"] if found["fixed"] else found["fixed"]
    return Sources(frozenset(names - {_INPUT}), _INPUT in names)


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
    if state.type == "Pass" and ("Result" in body or ("Parameters" in body and is_fixed(body["Parameters"]))):
        yield _INPUT, "fixed"
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
