"""Calls that start work and return before it is done: how its state is asked for, how it is stopped, and whether ``.sync`` waits.

Sources: the services' API references (the calls of a job's life), and the developer guide's list of integrations that run a job
("Integrating services with Step Functions", July 2026). Names as a Task's ``Resource`` spells them; ``aws-sdk`` and optimized
spellings of a service are both in ``SPELLINGS``.
"""

from collections.abc import Mapping

from asl_lint.late import Final, NamedTuple


class Work(NamedTuple):
    """A kind of work: the calls that start it, tell its state and stop it. ``has_sync``: an integration waits for it itself."""

    service: str
    starts: tuple[str, ...]
    checks: tuple[str, ...]
    stops: tuple[str, ...]
    has_sync: bool = False


SPELLINGS: Final[Mapping[str, str]] = {
    "elasticmapreduce": "emr", "emr-serverless": "emrserverless", "emr-containers": "emrcontainers", "sfn": "states",
    "cloudwatchlogs": "logs", "databasemigration": "dms", "databasemigrationservice": "dms",
}  # fmt: skip
"""Services that are spelled in more than one way -> the spelling of ``WORK``."""


WORK: Final = (
    Work("athena", ("startQueryExecution",), ("getQueryExecution", "batchGetQueryExecution"), ("stopQueryExecution",), True),
    Work("backup", ("startBackupJob",), ("describeBackupJob",), ("stopBackupJob",)),
    Work("backup", ("startRestoreJob",), ("describeRestoreJob",), ()),
    Work("backup", ("startCopyJob",), ("describeCopyJob",), ()),
    Work("batch", ("submitJob",), ("describeJobs",), ("cancelJob", "terminateJob"), True),
    Work("bedrock", ("createModelCustomizationJob",), ("getModelCustomizationJob",), ("stopModelCustomizationJob",), True),
    Work("bedrock", ("createEvaluationJob",), ("getEvaluationJob",), ("stopEvaluationJob",)),
    Work("bedrock", ("createModelInvocationJob",), ("getModelInvocationJob",), ("stopModelInvocationJob",)),
    Work("bedrockagent", ("startIngestionJob",), ("getIngestionJob",), ("stopIngestionJob",)),
    Work("bedrockruntime", ("startAsyncInvoke",), ("getAsyncInvoke",), ()),
    Work("cloudformation", ("createStack", "updateStack", "deleteStack"), ("describeStacks",), ("cancelUpdateStack",)),
    Work("codebuild", ("startBuild",), ("batchGetBuilds",), ("stopBuild",), True),
    Work("codebuild", ("startBuildBatch",), ("batchGetBuildBatches",), ("stopBuildBatch",), True),
    Work("codepipeline", ("startPipelineExecution",), ("getPipelineExecution", "getPipelineState"), ("stopPipelineExecution",)),
    Work("comprehend", ("startDocumentClassificationJob",), ("describeDocumentClassificationJob",), ()),
    Work("comprehend", ("startEntitiesDetectionJob",), ("describeEntitiesDetectionJob",), ("stopEntitiesDetectionJob",)),
    Work("comprehend", ("startSentimentDetectionJob",), ("describeSentimentDetectionJob",), ("stopSentimentDetectionJob",)),
    Work("comprehend", ("startPiiEntitiesDetectionJob",), ("describePiiEntitiesDetectionJob",), ("stopPiiEntitiesDetectionJob",)),
    Work(
        "comprehend",
        ("startKeyPhrasesDetectionJob",),
        ("describeKeyPhrasesDetectionJob",),
        ("stopKeyPhrasesDetectionJob",),
    ),
    Work("comprehend", ("startTopicsDetectionJob",), ("describeTopicsDetectionJob",), ()),
    Work("databrew", ("startJobRun",), ("describeJobRun",), ("stopJobRun",), True),
    Work("datasync", ("startTaskExecution",), ("describeTaskExecution",), ("cancelTaskExecution",)),
    Work("dms", ("startReplicationTask",), ("describeReplicationTasks",), ("stopReplicationTask",)),
    Work("dms", ("startReplication",), ("describeReplications",), ("stopReplication",)),
    Work("dynamodb", ("exportTableToPointInTime",), ("describeExport",), ()),
    Work("dynamodb", ("importTable",), ("describeImport",), ()),
    Work("ec2", ("createSnapshot",), ("describeSnapshots",), ()),
    Work("ec2", ("createImage",), ("describeImages",), ()),
    Work("ec2", ("exportImage",), ("describeExportImageTasks",), ("cancelExportTask",)),
    Work(
        "ec2",
        ("runInstances", "startInstances"),
        ("describeInstances", "describeInstanceStatus"),
        ("stopInstances", "terminateInstances"),
    ),
    Work("ecs", ("runTask",), ("describeTasks",), ("stopTask",), True),
    Work("emr", ("createCluster", "runJobFlow"), ("describeCluster",), ("terminateCluster", "terminateJobFlows"), True),
    Work("emr", ("addStep", "addJobFlowSteps"), ("describeStep",), ("cancelStep", "cancelSteps"), True),
    Work("emrcontainers", ("startJobRun",), ("describeJobRun",), ("cancelJobRun",), True),
    Work("emrserverless", ("startJobRun",), ("getJobRun",), ("cancelJobRun",), True),
    Work("glue", ("startJobRun",), ("getJobRun", "getJobRuns"), ("batchStopJobRun",), True),
    Work("glue", ("startCrawler",), ("getCrawler", "listCrawls"), ("stopCrawler",)),
    Work("glue", ("startWorkflowRun",), ("getWorkflowRun",), ("stopWorkflowRun",)),
    Work("kinesisanalyticsv2", ("startApplication",), ("describeApplication",), ("stopApplication",)),
    Work("logs", ("createExportTask",), ("describeExportTasks",), ("cancelExportTask",)),
    Work("logs", ("startQuery",), ("getQueryResults",), ("stopQuery",)),
    Work("lookoutvision", ("startModel",), ("describeModel",), ("stopModel",)),
    Work("macie2", ("createClassificationJob",), ("describeClassificationJob",), ("updateClassificationJob",)),
    Work("mediaconvert", ("createJob",), ("getJob",), ("cancelJob",), True),
    Work("polly", ("startSpeechSynthesisTask",), ("getSpeechSynthesisTask",), ()),
    Work("rds", ("startExportTask",), ("describeExportTasks",), ("cancelExportTask",)),
    Work("rds", ("createDBSnapshot",), ("describeDBSnapshots",), ()),
    Work("rds", ("createDBClusterSnapshot",), ("describeDBClusterSnapshots",), ()),
    Work(
        "rds",
        ("createDBInstance", "deleteDBInstance", "restoreDBInstanceFromDBSnapshot", "startDBInstance", "stopDBInstance"),
        ("describeDBInstances",),
        (),
    ),
    Work(
        "rds",
        ("createDBCluster", "deleteDBCluster", "restoreDBClusterFromSnapshot", "startDBCluster", "stopDBCluster"),
        ("describeDBClusters",),
        (),
    ),
    Work("redshiftdata", ("executeStatement", "batchExecuteStatement"), ("describeStatement",), ("cancelStatement",)),
    Work("rekognition", ("startLabelDetection",), ("getLabelDetection",), ()),
    Work("rekognition", ("startContentModeration",), ("getContentModeration",), ()),
    Work("rekognition", ("startFaceDetection",), ("getFaceDetection",), ()),
    Work("rekognition", ("startSegmentDetection",), ("getSegmentDetection",), ()),
    Work("rekognition", ("startTextDetection",), ("getTextDetection",), ()),
    Work("rekognition", ("startCelebrityRecognition",), ("getCelebrityRecognition",), ()),
    Work("rekognition", ("startProjectVersion",), ("describeProjectVersions",), ("stopProjectVersion",)),
    Work("sagemaker", ("startPipelineExecution",), ("describePipelineExecution",), ("stopPipelineExecution",)),
    Work("sagemaker", ("createTrainingJob",), ("describeTrainingJob",), ("stopTrainingJob",), True),
    Work("sagemaker", ("createTransformJob",), ("describeTransformJob",), ("stopTransformJob",), True),
    Work("sagemaker", ("createProcessingJob",), ("describeProcessingJob",), ("stopProcessingJob",), True),
    Work("sagemaker", ("createLabelingJob",), ("describeLabelingJob",), ("stopLabelingJob",), True),
    Work(
        "sagemaker",
        ("createHyperParameterTuningJob",),
        ("describeHyperParameterTuningJob",),
        ("stopHyperParameterTuningJob",),
        True,
    ),
    Work("sagemaker", ("createAutoMLJob", "createAutoMLJobV2"), ("describeAutoMLJob", "describeAutoMLJobV2"), ("stopAutoMLJob",)),
    Work("sagemaker", ("createEndpoint", "updateEndpoint"), ("describeEndpoint",), ("deleteEndpoint",)),
    Work(
        "ssm",
        ("startAutomationExecution",),
        ("getAutomationExecution", "describeAutomationExecutions"),
        ("stopAutomationExecution",),
    ),
    Work("ssm", ("sendCommand",), ("getCommandInvocation", "listCommandInvocations", "listCommands"), ("cancelCommand",)),
    Work("states", ("startExecution",), ("describeExecution",), ("stopExecution",), True),
    Work("textract", ("startDocumentTextDetection",), ("getDocumentTextDetection",), ()),
    Work("textract", ("startDocumentAnalysis",), ("getDocumentAnalysis",), ()),
    Work("textract", ("startExpenseAnalysis",), ("getExpenseAnalysis",), ()),
    Work("textract", ("startLendingAnalysis",), ("getLendingAnalysis",), ()),
    Work("transcribe", ("startTranscriptionJob",), ("getTranscriptionJob",), ("deleteTranscriptionJob",)),
)

_STARTS: Final[Mapping[str, Work]] = {f"{work.service}:{name}": work for work in WORK for name in work.starts}
_CHECKS: Final[Mapping[str, Work]] = {f"{work.service}:{name}": work for work in WORK for name in work.checks}


def plain_service(service: str) -> str:
    """The service in the spelling of ``WORK``."""
    lower = service.lower()
    return SPELLINGS.get(lower, lower)


def started_by(service: str, action: str) -> Work | None:
    """The work that a call starts; None for a call that is not in the table."""
    return _STARTS.get(f"{plain_service(service)}:{action}")


def checked_by(service: str, action: str) -> Work | None:
    """The work of which a call tells the state; None for a call that is not in the table."""
    return _CHECKS.get(f"{plain_service(service)}:{action}")


_START_VERBS: Final = ("start", "create", "submit", "run", "restore", "import", "export", "copy")
_CHECK_VERBS: Final = ("describe", "get", "batchGet", "list")


def may_be_pair(start: tuple[str, str], check: tuple[str, str]) -> bool:
    """Whether two calls (service, action) that are not in the table start work and tell its state, by their names alone."""
    if plain_service(start[0]) != plain_service(check[0]):
        return False
    started = _noun(start[1], _START_VERBS)
    asked = _noun(check[1], _CHECK_VERBS)
    if not started or not asked:
        return False
    asked = asked.removesuffix("s")
    return started.removesuffix("s") == asked or (len(asked) > 3 and started.startswith(asked))


def _noun(action: str, verbs: tuple[str, ...]) -> str:
    for verb in verbs:
        if action.startswith(verb) and action[len(verb) : len(verb) + 1].isupper():
            return action[len(verb) :].lower()
    return ""
