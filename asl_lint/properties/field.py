"""``field@1``: states of a kind, or the machine, have a field, do not have it, or have it within bounds.

For what a team demands of every Task, Map or Choice. What an expression or a placeholder gives is unknown and not reported.
Costs a look at each state.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.time_limits import execution_type
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import Any, Final, Literal
from asl_lint.model.machine import STATE_TYPES, State
from asl_lint.properties.call_selector import SELECTOR, matches, regex_fault, selector_faults, text_of_argument
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import in_one_place

_BOUNDS: Final = ("least", "most", "matches", "allowed")
_OF_STATES: Final = ("types", "maps", "items-above", "calls", "states", "unless")


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("problem",)) if parameters.get("each") == "machine" else frozenset(("state", "type", "problem"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    if parameters.get("each") == "machine":
        is_other = parameters.get("machine-type", facts.workflow.machine_type) != facts.workflow.machine_type
        if isinstance(facts.document.value, Mapping) and not is_other:
            for pointer, part, problem in _in_body(facts, facts.machine.body, (), parameters):
                yield Match(pointer, {"problem": problem}, part)
        return
    for state in _candidates(facts, parameters):
        if is_unknown(state.body) or not _is_meant(facts, state, parameters):
            continue
        found = list(_in_body(facts, state.body, state.pointer, parameters))
        if found and not _is_excepted(state.body, parameters):
            for pointer, part, problem in found:
                yield Match(pointer, {"state": state.name, "type": str(state.type), "problem": problem}, part)


def _candidates(facts: Facts, parameters: Parameters) -> Iterable[State]:
    """The states among which those are of which the rule speaks."""
    if "calls" in parameters:
        return [call.state for call in facts.calls.values() if matches(parameters["calls"], call)]
    if "maps" in parameters:
        return facts.machine.of_type("Map")
    types = parameters.get("types", ())
    return facts.machine.of_type(types[0]) if len(types) == 1 else facts.machine.states


Problem = tuple[Pointer, Literal["key", "value"], str]


def _in_body(facts: Facts, body: Mapping[str, Any], pointer: Pointer, parameters: Parameters) -> Iterator[Problem]:
    required = parameters.get("require")
    if required and facts.document.is_whole(pointer) and all(_find(body, field) is None for field in required):
        yield pointer, "key", f"it has no {alternatives(required)}"
    for field in parameters.get("forbid", ()):
        found = _find(body, field)
        if found is not None:
            yield (*pointer, *found[0]), "key", f"it has {field}"
    named = parameters.get("field", ())
    for field in (named,) if isinstance(named, str) else named:
        found = _find(body, field)
        problem = None if found is None else _beyond(found[1], parameters)
        if found is not None and problem is not None:
            yield (*pointer, *found[0]), "value", f"{field} is {shown(found[1])}{problem}"


def _find(body: Mapping[str, Any], field: str) -> tuple[Pointer, Any] | None:
    """Where a field (``A/B`` is B inside A) is, and its value; None where it is not. Past what is unknown it may be there."""
    if "/" not in field:
        return ((field,), body[field]) if field in body else None
    value: Any = body
    pointer: Pointer = ()
    for name in field.split("/"):
        if pointer and is_unknown(value):
            return pointer, value
        if not isinstance(value, dict) or name not in value:
            return None
        pointer, value = (*pointer, name), value[name]
    return pointer, value


def _beyond(value: object, parameters: Parameters) -> str | None:
    """What the rule has against a fixed value; None for nothing, and for a value that is not fixed."""
    if isinstance(value, str):
        value = in_one_place(value)
    if is_unknown(value) or (isinstance(value, str) and value.startswith("{%")):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < parameters.get("least", value):
            return f", less than {parameters['least']}"
        if value > parameters.get("most", value):
            return f", more than {parameters['most']}"
    if isinstance(value, str) and "matches" in parameters and not _is_found(parameters["matches"], value):
        return f", which {parameters['matches']} does not match"
    if "allowed" in parameters and not any(_is_same(value, one) for one in parameters["allowed"]):
        return f", not {alternatives([shown(one) for one in parameters['allowed']])}"
    return None


@lru_cache(maxsize=1024)
def _is_found(pattern: str, text: str) -> bool:
    """Machines name the same few resources again and again."""
    return re.search(pattern, text) is not None


def _is_same(value: object, other: object) -> bool:
    """As JSON has it: 2 and 2.0 are one number, 1 and true are two values."""
    return value == other and isinstance(value, bool) is isinstance(other, bool)


def _is_excepted(body: Mapping[str, Any], parameters: Parameters) -> bool:
    """Whether a field is as ``unless`` says, or may be so: its value is not known."""
    for bounds in parameters.get("unless", ()):
        found = _find(body, bounds["field"])
        if found is not None and (is_unknown(found[1]) or _is_within(found[1], bounds)):
            return True
    return False


def _is_within(value: object, bounds: Mapping[str, Any]) -> bool:
    if "matches" in bounds and re.search(bounds["matches"], text_of_argument(value)) is None:
        return False
    return _beyond(value, {name: bound for name, bound in bounds.items() if name != "matches"}) is None


def _is_meant(facts: Facts, state: State, parameters: Parameters) -> bool:
    if "types" in parameters and state.type not in parameters["types"]:
        return False
    if "states" in parameters and not _is_named(state.name, parameters["states"]):
        return False
    if "maps" in parameters:
        distributed = any(scope.is_distributed for scope in state.scopes)
        if state.type != "Map" or not state.scopes or (parameters["maps"] == "distributed") is not distributed:
            return False
    if "items-above" in parameters and not _may_have_more(facts, state, parameters["items-above"]):
        return False
    return "machine-type" not in parameters or execution_type(facts, state) == parameters["machine-type"]


def _may_have_more(facts: Facts, state: State, items: int) -> bool:
    """Whether a state is a Map that may have more items than so many."""
    if state.type != "Map":
        return False
    from asl_lint.facts.map_sizes import map_size

    most = map_size(facts, state).most
    return most is None or most > items


def _is_named(name: str, globs: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, glob) for glob in globs)


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for pointer, problem in selector_faults(parameters.get("calls")):
        yield ("calls", *pointer), problem
    if "matches" in parameters and (fault := regex_fault(parameters["matches"])) is not None:
        yield ("matches",), fault
    for i, bounds in enumerate(parameters.get("unless", ())):
        if "matches" in bounds and (fault := regex_fault(bounds["matches"])) is not None:
            yield ("unless", i, "matches"), fault
    for name in _BOUNDS:
        if name in parameters and "field" not in parameters:
            yield (name,), 'it speaks of the value of "field", which is not given'
    if "field" in parameters and not any(name in parameters for name in _BOUNDS):
        yield ("field",), f"say what its value must be: {alternatives(_BOUNDS)}"
    if parameters.get("each") == "machine":
        for name in _OF_STATES:
            if name in parameters:
                yield (name,), "this is about states, and the rule is about the machine; leave it out"


_FIELD: Final[dict[str, Any]] = {"type": "string", "minLength": 1}
_FIELDS: Final[dict[str, Any]] = {"type": "array", "minItems": 1, "uniqueItems": True, "items": _FIELD}

KIND: Final = Kind(
    name="field@1",
    summary="States of a kind, or the machine, have a field, do not have it, or have it within bounds.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in ("require", "forbid", "field")],
        "properties": {
            "each": {
                "description": "What is judged: each state, or the machine.",
                "enum": ["state", "machine"],
                "default": "state",
            },
            "types": {
                "description": "Only states of these types.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"enum": list(STATE_TYPES)},
            },
            "states": {**_FIELDS, "description": "Only states of these names; * stands for any characters."},
            "maps": {"description": "Only Maps of this mode.", "enum": ["inline", "distributed"]},
            "items-above": {
                "description": "Only Maps that may have more items than this, as far as the text says it.",
                "type": "integer",
                "minimum": 0,
            },
            "calls": {**SELECTOR, "description": "Only Tasks with such a call."},
            "machine-type": {
                "description": "Only executions that are known to be of this type; a distributed Map names that of its own.",
                "enum": ["STANDARD", "EXPRESS"],
            },
            "require": {**_FIELDS, "description": "One of these must be there; A/B is B inside A."},
            "forbid": {**_FIELDS, "description": "None of these may be there."},
            "field": {
                "description": "The field, or fields, whose value is judged, where it is there and fixed.",
                "anyOf": [_FIELD, _FIELDS],
            },
            "least": {"description": "The least number that it may be.", "type": "number"},
            "most": {"description": "The greatest number that it may be.", "type": "number"},
            "matches": {"description": "A regular expression (of Python) found in its text.", "type": "string"},
            "allowed": {"description": "The values that it may have.", "type": "array", "minItems": 1},
            "unless": {
                "description": "Not states of which one of these fields is so, or is not fixed.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["field"],
                    "anyOf": [{"required": [name]} for name in _BOUNDS],
                    "properties": {
                        "field": {**_FIELD, "description": "The field; A/B is B inside A."},
                        "least": {"description": "The least number that it is.", "type": "number"},
                        "most": {"description": "The greatest number that it is.", "type": "number"},
                        "matches": {
                            "description": "A regular expression (of Python) found in its text, or in its JSON.",
                            "type": "string",
                        },
                        "allowed": {"description": "The values that it has.", "type": "array", "minItems": 1},
                    },
                },
            },
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
