"""The IAM actions of operations, against the tables of facts, and what a plain check pays for them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asl_lint.aws.iam_actions import as_of, iam_actions, role_members
from asl_lint.aws.service_index import service_index
from tests.conftest import ROOT

FACTS = ROOT.parent / "shared" / "facts"


@pytest.mark.parametrize(("service", "action", "actions"), [
    ("dynamodb", "getItem", ("dynamodb:GetItem",)),
    ("cloudwatchlogs", "putLogEvents", ("logs:PutLogEvents",)),
    ("states", "startExecution", ("states:StartExecution",)),
    ("events", "putRule", ("events:PutRule",)),
    ("lambda", "invoke", ("lambda:InvokeFunction",)),
    ("sqs", "sendMessageBatch", ("sqs:SendMessage",)),
    ("s3", "listObjectsV2", ("s3:ListBucket",)),
    ("bedrockruntime", "converse", ("bedrock:InvokeModel",)),
    ("resourcegroupstaggingapi", "getResources", ("tag:GetResources",)),
    ("accessanalyzer", "getFindingV2", None),
    ("tomorrow", "doIt", None),
    ("dynamodb", "getItemOfTomorrow", None),
    ("s3", "GetObject", None),
])  # fmt: skip
def test_the_actions_of_an_operation(service: str, action: str, actions: tuple[str, ...] | None) -> None:
    assert iam_actions(service, action) == actions


def test_the_members_that_pass_a_role() -> None:
    assert role_members("scheduler", "createSchedule") == ("Target.RoleArn",)
    assert role_members("dynamodb", "getItem") == ()
    assert role_members("iam", "getRole") == ()


@pytest.mark.parametrize("call", [
    "bedrockruntime:converse", "sts:assumeRole", "sts:assumeRoleWithSAML", "lakeformation:assumeDecoratedRoleWithSAML",
    "accountaccessruntime:getRoleCredentials", "securityhub:batchImportFindings", "emr:addInstanceGroups",
    "grafana:createWorkspaceApiKey", "grafana:updateWorkspaceAuthentication", "iam:attachRolePolicy", "workmail:createUser",
    "quicksight:createTopic",
])  # fmt: skip
def test_what_only_looks_like_a_role_of_iam_passes_none(call: str) -> None:
    assert role_members(*call.split(":")) == ()


def test_beside_a_member_that_is_no_role_those_that_are_stay() -> None:
    assert role_members("transcribe", "startCallAnalyticsJob") == ("DataAccessRoleArn",)
    assert role_members("emr", "runJobFlow") == ("StepExecutionRoleArn", "JobFlowRole", "ServiceRole", "AutoScalingRole")


def test_every_member_that_passes_a_role_is_one_of_its_call() -> None:
    roles = json.loads((ROOT / "asl_lint" / "aws" / "iam_actions.json").read_text(encoding="utf-8"))["roles"]
    assert [f"{call} {path}" for call, paths in roles.items() for path in paths if not is_member(call, path)] == []


def is_member(call: str, path: str) -> bool:
    name, _, action = call.partition(":")
    service = service_index().service(name)
    assert service is not None
    operation = service.operation(action)
    assert operation is not None
    number = operation.input
    for part in path.replace("[]", ".[]").split("."):
        assert number is not None
        shape = service.shape(number)
        members = {"[]": shape.element} if part == "[]" else {k: v[1] for k, v in service.members(number, True).items()}
        if part not in members:
            return False
        number = members[part]
    return number is not None and not service.shape(number).enum


def test_the_table_says_what_it_was_made_from() -> None:
    assert as_of().startswith("botocore 1.")


def test_the_prefixes_are_those_of_the_table_of_services() -> None:
    file = FACTS / "aws_service_names.json"
    if not file.is_file():
        pytest.skip("no tables of facts beside this checkout")
    table = json.loads((ROOT / "asl_lint" / "aws" / "iam_actions.json").read_text(encoding="utf-8"))["prefixes"]
    wanted = {name: one.get("iam_prefix") for name, one in json.loads(file.read_text()).items() if one.get("botocore")}
    assert {name: table.get(name) for name in wanted} == wanted


def test_a_check_without_a_role_reads_no_table_of_actions(tmp_path: Path) -> None:
    state = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": True}
    (tmp_path / "a.asl.json").write_text(json.dumps({"StartAt": "A", "States": {"A": state}}))
    program = (
        "import sys; from asl_lint import check_paths; check_paths(['a.asl.json']);"
        "print([name for name in sys.modules if 'iam_actions' in name or 'policy_document' in name or 'permissions' in name])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"
