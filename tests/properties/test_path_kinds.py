"""What the four kinds that speak of ways have in common: when they do not judge, and which ways they count."""

from typing import Any

import pytest

from asl_lint.properties import always_followed_by, always_preceded_by, at_most_once, never_followed_by
from asl_lint.properties.kind import Kind
from tests.properties.definitions import caught, facts, found, machine, only, refused, task, unjudged

FOLLOWED, PRECEDED = always_followed_by.KIND, always_preceded_by.KIND
NEVER, ONCE = never_followed_by.KIND, at_most_once.KIND
OF_TWO = [FOLLOWED, PRECEDED, NEVER]
ALL = [*OF_TWO, ONCE]

STRAIGHT = machine(A=task(next="B"), B=task("sns:publish"))


def names(kind: Kind) -> str:
    return kind.name


def asked(kind: Kind, event: Any, by: Any) -> dict[str, Any]:
    return {"event": event} if kind is ONCE else {"event": event, "by": by}


@pytest.mark.parametrize("kind", OF_TWO, ids=names)
@pytest.mark.parametrize(
    ("event", "by", "absent"),
    [
        ({"call": "glue:*"}, {"state": "B"}, ["a success of glue:*"]),
        ({"state": "B"}, {"call": "glue:*"}, ["a success of glue:*"]),
        ({"state": "C"}, {"state": "D"}, ['"C"', '"D"']),
    ],
)
def test_an_event_that_the_machine_does_not_have_is_not_judged(kind: Kind, event: Any, by: Any, absent: list[str]) -> None:
    told = [f"something that the machine does not have: {words}" for words in absent]
    assert unjudged(kind, STRAIGHT, event=event, by=by) == told


@pytest.mark.parametrize("kind", [FOLLOWED, PRECEDED], ids=names)
def test_that_the_machine_does_not_have_what_must_happen_is_a_fault_where_the_rule_says_so(kind: Kind) -> None:
    events = {"event": {"state": "A"}, "by": {"call": "glue:*"}}
    assert only(kind, STRAIGHT, **events, by_absent="fault").values["by"] == "a success of glue:*"
    needs = ["something that the machine does not have: a success of glue:*"]
    assert unjudged(kind, STRAIGHT, **events, by_absent="not-evaluated") == needs
    needs = ['something that the machine does not have: "C"']
    assert unjudged(kind, STRAIGHT, event={"state": "C"}, by={"state": "D"}, by_absent="fault") == needs


@pytest.mark.parametrize(("kind", "name"), [(FOLLOWED, "event"), (PRECEDED, "by")], ids=["followed", "preceded"])
def test_nothing_comes_after_the_end(kind: Kind, name: str) -> None:
    events = {"event": {"state": "A"}, "by": {"state": "B"}, name: [{"state": "C"}, {"ends": ["failed"]}]}
    assert refused(kind, **events) == [((name, 1, "ends"), "nothing comes after the end of the execution")]


def test_at_most_once_does_not_judge_what_never_happens() -> None:
    assert unjudged(ONCE, STRAIGHT, event={"state": "C"}) == ['something that the machine does not have: "C"']


def test_an_event_in_a_state_that_is_never_reached_does_not_happen() -> None:
    definition = machine(A=task(), B=task("sns:publish"))
    assert unjudged(NEVER, definition, event={"state": "A"}, by={"state": "B"}) == [
        'something that the machine does not have: "B"'
    ]


@pytest.mark.parametrize("kind", ALL, ids=names)
def test_a_definition_that_could_not_be_read_whole_is_not_judged(kind: Kind) -> None:
    damaged = facts('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": }}}')
    assert unjudged(kind, damaged, **asked(kind, {"state": "A"}, {"state": "B"})) == ["a definition that can be read whole"]


@pytest.mark.parametrize("kind", ALL, ids=names)
def test_nothing_is_proved_where_a_transition_is_left_to_the_deployment(kind: Kind) -> None:
    definition = machine(A=task(next="B"), B=task("sns:publish", next="${After}"))
    event, by = ({"state": "B"}, {"state": "A"}) if kind in (PRECEDED, NEVER) else ({"state": "A"}, {"state": "B"})
    ends = {"ends": ["succeeded"]} if kind is FOLLOWED else {}
    assert unjudged(kind, definition, **asked(kind, event, by), **ends) == ["a definition that says where every transition leads"]


def test_a_way_that_breaks_the_promise_is_told_although_others_are_not_known() -> None:
    definition = machine(A=task(next="B"), B=task("sns:publish", next="${After}"))
    assert len(found(NEVER, definition, event={"state": "A"}, by={"state": "B"})) == 1


@pytest.mark.parametrize("kind", ALL, ids=names)
def test_the_events_are_required(kind: Kind) -> None:
    (fault,) = refused(kind)
    assert fault[0] == ()
    assert "lacks" in fault[1]
    at = {place for place, _ in refused(kind, **asked(kind, {}, {}))}
    assert at == ({("event",)} if kind is ONCE else {("event",), ("by",)})


@pytest.mark.parametrize("kind", ALL, ids=names)
def test_another_word_for_data_errors_is_refused(kind: Kind) -> None:
    faults = refused(kind, **asked(kind, {"state": "A"}, {"state": "B"}), **{"data-errors": "count"})
    assert faults == [
        (("data-errors",), 'data-errors cannot be "count"; it can be "include" or "leave-out"'),
    ]


def test_expressions_that_may_fail_are_no_way_out_unless_the_rule_says_so() -> None:
    # Free is reached from Take on every way but the one on which the expression of Count fails.
    count = {"Type": "Pass", "Assign": {"n": "{% $states.input.n + 1 %}"}, "Next": "Free"}
    definition = machine(Take=task(next="Count"), Count=count, Free=task("sns:publish"))
    events = {"event": {"state": "Count"}, "by": {"state": "Free"}}
    assert found(FOLLOWED, definition, **events) == []
    assert found(FOLLOWED, definition, **events, data_errors="leave-out") == []
    assert len(found(FOLLOWED, definition, **events, data_errors="include")) == 1


def test_a_witness_that_rests_on_what_nobody_has_seen_says_so() -> None:
    # Only States.BranchFailed, which nobody has seen of a Parallel, leads to Never.
    branch = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Stopped"}}}
    both = {
        "Type": "Parallel", "Branches": [branch], "End": True,
        "Catch": [{"ErrorEquals": ["Stopped"], "Next": "Done"}, *caught("Never")],
    }  # fmt: skip
    definition = machine(Both=both, Done={"Type": "Succeed"}, Never={"Type": "Succeed"})
    seen, unseen = (only(NEVER, definition, event={"state": "Both"}, by={"state": name}) for name in ("Done", "Never"))
    assert seen.seen
    assert not unseen.seen


def test_a_witness_is_the_way_from_the_one_to_the_other() -> None:
    definition = machine(A=task(next="Rest"), Rest={"Type": "Wait", "Seconds": 1, "Next": "B"}, B=task("sns:publish"))
    match = only(NEVER, definition, event={"call": "lambda:invoke"}, by={"call": "sns:publish", "outcome": "started"})
    assert [place.pointer for place in match.path] == [("States", "A", "Next"), ("States", "Rest", "Next")]


def test_a_way_that_contradicts_itself_is_no_witness() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $x = 2 %}", "Next": "B"}], "Default": "Done"}
    definition = machine(A={"Type": "Pass", "Assign": {"x": 1}, "Next": "Look"}, Look=look, B=task(), Done={"Type": "Succeed"})
    assert found(NEVER, definition, event={"state": "A"}, by={"state": "B"}) == []
    definition["States"]["A"]["Assign"]["x"] = 2
    assert len(found(NEVER, definition, event={"state": "A"}, by={"state": "B"})) == 1


@pytest.mark.parametrize(
    ("kind", "member"), [(FOLLOWED, "event"), (NEVER, "event"), (PRECEDED, "by")], ids=["followed", "never", "preceded"]
)
def test_nothing_can_come_after_the_end(kind: Kind, member: str) -> None:
    end, state = {"ends": ["failed"]}, {"state": "A"}
    told = "nothing comes after the end of the execution"
    assert refused(kind, **{"event": state, "by": state} | {member: end}) == [((member, "ends"), told)]
    assert refused(kind, **{"event": state, "by": state} | {member: [state, end]}) == [((member, 1, "ends"), told)]
    assert refused(kind, **{"event": end, "by": end} | {member: state}) == []
