"""Payload templates of JSONPath states: members whose key ends in ``.$`` take a path or an intrinsic call.

Elsewhere (the ``Result`` of a Pass state, JSONata states) such a key is a key like any other.
"""

from collections.abc import Iterator
from typing import Any, Final

from asl_lint.facts.match import Match
from asl_lint.facts.values import kind_of
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer, is_unknown

Observed = tuple[str, Match]

_TEMPLATES: Final = ("Parameters", "ResultSelector", "ItemSelector", "Assign")


def template_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about every payload template of the machine's JSONPath states."""
    for state in machine.states:
        if state.language == "JSONPath" and state.is_language_known:
            for template, pointer in templates(state):
                yield from _walk(template, pointer)


def templates(state: State) -> Iterator[tuple[Any, Pointer]]:
    """The payload templates of a state, and where they are."""
    body, pointer = state.body, state.pointer
    for field in _TEMPLATES:
        if field in body:
            yield body[field], (*pointer, field)
    for field, inner in (("Catch", "Assign"), ("Choices", "Assign")):
        handlers = body.get(field)
        if isinstance(handlers, list):
            for i, handler in enumerate(handlers):
                if isinstance(handler, dict) and inner in handler:
                    yield handler[inner], (*pointer, field, i, inner)
    for field, inner in (("ItemReader", "Parameters"), ("ResultWriter", "Parameters"), ("ItemBatcher", "BatchInput")):
        holder = body.get(field)
        if isinstance(holder, dict) and inner in holder:
            yield holder[inner], (*pointer, field, inner)


def _walk(template: object, pointer: Pointer) -> Iterator[Observed]:
    pending: list[tuple[object, Pointer]] = [(template, pointer)]
    while pending:
        value, at = pending.pop()
        if isinstance(value, list):
            pending += [(element, (*at, i)) for i, element in enumerate(value) if isinstance(element, (dict, list))]
        if not isinstance(value, dict):
            continue
        for key, member in value.items():
            if key.endswith(".$"):
                yield from _dynamic(key, member, value, at)
            elif isinstance(member, (dict, list)):
                pending.append((member, (*at, key)))


def _dynamic(key: str, member: object, siblings: dict[str, object], at: Pointer) -> Iterator[Observed]:
    name = key.removesuffix(".$")
    if name in siblings:
        yield "duplicate-template-key", Match((*at, key), {"key": key, "other": name}, "key")
    if not isinstance(member, str) and not is_unknown(member):  # what a string says, the parsers of paths and calls judge
        values = {"key": key, "problem": f"it is {kind_of(member)}"}
        yield "invalid-template", Match((*at, key), values, help=f'leave the ".$" off for a fixed value: "{name}"')
