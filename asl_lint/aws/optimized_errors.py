"""Errors of optimized integrations, as far as their names are known: what stands before the dot.

They are older than the rule that the names of ``aws-sdk`` calls follow, and only what has been recorded or is documented is here
(facts of executions; D: concepts-error-handling, sfn-best-practices). What follows the dot can be anything.
"""

from collections.abc import Mapping

from asl_lint.late import Final

PREFIXES: Final[Mapping[str, str]] = {
    "dynamodb": "DynamoDB",
    "events": "EventBridge",
    "sagemaker": "SageMaker",
    "sns": "SNS",
    "sqs": "SQS",
    "states": "StepFunctions",
}
"""Service, as the Resource spells it -> the prefix of its errors."""
