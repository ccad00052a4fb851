"""Retriers as numbers: which errors each takes, how often it tries again, and how long it waits.

What an author leaves out has its default (S: Retriers); what only the deployment knows is None. Constant time for each Retrier.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.facts.error_sets import NO_ERROR, ErrorSet, matched_by
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder


class Retrier(NamedTuple):
    """A Retrier of a state. Times in seconds; None is unknown, and for ``max_delay`` no limit too (see ``is_limited``).

    ``errors`` are those that it takes, earlier Retriers apart; ``are_errors_known`` is False where the deployment fills in one
    of their names.
    """

    pointer: Pointer
    errors: ErrorSet
    are_errors_known: bool
    attempts: int | None
    interval: float | None
    backoff: float | None
    max_delay: float | None
    is_limited: bool
    jitter: str

    @property
    def is_off(self) -> bool:
        """Whether it never tries again: a way to take errors away from the Retriers after it."""
        return self.attempts == 0

    @property
    def longest_delay(self) -> float | None:
        """The wait before the last attempt, jitter apart; infinite where that is beyond all numbers."""
        return None if self.attempts is None else self._delay(self.attempts)

    @property
    def total_delay(self) -> float | None:
        """The waits of all its attempts together, jitter apart."""
        attempts, interval, rate = self.attempts, self.interval, self.backoff
        if attempts is None or interval is None or rate is None or (self.is_limited and self.max_delay is None):
            return None
        limit = self.max_delay if self.max_delay is not None else math.inf
        if rate <= 1 or interval >= limit:
            return attempts * min(interval, limit)
        growing = attempts
        if limit < math.inf:
            growing = min(attempts, math.ceil(math.log(limit / interval) / math.log(rate)))
        try:
            waits = interval * (rate**growing - 1) / (rate - 1)
        except OverflowError:
            return math.inf
        # An empty rest must not make 0 * inf.
        return waits + (attempts - growing) * limit if attempts > growing else waits

    def _delay(self, attempt: int) -> float | None:
        if self.interval is None or self.backoff is None or (self.is_limited and self.max_delay is None):
            return None
        if attempt < 1:
            return 0
        try:
            delay = self.interval * max(self.backoff, 1.0) ** (attempt - 1)
        except OverflowError:
            delay = math.inf
        return delay if self.max_delay is None else min(delay, self.max_delay)


def retriers(state: State) -> Iterator[Retrier]:
    """The Retriers of a state, in order."""
    retry = state.body.get("Retry")
    if not retry or not isinstance(retry, list):
        return
    for i, body in enumerate(retry):
        if isinstance(body, dict):
            yield _retrier(body, (*state.pointer, "Retry", i))


def as_reached(found: Sequence[Retrier]) -> Sequence[Retrier]:
    """Retriers with the errors that come to each: the first that takes an error keeps it, even if it never tries again.

    Behind names that the deployment fills in, nobody knows what is left.
    """
    if len(found) < 2:
        return found
    reached: list[Retrier] = []
    gone, are_known = NO_ERROR, True
    for one in found:
        are_known = are_known and one.are_errors_known
        reached.append(one._replace(errors=one.errors - gone, are_errors_known=are_known))
        if one.are_errors_known:
            gone |= one.errors
    return reached


def _retrier(body: Mapping[str, Any], pointer: Pointer) -> Retrier:
    names = body.get("ErrorEquals")
    known = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    are_known = isinstance(names, list) and not any(has_placeholder(name) for name in known)
    attempts = _number(body, "MaxAttempts", 3)
    jitter = body.get("JitterStrategy", "NONE")
    return Retrier(
        pointer,
        matched_by(known) if are_known else ~NO_ERROR,
        are_known,
        None if attempts is None else int(attempts),
        _number(body, "IntervalSeconds", 1),
        _number(body, "BackoffRate", 2.0),
        _number(body, "MaxDelaySeconds", None),
        "MaxDelaySeconds" in body,
        "" if is_unknown(jitter) else str(jitter),
    )


_MOST: Final = 1e12


def _number(body: Mapping[str, Any], field: str, default: float | None) -> float | None:
    """The number in a field, its default where it is absent, None where it is no number that the service would take."""
    value = body.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        return None
    return value


def seconds_of(state: State, field: str) -> float | None:
    """The literal seconds in ``TimeoutSeconds`` or ``HeartbeatSeconds``, None where none are written or only a run knows them."""
    return _number(state.body, field, None)
