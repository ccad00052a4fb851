"""Fixed data that is larger than what can go from state to state: whatever the run adds, it fails there.

Counted are the bytes of UTF-8 of compact JSON, without what is evaluated. Nothing is done for definitions too short for that.
"""

import json
from collections.abc import Iterator, Mapping

from asl_lint.facts.match import Match
from asl_lint.late import Any, Final
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer, is_unknown

Observed = tuple[str, Match]

LARGEST: Final = 262_144
"""Bytes of the input or output of a state, and of what an Assign sets (Q; a larger one is States.DataLimitExceeded, recorded)."""
_WHOLE: Final[Mapping[str, tuple[str, ...]]] = {
    "JSONata": ("Arguments", "Output", "Assign", "ItemSelector"),
    "JSONPath": ("Parameters", "Assign", "ItemSelector", "Result", "ResultSelector"),
}
_OF_WAYS: Final = ("Choices", "Catch")


def payload_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about every object of a state that is evaluated or passed on as it is written."""
    for state in machine.states:
        for field in _WHOLE[state.language]:
            if field in state.body and not _is_dropped(state, field):
                yield from _large(state.body[field], (*state.pointer, field), field)
        for ways in _OF_WAYS:
            holders = state.body.get(ways)
            for i, holder in enumerate(holders if isinstance(holders, list) else ()):
                for field in ("Assign", "Output"):
                    if isinstance(holder, Mapping) and field in holder:
                        yield from _large(holder[field], (*state.pointer, ways, i, field), field)


def _is_dropped(state: State, field: str) -> bool:
    """Whether the state passes on something else than the whole of a result."""
    if field not in ("Result", "ResultSelector"):
        return False
    return state.body.get("ResultPath", "$") is None or state.body.get("OutputPath", "$") != "$"


def _large(value: Any, pointer: Pointer, field: str) -> Iterator[Observed]:
    size = len(value.encode("utf-8", "replace")) if isinstance(value, str) and not value.startswith("{%") else _size(value)
    if size > LARGEST:
        yield "payload-over-limit", Match(pointer, {"field": field, "size": f"{size:,}", "limit": f"{LARGEST:,}"}, "key")


def _size(value: Any) -> int:
    """The bytes of a value at least."""
    total = 0
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            total += 2
            for key, member in one.items():
                total += len(key.removesuffix(".$").encode("utf-8", "replace")) + 4
                pending.append("{%" if key.endswith(".$") else member)
        elif isinstance(one, list):
            total += 2 + len(one)
            pending += one
        elif isinstance(one, str):
            total += 0 if one.startswith("{%") or is_unknown(one) else len(one.encode("utf-8", "replace")) + 2
        elif not is_unknown(one):
            total += len(json.dumps(one))
    return total
