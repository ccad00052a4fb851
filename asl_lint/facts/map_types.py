"""The types of a Map: of its items, of what each iteration starts with, and of the array that comes out."""

from collections.abc import Mapping

from asl_lint.facts.environments import View, parsed_path
from asl_lint.facts.field_types import FieldTypes, given, read_text, selected
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.types.answers import listed_object
from asl_lint.types.context import map_item
from asl_lint.types.lattice import (
    ANY,
    INFINITY,
    NATURAL,
    NOTHING,
    OBJECT,
    SOMETHING,
    STRING,
    Object,
    Source,
    Type,
    Undefined,
    array_of,
    join,
    join_all,
    number_between,
    object_of,
)

_TOLERANT: Final = (
    "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
)  # fmt: skip
_KEY: Final = STRING.or_undefined(Undefined.UNSAID)
_EXPORT: Final = object_of(
    {"MapRunArn": STRING, "ResultWriterDetails": object_of({"Bucket": STRING, "Key": STRING})},
    source=Source("what a ResultWriter leaves"),
)

_FAILED: Final = OBJECT
"""What stands in the place of the result of a child that failed, where that is tolerated: how it ended (second hand)."""


class Items(NamedTuple):
    """``low`` to ``high`` items: ``input`` is what an iteration starts with, ``item`` what ``Map.Item`` holds in the selector."""

    input: Type
    item: Type
    low: int
    high: float


def items(state: State, fields: FieldTypes, view: View) -> Items:
    """The items of a Map. ``view`` is what its fields read; in a JSONPath state, behind InputPath."""
    body = state.body
    distributed = any(scope.is_distributed for scope in state.scopes)
    if "ItemReader" in body and distributed:
        value = _read_item(body["ItemReader"])
        return Items(value, map_item(value, NATURAL, _KEY), 0, INFINITY)
    found = _given_items(state, fields, view)
    if found.anything:
        return Items(SOMETHING, map_item(SOMETHING, NATURAL, _KEY), 0, INFINITY)
    array, of = found.array, found.object if distributed else None
    if array is None and of is None:
        return Items(SOMETHING, map_item(SOMETHING, NATURAL, _KEY), 0, INFINITY)  # it fails, or has no items
    value = input = array.element if array is not None else NOTHING
    low, high = (array.low, array.high) if array is not None and of is None else (0, INFINITY)
    if of is not None:
        member = _members(of)
        value, input = join(value, member), join(input, object_of({"Key": STRING, "Value": member}))
    index = number_between(0, max(high - 1, 0), whole=True)
    return Items(input, map_item(value, index, _KEY), low, high)


def _members(of: Object) -> Type:
    found = join_all(of.member(name) for name in of.members)
    found = found if of.is_closed else join(found, of.rest)
    return found.defined()


def _given_items(state: State, fields: FieldTypes, view: View) -> Type:
    body, pointer = state.body, state.pointer
    if state.language == "JSONata":
        return fields.payload(body["Items"], (*pointer, "Items"), view) if "Items" in body else view.input
    path = body.get("ItemsPath", "$")
    if not isinstance(path, str) or has_placeholder(path):
        return SOMETHING
    return given(read_text(parsed_path(path), view)) if path != "$" else selected(path, view)


def _read_item(reader: object) -> Type:
    """An item that is read from S3: of a CSV file the object of a row, of a listing what is said of an object, else anything."""
    if not isinstance(reader, Mapping) or is_unknown(reader):
        return SOMETHING
    config = reader.get("ReaderConfig")
    if config is None and str(reader.get("Resource")).endswith(":s3:listObjectsV2"):
        return listed_object()
    if isinstance(config, Mapping) and config.get("InputType") == "CSV":
        return object_of({}, ANY)
    return SOMETHING


def starts_with(state: State, fields: FieldTypes, view: View, found: Items, context: Type) -> Type:
    """What an iteration starts with: the item, what ItemSelector makes of it, or a batch of these. ``context`` has Map.Item."""
    body, pointer = state.body, state.pointer
    jsonata = state.language == "JSONata"
    selector = next(
        (name for name in ("ItemSelector", "Parameters") if name in body and (name == "ItemSelector" or not jsonata)), ""
    )
    input = found.input
    if selector:
        inside = view._replace(context=context)
        make = fields.payload if jsonata else fields.template
        input = make(body[selector], (*pointer, selector), inside)
    batcher = body.get("ItemBatcher")
    if batcher is None:
        return input
    if not isinstance(batcher, Mapping) or is_unknown(batcher):
        return SOMETHING
    members: dict[str, Type] = {"Items": array_of(input, 1)}
    if "BatchInput" in batcher:
        at = (*pointer, "ItemBatcher", "BatchInput")
        members["BatchInput"] = (fields.payload if jsonata else fields.template)(batcher["BatchInput"], at, view)
    return object_of(members)


def result(state: State, found: Items, output: Type | None) -> Type | None:
    """What a Map gives where each iteration gives ``output`` (None: none comes to its end); None where it cannot succeed."""
    body = state.body
    if "ResultWriter" in body:
        writer = body["ResultWriter"]
        exports = isinstance(writer, Mapping) and not is_unknown(writer) and "Resource" in writer
        return _EXPORT if exports else SOMETHING
    low = 0 if _may_drop(body) else found.low
    if any(field in body for field in _TOLERANT):
        output = _FAILED if output is None else join(output, _FAILED)
    if output is None:
        return array_of(NOTHING) if low == 0 else None
    return array_of(output, low, found.high)


def _may_drop(body: Mapping[str, Any]) -> bool:
    """Whether there may be another number of results than items."""
    return "ItemBatcher" in body or "ItemReader" in body or any(field in body for field in _TOLERANT)
