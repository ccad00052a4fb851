"""Retriers and Catchers as far as names alone tell: where ``States.ALL`` may stand, handlers never asked, unknown names."""

from collections.abc import Iterator
from typing import Final

from asl_lint.facts.match import Match, Place
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

_HANDLERS: Final = (("Retry", "Retrier"), ("Catch", "Catcher"))


def handler_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about the error names of every Retry and Catch."""
    for state in machine.states:
        for field, title in _HANDLERS:
            handlers = state.body.get(field)
            if isinstance(handlers, list):
                yield from _handlers(state, field, title, handlers)


def _handlers(state: State, field: str, title: str, handlers: list[object]) -> Iterator[Observed]:
    earlier: dict[str, Pointer] = {}
    for i, handler in enumerate(handlers):
        names = handler.get("ErrorEquals") if isinstance(handler, dict) else None
        if not isinstance(names, list):
            continue
        pointer: Pointer = (*state.pointer, field, i)
        at: Pointer = (*pointer, "ErrorEquals")
        known = [name for name in names if isinstance(name, str) and not has_placeholder(name)]
        yield from _misplaced_all(names, at, title, last=i == len(handlers) - 1)
        if known and len(known) == len(names):
            yield from _never_asked(known, pointer, title, earlier)
        for j, name in enumerate(names):
            if isinstance(name, str):
                yield from _unknown_name(name, (*at, j))
                earlier.setdefault(name, pointer)


def _misplaced_all(names: list[object], at: Pointer, title: str, last: bool) -> Iterator[Observed]:
    if "States.ALL" not in names:
        return
    where = (*at, names.index("States.ALL"))
    if len(names) > 1:
        yield "misplaced-states-all", Match(where, {"handler": title, "problem": "it must stand alone in its ErrorEquals"})
    elif not last:
        yield "misplaced-states-all", Match(where, {"handler": title, "problem": f"it may stand only in the last {title}"})


def _never_asked(names: list[str], pointer: Pointer, title: str, earlier: dict[str, Pointer]) -> Iterator[Observed]:
    """The first handler that names an error takes it; one whose names are all taken before it is never asked."""
    takers: list[Pointer] = []
    for name in names:
        taker = earlier.get(name)
        if taker is None and not name.startswith("States."):
            taker = earlier.get("States.TaskFailed")
        if taker is None:
            return
        takers.append(taker)
    first = min(takers, key=lambda taker: taker[-1])
    related = (Place((*first, "ErrorEquals"), "taken here"),)
    yield (
        "unreachable-handler",
        Match(pointer, {"handler": title, "earlier": f"the {_ordinal(int(first[-1]))} {title}"}, related=related),
    )


def _ordinal(index: int) -> str:
    """``first`` for 0, ``4th`` for 3."""
    return ("first", "second", "third")[index] if index < 3 else f"{index + 1}th"


def _unknown_name(name: str, pointer: Pointer) -> Iterator[Observed]:
    if not name.startswith("States.") or name in STATES_ERRORS or has_placeholder(name):
        return
    if name.startswith("States.Http.StatusCode."):
        return
    near_name = near(name, sorted(STATES_ERRORS))
    hint = f'did you mean "{near_name}"?' if near_name else None
    yield "unknown-states-error", Match(pointer, {"name": name}, help=hint)
