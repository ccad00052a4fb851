"""What one visit of a state takes: history events, transitions, seconds; at least and at most, by how the state is left.

The events are those of 691 complete histories of the service. Each Retrier of a state counts its attempts alone, and anew at each
visit.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from asl_lint.facts.amounts import INFINITE, Amount, larger, times
from asl_lint.facts.durations import ANY_TIME, Duration
from asl_lint.facts.error_sets import these
from asl_lint.facts.handlers import Retrier
from asl_lint.late import TYPE_CHECKING, Final, Literal, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.graph import Edge

Measure = Literal["events", "untried", "transitions", "seconds", "billed", "express"]
"""What is measured; ``untried`` are the events where nothing is retried, ``billed`` the transitions without those of Express
child executions, and ``express`` the US dollars that these cost.
"""


class Inside(NamedTuple):
    """What a run through an inner scope takes: at least and at most where it ends well, and at most however it ends.

    ``least`` is infinite where it cannot end well.
    """

    least: float
    most: Amount
    worst: Amount


class Visit(NamedTuple):
    """A state as it is visited: ``size`` are the iterations of a Map, at least, and at most as an amount."""

    state: State
    retriers: Sequence[Retrier]
    inside: Sequence[Inside]
    least_size: int
    size: Amount
    is_distributed: bool = False
    time: Duration = ANY_TIME
    """How long a Wait waits, and an attempt of a Task lasts."""


class Taken(NamedTuple):
    """What a visit takes: at least and at most where the state is left by its own Next, and where it is left by a fault."""

    least: float
    most: Amount
    least_fault: float
    most_fault: Amount


Taking = Callable[[Visit], Taken]

_EVALUATION: Final = these("States.QueryEvaluationError")


def along(taken: Taken, edge: "Edge", measure: Measure, is_inner: bool) -> tuple[float, Amount]:
    """What a visit that leaves by this edge takes, at least and at most; ``is_inner``: in a branch or an iteration, where a state
    that fails is told to be aborted as well.
    """
    if edge.kind == "start":
        return 0, 0
    if edge.kind not in ("catch", "error"):
        return taken.least, taken.most
    if measure not in ("events", "untried"):
        return taken.least_fault, taken.most_fault
    is_caught = edge.kind == "catch"
    return taken.least_fault + is_caught, taken.most_fault + (is_caught or is_inner)


# --- attempts -----------------------------------------------------------------------------------------------------------------


def attempts(retriers: Sequence[Retrier]) -> Amount:
    """How often a state is tried again at most in one visit."""
    return sum(INFINITE if one.attempts is None else one.attempts for one in retriers)


def _retried(visit: Visit, each: Amount, evaluated: Amount) -> Amount:
    """What the attempts take after which it is tried again: ``evaluated`` where the Retrier takes a failed evaluation too."""
    total: Amount = 0
    for one in visit.retriers:
        again = INFINITE if one.attempts is None else one.attempts
        total += times(again, each if (one.errors & _EVALUATION).is_empty else evaluated)
    return total


# --- history events -----------------------------------------------------------------------------------------------------------


def events(visit: Visit) -> Taken:
    """History events. Where a state is left by a fault, without the event that it was exited."""
    state, kind = visit.state, visit.state.type
    if kind == "Fail":
        return Taken(1, 1, 1, 2)
    if kind == "Task":
        return _of_task(visit)
    if kind == "Parallel":
        return _of_scopes(visit, 1, sum(one.least for one in visit.inside), 0)
    if kind == "Map":
        if visit.is_distributed:
            again = attempts(visit.retriers)
            return Taken(6, 6 + times(4, again), 1, 6 + times(4, again))
        least = visit.inside[0].least + 2 if visit.inside else 2
        return _of_scopes(visit, visit.size, visit.least_size * least if visit.least_size else 0, 2)
    return Taken(2, 2, 1, 2 if _is_jsonata(state) else 1)


def _of_task(visit: Visit) -> Taken:
    state = visit.state
    each = 4 if _is_submitted(state) else 3
    says = _evaluates(state)
    retried = _retried(visit, each, each + 1 if says else each)
    lasting = 1 if says or any(_evaluates_in(catcher) for catcher in _catchers(state)) else 0
    return Taken(2 + each, 2 + each + retried, 1, 1 + retried + each + (lasting if _is_jsonata(state) else 0))


def _of_scopes(visit: Visit, size: Amount, least: float, around: int) -> Taken:
    """A Parallel or an inline Map: ``around`` are the events of an iteration besides those inside it."""
    most: Amount = sum((one.most for one in visit.inside), 0)
    worst: Amount = sum((one.worst for one in visit.inside), 0)
    run = 1 + times(size, around + worst)
    retried = _retried(visit, run, run + 2 if _evaluates(visit.state) else run)
    # Entered, failed, and an evaluation of a Catcher; or succeeded, and its own evaluation before it failed.
    end = 4 if _evaluates(visit.state) else 3
    return Taken(4 + least, 4 + times(size, around + most) + retried, 1, end + retried + run)


def _is_submitted(state: State) -> bool:
    """Whether a Task writes TaskSubmitted; one whose Resource only the deployment knows may."""
    resource = state.body.get("Resource")
    if not isinstance(resource, str) or is_unknown(resource) or "${" in resource:
        return True
    return resource.endswith((".sync", ".sync:2", ".waitForTaskToken"))


def _evaluates(state: State) -> bool:
    """Whether the result of a state is evaluated, in JSONata: that writes an event of its own if it fails."""
    return _is_jsonata(state) and _evaluates_in(state.body)


def _is_jsonata(state: State) -> bool:
    return state.language == "JSONata" or not state.is_language_known


def _evaluates_in(holder: Mapping[str, object]) -> bool:
    return "Assign" in holder or "Output" in holder


def _catchers(state: State) -> list[Mapping[str, object]]:
    catchers = state.body.get("Catch")
    return [one for one in catchers if isinstance(one, Mapping)] if isinstance(catchers, list) else []


def untried(visit: Visit) -> Taken:
    """History events where no Retrier tries anything again."""
    return events(visit._replace(retriers=()))


# --- transitions --------------------------------------------------------------------------------------------------------------


def transitions(visit: Visit) -> Taken:
    """Transitions: one for the state, one for each further attempt, and those inside it."""
    return _entered(visit, 1)


def express(visit: Visit) -> Taken:
    """What Express child executions cost in a state that costs nothing itself."""
    return _entered(visit, 0)


def _entered(visit: Visit, own: int) -> Taken:
    """``own`` for each attempt, and what is taken inside."""
    again = attempts(visit.retriers)
    entered = own + times(own, again)
    if not visit.inside:
        return Taken(own, entered, own, entered)
    size = visit.size
    most: Amount = times(size, sum((one.most for one in visit.inside), 0))
    worst: Amount = times(size, sum((one.worst for one in visit.inside), 0))
    if visit.is_distributed:
        most = worst  # the children may fail, and the Map may not mind
    least = visit.least_size * sum(one.least for one in visit.inside) if visit.least_size and not visit.is_distributed else 0
    return Taken(own + least, entered + most + times(again, worst), own, entered + times(1 + again, worst))


# --- time ---------------------------------------------------------------------------------------------------------------------


def seconds(visit: Visit) -> Taken:
    """Seconds. What a state does without calling or waiting takes none."""
    kind = visit.state.type
    if kind == "Wait":
        return Taken(visit.time.least, visit.time.most, 0, 0)
    if kind == "Task":
        most = _of_attempts(visit, visit.time.most)
        return Taken(0, most, 0, most)
    if kind not in ("Parallel", "Map"):
        return Taken(0, 0, 0, 0)
    least = max((one.least for one in visit.inside), default=0)
    longest: Amount = 0
    for one in visit.inside:
        longest = larger(longest, one.worst)
    if kind == "Map":
        rounds = math.ceil(visit.least_size / _width(visit))
        least = rounds * least if rounds else 0
        if visit.is_distributed:
            least = 0  # the children may fail, and the Map may not mind
        longest = times(visit.size, longest)
    most = _of_attempts(visit, longest)
    return Taken(least, most, 0, most)


def _of_attempts(visit: Visit, each: Amount) -> Amount:
    """The time of every attempt and of all waits between them, with the longest that a jitter allows."""
    total = each
    for one in visit.retriers:
        waits, again = one.total_delay, one.attempts
        if waits is None or again is None:
            return INFINITE
        total += waits + (0 if _is_refused(visit.state, one) else times(again, each))
    return total


_THROTTLED: Final = frozenset((
    "ProvisionedThroughputExceeded", "RequestLimitExceeded", "RequestThrottled", "SlowDown", "Throttled", "Throttling",
    "TooManyRequests",
))  # fmt: skip
"""Errors of a call that is turned away before anything of it is done, without the "Exception" at their end."""


def _is_refused(state: State, retrier: Retrier) -> bool:
    """Whether a Retrier takes only errors of a call that comes back at once.

    Of a job these are all of the call that starts it: a job that fails later is a States.TaskFailed, whatever its service is
    called. Of another call they are those of throttling; a function and who answers a callback may name their own errors so.
    """
    names = retrier.errors.names
    if retrier.errors.is_complement or any(name.startswith("States.") for name in names):
        return False
    if _is_job(state):
        return True
    resource = state.body.get("Resource")
    if not isinstance(resource, str) or resource.endswith(".waitForTaskToken"):
        return False
    if resource.endswith(":states:::lambda:invoke") or ":lambda:" in resource:
        return names <= {"Lambda.TooManyRequestsException"}
    return ":states:::" in resource and all(_is_throttling(name) for name in names)


def _is_throttling(name: str) -> bool:
    service, _, error = name.partition(".")
    return bool(service) and error.removesuffix("Exception") in _THROTTLED


def _is_job(state: State) -> bool:
    resource = state.body.get("Resource")
    return isinstance(resource, str) and resource.endswith((".sync", ".sync:2"))


_WIDEST: Final = 40
_WIDEST_DISTRIBUTED: Final = 10_000
"""Iterations that run at once at most (Q)."""


def _width(visit: Visit) -> int:
    widest = _WIDEST_DISTRIBUTED if visit.is_distributed else _WIDEST
    given = visit.state.body.get("MaxConcurrency", 0)
    return min(given, widest) if isinstance(given, int) and not isinstance(given, bool) and given > 0 else widest


TAKINGS: Final[Mapping[Measure, Taking]] = {
    "events": events, "untried": untried, "transitions": transitions, "seconds": seconds, "billed": transitions,
    "express": express,
}  # fmt: skip
