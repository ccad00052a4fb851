"""Whether the arguments of two calls speak of the same thing."""

from typing import Any

import pytest

from asl_lint.facts.cells import Cell
from asl_lint.facts.identity import Comparison, compare
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.reading import read_document


def states(language: str = "JSONata", other: str | None = None, **fields: Any) -> tuple[State, State]:
    task = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", **fields}
    second = task | {"End": True} | ({"QueryLanguage": other} if other else {})
    machine = StateMachine({"QueryLanguage": language, "StartAt": "A", "States": {"A": task | {"Next": "B"}, "B": second}})
    first, last = machine.states
    return first, last


def relation(one: Any, other: Any, language: str = "JSONata", within: bool = False, **fields: Any) -> str:
    return compare(one, other, *states(language, **fields), within=within).relation


K, V = Cell("variable", "k"), Cell("variable", "v")


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("a", "a", "same"),
        ("a", "b", "different"),
        (1, 1, "same"),
        (1, "1", "different"),
        ({"S": "a"}, {"S": "a"}, "same"),
        ({"S": "a"}, {"S": "b"}, "different"),
        ({"S": "1"}, {"N": "1"}, "different"),
        ({"S": "a"}, "a", "different"),
        ({"S": "a"}, "{% $k %}", "unknown"),
        (["a", "b"], ["a", "b"], "same"),
        (["a"], ["a", "b"], "different"),
        ({"a": 1, "b": "{% $k %}"}, {"a": 2, "b": "{% $v %}"}, "different"),
        ("a", "{% $k %}", "unknown"),
        ("{% $k %}", "{% $v %}", "unknown"),
    ],
)
def test_values_are_the_same_or_different_as_they_are_written(one: Any, other: Any, answer: str) -> None:
    assert relation(one, other) == answer
    assert relation(other, one) == answer


def test_a_value_may_be_a_part_of_what_was_put() -> None:
    item, key = {"pk": {"S": "a"}, "owner": {"S": "me"}}, {"pk": {"S": "a"}}
    assert relation(item, key, within=True) == "same"
    assert relation(item, key) == "different"
    assert relation(key, item, within=True) == "different"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("{% $k %}", (K,)),
        ("{% $k & '#' & $v %}", (K, V)),
        ("{% $states.input.a.b %}", (Cell("input", "", ("a", "b")),)),
        ("{% $states.context.Execution.Name %}", ()),
        ("{% $k & $states.context.StateMachine.Name %}", (K,)),
        ("{% 'a' & 'b' %}", ()),
    ],
)
def test_an_expression_is_the_same_while_what_it_reads_does_not_change(text: str, cells: tuple[Cell, ...]) -> None:
    assert compare(text, text, *states()) == Comparison("same", cells)


def test_white_space_outside_of_strings_makes_no_difference() -> None:
    assert relation("{% $k & '#' %}", "{%$k&'#'%}") == "same"
    assert relation("{% 'a b' & $k %}", "{% 'ab' & $k %}") == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "{% $now() %}",
        "{% $k & $uuid() %}",
        "{% $states.context.State.Name %}",
        "{% $states.context.Map.Item.Value %}",
        "{% $k( %}",
    ],
)
def test_an_expression_that_differs_from_state_to_state_is_unknown(text: str) -> None:
    assert relation(text, text) == "unknown"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("$k", (K,)),
        ("$.a.b", (Cell("input", "", ("a", "b")),)),
        ("$$.Execution.Name", ()),
        ("States.Format('{}#{}', $k, $.a)", (K, Cell("input", "", ("a",)))),
    ],
)
def test_a_path_is_the_same_while_what_it_names_does_not_change(text: str, cells: tuple[Cell, ...]) -> None:
    assert compare({"S.$": text}, {"S.$": text}, *states("JSONPath")) == Comparison("same", cells)


@pytest.mark.parametrize("text", ["$$.State.Name", "$$.Map.Item.Value", "States.UUID()", "$.a[*]", "$.a[", "$..a"])
def test_a_path_that_may_lead_elsewhere_the_next_time_is_unknown(text: str) -> None:
    assert relation({"S.$": text}, {"S.$": text}, "JSONPath") == "unknown"


def test_a_path_and_a_literal_may_be_the_same() -> None:
    assert relation({"S.$": "$.a"}, {"S": "a"}, "JSONPath") == "unknown"


def test_a_path_below_another_input_path_is_unknown() -> None:
    assert relation({"S.$": "$.a"}, {"S.$": "$.a"}, "JSONPath", InputPath="$.b") == "unknown"


def test_what_two_languages_say_is_unknown() -> None:
    first, second = states("JSONPath", other="JSONata")
    assert compare("{% $k %}", "{% $k %}", first, second).relation == "unknown"


@pytest.mark.parametrize(
    ("one", "other", "answer"), [("${A}", "${A}", "same"), ("${A}", "${B}", "different"), ("${A}", "a", "unknown")]
)
def test_a_placeholder_is_itself_alone_and_may_be_any_text(one: str, other: str, answer: str) -> None:
    document = read_document(f'{{"one": "{one}", "other": "{other}"}}', "test.json")
    value: Any = document.value
    assert relation(value["one"], value["other"]) == answer
