"""The published view: each state, and the machine, as plain JSON in words that an organisation's rules can speak.

Its shape is a promise, ``schemas/view.schema.json``, with a version. What is absent in the definition is absent here, but for
what has a default (a Retrier's numbers); what only the deployment knows stands as it is written, ``${Name}``. Linear.
"""

from collections.abc import Iterator, Mapping, Sequence

from asl_lint.aws.resource import parse_resource
from asl_lint.late import Any, Final
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Missing, Pointer, format_pointer
from asl_lint.source.placeholders import Placeholder

VERSION: Final = 1

View = dict[str, Any]

_PATTERNS: Final[Mapping[str, str]] = {
    "": "request-response",
    "sync": "run-a-job",
    "sync:2": "run-a-job",
    "waitForTaskToken": "callback",
}
"""Ending of an integration's ARN -> the integration pattern, by the guide's name for it."""

_RETRIER: Final = (
    ("interval", "IntervalSeconds", 1),
    ("maxAttempts", "MaxAttempts", 3),
    ("backoff", "BackoffRate", 2.0),
    ("maxDelay", "MaxDelaySeconds", None),
    ("jitter", "JitterStrategy", "NONE"),
    ("comment", "Comment", None),
)
"""Member of the view, field, and what holds where the field is absent (None: nothing)."""


def machine_view(machine: StateMachine, machine_type: str | None = None) -> View:
    """The machine with all its states. ``machine_type`` is STANDARD, EXPRESS or None where nobody said."""
    body = machine.body
    view: View = {
        "version": VERSION,
        "type": machine_type or "unknown",
        "language": machine.language,
        "stateCount": len(machine.states),
        "depth": max((scope.depth for scope in machine.scopes), default=0),
        "fields": list(body),
        "states": [state_view(state) for state in machine.states],
        "definition": as_json(body),
    }
    _take(view, "comment", body, "Comment")
    _take(view, "startAt", body, "StartAt")
    _take(view, "timeout", body, "TimeoutSeconds")
    return view


def state_view(state: State) -> View:
    """One state, with its scope but without the states inside it."""
    body = state.body
    scope = state.scope
    targets = (transition.target for transition in state.transitions())
    view: View = {
        "version": VERSION,
        "name": state.name,
        "language": state.language,
        "pointer": format_pointer(state.pointer),
        "scope": {
            "kind": scope.kind,
            "depth": scope.depth,
            "distributed": scope.is_distributed,
            "pointer": format_pointer(scope.pointer),
        },
        "next": list(dict.fromkeys(target for target in targets if isinstance(target, str))),
        "isTerminal": state.is_terminal,
        "retry": [_retrier(retrier, i) for i, retrier in _objects(body.get("Retry"))],
        "catch": [_catcher(catcher, i) for i, catcher in _objects(body.get("Catch"))],
        "fields": list(body),
        "definition": as_json(body),
    }
    if state.type is not None:
        view["type"] = state.type
    _take(view, "comment", body, "Comment")
    for name, field in (("timeout", "TimeoutSeconds"), ("heartbeat", "HeartbeatSeconds")):
        _take(view, name, body, field if field in body else field + "Path")
    resource = body.get("Resource")
    if state.type == "Task" and isinstance(resource, str | Placeholder):
        view["resource"] = _resource(resource.text if isinstance(resource, Placeholder) else resource)
    return view


def as_json(value: object) -> Any:
    """A value of a document as JSON: a placeholder as its text, and without what could not be read. As deep as need be."""
    holder: list[Any] = []
    pending: list[tuple[list[Any] | dict[str, Any], Any, object]] = [(holder, None, value)]
    while pending:
        parent, key, found = pending.pop()
        made: Any = found
        if isinstance(found, Mapping):
            made = {name: None for name, member in found.items() if not isinstance(member, Missing)}
            pending += [(made, name, found[name]) for name in made]
        elif isinstance(found, list | tuple):
            kept = [element for element in found if not isinstance(element, Missing)]
            made = [None] * len(kept)
            pending += [(made, i, element) for i, element in enumerate(kept)]
        elif isinstance(found, Placeholder):
            made = found.text
        elif isinstance(found, Missing):
            made = None
        if key is None:
            holder.append(made)
        else:
            parent[key] = made
    return holder[0]


def resolve(value: object, parts: Sequence[str]) -> Pointer | None:
    """A pointer's parts as keys and indices into a value; None where it leads nowhere."""
    pointer: list[str | int] = []
    for part in parts:
        if isinstance(value, Mapping) and part in value:
            pointer.append(part)
            value = value[part]
        elif isinstance(value, list) and len(part) < 10 and part.isascii() and part.isdigit() and int(part) < len(value):
            pointer.append(int(part))
            value = value[int(part)]
        else:
            return None
    return tuple(pointer)


def _take(view: View, name: str, body: Mapping[str, Any], field: str) -> None:
    if field in body and not isinstance(body[field], Missing):
        view[name] = as_json(body[field])


def _objects(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(value, list):
        yield from ((i, element) for i, element in enumerate(value) if isinstance(element, Mapping))


def _errors(handler: Mapping[str, Any]) -> list[Any]:
    errors = handler.get("ErrorEquals")
    return [error for error in errors if isinstance(error, str)] if isinstance(errors, list) else []


def _retrier(retrier: Mapping[str, Any], index: int) -> View:
    view: View = {"errors": _errors(retrier), "pointer": f"/Retry/{index}"}
    for name, field, default in _RETRIER:
        if default is not None:
            view[name] = default
        _take(view, name, retrier, field)
    return view


def _catcher(catcher: Mapping[str, Any], index: int) -> View:
    view: View = {"errors": _errors(catcher), "pointer": f"/Catch/{index}"}
    _take(view, "next", catcher, "Next")
    _take(view, "resultPath", catcher, "ResultPath")
    _take(view, "comment", catcher, "Comment")
    return view


def _resource(arn: str) -> View:
    """What a Task calls, as far as its ``Resource`` says; what a placeholder hides is absent."""
    resource = parse_resource(arn)
    view: View = {"arn": arn, "kind": resource.kind}
    for name, part in (("partition", resource.partition), ("service", resource.service), ("action", resource.action)):
        if part is not None:
            view[name] = part
    if resource.pattern is not None and resource.kind in ("lambda", "optimized", "sdk"):
        view["pattern"] = _PATTERNS[resource.pattern]
    return view
