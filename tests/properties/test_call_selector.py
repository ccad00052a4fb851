"""Which calls a selector means."""

from typing import Any

import pytest

from asl_lint.properties.call_selector import matches, selector_faults
from asl_lint.properties.retries import KIND
from tests.properties.definitions import facts, machine, refused, task

ARGUMENTS = {"FunctionName": "charge", "Payload": {"kind": "card", "amount": 5}, "Qualifier": "${Alias}"}


def meant(selector: Any, resource: str = "lambda:invoke", arguments: Any = None, language: str = "JSONata") -> bool:
    field = "Arguments" if language == "JSONata" else "Parameters"
    given = {} if arguments is None else {field: arguments}
    (call,) = facts(machine(language=language, Work=task(resource, **given))).calls.values()
    return matches(selector, call)


@pytest.mark.parametrize(
    ("selector", "resource", "is_meant"),
    [
        ("lambda:invoke", "lambda:invoke", True),
        ("lambda:invoke", "lambda:invokeX", False),
        ("lambda:*", "lambda:invoke", True),
        ("*:invok?", "lambda:invoke", True),
        ("*:describe*", "aws-sdk:sagemaker:describePipelineExecution", True),
        ("states:startExecution", "aws-sdk:sfn:startExecution", True),
        ("sagemaker:describe*", "aws-sdk:glue:describeX", False),
        (["glue:*", "lambda:*"], "lambda:invoke", True),
        (["glue:*", "sns:*"], "lambda:invoke", False),
        ({"call": "lambda:*"}, "lambda:invoke", True),
        ({"calls": ["glue:*", "lambda:*"]}, "lambda:invoke", True),
        ({"calls": ["glue:*"]}, "lambda:invoke", False),
    ],
)
def test_a_call_is_meant_by_its_service_and_action(selector: Any, resource: str, is_meant: bool) -> None:
    assert meant(selector, resource) is is_meant


@pytest.mark.parametrize(
    ("pattern", "means"),
    [
        ("", ["", ".sync", ".waitForTaskToken"]),
        (".requestResponse", [""]),
        (".sync*", [".sync"]),
        (".waitForTaskToken", [".waitForTaskToken"]),
        (".sync:2", []),
    ],
)
def test_a_pattern_says_how_the_call_waits(pattern: str, means: list[str]) -> None:
    patterns = ("", ".sync", ".waitForTaskToken")
    assert [waits for waits in patterns if meant(f"ecs:runTask{pattern}", f"ecs:runTask{waits}")] == means


def test_a_call_of_which_the_deployment_fills_in_a_part_is_not_meant() -> None:
    assert not meant("*:*", "${Service}:invoke")


@pytest.mark.parametrize(
    ("given", "is_meant"),
    [
        ({"FunctionName": "charge"}, True),
        ({"FunctionName": "refund"}, False),
        ({"Payload/kind": "card"}, True),
        ({"Payload/amount": 5.0}, True),
        ({"Payload/amount": True}, False),
        ({"Payload": {"kind": "card", "amount": 5}}, True),
        ({"FunctionName/x": "charge"}, False),
        ({"Qualifier": "${Alias}"}, True),
        ({"Qualifier": "live"}, False),
        ({"FunctionName": "charge", "ClientContext": "x"}, False),
    ],
)
def test_arguments_are_asked_for_just_as_they_are_written(given: dict[str, Any], is_meant: bool) -> None:
    assert meant({"call": "lambda:invoke", "with": given}, arguments=ARGUMENTS) is is_meant


@pytest.mark.parametrize(
    ("where", "is_meant"),
    [
        ({"FunctionName": "^ch"}, True),
        ({"FunctionName": "^harge"}, False),
        ({"Payload/kind": "card|cash"}, True),
        ({"Payload": '"amount": 5'}, True),
        ({"ClientContext": ""}, False),
    ],
)
def test_a_regular_expression_is_found_in_the_text_of_an_argument(where: dict[str, str], is_meant: bool) -> None:
    assert meant({"call": "lambda:invoke", "where": where}, arguments=ARGUMENTS) is is_meant


def test_a_path_of_jsonpath_stands_for_the_member() -> None:
    selector = {"call": "lambda:invoke", "with": {"FunctionName": "$.name"}}
    assert meant(selector, arguments={"FunctionName.$": "$.name"}, language="JSONPath")
    assert not meant(selector, arguments={"FunctionName.$": "$.other"}, language="JSONPath")


def test_arguments_that_are_one_expression_have_no_members() -> None:
    assert not meant({"call": "lambda:invoke", "where": {"FunctionName": ""}}, arguments="{% $args %}")


@pytest.mark.parametrize(
    ("selector", "at", "problem"),
    [
        ("lambda", ("calls",), 'calls is "lambda"; a call is service:action, * for any part'),
        (["a:b", "c"], ("calls", 1), 'calls.1 is "c"; a call is service:action, * for any part'),
        (7, ("calls",), "calls must be text or a list or a mapping, not 7"),
        ({"call": "a:b", "calls": ["a:b"]}, ("calls",), 'calls has both "call" and "calls"; choose one'),
        ({"with": {"A": 1}}, ("calls",), 'calls needs one of "call" and "calls"'),
        ({"call": "a:b", "wth": {}}, ("calls", "wth"), 'calls has no key "wth"; did you mean "with"?'),
        ({"call": "a:b", "where": {"A": 1}}, ("calls", "where", "A"), "calls.where.A must be text, not 1"),
        ({"call": "a:b", "with": {}}, ("calls", "with"), "calls.with is empty; it needs at least 1"),
    ],
)
def test_a_selector_that_cannot_be_read_is_refused_at_its_place(selector: Any, at: Any, problem: str) -> None:
    assert refused(KIND, calls=selector, retried=True) == [(at, problem)]


def test_a_regular_expression_that_is_none_is_refused_at_its_place() -> None:
    ((at, problem),) = selector_faults({"call": "a:b", "where": {"A": "(", "B": "x"}})
    assert at == ("where", "A")
    assert problem.startswith("is no regular expression: missing )")
