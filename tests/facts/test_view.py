"""The published view keeps its schema, whatever the definition, and says what the definition says."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from asl_lint.facts.view import VERSION, as_json, machine_view, resolve, state_view
from asl_lint.model.machine import StateMachine
from asl_lint.source.document import MISSING, format_pointer, parse_pointer
from asl_lint.source.json_text import read_json
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Text
from tests.conftest import ROOT, manifest

SCHEMA = json.loads((ROOT / "asl_lint" / "schemas" / "view.schema.json").read_text(encoding="utf-8"))
MACHINE = Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": "#/$defs/machine"}]})


def state(body: Any, **around: Any) -> dict[str, Any]:
    return state_view(StateMachine({"StartAt": "S", "States": {"S": body}, **around}).states[0])


def test_the_schema_is_one_and_has_the_views_version() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["machine"]["properties"]["version"] == {"const": VERSION}
    assert SCHEMA["$defs"]["state"]["properties"]["version"] == {"const": VERSION}


def test_a_task_with_all_that_a_task_has() -> None:
    body = {
        "Type": "Task",
        "Comment": "Asks the shop",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "TimeoutSeconds": 60,
        "HeartbeatSecondsPath": "$.beat",
        "Retry": [{"ErrorEquals": ["Lost", 3], "MaxAttempts": 0, "Comment": "never"}, {"ErrorEquals": ["States.ALL"]}, 7],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "T", "ResultPath": None}],
        "Next": "T",
    }
    assert state(body, QueryLanguage="JSONPath") == {
        "version": 1,
        "name": "S",
        "type": "Task",
        "language": "JSONPath",
        "pointer": "/States/S",
        "comment": "Asks the shop",
        "scope": {"kind": "machine", "depth": 0, "distributed": False, "pointer": ""},
        "resource": {
            "arn": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "kind": "optimized",
            "partition": "aws",
            "service": "sqs",
            "action": "sendMessage",
            "pattern": "callback",
        },
        "next": ["T"],
        "isTerminal": False,
        "timeout": 60,
        "heartbeat": "$.beat",
        "retry": [
            {
                "errors": ["Lost"],
                "pointer": "/Retry/0",
                "interval": 1,
                "maxAttempts": 0,
                "backoff": 2.0,
                "jitter": "NONE",
                "comment": "never",
            },
            {"errors": ["States.ALL"], "pointer": "/Retry/1", "interval": 1, "maxAttempts": 3, "backoff": 2.0, "jitter": "NONE"},
        ],
        "catch": [{"errors": ["States.ALL"], "pointer": "/Catch/0", "next": "T", "resultPath": None}],
        "fields": ["Type", "Comment", "Resource", "TimeoutSeconds", "HeartbeatSecondsPath", "Retry", "Catch", "Next"],
        "definition": body,
    }


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        ("arn:aws:lambda:eu-west-1:1:function:f:live", ("lambda", "lambda", "invoke", "request-response")),
        ("arn:aws-cn:states:::aws-sdk:dynamodb:query", ("sdk", "dynamodb", "query", "request-response")),
        ("arn:aws:states:::glue:startJobRun.sync", ("optimized", "glue", "startJobRun", "run-a-job")),
        ("arn:aws:states:::states:startExecution.sync:2", ("optimized", "states", "startExecution", "run-a-job")),
        ("arn:aws:states:eu-west-1:1:activity:pack", ("activity", None, None, None)),
        ("arn:${AWS::Partition}:states:::lambda:invoke", ("optimized", "lambda", "invoke", "request-response")),
        ("${FunctionArn}", ("unknown", None, None, None)),
        ("check-order", ("invalid", None, None, None)),
    ],
)
def test_what_a_task_calls(arn: str, said: tuple[str | None, ...]) -> None:
    resource = state({"Type": "Task", "Resource": arn})["resource"]
    assert resource["arn"] == arn
    assert tuple(resource.get(name) for name in ("kind", "service", "action", "pattern")) == said


@pytest.mark.parametrize("body", [{"Type": "Pass", "Resource": "x"}, {"Type": "Task"}, {"Type": "Task", "Resource": 3}])
def test_without_a_text_that_is_a_tasks_there_is_no_resource(body: dict[str, Any]) -> None:
    assert "resource" not in state(body)


def test_states_know_their_scope() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    machine = StateMachine(
        {
            "StartAt": "M",
            "States": {
                "M": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **inner}, "Next": "P"},
                "P": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}], "End": True},
            },
        }
    )
    scopes = {view["name"]: view["scope"] for view in machine_view(machine)["states"]}
    assert scopes["I"] == {"kind": "processor", "depth": 1, "distributed": True, "pointer": "/States/M/ItemProcessor"}
    assert scopes["B"] == {"kind": "branch", "depth": 1, "distributed": False, "pointer": "/States/P/Branches/0"}


def test_the_machine_says_what_it_is() -> None:
    machine = StateMachine({"Comment": "c", "StartAt": "S", "TimeoutSeconds": 9, "QueryLanguage": "JSONata", "States": {"S": {}}})
    view = machine_view(machine, "EXPRESS")
    assert {name: view[name] for name in ("type", "language", "comment", "startAt", "timeout", "stateCount", "depth")} == {
        "type": "EXPRESS",
        "language": "JSONata",
        "comment": "c",
        "startAt": "S",
        "timeout": 9,
        "stateCount": 1,
        "depth": 0,
    }
    assert machine_view(machine)["type"] == "unknown"


def test_placeholders_stand_as_written_and_what_could_not_be_read_is_absent() -> None:
    value = {"a": Placeholder("${A}"), "b": MISSING, "c": [1, MISSING, {"d": Placeholder("${D}")}], "e": {}, "f": []}
    assert as_json(value) == {"a": "${A}", "c": [1, {"d": "${D}"}], "e": {}, "f": []}
    assert as_json(MISSING) is None


def test_depth_is_no_obstacle() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    copy, depth = as_json(value), 0
    while copy:
        copy, depth = copy[0], depth + 1
    assert depth == 100_000


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a/~0", max_size=3), inner, max_size=3),
        max_leaves=10,
    ),
    st.data(),
)
def test_a_pointer_is_resolved_to_what_it_was_made_of(value: Any, data: st.DataObject) -> None:
    pointer: list[str | int] = []
    at = value
    while isinstance(at, dict | list) and at and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        pointer.append(key)
        at = at[key]
    assert resolve(value, parse_pointer(format_pointer(tuple(pointer)))) == tuple(pointer)
    assert resolve(value, (*map(str, pointer), "no such member")) is None


_SHAPES = st.sampled_from(
    [
        "Type",
        "Task",
        "Map",
        "Parallel",
        "Choice",
        "Resource",
        "Next",
        "End",
        "Retry",
        "Catch",
        "ErrorEquals",
        "Branches",
        "States",
        "ItemProcessor",
        "StartAt",
        "Choices",
        "TimeoutSeconds",
        "QueryLanguage",
        "JSONata",
        "ProcessorConfig",
        "Mode",
    ]
)


@settings(deadline=None, max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | _SHAPES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_SHAPES, inner, max_size=5),
        max_leaves=25,
    )
)
def test_the_view_of_anything_keeps_the_schema(value: Any) -> None:
    machine = StateMachine({"StartAt": "S", "States": {"S": value, "T": {"Type": "Map", "ItemProcessor": value}}})
    MACHINE.validate(machine_view(machine))
    MACHINE.validate(machine_view(StateMachine(value)))


def test_the_view_of_every_real_definition_keeps_the_schema(corpus: Path) -> None:
    checked = 0
    for folder in ("good", "bad"):
        for entry in manifest(corpus / folder):
            path = corpus / folder / entry["file"]
            if path.suffix != ".json":
                continue
            document = read_json(Text(path.read_text(encoding="utf-8-sig")))
            machine = StateMachine(document.value)
            errors = list(MACHINE.iter_errors(machine_view(machine, "STANDARD")))
            assert not errors, (path, errors[0].message)
            checked += len(machine.states)
    assert checked > 1_000
