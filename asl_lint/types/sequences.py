"""Sequences of JSONata in types: so many members of a type, which make no value, the single one, or an array of them.

Beside them what reads a value as members: a field of it, an element of it, and whether it counts as true. All take types and
give types; no expression is known here. Source: jsonata-js 2.0.6 (MIT), evaluateStep, lookup, evaluateFilter, boolean.
"""

from asl_lint.late import Final, NamedTuple
from asl_lint.types.lattice import (
    ANY,
    ARRAY,
    INFINITY,
    NOTHING,
    SOMETHING,
    UNDEFINED,
    Array,
    Type,
    Undefined,
    array_of,
    join,
    join_all,
)


class Flow(NamedTuple):
    """``low`` to ``high`` members of a type. ``how``: whether there may be none, NEVER where there is one at least."""

    element: Type
    low: int
    high: float
    how: Undefined = Undefined.NEVER


class Outcome(NamedTuple):
    """What a construct gives before one member is taken for itself: a sequence, or ``plain``, a value that stays as it is."""

    flow: Flow | None
    plain: Type = NOTHING


EMPTY: Final = Flow(NOTHING, 0, 0, Undefined.POSSIBLE)


def times(count: float, other: float) -> float:
    """The product of two lengths, where none of infinitely many are none."""
    return 0 if count == 0 or other == 0 else count * other


def members_of(value: Type) -> Flow:
    """The members that a value has as a sequence: an array its elements, another value itself, ``undefined`` none."""
    if value.anything:
        return Flow(SOMETHING, 0, INFINITY, max(value.undefined, Undefined.UNSAID))
    array = value.array
    if array is None:
        if not value.undefined:
            return Flow(value, 1, 1)
        rest = value.defined()
        return EMPTY if rest.is_nothing else Flow(rest, 0, 1, value.undefined)
    rest = value.without(("array", "undefined"))
    low, high, how = array.low, array.high, _emptiness(array)
    if not rest.is_nothing:
        low, high = min(low, 1), max(high, 1)
    if value.undefined:
        low, how = 0, max(how, value.undefined)
    return Flow(join(array.element, rest), low, high, how if low == 0 else Undefined.NEVER)


def _emptiness(array: Array) -> Undefined:
    if array.low:
        return Undefined.NEVER
    return Undefined.POSSIBLE if array.high == 0 else Undefined.UNSAID


def is_spelt_out(array: Array) -> bool:
    """Whether each element is known for itself."""
    return array.is_exact and len(array.items) == array.high


def items_of(context: Type) -> Flow:
    """What a path goes over: the elements of an array, else the one context, which may be ``undefined``."""
    array = context.array
    if array is None or context.anything:
        return Flow(context, 1, 1)
    rest = context.without(("array",))
    if rest.is_nothing:
        return Flow(array.element, array.low, array.high, _emptiness(array))
    return Flow(join(array.element, rest), min(1, array.low), max(1, array.high), _emptiness(array))


def of_each(outer: Flow, inner: Flow) -> Flow:
    """The members of all members: ``inner`` for each of ``outer``."""
    low = outer.low * inner.low
    if low:
        return Flow(inner.element, low, times(outer.high, inner.high))
    how = max(outer.how if outer.low == 0 else Undefined.NEVER, inner.how if inner.low == 0 else Undefined.NEVER)
    return Flow(inner.element, 0, times(outer.high, inner.high), max(how, Undefined.UNSAID))


def either(one: Flow | None, other: Flow | None) -> Flow | None:
    """The members of one sequence or of another."""
    if one is None or other is None:
        return one or other
    low = min(one.low, other.low)
    how = max(one.how, other.how) if low == 0 else Undefined.NEVER
    return Flow(join(one.element, other.element), low, max(one.high, other.high), how)


def value_of(flow: Flow, keep: bool = False) -> Type:
    """The value of a sequence: none, the single member, or an array. ``keep``: an array of one member too (``[]``)."""
    element = flow.element.defined()
    if flow.high == 0 or element.is_nothing:
        return NOTHING if flow.low else UNDEFINED
    if keep:
        found = array_of(element, max(flow.low, 1), flow.high)
    elif flow.high < 2:
        found = element
    elif element.anything:
        found = array_of(element, flow.low, flow.high) if flow.low > 1 else SOMETHING
    else:
        found = array_of(element, max(flow.low, 2), flow.high)
        if flow.low <= 1:
            found = join(element, found)
    return found if flow.low else found.or_undefined(max(flow.how, Undefined.UNSAID))


def outcome_value(outcome: Outcome, keep: bool = False) -> Type:
    """The value of a construct."""
    if outcome.flow is None:
        return outcome.plain
    found = value_of(outcome.flow, keep)
    return found if outcome.plain is NOTHING else join(found, outcome.plain)


def outcome_members(outcome: Outcome) -> Flow:
    """The members of what a construct gives."""
    plain = None if outcome.plain is NOTHING else members_of(outcome.plain)
    return either(outcome.flow, plain) or EMPTY


def as_array(flow: Flow) -> Type:
    """The members as an array that is no sequence: it keeps one member, and none."""
    return array_of(flow.element, flow.low, flow.high)


def last_step(items: Flow, result: Type, plain: bool) -> Outcome:
    """What the last step of a path gives: ``result`` for each of the items.

    The array that one item alone gives stays as it is; the arrays of several flow together. ``plain``: no array can be a
    sequence of one member that ``[]`` kept, which is taken apart once more.
    """
    several = items.high > 1
    defined = 0 if result.undefined else items.low
    kept = NOTHING
    if defined <= 1:
        kept = ARRAY if result.anything else Type(array=result.array)
    if several or not plain:
        return Outcome(of_each(items, members_of(result)), kept)
    alone = result.without(("array", "undefined"))
    if alone.is_nothing and not result.undefined and items.low:
        return Outcome(None, kept)
    low = items.low if defined else 0
    how = max(result.undefined, items.how) if low == 0 else Undefined.NEVER
    return Outcome(Flow(alone, low, 0 if alone.is_nothing else items.high, how), kept)


# --- reading ------------------------------------------------------------------------------------------------------------------


def member(value: Type, name: str) -> Type:
    """What the field of a value is; of an array, what the fields of its elements make together."""
    if value.anything:
        return ANY.or_undefined(value.undefined)
    found = NOTHING
    if value.object is not None:
        found = value.object.member(name)
    if value.array is not None:
        found = join(found, value_of(_members_of_elements(value.array, name)))
    if value.undefined:
        found = found.or_undefined(value.undefined)
    if value.null or value.booleans or value.numbers or value.strings or value.function:
        found = found.or_undefined()
    return found


def _members_of_elements(array: Array, name: str) -> Flow:
    if is_spelt_out(array):
        flows = [members_of(member(item, name)) for item in array.items]
        low = sum(flow.low for flow in flows)
        how = max((flow.how for flow in flows), default=Undefined.POSSIBLE) if low == 0 else Undefined.NEVER
        return Flow(join_all(flow.element for flow in flows), low, sum(flow.high for flow in flows), how)
    return of_each(Flow(array.element, array.low, array.high, _emptiness(array)), members_of(member(array.element, name)))


def element_at(array: Array, index: int) -> Type:
    """The element at an index, from the end where it is below 0; that an array is too short nobody says."""
    if index < 0:
        if array.is_exact:
            return UNDEFINED if -index > array.high else array.place(int(array.high) + index)
        if -index > array.high:
            return UNDEFINED
        return array.element if -index <= array.low else array.element.or_undefined(Undefined.UNSAID)
    if index >= array.high:
        return UNDEFINED
    found = array.place(index)
    return found if index < array.low else found.or_undefined(Undefined.UNSAID)


class Truth(NamedTuple):
    """Whether a value may count as true, and whether it may not."""

    holds: bool
    fails: bool


BOTH: Final = Truth(True, True)


def truth(value: Type) -> Truth:
    """How a value counts in a condition. ``undefined`` counts as false."""
    if value.anything or value.function:
        return BOTH
    holds = True in value.booleans
    fails = False in value.booleans or value.null or value.undefined > 0
    if value.numbers is not None:
        literals, low, high = value.numbers.literals, value.numbers.low, value.numbers.high
        if literals is not None:
            holds, fails = holds or any(literals), fails or 0 in literals
        else:
            holds, fails = True, fails or low <= 0 <= high
    if value.strings is not None:
        texts = value.strings.literals
        if texts is None:
            holds, fails = True, fails or value.strings.form is None
        else:
            holds, fails = holds or any(texts), fails or "" in texts
    if value.array is not None:
        of_array = _truth_of_array(value.array)
        holds, fails = holds or of_array.holds, fails or of_array.fails
    if value.object is not None:
        members = value.object.members
        sure = any(not type_.undefined for type_ in members.values()) if len(members) <= 50 else False
        holds, fails = holds or sure or bool(members) or not value.object.is_closed, fails or not sure
    return Truth(holds, fails)


def _truth_of_array(array: Array) -> Truth:
    """An array counts as true where one of its elements does."""
    if array.high == 0:
        return Truth(False, True)
    element = truth(array.element)
    if array.is_exact and array.items and array.rest.is_nothing:
        fails = all(truth(item).fails for item in array.items)
    else:
        fails = array.low == 0 or element.fails
    return Truth(element.holds, fails)
