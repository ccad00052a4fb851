"""Observations from the types of values: in expressions and paths, in fields, in Choices, in the arguments of calls.

Each is told where nothing else has told of the place. What nothing is known of is never judged, and definitions in which no
value is known pay nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from asl_lint.facts.match import Match, Place
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import has_placeholder

if TYPE_CHECKING:
    from asl_lint.facts.environments import View
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.sites import Site

    Judge = Callable[[Facts, Site, View], Iterable["Observed"]]

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
    judges: dict[bool, Judge] = {}
    for site in facts.sites:
        if site.kind == "half-open" or site.field == "ResultPath" or site.pointer in told or has_placeholder(site.text):
            continue
        view = types.environment(site)
        if view is not None:
            is_jsonata = site.kind == "jsonata"
            judge = judges.get(is_jsonata)
            if judge is None:
                judge = judges[is_jsonata] = _judge(is_jsonata)
            yield from judge(facts, site, view)


def _judge(is_jsonata: bool) -> "Judge":
    """What tells of the sites of a language; of the other there is nothing to import."""
    if is_jsonata:
        from asl_lint.facts.jsonata_type_faults import jsonata_type_faults

        return jsonata_type_faults
    from asl_lint.facts.jsonpath_type_faults import jsonpath_type_faults

    return jsonpath_type_faults
