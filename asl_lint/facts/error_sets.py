"""Sets of error names, finite ("these") or co-finite ("all but these"), and what a handler's ``ErrorEquals`` matches.

Exact: unions, intersections and differences of such sets are such sets. An error's name is any string (S: Errors).
"""

from collections.abc import Iterable
from functools import lru_cache

from asl_lint.late import Final, NamedTuple


class ErrorSet(NamedTuple):
    """The errors named in ``names``, or, if ``is_complement``, all errors but those."""

    names: frozenset[str]
    is_complement: bool = False

    def __contains__(self, name: object) -> bool:
        return (name in self.names) is not self.is_complement

    def has(self, name: str) -> bool:
        """Whether the error is in the set."""
        return (name in self.names) is not self.is_complement

    def __or__(self, other: "ErrorSet") -> "ErrorSet":
        # Most of what is joined is empty, and most is joined with itself.
        if self is other or not (other.names or other.is_complement):
            return self
        if not (self.names or self.is_complement):
            return other
        if self.is_complement:
            return ErrorSet(self.names - other.names if not other.is_complement else self.names & other.names, True)
        return ErrorSet(other.names - self.names, True) if other.is_complement else ErrorSet(self.names | other.names)

    def __invert__(self) -> "ErrorSet":
        return ErrorSet(self.names, not self.is_complement)

    def __and__(self, other: "ErrorSet") -> "ErrorSet":
        if self is other or not (self.names or self.is_complement):
            return self
        if self.is_complement:
            return ErrorSet(self.names | other.names, True) if other.is_complement else ErrorSet(other.names - self.names)
        return ErrorSet(self.names - other.names if other.is_complement else self.names & other.names)

    def __sub__(self, other: "ErrorSet") -> "ErrorSet":
        if not (self.names or self.is_complement):
            return self
        return self & ErrorSet(other.names, not other.is_complement)

    @property
    def is_empty(self) -> bool:
        """Whether no error at all is in it."""
        return not self.is_complement and not self.names

    def __str__(self) -> str:
        names = ", ".join(sorted(self.names))
        return (f"all but {names}" if names else "all errors") if self.is_complement else names or "no error"


def these(*names: str) -> ErrorSet:
    """The set of just these errors."""
    return ErrorSet(frozenset(names))


def all_but(*names: str) -> ErrorSet:
    """The set of all errors but these."""
    return ErrorSet(frozenset(names), is_complement=True)


NO_ERROR: Final = these()
UNCATCHABLE: Final = these("States.Runtime")
"""Errors that no handler takes, by whatever name (recorded)."""
TIMEOUTS: Final = these("States.Timeout", "States.HeartbeatTimeout")

_WIDE: Final = {
    "States.ALL": ~UNCATCHABLE,
    # All but States.Timeout (D); that it leaves QueryEvaluationError alone too is second hand.
    "States.TaskFailed": all_but("States.Timeout", "States.QueryEvaluationError"),
    "States.Timeout": TIMEOUTS,
}
"""Names that match more than themselves (S: Errors; D: concepts-error-handling)."""


def matched_by(names: Iterable[str]) -> ErrorSet:
    """The errors that a handler takes whose ``ErrorEquals`` lists these names."""
    return _matched(tuple(names))


@lru_cache(maxsize=1024)
def _matched(names: tuple[str, ...]) -> ErrorSet:
    """Handlers list the same few names again and again."""
    taken = NO_ERROR
    for name in names:
        taken |= _WIDE.get(name) or these(name)
    return taken - UNCATCHABLE
