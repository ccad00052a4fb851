"""What the functions give that take a function: ``$map``, ``$filter``, ``$reduce`` and their like.

The function is applied to what any element may be. Source: jsonata-js 2.0.6 (MIT), functions.js; how many arguments it is given
depends on how many it takes (hofFuncArgs).
"""

from collections.abc import Callable

from asl_lint.expressions.jsonata.nodes import Node
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.lattice import (
    ANY,
    NATURAL,
    NOTHING,
    STRING,
    UNDEFINED,
    Array,
    Type,
    Undefined,
    array_of,
    join,
    join_all,
    number_between,
    object_of,
    text,
    widen,
)
from asl_lint.types.meanings import Closure, arity
from asl_lint.types.sequences import EMPTY, Flow, Outcome, members_of, of_each, truth

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference

_ROUNDS: Final = 4


def _applied(run: "Inference", function: Type, values: list[Type], node: Node) -> Type:
    """What a function gives for the value, its index or key, and the whole; ANY where it may be no function."""
    count = arity(function)
    if count is None and function.kinds != {"function"}:
        return ANY
    return run.apply(function, values[: max(count, 1)] if count is not None else values[:1], node)


def _elements(value: Type) -> Flow:
    """The elements of an argument that was made an array."""
    if value.array is None:
        return EMPTY if value.undefined else Flow(NOTHING, 1, 1)
    return members_of(Type(array=value.array))


def _index(array: Array) -> Type:
    return NATURAL if array.high == float("inf") else number_between(0, max(array.high - 1, 0), whole=True)


def _map(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    array, function = arguments[0].array, arguments[1]
    flow = _elements(arguments[0])
    if array is None or flow.high == 0:
        return Outcome(EMPTY)
    result = _applied(run, function, [flow.element, _index(array), arguments[0].defined()], node)
    # A result that is an array is one member.
    defined = result.defined()
    inner = Flow(defined, 0 if result.undefined else 1, 0 if result.is_undefined else 1, result.undefined)
    return Outcome(of_each(flow, inner))


def _filter(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    array, function = arguments[0].array, arguments[1]
    flow = _elements(arguments[0])
    if array is None or flow.high == 0:
        return Outcome(EMPTY)
    chosen = _applied(run, function, [flow.element, _index(array), arguments[0].defined()], node)
    if chosen.is_nothing:
        return Outcome(Flow(NOTHING, min(1, flow.low), flow.high, flow.how))
    may = truth(chosen)
    if not may.holds:
        return Outcome(EMPTY)
    if not may.fails:
        return Outcome(flow)
    return Outcome(Flow(_narrowed(run, function, flow.element), 0, flow.high, Undefined.POSSIBLE))


def _narrowed(run: "Inference", function: Type, element: Type) -> Type:
    """The elements for which a lambda holds."""
    meaning = None if function.function is None or function.anything else function.function.meaning
    if not isinstance(meaning, Closure) or not meaning.node.parameters or run.binds:
        return element
    return run.parameter_where(meaning, element)


def _single(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    array = arguments[0].array
    flow = _elements(arguments[0])
    if array is None or flow.high == 0:
        return Outcome(None, NOTHING)
    if len(arguments) < 2 or arguments[1].is_undefined:
        return Outcome(None, flow.element)
    chosen = _applied(run, arguments[1], [flow.element, _index(array), arguments[0].defined()], node)
    if chosen.is_nothing or not truth(chosen).holds:
        return Outcome(None, NOTHING)
    return Outcome(None, _narrowed(run, arguments[1], flow.element))


def _reduce(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    """``$reduce``: the type of what is gathered, until another round adds nothing."""
    array, function = arguments[0].array, arguments[1]
    flow = _elements(arguments[0])
    initial = arguments[2] if len(arguments) > 2 else UNDEFINED
    if array is None:
        return Outcome(None, UNDEFINED)
    count = arity(function)
    if count is None:
        return Outcome(None, ANY)
    if count < 2:
        return Outcome(None, NOTHING)
    gathered = initial.defined()
    if initial.undefined and flow.high > 0:
        gathered = join(gathered, array.place(0) if array.low else flow.element)
    if flow.high == 0:
        return Outcome(None, initial)
    found = gathered
    if flow.high > 1 or not initial.is_undefined:
        for i in range(_ROUNDS):
            before = found
            result = run.apply(function, [found, flow.element, _index(array), arguments[0].defined()][:count], node)
            found = widen(before, result) if i else join(before, result)
            if found == before:
                break
        else:
            return Outcome(None, ANY)
    return Outcome(None, found.or_undefined(Undefined.UNSAID) if flow.low == 0 and initial.undefined else found)


def _sort(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    array = arguments[0].array
    if array is None:
        return Outcome(None, UNDEFINED)
    element = array.element
    if len(arguments) > 1 and array.high > 1:
        _applied_to_two(run, arguments[1], element, node)
    return Outcome(None, array_of(element, array.low, array.high))


def _applied_to_two(run: "Inference", function: Type, element: Type, node: Node) -> None:
    count = arity(function)
    if count is not None and count >= 1:
        run.apply(function, [element, element][:count], node)


def _object_items(value: Type) -> tuple[Type, Type, int, float]:
    """What the fields of an object hold, their names, and how many there are."""
    of = value.object
    if value.anything or of is None:
        return ANY.defined(), STRING, 0, float("inf")
    values = join_all(member.defined() for member in of.members.values())
    low = sum(not member.undefined for member in of.members.values())
    if of.is_closed:
        return values, text(*of.members), low, len(of.members)
    return join(values, of.rest.defined()), STRING, low, float("inf")


def _each(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    values, names, low, high = _object_items(arguments[0])
    if high == 0:
        return Outcome(EMPTY)
    result = _applied(run, arguments[1], [values, names, arguments[0].defined()], node)
    inner = Flow(result.defined(), 0 if result.undefined else 1, 0 if result.is_undefined else 1, result.undefined)
    return Outcome(of_each(Flow(values, low, high, Undefined.NEVER if low else Undefined.UNSAID), inner))


def _sift(run: "Inference", arguments: list[Type], node: Node) -> Outcome:
    values, names, _, high = _object_items(arguments[0])
    if high == 0:
        return Outcome(None, UNDEFINED)
    if len(arguments) > 1:
        chosen = _applied(run, arguments[1], [values, names, arguments[0].defined()], node)
        if not chosen.is_nothing and not truth(chosen).holds:
            return Outcome(None, UNDEFINED)
    of = arguments[0].object
    if arguments[0].anything or of is None:
        return Outcome(None, object_of({}, ANY).or_undefined())
    kept = {name: member.or_undefined() for name, member in of.members.items()}
    return Outcome(None, object_of(kept, of.rest, of.source).or_undefined())


HIGHER_ORDER: Final[dict[str, Callable[["Inference", list[Type], Node], Outcome]]] = {
    "each": _each,
    "filter": _filter,
    "map": _map,
    "reduce": _reduce,
    "sift": _sift,
    "single": _single,
    "sort": _sort,
}
