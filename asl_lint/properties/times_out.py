"""``times-out@1``: Tasks end in time, by their own timeouts and heartbeats or by the machine's.

A Task without any waits as long as a Standard execution may last, a year. What an expression, a path or a placeholder gives
counts as given. Costs a look at each Task.
"""

from collections.abc import Iterable, Iterator, Sequence

from asl_lint.facts.handlers import seconds_of
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.late import Any, Final
from asl_lint.model.machine import State
from asl_lint.properties.call_selector import SELECTOR, matches, selector_faults, text_of_argument
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer, is_unknown

_DEMANDS: Final = (
    "timeout", "heartbeat", "no-heartbeat", "least-timeout", "most-timeout", "least-heartbeat", "most-heartbeat",
)  # fmt: skip
_BOUNDS: Final = (("timeout", "TimeoutSeconds"), ("heartbeat", "HeartbeatSeconds"))


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "problem"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    if parameters.get("machine-counts") and _machine_ends(facts):
        return
    for state in _meant(facts, parameters):
        if not is_unknown(state.body) and facts.document.is_whole(state.pointer):
            for pointer, problem in _of_task(state, parameters):
                yield Match(pointer, {"state": state.name, "problem": problem}, "key")


def _meant(facts: Facts, parameters: Parameters) -> Sequence[State]:
    if "calls" not in parameters:
        return facts.machine.of_type("Task")
    # What waits for a token where none is offered is told as that.
    return [
        call.state
        for call in facts.calls.values()
        if matches(parameters["calls"], call) and (call.pattern != "waitForTaskToken" or call.is_offered)
    ]


def _machine_ends(facts: Facts) -> bool:
    """Whether the machine has a timeout, which Express ones always have."""
    return "TimeoutSeconds" in facts.machine.body or facts.workflow.machine_type == "EXPRESS" or not facts.document.is_whole(())


def _of_task(state: State, parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    timeout, heartbeat = (_has(state, field) for _, field in _BOUNDS)
    if parameters.get("timeout") and not timeout and not (heartbeat and parameters.get("heartbeat-counts")):
        yield state.pointer, "it has no TimeoutSeconds"
    if parameters.get("heartbeat") and not heartbeat:
        yield state.pointer, "it has no HeartbeatSeconds"
    if parameters.get("no-heartbeat") and heartbeat and not _hands_on_token(state):
        field = "HeartbeatSeconds" if "HeartbeatSeconds" in state.body else "HeartbeatSecondsPath"
        yield (*state.pointer, field), f"it has {field}"
    for name, field in _BOUNDS:
        seconds = seconds_of(state, field)
        if seconds is None:
            continue
        if seconds < parameters.get(f"least-{name}", seconds):
            yield (*state.pointer, field), f"{field} is {seconds:g}, less than {parameters[f'least-{name}']:g}"
        if seconds > parameters.get(f"most-{name}", seconds):
            yield (*state.pointer, field), f"{field} is {seconds:g}, more than {parameters[f'most-{name}']:g}"


def _hands_on_token(state: State) -> bool:
    """Whether the job is given the state's task token, with which it can send heartbeats."""
    return any("Task.Token" in text_of_argument(state.body.get(field)) for field in ("Arguments", "Parameters"))


def _has(state: State, field: str) -> bool:
    return field in state.body or f"{field}Path" in state.body


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for pointer, problem in selector_faults(parameters.get("calls")):
        yield ("calls", *pointer), problem
    if parameters.get("heartbeat") and parameters.get("no-heartbeat"):
        yield ("no-heartbeat",), 'it cannot hold beside "heartbeat"'


_SECONDS: Final[dict[str, Any]] = {"type": "number", "exclusiveMinimum": 0}

KIND: Final = Kind(
    name="times-out@1",
    summary="Tasks end in time, by a timeout, a heartbeat, or the machine's timeout.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in _DEMANDS],
        "properties": {
            "calls": {**SELECTOR, "description": "Only Tasks with such a call."},
            "timeout": {"description": "It has TimeoutSeconds, or a path to them.", "const": True},
            "heartbeat": {"description": "It has HeartbeatSeconds, or a path to them.", "const": True},
            "no-heartbeat": {
                "description": "It has neither HeartbeatSeconds nor a path to them, unless its arguments hold the task token.",
                "const": True,
            },
            "heartbeat-counts": {"description": "HeartbeatSeconds will do for the timeout.", "const": True},
            "machine-counts": {
                "description": "Where the machine has TimeoutSeconds, or is Express, nothing is demanded.",
                "const": True,
            },
            "least-timeout": _SECONDS | {"description": "The least that TimeoutSeconds may be."},
            "most-timeout": _SECONDS | {"description": "The most that TimeoutSeconds may be."},
            "least-heartbeat": _SECONDS | {"description": "The least that HeartbeatSeconds may be."},
            "most-heartbeat": _SECONDS | {"description": "The most that HeartbeatSeconds may be."},
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
