"""Types in the notation of TypeScript."""

import pytest

from asl_lint.types.display import shown_type
from asl_lint.types.lattice import (
    ANY,
    BOOLEAN,
    INFINITY,
    INTEGER,
    NOTHING,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    TIMESTAMP,
    TRUE,
    UNDEFINED,
    Type,
    array_of,
    array_of_items,
    enumeration,
    join,
    number,
    number_between,
    object_of,
    text,
)


@pytest.mark.parametrize(
    ("type_", "shown"),
    [
        (NOTHING, "never"),
        (ANY, "any"),
        (UNDEFINED, "undefined"),
        (NULL, "null"),
        (BOOLEAN, "boolean"),
        (TRUE, "true"),
        (STRING, "string"),
        (TIMESTAMP, "timestamp"),
        (NUMBER, "number"),
        (INTEGER, "integer"),
        (number(1, 2.5), "1 | 2.5"),
        (number_between(0, 10, whole=True), "0..10"),
        (number_between(1, INFINITY, whole=True), "integer ≥ 1"),
        (number_between(-INFINITY, 3), "number ≤ 3"),
        (text("b", "a"), '"a" | "b"'),
        (enumeration(["Stopping", "Executing"]), '"Executing" | "Stopping" | …'),
        (join(STRING, NULL), "string | null"),
        (STRING.or_undefined(), "string | undefined"),
        (array_of(NOTHING), "[]"),
        (array_of(STRING), "string[]"),
        (array_of(join(STRING, NUMBER), 1), "(string | number)[1..]"),
        (array_of(STRING, 2, 5), "string[2..5]"),
        (array_of(number_between(0, INFINITY, whole=True), 1), "(integer ≥ 0)[1..]"),
        (array_of(array_of(number_between(0, 4, whole=True), 1), 1), "(0..4)[1..][1..]"),
        (array_of(join(object_of({}), NULL)), "({} | null)[]"),
        (array_of_items([number(1), text("x")]), '[1, "x"]'),
        (object_of({}), "{}"),
        (OBJECT, "{ [name]: any }"),
        (object_of({"status": STRING, "n": number_between(0, 10, whole=True).or_undefined()}), "{ status: string; n?: 0..10 }"),
        (object_of({"a-b": NULL}, ANY), '{ "a-b": null; … }'),
        (object_of({}, STRING.or_undefined()), "{ [name]: string }"),
    ],
)
def test_a_type_is_shown(type_: Type, shown: str) -> None:
    assert shown_type(type_) == shown


def test_a_wide_object_has_a_line_for_each_member() -> None:
    wide = object_of({"first": text("x" * 30), "second": object_of({"inner": text("y" * 30)})})
    assert shown_type(wide, width=40) == ('{\n  first: "' + "x" * 30 + '"\n  second: {\n    inner: "' + "y" * 30 + '"\n  }\n}')


def test_what_lies_deep_or_far_back_is_left_out() -> None:
    deep = object_of({"a": object_of({"b": object_of({"c": NULL})})})
    assert shown_type(deep, depth=2) == "{ a: { b: { … } } }"
    assert shown_type(object_of({f"m{i:02}": NULL for i in range(30)}), width=10_000).endswith("m23: null; … }")
    assert shown_type(text(*"abcdefghijklmno")).endswith('"l" | …')
