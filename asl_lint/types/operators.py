"""JSONata's operators on types: arithmetic with literals and ranges, equality, order, ``in``, ``&``, ``-``.

What fails gives no value: a type is that of the operands that are taken. Numbers are doubles; a result that is no finite number
(a division by zero) counts as failing. Source: jsonata-js 2.0.6 (MIT), evaluateNumericExpression and those that follow it.
"""

import math
import operator
from collections.abc import Callable

from asl_lint.late import Any, Final, NamedTuple
from asl_lint.types.lattice import (
    FALSE,
    INFINITY,
    MAX_LITERALS,
    STRING,
    TRUE,
    Numbers,
    Strings,
    Type,
    Undefined,
    number,
    text,
)
from asl_lint.types.membership import single_value

_COMBINATIONS: Final = 64
_EXACT: Final = 10**15

_CALCULATE: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": math.fmod,
}  # fmt: skip
_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_EVERY_NUMBER: Final = Numbers()
_EVERY_TEXT: Final = Strings()


def numbers_of(value: Type) -> Numbers | None:
    """The numbers that a value may be; all of anything."""
    return _EVERY_NUMBER if value.anything else value.numbers


def strings_of(value: Type) -> Strings | None:
    """The texts that a value may be; all of anything."""
    return _EVERY_TEXT if value.anything else value.strings


def truths(holds: bool, fails: bool, undefined: Undefined = Undefined.NEVER) -> Type:
    """The booleans that a test may give."""
    return Type(undefined, booleans=frozenset({value for value, may in ((True, holds), (False, fails)) if may}))


# --- arithmetic ---------------------------------------------------------------------------------------------------------------


def arithmetic(sign: str, left: Type, right: Type) -> Type:
    """``left sign right``: ``undefined`` where one side is."""
    one, other = numbers_of(left), numbers_of(right)
    undefined = max(left.undefined, right.undefined)
    if one is None or other is None:
        return Type(undefined)
    if one.literals is not None and other.literals is not None and len(one.literals) * len(other.literals) <= _COMBINATIONS:
        found = {calculate(sign, a, b) for a in one.literals for b in other.literals}
        if None in found:
            return Type(undefined, numbers=_EVERY_NUMBER)
        return Type(undefined, numbers=number(*(result for result in found if result is not None)).numbers)
    whole = one.whole and other.whole and sign != "/"
    low, high = _bounds(sign, one, other)
    return Type(undefined, numbers=Numbers(_exact(low), _exact(high), whole))


def calculate(sign: str, left: float, right: float) -> float | None:
    """The result as a double, an integer where it is exactly one; None where it is no finite number."""
    try:
        result = _CALCULATE[sign](float(left), float(right))
    except (ArithmeticError, ValueError):
        return None
    return _exact(result) if math.isfinite(result) else None


def _exact(value: float) -> float:
    """An integer where a double is exactly one that every engine writes as one."""
    return int(value) if abs(value) <= _EXACT and float(value).is_integer() else value


def _bounds(sign: str, one: Numbers, other: Numbers) -> tuple[float, float]:
    if sign == "+":
        return float(one.low) + other.low, float(one.high) + other.high
    if sign == "-":
        return float(one.low) - other.high, float(one.high) - other.low
    if sign == "%":
        most = max(abs(other.low), abs(other.high))
        return (max(one.low, -most) if one.low < 0 else 0.0), (min(one.high, most) if one.high > 0 else 0.0)
    if sign == "/" and other.low <= 0 <= other.high:
        return -INFINITY, INFINITY
    corners = [_corner(sign, a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    return min(corners), max(corners)


def _corner(sign: str, left: float, right: float) -> float:
    if sign == "*":
        return 0.0 if left == 0 or right == 0 else float(left) * float(right)
    if math.isinf(right):
        # What is divided by ever more comes near 0, and may be as large as it was divided by 1.
        return 0.0 if math.isfinite(left) else math.copysign(INFINITY, left) * math.copysign(1, right)
    return float(left) / float(right)


def negation(value: Type) -> Type:
    """``-value``."""
    numbers = numbers_of(value)
    if numbers is None:
        return Type(value.undefined)
    if numbers.literals is not None:
        return Type(value.undefined, numbers=number(*(-n for n in numbers.literals)).numbers)
    return Type(value.undefined, numbers=Numbers(-numbers.high, -numbers.low, numbers.whole))


# --- equality and order -------------------------------------------------------------------------------------------------------


class Comparison(NamedTuple):
    """Whether two values may be equal, and whether they may differ. ``listed``: never equal but for a list that may grow."""

    equal: bool
    differ: bool
    listed: bool = False


def comparison(left: Type, right: Type) -> Comparison:
    """How two values compare where both are there."""
    if left.anything or right.anything:
        return Comparison(True, True)
    equal = (left.null and right.null) or bool(left.booleans & right.booleans) or _overlap(left.numbers, right.numbers)
    listed = False
    if not equal and left.strings is not None and right.strings is not None:
        equal = _shared(left.strings, right.strings)
        if not equal and (left.strings.open or right.strings.open):
            listed = equal = True
    if (
        left.array is not None
        and right.array is not None
        and left.array.low <= right.array.high
        and right.array.low <= left.array.high
    ):
        equal, listed = True, False
    # Functions are objects to the reference.
    if (left.object is not None or left.function is not None) and (right.object is not None or right.function is not None):
        equal, listed = True, False
    return Comparison(equal, not equal or not _surely_equal(left, right), listed)


def _surely_equal(left: Type, right: Type) -> bool:
    if any(side.strings is not None and side.strings.open for side in (left, right)):
        return False
    one, other = single_value(left.defined()), single_value(right.defined())
    return one is not None and other is not None and one == other


def _overlap(one: Numbers | None, other: Numbers | None) -> bool:
    if one is None or other is None:
        return False
    for some, all_ in ((one, other), (other, one)):
        if some.literals is not None:
            if all_.literals is not None:
                return bool(some.literals & all_.literals)
            return any(all_.low <= n <= all_.high and (not all_.whole or float(n).is_integer()) for n in some.literals)
    return one.low <= other.high and other.low <= one.high


def _shared(one: Strings, other: Strings) -> bool:
    return one.literals is None or other.literals is None or bool(one.literals & other.literals)


def equality(sign: str, left: Type, right: Type) -> Type:
    """``left = right`` or ``!=``: false for both where one side is ``undefined``."""
    if left.is_nothing or right.is_nothing:
        return Type()
    none = left.undefined > 0 or right.undefined > 0
    if left.is_undefined or right.is_undefined:
        return FALSE
    found = comparison(left, right)
    if sign == "=":
        return truths(found.equal, found.differ or none)
    return truths(found.differ, found.equal or none)


def inclusion(left: Type, right: Type) -> Type:
    """``left in right``: whether an element is the same; of arrays and objects that is not known."""
    if left.is_nothing or right.is_nothing:
        return Type()
    if left.is_undefined or right.is_undefined:
        return FALSE
    if right.anything or left.anything:
        return truths(True, True)
    candidates = right.without(("array",))
    places = [candidates] if not candidates.defined().is_nothing else []
    array = right.array
    if array is not None:
        places.append(array.element)
    if not any(comparison(left, place).equal for place in places):
        return FALSE
    if left.undefined or right.undefined or single_value(left) is None:
        return truths(True, True)
    sure = array is None and not comparison(left, candidates).differ
    if array is not None and candidates.is_nothing:
        sure = array.low >= len(array.items) and any(not comparison(left, item).differ for item in array.items)
    return TRUE if sure else truths(True, True)


def order(sign: str, left: Type, right: Type) -> Type:
    """``left < right`` and its like: of two numbers or two texts; ``undefined`` where one side is."""
    outcomes: set[bool] = set()
    one, other = numbers_of(left), numbers_of(right)
    if one is not None and other is not None:
        outcomes |= _order_of_numbers(sign, one, other)
    texts, others = strings_of(left), strings_of(right)
    if texts is not None and others is not None:
        outcomes |= _order_of_texts(sign, texts, others)
    return truths(True in outcomes, False in outcomes, max(left.undefined, right.undefined))


def _order_of_numbers(sign: str, one: Numbers, other: Numbers) -> set[bool]:
    ordered = _ORDER[sign]
    if sign in ("<", "<="):
        best, worst = ordered(one.low, other.high), ordered(one.high, other.low)
    else:
        best, worst = ordered(one.high, other.low), ordered(one.low, other.high)
    return {True} if worst else {True, False} if best else {False}


def _order_of_texts(sign: str, one: Strings, other: Strings) -> set[bool]:
    if one.literals is None or other.literals is None or one.open or other.open:
        return {True, False}
    if len(one.literals) * len(other.literals) > _COMBINATIONS:
        return {True, False}
    # JavaScript orders texts by their UTF-16 units.
    units = [[literal.encode("utf-16-be", "surrogatepass") for literal in side] for side in (one.literals, other.literals)]
    return {_ORDER[sign](a, b) for a in units[0] for b in units[1]}


# --- texts --------------------------------------------------------------------------------------------------------------------


def texts_of(value: Type) -> frozenset[str] | None:
    """What ``$string`` makes of a value, ``undefined`` as the empty text; None where it is not known."""
    if value.anything or value.array is not None or value.object is not None:
        return None
    found: set[str] = set()
    if value.strings is not None:
        if value.strings.literals is None or value.strings.open:
            return None
        found |= value.strings.literals
    if value.numbers is not None:
        if value.numbers.literals is None:
            return None
        for literal in value.numbers.literals:
            if not float(literal).is_integer() or abs(literal) >= _EXACT:
                return None
            found.add(str(int(literal)))
    found |= {"true" if boolean else "false" for boolean in value.booleans}
    if value.null:
        found.add("null")
    if value.undefined or value.function:
        found.add("")
    return frozenset(found)


def concatenation(left: Type, right: Type) -> Type:
    """``left & right``."""
    if left.is_nothing or right.is_nothing:
        return Type()
    one = texts_of(left)
    other = None if one is None else texts_of(right)
    if one is None or other is None or len(one) * len(other) > MAX_LITERALS:
        return STRING
    return text(*(a + b for a in one for b in other))
