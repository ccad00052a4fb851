"""``field@1``: what a team demands of fields."""

from typing import Any

import pytest

from asl_lint.properties.field import KIND
from tests.properties.definitions import facts, machine, only, refused, task, told

SCOPE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
DISTRIBUTED = SCOPE | {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def problems(definition: Any, **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "problem", **parameters)


def work(**fields: Any) -> dict[str, Any]:
    return machine(Work=task(**fields))


# --- what must be there, and what must not ------------------------------------------------------------------------------------


def test_a_field_that_is_missing_is_told_at_the_state() -> None:
    match = only(KIND, work(), require=["Comment"])
    assert (match.pointer, match.part) == (("States", "Work"), "key")
    assert match.values == {"state": "Work", "type": "Task", "problem": "it has no Comment"}


def test_one_of_several_is_enough() -> None:
    either = ["TimeoutSeconds", "TimeoutSecondsPath"]
    assert problems(work(), require=either) == [("/States/Work", "it has no TimeoutSeconds or TimeoutSecondsPath")]
    assert problems(work(TimeoutSecondsPath="$.t"), require=either) == []


def test_a_field_inside_another_is_named_by_its_path() -> None:
    assert problems(work(Arguments={"A": 1}), require=["Arguments/B"]) == [("/States/Work", "it has no Arguments/B")]
    assert problems(work(Arguments={"B": None}), require=["Arguments/B"]) == []
    assert problems(work(Arguments="{% $all %}"), require=["Arguments/B"]) != []


def test_past_what_the_deployment_fills_in_a_field_may_be_there() -> None:
    assert problems(work(Arguments="${Arguments}"), require=["Arguments/B"]) == []


def test_every_field_that_may_not_be_there_is_told_where_it_is() -> None:
    definition = work(InputPath="$.a", OutputPath="$.b")
    assert problems(definition, forbid=["InputPath", "OutputPath", "ResultPath"]) == [
        ("/States/Work/InputPath", "it has InputPath"), ("/States/Work/OutputPath", "it has OutputPath"),
    ]  # fmt: skip


def test_a_state_that_could_not_be_read_whole_lacks_nothing() -> None:
    damaged = facts('{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Output": }, "B": {"Type": "Succeed"}}}')
    assert problems(damaged, require=["Comment"]) == [("/States/B", "it has no Comment")]


def test_only_maps_that_may_have_more_items_are_meant_where_the_rule_says_so() -> None:
    def states(**fields: Any) -> Any:
        return machine(Each={"Type": "Map", "ItemProcessor": DISTRIBUTED, "End": True} | fields, Work=task())

    more = {"require": ["MaxConcurrency"], "items-above": 2}
    told_of_each = [("/States/Each", "it has no MaxConcurrency")]
    assert problems(states(Items=[1, 2]), **more) == problems(states(Items={"a": 1, "b": 2}), **more) == []
    assert problems(states(Items=[1, 2, 3]), **more) == problems(states(), **more) == told_of_each


# --- values -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "value", "problem"),
    [
        ({"least": 5}, 5, None),
        ({"least": 5}, 4, "TimeoutSeconds is 4, less than 5"),
        ({"most": 5}, 5, None),
        ({"most": 5}, 6, "TimeoutSeconds is 6, more than 5"),
        ({"least": 5, "most": 7}, 8, "TimeoutSeconds is 8, more than 7"),
        ({"least": 5}, True, None),
        ({"matches": "^a"}, "ab", None),
        ({"matches": "^a"}, "ba", 'TimeoutSeconds is "ba", which ^a does not match'),
        ({"matches": "^a"}, 5, None),
        ({"allowed": ["a", 2]}, "a", None),
        ({"allowed": ["a", 2]}, 2, None),
        ({"allowed": ["a", 2]}, 2.0, None),
        ({"allowed": ["a", 2]}, "b", 'TimeoutSeconds is "b", not "a" or 2'),
        ({"allowed": [1]}, True, "TimeoutSeconds is true, not 1"),
        ({"least": 5, "allowed": ["a"]}, "{% $t %}", None),
        ({"least": 5, "matches": "a", "allowed": ["a"]}, "${Seconds}", None),
    ],
)
def test_a_fixed_value_is_within_bounds(bound: dict[str, Any], value: Any, problem: str | None) -> None:
    expected = [("/States/Work/TimeoutSeconds", problem)] if problem else []
    assert problems(work(TimeoutSeconds=value), field="TimeoutSeconds", **bound) == expected


def test_a_field_that_is_not_there_has_no_bounds() -> None:
    assert problems(work(), field="TimeoutSeconds", least=5, allowed=[7]) == []


def test_a_value_inside_another_field_is_judged_where_it_is() -> None:
    definition = work(Arguments={"Size": {"Count": 9}})
    assert problems(definition, field="Arguments/Size/Count", most=3) == [
        ("/States/Work/Arguments/Size/Count", "Arguments/Size/Count is 9, more than 3")
    ]


# --- of which states, or of the machine ---------------------------------------------------------------------------------------


MIXED = machine(
    Work=task(next="Tell"),
    Tell=task("sns:publish", next="Each"),
    Each={"Type": "Map", "ItemProcessor": SCOPE, "Next": "Many"},
    Many={"Type": "Map", "ItemProcessor": DISTRIBUTED, "End": True},
)


@pytest.mark.parametrize(
    ("parameters", "states"),
    [
        ({}, ["Work", "Tell", "Each", "Done", "Many", "Done"]),
        ({"each": "state"}, ["Work", "Tell", "Each", "Done", "Many", "Done"]),
        ({"types": ["Task"]}, ["Work", "Tell"]),
        ({"types": ["Task", "Succeed"]}, ["Work", "Tell", "Done", "Done"]),
        ({"states": ["*e*", "Done"]}, ["Tell", "Done", "Done"]),
        ({"states": ["M*"]}, ["Many"]),
        ({"maps": "inline"}, ["Each"]),
        ({"maps": "distributed"}, ["Many"]),
        ({"calls": "sns:*"}, ["Tell"]),
        ({"calls": "sns:*", "states": ["Work"]}, []),
    ],
)
def test_only_the_states_that_are_meant_are_judged(parameters: dict[str, Any], states: list[str]) -> None:
    judged = [state for _, state in told(KIND, MIXED, "state", require=["Comment"], **parameters)]
    assert sorted(judged) == sorted(states)


@pytest.mark.parametrize(
    ("unless", "excepted"),
    [
        ({"least": 60}, True),
        ({"least": 61}, False),
        ({"most": 60}, True),
        ({"most": 59}, False),
        ({"allowed": [60]}, True),
        ({"allowed": [1]}, False),
        ({"matches": "^6"}, True),
        ({"matches": "^7"}, False),
    ],
)
def test_a_state_with_a_field_of_some_value_is_excepted(unless: dict[str, Any], excepted: bool) -> None:
    told_ = problems(work(TimeoutSeconds=60), require=["Comment"], unless=[{"field": "TimeoutSeconds"} | unless])
    assert told_ == ([] if excepted else [("/States/Work", "it has no Comment")])


def test_any_of_the_exceptions_will_do_and_one_that_is_not_fixed_too() -> None:
    unless = [{"field": "TimeoutSeconds", "least": 60}, {"field": "HeartbeatSeconds", "least": 60}]
    assert problems(work(HeartbeatSeconds=60), require=["Comment"], unless=unless) == []
    assert problems(work(TimeoutSeconds="${Seconds}"), require=["Comment"], unless=unless) == []
    assert len(problems(work(TimeoutSeconds=5), require=["Comment"], unless=unless)) == 1


def test_a_rule_can_be_about_the_machine() -> None:
    assert problems(MIXED, each="machine", require=["Comment"]) == [("", "it has no Comment")]
    assert problems(MIXED | {"TimeoutSeconds": 9}, each="machine", field="TimeoutSeconds", least=10) == [
        ("/TimeoutSeconds", "TimeoutSeconds is 9, less than 10")
    ]


def test_only_machines_of_a_known_type_are_judged() -> None:
    express = {"machine_type": "EXPRESS", "require": ["Comment"]}
    assert len(problems(facts(work(), "EXPRESS"), **express)) == 1
    assert problems(facts(work(), "STANDARD"), **express) == []
    assert problems(facts(work()), **express) == []


@pytest.mark.parametrize(
    ("parameters", "at", "problem"),
    [
        ({}, (), 'the rule needs one of "require", "forbid" and "field"'),
        ({"require": []}, ("require",), "require is empty; it needs at least 1"),
        ({"require": "Comment"}, ("require",), 'require must be a list, not "Comment"'),
        ({"require": ["A"], "types": ["Tsk"]}, ("types", 0), 'types.0 cannot be "Tsk"; did you mean "Task"?'),
        ({"require": ["A"], "least": 3}, ("least",), 'it speaks of the value of "field", which is not given'),
        ({"field": "A"}, ("field",), "say what its value must be: least, most, matches or allowed"),
        (
            {"require": ["A"], "each": "machine", "maps": "inline"},
            ("maps",),
            "this is about states, and the rule is about the machine; leave it out",
        ),
        ({"require": ["A"], "machine-type": "express"}, ("machine-type",), None),
        ({"require": ["A"], "unless": [{"least": 1}]}, ("unless", 0), None),
        ({"require": ["A"], "unless": [{"field": "B"}]}, ("unless", 0), None),
        ({"require": ["A"], "unless": [{"field": "B", "matches": "("}]}, ("unless", 0, "matches"), None),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any, problem: str | None) -> None:
    ((place, words),) = refused(KIND, **parameters)
    assert place == at
    assert problem is None or words == problem


def test_regular_expressions_that_are_none_are_refused() -> None:
    parameters = {"field": "A", "matches": "(", "calls": {"call": "a:b", "where": {"B": ")"}}}
    assert [at for at, _ in refused(KIND, **parameters)] == [("calls", "where", "B"), ("matches",)]


# --- time-outs, several fields, and what the deployment fills in ---------------------------------------------------------------

WAITING = {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 60, "End": True}}}


def test_each_of_several_fields_is_judged() -> None:
    assert len(problems(WAITING, field=["Timestamp", "Seconds"], most=50)) == 1
    assert problems(WAITING, field=["Timestamp", "HeartbeatSeconds"], most=50) == []


def test_an_arn_of_the_deployment_s_own_partition_is_as_good_as_another() -> None:
    definition = work(Resource="arn:${AWS::Partition}:states:::sqs:sendMessage")
    assert problems(definition, field="Resource", matches="^arn:aws:states:::sqs:") == []
    assert problems(definition, field="Resource", matches="^arn:aws:states:::sns:") != []
