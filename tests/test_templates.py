"""Checking templates: each definition in the life that its deployment gives it, found at the template's own line."""

import json
from pathlib import Path
from typing import Any

import pytest

from asl_lint import check_paths
from asl_lint.config import Config, Configurations
from asl_lint.run import check_file, plan_paths
from tests.command_line import check
from tests.conftest import manifest

LOST = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Succeed"}}}'
FINE = (
    '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Function}", '
    '"Retry": [{"ErrorEquals": ["States.ALL"]}], "End": true}}}'
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str) -> None:
    for name, content in files.items():
        path = Path(name.replace("__", "/").replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def sam(properties: str, name: str = "Pay") -> str:
    return f"  {name}:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      {properties}\n"


def told(*paths: str) -> list[tuple[str, str, str | None, int]]:
    """Rule, file, machine and line of each finding."""
    report = check_paths(paths or ["."])
    assert report.errors == ()
    return [(one.rule, one.file, one.machine, one.span.start.line) for one in report.findings]


def test_a_definition_in_a_template_is_checked_at_its_own_lines() -> None:
    write(t_yaml="Resources:\n" + sam("DefinitionString: !Sub |\n        " + LOST.replace(', "C"', ',\n         "C"')))
    assert told() == [("unknown-transition-target", "t.yaml", "Pay", 6), ("unreachable-state", "t.yaml", "Pay", 7)]


def test_a_definition_that_a_template_names_is_checked_once_and_as_deployed() -> None:
    write(t_yaml="Resources:\n" + sam("DefinitionUri: flow/pay.asl.json"), flow__pay_asl_json=FINE)
    assert told() == [("unresolved-placeholder", "flow/pay.asl.json", "Pay", 1)]
    write(t_yaml="Resources:\n" + sam("DefinitionUri: flow/pay.asl.json\n      DefinitionSubstitutions: {Function: !Ref F}"))
    report = check_paths(["."])
    assert (report.findings, report.not_evaluated, report.files) == ((), (), ("flow/pay.asl.json",))


def test_a_known_value_is_checked_in_place() -> None:
    write(
        t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json\n      DefinitionSubstitutions: {Function: pay}"), a_asl_json=FINE
    )
    assert told() == [("invalid-resource", "a.asl.json", "Pay", 1)]


def test_what_two_machines_share_is_told_once() -> None:
    write(t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json") + sam("DefinitionUri: a.asl.json", "Again"), a_asl_json=LOST)
    assert [rule for rule, *_ in told()] == ["unknown-transition-target", "unreachable-state"]


def test_the_type_of_the_machine_is_the_template_s() -> None:
    task = FINE.replace("${Function}", "arn:aws:states:::sqs:sendMessage.waitForTaskToken").replace(
        '"End"', '"TimeoutSeconds": 9, "End"'
    )
    task = task.replace('"Retry"', '"Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "Retry"')
    write(
        t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json\n      Type: EXPRESS\n      Role: !Ref RoleArn"), a_asl_json=task
    )
    assert told() == [("unsupported-by-express", "a.asl.json", "Pay", 1)]


def test_what_cannot_be_had_is_said_and_the_rest_is_checked() -> None:
    write(
        t_yaml="Resources:\n"
        + sam("DefinitionUri: s3://b/k")
        + sam("DefinitionUri: gone.json", "Gone")
        + sam(f"Definition: {LOST}", "Here")
    )
    assert [rule for rule, *_ in told()] == ["unknown-transition-target", "unreachable-state"]
    result = check(".", "-f", "concise", code=1)
    assert "not checked: t.yaml:5:7: Pay: its definition lies at s3://b/k\n" in result.stdout
    assert "not checked: t.yaml: Gone: gone.json does not exist\n" in result.stdout
    written: Any = json.loads(check(".", "-f", "json", code=1).stdout)
    assert [one["machine"] for one in written["unresolved"]] == ["Pay", "Gone"]


def test_no_file_outside_of_the_repository_is_read(folder: Path) -> None:
    write(secret_json=LOST, repo__t_yaml="Resources:\n" + sam("DefinitionUri: ../secret.json"))
    (folder / "repo" / ".git").mkdir()
    (one,) = check_paths(["repo/t.yaml"]).unresolved
    assert one.reason == f"../secret.json lies outside of {folder / 'repo'}, and is not read"
    (folder / "repo" / "link.json").symlink_to(folder / "secret.json")
    write(repo__t_yaml="Resources:\n" + sam("DefinitionUri: link.json"))
    assert check_paths(["repo/t.yaml"]).unresolved[0].reason.startswith("link.json lies outside")
    assert "unknown-transition-target" in check("repo/t.yaml", "--root", ".", code=1).stdout


def test_a_directive_in_the_template_counts_for_the_definition_that_it_stands_in() -> None:
    inside = (
        "Definition:  # asl-lint: ignore[missing-default] around it\n        StartAt: A\n        States:\n"
        "          A: {Type: Pass, Odd: 1, End: true}  # asl-lint: ignore[unknown-field] kept"
    )
    write(t_yaml="# asl-lint: ignore[unknown-field] not in a definition\nResources:\n" + sam(inside))
    assert told() == []


def test_a_named_template_without_machines_is_a_failure() -> None:
    write(t_yaml="Resources:\n  A: {Type: AWS::SQS::Queue, Comment: no AWS::Serverless::StateMachine}\n")
    assert "is a template that declares no state machine" in check("t.yaml", code=2).stdout


def test_processes_give_the_same_report() -> None:
    from concurrent.futures import ProcessPoolExecutor

    write(t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json"), a_asl_json=FINE, b_asl_json=LOST)
    with ProcessPoolExecutor(2) as pool:
        assert check_paths(["."], executor=pool) == check_paths(["."])


def test_every_machine_of_real_templates_is_checked_or_says_why_not(corpus: Path, record_property: Any) -> None:
    counts: dict[str, list[int]] = {}
    for entry in manifest(corpus / "iac"):
        if entry["kind"] == "terraform":
            continue
        wanted = {machine["logical_id"] for machine in entry["machines"]}
        plan = plan_paths([str(corpus / "iac" / entry["file"])], Configurations(Config()), root=str(corpus / "iac"))
        (result,) = map(check_file, plan.tasks)
        assert len(result.deployed) == len(wanted), entry["file"]
        missing = [one.unresolved for one in result.deployed if one.unresolved is not None]
        assert all(one.reason and one.machine in wanted for one in missing)
        tally = counts.setdefault(entry["kind"], [0, 0])
        tally[0] += len(wanted) - len(missing)
        tally[1] += len(wanted)
    for kind, (checked, whole) in counts.items():
        assert checked >= 0.93 * whole, kind
    record_property(
        "figures",
        "machines of templates that are checked: " + ", ".join(f"{k} {a} of {b}" for k, (a, b) in sorted(counts.items())),
    )
