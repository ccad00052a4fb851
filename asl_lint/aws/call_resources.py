"""The resources that a call's IAM actions are about, as ARNs, from the texts that its arguments can be.

``${AWS::Partition}``, ``${AWS::Region}`` and ``${AWS::AccountId}`` stand for what only the deployment knows, ``*`` for any text.
Where nothing narrower is certain the answer is ``*``: a policy that is too narrow breaks a run.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Final

Lookup = Callable[[str], "tuple[str, ...] | None"]
"""Path of a member (``TableName``, ``Job.Name``) -> the texts that it can be; None: not written; ``*`` where unknown."""

ANY: Final = "*"
_MEMBER: Final = re.compile(r"\{(\w[\w.]*)\}")
_MOST: Final = 50


def arn(service: str, rest: str) -> str:
    """An ARN of the account and region of the state machine."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"


def global_arn(service: str, rest: str) -> str:
    """An ARN without region and account."""
    return f"arn:${{AWS::Partition}}:{service}:::{rest}"


_OBJECT: Final = global_arn("s3", "{Bucket}/{Key}")
_BUCKET: Final = global_arn("s3", "{Bucket}")
_PIPELINE: Final = arn("sagemaker", "pipeline/{PipelineName}")
_PATTERNS: Final[Mapping[str, tuple[str, ...]]] = {
    "athena:startQueryExecution": (arn("athena", "workgroup/{WorkGroup}"),),
    "codebuild:startBuild": (arn("codebuild", "project/{ProjectName}"),),
    "codebuild:startBuildBatch": (arn("codebuild", "project/{ProjectName}"),),
    "databrew:startJobRun": (arn("databrew", "job/{Name}"),),
    "dynamodb:deleteItem": (arn("dynamodb", "table/{TableName}"),),
    "dynamodb:describeTable": (arn("dynamodb", "table/{TableName}"),),
    "dynamodb:getItem": (arn("dynamodb", "table/{TableName}"),),
    "dynamodb:putItem": (arn("dynamodb", "table/{TableName}"),),
    "dynamodb:query": (arn("dynamodb", "table/{TableName}{/index/IndexName}"),),
    "dynamodb:scan": (arn("dynamodb", "table/{TableName}{/index/IndexName}"),),
    "dynamodb:updateItem": (arn("dynamodb", "table/{TableName}"),),
    "firehose:putRecord": (arn("firehose", "deliverystream/{DeliveryStreamName}"),),
    "firehose:putRecordBatch": (arn("firehose", "deliverystream/{DeliveryStreamName}"),),
    "kinesis:putRecord": (arn("kinesis", "stream/{StreamName}"),),
    "kinesis:putRecords": (arn("kinesis", "stream/{StreamName}"),),
    "sagemaker:createTrainingJob": (arn("sagemaker", "training-job/{TrainingJobName}"),),
    "sagemaker:createTransformJob": (arn("sagemaker", "transform-job/{TransformJobName}"),),
    "sagemaker:createProcessingJob": (arn("sagemaker", "processing-job/{ProcessingJobName}"),),
    "sagemaker:startPipelineExecution": (_PIPELINE,),
    "s3:getObject": (_OBJECT,),
    "s3:headObject": (_OBJECT,),
    "s3:putObject": (_OBJECT,),
    "s3:deleteObject": (_OBJECT,),
    "s3:headBucket": (_BUCKET,),
    "s3:listObjects": (_BUCKET,),
    "s3:listObjectsV2": (_BUCKET,),
    "sns:publish": ("{TopicArn}",),
}  # fmt: skip
"""``service:action`` -> resources, with members in braces. A value that is itself an ARN replaces what is before it."""
_QUEUE: Final = re.compile(
    r"https://sqs\.([a-z0-9-]+|\$\{AWS::Region\})\.amazonaws\.com(?:\.cn)?/(\d{12}|\$\{AWS::AccountId\})/([\w.-]+|\$\{[\w.]+\})\Z"
)
_API: Final = re.compile(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\Z")
_FUNCTION: Final = re.compile(r"(?:(?P<account>\d{12}):)?(?:function:)?(?P<name>[\w-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?\Z")
_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}")
_STATE_MACHINE: Final = re.compile(r"(.*):stateMachine:((?:\$\{[^{}]*\}|[^:])+)")
_PLACEHOLDER: Final = re.compile(r"\$\{[^{}\n]*\}\Z")
_PROFILE: Final = re.compile(r"(?:us|eu|apac|global|jp|au|ca|us-gov)\.(?=\w+\.)")


def resources(service: str, action: str, lookup: Lookup) -> tuple[str, ...]:
    """The resources of a call's own actions, in a fixed order."""
    special = _SPECIAL.get(f"{service}:{action}")
    if special is not None:
        return tuple(dict.fromkeys(special(lookup)))
    patterns = _PATTERNS.get(f"{service}:{action}")
    if patterns is None:
        return (ANY,)
    return tuple(dict.fromkeys(one for pattern in patterns for one in _filled(pattern, lookup)))


def s3_object(uri: str) -> str:
    """The object that a URI of S3 names."""
    return global_arn("s3", uri.removeprefix("s3://")) if uri.startswith("s3://") else ANY


def table_arn(table: str) -> str:
    """A table of DynamoDB by its name or its ARN."""
    return table if table.startswith("arn:") or is_arn_placeholder(table) else arn("dynamodb", f"table/{table}")


def execution_arns(state_machine: str) -> str:
    """The executions of a state machine, given the ARN of it, or of its version or alias."""
    found = _STATE_MACHINE.match(state_machine)
    return f"{found[1]}:execution:{found[2]}:{ANY}" if found else arn("states", f"execution:{ANY}")


def unqualified(state_machine: str) -> str:
    """The ARN of the state machine that a version or an alias belongs to: IAM asks for that of it."""
    found = _STATE_MACHINE.match(state_machine)
    return f"{found[1]}:stateMachine:{found[2]}" if found else state_machine


def pipeline_executions(pipelines: tuple[str, ...]) -> tuple[str, ...]:
    """The executions of pipelines of SageMaker, given the ARNs of these."""
    return tuple(ANY if one == ANY else f"{one}/execution/*" for one in pipelines)


# --- one call at a time -----------------------------------------------------------------------------------------------------


def _filled(pattern: str, lookup: Lookup) -> Iterator[str]:
    index = lookup("IndexName") if "{/index/IndexName}" in pattern else None
    suffixes = [""] if index is None else [f"/index/{one}" for one in index]
    pattern = pattern.replace("{/index/IndexName}", "")
    pieces = _MEMBER.split(pattern)
    members = pieces[1::2]
    choices = [lookup(member) or ("primary" if member == "WorkGroup" else ANY,) for member in members]
    if len(suffixes) * _product(choices) > _MOST:
        choices = [(ANY,)] * len(members)
    for values in product(*choices):
        text = pieces[0]
        for value, after in zip(values, pieces[2::2], strict=True):
            text = value + after if value.startswith("arn:") or is_arn_placeholder(value) else text + value + after
        yield from (text + suffix for suffix in suffixes)


def _product(choices: list[tuple[str, ...]]) -> int:
    size = 1
    for one in choices:
        size *= len(one)
    return size


def _function(lookup: Lookup) -> Iterator[str]:
    qualifiers = lookup("Qualifier") or ("",)
    for name, qualifier in product(lookup("FunctionName") or (ANY,), qualifiers):
        found = _FUNCTION.match(name)
        tail = f":{qualifier}" if qualifier else ""
        if name.startswith("arn:"):
            yield name + tail if _VARIABLE.sub("", name).count(":") == 6 else name
        elif found is not None:
            own = f":{found['qualifier']}" if found["qualifier"] else tail
            account = found["account"] or "${AWS::AccountId}"
            yield f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:{account}:function:{found['name']}{own}"
        elif is_arn_placeholder(name):
            yield name + tail
        else:
            yield arn("lambda", "function:*")


def is_arn_placeholder(text: str) -> bool:
    """Whether a text is a placeholder that by its name stands for a whole ARN."""
    return _PLACEHOLDER.match(text) is not None and text[:-1].lower().endswith("arn")


def _queue(lookup: Lookup) -> Iterator[str]:
    for url in lookup("QueueUrl") or (ANY,):
        found = _QUEUE.match(url)
        yield f"arn:${{AWS::Partition}}:sqs:{found[1]}:{found[2]}:{found[3]}" if found else arn("sqs", ANY)


def _buses(lookup: Lookup) -> Iterator[str]:
    for bus in lookup("Entries[].EventBusName=default") or (ANY,):
        yield bus if bus.startswith("arn:") or is_arn_placeholder(bus) else arn("events", f"event-bus/{bus}")


def _tables(lookup: Lookup) -> Iterator[str]:
    yield from map(table_arn, lookup("**.TableName") or (ANY,))


def _model(lookup: Lookup) -> Iterator[str]:
    for model in lookup("ModelId") or (ANY,):
        profile = _PROFILE.match(model)
        if model == ANY or model.startswith("arn:"):
            yield model
        elif profile is not None:
            yield arn("bedrock", f"inference-profile/{model}")
            yield f"arn:${{AWS::Partition}}:bedrock:*::foundation-model/{model[profile.end() :]}"
        elif "${" in model:
            yield ANY
        else:
            yield f"arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}::foundation-model/{model}"


def _api(lookup: Lookup) -> Iterator[str]:
    stages, methods, paths = (lookup(member) or (ANY,) for member in ("Stage", "Method", "Path"))
    for endpoint, stage, method, path in product(lookup("ApiEndpoint") or (ANY,), stages, methods, paths):
        found = _API.match(endpoint)
        place = f"{stage}/{method}/{path.lstrip('/') or ANY}"
        if found is None:
            yield arn("execute-api", ANY)
        else:
            yield f"arn:${{AWS::Partition}}:execute-api:{found[2]}:${{AWS::AccountId}}:{found[1]}/{place}"


def _job(lookup: Lookup) -> Iterator[str]:
    yield from _revisions("batch", "job-definition", lookup("JobDefinition"))
    yield from _filled(arn("batch", "job-queue/{JobQueue}"), lookup)


def _task(lookup: Lookup) -> Iterator[str]:
    yield from _revisions("ecs", "task-definition", lookup("TaskDefinition"))


def _revisions(service: str, kind: str, names: tuple[str, ...] | None) -> Iterator[str]:
    """A definition by name and revision; without a revision the latest one is meant, whichever that is."""
    for name in names or (ANY,):
        is_whole = name.startswith("arn:") or is_arn_placeholder(name)
        has_revision = re.search(r":\d+\Z", name) is not None or is_arn_placeholder(name) or name.endswith(ANY)
        yield (name if is_whole else arn(service, f"{kind}/{name}")) + ("" if has_revision else ":*")


def _machine(lookup: Lookup) -> Iterator[str]:
    yield from (unqualified(one) for one in lookup("StateMachineArn") or (ANY,))


def _execution(lookup: Lookup) -> Iterator[str]:
    yield from (one if one.startswith("arn:") else arn("states", "execution:*") for one in lookup("ExecutionArn") or (ANY,))


_SPECIAL: Final[Mapping[str, Callable[[Lookup], Iterator[str]]]] = {
    "apigateway:invoke": _api,
    "batch:submitJob": _job,
    "bedrock:invokeModel": _model,
    "bedrockruntime:invokeModel": _model,
    "bedrockruntime:converse": _model,
    "dynamodb:batchGetItem": _tables,
    "dynamodb:batchWriteItem": _tables,
    "dynamodb:transactGetItems": _tables,
    "dynamodb:transactWriteItems": _tables,
    "ecs:runTask": _task,
    "events:putEvents": _buses,
    "lambda:invoke": _function,
    "sqs:sendMessage": _queue,
    "states:describeExecution": _execution,
    "states:startExecution": _machine,
    "states:startSyncExecution": _machine,
    "states:stopExecution": _execution,
}
"""Calls whose resources are more than a pattern."""
