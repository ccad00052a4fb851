"""What calls of AWS give, by the shapes of the API: members, lists, times, and what integrations add or parse."""

import pytest

from asl_lint.aws.integrations import INTEGRATIONS
from asl_lint.aws.service_index import service_index
from asl_lint.types.answers import _DESCRIBED, optimized_answer, sdk_answer
from asl_lint.types.lattice import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    SOMETHING,
    STRING,
    TIMESTAMP,
    Object,
    Source,
    Type,
    Undefined,
    join,
    join_all,
)
from asl_lint.types.membership import holds

MAYBE = Undefined.UNSAID


def object_in(type_: Type) -> Object:
    assert type_.object is not None
    return type_.object


def at(type_: Type, *names: str) -> Type:
    """What names lead to; into the elements of arrays by themselves."""
    for name in names:
        if type_.array is not None:
            type_ = type_.array.element
        type_ = object_in(type_).member(name)
    return type_


def test_the_answer_of_an_sdk_call_lists_its_members_as_of_a_date() -> None:
    answer = object_in(sdk_answer("sagemaker", "describePipelineExecution"))
    assert answer.is_closed
    assert answer.source == Source("the answer of sagemaker:describePipelineExecution", service_index().date)
    assert answer.member("PipelineStatus").is_undefined
    status = answer.member("PipelineExecutionStatus")
    assert status.undefined == MAYBE
    assert status.strings is not None
    assert status.strings.open
    assert {"Executing", "Succeeded", "Failed"} <= set(status.strings.literals or ())


@pytest.mark.parametrize(
    ("service", "action", "names", "type_"),
    [
        ("sfn", "startExecution", ("ExecutionArn",), STRING),
        ("sfn", "startExecution", ("StartDate",), TIMESTAMP),
        ("dynamodb", "getItem", ("Item", "anything", "Bool"), BOOLEAN.or_undefined(MAYBE)),
        ("dynamodb", "getItem", ("Item", "anything", "M", "deeper", "L", "S"), STRING.or_undefined(MAYBE)),
        ("rds", "describeDBInstances", ("DbInstances", "DbInstanceIdentifier"), STRING.or_undefined(MAYBE)),
        ("s3", "getObject", ("ContentLength",), INTEGER.or_undefined(MAYBE)),
        ("s3", "getObject", ("Body",), STRING.or_undefined(MAYBE)),
        ("lambda", "invoke", ("Payload",), SOMETHING.or_undefined(MAYBE)),
        ("cloudwatch", "getMetricStatistics", ("Datapoints", "Average"), NUMBER.or_undefined(MAYBE)),
    ],
)
def test_members_of_sdk_answers(service: str, action: str, names: tuple[str, ...], type_: Type) -> None:
    assert at(sdk_answer(service, action), *names) == type_


@pytest.mark.parametrize(
    ("name", "pattern", "names", "type_"),
    [
        ("lambda:invoke", "", ("Payload",), SOMETHING.or_undefined(MAYBE)),
        ("lambda:invoke", "", ("StatusCode",), INTEGER.or_undefined(MAYBE)),
        ("lambda:invoke", "", ("SdkHttpMetadata", "HttpStatusCode"), INTEGER.or_undefined(MAYBE)),
        ("dynamodb:getItem", "", ("Item", "id", "BOOL"), BOOLEAN.or_undefined(MAYBE)),
        ("sqs:sendMessage", "", ("MD5OfMessageBody",), STRING.or_undefined(MAYBE)),
        ("states:startExecution", "sync", ("Output",), STRING.or_undefined(MAYBE)),
        ("states:startExecution", "sync:2", ("Output",), SOMETHING.or_undefined(MAYBE)),
        ("states:startExecution", "sync", ("StartDate",), join(TIMESTAMP, NUMBER)),
        ("ecs:runTask", "sync", ("Containers", "ExitCode"), INTEGER.or_undefined(MAYBE)),
        ("batch:submitJob", "sync", ("Container", "LogStreamName"), STRING.or_undefined(MAYBE)),
        ("athena:startQueryExecution", "sync", ("QueryExecution", "QueryExecutionId"), STRING.or_undefined(MAYBE)),
        ("http:invoke", "", ("StatusCode",), NUMBER),
    ],
)
def test_members_of_answers_of_integrations(name: str, pattern: str, names: tuple[str, ...], type_: Type) -> None:
    assert at(optimized_answer(*name.split(":"), pattern), *names) == type_


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("sqs:sendMessage", "waitForTaskToken"),
        ("emr-serverless:startJobRun", "sync"),
        ("lambda:nothing", ""),
        ("nowhere:nothing", ""),
        ("nowhere:nothing", "sync"),
    ],
)
def test_what_is_not_known_is_anything(name: str, pattern: str) -> None:
    assert optimized_answer(*name.split(":"), pattern) == SOMETHING


def test_an_operation_that_the_index_lacks_gives_anything() -> None:
    assert sdk_answer("s3", "noSuchOperation") == SOMETHING
    assert sdk_answer("nowhere", "nothing") == SOMETHING


def test_every_integration_that_is_said_to_wait_does() -> None:
    for name in _DESCRIBED:
        service, action = name.split(":")
        assert "sync" in INTEGRATIONS[service][action]
        assert optimized_answer(service, action, "sync").object is not None


def test_answers_are_joined_without_being_opened() -> None:
    one, other = sdk_answer("dynamodb", "getItem"), sdk_answer("ec2", "describeInstances")
    joined = join_all([one, other, one])
    assert join(joined, other) == joined
    assert holds(joined, {"Item": {"a": {"S": "x"}}})
    assert holds(joined, {"Reservations": []})


@pytest.mark.large
def test_every_operation_of_every_service_has_an_answer() -> None:
    index = service_index()
    opened = 0
    for name in index.services:
        service = index.service(name)
        assert service is not None
        for action in service.actions:
            answer = sdk_answer.__wrapped__(name, action)
            if answer.object is not None:
                opened += len(answer.object.members.items())
    assert opened > 40_000
