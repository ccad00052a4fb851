"""Expressions that give an array of several values, and of one the value itself."""

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.sequences import may_be_single
from asl_lint.expressions.jsonata_engine import compile_expression

SINGLE = {
    "$states.input.one[s = 'a']": "$states.input.one[s = 'a']",
    "$states.input.one[[0..5]]": "$states.input.one[[0..5]]",
    "$states.input.one[$exists(s)]": "$states.input.one[$exists(s)]",
    "$states.input.one^(s)": "$states.input.one^(s)",
    "$states.input.one.{'a': s}": "$states.input.one.{'a': s}",
    "$map($states.input.one, function($x) { $x.s })": "$map($states.input.one, function($x) { $x.s })",
    "$states.input.one ~> $filter(function($x) { $x.s = 'a' })": "$states.input.one ~> $filter(function($x) { $x.s = 'a' })",
    "$keys($states.input.object)": "$keys($states.input.object)",
    "$states.input.object ~> $keys": "$states.input.object ~> $keys",
    "$each($states.input.object, function($v) { $v })": "$each($states.input.object, function($v) { $v })",
    "($states.input.one[s = 'a'])[]": "$states.input.one[s = 'a']",
    "true ? $states.input.one[s = 'a'] : []": "$states.input.one[s = 'a']",
    "($found := $states.input.one[s = 'a']; $found)": "$states.input.one[s = 'a']",
    "$map([1..$count($states.input.one)], function($i) { $i })": "$map([1..$count($states.input.one)], function($i) { $i })",
}
"""Expression -> the part of it that makes one value of an array."""

ARRAYS = (
    "[$states.input.one[s = 'a']]",
    "$states.input.one[s = 'a'][]",
    "$states.input.one",
    "$states.input.one[s = 'a'].l",
    "$append([], $states.input.one[s = 'a'])",
    "$sort($states.input.one[s = 'a'], function($a, $b) { $a.s > $b.s })",
    "$map([1, 2], function($x) { $x })",
    "$map([0..9], function($x) { $x })",
    "$states.input.one.[s]",
    "$split('a', ',')",
    "$distinct($states.input.one)",
    "$map($states.input.one, function($x) { $x.s })[]",
)

INPUT = {"one": [{"s": "a", "l": [1, 2]}], "object": {"k": 1}}


def value_of(expression: str) -> object:
    return compile_expression(expression).evaluate(None, {"states": {"input": INPUT}})


@pytest.mark.parametrize(("expression", "part"), SINGLE.items())
def test_an_expression_that_may_give_a_single_value_is_seen_where_it_does(expression: str, part: str) -> None:
    tree, errors = parse(expression)
    assert errors == ()
    node = may_be_single(tree)
    assert node is not None
    assert expression[node.start : node.end] == part


@pytest.mark.parametrize("expression", SINGLE)
def test_it_gives_no_array_where_there_is_one(expression: str) -> None:
    assert not isinstance(value_of(expression), list)


@pytest.mark.parametrize("expression", ARRAYS)
def test_an_expression_that_keeps_an_array_is_left_alone(expression: str) -> None:
    assert may_be_single(parse(expression)[0]) is None


@pytest.mark.parametrize("expression", ARRAYS)
def test_it_gives_an_array_where_there_is_one(expression: str) -> None:
    assert isinstance(value_of(expression), list)


def test_an_element_by_its_position_is_meant_as_one() -> None:
    assert may_be_single(parse("$states.input.groups[0]")[0]) is None
