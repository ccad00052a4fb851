"""Which errors a state can raise, by the class of what goes wrong, and which of them each Catcher takes.

Retry removes no error: its attempts can run out. Errors that no handler takes anywhere (``States.Runtime``, the machine's own
timeout, a stopped execution) are not among them.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

from asl_lint.facts.error_sets import NO_ERROR, TIMEOUTS, UNCATCHABLE, ErrorSet, matched_by, these
from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder

FaultClass = Literal["service", "choice", "data"]
"""What goes wrong: the work that a state does, no rule of a Choice holding, or an expression that cannot be evaluated."""

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
        if self is NOTHING or self is other:
            return other
        service, choice, data, unsure = other
        return Raises(self.service | service, self.choice | choice, self.data | data, self.unsure | unsure)

    @property
    def fault(self) -> FaultClass:
        """The strongest class that has an error. What nobody has seen comes after what a Choice raises, and before data."""
        if not self.service.is_empty:
            return "service"
        if not self.choice.is_empty:
            return "choice"
        return "data" if self.unsure.is_empty else "service"

    @property
    def is_sure(self) -> bool:
        """Whether somebody has seen an error of the class ``fault`` there."""
        return not (self.service.is_empty and self.choice.is_empty) or self.unsure.is_empty


NOTHING: Final = Raises()


def raises(state: State, inner: Raises, exhaustive: bool = False) -> Raises:
    """What the state itself raises; ``inner`` is what reaches the ends of the scopes inside it.

    ``exhaustive``: one rule of a Choice holds whatever comes.
    """
    body, kind = state.body, state.type
    # Coarse: a literal in a field that could hold an expression or a path counts as one.
    language = None if _PLAIN.issuperset(body) else state.language if state.is_language_known else ""
    if kind == "Parallel":
        data = _evaluation(language)
        unsure = NO_ERROR if inner.all.is_empty else _OF_BRANCHES
        return Raises(inner.service, inner.choice, inner.data | data, unsure | inner.unsure)
    if kind == "Map":
        return _map_raises(state, inner, _evaluation(language))
    if kind == "Task":
        return _simple(language, "Task", "HeartbeatSeconds" in body or "HeartbeatSecondsPath" in body, _is_timed(body))
    return _simple(language, kind, exhaustive or "Default" in body, False)


@cache
def _simple(language: str | None, kind: str | None, first: bool, timed: bool) -> Raises:
    """What a state without scopes raises. ``first``: a Task has a heartbeat, a Choice a way for all. Few are different."""
    data = _evaluation(language)
    if kind == "Task":
        # There is no timeout by default that ends within a year.
        clocks = TIMEOUTS if first else these("States.Timeout") if timed else NO_ERROR
        return Raises(_ANY - TIMEOUTS | clocks, data=data)
    if kind == "Choice":
        return Raises(choice=NO_ERROR if first else NO_CHOICE, data=data)
    return Raises(data=data)


def _evaluation(language: str | None) -> ErrorSet:
    """The errors of expressions in a language, in either for ``""``; None: the state has no expression."""
    if language is None:
        return NO_ERROR
    return _EVALUATION[language] if language else _EVALUATION["JSONata"] | _EVALUATION["JSONPath"]


def _is_timed(body: Mapping[str, Any]) -> bool:
    return "TimeoutSeconds" in body or "TimeoutSecondsPath" in body


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


_PLAIN: Final = frozenset({
    "Type", "Comment", "Next", "End", "QueryLanguage", "Resource", "Retry", "Catch", "Branches", "ItemProcessor", "Iterator",
    "Default", "Label", "Result",
})  # fmt: skip


class Taken(NamedTuple):
    """What the Catcher ``number`` takes of a state's errors. ``is_known`` is False where the deployment fills in a name of it."""

    number: int
    raises: Raises
    is_known: bool


def caught(state: State, raised: Raises) -> tuple[list[Taken], Raises]:
    """What each Catcher of the state takes, in order, and what is left for nobody.

    A Catcher of which a name is unknown may take whatever is left, and leaves it all the same.
    """
    catchers = state.body.get("Catch")
    if not catchers or not isinstance(catchers, list) or state.type not in ("Task", "Parallel", "Map"):
        return [], raised
    taken: list[Taken] = []
    for i, catcher in enumerate(catchers):
        if not isinstance(catcher, dict):
            continue
        names = catcher.get("ErrorEquals")
        if not isinstance(names, list) or is_unknown(names):
            taken.append(Taken(i, raised, False))
            continue
        known = tuple(name for name in names if isinstance(name, str) and not has_placeholder(name))
        inside, raised_after = _split(raised, known)
        is_known = len(known) == len(names)
        taken.append(Taken(i, inside if is_known else raised, is_known))
        raised = raised_after
    return taken, raised


@lru_cache(maxsize=1024)
def _split(raised: Raises, names: tuple[str, ...]) -> tuple[Raises, Raises]:
    """What of the errors a handler of these names takes, and what it leaves. Most handlers are like another one."""
    errors = matched_by(names)
    return raised.within(errors), raised.within(~errors)


@lru_cache(maxsize=1024)
def uncaught(left: Raises) -> tuple[tuple[ErrorSet, FaultClass, bool], ...]:
    """What nobody takes of a state's errors, class by class: the errors, the class, and whether somebody has seen them."""
    classes: tuple[tuple[ErrorSet, FaultClass, bool], ...] = (
        (left.service, "service", True), (left.unsure - left.service, "service", False),
        (left.choice, "choice", True), (left.data, "data", True),
    )  # fmt: skip
    return tuple(one for one in classes if not one[0].is_empty)


def fail_errors(state: State) -> ErrorSet:
    """The name with which a Fail state ends, all names where only the run knows it."""
    name = state.body.get("Error")
    if isinstance(name, str) and not has_placeholder(name) and not name.startswith("{%"):
        return these(name)
    return ~UNCATCHABLE
