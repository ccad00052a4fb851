"""What the values of an API's list of statuses say of the work: over and well, over and not well, not over.

Read from the values themselves, as the APIs write them: ``CompletedWithFailures``, ``IN_PROGRESS``, ``TIMED_OUT``. Only a list
that has a value for success and one for failure is one of outcomes: the states of an instance are not.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from asl_lint.late import Final, NamedTuple

_FAILED: Final = frozenset({
    "failed", "failure", "failures", "fail", "error", "errors", "errored", "fault", "faulted", "stopped", "cancelled", "canceled",
    "aborted", "abandoned", "timeout", "timedout", "killed", "expired", "superseded", "interrupted", "rejected", "denied",
    "exceeded",
})  # fmt: skip
_SUCCEEDED: Final = frozenset({
    "succeeded", "succeed", "success", "successful", "completed", "complete", "finished", "passed",
})  # fmt: skip
_UNFINISHED: Final = frozenset({
    "pending", "queued", "submitted", "runnable", "waiting", "inprogress", "inprocess", "scheduled", "started", "picked",
    "delayed", "requested", "initiated", "executing", "running", "starting", "updating", "creating",
})  # fmt: skip
"""Words that outweigh one of success, as any other in -ing does not (``completedMonitoringHealth``)."""
_NO_WORK: Final = frozenset({
    "missing", "existing", "warning", "thing", "tiering", "overlapping", "sending", "sorting", "signing", "typing",
})  # fmt: skip
"""Words in -ing that do not say that work goes on."""
_ENDING: Final = frozenset({
    "stopping", "cancelling", "canceling", "aborting", "terminating", "deleting", "completing", "failing", "interrupting",
    "rolling", "shutting",
})  # fmt: skip
_UNDOING: Final = frozenset({"cancel", "cancellation", "stop", "abort", "terminate", "delete", "deletion", "rollback"})
"""Words by which work that goes on (``CANCEL_PENDING``) is on the way to a bad end."""
_PARTLY: Final = frozenset({"partial", "partially", "not", "no", "un", "rollback"})
_OTHERS: Final = frozenset({"redrive"})
"""``PENDING_REDRIVE`` is a status of the children of a Map Run alone, whatever list it stands in."""
_OPERATIONS: Final[Mapping[str, str]] = {
    "create": "create", "creating": "create", "creation": "create", "update": "update", "updating": "update", "delete": "delete",
    "deleting": "delete", "deletion": "delete", "import": "import", "importing": "import", "enable": "enable",
    "enabling": "enable", "disable": "disable", "disabling": "disable",
}  # fmt: skip

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Outcomes(NamedTuple):
    """The values of a list of outcomes, each in one place. ``ending`` ones are not over, and are on the way to a bad end."""

    succeeded: frozenset[str]
    failed: frozenset[str]
    unfinished: frozenset[str]
    ending: frozenset[str]


def outcomes(values: Iterable[str]) -> Outcomes | None:
    """What the values say; None where they are no list of outcomes, or one of several operations, of which each has its own."""
    found: dict[str, set[str]] = {"succeeded": set(), "failed": set(), "unfinished": set(), "ending": set()}
    operations: set[str] = set()
    for value in values:
        words = _words(value)
        kind = _kind(words)
        if kind is not None:
            found[kind].add(value)
        if kind in ("unfinished", "ending"):
            operations.update(_OPERATIONS[word] for word in words[:1] if word in _OPERATIONS)
    if not found["succeeded"] or not found["failed"] or len(operations) > 1:
        return None
    return Outcomes(*(frozenset(found[kind]) for kind in Outcomes._fields))


def _words(value: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(value)]


def _kind(words: list[str]) -> str | None:
    said = frozenset(words) | {one + other for one, other in pairwise(words)}
    if said & _OTHERS:
        return None
    if said & _FAILED:
        return "failed"
    if said & _ENDING:
        return "ending"
    if said & _UNFINISHED:
        return "ending" if said & _UNDOING else "unfinished"
    if said & _SUCCEEDED:
        return None if said & _PARTLY else "succeeded"
    return "unfinished" if any(word.endswith("ing") and word not in _NO_WORK for word in words) else None
