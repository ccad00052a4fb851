"""Where the role of a state machine comes from: an option, the configuration, or the template."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import check, enter, reported, write

PUT = {
    "StartAt": "Put",
    "States": {"Put": {
        "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": True,
        "Parameters": {"TableName": "${Orders}", "Item": {"id": {"S.$": "$.id"}}},
    }},
}  # fmt: skip
READER = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]}
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {{Type: AWS::DynamoDB::Table, Properties: {{}}}}
  Others: {{Type: AWS::DynamoDB::Table, Properties: {{}}}}
  Putter:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: put.asl.json
      DefinitionSubstitutions: {{Orders: !Ref Orders}}
      {}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    enter(tmp_path, monkeypatch)
    write(put=PUT)
    return tmp_path


def rules_of(*arguments: str, code: int) -> list[str]:
    return [rule for rule in reported(check(*arguments, "-f", "concise", code=code).stdout) if rule.endswith("iam-action")]


def test_a_role_on_the_command_line() -> None:
    Path("role.json").write_text(json.dumps(READER))
    assert rules_of("put.asl.json", "--role", "role.json", code=1) == ["missing-iam-action"]


@pytest.mark.parametrize("form", [
    "Statement: {Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Orders.Arn}",
    "[{Statement: {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}}]",
    "Policies:\n  - DynamoDBCrudPolicy: {TableName: !Ref Orders}",
    "PolicyDocument: {Statement: {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}}",
])  # fmt: skip
def test_the_forms_of_a_file_of_policies(form: str) -> None:
    Path("role.yaml").write_text(form)
    assert rules_of("put.asl.json", "--role", "role.yaml", code=0) == []


@pytest.mark.parametrize("text", ["{}", "[]x", '{"Statement": {"Effect": "Maybe", "Action": "*"}}'])
def test_a_file_that_holds_no_policy_is_misuse(text: str) -> None:
    from tests.command_line import run

    Path("role.json").write_text(text)
    result = run("check", "put.asl.json", "--role", "role.json")
    assert result.exit_code != 0
    assert "role.json" in result.stderr


def test_a_misspelt_policy_template_is_misuse() -> None:
    from tests.command_line import run

    Path("role.json").write_text('{"SQSPolerPolicy": {"QueueName": "x"}}')
    told = run("check", "put.asl.json", "--role", "role.json").stderr
    assert 'there is no SAM policy template "SQSPolerPolicy"; did you mean "SQSPollerPolicy"?' in told


def test_the_configuration_names_roles_for_all_files_and_for_some() -> None:
    write(other=PUT)
    Path("reader.json").write_text(json.dumps(READER))
    Path("all.json").write_text('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
    Path("asl-lint.toml").write_text('role = "reader.json"\nper-file-role = { "other.asl.json" = "all.json" }\n')
    report = json.loads(check(".", "-f", "json", code=1).stdout)
    assert {one["file"] for one in report["findings"] if one["rule"] == "missing-iam-action"} == {"put.asl.json"}


def told(role: str) -> list[str]:
    Path("template.yaml").write_text(TEMPLATE.format(role))
    output = check(".", "--select", "missing-iam-action", "-f", "json", "--exit-zero", code=0).stdout
    return [one["message"] for one in json.loads(output)["findings"]]


def test_the_role_of_a_template_is_held_against_its_machine() -> None:
    assert told("Policies: [DynamoDBCrudPolicy: {TableName: !Ref Orders}]") == []
    [message] = told("Policies: [DynamoDBReadPolicy: {TableName: !Ref Orders}]")
    assert message.startswith("the role does not allow dynamodb:PutItem on arn:${AWS::Partition}:dynamodb:")
    assert message.endswith("table/${Orders}: the call fails")


def test_a_right_on_another_table_of_the_template_may_be_one_on_the_same() -> None:
    assert told("Policies: [DynamoDBCrudPolicy: {TableName: !Ref Others}]") == []


SEND = {
    "StartAt": "Call",
    "States": {
        "Call": {"Type": "Task", "Resource": "${FunctionArn}", "Next": "Send"},
        "Send": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True,
            "Parameters": {"QueueUrl": "${JobsUrl}", "MessageBody.$": "$"},
        },
    },
}  # fmt: skip
SENDER = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {{Type: AWS::SQS::Queue, Properties: {{}}}}
  Work: {{Type: AWS::Serverless::Function, Properties: {{}}}}
  Sender:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: send.asl.json
      DefinitionSubstitutions: {{JobsUrl: !Ref Jobs, FunctionArn: !GetAtt Work.Arn}}
      Policies: {}
"""


@pytest.mark.parametrize(("policies", "lacking"), [
    ("[LambdaInvokePolicy: {FunctionName: !Ref Work}, SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}]", []),
    ("[LambdaInvokePolicy: {FunctionName: !Ref Work}]", ["sqs:SendMessage"]),
    ("[SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}]", ["lambda:InvokeFunction"]),
])  # fmt: skip
def test_a_function_and_a_queue_of_the_template_are_the_same_in_both(policies: str, lacking: list[str]) -> None:
    write(send=SEND)
    Path("template.yaml").write_text(SENDER.format(policies))
    output = check("template.yaml", "--select", "missing-iam-action", "-f", "json", "--exit-zero", code=0).stdout
    messages = [one["message"] for one in json.loads(output)["findings"]]
    assert [message.split()[5] for message in messages] == lacking


def test_a_role_that_the_template_does_not_have_is_not_judged() -> None:
    assert told("Role: !ImportValue role") == []


def summary(*arguments: str) -> Any:
    return check("put.asl.json", *arguments, code=0).stdout


def test_without_a_role_nothing_is_said_of_it_unless_somebody_asks() -> None:
    assert "missing-iam-action" not in summary()
    assert "not evaluated: missing-iam-action needs role" in summary("--extend-select", "missing-iam-action")
    assert "not evaluated: missing-iam-action needs role" in summary("--select", "permissions")


LACKING = {
    # SAM makes a role without any policy
    ("language_extension.yaml", "error", "lambda:InvokeFunction"),
    # its policies are two LambdaInvokePolicy
    ("statemachine.asl.json", "error", "states:ListExecutions"),
    # .sync, and states:StartExecution is all that the role allows of states
    ("TaskTimer.asl.json", "warning", "states:DescribeExecution"),
}
"""Each was read: file, severity, and what the role lacks."""


def test_what_real_templates_lack_was_read_and_is_so(corpus: Path) -> None:
    from asl_lint import check_paths
    from asl_lint.config import Config

    report = check_paths([str(corpus / "iac")], config=Config(select=("missing-iam-action",)))
    found = {(Path(one.file).name, one.severity, one.message.split()[5]) for one in report.findings if one.severity != "info"}
    assert found == LACKING
    assert {one.message.rpartition(": ")[2] for one in report.findings if one.severity == "info"} <= {
        "there are no traces", "the job runs on when the execution is stopped",
        "its child executions run on when the execution is stopped", "what became of its child executions may not be known",
    }  # fmt: skip
