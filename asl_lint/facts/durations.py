"""How many seconds a state waits, and after how many an attempt of a Task has ended: at least and at most, as the text says it.

An expression or a path counts for what its type is known to be; a moment that has gone by before any execution begins, for none.
"""

from asl_lint.facts.amounts import INFINITE
from asl_lint.facts.handlers import seconds_of
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

_ANSWERS_WITHIN: Final = 60.0
"""Seconds after which a call of an HTTP endpoint has failed (Q)."""
_NOW: Final = 2025
"""A year in which every moment of the years before has gone by; fixed, so that the answer does not change with the day."""


class Duration(NamedTuple):
    """Seconds, at least and at most."""

    least: float
    most: float


ANY_TIME: Final = Duration(0, INFINITE)


def wait_time(facts: "Facts", state: State) -> Duration:
    """How long a Wait lasts."""
    body = state.body
    if "Timestamp" in body:
        return Duration(0, 0) if _has_gone_by(body["Timestamp"]) else ANY_TIME
    written = seconds_of(state, "Seconds")
    if written is not None:
        return Duration(written, written)
    return _typed(facts, state, "Seconds")


def attempt_time(facts: "Facts", state: State) -> float:
    """The seconds after which an attempt of a Task has ended, infinite where nothing ends it."""
    within = seconds_of(state, "TimeoutSeconds")
    if within is None:
        within = _typed(facts, state, "TimeoutSeconds").most
    resource = state.body.get("Resource")
    if isinstance(resource, str) and resource.endswith(":states:::http:invoke"):
        return min(_ANSWERS_WITHIN, within)
    return within


def _typed(facts: "Facts", state: State, field: str) -> Duration:
    """What an expression in a field, or a path in the field beside it, is known to give."""
    for name in (field, f"{field}Path"):
        value = state.body.get(name)
        if not isinstance(value, str) or is_unknown(value):
            continue
        site = facts.types.site((*state.pointer, name))
        type_ = None if site is None else facts.types.type_of(site)
        if type_ is None or type_.numbers is None or type_.kinds != {"number"}:
            return ANY_TIME
        numbers = type_.numbers
        low, high = (numbers.low, numbers.high) if numbers.literals is None else (min(numbers.literals), max(numbers.literals))
        return Duration(max(low, 0), max(high, 0))
    return ANY_TIME


def _has_gone_by(timestamp: object) -> bool:
    """Whether a Timestamp that is written out lies in an earlier year, a day apart for what the zone may add."""
    if not isinstance(timestamp, str) or is_unknown(timestamp) or not timestamp[:4].isdecimal() or timestamp[4:5] != "-":
        return False
    return int(timestamp[:4]) < _NOW
