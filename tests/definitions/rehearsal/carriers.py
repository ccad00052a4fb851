"""What carries a message to a machine: each function wraps what is given, as the service would deliver it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

SENT = "2026-03-10T10:06:40.000Z"
SENT_MILLIS = "1773137200000"


def _text(message: Any) -> str:
    return message if isinstance(message, str) else json.dumps(message)


def _sqs(message: Any) -> dict[str, Any]:
    return {"messageId": "1", "body": _text(message), "attributes": {"SentTimestamp": SENT_MILLIS}, "eventSource": "aws:sqs"}


def _sns(message: Any) -> dict[str, Any]:
    return {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": _text(message), "Timestamp": SENT}}


CARRIERS: dict[str, Callable[[Any], Any]] = {
    "eventbridge": lambda message: {"version": "0", "detail-type": "Batch", "source": "ndr", "time": SENT, "detail": message},
    "sqs": lambda message: {"Records": [_sqs(message)]},
    "sqs without time": lambda message: {"Records": [{"body": _text(message)}]},
    "pipes": lambda message: [_sqs(message)],
    "sns": lambda message: {"Type": "Notification", "Message": _text(message), "Timestamp": SENT},
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
