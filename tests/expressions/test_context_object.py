"""The context object: its members, what an unknown one was probably meant to be, and where some of them are there."""

import pytest

from asl_lint.expressions.context_object import (
    CONTEXT_OBJECT,
    availability,
    context_member,
    unknown_context_name,
)


@pytest.mark.parametrize(
    "dotted",
    ["", "Execution", "Execution.Id", "Execution.Input.any.thing", "Map.Item.Value.id", "Task.Token", "State.RetryCount"],
)
def test_a_member_that_is_there_is_not_reported(dotted: str) -> None:
    assert unknown_context_name(dotted.split(".") if dotted else []) is None


@pytest.mark.parametrize(
    ("dotted", "position", "near"),
    [
        ("Execution.ID", 1, "Id"),
        ("execution.Id", 0, "Execution"),
        ("Execution.Nme", 1, "Name"),
        ("Map.Item.Valeu.x", 2, "Value"),
        ("Token", 0, "Task.Token"),
        ("Credentials.user", 0, None),
        ("Execution.Id.length", 2, None),
    ],
)
def test_an_unknown_member_is_told_with_the_near_name(dotted: str, position: int, near: str | None) -> None:
    found = unknown_context_name(dotted.split("."))
    assert found is not None
    assert (found.position, found.near) == (position, near)


def test_a_name_with_a_dot_is_no_way_to_a_member() -> None:
    unknown = unknown_context_name(["Execution.Id"])
    assert unknown is not None and unknown.position == 0


def test_an_object_is_there_where_all_that_it_holds_is() -> None:
    assert availability(["Map"]) == "in-map-items"
    assert availability(["Task"]) == "in-tasks-with-token"
    assert availability(["Execution"]) == "always"
    assert availability([]) == "always"


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
