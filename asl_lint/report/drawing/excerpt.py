"""The part of a machine's graph that a reader should look at: what changed, or where findings are, with what is next to it."""

from collections.abc import Iterable

from asl_lint.finding import SEVERITIES
from asl_lint.late import Any, Final
from asl_lint.report.drawing import Drawing

_WHOLE: Final = 25
"""States up to which a graph is shown whole."""


def of_changes(machine: dict[str, Any]) -> Drawing | None:
    """The states and transitions that were added, changed or removed; None where there is none."""
    found = machine["comparison"]
    states, transitions = found["states"], found["transitions"]
    marks = dict.fromkeys(states["added"], "added")
    marks |= {one["state"]: "changed" for one in (*states["changed"], *states["renamed"]) if one["state"]}
    marks |= dict.fromkeys(transitions["added"], "added")
    graph, gone = with_removed(machine["graph"], states["gone"], transitions["removed"])
    return _excerpt(machine, graph, {**marks, **gone})


def of_findings(machine: dict[str, Any]) -> Drawing | None:
    """The states with findings, each by its worst one; None where there is none."""
    states = {state["pointer"] for state in machine["graph"]["states"]}
    marks: dict[str, str] = {}
    for finding in machine["findings"]:
        pointer = _state_of(finding["pointer"], states)
        worse = marks.get(pointer or "")
        if pointer and (worse is None or SEVERITIES.index(finding["severity"]) < SEVERITIES.index(worse)):
            marks[pointer] = finding["severity"]
    return _excerpt(machine, machine["graph"], marks)


def _state_of(pointer: str, states: set[str]) -> str | None:
    """The innermost state that a pointer leads into."""
    while pointer and pointer not in states:
        pointer = pointer.rpartition("/")[0]
    return pointer or None


def with_removed(
    graph: dict[str, Any], states: list[dict[str, Any]], transitions: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The graph with the states and transitions of the earlier version that are gone, where their scope is still there."""
    marks: dict[str, str] = {}
    scopes = {scope["pointer"]: dict(scope) for scope in graph["scopes"]}
    added: list[dict[str, Any]] = []
    for state in states:
        scope, pointer = state["scope"], state["pointer"]
        if scope in scopes:
            added.append(state)
            scopes[scope]["states"] = [*scopes[scope]["states"], pointer]
            marks[pointer] = "removed"
    there = {state["pointer"] for state in [*graph["states"], *added]}
    arrows = []
    for i, one in enumerate(transitions):
        if one["source"] in there and one["target"] in there:
            arrows.append({**one, "pointer": f"removed {i}"})
            marks[f"removed {i}"] = "removed"
    whole = {
        "scopes": list(scopes.values()),
        "states": [*graph["states"], *added],
        "transitions": [*graph["transitions"], *arrows],
    }
    return whole, marks


def _excerpt(machine: dict[str, Any], graph: dict[str, Any], marks: dict[str, str]) -> Drawing | None:
    if not marks:
        return None
    title = machine["file"] if machine["machine"] is None else f"{machine['file']}: {machine['machine']}"
    if len(graph["states"]) > _WHOLE:
        graph = _around(graph, marks)
    return Drawing(title, graph, marks)


def _around(graph: dict[str, Any], marks: Iterable[str]) -> dict[str, Any]:
    """The marked states with those next to them, and the states around their scopes."""
    marked = set(marks)
    kept = {state["pointer"] for state in graph["states"] if state["pointer"] in marked}
    for one in graph["transitions"]:
        if one["pointer"] in marked or one["source"] in marked or (one["target"] in marked and one["kind"] != "catch"):
            kept |= {one["source"], one["target"]}
    kept.discard(None)
    holders = {scope["pointer"]: scope["state"] for scope in graph["scopes"]}
    homes = {state["pointer"]: state["scope"] for state in graph["states"]}
    for pointer in list(kept):
        holder = holders.get(homes[pointer])
        while holder is not None and holder not in kept:
            kept.add(holder)
            holder = holders.get(homes[holder])
    scopes = [
        {
            **scope,
            "states": [one for one in scope["states"] if one in kept],
            "start": scope["start"] if scope["start"] in kept else None,
        }
        for scope in graph["scopes"]
        if scope["state"] is None or (scope["state"] in kept and kept.intersection(scope["states"]))
    ]
    return {
        "scopes": scopes,
        "states": [state for state in graph["states"] if state["pointer"] in kept],
        "transitions": [one for one in graph["transitions"] if one["source"] in kept and one["target"] in kept],
    }
