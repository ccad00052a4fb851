"""Observations from the types of values: in expressions and paths, in fields, in Choices, in the arguments of calls.

Each is told where nothing else has told of the place. What nothing is known of is never judged, and definitions in which no
value is known pay nothing.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from asl_lint.facts.match import Match, Place
from asl_lint.facts.sites import Site
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import has_placeholder

if TYPE_CHECKING:
    from asl_lint.facts.environments import View
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.types.jsonata import Inferred
    from asl_lint.types.lattice import Type

Observed = tuple[str, Match]

_MAKING: Final = ("Result", "Parameters")


def types_say(facts: "Facts") -> bool:
    """Whether any value of the machine is known that something reads: an answer of AWS, a constant, an error, an expression."""
    if not any(_reads(site.text) for site in facts.sites):
        return False
    return (
        facts.workflow.input_schema is not None
        or any(call.kind in ("sdk", "optimized") for call in facts.calls.values())
        or any(site.kind == "jsonata" for site in facts.sites)
        or any(_makes(state) for state in facts.machine.states)
    )


def _reads(text: str) -> bool:
    """Whether a text may read a member of the input, a variable, or what an expression makes."""
    return "." in text or "[" in text or text[:2] == "{%"


def _makes(state: State) -> bool:
    """Whether a state without a call hands on a value of which something is known."""
    if state.type == "Pass":
        return any(field in state.body for field in _MAKING)
    return state.type in ("Parallel", "Map") or "Catch" in state.body


def type_faults(facts: "Facts", told: Collection[Pointer]) -> Iterator[Observed]:
    """Observations about the whole machine. ``told`` are the places of which something has been said."""
    if not types_say(facts) or not facts.graph.is_complete:
        return
    found = list(_of_sites(facts, told))
    yield from _once(found)
    wrong = {match.pointer for _, match in found}
    for state in facts.machine.states:
        if state.type != "Choice" or not state.is_language_known:
            continue
        rules = (*state.pointer, "Choices")
        if any(pointer[: len(rules)] == rules for pointer in wrong):
            continue  # what follows from a wrong condition is not told again
        from asl_lint.facts.choice_type_faults import unreachable_rule_faults
        from asl_lint.facts.status_choices import status_choice_faults

        # One wrong condition lets several statuses through, and takes what later rules are for: that is one fault.
        statuses: dict[Pointer, Observed] = {}
        for code, match in status_choice_faults(facts, state):
            statuses.setdefault(match.pointer, (code, match))
        yield from statuses.values()
        if not statuses and not any(pointer[: len(rules)] == rules for pointer in told):
            yield from unreachable_rule_faults(facts, state)


def _once(found: list[Observed]) -> Iterator[Observed]:
    """One observation for all reads of a member that was lost on the way, with the other reads beside it."""
    groups: dict[object, list[Match]] = {}
    for code, match in found:
        groups.setdefault(_cause(code, match), []).append(match)
    for code, match in found:
        same = groups.pop(_cause(code, match), None)
        if same is not None:
            places = {one.pointer: one for one in same[1:] if one.pointer != match.pointer}
            related = tuple(Place(pointer, "read here too") for pointer in list(places)[:_MOST_PLACES])
            yield code, match._replace(related=related) if related else match


_MOST_PLACES: Final = 5


def _cause(code: str, match: Match) -> object:
    """What is the same for all that one slip causes: of a member of whose name nothing is near, the name."""
    if code != "unknown-member":
        return id(match)
    is_slip = match.help is not None and match.help.startswith("did you mean")
    return (match.values["member"], match.values["problem"] if is_slip else "")


def _of_sites(facts: "Facts", told: Collection[Pointer]) -> Iterator[Observed]:
    types = facts.types
    for site in facts.sites:
        if site.kind == "half-open" or site.field == "ResultPath" or site.pointer in told or has_placeholder(site.text):
            continue
        view = types.environment(site)
        if view is None:
            continue
        if site.kind == "jsonata":
            yield from _of_expression(facts, site, view)
        else:
            yield from _of_path(facts, site, view)


def _of_expression(facts: "Facts", site: Site, view: "View") -> Iterator[Observed]:
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
        found = list(_of_value(facts, site, inferred.type, view, inferred))
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


def _of_path(facts: "Facts", site: Site, view: "View") -> Iterator[Observed]:
    from asl_lint.expressions.jsonpath import Path
    from asl_lint.facts.path_type_faults import path_type_faults, paths_of, root_of, test_faults

    if all(root_of(path, view).anything for path in paths_of(site)):
        return
    some = False
    for observed in (*path_type_faults(site, view), *test_faults(site, facts.types)):
        some = True
        yield observed
    if not some and not isinstance(site.path, Path):
        from asl_lint.facts.intrinsic_type_faults import intrinsic_type_faults

        yield from intrinsic_type_faults(site, view)
    found = facts.types.type_of(site)
    if not some and found is not None:
        yield from _of_value(facts, site, found, view)


def _of_value(facts: "Facts", site: Site, found: "Type", view: "View", inferred: "Inferred | None" = None) -> Iterator[Observed]:
    if found.anything and inferred is None:
        return
    from asl_lint.facts.field_type_faults import field_type_faults
    from asl_lint.facts.undefined_values import undefined_faults

    yield from field_type_faults(site, found)
    yield from undefined_faults(site, found, view, inferred)
    call = facts.calls.get(site.state.number) if site.field in ("Arguments", "Parameters") else None
    if call is not None and call.kind in ("sdk", "optimized"):
        from asl_lint.facts.argument_type_faults import argument_type_faults

        yield from argument_type_faults(call, site, found)


def _reads_unset(site: Site, view: "View") -> bool:
    """Whether an expression reads a variable, or a member of ``$states``, that need not be there: that is told of elsewhere."""
    from asl_lint.expressions.jsonata.walk import variables

    names = view.names
    for reference in variables(site.jsonata[0]):
        found = names.get(reference.name)
        if found is not None and found.undefined:
            return True
    return "$states" in site.text and any(
        f"$states.{member}" in site.text and getattr(view, attribute) is None
        for member, attribute in (("result", "result"), ("errorOutput", "error"))
    )
