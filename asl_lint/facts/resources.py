"""What a Task calls, as far as the ARN itself tells: its form, the integration it names, and what Express machines lack."""

import json
from collections.abc import Iterator
from functools import lru_cache

from asl_lint.aws.integrations import AS_OF, INTEGRATIONS, is_not_offered
from asl_lint.aws.resource import Resource, parse_resource
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives
from asl_lint.late import Literal
from asl_lint.model.machine import State, StateMachine
from asl_lint.near import near

Observed = tuple[str, Match]


def resource_faults(machine: StateMachine, machine_type: Literal["STANDARD", "EXPRESS"] | None) -> Iterator[Observed]:
    """Observations about the ``Resource`` of each Task; those about Express only where the type is known to be that."""
    for state in machine.of_type("Task"):
        written = state.body.get("Resource")
        if isinstance(written, str):
            problem = _problem(written)
            if problem is not None:
                yield _form(state, written, *problem)
            if machine_type == "EXPRESS":
                yield from _express(state, parse_resource(written))
    for state in machine.of_type("Map") if machine_type == "EXPRESS" else ():
        for scope in state.scopes:
            if scope.is_distributed:
                where = (*scope.pointer, "ProcessorConfig", "Mode")
                yield "unsupported-by-express", Match(where, {"feature": "a distributed Map", "state": state.name})


def _form(state: State, written: str, said: str, hint: str | None, sure: bool) -> Observed:
    resource = parse_resource(written)
    if resource.kind == "invalid" and written.startswith(("$", "{%")):
        hint = "nothing is evaluated here; lambda:invoke takes a FunctionName that is computed"
    if resource.pattern == "waitForTaskToken" and resource.kind == "optimized" and not _may_pass_token(state):
        sure = True  # whoever is right about the pattern, nobody can answer
    values = {"resource": f'"{written}"', "problem": said}
    return "invalid-resource", Match((*state.pointer, "Resource"), values, help=hint, sure=sure)


@lru_cache(maxsize=1024)
def _problem(written: str) -> tuple[str, str | None, bool] | None:
    """What is wrong with a resource, what would be right, and whether that is sure. Machines name the same few."""
    resource = parse_resource(written)
    if resource.kind == "invalid":
        return resource.problem, None, True
    if resource.problem:
        return resource.problem, None, False
    if resource.regional:
        return "the ARN of an integration has no region and no account", "leave both empty: arn:aws:states:::…", False
    if resource.kind == "sdk" and resource.pattern in ("sync", "sync:2"):
        said = f".{resource.pattern} is not offered for calls by aws-sdk"
        return said, "poll for the result, or use an optimized integration", True
    if resource.kind == "optimized" and resource.service is not None and resource.action is not None:
        return _integration(resource.service, resource.action, resource.pattern)
    return None


def _integration(service: str, action: str, pattern: str | None) -> tuple[str, str | None, bool] | None:
    actions = INTEGRATIONS.get(service)
    if actions is None:
        near_name = near(service, INTEGRATIONS)
        hint = f'did you mean "{near_name}"?' if near_name else f"any other service is called by aws-sdk:{service}:{action}"
        # A service that is no older than the table can be unknown to it.
        return f'there is no optimized integration with "{service}" as of {AS_OF}', hint, False
    if action not in actions:
        near_name = near(action, actions)
        hint = f'did you mean "{near_name}"?' if near_name else f"call it by arn:aws:states:::aws-sdk:{service}:{action}"
        return f"the optimized integration with {service} offers {alternatives(list(actions), 'and')}", hint, True
    if is_not_offered(service, action, pattern):
        offered = [f".{name}" for name in actions[action]]
        said = alternatives(offered, "and") if offered else "request and response only"
        # The guide's pages contradict each other about callbacks.
        return f"{service}:{action} offers {said}, not .{pattern}", None, pattern != "waitForTaskToken"
    return None


def _may_pass_token(state: State) -> bool:
    """Whether something of the arguments can be the task token: all else that is written there is a text as it is."""
    found = [state.body.get(field) for field in ("Arguments", "Parameters", "InputPath")]
    text = json.dumps(found, default=str)
    return any(word in text for word in ("$$", "$states", "${", "MISSING", '"Fn::', '"Ref"'))


def _express(state: State, resource: Resource) -> Iterator[Observed]:
    feature = None
    if resource.kind == "activity":
        feature = "an activity"
    elif resource.pattern:
        feature = f"the pattern .{resource.pattern}"
    if feature:
        yield "unsupported-by-express", Match((*state.pointer, "Resource"), {"feature": feature, "state": state.name})
