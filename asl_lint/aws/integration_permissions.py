"""What the role of a state machine must allow for the optimized integrations, tier by tier.

From the developer guide's pages of the integrations and their IAM templates, autumn 2026 (service-integration-iam-templates).
"""

from collections.abc import Mapping

from asl_lint.late import Final, NamedTuple


class Permissions(NamedTuple):
    """IAM actions of one integration: to ``start`` it; to ``poll`` and ``cancel`` a job that ``.sync`` waits for.

    ``rule`` is the managed rule by which EventBridge tells that the job has ended; ``roles`` are the members that pass a role.
    """

    start: tuple[str, ...]
    poll: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    rule: str | None = None
    roles: tuple[str, ...] = ()


RULE_ACTIONS: Final = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
"""What a role may do with a managed rule."""

MEMBER_PERMISSIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "bedrock:invokeModel": {
        "Input.S3Uri": "s3:GetObject", "Output.S3Uri": "s3:PutObject", "GuardrailIdentifier": "bedrock:ApplyGuardrail",
    },
    "elasticmapreduce:createCluster": {"Tags": "elasticmapreduce:AddTags"},
    "bedrock:createModelCustomizationJob": {"JobTags": "bedrock:TagResource", "CustomModelTags": "bedrock:TagResource"},
}  # fmt: skip
"""``service:action`` -> what it also needs where a member is given."""

PERMISSIONS: Final[Mapping[str, Permissions]] = {
    "lambda:invoke": Permissions(("lambda:InvokeFunction",)),
    "batch:submitJob": Permissions(
        ("batch:SubmitJob",),
        poll=("batch:DescribeJobs",),
        cancel=("batch:TerminateJob",),
        rule="StepFunctionsGetEventsForBatchJobsRule",
    ),
    "ecs:runTask": Permissions(
        ("ecs:RunTask",),
        poll=("ecs:DescribeTasks",),
        cancel=("ecs:StopTask",),
        rule="StepFunctionsGetEventsForECSTaskRule",
        roles=("Overrides.TaskRoleArn", "Overrides.ExecutionRoleArn"),
    ),
    "dynamodb:getItem": Permissions(("dynamodb:GetItem",)),
    "dynamodb:putItem": Permissions(("dynamodb:PutItem",)),
    "dynamodb:deleteItem": Permissions(("dynamodb:DeleteItem",)),
    "dynamodb:updateItem": Permissions(("dynamodb:UpdateItem",)),
    "sns:publish": Permissions(("sns:Publish",)),
    "sqs:sendMessage": Permissions(("sqs:SendMessage",)),
    "events:putEvents": Permissions(("events:PutEvents",)),
    "glue:startJobRun": Permissions(
        ("glue:StartJobRun",), poll=("glue:GetJobRun", "glue:GetJobRuns"), cancel=("glue:BatchStopJobRun",)
    ),
    "sagemaker:createTrainingJob": Permissions(
        ("sagemaker:CreateTrainingJob",),
        poll=("sagemaker:DescribeTrainingJob",),
        cancel=("sagemaker:StopTrainingJob",),
        rule="StepFunctionsGetEventsForSageMakerTrainingJobsRule",
        roles=("RoleArn", "TrainingJobDefinition.RoleArn"),
    ),
    "sagemaker:createTransformJob": Permissions(
        ("sagemaker:CreateTransformJob",),
        poll=("sagemaker:DescribeTransformJob",),
        cancel=("sagemaker:StopTransformJob",),
        rule="StepFunctionsGetEventsForSageMakerTransformJobsRule",
    ),
    "sagemaker:createHyperParameterTuningJob": Permissions(
        ("sagemaker:CreateHyperParameterTuningJob",),
        poll=("sagemaker:DescribeHyperParameterTuningJob",),
        cancel=("sagemaker:StopHyperParameterTuningJob",),
        rule="StepFunctionsGetEventsForSageMakerTuningJobsRule",
        roles=("RoleArn", "TrainingJobDefinition.RoleArn"),
    ),
    "sagemaker:createLabelingJob": Permissions(
        ("sagemaker:CreateLabelingJob",),
        poll=("sagemaker:DescribeLabelingJob",),
        cancel=("sagemaker:StopLabelingJob",),
        roles=("RoleArn", "TrainingJobDefinition.RoleArn"),
    ),
    "sagemaker:createProcessingJob": Permissions(
        ("sagemaker:CreateProcessingJob",),
        poll=("sagemaker:DescribeProcessingJob",),
        cancel=("sagemaker:StopProcessingJob",),
        roles=("RoleArn", "TrainingJobDefinition.RoleArn"),
    ),
    "sagemaker:createEndpoint": Permissions(("sagemaker:CreateEndpoint",)),
    "sagemaker:createEndpointConfig": Permissions(("sagemaker:CreateEndpointConfig",)),
    "sagemaker:createModel": Permissions(("sagemaker:CreateModel",), roles=("ExecutionRoleArn",)),
    "sagemaker:updateEndpoint": Permissions(("sagemaker:UpdateEndpoint",)),
    "elasticmapreduce:createCluster": Permissions(
        ("elasticmapreduce:RunJobFlow",),
        poll=("elasticmapreduce:DescribeCluster",),
        cancel=("elasticmapreduce:TerminateJobFlows",),
        roles=("ServiceRole", "JobFlowRole", "AutoScalingRole"),
    ),
    "elasticmapreduce:terminateCluster": Permissions(
        ("elasticmapreduce:TerminateJobFlows",), poll=("elasticmapreduce:DescribeCluster",)
    ),
    "elasticmapreduce:addStep": Permissions(
        ("elasticmapreduce:AddJobFlowSteps",),
        poll=("elasticmapreduce:DescribeStep",),
        cancel=("elasticmapreduce:CancelSteps",),
        roles=("ExecutionRoleArn",),
    ),
    "elasticmapreduce:cancelStep": Permissions(("elasticmapreduce:CancelSteps",)),
    "elasticmapreduce:setClusterTerminationProtection": Permissions(("elasticmapreduce:SetTerminationProtection",)),
    "elasticmapreduce:modifyInstanceFleetByName": Permissions(
        ("elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets")
    ),
    "elasticmapreduce:modifyInstanceGroupByName": Permissions(
        ("elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups")
    ),
    "codebuild:startBuild": Permissions(
        ("codebuild:StartBuild",),
        poll=("codebuild:BatchGetBuilds",),
        cancel=("codebuild:StopBuild",),
        rule="StepFunctionsGetEventForCodeBuildStartBuildRule",
    ),
    "codebuild:startBuildBatch": Permissions(
        ("codebuild:StartBuildBatch",),
        poll=("codebuild:BatchGetBuildBatches",),
        cancel=("codebuild:StopBuildBatch",),
        rule="StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
    ),
    "codebuild:retryBuildBatch": Permissions(
        ("codebuild:RetryBuildBatch",), poll=("codebuild:BatchGetBuildBatches",), cancel=("codebuild:StopBuildBatch",)
    ),
    "codebuild:stopBuild": Permissions(("codebuild:StopBuild",)),
    "codebuild:batchDeleteBuilds": Permissions(("codebuild:BatchDeleteBuilds",)),
    "codebuild:batchGetReports": Permissions(("codebuild:BatchGetReports",)),
    "codebuild:stopBuildBatch": Permissions(("codebuild:StopBuildBatch",)),
    "codebuild:deleteBuildBatch": Permissions(("codebuild:DeleteBuildBatch",)),
    "athena:startQueryExecution": Permissions(
        ("athena:StartQueryExecution",), poll=("athena:GetQueryExecution",), cancel=("athena:StopQueryExecution",)
    ),
    "athena:stopQueryExecution": Permissions(("athena:StopQueryExecution",)),
    "athena:getQueryExecution": Permissions(("athena:GetQueryExecution",)),
    "athena:getQueryResults": Permissions(("athena:GetQueryResults",)),
    "eks:createCluster": Permissions(
        ("eks:CreateCluster",), poll=("eks:DescribeCluster",), cancel=("eks:DeleteCluster",), roles=("RoleArn",)
    ),
    "eks:createNodegroup": Permissions(
        ("eks:CreateNodegroup",), poll=("eks:DescribeNodegroup",), cancel=("eks:DeleteNodegroup",), roles=("NodeRole",)
    ),
    "eks:createFargateProfile": Permissions(
        ("eks:CreateFargateProfile",),
        poll=("eks:DescribeFargateProfile",),
        cancel=("eks:DeleteFargateProfile",),
        roles=("PodExecutionRoleArn",),
    ),
    "eks:deleteCluster": Permissions(("eks:DeleteCluster",), poll=("eks:DescribeCluster",)),
    "eks:deleteNodegroup": Permissions(("eks:DeleteNodegroup",), poll=("eks:DescribeNodegroup",)),
    "eks:deleteFargateProfile": Permissions(("eks:DeleteFargateProfile",), poll=("eks:DescribeFargateProfile",)),
    "eks:runJob": Permissions(()),
    "eks:call": Permissions(()),
    "apigateway:invoke": Permissions(("execute-api:Invoke",)),
    "databrew:startJobRun": Permissions(
        ("databrew:StartJobRun",), poll=("databrew:ListJobRuns",), cancel=("databrew:StopJobRun",)
    ),
    "emr-containers:createVirtualCluster": Permissions(("emr-containers:CreateVirtualCluster",)),
    "emr-containers:deleteVirtualCluster": Permissions(
        ("emr-containers:DeleteVirtualCluster",), poll=("emr-containers:DescribeVirtualCluster",)
    ),
    "emr-containers:startJobRun": Permissions(
        ("emr-containers:StartJobRun",), poll=("emr-containers:DescribeJobRun",), cancel=("emr-containers:CancelJobRun",)
    ),
    "emr-serverless:createApplication": Permissions(
        ("emr-serverless:CreateApplication",),
        poll=("emr-serverless:GetApplication",),
        cancel=("emr-serverless:DeleteApplication",),
        rule="StepFunctionsGetEventsForEMRServerlessApplicationRule",
    ),
    "emr-serverless:startApplication": Permissions(
        ("emr-serverless:StartApplication",),
        poll=("emr-serverless:GetApplication",),
        cancel=("emr-serverless:StopApplication",),
        rule="StepFunctionsGetEventsForEMRServerlessApplicationRule",
    ),
    "emr-serverless:stopApplication": Permissions(
        ("emr-serverless:StopApplication",),
        poll=("emr-serverless:GetApplication",),
        rule="StepFunctionsGetEventsForEMRServerlessApplicationRule",
    ),
    "emr-serverless:deleteApplication": Permissions(
        ("emr-serverless:DeleteApplication",),
        poll=("emr-serverless:GetApplication",),
        rule="StepFunctionsGetEventsForEMRServerlessApplicationRule",
    ),
    "emr-serverless:startJobRun": Permissions(
        ("emr-serverless:StartJobRun",),
        poll=("emr-serverless:GetJobRun",),
        cancel=("emr-serverless:CancelJobRun",),
        rule="StepFunctionsGetEventsForEMRServerlessJobRule",
        roles=("ExecutionRoleArn",),
    ),
    "emr-serverless:cancelJobRun": Permissions(
        ("emr-serverless:CancelJobRun",), poll=("emr-serverless:GetJobRun",), rule="StepFunctionsGetEventsForEMRServerlessJobRule"
    ),
    "bedrock:invokeModel": Permissions(("bedrock:InvokeModel",)),
    "bedrock:createModelCustomizationJob": Permissions(
        ("bedrock:CreateModelCustomizationJob",),
        poll=("bedrock:GetModelCustomizationJob",),
        cancel=("bedrock:StopModelCustomizationJob",),
        roles=("RoleArn",),
    ),
    "bedrockagentcore:invokeHarness": Permissions(("bedrock-agentcore:InvokeHarness", "bedrock-agentcore:InvokeAgentRuntime")),
    "mediaconvert:createJob": Permissions(
        ("mediaconvert:CreateJob",),
        poll=("mediaconvert:GetJob",),
        cancel=("mediaconvert:CancelJob",),
        rule="StepFunctionsGetEventsForMediaConvertJobRule",
        roles=("Role",),
    ),
    "states:startExecution": Permissions(
        ("states:StartExecution",),
        poll=("states:DescribeExecution",),
        cancel=("states:StopExecution",),
        rule="StepFunctionsGetEventsForStepFunctionsExecutionRule",
    ),
}
"""``service:action`` -> what it needs. Empty: nothing that IAM decides (Kubernetes does, for ``eks:call``)."""
