"""Operators of an expression: the types of what they give, what their sides narrow, and the faults that their types show.

A comparison whose outcome is always the same is a fault where one side is listed or ranges, or where the kinds differ: comparing
one constant of the definition with another is how a switch is written.
"""

from asl_lint.expressions.jsonata.nodes import Array, Binary, Negate, String
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.constructors import refuse
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import FALSE, NOTHING, TRUE, Type, join, join_all, text
from asl_lint.types.operators import arithmetic, comparison, concatenation, equality, inclusion, negation, order, truths
from asl_lint.types.scope import Scope
from asl_lint.types.sequences import truth

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference

_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%"})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_NUMBER: Final = frozenset({"number"})
_ORDERED: Final = frozenset({"number", "string"})


def binary(run: "Inference", node: Binary, scope: Scope, context: Type) -> Type:
    """``left operator right``. A chain of one operator is gone along without recursion."""
    spine = [node]
    while isinstance(spine[-1].left, Binary):
        spine.append(spine[-1].left)
    left = run.infer(spine[-1].left, scope, context)
    for one in reversed(spine):
        if one.operator in ("and", "or"):
            left = _junction(run, one, left, scope, context)
        else:
            right = run.infer(one.right, scope, context)
            left = _operated(run, one, left, right)
        if one is not node:
            run.note(one, left)
    return left


def negated(run: "Inference", node: Negate, operand: Type) -> Type:
    """``-operand``."""
    refuse(run, node.operand, operand, _NUMBER, "-")
    return negation(operand)


def _junction(run: "Inference", node: Binary, left: Type, scope: Scope, context: Type) -> Type:
    """``and``, ``or``: the right side only where the left one does not decide."""
    if left.is_nothing:
        return NOTHING
    goes_on = node.operator == "and"
    decides = FALSE if goes_on else TRUE
    may = truth(left)
    found = decides if (may.fails if goes_on else may.holds) else NOTHING
    inside = run.branch(node.left, goes_on, scope, context) if (may.holds if goes_on else may.fails) else None
    if inside is None:
        return found if found is not NOTHING else decides
    met, run.met = run.met, run.met and found is NOTHING
    right = run.infer(node.right, *inside)
    run.met = met
    if right.is_nothing:
        return found
    outcome = truth(right)
    return join(found, truths(outcome.holds, outcome.fails))


def _operated(run: "Inference", node: Binary, left: Type, right: Type) -> Type:
    sign = node.operator
    if left.is_nothing or right.is_nothing:
        return NOTHING
    if sign == "&":
        return concatenation(left, right)
    if sign in _ARITHMETIC:
        refuse(run, node.left, left, _NUMBER, sign)
        refuse(run, node.right, right, _NUMBER, sign)
        return arithmetic(sign, left, right)
    if sign in _ORDER:
        found = order(sign, left, right)
        _order_faults(run, node, left, right, found)
        return found
    found = inclusion(left, right) if sign == "in" else equality(sign, left, right)
    _equality_faults(run, node, left, right, found)
    return found


def _order_faults(run: "Inference", node: Binary, left: Type, right: Type, found: Type) -> None:
    refuse(run, node.left, left, _ORDERED, node.operator)
    refuse(run, node.right, right, _ORDERED, node.operator)
    if left.anything or right.anything:
        return
    kinds, others = left.kinds & _ORDERED, right.kinds & _ORDERED
    if len(kinds) == len(others) == 1 and kinds != others:
        certain = left.kinds == kinds and right.kinds == others and not left.undefined and not right.undefined
        run.faults.add(TypeFault("wrong-operand", node, certain, run.met, node.operator, left, right, expected=kinds))
    elif len(found.booleans) == 1 and any(side.numbers is not None and side.numbers.literals is None for side in (left, right)):
        _constant(run, node, left, right, found, True in found.booleans)


def _equality_faults(run: "Inference", node: Binary, left: Type, right: Type, found: Type) -> None:
    if left.anything or right.anything or left.is_undefined or right.is_undefined:
        return
    among, parts = right, [right]
    if node.operator == "in" and right.array is not None:
        parts = [right.without(("array",)), *right.array.items, right.array.rest]
        among = join_all(parts).defined()
        if among.anything or among.is_nothing:
            return
        if _is_listed(left) and isinstance(node.right, Array) and _element_faults(run, node.right, left):
            return
    compared = comparison(left, among)
    if compared.equal and not compared.listed:
        return
    if left.kinds & among.kinds and not (_is_listed(left) or any(map(_is_listed, parts))):
        return
    _constant(run, node, left, among, found, node.operator == "!=")


def _element_faults(run: "Inference", node: Array, left: Type) -> bool:
    """Notes the texts written in a list that ``left in list`` never meets; whether there are any."""
    some = False
    for item in node.items:
        if isinstance(item, String) and left.strings is not None:
            element = text(item.value)
            compared = comparison(left, element)
            if not compared.equal or compared.listed:
                some = True
                _constant(run, item, left, element, equality("=", left, element), False)
    return some


def _is_listed(value: Type) -> bool:
    """Whether a value is one of several that are listed, or ranges over more than one."""
    strings, numbers = value.strings, value.numbers
    if strings is not None and (strings.literals is None or strings.open or len(strings.literals) > 1):
        return True
    return numbers is not None and (numbers.literals is None or len(numbers.literals) > 1)


def _constant(run: "Inference", node: Binary | String, left: Type, right: Type, found: Type, outcome: bool) -> None:
    names: tuple[str, ...] = ()
    is_open = False
    for side in (left, right):
        strings = side.strings
        if strings is not None and strings.literals is not None and len(strings.literals) > len(names):
            names, is_open = tuple(sorted(strings.literals)), strings.open
    is_open = is_open or any(side.strings is not None and side.strings.open for side in (left, right))
    certain = len(found.booleans) == 1 and not found.undefined
    sign = node.operator if isinstance(node, Binary) else "in"
    run.faults.add(
        TypeFault("never-holds", node, certain, run.met, sign, left, right, names=names, open=is_open, outcome=outcome)
    )
