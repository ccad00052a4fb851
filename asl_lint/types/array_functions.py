"""What the functions of the table give that make arrays: result by result, for arguments as the signature leaves them.

Source: jsonata-js 2.0.6 (MIT), functions.js; ``$partition`` as measured on the service.
"""

from asl_lint.types.lattice import (
    ARRAY,
    NOTHING,
    SOMETHING,
    UNDEFINED,
    Array,
    Type,
    Undefined,
    array_of,
    array_of_items,
    join,
)
from asl_lint.types.operators import numbers_of
from asl_lint.types.sequences import Flow, Outcome, is_spelt_out, members_of

Arguments = list[Type]
"""The types of a call's arguments."""


def array_in(array: Array | None) -> Array:
    """The array part of an argument, which the signature made one."""
    return ARRAY.array if array is None else array  # type: ignore[return-value]


def append(given: Arguments) -> Type:
    """``$append``: where one side is nothing, the other as it is."""
    one, other = given[0], given[1]
    if one.anything or other.anything:
        return Type(min(one.undefined, other.undefined), anything=True)
    found = _added(one.defined(), other.defined())
    if one.undefined:
        found = join(found, other)
    return join(found, one) if other.undefined else found


def _added(one: Type, other: Type) -> Type:
    if one.is_nothing or other.is_nothing:
        return NOTHING
    first, second = members_of(one), members_of(other)
    low, high = first.low + second.low, first.high + second.high
    if one.kinds == {"array"} == other.kinds and is_spelt_out(array_in(one.array)) and is_spelt_out(array_in(other.array)):
        return array_of_items([*array_in(one.array).items, *array_in(other.array).items])
    return array_of(join(first.element, second.element), low, high)


def distinct(given: Arguments) -> Outcome:
    """``$distinct``: of a sequence it makes a sequence, so that equal members leave one that is no array."""
    value = given[0].defined()
    if value.anything:
        return Outcome(None, SOMETHING)
    if value.array is None:
        return Outcome(None, value)
    array = value.array
    kept = array_of(array.element, min(array.low, 1), array.high)
    collapsed = None
    if array.high > 1:
        collapsed = Flow(array.element, 1, array.high)
    return Outcome(collapsed, join(value.without(("array",)), kept))


def same_length(given: Arguments) -> Type:
    """``$shuffle``."""
    array = array_in(given[0].array)
    return array_of(array.element, array.low, array.high)


def reverse(given: Arguments) -> Type:
    """``$reverse``."""
    array = array_in(given[0].array)
    if is_spelt_out(array):
        return array_of_items(reversed(array.items))
    return same_length(given)


def zipped(given: Arguments) -> Type:
    """``$zip``: as long as the shortest."""
    if any(value.undefined for value in given):
        return ARRAY
    arrays = [array_in(value.array) for value in given]
    places = [array.element for array in arrays]
    high = min(array.high for array in arrays)
    if high == 0:
        return array_of(NOTHING)
    return array_of(array_of_items(places), min(array.low for array in arrays), high)


def partition(given: Arguments) -> Type:
    """``$partition``: batches; nothing of an empty array or by batches of 0 (measured)."""
    array = array_in(given[0].array)
    if array.high == 0:
        return UNDEFINED
    found = array_of(array_of(array.element, 1, array.high), 1, array.high)
    size = numbers_of(given[1]) if len(given) > 1 else None
    none = size is not None and size.low < 1
    return found if array.low and not none else found.or_undefined(Undefined.UNSAID)
