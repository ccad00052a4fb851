"""The harness does what the real service did: it replays the recorded JSONata executions and compares their ends.

The recordings are material beside the repository (`../shared/corpus`, or where ASL_LINT_CORPUS says); they normalise
names, times and identifiers, and hold JSON sometimes as a value and sometimes as its text.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sfnx.testing import Call, Failure, InvalidDefinition, Unsupported

from tests.definitions.rehearsal.clock import Clock
from tests.definitions.rehearsal.edges import states
from tests.definitions.rehearsal.interpreter import Interpreter

CORPUS = Path(os.environ.get("ASL_LINT_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
RECORDINGS = CORPUS / "recordings.jsonl"
ENTERED = "StateEntered"
NORMALISED = ("date", "lambda_function_name")


def _recordings() -> list[dict[str, Any]]:
    """The recorded executions that have a JSONata state."""
    if not RECORDINGS.exists():
        return []
    lines = RECORDINGS.read_text(encoding="utf-8").split("\n")
    recorded = [json.loads(line) for line in lines if line]
    return [one for one in recorded if any(_is_jsonata(one["definition"], state) for state in states(one["definition"]).values())]


def _is_jsonata(machine: dict[str, Any], state: Any) -> bool:
    return state.get("QueryLanguage", machine.get("QueryLanguage")) == "JSONata"


def _name(recording: dict[str, Any]) -> str:
    return recording["test"].rpartition("::")[2]


def test_the_recordings_are_there() -> None:
    if not RECORDINGS.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no recordings at {RECORDINGS}: nothing to compare with")
    assert len(_recordings()) >= 60


def test_only_jsonpath_states_and_item_readers_keep_a_recording_from_being_replayed(record_property: Any) -> None:
    if not RECORDINGS.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no recordings at {RECORDINGS}: nothing to compare with")
    hindered = Counter(_hindrance(recording) for recording in _recordings())
    replayed = hindered.pop("", 0)
    listed = ", ".join(f"{times} with {what}" for what, times in sorted(hindered.items()))
    record_property("figures", f"{replayed} of {replayed + hindered.total()} recorded JSONata executions replayed; not: {listed}")
    assert set(hindered) <= {"a JSONPath state", "an ItemReader"}


def _hindrance(recording: dict[str, Any]) -> str:
    """What in a recording the interpreter does not run or the recording does not hold; empty if it can be replayed."""
    machine = recording["definition"]
    every = states(machine).values()
    if not all(_is_jsonata(machine, state) for state in every):
        return "a JSONPath state"
    if any("ItemReader" in state for state in every):
        return "an ItemReader"
    try:
        Interpreter(machine)
    except (Unsupported, InvalidDefinition) as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("recording", _recordings(), ids=_name)
def test_a_recorded_execution_ends_as_it_did(recording: dict[str, Any]) -> None:
    hindrance = _hindrance(recording)
    if hindrance:
        pytest.skip(f"cannot be replayed: {hindrance}")
    interpreter = Interpreter(recording["definition"])
    run = interpreter.run(
        json.loads(recording["input"]), _answers(recording), Clock("2026-01-01T00:00:00Z"), "run-1", lambda _: None
    )
    output, error = _recorded_end(recording)
    assert run.error == error
    assert _masked(_plain(run.output), output) == output
    if error is None:
        assert run.tally.events == max(_highest(event["id"]) for event in recording["events"])
    assert run.entered == [event["stateEnteredEventDetails"]["name"] for event in recording["events"] if ENTERED in event["type"]]


def _answers(recording: dict[str, Any]) -> Any:
    """Answers the calls as the service recorded them, in order."""
    recorded = _outcomes(recording["events"])

    def answer(_: Call) -> Any:
        outcome = next(recorded)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    return answer


def _outcomes(events: list[dict[str, Any]]) -> Iterator[Any]:
    for event in events:
        for details in (value for key, value in event.items() if key.endswith("EventDetails")):
            if event["type"] in {"TaskSucceeded", "LambdaFunctionSucceeded"}:
                yield _text_or_value(details["output"])
            elif event["type"] in {"TaskFailed", "TaskTimedOut", "LambdaFunctionFailed"}:
                cause = details.get("cause", "")
                yield Failure(details["error"], cause if isinstance(cause, str) else json.dumps(cause))


def _masked(value: Any, recorded: Any) -> Any:
    """The value, with the recording's word where the recording stands for any text of a kind."""
    if isinstance(value, dict) and isinstance(recorded, dict):
        return {key: _masked(held, recorded.get(key)) for key, held in value.items()}
    return recorded if isinstance(value, str) and recorded in NORMALISED else value


def _highest(identifier: int | list[int]) -> int:
    """An event's id; a list where the recording folded several events."""
    return max(identifier) if isinstance(identifier, list) else identifier


def _recorded_end(recording: dict[str, Any]) -> tuple[Any, str | None]:
    last = recording["events"][-1]
    if last["type"] == "ExecutionSucceeded":
        return _plain(last["executionSucceededEventDetails"]["output"]), None
    return None, last["executionFailedEventDetails"].get("error", "")


def _text_or_value(recorded: Any) -> Any:
    return json.loads(recorded) if isinstance(recorded, str) else recorded


def _plain(value: Any) -> Any:
    """JSON, whether the recording holds it as a value or as its text, at every depth."""
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    if isinstance(value, str):
        try:
            return _plain(json.loads(value))
        except ValueError:
            return value
    return value
