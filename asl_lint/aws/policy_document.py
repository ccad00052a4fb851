"""Whether IAM policy documents allow an action on a resource: ``allowed``, ``missing``, or ``unknown``.

As IAM decides (reference_policies_evaluation-logic): an explicit Deny wins, an Allow is needed, and a permissions boundary must
allow as well. A Condition is never evaluated: it makes a statement one that may hold. ``${…}`` is a text that is not known here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from asl_lint.aws.iam_patterns import Truth, by_ending, matches
from asl_lint.late import NamedTuple
from asl_lint.source.text import FileRange

Answer = Literal["allowed", "missing", "unknown"]

_PARTITION: Final = re.compile(r"arn:aws(?:-cn|-us-gov)?:")
_OWN_PARTITION: Final = "arn:${AWS::Partition}:"


class PolicyError(ValueError):
    """A value that is no policy document, and why."""


class Statement(NamedTuple):
    """One statement. ``actions`` and ``resources`` are patterns; None: not written. ``is_conditional``: it may not hold.

    ``policy`` is the name of the policy that it is of, where that is one of AWS or SAM, which nobody else can edit. ``at`` tells
    where an action of it is written.
    """

    effect: Literal["Allow", "Deny"]
    actions: tuple[str, ...]
    resources: tuple[str, ...] | None
    excludes_actions: bool = False
    excludes_resources: bool = False
    is_conditional: bool = False
    policy: str | None = None
    at: Callable[[str], FileRange] | None = None

    def place(self, action: str) -> FileRange | None:
        """Where it speaks of an action: at the first pattern that takes it."""
        if self.at is None:
            return None
        return self.at(next((one for one in self.actions if _acts((one,), action.lower()) == "yes"), action))

    def takes(self, action: str) -> Truth:
        """Whether it speaks of an action."""
        found = _acts(self.actions, action.lower())
        return _not(found) if self.excludes_actions else found


class Policies(NamedTuple):
    """What a role holds. ``is_whole``: no other policy is attached. ``boundary`` None: there is none.

    ``as_of``: the day of the table (ISO) that policies of AWS were read from, if there are some; they may allow more by now.
    ``at`` tells where the role is written, if that is a place of its own. ``is_shared``: others than the machine run with it.
    """

    statements: tuple[Statement, ...]
    is_whole: bool = True
    boundary: "Policies | None" = None
    as_of: str | None = None
    at: Callable[[], FileRange] | None = None
    is_shared: bool = False

    def allows(self, action: str, resource: str) -> Answer:
        """Whether an action on a resource is allowed; in the resource ``*`` and ``${…}`` are texts that are not known."""
        own = self._own(action, resource)
        if self.boundary is None or own == "missing":
            return own
        bound = self.boundary.allows(action, resource)
        if bound == "missing":
            return "missing"
        return "allowed" if own == bound == "allowed" else "unknown"

    def denying(self, action: str, resource: str) -> Statement | None:
        """The statement that is sure to deny an action on a resource, of these policies or of the boundary."""
        own = next((one for one in self.statements if one.effect == "Deny" and _holds(one, action, resource) == "yes"), None)
        return own or (None if self.boundary is None else self.boundary.denying(action, resource))

    def _own(self, action: str, resource: str) -> Answer:
        denied = _any(_holds(one, action, resource) for one in self.statements if one.effect == "Deny")
        granted = _any(_holds(one, action, resource) for one in self.statements if one.effect == "Allow")
        if not self.is_whole and granted == "no":
            granted = "maybe"
        if denied == "yes" or granted == "no":
            return "missing"
        return "allowed" if granted == "yes" and denied == "no" and self.is_whole else "unknown"


class UnknownRole(NamedTuple):
    """Why it is not known what a role holds."""

    reason: str


NOT_KNOWN: Final = Policies((), is_whole=False)
"""What is attached and cannot be had."""


def together(parts: Iterable[Policies], boundary: Policies | None = None) -> Policies:
    """All that is attached, as one."""
    found = list(parts)
    days = [one.as_of for one in (*found, boundary) if one is not None and one.as_of is not None]
    return Policies(
        tuple(statement for one in found for statement in one.statements),
        all(one.is_whole for one in found),
        boundary,
        max(days, default=None),
    )


def read_document(value: object) -> tuple[Statement, ...]:
    """The statements of a policy document. Raises PolicyError for what is none."""
    if not isinstance(value, Mapping) or "Statement" not in value:
        raise PolicyError("a policy document is an object with a Statement")
    statements = value["Statement"]
    return tuple(_statement(one) for one in (statements if isinstance(statements, list) else [statements]))


def _statement(value: object) -> Statement:
    if not isinstance(value, Mapping):
        raise PolicyError("a statement is an object")
    effect = value.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError('the Effect of a statement is "Allow" or "Deny"')
    excludes_actions, excludes_resources = "NotAction" in value, "NotResource" in value
    actions = _texts(value["NotAction" if excludes_actions else "Action"]) if excludes_actions or "Action" in value else None
    if actions is None:
        raise PolicyError("a statement has an Action or a NotAction")
    named = "NotResource" if excludes_resources else "Resource"
    resources = _texts(value[named]) if named in value else None
    return Statement(effect, actions, resources, excludes_actions, excludes_resources, bool(value.get("Condition")))


def _texts(value: Any) -> tuple[str, ...]:
    """The patterns of a member; what is no text is one that is not known."""
    return tuple(one if isinstance(one, str) else "${?unknown}" for one in (value if isinstance(value, list) else [value]))


def _holds(statement: Statement, action: str, resource: str) -> Truth:
    acts = statement.takes(action)
    if acts == "no":
        return "no"
    is_about: Truth = "yes"
    if statement.resources is not None:
        is_about = _is_about(statement.resources, resource)
        if statement.excludes_resources:
            is_about = _not(is_about)
    if is_about == "no":
        return "no"
    return "yes" if acts == is_about == "yes" and not statement.is_conditional else "maybe"


@lru_cache(maxsize=10_000)
def _acts(patterns: tuple[str, ...], action: str) -> Truth:
    return _any(matches(pattern, action) for pattern in by_ending(tuple(map(str.lower, patterns))).candidates(action))


def _is_about(patterns: tuple[str, ...], resource: str) -> Truth:
    """What partition an ARN names changes nothing of its ending."""
    return _any(matches(*_in_one_partition(pattern, resource)) for pattern in by_ending(patterns).candidates(resource))


def _in_one_partition(pattern: str, resource: str) -> tuple[str, str]:
    """Both in the partition that one of them names, where the other has the template's own: it is written for where it is."""
    named, own = _PARTITION.match(pattern), _PARTITION.match(resource)
    if named is not None and resource.startswith(_OWN_PARTITION):
        return _OWN_PARTITION + pattern[named.end() :], resource
    if own is not None and pattern.startswith(_OWN_PARTITION):
        return pattern, _OWN_PARTITION + resource[own.end() :]
    return pattern, resource


def _any(truths: Iterable[Truth]) -> Truth:
    found: Truth = "no"
    for truth in truths:
        if truth == "yes":
            return "yes"
        if truth == "maybe":
            found = "maybe"
    return found


def _not(truth: Truth) -> Truth:
    return "no" if truth == "yes" else "yes" if truth == "no" else "maybe"
