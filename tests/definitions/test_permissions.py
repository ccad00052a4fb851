"""The policies that are made for the five machines: what their roles in template.yaml hold, and all that a scenario calls."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from asl_lint.aws.iam_patterns import covers
from asl_lint.aws.policy_document import Policies, read_document
from asl_lint.aws.template_role import role_of
from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.permissions import Deployment, Needs, needs
from asl_lint.machine_policies import MachinePolicy, machine_policies
from asl_lint.model.machine import StateMachine
from asl_lint.output.policy_format import as_json
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml
from tests.definitions.rehearsal.interpreter import Interpreter
from tests.definitions.rehearsal.scenario import DEFINITIONS, Scenario, definition, files, read, rehearse
from tests.definitions.rehearsal.services import Tables
from tests.definitions.test_template import MACHINES, TEMPLATE

PLACE = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012"}
ARN = "arn:aws:{}:eu-central-1:123456789012:{}"
SCENARIOS = [scenario for path in files() for scenario in read(path)]


@cache
def template() -> Any:
    return read_yaml(Text(TEMPLATE.read_text(encoding="utf-8")), functions=True).value


@cache
def made(logical: str) -> tuple[PolicyStatement, ...]:
    [found] = [one for one in machine_policies(str(TEMPLATE), {}, Deployment()) if one.name == f"{logical}Machine"]
    assert isinstance(found, MachinePolicy)
    assert found.unknown == ()
    return found.policy


def rights(statements: Any) -> set[tuple[str, str]]:
    """Each action with each resource; one that another one takes in says nothing more."""
    pairs = {(action, resource) for one in statements for action in one.actions for resource in one.resources}
    return {
        (action, resource)
        for action, resource in pairs
        if not any(action == other and wide != resource and covers(wide, resource) for other, wide in pairs)
    }


@cache
def needed(file: str) -> Needs:
    name = "publication" if "publication" in file else file.removesuffix(".json")
    return needs(StateMachine(definition(file)), Deployment(name))


@cache
def granted(file: str) -> Policies:
    return Policies(read_document(json.loads(as_json({file: least_privilege(needed(file).needs)}, PLACE))))


@pytest.mark.parametrize("logical", MACHINES)
def test_a_role_of_the_template_holds_neither_less_nor_more_than_is_made(logical: str) -> None:
    role = role_of(template(), f"{logical}Machine")
    assert role is not None
    assert role.logical_id == f"{logical}Role"
    assert role.policies.is_whole
    assert rights(role.policies.statements) == rights(made(logical))


@pytest.mark.parametrize("logical", MACHINES)
def test_no_right_can_be_taken_away_without_a_call_or_a_tier_being_denied(logical: str) -> None:
    file = f"{MACHINES[logical]}.json"
    found = list(needed(file).needs)
    whole = least_privilege(found)
    for action, resource in sorted(rights(whole)):
        rest = tuple(
            one for pair in sorted(rights(whole)) if pair != (action, resource)
            for one in read_document({"Statement": {"Effect": "Allow", "Action": pair[0], "Resource": pair[1]}})
        )  # fmt: skip
        wanted = [(need, one) for need in found if action in need.actions for one in need.resources]
        assert any(Policies(rest).allows(action, one) != "allowed" for _, one in wanted), (action, resource)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.machine.removesuffix('.json')}: {s.name}")
def test_every_call_of_a_scenario_is_allowed(scenario: Scenario, tables: Tables) -> None:
    runs, _ = rehearse(scenario, interpreter(scenario.machine), tables)
    asked = {pair for run in runs for call in run.calls for pair in asked_by(call)}
    refused = {pair for pair in asked if granted(scenario.machine).allows(*pair) != "allowed"}
    assert refused == set()


@cache
def interpreter(machine: str) -> Interpreter:
    return Interpreter(definition(machine))


def asked_by(call: Any) -> list[tuple[str, str]]:
    """What IAM is asked for when a call is made, from the arguments that it is made with."""
    *_, service, action = call.resource.removesuffix(".sync:2").split(":")
    arguments = call.arguments
    name = f"{service}:{action[0].upper()}{action[1:]}"
    if service == "dynamodb":
        return [(name, ARN.format("dynamodb", f"table/{arguments['TableName']}"))]
    if service == "sagemaker":
        started = ARN.format("sagemaker", f"pipeline/{arguments.get('PipelineName')}")
        return [(name, arguments.get("PipelineExecutionArn", started))]
    if service == "s3":
        bucket = f"arn:aws:s3:::{arguments['Bucket']}"
        return [("s3:GetObject", f"{bucket}/{arguments['Key']}"), ("s3:ListBucket", bucket)]
    if service == "events":
        return [(name, ARN.format("events", f"event-bus/{entry['EventBusName']}")) for entry in arguments["Entries"]]
    assert service == "states"
    child = arguments["StateMachineArn"].split(":")[6]
    run = ARN.format("states", f"execution:{child}:{arguments.get('Name', 'run')}")
    rule = ARN.format("events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")
    return [
        (name, ARN.format("states", f"stateMachine:{child}")), ("states:DescribeExecution", run), ("states:StopExecution", run),
        *((f"events:{one}", rule) for one in ("PutTargets", "PutRule", "DescribeRule")),
    ]  # fmt: skip


def test_the_definitions_are_all_spoken_of() -> None:
    assert {path.name for path in DEFINITIONS.glob("sfn_*.json")} == {f"{name}.json" for name in MACHINES.values()}
