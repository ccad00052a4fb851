"""Faults of JSONata expressions that the types of what they read show, in words."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.expressions.jsonata.nodes import Array, Binary, Name, Node, Path, String
from asl_lint.expressions.jsonata.walk import walk
from asl_lint.facts.match import Match
from asl_lint.facts.mixed_types import never_taken, wrong_kinds
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.type_words import article, in_line, kinds_in_words, listed_members, shortened, unlisted_text
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.source.text import Span
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import text
from asl_lint.types.steps import view_of

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inferred

Observed = tuple[str, Match]


def expression_type_faults(site: Site, inferred: "Inferred") -> Iterator[Observed]:
    """Observations about one JSONata site of which the types are known."""
    for fault in inferred.faults:
        tell = _TELLERS.get(fault.kind)
        observed = None if tell is None else tell(site, fault)
        if observed is not None:
            yield observed


def within(node: Node) -> Span:
    """Where a node stands in the string of its site."""
    return Span(OFFSET + node.start, OFFSET + max(node.end, node.start + 1))


def _written(site: Site, node: Node) -> str:
    return shortened(site.expression[node.start : node.end])


# --- members ----------------------------------------------------------------------------------------------------------------


def _unknown_member(site: Site, fault: TypeFault) -> Observed:
    problem, hint, sure = listed_members(fault.subject, fault.names, fault.source)
    values = {"member": fault.subject, "problem": problem}
    sure = sure and fault.met and _is_all(site, fault.node)
    return "unknown-member", Match(site.pointer, values, within=within(fault.node), help=hint, sure=sure)


def _member_of_scalar(site: Site, fault: TypeFault) -> Observed:
    problem = f'"{fault.subject}" is read from {kinds_in_words(fault.found)}, which has no members'
    sure = fault.certain and fault.met and _is_all(site, fault.node)
    values = {"member": fault.subject, "problem": problem}
    return "unknown-member", Match(site.pointer, values, within=within(fault.node), sure=sure)


def _is_all(site: Site, node: Node) -> bool:
    """Whether the expression is a path with this step, so that it has no value where the step finds none."""
    body = site.jsonata[0].body
    if site.owner == "ChoiceRule" or not isinstance(body, Path | Name):
        return False
    return any(step.base is node for step in view_of(body).steps)


# --- comparisons ------------------------------------------------------------------------------------------------------------


def _never_holds(site: Site, fault: TypeFault) -> Observed | None:
    node = fault.node
    left, right = fault.found, fault.other
    if not fault.certain and not left.kinds & right.kinds:
        return None  # ``!= null``: a way to ask whether there is a value
    outcome = "true" if fault.outcome else "false"
    place, hint = node, None
    if left.kinds & right.kinds and fault.names:
        literal = _literal_of(node)
        if literal is not None:
            place = literal
            problem, hint = unlisted_text(literal.value, left if left.strings != text(literal.value).strings else right)
        else:
            problem = f"{in_line(left)} and {in_line(right)} have no value in common"
    elif left.kinds & right.kinds:
        problem = f"on the left is {in_line(left)}, on the right {in_line(right)}"
    else:
        problem = f"{kinds_in_words(left)} is never equal to {kinds_in_words(right)}"
    values = {"comparison": _compared(site, node), "outcome": outcome, "problem": problem}
    sure = fault.certain
    return "comparison-never-holds", Match(site.pointer, values, within=within(place), help=hint, sure=sure)


def _compared(site: Site, node: Node) -> str:
    """A comparison as it is written; of a text in a list that something is looked for in, the comparison with that text."""
    if isinstance(node, String):
        for one in walk(site.jsonata[0]):
            if isinstance(one, Binary) and isinstance(one.right, Array) and any(item is node for item in one.right.items):
                return f"{_written(site, one.left)} = {_written(site, node)}"
    return _written(site, node)


def _literal_of(node: Node) -> String | None:
    """The text that a comparison holds against something."""
    if isinstance(node, String):
        return node
    if not isinstance(node, Binary):
        return None
    return next((side for side in (node.right, node.left) if isinstance(side, String)), None)


# --- operands and arguments -------------------------------------------------------------------------------------------------


def _wrong_operand(site: Site, fault: TypeFault) -> Observed | None:
    subject, found, other = fault.subject, fault.found, fault.other
    if not fault.certain and (subject == "{" or not never_taken(fault)):
        return None if subject == "{" else _perhaps_wrong(site, fault, _plural(fault.expected))
    sure = fault.certain and fault.met
    if subject == "{":
        values = {"subject": "{", "problem": f"a key is a text, not {kinds_in_words(found)}"}
        return "wrong-object-key", Match(site.pointer, values, within=within(fault.node), sure=sure)
    if not other.is_nothing:
        problem = f"{kinds_in_words(found)} is compared with {kinds_in_words(other)}"
    else:
        problem = f"it takes {_plural(fault.expected)}, not {kinds_in_words(found)}"
    return "wrong-operand", Match(site.pointer, {"subject": subject, "problem": problem}, within=within(fault.node), sure=sure)


def _wrong_argument(site: Site, fault: TypeFault) -> Observed | None:
    array = fault.found.array if fault.inside else None
    if array is None:
        needed, found = article(fault.expected), kinds_in_words(fault.found)
        problem = f"it takes {needed} here, not {found}"
    else:
        needed, found = f"an array of {_plural(fault.expected)}", kinds_in_words(array.element)
        problem = f"it takes {needed}, not {found} in it"
    if not fault.certain and not never_taken(fault):
        return _perhaps_wrong(site, fault, needed)
    values = {"subject": fault.subject, "problem": problem}
    return "wrong-argument", Match(site.pointer, values, within=within(fault.node), sure=fault.certain and fault.met)


def _perhaps_wrong(site: Site, fault: TypeFault, needed: str) -> Observed | None:
    """Of a value that the definition itself makes of several kinds, on one way so and on another so."""
    if "errorOutput" in site.text or not fault.always or not fault.other.is_nothing:
        return None  # what an error is only who reports it knows
    wrong = wrong_kinds(fault.found, fault.expected, inside=fault.inside)
    if not wrong:
        return None
    values = {"value": _written(site, fault.node), "found": wrong, "needed": f"{fault.subject} takes {needed}"}
    return "possibly-wrong-type", Match(site.pointer, values, within=within(fault.node), sure=False, confidence="medium")


def _not_a_function(site: Site, fault: TypeFault) -> Observed:
    written = _written(site, fault.node)
    values = {"subject": written, "problem": f"it holds {kinds_in_words(fault.found)}, which is no function"}
    return "unknown-function", Match(site.pointer, values, within=within(fault.node), sure=fault.met)


def _plural(kinds: frozenset[str]) -> str:
    return " and ".join(_PLURALS[kind] for kind in sorted(kinds))


_PLURALS: Final[Mapping[str, str]] = {
    "number": "numbers", "string": "texts", "boolean": "booleans", "null": "null", "array": "arrays", "object": "objects",
    "function": "functions",
}  # fmt: skip


# --- single values ----------------------------------------------------------------------------------------------------------


def _count_of_single(site: Site, fault: TypeFault) -> Observed:
    values = {"subject": "$count", "problem": f"of {kinds_in_words(fault.found)} it is always 1"}
    return "count-of-single-value", Match(site.pointer, values, within=within(fault.node))


def _index_of_single(site: Site, fault: TypeFault) -> Observed | None:
    if not fault.certain:
        return None
    values = {"value": kinds_in_words(fault.found)}
    hint = "the first character is $substring(text, 0, 1)" if fault.found.kinds == {"string"} else None
    return "index-of-single-value", Match(site.pointer, values, within=within(fault.node), help=hint)


_TELLERS: Final[Mapping[str, Callable[[Site, TypeFault], Observed | None]]] = {
    "unknown-member": _unknown_member,
    "member-of-scalar": _member_of_scalar,
    "never-holds": _never_holds,
    "wrong-operand": _wrong_operand,
    "wrong-argument": _wrong_argument,
    "not-a-function": _not_a_function,
    "count-of-single-value": _count_of_single,
    "index-of-single-value": _index_of_single,
}
"""Kind of a fault -> what makes the observation of it; None where it is not worth telling."""
