"""Who may take the role that a template gives to a machine, and which roles it may pass."""

from textwrap import indent

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match
from asl_lint.properties.role_in_template import KIND
from asl_lint.source.document import format_pointer
from asl_lint.templates import read_template


def asked(demand: str, text: str) -> list[tuple[str, str]]:
    """Place and problem of each match."""
    return [
        (format_pointer(match.pointer).removeprefix("/Resources/"), match.values["problem"]) for match in matches(demand, text)
    ]


def machines_told(text: str) -> list[str]:
    return [match.values["machines"] for match in matches("passes-some-roles", text)]


def matches(demand: str, text: str) -> list[Match]:
    template = read_template(text, "t.yaml", "/nowhere")
    assert template is not None
    found: list[Match] = []
    for machine in template.machines():
        assert machine.settings is not None
        settings = machine.settings()
        facts = Facts(Workflow("t.yaml", settings.document, None, settings.name, settings=settings))
        found += [one for one in KIND.check(facts, {"demand": demand}) if isinstance(one, Match)]
    return found


def machine(role: str = "      RoleArn: !GetAtt Role.Arn\n") -> str:
    return (
        "Resources:\n  Pay:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
        f"      DefinitionS3Location: {{Bucket: b, Key: k}}\n{role}"
    )


def trusting(*statements: str, policies: str = "") -> str:
    listed = "".join(f"          - {one}\n" for one in statements)
    return (
        machine() + "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n"
        f"        Statement:\n{listed}{indent(policies, '      ')}"
    )


def allow(service: str, more: str = "") -> str:
    return f"{{Effect: Allow, Action: sts:AssumeRole, Principal: {{Service: {service}}}{more}}}"


STATES = allow("states.amazonaws.com")


@pytest.mark.parametrize(
    "service",
    [
        "states.amazonaws.com",
        "[lambda.amazonaws.com, states.amazonaws.com]",
        "states.eu-west-1.amazonaws.com",
        "states.amazonaws.com.cn",
        '!Sub "states.${AWS::Region}.amazonaws.com"',
        '!Join ["", [states., !Ref AWS::Region, .amazonaws.com]]',
        "!Ref Service",
        "!If [C, states.amazonaws.com, lambda.amazonaws.com]",
        '!Sub "${Service}.amazonaws.com"',
    ],
)
def test_a_role_that_the_service_can_or_may_take(service: str) -> None:
    assert asked("assumable", trusting(allow(service))) == []


def test_a_role_that_the_service_cannot_take() -> None:
    place = "Role/Properties/AssumeRolePolicyDocument"
    assert asked("assumable", trusting(allow("lambda.amazonaws.com"))) == [(place, "it trusts lambda.amazonaws.com only")]
    account = "{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: 'arn:aws:iam::123456789012:root'}}"
    assert asked("assumable", trusting(account)) == [(place, "it trusts no service")]
    tagging = allow("states.amazonaws.com").replace("sts:AssumeRole", "sts:TagSession")
    assert asked("assumable", trusting(tagging)) == [(place, "it trusts no service")]


@pytest.mark.parametrize(
    "statement",
    [
        "{Effect: Allow, Action: sts:AssumeRole, Principal: '*'}",
        "{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: '*'}}",
        "{Effect: Allow, Action: sts:AssumeRole, Principal: !Ref Trusted}",
        "{Effect: Allow, Action: sts:AssumeRole, NotPrincipal: {Service: lambda.amazonaws.com}}",
        "{Effect: Deny, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}",
    ],
)
def test_a_trust_that_is_not_written_out_is_not_judged(statement: str) -> None:
    assert asked("assumable", trusting(statement, allow("lambda.amazonaws.com"))) == []


def test_a_role_of_elsewhere_is_not_judged() -> None:
    for role in ("      RoleArn: arn:aws:iam::123456789012:role/r\n", "      RoleArn: !Ref RoleArn\n", ""):
        for demand in ("assumable", "guarded-trust", "closed-trust", "trust-of-one-service", "passes-some-roles"):
            assert asked(demand, machine(role)) == []


def test_a_condition_guards_the_trust() -> None:
    assert [place for place, _ in asked("guarded-trust", trusting(STATES))] == [
        "Role/Properties/AssumeRolePolicyDocument/Statement/0/Principal"
    ]
    for key in ("aws:SourceArn", "AWS:SourceAccount"):
        guarded = allow("states.amazonaws.com", f", Condition: {{StringEquals: {{'{key}': x}}}}")
        assert asked("guarded-trust", trusting(guarded)) == []
    other = allow("states.amazonaws.com", ", Condition: {StringEquals: {'sts:ExternalId': x}}")
    assert len(asked("guarded-trust", trusting(other))) == 1
    assert asked("guarded-trust", trusting(allow("states.amazonaws.com", ", Condition: !Ref C"))) == []


ANYBODY = "{Effect: Allow, Action: sts:AssumeRole, Principal: '*'}"


@pytest.mark.parametrize(
    ("statements", "is_open"),
    [
        ([ANYBODY], True),
        ([ANYBODY.replace("'*'", "{AWS: '*'}")], True),
        ([ANYBODY.replace("'*'", "{AWS: [!Ref Account, '*'], Service: states.amazonaws.com}")], True),
        ([ANYBODY.replace("sts:AssumeRole", "[sts:TagSession, 'sts:*']")], True),
        ([ANYBODY.replace("}", ", Condition: {}}")], True),
        ([ANYBODY.replace("}", ", Condition: {StringEquals: {'sts:ExternalId': x}}}")], False),
        ([ANYBODY.replace("}", ", Condition: !If [C, {}, {Null: {x: true}}]}")], False),
        ([ANYBODY, "{Effect: Deny, Action: '*', NotPrincipal: {Service: states.amazonaws.com}}"], False),
        ([ANYBODY.replace("Allow", "!Ref Effect")], False),
        ([ANYBODY.replace("sts:AssumeRole", "sts:TagSession")], False),
        ([ANYBODY.replace("sts:AssumeRole", "!Ref Action")], False),
        ([ANYBODY.replace("'*'", "!Ref Trusted")], False),
        ([ANYBODY.replace("'*'", "{AWS: 'arn:aws:iam::123456789012:root'}")], False),
        ([STATES], False),
    ],
)
def test_a_trust_in_everybody_is_open(statements: list[str], is_open: bool) -> None:
    place = "Role/Properties/AssumeRolePolicyDocument/Statement/0/Principal"
    assert [where for where, _ in asked("closed-trust", trusting(*statements))] == ([place] if is_open else [])


def test_a_role_of_two_services_is_shared() -> None:
    assert [said for _, said in asked("trust-of-one-service", trusting(STATES, allow("lambda.amazonaws.com")))] == [
        "lambda.amazonaws.com can take it as well"
    ]
    assert asked("trust-of-one-service", trusting(STATES)) == []


def inline(action: str, resource: str, more: str = "") -> str:
    statement = f"{{Effect: Allow, Action: {action}, Resource: {resource}{more}}}"
    return f"Policies:\n  - PolicyName: p\n    PolicyDocument: {{Statement: [{statement}]}}\n"


@pytest.mark.parametrize(
    ("action", "resource", "more", "is_any"),
    [
        ("iam:PassRole", "'*'", "", True),
        ("[ecs:RunTask, IAM:passrole]", "'*'", "", True),
        ("iam:*", "'*'", "", True),
        ("iam:PassRole", "'arn:aws:iam::123456789012:role/*'", "", True),
        ("iam:PassRole", '!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"', "", True),
        ("iam:PassRole", "'*'", ", Condition: {StringEquals: {'iam:PassedToService': ecs-tasks.amazonaws.com}}", False),
        ("iam:PassRole", "!GetAtt TaskRole.Arn", "", False),
        ("iam:PassRole", "'arn:aws:iam::123456789012:role/tasks/*'", "", False),
        ("iam:GetRole", "'*'", "", False),
        ("'*'", "'*'", "", True),
        ("'iam:Pass*'", "'*'", "", True),
        ("!Ref Action", "'*'", "", False),
    ],
)
def test_passing_roles_is_for_some_roles(action: str, resource: str, more: str, is_any: bool) -> None:
    found = asked("passes-some-roles", trusting(STATES, policies=inline(action, resource, more)))
    place = "Role/Properties/Policies/0/PolicyDocument/Statement/0/Resource"
    assert [where for where, _ in found] == ([place] if is_any else [])


def test_by_what_roles_are_passed_is_said_where_it_is_not_the_action_itself() -> None:
    def said(action: str) -> list[str]:
        return [problem for _, problem in asked("passes-some-roles", trusting(STATES, policies=inline(action, "'*'")))]

    assert said("iam:passrole") == ["any role, to any service"]
    assert said("[s3:*, 'iam:*']") == ['any role, to any service, by "iam:*"']
    assert said("'*'") == ['any role, to any service, by "*"']


@pytest.mark.parametrize(
    ("excluded", "is_any"), [("s3:*", True), ("[s3:*, iam:PassRole]", False), ("iam:*", False), ("!Ref Action", False)]
)
def test_all_actions_but_some_are_often_the_passing_of_roles_too(excluded: str, is_any: bool) -> None:
    policies = inline(excluded, "'*'").replace("Action:", "NotAction:")
    found = asked("passes-some-roles", trusting(STATES, policies=policies))
    assert [said for _, said in found] == (["any role, to any service, by NotAction"] if is_any else [])


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::aws:policy/AdministratorAccess", '!Sub "arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess"']
)
def test_policies_of_aws_that_pass_any_role(arn: str) -> None:
    [(place, said)] = asked("passes-some-roles", trusting(STATES, policies=f"ManagedPolicyArns:\n  - {arn}\n"))
    assert place == "Role/Properties/ManagedPolicyArns/0"
    assert said.startswith("any role, to any service, by ")


@pytest.mark.parametrize("name", ["PowerUserAccess", "NoSuchPolicy", "service-role/AWSLambdaRole"])
def test_policies_of_aws_that_pass_no_role_or_not_any(name: str) -> None:
    policies = f"ManagedPolicyArns: ['arn:aws:iam::aws:policy/{name}']\n"
    assert asked("passes-some-roles", trusting(STATES, policies=policies)) == []


def test_a_managed_policy_of_the_template_counts_as_well() -> None:
    policy = (
        "  All:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
        "      PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}\n"
    )
    found = asked("passes-some-roles", trusting(STATES, policies="ManagedPolicyArns: [!Ref All]\n") + policy)
    assert [place for place, _ in found] == ["All/Properties/PolicyDocument/Statement/0/Resource"]


@pytest.mark.parametrize(
    "limit",
    [
        "PermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAccess\n",
        "PermissionsBoundary: !Ref Boundary\n",
        "ManagedPolicyArns: [!Ref No]\n",
    ],
)
def test_what_a_deny_or_a_boundary_may_hold_back_is_not_told(limit: str) -> None:
    deny = (
        "  No:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n"
        "      PolicyDocument: {Statement: [{Effect: Deny, Action: 'iam:*', Resource: '*'}]}\n"
    )
    assert asked("passes-some-roles", trusting(STATES, policies=limit + inline("'*'", "'*'")) + deny) == []
    wide = limit.replace("PowerUserAccess", "AdministratorAccess").replace(
        "!Ref Boundary", "arn:aws:iam::aws:policy/IAMFullAccess"
    )
    if wide != limit:
        assert asked("passes-some-roles", trusting(STATES, policies=wide + inline("'*'", "'*'"))) != []


def test_a_role_of_several_machines_is_told_of_once() -> None:
    text = trusting(STATES, policies=inline("iam:PassRole", "'*'"))
    own = text.partition("  Role:")[0].partition("\n")[2]
    several = text + own.replace("  Pay:", "  Ship:") + own.replace("  Pay:", "  Bill:").replace("!GetAtt Role.Arn", "!Ref Other")
    assert len(asked("passes-some-roles", several)) == 1
    assert machines_told(several) == ['"Pay" and 1 other']
    assert machines_told(text) == ['"Pay"']


def test_policies_beside_the_role_count_as_well() -> None:
    beside = (
        "  Run:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: run\n      Roles: [!Ref Role]\n"
        "      PolicyDocument: {Statement: {Effect: Allow, Action: iam:PassRole, Resource: '*'}}\n"
    )
    assert [place for place, _ in asked("passes-some-roles", trusting(STATES) + beside)] == [
        "Run/Properties/PolicyDocument/Statement/Resource"
    ]
    assert asked("passes-some-roles", trusting(STATES) + beside.replace("!Ref Role", "!Ref Other")) == []


def test_policies_that_sam_puts_into_a_role_count_as_well() -> None:
    text = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Pay:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n"
        "      DefinitionUri: a.json\n      Policies:\n        - Statement:\n"
        "            - {Effect: Allow, Action: iam:PassRole, Resource: '*'}\n"
    )
    assert [place for place, _ in asked("passes-some-roles", text)] == ["Pay/Properties/Policies/0/Statement/0/Resource"]
