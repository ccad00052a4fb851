"""Whether IAM policy documents allow an action on a resource: ``allowed``, ``missing``, or ``unknown``.

As IAM decides (reference_policies_evaluation-logic): an explicit Deny wins, an Allow is needed, and a permissions boundary must
allow as well. A Condition is never evaluated: it makes a statement one that may hold. ``${…}`` is a text that is not known here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from asl_lint.aws.iam_patterns import ByEnding, Truth, by_ending, matches
from asl_lint.late import Any, Final, Literal, NamedTuple
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
        return Evaluation(self).allows(action, resource)


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


class Evaluation:
    """Policies that are asked many questions: what they say of an action is put together once."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._own: dict[tuple[str, str], list[_Said]] = {}
        self.boundary = None if policies.boundary is None else Evaluation(policies.boundary)

    def allows(self, action: str, resource: str) -> Answer:
        """As ``Policies.allows``."""
        own = self.without_boundary(action, resource)
        if self.boundary is None or own == "missing":
            return own
        bound = self.boundary.allows(action, resource)
        if bound == "missing":
            return "missing"
        return "allowed" if own == bound == "allowed" else "unknown"

    def without_boundary(self, action: str, resource: str) -> Answer:
        """What the policies would allow if there were no boundary."""
        denied = _any(said.holds(resource) for said in self._said("Deny", action))
        granted = _any(said.holds(resource) for said in self._said("Allow", action))
        is_whole = self._policies.is_whole
        if not is_whole and granted == "no":
            granted = "maybe"
        if denied == "yes" or granted == "no":
            return "missing"
        return "allowed" if granted == "yes" and denied == "no" and is_whole else "unknown"

    def denying(self, action: str, resource: str) -> Statement | None:
        """The statement that is sure to deny an action on a resource, of the policies or of their boundary."""
        for said in self._said("Deny", action):
            if said.holds(resource) == "yes":
                return said.statement_about(resource)
        return None if self.boundary is None else self.boundary.denying(action, resource)

    def _said(self, effect: str, action: str) -> "list[_Said]":
        found = self._own.get((effect, action))
        if found is None:
            found = self._own[effect, action] = _said_of(action, [s for s in self._policies.statements if s.effect == effect])
        return found


def _said_of(action: str, statements: Iterable[Statement]) -> "list[_Said]":
    """What statements say of an action: those that say it alike, and of which resources, are one."""
    whole: list[_Said] = []
    alike: dict[Truth, list[Statement]] = {}
    for one in statements:
        acts = one.takes(action)
        if acts == "no":
            continue
        truth: Truth = "maybe" if one.is_conditional else acts
        if one.resources is None or one.excludes_resources:
            whole.append(_Said(truth, [one]))
        else:
            alike.setdefault(truth, []).append(one)
    return [*whole, *(_Said(truth, some) for truth, some in alike.items())]


class _Said:
    """Statements that all speak of an action, with one truth, and of the resources of any of them."""

    def __init__(self, truth: Truth, statements: list[Statement]) -> None:
        self._truth: Truth = truth
        self._statements = statements
        self._excludes = statements[0].excludes_resources
        self._patterns: ByEnding | None = None
        if statements[0].resources is not None:
            self._patterns = ByEnding(pattern for one in statements for pattern in one.resources or ())

    def holds(self, resource: str) -> Truth:
        is_about: Truth = "yes"
        if self._patterns is not None:
            is_about = _any(_meets(pattern, resource) for pattern in self._patterns.candidates(resource))
            is_about = _not(is_about) if self._excludes else is_about
        return "maybe" if is_about == "yes" and self._truth == "maybe" else is_about

    def statement_about(self, resource: str) -> Statement:
        """The first statement that is about a resource, of which they hold."""
        if self._excludes or self._patterns is None:
            return self._statements[0]
        sure = {pattern for pattern in self._patterns.candidates(resource) if _meets(pattern, resource) == "yes"}
        return next(one for one in self._statements if not sure.isdisjoint(one.resources or ()))


@lru_cache(maxsize=10_000)
def _acts(patterns: tuple[str, ...], action: str) -> Truth:
    return _any(matches(pattern, action) for pattern in by_ending(tuple(map(str.lower, patterns))).candidates(action))


def _meets(pattern: str, resource: str) -> Truth:
    return matches(*_in_one_partition(pattern, resource))


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
