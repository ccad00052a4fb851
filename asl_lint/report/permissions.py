"""What each Task calls, what the machine's role must allow for it, and how that compares with the role, where it is known."""

from asl_lint.aws.policy_document import UnknownRole
from asl_lint.facts.given_role import GivenRole, lacks, needs_of
from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.permissions import Needs, needs
from asl_lint.late import TYPE_CHECKING, Any
from asl_lint.source.document import format_pointer

if TYPE_CHECKING:
    from asl_lint.aws.policy_document import Statement


def calls(facts: Facts) -> list[dict[str, Any]]:
    """The call of each Task. ``pattern`` is empty for request-response, null with ``name`` where a placeholder hides it."""
    return [
        {
            "state": format_pointer(call.state.pointer),
            "kind": call.kind,
            "name": call.name,
            "pattern": call.pattern,
            "resource": resource if isinstance(resource := call.state.body.get("Resource"), str) else None,
        }
        for call in facts.calls.values()
    ]


def permissions(facts: Facts) -> dict[str, Any]:
    """``needed`` as least statements, ``states`` with what each asks for; ``granted``, ``missing`` and ``excess`` are null
    where the role is not known (``role`` may say why), and ``excess`` also where the needs are not or others run with the role.
    """
    said = facts.workflow.role
    role = said if isinstance(said, GivenRole) else None
    found = needs(facts.machine) if role is None else needs_of(facts, role)
    return {
        "needed": [_statement(one) for one in least_privilege(found.needs)],
        "states": [
            {
                "state": None if need.state is None else format_pointer(need.state.pointer),
                "tier": need.tier,
                "actions": list(need.actions),
                "resources": list(need.resources),
                "any": need.is_any,
            }
            for need in found.needs
        ],
        "unknown": [
            {"state": format_pointer(one.state.pointer), "reason": one.reason} for one in (*found.unknown, *found.partly)
        ],
        "role": said.reason if isinstance(said, UnknownRole) else None,
        **(_NO_ROLE if role is None else _held_against(found, role)),
    }


_NO_ROLE: dict[str, Any] = {"granted": None, "missing": None, "excess": None, "whole": None}


def _held_against(found: Needs, role: GivenRole) -> dict[str, Any]:
    policies = role.policies
    return {
        "granted": [_granted(one) for one in policies.statements],
        "missing": [
            {
                "state": None if lack.need.state is None else format_pointer(lack.need.state.pointer),
                "tier": lack.need.tier,
                "actions": list(lack.actions),
                "resources": list(lack.resources),
            }
            for lack in lacks(found, policies)
        ],
        "excess": None if found.unknown or policies.is_shared else _excess(found, role),
        "whole": policies.is_whole,
    }


def _excess(found: Needs, role: GivenRole) -> list[str]:
    """The patterns of actions that the role allows and that take in nothing the machine needs."""
    from asl_lint.aws.iam_patterns import covers

    needed = {action.lower() for need in found.needs for action in need.actions}
    allowed = [one for one in role.policies.statements if one.effect == "Allow" and not one.excludes_actions]
    patterns = dict.fromkeys(action for one in allowed for action in one.actions)
    return [one for one in patterns if "${" not in one and not any(covers(one.lower(), action) for action in needed)]


def _statement(one: PolicyStatement) -> dict[str, Any]:
    conditions = [{"operator": operator, "key": key, "value": value} for operator, key, value in one.conditions]
    return {"sid": one.sid, "actions": list(one.actions), "resources": list(one.resources), "conditions": conditions}


def _granted(one: "Statement") -> dict[str, Any]:
    return {
        "effect": one.effect,
        "actions": list(one.actions),
        "not_actions": one.excludes_actions,
        "resources": None if one.resources is None else list(one.resources),
        "not_resources": one.excludes_resources,
        "conditional": one.is_conditional,
        "policy": one.policy,
    }
