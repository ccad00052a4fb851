"""Which state of a machine was which one of its earlier version: where it has another name or stands in another scope, only if
that is certain.

A state is the one at the same place; or the only one of its scope that is defined like one that is gone; or the only one with
the name and the type of one that is gone, wherever it stands. What is inside a state moves with it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping

from asl_lint.late import NamedTuple

Outline = Mapping[str, Mapping[str, str]]
"""For a machine (``""``) and each of its states, by pointer: the mark of each field (``facts.digests``)."""


class Place(NamedTuple):
    """A pointer to a state as the scope that it is in and its name, escaped as there."""

    scope: str
    name: str


def place_of(pointer: str) -> Place:
    scope, _, name = pointer.rpartition("/States/")
    return Place(scope, name)


def name_of(pointer: str) -> str:
    """The name of the state at a pointer."""
    return place_of(pointer).name.replace("~1", "/").replace("~0", "~")


def moved(pointer: str, states: Mapping[str, str]) -> str:
    """Where what is in a state is, after the innermost state around it that ``states`` moves was moved."""
    at = pointer
    while at:
        if at in states:
            return states[at] + pointer[len(at) :]
        at = at.rpartition("/")[0]
    return pointer


def pair_states(now: Outline, then: Outline) -> dict[str, str]:
    """The pointer of each state of today that was there -> the pointer that it had then."""
    pairs = {pointer: pointer for pointer in now if pointer and pointer in then}
    while True:
        new = [pointer for pointer in now if pointer and pointer not in pairs]
        taken = set(pairs.values())
        gone = [pointer for pointer in then if pointer and pointer not in taken]
        if not new or not gone:
            return pairs
        found = _inside(new, gone, pairs) or _alike(new, gone, now, then, pairs)
        if not found:
            return pairs
        pairs.update(found)


def _inside(new: list[str], gone: list[str], pairs: Mapping[str, str]) -> dict[str, str]:
    """States that stand where they did in a state that has moved."""
    left = set(gone)
    return {pointer: was for pointer in new if (was := moved(pointer, pairs)) in left}


def _alike(new: list[str], gone: list[str], now: Outline, then: Outline, pairs: Mapping[str, str]) -> dict[str, str]:
    """States with another name, or in another scope; where both could be, neither is certain."""
    renamed = _only_ones(
        new,
        gone,
        lambda pointer: (moved(place_of(pointer).scope, pairs), _definition(now[pointer])),
        lambda pointer: (place_of(pointer).scope, _definition(then[pointer])),
    )
    elsewhere = _only_ones(
        new,
        gone,
        lambda pointer: (place_of(pointer).name, now[pointer].get("Type")),
        lambda pointer: (place_of(pointer).name, then[pointer].get("Type")),
    )
    found: dict[str, str] = {}
    for pointer, was in (*renamed.items(), *elsewhere.items()):
        others = {renamed.get(pointer, was), elsewhere.get(pointer, was)}
        others |= {one for one, other in (*renamed.items(), *elsewhere.items()) if other == was} - {pointer}
        if others == {was}:
            found[pointer] = was
    return found


def _definition(fields: Mapping[str, str]) -> Hashable:
    """A state but for where it leads, if that leaves enough to know it by."""
    own = frozenset(item for item in fields.items() if item[0] != "Next")
    return own if len(own) > 1 else frozenset(fields.items())


def _only_ones(
    new: Iterable[str], gone: Iterable[str], key_now: Callable[[str], Hashable], key_then: Callable[[str], Hashable]
) -> dict[str, str]:
    """Of each key that one of the new and one of the gone has, and no more: the new one -> the gone one."""
    found: dict[Hashable, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for pointer in new:
        found[key_now(pointer)][0].append(pointer)
    for pointer in gone:
        found[key_then(pointer)][1].append(pointer)
    return {ours[0]: theirs[0] for ours, theirs in found.values() if len(ours) == len(theirs) == 1}
