"""``released-on-every-path@1``: what a call takes is given back before the execution ends, on every way.

Without ``acquire`` and ``release`` it speaks of the locks in DynamoDB that the linter recognises. What may be the same thing, or
another one, has the benefit of the doubt, unless ``proved``. The machine's own timeout and StopExecution run nothing: only a
lease helps there.
"""

from collections.abc import Iterable, Iterator, Mapping

from asl_lint.facts.calls import Call
from asl_lint.facts.duties import Duties, Duty, Release
from asl_lint.facts.error_sets import NO_ERROR
from asl_lint.facts.identity import SAME, UNKNOWN, Comparison, compare
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged, Place
from asl_lint.facts.nesting import Takes
from asl_lint.facts.routes import Route, places
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.properties.call_selector import SELECTOR, argument, matches, selector_faults
from asl_lint.properties.event_selector import CALL_MEMBERS, ENDS, words_of_calls
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.properties.path_question import DATA_ERRORS, includes_data, rounds, unknown_ways
from asl_lint.source.document import Pointer

_ALL_ENDS: Final = ("succeeded", "failed", "error")


class _Taken(NamedTuple):
    """A duty and what messages call what is taken."""

    duty: Duty
    name: str


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "lock", "where", "end"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    if "acquire" not in parameters:
        taken = [_Taken(lock.duty, f"the lock {lock.name}") for lock in facts.locks]
    elif facts.document.damaged:
        yield NotJudged("a definition that can be read whole")
        return
    else:
        taken = list(_duties(facts, parameters))
        if not taken:
            yield NotJudged(f"something that the machine does not have: a call of {words_of_calls(parameters['acquire'])}")
    if taken:
        yield from list(_open(facts, parameters, taken)) or unknown_ways(facts)


def _open(facts: Facts, parameters: Parameters, taken: list[_Taken]) -> Iterator[Match]:
    ends, proved = parameters.get("ends", _ALL_ENDS), parameters.get("proved", False)
    duties = Duties(facts, [one.duty for one in taken], parameters.get("discharged-by") == "success", includes_data(parameters))
    left = set(range(len(taken)))
    for takes, seen in rounds(facts, parameters):
        solution = duties.held(takes, only_sure=proved)
        found = duties.open_at_ends(solution, ends)
        for i in sorted(left):
            if found >> i & 1:
                way = duties.witness(i, solution, ends)
                if way is not None:
                    left.discard(i)
                    turn = duties.turn(i, solution, way)
                    turns = () if turn is None else (turn,)
                    yield _match(facts, duties, i, taken[i], way, takes)._replace(seen=seen, turns=turns)


def _match(facts: Facts, duties: Duties, i: int, one: _Taken, way: Route, takes: Takes) -> Match:
    step = duties.culprit(i, way, takes)
    state = facts.nesting.graphs[step.g].state(step.edge.source)
    where = one.duty.state if state is None else state
    # On a way through a release, that one may give back another thing.
    given = next((found for found in way.steps if (found.g, found.edge.target) in duties.release_points(i)), None)
    if given is not None:
        where = facts.nesting.graphs[given.g].states[given.edge.target]
    is_error = given is not None or step.edge.kind == "error"
    related = [Place(one.duty.state.pointer, "taken here", "key")]
    related += [Place(release.state.pointer, "given back here", "key") for release in one.duty.releases[:3]]
    return Match(
        where.pointer if is_error else step.edge.pointer,
        {"state": one.duty.state.name, "lock": one.name, "where": where.name, "end": _end(facts, way)},
        "key" if is_error else "value",
        related=tuple(related),
        path=places(facts.nesting, way.steps),
        confidence="high" if way.is_plain else "medium",
        subject=one.duty.state.pointer,
        missed=tuple(release.state.pointer for release in one.duty.releases if not _is_reached(facts, release.state)),
    )


def _is_reached(facts: Facts, state: State) -> bool:
    g, node = facts.nesting.point(state)
    return node in facts.nesting.graphs[g].places


def _end(facts: Facts, way: Route) -> str:
    last = way.steps[-1]
    state = facts.nesting.graphs[last.g].state(last.edge.source)
    if last.edge.kind == "error":
        return "fails with an error that nothing catches"
    if last.edge.errors is not None and state is not None:
        return f'ends in "{state.name}"'
    return "succeeds"


# --- what takes, and what gives back -----------------------------------------------------------------------------------------


def _duties(facts: Facts, parameters: Parameters) -> Iterator[_Taken]:
    selectors = parameters["release"]
    for call in facts.calls.values():
        if not matches(parameters["acquire"], call):
            continue
        releases: list[Release] = []
        for other in facts.calls.values():
            for selector in selectors if isinstance(selectors, list) else (selectors,):
                if other is not call and matches(_calls(selector), other):
                    same = _same(call, other, selector.get("same", ()))
                    if same.relation != "different":
                        releases.append(Release(other.state, same.cells if same.relation == "same" else None))
                        break
        yield _Taken(Duty(call.state, tuple(releases), _refusals(call)), f'what "{call.state.name}" took')


def _refusals(call: Call) -> Any:
    if call.service != "dynamodb":
        return NO_ERROR
    from asl_lint.facts.locks import refusals

    return refusals(call)


def _calls(selector: Mapping[str, Any]) -> Mapping[str, Any]:
    return {member: value for member, value in selector.items() if member != "same"}


def _same(call: Call, other: Call, members: Iterable[str]) -> Comparison:
    """Whether two calls agree in these members; of DynamoDB, ``Key`` is a part of the ``Item`` that was put."""
    result = SAME
    for member in members:
        mine, theirs = argument(call, member), argument(other, member)
        within = False
        if member == "Key" and mine is None and call.service == "dynamodb":
            mine, within = argument(call, "Item"), True
        if mine is None or theirs is None:
            result &= UNKNOWN
        else:
            one, two = (mine[1], theirs[1]) if within else ({mine[0][-1]: mine[1]}, {theirs[0][-1]: theirs[1]})
            result &= compare(one, two, call.state, other.state, within)
    return result


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    if ("acquire" in parameters) is not ("release" in parameters):
        absent, there = ("release", "acquire") if "acquire" in parameters else ("acquire", "release")
        yield (there,), f'goes with "{absent}"; without both, the rule speaks of the locks that are recognised'
        return
    if "acquire" in parameters:
        yield from ((("acquire", *pointer), fault) for pointer, fault in selector_faults(parameters["acquire"]))
        releases = parameters["release"]
        for i, selector in enumerate(releases if isinstance(releases, list) else [releases]):
            at: Pointer = ("release", i) if isinstance(releases, list) else ("release",)
            if ("call" in selector) is ("calls" in selector):
                yield at, 'needs one of "call" and "calls"'
            yield from (((*at, *pointer), fault) for pointer, fault in selector_faults(selector))


_ONE: Final[Mapping[str, Any]] = {
    "additionalProperties": False,
    "properties": {
        **CALL_MEMBERS,
        "same": {
            "description": "Members of the arguments that are the same in the call that took it, such as TableName and Key.",
            "type": "array",
            "uniqueItems": True,
            "items": {"type": "string"},
        },
    },
}

KIND: Final = Kind(
    name="released-on-every-path@1",
    summary="What a call takes is given back before the execution ends.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "acquire": {**SELECTOR, "description": "The calls that take something; without it the locks that are recognised."},
            "release": {
                "description": "The calls that give it back; any of several selectors.",
                "type": ["object", "array"],
                **_ONE,
                "minItems": 1,
                "items": {"type": "object", **_ONE},
            },
            "discharged-by": {
                "description": "Whether it is given back once that was tried, or only when that has succeeded.",
                "enum": ["attempt", "success"],
                "default": "attempt",
            },
            "proved": {
                "description": "What may give back another thing does not count as giving it back.",
                "type": "boolean",
                "default": False,
            },
            "ends": {**ENDS, "description": "The ends of the execution that are meant; without it all."},
            "data-errors": DATA_ERRORS,
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
