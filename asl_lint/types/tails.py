"""Calls that a function ends in, which the evaluator makes after the function's body: what is attached to them is lost, and
what they gather is not taken for its single member where another function called: ``$map(x, function($o) { $keys($o) })``.

Source: jsonata-js 2.0.6 (MIT), tailCallOptimize and apply.
"""

from asl_lint.expressions.jsonata.nodes import Block, Call, Condition, Filter, Group, KeepArray, Lambda, Node


def tail_calls(node: Lambda) -> list[Call] | None:
    """The calls that a function may end in; None where something is attached to one, which is lost."""
    found: list[Call] = []
    return found if _gathered(node.body, found) else None


def _gathered(node: Node, found: list[Call]) -> bool:
    if isinstance(node, Call):
        if not node.partial:
            found.append(node)
        return True
    if isinstance(node, Condition):
        return _gathered(node.then, found) and (node.otherwise is None or _gathered(node.otherwise, found))
    if isinstance(node, Block):
        return not node.expressions or _gathered(node.expressions[-1], found)
    attached = node
    filtered = False
    while isinstance(attached, Filter | Group | KeepArray):
        filtered = filtered or isinstance(attached, Filter)
        attached = attached.expression
    if attached is node or (isinstance(attached, Call) and filtered) or not isinstance(attached, Call | Block):
        return True
    inner: list[Call] = []
    return _gathered(attached, inner) and not inner
