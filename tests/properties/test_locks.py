"""``locks@1``: each demand on the locks that a machine takes."""

from typing import Any

import pytest

from asl_lint.properties.locks import KIND
from tests.properties.definitions import caught, machine, refused, task, told

REFUSED = "DynamoDB.ConditionalCheckFailedException"
ALWAYS = [{"ErrorEquals": ["States.ALL"]}]
TAKE = {"TableName": "locks", "Item": {"pk": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(pk)"}
LEASED = TAKE | {
    "Item": {"pk": {"S": "a"}, "until": {"N": "{% $string($millis() + 60000) %}"}},
    "ConditionExpression": "attribute_not_exists(pk) OR until < :now",
    "ExpressionAttributeValues": {":now": {"N": "{% $string($millis()) %}"}},
}
FREE = {"TableName": "locks", "Key": {"pk": {"S": "a"}}}


def locked(take: dict[str, Any] = TAKE, free: dict[str, Any] = FREE, **fields: Any) -> dict[str, Any]:
    """A machine that takes a lock and gives it back; ``fields`` are those of the two states."""
    return machine(
        Take=task("dynamodb:putItem", next="Free", Arguments=take) | fields.get("of_take", {}),
        Free=task("dynamodb:deleteItem", Arguments=free) | fields.get("of_free", {}),
        Busy={"Type": "Succeed"},
    )


def states(definition: dict[str, Any], demand: str) -> list[tuple[str, str]]:
    return told(KIND, definition, "lock", demand=demand)


@pytest.mark.parametrize(
    ("demand", "broken", "kept"),
    [
        ("lease", locked(), locked(LEASED)),
        ("refusal-handled", locked(), locked(of_take={"Catch": caught("Busy", REFUSED)})),
        ("refusal-handled", locked(), locked(of_take={"Retry": [{"ErrorEquals": [REFUSED]}]})),
        ("release-retried", locked(), locked(of_free={"Retry": ALWAYS})),
        (
            "release-by-owner",
            locked(LEASED),
            locked(LEASED, FREE | {"ConditionExpression": "until = :u", "ExpressionAttributeValues": {":u": {"N": "{% $u %}"}}}),
        ),
    ],
)
def test_a_demand_that_is_broken_is_told_of_the_lock(demand: str, broken: dict[str, Any], kept: dict[str, Any]) -> None:
    ((_, lock),) = states(broken, demand)
    assert lock == '"locks"'
    assert states(kept, demand) == []


def test_a_taking_that_is_repeated_may_not_be_refused_by_itself() -> None:
    careless = {"Retry": ALWAYS, "Catch": caught("Busy", REFUSED)}
    assert states(locked(of_take=careless), "accepts-own") == [("/States/Take/Arguments/ConditionExpression", '"locks"')]
    assert states(locked(of_take={"Catch": caught("Busy", REFUSED)}), "accepts-own") == []


def test_a_loop_under_a_lock_must_end() -> None:
    definition = locked()
    definition["States"]["Take"]["Next"] = "Ask"
    definition["States"] |= {
        "Ask": task(next="Look"),
        "Look": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.ready %}", "Next": "Free"}], "Default": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 60, "Next": "Ask"},
    }
    assert states(definition, "loops-end") == [("/States/Ask", '"locks"')]
    assert states(definition | {"TimeoutSeconds": 3600}, "loops-end") == []
    definition["States"]["Take"]["Next"] = "Free"
    assert states(definition, "loops-end") == []


@pytest.mark.parametrize("demand", KIND.parameters["properties"]["demand"]["enum"])
def test_a_write_that_nothing_takes_back_is_no_lock(demand: str) -> None:
    assert states(machine(Take=task("dynamodb:putItem", Arguments=TAKE)), demand) == []


@pytest.mark.parametrize(
    ("parameters", "at"), [({}, ()), ({"demand": "fair"}, ("demand",)), ({"demand": "lease", "lock": "x"}, ("lock",))]
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **parameters)] == [at]
