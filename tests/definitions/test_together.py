"""The 15-minute machine and the publication that it starts, both for real, on the same tables and clock."""

from __future__ import annotations

import json
from typing import Any

from sfnx.testing import Call, Failure

from tests.definitions.rehearsal.clock import Clock
from tests.definitions.rehearsal.interpreter import Interpreter, Run
from tests.definitions.rehearsal.scenario import SCENARIOS, definition, read
from tests.definitions.rehearsal.services import Services, Tables

MINI_BATCH = "sfn_ndr_15m_features_inference"
PUBLICATION = "sfn_ndr_prediction_publication"


def _run(machine: Interpreter, given: Any, services: Services, clock: Clock, name: str) -> Run:
    def answer(call: Call) -> Any:
        state = machine.states[call.state]
        if call.resource.endswith(":startExecution.sync:2"):
            return _nested(call.arguments, services, clock)
        return services.answer(call, state["TimeoutSeconds"], 5)

    return machine.run(given, answer, clock, name, lambda _: None)


def _nested(arguments: Any, services: Services, clock: Clock) -> Any:
    run = _run(Interpreter(definition(f"{PUBLICATION}.json")), arguments["Input"], services, clock, arguments["Name"])
    if run.error is not None:
        raise Failure("States.TaskFailed", json.dumps({"Status": "FAILED", "Error": run.error, "Cause": run.cause}))
    return {"ExecutionArn": run.execution_id, "Status": "SUCCEEDED", "Output": run.output}


def _deliver(tables: Tables, *answers: dict[str, Any]) -> list[Run]:
    """Deliver one mini batch as often as there are answers, one after the other."""
    scenario = read(SCENARIOS / f"{MINI_BATCH}.yaml")[0].runs[0]
    tables.reset(scenario["tables"])
    clock, machine = Clock(scenario["start"]), Interpreter(definition(f"{MINI_BATCH}.json"))
    return [
        _run(machine, scenario["input"], Services(tables, clock, told, None, False), clock, f"run-{number}")
        for number, told in enumerate(answers)
    ]


def test_a_mini_batch_delivered_twice_is_published_once(tables: Tables) -> None:
    first, second = _deliver(tables, {}, {})
    assert first.output["publication_status"] == "PUBLISHED"
    assert second.output["publication_status"] == "DUPLICATE_SUPPRESSED"
    [published] = tables.items("ndr-publication-lock")
    assert published["status"] == "SUCCEEDED" and "ttl_epoch" not in published
    assert published["mini_batch_id"] == first.output["mini_batch_id"]
    assert tables.items("ndr-processing-lock") == []


def test_a_publication_that_failed_is_made_up_for_by_the_next_delivery(tables: Tables) -> None:
    first, second = _deliver(tables, {"DescribePredictionJoinPipeline": ["Failed"]}, {})
    assert first.error == "PredictionPublicationFailed"
    assert "PredictionJoinPipelineFailed" in json.loads(first.cause or "")["cause"]
    assert second.output["publication_status"] == "PUBLISHED"
    assert tables.items("ndr-processing-lock") == []
