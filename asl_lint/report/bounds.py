"""The bounds of the machine's own execution: history events, seconds, transitions and money; null for what is not computed."""

from typing import Any

from asl_lint.facts.machine_facts import Facts


def bounds(facts: Facts) -> dict[str, Any]:
    """``history``, ``duration`` (seconds), ``transitions`` and ``cost`` (US dollars) of one execution."""
    return dict.fromkeys(("history", "duration", "transitions", "cost"))
