"""The bounds of the machine's own execution: history events, seconds, transitions and money, at least and at most."""

from typing import Any, Final

from asl_lint.facts.amounts import formula, number, symbols_of
from asl_lint.facts.budgets import YEAR, Execution
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.visits import Measure
from asl_lint.source.document import format_pointer

_MEASURES: Final[dict[str, Measure]] = {"history": "events", "duration": "seconds", "transitions": "transitions"}


def bounds(facts: Facts) -> dict[str, Any]:
    """``history``, ``duration`` (seconds), ``transitions`` and ``cost`` (null: it is not computed) of one execution.

    ``max`` is null where there is no bound, or where ``symbols`` are in its ``formula``; the machine's TimeoutSeconds bound its
    duration whatever the formula says. ``causes`` are the places because of which there is none.
    """
    execution = facts.budgets.executions[0]
    found = {name: _bound(facts, execution, measure) for name, measure in _MEASURES.items()}
    if execution.ends_after < YEAR:
        longest = found["duration"]["max"]
        found["duration"]["max"] = execution.ends_after if longest is None else min(longest, execution.ends_after)
    return {**found, "cost": None}


def _bound(facts: Facts, execution: Execution, measure: Measure) -> dict[str, Any]:
    most = execution.most(measure)
    least = execution.least(measure)
    return {
        "min": None if least is None or least == float("inf") else least,
        "max": number(most),
        "formula": formula(most),
        "symbols": {name: facts.budgets.symbols[name] for name in symbols_of(most)},
        "causes": [{"pointer": format_pointer(cause.pointer), "reason": cause.reason} for cause in execution.causes(measure)],
    }
