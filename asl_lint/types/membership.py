"""Which values are of a type: the meaning of the lattice, which every analysis that makes types is held against."""

from collections.abc import Mapping

from asl_lint.types.lattice import Numbers, Object, Type


def holds(type_: Type, value: object) -> bool:
    """Whether a JSON value is of the type."""
    if type_.anything:
        return True
    if value is None:
        return type_.null
    if isinstance(value, bool):
        return value in type_.booleans
    if isinstance(value, int | float):
        return type_.numbers is not None and _is_number(type_.numbers, value)
    if isinstance(value, str):
        strings = type_.strings
        # A list that may have grown since holds what it does not have yet.
        return strings is not None and (strings.literals is None or strings.open or value in strings.literals)
    if isinstance(value, list):
        array = type_.array
        if array is None or not array.low <= len(value) <= array.high:
            return False
        return all(holds(array.place(i), element) for i, element in enumerate(value))
    if isinstance(value, dict):
        of = type_.object
        return (
            of is not None and _is_object(of, value) and (not of.variants or any(_is_object(one, value) for one in of.variants))
        )
    return type_.function is not None


def _is_object(of: Object, value: Mapping[str, object]) -> bool:
    if any(not of.member(name).undefined for name in of.members if name not in value):
        return False
    return all(holds(of.member(name), member) for name, member in value.items())


def _is_number(numbers: Numbers, value: float) -> bool:
    if numbers.literals is not None:
        return value in numbers.literals
    return numbers.low <= value <= numbers.high and (not numbers.whole or float(value).is_integer())


def single_value(type_: Type) -> tuple[object] | None:
    """The one scalar that the type holds, as a tuple of it; None where it holds others, none, or an array or object."""
    if type_.undefined or type_.anything or len(type_.kinds) != 1:
        return None
    if type_.null:
        return (None,)
    if len(type_.booleans) == 1:
        return (next(iter(type_.booleans)),)
    for part in (type_.numbers, type_.strings):
        if part is not None and part.literals is not None and len(part.literals) == 1:
            return (next(iter(part.literals)),)
    return None


def is_known(type_: Type) -> bool:
    """Whether the type says more than that there may be any value."""
    return not type_.anything
