"""Running the examples of rules: what does not hold is told in words, and nothing slips through."""

from pathlib import Path
from typing import Any

import pytest

from asl_lint.catalog import load_own_rules
from asl_lint.rule_tests import ExampleResult, run_examples
from tests.catalog.rule_files import rule, write

TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}


def results(folder: Path, **changes: Any) -> list[ExampleResult]:
    path = write(folder, rule(**changes))
    return list(run_examples(load_own_rules([str(path)])))


def problems(folder: Path, bad: Any = None, good: Any = None, **changes: Any) -> list[str]:
    examples = rule()["examples"]
    replaced = {"bad": [bad] if bad else examples["bad"], "good": [good] if good else examples["good"]}
    return [problem for result in results(folder, examples=replaced, **changes) for problem in result.problems]


def test_right_examples_hold(tmp_path: Path) -> None:
    found = results(tmp_path)
    assert [(result.example.verdict, result.number, result.problems) for result in found] == [
        ("bad", 1, ()),
        ("good", 1, ()),
        ("good", 2, ()),
    ]
    assert found[0].title == "task-that-hangs: bad example 1 (line 15)"


def test_a_finding_that_is_not_there(tmp_path: Path) -> None:
    bad = {"state": {**TASK, "TimeoutSeconds": 5}, "expect": [{"at": "/Resource"}]}
    assert problems(tmp_path, bad) == ["expected a finding at /States/Example/Resource, got none"]


def test_a_finding_elsewhere(tmp_path: Path) -> None:
    bad = {"state": TASK, "expect": [{"at": "/Resource"}]}
    assert problems(tmp_path, bad) == [
        "expected a finding at /States/Example/Resource, got warning at /States/Example ('\"Example\"'): "
        'the Task "Example" has no TimeoutSeconds'
    ]


@pytest.mark.parametrize(
    ("expectation", "told"),
    [
        ({"quote": "Example"}, "expected the span to cover 'Example', got '\"Example\"'"),
        ({"message": "no"}, "expected the message 'no', got 'the Task \"Example\" has no TimeoutSeconds'"),
        ({"severity": "error"}, "expected the severity error, got warning"),
    ],
)
def test_a_finding_that_differs(tmp_path: Path, expectation: dict[str, str], told: str) -> None:
    bad = {"state": TASK, "expect": [{"at": "", **expectation}]}
    assert problems(tmp_path, bad) == [f"at /States/Example: {told}"]


def test_one_finding_too_many(tmp_path: Path) -> None:
    machine = {"StartAt": "A", "States": {"A": {**TASK, "Next": "B"}, "B": {**TASK, "End": True}}}
    told = problems(tmp_path, {"definition": machine, "expect": [{"at": "/States/B"}]})
    assert told == [
        'expected nothing more, got warning at /States/A (\'"A"\'): the Task "A" has no TimeoutSeconds',
    ]


def test_one_finding_does_not_meet_two_expectations(tmp_path: Path) -> None:
    bad = {"state": TASK, "expect": [{"at": ""}, {"at": ""}]}
    assert problems(tmp_path, bad) == ["expected a finding at /States/Example, got none"]


def test_a_good_example_that_is_reported(tmp_path: Path) -> None:
    told = problems(tmp_path, good={"state": TASK})
    assert told == [
        'expected nothing more, got warning at /States/Example (\'"Example"\'): the Task "Example" has no TimeoutSeconds'
    ]


def test_an_example_that_aws_would_refuse(tmp_path: Path) -> None:
    told = problems(tmp_path, good={"state": {"Type": "Pass", "Timeout": 3}})
    assert len(told) == 1
    assert told[0].startswith("AWS would refuse this: error at /States/Example/Timeout")
    assert told[0].endswith("[unknown-field]; mend it, or name the rule in also")


def test_what_also_names_may_be_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, good={"state": {"Type": "Pass", "Timeout": 3}, "also": ["unknown-field"]}) == []


def test_what_also_names_must_report(tmp_path: Path) -> None:
    told = problems(tmp_path, good={"state": {"Type": "Pass"}, "also": ["unknown-field"]})
    assert told == ['also names "unknown-field", which reports nothing here']


def test_a_rule_that_crashes(tmp_path: Path) -> None:
    told = problems(tmp_path, property={"kind": "jsonata@1", "assert": "$error('broken')"})
    assert told[0].startswith("task-that-hangs crashed: ExpressionError: broken in the expression `$error('broken')`")


def test_examples_in_yaml_and_of_a_type(tmp_path: Path) -> None:
    text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: true\n"
    found = problems(
        tmp_path,
        {"text": text, "format": "yaml", "machine_type": "EXPRESS", "expect": [{"at": "", "message": "it is EXPRESS"}]},
        {"text": text, "format": "yaml"},
        property={"kind": "jsonata@1", "each": "machine", "assert": 'type != "EXPRESS"', "values": {"kind": "type"}},
        message="it is {kind}",
    )
    assert found == []


def test_a_text_in_pieces_is_joined(tmp_path: Path) -> None:
    pieces = [
        '{"StartAt": "',
        {"repeat": "A", "times": 60},
        '", "States": {"',
        {"repeat": "A", "times": 60},
        '": {"Type": "Succeed"}}}',
    ]
    assert problems(tmp_path, good={"text": pieces}) == []


LOGLESS = "Resources:\n  Pay:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: a.json}\n"
LOGS = {"kind": "deployed-with@1", "demand": "logging"}


def test_a_template_is_an_example_of_how_it_deploys(tmp_path: Path) -> None:
    bad = {"template": LOGLESS, "expect": [{"at": "/Resources/Pay", "quote": "Pay", "message": "Pay: it has no logging"}]}
    good = {"template": LOGLESS.replace("}", ", Logging: !Ref Logging}")}
    assert problems(tmp_path, bad, good, property=LOGS, message="{machine}: {problem}") == []


def test_a_template_without_a_machine_shows_nothing(tmp_path: Path) -> None:
    bad = {"template": "Resources: {}\n", "expect": [{"at": "/Resources"}]}
    good = {"template": LOGLESS.replace("}", ", Logging: !Ref Logging}")}
    found = problems(tmp_path, bad, good, property=LOGS, message="{machine}: {problem}")
    assert found[0] == "the template declares no state machine"
