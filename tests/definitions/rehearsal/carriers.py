"""What carries a message to a machine: each function wraps what is given, as the service would deliver it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

# An event happened, a topic told of it, a queue took it in: each later than the one before.
HAPPENED = "2026-03-10T10:06:40.000Z"
TOLD = "2026-03-10T10:06:50.000Z"
QUEUED = "1773137220000"  # 10:07:00, as SQS writes it


def _text(message: Any) -> str:
    return message if isinstance(message, str) else json.dumps(message)


def _sqs(message: Any) -> dict[str, Any]:
    return {"messageId": "1", "body": _text(message), "attributes": {"SentTimestamp": QUEUED}, "eventSource": "aws:sqs"}


def _sns(message: Any) -> dict[str, Any]:
    return {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": _text(message), "Timestamp": TOLD}}


CARRIERS: dict[str, Callable[[Any], Any]] = {
    "eventbridge": lambda message: {"version": "0", "detail-type": "Batch", "source": "ndr", "time": HAPPENED, "detail": message},
    "sqs": lambda message: {"Records": [_sqs(message)]},
    "sqs without time": lambda message: {"Records": [{"body": _text(message)}]},
    "pipes": lambda message: [_sqs(message)],
    "sns": lambda message: {"Type": "Notification", "Message": _text(message), "Timestamp": TOLD},
    "sns records": lambda message: {"Records": [_sns(message)]},
    "two in sqs": lambda message: {"Records": [_sqs(message), _sqs(message)]},
    "two in pipes": lambda message: [_sqs(message), _sqs(message)],
    "two in sns": lambda message: {"Records": [_sns(message), _sns(message)]},
    "none in sqs": lambda message: {"Records": []},
    "none in pipes": lambda message: [],
    "broken text in sqs": lambda message: {"Records": [_sqs(_text(message)[:-1])]},
}


def carried(message: Any, by: list[str]) -> Any:
    """The message in its carriers, the innermost first."""
    for carrier in by:
        message = CARRIERS[carrier](message)
    return message
