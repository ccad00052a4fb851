"""The bounds of a run: history events, seconds, transitions and money; null for what has not been computed."""

from typing import Any

from asl_lint.facts.machine_facts import Facts


def bounds(facts: Facts) -> dict[str, Any]:
    """``history``, ``duration``, ``transitions`` and ``cost`` of one execution."""
    return dict.fromkeys(("history", "duration", "transitions", "cost"))
