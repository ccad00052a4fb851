"""The policies of the role that a CloudFormation or SAM template gives to a state machine.

The role's own policies, the policies and managed policies that name it, SAM's policies and policy templates. What is attached
and not known here makes the answer *not whole*: then nothing is called missing.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from asl_lint.aws.policy_document import Policies, PolicyError, Statement, read_document
from asl_lint.near import near
from asl_lint.source.template_texts import TemplateTexts

_SAM_POLICIES: Final = Path(__file__).parent / "sam_policies.json"
_POLICY_TYPES: Final = frozenset({"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"})
_MANAGED: Final[Mapping[str, tuple[str, ...]]] = {
    "AdministratorAccess": ("*",),
    "AWSLambdaRole": ("lambda:InvokeFunction",),
}
"""AWS's own policies of which the whole content is known: what they allow on all resources."""
_TRANSFORMS: Final = frozenset({"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"})
_TRACING: Final = Statement("Allow", ("xray:*",), ("*",))
_UNKNOWN: Final = "${?unknown}"
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")

Attached = tuple[tuple[Statement, ...], bool]
"""Statements, and whether they are all that there are."""


class Role(NamedTuple):
    """The role of a state machine: its logical id (None: SAM makes one), and what it holds."""

    logical_id: str | None
    policies: Policies


def role_of(template: Mapping[str, Any], machine: str) -> Role | None:
    """The role of the state machine with a logical id; None where the template does not have it."""
    resources = template.get("Resources")
    resource = resources.get(machine) if isinstance(resources, Mapping) else None
    properties = resource.get("Properties") if isinstance(resource, Mapping) else None
    if not isinstance(resources, Mapping) or not isinstance(properties, Mapping) or not isinstance(resource, Mapping):
        return None
    reader = _Reader(template, resources)
    is_sam = resource.get("Type") == "AWS::Serverless::StateMachine"
    named = properties.get("Role" if is_sam else "RoleArn")
    if named is None and is_sam:
        return Role(None, reader.of_sam(machine, resource, properties))
    found = reader.referred(named)
    role = resources.get(found) if found is not None else None
    if found is None or not isinstance(role, Mapping) or role.get("Type") != "AWS::IAM::Role":
        return None
    policies = reader.of_role(found, role)
    return Role(found, policies._replace(is_whole=policies.is_whole and not reader.is_connected(machine, resource)))


def policies_of(value: object) -> Policies:
    """The policies in a file of them: a policy document, a list, or an object with ``Policies`` or ``PolicyDocument``.

    Raises PolicyError where there is none.
    """
    if isinstance(value, Mapping) and "Policies" in value:
        value = value["Policies"]
    listed = value if isinstance(value, list) else [value]
    unwrapped = [one["PolicyDocument"] if isinstance(one, Mapping) and "PolicyDocument" in one else one for one in listed]
    for one in unwrapped:
        if isinstance(one, Mapping) and "Statement" in one:
            read_document(one)
        elif not isinstance(one, str) and not (isinstance(one, Mapping) and len(one) == 1):
            raise PolicyError("a policy document is an object with a Statement")
        elif isinstance(one, Mapping):
            _refuse_odd(next(iter(one)))
    return _Reader({}, {}).of_sam("", {}, {"Policies": unwrapped})


def _refuse_odd(name: str) -> None:
    """Raise PolicyError for an object that is neither a function of a template nor one of SAM's policy templates."""
    if name != "Ref" and not name.startswith("Fn::") and name not in _sam_policies():
        meant = near(name, _sam_policies())
        hint = f'; did you mean "{meant}"?' if meant else ", and a policy document has a Statement"
        raise PolicyError(f'there is no SAM policy template "{name}"{hint}')


class _Reader:
    def __init__(self, template: Mapping[str, Any], resources: Mapping[str, Any]) -> None:
        self._resources = resources
        self._texts = TemplateTexts(template)
        transforms = template.get("Transform", [])
        self._is_plain = all(
            isinstance(one, str) and one in _TRANSFORMS for one in (transforms if isinstance(transforms, list) else [transforms])
        ) and not any(name.startswith("Fn::") for name in resources)

    def referred(self, value: object) -> str | None:
        """The logical id that a Ref or the attribute Arn is of."""
        if isinstance(value, Mapping) and len(value) == 1:
            function, argument = next(iter(value.items()))
            if function == "Fn::GetAtt":
                argument = argument[0] if isinstance(argument, list) and argument else argument
                argument = argument.partition(".")[0] if isinstance(argument, str) else None
            elif function == "Fn::Sub" and isinstance(argument, str):
                found = re.fullmatch(r"\$\{(\w+)(?:\.Arn)?\}", argument)
                argument = found[1] if found else None
            elif function != "Ref":
                return None
            return argument if isinstance(argument, str) else None
        return None

    def is_connected(self, machine: str, resource: Mapping[str, Any]) -> bool:
        """Whether connectors of SAM add policies to what the machine may do."""
        if "Connectors" in resource:
            return True
        for other in self._resources.values():
            if isinstance(other, Mapping) and other.get("Type") == "AWS::Serverless::Connector":
                properties = other.get("Properties")
                source = properties.get("Source") if isinstance(properties, Mapping) else None
                if not isinstance(source, Mapping) or source.get("Id", machine) == machine:
                    return True
        return False

    def of_sam(self, machine: str, resource: Mapping[str, Any], properties: Mapping[str, Any]) -> Policies:
        """The policies of the role that SAM makes."""
        statements: list[Statement] = []
        is_whole = self._is_plain and not self.is_connected(machine, resource)
        listed = properties.get("Policies", [])
        for one in listed if isinstance(listed, list) else [listed]:
            found, is_known = self._sam_policy(one)
            statements += found
            is_whole = is_whole and is_known
        if properties.get("Tracing") is not None:
            statements.append(_TRACING)
        return Policies(tuple(statements), is_whole, self._boundary(properties))

    def of_role(self, name: str, role: Mapping[str, Any]) -> Policies:
        """The policies of a role of the template."""
        properties = role.get("Properties")
        properties = properties if isinstance(properties, Mapping) else {}
        statements: list[Statement] = []
        is_whole = self._is_plain
        attached = [*self._inline(properties), *self._managed(properties.get("ManagedPolicyArns", []))]
        for found, is_known in [*attached, *self._naming(name, properties)]:
            statements += found
            is_whole = is_whole and is_known
        return Policies(tuple(statements), is_whole, self._boundary(properties))

    def _boundary(self, properties: Mapping[str, Any]) -> Policies | None:
        if "PermissionsBoundary" not in properties:
            return None
        found = [*self._managed([properties["PermissionsBoundary"]])]
        return Policies(tuple(one for statements, _ in found for one in statements), all(known for _, known in found))

    def _inline(self, properties: Mapping[str, Any]) -> Iterator[Attached]:
        policies = properties.get("Policies", [])
        if not isinstance(policies, list):
            yield (), False
            return
        for policy in policies:
            if isinstance(policy, Mapping) and "PolicyDocument" in policy:
                yield self._document(policy["PolicyDocument"])
            else:
                yield (), False

    def _managed(self, arns: object) -> Iterator[Attached]:
        if not isinstance(arns, list):
            yield (), False
            return
        for arn in arns:
            found = self._resources.get(self.referred(arn) or "")
            if isinstance(found, Mapping) and found.get("Type") == "AWS::IAM::ManagedPolicy":
                yield self._of_resource(found)
            else:
                yield _aws_managed(self._texts.text(arn))

    def _naming(self, role: str, properties: Mapping[str, Any]) -> Iterator[Attached]:
        """The policies of the template that name the role."""
        own = self._texts.text(properties.get("RoleName"))
        for resource in self._resources.values():
            if not isinstance(resource, Mapping) or resource.get("Type") not in _POLICY_TYPES:
                continue
            other = resource.get("Properties")
            named = other.get("Roles", other.get("RoleName", [])) if isinstance(other, Mapping) else []
            for one in named if isinstance(named, list) else [named]:
                if self.referred(one) == role or (own is not None and self._texts.text(one) == own):
                    yield self._of_resource(resource)
                elif self.referred(one) not in self._resources and not isinstance(one, str):
                    yield (), False

    def _of_resource(self, resource: Mapping[str, Any]) -> Attached:
        properties = resource.get("Properties")
        statements, is_whole = self._document(properties.get("PolicyDocument") if isinstance(properties, Mapping) else None)
        if "Condition" in resource:
            return tuple(one._replace(is_conditional=True) for one in statements), is_whole
        return statements, is_whole

    def _sam_policy(self, policy: object) -> Attached:
        if isinstance(policy, Mapping) and "Statement" in policy:
            return self._document(policy)
        if isinstance(policy, Mapping) and len(policy) == 1:
            name, parameters = next(iter(policy.items()))
            template = _sam_policies().get(name)
            if template is not None:
                return self._of_sam_template(template, parameters), True
        found = self._resources.get(self.referred(policy) or "")
        if isinstance(found, Mapping) and found.get("Type") == "AWS::IAM::ManagedPolicy":
            return self._of_resource(found)
        return _aws_managed(self._texts.text(policy))

    def _of_sam_template(self, template: list[dict[str, Any]], parameters: object) -> tuple[Statement, ...]:
        given = parameters if isinstance(parameters, Mapping) else {}

        def filled(pattern: str) -> str:
            return _VARIABLE.sub(lambda found: self._texts.text(given.get(found[1])) or _UNKNOWN, pattern)

        statements = read_document({"Statement": template})
        return tuple(one._replace(resources=tuple(map(filled, one.resources or ()))) for one in statements)

    def _document(self, document: object) -> Attached:
        """The statements of a policy document, as far as it is written out."""
        if not isinstance(document, Mapping):
            return (), False
        written = document.get("Statement", [])
        statements: list[Statement] = []
        is_whole = True
        for one in written if isinstance(written, list) else [written]:
            try:
                statements += read_document({"Statement": self._evaluated(one)})
            except PolicyError:
                is_whole = False
        return tuple(statements), is_whole

    def _evaluated(self, statement: object) -> object:
        if not isinstance(statement, Mapping):
            return statement
        found = dict(statement)
        for member in ("Action", "NotAction", "Resource", "NotResource"):
            if member in found:
                listed = found[member] if isinstance(found[member], list) else [found[member]]
                found[member] = [self._texts.text(one) or _UNKNOWN for one in listed]
        return found


def _aws_managed(arn: str | None) -> Attached:
    name = (arn or "").rpartition("/")[2]
    is_aws = arn is not None and (arn == name or ":iam::aws:policy/" in arn)
    if is_aws and name in _MANAGED:
        effect: Literal["Allow"] = "Allow"
        return (Statement(effect, _MANAGED[name], ("*",)),), True
    return (), False


@lru_cache(maxsize=1)
def _sam_policies() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = json.loads(_SAM_POLICIES.read_text(encoding="utf-8"))
    return table
