"""What is found in how a template deploys a machine: at the template's lines, once, silenced like all else."""

from pathlib import Path

import pytest

from asl_lint import check_paths
from asl_lint.config import Config
from asl_lint.finding import Report
from tests.command_line import run

FINE = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
TEMPLATE = """\
Resources:
  Pay:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: pay.asl.json
"""
RULES = Config(
    select=("logging-off", "tracing-off", "express-without-logging", "unused-suppression", "suppression-without-reason")
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("pay.asl.json").write_text(FINE, encoding="utf-8")
    return tmp_path


def checked(template: str, config: Config = RULES, name: str = "template.yaml") -> Report:
    Path(name).write_text(template, encoding="utf-8")
    report = check_paths(["."], config=config)
    assert report.errors == ()
    return report


def told(report: Report) -> list[tuple[str, str, str | None, int]]:
    """Rule, file, machine and line of each finding."""
    return [(one.rule, one.file, one.machine, one.span.start.line) for one in report.findings]


def test_it_is_found_in_the_template_though_the_definition_lies_elsewhere() -> None:
    assert told(checked(TEMPLATE)) == [
        ("logging-off", "template.yaml", "Pay", 2),
        ("tracing-off", "template.yaml", "Pay", 2),
    ]


def test_a_machine_that_is_told_of_in_its_template_too_is_one_machine() -> None:
    assert checked(TEMPLATE).machines == 1


def test_a_template_with_nothing_to_say_is_no_definition() -> None:
    config = Config(select=("no-tags",))
    assert checked(TEMPLATE + "      Tags: {team: pay}\n", config).files == ("pay.asl.json",)
    assert checked(TEMPLATE, config).files == ("pay.asl.json", "template.yaml")


def test_a_machine_whose_definition_cannot_be_had_is_judged_too() -> None:
    report = checked(TEMPLATE.replace("pay.asl.json", "!Ref Uri"))
    assert [one.machine for one in report.unresolved] == ["Pay"]
    assert [rule for rule, *_ in told(report)] == ["logging-off", "tracing-off"]


def test_a_machine_in_the_template_is_judged_with_its_definition() -> None:
    text = TEMPLATE.replace(
        "DefinitionUri: pay.asl.json", "Definition: {StartAt: A, States: {A: {Type: Pass, Odd: 1, End: true}}}"
    )
    report = checked(text, Config(extend_select=("logging-off",)))
    assert told(report) == [("logging-off", "template.yaml", "Pay", 2), ("unknown-field", "template.yaml", "Pay", 5)]
    assert report.files == ("pay.asl.json", "template.yaml")


def test_the_rules_that_are_off_find_nothing_by_default() -> None:
    assert told(checked(TEMPLATE, Config())) == []
    assert told(checked(TEMPLATE.replace("DefinitionUri", "Type: EXPRESS\n      DefinitionUri"), Config())) == [
        ("express-without-logging", "template.yaml", "Pay", 2)
    ]


def test_the_type_that_is_said_for_the_run_holds_where_the_template_leaves_it_open() -> None:
    Path("template.yaml").write_text(TEMPLATE.replace("DefinitionUri", "Type: !Ref Type\n      DefinitionUri"), encoding="utf-8")
    (finding,) = check_paths(["."], config=Config(), machine_type="express").findings
    assert finding.rule == "express-without-logging"


def test_a_comment_of_the_template_silences_it() -> None:
    silenced = TEMPLATE.replace("  Pay:", "  # asl-lint: ignore[logging-off] the history is enough\n  Pay:")
    report = checked(silenced)
    assert told(report) == [("tracing-off", "template.yaml", "Pay", 3)]
    assert [(one.finding.rule, one.reason) for one in report.suppressed] == [("logging-off", "the history is enough")]


def test_a_comment_of_the_machine_that_silences_nothing_is_told() -> None:
    idle = TEMPLATE.replace("  Pay:", "  # asl-lint: ignore[express-without-logging] it is none\n  Pay:")
    assert ("unused-suppression", "template.yaml", "Pay", 2) in told(checked(idle))


def test_a_comment_for_another_machine_is_not_called_unused() -> None:
    other = TEMPLATE.replace("  Pay:", "  # asl-lint: ignore[logging-off] the history is enough\n  Pay:") + (
        TEMPLATE.removeprefix("Resources:\n").replace("Pay:", "Ask:")
    )
    assert told(checked(other)) == [
        ("tracing-off", "template.yaml", "Pay", 3),
        ("logging-off", "template.yaml", "Ask", 7),
        ("tracing-off", "template.yaml", "Ask", 7),
    ]


def test_the_configuration_silences_it() -> None:
    report = checked(TEMPLATE, RULES._replace(per_file_ignores={"template.yaml": ("logging-off", "tracing-off")}))
    assert told(report) == []
    assert [one.by for one in report.suppressed] == ["configuration", "configuration"]


def test_a_baseline_holds_what_is_found_in_a_template() -> None:
    Path("template.yaml").write_text(TEMPLATE, encoding="utf-8")
    run("check", ".", "--select", "deployment", "--write-baseline", "known.json")
    assert "pass" in run("check", ".", "--select", "deployment", "--baseline", "known.json").output


def test_a_template_that_only_the_settings_name_is_not_reported_upon() -> None:
    Path("pay").mkdir()
    Path("pay/pay.asl.json").write_text(FINE, encoding="utf-8")
    Path("template.yaml").write_text(TEMPLATE.replace("pay.asl.json", "pay/pay.asl.json"), encoding="utf-8")
    report = check_paths(["pay/pay.asl.json"], config=RULES._replace(templates=("template.yaml",)))
    assert (told(report), report.files) == ([], ("pay/pay.asl.json",))


def test_a_block_of_terraform_is_the_place() -> None:
    pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")
    text = (
        'resource "aws_sfn_state_machine" "pay" {\n  definition = file("pay.asl.json")\n'
        '  logging_configuration {\n    level = "OFF"\n  }\n}\n'
    )
    assert told(checked(text, name="main.tf")) == [("tracing-off", "main.tf", "pay", 1), ("logging-off", "main.tf", "pay", 4)]
    silenced = text.replace(
        "  logging_configuration", "  # asl-lint: ignore[logging-off] the history is enough\n  logging_configuration"
    )
    assert [rule for rule, *_ in told(checked(silenced, name="main.tf"))] == ["tracing-off"]


def test_the_source_of_the_template_is_shown_without_its_secrets() -> None:
    text = TEMPLATE + "      Tracing: {Enabled: false} # was https://app:Xq7vWn2kRt9@x.example.net\n"
    Path("template.yaml").write_text(text, encoding="utf-8")
    output = run("check", ".", "--select", "tracing-off").output
    assert "Tracing: {Enabled: false} # was https://app:***********@x.example.net" in output
