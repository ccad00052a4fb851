"""What a call writes into a DynamoDB item, under which condition, and whether a condition would hold of what was written.

One item is spoken of at a time: ``putItem``, ``updateItem``, ``deleteItem``, or a transaction of one of these. Values are
compared as they are written. Answers are true, false, or None: that depends on what the text does not say.
"""

import json
import re
from collections.abc import Mapping

from asl_lint.expressions.dynamodb import Compound, Expression, Test, Write, parse_condition, parse_update, tests_of
from asl_lint.facts.calls import Call
from asl_lint.facts.view import as_json
from asl_lint.late import Any, Final, Literal, NamedTuple, Pattern
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

Act = Literal["put", "update", "delete"]
_ACTS: Final[Mapping[str, Act]] = {"putItem": "put", "updateItem": "update", "deleteItem": "delete"}
_IN_TRANSACTION: Final[Mapping[str, Act]] = {"Put": "put", "Update": "update", "Delete": "delete"}

ABSENT: Final = "absent"
"""Stands for the value of an attribute that the item does not have."""

_OF_THIS_RUN: Final = Pattern(r"(?:context|\$\$)\.Execution\.(?:Id|Name|StartTime)\b")


class ItemWrite(NamedTuple):
    """A write of one item: ``table`` and ``key`` as they are written (of a put: all of the item), the parsed ``condition``
    (None: none, or not understood, then ``is_conditional`` tells), and the names and values that stand in its expressions.
    """

    call: Call
    act: Act
    pointer: Pointer
    table: Any
    key: Mapping[str, Any]
    condition: Expression | None
    is_conditional: bool
    names: Mapping[str, Any]
    values: Mapping[str, Any]
    update: tuple[Write, ...] | None

    def attribute(self, written: str) -> str | None:
        """The name of an attribute, dynamic ones by their expression; None for a place inside an attribute."""
        if not written.startswith("#"):
            return None if "." in written or "[" in written else written
        if written in self.names and isinstance(self.names[written], str):
            return str(self.names[written])
        dynamic = self.names.get(written + ".$")
        return f"{written}={dynamic}" if isinstance(dynamic, str) else None


def item_write(call: Call) -> ItemWrite | None:
    """The write that a call makes; None where it makes none, or more than one, or its arguments are not written out."""
    if call.service != "dynamodb" or not isinstance(call.arguments, Mapping) or is_unknown(call.arguments):
        return None
    act, body, pointer = _ACTS.get(call.action or ""), call.arguments, call.pointer
    if call.action == "transactWriteItems":
        items = call.arguments.get("TransactItems")
        if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], Mapping) or len(items[0]) != 1:
            return None
        name, body = next(iter(items[0].items()))
        act, pointer = _IN_TRANSACTION.get(name), (*call.pointer, "TransactItems", 0, name)
    if act is None or not isinstance(body, Mapping):
        return None
    return _read(call, act, body, pointer)


def _read(call: Call, act: Act, body: Mapping[str, Any], pointer: Pointer) -> ItemWrite | None:
    table = next(((name, body[name]) for name in ("TableName", "TableName.$") if name in body), None)
    key = body.get("Item" if act == "put" else "Key")
    if table is None or not isinstance(key, Mapping) or is_unknown(key):
        return None
    condition = body.get("ConditionExpression")
    parsed = parse_condition(condition) if isinstance(condition, str) and not _is_dynamic(condition) else None
    update: tuple[Write, ...] | None = ()
    if act == "update":
        text = body.get("UpdateExpression")
        writes = parse_update(text) if isinstance(text, str) and not _is_dynamic(text) else None
        update = None if writes is None else tuple(writes)
    return ItemWrite(
        call, act, pointer, {table[0]: table[1]}, key, parsed, "ConditionExpression" in body or "ConditionExpression.$" in body,
        _mapping(body.get("ExpressionAttributeNames")), _mapping(body.get("ExpressionAttributeValues")), update,
    )  # fmt: skip


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) and not is_unknown(value) else {}


def _is_dynamic(text: str) -> bool:
    return text.startswith("{%") or has_placeholder(text)


Item = Mapping[str, str | None]
"""An item: the text of each attribute's value, ``ABSENT``, or None where it is not known. Other attributes are not known."""


def item_after(write: ItemWrite, before: Item | None = None) -> Item | None:
    """The item after the write. ``before``: the item that is updated; None: nothing is known of it. None: not understood."""
    if write.act == "delete":
        return _Nothing()
    if write.act == "put":
        return _Whole({name: text_of(value) for name, value in write.key.items()})
    if write.update is None:
        return None
    item = dict(before) if before is not None else {}
    item |= {name.removesuffix(".$"): text_of(value) for name, value in write.key.items()}
    for one in write.update:
        name = write.attribute(one.attribute)
        if name is None:
            continue
        item[name] = ABSENT if one.removed else value_of(write, one.value) if one.value else None
    return _Whole(item) if isinstance(before, _Whole) else item


class _Whole(dict[str, "str | None"]):
    """An item of which every attribute is known."""


class _Nothing(_Whole):
    """No item."""


def text_of(value: object) -> str:
    """A value as text, to be compared."""
    return json.dumps(as_json(value), sort_keys=True, ensure_ascii=False)


def value_of(write: ItemWrite, token: str) -> str | None:
    """The text of the value that a ``:token`` stands for."""
    return text_of(write.values[token]) if token in write.values else None


def holds(write: ItemWrite, item: Item, other_run: bool) -> bool | None:
    """Whether the write's condition holds of an item.

    ``other_run``: a later execution asks, so that values which differ from run to run are not those of the item; else the same
    execution does. Time is taken to stand still: what ends by and by has not ended yet.
    """
    return None if write.condition is None else _holds(write.condition, write, item, other_run)


def _holds(condition: Expression, write: ItemWrite, item: Item, other_run: bool) -> bool | None:
    if isinstance(condition, Compound):
        parts = [_holds(part, write, item, other_run) for part in condition.parts]
        if condition.operator == "not":
            return None if parts[0] is None else not parts[0]
        decided = condition.operator == "or"
        if decided in parts:
            return decided
        return None if None in parts else not decided
    return _test(condition, write, item, other_run)


def _test(test: Test, write: ItemWrite, item: Item, other_run: bool) -> bool | None:
    if test.operator == "other":
        return None
    name = write.attribute(test.left)
    if name is None or test.left.startswith(":"):
        return None
    if other_run and "=" in name and name.startswith("#") and is_of_this_run(name):
        return None  # an attribute that each execution has of its own
    unknown = ABSENT if isinstance(item, _Whole) else None
    found = item.get(name, unknown) if not isinstance(item, _Nothing) else ABSENT
    if test.operator == "exists":
        return None if found is None and name not in item else found != ABSENT
    if found == ABSENT:
        return test.operator == "<>"
    wanted = value_of(write, test.right) if test.right.startswith(":") else None
    if test.operator in ("<", "<=", ">", ">="):
        # A lease that was just written has not run out.
        return False if name in item and found is not None else None
    if found is None or wanted is None:
        return None
    equal = _equal(found, wanted, other_run)
    return None if equal is None else equal is (test.operator == "=")


def _equal(one: str, other: str, other_run: bool) -> bool | None:
    if one == other:
        if not is_computed(one):
            return True
        if other_run and is_of_this_run(one):
            return False
        return None if other_run else True
    return None if is_computed(one) or is_computed(other) else False


def is_computed(text: str) -> bool:
    """Whether an expression, a path or the deployment gives a value."""
    return "{%" in text or '.$"' in text or has_placeholder(text)


def is_of_this_run(text: str) -> bool:
    """Whether a value is the execution's own: its id, its name or when it began."""
    return _OF_THIS_RUN.search(text) is not None


def can_be_taken_over(write: ItemWrite) -> bool:
    """Whether the condition compares with a time, so that another execution can have what has run out."""
    return write.condition is not None and any(test.operator in ("<", "<=", ">", ">=") for test in tests_of(write.condition))


def lease_of(write: ItemWrite) -> bool:
    """Whether what is written runs out by itself: the condition compares with a time, or an attribute is named so (TTL)."""
    return can_be_taken_over(write) or any(_RUNS_OUT.search(name) for name in _given(write))


def _given(write: ItemWrite) -> list[str]:
    """The attributes to which a write gives values."""
    names = [name.removesuffix(".$") for name in write.key] if write.act == "put" else []
    return names + [write.attribute(one.attribute) or one.attribute for one in write.update or () if not one.removed]


def expiry_names(write: ItemWrite) -> frozenset[str]:
    """The attributes in which a write says when its item runs out: those that its condition compares with a time, or that are
    named so.
    """
    tests = tests_of(write.condition) if write.condition is not None else ()
    compared = {write.attribute(test.left) for test in tests if test.operator in ("<", "<=", ">", ">=")}
    return frozenset(name for name in _given(write) if name in compared or _RUNS_OUT.search(name))


_RUNS_OUT: Final = Pattern(r"ttl|expir|lease|valid_?until|time_?to_?live", re.IGNORECASE)


def tested_attributes(write: ItemWrite) -> frozenset[str]:
    """The attributes whose being there or whose value the condition tests, those that it compares with a time left out."""
    if write.condition is None:
        return frozenset()
    tested = (write.attribute(test.left) for test in tests_of(write.condition) if test.operator in ("=", "<>", "exists"))
    return frozenset(name for name in tested if name is not None)
