"""Types are sets of values: joining never loses one, widening ends, and a literal's type holds its literal."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asl_lint.types.lattice import (
    ANY,
    MAX_LITERALS,
    MAX_VARIANTS,
    NOTHING,
    NUMBER,
    STRING,
    UNDEFINED,
    Members,
    Type,
    Undefined,
    array_of,
    array_of_items,
    enumeration,
    join,
    join_all,
    literal,
    number,
    number_between,
    object_of,
    text,
    widen,
)
from asl_lint.types.membership import holds, single_value

SCALARS = st.none() | st.booleans() | st.integers(-50, 50) | st.sampled_from([0.5, 1.5]) | st.text(max_size=3)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)
TYPES = st.lists(JSON, max_size=5).map(lambda values: join_all(literal(value) for value in values))


@given(JSON)
def test_the_type_of_a_literal_holds_it(value: Any) -> None:
    assert holds(literal(value), value)


@given(JSON, JSON)
def test_the_type_of_a_literal_holds_no_other(value: Any, other: Any) -> None:
    if holds(literal(value), other):
        assert value == other


@given(TYPES, TYPES, JSON)
def test_a_join_holds_what_either_holds(one: Type, other: Type, value: Any) -> None:
    joined = join(one, other)
    assert holds(joined, value) or not (holds(one, value) or holds(other, value))


@given(TYPES, TYPES)
def test_a_join_does_not_ask_for_the_order(one: Type, other: Type) -> None:
    assert join(one, other) == join(other, one)


@given(TYPES)
def test_a_join_with_itself_is_the_same(one: Type) -> None:
    assert join(one, one) == one
    assert join(one, NOTHING) == one


@given(st.lists(JSON, min_size=1, max_size=40))
def test_widening_holds_all_and_comes_to_an_end(values: list[Any]) -> None:
    current, changes = NOTHING, 0
    for _ in range(20):
        before = current
        for value in values:
            current = widen(current, literal(value))
        changes += before != current
    assert changes <= 12
    assert all(holds(current, value) for value in values)


def test_a_counter_is_widened_at_once() -> None:
    widened = widen(number(0), number(0, 1))
    assert widened == number_between(0, math.inf, whole=True)


def test_too_many_literals_are_the_plain_type() -> None:
    assert join_all(text(str(i)) for i in range(MAX_LITERALS + 1)) == STRING
    assert join_all(number(i + 0.5) for i in range(MAX_LITERALS + 1)) == number_between(0.5, MAX_LITERALS + 0.5)


def test_the_list_of_an_api_is_kept_however_long() -> None:
    listed = enumeration(f"V{i}" for i in range(300))
    assert listed.strings is not None
    assert listed.strings.literals is not None
    assert len(listed.strings.literals) == 300


def test_a_member_of_one_of_two_objects_may_be_missing() -> None:
    joined = join(literal({"a": 1}), literal({"b": 2}))
    assert joined.object is not None
    assert joined.object.member("a") == number(1).or_undefined()
    assert joined.object.is_closed


def test_arrays_of_two_lengths_keep_their_first_places() -> None:
    joined = join(array_of_items([text("a"), number(1)]), array_of_items([text("b")]))
    assert joined.array is not None
    assert joined.array.at(0) == text("a", "b")
    assert joined.array.at(1) == number(1).or_undefined()
    assert joined.array.at(2) == UNDEFINED


def test_an_array_of_nothing_is_empty() -> None:
    assert holds(array_of(NOTHING), [])
    assert not holds(array_of(NOTHING), [None])


def test_what_nobody_says_is_less_than_what_the_text_shows() -> None:
    unsaid = STRING.or_undefined(Undefined.UNSAID)
    assert join(unsaid, NUMBER).undefined == Undefined.UNSAID
    assert join(unsaid, UNDEFINED).undefined == Undefined.POSSIBLE


def test_only_and_without_split_a_type() -> None:
    both = join_all([STRING, NUMBER, UNDEFINED])
    assert both.only({"string"}) == STRING
    assert both.without({"string"}) == NUMBER.or_undefined()
    assert ANY.only({"string"}) == STRING
    assert ANY.without({"undefined"}).undefined == Undefined.NEVER


def test_members_that_hold_themselves_are_opened_one_by_one() -> None:
    def node(name: str) -> Type:
        return object_of(Members(("next",), node, "node")).or_undefined()

    nested = object_of(Members(("next",), node, "node"))
    assert nested.object is not None
    assert nested.object.member("next").defined() == nested
    assert holds(nested, {"next": {"next": {}}})


def test_a_single_value_is_told() -> None:
    assert single_value(literal("a")) == ("a",)
    assert single_value(text("a", "b")) is None
    assert single_value(literal(None)) == (None,)


def test_objects_of_other_members_are_told_apart() -> None:
    joined = join(literal({"ok": True, "a": 1}), literal({"ok": False, "b": 2}))
    assert holds(joined, {"ok": True, "a": 1})
    assert not holds(joined, {"ok": True, "a": 1, "b": 2})
    assert not holds(joined, {"ok": True})


def test_objects_of_the_same_members_are_one() -> None:
    joined = join(literal({"a": 1, "b": "x"}), literal({"a": 2, "b": "y"}))
    assert joined.object is not None
    assert not joined.object.variants
    assert holds(joined, {"a": 1, "b": "y"})


def test_of_too_many_objects_nobody_says_that_a_member_is_missing() -> None:
    several = join_all(literal({f"m{i}": i}) for i in range(MAX_VARIANTS))
    more = join(several, literal({"last": True}))
    assert several.object is not None
    assert more.object is not None
    assert len(several.object.variants) == MAX_VARIANTS
    assert several.object.member("m0").undefined == Undefined.POSSIBLE
    assert not more.object.variants
    assert more.object.member("m0").undefined == Undefined.UNSAID


def test_a_member_is_written_into_each_of_the_objects_that_are_told_apart() -> None:
    joined = join(literal({"a": 1}), literal({"b": 2}))
    assert joined.object is not None
    written = Type(object=joined.object.with_member("c", text("x")))
    assert holds(written, {"b": 2, "c": "x"})
    assert not holds(written, {"b": 2})
    assert not holds(written, {"a": 1, "b": 2, "c": "x"})


def test_a_loop_that_adds_members_comes_to_an_end() -> None:
    current, changes = literal({}), 0
    for i in range(30):
        before, current = current, widen(current, literal({f"m{i % 12}": True, "n": i}))
        changes += before != current
    assert changes <= 14
    assert current.object is not None
    assert not current.object.variants
