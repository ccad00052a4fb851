"""``placeholders-resolved@1``: what the deployment fills in, and what it leaves."""

import json
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.properties.placeholders_resolved import KIND
from asl_lint.source.document import MISSING
from asl_lint.source.json_text import read_json
from asl_lint.source.substitution import fill
from asl_lint.source.text import Text
from tests.properties.definitions import found, machine, only, refused, task, told, unjudged

WORK = machine(
    Work=task(Comment="for ${Team}", Arguments={"FunctionName": "${Function}", "Payload": {"${Key}": "a ${Function}"}})
)


def deployed(substitutions: dict[str, Any] | None, definition: Any = WORK, declared: bool = False) -> Facts:
    """The facts of a definition, of which the deployment fills in these."""
    document = read_json(Text(definition if isinstance(definition, str) else json.dumps(definition)))
    if substitutions is not None:
        document = fill(document, substitutions)
    said = dict.fromkeys(substitutions or ()) if declared else {}
    return Facts(Workflow("test.asl.json", document, substitutions=substitutions, declared=said))


def left(known: Facts, **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, known, "name", **parameters)


def test_without_a_word_about_the_deployment_nothing_is_judged() -> None:
    assert unjudged(KIND, deployed(None)) == ["substitutions"]


def test_without_a_placeholder_nothing_is_missing() -> None:
    assert found(KIND, deployed(None, machine(Work=task()))) == []


def test_what_is_not_filled_in_is_told_wherever_it_stands() -> None:
    assert left(deployed({})) == [
        ("/States/Work/Arguments/FunctionName", "Function"),
        ("/States/Work/Arguments/Payload/${Key}", "Key"),
        ("/States/Work/Arguments/Payload/${Key}", "Function"),
    ]
    assert left(deployed({"Function": "f", "Key": "k"})) == []


def test_a_value_that_only_the_deployment_knows_is_filled_in_all_the_same() -> None:
    assert left(deployed({"Function": MISSING, "Key": MISSING})) == []


def test_comments_do_not_count() -> None:
    assert "Team" not in {name for _, name in left(deployed({}))}


def test_a_placeholder_without_quotes_counts() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Seconds}, "End": true}}}'
    assert left(deployed({}, text)) == [("/States/A/Seconds", "Seconds")]
    assert left(deployed({"Seconds": 5}, text)) == []


@pytest.mark.parametrize("text", ["{% ${a: b}.c %}", "${ Function }", "$Function", "{Function}"])
def test_what_no_deployment_tool_takes_for_a_name_is_no_placeholder(text: str) -> None:
    assert found(KIND, deployed({}, machine(A={"Type": "Pass", "Output": text, "End": True}))) == []


def test_the_place_is_that_of_the_placeholder_in_its_text() -> None:
    match = only(KIND, deployed({}, machine(A={"Type": "Pass", "Output": "a-${Name}-b", "End": True})))
    assert match.within == (2, 9)


def test_a_name_that_is_nearly_filled_in_is_shown() -> None:
    match = only(KIND, deployed({"FunctionName": "f"}, machine(A=task(Arguments={"FunctionName": "${FunctionNam}"}))))
    assert match.help == 'did you mean "${FunctionName}"?'


def test_names_that_something_else_fills_in_are_passed_over() -> None:
    assert [name for _, name in left(deployed({}), other_names=["Func*"])] == ["Key"]
    assert left(deployed({}), other_names=["Func*", "K?y"]) == []


def test_what_is_filled_in_for_nothing_is_told_where_the_rule_asks_for_it() -> None:
    known = deployed({"Function": MISSING, "Key": MISSING, "Team": MISSING, "Region": "eu"}, declared=True)
    assert left(known, unused=True) == [("", "Region")]
    assert left(known) == []
    assert left(deployed({"Region": "eu"}), unused=True) == []  # it is said for other definitions too


def test_what_was_filled_in_with_a_value_was_used() -> None:
    assert left(deployed({"Function": "f", "Key": "k", "Team": "t"}, declared=True), unused=True) == []


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"other-names": []}, ("other-names",)),
        ({"other-names": "A"}, ("other-names",)),
        ({"unused": False}, ("unused",)),
        ({"names": ["A"]}, ("names",)),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **parameters)] == [at]
