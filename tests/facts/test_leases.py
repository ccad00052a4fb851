"""How long a lock lasts, and how long the work under it can take."""

from typing import Any

import pytest

from asl_lint.facts.leases import Work, lease, longest_work
from tests.properties.definitions import caught, facts, machine, task

TAKEN = {"pk": {"S": "a"}}


def take(ends: str, **fields: Any) -> dict[str, Any]:
    arguments = {
        "TableName": "locks",
        "Item": TAKEN | {"ttl": {"N": ends}},
        "ConditionExpression": "attribute_not_exists(pk) OR ttl < :now",
        "ExpressionAttributeValues": {":now": {"N": "{% $string($floor($millis() / 1000)) %}"}},
    }
    return task("dynamodb:putItem", "Work", Arguments=arguments, **fields)


FREE = task("dynamodb:deleteItem", Arguments={"TableName": "locks", "Key": TAKEN})


def locked(ends: str = "{% $string($millis() + 1000) %}", timeout: int | None = None, **work: dict[str, Any]) -> Any:
    """A machine that takes a lock, works, and gives it back; facts of it."""
    whole = machine(Take=take(ends), **(work or {"Work": task(next="Free")}), Free=FREE)
    return facts(whole | ({} if timeout is None else {"TimeoutSeconds": timeout}))


@pytest.mark.parametrize(
    ("ends", "seconds"),
    [
        ("{% $string($floor($millis() / 1000) + 900) %}", 900),
        ("{% $string(900 + $round($millis() / 1000)) %}", 900),
        ("{% $string($millis() + 900000) %}", 900),
        ("{% $string($millis() + 15 * 60 * 1000) %}", 900),
        ("{% $string($floor(($millis() + 900000) / 1000)) %}", 900),
        ("{% $string($floor($toMillis($now()) / 1000) + 900) %}", 900),
        ("{% $string($floor($toMillis($states.context.State.EnteredTime) / 1000) + 900) %}", 900),
        ("{% $string($floor($toMillis($states.context.Execution.StartTime) / 1000) + 900) %}", None),
        ("{% $string($floor($millis() / 1000) + $lease) %}", None),
        ("{% $string(1900000000) %}", None),
        ("{% $string($millis() * $millis()) %}", None),
        ("{% $string($millis() / 60000 + 15) %}", None),
        ("{% $string( %}", None),
        ("1900000000", None),
    ],
)
def test_a_lease_is_read_where_it_is_a_time_from_now(ends: str, seconds: int | None) -> None:
    (lock,) = locked(ends).locks
    found = lease(lock.write)
    assert (None if found is None else found.seconds) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("timeout", "states", "work"),
    [
        (None, {"Work": task("glue:startJobRun.sync", "Free", TimeoutSeconds=100)}, Work(100, False)),
        (None, {"Work": task("glue:startJobRun.sync", "Free")}, None),
        (50, {"Work": task("glue:startJobRun.sync", "Free")}, Work(50, True)),
        # A call that answers at once is not taken to run until the time-out.
        (50, {"Work": task(next="Free")}, Work(0, False)),
        (50, {"Work": task(next="Rest"), "Rest": {"Type": "Wait", "Seconds": 40, "Next": "Free"}}, Work(40, False)),
        (None, {"Work": task(next="Free", TimeoutSeconds=7, Catch=caught("Rest")),
                "Rest": {"Type": "Wait", "Seconds": 40, "Next": "Free"}}, Work(47, False)),
    ],
)  # fmt: skip
def test_the_work_under_a_lock_is_the_longest_way_to_its_release(timeout: Any, states: Any, work: Work | None) -> None:
    known = locked(timeout=timeout, **states)
    (lock,) = known.locks
    assert longest_work(known, lock) == work
