"""What is taken as it is from the execution's input, and what is not."""

from typing import Any

import pytest

from asl_lint.properties.not_from_input import KIND
from tests.properties.definitions import caught, found, machine, task


def sources(definition: dict[str, Any]) -> list[str]:
    """What the queue of a message is taken from."""
    return [str(match.values["source"]) for match in found(KIND, definition, members=["QueueUrl"])]


def send(url: str, **fields: Any) -> dict[str, Any]:
    """A Task of either language that sends to a queue."""
    if url.startswith("{%"):
        return task("sqs:sendMessage", Arguments={"QueueUrl": url, "MessageBody": "m"}, **fields)
    return task("sqs:sendMessage", Parameters={"QueueUrl.$": url, "MessageBody": "m"}, QueryLanguage="JSONPath", **fields)


JSONPATH = {"language": "JSONPath"}


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("{% $states.input.queue %}", "$states.input.queue"),
        ("{% $states.context.Execution.Input.queue %}", "$states.context.Execution.Input.queue"),
        ("{% $states.input.base & '/orders' %}", "$states.input.base"),
        ("$.queue", "$.queue"),
        ("$$.Execution.Input.queue", "$$.Execution.Input.queue"),
        ("States.Format('{}/orders', $.base)", "$.base"),
    ],
)
def test_the_first_state_has_the_input(url: str, source: str) -> None:
    assert sources(machine(language="JSONata" if url.startswith("{%") else "JSONPath", Send=send(url))) == [source]


@pytest.mark.parametrize(
    "url",
    [
        "{% 'https://sqs.eu-west-1.amazonaws.com/1/' & $states.input.name %}",
        "{% $lookup($queues, $states.input.name) %}",
        "{% $states.context.Execution.Name %}",
        "States.Format('https://sqs.eu-west-1.amazonaws.com/1/{}', $.name)",
        "$$.Execution.Name",
    ],
)
def test_what_only_holds_a_part_of_the_input_is_not_it(url: str) -> None:
    assert sources(machine(language="JSONata" if url.startswith("{%") else "JSONPath", Send=send(url))) == []


def test_a_fixed_value_and_a_placeholder_are_not_it() -> None:
    fixed = task("sqs:sendMessage", Arguments={"QueueUrl": "${Queue}", "MessageBody": "m"})
    assert sources(machine(Send=fixed)) == []


def test_a_state_that_keeps_the_input_hands_it_on() -> None:
    wait = {"Type": "Wait", "Seconds": 1, "Next": "Send"}
    assert sources(machine(Wait=wait, Send=send("{% $states.input.queue %}"))) == ["$states.input.queue"]
    beside = task(next="Send", ResultPath="$.result")
    assert sources(machine(**JSONPATH, Work=beside, Send=send("$.queue"))) == ["$.queue"]


def test_a_result_is_not_the_input() -> None:
    assert sources(machine(Work=task(next="Send"), Send=send("{% $states.input.queue %}"))) == []
    assert sources(machine(**JSONPATH, Work=task(next="Send"), Send=send("$.queue"))) == []
    over = task(next="Send", ResultPath="$.queue")
    assert sources(machine(**JSONPATH, Work=over, Send=send("$.queue"))) == []


def test_every_way_must_keep_the_input() -> None:
    definition = machine(
        Work=task(next="Send", ResultPath="$.a", Catch=caught("Find")),
        Find=task("lambda:invoke", "Send"),
        Send=send("$.queue"),
        **JSONPATH,
    )
    assert sources(definition) == []


def test_what_a_choice_tests_is_the_machine_s_own_decision() -> None:
    test = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.queue in $allowed %}", "Next": "Send"}]}
    assert sources(machine(Test=test, Send=send("{% $states.input.queue %}"))) == []


def test_a_variable_that_is_set_to_the_input_is_the_input() -> None:
    keep = {"Type": "Pass", "Assign": {"queue": "{% $states.input.queue %}"}, "Next": "Work"}
    work = task(next="Send")
    assert sources(machine(Keep=keep, Work=work, Send=send("{% $queue %}"))) == ["$queue"]
    other = task(next="Send", Assign={"queue": "{% $states.result.queue %}"})
    assert sources(machine(Keep=keep, Work=other, Send=send("{% $queue %}"))) == []


def test_an_item_is_not_followed_and_a_branch_is() -> None:
    inner = {"StartAt": "Send", "States": {"Send": send("{% $states.input.queue %}")}}
    each = {"Type": "Map", "ItemProcessor": inner, "End": True}
    assert sources(machine(Each=each)) == []
    both = {"Type": "Parallel", "Branches": [inner], "End": True}
    assert sources(machine(Both=both)) == ["$states.input.queue"]
    assert sources(machine(Both={**both, "Arguments": {"queue": "q"}})) == []


def test_a_field_of_a_state_is_asked_as_well() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "{% $states.input.bucket %}", "Key": "k"}}
    inner = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "A",
        "States": {"A": {"Type": "Succeed"}},
    }
    each = {"Type": "Map", "ItemReader": reader, "ItemProcessor": inner, "End": True}
    matches = found(KIND, machine(Each=each), fields=["ItemReader/Arguments/Bucket"])
    assert [match.pointer for match in matches] == [("States", "Each", "ItemReader", "Arguments", "Bucket")]
