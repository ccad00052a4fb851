"""Observations from the types of what one JSONPath site reads."""

from collections.abc import Iterator

from asl_lint.expressions.jsonpath import Path
from asl_lint.facts.field_types import read_text
from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.value_type_faults import value_type_faults
from asl_lint.late import TYPE_CHECKING
from asl_lint.types.jsonpath import follow
from asl_lint.types.lattice import Type

if TYPE_CHECKING:
    from asl_lint.facts.environments import View
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


def jsonpath_type_faults(facts: "Facts", site: Site, view: "View") -> Iterator[Observed]:
    """What is wrong with the paths of a site and with their values; nothing where they start at what nobody knows."""
    parsed = site.path
    if isinstance(parsed, Path):
        start = view.start_of(parsed)
        if start.anything or parsed.errors:
            return
        found = follow(start, parsed.steps)
        may_lose = _may_lose(parsed, found)
        if found.anything and not may_lose and site.field != "Variable":
            return
    else:
        if all(view.start_of(path).anything for path in site.paths):
            return
        found, may_lose = read_text(parsed, view), True
    if may_lose or site.field == "Variable":
        from asl_lint.facts.path_type_faults import path_type_faults, test_faults

        inside = [*(path_type_faults(site, view) if may_lose else ()), *test_faults(site, facts.types)]
        yield from inside
        if inside:
            return
    if not isinstance(parsed, Path):
        from asl_lint.facts.intrinsic_type_faults import intrinsic_type_faults

        yield from intrinsic_type_faults(site, view)
    yield from value_type_faults(facts, site, found, view)


def _may_lose(path: Path, found: Type) -> bool:
    """Whether a member on the way may be one that no value has: then the path has no value, but where it goes several ways."""
    return (found.undefined > 0 and not found.anything) or any(step.kind not in ("member", "index") for step in path.steps)
