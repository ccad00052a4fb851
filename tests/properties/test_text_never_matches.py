"""``text-never-matches@1``: what must not be written down."""

import json
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.properties.text_never_matches import KIND
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml
from tests.properties.definitions import facts, machine, only, refused, task, told

KEY = "AKIA[A-Z0-9]{4}"
INNER = {"StartAt": "Deep", "Comment": "AKIA0001", "States": {"Deep": {"Type": "Pass", "Output": "AKIA0002", "End": True}}}
MACHINE = machine(
    Work=task(next="Each", Comment="none", Arguments={"FunctionName": "f", "Payload": {"keys": ["x", "AKIA0003"]}}),
    Each={"Type": "Map", "ItemProcessor": INNER, "End": True},
)


def texts(definition: Any, **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "text", **{"pattern": KEY} | parameters)


def test_texts_are_searched_at_any_depth_in_every_scope() -> None:
    assert texts(MACHINE | {"Comment": "key AKIA0000"}) == [
        ("/Comment", '"AKIA0000"'),
        ("/States/Work/Arguments/Payload/keys/1", '"AKIA0003"'),
        ("/States/Each/ItemProcessor/Comment", '"AKIA0001"'),
        ("/States/Each/ItemProcessor/States/Deep/Output", '"AKIA0002"'),
    ]


def test_a_match_says_which_field_it_is_in_and_where() -> None:
    match = only(KIND, MACHINE, pattern="A0003")
    assert match.values == {"text": '"A0003"', "field": "Arguments"}
    assert match.within == (3, 8)


def test_every_place_of_a_text_is_told() -> None:
    assert texts(machine(A={"Type": "Pass", "Comment": "AKIA0000 AKIA0001", "End": True})) == [
        ("/States/A/Comment", '"AKIA0000"'), ("/States/A/Comment", '"AKIA0001"'),
    ]  # fmt: skip


def test_keys_are_not_searched() -> None:
    definition = machine(AKIA0000={"Type": "Pass", "Output": {"AKIA0001": 1}, "End": True})
    assert texts(definition, types=["Pass"]) == []


def test_only_the_fields_that_are_meant_are_searched() -> None:
    assert [at for at, _ in texts(MACHINE, fields=["Comment", "Output"])] == [
        "/States/Each/ItemProcessor/Comment", "/States/Each/ItemProcessor/States/Deep/Output",
    ]  # fmt: skip


def test_only_states_of_the_types_that_are_meant_are_searched() -> None:
    assert [at for at, _ in texts(MACHINE | {"Comment": "AKIA0000"}, types=["Pass", "Task"])] == [
        "/States/Work/Arguments/Payload/keys/1", "/States/Each/ItemProcessor/States/Deep/Output",
    ]  # fmt: skip


def test_capitals_matter_unless_the_rule_says_otherwise() -> None:
    definition = machine(A={"Type": "Pass", "Comment": "akia0000", "End": True})
    assert texts(definition) == []
    assert texts(definition, ignore_case=True) == [("/States/A/Comment", '"akia0000"')]


@pytest.mark.parametrize(
    ("pattern", "comment"),
    [("^key", "key"), ("key$", "a key"), (r"\bkey\b", "a key."), ("(?<!x)key", "a key"), ("a\\tb", "a\tb")],
)
def test_an_expression_sees_the_text_alone_and_not_the_file(pattern: str, comment: str) -> None:
    definition = machine(A={"Type": "Pass", "Comment": comment, "End": True})
    assert len(texts(definition, pattern=pattern)) == 1
    assert texts(definition, pattern="^" + pattern + "x") == []


def test_a_text_of_a_yaml_file_is_searched_as_it_is_read() -> None:
    document = read_yaml(Text("StartAt: A\nStates:\n  A:\n    Type: Succeed\n    Comment: >-\n      AKIA\n      0000\n"))
    assert texts(Facts(Workflow("a.asl.yaml", document)), pattern="AKIA 0000") == [("/States/A/Comment", '"AKIA 0000"')]


def test_escapes_of_json_are_read() -> None:
    text = json.dumps(machine(A={"Type": "Succeed", "Comment": "AKIA0000"})).replace("AKIA", "\\u0041KIA")
    assert texts(facts(text)) == [("/States/A/Comment", '"AKIA0000"')]


@pytest.mark.parametrize(
    ("parameters", "at", "problem"),
    [
        ({}, (), 'the rule lacks "pattern"'),
        ({"pattern": ""}, ("pattern",), "pattern is empty; it needs at least 1"),
        ({"pattern": "x*"}, ("pattern",), "is found in every text, the empty one too"),
        ({"pattern": "x", "fields": []}, ("fields",), "fields is empty; it needs at least 1"),
        ({"pattern": "x", "types": ["Tsk"]}, ("types", 0), 'types.0 cannot be "Tsk"; did you mean "Task"?'),
        ({"pattern": "x", "ignore-case": 1}, ("ignore-case",), "ignore-case must be true, not 1"),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any, problem: str) -> None:
    assert refused(KIND, **parameters) == [(at, problem)]


def test_a_regular_expression_that_is_none_is_refused() -> None:
    ((at, problem),) = refused(KIND, pattern="[")
    assert at == ("pattern",)
    assert problem.startswith("is no regular expression: ")
