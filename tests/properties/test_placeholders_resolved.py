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


def test_a_name_that_was_misspelt_is_not_unused_too() -> None:
    known = deployed({"Funktion": MISSING, "Key": MISSING, "Team": MISSING}, declared=True)
    assert left(known) == [
        ("/States/Work/Arguments/FunctionName", "Function"),
        ("/States/Work/Arguments/Payload/${Key}", "Function"),
    ]
    assert left(known, unused=True) == []


def test_a_name_that_nothing_uses_is_nearer_than_one_in_use() -> None:
    definition = machine(Work=task(Arguments={"FunctionName": "${Function1}", "Payload": "${Function2}"}))
    known = deployed({"Function1": MISSING, "Function3": MISSING}, definition, declared=True)
    assert only(KIND, known).help == 'did you mean "${Function3}"?'


@pytest.mark.parametrize(
    ("written", "tool"),
    [
        ("${self:custom.function}", "the Serverless Framework"),
        ("${opt:stage, 'dev'}", "the Serverless Framework"),
        ("${file(a.yml):x}", "the Serverless Framework"),
        ("${ssm:/path/x}", "the Serverless Framework"),
        ("${param:x}", "the Serverless Framework"),
        ("${var.name}", "Terraform"),
        ("${aws_lambda_function.f.arn}", "Terraform"),
        ('${data.x.y["a"]}', "Terraform"),
    ],
)
def test_a_variable_of_another_tool_is_named_as_such(written: str, tool: str) -> None:
    match = only(KIND, deployed({"Other": MISSING}, machine(Work=task(Arguments={"FunctionName": written}))))
    assert match.values["placeholder"] == written
    assert match.help == f"this is how {tool} writes a variable, which does not deploy this definition"


@pytest.mark.parametrize("text", ["{% ${file: 1} %}", "{% $$.x{Name: ${env:1}} %}", "{% ${ 'a': 1 } %}"])
def test_objects_in_jsonata_are_no_variables_of_another_tool(text: str) -> None:
    assert left(deployed({}, machine(Work=task(Arguments={"FunctionName": text})))) == []


@pytest.mark.parametrize("written", ["{{ function }}", "{{function|lower}}", "<%= function %>"])
def test_a_variable_of_what_writes_texts_is_told_where_a_template_deploys_it_as_it_is(written: str) -> None:
    definition = machine(Work=task(Arguments={"FunctionName": written, "Payload": {"Greeting": written}}))
    document = read_json(Text(json.dumps(definition)))
    assert found(KIND, Facts(Workflow("a", document, substitutions={}))) == []  # who else writes it is not known
    in_template = Facts(Workflow("a", document, logical_id="Pay", substitutions={}))
    assert [(m.pointer, m.values["placeholder"]) for m in found(KIND, in_template)] == [
        (("States", "Work", "Arguments", "FunctionName"), written)
    ]


def test_a_placeholder_in_a_filled_in_text_says_what_is_missing() -> None:
    match = only(KIND, deployed({"Function": "${Prefix}-f"}, machine(Work=task(Arguments={"FunctionName": "${Function}"}))))
    assert (match.values["name"], match.help) == ("Prefix", "it stands in what is filled in here: only !Sub fills in such a text")


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_a_string_that_is_given_nothing_is_told(nothing: str) -> None:
    definition = machine(Work=task(Arguments={"FunctionName": "${F}", "Qualifier": "a${F}", "Payload": {"a": "${F}"}}))
    assert left(deployed({"F": nothing}, definition), empty=True) == [("/States/Work/Arguments/FunctionName", "F")]
    assert left(deployed({"F": "f"}, definition), empty=True) == []


WAIT = '{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Seconds}, "Comment": "${Seconds}", "End": true}}}'


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (3, None),
        ("3", None),
        ("soon", "stands without quotes and is given a text: what comes of it is no JSON"),
        ("NaN", "stands without quotes and is given a text: what comes of it is no JSON"),
        (" ", "stands without quotes and is given an empty text: what is left is no JSON"),
        ({}, "is given an object, and takes a string, a number or a boolean"),
        ([], "is given an array, and takes a string, a number or a boolean"),
        (None, "is given null, and takes a string, a number or a boolean"),
        (MISSING, None),
        ("${Other}", None),
    ],
)
def test_a_value_that_makes_no_json_of_its_place_is_told_there(value: Any, problem: str | None) -> None:
    matches = found(KIND, deployed({"Seconds": value}, WAIT), unfit=True)
    assert [m.values["problem"] for m in matches] == ([] if problem is None else [problem])
    assert [WAIT[slice(*(m.span or (0, 0)))] for m in matches] == ([] if problem is None else ["${Seconds}"])


@pytest.mark.parametrize(("value", "is_told"), [('a "b"', True), ("a\\", True), ('a \\"b\\"', False), ("a 'b'", False)])
def test_a_text_that_ends_the_string_around_it_is_told(value: str, is_told: bool) -> None:
    assert (left(deployed({"Function": value, "Key": "k"}), unfit=True) != []) is is_told


def test_a_value_that_is_no_text_is_told_once_and_where_nothing_uses_it_too() -> None:
    known = deployed({"Function": {}, "Key": MISSING, "Team": MISSING, "Other": None}, declared=True)
    assert left(known, unfit=True) == [("/States/Work/Arguments/FunctionName", "Function"), ("", "Other")]
    assert left(known, unused=True) == []


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
