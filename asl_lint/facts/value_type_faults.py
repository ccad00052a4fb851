"""What the type of a whole value says: of the field that takes it, of one that is missing, and of an argument of a call."""

from collections.abc import Iterator

from asl_lint.facts.field_type_faults import field_type_faults
from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.undefined_values import undefined_faults
from asl_lint.late import TYPE_CHECKING
from asl_lint.types.lattice import Type

if TYPE_CHECKING:
    from asl_lint.facts.environments import View
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.types.jsonata import Inferred

Observed = tuple[str, Match]


def value_type_faults(
    facts: "Facts", site: Site, found: Type, view: "View", inferred: "Inferred | None" = None
) -> Iterator[Observed]:
    """Observations about a site that gives values of the type ``found``; ``inferred`` tells of the parts of an expression."""
    if found.anything and inferred is None:
        return
    yield from field_type_faults(site, found)
    yield from undefined_faults(site, found, view, inferred)
    if site.field in ("Arguments", "Parameters") and not found.anything:
        call = facts.calls.get(site.state.number)
        if call is not None and call.kind in ("sdk", "optimized"):
            from asl_lint.facts.argument_type_faults import argument_type_faults

            yield from argument_type_faults(call, site, found)
