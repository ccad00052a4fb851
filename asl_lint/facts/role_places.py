"""The role of a state machine in a CloudFormation or SAM template: who may take it, and its statements, each with its place."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl_lint.aws.template_role import role_of
from asl_lint.late import NamedTuple
from asl_lint.source.document import Pointer
from asl_lint.source.template_texts import TemplateTexts

_OWN_POLICIES: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
UNKNOWN: Final = "${?unknown}"
"""Stands for a text that is not evaluated, or a part of one."""


class PlacedStatement(NamedTuple):
    """A statement of a policy document as the template has it, and where."""

    pointer: Pointer
    body: Mapping[str, Any]


class PlacedRole:
    """The role that a template gives to a state machine. ``name`` is None where SAM makes it."""

    def __init__(self, template: Mapping[str, Any], machine: str, name: str | None) -> None:
        self._resources: Mapping[str, Any] = template["Resources"]
        self._machine = machine
        self.name = name
        self.texts = TemplateTexts(template)

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

    def _documents(self) -> Iterator[tuple[Pointer, object]]:
        owner = self._machine if self.name is None else self.name
        at: Pointer = ("Resources", owner, "Properties", "Policies")
        policies = _at(self._resources[owner], at[2:])
        for i, policy in enumerate(policies if isinstance(policies, list) else [policies]):
            place = (*at, i) if isinstance(policies, list) else at
            if isinstance(policy, Mapping):
                is_wrapped = "PolicyDocument" in policy
                yield ((*place, "PolicyDocument"), policy["PolicyDocument"]) if is_wrapped else (place, policy)
        for name, resource in self._resources.items():
            if self.name is not None and isinstance(resource, Mapping) and resource.get("Type") in _OWN_POLICIES:
                named = _at(resource, ("Properties", "Roles")) or [_at(resource, ("Properties", "RoleName"))]
                if isinstance(named, list) and {"Ref": self.name} in named:
                    yield ("Resources", name, "Properties", "PolicyDocument"), _at(resource, ("Properties", "PolicyDocument"))


def role_in(template: Mapping[str, Any], machine: str) -> PlacedRole | None:
    """The role of a state machine; None where the template does not have it."""
    found = role_of(template, machine) if template else None
    return None if found is None else PlacedRole(template, machine, found.logical_id)


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
