"""The resources that a call's IAM actions are about, as ARNs, from the texts that its arguments can be.

``${AWS::Partition}``, ``${AWS::Region}`` and ``${AWS::AccountId}`` stand for what only the deployment knows, ``*`` for any text.
Where nothing narrower is certain the answer is ``*``: a policy that is too narrow breaks a run.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from asl_lint.aws.iam_actions import resource_patterns
from asl_lint.late import Final

Lookup = Callable[[str], "tuple[str, ...] | None"]
"""Path of a member (``TableName``, ``Job.Name``) -> the texts that it can be; None: not written; ``*`` where unknown."""

ANY: Final = "*"
_MEMBER: Final = re.compile(r"(?<!\$)\{(\w[\w.|\[\]]*)\}")
_MOST: Final = 50


def arn(service: str, rest: str) -> str:
    """An ARN of the account and region of the state machine."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"


def global_arn(service: str, rest: str) -> str:
    """An ARN without region and account."""
    return f"arn:${{AWS::Partition}}:{service}:::{rest}"


_BUCKET: Final = global_arn("s3", "{Bucket}")
_PROJECT: Final = arn("codebuild", "project/{ProjectName}")
_TABLE: Final = arn("dynamodb", "table/{TableName}{/index/IndexName}")
_PATTERNS: Final[Mapping[str, tuple[str, ...]]] = {
    "codebuild:BatchGetBuildBatches": (_PROJECT,),
    "codebuild:BatchGetBuilds": (_PROJECT,),
    "codebuild:StopBuild": (_PROJECT,),
    "codebuild:StopBuildBatch": (_PROJECT,),
    "dynamodb:Query": (_TABLE,),
    "dynamodb:Scan": (_TABLE,),
    "s3:ListBucket": (_BUCKET,),
    "sagemaker:DescribePipelineExecution": (arn("sagemaker", "pipeline/*/execution/*"),),
    "sagemaker:StopPipelineExecution": (arn("sagemaker", "pipeline/*/execution/*"),),
}  # fmt: skip
"""IAM action -> resources, with members in braces, where the operation of that name does not tell them."""
_QUEUE: Final = re.compile(
    r"https://sqs\.([a-z0-9-]+|\$\{AWS::Region\})\.amazonaws\.com(?:\.cn)?/(\d{12}|\$\{AWS::AccountId\})/([\w.-]+|\$\{[\w.]+\})\Z"
)
_API: Final = re.compile(r"([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\Z")
_FUNCTION: Final = re.compile(r"(?:(?P<account>\d{12}):)?(?:function:)?(?P<name>[\w-]+)(?::(?P<qualifier>\$LATEST|[\w-]+))?\Z")
_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}")
_STATE_MACHINE: Final = re.compile(r"(.*):stateMachine:((?:\$\{[^{}]*\}|[^:])+)")
_PLACEHOLDER: Final = re.compile(r"\$\{[^{}\n]*\}\Z")
_PROFILE: Final = re.compile(r"(?:us|eu|apac|global|jp|au|ca|us-gov)\.(?=\w+\.)")


def resources(action: str, lookup: Lookup) -> tuple[str, ...]:
    """What an IAM action is about in a call of which ``lookup`` gives the members, in a fixed order."""
    special = _SPECIAL.get(action)
    if special is not None:
        return tuple(dict.fromkeys(special(lookup)))
    patterns = _PATTERNS.get(action) or resource_patterns(action) or (ANY,)
    return tuple(dict.fromkeys(one for pattern in patterns for one in _of_pattern(pattern, lookup)))


def _of_pattern(pattern: str, lookup: Lookup) -> Iterator[str]:
    made = _MADE.get(pattern)
    return _filled(pattern, lookup) if made is None else made(lookup)


def s3_object(uri: str) -> str:
    """The object that a URI of S3 names."""
    return global_arn("s3", uri.removeprefix("s3://")) if uri.startswith("s3://") else ANY


def table_arn(table: str) -> str:
    """A table of DynamoDB by its name or its ARN."""
    return table if is_arn(table) else arn("dynamodb", f"table/{table}")


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
    choices = [_written(pieces[0], member, lookup) for member in members]
    if len(suffixes) * _product(choices) > _MOST:
        choices = [(ANY,)] * len(members)
    for values in product(*choices):
        text = pieces[0]
        for value, after in zip(values, pieces[2::2], strict=True):
            text = value + after if is_arn(value) else text + value + after
        yield from (text + suffix for suffix in suffixes)


def _written(before: str, member: str, lookup: Lookup) -> tuple[str, ...]:
    """The texts of the first member that is written, of those with ``|`` between; as far as they are told to be in the ARN."""
    found = next(filter(None, map(lookup, member.split("|"))), None)
    if found is None:
        return ("primary" if member == "WorkGroup" else ANY,)
    if ":s3:" in before and any(one.startswith("arn:") for one in found):
        return (ANY,)  # an access point, whose objects have ARNs of another form
    if ":sagemaker:" in before:  # ARNs of SageMaker have the names in small letters
        return tuple(one if is_arn(one) or _is_small(_VARIABLE.sub("", one)) else ANY for one in found)
    return found


def _is_small(text: str) -> bool:
    return text == text.lower()


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


def is_arn(text: str) -> bool:
    """Whether a text is an ARN, or a placeholder for one."""
    return text.startswith("arn:") or is_arn_placeholder(text)


def is_arn_placeholder(text: str) -> bool:
    """Whether a text is a placeholder that by its name stands for a whole ARN."""
    return _PLACEHOLDER.match(text) is not None and text[:-1].lower().endswith("arn")


def _queue(lookup: Lookup) -> Iterator[str]:
    for url in lookup("QueueUrl") or (ANY,):
        found = _QUEUE.match(url)
        yield f"arn:${{AWS::Partition}}:sqs:{found[1]}:{found[2]}:{found[3]}" if found else arn("sqs", ANY)


def _buses(lookup: Lookup) -> Iterator[str]:
    for bus in lookup("Entries[].EventBusName=default") or (ANY,):
        yield bus if is_arn(bus) else arn("events", f"event-bus/{bus}")


def _tables(lookup: Lookup) -> Iterator[str]:
    yield from map(table_arn, lookup("**.TableName") or lookup("TableName") or (ANY,))


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
        is_whole = is_arn(name)
        has_revision = re.search(r":\d+\Z", name) is not None or is_arn_placeholder(name) or name.endswith(ANY)
        yield (name if is_whole else arn(service, f"{kind}/{name}")) + ("" if has_revision else ":*")


def _machine(lookup: Lookup) -> Iterator[str]:
    yield from (unqualified(one) for one in lookup("StateMachineArn") or (ANY,))


def _execution(lookup: Lookup) -> Iterator[str]:
    yield from (one if one.startswith("arn:") else arn("states", "execution:*") for one in lookup("ExecutionArn") or (ANY,))


def _query(lookup: Lookup) -> Iterator[str]:
    """The workgroup of a query: the one that it is started in, any for a query that is asked for."""
    pattern = arn("athena", "workgroup/{WorkGroup}")
    yield from _filled(pattern, lookup) if lookup("QueryExecutionId") is None else (arn("athena", f"workgroup/{ANY}"),)


def _topic(lookup: Lookup) -> Iterator[str]:
    yield from lookup("TopicArn") or lookup("TargetArn") or (ANY,)


def _rule(lookup: Lookup) -> Iterator[str]:
    """A rule by its name, and the bus that it is on, by name or ARN; that of the default bus has none in its ARN."""
    for name, bus in product(lookup("Name") or lookup("Rule") or (ANY,), lookup("EventBusName") or ("default",)):
        bus = bus.rpartition("/")[2] if bus.startswith("arn:") else ANY if is_arn_placeholder(bus) else bus
        yield arn("events", f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}")
        if bus != "default" and (ANY in bus or "${" in bus):
            yield arn("events", f"rule/{name}")


def _secret(lookup: Lookup) -> Iterator[str]:
    """A secret by its name, to which the service adds six characters, or by its ARN with or without them."""
    for secret in lookup("SecretId") or lookup("Name") or (ANY,):
        if is_arn_placeholder(secret) or _WHOLE_SECRET.search(secret):
            yield secret
        elif "${" in secret or ANY in secret:
            yield arn("secretsmanager", f"secret:{ANY}")
        else:
            yield f"{secret if secret.startswith('arn:') else arn('secretsmanager', f'secret:{secret}')}-??????"


def _parameter(lookup: Lookup) -> Iterator[str]:
    """A parameter by its name, without selector; those that AWS publishes are of no account."""
    for name in lookup("Name") or lookup("Names[]") or (ANY,):
        if is_arn(name):
            yield name
        else:
            plain = _VARIABLE.sub(lambda found: found[0].replace(":", "\0"), name).partition(":")[0].replace("\0", ":")
            place = arn("ssm", f"parameter/{plain.removeprefix('/')}")
            yield place.replace("${AWS::AccountId}", ANY) if plain.startswith("/aws/") else place


_WHOLE_SECRET: Final = re.compile(r"\Aarn:.*-\w{6}\Z")
_MADE: Final[Mapping[str, Callable[[Lookup], Iterator[str]]]] = {
    "@function": _function, "@parameter": _parameter, "@queue": _queue, "@rule": _rule, "@secret": _secret, "@topic": _topic,
}  # fmt: skip
_SPECIAL: Final[Mapping[str, Callable[[Lookup], Iterator[str]]]] = {
    "athena:GetQueryExecution": _query,
    "athena:GetQueryResults": _query,
    "athena:StopQueryExecution": _query,
    "batch:SubmitJob": _job,
    "bedrock:InvokeModel": _model,
    "dynamodb:BatchGetItem": _tables,
    "dynamodb:BatchWriteItem": _tables,
    "dynamodb:GetItem": _tables,
    "ecs:RunTask": _task,
    "events:PutEvents": _buses,
    "execute-api:Invoke": _api,
    "execute-api:ManageConnections": _api,
    "lambda:InvokeFunction": _function,
    "states:DescribeExecution": _execution,
    "states:ListExecutions": _machine,
    "states:StartExecution": _machine,
    "states:StartSyncExecution": _machine,
    "states:StopExecution": _execution,
}
"""IAM actions whose resources are more than a pattern."""
