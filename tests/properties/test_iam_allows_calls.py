"""``iam-allows-calls@1``: what a role is sure to lack, how bad that is by tier, and what it has too much of."""

import json
from types import MappingProxyType
from typing import Any

from asl_lint.aws.managed_policies import attached, managed_policies
from asl_lint.aws.policy_document import Policies, UnknownRole, read_document
from asl_lint.facts.given_role import GivenRole
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match, NotJudged
from asl_lint.facts.permissions import Deployment
from asl_lint.properties.iam_allows_calls import KIND
from asl_lint.source.document import format_pointer
from asl_lint.source.json_text import read_json
from asl_lint.source.text import FileRange, Position, Range, Text
from tests.facts.test_permissions import task

BUILD = task("codebuild:startBuild.sync", {"ProjectName": "site"})


def found(
    state: dict[str, Any],
    *statements: dict[str, Any],
    parameters: Any = MappingProxyType({}),
    whole: bool = True,
    deployment: Any = None,
) -> list[Any]:
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": state}}
    role = GivenRole(Policies(read_document({"Statement": list(statements)}), whole), deployment or Deployment())
    workflow = Workflow("a.asl.json", read_json(Text(json.dumps(machine))), role=role)
    return list(KIND.check(Facts(workflow), parameters))


def judged(state: dict[str, Any], policies: Policies) -> list[Match]:
    """What is told where the role holds exactly these policies."""
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": state}}
    workflow = Workflow("a.asl.json", read_json(Text(json.dumps(machine))), role=GivenRole(policies))
    return [one for one in KIND.check(Facts(workflow), {}) if isinstance(one, Match)]


def allow(*actions: str, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def severities(matches: list[Match]) -> dict[str, tuple[bool, bool]]:
    return {match.values["actions"]: (match.sure, match.seen) for match in matches}


def test_each_tier_that_is_missing_is_told_at_the_call_with_what_it_costs() -> None:
    matches = found(BUILD)
    assert {format_pointer(match.pointer) for match in matches} == {"/States/S/Resource"}
    assert severities(matches) == {
        "codebuild:StartBuild": (True, True),
        "codebuild:BatchGetBuilds": (False, True),
        "codebuild:StopBuild": (True, False),
        "events:PutTargets, events:PutRule, events:DescribeRule": (False, True),
    }
    assert matches[0].values["effect"] == "the call fails"


def test_what_is_allowed_is_not_told() -> None:
    assert found(BUILD, allow("codebuild:*", "events:*")) == []


def test_another_resource_is_not_the_one_that_is_needed() -> None:
    other = allow("codebuild:*", "events:*", resource="arn:aws:codebuild:eu-west-1:123456789012:project/other")
    assert "codebuild:StartBuild" in severities(found(BUILD, other))


def test_nothing_is_missing_where_not_all_policies_are_known() -> None:
    [one] = found(BUILD, whole=False)
    assert isinstance(one, NotJudged)
    assert one.is_expected


def test_an_explicit_deny_is_missing_whatever_else_is_attached() -> None:
    deny = {"Effect": "Deny", "Action": "codebuild:StartBuild", "Resource": "*"}
    matches = [one for one in found(BUILD, deny, whole=False) if isinstance(one, Match)]
    assert list(severities(matches)) == ["codebuild:StartBuild"]


def test_the_deny_that_decides_is_pointed_at() -> None:
    at = FileRange("role.json", Range(Position(3, 1, 20), Position(3, 5, 24)))
    everything, some = read_document({
        "Statement": [allow("*"), {"Effect": "Deny", "Action": ["s3:*", "codebuild:St*"], "Resource": "*"}]
    })  # fmt: skip
    asked: list[str] = []

    def place(pattern: str) -> FileRange:
        asked.append(pattern)
        return at

    matches = judged(BUILD, Policies((everything, some._replace(at=place))))
    assert [match.values["actions"] for match in matches] == ["codebuild:StartBuild", "codebuild:StopBuild"]
    assert [[(one.message, one.elsewhere) for one in match.related] for match in matches] == [[("this Deny forbids it", at)]] * 2
    assert asked == ["codebuild:St*", "codebuild:St*"]


def test_where_nothing_allows_it_no_deny_is_pointed_at() -> None:
    [match] = [one for one in found(BUILD, allow("codebuild:Start*", "codebuild:Batch*", "events:*")) if isinstance(one, Match)]
    assert match.related == ()


def test_what_only_the_boundary_does_not_allow_is_told_as_such() -> None:
    boundary = Policies(read_document({"Statement": [allow("codebuild:*")]}))
    [match] = judged(BUILD, Policies(read_document({"Statement": [allow("*")]}), boundary=boundary))
    assert match.values["actions"].startswith("events:")
    assert match.help == "it is the permissions boundary of the role that does not allow it"


def test_what_a_message_leaves_out_its_help_says() -> None:
    [match] = found({"Type": "Succeed"}, deployment=Deployment(logs=True))
    assert match.values["actions"] == "logs:CreateLogDelivery, logs:GetLogDelivery and 6 more"
    assert match.help == (
        "the 6 more are logs:UpdateLogDelivery, logs:DeleteLogDelivery, logs:ListLogDeliveries, logs:PutResourcePolicy, "
        "logs:DescribeResourcePolicies and logs:DescribeLogGroups"
    )
    [match] = found(BUILD, allow("*"), parameters={"report": "wildcards"})
    assert match.values["needed"] == "codebuild:BatchGetBuilds, codebuild:StartBuild and 4 more"
    assert match.help == "the 4 more are codebuild:StopBuild, events:DescribeRule, events:PutRule and events:PutTargets"


def test_where_a_policy_of_the_resource_may_let_the_role_in_it_is_no_error() -> None:
    [match] = found(task("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k"}))
    assert not match.sure


def test_one_of_several_alternatives_is_enough() -> None:
    state = task("aws-sdk:dynamodb:executeStatement", {"Statement": "SELECT * FROM orders"})
    assert found(state, allow("dynamodb:PartiQLSelect")) == []
    assert len(found(state, allow("dynamodb:GetItem"))) == 1


def test_a_policy_of_aws_may_have_been_widened_since_the_table_was_made() -> None:
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": task("aws-sdk:ec2:runInstances")}}
    role = GivenRole(attached("arn:aws:iam::aws:policy/service-role/AWSLambdaRole"))
    [match] = KIND.check(Facts(Workflow("a.asl.json", read_json(Text(json.dumps(machine))), role=role)), {})
    assert isinstance(match, Match)
    assert not match.sure
    assert match.help == f"of the policies that AWS maintains it is known what they allowed on {managed_policies().date}"


def test_why_the_role_is_not_known_is_said() -> None:
    workflow = Workflow("a.asl.json", read_json(Text("{}")), role=UnknownRole("the module makes it"))
    assert list(KIND.check(Facts(workflow), {})) == [NotJudged("role: the module makes it", is_expected=True)]


def test_the_role_is_told_beside_what_it_lacks() -> None:
    at = FileRange("role.json", Range(Position(3, 1, 20), Position(3, 5, 24)))
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": task("aws-sdk:ec2:runInstances")}}
    workflow = Workflow("a.asl.json", read_json(Text(json.dumps(machine))), role=GivenRole(Policies((), at=lambda: at)))
    [match] = KIND.check(Facts(workflow), {})
    assert isinstance(match, Match)
    assert [(place.message, place.elsewhere) for place in match.related] == [("the role", at)]


def test_what_the_machine_as_a_whole_lacks_is_told_at_its_top() -> None:
    matches = found({"Type": "Succeed"}, deployment=Deployment(logs=True))
    assert [(match.pointer, match.part, match.sure) for match in matches] == [((), "key", False)]


def test_what_only_the_deployment_switches_on_is_not_judged_where_the_role_lacks_it() -> None:
    for deployment in (Deployment(logs=None), Deployment(traces=None)):
        assert [type(one) for one in found({"Type": "Succeed"}, deployment=deployment)] == [NotJudged]
        assert found({"Type": "Succeed"}, allow("logs:*", "xray:*"), deployment=deployment) == []


def test_what_a_distributed_map_has_run_without_is_only_a_note() -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    state = {"Type": "Map", "ItemProcessor": processor, "End": True}
    matches = found(state, allow("states:StartExecution"))
    assert [match.seen for match in matches] == [False, False]
    assert {match.pointer for match in matches} == {("States", "S")}


def test_without_a_role_it_is_not_judged() -> None:
    machine = '{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}'
    facts = Facts(Workflow("a.asl.json", read_json(Text(machine))))
    assert list(KIND.check(facts, {})) == [NotJudged("role", is_expected=True)]


def test_an_action_that_nothing_needs_is_excess() -> None:
    role = allow("codebuild:StartBuild", "codebuild:DeleteProject", "codebuild:Batch*", "kms:Decrypt")
    matches = found(BUILD, role, parameters={"report": "excess"})
    assert [match.values["action"] for match in matches] == ["codebuild:DeleteProject"]


def test_a_single_action_of_a_policy_of_aws_is_not_excess_but_its_wildcards_are_told() -> None:
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": task("sns:publish", {"TopicArn": "${T}"})}}
    role = GivenRole(attached("AmazonSNSFullAccess"))
    workflow = Workflow("a.asl.json", read_json(Text(json.dumps(machine))), role=role)
    assert list(KIND.check(Facts(workflow), {"report": "excess"})) == []
    told = {one.values["action"] for one in KIND.check(Facts(workflow), {"report": "wildcards"}) if isinstance(one, Match)}
    assert "sns:*" in told


def test_what_a_call_needs_on_behalf_of_others_is_not_excess() -> None:
    query = task("athena:startQueryExecution", {"QueryString": "SELECT 1"})
    assert found(query, allow("athena:StartQueryExecution", "glue:GetTable"), parameters={"report": "excess"}) == []
    [match] = found(BUILD, allow("codebuild:StartBuild", "glue:GetTable"), parameters={"report": "excess"})
    assert match.values == {"action": "glue:GetTable"}


def test_what_is_excess_in_a_role_that_others_run_with_is_not_judged() -> None:
    machine = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": BUILD}}
    role = GivenRole(Policies(read_document({"Statement": allow("sqs:SendMessage")}), is_shared=True))
    [one] = KIND.check(Facts(Workflow("a.asl.json", read_json(Text(json.dumps(machine))), role=role)), {"report": "excess"})
    assert one == NotJudged("the calls of all that run with the role", is_expected=True)


def test_excess_is_not_judged_where_a_call_is_not_known() -> None:
    [one] = found(task("aws-sdk:tomorrow:doIt"), allow("a:B"), parameters={"report": "excess"})
    assert isinstance(one, NotJudged)
    assert not one.is_expected


def test_wildcards_are_told_with_what_is_needed_of_them() -> None:
    matches = found(BUILD, allow("codebuild:*", "sqs:Send*"), parameters={"report": "wildcards"})
    assert [match.values for match in matches] == [
        {"action": "codebuild:*", "needed": "codebuild:BatchGetBuilds, codebuild:StartBuild, codebuild:StopBuild"},
        {"action": "sqs:Send*", "needed": "nothing"},
    ]
