"""The ``Resource`` of a Task, taken apart: which kind of work it names, in any partition.

What a placeholder hides is None, and a Resource that is one as a whole is ``unknown``. Never raises.
"""

from functools import lru_cache

from asl_lint.late import Final, Literal, NamedTuple, Pattern
from asl_lint.source.placeholders import PLACEHOLDER, has_placeholder

ResourceKind = Literal["lambda", "activity", "optimized", "sdk", "unknown", "invalid"]

_HIDDEN: Final = "\ue000"
_PARTITION: Final = Pattern(r"aws(?:-[a-z]+)*\Z")
_FUNCTION: Final = Pattern(r"[A-Za-z0-9_.-]+(?::(?:\$LATEST|[A-Za-z0-9_-]+))?\Z")
_FILLED_IN: Final = Pattern(r"\{\w+\}")
"""A name in braces, which no name of AWS has: the deployment's own way to write a placeholder."""
_PATTERNS: Final = ("sync", "sync:2", "waitForTaskToken")


class Resource(NamedTuple):
    """What a ``Resource`` says.

    ``service`` and ``action`` are as the ARN spells them (``lambda``/``invoke``, ``dynamodb``/``putItem``); ``pattern`` is
    ``sync``, ``sync:2``, ``waitForTaskToken``, or empty for request and response; ``problem`` tells what is
    wrong (for a kind other than ``invalid``: what seems to be); ``regional`` marks an integration's ARN that carries a region
    or an account.
    """

    kind: ResourceKind
    partition: str | None = None
    service: str | None = None
    action: str | None = None
    pattern: str | None = ""
    problem: str = ""
    regional: bool = False


UNKNOWN: Final = Resource("unknown", pattern=None)


@lru_cache(maxsize=1024)
def parse_resource(text: str) -> Resource:
    """Take a Task's ``Resource`` apart (D: the forms are listed under state-task and in the pages of the integrations)."""
    hidden = PLACEHOLDER.sub(_HIDDEN, text) if has_placeholder(text) else text
    if hidden.startswith(_HIDDEN):
        return UNKNOWN
    parts = hidden.split(":", 5)
    if parts[0] != "arn":
        return Resource("invalid", problem="it is no ARN")
    if len(parts) < 6:
        # A placeholder may stand for several parts of the ARN.
        return UNKNOWN if _HIDDEN in hidden else Resource("invalid", problem="an ARN has six parts, with a colon between them")
    _, partition, service, region, account, rest = parts
    if partition != "aws" and _HIDDEN not in partition and not _PARTITION.match(partition):
        return Resource("invalid", problem=f'there is no partition "{partition}"; most ARNs begin "arn:aws:"')
    if _HIDDEN in service:
        return UNKNOWN
    if service == "lambda":
        return _function(_shown(partition), rest)
    if service == "states":
        return _integration(_shown(partition), bool(region or account), rest)
    return Resource("invalid", problem=f'a Task cannot call the service "{service}" by its own ARN')


def _shown(part: str) -> str | None:
    return None if _HIDDEN in part else part


def _function(partition: str | None, rest: str) -> Resource:
    kind, _, name = rest.partition(":")
    if _HIDDEN in kind or (kind == "function" and name):
        hidden = _HIDDEN in name or _FILLED_IN.search(name)
        problem = "" if hidden or _FUNCTION.match(name) else "a function's name and alias have letters, digits, - and _"
        return Resource("lambda", partition, "lambda", "invoke", problem=problem)
    return Resource("invalid", problem="a Lambda ARN here ends with function:<name>")


def _integration(partition: str | None, regional: bool, rest: str) -> Resource:
    if rest.startswith("activity:"):
        named = rest != "activity:"
        return Resource("activity", partition) if named else Resource("invalid", problem="it names no activity: activity:<name>")
    if rest.startswith(_HIDDEN):
        return UNKNOWN
    if rest.startswith("stateMachine:"):
        return Resource("invalid", problem="a state machine is started by arn:aws:states:::states:startExecution")
    kind: ResourceKind = "sdk" if rest.startswith("aws-sdk:") else "optimized"
    service, _, call = rest.removeprefix("aws-sdk:").partition(":")
    action, _, pattern = call.partition(".")
    if not action:
        return UNKNOWN if _HIDDEN in rest else Resource("invalid", problem="it names no action: <service>:<action>")
    if _HIDDEN in action or _HIDDEN in service:
        # The pattern may be hidden in the same placeholder.
        pattern_shown = pattern if pattern and _HIDDEN not in pattern else None
        return Resource(kind, partition, _shown(service), _shown(action), pattern_shown, regional=regional)
    if pattern and _HIDDEN not in pattern and pattern not in _PATTERNS:
        return Resource("invalid", problem=f'there is no pattern ".{pattern}"; there are .sync, .sync:2 and .waitForTaskToken')
    return Resource(kind, partition, service, action, _shown(pattern), regional=regional)
