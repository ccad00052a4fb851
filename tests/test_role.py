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


@pytest.mark.parametrize(("logging", "tracing", "lacking"), [
    ("{Level: ALL}", "{Enabled: true}", ["logs:CreateLogDelivery"]),  # SAM itself allows tracing
    ("{Level: 'OFF'}", "{Enabled: false}", []),
    ("{Level: !Ref Level}", "{Enabled: !Ref Trace}", []),
    ("!If [Logs, {Level: ALL}, !Ref AWS::NoValue]", "!If [Traces, {Enabled: true}, !Ref AWS::NoValue]", []),
    ("{Level: !Ref AWS::NoValue}", "!Ref AWS::NoValue", []),
])  # fmt: skip
def test_what_a_parameter_may_switch_off_is_not_called_missing(logging: str, tracing: str, lacking: list[str]) -> None:
    role = f"Policies: [DynamoDBCrudPolicy: {{TableName: !Ref Orders}}]\n      Logging: {logging}\n      Tracing: {tracing}"
    assert sorted(message.split()[5].rstrip(",") for message in told(role)) == lacking


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


INLINE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Work: {Type: AWS::Serverless::Function, Properties: {}}
  Caller:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: Call
        States:
          Call:
            Type: Task
            Resource: !Sub arn:${AWS::Partition}:states:::aws-sdk:ec2:describeInstances
            Next: Work
          Work:
            Type: Task
            Resource: !Sub arn:${AWS::Partition}:states:::lambda:invoke
            Parameters: {FunctionName: !Ref Work}
            Next: Other
          Other:
            Type: Task
            Resource: !FindInMap [Calls, one, two]
            End: true
      Policies: [LambdaInvokePolicy: {FunctionName: !Ref Work}]
"""


def test_functions_of_a_template_in_a_definition_are_what_they_stand_for() -> None:
    Path("template.yaml").write_text(INLINE)
    report = json.loads(check("template.yaml", "--select", "permissions", "-f", "json", "--exit-zero", code=0).stdout)
    assert [one["message"].split()[5] for one in report["findings"]] == ["ec2:DescribeInstances"]
    needs = {one["rule"]: one["needs"] for one in report["not_evaluated"]}
    assert needs["missing-iam-action"].startswith("all of the role's policies and conditions")


def test_a_role_that_the_template_does_not_have_is_not_judged() -> None:
    assert told("Role: !ImportValue role") == []


def summary(*arguments: str) -> Any:
    return check("put.asl.json", *arguments, code=0).stdout


def test_without_a_role_nothing_is_said_of_it_unless_somebody_asks() -> None:
    assert "missing-iam-action" not in summary()
    assert "not evaluated: missing-iam-action needs role" in summary("--extend-select", "missing-iam-action")
    assert "not evaluated: missing-iam-action needs role" in summary("--select", "permissions")


def places(*arguments: str) -> list[tuple[str, str, int]]:
    report = json.loads(check(*arguments, "-f", "json", "--exit-zero", code=0).stdout)
    return [(one["message"].split()[3], one["file"], one["span"]["start"]["line"]) for one in report["findings"]]


WIDE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {}}
  Putter:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: put.asl.json
      DefinitionSubstitutions: {Orders: !Ref Orders}
      Policies:
        - Statement:
            - Effect: Allow
              Action:
                - dynamodb:PutItem
                - dynamodb:Scan
                - sqs:*
              Resource: "*"
        - AmazonSNSFullAccess
"""


def test_what_a_role_allows_too_much_is_shown_where_the_template_says_it() -> None:
    Path("template.yaml").write_text(WIDE)
    assert places(".", "--select", "excess-iam-action") == [("dynamodb:Scan,", "template.yaml", 14)]
    assert places(".", "--select", "wildcard-iam-action")[:1] == [("sqs:*,", "template.yaml", 15)]
    assert {line for _, _, line in places(".", "--select", "wildcard-iam-action")} == {15, 17}


@pytest.mark.parametrize("file", ["template.yaml", "put.asl.json"])
def test_what_is_found_in_a_template_is_ignored_by_its_file_as_by_that_of_the_definition(file: str) -> None:
    Path("template.yaml").write_text(WIDE)
    Path("asl-lint.toml").write_text(f'per-file-ignores = {{ "{file}" = ["excess-iam-action"] }}\n')
    assert places(".", "--select", "excess-iam-action") == []


def test_the_lines_of_the_template_are_shown_for_it() -> None:
    Path("template.yaml").write_text(WIDE)
    output = check(".", "--select", "excess-iam-action", "--exit-zero", code=0).stdout
    assert "template.yaml:14:19" in output
    assert "14 |                 - dynamodb:Scan" in output


def test_what_a_role_of_a_file_allows_too_much_is_shown_there() -> None:
    Path("role.json").write_text(
        json.dumps({"Statement": {"Effect": "Allow", "Action": ["dynamodb:Scan"], "Resource": "*"}}, indent=1)
    )
    assert places("put.asl.json", "--role", "role.json", "--select", "excess-iam-action") == [("dynamodb:Scan,", "role.json", 5)]


def test_a_role_that_lacks_something_is_shown_beside_the_call() -> None:
    Path("template.yaml").write_text(TEMPLATE.format("Policies: []"))
    output = check(".", "--select", "missing-iam-action", "-f", "json", "--exit-zero", code=0).stdout
    [finding] = json.loads(output)["findings"]
    assert (finding["file"], finding["pointer"]) == ("put.asl.json", "/States/Put/Resource")
    [related] = finding["related"]
    assert (related["message"], related["file"], related["span"]["start"]["line"]) == ("the role", "template.yaml", 10)
    assert "note: the role (template.yaml:10:7)" in check(".", "--select", "missing-iam-action", "--exit-zero", code=0).stdout


TERRAFORM = """\
resource "aws_dynamodb_table" "orders" {
  name = "orders"
}
resource "aws_sfn_state_machine" "put" {
  name       = "put"
  role_arn   = aws_iam_role.put.arn
  definition = templatefile("put.asl.json", { Orders = aws_dynamodb_table.orders.name })
}
resource "aws_iam_role" "put" {
}
resource "aws_iam_role_policy" "put" {
  role   = aws_iam_role.put.id
  policy = jsonencode({
    Statement = { Effect = "Allow", Action = "dynamodb:ACTION", Resource = aws_dynamodb_table.orders.arn }
  })
}
"""


@pytest.mark.parametrize(("action", "lacking"), [("PutItem", []), ("GetItem", ["dynamodb:PutItem"])])
def test_a_role_of_terraform_is_held_against_its_machine(action: str, lacking: list[str]) -> None:
    pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")
    Path("main.tf").write_text(TERRAFORM.replace("ACTION", action))
    output = check(".", "--select", "missing-iam-action", "-f", "json", "--exit-zero", code=0).stdout
    assert [one["message"].split()[5] for one in json.loads(output)["findings"]] == lacking


def test_a_right_that_may_be_there_is_said_to_be_unknown_where_somebody_asks() -> None:
    Path("template.yaml").write_text(TEMPLATE.format("Policies: [PolicyOfTomorrow]"))
    assert "needs all of the role's policies and conditions" in check(".", "--select", "missing-iam-action", code=0).stdout


DENIED = """\
Statement:
  - {Effect: Allow, Action: "*", Resource: "*"}
  - Effect: Deny
    Action:
      - s3:*
      - dynamodb:Put*
    Resource: "*"
"""


def test_a_deny_of_a_role_is_shown_beside_the_call() -> None:
    Path("role.yaml").write_text(DENIED)
    result = check("put.asl.json", "--role", "role.yaml", "--select", "missing-iam-action", code=1)
    assert "note: this Deny forbids it (role.yaml:6:9)" in result.stdout
