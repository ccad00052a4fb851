"""The calls of optimized integrations: which operation of which API each makes, and where it takes other arguments than that.

From the developer guide's pages of the integrations. A call that is not here is unknown: nothing is said of its arguments.
"""

from collections.abc import Mapping
from functools import lru_cache

from asl_lint.aws.service_index import Shape
from asl_lint.late import Final, NamedTuple


class OptimizedCall(NamedTuple):
    """``service`` is the name in the index, ``action`` the API's where it differs.

    ``any_json`` names members, at any depth, that take any JSON where the API takes text; ``more`` names members that the API
    does not have; ``optional`` required ones that may be missing here.
    """

    service: str
    action: str | None = None
    any_json: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


_EVERY_ACTION: Final[Mapping[str, str]] = {
    "athena": "athena", "batch": "batch", "codebuild": "codebuild", "databrew": "databrew", "dynamodb": "dynamodb", "ecs": "ecs",
    "eks": "eks", "emr-containers": "emrcontainers", "emr-serverless": "emrserverless", "glue": "glue", "lambda": "lambda",
    "mediaconvert": "mediaconvert", "sagemaker": "sagemaker",
}  # fmt: skip
"""Integrations whose arguments are the API's -> their service in the index."""

_CALLS: Final[Mapping[str, OptimizedCall]] = {
    "bedrock:createModelCustomizationJob": OptimizedCall("bedrock"),
    "bedrock:invokeModel": OptimizedCall("bedrockruntime", more=frozenset(("Input", "Output")), optional=frozenset(("Body",))),
    "elasticmapreduce:createCluster": OptimizedCall("emr", "runJobFlow"),
    "events:putEvents": OptimizedCall("eventbridge", any_json=frozenset(("Detail",))),
    "sns:publish": OptimizedCall("sns", any_json=frozenset(("Message",))),
    "sqs:sendMessage": OptimizedCall("sqs", any_json=frozenset(("MessageBody",))),
    "states:startExecution": OptimizedCall("sfn", any_json=frozenset(("Input",))),
}

MAP_CALLS: Final[Mapping[str, OptimizedCall]] = {
    "getObject": OptimizedCall("s3"),
    "listObjectsV2": OptimizedCall("s3"),
    "putObject": OptimizedCall("s3", more=frozenset(("Prefix",)), optional=frozenset(("Key",))),
}
"""What the ItemReader and the ResultWriter of a distributed Map call: a writer names its objects itself, below a prefix."""

_TEXT, _ANY, _METHOD, _CONNECTION, _TRANSFORM, _OPTIONS, _ENCODING, _ARRAYS, _AUTH = range(9)
_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")

_OWN_SHAPES: Final = (
    Shape("string"),
    Shape("document"),
    Shape("string", enum=_METHODS),
    Shape("structure", {"ConnectionArn": _TEXT}, ("ConnectionArn",)),
    Shape("structure", {"RequestBodyEncoding": _ENCODING, "RequestEncodingOptions": _OPTIONS}),
    Shape("structure", {"ArrayFormat": _ARRAYS}),
    Shape("string", enum=("NONE", "URL_ENCODED")),
    Shape("string", enum=("INDICES", "REPEAT", "COMMAS", "BRACKETS")),
    Shape("string", enum=("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY")),
    Shape(
        "structure",
        {
            "ApiEndpoint": _TEXT, "Method": _METHOD, "Authentication": _CONNECTION, "InvocationConfig": _CONNECTION,
            "Headers": _ANY, "QueryParameters": _ANY, "RequestBody": _ANY, "Transform": _TRANSFORM,
        },
        ("ApiEndpoint", "Method"),
    ),
    Shape(
        "structure",
        {
            "ApiEndpoint": _TEXT, "Method": _METHOD, "Headers": _ANY, "Stage": _TEXT, "Path": _TEXT, "QueryParameters": _ANY,
            "RequestBody": _ANY, "AllowNullValues": _ANY, "AuthType": _AUTH,
        },
        ("ApiEndpoint", "Method"),
    ),
    Shape(
        "structure",
        {
            "ClusterName": _TEXT, "CertificateAuthority": _TEXT, "Endpoint": _TEXT, "Method": _METHOD, "Path": _TEXT,
            "QueryParameters": _ANY, "RequestBody": _ANY,
        },
        ("ClusterName", "CertificateAuthority", "Endpoint", "Method", "Path"),
    ),
    Shape(
        "structure",
        {
            "ClusterName": _TEXT, "CertificateAuthority": _TEXT, "Endpoint": _TEXT, "Namespace": _TEXT, "Job": _ANY,
            "LogOptions": _ANY,
        },
        ("ClusterName", "CertificateAuthority", "Endpoint", "Job"),
    ),
)  # fmt: skip

OWN_INPUTS: Final[Mapping[str, int]] = {"http:invoke": 9, "apigateway:invoke": 10, "eks:call": 11, "eks:runJob": 12}
"""Calls that Step Functions itself defines -> the shape of their arguments."""

ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {"http:invoke": ("Authentication", "InvocationConfig")}
"""Calls -> arguments of which one at least must be there."""


class OwnShapes:
    """The shapes of the calls that Step Functions itself defines, asked for as those of a service are."""

    def shape(self, number: int) -> Shape:
        """The shape of that number."""
        return _OWN_SHAPES[number]

    def members(self, number: int, is_sdk: bool) -> Mapping[str, tuple[str, int]]:
        """Its members by their spelling, each with the API's name and the number of its shape."""
        return {name: (name, of) for name, of in (_OWN_SHAPES[number].members or {}).items()}


@lru_cache(maxsize=1024)
def optimized_call(service: str, action: str) -> OptimizedCall | None:
    """What an optimized integration calls, None where the index cannot say."""
    known = _CALLS.get(f"{service}:{action}")
    if known is None and service in _EVERY_ACTION and f"{service}:{action}" not in OWN_INPUTS:
        return OptimizedCall(_EVERY_ACTION[service])
    return known


UNSUPPORTED: Final[Mapping[str, frozenset[str]]] = {
    service: frozenset(actions.split())
    for service, actions in {
        "applicationdiscovery": "describeExportConfigurations exportConfigurations",
        "dsql": "createMultiRegionClusters deleteMultiRegionClusters",
        "bedrockagentcore": "invokeCodeInterpreter invokeAgentRuntimeCommand invokeHarness",
        "bedrockruntime": "invokeModelWithResponseStream converseStream invokeModelWithBidirectionalStream",
        "bedrockagentruntime": "agenticRetrieveStream invokeAgent invokeFlow invokeInlineAgent optimizePrompt "
        "retrieveAndGenerateStream",
        "cloudwatchlogs": "startLiveTail getLogObject",
        "codedeploy": "batchGetDeploymentInstances getDeploymentInstance listDeploymentInstances "
        "skipWaitTimeForInstanceTermination",
        "comprehendmedical": "detectEntities",
        "connecthealth": "startMedicalScribeListeningSession",
        "dataexchange": "sendApiAsset",
        "devopsagent": "sendMessage",
        "directconnect": "allocateConnectionOnInterconnect describeConnectionLoa describeConnectionsOnInterconnect "
        "describeInterconnectLoa",
        "efs": "createTags",
        "emr": "describeJobFlows",
        "iot": "attachPrincipalPolicy listPrincipalPolicies detachPrincipalPolicy listPolicyPrincipals",
        "iotdeviceadvisor": "listTestCases",
        "iotsitewise": "invokeAssistant",
        "kinesis": "subscribeToShard",
        "lambda": "invokeAsync invokeWithResponseStream",
        "lexruntimev2": "startConversation",
        "mediapackage": "rotateChannelCredentials",
        "polly": "startSpeechSynthesisStream",
        "qbusiness": "chat",
        "rdsdata": "executeSql",
        "s3": "selectObjectContent",
        "s3control": "selectObjectContent",
        "sagemakerruntime": "invokeEndpointWithResponseStream",
        "sagemakerruntimehttp2": "invokeEndpointWithBidirectionalStream",
        "securityhub": "connectorRegistrationsV2",
        "sts": "assumeRole assumeRoleWithSAML assumeRoleWithWebIdentity",
        "shield": "deleteSubscription",
    }.items()
}
"""Actions that the developer guide excepts from the ``aws-sdk`` integrations, by service (autumn 2026)."""
