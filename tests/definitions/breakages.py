"""One thing broken in a definition: small changes of its parsed JSON, named by a path that begins with a state.

`Check/Choices/0/Next` is found wherever the state `Check` is nested; a path that begins with a slash is the machine's own.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.definitions.rehearsal.edges import states
from tests.definitions.rehearsal.scenario import DEFINITIONS

Machine = dict[str, Any]
Change = Callable[[Machine], None]


class Breakage(NamedTuple):
    """A change of a machine, where it is made, and the findings that it must give: `<rule> <pointer>`, the first its own."""

    machine: str
    name: str
    place: str
    change: Change
    findings: tuple[str, ...]

    @property
    def state(self) -> str:
        """The state that is changed; nothing if the machine itself is."""
        return self.place.split("/")[0]

    def broken(self) -> Machine:
        machine: Machine = json.loads((DEFINITIONS / f"{self.machine}.json").read_text(encoding="utf-8"))
        self.change(machine)
        return machine


def drop(machine: str, place: str, *findings: str) -> Breakage:
    """What is at the place is taken out."""

    def change(broken: Machine) -> None:
        parent, key = _at(broken, place)
        del parent[key]

    return Breakage(machine, f"drop {place}", place, change, findings)


def put(machine: str, place: str, value: Any, *findings: str) -> Breakage:
    """Another value stands at the place, or one where there was none."""

    def change(broken: Machine) -> None:
        parent, key = _at(broken, place)
        assert not isinstance(parent, dict) or parent.get(key) != value, f"{place} is {value!r} already"
        parent[key] = value

    shown = value if isinstance(value, str | int) else type(value).__name__
    return Breakage(machine, f"put {shown} at {place}", place, change, findings)


def say(machine: str, place: str, old: str, new: str, *findings: str) -> Breakage:
    """One stretch of the text at the place is another."""

    def change(broken: Machine) -> None:
        parent, key = _at(broken, place)
        assert parent[key].count(old) >= 1, f"{place} does not say {old!r}"
        parent[key] = parent[key].replace(old, new, 1)

    return Breakage(machine, f"say {new!r} for {old!r} at {place}", place, change, findings)


def copied(machine: str, place: str, source: str, *findings: str) -> Breakage:
    """What is at another place stands here too."""

    def change(broken: Machine) -> None:
        (parent, key), (lender, lent) = _at(broken, place), _at(broken, source)
        parent[key] = copy.deepcopy(lender[lent])

    return Breakage(machine, f"copy {source} to {place}", place, change, findings)


def between(machine: str, place: str, name: str, source: str, arguments: Any, catch: Any, *findings: str) -> Breakage:
    """A state stands on the way from the place, a target, to where it led: a copy with some other arguments and Catchers."""

    def change(broken: Machine) -> None:
        parent, key = _at(broken, place)
        added = copy.deepcopy(states(broken)[source]) | {"Next": parent[key]}
        added["Arguments"] |= arguments
        if catch is not None:
            added["Catch"] = catch
        broken["States"][name] = added
        parent[key] = name

    return Breakage(machine, f"insert another {source} after {place}", place, change, findings)


def swapped(machine: str, place: str, other: str, *findings: str) -> Breakage:
    """What is at two places changes places."""

    def change(broken: Machine) -> None:
        (one, key), (two, other_key) = _at(broken, place), _at(broken, other)
        one[key], two[other_key] = two[other_key], one[key]

    return Breakage(machine, f"swap {place} and {other}", place, change, findings)


def _at(machine: Machine, place: str) -> tuple[Any, Any]:
    """The container of a place, and its key there."""
    first, *parts = place.split("/")
    value: Any = states(machine)[first] if first else machine
    for part in parts[:-1]:
        value = value[int(part) if isinstance(value, list) else part.replace("|", "/")]
    return value, int(parts[-1]) if isinstance(value, list) else parts[-1]
