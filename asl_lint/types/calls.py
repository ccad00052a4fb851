"""Calls of functions: JSONata's own by their signatures, lambdas by their bodies, and those that take a function.

What a function of the table gives is told by ``functions``; here its arguments are matched and its faults noted. Source:
jsonata-js 2.0.6 (MIT), evaluateFunction, evaluateApplyExpression, apply, hofFuncArgs, signature validation.
"""

from asl_lint.expressions.jsonata.functions import ADDED, TAKES_NOTHING, Parameter, shape
from asl_lint.expressions.jsonata.nodes import Apply, Call, KeepArray, Lambda, Node, Path, Variable
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.faults import TypeFault
from asl_lint.types.functions import RESULTS, by_signature
from asl_lint.types.higher_order import HIGHER_ORDER
from asl_lint.types.lattice import (
    ANY,
    FUNCTION,
    NATURAL,
    NOTHING,
    STRING,
    UNDEFINED,
    Type,
    Undefined,
    array_of_items,
    join,
    object_of,
)
from asl_lint.types.meanings import Builtin, Closure, Partial, Pattern, Transformer
from asl_lint.types.members import unknown_member
from asl_lint.types.membership import single_value
from asl_lint.types.scope import Scope
from asl_lint.types.sequences import Outcome, outcome_value
from asl_lint.types.tails import tail_calls
from asl_lint.types.transforms import transformed

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference

KINDS: Final = {
    "s": "string", "n": "number", "b": "boolean", "l": "null", "o": "object", "a": "array", "f": "function",
}  # fmt: skip
_JSON: Final = frozenset(KINDS.values()) - {"function"}
_SINGLE: Final = frozenset({"string", "number", "boolean", "object"})
_SEQUENCES: Final = frozenset({"distinct", "each", "filter", "keys", "lookup", "map", "match", "range", "spread", "partition"})
"""Functions whose sequences stay as they are where they are called by others: what becomes of those is not followed."""
_TAILS: Final = 5

_MATCH: Final = object_of(
    {"match": STRING, "start": NATURAL, "end": NATURAL, "groups": Type(array=ANY.only({"array"}).array), "next": FUNCTION}
)


def called(run: "Inference", node: Call, scope: Scope, context: Type) -> Outcome:
    """``function(arguments)``."""
    return _invoked(run, node, None, scope, context)


def applied(run: "Inference", node: Apply, scope: Scope, context: Type) -> Outcome:
    """``left ~> right``: a call with the left side first, or two functions made one."""
    left = run.infer(node.left, scope, context)
    right = node.right
    while isinstance(right, KeepArray):
        right = right.expression
    if isinstance(right, Call) and not right.partial:
        outcome = _invoked(run, right, (node.left, left), scope, context)
        run.note(right, outcome_value(outcome))
        return outcome
    function = run.infer(right, scope, context)
    if right is not node.right:
        run.note(node.right, function)
    if left.is_nothing:
        return Outcome(None, NOTHING)
    if left.function is not None or (left.anything and not _is_data(node.left, scope)):
        return Outcome(None, FUNCTION if left.kinds == {"function"} and not left.undefined else ANY)
    return invoke(run, function, [left], context, right, [node.left])


def _is_data(node: Node, scope: Scope) -> bool:
    """Whether a value comes from outside, as JSON: it is no function then."""
    while isinstance(node, KeepArray):
        node = node.expression
    first = node.steps[0] if isinstance(node, Path) else node
    return isinstance(first, Variable) and first.name not in ("", "$") and scope.is_outside(first.name)


def _invoked(run: "Inference", node: Call, left: tuple[Node, Type] | None, scope: Scope, context: Type) -> Outcome:
    function = run.infer(node.function, scope, context)
    if function.function is not None and not function.anything and node.arguments:
        meaning = function.function.meaning
        if isinstance(meaning, Builtin) and meaning.name == "exists":
            _ask(run, node.arguments[0])
    nodes = [] if left is None else [left[0]]
    values = [] if left is None else [left[1]]
    for argument in node.arguments:
        nodes.append(argument)
        values.append(run.infer(argument, scope, context))
    if any(value.is_nothing for value in values):
        return Outcome(None, NOTHING)
    return invoke(run, function, values, context, node, nodes)


def _ask(run: "Inference", argument: Node) -> None:
    """Marks what is only asked for whether it is there."""
    if isinstance(argument, Path):
        for step in argument.steps:
            run.quiet.add(id(step))
    run.quiet.add(id(argument))


def invoke(
    run: "Inference", function: Type, values: list[Type], context: Type, node: Node, nodes: list[Node] | None = None
) -> Outcome:
    """What a call of a function gives. ``nodes`` are those of the arguments; None where another function calls."""
    if function.anything:
        return Outcome(None, ANY)
    if function.function is None:
        if not function.is_nothing:
            called_ = node.function if isinstance(node, Call) else node
            run.faults.add(TypeFault("not-a-function", called_, True, run.met and nodes is not None, found=function))
        return Outcome(None, NOTHING)
    meaning = function.function.meaning
    if isinstance(meaning, Builtin):
        if nodes is None and meaning.name in _SEQUENCES:
            return Outcome(None, ANY)
        return _builtin(run, meaning.name, values, context, node, nodes)
    if isinstance(meaning, Closure):
        return Outcome(None, _closure(run, meaning, values, nodes is None))
    if isinstance(meaning, Pattern):
        return Outcome(None, _MATCH.or_undefined(Undefined.UNSAID))
    if isinstance(meaning, Transformer):
        return Outcome(None, transformed(run, meaning.node, meaning.scope, values[0] if values else UNDEFINED))
    if isinstance(meaning, Partial):
        return Outcome(None, _partial(run, meaning, values, nodes is None))
    return Outcome(None, ANY)


def _closure(run: "Inference", closure: Closure, values: list[Type], by_function: bool) -> Type:
    node = closure.node
    if node in run.active or len(run.active) > 20:
        return ANY
    names: dict[str, Type] = {}
    for i, parameter in enumerate(node.parameters):
        while isinstance(parameter, KeepArray):
            parameter = parameter.expression
        if isinstance(parameter, Variable):
            value = values[i] if i < len(values) else UNDEFINED
            names[parameter.name] = value if node.signature is None else ANY
    run.active.append(node)
    met, run.met = run.met, False
    found = run.infer(node.body, Scope(closure.scope, names=names), closure.context)
    run.met = met
    run.active.pop()
    return found if _ends_in_a_value(run, node, by_function, 0) else ANY


def _ends_in_a_value(run: "Inference", node: Lambda, by_function: bool, depth: int) -> bool:
    """Whether what a lambda gives is what its body does: not where it ends in a call whose sequence stays one."""
    tails = tail_calls(node)
    if tails is None or depth > _TAILS:
        return False
    if not by_function:
        return True
    for tail in tails:
        function = run.noted(tail.function)
        if function.is_nothing:
            continue
        meaning = None if function.function is None or function.anything else function.function.meaning
        if isinstance(meaning, Closure):
            if not _ends_in_a_value(run, meaning.node, True, depth + 1):
                return False
        elif not isinstance(meaning, Builtin) or meaning.name in _SEQUENCES:
            return False
    return True


def _partial(run: "Inference", partial: Partial, values: list[Type], by_function: bool) -> Type:
    meaning = None if partial.function.function is None or partial.function.anything else partial.function.function.meaning
    if not isinstance(meaning, Closure):
        return ANY
    waiting = iter(values)
    given = [next(waiting, UNDEFINED) if value is None else value for value in partial.given]
    return _closure(run, meaning, given, by_function)


# --- functions of the table ---------------------------------------------------------------------------------------------------


def _builtin(run: "Inference", name: str, values: list[Type], context: Type, node: Node, nodes: list[Node] | None) -> Outcome:
    form = shape(name)
    parameters = form.parameters
    given = values
    if (form.most is not None and len(given) > form.most) or len(given) < form.least:
        # Of the functions that the service adds it is not known; with arguments missing, $range gives nothing (measured).
        return Outcome(None, (UNDEFINED if name == "range" and len(given) < 3 else ANY) if name in ADDED else NOTHING)
    from_context = False
    if parameters and parameters[0].from_context and len(given) < len(parameters):
        fits = all(_fits(value, parameters[min(i, len(parameters) - 1)]) for i, value in enumerate(given))
        shifted = all(_fits(value, parameters[i + 1]) for i, value in enumerate(given))
        if len(given) < form.needed or (not fits and shifted):
            from_context = True
        elif shifted and any(_fits_only_next(value, parameters[i], parameters[i + 1]) for i, value in enumerate(given)):
            # Which parameter an argument is for depends on its value.
            return Outcome(None, by_signature(name, ANY))
        if from_context:
            given = [context, *given]
            nodes = None
    if nodes is not None:
        refused = _refused(run, name, given, nodes, parameters)
        if refused:
            return Outcome(None, ANY if name in ADDED else NOTHING)
    arguments = [_taken(value, parameters[min(i, len(parameters) - 1)]) for i, value in enumerate(given)]
    if any(value.is_nothing for value in arguments):
        return Outcome(None, NOTHING)
    first = arguments[0] if arguments else None
    if first is not None and first.is_undefined and name not in TAKES_NOTHING:
        return Outcome(None, UNDEFINED if name not in ("assert", "error") else NOTHING)
    result = RESULTS.get(name)
    if name in HIGHER_ORDER:
        found: Type | Outcome = HIGHER_ORDER[name](run, arguments, node)
    else:
        found = result(arguments) if result is not None else by_signature(name, first)
    if not isinstance(found, Outcome):
        found = Outcome(None, found)
    if name == "lookup" and nodes is not None and found.plain.is_undefined:
        key = single_value(arguments[1])
        if key is not None and isinstance(key[0], str):
            unknown_member(run, nodes[1], key[0], arguments[0])
    if first is not None and first.undefined and name not in TAKES_NOTHING and name not in ("assert", "error"):
        return found._replace(plain=found.plain.or_undefined(first.undefined))
    return found


def accepted(parameter: Parameter) -> frozenset[str] | None:
    """The kinds that a parameter takes; None for all."""
    types = parameter.types
    if "x" in types:
        return None
    if "j" in types:
        return _JSON
    if types == "a":
        return None
    return frozenset(KINDS[letter] for letter in types)


def _fits(value: Type, parameter: Parameter) -> bool:
    taken = accepted(parameter)
    return taken is None or value.anything or value.undefined > 0 or bool(value.kinds & taken)


def _fits_only_next(value: Type, parameter: Parameter, after: Parameter) -> bool:
    """Whether some of the values are taken by the parameter that comes after alone."""
    taken, taken_after = accepted(parameter), accepted(after)
    if taken is None:
        return False
    return bool(value.kinds - taken) if taken_after is None else bool(value.kinds & (taken_after - taken))


def _refused(run: "Inference", name: str, values: list[Type], nodes: list[Node], parameters: tuple[Parameter, ...]) -> bool:
    """Notes the arguments that are not taken; whether none of the values of one is."""
    fails = False
    for i, (value, node) in enumerate(zip(values, nodes, strict=True)):
        parameter = parameters[min(i, len(parameters) - 1)]
        if value.anything:
            continue
        taken = accepted(parameter)
        kinds = value.kinds
        if taken is None:
            fails = _elements(run, name, value, node, parameter) or fails
        elif not kinds <= taken:
            certain = not kinds & taken and not value.undefined and name not in ADDED
            fails = fails or certain
            run.faults.add(TypeFault("wrong-argument", node, certain, run.met, f"${name}", value, expected=taken))
        if name == "count" and i == 0 and kinds and kinds <= _SINGLE and not value.undefined:
            run.faults.add(TypeFault("count-of-single-value", node, True, run.met, "$count", value))
    return fails


def _elements(run: "Inference", name: str, value: Type, node: Node, parameter: Parameter) -> bool:
    """An array must hold one kind only; a single value counts as an array of one."""
    held = KINDS.get(parameter.holds) if parameter.types == "a" else None
    if held is None:
        return False
    wanted = frozenset({held})
    single = value.without(("array", "undefined"))
    elements = value.array.element if value.array is not None else NOTHING
    wrong_single = bool(single.kinds - wanted)
    wrong_element = not elements.anything and bool(elements.kinds - wanted)
    if not wrong_single and not wrong_element:
        return False
    never_single = single.is_nothing or not single.kinds & wanted
    never_array = value.array is None or (
        value.array.low > 0
        and not value.array.place(0).anything
        and (not elements.kinds & wanted or any(not item.anything and not item.kinds & wanted for item in value.array.items))
    )
    if value.array is not None and len(value.array.items) > value.array.low:
        never_array = False
    certain = never_single and never_array and not value.undefined and (not elements.anything)
    run.faults.add(TypeFault("wrong-argument", node, certain, run.met, f"${name}", value, expected=wanted, inside=True))
    return certain


def _taken(value: Type, parameter: Parameter) -> Type:
    """The part of an argument that a parameter takes, where it takes an array wrapped as one."""
    types = parameter.types
    if types != "a":
        taken = accepted(parameter)
        return value if taken is None or value.anything else value.only(taken | {"undefined"})
    if value.anything:
        held = KINDS.get(parameter.holds)
        element = ANY.only({held}) if held else ANY.defined()
        return join(Type(value.undefined), Type(array=ANY.only({"array"}).array._replace(rest=element)))  # type: ignore[union-attr]
    single = value.without(("array", "undefined"))
    if single.is_nothing:
        return value
    return join(Type(value.undefined, array=value.array), array_of_items([single]))
