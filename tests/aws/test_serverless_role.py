"""The role of a state machine in a file for the Serverless Framework."""

import json
from typing import Any

import pytest

from asl_lint.aws.policy_document import Policies, UnknownRole
from asl_lint.aws.serverless_role import role_of
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text

DOCUMENT = {"Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": DOCUMENT}]}}


def role(machine: dict[str, Any], resources: Any = None) -> Policies | UnknownRole:
    content = {"stepFunctions": {"stateMachines": {"pay": machine}}, "resources": resources or {"Resources": {"Role": ROLE}}}
    return role_of(content, "pay", "serverless.yml", read_json(Text(json.dumps(content, indent=1))))


def test_a_role_of_the_section_resources() -> None:
    found = role({"role": {"Fn::GetAtt": ["Role", "Arn"]}})
    assert isinstance(found, Policies)
    assert found.allows("dynamodb:GetItem", "*") == "allowed"
    assert found.allows("dynamodb:PutItem", "*") == "missing"
    [statement] = found.statements
    assert statement.at is not None
    start, end = statement.at("dynamodb:GetItem").range
    assert (start.line, end.offset - start.offset) == (25, len('"dynamodb:GetItem"'))


@pytest.mark.parametrize("given", ["arn:aws:iam::123456789012:role/r", "${self:custom.role}", {"Ref": "Other"}])
def test_a_role_that_is_elsewhere_is_not_known(given: Any) -> None:
    assert role({"role": given}) == UnknownRole("it is not in the section resources")


def test_resources_that_are_extended_are_not_known() -> None:
    resources = {"Resources": {"Role": ROLE}, "extensions": {}}
    assert isinstance(role({"role": {"Fn::GetAtt": ["Role", "Arn"]}}, resources), UnknownRole)


def test_of_the_role_that_the_plugin_makes_nothing_is_known_but_what_is_added_to_it() -> None:
    assert role({}) == UnknownRole("the plugin makes it of the definition")
    found = role({"iamRoleStatements": [{"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}]})
    assert isinstance(found, Policies)
    assert found.allows("sqs:SendMessage", "*") == "missing"
    assert found.allows("dynamodb:GetItem", "*") == "unknown"
