"""Types of JSON Schemas: what a schema allows is of its type, by the reference implementation."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from asl_lint.types.from_schema import type_of_schema
from asl_lint.types.lattice import (
    ANY,
    BOOLEAN,
    INTEGER,
    NULL,
    NUMBER,
    SOMETHING,
    STRING,
    TIMESTAMP,
    UNDEFINED,
    Source,
    Type,
    Undefined,
    array_of,
    array_of_items,
    join,
    number_between,
    object_of,
    text,
)
from asl_lint.types.membership import holds
from tests.types.values import NAMES, VALUES

BOUNDS = st.integers(-1, 4)
KINDS = st.sampled_from(["null", "boolean", "number", "integer", "string", "array", "object"])


def _schemas(inner: Any) -> Any:
    members = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    return st.fixed_dictionaries({}, optional={
        "type": KINDS | st.lists(KINDS, min_size=1, max_size=3, unique=True), "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES, "properties": members, "required": st.lists(st.sampled_from(NAMES), unique=True),
        "additionalProperties": inner | st.booleans(), "items": inner, "prefixItems": st.lists(inner, min_size=1, max_size=2),
        "minItems": st.integers(0, 2), "maxItems": st.integers(0, 3), "minimum": BOUNDS, "maximum": BOUNDS,
        "exclusiveMinimum": BOUNDS, "exclusiveMaximum": BOUNDS, "anyOf": st.lists(inner, min_size=1, max_size=2),
        "oneOf": st.lists(inner, min_size=1, max_size=2), "allOf": st.lists(inner, min_size=1, max_size=2), "not": inner,
        "minLength": st.integers(0, 2), "patternProperties": st.fixed_dictionaries({"^a": inner}),
        "$ref": st.sampled_from(["#/$defs/x", "#", "#/nowhere"]),
    })  # fmt: skip


SCHEMAS = st.recursive(st.booleans() | st.just({}) | KINDS.map(lambda kind: {"type": kind}), _schemas, max_leaves=8)


@given(SCHEMAS, SCHEMAS, VALUES)
def test_what_a_schema_allows_is_of_its_type(schema: Any, other: Any, value: Any) -> None:
    if isinstance(schema, dict):
        schema = {**schema, "$defs": {"x": other}, "nowhere": True}
    try:
        valid = Draft202012Validator(schema).is_valid(value)
    except RecursionError:
        return
    if valid:
        assert holds(type_of_schema(schema), value)


@given(st.lists(SCHEMAS, min_size=1, max_size=2), SCHEMAS, VALUES)
def test_arrays_as_older_drafts_write_them(items: Any, others: Any, value: Any) -> None:
    schema = {"type": "array", "items": items, "additionalItems": others}
    try:
        valid = Draft7Validator(schema).is_valid([value, value, value])
    except Exception:  # a reference that leads nowhere
        return
    if valid:
        assert holds(type_of_schema(schema), [value, value, value])


SOURCE = Source("event.json")
MAYBE = Undefined.UNSAID


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"type": "string"}, STRING),
        ({"type": "string", "format": "date-time"}, TIMESTAMP),
        ({"enum": ["a", "b"]}, text("a", "b")),
        ({"type": ["string", "null"]}, join(STRING, NULL)),
        ({"type": "integer", "minimum": 1, "maximum": 9}, number_between(1, 9, True)),
        ({"type": "number"}, NUMBER),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 1}, array_of(BOOLEAN, 1)),
        ({"type": "array", "prefixItems": [{"type": "string"}], "items": False, "minItems": 1}, array_of_items([STRING])),
        (
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]},
            object_of({"a": STRING, "b": STRING.or_undefined(Undefined.POSSIBLE)}, ANY),
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
            object_of({"a": STRING.or_undefined(Undefined.POSSIBLE)}, UNDEFINED, SOURCE),
        ),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, object_of({}, INTEGER.or_undefined(MAYBE))),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, join(STRING, NULL)),
        (
            {
                "type": "object", "allOf": [{"properties": {"a": {"$ref": "#/$defs/t"}}, "required": ["a"]}],
                "$defs": {"t": {"type": "string"}},
            },
            object_of({"a": STRING}, ANY),
        ),
        ({"properties": {"a": {"type": "string"}}}, SOMETHING),
        (True, SOMETHING),
        ({"type": "strnig"}, SOMETHING),
    ],
)  # fmt: skip
def test_what_schemas_say(schema: Any, type_: Type) -> None:
    assert type_of_schema(schema, SOURCE) == type_
