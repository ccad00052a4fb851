"""The adapter of jsonata-python: JSON in, JSON or UNDEFINED out, and one kind of exception."""

import copy
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.expressions.jsonata_engine import UNDEFINED, ExpressionError, compile_expression

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a", None),
        ("b", UNDEFINED),
        ("$exists(a)", True),
        ("$exists(b)", False),
        ("n + 1", 4),
        ("list[$ > 1]", [2, 3]),
        ("list[0]", 1),
        ("[list[0]]", [1]),
        ("{'x': a, 'y': list}", {"x": None, "y": [1, 2, 3]}),
        ("[1..3]", [1, 2, 3]),
        ("$count(list)", 3),
        ("name ~> /^[A-Z]/", True),
        ("$uppercase", UNDEFINED),
        ("b = 1", False),
        ("b > 1", UNDEFINED),
    ],
)
def test_null_nothing_and_values_are_told_apart(expression: str, value: object) -> None:
    data = {"a": None, "n": 3, "list": [1, 2, 3], "name": "Check"}
    found = compile_expression(expression).evaluate(data)
    if expression == "name ~> /^[A-Z]/":
        assert isinstance(found, dict)  # a match, not a boolean: $contains gives one
    else:
        assert found == value


def test_variables_are_bound() -> None:
    assert compile_expression("$limit > 3").evaluate({}, {"limit": 5}) is True


@settings(deadline=None, max_examples=100)
@given(JSON)
def test_the_input_comes_back_as_it_was_and_is_not_changed(value: object) -> None:
    before = copy.deepcopy(value)
    assert compile_expression("v").evaluate({"v": {"w": value}}) == {"w": value}
    assert value == before


@pytest.mark.parametrize("expression", ["a[", "(", "'x", "1 +", "{", "$f(", "/x", "", "a ! b"])
def test_what_does_not_parse_is_an_expression_error(expression: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(expression)
    assert caught.value.expression == expression


def test_an_error_names_problem_place_and_expression() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression("$exists(a")
    assert str(caught.value) == "expected ) before end of expression in the expression `$exists(a`"
    assert caught.value.position == 9


@pytest.mark.parametrize("expression", ["1/0", "$error('x')", "$nothing()", "'a' < 1", "$number('x')"])
def test_what_cannot_be_evaluated_is_an_expression_error(expression: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(expression).evaluate({})


def test_recursion_is_bounded() -> None:
    with pytest.raises(ExpressionError, match="recursi"):
        compile_expression("($f := function($n) {$f($n + 1) + 1}; $f(1))").evaluate({})


def test_time_is_bounded_for_each_evaluation_and_not_from_the_parse_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asl_lint.expressions.jsonata_engine._TIME", 150)
    endless = compile_expression("($f := function($n) {$f($n)}; $f(1))")
    for _ in range(2):
        with pytest.raises(ExpressionError, match="150 milliseconds"):
            endless.evaluate({})
    quick = compile_expression("1 + 1.5")
    threading.Event().wait(0.2)
    assert quick.evaluate({}) == 2.5


def test_expressions_are_parsed_once() -> None:
    assert compile_expression("a + 41") is compile_expression("a + 41")


def test_threads_do_not_disturb_each_other() -> None:
    found: dict[int, object] = {}

    def work(number: int) -> None:
        expression = compile_expression("$sum(list.(n * $factor))")
        found[number] = [expression.evaluate({"list": [{"n": number}] * 3}, {"factor": 2}) for _ in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [number * 6] * 20 for number in range(4)}


@settings(deadline=None, max_examples=150)
@given(st.text(st.sampled_from("ab$.[](){}%'\"/*+-<>=&|?:;,~^@#!01 \n"), max_size=12))
def test_any_text_parses_or_is_an_expression_error(text: str) -> None:
    try:
        compile_expression(text).evaluate({"a": [1, {"b": 2}]})
    except ExpressionError as error:
        assert error.expression == text
