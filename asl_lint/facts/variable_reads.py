"""Which variables each site reads, and what happens to the read if the variable is not set.

A read is *asked* for where the author knows that nothing may be there (``$exists($v)``, ``IsPresent``, what follows if they
hold), *tolerant* where that does no harm (a test whether it is true, a comparison for equality), and *certain* where the site
as a whole fails without a value. Linear in the expressions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from asl_lint.facts.sites import Site
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple, Pattern
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Expression
    from asl_lint.facts.jsonata_reads import ReadOfTree


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
    of_tree: Callable[[Expression], Sequence[ReadOfTree]] | None = None
    for site in sites:
        if site.kind == "jsonata":
            if of_tree is None:
                of_tree = _reader_of_trees()
            tree, errors = site.jsonata
            if not errors and (in_tree := of_tree(tree)) and not has_placeholder(site.text):
                for name, within, tolerant, certain, asked, called in in_tree:
                    found.append(Read(name, site, within, tolerant, certain, asked, called))
        elif site.kind != "half-open" and _MAY_READ.search(site.text) and not has_placeholder(site.text):
            found += _jsonpath_reads(site)
    return found


def _reader_of_trees() -> "Callable[[Expression], Sequence[ReadOfTree]]":
    from asl_lint.facts.jsonata_reads import reads_of_tree

    return reads_of_tree


_MAY_READ: Final = Pattern(r"\$(?!states\b)[^\W\d]")
"""A dollar sign and a name: a variable, or a function of JSONata."""


def may_read(sites: Sequence[Site]) -> bool:
    """Whether anything might be a read; without a look into the expressions."""
    return any(_MAY_READ.search(site.text) for site in sites)


# --- JSONPath ---------------------------------------------------------------------------------------------------------------


def _jsonpath_reads(site: Site) -> Iterator[Read]:
    for path in site.paths:
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
