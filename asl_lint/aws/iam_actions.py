"""Which IAM actions an operation needs, what they are about, and which of its members pass a role.

``iam_actions.json`` is made by ``scripts/build_iam_actions.py``; it is read when first asked, in some two milliseconds.
"""

import json
from functools import lru_cache
from pathlib import Path

from asl_lint.aws.service_index import service_index
from asl_lint.late import Any, Final

_FILE: Final = Path(__file__).parent / "iam_actions.json"
_SPELLED: Final = {"states": "sfn", "events": "eventbridge"}
"""Services as calls name them -> as ``aws-sdk`` integrations do."""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return table


def iam_actions(service: str, action: str) -> tuple[str, ...] | None:
    """The IAM actions of ``service:action``; None where they are not known.

    That is where the service or the mapping is not in the table, or the operation not in the index of services.
    """
    table = _table()
    service = _SPELLED.get(service, service.lower())
    offered = service_index().service(service)
    if offered is None or offered.operation(action) is None:
        return None
    found = table["actions"].get(f"{service}:{action}")
    if found is not None:
        return tuple(found) or None
    prefix = table["prefixes"].get(service)
    return None if prefix is None else (f"{prefix}:{action[:1].upper()}{action[1:]}",)


def role_members(service: str, action: str) -> tuple[str, ...]:
    """The members of a call that name a role for the service to take: ``RoleArn``, ``Job.Role``, ``Rules[].RoleArn``."""
    service = _SPELLED.get(service, service.lower())
    return tuple(_table()["roles"].get(f"{service}:{action}", ()))


def resource_patterns(action: str) -> tuple[str, ...]:
    """The ARNs of what an IAM action is about, with members of the call in braces; empty where its arguments do not tell.

    ``@name`` stands for an ARN that is more than a pattern (``call_resources``).
    """
    return tuple(_table()["resources"].get(action, ()))


def as_of() -> str:
    """What the table was made from."""
    made: str = _table()["as_of"]
    return made
