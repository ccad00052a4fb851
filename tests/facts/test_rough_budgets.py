"""The rough size of a machine never says small of one that can pass the limit, nor unbounded of one with a bound above it, nor
its ways short where the shortest is not.
"""

import math
from collections import Counter as Tally

import pytest

from asl_lint.facts.amounts import number
from asl_lint.facts.rough_budgets import ends_each_task, has_short_ways, rough_events, waits_at_all
from tests.facts.budget_machines import machine as random_machine
from tests.properties.definitions import facts, machine, task

MACHINES = 600
LIMITS = (10, 40, 200, 25_000)


@pytest.mark.large
def test_a_rough_size_is_never_wrong() -> None:
    tally, short = Tally[str](), Tally[bool]()
    for seed in range(MACHINES):
        known = facts(random_machine(seed))
        amounts = [number(one.most("events")) for one in known.budgets.executions]
        shortest = [one.least("events") or 0 for one in known.budgets.executions]
        for limit in LIMITS:
            size = rough_events(known, limit)
            tally[size] += 1
            above = [amount for amount in amounts if amount is not None and amount > limit]
            assert size == "open" or not above, (seed, limit)
            assert size != "small" or None not in amounts, (seed, limit)
            short[has_short_ways(known, limit)] += 1
            beyond = [least for least in shortest if limit < least < math.inf]
            assert not (beyond and has_short_ways(known, limit)), (seed, limit)
    assert all(tally[size] > MACHINES / 20 for size in ("small", "unbounded", "open"))
    assert all(short[is_short] > MACHINES / 20 for is_short in (False, True))


@pytest.mark.parametrize(("seconds", "expected"), [(5, True), (0, False), ("{% $s %}", False)])
def test_only_a_wait_of_fixed_length_takes_time(seconds: object, expected: bool) -> None:
    wait = {"Type": "Wait", "Seconds": seconds, "End": True}
    assert waits_at_all(facts(machine(A=wait))) is expected


def test_every_task_has_a_time_limit_or_not() -> None:
    assert ends_each_task(facts(machine(A=task(next="B", TimeoutSeconds=5), B=task("http:invoke"))))
    assert not ends_each_task(facts(machine(A=task(next="B", TimeoutSeconds=5), B=task())))
