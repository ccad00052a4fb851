"""``retries@1``: what is tried again, and how."""

from typing import Any

import pytest

from asl_lint.properties.retries import KIND
from tests.properties.definitions import caught, facts, machine, only, refused, task, told

ALL = ["States.ALL"]


def retrier(*errors: str, **fields: Any) -> dict[str, Any]:
    return {"ErrorEquals": list(errors) or ALL} | fields


def problems(definition: Any, **parameters: Any) -> list[str]:
    return [problem for _, problem in told(KIND, definition, "problem", **parameters)]


def retried(*retriers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return machine(Work=task(Retry=list(retriers), **fields))


def looping(**work: Any) -> dict[str, Any]:
    """A machine that asks again and again, then tells somebody."""
    return machine(
        Work=task(next="Look") | work,
        Look={"Type": "Choice", "Choices": [{"Condition": "{% $states.input.ready %}", "Next": "Tell"}], "Default": "Rest"},
        Rest={"Type": "Wait", "Seconds": 60, "Next": "Work"},
        Tell=task("sns:publish"),
    )


# --- whether something is tried again -----------------------------------------------------------------------------------------


def test_a_state_without_a_retrier_is_told() -> None:
    match = only(KIND, machine(Work=task()), retried=True)
    assert match.pointer == ("States", "Work")
    assert match.values == {"state": "Work", "problem": "nothing tries it again"}
    assert problems(retried(retrier()), retried=True) == []


@pytest.mark.parametrize("retry", [retrier(MaxAttempts=0), retrier("States.Timeout"), retrier("States.Runtime")])
def test_a_retrier_that_is_off_or_takes_timeouts_alone_is_not_enough(retry: dict[str, Any]) -> None:
    assert problems(retried(retry), retried=True) == ["nothing tries it again"]


def test_parallels_and_maps_are_meant_too_and_other_states_are_not() -> None:
    scope = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    both = {"Type": "Parallel", "Branches": [scope], "Next": "Each"}
    each = {"Type": "Map", "ItemProcessor": scope, "Next": "Rest"}
    definition = machine(Both=both, Each=each, Rest={"Type": "Wait", "Seconds": 1, "End": True})
    assert told(KIND, definition, "state", retried=True) == [("/States/Both", "Both"), ("/States/Each", "Each")]


def test_a_retry_that_the_deployment_fills_in_or_that_could_not_be_read_is_not_judged() -> None:
    assert problems(machine(Work=task(Retry="${Retry}")), retried=True) == []
    work = '"Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Retry": , "End": true}'
    assert problems(facts(f'{{"StartAt": "Work", "States": {{{work}}}}}'), retried=True) == []


def test_only_tasks_with_a_call_that_is_meant_are_looked_at() -> None:
    definition = machine(Work=task(next="Tell"), Tell=task("sns:publish"))
    assert told(KIND, definition, "state", retried=True, calls="sns:*") == [("/States/Tell", "Tell")]


@pytest.mark.parametrize(
    ("retriers", "missing"),
    [
        ([retrier("Busy", "Closed")], None),
        ([retrier()], None),
        ([retrier("States.TaskFailed")], None),
        ([retrier("Busy")], "nothing tries it again after Closed"),
        ([], "nothing tries it again after Busy or Closed"),
        ([retrier("Busy", MaxAttempts=0), retrier()], "nothing tries it again after Busy"),
        ([retrier("${Name}")], None),
    ],
)
def test_errors_that_are_named_must_be_tried_again(retriers: list[Any], missing: str | None) -> None:
    assert problems(retried(*retriers), errors=["Busy", "Closed"]) == ([missing] if missing else [])


def test_who_names_all_errors_wants_every_one_retried() -> None:
    assert problems(retried(retrier("Busy")), errors=ALL) == ["nothing tries it again after States.ALL"]
    assert problems(retried(retrier()), errors=ALL) == []


def test_only_states_on_a_loop_are_meant_where_the_rule_says_so() -> None:
    assert told(KIND, looping(), "state", retried=True, in_loop=True) == [("/States/Work", "Work")]
    assert len(problems(looping(), retried=True)) == 2


def test_a_catcher_that_stays_in_the_loop_tries_again() -> None:
    assert problems(looping(Catch=caught("Rest")), retried=True, in_loop=True) == []
    assert problems(looping(Catch=caught("Tell")), retried=True, in_loop=True) == ["nothing tries it again"]


def test_only_calls_that_poll_are_meant_where_the_rule_says_so() -> None:
    assert problems(looping(), retried=True, in_poll=True) == []
    definition = looping(Resource="arn:aws:states:::aws-sdk:glue:getJobRun")
    definition["States"] |= {"Start": task("glue:startJobRun", next="Work")}
    definition["StartAt"] = "Start"
    assert told(KIND, definition, "state", retried=True, in_poll=True) == [("/States/Work", "Work")]
    definition["States"]["Work"]["Catch"] = caught("Rest")
    assert told(KIND, definition, "state", retried=True, in_poll=True) == []


# --- how ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "kept", "broken", "problem"),
    [
        ({"least_attempts": 3}, retrier(), retrier(MaxAttempts=2), "MaxAttempts is 2, less than 3"),
        ({"most_attempts": 5}, retrier(MaxAttempts=5), retrier(MaxAttempts=6), "MaxAttempts is 6, more than 5"),
        (
            {"least_backoff": 1.5},
            retrier(BackoffRate=1.5),
            retrier(BackoffRate=1.25),
            "each wait is 1.25 times the one before, not 1.5",
        ),
        ({"least_backoff": 1.5}, retrier(), retrier(BackoffRate=1), "each wait is as long as the one before"),
        ({"least_interval": 2}, retrier(IntervalSeconds=2), retrier(), "IntervalSeconds is 1, less than 2"),
        (
            {"most_delay": 4},
            retrier(),
            retrier(MaxAttempts=4),
            "the last attempt comes 8 seconds after the one before",
        ),
        ({"most_delay": 4}, retrier(MaxAttempts=9, MaxDelaySeconds=4), retrier(IntervalSeconds=9000), None),
        ({"jitter": True}, retrier(JitterStrategy="FULL"), retrier(), "it has no JitterStrategy"),
    ],
)
def test_each_retrier_is_within_bounds(parameters: Any, kept: Any, broken: Any, problem: str | None) -> None:
    assert problems(retried(kept), **parameters) == []
    (told_,) = told(KIND, retried(kept | {"ErrorEquals": ["A"]}, broken), "problem", **parameters)
    assert told_[0] == "/States/Work/Retry/1"
    assert problem is None or told_[1] == problem


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (1, "1 second"),
        (7_199, "7,199 seconds"),
        (7_200, "2 hours"),
        (90_000, "25 hours"),
        (172_800, "2 days"),
        (10**9, "31.7 years"),
        (10**11, "over 1,000 years"),
    ],
)
def test_long_times_are_told_in_units_that_people_count_in(interval: int, words: str) -> None:
    definition = retried(retrier(IntervalSeconds=interval, MaxAttempts=1))
    assert problems(definition, most_delay=0) == [f"the last attempt comes {words} after the one before"]


def test_the_rate_plays_no_part_where_there_is_one_attempt() -> None:
    assert problems(retried(retrier(BackoffRate=1, MaxAttempts=1)), least_backoff=2) == []


def test_a_retrier_that_is_off_has_no_bounds() -> None:
    off = retrier(MaxAttempts=0, BackoffRate=1)
    assert problems(retried(off), least_attempts=2, least_backoff=2, jitter=True) == []


def test_what_the_deployment_fills_in_is_not_judged() -> None:
    given = retrier(MaxAttempts="${Attempts}", BackoffRate="${Rate}", IntervalSeconds="${Wait}", JitterStrategy="${Jitter}")
    bounds = {"least_attempts": 9, "least_backoff": 9, "least_interval": 9, "most_delay": 1, "jitter": True}
    assert problems(retried(given), **bounds) == []


def test_only_retriers_that_take_an_error_are_meant_where_the_rule_says_so() -> None:
    definition = retried(retrier("Busy", MaxAttempts=9), retrier("Closed", MaxAttempts=8))
    assert problems(definition, most_attempts=3, taking=["Closed"]) == ["MaxAttempts is 8, more than 3"]
    assert len(problems(definition, most_attempts=3)) == 2


def test_states_task_failed_does_not_take_the_time_out() -> None:
    definition = retried(retrier("States.TaskFailed"), TimeoutSeconds=100)
    assert problems(definition, most_seconds=100, taking=["States.Timeout"]) == []
    assert problems(definition, most_seconds=107) == []  # the waits alone add to it
    assert len(problems(retried(retrier("States.Timeout"), TimeoutSeconds=100), most_seconds=400, taking=["States.Timeout"])) == 1


def test_all_attempts_end_in_some_time() -> None:
    definition = retried(retrier(MaxAttempts=2), TimeoutSeconds=100)
    assert problems(definition, most_seconds=303) == []
    assert told(KIND, definition, "problem", most_seconds=302) == [
        ("/States/Work/Retry", "all attempts together can take 303 seconds")
    ]
    assert problems(retried(retrier()), most_seconds=1) == []  # without a timeout nobody knows


def test_the_waits_can_be_left_out_of_that_time() -> None:
    definition = retried(retrier(MaxAttempts=2, IntervalSeconds=1000), TimeoutSeconds=100)
    assert problems(definition, most_seconds=300, waits=False) == []
    assert problems(definition, most_seconds=299, waits=False) == ["all attempts together can take 300 seconds"]


def test_what_an_earlier_retrier_takes_does_not_come_to_a_later_one() -> None:
    off, every = retrier("States.Timeout", MaxAttempts=0), retrier()
    taking = {"most_seconds": 100, "taking": ["States.Timeout"]}
    assert problems(retried(off, every, TimeoutSeconds=100), **taking) == []
    assert problems(retried(every, off, TimeoutSeconds=100), **taking) == ["all attempts together can take 407 seconds"]
    given = retrier("${Errors}", MaxAttempts=0)
    assert problems(retried(given, every, TimeoutSeconds=100), **taking) == []


def test_the_waits_end_before_the_execution_does() -> None:
    definition = retried(retrier(IntervalSeconds=40, BackoffRate=1)) | {"TimeoutSeconds": 121}
    assert problems(definition, within_timeout=True) == []
    problem = "it waits 120 seconds in all, and the execution ends after 120 seconds"
    assert problems(definition | {"TimeoutSeconds": 120}, within_timeout=True) == [problem]
    del definition["TimeoutSeconds"]
    assert problems(definition, within_timeout=True) == []


def test_an_express_execution_ends_after_five_minutes() -> None:
    definition = retried(retrier(IntervalSeconds=100, BackoffRate=1))
    assert problems(facts(definition, "STANDARD"), within_timeout=True) == []
    problem = "it waits 300 seconds in all, and the execution ends after 300 seconds"
    assert problems(facts(definition, "EXPRESS"), within_timeout=True) == [problem]


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({}, ()),
        ({"calls": "sns:*"}, ()),
        ({"in-loop": True}, ()),
        ({"retried": False}, ("retried",)),
        ({"errors": []}, ("errors",)),
        ({"errors": ["A", "A"]}, ("errors",)),
        ({"least-attempts": -1}, ("least-attempts",)),
        ({"most-delay": "1 day"}, ("most-delay",)),
        ({"retried": True, "calls": {"call": "a:b", "where": {"A": "("}}}, ("calls", "where", "A")),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **parameters)] == [at]
