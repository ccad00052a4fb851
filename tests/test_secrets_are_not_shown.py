"""No part of a secret leaves the linter: not in a format, by a rule, in a source frame, a baseline or a policy."""

import json
from pathlib import Path
from typing import Any

import pytest

from asl_lint import check_text
from asl_lint.baseline import as_text
from asl_lint.config import Config
from asl_lint.output import FORMATS
from tests.command_line import enter
from tests.command_line import run as asl_lint

PASSWORD = "Xq7vWn2kRt9"
TOKEN = "zK4qW9rT2yP7lM3nC8vB5xD1"


def definition() -> dict[str, Any]:
    """A machine in which many rules quote what it is given: its secrets stand wherever a text can."""
    return {
        "Comment": f"asl-lint: ignore[unknown-field] {PASSWORD} again",
        "StartAt": PASSWORD,
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::http:invoke",
                "Parameters": {
                    "ApiEndpoint": f"https://app:{PASSWORD}@api.example.net/?api_key={TOKEN}",
                    "Method": PASSWORD,
                    "Headers": {"Authorization": f"Bearer {TOKEN}"},
                    "RequestBody": {"password": PASSWORD, "path.$": PASSWORD, "more.$": f"$.{TOKEN}["},
                },
                "Retry": [{"ErrorEquals": [PASSWORD, f"States.{TOKEN}"], "IntervalSeconds": PASSWORD}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": PASSWORD, "ResultPath": TOKEN}],
                "TimeoutSeconds": TOKEN,
                "Next": TOKEN,
            },
            "Wait": {"Type": "Wait", "Timestamp": PASSWORD, PASSWORD: 1, "Next": "Wait"},
            "Ask": {
                "Type": "Pass",
                "QueryLanguage": "JSONata",
                "Output": {"a": f"{{% ${TOKEN}( %}}", "b": f"{{% $nothing('{PASSWORD}') %}}", "c": f"{{% {PASSWORD} %}}"},
                "Assign": {PASSWORD + " !": 1, TOKEN + "!": 2},
                "Next": "Call",
            },
            "Choose": {
                "Type": "Choice",
                "Choices": [{"Variable": PASSWORD, "StringEquals": TOKEN, "Next": TOKEN}],
                "Default": TOKEN,
            },
        },
    }  # fmt: skip


def leaks(text: str) -> list[str]:
    """The stretches of six characters of a secret that a text shows."""
    return [secret[i : i + 6] for secret in (PASSWORD, TOKEN) for i in range(len(secret) - 5) if secret[i : i + 6] in text]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    enter(tmp_path, monkeypatch)
    return tmp_path


def template() -> str:
    """The same in a template that has secrets of its own, and machines that cannot be had."""
    indented = json.dumps(definition(), indent=2).replace("\n", "\n        ")
    return (
        "Resources:\n"
        "  Pay:\n"
        "    Type: AWS::Serverless::StateMachine\n"
        "    Properties:\n"
        "      Type: EXPRESS\n"
        f'      Logging: {{Level: "Bearer {TOKEN}"}}\n'
        f"      Definition:\n        {indented}\n"
        "  Ask:\n"
        "    Type: AWS::Serverless::StateMachine\n"
        "    Properties:\n"
        f"      DefinitionUri: https://app:{PASSWORD}@api.example.net/a.json\n"
    )


TEXTS = {
    "a.asl.json": json.dumps(definition(), indent=2),
    "line.asl.json": json.dumps(definition()),
    "broken.asl.json": json.dumps(definition(), indent=2)[:-40].replace('"Method":', '"Method"', 1),
    "a.asl.yaml": json.dumps(definition(), indent=1),
    "template.yaml": template(),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("format", FORMATS)
def test_no_format_shows_a_part_of_a_secret(format: str, name: str) -> None:
    Path(name).write_text(TEXTS[name], encoding="utf-8")
    ran = asl_lint("check", name, "--format", format, "--select", "ALL", "--verbose")
    assert leaks(ran.output) == []
    if format != "statistics":
        assert "secret-in-definition" in ran.output


def test_what_is_silenced_shows_no_more() -> None:
    Path("a.asl.json").write_text(TEXTS["a.asl.json"], encoding="utf-8")
    ran = asl_lint("check", "a.asl.json", "--no-ignores", "--verbose", "--select", "ALL")
    assert leaks(ran.output) == []


def test_a_rule_that_is_off_conceals_as_well() -> None:
    Path("a.asl.json").write_text(TEXTS["a.asl.json"], encoding="utf-8")
    ran = asl_lint("check", "a.asl.json", "--ignore", "secret-in-definition")
    assert "secret-in-definition" not in ran.output
    assert "unknown-transition-target" in ran.output
    assert leaks(ran.output) == []


def test_the_library_s_report_holds_no_secret() -> None:
    report = check_text(TEXTS["a.asl.json"], config=Config(select=("ALL",)))
    assert leaks(repr(report)) == []
    assert leaks(as_text(report)) == []
    assert len(next(iter(report.sources.values()))) == len(TEXTS["a.asl.json"])


def test_a_fingerprint_says_nothing_of_the_secret() -> None:
    def fingerprints(secret: str) -> list[str]:
        state = {"Type": "Pass", "Result": {"password": secret}, "Next": secret}
        return [one.fingerprint for one in check_text(json.dumps({"StartAt": "A", "States": {"A": state}})).findings]

    assert fingerprints(PASSWORD) == fingerprints("Ky3bTz8mQd1")


def test_a_mend_that_would_write_a_secret_is_not_offered() -> None:
    report = check_text(TEXTS["a.asl.json"], config=Config(select=("ALL",)))
    fixes = [finding.fix for finding in report.findings if finding.fix is not None]
    assert not any(leaks(edit.text) or "***" in edit.text for fix in fixes for edit in fix.edits)


def test_a_policy_names_an_address_without_its_secret() -> None:
    address = f"https://app:{PASSWORD}@api.example.net/?api_key={TOKEN}"
    call = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"ApiEndpoint": address}, "End": True}
    Path("a.asl.json").write_text(json.dumps({"StartAt": "A", "States": {"A": call}}), encoding="utf-8")
    ran = asl_lint("policy", "a.asl.json")
    assert "https://app:*@api.example.net/?api_key=*" in ran.output
    assert leaks(ran.output) == []


def test_a_rule_of_one_s_own_quotes_no_secret() -> None:
    Path("rules").mkdir()
    Path("rules/no-app.yaml").write_text(
        "format: 1\nname: no-app\ncategory: contract\nsummary: No text has app in it\nseverity: warning\n"
        'message: "{text} is written"\nwhy: We have no app.\nfix: Take it out.\n'
        "property: {kind: text-never-matches@1, pattern: 'app:.*'}\n"
        "examples:\n  bad:\n    - {state: {Type: Pass, Result: 'app:1'}, expect: [{at: /Result}]}\n"
        "  good:\n    - {state: {Type: Pass, Result: one}}\n",
        encoding="utf-8",
    )
    Path("asl-lint.toml").write_text('rules = ["rules"]\n', encoding="utf-8")
    Path("a.asl.json").write_text(json.dumps(definition()), encoding="utf-8")
    ran = asl_lint("check", "a.asl.json")
    assert "no-app" in ran.output
    assert leaks(ran.output) == []


BROKEN = {
    "a.asl.json": '{"StartAt": "A", "password": Xq7vWn2kRt9}',
    "b.asl.json": '{"StartAt": "A", "password": {"a": Xq7vWn2kRt9}}',
    "c.asl.yaml": "StartAt: A\nStates: {password: [Xq7vWn2kRt9, }\n",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", ["check", "policy", "budget", "graph", "report"])
def test_no_command_quotes_a_secret_of_a_broken_definition(command: str, name: str) -> None:
    Path(name).write_text(BROKEN[name], encoding="utf-8")
    ran = asl_lint(command, name)
    assert ran.output
    assert leaks(ran.output) == []


@pytest.mark.parametrize(
    ("command", "option"),
    [
        *((command, "--substitutions") for command in ("check", "policy", "budget", "report")),
        *((command, "--role") for command in ("check", "report")),
    ],
)
def test_no_command_quotes_a_secret_of_a_broken_file_of_the_deployment(command: str, option: str) -> None:
    Path("a.asl.json").write_text(TEXTS["a.asl.json"], encoding="utf-8")
    Path("given.json").write_text('{"DbPassword": Xq7vWn2kRt9}', encoding="utf-8")
    ran = asl_lint(command, "a.asl.json", option, "given.json")
    assert "has no quotes" in ran.output
    assert leaks(ran.output) == []


FILLED = {
    "StartAt": "A",
    "States": {
        "A": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/${DbPassword}", "MessageBody": "a"},
            "Next": "${DbPassword}",
        }
    },
}  # fmt: skip


def test_a_secret_that_is_given_for_a_placeholder_reaches_no_message_and_no_policy() -> None:
    Path("a.asl.json").write_text(json.dumps(FILLED), encoding="utf-8")
    Path("given.json").write_text(json.dumps({"DbPassword": PASSWORD}), encoding="utf-8")
    checked = asl_lint("check", "a.asl.json", "--substitutions", "given.json", "--select", "ALL")
    assert "unknown-transition-target" in checked.output
    written = asl_lint("policy", "a.asl.json", "--substitutions", "given.json")
    assert "${DbPassword} is a secret, * stands for it" in written.output
    assert leaks(checked.output + written.output) == []


def test_a_secret_that_a_template_gives_for_a_placeholder_reaches_no_message_no_frame_and_no_policy() -> None:
    secret = "correcthorsebattery"
    Path("template.yaml").write_text(
        "Resources:\n  Pay:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionSubstitutions:\n"
        f"        DbPassword: {secret}\n        UnusedPassword: {secret}\n      Definition: {json.dumps(FILLED)}\n",
        encoding="utf-8",
    )
    checked = asl_lint("check", "template.yaml", "--select", "ALL")
    assert "unknown-transition-target" in checked.output
    assert "UnusedPassword: *****" in checked.output
    written = asl_lint("policy", "template.yaml")
    assert "${DbPassword} is a secret" in written.output
    assert secret not in checked.output + written.output


ORDINARY = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Result": {"password": "States2024!", "adminPassword": "Account1x"}, "Next": "B"},
        "B": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "f"},
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "A"}],
            "Next": "C",
        },
        "C": {"Type": "Succeed"},
    },
}  # fmt: skip


def test_a_secret_that_begins_with_a_word_takes_that_word_out_of_nothing_else() -> None:
    Path("a.asl.json").write_text(json.dumps(ORDINARY), encoding="utf-8")
    reviewed = asl_lint("report", "a.asl.json", "--format", "json")
    assert '"/States/A"' in reviewed.output and "States.Timeout" in reviewed.output and "${AWS::AccountId}" in reviewed.output
    assert reviewed.output.count("***") == 2
    checked = asl_lint("check", "a.asl.json", "--select", "ALL", "--format", "json")
    assert all("***" not in one["pointer"] for one in json.loads(checked.output)["findings"])
    for secret in ("States2024!", "Account1x"):
        assert secret not in reviewed.output + checked.output


GITHUB = "ghp_a8Kd9Lq2Zx7Vb3Nm5Wt1Yc6Rf4Hj0Pg8Us2E"


@pytest.mark.parametrize("format", ["json", "markdown"])
def test_a_review_shows_no_token_that_a_role_holds(format: str) -> None:
    Path("a.asl.json").write_text(json.dumps(ORDINARY), encoding="utf-8")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b/{GITHUB}"}
    Path("role.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
    ran = asl_lint("report", "a.asl.json", "--role", "role.json", "--format", format)
    assert ran.exit_code == 0 and GITHUB[4:12] not in ran.output


SECRET_NAMES = {
    "StartAt": GITHUB,
    "States": {
        GITHUB: {"Type": "Pass", "Result": {"password": PASSWORD}, "Next": GITHUB[:-1] + "F"},
        GITHUB[:-1] + "F": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "End": True},
    },
}  # fmt: skip


@pytest.mark.parametrize("command", [("explain-type", f"/States/{GITHUB}G"), ("budget",), ("budget", "--format", "json")])
def test_commands_about_one_machine_show_no_secret(command: tuple[str, ...]) -> None:
    Path("a.asl.json").write_text(json.dumps(SECRET_NAMES), encoding="utf-8")
    ran = asl_lint(command[0], "a.asl.json", *command[1:])
    assert "***" in ran.output and GITHUB[4:12] not in ran.output


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_type_quotes_no_secret(format: str) -> None:
    Path("a.asl.json").write_text(json.dumps(SECRET_NAMES), encoding="utf-8")
    ran = asl_lint("explain-type", "a.asl.json", f"/States/{GITHUB}", "--format", format)
    assert ran.exit_code == 0 and "***" in ran.output
    assert leaks(ran.output) == [] and GITHUB[4:12] not in ran.output


def test_two_states_whose_names_are_secrets_stay_two() -> None:
    Path("a.asl.json").write_text(json.dumps(SECRET_NAMES), encoding="utf-8")
    ran = asl_lint("report", "a.asl.json", "--format", "json")
    states = json.loads(ran.output)["machines"][0]["graph"]["states"]
    assert len({state["pointer"] for state in states}) == len({state["name"] for state in states}) == 2
