"""Calls that start work, and the argument by which the service knows a start that is made again.

Without it a repeated call starts the work once more, for the SDKs put a new value in for each call. From the API models of 17
November 2026 and, for executions, the API reference (StartExecution: the same name and input is the same execution). Names as
``Call.name`` has them, members as an ``aws-sdk`` call spells them.
"""

from collections.abc import Mapping

from asl_lint.late import Final

REPEATABLE: Final[Mapping[str, str]] = {
    "appflow:startFlow": "ClientToken",
    "athena:startQueryExecution": "ClientRequestToken",
    "backup:startBackupJob": "IdempotencyToken",
    "backup:startCopyJob": "IdempotencyToken",
    "backup:startRestoreJob": "IdempotencyToken",
    "bedrockagent:startIngestionJob": "ClientToken",
    "bedrockruntime:startAsyncInvoke": "ClientRequestToken",
    "codepipeline:startPipelineExecution": "ClientRequestToken",
    "comprehend:startDocumentClassificationJob": "ClientRequestToken",
    "comprehend:startEntitiesDetectionJob": "ClientRequestToken",
    "comprehend:startKeyPhrasesDetectionJob": "ClientRequestToken",
    "comprehend:startPiiEntitiesDetectionJob": "ClientRequestToken",
    "comprehend:startSentimentDetectionJob": "ClientRequestToken",
    "comprehend:startTopicsDetectionJob": "ClientRequestToken",
    "ec2:runInstances": "ClientToken",
    "ecs:runTask": "ClientToken",
    "emr-containers:startJobRun": "ClientToken",
    "emr-serverless:startJobRun": "ClientToken",
    "emrcontainers:startJobRun": "ClientToken",
    "emrserverless:startJobRun": "ClientToken",
    "fis:startExperiment": "ClientToken",
    "imagebuilder:startImagePipelineExecution": "ClientToken",
    "marketplacecatalog:startChangeSet": "ClientRequestToken",
    "mediaconvert:createJob": "ClientRequestToken",
    "medicalimaging:startDICOMImportJob": "ClientToken",
    "omics:startRun": "RequestId",
    "redshiftdata:batchExecuteStatement": "ClientToken",
    "redshiftdata:executeStatement": "ClientToken",
    "resiliencehub:startAppAssessment": "ClientToken",
    "sagemaker:startPipelineExecution": "ClientRequestToken",
    "signer:startSigningJob": "ClientRequestToken",
    "ssm:startAutomationExecution": "ClientToken",
    "states:startExecution": "Name",
    "translate:startTextTranslationJob": "ClientToken",
}
"""``service:action`` -> the member."""
