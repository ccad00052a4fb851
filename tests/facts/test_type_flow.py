"""What is known at the points of small definitions: each kind of state, each field of the data flow, choices, scopes, loops."""

import json
import random
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.sites import Site
from asl_lint.model.machine import State
from asl_lint.source.reading import read_document
from asl_lint.types.lattice import (
    INFINITY,
    NULL,
    OBJECT,
    SOMETHING,
    STRING,
    UNDEFINED,
    Type,
    array_of,
    array_of_items,
    join,
    literal,
    number,
    number_between,
    object_of,
    text,
)
from tests.properties.definitions import caught, facts, machine, task
from tests.test_fuzz import mutated, seeds


def states_of(definition: Any) -> tuple[Facts, dict[str, State]]:
    found = facts(definition)
    return found, {state.name: state for state in found.machine.states}


def output_of(definition: Any, name: str, **given: Any) -> Type | None:
    found, states = states_of(definition)
    if "input" in given:
        found.input_type = literal(given["input"])
    return found.types.output(states[name])


def site_at(found: Facts, *pointer: str | int) -> Site:
    (site,) = (site for site in found.sites if site.pointer == pointer)
    return site


def jsonpath(**fields: Any) -> dict[str, Any]:
    """A machine of one Pass or other state in JSONPath."""
    return machine(language="JSONPath", A={"Type": "Pass", "End": True} | fields)


GIVEN = {"a": {"b": 1, "s": "x"}, "l": [1, "y"]}


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({}, GIVEN),
        ({"InputPath": "$.a"}, {"b": 1, "s": "x"}),
        ({"InputPath": None}, {}),
        ({"OutputPath": "$.l"}, [1, "y"]),
        ({"OutputPath": None}, {}),
        ({"ResultPath": None, "Result": 7}, GIVEN),
        ({"Result": 7}, 7),
        ({"Result": {"x.$": "$.a"}}, {"x.$": "$.a"}),
        ({"Result": 7, "ResultPath": "$.a.n"}, {"a": {"b": 1, "s": "x", "n": 7}, "l": [1, "y"]}),
        ({"Result": 7, "ResultPath": "$.new.n"}, {**GIVEN, "new": {"n": 7}}),
        ({"Parameters": {"p.$": "$.a.b", "q": {"r.$": "$.l[1]"}}}, {"p": 1, "q": {"r": "y"}}),
        ({"InputPath": "$.a", "Parameters": {"p.$": "$.s"}, "ResultPath": "$.a"}, {"a": {"p": "x"}, "l": [1, "y"]}),
        ({"Parameters": {"n.$": "States.MathAdd($.a.b, 2)"}, "OutputPath": "$.n"}, 3),
        ({"Type": "Wait", "Seconds": 1, "InputPath": "$.a", "OutputPath": "$.b"}, 1),
        ({"Parameters": {"name.$": "$$.State.Name"}}, {"name": "A"}),
    ],
)
def test_the_data_flow_of_a_jsonpath_state(fields: dict[str, Any], output: Any) -> None:
    assert output_of(jsonpath(**fields), "A", input=GIVEN) == literal(output)


def test_a_path_that_leads_nowhere_leaves_what_follows_unjudged() -> None:
    assert output_of(jsonpath(OutputPath="$.none"), "A", input=GIVEN) == SOMETHING


def test_the_result_of_a_task_goes_through_its_selector() -> None:
    definition = machine(language="JSONPath", A=task("aws-sdk:sfn:startExecution", ResultSelector={"arn.$": "$.ExecutionArn"}))
    assert output_of(definition, "A") == object_of({"arn": STRING})


def test_the_result_of_a_function_is_anything() -> None:
    assert output_of(machine(A=task("lambda:invoke", Output="{% $states.result.Payload %}")), "A") == SOMETHING
    arn = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    assert output_of(machine(A={"Type": "Task", "Resource": arn, "End": True}), "A") == SOMETHING


def test_a_sync_task_that_hands_its_token_on_gives_whatever_came_with_it() -> None:
    def result(value: str) -> Type | None:
        found, states = states_of(machine(A=task("states:startExecution.sync", Arguments={"Input": {"x": value}})))
        return found.types.result(states["A"])

    described = result("{% $states.context.Execution.Id %}")
    assert described is not None
    assert described.object is not None
    assert result("{% $states.context.Task.Token %}") == SOMETHING


def test_what_a_catcher_gets() -> None:
    retried = task("lambda:invoke", Catch=caught("B"), next="B")
    error = object_of({"Error": STRING, "Cause": STRING.or_undefined()})
    found, states = states_of(machine(A=retried, B={"Type": "Succeed"}))
    graph = found.graph.root
    (edge,) = (edge for edge in graph.edges if edge.kind == "catch")
    known = found.types.along(edge, states["A"])
    assert known is not None
    assert known.input.object is not None
    assert known.input.object.members.keys() == error.object.members.keys()  # type: ignore[union-attr]
    assert known.input.object.member("Error") == STRING


def test_an_error_without_a_name_is_null_where_somebody_has_the_token() -> None:
    waiting = task("sqs:sendMessage.waitForTaskToken", Catch=caught("B"), next="C")
    found, states = states_of(machine(A=waiting, B={"Type": "Succeed"}, C={"Type": "Succeed"}))
    known = found.types.input(states["B"])
    assert known is not None
    assert known.object is not None
    assert known.object.member("Error") == join(STRING, NULL)


def test_an_error_to_which_a_fail_state_gives_no_name_need_not_have_one() -> None:
    branch = {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}
    both = {"Type": "Parallel", "Branches": [branch], "Catch": caught("B"), "Next": "B"}
    found, states = states_of(machine(A=both, B={"Type": "Succeed"}))
    input = found.types.input(states["B"])
    assert input is not None and input.object is not None
    assert input.object.member("Error").undefined
    assert input.object.member("Error").null


def test_a_variable_is_set_by_what_comes_before_and_undefined_elsewhere() -> None:
    definition = machine(
        A={"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x = 1 %}", "Next": "B"}], "Default": "C"},
        B={"Type": "Pass", "Assign": {"v": "set"}, "Next": "C"},
        C={"Type": "Pass", "Output": "{% $v %}", "End": True},
    )
    found, states = states_of(definition)
    assert found.types.variable(states["A"], "v") == UNDEFINED
    assert found.types.variable(states["C"], "v") == text("set").or_undefined()


def test_a_variable_that_an_assign_hides_is_anything() -> None:
    definition = json.loads(json.dumps(machine(A={"Type": "Pass", "Assign": {"v": 1}, "Next": "B"}, B={"Type": "Succeed"})))
    definition["States"]["A"]["Assign"] = {"${name}": 1, "v": 2}
    found, states = states_of(definition)
    assert found.types.variable(states["B"], "v") not in (number(2), UNDEFINED)


def test_a_parallel_gives_what_its_branches_give() -> None:
    branches = [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Result": 1, "End": True}}},
                {"StartAt": "Y", "States": {"Y": {"Type": "Pass", "Result": "b", "End": True}}}]  # fmt: skip
    definition = machine(language="JSONPath", A={"Type": "Parallel", "Branches": branches, "End": True})
    assert output_of(definition, "A") == array_of_items([number(1), text("b")])


def test_a_parallel_with_a_branch_that_never_succeeds_is_never_left() -> None:
    branches = [{"StartAt": "X", "States": {"X": {"Type": "Fail", "Error": "E"}}}]
    definition = machine(A={"Type": "Parallel", "Branches": branches, "Next": "B"}, B={"Type": "Succeed"})
    found, states = states_of(definition)
    assert found.types.output(states["A"]) is None
    assert found.types.before(states["B"]) is None


def mapped(**fields: Any) -> dict[str, Any]:
    config = fields.pop("ProcessorConfig", {"Mode": "INLINE"})
    inner = fields.pop("inner", {"Type": "Pass", "End": True})
    processor = {"ProcessorConfig": config, "StartAt": "I", "States": {"I": inner}}
    return {"Type": "Map", "ItemProcessor": processor, "End": True} | fields


DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


@pytest.mark.parametrize(
    ("fields", "item"),
    [
        ({"ItemsPath": "$.l"}, join(number(1), text("y"))),
        ({"ItemsPath": "$.l", "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "b.$": "$.a.b"}},
         object_of({"v": join(number(1), text("y")), "i": number_between(0, 1, True), "b": number(1)})),
        ({"ItemsPath": "$.l", "Parameters": {"v.$": "$$.Map.Item.Value"}}, object_of({"v": join(number(1), text("y"))})),
        ({"ItemsPath": "$.a", "ProcessorConfig": DISTRIBUTED}, object_of({"Key": STRING, "Value": join(number(1), text("x"))})),
        ({"ItemsPath": "$.l", "ProcessorConfig": DISTRIBUTED, "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"k": 1}}},
         object_of({"Items": array_of(join(number(1), text("y")), 1), "BatchInput": object_of({"k": number(1)})})),
        ({"ProcessorConfig": DISTRIBUTED, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}}, SOMETHING),
        ({"ItemsPath": "$.a.s"}, SOMETHING),
    ],
)  # fmt: skip
def test_what_an_iteration_starts_with(fields: dict[str, Any], item: Type) -> None:
    found, states = states_of(machine(language="JSONPath", A=mapped(**fields)))
    found.input_type = literal(GIVEN)
    assert found.types.input(states["I"]) == item


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({"ItemsPath": "$.l", "inner": {"Type": "Pass", "Result": True, "End": True}}, array_of(literal(True), 2, 2)),
        ({"ItemsPath": "$.l", "inner": {"Type": "Fail", "Error": "E"}}, None),
        ({"ItemsPath": "$.l", "ProcessorConfig": DISTRIBUTED, "ToleratedFailurePercentage": 50,
          "inner": {"Type": "Pass", "Result": {"x": 1}, "End": True}}, array_of(join(OBJECT, literal({"x": 1})), 0, 2)),
    ],
)  # fmt: skip
def test_what_a_map_gives(fields: dict[str, Any], output: Type | None) -> None:
    assert output_of(machine(language="JSONPath", A=mapped(**fields)), "A", input=GIVEN) == output


def test_a_result_writer_leaves_where_it_wrote() -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}
    definition = machine(language="JSONPath", A=mapped(ProcessorConfig=DISTRIBUTED, ResultWriter=writer, ItemsPath="$.l"))
    known = output_of(definition, "A")
    assert known is not None
    assert known.object is not None
    assert set(known.object.members) == {"MapRunArn", "ResultWriterDetails"}


def test_the_variables_around_a_distributed_map_are_not_there_in_it() -> None:
    def inside(config: dict[str, str]) -> Type | None:
        definition = machine(
            A={"Type": "Pass", "Assign": {"v": 1}, "Next": "M"},
            M=mapped(ProcessorConfig=config, Items=[1]),
        )
        found, states = states_of(definition)
        return found.types.variable(states["I"], "v")

    assert inside({"Mode": "INLINE"}) == number(1)
    assert inside(DISTRIBUTED) == UNDEFINED


def test_rules_take_their_values_in_turn_and_leave_the_rest() -> None:
    definition = machine(
        language="JSONPath",
        A={"Type": "Choice", "Default": "C", "Choices": [
            {"Variable": "$.s", "StringEquals": "x", "Next": "B"},
            {"Variable": "$.s", "StringEquals": "x", "Next": "B"},
            {"Or": [{"Variable": "$.s", "StringEquals": "y"}, {"Variable": "$.s", "StringEquals": "z"}], "Next": "B"},
        ]},
        B={"Type": "Succeed"}, C={"Type": "Succeed"},
    )  # fmt: skip
    found, states = states_of(definition)
    found.input_type = object_of({"s": text("x", "y", "w")})
    types, choice = found.types, states["A"]
    assert types.taken(choice, 0) is not None
    assert types.tried(choice, 1) is not None
    assert types.taken(choice, 1) is None
    assert types.input(states["B"]) == object_of({"s": text("x", "y")})
    left = types.left(choice)
    assert left is not None
    assert left.input == object_of({"s": text("w")})


def test_a_rule_behind_an_input_path_says_something_of_the_input() -> None:
    definition = machine(
        language="JSONPath",
        A={
            "Type": "Choice", "InputPath": "$.a", "Default": "C",
            "Choices": [{"Variable": "$.s", "StringEquals": "x", "Next": "B"}],
        },
        B={"Type": "Succeed"}, C={"Type": "Succeed"},
    )  # fmt: skip
    found, states = states_of(definition)
    found.input_type = object_of({"a": object_of({"s": text("x", "y")})})
    assert found.types.input(states["B"]) == object_of({"s": text("x")})
    assert found.types.input(states["C"]) == object_of({"s": text("y")})


def test_a_counter_of_a_loop_is_widened_and_the_loop_ends() -> None:
    definition = machine(
        language="JSONPath",
        Start={"Type": "Pass", "Result": {"n": 0}, "Next": "Count"},
        Count={"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
        More={"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 9, "Next": "Count"}], "Default": "End"},
        End={"Type": "Succeed"},
    )
    found, states = states_of(definition)
    assert found.types.input(states["End"]) == object_of({"n": number_between(9, INFINITY, True)})


def test_where_the_flow_is_hidden_nothing_is_said_of_inputs() -> None:
    definition = machine(
        A={"Type": "Pass", "Output": {"n": 1}, "Next": "${next}"},
        B={"Type": "Pass", "End": True},
        C={"Type": "Pass", "Output": 1, "End": True},
    )
    found, states = states_of(definition)
    assert found.types.input(states["B"]) == SOMETHING
    assert found.types.output(states["C"]) == number(1)


def test_a_state_whose_language_is_left_to_the_deployment_gives_anything() -> None:
    definition = machine(A={"Type": "Pass", "QueryLanguage": "${language}", "Assign": {"v": 1}, "Output": 1, "End": True})
    assert output_of(definition, "A") == SOMETHING


def test_a_choice_whose_language_is_left_to_the_deployment_may_go_any_way() -> None:
    rules = [{"Condition": "{% false %}", "Next": "B"}]
    definition = machine(
        A={"Type": "Choice", "QueryLanguage": "${language}", "Choices": rules, "Default": "C"},
        B={"Type": "Succeed"},
        C={"Type": "Succeed"},
    )
    found, states = states_of(definition)
    assert found.types.input(states["B"]) == SOMETHING
    assert found.types.input(states["C"]) == SOMETHING


@pytest.mark.large
def test_definitions_gone_wrong_are_typed_too() -> None:
    pool = seeds()
    for case in range(1_500):
        content, name = mutated(random.Random(case), pool)
        found = Facts(Workflow(name, read_document(content, name)))
        for state in found.machine.states:
            found.types.output(state)
        for site in found.sites:
            found.types.type_of(site)


def test_scopes_inside_each_other_beyond_reason_are_cut_and_not_judged() -> None:
    inner: dict[str, Any] = {"Type": "Pass", "End": True}
    for i in range(40):
        inner = {"Type": "Parallel", "Branches": [{"StartAt": f"S{i}", "States": {f"S{i}": inner}}], "End": True}
    found, states = states_of(machine(A=inner))
    assert found.types.input(states["S0"]) == SOMETHING
    assert found.types.output(states["A"]) is not None


def test_what_a_site_reads_and_gives() -> None:
    definition = machine(
        A=task(
            "aws-sdk:sfn:startExecution", Arguments={"x": "{% $states.input %}"},
            Assign={"arn": "{% $states.result.ExecutionArn %}"}, Output="{% $states.input.a %}",
        )
    )  # fmt: skip
    found, _ = states_of(definition)
    found.input_type = literal(GIVEN)
    arguments = found.types.environment(site_at(found, "States", "A", "Arguments", "x"))
    assigned = found.types.environment(site_at(found, "States", "A", "Assign", "arn"))
    assert arguments is not None
    assert arguments.result is None
    assert arguments.input == literal(GIVEN)
    assert assigned is not None
    assert assigned.result is not None
    assert set(assigned.names) == {"arn", "states"}


def test_of_a_result_path_it_is_told_what_is_put_there() -> None:
    found, _ = states_of(jsonpath(Result=7, ResultPath="$.n"))
    assert found.types.type_of(site_at(found, "States", "A", "ResultPath")) == number(7)


@pytest.mark.large
def test_many_states_are_typed_in_time_that_grows_with_them() -> None:
    def states(count: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for i in range(count):
            made[f"S{i}"] = {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": f"C{i}"}
            rule = {"Variable": "$.n", "NumericLessThan": i, "Next": f"S{i}"}
            made[f"C{i}"] = {"Type": "Choice", "Choices": [rule], "Default": f"S{i + 1}"}
        return made | {f"S{count}": {"Type": "Succeed"}}

    found, _ = states_of({"StartAt": "S0", "States": states(2_500)})
    visits = found.types.visits
    assert visits <= 5 * len(found.machine.states)
