"""One thing broken in a definition: small changes of its parsed JSON, read from `breakages.yaml`.

A place begins with a state, wherever that is nested: `Check/Choices/0/Next`; one that begins with a slash is the machine's own.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.definitions.rehearsal.edges import scopes, states
from tests.definitions.rehearsal.scenario import DEFINITIONS

Machine = dict[str, Any]


class Breakage(NamedTuple):
    """A change of a machine, and the findings that it must give: `<rule> <place>`.

    Behind a `+` stands what is told with the one before; `most` findings are allowed.
    `drop` takes out what is at a place; `put` puts a `value` there; `say` says `new` for `old` in its text; `swap` exchanges
    two places; `insert` leads a transition through a copy of the state `of`, with other `Arguments` or `Catch`.
    """

    machine: str
    change: Mapping[str, Any]
    gives: tuple[str, ...]
    most: int = 2

    @property
    def place(self) -> str:
        return str(next(self.change[act] for act in _ACTS if act in self.change))

    @property
    def name(self) -> str:
        return ", ".join(f"{key} {value}" for key, value in self.change.items() if isinstance(value, str | int))

    def broken(self) -> Machine:
        machine = whole(self.machine)
        act = next(act for act in _ACTS if act in self.change)
        _ACTS[act](machine, self.place, self.change)
        assert machine != whole(self.machine), f"{self.name} changes nothing"
        return machine


def whole(machine: str) -> Machine:
    """A definition as it is."""
    definition: Machine = json.loads((DEFINITIONS / f"{machine}.json").read_text(encoding="utf-8"))
    return definition


def breakages() -> Iterator[Breakage]:
    """All of them, by machine."""
    listed = yaml.safe_load((Path(__file__).parent / "breakages.yaml").read_text(encoding="utf-8"))
    for machine, changes in listed.items():
        for change in changes:
            gives, most = tuple(change.pop("gives")), change.pop("most", 2)
            yield Breakage(machine, change, gives, most)


def place_of(pointer: str) -> str:
    """A pointer as a place."""
    return pointer.rpartition("/States/")[2] if "/States/" in pointer else pointer or "/"


def _at(machine: Machine, place: str) -> tuple[Any, Any]:
    """The container of a place, and its key there."""
    first, *parts = place.split("/")
    if not parts:
        return next(scope["States"] for scope in scopes(machine) if first in scope["States"]), first
    value: Any = states(machine)[first] if first else machine
    for part in parts[:-1]:
        value = value[int(part) if isinstance(value, list) else part]
    return value, int(parts[-1]) if isinstance(value, list) else parts[-1]


def _drop(machine: Machine, place: str, change: Mapping[str, Any]) -> None:
    parent, key = _at(machine, place)
    del parent[key]


def _put(machine: Machine, place: str, change: Mapping[str, Any]) -> None:
    parent, key = _at(machine, place)
    parent[key] = copy.deepcopy(change["value"])


def _say(machine: Machine, place: str, change: Mapping[str, Any]) -> None:
    parent, key = _at(machine, place)
    parent[key] = parent[key].replace(change["old"], change["new"], 1)


def _swap(machine: Machine, place: str, change: Mapping[str, Any]) -> None:
    (one, key), (two, other) = _at(machine, place), _at(machine, change["with"])
    one[key], two[other] = two[other], one[key]


def _insert(machine: Machine, place: str, change: Mapping[str, Any]) -> None:
    parent, key = _at(machine, place)
    added: dict[str, Any] = {**copy.deepcopy(states(machine)[change["of"]]), "Next": parent[key]}
    added["Arguments"] |= change.get("Arguments", {})
    if "Catch" in change:
        added["Catch"] = copy.deepcopy(change["Catch"])
    machine["States"]["Inserted"] = added
    parent[key] = "Inserted"


_ACTS = {"drop": _drop, "put": _put, "say": _say, "swap": _swap, "insert": _insert}
