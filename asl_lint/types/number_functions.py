"""What the functions of the table give that calculate or count: result by result, for arguments as the signature leaves them.

Source: jsonata-js 2.0.6 (MIT), functions.js; ``$range`` as recorded on the service.
"""

import math
from collections.abc import Callable

from asl_lint.types.array_functions import Arguments, array_in
from asl_lint.types.lattice import (
    INFINITY,
    NOTHING,
    NUMBER,
    UNDEFINED,
    Array,
    Numbers,
    Type,
    Undefined,
    join,
    number,
    number_between,
)
from asl_lint.types.operators import numbers_of
from asl_lint.types.sequences import Flow, Outcome, times


def on_numbers(change: Callable[[float], float]) -> Callable[[Arguments], Type]:
    """A function that grows with its argument and gives integers."""

    def result(given: Arguments) -> Type:
        numbers = numbers_of(given[0])
        if numbers is None:
            return NOTHING
        if len(given) > 1 and not given[1].is_undefined:
            return NUMBER
        if numbers.literals is not None:
            return number(*(change(literal) for literal in numbers.literals))
        low, high = (change(end) if math.isfinite(end) else end for end in (numbers.low, numbers.high))
        return number_between(low, high, whole=True)

    return result


def absolute(given: Arguments) -> Type:
    """``$abs``."""
    numbers = numbers_of(given[0])
    if numbers is None:
        return NOTHING
    if numbers.literals is not None:
        return number(*(abs(literal) for literal in numbers.literals))
    ends = (abs(numbers.low), abs(numbers.high))
    return number_between(0 if numbers.low <= 0 <= numbers.high else min(ends), max(ends), numbers.whole)


def to_number(given: Arguments) -> Type:
    """``$number``: of a text whatever number it writes."""
    value = given[0]
    if value.anything or value.strings is not None:
        return NUMBER
    return join(Type(numbers=value.numbers), number(*(int(boolean) for boolean in value.booleans)))


def count(given: Arguments) -> Type:
    """``$count``: of nothing it is 0."""
    found = number(0) if given[0].undefined else NOTHING
    array = given[0].array
    return found if array is None else join(found, _length_of(array))


def _length_of(array: Array) -> Type:
    return number_between(array.low, array.high, whole=True)


def total(given: Arguments) -> Type:
    """``$sum``: in bounds where the numbers are whole, which no rounding leaves."""
    array = array_in(given[0].array)
    numbers = numbers_of(array.element)
    if numbers is None:
        return number(0) if array.low == 0 else NOTHING
    low = min(times(array.low, numbers.low), times(array.high, numbers.low), times(array.high, min(numbers.low, 0)))
    high = max(times(array.low, numbers.high), times(array.high, numbers.high))
    if array.low == 0:
        low, high = min(low, 0), max(high, 0)
    if numbers.whole:
        return number_between(low, high, whole=True)
    return number_between(0 if numbers.low >= 0 else -INFINITY, 0 if numbers.high <= 0 else INFINITY)


def extreme(given: Arguments) -> Type:
    """``$max``, ``$min``: one of the elements."""
    array = array_in(given[0].array)
    numbers = numbers_of(array.element)
    if numbers is None:
        return UNDEFINED if array.low == 0 else NOTHING
    found = Type(numbers=numbers)
    return found if array.low else found.or_undefined(Undefined.POSSIBLE if array.high == 0 else Undefined.UNSAID)


def average(given: Arguments) -> Type:
    """``$average``."""
    array = array_in(given[0].array)
    numbers = numbers_of(array.element)
    if numbers is None:
        return UNDEFINED if array.low == 0 else NOTHING
    found = number_between(0 if numbers.low >= 0 else -INFINITY, 0 if numbers.high <= 0 else INFINITY)
    return found if array.low else found.or_undefined(Undefined.UNSAID)


def number_range(given: Arguments) -> Outcome:
    """``$range``: from the first to the last, both included; one number is no array (recorded)."""
    if len(given) < 3 or any(value.is_undefined for value in given):
        return Outcome(None, UNDEFINED)
    first, last, step = (numbers_of(value) or Numbers() for value in given)
    low, high = min(first.low, last.low), max(first.high, last.high)
    low, high = (math.trunc(end) if math.isfinite(end) else end for end in (low, high))
    how = max(Undefined.UNSAID, *(value.undefined for value in given))
    grows = step.low >= 1 and math.trunc(first.high) <= math.trunc(last.low) if _finite(first, last) else False
    least = 1 if grows and not any(value.undefined for value in given) else 0
    return Outcome(Flow(number_between(low, high, whole=True), least, INFINITY, Undefined.NEVER if least else how))


def _finite(first: Numbers, last: Numbers) -> bool:
    return math.isfinite(first.high) and math.isfinite(last.low)


def half_even(value: float) -> float:
    """Rounded half to even, as the reference does; what lies beyond exact doubles is left."""
    return float(round(value)) if abs(value) < 2**52 else value
