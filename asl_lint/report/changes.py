"""What changed between two descriptions of a machine: states, transitions, permissions, and bounds that grew."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

_BOUNDS: Final = ("history", "duration", "transitions", "cost")
_LOOSER: Final = {"counted": 0, "external": 1, "unknown": 1, "trap": 2}
"""How little is known to end a loop of each kind."""


def changes(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """The members of ``machine.comparison`` in the schema that the two descriptions alone tell, ``digests`` among them."""
    return {
        "states": _states(now["digests"], then["digests"]),
        "transitions": _transitions(now["graph"], then["graph"]),
        "permissions": _permissions(now["permissions"]["needed"], then["permissions"]["needed"]),
        "bounds": [*_bounds(now, then), *_loops(now["loops"], then["loops"])],
    }


def is_changed(found: dict[str, Any]) -> bool:
    """Whether the definition itself is another one."""
    return any(found["states"].values()) or any(found["transitions"].values())


def _states(now: dict[str, dict[str, str]], then: dict[str, dict[str, str]]) -> dict[str, Any]:
    """``""`` stands for the machine's own fields."""
    return {
        "added": [pointer for pointer in now if pointer not in then],
        "removed": [pointer for pointer in then if pointer not in now],
        "changed": [
            {"state": pointer, "fields": _fields(fields, then[pointer])}
            for pointer, fields in now.items()
            if pointer in then and fields != then[pointer]
        ],
    }


def _fields(now: dict[str, str], then: dict[str, str]) -> list[str]:
    return [field for field in dict.fromkeys([*now, *then]) if now.get(field) != then.get(field)]


def _transitions(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """A transition is the same if it leads from the same state to the same one, for the same reason, wherever it is written."""
    left = Counter(map(_arrow, then["transitions"]))
    added: list[str] = []
    for one in now["transitions"]:
        if left[_arrow(one)] > 0:
            left[_arrow(one)] -= 1
        else:
            added.append(one["pointer"])
    removed: list[dict[str, Any]] = []
    for one in then["transitions"]:
        if left[_arrow(one)] > 0:
            left[_arrow(one)] -= 1
            removed.append({name: one[name] for name in ("kind", "source", "target", "name", "label")})
    return {"added": added, "removed": removed}


def _arrow(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["kind"], one["source"], one["target"], one["name"], one["label"]


def _permissions(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> dict[str, Any]:
    allowed, before = _allowed(now), _allowed(then)
    return {"added": list(_beyond(allowed, before)), "removed": list(_beyond(before, allowed))}


def _allowed(statements: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for statement in statements:
        for action in statement["actions"]:
            found.setdefault(action, {}).update(dict.fromkeys(statement["resources"]))
    return {action: sorted(resources) for action, resources in sorted(found.items())}


def _beyond(wide: dict[str, list[str]], narrow: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """What one of two allows that the other does not, by action."""
    for action, resources in wide.items():
        beyond = [one for one in resources if one not in narrow.get(action, ())]
        if beyond:
            yield {"action": action, "resources": beyond}


def _bounds(now: dict[str, Any], then: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Bounds of which the most is more than it was; None as a maximum is no bound."""
    for what in _BOUNDS:
        after, before = now[what], then[what]
        if after is not None and before is not None and _grew(after["max"], before["max"]):
            yield {"what": what, "state": None, "before": before["max"], "after": after["max"]}


def _loops(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Loops that make more turns than they did, or that nothing in the text ends any more; new ones too.

    A loop is the one that has the most states in common with it.
    """
    for loop in now:
        states = set(loop["states"])
        was = max(then, key=lambda one: len(states.intersection(one["states"])), default=None)
        if was is None or states.isdisjoint(was["states"]):
            yield {"what": "loop", "state": loop["states"][0], "before": 0, "after": loop["turns"]}
        elif _LOOSER[loop["kind"]] > _LOOSER[was["kind"]] or _grew(loop["turns"], was["turns"]):
            yield {"what": "loop", "state": loop["states"][0], "before": was["turns"], "after": loop["turns"]}


def _grew(after: float | None, before: float | None) -> bool:
    return before is not None and (after is None or after > before)
