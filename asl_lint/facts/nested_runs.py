"""Runs that a machine starts and waits for, against the time that it has for them: where a template deploys both machines."""

from collections.abc import Iterator

from asl_lint.facts.calls import Call
from asl_lint.facts.handlers import seconds_of
from asl_lint.facts.match import Match
from asl_lint.facts.time_limits import timeout
from asl_lint.late import TYPE_CHECKING
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import Placeholder

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


def nested_run_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about nested executions that may last longer than the state or the machine that waits for them."""
    tell = facts.workflow.nested
    if tell is None:
        return
    for call in facts.calls.values():
        arn = awaited_machine(call)
        child = None if arn is None else tell(arn)
        if child is None or child.seconds is None:
            continue
        own, whole = seconds_of(call.state, "TimeoutSeconds"), timeout(facts)
        limits = [limit for limit in (own, whole) if limit is not None]
        if limits and min(limits) < child.seconds:
            what = "TimeoutSeconds of the state is" if own == min(limits) else "the machine's TimeoutSeconds is"
            problem = f"{what} {min(limits):,.10g}, and {child.name} can run for {child.seconds:,.10g} seconds"
            pointer: Pointer = (*call.state.pointer, "TimeoutSeconds") if own == min(limits) else call.state.pointer
            yield "child-outlives-parent", Match(pointer, {"state": call.state.name, "problem": problem}, "key")


def awaited_machine(call: Call) -> str | None:
    """The machine whose execution a call starts and waits for, as it is written."""
    if call.name != "states:startExecution" or call.pattern not in ("sync", "sync:2"):
        return None
    found = call.argument("StateMachineArn")
    if found is None or found[0][-1] != "StateMachineArn":
        return None
    value = found[1]
    text = value.text if isinstance(value, Placeholder) else value
    return text if isinstance(text, str) and not text.startswith("{%") else None
