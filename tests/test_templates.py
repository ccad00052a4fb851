"""Checking templates: each definition in the life that its deployment gives it, found at the template's own line."""

import json
import re
import sys
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


@pytest.fixture
def needs_hcl() -> None:
    pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")


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


def test_a_folder_whose_template_names_a_definition_of_any_name_holds_one() -> None:
    write(t_yaml="Resources:\n" + sam("DefinitionUri: pay.machine"), pay_machine=FINE)
    assert [(report.files, report.errors) for report in (check_paths(["."]),)] == [(("pay.machine",), ())]


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


def wait(seconds: str) -> str:
    return '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ' + seconds + ', "End": true}}}'


@pytest.mark.parametrize("value", ["5", "!Ref Delay", "!GetAtt Delay.Value"])
def test_a_number_in_quotes_is_a_text_whatever_is_filled_in(value: str) -> None:
    write(
        t_yaml="Resources:\n" + sam(f"DefinitionUri: a.asl.json\n      DefinitionSubstitutions: {{Delay: {value}}}"),
        a_asl_json=wait('"${Delay}"'),
    )
    (finding,) = check_paths(["."]).findings
    assert (finding.rule, finding.help) == ("wrong-type", "write it without quotes: ${Delay}")


def test_an_object_of_a_template_has_only_texts_for_placeholders() -> None:
    definition = "{StartAt: A, States: {A: {Type: Wait, Seconds: '${Delay}', End: true}}}"
    write(t_yaml="Resources:\n" + sam(f"Definition: {definition}\n      DefinitionSubstitutions: {{Delay: 5}}"))
    (quoted,) = check_paths(["."]).findings
    write(
        t_yaml="Resources:\n"
        + sam(
            "Definition:\n        StartAt: A\n        States:\n          A:\n            Type: Wait\n"
            "            Seconds: ${Delay}\n            End: true\n      DefinitionSubstitutions: {Delay: 5}"
        )
    )
    (plain,) = check_paths(["."]).findings
    assert {(one.rule, one.message, one.help) for one in (quoted, plain)} == {
        (
            "wrong-type",
            'Seconds must be an integer, not the string "5"',
            "what is filled into an object is always a text: put the definition into a file, or write the value here",
        )
    }


@pytest.mark.parametrize(
    ("kind", "is_text"), [("AWS::Serverless::StateMachine", True), ("AWS::StepFunctions::StateMachine", False)]
)
def test_a_function_in_an_object_of_sam_gives_a_text(kind: str, is_text: bool) -> None:
    definition = "{StartAt: A, States: {A: {Type: Wait, Seconds: !Ref Delay, End: true}}}"
    write(t_yaml="Resources:\n" + sam(f"Definition: {definition}").replace("AWS::Serverless::StateMachine", kind))
    found = [(one.rule, one.message) for one in check_paths(["."]).findings]
    assert found == ([("wrong-type", "Seconds must be an integer, not what Ref gives, a text")] if is_text else [])


@pytest.mark.parametrize(
    "call",
    ["!Sub 'arn:${AWS::Partition}:states:::sns:publish'", "!Join [':', [arn, !Ref AWS::Partition, 'states:::sns:publish']]"],
)
def test_a_call_behind_a_function_is_checked(call: str) -> None:
    body = "Type: Task, Resource: %s, Parameters: {Mesage: x}, End: true"
    definition = "Definition: {StartAt: A, States: {A: {" + body % call + "}}}"
    write(u_yaml="Resources:\n" + sam(definition))
    substitutions = f"DefinitionUri: pay.asl.yaml\n      DefinitionSubstitutions:\n        Call: {call}"
    write(t_yaml="Resources:\n" + sam(substitutions))
    write(pay_asl_yaml="StartAt: A\nStates:\n  A: {" + body % "'${Call}'" + "}\n")
    found = [(one.rule, one.file) for one in check_paths(["t.yaml", "u.yaml"]).findings if one.category == "calls"]
    assert found == [("unknown-argument", "pay.asl.yaml"), ("unknown-argument", "u.yaml")]


def test_a_placeholder_that_sub_leaves_alone_is_not_called_open() -> None:
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${%sHOME}", "End": true}}}'
    write(t_yaml="Resources:\n" + sam(f"DefinitionString: !Sub '{definition % ''}'"))
    write(u_yaml="Resources:\n" + sam(f"DefinitionString: !Sub '{definition % '!'}'"))
    assert [(rule, file) for rule, file, *_ in told("t.yaml", "u.yaml")] == [("unresolved-placeholder", "t.yaml")]


def test_a_file_that_is_no_json_when_it_is_filled_in_is_read_as_yaml() -> None:
    write(
        t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json\n      DefinitionSubstitutions: {Function: fine}"),
        a_asl_json=FINE.replace('"${Function}"', "${Function}"),
    )
    assert told() == [("invalid-resource", "a.asl.json", "Pay", 1)]
    write(t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json\n      DefinitionSubstitutions: {Function: !GetAtt F.Arn}"))
    assert told() == []


def test_in_the_text_of_a_template_what_is_filled_in_must_make_json() -> None:
    text = FINE.replace('"${Function}"', "${Function}")
    write(t_yaml="Resources:\n" + sam(f"DefinitionString: '{text}'\n      DefinitionSubstitutions: {{Function: fine}}"))
    assert told() == [("unfit-substitution", "t.yaml", "Pay", 5)]


def test_what_is_filled_in_for_nothing_is_told_in_the_template_where_the_definition_is_in_it_too() -> None:
    write(t_yaml="Resources:\n" + sam(f"DefinitionString: '{LOST}'\n      DefinitionSubstitutions:\n        Left: 1"))
    assert ("unused-substitution", "t.yaml", "Pay", 7) in told()


def test_a_template_takes_yes_and_off_for_booleans() -> None:
    write(
        t_yaml="Resources:\n"
        + sam(
            "Definition:\n        StartAt: A\n        States:\n          A:\n            Type: Pass\n"
            "            Next: B # no\n          B:\n            Type: Pass\n            End: yes\n"
        )
    )
    assert told() == []


def test_in_a_file_of_its_own_yes_is_doubtful() -> None:
    write(a_asl_yaml="StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: yes\n")
    (finding,) = [one for one in check_paths(["."]).findings if one.rule == "wrong-type"]
    assert (finding.severity, finding.help) == ("warning", "YAML 1.2 takes yes for a text: write true")
    write(a_asl_yaml="StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: 'yes'\n")
    assert [one.severity for one in check_paths(["."]).findings if one.rule == "wrong-type"] == ["error"]


def test_two_templates_each_fill_in_their_own() -> None:
    first = "Resources:\n" + sam("DefinitionUri: a.asl.json\n      DefinitionSubstitutions: {Delay: 5}")
    second = "Resources:\n" + sam("DefinitionUri: a.asl.json\n      DefinitionSubstitutions: {Delay: -5}")
    write(t_yaml=first, u_yaml=second, v_yaml=second, a_asl_json=wait("${Delay}"))
    assert told() == [("value-out-of-range", "a.asl.json", "Pay", 1)]


def test_a_definition_alone_has_no_fault_that_its_deployment_could_mend() -> None:
    write(
        a_asl_json=wait('"${Delay}"'),
        b_asl_json=FINE.replace("${Function}", "{{ function }}"),
        c_asl_json=FINE.replace("${Function}", "<%= function %>"),
        d_asl_json=FINE.replace('"${Function}"', "{{ function }}"),
        e_asl_yaml="{StartAt: A, States: {A: {Type: Wait, Seconds: ${self:custom.delay}, End: true}}}",
    )
    report = check_paths(["."])
    assert report.findings == ()
    assert [(one.rule, one.file) for one in report.not_evaluated] == [
        ("unresolved-placeholder", name) for name in ("a.asl.json", "b.asl.json", "c.asl.json", "d.asl.json", "e.asl.yaml")
    ]


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
    assert told() == [("unsupported-by-express", "a.asl.json", "Pay", 1), ("express-without-logging", "t.yaml", "Pay", 2)]


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
    assert "holds no state machine: it is a template that declares none" in check("t.yaml", code=2).stdout


def test_the_settings_name_the_template_of_a_file_that_is_given_alone() -> None:
    properties = "DefinitionUri: flow/pay.asl.json\n      DefinitionSubstitutions: {Funktion: !Ref F}"
    write(t_yaml="Resources:\n" + sam(properties) + sam(f"Definition: {LOST}", "Other"), flow__pay_asl_json=FINE)
    write(**{"asl-lint_toml": 'templates = ["t.yaml"]\nignore = ["unused-substitution"]\n'})
    assert told("flow") == [("unresolved-placeholder", "flow/pay.asl.json", "Pay", 1)]
    assert check("flow", "--show-files", code=0).stdout == "flow/pay.asl.json\n"


def test_a_template_of_the_settings_that_is_none_is_a_failure() -> None:
    write(t_yaml="a: 1\n", a_asl_json=FINE, **{"asl-lint_toml": 'templates = ["t.yaml", "gone.yaml"]\n'})
    said = check("a.asl.json", code=2).stdout
    assert "t.yaml: is no template that declares a state machine" in said
    assert "gone.yaml: does not exist" in said


def test_processes_give_the_same_report() -> None:
    from concurrent.futures import ProcessPoolExecutor

    write(t_yaml="Resources:\n" + sam("DefinitionUri: a.asl.json"), a_asl_json=FINE, b_asl_json=LOST)
    with ProcessPoolExecutor(2) as pool:
        assert check_paths(["."], executor=pool) == check_paths(["."])


# --- Terraform ------------------------------------------------------------------------------------------------------------------


def terraform(definition: str, name: str = "Pay") -> str:
    return f'resource "aws_sfn_state_machine" "{name}" {{\n  definition = {definition}\n}}\n'


def test_a_definition_in_terraform_is_checked_at_its_own_lines(needs_hcl: None) -> None:
    states = 'A = { Type = "Pass", Next = "B" }\n      C = { Type = "Succeed" }'
    encoded = f'jsonencode({{\n    StartAt = "A"\n    States = {{\n      {states}\n    }}\n  }})'
    write(a_tf=terraform("<<-EOF\n    " + LOST.replace(', "C"', ',\n    "C"') + "\n  EOF"), b_tf=terraform(encoded))
    assert told() == [
        ("unknown-transition-target", "a.tf", "Pay", 3),
        ("unreachable-state", "a.tf", "Pay", 4),
        ("unknown-transition-target", "b.tf", "Pay", 5),
        ("unreachable-state", "b.tf", "Pay", 6),
    ]


def test_a_file_that_terraform_fills_in_is_checked_once_and_as_deployed(needs_hcl: None) -> None:
    write(t_tf=terraform('templatefile("${path.module}/a.asl.json", { Funktion = aws_lambda_function.f.arn })'), a_asl_json=FINE)
    report = check_paths(["."])
    assert [(one.rule, one.file, one.help) for one in report.findings] == [
        ("unresolved-placeholder", "a.asl.json", 'did you mean "${Funktion}"?'),
    ]
    write(t_tf=terraform('templatefile("${path.module}/a.asl.json", { Function = aws_lambda_function.f.arn })'))
    report = check_paths(["."])
    assert (report.findings, report.not_evaluated, report.files) == ((), (), ("a.asl.json",))
    write(t_tf=terraform('templatefile("a.asl.json", { Function = "pay" })'))
    assert told() == [("invalid-resource", "a.asl.json", "Pay", 1)]
    write(t_tf=terraform('file("a.asl.json")'))
    assert told() == [("unresolved-placeholder", "a.asl.json", "Pay", 1)]


def test_a_placeholder_of_sam_is_told_in_terraform(needs_hcl: None) -> None:
    write(t_tf=terraform("<<EOF\n" + FINE + "\nEOF"))
    (finding,) = check_paths(["."]).findings
    assert (finding.rule, finding.span.start.line) == ("unresolved-placeholder", 3)
    assert finding.help == "Terraform knows no reference of that form; $${Function} leaves the text as it is"


def test_terraform_in_json_and_opentofu_s_files_are_found_and_checked(needs_hcl: None) -> None:
    machine = {"resource": {"aws_sfn_state_machine": {"Pay": {"definition": LOST}}}}
    other = {"resource": {"aws_sfn_state_machine": {"Pay": {"definition": "${var.d}"}}}}
    write(a_tf_json=json.dumps(machine, indent=1), b_tofu=terraform(f"<<EOF\n{LOST}\nEOF"), c_tofu_json=json.dumps(machine))
    write(d_tf_json=json.dumps(other, indent=1), e_tf_json='{"StartAt": "A", "States": {}}')
    report = check_paths(["."])
    assert [(one.rule, one.file, one.span.start.line) for one in report.findings] == [
        (rule, file, line)
        for file, line in (("a.tf.json", 5), ("b.tofu", 3), ("c.tofu.json", 1))
        for rule in ("unknown-transition-target", "unreachable-state")
    ]
    (unresolved,) = report.unresolved
    assert (unresolved.file, unresolved.span and unresolved.span.start.line) == ("d.tf.json", 5)


def test_a_comment_of_hcl_silences_what_it_stands_at(needs_hcl: None) -> None:
    encoded = (
        'jsonencode({\n    StartAt = "A"\n    States = {\n      # asl-lint: ignore[unknown-field] kept\n      // for later\n'
        '      A = { Type = "Pass", Odd = 1, Next = "B" }\n'
        '      B = { Type = "Pass", End = true, Odd = 1 } /* asl-lint: ignore[unknown-field] kept too */\n'
        '      C = { Type = "Pass", Odd = 1, End = true }\n    }\n  })'
    )
    write(a_tf="# asl-lint: ignore[unknown-field] not in a definition\n" + terraform(encoded))
    assert told() == [("unreachable-state", "a.tf", "Pay", 10), ("unknown-field", "a.tf", "Pay", 10)]


def test_a_local_in_another_file_of_the_module_is_checked_there(needs_hcl: None) -> None:
    write(m__t_tf=terraform("local.d"), m__locals_tf=f"locals {{\n  d = <<EOF\n{LOST}\nEOF\n}}\n")
    assert [(file, line) for _, file, _, line in told("m")] == [("m/locals.tf", 3)] * 2
    assert '{"Type": "Succeed"}}}\n  |' in check("m", code=1).stdout


def test_terraform_reads_no_file_outside_of_the_repository(needs_hcl: None, folder: Path) -> None:
    write(secret_tf=f"locals {{\n  d = <<EOF\n{LOST}\nEOF\n}}\n", repo__t_tf=terraform("local.d"))
    (folder / "repo" / ".git").mkdir()
    (folder / "repo" / "link.tf").symlink_to(folder / "secret.tf")
    assert [one.reason for one in check_paths(["repo/t.tf"]).unresolved] == ["local.d is not evaluated"]
    write(repo__t_tf=terraform('file("${path.module}/../secret.tf")'))
    assert check_paths(["repo/t.tf"]).unresolved[0].reason.startswith("./../secret.tf lies outside of")


def test_a_directive_in_a_file_for_templatefile_is_told(needs_hcl: None) -> None:
    write(t_tf=terraform('templatefile("a.tftpl", {})'), a_tftpl="%{ if x }" + LOST + "%{ endif }")
    assert "not checked: t.tf: Pay: a.tftpl is a template in which %{ if x } decides" in check(".", code=2).stdout


def test_other_files_of_terraform_are_left_alone(needs_hcl: None) -> None:
    write(t_tf='locals {\n  d = jsonencode({ StartAt = "A", States = {} })\n}\n', a_asl_json=LOST)
    report = check_paths(["."])
    assert (report.errors, report.files, report.unresolved) == ((), ("a.asl.json",), ())
    assert "holds no state machine: it is a template that declares none" in check("t.tf", code=2).stdout


def test_without_the_extra_terraform_is_said_not_to_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_hcl", None)
    monkeypatch.delitem(sys.modules, "asl_lint.source.hcl", raising=False)
    write(t_tf=terraform("local.d"), a_asl_json=LOST)
    report = check_paths(["."])
    assert [(one.machine, one.reason) for one in report.unresolved] == [
        ("Pay", "reading Terraform needs the packages tree-sitter and tree-sitter-hcl (the extra hcl)")
    ]
    assert (report.errors, report.files) == ((), ("a.asl.json",))


def test_every_machine_of_real_terraform_is_checked_or_says_why_not(corpus: Path, record_property: Any, needs_hcl: None) -> None:
    declared = re.compile(r'^resource\s+"aws_sfn_state_machine"\s+"([\w-]+)"', re.MULTILINE)
    whole = checked = 0
    for entry in manifest(corpus / "iac"):
        if entry["kind"] != "terraform":
            continue
        files = [corpus / "iac" / file for file in entry["file"]]
        # The manifest has a resource that is commented out.
        wanted = {name for file in files for name in declared.findall(file.read_text(encoding="utf-8"))}
        plan = plan_paths([str(file) for file in files], Configurations(Config()), root=str(corpus / "iac"))
        deployed = [one for task in plan.tasks for one in check_file(task).deployed]
        assert len(deployed) == len(wanted), entry["file"]
        missing = [one.unresolved for one in deployed if one.unresolved is not None]
        assert all(one.reason and one.machine in wanted for one in missing)
        checked += len(wanted) - len(missing)
        whole += len(wanted)
    assert whole >= 35
    assert checked >= 0.9 * whole
    record_property("figures", f"machines of Terraform that are checked: {checked} of {whole}")


# --- all others -----------------------------------------------------------------------------------------------------------------


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


def test_a_machine_of_the_serverless_framework_in_a_part_of_a_file_is_checked_there() -> None:
    machine = "all:\n  pay:\n    definition:\n      StartAt: A\n      States:\n        A: {Type: Succed}\n"
    write(
        serverless_yml="stepFunctions: {stateMachines: {pay: '${file(all.yml):all.pay}', none: '${file(all.yml):all.no}'}}",
        all_yml=machine,
    )
    report = check_paths(["serverless.yml"])
    assert [(one.rule, one.file, one.span.start.line) for one in report.findings] == [("not-one-of", "all.yml", 6)]
    assert [one.reason for one in report.unresolved] == ["all.yml holds no definition at all.no.definition"]
