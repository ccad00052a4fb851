"""Locks: which writes are taken for one, by hand; and what is proved and refuted of random machines against what an interpreter
does.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from typing import Any, Final

import pytest

from asl_lint.facts.duties import Duties
from asl_lint.facts.graph import Edge
from asl_lint.facts.locks import Lock
from asl_lint.facts.nesting import Nesting, Takes
from asl_lint.facts.routes import Route
from tests.facts.lock_machines import machine
from tests.facts.lock_runs import Environment, Run
from tests.properties.definitions import facts

pytestmark = pytest.mark.large

SHARDS: Final = 4
MACHINES: Final = 550
"""In each shard."""
ENVIRONMENTS: Final = (
    Environment(0.05, 0.05, 0.02),
    Environment(0.3, 0.1, 0.1),
    Environment(0.6, 0.2, 0.3),
    Environment(0.3, 0.05, 0.1, evaluation=0.08),
)
RUNS: Final = 2
"""In each environment."""
HELD: Final = " and held at the end of a run"


def every_edge(edge: Edge) -> bool:
    return True


def but_data_errors(edge: Edge) -> bool:
    return edge.fault != "data"


# --- random machines ----------------------------------------------------------------------------------------------------------


def finished(seed: int) -> list[Run]:
    """The runs of a machine that came to an end."""
    definition = machine(seed)
    runs = (Run(definition, environment, seed * 100 + i) for environment in ENVIRONMENTS for i in range(RUNS))
    return [run for run in runs if run.end is not None]


def taker(lock: Lock) -> str:
    return lock.write.call.state.name


def is_always_the_same(lock: Lock) -> bool:
    """Whether the lock and what gives it back are one item, whatever is assigned."""
    return all(one.same.relation == "same" and not one.same.cells for one in lock.freeings)


def answers(duties: Duties) -> Iterator[str]:
    """Of each duty what is said of runs without data errors."""
    possible = duties.held(but_data_errors)
    proved = ~duties.open_at_ends(duties.held(but_data_errors, only_sure=True))
    for i in range(len(duties.duties)):
        refuted = duties.open_at_ends(possible) >> i & 1 and duties.witness(i, possible) is not None
        yield "proved" if proved >> i & 1 else "refuted" if refuted else "unknown"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_lock_that_is_proved_released_is_held_at_the_end_of_a_run(shard: int, record_property: Any) -> None:
    """Of both ways to count a release: that it was tried, and that it was answered."""
    tallies = {False: Tally[str](), True: Tally[str]()}
    for seed in range(shard * MACHINES, (shard + 1) * MACHINES):
        found, runs = facts(machine(seed)), finished(seed)
        for by_success, tally in tallies.items():
            taken = [lock.duty for lock in found.locks]
            with_data = Duties(found, taken, by_success, data=True)
            always_proved = ~with_data.open_at_ends(with_data.held(every_edge, only_sure=True))
            for i, (lock, answer) in enumerate(zip(found.locks, answers(Duties(found, taken, by_success)), strict=True)):
                tally[answer] += 1
                held = [run for run in runs if taker(lock) in (run.unreleased if by_success else run.open)]
                assert not (held and always_proved >> i & 1), (seed, taker(lock))
                if any(not run.had_data_error for run in held):
                    assert answer == "refuted" or (answer == "unknown" and not is_always_the_same(lock)), (
                        seed,
                        taker(lock),
                        answer,
                    )
                    tally[answer + HELD] += 1
    for tally in tallies.values():
        assert all(tally[figure] > MACHINES / 50 for figure in ("proved", "refuted", "unknown", f"refuted{HELD}")), tally
    assert tallies[False][f"unknown{HELD}"] > MACHINES / 50
    told = (f"{'answered' if by_success else 'tried'}: {dict(sorted(tally.items()))}" for by_success, tally in tallies.items())
    record_property("figures", f"locks of {MACHINES} random machines (shard {shard}), releases {'; '.join(told)}")


def test_a_refutation_shows_a_way_of_the_graph_from_the_taking_to_an_end_without_a_release() -> None:
    shown = 0
    for seed in range(MACHINES):
        found = facts(machine(seed))
        duties = Duties(found, [lock.duty for lock in found.locks])
        solution = duties.held(but_data_errors)
        for i, lock in enumerate(found.locks):
            way = duties.witness(i, solution) if duties.open_at_ends(solution) >> i & 1 else None
            if way is not None:
                shown += 1
                assert_is_way(found.nesting, way, lock, but_data_errors)
    assert shown > MACHINES / 4


def assert_is_way(nesting: Nesting, way: Route, lock: Lock, takes: Takes) -> None:
    first, last = way.steps[0], way.steps[-1]
    assert (first.g, first.edge.source) == nesting.point(lock.write.call.state)
    assert first.edge.kind in ("next", "end")
    assert (last.g, last.edge.target) in {(0, end) for end in nesting.graphs[0].ends}
    releases = {nesting.point(one.write.call.state) for one in lock.freeings}
    for step in way.steps:
        assert takes(step.edge)
        assert step.edge is nesting.graphs[step.g].edges[step.edge.number]
        assert (step.g, step.edge.source) not in releases  # it may be stopped as it comes to one
    for before, after in zip(way.steps, way.steps[1:], strict=False):
        at = before.g, before.edge.target
        assert (after.g, after.edge.source) in (at, *around(nesting, before.g)) or is_another_attempt(nesting, before.g, after.g)


def around(nesting: Nesting, g: int) -> Iterator[tuple[int, int]]:
    """The states around a scope, which can be left when it has ended or is stopped."""
    point = nesting.parents[g]
    while point is not None:
        yield point
        point = nesting.parents[point[0]]


def is_another_attempt(nesting: Nesting, inner: int, begun: int) -> bool:
    """Whether a scope is begun in a state around ``inner`` that a Retry may run again."""
    holder = nesting.parents[begun]
    state = None if holder is None else nesting.state(holder)
    return holder in set(around(nesting, inner)) and state is not None and "Retry" in state.body


def test_what_random_machines_take_is_found_without_being_told() -> None:
    """What counts as a lock is the same whether it is recognised, or a rule says which calls take and give back."""
    compared = 0
    for seed in range(300):
        found = facts(machine(seed))
        takers = {state.name for state in found.machine.states if state.name.startswith("Take")}
        recognised = {taker(lock) for lock in found.locks}
        assert recognised <= takers, seed
        compared += len(recognised)
    assert compared > 400
