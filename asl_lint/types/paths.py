"""The types of paths: steps over sequences, orders, bindings, groupings, and ``[]``.

Source: jsonata-js 2.0.6 (MIT), evaluatePath, evaluateStep, evaluateTupleStep, evaluateWildcard.
"""

from collections.abc import Iterable

from asl_lint.expressions.jsonata.nodes import Call, Index, Name, Node, Path, Sort, String, Variable
from asl_lint.late import TYPE_CHECKING
from asl_lint.types.calls import called
from asl_lint.types.constructors import grouped
from asl_lint.types.filters import chooses_nothing, filtered, filtered_stream
from asl_lint.types.lattice import ANY, NATURAL, NOTHING, UNDEFINED, Type, Undefined, array_of, array_of_items, join
from asl_lint.types.members import unknown_member
from asl_lint.types.scope import NotFollowed, Scope
from asl_lint.types.sequences import Flow, Outcome, either, last_step, member, members_of, of_each, outcome_members, outcome_value
from asl_lint.types.steps import Step, View, constructs_path

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference


def path_value(run: "Inference", view: View, scope: Scope, context: Type) -> Type:
    """The value of a path, or of one construct with what is attached to it."""
    outcome = _path(run, view, scope, context) if view.is_path else _alone(run, view.steps[0], scope, context)
    if view.pairs is not None:
        return grouped(run, view.pairs, outcome_members(outcome), scope)
    return outcome_value(outcome, view.keeps)


def along(value: Type, fields: Iterable[Node]) -> tuple[list[Type], Undefined] | None:
    """The types from a value on along its fields, and whether one before the last may be missing.

    None where an array is on the way, or a field that never has a value, or what is no name of a field.
    """
    found = [value]
    missing = Undefined.NEVER
    for field in fields:
        if type(field) is not Name or value.array is not None:
            return None
        if value.undefined and not value.anything:
            if value.is_undefined:
                return None
            missing = max(missing, value.undefined)
            value = value.defined()
        value = member(value, field.value)
        found.append(value)
    return None if missing and (value.array is not None or value.is_undefined) else (found, missing)


def straight_path(run: "Inference", node: Path, scope: Scope) -> Type | None:
    """The value of ``$variable.field.field`` where no array is on the way: most paths; None for any other."""
    first, fields = node.steps[0], node.steps[1:]
    if type(first) is not Variable or first.name in ("", "$"):
        return None
    way = along(scope.lookup(first.name), fields)
    if way is None:
        return None
    found, missing = way
    value = found[-1]
    is_told = value.is_undefined and (len(fields) > 1 or first.name != "states" or not scope.is_outside("states"))
    if is_told and unknown_member(run, fields[-1], fields[-1].value, found[-2]):  # type: ignore[attr-defined]
        value = found[-1] = ANY  # what follows from the fault is not told again
    for step, type_ in zip(node.steps, found, strict=True):
        run.note(step, type_)
    return value.or_undefined(missing) if missing else value


def _alone(run: "Inference", step: Step, scope: Scope, context: Type) -> Outcome:
    """A construct that is no field with its filters, which look at what a call gathered before one member is taken for itself."""
    if isinstance(step.base, Call) and not step.base.partial:
        outcome = called(run, step.base, scope, context)
        run.note(step.base, outcome_value(outcome))
    else:
        outcome = Outcome(None, run.infer(step.base, scope, context))
    return filtered(run, step, outcome, scope) if step.stages else outcome


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
    if outside and len(steps) > 1 and isinstance(first.base, Variable) and first.base.name == "states":
        run.quiet.add(id(steps[1].base))  # what there is of $states is told by its place, not by its type
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
        if filters_items and (not last or items.high > 1 or view.keeps) and chooses_nothing(steps[i]):
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
    if view.keeps and run.constructs and outcome.plain is not NOTHING:
        # To be kept, what an array constructor made is put into an array.
        kept = array_of(outcome.plain, 1, 1)
        outcome = outcome._replace(plain=kept if steps[-1].constructs else join(outcome.plain, kept))
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
    outcome = filtered(run, step, Outcome(None, value), scope) if step.stages else None
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
    if value.undefined == Undefined.POSSIBLE and value.is_undefined and unknown_member(run, base, base.value, item):
        value = ANY  # what follows from the fault is not told again
    run.note(base, value)
    return value


def _sorted(run: "Inference", node: Sort, step: Step, items: Flow, scope: Scope) -> Outcome:
    inside = run.each(scope)
    for term in node.terms:
        run.perhaps(term.expression, inside, items.element)
    if step.stages:
        return filtered(run, step, Outcome(items), scope)
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
                items = filtered_stream(run, stage, items, inside)
        if items.element.is_nothing:
            return Outcome(items)
    if items.element.undefined:
        # Without a context, the values that the stream ends with are no values: as elements they leave as null.
        return Outcome(None, UNDEFINED if items.element.is_undefined and items.high <= 1 else ANY)
    return Outcome(items)


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
