"""``always-followed-by@1``: what began is finished on every way."""

from typing import Any

import pytest

from asl_lint.properties.always_followed_by import KIND
from tests.properties.definitions import caught, machine, only, refused, task, told, unjudged

TAKE, FREE = {"call": "lambda:invoke"}, {"call": "sns:publish"}
FAIL = {"Type": "Fail", "Error": "Stopped"}
FREED = task("sns:publish", Catch=caught("Free"))
FREED_AT_ONCE = {"call": "sns:publish", "outcome": "started"}


def ends(definition: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    """The place and the end of each way that leaves the second event out."""
    return told(KIND, definition, "end", **{"event": TAKE, "by": FREED_AT_ONCE} | parameters)


def taken(**states: dict[str, Any]) -> dict[str, Any]:
    """A machine that takes something and then works."""
    return machine(Take=task(next="Work"), **states)


def test_a_way_round_what_must_follow_is_told_at_what_began_it() -> None:
    definition = taken(Work=task("glue:startJobRun.sync", next="Free", Catch=caught("Stop")), Free=FREED, Stop=FAIL)
    assert ends(definition) == [("/States/Take/Next", "fails")]
    definition["States"]["Work"]["Catch"] = caught("Free")
    assert ends(definition) == []


def test_an_error_that_nobody_catches_is_a_way_out() -> None:
    definition = taken(Work=task("glue:startJobRun.sync", next="Free"), Free=FREED)
    assert ends(definition) == [("/States/Take/Next", "fails with an error that nobody catches")]


def test_a_good_end_is_a_way_out() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x %}", "Next": "Free"}], "Default": "Done"}
    assert ends(taken(Work=look, Free=FREED, Done={"Type": "Succeed"})) == [("/States/Take/Next", "succeeds")]


def test_only_the_ends_that_are_meant_count() -> None:
    definition = taken(Work=task("glue:startJobRun.sync", next="Free", Catch=caught("Stop")), Free=FREED, Stop=FAIL)
    assert ends(definition, ends=["succeeded", "error"]) == []
    assert len(ends(definition, ends=["failed"])) == 1


def test_the_end_itself_may_be_what_follows() -> None:
    definition = taken(Work=task("glue:startJobRun.sync", next="Done", Catch=caught("Stop")), Done={"Type": "Succeed"}, Stop=FAIL)
    assert ends(definition, by={"ends": ["succeeded", "failed"]}) == []
    assert ends(definition, by={"ends": ["succeeded"]}) == [("/States/Take/Next", "fails")]


def test_messages_have_both_events() -> None:
    definition = taken(Work=task("glue:startJobRun.sync", next="Free"), Free=FREED)
    match = only(KIND, definition, event=TAKE, by=FREED_AT_ONCE)
    assert match.values == {
        "state": "Take", "event": "a success of lambda:invoke", "by": "a start of sns:publish",
        "end": "fails with an error that nobody catches",
    }  # fmt: skip


def test_each_place_of_the_event_is_judged() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x %}", "Next": "One"}], "Default": "Two"}
    definition = machine(Look=look, One=task(next="Free"), Two=task(next="Done"), Free=FREED, Done={"Type": "Succeed"})
    assert ends(definition) == [("/States/Two/Next", "succeeds")]


def test_what_happens_with_the_event_itself_does_not_follow_it() -> None:
    definition = machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Succeed"})
    assert ends(definition, event={"state": "B"}, by={"state": "B"}) == [("/States/B", "succeeds")]


def test_ways_that_never_end_are_left_to_the_rules_about_loops() -> None:
    definition = machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}, C={"Type": "Succeed"})
    definition["States"]["A"] = {
        "Type": "Choice", "Choices": [{"Condition": "{% $states.input.x %}", "Next": "C"}], "Default": "B",
    }  # fmt: skip
    assert ends(definition, event={"state": "B"}, by={"state": "C"}) == []


def test_what_begins_in_a_branch_can_be_followed_behind_it() -> None:
    branch = {"StartAt": "Take", "States": {"Take": task()}}
    both = {"Type": "Parallel", "Branches": [branch], "Next": "Free", "Catch": caught("Free")}
    definition = machine(Both=both, Free=FREED)
    assert ends(definition) == []
    del definition["States"]["Both"]["Catch"]
    assert ends(definition) == []  # once the branch has succeeded, nothing else in there fails


def test_a_branch_that_fails_stops_its_siblings() -> None:
    branches = [{"StartAt": name, "States": {name: task(call)}} for name, call in (("Take", "lambda:invoke"), ("Else", "sqs:x"))]
    definition = machine(Both={"Type": "Parallel", "Branches": branches, "Next": "Free"}, Free=FREED)
    assert ends(definition) == [("/States/Both/Branches/0/States/Take/End", "fails with an error that nobody catches")]
    definition["States"]["Both"]["Catch"] = caught("Free")
    assert ends(definition) == []


@pytest.mark.parametrize(
    ("wrong", "at"),
    [({"ends": ["never"]}, ("ends", 0)), ({"ends": []}, ("ends",)), ({"end": []}, ("end",)), ({"by": 1}, ("by",))],
)
def test_wrong_parameters_are_refused_at_their_place(wrong: dict[str, Any], at: Any) -> None:
    assert [place for place, _ in refused(KIND, **{"event": TAKE, "by": FREE} | wrong)] == [at]


def test_that_the_second_never_happens_is_a_fault_only_where_the_rule_says_so() -> None:
    definition = machine(Pay=task("sns:publish", next="Done"), Done={"Type": "Succeed"})
    asked = {"event": {"call": "sns:publish"}, "by": {"call": "lambda:invoke"}}
    assert unjudged(KIND, definition, **asked) != []
    assert only(KIND, definition, **asked, **{"by-absent": "fault"}).pointer == ("States", "Pay", "Next")
