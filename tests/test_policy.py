"""``asl-lint policy``: the least policy of definitions and templates, in three forms."""

import json
from pathlib import Path

import pytest
import yaml

from tests.command_line import enter, run, write

READ = {
    "StartAt": "Read",
    "States": {"Read": {
        "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": True,
        "Parameters": {"TableName": "${Orders}", "Key": {"id": {"S.$": "$.id"}}},
    }},
}  # fmt: skip
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::DynamoDB::Table, Properties: {}}
  Reader:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: reader
      DefinitionUri: read.asl.json
      DefinitionSubstitutions: {Orders: !Ref Orders}
      Logging: {Level: ALL}
      Tracing: {Enabled: true}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    enter(tmp_path, monkeypatch)
    return tmp_path


def test_a_definition_gives_a_policy_document() -> None:
    write(read=READ)
    Path("values.yaml").write_text("Orders: orders")
    result = run(
        "policy", "read.asl.json", "--substitutions", "values.yaml", "--region", "eu-west-1", "--account", "123456789012"
    )
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "StartDynamodb", "Effect": "Allow", "Action": ["dynamodb:GetItem"],
            "Resource": ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders"],
        }],
    }  # fmt: skip


def test_standard_input_is_read_by_the_name_that_it_is_given() -> None:
    result = run("policy", "-", "--stdin-filename", "read.asl.json", input=json.dumps(READ).replace("${Orders}", "orders"))
    assert json.loads(result.stdout)["Statement"][0]["Resource"] == ["arn:aws:dynamodb:*:*:table/orders"]


def test_a_template_on_standard_input_names_files_beside_its_name() -> None:
    write(read=READ)
    result = run("policy", "-", "--stdin-filename", "template.yaml", input=TEMPLATE)
    assert "dynamodb:GetItem" in result.stdout
    assert result.stderr.startswith("asl-lint: ${Orders} is not known")


def test_what_is_no_definition_on_standard_input_is_told_by_its_name() -> None:
    result = run("policy", "-", input="{}")
    assert (result.stdout, result.stderr) == ("", "asl-lint: <stdin>: holds no state machine\n")


def test_standard_input_stands_alone() -> None:
    assert run("policy", "-", "read.asl.json", input="{}").exit_code == 2


def test_json_says_which_placeholders_are_not_known() -> None:
    write(read=READ)
    result = run("policy", "read.asl.json")
    assert json.loads(result.stdout)["Statement"][0]["Resource"] == ["arn:aws:dynamodb:*:*:table/*"]
    assert result.stderr == "asl-lint: ${Orders} is not known, * stands for it (--substitutions can say it)\n"


def test_a_template_gives_what_its_machine_needs_in_its_own_names() -> None:
    write(read=READ)
    Path("template.yaml").write_text(TEMPLATE)
    result = run("policy", "template.yaml", "--format", "sam")
    assert result.exit_code == 0, result.output
    assert '!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"' in result.stdout
    block = yaml.safe_load(result.stdout.replace("!Sub ", ""))
    sids = [statement["Sid"] for statement in block["Policies"][0]["Statement"]]
    assert sids == ["StartDynamodb", "LoggingLogs", "TracingXray"]


def test_terraform_gets_a_data_source_and_those_it_refers_to() -> None:
    write(read=READ)
    text = run("policy", "read.asl.json", "--format", "terraform").stdout
    assert 'data "aws_region" "current" {}' in text
    assert 'data "aws_iam_policy_document" "read" {' in text
    assert (
        '"arn:${data.aws_partition.current.partition}:dynamodb:${data.aws_region.current.name}:'
        '${data.aws_caller_identity.current.account_id}:table/${var.Orders}",'
    ) in text


def test_conditions_are_in_every_form() -> None:
    arguments = {"ApiEndpoint": "https://a.example/", "Method": "GET", "Authentication": {"ConnectionArn": "${Connection}"}}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": arguments, "End": True}
    write(call={"StartAt": "Call", "States": {"Call": state}})
    documents = json.loads(run("policy", "call.asl.json", "--name", "caller").stdout)
    [conditional] = [one for one in documents["Statement"] if "Condition" in one]
    assert conditional["Resource"] == ["arn:aws:states:*:*:stateMachine:caller"]
    assert conditional["Condition"]["StringEquals"] == {"states:HTTPMethod": "GET"}
    sam = run("policy", "call.asl.json", "--format", "sam").stdout
    block = yaml.safe_load(sam.replace("!Sub ", ""))
    assert [one["Condition"] for one in block["Policies"][0]["Statement"] if "Condition" in one] == [conditional["Condition"]]
    assert 'variable = "states:HTTPEndpoint"' in run("policy", "call.asl.json", "--format", "terraform").stdout


def test_several_machines_are_told_apart() -> None:
    write(one=READ, two=READ)
    assert list(json.loads(run("policy", "one.asl.json", "two.asl.json").stdout)) == ["one", "two"]


def test_one_machine_can_be_picked() -> None:
    write(one=READ, two=READ)
    assert "Statement" in json.loads(run("policy", "one.asl.json", "two.asl.json", "--machine", "two").stdout)
    result = run("policy", "one.asl.json", "--machine", "three")
    assert result.exit_code != 0
    assert 'there is no state machine "three" in one.asl.json' in result.stderr


def test_a_call_of_which_nothing_is_known_is_said() -> None:
    write(
        odd={"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:tomorrow:doIt", "End": True}}}
    )
    result = run("policy", "odd.asl.json")
    assert json.loads(result.stdout)["Statement"] == []
    assert result.stderr == 'asl-lint: odd.asl.json: state "A": which action tomorrow:doIt needs is not known\n'


def test_what_is_no_definition_is_told() -> None:
    Path("other.json").write_text("{}")
    result = run("policy", "other.json", "missing.json")
    assert "other.json: holds no state machine" in result.stderr
    assert "missing.json" in result.stderr
    assert result.stdout == ""


def test_a_broken_definition_is_told() -> None:
    Path("a.asl.json").write_text('{"StartAt": "A" "States": {"A": {"Type": "Succeed"}}}')
    result = run("policy", "a.asl.json")
    assert result.stdout == ""
    assert "a.asl.json: line 1: " in result.stderr


def test_terraform_s_machines_have_policies_too() -> None:
    pytest.importorskip("tree_sitter_hcl")
    definition = json.dumps(READ).replace("${Orders}", "orders").replace('"', '\\"')
    Path("a.tf").write_text(f'resource "aws_sfn_state_machine" "m" {{\n  definition = "{definition}"\n}}\n')
    assert "dynamodb:GetItem" in run("policy", "a.tf").stdout


def test_the_same_files_give_the_same_text() -> None:
    write(read=READ)
    assert len({run("policy", "read.asl.json", "--format", "sam").stdout for _ in range(3)}) == 1
