"""How Step Functions spells AWS names: services, error names and members of calls, from the names of an API's model.

It derives them as the AWS SDK for Java v2 does. Pure functions of strings; a few µs each.
"""

import re
from collections.abc import Mapping

from asl_lint.late import Final

_SEPARATED: Final = (
    (r"[^A-Za-z0-9]+", " "),
    (r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 "),
    (r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 "),
    (r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])", " "),
    (r"([A-Z]+)([A-Z][a-z])", r"\1 \2"),
    (r"([0-9])([a-zA-Z])", r"\1 \2"),
)
"""Where a name is taken apart, in this order. Texts, for most checks never come to it and compiling costs 2 ms."""

_MEMBERS: Final[Mapping[str, str]] = {"NULL": "Nul", "equals": "EqualsValue"}
"""Members that would be names of Java's own -> what the SDK calls them (both of DynamoDB and its kin)."""


def words(name: str) -> list[str]:
    """The words of a service id or a shape's name: ``DBInstance`` is ``DB`` and ``Instance``."""
    for pattern, spaced in _SEPARATED:
        name = re.sub(pattern, spaced, name)
    return name.split()


def pascal_case(name: str) -> str:
    """The words of a name, each with one capital: ``DBInstanceNotFound`` is ``DbInstanceNotFound``."""
    return "".join(word[0].upper() + word[1:].lower() for word in words(name))


def error_prefix(service_id: str) -> str:
    """What stands before the dot of an ``aws-sdk`` error: ``DynamoDB`` is ``DynamoDb``, ``AWS Health`` ``Health``."""
    name = pascal_case(service_id)
    for prefix in ("Amazon", "Aws"):
        name = name.removeprefix(prefix)
    return name.removesuffix("Service")


def service_name(service_id: str) -> str:
    """What an ``aws-sdk`` ARN calls a service: ``CloudWatch Logs`` is ``cloudwatchlogs``."""
    return error_prefix(service_id).lower()


def action_name(operation: str) -> str:
    """What an ARN calls an operation: its name with its first letter in lower case."""
    return operation[:1].lower() + operation[1:]


def error_name(shape: str) -> str:
    """What follows the dot of an ``aws-sdk`` error: ``NoSuchKey`` is ``NoSuchKeyException``."""
    name = pascal_case(shape)
    if name.endswith("Fault"):
        return name.removesuffix("Fault") + "Exception"
    return name if name.endswith("Exception") else name + "Exception"


def sdk_member(member: str) -> str:
    """A member of an ``aws-sdk`` call: ``SSEKMSKeyId`` is ``SsekmsKeyId``, ``name`` ``Name``; ``ETag`` and ``MultiAZ`` stay."""
    if member in _MEMBERS:
        return _MEMBERS[member]
    end = 1
    while end < len(member) and member[end].isupper() and not member[end + 1 : end + 2].islower():
        end += 1
    return member[:1].upper() + member[1:end].lower() + member[end:]


def optimized_member(member: str) -> str:
    """A member of an optimized integration's call: as the API has it, with its first letter in upper case."""
    return member[:1].upper() + member[1:]
