"""Build asl_lint/aws/managed_policies.bin from the policies of AWS that the pinned moto holds; with --check, only tell whether it
would change.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from packed_table import Built, as_json, build_or_check

from asl_lint.aws.managed_policies import MAGIC, TABLE_FILE

PATHS: Final = ("/", "/service-role/", "/job-function/")
"""Of policies that a role can be given: those of other paths are for roles that services make, and for the root user."""
BLOCK: Final = 24
"""Policies that are compressed together: a role has one or two of them, and they resemble each other."""


def main(arguments: list[str]) -> int:
    """Build, or check: the exit code."""
    return build_or_check(arguments, Path(TABLE_FILE), MAGIC, "moto", build, _words)


def _words(built: Built) -> str:
    return f"{len(built[0]['policies'])} policies of {built[0]['date']}"


def build(version: str) -> Built:
    """The header and the blocks, each a JSON object: path and name of a policy -> its statements."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    given: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    policies = {one["Path"][1:] + name: one for name, one in given.items() if one["Path"] in PATHS}
    names = sorted(policies)
    groups = [names[i : i + BLOCK] for i in range(0, len(names), BLOCK)]
    header = {
        "date": max(max(one["CreateDate"], one["UpdateDate"]) for one in given.values())[:10],
        "moto": version,
        "policies": {name: number for number, group in enumerate(groups) for name in group},
    }
    return header, [as_json({name: _statements(policies[name]["Document"]) for name in group}) for group in groups]


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements, without what nothing is decided by; of a Condition, that there is one."""
    found = document["Statement"]
    return [_statement(one) for one in (found if isinstance(found, list) else [found])]


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    kept = {name: statement[name] for name in ("Effect", "Action", "NotAction", "Resource", "NotResource") if name in statement}
    return {**kept, "Condition": True} if statement.get("Condition") else kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
