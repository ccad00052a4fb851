"""The services that the definitions call: DynamoDB by moto, which evaluates conditions, the others scripted.

An answer is a word (`ok`, `throttled`, `timeout`, `lost`, `refused`, `overtaken`, a pipeline status), a word with ` x3`
behind it, or a mapping (`status` and `reason`, `error` and `cause`, `result`, or `takes`, a number of seconds). A write
that is `overtaken` finds another run's item in the place of its own. What is not told goes well.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import boto3
import botocore.session
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from sfnx.testing import Call, Failure

from tests.definitions.rehearsal.clock import Clock

STATUSES = {"Executing", "Stopping", "Stopped", "Failed", "Succeeded", "CompletedWithFailures", "Paused"}
THROTTLED = {
    "sagemaker": ("SageMaker.SageMakerException", "Rate exceeded (Service: SageMaker, Status Code: 400)"),
    "dynamodb": ("DynamoDB.ProvisionedThroughputExceededException", "The level of configured throughput was exceeded"),
    "s3": ("S3.S3Exception", "Please reduce your request rate. (Service: S3, Status Code: 503)"),
    "events": ("EventBridge.FailedEntry", "ThrottlingException"),
    "states": ("StepFunctions.ExecutionLimitExceededException", "The maximum number of running executions was reached"),
}
REFUSED = {
    "sagemaker": ("SageMaker.ResourceNotFoundException", "Pipeline not found"),
    "dynamodb": ("DynamoDB.ResourceNotFoundException", "Requested resource not found"),
    "s3": ("S3.NoSuchKeyException", "The specified key does not exist."),
    "events": ("EventBridge.ResourceNotFoundException", "Event bus not found"),
    "states": ("StepFunctions.StateMachineDoesNotExistException", "State Machine Does Not Exist"),
}
PIPELINES = "arn:aws:sagemaker:eu-central-1:123456789012:pipeline"
MODELS = {"states": "stepfunctions"}


class Tables:
    """The tables of the definitions, in moto; to be made inside `mock_aws`."""

    KEYS: ClassVar = {
        "ml-projects-routing": ("org_key",),
        "ml-projects-parameters": ("project_name", "job_name"),
        "ndr-processing-lock": ("pk", "sk"),
        "ndr-publication-lock": ("pk", "sk"),
    }

    def __init__(self) -> None:
        self.client = boto3.client(
            "dynamodb", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        self.held: dict[str, list[dict[str, Any]] | None] = {name: [] for name in self.KEYS}  # None: a run has written to it
        for name, keys in self.KEYS.items():
            self.client.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            )

    def reset(self, wanted: Mapping[str, list[dict[str, Any]]]) -> None:
        """Let each table hold what is wanted, and nothing else."""
        for name, keys in self.KEYS.items():
            items = wanted.get(name, [])
            if self.held[name] != items:
                for item in self.client.scan(TableName=name)["Items"]:
                    self.client.delete_item(TableName=name, Key={key: item[key] for key in keys})
                for item in items:
                    self.client.put_item(TableName=name, Item={key: typed(value) for key, value in item.items()})
                self.held[name] = items

    def sweep(self, now: float) -> None:
        """Delete what expired, as TTL does some time after."""
        for name in ("ndr-processing-lock", "ndr-publication-lock"):
            for item in self.items(name):
                if item.get("ttl_epoch", now) < now:
                    self.client.delete_item(TableName=name, Key={key: typed(item[key]) for key in self.KEYS[name]})
                    self.held[name] = None

    def items(self, name: str) -> list[dict[str, Any]]:
        held = self.held[name]
        if held is not None:
            return held
        return [{key: plain(value) for key, value in item.items()} for item in self.client.scan(TableName=name)["Items"]]


def typed(value: Any) -> dict[str, Any]:
    """A JSON value as DynamoDB's typed attribute."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, list):
        return {"L": [typed(item) for item in value]}
    return {"M": {key: typed(item) for key, item in value.items()}}


def plain(value: Mapping[str, Any]) -> Any:
    """The opposite of `typed`."""
    [(kind, held)] = value.items()
    if kind == "NULL":
        return None
    if kind == "N":
        return float(held) if "." in held else int(held)
    if kind == "L":
        return [plain(item) for item in held]
    if kind == "M":
        return {key: plain(item) for key, item in held.items()}
    return held


class Services:
    """Answers the calls of one run from a script, state by state."""

    _shapes: ClassVar[dict[str, Any]] = {}

    def __init__(self, tables: Tables, clock: Clock, answers: Mapping[str, Any], manifest: Any, worst: bool) -> None:
        self.tables, self.clock, self.manifest, self.worst = tables, clock, manifest, worst
        self.script = {state: _spelled_out(listed) for state, listed in answers.items()}
        self.attempts: dict[str, int] = {}
        self.window: str | None = None

    def answer(self, call: Call, seconds: int, attempts: int) -> Any:
        """The result of a call, or its failure; `seconds` is the task's time-out, `attempts` what its Retry allows."""
        *_, service, action = call.resource.removesuffix(".sync:2").split(":")
        arguments = _well_formed(service, action, call.arguments)
        if self.worst and service != "states":
            turn = self.attempts[call.state] = self.attempts.get(call.state, 0) + 1
            self.clock.advance(seconds)
            if turn % attempts:
                raise Failure(*(THROTTLED[service] if service == "events" else ("States.Timeout",)))
        scripted = self._next(call.state)
        if isinstance(scripted, Mapping) and "error" in scripted:
            raise Failure(scripted["error"], scripted.get("cause", ""))
        if isinstance(scripted, Mapping) and "result" in scripted:
            return scripted["result"] | self._started(arguments) if service == "states" else scripted["result"]
        if isinstance(scripted, Mapping) and "takes" in scripted:
            self.clock.advance(scripted["takes"])
        if scripted == "dies":
            raise Failure("States.Runtime", "The execution died")
        if scripted in ("throttled", "refused"):
            raise Failure(*(THROTTLED if scripted == "throttled" else REFUSED)[service])
        if scripted == "timeout":
            self.clock.advance(seconds)
            raise Failure("States.Timeout")
        result = getattr(self, f"_{service}")(action, arguments, scripted)
        if scripted == "lost":
            self.clock.advance(seconds)
            raise Failure("States.Timeout")
        return result

    def begin_map(self, state: str) -> None:
        """Fail the map run if that is told."""
        scripted = self._next(state)
        if isinstance(scripted, Mapping):
            raise Failure(scripted["error"], scripted["cause"])

    def _next(self, state: str) -> Any:
        """The next scripted answer: of this window's child first, then of any."""
        for name in (f"{state} of {self.window}", state):
            if self.script.get(name):
                return self.script[name].pop(0)
        return "ok"

    def left_over(self) -> list[str]:
        """Scripted answers that nobody asked for."""
        return [state for state, listed in self.script.items() if listed]

    def _dynamodb(self, action: str, arguments: dict[str, Any], scripted: Any) -> Any:
        if action != "getItem":
            self.tables.held[arguments["TableName"]] = None
        if scripted == "overtaken":
            item = self.tables.client.get_item(TableName=arguments["TableName"], Key=arguments["Key"])["Item"]
            self.tables.client.put_item(TableName=arguments["TableName"], Item={**item, "owner": typed("another run")})
        try:
            result = getattr(self.tables.client, re.sub(r"(?=[A-Z])", "_", action).lower())(**arguments)
        except ClientError as refused:
            raise Failure(f"DynamoDB.{refused.response['Error']['Code']}", refused.response["Error"]["Message"]) from refused
        return {key: value for key, value in result.items() if key != "ResponseMetadata"}

    def _sagemaker(self, action: str, arguments: dict[str, Any], scripted: Any) -> Any:
        if action == "startPipelineExecution":
            name = arguments["PipelineName"]
            made = hashlib.sha256(f"{name}{arguments['ClientRequestToken']}".encode()).hexdigest()[:12]
            return {"PipelineExecutionArn": f"{PIPELINES}/{name}/execution/{made}"}
        if action == "stopPipelineExecution":
            return {"PipelineExecutionArn": arguments["PipelineExecutionArn"]}
        status = scripted.get("status") if isinstance(scripted, Mapping) else scripted
        result = {
            "PipelineExecutionArn": arguments["PipelineExecutionArn"],
            "PipelineExecutionStatus": status if status in STATUSES else "Succeeded",
        }
        if isinstance(scripted, Mapping) and "reason" in scripted:
            result["FailureReason"] = scripted["reason"]
        return result

    def _s3(self, action: str, arguments: dict[str, Any], _: Any) -> Any:
        if self.manifest is None:
            raise Failure(*REFUSED["s3"])
        body = _text(self.manifest)
        size = {"ContentLength": len(body.encode()), "ContentType": "application/json"}
        return size if action == "headObject" else {**size, "Body": body}

    def _events(self, action: str, arguments: dict[str, Any], _: Any) -> Any:
        return {"Entries": [{"EventId": "00000000-0000-4000-8000-000000000000"}], "FailedEntryCount": 0}

    def _states(self, action: str, arguments: dict[str, Any], scripted: Any) -> Any:
        machine = arguments["StateMachineArn"].split(":")
        arn = ":".join([*machine[:5], "execution", machine[6], arguments["Name"]])
        if scripted == "Failed":
            ended = {"ExecutionArn": arn, "Status": "FAILED", "Error": "PredictionJoinPipelineFailed"}
            raise Failure("States.TaskFailed", json.dumps(ended))
        published = scripted != "suppressed"
        output = {"status": "PUBLISHED" if published else "DUPLICATE_SUPPRESSED", "published": published}
        told = {"ExecutionArn": arn, "Name": arguments["Name"], "Status": "SUCCEEDED", "Output": output}
        return told | self._started(arguments)

    def _started(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the description of any execution has."""
        return {"StateMachineArn": arguments["StateMachineArn"], "StartDate": self.clock.millis}


def _text(manifest: Any) -> str:
    """A manifest as it lies in S3: text as it is, an object as JSON, a number as so many windows of 15 minutes."""
    if isinstance(manifest, int):
        first = datetime(2026, 1, 1, 0, 8)
        times = [(first + timedelta(minutes=15 * number)).isoformat() + "Z" for number in range(manifest + 1)]
        windows = [
            {"mini_batch_id": f"mb-{number}", "batch_start_ts_iso": times[number], "batch_end_ts_iso": times[number + 1]}
            for number in range(manifest)
        ]
        manifest = {"windows": windows}
    return manifest if isinstance(manifest, str) else json.dumps(manifest)


def _spelled_out(listed: Any) -> list[Any]:
    """`[Executing x2, ok]` as `[Executing, Executing, ok]`."""
    answers: list[Any] = []
    for answer in listed if isinstance(listed, list) else [listed]:
        word, times, count = answer.rpartition(" x") if isinstance(answer, str) else ("", "", "")
        answers += [word] * int(count) if times else [answer]
    return answers


def _well_formed(service: str, action: str, arguments: Any) -> dict[str, Any]:
    """The arguments, if the service's own model accepts their names, types and required members."""
    if action not in Services._shapes:
        model = botocore.session.get_session().get_service_model(MODELS.get(service, service))
        Services._shapes[action] = model.operation_model(action[0].upper() + action[1:]).input_shape
    shape = Services._shapes[action]
    if service == "states":
        arguments = {key[0].lower() + key[1:]: str(value) if key == "Input" else value for key, value in arguments.items()}
    report = ParamValidator().validate(arguments, shape)
    unknown = set(arguments) - set(shape.members)
    assert not report.has_errors() and not unknown, f"{action}: {report.generate_report()} {sorted(unknown)}"
    for parameter in arguments.get("PipelineParameters", []):
        assert isinstance(parameter["Value"], str) and len(parameter["Value"]) <= 1024, parameter
    return {key[0].upper() + key[1:]: value for key, value in arguments.items()} if service == "states" else arguments
