"""The types of what array constructors, object constructors and groupings make.

Source: jsonata-js 2.0.6 (MIT), evaluateUnary, evaluateRangeExpression, evaluateGroupExpression.
"""

from asl_lint.expressions.jsonata.nodes import Array, Filter, Focus, Group, Index, KeepArray, Node, Pair, Range
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import (
    INFINITY,
    INTEGER,
    MAX_PLACES,
    NOTHING,
    UNDEFINED,
    Numbers,
    Type,
    Undefined,
    join,
    number,
    number_between,
    object_of,
)
from asl_lint.types.lattice import Array as ArrayType
from asl_lint.types.operators import numbers_of
from asl_lint.types.scope import Scope
from asl_lint.types.sequences import EMPTY, Flow, as_array, members_of

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference

_STRING: Final = frozenset({"string"})
_NUMBER: Final = frozenset({"number"})


def array_of_parts(run: "Inference", node: Array, scope: Scope, context: Type) -> Type:
    """``[items]``: an array in an array is an element, and other arrays bring their elements."""
    items: list[Type] = []
    rest = NOTHING
    low, high = 0, 0.0
    for item in node.items:
        if isinstance(item, Range):
            flow, places = _range(run, item, scope, context)
        else:
            value = run.infer(item, scope, context)
            if value.is_nothing:
                return NOTHING
            flow, places = _part(value, isinstance(base_of(item), Array))
        if low == high and rest is NOTHING and len(items) + len(places) <= MAX_PLACES and flow.low == flow.high == len(places):
            items += places
        else:
            rest = join(rest, flow.element)
        low, high = low + flow.low, high + flow.high
    if rest is NOTHING and high > len(items):
        return NOTHING
    return Type(array=ArrayType(tuple(items), rest.defined(), low, high))


def base_of(node: Node) -> Node:
    """What the evaluator takes a construct for, whatever is attached to it."""
    while isinstance(node, Filter | KeepArray | Group | Focus | Index):
        node = node.expression
    return node


def _part(value: Type, whole: bool) -> tuple[Flow, list[Type]]:
    """What a value adds to an array: its members, and their types one by one where their number is known."""
    if whole:
        defined = value.defined()
        return Flow(defined, 0 if value.undefined else 1, 0 if defined.is_nothing else 1), [defined]
    flow = members_of(value)
    array = value.array
    if flow.low != flow.high:
        return flow, []
    if array is None or value.anything:
        return flow, [flow.element] if flow.high else []
    return flow, [array.place(i) for i in range(min(array.low, MAX_PLACES + 1))] if value.kinds == {"array"} else []


def _range(run: "Inference", node: Range, scope: Scope, context: Type) -> tuple[Flow, list[Type]]:
    """``first..last``: nothing where the last is less."""
    ends = [run.infer(side, scope, context) for side in (node.first, node.last)]
    for side, end in zip((node.first, node.last), ends, strict=True):
        refuse(run, side, end, _NUMBER, "..")
    first, last = (numbers_of(end) for end in ends)
    if first is None or last is None:
        return (EMPTY if ends[0].undefined or ends[1].undefined else Flow(NOTHING, 1, 1)), []
    low, high = max(0.0, last.low - first.high + 1), max(0.0, last.high - first.low + 1)
    if high == 0:
        return EMPTY, []
    undefined = max(end.undefined for end in ends)
    least = 0 if undefined or low in (0, INFINITY) else int(low)
    flow = Flow(_integers(first, last), least, high, Undefined.NEVER if least else max(undefined, Undefined.UNSAID))
    places = [number(int(first.low) + i) for i in range(int(high))] if least == high <= MAX_PLACES else []
    return flow, places


def _integers(first: Numbers, last: Numbers) -> Type:
    if first.low == -INFINITY and last.high == INFINITY:
        return INTEGER
    return number_between(first.low, last.high, whole=True)


def refuse(run: "Inference", node: Node, value: Type, taken: frozenset[str], subject: str) -> None:
    """Notes that an operand may be of a kind that an operator does not take."""
    if value.anything or value.is_nothing:
        return
    kinds = value.kinds
    if kinds <= taken:
        return
    certain = not kinds & taken and not value.undefined
    run.faults.add(TypeFault("wrong-operand", node, certain, run.met, subject, value, expected=taken))


def grouped(run: "Inference", pairs: tuple[Pair, ...], items: Flow, scope: Scope) -> Type:
    """``{key: value}`` over items: one object, in which a value is evaluated for all items of its key together."""
    inside = run.each(scope) if items.high != 1 else scope
    item = items.element if items.low else join(items.element, UNDEFINED)
    together = item
    if items.high > 1:
        parts = members_of(items.element)
        together = join(item, as_array(Flow(parts.element, 0, INFINITY)))
    members: dict[str, Type] = {}
    sure: set[str] = set()
    rest = UNDEFINED
    for pair in pairs:
        key = run.infer(pair.key, inside, item)
        refuse(run, pair.key, key, _STRING, "{")
        literals = None
        if key.strings is not None and not key.anything and not key.strings.open:
            literals = key.strings.literals
        single = literals is not None and len(literals) == 1 and key.kinds == _STRING and not key.undefined
        value = run.infer(pair.value, inside, together) if single else run.perhaps(pair.value, inside, together)
        if single and literals is not None:
            (name,) = literals
            members[name] = value
            sure.add(name)
            continue
        value = value.or_undefined(max(key.undefined, Undefined.UNSAID))
        if literals is not None:
            for name in literals:
                members[name] = join(members[name], value) if name in members else value
        elif key.anything or key.strings is not None:
            rest = join(rest, value)
    if rest is not UNDEFINED:
        rest = _unsaid(rest)
        members = {name: value if name in sure else join(value, rest) for name, value in members.items()}
    return object_of(members, rest)


def _unsaid(rest: Type) -> Type:
    """That a key that is not known may be missing nobody says."""
    return rest._replace(undefined=Undefined.UNSAID)
