"""Machines for the tests of reviews: one with something of everything, one with hostile names, and what reads them."""

import json
from typing import Any

from asl_lint.config import Config
from asl_lint.engine import check
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.finding import Report
from asl_lint.report.graph import graph
from asl_lint.report.machine import describe
from asl_lint.run import selection_of
from asl_lint.source.reading import read_document

ORDER: dict[str, Any] = {
    "Comment": "Ships an order",
    "StartAt": "Read",
    "TimeoutSeconds": 3600,
    "States": {
        "Read": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "${Orders}", "Key": {"id": {"S.$": "$.id"}}},
            "Retry": [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 2, "IntervalSeconds": 5, "BackoffRate": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            "ResultPath": "$.read",
            "Assign": {"status.$": "$.Item.status.S"},
            "Next": "Decide",
        },
        "Decide": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$status", "StringEquals": "ready", "Next": "Ship"},
                {
                    "And": [{"Variable": "$.n", "NumericLessThan": 3}, {"Not": {"Variable": "$.x", "IsNull": True}}],
                    "Next": "Rest",
                },
            ],
            "Default": "Failed",
        },
        "Rest": {"Type": "Wait", "Seconds": 30, "Next": "Read"},
        "Ship": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "StartAt": "Both",
                "States": {
                    "Both": {
                        "Type": "Parallel",
                        "Branches": [
                            {"StartAt": "Pack", "States": {"Pack": {"Type": "Pass", "End": True}}},
                            {"StartAt": "Bill", "States": {"Bill": {"Type": "Pass", "End": True}}},
                        ],
                        "End": True,
                    }
                },
            },
            "End": True,
        },
        "Failed": {"Type": "Fail", "Error": "Failed"},
    },
}

FAULTY: dict[str, Any] = {
    "Comment": "Takes a lock, works, and forgets it",
    "StartAt": "Acquire",
    "States": {
        "Acquire": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {
                "TableName": "Locks",
                "Item": {"id": {"S": "job"}},
                "ConditionExpression": "attribute_not_exists(id)",
            },
            "Next": "Work",
        },
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "work"},
            "TimeoutSeconds": 60,
            "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 2, "MaxAttempts": 4}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            "Assign": {"answer.$": "$.Payload"},
            "Next": "Route",
        },
        "Route": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$answer", "StringEquals": "again", "Next": "Spin"},
                {"Variable": "$answer", "StringEquals": "tell", "Next": "Tell"},
            ],
            "Default": "Release",
        },
        "Spin": {"Type": "Wait", "Seconds": 5, "Next": "Spin again"},
        "Spin again": {"Type": "Pass", "Next": "Spin"},
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:told", "Message.$": "$told"},
            "Next": "Release",
        },
        "Release": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:deleteItem",
            "Parameters": {"TableName": "Locks", "Key": {"id": {"S": "job"}}},
            "End": True,
        },
        "Failed": {"Type": "Fail", "Error": "Failed"},
    },
}
"""A lock that leaks, a loop without a way out, a call that ``FAULTY_ROLE`` does not allow, a variable that nothing sets."""

FAULTY_ROLE: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem"], "Resource": "*"},
        {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"},
    ],
}

HOSTILE = (
    'a "quoted" name',
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "`code` | pipe **bold** [link](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "end",
    "%%{init: {'theme':'dark'}}%%",
    "style:#35; classDef x:#1;",
    "back\\slash \\N \\G \\",
    "&lt;b&gt; &amp; &#x3c;",
    "\u202egnirts desrever\u202c",
    "line\nbreak\r\n\ttab\x00\x1b[31m",
    "👩‍💻" * 20 + "🚀" * 60,
    "lone \ud800 surrogate",
    "@org/team #1 !2 ~label www.evil.example https://evil.example <details>",
    "]]>--><!-- {% $x %} ${Name}",
    "'; DROP TABLE",
    "日本語の名前",
)
"""Names of states that somebody chose in order to break what shows them."""


def hostile() -> dict[str, Any]:
    """A chain of states with these names, each caught by the last one, under the last one's name as an error."""
    states: dict[str, Any] = {}
    for name, following in zip(HOSTILE, [*HOSTILE[1:], None], strict=True):
        states[name] = {
            "Type": "Task",
            "Comment": name,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": name},
            "Catch": [{"ErrorEquals": [name], "Next": HOSTILE[-1]}],
            **({"End": True} if following is None else {"Next": following}),
        }
    return {"StartAt": HOSTILE[0], "Comment": HOSTILE[1], "States": states}


def facts_of(definition: object, name: str = "a.asl.json", **workflow: Any) -> Facts:
    text = definition if isinstance(definition, str) else json.dumps(definition, indent=2)
    return Facts(Workflow(name, read_document(text, name), **workflow))


def graph_of(definition: object) -> dict[str, Any]:
    return graph(facts_of(definition))


def report_of(*definitions: object, config: Config | None = None, names: tuple[str, ...] = (), **workflow: Any) -> Report:
    """The report on definitions that are described, the files ``a.asl.json``, ``b.asl.json`` … or as they are named."""
    selection = selection_of(config or Config()).asking(describe)
    outcomes = []
    files = names or tuple(f"{chr(ord('a') + i)}.asl.json" for i in range(len(definitions)))
    for file, definition in zip(files, definitions, strict=True):
        outcomes.append(check(facts_of(definition, file, **workflow).workflow, selection))
    return Report(
        files,
        tuple(one for outcome in outcomes for one in outcome.findings),
        tuple(one for outcome in outcomes for one in outcome.suppressed),
        tuple(one for outcome in outcomes for one in outcome.not_evaluated),
        tuple(one for outcome in outcomes for one in outcome.failures),
        descriptions=tuple(one for outcome in outcomes for one in outcome.descriptions),
        damaged=frozenset(file for file, outcome in zip(files, outcomes, strict=True) if not outcome.is_whole),
    )
