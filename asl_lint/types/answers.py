"""What calls of AWS give back, from the shapes of the API's model: large, nested and recursive, so opened when they are read.

An ``aws-sdk`` call gives what the API answers, in its own spelling; an optimized integration gives that and something about the
HTTP request; ``.sync`` gives the description of the finished work; ``.waitForTaskToken`` whatever came with the token.
Where it is not known what a call gives, the type is SOMETHING.
"""

from collections.abc import Mapping
from functools import cache

from asl_lint.aws.optimized_calls import optimized_call
from asl_lint.aws.service_index import Service, service_index
from asl_lint.late import Final, NamedTuple
from asl_lint.types.lattice import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    OBJECT,
    OUTCOME,
    SOMETHING,
    STRING,
    TIMESTAMP,
    UNDEFINED,
    Members,
    Source,
    Strings,
    Type,
    Undefined,
    array_of,
    enumeration,
    join,
    object_of,
)

_UNSAID: Final = Undefined.UNSAID
_TIME: Final = join(TIMESTAMP, NUMBER)
"""A time in the answer of an optimized integration: a text, or milliseconds, by the integration."""
_ANY_BLOB: Final = frozenset(("bedrockruntime", "lambda", "sagemakerruntime"))
"""Services whose blobs hold what the caller put there: whether they come as text or as JSON is not known of each."""

_HTTP: Final[Mapping[str, Type]] = {
    "SdkHttpMetadata": object_of({
        "AllHttpHeaders": OBJECT.or_undefined(_UNSAID), "HttpHeaders": OBJECT.or_undefined(_UNSAID),
        "HttpStatusCode": INTEGER.or_undefined(_UNSAID),
    }, ANY).or_undefined(_UNSAID),
    "SdkResponseMetadata": object_of({"RequestId": STRING.or_undefined(_UNSAID)}, ANY).or_undefined(_UNSAID),
}  # fmt: skip
"""What an optimized integration adds to the answer (recorded)."""


@cache
def sdk_answer(service: str, action: str) -> Type:
    """What an ``aws-sdk`` call gives by request and response; SOMETHING where the index does not know the operation."""
    found = service_index().service(service)
    operation = found.operation(action) if found is not None else None
    if found is None or operation is None:
        return SOMETHING
    if operation.output is None:
        return OBJECT
    return _structure(found, operation.output, True, _source(f"{service}:{action}"), {})


@cache
def optimized_answer(service: str, action: str, pattern: str) -> Type:
    """What an optimized integration gives, by its pattern (empty: request and response)."""
    name = f"{service}:{action}"
    if pattern == "waitForTaskToken":
        return SOMETHING
    if pattern:
        return _described(name, pattern)
    if name in _OWN:
        return _OWN[name]
    called = optimized_call(service, action)
    found = service_index().service(called.service) if called is not None else None
    operation = found.operation((called and called.action) or action) if found is not None else None
    if found is None or operation is None:
        return SOMETHING
    if operation.output is None:
        return OBJECT
    return _structure(found, operation.output, False, _source(name), {**_HTTP, **_REPLACED.get(name, {})})


_OWN: Final[Mapping[str, Type]] = {
    name: object_of({
        "StatusCode": NUMBER, "StatusText": STRING.or_undefined(_UNSAID), "Headers": OBJECT.or_undefined(_UNSAID),
        "ResponseBody": SOMETHING.or_undefined(_UNSAID),
    }, ANY)
    for name in ("http:invoke", "apigateway:invoke")
}  # fmt: skip
"""Calls that Step Functions itself defines -> what they give; whether there is more is not known."""

_REPLACED: Final[Mapping[str, Mapping[str, Type]]] = {
    "lambda:invoke": {"Payload": SOMETHING.or_undefined(_UNSAID)},
    "bedrock:invokeModel": {"Body": SOMETHING.or_undefined(_UNSAID)},
}  # fmt: skip
"""Members that an integration parses, where the API gives bytes."""


class _Description(NamedTuple):
    """The answer of another operation, or the one object in it that ``path`` leads to (elements of lists included).

    ``status`` leads from there to how the work came out.
    """

    service: str
    action: str
    path: tuple[str, ...] = ()
    status: tuple[str, ...] = ()


_DESCRIBED: Final[Mapping[str, _Description]] = {
    "athena:startQueryExecution": _Description("athena", "getQueryExecution", (), ("QueryExecution", "Status", "State")),
    "batch:submitJob": _Description("batch", "describeJobs", ("jobs",), ("Status",)),
    "ecs:runTask": _Description("ecs", "describeTasks", ("tasks",)),
    "glue:startJobRun": _Description("glue", "getJobRun", ("JobRun",), ("JobRunState",)),
    "sagemaker:createHyperParameterTuningJob": _Description(
        "sagemaker", "describeHyperParameterTuningJob", (), ("HyperParameterTuningJobStatus",)
    ),
    "sagemaker:createLabelingJob": _Description("sagemaker", "describeLabelingJob", (), ("LabelingJobStatus",)),
    "sagemaker:createProcessingJob": _Description("sagemaker", "describeProcessingJob", (), ("ProcessingJobStatus",)),
    "sagemaker:createTrainingJob": _Description("sagemaker", "describeTrainingJob", (), ("TrainingJobStatus",)),
    "sagemaker:createTransformJob": _Description("sagemaker", "describeTransformJob", (), ("TransformJobStatus",)),
    "states:startExecution": _Description("sfn", "describeExecution", (), ("Status",)),
}
"""Integrations that wait -> what of which answer they give (the guide's examples, and definitions that read it)."""

_EXECUTION: Final[Mapping[str, Mapping[str, Type]]] = {
    # ``.sync`` gives input and output as texts (recorded), ``.sync:2`` as JSON (developer guide, connect-stepfunctions).
    "sync": {"Input": STRING.or_undefined(_UNSAID), "Output": STRING.or_undefined(_UNSAID)},
    "sync:2": {"Input": SOMETHING.or_undefined(_UNSAID), "Output": SOMETHING.or_undefined(_UNSAID)},
}


def _described(name: str, pattern: str) -> Type:
    description = _DESCRIBED.get(name)
    if description is None:
        return SOMETHING
    service = service_index().service(description.service)
    operation = service.operation(description.action) if service is not None else None
    number = operation.output if operation is not None else None
    if service is None:
        return SOMETHING
    for member in description.path:
        members = service.shape(number).members if number is not None else None
        number = members.get(member) if members is not None else None
        if number is not None and service.shape(number).kind == "list":
            number = service.shape(number).element
    if number is None:
        return SOMETHING
    replaced = _EXECUTION[pattern] if name == "states:startExecution" else {}
    found = _structure(service, number, False, _source(f"{name}.{pattern}"), {**_HTTP, **replaced})
    return _over(found, description.status) if description.status else found


_OVER: Final = frozenset({"SUCCEEDED", "Completed", "STOPPED", "Stopped"})
"""Statuses with which a Task that waits goes on: of failed work it fails itself; of stopped work that has not been recorded."""


def _over(found: Type, path: tuple[str, ...]) -> Type:
    """The description with those values of the status at a path that there are when the work is over."""
    if not path:
        strings = found.strings
        if strings is None or strings.literals is None:
            return found
        return found._replace(strings=Strings(strings.literals & _OVER, OUTCOME, open=True))
    if found.object is None:
        return found
    return found._replace(object=found.object.with_member(path[0], _over(found.object.member(path[0]), path[1:])))


@cache
def listed_object() -> Type:
    """What an ItemReader gives of each object that s3:listObjectsV2 lists (developer guide, ItemReader: ``Etag``, seconds)."""
    known = {"Etag": STRING, "Key": STRING, "LastModified": _TIME, "Size": INTEGER, "StorageClass": STRING}
    others = ("ChecksumAlgorithm", "ChecksumType", "Owner", "RestoreStatus")
    members = {**known, **dict.fromkeys(others, SOMETHING)}
    source = Source("what s3:listObjectsV2 lists of an object", service_index().date)
    return object_of({name: found.or_undefined(_UNSAID) for name, found in members.items()}, UNDEFINED, source)


def _source(name: str) -> Source:
    return Source(f"the answer of {name}", service_index().date)


# --- shapes -------------------------------------------------------------------------------------------------------------------


def _structure(service: Service, number: int, is_sdk: bool, source: Source, replaced: Mapping[str, Type]) -> Type:
    """A structure as an object that has no other members than those of its shape and those that are ``replaced`` or added."""
    shape = service.shape(number)
    if shape.members is None:
        return SOMETHING
    members = service.members(number, is_sdk)
    required, any_value = frozenset(shape.required), frozenset(shape.any_value)

    def make(name: str) -> Type:
        if name in replaced:
            return replaced[name]
        api_name, of = members[name]
        found = SOMETHING if api_name in any_value else _shape(service, of, is_sdk, source)
        return found if api_name in required else found.or_undefined(_UNSAID)

    key = (service.name, number, is_sdk, source, tuple(replaced))
    return object_of(Members({**dict.fromkeys(members), **dict.fromkeys(replaced)}, make, key), UNDEFINED, source)


def _shape(service: Service, number: int, is_sdk: bool, source: Source) -> Type:
    shape = service.shape(number)
    kind = shape.kind
    if kind == "structure":
        return _structure(service, number, is_sdk, source, {})
    if kind == "list" and shape.element is not None:
        return array_of(_shape(service, shape.element, is_sdk, source))
    if kind == "map" and shape.element is not None:
        return object_of({}, _shape(service, shape.element, is_sdk, source).or_undefined(_UNSAID))
    if kind == "string":
        return enumeration(shape.enum) if shape.enum else STRING
    if kind == "timestamp":
        return TIMESTAMP if is_sdk else _TIME
    if kind == "blob":
        return SOMETHING if service.name in _ANY_BLOB or not is_sdk else STRING
    return _SCALARS.get(kind, SOMETHING)


_SCALARS: Final[Mapping[str, Type]] = {
    "boolean": BOOLEAN, "integer": INTEGER, "long": INTEGER, "float": NUMBER, "double": NUMBER,
}  # fmt: skip
