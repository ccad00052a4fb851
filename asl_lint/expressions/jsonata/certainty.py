"""What an expression certainly yields, whatever the data: the type of its value, and whether that counts as true.

Only what the text alone decides: literals, constructors, functions, and operators. At most 50 nodes are looked at for an answer.
"""

from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.nodes import (
    Apply,
    Array,
    Binary,
    Bind,
    Block,
    Boolean,
    Call,
    Condition,
    Expression,
    Lambda,
    Negate,
    Node,
    Null,
    Number,
    Object,
    Path,
    Regex,
    String,
    Transform,
    Variable,
)
from asl_lint.late import Final, Literal

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
_COMPOUND: Final = frozenset({Expression, Block, Bind, Condition, Negate, Binary, Call, Apply})
_ALWAYS_BOOLEAN: Final = frozenset({"=", "!=", "in", "and", "or"})
_ALWAYS: Final[dict[str, Type]] = {
    "now": "string", "uuid": "string", "millis": "number", "random": "number", "count": "number", "exists": "boolean",
}  # fmt: skip
"""Functions that give a value whatever they are given, or fail."""
_GIVES: Final[dict[str, Type]] = {"s": "string", "n": "number", "b": "boolean", "o": "object"}
_FOLLOWED: Final = 50


def sure_type(node: Node) -> Type | None:
    """The type that the value has in every run that gets a value at all; None where the text does not say, or may yield nothing.

    A run that fails inside the expression gets none.
    """
    return _type(node, True)


def type_or_nothing(node: Node) -> Type | None:
    """Like ``sure_type``, but it may also yield nothing: what a function gives, or an operator that wants values.

    Names of functions are taken for the functions of the table; of an ``Expression`` that binds such a name nothing is said.
    """
    found = _type(node, False)
    return None if found is not None and type(node) is Expression and rebinds(node) else found


def rebinds(tree: Expression) -> bool:
    """Whether the expression binds the name of a function of the table anywhere: a call need not be one of that function then."""
    if tree.met is not None and not tree.met.binds:
        return False
    text = tree.text
    if ":=" not in text and "function" not in text and "λ" not in text and "@" not in text and "#" not in text:
        return False
    from asl_lint.expressions.jsonata.nodes import Focus, Index, KeepArray
    from asl_lint.expressions.jsonata.walk import walk

    for node in walk(tree):
        kind = type(node)
        bound: tuple[Node, ...] = ()
        if kind is Lambda:
            bound = node.parameters  # type: ignore[attr-defined]
        elif kind is Bind or kind is Focus or kind is Index:
            bound = (node.variable,)  # type: ignore[attr-defined]
        for variable in bound:
            while isinstance(variable, KeepArray):
                variable = variable.expression
            if isinstance(variable, Variable) and variable.name in SIGNATURES:
                return True
    return False


def _type(node: Node, sure: bool) -> Type | None:
    kind = type(node)
    if kind not in _COMPOUND:
        return _LITERALS.get(kind)
    found: Type | None = None
    waiting = [node]
    for _ in range(_FOLLOWED):
        node = waiting.pop()
        given = _LITERALS.get(type(node))
        if given is not None:
            pass
        elif isinstance(node, Expression):
            waiting.append(node.body)
            continue
        elif isinstance(node, Block) and node.expressions:
            waiting.append(node.expressions[-1])
            continue
        elif isinstance(node, Bind):
            waiting.append(node.value)
            continue
        elif isinstance(node, Condition) and not (sure and node.otherwise is None):
            waiting.append(node.then)
            if node.otherwise is not None:
                waiting.append(node.otherwise)
            continue
        else:
            given = _operation(node, sure=sure)
        if given is None or (found is not None and given != found):
            return None
        found = given
        if not waiting:
            return found
    return None


def _operation(node: Node, *, sure: bool) -> Type | None:
    """What an operator or a call gives."""
    if isinstance(node, Binary):
        operator = node.operator
        if operator == "&":
            return "string"
        if operator in _ALWAYS_BOOLEAN:
            return "boolean"
        if sure:
            both = isinstance(node.left, Number) and isinstance(node.right, Number)
            return "number" if both and operator in ARITHMETIC else None
        return "number" if operator in ARITHMETIC else "boolean"
    if isinstance(node, Negate):
        return None if sure and not isinstance(node.operand, Number) else "number"
    if isinstance(node, Apply):
        left, node = node.left, node.right
        if isinstance(node, Variable):
            # Two functions make one; what a path reads from data is none.
            value = type(left) is Path or _LITERALS.get(type(left), "function") != "function"
            return _given_by(node.name) if value and not sure else None
    if isinstance(node, Call) and isinstance(node.function, Variable):
        if node.partial:
            return None
        return _ALWAYS.get(node.function.name) if sure else _given_by(node.function.name)
    return None


def _given_by(name: str) -> Type | None:
    if name == "clone":
        return None  # of an array it gives an array, whatever its signature says
    return _GIVES.get(SIGNATURES.get(name, "").rpartition(":")[2].rstrip(">"))


def truth(node: Node) -> bool | None:
    """Whether a value that the text fixes counts as true in a condition; None where data decide, and of ``true``, ``false``."""
    if isinstance(node, Block) and len(node.expressions) == 1:
        return truth(node.expressions[0]) if type(node.expressions[0]) is not Block else None
    if isinstance(node, String):
        return None if "${" in node.value or "{{" in node.value else node.value != ""
    if isinstance(node, Number):
        return node.value != 0
    if isinstance(node, Null):
        return False
    if isinstance(node, Array) and not node.items:
        return False
    if isinstance(node, Object) and not node.pairs:
        return False
    return None
