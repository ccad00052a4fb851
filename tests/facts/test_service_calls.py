"""What is said of calls: where the index decides, where it is silent, and that nothing which ran on AWS gets an error."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asl_lint import check_text
from asl_lint.finding import Finding
from tests.conftest import manifest

OF_CALLS = frozenset((
    "unknown-service", "unknown-action", "unsupported-operation", "unknown-argument", "missing-argument", "wrong-argument-type",
    "argument-value", "credentials-of-activity",
))  # fmt: skip
OF_ERRORS = frozenset(("unmatched-error", "transient-error-not-retried"))


def found(resource: str, arguments: Any = None, language: str = "JSONata", **fields: Any) -> list[Finding]:
    """The findings about one Task's call."""
    field = "Arguments" if language == "JSONata" else "Parameters"
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Next": "Later", **fields}
    if arguments is not None:
        state[field] = arguments
    machine = {"QueryLanguage": language, "StartAt": "A", "States": {"A": state, "Later": {"Type": "Succeed"}}}
    report = check_text(json.dumps(machine), name="a.asl.json")
    assert not report.errors
    return [finding for finding in report.findings if finding.rule in OF_CALLS | OF_ERRORS]


def told(*arguments: Any, **fields: Any) -> list[tuple[str, str, str]]:
    """Rule, severity and pointer of each, from the state on."""
    return [(f.rule, f.severity, f.pointer.removeprefix("/States/A")) for f in found(*arguments, **fields)]


# --- arguments --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "${AWS::Partition}"])
def test_a_call_is_judged_in_every_partition(partition: str) -> None:
    state = {"Type": "Task", "Resource": f"arn:{partition}:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "orders"}}
    machine = {"StartAt": "A", "States": {"A": {**state, "End": True}}}
    report = check_text(json.dumps(machine), name="a.asl.json")
    assert [f.message for f in report.findings if f.rule in OF_CALLS] == ["s3:getObject requires Key"]


def test_a_misspelled_argument_is_not_missing_as_well() -> None:
    assert told("aws-sdk:s3:getObject", {"Bucket": "orders", "key": "a"}) == [("unknown-argument", "error", "/Arguments/key")]


def test_the_near_name_is_the_one_of_the_integration_s_spelling() -> None:
    (finding,) = found("aws-sdk:rds:describeDBInstances", {"DBInstanceIdentifier": "orders"})
    assert finding.help == 'did you mean "DbInstanceIdentifier"?'


@pytest.mark.parametrize(
    ("language", "arguments"),
    [
        ("JSONata", "{% $states.input %}"),
        ("JSONata", {"Bucket": "{% $states.input.bucket %}", "Key": "{% 1 %}"}),
        ("JSONata", {"Bucket": "${Bucket}", "Key": "orders/${Name}"}),
        ("JSONPath", {"Bucket.$": "$.bucket", "Key.$": "$.key"}),
        ("JSONPath", None),
    ],
)
def test_what_a_run_or_the_deployment_gives_is_unknown(language: str, arguments: Any) -> None:
    assert told("aws-sdk:s3:getObject", arguments, language) == []


def test_a_text_that_looks_evaluated_is_left_to_the_rule_about_that() -> None:
    assert told("dynamodb:getItem", {"TableName": "orders", "Key": "$.key"}, "JSONPath") == []


def test_a_key_with_the_suffix_of_paths_is_no_unknown_argument_in_jsonata() -> None:
    assert told("aws-sdk:s3:getObject", {"Bucket": "orders", "Key.$": "$.key"}) == []


def test_arguments_that_are_no_object_are_told_once() -> None:
    assert told("aws-sdk:s3:getObject", 5) == []


def test_recursive_arguments_are_judged_at_any_depth() -> None:
    value: Any = {"BOOL": True}
    for _ in range(20):
        value = {"M": {"inner": value}}
    (finding,) = found("aws-sdk:dynamodb:putItem", {"TableName": "orders", "Item": {"a": value}})
    assert (finding.rule, finding.severity) == ("unknown-argument", "error")
    assert finding.pointer.endswith("/M/inner/BOOL")
    assert told("dynamodb:putItem", {"TableName": "orders", "Item": {"a": value}}) == []


def test_a_service_or_action_without_a_model_says_nothing_of_arguments() -> None:
    assert told("aws-sdk:lookoutvision:anything", {"Odd": 1}) == []
    assert [rule for rule, *_ in told("aws-sdk:s3:getObjekt", {"Odd": 1})] == ["unknown-action"]


def test_the_argument_of_a_map_may_have_any_name() -> None:
    assert told("glue:startJobRun", {"JobName": "pack", "Arguments": {"--anything": "1"}}) == []


def test_what_may_be_newer_than_the_index_is_a_warning_with_its_date() -> None:
    for finding in (
        *found("aws-sdk:newservice:getThing"),
        *found("aws-sdk:s3:renameBucket"),
        *found("aws-sdk:s3:listBuckets", {"Newest": 1}),
        *found("lambda:invoke", {"FunctionName": "pack", "InvocationType": "Tomorrow"}),
    ):
        assert finding.severity == "warning"
        assert "2026-11-17" in finding.message


# --- errors -----------------------------------------------------------------------------------------------------------------


def hints(resource: str, *names: str, **fields: Any) -> list[str | None]:
    """The help for each name in a Catcher that never matches."""
    arguments: dict[str, Any] = {"Catch": [{"ErrorEquals": [name], "Next": "Later"} for name in names], **fields}
    return [f.help for f in found(resource, **arguments) if f.rule == "unmatched-error"]


@pytest.mark.parametrize(
    ("resource", "name", "meant"),
    [
        ("aws-sdk:dynamodb:putItem", "DynamoDB.ConditionalCheckFailedException", "DynamoDb.ConditionalCheckFailedException"),
        ("aws-sdk:dynamodb:putItem", "ConditionalCheckFailedException", "DynamoDb.ConditionalCheckFailedException"),
        ("aws-sdk:dynamodb:putItem", "DynamoDb.ConditionalCheckFailed", "DynamoDb.ConditionalCheckFailedException"),
        ("aws-sdk:dynamodb:putItem", "DynamoDB.AmazonDynamoDBException", "DynamoDb.DynamoDbException"),
        ("aws-sdk:rds:deleteDBInstance", "Rds.DBInstanceNotFoundFault", "Rds.DbInstanceNotFoundException"),
        ("aws-sdk:sagemaker:describePipelineExecution", "SageMaker.ThrottlingException", "SageMaker.SageMakerException"),
        ("aws-sdk:sagemaker:describePipelineExecution", "ThrottlingException", "SageMaker.SageMakerException"),
        ("aws-sdk:sfn:startExecution", "StepFunctions.ExecutionAlreadyExistsException", "Sfn.ExecutionAlreadyExistsException"),
        ("dynamodb:putItem", "DynamoDb.ConditionalCheckFailedException", "DynamoDB.ConditionalCheckFailedException"),
        ("dynamodb:putItem", "ConditionalCheckFailedException", "DynamoDB.ConditionalCheckFailedException"),
        ("states:startExecution.sync:2", "Sfn.ExecutionLimitExceededException", "StepFunctions.ExecutionLimitExceededException"),
    ],
)
def test_an_error_that_never_comes_is_told_with_the_one_that_does(resource: str, name: str, meant: str) -> None:
    assert hints(resource, name) == [f'did you mean "{meant}"?']


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("aws-sdk:sagemaker:describePipelineExecution", "SageMaker.SageMakerException"),
        ("aws-sdk:s3:getObject", "S3.NoSuchKeyException"),
        ("aws-sdk:s3:getObject", "S3.SdkClientException"),
        ("aws-sdk:s3:getObject", "${ErrorName}"),
        ("aws-sdk:lookoutvision:anything", "Anything"),
        ("aws-sdk:sqs:sendMessage.waitForTaskToken", "OrderLost"),
        ("dynamodb:putItem", "DynamoDB.Anything"),
        ("ecs:runTask", "AmazonECS.Unknown"),
        ("sqs:sendMessage.waitForTaskToken", "Sqs.Anything"),
        ("lambda:invoke", "ThrottlingException"),
        ("lambda:invoke", "DynamoDb.ThrottlingException"),
        ("http:invoke", "Events.ConnectionResource.AuthInProgress"),
    ],
)
def test_an_error_that_may_come_is_left_alone(resource: str, name: str) -> None:
    assert hints(resource, name) == []


def test_an_error_of_another_call_is_told_only_where_it_stands_alone() -> None:
    shared = [{"ErrorEquals": ["Lambda.ServiceException", "Ecs.EcsException"], "Next": "Later"}]
    assert [f.rule for f in found("aws-sdk:ecs:listTasks", Catch=shared)] == []
    assert len(hints("aws-sdk:ecs:listTasks", "Lambda.ServiceException")) == 1


def test_an_integration_s_general_error_may_be_any() -> None:
    arguments = {"TableName": "orders", "Key": {"id": {"S": "1"}}}
    for name, expected in (("DynamoDB.AmazonDynamoDBException", []), ("OrderLost", ["transient-error-not-retried"])):
        assert [rule for rule, *_ in told("dynamodb:getItem", arguments, Retry=[{"ErrorEquals": [name]}])] == expected


@pytest.mark.parametrize("name", ["States.TaskFailed", "States.ALL"])
def test_a_retrier_of_all_errors_leaves_nothing_out(name: str) -> None:
    assert told("aws-sdk:dynamodb:query", {"TableName": "orders"}, Retry=[{"ErrorEquals": [name]}]) == []


def test_a_retrier_of_a_misspelled_error_is_told_once() -> None:
    retry = [{"ErrorEquals": ["DynamoDB.ThrottlingException"]}]
    assert [rule for rule, *_ in told("aws-sdk:dynamodb:query", {"TableName": "orders"}, Retry=retry)] == ["unmatched-error"]


# --- what ran on AWS --------------------------------------------------------------------------------------------------------


def ran(corpus: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every definition that the real service has accepted or run."""
    for entry in manifest(corpus / "good"):
        if entry["category"] == "aws_accepted":
            yield entry["file"], (corpus / "good" / entry["file"]).read_text(encoding="utf-8")
    for i, line in enumerate((corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n")):
        if line:
            yield f"recording-{i}.asl.json", json.dumps(json.loads(line)["definition"])
    for entry in manifest(corpus / "executions"):
        yield entry["file"], (corpus / "executions" / entry["file"]).read_text(encoding="utf-8")


def test_no_call_of_a_definition_that_the_service_took_gets_an_error(corpus: Path) -> None:
    definitions = list(ran(corpus))
    assert len(definitions) > 500
    wrong = [
        (name, finding.message)
        for name, text in definitions
        for finding in check_text(text, name=name).findings
        if finding.rule in OF_CALLS and finding.severity == "error"
    ]
    assert wrong == []


def test_every_recorded_error_of_a_call_may_come(corpus: Path) -> None:
    """Each error that a recorded Task ended with is one that its own Catcher would be allowed to name."""
    seen = set()
    for line in (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n"):
        for event in json.loads(line)["events"] if line else ():
            details = event.get("taskFailedEventDetails") or event.get("taskSubmitFailedEventDetails") or {}
            service, action, error = (details.get(key) for key in ("resourceType", "resource", "error"))
            if service and action and error and not str(error).startswith("States."):
                seen.add((f"{service}:{action}", str(error)))
    assert ("aws-sdk:s3:getObject", "S3.NoSuchKeyException") in seen
    assert len(seen) >= 10
    assert {pair: hints(*pair) for pair in sorted(seen)} == {pair: [] for pair in seen}
