"""The role that a machine runs with, as far as a template or a policy file says it, held against what the machine needs."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.aws.policy_document import Evaluation, Policies, Statement
from asl_lint.facts.permissions import Deployment, Need, Needs, needs
from asl_lint.late import TYPE_CHECKING, NamedTuple
from asl_lint.model.machine import StateMachine
from asl_lint.source.document import Document
from asl_lint.source.words import in_words

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts


class Words(NamedTuple):
    """What a template puts into a definition: ``texts`` for placeholders, ``evaluate`` in place of the functions in a value."""

    texts: Mapping[str, str] = {}
    evaluate: Callable[[object], object] | None = None

    def machine(self, document: Document) -> StateMachine:
        """The machine of a definition in these words."""
        value = in_words(document.value, self.texts)
        return StateMachine(value if self.evaluate is None else self.evaluate(value))


class GivenRole(NamedTuple):
    """What the role holds, how the machine is deployed, and the words of the template of both (None: there is none)."""

    policies: Policies
    deployment: Deployment = Deployment()
    words: Words | None = None


def needs_of(facts: "Facts", role: GivenRole) -> Needs:
    """What the machine needs, in the words of the role's template."""
    return needs(facts.machine if role.words is None else role.words.machine(facts.document), role.deployment)


class Lack(NamedTuple):
    """Actions of a need that the role is sure not to allow, and on what.

    ``denied`` leads from those of them that a statement forbids to it. ``is_bounded``: but for the boundary all may be allowed.
    """

    need: Need
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    denied: Mapping[str, Statement] = {}
    is_bounded: bool = False


def is_open(found: Needs, policies: Policies) -> bool:
    """Whether it is not known of some action if the role allows it, or needs to."""
    held = Evaluation(policies)
    return bool(found.unknown) or any(
        held.allows(action, resource) in (("unknown",) if need.is_certain else ("unknown", "missing"))
        for need in found.needs
        for action in need.actions
        for resource in need.resources
    )


def lacks(found: Needs, policies: Policies, *, strict: bool = False) -> Iterator[Lack]:
    """What the role is sure to lack; where it may allow, or the machine may not need it, nothing is said. ``strict``: what it may
    allow counts as lacking.
    """
    without = ("missing", "unknown") if strict else ("missing",)
    held = Evaluation(policies)
    for need in found.needs:
        if not need.is_certain:
            continue
        refused: dict[str, list[str]] = {}
        for action in need.actions:
            about = [one for one in need.resources if held.allows(action, one) in without]
            if about:
                refused[action] = about
        if refused and not (need.is_any and len(refused) < len(need.actions)):
            yield _lack(need, refused, held)


def _lack(need: Need, refused: Mapping[str, list[str]], held: Evaluation) -> Lack:
    pairs = [(action, one) for action, about in refused.items() for one in about]
    denied: dict[str, Statement] = {}
    for action, one in pairs:
        statement = held.denying(action, one)
        if statement is not None:
            denied.setdefault(action, statement)
    is_bounded = held.boundary is not None and all(held.without_boundary(action, one) != "missing" for action, one in pairs)
    return Lack(need, tuple(refused), tuple(dict.fromkeys(one for _, one in pairs)), denied, is_bounded)
