"""The least policy that allows what a machine needs: statements by tier and service, each action on no more than it needs."""

from collections.abc import Iterable

from asl_lint.aws.iam_patterns import Wide, covers
from asl_lint.facts.permissions import TIERS, Need, Tier
from asl_lint.late import NamedTuple

_WORDS: dict[Tier, str] = {
    "start": "Start", "pass-role": "PassRole", "poll": "Poll", "cancel": "Cancel", "events": "Events",
    "conditional": "Conditional", "logging": "Logging", "tracing": "Tracing", "encryption": "Encryption",
}  # fmt: skip

Conditions = tuple[tuple[str, str, str], ...]
"""Operator, key and value of each."""


class PolicyStatement(NamedTuple):
    """One statement that allows; ``sid`` is unique in its policy and tells the tier."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = ()


def least_privilege(needs: Iterable[Need]) -> tuple[PolicyStatement, ...]:
    """The statements of the policy, in the order of the tiers, then of services and actions."""
    wanted = list(needs)
    told: dict[str, list[str]] = {}
    statements: list[PolicyStatement] = []
    for tier in TIERS:
        about: dict[tuple[str, Conditions], list[str]] = {}
        for need in wanted:
            if need.tier == tier:
                for action in need.actions:
                    about.setdefault((action, need.conditions), []).extend(need.resources)
        groups: dict[tuple[str, tuple[str, ...], Conditions], list[str]] = {}
        for (action, conditions), resources in sorted(about.items()):
            least = _least(resources, told.get(action, ()))
            if least:
                groups.setdefault((action.partition(":")[0], least, conditions), []).append(action)
            if not conditions:
                told.setdefault(action, []).extend(least)
        statements += _statements(_WORDS[tier], groups)
    return tuple(statements)


def _least(resources: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
    """The resources, without those that another one of them, or one that an earlier statement allows, takes in."""
    once, before = sorted(set(resources)), set(told)
    wide, wide_before = Wide(once), Wide(before)
    return tuple(one for one in once if not (wide.cover(one) or wide_before.cover(one) or (one in before and covers(one, one))))


def _statements(tier: str, groups: dict[tuple[str, tuple[str, ...], Conditions], list[str]]) -> Iterable[PolicyStatement]:
    count: dict[str, int] = {}
    for (service, resources, conditions), actions in groups.items():
        name = tier + "".join(word.capitalize() for word in service.split("-"))
        count[name] = count.get(name, 0) + 1
        sid = name if count[name] == 1 else f"{name}{count[name]}"
        yield PolicyStatement(sid, tuple(actions), resources, conditions)
