"""``role-in-template@1``: the role that a template gives to a state machine can be taken by the service, and by it alone.

Judged as far as the template writes it out: what a function decides is unknown and not reported. CloudFormation and SAM.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from asl_lint.aws.managed_policies import attached
from asl_lint.aws.policy_document import Policies
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.role_places import UNKNOWN, PlacedRole, PlacedStatement, role_in
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer

_PASS: Final = "iam:PassRole"
_ANY_ROLE: Final = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${?unknown}"
_SOURCES: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalorgid")


class Problem(NamedTuple):
    """What is wrong, at a place of the template."""

    pointer: Pointer
    said: str


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    settings = facts.settings
    role = None if settings is None else role_in(settings.template, settings.name)
    if settings is None or role is None or settings.name != role.machines[0]:
        return  # a role of several machines is told of at the first one
    for problem in _DEMANDS[parameters["demand"]](role):
        values = {"machine": settings.name, "machines": _named(role.machines), "role": role.name or "its role"}
        yield Match(problem.pointer, {**values, "problem": problem.said}, "key")


def _named(machines: Sequence[str]) -> str:
    """The first machine, and how many others."""
    others = len(machines) - 1
    return f'"{machines[0]}"' + (f" and {others} other{'' if others == 1 else 's'}" if others else "")


def _is_assumable(role: PlacedRole) -> Iterator[Problem]:
    trust = role.trust
    if trust is None:
        return
    trusted: list[str] = []
    for statement in trust:
        services = _services(role, statement)
        if services is None or statement.body.get("Effect") != "Allow":
            return  # a Deny, or one whose principals are not known
        if _takes(role.listed(statement.body.get("Action")), "sts:AssumeRole") is not False:
            trusted += services
    if not any(_may_be_states(service) for service in trusted):
        said = f"it trusts {alternatives(list(dict.fromkeys(trusted)), 'and')} only" if trusted else "it trusts no service"
        yield Problem(_document(role), said)


def _is_guarded(role: PlacedRole) -> Iterator[Problem]:
    for statement in role.trust or ():
        condition = statement.body.get("Condition", {})
        if statement.body.get("Effect") != "Allow" or not isinstance(condition, Mapping):
            continue
        if any(name.startswith("Fn::") or name == "Ref" for name in condition):
            continue
        keys = {str(key).lower() for test in condition.values() if isinstance(test, Mapping) for key in test}
        if keys.isdisjoint(_SOURCES) and any(_is_states(one) for one in _services(role, statement) or ()):
            yield Problem((*statement.pointer, "Principal"), "no condition says for which state machines")


def _is_closed(role: PlacedRole) -> Iterator[Problem]:
    trust = role.trust or ()
    if any(statement.body.get("Effect") != "Allow" for statement in trust):
        return  # a Deny may shut out most
    for statement in trust:
        body = statement.body
        is_anybody = _is_anybody(role, body.get("Principal")) and not body.get("Condition")
        if is_anybody and _takes(role.listed(body.get("Action")), "sts:AssumeRole"):
            yield Problem((*statement.pointer, "Principal"), 'it trusts "*", and no condition says whom')


def _is_not_shared(role: PlacedRole) -> Iterator[Problem]:
    for statement in role.trust or ():
        services = _services(role, statement) or []
        others = [one for one in services if not one.startswith("states.") and UNKNOWN not in one and "${" not in one]
        if others and statement.body.get("Effect") == "Allow":
            yield Problem((*statement.pointer, "Principal"), f"{alternatives(others, 'and')} can take it as well")


def _passes_some(role: PlacedRole) -> Iterator[Problem]:
    if _may_be_held_back(role.policies):
        return
    for statement in role.statements():
        body = statement.body
        if body.get("Effect") != "Allow" or "Condition" in body or "Resource" not in body:
            continue
        by = _passes_by(role, body)
        if by is not None and any(_is_any_role(one) for one in role.listed(body["Resource"])):
            yield Problem((*statement.pointer, "Resource"), f"any role, to any service{by}")
    for pointer, name in role.managed():
        if attached(name).allows(_PASS, _ANY_ROLE) == "allowed":
            yield Problem(pointer, f"any role, to any service, by {name.rpartition('/')[2]}")


def _passes_by(role: PlacedRole, body: Mapping[str, Any]) -> str | None:
    """By which words a statement takes iam:PassRole, where they are not its name; None where it does not."""
    if "NotAction" in body:
        return ", by NotAction" if _takes(role.listed(body["NotAction"]), _PASS) is False else None
    found = next((one for one in role.listed(body.get("Action")) if _takes([one], _PASS)), None)
    return None if found is None else "" if found.lower() == _PASS.lower() else f", by {shown(found)}"


def _may_be_held_back(policies: Policies) -> bool:
    """Whether a Deny or a permissions boundary may keep the role from passing some role."""
    is_denied = any(one.effect == "Deny" and one.takes(_PASS) != "no" for one in policies.statements)
    return is_denied or (policies.boundary is not None and policies.boundary.allows(_PASS, _ANY_ROLE) != "allowed")


def _services(role: PlacedRole, statement: PlacedStatement) -> list[str] | None:
    """The services that a statement of trust names; None where it may mean others."""
    principal = statement.body.get("Principal")
    if not isinstance(principal, Mapping) or not principal:
        return None
    if any(name not in ("Service", "AWS", "Federated") for name in principal) or _is_anybody(role, principal):
        return None
    return role.listed(principal["Service"]) if "Service" in principal else []


def _is_anybody(role: PlacedRole, principal: object) -> bool:
    """Whether a principal is every account's (IAM's guide, "AWS JSON policy elements: Principal")."""
    return principal == "*" or (isinstance(principal, Mapping) and "*" in role.listed(principal.get("AWS", [])))


def _may_be_states(service: str) -> bool:
    return _is_states(service) or UNKNOWN in service or service.startswith("${") or service == "*"


def _is_states(service: str) -> bool:
    """The global principal, or that of a region."""
    return service.startswith("states.")


def _takes(patterns: list[str], action: str) -> bool | None:
    """Whether one of the patterns takes an action; None where that is not known."""
    from asl_lint.aws.iam_patterns import matches

    found = {matches(pattern.lower(), action.lower()) for pattern in patterns}
    return True if "yes" in found else None if "maybe" in found else False


def _is_any_role(resource: str) -> bool:
    return resource == "*" or (resource.startswith("arn:") and ":iam:" in resource and resource.endswith((":role/*", ":*")))


def _document(role: PlacedRole) -> Pointer:
    return ("Resources", role.name or "", "Properties", "AssumeRolePolicyDocument")


_DEMANDS: Final[Mapping[str, Callable[[PlacedRole], Iterable[Problem]]]] = {
    "assumable": _is_assumable,
    "guarded-trust": _is_guarded,
    "closed-trust": _is_closed,
    "trust-of-one-service": _is_not_shared,
    "passes-some-roles": _passes_some,
}

KIND: Final = Kind(
    name="role-in-template@1",
    summary="The role that a template gives to the state machine can be taken by the service, and passes roles that are named.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["demand"],
        "properties": {
            "demand": {
                "description": "What must be so: the service can take the role, a condition says for whom, not everybody "
                "can, no other service can, iam:PassRole names roles.",
                "enum": list(_DEMANDS),
            },
        },
    },
    values=lambda parameters: frozenset(("machine", "machines", "role", "problem")),
    check=_check,
)
