"""template.yaml deploys what lies beside it: accepted by cfn-lint and the SAM translator, complete, no right too many."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml

from tests.definitions.rehearsal.edges import states
from tests.definitions.rehearsal.scenario import DEFINITIONS, SUBSTITUTIONS
from tests.definitions.rehearsal.services import Tables

TEMPLATE = DEFINITIONS / "template.yaml"
MACHINES = {
    "MiniBatch": "sfn_ndr_15m_features_inference",
    "MonthlyBaselines": "sfn_ndr_monthly_fg_b_baselines",
    "Training": "sfn_ndr_training_orchestrator",
    "Backfill": "sfn_ndr_backfill_reprocessing",
    "Publication": "sfn_ndr_prediction_publication",
}
# What a call needs where that is not the one action of its own name: the nested run is polled, stopped and told of by a
# managed rule; the head of a missing object is 404 only for who may list; a distributed Map starts its own machine.
NEEDED = {
    "startExecution.sync:2": {
        *("states:StartExecution", "states:DescribeExecution", "states:StopExecution"),
        *("events:PutTargets", "events:PutRule", "events:DescribeRule"),
    },
    "headObject": {"s3:GetObject", "s3:ListBucket"},
    "Map": {"states:StartExecution", "states:DescribeExecution", "states:StopExecution"},
}


# Resources that end openly, beside the executions of pipelines.
WILDCARDS = {
    "sfn_ndr_15m_features_inference": {"execution:sfn_ndr_prediction_publication:*"},
    "sfn_ndr_backfill_reprocessing": {
        "execution:sfn_ndr_backfill_reprocessing:*",
        "execution:sfn_ndr_backfill_reprocessing/BackfillWindow:*",
        "${BackfillManifestBucketName}/backfill/*/manifest.json",
    },
}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, in their long form."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    scalar = isinstance(node, yaml.ScalarNode)
    value = loader.construct_scalar(node) if scalar else loader.construct_sequence(node, deep=True)
    if tag == "GetAtt":
        value = value.split(".")
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)


class _NoManagedPolicies:
    """The template names no managed policies of AWS."""

    def load(self) -> dict[str, str]:
        return {}


@cache
def _template() -> Any:
    return yaml.load(TEMPLATE.read_text(encoding="utf-8"), _Loader)


def _of_type(kind: str) -> dict[str, Any]:
    return {name: resource for name, resource in _template()["Resources"].items() if resource["Type"] == kind}


def test_cfn_lint_finds_nothing() -> None:
    from cfnlint.api import ManualArgs, lint  # a second to import, and nothing but this test needs it

    found = lint(TEMPLATE.read_text(encoding="utf-8"), config=ManualArgs(regions=["eu-central-1"]))
    assert [f"{match.rule.id} {match.message}" for match in found] == []


def test_the_sam_translator_makes_a_version_and_the_alias_live_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    from samtranslator.translator.transform import transform

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    template = json.loads(json.dumps(_template()))
    for resource in template["Resources"].values():
        if "DefinitionUri" in resource["Properties"]:  # as `sam package` does
            resource["Properties"]["DefinitionUri"] = f"s3://artifacts/{resource['Properties']['DefinitionUri']}"
    made = transform(template, {}, _NoManagedPolicies())["Resources"]
    for logical, name in MACHINES.items():
        assert made[f"{logical}Machine"]["Type"] == "AWS::StepFunctions::StateMachine"
        assert made[f"{logical}Machine"]["Properties"]["StateMachineName"] == name
        assert made[f"{logical}MachineAliaslive"]["Properties"]["Name"] == "live"
    versions = [resource for resource in made.values() if resource["Type"] == "AWS::StepFunctions::StateMachineVersion"]
    assert [version["DeletionPolicy"] for version in versions] == ["Retain"] * len(MACHINES)


@pytest.mark.parametrize(("logical", "name"), MACHINES.items())
def test_every_placeholder_is_substituted_and_nothing_else(logical: str, name: str) -> None:
    properties = _template()["Resources"][f"{logical}Machine"]["Properties"]
    assert properties["DefinitionUri"] == f"{name}.json"
    used = re.findall(r"\$\{(\w+)\}", (DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))
    assert set(properties["DefinitionSubstitutions"]) == set(used)


@pytest.mark.parametrize(("logical", "name"), MACHINES.items())
def test_a_role_allows_what_its_machine_calls_and_nothing_else(logical: str, name: str) -> None:
    [policy] = _template()["Resources"][f"{logical}Role"]["Properties"]["Policies"]
    allowed: set[str] = set()
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Allow"
        assert statement["Resource"] != "*"
        actions = statement["Action"]
        allowed |= {actions} if isinstance(actions, str) else set(actions)
    needed: set[str] = set()
    for state in states(json.loads((DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))).values():
        if state["Type"] == "Map":
            needed |= NEEDED["Map"]
        elif state["Type"] == "Task":
            # the last two parts, but for a pattern behind a colon
            service, call = re.search(r":(\w+):(\w+(?:\.sync:2)?)$", state["Resource"]).groups()
            needed |= NEEDED.get(call, {f"{service}:{call[0].upper()}{call[1:]}"})
    assert allowed == needed


@pytest.mark.parametrize(("logical", "name"), MACHINES.items())
def test_a_role_names_the_tables_pipelines_bus_and_bucket_of_its_machine_and_no_others(logical: str, name: str) -> None:
    policies = json.dumps(_template()["Resources"][f"{logical}Role"]["Properties"]["Policies"])
    named = set(re.findall(r"\$\{((?:PipelineName|EventBusName|BackfillManifestBucketName)\w*)\}", policies))
    named |= {f"{table}Name" for table in re.findall(r'"Fn::GetAtt": \["(\w+Table)", "Arn"\]', policies)}
    if name == "sfn_ndr_15m_features_inference":
        named.add("PredictionPublicationStateMachineArn")  # whose right is tested below
    used = re.findall(r"\$\{(\w+)\}", (DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))
    assert named == set(used)


@pytest.mark.parametrize(("logical", "name"), MACHINES.items())
def test_a_role_is_for_its_machine_and_has_no_wildcard_but_for_executions_and_manifests(logical: str, name: str) -> None:
    role = _template()["Resources"][f"{logical}Role"]["Properties"]
    [trusted] = role["AssumeRolePolicyDocument"]["Statement"]
    assert (trusted["Principal"], trusted["Action"]) == ({"Service": "states.amazonaws.com"}, "sts:AssumeRole")
    assert trusted["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(f":stateMachine:{name}*")
    assert role["ManagedPolicyArns"] == [{"Ref": "ObservabilityPolicy"}]
    arns = re.findall(r'"Fn::Sub": "([^"]+)"', json.dumps(role["Policies"]))
    open_ended = {re.sub(r"\$\{AWS::\w+\}", "", arn).split(":", 5)[5] for arn in arns if not arn.endswith("}/execution/*")}
    open_ended = {resource for resource in open_ended if "*" in resource}
    assert open_ended == WILDCARDS.get(name, set())


@pytest.mark.parametrize("logical", MACHINES)
def test_a_placeholder_stands_for_what_bears_its_name(logical: str) -> None:
    substituted = _template()["Resources"][f"{logical}Machine"]["Properties"]["DefinitionSubstitutions"]
    for placeholder, value in substituted.items():
        if placeholder != "PredictionPublicationStateMachineArn":
            assert value == {"Ref": placeholder.removesuffix("Name") if placeholder.endswith("TableName") else placeholder}
    for name, table in _of_type("AWS::DynamoDB::Table").items():
        assert table["Properties"]["TableName"] == {"Ref": f"{name}Name"}


@pytest.mark.parametrize("logical", MACHINES)
def test_every_pipeline_may_be_started_and_only_executions_of_it_described_and_stopped(logical: str) -> None:
    [policy] = _template()["Resources"][f"{logical}Role"]["Properties"]["Policies"]
    pipelines: dict[str, set[str]] = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        if "sagemaker:" in str(statement["Action"]):
            named = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            pipelines[str(statement["Action"])] = {resource["Fn::Sub"].rpartition(":")[2] for resource in named}
    started = pipelines.pop("sagemaker:StartPipelineExecution")
    [followed] = pipelines.values()
    assert all(re.fullmatch(r"pipeline/\$\{PipelineName\w+\}", resource) for resource in started)
    assert followed == {f"{resource}/execution/*" for resource in started}


def test_the_publication_is_started_by_its_alias_with_a_right_on_the_machine() -> None:
    resources = _template()["Resources"]
    substituted = resources["MiniBatchMachine"]["Properties"]["DefinitionSubstitutions"]
    assert substituted["PredictionPublicationStateMachineArn"] == {"Ref": "PublicationMachineAliaslive"}
    [policy] = resources["MiniBatchRole"]["Properties"]["Policies"]
    [start] = [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Action"] == "states:StartExecution"]
    assert start["Resource"] == {"Ref": "PublicationMachine"}


@pytest.mark.parametrize("logical", MACHINES)
def test_a_machine_is_observed(logical: str) -> None:
    resources = _template()["Resources"]
    properties = resources[f"{logical}Machine"]["Properties"]
    assert properties["Tracing"] == {"Enabled": True}
    assert (properties["Logging"]["Level"], properties["Logging"]["IncludeExecutionData"]) == ("ALL", False)
    metrics = resources[f"{logical}CutShortAlarm"]["Properties"]["Metrics"]
    watched = {metric["MetricStat"]["Metric"]["MetricName"] for metric in metrics if "MetricStat" in metric}
    assert watched == {"ExecutionsTimedOut", "ExecutionsAborted"}
    failed = resources[f"{logical}FailedAlarm"]["Properties"]
    assert failed["MetricName"] == "ExecutionsFailed"
    dimensions = [metric["MetricStat"]["Metric"]["Dimensions"] for metric in metrics if "MetricStat" in metric]
    for dimension in [*dimensions, failed["Dimensions"]]:
        assert dimension == [{"Name": "StateMachineArn", "Value": {"Ref": f"{logical}Machine"}}]
    for alarm in (failed, resources[f"{logical}CutShortAlarm"]["Properties"]):
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
        assert "AlarmActions" in alarm


def test_tables_have_the_keys_of_the_rehearsal_locks_expire_and_no_table_goes_with_the_stack() -> None:
    tables = _of_type("AWS::DynamoDB::Table")
    assert len(tables) == 4
    for name, table in tables.items():
        assert table["DeletionPolicy"] == "Retain"
        expiring = {"AttributeName": "ttl_epoch", "Enabled": True} if name.endswith("LockTable") else None
        assert table["Properties"].get("TimeToLiveSpecification") == expiring
        keys = [(key["AttributeName"], key["KeyType"]) for key in table["Properties"]["KeySchema"]]
        assert keys == list(zip(Tables.KEYS[SUBSTITUTIONS[f"{name}Name"]], ("HASH", "RANGE"), strict=False))


def test_pipeline_names_are_required_to_be_lower_case() -> None:
    for name, parameter in _template()["Parameters"].items():
        if name.startswith("PipelineName"):
            assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
            assert not re.fullmatch(parameter["AllowedPattern"], "Upper")
