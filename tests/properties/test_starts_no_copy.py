"""Executions that start their own state machine, and what ends that."""

from typing import Any

from asl_lint.properties.starts_no_copy import KIND
from tests.properties.definitions import caught, found, machine, task

SELF = {"StateMachineArn": "{% $states.context.StateMachine.Id %}"}


def again(next: str | None = None, **fields: Any) -> dict[str, Any]:
    return task("states:startExecution", next, Arguments=SELF, **fields)


def choice(to: str, otherwise: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.more %}", "Next": to}], "Default": otherwise}


def states(definition: dict[str, Any], **parameters: Any) -> list[str]:
    return [str(match.values["state"]) for match in found(KIND, definition, **parameters)]


def test_a_start_on_every_way_is_reported() -> None:
    assert states(machine(Work=task(next="Again"), Again=again())) == ["Again"]
    assert states(machine(Work=task(next="Again"), Again=again()), any=True) == []


def test_a_choice_that_leads_to_an_end_ends_it() -> None:
    definition = machine(More=choice("Again", "Done"), Again=again(), Done={"Type": "Succeed"})
    assert states(definition) == []
    assert states(definition, any=True) == ["Again"]


def test_a_choice_between_two_starts_ends_nothing() -> None:
    assert states(machine(Which=choice("One", "Other"), One=again(), Other=again())) == ["One", "Other"]


def test_a_choice_behind_the_start_ends_nothing() -> None:
    assert states(machine(Again=again("More"), More=choice("Done", "Done"), Done={"Type": "Succeed"})) == ["Again"]


def test_a_catch_that_leads_to_an_end_ends_it() -> None:
    definition = machine(Work=task(next="Again", Catch=caught("Done")), Again=again(), Done={"Type": "Succeed"})
    assert states(definition) == []


def test_a_fail_state_is_an_end() -> None:
    assert states(machine(More=choice("Again", "No"), Again=again(), No={"Type": "Fail"})) == []


def test_a_branch_that_always_starts_it_does_so_for_the_machine() -> None:
    branches = [
        {"StartAt": "Again", "States": {"Again": again()}},
        {"StartAt": "Work", "States": {"Work": task()}},
    ]
    assert states(machine(Both={"Type": "Parallel", "Branches": branches, "End": True})) == ["Again"]


def test_a_map_may_have_no_items() -> None:
    processor = {"StartAt": "Again", "States": {"Again": again()}}
    definition = machine(Each={"Type": "Map", "ItemProcessor": processor, "End": True})
    assert states(definition) == []
    assert states(definition, any=True) == ["Again"]


def test_a_loop_without_a_start_starts_nothing() -> None:
    processor = {"StartAt": "Work", "States": {"Work": task()}}
    each = {"Type": "Map", "ItemProcessor": processor, "Next": "Each"}
    assert states(machine(Each=each, Again=again())) == []


def test_another_machine_is_not_this_one() -> None:
    other = task("states:startExecution", Arguments={"StateMachineArn": "${Other}"})
    assert states(machine(Other=other)) == []


def test_jsonpath_names_it_by_the_context_object_too() -> None:
    start = task("states:startExecution.sync:2", Parameters={"StateMachineArn.$": "$$.StateMachine.Id"})
    assert states(machine(language="JSONPath", Again=start)) == ["Again"]
