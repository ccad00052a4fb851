"""``polls-until-finished@1``: the five definitions keep what it asks, and each promise that is broken is told."""

import copy
import json
from typing import Any

import pytest

from asl_lint.properties.polls_until_finished import KIND
from tests.conftest import ROOT
from tests.properties.definitions import facts

DEFINITIONS = sorted((ROOT / "docs" / "step_functions_jsonata").glob("sfn_*.json"))
PIPELINES = {
    "start": "sagemaker:startPipelineExecution",
    "check": "sagemaker:describePipelineExecution",
    "stop": "sagemaker:stopPipelineExecution",
    "polled": True, "bounded": True, "proved": True, "waits": True, "least-wait": 20, "stopped": True,
}  # fmt: skip
PUBLICATION = json.loads((ROOT / "docs/step_functions_jsonata/sfn_ndr_prediction_publication.json").read_text(encoding="utf-8"))
POLL = "PredictionJoinPipeline"


def told(machine: dict[str, Any], **parameters: Any) -> list[tuple[str, str]]:
    """The last part of each pointer, and the problem."""
    return [(str(match.pointer[-1]), match.values["problem"]) for match in KIND.check(facts(machine), parameters or PIPELINES)]


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_the_five_poll_what_they_start_within_bounds_and_stop_what_they_give_up(path: Any) -> None:
    assert told(json.loads(path.read_text(encoding="utf-8"))) == []


def broken(name: str, **fields: Any) -> dict[str, Any]:
    machine = copy.deepcopy(PUBLICATION)
    machine["States"][f"{name}{POLL}"] |= fields
    return machine


def test_a_poll_without_a_limit_is_told() -> None:
    machine = broken("Describe", Assign={"prediction_join_status": "{% $states.result.PipelineExecutionStatus %}"})
    assert told(machine, bounded=True) == []  # the machine's time-out is a limit
    unlimited = told(machine, **{"bounded": True, "timeout-counts": False})
    assert unlimited == [(f"Describe{POLL}", "only what happens outside the machine ends it")]
    del machine["TimeoutSeconds"]
    assert told(machine, bounded=True) == unlimited


def test_a_poll_that_hurries_is_told() -> None:
    assert told(broken("WaitFor", Seconds=19)) == [(f"Describe{POLL}", "it waits 19 seconds a turn")]
    machine = broken("Start", Next=f"Describe{POLL}")
    for rule in machine["States"][f"Check{POLL}Status"]["Choices"]:
        rule["Next"] = rule["Next"].replace("WaitFor", "Describe")
    del machine["States"][f"WaitFor{POLL}"]
    assert told(machine) == [(f"Describe{POLL}", "it can go round without a Wait")]


def test_work_that_is_given_up_and_not_stopped_is_told_at_the_edge() -> None:
    machine = copy.deepcopy(PUBLICATION)
    rules = machine["States"][f"Check{POLL}Status"]["Choices"]
    rules[2]["Next"] = "MarkPublicationFailed"
    (match,) = KIND.check(facts(machine), PIPELINES)
    assert match.pointer == ("States", f"Check{POLL}Status", "Choices", 2, "Next")
    assert match.values["problem"] == "no sagemaker:stopPipelineExecution follows"
    assert match.path[0].pointer == match.pointer


def test_work_that_nobody_asks_for_is_told() -> None:
    machine = broken("Start", Next="MarkPublicationSucceeded")
    assert told(machine) == [(f"Start{POLL}", "nothing asks whether it has finished")]


def test_work_for_which_an_integration_waits_is_told_at_its_start() -> None:
    text = json.dumps(PUBLICATION).replace("aws-sdk:sagemaker:startPipelineExecution", "aws-sdk:glue:startJobRun")
    text = text.replace("aws-sdk:sagemaker:describePipelineExecution", "aws-sdk:glue:getJobRun")
    assert told(json.loads(text), sync=True) == [(f"Start{POLL}", "glue:startJobRun.sync waits by itself")]
    assert told(PUBLICATION, sync=True) == []


def test_work_that_is_started_elsewhere_is_meant_where_the_rule_says_so() -> None:
    machine = broken("Start", Resource="arn:aws:states:::lambda:invoke")
    machine["States"][f"Describe{POLL}"]["Catch"][0]["Next"] = f"WaitFor{POLL}"
    parameters = {"bounded": True, "timeout-counts": False}
    assert told(machine, **parameters) == []
    assert told(machine, **parameters, started=False) == [
        (f"Describe{POLL}", "it can go round without stepping $prediction_join_polls")
    ]


def test_a_poll_may_be_asked_to_last_just_so_long() -> None:
    times = {"least-polls": 9, "most-polls": 9, "least-wait": 20, "most-wait": 20}
    assert told(PUBLICATION, **times) == []
    assert told(PUBLICATION, **{"least-polls": 10}) == [(f"Describe{POLL}", "it asks 9 times at most, less than 10")]
    assert told(PUBLICATION, **{"most-polls": 8}) == [(f"Describe{POLL}", "it asks 9 times at most, more than 8")]
    assert told(broken("WaitFor", Seconds=30), **times) == [(f"Describe{POLL}", "it waits at least 30 seconds a turn")]
