"""The bounds of the machine's own execution: history events, seconds, transitions and money, at least and at most."""

from collections.abc import Sequence

from asl_lint.facts.amounts import INFINITE, Amount, formula, number, symbols_of
from asl_lint.facts.budgets import YEAR, Cause, Execution
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.visits import Measure
from asl_lint.late import Any, Final
from asl_lint.source.document import format_pointer

_MEASURES: Final[dict[str, Measure]] = {"history": "events", "duration": "seconds", "transitions": "transitions"}


def bounds(facts: Facts) -> dict[str, Any]:
    """``history``, ``duration`` (seconds), ``transitions`` and ``cost`` (about, in US dollars) of one execution.

    ``max`` is null where there is no bound, or where ``symbols`` are in its ``formula``; the machine's TimeoutSeconds bound its
    duration whatever the formula says. ``causes`` are the places because of which there is none. Where that is
    only because the definition hides where it leads, nobody knows: the formula is ``?``.
    """
    execution = facts.budgets.executions[0]
    found = {name: _bound(facts, execution, measure) for name, measure in _MEASURES.items()}
    if execution.ends_after < YEAR:
        longest = found["duration"]["max"]
        found["duration"]["max"] = execution.ends_after if longest is None else min(longest, execution.ends_after)
    billed: Measure = "seconds" if execution.is_express else "transitions"
    return {**found, "cost": _told(facts, None, execution.cost(), execution.causes(billed))}


def _bound(facts: Facts, execution: Execution, measure: Measure) -> dict[str, Any]:
    return _told(facts, execution.least(measure), execution.most(measure), execution.causes(measure))


def _told(facts: Facts, least: float | None, most: Amount, causes: Sequence[Cause]) -> dict[str, Any]:
    is_unknown = most == INFINITE and all(cause.is_unknown for cause in causes)
    return {
        "min": None if least is None or least == INFINITE else least,
        "max": number(most),
        "formula": "?" if is_unknown else formula(most),
        "symbols": {name: facts.budgets.symbols[name] for name in symbols_of(most)},
        "causes": [{"pointer": format_pointer(cause.pointer), "reason": cause.reason} for cause in causes],
    }
