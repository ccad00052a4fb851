"""The context object: its members, what an unknown one was probably meant to be, and where some of them are there."""

import pytest

from asl_lint.expressions.context_object import CONTEXT_OBJECT, context_member, unknown_context_member, unknown_context_name
from asl_lint.expressions.jsonpath import parse_path


@pytest.mark.parametrize(
    "text",
    ["$$", "$$.Execution", "$$.Execution.Id", "$$.Execution.Input.any.thing", "$$['Execution']['Name']", "$$.Map.Item.Value.id",
     "$$.Task.Token", "$$.State.RetryCount", "$$.*.Id", "$$[0]", "$$.${Name}", "$.Nothing", "$x.Nothing"],
)  # fmt: skip
def test_a_member_that_is_there_is_not_reported(text: str) -> None:
    assert unknown_context_member(parse_path(text)) is None


@pytest.mark.parametrize(
    ("text", "quote", "near"),
    [
        ("$$.Execution.ID", ".ID", "Id"),
        ("$$.execution.Id", ".execution", "Execution"),
        ("$$.Execution['Nme']", "['Nme']", "Name"),
        ("$$.Map.Item.Valeu.x", ".Valeu", "Value"),
        ("$$.Token", ".Token", "Task.Token"),
        ("$$.Credentials.user", ".Credentials", None),
        ("$$.Execution.Id.length", ".length", None),
    ],
)
def test_an_unknown_member_is_told_with_the_near_name(text: str, quote: str, near: str | None) -> None:
    found = unknown_context_member(parse_path(text))
    assert found is not None
    start, end, unknown = found
    assert (text[start:end], unknown.near) == (quote, near)


def test_what_there_is_instead_is_listed_in_the_order_of_the_table() -> None:
    unknown = unknown_context_name(["Stage"])
    assert unknown is not None and unknown.known == ("Execution", "State", "StateMachine", "Task", "Map")


def test_nothing_is_inside_a_string() -> None:
    unknown = unknown_context_name(["Execution", "Id", "x"])
    assert unknown is not None and (unknown.position, unknown.known) == (2, ())


def test_every_value_of_the_table_is_known_by_its_own_name() -> None:
    for dotted, member in CONTEXT_OBJECT.items():
        assert unknown_context_name(dotted.split(".")) is None
        assert context_member(dotted.split(".")) == member


def test_the_token_and_the_item_say_where_they_are_there() -> None:
    token, value, name = (
        context_member(names) for names in (["Task", "Token"], ["Map", "Item", "Value", "id"], ["State", "Name"])
    )
    assert token is not None and token.available == "in-tasks-with-token"
    assert value is not None and value.available == "in-map-items"
    assert name is not None and name.available == "always"
    assert context_member(["Map", "Item"]) is None
