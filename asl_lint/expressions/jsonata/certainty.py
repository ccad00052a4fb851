"""What an expression certainly yields, whatever the data: the type of a value that is surely there.

Only what the text alone decides: literals, constructors, functions, and operators that always yield something. Linear.
"""

from typing import Final, Literal

from asl_lint.expressions.jsonata.nodes import (
    Array,
    Binary,
    Bind,
    Block,
    Boolean,
    Condition,
    Expression,
    Lambda,
    Negate,
    Node,
    Null,
    Number,
    Object,
    Regex,
    String,
    Transform,
)

Type = Literal["string", "number", "boolean", "null", "array", "object", "function"]

ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%"})
_LITERALS: Final[dict[type[Node], Type]] = {
    String: "string",
    Number: "number",
    Boolean: "boolean",
    Null: "null",
    Array: "array",
    Object: "object",
    Lambda: "function",
    Transform: "function",
    Regex: "function",
}
_ALWAYS_BOOLEAN: Final = frozenset({"=", "!=", "in", "and", "or"})


def sure_type(node: Node) -> Type | None:
    """The type that the value has in every run that gets a value at all; None where the text does not say, or may yield nothing.

    A run that fails inside the expression gets none.
    """
    for _ in range(50):
        found = _LITERALS.get(type(node))
        if found is not None:
            return found
        if isinstance(node, Expression):
            node = node.body
        elif isinstance(node, Block) and node.expressions:
            node = node.expressions[-1]
        elif isinstance(node, Bind):
            node = node.value
        elif isinstance(node, Condition) and node.otherwise is not None:
            then = sure_type(node.then)
            if then is None or type(node.otherwise) is Condition:
                return None  # chains of conditions are not followed
            return then if then == sure_type(node.otherwise) else None
        elif isinstance(node, Negate):
            return "number" if sure_type(node.operand) == "number" else None
        elif isinstance(node, Binary):
            if node.operator == "&":
                return "string"
            if node.operator in _ALWAYS_BOOLEAN:
                return "boolean"
            if node.operator in ARITHMETIC and isinstance(node.left, Number) and isinstance(node.right, Number):
                return "number"
            return None
        else:
            return None
    return None


_GIVES: Final[dict[str, Type]] = {"s": "string", "n": "number", "b": "boolean", "o": "object"}


def type_or_nothing(node: Node) -> Type | None:
    """Like ``sure_type``, but it may also yield nothing: what a function gives, or an operator that wants values."""
    from asl_lint.expressions.jsonata.functions import SIGNATURES
    from asl_lint.expressions.jsonata.nodes import Call, Variable

    while isinstance(node, Expression | Block):
        if isinstance(node, Block) and not node.expressions:
            return None
        node = node.body if isinstance(node, Expression) else node.expressions[-1]
    known = sure_type(node)
    if known is not None:
        return known
    if isinstance(node, Binary):
        return "number" if node.operator in ARITHMETIC else "boolean"
    if isinstance(node, Negate):
        return "number"
    if isinstance(node, Call) and isinstance(node.function, Variable) and not node.partial:
        signature = SIGNATURES.get(node.function.name, "")
        gives = signature.rpartition(":")[2].rstrip(">") if signature.count(":") == 1 else ""
        return _GIVES.get(gives)
    return None
