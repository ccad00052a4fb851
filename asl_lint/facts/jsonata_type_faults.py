"""Observations from the types of one JSONata site and of what it reads."""

from collections.abc import Iterator

from asl_lint.expressions.jsonata.walk import variables
from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.value_type_faults import value_type_faults
from asl_lint.late import TYPE_CHECKING

if TYPE_CHECKING:
    from asl_lint.facts.environments import View
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


def jsonata_type_faults(facts: "Facts", site: Site, view: "View") -> Iterator[Observed]:
    """What is wrong inside the expression; where nothing is, with its value."""
    inferred = facts.types.inferred(site)
    if inferred is None:
        return
    some = False
    if inferred.faults:
        from asl_lint.facts.expression_type_faults import expression_type_faults

        for observed in expression_type_faults(site, inferred):
            some = True
            if site.field != "Condition" or _is_wrong_alone(facts, site, view, observed):
                yield observed
    if not some:
        found = list(value_type_faults(facts, site, inferred.type, view, inferred))
        yield from () if found and _reads_unset(site, view) else found


def _is_wrong_alone(facts: "Facts", site: Site, view: "View", observed: Observed) -> bool:
    """Whether a condition has the fault whatever the rules before it take, too; else the rule is told of, as never reached."""
    before = facts.types.before(site.state)
    if before is None or (view.input == before.input and view.variables == before.variables):
        return True
    from asl_lint.facts.expression_type_faults import expression_type_faults
    from asl_lint.types.jsonata import infer

    alone = infer(site.jsonata[0], view._replace(input=before.input, variables=before.variables).names)
    return any(one[0] == observed[0] and one[1].within == observed[1].within for one in expression_type_faults(site, alone))


def _reads_unset(site: Site, view: "View") -> bool:
    """Whether an expression reads a variable, or a member of ``$states``, that need not be there: that is told of elsewhere."""
    names = view.names
    for reference in variables(site.jsonata[0]):
        found = names.get(reference.name)
        if found is not None and found.undefined:
            return True
    return "$states" in site.text and any(
        f"$states.{member}" in site.text and getattr(view, attribute) is None
        for member, attribute in (("result", "result"), ("errorOutput", "error"))
    )
