"""``loops@1``: every loop of the machine ends, as far as the rule asks for it.

What is known of a loop: ``trap`` (no way out), ``external`` (only what happens outside the machine ends it), ``counted`` (a
counter with a limit ends it, which is proved), ``unknown`` (something inside ends it, in a way that is not understood).
"""

from collections.abc import Iterable, Iterator

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.properties.call_selector import SELECTOR, matches
from asl_lint.properties.kind import Kind, Parameters

if TYPE_CHECKING:
    from asl_lint.facts.loops import Loop

# The modules about loops are imported where there is one: most definitions have none.

_OF_COUNTED: Final = frozenset(("most-turns", "least-turns", "history"))
"""Demands on loops that end; who makes one does not ask for the others, unless he says so."""

_SHOWN: Final = 6
"""States of a loop that a message names."""


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "states", "problem"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    for loop in facts.loops:
        if not loop.sure or not loop.cycle:
            continue
        if "containing" in parameters and not any(
            (call := facts.calls.get(state.number)) is not None and matches(parameters["containing"], call)
            for state in loop.states
        ):
            continue
        for problem in _problems(facts, loop, parameters):
            yield match_of(loop, problem)


def _problems(facts: Facts, loop: "Loop", parameters: Parameters) -> Iterator[str]:
    from asl_lint.facts.loops import least_wait, turns_in_time

    timeout = facts.machine.body.get("TimeoutSeconds")
    faults = parameters.get("faults", () if _OF_COUNTED & parameters.keys() else ("trap", "external"))
    if "settled" in faults and loop.kind == "external":
        yield from _settled(loop)
    if loop.kind in faults:
        timed = parameters.get("timeout-counts", False) and loop.kind != "trap" and turns_in_time(loop, timeout) is not None
        if not timed:
            yield loop.reason
            return
    if loop.kind == "counted":
        yield from _too_many(facts, loop, parameters)
    if "least-wait" in parameters:
        wait = least_wait(loop.region)
        if wait < parameters["least-wait"]:
            yield f"a turn can wait as little as {wait} seconds"


def _settled(loop: "Loop") -> Iterator[str]:
    from asl_lint.facts.tested_cells import settled_before

    cells = settled_before(loop.region)
    if cells is not None:
        some = alternatives([cell.spelled(loop.states[0].language) for cell in cells], "or")
        yield f"nothing in it changes {some}, by which it is left"


def _too_many(facts: Facts, loop: "Loop", parameters: Parameters) -> Iterator[str]:
    from asl_lint.facts.loops import MOST_EVENTS, least_events

    most, allowed = loop.most, parameters.get("most-turns")
    if allowed is not None and (most is None or most > allowed):
        turns = "as many turns as the input or the deployment says" if most is None else f"up to {most} turns"
        yield f"it makes {turns}, more than {allowed}"
    fewest = parameters.get("least-turns")
    if fewest is not None and most is not None and most < fewest:
        yield f"it makes up to {most} turn{'s' * (most != 1)}, less than {fewest}"
    if parameters.get("history") and most is not None and facts.workflow.machine_type != "EXPRESS":
        events = least_events(loop)
        if most * events > MOST_EVENTS:
            full = f"a history of 25,000 events is full after {MOST_EVENTS // events}"
            yield f"its limit is {most} turns, but {full}: each turn writes at least {events}"


def match_of(loop: "Loop", problem: str) -> Match:
    """A loop as a place with its way round: the state at which the loop is entered bears it."""
    from asl_lint.facts.witness import chain

    first = loop.graph.states[loop.cycle[0].source]
    names = [f'"{loop.graph.states[edge.source].name}"' for edge in loop.cycle]
    shown = names if len(names) <= _SHOWN else [*names[: _SHOWN - 2], "…", names[-1]]
    values = {"state": first.name, "states": " → ".join(shown), "problem": problem}
    return Match(first.pointer, values, "key", path=chain(loop.graph, loop.cycle))


KIND: Final = Kind(
    name="loops@1",
    summary="Every loop of the machine ends, waits, and stays within bounds.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "faults": {
                "description": "Which loops are reported: those with no way out (trap), those that only the outside ends "
                "(external), of these those whose ways out test only what nothing in them changes (settled), those of which "
                "neither is known (unknown). Without it, trap and external, unless most-turns or history is given.",
                "type": "array",
                "uniqueItems": True,
                "items": {"enum": ["trap", "external", "settled", "unknown"]},
            },
            "timeout-counts": {
                "description": "A loop that waits in every turn is bounded by the machine's TimeoutSeconds too.",
                "type": "boolean",
                "default": False,
            },
            "most-turns": {"description": "The turns that a counted loop may make.", "type": "integer", "minimum": 1},
            "least-turns": {
                "description": "The turns that a counted loop must be allowed to make, where its limit is in the text.",
                "type": "integer",
                "minimum": 1,
            },
            "least-wait": {
                "description": "The seconds that each turn must wait in Wait states.",
                "type": "integer",
                "minimum": 1,
            },
            "history": {
                "description": "Report loops whose limit lies beyond a history of 25,000 events.",
                "type": "boolean",
                "default": False,
            },
            "containing": {**SELECTOR, "description": "Only loops with a call of this kind."},
        },
    },
    values=_values,
    check=_check,
)
