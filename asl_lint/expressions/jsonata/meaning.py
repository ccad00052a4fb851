"""What goes wrong in an expression whatever the data: unknown functions, wrong arguments, operators on the wrong types.

By the rules of the reference, jsonata 2.0.6 (its codes: T0410, T0412, T1006, T2001 …). A fault is *certain* where every
evaluation of the expression meets it, and not where a condition, a function's body or an empty sequence may leave it out.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from asl_lint.expressions.jsonata.certainty import ARITHMETIC, Type, sure_type
from asl_lint.expressions.jsonata.functions import ADDED, SIGNATURES
from asl_lint.expressions.jsonata.nodes import (
    Apply,
    Array,
    Binary,
    Call,
    Condition,
    Expression,
    Filter,
    Group,
    Lambda,
    Negate,
    Node,
    Path,
    Sort,
    String,
    Transform,
    Variable,
)
from asl_lint.expressions.jsonata.walk import variables
from asl_lint.near import near
from asl_lint.source.text import Span


class Fault(NamedTuple):
    """A fault at ``span`` of the expression. ``kind`` groups them; ``subject`` is the function or operator."""

    kind: str
    span: Span
    subject: str
    problem: str
    help: str | None
    certain: bool


class Parameter(NamedTuple):
    """A parameter of a function: letters of the types it takes, of what an array must hold, and how it may be missing."""

    types: str
    holds: str
    optional: bool
    from_context: bool
    repeated: bool


@cache
def parameters(name: str) -> tuple[Parameter, ...]:
    """The parameters of a function of the table."""
    signature = SIGNATURES[name][1:-1].partition(":")[0] if name not in _NESTED else _NESTED[name]
    found: list[Parameter] = []
    at = 0
    while at < len(signature):
        letter = signature[at]
        at += 1
        if letter == "(":
            end = signature.index(")", at)
            letter, at = signature[at:end], end + 1
        holds = ""
        if signature[at : at + 1] == "<":
            end = signature.index(">", at)
            holds, at = signature[at + 1 : end], end + 1
        mark = signature[at : at + 1]
        if mark and mark in "-?+":
            at += 1
        found.append(Parameter(letter, holds, mark == "?", mark == "-", mark == "+"))
    return tuple(found)


_NESTED: Final[Mapping[str, str]] = {"match": "s-fn?"}
"""Signatures in which a colon stands inside a parameter too."""

_GUESSES: Final[Mapping[str, str]] = {
    "len": "$length(text) or $count(array)", "size": "$count", "concat": "$append, or the operator &", "includes": "$contains",
    "indexOf": "$contains, or $substringBefore and $length", "toString": "$string", "str": "$string", "stringify": "$string",
    "toNumber": "$number", "parseInt": "$number", "parseFloat": "$number", "int": "$floor or $number", "upper": "$uppercase",
    "toUpperCase": "$uppercase", "lower": "$lowercase", "toLowerCase": "$lowercase", "isArray": "$type(x) = 'array'",
    "isString": "$type(x) = 'string'", "isNumber": "$type(x) = 'number'", "isNull": "x = null", "typeOf": "$type",
    "typeof": "$type", "forEach": "$map, or $each for an object", "values": "$each(object, function($v) { $v })",
    "find": "$filter, or $single", "some": "$count($filter(…)) > 0", "any": "$count($filter(…)) > 0", "first": "array[0]",
    "last": "array[-1]", "slice": "array[[0..n]]", "date": "$now", "timestamp": "$now or $millis", "md5": "$hash(x, 'MD5')",
    "sha256": "$hash(x, 'SHA-256')", "sha1": "$hash(x, 'SHA-1')", "guid": "$uuid", "randomUUID": "$uuid",
    "jsonParse": "$parse", "parseJson": "$parse", "json": "$parse or $string", "base64": "$base64encode",
    "formatDate": "$fromMillis", "parseDate": "$toMillis", "isEmpty": "$count(x) = 0, or x = ''", "if": "condition ? a : b",
    "unique": "$distinct", "flatten": "[array.*] or a path over it", "has": "$exists", "coalesce": "$exists(x) ? x : other",
    "randomSeeded": "$random(seed)",
}  # fmt: skip
"""Functions of other languages -> what JSONata has for it."""


def faults(tree: Expression) -> list[Fault]:
    """Every such fault, in the order of the text."""
    found = list(_unknown_functions(tree))
    shadowed = _bound_names(tree)
    waiting: list[tuple[Node, bool, bool]] = [(tree.body, True, False)]
    while waiting:
        node, certain, has_context = waiting.pop()
        if isinstance(node, Binary):
            found += _operator(node, certain)
        elif isinstance(node, Negate):
            kind = sure_type(node.operand)
            if kind is not None and kind != "number":
                found.append(Fault("operand", node.operand.span, "-", f"it takes a number, not {_A[kind]}", None, certain))
        elif isinstance(node, Call):
            found += _call(node, certain, has_context, shadowed, 0)
        elif isinstance(node, Apply) and isinstance(node.right, Call):
            found += _call(node.right, certain, has_context, shadowed, 1)
            waiting.append((node.left, certain, has_context))
            waiting += [(argument, certain, has_context) for argument in node.right.arguments]
            continue
        elif isinstance(node, Filter) and isinstance(node.predicate, String):
            name = node.predicate.value
            problem = "a text in brackets is a condition that always holds"
            hint = f"a field is read with .{name if name.isidentifier() else '`' + name + '`'}"
            found.append(Fault("text-as-filter", node.predicate.span, name, problem, hint, False))
        waiting += _below(node, certain, has_context)
    return sorted(found, key=lambda fault: fault.span)


def _below(node: Node, certain: bool, has_context: bool) -> Iterator[tuple[Node, bool, bool]]:
    """The nodes directly below: whether each is evaluated wherever the node is, and whether it has a context."""
    children = node.children()
    if isinstance(node, Condition):
        yield from ((child, certain and child is node.test, has_context) for child in children)
    elif isinstance(node, Binary) and node.operator in ("and", "or"):
        yield from ((child, certain and child is node.left, has_context) for child in children)
    elif isinstance(node, Path | Filter | Sort | Group):
        yield from ((child, certain and i == 0, has_context or i > 0) for i, child in enumerate(children))
    elif isinstance(node, Lambda | Transform):
        yield from ((child, False, True) for child in children)
    else:
        yield from ((child, certain, has_context) for child in children)


# --- functions --------------------------------------------------------------------------------------------------------------


def _unknown_functions(tree: Expression) -> Iterator[Fault]:
    strangers = {
        reference.span.start: reference
        for reference in variables(tree)
        if reference.called and reference.name not in SIGNATURES and reference.name != "states"
    }
    if not strangers:
        return
    sure = _certain_places(tree)
    for start, reference in strangers.items():
        name = reference.name
        problem = "there is no such function"
        near_name = near(name, SIGNATURES)
        hint = f"did you mean ${near_name}?" if near_name else None
        if name in _GUESSES:
            hint = f"write {_GUESSES[name]}"
        elif name == "eval":
            problem, hint = "Step Functions does not have it", "$parse reads JSON text"
        yield Fault("unknown-function", reference.span, f"${name}", problem, hint, start in sure)


def _certain_places(tree: Expression) -> set[int]:
    """Where the variables begin that every evaluation meets."""
    found: set[int] = set()
    waiting: list[tuple[Node, bool]] = [(tree.body, True)]
    while waiting:
        node, certain = waiting.pop()
        if certain and isinstance(node, Variable):
            found.add(node.start)
        waiting += [(child, sure) for child, sure, _ in _below(node, certain, False)]
    return found


def _bound_names(tree: Expression) -> frozenset[str]:
    """Names that the expression itself binds somewhere: there they may stand for something else than a function of the table."""
    if ":=" not in tree.text and "function" not in tree.text and "λ" not in tree.text and "@" not in tree.text:
        return frozenset()
    from asl_lint.expressions.jsonata.nodes import Bind, Focus, Index
    from asl_lint.expressions.jsonata.walk import walk

    found: set[str] = set()
    for node in walk(tree):
        bound = (
            node.parameters if isinstance(node, Lambda) else (node.variable,) if isinstance(node, Bind | Focus | Index) else ()
        )
        found.update(variable.name for variable in bound if isinstance(variable, Variable))
    return frozenset(found)


_A: Final[Mapping[str, str]] = {
    "string": "a text", "number": "a number", "boolean": "a boolean", "null": "null", "array": "an array",
    "object": "an object", "function": "a function",
}  # fmt: skip
_LETTERS: Final[Mapping[str, Type]] = {
    "s": "string", "n": "number", "b": "boolean", "l": "null", "o": "object", "a": "array", "f": "function",
}  # fmt: skip


def _call(node: Call, certain: bool, has_context: bool, shadowed: frozenset[str], more: int) -> Iterator[Fault]:
    function = node.function
    if not isinstance(function, Variable) or function.name in shadowed or node.partial:
        return
    name = function.name
    if name not in SIGNATURES:
        return
    taken = parameters(name)
    given = len(node.arguments) + more
    most = None if any(p.repeated for p in taken) else len(taken)
    needed = sum(not p.optional for p in taken)
    from_context = sum(p.from_context for p in taken)
    span = Span(node.start, node.end)
    if most is not None and given > most:
        yield Fault("argument", span, f"${name}", f"it takes {_counted(most, taken)}, not {given}", None, certain)
        return
    if given < needed - from_context:
        # $range is seen to give nothing then, and of the others that the service adds nobody knows.
        fails = certain and name not in ADDED
        yield Fault("argument", span, f"${name}", f"it needs {_counted(needed, taken)}, and has {given}", None, fails)
        return
    if given < needed:
        if not has_context:
            problem = f"it needs {_counted(needed, taken)}, and there is no context to take the first from"
            yield Fault("argument", span, f"${name}", problem, None, False)
        return
    wrong = _wrong_types(node.arguments, taken[more:])
    if wrong and taken[0].from_context and given < len(taken) and not _wrong_types(node.arguments, taken[more + 1 :]):
        return  # the reference takes the first from the context then
    for argument, problem in wrong:
        yield Fault("argument", argument.span, f"${name}", problem, None, certain)


def _wrong_types(arguments: tuple[Node, ...], taken: tuple[Parameter, ...]) -> list[tuple[Node, str]]:
    found = [(argument, _wrong_type(argument, taken[min(i, len(taken) - 1)])) for i, argument in enumerate(arguments)]
    return [(argument, problem) for argument, problem in found if problem is not None]


def _counted(number: int, taken: tuple[Parameter, ...]) -> str:
    least = sum(not p.optional for p in taken)
    words = f"{least} to {number}" if least < number else str(number) if number else "no"
    return f"{words} argument{'' if words == '1' else 's'}"


def _wrong_type(argument: Node, parameter: Parameter) -> str | None:
    kind = sure_type(argument)
    if kind is None or "x" in parameter.types:
        return None
    if "j" in parameter.types:
        return "it takes no function" if kind == "function" else None
    allowed = [_LETTERS[letter] for letter in parameter.types]
    if "array" in allowed:
        # A single value counts as an array of one.
        if not parameter.holds or parameter.holds not in _LETTERS:
            return None
        held = _LETTERS[parameter.holds]
        kinds: list[Type | None] = [kind]
        if kind == "array":
            kinds = [sure_type(item) for item in argument.items] if isinstance(argument, Array) else []
        wrong = next((k for k in kinds if k is not None and k != held), None)
        return None if wrong is None else f"it takes an array of {held}s, not {_A[wrong]}{' in it' if kind == 'array' else ''}"
    if kind in allowed:
        return None
    return f"it takes {' or '.join(_A[a] for a in allowed)} here, not {_A[kind]}"


# --- operators --------------------------------------------------------------------------------------------------------------

_ORDER: Final = frozenset({"<", "<=", ">", ">="})


def _operator(node: Binary, certain: bool) -> Iterator[Fault]:
    operator = node.operator
    left, right = sure_type(node.left), sure_type(node.right)
    if operator in ARITHMETIC:
        for side, kind in ((node.left, left), (node.right, right)):
            if kind is not None and kind != "number":
                hint = "texts are joined with &" if operator == "+" and kind == "string" else None
                yield Fault("operand", side.span, operator, f"it takes numbers, not {_A[kind]}", hint, certain)
                return
    elif operator in _ORDER:
        for side, kind in ((node.left, left), (node.right, right)):
            if kind is not None and kind not in ("number", "string"):
                yield Fault("operand", side.span, operator, f"it compares numbers or texts, not {_A[kind]}", None, certain)
                return
        if left is not None and right is not None and left != right:
            hint = "$number(text) makes a number of a text"
            yield Fault("operand", node.span, operator, "a number and a text cannot be ordered", hint, certain)
    elif operator in ("=", "!=") and left is not None and right is not None and left != right:
        problem = f"{_A[left]} is never equal to {_A[right]}"
        yield Fault("never-equal", node.span, operator, problem, None, False)
