"""Events as rules name them: what happens on a way through a machine, for the kinds that speak of paths.

A selector is an object with one of ``call`` (or ``calls``, both with ``with``, ``where`` and ``outcome``), ``choice``, ``state``,
``assigns`` and ``ends``; or a list of such objects, of which any will do.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from asl_lint.facts import events
from asl_lint.facts.cells import Cell, parse_cell
from asl_lint.facts.events import Event
from asl_lint.facts.machine_facts import Facts
from asl_lint.properties.call_selector import SELECTOR, matches, selector_faults
from asl_lint.source.document import Pointer

_SCALAR: Final = ("string", "number", "boolean")
_OF_CALLS: Final = ("call", "calls", "with", "where")
_KINDS: Final = ("call", "calls", "choice", "state", "assigns", "ends")
_ENDS: Final = ("succeeded", "failed", "error")

CALL_MEMBERS: Final[Mapping[str, Any]] = SELECTOR["anyOf"][-1]["properties"]
"""The members of an object that selects calls."""

ENDS: Final[Mapping[str, Any]] = {
    "description": "Ends of the execution: succeeded, failed (in a Fail state), error (one that nobody catches).",
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"enum": list(_ENDS)},
}

_ONE: Final[Mapping[str, Any]] = {
    "additionalProperties": False,
    "properties": {
        **CALL_MEMBERS,
        "outcome": {
            "description": "Of a call: it is begun, is answered (the default), or has failed after all its attempts.",
            "enum": ["started", "succeeded", "failed"],
            "default": "succeeded",
        },
        "choice": {
            "description": "A Choice finds that a variable, or a place of its input, equals a value, or one of several.",
            "type": "object",
            "additionalProperties": False,
            "required": ["tests", "equals"],
            "properties": {
                "tests": {"type": "string", "description": "$name, $.a.b or $states.input.a.b."},
                "equals": {"type": [*_SCALAR, "array"], "items": {"type": list(_SCALAR)}, "minItems": 1},
            },
        },
        "state": {"description": "Control comes to a state of this name.", "type": "string"},
        "assigns": {"description": "A variable of this name is set.", "type": "string"},
        "ends": ENDS,
    },
}
EVENT: Final[Mapping[str, Any]] = {"type": ["object", "array"], **_ONE, "minItems": 1, "items": {"type": "object", **_ONE}}
"""JSON Schema of an event."""


def event_of(facts: Facts, selector: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Event:
    """The places of the machine at which the event happens."""
    if isinstance(selector, Mapping):
        return _one(facts, selector)
    found = _one(facts, selector[0])
    for other in selector[1:]:
        found |= _one(facts, other)
    return found


def _one(facts: Facts, selector: Mapping[str, Any]) -> Event:
    words = _words(selector)
    if "choice" in selector:
        return events.of_choices(facts.nesting, _cell(selector), _listed(selector["choice"]["equals"]), words)
    if "state" in selector:
        return events.of_states(facts.nesting, selector["state"], words)
    if "assigns" in selector:
        return events.of_assignments(facts.nesting, selector["assigns"], words)
    if "ends" in selector:
        return events.of_ends(facts.nesting, selector["ends"], words)
    calls = {member: selector[member] for member in _OF_CALLS if member in selector}
    return events.of_calls(facts, lambda call: matches(calls, call), selector.get("outcome", "succeeded"), words)


def _cell(selector: Mapping[str, Any]) -> Cell:
    cell = parse_cell(selector["choice"]["tests"])
    if cell is None:
        raise ValueError(f"{selector['choice']['tests']} is no variable and no place of the input")
    return cell


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def words_of_calls(selector: Any) -> str:
    """The calls that a selector means, as messages say it."""
    if isinstance(selector, str):
        return selector
    if not isinstance(selector, Mapping):
        return " or ".join(selector)
    said = " or ".join(selector.get("calls") or (selector["call"],))
    given = [f"{member} {value}" for member, value in selector.get("with", {}).items()]
    return f"{said} ({', '.join(given)})" if given else said


def _words(selector: Mapping[str, Any]) -> str:
    """What happens, as messages say it."""
    if "choice" in selector:
        values = " or ".join(json.dumps(value, ensure_ascii=False) for value in _listed(selector["choice"]["equals"]))
        return f"a Choice finding that {selector['choice']['tests']} is {values}"
    if "state" in selector:
        return f'"{selector["state"]}"'
    if "assigns" in selector:
        return f"an assignment of ${selector['assigns']}"
    if "ends" in selector:
        named = {"succeeded": "success", "failed": "a Fail state", "error": "an uncaught error"}
        return "the end in " + " or ".join(named[end] for end in selector["ends"])
    said = {"started": "a start of {}", "succeeded": "a success of {}", "failed": "a failure of {}"}
    return said[selector.get("outcome", "succeeded")].format(words_of_calls(selector))


def event_faults(selector: object, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """What is wrong with an event that its schema takes: it says nothing, or two things, or names what cannot be read."""
    if isinstance(selector, list):
        for i, one in enumerate(selector):
            yield from event_faults(one, (*at, i))
        return
    if not isinstance(selector, Mapping):
        return
    said = [kind for kind in _KINDS if kind in selector]
    if len(said) != 1:
        listed = ", ".join(f'"{kind}"' for kind in _KINDS)
        yield at, f'has both "{said[0]}" and "{said[1]}"; choose one' if said else f"needs one of {listed}"
        return
    if said[0] not in ("call", "calls"):
        for member in ("with", "where", "outcome"):
            if member in selector:
                yield (*at, member), f'goes with "call", not with "{said[0]}"'
    yield from ((at + pointer, fault) for pointer, fault in selector_faults(selector))
    if said[0] == "choice":
        cell = parse_cell(selector["choice"]["tests"])
        if cell is None or cell.root == "context":
            yield (*at, "choice", "tests"), "is no variable and no place of the input, such as $status or $states.input.status"
