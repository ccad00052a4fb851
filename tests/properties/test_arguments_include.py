"""``arguments-include@1``: what calls must be given."""

from typing import Any

import pytest

from asl_lint.properties.arguments_include import KIND
from tests.properties.definitions import found, machine, only, refused, task, told

LAMBDA = "lambda:invoke"


def problems(arguments: Any, members: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    given = {} if arguments is None else {"Arguments": arguments}
    return told(KIND, machine(Work=task(**given)), "problem", calls=LAMBDA, members=members, **parameters)


def test_an_argument_that_is_missing_is_told_at_the_arguments() -> None:
    match = only(KIND, machine(Work=task(Arguments={"A": 1})), calls=LAMBDA, members={"Qualifier": {}})
    assert match.pointer == ("States", "Work", "Arguments")
    assert match.values == {
        "state": "Work", "call": "lambda:invoke", "problem": "it is given no Qualifier",
    }  # fmt: skip


def test_where_there_are_no_arguments_it_is_told_at_the_resource() -> None:
    assert problems(None, {"Qualifier": {}}) == [("/States/Work/Resource", "it is given no Qualifier")]


def test_an_argument_may_be_left_out_where_only_its_value_matters() -> None:
    assert problems({}, {"Qualifier": {"required": False, "equals": "live"}}) == []
    assert len(problems({}, {"Qualifier": {"required": True, "equals": "live"}})) == 1
    assert len(problems({"Qualifier": "test"}, {"Qualifier": {"required": False, "equals": "live"}})) == 1


@pytest.mark.parametrize(
    ("demand", "value", "problem"),
    [
        ({"equals": "live"}, "live", None),
        ({"equals": "live"}, "test", 'X is "test", not "live"'),
        ({"equals": 1}, 1.0, None),
        ({"equals": 1}, True, "X is true, not 1"),
        ({"equals": {"a": [1]}}, {"a": [1]}, None),
        ({"equals": "live"}, "{% $alias %}", None),
        ({"equals": "live"}, "${Alias}", None),
        ({"matches": "^v"}, "v1", None),
        ({"matches": "^v"}, "1v", 'X is "1v", which ^v does not match'),
        ({"matches": "^v"}, 7, "X is 7, which ^v does not match"),
        ({"matches": "^v"}, "${Alias}", None),
        ({}, None, None),
    ],
)
def test_an_argument_that_is_fixed_has_the_value_that_is_demanded(demand: Any, value: Any, problem: str | None) -> None:
    assert problems({"X": value}, {"X": demand}) == ([("/States/Work/Arguments/X", problem)] if problem else [])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("{% $states.context.Execution.Id %}", None),
        ("${Execution.Id}", None),
        ({"id": ["Execution.Id"]}, None),
        ("{% $uuid() %}", 'X is "{% $uuid() %}", which Execution.Id does not match'),
        (7, "X is 7, which Execution.Id does not match"),
    ],
)
def test_a_demand_on_what_is_written_looks_into_expressions_too(value: Any, problem: str | None) -> None:
    expected = [("/States/Work/Arguments/X", problem)] if problem else []
    assert problems({"X": value}, {"X": {"written": "Execution.Id"}}) == expected


def test_an_argument_inside_another_is_named_by_its_path() -> None:
    assert problems({"A": {"B": 1}}, {"A/B": {"equals": 2}}) == [("/States/Work/Arguments/A/B", "A/B is 1, not 2")]
    assert problems({"A": {}}, {"A/B": {}}) == [("/States/Work/Arguments", "it is given no A/B")]


@pytest.mark.parametrize("arguments", ["{% $all %}", "${Arguments}", {"A": "{% $a %}"}, {"A": "${A}"}])
def test_inside_what_is_computed_an_argument_may_be_there(arguments: Any) -> None:
    assert problems(arguments, {"A/B": {}}) == []


def test_a_path_of_jsonpath_gives_the_argument() -> None:
    work = task(Parameters={"Qualifier.$": "$.alias"})
    definition = machine(language="JSONPath", Work=work)
    assert found(KIND, definition, calls=LAMBDA, members={"Qualifier": {"equals": "live"}}) == []


# --- lists of entries ---------------------------------------------------------------------------------------------------------


def entries(*names: str, key: str = "Name") -> dict[str, Any]:
    return {"P": [{key: name, "Value": "v"} for name in names]}


def test_entries_that_are_missing_are_told() -> None:
    demand = {"P": {"entries": {"include": ["a", "b"]}}}
    assert problems(entries("b", "a", "c"), demand) == []
    assert problems(entries("c"), demand) == [("/States/Work/Arguments/P", "P has no entry a or b")]


def test_other_entries_are_told_where_the_rule_says_so() -> None:
    demand = {"P": {"entries": {"include": ["a"], "no-others": True}}}
    assert problems(entries("a", "b"), demand) == [("/States/Work/Arguments/P/1/Name", "P has an entry b")]
    assert problems(entries("a"), demand) == []


def test_another_member_can_tell_the_entries_apart() -> None:
    demand = {"P": {"entries": {"include": ["a"], "key": "Key"}}}
    assert problems(entries("a", key="Key"), demand) == []
    assert problems(entries("b", key="Key"), demand) == [("/States/Work/Arguments/P", "P has no entry a")]


@pytest.mark.parametrize("name", ["{% $name %}", "${Name}"])
def test_entries_whose_names_are_not_all_known_are_not_judged(name: str) -> None:
    assert problems(entries("c", name), {"P": {"entries": {"include": ["a"], "no-others": True}}}) == []


# --- starts that may be repeated ----------------------------------------------------------------------------------------------


def start(**fields: Any) -> dict[str, Any]:
    arguments = {"StateMachineArn": "arn", "Input": {}} | fields.pop("arguments", {})
    return machine(Start=task("states:startExecution", Arguments=arguments, **fields))


def test_a_start_has_the_argument_by_which_a_repeated_one_is_known() -> None:
    parameters = {"calls": "*:*", "repeatable": True}
    assert told(KIND, start(), "problem", **parameters) == [("/States/Start/Arguments", "it is given no Name")]
    assert told(KIND, start(arguments={"Name": "{% $id %}"}), "problem", **parameters) == []
    assert told(KIND, machine(Work=task()), "problem", **parameters) == []


def test_only_calls_that_a_retrier_may_repeat_are_meant_where_the_rule_says_so() -> None:
    parameters = {"calls": "*:*", "repeatable": True, "retried": True}
    assert told(KIND, start(), "problem", **parameters) == []
    assert len(told(KIND, start(Retry=[{"ErrorEquals": ["States.ALL"]}]), "problem", **parameters)) == 1
    assert told(KIND, start(Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]), "problem", **parameters) == []
    throttled = [{"ErrorEquals": ["StepFunctions.ExecutionLimitExceededException"]}]
    assert told(KIND, start(Retry=throttled), "problem", **parameters) == []


@pytest.mark.parametrize(
    ("name", "found"), [("ECS.AmazonECSException", 1), ("States.TaskFailed", 0), ("States.ALL", 0), ("States.Timeout", 0)]
)
def test_a_retry_of_work_that_has_failed_is_meant_to_start_it_again(name: str, found: int) -> None:
    definition = machine(Start=task("ecs:runTask.sync", Arguments={"TaskDefinition": "a"}, Retry=[{"ErrorEquals": [name]}]))
    assert len(told(KIND, definition, "problem", calls="*:*", repeatable=True, retried=True)) == found


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"calls": LAMBDA}, ()),
        ({"members": {"A": {}}}, ()),
        ({"calls": "lambda", "members": {"A": {}}}, ("calls",)),
        ({"calls": LAMBDA, "members": {}}, ("members",)),
        ({"calls": LAMBDA, "members": {"A": {"equal": 1}}}, ("members", "A", "equal")),
        ({"calls": LAMBDA, "members": {"A": {"required": "no"}}}, ("members", "A", "required")),
        ({"calls": LAMBDA, "members": {"A": {"matches": "("}}}, ("members", "A", "matches")),
        ({"calls": LAMBDA, "members": {"A": {"written": "("}}}, ("members", "A", "written")),
        ({"calls": LAMBDA, "members": {"A": {"entries": {}}}}, ("members", "A", "entries")),
        ({"calls": LAMBDA, "repeatable": False}, ("repeatable",)),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **parameters)] == [at]
