"""What a call writes into a DynamoDB item, and whether its condition holds of it."""

from typing import Any

import pytest

from asl_lint.facts.calls import call_of
from asl_lint.facts.item_writes import (
    ABSENT,
    ItemWrite,
    can_be_taken_over,
    holds,
    item_after,
    item_write,
    lease_of,
)
from asl_lint.facts.item_writes import (
    tested_attributes as attributes_tested,
)
from asl_lint.model.machine import StateMachine

OWNER = "{% $states.context.Execution.Id %}"


def written(action: str, arguments: Any, integration: str = "dynamodb") -> ItemWrite | None:
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{integration}:{action}", "Arguments": arguments, "End": True}
    machine = StateMachine({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}})
    call = call_of(machine.states[0])
    assert call is not None
    return item_write(call)


def write(action: str, **arguments: Any) -> ItemWrite:
    where = {"Item": {"pk": {"S": "a"}}} if action == "putItem" else {"Key": {"pk": {"S": "a"}}}
    found = written(action, {"TableName": "t", **where} | arguments)
    assert found is not None
    return found


def names(**spelt: str) -> dict[str, Any]:
    return {"ExpressionAttributeNames": {f"#{name}": value for name, value in spelt.items()}}


def values(**given: Any) -> dict[str, Any]:
    return {"ExpressionAttributeValues": {f":{name}": {"S": value} for name, value in given.items()}}


# --- which calls are writes of an item ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("integration", ["dynamodb", "aws-sdk:dynamodb"])
@pytest.mark.parametrize(("action", "act"), [("putItem", "put"), ("updateItem", "update"), ("deleteItem", "delete")])
def test_a_write_of_an_item_is_one_in_both_integrations(integration: str, action: str, act: str) -> None:
    where = {"Item" if act == "put" else "Key": {"pk": {"S": "a"}}}
    found = written(action, {"TableName": "t", **where}, integration)
    assert found is not None
    assert (found.act, found.table, found.key, found.is_conditional) == (act, {"TableName": "t"}, {"pk": {"S": "a"}}, False)


def test_a_transaction_of_one_write_is_that_write() -> None:
    body = {"TableName": "t", "Key": {"pk": {"S": "a"}}}
    found = written("transactWriteItems", {"TransactItems": [{"Delete": body}]}, "aws-sdk:dynamodb")
    assert found is not None
    assert (found.act, found.pointer[-3:]) == ("delete", ("TransactItems", 0, "Delete"))


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("getItem", {"TableName": "t", "Key": {"pk": {"S": "a"}}}),
        ("putItem", {"TableName": "t"}),
        ("putItem", {"Item": {"pk": {"S": "a"}}}),
        ("putItem", {"TableName": "t", "Item": "{% $item %}"}),
        ("putItem", "{% $arguments %}"),
        ("deleteItem", {"TableName": "t", "Item": {"pk": {"S": "a"}}}),
        ("transactWriteItems", {"TransactItems": [{"Delete": {}}, {"Delete": {}}]}),
        ("transactWriteItems", {"TransactItems": [{"ConditionCheck": {"TableName": "t", "Key": {}}}]}),
    ],
)
def test_a_call_that_does_not_write_one_item_as_it_is_written_out_is_none(action: str, arguments: Any) -> None:
    assert written(action, arguments) is None


def test_a_condition_that_is_computed_is_one_though_nobody_knows_which() -> None:
    found = write("deleteItem", ConditionExpression="{% $condition %}")
    assert (found.condition, found.is_conditional) == (None, True)


# --- the item after a write ---------------------------------------------------------------------------------------------------


def test_a_put_leaves_nothing_of_the_item_that_was_there() -> None:
    before = item_after(write("putItem", Item={"pk": {"S": "a"}, "old": {"S": "x"}}))
    assert item_after(write("putItem"), before) == {"pk": '{"S": "a"}'}


def test_an_update_sets_and_removes_attributes_of_the_item() -> None:
    before = item_after(write("putItem", Item={"pk": {"S": "a"}, "old": {"S": "x"}}))
    change = write("updateItem", UpdateExpression="SET #o = :o, n = n + :o REMOVE old", **names(o="owner"), **values(o="me"))
    after = item_after(change, before)
    assert after == {"pk": '{"S": "a"}', "owner": '{"S": "me"}', "n": None, "old": ABSENT}


def test_an_update_that_is_computed_is_not_understood() -> None:
    assert item_after(write("updateItem", UpdateExpression="{% $update %}")) is None
    assert item_after(write("updateItem", UpdateExpression="SET a")) is None


# --- conditions ---------------------------------------------------------------------------------------------------------------


def verdict(condition: str, other_run: bool = True, item: ItemWrite | None = None, **words: Any) -> bool | None:
    """Whether a condition holds of the item that was put under it, or of the item that another write left."""
    owner = {"pk": {"S": "a"}, "owner": {"S": OWNER}, "status": {"S": "HELD"}}
    taking = write("putItem", Item=owner, ConditionExpression=condition, **words)
    after = item_after(item or taking)
    assert after is not None
    return holds(taking, after, other_run)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("attribute_not_exists(pk)", False),
        ("attribute_exists(pk)", True),
        ("attribute_not_exists(other)", True),
        ("NOT attribute_exists(pk)", False),
        ("attribute_not_exists(pk) AND contains(pk, :x)", False),
        ("attribute_exists(pk) OR contains(pk, :x)", True),
        ("attribute_not_exists(pk) OR contains(pk, :x)", None),
        ("attribute_exists(pk) AND contains(pk, :x)", None),
        ("attribute_not_exists(#unknown)", None),
    ],
)
def test_a_condition_holds_or_not_of_the_item_as_far_as_the_text_says(condition: str, answer: bool | None) -> None:
    assert verdict(condition) is answer


@pytest.mark.parametrize(
    ("condition", "value", "answer"),
    [
        ("#s = :v", "HELD", True),
        ("#s = :v", "FREE", False),
        ("#s <> :v", "HELD", False),
        ("#s <> :v", "FREE", True),
        ("#s IN (:v)", "HELD", True),
        ("#s = :v", "{% $wanted %}", None),
        ("#s = :missing", "HELD", None),
    ],
)
def test_a_value_is_compared_with_what_was_written(condition: str, value: str, answer: bool | None) -> None:
    assert verdict(condition, **names(s="status"), **values(v=value)) is answer


def test_the_owner_is_the_execution_itself_and_no_later_one() -> None:
    words = {**names(o="owner"), **values(me=OWNER)}
    assert verdict("#o = :me", other_run=False, **words) is True
    assert verdict("#o = :me", other_run=True, **words) is False


def test_a_lease_that_was_just_written_has_not_run_out() -> None:
    assert verdict("pk < :now", **values(now="{% $now() %}")) is False
    assert verdict("other < :now", **values(now="{% $now() %}")) is False


def test_of_no_item_nothing_exists_and_everything_differs() -> None:
    gone = write("deleteItem")
    assert verdict("attribute_not_exists(pk)", item=gone) is True
    assert verdict("attribute_exists(pk)", item=gone) is False
    assert verdict("pk = :v", item=gone, **values(v="a")) is False
    assert verdict("pk <> :v", item=gone, **values(v="a")) is True


# --- leases -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "condition", "answer"),
    [
        ({"pk": {"S": "a"}}, "attribute_not_exists(pk)", False),
        ({"pk": {"S": "a"}}, "attribute_not_exists(pk) OR until < :now", True),
        ({"pk": {"S": "a"}, "ttl": {"N": "1"}}, "attribute_not_exists(pk)", True),
        ({"pk": {"S": "a"}, "expiresAt": {"N": "1"}}, "attribute_not_exists(pk)", True),
    ],
)
def test_what_runs_out_by_itself_has_a_lease(item: Any, condition: str, answer: bool) -> None:
    assert lease_of(write("putItem", Item=item, ConditionExpression=condition)) is answer


def test_removing_an_attribute_gives_no_lease() -> None:
    assert lease_of(write("updateItem", UpdateExpression="SET #t = :x", **names(t="ttl"), **values(x="1"))) is True
    assert lease_of(write("updateItem", UpdateExpression="REMOVE #t", **names(t="ttl"))) is False


def test_only_a_time_in_the_condition_lets_another_take_over() -> None:
    assert can_be_taken_over(write("putItem", ConditionExpression="attribute_not_exists(pk) OR :now > until")) is True
    assert can_be_taken_over(write("putItem", Item={"pk": {"S": "a"}, "ttl": {"N": "1"}})) is False


def test_what_a_condition_tests_are_its_attributes_but_for_times() -> None:
    condition = "attribute_not_exists(pk) OR #s = :f OR until < :now"
    assert attributes_tested(write("putItem", ConditionExpression=condition, **names(s="status"))) == {"pk", "status"}
