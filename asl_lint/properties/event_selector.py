"""Events as rules name them: what happens on a way through a machine, for the kinds that speak of paths.

A selector is an object with one of ``call`` (or ``calls``, both with ``with``, ``where``, ``outcome``, and the errors of a
failure), ``choice``, ``state``, ``assigns``, ``fails`` and ``ends``; or a list of such objects, of which any will do.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.facts import events
from asl_lint.facts.cells import Cell, parse_cell
from asl_lint.facts.conditions import Condition
from asl_lint.facts.error_sets import ErrorSet, matched_by
from asl_lint.facts.events import Event
from asl_lint.facts.machine_facts import Facts
from asl_lint.late import Any, Final
from asl_lint.properties.call_selector import SELECTOR, matches, selector_faults
from asl_lint.source.document import Pointer

_SCALAR: Final = ("string", "number", "boolean")
_OF_CALLS: Final = ("call", "calls", "with", "where")
_KINDS: Final = ("call", "calls", "choice", "state", "assigns", "fails", "ends")
_OF_FAILURES: Final = ("errors", "other-errors")
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

_NAMES: Final[Mapping[str, Any]] = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"type": "string", "minLength": 1},
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
        "errors": {"description": "Only a failure with one of these errors.", **_NAMES},
        "other-errors": {"description": "Only a failure with another error than these.", **_NAMES},
        "choice": {
            "description": "A Choice finds something of a variable, or of a place of its input.",
            "type": "object",
            "additionalProperties": False,
            "required": ["tests"],
            "minProperties": 2,
            "maxProperties": 2,
            "properties": {
                "tests": {"type": "string", "description": "$name, $.a.b, $states.input.a.b, or $count of such a place."},
                "equals": {
                    "description": "It equals this value, or one of these.",
                    "type": [*_SCALAR, "array"],
                    "items": {"type": list(_SCALAR)},
                    "minItems": 1,
                },
                "same-as": {"description": "It equals what is at this other place.", "type": "string"},
                "at-most": {"description": "It is a number, this one or less.", "type": "number"},
                "at-least": {"description": "It is a number, this one or more.", "type": "number"},
            },
        },
        "state": {"description": "Control comes to a state of this name.", "type": "string"},
        "assigns": {"description": "A variable of this name is set.", "type": "string"},
        "fails": {"description": "A Fail state is reached that raises this error.", "type": "string"},
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
        return events.of_choices(facts.nesting, lambda condition: _finds(selector["choice"], condition), words)
    if "state" in selector:
        return events.of_states(facts.nesting, selector["state"], words)
    if "assigns" in selector:
        return events.of_assignments(facts.nesting, selector["assigns"], words)
    if "fails" in selector:
        return events.of_fails(facts.nesting, selector["fails"], words)
    if "ends" in selector:
        return events.of_ends(facts.nesting, selector["ends"], words)
    calls = {member: selector[member] for member in _OF_CALLS if member in selector}
    outcome, errors = selector.get("outcome", "succeeded"), _errors(selector)
    return events.of_calls(facts, lambda call: matches(calls, call), outcome, words, errors)


def _finds(choice: Mapping[str, Any], condition: Condition) -> bool:
    """Whether a condition says of a place what the rule asks for."""
    cell = _cell(choice["tests"])
    if "same-as" in choice:
        return condition.implies_same(cell, _cell(choice["same-as"]))
    if "at-most" in choice:
        return condition.implies_at_most(cell, choice["at-most"])
    if "at-least" in choice:
        return condition.implies_at_least(cell, choice["at-least"])
    return condition.implies_one_of(cell, _listed(choice["equals"]))


def _cell(text: str) -> Cell:
    cell = parse_cell(text)
    if cell is None:
        raise ValueError(f"{text} is no variable and no place of the input")
    return cell


def _errors(selector: Mapping[str, Any]) -> ErrorSet | None:
    """The errors of a failure that is meant; None for all."""
    if "errors" in selector:
        return matched_by(selector["errors"])
    return ~matched_by(selector["other-errors"]) if "other-errors" in selector else None


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
        return f"a Choice finding that {selector['choice']['tests']} is {_found(selector['choice'])}"
    if "state" in selector:
        return f'"{selector["state"]}"'
    if "assigns" in selector:
        return f"an assignment of ${selector['assigns']}"
    if "fails" in selector:
        return f"a failure with {selector['fails']}"
    if "ends" in selector:
        named = {"succeeded": "success", "failed": "a Fail state", "error": "an uncaught error"}
        return "the end in " + " or ".join(named[end] for end in selector["ends"])
    said = {"started": "a start of {}", "succeeded": "a success of {}", "failed": "a failure of {}"}
    outcome = said[selector.get("outcome", "succeeded")].format(words_of_calls(selector))
    if "errors" in selector:
        return f"{outcome} with {' or '.join(selector['errors'])}"
    return f"{outcome} with anything but {' or '.join(selector['other-errors'])}" if "other-errors" in selector else outcome


def _found(choice: Mapping[str, Any]) -> str:
    if "same-as" in choice:
        return f"the same as {choice['same-as']}"
    if "equals" not in choice:
        return f"at most {choice['at-most']}" if "at-most" in choice else f"at least {choice['at-least']}"
    return " or ".join(json.dumps(value, ensure_ascii=False) for value in _listed(choice["equals"]))


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
        for member in ("with", "where", "outcome", *_OF_FAILURES):
            if member in selector:
                yield (*at, member), f'goes with "call", not with "{said[0]}"'
    else:
        given = [member for member in _OF_FAILURES if member in selector]
        if given and selector.get("outcome") != "failed":
            yield (*at, given[0]), 'goes with "outcome: failed"'
        if len(given) == 2:
            yield (*at, given[1]), f'goes not with "{given[0]}"; choose one'
    yield from ((at + pointer, fault) for pointer, fault in selector_faults(selector))
    if said[0] == "choice":
        for member in ("tests", "same-as"):
            cell = parse_cell(selector["choice"][member]) if member in selector["choice"] else None
            if member in selector["choice"] and (cell is None or cell.root == "context"):
                known = "is no variable and no place of the input, such as $status or $states.input.status"
                yield (*at, "choice", member), known


def earlier_event_faults(selector: object, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """The same of an event that something comes after, which the end of the execution is not."""
    yield from event_faults(selector, at)
    for i, one in enumerate(selector if isinstance(selector, list) else [selector]):
        if isinstance(one, Mapping) and "ends" in one:
            yield (*at, *((i,) if isinstance(selector, list) else ()), "ends"), "nothing comes after the end of the execution"
