"""Choices without a Default: rules that leave nothing open are seen by their form."""

import json
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.missing_defaults import missing_default_faults
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text

Rules = list[dict[str, Any]]


def is_told(rules: Rules, language: str = "JSONPath") -> bool:
    """Whether a Choice with these rules and no Default is reported."""
    choice = {"Type": "Choice", "QueryLanguage": language, "Choices": [{**rule, "Next": "Done"} for rule in rules]}
    text = json.dumps({"StartAt": "Ask", "States": {"Ask": choice, "Done": {"Type": "Succeed"}}})
    return bool(list(missing_default_faults(Facts(Workflow("a.asl.json", read_json(Text(text)))))))


def conditions(*texts: str) -> Rules:
    return [{"Condition": f"{{% {text} %}}"} for text in texts]


def asks(variable: str = "$.a", **operator: Any) -> dict[str, Any]:
    return {"Variable": variable, **operator}


@pytest.mark.parametrize(
    "rules",
    [
        [asks(StringEquals="x"), {"Not": asks(StringEquals="x")}],
        [asks(StringEqualsPath="$.b"), {"Not": asks(StringEqualsPath="$.b")}],
        [asks(NumericLessThan=0), asks(NumericEquals=0), asks(NumericGreaterThan=0)],
        [asks(TimestampLessThanPath="$.b"), asks(TimestampGreaterThanEqualsPath="$.b")],
        [asks(BooleanEquals=True), asks(BooleanEquals=False)],
        [asks(IsPresent=True), {"Not": asks(IsPresent=True)}],
        [asks(StringEquals="x"), {"Or": [asks(IsPresent=True), asks(IsPresent=False)]}],
        [
            {"And": [asks(IsPresent=True), asks(StringEquals="x")]},
            {"Not": {"And": [asks(IsPresent=True), asks(StringEquals="x")]}},
        ],
        [{"Not": {"And": [asks(IsNull=True), asks(IsNull=False)]}}],
        [asks(StringEquals="x"), asks(StringMatches="*")],
        [{"Not": {"Not": asks(IsNull=True)}}, asks(IsNull=False)],
    ],
)
def test_jsonpath_rules_that_take_every_answer_leave_nothing_open(rules: Rules) -> None:
    assert not is_told(rules)


@pytest.mark.parametrize(
    "rules",
    [
        [asks(StringEquals="x"), asks(StringEquals="y")],
        [asks(StringEquals="x"), {"Not": asks(StringEquals="y")}],
        [asks(NumericLessThan=0), asks(NumericGreaterThan=0)],
        [asks(NumericLessThan=0), asks(NumericGreaterThanEquals=1)],
        [asks(NumericLessThan=0), asks(StringGreaterThanEquals="0")],
        [asks(BooleanEquals=True), asks("$.b", BooleanEquals=False)],
        [asks(NumericEquals=0), asks(NumericGreaterThanPath="$.b"), asks(NumericLessThan=0)],
        [{"And": [asks(IsPresent=True), asks(IsPresent=False)]}],
        [{"Not": {"Or": [asks(StringEquals="x"), asks(StringEquals="y")]}}],
        [asks(StringMatches="a*")],
    ],
)
def test_jsonpath_rules_that_leave_an_answer_open_are_told(rules: Rules) -> None:
    assert is_told(rules)


@pytest.mark.parametrize(
    "texts",
    [
        ("$a > 5", "$a <= 5"),
        ("$a > 5", "5 >= $a"),
        ("$a > 0", "$a < 0", "$a = 0"),
        ("$a = 'x'", '$a != "x"'),
        ("($a = 5)", "$a!=5"),
        ("$a", "$a = false"),
        ("$not($a and $b)", "$a and $b"),
        ("$a in ['x', 'y']", "$not($a in ['x','y'])"),
        ("$lowercase($a) = 'x'", "$lowercase($a) != 'x'"),
        ("$count($a) > 0", "$count($a) = 0"),
        ("$a > 5 or $a < 3", "$a >= 3 and $a <= 5", "$not($a > 5 or $a < 3)"),
        ("$a > 5", "1 = 1"),
        ("$a > 5", "true"),
        ("$a > 5", "$not(false)"),
    ],
)
def test_jsonata_conditions_that_take_every_answer_leave_nothing_open(texts: tuple[str, ...]) -> None:
    assert not is_told(conditions(*texts), "JSONata")


@pytest.mark.parametrize(
    "texts",
    [
        ("$a > 5", "$a < 5"),
        ("$a > 5", "$b <= 5"),
        ("$a = 'x y'", "$a != 'xy'"),
        ("$count($a) > 1", "$count($a) = 0"),
        ("$a and $b", "$not($a) and $not($b)"),
        ("$sum($a) > 0", "$sum($a) = 0"),
        ("1 != 1",),
        ("false",),
    ],
)
def test_jsonata_conditions_that_leave_an_answer_open_are_told(texts: tuple[str, ...]) -> None:
    assert is_told(conditions(*texts), "JSONata")


def test_a_condition_that_cannot_be_read_is_compared_as_it_is_written() -> None:
    assert is_told(conditions("$a >", "$a <"), "JSONata")


def test_a_condition_that_is_true_itself_takes_every_answer() -> None:
    assert not is_told([{"Condition": True}], "JSONata")
