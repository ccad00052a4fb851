"""What a path finds in a value is of the type that is read of the value's type; so is what writing and calls make of it."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from asl_lint.expressions.intrinsics import parse_intrinsic
from asl_lint.expressions.jsonpath import parse_path
from asl_lint.types.intrinsics import result
from asl_lint.types.jsonpath import read, refined, write
from asl_lint.types.lattice import (
    ANY,
    BOOLEAN,
    INTEGER,
    OBJECT,
    SOMETHING,
    STRING,
    UNDEFINED,
    Type,
    Undefined,
    array_of,
    array_of_items,
    literal,
    number,
    number_between,
    object_of,
    text,
)
from asl_lint.types.membership import holds
from tests.facts.jsonpath_values import NoValueError, found, value_of
from tests.facts.type_runs import FailedError, put
from tests.types.values import NAMES, VALUES, typed

STEPS = st.sampled_from([f".{name}" for name in NAMES] + ["[0]", "[1]", "[-1]", "[*]", "[0:1]", "[1:]", ".*", "['b']"])
PATHS = st.lists(STEPS, max_size=4).map(lambda steps: "$" + "".join(steps))
REFERENCES = st.lists(st.sampled_from(NAMES), max_size=3).map(lambda names: "$" + "".join(f".{name}" for name in names))


@given(typed(), PATHS)
def test_a_path_finds_what_is_of_its_type(subject: tuple[Type, Any], path: str) -> None:
    type_, value = subject
    read_type = read(parse_path(path), {"input": type_}, {})
    try:
        led_to = found(parse_path(path), {"input": value}, {})
    except NoValueError:
        assert read_type.undefined
    else:
        assert holds(read_type, led_to), read_type


@given(typed(), REFERENCES, VALUES)
def test_what_is_written_at_a_path_is_of_its_type(subject: tuple[Type, Any], path: str, put_there: Any) -> None:
    type_, value = subject
    try:
        written = put(value, path, put_there)
    except FailedError:
        assume(False)
    assert holds(write(type_, parse_path(path).steps, literal(put_there)), written)


@given(typed(), REFERENCES)
def test_a_value_is_in_what_is_refined_by_its_own_place(subject: tuple[Type, Any], path: str) -> None:
    type_, value = subject
    steps = parse_path(path).steps
    try:
        there = literal(found(parse_path(path), {"input": value}, {}))
    except NoValueError:
        there = UNDEFINED
        assume(steps)
    is_there = there.undefined == 0
    assert holds(refined(type_, steps, lambda kept: kept.defined() if is_there else Type(kept.undefined)), value)


ANYTHING, ARRAYS, NUMBERS = VALUES, st.lists(VALUES, max_size=3), st.integers(-2, 3) | st.sampled_from([0.5])
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3)
CALLS: tuple[tuple[str, Any, Any], ...] = (
    ("States.Array($.a, $.b)", ANYTHING, ANYTHING), ("States.ArrayContains($.a, $.b)", ARRAYS, ANYTHING),
    ("States.ArrayGetItem($.a, 0)", ARRAYS, ANYTHING), ("States.ArrayGetItem($.a, $.b)", ARRAYS, st.integers(0, 2)),
    ("States.ArrayLength($.a)", ARRAYS, ANYTHING), ("States.ArrayPartition($.a, 2)", ARRAYS, ANYTHING),
    ("States.ArrayRange(1, 7, 2)", ANYTHING, ANYTHING), ("States.ArrayUnique($.a)", ARRAYS, ANYTHING),
    ("States.Format('{}', $.a)", ANYTHING, ANYTHING), ("States.JsonMerge($.a, $.b, false)", OBJECTS, OBJECTS),
    ("States.JsonToString($.a)", ANYTHING, ANYTHING), ("States.MathAdd($.a, $.b)", NUMBERS, NUMBERS),
    ("States.MathAdd($.a, 1)", NUMBERS, ANYTHING), ("States.StringSplit($.a, 'o')", st.sampled_from(["", "ao", "b"]), ANYTHING),
    ("States.StringToJson('[1]')", ANYTHING, ANYTHING),
)  # fmt: skip


@pytest.mark.large
@pytest.mark.parametrize(("call", "first", "second"), CALLS, ids=[call for call, *_ in CALLS])
@given(data=st.data())
def test_a_call_gives_what_is_of_its_type(call: str, first: Any, second: Any, data: st.DataObject) -> None:
    (a, of_a), (b, of_b) = data.draw(typed(first)), data.draw(typed(second))
    type_, value = object_of({"a": a, "b": b}), {"a": of_a, "b": of_b}
    parsed = parse_intrinsic(call).call
    assert parsed is not None
    try:
        given_ = value_of(call, {"input": value}, {})
    except NoValueError:
        return
    assert holds(result(parsed, lambda path: read(path, {"input": type_}, {})), given_)


ORDER = object_of({
    "id": STRING, "note": STRING.or_undefined(Undefined.UNSAID), "lines": array_of(object_of({"n": INTEGER})),
    "pair": array_of_items([text("x"), number(1)]),
})  # fmt: skip


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("$.id", STRING),
        ("$.note", STRING.or_undefined(Undefined.UNSAID)),
        ("$.none", UNDEFINED),
        ("$.id.x", UNDEFINED),
        ("$.pair[0]", text("x")),
        ("$.pair[-1]", number(1)),
        ("$.pair[2]", UNDEFINED),
        ("$.lines[*].n", array_of(INTEGER)),
        ("$.lines[0].n", INTEGER.or_undefined(Undefined.UNSAID)),
        ("$.pair[*]", array_of_items([text("x"), number(1)])),
        ("$..n", array_of(SOMETHING).or_undefined(Undefined.UNSAID)),
        ("$.lines[?(@.n > 1)]", array_of(object_of({"n": INTEGER}))),
    ],
)
def test_what_paths_say(path: str, type_: Type) -> None:
    said = read(parse_path(path), {"input": ORDER}, {})
    if path == "$.pair[*]":
        assert said == array_of(said.array.element, 2, 2)  # type: ignore[union-attr]
    else:
        assert said == type_


@pytest.mark.parametrize(
    ("call", "type_"),
    [
        ("States.MathAdd($.n, 1)", number(2, 3)),
        ("States.MathAdd($.range, 1)", number_between(1, 11, True)),
        ("States.MathAdd($.x, 1)", INTEGER),
        ("States.ArrayLength($.pair)", number(2)),
        ("States.ArrayGetItem($.pair, 1)", number(1)),
        ("States.Array($.n, 'a')", array_of_items([number(1, 2), text("a")])),
        ("States.ArrayContains($.pair, 1)", BOOLEAN),
        ("States.JsonMerge($.o, $.p, false)", object_of({"a": number(1), "b": text("y")})),
        ("States.StringToJson('{\"a\": 1}')", object_of({"a": number(1)})),
        ("States.StringToJson($.s)", SOMETHING),
        ("States.JsonMerge($.x, $.p, false)", OBJECT),
        ("States.ArrayRange(0, 4, 2)", array_of(number_between(0, 4, True), 3, 3)),
        ("States.Nonsense()", SOMETHING),
    ],
)
def test_what_calls_say(call: str, type_: Type) -> None:
    values = {
        "n": number(1, 2), "range": number_between(0, 10, True), "x": ANY, "pair": array_of_items([text("x"), number(1)]),
        "o": literal({"a": 1, "b": 2}), "p": literal({"b": "y"}), "s": STRING,
    }  # fmt: skip
    parsed = parse_intrinsic(call).call
    assert parsed is not None
    assert result(parsed, lambda path: read(path, {"input": object_of(values)}, {})) == type_
