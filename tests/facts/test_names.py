"""Names of variables: what the examples of the rule do not show."""

from typing import Any

import pytest

from asl_lint.facts.match import Match
from asl_lint.facts.names import LONGEST_VARIABLE, name_faults
from asl_lint.model.machine import StateMachine


def told(name: str, language: str = "JSONata", **state: Any) -> list[Match]:
    body = {"Type": "Pass", "QueryLanguage": language, "Assign": {name: 1}, "End": True} | state
    found = name_faults(StateMachine({"StartAt": "A", "States": {"A": body}}))
    return [match for code, match in found if code == "invalid-variable-name"]


def test_a_name_has_eighty_characters_at_most() -> None:
    assert told("x" * LONGEST_VARIABLE) == []
    (match,) = told("x" * (LONGEST_VARIABLE + 1))
    assert match.values["problem"] == "it has 81 characters, and 80 are allowed"


def test_the_ending_of_a_path_is_no_part_of_the_name_in_jsonpath() -> None:
    assert told("x" * LONGEST_VARIABLE + ".$", "JSONPath") == []
    assert [match.values["name"] for match in told("x.$")] == ["x.$"]


@pytest.mark.parametrize("name", ["größe", "数", "_", "x1", "X", "State", "states_1"])
def test_letters_of_every_script_make_a_name(name: str) -> None:
    assert told(name) == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "it is empty"),
        ("states", "it is reserved for what the service provides"),
        ("1st", 'it begins with "1"; a name is a letter or _, then letters, digits and _'),
        ("order id", "it holds a blank; a name is a letter or _, then letters, digits and _"),
        ("order.id", 'it holds "."; a name is a letter or _, then letters, digits and _'),
        ("order\n", "it holds the character U+000A; a name is a letter or _, then letters, digits and _"),
    ],
)
def test_a_problem_is_named(name: str, problem: str) -> None:
    assert [match.values["problem"] for match in told(name)] == [problem]


def test_a_name_with_a_dollar_sign_is_told_without_it() -> None:
    assert [match.help for match in told("$count")] == ['variables are assigned without a "$": "count"']


def test_a_name_that_the_deployment_fills_in_is_not_judged() -> None:
    assert told("${Prefix} x") == []


def test_a_catcher_sets_variables_too() -> None:
    catcher = {"ErrorEquals": ["States.ALL"], "Assign": {"1st": 1}, "Next": "A"}
    (match,) = told("x", Type="Task", Catch=[catcher])
    assert match.pointer == ("States", "A", "Catch", 0, "Assign", "1st")
