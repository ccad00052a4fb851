"""Expressions of JSONata of which the value, as far as the text gives it, is not what their field needs, or is a function."""

from collections.abc import Iterator

from asl_lint.expressions.jsonata.certainty import type_or_nothing
from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.nodes import Apply, Binary, Call, Condition, Expression, Node, Path, Variable
from asl_lint.expressions.jsonata.sequences import may_be_single
from asl_lint.facts.constants import ABSENT, NOTHING_KNOWN, UNKNOWN, Known, value_of_node
from asl_lint.facts.field_values import Need, fails, nothing, of_type, single_items, unsuitable
from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.values import shown
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


def jsonata_value_faults(facts: "Facts", site: Site, need: Need | None) -> Iterator[Observed]:
    """Observations about the value of one JSONata site, of which the field has a need, or which may be a function."""
    text = site.text
    if has_placeholder(text) or site.jsonata[1]:
        return
    tree = site.jsonata[0]
    problem = _problem(facts, site, tree, need)
    hint = None
    if tree.name is not None and _is_function(facts, tree.name):
        problem, hint = f"${tree.name} is a function, which is no value of JSON", f"call it: ${tree.name}(…)"
    if problem is not None:
        yield fails(site, site.whole, problem, hint)
    elif site.field == "Items" and need is not None:
        yield from _single_items(site)


def _single_items(site: Site) -> Iterator[Observed]:
    """Items that are an array only where there are two of them or more."""
    tree, _ = site.jsonata
    node = may_be_single(tree)
    if node is None:
        return
    yield single_items(site, Span(OFFSET + node.start, OFFSET + node.end))


def _problem(facts: "Facts", site: Site, tree: Expression, need: Need | None) -> str | None:
    # Only a variable and a path of plain steps need what is known before the state.
    kind = type(tree.body)
    reads = kind is Variable or kind is Path
    known = _known(facts, site, tree.body) if reads and need is not None else None
    if reads and known is None:
        return None
    if need is not None and kind not in _COMPUTED:
        value = value_of_node(tree.body, known or NOTHING_KNOWN)
        if value is ABSENT:
            return nothing(shown(site.expression.strip()))
        if value is not UNKNOWN:
            return unsuitable(value, need, site)
    found = type_or_nothing(tree)
    if found == "function" and need is None:
        return "a function is no value of JSON"
    return of_type(found, need, site) if found is not None and need is not None and found != need.type else None


_COMPUTED: Final = frozenset({Binary, Call, Condition, Apply})
"""Nodes of which no value is told, but the type."""


def _known(facts: "Facts", site: Site, body: Node) -> Known | None:
    """What is known before the state of a site that a variable, or a path from one, is."""
    first = body.steps[0] if isinstance(body, Path) else body
    if not isinstance(first, Variable):
        return None
    return facts.constant_sources.known(site.state, None if first.name == "states" else first.name)


def _is_function(facts: "Facts", name: str) -> bool:
    """Whether a name that stands alone is a function's, and no variable hides it."""
    if name not in SIGNATURES:
        return False
    return "Assign" not in facts.document.text.content or name not in facts.variables.bits
