"""Messages substitute ``{name}`` and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.catalog.rule import fill, placeholders


def test_a_name_is_replaced_by_its_value() -> None:
    assert fill("{a} and {b_2}, {a}", {"a": "1", "b_2": "2"}) == "1 and 2, 1"


@pytest.mark.parametrize(
    "message",
    ["{% $states.input %}", "{}", "{0}", "{Name}", "{a.b}", "{a[0]}", "{a!r}", "{a:>10}", "${Name}", "{{resolve:ssm:x}}", "{"],
)
def test_other_braces_stay_as_they_are(message: str) -> None:
    assert fill(message, {"a": "1"}) == message
    assert placeholders(message) == ()


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert fill("{a}{b}", {"a": "{b}", "b": "{a}"}) == "{b}{a}"


def test_a_name_without_a_value_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(KeyError):
        fill("{a}", {})


def test_placeholders_are_named_once_in_order() -> None:
    assert placeholders("{b} {a} {b}") == ("b", "a")


@settings(deadline=None, max_examples=200)
@given(st.text(), st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.text(), max_size=3))
def test_any_text_with_a_value_for_each_placeholder_is_filled(message: str, values: dict[str, str]) -> None:
    complete = dict.fromkeys(placeholders(message), "") | values
    assert isinstance(fill(message, complete), str)
