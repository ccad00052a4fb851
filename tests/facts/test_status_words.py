"""What the names of statuses say of the work."""

import pytest

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
