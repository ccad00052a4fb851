"""Scenario files: what a person wrote of a run, and where the run that took place differs.

A file names its machine and what is `given`; each scenario changes what it must and says what it expects. Several
`runs` of one scenario share the tables, so that the second meets what the first left behind.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from sfnx.testing import Call

from tests.definitions.rehearsal.carriers import carried
from tests.definitions.rehearsal.clock import Clock
from tests.definitions.rehearsal.interpreter import Interpreter, Run
from tests.definitions.rehearsal.services import Services, Tables

DEFINITIONS = Path(__file__).parents[3] / "docs" / "step_functions_jsonata"
SCENARIOS = DEFINITIONS / "scenarios"
FAILURE = {"stage", "pipeline_execution_arn", "status", "failure_reason", "polls", "error", "cause"}
LOCKS = {"ndr-processing-lock": lambda _: True, "ndr-publication-lock": lambda item: item["status"] == "IN_PROGRESS"}
SUBSTITUTIONS = {
    "MlProjectsRoutingTableName": "ml-projects-routing",
    "MlProjectsParametersTableName": "ml-projects-parameters",
    "ProcessingLockTableName": "ndr-processing-lock",
    "PublicationLockTableName": "ndr-publication-lock",
    "PipelineName15m": "features-15m",
    "PipelineNameInference": "inference",
    "PredictionPublicationStateMachineArn": "arn:aws:states:eu-central-1:123456789012:stateMachine:publication:live",
    "PipelineNamePredictionJoin": "prediction-join",
    "EventBusName": "ndr-events",
    "PipelineNameMachineInventory": "machine-inventory",
    "PipelineNameFGB": "fg-b",
    "PipelineNameTrainingDataVerifier": "training-data-verifier",
    "PipelineNameMissingFeatureCreation": "missing-feature-creation",
    "PipelineNameTraining": "training",
    "PipelineNameModelPublish": "model-publish",
    "PipelineNameModelAttributes": "model-attributes",
    "PipelineNameModelDeploy": "model-deploy",
    "BackfillManifestBucketName": "ndr-backfill",
    "PipelineNameBackfillHistoricalExtractor": "backfill-extractor",
    "PipelineNameBackfill15m": "backfill-15m",
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML whose timestamps stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Scenario:
    """One story of one machine: the runs, each with what is given and what is expected."""

    machine: str
    name: str
    runs: tuple[Mapping[str, Any], ...]


def files() -> list[Path]:
    return sorted(SCENARIOS.glob("*.yaml"))


@cache
def read(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of a file, each run complete with what is given for all; several modules ask for them."""
    return tuple(_read(path))


def _read(path: Path) -> Iterator[Scenario]:
    # S506 does not apply: the loader derives from SafeLoader.
    document = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    for written in document["scenarios"]:
        for told in _each(written):
            told = {**document["given"], "answers": {}, **told}
            runs = [{**told, **run} for run in told.pop("runs", [{}])]
            yield Scenario(document["machine"], told["scenario"], tuple(runs))


def _each(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A scenario with `each: {word: path}` stands for one scenario per word, which takes the place of `<each>`."""
    each = told.pop("each", None)
    if each is None:
        yield told
    for word, way in (each or {}).items():
        yield json.loads(json.dumps(told).replace("<each>", word)) | {"path": way}


def definition(name: str) -> Any:
    """A definition with its placeholders substituted, as at deployment."""
    text = (DEFINITIONS / name).read_text(encoding="utf-8")
    for placeholder, value in SUBSTITUTIONS.items():
        text = text.replace(f"${{{placeholder}}}", value)
    return json.loads(text)


def rehearse(scenario: Scenario, interpreter: Interpreter, tables: Tables) -> tuple[list[Run], list[str]]:
    """Run a scenario; the runs, and every difference from what it expects."""
    tables.reset(scenario.runs[0].get("tables", {}))
    clock = Clock(scenario.runs[0]["start"])
    runs, differences = [], []
    for number, told in enumerate(scenario.runs, 1):
        clock.advance(told.get("after", 0))
        if told.get("swept"):
            tables.sweep(clock.millis / 1000)
        services = Services(tables, clock, told["answers"], told.get("manifest"), told.get("worst", False))
        run = interpreter.run(_input(told), _tasks(interpreter, services), clock, f"run-{number}", services.begin_map)
        runs.append(run)
        found = [*_differences(told, run), *(f"nobody asked for the answers to {state}" for state in services.left_over())]
        differences += [f"run {number}: {difference}" for difference in found]
    return runs, [*differences, *_locks_left(scenario, runs, tables)]


def _input(told: Mapping[str, Any]) -> Any:
    message = copy.deepcopy(told["input"])
    if isinstance(message, dict):
        message.update(told.get("with", {}))
        for field in told.get("without", []):
            del message[field]
    return carried(message, told.get("carried_by", []))


def _tasks(interpreter: Interpreter, services: Services) -> Any:
    def answer(call: Call) -> Any:
        state = interpreter.states[call.state]
        services.window = interpreter.child["mini_batch_id"] if interpreter.child else None
        attempts = 1 + sum(retrier["MaxAttempts"] for retrier in state.get("Retry", []))
        return services.answer(call, state["TimeoutSeconds"], attempts)

    return answer


def path(run: Run) -> str:
    """The calls in order and the state that ended the run: `State x3` if repeated, `(A > B)` if a child's."""
    steps: list[str] = []
    for caller, group in groupby(zip(run.callers, run.calls, strict=True), key=lambda made: made[0]):
        called = _folded(call.state for _, call in group)
        steps += [f"({' > '.join(called)})"] if caller else called
    return " > ".join([*_folded(steps), "TimeoutSeconds" if run.timed_out else run.entered[-1]])


def _folded(steps: Iterable[str]) -> list[str]:
    counted = [(step, len(list(group))) for step, group in groupby(steps)]
    return [step if times == 1 else f"{step} x{times}" for step, times in counted]


def _differences(told: Mapping[str, Any], run: Run) -> Iterator[str]:
    if told["path"] != path(run):
        yield f"path: expected {told['path']}; got {path(run)} ({run.error}: {run.cause})"
    yield from _other_tokens(run)
    yield from _ill_told_failure(run)
    if "output" in told:
        yield from _unlike(told["output"], run.output, "output")
    if "error" in told and told["error"] != run.error:
        yield f"error: expected {told['error']}, got {run.error}"
    if "cause" in told:
        yield from _unlike_cause(told["cause"], run.cause or "")
    for state, arguments in told.get("sent", {}).items():
        sent = [call.arguments for call in run.calls if call.state == state]
        yield from _unlike(arguments, sent[-1] if sent else None, f"sent to {state}")
    if "event" in told:
        [entry] = next(call.arguments["Entries"] for call in reversed(run.calls) if call.resource.endswith(":putEvents"))
        yield from _unlike(told["event"], json.loads(entry["Detail"]), "event")
    if "children" in told:
        yield from _unlike(told["children"], run.results, "children")
    for name in ("seconds", "events"):
        if name in told and told[name] != getattr(run.tally, name):
            yield f"{name}: expected {told[name]}, got {getattr(run.tally, name)}"


def _other_tokens(run: Run) -> Iterator[str]:
    """A pipeline start's token is the hash of the run, the stage and the mini batch or, without one, the attempt."""
    attempts: dict[str, list[str]] = {}
    for call in run.calls:
        if call.resource.endswith(":startPipelineExecution") and isinstance(call.arguments, dict):
            token, tokens = call.arguments["ClientRequestToken"], attempts.setdefault(call.state, [])
            parameters = {entry["Name"]: entry["Value"] for entry in call.arguments["PipelineParameters"]}
            if not tokens or tokens[-1] != token:
                tokens.append(token)
            stage = call.state.removeprefix("Start").removesuffix("Pipeline")
            seed = "#".join([run.execution_id, stage, parameters.get("MiniBatchId", str(len(tokens)))])
            if token != hashlib.sha256(seed.encode()).hexdigest():
                yield f"the token of {call.state} is not the hash of {seed}"


def _ill_told_failure(run: Run) -> Iterator[str]:
    """The cause of a failed stage is JSON of just these fields, and names the stage and the pipeline execution at hand."""
    try:
        told = json.loads(run.cause or "")
    except ValueError:
        told = None
    if not isinstance(told, dict) or told.keys().isdisjoint({"pipeline_execution_arn", "failure_reason"}):
        if (run.error or "").endswith("PipelineFailed"):
            yield f"the cause of {run.error} tells no stage and no pipeline execution: {run.cause}"
        return
    if set(told) - {"attempts"} != FAILURE:
        yield f"the cause has the fields {sorted(told)}"
        return
    if run.error == f"{told['stage']}PipelineFailed":
        described = [call.arguments for call in run.calls if call.state == f"Describe{told['stage']}Pipeline"]
        at_hand = described[-1]["PipelineExecutionArn"] if described and told["status"] != "START_FAILED" else ""
        if told["pipeline_execution_arn"] != at_hand:
            yield f"the cause names the pipeline execution {told['pipeline_execution_arn']!r}, at hand was {at_hand!r}"
    elif (run.error or "").endswith("PipelineFailed"):
        yield f"{run.error} tells of the stage {told['stage']}"
    if told["status"].endswith("_FAILED") and not told["error"]:
        yield f"the cause of {told['status']} names no error"
    if told["failure_reason" if told["status"].endswith("_FAILED") else "error"]:
        yield f"the cause of {told['status']} tells of another failure: {run.cause}"
    if told["status"] == "START_FAILED" and told["polls"] != 0:
        yield "a pipeline that was not started was polled"


def _unlike_cause(expected: Any, cause: str) -> Iterator[str]:
    if isinstance(expected, str):
        if expected not in cause:
            yield f"cause: expected {expected!r} in {cause!r}"
    else:
        yield from _unlike(expected, json.loads(cause), "cause")


def _unlike(expected: Any, got: Any, where: str) -> Iterator[str]:
    """Where `got` lacks or contradicts what is expected; members that are not expected are let be.

    A list of `{Name, Value}`, such as PipelineParameters, may be expected as a mapping of names to values.
    """
    if isinstance(expected, Mapping) and isinstance(got, list):
        got = {entry["Name"]: entry["Value"] for entry in got}
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for key, value in expected.items():
            if key not in got:
                yield f"{where}: {key} is missing"
            else:
                yield from _unlike(value, got[key], f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for index, value in enumerate(expected):
            yield from _unlike(value, got[index], f"{where}[{index}]")
    elif expected != got or isinstance(expected, bool) is not isinstance(got, bool):
        yield f"{where}: expected {expected!r}, got {got!r}"


def _locks_left(scenario: Scenario, runs: list[Run], tables: Tables) -> Iterator[str]:
    """Locks that a finished run still holds, but for those that the scenario lists, which must be there.

    `lease_left_to` lists the scenario's own runs, `holds` all owners.
    """
    ended = {run.execution_id.rpartition(":")[2] for run in runs}
    owners = sorted(
        item["owner"].rpartition(":")[2] for table, held in LOCKS.items() for item in tables.items(table) if held(item)
    )
    left, expected = [owner for owner in owners if owner in ended], sorted(scenario.runs[-1].get("lease_left_to", []))
    if left != expected:
        yield f"locks held at the end: expected {expected}, got {left}"
    if owners != scenario.runs[-1].get("holds", owners):
        yield f"locks held at the end: expected {scenario.runs[-1]['holds']}, got {owners}"
