"""Observations from the types of what one JSONPath site reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from asl_lint.expressions.jsonpath import Path
from asl_lint.facts.field_types import read_text
from asl_lint.facts.match import Match
from asl_lint.facts.path_type_faults import path_type_faults, paths_of, root_of, test_faults
from asl_lint.facts.sites import Site
from asl_lint.facts.value_type_faults import value_type_faults

if TYPE_CHECKING:
    from asl_lint.facts.environments import View
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


def jsonpath_type_faults(facts: "Facts", site: Site, view: "View") -> Iterator[Observed]:
    """What is wrong with the paths of a site and with their values; nothing where they start at what nobody knows."""
    paths = paths_of(site)
    for path in paths:
        if not root_of(path, view).anything:
            break
    else:
        return
    some = False
    for observed in path_type_faults(site, paths, view):
        some = True
        yield observed
    if site.field == "Variable":
        for observed in test_faults(site, facts.types):
            some = True
            yield observed
    parsed = site.path
    if some:
        return
    if not isinstance(parsed, Path):
        from asl_lint.facts.intrinsic_type_faults import intrinsic_type_faults

        yield from intrinsic_type_faults(site, view)
    yield from value_type_faults(facts, site, read_text(parsed, view), view)
