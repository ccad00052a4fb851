"""A machine that starts another one of the same template has the time for it that the other may take."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from asl_lint import check_paths
from asl_lint.config import Config
from tests.definitions.rehearsal.scenario import DEFINITIONS

RULE = "child-outlives-parent"
CHILD = {"StartAt": "Rest", "TimeoutSeconds": 1500, "States": {"Rest": {"Type": "Wait", "SecondsPath": "$.s", "End": True}}}
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Parent:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: parent.asl.json
      DefinitionSubstitutions: {{Child: {reference}}}
  Child:
    Type: AWS::Serverless::StateMachine
    Properties:
      {name}DefinitionUri: child.asl.json
      AutoPublishAlias: live
"""


def parent(timeout: int, pattern: str = ".sync:2") -> dict[str, Any]:
    call = {"Type": "Task", "Resource": f"arn:aws:states:::states:startExecution{pattern}", "End": True}
    return {
        "StartAt": "Call",
        "States": {"Call": call | {"Parameters": {"StateMachineArn": "${Child}"}, "TimeoutSeconds": timeout}},
    }


def messages(folder: Path) -> list[tuple[str, str]]:
    report = check_paths([str(folder / "template.yaml")], config=Config())
    return [(found.pointer, found.message) for found in report.findings if found.rule == RULE]


def deploy(folder: Path, reference: str, whole: dict[str, Any], name: str = "", child: dict[str, Any] = CHILD) -> None:
    (folder / "template.yaml").write_text(TEMPLATE.format(reference=reference, name=name), encoding="utf-8")
    (folder / "parent.asl.json").write_text(json.dumps(whole), encoding="utf-8")
    (folder / "child.asl.json").write_text(json.dumps(child), encoding="utf-8")


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("!Ref Child", ""),
        ("!GetAtt Child.Arn", ""),
        ('!Sub "${Child}:live"', ""),
        ("!Ref ChildAliaslive", ""),
        ("!Ref Child", "Name: child\n      "),
        ("!Ref ChildAliaslive", "Name: child\n      "),
        ('!Sub "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:child"', "Name: child\n      "),
    ],
)
def test_a_nested_machine_is_known_however_the_template_refers_to_it(tmp_path: Path, reference: str, name: str) -> None:
    deploy(tmp_path, reference, parent(900), name)
    assert messages(tmp_path) == [(
        "/States/Call/TimeoutSeconds",
        '"Call" can give up a nested execution that still goes its way: TimeoutSeconds of the state is 900, and "Child" can run '
        "for 1,500 seconds",
    )]  # fmt: skip


@pytest.mark.parametrize(
    ("whole", "child"),
    [
        (parent(1500), CHILD),
        (parent(900, pattern=""), CHILD),  # it is started, and nobody waits
        (parent(900), {key: value for key, value in CHILD.items() if key != "TimeoutSeconds"}),  # how long it runs is not known
        (parent(900), CHILD | {"States": {"Rest": {"Type": "Wait", "Seconds": 60, "End": True}}}),
    ],
)
def test_what_has_the_time_or_does_not_wait_is_not_told(tmp_path: Path, whole: dict[str, Any], child: dict[str, Any]) -> None:
    deploy(tmp_path, "!Ref Child", whole, child=child)
    assert messages(tmp_path) == []


@pytest.mark.parametrize(
    ("pattern", "member", "told"),
    [
        (".sync:2", "stat", ['the object that it is read from has no member "stat"']),
        (".sync:2", "state", []),
        (".sync", "state", ['"state" is read from a text, which has no members']),
    ],
)
def test_what_a_nested_execution_gives_is_what_the_machine_of_the_template_ends_with(
    tmp_path: Path, pattern: str, member: str, told: list[str]
) -> None:
    child = {"StartAt": "Say", "States": {"Say": {"Type": "Pass", "Result": {"state": "done"}, "End": True}}}
    whole = parent(1500, pattern)
    whole["States"]["Call"]["ResultSelector"] = {"is.$": f"$.Output.{member}"}
    deploy(tmp_path, "!Ref Child", whole, child=child)
    report = check_paths([str(tmp_path / "template.yaml")], config=Config())
    assert [one.message for one in report.findings if one.category == "types"] == told


def test_machines_that_start_each_other_are_typed_each_for_itself(tmp_path: Path) -> None:
    whole = parent(1500)
    deploy(tmp_path, "!Ref Child", whole, child=whole)
    template = tmp_path / "template.yaml"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("child.asl.json", "child.asl.json\n      DefinitionSubstitutions: {Child: !Ref Parent}"))
    assert check_paths([str(template)], config=Config()).errors == ()


def test_the_publication_has_its_time_in_the_15_minute_machine(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder)
    assert messages(folder) == []
    path = folder / "sfn_ndr_15m_features_inference.json"
    text = path.read_text(encoding="utf-8")
    assert text.count('"TimeoutSeconds": 1560') == 1
    path.write_text(text.replace('"TimeoutSeconds": 1560', '"TimeoutSeconds": 600'), encoding="utf-8")
    ((pointer, message),) = messages(folder)
    assert pointer == "/States/PublishPredictions/TimeoutSeconds"
    assert message.endswith('is 600, and "PublicationMachine" can run for 1,286 seconds')
