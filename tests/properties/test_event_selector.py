"""Where in a machine an event happens."""

from typing import Any

import pytest

from asl_lint.properties.event_selector import event_of
from asl_lint.properties.never_followed_by import KIND
from tests.properties.definitions import caught, facts, machine, refused, task

CALL = {"call": "lambda:invoke"}
MACHINE = machine(
    Set={"Type": "Pass", "Assign": {"status": "new"}, "Next": "Work"},
    Work=task(
        next="Look",
        Assign={"status": "{% $states.result.status %}"},
        Catch=[*caught("Busy", "Lambda.TooManyRequestsException"), *caught("Stop")],
    ),
    Look={
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $status = 'done' %}", "Next": "Done"},
            {"Condition": "{% $status = 'late' and $states.input.count > 5 %}", "Next": "Busy"},
        ],
        "Default": "Stop",
    },
    Done={"Type": "Succeed"},
    Busy={"Type": "Fail", "Error": "Busy"},
    Stop=task("sns:publish", Arguments={"TopicArn": "t", "Message": "m"}),
    Lost={"Type": "Pass", "Assign": {"status": "lost"}, "End": True},
)


def places(selector: Any, definition: Any = MACHINE) -> set[str]:
    """States by their names, edges as ``source -> target``."""
    known = facts(definition)
    graphs = known.nesting.graphs

    def name(g: int, node: int) -> str:
        state = graphs[g].state(node)
        ends = {graphs[g].succeeded: "succeeded", graphs[g].failed: "failed", graphs[g].error: "error"}
        return state.name if state else ends[node]

    event = event_of(known, selector)
    edges = (graphs[g].edges[number] for g, number in event.edges)
    return {name(*point) for point in event.nodes} | {f"{name(0, edge.source)} -> {name(0, edge.target)}" for edge in edges}


@pytest.mark.parametrize(
    ("selector", "where"),
    [
        (CALL, {"Work -> Look"}),
        (CALL | {"outcome": "succeeded"}, {"Work -> Look"}),
        (CALL | {"outcome": "started"}, {"Work"}),
        (CALL | {"outcome": "failed"}, {"Work -> Busy", "Work -> Stop"}),
        (CALL | {"outcome": "failed", "errors": ["Lambda.TooManyRequestsException"]}, {"Work -> Busy"}),
        (CALL | {"outcome": "failed", "other-errors": ["Lambda.TooManyRequestsException"]}, {"Work -> Stop"}),
        ({"calls": ["lambda:invoke", "sns:*"], "outcome": "started"}, {"Work", "Stop"}),
        ({"call": "sns:publish", "outcome": "failed"}, {"Stop -> error"}),
        ({"call": "sns:publish", "with": {"TopicArn": "t"}, "outcome": "started"}, {"Stop"}),
        ({"call": "sns:publish", "with": {"TopicArn": "u"}, "outcome": "started"}, set()),
        ({"call": "sns:publish", "where": {"Message": "^m$"}, "outcome": "started"}, {"Stop"}),
        ({"choice": {"tests": "$status", "equals": "done"}}, {"Look -> Done"}),
        ({"choice": {"tests": "$status", "equals": ["done", "late"]}}, {"Look -> Done", "Look -> Busy"}),
        ({"choice": {"tests": "$status", "equals": "other"}}, set()),
        ({"choice": {"tests": "$states.input.count", "at-least": 5}}, {"Look -> Busy"}),
        ({"choice": {"tests": "$.count", "at-least": 5}}, {"Look -> Busy"}),
        ({"choice": {"tests": "$states.input.count", "at-most": 9}}, set()),
        ({"state": "Busy"}, {"Busy"}),
        ({"state": "Lost"}, set()),
        ({"assigns": "status"}, {"Set -> Work", "Work -> Look"}),
        ({"fails": "Busy"}, {"Busy"}),
        ({"fails": "Idle"}, set()),
        ({"ends": ["succeeded"]}, {"succeeded"}),
        ({"ends": ["failed", "error"]}, {"failed", "error"}),
        ([{"state": "Busy"}, {"assigns": "status"}], {"Busy", "Set -> Work", "Work -> Look"}),
    ],
)
def test_an_event_happens_where_it_says(selector: Any, where: set[str]) -> None:
    assert refused(KIND, event={"state": "Work"}, by=selector) == []
    assert places(selector) == where


@pytest.mark.parametrize("condition", ["$s = 'a' or $s = 'b'", "$s in ['a', 'b']", "$s = 'b'"])
def test_a_choice_between_values_finds_one_of_them(condition: str) -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": f"{{% {condition} %}}", "Next": "Done"}], "Default": "Other"}
    definition = machine(Look=look, Done={"Type": "Succeed"}, Other={"Type": "Fail"})
    assert places({"choice": {"tests": "$s", "equals": ["a", "b"]}}, definition) == {"Look -> Done"}
    assert places({"choice": {"tests": "$s", "equals": ["a", "c"]}}, definition) == set()


def test_a_choice_finds_two_places_to_be_the_same() -> None:
    rule = {"Condition": "{% $mine = $states.input.owner %}", "Next": "Done"}
    look = {"Type": "Choice", "Choices": [rule], "Default": "Other"}
    definition = machine(Look=look, Done={"Type": "Succeed"}, Other={"Type": "Fail"})
    assert places({"choice": {"tests": "$mine", "same-as": "$states.input.owner"}}, definition) == {"Look -> Done"}
    assert places({"choice": {"tests": "$mine", "same-as": "$other"}}, definition) == set()


def test_a_state_of_a_name_is_found_in_every_scope() -> None:
    branch = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    both = {"Type": "Parallel", "Branches": [branch, branch], "End": True}
    assert len(event_of(facts(machine(Both=both)), {"state": "Done"}).nodes) == 2


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        (CALL, "a success of lambda:invoke"),
        (CALL | {"outcome": "started"}, "a start of lambda:invoke"),
        (CALL | {"outcome": "failed"}, "a failure of lambda:invoke"),
        (CALL | {"outcome": "failed", "errors": ["A", "B"]}, "a failure of lambda:invoke with A or B"),
        (CALL | {"outcome": "failed", "other-errors": ["A"]}, "a failure of lambda:invoke with anything but A"),
        ({"calls": ["a:b", "c:d"], "with": {"Name": "n"}}, "a success of a:b or c:d (Name n)"),
        ({"choice": {"tests": "$s", "equals": ["x", 1]}}, 'a Choice finding that $s is "x" or 1'),
        ({"choice": {"tests": "$s", "same-as": "$t"}}, "a Choice finding that $s is the same as $t"),
        ({"choice": {"tests": "$s", "at-most": 3}}, "a Choice finding that $s is at most 3"),
        ({"choice": {"tests": "$s", "at-least": 3}}, "a Choice finding that $s is at least 3"),
        ({"state": "Done"}, '"Done"'),
        ({"assigns": "x"}, "an assignment of $x"),
        ({"fails": "Busy"}, "a failure with Busy"),
        ({"ends": ["failed", "error"]}, "the end in a Fail state or an uncaught error"),
        ([{"state": "A"}, {"state": "B"}], '"A" or "B"'),
    ],
)
def test_messages_say_what_happens(selector: Any, words: str) -> None:
    assert event_of(facts(MACHINE), selector).words == words


@pytest.mark.parametrize(
    ("selector", "at", "problem"),
    [
        ({}, (), 'needs one of "call", "calls", "choice", "state", "assigns", "fails", "ends"'),
        ({"with": {"A": 1}}, (), 'needs one of "call", "calls", "choice", "state", "assigns", "fails", "ends"'),
        ({"state": "A", "assigns": "b"}, (), 'has both "state" and "assigns"; choose one'),
        ({"state": "A", "outcome": "failed"}, ("outcome",), 'goes with "call", not with "state"'),
        ({"state": "A", "errors": ["E"]}, ("errors",), 'goes with "call", not with "state"'),
        (CALL | {"errors": ["E"]}, ("errors",), 'goes with "outcome: failed"'),
        (
            CALL | {"outcome": "failed", "errors": ["E"], "other-errors": ["F"]},
            ("other-errors",),
            'goes not with "errors"; choose one',
        ),
        ([{"state": "A"}, {}], (1,), 'needs one of "call", "calls", "choice", "state", "assigns", "fails", "ends"'),
        (
            {"choice": {"tests": "status", "equals": 1}},
            ("choice", "tests"),
            "is no variable and no place of the input, such as $status or $states.input.status",
        ),
        (
            {"choice": {"tests": "$states.context.Execution.Id", "equals": "x"}},
            ("choice", "tests"),
            "is no variable and no place of the input, such as $status or $states.input.status",
        ),
        (
            {"choice": {"tests": "$a", "same-as": "b"}},
            ("choice", "same-as"),
            "is no variable and no place of the input, such as $status or $states.input.status",
        ),
    ],
)
def test_an_event_that_says_nothing_or_too_much_is_refused_at_its_place(selector: Any, at: Any, problem: str) -> None:
    assert refused(KIND, event=selector, by={"state": "A"}) == [(("event", *at), problem)]
    assert refused(KIND, event={"state": "A"}, by=selector) == [(("by", *at), problem)]


@pytest.mark.parametrize(
    ("selector", "at"),
    [
        ("Work", ()),
        ([], ()),
        ([[{"state": "A"}]], (0,)),
        ({"stat": "A"}, ("stat",)),
        ({"ends": ["aborted"]}, ("ends", 0)),
        ({"ends": []}, ("ends",)),
        ({"choice": {"tests": "$a"}}, ("choice",)),
        ({"choice": {"tests": "$a", "equals": 1, "at-most": 2}}, ("choice",)),
        ({"choice": {"tests": "$a", "equals": {"x": 1}}}, ("choice", "equals")),
        (CALL | {"outcome": "done"}, ("outcome",)),
    ],
)
def test_an_event_of_another_shape_is_refused_at_its_place(selector: Any, at: Any) -> None:
    assert [place for place, _ in refused(KIND, event=selector, by={"state": "A"})] == [("event", *at)]


def test_a_regular_expression_that_is_none_is_refused_at_its_place() -> None:
    ((at, problem),) = refused(KIND, event={"state": "A"}, by=[{"state": "B"}, CALL | {"where": {"A": "("}}])
    assert at == ("by", 1, "where", "A")
    assert problem.startswith("is no regular expression: ")
