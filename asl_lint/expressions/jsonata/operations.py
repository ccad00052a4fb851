"""What is wrong with an operator or a constructor whatever the data: operands of the wrong type, conditions that never vary.

By the rules of the reference (T2001 to T2010, T1003, D1009, D2014).
"""

from collections.abc import Iterator

from asl_lint.expressions.jsonata.certainty import ARITHMETIC, Type, sure_type, truth, type_or_nothing
from asl_lint.expressions.jsonata.fault import A, Fault
from asl_lint.expressions.jsonata.nodes import (
    Apply,
    Binary,
    Bind,
    Block,
    Call,
    Condition,
    Filter,
    Name,
    Node,
    Number,
    Pair,
    Path,
    Range,
    String,
    Transform,
    Variable,
)
from asl_lint.expressions.jsonata.walk import walk
from asl_lint.late import Final
from asl_lint.source.text import Span

_LONGEST_RANGE: Final = 10_000_000
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_TYPES: Final = ("array", "boolean", "function", "null", "number", "object", "string")
"""What ``$type`` gives."""


def binary_faults(node: Binary, certain: bool) -> Iterator[Fault]:
    """Faults of ``left operator right``."""
    operator = node.operator
    if operator in ARITHMETIC:
        yield from _arithmetic(node, operator, certain)
    elif operator in _ORDER:
        yield from _order(node, operator, certain)
    elif operator in ("=", "!="):
        if type_or_nothing(node.left) is None or type_or_nothing(node.right) is None:
            return
        problem = _never_equal(node.left, node.right) or _never_equal(node.right, node.left)
        if problem is not None:
            yield Fault("never-equal", node.span, operator, problem[0], problem[1], False)
    elif operator in ("and", "or"):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            value = truth(side)
            if value is not None:
                yield _constant(side, value, operator, _compare_each(side, other, operator))
    elif operator == "in":
        kind = type_or_nothing(node.right)
        if kind is not None and kind not in ("array", "null"):
            problem_ = f"it looks among the members of an array; of {A[kind]} it asks whether both are equal"
            hint = "$contains(text, part) looks for a part of a text" if kind == "string" else None
            yield Fault("in-without-array", node.right.span, "in", problem_, hint, False)


def _arithmetic(node: Binary, operator: str, certain: bool) -> Iterator[Fault]:
    for side in (node.left, node.right):
        kind = type_or_nothing(side)
        if kind is not None and kind != "number":
            hint = "texts are joined with &" if operator == "+" and kind == "string" else None
            if kind == "string" and isinstance(side, Call):
                hint = _instead_of(side) or hint
            sure = certain and sure_type(side) is not None
            yield Fault("operand", side.span, operator, f"it takes numbers, not {A[kind]}", hint, sure)
            return
    if operator in ("/", "%") and isinstance(node.right, Number) and node.right.value == 0:
        yield Fault("division-by-zero", node.span, operator, "nothing is divided by 0", None, False)


def _instead_of(call: Call) -> str | None:
    """What to count with instead of a text that stands for a time."""
    name = call.function.name if isinstance(call.function, Variable) else ""
    return "$millis() gives the time as a number" if name == "now" else None


def _order(node: Binary, operator: str, certain: bool) -> Iterator[Fault]:
    left, right = type_or_nothing(node.left), type_or_nothing(node.right)
    if left is None and right is None:
        return
    for side, kind in ((node.left, left), (node.right, right)):
        if kind is not None and kind not in ("number", "string"):
            sure = certain and sure_type(side) is not None
            yield Fault("operand", side.span, operator, f"it compares numbers or texts, not {A[kind]}", None, sure)
            return
    if left is not None and right is not None and left != right:
        hint = "$number(text) makes a number of a text"
        sure = certain and sure_type(node.left) is not None and sure_type(node.right) is not None
        yield Fault("operand", node.span, operator, "a number and a text cannot be ordered", hint, sure)


def _never_equal(left: Node, right: Node) -> tuple[str, str | None] | None:
    """Why the two are never equal, and what to write."""
    kind = type_or_nothing(left)
    if kind is None:
        return None
    other = type_or_nothing(right)
    if other is None:
        return None
    if kind != other:
        hint = "$number makes a number of a text" if {kind, other} == {"number", "string"} else None
        if {kind, other} == {"boolean", "string"} and isinstance(right, String):
            hint = f"write {right.value}, without quotes" if right.value in ("true", "false") else None
        return f"{A[kind]} is never equal to {A[other]}", hint
    if kind != "string" or not isinstance(right, String) or "${" in right.value:
        return None
    name = _called(left)
    value = right.value
    if name == "type" and value not in _TYPES:
        hint = "$exists asks whether there is a value" if value == "undefined" else f"it gives {', '.join(_TYPES)}"
        return f"$type never gives '{value}'", hint
    if name == "lowercase" and any("A" <= c <= "Z" for c in value):
        return "$lowercase leaves no capital letter", f"write '{value.lower()}'"
    if name == "uppercase" and any("a" <= c <= "z" for c in value):
        return "$uppercase leaves no small letter", f"write '{value.upper()}'"
    return None


def _called(node: Node) -> str:
    """The function that gives the value of a call or of ``~>``."""
    if isinstance(node, Apply):
        node = node.right
        if isinstance(node, Variable):
            return node.name
    return node.function.name if isinstance(node, Call) and isinstance(node.function, Variable) else ""


# --- conditions -------------------------------------------------------------------------------------------------------------


def condition_faults(node: Condition) -> Iterator[Fault]:
    """Faults of ``test ? then : otherwise``."""
    value = truth(node.test)
    if value is not None:
        yield _constant(node.test, value, "?", None)


def _constant(side: Node, value: bool, operator: str, hint: str | None) -> Fault:
    return Fault("constant-condition", side.span, operator, f"it always counts as {'true' if value else 'false'}", hint, False)


def _compare_each(side: Node, other: Node, operator: str) -> str:
    """``a = 'x' or 'y'`` compares once; ``a or 'y'`` is a default elsewhere."""
    if operator == "or":
        last = other
        while isinstance(last, Binary) and last.operator == "or":
            last = last.right
        if isinstance(last, Binary) and last.operator == "=" and isinstance(side, String | Number):
            return "compare with each: a = 'x' or a = 'y'; or a in ['x', 'y']"
        return "`or` gives true or false, never an operand: write $exists(a) ? a : b"
    return "`and` gives true or false, never an operand: write a ? b : c"


def filter_faults(node: Filter) -> Iterator[Fault]:
    """Faults of ``expression[predicate]``: a text counts as true, and never as the name of a field."""
    predicate = node.predicate
    if isinstance(predicate, String):
        name = predicate.value
        problem = f"a text in brackets is a condition that {'always' if name else 'never'} holds"
        hint = f"a field is read with .{name if name.isidentifier() else '`' + name + '`'}" if name else None
        yield Fault("text-as-filter", predicate.span, name, problem, hint, False)
    elif type_or_nothing(predicate) == "string":
        problem = "a text in brackets is a condition, which holds unless it is empty"
        hint = "$lookup(object, name) reads a field by its name"
        yield Fault("text-as-filter", predicate.span, "[]", problem, hint, False)


OF_STATES: Final = frozenset({"context", "errorOutput", "input", "result"})
"""The members of ``$states``."""


def path_faults(node: Path) -> Iterator[Fault]:
    """Faults of a path that begins with a name where there is a context: ``states.input`` is a field of that context."""
    first, second = node.steps[0], node.steps[1]
    if isinstance(first, Name) and first.value == "states" and isinstance(second, Name) and second.value in OF_STATES:
        subject = f"states.{second.value}"
        problem = "without $ it is a field of what stands before"
        yield Fault("missing-dollar", Span(first.start, second.end), subject, problem, f"write ${subject}", False)


def block_faults(node: Block) -> Iterator[Fault]:
    """Values that a block drops: only its last expression counts, so the others must bind or call something."""
    for expression in node.expressions[:-1]:
        if isinstance(expression, Bind) or any(isinstance(inner, Bind | Call | Apply) for inner in walk(expression)):
            continue
        hint = None
        if isinstance(expression, Binary) and expression.operator == "=" and isinstance(expression.left, Variable):
            hint = f"= compares; write ${expression.left.name} := … to bind"
        problem = "its value is dropped: of a block only the last expression counts"
        yield Fault("expression-without-effect", expression.span, ";", problem, hint, False)


# --- constructors -----------------------------------------------------------------------------------------------------------


def key_faults(pairs: tuple[Pair, ...], certain: bool) -> Iterator[Fault]:
    """Faults of the keys of an object or a grouping: they are texts, each once."""
    seen: set[str] = set()
    for pair in pairs:
        key = pair.key
        if isinstance(key, String):
            if key.value in seen:
                problem = f"the key '{key.value}' stands here twice"
                yield Fault("object-key", key.span, "{", problem, None, certain)
            seen.add(key.value)
        else:
            kind = type_or_nothing(key)
            if kind is not None and kind != "string":
                hint = f"write '{key.value}'" if isinstance(key, Number) else None
                sure = certain and sure_type(key) is not None
                yield Fault("object-key", key.span, "{", f"a key is a text, not {A[kind]}", hint, sure)


def range_faults(node: Range, certain: bool) -> Iterator[Fault]:
    """Faults of ``[first..last]``."""
    for side in (node.first, node.last):
        kind: Type | None = type_or_nothing(side)
        if kind is not None and kind != "number":
            sure = certain and sure_type(side) is not None
            yield Fault("operand", side.span, "..", f"it takes whole numbers, not {A[kind]}", None, sure)
            return
        if isinstance(side, Number) and side.value != int(side.value):
            yield Fault("operand", side.span, "..", "it takes whole numbers", None, certain)
            return
    if isinstance(node.first, Number) and isinstance(node.last, Number):
        length = node.last.value - node.first.value + 1
        if length > _LONGEST_RANGE:
            yield Fault("operand", node.span, "..", f"a range has at most {_LONGEST_RANGE:,} members", None, certain)


def apply_faults(node: Apply, certain: bool) -> Iterator[Fault]:
    """Faults of ``left ~> right`` where the right side is no call: it must be a function."""
    kind = type_or_nothing(node.right)
    if kind is not None and kind != "function":
        problem = f"on its right stands a function, not {A[kind]}"
        yield Fault("operand", node.right.span, "~>", problem, None, certain)


def transform_faults(node: Transform) -> Iterator[Fault]:
    """Faults of ``|pattern|update,delete|``, which is evaluated for what the pattern finds."""
    kind = type_or_nothing(node.update)
    if kind is not None and kind != "object":
        yield Fault("operand", node.update.span, "|", f"the update is an object, not {A[kind]}", None, False)
    if node.delete is not None:
        kind = type_or_nothing(node.delete)
        if kind is not None and kind not in ("string", "array"):
            yield Fault("operand", node.delete.span, "|", f"what is deleted is a text or an array, not {A[kind]}", None, False)
