"""Which variables each site reads, and what happens to the read if the variable is not set.

A read is *asked* for where the author knows that nothing may be there (``$exists($v)``, ``IsPresent``, what follows if they
hold), *tolerant* where that does no harm (a test whether it is true, a comparison for equality), and *certain* where the site
as a whole fails without a value. Linear in the expressions.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from asl_lint.facts.sites import OFFSET, Site
from asl_lint.late import NamedTuple, Pattern
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Expression, Node, Variable


class Read(NamedTuple):
    """``$name`` in a site; ``within`` counts characters of the site's text. ``called`` where it stands as a function."""

    name: str
    site: Site
    within: Span
    tolerant: bool
    certain: bool
    asked: bool = False
    called: bool = False


def reads(sites: Sequence[Site]) -> list[Read]:
    """Every read of a variable, site by site; of sites with errors or placeholders none, for what they read is not known."""
    found: list[Read] = []
    for site in sites:
        if not _MAY_READ.search(site.text) or has_placeholder(site.text):
            continue
        if site.kind == "jsonata":
            found += _jsonata_reads(site)
        elif site.kind != "half-open":
            found += _jsonpath_reads(site)
    return found


_MAY_READ: Final = Pattern(r"\$(?!states\b)[^\W\d]")
"""A dollar sign and a name: a variable, or a function of JSONata."""


def may_read(sites: Sequence[Site]) -> bool:
    """Whether anything might be a read; without a look into the expressions."""
    return any(_MAY_READ.search(site.text) for site in sites)


# --- JSONPath ---------------------------------------------------------------------------------------------------------------


def _jsonpath_reads(site: Site) -> Iterator[Read]:
    from asl_lint.expressions.jsonpath import Path

    parsed = site.path
    if parsed.errors or site.field == "ResultPath":
        return  # a path to write to reads nothing
    for path in (parsed,) if isinstance(parsed, Path) else parsed.paths():
        if path.root == "variable" and path.variable is not None:
            end = path.start + 1 + len(path.variable)
            tolerant = path.variable in _tested_for_presence(site)
            # Whether And and Or come to a test in them is another matter.
            certain = not tolerant and site.owner != "NestedRule"
            yield Read(path.variable, site, Span(path.start, end), tolerant, certain, asked=tolerant)


def _tested_for_presence(site: Site) -> frozenset[str]:
    """The variables of which a rule of the same Choice state asks whether they are present."""
    if site.owner not in ("ChoiceRule", "NestedRule") or site.field == "Assign":
        return frozenset()
    names: set[str] = set()
    pending: list[Any] = [site.state.body.get("Choices")]
    while pending:
        rule = pending.pop()
        if isinstance(rule, list):
            pending += rule
        elif isinstance(rule, Mapping):
            pending += [rule[field] for field in ("And", "Or", "Not") if field in rule]
            variable = rule.get("Variable")
            if "IsPresent" in rule and isinstance(variable, str):
                names.add(variable[1:].partition(".")[0].partition("[")[0])
    return frozenset(names)


# --- JSONata ----------------------------------------------------------------------------------------------------------------

_NAMES: Final = Pattern(r"\$(?!states\b)([^\W\d]\w*)")
_ASKS: Final = frozenset({"append", "boolean", "count", "exists", "merge", "not", "type", "zip"})
"""Functions that one gives what may not be there."""
_TESTS: Final = frozenset({"boolean", "count", "exists", "not"})
"""Functions of which what they say of their argument is understood."""
_EQUALITY: Final = frozenset({"=", "!=", "in"})
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "%"})
NO_NAMES: Final[frozenset[str]] = frozenset()


_InTree = tuple[str, Span, bool, bool, bool, bool]
"""A read as ``Read`` has it, without its site."""


def _jsonata_reads(site: Site) -> Iterator[Read]:
    from asl_lint.expressions.jsonata.functions import SIGNATURES

    if SIGNATURES.keys() >= set(_NAMES.findall(site.text)):
        return  # all functions
    tree, errors = site.jsonata
    if not errors:
        for name, within, tolerant, certain, asked, called in _reads_of_tree(tree):
            yield Read(name, site, within, tolerant, certain, asked, called)


@lru_cache(maxsize=1024)
def _reads_of_tree(tree: "Expression") -> tuple[_InTree, ...]:
    from asl_lint.expressions.jsonata.functions import SIGNATURES
    from asl_lint.expressions.jsonata.walk import variables

    meant_to_bind = _compared_in_vain(tree) if ";" in tree.text else NO_NAMES
    outside = {
        reference.span.start: reference
        for reference in variables(tree)
        if reference.name != "states" and reference.name not in SIGNATURES and reference.name not in meant_to_bind
    }
    if not outside:
        return ()
    found: list[_InTree] = []
    needed = {node.start for node in _needed(tree.body)}
    for node, tolerant, guarded in _in_context(tree.body):
        reference = outside.get(node.start)
        if reference is not None:
            certain, asked = node.start in needed, reference.name in guarded
            within = Span(OFFSET + reference.span.start, OFFSET + reference.span.end)
            found.append((reference.name, within, (tolerant or asked) and not certain, certain, asked, reference.called))
    return tuple(found)


def _compared_in_vain(tree: "Expression") -> frozenset[str]:
    """The variables of ``($x = 5; …)``: the comparison itself is told, and was meant to bind them."""
    from asl_lint.expressions.jsonata.nodes import Binary, Block, Variable
    from asl_lint.expressions.jsonata.walk import walk

    dropped = (one for node in walk(tree) if isinstance(node, Block) for one in node.expressions[:-1])
    return frozenset(
        one.left.name for one in dropped if isinstance(one, Binary) and one.operator == "=" and isinstance(one.left, Variable)
    )


def _in_context(tree: "Node") -> "Iterator[tuple[Node, bool, frozenset[str]]]":
    """Each variable of the tree with whether it may be missing there, and the names that are asked for, or known to be set."""
    from asl_lint.expressions.jsonata.nodes import Array, Binary, Block, Call, Condition, Filter, KeepArray, Path, Variable

    waiting: list[tuple[Node, bool, frozenset[str]]] = [(tree, False, NO_NAMES)]
    while waiting:
        node, tolerant, guarded = waiting.pop()
        if isinstance(node, Variable):
            yield node, tolerant, guarded
        elif isinstance(node, Condition):
            waiting.append((node.test, True, guarded))
            waiting.append((node.then, tolerant, guarded | _present_if(node.test, outcome=True)))
            if node.otherwise is not None:
                waiting.append((node.otherwise, tolerant, guarded | _present_if(node.test, outcome=False)))
        elif isinstance(node, Binary) and node.operator in ("and", "or"):
            waiting.append((node.left, True, guarded))
            waiting.append((node.right, True, guarded | _present_if(node.left, outcome=node.operator == "and")))
        elif isinstance(node, Binary):
            waiting += [(child, node.operator in _EQUALITY, guarded) for child in (node.left, node.right)]
        elif isinstance(node, Call):
            called = node.function.name if isinstance(node.function, Variable) else ""
            waiting.append((node.function, False, guarded))
            if called == "exists" and node.arguments:
                guarded = guarded | {variable.name for variable in _needed(node.arguments[0])}
            waiting += [(argument, called in _ASKS, guarded) for argument in node.arguments]
        elif isinstance(node, Array):
            waiting += [(item, True, guarded) for item in node.items]
        elif isinstance(node, Path | Filter | KeepArray):
            first, *others = node.children()
            waiting.append((first, tolerant, guarded))
            waiting += [(child, False, guarded) for child in others]
        elif isinstance(node, Block) and len(node.expressions) == 1:
            waiting.append((node.expressions[0], tolerant, guarded))
        else:
            waiting += [(child, False, guarded) for child in node.children()]


def _present_if(test: "Node", *, outcome: bool) -> frozenset[str]:
    """The variables that are surely set if the test counts as true, or, for the other outcome, if it does not."""
    from asl_lint.expressions.jsonata.nodes import Binary, Block, Call, Variable

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


def _needed(tree: "Node") -> "Iterator[Variable]":
    """The variables without which the expression yields nothing, or fails, each where it stands."""
    from asl_lint.expressions.jsonata.functions import SIGNATURES, TAKES_NOTHING
    from asl_lint.expressions.jsonata.nodes import Binary, Block, Call, Filter, KeepArray, Negate, Path, Sort, Variable

    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Variable):
            yield node
        elif isinstance(node, Path | Filter | KeepArray | Sort | Negate):
            waiting.append(node.children()[0])
        elif isinstance(node, Block) and node.expressions:
            waiting.append(node.expressions[-1])
        elif isinstance(node, Binary) and node.operator in (_ARITHMETIC | _ORDER):
            waiting += [node.left, node.right]
        elif isinstance(node, Call) and isinstance(node.function, Variable):
            called = node.function
            if called.name not in SIGNATURES:
                yield called  # what is not there cannot be called
            elif called.name not in TAKES_NOTHING and node.arguments:
                waiting.append(node.arguments[0])
