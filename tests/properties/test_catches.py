"""``catches@1``: which errors of a Task are left for nobody."""

from typing import Any

import pytest

from asl_lint.properties.catches import KIND
from tests.properties.definitions import caught, machine, only, refused, task, told

DONE = {"Type": "Succeed"}


def errors(definition: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "errors", **parameters)


def within(field: str, inner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A Task in a Parallel or a Map, whose other fields are given."""
    scope = {"StartAt": "Work", "States": {"Work": inner, "Done": DONE}}
    outer = {"Type": "Parallel", "Branches": [scope]} if field == "Branches" else {"Type": "Map", "ItemProcessor": scope}
    return machine(Outer=outer | {"Next": "Done"} | fields, Done=DONE)


def test_a_task_that_nobody_catches_is_told() -> None:
    match = only(KIND, machine(Work=task()))
    assert match.pointer == ("States", "Work")
    assert match.values == {"state": "Work", "errors": "any error"}


def test_all_errors_can_be_caught_by_one_name() -> None:
    assert errors(machine(Work=task(Catch=caught("Done")), Done=DONE)) == []


def test_what_the_catchers_leave_is_told() -> None:
    definition = machine(Work=task(Catch=caught("Done", "Busy")), Done=DONE)
    assert errors(definition) == [("/States/Work", "errors other than its Catchers name")]


def test_timeouts_may_be_left_unless_they_are_named() -> None:
    definition = machine(Work=task(TimeoutSeconds=9, Catch=caught("Done", "States.TaskFailed")), Done=DONE)
    assert errors(definition) == []
    assert errors(definition, errors=["States.Timeout"]) == [("/States/Work", "States.Timeout")]


def test_only_errors_that_are_named_must_be_caught() -> None:
    definition = machine(Work=task(Catch=caught("Done", "Busy")), Done=DONE)
    assert errors(definition, errors=["Busy"]) == []
    assert errors(definition, errors=["Busy", "Closed", "Ajar"]) == [("/States/Work", "Ajar, Closed")]


def test_only_tasks_with_a_call_that_is_meant_are_looked_at() -> None:
    definition = machine(Work=task(next="Tell"), Tell=task("sns:publish"))
    assert errors(definition, calls="sns:*") == [("/States/Tell", "any error")]
    assert len(errors(definition)) == 2


@pytest.mark.parametrize("field", ["Branches", "ItemProcessor"])
def test_a_catcher_around_will_do_unless_the_rule_says_otherwise(field: str) -> None:
    definition = within(field, task(), Catch=caught("Done"))
    assert errors(definition) == []
    assert errors(definition, outside=True) == []
    assert [said for _, said in errors(definition, outside=False)] == ["any error"]


def test_what_neither_catches_is_told() -> None:
    definition = within("Branches", task(Catch=caught("Done", "Busy")), Catch=caught("Done", "Closed"))
    assert errors(definition, errors=["Busy", "Closed"]) == []
    assert [said for _, said in errors(definition, errors=["Ajar"])] == ["Ajar"]


def test_the_errors_of_child_executions_do_not_reach_the_catchers_around() -> None:
    definition = within("ItemProcessor", task(), Catch=caught("Done"))
    definition["States"]["Outer"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert [said for _, said in errors(definition)] == ["any error"]


def test_a_scope_that_hides_where_control_goes_is_passed_over() -> None:
    assert errors(machine(Work=task(next="${After}"))) == []


def test_a_catcher_with_a_name_that_the_deployment_fills_in_leaves_the_errors_open() -> None:
    assert errors(machine(Work=task(Catch=caught("Done", "${Name}")), Done=DONE)) != []


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"errors": []}, ("errors",)),
        ({"errors": "Busy"}, ("errors",)),
        ({"outside": "no"}, ("outside",)),
        ({"call": "a:b"}, ("call",)),
        ({"calls": {"call": "a:b", "where": {"A": "("}}}, ("calls", "where", "A")),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **parameters)] == [at]
