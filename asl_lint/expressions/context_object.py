"""The context object: what ``$$.…`` and ``$states.context.…`` can read, of which type, and where it is there to be read.

Source: developer guide, "Accessing execution data from the Context object"; ``Task.Token`` and ``State.RetryCount`` recorded.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from asl_lint.late import Final, Literal, NamedTuple
from asl_lint.near import near

Available = Literal["always", "in-tasks-with-token", "in-map-items", "after-redrive"]


class ContextMember(NamedTuple):
    """A value of the context object. ``type`` is JSON's, ``any`` where the input decides it."""

    type: Literal["string", "number", "any"]
    available: Available = "always"


CONTEXT_OBJECT: Final[Mapping[str, ContextMember]] = {
    "Execution.Id": ContextMember("string"),
    "Execution.Input": ContextMember("any"),
    "Execution.Name": ContextMember("string"),
    "Execution.RoleArn": ContextMember("string"),
    "Execution.StartTime": ContextMember("string"),
    "Execution.RedriveCount": ContextMember("number"),
    "Execution.RedriveTime": ContextMember("string", "after-redrive"),
    "State.EnteredTime": ContextMember("string"),
    "State.Name": ContextMember("string"),
    "State.RetryCount": ContextMember("number"),
    "StateMachine.Id": ContextMember("string"),
    "StateMachine.Name": ContextMember("string"),
    "Task.Token": ContextMember("string", "in-tasks-with-token"),
    "Map.Item.Index": ContextMember("number", "in-map-items"),
    "Map.Item.Value": ContextMember("any", "in-map-items"),
    "Map.Item.Key": ContextMember("string", "in-map-items"),
    "Map.Item.Source": ContextMember("string", "in-map-items"),
}
"""Every value, by its dotted name."""


class UnknownContextMember(NamedTuple):
    """A member that the context object does not have: the ``position`` of its name among the names, and what there is instead."""

    position: int
    name: str
    near: str | None
    known: tuple[str, ...]


def context_member(names: Sequence[str]) -> ContextMember | None:
    """The value that the names lead to or into; None for an object that holds several, and for what is unknown."""
    dotted = ""
    for name in names:
        dotted = f"{dotted}.{name}" if dotted else name
        if dotted in CONTEXT_OBJECT:
            return CONTEXT_OBJECT[dotted]
    return None


def availability(names: Sequence[str]) -> Available:
    """Where what the names lead to is there; of an object, where all that it holds is."""
    member = context_member(names)
    if member is not None:
        return member.available
    prefix = ".".join((*names, ""))
    within = {value.available for dotted, value in CONTEXT_OBJECT.items() if dotted.startswith(prefix)}
    return within.pop() if names and len(within) == 1 else "always"


_PATHS: Final = frozenset(tuple(dotted.split(".")) for dotted in CONTEXT_OBJECT)
"""The members by their names: one name with a dot in it is none of them."""


def unknown_context_name(names: Sequence[str]) -> UnknownContextMember | None:
    """The first of the names, from the context object down, that it does not have; None where it has them all.

    ``known`` is empty where a string or a number has no members at all.
    """
    if tuple(names) in _PATHS:
        return None  # as most are
    prefix = ""
    for position, name in enumerate(names):
        member = CONTEXT_OBJECT.get(prefix.removesuffix("."))
        if member is not None:
            return None if member.type == "any" else UnknownContextMember(position, name, None, ())
        known = _members(prefix)
        if name not in known:
            # A name from another level (Token, Item) is told with the way to it.
            elsewhere = next((dotted for dotted in CONTEXT_OBJECT if not prefix and dotted.endswith("." + name)), None)
            return UnknownContextMember(position, name, near(name, known) or elsewhere, known)
        prefix += name + "."
    return None


@cache
def _members(prefix: str) -> tuple[str, ...]:
    """The names one level below a dotted prefix of the table that ends in a dot (or is empty), in the table's order."""
    return tuple(dict.fromkeys(dotted[len(prefix) :].split(".", 1)[0] for dotted in CONTEXT_OBJECT if dotted.startswith(prefix)))
