"""``retries@1``: states are retried, on the errors and in the way that a rule asks for.

``retried`` and ``errors`` ask for Retriers; the other demands speak of those that are there. Linear in the Retriers, but
for ``in-loop``, which asks for the loops of the machine.
"""

from collections.abc import Iterable, Iterator, Sequence

from asl_lint.facts.error_sets import NO_ERROR, TIMEOUTS, matched_by, these
from asl_lint.facts.handlers import Retrier, seconds_of
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.time_limits import ends_after
from asl_lint.facts.values import alternatives
from asl_lint.late import Any, Final
from asl_lint.model.machine import State
from asl_lint.properties.call_selector import SELECTOR, matches, selector_faults
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer, is_unknown

_DEMANDS: Final = (
    "retried", "errors", "least-attempts", "most-attempts", "least-backoff", "least-interval", "most-delay", "jitter",
    "most-seconds", "within-timeout",
)  # fmt: skip

_OF_EACH: Final = frozenset(("least-attempts", "most-attempts", "least-backoff", "least-interval", "most-delay", "jitter"))
"""Demands on each Retrier for itself."""

Problem = tuple[Pointer, str]


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "problem"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    asks = parameters.get("retried", False) or "errors" in parameters
    for state in _meant(facts, parameters, asks):
        retry = state.body.get("Retry")
        if (not asks and not retry) or is_unknown(retry) or not facts.document.is_whole(state.pointer):
            continue
        if asks:
            yield from _missing(facts, state, facts.retriers.get(state.number, ()), parameters)
        if asks and not retry:
            continue
        for pointer, problem in _of_retriers(facts, state, facts.reached_retriers[state.number], parameters):
            yield Match(pointer, {"state": state.name, "problem": problem}, "key")


def _meant(facts: Facts, parameters: Parameters, asks: bool) -> Sequence[State]:
    """The states of which the rule speaks; unless it asks for Retriers, some without are left out."""
    looping: set[int] | None = None
    if "in-poll" in parameters:
        looping = {poll.check.state.number for poll in facts.polls}
    elif "in-loop" in parameters:
        looping = {state.number for loop in facts.loops for state in loop.states}
    if looping is not None and not looping:
        return ()
    if "calls" in parameters:
        meant = [call.state for call in facts.calls.values() if matches(parameters["calls"], call)]
    else:
        states = facts.machine.states
        some = states if asks else [states[number] for number in facts.retriers]
        meant = [state for state in some if state.type in ("Task", "Parallel", "Map")]
    return meant if looping is None else [state for state in meant if state.number in looping]


def _missing(facts: Facts, state: State, found: Sequence[Retrier], parameters: Parameters) -> Iterator[Match]:
    retried, off = NO_ERROR, NO_ERROR
    for one in found:
        if one.is_off:
            off |= one.errors
        else:
            retried |= one.errors - off
    problem = None
    if parameters.get("retried") and (retried - TIMEOUTS).is_empty:
        problem = "nothing tries it again"
    elif "errors" in parameters:
        # A name that stands for many is asked for as a whole: who names States.ALL wants every error retried.
        missing = [name for name in parameters["errors"] if not (matched_by((name,)) - retried).is_empty]
        problem = f"nothing tries it again after {alternatives(missing)}" if missing else None
    looping = "in-loop" in parameters or "in-poll" in parameters
    if problem is not None and not (looping and _tries_again_by_catch(facts, state)):
        yield Match(state.pointer, {"state": state.name, "problem": problem}, "key")


def _tries_again_by_catch(facts: Facts, state: State) -> bool:
    """Whether a Catcher stays in the loop: the next turn is the next attempt."""
    for loop in facts.loops:
        inside = set(loop.region.nodes)
        number = loop.graph.numbers.get(state.name) if loop.graph.scope is state.scope else None
        if number in inside:
            return any(edge.kind == "catch" and edge.target in inside for edge in loop.graph.out[number])
    return False


def _of_retriers(facts: Facts, state: State, found: Sequence[Retrier], parameters: Parameters) -> Iterator[Problem]:
    judged = [one for one in found if not one.is_off]
    if "taking" in parameters:
        taken = these(*parameters["taking"])
        judged = [one for one in judged if one.are_errors_known and not (one.errors & taken).is_empty]
    if not judged:
        return
    for one in judged if not _OF_EACH.isdisjoint(parameters) else ():
        yield from ((one.pointer, problem) for problem in _of_retrier(one, parameters))
    if parameters.get("within-timeout"):
        end = ends_after(facts, state)
        for one in judged:
            waits = one.total_delay if end is not None else None
            if end is not None and one.jitter == "NONE" and waits is not None and waits >= end:
                yield one.pointer, f"it waits {_seconds(waits)} in all, and the execution ends after {_seconds(end)}"
    if "most-seconds" in parameters:
        waiting = parameters.get("waits", True)
        own = _worst_time(state, judged, waiting)
        worst = None if own is None else _with_those_around(facts, state, own, waiting)
        if own is not None and worst is not None and worst > parameters["most-seconds"]:
            around = ", since a Retry around it repeats them" if worst > own else ""
            yield (*state.pointer, "Retry"), f"all attempts together can take {_seconds(worst)}{around}"


def _of_retrier(one: Retrier, parameters: Parameters) -> Iterator[str]:
    attempts = one.attempts
    delay = one.longest_delay if "most-delay" in parameters else None
    if attempts is not None:
        if attempts < parameters.get("least-attempts", 0):
            yield f"MaxAttempts is {attempts}, less than {parameters['least-attempts']}"
        if attempts > parameters.get("most-attempts", attempts):
            yield f"MaxAttempts is {attempts}, more than {parameters['most-attempts']}"
    # The rate plays no part where there is one attempt.
    if one.backoff is not None and (attempts is None or attempts > 1) and one.backoff < parameters.get("least-backoff", 0):
        times = "as long as" if one.backoff == 1 else f"{one.backoff:g} times"
        wanted = "" if one.backoff == 1 else f", not {parameters['least-backoff']:g}"
        yield f"each wait is {times} the one before{wanted}"
    if one.interval is not None and one.interval < parameters.get("least-interval", 0):
        yield f"IntervalSeconds is {one.interval:g}, less than {parameters['least-interval']:g}"
    if delay is not None and delay > parameters.get("most-delay", delay):
        yield f"the last attempt comes {_seconds(delay)} after the one before"
    if parameters.get("jitter") and one.jitter == "NONE":
        yield "it has no JitterStrategy"


def _worst_time(state: State, judged: list[Retrier], waiting: bool) -> float | None:
    """The seconds of every attempt up to its timeout, and, if ``waiting``, of all waits between them: each Retrier counts its
    own attempts.
    """
    timeout = seconds_of(state, "TimeoutSeconds")
    if timeout is None:
        return None
    worst = timeout
    for one in judged:
        waits = one.total_delay
        if waits is None or one.attempts is None:
            return None
        worst += waits if waiting else 0
        # A Retrier that leaves the time-out alone follows failures that may come at once.
        worst += one.attempts * timeout if not (one.errors & these("States.Timeout")).is_empty else 0
    return worst


def _with_those_around(facts: Facts, state: State, own: float, waiting: bool) -> float:
    """The seconds that a state's attempts take with the Retries of the states around it, before the execution is ended."""
    repeated, holder = own, state.scope.parent
    while holder is not None:
        for retrier in facts.reached_retriers.get(holder.number, ()):
            waits, attempts = retrier.total_delay, retrier.attempts
            if waits is not None and attempts is not None and not (retrier.errors & these("States.Timeout")).is_empty:
                repeated += (waits if waiting else 0) + attempts * own
        own, holder = repeated, holder.scope.parent
    end = ends_after(facts, state)
    return repeated if end is None else min(repeated, end)


def _seconds(seconds: float) -> str:
    """``90 seconds``, ``2.5 hours``, ``12 days``."""
    for unit, size in (("year", 31_536_000), ("day", 86_400), ("hour", 3_600)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.3g} {unit}s" if seconds < 1000 * size else f"over 1,000 {unit}s"
    return f"{seconds:,.10g} second{'s' * (seconds != 1)}"


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for pointer, problem in selector_faults(parameters.get("calls")):
        yield ("calls", *pointer), problem


_NUMBER: Final[dict[str, Any]] = {"type": "number", "minimum": 0}
_NAMES: Final[dict[str, Any]] = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "minLength": 1}}

KIND: Final = Kind(
    name="retries@1",
    summary="States are retried, on some errors and in some way.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in _DEMANDS],
        "properties": {
            "calls": {**SELECTOR, "description": "Only Tasks with such a call; without it every Task, Parallel and Map."},
            "in-loop": {"description": "Only states on a loop.", "const": True},
            "in-poll": {"description": "Only calls that ask on a loop for the state of long work.", "const": True},
            "retried": {
                "description": "Something is tried again, timeouts apart; on a loop by a Catcher that stays in it too.",
                "const": True,
            },
            "errors": {**_NAMES, "description": "Errors after which it must be tried again."},
            "taking": {**_NAMES, "description": "Of the Retriers that are there only those that take one of these errors."},
            "least-attempts": _NUMBER | {"description": "Each Retrier tries again at least so often, if at all."},
            "most-attempts": _NUMBER | {"description": "Each Retrier tries again at most so often."},
            "least-backoff": _NUMBER | {"description": "The BackoffRate of each Retrier with several attempts."},
            "least-interval": _NUMBER | {"description": "The seconds before the first attempt of each Retrier."},
            "most-delay": _NUMBER | {"description": "The seconds before the last attempt of each Retrier."},
            "jitter": {"description": "Each Retrier has a JitterStrategy.", "const": True},
            "most-seconds": _NUMBER
            | {
                "description": "The seconds of all attempts and waits together, where the state has TimeoutSeconds; those of the "
                "Retries around it too, and no more than the execution lasts."
            },
            "waits": {
                "description": "Whether most-seconds counts the waits between the attempts too.",
                "type": "boolean",
                "default": True,
            },
            "within-timeout": {
                "description": "The waits of a Retrier end before the machine's TimeoutSeconds do (300 for Express).",
                "const": True,
            },
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
