"""The IAM actions of operations, against the tables of facts, and what a plain check pays for them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asl_lint.aws.iam_actions import as_of, iam_actions, role_members
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
])  # fmt: skip
def test_the_actions_of_an_operation(service: str, action: str, actions: tuple[str, ...] | None) -> None:
    assert iam_actions(service, action) == actions


def test_the_members_that_pass_a_role() -> None:
    assert role_members("scheduler", "createSchedule") == ("Target.RoleArn",)
    assert role_members("dynamodb", "getItem") == ()
    assert role_members("iam", "getRole") == ()


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
