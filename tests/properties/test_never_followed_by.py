"""``never-followed-by@1``: after something, something else is over for good."""

from typing import Any

from asl_lint.properties.never_followed_by import KIND
from tests.properties.definitions import machine, only, task, told

CLOSE, WRITE = {"call": "lambda:invoke"}, {"call": "sns:publish", "outcome": "started"}
WRITTEN = task("sns:publish")


def late(definition: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "state", **{"event": CLOSE, "by": WRITE} | parameters)


def scope(name: str, state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: state}}


def test_what_comes_afterwards_is_told_where_it_comes() -> None:
    match = only(KIND, machine(Close=task(next="Write"), Write=WRITTEN), event=CLOSE, by=WRITE)
    assert match.pointer == ("States", "Write")
    assert match.values == {
        "state": "Write", "event": "a success of lambda:invoke", "by": "a start of sns:publish",
    }  # fmt: skip


def test_what_comes_before_is_no_fault() -> None:
    assert late(machine(Write=WRITTEN | {"Next": "Close"}, Close=task())) == []


def test_a_loop_leads_to_what_stands_before() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.more %}", "Next": "Write"}], "Default": "Done"}
    definition = machine(Write=task("sns:publish", next="Close"), Close=task(next="Look"), Look=look, Done={"Type": "Succeed"})
    assert late(definition) == [("/States/Write", "Write")]


def test_a_sibling_branch_runs_afterwards_too() -> None:
    both = {"Type": "Parallel", "Branches": [scope("Close", task()), scope("Write", WRITTEN)], "End": True}
    assert late(machine(Both=both)) == [("/States/Both/Branches/1/States/Write", "Write")]


def test_another_iteration_runs_afterwards_too() -> None:
    body = {"StartAt": "Write", "States": {"Write": task("sns:publish", next="Close"), "Close": task()}}
    each = {"Type": "Map", "ItemProcessor": body, "End": True}
    assert late(machine(Each=each)) == [("/States/Each/ItemProcessor/States/Write", "Write")]
    assert late(machine(Each=each | {"Items": ["one"]})) == []


def test_an_end_can_be_what_must_not_follow() -> None:
    definition = machine(Close=task(next="Stop"), Stop={"Type": "Fail"})
    assert late(definition, by={"ends": ["failed"]}) == [("/States/Stop", "the end of the execution")]
    assert late(definition, event={"state": "Close"}, by={"ends": ["error"]}) != []
    assert late(definition, by={"ends": ["error"]}) == []
