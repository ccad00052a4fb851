"""``times-out@1``: by which clocks Tasks end."""

from typing import Any

import pytest

from asl_lint.properties.times_out import KIND
from tests.properties.definitions import facts, machine, only, refused, task, told


def problems(definition: Any, **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "problem", **parameters)


def work(**fields: Any) -> dict[str, Any]:
    return machine(Work=task(**fields))


def test_a_task_without_a_timeout_is_told() -> None:
    match = only(KIND, work(), timeout=True)
    assert match.pointer == ("States", "Work")
    assert match.values == {"state": "Work", "problem": "it has no TimeoutSeconds"}


@pytest.mark.parametrize("given", [{"TimeoutSeconds": 9}, {"TimeoutSeconds": "{% $t %}"}, {"TimeoutSecondsPath": "$.t"}])
def test_a_timeout_can_be_written_or_computed(given: dict[str, Any]) -> None:
    assert problems(work(**given), timeout=True) == []


def test_a_heartbeat_counts_where_the_rule_says_so() -> None:
    definition = work(HeartbeatSeconds=9)
    assert problems(definition, timeout=True) == [("/States/Work", "it has no TimeoutSeconds")]
    assert problems(definition, timeout=True, heartbeat_counts=True) == []


def test_a_timeout_of_the_machine_counts_where_the_rule_says_so() -> None:
    definition = work() | {"TimeoutSeconds": 9}
    assert len(problems(definition, timeout=True)) == 1
    assert problems(definition, timeout=True, machine_counts=True) == []
    assert len(problems(work(), timeout=True, machine_counts=True)) == 1


def test_an_express_execution_ends_by_itself() -> None:
    assert problems(facts(work(), "EXPRESS"), timeout=True, machine_counts=True) == []
    assert len(problems(facts(work(), "EXPRESS"), timeout=True)) == 1


def test_a_heartbeat_can_be_demanded() -> None:
    assert problems(work(), heartbeat=True) == [("/States/Work", "it has no HeartbeatSeconds")]
    assert problems(work(HeartbeatSeconds=9), heartbeat=True) == []
    assert problems(work(HeartbeatSecondsPath="$.h"), heartbeat=True) == []


def test_a_heartbeat_can_be_forbidden() -> None:
    assert problems(work(), no_heartbeat=True) == []
    assert problems(work(HeartbeatSeconds=9), no_heartbeat=True) == [("/States/Work/HeartbeatSeconds", "it has HeartbeatSeconds")]
    assert problems(work(HeartbeatSecondsPath="$.h"), no_heartbeat=True) == [
        ("/States/Work/HeartbeatSecondsPath", "it has HeartbeatSecondsPath")
    ]


@pytest.mark.parametrize("name", ["timeout", "heartbeat"])
def test_seconds_are_within_bounds(name: str) -> None:
    field = f"{name.capitalize()}Seconds"
    definition = work(**{field: 10})
    assert problems(definition, **{f"least_{name}": 10, f"most_{name}": 10}) == []
    assert problems(definition, **{f"least_{name}": 11}) == [(f"/States/Work/{field}", f"{field} is 10, less than 11")]
    assert problems(definition, **{f"most_{name}": 9}) == [(f"/States/Work/{field}", f"{field} is 10, more than 9")]


@pytest.mark.parametrize("seconds", ["{% $t %}", "${Seconds}"])
def test_seconds_that_are_not_fixed_have_no_bounds(seconds: str) -> None:
    assert problems(work(TimeoutSeconds=seconds), least_timeout=99, most_timeout=1) == []


def test_a_task_that_could_not_be_read_whole_lacks_nothing() -> None:
    work = '"Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": , "End": true}'
    assert problems(facts(f'{{"StartAt": "Work", "States": {{{work}}}}}'), timeout=True) == []


def test_only_tasks_with_a_call_that_is_meant_are_looked_at() -> None:
    definition = machine(Work=task(next="Tell"), Tell=task("sns:publish"))
    assert problems(definition, timeout=True, calls="sns:*") == [("/States/Tell", "it has no TimeoutSeconds")]


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({}, ()),
        ({"calls": "sns:*"}, ()),
        ({"machine-counts": True}, ()),
        ({"timeout": False}, ("timeout",)),
        ({"least-timeout": 0}, ("least-timeout",)),
        ({"heartbeat": True, "no-heartbeat": True}, ("no-heartbeat",)),
        ({"timeout": True, "calls": {"call": "a:b", "where": {"A": "("}}}, ("calls", "where", "A")),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **parameters)] == [at]
