"""Descriptions without what they must not hold: secrets that a definition has written out, and numbers that JSON lacks."""

from collections.abc import Callable
from math import isfinite
from typing import Any, TypeVar

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.values import shown

Described = TypeVar("Described", dict[str, Any], list[Any])


def without_secrets(described: Described, facts: Facts) -> Described:
    """What was said of a machine, changed in place: every string without its secrets. Nothing is done where there are none."""
    secrets = facts.secrets
    if secrets is None or secrets.conceal is str:
        return described
    pending: list[Any] = [described]
    while pending:
        holder = pending.pop()
        if isinstance(holder, dict):
            members = [(key, _concealed(value, secrets.conceal)) for key, value in holder.items()]
            holder.clear()
            holder.update((secrets.conceal(key), value) for key, value in members)
            pending += [value for _, value in members if isinstance(value, dict | list)]
        else:
            holder[:] = [_concealed(value, secrets.conceal) for value in holder]
            pending += [value for value in holder if isinstance(value, dict | list)]
    return described


def plain(described: Described) -> Described:
    """What was said of a machine, changed in place: infinities and what is no number as their names."""
    pending: list[Any] = [described]
    while pending:
        holder = pending.pop()
        for key, value in list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder)):
            if isinstance(value, dict | list):
                pending.append(value)
            elif isinstance(value, float) and not isfinite(value):
                holder[key] = shown(value)
    return described


def _concealed(value: Any, conceal: Callable[[str], str]) -> Any:
    return conceal(value) if isinstance(value, str) else value
