"""Values that are missing where the service, or a function of JSONata, fails without one."""

from collections.abc import Iterator

from asl_lint.expressions.jsonpath import Path
from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.type_words import shortened
from asl_lint.late import TYPE_CHECKING, Final, Pattern
from asl_lint.source.text import Span
from asl_lint.types.lattice import ANY, Type, Undefined

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Node
    from asl_lint.facts.environments import View
    from asl_lint.types.jsonata import Inferred

Observed = tuple[str, Match]

_SPREADING: Final = frozenset({"+", "-", "*", "/", "%", "<", "<=", ">", ">="})
"""Operators that give nothing where one side is nothing."""
_REFUSING: Final = frozenset({
    "contains", "each", "filter", "formatInteger", "formatNumber", "map", "match", "parseInteger", "power", "reduce", "replace",
    "sift", "single", "sort", "split",
})  # fmt: skip
"""Functions that fail where their second argument is written and is nothing (measured with 2.0.6), but for a first that is."""
_A_REFUSING_ONE: Final = Pattern(rf"\$(?:{'|'.join(sorted(_REFUSING))})\(")


def undefined_faults(site: Site, found: Type, view: "View", inferred: "Inferred | None" = None) -> Iterator[Observed]:
    """Observations about a site that gives ``found``: no value, or one that hangs on a member that some way to it leaves out."""
    if inferred is not None:
        for argument in _needed_arguments(site, view, inferred):
            yield _on_some_way(site, argument)
    if found.undefined != Undefined.POSSIBLE or found.anything:
        return
    certain = found.is_undefined
    if site.kind == "jsonata":
        if site.field == "Condition":
            return
        if certain:
            values = {"expression": shortened(site.expression), "how": _NEVER}
            yield "undefined-value", Match(site.pointer, values, within=site.whole)
        elif inferred is not None:
            for node in list(_hangs_on(site.jsonata[0].body, view, inferred))[:1]:
                yield _on_some_way(site, node)
        return
    path = site.path
    if isinstance(path, Path) and site.state.type != "Choice" and (certain or _is_left_out_by_path(path, view)):
        values = {"expression": path.source, "how": _NEVER if certain else _SOMETIMES}
        yield "undefined-value", Match(site.pointer, values, within=site.whole, sure=certain)


_NEVER: Final = "never has a value"
_SOMETIMES: Final = "has no value on some way"


def _on_some_way(site: Site, node: "Node") -> Observed:
    values = {"expression": shortened(site.expression[node.start : node.end]), "how": _SOMETIMES}
    within = Span(OFFSET + node.start, OFFSET + node.end)
    return "undefined-value", Match(site.pointer, values, within=within, sure=False)


def _hangs_on(node: "Node", view: "View", inferred: "Inferred") -> Iterator["Node"]:
    """The paths without whose value an expression has none, of those that some way leaves out."""
    from asl_lint.expressions.jsonata.functions import SIGNATURES, TAKES_NOTHING
    from asl_lint.expressions.jsonata.nodes import Binary, Block, Call, Condition, Negate, Variable

    if isinstance(node, Block) and len(node.expressions) == 1:
        yield from _hangs_on(node.expressions[0], view, inferred)
    elif isinstance(node, Binary) and node.operator in _SPREADING:
        yield from _hangs_on(node.left, view, inferred)
        yield from _hangs_on(node.right, view, inferred)
    elif isinstance(node, Negate):
        yield from _hangs_on(node.operand, view, inferred)
    elif isinstance(node, Condition):
        for part in (node.then, node.otherwise):
            if part is not None:
                yield from _hangs_on(part, view, inferred)
    elif isinstance(node, Call) and isinstance(node.function, Variable) and node.arguments and not node.partial:
        name = node.function.name
        if name in SIGNATURES and name not in TAKES_NOTHING and name not in view.variables:
            yield from _hangs_on(node.arguments[0], view, inferred)
    elif _is_left_out(node, view, inferred):
        yield node


def _needed_arguments(site: Site, view: "View", inferred: "Inferred") -> Iterator["Node"]:
    """The second arguments of functions that fail without one, of those that some way leaves out."""
    if "(" not in site.text or _A_REFUSING_ONE.search(site.text) is None:
        return
    from asl_lint.expressions.jsonata.nodes import Apply, Bind, Call, Lambda, Variable
    from asl_lint.expressions.jsonata.walk import walk

    nodes = list(walk(site.jsonata[0]))
    if any(isinstance(node, Bind | Lambda) for node in nodes):
        return  # a name may be another one there
    applied = {id(node.right) for node in nodes if isinstance(node, Apply)}
    for node in nodes:
        if not isinstance(node, Call) or node.partial or id(node) in applied or len(node.arguments) < 2:
            continue
        name = node.function.name if isinstance(node.function, Variable) else ""
        if name not in _REFUSING or name in view.variables or inferred.of(node.arguments[0]).undefined:
            continue
        if _is_left_out(node.arguments[1], view, inferred):
            yield node.arguments[1]


def _is_left_out(node: "Node", view: "View", inferred: "Inferred") -> bool:
    """Whether an expression is a path of members, one of which an object that it goes through may not have."""
    from asl_lint.types.conditions import subject

    if inferred.of(node).undefined != Undefined.POSSIBLE:
        return False
    read = subject(node)
    return read is not None and read[0] != "" and _is_optional(view.names.get(read[0], ANY), read[1])


def _is_left_out_by_path(path: Path, view: "View") -> bool:
    if path.root == "context" or any(step.kind != "member" for step in path.steps):
        return False
    root = view.variables.get(path.variable or "", ANY) if path.root == "variable" else view.input
    return _is_optional(root, tuple(step.names[0] for step in path.steps))


def _is_optional(found: Type, names: tuple[str, ...]) -> bool:
    """Whether the way down goes through objects alone, to the first member that may be missing."""
    for name in names:
        if found.anything or found.kinds != {"object"} or found.undefined or found.object is None:
            return False
        found = found.object.member(name)
        if found.undefined:
            return found.undefined == Undefined.POSSIBLE
    return False
