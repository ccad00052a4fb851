"""The policies that SAM makes: of its policy templates, and of connectors from a state machine to another resource.

Both tables are made of the pinned aws-sam-translator (scripts/build_sam_policies.py).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from asl_lint.aws.policy_document import NOT_KNOWN, Policies, Statement, read_document
from asl_lint.late import Any, Final

_FOLDER: Final = Path(__file__).parent
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_UNKNOWN: Final = "${?unknown}"
_CLOUDFORMATION: Final[Mapping[object, str]] = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
}
"""Types of SAM and what it makes of them."""
STATE_MACHINES: Final = frozenset({"AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"})
REFERENCE_IS_ARN: Final = frozenset({*STATE_MACHINES, "AWS::SNS::Topic"})
"""Types of which a Ref is the ARN."""


@cache
def policy_templates() -> Mapping[str, list[dict[str, Any]]]:
    """Name of a policy template -> its statements, with ``${Parameter}`` where a parameter goes."""
    table: dict[str, list[dict[str, Any]]] = json.loads((_FOLDER / "sam_policies.json").read_text(encoding="utf-8"))
    return table


@cache
def _connectors() -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    table: dict[str, dict[str, list[dict[str, Any]]]] = json.loads((_FOLDER / "sam_connectors.json").read_text(encoding="utf-8"))
    return table


def of_template(name: str, parameter: Callable[[str], str | None]) -> Policies:
    """What a policy template allows; ``parameter`` gives the text of one of its parameters."""
    return Policies(_filled(policy_templates()[name], parameter, name))


def of_connector(kind: object, permissions: Sequence[object], arn: str | None, name: str | None) -> Policies:
    """What a connector lets a state machine do with a resource of that type (SAM's or CloudFormation's), of that ARN and name.

    NOT_KNOWN where SAM has no such connector.
    """
    profile = _connectors().get(_CLOUDFORMATION.get(kind, str(kind)))
    if profile is None or not all(isinstance(one, str) and one in profile for one in permissions):
        return NOT_KNOWN
    values = {"DestinationArn": arn, "DestinationName": name}
    statements = [one for permission in permissions for one in profile[str(permission)]]
    return Policies(_filled(statements, values.get, "the connector"))


def _filled(table: list[dict[str, Any]], parameter: Callable[[str], str | None], policy: str) -> tuple[Statement, ...]:
    def filled(pattern: str) -> str:
        return _VARIABLE.sub(lambda found: parameter(found[1]) or _UNKNOWN, pattern)

    statements = read_document({"Statement": table})
    return tuple(one._replace(resources=tuple(map(filled, one.resources or ())), policy=policy) for one in statements)
