"""The scopes of a graph with their states, inner ones inside outer ones, as a walk without recursion."""

from collections.abc import Callable, Iterator

from asl_lint.late import Any, NamedTuple


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


class Notation(NamedTuple):
    """How a language of drawings writes scopes: the ``start`` of all, the first and last lines of an inner scope, a state, and
    the arrow from what begins a scope (``start``, or the id of its state) to the id of its first state.
    """

    start: str
    opening: Callable[[Opened], tuple[str, ...]]
    closing: str
    state: Callable[[dict[str, Any]], str]
    arrow: Callable[[str, str], str]


def nested(graph: dict[str, Any], ids: dict[str, str], notation: Notation) -> Iterator[str]:
    """The states in their scopes, then what leads to the first state of each scope; a line each."""
    states = {state["pointer"]: state for state in graph["states"]}
    arrows: list[str] = []
    for step in walk(graph):
        scope = step.scope
        if isinstance(step, Closed):
            if scope["state"] is not None:
                yield notation.closing
            continue
        yield from (notation.start,) if scope["state"] is None else notation.opening(step)
        yield from (notation.state(states[pointer]) for pointer in scope["states"])
        if scope["start"] is not None:
            source = "start" if scope["state"] is None else ids[scope["state"]]
            arrows.append(notation.arrow(source, ids[scope["start"]]))
    yield from arrows
