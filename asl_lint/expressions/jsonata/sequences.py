"""Which expressions give a list of several values as an array, and of one value the value itself.

JSONata takes a sequence of one member for that member, and an empty one for nothing (docs.jsonata.org, "Sequences"). Seen are the
forms that pick or make members one by one: filters, orders, steps that construct, and the functions below. At most 50 nodes are
looked at.
"""

from asl_lint.expressions.jsonata.nodes import (
    Apply,
    Array,
    Binary,
    Bind,
    Block,
    Call,
    Condition,
    Expression,
    Filter,
    KeepArray,
    Node,
    Number,
    Object,
    Path,
    Range,
    Sort,
    Variable,
)
from asl_lint.late import Final

_OF_SEQUENCES: Final = frozenset({"each", "filter", "keys", "map", "match"})
"""Functions that give back what they gathered as a sequence (measured on the reference)."""
_TESTS: Final = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "and", "or"})
_TEST_FUNCTIONS: Final = frozenset({"boolean", "contains", "exists", "not"})
_FOLLOWED: Final = 50


def may_be_single(tree: Expression) -> Node | None:
    """The part of an expression that gives its value as no array where there is one member only; None if none is seen."""
    bound: dict[str, Node] = {}
    waiting: list[Node] = [tree.body]
    for _ in range(_FOLLOWED):
        if not waiting:
            break
        node = waiting.pop()
        if isinstance(node, Block) and node.expressions:
            bound |= {
                one.variable.name: one.value
                for one in node.expressions
                if isinstance(one, Bind) and isinstance(one.variable, Variable)
            }
            waiting.append(node.expressions[-1])
        elif isinstance(node, Bind):
            waiting.append(node.value)
        elif isinstance(node, Variable):
            waiting += [bound.pop(node.name)] if node.name in bound else []
        elif isinstance(node, Condition):
            waiting += [branch for branch in (node.otherwise, node.then) if branch is not None]
        elif isinstance(node, KeepArray):
            # Around parentheses [] keeps nothing: the value is there already.
            waiting += [node.expression] if isinstance(node.expression, Block) else []
        elif isinstance(node, Path):
            if not any(_keeps(step) for step in node.steps) and _picks(node.steps[-1], is_step=True):
                return node
        elif _picks(node, is_step=False):
            return node
    return None


def _keeps(node: Node) -> bool:
    while isinstance(node, Filter | Sort):
        node = node.expression
    return isinstance(node, KeepArray)


def _picks(node: Node, *, is_step: bool) -> bool:
    """Whether a node picks or makes members one by one; ``is_step``: it is the last step of a path."""
    if isinstance(node, Filter):
        return _is_test(node.predicate) and not _keeps(node)
    if isinstance(node, Sort):
        return not _keeps(node)
    if is_step:
        return isinstance(node, Object)
    if isinstance(node, Apply):
        called = node.right.function if isinstance(node.right, Call) else node.right
        return isinstance(called, Variable) and called.name in _OF_SEQUENCES
    if isinstance(node, Call) and isinstance(node.function, Variable) and not node.partial:
        name = node.function.name
        return name in _OF_SEQUENCES and not (name == "map" and node.arguments and _has_several(node.arguments[0]))
    return False


def _is_test(predicate: Node) -> bool:
    """Whether a predicate chooses members by a condition or a range, and not one by its position."""
    if isinstance(predicate, Call) and isinstance(predicate.function, Variable):
        return predicate.function.name in _TEST_FUNCTIONS
    if isinstance(predicate, Array):
        return any(isinstance(item, Range) for item in predicate.items)
    return isinstance(predicate, Binary) and predicate.operator in _TESTS


def _has_several(node: Node) -> bool:
    """Whether an array that is written out has two members or more."""
    if not isinstance(node, Array):
        return False
    first = node.items[0] if len(node.items) == 1 else None
    if isinstance(first, Range):
        return isinstance(first.first, Number) and isinstance(first.last, Number) and first.last.value > first.first.value
    return len(node.items) > 1
