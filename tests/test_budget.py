"""``asl-lint budget``: the budget of definitions and templates, as tables and as JSON."""

import json
from pathlib import Path

import pytest

from tests.command_line import enter, run, spawn, write

POLL = {
    "QueryLanguage": "JSONata",
    "StartAt": "Begin",
    "TimeoutSeconds": 3600,
    "States": {
        "Begin": {"Type": "Pass", "Assign": {"polls": 0}, "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 30, "Next": "Ask"},
        "Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun", "TimeoutSeconds": 10, "Next": "Check",
            "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 2}],
            "Assign": {"polls": "{% $polls + 1 %}", "status": "{% $states.result.JobRun.JobRunState %}"},
        },
        "Check": {
            "Type": "Choice", "Default": "Done",
            "Choices": [{"Condition": "{% $status = 'RUNNING' and $polls < 20 %}", "Next": "Rest"}],
        },
        "Done": {"Type": "Succeed"},
    },
}  # fmt: skip
EACH = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map", "ItemsPath": "$.items", "End": True,
            "ItemProcessor": {
                "StartAt": "Work",
                "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}},
            },
        },
    },
}  # fmt: skip
TABLES = """\
poll.asl.json

  one Standard execution  at least  without a retry  at most  limit
  history events                15              186      306  25,000 of a history
  seconds                       30                     1,260  3,600 TimeoutSeconds
  transitions                    5                       102
  about US$, us-east-1     0.00013                    0.0026

  loop  turns  events a turn  seconds a turn  what ends it
  Rest     20         9 … 15              63  $polls goes to 20 by 1

  306 history events = 2 start and end + 2 Begin + 20 × 15 Rest + 2 Done

  1,260 seconds = 20 × 63 Rest
"""


def lines(text: str) -> list[str]:
    """Without the blanks that make columns."""
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    enter(tmp_path, monkeypatch)
    return tmp_path


def test_a_definition_is_told_in_tables() -> None:
    write(poll=POLL)
    result = run("budget", "poll.asl.json", "--machine-type", "standard")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLES


def test_what_only_a_run_knows_is_a_symbol_or_a_reason() -> None:
    write(each=EACH)
    told = lines(run("budget", "each.asl.json").stdout)
    assert "history events 6 7·n + 6 7·n + 6 25,000 of a history" in told
    assert "7·n + 6 history events = 2 start and end + (7·n + 4) Each" in told
    assert 'n: items of "Each"' in told
    assert "seconds: /States/Each/ItemProcessor/States/Work: it has no TimeoutSeconds, or gets them when it runs" in told


def test_json_holds_the_same() -> None:
    write(poll=POLL)
    (machine,) = json.loads(run("budget", "poll.asl.json", "-f", "json", "--region", "sa-east-1").stdout)["machines"]
    (execution,) = machine["executions"]
    assert (machine["machine"], execution["pointer"], execution["type"]) == ("poll", "", None)
    assert execution["measures"]["history-events"] == {
        "least": 15, "most": {"formula": "306", "value": 306}, "limit": 25000,
        "most-without-retry": {"formula": "186", "value": 186},
        "terms": [
            {"pointer": "/States/Begin", "amount": {"formula": "2", "value": 2}},
            {"pointer": "/States/Rest", "amount": {"formula": "300", "value": 300}, "turns": 20,
             "turn": {"formula": "15", "value": 15}, "rest": {"formula": "0", "value": 0}},
            {"pointer": "/States/Done", "amount": {"formula": "2", "value": 2}},
        ],
    }  # fmt: skip
    assert execution["cost"]["most"]["value"] == pytest.approx(102 * 0.0000375)
    assert [loop["turns"]["value"] for loop in execution["loops"]] == [20]


def test_json_says_what_has_no_bound_and_why() -> None:
    write(each=EACH)
    (machine,) = json.loads(run("budget", "each.asl.json", "-f", "json").stdout)["machines"]
    (execution,) = machine["executions"]
    assert execution["measures"]["seconds"]["most"] == {"formula": "∞", "value": None}
    assert machine["symbols"] == {"n": 'items of "Each"'}
    assert [one["reason"] for one in execution["unbounded"]] == ["it has no TimeoutSeconds, or gets them when it runs"]


def test_prices_are_written_out_and_cells_as_the_query_language_spells_them() -> None:
    count = {"n": "States.MathAdd($.it.n, 1)"}
    write(jsonpath={"StartAt": "Begin", "States": {
        "Begin": {"Type": "Pass", "Result": {"n": 0}, "ResultPath": "$.it", "Next": "Step"},
        "Step": {"Type": "Pass", "Parameters": {f"{k}.$": v for k, v in count.items()}, "ResultPath": "$.it", "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Variable": "$.it.n", "NumericLessThan": 5, "Next": "Step"}], "Default": "Each"},
        "Each": EACH["States"]["Each"],
    }})  # fmt: skip
    told = run("budget", "jsonpath.asl.json").stdout
    assert "$.it.n goes to 5 by 1" in told
    assert "0.000025·n + 0.0003" in told


def test_an_express_execution_has_no_history_to_fill() -> None:
    write(poll=POLL)
    told = lines(run("budget", "poll.asl.json", "--machine-type", "EXPRESS").stdout)
    assert "history events 15 186 306" in told
    assert "seconds 30 1,260 300 of an Express execution" in told
    assert "about US$, us-east-1 0.000032 0.00031" in told  # no more than five minutes


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Poller:
    Type: AWS::Serverless::StateMachine
    Properties: {Type: STANDARD, DefinitionUri: poll.asl.json}
  Mapper:
    Type: AWS::Serverless::StateMachine
    Properties: {Type: EXPRESS, DefinitionUri: each.asl.json}
"""


def test_a_template_has_several_machines() -> None:
    write(poll=POLL, each=EACH)
    Path("template.yaml").write_text(TEMPLATE, encoding="utf-8")
    text = run("budget", "template.yaml").stdout
    assert "template.yaml: Poller\n\n  one Standard execution" in text
    assert "template.yaml: Mapper\n\n  one Express execution" in text
    assert "Poller" not in run("budget", "template.yaml", "--machine", "Mapper").stdout


def test_what_cannot_be_read_is_told() -> None:
    write(broken="{")
    result = spawn("budget", "broken.asl.json")
    assert result.returncode == 2
    assert result.stderr.startswith("asl-lint: broken.asl.json: line 1: ")
    write(poll=POLL)
    result = run("budget", "poll.asl.json", "--machine", "other")
    assert result.exit_code != 0
    assert 'there is no state machine "other" in poll.asl.json' in result.stderr
