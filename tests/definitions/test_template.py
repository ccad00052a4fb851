"""template.yaml deploys what lies beside it: accepted by cfn-lint and the SAM translator, complete, no right too many."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml
from cfnlint.api import ManualArgs, lint
from samtranslator.translator.transform import transform

from tests.definitions.rehearsal.edges import states
from tests.definitions.rehearsal.scenario import DEFINITIONS

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
    found = lint(TEMPLATE.read_text(encoding="utf-8"), config=ManualArgs(regions=["eu-central-1"]))
    assert [f"{match.rule.id} {match.message}" for match in found] == []


def test_the_sam_translator_makes_a_version_and_the_alias_live_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.parametrize("logical", MACHINES)
def test_a_machine_is_observed(logical: str) -> None:
    resources = _template()["Resources"]
    properties = resources[f"{logical}Machine"]["Properties"]
    assert properties["Tracing"] == {"Enabled": True}
    assert properties["Logging"]["Level"] == "ALL"
    metrics = resources[f"{logical}CutShortAlarm"]["Properties"]["Metrics"]
    watched = {metric["MetricStat"]["Metric"]["MetricName"] for metric in metrics if "MetricStat" in metric}
    assert watched == {"ExecutionsTimedOut", "ExecutionsAborted"}
    assert resources[f"{logical}FailedAlarm"]["Properties"]["MetricName"] == "ExecutionsFailed"


def test_locks_expire_and_no_table_goes_with_the_stack() -> None:
    tables = _of_type("AWS::DynamoDB::Table")
    assert len(tables) == 4
    for name, table in tables.items():
        assert table["DeletionPolicy"] == "Retain"
        assert ("TimeToLiveSpecification" in table["Properties"]) is name.endswith("LockTable")


def test_pipeline_names_are_required_to_be_lower_case() -> None:
    for name, parameter in _template()["Parameters"].items():
        if name.startswith("PipelineName"):
            assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
            assert not re.fullmatch(parameter["AllowedPattern"], "Upper")
