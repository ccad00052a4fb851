"""The optimized integrations of Step Functions, and the patterns each offers besides request and response.

From the developer guide's pages of the integrations, autumn 2026 (integrate-optimized and one page a service). The service
checks this list when a machine is created. A service that is not here may be newer than the table: unknown, not wrong.
"""

from collections.abc import Mapping

from asl_lint.late import Final

AS_OF: Final = "autumn 2026"
"""When the table was read."""

INTEGRATIONS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "apigateway": {
        "invoke": ("waitForTaskToken",),
    },
    "athena": {
        "getQueryExecution": (),
        "getQueryResults": (),
        "startQueryExecution": ("sync",),
        "stopQueryExecution": (),
    },
    "batch": {
        "submitJob": ("sync",),
    },
    "bedrock": {
        "createModelCustomizationJob": ("sync",),
        "invokeModel": ("waitForTaskToken",),
    },
    "bedrockagentcore": {
        "invokeHarness": (),
    },
    "codebuild": {
        "batchDeleteBuilds": (),
        "batchGetReports": (),
        "deleteBuildBatch": (),
        "retryBuildBatch": ("sync",),
        "startBuild": ("sync",),
        "startBuildBatch": ("sync",),
        "stopBuild": (),
        "stopBuildBatch": (),
    },
    "databrew": {
        "startJobRun": ("sync",),
    },
    "dynamodb": {
        "deleteItem": (),
        "getItem": (),
        "putItem": (),
        "updateItem": (),
    },
    "ecs": {
        "runTask": ("sync", "waitForTaskToken"),
    },
    "eks": {
        "call": (),
        "createCluster": ("sync",),
        "createFargateProfile": ("sync",),
        "createNodegroup": ("sync",),
        "deleteCluster": ("sync",),
        "deleteFargateProfile": ("sync",),
        "deleteNodegroup": ("sync",),
        "runJob": ("sync",),
    },
    "elasticmapreduce": {
        "addStep": ("sync",),
        "cancelStep": (),
        "createCluster": ("sync",),
        "modifyInstanceFleetByName": (),
        "modifyInstanceGroupByName": (),
        "setClusterTerminationProtection": (),
        "terminateCluster": ("sync",),
    },
    "emr-containers": {
        "createVirtualCluster": (),
        "deleteVirtualCluster": ("sync",),
        "startJobRun": ("sync",),
    },
    "emr-serverless": {
        "cancelJobRun": ("sync",),
        "createApplication": ("sync",),
        "deleteApplication": ("sync",),
        "startApplication": ("sync",),
        "startJobRun": ("sync",),
        "stopApplication": ("sync",),
    },
    "events": {
        "putEvents": ("waitForTaskToken",),
    },
    "glue": {
        "startJobRun": ("sync",),
    },
    "http": {
        "invoke": (),
    },
    "lambda": {
        "invoke": ("waitForTaskToken",),
    },
    "mediaconvert": {
        "createJob": ("sync",),
    },
    "sagemaker": {
        "createEndpoint": (),
        "createEndpointConfig": (),
        "createHyperParameterTuningJob": ("sync",),
        "createLabelingJob": ("sync",),
        "createModel": (),
        "createProcessingJob": ("sync",),
        "createTrainingJob": ("sync",),
        "createTransformJob": ("sync",),
        "updateEndpoint": (),
    },
    "sns": {
        "publish": ("waitForTaskToken",),
    },
    "sqs": {
        "sendMessage": ("waitForTaskToken",),
    },
    "states": {
        "startExecution": ("sync", "sync:2", "waitForTaskToken"),
    },
}
"""Service -> action -> patterns (``sync``, ``sync:2``, ``waitForTaskToken``)."""


def is_not_offered(service: str | None, action: str | None, pattern: str | None) -> bool:
    """Whether an integration that is in the table lacks a pattern."""
    patterns = INTEGRATIONS.get(service or "", {}).get(action or "")
    return patterns is not None and bool(pattern) and pattern not in patterns
