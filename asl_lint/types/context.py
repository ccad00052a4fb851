"""The type of the context object, which ``$$`` and ``$states.context`` read."""

from functools import cache

from asl_lint.expressions.context_object import CONTEXT_OBJECT, ContextMember
from asl_lint.late import Final
from asl_lint.types.lattice import (
    ANY,
    NATURAL,
    SOMETHING,
    STRING,
    TIMESTAMP,
    Object,
    Type,
    Undefined,
    literal,
    object_of,
)

_UNSAID: Final = Undefined.UNSAID
_TASK: Final = object_of({"Token": STRING}, ANY)


def context_object(state: str, execution_input: Type = SOMETHING, *, has_token: bool = False, item: Type | None = None) -> Type:
    """The context object in a state of that name. ``item`` is the type of ``Map.Item`` where it can be read.

    It may have members that the guide does not tell of: those are ANY.
    """
    holders = _holders()
    execution = holders["Execution"]
    return Type(object=Object({
        **holders,
        "Execution": execution if execution_input is SOMETHING else _with(execution, "Input", execution_input),
        "State": _with(holders["State"], "Name", literal(state)),
        "Task": _TASK if has_token else holders["Task"],
        "Map": ANY if item is None else object_of({"Item": item}, ANY),
    }, ANY))  # fmt: skip


def map_item(value: Type, index: Type, key: Type) -> Type:
    """``Map.Item``: the ``Value`` and the ``Index`` of the item; the ``Key`` where the items are those of an object."""
    return object_of({"Index": index, "Value": value, "Key": key, "Source": STRING.or_undefined(_UNSAID)}, ANY)


@cache
def _holders() -> dict[str, Type]:
    """The objects of the context object, by their names."""
    found: dict[str, dict[str, Type]] = {}
    for dotted, member in CONTEXT_OBJECT.items():
        holder, _, name = dotted.partition(".")
        found.setdefault(holder, {})[name] = _member(dotted, member)
    found["State"]["RetryCount"] = NATURAL.or_undefined(_UNSAID)  # of a Pass it is not there (recorded)
    holders = {holder: object_of(members, ANY) for holder, members in found.items()}
    return {**holders, "Task": holders["Task"].or_undefined(_UNSAID)}


def _member(dotted: str, member: ContextMember) -> Type:
    found = SOMETHING if member.type == "any" else NATURAL if member.type == "number" else STRING
    found = TIMESTAMP if dotted.endswith("Time") else found
    return found if member.available == "always" else found.or_undefined(_UNSAID)


def _with(holder: Type, name: str, type_: Type) -> Type:
    return holder if holder.object is None else Type(object=holder.object.with_member(name, type_))
