"""The role of a state machine in a CloudFormation or SAM template: who may take it, and its statements, each with its place."""

from collections.abc import Iterator, Mapping

from asl_lint.aws.policy_document import Policies
from asl_lint.aws.template_role import referred, role_of
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.source.document import Pointer
from asl_lint.source.read import CLOUDFORMATION, SERVERLESS
from asl_lint.source.template_texts import TemplateTexts

_OWN_POLICIES: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_ROLES: Final = {CLOUDFORMATION: "RoleArn", SERVERLESS: "Role"}
"""Type of a state machine -> the property that names its role."""
UNKNOWN: Final = "${?unknown}"
"""Stands for a text that is not evaluated, or a part of one."""


class PlacedStatement(NamedTuple):
    """A statement of a policy document as the template has it, and where."""

    pointer: Pointer
    body: Mapping[str, Any]


class PlacedRole:
    """The role that a template gives to a state machine. ``name`` is None where SAM makes it, ``policies`` all that it holds."""

    def __init__(self, template: Mapping[str, Any], machine: str, name: str | None, policies: Policies) -> None:
        self._resources: Mapping[str, Any] = template["Resources"]
        self._machine = machine
        self.name = name
        self.policies = policies
        self.texts = TemplateTexts(template)

    @property
    def machines(self) -> tuple[str, ...]:
        """The state machines of the template that run with the role, in its order."""
        if self.name is None:
            return (self._machine,)
        found = ((name, one) for name, one in self._resources.items() if isinstance(one, Mapping))
        return tuple(
            name for name, one in found if referred(_at(one, ("Properties", _ROLES.get(str(one.get("Type")), "")))) == self.name
        )

    @property
    def trust(self) -> tuple[PlacedStatement, ...] | None:
        """The statements that say who may take the role; None where the template does not write them out."""
        if self.name is None:
            return None
        at: Pointer = ("Resources", self.name, "Properties", "AssumeRolePolicyDocument")
        return _statements(_at(self._resources[self.name], at[2:]), at)

    def statements(self) -> Iterator[PlacedStatement]:
        """The statements of its policies, as far as the template writes them out."""
        for pointer, document in self._documents():
            yield from _statements(document, pointer) or ()

    def listed(self, value: object) -> list[str]:
        """A text or a list of them, in the words of the template."""
        return [self.texts.text(one) or UNKNOWN for one in (value if isinstance(value, list) else [value])]

    def managed(self) -> Iterator[tuple[Pointer, str]]:
        """The policies that it names and that the template does not have: their ARNs, or the names that SAM knows them by."""
        for pointer, policy in self._listed("Policies" if self.name is None else "ManagedPolicyArns"):
            text = self.texts.text(policy)
            if text is not None and self._own_policy(policy) is None:
                yield pointer, text

    def _documents(self) -> Iterator[tuple[Pointer, object]]:
        for pointer, policy in self._listed("Policies"):
            if isinstance(policy, Mapping):
                is_wrapped = "PolicyDocument" in policy
                yield ((*pointer, "PolicyDocument"), policy["PolicyDocument"]) if is_wrapped else (pointer, policy)
        named = [self._own_policy(one) for member in ("Policies", "ManagedPolicyArns") for _, one in self._listed(member)]
        for name, resource in self._resources.items():
            if (
                isinstance(resource, Mapping)
                and resource.get("Type") in _OWN_POLICIES
                and (name in named or self._names_it(resource))
            ):
                yield ("Resources", name, "Properties", "PolicyDocument"), _at(resource, ("Properties", "PolicyDocument"))

    def _names_it(self, policy: Mapping[str, Any]) -> bool:
        """Whether a policy of the template says that it is for the role."""
        named = _at(policy, ("Properties", "Roles")) or [_at(policy, ("Properties", "RoleName"))]
        return self.name is not None and isinstance(named, list) and {"Ref": self.name} in named

    def _own_policy(self, value: object) -> str | None:
        """The logical id of the managed policy of the template that a value refers to."""
        name = referred(value)
        resource = self._resources.get(name or "")
        return name if isinstance(resource, Mapping) and resource.get("Type") == _OWN_POLICIES[1] else None

    def _listed(self, member: str) -> Iterator[tuple[Pointer, object]]:
        """The elements of a list, or the one value that stands for one, of the role or of what SAM makes it for."""
        owner = self._machine if self.name is None else self.name
        at: Pointer = ("Resources", owner, "Properties", member)
        found = _at(self._resources[owner], at[2:])
        if isinstance(found, list):
            yield from (((*at, i), one) for i, one in enumerate(found))
        elif found is not None:
            yield at, found


def role_in(template: Mapping[str, Any], machine: str) -> PlacedRole | None:
    """The role of a state machine; None where the template does not have it."""
    found = role_of(template, machine) if template else None
    return None if found is None else PlacedRole(template, machine, found.logical_id, found.policies)


def _statements(document: object, at: Pointer) -> tuple[PlacedStatement, ...] | None:
    written = document.get("Statement") if isinstance(document, Mapping) else None
    if isinstance(written, Mapping):
        return (PlacedStatement((*at, "Statement"), written),)
    if not isinstance(written, list) or not all(isinstance(one, Mapping) for one in written):
        return None
    return tuple(PlacedStatement((*at, "Statement", i), one) for i, one in enumerate(written))


def _at(value: object, pointer: Pointer) -> Any:
    for key in pointer:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
