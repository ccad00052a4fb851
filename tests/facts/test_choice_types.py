"""What a JSONPath rule says of types: a value stays in the type where the rule does what it does to the value."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from asl_lint.facts.choice_types import narrowed
from asl_lint.facts.environments import Environment, View
from asl_lint.types.lattice import (
    ANY,
    SOMETHING,
    STRING,
    UNDEFINED,
    Type,
    Undefined,
    enumeration,
    literal,
    number_between,
    object_of,
    text,
)
from asl_lint.types.membership import holds
from tests.facts.type_runs import FailedError, rule_holds
from tests.types.values import TEXTS, typed

COMPARED = st.sampled_from([
    {"StringEquals": "a"}, {"StringEquals": "done"}, {"StringMatches": "d*"}, {"StringMatches": "*"}, {"StringLessThan": "b"},
    {"BooleanEquals": True}, {"BooleanEquals": False}, {"IsPresent": True}, {"IsPresent": False},
    *({f"Is{kind}": flag} for kind in ("Null", "String", "Numeric", "Boolean") for flag in (True, False)),
    *({f"Numeric{order}": n} for order in ("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")
      for n in (-1, 0, 1, 2.5, 4)),
])  # fmt: skip
PLACES = st.sampled_from(["$", "$.a", "$.b", "$.a.b", "$v", "$v.a"])
TESTS = st.tuples(PLACES, COMPARED).map(lambda pair: {"Variable": pair[0], **pair[1]})
RULES = st.recursive(
    TESTS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda rules: {"And": rules})
        | st.lists(inner, min_size=1, max_size=3).map(lambda rules: {"Or": rules})
        | inner.map(lambda rule: {"Not": rule})
    ),
    max_leaves=4,
)


@given(typed(), typed(), RULES)
def test_a_value_stays_in_its_type_whatever_a_rule_says(one: tuple[Type, Any], other: tuple[Type, Any], rule: Any) -> None:
    before = Environment(one[0], {"v": other[0]})
    try:
        does_hold = rule_holds(rule, one[1], {"v": other[1]})
    except FailedError:
        assume(False)
    known = narrowed(rule, before, View(before.input, SOMETHING, before.variables), (), does_hold)
    assert known is not None, f"{rule} is said to be never {does_hold}"
    assert holds(known.input, one[1])
    assert holds(known.variables["v"], other[1])


STATUS = enumeration(TEXTS)


@pytest.mark.parametrize(
    ("type_", "rule", "where_it_holds", "where_it_does_not"),
    [
        (text("a", "b"), {"StringEquals": "a"}, text("a"), text("b")),
        (text("a"), {"StringEquals": "a"}, text("a"), None),
        (text("a"), {"StringEquals": "b"}, None, text("a")),
        (text("ab", "ac", "x"), {"StringMatches": "a*"}, text("ab", "ac"), text("x")),
        (number_between(0, 9, True), {"NumericLessThan": 5}, number_between(0, 4, True), number_between(5, 9, True)),
        (number_between(0, 9), {"NumericLessThan": 5}, number_between(0, 5), number_between(5, 9)),
        (number_between(0, 9, True), {"NumericGreaterThan": 20}, None, number_between(0, 9, True)),
        (STRING, {"NumericEquals": 1}, None, STRING),
        (STRING.or_undefined(Undefined.UNSAID), {"IsPresent": True}, STRING, UNDEFINED._replace(undefined=Undefined.UNSAID)),
        (SOMETHING, {"IsString": True}, STRING, SOMETHING),
        (ANY, {"BooleanEquals": True}, literal(True), SOMETHING),
    ],
)
def test_what_rules_say(type_: Type, rule: Any, where_it_holds: Type | None, where_it_does_not: Type | None) -> None:
    before = Environment(object_of({"s": type_}), {})
    for holds_, expected in ((True, where_it_holds), (False, where_it_does_not)):
        known = narrowed({"Variable": "$.s", **rule}, before, View(before.input, SOMETHING, {}), (), holds_)
        found = None if known is None or known.input.object is None else known.input.object.member("s")
        assert (found if found is None or found.undefined else found.defined()) == expected


def test_a_list_that_may_have_grown_is_never_exhausted() -> None:
    before = Environment(STATUS, {})
    for value in TEXTS:
        known = narrowed({"Variable": "$", "StringEquals": value}, before, View(before.input, SOMETHING, {}), (), False)
        assert known is not None
        before = known
    assert before.input.strings is not None
    assert before.input.strings.literals == frozenset()
