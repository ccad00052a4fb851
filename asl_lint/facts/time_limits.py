"""How long the execution that runs a state may last: by the machine's TimeoutSeconds, and by the type of the execution.

The iterations of a distributed Map are executions of their own, of the type that its ProcessorConfig names. Constant time but for
the scopes around a state.
"""

from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.machine import State

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

EXPRESS_ENDS: Final = 300.0
"""Seconds after which an Express execution is over (D: choosing-workflow-type)."""


def execution_type(facts: "Facts", state: State) -> str | None:
    """``STANDARD``, ``EXPRESS``, or None where that is not known."""
    scope = state.scope
    while scope.parent is not None:
        if scope.is_distributed:
            named = scope.body["ProcessorConfig"].get("ExecutionType")
            return named if named in ("STANDARD", "EXPRESS") else None
        scope = scope.parent.scope
    return facts.workflow.machine_type


def timeout(facts: "Facts") -> float | None:
    """The machine's TimeoutSeconds where they are fixed; what its distributed Maps start ends with it too."""
    seconds = facts.machine.body.get("TimeoutSeconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        return None
    return float(seconds)


def ends_after(facts: "Facts", state: State) -> float | None:
    """The seconds after which what runs the state is ended whatever happens."""
    own = EXPRESS_ENDS if execution_type(facts, state) == "EXPRESS" else None
    limits = [seconds for seconds in (timeout(facts), own) if seconds is not None]
    return min(limits, default=None)
