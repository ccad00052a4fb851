"""What goes wrong in an expression whatever the data: unknown functions, wrong arguments, operators on the wrong types.

By the rules of the reference, jsonata 2.0.6 (its codes: T0410, T0412, T1006, T2001 …). A fault is *certain* where every
evaluation of the expression meets it, and not where a condition, a function's body or an empty sequence may leave it out.
One walk of the tree, linear.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from asl_lint.expressions.jsonata.calls import call_faults
from asl_lint.expressions.jsonata.certainty import rebinds, sure_type, type_or_nothing
from asl_lint.expressions.jsonata.fault import A, Fault
from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.nodes import (
    REMEMBERED,
    Apply,
    Binary,
    Block,
    Boolean,
    Call,
    Condition,
    Descendants,
    Expression,
    Filter,
    Focus,
    Group,
    Index,
    Lambda,
    Name,
    Negate,
    Node,
    Null,
    Number,
    Object,
    Parent,
    Path,
    Placeholder,
    Range,
    Regex,
    Sort,
    String,
    Transform,
    Variable,
    Wildcard,
)
from asl_lint.expressions.jsonata.operations import (
    apply_faults,
    binary_faults,
    block_faults,
    condition_faults,
    filter_faults,
    key_faults,
    path_faults,
    range_faults,
    transform_faults,
)
from asl_lint.expressions.jsonata.walk import variables
from asl_lint.late import Final
from asl_lint.near import near

_LEAVES: Final = frozenset({Name, Variable, String, Number, Boolean, Null, Regex, Wildcard, Descendants, Parent, Placeholder})

# How a node is met: certainly; with a context, or perhaps (the body of a function).
_CERTAIN: Final = 1
_PERHAPS: Final = 2
_GIVEN: Final = 4
_CONTEXT: Final = _PERHAPS | _GIVEN


def faults(tree: Expression, hidden: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """Every such fault, in the order of the text. ``hidden`` are names of the table that are no functions here."""
    return () if tree.plain else _faults(tree, hidden)


@lru_cache(REMEMBERED)
def _faults(tree: Expression, hidden: tuple[str, ...]) -> tuple[Fault, ...]:
    known = {name: SIGNATURES[name] for name in SIGNATURES if name not in hidden} if hidden else SIGNATURES
    found: list[Fault] = []
    strangers: list[tuple[Variable, int]] = []
    """Functions that are not of the table, and how they are met."""
    waiting: list[tuple[Node, int]] = [(tree.body, _CERTAIN)]
    while waiting:
        node, how = waiting.pop()
        kind = type(node)
        if kind in _LEAVES:
            continue
        certain = how & _CERTAIN == _CERTAIN
        if isinstance(node, Path):
            waiting.append((node.steps[0], how))
            if how & _GIVEN and type(node.steps[0]) is Name:
                found += path_faults(node)
            waiting += [(step, _GIVEN) for step in node.steps[1:] if type(step) not in _LEAVES]
        elif isinstance(node, Call):
            _call(node, how, None, known, found, strangers)
            waiting += [(argument, how) for argument in node.arguments if type(argument) not in _LEAVES]
            waiting.append((node.function, how))
        elif isinstance(node, Binary):
            if node.operator != "&":  # which takes anything
                found += binary_faults(node, certain)
            waiting.append((node.left, how))
            waiting.append((node.right, how & _CONTEXT if node.operator in ("and", "or") else how))
        elif isinstance(node, Condition):
            found += condition_faults(node)
            waiting.append((node.test, how))
            waiting.append((node.then, how & _CONTEXT))
            if node.otherwise is not None:
                waiting.append((node.otherwise, how & _CONTEXT))
        elif isinstance(node, Apply):
            waiting.append((node.left, how))
            right = node.right
            if isinstance(right, Call):
                _call(right, how, node.left, known, found, strangers)
                waiting += [(argument, how) for argument in right.arguments]
                waiting.append((right.function, how))
            elif isinstance(right, Variable):
                if right.name not in known:
                    strangers.append((right, how))
            else:
                found += apply_faults(node, certain)
                waiting.append((right, how))
        elif isinstance(node, Object):
            found += key_faults(node.pairs, certain)
            for pair in node.pairs:
                waiting.append((pair.key, how))
                # Without a key there is no pair, and its value is not evaluated.
                waiting.append((pair.value, how if type(pair.key) is String else how & _CONTEXT))
        elif isinstance(node, Filter):
            found += filter_faults(node)
            waiting.append((node.expression, how))
            waiting.append((node.predicate, _GIVEN))
        elif isinstance(node, Block):
            if len(node.expressions) > 1:
                found += block_faults(node)
            waiting += [(expression, how) for expression in node.expressions]
        elif isinstance(node, Lambda):
            waiting.append((node.body, _PERHAPS if not how & _GIVEN else _GIVEN))
        elif isinstance(node, Group):
            found += key_faults(node.pairs, False)
            waiting.append((node.expression, how))
            waiting += [(part, _GIVEN) for pair in node.pairs for part in (pair.key, pair.value)]
        elif isinstance(node, Sort):
            waiting.append((node.expression, how))
            waiting += [(term.expression, _GIVEN) for term in node.terms]
        elif isinstance(node, Transform):
            found += transform_faults(node)
            waiting += [(child, _GIVEN) for child in node.children()]
        elif isinstance(node, Focus | Index):
            waiting.append((node.expression, how))
        else:
            if isinstance(node, Negate):
                found += _negation(node, certain)
            elif isinstance(node, Range):
                found += range_faults(node, certain)
            waiting += [(child, how) for child in node.children()]
    if found and rebinds(tree):
        found = []  # a name of the table need not be that function
    if strangers:
        found += _unknown(tree, strangers)
    return tuple(sorted(found, key=lambda fault: fault.span))


def _negation(node: Negate, certain: bool) -> Iterator[Fault]:
    kind = type_or_nothing(node.operand)
    if kind is not None and kind != "number":
        sure = certain and sure_type(node.operand) is not None
        yield Fault("operand", node.operand.span, "-", f"it takes a number, not {A[kind]}", None, sure)


def _call(
    node: Call, how: int, left: Node | None, known: Mapping[str, str], found: list[Fault], strangers: list[tuple[Variable, int]]
) -> None:
    """A call's own faults; one of a function that is not of the table is put off."""
    function = node.function
    if isinstance(function, Variable):
        if function.name in known:
            if not node.partial:
                found += call_faults(node, function.name, how & _CERTAIN == _CERTAIN, how & _CONTEXT != 0, left)
        else:
            strangers.append((function, how))
    elif isinstance(function, Name) and how & _GIVEN and not function.quoted:
        # Where there is no context the name itself is at fault.
        name = function.value
        hint = f"the function is ${name}" if name in SIGNATURES else _hint(name)
        problem = "a name without $ is a field, and a field is no function"
        found.append(Fault("unknown-function", function.span, name, problem, hint, False))


# --- unknown functions ------------------------------------------------------------------------------------------------------


def _unknown(tree: Expression, strangers: list[tuple[Variable, int]]) -> Iterator[Fault]:
    unbound = {reference.span.start for reference in variables(tree)}
    for function, how in strangers:
        if function.start in unbound and function.name != "states":
            problem = "there is no such function" if function.name != "eval" else "Step Functions does not have it"
            certain = how & _CERTAIN == _CERTAIN
            yield Fault("unknown-function", function.span, f"${function.name}", problem, _hint(function.name), certain)


def _hint(name: str) -> str | None:
    """What to write instead of a function that there is not."""
    from asl_lint.expressions.jsonata.other_dialects import INSTEAD

    instead = INSTEAD.get(name) or INSTEAD.get(name[:1].lower() + name[1:])
    if instead is not None:
        return f"write {instead}"
    near_name = near(name, SIGNATURES)
    return f"did you mean ${near_name}?" if near_name else None
