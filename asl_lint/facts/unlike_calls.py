"""Calls that lack what all other calls of their machine have: a Catch, a Retry, a time-out.

Whether each call must have one is for a team to say; where it has said so for all but one, that one is a slip. Linear.
"""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.facts.match import Match
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.calls import Call
    from asl_lint.facts.machine_facts import Facts

FEWEST: Final = 5
"""Calls that a machine must have for a habit to show."""
_CATCH_ALL: Final = frozenset({"States.ALL", "States.TaskFailed"})


def unlike_call_faults(facts: "Facts") -> Iterator[tuple[str, Match]]:
    """Observations about one call of at least five, or one in ten, that lacks what the others have."""
    if len(facts.calls) < FEWEST:
        return
    for what, (has, counts) in _HABITS.items():
        calls = [call for call in facts.calls.values() if counts(call, facts)]
        lacking = [call for call in calls if not has(call.state)]
        if len(calls) >= FEWEST and len(lacking) <= max(1, len(calls) // 10):
            for call in lacking:
                values = {"state": call.state.name, "lacks": what, "others": str(len(calls) - len(lacking))}
                yield "unlike-other-calls", Match(call.state.pointer, values, "key")


def _is_caught(state: State) -> bool:
    """Whether a Catcher of the state, or of a Parallel or Map around it, takes whatever the call fails with."""
    around: State | None = state
    while around is not None:
        catchers = around.body.get("Catch")
        if is_unknown(catchers) or (isinstance(catchers, list) and any(map(_catches_all, catchers))):
            return True
        around = around.scope.parent
    return False


def _catches_all(catcher: object) -> bool:
    names = catcher.get("ErrorEquals") if isinstance(catcher, Mapping) else None
    return is_unknown(names) or (
        isinstance(names, list) and any(is_unknown(n) or (isinstance(n, str) and n in _CATCH_ALL) for n in names)
    )


def _is_retried(state: State) -> bool:
    return bool(state.body.get("Retry"))


def _has_time_out(state: State) -> bool:
    return any(field in state.body for field in ("TimeoutSeconds", "TimeoutSecondsPath"))


def _retry_is_a_choice(call: "Call", facts: "Facts") -> bool:
    """Not of functions, whose retries the guide asks for, of polls, and of what gives a lock back: other rules speak of these."""
    if call.service == "lambda" or any(poll.check.state is call.state for poll in facts.polls):
        return False
    return not any(one.write.call.state is call.state for lock in facts.locks for one in lock.freeings)


def _time_out_is_a_choice(call: "Call", facts: "Facts") -> bool:
    """Not of those that wait for an answer: a rule of its own speaks of these."""
    return call.pattern != "waitForTaskToken" and call.kind != "activity"


_HABITS: Final[Mapping[str, tuple[Callable[[State], bool], Callable[["Call", "Facts"], bool]]]] = {
    "Catch for all errors": (_is_caught, lambda call, facts: True),
    "Retry": (_is_retried, _retry_is_a_choice),
    "TimeoutSeconds": (_has_time_out, _time_out_is_a_choice),
}
"""What a call may have, and of which calls that shows a habit."""
