"""The Condition of a JSONata choice rule as tests on cells.

JSONata's tests have three outcomes. A comparison with a missing value yields nothing, which is neither true nor false: in
``and`` and ``or`` it counts as false, and a Condition that yields nothing fails the state. ``=`` and ``!=`` are false then.
"""

from functools import lru_cache

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import (
    Array,
    Binary,
    Boolean,
    Call,
    Negate,
    Node,
    Null,
    Number,
    Range,
    String,
    Variable,
)
from asl_lint.expressions.jsonata.nodes import Condition as Conditional
from asl_lint.facts.cells import Cell, bare, cell_of_node
from asl_lint.facts.conditions import (
    ALWAYS,
    ANYTHING,
    MIRRORED,
    NEVER,
    Condition,
    Operand,
    Operator,
    Test,
    both,
    either,
    one_test,
)
from asl_lint.late import Final
from asl_lint.source.placeholders import PLACEHOLDER, has_placeholder

HIDDEN: Final = "\ue000"
"""Stands for a placeholder, character by character: the places in the text stay what they are."""
_DEEPEST: Final = 40
Two = tuple[Condition | None, Condition | None]


@lru_cache(maxsize=1024)
def expression_tree(text: str) -> Node | None:
    """The tree of a ``{% … %}`` string, each placeholder in it a variable (or a text) of ``HIDDEN``; None if it is none."""
    if not text.startswith("{%") or not text.endswith("%}"):
        return None
    code = text[2:-2]
    if has_placeholder(code):
        code = PLACEHOLDER.sub(lambda found: "$" + HIDDEN * (len(found[0]) - 1), code)
    tree, errors = parse(code)
    return None if errors else bare(tree)


def read_condition(value: object) -> Two:
    """What holds where a Condition is true, and what where it is false; unknown for what cannot be read."""
    if isinstance(value, bool):
        return (ALWAYS, NEVER) if value else (NEVER, ALWAYS)
    node = expression_tree(value) if isinstance(value, str) else None
    if node is None:
        return ANYTHING, ANYTHING
    cell = cell_of_node(node)
    if cell is not None and not cell.measure:
        # A Condition must be true or false, so its value is no other that counts as such.
        return tuple(one_test(Test(cell, "=", Operand("literal", flag))) for flag in (True, False))  # type: ignore[return-value]
    return _true(node, 0), _false(node, 0, strict=True)


def _true(node: Node, depth: int) -> Condition | None:
    """What holds where the value of the expression counts as true."""
    node = bare(node)
    depth += 1
    if depth > _DEEPEST:
        return None
    if isinstance(node, Boolean):
        return ALWAYS if node.value else NEVER
    if isinstance(node, Binary):
        if node.operator == "and":
            return both(_true(node.left, depth), _true(node.right, depth))
        if node.operator == "or":
            return either(_true(node.left, depth), _true(node.right, depth))
        if node.operator == "in":
            return _member(node)
        return _comparison(node, holds=True)
    if isinstance(node, Conditional):
        then = both(_true(node.test, depth), _true(node.then, depth))
        if node.otherwise is None:
            return then
        return either(then, both(_false(node.test, depth, strict=False), _true(node.otherwise, depth)))
    called = _called(node)
    if called is not None:
        name, argument = called
        if name == "not":
            return _false(argument, depth, strict=True)
        if name == "boolean":
            return _true(argument, depth)
        return one_test(Test(cell, "exists")) if (cell := cell_of_node(argument)) else ANYTHING
    cell = cell_of_node(node)
    return ANYTHING if cell is None else one_test(Test(cell, "true"))


def _false(node: Node, depth: int, strict: bool) -> Condition | None:
    """What holds where the value counts as false, and, if ``strict``, is not missing."""
    node = bare(node)
    depth += 1
    if depth > _DEEPEST:
        return None
    if isinstance(node, Boolean):
        return NEVER if node.value else ALWAYS
    if isinstance(node, Binary):
        if node.operator == "and":
            return either(_false(node.left, depth, strict=False), _false(node.right, depth, strict=False))
        if node.operator == "or":
            return both(_false(node.left, depth, strict=False), _false(node.right, depth, strict=False))
        if node.operator == "in":
            return _no_member(node)
        return _comparison(node, holds=False, strict=strict)
    if isinstance(node, Conditional):
        then = both(_true(node.test, depth), _false(node.then, depth, strict))
        untrue = _false(node.test, depth, strict=False)
        if node.otherwise is None:
            return then if strict else either(then, untrue)
        return either(then, both(untrue, _false(node.otherwise, depth, strict)))
    called = _called(node)
    if called is not None:
        name, argument = called
        if name == "not":
            # With the argument missing, $not yields nothing either.
            return _true(argument, depth) if strict else ANYTHING
        if name == "boolean":
            return _false(argument, depth, strict)
        return one_test(Test(cell, "exists", holds=False)) if (cell := cell_of_node(argument)) else ANYTHING
    cell = cell_of_node(node)
    return ANYTHING if cell is None else one_test(Test(cell, "true", holds=False, strict=strict))


def _called(node: Node) -> tuple[str, Node] | None:
    if isinstance(node, Call) and isinstance(node.function, Variable) and len(node.arguments) == 1:
        name = node.function.name
        if name in ("not", "exists", "boolean"):
            return name, node.arguments[0]
    return None


def _comparison(node: Binary, holds: bool, strict: bool = False) -> Condition:
    operator: Operator = node.operator  # type: ignore[assignment]
    if operator not in MIRRORED:
        return ANYTHING
    left, right = sum_of(node.left), sum_of(node.right)
    if left is None or (left[0] is None and right is not None and right[0] is not None):
        left, right, operator, other = right, left, MIRRORED[operator], node.left
    else:
        other = node.right
    if left is None:
        return ANYTHING
    cell, offset = left
    if cell is None or cell.name.startswith(HIDDEN):
        return ANYTHING
    operand = _operand(other, offset) if right is None else _shifted(right[0], right[1] - offset)
    # With a missing value, = and != are false: that they did not hold does not say that the values differ, or are equal.
    return one_test(Test(cell, operator, operand, holds, strict and not holds and operator not in ("=", "!=")))


def _shifted(cell: Cell | None, offset: int) -> Operand:
    if cell is None:
        return Operand("literal", offset)
    return Operand("placeholder" if cell.name.startswith(HIDDEN) else "cell", cell=cell, offset=offset)


def sum_of(node: Node) -> tuple[Cell | None, int] | None:
    """``cell + integer`` in any order, a cell, or an integer (no cell); None for anything else."""
    node = bare(node)
    if isinstance(node, Number):
        return (None, node.value) if isinstance(node.value, int) else None
    if isinstance(node, Negate):
        inner = sum_of(node.operand)
        return (None, -inner[1]) if inner is not None and inner[0] is None else None
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        if not _is_shallow(node):
            return None
        left, right = sum_of(node.left), sum_of(node.right)
        if left is None or right is None or (right[0] is not None and (left[0] is not None or node.operator == "-")):
            return None
        return left[0] or right[0], left[1] + (right[1] if node.operator == "+" else -right[1])
    cell = cell_of_node(node)
    return None if cell is None else (cell, 0)


def _is_shallow(node: Node) -> bool:
    depth = 0
    while isinstance(node, Binary) and depth <= _DEEPEST:
        node, depth = bare(node.left), depth + 1
    return depth <= _DEEPEST


def _operand(node: Node, offset: int) -> Operand:
    """A literal that is no integer; offsets are only for numbers."""
    node = bare(node)
    if isinstance(node, String):
        if HIDDEN in node.value:
            return Operand("placeholder", node.value)
        return Operand("literal", node.value) if offset == 0 else Operand("unknown")
    if isinstance(node, Number):
        return Operand("literal", node.value - offset)
    if offset == 0:
        if isinstance(node, Boolean):
            return Operand("literal", node.value)
        if isinstance(node, Null):
            return Operand("literal", None)
        if isinstance(node, Array) and not node.items:
            return Operand("literal", [])
    return Operand("unknown")


def _members(node: Binary) -> tuple[Cell, list[Operand]] | None:
    cell, listed = cell_of_node(node.left), bare(node.right)
    if cell is None:
        return None
    items = listed.items if isinstance(listed, Array) else (listed,)
    if any(isinstance(item, Range) for item in items):
        return None
    operands = [_operand(item, 0) for item in items]
    return (cell, operands) if all(operand.kind in ("literal", "placeholder") for operand in operands) else None


def _member(node: Binary) -> Condition | None:
    found = _members(node)
    if found is None:
        return ANYTHING
    condition: Condition | None = NEVER
    for operand in found[1]:
        condition = either(condition, one_test(Test(found[0], "=", operand)))
    return condition


def _no_member(node: Binary) -> Condition | None:
    found = _members(node)
    if found is None:
        return ANYTHING
    condition: Condition | None = ALWAYS
    for operand in found[1]:
        condition = both(condition, one_test(Test(found[0], "=", operand, holds=False)))
    return condition
