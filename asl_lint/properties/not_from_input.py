"""``not-from-input@1``: who starts an execution does not choose what it calls: names and addresses are not taken from its input.

Only what certainly comes from the input unchanged is reported: see ``facts/raw_input.py`` for what is followed.
"""

from collections.abc import Iterable, Mapping

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.raw_input import RawInput
from asl_lint.late import Any, Final
from asl_lint.model.machine import State
from asl_lint.properties.call_selector import SELECTOR, argument, matches, selector_faults
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer

_NAMES: Final[Mapping[str, Any]] = {
    "type": "array",
    "minItems": 1,
    "uniqueItems": True,
    "items": {"type": "string", "minLength": 1},
}


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    raw = RawInput(facts)
    for state in facts.machine.states:
        for name, (pointer, value) in _written(facts, state, parameters):
            source = raw.source(state, str(pointer[-1]), value) if state.is_language_known else None
            if source is not None:
                yield Match(pointer, {"state": state.name, "name": name, "source": source})


def _written(facts: Facts, state: State, parameters: Parameters) -> Iterable[tuple[str, tuple[Pointer, Any]]]:
    """The members of the parameters that are written in a state, by name."""
    for field in parameters.get("fields", ()):
        found = _field(state, field.split("/"))
        if found is not None:
            yield field.rpartition("/")[2], found
    call = facts.calls.get(state.number)
    if call is None or ("calls" in parameters and not matches(parameters["calls"], call)):
        return
    for member in parameters.get("members", ()):
        found = argument(call, member)
        if found is not None:
            yield member.rpartition("/")[2], found


def _field(state: State, names: list[str]) -> tuple[Pointer, Any] | None:
    pointer: Pointer = state.pointer
    value: Any = state.body
    for name in names:
        key = next((one for one in (name, name + ".$") if isinstance(value, Mapping) and one in value), None)
        if key is None:
            return None
        pointer, value = (*pointer, key), value[key]
    return pointer, value


KIND: Final = Kind(
    name="not-from-input@1",
    summary="Names and addresses that a state works on are not taken as they are from the execution's input.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": ["members"]}, {"required": ["fields"]}],
        "properties": {
            "calls": {**SELECTOR, "description": "Which calls are meant; without it all."},
            "members": {**_NAMES, "description": "Arguments of these calls, A/B for B inside A."},
            "fields": {**_NAMES, "description": "Fields of states of any type, A/B for B inside A."},
        },
    },
    values=lambda parameters: frozenset(("state", "name", "source")),
    check=_check,
    faults=lambda parameters: ((("calls", *pointer), problem) for pointer, problem in selector_faults(parameters.get("calls"))),
)
