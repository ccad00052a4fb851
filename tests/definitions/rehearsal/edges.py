"""The edges of a definition that a run can take, and which of them some run took.

An edge is named `<state> next`, `<state> default`, `<state> rule[i]`, `<state> catch[i]` or `<state> end`; a
retrier, which is no edge, is `<state> retry[i]`. Each is found again by the identity of the object that settles it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def scopes(machine: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The machine and every branch and item processor inside it."""
    yield machine
    for state in machine["States"].values():
        for inner in [*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]:
            yield from scopes(inner)


def states(machine: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every state by name; names are unique in a whole machine."""
    return {name: state for scope in scopes(machine) for name, state in scope["States"].items()}


class Edges:
    """All edges and retriers of one definition, and how often each was taken."""

    def __init__(self, machine: Mapping[str, Any]) -> None:
        self.names: dict[int, str] = {}
        self.taken: dict[str, int] = {}
        for name, state in states(machine).items():
            self._add(state, f"{name} {_settling(state)}")
            for kind, field in (("rule", "Choices"), ("catch", "Catch"), ("retry", "Retry")):
                for index, entry in enumerate(state.get(field, [])):
                    self._add(entry, f"{name} {kind}[{index}]")

    def _add(self, settles: Mapping[str, Any], name: str) -> None:
        self.names[id(settles)] = name
        self.taken[name] = 0

    def take(self, settles: Mapping[str, Any]) -> None:
        self.taken[self.names[id(settles)]] += 1

    def missing(self) -> list[str]:
        return [name for name, times in self.taken.items() if not times]


def _settling(state: Mapping[str, Any]) -> str:
    if state["Type"] == "Choice":
        return "default"
    return "next" if "Next" in state else "end"
