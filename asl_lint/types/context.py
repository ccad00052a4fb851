"""The type of the context object, which ``$$`` and ``$states.context`` read."""

from collections.abc import Mapping
from typing import Final

from asl_lint.expressions.context_object import CONTEXT_OBJECT, ContextMember
from asl_lint.types.lattice import ANY, NATURAL, SOMETHING, STRING, TIMESTAMP, Type, Undefined, literal, object_of

_TIMES: Final = ("Time",)
_WORDS: Final[Mapping[str, Type]] = {"string": STRING, "number": NATURAL, "any": SOMETHING}


def context_object(state: str, execution_input: Type = SOMETHING, *, has_token: bool = False, item: Type | None = None) -> Type:
    """The context object in a state of that name. ``item`` is the type of ``Map.Item`` where it can be read.

    It may have members that the guide does not tell of: those are ANY.
    """
    objects: dict[str, dict[str, Type]] = {}
    for dotted, member in CONTEXT_OBJECT.items():
        holder, _, name = dotted.partition(".")
        if holder != "Map":
            objects.setdefault(holder, {})[name] = _member(dotted, member)
    objects["Execution"]["Input"] = execution_input
    objects["State"]["Name"] = literal(state)
    objects["State"]["RetryCount"] = NATURAL.or_undefined(Undefined.UNSAID)  # of a Pass it is not there (recorded)
    if has_token:
        objects["Task"] = {"Token": STRING}
    members = {holder: object_of(of, ANY) for holder, of in objects.items()}
    if not has_token:
        members["Task"] = members["Task"].or_undefined(Undefined.UNSAID)
    members["Map"] = ANY if item is None else object_of({"Item": item}, ANY)
    return object_of(members, ANY)


def map_item(value: Type, index: Type, key: Type) -> Type:
    """``Map.Item``: the ``Value`` and the ``Index`` of the item; the ``Key`` where the items are those of an object."""
    source = STRING.or_undefined(Undefined.UNSAID)
    return object_of({"Index": index, "Value": value, "Key": key, "Source": source}, ANY)


def _member(dotted: str, member: ContextMember) -> Type:
    found = TIMESTAMP if dotted.endswith(_TIMES) else _WORDS[member.type]
    return found if member.available == "always" else found.or_undefined(Undefined.UNSAID)
