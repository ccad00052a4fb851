"""``always-preceded-by@1``: nothing happens before what must come first."""

from typing import Any

import pytest

from asl_lint.properties.always_preceded_by import KIND
from tests.properties.definitions import caught, machine, only, refused, task, told, unjudged

PAY, CHECK = {"call": "sns:publish", "outcome": "started"}, {"call": "lambda:invoke"}
PAID = task("sns:publish")


def early(definition: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "state", **{"event": PAY, "by": CHECK} | parameters)


def test_what_comes_first_on_every_way_is_enough() -> None:
    assert early(machine(Check=task(next="Pay"), Pay=PAID)) == []


def test_a_way_past_it_is_told_at_what_comes_too_early() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.trusted %}", "Next": "Pay"}], "Default": "Check"}
    match = only(KIND, machine(Look=look, Check=task(next="Pay"), Pay=PAID), event=PAY, by=CHECK)
    assert match.pointer == ("States", "Pay")
    assert match.values == {
        "state": "Pay", "event": "a start of sns:publish", "by": "a success of lambda:invoke",
    }  # fmt: skip
    steps = [place.pointer for place in match.path]
    assert steps == [("StartAt",), ("States", "Look", "Choices", 0, "Next")]


def test_a_failed_attempt_is_no_success() -> None:
    definition = machine(Check=task(next="Pay", Catch=caught("Pay")), Pay=PAID)
    assert early(definition) == [("/States/Pay", "Pay")]
    assert early(definition, by={"call": "lambda:invoke", "outcome": "started"}) == []


def test_an_event_on_an_edge_is_told_where_the_edge_is_written() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $status = 'ok' %}", "Next": "Done"}], "Default": "Done"}
    definition = machine(Look=look, Done=task())
    event = {"choice": {"tests": "$status", "equals": "ok"}}
    assert early(definition, event=event) == [("/States/Look/Choices/0/Next", "Look")]


def test_what_every_branch_has_done_comes_before_what_follows_the_parallel() -> None:
    branches = [{"StartAt": "Check", "States": {"Check": task()}}, {"StartAt": "Else", "States": {"Else": {"Type": "Succeed"}}}]
    definition = machine(Both={"Type": "Parallel", "Branches": branches, "Next": "Pay"}, Pay=PAID)
    assert early(definition) == []
    definition["States"]["Both"]["Catch"] = caught("Pay")
    assert early(definition) == [("/States/Pay", "Pay")]


def test_a_map_may_have_no_item() -> None:
    check = {"StartAt": "Check", "States": {"Check": task()}}
    definition = machine(Each={"Type": "Map", "ItemProcessor": check, "Next": "Pay"}, Pay=PAID)
    assert early(definition) == [("/States/Pay", "Pay")]
    definition["States"]["Each"]["Items"] = [1]
    assert early(definition) == []
    definition["States"]["Each"]["Items"] = []
    assert early(definition) == [("/States/Pay", "Pay")]


def test_what_came_before_a_scope_counts_inside_it() -> None:
    branch = {"StartAt": "Pay", "States": {"Pay": PAID}}
    both = {"Type": "Parallel", "Branches": [branch], "End": True}
    assert early(machine(Check=task(next="Both"), Both=both)) == []
    definition = machine(Both=both | {"Next": "Check"}, Check=task())
    del definition["States"]["Both"]["End"]
    assert early(definition) == [("/States/Both/Branches/0/States/Pay", "Pay")]


def test_nothing_precedes_itself() -> None:
    assert early(machine(Pay=PAID), by=PAY) == [("/States/Pay", "Pay")]


@pytest.mark.parametrize(("wrong", "at"), [({"ends": ["error"]}, ("ends",)), ({"event": []}, ("event",))])
def test_wrong_parameters_are_refused_at_their_place(wrong: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **{"event": PAY, "by": CHECK} | wrong)] == [at]


def test_that_the_first_never_happens_is_a_fault_only_where_the_rule_says_so() -> None:
    definition = machine(Pay=PAID)
    assert early(definition, **{"by-absent": "fault"}) == [("/States/Pay", "Pay")]
    assert unjudged(KIND, definition, event=PAY, by=CHECK) != []


def test_an_end_that_comes_too_early_is_told_at_the_state_before_it() -> None:
    definition = machine(Check=task(next="Done", Catch=caught("Done")), Done={"Type": "Succeed"})
    assert only(KIND, definition, event={"ends": ["succeeded"]}, by=CHECK).pointer == ("States", "Done")


def test_a_list_that_an_expression_gives_may_be_empty() -> None:
    look = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $count($list) > 0 %}", "Next": "Check"}],
        "Default": "Pay",
    }  # fmt: skip

    def listed(items: Any) -> dict[str, Any]:
        begin = {"Type": "Pass", "Assign": {"list": items}, "Next": "Look"}
        return machine(Begin=begin, Look=look, Check=task(next="Pay"), Pay=PAID)

    assert early(listed("{% [$states.input.items[done]] %}")) == [("/States/Pay", "Pay")]
    assert early(listed("{% ['a'] %}")) == []
