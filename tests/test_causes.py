"""Findings of one cause are told as one, and those of two are not."""

import copy
import json
from typing import Any

import pytest

from asl_lint import Config, check_text
from asl_lint.finding import Finding

LOCK: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "Read",
    "States": {
        "Read": {"Type": "Pass", "Assign": {"key": "{% $states.input.key %}"}, "Next": "Check"},
        "Check": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $key = '' %}", "Next": "Refused"}],
            "Default": "Take",
        },
        "Take": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Arguments": {
                "TableName": "locks",
                "Item": {"pk": {"S": "{% $key %}"}, "ttl": {"N": "{% $string($floor($millis() / 1000) + 900) %}"}},
                "ConditionExpression": "attribute_not_exists(pk)",
            },
            "TimeoutSeconds": 10,
            "Catch": [
                {
                    "ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"],
                    "Assign": {"why": "{% $states.errorOutput.Cause %}"},
                    "Next": "Held",
                },
                {"ErrorEquals": ["States.ALL"], "Next": "Refused"},
            ],
            "Next": "Work",
        },
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Arguments": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "Message": "{% $key %}"},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Release"}],
            "Next": "Release",
        },
        "Release": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:deleteItem",
            "Arguments": {"TableName": "locks", "Key": {"pk": {"S": "{% $key %}"}}},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refused"}],
            "Next": "Done",
        },
        "Held": {"Type": "Fail", "Error": "Held", "Cause": "{% $why %}"},
        "Refused": {"Type": "Fail", "Error": "Refused", "Cause": "the key is empty, or a call failed"},
        "Done": {"Type": "Succeed"},
    },
}
RULES = ("lock-not-released", "possibly-undefined-variable", "undefined-variable", "unreachable-state", "unused-variable",
         "comparison-never-holds", "poll-without-wait")  # fmt: skip


def told(change: Any) -> list[Finding]:
    """The findings of these rules on the machine after a change."""
    machine = copy.deepcopy(LOCK)
    change(machine["States"])
    found = check_text(json.dumps(machine, indent=1)).findings
    return [one for one in found if one.rule in RULES]


def rules_of(finding: Finding) -> list[str]:
    return [finding.rule, *(place.message.partition(": ")[0] for place in finding.related if place.message.startswith(RULES))]


def test_of_the_whole_machine_nothing_is_told() -> None:
    assert told(lambda states: None) == []


def test_what_one_wrong_transition_breaks_is_one_finding_that_shows_the_rest() -> None:
    def leads_to_the_refusal(states: Any) -> None:
        states["Work"]["Catch"][0]["Next"] = "Held"

    [finding] = told(leads_to_the_refusal)
    assert sorted(rules_of(finding)) == ["lock-not-released", "possibly-undefined-variable"]
    also = next(place for place in finding.related if place.message.startswith(RULES))
    assert also.pointer in ("/States/Held/Cause", "/States/Work/Catch/0/Next")
    assert also.span.start.offset > 0


def test_two_wrong_transitions_are_two_findings() -> None:
    def both_leave_the_lock(states: Any) -> None:
        states["Work"]["Catch"][0]["Next"] = "Refused"
        states["Check"]["Choices"][0]["Next"] = "Held"

    assert sorted(rule for finding in told(both_leave_the_lock) for rule in rules_of(finding)) == [
        "lock-not-released",
        "possibly-undefined-variable",
    ]
    assert len(told(both_leave_the_lock)) == 2


def test_what_nobody_does_because_nothing_leads_there_is_told_with_the_state() -> None:
    def skips_the_release(states: Any) -> None:
        states["Work"]["Next"] = "Done"
        states["Work"]["Catch"][0]["Next"] = "Refused"

    found = told(skips_the_release)
    assert [rules_of(finding) for finding in found] == [["unreachable-state", "lock-not-released"]]
    assert found[0].severity == "error"  # the gravest of a cause stays
    assert found[0].pointer == "/States/Release"


def test_a_misspelt_variable_that_is_set_is_told_with_what_it_leaves_unset() -> None:
    def misspells(states: Any) -> None:
        states["Take"]["Catch"][0]["Assign"] = {"hwy": "{% $states.errorOutput.Cause %}"}
        states["Release"]["Catch"][0] |= {"Assign": {"why": "released"}, "Next": "Held"}

    assert [sorted(rules_of(finding)) for finding in told(misspells)] == [["possibly-undefined-variable", "unused-variable"]]


@pytest.mark.parametrize("rule", ["lock-not-released", "possibly-undefined-variable"])
def test_a_rule_that_runs_alone_tells_it_alone(rule: str) -> None:
    machine = copy.deepcopy(LOCK)
    machine["States"]["Work"]["Catch"][0]["Next"] = "Held"
    [finding] = check_text(json.dumps(machine), config=Config(select=(rule,))).findings
    assert rules_of(finding) == [rule]


def test_a_loop_that_spends_two_budgets_is_one_finding() -> None:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "TimeoutSeconds": 600,
        "States": {
            "Begin": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 60, "Assign": {"n": "{% $n + 1 %}"}, "Next": "Enough"},
            "Enough": {"Type": "Choice", "Choices": [{"Condition": "{% $n >= 9000 %}", "Next": "Done"}], "Default": "Wait"},
            "Done": {"Type": "Succeed"},
        },
    }
    rules = ("duration-over-timeout", "history-over-budget", "loop-outlives-history")
    [finding] = check_text(json.dumps(definition), config=Config(select=rules)).findings
    also = [place.message.partition(": ")[0] for place in finding.related if place.message.startswith(rules)]
    assert sorted([finding.rule, *also]) == ["duration-over-timeout", "loop-outlives-history"]


def test_a_placeholder_that_nothing_fills_in_is_told_once_whatever_it_stands_in() -> None:
    states = {
        "One": {"Type": "Pass", "Output": "${Table}", "Next": "Two"},
        "Two": {"Type": "Pass", "Output": "${Table}", "Next": "Three"},
        "Three": {"Type": "Pass", "Output": "${Other}", "End": True},
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "One", "States": states}
    config = Config(select=("unresolved-placeholder", "unreachable-state"), substitutions={"Third": "x"})
    found = check_text(json.dumps(definition), config=config).findings
    assert [(one.pointer, [also.pointer for also in one.related]) for one in found] == [
        ("/States/One/Output", ["/States/Two/Output"]), ("/States/Three/Output", []),
    ]  # fmt: skip
