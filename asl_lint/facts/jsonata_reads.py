"""Which variables an expression of JSONata reads, and what happens to each read if the variable is not set.

In the terms of ``variable_reads``. Linear in the expression, and remembered for the last of them.
"""

from collections.abc import Iterator
from functools import lru_cache

from asl_lint.expressions.jsonata.functions import SIGNATURES, TAKES_NOTHING
from asl_lint.expressions.jsonata.nodes import (
    REMEMBERED,
    Array,
    Binary,
    Block,
    Call,
    Condition,
    Expression,
    Filter,
    KeepArray,
    Name,
    Negate,
    Node,
    Number,
    Path,
    Sort,
    String,
    Variable,
)
from asl_lint.expressions.jsonata.walk import variables, walk
from asl_lint.facts.sites import OFFSET
from asl_lint.late import Final
from asl_lint.source.text import Span

_ASKS: Final = frozenset({"append", "boolean", "count", "exists", "merge", "not", "type", "zip"})
"""Functions that one gives what may not be there."""
_TESTS: Final = frozenset({"boolean", "count", "exists", "not"})
"""Functions of which what they say of their argument is understood."""
_EQUALITY: Final = frozenset({"=", "!=", "in"})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%"})
_LEAVES: Final = (Name, String, Number)
_KEEPING: Final = (Filter, KeepArray)
"""What has a value where its expression has one."""
_OF_FIRST: Final = (Path, Filter, KeepArray, Sort, Negate)
"""What has no value where the first thing in it has none."""
_COMPUTING: Final = _ARITHMETIC | _ORDER
NO_NAMES: Final[frozenset[str]] = frozenset()


ReadOfTree = tuple[str, Span, bool, bool, bool, bool]
"""A read as ``variable_reads.Read`` has it, without its site."""


def reads_of_tree(tree: Expression) -> tuple[ReadOfTree, ...]:
    """Every read of a variable in an expression without errors, in the order of the text; functions are none."""
    if tree.plain:
        (variable,) = tree.met.variables  # type: ignore[union-attr]
        name = variable.name
        if name in _NO_VARIABLES:
            return ()
        return ((name, Span(OFFSET + variable.start, OFFSET + variable.end), False, True, False, False),)
    if tree.met is not None and all(variable.name in _NO_VARIABLES for variable in tree.met.variables):
        return ()
    return _reads_of_tree(tree)


_NO_VARIABLES: Final = frozenset({"states", *SIGNATURES})


@lru_cache(REMEMBERED)
def _reads_of_tree(tree: Expression) -> tuple[ReadOfTree, ...]:
    meant_to_bind = _compared_in_vain(tree) if ";" in tree.text else NO_NAMES
    outside = {
        reference.span.start: reference
        for reference in variables(tree)
        if reference.name not in _NO_VARIABLES and reference.name not in meant_to_bind
    }
    if not outside:
        return ()
    found: list[ReadOfTree] = []
    needed = {node.start for node in _needed(tree.body)}
    for node, tolerant, guarded in _in_context(tree.body):
        reference = outside.get(node.start)
        if reference is not None:
            certain, asked = node.start in needed, reference.name in guarded
            within = Span(OFFSET + reference.span.start, OFFSET + reference.span.end)
            found.append((reference.name, within, (tolerant or asked) and not certain, certain, asked, reference.called))
    return tuple(sorted(found, key=lambda read: read[1]))


def _compared_in_vain(tree: Expression) -> frozenset[str]:
    """The variables of ``($x = 5; …)``: the comparison itself is told, and was meant to bind them."""
    dropped = (one for node in walk(tree) if isinstance(node, Block) for one in node.expressions[:-1])
    return frozenset(
        one.left.name for one in dropped if isinstance(one, Binary) and one.operator == "=" and isinstance(one.left, Variable)
    )


def _in_context(tree: Node) -> Iterator[tuple[Node, bool, frozenset[str]]]:
    """Each variable of the tree with whether it may be missing there, and the names that are asked for, or known to be set."""
    waiting: list[tuple[Node, bool, frozenset[str]]] = [(tree, False, NO_NAMES)]
    while waiting:
        node, tolerant, guarded = waiting.pop()
        if isinstance(node, Variable):
            yield node, tolerant, guarded
        elif isinstance(node, _LEAVES):
            pass
        elif isinstance(node, Condition):
            waiting.append((node.test, True, guarded))
            waiting.append((node.then, tolerant, guarded | _present_if(node.test, outcome=True)))
            if node.otherwise is not None:
                waiting.append((node.otherwise, tolerant, guarded | _present_if(node.test, outcome=False)))
        elif isinstance(node, Binary) and node.operator in ("and", "or"):
            waiting.append((node.left, True, guarded))
            waiting.append((node.right, True, guarded | _present_if(node.left, outcome=node.operator == "and")))
        elif isinstance(node, Binary):
            in_equality = node.operator in _EQUALITY
            waiting.append((node.left, in_equality, guarded))
            waiting.append((node.right, in_equality, guarded))
        elif isinstance(node, Call):
            called = node.function.name if isinstance(node.function, Variable) else ""
            if called not in SIGNATURES:
                waiting.append((node.function, False, guarded))
            if called == "exists" and node.arguments:
                guarded = guarded | {variable.name for variable in _needed(node.arguments[0])}
            asks = called in _ASKS
            waiting += [(argument, asks, guarded) for argument in node.arguments]
        elif isinstance(node, Array):
            waiting += [(item, True, guarded) for item in node.items]
        elif isinstance(node, Path):
            waiting.append((node.steps[0], tolerant, guarded))
            waiting += [(step, False, guarded) for step in node.steps[1:] if type(step) is not Name]
        elif isinstance(node, _KEEPING):
            first, *others = node.children()
            waiting.append((first, tolerant, guarded))
            waiting += [(child, False, guarded) for child in others]
        elif isinstance(node, Block) and len(node.expressions) == 1:
            waiting.append((node.expressions[0], tolerant, guarded))
        else:
            waiting += [(child, False, guarded) for child in node.children()]


def _present_if(test: Node, *, outcome: bool) -> frozenset[str]:
    """The variables that are surely set if the test counts as true, or, for the other outcome, if it does not."""
    found: list[Variable] = []
    waiting = [(test, outcome)]
    while waiting:
        node, holds = waiting.pop()
        if isinstance(node, Block) and len(node.expressions) == 1:
            waiting.append((node.expressions[0], holds))
        elif isinstance(node, Binary) and node.operator == ("and" if holds else "or"):
            waiting += [(node.left, holds), (node.right, holds)]
        elif isinstance(node, Binary) and holds and node.operator in _EQUALITY:
            found += [*_needed(node.left), *_needed(node.right)]  # with a side that is missing, it is false
        elif isinstance(node, Call) and isinstance(node.function, Variable) and node.arguments and node.function.name in _TESTS:
            if node.function.name == "not":
                waiting.append((node.arguments[0], not holds))
            elif holds:
                found += _needed(node.arguments[0])
        elif holds:
            found += _needed(node)
    return frozenset(variable.name for variable in found)


def _needed(tree: Node) -> Iterator[Variable]:
    """The variables without which the expression yields nothing, or fails, each where it stands."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Variable):
            yield node
        elif isinstance(node, _OF_FIRST):
            waiting.append(node.children()[0])
        elif isinstance(node, Block) and node.expressions:
            waiting.append(node.expressions[-1])
        elif isinstance(node, Binary) and node.operator in _COMPUTING:
            waiting += [node.left, node.right]
        elif isinstance(node, Call) and isinstance(node.function, Variable):
            called = node.function
            if called.name not in SIGNATURES:
                yield called  # what is not there cannot be called
            elif called.name not in TAKES_NOTHING and node.arguments:
                waiting.append(node.arguments[0])
