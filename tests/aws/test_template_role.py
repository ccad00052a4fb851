"""The role that a template gives to a state machine, and whether all that it holds is known."""

import copy
from typing import Any

import pytest

from asl_lint.aws.policy_document import Policies
from asl_lint.aws.template_role import role_of

READ = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": ["Orders", "Arn"]}}
DOCUMENT = {"Version": "2012-10-17", "Statement": [READ]}
TABLE = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"


def template(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {"Resources": {"Orders": {"Type": "AWS::DynamoDB::Table"}, **resources}, **sections}


def sam(policies: Any = None, **properties: Any) -> dict[str, Any]:
    given = properties if policies is None else {"Policies": policies, **properties}
    return template(
        {"Machine": {"Type": "AWS::Serverless::StateMachine", "Properties": given}}, Transform="AWS::Serverless-2016-10-31"
    )


def with_role(role: dict[str, Any], **more: Any) -> dict[str, Any]:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}
    return template({"Machine": machine, "Role": {"Type": "AWS::IAM::Role", "Properties": role}, **more})


def held(found: dict[str, Any]) -> Policies:
    role = role_of(found, "Machine")
    assert role is not None
    return role.policies


def test_policies_that_are_written_in_the_machine() -> None:
    role = held(sam([DOCUMENT]))
    assert role.allows("dynamodb:GetItem", TABLE) == "allowed"
    assert role.allows("dynamodb:PutItem", TABLE) == "missing"


def test_a_policy_template_of_sam_is_what_sam_makes_of_it() -> None:
    role = held(sam([{"DynamoDBReadPolicy": {"TableName": {"Ref": "Orders"}}}, {"SQSSendMessagePolicy": {"QueueName": "jobs"}}]))
    assert role.allows("dynamodb:GetItem", TABLE) == "allowed"
    assert role.allows("dynamodb:PutItem", TABLE) == "missing"
    assert role.allows("sqs:SendMessage", "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs") == "allowed"


def test_a_machine_without_policies_may_nothing() -> None:
    assert held(sam()).allows("dynamodb:GetItem", TABLE) == "missing"


def test_the_policies_of_a_role_of_the_template() -> None:
    role = held(with_role({"Policies": [{"PolicyName": "p", "PolicyDocument": DOCUMENT}]}))
    assert role.allows("dynamodb:GetItem", TABLE) == "allowed"
    assert role.allows("dynamodb:PutItem", TABLE) == "missing"


@pytest.mark.parametrize("kind", ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"])
def test_a_policy_that_names_the_role(kind: str) -> None:
    policy = {"Type": kind, "Properties": {"PolicyDocument": DOCUMENT, "Roles": [{"Ref": "Role"}]}}
    role = held(with_role({}, Policy=policy))
    assert role.allows("dynamodb:GetItem", TABLE) == "allowed"
    assert role.is_whole


def test_a_policy_of_another_role_is_not_this_ones() -> None:
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": DOCUMENT, "Roles": [{"Ref": "Other"}]}}
    other = {"Type": "AWS::IAM::Role", "Properties": {}}
    assert held(with_role({}, Policy=policy, Other=other)).allows("dynamodb:GetItem", TABLE) == "missing"


def test_a_managed_policy_of_the_template() -> None:
    managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": DOCUMENT}}
    assert (
        held(with_role({"ManagedPolicyArns": [{"Ref": "Managed"}]}, Managed=managed)).allows("dynamodb:GetItem", TABLE)
        == "allowed"
    )


def test_a_policy_that_may_not_be_there_leaves_it_open() -> None:
    properties = {"PolicyDocument": DOCUMENT, "Roles": [{"Ref": "Role"}]}
    policy = {"Type": "AWS::IAM::Policy", "Condition": "C", "Properties": properties}
    assert held(with_role({}, Policy=policy)).allows("dynamodb:GetItem", TABLE) == "unknown"


@pytest.mark.parametrize("found", [
    with_role({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/PolicyOfTomorrow"]}),
    with_role({"ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/AmazonDynamoDBReadOnlyAccess"]}),
    with_role({"ManagedPolicyArns": {"Fn::If": ["C", [], []]}}),
    with_role({"Policies": [{"Fn::If": ["C", {}, {"Ref": "AWS::NoValue"}]}]}),
    with_role({"Policies": [{"PolicyDocument": {"Statement": [{"Fn::If": ["C", READ, READ]}]}}]}),
    with_role({}, **{"Fn::ForEach::Policies": ["P", ["a"], {}]}),
    {**with_role({}), "Transform": ["OurMacro"]},
    sam(["PolicyOfTomorrow"]),
    sam([{"OurPolicy": {}}]),
    template({
        "Machine": {"Type": "AWS::Serverless::StateMachine", "Connectors": {"C": {}}, "Properties": {}},
    }),
    {**sam(), "Resources": {**sam()["Resources"], "C": {
        "Type": "AWS::Serverless::Connector", "Properties": {"Source": {"Id": "Machine"}, "Destination": {"Id": "Orders"}},
    }}},
])  # fmt: skip
def test_what_is_attached_and_not_known_makes_nothing_missing(found: dict[str, Any]) -> None:
    assert held(found).allows("dynamodb:PutItem", TABLE) == "unknown"


@pytest.mark.parametrize(("given", "answer"), [
    ({"Outputs": {"O": {"Value": {"Ref": "Role"}}}}, "unknown"),
    ({"Outputs": {"O": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}}}, "missing"),
    ({"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"P": {"Ref": "Role"}}}}}, "unknown"),
    ({"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"P": "Role"}}}}, "missing"),
])  # fmt: skip
def test_another_stack_may_attach_policies_to_a_role_whose_name_it_is_given(given: dict[str, Any], answer: str) -> None:
    found = with_role({"Policies": [{"PolicyDocument": DOCUMENT}]}, **{k: v for k, v in given.items() if k != "Outputs"})
    assert held({**found, "Outputs": given.get("Outputs", {})}).allows("dynamodb:PutItem", TABLE) == answer


def test_a_managed_policy_of_aws_that_is_known() -> None:
    role = held(with_role({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}))
    assert role.allows("dynamodb:PutItem", TABLE) == "allowed"


def test_a_boundary_that_is_not_known_leaves_it_open() -> None:
    role = held(with_role({
        "Policies": [{"PolicyDocument": DOCUMENT}], "PermissionsBoundary": "arn:aws:iam::123456789012:policy/boundary",
    }))  # fmt: skip
    assert role.allows("dynamodb:GetItem", TABLE) == "unknown"
    assert role.allows("dynamodb:PutItem", TABLE) == "missing"


def test_a_role_that_is_not_in_the_template_is_not_known() -> None:
    assert role_of(sam(Role="arn:aws:iam::123456789012:role/machine"), "Machine") is None
    assert role_of(sam(Role={"Ref": "RoleArn"}), "Machine") is None


# --- connectors of SAM ------------------------------------------------------------------------------------------------------

DESTINATIONS = {
    "Orders": ("AWS::Serverless::SimpleTable", ["Read", "Write"]),
    "Table": ("AWS::DynamoDB::Table", ["Read"]),
    "Work": ("AWS::Serverless::Function", ["Write"]),
    "Topic": ("AWS::SNS::Topic", ["Write"]),
    "Queue": ("AWS::SQS::Queue", ["Write"]),
    "Bucket": ("AWS::S3::Bucket", ["Read", "Write"]),
    "Bus": ("AWS::Events::EventBus", ["Write"]),
    "Child": ("AWS::Serverless::StateMachine", ["Read", "Write"]),
}
PROPERTIES: dict[str, dict[str, Any]] = {
    "Work": {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "s3://bucket/key"},
    "Bus": {"Name": "bus"},
    "Table": {"KeySchema": []},
    "Child": {"Definition": {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}, "Name": "child"},
}


def connected(role: str | None, *, embedded: bool) -> dict[str, Any]:
    machine: dict[str, Any] = {
        "Type": "AWS::Serverless::StateMachine",
        "Properties": {"Definition": {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}, "Policies": [DOCUMENT]},
    }
    if role is not None:
        machine["Properties"] = {"Definition": machine["Properties"]["Definition"], "Role": {"Fn::GetAtt": [role, "Arn"]}}
    resources = {name: {"Type": kind, "Properties": PROPERTIES.get(name, {})} for name, (kind, _) in DESTINATIONS.items()}
    if role is not None:
        resources[role] = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    connectors = {
        f"To{name}": {"Properties": {"Destination": {"Id": name}, "Permissions": permissions}}
        for name, (_, permissions) in DESTINATIONS.items()
    }
    if embedded:
        return template({**resources, "Machine": {**machine, "Connectors": connectors}}, Transform="AWS::Serverless-2016-10-31")
    own = {
        name: {"Type": "AWS::Serverless::Connector", "Properties": {"Source": {"Id": "Machine"}, **one["Properties"]}}
        for name, one in connectors.items()
    }
    return template({**resources, "Machine": machine, **own}, Transform="AWS::Serverless-2016-10-31")


def as_sam_makes_it(found: dict[str, Any]) -> dict[str, Any]:
    """The template after SAM's transform, by its own translator."""
    from samtranslator.translator.transform import transform

    class Loader:
        def load(self) -> dict[str, str]:
            return {}

    return dict(transform(copy.deepcopy(found), {}, Loader()))


def rights(policies: Policies) -> set[tuple[str, str, bool]]:
    return {
        (action, resource, one.is_conditional)
        for one in policies.statements
        for action in one.actions
        for resource in one.resources or ()
    }


@pytest.mark.parametrize("role", [None, "Role"])
@pytest.mark.parametrize("embedded", [True, False])
def test_a_connector_gives_what_sam_makes_of_it(role: str | None, embedded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    found = connected(role, embedded=embedded)
    ours, reference = held(found), held(as_sam_makes_it(found))
    assert ours.is_whole
    assert reference.is_whole
    assert rights(ours) == rights(reference)


@pytest.mark.parametrize("connector", [
    {"Source": {"Id": "Machine"}, "Destination": {"Id": "Orders"}, "Permissions": {"Ref": "P"}},
    {"Source": {"Id": "Machine"}, "Destination": {"Id": "Gone"}, "Permissions": ["Read"]},
    {"Source": {"Type": "AWS::Lambda::Function", "RoleName": {"Ref": "MachineRole"}}, "Destination": {"Id": "Orders"},
     "Permissions": ["Read"]},
    {"Source": {"Id": {"Ref": "Machine"}}, "Destination": {"Id": "Orders"}, "Permissions": ["Read"]},
])  # fmt: skip
def test_a_connector_that_is_not_understood_leaves_it_open(connector: dict[str, Any]) -> None:
    found = sam()
    found["Resources"]["C"] = {"Type": "AWS::Serverless::Connector", "Properties": connector}
    assert not held(found).is_whole


def test_a_connector_of_another_machine_is_not_this_ones() -> None:
    found = sam()
    found["Resources"]["Other"] = {"Type": "AWS::Serverless::StateMachine", "Properties": {}}
    connector = {"Source": {"Id": "Other"}, "Destination": {"Id": "Orders"}, "Permissions": ["Read"]}
    found["Resources"]["C"] = {"Type": "AWS::Serverless::Connector", "Properties": connector}
    assert held(found).allows("dynamodb:GetItem", TABLE) == "missing"


def test_a_role_that_something_else_runs_with_is_shared() -> None:
    other = {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}}
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": DOCUMENT, "Roles": [{"Ref": "Role"}]}}
    assert held(with_role({}, Other=other)).is_shared
    assert not held(with_role({}, Policy=policy)).is_shared


def test_types_that_are_no_texts_are_of_nothing_that_is_known() -> None:
    assert not held(with_role({"Policies": []}, Odd={"Type": ["a"], "Properties": {"Roles": []}})).statements
    for destination in ({"Id": "Odd"}, {"Type": ["b"], "Arn": "arn:aws:sqs:eu-west-1:123456789012:jobs"}):
        properties = {"Source": {"Id": "Machine"}, "Destination": destination, "Permissions": ["Write"]}
        resources = {"Odd": {"Type": ["a"]}, "Link": {"Type": "AWS::Serverless::Connector", "Properties": properties}}
        whole = sam([])
        whole["Resources"] |= resources
        assert not held(whole).statements
