"""What two versions of a machine are compared by: a short mark of each field of each state, inner states apart."""

import json
from collections.abc import Mapping
from zlib import crc32

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.view import as_json
from asl_lint.late import Any, Final
from asl_lint.source.document import format_pointer

HOLDERS: Final = ("Branches", "ItemProcessor", "Iterator")
"""Fields that hold scopes."""


def digests(facts: Facts) -> dict[str, dict[str, str]]:
    """For the machine (``""``) and each state, by its pointer: field -> mark, the same for the same value."""
    machine = facts.machine
    found = {"": {field: _mark(value) for field, value in machine.body.items() if field != "States"}}
    for state in machine.states:
        fields = state.body.items()
        found[format_pointer(state.pointer)] = {
            field: _mark(without_states(value) if field in HOLDERS else value) for field, value in fields
        }
    return found


def _mark(value: object) -> str:
    return f"{crc32(json.dumps(as_json(value), sort_keys=True).encode()):08x}"


def without_states(value: object) -> Any:
    """A scope, or a list of them, without its states: these are compared themselves."""
    if isinstance(value, list):
        return [without_states(one) for one in value]
    return {key: one for key, one in value.items() if key != "States"} if isinstance(value, Mapping) else value
