"""What the kinds that speak of ways say of random events on random machines, against what an interpreter does."""

import random
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

import pytest

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.properties.always_followed_by import KIND as FOLLOWED
from asl_lint.properties.always_preceded_by import KIND as PRECEDED
from asl_lint.properties.at_most_once import KIND as ONCE
from asl_lint.properties.kind import Kind
from asl_lint.properties.never_followed_by import KIND as NEVER
from tests.facts.lock_machines import machine
from tests.facts.lock_runs import Environment, Run, Step
from tests.properties.definitions import facts

pytestmark = pytest.mark.large

SHARDS: Final = 4
MACHINES: Final = 500
"""In each shard."""
ENVIRONMENTS: Final = (
    Environment(0.05, 0.05, 0.02),
    Environment(0.3, 0.1, 0.1),
    Environment(0.6, 0.2, 0.3),
    Environment(0.3, 0.05, 0.1, evaluation=0.1),
)
RUNS: Final = 2
"""In each environment."""
QUESTIONS: Final = 2
"""Pairs of events of each machine."""
ENDS: Final = ("succeeded", "failed", "error")
Selector = Mapping[str, Any]


def runs_of(definition: Mapping[str, Any], seed: int) -> Iterator[Run]:
    for environment in ENVIRONMENTS:
        for i in range(RUNS):
            yield Run(definition, environment, seed * 100 + i)


# --- events -------------------------------------------------------------------------------------------------------------------


def states_of(scope: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in scope["States"].items():
        yield name, state
        for inner in (*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())):
            yield from states_of(inner)


class Events:
    """Draws things that happen in a machine: it visits a state, begins a call, is answered, sets a variable, ends."""

    def __init__(self, rng: random.Random, definition: Mapping[str, Any]) -> None:
        self.rng = rng
        states = list(states_of(definition))
        tasks = [state for _, state in states if state["Type"] == "Task"]
        self.names = [name for name, _ in states]
        self.calls = [{"call": state["Resource"][17:].removeprefix("aws-sdk:")} | _function(state) for state in tasks]
        holders = [holder for _, state in states for holder in (state, *state.get("Choices", ()), *state.get("Catch", ()))]
        self.variables = [name.removesuffix(".$") for holder in holders for name in holder.get("Assign", ())]

    def draw(self, *, may_end: bool) -> Selector | list[Selector]:
        """One of them or, at times, one of two; ``may_end``: also that the execution ends."""
        found = [self._one(may_end) for _ in range(self.rng.choice((1, 1, 1, 2)))]
        return found[0] if len(found) == 1 else found

    def _one(self, may_end: bool) -> Selector:
        kind = self.rng.choices(("state", "call", "assigns", "ends"), (5, 5, 2, 0.7 if may_end else 0))[0]
        if kind == "call":
            return self.rng.choice(self.calls) | {"outcome": self.rng.choice(("started", "succeeded", "failed"))}
        if kind == "ends":
            return {"ends": self.rng.sample(ENDS, self.rng.choice((1, 2)))}
        return {kind: self.rng.choice(self.names if kind == "state" else self.variables)}


def _function(state: Mapping[str, Any]) -> Selector:
    arguments = state.get("Arguments") or state["Parameters"]
    return {"with": {"FunctionName": arguments["FunctionName"]}} if "FunctionName" in arguments else {}


def is_event(selector: Selector | list[Selector], step: Step) -> bool:
    """Whether the event happens in this step of a run."""
    if isinstance(selector, list):
        return any(is_event(one, step) for one in selector)
    if "ends" in selector:
        return step.kind == "ended" and step.name in selector["ends"]
    if "state" in selector:
        return step.kind == "enter" and step.name == selector["state"]
    if "assigns" in selector:
        return selector["assigns"] in step.assigns
    kinds = {"started": ("enter",), "succeeded": ("next", "end"), "failed": ("catch", "error")}[selector["outcome"]]
    if step.kind not in kinds or not step.state.get("Resource", "").replace("aws-sdk:", "").endswith(":" + selector["call"]):
        return False
    arguments = step.state.get("Arguments") or step.state["Parameters"]
    return all(arguments[member] == value for member, value in selector.get("with", {}).items())


# --- what a run violates ------------------------------------------------------------------------------------------------------


def too_early(run: Run, event: Any, by: Any) -> Iterator[Step]:
    for step in run.steps:
        if is_event(event, step):
            yield step
        if is_event(by, step):
            return


def left_out(run: Run, event: Any, by: Any, ends: Iterable[str]) -> Iterator[Step]:
    if run.end is None or run.end not in ends:
        return
    for step in reversed(run.steps):
        if is_event(by, step):
            return
        if is_event(event, step):
            yield step


def too_late(run: Run, event: Any, by: Any) -> Iterator[Step]:
    has_happened = False
    for step in run.steps:
        if has_happened and is_event(by, step):
            yield step
        has_happened = has_happened or is_event(event, step)


def twice(run: Run, event: Any, per_item: bool, attempts: bool) -> Iterator[Step]:
    """The later ones of two; but for ``attempts``, two in different attempts of a Parallel or Map are one."""
    earlier: list[Step] = []
    for step in run.steps:
        if not is_event(event, step):
            continue
        for other in earlier:
            one_attempt = all(one == dict(other.attempts).get(visit, one) for visit, one in step.attempts)
            if (step.scope == other.scope or not per_item) and (one_attempt or attempts):
                yield step
                break
        earlier.append(step)


# --- random machines ----------------------------------------------------------------------------------------------------------


def answers(kind: Kind, found: Facts, parameters: Mapping[str, Any]) -> tuple[list[Match], bool]:
    """What a kind reports, and whether it could judge."""
    answered = list(kind.check(found, parameters))
    return [one for one in answered if isinstance(one, Match)], not any(isinstance(one, NotJudged) for one in answered)


def is_told(step: Step, matches: list[Match]) -> bool:
    """Whether what happened there is reported; an end is reported where the way to it ends."""
    return any(step.kind == "ended" or match.pointer == step.place for match in matches)


class Asked(NamedTuple):
    """A kind with its parameters, and what violates it in a run."""

    kind: Kind
    parameters: Mapping[str, Any]
    violations: Callable[[Run], Iterator[Step]]


def questions(rng: random.Random, definition: Mapping[str, Any]) -> Iterator[Asked]:
    events = Events(rng, definition)
    for _ in range(QUESTIONS):
        first, last = events.draw(may_end=False), events.draw(may_end=True)
        ends = rng.choice((ENDS, ENDS, ("succeeded",), ("failed", "error")))
        per, attempts = rng.choice(("execution", "execution", "item")), rng.choice(("as-one", "as-one", "count"))
        data = {"data-errors": "include"} if rng.random() < 0.3 else {}
        yield Asked(PRECEDED, {"event": last, "by": first} | data, partial(too_early, event=last, by=first))
        follows = {"event": first, "by": last} | data
        yield Asked(FOLLOWED, follows | {"ends": list(ends)}, partial(left_out, event=first, by=last, ends=ends))
        yield Asked(NEVER, follows, partial(too_late, event=first, by=last))
        once = {"event": first, "per": per, "attempts": attempts} | data
        yield Asked(ONCE, once, partial(twice, event=first, per_item=per == "item", attempts=attempts == "count"))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_run_violates_what_is_proved_of_random_events_and_each_violation_is_reported(shard: int, record_property: Any) -> None:
    tally = Tally[str]()
    for seed in range(shard * MACHINES, (shard + 1) * MACHINES):
        definition = machine(seed)
        found, runs = facts(definition), list(runs_of(definition, seed))
        for kind, parameters, violations in questions(random.Random(seed), definition):
            matches, is_judged = answers(kind, found, parameters)
            if not is_judged:
                tally[f"{kind.name} not judged"] += 1
                continue
            tally[f"{kind.name} {'refuted' if matches else 'proved'}"] += 1
            is_shown = False
            for run in runs:
                for step in violations(run) if "data-errors" in parameters or not run.had_data_error else ():
                    is_shown = True
                    told = bool(matches) if parameters.get("attempts") == "count" else is_told(step, matches)
                    assert told, (seed, kind.name, parameters, step.kind, step.name)
            tally[f"{kind.name} refuted and seen"] += is_shown
    for kind in (PRECEDED, FOLLOWED, NEVER, ONCE):
        for answer in ("proved", "refuted", "refuted and seen"):
            assert tally[f"{kind.name} {answer}"] > MACHINES / 20, (kind.name, answer)
    figures = ", ".join(f"{name} {count}" for name, count in sorted(tally.items()))
    record_property("figures", f"random events on {MACHINES} random machines (shard {shard}): {figures}")
