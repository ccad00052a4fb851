"""Retriers and Catchers as far as names tell: where ``States.ALL`` may stand, handlers never asked, names that never match."""

from collections.abc import Iterator

from asl_lint.aws.resource import parse_resource
from asl_lint.facts.error_sets import UNCATCHABLE, matched_by
from asl_lint.facts.match import Match, Place
from asl_lint.facts.values import alternatives
from asl_lint.late import Final, NamedTuple
from asl_lint.model.machine import State, StateMachine
from asl_lint.near import near
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import has_placeholder

Observed = tuple[str, Match]

STATES_ERRORS: Final = frozenset({
    "States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout", "States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed",
    "States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions", "States.QueryEvaluationError",
    "States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed", "States.Timeout",
})  # fmt: skip
"""The names that the service itself gives errors (S, appendix A; D: concepts-error-handling)."""

_IN_SMALL: Final = frozenset(name.lower() for name in STATES_ERRORS)

_HANDLERS: Final = (("Retry", "Retrier"), ("Catch", "Catcher"))


def handler_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about the error names of every Retry and Catch."""
    for state in machine.states:
        for field, title in _HANDLERS:
            if field in state.body and isinstance(state.body[field], list):
                yield from _handlers(state, field, title, state.body[field])


def _handlers(state: State, field: str, title: str, handlers: list[object]) -> Iterator[Observed]:
    earlier: list[_Handler] = []
    last = len(handlers) - 1
    for i, handler in enumerate(handlers):
        names = handler.get("ErrorEquals") if isinstance(handler, dict) else None
        if not isinstance(names, list) or (last == 0 and names == ["States.ALL"]):
            continue
        pointer: Pointer = (*state.pointer, field, i)
        at: Pointer = (*pointer, "ErrorEquals")
        if "States.ALL" in names:
            yield from _misplaced_all(names, at, title, last=i == last)
        if last:
            known = [name for name in names if isinstance(name, str) and not has_placeholder(name)]
            if i and known and len(known) == len(names):
                yield from _never_asked(known, pointer, title, earlier)
            earlier.append(_Handler(pointer, known))
        for j, name in enumerate(names):
            if isinstance(name, str):
                if name not in STATES_ERRORS:
                    yield from _unknown_name(name, (*at, j))
                if name.startswith("States.") or "*" in name:
                    yield from _never_matched(state, name, names, (*at, j), title)


def _misplaced_all(names: list[object], at: Pointer, title: str, last: bool) -> Iterator[Observed]:
    where = (*at, names.index("States.ALL"))
    if len(names) > 1:
        yield "misplaced-states-all", Match(where, {"handler": title, "problem": "it must stand alone in its ErrorEquals"})
    elif not last:
        yield "misplaced-states-all", Match(where, {"handler": title, "problem": f"it may stand only in the last {title}"})


class _Handler(NamedTuple):
    """A Retrier or Catcher, with those of its names that are known."""

    pointer: Pointer
    names: list[str]


def _never_asked(names: list[str], pointer: Pointer, title: str, earlier: list[_Handler]) -> Iterator[Observed]:
    """The first handler that matches an error takes it; one whose errors are all taken before it is never asked."""
    left = matched_by(names)
    if left.is_empty:
        return  # nothing to be taken: told by the name itself
    takers: list[_Handler] = []
    for handler in earlier:
        if "States.ALL" in handler.names:
            return  # told as misplaced
        taken = left & matched_by(handler.names)
        if not taken.is_empty:
            takers.append(handler)
            left = left - taken
    if not left.is_empty:
        return
    words = [_ordinal(int(taker.pointer[-1])) for taker in takers]
    values = {"handler": title, "earlier": f"the {alternatives(words, 'and')} {title}"}
    related = tuple(Place((*taker.pointer, "ErrorEquals"), "taken here") for taker in takers)
    # That States.TaskFailed stands for errors of the service's own too is what the guide says; nobody has recorded it.
    named = {name for taker in takers for name in taker.names}
    by_wildcard = {name for name in names if name.startswith("States.") and name not in named}
    if "States.Timeout" in named:
        by_wildcard.discard("States.HeartbeatTimeout")
    elif "States.HeartbeatTimeout" in by_wildcard:
        return  # every expiry that was recorded is a States.Timeout
    yield "unreachable-handler", Match(pointer, values, related=related, sure=not by_wildcard)


def _ordinal(index: int) -> str:
    """``first`` for 0, ``4th`` for 3."""
    return ("first", "second", "third")[index] if index < 3 else f"{index + 1}th"


def _unknown_name(name: str, pointer: Pointer) -> Iterator[Observed]:
    if not name.startswith("States.") and name.lower() not in _IN_SMALL:
        return
    if has_placeholder(name) or name.startswith("States.Http.StatusCode."):
        return
    near_name = near(name, sorted(STATES_ERRORS))
    hint = f'did you mean "{near_name}"?' if near_name else None
    yield "unknown-states-error", Match(pointer, {"name": name}, help=hint)


_OF_OTHER_STATES: Final = {
    "States.BranchFailed": "only a Parallel or Map raises it",
    "States.ExceedToleratedFailureThreshold": "only a distributed Map raises it",
    "States.ItemReaderFailed": "only a Map raises it",
    "States.NoChoiceMatched": "only a Choice raises it",
    "States.ResultWriterFailed": "only a Map raises it",
}
"""Errors that the work of a Task cannot end with -> why (D: concepts-error-handling)."""


def _never_matched(state: State, name: str, names: list[object], pointer: Pointer, title: str) -> Iterator[Observed]:
    """Names that never come: errors that no handler gets, errors of other states, and patterns."""
    problem = help = None
    if "*" in name:
        if name.startswith("States.") or has_placeholder(name):
            return
        problem, help = "names are compared as they are, and * stands for itself", 'for every error write "States.ALL", alone'
    elif name in UNCATCHABLE.names:
        problem = "no Retrier and no Catcher ever gets it"
    elif state.type == "Task":
        problem = _OF_OTHER_STATES.get(name)
        # Beside States.TaskFailed the name does no harm.
        if name == "States.Timeout" and "States.TaskFailed" not in names and _is_nested_without_clock(state):
            problem = "a time-out of the inner execution comes as States.TaskFailed"
            help = "give this state TimeoutSeconds for a time-out of its own"
    if problem is not None:
        yield "unmatched-error", Match(pointer, {"name": name, "handler": title, "problem": problem}, help=help)


def _is_nested_without_clock(state: State) -> bool:
    resource = state.body.get("Resource")
    if not isinstance(resource, str) or any(field in state.body for field in _CLOCKS):
        return False
    call = parse_resource(resource)
    return (call.service, call.action) == ("states", "startExecution") and call.pattern in ("sync", "sync:2")


_CLOCKS: Final = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")
