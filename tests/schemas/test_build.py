"""The committed schema is what the table makes, and is a schema."""

from jsonschema import Draft202012Validator

from asl_lint.model.fields import OBJECTS, OPERATORS
from asl_lint.schemas.build import TARGET, as_text, build


def test_the_committed_schema_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == as_text(build())


def test_it_is_a_valid_schema_of_2020_12() -> None:
    Draft202012Validator.check_schema(build())


def test_every_field_of_the_table_is_in_it() -> None:
    definitions = build()["$defs"]
    for name, definition in OBJECTS.items():
        known = {field for key, schema in definitions.items() if key.split(".")[0] == name for field in schema["properties"]}
        assert known == {field.name for field in definition.fields}


def test_there_are_39_comparison_operators() -> None:
    assert len(OPERATORS) == len(set(OPERATORS)) == 39
