"""What the names of statuses say of the work."""

import pytest

from asl_lint.aws.service_index import Service, service_index
from asl_lint.facts.status_words import outcomes

PIPELINE = ("CompletedWithFailures", "Executing", "Failed", "Stopped", "Stopping", "Succeeded")


def test_the_statuses_of_a_pipeline_are_told_apart() -> None:
    said = outcomes(PIPELINE)
    assert said is not None
    assert said.succeeded == {"Succeeded"}
    assert said.failed == {"CompletedWithFailures", "Failed", "Stopped"}
    assert said.unfinished == {"Executing"}
    assert said.ending == {"Stopping"}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("IN_PROGRESS", "unfinished"), ("InProgress", "unfinished"), ("SUBMITTED", "unfinished"), ("QUEUED", "unfinished"),
        ("TIMED_OUT", "failed"), ("TimedOut", "failed"), ("CANCELLED", "failed"), ("COMPLETED_WITH_ERRORS", "failed"),
        ("STOPPING", "ending"), ("CANCELING", "ending"), ("COMPLETE", "succeeded"), ("CompletedSuccessfully", "succeeded"),
        ("CANCEL_PENDING", "ending"), ("ROLLBACK_IN_PROGRESS", "ending"), ("ROLLBACK_COMPLETE", None), ("FAULT", "failed"),
        ("Superseded", "failed"), ("EXPIRED", "failed"), ("FINISHED", "succeeded"), ("Delayed", "unfinished"),
        ("TRANSFERRING", "unfinished"), ("completedMonitoringApplicationHealth", "succeeded"), ("PENDING_REDRIVE", None),
        ("SCRIPT_MISSING", None), ("SucceededWithWarning", "succeeded"),
        ("PARTIAL_SUCCESS", None), ("UNKNOWN", None), ("UNSUCCESSFUL", None), ("READY", None),
    ],
)  # fmt: skip
def test_a_value_says_how_the_work_is(value: str, kind: str | None) -> None:
    said = outcomes((value, "SUCCEEDED", "FAILED"))
    assert said is not None
    assert [name for name in said._fields if value in getattr(said, name)] == ([] if kind is None else [kind])


@pytest.mark.parametrize("values", [("pending", "running", "stopping", "stopped", "terminated"), ("ACTIVE", "DELETING"), ()])
def test_a_list_without_success_and_failure_is_none_of_outcomes(values: tuple[str, ...]) -> None:
    assert outcomes(values) is None


def test_lists_of_outcomes_of_the_apis_are_known() -> None:
    batch = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED")
    said = outcomes(batch)
    assert said is not None
    assert said.unfinished == set(batch) - {"SUCCEEDED", "FAILED"}


def _values(service: str, action: str, *path: str) -> tuple[str, ...]:
    found = service_index().service(service)
    assert found is not None
    operation = found.operation(action)
    assert operation is not None
    number = operation.output
    for name in path:
        assert number is not None
        shape = found.shape(number)
        if shape.element is not None:
            shape = found.shape(shape.element)
        assert shape.members is not None
        number = shape.members[name]
    assert number is not None
    return tuple(found.shape(number).enum)


@pytest.mark.parametrize(
    ("call", "unfinished", "failed"),
    [
        ("redshiftdata:describeStatement:Status", "PICKED STARTED SUBMITTED", "ABORTED FAILED"),
        ("codebuild:batchGetBuilds:builds:buildStatus", "IN_PROGRESS", "FAILED FAULT STOPPED TIMED_OUT"),
        ("glue:getJobRun:JobRun:JobRunState", "RUNNING STARTING WAITING", "ERROR EXPIRED FAILED STOPPED TIMEOUT"),
        ("codepipeline:getPipelineExecution:pipelineExecution:status", "InProgress", "Cancelled Failed Stopped Superseded"),
        ("bedrock:getModelInvocationJob:status", "InProgress Scheduled Submitted Validating", "Expired Failed Stopped"),
        ("datasync:describeTaskExecution:Status", "LAUNCHING PREPARING QUEUED TRANSFERRING VERIFYING", "ERROR"),
        ("mediaconvert:getJob:Job:Status", "PROGRESSING SUBMITTED", "CANCELED ERROR"),
        ("ssm:getCommandInvocation:Status", "Delayed InProgress Pending", "Cancelled Failed TimedOut"),
        ("emr:describeStep:Step:Status:State", "PENDING RUNNING", "CANCELLED FAILED INTERRUPTED"),
        ("sfn:describeExecution:status", "RUNNING", "ABORTED FAILED TIMED_OUT"),
        ("batch:describeJobs:jobs:status", "PENDING RUNNABLE RUNNING STARTING SUBMITTED", "FAILED"),
        ("athena:getQueryExecution:QueryExecution:Status:State", "QUEUED RUNNING", "CANCELLED FAILED"),
    ],
)
def test_the_statuses_that_polls_ask_for_are_known(call: str, unfinished: str, failed: str) -> None:
    said = outcomes(_values(*call.split(":")))
    assert said is not None
    assert said.unfinished == set(unfinished.split())
    assert said.failed == set(failed.split())


def test_a_list_of_several_operations_says_nothing_of_one() -> None:
    assert outcomes(_values("cloudformation", "describeStacks", "Stacks", "StackStatus")) is None


def test_no_status_of_the_index_that_says_it_failed_counts_as_anything_else() -> None:
    index = service_index()
    for name in index.services:
        service = index.service(name)
        assert service is not None
        for status in (value for action in service.actions for value in _statuses(service, action)):
            said = outcomes((status, "SUCCEEDED", "FAILED"))
            assert said is not None
            if status.upper().endswith(("FAILED", "_ERROR", "CANCELLED", "TIMED_OUT")):
                assert status in said.failed, status
            if status.upper().endswith(("SUCCEEDED", "COMPLETED", "IN_PROGRESS")):
                assert status not in said.failed or "FAIL" in status.upper(), status


def _statuses(service: Service, action: str) -> tuple[str, ...]:
    """The values of the members of an answer that are called a status."""
    operation = service.operation(action)
    members = service.shape(operation.output).members if operation is not None and operation.output is not None else None
    shapes = [service.shape(number) for name, number in (members or {}).items() if name.lower().endswith(("status", "state"))]
    return tuple(value for shape in shapes for value in shape.enum)
