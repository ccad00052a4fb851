"""Filters: the members that a predicate chooses, by its truth or by their positions.

Source: jsonata-js 2.0.6 (MIT), evaluateFilter.
"""

import math

from asl_lint.expressions.jsonata.nodes import (
    Binary,
    Block,
    Call,
    Filter,
    Index,
    Name,
    Negate,
    Node,
    Number,
    Path,
    String,
    Variable,
)
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import (
    ARRAY,
    INFINITY,
    NOTHING,
    SOMETHING,
    UNDEFINED,
    Type,
    Undefined,
    array_of,
    join,
    join_all,
    number,
)
from asl_lint.types.meanings import Builtin
from asl_lint.types.membership import single_value
from asl_lint.types.scope import Scope
from asl_lint.types.sequences import EMPTY, Flow, Outcome, as_array, element_at, members_of, truth
from asl_lint.types.steps import Step

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference

_CHANGING: Final = frozenset({"random", "shuffle", "uuid"})
_SCALARS: Final = frozenset({"string", "number", "boolean"})


def filtered(run: "Inference", step: Step, outcome: Outcome, scope: Scope) -> Outcome:
    """A value after the filters of a step."""
    for stage in step.stages:
        if isinstance(stage, Index):
            continue
        value = outcome.plain
        if outcome.flow is not None:
            flow = outcome.flow
            value = as_array(flow) if flow.element is not NOTHING else array_of(NOTHING)
            if flow.low == 0:
                value = value.or_undefined(flow.how)
            value = join(value, outcome.plain)
        outcome = _filter(run, stage, value, scope)
    return outcome


def filtered_stream(run: "Inference", stage: Filter, items: Flow, scope: Scope) -> Flow:
    """The items of a stream that a filter chooses, of all of them together."""
    index = _literal_index(stage.predicate)
    if index is not None:
        run.note(stage.predicate, number(index))
        needed = math.floor(index) + 1 if index >= 0 else -math.floor(index)
        if needed > items.high:
            return EMPTY
        low = 1 if needed <= items.low else 0
        return Flow(items.element, low, 1, Undefined.NEVER if low else max(items.how, Undefined.UNSAID))
    chosen = run.perhaps(stage.predicate, scope, items.element)
    if chosen.anything or chosen.numbers is not None or chosen.array is not None:
        return Flow(items.element, 0, INFINITY, Undefined.POSSIBLE)
    may = truth(chosen)
    if not may.fails:
        return items
    return Flow(items.element, 0, items.high, Undefined.POSSIBLE) if may.holds else EMPTY


def _filter(run: "Inference", stage: Filter, value: Type, scope: Scope) -> Outcome:
    if value.is_nothing:
        return Outcome(None, NOTHING)
    predicate = stage.predicate
    index = _literal_index(predicate)
    if index is not None:
        run.note(predicate, number(index))
        kinds = value.kinds
        if kinds <= _SCALARS and kinds:
            fault = TypeFault("index-of-single-value", stage, not value.undefined, run.met, "[]", value)
            run.faults.add(fault)
        return _at(value, math.floor(index))
    flow = members_of(value)
    if flow.high == 0 or flow.element.is_nothing:
        return Outcome(EMPTY if flow.low == 0 else Flow(NOTHING, 1, 1))
    met, run.met = run.met, run.met and flow.low > 0
    inside = run.each(scope)
    chosen = run.infer(predicate, inside, flow.element)
    run.met = met
    return _chosen(run, predicate, value, flow, chosen, inside)


def _chosen(run: "Inference", predicate: Node, value: Type, flow: Flow, chosen: Type, scope: Scope) -> Outcome:
    """The members that a predicate of this type chooses: by its truth, or by their positions where it gives numbers."""
    if chosen.is_nothing:
        return Outcome(Flow(NOTHING, min(flow.low, 1), flow.high, flow.how))
    positions = chosen.numbers is not None or chosen.anything
    if chosen.kinds == {"number"} and _is_fixed(run, predicate, scope):
        literal = single_value(chosen.defined())
        if literal is not None and isinstance(literal[0], int | float) and not chosen.undefined:
            return _at(value, math.floor(literal[0]))
        return Outcome(Flow(flow.element, 0, 1, max(flow.how, Undefined.UNSAID)))
    repeats = chosen.anything or (chosen.array is not None and _may_be_positions(chosen.array.element))
    high = INFINITY if repeats else flow.high
    if positions or repeats:
        how = Undefined.UNSAID if positions and chosen.kinds == {"number"} else Undefined.POSSIBLE
        return Outcome(Flow(flow.element, 0, high, max(flow.how, how)))
    may = truth(chosen)
    if not may.holds or (chosen.array is not None and chosen.kinds == {"array"} and chosen.array.high == 0):
        return Outcome(EMPTY)
    if not may.fails and chosen.array is None:
        return Outcome(flow)
    inside = run.branch(predicate, True, scope, flow.element)
    if inside is None:
        return Outcome(EMPTY)
    return Outcome(Flow(inside[1].defined(), 0, high, Undefined.POSSIBLE))


def _may_be_positions(element: Type) -> bool:
    return element.anything or element.numbers is not None


def _at(value: Type, index: int) -> Outcome:
    """The member at an index. An array at it stays as it is."""
    if value.anything:
        return Outcome(Flow(SOMETHING, 0, 1, max(value.undefined, Undefined.UNSAID)), ARRAY)
    found: list[Type] = []
    if value.array is not None:
        found.append(element_at(value.array, index))
    rest = value.without(("array", "undefined"))
    if not rest.is_nothing:
        found.append(rest if index in (0, -1) else UNDEFINED)
    if value.undefined:
        found.append(Type(value.undefined))
    element = join_all(found)
    if element.anything:
        low = 0 if element.undefined else 1
        return Outcome(Flow(SOMETHING, low, 1, element.undefined), ARRAY)
    alone = element.without(("array", "undefined"))
    plain = Type(array=element.array)
    if alone.is_nothing and not element.undefined:
        return Outcome(None, plain)
    return Outcome(Flow(alone, 0 if element.undefined else 1, 0 if alone.is_nothing else 1, element.undefined), plain)


def chooses_nothing(step: Step) -> bool:
    """Whether a filter may choose a value that is not there, which then is a member that is ``undefined``."""
    return any(isinstance(stage, Filter) and _holds_of_nothing(stage.predicate) for stage in step.stages)


def _holds_of_nothing(predicate: Node) -> bool:
    """Whether a predicate may hold, or give a position, without a context."""
    if _literal_index(predicate) is not None:
        return False
    if isinstance(predicate, Block) and len(predicate.expressions) == 1:
        return _holds_of_nothing(predicate.expressions[0])
    if isinstance(predicate, Binary):
        if predicate.operator == "and":
            return _holds_of_nothing(predicate.left) and _holds_of_nothing(predicate.right)
        if predicate.operator == "or":
            return _holds_of_nothing(predicate.left) or _holds_of_nothing(predicate.right)
        return predicate.operator == "&" or not (_is_of_context(predicate.left) or _is_of_context(predicate.right))
    if isinstance(predicate, Call) and predicate.arguments and isinstance(predicate.function, Variable):
        asks = predicate.function.name in ("exists", "not", "boolean", "contains")
        return not (asks and _is_of_context(predicate.arguments[0]))
    return not _is_of_context(predicate)


def _is_of_context(node: Node) -> bool:
    """Whether a value is read from the context, so that there is none without it."""
    if isinstance(node, Path | Filter):
        return _is_of_context(node.steps[0] if isinstance(node, Path) else node.expression)
    if isinstance(node, Call) and isinstance(node.function, Variable) and node.arguments:
        return node.function.name in ("type", "string", "number", "lowercase", "uppercase") and _is_of_context(node.arguments[0])
    return isinstance(node, Name) or (isinstance(node, Variable) and node.name == "")


def _literal_index(node: Node) -> float | None:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Negate):
        operand = _literal_index(node.operand)
        return None if operand is None else -operand
    return None


def _is_fixed(run: "Inference", node: Node, scope: Scope) -> bool:
    """Whether a predicate gives the same for every member: it reads nothing of them, and nothing changes between two."""
    if isinstance(node, Number | String):
        return True
    if isinstance(node, Variable):
        return node.name not in ("", "$")
    if isinstance(node, Block):
        return len(node.expressions) == 1 and _is_fixed(run, node.expressions[0], scope)
    if isinstance(node, Binary):
        return _is_fixed(run, node.left, scope) and _is_fixed(run, node.right, scope)
    if isinstance(node, Negate):
        return _is_fixed(run, node.operand, scope)
    if isinstance(node, Path):
        return _is_fixed(run, node.steps[0], scope) and all(isinstance(step, Name) for step in node.steps[1:])
    if isinstance(node, Call) and isinstance(node.function, Variable) and node.arguments:
        function = scope.lookup(node.function.name).function
        meaning = None if function is None else function.meaning
        known = isinstance(meaning, Builtin) and meaning.name not in _CHANGING
        return known and all(_is_fixed(run, argument, scope) for argument in node.arguments)
    return False
