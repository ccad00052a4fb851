"""What the values of an API's list of statuses say of the work: over and well, over and not well, not over.

Read from the values themselves, as the APIs write them: ``CompletedWithFailures``, ``IN_PROGRESS``, ``TIMED_OUT``. Only a list
that has a value for success and one for failure is one of outcomes: the states of an instance are not.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from asl_lint.late import NamedTuple

_FAILED: Final = frozenset({
    "failed", "failure", "failures", "fail", "error", "errors", "errored", "faulted", "stopped", "cancelled", "canceled",
    "aborted", "timeout", "timedout", "killed",
})  # fmt: skip
_SUCCEEDED: Final = frozenset({"succeeded", "success", "successful", "completed", "complete"})
_UNFINISHED: Final = frozenset({
    "executing", "running", "pending", "queued", "starting", "submitted", "runnable", "waiting", "creating", "updating",
    "processing", "provisioning", "initializing", "inprogress", "scheduled", "preparing", "queueing", "started",
})  # fmt: skip
_ENDING: Final = frozenset({"stopping", "cancelling", "canceling", "aborting", "terminating", "deleting", "completing"})
_PARTLY: Final = frozenset({"partial", "partially", "not", "no", "un"})

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Outcomes(NamedTuple):
    """The values of a list of outcomes, each in one place. ``ending`` ones are not over, and are on the way to a bad end."""

    succeeded: frozenset[str]
    failed: frozenset[str]
    unfinished: frozenset[str]
    ending: frozenset[str]


def outcomes(values: Iterable[str]) -> Outcomes | None:
    """What the values say; None where they are no list of outcomes."""
    found: dict[str, set[str]] = {"succeeded": set(), "failed": set(), "unfinished": set(), "ending": set()}
    for value in values:
        kind = _kind(value)
        if kind is not None:
            found[kind].add(value)
    if not found["succeeded"] or not found["failed"]:
        return None
    return Outcomes(*(frozenset(found[kind]) for kind in Outcomes._fields))


def _kind(value: str) -> str | None:
    words = [word.lower() for word in _WORD.findall(value)]
    words += [one + other for one, other in pairwise(words)]
    said = frozenset(words)
    if said & _FAILED:
        return "failed"
    if said & _ENDING:
        return "ending"
    if said & _UNFINISHED:
        return "unfinished"
    return "succeeded" if said & _SUCCEEDED and not said & _PARTLY else None
