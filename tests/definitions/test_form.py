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
# beside MlProjectsParametersTableName
PLACEHOLDERS = {
    "sfn_ndr_15m_features_inference": "MlProjectsRoutingTableName ProcessingLockTableName PipelineName15m PipelineNameInference"
    " PredictionPublicationStateMachineArn",
    "sfn_ndr_backfill_reprocessing": "EventBusName BackfillManifestBucketName PipelineNameBackfillHistoricalExtractor"
    " PipelineNameBackfill15m",
    "sfn_ndr_monthly_fg_b_baselines": "EventBusName PipelineNameMachineInventory PipelineNameFGB",
    "sfn_ndr_prediction_publication": "PublicationLockTableName PipelineNamePredictionJoin",
    "sfn_ndr_training_orchestrator": "PipelineNameTrainingDataVerifier PipelineNameMissingFeatureCreation PipelineNameTraining"
    " PipelineNameModelPublish PipelineNameModelAttributes PipelineNameModelDeploy",
}
CONDITIONS = {
    "AcquireMiniBatchLock": "attribute_not_exists(pk) OR ttl_epoch < :now OR #owner = :owner",
    "AcquirePublicationLock": "attribute_not_exists(pk) OR #status = :failed"
    " OR (#status = :in_progress AND (ttl_epoch < :now OR #owner = :owner))",
    "ReleaseMiniBatchLock": "attribute_not_exists(pk) OR #owner = :owner",
    "ReleaseMiniBatchLockAfterFailure": "attribute_not_exists(pk) OR #owner = :owner",
    "MarkPublicationSucceeded": "#owner = :owner",
    "MarkPublicationFailed": "#owner = :owner",
}
# stage: the parameters that its pipeline takes; SageMaker refuses a start with others
PARAMETERS = {
    "Features": "MiniBatchId BatchS3Uri Org1 Org2 BatchYear BatchMonth BatchDay BatchStartTsIso BatchEndTsIso",
    "Inference": "ModelVersion MiniBatchId BatchStartTsIso BatchEndTsIso",
    "PredictionJoin": "ModelVersion BatchStartTsIso BatchEndTsIso",
    "MachineInventory": "IngestionBucket ReferenceMonth MonthStartTsIso MonthEndTsIso",
    "FGB": "IngestionBucket ReferenceMonth MonthStartTsIso MonthEndTsIso",
    "TrainingDataVerifier": "TrainingStartTs TrainingEndTs EvaluationStartTs EvaluationEndTs",
    "MissingFeatureCreation": "TrainingStartTs TrainingEndTs EvaluationStartTs EvaluationEndTs",
    "Training": "ModelVersion TrainingStartTs TrainingEndTs EvaluationStartTs EvaluationEndTs",
    "ModelPublish": "ModelVersion",
    "ModelAttributes": "ModelVersion",
    "ModelDeploy": "ModelVersion",
    "BackfillHistoricalExtractor": "IngestionBucket BackfillStartTs BackfillEndTs ManifestS3Uri",
    "BackfillWindow": "MiniBatchId BatchStartTsIso BatchEndTsIso",
}
# parameters that hold a variable of another name, and pipelines that are named otherwise than their stage
VARIABLES = {
    "IngestionBucket": "bucket",
    "WindowBatchStartTsIso": "window_start_ts_iso",
    "WindowBatchEndTsIso": "window_end_ts_iso",
}
PIPELINES = {"Features": "15m", "BackfillWindow": "Backfill15m"}
CLIPPED = "$exists($states.errorOutput.Cause) ? $substring($states.errorOutput.Cause, 0, 8000) : ''"
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
    assert placeholders == {"MlProjectsParametersTableName", *PLACEHOLDERS[name].split()}
    assert placeholders <= set(SUBSTITUTIONS)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name_wherever_it_comes_from(name: str) -> None:
    text = json.dumps(_machine(name))
    checked = re.findall(r"\$contains\(([$.\w]+), /\^\[A-Za-z0-9\]/\)", text)
    assert checked
    for value in checked:
        assert (
            f"$contains({value}, /^[A-Za-z0-9]/) and $not($contains({value}, /[^A-Za-z0-9._-]/)) and $length({value}) <= 64"
            in text
        )
    for value in re.findall(r"\$contains\(([$.\w]+), /\^\[a-z0-9\]", text):
        bucket = (
            f"$contains({value}, /^[a-z0-9].+[a-z0-9]$/) and $not($contains({value}, /[^a-z0-9.-]/)) and $length({value}) <= 63"
        )
        assert bucket in text
    for value in re.findall(r"\$contains\((\$value), /", text):
        assert text.count(f"$type({value}) = 'string' and $contains({value}, /^") == text.count(f"$contains({value}, /^")
    lengths = set(re.findall(r"\$length\([$.\w]+\) (<=? \d+)", text))
    assert lengths <= {"<= 64", "<= 63"}  # of a name, of a bucket


@pytest.mark.parametrize(("name", "state", "task"), _tasks(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_call_ends_is_retried_on_what_can_occur_and_is_caught(name: str, state: str, task: Any) -> None:
    assert task["TimeoutSeconds"] == (1560 if state == "PublishPredictions" else 10)
    assert task["Retry"] == [{"ErrorEquals": RETRIED[_service(task)], **RETRY}]
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_every_machine_unwraps_its_message_alike() -> None:
    unwrapping = {states(_machine(name))["NormalizeIncomingMessage"]["Output"] for name in NAMES}
    assert len(unwrapping) == 1


@pytest.mark.parametrize("stage", PARAMETERS)
def test_a_pipeline_gets_the_agreed_parameters(stage: str) -> None:
    arguments = _every_state()[f"Start{stage}Pipeline"]["Arguments"]
    assert arguments["PipelineName"] == f"${{PipelineName{PIPELINES.get(stage, stage)}}}"
    given = {entry["Name"]: entry["Value"] for entry in arguments["PipelineParameters"]}
    assert list(given) == ["ProjectName", "FeatureSpecVersion", *PARAMETERS[stage].split()]
    for name, value in given.items():
        qualified = f"Window{name}" if stage == "BackfillWindow" else name
        variable = VARIABLES.get(qualified, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", qualified).lower())
        assert value == f"{{% ${variable} %}}"


def test_every_pipeline_is_polled_so_often_and_stopped_when_given_up() -> None:
    every = _every_state()
    started = {state.removeprefix("Start").removesuffix("Pipeline") for state in every if state.startswith("Start")}
    assert started == set(POLLS)
    for stage, (seconds, polls) in POLLS.items():
        variable = _prefix(stage)
        describe, check = every[f"Describe{stage}Pipeline"], every[f"Check{stage}PipelineStatus"]
        stop, wait = every[f"Stop{stage}Pipeline"], every[f"WaitFor{stage}Pipeline"]
        assert (wait["Seconds"], wait["Next"]) == (seconds, f"Describe{stage}Pipeline")
        assert every[f"Start{stage}Pipeline"]["Assign"][f"{variable}_polls"] == 0
        assert describe["Assign"][f"{variable}_polls"] == f"{{% ${variable}_polls + 1 %}}"
        assert describe["Assign"][f"{variable}_status"] == "{% $states.result.PipelineExecutionStatus %}"
        running = f"${variable}_status = 'Executing' or ${variable}_status = 'Stopping'"
        rules = {rule["Condition"]: rule["Next"] for rule in check["Choices"]}
        *_, again, given_up = rules
        assert next(iter(rules)) == f"{{% ${variable}_status = 'Succeeded' %}}"
        assert (again, rules[again]) == (f"{{% ({running}) and ${variable}_polls < {polls} %}}", f"WaitFor{stage}Pipeline")
        assert (given_up, rules[given_up]) == (f"{{% {running} %}}", f"Stop{stage}Pipeline")
        assert [catcher["Next"] for catcher in describe["Catch"]] == [f"Stop{stage}Pipeline"]
        assert stop["Resource"].endswith(":stopPipelineExecution")
        assert stop["Arguments"]["PipelineExecutionArn"] == f"{{% ${variable}_arn %}}"
        assert stop["Arguments"]["ClientRequestToken"] == f"{{% $hash(${variable}_arn & '#stop', 'SHA-256') %}}"
        assert [catcher["Next"] for catcher in stop["Catch"]] == [stop["Next"]]


@pytest.mark.parametrize("stage", [stage for stage in POLLS if stage != "BackfillWindow"])
def test_a_failed_stage_tells_it_in_the_agreed_words(stage: str) -> None:
    every, variable = _every_state(), _prefix(stage)
    arn, polls, reason = f"${variable}_arn", f"${variable}_polls", f"${variable}_failure_reason"
    error = f"$states.errorOutput.Error, 'cause': {CLIPPED}"
    check = every[f"Check{stage}PipelineStatus"]
    [refused], [lost] = every[f"Start{stage}Pipeline"]["Catch"], every[f"Describe{stage}Pipeline"]["Catch"]
    for assigning, words in (
        (refused, ("''", "'START_FAILED'", "''", "0", error)),
        (lost, (arn, "'DESCRIBE_FAILED'", "''", polls, error)),
        (check["Choices"][-1], (arn, "'POLLS_EXHAUSTED'", reason, polls, "'', 'cause': ''")),
        (check, (arn, f"${variable}_status", reason, polls, "'', 'cause': ''")),
    ):
        execution, status, why, times, what = words
        told = f"'stage': '{stage}', 'pipeline_execution_arn': {execution}, 'status': {status}, 'failure_reason': {why}"
        assert assigning["Assign"]["failure"] == f"{{% {{{told}, 'polls': {times}, 'error': {what}}} %}}"
    assert every[f"{stage}PipelineFailed"]["Cause"] == "{% $string($failure) %}"


def test_a_table_that_cannot_be_read_is_told_by_the_state_that_reads_it() -> None:
    for name in NAMES:
        for state, fields in states(_machine(name)).items():
            if state.startswith("Load"):
                told = f"{{'stage': '{state}', 'error': $states.errorOutput.Error, 'cause': {CLIPPED}}}"
                assert fields["Catch"][-1]["Assign"] == {"load_failure": f"{{% {told} %}}"}


def test_locks_are_taken_released_and_marked_under_the_agreed_conditions() -> None:
    conditional = {
        state: fields["Arguments"]["ConditionExpression"]
        for state, fields in _every_state().items()
        if "ConditionExpression" in fields.get("Arguments", {})
    }
    assert conditional == CONDITIONS


def test_every_fail_state_raises_the_error_of_its_name() -> None:
    failing = {state: fields for state, fields in _every_state().items() if fields["Type"] == "Fail"}
    assert all(fields["Error"] == state and fields["Cause"] for state, fields in failing.items())


def _every_state() -> dict[str, Any]:
    return {state: fields for name in NAMES for state, fields in states(_machine(name)).items()}


def _prefix(stage: str) -> str:
    """What the variables of a stage begin with."""
    [counter] = [name for name in _every_state()[f"Start{stage}Pipeline"]["Assign"] if name.endswith("_polls")]
    return counter.removesuffix("_polls")


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


def test_the_backfill_runs_just_so_many_windows_and_rounds() -> None:
    check = _every_state()["CheckBackfillWindows"]["Choices"][1]
    count = "$count($backfill_windows)"
    assert check["Condition"] == f"{{% {count} > 1000 or $ceil({count} / $max_concurrency) > 500 %}}"
    assert check["Next"] == "BackfillTooManyWindows"


def test_the_backfill_maps_windows_to_children_that_read_nothing_from_outside() -> None:
    machine = _machine("sfn_ndr_backfill_reprocessing")
    parent, child = scopes(machine), machine["States"]["ReprocessBackfillWindows"]["ItemProcessor"]
    assert child["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    mapping = machine["States"]["ReprocessBackfillWindows"]
    assert mapping["ToleratedFailurePercentage"] == 100  # a window's failure does not end the others
    assert mapping["MaxConcurrency"] == "{% $max_concurrency %}"
    assert mapping["Label"] == "BackfillWindow"  # the role names it
    assert not {"Retry", "ResultWriter", "ToleratedFailureCount", "ItemReader"} & set(mapping)
    outer = {name for scope in parent if scope is not child for state in scope["States"].values() for name in _assigned(state)}
    inner = {name for state in child["States"].values() for name in _assigned(state)}
    assert not outer & inner
    assert set(re.findall(r"\$(window_\w+)", json.dumps(child))) == inner


def _assigned(state: Any) -> set[str]:
    return {name for fields in [state, *state.get("Choices", []), *state.get("Catch", [])] for name in fields.get("Assign", {})}
