"""Payload templates of JSONPath states: members whose key ends in ``.$`` take a path or an intrinsic call.

Elsewhere (the ``Result`` of a Pass state, JSONata states) such a key is a key like any other.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from asl_lint.facts.match import Match
from asl_lint.facts.values import kind_of, shown
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import MISSING, Pointer
from asl_lint.source.placeholders import Placeholder, has_placeholder

Observed = tuple[str, Match]

_TEMPLATES: Final = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
_INTRINSIC: Final = re.compile(r"States\.[A-Za-z0-9]+\([\s\S]*\)\Z")


def template_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about every payload template of the machine's JSONPath states."""
    for state in machine.states:
        if state.language == "JSONPath":
            for template, pointer in _templates(state):
                yield from _walk(template, pointer)


def _templates(state: State) -> Iterator[tuple[Any, Pointer]]:
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
    credentials = body.get("Credentials")
    if isinstance(credentials, dict):
        yield credentials, (*pointer, "Credentials")


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
    problem = _problem(member)
    if problem:
        yield "invalid-template", Match((*at, key), {"key": key, "problem": problem}, help=_hint(member, name))


def _problem(value: object) -> str | None:
    if value is MISSING or isinstance(value, Placeholder):
        return None
    if not isinstance(value, str):
        return f"it is {kind_of(value)}"
    if has_placeholder(value):
        return None
    written = value.strip()
    if written.startswith("$") or _INTRINSIC.match(written):
        return None
    return f"{shown(value)} is neither"


def _hint(value: object, name: str) -> str | None:
    if not isinstance(value, str):
        return f'leave the ".$" off for a fixed value: "{name}"'
    if value.startswith("{%"):
        return 'expressions are for JSONata states: set "QueryLanguage": "JSONata"'
    return f'for fixed text, leave the ".$" off: "{name}"'
