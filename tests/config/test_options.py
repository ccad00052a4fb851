"""The table of settings: schema, documentation, examples and reader agree, with jsonschema as the judge."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.config import Config, ConfigError, load_config
from asl_lint.config.kinds import Wrong
from asl_lint.config.options import OPTIONS, Option, config_schema
from asl_lint.config.toml_lines import line_of

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = config_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_table_has_a_setting_for_each_field_of_the_configuration() -> None:
    assert sorted(option.field for option in OPTIONS) == sorted(set(Config._fields) - {"root", "file"})


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_example_is_accepted_and_differs_from_the_default(option: Option, tmp_path: Path) -> None:
    table = tomllib.loads(option.example)
    assert list(table) == [option.name]
    VALIDATOR.validate(table)
    file = tmp_path / "asl-lint.toml"
    file.write_text(option.example)
    assert getattr(load_config(str(file)), option.field) != getattr(Config(), option.field)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_rule_that_an_example_names_exists(option: Option, tmp_path: Path) -> None:
    shipped = ROOT / "rules"
    known = {file.stem for file in shipped.glob("*/*.yaml")} | {folder.name for folder in shipped.iterdir() if folder.is_dir()}
    file = tmp_path / "asl-lint.toml"
    file.write_text(option.example)
    assert {name for _, name in load_config(str(file)).rule_references()} <= known | {"ALL"}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_default_of_the_schema_is_accepted_and_changes_nothing(option: Option) -> None:
    schema = SCHEMA["properties"][option.name]  # type: ignore[index]
    if "default" not in schema:
        assert option.default is not None
        return
    VALIDATOR.validate({option.name: schema["default"]})
    wrong: list[Wrong] = []
    assert option.kind.read(schema["default"], (), wrong) == getattr(Config(), option.field)
    assert wrong == []


names = st.sampled_from(["", "a", "Poll*", "/States/A", "x/*.json", "!a", "#a", " a"])
leaves = st.one_of(
    st.booleans(), st.integers(-3, 3), st.floats(0, 1), names, st.sampled_from(["error", "info", "off", "standard", "express"])
)
values = st.recursive(
    leaves, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)), max_leaves=5
)
rules = st.lists(names, max_size=2)


@settings(deadline=None, max_examples=600)
@given(
    st.sampled_from(OPTIONS),
    st.one_of(
        values,
        rules,
        st.dictionaries(names, rules, max_size=2),
        st.dictionaries(names, st.dictionaries(names, rules), max_size=2),
    ),
)
def test_the_reader_accepts_what_the_schema_accepts(option: Option, value: object) -> None:
    wrong: list[Wrong] = []
    option.kind.read(value, (option.name,), wrong)
    assert VALIDATOR.is_valid({option.name: value}) is (wrong == []), wrong


def test_the_committed_schema_and_documentation_are_up_to_date() -> None:
    run = subprocess.run(
        [sys.executable, "scripts/generate_config_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads((ROOT / "asl_lint/schemas/config.schema.json").read_text()) == SCHEMA


toml_keys = st.sampled_from(["a", "b-c", '"x.y"', "'q/*'", '"\\u0041="', "d.e"])
toml_values = st.sampled_from(
    [
        "1",
        '"a # b = c"',
        "[1, # x = 2\n 3]",
        "{ a = 1 }",
        '"""\na = 1\n\\"""[b]"""',
        "'''\n[c]\n'''",
        '["[x]", "="]',
        "2024-01-01",
        "''",
    ]
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(toml_keys, toml_values), max_size=4, unique_by=lambda pair: pair[0]),
    st.sampled_from(["", "[t.'u v']\n", "[[z]]\n"]),
)
def test_the_line_of_a_key_is_where_its_statement_begins(statements: list[tuple[str, str]], header: str) -> None:
    text, expected = header, {}
    for key, value in statements:
        expected[key] = text.count("\n") + 2
        text += f"# a comment [x] = 1\n{key} = {value}\n"
    tomllib.loads(text)
    prefix = {"": (), "[t.'u v']\n": ("t", "u v"), "[[z]]\n": ("z",)}[header]
    plain = {"a": ("a",), "b-c": ("b-c",), '"x.y"': ("x.y",), "'q/*'": ("q/*",), '"\\u0041="': ("A=",), "d.e": ("d", "e")}
    for key, line in expected.items():
        assert line_of(text, (*prefix, *plain[key])) == line
        assert line_of(text, (*prefix, *plain[key], "inner", 0)) == line
    if prefix:
        assert line_of(text, (*prefix, "absent")) == 1
    else:
        assert line_of(text, ("absent",)) is None


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="a=\"'[]{}.#\n\\,1", max_size=40))
def test_any_file_is_a_configuration_or_an_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any-asl-lint.toml"
    file.write_text(text)
    try:
        load_config(str(file))
    except ConfigError as error:
        assert str(error).startswith(str(file))
