"""Whether what a Task calls exists at AWS, and whether its arguments are what the API takes.

Asked of the index of services, which is opened only where a Task calls one. What the index lacks may be newer than it: that is
told as unsure, with the index's date.
"""

from collections.abc import Iterator

from asl_lint.aws.optimized_calls import ONE_OF, OWN_INPUTS, UNSUPPORTED, OptimizedCall, OwnShapes, optimized_call
from asl_lint.aws.resource import parse_resource
from asl_lint.aws.service_index import Service, service_index
from asl_lint.facts.call_errors import call_error_faults
from asl_lint.facts.calls import Call
from asl_lint.facts.match import Match
from asl_lint.facts.service_arguments import Arguments, Shapes, argument_faults
from asl_lint.late import TYPE_CHECKING, NamedTuple
from asl_lint.near import near
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import has_placeholder

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


class ApiCall(NamedTuple):
    """A Task's call in the API's words. ``is_sdk`` says which of the two spellings its members have.

    ``service`` is None for calls that Step Functions itself defines; ``action`` is the API's operation, its first letter small.
    """

    call: Call
    service: Service | None
    action: str
    is_sdk: bool
    optimized: OptimizedCall | None


def service_call_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about every call of a service but those of a function by its own ARN."""
    for call in facts.calls.values():
        if call.kind == "activity":
            yield from _credentials(call)
        if call.kind == "sdk":
            yield from _sdk(facts, call)
        elif call.kind == "optimized" and call.service is not None and call.action is not None:
            yield from _optimized(facts, call, f"{call.service}:{call.action}")


def api_call(call: Call) -> ApiCall | None:
    """What a Task calls, None where it is no service, or one that the index does not have, or a part of it is unknown."""
    if call.service is None or call.action is None:
        return None
    if call.kind == "sdk":
        written = str(call.state.body["Resource"]).split(":aws-sdk:", 1)[1].split(":", 1)[0]
        service = service_index().service(written)
        return None if service is None else ApiCall(call, service, call.action, True, None)
    if call.kind != "optimized":
        return None
    optimized = optimized_call(call.service, call.action)
    if optimized is None:
        return None
    service = service_index().service(optimized.service)
    return ApiCall(call, service, optimized.action or call.action, False, optimized)


def _credentials(call: Call) -> Iterator[Observed]:
    if "Credentials" in call.state.body:
        where = (*call.state.pointer, "Credentials")
        yield "credentials-of-activity", Match(where, {"state": call.state.name}, part="key")


def _sdk(facts: "Facts", call: Call) -> Iterator[Observed]:
    written = parse_resource(str(call.state.body["Resource"])).service
    if written is None:
        return
    index = service_index()
    at: Pointer = (*call.state.pointer, "Resource")
    service = index.service(written)
    if service is None:
        near_name = index.aliases.get(written.lower()) or near(written, index.services)
        values = {"service": written, "date": index.date}
        yield "unknown-service", Match(at, values, help=f'did you mean "{near_name}"?' if near_name else None, sure=False)
        return
    yield from call_error_faults(call, service, call.action, facts.retriers.get(call.state.number, ()))
    action = call.action
    if action is None or not service.has_model:
        return
    if action in UNSUPPORTED.get(written, ()):
        yield "unsupported-operation", Match(at, {"service": written, "action": action})
        return
    operation = service.operation(action)
    if operation is None:
        yield _unknown_action(service, action, at, index.date)
        return
    found = ApiCall(call, service, action, True, None)
    yield from _arguments(facts, found, service, operation.input, f"{written}:{action}")


def _unknown_action(service: Service, action: str, at: Pointer, date: str) -> Observed:
    lowered = action[:1].lower() + action[1:]
    if lowered in service.actions:
        problem = "the name of an action begins with a small letter"
        values = {"service": service.name, "action": action, "problem": problem}
        return "unknown-action", Match(at, values, help=f'did you mean "{lowered}"?')
    near_name = near(action, service.actions)
    problem = f"the service had no such action on {date}"
    values = {"service": service.name, "action": action, "problem": problem}
    # It may be newer than the index.
    return "unknown-action", Match(at, values, help=f'did you mean "{near_name}"?' if near_name else None, sure=False)


def _optimized(facts: "Facts", call: Call, name: str) -> Iterator[Observed]:
    own = OWN_INPUTS.get(name)
    if own is not None:
        found = ApiCall(call, None, call.action or "", False, None)
        yield from _arguments(facts, found, OwnShapes(), own, name)
        return
    api = api_call(call)
    if api is None or api.service is None:
        return
    yield from call_error_faults(call, api.service, api.action, facts.retriers.get(call.state.number, ()))
    operation = api.service.operation(api.action)
    if operation is not None:
        yield from _arguments(facts, api, api.service, operation.input, name)


def _arguments(facts: "Facts", api: ApiCall, shapes: Shapes, number: int | None, name: str) -> Iterator[Observed]:
    call = api.call
    if number is None or not isinstance(call.arguments, dict) or not call.state.is_language_known:
        # Without them the state's input is sent, or nothing: who knows. What is no object is told as a wrong type of the field.
        return
    optimized = api.optimized
    arguments = Arguments(
        name, call.pointer, shapes, api.is_sdk, call.service == "dynamodb" and not api.is_sdk,
        facts.document.damaged, service_index().date,
        *((optimized.any_json, optimized.more, optimized.optional) if optimized else (frozenset(), frozenset(), frozenset())),
    )  # fmt: skip
    yield from argument_faults(arguments, call.arguments, number)
    needed = ONE_OF.get(name)
    if needed and call.pointer not in facts.document.damaged:
        keys = {key.removesuffix(".$") for key in call.arguments}
        if not keys.intersection(needed) and not any(has_placeholder(key) for key in keys):
            values = {"arguments": " or ".join(needed), "call": name}
            # One without has been seen to be created; nobody has seen it run.
            yield "missing-argument", Match(call.pointer, values, sure=False)
