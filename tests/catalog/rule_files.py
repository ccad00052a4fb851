"""Rule files for the tests: a right one, and ways to make it wrong."""

from pathlib import Path
from typing import Any

import yaml


def rule(**changes: Any) -> dict[str, Any]:
    """A rule of an organisation that is right as it stands; ``changes`` replace members, None removes one."""
    whole: dict[str, Any] = {
        "format": 1,
        "name": "task-that-hangs",
        "category": "house",
        "summary": "A Task that can wait for ever",
        "severity": "warning",
        "message": 'the Task "{state}" has no TimeoutSeconds',
        "why": "It waits for ever.",
        "fix": "Say how long it may take.",
        "property": {"kind": "jsonata@1", "where": 'type = "Task"', "assert": "$exists(timeout)"},
        "examples": {
            "bad": [
                {
                    "state": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}},
                    "expect": [{"at": "", "quote": '"Example"', "message": 'the Task "Example" has no TimeoutSeconds'}],
                }
            ],
            "good": [
                {
                    "state": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::lambda:invoke",
                        "Parameters": {"FunctionName": "f"},
                        "TimeoutSeconds": 30,
                    }
                },
                {"state": {"Type": "Pass"}},
            ],
        },
    }
    whole |= changes
    return {key: value for key, value in whole.items() if value is not None}


def write(folder: Path, whole: dict[str, Any], name: str | None = None) -> Path:
    """Write a rule to the file that its name asks for."""
    path = folder / f"{name or whole['name']}.yaml"
    path.write_text(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path
