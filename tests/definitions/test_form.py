"""What must hold of the five definitions as they are written: form, calls, numbers. No run is needed to see it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.definitions.rehearsal.edges import scopes, states
from tests.definitions.rehearsal.scenario import DEFINITIONS, SUBSTITUTIONS, files, read

NAMES = [
    "sfn_ndr_15m_features_inference",
    "sfn_ndr_backfill_reprocessing",
    "sfn_ndr_monthly_fg_b_baselines",
    "sfn_ndr_prediction_publication",
    "sfn_ndr_training_orchestrator",
]
RETRY = {"IntervalSeconds": 2, "MaxAttempts": 4, "BackoffRate": 2, "MaxDelaySeconds": 15, "JitterStrategy": "FULL"}
RETRIED = {
    "aws-sdk:sagemaker": ["SageMaker.SageMakerException", "States.Timeout"],
    "dynamodb": [
        "DynamoDB.AmazonDynamoDBException",
        "DynamoDB.ProvisionedThroughputExceededException",
        "DynamoDB.RequestLimitExceededException",
        "DynamoDB.InternalServerErrorException",
        "States.Timeout",
    ],
    "aws-sdk:s3": ["S3.S3Exception", "States.Timeout"],
    "events": ["EventBridge.FailedEntry"],
    "states": ["StepFunctions.AWSStepFunctionsException", "StepFunctions.ExecutionLimitExceededException"],
}
# stage: seconds of a wait, number of polls
POLLS = {
    "PredictionJoin": (20, 9),
    "Features": (20, 18),
    "Inference": (20, 11),
    "MachineInventory": (60, 120),
    "FGB": (120, 180),
    "TrainingDataVerifier": (120, 60),
    "MissingFeatureCreation": (240, 60),
    "Training": (300, 288),
    "ModelPublish": (60, 30),
    "ModelAttributes": (60, 30),
    "ModelDeploy": (60, 60),
    "BackfillHistoricalExtractor": (120, 120),
    "BackfillWindow": (30, 40),
}
CALL = 5 * 10 + 2 + 4 + 8 + 15  # five attempts that time out, and the longest delays between them
LEASES = {"sfn_ndr_15m_features_inference": 5700, "sfn_ndr_prediction_publication": 1800}


def _machine(name: str) -> Any:
    return json.loads((DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))


def _tasks() -> list[tuple[str, str, Any]]:
    found = [(name, state, fields) for name in NAMES for state, fields in states(_machine(name)).items()]
    return [(name, state, fields) for name, state, fields in found if fields["Type"] == "Task"]


def _service(task: Any) -> str:
    return re.match(r"arn:aws:states:::((?:aws-sdk:)?\w+):", task["Resource"])[1]


def test_there_are_these_five() -> None:
    assert sorted(path.stem for path in DEFINITIONS.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_says_what_it_does_in_one_sentence(name: str) -> None:
    machine = _machine(name)
    assert machine["QueryLanguage"] == "JSONata"
    assert re.fullmatch(r"[A-Z][^.]+\.", machine["Comment"])
    assert isinstance(machine["TimeoutSeconds"], int)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_written_as_agreed(name: str) -> None:
    machine = _machine(name)
    for state, fields in states(machine).items():
        assert re.fullmatch(r"([A-Z][a-z0-9]*|FGB)+", state) and len(state) <= 80
        for assigning in [fields, *fields.get("Choices", []), *fields.get("Catch", [])]:
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", variable) for variable in assigning.get("Assign", {}))


@pytest.mark.parametrize("name", NAMES)
def test_expressions_are_in_the_dialect_of_the_service(name: str) -> None:
    text = (DEFINITIONS / f"{name}.json").read_text(encoding="utf-8")
    assert "??" not in text and "?:" not in text and "$eval(" not in text
    assert "lambda" not in text and "waitForTaskToken" not in text


@pytest.mark.parametrize("name", NAMES)
def test_placeholders_are_the_agreed_ones(name: str) -> None:
    placeholders = set(re.findall(r"\$\{(\w+)\}", (DEFINITIONS / f"{name}.json").read_text(encoding="utf-8")))
    assert placeholders <= set(SUBSTITUTIONS)
    assert "MlProjectsParametersTableName" in placeholders


def test_every_placeholder_is_used_somewhere() -> None:
    texts = "".join((DEFINITIONS / f"{name}.json").read_text(encoding="utf-8") for name in NAMES)
    assert set(re.findall(r"\$\{(\w+)\}", texts)) == set(SUBSTITUTIONS)


@pytest.mark.parametrize(("name", "state", "task"), _tasks(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_call_ends_is_retried_on_what_can_occur_and_is_caught(name: str, state: str, task: Any) -> None:
    assert task["TimeoutSeconds"] == (1560 if state == "PublishPredictions" else 10)
    assert task["Retry"] == [{"ErrorEquals": RETRIED[_service(task)], **RETRY}]
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_every_pipeline_is_polled_so_often_and_stopped_when_given_up() -> None:
    every = {state: fields for name in NAMES for state, fields in states(_machine(name)).items()}
    started = {state.removeprefix("Start").removesuffix("Pipeline") for state in every if state.startswith("Start")}
    assert started == set(POLLS)
    for stage, (seconds, polls) in POLLS.items():
        describe, check = every[f"Describe{stage}Pipeline"], every[f"Check{stage}PipelineStatus"]
        assert every[f"WaitFor{stage}Pipeline"]["Seconds"] == seconds
        [again] = [rule for rule in check["Choices"] if rule["Next"] == f"WaitFor{stage}Pipeline"]
        assert re.search(rf"and \$\w+_polls < {polls} %}}$", again["Condition"])
        [given_up] = [rule for rule in check["Choices"] if rule["Next"] == f"Stop{stage}Pipeline"]
        assert check["Choices"].index(given_up) > check["Choices"].index(again)
        assert [catcher["Next"] for catcher in describe["Catch"]] == [f"Stop{stage}Pipeline"]
        assert every[f"Stop{stage}Pipeline"]["Resource"].endswith(":stopPipelineExecution")


def _polled(stage: str) -> int:
    """The longest time from the start of a stage's pipeline to its last description."""
    seconds, polls = POLLS[stage]
    return CALL + polls * (seconds + CALL)


# The longest path that ends by itself, call by call; the scenarios named "the longest path" measure the same.
WORST = {
    "sfn_ndr_prediction_publication": 4 * CALL + _polled("PredictionJoin"),  # parameters, lock, stop, mark
    "sfn_ndr_15m_features_inference": 4 * CALL + _polled("Features") + _polled("Inference") + 29 + 1560,  # and release
    "sfn_ndr_monthly_fg_b_baselines": 2 * CALL + _polled("MachineInventory") + _polled("FGB"),
    "sfn_ndr_training_orchestrator": 2 * CALL
    + 3 * _polled("TrainingDataVerifier")
    + 2 * _polled("MissingFeatureCreation")
    + sum(_polled(stage) for stage in ("Training", "ModelPublish", "ModelAttributes", "ModelDeploy")),
    "sfn_ndr_backfill_reprocessing": 4 * CALL + _polled("BackfillHistoricalExtractor") + 500 * (CALL + _polled("BackfillWindow")),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_longest_path_ends_before_the_time_out_and_that_before_the_lease(name: str) -> None:
    timeout = _machine(name)["TimeoutSeconds"]
    assert WORST[name] <= timeout
    leases = re.findall(r"\$millis\(\) / 1000\) \+ (\d+)", (DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))
    assert [int(lease) for lease in leases] == ([LEASES[name]] if name in LEASES else [])
    assert all(int(lease) > timeout for lease in leases)


def test_the_worst_times_are_those_that_the_documentation_tells() -> None:
    told = (DEFINITIONS / "README.md").read_text(encoding="utf-8")
    for name, seconds in WORST.items():
        assert f"{seconds:,}" in told, name


def test_the_most_history_events_are_those_that_the_documentation_tells() -> None:
    told = (DEFINITIONS / "README.md").read_text(encoding="utf-8")
    measured = [run["events"] for path in files() for scenario in read(path) for run in scenario.runs if "events" in run]
    assert len(measured) == len(NAMES)
    assert all(f" {events:,} |" in told for events in measured)


def test_children_of_the_backfill_read_nothing_from_outside() -> None:
    machine = _machine("sfn_ndr_backfill_reprocessing")
    parent, child = scopes(machine), machine["States"]["ReprocessBackfillWindows"]["ItemProcessor"]
    assert child["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    outer = {name for scope in parent if scope is not child for state in scope["States"].values() for name in _assigned(state)}
    inner = {name for state in child["States"].values() for name in _assigned(state)}
    assert not outer & inner
    assert set(re.findall(r"\$(window_\w+)", json.dumps(child))) == inner


def _assigned(state: Any) -> set[str]:
    return {name for fields in [state, *state.get("Choices", []), *state.get("Catch", [])] for name in fields.get("Assign", {})}
