"""The scopes of a graph with their states, inner ones inside outer ones, as a walk without recursion."""

from collections.abc import Iterator
from typing import Any

from asl_lint.late import NamedTuple


class Opened(NamedTuple):
    """A scope begins: its number, and which of its state's scopes it is, from 0."""

    number: int
    scope: dict[str, Any]
    place: int


class Closed(NamedTuple):
    """A scope ends."""

    scope: dict[str, Any]


def walk(graph: dict[str, Any]) -> Iterator[Opened | Closed]:
    """The beginnings and ends of all scopes; those inside a scope lie between its own."""
    inner: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, scope in enumerate(graph["scopes"]):
        if scope["state"] is not None:
            inner.setdefault(scope["state"], []).append((number, scope))
    pending: list[Opened | Closed] = [Opened(0, graph["scopes"][0], 0)]
    while pending:
        step = pending.pop()
        yield step
        if isinstance(step, Opened):
            pending.append(Closed(step.scope))
            for pointer in reversed(step.scope["states"]):
                held = [Opened(number, scope, place) for place, (number, scope) in enumerate(inner.get(pointer, ()))]
                pending += reversed(held)
