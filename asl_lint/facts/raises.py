"""Which errors a state can raise, by the class of what goes wrong, and which of them each Catcher takes.

Retry removes no error: its attempts can run out. Errors that no handler takes anywhere (``States.Runtime``, the machine's own
timeout, a stopped execution) are not among them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from asl_lint.facts.error_sets import NO_ERROR, TIMEOUTS, UNCATCHABLE, ErrorSet, matched_by, these
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder

FaultClass = Literal["service", "choice", "data"]
"""What goes wrong: the work that a state does, no rule of a Choice holding, or an expression that cannot be evaluated."""

CLASSES: Final[tuple[FaultClass, ...]] = ("service", "choice", "data")
"""From the strongest down: what a careful author must reckon with first."""

NO_CHOICE: Final = these("States.NoChoiceMatched")
_EVALUATION: Final[Mapping[str, ErrorSet]] = {
    "JSONata": these("States.QueryEvaluationError"),
    "JSONPath": these("States.ParameterPathFailure", "States.IntrinsicFailure", "States.ResultPathMatchFailure"),
}
_ANY: Final = ~(UNCATCHABLE | NO_CHOICE | _EVALUATION["JSONata"] | _EVALUATION["JSONPath"])
_OF_BRANCHES: Final = these("States.BranchFailed")


class Raises(NamedTuple):
    """The errors of a state or a scope, by class. Of those in ``unsure`` nobody has seen that they occur there."""

    service: ErrorSet = NO_ERROR
    choice: ErrorSet = NO_ERROR
    data: ErrorSet = NO_ERROR
    unsure: ErrorSet = NO_ERROR

    @property
    def all(self) -> ErrorSet:
        """The errors of every class."""
        return self.service | self.choice | self.data | self.unsure

    def within(self, errors: ErrorSet) -> "Raises":
        """Those of them that are in the set."""
        return Raises(self.service & errors, self.choice & errors, self.data & errors, self.unsure & errors)

    def __or__(self, other: "Raises") -> "Raises":
        return Raises(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def fault(self) -> FaultClass:
        """The strongest class that has an error."""
        if not self.service.is_empty or not self.unsure.is_empty:
            return "service"
        return "choice" if not self.choice.is_empty else "data"

    @property
    def is_sure(self) -> bool:
        """Whether an error occurs that somebody has seen there."""
        return not (self.service.is_empty and self.choice.is_empty and self.data.is_empty)


NOTHING: Final = Raises()


def raises(state: State, inner: Raises) -> Raises:
    """What the state itself raises; ``inner`` is what reaches the ends of the scopes inside it."""
    body = state.body
    data = _EVALUATION[state.language] if _evaluates(body) else NO_ERROR
    if not state.is_language_known:
        data = _EVALUATION["JSONata"] | _EVALUATION["JSONPath"]
    if state.type == "Task":
        return Raises(_ANY - TIMEOUTS | _clocks(body), data=data)
    if state.type == "Parallel":
        unsure = NO_ERROR if inner.all.is_empty else _OF_BRANCHES
        return Raises(inner.service, inner.choice, inner.data | data, unsure | inner.unsure)
    if state.type == "Map":
        return _map_raises(state, inner, data)
    if state.type == "Choice":
        return Raises(choice=NO_ERROR if "Default" in body else NO_CHOICE, data=data)
    return Raises(data=data)


def _map_raises(state: State, inner: Raises, data: ErrorSet) -> Raises:
    own = NO_ERROR
    if "ItemReader" in state.body:
        own |= these("States.ItemReaderFailed")
    if "ResultWriter" in state.body:
        own |= these("States.ResultWriterFailed")
    if any(scope.is_distributed for scope in state.scopes):
        # The errors of child executions stay in them; the Map Run fails when too many of them did.
        if state.body.get("ToleratedFailurePercentage") != 100:
            own |= these("States.ExceedToleratedFailureThreshold")
        return Raises(own, data=data)
    unsure = NO_ERROR if inner.all.is_empty else _OF_BRANCHES
    return Raises(inner.service | own, inner.choice, inner.data | data, unsure | inner.unsure)


def _clocks(body: Mapping[str, Any]) -> ErrorSet:
    """``States.Timeout`` where a timeout is set (there is none by default that ends within a year), and the heartbeat's."""
    heartbeat = "HeartbeatSeconds" in body or "HeartbeatSecondsPath" in body
    if heartbeat:
        return TIMEOUTS
    return these("States.Timeout") if "TimeoutSeconds" in body or "TimeoutSecondsPath" in body else NO_ERROR


_PLAIN: Final = frozenset({
    "Type", "Comment", "Next", "End", "QueryLanguage", "Resource", "Retry", "Catch", "Branches", "ItemProcessor", "Iterator",
    "Default", "Label", "Result",
})  # fmt: skip


def _evaluates(body: Mapping[str, Any]) -> bool:
    """Whether a field of the state can hold an expression or a path; coarse: a literal in it counts as well."""
    return not _PLAIN.issuperset(body)


class Taken(NamedTuple):
    """What the Catcher ``number`` takes of a state's errors. ``is_known`` is False where the deployment fills in a name of it."""

    number: int
    raises: Raises
    is_known: bool


def caught(state: State, raised: Raises) -> tuple[list[Taken], Raises]:
    """What each Catcher of the state takes, in order, and what is left for nobody.

    A Catcher of which a name is unknown may take whatever is left, and leaves it all the same.
    """
    taken: list[Taken] = []
    for i, catcher in _catchers(state):
        names = catcher.get("ErrorEquals")
        if not isinstance(names, list) or is_unknown(names):
            taken.append(Taken(i, raised, False))
            continue
        known = [name for name in names if isinstance(name, str) and not has_placeholder(name)]
        errors = matched_by(known)
        if len(known) < len(names):
            taken.append(Taken(i, raised, False))
        else:
            taken.append(Taken(i, raised.within(errors), True))
        raised = raised.within(~errors)
    return taken, raised


def _catchers(state: State) -> Iterator[tuple[int, Mapping[str, Any]]]:
    catchers = state.body.get("Catch")
    if isinstance(catchers, list) and state.type in ("Task", "Parallel", "Map"):
        yield from ((i, catcher) for i, catcher in enumerate(catchers) if isinstance(catcher, Mapping))


def fail_errors(state: State) -> ErrorSet:
    """The name with which a Fail state ends, all names where only the run knows it."""
    name = state.body.get("Error")
    if isinstance(name, str) and not has_placeholder(name) and not name.startswith("{%"):
        return these(name)
    return ~UNCATCHABLE
