"""The types of paths: steps over sequences, filters, orders, bindings, groupings, and ``[]``.

Source: jsonata-js 2.0.6 (MIT), evaluatePath, evaluateStep, evaluateTupleStep, evaluateFilter, evaluateWildcard.
"""

import math
from typing import TYPE_CHECKING, Final

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
    Sort,
    String,
    Variable,
)
from asl_lint.types.calls import called
from asl_lint.types.constructors import grouped
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import (
    ANY,
    ARRAY,
    INFINITY,
    NATURAL,
    NOTHING,
    SOMETHING,
    UNDEFINED,
    Source,
    Type,
    Undefined,
    array_of,
    array_of_items,
    join,
    join_all,
    number,
)
from asl_lint.types.meanings import Builtin
from asl_lint.types.membership import single_value
from asl_lint.types.scope import NotFollowed, Scope
from asl_lint.types.sequences import (
    EMPTY,
    Flow,
    Outcome,
    as_array,
    either,
    element_at,
    last_step,
    member,
    members_of,
    of_each,
    outcome_members,
    outcome_value,
    truth,
)
from asl_lint.types.steps import Step, View, constructs_path

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference

_CHANGING: Final = frozenset({"random", "shuffle", "uuid"})
_SCALARS: Final = frozenset({"string", "number", "boolean"})


def path_value(run: "Inference", view: View, scope: Scope, context: Type) -> Type:
    """The value of a path, or of one construct with what is attached to it."""
    outcome = _path(run, view, scope, context) if view.is_path else _alone(run, view.steps[0], scope, context)
    if view.pairs is not None:
        return grouped(run, view.pairs, outcome_members(outcome), scope)
    return outcome_value(outcome, view.keeps)


def _alone(run: "Inference", step: Step, scope: Scope, context: Type) -> Outcome:
    """A construct that is no field with its filters, which look at what a call gathered before one member is taken for itself."""
    if isinstance(step.base, Call) and not step.base.partial:
        outcome = called(run, step.base, scope, context)
        run.note(step.base, outcome_value(outcome))
    else:
        outcome = Outcome(None, run.infer(step.base, scope, context))
    return _filtered(run, step, outcome, scope) if step.stages else outcome


def _path(run: "Inference", view: View, scope: Scope, context: Type) -> Outcome:
    steps = view.steps
    first = steps[0]
    items = Flow(context, 1, 1) if isinstance(first.base, Variable) else run.items(context)
    empty = NOTHING
    start = 0
    if first.constructs:
        if first.stages or first.focus:
            return _unfollowed(run)
        value = run.infer(first.base, scope, context)
        items, start = members_of(value), 1
        if items.low == 0:
            # An empty constructor ends the path, and is its value.
            empty = array_of(NOTHING)
            if view.keeps:
                empty = array_of_items([empty])
    elif len(steps) > 1 and constructs_path(first.base):
        return _unfollowed(run)
    outside = isinstance(first.base, Variable) and scope.is_outside(first.base.name)
    outcome = Outcome(items)
    doubtful = False
    for i in range(start, len(steps)):
        if steps[i].binds:
            return _stream(run, steps[i:], items, scope, i == 0)
        if items.high == 0:
            outcome = Outcome(items)
            break
        last = i == len(steps) - 1
        filters_items = steps[i].stages and (i > 0 or isinstance(steps[i].base, Name | String | Sort))
        if filters_items and (not last or items.high > 1 or view.keeps) and _chooses_nothing(steps[i]):
            doubtful = True
        plain = not run.keeps or (outside and isinstance(steps[i].base, Name))
        if steps[i].stages and not filters_items:
            value = outcome_value(_alone(run, steps[i], scope, items.element))
            outcome = _result(run, steps[i], value, items, last, plain)
        else:
            outcome = _step(run, steps[i], items, scope, last, plain)
        if not last:
            items = outcome_members(outcome)
    if doubtful:
        return Outcome(None, ANY)
    if view.keeps and steps[-1].constructs and outcome.plain is not NOTHING:
        outcome = outcome._replace(plain=array_of(outcome.plain, 1, 1))
    if empty is not NOTHING:
        return outcome._replace(plain=join(outcome.plain, empty))
    return outcome


def _unfollowed(run: "Inference") -> Outcome:
    """What the evaluator goes along in a way of its own: an array constructor with a filter as the first step."""
    if run.binds:
        raise NotFollowed
    return Outcome(None, ANY)


def _step(run: "Inference", step: Step, items: Flow, scope: Scope, last: bool, plain: bool) -> Outcome:
    base = step.base
    if isinstance(base, Sort):
        return _sorted(run, base, step, items, scope)
    met, run.met = run.met, run.met and items.low > 0
    value = _of_item(run, step, items.element, run.each(scope) if items.high != 1 else scope)
    outcome = _filtered(run, step, Outcome(None, value), scope) if step.stages else None
    run.met = met
    if outcome is not None:
        flow = outcome_members(outcome)
        if run.constructs and outcome.plain is not NOTHING:
            flow = either(flow, _whole(outcome.plain)) or flow
        if not last or items.high > 1:
            return Outcome(of_each(items, flow), outcome.plain if last and items.low <= 1 else NOTHING)
        return _perhaps(items, outcome)
    return _result(run, step, value, items, last, plain)


def _result(run: "Inference", step: Step, value: Type, items: Flow, last: bool, plain: bool) -> Outcome:
    """What a step without filters gives for its items, of each of which it makes ``value``."""
    if step.constructs:
        if last and items.high <= 1:
            return _perhaps(items, Outcome(None, value.defined()))
        return Outcome(of_each(items, _whole(value)), value.defined() if last and items.low <= 1 else NOTHING)
    # What an array constructor in a path made is one member wherever it goes on, but for the fields that are read from it.
    constructed = run.constructs and value.array is not None and not isinstance(step.base, Name | String)
    if last:
        outcome = last_step(items, value, plain)
        return outcome._replace(flow=either(outcome.flow, of_each(items, _whole(value)))) if constructed else outcome
    flow = members_of(value)
    return Outcome(of_each(items, (either(flow, _whole(value)) or flow) if constructed else flow))


def _whole(value: Type) -> Flow:
    """A value as one member, though it may be an array."""
    return Flow(value.defined(), 0 if value.undefined else 1, 0 if value.is_undefined else 1, value.undefined)


def _perhaps(items: Flow, outcome: Outcome) -> Outcome:
    """What one item gives, which may be missing."""
    if items.low:
        return outcome
    return outcome._replace(flow=either(outcome.flow, Flow(NOTHING, 0, 0, items.how)))


def _of_item(run: "Inference", step: Step, item: Type, scope: Scope) -> Type:
    """The value of a step for one item."""
    base = step.base
    if not isinstance(base, Name | String):
        return run.infer(base, scope, item)
    value = member(item, base.value)
    run.note(base, value)
    if value.undefined == Undefined.POSSIBLE and value.is_undefined:
        _unknown_member(run, base, item)
    return value


def _sorted(run: "Inference", node: Sort, step: Step, items: Flow, scope: Scope) -> Outcome:
    inside = run.each(scope)
    for term in node.terms:
        run.perhaps(term.expression, inside, items.element)
    if step.stages:
        return _filtered(run, step, Outcome(items), scope)
    return Outcome(items)


def _stream(run: "Inference", steps: list[Step], items: Flow, scope: Scope, from_start: bool) -> Outcome:
    """Steps from the first that binds a variable: each result goes on with the variables of those before it."""
    inside = Scope(run.each(scope))
    for i, step in enumerate(steps):
        # The filters of a construct that begins the path are its own, and come before the binding.
        own = from_start and i == 0 and not isinstance(step.base, Name | String | Sort)
        own = own and not any(isinstance(stage, Index) for stage in step.stages)
        if own and step.stages:
            flow = of_each(items, members_of(outcome_value(_alone(run, step, inside, items.element))))
        elif isinstance(step.base, Sort):
            for term in step.base.terms:
                run.perhaps(term.expression, inside, items.element)
            flow = items
        else:
            met, run.met = run.met, run.met and items.low > 0
            flow = of_each(items, members_of(_of_item(run, step, items.element, inside)))
            run.met = met
        if step.focus is not None:
            inside = Scope(inside, names={step.focus: flow.element.defined()})
            items = Flow(items.element, flow.low, flow.high, flow.how)
        else:
            items = flow
        for stage in () if own else step.stages:
            if isinstance(stage, Index):
                name = stage.variable.name if isinstance(stage.variable, Variable) else ""
                inside = Scope(inside, names={name: NATURAL})
            else:
                items = _filtered_stream(run, stage, items, inside)
        if items.element.is_nothing:
            return Outcome(items)
    if items.element.undefined:
        # Without a context, the values that the stream ends with are no values: as elements they leave as null.
        return Outcome(None, UNDEFINED if items.element.is_undefined and items.high <= 1 else ANY)
    return Outcome(items)


def _filtered_stream(run: "Inference", stage: Filter, items: Flow, scope: Scope) -> Flow:
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


# --- fields -------------------------------------------------------------------------------------------------------------------


def _unknown_member(run: "Inference", node: Name | String, item: Type) -> None:
    """Notes the read of a field that none of the alternatives has."""
    if id(node) in run.quiet or item.is_nothing or item.is_undefined:
        return
    names, sources, scalars = _listed(item, 0)
    if names is None:
        if scalars:
            run.faults.add(TypeFault("member-of-scalar", node, not item.undefined, run.met, node.value, item))
        return
    source = sources[0] if sources and all(one == sources[0] for one in sources) else None
    run.faults.add(TypeFault("unknown-member", node, True, run.met, node.value, item, names=names, source=source))


def _listed(item: Type, depth: int) -> tuple[tuple[str, ...] | None, list[Source | None], bool]:
    """The members of the objects that an item is or holds, who lists them, and whether there are scalars only."""
    names: dict[str, None] = {}
    sources: list[Source | None] = []
    scalars = True
    if item.object is not None:
        names |= dict.fromkeys(item.object.members)
        sources.append(item.object.source)
    if item.array is not None and depth < 4:
        inner, inner_sources, _ = _listed(item.array.element, depth + 1)
        if inner is not None:
            names |= dict.fromkeys(inner)
            sources += inner_sources
        scalars = False
    if item.null or item.function is not None:
        scalars = False
    return (tuple(names) if sources else None), sources, scalars


# --- filters ------------------------------------------------------------------------------------------------------------------


def _filtered(run: "Inference", step: Step, outcome: Outcome, scope: Scope) -> Outcome:
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


def _chooses_nothing(step: Step) -> bool:
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


def wildcard(context: Type) -> Type:
    """``*``: the values of all fields, arrays taken apart at every depth; with an array among them the result stays one."""
    if context.is_undefined:
        return UNDEFINED
    if context.anything or context.array is not None:
        return ANY
    if context.object is None:
        return UNDEFINED
    if not context.object.is_closed:
        return ANY
    element = NOTHING
    for value in context.object.members.values():
        if value.anything or value.array is not None:
            return ANY
        element = join(element, value.defined())
    members = context.object.members
    low = 0 if context.undefined or context.kinds != {"object"} else sum(not value.undefined for value in members.values())
    return outcome_value(Outcome(Flow(element, low, len(members), Undefined.NEVER if low else Undefined.UNSAID)))
