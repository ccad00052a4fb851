"""What plain and tagged scalars mean."""

import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.source.document import MISSING
from asl_lint.source.text import Text
from asl_lint.source.yaml_scalars import resolve_old_plain, resolve_plain
from asl_lint.source.yaml_text import read_yaml


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null_has_five_forms(text: str) -> None:
    assert resolve_plain(text) is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("TRUE", True), ("false", False), ("FALSE", False)])
def test_booleans_are_true_and_false(text: str, value: bool) -> None:
    assert resolve_plain(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("-17", -17), ("+3", 3), ("0x1F", 31), ("07", 7), ("1.5", 1.5), ("-0.0", -0.0), ("1e3", 1e3), ("1E+2", 100.0),
     (".5", 0.5), ("1.", 1.0), ("6.02e+23", 6.02e23), ("1.5e3", 1500.0)],
)  # fmt: skip
def test_numbers(text: str, value: float) -> None:
    found = resolve_plain(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    ["0777", "012345678901", "0o17", "0b11", "1_000", "1:30", "190:20:30", "2012-10-17", "2001-12-14T21:59:43Z", "yes", "No",
     "on", "off", "y", "n", "tRUE", "nULL", "=", "<<", "-", "+", ".", "1.2.3", "-0x1F", "-.5", "1e", "e3", "١"],
)  # fmt: skip
def test_everything_else_is_a_string(text: str) -> None:
    assert resolve_plain(text) == text


@pytest.mark.parametrize("text", [".inf", "-.inf", "+.INF", ".nan", ".NaN"])
def test_infinity_and_nan_are_reported(text: str) -> None:
    document = read_yaml(Text(f"a: {text}\nb: 1"))
    assert document.value == {"a": MISSING, "b": 1}
    assert [(p.code, p.pointer, p.span) for p in document.problems] == [("syntax-error", ("a",), (3, 3 + len(text)))]


def test_numbers_too_large_for_python_are_finite() -> None:
    document = read_yaml(Text(f"a: {'9' * 5000}\nb: 1e999\nc: -1e999\nd: {'9' * 400}.0\ne: 0x{'f' * 6000}\n"))
    assert not document.problems
    values = document.value
    assert isinstance(values, dict)
    assert values["a"] == int(1.7976931348623157e308)
    assert values["b"] == -values["c"] == values["d"] == 1.7976931348623157e308


@pytest.mark.parametrize(
    ("text", "value"),
    [("!!str 1", "1"), ("! 1", "1"), ("!!int '12'", 12), ("!!float 1", 1.0), ("!!bool 'true'", True), ("!!null ''", None),
     ("!!binary aGk=", "aGk="), ("!!timestamp 2012-10-17", "2012-10-17"), ("!!map {a: 1}", {"a": 1}), ("!!seq [1]", [1]),
     ("!!set {a}", {"a": None}), ("!!str", "")],
)  # fmt: skip
def test_standard_tags_are_honoured(text: str, value: object) -> None:
    document = read_yaml(Text(f"a: {text}\n"))
    assert not document.problems
    assert document.value == {"a": value}
    assert type(document.value["a"]) is type(value)  # type: ignore[index]


@pytest.mark.parametrize("text", ["!!int x", "!!float yes", "!!bool on", "!!null a", "!!int 1.5", "!!int true"])
def test_a_value_that_its_tag_contradicts_is_reported(text: str) -> None:
    document = read_yaml(Text(f"a: {text}\n"))
    assert document.value == {"a": MISSING}
    assert [p.code for p in document.problems] == ["syntax-error"]


@settings(deadline=None, max_examples=400)
@given(st.text("0123456789+-._:eExXoab", min_size=1, max_size=7))
def test_a_number_is_one_of_json_or_what_yaml_1_1_reads(text: str) -> None:
    found = resolve_plain(text)
    if not isinstance(found, (int, float)):
        return
    try:
        theirs = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        theirs = None
    expected = theirs if isinstance(theirs, (int, float)) else float(text)
    assert found == max(min(expected, sys.float_info.max), -sys.float_info.max)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("On", True),
        ("NO", False),
        ("off", False),
        ("true", True),
        ("FALSE", False),
        ("y", "y"),
        ("yeS", "yeS"),
        ("1", 1),
    ],
)
def test_templates_have_the_booleans_of_the_old_version(text: str, value: object) -> None:
    assert resolve_old_plain(text) == value
    document = read_yaml(Text(f"a: {text}\nb: '{text}'\n"), old_booleans=True)
    assert document.value == {"a": value, "b": text}
