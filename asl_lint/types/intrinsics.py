"""The types of what the intrinsic functions of JSONPath states give, where they do not fail."""

import json
from collections.abc import Callable, Mapping, Sequence

from asl_lint.expressions.intrinsic_functions import Argument, Call
from asl_lint.expressions.jsonpath import Path
from asl_lint.late import Final
from asl_lint.types.lattice import (
    ARRAY,
    BOOLEAN,
    INFINITY,
    INTEGER,
    NATURAL,
    NOTHING,
    NUMBER,
    OBJECT,
    SOMETHING,
    STRING,
    Object,
    Type,
    array_of,
    array_of_items,
    join,
    literal,
    number,
    number_between,
    object_of,
)
from asl_lint.types.membership import single_value

_LARGEST: Final = 2**31 - 1
"""What ``MathAdd`` is said to take; beyond it the result is not followed."""
_DEEPEST: Final = 20

Reader = Callable[[Path], Type]


def result(call: Call, read: Reader, depth: int = 0) -> Type:
    """The type of a call's value. ``read`` gives the types of the paths in it."""
    function = _RESULTS.get(call.name)
    if function is None or depth > _DEEPEST:
        return SOMETHING
    return function([argument_type(argument, read, depth) for argument in call.arguments])


def argument_type(argument: Argument, read: Reader, depth: int = 0) -> Type:
    """The type of an argument. What leads nowhere fails, so that there is a value wherever the call has one."""
    if argument.path is not None:
        found = read(argument.path).defined()
        return SOMETHING if found.is_nothing else found
    if argument.call is not None:
        return result(argument.call, read, depth + 1)
    if argument.kind == "string":
        return STRING if argument.value is None else literal(argument.value)
    if argument.kind in ("number", "boolean", "null"):
        return literal(argument.value)
    return SOMETHING


def _array_of(arguments: Sequence[Type], place: int = 0) -> Type:
    """An argument as the array that it must be."""
    found = arguments[place].only({"array"}) if place < len(arguments) else NOTHING
    return ARRAY if found.array is None else found


def _partition(arguments: Sequence[Type]) -> Type:
    array = _array_of(arguments).array
    assert array is not None
    return array_of(array_of(array.element, 1), 1 if array.low else 0)


def _range(arguments: Sequence[Type]) -> Type:
    values = [single_value(argument) for argument in arguments]
    if len(values) == 3 and all(value is not None and type(value[0]) is int for value in values):
        first, last, step = (value[0] for value in values if value is not None)
        if isinstance(first, int) and isinstance(last, int) and isinstance(step, int) and step:
            numbers = range(first, last + (1 if step > 0 else -1), step)
            return array_of(number_between(min(first, last), max(first, last), whole=True), len(numbers), len(numbers))
    return array_of(INTEGER)


def _get_item(arguments: Sequence[Type]) -> Type:
    array = _array_of(arguments).array
    assert array is not None
    index = single_value(arguments[1]) if len(arguments) > 1 else None
    found = array.element
    if index is not None and isinstance(index[0], int) and index[0] >= 0:
        found = array.at(index[0]).defined()
    return SOMETHING if found.is_nothing else found.defined()


def _length(arguments: Sequence[Type]) -> Type:
    array = _array_of(arguments).array
    assert array is not None
    return number_between(array.low, array.high, whole=True) if array.high < INFINITY or array.low else NATURAL


def _unique(arguments: Sequence[Type]) -> Type:
    array = _array_of(arguments).array
    assert array is not None
    return array_of(array.element, min(array.low, 1), array.high)


def _merge(arguments: Sequence[Type]) -> Type:
    one, other = (argument.only({"object"}).object for argument in arguments[:2]) if len(arguments) > 1 else (None, None)
    if one is None or other is None or arguments[0].anything or arguments[1].anything:
        return OBJECT
    members = {name: _over(one, other, name) for name in (*one.members, *other.members)}
    return object_of(members, join(one.rest, other.rest))


def _over(one: Object, other: Object, name: str) -> Type:
    """A member of the second object, or of the first where the second may not have it."""
    upper = other.member(name)
    if not upper.undefined:
        return upper
    lower = one.member(name)
    joined = join(upper.defined(), lower)
    return joined.or_undefined(min(upper.undefined, lower.undefined)) if lower.undefined else joined


def _add(arguments: Sequence[Type]) -> Type:
    terms = [argument.only({"number"}).numbers for argument in arguments[:2]]
    if len(terms) != 2 or any(term is None or not term.whole for term in terms):
        return INTEGER  # fractions are rounded, one way or the other
    low = sum(term.low for term in terms if term is not None)
    high = sum(term.high for term in terms if term is not None)
    if any(_LARGEST < abs(bound) < INFINITY for bound in (low, high)):
        return INTEGER
    one, other = (None if term is None else term.literals for term in terms)
    if one is not None and other is not None:
        return number(*(a + b for a in one for b in other))
    return number_between(low, high, whole=True)


def _parsed(arguments: Sequence[Type]) -> Type:
    value = single_value(arguments[0]) if arguments else None
    if value is None or not isinstance(value[0], str):
        return SOMETHING
    try:
        return literal(json.loads(value[0]))
    except (ValueError, RecursionError):
        return SOMETHING


def _text(arguments: Sequence[Type]) -> Type:
    return STRING


_RESULTS: Final[Mapping[str, Callable[[Sequence[Type]], Type]]] = {
    "States.Array": array_of_items,
    "States.ArrayContains": lambda arguments: BOOLEAN,
    "States.ArrayGetItem": _get_item,
    "States.ArrayLength": _length,
    "States.ArrayPartition": _partition,
    "States.ArrayRange": _range,
    "States.ArrayUnique": _unique,
    "States.Base64Decode": _text,
    "States.Base64Encode": _text,
    "States.Format": _text,
    "States.Hash": _text,
    "States.JsonMerge": _merge,
    "States.JsonToString": _text,
    "States.MathAdd": _add,
    "States.MathRandom": lambda arguments: NUMBER,
    "States.StringSplit": lambda arguments: array_of(STRING),
    "States.StringToJson": _parsed,
    "States.UUID": _text,
}
