"""Descriptions without what they must not hold: secrets that a definition has written out, and numbers that JSON lacks."""

from collections.abc import Set
from math import isfinite

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.values import shown
from asl_lint.late import Any, Final, TypeVar
from asl_lint.source.secrets import masked

Described = TypeVar("Described", dict[str, Any], list[Any])


_OWN_WORDS: Final = frozenset(("formula", "kind", "name", "permissions", "reason", "sid", "state", "summary"))
"""Members whose strings are names, or words of ours: a part of a secret is no secret there."""


def without_secrets(described: Described, facts: Facts) -> Described:
    """What was said of a machine, changed in place: every string without its secrets. Nothing is done where there are none."""
    secrets = facts.secrets
    if secrets is None or secrets.conceal is str:
        return described
    names = secrets.conceal_names

    def concealed(value: Any, is_quoted: bool) -> Any:
        if not isinstance(value, str):
            return value
        return secrets.conceal(value) if is_quoted and not value.startswith("/") else names(value)

    pending: list[tuple[Any, bool, Set[str]]] = [(described, True, _OWN_WORDS)]
    while pending:
        holder, is_quoted, own = pending.pop()
        if isinstance(holder, dict):
            members = list(holder.items())
            holder.clear()
            for key, value in members:
                quoted = is_quoted and key not in own
                holder[names(key)] = concealed(value, quoted)
                if isinstance(value, dict | list):
                    pending.append((value, quoted, frozenset() if key in ("definition", "own") else own))
        else:
            holder[:] = [concealed(value, is_quoted) for value in holder]
            pending += [(value, is_quoted, own) for value in holder if isinstance(value, dict | list)]
    return described


def without_forms(described: Any) -> Any:
    """A copy of what was said of a file that nobody has searched for secrets: without what is one by its form."""
    if isinstance(described, str):
        return masked(described)
    if isinstance(described, list):
        return [without_forms(one) for one in described]
    return {key: without_forms(value) for key, value in described.items()} if isinstance(described, dict) else described


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
