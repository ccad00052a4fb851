"""What changed between two descriptions of a machine: states, transitions, permissions, and bounds that grew."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.late import Any, Final
from asl_lint.state_pairs import moved, name_of, place_of

_BOUNDS: Final = {"history": "events", "duration": "seconds", "transitions": "transitions", "cost": "US dollars"}
"""Bounds, and what each is counted in."""
_LOOSER: Final = {"counted": 0, "external": 1, "unknown": 1, "trap": 2}
"""How little is known to end a loop of each kind."""


def changes(now: dict[str, Any], then: dict[str, Any], states: Mapping[str, str] = {}) -> dict[str, Any]:
    """The members of ``machine.comparison`` in the schema that the two descriptions alone tell, ``digests`` among them.

    ``states``: those that have moved or have another name, by pointer -> where they were. All pointers are today's.
    """
    then = _as_of_today(then, {was: pointer for pointer, was in states.items()})
    return {
        "states": {**_states(now, then), "renamed": [{"state": pointer, "before": was} for pointer, was in states.items()]},
        "transitions": _transitions(now["graph"], then["graph"]),
        "permissions": _permissions(now["permissions"]["needed"], then["permissions"]["needed"]),
        "bounds": [*_bounds(now, then), *_loops(now["loops"], then["loops"])],
    }


def _as_of_today(then: dict[str, Any], way: Mapping[str, str]) -> dict[str, Any]:
    """What ``changes`` asks of an earlier description, with the pointers and the names that its states have today."""
    if not way:
        return then

    def at(pointer: str | None) -> str | None:
        return None if pointer is None else moved(pointer, way)

    def state(one: dict[str, Any]) -> dict[str, Any]:
        pointer = moved(one["pointer"], way)
        return {**one, "pointer": pointer, "scope": place_of(pointer).scope}

    def arrow(one: dict[str, Any]) -> dict[str, Any]:
        target = at(one["target"])
        name = one["name"] if target is None else name_of(target)
        return {**one, "pointer": at(one["pointer"]), "source": at(one["source"]), "target": target, "name": name}

    graph = then["graph"]
    return {
        **then,
        "digests": {moved(pointer, way): fields for pointer, fields in then["digests"].items()},
        "graph": {
            **graph,
            "states": [state(one) for one in graph["states"]],
            "transitions": [arrow(one) for one in graph["transitions"]],
        },
        "loops": [{**loop, "states": [moved(pointer, way) for pointer in loop["states"]]} for loop in then["loops"]],
    }


def is_changed(found: dict[str, Any]) -> bool:
    """Whether the definition itself is another one."""
    return any(found["states"].values()) or any(found["transitions"].values())


def _states(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """``""`` stands for the machine's own fields."""
    after, before = now["digests"], then["digests"]
    definitions = _definitions(now), _definitions(then)
    return {
        "added": [pointer for pointer in after if pointer not in before],
        "removed": [pointer for pointer in before if pointer not in after],
        "gone": [one for one in then["graph"]["states"] if one["pointer"] not in after],
        "changed": [
            {"state": pointer, "fields": found, "values": [_values(field, pointer, *definitions) for field in found]}
            for pointer, fields in after.items()
            if pointer in before and (found := _fields(fields, before[pointer]))
        ],
    }


def _definitions(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"": said["own"], **{one["pointer"]: one["definition"] for one in said["graph"]["states"]}}


def _values(field: str, pointer: str, now: dict[str, dict[str, Any]], then: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A field with its value ``before`` and ``after``, each where it had one."""
    held = (("before", then.get(pointer, {})), ("after", now.get(pointer, {})))
    return {"field": field, **{when: definition[field] for when, definition in held if field in definition}}


def _fields(now: dict[str, str], then: dict[str, str]) -> list[str]:
    return [field for field in dict.fromkeys([*now, *then]) if now.get(field) != then.get(field)]


def _transitions(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """A transition is the same if it leads from the same state to the same one, for the same reason, wherever it is written.

    ``changed`` are those of the added ones that stand where one of the removed ones stood.
    """
    left = Counter(map(_arrow, then["transitions"]))
    added: list[dict[str, Any]] = []
    for one in now["transitions"]:
        if left[_arrow(one)] > 0:
            left[_arrow(one)] -= 1
        else:
            added.append(one)
    removed: list[dict[str, Any]] = []
    for one in then["transitions"]:
        if left[_arrow(one)] > 0:
            left[_arrow(one)] -= 1
            removed.append(one)
    gone = {one["pointer"]: _told(one) for one in removed}
    return {
        "added": [one["pointer"] for one in added],
        "removed": list(map(_told, removed)),
        "changed": [
            {"pointer": one["pointer"], "before": gone[one["pointer"]], "after": _told(one)}
            for one in added
            if one["pointer"] in gone
        ],
    }


def _told(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("kind", "source", "target", "name", "label")}


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
    for what, unit in _BOUNDS.items():
        after, before = now[what], then[what]
        if after is None or before is None or after["formula"] == "?" or not _grew(after["max"], before["max"]):
            continue
        yield _grown(what, unit, (before["max"], before["formula"]), (after["max"], after["formula"]))


def _loops(now: list[dict[str, Any]], then: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Loops that make more turns than they did, or that nothing in the text ends any more; new ones too.

    A loop is the one that has the most states in common with it.
    """
    for loop in now:
        states = set(loop["states"])
        was = max(then, key=lambda one: len(states.intersection(one["states"])), default=None)
        if was is None or states.isdisjoint(was["states"]):
            yield _grown("loop", "turns", (0, "0"), _turns(loop), loop["states"])
        elif _LOOSER[loop["kind"]] > _LOOSER[was["kind"]] or _grew(loop["turns"], was["turns"]):
            yield _grown("loop", "turns", _turns(was), _turns(loop), loop["states"])


def _turns(loop: dict[str, Any]) -> tuple[float | None, str]:
    turns = loop["turns"]
    return turns, str(turns) if turns is not None else "?" if loop["kind"] == "unknown" else "∞"


def _grown(
    what: str, unit: str, before: tuple[float | None, str], after: tuple[float | None, str], states: Sequence[str] = ()
) -> dict[str, Any]:
    """``states`` are those of the loop, its first one also ``state``; a loop that was not there made 0 turns."""
    return {
        "what": what,
        "unit": unit,
        "state": states[0] if states else None,
        "states": list(states),
        "before": before[0],
        "after": after[0],
        "formulas": {"before": before[1], "after": after[1]},
    }


def _grew(after: float | None, before: float | None) -> bool:
    return before is not None and (after is None or after > before)
