"""``at-most-once@1``: what must not happen twice."""

from typing import Any

import pytest

from asl_lint.properties.at_most_once import KIND
from tests.properties.definitions import machine, only, refused, task, told

PAY = {"call": "lambda:invoke"}
RETRY = [{"ErrorEquals": ["States.ALL"]}]


def twice(definition: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "state", **{"event": PAY} | parameters)


def scope(**states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def look(yes: str, no: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x %}", "Next": yes}], "Default": no}


def test_two_ways_to_it_are_no_fault_if_each_passes_it_once() -> None:
    definition = machine(Look=look("One", "Two"), One=task(next="Done"), Two=task(next="Done"), Done={"Type": "Succeed"})
    assert twice(definition) == []


def test_a_second_time_is_told_where_it_comes() -> None:
    match = only(KIND, machine(One=task(next="Two"), Two=task()), event=PAY)
    assert match.pointer == ("States", "Two", "End")
    assert match.values == {"state": "Two", "event": "a success of lambda:invoke"}


def test_a_loop_repeats_it() -> None:
    definition = machine(Pay=task(next="Look"), Look=look("Pay", "Done"), Done={"Type": "Succeed"})
    assert twice(definition) == [("/States/Pay/Next", "Pay")]


def test_two_branches_make_two() -> None:
    both = {"Type": "Parallel", "Branches": [scope(One=task()), scope(Two=task())], "End": True}
    assert [state for _, state in twice(machine(Both=both))] == ["One", "Two"]


def test_iterations_count_in_the_execution_and_not_by_item() -> None:
    definition = machine(Each={"Type": "Map", "ItemProcessor": scope(Pay=task()), "End": True})
    assert twice(definition) == [("/States/Each/ItemProcessor/States/Pay/End", "Pay")]
    assert twice(definition, per="execution") == twice(definition)
    assert twice(definition, per="item") == []
    body = scope(Pay=task(next="Again"), Again=task())
    again = twice(machine(Each={"Type": "Map", "ItemProcessor": body, "End": True}), per="item")
    assert again == [("/States/Each/ItemProcessor/States/Again/End", "Again")]


def test_attempts_count_where_the_rule_says_so() -> None:
    definition = machine(Pay=task(Retry=RETRY))
    assert twice(definition) == []
    assert twice(definition, attempts="as-one") == []
    assert twice(definition, attempts="count") == [("/States/Pay/Retry", "Pay")]


def test_a_retrier_that_never_tries_again_repeats_nothing() -> None:
    definition = machine(Pay=task(Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]))
    assert twice(definition, attempts="count") == []


@pytest.mark.parametrize("event", [{"state": "Pay"}, {"assigns": "paid"}, PAY | {"outcome": "failed"}])
def test_attempts_repeat_the_call_and_nothing_else_of_a_state(event: dict[str, Any]) -> None:
    definition = machine(Pay=task(Retry=RETRY, Assign={"paid": True}))
    assert twice(definition, event=event, attempts="count") == []


def test_attempts_of_a_state_around_repeat_what_is_in_it() -> None:
    branch = scope(Pay=task(next="Tell"), Tell=task("sns:publish"))
    definition = machine(Both={"Type": "Parallel", "Branches": [branch], "Retry": RETRY, "End": True})
    assert twice(definition, attempts="count") == [("/States/Both/Branches/0/States/Pay/Next", "Pay")]
    assert twice(definition) == []
    assert twice(definition, attempts="count", per="item") == []


def test_an_attempt_in_which_nothing_can_fail_afterwards_repeats_nothing() -> None:
    definition = machine(Both={"Type": "Parallel", "Branches": [scope(Pay=task())], "Retry": RETRY, "End": True})
    assert twice(definition, attempts="count") == []


def test_a_state_is_told_once_however_often_its_call_can_fail() -> None:
    catch = [{"ErrorEquals": [name], "Next": "Done"} for name in ("A", "B", "States.ALL")]
    definition = machine(Pay=task(Retry=RETRY, Catch=catch), Done={"Type": "Succeed"})
    both = [PAY | {"outcome": "started"}, PAY]
    assert twice(definition, event=both, attempts="count").count(("/States/Pay/Retry", "Pay")) == 1


@pytest.mark.parametrize(("wrong", "at"), [({"per": "branch"}, "per"), ({"attempts": True}, "attempts"), ({"by": {}}, "by")])
def test_wrong_parameters_are_refused_at_their_place(wrong: dict[str, Any], at: str) -> None:
    assert [place for place, _ in refused(KIND, **{"event": PAY} | wrong)] == [(at,)]
