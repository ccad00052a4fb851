"""``within-budget@1``: an execution stays within so many history events, so much time, so many transitions, so much money.

What it takes at most is over every way to an end of its own, with every Retry used up; at least, over the ways to success.
Nothing is computed where a sum over the states shows that no bound is passed.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged, Place
from asl_lint.facts.time_limits import EXPRESS_ENDS, timeout
from asl_lint.late import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.amounts import Amount
    from asl_lint.facts.budgets import Execution
    from asl_lint.facts.deadlines import Crossing
    from asl_lint.facts.visits import Measure

# What computes budgets is imported where there is something to compute: most definitions are far from every bound.

_MOST_EVENTS: Final = 25_000
_SHOWN: Final = 4
"""Loops and Maps that are told with what is too long."""


class _Budget(NamedTuple):
    """A bound that a rule sets: its parameter, on what, in which words, and what is counted for it."""

    parameter: str
    measure: "Measure"
    words: str
    counted: str


_BUDGETS: Final = (
    _Budget("history", "events", "history events", "events"),
    _Budget("duration", "seconds", "seconds", "seconds"),
    _Budget("transitions", "transitions", "transitions", "transitions"),
    _Budget("cost", "transitions", "US dollars", "transitions"),
)


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "problem") if parameters.get("bound") == "least" and "duration" in parameters else ("problem",))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    for budget in _BUDGETS:
        if budget.parameter not in parameters:
            continue
        if parameters.get("bound") != "least":
            yield from _at_most(facts, budget, parameters)
        elif budget.measure == "seconds":
            yield from _never_reached(facts, parameters["duration"])
        else:
            yield from _at_least(facts, budget, parameters)


# --- at most ------------------------------------------------------------------------------------------------------------------


def _at_most(facts: Facts, budget: _Budget, parameters: Parameters) -> Iterator[Match | NotJudged]:
    allowed = parameters[budget.parameter]
    size = _size(facts, budget, allowed)
    if size == "small" or (size == "unbounded" and not parameters.get("proved")):
        if size == "unbounded":
            is_by_loop = budget.measure == "events" and facts.cyclic_scopes
            why = partial(_why_it_loops, facts, budget) if is_by_loop else None
            yield NotJudged(f"a bound on the {budget.words} of an execution", is_expected=True, why=why)
        return
    from asl_lint.facts.amounts import number

    for one in facts.budgets.executions:
        limit = _limit(facts, one, budget, allowed)
        if limit is None or not facts.document.is_whole(one.pointer):
            continue
        most = one.cost(parameters.get("region", "us-east-1")) if budget.parameter == "cost" else one.most(budget.measure)
        plain = number(most)
        if plain is None:
            find_why = partial(_why_unbounded, facts, one, budget, most)
            if parameters.get("proved"):
                yield _match(facts, one, budget, f"nothing says how many {budget.words} it takes at most: {find_why()}")
            else:
                yield NotJudged(f"a bound on the {budget.words} of an execution", is_expected=True, why=find_why)
        elif plain > limit and not (parameters.get("unless-told") and _is_told(facts, one, budget, limit)):
            yield _match(facts, one, budget, f"up to {_shown(plain)} {budget.words}, more than {_shown(limit)}")


def _size(facts: Facts, budget: _Budget, allowed: Any) -> str:
    """Whether the states alone show how a budget compares with what is allowed; see ``rough_budgets``."""
    if budget.measure == "events":
        from asl_lint.facts.rough_budgets import rough_events

        return "small" if _has_no_limit(facts, allowed) else rough_events(facts, _events(allowed))
    if budget.measure == "seconds":
        if _has_no_end(facts, allowed):
            return "small"
        from asl_lint.facts.rough_budgets import ends_each_task

        return "open" if ends_each_task(facts) else "unbounded"
    return "open"


def _events(allowed: Any) -> float:
    return _MOST_EVENTS if allowed == "service" else float(allowed)


def _has_no_limit(facts: Facts, allowed: Any) -> bool:
    """Whether a history may have any number of events."""
    return allowed == "service" and facts.workflow.machine_type == "EXPRESS"


def _has_no_end(facts: Facts, allowed: Any) -> bool:
    """Whether nothing ends an execution in the time of which the rule speaks."""
    if allowed == "timeout":
        return timeout(facts) is None
    return allowed == "express" and facts.workflow.machine_type != "EXPRESS" and "EXPRESS" not in facts.document.text.content


def _limit(facts: Facts, one: "Execution", budget: _Budget, allowed: Any) -> float | None:
    """How much an execution may take; None where the rule does not speak of it."""
    if allowed == "service":
        return None if one.is_express else _MOST_EVENTS
    if allowed == "express":
        return EXPRESS_ENDS if one.is_express else None
    if allowed == "timeout":
        return None if one.scope.parent is not None else timeout(facts)
    # A machine's transitions are those of its child executions too.
    return None if one.scope.parent is not None and budget.measure == "transitions" else float(allowed)


def _is_told(facts: Facts, one: "Execution", budget: _Budget, limit: float) -> bool:
    """Whether a single loop, Wait or Retry alone is too long, which other rules tell."""
    if budget.measure == "events":
        from asl_lint.facts.loops import least_events

        least = one.least("events")
        return (least is not None and least > limit) or any(
            loop.most is not None and loop.most * least_events(loop) > limit for loop in facts.loops
        )
    from asl_lint.facts.deadlines import past_express, past_timeout

    waits = (retrier.total_delay or 0 for found in facts.retriers.values() for retrier in found)
    return bool(past_timeout(facts) or past_express(facts)) or any(wait >= limit for wait in waits)


def _why_it_loops(facts: Facts, budget: _Budget) -> str:
    whole = facts.budgets.executions[0]
    return _why_unbounded(facts, whole, budget, whole.most(budget.measure))


def _why_unbounded(facts: Facts, one: "Execution", budget: _Budget, most: "Amount") -> str:
    from asl_lint.facts.amounts import formula, symbols_of

    symbols = symbols_of(most)
    if symbols:
        said = ", ".join(f"{name} is the {facts.budgets.symbols[name]}" for name in symbols)
        return f"it is {formula(most)}, and {said}"
    causes = one.causes(budget.measure)
    if not causes:
        return "its child executions are billed otherwise"
    first = causes[0]
    name = next((str(part) for part in reversed(first.pointer) if isinstance(part, str)), "")
    return f'"{name}": {first.reason}' + (f" (and {len(causes) - 1} more)" if len(causes) > 1 else "")


# --- at least -----------------------------------------------------------------------------------------------------------------


def _at_least(facts: Facts, budget: _Budget, parameters: Parameters) -> Iterator[Match]:
    allowed = parameters[budget.parameter]
    if budget.measure == "events":
        from asl_lint.facts.rough_budgets import has_short_ways

        if _has_no_limit(facts, allowed) or has_short_ways(facts, _events(allowed)):
            return
    for one in facts.budgets.executions:
        limit, least = _limit(facts, one, budget, allowed), one.least(budget.measure)
        if limit is not None and least is not None and least > limit and facts.document.is_whole(one.pointer):
            yield _match(facts, one, budget, f"at least {_shown(least)} {budget.words}, more than {_shown(limit)}")


def _never_reached(facts: Facts, allowed: Any) -> Iterator[Match]:
    """The states that no execution gets past in time."""
    if _has_no_end(facts, allowed):
        return
    from asl_lint.facts.deadlines import past_express, past_timeout

    for one in past_express(facts) if allowed == "express" else past_timeout(facts):
        if facts.document.is_whole(one.state.pointer):
            yield _crossing(facts, one, allowed == "express")


def _crossing(facts: Facts, one: "Crossing", is_express: bool) -> Match:
    end = f"an Express execution ends after {_shown(one.limit)}"
    if not is_express:
        end = f"the machine's TimeoutSeconds is {_shown(one.limit)}"
    field = next((name for name in ("Seconds", "SecondsPath") if name in one.state.body), None)
    takes = f"it takes at least {_shown(one.takes)} seconds"
    if field is not None:
        is_written = isinstance(one.state.body[field], int | float)
        takes = f"Seconds is {_shown(one.takes)}" if is_written else f"it waits {_shown(one.takes)} seconds"
    values = {"state": one.state.name, "problem": f"{takes}, and {end}"}
    pointer: Pointer = one.state.pointer if field is None else (*one.state.pointer, field)
    part: Literal["key", "value"] = "key" if field is None else "value"
    if not one.before or one.takes >= one.limit:
        return Match(pointer, values, part)
    from asl_lint.facts.witness import chain

    values["problem"] = f"at least {_shown(one.before)} seconds have gone by before it, {values['problem']}"
    return Match(pointer, values, part, path=chain(facts.graph.of(one.state.scope), one.way))


# --- telling ------------------------------------------------------------------------------------------------------------------


def _match(facts: Facts, one: "Execution", budget: _Budget, problem: str) -> Match:
    """At the machine's TimeoutSeconds for its time, else at what takes most of it, which is told beside."""
    parts = sorted(_parts(facts, one, budget), key=lambda part: -part[1])[:_SHOWN]
    related = [Place(pointer, f"{words} of these {budget.counted}", "key") for pointer, _, words in parts]
    pointer: Pointer = one.pointer or ("States",)
    if budget.measure == "seconds" and not one.pointer and "TimeoutSeconds" in facts.machine.body:
        pointer = ("TimeoutSeconds",)
    elif parts:
        pointer, related = parts[0][0], related[1:]
    return Match(pointer, {"problem": problem}, "key", related=tuple(related))


def _parts(facts: Facts, one: "Execution", budget: _Budget) -> Iterator[tuple[Pointer, float, str]]:
    """The states and loops of the longest way, each with how much it takes, and in words."""
    from asl_lint.facts.amounts import number
    from asl_lint.facts.arithmetic import terms

    for term in terms(facts.budgets, one.scope, one.graph, budget.measure) or ():
        amount, turn = number(term.amount), number(term.turn)
        if amount is not None:
            words = f"{term.turns} × {_shown(turn)}" if term.turns and turn is not None else _shown(amount)
            yield term.state.pointer, amount, words


def _shown(amount: float) -> str:
    return f"{amount:,.10g}"


_BOUND: Final = {"anyOf": [{"required": [one.parameter]} for one in _BUDGETS]}
_POSITIVE: Final[dict[str, Any]] = {"type": "number", "exclusiveMinimum": 0}

KIND: Final = Kind(
    name="within-budget@1",
    summary="An execution stays within its history, its time, so many transitions, or so much money.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        **_BOUND,
        "properties": {
            "history": {
                "description": "The history events of an execution, its start and its end included; service: 25,000 of a "
                "Standard one, and any number of an Express one.",
                "oneOf": [{"const": "service"}, {"type": "integer", "minimum": 3}],
            },
            "duration": {
                "description": "The seconds of an execution; timeout: the machine's TimeoutSeconds; express: the five minutes of "
                "an Express one.",
                "oneOf": [{"enum": ["timeout", "express"]}, _POSITIVE],
            },
            "transitions": {
                "description": "The state transitions of an execution, those of its child executions and each retry included.",
                "type": "integer",
                "minimum": 1,
            },
            "cost": _POSITIVE | {"description": "About what an execution costs in US dollars."},
            "region": {"description": "Whose prices count; without it those of us-east-1.", "type": "string", "minLength": 1},
            "bound": {
                "description": "Of what is compared: at most what it takes on any way with all retries; at least what it takes "
                "to succeed, and for the duration the states that no execution gets past.",
                "enum": ["most", "least"],
                "default": "most",
            },
            "proved": {
                "description": "What has no bound is reported too: loops that nothing counts, Maps of unknown size, Tasks "
                "without a time limit.",
                "const": True,
            },
            "unless-told": {
                "description": "Silent where a single loop, Wait or Retry is too long by itself.",
                "const": True,
            },
        },
    },
    values=_values,
    check=_check,
)
