"""What each Task calls: the integration in one spelling, and the arguments as they are written."""

from collections.abc import Mapping

from asl_lint.aws.integrations import is_not_offered
from asl_lint.aws.resource import ResourceKind, parse_resource
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import Placeholder

_SERVICES: Final[Mapping[str, str]] = {"sfn": "states", "eventbridge": "events"}
"""Services that ``aws-sdk`` integrations spell otherwise than the optimized ones do -> the optimized spelling (D)."""


class Call(NamedTuple):
    """A Task's call. ``service`` and ``action`` are None where the deployment fills them in.

    Both spellings of an integration are one: ``aws-sdk:sfn:startExecution`` is ``states:startExecution``; a function's own ARN is
    ``lambda:invoke``, an activity ``states:activity``. ``pattern`` is ``sync``, ``sync:2``, ``waitForTaskToken``, or empty;
    ``arguments`` is the value of ``Arguments`` or ``Parameters`` (None: neither), ``field`` which of the two.
    """

    state: State
    kind: ResourceKind
    service: str | None
    action: str | None
    pattern: str | None
    arguments: Any
    field: str

    @property
    def name(self) -> str | None:
        """``service:action``, as selectors of rules name it."""
        return f"{self.service}:{self.action}" if self.service is not None and self.action is not None else None

    @property
    def is_offered(self) -> bool:
        """Whether its integration has the pattern; where it has not, that is told, and nothing that follows from it."""
        return self.kind != "optimized" or not is_not_offered(self.service, self.action, self.pattern)

    @property
    def pointer(self) -> Pointer:
        """Where the arguments are written."""
        return (*self.state.pointer, self.field)

    def argument(self, member: str) -> tuple[Pointer, Any] | None:
        """A member of the arguments and where it is, under its own name or as ``member.$``; None if it is not written."""
        if isinstance(self.arguments, Mapping):
            for key in (member, member + ".$"):
                if key in self.arguments:
                    return (*self.pointer, key), self.arguments[key]
        return None


def call_of(state: State) -> Call | None:
    """What a state calls; None for a state that is no Task, or whose Resource is missing or no text."""
    resource = state.body.get("Resource")
    if state.type != "Task" or not isinstance(resource, str | Placeholder):
        return None
    parsed = parse_resource(resource.text if isinstance(resource, Placeholder) else resource)
    field = "Arguments" if state.language == "JSONata" else "Parameters"
    service, action = parsed.service, parsed.action
    if parsed.kind == "lambda":
        service, action = "lambda", "invoke"
    elif parsed.kind == "activity":
        service, action = "states", "activity"
    elif service is not None:
        service = _SERVICES.get(service.lower(), service) if parsed.kind == "sdk" else service
    return Call(state, parsed.kind, service, action, parsed.pattern, state.body.get(field), field)


def calls(machine: StateMachine) -> dict[int, Call]:
    """The calls of all Tasks by the number of their state."""
    return {state.number: call for state in machine.states if (call := call_of(state)) is not None}
